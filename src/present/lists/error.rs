use crate::frames;
use crate::statistics::interval;
use crate::tabular;

/// Why a file can’t be drawn or compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An answer that is to be left out and that no row has.
    #[error("there is no answer “{name}”{}", nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean “{near}”?")))]
    NoAnswer {
        name: String,
        nearest: Option<String>,
    },
    #[error("there are no rows to draw")]
    Empty,
    #[error(
        "a list for {kind} has the columns {expected} and, if known, n; its columns are {found}"
    )]
    List {
        kind: &'static str,
        expected: &'static str,
        found: String,
    },
    #[error(
        "{a} is a {of_a} and {b} a {of_b}: they have no axis in common; draw each kind in a chart of its own"
    )]
    Unlike {
        a: String,
        of_a: String,
        b: String,
        of_b: String,
    },
    #[error(
        "{a} is {of_a} at most and {b} {of_b}: on one axis nothing could be read of the smaller one; draw each in \
         a chart of its own"
    )]
    Apart {
        a: String,
        of_a: String,
        b: String,
        of_b: String,
    },
    #[error("{0} has no shares (statistic proportion): {1} draws no other numbers")]
    NoShares(String, &'static str),
    #[error(
        "these shares are of {0}: bars are stacked to 100 of the shares of a column; make the table without --percent"
    )]
    OtherShares(String),
    #[error(
        "{0}: its shares are of several answers and no parts of one whole; chart banner draws one of them by column"
    )]
    NoWhole(String),
    #[error(
        "chart banner draws a row of a banner table: opine crosstab … --json | opine chart banner - -o FILE"
    )]
    NoBanner,
    #[error("which row? Name it with --row: {0}")]
    WhichRow(String),
    #[error("--row {0}: there is no such row; {1}")]
    NoRow(String, String),
    #[error("which column has the times? Say so with --x COLUMN; the columns are {0}")]
    NoTimes(String),
    #[error("{0}")]
    Times(String),
    #[error("there is no column {given} to go by; {hint}")]
    NoColumn { given: String, hint: String },
    #[error("{what} has more than one row at {when}: {hint}")]
    TwiceAt {
        what: String,
        when: String,
        hint: &'static str,
    },
    #[error(
        "line {line}: {what} stands there twice; a column that tells the rows apart is a group, or leave one out"
    )]
    Twice { what: String, line: u64 },
    #[error("all rows are of one time, {0}: a trend needs two")]
    OneTime(String),
    #[error(
        "this is neither estimates (columns variable and estimate) nor a list (columns label, percent and, if \
         known, n); its columns are {0}"
    )]
    Columns(String),
    #[error("these are comparisons: a dot chart draws estimates")]
    Comparisons,
    /// It names the file itself.
    #[error(transparent)]
    Table(#[from] tabular::Error),
    #[error(transparent)]
    Interval(#[from] interval::Error),
    #[error(transparent)]
    Estimates(#[from] frames::Error),
}
