//! The jackknife: one unit left out at a time.

use super::units::Units;
use super::{Error, Factors, Made};

/// The unit that each replicate leaves out, with its stratum.
#[derive(Clone, Debug)]
pub(super) struct Jackknife(Vec<(u32, u32)>);

/// Without strata.
pub(super) fn jk1(units: &Units) -> Result<Made, Error> {
    if units.strata.len() > 1 {
        return Err(Error::Stratified(units.strata.len()));
    }
    let mut made = jkn(units);
    if let Some(stratum) = units.strata.first() {
        let n = stratum.units as f64;
        made.scale = (1.0 - stratum.fraction) * (n - 1.0) / n;
        made.rscales.fill(1.0);
    }
    Ok(made)
}

/// Strata of one certain unit have no variance, and no replicate.
pub(super) fn jkn(units: &Units) -> Made {
    let (mut left_out, mut rscales) = (Vec::new(), Vec::new());
    for (h, stratum) in (0_u32..)
        .zip(&units.strata)
        .filter(|(_, stratum)| stratum.units > 1)
    {
        let n = stratum.units as f64;
        for unit in stratum.first..stratum.first + stratum.units {
            left_out.push((unit as u32, h));
            rscales.push((1.0 - stratum.fraction) * (n - 1.0) / n);
        }
    }
    Made {
        factors: Factors::Jackknife(Jackknife(left_out)),
        scale: 1.0,
        rscales,
        df: units.degrees_of_freedom(),
    }
}

impl Jackknife {
    pub(super) fn fill(&self, units: &Units, replicate: usize, factors: &mut [f64]) {
        let (unit, h) = self.0[replicate];
        let stratum = &units.strata[h as usize];
        let n = stratum.units as f64;
        factors[stratum.first..stratum.first + stratum.units].fill(n / (n - 1.0));
        factors[unit as usize] = 0.0;
    }
}
