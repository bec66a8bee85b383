//! `opine compare` of rows of estimates files.

use std::path::Path;

use opine::internals::frames::Estimate;
use opine::internals::present::published::write_row_sentences;
use opine::internals::published::compare::{rows_difference, rows_differences};
use proptest::prelude::*;
use serde_json::Value;

use crate::cli::program::{number, opine_in, rows};

const ESTIMATES: &str = "\
source,variable,level,region,statistic,estimate,se,ci_low,ci_high,df,n
poll,q1,Favourable,R1,proportion,0.4,0.03,0.34,0.46,30,500
poll,q1,Favourable,R2,proportion,0.5,0.04,0.42,0.58,30,500
poll,q1,Unfavourable,R1,proportion,0.6,0.03,0.54,0.66,30,500
poll,age,,R1,mean,41.2,0.5,40.2,42.2,30,500
";

fn row(source: &str, estimate: f64, se: f64, df: Option<f64>) -> Estimate {
    let mut row = Estimate::proportion(source, "q1", Some("yes"));
    row.estimate = Some(estimate);
    row.se = Some(se);
    row.df = df;
    row
}

fn compare(folder: &Path, args: &[&str]) -> Value {
    rows(&opine_in(
        folder,
        &[&["compare"], args, &["--json"]].concat(),
        "",
    ))[0]
        .clone()
}

#[test]
fn one_source_gives_bounds_and_two_sources_independence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), ESTIMATES).unwrap();
    std::fs::write(
        folder.path().join("b.csv"),
        ESTIMATES.replace("poll,", "other,"),
    )
    .unwrap();
    let pick = [
        "--row",
        "level=Favourable,region=R1",
        "--row",
        "level=Favourable,region=R2",
    ];
    let one = compare(folder.path(), &[&["a.csv"], &pick[..]].concat());
    assert_eq!(one["relation"], "same-respondents");
    assert!((number(&one, "se") - 0.07).abs() < 1e-12, "{one}");
    assert!(
        one["sentence"].as_str().unwrap().contains("at best"),
        "{one}"
    );
    let two = compare(folder.path(), &[&["a.csv", "b.csv"], &pick[..]].concat());
    assert_eq!(two["relation"], "independent");
    assert!((number(&two, "se") - 0.05).abs() < 1e-12, "{two}");
    // R: qt(0.975, 0.05^4 / (0.03^4 / 30 + 0.04^4 / 30)), Welch and Satterthwaite
    let df = 0.05_f64.powi(4) / (0.03_f64.powi(4) / 30.0 + 0.04_f64.powi(4) / 30.0);
    let t = opine::internals::statistics::special::student_t::quantile_upper(0.025, df).unwrap();
    assert!(
        (number(&two, "ci_high") - (-0.1 + 0.05 * t)).abs() < 1e-12,
        "{two}"
    );
}

#[test]
fn means_are_in_their_own_units() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), ESTIMATES).unwrap();
    std::fs::write(
        folder.path().join("b.csv"),
        ESTIMATES.replace("poll,", "other,").replace("41.2", "43.7"),
    )
    .unwrap();
    let run = opine_in(
        folder.path(),
        &["compare", "a.csv", "b.csv", "--row", "variable=age"],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("2.50 below"), "{}", run.out);
    assert!(
        !run.out.contains('%') || run.out.contains("95% interval"),
        "{}",
        run.out
    );
}

#[test]
fn what_summary_writes_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let written = opine_in(
        folder.path(),
        &["summary", "egf2023/worried", "-o", "worried.json", "-q"],
        "",
    );
    assert_eq!(written.code, 0, "{}", written.err);
    let row = compare(
        folder.path(),
        &[
            "worried.json",
            "--row",
            "level=very",
            "--row",
            "level=somewhat",
        ],
    );
    assert_eq!(row["relation"], "same-respondents");
    // the true standard error, that of two answers of one question, lies within the bounds
    let true_se = ((0.24_f64 + 0.66 - 0.42 * 0.42) / 1500.0).sqrt();
    assert!(number(&row, "se") >= true_se - 1e-12, "{row}");
}

#[test]
fn unclear_picks_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), ESTIMATES).unwrap();
    for (args, words) in [
        (&["a.csv"][..], "has 4 rows"),
        (
            &["a.csv", "--row", "level=Favourable", "--row", "region=R2"],
            "has 2 rows with level=Favourable",
        ),
        (&["a.csv", "--row", "region=R2"], "one row only"),
        (
            &["a.csv", "--row", "region=R3", "--row", "region=R2"],
            "no region is “R3”",
        ),
        (
            &["a.csv", "--row", "regoin=R3", "--row", "region=R2"],
            "did you mean region?",
        ),
        (&["a.csv", "--row", "R3"], "picks no row"),
        (
            &["a.csv", "--row", "variable=age", "--row", "region=R2"],
            "a mean",
        ),
        (&["a.csv", "-n", "5"], "no effect"),
        (&["missing.csv"], "missing.csv"),
        (
            &[
                "a.csv", "a.csv", "--row", "a=1", "--row", "b=2", "--row", "c=3",
            ],
            "once for each file",
        ),
    ] {
        let run = opine_in(folder.path(), &[&["compare"], args].concat(), "");
        assert!(matches!(run.code, 2 | 3), "{args:?}: {}", run.out);
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}

proptest! {
    /// Whatever the correlation of two rows, the interval lies within that of the worst case and holds that of the best.
    #[test]
    fn bounds_hold_whatever_the_correlation(
        a in 0.0f64..1.0, b in 0.0f64..1.0, of_a in 1e-4f64..0.1, of_b in 1e-4f64..0.1, rho in -1.0f64..1.0,
    ) {
        let found = rows_difference(&row("s", a, of_a, None), &row("s", b, of_b, None), 0.95).unwrap();
        let se = (of_a * of_a + of_b * of_b - 2.0 * rho * of_a * of_b).sqrt();
        let (low, high) = found.row.interval().unwrap();
        let best = found.narrowest.unwrap();
        let (d, z) = (a - b, 1.959_963_984_540_054);
        prop_assert!(low <= d - z * se + 1e-9 && d + z * se <= high + 1e-9);
        prop_assert!(d - z * se <= best.0 + 1e-9 && best.1 <= d + z * se + 1e-9);
        let apart = rows_difference(&row("s", a, of_a, None), &row("t", b, of_b, None), 0.95).unwrap();
        prop_assert!(apart.narrowest.is_none());
        prop_assert!((apart.row.se.unwrap() - of_a.hypot(of_b)).abs() < 1e-12);
    }
}

#[test]
fn three_rows_are_one_family() {
    let rows = [
        row("a", 0.4, 0.02, Some(40.0)),
        row("b", 0.5, 0.02, None),
        row("c", 0.47, 0.02, Some(12.0)),
    ];
    let mut compared = rows_differences(&rows, 0.95, Default::default()).unwrap();
    write_row_sentences(&mut compared, &rows, 0.95);
    assert_eq!(compared.len(), 3);
    for one in &compared {
        assert!(one.row.p_adjusted.unwrap() >= one.row.p_value.unwrap());
        assert!(!one.row.sentence.is_empty());
    }
}
