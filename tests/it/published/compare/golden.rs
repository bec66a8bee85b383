//! Differences: golden values, a simulation for what has none, what must always hold, and the program.

use opine::internals::published::compare::{
    DifferenceMethod, Options, Pair, PartAndWhole, Relation, Share, Side, TypedFigure, TypedSample,
    independent, joint_range, joint_variance, pooled_test, two_sided,
};
use opine::internals::statistics::adjust::{Adjust, adjusted};
use proptest::prelude::*;
use serde_json::Value;

use crate::cli::program::number;

pub fn close(value: f64, reference: f64) -> bool {
    (value - reference).abs() <= 1e-9 * reference.abs() + 1e-13
}

fn golden(kind: &str) -> Vec<Value> {
    let entries: Vec<Value> =
        serde_json::from_str(include_str!("../../../golden/compare.json")).unwrap();
    let of_kind: Vec<Value> = entries.into_iter().filter(|e| e["kind"] == kind).collect();
    assert!(!of_kind.is_empty());
    of_kind
}

fn share(entry: &Value) -> Share {
    Share {
        p: number(entry, "percent") / 100.0,
        n: number(entry, "n"),
    }
}

#[test]
fn golden_differences() {
    for entry in golden("difference") {
        let method: DifferenceMethod = entry["method"].as_str().unwrap().parse().unwrap();
        let (a, b) = (share(&entry["a"]), share(&entry["b"]));
        let ci = independent(method, a, b, number(&entry, "level")).unwrap();
        assert!(close(a.p - b.p, number(&entry, "difference")), "{entry}");
        assert!(close(ci.low, number(&entry, "ci_low")), "{entry}: {ci:?}");
        assert!(close(ci.high, number(&entry, "ci_high")), "{entry}: {ci:?}");
    }
}

#[test]
fn golden_tests() {
    for entry in golden("ztest") {
        let test = pooled_test(share(&entry["a"]), share(&entry["b"])).unwrap();
        assert!(close(test.z, number(&entry, "z")), "{entry}: {test:?}");
        // p-values of 1e-300 carry the rounding of z times z: relative to that
        let p = number(&entry, "p_value");
        assert!((test.p_value / p - 1.0).abs() < 1e-9, "{entry}: {test:?}");
    }
}

#[test]
fn golden_same_question() {
    for entry in golden("same_question") {
        let of = |key: &str| Share {
            p: number(&entry, key) / 100.0,
            n: number(&entry, "n"),
        };
        let (a, b) = (of("a_percent"), of("b_percent"));
        let se = joint_variance(a, b, 0.0).sqrt();
        let z = two_sided(0.95).unwrap();
        assert!(close(se, number(&entry, "se")));
        assert!(close(a.p - b.p - z * se, number(&entry, "ci_low")));
        assert!(close(a.p - b.p + z * se, number(&entry, "ci_high")));
    }
}

#[test]
fn golden_adjustments() {
    for entry in golden("adjust") {
        let list = |key: &str| -> Vec<f64> {
            let values = entry[key].as_array().unwrap();
            values.iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let method: Adjust = entry["method"].as_str().unwrap().parse().unwrap();
        let (got, want) = (adjusted(method, &list("p")), list("adjusted"));
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(&want) {
            assert!(close(*got, *want), "{entry}: {got}");
        }
    }
}

/// Marsaglia's xorshift: small, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> f64 {
        f64::from(u8::from(self.uniform() < p))
    }
}

pub fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)
}

const SAMPLES: usize = 20_000;

/// Two million respondents: a part of 30 and a rest of 70, in 20,000 samples.
#[test]
fn a_part_and_its_whole_vary_as_simulated() {
    let (mut random, part, rest) = (Random(20_230_607), 0.7, 0.45);
    let (part_n, rest_n) = (30, 70);
    let weight = f64::from(part_n) / f64::from(part_n + rest_n);
    let differences: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            let c = (0..part_n).map(|_| random.chance(part)).sum::<f64>();
            let r = (0..rest_n).map(|_| random.chance(rest)).sum::<f64>();
            c / f64::from(part_n) - (c + r) / f64::from(part_n + rest_n)
        })
        .collect();
    let whole = weight * part + (1.0 - weight) * rest;
    let both = PartAndWhole {
        part: Share {
            p: part,
            n: f64::from(part_n),
        },
        whole: Share { p: whole, n: 100.0 },
        rest_n: f64::from(rest_n),
        part_range: (part, part),
        whole_range: (whole, whole),
    };
    let known = both.compare(Some(weight)).unwrap();
    assert!((known.rest.unwrap() - rest).abs() < 1e-12);
    // a variance of 20,000 samples has a standard error of 1%
    let ratio = known.se.0.powi(2) / variance(&differences);
    assert!((ratio - 1.0).abs() < 0.04, "{ratio}");
    let unknown = both.compare(None).unwrap();
    assert!(unknown.se.0 <= known.se.0 && known.se.0 <= unknown.se.1);
}

