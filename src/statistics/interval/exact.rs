//! Intervals whose bounds are quantiles of beta distributions.

use super::{Error, Interval, Sample};
use crate::statistics::special::{beta, student_t};

/// Clopper and Pearson (1934); 0 where nobody and 1 where everybody said so.
pub(super) fn clopper_pearson(p: f64, n: f64, tail: f64) -> Result<Interval, Error> {
    // not n - x, which cancels near 100 per cent
    let (x, rest) = (p * n, (1.0 - p) * n);
    let low = if x > 0.0 {
        beta::quantile(tail, x, rest + 1.0)?
    } else {
        0.0
    };
    let high = if rest > 0.0 {
        beta::quantile_upper(tail, x + 1.0, rest)?
    } else {
        1.0
    };
    Ok(Interval { low, high }.holding(p))
}

/// Brown, Cai and DasGupta (2001), without their change at 0 and n.
pub(super) fn jeffreys(p: f64, n: f64, tail: f64) -> Result<Interval, Error> {
    let (a, b) = (p * n + 0.5, (1.0 - p) * n + 0.5);
    Ok(Interval {
        low: beta::quantile(tail, a, b)?,
        high: beta::quantile_upper(tail, a, b)?,
    })
}

/// Korn and Graubard (1998): Clopper and Pearson on n* = n_eff (t_{n−1}/t_df)², not cut at the number of respondents.
pub(super) fn korn_graubard(p: f64, sample: &Sample, tail: f64) -> Result<Interval, Error> {
    let df = sample.df.ok_or(Error::NeedsDf)?;
    let respondents = sample.respondents.ok_or(Error::NeedsRespondents)?;
    if respondents <= 1.0 {
        return Err(Error::Respondents(respondents));
    }
    let of_respondents = student_t::quantile_upper(tail, respondents - 1.0)?;
    let of_design = student_t::quantile_upper(tail, df)?;
    let n = sample.n_eff * (of_respondents / of_design).powi(2);
    // so few degrees of freedom that t is beyond floats: then nothing is known of the share
    if n > 0.0 && n.is_finite() {
        clopper_pearson(p, n, tail)
    } else {
        Ok(Interval {
            low: 0.0,
            high: 1.0,
        })
    }
}
