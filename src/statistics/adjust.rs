use std::str::FromStr;

use crate::frames::words::nearest;

/// How the p-values of a family of comparisons are adjusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjust {
    #[default]
    Holm,
    Hochberg,
    Hommel,
    Bonferroni,
    Sidak,
    /// Benjamini and Hochberg: the false discovery rate.
    Bh,
    /// Benjamini and Yekutieli: the false discovery rate whatever the dependence.
    By,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no adjustment “{given}”; {hint}")]
pub struct UnknownAdjust {
    given: String,
    hint: String,
}

impl Adjust {
    pub const ALL: [Adjust; 7] = [
        Adjust::Holm,
        Adjust::Hochberg,
        Adjust::Hommel,
        Adjust::Bonferroni,
        Adjust::Sidak,
        Adjust::Bh,
        Adjust::By,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Adjust::Holm => "holm",
            Adjust::Hochberg => "hochberg",
            Adjust::Hommel => "hommel",
            Adjust::Bonferroni => "bonferroni",
            Adjust::Sidak => "sidak",
            Adjust::Bh => "bh",
            Adjust::By => "by",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Adjust::Holm => "Holm",
            Adjust::Hochberg => "Hochberg",
            Adjust::Hommel => "Hommel",
            Adjust::Bonferroni => "Bonferroni",
            Adjust::Sidak => "Šidák",
            Adjust::Bh => "Benjamini–Hochberg",
            Adjust::By => "Benjamini–Yekutieli",
        }
    }
}

impl FromStr for Adjust {
    type Err = UnknownAdjust;

    fn from_str(given: &str) -> Result<Adjust, UnknownAdjust> {
        let names = Adjust::ALL.map(Adjust::name);
        Adjust::ALL
            .into_iter()
            .find(|method| method.name() == given)
            .ok_or_else(|| UnknownAdjust {
                given: given.to_owned(),
                hint: match nearest(given, names) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("there are {}", names.join(", ")),
                },
            })
    }
}

/// The p-values of one family adjusted for their number k, in their order, each at most 1.
///
/// With the p-values sorted upwards, p(1) to p(k): bonferroni `k p`; sidak `1 - (1 - p)^k`; holm the
/// running maximum of `(k - i + 1) p(i)`; hochberg the running minimum of the same from the largest
/// down; bh that of `k p(i) / i`; by that of bh times `1 + 1/2 + … + 1/k`; hommel the smallest level at
/// which the closed test by Simes rejects. The first four and hommel hold the chance of any false
/// finding (hochberg and hommel for independent or positively dependent tests), bh and by the
/// expected share of false ones among the findings.
///
/// Source: Holm 1979; Hochberg 1988; Hommel 1988, in the form of Wright, Biometrics 48 (1992); Šidák
/// 1967; Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001. R: `p.adjust(p, method)`.
///
/// ```
/// use opine::internals::statistics::adjust::{Adjust, adjusted};
/// assert_eq!(adjusted(Adjust::Holm, &[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
pub fn adjusted(method: Adjust, p: &[f64]) -> Vec<f64> {
    let k = p.len() as f64;
    let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / i as f64).sum();
    let sorted = match method {
        Adjust::Bonferroni => return p.iter().map(|p| (k * p).min(1.0)).collect(),
        // through the logarithm: at 1e-18 the plain power would give 0
        Adjust::Sidak => return p.iter().map(|p| -(k * (-p).ln_1p()).exp_m1()).collect(),
        Adjust::Holm => upwards(p, |i, p| (k - i + 1.0) * p),
        Adjust::Hochberg => downwards(p, |i, p| (k - i + 1.0) * p),
        Adjust::Bh => downwards(p, |i, p| k / i * p),
        Adjust::By => downwards(p, |i, p| harmonic * k / i * p),
        Adjust::Hommel => hommel(&in_order(p)),
    };
    back(p, &sorted)
}

/// The places of the p-values from the smallest to the largest.
fn order(p: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..p.len()).collect();
    let at = |place: &usize| p.get(*place).copied().unwrap_or(f64::NAN);
    places.sort_by(|a, b| at(a).total_cmp(&at(b)));
    places
}

fn in_order(p: &[f64]) -> Vec<f64> {
    order(p)
        .iter()
        .filter_map(|place| p.get(*place).copied())
        .collect()
}

/// Sorted values back to the order of the p-values they belong to.
fn back(p: &[f64], sorted: &[f64]) -> Vec<f64> {
    let mut values = vec![1.0; p.len()];
    for (place, value) in order(p).into_iter().zip(sorted) {
        if let Some(slot) = values.get_mut(place) {
            *slot = value.min(1.0);
        }
    }
    values
}

/// The running maximum of `step(i, p(i))`, i from 1.
fn upwards(p: &[f64], step: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut most: f64 = 0.0;
    let steps = in_order(p).into_iter().enumerate();
    steps
        .map(|(i, p)| {
            most = most.max(step(i as f64 + 1.0, p));
            most
        })
        .collect()
}

/// The running minimum of `step(i, p(i))` from the largest p-value down.
fn downwards(p: &[f64], step: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut least = f64::INFINITY;
    let mut values: Vec<f64> = in_order(p)
        .into_iter()
        .enumerate()
        .rev()
        .map(|(i, p)| {
            least = least.min(step(i as f64 + 1.0, p));
            least
        })
        .collect();
    values.reverse();
    values
}

/// Wright's algorithm on sorted p-values.
fn hommel(p: &[f64]) -> Vec<f64> {
    let k = p.len();
    let steps = p.iter().enumerate();
    // the Simes test of all k together: no closed test rejects anything below its level
    let simes = steps.fold(f64::INFINITY, |least, (i, p)| {
        least.min(k as f64 * p / (i as f64 + 1.0))
    });
    let mut highest = vec![simes; k];
    for size in (2..k).rev() {
        // the largest p-values: those a Simes test of `size` hypotheses may always include
        let (small, large) = p.split_at(k - size + 1);
        let m = size as f64;
        let least = large
            .iter()
            .enumerate()
            .fold(f64::INFINITY, |least, (i, p)| {
                least.min(m * p / (i as f64 + 2.0))
            });
        let of_small = small.iter().map(|p| (m * p).min(least));
        let last = small.last().map_or(least, |p| (m * p).min(least));
        let of_large = large.iter().map(|_| last);
        for (slot, value) in highest.iter_mut().zip(of_small.chain(of_large)) {
            *slot = slot.max(value);
        }
    }
    highest
        .iter()
        // a hypothesis alone is tested by its own p-value, the closed test of size 1
        .zip(p)
        .map(|(value, p)| value.max(*p))
        .collect()
}
