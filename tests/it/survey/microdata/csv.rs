//! Delimited text: what is found out, what is an error, and that every entry comes through.

use std::path::PathBuf;

use opine::survey::microdata::{
    ColumnRequest, Error, Kind, Memory, OpenOptions, Value, View, open,
};
use proptest::prelude::*;

use crate::survey::microdata::table::{Table, table};

struct Written {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn written(name: &str, bytes: impl AsRef<[u8]>) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    Written {
        _folder: folder,
        path,
    }
}

fn read_with(bytes: impl AsRef<[u8]>, options: &OpenOptions) -> Result<Table, String> {
    let file = written("file.csv", bytes);
    let message = |error: Error| {
        error
            .to_string()
            .split_once(": ")
            .map_or_else(String::new, |(_, rest)| rest.to_owned())
    };
    let source = open(&file.path, options).map_err(message)?;
    table(source.as_ref()).map_err(message)
}

fn read(bytes: impl AsRef<[u8]>) -> Result<Table, String> {
    read_with(bytes, &OpenOptions::default())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn number(number: f64) -> Value {
    Value::Number(number)
}

#[test]
fn kinds_and_missing() {
    let read = read("id,age,name,none\n007, 31 ,Ann,\n010,1e1,,\n\n011,,\" Bo, \"\"B\"\"\n\",  \n")
        .unwrap();
    assert_eq!(
        read.kinds,
        [Kind::Text, Kind::Number, Kind::Text, Kind::Text]
    );
    assert_eq!(read.columns["id"], [text("007"), text("010"), text("011")]);
    assert_eq!(
        read.columns["age"],
        [number(31.0), number(10.0), Value::Null]
    );
    assert_eq!(
        read.columns["name"],
        [text("Ann"), Value::Null, text(" Bo, \"B\"\n")]
    );
    assert_eq!(read.columns["none"], vec![Value::Null; 3]);
    assert_eq!(read.rows, Some(3));
}

#[test]
fn delimiters_are_found_out() {
    for delimiter in [",", ";", "\t", "|"] {
        let content = "a,b,c\n1,\"x,;|\ty\",3\n4,z,6\n".replace(',', delimiter);
        let read = read(content).unwrap();
        assert_eq!(read.names, ["a", "b", "c"], "{delimiter}");
        assert_eq!(read.columns["c"], [number(3.0), number(6.0)]);
    }
    // decimal commas do not make it a comma file
    assert_eq!(read("a;b\n1,5;2\n2,5;3\n").unwrap().names, ["a", "b"]);
    assert_eq!(read("alone\n1\n2\n").unwrap().names, ["alone"]);
    let given = OpenOptions {
        delimiter: Some(b':'),
        ..OpenOptions::default()
    };
    assert_eq!(
        read_with("a:b,c\n1:2\n", &given).unwrap().names,
        ["a", "b,c"]
    );
}

#[test]
fn tabs_by_the_ending() {
    let file = written("file.TSV", "a,b\n1,2\n");
    let source = open(&file.path, &OpenOptions::default()).unwrap();
    assert_eq!(source.codebook().variables[0].name, "a,b");
}

#[test]
fn delimiters_that_are_none() {
    for delimiter in [b'"', b'\n', 0xff] {
        let options = OpenOptions {
            delimiter: Some(delimiter),
            ..OpenOptions::default()
        };
        let error = read_with("a,b\n", &options).err().unwrap();
        assert!(error.contains("can't stand between fields"), "{error}");
    }
}

#[test]
fn encodings_are_found_out() {
    let expected = [text("Ärger"), text("süß €")];
    let utf8 = "id,é\n1,Ärger\n2,süß €\n";
    let marked = [b"\xef\xbb\xbf".as_slice(), utf8.as_bytes()].concat();
    let latin: Vec<u8> = encoding_rs::WINDOWS_1252.encode(utf8).0.into_owned();
    let utf16 = |big: bool| -> Vec<u8> {
        let unit = |unit: u16| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        };
        std::iter::once(0xfeff)
            .chain(utf8.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    for bytes in [
        utf8.as_bytes().to_vec(),
        marked,
        latin,
        utf16(false),
        utf16(true),
    ] {
        let read = read(bytes).unwrap();
        assert_eq!(read.names, ["id", "é"]);
        assert_eq!(read.columns["é"], expected);
    }
    let cyrillic = OpenOptions {
        encoding: Some("windows-1251".to_owned()),
        ..OpenOptions::default()
    };
    assert_eq!(
        read_with(b"a\n\xc4\xe0\n", &cyrillic).unwrap().columns["a"],
        [text("Да")]
    );
    let unknown = OpenOptions {
        encoding: Some("klingon".to_owned()),
        ..OpenOptions::default()
    };
    assert!(
        read_with("a\n1\n", &unknown)
            .err()
            .unwrap()
            .starts_with("there is no encoding klingon")
    );
    let wrong = OpenOptions {
        encoding: Some("utf-8".to_owned()),
        ..OpenOptions::default()
    };
    let error = read_with(b"a\nx\n\xc4\xe0\n", &wrong).err().unwrap();
    assert_eq!(
        error,
        "line 3 is not in UTF-8; name its encoding, such as windows-1252"
    );
}

#[test]
fn line_ends() {
    for content in [
        "a,b\r\n1,x\r\n2,\"y\"\r\n",
        "a,b\r\n1,x\r\n2,y",
        "a,b\n1,x\n2,\"y\"",
        "\na,b\n\n1,x\n\r\n2,y\n\n",
        "a,b\n1,x\n2,y\r",
    ] {
        let read = read(content).unwrap();
        assert_eq!(read.columns["b"], [text("x"), text("y")], "{content:?}");
        assert_eq!(read.columns["a"], [number(1.0), number(2.0)], "{content:?}");
        assert_eq!(read.rows, Some(2));
    }
    assert_eq!(
        read("a,b\n1,\n2,").unwrap().columns["b"],
        vec![Value::Null; 2]
    );
}

#[test]
fn missing_entries_by_name() {
    let options = OpenOptions {
        na: Some(vec!["NA".to_owned(), "-99".to_owned()]),
        ..OpenOptions::default()
    };
    let read = read_with("x,y\n1,a\nNA,NA\n -99 ,b\n", &options).unwrap();
    assert_eq!(read.columns["x"], [number(1.0), Value::Null, Value::Null]);
    assert_eq!(read.columns["y"], [text("a"), Value::Null, text("b")]);
    let as_text = OpenOptions {
        text: vec!["x".to_owned()],
        ..OpenOptions::default()
    };
    assert_eq!(
        read_with("x\n1.0\n", &as_text).unwrap().columns["x"],
        [text("1.0")]
    );
}

#[test]
fn header_only_is_a_file_of_no_rows() {
    for content in ["a,b", "a,b\n", "a,b\r\n\r\n"] {
        let read = read(content).unwrap();
        assert_eq!((read.rows, read.columns["a"].len()), (Some(0), 0));
    }
}

#[test]
fn what_is_wrong_and_where() {
    let cases: [(&[u8], &str); 12] = [
        (
            b"",
            "the file is empty; its first line should name the columns",
        ),
        (
            b" \r\n",
            "the file is empty; its first line should name the columns",
        ),
        (b"a,b,a\n", "line 1: columns 1 and 3 are both named a"),
        (b"a,,c\n1,2,3\n", "line 1: column 2 has no name"),
        (
            b"a,b\n1,2\n1,2,3\n",
            "line 3: 3 fields where the header has 2",
        ),
        (
            b"a,b\n\n1,\"2\n\"\n\n1\n",
            "line 6: 1 field where the header has 2",
        ),
        (
            b"a,b\n1,\"2\" x\n",
            "line 2: there is text after a closing quote; a quote within a field is written twice",
        ),
        (
            b"a,b\n1,2\n3,\"4\n5,6\n",
            "line 3: a quoted field starts in this record and never ends",
        ),
        (
            b"a,\"b\n",
            "line 1: a quoted field starts in this record and never ends",
        ),
        (b"a\0b", "this is no text: it holds zero bytes"),
        (
            b"a,b\r1,2\r",
            "the lines end in a carriage return alone; save the file with the line ends of today",
        ),
        (
            b"$FL2@(#) SPSS",
            "the ending says .csv, the content is an SPSS file; rename it to .sav",
        ),
    ];
    for (content, message) in cases {
        assert_eq!(
            read(content).err().unwrap(),
            message,
            "{:?}",
            String::from_utf8_lossy(content)
        );
    }
}

#[test]
fn endings() {
    let file = written("data.xlsx", "PK");
    assert!(matches!(
        open(&file.path, &OpenOptions::default()),
        Err(Error::Format { .. })
    ));
    let file = written("data.SAV", "a,b\n");
    let error = open(&file.path, &OpenOptions::default())
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.ends_with("this is no .sav file: its first bytes are not those of that format"),
        "{error}"
    );
    let file = written("data.sas7bdat", "x");
    let error = open(&file.path, &OpenOptions::default())
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("export it to .csv, .parquet or .xpt"),
        "{error}"
    );
    assert!(matches!(
        open(
            &file.path.with_file_name("none.csv"),
            &OpenOptions::default()
        ),
        Err(Error::Io { .. })
    ));
}

