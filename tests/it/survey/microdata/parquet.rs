//! Parquet files of respondents: against values that pyarrow and polars wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use opine::internals::survey::microdata::parquet;
use opine::internals::survey::microdata::{
    Batch, Column, ColumnRequest, Error, Kind, Source, Value, View,
};
use serde_json::Value as Json;

/// The files that `tests/files/make_parquet.py` makes.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/parquet")
}

/// The whole of a column in the order of the file: values, or numbers.
#[derive(Debug, PartialEq)]
pub(crate) enum Whole {
    Values(Vec<Value>),
    Numbers(Vec<f64>),
}

/// Scans those columns and puts the batches in order, checking each.
pub(crate) fn scan(source: &dyn Source, columns: &[(&str, View)]) -> Result<Vec<Whole>, Error> {
    let requests: Vec<ColumnRequest> = columns
        .iter()
        .map(|(name, view)| ColumnRequest {
            name: (*name).to_owned(),
            view: *view,
        })
        .collect();
    let batches = Mutex::new(Vec::new());
    source.scan(&requests, &|batch: &mut Batch| {
        batches.lock().unwrap().push(std::mem::take(batch));
        Ok(())
    })?;
    let mut batches = batches.into_inner().unwrap();
    batches.sort_by_key(|batch| batch.first_row);
    let mut rows = 0;
    let mut whole: Vec<Whole> = columns
        .iter()
        .map(|(_, view)| match view {
            View::Codes => Whole::Values(Vec::new()),
            View::Numbers => Whole::Numbers(Vec::new()),
        })
        .collect();
    for batch in batches {
        assert_eq!(batch.first_row, rows);
        assert_eq!(batch.columns.len(), columns.len());
        rows += batch.rows as u64;
        for (column, whole) in batch.columns.into_iter().zip(&mut whole) {
            match (column, whole) {
                (Column::Codes(coded), Whole::Values(values)) => {
                    assert_eq!(coded.codes.len(), batch.rows);
                    let mut distinct: Vec<&Value> = coded.values.iter().collect();
                    distinct.sort_by(|a, b| a.order(b));
                    distinct.dedup();
                    assert_eq!(distinct.len(), coded.values.len(), "a value is there twice");
                    let codes = (0..batch.rows).map(|row| coded.codes.get(row) as usize);
                    values.extend(codes.map(|code| coded.values[code].clone()));
                }
                (Column::Numbers(numbers), Whole::Numbers(all)) => {
                    assert_eq!(numbers.len(), batch.rows);
                    all.extend(numbers);
                }
                _ => panic!("another view than was asked for"),
            }
        }
    }
    if let Some(announced) = source.rows() {
        assert_eq!(rows, announced);
    }
    Ok(whole)
}

/// As text, null where nothing is.
pub(crate) fn texts(whole: &Whole) -> Vec<Option<String>> {
    let Whole::Values(values) = whole else {
        panic!("numbers");
    };
    let text = |value: &Value| (*value != Value::Null).then(|| value.text());
    values.iter().map(text).collect()
}

pub(crate) fn same_numbers(found: &Whole, expected: &[f64], what: &str) {
    let Whole::Numbers(found) = found else {
        panic!("values");
    };
    assert_eq!(found.len(), expected.len(), "{what}");
    for (row, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(
            a == b || (a.is_nan() && b.is_nan()),
            "{what}, row {row}: {a} {b}"
        );
    }
}

/// Checks every column of a file against that file of expectations, as texts and as numbers. A number that `missing` holds
/// is null to those who ask for numbers.
pub(crate) fn reads_as_expected(
    source: &dyn Source,
    expected: &str,
    what: &str,
    missing: impl Fn(&str, f64) -> bool,
) {
    let expected: Json =
        serde_json::from_str(&fs::read_to_string(folder().join(expected)).unwrap()).unwrap();
    for (column, expected) in expected.as_object().unwrap() {
        let found = &scan(source, &[(column, View::Codes)]).unwrap()[0];
        let expected_texts: Vec<Option<String>> =
            serde_json::from_value(expected["texts"].clone()).unwrap();
        assert_eq!(texts(found), expected_texts, "{what}: {column}");
        let numbers: Option<Vec<Option<f64>>> =
            serde_json::from_value(expected["numbers"].clone()).unwrap();
        if let Some(numbers) = numbers {
            let numbers = numbers
                .into_iter()
                .map(|n| n.filter(|n| !missing(column, *n)));
            let numbers: Vec<f64> = numbers.map(|n| n.unwrap_or(f64::NAN)).collect();
            let found = &scan(source, &[(column, View::Numbers)]).unwrap()[0];
            same_numbers(found, &numbers, &format!("{what}: {column}"));
        }
    }
}

