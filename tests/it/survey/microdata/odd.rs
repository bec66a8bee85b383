//! Files that other programs write in their own way: read, with a word on what was assumed.

use std::path::{Path, PathBuf};

use opine::internals::survey::microdata::write::{write_spss, write_stata};
use opine::internals::survey::microdata::{
    Codebook, ColumnRequest, Error, Kind, OpenOptions, Source, Value, View, describe, open,
};

use crate::survey::microdata::expected::{file, source};
use crate::survey::microdata::table::{numbers, table};

pub fn odd(name: &str) -> PathBuf {
    file(&format!("odd/{name}"))
}

fn number(number: f64) -> Value {
    Value::Number(number)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn texts(all: &[&str]) -> Vec<Value> {
    all.iter().map(|one| text(one)).collect()
}

fn opened(path: &Path) -> Box<dyn Source> {
    open(path, &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn read(name: &str) -> (Box<dyn Source>, Vec<Vec<Value>>) {
    let source = opened(&odd(name));
    let read = table(source.as_ref()).unwrap();
    let columns = read.names.iter().map(|name| read.columns[name].clone());
    let columns = columns.collect();
    (source, columns)
}

fn refused(path: &Path, options: &OpenOptions) -> String {
    let error = match open(path, options) {
        Err(error) => error,
        Ok(source) => table(source.as_ref()).expect_err("refused"),
    };
    error.to_string().split_once(": ").unwrap().1.to_owned()
}

/// A copy of a file with some of its bytes replaced, each as often as it occurs.
fn changed(path: &Path, name: &str, changes: &[(&[u8], &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let mut bytes = std::fs::read(path).unwrap();
    for (from, to) in changes {
        assert_eq!(from.len(), to.len());
        let mut any = false;
        for at in 0..=bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + from.len()].copy_from_slice(to);
                any = true;
            }
        }
        assert!(any, "{from:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn labels(codebook: &Codebook, name: &str) -> Vec<(Value, String)> {
    codebook.variable(name).unwrap().labels.clone()
}

fn labelled(labels: &[(f64, &str)]) -> Vec<(Value, String)> {
    let label = |(value, label): &(f64, &str)| (number(*value), (*label).to_owned());
    labels.iter().map(label).collect()
}

/// The places that the head gives are those of another layout: the values stand in the order of the variables.
#[test]
fn places_in_a_transport_file() {
    let (source, columns) = read("xpt8-positions-of-loc2xpt.xpt");
    let names: Vec<&str> = source
        .codebook()
        .variables
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    assert_eq!(names, ["moment", "txt", "x", "word"]);
    assert_eq!(columns[1], texts(&["UTC", "GMT", "CET"]));
    assert_eq!(columns[2], [10.0, 20.0, 30.0].map(number));
    assert_eq!(columns[3], texts(&["alpha", "beta", "gamma"]));
}

#[test]
fn further_data_sets_of_a_transport_file() {
    let whole = std::fs::read(file("transport5.xpt")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("several.xpt");
    std::fs::write(&path, [&whole[..], &whole[240..]].concat()).unwrap();
    let name = String::from_utf8_lossy(&whole[240 + 160 + 8..240 + 160 + 16])
        .trim()
        .to_owned();
    assert_eq!(
        opened(&path).notes(),
        [format!(
            "a second data set of the file, {name}, is not read"
        )]
    );
    std::fs::write(&path, [&whole[..], &whole[240..], &whole[240..]].concat()).unwrap();
    assert_eq!(
        opened(&path).notes(),
        [format!(
            "2 further data sets of the file are not read: {name}, {name}"
        )]
    );
    assert!(source("transport5.xpt").notes().is_empty());
}

/// SPSS adds 82 to the types of dates; other writers do not.
#[test]
fn dates_of_a_portable_file() {
    let (source, columns) = read("por-dates-of-spss.por");
    let kinds: Vec<Kind> = source.codebook().variables.iter().map(|v| v.kind).collect();
    assert_eq!(kinds[..2], [Kind::Date, Kind::DateTime]);
    assert_eq!(columns[0][..2], texts(&["2018-05-06", "1880-05-06"]));
    // and the format is that of a date in other files, too
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dates.sav");
    write_spss(&path, source.as_ref()).unwrap();
    assert_eq!(
        table(opened(&path).as_ref()).unwrap().columns["D"],
        columns[0]
    );
}

#[test]
fn labels_of_old_stata() {
    for name in ["dta-104-labels.dta", "dta-105-labels.dta"] {
        let (source, columns) = read(name);
        let codebook = source.codebook();
        assert_eq!(codebook.title.as_deref(), Some("A poll"), "{name}");
        assert_eq!(
            labels(codebook, "sex"),
            labelled(&[(1.0, "Male"), (2.0, "Female")])
        );
        assert_eq!(
            labels(codebook, "vote"),
            labelled(&[(1.0, "Blue"), (2.0, "Red"), (3.0, "None")])
        );
        assert_eq!(
            codebook.variable("vote").unwrap().label.as_deref(),
            Some("Vote intention")
        );
        assert_eq!(columns[0], [1.0, 2.0, 1.0, 2.0].map(number), "{name}");
        assert_eq!(columns[1], [1.0, 2.0, 3.0, 1.0].map(number), "{name}");
    }
}

/// The same file as Stata 1 and 2 wrote it: 103 as 104, 102 with two bytes for the number of rows and no byte order.
#[test]
fn the_first_statas() {
    let whole = std::fs::read(odd("dta-104-labels.dta")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("first.dta");
    for release in [103, 102] {
        let mut bytes = whole.clone();
        bytes[0] = release;
        if release == 102 {
            bytes[1] = 0;
            bytes.drain(8..10);
        }
        std::fs::write(&path, bytes).unwrap();
        let source = opened(&path);
        assert_eq!(source.rows(), Some(4));
        assert_eq!(
            labels(source.codebook(), "sex"),
            labelled(&[(1.0, "Male"), (2.0, "Female")])
        );
        assert_eq!(
            numbers(source.as_ref(), "vote").unwrap(),
            [1.0, 2.0, 3.0, 1.0]
        );
    }
    let mut bytes = whole;
    bytes[0] = 101;
    std::fs::write(&path, bytes).unwrap();
    let error = refused(&path, &OpenOptions::default());
    assert!(
        error.ends_with("no Stata file of the formats 102 to 119"),
        "{error}"
    );
}

/// Before Stata 6, the missing double was 2 to the 333rd.
#[test]
fn the_old_missing_double() {
    let head = |release: u8| {
        let mut bytes = vec![release, 2, 1, 0, 1, 0, 2, 0, 0, 0];
        bytes.extend([0; 32]);
        bytes.extend(vec![0; if release >= 105 { 18 } else { 0 }]);
        bytes.push(b'd');
        bytes.extend(b"x\0\0\0\0\0\0\0\0");
        bytes.extend([0; 4]);
        bytes.extend(vec![0; if release >= 105 { 12 } else { 7 }]);
        bytes.extend([0; 9 + 32]);
        bytes.extend(vec![0; if release >= 105 { 3 } else { 0 }]);
        bytes.extend(1.5_f64.to_le_bytes());
        bytes.extend(2_f64.powi(333).to_le_bytes());
        bytes
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.dta");
    for release in [104, 105] {
        std::fs::write(&path, head(release)).unwrap();
        let read = table(opened(&path).as_ref()).unwrap();
        assert_eq!(read.columns["x"], [number(1.5), Value::Null], "{release}");
    }
}

#[test]
fn a_line_end_behind_the_data() {
    let (_, columns) = read("dta-line-end-after-the-data.dta");
    assert!(!columns[0].is_empty());
    let whole = std::fs::read(odd("dta-105-labels.dta")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("end.dta");
    std::fs::write(&path, [&whole[..], b"\r\n"].concat()).unwrap();
    assert_eq!(labels(opened(&path).codebook(), "sex").len(), 2);
}

#[test]
fn rows_that_the_head_does_not_know_of() {
    let plain = OpenOptions::default();
    let error = refused(&odd("dta-rows-beyond-data.dta"), &plain);
    assert!(
        error.contains("102 rows are announced, and the data do not end behind them"),
        "{error}"
    );
    let error = refused(&odd("sav-rows-left-over.sav"), &plain);
    assert!(
        error.contains("50 rows are announced, and the data go on behind them"),
        "{error}"
    );
    // the same without compression
    let mut bytes = std::fs::read(file("plain.sav")).unwrap();
    let rows = i32::from_le_bytes(bytes[80..84].try_into().unwrap());
    bytes[80..84].copy_from_slice(&(rows - 1).to_le_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fewer.sav");
    std::fs::write(&path, bytes).unwrap();
    assert!(refused(&path, &plain).contains("the data go on behind them"));
}

#[test]
fn texts_cut_within_a_character() {
    let (source, columns) = read("sav-utf8-cut-at-width.sav");
    assert!(
        columns
            .iter()
            .flatten()
            .all(|value| !value.text().contains('\u{fffd}'))
    );
    assert!(
        columns
            .iter()
            .flatten()
            .any(|value| value.text() == "半中国半加拿")
    );
    let notes = source.notes();
    assert!(
        notes
            .iter()
            .any(|note| note.contains("end within a character")),
        "{notes:?}"
    );
    // in Stata: a text that fills its field, in a file in UTF-8
    let town = "Zürich".as_bytes();
    let (_folder, path) = changed(
        &file("stata14.dta"),
        "cut.dta",
        &[(town, b"Z\xc3\xbcric\xc3")],
    );
    let source = opened(&path);
    let read = table(source.as_ref()).unwrap().columns["town"][0].clone();
    let full = source.codebook().variable("town").unwrap().native.storage;
    match full {
        Some(opine::internals::survey::microdata::Storage::Text(7)) => {
            assert_eq!(read, text("Züric"))
        }
        _ => assert_eq!(read, text("ZÃ¼ricÃ")),
    }
}

/// What is not in the encoding that the file names is read as Windows-1252, and no byte is lost on the way to another file.
#[test]
fn texts_in_another_encoding_than_the_file_says() {
    let source = opened(&odd("sav-label-not-in-utf8.sav"));
    assert_eq!(
        labels(source.codebook(), "q"),
        labelled(&[(1.0, "Zürich"), (2.0, "Bern")])
    );
    let note = source.notes().join("\n");
    assert!(note.contains("the labels of q are not in UTF-8"), "{note}");
    assert!(note.contains("Windows-1252, as “Zürich”"), "{note}");
    let latin: &[u8] = b"Z\xfcrich\0";
    let (_folder, path) = changed(
        &file("stata14.dta"),
        "latin.dta",
        &[("Zürich".as_bytes(), latin)],
    );
    let source = opened(&path);
    assert!(source.notes().is_empty(), "nothing was read yet");
    let towns = table(source.as_ref()).unwrap().columns["town"].clone();
    assert_eq!(towns[0], text("Zürich"));
    assert_eq!(source.notes().len(), 1);
    let folder = tempfile::tempdir().unwrap();
    for name in ["again.sav", "again.dta"] {
        let again = folder.path().join(name);
        match name {
            "again.sav" => write_spss(&again, source.as_ref()).unwrap(),
            _ => write_stata(&again, source.as_ref()).unwrap(),
        };
        assert_eq!(
            table(opened(&again).as_ref()).unwrap().columns["town"],
            towns
        );
    }
}

/// Older files do not say their encoding, which can be named; those that do say it refuse to be told.
#[test]
fn encodings_by_option() {
    let options = |name: &str| OpenOptions {
        encoding: Some(name.to_owned()),
        ..OpenOptions::default()
    };
    let cyrillic: &[u8] = b"\xcc\xee\xf1\xea\xe2\xe0\0";
    let (_folder, path) = changed(
        &file("stata10.dta"),
        "old.dta",
        &[("Zürich".as_bytes(), cyrillic)],
    );
    let source = open(&path, &options("windows-1251")).unwrap();
    assert_eq!(
        table(source.as_ref()).unwrap().columns["town"][0],
        text("Москва")
    );
    assert!(source.notes().is_empty());
    let guessed = opened(&path);
    assert_eq!(
        table(guessed.as_ref()).unwrap().columns["town"][0],
        text("Ìîñêâà")
    );
    assert!(guessed.notes()[0].contains("--encoding names another"));
    assert!(
        open(&path, &options("klingon"))
            .err()
            .unwrap()
            .to_string()
            .contains("no encoding klingon")
    );
    for name in ["plain.sav", "stata14.dta", "parquet/v1_snappy.parquet"] {
        let error = open(&file(name), &options("windows-1252")).err().unwrap();
        assert!(
            matches!(
                error,
                Error::NoEffect {
                    option: "--encoding",
                    ..
                }
            ),
            "{error}"
        );
    }
    let tabs = OpenOptions {
        delimiter: Some(b'\t'),
        ..OpenOptions::default()
    };
    let error = open(&file("plain.sav"), &tabs).err().unwrap();
    assert!(
        matches!(
            error,
            Error::NoEffect {
                option: "--delimiter",
                ..
            }
        ),
        "{error}"
    );
}

/// An encoding that nobody knows makes no file unreadable.
#[test]
fn an_encoding_nobody_knows() {
    let (_folder, path) = changed(
        &odd("sav-label-not-in-utf8.sav"),
        "strange.sav",
        &[(b"UTF-8", b"CP850")],
    );
    let source = opened(&path);
    assert_eq!(labels(source.codebook(), "q")[1].1, "Bern");
    assert!(
        source.notes()[0].contains("code page 850, which opine does not know"),
        "{:?}",
        source.notes()
    );
    let (_folder, path) = changed(
        &odd("sav-label-not-in-utf8.sav"),
        "page.sav",
        &[(b"UTF-8", b"cp936")],
    );
    assert_eq!(labels(opened(&path).codebook(), "q")[1].1, "Bern");
}

#[test]
fn values_of_labels_padded_with_zero_bytes() {
    let (source, columns) = read("sav-labels-padded-with-nul.sav");
    let variable = &source.codebook().variables[0];
    let named: Vec<(String, &str)> = variable
        .labels
        .iter()
        .map(|(value, label)| (value.text(), label.as_str()))
        .collect();
    assert!(named.contains(&(" 1".to_owned(), "18-19")), "{named:?}");
    assert!(named.contains(&("10".to_owned(), "60-64")), "{named:?}");
    assert!(
        columns[0]
            .iter()
            .all(|value| *value == Value::Null || variable.label_of(value).is_some())
    );
    // the width of the string does not grow on the way
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("again.sav");
    write_spss(&path, source.as_ref()).unwrap();
    let again = opened(&path);
    assert_eq!(
        again.codebook().variables[0].native.storage,
        variable.native.storage
    );
    assert_eq!(again.codebook().variables[0].labels, variable.labels);
}

#[test]
fn blanks_before_a_label() {
    let source = opened(&odd("sav-label-leading-blank.sav"));
    let region = labels(source.codebook(), "region");
    assert!(
        region.iter().any(|(_, label)| label == "North"),
        "{region:?}"
    );
}

#[test]
fn an_encrypted_file_is_named_as_such() {
    let error = refused(&odd("sav-encrypted.sav"), &OpenOptions::default());
    assert!(
        error.starts_with("this file is encrypted by SPSS"),
        "{error}"
    );
}

/// SPSS has no missing values with letters: they become numbers that are not in use, as user-missing ones.
#[test]
fn letters_become_numbers_in_spss() {
    let (source, columns) = read("dta-tagged-missing.dta");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters.sav");
    let notes = write_spss(&path, source.as_ref()).unwrap();
    let x = source
        .codebook()
        .variables
        .iter()
        .position(|v| !v.missing.is_empty())
        .unwrap();
    let name = &source.codebook().variables[x].name;
    assert!(
        notes.iter().any(|note| note.starts_with(&format!(
            "missing values of {name} are numbers in SPSS: .a is "
        ))),
        "{notes:?}"
    );
    let again = opened(&path);
    let written = table(again.as_ref()).unwrap().columns[name].clone();
    let variable = again.codebook().variable(name).unwrap();
    let answers: Vec<&Value> = columns[x]
        .iter()
        .filter(|value| matches!(value, Value::Number(_)))
        .collect();
    for (before, after) in columns[x].iter().zip(&written) {
        match before {
            Value::Text(letter) => {
                assert!(letter.starts_with('.') && variable.missing.holds(after));
                assert!(!answers.contains(&after), "{after:?} is in use");
            }
            other => assert_eq!(other, after),
        }
    }
    let same = |a: &[f64], b: &[f64]| {
        a.iter()
            .zip(b)
            .all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
    };
    assert!(same(
        &numbers(again.as_ref(), name).unwrap(),
        &numbers(source.as_ref(), name).unwrap()
    ));
}

/// A refusal among texts would be an answer in Stata: it is left empty.
#[test]
fn missing_texts_are_empty_in_stata() {
    let (source, columns) = read("sav-text-user-missing.sav");
    let at = source
        .codebook()
        .variables
        .iter()
        .position(|v| v.name == "party")
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.dta");
    let notes = write_stata(&path, source.as_ref()).unwrap();
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("missing values of party are empty in Stata")),
        "{notes:?}"
    );
    let written = table(opened(&path).as_ref()).unwrap().columns["party"].clone();
    for (before, after) in columns[at].iter().zip(&written) {
        match source.codebook().variables[at].missing.holds(before) {
            true => assert_eq!(*after, Value::Null),
            false => assert_eq!(before, after),
        }
    }
}

/// Codes that are no answer, named on the way, in a file of any format.
#[test]
fn entries_named_as_missing() {
    let missing = |texts: &[&str]| OpenOptions {
        na: Some(texts.iter().map(|text| (*text).to_owned()).collect()),
        ..OpenOptions::default()
    };
    let path = odd("sav-98-not-declared.sav");
    let plain = numbers(opened(&path).as_ref(), "age").unwrap();
    assert!(plain.contains(&98.0));
    for written in ["98", "98.0"] {
        let source = open(&path, &missing(&[written])).unwrap();
        let ages = numbers(source.as_ref(), "age").unwrap();
        for (before, after) in plain.iter().zip(&ages) {
            assert!(if *before == 98.0 {
                after.is_nan()
            } else {
                before == after
            });
        }
        assert!(
            source
                .codebook()
                .variable("age")
                .unwrap()
                .missing
                .holds(&number(98.0))
        );
        assert!(source.notes().is_empty(), "{:?}", source.notes());
    }
    let source = open(&path, &missing(&["98", "77"])).unwrap();
    assert!(source.notes().is_empty(), "nothing was read yet");
    numbers(source.as_ref(), "age").unwrap();
    assert_eq!(
        source.notes(),
        ["--na 77: no entry of age is that; its values are 20, 30"]
    );
    // texts, and numbers among them
    let source = open(&file("plain.sav"), &missing(&["Zürich"])).unwrap();
    let read = table(source.as_ref()).unwrap();
    let texts = source
        .codebook()
        .variables
        .iter()
        .filter(|v| v.kind == Kind::Text);
    for variable in texts {
        assert!(variable.missing.holds(&text("Zürich")));
    }
    assert!(read.rows.is_some());
    // an empty list changes nothing
    let source = open(&path, &missing(&[])).unwrap();
    assert_eq!(numbers(source.as_ref(), "age").unwrap(), plain);
}

/// A shape of a country, or a list, among the columns.
#[test]
fn columns_that_no_table_has() {
    let (source, columns) = read("parquet-binary-column.parquet");
    assert!(!columns.is_empty());
    assert!(source.codebook().variable("geom").is_err());
    assert_eq!(source.notes(), ["a column is left out: geom is binary"]);
    let (source, columns) = read("parquet-map-column.parquet");
    assert!(!columns.is_empty());
    assert_eq!(
        source.notes(),
        ["a column is left out: m is nested (a list, a map or a structure)"]
    );
    let request = ColumnRequest {
        name: "m".to_owned(),
        view: View::Codes,
    };
    let error = source
        .scan(&[request], &|_| Ok(()))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.ends_with("variable m is nested (a list, a map or a structure)"),
        "{error}"
    );
}

/// Numbers that no float holds exactly are among the largest all the same.
#[test]
fn large_whole_numbers_are_described() {
    let described = describe(opened(&odd("parquet-large-integers.parquet")).as_ref()).unwrap();
    let x = described.variables.iter().find(|v| v.name == "x").unwrap();
    let numbers = x.numbers.unwrap();
    assert_eq!((numbers.min, numbers.max), (1.0, 9_007_199_254_740_992.0));
    assert_eq!(numbers.mean, 3_002_399_751_580_331.5);
    assert_eq!(x.levels.as_ref().map(Vec::len), Some(3));
}

#[test]
fn sets_of_answers_are_described() {
    let described = describe(source("sets.sav").as_ref()).unwrap();
    let names: Vec<&str> = described.sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(names, ["$news", "$both", "$more"]);
    let news = &described.sets[0];
    assert_eq!(news.label.as_deref(), Some("Where do you"));
    let tv = described
        .variables
        .iter()
        .find(|v| v.name == "news_tv")
        .unwrap();
    let counted = tv
        .levels
        .iter()
        .flatten()
        .find(|level| level.value == number(1.0))
        .unwrap()
        .count;
    assert_eq!(news.variables[0], ("news_tv".to_owned(), counted));
}
