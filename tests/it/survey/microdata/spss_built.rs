//! SPSS files built byte by byte, for what no writer at hand writes.

use opine::internals::survey::microdata::{Kind, Value, Variable, open};

use crate::survey::microdata::table::{numbers, table};

/// A file of a number with missing values and a date, uncompressed, in either byte order.
struct Builder {
    big_endian: bool,
    bytes: Vec<u8>,
}

impl Builder {
    fn i32(&mut self, number: i32) {
        self.bytes.extend(if self.big_endian {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }

    fn f64(&mut self, number: f64) {
        self.bytes.extend(if self.big_endian {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }

    fn variable(&mut self, name: &[u8; 8], format: i32, missing_kind: i32, missing: &[f64]) {
        for number in [2, 0, 0, missing_kind, format << 16, format << 16] {
            self.i32(number);
        }
        self.bytes.extend(name);
        for number in missing {
            self.f64(*number);
        }
    }
}

fn file(big_endian: bool, rows: i32) -> Vec<u8> {
    let mut file = Builder {
        big_endian,
        bytes: b"$FL2".to_vec(),
    };
    file.bytes.extend([b' '; 60]);
    for number in [2, -1, 0, 0, rows] {
        file.i32(number);
    }
    file.f64(100.0);
    file.bytes.extend([b' '; 9 + 8 + 64 + 3]);
    let lowest = -f64::MAX.next_down();
    file.variable(b"ANSWER  ", 5, -3, &[lowest, -1.0, 99.0]);
    file.variable(b"HIGH    ", 5, -2, &[7.0, f64::MAX]);
    file.variable(b"DAY     ", 20, 1, &[12_219_379_200.0]);
    // a label for each value of ANSWER
    for number in [3, 1] {
        file.i32(number);
    }
    file.f64(99.0);
    file.bytes.extend(b"\x07Refused");
    for number in [4, 1, 1, 999, 0] {
        file.i32(number);
    }
    for (answer, high, day) in [
        (1.0, 6.5, 13_904_956_800.0),
        (99.0, 7.0, 12_219_379_200.0),
        (-5.0, 1e9, -f64::MAX),
        (-f64::MAX, -f64::MAX, 0.5),
    ] {
        for number in [answer, high, day] {
            file.f64(number);
        }
    }
    file.bytes
}

#[test]
fn both_byte_orders() {
    for (big_endian, rows) in [(false, 4), (true, 4), (false, -1), (true, -1)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("built.sav");
        std::fs::write(&path, file(big_endian, rows)).unwrap();
        let source = open(&path, &Default::default()).unwrap();
        let [answer, high, day] = source.codebook().variables.as_slice() else {
            panic!("three variables");
        };
        assert_eq!(answer.missing.ranges, [(f64::NEG_INFINITY, -1.0)]);
        assert_eq!(answer.missing.values, [Value::Number(99.0)]);
        assert_eq!(answer.labels, [(Value::Number(99.0), "Refused".to_owned())]);
        assert_eq!(high.missing.ranges, [(7.0, f64::INFINITY)]);
        is_date(day);
        let read = table(source.as_ref()).unwrap();
        assert_eq!(read.rows, Some(4));
        let number = Value::Number;
        assert_eq!(
            read.columns["ANSWER"],
            [number(1.0), number(99.0), number(-5.0), Value::Null]
        );
        let text = |text: &str| Value::Text(text.to_owned());
        let third = read.columns["DAY"][3].clone();
        assert_eq!(
            read.columns["DAY"][..3],
            [text("2023-06-01"), text("1970-01-01"), Value::Null]
        );
        assert!(
            matches!(third, Value::Number(_)),
            "a date with a part of a second stays a number"
        );
        let answers = numbers(source.as_ref(), "ANSWER").unwrap();
        assert!(answers[0] == 1.0 && answers[1..].iter().all(|number| number.is_nan()));
        assert_eq!(numbers(source.as_ref(), "HIGH").unwrap()[0], 6.5);
        assert!(numbers(source.as_ref(), "HIGH").unwrap()[1].is_nan());
        let days = numbers(source.as_ref(), "DAY").unwrap();
        assert_eq!(days[0], 19_509.0);
        assert!(days[1].is_nan(), "a date that is user-missing");
    }
}

fn is_date(day: &Variable) {
    assert_eq!(day.kind, Kind::Date);
    assert_eq!(day.missing.values, [Value::Text("1970-01-01".to_owned())]);
}

/// A set of labels for a variable that is named any number of times.
#[test]
fn labels_by_the_million() {
    let mut bytes = file(false, 4);
    let sets = bytes
        .windows(8)
        .position(|part| part == [3, 0, 0, 0, 1, 0, 0, 0])
        .unwrap();
    let rest = bytes.split_off(sets + 24 + 12);
    bytes.truncate(sets);
    let word = |number: i32| number.to_le_bytes();
    bytes.extend([word(3), word(5000)].concat());
    for value in 0..5000 {
        bytes.extend(f64::from(value).to_le_bytes());
        bytes.extend(b"\x07Refused");
    }
    bytes.extend([word(4), word(2000)].concat());
    bytes.extend([word(1); 2000].concat());
    bytes.extend(rest);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.sav");
    std::fs::write(&path, bytes).unwrap();
    let error = open(&path, &Default::default()).err().unwrap().to_string();
    assert!(
        error.ends_with("more than 4000000 value labels in all"),
        "{error}"
    );
}

#[test]
fn cut_within_a_row() {
    let mut bytes = file(false, -1);
    bytes.truncate(bytes.len() - 8);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.sav");
    std::fs::write(&path, bytes).unwrap();
    let error = open(&path, &Default::default()).err().unwrap().to_string();
    assert!(error.ends_with("the file ends within row 4"), "{error}");
}
