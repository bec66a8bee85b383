//! What commands write: charts of files, spreadsheets, formats, schemas, completions.

use crate::cli::program::{number, opine, opine_in, own_copy, picture, rows};

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
    assert_eq!(picture(&svg("csv.svg")), picture(&svg("json.svg")));
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
        ("t.html", "<!doctype html>"),
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

/// Tables of every kind of command, as a page, as a part of one, and with what a paper wants.
#[test]
fn pages_and_captions_are_those_of_every_command_with_tables() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["poll.csv", "waves.csv"] {
        let from = std::path::Path::new("examples").join(name);
        std::fs::copy(from, folder.path().join(name)).unwrap();
    }
    for (line, has_errors) in [
        ("estimate poll.csv prop(q1) --by sex", true),
        ("estimate poll.csv mean(therm_us) --weights weight", true),
        ("fit poll.csv therm_us~sex+age", true),
        ("crosstab poll.csv --rows q1 --columns party", true),
        ("topline poll.csv --rows q1", true),
        ("test poll.csv chisq(q1,party)", false),
        ("describe poll.csv", false),
        ("compare 48@1000 45@1000", false),
        ("pool 48@1000 45@800 47@900", false),
        ("list polls", false),
    ] {
        let run = |more: &[&str]| {
            let args: Vec<&str> = line.split(' ').chain(more.iter().copied()).collect();
            let run = opine_in(folder.path(), &args, "");
            assert_ne!(run.code, 3, "{line} {more:?}: {}", run.err);
            run
        };
        let page = run(&["--format", "html"]).out;
        let fragment = run(&["--format", "html", "--fragment"]).out;
        assert!(
            page.starts_with("<!doctype html>") && page.contains("charset=\"utf-8\""),
            "{line}"
        );
        assert!(
            !fragment.contains("<html") && page.contains(fragment.trim()),
            "{line}"
        );
        assert!(fragment.contains("<th scope=\"row\""), "{line}: {fragment}");
        assert_eq!(run(&["--fragment"]).code, 2, "{line}: text is no page");
        let set = run(&[
            "--format",
            "latex",
            "--caption",
            "A & B",
            "--tex-label",
            "tab:x",
        ]);
        assert!(
            set.out.contains("\\caption{A \\& B}\\label{tab:x}"),
            "{line}: {}{}",
            set.out,
            set.err
        );
        assert_eq!(
            run(&["--caption", "A"]).code,
            2,
            "{line}: text has no caption"
        );
        let below = run(&["--format", "latex", "--se-below"]);
        assert_eq!(
            below.code,
            if has_errors { 0 } else { 2 },
            "{line}: {}",
            below.err
        );
        assert_eq!(
            below.out.contains("In brackets: standard errors"),
            has_errors,
            "{line}"
        );
        assert!(
            !below.out.contains("intervals:"),
            "{line}: errors stand in the place of intervals, and the foot tells how these are made: {}",
            below.out
        );
    }
    let label = [
        "interval",
        "63",
        "-n",
        "100",
        "--format",
        "latex",
        "--tex-label",
        "a b",
    ];
    assert_eq!(opine(&label).code, 2);
    let two = opine_in(
        folder.path(),
        &[
            "crosstab",
            "poll.csv",
            "--rows",
            "q1,sex",
            "--columns",
            "party",
            "--format",
            "latex",
            "--tex-label",
            "tab:x",
        ],
        "",
    );
    assert!(
        two.out.contains("\\label{tab:x-1}") && two.out.contains("\\label{tab:x-2}"),
        "{}",
        two.out
    );
}

/// The keys of the first row a command gives are the columns its schema names.
#[test]
fn schemas_are_those_of_the_output() {
    for (of, args) in [
        ("summary", &["summary", "egf2023/worried", "--json"][..]),
        ("interval", &["interval", "63", "-n", "1500", "--json"]),
        ("size", &["size", "--moe", "3", "--json"]),
        ("check", &["check", "--json"]),
        ("export", &["export", "egf2023/worried", "--json"]),
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

#[test]
fn a_file_in_the_place_of_a_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "").unwrap();
    for arguments in [&["report", "--out", "taken"][..], &["init", "taken"]] {
        let run = opine_in(folder.path(), arguments, "");
        assert_eq!(run.code, 3, "{}", run.err);
        let says = "taken: this is a file, and a folder is wanted";
        assert!(run.err.contains(says), "{}", run.err);
    }
}
