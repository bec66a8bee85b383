//! Why a table can’t be taken into a store.

use crate::tabular;

/// Why a table could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It can’t be read.
    #[error(transparent)]
    Table(#[from] tabular::Error),
    /// What it means is open.
    #[error("{0}")]
    Meaning(String),
    /// It says other than the store.
    #[error(
        "{} in the store with other values: {}; correct with opine edit, or take the rows out of the file",
        match .0.len() { 1 => "1 row is".to_owned(), count => format!("{count} rows are") },
        .0.iter().take(6).cloned().collect::<Vec<_>>().join("; ")
    )]
    Differs(Vec<String>),
}
