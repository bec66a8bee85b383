//! Banner tables of what people feed in: too many columns, nobody in them, names that collide, tests without a variance.

use std::path::Path;

use serde_json::Value;

use crate::cli::program::{Run, number, opine_in};
use crate::present::workbook::parts;

/// A file of so many rows, each made by its number.
fn file(folder: &Path, name: &str, head: &str, rows: usize, row: impl Fn(usize) -> String) {
    let body: String = (0..rows).map(|at| row(at) + "\n").collect();
    std::fs::write(folder.join(name), format!("{head}\n{body}")).unwrap();
}

fn folder(head: &str, rows: usize, row: impl Fn(usize) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "p.csv", head, rows, row);
    folder
}

fn crosstab(folder: &Path, more: &[&str]) -> Run {
    opine_in(folder, &[&["crosstab", "p.csv"], more].concat(), "")
}

/// Exit 2, a message that holds these words, and nothing written.
fn refused(folder: &Path, more: &[&str], words: &[&str]) {
    let run = crosstab(folder, &[more, &["-o", "tabs.xlsx"]].concat());
    assert_eq!(run.code, 2, "{more:?}: {}", run.err);
    for word in words {
        assert!(run.err.contains(word), "{more:?}: no {word}: {}", run.err);
    }
    assert!(!run.err.contains("panicked"), "{}", run.err);
    let written: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert_eq!(written.len(), 1, "{more:?}: {written:?}");
}

/// Exit 0, and these words on standard error.
fn told(folder: &Path, more: &[&str], words: &[&str]) -> String {
    let run = crosstab(folder, more);
    assert_eq!(run.code, 0, "{more:?}: {}", run.err);
    for word in words {
        assert!(run.err.contains(word), "{more:?}: no {word}: {}", run.err);
    }
    run.out
}

