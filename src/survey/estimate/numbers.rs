use super::classed::Element;
use super::context::{Context, total};
use super::estimated::Estimated;
use super::linear::{Combination, Linearised};
use super::scores::Scores;
use crate::survey::sums::{ItemSums, Mode, NumberSums, Sum, Sums, triangle};

/// A combination of statistics of numbers in one domain.
pub fn estimate(
    context: &Context,
    (item, sums): (usize, &NumberSums),
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
    let scored = Scored {
        item,
        width,
        linearised: &linearised,
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
        Mode::Elements => context
            .classed_elements(
                domain,
                |sums, cell| scored.score(sums, cell).unwrap_or(0.0),
                |sums, cell, f| scored.element(sums, cell, f),
            )
            .unwrap_or_else(|| {
                context.elements(domain, |cell| {
                    let pairs = triangle(width);
                    let of_cell = answered(&sums.first[cell * width..(cell + 1) * width])?;
                    Some((
                        linearised.score(of_cell),
                        linearised.square(&sums.product[cell * pairs..(cell + 1) * pairs]),
                    ))
                })
            }),
        Mode::Units | Mode::Rows => context.units(domain, |sums, cell| scored.score(sums, cell)),
    });
    estimated
}

/// A linearised item, on sums of any kind of units.
struct Scored<'a> {
    item: usize,
    width: usize,
    linearised: &'a Linearised,
}

impl Scored<'_> {
    fn of<'s>(&self, sums: &'s Sums) -> Option<&'s NumberSums> {
        match sums.items.get(self.item)? {
            ItemSums::Numbers(of) => Some(of),
            _ => None,
        }
    }

    /// u of a cell; `None` where nobody in it answered.
    fn score(&self, sums: &Sums, cell: usize) -> Option<f64> {
        let Some(of) = self.of(sums) else {
            return Some(f64::NAN);
        };
        let of_cell = answered(&of.first[cell * self.width..(cell + 1) * self.width])?;
        Some(self.linearised.score(of_cell).value())
    }

    /// u − a f with a = w: the constant of the linearised variable is less by f.
    fn element(&self, sums: &Sums, cell: usize, f: Sum) -> Element {
        let Some(of) = self.of(sums) else {
            return Element::default();
        };
        let mut less = self.linearised.clone();
        if let Some(constant) = less.score.first_mut() {
            *constant += -f;
        }
        let (width, pairs) = (self.width, triangle(self.width));
        let first = &of.first[cell * width..(cell + 1) * width];
        let product = &of.product[cell * pairs..(cell + 1) * pairs];
        Element {
            score: less.score(first),
            square: less.square(product),
            weight: first.first().copied().unwrap_or_default(),
            weight_square: product.first().copied().unwrap_or_default(),
        }
    }
}

/// The sums of a cell, if somebody in it has an answer and a weight.
fn answered(sums: &[Sum]) -> Option<&[Sum]> {
    sums.first()
        .is_some_and(|weight| weight.value() != 0.0)
        .then_some(sums)
}
