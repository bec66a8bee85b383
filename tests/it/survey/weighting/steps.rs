//! Trimming, nonresponse, scaling and diagnostics.

use opine::internals::survey::weighting::{
    Auxiliaries, CalibrateOptions, Calibration, Columns, Distance, Error, LimitUnit, Limits,
    Margin, Margins, MissingPolicy, RakeOptions, Redistribute, ScaleTo, StrictOptions, Variable,
    calibrate, diagnose, diagnose_by, inverse_probabilities, nonresponse, normalise, trim,
    trim_strictly, warnings,
};
use proptest::prelude::*;

/// A calibration over more rows than one chunk has, and residuals on it.
pub fn calibrated_large(base: &[f64]) -> Vec<f64> {
    let rows = base.len();
    let levels: Vec<String> = (0..4).map(|level| level.to_string()).collect();
    let columns = Columns::new(rows)
        .levels(
            "a",
            levels,
            (0..rows).map(|row| (row * row % 4) as u32).collect(),
        )
        .and_then(|columns| columns.number("y", (0..rows).map(|row| (row % 89) as f64).collect()))
        .unwrap();
    let calibration = Calibration::prepare(columns.clone(), base.to_vec()).unwrap();
    let mut z: Vec<f64> = (0..rows).map(|row| (row % 13) as f64).collect();
    calibration.residual(&mut z).unwrap();
    let sum: f64 = base.iter().sum();
    let totals = [1.0, 0.26, 0.0, 0.0, 43.0]
        .map(|share| share * sum)
        .to_vec();
    let auxiliaries = Auxiliaries::new(columns, totals).unwrap();
    let made = calibrate(
        &auxiliaries,
        base,
        Distance::Raking,
        CalibrateOptions::default(),
    );
    z.extend(made.unwrap().weights);
    z
}

fn limits(low: Option<f64>, high: Option<f64>, unit: LimitUnit) -> Limits {
    Limits { low, high, unit }
}

const WEIGHTS: [f64; 6] = [0.0, 1.0, 2.0, 2.0, 3.0, 12.0];

#[test]
fn one_pass_of_trimming() {
    let high = limits(None, Some(4.0), LimitUnit::Weight);
    let trimmed = trim(&WEIGHTS, high, Redistribute::Equally).unwrap();
    assert_eq!(trimmed.weights, [0.0, 3.0, 4.0, 4.0, 5.0, 4.0]);
    assert_eq!((trimmed.outside, trimmed.cut, trimmed.passes), (1, 8.0, 1));
    let lost = trim(&WEIGHTS, high, Redistribute::Not).unwrap();
    assert_eq!(lost.weights, [0.0, 1.0, 2.0, 2.0, 3.0, 4.0]);
    let low = limits(Some(1.5), None, LimitUnit::Weight);
    assert_eq!(
        trim(&WEIGHTS, low, Redistribute::Not).unwrap().weights[..3],
        [0.0, 1.5, 2.0]
    );
}

#[test]
fn bounds_in_other_units() {
    let bounds = |low, high, unit| {
        limits(Some(low), Some(high), unit)
            .bounds(&WEIGHTS)
            .unwrap()
    };
    assert_eq!(bounds(0.5, 3.0, LimitUnit::Median), (1.0, 6.0));
    assert_eq!(bounds(0.5, 2.0, LimitUnit::Mean), (2.0, 8.0));
    assert_eq!(bounds(0.25, 0.75, LimitUnit::Quantile), (2.0, 3.0));
    let refused = |low, high, unit| {
        limits(low, high, unit)
            .bounds(&WEIGHTS)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(Some(3.0), Some(2.0), LimitUnit::Weight).contains("3 and 2"));
    assert!(refused(None, Some(1.5), LimitUnit::Quantile).contains("none and 1.5"));
    assert!(refused(Some(f64::NAN), None, LimitUnit::Weight).contains("NaN"));
}

proptest! {
    #[test]
    fn strict_trimming_keeps_sum_and_bounds(weights in prop::collection::vec(0.1_f64..10.0, 5..100)) {
        let both = limits(Some(0.4), Some(2.0), LimitUnit::Mean);
        let trimmed = trim_strictly(&weights, both, StrictOptions::default(), |w| Ok(w.to_vec()));
        let Ok(trimmed) = trimmed else {
            // nobody inside, which may be with few rows
            return Ok(());
        };
        let (low, high) = trimmed.bounds;
        prop_assert!(trimmed.weights.iter().all(|w| *w > low * 0.999999 && *w < high * 1.000001));
        let sums = (trimmed.weights.iter().sum::<f64>(), weights.iter().sum::<f64>());
        prop_assert!((sums.0 - sums.1).abs() < 1e-9 * sums.1);
    }
}

