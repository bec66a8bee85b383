//! Margins of a model from their rows, as charts: dots by level, lines over a number.

use super::coefficients::{headed, source_line};
use crate::frames::words::{distinct, thousands};
use crate::frames::{Captions, Estimate, Estimates, Flag, Frame, Statistic};
use crate::present::chart::{
    BannerBlock, BannerChart, BannerFigure, BannerRow, BannerSubject, PredictionChart,
    PredictionLine, PredictionPoint, Scale,
};
use crate::present::table::digits::{decimals, decimals_of_interval, number, percent, range};

/// Why there is no chart of margins.
#[derive(Debug, thiserror::Error)]
pub enum MarginError {
    #[error("these are no margins: opine fit … --margins all --json makes them")]
    NoMargins,
    #[error(
        "averages over {0} have two values at least: hold it at some, as in opine fit … --at '{0}=18,30,45,60'"
    )]
    OneValue(String),
    #[error(transparent)]
    Frame(#[from] crate::frames::Error),
}

/// Dots by level, or lines over the number that averages are held at.
pub enum MarginPicture {
    Levels(BannerChart),
    Lines(PredictionChart),
}

/// A difference of a variable is established up to this.
const ALPHA: f64 = 0.05;

/// Margins with what stands beside them.
struct Rows {
    margins: Vec<(usize, Estimate)>,
    frame: Frame,
    shares: bool,
}

impl Rows {
    fn new(frame: &Frame) -> Result<Rows, MarginError> {
        let rows = Estimates::from_frame(frame.clone())?.rows()?;
        let margins = rows.into_iter().enumerate();
        let margins: Vec<(usize, Estimate)> = margins
            .filter(|(_, row)| row.statistic == Statistic::Margin)
            .collect();
        let mut known = margins.iter().filter(|(_, row)| row.estimate.is_some());
        let first = known.next().ok_or(MarginError::NoMargins)?.0;
        let told = frame.column("predicts_shares");
        let told = told.and_then(|column| column.texts().get(first).cloned().flatten());
        let inside = |row: &Estimate| row.estimate.is_none_or(|p| (0.0..=1.0).contains(&p));
        Ok(Rows {
            shares: match told.as_deref() {
                Some(told) => told == "true",
                None => margins.iter().all(|(_, row)| inside(row)),
            },
            margins,
            frame: frame.clone(),
        })
    }

    fn number(&self, name: &str, row: usize) -> Option<f64> {
        self.frame
            .column(name)?
            .numbers()?
            .get(row)
            .copied()
            .flatten()
    }

    fn text(&self, name: &str) -> Option<String> {
        let first = self.margins.first()?.0;
        self.frame
            .column(name)?
            .texts()
            .get(first)
            .cloned()
            .flatten()
    }

    fn scale(&self) -> f64 {
        if self.shares { 100.0 } else { 1.0 }
    }

    fn digits(&self) -> usize {
        let errors = self.margins.iter().filter_map(|(_, row)| row.se);
        match self.shares {
            true => 1,
            false => decimals(errors.fold(0.0, f64::max)),
        }
    }

    fn printed(&self, estimate: f64) -> String {
        match self.shares {
            // of 0 nobody is meant: it is predicted
            true if estimate == 0.0 => "0".to_owned(),
            true => percent(estimate, 0),
            false => number(estimate, self.digits()),
        }
    }

    fn figure(&self, estimate: f64, interval: Option<(f64, f64)>) -> BannerFigure {
        let scale = self.scale();
        let interval = interval.map(|(low, high)| (scale * low, scale * high));
        BannerFigure {
            printed: match self.shares {
                true => self.printed(estimate),
                false => number(estimate, decimals_of_interval(self.digits(), interval)),
            },
            at: scale * estimate,
            interval,
            range: interval.map_or_else(String::new, |(low, high)| {
                range(low, high, decimals_of_interval(self.digits(), interval))
            }),
        }
    }

    fn chart_scale(&self) -> Scale {
        match self.shares {
            true => Scale::Percent,
            false => Scale::Numbers {
                head: "average".to_owned(),
                from_zero: false,
            },
        }
    }
}

