//! SAS transport files.

use opine::internals::survey::microdata::{Kind, Value, open};

use crate::survey::microdata::expected::{file, same_as_expected, source};
use crate::survey::microdata::hostile::{changed, opened, with_bytes};
use crate::survey::microdata::table::{numbers, table};

const FILES: [&str; 2] = ["transport5.xpt", "transport8.xpt"];

#[test]
fn every_value() {
    for name in FILES {
        same_as_expected(name);
    }
}

#[test]
fn kinds() {
    for name in FILES {
        let source = source(name);
        assert_eq!(
            source
                .codebook()
                .variable("day")
                .or(source.codebook().variable("DAY"))
                .unwrap()
                .kind,
            Kind::Date
        );
    }
}

/// `.A` and `._` in place of numbers that the file has.
#[test]
fn missing_letters() {
    let mut bytes = std::fs::read(file("transport8.xpt")).unwrap();
    // 1000 and 1001, the first two of `id`
    for (number, letter) in [([0x43, 0x3e, 0x80], b'A'), ([0x43, 0x3e, 0x90], b'_')] {
        let field = [number.as_slice(), &[0; 5]].concat();
        let at = bytes.windows(8).position(|part| part == field).unwrap();
        bytes[at..at + 8].copy_from_slice(&[letter, 0, 0, 0, 0, 0, 0, 0]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters.xpt");
    std::fs::write(&path, bytes).unwrap();
    let source = open(&path, &Default::default()).unwrap();
    let letters = [Value::Text(".A".to_owned()), Value::Text("._".to_owned())];
    assert_eq!(
        source.codebook().variable("id").unwrap().missing.values,
        letters
    );
    assert_eq!(
        table(source.as_ref()).unwrap().columns["id"][..3],
        [
            letters[0].clone(),
            letters[1].clone(),
            Value::Number(1002.0)
        ]
    );
    assert!(numbers(source.as_ref(), "id").unwrap()[0].is_nan());
}

/// A second data set in the file is left alone.
#[test]
fn first_data_set() {
    let whole = std::fs::read(file("transport5.xpt")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.xpt");
    std::fs::write(&path, [&whole[..], &whole[240..]].concat()).unwrap();
    let two = open(&path, &Default::default()).unwrap();
    assert_eq!(two.rows(), source("transport5.xpt").rows());
}

#[test]
fn claims() {
    let error = with_bytes("transport8.xpt", |bytes| {
        let at = bytes.windows(5).position(|part| part == b"OBSV8").unwrap() + 28;
        bytes[at..at + 15].copy_from_slice(b"     2147483648");
    });
    let error = error.unwrap_err();
    assert!(error.contains("2147483648 rows are announced"), "{error}");
}

#[test]
fn truncated() {
    for name in FILES {
        let whole = std::fs::read(file(name)).unwrap();
        for part in [0, 80, 240, 600, 900] {
            assert!(
                opened(name, &whole[..part]).is_err(),
                "{name} of {part} bytes"
            );
        }
    }
}

#[test]
fn hostile() {
    for name in FILES {
        changed(name);
    }
}

/// Version 5 does not say how many rows there are; a row that is cut off shows.
#[test]
fn cut_within_a_row() {
    let whole = std::fs::read(file("transport5.xpt")).unwrap();
    let error = opened("transport5.xpt", &whole[..whole.len() - 400]).unwrap_err();
    assert!(error.contains("the file ends within row"), "{error}");
}

/// Under VAX/VMS variables are described in 136 bytes, by the four last ones less.
#[test]
fn descriptions_of_136_bytes() {
    let whole = std::fs::read(file("transport5.xpt")).unwrap();
    let size = whole.windows(4).position(|part| part == b"0140").unwrap();
    let descriptions = 240 + 4 * 80 + 80;
    let count = source("transport5.xpt").codebook().variables.len();
    let mut vax = whole[..descriptions].to_vec();
    vax[size..size + 4].copy_from_slice(b"0136");
    for variable in 0..count {
        let at = descriptions + variable * 140;
        vax.extend(&whole[at..at + 136]);
    }
    vax.resize(vax.len().next_multiple_of(80), b' ');
    vax.extend(&whole[(descriptions + count * 140).next_multiple_of(80)..]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vax.xpt");
    std::fs::write(&path, &vax).unwrap();
    let read = open(&path, &Default::default()).unwrap();
    assert_eq!(
        table(read.as_ref()).unwrap().columns,
        table(source("transport5.xpt").as_ref()).unwrap().columns
    );
    vax[size..size + 4].copy_from_slice(b"0138");
    std::fs::write(&path, &vax).unwrap();
    let error = open(&path, &Default::default()).err().unwrap().to_string();
    assert!(error.contains("138 bytes"), "{error}");
}
