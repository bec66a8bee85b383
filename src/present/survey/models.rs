//! Models as tables for print, as rows, and as sentences.

use super::foot::{design_sentence, sentence, weights_sentence};
use super::source::percent_of;
use crate::frames::words::{capitalised, thousands};
use crate::frames::{Coefficient, Comparison, Estimate, Flag, Statistic, Test};
use crate::present::table::digits::{decimals, decimals_of_interval, number, percent, range};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::statistics::adjust::Adjust;
use crate::survey::expr::why_missing;
use crate::survey::models::{
    Family, FitRequest, Fitted, Gap, Link, Margin, Pair, ResponseKind, TermTestKind, ratios,
};

/// The tables of a model: coefficients, and what else was asked for.
pub struct ModelTables<'m> {
    fitted: &'m Fitted<'m>,
    request: &'m FitRequest,
    file: String,
    /// p of terms, for the heads of their blocks.
    term_p: Vec<(String, Option<f64>)>,
    /// Margins that stand beside coefficients.
    beside: Vec<Margin>,
    others: Vec<Table>,
    foot: Vec<String>,
    /// In the place of the response.
    title: Option<String>,
    pub sentences: Vec<String>,
}

impl<'m> ModelTables<'m> {
    pub fn new(fitted: &'m Fitted<'m>, request: &'m FitRequest, file: &str) -> ModelTables<'m> {
        ModelTables {
            fitted,
            request,
            file: file.to_owned(),
            term_p: Vec::new(),
            beside: Vec::new(),
            others: Vec::new(),
            foot: Vec::new(),
            title: None,
            sentences: Vec::new(),
        }
    }

    /// That the coefficients are those of several imputations of the response that is written so.
    pub fn imputed(&mut self, response: &str, count: usize) {
        self.title = Some(response.to_owned());
        self.foot.push(format!(
            "{count} imputations, combined by Rubin’s rules with the degrees of freedom of Barnard and Rubin, a row each."
        ));
    }

    /// Averages of several imputations.
    pub fn imputed_margins(&mut self, rows: &[Estimate]) {
        let share = self.fitted.predicts_shares();
        let line = |row: &Estimate| {
            let (scale, digits) = match row.statistic {
                Statistic::Ratio => ratio_scale(row.ci_low.zip(row.ci_high)),
                _ => {
                    let is_slope = row.statistic == Statistic::Slope;
                    scale(share && !is_slope, row.se)
                }
            };
            let reference = row.groups.iter().find(|(name, _)| name == "reference");
            let reference = reference.and_then(|(_, level)| level.clone());
            let others = row.groups.iter().filter(|(name, _)| name != "reference");
            let groups = others.filter_map(|(_, value)| value.clone());
            let level = row.level.clone().map(|level| match &reference {
                Some(other) => compared(&level, other, row.statistic),
                None => level,
            });
            let parts = level.into_iter().chain(groups);
            let label =
                std::iter::once(format!("{} {}", row.variable, row.statistic.name())).chain(parts);
            Row {
                label: label.collect::<Vec<_>>().join(", "),
                cells: vec![
                    row.estimate
                        .map_or_else(String::new, |m| number(scale * m, digits))
                        .into(),
                    interval(row.ci_low.zip(row.ci_high), scale, digits).into(),
                ],
                ..Row::default()
            }
        };
        self.others.push(Table {
            title: "Average predictions".to_owned(),
            columns: vec![
                Column::new("average", Align::Decimal).emphasis(Emphasis::Strong),
                Column::new(&self.interval_head(), Align::Right),
            ],
            blocks: vec![Block {
                rows: rows.iter().map(line).collect(),
                ..Block::default()
            }],
            ..Table::default()
        });
    }

    /// Tests of terms: a table, and p at the heads of variables.
    pub fn terms(&mut self, rows: &[Test], kind: TermTestKind) {
        let name = |row: &Test| {
            row.groups
                .first()
                .map_or_else(String::new, |(_, name)| name.clone())
        };
        self.term_p
            .extend(rows.iter().map(|row| (name(row), row.p_value)));
        let title = match kind {
            TermTestKind::Wald => "design-based Wald F",
            TermTestKind::Adjusted => "adjusted Wald F",
            TermTestKind::Lrt => "working likelihood ratio of Rao and Scott",
        };
        self.foot.push(format!("p of a variable: {title}."));
        let lines = rows.iter().map(|row| {
            let shown = match (row.statistic, row.df1, row.df2) {
                (Some(f), Some(df1), Some(df2)) => {
                    let sign = if kind == TermTestKind::Lrt {
                        "X²"
                    } else {
                        "F"
                    };
                    format!(
                        "{sign} {} on {} and {}",
                        number(f, 2),
                        number(df1, 0),
                        number(df2, 0)
                    )
                }
                _ => String::new(),
            };
            Row {
                label: name(row),
                cells: vec![shown.into(), p_value(row.p_value).into()],
                notes: if row.p_value.is_none() {
                    vec![row.note.clone()]
                } else {
                    Vec::new()
                },
                ..Row::default()
            }
        });
        self.others.push(Table {
            title: format!("Tests of terms: {title}"),
            columns: vec![
                Column::new("statistic", Align::Left),
                Column::new("p", Align::Right).emphasis(Emphasis::Strong),
            ],
            blocks: vec![Block {
                rows: lines.collect(),
                ..Block::default()
            }],
            ..Table::default()
        });
    }

    /// One linear combination.
    pub fn contrast(&mut self, row: &Test) {
        let digits = decimals(row.se.unwrap_or(0.0));
        let name = row
            .groups
            .first()
            .map_or_else(String::new, |(_, name)| name.clone());
        let line = Row {
            label: name,
            cells: vec![
                row.estimate
                    .map_or_else(String::new, |b| number(b, digits))
                    .into(),
                interval(row.ci_low.zip(row.ci_high), 1.0, digits).into(),
                p_value(row.p_value).into(),
            ],
            ..Row::default()
        };
        self.others.push(Table {
            title: "Contrast of coefficients".to_owned(),
            columns: vec![
                Column::new("estimate", Align::Decimal).emphasis(Emphasis::Strong),
                Column::new(&self.interval_head(), Align::Right),
                Column::new("p", Align::Right),
            ],
            blocks: vec![Block {
                rows: vec![line],
                ..Block::default()
            }],
            ..Table::default()
        });
    }

    /// How well the model tells the response.
    pub fn statistics(&mut self, rows: &[Test]) {
        let named = |name: &str| match name {
            "n" => "respondents used",
            "deviance" => "deviance",
            "null_deviance" => "deviance without terms",
            "dispersion" => "dispersion",
            "eff_p" => "effective parameters",
            "daic" => "dAIC",
            "cox_snell" => "Cox–Snell R²",
            "nagelkerke" => "Nagelkerke R²",
            "mcfadden" => "McFadden R²",
            "r2" => "R²",
            _ => "",
        };
        let digits = |name: &str, value: f64| match name {
            "n" => 0,
            "cox_snell" | "nagelkerke" | "mcfadden" | "r2" => 3,
            _ if value.abs() >= 1e4 => 0,
            _ => 2,
        };
        let lines = rows.iter().map(|row| Row {
            label: named(&row.test).to_owned(),
            cells: vec![
                row.statistic
                    .map_or_else(String::new, |value| number(value, digits(&row.test, value)))
                    .into(),
            ],
            ..Row::default()
        });
        self.others.push(Table {
            title: "Statistics of the model".to_owned(),
            columns: vec![Column::new("value", Align::Decimal)],
            blocks: vec![Block {
                rows: lines.collect(),
                ..Block::default()
            }],
            ..Table::default()
        });
    }

    /// Averages: beside the coefficients where these are the same rows, else in a table of their own.
    pub fn margins(&mut self, margins: &[Margin], conditional: bool) {
        let simple = |margin: &&Margin| {
            margin.groups.is_empty() && margin.response.is_none() && margin.level.is_some()
        };
        let beside = margins
            .iter()
            .filter(|margin| margin.statistic == Statistic::Margin)
            .filter(simple);
        self.beside = beside.cloned().collect();
        let others: Vec<&Margin> = margins
            .iter()
            .filter(|margin| !(margin.statistic == Statistic::Margin && simple(margin)))
            .collect();
        if !self.beside.is_empty() {
            let what = if self.fitted.predicts_shares() {
                "per cent"
            } else {
                "average"
            };
            self.foot.push(format!(
                "Margins: {what} if everyone had that level, the rest as they are."
            ));
        }
        let gaps = margins.iter().map(|margin| margin.gap.as_ref());
        self.gaps(gaps);
        if conditional {
            self.foot
                .push("Errors of margins take the respondents as fixed.".to_owned());
        }
        let mut blocks: Vec<Block> = Vec::new();
        for margin in others {
            let (scale, digits) = match margin.statistic {
                Statistic::Ratio => ratio_scale(margin.ci_low.zip(margin.ci_high)),
                Statistic::Slope => scale(false, margin.se),
                _ => scale(margin.is_share, margin.se),
            };
            let head = head_of(margin);
            let label = match (&margin.level, &margin.reference, &margin.response) {
                (Some(level), Some(reference), _) => compared(level, reference, margin.statistic),
                (Some(level), None, _) => level.clone(),
                _ => margin.variable.clone(),
            };
            let label = match &margin.response {
                Some(response) => format!("{label}: {response}"),
                None => label,
            };
            let shown: Cell = match (margin.statistic, margin.is_share) {
                _ if !margin.estimate.is_finite() => Cell::dim(no_value(margin.gap.as_ref())),
                (Statistic::Margin, true) => share(margin.estimate).into(),
                _ => number(scale * margin.estimate, digits).into(),
            };
            let row = Row {
                label,
                cells: vec![
                    shown,
                    bounds(margin.ci_low.zip(margin.ci_high), scale, digits),
                    thousands(margin.n as f64).into(),
                ],
                ..Row::default()
            };
            match blocks.last_mut() {
                Some(block) if block.head == head => block.rows.push(row),
                _ => blocks.push(Block {
                    head,
                    note: None,
                    rows: vec![row],
                }),
            }
        }
        if !blocks.is_empty() {
            self.others.push(Table {
                title: "Average predictions".to_owned(),
                columns: vec![
                    Column::new("average", Align::Decimal).emphasis(Emphasis::Strong),
                    Column::new(&self.interval_head(), Align::Right),
                    Column::new("n", Align::Right).emphasis(Emphasis::Dim),
                ],
                blocks,
                foot: vec!["Averages over the respondents used, weighted. Differences of shares in points; slopes by one more of the number.".to_owned()],
                ..Table::default()
            });
        }
    }

    /// Why something is missing of averages, each reason once.
    fn gaps<'g>(&mut self, gaps: impl Iterator<Item = Option<&'g Gap>>) {
        for gap in gaps.flatten() {
            let note = sentence(&gap.note());
            if !self.foot.contains(&note) {
                self.foot.push(note);
            }
        }
    }

