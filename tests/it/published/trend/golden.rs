//! The model against values computed in two other ways: at given parameters, at the restricted maximum, integrated.

use opine::internals::published::trend::{
    Functional, Grid, Mixture, Parameters, Series, Smoothed, Variances, dispersion, reconciled,
};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../golden/trend.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The polls of an entry, and the names of its houses.
fn series(entry: &Value) -> (Series, Vec<String>) {
    let data = &entry["data"];
    let names: Vec<&str> = data["house"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let mut houses: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    houses.sort();
    houses.dedup();
    let series = Series {
        times: numbers(&data["day"]),
        values: numbers(&data["percent"])
            .iter()
            .map(|p| p / 100.0)
            .collect(),
        sampling: numbers(&data["sampling_sd"])
            .iter()
            .map(|sd| sd / 100.0)
            .collect(),
        houses_of: names
            .iter()
            .map(|name| houses.iter().position(|house| house == name).unwrap())
            .collect(),
        houses: houses.len(),
    };
    (series, houses)
}

fn entries() -> Vec<Value> {
    let golden = golden();
    let lists = [&golden["series"], &golden["simulated"]];
    lists
        .into_iter()
        .flat_map(|list| list.as_array().unwrap().clone())
        .collect()
}

fn parameters(value: &Value) -> Parameters {
    let points = |name: &str| value[name].as_f64().unwrap() / 100.0;
    Parameters {
        sigma: points("sigma"),
        omega: points("omega"),
        tau: points("tau"),
    }
}

fn near(what: &str, actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance,
        "{what}: {actual} is not {expected} within {tolerance}"
    );
}

/// Mean and standard deviation of functions over the possible standard deviations, in points.
fn mixed(series: &Series, grid: &Grid, mixture: &Mixture, all: &[Functional]) -> Vec<(f64, f64)> {
    let mut moments = vec![(0.0, 0.0); all.len()];
    for (node, weight) in &mixture.nodes {
        let smoothed = Smoothed::new(series, grid, *node).unwrap();
        for (sums, function) in moments.iter_mut().zip(all) {
            let mean = smoothed.mean(function);
            sums.0 += weight * mean;
            sums.1 += weight * (smoothed.covariance(function, function) + mean * mean);
        }
    }
    let points = |(mean, square): (f64, f64)| (100.0 * mean, 100.0 * (square - mean * mean).sqrt());
    moments.into_iter().map(points).collect()
}

fn check(entry: &Value, name: &str, mixture: &Mixture, tolerance: f64) {
    check_days(entry, name, mixture, tolerance);
    check_houses(entry, name, mixture, tolerance);
}

fn check_days(entry: &Value, name: &str, mixture: &Mixture, tolerance: f64) {
    let (series, _) = series(entry);
    let days = numbers(&entry["days"]);
    let grid = Grid::new(&series, &days);
    let expected = &entry[name];
    let (means, sds) = (numbers(&expected["mean"]), numbers(&expected["sd"]));
    let levels: Vec<Functional> = grid
        .days()
        .iter()
        .map(|&time| Functional::level(time))
        .collect();
    let found = mixed(&series, &grid, mixture, &levels);
    for (k, (mean, sd)) in found.into_iter().enumerate() {
        let what = format!("{} {name} day {k}", entry["id"]);
        near(&what, mean, means[k], tolerance);
        near(&what, sd, sds[k], tolerance);
    }
}

fn check_houses(entry: &Value, name: &str, mixture: &Mixture, tolerance: f64) {
    let (series, houses) = series(entry);
    let grid = Grid::new(&series, &[]);
    let expected = &entry[name];
    let Some(effects) = expected["house"].as_object() else {
        return;
    };
    let functions: Vec<Functional> = (0..houses.len())
        .map(|house| Functional::house(house, houses.len()))
        .collect();
    let found = mixed(&series, &grid, mixture, &functions);
    for (house, (mean, sd)) in houses.iter().zip(found) {
        let what = format!("{} {name} {house}", entry["id"]);
        near(&what, mean, effects[house].as_f64().unwrap(), tolerance);
        let expected = expected["house_sd"][house].as_f64().unwrap();
        near(&what, sd, expected, tolerance);
    }
}

#[test]
fn at_given_parameters() {
    for entry in entries() {
        let (series, _) = series(&entry);
        let fixed = parameters(&entry["fixed"]);
        let grid = Grid::new(&series, &numbers(&entry["days"]));
        let smoothed = Smoothed::new(&series, &grid, fixed).unwrap();
        let expected = entry["fixed"]["reml"].as_f64().unwrap();
        near("likelihood", smoothed.log_likelihood(), expected, 1e-6);
        let mixture = Mixture {
            nodes: vec![(fixed, 1.0)],
        };
        check(&entry, "fixed", &mixture, 1e-4);
    }
}

#[test]
fn at_the_restricted_maximum() {
    for entry in entries() {
        let (series, _) = series(&entry);
        let mixture = Mixture::new(&series, Variances::Reml).unwrap();
        let (best, expected) = (mixture.nodes[0].0, parameters(&entry["reml"]));
        let grid = Grid::new(&series, &[]);
        let smoothed = Smoothed::new(&series, &grid, best).unwrap();
        let gained = smoothed.log_likelihood() - entry["reml"]["loglik"].as_f64().unwrap();
        // a walk at rest has its variance at 1e-12, not 0
        assert!(gained > -1e-4, "{}: {gained}", entry["id"]);
        // where opinion was at rest, the search of the reference ended beside the edge, at a lower likelihood
        if gained < 1e-5 {
            near("sigma", 100.0 * best.sigma, 100.0 * expected.sigma, 2e-3);
            near("omega", 100.0 * best.omega, 100.0 * expected.omega, 2e-3);
            near("tau", 100.0 * best.tau, 100.0 * expected.tau, 2e-3);
        }
        check_days(&entry, "reml", &mixture, 5e-3);
        if gained < 1e-5 {
            check_houses(&entry, "reml", &mixture, 5e-3);
        }
    }
}

#[test]
fn integrated() {
    for entry in entries() {
        let (series, _) = series(&entry);
        let mixture = Mixture::new(&series, Variances::Integrated).unwrap();
        check(&entry, "integrated", &mixture, 0.02);
    }
}

#[test]
fn dispersion_of_polls() {
    for entry in entries() {
        let expected = &entry["dispersion"];
        let Some(phi) = expected["phi"].as_f64() else {
            continue;
        };
        let (series, _) = series(&entry);
        let found = dispersion(&series).unwrap();
        near("phi", found.phi, phi, 2e-3);
        near(
            "lr",
            found.likelihood_ratio,
            expected["lr"].as_f64().unwrap(),
            5e-3,
        );
    }
}

#[test]
fn shares_are_made_to_sum_to_one() {
    let golden = golden();
    let entry = &golden["reconciled"];
    let (means, sds) = (numbers(&entry["mean"]), numbers(&entry["sd"]));
    let shares: Vec<(f64, f64)> = means
        .iter()
        .zip(&sds)
        .map(|(m, s)| (m / 100.0, s / 100.0))
        .collect();
    let (wanted, wanted_sds) = (
        numbers(&entry["reconciled"]),
        numbers(&entry["reconciled_sd"]),
    );
    for (k, (mean, sd)) in reconciled(&shares).into_iter().enumerate() {
        near("share", 100.0 * mean, wanted[k], 1e-5);
        near("sd", 100.0 * sd, wanted_sds[k], 1e-5);
    }
}
