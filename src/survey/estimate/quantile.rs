//! Quantiles of a weighted distribution.

use super::request::QuantileRule;
use crate::survey::sums::{Sum, Weighted};

/// The weighted distribution of a number, ready to be asked for quantiles.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Values in order, equal ones by weight; those without weight left out.
    rows: Vec<(f64, f64)>,
    /// Σ w up to and with each row.
    cumulated: Vec<f64>,
    /// Distinct values with Σ w up to and with each.
    steps: Vec<(f64, f64)>,
}

impl Distribution {
    /// From pairs in order. Pairs that are counted together are rows of their own where the rule needs rows.
    pub fn new(pairs: &[Weighted]) -> Distribution {
        let mut all = Distribution {
            rows: Vec::new(),
            cumulated: Vec::new(),
            steps: Vec::new(),
        };
        let mut weight = Sum::ZERO;
        for pair in pairs.iter().filter(|pair| pair.weight.high > 0.0) {
            for _ in 0..pair.count {
                weight.add_sum(pair.weight);
                all.rows.push((pair.value, pair.weight.high));
                all.cumulated.push(weight.value());
            }
            match all.steps.last_mut() {
                Some((value, cumulated)) if *value == pair.value => *cumulated = weight.value(),
                _ => all.steps.push((pair.value, weight.value())),
            }
        }
        all
    }

    /// From values in order with the weight of each: enough for the rules that look at values, not at rows.
    pub fn of_values(values: &[(f64, Sum)]) -> Distribution {
        let mut all = Distribution {
            rows: Vec::new(),
            cumulated: Vec::new(),
            steps: Vec::new(),
        };
        let mut weight = Sum::ZERO;
        for (value, of_value) in values.iter().filter(|(_, weight)| weight.value() > 0.0) {
            weight.add_sum(*of_value);
            all.rows.push((*value, of_value.value()));
            all.cumulated.push(weight.value());
            all.steps.push((*value, weight.value()));
        }
        all
    }

    pub fn weight(&self) -> f64 {
        self.cumulated.last().copied().unwrap_or(0.0)
    }

    /// The value below which the share p of the weight lies, 0 ≤ p ≤ 1; `None` for nobody.
    ///
    /// R: `svyquantile(qrule = ...)`, rows with equal values in the order of their weights.
    pub fn quantile(&self, p: f64, rule: QuantileRule) -> Option<f64> {
        match rule {
            QuantileRule::Math | QuantileRule::Hf1 => self.step(p, |_, low, _| low),
            QuantileRule::School | QuantileRule::Hf2 => {
                self.step(p, |_, low, high| f64::midpoint(low, high))
            }
            QuantileRule::Hf3 => self.step(p, |at, low, high| if at % 2 == 0 { low } else { high }),
            // position of row i with c the weight before it, w its own and W all: its share of the weight
            QuantileRule::Hf4 => self.between(p, |c, w, all, _| (c + w) / all),
            QuantileRule::Hf5 => self.between(p, |c, w, all, _| (c + w / 2.0) / all),
            QuantileRule::Hf6 => self.between(p, |c, w, all, last| (c + w) / (all + last)),
            QuantileRule::Hf7 => self.between(p, |c, _, all, last| c / (all - last)),
            QuantileRule::Hf8 => self.between(p, |c, w, all, last| {
                (c + w * 2.0 / 3.0) / (all + last / 3.0)
            }),
            QuantileRule::Hf9 => self.between(p, |c, w, all, last| {
                (c + w * 5.0 / 8.0) / (all + last / 4.0)
            }),
        }
    }

    /// The first value that has the share p of the weight at or below it; where that is met exactly, what `met` makes of
    /// its number from 1, it and the next.
    fn step(&self, p: f64, met: impl Fn(usize, f64, f64) -> f64) -> Option<f64> {
        let wanted = p * self.weight();
        let slack = 1e-10 * self.weight();
        let at = self
            .steps
            .partition_point(|(_, cumulated)| *cumulated < wanted - slack);
        let (value, cumulated) = self.steps.get(at).or(self.steps.last()).copied()?;
        match self.steps.get(at + 1) {
            Some((next, _)) if (cumulated - wanted).abs() <= slack => {
                Some(met(at + 1, value, *next))
            }
            _ => Some(value),
        }
    }

    /// Linear between the rows at their positions.
    fn between(&self, p: f64, position: impl Fn(f64, f64, f64, f64) -> f64) -> Option<f64> {
        let all = self.weight();
        let last = self.rows.last()?.1;
        let place = |row: usize| {
            let before = if row == 0 {
                0.0
            } else {
                self.cumulated[row - 1]
            };
            position(before, self.rows[row].1, all, last)
        };
        let rows = self.rows.len();
        let mut low = 0;
        let mut high = rows;
        while low < high {
            let middle = usize::midpoint(low, high);
            match place(middle) < p {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        if low == 0 || low == rows || rows == 1 {
            return Some(self.rows[low.min(rows - 1)].0);
        }
        let (from, to) = (place(low - 1), place(low));
        let (a, b) = (self.rows[low - 1].0, self.rows[low].0);
        Some(a + (b - a) * (p - from) / (to - from))
    }
}
