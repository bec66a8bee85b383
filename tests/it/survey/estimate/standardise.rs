//! Direct standardisation: against the same as a combination of ratios, by domain, and refusals.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/data")
        .join(name)
}

fn estimate(file: &str, shares: Option<&str>, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_opine"));
    program
        .arg("estimate")
        .arg(data(file))
        .args(args)
        .arg("--json");
    if let Some(shares) = shares {
        let path = folder.path().join("shares.csv");
        std::fs::write(&path, shares).unwrap();
        program.arg("--standardise").arg(path);
    }
    program.output().unwrap()
}

fn rows(output: &Output) -> Vec<Value> {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

const SHARES: &str = "variable,level,target\nstype,E,50\nstype,H,20\nstype,M,30\n";

fn near(a: &Value, b: &Value) {
    let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
    assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} and {b}");
}

/// 0.5 ȳ_E + 0.2 ȳ_H + 0.3 ȳ_M, each mean as the ratio of two totals.
#[test]
fn a_standardised_mean_is_a_combination_of_ratios() {
    let combination = "0.5*ratio(api00*(stype == 'E'), 1*(stype == 'E')) \
                       + 0.2*ratio(api00*(stype == 'H'), 1*(stype == 'H')) \
                       + 0.3*ratio(api00*(stype == 'M'), 1*(stype == 'M'))";
    for (file, design) in [
        (
            "apiclus2.csv",
            "--weights pw --psu dnum,snum --fpc fpc1,fpc2",
        ),
        ("apistrat.csv", "--weights pw --strata stype --fpc fpc"),
        ("apisrs.csv", "--weights pw --fpc fpc"),
        (
            "rep_jk1.csv",
            "--weights pw0 --replicates ^rw[0-9]+$ --rep-type jk1",
        ),
    ] {
        let design: Vec<&str> = design.split(' ').collect();
        let by_hand = rows(&estimate(
            file,
            None,
            &[&[combination], design.as_slice()].concat(),
        ));
        let ours = rows(&estimate(
            file,
            Some(SHARES),
            &[&["mean(api00)"], design.as_slice()].concat(),
        ));
        assert_eq!(ours.len(), 1);
        near(&ours[0]["estimate"], &by_hand[0]["estimate"]);
        near(&ours[0]["se"], &by_hand[0]["se"]);
        assert_eq!(ours[0]["df"], by_hand[0]["df"]);
        assert_eq!(ours[0]["n"], by_hand[0]["n"]);
    }
}

#[test]
fn domains_are_standardised_each_by_itself() {
    let design = [
        "--weights",
        "WTMEC2YR",
        "--strata",
        "SDMVSTRA",
        "--psu",
        "SDMVPSU",
        "--nest",
    ];
    let shares = "variable,level,target\nagecat,\"(0,19]\",55901\nagecat,\"(19,39]\",77670\n\
                  agecat,\"(39,59]\",72816\nagecat,\"(59,Inf]\",45364\n";
    let all = |extra: &[&str]| {
        let args = [&["prop(HI_CHOL)"], design.as_slice(), extra].concat();
        rows(&estimate("nhanes.csv", Some(shares), &args))
    };
    let by = all(&["--by", "race"]);
    assert_eq!(by.len(), 8);
    let one = all(&["--where", "race == 2"]);
    let of_two: Vec<&Value> = by.iter().filter(|row| row["race"] == "2").collect();
    for (alone, among) in one.iter().zip(of_two) {
        near(&alone["estimate"], &among["estimate"]);
        near(&alone["se"], &among["se"]);
        assert_eq!(alone["n"], among["n"]);
    }
    // shares of the levels add up to 1 in every domain
    let total: f64 = by[..2]
        .iter()
        .map(|row| row["estimate"].as_f64().unwrap())
        .sum();
    assert!((total - 1.0).abs() < 1e-12);
}

#[test]
fn what_can_not_be_standardised_is_refused() {
    let message = |shares: &str, item: &str| {
        let output = estimate("apistrat.csv", Some(shares), &[item, "--weights", "pw"]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(message(SHARES, "total(api00)").contains("standardised are means, shares and ratios"));
    let lacking = "variable,level,target\nstype,E,50\nstype,H,20\n";
    assert!(message(lacking, "mean(api00)").contains("stype “M” has respondents and no share"));
    let negative = "variable,level,target\nstype,E,-1\n";
    assert!(message(negative, "mean(api00)").contains("stype “E”: a target is a finite number"));
}
