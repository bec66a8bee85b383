//! What heads a table and what its foot says: the questions as asked, how the numbers were made, of which file.

use super::sheet::{Sheet, SheetItem};
use crate::frames::Statistic;
use crate::frames::words::{and, thousands};
use crate::survey::design::{Design, Lonely, Replication, Units};
use crate::survey::estimate::{Part, SurveyEstimates};
use crate::survey::expr::{Item, Node, Verb};

/// Estimates and the file they are of.
pub struct TableSource<'a> {
    /// The name of the file.
    pub file: &'a str,
    pub estimates: &'a SurveyEstimates,
}

impl TableSource<'_> {
    fn variable_label(&self, item: &Item) -> Option<&str> {
        let codebook = &self.estimates.codebook;
        let variable = codebook.variable(variable_of(item)?).ok()?;
        variable.label.as_deref().filter(|label| !label.is_empty())
    }

    /// What heads an item: the question as asked, or the expression.
    pub fn head(&self, item: &Item) -> String {
        if let Some(name) = &item.name {
            return name.clone();
        }
        match self.variable_label(item) {
            Some(label) => label.to_owned(),
            None => match (variable_of(item), item.terms.first().map(|t| &t.statistic)) {
                (Some(name), Some(Verb::Prop(_))) => name.to_owned(),
                _ => item.text.clone(),
            },
        }
    }

    /// What a row of one number is called.
    pub fn name(&self, item: &Item) -> String {
        if let Some(name) = &item.name {
            return name.clone();
        }
        match (self.variable_label(item), item.terms.first()) {
            (Some(label), Some(term)) => format!("{label} ({})", statistic_name(&term.statistic)),
            _ => item.text.clone(),
        }
    }

    pub fn is_weighted(&self) -> bool {
        let design = &self.estimates.design;
        design.weights.is_some() || !design.fpc.is_empty()
    }

    /// Whether respondents are worth less, or more, than their number.
    pub fn is_complex(&self) -> bool {
        let design = &self.estimates.design;
        self.is_weighted()
            || design.replicates.is_some()
            || !design.strata.is_empty()
            || !design.psu.is_empty()
    }
}

/// "mean", "median", "quantile 0.9".
fn statistic_name(verb: &Verb) -> String {
    match verb {
        Verb::Quantile(_, at) => match at.as_slice() {
            [p] if *p == 0.5 => "median".to_owned(),
            [p] => format!("quantile {p}"),
            _ => "quantiles".to_owned(),
        },
        verb => verb.name().to_owned(),
    }
}

/// The variable that an item is of, where it is of one alone.
pub fn variable_of(item: &Item) -> Option<&str> {
    let [term] = item.terms.as_slice() else {
        return None;
    };
    let of = match &term.statistic {
        Verb::Ratio(..) => return None,
        verb => verb.arguments().into_iter().next()?,
    };
    match &of.node {
        Node::Name(name) if item.is_plain() => Some(name),
        _ => None,
    }
}

/// 95 for 0.95, without the noise of its binary form.
pub fn percent_of(level: f64) -> f64 {
    (1e6 * level).round() / 1e4
}

impl TableSource<'_> {
    /// Paragraphs under the table: weights and design, method, base, what is missing, source.
    pub fn foot(&self, sheet: &Sheet, chosen: &[usize]) -> Vec<String> {
        let estimates = self.estimates;
        let mut foot = vec![
            [
                weights_sentence(&estimates.design),
                design_sentence(
                    &estimates.design,
                    &estimates.units,
                    estimates.replication.as_ref(),
                    estimates.df,
                ),
            ]
            .join(" "),
            method(estimates, chosen),
        ];
        if let Some(filter) = &estimates.request.filter {
            let within = respondents(estimates, sheet);
            foot.push(format!(
                "Of those with {}: {} of {} respondents.",
                filter.text,
                thousands(within as f64),
                thousands(estimates.sums.rows.all as f64)
            ));
        }
        foot.extend(self.left_out(sheet, chosen));
        let title = estimates.codebook.title.iter().filter(|t| !t.is_empty());
        let title: String = title.map(|title| format!(" ({title})")).collect();
        foot.push(format!("Source: {}{title}.", self.file));
        foot.retain(|paragraph| !paragraph.is_empty());
        foot
    }

    /// "Without an answer, left out: q1 63, q2 71."
    fn left_out(&self, sheet: &Sheet, chosen: &[usize]) -> Option<String> {
        let estimates = self.estimates;
        let all = respondents(estimates, sheet);
        let gone = |at: usize| {
            let answered = answered(sheet, sheet.items.get(at)?);
            let count = all.checked_sub(answered).filter(|count| *count > 0)?;
            let item = estimates.request.items.get(at)?;
            let name = variable_of(item).unwrap_or(&item.text);
            Some((name.to_owned(), thousands(count as f64)))
        };
        let missing: Vec<(String, String)> = chosen.iter().filter_map(|at| gone(*at)).collect();
        let counts = match (missing.as_slice(), chosen) {
            ([], _) => return None,
            ([(_, count)], [_]) => count.clone(),
            (several, _) => {
                let counts = several
                    .iter()
                    .map(|(name, count)| format!("{name} {count}"));
                counts.collect::<Vec<_>>().join(", ")
            }
        };
        Some(format!("Without an answer, left out: {counts}."))
    }
}

