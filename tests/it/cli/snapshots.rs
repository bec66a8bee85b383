//! What people read, kept as snapshots: look at a change before it is kept.

use crate::cli::program::{Run, command, opine};

/// Standard output of a run that must end well.
fn read(args: &[&str]) -> String {
    let Run { code, out, err } = opine(args);
    assert_eq!(code, 0, "{err}");
    out
}

#[test]
fn summary_of_the_claims() {
    insta::assert_snapshot!(read(&["summary"]));
}

#[test]
fn summary_of_a_question_in_markdown() {
    insta::assert_snapshot!(read(&[
        "summary",
        "egf2023/consequences/polarise",
        "--format",
        "md"
    ]));
}

#[test]
fn summary_for_a_narrow_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(
        folder.path(),
        &["summary", "egf2023/view_both", "egf2023/worried"],
    );
    let output = command.env("COLUMNS", "60").output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn summary_of_scores() {
    insta::assert_snapshot!(read(&["summary", "egf2023/soft_power_us"]));
}

#[test]
fn summary_as_csv() {
    insta::assert_snapshot!(read(&["summary", "ecfr2021/cold_war_us_cn", "--csv"]));
}

#[test]
fn summary_as_json() {
    insta::assert_snapshot!(read(&["summary", "egf2023/view_both", "--json"]));
}

#[test]
fn check() {
    insta::assert_snapshot!(read(&["check"]));
}

#[test]
fn interval() {
    let typed = read(&[
        "interval", "63", "-n", "1500", "--deff", "1.6", "--ci", "wilson",
    ]);
    let margin = read(&["interval", "63", "-n", "1500", "--moe", "3"]);
    let json = read(&["interval", "63", "-n", "1500", "--format", "json"]);
    insta::assert_snapshot!(format!("{typed}\n{margin}\n{json}"));
}

#[test]
fn size() {
    insta::assert_snapshot!(format!(
        "{}{}",
        read(&["size", "--moe", "3"]),
        read(&["size", "--moe", "3", "--json"])
    ));
}

#[test]
fn list_of_questions() {
    insta::assert_snapshot!(read(&["list", "questions", "egf2023"]));
}

#[test]
fn template() {
    insta::assert_snapshot!(read(&["add", "figure", "--template"]));
}

#[test]
fn help() {
    insta::assert_snapshot!(read(&["--help"]));
}

#[test]
fn card_of_a_poll() {
    insta::assert_snapshot!(read(&["card", "egf2023"]));
}

#[test]
fn schema_of_estimates() {
    insta::assert_snapshot!(read(&["schema"]));
}

#[test]
fn bounds_of_shares() {
    insta::assert_snapshot!(read(&[
        "bounds",
        "egf2023/view_both/both",
        "ecfr2023/side_taiwan/neutral:DK"
    ]));
}
