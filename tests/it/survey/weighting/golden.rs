//! Weights, estimates and standard errors after weighting, against values of another program.

use opine::internals::survey::weighting::{
    CalibrateOptions, Calibration, Columns, Distance, FirstStage, Limits, Margin, Margins, Method,
    MissingPolicy, RakeOptions, Redistribute, Replicates, Variable, calibrate, poststratify, rake,
    trim,
};
use serde_json::Value;

use crate::survey::weighting::sample::{Sample, SampleDesign};

fn entries() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../golden/weights.json")).unwrap()
}

fn sample(name: &str) -> Sample {
    Sample::read(match name {
        "apisrs.csv" => include_str!("../../../golden/data/apisrs.csv"),
        "apiclus1.csv" => include_str!("../../../golden/data/apiclus1.csv"),
        "apiclus2.csv" => include_str!("../../../golden/data/apiclus2.csv"),
        "apistrat.csv" => include_str!("../../../golden/data/apistrat.csv"),
        other => panic!("no such data: {other}"),
    })
}

fn names(design: &Value, key: &str) -> Vec<String> {
    let name = |value: &Value| value.as_str().unwrap().to_owned();
    design[key]
        .as_array()
        .into_iter()
        .flatten()
        .map(name)
        .collect()
}

fn design(entry: &Value, sample: &Sample) -> SampleDesign {
    let design = &entry["design"];
    SampleDesign {
        strata: names(design, "strata")
            .first()
            .map(|name| sample.texts(name).to_vec()),
        psu: names(design, "psu")
            .iter()
            .map(|name| sample.texts(name).to_vec())
            .collect(),
        fpc: names(design, "fpc")
            .iter()
            .map(|name| sample.numbers(name))
            .collect(),
    }
}

/// What an entry's weighting is made of.
struct Weighted {
    base: Vec<f64>,
    /// Before trimming.
    untrimmed: Vec<f64>,
    weights: Vec<f64>,
    margins: Vec<Margin>,
    columns: Columns,
}

fn pairs(object: &Value) -> Vec<(String, f64)> {
    let pair = |(name, value): (&String, &Value)| (name.clone(), value.as_f64().unwrap());
    object.as_object().unwrap().iter().map(pair).collect()
}

fn weighted(entry: &Value, sample: &Sample) -> Weighted {
    let base = sample.numbers("pw");
    let spec = entry["spec"].as_object().unwrap();
    let method = entry["method"].as_str().unwrap();
    if method == "calibrate" {
        let auxiliaries = sample.auxiliaries(&pairs(&spec["totals"]));
        let bounds = spec
            .get("bounds")
            .map(|b| (b[0].as_f64().unwrap(), b[1].as_f64().unwrap()));
        let distance = match (spec["calfun"].as_str().unwrap(), bounds) {
            ("linear", None) => Distance::Linear,
            ("linear", Some((low, high))) => Distance::LinearBounded { low, high },
            ("raking", None) => Distance::Raking,
            ("logit", Some((low, high))) => Distance::Logit { low, high },
            other => panic!("{other:?}"),
        };
        let made = calibrate(&auxiliaries, &base, distance, CalibrateOptions::default()).unwrap();
        return Weighted {
            untrimmed: made.weights.clone(),
            weights: made.weights,
            margins: Vec::new(),
            columns: auxiliaries.columns().clone(),
            base,
        };
    }
    let margins: Vec<Margin> = spec
        .iter()
        .filter(|(_, targets)| targets.is_object())
        .map(|(name, targets)| sample.margin(name, &pairs(targets)))
        .collect();
    let untrimmed = match method {
        "poststratify" => poststratify(&margins[0], &base, MissingPolicy::Refuse, None).unwrap(),
        _ => {
            rake(
                &margins,
                &base,
                MissingPolicy::Refuse,
                None,
                RakeOptions::default(),
            )
            .unwrap()
            .weights
        }
    };
    let limits = Limits {
        low: spec.get("lower").and_then(Value::as_f64),
        high: spec.get("upper").and_then(Value::as_f64),
        ..Limits::default()
    };
    Weighted {
        weights: trim(&untrimmed, limits, Redistribute::Equally)
            .unwrap()
            .weights,
        columns: Columns::from_margins(&margins, sample.rows).unwrap(),
        untrimmed,
        margins,
        base,
    }
}

fn near(id: &str, what: &str, found: f64, wanted: &Value, tolerance: f64) {
    let wanted = wanted.as_f64().unwrap();
    let apart = (found - wanted).abs();
    assert!(
        apart <= tolerance * wanted.abs() + 1e-12,
        "{id}: {what} is {found}, not {wanted} ({:.1e})",
        apart / wanted.abs()
    );
}

/// The estimate, and the score of each row over its weight before trimming.
fn mean(weights: &[f64], y: &[f64]) -> (f64, Vec<f64>) {
    let known = || weights.iter().zip(y).filter(|(_, y)| !y.is_nan());
    let sum: f64 = known().map(|(w, _)| w).sum();
    let mean = known().map(|(w, y)| w * y).sum::<f64>() / sum;
    let score = |(w, y): (&f64, &f64)| {
        if y.is_nan() {
            0.0
        } else {
            w * (y - mean) / sum
        }
    };
    (mean, weights.iter().zip(y).map(score).collect())
}

fn total(weights: &[f64], y: &[f64]) -> (f64, Vec<f64>) {
    let score = |(w, y): (&f64, &f64)| if y.is_nan() { 0.0 } else { w * y };
    let scores: Vec<f64> = weights.iter().zip(y).map(score).collect();
    (scores.iter().sum(), scores)
}

