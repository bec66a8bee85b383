//! Tables of sums: digit for digit those of the respondents.

use std::process::{Command, Output};

use opine::internals::survey::crosstab::{
    Crosstab, Request, SumsFile, Test, crosstab, crosstab_of_sums, export_tables,
};
use opine::internals::survey::design::Design;
use opine::internals::survey::microdata::{self, OpenOptions};
use opine::internals::survey::sums::export::to_parquet;

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

/// Files of parts of the respondents, added up, are the tables of all of them, whatever columns and levels the parts have.
#[test]
fn tables_of_several_files_of_sums_are_those_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let poll = std::fs::read_to_string("examples/poll.csv").unwrap();
    let (head, body) = poll.split_once('\n').unwrap();
    let place = |name: &str| head.trim().split(',').position(|own| own == name).unwrap();
    let (stratum, party, q1) = (place("stratum"), place("party"), place("q1"));
    let field = |line: &str, at: usize| line.split(',').nth(at).unwrap_or_default().to_owned();
    // the second part has neither a party nor an answer of the first, and shares no stratum with it
    let first = field(body.lines().next().unwrap(), stratum);
    let (one, other): (Vec<&str>, Vec<&str>) =
        body.lines().partition(|line| field(line, stratum) == first);
    let one: Vec<&str> = one
        .into_iter()
        .filter(|line| field(line, party) != "Red" && !field(line, q1).starts_with("Very"))
        .collect();
    let other: Vec<&str> = other
        .into_iter()
        .filter(|line| field(line, party) != "Blue")
        .collect();
    let all: Vec<&str> = one.iter().chain(&other).copied().collect();
    for (name, lines) in [("one", &one), ("other", &other), ("all", &all)] {
        std::fs::write(
            path(&format!("{name}.csv")),
            format!("{head}\n{}\n", lines.join("\n")),
        )
        .unwrap();
    }
    let questions = [
        "--rows",
        "q1",
        "--rows",
        "mean(therm_us)",
        "--rows",
        "Warm = prop(therm_us > 50)",
    ];
    let questions: Vec<&str> = questions
        .iter()
        .copied()
        .filter(|text| *text != "--rows")
        .collect();
    for design in [
        &["--weights", "weight", "--strata", "stratum", "--psu", "psu"][..],
        &["--weights", "weight"],
    ] {
        for name in ["one", "other"] {
            let (from, to) = (path(&format!("{name}.csv")), path(&format!("{name}.sums")));
            let made = [
                &["sums", &from][..],
                &questions,
                &["--columns", "party,party:sex,age", "-o", &to],
                design,
            ]
            .concat();
            text(&opine(&made));
        }
        let rows: Vec<&str> = questions.iter().flat_map(|row| ["--rows", row]).collect();
        let banner = ["--columns", "party,party:sex,age", "--csv"];
        for more in [&[][..], &["--pairs"], &["--tests"]] {
            let of_sums = text(&opine(
                &[
                    &["crosstab", &path("one.sums"), &path("other.sums")][..],
                    &rows,
                    &banner,
                    more,
                ]
                .concat(),
            ));
            let of_all = text(&opine(
                &[
                    &["crosstab", &path("all.csv")][..],
                    &rows,
                    &banner,
                    more,
                    design,
                ]
                .concat(),
            ));
            same_numbers(&of_sums, &of_all);
        }
    }
}

/// The same lines, in any order, but for the name of the source, letters of columns in another place, and the last digits.
fn same_numbers(one: &str, other: &str) {
    let read = |text: &str| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let place = |name: &str| head.iter().position(|own| own == name);
        let keys = [
            "variable",
            "level",
            "block",
            "column",
            "statistic",
            "a",
            "b",
            "test",
        ];
        let places: Vec<usize> = keys.iter().filter_map(|name| place(name)).collect();
        let numbers = [
            "estimate",
            "se",
            "ci_low",
            "ci_high",
            "df",
            "n",
            "weighted_n",
            "count",
            "statistic",
            "z",
            "p_value",
            "p_adjusted",
            "df1",
            "df2",
        ];
        let numbers: Vec<usize> = numbers.iter().filter_map(|name| place(name)).collect();
        let mut all: Vec<(String, Vec<f64>)> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let key: Vec<&str> = places.iter().map(|at| &record[*at]).collect();
                let numbers = numbers
                    .iter()
                    .map(|at| record[*at].parse().unwrap_or(f64::NAN));
                (key.join("|"), numbers.collect())
            })
            .collect();
        if place("a").is_some() {
            // which of two columns stands first is a matter of their order
            for (key, numbers) in &mut all {
                let mut sides: Vec<&str> = key.split('|').collect();
                sides.sort_unstable();
                *key = sides.join("|");
                numbers.iter_mut().for_each(|x| *x = x.abs());
                // ends of an interval change places with their signs
                numbers.sort_by(f64::total_cmp);
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let (one, other) = (read(one), read(other));
    assert_eq!(one.len(), other.len());
    for ((key, one), (same, other)) in one.iter().zip(&other) {
        if !key.contains("rao-scott") {
            assert_eq!(key, same);
        }
        for (x, y) in one.iter().zip(other) {
            let close = (x - y).abs() <= 1e-8 * y.abs() + 1e-12;
            assert!(
                close || x.is_nan() && y.is_nan(),
                "{key}: {one:?} {other:?}"
            );
        }
    }
}