/// "Weighted by weight."
pub fn weights_sentence(design: &Design) -> String {
    match (&design.weights, design.fpc.is_empty()) {
        (Some(weights), _) => format!("Weighted by {weights}."),
        (None, false) => {
            let fpc = design.fpc.join(", ");
            format!("Weighted by N/n from fpc ({fpc}).")
        }
        (None, true) => "Not weighted: no weights were named.".to_owned(),
    }
}

/// "Design: 8 strata (stratum), 80 PSUs (psu), 72 degrees of freedom."
pub fn design_sentence(
    design: &Design,
    units: &Units,
    replication: Option<&Replication>,
    df: Option<f64>,
) -> String {
    let df = match df {
        Some(df) => format!(", {} degrees of freedom", thousands(df)),
        None => String::new(),
    };
    if let Some(replicates) = &design.replicates {
        let count = replication.map_or(0, |r| r.rscales.len());
        return format!(
            "Standard errors from {count} replicate weights ({}){df}.",
            replicates.rep_type
        );
    }
    let mut parts = Vec::new();
    if !design.strata.is_empty() {
        let count = thousands(units.strata.len() as f64);
        parts.push(format!("{count} strata ({})", design.strata.join(" x ")));
    }
    if let Some(psu) = design.psu.first() {
        let count = thousands(units.psus() as f64);
        parts.push(format!("{count} PSUs ({psu})"));
    }
    let mut below: Vec<&str> = design.psu.iter().map(String::as_str).collect();
    below.truncate(design.stages());
    if design.rows_are_last_stage() {
        below.push("respondents");
    }
    if below.len() > 1 {
        parts.push(format!("further stages {}", below[1..].join(", ")));
    }
    if !design.fpc.is_empty() {
        let fpc = design.fpc.join(", ");
        parts.push(format!("finite population correction by {fpc}"));
    }
    let lonely = units.lonely(0).count();
    if lonely > 0 && design.lonely != Lonely::Fail {
        let s = if lonely == 1 { "um" } else { "a" };
        parts.push(format!("{lonely} strat{s} with one PSU: {}", design.lonely));
    }
    match parts.is_empty() {
        true => format!(
            "No strata or PSUs were named: errors are those of respondents drawn one by one{df}."
        ),
        false => format!("Design: {}{df}.", parts.join(", ")),
    }
}

/// Respondents in the domains that are shown.
fn respondents(estimates: &SurveyEstimates, sheet: &Sheet) -> u64 {
    let all = estimates.sums.cells.iter().map(|cell| cell.rows).sum();
    match sheet.domains.is_empty() {
        true => 0,
        false => all,
    }
}

/// Respondents of all domains that answered an item.
fn answered(sheet: &Sheet, item: &SheetItem) -> u64 {
    let measured = item.measures.iter().find(|m| m.part != Part::Missing);
    let of = |measure: &super::sheet::Measure| {
        let domains = 0..sheet.domains.len();
        let n = domains.filter_map(|domain| sheet.row(measure, domain)?.n);
        n.sum::<f64>() as u64
    };
    measured.map_or(0, of)
}

/// "95% intervals: logit for shares, Student’s t for means."
fn method(estimates: &SurveyEstimates, chosen: &[usize]) -> String {
    let options = &estimates.request.options;
    let mut statistics = Vec::new();
    for (key, row) in estimates.keys.iter().zip(&estimates.rows) {
        let counted = chosen.contains(&key.item) && row.interval().is_some();
        if counted && !statistics.contains(&row.statistic) {
            statistics.push(row.statistic);
        }
    }
    let mut methods = Vec::new();
    let distribution = if estimates.df.is_some() { "t" } else { "z" };
    if statistics.contains(&Statistic::Proportion) {
        let of = if statistics.len() == 1 {
            ""
        } else {
            " for shares"
        };
        methods.push(format!("{} with {distribution}{of}", options.ci.title()));
    }
    if statistics.contains(&Statistic::Quantile) {
        methods.push(format!("Woodruff for quantiles (rule {})", options.rule));
    }
    let others = statistics
        .iter()
        .filter(|s| !matches!(s, Statistic::Proportion | Statistic::Quantile));
    let others: Vec<String> = others.map(|statistic| plural(*statistic)).collect();
    if !others.is_empty() {
        methods.push(format!(
            "estimate ± {distribution} times its standard error for {}",
            and(&others)
        ));
    }
    match methods.is_empty() {
        true => String::new(),
        false => {
            let level = percent_of(options.level);
            format!("{level}% intervals: {}.", methods.join("; "))
        }
    }
}

fn plural(statistic: Statistic) -> String {
    match statistic {
        Statistic::StandardDeviation => "standard deviations".to_owned(),
        Statistic::Variance => "variances".to_owned(),
        other => format!("{}s", other.name()),
    }
}
