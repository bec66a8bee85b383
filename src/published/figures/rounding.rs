use crate::statistics::interval::{self, Interval, Method, Sample};

/// The union of the intervals of all shares that a printed one may stand for.
///
/// `low` and `high` (0..1) are the ends of that range, see
/// [`Percent::stands_for`](super::percent::Percent::stands_for). Bounds of every method in
/// [`Method`] rise with the share, so the union is the low bound at `low` and the high bound at
/// `high`. Where a method has no interval at 0 or 100 per cent that end is the share itself.
///
/// # Errors
/// Those of [`interval::share`] for a sample or level that is none.
pub fn union(
    method: Method,
    (low, high): (f64, f64),
    sample: Sample,
    level: f64,
) -> Result<Interval, interval::Error> {
    let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
    let at = |share: f64| match interval::share(method, share, sample, level) {
        Err(interval::Error::Degenerate { .. }) => Ok(Interval {
            low: share,
            high: share,
        }),
        other => other,
    };
    Ok(Interval {
        low: at(low)?.low,
        high: at(high)?.high,
    })
}
