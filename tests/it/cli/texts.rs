//! Texts as people have them: control characters, names that are no words, items that begin with a minus.

use std::fs;

use crate::cli::program::{number, opine_in, rows};

/// Labels that would steer a terminal, turn the direction of writing, or end a line.
const WILD: &str = "q,n\n\u{1b}[31mred\u{1b}[0m,1\n\u{1b}[31mred\u{1b}[0m,2\nbell\u{7},3\nturn\u{202e}ed,4\nlow\u{9b}2J,5\n";

fn steers(text: &str) -> bool {
    text.chars()
        .any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}')
}

#[test]
fn control_characters_are_shown_and_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("wild\u{1b}[2J.csv"), WILD).unwrap();
    fs::write(path.join("p.csv"), WILD).unwrap();
    fs::write(
        path.join("t.csv"),
        "variable,level,target\nq,a\u{1b}[2Jb,1\n",
    )
    .unwrap();
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        opine_in(path, &words, "")
    };
    for command in [
        "describe p.csv",
        "describe wild\u{1b}[2J.csv",
        "estimate p.csv prop(q) --min-base 0",
        "estimate p.csv mean(n) --by q --min-base 0",
    ] {
        for format in ["text", "md", "html", "latex"] {
            let run = run(&format!("{command} --format {format}"));
            assert_eq!(run.code, 0, "{}", run.err);
            assert!(!steers(&run.out), "{command} {format}: {:?}", run.out);
            assert!(!steers(&run.err), "{command} {format}: {:?}", run.err);
        }
    }
    let text = run("describe p.csv").out;
    for shown in [
        "\\x1b[31mred\\x1b[0m",
        "bell\\x07",
        "turn\\u{202e}ed",
        "low\\x9b2J",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for wrong in [
        "estimate p.csv mean(q)",
        "estimate p.csv prop(\u{1b}[31m)",
        "weight p.csv --rake t.csv",
        "describe no\u{1b}[2J.csv",
        "estimate p.csv prop(q) --where q=='\u{7}'",
    ] {
        let run = run(wrong);
        assert!(!steers(&run.err), "{wrong}: {:?}", run.err);
    }
    // exact formats hold what the file holds
    assert!(run("describe p.csv --csv").out.contains('\u{1b}'));
    let chart = run("estimate p.csv prop(q) -o e.csv");
    assert_eq!(chart.code, 0, "{}", chart.err);
    let chart = run("chart dot e.csv -o e.svg");
    assert_eq!(chart.code, 0, "{}", chart.err);
    let svg = fs::read_to_string(path.join("e.svg")).unwrap();
    assert!(!steers(&svg) && svg.contains("\\x1b[31mred"), "{svg}");
}

#[test]
fn names_that_are_no_words_are_taken_as_they_stand_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let head = "clu#,How worried are you?,a-b,What's new,x";
    let lines = "1,Very,2,Yes,1\n2,Not,4,No,2\n1,Very,6,Yes,3\n3,Not,8,No,4\n";
    fs::write(path.join("p.csv"), format!("{head}\n{lines}")).unwrap();
    let first = |args: &[&str]| {
        let words = [&["estimate", "p.csv"], args, &["--json"]].concat();
        rows(&opine_in(path, &words, "")).remove(0)
    };
    assert_eq!(number(&first(&["mean(clu#)"]), "estimate"), 1.75);
    assert_eq!(number(&first(&["mean(a-b)"]), "estimate"), 5.0);
    assert_eq!(
        number(
            &first(&["prop(How worried are you? == 'Very')"]),
            "estimate"
        ),
        0.5
    );
    assert_eq!(
        number(&first(&["mean(x)", "--by", "How worried are you?"]), "n"),
        2.0
    );
    assert_eq!(
        number(
            &first(&["mean(x)", "--where", "What's new == 'Yes' and clu# < 2"]),
            "n"
        ),
        2.0
    );
    // what no column is called says how a name is written
    let refused = opine_in(path, &["estimate", "p.csv", "mean(clu%)"], "");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("`clu%`"), "{}", refused.err);
}

