//! Replicate weights are looked at as weights are: what is none is refused, what was taken is said.

use std::path::PathBuf;

use crate::cli::program::{Run, number, opine, opine_in, rows};

fn case(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files/cases");
    folder.join(name).display().to_string()
}

fn json(file: &str, arguments: &[&str]) -> Run {
    let file = case(file);
    opine(&[&["estimate", file.as_str()], arguments, &["--json"]].concat())
}

#[track_caller]
fn refused(run: &Run, says: &str) {
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains(says), "{}", run.err);
}

/// √(4/R Σ (θ_r − θ)²), as the Census Bureau prints it; negative replicate weights are used as they are.
/// U.S. Census Bureau, American Community Survey, Accuracy of the Data; R survey 4.5.
#[test]
fn successive_differences_are_about_the_full_sample() {
    let design = [
        "--weights",
        "PWGTP",
        "--replicates",
        "^PWGTP[0-9]+$",
        "--rep-type",
        "sdr",
    ];
    let ask = |more: &[&str]| {
        json(
            "acs-sdr.csv",
            &[&["mean(AGEP)", "prop(RELP)"], &design[..], more].concat(),
        )
    };
    let run = ask(&[]);
    let found = rows(&run);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found}");
    near(number(&found[0], "estimate"), 42.91542884523239);
    near(number(&found[0], "se"), 3.382776803211967);
    let sixteen = found.iter().find(|row| row["level"] == "16").unwrap();
    near(number(sixteen, "se"), 0.045833322826004365);
    assert!(run.err.contains("below 0: used as they are"), "{}", run.err);
    // about the mean of the replicates, as R survey 4.1
    let old = rows(&ask(&["--mse=false"]));
    assert!((number(&old[0], "se") - 3.378471).abs() < 1e-6);
    assert_eq!(rows(&ask(&["--mse"])), found);
    assert_eq!(rows(&ask(&["--mse=true"])), found);

    let design = [
        "--weights",
        "ASECWT",
        "--replicates",
        "^REPWTP[0-9]+$",
        "--rep-type",
        "sdr",
    ];
    let found = rows(&json(
        "cps-asec-160.csv",
        &[&["mean(INCWAGE)"], &design[..]].concat(),
    ));
    near(number(&found[0], "se"), 4850.490458918011);
}

/// √(Σ (θ_r − θ)²): TIMSS 2019 Methods and Procedures, chapter 14. In R: `svrepdesign(…, type = "JK2", mse = TRUE)`.
#[test]
fn paired_jackknives_are_about_the_full_sample() {
    let ask = |kind: &str, more: &[&str]| {
        let design = ["--weights", "PWGTP", "--replicates", "^PWGTP[0-9]+$"];
        let kind = ["mean(AGEP)", "--rep-type", kind];
        let run = json("acs-sdr.csv", &[&kind, &design[..], more].concat());
        number(&rows(&run)[0], "se")
    };
    assert!((ask("jk2", &[]) - 15.12823776938277).abs() < 1e-9);
    assert!((ask("JK2", &["--mse=false"]) - 15.10898266711609).abs() < 1e-9);
    assert_eq!(ask("ACS", &[]), ask("sdr", &[]));
    assert_eq!(ask("successive-difference", &[]), ask("sdr", &[]));
}

#[test]
fn mse_in_a_design_file() {
    let folder = tempfile::tempdir().unwrap();
    let design = "weights = 'PWGTP'\nreplicates = '^PWGTP[0-9]+$'\nrep_type = 'sdr'\nmse = false\n";
    std::fs::write(folder.path().join("d.toml"), design).unwrap();
    let file = case("acs-sdr.csv");
    let run = opine_in(
        folder.path(),
        &[
            "estimate",
            &file,
            "mean(AGEP)",
            "--design",
            "d.toml",
            "--json",
        ],
        "",
    );
    assert!((number(&rows(&run)[0], "se") - 3.378471).abs() < 1e-6);
}

