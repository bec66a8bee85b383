//! Balanced half-samples, McCarthy's and Fay's.

use super::units::Units;
use super::{Error, Factors, Hadamard, Made};

#[derive(Clone, Debug)]
pub(super) struct Balanced {
    hadamard: Hadamard,
    rho: f64,
}

pub(super) fn balanced(units: &Units, rho: f64, method: &'static str) -> Result<Made, Error> {
    if !(0.0..1.0).contains(&rho) {
        return Err(Error::Rho(rho));
    }
    let odd: Vec<String> = units
        .strata
        .iter()
        .filter(|stratum| stratum.units != 2)
        .map(|stratum| format!("{} ({})", stratum.name, stratum.units))
        .collect();
    if !odd.is_empty() {
        return Err(Error::NotPairs {
            method,
            strata: odd,
        });
    }
    let strata = units.strata.len();
    let hadamard = Hadamard::at_least(strata + 1).ok_or(Error::TooManyReplicates(strata + 1))?;
    let replicates = hadamard.order();
    Ok(Made {
        factors: Factors::Balanced(Balanced { hadamard, rho }),
        scale: 1.0 / (replicates as f64 * (1.0 - rho).powi(2)),
        rscales: vec![1.0; replicates],
        df: strata,
    })
}

impl Balanced {
    /// The matrix has a row for each replicate, and beyond its column of ones one for each stratum.
    pub(super) fn fill(&self, units: &Units, replicate: usize, factors: &mut [f64]) {
        for (h, stratum) in units.strata.iter().enumerate() {
            let deviation = (1.0 - self.rho) * self.hadamard.sign(replicate, h + 1);
            if let [first, second] = &mut factors[stratum.first..stratum.first + stratum.units] {
                (*first, *second) = (1.0 + deviation, 1.0 - deviation);
            }
        }
    }
}