/// Which chart margins make: by the levels of their variables, or where these are numbers that were held at values, over
/// these.
///
/// # Errors
/// Rows that are no margins.
pub fn margin_picture(
    frame: &Frame,
    captions: Captions,
    level: f64,
) -> Result<MarginPicture, MarginError> {
    let rows = Rows::new(frame)?;
    match over(&rows) {
        Some(name) => lines(&rows, &name, captions, level).map(MarginPicture::Lines),
        None => Ok(MarginPicture::Levels(dots(&rows, captions, level))),
    }
}

/// What heads a chart of margins: the response of the model, and what is measured.
pub fn margin_subject(frame: &Frame) -> (Option<String>, String) {
    let first = |name: &str| {
        let texts = frame.column(name)?.texts();
        texts.into_iter().flatten().next()
    };
    let response = first("model_formula").and_then(|formula| {
        let (response, _) = formula.split_once('~')?;
        Some(response.trim().to_owned())
    });
    let unit = match first("predicts_shares").as_deref() {
        Some("true") => "Per cent",
        _ => "Averages",
    };
    headed(
        response,
        &format!("{unit} as the model predicts. Lines are intervals."),
    )
}

/// The number that averages are taken at several values of: a group of numbers alone.
fn over(rows: &Rows) -> Option<String> {
    let (_, first) = rows.margins.first()?;
    let is_number = |name: &str| {
        let mut values = rows.margins.iter().map(|(_, row)| row.group(name));
        values.all(|value| value.parse::<f64>().is_ok())
    };
    let names = first.groups.iter().map(|(name, _)| name.as_str());
    let mut names = names.filter(|name| !["response", "reference"].contains(name));
    names.find(|name| is_number(name)).map(str::to_owned)
}

/// "party", "party, sex: Male", "Agree: party".
fn head_of(row: &Estimate, without: &str) -> String {
    let mut parts = vec![match row.group("response") {
        "" => row.variable.clone(),
        response => format!("{response}: {}", row.variable),
    }];
    let other = |name: &str| !["response", "reference", without].contains(&name);
    let groups = row.groups.iter().filter(|(name, _)| other(name));
    parts.extend(groups.filter_map(|(name, value)| Some(format!("{name}: {}", value.as_ref()?))));
    parts.join(", ")
}

fn dots(rows: &Rows, captions: Captions, level: f64) -> BannerChart {
    let mut blocks: Vec<BannerBlock> = Vec::new();
    let mut alike = false;
    // what has no bound has no test
    let untested = |variable: &str| {
        let mut own = rows.margins.iter().map(|(_, row)| row);
        own.any(|row| row.variable == variable && row.flags.contains(&Flag::Separated))
    };
    for (at, row) in &rows.margins {
        let p = rows.number("test_p", *at);
        let head = head_of(row, "");
        let line = BannerRow {
            label: row.level.clone().unwrap_or_else(|| row.variable.clone()),
            figure: row.estimate.map(|m| rows.figure(m, row.interval())),
            remark: match row.flags.contains(&Flag::Empty) {
                _ if row.estimate.is_some() => None,
                true => Some("nobody".to_owned()),
                false => Some("no bound".to_owned()),
            },
            n: rows
                .number("level_n", *at)
                .or(row.n)
                .map_or_else(String::new, thousands),
            differs: match p {
                Some(p) => p <= ALPHA,
                None => !untested(&row.variable),
            },
            ..BannerRow::default()
        };
        alike |= !line.differs;
        // of several responses the rows come level by level
        match blocks.iter_mut().find(|block| block.head == head) {
            Some(block) => block.rows.push(line),
            None => blocks.push(BannerBlock {
                head,
                note: p.map(p_in_words),
                rows: vec![line],
            }),
        }
    }
    let overall: Vec<(String, BannerFigure)> = rows
        .margins
        .iter()
        .filter_map(|(at, row)| {
            let estimate = rows.number("overall_estimate", *at)?;
            let low = rows.number("overall_low", *at);
            let interval = low.zip(rows.number("overall_high", *at));
            let n = row.n.map_or_else(String::new, thousands);
            Some((n, rows.figure(estimate, interval)))
        })
        .collect();
    // one average of all, or none to be a line through all
    let total = overall.first().filter(|(_, one)| {
        overall.len() == rows.margins.len() && overall.iter().all(|(_, other)| other.at == one.at)
    });
    let total = total.map(|(n, figure)| BannerRow {
        label: "Average of all".to_owned(),
        figure: Some(figure.clone()),
        n: n.clone(),
        ..BannerRow::default()
    });
    let mut sentences = Vec::new();
    if total.is_some() {
        sentences.push("Line: the average of all.".to_owned());
    }
    if alike {
        sentences.push(format!(
            "Grey: no difference between the levels of that variable is established (Wald test, p above {ALPHA})."
        ));
    }
    sentences.push(
        "Averages of what the model predicts if everyone had that level, the rest as they are, weighted."
            .to_owned(),
    );
    BannerChart {
        title: captions.title.clone(),
        subtitle: captions.subtitle.clone(),
        total,
        blocks,
        footer: footer(rows, sentences, captions),
        level,
        scale: rows.chart_scale(),
        subject: BannerSubject::Levels,
    }
}

