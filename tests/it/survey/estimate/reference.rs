//! Answers of the program that other programs print, where the golden files have no entry.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn data(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/data");
    folder.join(name)
}

/// The rows that `estimate` answers with, in their order.
fn rows(file: &str, arguments: &[&str]) -> Vec<Value> {
    answer("estimate", file, arguments)
}

fn answer(command: &str, file: &str, arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_opine"))
        .arg(command)
        .arg(data(file))
        .args(arguments)
        .args(["--format", "json", "-q"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn near(row: &Value, column: &str, expected: f64) {
    let found = row[column].as_f64().unwrap_or(f64::NAN);
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs(),
        "{column} is {found}, not {expected}: {row}"
    );
}

/// A share that the strata fix has no sampling error, and its interval is the share itself.
///
/// R: `confint(svymean(~stype, svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)))`.
#[test]
fn a_share_that_the_design_fixes() {
    for ci in ["wald", "logit", "asin", "beta", "likelihood", "wilson"] {
        let design = ["--weights", "pw", "--strata", "stype", "--fpc", "fpc"];
        let asked = [&["prop(stype)", "--ci", ci], design.as_slice()].concat();
        let found = rows("apistrat.csv", &asked);
        let shares = [0.713755237067748, 0.121892157602241, 0.164352605330011];
        assert_eq!(found.len(), shares.len());
        for (row, share) in found.iter().zip(shares) {
            for column in ["estimate", "ci_low", "ci_high"] {
                near(row, column, share);
            }
            assert_eq!(row["se"], 0.0);
        }
    }
}

/// Lonely strata take the mean of the other strata of the domain; those that nobody of it is in say nothing.
///
/// R: `options(survey.lonely.psu = "average")`, `svyby(~api00, ~awards, svymean)` of
/// `svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lonely)`.
#[test]
fn average_of_lonely_strata_is_that_of_the_domain() {
    let design = [
        "--weights",
        "pw",
        "--strata",
        "stype",
        "--lonely",
        "average",
    ];
    let asked = [&["mean(api00)", "--by", "awards"], design.as_slice()].concat();
    let found = rows("lonely.csv", &asked);
    near(&found[0], "se", 23.6908412760924);
    near(&found[1], "se", 12.6194862630249);
}

/// Of two stages the first alone is averaged: what the second adds is known of lonely strata, too.
///
/// R: `options(survey.lonely.psu = "average")`, `svymean(~api00)` and `svyby(~api00, ~stype, svymean)` of
/// `svydesign(id = ~dnum + snum, strata = ~cnum, weights = ~pw, fpc = ~fpc1 + fpc2, data = apiclus2)`.
#[test]
fn average_of_lonely_strata_leaves_the_second_stage() {
    let design = [
        "--weights",
        "pw",
        "--strata",
        "cnum",
        "--psu",
        "dnum,snum",
        "--fpc",
        "fpc1,fpc2",
        "--lonely",
        "average",
    ];
    let all = rows(
        "apiclus2.csv",
        &[&["mean(api00)"], design.as_slice()].concat(),
    );
    near(&all[0], "estimate", 670.811808118081);
    near(&all[0], "se", 46.9890272825292);
    let asked = [&["mean(api00)", "--by", "stype"], design.as_slice()].concat();
    let expected = [43.8991669725377, 20.9283194045323, 64.8350257446277];
    for (row, se) in rows("apiclus2.csv", &asked).iter().zip(expected) {
        near(row, "se", se);
    }
}

/// Made replicates carry the finite population of the first stage.
///
/// R: `svymean(~api00, as.svrepdesign(svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
/// type = "JKn"))`, and with `postStratify(…, ~stype, …)` that of `apiclus1` with `id = ~dnum` and `type = "JK1"`.
#[test]
fn replicates_of_a_finite_population() {
    let strata = [
        "--weights",
        "pw",
        "--strata",
        "stype",
        "--fpc",
        "fpc",
        "--make-replicates",
        "jkn",
        "--then",
        "mean(api00)",
    ];
    near(
        &answer("weight", "apistrat.csv", &strata)[0],
        "se",
        9.4089408027845,
    );
    let folder = tempfile::tempdir().unwrap();
    let targets = folder.path().join("t.csv");
    let lines = "variable,level,target\nstype,E,4421\nstype,H,755\nstype,M,1018\n";
    std::fs::write(&targets, lines).unwrap();
    let clusters = [
        "--weights",
        "pw",
        "--psu",
        "dnum",
        "--fpc",
        "fpc",
        "--poststratify",
        targets.to_str().unwrap(),
        "--make-replicates",
        "jk1",
        "--then",
        "mean(api00)",
        "total(enroll)",
    ];
    let found = answer("weight", "apiclus1.csv", &clusters);
    near(&found[0], "se", 26.934535367426);
    near(&found[1], "se", 473431.356779778);
}

/// A file may come in on standard input.
#[test]
fn respondents_on_standard_input() {
    let file = std::fs::File::open(data("apisrs.csv")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_opine"))
        .args(["estimate", "-", "mean(api00)", "quantile(api00, 0.5)"])
        .args(["--weights", "pw", "--fpc", "fpc", "--json", "-q"])
        .stdin(file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let mut found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let design = ["--weights", "pw", "--fpc", "fpc"];
    let asked = [&["mean(api00)", "quantile(api00, 0.5)"], design.as_slice()].concat();
    let mut expected = rows("apisrs.csv", &asked);
    for (row, source) in [(&mut found, "stdin"), (&mut expected, "apisrs")] {
        for row in row {
            assert_eq!(row["source"].take(), source);
        }
    }
    assert_eq!(found, expected);
}

/// Weights with a mean of 1 name no population, whatever their sum is rounded to.
///
/// R: `svymean(~api00, svydesign(id = ~1, weights = ~I(pw / mean(pw)), data = apistrat), deff = "replace")`.
#[test]
fn weights_that_were_scaled_to_the_sample_have_no_finite_population() {
    let asked = [
        "--weights",
        "pw",
        "--normalise",
        "respondents",
        "--then",
        "mean(api00)",
    ];
    let found = answer("weight", "apistrat.csv", &asked);
    near(&found[0], "deff", 1.20970244991284);
    let of_population = answer(
        "weight",
        "apistrat.csv",
        &[&asked[..], &["--deff-kind", "srs"]].concat(),
    );
    assert_eq!(
        of_population[0]["deff"],
        Value::Null,
        "{}",
        of_population[0]
    );
}

/// The respondents may be the last stage: an fpc more than columns of psu, as with Stata's `|| _n`.
///
/// R: `svymean(~api00, svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2))`.
#[test]
fn respondents_are_the_last_stage() {
    let asked = ["mean(api00)", "total(enroll)", "--psu"];
    let with = |psu: &str, rest: &[&str]| {
        let design = [asked.as_slice(), &[psu, "--fpc", "fpc1,fpc2"], rest].concat();
        rows("apiclus2.csv", &design)
    };
    let implied = with("dnum", &[]);
    near(&implied[0], "estimate", 670.811808118081);
    near(&implied[0], "se", 30.0990273768366);
    for rest in [
        &[][..],
        &["--weights", "pw", "--by", "stype"],
        &["--incomplete", "drop"],
    ] {
        let (one, other) = (with("dnum", rest), with("dnum,snum", rest));
        assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            for column in ["estimate", "se", "df", "deff", "n"] {
                near(one, column, other[column].as_f64().unwrap());
            }
        }
    }
}
