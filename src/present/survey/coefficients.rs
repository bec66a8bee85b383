//! Coefficients of a model from its rows, as a chart.

use crate::frames::words::{distinct, thousands};
use crate::frames::{Captions, Cell, Frame};
use crate::present::chart::{CoefficientChart, CoefficientGroup, CoefficientMark, CoefficientRow};

/// Why there is no chart of coefficients.
#[derive(Debug, thiserror::Error)]
pub enum CoefficientError {
    #[error("these are no coefficients: the column {0} is missing; opine fit … --csv makes them")]
    NoColumn(&'static str),
    #[error("the column {0} holds something else than numbers")]
    NoNumbers(&'static str),
    #[error("there is no coefficient to draw")]
    Empty,
}

/// The columns that a chart needs.
struct Rows<'f> {
    frame: &'f Frame,
}

impl Rows<'_> {
    fn text(&self, name: &str, row: usize) -> String {
        let column = self.frame.column(name);
        match column.map(|column| column.cell(row)) {
            Some(Cell::Text(text)) => text.to_owned(),
            Some(Cell::Null) | None => String::new(),
            Some(_) => column
                .and_then(|column| column.texts().get(row).cloned().flatten())
                .unwrap_or_default(),
        }
    }

    fn numbers(&self, name: &'static str) -> Result<Vec<Option<f64>>, CoefficientError> {
        let column = self
            .frame
            .column(name)
            .ok_or(CoefficientError::NoColumn(name))?;
        column.numbers().ok_or(CoefficientError::NoNumbers(name))
    }
}

/// What heads a chart of coefficients: the response of the model, and what is measured.
pub fn coefficient_subject(frame: &Frame) -> (Option<String>, String) {
    let first = |name: &str| {
        let texts = frame.column(name)?.texts();
        texts.into_iter().flatten().find(|text| !text.is_empty())
    };
    let measure = match first("ratio_kind").as_deref() {
        Some("odds ratio") => "Odds ratios.",
        Some("relative risk ratio") => "Relative risk ratios.",
        Some("hazard ratio") => "Hazard ratios.",
        Some("risk ratio") => "Risk ratios.",
        Some("rate ratio") => "Rate ratios.",
        Some("ratio of means") => "Ratios of means.",
        _ => "Coefficients.",
    };
    headed(
        first("response"),
        &format!("{measure} Lines are intervals."),
    )
}

/// "Source: poll."
pub(super) fn source_line<'s>(sources: impl Iterator<Item = &'s str>) -> Option<String> {
    let sources = distinct(sources.filter(|source| !source.is_empty()));
    (!sources.is_empty()).then(|| format!("Source: {}.", sources.join(", ")))
}

/// A response with the line under a headline, in which it is called as its readers call it: “Very worried” of
/// `q1 == 'Very worried'`, “q1 = 1” of `q1 == 1`.
pub(super) fn headed(response: Option<String>, measure: &str) -> (Option<String>, String) {
    let line = match &response {
        Some(response) => {
            let called = match response.split_once("==") {
                Some((_, level)) if level.trim().starts_with(['\'', '"']) => {
                    level.trim().trim_matches(['\'', '"']).to_owned()
                }
                // a code says nothing without its question
                Some((name, code)) => format!("{} = {}", name.trim(), code.trim()),
                None => response.clone(),
            };
            format!("{called}. {measure}")
        }
        None => measure.to_owned(),
    };
    (response, line)
}

