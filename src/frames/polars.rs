//! Frames as polars frames.

use polars::prelude::{Column as PolarsColumn, DataFrame, PolarsResult};

use super::{Column, Frame, Values};

impl Frame {
    /// The frame as one of polars: texts as `String`, numbers as `Float64`, whole numbers as `Int64`, truth values as
    /// `Boolean`.
    ///
    /// # Errors
    /// None that data can cause: lengths and names were checked when the frame was made.
    pub fn to_polars(&self) -> PolarsResult<DataFrame> {
        let columns = self.columns().iter().map(polars_column).collect();
        DataFrame::new(self.height(), columns)
    }
}

fn polars_column(column: &Column) -> PolarsColumn {
    let name = column.name.as_str().into();
    match &column.values {
        Values::Texts(texts) => {
            let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
            PolarsColumn::new(name, texts)
        }
        Values::Numbers(numbers) => PolarsColumn::new(name, numbers),
        Values::Integers(whole) => PolarsColumn::new(name, whole),
        Values::Truths(truths) => PolarsColumn::new(name, truths),
    }
}