#[test]
fn the_weight_is_no_replicate() {
    let run = json(
        "pattern-takes-the-weight-itself.csv",
        &[
            "mean(AGEP)",
            "--weights",
            "PWGTP",
            "--replicates",
            "^PWGTP",
            "--rep-type",
            "sdr",
        ],
    );
    refused(&run, "takes the weight PWGTP, too");
    assert!(run.err.contains("^PWGTP_?[0-9]+$"), "{}", run.err);
}

#[test]
fn a_replicate_weight_is_known_for_all() {
    let run = json(
        "replicates-with-gaps.csv",
        &[
            "mean(PV1READ)",
            "--weights",
            "W_FSTUWT",
            "--replicates",
            "^W_FSTR[0-9]+$",
            "--rep-type",
            "fay",
            "--rho",
            "0.5",
        ],
    );
    refused(&run, "W_FSTR4 is missing in");
}

#[test]
fn factors_and_weights_are_told_apart_by_their_sums() {
    let design = [
        "--weights",
        "PWGTP",
        "--replicates",
        "^PWGTP[0-9]+$",
        "--rep-type",
        "brr",
    ];
    let run = json(
        "whole-weights-taken-as-factors.csv",
        &[
            &["mean(AGEP)"],
            &design[..],
            &["--combined-weights", "false"],
        ]
        .concat(),
    );
    refused(&run, "they are whole weights");
    let mut respondents = "w,y,r1,r2,r3,r4\n".to_owned();
    for at in 0..40 {
        let r = |k: usize| [0.0, 2.0][(at / k) % 2];
        respondents += &format!("100,{},{},{},{},{}\n", at % 7, r(1), r(2), r(4), r(8));
    }
    let ask = |more: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let design = [
            "mean(y)",
            "--weights",
            "w",
            "--replicates",
            "^r",
            "--rep-type",
            "brr",
            "--json",
        ];
        opine_in(
            folder.path(),
            &[&["estimate", "-"], &design[..], more].concat(),
            &respondents,
        )
    };
    refused(&ask(&[]), "they look like factors of the weight");
    assert_eq!(ask(&["--combined-weights", "false"]).code, 0);
}

#[test]
fn what_is_no_replicate_weight_is_refused() {
    let mut respondents = "w,y,r1,r2,r3,rflag,rsame,rcode\n".to_owned();
    for at in 0..40 {
        let w = 50 + at;
        let r = |k: usize| [0, 2 * w][(at / k) % 2];
        respondents += &format!(
            "{w},{},{},{},{},1,{w},{}\n",
            at % 7,
            r(1),
            r(2),
            r(4),
            at % 2
        );
    }
    let ask = |pattern: &str| {
        let folder = tempfile::tempdir().unwrap();
        let design = [
            "mean(y)",
            "--weights",
            "w",
            "--rep-type",
            "brr",
            "--replicates",
            pattern,
        ];
        opine_in(
            folder.path(),
            &[&["estimate", "-"], &design[..]].concat(),
            &respondents,
        )
    };
    assert_eq!(ask("^r[0-9]$").code, 0);
    refused(&ask("^r([0-9]|flag)$"), "rflag, which is 1 in every row");
    refused(
        &ask("^r([0-9]|same)$"),
        "rsame, which is w itself in every row",
    );
    refused(&ask("^r([0-9]|code)$"), "rcode, which adds up to 20.0");
}

#[test]
fn factors_that_were_taken_are_said() {
    let arguments = [
        "mean(y)",
        "--weights",
        "TOTWGT",
        "--replicates",
        "^JR[0-9]+$",
        "--rep-type",
        "jkn",
    ];
    let run = json("jkn-without-factors.csv", &arguments);
    assert_eq!(run.code, 0);
    assert!(
        run.err
            .contains("warning: the factor 1 was taken for every replicate"),
        "{}",
        run.err
    );
    let run = json(
        "jkn-without-factors.csv",
        &[&arguments[..], &["--rscales", "0.5"]].concat(),
    );
    assert!(!run.err.contains("was taken"), "{}", run.err);
}
