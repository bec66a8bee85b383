//! The real program: what it prints, what it refuses, how it ends.

use crate::program::{number, opine, opine_in, own_copy, rows};

#[test]
fn an_interval_is_that_of_the_library() {
    let found = &rows(&opine(&["interval", "63", "-n", "1500", "--json"]))[0];
    // R: prop.test(945, 1500, correct = FALSE)$conf.int
    assert!(
        (number(found, "ci_low") - 0.605_266).abs() < 1e-5,
        "{found}"
    );
    assert!(
        (number(found, "ci_high") - 0.654_079).abs() < 1e-5,
        "{found}"
    );
    let wide = &rows(&opine(&[
        "interval", "63", "-n", "1500", "--deff", "1.6", "--json",
    ]))[0];
    assert_eq!(number(wide, "n_eff"), 937.5);
    assert!(number(wide, "ci_low") < number(found, "ci_low"));
}

#[test]
fn every_option_of_interval_changes_its_output_or_is_refused() {
    let base = ["interval", "63", "-n", "1500", "--json"];
    let plain = opine(&base).out;
    for option in [
        &["--deff", "1.6"][..],
        &["--moe", "4"],
        &["--level", "0.9"],
        &["--ci", "wald"],
        &["--ci", "beta", "--df", "40"],
        &["--rounding"],
        &["--rounding", "0.1"],
    ] {
        let run = opine(&[&base, option].concat());
        assert_eq!(run.code, 0, "{option:?}: {}", run.err);
        assert_ne!(run.out, plain, "{option:?}");
    }
    let refused = |args: &[&str]| opine(&[&base, args].concat()).code == 2;
    assert!(refused(&["--df", "40"]), "wilson has no degrees of freedom");
    assert!(refused(&["--moe-level", "90"]), "no margin was given");
    assert!(refused(&["--deff", "1.6", "--moe", "4"]));
    assert!(refused(&["--ci", "beta"]), "beta needs df");
}