#[test]
fn strict_trimming_with_raking_until_both_hold() {
    let rows = 600;
    let codes = |by: usize, n: usize| -> Vec<u32> {
        (0..rows).map(|row| (row * row / by % n) as u32).collect()
    };
    let levels = |n: usize| {
        (0..n)
            .map(|level| level.to_string())
            .collect::<Vec<String>>()
    };
    let margins = [
        Margin::new("a", levels(3), codes(1, 3), vec![0.5, 0.4, 0.1]),
        Margin::new("b", levels(2), codes(5, 2), vec![0.6, 0.4]),
    ];
    // squares are 0 or 1 modulo 3: the third level needs people
    let mut margins = margins;
    margins[0].codes[..120].fill(2);
    let margins = Margins::new(&margins, rows, MissingPolicy::Refuse, None).unwrap();
    let base: Vec<f64> = (0..rows)
        .map(|row| {
            if row % 50 == 7 {
                6.0
            } else {
                1.0 + (row % 3) as f64 / 9.0
            }
        })
        .collect();
    let again = |w: &[f64]| Ok(margins.rake(w, RakeOptions::default())?.weights);
    let raked = again(&base).unwrap();
    let cap = limits(None, Some(2.5), LimitUnit::Weight);
    let trimmed = trim_strictly(&raked, cap, StrictOptions::default(), again).unwrap();
    assert!(trimmed.passes > 1);
    assert!(trimmed.weights.iter().all(|w| *w <= 2.5 * (1.0 + 1e-9)));
    for fit in margins.fit(&base, &trimmed.weights).unwrap() {
        assert!((fit.after_share - fit.target_share).abs() < 1e-9);
    }
    let impossible = limits(None, Some(1.2), LimitUnit::Weight);
    let options = StrictOptions {
        iterations: 20,
        ..StrictOptions::default()
    };
    let error = trim_strictly(&raked, impossible, options, again).unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotTrimmed { passes: 20, .. } | Error::NobodyInside { .. }
        ),
        "{error}"
    );
}

#[test]
fn respondents_stand_for_their_class() {
    let levels = ["north".to_owned(), "south".to_owned(), "sea".to_owned()];
    let class = Variable {
        name: "region",
        levels: &levels,
        codes: &[0, 0, 0, 1, 1],
    };
    let base = [1.0, 2.0, 3.0, 4.0, 5.0];
    let made = nonresponse(&base, &[true, true, false, true, false], class).unwrap();
    assert_eq!(made.weights, [2.0, 4.0, 0.0, 9.0, 0.0]);
    assert_eq!(made.classes.len(), 2);
    assert_eq!(
        (
            made.classes[0].respondents,
            made.classes[0].rows,
            made.classes[0].factor
        ),
        (2, 3, 2.0)
    );
    let error = nonresponse(&base, &[true, true, true, false, false], class).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("nobody answered in region “south” (2 rows)")
    );
}

#[test]
fn base_weights_and_their_scale() {
    assert_eq!(
        inverse_probabilities(&[0.5, 1.0, 0.1]).unwrap(),
        [2.0, 1.0, 10.0]
    );
    for wrong in [0.0, -0.1, 1.5, f64::NAN] {
        let error = inverse_probabilities(&[0.5, wrong])
            .unwrap_err()
            .to_string();
        assert!(error.contains("row 2"), "{error}");
    }
    assert_eq!(
        normalise(&[1.0, 3.0, 0.0], ScaleTo::Respondents).unwrap(),
        [0.5, 1.5, 0.0]
    );
    assert_eq!(
        normalise(&[1.0, 3.0], ScaleTo::Total(400.0)).unwrap(),
        [100.0, 300.0]
    );
    assert!(normalise(&[0.0], ScaleTo::Respondents).is_err());
    assert!(normalise(&[1.0], ScaleTo::Total(f64::NAN)).is_err());
}

#[test]
fn the_cost_of_weights() {
    let found = diagnose(&WEIGHTS).unwrap();
    assert_eq!((found.n, found.zero, found.sum), (5, 1, 20.0));
    assert!((found.deff - 5.0 * 162.0 / 400.0).abs() < 1e-12);
    assert!((found.n_eff - 5.0 / found.deff).abs() < 1e-12);
    assert_eq!(
        (found.median, found.max_to_min, found.max_to_median),
        (2.0, 12.0, 6.0)
    );
    assert_eq!(found.extreme, [5]);
    assert!(
        diagnose(&[0.0; 3]).is_err() && diagnose(&[f64::NAN]).is_err() && diagnose(&[]).is_err()
    );
    let levels = ["x".to_owned(), "y".to_owned(), "z".to_owned()];
    let groups = Variable {
        name: "g",
        levels: &levels,
        codes: &[0, 0, 1, 1, 1, 1],
    };
    let by_group = diagnose_by(&WEIGHTS, groups).unwrap();
    assert_eq!(by_group.len(), 2);
    assert_eq!(by_group[0].1.deff, 1.0);
    assert_eq!(by_group[1].1.n, 4);
}

#[test]
fn warnings_in_plain_words() {
    let codes: Vec<u32> = (0..1000)
        .map(|row| u32::from(row < 20) + u32::from(row < 6))
        .collect();
    let levels = vec!["most".to_owned(), "some".to_owned(), "few".to_owned()];
    let margin = Margin::new("age", levels, codes, vec![0.5, 0.3, 0.2]);
    let margins = Margins::new(&[margin], 1000, MissingPolicy::Refuse, None).unwrap();
    let base = [1.0; 1000];
    let weights = margins.poststratify(&base).unwrap();
    let found = warnings(
        &diagnose(&weights).unwrap(),
        &margins.fit(&base, &weights).unwrap(),
    );
    let codes: Vec<&str> = found.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["deff", "high-weight", "range", "few", "few"]);
    assert!(
        found[3].text.contains("age “some” has only 14 respondents"),
        "{}",
        found[3].text
    );
    let unweighted = warnings(
        &diagnose(&base).unwrap(),
        &margins.fit(&base, &base).unwrap(),
    );
    assert!(
        unweighted
            .iter()
            .all(|warning| warning.code == "off-target")
    );
}
