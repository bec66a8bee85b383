use super::estimates::{codes, text};
use super::{Column, Error, Flag, Frame};

/// The columns every `Comparisons` frame has, in their order.
pub const COMPARISON_COLUMNS: [&str; 16] = [
    "a",
    "b",
    "relation",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "z",
    "df",
    "p_value",
    "p_adjusted",
    "rounding_low",
    "rounding_high",
    "flags",
    "note",
    "sentence",
];

/// One row of [`Comparisons`]: the difference of two shares, in 0..1. What is unknown is `None`, and
/// `note` says why.
///
/// ```
/// let figures = opine::Figures::shipped();
/// let compared = figures.compare(["48@1000", "45@1000"])?;
/// let row = &compared.rows()[0];
/// println!("{} ({:?} to {:?})", row.sentence, row.ci_low, row.ci_high);
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What is compared: the id of a figure, or the percentage as typed.
    pub a: String,
    /// With what.
    pub b: String,
    /// How the two samples stand to each other.
    pub relation: String,
    /// a − b.
    pub estimate: Option<f64>,
    pub se: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    /// The test statistic; Student's t where there are degrees of freedom.
    pub z: Option<f64>,
    pub df: Option<f64>,
    /// Two-sided.
    pub p_value: Option<f64>,
    /// Adjusted for all comparisons that were asked for together.
    pub p_adjusted: Option<f64>,
    /// The least and greatest difference that the rounding of the print allows.
    pub rounding_low: Option<f64>,
    /// Its upper end.
    pub rounding_high: Option<f64>,
    /// What a reader has to know first.
    pub flags: Vec<Flag>,
    /// Why something is unknown, for people.
    pub note: String,
    /// What the comparison says and what it does not show, for people.
    pub sentence: String,
}

impl Comparison {
    /// The interval, where both ends are known.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.ci_low.zip(self.ci_high)
    }
}

/// A column of numbers: its name, and where its values stand in a row.
type NumberColumn = (&'static str, fn(&Comparison) -> Option<f64>);

const NUMBERS: [NumberColumn; 10] = [
    ("estimate", |row| row.estimate),
    ("se", |row| row.se),
    ("ci_low", |row| row.ci_low),
    ("ci_high", |row| row.ci_high),
    ("z", |row| row.z),
    ("df", |row| row.df),
    ("p_value", |row| row.p_value),
    ("p_adjusted", |row| row.p_adjusted),
    ("rounding_low", |row| row.rounding_low),
    ("rounding_high", |row| row.rounding_high),
];

/// One row a comparison, as a frame with [`COMPARISON_COLUMNS`].
#[derive(Clone, Debug)]
pub struct Comparisons {
    frame: Frame,
}

impl Comparisons {
    /// A frame of these rows, in their order.
    pub fn from_rows(rows: &[Comparison]) -> Result<Comparisons, Error> {
        let mut columns = vec![
            text("a", rows, |row| Some((&row.a).into())),
            text("b", rows, |row| Some((&row.b).into())),
            text("relation", rows, |row| Some((&row.relation).into())),
        ];
        for (name, number) in NUMBERS {
            let values: Vec<Option<f64>> = rows.iter().map(number).collect();
            columns.push(Column::new(name, values));
        }
        columns.push(text("flags", rows, |row| Some(codes(&row.flags))));
        columns.push(text("note", rows, |row| Some((&row.note).into())));
        columns.push(text("sentence", rows, |row| Some((&row.sentence).into())));
        Ok(Comparisons {
            frame: Frame::new(rows.len(), columns)?,
        })
    }

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    pub fn into_frame(self) -> Frame {
        self.frame
    }
}
