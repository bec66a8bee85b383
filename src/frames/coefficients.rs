use super::estimates::{codes, text};
use super::{Column, Error, Flag, Frame};

/// The columns every frame of coefficients has, in their order.
pub const COEFFICIENT_COLUMNS: [&str; 22] = [
    "source",
    "response",
    "level",
    "term",
    "variable",
    "variable_level",
    "estimate",
    "se",
    "statistic",
    "df",
    "p_value",
    "ci_low",
    "ci_high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "ratio_kind",
    "n",
    "n_event",
    "weighted_n",
    "flags",
    "note",
];

/// One row a coefficient; reference levels are rows, too. What is unknown is `None`, and `note` says why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coefficient {
    /// The sample it comes from: a file.
    pub source: String,
    /// The left side of the formula.
    pub response: String,
    /// The response of a threshold or of an equation.
    pub level: Option<String>,
    /// As R names it: `partyRed`, `stypeH:meals`, `Agree|Strongly agree`.
    pub term: String,
    pub variable: String,
    /// The level of the variable; `None` of a number.
    pub variable_level: Option<String>,
    pub estimate: Option<f64>,
    pub se: Option<f64>,
    /// t.
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub p_value: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    /// exp(estimate), where that is anything.
    pub ratio: Option<f64>,
    pub ratio_low: Option<f64>,
    pub ratio_high: Option<f64>,
    /// What the ratio is of: odds ratio, risk ratio, rate ratio, hazard ratio.
    pub ratio_kind: Option<String>,
    /// Respondents with that level.
    pub n: Option<f64>,
    /// Those of them for whom the condition of the response holds.
    pub n_event: Option<f64>,
    pub weighted_n: Option<f64>,
    pub flags: Vec<Flag>,
    pub note: String,
}

/// One row a coefficient.
///
/// # Errors
/// Columns that make no frame.
pub fn coefficients_frame(rows: &[Coefficient]) -> Result<Frame, Error> {
    type Number = fn(&Coefficient) -> Option<f64>;
    let before: [(&str, Number); 10] = [
        ("estimate", |row| row.estimate),
        ("se", |row| row.se),
        ("statistic", |row| row.statistic),
        ("df", |row| row.df),
        ("p_value", |row| row.p_value),
        ("ci_low", |row| row.ci_low),
        ("ci_high", |row| row.ci_high),
        ("ratio", |row| row.ratio),
        ("ratio_low", |row| row.ratio_low),
        ("ratio_high", |row| row.ratio_high),
    ];
    let after: [(&str, Number); 3] = [
        ("n", |row| row.n),
        ("n_event", |row| row.n_event),
        ("weighted_n", |row| row.weighted_n),
    ];
    let numbers = |columns: &[(&str, Number)]| -> Vec<Column> {
        let column = |(name, number): &(&str, Number)| {
            let values: Vec<Option<f64>> = rows.iter().map(number).collect();
            Column::new(*name, values)
        };
        columns.iter().map(column).collect()
    };
    let mut columns = vec![
        text("source", rows, |row| Some((&row.source).into())),
        text("response", rows, |row| Some((&row.response).into())),
        text("level", rows, |row| row.level.as_ref().map(Into::into)),
        text("term", rows, |row| Some((&row.term).into())),
        text("variable", rows, |row| Some((&row.variable).into())),
        text("variable_level", rows, |row| {
            row.variable_level.as_ref().map(Into::into)
        }),
    ];
    columns.extend(numbers(&before));
    columns.push(text("ratio_kind", rows, |row| {
        row.ratio_kind.as_ref().map(Into::into)
    }));
    columns.extend(numbers(&after));
    columns.push(text("flags", rows, |row| Some(codes(&row.flags))));
    columns.push(text("note", rows, |row| Some((&row.note).into())));
    Frame::new(rows.len(), columns)
}
