//! The variance after weighting: sums by class of respondents say what all rows say.

use std::path::Path;

use serde_json::Value;

use crate::cli::program::{number, opine_in, rows};
use crate::survey::weighting::golden_command::data;

const RAKE: &str = "variable,level,target\nstype,E,4421\nstype,H,755\nstype,M,1018\nawards,No,2000\nawards,Yes,4194\n";
const CALIBRATE: &str = "variable,level,target\ncount(),,6194\nstype,E,4421\nstype,H,755\nstype,M,1018\napi99,,3914069\nmobility,,106000\n";

/// Everything that is estimated with scores: shares, numbers, a combination, a quantile, in groups and within a condition.
const THEN: [&str; 9] = [
    "--then",
    "mean(api00)",
    "prop(sch_wide)",
    "ratio(api00, api99)",
    "var(api00)",
    "median(api00)",
    "--by",
    "stype",
    "--json",
];

fn estimates(folder: &Path, design: &[&str], steps: &[&str]) -> Vec<Value> {
    std::fs::write(folder.join("rake.csv"), RAKE).unwrap();
    std::fs::write(folder.join("calibrate.csv"), CALIBRATE).unwrap();
    let file = data("apistrat.csv");
    let args = [&["weight", &file][..], design, steps, &THEN].concat();
    let run = opine_in(folder, &args, "");
    rows(&run)
}

/// The rows of two runs, but for their degrees of freedom and what follows from them.
fn alike(one: &[Value], other: &[Value]) {
    assert!(one.len() > 15 && one.len() == other.len());
    for (one, other) in one.iter().zip(other) {
        assert_eq!(
            (&one["variable"], &one["level"]),
            (&other["variable"], &other["level"])
        );
        for column in ["estimate", "se"] {
            let (a, b) = (number(one, column), number(other, column));
            // quantiles have their SE from an interval with its t
            let tolerance = if one["statistic"] == "quantile" {
                2e-2
            } else {
                1e-9
            };
            assert!(
                (a - b).abs() <= tolerance * b.abs(),
                "{column} {a} {b}: {one}"
            );
        }
    }
}

const UNITS: [&str; 4] = ["--weights", "pw", "--psu", "snum"];
const ELEMENTS: [&str; 2] = ["--weights", "pw"];

#[test]
fn a_respondent_who_is_a_psu_is_a_respondent() {
    let folder = tempfile::tempdir().unwrap();
    for variance in ["greg", "projection"] {
        let steps = ["--rake", "rake.csv", "--raking-variance", variance];
        let units = estimates(folder.path(), &UNITS, &steps);
        alike(&units, &estimates(folder.path(), &ELEMENTS, &steps));
    }
}

/// Without PSUs, sums are not enough for numbers: there the rows are kept.
#[test]
fn totals_of_numbers_from_sums_and_from_rows() {
    let folder = tempfile::tempdir().unwrap();
    for distance in ["linear", "raking"] {
        let steps = ["--calibrate", "calibrate.csv", "--distance", distance];
        let units = estimates(folder.path(), &UNITS, &steps);
        alike(&units, &estimates(folder.path(), &ELEMENTS, &steps));
    }
}

/// Raking twice to the same margins changes nothing, but keeps rows; so does trimming where rows are the units.
#[test]
fn steps_that_change_nothing_change_no_variance() {
    let folder = tempfile::tempdir().unwrap();
    let step = "[[step]]\nmethod = \"rake\"\ntargets = \"rake.csv\"\n";
    std::fs::write(folder.path().join("twice.toml"), format!("{step}{step}")).unwrap();
    for design in [&UNITS[..], &ELEMENTS[..]] {
        let once = estimates(folder.path(), design, &["--rake", "rake.csv"]);
        alike(
            &once,
            &estimates(folder.path(), design, &["--recipe", "twice.toml"]),
        );
    }
    let trimmed = ["--rake", "rake.csv", "--trim", "16,40"];
    let units = estimates(folder.path(), &UNITS, &trimmed);
    alike(&units, &estimates(folder.path(), &ELEMENTS, &trimmed));
}

/// What the weights are held to has no variance, and no effective number of respondents.
#[test]
fn a_margin_has_no_variance() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rake.csv"), RAKE).unwrap();
    let file = data("apistrat.csv");
    for design in [&UNITS[..], &ELEMENTS[..]] {
        let args = [
            "weight",
            &file,
            "--rake",
            "rake.csv",
            "--then",
            "prop(awards)",
            "--json",
        ];
        let run = opine_in(folder.path(), &[&args, design].concat(), "");
        for row in rows(&run) {
            assert_eq!(
                (number(&row, "se"), &row["n_eff"]),
                (0.0, &Value::Null),
                "{row}"
            );
        }
    }
}

/// Before weighting, a design with replicates has the variance of the replicates that came in.
#[test]
fn estimates_before_weighting_with_replicates() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rake.csv"), RAKE).unwrap();
    let file = data("apistrat.csv");
    let made = [
        "weight",
        &file,
        "--weights",
        "pw",
        "--strata",
        "stype",
        "--make-replicates",
        "bootstrap:20",
        "-o",
        "made.csv",
        "--quiet",
    ];
    let run = opine_in(folder.path(), &made, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let design = [
        "--weights",
        "pw",
        "--replicates",
        "_rep[0-9]+$",
        "--rep-type",
        "bootstrap",
    ];
    let plain = [
        &["estimate", "made.csv", "mean(api00)", "--format", "text"][..],
        &design,
    ]
    .concat();
    let plain = opine_in(folder.path(), &plain, "");
    let raked = [
        &[
            "weight",
            "made.csv",
            "--rake",
            "rake.csv",
            "--then",
            "mean(api00)",
            "--format",
            "text",
        ][..],
        &design,
    ]
    .concat();
    let raked = opine_in(folder.path(), &raked, "");
    assert_eq!(
        (plain.code, raked.code),
        (0, 0),
        "{}{}",
        plain.err,
        raked.err
    );
    insta::assert_snapshot!(format!("{}\n{}", plain.out, raked.out));
}