    /// Differences of margins.
    pub fn pairs(&mut self, pairs: &[Pair], adjust: Adjust) {
        let gaps = pairs.iter().map(|pair| pair.gap.as_ref());
        self.gaps(gaps);
        let mut blocks: Vec<Block> = Vec::new();
        for pair in pairs {
            let test = pair.test;
            let (scale, digits) = scale(pair.is_share, test.map(|test| test.se));
            let groups: Vec<String> = pair
                .groups
                .iter()
                .map(|(name, level)| format!("{name}: {level}"))
                .collect();
            let parts = [Some(pair.variable.clone()), pair.response.clone()]
                .into_iter()
                .flatten()
                .chain(groups);
            let head = Some(parts.collect::<Vec<_>>().join(", "));
            let sign = if pair.estimate > 0.0 { "+" } else { "" };
            let row = Row {
                label: format!("{} − {}", pair.a, pair.b),
                cells: vec![
                    match pair.estimate.is_finite() {
                        true => format!("{sign}{}", number(scale * pair.estimate, digits)).into(),
                        false => Cell::dim(no_value(pair.gap.as_ref())),
                    },
                    bounds(test.map(|test| (test.ci_low, test.ci_high)), scale, digits),
                    p_value(test.map(|test| test.p_value)).into(),
                    p_value(test.map(|test| test.p_adjusted)).into(),
                ],
                ..Row::default()
            };
            match blocks.last_mut() {
                Some(block) if block.head == head => block.rows.push(row),
                _ => blocks.push(Block {
                    head,
                    note: None,
                    rows: vec![row],
                }),
            }
        }
        self.others.push(Table {
            title: "Differences of margins".to_owned(),
            columns: vec![
                Column::new("difference", Align::Decimal).emphasis(Emphasis::Strong),
                Column::new(&self.interval_head(), Align::Right),
                Column::new("p", Align::Right),
                Column::new(&format!("p ({})", adjust.title()), Align::Right),
            ],
            blocks,
            foot: vec![format!(
                "p-values adjusted by {} within a variable; each interval is {}% by itself.",
                adjust.title(),
                percent_of(self.fitted.level)
            )],
            ..Table::default()
        });
    }

