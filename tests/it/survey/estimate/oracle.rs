//! Random designs of two stages against the formulas, written down a second time.

use std::collections::{BTreeMap, BTreeSet};

use opine::internals::frames::Estimate;
use opine::internals::survey::design::{Design, Lonely};
use opine::internals::survey::microdata::{MemoryColumn, Source};
use proptest::prelude::*;

use crate::survey::estimate::samples::*;

/// Units that were not drawn: of each stratum, and of each PSU.
#[derive(Clone, Debug)]
struct Left {
    of_stratum: [u8; 4],
    of_psu: [u8; 3],
    stages: usize,
    fractions: bool,
}

fn left() -> impl Strategy<Value = Left> {
    let kinds = (0..3usize, any::<bool>());
    (
        prop::array::uniform4(0..3u8),
        prop::array::uniform3(0..3u8),
        kinds,
    )
        .prop_map(|(of_stratum, of_psu, (stages, fractions))| Left {
            of_stratum,
            of_psu,
            stages,
            fractions,
        })
}

/// PSUs of a stratum, SSUs of a PSU, as labels.
fn units(people: &[Person], stratum: u8, psu: Option<u8>) -> BTreeSet<u8> {
    let of = people
        .iter()
        .filter(|p| p.stratum == stratum && psu.is_none_or(|psu| p.psu == psu));
    of.map(|p| if psu.is_none() { p.psu } else { p.ssu })
        .collect()
}

impl Left {
    /// (n, N) of the first or second stage.
    fn counts(&self, people: &[Person], stratum: u8, psu: Option<u8>) -> (f64, f64) {
        let sampled = units(people, stratum, psu).len() as f64;
        let left = match psu {
            None => self.of_stratum[usize::from(stratum)],
            Some(psu) => self.of_psu[usize::from(psu)],
        };
        (sampled, sampled + f64::from(left))
    }

    fn fpc(&self, people: &[Person], p: &Person, stage: usize) -> f64 {
        let (n, population) = self.counts(people, p.stratum, (stage == 2).then_some(p.psu));
        if self.fractions {
            n / population
        } else {
            population
        }
    }

    fn fraction(&self, people: &[Person], stratum: u8, psu: Option<u8>) -> f64 {
        let stage = if psu.is_none() { 1 } else { 2 };
        let (n, population) = self.counts(people, stratum, psu);
        if self.stages >= stage {
            n / population
        } else {
            0.0
        }
    }

    fn design(&self, lonely: Lonely) -> Design {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Design {
            weights: Some("w".to_owned()),
            strata: names(&["stratum"]),
            psu: names(&["psu", "ssu"]),
            fpc: names(&["fpc1", "fpc2"][..self.stages]),
            nest: true,
            lonely,
            ..Design::default()
        }
    }

    fn sample(&self, people: &[Person]) -> opine::internals::survey::microdata::Memory {
        let plain = sample(people);
        let names = plain.codebook().variables.iter().map(|v| v.name.as_str());
        let mut columns: Vec<(&str, MemoryColumn)> =
            names.zip(plain.columns().iter().cloned()).collect();
        for (stage, name) in [(1, "fpc1"), (2, "fpc2")] {
            let fpc = people.iter().map(|p| self.fpc(people, p, stage)).collect();
            columns.push((name, MemoryColumn::Numbers(fpc)));
        }
        memory(columns)
    }

