//! Calibration: what must always hold, and what is refused.

use opine::internals::survey::weighting::{
    Auxiliaries, CalibrateOptions, Calibration, Columns, Distance, Error, MISSING, Margin,
    MissingPolicy, RakeOptions, calibrate, poststratify, rake,
};
use proptest::prelude::*;

fn levels(n: usize) -> Vec<String> {
    (0..n).map(|level| format!("l{level}")).collect()
}

fn calibrated(
    auxiliaries: &Auxiliaries,
    base: &[f64],
    distance: Distance,
) -> Result<Vec<f64>, Error> {
    Ok(calibrate(auxiliaries, base, distance, CalibrateOptions::default())?.weights)
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1e-12)
}

const A: u32 = 3;
const B: u32 = 2;

#[derive(Clone, Debug)]
struct Drawn {
    a: Vec<u32>,
    b: Vec<u32>,
    y: Vec<f64>,
    base: Vec<f64>,
    /// Some weights not far from the base weights, whose totals can therefore be reached.
    other: Vec<f64>,
}

impl Drawn {
    fn columns(&self) -> Columns {
        Columns::new(self.a.len())
            .levels("a", levels(A as usize), self.a.clone())
            .and_then(|columns| columns.levels("b", levels(B as usize), self.b.clone()))
            .unwrap()
    }

    fn total(&self, of: impl Fn(usize) -> f64) -> f64 {
        (0..self.a.len()).map(|row| self.other[row] * of(row)).sum()
    }

    fn is(&self, codes: &[u32], level: u32) -> f64 {
        self.total(|row| f64::from(u8::from(codes[row] == level)))
    }

    fn margins(&self) -> [Margin; 2] {
        let margin = |name, codes: &Vec<u32>, n: u32| {
            let targets = (0..n).map(|level| self.is(codes, level)).collect();
            Margin::new(name, levels(n as usize), codes.clone(), targets)
        };
        [margin("a", &self.a, A), margin("b", &self.b, B)]
    }

    fn totals(&self) -> Vec<f64> {
        let dummies = (1..A)
            .map(|level| self.is(&self.a, level))
            .chain((1..B).map(|level| self.is(&self.b, level)));
        [self.total(|_| 1.0)].into_iter().chain(dummies).collect()
    }

