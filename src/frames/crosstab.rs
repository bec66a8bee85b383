use super::estimates::{codes, text};
use super::{Column, Error, Estimate, Frame};

/// Columns that rows of a banner table have besides those of all estimates, and that no banner variable may be called.
pub const CROSSTAB_COLUMNS: [&str; 8] = [
    "table",
    "block",
    "column",
    "letter",
    "letters",
    "percent",
    "count",
    "base_n_eff",
];

/// A cell of a banner table: an estimate, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct CrosstabRow {
    pub estimate: Estimate,
    /// The number of the table, from 1.
    pub table: usize,
    /// `party`, `party:sex`; empty for the total.
    pub block: String,
    /// `Blue`, `Blue:Female`, `Total`.
    pub column: String,
    /// What other columns call it by.
    pub letter: Option<String>,
    /// Those of the columns that are lower.
    pub letters: String,
    /// What a share is a share of; empty of other statistics.
    pub percent: String,
    /// Respondents who gave the answer, and their weight.
    pub count: Option<f64>,
    pub weighted_count: Option<f64>,
    /// Kish's effective base of the column.
    pub base_n_eff: Option<f64>,
    /// 100 times the share over that of the total.
    pub index: Option<f64>,
    pub std_dev: Option<f64>,
}

/// One row a cell.
///
/// # Errors
/// Columns that make no frame.
pub fn crosstab_frame(rows: &[CrosstabRow]) -> Result<Frame, Error> {
    type Text = fn(&CrosstabRow) -> Option<String>;
    type Number = fn(&CrosstabRow) -> Option<f64>;
    let texts: [(&str, Text); 9] = [
        ("source", |row| Some(row.estimate.source.clone())),
        ("variable", |row| Some(row.estimate.variable.clone())),
        ("level", |row| row.estimate.level.clone()),
        ("block", |row| Some(row.block.clone())),
        ("column", |row| Some(row.column.clone())),
        ("letter", |row| row.letter.clone()),
        ("statistic", |row| {
            Some(row.estimate.statistic.name().to_owned())
        }),
        ("percent", |row| {
            Some(row.percent.clone()).filter(|percent| !percent.is_empty())
        }),
        ("letters", |row| Some(row.letters.clone())),
    ];
    let numbers: [(&str, Number); 15] = [
        ("estimate", |row| row.estimate.estimate),
        ("se", |row| row.estimate.se),
        ("ci_low", |row| row.estimate.ci_low),
        ("ci_high", |row| row.estimate.ci_high),
        ("df", |row| row.estimate.df),
        ("deff", |row| row.estimate.deff),
        ("n", |row| row.estimate.n),
        ("base_n_eff", |row| row.base_n_eff),
        ("n_eff", |row| row.estimate.n_eff),
        ("weighted_n", |row| row.estimate.weighted_n),
        ("count", |row| row.count),
        ("weighted_count", |row| row.weighted_count),
        ("index", |row| row.index),
        ("std_dev", |row| row.std_dev),
        ("table", |row| Some(row.table as f64)),
    ];
    let mut columns: Vec<Column> = texts
        .iter()
        .map(|(name, field)| text(name, rows, |row| field(row).map(Into::into)))
        .collect();
    for (name, number) in numbers {
        let values: Vec<Option<f64>> = rows.iter().map(number).collect();
        columns.push(Column::new(name, values));
    }
    columns.push(text("flags", rows, |row| Some(codes(&row.estimate.flags))));
    columns.push(text("note", rows, |row| Some((&row.estimate.note).into())));
    Frame::new(rows.len(), in_order(columns))
}

/// Columns as they are read: where a cell stands, what it is, how sure, from whom.
fn in_order(mut columns: Vec<Column>) -> Vec<Column> {
    const ORDER: [&str; 26] = [
        "source",
        "table",
        "variable",
        "level",
        "block",
        "column",
        "letter",
        "statistic",
        "percent",
        "estimate",
        "letters",
        "se",
        "ci_low",
        "ci_high",
        "df",
        "deff",
        "n",
        "base_n_eff",
        "n_eff",
        "weighted_n",
        "count",
        "weighted_count",
        "index",
        "std_dev",
        "flags",
        "note",
    ];
    let place = |column: &Column| ORDER.iter().position(|name| *name == column.name.as_str());
    columns.sort_by_key(place);
    columns
}
