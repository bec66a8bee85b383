//! Quantiles of the weights themselves.

/// The weights that are not 0, in order.
pub(super) fn in_order(weights: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = weights.iter().copied().filter(|w| *w != 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile at `p` of sorted values, linear between the order statistics at (n − 1)p; NaN of none.
///
/// Source: Hyndman and Fan, Am. Stat. 50 (1996), definition 7. In R: `quantile(w, p)`.
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    a + (place - below as f64) * (b - a)
}