    fn with_number(&self) -> Auxiliaries {
        let columns = self.columns().number("y", self.y.clone()).unwrap();
        let mut totals = self.totals();
        totals.push(self.total(|row| self.y[row]));
        Auxiliaries::new(columns, totals).unwrap()
    }
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (20_usize..150).prop_flat_map(|rows| {
        let b = prop::collection::vec(0..B, rows);
        let y = prop::collection::vec(-3.0_f64..9.0, rows);
        let base = prop::collection::vec(0.5_f64..3.0, rows);
        let ratio = prop::collection::vec(0.8_f64..1.25, rows);
        (b, y, base, ratio).prop_map(move |(b, y, base, ratio)| Drawn {
            a: (0..rows as u32).map(|row| row % A).collect(),
            b: b.iter()
                .enumerate()
                .map(|(row, b)| if row < 6 { row as u32 / 3 } else { *b })
                .collect(),
            y,
            other: base.iter().zip(&ratio).map(|(d, r)| d * r).collect(),
            base,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn totals_hold_with_every_distance(drawn in drawn()) {
        let auxiliaries = drawn.with_number();
        let (low, high) = (0.5, 2.0);
        for distance in [
            Distance::Linear,
            Distance::Raking,
            Distance::Logit { low, high },
            Distance::LinearBounded { low, high },
        ] {
            let weights = calibrated(&auxiliaries, &drawn.base, distance).unwrap();
            let sum = |of: &dyn Fn(usize) -> f64| (0..weights.len()).map(|row| weights[row] * of(row)).sum::<f64>();
            let size: f64 = drawn.other.iter().sum();
            prop_assert!(near(sum(&|_| 1.0), auxiliaries.totals()[0], 1e-9));
            let of_y = sum(&|row| drawn.y[row]) - auxiliaries.totals()[4];
            prop_assert!(of_y.abs() < 1e-8 * size);
            if !matches!(distance, Distance::Linear) {
                for (new, old) in weights.iter().zip(&drawn.base) {
                    prop_assert!(*new > 0.0);
                    let bounded = matches!(distance, Distance::Logit { .. } | Distance::LinearBounded { .. });
                    let ratio = new / old;
                    prop_assert!(!bounded || (low - 1e-12..=high + 1e-12).contains(&ratio));
                }
            }
        }
    }

    #[test]
    fn linear_with_one_variable_is_poststratification(drawn in drawn()) {
        let [a, _] = drawn.margins();
        let columns = Columns::from_margins(std::slice::from_ref(&a), a.codes.len()).unwrap();
        let totals = drawn.totals()[..A as usize].to_vec();
        // a sum near 100 would be per cents without
        let population = Some(totals[0]);
        let auxiliaries = Auxiliaries::new(columns, totals).unwrap();
        let post = poststratify(&a, &drawn.base, MissingPolicy::Refuse, population).unwrap();
        for (new, old) in calibrated(&auxiliaries, &drawn.base, Distance::Linear).unwrap().iter().zip(&post) {
            prop_assert!(near(*new, *old, 1e-10));
        }
    }

    #[test]
    fn the_raking_distance_rakes(drawn in drawn()) {
        let auxiliaries = Auxiliaries::new(drawn.columns(), drawn.totals()).unwrap();
        let population = Some(drawn.totals()[0]);
        let raked = rake(&drawn.margins(), &drawn.base, MissingPolicy::Refuse, population, RakeOptions::default());
        let raked = raked.unwrap().weights;
        for (new, old) in calibrated(&auxiliaries, &drawn.base, Distance::Raking).unwrap().iter().zip(&raked) {
            prop_assert!(near(*new, *old, 1e-8), "{new} {old}");
        }
    }

    #[test]
    fn residuals_are_orthogonal_and_no_column_is_left(drawn in drawn()) {
        let columns = drawn.columns().number("y", drawn.y.clone()).unwrap();
        let calibration = Calibration::prepare(columns, drawn.base.clone()).unwrap();
        let dummy: Vec<f64> = drawn.a.iter().map(|code| f64::from(u8::from(*code == 2))).collect();
        let z: Vec<f64> = drawn.y.iter().map(|y| y * y).collect();
        let mut variables = [drawn.y.clone(), dummy.clone(), z];
        calibration.residuals(&mut variables).unwrap();
        prop_assert!(variables[..2].iter().flatten().all(|e| e.abs() < 1e-9));
        let against = |x: &dyn Fn(usize) -> f64| -> f64 {
            (0..dummy.len()).map(|row| drawn.base[row] * variables[2][row] * x(row)).sum()
        };
        prop_assert!(against(&|_| 1.0).abs() < 1e-8);
        prop_assert!(against(&|row| dummy[row]).abs() < 1e-8);
        prop_assert!(against(&|row| drawn.y[row]).abs() < 1e-7);
    }
}

#[test]
fn bounds_that_bind_are_kept() {
    let y: Vec<f64> = (0..40).map(f64::from).collect();
    let columns = Columns::new(40).number("y", y).unwrap();
    let auxiliaries = Auxiliaries::new(columns, vec![40.0, 950.0]).unwrap();
    let free = calibrated(&auxiliaries, &[1.0; 40], Distance::Linear).unwrap();
    assert!(free.iter().any(|w| *w < 0.55));
    let distance = Distance::LinearBounded {
        low: 0.55,
        high: 1.42,
    };
    let cut = calibrated(&auxiliaries, &[1.0; 40], distance).unwrap();
    assert!(cut.iter().filter(|w| **w == 0.55).count() > 0);
    let sum: f64 = cut.iter().enumerate().map(|(y, w)| y as f64 * w).sum();
    assert!(near(sum, 950.0, 1e-9) && near(cut.iter().sum(), 40.0, 1e-9));
}

#[test]
fn what_cannot_be_reached_is_named() {
    let y: Vec<f64> = (0..40).map(f64::from).collect();
    let columns = Columns::new(40).number("age", y).unwrap();
    let auxiliaries = Auxiliaries::new(columns, vec![40.0, 1500.0]).unwrap();
    for distance in [
        Distance::Logit {
            low: 0.5,
            high: 1.5,
        },
        Distance::LinearBounded {
            low: 0.5,
            high: 1.5,
        },
    ] {
        let error = calibrated(&auxiliaries, &[1.0; 40], distance).unwrap_err();
        let Error::Unreachable {
            auxiliary, reached, ..
        } = &error
        else {
            panic!("{error}")
        };
        assert!(auxiliary == "age" || auxiliary == "(Intercept)", "{error}");
        assert!(reached.is_finite(), "{error}");
    }
    // beyond the oldest: no positive weights do
    let columns = auxiliaries.columns().clone();
    let beyond = Auxiliaries::new(columns, vec![40.0, 1600.0]).unwrap();
    let error = calibrated(&beyond, &[1.0; 40], Distance::Raking).unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
}

#[test]
fn combinations_of_others_are_named_or_left_out() {
    let y = vec![1.0, 2.0, 3.0, 5.0, 8.0, 13.0];
    let twice: Vec<f64> = y.iter().map(|y| 2.0 * y + 1.0).collect();
    let columns = Columns::new(6)
        .number("y", y)
        .and_then(|c| c.number("twice", twice))
        .unwrap();
    let with = |total| {
        let auxiliaries = Auxiliaries::new(columns.clone(), vec![6.0, 35.0, total]).unwrap();
        calibrate(
            &auxiliaries,
            &[1.0; 6],
            Distance::Raking,
            CalibrateOptions::default(),
        )
    };
    assert_eq!(with(76.0).unwrap().redundant, ["twice"]);
    let error = with(80.0).unwrap_err();
    let Error::Dependent {
        auxiliary, implied, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert!(
        auxiliary == "twice" && near(*implied, 76.0, 1e-9),
        "{error}"
    );
}

#[test]
fn a_number_that_is_the_same_everywhere_is_a_combination() {
    let base: Vec<f64> = (0..50).map(|row| 1.0 + f64::from(row % 7) / 3.0).collect();
    let sum: f64 = base.iter().sum();
    let with = |total| {
        let columns = Columns::new(50).number("year", vec![2026.1; 50]).unwrap();
        let auxiliaries = Auxiliaries::new(columns, vec![2.0 * sum, total]).unwrap();
        calibrate(
            &auxiliaries,
            &base,
            Distance::Linear,
            CalibrateOptions::default(),
        )
    };
    assert_eq!(with(2026.1 * 2.0 * sum).unwrap().redundant, ["year"]);
    let error = with(2000.0 * sum).unwrap_err();
    assert!(matches!(error, Error::Dependent { .. }), "{error}");
}

#[test]
fn a_bare_number_without_a_constant_scales() {
    let columns = Columns::without_constant(3)
        .number("y", vec![1.0, 2.0, 3.0])
        .unwrap();
    let auxiliaries = Auxiliaries::new(columns, vec![12.0]).unwrap();
    let weights = calibrated(&auxiliaries, &[1.0; 3], Distance::Linear).unwrap();
    let sum: f64 = weights
        .iter()
        .zip([1.0, 2.0, 3.0])
        .map(|(w, y)| w * y)
        .sum();
    assert!(near(sum, 12.0, 1e-10));
    // without a constant the first variable has a dummy for each level
    let columns = Columns::without_constant(3)
        .levels("a", levels(2), vec![0, 1, 1])
        .unwrap();
    assert_eq!(columns.names(), ["al0", "al1"]);
}

#[test]
fn what_is_wrong_with_auxiliaries_is_named() {
    let columns = || {
        Columns::new(4)
            .levels("a", levels(3), vec![0, 0, 1, 1])
            .unwrap()
    };
    assert_eq!(columns().names(), ["(Intercept)", "al1", "al2"]);
    let total = |name: &str, total| (name.to_owned(), total);
    let all = [
        total("(Intercept)", 9.0),
        total("al1", 4.0),
        total("al2", 1.0),
    ];
    let empty = Auxiliaries::named(columns(), &all).unwrap();
    let refused = |auxiliaries, base: &[f64]| {
        calibrated(auxiliaries, base, Distance::Linear)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&empty, &[1.0; 4]).contains("“al2” is 0 in all rows"));
    assert!(refused(&empty, &[1.0, 1.0, -1.0, 1.0]).contains("row 3"));
    assert!(refused(&empty, &[0.0; 4]).contains("at least one must be above 0"));
    let named = |totals: &[(String, f64)]| {
        Auxiliaries::named(columns(), totals)
            .unwrap_err()
            .to_string()
    };
    assert!(named(&all[..2]).contains("“al2” has no total"));
    assert!(named(&[total("al9", 1.0)]).contains("did you mean"));
    let distance = Distance::Logit {
        low: 1.1,
        high: 2.0,
    };
    assert!(matches!(
        calibrated(&empty, &[1.0; 4], distance),
        Err(Error::Bounds { .. })
    ));
    let unknown = Columns::new(2)
        .levels("a", levels(2), vec![0, MISSING])
        .unwrap();
    let unknown = Auxiliaries::new(unknown, vec![2.0, 0.0]).unwrap();
    assert!(refused(&unknown, &[1.0; 2]).contains("a is missing in 1 row:"));
}

#[test]
fn rows_out_of_the_sample_need_no_answers() {
    let columns = Columns::new(5)
        .levels("a", levels(2), vec![0, 1, 1, MISSING, 0])
        .and_then(|columns| columns.number("y", vec![1.0, 2.0, 3.0, 1.0, f64::NAN]))
        .unwrap();
    assert_eq!(columns.complete(), [true, true, true, false, false]);
    let auxiliaries = Auxiliaries::new(columns, vec![4.0, 2.0, 8.0]).unwrap();
    let weights = calibrated(&auxiliaries, &[1.0, 1.0, 1.0, 0.0, 0.0], Distance::Linear).unwrap();
    assert_eq!(weights[3..], [0.0, 0.0]);
    assert!(near(weights[0], 2.0, 1e-9) && near(weights.iter().sum(), 4.0, 1e-9));
}
