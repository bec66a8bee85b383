use crate::survey::microdata;

/// Why respondents can't be added up, or sums not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file.
    #[error(transparent)]
    File(#[from] microdata::Error),
    /// A variable with more levels than a proportion can have.
    #[error(
        "{variable} has more than {most} different values: take mean, quantile, or bands of it, as in prop(cut({variable}, 18, 30, 45))"
    )]
    Levels { variable: String, most: usize },
    /// More domains than what is to be made of them allows.
    #[error("{0}")]
    Domains(String),
    /// Sums that were not made alike can't be merged.
    #[error("{0}")]
    Unlike(String),
    /// A file of sums whose content is not what its format asks for.
    #[error("{0}")]
    Spoilt(String),
    /// A question that the query of another engine can't put.
    #[error("{0}")]
    Query(String),
}

impl Error {
    /// Sums that differ in something.
    pub fn unlike(what: &str) -> Error {
        Error::Unlike(format!(
            "these sums were not made alike: they differ in {what}; make them with the same items, groups and design"
        ))
    }
}
