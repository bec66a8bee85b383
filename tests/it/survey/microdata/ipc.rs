//! Arrow files of respondents: against values that pyarrow and polars wrote.

use std::fs;

use opine::internals::survey::microdata::{Error, Kind, Value, View, ipc};

use crate::survey::microdata::parquet::{folder, reads_as_expected, scan};

#[test]
fn files_of_pyarrow_read_as_they_were_made() {
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
        reads_as_expected(source.as_ref(), "expected.json", name, |column, number| {
            column == "small" && number == -3.0
        });
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
fn files_of_polars_read_as_they_were_made() {
    for name in ["polars_uncompressed", "polars_lz4", "polars_zstd"] {
        let source = ipc::open(&folder().join(format!("{name}.arrow"))).unwrap();
        reads_as_expected(source.as_ref(), "expected_polars.json", name, |_, _| false);
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
