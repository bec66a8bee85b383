use super::context::{Context, total};
use super::estimated::Estimated;
use super::linear::Combination;
use super::scores::Scores;
use crate::sums::{Mode, NumberSums, Sum, triangle};

/// A combination of statistics of numbers in one domain.
pub fn estimate(
    context: &Context,
    sums: &NumberSums,
    combination: &Combination,
    domain: usize,
) -> Estimated {
    let width = sums.width;
    let range = context.cells[domain].clone();
    let totals: Vec<Sum> = (0..width)
        .map(|at| total(range.clone(), &sums.first, width, at))
        .collect();
    let n = sums.count.get(domain).copied().unwrap_or(0);
    let mut estimated = Estimated {
        value: None,
        scores: None,
        spread: None,
        n,
        weight: totals.first().map_or(0.0, |weight| weight.value()),
    };
    if totals.is_empty() {
        return estimated;
    }
    let Some(linearised) = combination.of(&totals, n) else {
        return estimated;
    };
    let moments = triangle(width - 1).max(1);
    let moment = &sums.moment[domain * moments..(domain + 1) * moments];
    estimated.spread = linearised.spread(&totals, moment, n);
    estimated.value = Some(linearised.estimate.value());
    estimated.scores = Some(match context.mode {
        Mode::Replicates => {
            let theta = |sums: &Vec<Sum>| {
                let totals = &sums[domain * width..(domain + 1) * width];
                let estimate = combination.of(totals, n);
                estimate.map_or(f64::NAN, |linearised| linearised.estimate.value())
            };
            Scores::Replicates(
                sums.replicates.iter().map(theta).collect(),
                linearised.estimate.value(),
            )
        }
        Mode::Elements => context.elements(domain, |cell| {
            let pairs = triangle(width);
            let of_cell = answered(&sums.first[cell * width..(cell + 1) * width])?;
            Some((
                linearised.score(of_cell),
                linearised.square(&sums.product[cell * pairs..(cell + 1) * pairs]),
            ))
        }),
        Mode::Units | Mode::Rows => context.units(domain, |cell| {
            let of_cell = answered(&sums.first[cell * width..(cell + 1) * width])?;
            Some(linearised.score(of_cell).value())
        }),
    });
    estimated
}

/// The sums of a cell, if somebody in it has an answer and a weight.
fn answered(sums: &[Sum]) -> Option<&[Sum]> {
    sums.first()
        .is_some_and(|weight| weight.value() != 0.0)
        .then_some(sums)
}