#[test]
fn items_and_conditions_may_begin_with_a_minus() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("p.csv"), "inc,g\n10,a\n50,b\n60,a\n80,b\n").unwrap();
    let all = |args: &[&str]| {
        let words = [&["estimate", "p.csv"], args, &["--json"]].concat();
        rows(&opine_in(path, &words, ""))
    };
    let found = &all(&["mean(inc)", "--where", "-inc < -40"])[0];
    assert_eq!(
        (number(found, "n"), number(found, "estimate")),
        (3.0, 190.0 / 3.0)
    );
    assert_eq!(number(&all(&["-mean(inc)"])[0], "estimate"), -50.0);
    assert_eq!(
        number(&all(&["-2 * mean(inc)", "--by", "g"])[0], "estimate"),
        -70.0
    );
    assert_eq!(
        number(&all(&["mean(inc)", "-total(inc)"])[1], "estimate"),
        -200.0
    );
    let missing = opine_in(
        path,
        &["estimate", "p.csv", "mean(inc)", "--where", "--by", "g"],
        "",
    );
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("--where"), "{}", missing.err);
    let unknown = opine_in(path, &["estimate", "p.csv", "mean(inc)", "-x"], "");
    assert_eq!(unknown.code, 2);
}

#[test]
fn one_respondent_has_no_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.csv"), "q,y\nYes,3\n").unwrap();
    let run = opine_in(
        folder.path(),
        &["estimate", "p.csv", "mean(y)", "prop(q)", "--json"],
        "",
    );
    for row in rows(&run) {
        assert!(row["se"].is_null() && row["ci_low"].is_null(), "{row}");
        assert!(
            row["note"].as_str().unwrap().contains("one respondent"),
            "{row}"
        );
    }
    assert_eq!(number(&rows(&run)[0], "estimate"), 3.0);
}

#[test]
fn levels_that_no_reader_can_tell_apart_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let answers = [
        "Yes",
        "Yes\u{a0}",
        "Z\u{fc}rich",
        "Zu\u{308}rich",
        "N\u{200b}o",
        "No",
        "\"Yes, very\"",
    ];
    let body: String = answers
        .iter()
        .map(|answer| format!("{answer},1\n{answer},2\n"))
        .collect();
    fs::write(path.join("p.csv"), format!("q,x\n{body}")).unwrap();
    let targets = |levels: &[&str]| -> String {
        let lines = levels.iter().map(|level| format!("q,{level},1\n"));
        format!("variable,level,target\n{}", lines.collect::<String>())
    };
    // blanks at the ends of a level of targets are none, so that one of the two can't be named
    let of_two = [&answers[..1], &answers[2..]].concat();
    let body: String = of_two
        .iter()
        .map(|answer| format!("{answer},1\n"))
        .collect();
    fs::write(path.join("w.csv"), format!("q,x\n{body}")).unwrap();
    fs::write(path.join("t.csv"), targets(&of_two)).unwrap();
    fs::write(
        path.join("u.csv"),
        targets(&["Yes", "Zürich", "No", answers[6]]),
    )
    .unwrap();
    let run = |line: &[&str]| {
        let run = opine_in(path, line, "");
        assert_eq!(run.code, 0, "{line:?} {}", run.err);
        run
    };
    let forgotten = opine_in(path, &["weight", "p.csv", "--rake", "u.csv"], "");
    assert_eq!(forgotten.code, 2);
    assert!(forgotten.err.contains("looks like “"), "{}", forgotten.err);
    for line in [
        &["estimate", "p.csv", "prop(q)"][..],
        &["estimate", "p.csv", "mean(x)", "--by", "q"],
        &["crosstab", "p.csv", "--rows", "q", "--columns", "x"],
        &["topline", "p.csv"],
        &["test", "p.csv", "ttest(x)", "--by", "q"],
        &["test", "p.csv", "chisq(q, x)"],
        &["fit", "p.csv", "x ~ q"],
        &["describe", "p.csv"],
        &["describe", "p.csv", "--balance", "x"],
    ] {
        let said = run(line);
        let said = said.err + &said.out;
        for pair in [
            "“Yes” and “Yes\\u{a0}” look alike",
            "“Zürich” and “Zu\\u{308}rich” look alike",
            "“No” and “N\\u{200b}o” look alike",
        ] {
            assert!(said.contains(pair), "{line:?} {pair}: {said}");
        }
        assert!(!said.contains("very”"), "{said}");
    }
    let weighted = run(&["weight", "w.csv", "--rake", "t.csv"]).out;
    for pair in ["“Zürich” and “Zu\\u{308}rich”", "“No” and “N\\u{200b}o”"] {
        assert!(weighted.contains(pair), "{pair}: {weighted}");
    }
    // an answer with a comma may stand in quotes; several do
    let share = |without: &str| {
        let line = [
            "estimate",
            "p.csv",
            "prop(q)",
            "--without",
            without,
            "--json",
            "-q",
        ];
        rows(&run(&line)).len()
    };
    let all = rows(&run(&["estimate", "p.csv", "prop(q)", "--json", "-q"])).len();
    assert_eq!(share("\"Yes, very\""), all - 1);
    assert_eq!(share("Yes, very"), all - 1);
    assert_eq!(share("\"Yes, very\",Yes"), all - 2);
}

