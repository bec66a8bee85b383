//! The factors of each method: jackknife, balanced half-samples, rescaled bootstrap, successive differences.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::units::Units;
use super::{Error, Factors, Hadamard, Scheme};

/// The unit that each replicate leaves out, with its stratum.
#[derive(Clone, Debug)]
pub(super) struct Jackknife(Vec<(u32, u32)>);

/// Without strata.
pub(super) fn jk1(units: &Units) -> Result<Scheme, Error> {
    if units.strata.len() > 1 {
        return Err(Error::Stratified(units.strata.len()));
    }
    let mut scheme = jkn(units);
    if let Some(stratum) = units.strata.first() {
        let n = stratum.units as f64;
        scheme.scale = (1.0 - stratum.fraction) * (n - 1.0) / n;
        scheme.rscales.fill(1.0);
    }
    Ok(scheme)
}

/// Strata of one certain unit have no variance, and no replicate.
pub(super) fn jkn(units: &Units) -> Scheme {
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
    Scheme {
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

#[derive(Clone, Debug)]
pub(super) struct Balanced {
    hadamard: Hadamard,
    rho: f64,
}

pub(super) fn balanced(units: &Units, rho: f64, method: &'static str) -> Result<Scheme, Error> {
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
    Ok(Scheme {
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

#[derive(Clone, Debug)]
pub(super) struct Bootstrap {
    seed: u64,
}

pub(super) fn bootstrap(units: &Units, replicates: usize, seed: u64) -> Result<Scheme, Error> {
    if !(2..=1_000_000).contains(&replicates) {
        return Err(Error::ReplicateCount(replicates));
    }
    Ok(Scheme {
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
            // a stratum that was taken as a whole does not vary
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

#[derive(Clone, Debug)]
pub(super) struct Successive {
    hadamard: Hadamard,
    /// For each unit its two rows, and how far its factor goes from 1.
    rows: Vec<(u32, u32, f64)>,
}

/// With a row for each unit V is Σ over strata of half the squared differences of neighbours, the last one's neighbour
/// being the first. With fewer rows they are used again, each run of units in a ring of its own.
pub(super) fn successive(units: &Units, least: Option<usize>) -> Result<Scheme, Error> {
    let all = units.len() + 1;
    let least = least.unwrap_or(all);
    if least < 2 {
        return Err(Error::ReplicateCount(least));
    }
    // at least three rows beside the one of ones: a ring takes two
    let hadamard = Hadamard::at_least(least.max(4)).ok_or(Error::TooManyReplicates(least))?;
    let replicates = hadamard.order();
    Ok(Scheme {
        scale: 4.0 / replicates as f64,
        rscales: vec![1.0; replicates],
        df: units.degrees_of_freedom(),
        factors: Factors::Successive(Successive {
            rows: assigned(units, replicates - 1),
            hadamard,
        }),
    })
}

/// The rows of each unit. The row of ones is left out: it would not vary over the replicates.
///
/// Of the k rows that are left the units get 1 and 2, 2 and 3 … k and 1; then 1 and 3, 3 and 5 …; then with a step of
/// three, and so on: Ash's first row assignment. Two things differ from it. A step that would not lead through all rows in
/// one loop is passed over. And where the units of a stratum do not fill a loop it is closed all the same: the last
/// unit's neighbour is the first of its ring, where an open end would add the squares of two units in the place of the
/// square of a difference.
///
/// Source: Ash, "Using successive difference replication for estimating variances", Survey Methodology 40 (2014).
fn assigned(units: &Units, usable: usize) -> Vec<(u32, u32, f64)> {
    let mut rows = Vec::with_capacity(units.len());
    // where a ring starts, and by what step it goes through the rows: another step each time they are used up, so that
    // two units are neighbours in one ring only
    let (mut start, mut step) = (0, 1);
    for stratum in &units.strata {
        let reach = 2.0_f64.powf(-1.5) * (1.0 - stratum.fraction).sqrt();
        let rings = stratum.units.div_ceil(usable);
        for ring in 0..rings {
            let size = stratum.units * (ring + 1) / rings - stratum.units * ring / rings;
            if start + size > usable && start > 0 {
                start = 0;
                step = next_step(step, usable);
            }
            let row = |k: usize| (1 + (start + k) * step % usable) as u32;
            for k in 0..size {
                let reach = if size > 1 { reach } else { 0.0 };
                rows.push((row(k), row((k + 1) % size), reach));
            }
            start += size;
        }
    }
    rows
}

/// The next step that goes through all rows, 1 again after the last.
fn next_step(step: usize, usable: usize) -> usize {
    (step + 1..usable)
        .find(|next| coprime(*next, usable))
        .unwrap_or(1)
}

fn coprime(mut a: usize, mut b: usize) -> bool {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

impl Successive {
    pub(super) fn fill(&self, replicate: usize, factors: &mut [f64]) {
        for (factor, &(a, b, reach)) in factors.iter_mut().zip(&self.rows) {
            let sign = |row: u32| self.hadamard.sign(row as usize, replicate);
            *factor = 1.0 + reach * (sign(a) - sign(b));
        }
    }
}
