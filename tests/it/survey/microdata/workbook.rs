//! Respondents in workbooks.

use std::path::PathBuf;

use opine::internals::survey::microdata::{
    Error, Kind, OpenOptions, Source, Value, open, open_as_written,
};
use rust_xlsxwriter::{Format, Workbook};

use crate::survey::microdata::table::{numbers, table};

struct Written {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn written(fill: impl FnOnce(&mut Workbook)) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poll.xlsx");
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save(&path).unwrap();
    Written {
        _folder: folder,
        path,
    }
}

fn opened(path: &str) -> Result<Box<dyn Source>, Error> {
    open(path.as_ref(), &OpenOptions::default())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_sheet_of_respondents() {
    let file = written(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.set_name("Answers").unwrap();
        sheet.write(0, 0, "A poll of June").unwrap();
        for (column, name) in ["id", "q1", "weight", "day", "town"]
            .into_iter()
            .enumerate()
        {
            sheet.write(2, column as u16, name).unwrap();
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        for row in 0..3_u32 {
            sheet.write(3 + row, 0, format!("00{row}")).unwrap();
            sheet.write(3 + row, 2, 0.25 + f64::from(row)).unwrap();
            sheet
                .write_with_format(3 + row, 3, 45_091 + row, &day)
                .unwrap();
        }
        for (row, answer) in [(3, "Yes"), (4, "NA"), (5, "No")] {
            sheet.write(row, 1, answer).unwrap();
        }
        sheet.write(3, 4, "Zürich").unwrap();
    });
    let source = opened(&file.path.display().to_string()).unwrap();
    let read = table(source.as_ref()).unwrap();
    assert_eq!(read.names, ["id", "q1", "weight", "day", "town"]);
    assert_eq!(
        read.kinds,
        [Kind::Text, Kind::Text, Kind::Number, Kind::Date, Kind::Text]
    );
    assert_eq!(read.columns["id"][1], text("001"));
    assert_eq!(read.columns["q1"], [text("Yes"), Value::Null, text("No")]);
    assert_eq!(
        numbers(source.as_ref(), "weight").unwrap(),
        [0.25, 1.25, 2.25]
    );
    assert_eq!(read.columns["day"][0], text("2023-06-14"));
    assert_eq!(
        read.columns["town"],
        [text("Zürich"), Value::Null, Value::Null]
    );
    assert_eq!(
        source.notes(),
        [
            "a line above the names is left out",
            "NA read as no answer: q1 1; --na= keeps such entries"
        ]
    );
    assert!(
        open_as_written(&file.path, &OpenOptions::default())
            .unwrap()
            .is_none()
    );
}

#[test]
fn the_sheet_that_is_named() {
    let file = written(|workbook| {
        for (name, number) in [("one", 1), ("two", 2)] {
            let sheet = workbook.add_worksheet();
            sheet.set_name(name).unwrap();
            sheet.write(0, 0, "x").unwrap();
            sheet.write(0, 1, "y").unwrap();
            sheet.write(1, 0, number).unwrap();
            sheet.write(1, 1, number).unwrap();
        }
    });
    let path = file.path.display().to_string();
    let error = opened(&path).err().unwrap().to_string();
    assert!(error.contains("name one, as in"), "{error}");
    let source = opened(&format!("{path}#two")).unwrap();
    assert_eq!(numbers(source.as_ref(), "x").unwrap(), [2.0]);
    let error = opened(&format!("{path}#three")).err().unwrap().to_string();
    assert!(error.contains("there is no sheet three"), "{error}");
}

/// What survey tools write below the names, and the options that a workbook has no use for.
#[test]
fn questions_and_options() {
    let file = written(|workbook| {
        let sheet = workbook.add_worksheet();
        let rows = [
            ["ResponseId", "Q1", "Q2"],
            ["Response ID", "Do you approve?", "How many?"],
            [
                "{\"ImportId\":\"_recordId\"}",
                "{\"ImportId\":\"QID1\"}",
                "{\"ImportId\":\"QID2\"}",
            ],
            ["R_1", "Yes", "4"],
            ["R_2", "No", "6"],
        ];
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row as u32, column as u16, number).unwrap(),
                    Err(_) => sheet.write(row as u32, column as u16, *cell).unwrap(),
                };
            }
        }
    });
    let source = opened(&file.path.display().to_string()).unwrap();
    assert_eq!(source.rows(), Some(2));
    let q1 = source.codebook().variable("Q1").unwrap();
    assert_eq!(q1.label.as_deref(), Some("Do you approve?"));
    assert_eq!(numbers(source.as_ref(), "Q2").unwrap(), [4.0, 6.0]);
    let options = OpenOptions {
        delimiter: Some(b';'),
        ..OpenOptions::default()
    };
    let error = open(&file.path, &options).err().unwrap();
    assert!(
        matches!(
            error,
            Error::NoEffect {
                option: "--delimiter",
                ..
            }
        ),
        "{error}"
    );
    let options = OpenOptions {
        na: Some(vec!["4".to_owned()]),
        ..OpenOptions::default()
    };
    let source = open(&file.path, &options).unwrap();
    assert!(numbers(source.as_ref(), "Q2").unwrap()[0].is_nan());
}

#[test]
fn no_workbook() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("a.xlsx", b"a,b\n1,2\n".as_slice()),
        ("b.ods", b"PK\x03\x04"),
        ("c.xlsx", b""),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert!(opened(&path.display().to_string()).is_err(), "{name}");
    }
}

/// A per cent sign of the format divides what is read; one in quotation marks or behind a stroke is decoration.
#[test]
fn per_cent_signs_that_are_quoted_change_no_number() {
    for (format, value, read) in [
        ("0.0%", 0.485, 0.485),
        ("0%", 0.29, 0.29),
        ("0.0\"%\"", 48.5, 48.5),
        ("0.0\\%", 48.5, 48.5),
        ("0.0\" %\"", 48.5, 48.5),
        ("0.0", 48.5, 48.5),
    ] {
        let file = written(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.write(0, 0, "share").unwrap();
            sheet.write(0, 1, "id").unwrap();
            let format = Format::new().set_num_format(format);
            for row in 1..3 {
                sheet.write_with_format(row, 0, value, &format).unwrap();
                sheet.write(row, 1, row).unwrap();
            }
        });
        let source = opened(&file.path.display().to_string()).unwrap();
        assert_eq!(
            numbers(source.as_ref(), "share").unwrap(),
            [read; 2],
            "{format}"
        );
    }
}
