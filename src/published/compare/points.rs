//! Differences in points, as they are written.

use crate::statistics::interval::Interval;

/// "+33.6 to +38.4": an interval of a difference in points.
pub(super) fn in_points(interval: Interval) -> String {
    format!("{} to {}", signed(interval.low), signed(interval.high))
}

/// "+15.2", "−3.0": points with their sign.
pub(super) fn signed(difference: f64) -> String {
    let points = (1000.0 * difference).round() / 10.0;
    match points {
        0.0 => "0.0".to_owned(),
        above if above > 0.0 => format!("+{above:.1}"),
        below => format!("−{:.1}", below.abs()),
    }
}