#[test]
fn names_that_are_not_there() {
    let file = written("file.csv", "weight,age\n1,2\n");
    let source = open(&file.path, &OpenOptions::default()).unwrap();
    let error = Memory::read(source.as_ref(), &["wieght".to_owned()])
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "no variable wieght; did you mean weight?"
    );
}

#[test]
fn numbers_of_texts() {
    let file = written("file.csv", "id,none,party\n007,,x\n-12,,y\n");
    let source = open(&file.path, &OpenOptions::default()).unwrap();
    let ask = |name: &str| {
        let request = ColumnRequest {
            name: name.to_owned(),
            view: View::Numbers,
        };
        source.scan(&[request], &|_| Ok(()))
    };
    assert!(ask("id").is_ok() && ask("none").is_ok());
    assert_eq!(
        ask("party").err().unwrap().to_string(),
        "party is no number: 'x' is one of its entries"
    );
}

/// Rows over more than one block, with and without quotes: each row once, at its place.
#[test]
fn blocks() {
    for quoted in [false, true] {
        let mut content = String::from("row,half,word\n");
        for row in 0..700_000 {
            let word = match quoted && row % 1000 == 7 {
                true => format!("\"line\n{row}\""),
                false => format!("w{}", row % 300),
            };
            content.push_str(&format!("{row},{}.5,{word}\n", row / 2));
        }
        let read = read(content).unwrap();
        assert_eq!(read.rows, Some(700_000));
        let rows = &read.columns["row"];
        assert!(
            rows.iter()
                .enumerate()
                .all(|(row, value)| *value == number(row as f64))
        );
        assert_eq!(read.columns["half"][600_001], number(300_000.5));
        let expected = if quoted { "line\n600007" } else { "w7" };
        assert_eq!(read.columns["word"][600_007], text(expected));
    }
}

