//! SPSS files.

use opine::internals::survey::microdata::{Kind, Memory, MultipleResponse, Source, Value};

use crate::survey::microdata::expected::{same_as_expected, source};
use crate::survey::microdata::hostile::{changed, opened, with_bytes};

const FILES: [&str; 4] = ["plain.sav", "rows.sav", "packed.zsav", "latin.sav"];

#[test]
fn every_value() {
    for name in FILES {
        same_as_expected(name);
    }
}

#[test]
fn kinds() {
    let source = source("rows.sav");
    let kind = |name: &str| source.codebook().variable(name).unwrap().kind;
    assert_eq!(kind("day"), Kind::Date);
    assert_eq!(kind("stamp"), Kind::DateTime);
    assert_eq!(kind("comment"), Kind::Text);
    assert_eq!(kind("vote"), Kind::Number);
}

#[test]
fn multiple_response_sets() {
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let set = |name: &str, label: Option<&str>, counted, variables: &[&str]| MultipleResponse {
        name: name.to_owned(),
        label: label.map(str::to_owned),
        counted,
        variables: names(variables),
    };
    let expected = [
        set(
            "$news",
            Some("Where do you"),
            Some(Value::Number(1.0)),
            &["news_tv", "news_web"],
        ),
        set("$both", None, None, &["first", "second"]),
        set(
            "$more",
            Some("More"),
            Some(Value::Number(1.0)),
            &["news_web", "news_tv"],
        ),
    ];
    assert_eq!(source("sets.sav").codebook().sets, expected);
    // a copy keeps the sets that it has all variables of
    let copy = Memory::read(
        source("sets.sav").as_ref(),
        &names(&["first", "second", "news_tv"]),
    )
    .unwrap();
    assert_eq!(copy.codebook().sets, expected[1..2]);
}

/// Sizes in the head that no file of this length can have.
#[test]
fn claims() {
    let huge = 0x7fff_ffff_u32.to_le_bytes();
    for name in FILES {
        let error = with_bytes(name, |bytes| bytes[80..84].copy_from_slice(&huge));
        assert!(
            error.unwrap_err().contains("2147483647 rows are announced"),
            "{name}"
        );
        // the size of a row is taken from the variables
        assert!(with_bytes(name, |bytes| bytes[68..72].copy_from_slice(&huge)).is_ok());
    }
    let index = |bytes: &[u8]| {
        let at = bytes
            .windows(8)
            .position(|part| part == [0xe7, 3, 0, 0, 0, 0, 0, 0])
            .unwrap()
            + 8;
        usize::try_from(u64::from_le_bytes(
            bytes[at + 8..at + 16].try_into().unwrap(),
        ))
        .unwrap()
    };
    for (offset, message) in [
        (16, "blocks of"),
        (20, "blocks are announced"),
        (40, "does not fit"),
        (44, "does not fit"),
    ] {
        let error = with_bytes("packed.zsav", |bytes| {
            let at = index(bytes) + offset;
            bytes[at..at + 4].copy_from_slice(&huge);
        });
        assert!(error.unwrap_err().contains(message), "{message}");
    }
}

#[test]
fn truncated() {
    for name in FILES {
        let whole = std::fs::read(crate::survey::microdata::expected::file(name)).unwrap();
        for part in [0, 3, 100, 176, whole.len() / 2, whole.len() - 1] {
            let outcome = opened(name, &whole[..part]);
            // the last byte of compressed rows may be padding
            assert!(
                outcome.is_err() || part == whole.len() - 1,
                "{name} of {part} bytes"
            );
        }
    }
}

#[test]
fn hostile() {
    for name in FILES.into_iter().chain(["sets.sav"]) {
        changed(name);
    }
}
