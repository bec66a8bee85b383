//! Tables that people bring, by the real program: what is read, what is said, what is refused.

use std::path::Path;

use super::program::opine_in;

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("written");
}

/// The chart of a list as its SVG, or the exit code and what was said.
fn chart(list: &str, more: &[&str]) -> Result<(String, String), (i32, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "list.csv", list);
    let mut args = vec!["chart", "bar", "list.csv", "-o", "list.svg"];
    args.extend(more);
    let run = opine_in(folder.path(), &args, "");
    match run.code {
        0 => {
            let svg = std::fs::read_to_string(folder.path().join("list.svg")).expect("a chart");
            Ok((svg, run.err))
        }
        code => Err((code, run.err)),
    }
}

#[test]
fn a_list_of_a_spreadsheet_is_drawn() {
    let (svg, said) = chart("label;percent;n\nA;48,5;1000\nB;41,2;1.010\n", &[]).unwrap();
    assert!(svg.contains("48.5") && svg.contains("41.2"));
    assert!(
        said.contains("note: list.csv: semicolons between fields; decimal commas in percent"),
        "{said}"
    );
    let (svg, _) = chart(
        "Trust\n\nCountry,Value,N\nKorea,48.5,1000\nKenya,<1,n/a\nPeru,,\n\nSource: x\n",
        &[],
    )
    .unwrap();
    assert!(svg.contains("Korea") && svg.contains("&lt;1") && svg.contains("Peru"));
}

#[test]
fn shares_are_not_drawn_as_halves_of_per_cents() {
    let fractions = "label,percent,n\nA,0.485,1000\nB,0.412,1000\nC,0.103,1000\n";
    let (code, said) = chart(fractions, &[]).unwrap_err();
    assert_eq!(code, 2);
    insta::assert_snapshot!(said.trim(), @"error: list.csv, line 2, column percent: all values are at most 1: “0.485” may be 48.5 per cent or 0.485 per cent; say which with --shares or --percents");
    let (svg, _) = chart(fractions, &["--shares"]).unwrap();
    assert!(svg.contains("48.5"));
    let (svg, _) = chart(fractions, &["--percents"]).unwrap();
    assert!(svg.contains("0.485"));
    let (_, said) = chart("label,percent\nA,48\nB,52\n", &["--percents"]).unwrap();
    assert!(said.contains("nothing for --percents to settle"), "{said}");
}

#[test]
fn options_for_tables_are_refused_where_none_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "p.csv", "sex,x\nf,1\nm,2\nm,3\n");
    write(
        folder.path(),
        "t.csv",
        "variable;level;target\nsex;f;0,5\nsex;m;0,5\n",
    );
    let weigh = |from: &str, more: &[&str]| {
        let args = [&["weight", from, "--rake", "t.csv"], more].concat();
        opine_in(folder.path(), &args, "")
    };
    assert_eq!(weigh("p.csv", &["-o", "p.sav"]).code, 0);
    // of an SPSS file it is meant of the targets alone
    let run = weigh("p.sav", &["--decimal", ","]);
    assert!(
        run.code == 0 && !run.err.contains("changes nothing"),
        "{}",
        run.err
    );
    for args in [
        &[
            "chart",
            "dot",
            "egf2023/worried",
            "-o",
            "x.svg",
            "--dates",
            "dmy",
        ][..],
        &["compare", "48@1000", "45@1000", "--decimal", ","],
        &["add", "figure", "--poll", "x", "--percents"],
        &["estimate", "p.sav", "mean(x)", "--decimal", "."],
        &["estimate", "p.sav", "mean(x)", "--dates", "dmy"],
        &[
            "weight",
            "p.sav",
            "--normalise",
            "respondents",
            "--decimal",
            ",",
        ],
    ] {
        let run = opine_in(folder.path(), args, "");
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains("has no effect"), "{args:?}: {}", run.err);
    }
}