    fn interval_head(&self) -> String {
        format!("{}% interval", percent_of(self.fitted.level))
    }

    /// The table of coefficients, then the others.
    pub fn finish(self, coefficients: &[Coefficient]) -> Vec<Table> {
        let events = self.fitted.prepared.response == ResponseKind::Condition;
        let ratio = coefficients.iter().find_map(|row| row.ratio_kind.clone());
        let mut columns = vec![
            Column::new(ratio.as_deref().unwrap_or("coefficient"), Align::Decimal)
                .emphasis(Emphasis::Strong),
            Column::new(&self.interval_head(), Align::Right),
            Column::new("p", Align::Right),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
        ];
        if events {
            columns.push(Column::new("of whom", Align::Right).emphasis(Emphasis::Dim));
        }
        if !self.beside.is_empty() {
            columns.push(Column::new("margin", Align::Right).emphasis(Emphasis::Strong));
            columns.push(Column::new(&self.interval_head(), Align::Right));
        }
        let link = self.fitted.prepared.link;
        // where no level has a count, the constant has that of all
        let counts_all = coefficients.iter().all(|row| row.variable_level.is_none());
        let mut blocks: Vec<Block> = Vec::new();
        for row in coefficients {
            let family = self.fitted.prepared.family;
            let equation = match family {
                Family::Multinomial => row.level.as_ref().map(|level| format!("{level}: ")),
                _ => None,
            };
            let has_levels = row.variable_level.is_some();
            let head = match has_levels {
                // thresholds stand among ratios and are none
                false if family == Family::Ordinal && row.level.is_some() => {
                    Some(format!("thresholds, on the scale of the {link}"))
                }
                true => Some(format!(
                    "{}{}",
                    equation.unwrap_or_default(),
                    self.head(&row.variable)
                )),
                false => equation.map(|equation| equation.trim_end_matches(": ").to_owned()),
            };
            let has_count = has_levels || counts_all && row.variable == "(Intercept)";
            let line = self.line(row, has_count, events);
            match blocks.last_mut() {
                Some(block) if block.head == head => block.rows.push(line),
                _ => blocks.push(Block {
                    head,
                    note: None,
                    rows: vec![line],
                }),
            }
        }
        let aside = match &ratio {
            Some(ratio) => format!("{link}, {}", ratios(ratio)),
            None => format!("{}, {link}", self.fitted.prepared.family),
        };
        let table = Table {
            title: self
                .title
                .clone()
                .unwrap_or_else(|| self.request.formula.response_text.clone()),
            aside,
            columns,
            blocks,
            foot: self.foot_paragraphs(ratio.is_some()),
            ..Table::default()
        };
        std::iter::once(table).chain(self.others).collect()
    }

