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

#[test]
fn a_cell_is_explained_with_its_letters() {
    insta::assert_snapshot!(
        "a_cell",
        explained_with(
            &format!("crosstab poll.csv --rows q1,therm_us --columns party,age {POLL}"),
            "Very worried / Red"
        )
    );
    let net = format!(
        "crosstab poll.csv --rows q1 --columns party --net 'Worried=Very worried,Somewhat worried' {POLL}"
    );
    let text = explained_with(&net, "q1/Worried / party=Blue");
    assert!(
        text.contains("c(\"Very worried\", \"Somewhat worried\")"),
        "{text}"
    );
}

fn explained_with(words: &str, cell: &str) -> String {
    let folder = folder();
    let run = line(folder.path(), &format!("{words} --explain '{cell}'"));
    assert_eq!(run.code, 0, "{words}: {}", run.err);
    run.out
}

#[test]
fn a_cell_that_is_not_there_is_named_with_the_nearest() {
    let folder = folder();
    for (cell, words) in [
        ("Very woried / Red", "did you mean Very worried?"),
        ("Very worried / Redd", "did you mean Red?"),
        ("Very worried", "write ROW / COLUMN"),
    ] {
        let words_of =
            format!("crosstab poll.csv --rows q1 --columns party {POLL} --explain '{cell}'");
        let run = line(folder.path(), &words_of);
        assert_eq!(run.code, 2, "{cell}: {}", run.err);
        assert!(run.err.contains(words), "{cell}: {}", run.err);
    }
}