    /// V of the scores u of the respondents, of whom those `in_it` answered; NaN where the choice has nothing to say.
    fn variance(&self, people: &[Person], u: &[f64], in_it: &[bool], lonely: Lonely) -> f64 {
        let mut totals: BTreeMap<(u8, u8), f64> = BTreeMap::new();
        for (p, u) in people.iter().zip(u) {
            *totals.entry((p.stratum, p.psu)).or_default() += u;
        }
        let grand = totals.values().sum::<f64>() / totals.len() as f64;
        let strata: BTreeSet<u8> = people.iter().map(|p| p.stratum).collect();
        let answered = |stratum: u8| {
            let pairs = people.iter().zip(in_it);
            pairs
                .filter(|(p, in_it)| p.stratum == stratum && **in_it)
                .count()
                > 0
        };
        let (mut variance, mut below, mut all, mut alone) = (0.0, 0.0, 0, 0);
        for stratum in &strata {
            all += usize::from(answered(*stratum));
            let of: Vec<f64> = totals
                .iter()
                .filter(|(k, _)| k.0 == *stratum)
                .map(|(_, u)| *u)
                .collect();
            let f = self.fraction(people, *stratum, None);
            if of.len() == 1 && f < 1.0 {
                alone += usize::from(answered(*stratum));
                if lonely == Lonely::Adjust {
                    variance += (1.0 - f) * (of[0] - grand).powi(2);
                }
            } else {
                variance += between(&of, f);
            }
            if self.stages == 2 {
                below += f * self.second(people, u, *stratum);
            }
        }
        if lonely == Lonely::Average && alone > 0 {
            variance *= match all - alone {
                0 => f64::NAN,
                others => all as f64 / others as f64,
            };
        }
        variance + below
    }

    /// Σ V of the PSUs of a stratum.
    fn second(&self, people: &[Person], u: &[f64], stratum: u8) -> f64 {
        let psus = units(people, stratum, None).into_iter();
        psus.map(|psu| {
            let total = |ssu: u8| -> f64 {
                let pairs = people.iter().zip(u);
                pairs
                    .filter(|(p, _)| (p.stratum, p.psu, p.ssu) == (stratum, psu, ssu))
                    .map(|(_, u)| u)
                    .sum()
            };
            let of: Vec<f64> = units(people, stratum, Some(psu))
                .into_iter()
                .map(total)
                .collect();
            between(&of, self.fraction(people, stratum, Some(psu)))
        })
        .sum()
    }

    /// Whether some PSU has one SSU of several.
    fn lonely_below(&self, people: &[Person]) -> bool {
        let mut psus = people.iter().map(|p| (p.stratum, Some(p.psu)));
        self.stages == 2
            && psus.any(|(stratum, psu)| {
                let (n, population) = self.counts(people, stratum, psu);
                n == 1.0 && population > 1.0
            })
    }
}

/// (1 − f) n/(n − 1) Σ (u − ū)², 0 for a single unit.
fn between(u: &[f64], f: f64) -> f64 {
    let n = u.len() as f64;
    if u.len() < 2 {
        return 0.0;
    }
    let mean = u.iter().sum::<f64>() / n;
    (1.0 - f) * n / (n - 1.0) * u.iter().map(|u| (u - mean).powi(2)).sum::<f64>()
}

/// The pair of numbers of a respondent that a ratio is made of.
fn pair(item: &str, p: &Person) -> Option<(f64, f64)> {
    match item {
        "mean(y)" | "total(y)" => p.y.map(|y| (y, 1.0)),
        "ratio(y, x)" => p.y.map(|y| (y, p.x)),
        "prop(q == 'yes')" => p.answer.map(|q| (f64::from(u8::from(q == 0)), 1.0)),
        "mean(y) - mean(x)" => p.y.map(|y| (y - p.x, 1.0)),
        _ => Some((1.0, 1.0)),
    }
}

/// Whether a respondent is one of those in a domain that a statistic is made from.
fn answers(item: &str, p: &Person, inside: &dyn Fn(&Person) -> bool) -> bool {
    inside(p) && p.weight > 0.0 && pair(item, p).is_some()
}