#[test]
fn times_are_in_their_order_or_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let trend = |rows: &str, more: &[&str]| {
        write(
            folder.path(),
            "w.csv",
            &format!("label,date,percent,n\n{rows}"),
        );
        let mut args = vec!["chart", "trend", "w.csv", "-o", "w.svg"];
        args.extend(more);
        let run = opine_in(folder.path(), &args, "");
        let svg = std::fs::read_to_string(folder.path().join("w.svg")).unwrap_or_default();
        (run.code, run.err, svg)
    };
    let (code, said, _) = trend("A,2024-03,40,1000\nA,20240-05,41,1000\n", &[]);
    assert_eq!(code, 2);
    assert!(
        said.contains("line 3, column date: “20240-05” is no date"),
        "{said}"
    );
    let (code, said, svg) = trend(
        "A,03.08.2023,40,1000\nA,12.07.2023,41,1000\nA,14.06.2023,42,1000\n",
        &[],
    );
    assert_eq!(code, 0, "{said}");
    let places = ["14 Jun", "3 Aug"].map(|name| svg.find(name));
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
    let open = "A,5/6/2023,40,1000\nA,7/8/2023,41,1000\n";
    let (code, said, _) = trend(open, &[]);
    assert!(
        code == 2 && said.contains("--dates dmy or --dates mdy"),
        "{said}"
    );
    let (code, said, svg) = trend(open, &["--dates", "mdy"]);
    assert!(code == 0 && svg.contains("6 May"), "{said}");
}

#[test]
fn targets_of_a_workbook() {
    let folder = tempfile::tempdir().expect("a folder");
    let people: String = (0..40)
        .map(|at| if at % 4 == 0 { "Female\n" } else { "Male\n" })
        .collect();
    write(folder.path(), "people.csv", &format!("sex\n{people}"));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook
        .add_worksheet()
        .set_name("Read me")
        .and_then(|sheet| sheet.write(0, 0, "Census 2023"))
        .expect("written");
    let sheet = workbook.add_worksheet().set_name("Targets").expect("named");
    let rows = [
        ("Variable", "Level", "Target"),
        ("sex", "Female", "51,5 %"),
        ("sex", "Male", "48,5 %"),
    ];
    for (row, (variable, level, target)) in (2..).zip(rows) {
        for (column, text) in (0..).zip([variable, level, target]) {
            sheet.write(row, column, text).expect("written");
        }
    }
    workbook
        .save(folder.path().join("census.xlsx"))
        .expect("saved");
    for targets in ["census.xlsx", "census.xlsx#targets"] {
        let args = ["weight", "people.csv", "--rake", targets, "-o", "out.csv"];
        let run = opine_in(folder.path(), &args, "");
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(
            run.err.contains("census.xlsx, sheet Targets: "),
            "{}",
            run.err
        );
        let out = std::fs::read_to_string(folder.path().join("out.csv")).expect("weights");
        let first: f64 = out
            .lines()
            .nth(1)
            .and_then(|line| line.rsplit(',').next())
            .unwrap()
            .parse()
            .unwrap();
        assert!((first - 2.06).abs() < 1e-9, "{first}");
    }
    let run = opine_in(
        folder.path(),
        &[
            "weight",
            "people.csv",
            "--rake",
            "census.xlsx#Other",
            "-o",
            "out.csv",
        ],
        "",
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("there is no sheet Other; it has Read me and Targets"),
        "{}",
        run.err
    );
    write(
        folder.path(),
        "t.csv",
        "variable;level;target\nsex;Female;52,000\nsex;Male;48,000\n",
    );
    let run = opine_in(
        folder.path(),
        &["weight", "people.csv", "--rake", "t.csv", "-o", "out.csv"],
        "",
    );
    assert!(
        run.code == 2 && run.err.contains("--decimal . or --decimal ,"),
        "{}",
        run.err
    );
    for mark in [".", ","] {
        let args = [
            "weight",
            "people.csv",
            "--rake",
            "t.csv",
            "--decimal",
            mark,
            "-o",
            "out.csv",
        ];
        let run = opine_in(folder.path(), &args, "");
        assert_eq!(run.code, 0, "{}", run.err);
    }
}

#[test]
fn endless_and_damaged_tables_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "bad.xlsx", "PK\u{3}\u{4}nothing");
    for file in ["bad.xlsx", "missing.csv", "missing.xlsx#Sheet"] {
        let run = opine_in(folder.path(), &["chart", "bar", file, "-o", "x.svg"], "");
        assert_eq!(run.code, 3, "{file}: {}", run.err);
    }
}
