//! Delimited text: what is found out, what is an error, and that every entry comes through.

use std::path::PathBuf;

use opine::internals::survey::microdata::{
    ColumnRequest, Error, Kind, Memory, OpenOptions, Value, View, open, open_as_written,
};
use opine::internals::tabular::{DateOrder, Decimal};
use proptest::prelude::*;

use crate::survey::microdata::odd::odd;
use crate::survey::microdata::table::{Table, numbers, table};

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
        [text("Ann"), Value::Null, text("Bo, \"B\"")]
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
        // as programs for the Mac of old write them, and as a careless transfer leaves them
        "a,b\r1,x\r2,y\r",
        "a,b\r1,x\r2,y",
        "\ra,b\r\r1,\"x\"\r2,\"y\"\r",
        "a,b\r\r\n1,x\r\r\n2,y\r\r\n",
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
    let cases: [(&[u8], &str); 9] = [
        (
            b"",
            "the file is empty; its first line should name the columns",
        ),
        (
            b" \r\n",
            "the file is empty; its first line should name the columns",
        ),
        (
            b"a,b\n1,2\n1,2,3\n",
            "line 3: 3 fields where the header has 2",
        ),
        (
            b"a,b\n\n1,\"2\n\"\n\n1\n1,2,3\n",
            "line 7: 3 fields where the header has 2",
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
    let file = written("data.dat", "PK");
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
        let file = written("file.csv", writer.into_inner().unwrap());
        let source = open(&file.path, &options).unwrap();
        // texts over columns of numbers are labels
        prop_assume!(!source.notes().iter().any(|note| note.contains("no respondent")));
        let read = table(source.as_ref()).unwrap();
        for (column, name) in ["a", "b", "c"].iter().enumerate() {
            let values = &read.columns[*name];
            prop_assert_eq!(values.len(), rows.len());
            for (row, value) in rows.iter().zip(values) {
                let entry = &row[column];
                match value {
                    Value::Null => prop_assert_eq!(entry.trim(), ""),
                    Value::Number(number) => prop_assert_eq!(entry.trim().parse::<f64>().ok(), Some(*number)),
                    Value::Text(text) => prop_assert_eq!(text, entry.trim_ascii()),
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

/// A file, and what was assumed about it.
fn read_and_notes(content: impl AsRef<[u8]>, options: &OpenOptions) -> (Table, Vec<String>) {
    let file = written("file.csv", content);
    let source = open(&file.path, options).unwrap_or_else(|error| panic!("{error}"));
    (table(source.as_ref()).unwrap(), source.notes())
}

fn odd_file(name: &str) -> (Table, Vec<String>) {
    let source =
        open(&odd(name), &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    (table(source.as_ref()).unwrap(), source.notes())
}

#[test]
fn columns_without_a_name_or_with_that_of_another() {
    let (read, notes) = odd_file("csv-row-names.csv");
    assert_eq!(read.names, ["column1", "state", "pollster", "n", "approve"]);
    assert_eq!(notes[0], "column 1 has no name and is called column1");
    assert_eq!(
        read.columns["approve"],
        [number(43.0), number(38.5), Value::Null]
    );
    let (read, notes) = odd_file("csv-two-columns-one-name.csv");
    assert_eq!(read.names, ["Pollster", "Polls", "Grade", "Polls_2"]);
    assert_eq!(read.columns["Polls_2"], [number(12.0), number(7.0)]);
    assert_eq!(
        notes,
        ["column 4 has the name Polls, as one before it has, and is called Polls_2"]
    );
    let (read, notes) = read_and_notes("q,,,q\n1,2,3,4\n", &OpenOptions::default());
    assert_eq!(read.names, ["q", "column2", "column3", "q_2"]);
    assert_eq!(
        notes[0],
        "2 columns have no name and are called column2, column3"
    );
    // write.table of R names no column of row names
    let (read, _) = read_and_notes("a,b\n1,2,3\n2,4,5\n", &OpenOptions::default());
    assert_eq!(read.columns["b"], [number(3.0), number(5.0)]);
}

#[test]
fn carriage_returns() {
    let (read, notes) = odd_file("csv-cr-line-ends.csv");
    assert_eq!(read.columns["pollster"][2], text("Pollster \"C\", Inc."));
    assert_eq!(read.columns["mccain"], [48.0, 54.0, 49.0].map(number));
    assert!(notes.is_empty());
    // one within a text of a file with other line ends is no line end
    let (read, _) = read_and_notes("a,b\nx\ry,1\nz,2\n", &OpenOptions::default());
    assert_eq!(read.rows, Some(2));
    // and such a file in the encoding of the same machines
    let mac = encoding_rs::MACINTOSH
        .encode("land,n\rÖsterreich,1\rGroßbritannien,2\r")
        .0;
    let (read, notes) = read_and_notes(mac.as_ref(), &OpenOptions::default());
    assert_eq!(
        read.columns["land"],
        [text("Österreich"), text("Großbritannien")]
    );
    assert_eq!(
        notes,
        ["it is not in UTF-8 and is read as macintosh; --encoding names another"]
    );
}

#[test]
fn bytes_of_another_encoding() {
    let plain = OpenOptions::default();
    let mut mixed = "town,n\nZürich,1\nKöln,2\nÅrhus,3\n".as_bytes().to_vec();
    mixed.extend(b"M\xfcnchen,4\n");
    let (read, notes) = read_and_notes(&mixed, &plain);
    assert_eq!(
        read.columns["town"],
        ["Zürich", "Köln", "Århus", "München"].map(text)
    );
    assert_eq!(
        notes,
        ["some of its bytes are not UTF-8 and are read as windows-1252; --encoding names another"]
    );
    // behind what is looked at first, and over the end of a block
    let mut late = String::from("pad,town\n");
    for row in 0..90_000 {
        late.push_str(&format!("{row:060},ü{}\n", row % 7));
    }
    let mut late = late.into_bytes();
    late.extend(b"x,M\xfcnchen\n");
    let (read, notes) = read_and_notes(&late, &plain);
    assert_eq!(read.columns["town"][90_000], text("München"));
    assert!(
        read.columns["town"][..90_000]
            .iter()
            .all(|town| town.text().starts_with('ü'))
    );
    assert_eq!(notes.len(), 1);
    let wide: Vec<u8> = "a,b\n1,Łódź\n2,x\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (read, _) = read_and_notes(&wide, &plain);
    assert_eq!(read.columns["b"][0], text("Łódź"));
}

#[test]
fn decimal_commas() {
    let (read, notes) = odd_file("csv-decimal-comma.csv");
    assert_eq!(read.columns["gewicht"], [0.95, 1.05, 1.5, 0.5].map(number));
    assert_eq!(read.columns["alter"], [34.0, 51.0, 44.0, 29.0].map(number));
    assert_eq!(notes, ["commas are decimal in gewicht"]);
    let (read, _) = odd_file("csv-decimal-comma-weights.csv");
    assert_eq!(read.columns["vaha"], [1.25, 0.75, 2.5, 1.5].map(number));
    let (read, notes) = read_and_notes(
        "a;b;c\n1.250,5;1.004;1,004\n2,5;2.500;x\n",
        &OpenOptions::default(),
    );
    assert_eq!(read.columns["a"], [number(1250.5), number(2.5)]);
    assert_eq!(read.columns["b"], [number(1004.0), number(2500.0)]);
    assert_eq!(read.kinds, [Kind::Number, Kind::Number, Kind::Text]);
    assert_eq!(
        notes,
        ["commas are decimal in a", "points part thousands in b"]
    );
    // what may be either is left as text, and the option says which
    let open = "a;b\n1,004;x\n2,500;y\n";
    let (read, notes) = read_and_notes(open, &OpenOptions::default());
    assert_eq!(read.kinds, [Kind::Text; 2]);
    assert!(
        notes[0].ends_with("say which with --decimal , or --decimal ."),
        "{notes:?}"
    );
    for (decimal, expected) in [
        (Decimal::Comma, [1.004, 2.5]),
        (Decimal::Point, [1004.0, 2500.0]),
    ] {
        let options = OpenOptions {
            decimal: Some(decimal),
            ..OpenOptions::default()
        };
        assert_eq!(
            read_and_notes(open, &options).0.columns["a"],
            expected.map(number)
        );
    }
    // where commas part the fields, those within one are left alone unless asked for
    let quoted = "w,n\n\"0,95\",1\n\"1,05\",2\n";
    let (read, _) = read_and_notes(quoted, &OpenOptions::default());
    assert_eq!(read.kinds, [Kind::Text, Kind::Number]);
    let options = OpenOptions {
        decimal: Some(Decimal::Comma),
        ..OpenOptions::default()
    };
    assert_eq!(
        read_with(quoted, &options).unwrap().columns["w"],
        [number(0.95), number(1.05)]
    );
}

#[test]
fn entries_that_say_there_is_none() {
    let (read, notes) = odd_file("csv-na.csv");
    assert_eq!(read.kinds, [Kind::Number; 3]);
    assert_eq!(
        read.columns["vote"],
        [
            number(1.0),
            Value::Null,
            number(0.0),
            number(0.0),
            number(1.0)
        ]
    );
    assert_eq!(
        notes,
        ["NA read as no answer: age 1, vote 1, female 1; --na= keeps such entries"]
    );
    let (read, _) = odd_file("na-letters-as-an-answer.csv");
    assert!(read.columns["q"].contains(&Value::Null) && !read.columns["q"].contains(&text("NA")));
    let with = |na: &[&str]| OpenOptions {
        na: Some(na.iter().map(|text| (*text).to_owned()).collect()),
        ..OpenOptions::default()
    };
    let content = "q,x,country\nNA,-,NA\nyes,1,DE\nNone,2.0,FR\nN/A,3,IT\n";
    let (read, notes) = read_and_notes(content, &OpenOptions::default());
    assert_eq!(
        read.columns["q"],
        [Value::Null, text("yes"), text("None"), Value::Null]
    );
    assert_eq!(
        read.columns["x"],
        [Value::Null, number(1.0), number(2.0), number(3.0)]
    );
    assert_eq!(read.columns["country"], ["NA", "DE", "FR", "IT"].map(text));
    assert_eq!(
        notes,
        [
            "NA, N/A and - read as no answer: q 2, x 1; --na= keeps such entries",
            "NA is an answer of country, where all others are two capitals, too; --na NA reads it as none"
        ]
    );
    let (read, notes) = read_and_notes(content, &with(&[]));
    assert_eq!(read.columns["q"][0], text("NA"));
    assert_eq!(read.columns["x"][0], text("-"));
    assert!(notes.is_empty(), "{notes:?}");
    let (read, notes) = read_and_notes(content, &with(&["2", "None", "-", "17"]));
    assert_eq!(
        read.columns["x"],
        [Value::Null, number(1.0), Value::Null, number(3.0)]
    );
    assert_eq!(
        read.columns["q"],
        [text("NA"), text("yes"), Value::Null, text("N/A")]
    );
    assert_eq!(
        notes,
        [
            "--na 17: no entry of q, x and country is that (q has N/A, NA, yes; x has 1, 3; country has DE, FR, IT, NA)"
        ]
    );
    // a few words among numbers
    let (read, notes) = read_and_notes("x\n1\n2\n3\n4\nrefused\n", &OpenOptions::default());
    assert_eq!(read.kinds, [Kind::Text]);
    assert_eq!(
        notes,
        ["x is text, since one entry is no number: “refused”; --na names what is no answer"]
    );
}

#[test]
fn lines_of_survey_tools() {
    let (read, notes) = odd_file("qualtrics-share.csv");
    let source = open(&odd("qualtrics-share.csv"), &OpenOptions::default()).unwrap();
    assert_eq!(
        source.codebook().variables[1].label.as_deref(),
        Some("Do you approve?")
    );
    assert_eq!(read.columns["Q1"], ["Yes", "No", "Yes"].map(text));
    assert_eq!(read.columns["Q2"], [4.0, 6.0, 2.0].map(number));
    assert_eq!(
        notes,
        [
            "the lines below the names hold the texts of the questions, which are labels, and import ids, and no respondent"
        ]
    );
    // a contradiction further down is in its own line
    let row = format!("{},1\n", "x".repeat(998));
    let content = format!(
        "pad,q\nFill,How many?\n{{\"ImportId\":1}},\n{}y,many\n",
        row.repeat(80_000)
    );
    let error = read_with(content, &OpenOptions::default()).err().unwrap();
    assert!(
        error.starts_with("line 80004: q is a number in the rows before"),
        "{error}"
    );
}

#[test]
fn a_line_that_names_the_delimiter() {
    let (read, _) = read_and_notes("sep=;\r\na;b\r\n1,5;x\r\n", &OpenOptions::default());
    assert_eq!(read.names, ["a", "b"]);
    assert_eq!(read.columns["a"], [number(1.5)]);
}

#[test]
fn short_rows() {
    let (read, notes) = read_and_notes("a,b,c\n1,2,3\n4\n\n5,6\n7,8,9\n", &OpenOptions::default());
    assert_eq!(
        read.columns["b"],
        [number(2.0), Value::Null, number(6.0), number(8.0)]
    );
    assert_eq!(read.columns["c"][2], Value::Null);
    assert_eq!(
        notes,
        [
            "2 rows have less than the 3 fields of the header, the first in line 3; those that they lack are empty"
        ]
    );
    let (_, notes) = read_and_notes("a,b\n1,2\n4\n", &OpenOptions::default());
    assert_eq!(
        notes,
        ["line 3 has less than the 2 fields of the header; those that it lacks are empty"]
    );
}

#[test]
fn dates_by_column() {
    let content = "day,month,when,iso,open,clock\n14.06.2023,Mai 2023,6/14/2023 8:30 PM,2023-06-14,5/6/2023,8:30\n\
                   3.08.2023,April 2023,8/3/2023 0:05,2023-08-03,7/8/2023,10:15\n,,,,,\n";
    let (read, notes) = read_and_notes(content, &OpenOptions::default());
    assert_eq!(
        read.kinds,
        [
            Kind::Date,
            Kind::Text,
            Kind::DateTime,
            Kind::Date,
            Kind::Text,
            Kind::Text
        ]
    );
    assert_eq!(
        read.columns["day"],
        [text("2023-06-14"), text("2023-08-03"), Value::Null]
    );
    assert_eq!(
        read.columns["month"][..2],
        [text("2023-05"), text("2023-04")]
    );
    assert_eq!(
        read.columns["when"][..2],
        [text("2023-06-14T20:30:00"), text("2023-08-03T00:05:00")]
    );
    assert_eq!(read.columns["iso"][0], text("2023-06-14"));
    assert_eq!(read.columns["open"][0], text("5/6/2023"));
    assert_eq!(read.columns["clock"][..2], [text("08:30"), text("10:15")]);
    assert_eq!(
        notes,
        [
            "day is read as dates: 14.06.2023 is 2023-06-14",
            "month is read as dates: Mai 2023 is 2023-05",
            "when is read as dates: 6/14/2023 8:30 PM is 2023-06-14T20:30:00",
            "open is left as text, and in the order of its letters: “5/6/2023” may have the day or the month first; say which \
             with --dates dmy or --dates mdy"
        ]
    );
    let file = written("file.csv", content);
    let options = OpenOptions {
        dates: Some(DateOrder::Mdy),
        ..OpenOptions::default()
    };
    let source = open(&file.path, &options).unwrap();
    assert_eq!(
        table(source.as_ref()).unwrap().columns["open"][0],
        text("2023-05-06")
    );
    let days = numbers(source.as_ref(), "day").unwrap();
    assert_eq!(days[..2], [19_522.0, 19_572.0]);
    assert!(days[2].is_nan());
    let seconds = numbers(source.as_ref(), "when").unwrap();
    assert_eq!(seconds[0], 19_522.0 * 86_400.0 + 20.5 * 3600.0);
}

/// Entries letter by letter, as a copy of a file keeps them.
#[test]
fn as_written() {
    let file = written("file.csv", "id,w,day,x\n007, 1.50 ,14.06.2023,NA\n8,,,-\n");
    let source = open_as_written(&file.path, &OpenOptions::default())
        .unwrap()
        .unwrap();
    let read = table(source.as_ref()).unwrap();
    assert_eq!(read.columns["id"], [text("007"), text("8")]);
    assert_eq!(read.columns["w"], [text(" 1.50 "), Value::Null]);
    assert_eq!(read.columns["day"][0], text("14.06.2023"));
    assert_eq!(read.columns["x"], [text("NA"), text("-")]);
    assert!(
        open_as_written(&odd("sav-98-not-declared.sav"), &OpenOptions::default())
            .unwrap()
            .is_none()
    );
}
