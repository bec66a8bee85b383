//! The rescaled bootstrap: one unit fewer than there are, drawn with replacement in each stratum.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::units::Units;
use super::{Error, Factors, Made};

#[derive(Clone, Debug)]
pub(super) struct Bootstrap {
    seed: u64,
}

pub(super) fn bootstrap(units: &Units, replicates: usize, seed: u64) -> Result<Made, Error> {
    if !(2..=1_000_000).contains(&replicates) {
        return Err(Error::ReplicateCount(replicates));
    }
    Ok(Made {
        factors: Factors::Bootstrap(Bootstrap { seed }),
        scale: 1.0 / (replicates as f64 - 1.0),
        rscales: vec![1.0; replicates],
        df: units.degrees_of_freedom(),
    })
}

impl Bootstrap {
    /// Each replicate has a stream of its own, so that it does not matter which thread makes it, and when.
    pub(super) fn fill(&self, units: &Units, replicate: usize, factors: &mut [f64]) {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        let mut random = ChaCha8Rng::from_seed(seed);
        random.set_stream(replicate as u64);
        for stratum in &units.strata {
            let lambda = (1.0 - stratum.fraction).sqrt();
            let n = stratum.units;
            if n < 2 || lambda == 0.0 {
                continue;
            }
            let each = lambda * n as f64 / (n as f64 - 1.0);
            let of_stratum = &mut factors[stratum.first..stratum.first + n];
            of_stratum.fill(1.0 - lambda);
            for _ in 1..n {
                of_stratum[below(&mut random, n as u64) as usize] += each;
            }
        }
    }
}

/// A random number below `bound`, all equally likely.
///
/// Source: Lemire, "Fast random integer generation in an interval", ACM Trans. Model. Comput. Simul. 29 (2019).
fn below(random: &mut impl RngCore, bound: u64) -> u64 {
    let uneven = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(random.next_u64()) * u128::from(bound);
        if product as u64 >= uneven {
            return (product >> 64) as u64;
        }
    }
}
