//! Tables of sums: digit for digit those of the respondents.

use std::process::{Command, Output};

use opine::survey::crosstab::{
    Crosstab, Request, SumsFile, Test, crosstab, crosstab_of_sums, export_tables,
};
use opine::survey::design::Design;
use opine::survey::microdata::{self, OpenOptions};
use opine::survey::sums::export::to_parquet;

use super::golden::{entries, folder, request, toml};

/// Cells, comparisons and tests as text with every digit.
fn digits(made: &Crosstab) -> String {
    let (cells, pairs, tests) = (made.estimates(), made.comparisons(), made.tests());
    format!("{cells:#?}\n{pairs:#?}\n{tests:#?}")
}

#[test]
fn tables_of_sums_are_those_of_respondents() {
    let folder_of_run = tempfile::tempdir().unwrap();
    let path = folder_of_run.path().join("poll.sums");
    let mut count = 0;
    for entry in entries() {
        let mut request: Request = request(&entry);
        let design = Design::from_toml(&toml(&entry)).unwrap();
        if !request.grids.is_empty() || request.banner.is_empty() || design.rows_are_last_stage() {
            continue;
        }
        if !request.sets.is_empty() {
            // who gave several of the answers of a net is not known any more
            request.nets.clear();
        }
        let data = folder().join("data").join(entry["data"].as_str().unwrap());
        let source = microdata::open(&data, &OpenOptions::default()).unwrap();
        let export = export_tables(source.as_ref(), "golden", &design, &request, 0).unwrap();
        std::fs::write(&path, to_parquet(&export.spec, &export.table).unwrap()).unwrap();
        let file = SumsFile::read(&path, "").unwrap();
        for test in [Test::Design, Test::Kish] {
            request.options.test = test;
            let whole = crosstab(source.as_ref(), "golden", &design, &request).unwrap();
            let mut asked = request.clone();
            asked.condition = None;
            asked.sets.clear();
            let asked = file.request(&asked).unwrap();
            let of_sums = crosstab_of_sums(&file, &asked, (None, None)).unwrap();
            let (whole, of_sums) = (digits(&whole), digits(&of_sums));
            let pairs = whole.lines().zip(of_sums.lines());
            let differs = pairs.enumerate().find(|(_, (one, other))| one != other);
            assert!(whole == of_sums, "{}: {differs:?}", entry["id"]);
        }
        count += 1;
    }
    assert!(count > 40, "{count}");
}

fn opine(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_opine"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_program_makes_tables_of_sums() {
    let folder = tempfile::tempdir().unwrap();
    let poll = "examples/poll.csv";
    let path = folder.path().join("poll.sums");
    let sums = path.to_str().unwrap();
    let design = ["--weights", "weight", "--strata", "stratum", "--psu", "psu"];
    let questions = ["q1", "mean(therm_us)", "Blue = prop(party == 'Blue')"];
    let banner = "party,warm=cut(therm_us, 30, 60),party:sex";
    let to = ["--columns", banner, "-o", sums];
    let made = opine(&[&["sums", poll][..], &questions, &to, &design].concat());
    text(&made);
    let rows: Vec<&str> = questions.iter().flat_map(|row| ["--rows", row]).collect();
    for options in [
        &["--json"][..],
        &["--json", "--pairs", "--against", "rest"],
        &["--json", "--tests"],
        &["--net", "Worried=Very worried,Somewhat worried"],
        &["--column-net", "party:Partisans=Blue,Red", "--test-nets"],
        &["--percent", "row"],
        &["--no-total", "--test", "kish", "--json"],
    ] {
        let part = [&["--columns", banner], &rows[..], options].concat();
        let of_sums = opine(&[&["crosstab", sums], &part[..]].concat());
        let whole = opine(&[&["crosstab", poll], &part[..], &design].concat());
        let of_file = |text: String| text.replace("poll.sums", "poll.csv");
        assert_eq!(of_file(text(&of_sums)), text(&whole), "{options:?}");
    }
    // nothing named: all that is in the file; a block by itself is part of it
    let all = text(&opine(&["crosstab", sums, "--json"]));
    assert!(all.contains("\"variable\": \"Blue\"") || all.contains("\"variable\":\"Blue\""));
    let one = [
        &["crosstab", sums, "--columns", "party:sex", "--json"][..],
        &rows,
    ]
    .concat();
    let same = [
        &["crosstab", poll, "--columns", "party:sex", "--json"][..],
        &rows,
        &design,
    ]
    .concat();
    assert_eq!(text(&opine(&one)), text(&opine(&same)));
}

#[test]
fn sums_say_what_they_do_not_have() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (plain, banner) = (path("plain.sums"), path("banner.sums"));
    text(&opine(&[
        "sums",
        "examples/poll.csv",
        "prop(q1)",
        "-o",
        &plain,
    ]));
    let to = ["--columns", "party", "-o", &banner];
    text(&opine(
        &[&["sums", "examples/poll.csv", "q1"][..], &to].concat(),
    ));
    let refusals: [(&[&str], &str); 8] = [
        (
            &["crosstab", &plain, "--columns", "party"],
            "keeps no banner: make it where the respondents are, with opine sums FILE --columns party -o",
        ),
        (
            &["crosstab", &banner, "--columns", "age"],
            "keeps no columns age; it has party",
        ),
        (
            &["crosstab", &banner, "--rows", "party"],
            "has no sums of prop(party)",
        ),
        (
            &["crosstab", &banner, "--where", "therm_us > 30"],
            "--where was settled when these sums were made",
        ),
        (
            &["crosstab", &banner, "--weights", "weight"],
            "--weights was settled",
        ),
        (
            &["estimate", &banner],
            "holds the sums of banner tables: opine crosstab",
        ),
        (
            &[
                "sums",
                "examples/poll.csv",
                "median(therm_us)",
                "--columns",
                "party",
                "-o",
                "x.sums",
            ],
            "medians take the respondents",
        ),
        (
            &[
                "sums",
                "examples/poll.csv",
                "q1",
                "--columns",
                "party",
                "--min-cell",
                "500",
                "-o",
                "x.sums",
            ],
            "take coarser groups in --columns",
        ),
    ];
    for (arguments, message) in refusals {
        let output = opine(arguments);
        let error = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(
            error.contains(&message.to_lowercase()),
            "{arguments:?}: {error}"
        );
    }
}
