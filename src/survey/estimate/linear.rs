use crate::survey::sums::{Sum, at};

/// Below this share of ȳ² the standard error of a variance by linearisation is lost in the rounding of 32 digits.
const LEAST_SPREAD: f64 = 1e-13;

/// A statistic of weighted sums of numbers T_a = Σ w z_a, z_0 = 1; the places are those of the basics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Linear {
    /// ȳ = T_y/T_0. R: `svymean`.
    Mean(usize),
    /// T_y. R: `svytotal`.
    Total(usize),
    /// T_0.
    Count,
    /// T_y/T_x. R: `svyratio`.
    Ratio(usize, usize),
    /// s² = Σ w (y − ȳ)²/T_0 n/(n − 1), from y and its square. R: `svyvar`.
    Variance(usize, usize),
    /// s. R: `sqrt(svyvar())`, its standard error by the delta method.
    Sd(usize, usize),
}

/// An estimate, and what each basic adds to the score of a respondent: u = w Σ c_a z_a.
#[derive(Clone, Debug, PartialEq)]
pub struct Linearised {
    pub estimate: Sum,
    pub score: Vec<Sum>,
}

impl Linear {
    /// From the totals of the basics and the number of respondents; `None` where nobody is there to estimate from.
    ///
    /// The scores are the derivatives of the estimate by the totals (Binder, "On the variances of asymptotically normal
    /// estimators from complex surveys", International Statistical Review 51, 1983); the mean is held fixed in a variance.
    pub fn of(self, totals: &[Sum], respondents: u64) -> Option<Linearised> {
        let mut score = vec![Sum::ZERO; totals.len()];
        let one = Sum::from(1.0);
        let weight = totals[0];
        let estimate = match self {
            Linear::Total(y) => {
                score[y] = one;
                totals[y]
            }
            Linear::Count => {
                score[0] = one;
                weight
            }
            Linear::Mean(_) | Linear::Variance(..) | Linear::Sd(..) if weight.value() == 0.0 => {
                return None;
            }
            Linear::Ratio(_, x) if totals[x].value() == 0.0 => return None,
            Linear::Mean(y) => {
                let mean = totals[y] / weight;
                score[y] = one / weight;
                score[0] = -mean / weight;
                mean
            }
            Linear::Ratio(y, x) => {
                let ratio = totals[y] / totals[x];
                score[y] += one / totals[x];
                score[x] += -ratio / totals[x];
                ratio
            }
            Linear::Variance(y, square) => {
                let n = respondents as f64;
                if n < 2.0 {
                    return None;
                }
                let correction = Sum::from(n) / Sum::from(n - 1.0);
                let mean = totals[y] / weight;
                let size = mean * mean;
                let spread = (totals[square] / weight - size).settled(size.value());
                score[square] = correction / weight;
                score[y] = mean * correction / weight * -2.0;
                score[0] = (size - spread) * correction / weight;
                // the squares of scores have the fourth powers of the numbers in them, and these no digits for the spread
                if spread.value() > 0.0 && spread.value() < LEAST_SPREAD * size.value() {
                    score[0] = Sum::from(f64::NAN);
                }
                spread * correction
            }
            Linear::Sd(y, square) => {
                let variance = Linear::Variance(y, square).of(totals, respondents)?;
                let sd = variance.estimate.root();
                let slope = if sd > 0.0 { 0.5 / sd } else { 0.0 };
                score = variance.score.into_iter().map(|c| c * slope).collect();
                Sum::from(sd)
            }
        };
        Some(Linearised { estimate, score })
    }
}

/// A linear combination of statistics of the same respondents.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    pub terms: Vec<(f64, Linear)>,
    pub constant: f64,
}

impl Combination {
    pub fn of(&self, totals: &[Sum], respondents: u64) -> Option<Linearised> {
        let mut all = Linearised {
            estimate: Sum::from(self.constant),
            score: vec![Sum::ZERO; totals.len()],
        };
        for (coefficient, linear) in &self.terms {
            let term = linear.of(totals, respondents)?;
            all.estimate += term.estimate * *coefficient;
            for (to, from) in all.score.iter_mut().zip(&term.score) {
                *to += *from * *coefficient;
            }
        }
        Some(all)
    }
}

impl Linearised {
    /// The score of a cell, from its sums of the basics.
    pub fn score(&self, sums: &[Sum]) -> Sum {
        let (mut score, mut size) = (Sum::ZERO, 0.0);
        for (coefficient, sum) in self.score.iter().zip(sums) {
            let term = *coefficient * *sum;
            score += term;
            size += term.high.abs();
        }
        score.settled(size)
    }

    /// Σ u² of a cell, from its sums of products w² z_a z_b.
    pub fn square(&self, products: &[Sum]) -> Sum {
        let width = self.score.len();
        let (mut square, mut size) = (Sum::ZERO, 0.0);
        for a in 0..width {
            for b in a..width {
                let both = self.score[a] * self.score[b] * products[at(a, b, width)];
                square += if a == b { both } else { both * 2.0 };
                size += both.high.abs();
            }
        }
        square.settled(size)
    }

    /// S² of the linearised variable g = Σ c_a z_a: Σ w (g − ḡ)²/N n/(n − 1), from the totals and the moments
    /// Σ w z_a z_b with 1 ≤ a ≤ b.
    pub fn spread(&self, totals: &[Sum], moments: &[Sum], respondents: u64) -> Option<f64> {
        let n = respondents as f64;
        let weight = totals[0];
        if n < 2.0 || weight.value() <= 0.0 {
            return None;
        }
        let width = totals.len();
        let moment = |a: usize, b: usize| match (a, b) {
            (0, b) => totals[b],
            (a, b) => moments[at(a - 1, b - 1, width - 1)],
        };
        let (mut square, mut size) = (Sum::ZERO, 0.0);
        let mut total = Sum::ZERO;
        for (a, in_total) in totals.iter().enumerate() {
            total += self.score[a] * *in_total;
            for b in a..width {
                let both = self.score[a] * self.score[b] * moment(a, b);
                square += if a == b { both } else { both * 2.0 };
                size += both.high.abs();
            }
        }
        let mean = total / weight;
        let spread = (square / weight - mean * mean).settled(size / weight.value());
        Some(spread.value().max(0.0) * n / (n - 1.0))
    }
}
