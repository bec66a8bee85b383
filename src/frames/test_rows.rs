use super::estimates::{codes, text};
use super::{Column, Error, Flag, Frame};

/// The columns every frame of tests has, in their order; grouping columns stand before them.
pub const TEST_COLUMNS: [&str; 13] = [
    "test",
    "statistic",
    "df1",
    "df2",
    "p_value",
    "p_adjusted",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "n",
    "flags",
    "note",
];

/// One row a test. What is unknown is `None`, and `note` says why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Test {
    /// What it is of: grouping columns under their own names.
    pub groups: Vec<(String, String)>,
    pub test: String,
    pub statistic: Option<f64>,
    pub df1: Option<f64>,
    pub df2: Option<f64>,
    pub p_value: Option<f64>,
    pub p_adjusted: Option<f64>,
    pub estimate: Option<f64>,
    pub se: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    pub n: Option<f64>,
    pub flags: Vec<Flag>,
    pub note: String,
}

/// One row a test, grouping columns first.
///
/// # Errors
/// Columns that make no frame.
pub fn tests_frame(rows: &[Test]) -> Result<Frame, Error> {
    type Number = fn(&Test) -> Option<f64>;
    let numbers: [(&str, Number); 10] = [
        ("statistic", |row| row.statistic),
        ("df1", |row| row.df1),
        ("df2", |row| row.df2),
        ("p_value", |row| row.p_value),
        ("p_adjusted", |row| row.p_adjusted),
        ("estimate", |row| row.estimate),
        ("se", |row| row.se),
        ("ci_low", |row| row.ci_low),
        ("ci_high", |row| row.ci_high),
        ("n", |row| row.n),
    ];
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.groups) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut columns: Vec<Column> = Vec::new();
    for name in names {
        columns.push(text(name, rows, |row| {
            let mut own = row.groups.iter().filter(|(group, _)| group == name);
            own.next().map(|(_, value)| value.into())
        }));
    }
    columns.push(text("test", rows, |row| Some((&row.test).into())));
    for (name, number) in numbers {
        let values: Vec<Option<f64>> = rows.iter().map(number).collect();
        columns.push(Column::new(name, values));
    }
    columns.push(text("flags", rows, |row| Some(codes(&row.flags))));
    columns.push(text("note", rows, |row| Some((&row.note).into())));
    Frame::new(rows.len(), columns)
}
