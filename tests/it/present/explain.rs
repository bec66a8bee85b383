//! `--explain`: the design, the formulas and the R code, whose numbers were compared with those of R survey 4.1.

use crate::present::estimates::{POLL, folder, line};

fn explained(words: &str) -> String {
    let folder = folder();
    let run = line(folder.path(), &format!("{words} --explain"));
    assert_eq!(run.code, 0, "{words}: {}", run.err);
    run.out
}

#[test]
fn a_banner_is_explained() {
    insta::assert_snapshot!(explained(&format!(
        "crosstab poll.csv --rows q1 --columns party {POLL}"
    )));
}

#[test]
fn estimates_are_explained() {
    insta::assert_snapshot!(explained(&format!(
        "estimate poll.csv prop(q1) mean(therm_us) --by party {POLL} --where 'region in [\"North\", \"South\"] and not therm_us < 10'"
    )));
}

#[test]
fn an_explanation_is_text_and_of_respondents() {
    let folder = folder();
    for words in [
        "estimate poll.csv mean(therm_us) --explain --json",
        "crosstab poll.csv --columns party --explain -o x.xlsx",
    ] {
        let run = line(folder.path(), words);
        assert_eq!(run.code, 2, "{words}: {}", run.err);
        assert!(
            run.err.contains("--explain is text"),
            "{words}: {}",
            run.err
        );
    }
}