#[test]
fn sums_take_a_separator_of_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("p.csv"), "q\n2|3|5\n3|2\n2|5\n5\n").unwrap();
    let run = |line: &[&str]| opine_in(path, line, "");
    let sums = [
        "sums",
        "p.csv",
        "prop(q contains '3')",
        "--separator",
        "|",
        "-o",
        "p.sums",
    ];
    assert_eq!(run(&sums).code, 0, "{}", run(&sums).err);
    let estimate = rows(&run(&["estimate", "p.sums", "--json", "-q"]));
    assert!(
        (number(&estimate[0], "estimate") - 0.5).abs() < 1e-12,
        "{estimate:?}"
    );
    let refused = run(&[
        "sums",
        "p.csv",
        "prop(q)",
        "--separator",
        "|",
        "-o",
        "q.sums",
    ]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("--separator"), "{}", refused.err);
}

#[test]
fn digits_that_no_float_holds_are_said_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let long: String = (0..6)
        .map(|at| format!("{},{at}\n", 9_007_199_254_740_993_u64 + at))
        .collect();
    fs::write(path.join("p.csv"), format!("x,y\n1,1\n{long}")).unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in [["x", "y"], ["1", "1"], ["9007199254740993", "2"]]
        .iter()
        .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet
                .write_string(row as u32, column as u16, *cell)
                .unwrap();
        }
    }
    workbook.save(path.join("p.xlsx")).unwrap();
    let stored = |name: &str| {
        let file = ["tests", "files", "parquet", name]
            .iter()
            .collect::<std::path::PathBuf>();
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        file.to_string_lossy().into_owned()
    };
    for file in ["p.csv", "p.xlsx"] {
        for line in [["describe", file, "--json"], ["estimate", file, "prop(x)"]] {
            let run = opine_in(path, &line, "");
            assert_eq!(run.code, 0, "{}", run.err);
            assert!(
                run.err
                    .contains("x is left as text, so that no digit is lost"),
                "{}",
                run.err
            );
        }
        let mean = opine_in(path, &["estimate", file, "mean(x)"], "");
        assert_eq!(mean.code, 2, "{}", mean.out);
        assert!(
            mean.err
                .contains("so that no digit is lost: “900719925474099"),
            "{}",
            mean.err
        );
        let other = opine_in(path, &["estimate", file, "mean(y)"], "");
        assert!(!other.err.contains("digit"), "{}", other.err);
    }
    for name in [
        "v1_snappy.parquet",
        "v2_delta.parquet",
        "plain.arrow",
        "coded_lz4.arrow",
    ] {
        let file = stored(name);
        let run = |item: &str| opine_in(path, &["estimate", &file, item], "");
        for (item, said) in [
            ("mean(long_id)", true),
            ("mean(large)", true),
            ("prop(long_id)", false),
            ("mean(id)", false),
            ("mean(price)", false),
            ("mean(weight)", false),
        ] {
            let run = run(item);
            assert_eq!(run.code, 0, "{name} {item}: {}", run.err);
            let is_said = run.err.contains("numbers of 16 digits and more");
            assert_eq!(is_said, said, "{name} {item}: {}", run.err);
        }
        let described = opine_in(path, &["describe", &file], "");
        assert!(
            described
                .err
                .contains("long_id and large: numbers of 16 digits"),
            "{}",
            described.err
        );
    }
}

#[test]
fn texts_that_a_cell_cuts_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let long = "long ".repeat(8_000);
    fs::write(
        path.join("p.csv"),
        format!("q,x\n{long},1\n{long},2\nNo,3\nNo,5\n"),
    )
    .unwrap();
    for line in [
        "estimate p.csv prop(q) -o o.xlsx",
        "estimate p.csv mean(x) --by q -o o.xlsx",
        "describe p.csv -o o.xlsx",
        "crosstab p.csv --rows q,x --columns q -o o.xlsx",
        "topline p.csv -o o.xlsx",
        "test p.csv chisq(q,x) --by q -o o.xlsx",
        "fit p.csv x~q -o o.xlsx",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = opine_in(path, &words, "");
        assert_eq!(run.code, 0, "{line}: {}", run.err);
        assert!(
            run.err.contains("cut at 32,767 letters"),
            "{line}: {}",
            run.err
        );
    }
}
