//! The reader of small tables.

pub mod dialects;
pub mod odd;
pub mod shapes;
pub mod workbooks;

use opine::internals::tabular::{self, Error, Header, Options, Table};

/// A text as a list with these columns.
fn read(text: &str, columns: &[&str]) -> Result<Table, Error> {
    tabular::read_bytes(
        "t.csv",
        text.as_bytes(),
        &Header::named(columns),
        &Options::default(),
    )
}

/// A column of per cents, as they were printed.
fn percents(table: &mut Table, name: &str) -> Result<Vec<Option<String>>, Error> {
    let column = table.need(name)?;
    let percents = table.percents(column)?;
    Ok(percents
        .into_iter()
        .map(|number| number.map(|number| number.text))
        .collect())
}

fn texts(table: &Table, name: &str) -> Vec<String> {
    let column = table.column(name).unwrap();
    (0..table.len())
        .map(|row| table.text(row, column).to_owned())
        .collect()
}
