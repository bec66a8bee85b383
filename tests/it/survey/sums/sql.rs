//! The query that makes sums elsewhere, and what engines made of it.

use std::path::Path;

use crate::cli::program::{Run, opine, opine_in, rows};

fn query(dialect: &str) -> String {
    let file = std::fs::canonicalize("tests/golden/data/opinion.csv").unwrap();
    let file = file.display().to_string();
    let Run { code, out, err } = opine(&[
        "sums",
        &file,
        "prop(q1)",
        "prop(q2 in ['Very worried', \"it's fine\"])",
        "mean(therm_us)",
        "median(therm_cn)",
        "ratio(therm_us, therm_cn)",
        "--by",
        "region,band=cut(therm_cn, 40)",
        "--where",
        "age != '65+' and (therm_us between 5 and 95 or q3 is null)",
        "--weights",
        "weight",
        "--strata",
        "stratum",
        "--psu",
        "psu",
        "--print-sql",
        dialect,
        "--table",
        "respondents_2026",
    ]);
    assert_eq!(code, 0, "{err}");
    out
}

#[test]
fn query_for_duckdb() {
    insta::assert_snapshot!(query("duckdb"));
}

#[test]
fn query_for_spark() {
    insta::assert_snapshot!(query("spark"));
}

#[test]
fn query_for_postgres() {
    insta::assert_snapshot!(query("postgres"));
}

#[test]
fn query_for_datafusion() {
    insta::assert_snapshot!(query("datafusion"));
}

/// The items and designs of `tests/files/sql/make.py`, which made the files.
const MADE: [(&str, &[&str]); 2] = [
    (
        "apistrat",
        &[
            "mean(api00)",
            "prop(awards)",
            "median(api00)",
            "sd(api00)",
            "total(enroll)",
            "--weights",
            "pw",
            "--strata",
            "stype",
            "--fpc",
            "fpc",
        ],
    ),
    (
        "apiclus2",
        &[
            "mean(api00)",
            "prop(awards)",
            "median(api00)",
            "--weights",
            "pw",
            "--psu",
            "dnum,snum",
            "--fpc",
            "fpc1,fpc2",
            "--by",
            "stype",
        ],
    ),
];

#[test]
fn estimates_from_what_engines_made_agree_to_ten_digits() {
    for (name, asked) in MADE {
        let file = std::fs::canonicalize(format!("tests/golden/data/{name}.csv")).unwrap();
        let file = file.display().to_string();
        let direct = rows(&opine(&[&["estimate", &file], asked, &["--json"]].concat()));
        for engine in ["duckdb", "postgres"] {
            let made = format!("tests/files/sql/{name}.{engine}.csv");
            let made = std::fs::canonicalize(Path::new(&made)).unwrap();
            let made = made.display().to_string();
            let travelled = rows(&opine(&["estimate", &made, "--json"]));
            assert_eq!(direct.len(), travelled.len(), "{name} by {engine}");
            for (one, other) in direct.iter().zip(&travelled) {
                for (field, value) in one.as_object().unwrap() {
                    let found = &other[field.as_str()];
                    match (value.as_f64(), found.as_f64()) {
                        (Some(a), Some(b)) => assert!(
                            (a - b).abs() <= 1e-10 * a.abs().max(1.0),
                            "{name} by {engine}: {field} is {b}, not {a}"
                        ),
                        _ => assert_eq!(value, found, "{name} by {engine}: {field}"),
                    }
                }
            }
        }
    }
}

/// A word in the name of a variable is no filter.
#[test]
fn a_name_with_within_in_it_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("poll.csv"),
        "trust within EU,a\n1,2\n3,4\n",
    )
    .unwrap();
    let run = opine_in(
        folder.path(),
        &[
            "sums",
            "poll.csv",
            "mean(`trust within EU`)",
            "--print-sql",
            "duckdb",
            "--table",
            "poll",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let run = opine_in(
        folder.path(),
        &[
            "sums",
            "poll.csv",
            "mean(a, where a > 1) - mean(a)",
            "--print-sql",
            "duckdb",
            "--table",
            "poll",
        ],
        "",
    );
    assert!(
        run.code == 2 && run.err.contains("different respondents"),
        "{}",
        run.err
    );
}

/// What an engine made, with other fields and letters: the same numbers.
#[test]
fn results_of_engines_in_any_dialect() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::fs::read("tests/files/sql/apistrat.duckdb.csv").unwrap();
    let records: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(made.as_slice())
        .records()
        .collect::<Result<_, _>>()
        .unwrap();
    let write = |name: &str, delimiter: u8, comma: bool, utf16: bool| {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .from_writer(Vec::new());
        for record in &records {
            let field = |field: &str| match comma && field.parse::<f64>().is_ok() {
                true => field.replace('.', ","),
                false => field.to_owned(),
            };
            writer.write_record(record.iter().map(field)).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let bytes = match utf16 {
            false => [b"\xef\xbb\xbf", bytes.as_slice()].concat(),
            true => {
                let text = String::from_utf8(bytes).unwrap();
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                units.flat_map(u16::to_le_bytes).collect()
            }
        };
        std::fs::write(folder.path().join(name), bytes).unwrap();
    };
    write("plain.csv", b',', false, false);
    write("semicolons.csv", b';', true, false);
    write("tabs.tsv", b'\t', false, false);
    write("wide.csv", b';', true, true);
    let read = |name: &str| opine_in(folder.path(), &["estimate", name, "--json"], "");
    let plain = rows(&read("plain.csv"));
    assert!(!plain.is_empty());
    for name in ["semicolons.csv", "tabs.tsv", "wide.csv"] {
        assert_eq!(rows(&read(name)), plain, "{name}");
    }
}
