use crate::frames;
use crate::survey::{design, expr, microdata, sums};

/// Why nothing can be estimated as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An item, group or condition that does not fit the file.
    #[error("{0}")]
    Expression(expr::Error),
    /// A column of the design.
    #[error("{what}: {error}")]
    DesignColumn {
        what: String,
        error: microdata::Error,
    },
    #[error(transparent)]
    Design(#[from] design::Error),
    #[error(transparent)]
    Sums(#[from] sums::Error),
    #[error(transparent)]
    File(#[from] microdata::Error),
    #[error(transparent)]
    Frame(#[from] frames::Error),
    /// Parts of the question that don't go together.
    #[error("{0}")]
    Request(String),
}
