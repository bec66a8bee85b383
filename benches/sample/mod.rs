//! Made-up respondents in memory, the same in every run.

use std::sync::Arc;

use opine::internals::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Value, Variable};

pub const ROWS: u32 = 100_000;
pub const TAYLOR: &str = "weights = 'w'\nstrata = ['stratum']\npsu = ['psu']";
pub const ELEMENTS: &str = "weights = 'w'\nstrata = ['stratum']";

/// A hash of a row and a column, from 0 to below `below`.
pub fn drawn(row: u32, column: u32, below: u32) -> u32 {
    let mut bits = row.wrapping_mul(0x9e37_79b9) ^ column.wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x7feb_352d);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x846c_a68b);
    (bits ^ (bits >> 16)) % below
}

pub fn numbers(of: impl Fn(u32) -> f64) -> MemoryColumn {
    MemoryColumn::Numbers((0..ROWS).map(of).collect())
}

/// Levels, and null for one row in thirty.
pub fn levels(column: u32, count: u32) -> MemoryColumn {
    let named = (0..count).map(|level| Value::Text(format!("level {level}")));
    let code = |row| match drawn(row, column + 500, 30) {
        0 => count,
        _ => drawn(row, column, count),
    };
    MemoryColumn::Texts {
        codes: (0..ROWS).map(code).collect(),
        values: Arc::new(named.chain([Value::Null]).collect()),
    }
}

/// Strata, PSUs and weights: a design of 20 strata of 20 PSUs.
pub fn design_columns() -> Vec<(String, MemoryColumn)> {
    vec![
        (
            "stratum".to_owned(),
            numbers(|row| f64::from(drawn(row, 0, 400) / 20)),
        ),
        (
            "psu".to_owned(),
            numbers(|row| f64::from(drawn(row, 0, 400))),
        ),
        (
            "w".to_owned(),
            numbers(|row| 0.5 + f64::from(drawn(row, 1, 1000)) * 1e-3),
        ),
    ]
}

/// The columns as a file in memory.
pub fn in_memory(columns: Vec<(String, MemoryColumn)>) -> Memory {
    let variable = |(name, column): &(String, MemoryColumn)| match column {
        MemoryColumn::Numbers(_) => Variable::bare(name, Kind::Number),
        MemoryColumn::Texts { .. } => Variable::bare(name, Kind::Text),
    };
    let codebook = Codebook {
        variables: columns.iter().map(variable).collect(),
        ..Codebook::default()
    };
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    match Memory::new(codebook, columns) {
        Ok(sample) => sample,
        Err(error) => panic!("{error}"),
    }
}
