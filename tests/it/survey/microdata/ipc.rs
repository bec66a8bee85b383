//! Arrow files of respondents: against values that pyarrow wrote, and against polars.

use std::fs;

use opine::survey::microdata::{Error, Kind, Value, View, ipc};
use polars::prelude::*;
use serde_json::Value as Json;

use crate::survey::microdata::parquet::{expected, folder, frame, same_numbers, scan, texts};

#[test]
fn files_of_pyarrow_read_as_they_were_made() {
    let expected: Json =
        serde_json::from_str(&fs::read_to_string(folder().join("expected.json")).unwrap()).unwrap();
    for name in ["plain", "coded_lz4", "coded_zstd"] {
        let source = ipc::open(&folder().join(format!("{name}.arrow"))).unwrap();
        assert_eq!(source.rows(), Some(320));
        assert_eq!(source.codebook().title.as_deref(), Some("A table"));
        assert_eq!(
            source.codebook().variable("at").unwrap().kind,
            Kind::DateTime
        );
        let missing = &source.codebook().variable("small").unwrap().missing;
        assert!(missing.holds(&Value::Number(-3.0)));
        for (column, expected) in expected.as_object().unwrap() {
            let found = &scan(source.as_ref(), &[(column, View::Codes)]).unwrap()[0];
            let expected_texts: Vec<Option<String>> =
                serde_json::from_value(expected["texts"].clone()).unwrap();
            assert_eq!(texts(found), expected_texts, "{name}: {column}");
            let numbers: Option<Vec<Option<f64>>> =
                serde_json::from_value(expected["numbers"].clone()).unwrap();
            if let Some(numbers) = numbers {
                let user_missing = |n: &f64| column != "small" || *n != -3.0;
                let numbers = numbers.into_iter().map(|n| n.filter(user_missing));
                let numbers: Vec<f64> = numbers.map(|n| n.unwrap_or(f64::NAN)).collect();
                let found = &scan(source.as_ref(), &[(column, View::Numbers)]).unwrap()[0];
                same_numbers(found, &numbers, &format!("{name}: {column}"));
            }
        }
        // the order of the requests, one twice
        let asked = [
            ("weight", View::Numbers),
            ("id", View::Numbers),
            ("weight", View::Codes),
        ];
        let found = scan(source.as_ref(), &asked).unwrap();
        let alone = scan(source.as_ref(), &asked[..1]).unwrap();
        assert_eq!(format!("{:?}", found[0]), format!("{:?}", alone[0]));
    }
}

#[test]
fn the_same_as_polars_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("matrix.arrow");
    for (rows, step) in [(0, 0), (1, 1), (4000, 0), (4000, 3)] {
        for compression in [
            None,
            Some(IpcCompression::LZ4),
            Some(IpcCompression::ZSTD(Default::default())),
        ] {
            // polars writes one dictionary a file: two record batches only without the categories
            let mut whole = frame(rows, step);
            if step == 3 {
                whole = whole.drop("category").unwrap();
                let more = frame(rows, 0).drop("category").unwrap();
                whole.vstack_mut(&more).unwrap();
            }
            IpcWriter::new(fs::File::create(&path).unwrap())
                .with_compression(compression)
                .finish(&mut whole)
                .unwrap();
            let source = ipc::open(&path).unwrap();
            for column in whole.columns() {
                let name = column.name().as_str();
                let (expected_texts, numbers) = expected(column);
                let found = scan(source.as_ref(), &[(name, View::Codes)]).unwrap();
                assert_eq!(texts(&found[0]), expected_texts, "{name}");
                if let Some(numbers) = numbers {
                    let found = scan(source.as_ref(), &[(name, View::Numbers)]).unwrap();
                    same_numbers(&found[0], &numbers, name);
                }
            }
        }
    }
}

#[test]
fn other_files_are_told_apart() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("old.feather");
    for (bytes, part) in [
        (&b"FEA1\0\0\0\0FEA1"[..], "feather of version 1"),
        (b"id,age\n1,2\n", "ARROW1"),
        (b"", "ARROW1"),
    ] {
        fs::write(&path, bytes).unwrap();
        let error = ipc::open(&path).err().unwrap();
        assert!(matches!(error, Error::Damaged { .. }));
        assert!(error.to_string().contains(part), "{error}");
    }
}
