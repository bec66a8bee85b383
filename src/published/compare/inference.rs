//! What the variance of a difference gives.

use super::pair::Pair;
use super::shares::Test;
use super::side::{Side, Size};
use crate::statistics::interval::Interval;

/// What the variance gives: intervals, test, notes.
#[derive(Default)]
pub(super) struct Inference {
    pub(super) se: Option<f64>,
    pub(super) widest: Option<Interval>,
    pub(super) narrowest: Option<Interval>,
    pub(super) test: Option<Test>,
    pub(super) method: String,
    pub(super) rest: Option<f64>,
    pub(super) notes: Vec<String>,
    pub(super) cannot_hold: bool,
}

pub(super) const NO_VARIANCE: &str = "no interval: the variance of the difference is 0";

impl Inference {
    /// Without a design effect the interval is at least that wide.
    pub(super) fn say_at_least(&mut self, sides: &[&Side]) {
        let unknown = |side: &&Side| side.size.as_ref().is_ok_and(Size::may_be_too_large);
        if self.widest.is_some() && sides.iter().any(unknown) {
            self.notes.push(AT_LEAST.to_owned());
        }
    }
}

/// The note of intervals without a design effect.
pub const AT_LEAST: &str = "no design effect is known: the interval is at least that wide (sampling alone, as \
                                   if simple random samples)";

impl Pair<'_, '_> {
    /// No interval is invented: the note says for which of the two nothing is known.
    pub(super) fn unsampled(&self) -> Inference {
        let reasons = [self.a, self.b]
            .into_iter()
            .filter_map(|side| Some(format!("{}: {}", side.label, side.size.as_ref().err()?)));
        Inference {
            notes: vec![format!(
                "no interval: {}",
                reasons.collect::<Vec<_>>().join("; ")
            )],
            ..Inference::default()
        }
    }
}
