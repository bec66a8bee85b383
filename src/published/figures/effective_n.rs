use super::percent::Percent;
use crate::statistics::special::normal;

/// A margin of error as it was printed: half the width of the interval of a share at 50%.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// In points; its last digit says how far it is rounded.
    pub points: Percent,
    /// Its own confidence level, 0..1, where it was printed.
    pub level: Option<f64>,
}

impl Margin {
    /// The level that it is taken at: 0.95 by custom.
    pub fn level_taken(&self) -> f64 {
        self.level.unwrap_or(0.95)
    }

    /// The effective sample size that it stands for, see [`effective_n_of_margin`].
    pub fn effective_n(&self) -> Result<f64, Error> {
        effective_n_of_margin(self.points.value / 100.0, self.level_taken())
    }

    /// The least effective sample size that its rounding leaves: that of the widest margin printed so.
    pub fn least_effective_n(&self) -> Result<f64, Error> {
        let widest = (self.points.value + self.points.unit / 2.0) / 100.0;
        effective_n_of_margin(widest.min(0.499_999), self.level_taken())
    }

    /// The design effect with so many respondents, see [`deff_of_margin`].
    pub fn deff(&self, n: f64) -> Result<MarginDeff, Error> {
        let (value, half) = (self.points.value / 100.0, self.points.unit / 200.0);
        deff_of_margin(value, half, n, self.level_taken())
    }
}

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
/// # use opine::internals::published::figures::effective_n::deff_of_margin;
/// // Plus or minus 4 points with 1,000 respondents: more than the 3.1 of simple random sampling.
/// let found = deff_of_margin(0.04, 0.005, 1000.0, 0.95).unwrap();
/// assert!((found.deff - 1.666).abs() < 1e-3 && !found.may_be_srs);
/// ```
pub fn deff_of_margin(margin: f64, half: f64, n: f64, level: f64) -> Result<MarginDeff, Error> {
    if !(n > 0.0 && n.is_finite()) {
        return Err(Error::SampleSize(n));
    }
    let z = z_of_margin(margin, level)?;
    let deff = |margin: f64| margin * margin * n / (z * z / 4.0);
    let (low, high) = (deff((margin - half).max(0.0)), deff(margin + half));
    Ok(MarginDeff {
        deff: deff(margin).max(1.0),
        range: (low.max(1.0), high.max(1.0)),
        may_be_srs: low <= 1.0,
    })
}

/// The effective sample size behind a published margin of error of a share at 50%, where no n was published:
/// `n_eff = z^2 / (4 m^2)`. The design effect is in it and can't be told.
///
/// `margin` is in 0..1, `level` the margin's own confidence level. R: `qnorm((1 + level) / 2)^2 / (4 * m^2)`.
///
/// ```
/// # use opine::internals::published::figures::effective_n::effective_n_of_margin;
/// // Plus or minus 4.4 points are those of 496 respondents drawn by chance alone.
/// assert!((effective_n_of_margin(0.044, 0.95).unwrap() - 496.06).abs() < 0.01);
/// ```
pub fn effective_n_of_margin(margin: f64, level: f64) -> Result<f64, Error> {
    let z = z_of_margin(margin, level)?;
    Ok(z * z / (4.0 * margin * margin))
}

/// The two-sided normal point of a margin that can be one.
fn z_of_margin(margin: f64, level: f64) -> Result<f64, Error> {
    if !(margin > 0.0 && margin < 0.5) {
        return Err(Error::Margin(100.0 * margin));
    }
    match level > 0.0 && level < 1.0 {
        true => normal::quantile((1.0 + level) / 2.0).map_err(|_| Error::Level(level)),
        false => Err(Error::Level(level)),
    }
}
