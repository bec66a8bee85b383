use std::path::PathBuf;

use crate::frames::{self, Frame};
use crate::present::chart::{self, Drawing};
use crate::published::compare;
use crate::statistics::interval;

/// A chart with the numbers that are drawn in it.
pub struct Picture {
    /// Of its files, without an ending.
    pub name: &'static str,
    /// The poll it is about, where it is about one.
    pub poll: Option<String>,
    pub drawing: Drawing,
    pub numbers: Frame,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Interval(#[from] interval::Error),
    #[error(transparent)]
    Chart(#[from] chart::Error),
    #[error(transparent)]
    Compare(#[from] compare::Error),
    #[error(transparent)]
    Estimates(#[from] frames::Error),
    #[error("{}: {source}", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
}