/// Lines over a number, one a level or group.
fn lines(
    rows: &Rows,
    name: &str,
    captions: Captions,
    level: f64,
) -> Result<PredictionChart, MarginError> {
    let line_of = |row: &Estimate| match &row.level {
        Some(level) => {
            let head = head_of(row, name);
            let rest = head
                .strip_prefix(&row.variable)
                .map(|rest| rest.trim_start_matches(", "));
            match rest {
                Some("") | None => level.clone(),
                Some(rest) => format!("{level}, {rest}"),
            }
        }
        None => {
            let head = head_of(row, name);
            let rest = head
                .strip_prefix(&row.variable)
                .map(|rest| rest.trim_start_matches(", "));
            match rest {
                Some("") | None => "all".to_owned(),
                Some(rest) => rest.to_owned(),
            }
        }
    };
    let names: Vec<String> = rows.margins.iter().map(|(_, row)| line_of(row)).collect();
    let scale = rows.scale();
    let of_name = |wanted: &str| {
        let own = rows
            .margins
            .iter()
            .zip(&names)
            .filter(|(_, name)| *name == wanted);
        let points = own.filter_map(|((_, row), _)| {
            let interval = row.interval();
            Some(PredictionPoint {
                x: row.group(name).parse().ok()?,
                at: scale * row.estimate?,
                interval: interval.map(|(low, high)| (scale * low, scale * high)),
                printed: rows.printed(row.estimate?),
            })
        });
        let mut points: Vec<PredictionPoint> = points.collect();
        points.sort_by(|one, other| one.x.total_cmp(&other.x));
        PredictionLine {
            name: wanted.to_owned(),
            points,
        }
    };
    let lines: Vec<PredictionLine> = distinct(names.iter().map(String::as_str))
        .into_iter()
        .map(of_name)
        .collect();
    if lines.iter().any(|line| line.points.len() < 2) {
        return Err(MarginError::OneValue(name.to_owned()));
    }
    let sentences = vec![format!(
        "Averages of what the model predicts if {name} were so for everyone, the rest as they are, weighted; shaded: intervals, drawn between the values that were asked for."
    )];
    Ok(PredictionChart {
        title: captions.title.clone(),
        subtitle: captions.subtitle.clone(),
        x_name: name.to_owned(),
        lines,
        footer: footer(rows, sentences, captions),
        level,
        scale: rows.chart_scale(),
    })
}

fn footer(rows: &Rows, sentences: Vec<String>, captions: Captions) -> Vec<String> {
    let mut footer = vec![sentences.join(" ")];
    if captions.foot.is_empty() {
        let formula = rows.text("model_formula");
        footer.extend(formula.map(|formula| format!("Model: {}.", formula.replace('`', ""))));
        footer.extend(rows.text("sample_design"));
        footer.extend(source_line(
            rows.margins.iter().map(|(_, row)| row.source.as_str()),
        ));
    }
    footer.extend(captions.foot);
    footer
}

fn p_in_words(p: f64) -> String {
    match p < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p {p:.3}"),
    }
}