#[test]
fn wrong_use_says_what_would_be_right() {
    for (args, words) in [
        (&["interval", "63,5", "-n", "1500"][..], "63.5"),
        (&["interval", "163", "-n", "1500"], "between 0 and 100"),
        (&["interval", "63", "-n", "0"], "respondents"),
        (&["interval", "63", "-n", "1500", "--level", "1"], "0.95"),
        (&["interval", "63", "-n", "1500", "--ci", "wilsn"], "wilson"),
        (&["interval", "0", "-n", "1500", "--ci", "wald"], "wilson"),
        (&["summary", "egf2032"], "egf2023"),
        (
            &["summary", "--assume-n", "500", "egf2023/soft_power_us"],
            "spread",
        ),
        (&["summary", "-o", "out.xyz"], ".json"),
        (&["list", "polls", "egf2032"], "egf2023"),
        (&["chart", "dot", "egf2023", "-o", "out.gif"], ".png"),
        (
            &["chart", "dot", "egf2023", "-o", "out.svg", "--width", "10"],
            "280",
        ),
        (&["add", "figure"], "--template"),
        (&["nonsense"], "unrecognized"),
    ] {
        let run = opine(args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}

#[test]
fn files_that_cannot_be_read_or_written_end_in_3() {
    for args in [
        &["summary", "--data", "nowhere"][..],
        &["chart", "dot", "nowhere.csv", "-o", "out.svg"],
        &["chart", "dot", "egf2023", "-o", "no/such/folder/out.svg"],
        &["size", "--moe", "3", "-o", "no/such/folder/out.txt"],
        &["add", "figure", "--from", "nowhere.csv"],
        &[
            "chart",
            "dot",
            "egf2023",
            "-o",
            "out.svg",
            "--font",
            "nowhere.ttf",
        ],
    ] {
        let run = opine(args);
        assert_eq!(run.code, 3, "{args:?}: {}", run.err);
    }
}

#[test]
fn the_store_in_use_is_named_and_data_here_takes_precedence() {
    assert!(opine(&["list", "polls"]).err.contains("shipped"));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(opine_in(folder.path(), &["init"], "").code, 0);
    let run = opine_in(folder.path(), &["list", "polls"], "");
    assert!(run.err.contains("data: data"), "{}", run.err);
    let again = opine_in(folder.path(), &["init"], "");
    assert_eq!(again.code, 2);
    assert!(again.err.contains("figures.csv"));
}

#[test]
fn a_poll_is_added_step_by_step() {
    let folder = own_copy();
    let add = |args: &[&str]| {
        opine_in(
            folder.path(),
            &[&["add"], args, &["--data", "."]].concat(),
            "",
        )
    };
    for args in [
        &[
            "poll",
            "--poll",
            "mypoll",
            "--title",
            "Mine",
            "--sampling",
            "probability",
        ][..],
        &["sample", "--poll", "mypoll", "-n", "1200"],
        &[
            "question",
            "--poll",
            "mypoll",
            "--question",
            "approve",
            "--responses",
            "yes;no",
        ],
    ] {
        let run = add(args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
        assert!(run.err.contains("next: opine"), "{}", run.err);
    }
    let figure = [
        "figure",
        "--poll",
        "mypoll",
        "--question",
        "approve",
        "--response",
        "yes",
        "--percent",
        "47",
        "--reported-by",
        "report",
        "--url",
        "https://example.org/poll",
    ];
    let dry = add(&[&figure[..], &["--dry-run"]].concat());
    assert!(
        dry.out.starts_with("mypoll,approve,yes,all,all,47,"),
        "{}",
        dry.out
    );
    assert_eq!(add(&figure).out, dry.out);
    let shown = opine_in(
        folder.path(),
        &["summary", "mypoll", "--data", ".", "--json"],
        "",
    );
    let row = &rows(&shown)[0];
    assert_eq!(number(row, "n"), 1200.0);
    assert!((number(row, "ci_low") - 0.4419).abs() < 1e-3, "{row}");
    let twice = add(&figure);
    assert_eq!(twice.code, 1);
    assert!(twice.err.contains("duplicate-key"), "{}", twice.err);
}

#[test]
fn an_added_figure_says_what_it_conflicts_with() {
    let folder = own_copy();
    let args = [
        "add",
        "figure",
        "--data",
        ".",
        "--poll",
        "egf2023",
        "--question",
        "view_both",
        "--response",
        "both",
        "--percent",
        "55",
        "--aggregate",
        "respondents",
        "--reported-by",
        "blog",
        "--dry-run",
    ];
    let run = opine_in(folder.path(), &args, "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("[conflict]") && run.out.contains("[joint-share]"),
        "{}",
        run.out
    );
}

#[test]
fn rows_come_from_csv_and_json_and_bad_ones_are_refused_together() {
    let folder = own_copy();
    let before = std::fs::read(folder.path().join("figures.csv")).unwrap();
    let add = |input: &str| {
        opine_in(
            folder.path(),
            &["add", "figure", "--data", ".", "--from", "-"],
            input,
        )
    };
    let bad = add(
        "poll,question,response,percent,reported_by\negf2023,worried,very,24,x\negf2032,worried,very,240,x\n",
    );
    assert_eq!(bad.code, 1);
    assert!(
        bad.err.contains("egf2023") && bad.err.contains("row 2"),
        "{}",
        bad.err
    );
    assert_eq!(
        std::fs::read(folder.path().join("figures.csv")).unwrap(),
        before
    );
    let csv =
        add("poll,question,response,country,percent,reported_by\negf2023,worried,very,KR,24.0,x\n");
    assert_eq!(csv.code, 0, "{}", csv.err);
    let json = add(
        r#"[{"poll": "egf2023", "question": "worried", "response": "very", "country": "PH", "percent": 52.0, "reported_by": "x"}]"#,
    );
    assert_eq!(json.code, 0, "{}", json.err);
    assert!(json.out.contains(",52.0,"), "{}", json.out);
    let after = std::fs::read(folder.path().join("figures.csv")).unwrap();
    assert!(
        after.starts_with(&before),
        "existing bytes stay as they are"
    );
}

#[test]
fn the_shipped_data_cannot_be_added_to() {
    let run = opine(&["add", "poll", "--poll", "mypoll"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("opine init"));
}

#[test]
fn errors_in_the_data_stop_what_would_compute_from_them() {
    let folder = own_copy();
    let path = folder.path().join("figures.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen(",62,", ",162,", 1)).unwrap();
    let run = |args: &[&str]| opine_in(folder.path(), &[args, &["--data", "."]].concat(), "");
    let check = run(&["check", "--json"]);
    assert_eq!(check.code, 1);
    let findings: Vec<serde_json::Value> = serde_json::from_str(&check.out).unwrap();
    let error = findings
        .iter()
        .find(|finding| finding["severity"] == "error")
        .unwrap();
    assert_eq!(
        (error["rule"].as_str(), error["column"].as_str()),
        (Some("range"), Some("percent"))
    );
    let report = run(&["report", "--out", "plots"]);
    assert_eq!(report.code, 1);
    assert!(
        report.err.contains("nothing was computed"),
        "{}",
        report.err
    );
    assert!(!folder.path().join("plots").exists());
}

#[test]
fn check_is_fine_with_warnings_unless_strict() {
    assert_eq!(opine(&["check"]).code, 0);
    assert_eq!(opine(&["check", "--strict"]).code, 1);
    let findings = rows(&opine(&["check", "egf2023", "--json"]));
    assert!(
        findings
            .iter()
            .all(|finding| finding["ids"].to_string().contains("egf2023"))
    );
    assert!(
        findings
            .iter()
            .any(|finding| finding["rule"] == "joint-share")
    );
}

#[test]
fn report_leaves_foreign_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("plots")).unwrap();
    std::fs::write(folder.path().join("plots/mine.txt"), "mine").unwrap();
    let run = opine_in(folder.path(), &["report"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("headline.png")
            && run.out.contains("report.html")
            && run.out.contains("can’t hold"),
        "{}",
        run.out
    );
    assert!(run.err.contains("warning"), "{}", run.err);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("plots/mine.txt")).unwrap(),
        "mine"
    );
    for name in ["headline", "by-country"] {
        for ending in ["png", "svg", "csv"] {
            assert!(
                folder
                    .path()
                    .join(format!("plots/{name}.{ending}"))
                    .is_file()
            );
        }
    }
}

#[test]
fn a_plain_list_is_drawn_with_its_numbers_beside_it_and_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let list = "label,percent,n\nStay neutral,62,1000\nTake a side,23.5,1000\nNo n,10,\nNobody,0,500\nAll,100,500\n";
    std::fs::write(folder.path().join("tonight.csv"), list).unwrap();
    let run = opine_in(
        folder.path(),
        &[
            "chart",
            "dot",
            "tonight.csv",
            "-o",
            "tonight.png",
            "--title",
            "Most",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("tonight.csv")).unwrap(),
        list
    );
    let numbers = std::fs::read_to_string(folder.path().join("tonight.numbers.csv")).unwrap();
    assert!(numbers.starts_with("source,variable,level"), "{numbers}");
    let bad = opine_in(
        folder.path(),
        &["chart", "dot", "-", "-o", "x.svg"],
        "label,percent\na,140\n",
    );
    assert_eq!(bad.code, 2);
    assert!(
        bad.err.contains("line 2") && bad.err.contains("140"),
        "{}",
        bad.err
    );
}

#[test]
fn estimates_are_drawn_from_a_pipe() {
    let csv = opine(&["summary", "egf2023/consequences", "--csv"]).out;
    let json = opine(&["summary", "egf2023/consequences", "--json"]).out;
    let folder = tempfile::tempdir().unwrap();
    for (input, name) in [(csv, "csv.svg"), (json, "json.svg")] {
        let run = opine_in(
            folder.path(),
            &["chart", "dot", "-", "-o", name, "--title", "T"],
            &input,
        );
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let svg = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(svg("csv.svg"), svg("json.svg"));
    assert!(svg("csv.svg").contains("<title>T</title>"));
}

#[test]
fn korean_labels_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let run = opine_in(
        folder.path(),
        &["chart", "dot", "-", "-o", "x.svg"],
        "label,percent\n한국,50\n",
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("--font") && run.err.contains('한'),
        "{}",
        run.err
    );
    assert!(!folder.path().join("x.svg").exists());
}

#[test]
fn assumed_sample_sizes_are_flagged() {
    let run = opine(&[
        "summary",
        "ecfr2023/side_taiwan/us_side:IT",
        "--assume-n",
        "1000",
        "--json",
    ]);
    let row = &rows(&run)[0];
    assert!(row["flags"].as_str().unwrap().contains("assumed_n"));
    assert!(number(row, "ci_high") > 0.18);
}

#[test]
fn a_spreadsheet_gets_a_mark_and_no_formulas() {
    let folder = own_copy();
    let add = [
        "add",
        "figure",
        "--data",
        ".",
        "--poll",
        "egf2023",
        "--question",
        "worried",
        "--response",
        "very",
        "--country",
        "KR",
        "--percent",
        "24",
        "--reported-by",
        "x",
        "-q",
    ];
    assert_eq!(opine_in(folder.path(), &add, "").code, 0);
    let run = opine_in(
        folder.path(),
        &[
            "summary",
            "egf2023",
            "--data",
            ".",
            "--csv",
            "--for-spreadsheet",
        ],
        "",
    );
    assert!(run.out.starts_with('\u{feff}'));
    assert_eq!(opine(&["summary", "--for-spreadsheet"]).code, 2);
}

#[test]
fn formats_follow_the_ending_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("t.md", "**"),
        ("t.csv", "source,"),
        ("t.json", "["),
        ("t.html", "<figure"),
        ("t.tex", "% needs"),
        ("t.txt", "Worried"),
    ] {
        let run = opine_in(
            folder.path(),
            &["summary", "egf2023/worried", "-o", name],
            "",
        );
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(text.starts_with(start), "{name}: {text}");
    }
}