    /// "party   p 0.065".
    fn head(&self, variable: &str) -> String {
        match self.term_p.iter().find(|(term, _)| term == variable) {
            Some((_, p @ Some(_))) => format!("{}   p {}", crossed(variable), p_value(*p)),
            _ => crossed(variable),
        }
    }

    fn line(&self, row: &Coefficient, has_count: bool, events: bool) -> Row {
        let has_levels = row.variable_level.is_some();
        let label = match (has_levels, &row.variable_level, row.variable.as_str()) {
            (true, Some(level), _) => crossed(level),
            (_, _, "(Intercept)") => "constant".to_owned(),
            _ => crossed(&row.term),
        };
        let count = |n: Option<f64>| n.filter(|_| has_count).map_or_else(String::new, thousands);
        let mut cells: Vec<Cell> = match (row.flags.first(), row.estimate) {
            (Some(Flag::Reference), _) => vec![Cell::dim("reference"), "".into(), "".into()],
            (_, None) => vec![
                Cell::dim(match row.flags.first() {
                    Some(Flag::Empty) => "nobody",
                    Some(Flag::Separated) => "no bound",
                    Some(Flag::Collinear) => "left out",
                    _ => "",
                }),
                "".into(),
                "".into(),
            ],
            (_, Some(b)) => {
                let (shown, bounds, digits) = match row.ratio {
                    Some(ratio) => {
                        let bounds = row.ratio_low.zip(row.ratio_high);
                        (ratio, bounds, decimals_of_interval(2, bounds))
                    }
                    None => {
                        let bounds = row.ci_low.zip(row.ci_high);
                        let least = decimals(row.se.unwrap_or(0.0));
                        (b, bounds, decimals_of_interval(least, bounds))
                    }
                };
                // of a ratio by the delta method, as Stata prints it
                let error = row.se.map(|se| row.ratio.unwrap_or(1.0) * se);
                let error = error.map_or_else(String::new, |se| number(se, digits + 1));
                vec![
                    Cell::from(number(shown, digits)).with_error(error),
                    match bounds {
                        Some(_) => interval(bounds, 1.0, digits).into(),
                        None => Cell::no_interval(),
                    },
                    p_value(row.p_value).into(),
                ]
            }
        };
        cells.push(count(row.n).into());
        if events {
            cells.push(count(row.n_event).into());
        }
        if !self.beside.is_empty() {
            let own = self.beside.iter().find(|margin| {
                margin.variable == row.variable && margin.level == row.variable_level && has_levels
            });
            match own {
                None => cells.extend(["".into(), "".into()]),
                Some(margin) => {
                    let (scale, digits) = scale(margin.is_share, margin.se);
                    cells.push(match margin.is_share {
                        _ if !margin.estimate.is_finite() => {
                            Cell::dim(no_value(margin.gap.as_ref()))
                        }
                        true => share(margin.estimate).into(),
                        false => number(margin.estimate, digits).into(),
                    });
                    cells.push(bounds(margin.ci_low.zip(margin.ci_high), scale, digits));
                }
            }
        }
        Row {
            label,
            cells,
            ..Row::default()
        }
    }

