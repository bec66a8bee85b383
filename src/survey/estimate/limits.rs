//! How many rows there may be for what they are to become: known from the groups, before any of them is worked out.

use super::Error;
use crate::frames::words::thousands;
use crate::survey::sums::DomainLimit;

/// What the rows are for besides rows of CSV, JSON and Parquet, which may be as many as there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowLimits {
    /// A table that people read.
    pub table: bool,
    /// All differences of two of them.
    pub pairwise: bool,
    /// A covariance of any two.
    pub covariance: bool,
}

/// Nobody reads a table of more rows, and no page or sheet of it is of use.
pub const MOST_OF_TABLE: usize = 20_000;

/// A matrix of more rows than this is a slip.
const MOST_ROWS: usize = 5_000;

/// More differences than this are a slip of the groups.
const MOST_DIFFERENCES: usize = 100_000;

/// How many rows an item has.
#[derive(Clone, Copy, Debug)]
pub struct ItemRows {
    pub domains: usize,
    /// Rows of each domain, and those of them that are compared with other domains.
    pub parts: usize,
    pub compared: usize,
}

impl ItemRows {
    /// Differences of any two domains.
    fn pairs(self) -> usize {
        self.domains.saturating_mul(self.domains.saturating_sub(1)) / 2
    }
}

impl RowLimits {
    /// Whether there are differences or covariances to be made of so many rows, whatever was asked for.
    pub fn allow_some_pair(items: &[ItemRows]) -> bool {
        let rows = items
            .iter()
            .map(|item| item.domains.saturating_mul(item.parts));
        let rows = rows.fold(0, usize::saturating_add);
        // an answer that nobody gave has no differences, so how many parts there are is no measure
        rows <= MOST_ROWS || items.iter().any(|item| item.pairs() <= MOST_DIFFERENCES)
    }

    /// The most domains that there can be, each with a row at least, and what is said of more: they are counted while the
    /// respondents are read, and nothing is added up of more than these.
    pub fn domains(self) -> Option<DomainLimit> {
        let limit = |most, why: String| Some(DomainLimit { most, why });
        if self.pairwise {
            // n (n − 1)/2 differences of n domains
            let most = (1 + 8 * MOST_DIFFERENCES).isqrt().div_ceil(2);
            return limit(most, TooMany::from_the_start().to_string());
        }
        if self.covariance {
            return limit(MOST_ROWS, too_many_rows("more than ", MOST_ROWS));
        }
        self.table.then(|| DomainLimit {
            most: MOST_OF_TABLE,
            why: format!("more than {}", too_long(MOST_OF_TABLE)),
        })
    }

    /// Refuses what would be too many, with what can hold them.
    ///
    /// # Errors
    /// [`Error::Request`], [`TooMany`].
    pub fn check(self, items: &[ItemRows]) -> Result<(), Error> {
        let sum =
            |of: &dyn Fn(&ItemRows) -> usize| items.iter().map(of).fold(0, usize::saturating_add);
        let mut rows = sum(&|item| item.domains.saturating_mul(item.parts));
        if self.covariance {
            check_covariance(rows)?;
        }
        if self.pairwise {
            let count = sum(&|item| item.compared.saturating_mul(item.pairs()));
            TooMany::check(count).map_err(|error| Error::Request(error.to_string()))?;
            rows = rows.max(count);
        }
        if self.table && rows > MOST_OF_TABLE {
            return Err(Error::Request(too_long(rows)));
        }
        Ok(())
    }
}

fn too_long(rows: usize) -> String {
    format!(
        "{} rows are more than a table for reading holds ({}): write .csv, .json or .parquet, or name fewer groups",
        thousands(rows as f64),
        thousands(MOST_OF_TABLE as f64)
    )
}

/// What a family of differences is too large for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}{} differences: at most {} are made at once; fewer groups, or a --where, leave fewer domains",
    if *counted { "" } else { "more than " },
    thousands(*differences as f64),
    thousands(MOST_DIFFERENCES as f64)
)]
pub struct TooMany {
    differences: usize,
    /// Whether it is known how many there are.
    counted: bool,
}

impl TooMany {
    pub(super) fn check(differences: usize) -> Result<(), TooMany> {
        match differences > MOST_DIFFERENCES {
            true => Err(TooMany {
                differences,
                counted: true,
            }),
            false => Ok(()),
        }
    }

    /// Known before all domains are.
    fn from_the_start() -> TooMany {
        TooMany {
            differences: MOST_DIFFERENCES,
            counted: false,
        }
    }
}

pub(super) fn check_covariance(rows: usize) -> Result<(), Error> {
    match rows > MOST_ROWS {
        true => Err(Error::Request(too_many_rows("", rows))),
        false => Ok(()),
    }
}

fn too_many_rows(over: &str, rows: usize) -> String {
    format!(
        "a covariance matrix of {over}{} rows: at most {} are made; fewer groups leave fewer",
        thousands(rows as f64),
        thousands(MOST_ROWS as f64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_use_has_its_bound() {
        let of = |domains, parts| {
            [ItemRows {
                domains,
                parts,
                compared: parts,
            }]
        };
        let table = RowLimits {
            table: true,
            ..RowLimits::default()
        };
        assert!(table.check(&of(10_000, 2)).is_ok());
        assert!(table.check(&of(10_001, 2)).is_err());
        assert!(RowLimits::default().check(&of(usize::MAX, 3)).is_ok());
        let pairwise = RowLimits {
            pairwise: true,
            ..RowLimits::default()
        };
        assert!(pairwise.check(&of(447, 1)).is_ok());
        assert!(pairwise.check(&of(448, 1)).is_err());
        let covariance = RowLimits {
            covariance: true,
            ..RowLimits::default()
        };
        assert!(covariance.check(&of(2_500, 2)).is_ok());
        assert!(covariance.check(&of(2_501, 2)).is_err());
        // what is refused while the respondents are read is refused when they are counted
        for limits in [table, pairwise, covariance] {
            let most = limits.domains().unwrap().most;
            assert!(limits.check(&of(most, 1)).is_ok(), "{most}");
            assert!(limits.check(&of(most + 1, 1)).is_err(), "{most}");
        }
        assert_eq!(RowLimits::default().domains(), None);
    }
}
