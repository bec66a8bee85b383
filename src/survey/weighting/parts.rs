//! A part of the columns of a model matrix, as those see it that go over rows.

/// Where a part is not 0, and what it is there. The place one beyond the last column takes what is in no column.
#[derive(Clone, Default)]
pub(super) struct Places {
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<f64>,
    /// The column, where it is the same in all rows.
    pub(super) only: Option<u32>,
}

/// A variable of a regression: the columns of its levels.
pub(super) struct Dummies<'a> {
    pub(super) codes: &'a [u32],
    pub(super) levels: usize,
    /// Levels below this one have no column.
    pub(super) first: u32,
    /// The column of the level `first`.
    pub(super) column: u32,
}