/// A statistic of those in a domain: the estimate and everyone's score.
fn linearised(
    item: &str,
    people: &[Person],
    inside: &dyn Fn(&Person) -> bool,
) -> Option<(f64, Vec<f64>)> {
    let of = |p: &Person| if inside(p) { pair(item, p) } else { None };
    let sum = |part: fn((f64, f64)) -> f64| -> f64 {
        people
            .iter()
            .filter_map(|p| of(p).map(|pair| p.weight * part(pair)))
            .sum()
    };
    let (above, below) = (sum(|pair| pair.0), sum(|pair| pair.1));
    if item.starts_with("total") || item.starts_with("count") {
        let scores = people
            .iter()
            .map(|p| of(p).map_or(0.0, |pair| p.weight * pair.0));
        return Some((above, scores.collect()));
    }
    if below == 0.0 {
        return None;
    }
    let estimate = above / below;
    let score = |p: &Person| of(p).map_or(0.0, |(y, x)| p.weight * (y - estimate * x) / below);
    Some((estimate, people.iter().map(score).collect()))
}

/// PSUs less strata among those with a weight in the domain.
fn df(people: &[Person], inside: &dyn Fn(&Person) -> bool) -> f64 {
    let of = || people.iter().filter(|p| inside(p) && p.weight > 0.0);
    let psus: BTreeSet<(u8, u8)> = of().map(|p| (p.stratum, p.psu)).collect();
    let strata: BTreeSet<u8> = of().map(|p| p.stratum).collect();
    psus.len() as f64 - strata.len() as f64
}

const ASKED: [&str; 6] = [
    "mean(y)",
    "total(y)",
    "ratio(y, x)",
    "prop(q == 'yes')",
    "mean(y) - mean(x)",
    "count()",
];

fn check(
    row: &Estimate,
    expected: Option<(f64, f64, f64)>,
    size: f64,
) -> Result<(), TestCaseError> {
    let Some((estimate, variance, df)) = expected else {
        prop_assert_eq!(row.estimate, None);
        return Ok(());
    };
    let near = |a: Option<f64>, b: f64, slack: f64| {
        a.is_some_and(|a| (a - b).abs() <= 1e-9 * b.abs() + slack)
    };
    prop_assert!(
        near(row.estimate, estimate, 1e-12 * size),
        "{row:?} {estimate}"
    );
    if variance.is_nan() {
        prop_assert_eq!(row.se, None);
        prop_assert!(row.note.starts_with("no variance"), "{row:?}");
    } else {
        prop_assert!(
            near(row.se, variance.sqrt(), 1e-7 * size),
            "{row:?} {}",
            variance.sqrt()
        );
    }
    prop_assert_eq!(row.df, Some(df));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn designs_of_two_stages_follow_the_formulas(people in people(), left in left(), at in 0..4usize) {
        let lonely = [Lonely::Remove, Lonely::Certainty, Lonely::Adjust, Lonely::Average][at];
        // what a lonely unit of the second stage adds under these is not the formula of the first
        if left.lonely_below(&people) && at > 1 {
            return Ok(());
        }
        let (design, sample) = (left.design(lonely), left.sample(&people));
        let answer = ask(&sample, &design, &ASKED, &["g"], None);
        let zeros = vec![0.0; people.len()];
        if left.variance(&people, &zeros, &vec![true; people.len()], lonely).is_nan() {
            prop_assert!(answer.is_err());
            return Ok(());
        }
        let answer = rows(answer);
        for (code, name) in ["b", "a", "c"].iter().enumerate() {
            let inside = |p: &Person| p.group == Some(code as u8);
            let of: Vec<&Estimate> = answer.iter().filter(|row| row.group("g") == *name).collect();
            prop_assert_eq!(of.is_empty(), !people.iter().any(inside));
            for (item, row) in ASKED.iter().zip(of) {
                let expected = linearised(item, &people, &inside);
                let size = expected.as_ref().map_or(0.0, |(estimate, u)| {
                    estimate.abs() + u.iter().map(|u| u.abs()).sum::<f64>()
                });
                let expected = expected.map(|(estimate, u)| {
                    let in_it: Vec<bool> = people.iter().map(|p| answers(item, p, &inside)).collect();
                    let variance = left.variance(&people, &u, &in_it, lonely);
                    (estimate, variance, df(&people, &inside))
                });
                check(row, expected, size)?;
            }
        }
    }
}
