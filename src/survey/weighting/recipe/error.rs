//! Why a sample can’t be weighted by a recipe.

use std::path::PathBuf;

use crate::survey::design;
use crate::survey::estimate;
use crate::survey::expr;
use crate::survey::microdata;
use crate::survey::weighting;
use crate::tabular;

/// Why a sample can't be weighted as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of targets, or a recipe, that can't be read.
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// Targets that can't be read.
    #[error(transparent)]
    Table(#[from] tabular::Error),
    /// Targets that can't be, or don't fit the sample: their file, or the step they belong to.
    #[error("{name}: {error}")]
    InTargets {
        name: String,
        error: weighting::Error,
    },
    /// A recipe.
    #[error("{path}: {message}")]
    Recipe { path: String, message: String },
    /// A variable or condition that does not fit the file.
    #[error("{0}")]
    Expression(expr::Error),
    /// A step of the weighting.
    #[error("{step}: {error}")]
    Step {
        step: String,
        error: weighting::Error,
    },
    #[error(transparent)]
    Weighting(#[from] weighting::Error),
    #[error(transparent)]
    Estimate(#[from] estimate::Error),
    #[error(transparent)]
    Design(#[from] design::Error),
    #[error(transparent)]
    File(#[from] microdata::Error),
    /// Parts that don't go together.
    #[error("{0}")]
    Invalid(String),
}