#[test]
fn files_of_pyarrow_read_as_they_were_made() {
    for name in [
        "v1_snappy",
        "v2_brotli",
        "v2_lz4_small_pages",
        "v1_gzip_plain",
        "v1_zstd_overflow",
        "v2_delta",
        "v1_delta_split",
        "v1_int96_decimal_ints",
        "v1_int96_plain",
        "v1_millis",
    ] {
        let source = parquet::open(&folder().join(format!("{name}.parquet"))).unwrap();
        assert_eq!(source.codebook().variables.len(), 12, "{name}");
        reads_as_expected(source.as_ref(), "expected.json", name, |_, _| false);
    }
}

#[test]
fn files_of_polars_read_as_they_were_made() {
    for name in ["polars_groups", "polars_pages", "polars_both"] {
        let source = parquet::open(&folder().join(format!("{name}.parquet"))).unwrap();
        assert_eq!(source.codebook().variables.len(), 11, "{name}");
        reads_as_expected(source.as_ref(), "expected_polars.json", name, |_, _| false);
    }
}

#[test]
fn kinds_come_from_the_schema() {
    let source = parquet::open(&folder().join("v1_snappy.parquet")).unwrap();
    let kind = |name: &str| source.codebook().variable(name).unwrap().kind;
    assert_eq!(kind("id"), Kind::Number);
    assert_eq!(kind("answer"), Kind::Text);
    assert_eq!(kind("flag"), Kind::Text);
    assert_eq!(kind("price"), Kind::Number);
    assert_eq!(kind("day"), Kind::Date);
    assert_eq!(kind("at"), Kind::DateTime);
    assert_eq!(source.rows(), Some(320));
}

#[test]
fn rarer_types() {
    let source = parquet::open(&folder().join("rare.parquet")).unwrap();
    let columns = ["half", "time", "u32", "u64", "f32", "fixed"].map(|name| (name, View::Codes));
    let found = scan(source.as_ref(), &columns).unwrap();
    let text = |found: &Whole| {
        texts(found)
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect()
    };
    let found: Vec<Vec<String>> = found.iter().map(text).collect();
    assert_eq!(found[0], ["1.5", "", ""]);
    assert_eq!(found[1], ["08:30:00", "", "23:59:59.250"]);
    assert_eq!(found[2], ["4294967295", "0", ""]);
    assert_eq!(found[3], ["18446744073709551615", "5", ""]);
    assert_eq!(found[4], ["0.5", "", "0"]);
    assert_eq!(found[5], ["abc", "", "xyz"]);
}

#[test]
fn errors_name_the_variable() {
    let source = parquet::open(&folder().join("nested.parquet")).unwrap();
    let names: Vec<&str> = source
        .codebook()
        .variables
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    assert_eq!(names, ["id", "after"]);
    let found = scan(source.as_ref(), &[("after", View::Codes)]).unwrap();
    assert_eq!(
        texts(&found[0]),
        [Some("x".to_owned()), Some("y".to_owned())]
    );
    let error = scan(source.as_ref(), &[("list", View::Codes)])
        .unwrap_err()
        .to_string();
    assert!(error.contains("variable list is nested"), "{error}");
    let unread = source.codebook().variable("list").unwrap_err();
    assert!(
        matches!(&unread, Error::Unread { name, why } if name == "list" && why.starts_with("is nested")),
        "{unread}"
    );
    let error = scan(source.as_ref(), &[("aftr", View::Codes)])
        .unwrap_err()
        .to_string();
    assert!(error.contains("did you mean after"), "{error}");
    let error = scan(source.as_ref(), &[("after", View::Numbers)]).unwrap_err();
    assert!(matches!(error, Error::NoNumber { name, found } if name == "after" && found == "x"));
    let missing = parquet::open(Path::new("nowhere.parquet")).err().unwrap();
    assert!(matches!(missing, Error::Io { .. }));
}

/// Time of the columns of a large Parquet or Arrow file: `OPINE_PARQUET=file cargo test --release -- --ignored time_of_a_scan --nocapture`.
#[test]
#[ignore]
fn time_of_a_scan() {
    let Ok(path) = std::env::var("OPINE_PARQUET") else {
        return;
    };
    let path = Path::new(&path);
    let source = match path.extension().is_some_and(|ending| ending == "parquet") {
        true => parquet::open(path).unwrap(),
        false => opine::internals::survey::microdata::ipc::open(path).unwrap(),
    };
    let mut columns = vec![
        ("stratum", View::Codes),
        ("psu", View::Codes),
        ("weight", View::Numbers),
        ("region", View::Codes),
        ("age", View::Codes),
    ];
    columns.extend(
        ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10"]
            .map(|name| (name, View::Codes)),
    );
    let requests: Vec<ColumnRequest> = columns
        .iter()
        .map(|(name, view)| ColumnRequest {
            name: (*name).to_owned(),
            view: *view,
        })
        .collect();
    for _ in 0..10 {
        let start = std::time::Instant::now();
        source
            .scan(&requests, &|batch: &mut Batch| {
                std::hint::black_box(&batch);
                Ok(())
            })
            .unwrap();
        println!("{:?}", start.elapsed());
    }
}