    fn foot_paragraphs(&self, ratios: bool) -> Vec<String> {
        let fitted = self.fitted;
        let sample = &fitted.prepared.sample;
        let design = design_sentence(
            &sample.design,
            &sample.units,
            sample.replication.as_ref(),
            None,
        );
        let df = format!(
            "t on {} degrees of freedom ({} of the rows used, less {})",
            number(fitted.df, 0),
            number(fitted.design_df, 0),
            fitted.basis.len() - 1
        );
        let design = design.trim_end_matches('.').to_owned();
        let mut foot = vec![format!(
            "{} {design}; {df}.",
            weights_sentence(&sample.design)
        )];
        if let Some(filter) = &self.request.filter {
            foot.push(format!(
                "Of those with {}: {} respondents used.",
                filter.text,
                thousands(fitted.total.n as f64)
            ));
        }
        foot.extend(self.foot.clone());
        let (family, link) = (fitted.prepared.family, fitted.prepared.link);
        if ratios && family == Family::Binomial && link == Link::Logit {
            foot.push("An odds ratio is no ratio of shares: margins are in shares.".to_owned());
        }
        foot.extend(model_notes(fitted).iter().map(|note| sentence(note)));
        foot.extend(fitted.warnings.iter().map(|warning| sentence(warning)));
        foot.push(format!("Source: {}.", self.file));
        foot
    }
}

/// A product as it is read: party × sex.
fn crossed(name: &str) -> String {
    // a colon with blanks around it belongs to a name
    name.replace(':', " × ").replace(" ×  ", ": ")
}

/// What is said beside a model: who was left out, what has no bound.
pub fn model_notes(fitted: &Fitted) -> Vec<String> {
    let mut notes = fitted.notes.clone();
    let missing: Vec<String> = fitted
        .prepared
        .missing
        .iter()
        .map(|(text, count)| format!("{text} {}", thousands(*count as f64)))
        .collect();
    if !missing.is_empty() {
        let all = fitted.prepared.sample.everybody() - fitted.total.n;
        let of = match missing.as_slice() {
            [_] => String::new(),
            several => format!(" ({})", several.join(", ")),
        };
        notes.push(format!(
            "without an answer, left out: {}{of}{}",
            thousands(all as f64),
            why_missing(
                fitted
                    .prepared
                    .missing
                    .iter()
                    .map(|(text, _)| text.as_str())
            )
        ));
    }
    notes
}

