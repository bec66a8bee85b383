//! The real program: what it prints, what it refuses, how it ends.

use crate::cli::program::{number, opine, opine_in, own_copy, rows};

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
        (&["nonsense"], "--help"),
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
