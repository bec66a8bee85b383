//! What is in a store, found by words where ids are not known.

use std::fs;

use crate::cli::program::{opine, opine_in, rows};

#[test]
fn lists_are_searched_in_any_case_and_without_accents() {
    let all = rows(&opine(&["list", "questions", "--json"])).len();
    let found = rows(&opine(&["list", "questions", "--search", "TÁIWAN", "--json"]));
    assert!(!found.is_empty() && found.len() < all, "{found:?}");
    assert!(
        found.iter().any(|row| row["id"] == "ecfr2023/side_taiwan"),
        "{found:?}"
    );
    // words of a poll, a label and a source, together and in any order
    let figures = rows(&opine(&["list", "figures", "--search", "npr worried", "--json"]));
    assert!(
        !figures.is_empty() && figures.iter().all(|row| row["reported_by"] == "npr"),
        "{figures:?}"
    );
    let within = rows(&opine(&[
        "list", "figures", "egf2023", "--search", "npr", "--json",
    ]));
    assert!(
        within
            .iter()
            .all(|row| row["id"].as_str().unwrap().starts_with("egf2023")),
        "{within:?}"
    );
    for what in ["polls", "samples", "questions", "figures"] {
        let none = opine(&["list", what, "--search", "zzzz"]);
        assert!(
            none.code == 0 && none.err.contains("nothing here holds “zzzz”"),
            "{what}: {}",
            none.err
        );
    }
    let nothing = opine(&["list", "polls", "--search", " – "]);
    assert!(
        nothing.code == 2 && nothing.err.contains("no letter"),
        "{}",
        nothing.err
    );
}

#[test]
fn a_word_that_is_no_id_is_searched_by_summary() {
    let one = opine(&["summary", "taiwan"]);
    assert!(
        one.code == 0 && one.err.contains("“taiwan” is no id; shown is what speaks of it"),
        "{}",
        one.err
    );
    // the beginning of a poll’s id
    let poll = opine(&["summary", "egf"]);
    assert!(poll.code == 0 && poll.err.contains("speaks of it: egf2023"), "{}", poll.err);
    // too many to be meant: they are listed
    let many = opine(&["summary", "china"]);
    assert!(
        many.code == 2 && many.err.contains("opine list questions --search 'china'"),
        "{}",
        many.err
    );
    let none = opine(&["summary", "zzzz"]);
    assert!(
        none.code == 2 && none.err.contains("the store has no poll “zzzz”"),
        "{}",
        none.err
    );
    // an id stays an id
    let id = opine(&["summary", "egf2023"]);
    assert!(id.code == 0 && !id.err.contains("is no id"), "{}", id.err);
}

#[test]
fn a_sample_of_one_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let table = "poll,question,answer,country,percent,n\np,q,Yes,DE,100,1\np,q,Yes,FR,50,1000\n";
    fs::write(dir.path().join("t.csv"), table).unwrap();
    let import = opine_in(
        dir.path(),
        &["import", "t.csv", "--into", "s", "--set", "source=report"],
        "",
    );
    assert_eq!(import.code, 0, "{}", import.err);
    for args in [&["summary", "--data", "s", "--json"][..], &["summary", "p", "--data", "s", "--json"]] {
        let run = opine_in(dir.path(), args, "");
        assert_eq!(run.code, 0, "{}", run.err);
        let rows = rows(&run);
        assert_eq!(rows.len(), 2);
        // one respondent tells next to nothing
        assert!(rows.iter().any(|row| row["n"] == 1.0 && row["ci_low"].as_f64().unwrap() < 0.3), "{rows:?}");
    }
    let list = opine_in(dir.path(), &["summary", "t.csv"], "");
    assert_eq!(list.code, 0, "{}", list.err);
}
