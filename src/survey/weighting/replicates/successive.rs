//! Successive differences: neighbours in the order of the file share a row of a Hadamard matrix.

use super::units::Units;
use super::{Error, Factors, Hadamard, Made};

#[derive(Clone, Debug)]
pub(super) struct Successive {
    hadamard: Hadamard,
    /// For each unit its two rows, and how far its factor goes from 1.
    rows: Vec<(u32, u32, f64)>,
}

/// With a row for each unit V is Σ over strata of half the squared differences of neighbours, the last one's neighbour
/// being the first. With fewer rows they are used again, each run of units in a ring of its own.
pub(super) fn successive(units: &Units, least: Option<usize>) -> Result<Made, Error> {
    let all = units.len() + 1;
    let least = least.unwrap_or(all);
    if least < 2 {
        return Err(Error::ReplicateCount(least));
    }
    // at least three rows beside the one of ones: a ring takes two
    let hadamard = Hadamard::at_least(least.max(4)).ok_or(Error::TooManyReplicates(least))?;
    let replicates = hadamard.order();
    Ok(Made {
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