/// A contradiction behind the part that is looked at names line, column and entry.
#[test]
fn late_contradictions() {
    let row = format!("{},1\n", "x".repeat(998));
    let mut content = String::from("pad,income\n");
    for _ in 0..79_999 {
        content.push_str(&row);
    }
    content.push_str("y,refused\n");
    let error = read(&content).err().unwrap();
    let expected = "line 80001: income is a number in the rows before, here it is 'refused'; name such entries as missing, or read income as text";
    assert_eq!(error, expected);
    let options = OpenOptions {
        text: vec!["income".to_owned()],
        ..OpenOptions::default()
    };
    assert_eq!(
        read_with(&content, &options).unwrap().columns["income"].len(),
        80_000
    );
}

fn entry() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,3}",
        "-?[0-9]{1,9}\\.[0-9]{1,9}",
        "[a-zé\"\n\r,; |\t]{1,12}",
        Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What a writer of RFC 4180 writes comes back entry by entry.
    #[test]
    fn tables_come_back(
        rows in prop::collection::vec(prop::collection::vec(entry(), 3), 0..30),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        always in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let options = OpenOptions {
            delimiter: Some(delimiter),
            ..OpenOptions::default()
        };
        let read = read_with(writer.into_inner().unwrap(), &options).unwrap();
        for (column, name) in ["a", "b", "c"].iter().enumerate() {
            let values = &read.columns[*name];
            prop_assert_eq!(values.len(), rows.len());
            for (row, value) in rows.iter().zip(values) {
                let entry = &row[column];
                match value {
                    Value::Null => prop_assert_eq!(entry.trim(), ""),
                    Value::Number(number) => prop_assert_eq!(entry.trim().parse::<f64>().ok(), Some(*number)),
                    Value::Text(text) => prop_assert_eq!(text, entry),
                }
            }
        }
    }

    /// Whatever the bytes: a table or an error.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(prop::sample::select(b"a1,;\"\n\r\t|\xff\0 .-".to_vec()), 0..60)) {
        let _ = read(bytes);
    }
}