#[test]
fn golden_weights() {
    for entry in entries() {
        let id = entry["id"].as_str().unwrap();
        let weights = weighted(&entry, &sample(entry["data"].as_str().unwrap())).weights;
        near(id, "the sum", weights.iter().sum(), &entry["sum"], 1e-8);
        near(
            id,
            "the sum of squares",
            weights.iter().map(|w| w * w).sum(),
            &entry["sum_sq"],
            1e-8,
        );
        near(
            id,
            "the minimum",
            weights.iter().copied().fold(f64::INFINITY, f64::min),
            &entry["min"],
            1e-8,
        );
        near(
            id,
            "the maximum",
            weights.iter().copied().fold(0.0, f64::max),
            &entry["max"],
            1e-8,
        );
        for (row, wanted) in entry["first10"].as_array().unwrap().iter().enumerate() {
            near(id, &format!("weight {row}"), weights[row], wanted, 1e-8);
        }
    }
}

#[test]
fn golden_estimates_and_standard_errors() {
    let mut projections = 0;
    for entry in entries() {
        let id = entry["id"].as_str().unwrap();
        let sample = sample(entry["data"].as_str().unwrap());
        let design = design(&entry, &sample);
        let made = weighted(&entry, &sample);
        let calibration = Calibration::prepare(made.columns.clone(), made.base.clone()).unwrap();
        let se = |scores: Vec<f64>| design.variance(&scores).sqrt();
        for (what, (estimate, scores)) in [
            ("mean_api00", mean(&made.weights, &sample.numbers("api00"))),
            (
                "total_enroll",
                total(&made.weights, &sample.numbers("enroll")),
            ),
        ] {
            let wanted = &entry[what];
            near(id, what, estimate, &wanted["estimate"], 1e-8);
            let z: Vec<f64> = scores
                .iter()
                .zip(&made.untrimmed)
                .map(|(u, w)| u / w)
                .collect();
            let back = |e: &[f64]| e.iter().zip(&made.untrimmed).map(|(e, w)| e * w).collect();
            let mut residuals = vec![z.clone()];
            calibration.residuals(&mut residuals).unwrap();
            near(
                id,
                &format!("the SE of {what}"),
                se(back(&residuals[0])),
                &wanted["se"],
                1e-6,
            );
            if let Some(projected) = entry.get("projection") {
                let margins =
                    Margins::new(&made.margins, sample.rows, MissingPolicy::Refuse, None).unwrap();
                let mut z = z;
                margins.project(&mut z, 10).unwrap();
                near(
                    id,
                    &format!("the projected SE of {what}"),
                    se(back(&z)),
                    &projected[what]["se"],
                    1e-6,
                );
                projections += 1;
            }
        }
    }
    assert_eq!(projections, 14);
}

/// Each column of the file is one of the replicates, and the other way round.
fn same_replicates(sample: &Sample, columns: &str, factor: bool, made: &Replicates, base: &[f64]) {
    let number = |r: usize| format!("{columns}{}", r + 1);
    assert!(!sample.columns.contains_key(&number(made.len())));
    let mut own: Vec<Vec<f64>> = (0..made.len())
        .map(|r| made.weights(base, r).unwrap())
        .collect();
    for r in 0..made.len() {
        let theirs = sample.numbers(&number(r));
        let weight = |row: usize| {
            if factor {
                theirs[row] * base[row]
            } else {
                theirs[row]
            }
        };
        let same = |ours: &Vec<f64>| {
            let apart = |row: usize| (ours[row] - weight(row)).abs();
            (0..base.len()).all(|row| apart(row) <= 1e-12 * base[row])
        };
        let place = own.iter().position(same);
        own.remove(place.unwrap_or_else(|| panic!("no replicate is {}", number(r))));
    }
}

#[test]
fn golden_replicates() {
    let sample = Sample::read(include_str!("../../../golden/data/rep_jk1.csv"));
    let (base, (_, psu)) = (sample.numbers("pw0"), sample.codes("dnum"));
    let fractions = [15.0 / 757.0];
    let stage = FirstStage {
        rows: sample.rows,
        strata: None,
        psu: Some(&psu),
        fractions: Some(&fractions),
    };
    let jk1 = Replicates::new(&stage, Method::Jk1).unwrap();
    same_replicates(&sample, "rw", false, &jk1, &base);
    assert!((jk1.scale() - 0.914839277851167).abs() < 1e-15 && jk1.df() == 14);

    let sample = Sample::read(include_str!("../../../golden/data/rep_jkn.csv"));
    let (base, (levels, codes)) = (sample.numbers("pw0"), sample.codes("stype"));
    let strata = Variable {
        name: "stype",
        levels: &levels,
        codes: &codes,
    };
    let stage = FirstStage {
        rows: sample.rows,
        strata: Some(strata),
        ..Default::default()
    };
    let jkn = Replicates::new(&stage, Method::Jkn).unwrap();
    same_replicates(&sample, "rw", false, &jkn, &base);
    assert_eq!(
        (jkn.rscales()[0], jkn.rscales()[199], jkn.df()),
        (0.99, 0.98, 197)
    );

    for (text, method) in [
        (
            include_str!("../../../golden/data/scd_brr.csv"),
            Method::Brr,
        ),
        (
            include_str!("../../../golden/data/scd_fay.csv"),
            Method::Fay { rho: 0.3 },
        ),
    ] {
        let sample = Sample::read(text);
        let (levels, codes) = sample.codes("ESA");
        let strata = Variable {
            name: "ESA",
            levels: &levels,
            codes: &codes,
        };
        let stage = FirstStage {
            rows: sample.rows,
            strata: Some(strata),
            ..Default::default()
        };
        let made = Replicates::new(&stage, method).unwrap();
        same_replicates(&sample, "rep", true, &made, &[1.0; 6]);
        assert_eq!(made.df(), 3);
    }
}