/// Two million respondents with two answers that go together more or less.
#[test]
fn two_answers_of_the_same_people_vary_as_simulated() {
    let (a, b, n) = (0.6, 0.35, 100);
    let (least, most) = joint_range(a, b);
    let share = |p: f64| Share { p, n: f64::from(n) };
    let (narrow, wide) = (
        joint_variance(share(a), share(b), most),
        joint_variance(share(a), share(b), least),
    );
    let mut random = Random(9_311);
    for joint in [least, 0.15, 0.21, most] {
        let differences: Vec<f64> = (0..SAMPLES)
            .map(|_| {
                let one = |random: &mut Random| match random.uniform() {
                    u if u < joint => 0.0,
                    u if u < a => 1.0,
                    u if u < a + b - joint => -1.0,
                    _ => 0.0,
                };
                (0..n).map(|_| one(&mut random)).sum::<f64>() / f64::from(n)
            })
            .collect();
        let (expected, simulated) = (
            joint_variance(share(a), share(b), joint),
            variance(&differences),
        );
        assert!(
            (expected / simulated - 1.0).abs() < 0.04,
            "{joint}: {expected} {simulated}"
        );
        assert!(narrow <= expected && expected <= wide);
    }
}

/// The 95% intervals hold the true difference about 19 times in 20.
#[test]
fn intervals_cover_as_simulated() {
    let mut random = Random(77);
    let (a, b, n) = (0.3, 0.2, 80);
    let draws = 7_000;
    let mut held = [0; 4];
    for _ in 0..draws {
        let mut draw = |p: f64| Share {
            p: (0..n).map(|_| random.chance(p)).sum::<f64>() / f64::from(n),
            n: f64::from(n),
        };
        let (x, y) = (draw(a), draw(b));
        for (count, method) in held.iter_mut().zip(DifferenceMethod::ALL) {
            let ci = independent(method, x, y, 0.95).unwrap();
            *count += usize::from(ci.low <= a - b && a - b <= ci.high);
        }
    }
    for (count, method) in held.iter().zip(DifferenceMethod::ALL) {
        let coverage = *count as f64 / f64::from(draws);
        assert!((0.93..0.97).contains(&coverage), "{method:?}: {coverage}");
    }
}

fn side(percent: f64, n: f64) -> Side<'static> {
    let sample = TypedSample {
        n: Some(n),
        ..TypedSample::default()
    };
    let figure = TypedFigure::parse(&format!("{percent:.1}")).unwrap();
    figure.side(&sample, 0.95).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn swapping_flips_the_sign(a in 0.0..100.0f64, b in 0.0..100.0f64, n in 10.0..5e3f64, m in 10.0..5e3f64) {
        let (a, b) = (side(a, n), side(b, m));
        for relation in Relation::ALL {
            let (Ok(ab), Ok(ba)) = (Pair::typed(&a, &b, relation, None), Pair::typed(&b, &a, relation, None)) else {
                continue;
            };
            let (Ok(ab), Ok(ba)) = (ab.compare(Options::default()), ba.compare(Options::default())) else {
                continue;
            };
            prop_assert_eq!(ab.row.estimate.map(|d| -d), ba.row.estimate);
            prop_assert_eq!(ab.row.p_value.is_some(), ba.row.p_value.is_some());
            if let (Some((low, high)), Some((other_low, other_high))) = (ab.row.interval(), ba.row.interval()) {
                prop_assert!((low + other_high).abs() < 1e-9 && (high + other_low).abs() < 1e-9);
                prop_assert!(low <= high);
            }
            if let (Some(p), Some(q)) = (ab.row.p_value, ba.row.p_value) {
                prop_assert!((p - q).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn intervals_hold_the_difference_and_widen_with_the_level(
        a in 0.0..=1.0f64, b in 0.0..=1.0f64, n in 5.0..1e4f64, m in 5.0..1e4f64, level in 0.5..0.99f64,
    ) {
        let (a, b) = (Share { p: a, n }, Share { p: b, n: m });
        for method in DifferenceMethod::ALL {
            let (Ok(ci), Ok(wide)) = (independent(method, a, b, level), independent(method, a, b, 0.999)) else {
                continue;
            };
            prop_assert!(-1.0 - 1e-9 <= ci.low && ci.high <= 1.0 + 1e-9);
            prop_assert!(wide.high - wide.low >= ci.high - ci.low - 1e-9);
            // Agresti and Caffo's is around a difference drawn towards 0
            if method != DifferenceMethod::AgrestiCaffo {
                prop_assert!(ci.low <= a.p - b.p + 1e-9 && a.p - b.p <= ci.high + 1e-9);
            }
        }
    }

    #[test]
    fn adjusting_never_lowers_and_keeps_the_order(p in prop::collection::vec(0.0..=1.0f64, 1..12)) {
        for method in Adjust::ALL {
            let adjusted = adjusted(method, &p);
            for (one, by) in p.iter().zip(&adjusted) {
                prop_assert!(*by >= *one - 1e-12 && *by <= 1.0, "{:?}", method);
                for (other, other_by) in p.iter().zip(&adjusted) {
                    prop_assert!(one > other || by <= &(other_by + 1e-12), "{:?}", method);
                }
            }
        }
    }
}