/// A chart of rows as `opine fit` gives them: ratios where all have one, else coefficients. The constant, thresholds and
/// products with numbers alone have no level to be read against, and the constant is left out.
///
/// # Errors
/// Rows that are no coefficients.
pub fn coefficient_chart(
    frame: &Frame,
    captions: Captions,
    level: f64,
) -> Result<CoefficientChart, CoefficientError> {
    let rows = Rows { frame };
    for name in ["term", "variable", "variable_level", "flags"] {
        if frame.column(name).is_none() {
            return Err(CoefficientError::NoColumn(name));
        }
    }
    let ratio = rows.numbers("ratio")?;
    let ratios = ratio.iter().any(Option::is_some);
    let names = match ratios {
        true => ["ratio", "ratio_low", "ratio_high"],
        false => ["estimate", "ci_low", "ci_high"],
    };
    let [value, low, high] = names;
    let (value, low, high) = (
        rows.numbers(value)?,
        rows.numbers(low)?,
        rows.numbers(high)?,
    );
    let n = rows.numbers("n")?;
    let mut groups: Vec<CoefficientGroup> = Vec::new();
    for row in 0..frame.height() {
        let (term, variable) = (rows.text("term", row), rows.text("variable", row));
        let of_level = rows.text("variable_level", row);
        // the constant is no comparison, and neither is a threshold
        if variable == "(Intercept)" || term.contains('|') {
            continue;
        }
        let flags = rows.text("flags", row);
        let flagged = |flag: &str| flags.split(' ').any(|own| own == flag);
        let mark = match (value[row], low[row], high[row]) {
            _ if flagged("reference") => CoefficientMark::Reference,
            (Some(value), Some(low), Some(high)) => CoefficientMark::Interval { value, low, high },
            _ if flagged("separated") => CoefficientMark::Unbounded,
            _ => CoefficientMark::Nobody,
        };
        let has_level = !of_level.is_empty();
        let equation = rows.text("level", row);
        let variable = variable.replace(':', " × ");
        let head = match (has_level, equation.is_empty()) {
            (true, true) => Some(variable.clone()),
            (true, false) => Some(format!("{equation}: {variable}")),
            (false, true) => None,
            (false, false) => Some(equation),
        };
        let line = CoefficientRow {
            label: if has_level {
                of_level.replace(':', " × ")
            } else {
                variable
            },
            mark,
            n: match (has_level, n[row]) {
                (true, Some(n)) => thousands(n),
                _ => String::new(),
            },
        };
        match groups.last_mut() {
            Some(group) if group.head == head => group.rows.push(line),
            _ => groups.push(CoefficientGroup {
                head,
                note: None,
                rows: vec![line],
            }),
        }
    }
    if groups.is_empty() {
        return Err(CoefficientError::Empty);
    }
    let kind = (0..frame.height())
        .map(|row| rows.text("ratio_kind", row))
        .find(|kind| !kind.is_empty());
    let head = kind
        .filter(|_| ratios)
        .unwrap_or_else(|| "coefficient".to_owned());
    let mut footer = vec![reading(&groups, ratios, &head)];
    if captions.foot.is_empty() {
        let sources: Vec<String> = (0..frame.height())
            .map(|row| rows.text("source", row))
            .collect();
        footer.extend(source_line(sources.iter().map(String::as_str)));
    }
    footer.extend(
        captions
            .foot
            .iter()
            .filter(|text| !text.starts_with("An odds ratio"))
            .cloned(),
    );
    Ok(CoefficientChart {
        title: captions.title,
        subtitle: captions.subtitle,
        head,
        ratios,
        groups,
        footer,
        level,
    })
}

/// How the chart is read: of what is in it alone.
fn reading(groups: &[CoefficientGroup], ratios: bool, head: &str) -> String {
    let neutral = if ratios { 1.0 } else { 0.0 };
    let has = |is: &dyn Fn(&CoefficientMark) -> bool| {
        let mut rows = groups.iter().flat_map(|group| &group.rows);
        rows.any(|row| is(&row.mark))
    };
    let is_reference = |mark: &CoefficientMark| matches!(mark, CoefficientMark::Reference);
    let is_grey = |mark: &CoefficientMark| match mark {
        CoefficientMark::Interval { low, high, .. } => *low <= neutral && neutral <= *high,
        _ => false,
    };
    let mut sentences = Vec::new();
    if has(&is_reference) {
        sentences.push("Open circle: reference.".to_owned());
    }
    if has(&is_grey) {
        sentences.push(format!("Grey: {neutral} lies inside the interval."));
    }
    if ratios {
        sentences
            .push("The axis is logarithmic: half and double are equally far from 1.".to_owned());
    }
    if head == "odds ratio" {
        sentences.push("An odds ratio is no ratio of shares.".to_owned());
    }
    sentences.join(" ")
}