/// The keys of the first row a command gives are the columns its schema names.
#[test]
fn schemas_are_those_of_the_output() {
    for (of, args) in [
        ("summary", &["summary", "egf2023/worried", "--json"][..]),
        ("interval", &["interval", "63", "-n", "1500", "--json"]),
        ("size", &["size", "--moe", "3", "--json"]),
        ("check", &["check", "--json"]),
        ("card", &["card", "egf2023", "--json"]),
        ("bounds", &["bounds", "egf2023/view_both/both", "--json"]),
        ("compare", &["compare", "90@1500", "62@16168", "--json"]),
    ] {
        let row = rows(&opine(args)).remove(0);
        let keys: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
        let schema = rows(&opine(&["schema", of, "--json"]));
        let named: Vec<&str> = schema
            .iter()
            .map(|row| row["column"].as_str().unwrap())
            .collect();
        let told: Vec<&str> = named
            .iter()
            .copied()
            .filter(|name| keys.iter().any(|key| key == name))
            .collect();
        assert_eq!(told, keys, "{of}");
    }
}

#[test]
fn completions_and_manual_name_every_command() {
    let help = opine(&["--help"]).out;
    let listed = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let commands: Vec<&str> = listed
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 10);
    let texts = ["bash", "zsh", "fish"].map(|shell| opine(&["completions", shell]).out);
    let man = opine(&["man"]).out;
    for command in commands {
        assert!(texts.iter().all(|text| text.contains(command)), "{command}");
        assert!(
            man.contains(".TH opine") && man.contains(command),
            "{command}"
        );
    }
    assert_eq!(opine(&["card", "egf2032"]).code, 2);
}
