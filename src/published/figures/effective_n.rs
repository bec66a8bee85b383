use crate::statistics::special::normal;

/// What a published margin of error says about the design effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginDeff {
    /// From the margin as printed, never below 1.
    pub deff: f64,
    /// The least and the greatest that the margin's own rounding allows, never below 1.
    pub range: (f64, f64),
    /// The margin is that of simple random sampling: it probably leaves the design effect out.
    pub may_be_srs: bool,
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("a sample size is a number above 0, not {0}")]
    SampleSize(f64),
    #[error("a design effect is a number above 0, not {0}; 1 is simple random sampling")]
    Deff(f64),
    #[error("a margin of error is above 0 and below 50 points, not {0}")]
    Margin(f64),
    #[error("a confidence level lies strictly between 0 and 1, not {0}: 95 per cent is 0.95")]
    Level(f64),
}

/// The size of the simple random sample with the same precision, `n_eff = n / deff`, never above n.
///
/// A design effect under 1 (a well stratified sample) is taken as 1: a published figure never gets
/// more precision than its respondents would give by chance alone. Source: Kish 1965, *Survey
/// Sampling*, 8.2. R: `n / deff`.
pub fn effective_n(n: f64, deff: f64) -> Result<f64, Error> {
    if !(n > 0.0 && n.is_finite()) {
        return Err(Error::SampleSize(n));
    }
    if !(deff > 0.0 && deff.is_finite()) {
        return Err(Error::Deff(deff));
    }
    Ok(n / deff.max(1.0))
}

/// The design effect behind a published margin of error of a share at 50%:
/// `deff = m^2 n / (z^2 / 4)`.
///
/// `margin` and `half` are in 0..1, `half` half a unit of the last printed digit, so that the true
/// margin lies in `margin` -+ `half`; `level` is the margin's own confidence level, 0.95 by custom.
///
/// ```
/// # use opine::published::figures::effective_n::deff_of_margin;
/// // Plus or minus 4 points with 1,000 respondents: more than the 3.1 of simple random sampling.
/// let found = deff_of_margin(0.04, 0.005, 1000.0, 0.95).unwrap();
/// assert!((found.deff - 1.666).abs() < 1e-3 && !found.may_be_srs);
/// ```
pub fn deff_of_margin(margin: f64, half: f64, n: f64, level: f64) -> Result<MarginDeff, Error> {
    if !(n > 0.0 && n.is_finite()) {
        return Err(Error::SampleSize(n));
    }
    if !(margin > 0.0 && margin < 0.5) {
        return Err(Error::Margin(100.0 * margin));
    }
    let z = match level > 0.0 && level < 1.0 {
        true => normal::quantile((1.0 + level) / 2.0).map_err(|_| Error::Level(level))?,
        false => return Err(Error::Level(level)),
    };
    let deff = |margin: f64| margin * margin * n / (z * z / 4.0);
    let (low, high) = (deff((margin - half).max(0.0)), deff(margin + half));
    Ok(MarginDeff {
        deff: deff(margin).max(1.0),
        range: (low.max(1.0), high.max(1.0)),
        may_be_srs: low <= 1.0,
    })
}