/// Averages as estimates: groups, held values, the reference and the response in columns of their own.
pub fn margin_rows(fitted: &Fitted, margins: &[Margin]) -> Vec<Estimate> {
    let responses = margins.iter().any(|margin| margin.response.is_some());
    let references = margins.iter().any(|margin| margin.reference.is_some());
    let row = |margin: &Margin| {
        let mut groups: Vec<(String, Option<String>)> = Vec::new();
        if responses {
            groups.push(("response".to_owned(), margin.response.clone()));
        }
        if references {
            groups.push(("reference".to_owned(), margin.reference.clone()));
        }
        groups.extend(
            margin
                .groups
                .iter()
                .map(|(name, value)| (name.clone(), Some(value.clone()))),
        );
        Estimate {
            groups,
            statistic: margin.statistic,
            estimate: Some(margin.estimate).filter(|m| m.is_finite()),
            se: margin.se,
            ci_low: margin.ci_low,
            ci_high: margin.ci_high,
            df: margin.se.map(|_| fitted.df),
            n: Some(margin.n as f64),
            weighted_n: Some(margin.weighted_n),
            flags: margin.gap.iter().filter_map(Gap::flag).collect(),
            note: margin.gap.as_ref().map_or_else(String::new, Gap::note),
            ..Estimate::proportion(&fitted.source, &margin.variable, margin.level.as_deref())
        }
    };
    margins.iter().map(row).collect()
}

/// Pairs of margins as comparisons, with their sentences.
pub fn margin_comparisons(
    fitted: &Fitted,
    pairs: &[Pair],
    (response, adjust): (&str, Adjust),
) -> Vec<Comparison> {
    let bases = &fitted.prepared.columns.bases;
    let row = |pair: &Pair| {
        let groups: Vec<String> = pair
            .groups
            .iter()
            .map(|(name, level)| format!(",{name}={level}"))
            .collect();
        let response_level: String = pair
            .response
            .iter()
            .map(|level| format!(",response={level}"))
            .collect();
        let side = |level: &str| {
            format!(
                "{}={level}{}{response_level}",
                pair.variable,
                groups.concat()
            )
        };
        let same: Vec<String> = bases
            .iter()
            .map(|base| base.text.clone())
            .filter(|name| *name != pair.variable)
            .collect();
        let family = pairs
            .iter()
            .filter(|other| other.variable == pair.variable && other.test.is_some())
            .count();
        Comparison {
            a: side(&pair.a),
            b: side(&pair.b),
            relation: "margins".to_owned(),
            estimate: Some(pair.estimate).filter(|d| d.is_finite()),
            se: pair.test.map(|test| test.se),
            ci_low: pair.test.map(|test| test.ci_low),
            ci_high: pair.test.map(|test| test.ci_high),
            z: pair.test.map(|test| test.t),
            df: pair.test.map(|_| fitted.df),
            p_value: pair.test.map(|test| test.p_value),
            p_adjusted: pair.test.map(|test| test.p_adjusted),
            flags: pair.gap.iter().filter_map(Gap::flag).collect(),
            note: pair.gap.as_ref().map_or_else(String::new, Gap::note),
            sentence: pair_sentence(pair, (response, &same), (fitted.level, adjust, family)),
            ..Comparison::default()
        }
    };
    pairs.iter().map(row).collect()
}

/// "q1 == 'Agree': Independent is 6.7 points above Blue (1.7 to 11.7), at the same sex."
fn pair_sentence(
    pair: &Pair,
    (response, same): (&str, &[String]),
    (level, adjust, family): (f64, Adjust, usize),
) -> String {
    let (scale, digits) = scale(pair.is_share, pair.test.map(|test| test.se));
    let amount = number((scale * pair.estimate).abs(), digits);
    let unit = match (pair.is_share, amount.as_str()) {
        (true, "1.0") => " point",
        (true, _) => " points",
        (false, _) => "",
    };
    let side = if pair.estimate < 0.0 {
        "below"
    } else {
        "above"
    };
    let groups: Vec<String> = pair
        .groups
        .iter()
        .map(|(name, level)| format!("{name}: {level}"))
        .collect();
    let groups = if groups.is_empty() {
        String::new()
    } else {
        format!("{}: ", capitalised(&groups.join(", ")))
    };
    let of = match &pair.response {
        Some(level) => format!("{response}: {level}"),
        None => response.to_owned(),
    };
    let held = if same.is_empty() {
        String::new()
    } else {
        format!(", at the same {}", crate::frames::words::and(same))
    };
    let Some(test) = pair.test else {
        let why = pair.gap.as_ref().map_or_else(String::new, Gap::note);
        return match pair.estimate.is_finite() {
            true => format!(
                "{groups}{of}: {} is {amount}{unit} {side} {}{held}: {why}.",
                pair.a, pair.b
            ),
            false => format!(
                "{groups}{of}: {} and {} can’t be compared: {why}.",
                pair.a, pair.b
            ),
        };
    };
    let p = match test.p_adjusted < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p {:.3}", test.p_adjusted),
    };
    let adjusted = if family > 1 {
        format!(" ({p} adjusted by {} for {family} pairs)", adjust.title())
    } else {
        String::new()
    };
    let clear = test.p_adjusted < 1.0 - level;
    let said = match clear {
        true => format!("The gap is more than sampling alone explains{adjusted}."),
        false => format!(
            "Sampling alone can make such a gap{adjusted}: it does not show which is higher, nor that they are equal."
        ),
    };
    format!(
        "{groups}{of}: {} is {amount}{unit} {side} {} ({}% interval {}){held}. {said}",
        pair.a,
        pair.b,
        percent_of(level),
        range(scale * test.ci_low, scale * test.ci_high, digits)
    )
}

