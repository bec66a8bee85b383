//! A row of a difference chart: what is claimed, and the difference behind it.

use crate::frames::words::signed_points;
use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::error::Error;
use crate::present::chart::scale::{MOST, Scale};
use crate::present::chart::theme::Role;

/// A claim, and the difference it rests on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DifferenceRow {
    /// What is compared, or what the comparison says.
    pub label: String,
    /// A line of small print under the label.
    pub note: Option<String>,
    /// The difference; `None` if one of the two figures was not found.
    pub difference: Option<Difference>,
    /// A word instead of the interval: “no n”, “no figure found”.
    pub remark: Option<String>,
    /// What stands in the column at the right edge.
    pub aside: Option<String>,
}

/// A difference in percentage points, or of numbers of the chart’s scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// As it is printed, with its sign: `+15.2`, `−1.7` (U+2212).
    pub printed: String,
    /// How many points, or how much.
    pub points: f64,
    /// The ends of its interval as printed, with their signs; without, they have one decimal.
    pub ends: Option<(String, String)>,
    /// What is known about how uncertain it is.
    pub mark: DifferenceMark,
}

/// What is known about the uncertainty of a difference, and so how it is marked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum DifferenceMark {
    /// A dot on its interval.
    Interval { low: f64, high: f64 },
    /// How the two figures depend on each other is unknown: the least that the interval can be, and
    /// the most.
    Bounds {
        narrow: (f64, f64),
        wide: (f64, f64),
    },
    /// No sample size, so no interval: an open dot.
    #[default]
    NoSampleSize,
}

impl DifferenceRow {
    /// Puts rows in order, the largest difference first where it is by value.
    pub(super) fn arrange(rows: &mut [DifferenceRow], order: Arrangement) {
        let points = |row: &DifferenceRow| row.difference.as_ref().map(|own| own.points);
        order.arrange(rows, |row| vec![row.label.clone()], points, |_| 0);
    }
}

impl Difference {
    /// The interval, the wider one of two.
    pub(in crate::internals::present::chart) fn interval(&self) -> Option<(f64, f64)> {
        match self.mark {
            DifferenceMark::Interval { low, high } => Some((low, high)),
            DifferenceMark::Bounds { wide, .. } => Some(wide),
            DifferenceMark::NoSampleSize => None,
        }
    }

    /// Whether its sign is established: zero lies outside the interval.
    pub(super) fn is_established(&self) -> bool {
        self.interval()
            .is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }

    /// From where to where it reaches.
    pub(super) fn reach(&self) -> (f64, f64) {
        let (low, high) = self.interval().unwrap_or((self.points, self.points));
        (low.min(self.points), high.max(self.points))
    }

    /// The colour of its mark: grey if nothing says on which side of zero it lies.
    pub(in crate::internals::present::chart) fn role(&self) -> Role {
        if self.is_established() || self.mark == DifferenceMark::NoSampleSize {
            Role::Category(0)
        } else {
            Role::Muted
        }
    }

    /// The colour of its number.
    pub(super) fn number_role(&self) -> Role {
        if self.is_established() {
            Role::Ink
        } else {
            Role::Ink2
        }
    }
}

impl DifferenceRow {
    /// What stands in the interval column, or in the plot if there is no difference.
    pub(super) fn words(&self) -> String {
        let remark = self.remark.clone();
        match &self.difference {
            None => remark.unwrap_or_else(|| "no figure found".into()),
            Some(difference) => remark.unwrap_or_else(|| {
                difference.interval().map_or_else(
                    || "no n".into(),
                    |(low, high)| {
                        let printed = difference.ends.clone();
                        let (low, high) =
                            printed.unwrap_or_else(|| (signed_points(low), signed_points(high)));
                        format!("{low} to {high}")
                    },
                )
            }),
        }
    }

    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let printed = self.difference.iter_mut().flat_map(|one| {
            let ends = one.ends.iter_mut().flat_map(|(low, high)| [low, high]);
            std::iter::once(&mut one.printed).chain(ends)
        });
        std::iter::once(&mut self.label)
            .chain(&mut self.note)
            .chain(&mut self.remark)
            .chain(&mut self.aside)
            .chain(printed)
    }

    pub(super) fn check(&self, scale: &Scale) -> Result<(), Error> {
        let Some(difference) = &self.difference else {
            return Ok(());
        };
        let check = |what, value| self.check_points(what, value, scale);
        check("difference", difference.points)?;
        match difference.mark {
            DifferenceMark::NoSampleSize => Ok(()),
            DifferenceMark::Interval { low, high } => {
                self.check_range("interval", (low, high), scale)
            }
            DifferenceMark::Bounds { narrow, wide } => {
                self.check_range("narrowest interval", narrow, scale)?;
                self.check_range("widest interval", wide, scale)
            }
        }
    }

    fn check_range(
        &self,
        what: &'static str,
        (low, high): (f64, f64),
        scale: &Scale,
    ) -> Result<(), Error> {
        self.check_points(what, low, scale)?;
        self.check_points(what, high, scale)?;
        if low > high {
            return Err(Error::Reversed {
                label: self.label.clone(),
                what,
                low,
                high,
            });
        }
        Ok(())
    }

    /// Two per cents differ by 100 points at most; an interval may go a little beyond.
    fn check_points(&self, what: &'static str, value: f64, scale: &Scale) -> Result<(), Error> {
        let label = self.label.clone();
        match scale {
            Scale::Percent if value.abs() <= 200.0 => Ok(()),
            Scale::Percent => Err(Error::NotADifference { label, what, value }),
            Scale::Numbers { .. } if value.abs() <= MOST => Ok(()),
            Scale::Numbers { .. } if value.is_finite() => Err(Error::BeyondAxis { label, value }),
            Scale::Numbers { .. } => Err(Error::NotANumber { label, what, value }),
        }
    }
}
