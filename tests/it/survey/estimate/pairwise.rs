//! Differences of domains and covariances, against sums written out by hand.

use std::collections::BTreeMap;

use crate::cli::program::{number, rows};
use crate::present::estimates::{folder, line};

/// A respondent of the example.
struct Person {
    stratum: String,
    psu: String,
    weight: f64,
    sex: String,
    y: f64,
}

fn people() -> Vec<Person> {
    let mut reader = csv::Reader::from_path("examples/poll.csv").unwrap();
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| Person {
            stratum: record[1].to_owned(),
            psu: record[2].to_owned(),
            weight: record[3].parse().unwrap(),
            sex: record[6].to_owned(),
            y: record[9].parse().unwrap(),
        })
        .collect()
}

/// Σ_h n_h/(n_h − 1) Σ_i (z_hi − z̄_h)², z the sums of the scores of each PSU.
fn variance(scores: impl Iterator<Item = (String, String, f64)>) -> f64 {
    let mut strata: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for (stratum, psu, score) in scores {
        *strata.entry(stratum).or_default().entry(psu).or_default() += score;
    }
    let of_stratum = |psus: &BTreeMap<String, f64>| {
        let n = psus.len() as f64;
        let mean = psus.values().sum::<f64>() / n;
        n / (n - 1.0) * psus.values().map(|z| (z - mean).powi(2)).sum::<f64>()
    };
    strata.values().map(of_stratum).sum()
}

/// The score of the mean of a sex: w 1[sex] (y − ȳ)/W.
fn scores(people: &[Person], sex: &str) -> (f64, Vec<f64>) {
    let weight = |p: &Person| if p.sex == sex { p.weight } else { 0.0 };
    let total: f64 = people.iter().map(weight).sum();
    let mean = people.iter().map(|p| weight(p) * p.y).sum::<f64>() / total;
    let scores = people.iter().map(|p| weight(p) * (p.y - mean) / total);
    (mean, scores.collect())
}

#[test]
fn a_difference_of_domains_is_that_of_its_scores() {
    let people = people();
    let ((a, u), (b, v)) = (scores(&people, "Female"), scores(&people, "Male"));
    let folder = folder();
    for (design, by_rows) in [
        ("--weights weight --strata stratum --psu psu", false),
        ("--weights weight --strata stratum", true),
    ] {
        let psu = |at: usize| match by_rows {
            true => at.to_string(),
            false => people[at].psu.clone(),
        };
        let joined =
            (0..people.len()).map(|at| (people[at].stratum.clone(), psu(at), u[at] - v[at]));
        let se = variance(joined).sqrt();
        let run = line(
            folder.path(),
            &format!("estimate poll.csv mean(therm_us) {design} --by sex --pairwise --json"),
        );
        let row = &rows(&run)[0];
        assert_eq!(row["a"], "mean(therm_us):Female");
        assert_eq!(row["relation"], "domains");
        assert!((number(row, "estimate") - (a - b)).abs() < 1e-10);
        assert!(
            (number(row, "se") / se - 1.0).abs() < 1e-10,
            "{design}: {se}"
        );
        assert!((number(row, "z") - (a - b) / se).abs() < 1e-9);
    }
    // with PSUs the two sexes are not independent: the covariance counts
    let apart = [&u, &v].map(|scores| {
        let of = |at: usize| {
            (
                people[at].stratum.clone(),
                people[at].psu.clone(),
                scores[at],
            )
        };
        variance((0..people.len()).map(of))
    });
    let joined = (0..people.len()).map(|at| {
        (
            people[at].stratum.clone(),
            people[at].psu.clone(),
            u[at] - v[at],
        )
    });
    assert!((variance(joined) - apart[0] - apart[1]).abs() > 1e-3);
}

/// The numbers of a covariance file.
fn matrix(path: &std::path::Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let labels = reader
        .headers()
        .unwrap()
        .iter()
        .skip(1)
        .map(str::to_owned)
        .collect();
    let rows = reader.records().map(Result::unwrap);
    let rows = rows.map(|row| row.iter().skip(1).map(|n| n.parse().unwrap()).collect());
    (labels, rows.collect())
}

#[test]
fn covariances_of_two_means_give_the_variance_of_their_difference() {
    let folder = folder();
    for (file, design, a, b) in [
        (
            "apistrat.csv",
            "--weights pw --strata stype --fpc fpc",
            "api00",
            "api99",
        ),
        ("apistrat.csv", "--strata stype --fpc fpc", "api00", "api99"),
        (
            "apiclus2.csv",
            "--psu dnum,snum --fpc fpc1,fpc2",
            "api00",
            "api99",
        ),
    ] {
        let asked =
            format!("estimate {file} mean({a}) mean({b}) {design} --covariance v.csv --json");
        let both = rows(&line(folder.path(), &asked));
        let (labels, v) = matrix(&folder.path().join("v.csv"));
        assert_eq!(labels, [format!("mean({a})"), format!("mean({b})")]);
        for (at, row) in both.iter().enumerate() {
            assert!((v[at][at].sqrt() / number(row, "se") - 1.0).abs() < 1e-10);
        }
        let one = format!("estimate {file} 'mean({a}) - mean({b})' {design} --json");
        let one = &rows(&line(folder.path(), &one))[0];
        let variance = v[0][0] + v[1][1] - 2.0 * v[0][1];
        assert!(
            (variance.sqrt() / number(one, "se") - 1.0).abs() < 1e-8,
            "{file} {design}"
        );
        // keeping each respondent changes no estimate
        let plain = format!("estimate {file} mean({a}) mean({b}) {design} --json");
        for (one, other) in rows(&line(folder.path(), &plain)).iter().zip(&both) {
            for column in ["estimate", "se", "ci_low", "df", "deff"] {
                let (x, y) = (number(one, column), number(other, column));
                assert!((x - y).abs() <= 1e-9 * x.abs(), "{column} {x} {y}");
            }
        }
    }
}

#[test]
fn the_family_is_adjusted_and_said_in_words() {
    let folder = folder();
    let run = line(
        folder.path(),
        "estimate poll.csv mean(therm_us) --weights weight --strata stratum --psu psu --by party --pairwise",
    );
    insta::assert_snapshot!(run.out);
    let run = line(
        folder.path(),
        "estimate poll.csv prop(q1) --weights weight --strata stratum --psu psu --by sex --pairwise --json",
    );
    let found = rows(&run);
    assert_eq!(found.len(), 4);
    for row in &found {
        assert!(number(row, "p_adjusted") >= number(row, "p_value"));
        let said = row["sentence"].as_str().unwrap();
        assert!(
            said.contains("adjusted by Holm for 4 comparisons"),
            "{said}"
        );
    }
}