/// The covariance matrix of the coefficients as CSV: a row and a column each.
pub fn coefficients_covariance(fitted: &Fitted) -> String {
    let names: Vec<String> = fitted
        .places
        .iter()
        .map(
            |place| match (fitted.prepared.family, fitted.response_level(place)) {
                (Family::Multinomial, Some(level)) => format!("{level}:{}", fitted.name(place)),
                _ => fitted.name(place),
            },
        )
        .collect();
    let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
    let width = names.len();
    let mut text = format!(
        "term,{}\n",
        names.iter().map(quoted).collect::<Vec<_>>().join(",")
    );
    for (at, name) in names.iter().enumerate() {
        let row = &fitted.estimate_covariance[at * width..(at + 1) * width];
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        text += &format!("{},{}\n", quoted(name), cells.join(","));
    }
    text
}

/// "Red − Blue", "Red / Blue".
fn compared(level: &str, reference: &str, statistic: Statistic) -> String {
    let sign = match statistic {
        Statistic::Ratio => "/",
        _ => "−",
    };
    format!("{level} {sign} {reference}")
}

/// Two decimals for ratios, as among coefficients, and more where an interval needs them.
fn ratio_scale(bounds: Option<(f64, f64)>) -> (f64, usize) {
    (1.0, decimals_of_interval(2, bounds))
}

/// Points with one decimal for shares, else the digits of the standard error.
fn scale(is_share: bool, se: Option<f64>) -> (f64, usize) {
    match is_share {
        true => (100.0, 1),
        false => (1.0, decimals(se.unwrap_or(0.0))),
    }
}

fn interval(bounds: Option<(f64, f64)>, scale: f64, digits: usize) -> String {
    bounds.map_or_else(String::new, |(low, high)| {
        range(scale * low, scale * high, digits)
    })
}

/// A share that is predicted: of 0 nobody is meant.
fn share(estimate: f64) -> String {
    match estimate {
        0.0 => "0%".to_owned(),
        _ => percent(estimate, 0) + "%",
    }
}

/// The same in a cell of its own.
fn bounds(bounds: Option<(f64, f64)>, scale: f64, digits: usize) -> Cell {
    match bounds {
        Some(_) => interval(bounds, scale, digits).into(),
        None => Cell::no_interval(),
    }
}

/// What stands in the place of a value.
fn no_value(gap: Option<&Gap>) -> &'static str {
    match gap {
        Some(Gap::Nobody(_)) => "nobody",
        Some(Gap::ToZero) => "no ratio",
        _ => "no bound",
    }
}

fn head_of(margin: &Margin) -> Option<String> {
    let what = match margin.statistic {
        Statistic::Difference => format!("{}: difference", margin.variable),
        Statistic::Ratio => format!("{}: ratio", margin.variable),
        Statistic::Slope => "slope".to_owned(),
        _ if margin.level.is_some() => margin.variable.clone(),
        _ => "average".to_owned(),
    };
    let groups = margin
        .groups
        .iter()
        .map(|(name, level)| format!("{name} {level}"));
    Some(
        std::iter::once(what)
            .chain(groups)
            .collect::<Vec<_>>()
            .join(", "),
    )
}

fn p_value(p: Option<f64>) -> String {
    match p {
        Some(p) if p < 0.001 => "<0.001".to_owned(),
        Some(p) => format!("{p:.3}"),
        None => String::new(),
    }
}