fn rows_of(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

#[test]
fn five_hundred_levels_are_columns_and_a_thousand_and_one_are_none() {
    let folder = folder("q,many,more", 2_002, |at| {
        format!("{},m{},n{}", ["Yes", "No"][at % 2], at % 500, at % 1_001)
    });
    let path = folder.path();
    told(
        path,
        &[
            "--rows",
            "q",
            "--columns",
            "many",
            "--test",
            "none",
            "--format",
            "csv",
        ],
        &[],
    );
    let too_many = ["--rows", "q", "--columns", "more"];
    refused(
        path,
        &too_many,
        &["--columns more: 1,001 columns", "takes 1000", "--rows more"],
    );
    let nested = ["--rows", "q", "--columns", "many:more"];
    refused(path, &nested, &["many:more", "nest fewer variables"]);
}

#[test]
fn a_workbook_wider_than_a_sheet_is_not_begun() {
    let folder = folder("q,id", 2_000, |at| {
        format!("{},k{}", ["Yes", "No"][at % 2], at % 1_000)
    });
    let columns: Vec<String> = (0..17).map(|at| format!("b{at}=id")).collect();
    let columns = columns.join(",");
    let asked = ["--rows", "q", "--columns", &columns, "--test", "none"];
    refused(folder.path(), &asked, &["17,002 columns", "16,384", ".csv"]);
}

#[test]
fn names_of_sheets_that_collide_or_hold_signs_are_made_others() {
    let head =
        "a[1]:*?/\\,a 1,A(1),=1+1,'q',a_very_long_name_of_a_question_that_nobody_can_read_1,g";
    let folder = folder(head, 60, |at| {
        let answer = ["=1+1", "+2", "-3", "@x"][at % 4];
        format!(
            "{answer},{answer},{answer},{answer},{answer},{answer},{}",
            ["x", "y"][at % 2]
        )
    });
    let run = crosstab(folder.path(), &["--columns", "g", "-o", "tabs.xlsx"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let book = std::fs::read(folder.path().join("tabs.xlsx")).unwrap();
    let texts = parts(&book);
    let names: Vec<&str> = texts["xl/workbook.xml"]
        .split("<sheet name=\"")
        .skip(1)
        .collect();
    let names: Vec<String> = names
        .iter()
        .map(|rest| rest.split('"').next().unwrap().to_lowercase())
        .collect();
    let distinct: std::collections::HashSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
    assert!(names.len() >= 9, "{names:?}");
    for name in &names {
        assert!(
            name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
            "{name}"
        );
    }
    let formulas = texts
        .iter()
        .filter(|(name, text)| name.contains("worksheets/") && text.contains("<f>"));
    assert_eq!(formulas.count(), 0, "texts are no formulas");
}

#[test]
fn a_question_that_nobody_answered_and_a_variable_that_nobody_has_are_said() {
    let folder = folder("q,empty,g", 40, |at| {
        format!("{},,{}", ["Yes", "No"][at % 2], ["x", "y"][at % 3 % 2])
    });
    let path = folder.path();
    let out = told(
        path,
        &["--rows", "empty", "--columns", "g"],
        &["note: empty: nobody answered it"],
    );
    assert!(out.contains("Total"), "{out}");
    let run = crosstab(path, &["--rows", "empty,q", "--columns", "g"]);
    assert!(
        !run.err.contains("--drop-empty"),
        "the columns have people: {}",
        run.err
    );
    told(
        path,
        &["--rows", "q", "--columns", "g,empty"],
        &["--columns empty: nobody has a value of it"],
    );
}

#[test]
fn weights_of_zero_in_one_column_leave_it_empty_and_say_so() {
    let folder = folder("q,g,w", 90, |at| {
        let group = ["x", "y", "z"][at % 3];
        format!(
            "{},{group},{}",
            ["Yes", "No"][at % 2],
            u8::from(group != "z")
        )
    });
    let asked = ["--rows", "q", "--columns", "g", "--weights", "w"];
    let words = ["nobody with a weight above 0 is in the columns z; --drop-empty"];
    told(folder.path(), &asked, &words);
    let all = rows_of(&told(
        folder.path(),
        &[&asked[..], &["--json"]].concat(),
        &words,
    ));
    let empty: Vec<&Value> = all.iter().filter(|row| row["column"] == "z").collect();
    assert!(!empty.is_empty());
    for row in empty {
        assert!(row["estimate"].is_null() && row["n"] == 0.0, "{row}");
    }
}

#[test]
fn a_net_with_an_unknown_level_names_the_nearest() {
    let folder = folder("q,g", 40, |at| {
        format!(
            "{},{}",
            ["Agree", "Disagree"][at % 2],
            ["x", "y"][at % 3 % 2]
        )
    });
    let asked = |net| ["--rows", "q", "--columns", "g", "--net", net];
    refused(
        folder.path(),
        &asked("Both=Agree,Disagre"),
        &["did you mean Disagree?"],
    );
    refused(
        folder.path(),
        &asked("q:Both=Agree,Disagre"),
        &["did you mean Disagree?"],
    );
}

#[test]
fn a_plan_of_another_wave_makes_what_is_there_and_names_what_is_not() {
    let folder = folder("q,r,g", 60, |at| {
        format!(
            "{},{},{}",
            ["Yes", "No"][at % 2],
            ["a", "b", "c"][at % 3],
            ["x", "y"][at % 3 % 2]
        )
    });
    let path = folder.path();
    let draft = crosstab(path, &["--columns", "g", "--write-plan", "tabs.toml"]);
    assert_eq!(draft.code, 0, "{}", draft.err);
    file(path, "later.csv", "q,g", 60, |at| {
        format!(
            "{},{}",
            ["Yes", "Perhaps"][at % 2],
            ["x", "new"][at % 3 % 2]
        )
    });
    let run = opine_in(
        path,
        &[
            "crosstab",
            "later.csv",
            "--plan",
            "tabs.toml",
            "-o",
            "tabs.xlsx",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    for word in [
        "no table of r",
        "nobody has No",
        "new is Perhaps",
        "nobody is in the column g=y",
        "no letter for: g=new",
    ] {
        assert!(run.err.contains(word), "no {word}: {}", run.err);
    }
}

#[test]
fn a_set_with_a_variable_that_is_no_dichotomy_says_what_counts() {
    let folder = folder("n1,n2,g", 60, |at| {
        format!(
            "{},{},{}",
            ["Yes", "No"][at % 2],
            ["Yes", "No", "Perhaps"][at % 3],
            ["x", "y"][at % 5 % 2]
        )
    });
    let path = folder.path();
    let set = |counted| format!("news=n1,n2:{counted}");
    let note =
        "set news: n2 is no dichotomy, it has No, Perhaps, Yes: all but \"Yes\" count as not given";
    told(
        path,
        &["--rows", "news", "--columns", "g", "--set", &set("Yes")],
        &[note],
    );
    told(
        path,
        &["--rows", "n1", "--columns", "news", "--set", &set("Yes")],
        &[note],
    );
    refused(
        path,
        &["--rows", "news", "--set", &set("Si")],
        &["n2 is no dichotomy", "nobody has \"Si\""],
    );
}

#[test]
fn what_identifies_or_weighs_is_no_question() {
    let folder = folder("id,name,q,age,base,factor,g", 60, |at| {
        format!(
            "{},person {at},{},{},{},{},{}",
            1_000 + at,
            ["Yes", "No"][at % 2],
            20 + at % 40,
            1 + at % 3,
            1 + at % 2,
            ["x", "y"][at % 5 % 2]
        )
    });
    let asked = ["--columns", "g", "--weights", "base * factor"];
    let words = [
        "no table of base, factor: of the design",
        "no table of id, name: another value for each respondent",
    ];
    let out = told(folder.path(), &asked, &words);
    let titles: Vec<&str> = out
        .lines()
        .filter(|line| line.starts_with("Table "))
        .collect();
    assert_eq!(titles.len(), 2, "{titles:?}");
    // who names it gets it
    let run = crosstab(folder.path(), &["--rows", "mean(id)", "--columns", "g"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn a_table_with_too_many_contrasts_says_that_it_is_not_tested() {
    let folder = folder("town,g,h", 1_200, |at| {
        format!("t{},g{},{}", at % 60, at % 16, ["x", "y"][at % 7 % 2])
    });
    let path = folder.path();
    let out = told(path, &["--rows", "town", "--columns", "g,h"], &[]);
    let words: Vec<&str> = out.split_whitespace().collect();
    let out = words.join(" ");
    let sentence = "Whether the answers differ is not tested by g (885 contrasts of answers and columns): the limit is 400.";
    assert!(out.contains(sentence), "{out}");
    let tests = rows_of(&told(
        path,
        &["--rows", "town", "--columns", "g,h", "--tests", "--json"],
        &[],
    ));
    let of = |block: &str| tests.iter().find(|row| row["block"] == block).unwrap();
    assert!(of("h")["statistic"].is_number());
    assert!(
        of("g")["statistic"].is_null()
            && of("g")["note"].as_str().unwrap().contains("885 contrasts"),
        "{}",
        of("g")
    );
}

fn pairs(folder: &Path, more: &[&str]) -> Vec<Value> {
    rows_of(&told(
        folder,
        &[more, &["--pairs", "--json", "--adjust", "none"]].concat(),
        &[],
    ))
}

/// Nobody against everybody: the scores under equal shares do not vary, so they are taken about 0.
#[test]
fn nobody_against_everybody_is_told_apart() {
    let folder = folder("q,g,psu,stratum", 80, |at| {
        let group = ["x", "y"][at % 2];
        format!("{},{group},{},{}", ["No", "Yes"][at % 2], at / 10, at / 40)
    });
    let path = folder.path();
    let asked = ["--rows", "q", "--columns", "g"];
    let found = pairs(path, &asked);
    // of respondents drawn one by one: the z of equal shares, P (1 − P)(1/40 + 1/40) = 1/80
    for row in &found {
        assert!(
            (number(row, "se") - (1.0_f64 / 80.0).sqrt()).abs() < 1e-12,
            "{row}"
        );
        assert!(
            (number(row, "z").abs() - 80.0_f64.sqrt()).abs() < 1e-9,
            "{row}"
        );
    }
    assert_eq!(found.len(), 2);
    // of clusters: each PSU has five of each, z = −1/8, so that Σ z² = 1/8
    let clustered = pairs(path, &[&asked[..], &["--psu", "psu"]].concat());
    assert!(
        (number(&clustered[0], "se") - (1.0_f64 / 8.0).sqrt()).abs() < 1e-12,
        "{}",
        clustered[0]
    );
    let cells = rows_of(&told(path, &[&asked[..], &["--json"]].concat(), &[]));
    let letters = |level: &str, column: &str| {
        let own = |row: &&Value| row["level"] == level && row["column"] == column;
        cells.iter().find(own).unwrap()["letters"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (letters("Yes", "y"), letters("No", "x")),
        ("A".to_owned(), "B".to_owned())
    );
    assert_eq!(
        (letters("Yes", "x"), letters("No", "y")),
        (String::new(), String::new())
    );
}

/// The same of questions: everybody gave the one answer and nobody the other, McNemar’s √n.
#[test]
fn a_grid_tells_all_from_nobody() {
    let folder = folder("q1,q2,q3", 50, |at| {
        format!("Yes,No,{}", ["Yes", "No"][at % 2])
    });
    let asked = ["--rows", "q1,q2,q3", "--grid", "All=q1,q2,q3"];
    let found = pairs(folder.path(), &asked);
    let own = |row: &&Value| row["a"] == "All/Yes:grid=q1" && row["b"] == "All/Yes:grid=q2";
    let row = found
        .iter()
        .find(own)
        .unwrap_or_else(|| panic!("{found:?}"));
    assert!((number(row, "z") - 50.0_f64.sqrt()).abs() < 1e-9, "{row}");
}

/// Letters of shares of answers test shares of answers: with more answers by each in one column, all of them are given by more
/// people there, and each is the same share of all answers.
#[test]
fn letters_of_shares_of_answers_are_of_answers() {
    let folder = folder("a,b,c,g", 600, |at| {
        let group = at % 2;
        // in column y three answers by everybody, in column x one of the three
        let given = |answer: usize| match group == 1 || at / 2 % 3 == answer {
            true => "Yes",
            false => "No",
        };
        format!(
            "{},{},{},{}",
            given(0),
            given(1),
            given(2),
            ["x", "y"][group]
        )
    });
    let path = folder.path();
    let asked = [
        "--rows",
        "news",
        "--set",
        "news=a,b,c:Yes",
        "--columns",
        "g",
    ];
    let people = pairs(path, &asked);
    assert!(people.iter().all(|row| number(row, "p_value") < 1e-6));
    let answers = pairs(path, &[&asked[..], &["--percent", "responses"]].concat());
    assert_eq!(answers.len(), 3);
    for row in &answers {
        assert!(
            number(row, "estimate").abs() < 1e-12 && number(row, "p_value") > 0.99,
            "{row}"
        );
    }
    // the share of a net is that of its answers
    let net = [
        &asked[..],
        &["--percent", "responses", "--net", "Two=a,b", "--json"],
    ]
    .concat();
    let cells = rows_of(&told(path, &net, &[]));
    for column in ["x", "y", "Total"] {
        let share = |level: &str| {
            let own = |row: &&Value| row["level"] == level && row["column"] == column;
            number(cells.iter().find(own).unwrap(), "estimate")
        };
        assert!(
            (share("Two") - share("a") - share("b")).abs() < 1e-12,
            "{column}"
        );
    }
    // effective bases are of respondents
    let kish = told(
        path,
        &[&asked[..], &["--percent", "responses", "--test", "kish"]].concat(),
        &[],
    );
    let words: Vec<&str> = kish.split_whitespace().collect();
    assert!(words.join(" ").contains("They are not tested"), "{kish}");
}

#[test]
fn an_order_of_the_alphabet_is_no_scale() {
    let folder = folder("q,g", 60, |at| {
        let answer = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"][at % 4];
        format!("{answer},{}", ["x", "y"][at % 3 % 2])
    });
    let path = folder.path();
    let asked = ["--rows", "q", "--columns", "g"];
    let boxes = [&asked[..], &["--box", "2"]].concat();
    refused(
        path,
        &boxes,
        &["--box", "no order but that of the alphabet"],
    );
    let with_net = [&boxes[..], &["--net", "Yes=Agree,Strongly agree"]].concat();
    let out = told(path, &with_net, &["no top and bottom of q"]);
    assert!(!out.contains("Top 2"), "{out}");
    let scores = [&asked[..], &["--scores", "q:4,3,2,1"]].concat();
    told(
        path,
        &scores,
        &["Agree=4, Disagree=3, Strongly agree=2, Strongly disagree=1"],
    );
    // a codebook has the order
    let book = "variable,label,value,level,missing,order\nq,,,Strongly agree,,1\nq,,,Agree,,2\nq,,,Disagree,,3\nq,,,Strongly disagree,,4\n";
    std::fs::write(path.join("book.csv"), book).unwrap();
    let run = crosstab(path, &[&boxes[..], &["--codebook", "book.csv"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("NET Top 2"), "{}", run.out);
}

#[test]
fn texts_that_nobody_gave_in_a_wave_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    file(path, "p.csv", "q", 40, |at| {
        ["Agree", "No"][at % 2].to_owned()
    });
    file(path, "later.csv", "q", 40, |at| {
        ["Tend to agree", "No"][at % 2].to_owned()
    });
    let run = opine_in(
        path,
        &[
            "crosstab",
            "p.csv",
            "later.csv",
            "--wave",
            "year",
            "--rows",
            "q",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let note = "q: nobody gave Agree in later; Tend to agree in p";
    assert!(run.err.contains(note), "{}", run.err);
}

#[test]
fn a_question_that_a_wave_did_not_ask_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let answer = |at: usize| ["Yes", "No"][at % 2];
    file(path, "may.csv", "q,old,some", 80, |at| {
        format!("{0},{0},{0}", answer(at))
    });
    file(path, "june.csv", "q,some", 80, |at| {
        format!("{},", answer(at))
    });
    let run = |more: &[&str]| {
        let words = ["crosstab", "may.csv", "june.csv", "--wave", "month"];
        opine_in(path, &[&words, more].concat(), "")
    };
    let notes = "note: old: not asked or not answered in month june\n\
                 note: some: not asked or not answered in month june\n";
    let questions = ["--rows", "q,old,some", "--columns", "month"];
    let asked = run(&[&questions[..], &["-o", "t.xlsx"]].concat());
    assert_eq!((asked.code, asked.err.as_str()), (0, notes));
    let book = std::fs::read(path.join("t.xlsx")).unwrap();
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let texts = book.by_name("xl/sharedStrings.xml").unwrap();
    let texts = std::io::read_to_string(texts).unwrap();
    for variable in ["old", "some"] {
        let note = format!("{variable}: not asked or not answered in month june.");
        assert!(texts.contains(&note), "{texts}");
    }
    // of a file that has no table of it
    let rest = run(&["--rows", "q", "--columns", "month"]);
    assert_eq!(rest.err, "note: not in june: old\n");
}

#[test]
fn a_finding_is_said_once() {
    let folder = folder("q,g", 240, |at| {
        format!("{},{}", ["Yes", "No"][at % 2], ["x", "y"][at / 2 % 2])
    });
    let path = folder.path();
    let plan = "[banner]\ncolumns = [\"g\"]\n\n[[table]]\nrows = \"q\"\nlast = [\"Perhaps\"]\n";
    std::fs::write(path.join("tabs.toml"), plan).unwrap();
    let run = crosstab(path, &["--plan", "tabs.toml", "--strict"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert_eq!(
        run.err.matches("nobody has Perhaps").count(),
        1,
        "{}",
        run.err
    );
    assert!(
        run.err.contains("warning: q: nobody has Perhaps"),
        "{}",
        run.err
    );
}

#[test]
fn a_battery_says_whose_bases_it_has() {
    let folder = folder("q1,q2,q3,g", 200, |at| {
        let answer = ["Yes", "No"][at % 2];
        let third = if at % 4 == 0 { "" } else { answer };
        format!("{answer},{answer},{third},{}", ["x", "y"][at % 3 % 2])
    });
    let asked = ["--grid", "All=q1,q2,q3", "--columns", "g"];
    let out = told(folder.path(), &asked, &[]);
    let said = "All who answered the question; bases are of that with the fewest answers.";
    assert!(out.contains(said), "{out}");
}

/// What is hidden is in no family, so the explanation does not count it.
#[test]
fn an_explained_family_counts_what_is_compared() {
    let folder = folder("q,g", 400, |at| {
        let few = if at < 3 { "x" } else { ["y", "z", "w"][at % 3] };
        format!("{},{few}", ["Yes", "No"][at % 2])
    });
    let asked = ["--rows", "q", "--columns", "g", "--min-base", "0"];
    let cell = ["--explain", "Yes / y"];
    let all = told(folder.path(), &[&asked[..], &cell[..]].concat(), &[]);
    assert!(all.contains("Holm over the 6 of"), "{all}");
    let hidden = [&asked[..], &cell[..], &["--suppress", "5"]].concat();
    let shown = told(folder.path(), &hidden, &[]);
    assert!(!shown.contains("Holm over the 6 of"), "{shown}");
}
