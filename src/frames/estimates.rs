use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::{Column, Error, Estimate, Flag, Frame, Statistic};

/// The columns every `Estimates` frame has, in their order. Grouping columns stand after `level`.
pub const FIXED_COLUMNS: [&str; 15] = [
    "source",
    "variable",
    "level",
    "statistic",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "df",
    "deff",
    "n",
    "n_eff",
    "weighted_n",
    "flags",
    "note",
];

/// Columns that only frames of printed figures have: the interval with the rounding of the print.
pub const ROUNDING_COLUMNS: [&str; 2] = ["rounding_low", "rounding_high"];

/// Columns that tell of rows and are no groups: what a margin or a cell of a banner table is read against, and of whom it is.
pub const CONTEXT_COLUMNS: [&str; 10] = [
    "level_n",
    "variable_title",
    "block_title",
    "test_p",
    "overall_estimate",
    "overall_low",
    "overall_high",
    "predicts_shares",
    "sample_design",
    "model_formula",
];

/// A column of numbers: its name, and where its values stand in a row.
type NumberColumn = (&'static str, fn(&Estimate) -> Option<f64>);

const NUMBERS: [NumberColumn; 11] = [
    ("estimate", |row| row.estimate),
    ("se", |row| row.se),
    ("ci_low", |row| row.ci_low),
    ("ci_high", |row| row.ci_high),
    ("rounding_low", |row| row.rounding_low),
    ("rounding_high", |row| row.rounding_high),
    ("df", |row| row.df),
    ("deff", |row| row.deff),
    ("n", |row| row.n),
    ("n_eff", |row| row.n_eff),
    ("weighted_n", |row| row.weighted_n),
];

/// One row an estimate, as a frame with [`FIXED_COLUMNS`] and any grouping columns.
#[derive(Clone, Debug)]
pub struct Estimates {
    frame: Frame,
}

impl Estimates {
    /// A frame of these rows, in their order. A grouping column that a row lacks is null there.
    pub fn from_rows(rows: &[Estimate]) -> Result<Estimates, Error> {
        let mut columns = vec![
            text("source", rows, |row| Some((&row.source).into())),
            text("variable", rows, |row| Some((&row.variable).into())),
            text("level", rows, |row| row.level.as_ref().map(Cow::from)),
        ];
        for name in group_names(rows) {
            columns.push(text(name, rows, |row| {
                Some(row.group(name))
                    .filter(|v| !v.is_empty())
                    .map(Cow::from)
            }));
        }
        columns.push(text("statistic", rows, |row| {
            Some(row.statistic.name().into())
        }));
        for (name, number) in NUMBERS {
            let values: Vec<Option<f64>> = rows.iter().map(number).collect();
            if ROUNDING_COLUMNS.contains(&name) && values.iter().all(Option::is_none) {
                continue;
            }
            columns.push(Column::new(name, values));
        }
        columns.push(text("flags", rows, |row| Some(codes(&row.flags))));
        columns.push(text("note", rows, |row| Some((&row.note).into())));
        Ok(Estimates {
            frame: Frame::new(rows.len(), columns)?,
        })
    }

    /// Reads a frame as estimates: by name, a missing fixed column as null.
    pub fn from_frame(frame: Frame) -> Result<Estimates, Error> {
        let estimates = Estimates { frame };
        estimates.rows()?;
        Ok(estimates)
    }

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    pub fn into_frame(self) -> Frame {
        self.frame
    }

    pub fn len(&self) -> usize {
        self.frame.height()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows, typed, in the order of the frame.
    pub fn rows(&self) -> Result<Vec<Estimate>, Error> {
        let reader = Reader::new(&self.frame)?;
        (0..self.frame.height())
            .map(|row| reader.row(row))
            .collect()
    }
}

/// Of so many different texts of a column it is kept that they were there.
const MOST_SHARED: usize = 4_096;

/// A column of texts, one a row; equal ones are one text in memory, where there are not too many different ones.
pub(super) fn text<'r, R>(
    name: &str,
    rows: &'r [R],
    field: impl Fn(&'r R) -> Option<Cow<'r, str>>,
) -> Column {
    let mut last: Arc<str> = Arc::from("");
    let mut known: HashSet<Arc<str>> = HashSet::new();
    let mut shared = |text: Cow<str>| {
        if *last != *text {
            last = match known.get(text.as_ref()) {
                Some(text) => text.clone(),
                None => text.into(),
            };
            if known.len() < MOST_SHARED {
                known.insert(last.clone());
            }
        }
        last.clone()
    };
    let values: Vec<Option<Arc<str>>> = rows
        .iter()
        .map(field)
        .map(|text| text.map(&mut shared))
        .collect();
    Column::new(name, values)
}

/// The cell of a `flags` column.
pub(super) fn codes(flags: &[Flag]) -> Cow<'static, str> {
    match flags {
        [] => "".into(),
        [flag] => flag.code().into(),
        _ => {
            let codes: Vec<&str> = flags.iter().map(|flag| flag.code()).collect();
            codes.join(" ").into()
        }
    }
}

/// Grouping columns in the order in which the rows first name them.
fn group_names(rows: &[Estimate]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.groups) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

/// The columns of a frame, looked up once and turned into what they must be.
struct Reader<'a> {
    texts: Vec<(&'a str, Vec<Option<String>>)>,
    numbers: Vec<(&'a str, Vec<Option<f64>>)>,
    groups: Vec<(&'a str, Vec<Option<String>>)>,
}

impl<'a> Reader<'a> {
    fn new(frame: &'a Frame) -> Result<Reader<'a>, Error> {
        let mut reader = Reader {
            texts: Vec::new(),
            numbers: Vec::new(),
            groups: Vec::new(),
        };
        for column in frame.columns() {
            let name = column.name.as_str();
            match name {
                "source" | "variable" | "level" | "statistic" | "flags" | "note" => {
                    reader.texts.push((name, column.texts()));
                }
                fixed if FIXED_COLUMNS.contains(&fixed) || ROUNDING_COLUMNS.contains(&fixed) => {
                    let numbers = column.numbers();
                    let numbers = numbers.ok_or_else(|| Error::NotNumeric(name.to_owned()))?;
                    reader.numbers.push((name, numbers));
                }
                context if CONTEXT_COLUMNS.contains(&context) => {}
                _ => reader.groups.push((name, column.texts())),
            }
        }
        Ok(reader)
    }

    fn text(&self, name: &str, row: usize) -> Option<String> {
        let (_, column) = self.texts.iter().find(|(n, _)| *n == name)?;
        column.get(row).cloned().flatten()
    }

    fn number(&self, name: &str, row: usize) -> Option<f64> {
        let (_, column) = self.numbers.iter().find(|(n, _)| *n == name)?;
        let number = column.get(row).copied().flatten();
        number.filter(|value| value.is_finite())
    }

    fn row(&self, row: usize) -> Result<Estimate, Error> {
        let required = |column: &'static str| {
            self.text(column, row).ok_or(Error::Missing {
                row: row + 1,
                column,
            })
        };
        let statistic = self.text("statistic", row).unwrap_or_default();
        let flags = self.text("flags", row).unwrap_or_default();
        Ok(Estimate {
            source: self.text("source", row).unwrap_or_default(),
            variable: required("variable")?,
            level: self.text("level", row),
            groups: self
                .groups
                .iter()
                .map(|(name, column)| ((*name).to_owned(), column.get(row).cloned().flatten()))
                .collect(),
            statistic: Statistic::from_name(&statistic).unwrap_or(Statistic::Proportion),
            estimate: self.number("estimate", row),
            se: self.number("se", row),
            ci_low: self.number("ci_low", row),
            ci_high: self.number("ci_high", row),
            rounding_low: self.number("rounding_low", row),
            rounding_high: self.number("rounding_high", row),
            df: self.number("df", row),
            deff: self.number("deff", row),
            n: self.number("n", row),
            n_eff: self.number("n_eff", row),
            weighted_n: self.number("weighted_n", row),
            flags: flags
                .split(' ')
                .filter_map(|code| code.parse().ok())
                .collect(),
            note: self.text("note", row).unwrap_or_default(),
        })
    }
}
