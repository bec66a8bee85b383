//! Stata files.

use opine::internals::survey::microdata::{Kind, Memory, Source, Value};

use crate::survey::microdata::expected::{file, same_as_expected, source};
use crate::survey::microdata::hostile::{changed, opened, with_bytes};
use crate::survey::microdata::table::{numbers, table};

const FILES: [&str; 6] = [
    "stata8.dta",
    "stata10.dta",
    "stata12.dta",
    "stata13.dta",
    "stata14.dta",
    "stata15.dta",
];
const LONG: [&str; 4] = [
    "strl117.dta",
    "strl117big.dta",
    "strl118.dta",
    "strl118big.dta",
];

#[test]
fn every_value() {
    for name in FILES {
        same_as_expected(name);
    }
}

#[test]
fn missing_letters() {
    for name in FILES {
        let source = source(name);
        let vote = source.codebook().variable("vote").unwrap();
        let letters = [Value::Text(".a".to_owned()), Value::Text(".z".to_owned())];
        assert_eq!(vote.missing.values, letters);
        assert_eq!(vote.label_of(&letters[0]), Some("Refused"));
        assert!(
            source
                .codebook()
                .variable("income")
                .unwrap()
                .missing
                .is_empty()
        );
        assert_eq!(source.codebook().variable("day").unwrap().kind, Kind::Date);
        assert_eq!(
            source.codebook().variable("stamp").unwrap().kind,
            Kind::DateTime
        );
        // they come through memory
        let memory = Memory::read(source.as_ref(), &[]).unwrap();
        assert_eq!(
            table(&memory).unwrap().columns,
            table(source.as_ref()).unwrap().columns
        );
        let same = |a: &f64, b: &f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        for name in ["vote", "day", "stamp", "real"] {
            let (a, b) = (
                numbers(&memory, name).unwrap(),
                numbers(source.as_ref(), name).unwrap(),
            );
            assert!(a.iter().zip(&b).all(|(a, b)| same(a, b)), "{name}");
        }
        assert_eq!(memory.rows(), source.rows());
    }
}

#[test]
fn long_strings() {
    for name in LONG {
        let read = table(source(name).as_ref()).unwrap();
        let last = if name.contains("118") { "ü" } else { "u" };
        let first = Value::Text("first ".repeat(500).trim_end().to_owned());
        let texts = [
            first.clone(),
            Value::Null,
            first,
            Value::Text(last.repeat(3000)),
            Value::Text("short".to_owned()),
        ];
        assert_eq!(read.columns["text"], texts, "{name}");
        assert_eq!(read.columns["number"][4], Value::Number(4.0));
    }
}

/// Before format 118 a text that is no UTF-8 is in Windows-1252.
#[test]
fn code_page() {
    let mut bytes = std::fs::read(file("stata10.dta")).unwrap();
    let town = "Zürich".as_bytes();
    for at in 0..bytes.len() - town.len() {
        if bytes[at..].starts_with(town) {
            bytes[at..at + town.len()].copy_from_slice(b"Z\xfcrich\0");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin.dta");
    std::fs::write(&path, bytes).unwrap();
    let source = opine::internals::survey::microdata::open(&path, &Default::default()).unwrap();
    assert_eq!(
        table(source.as_ref()).unwrap().columns["town"][0],
        Value::Text("Zürich".to_owned())
    );
}

#[test]
fn claims() {
    let huge = 0x7fff_ffff_u32.to_le_bytes();
    let error = with_bytes("stata10.dta", |bytes| bytes[6..10].copy_from_slice(&huge));
    assert!(error.unwrap_err().contains("2147483647 rows are announced"));
    let error = with_bytes("stata14.dta", |bytes| {
        let at = bytes.windows(3).position(|tag| tag == b"<N>").unwrap() + 3;
        bytes[at + 4..at + 8].copy_from_slice(&huge);
    });
    assert!(error.unwrap_err().contains("rows are announced"));
    // the length of a long string
    let error = with_bytes("strl118.dta", |bytes| {
        let at = bytes.windows(3).position(|tag| tag == b"GSO").unwrap() + 3 + 12 + 1;
        bytes[at..at + 4].copy_from_slice(&huge);
    });
    assert!(error.unwrap_err().contains("more bytes are announced"));
}

#[test]
fn truncated() {
    for name in FILES.into_iter().chain(LONG) {
        let whole = std::fs::read(file(name)).unwrap();
        for part in [0, 1, 2, 100, whole.len() / 3, whole.len() / 2] {
            assert!(
                opened(name, &whole[..part]).is_err(),
                "{name} of {part} bytes"
            );
        }
    }
}

#[test]
fn hostile() {
    for name in [
        "stata8.dta",
        "stata12.dta",
        "stata13.dta",
        "stata15.dta",
        "strl118big.dta",
    ] {
        changed(name);
    }
}
