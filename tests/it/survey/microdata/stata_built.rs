//! Files of the older formats of Stata, built byte by byte: no writer at hand writes them.

use opine::internals::survey::microdata::{Value, open};

use crate::survey::microdata::table::table;

/// A byte, an int, a long, a float, a double and a text, with the largest number of each type in the second row.
fn file(release: u8, big_endian: bool) -> Vec<u8> {
    let number = |bytes: &[u8]| -> Vec<u8> {
        match big_endian {
            true => bytes.iter().rev().copied().collect(),
            false => bytes.to_vec(),
        }
    };
    let padded = |text: &str, width: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(width, 0);
        bytes
    };
    let (name, label) = (
        if release >= 110 { 33 } else { 9 },
        if release >= 108 { 81 } else { 32 },
    );
    let mut bytes = vec![release, if big_endian { 1 } else { 2 }, 1, 0];
    bytes.extend(number(&6_u16.to_le_bytes()));
    bytes.extend(number(&2_u32.to_le_bytes()));
    bytes.extend(padded("Old", label));
    bytes.extend([0; 18]);
    bytes.extend(if release >= 111 {
        [251, 252, 253, 254, 255, 4]
    } else {
        [b'b', b'i', b'l', b'f', b'd', 0x7f + 4]
    });
    let names = ["b", "i", "l", "f", "d", "s"];
    bytes.extend(names.iter().flat_map(|text| padded(text, name)));
    bytes.extend([0; 14]);
    bytes.extend(names.iter().flat_map(|_| padded("%9.0g", 12)));
    bytes.extend(
        ["yes", "", "", "", "", ""]
            .iter()
            .flat_map(|text| padded(text, name)),
    );
    bytes.extend(names.iter().flat_map(|_| padded("Label", label)));
    // a characteristic that is passed over
    let length = |length: u32| {
        if release >= 110 {
            number(&length.to_le_bytes())
        } else {
            number(&(length as u16).to_le_bytes())
        }
    };
    bytes.extend([vec![1], length(3), vec![1, 2, 3], vec![0], length(0)].concat());
    for (row, text) in ["ab", "wxyz"].into_iter().enumerate() {
        let row = row as u8;
        bytes.push(if row == 0 { 101 } else { 127 });
        bytes.extend(number(
            &(if row == 0 { 32_741_i16 } else { 32_767 }).to_le_bytes(),
        ));
        bytes.extend(number(
            &(if row == 0 { -7_i32 } else { i32::MAX }).to_le_bytes(),
        ));
        bytes.extend(number(
            &(if row == 0 { 0.5_f32 } else { 2f32.powi(127) }).to_le_bytes(),
        ));
        bytes.extend(number(
            &(if row == 0 { -0.1_f64 } else { 2f64.powi(1023) }).to_le_bytes(),
        ));
        bytes.extend(padded(text, 4));
    }
    if release >= 108 {
        let table = [1_i32, 4, 0, 101]
            .map(|word| number(&word.to_le_bytes()))
            .concat();
        bytes.extend(number(&(table.len() as u32 + 4).to_le_bytes()));
        bytes.extend(padded("yes", name));
        bytes.extend([0; 3]);
        bytes.extend(table);
        bytes.extend(b"Yes\0");
    }
    bytes
}

#[test]
fn old_formats() {
    for release in [105, 108, 110, 111, 112] {
        for big_endian in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("old.dta");
            std::fs::write(&path, file(release, big_endian)).unwrap();
            let source = open(&path, &Default::default()).unwrap();
            assert_eq!(source.codebook().title.as_deref(), Some("Old"));
            let read = table(source.as_ref()).unwrap();
            for (name, value) in [
                ("b", 101.0),
                ("i", 32_741.0),
                ("l", -7.0),
                ("f", 0.5),
                ("d", -0.1),
            ] {
                assert_eq!(
                    read.columns[name],
                    [Value::Number(value), Value::Null],
                    "{release} {name}"
                );
            }
            assert_eq!(
                read.columns["s"],
                [Value::Text("ab".to_owned()), Value::Text("wxyz".to_owned())]
            );
            let labels = &source.codebook().variables[0].labels;
            let expected: &[(Value, String)] = &[(Value::Number(101.0), "Yes".to_owned())];
            assert_eq!(
                labels,
                if release >= 108 { expected } else { &[] },
                "{release}"
            );
        }
    }
}
