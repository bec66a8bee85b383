//! Respondent files written and read again: values, kinds and codebooks.

use std::fs;

use opine::internals::frames::{Column as FrameColumn, Frame, Values};
use opine::internals::survey::microdata::write::{
    WriteColumn, read_frame, write_csv, write_frame, write_parquet,
};
use opine::internals::survey::microdata::{
    Codebook, Coded, Codes, Error, Kind, Measure, MissingValues, MultipleResponse, Value, Variable,
    View, open, parquet,
};
use proptest::prelude::*;

use crate::survey::microdata::parquet::{Whole, same_numbers, scan, texts};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn codebook() -> Codebook {
    let vote = Variable {
        label: Some("Would you vote \"yes\"?\nPlease say".to_owned()),
        measure: Some(Measure::Ordinal),
        labels: vec![
            (Value::Number(1.0), "Yes".to_owned()),
            (Value::Number(2.0), String::new()),
            (Value::Number(-9.5), "Refusé".to_owned()),
        ],
        missing: MissingValues {
            values: vec![Value::Number(9.0), text("N/A")],
            ranges: vec![(-99.0, -9.0), (97.0, f64::INFINITY)],
        },
        ..Variable::bare("vote", Kind::Number)
    };
    let party = Variable {
        measure: Some(Measure::Nominal),
        labels: vec![
            (text("b"), "Blue".to_owned()),
            (text(""), "Nothing".to_owned()),
        ],
        missing: MissingValues {
            values: vec![text("Refused")],
            ranges: Vec::new(),
        },
        ..Variable::bare("party", Kind::Text)
    };
    Codebook {
        title: Some("A survey".to_owned()),
        variables: vec![
            vote,
            party,
            Variable::bare("weight", Kind::Number),
            Variable::bare("day", Kind::Date),
            Variable::bare("at", Kind::DateTime),
        ],
        ..Codebook::default()
    }
}

fn columns() -> Vec<(String, WriteColumn)> {
    let coded = |codes: &[u8], values: Vec<Value>| {
        WriteColumn::Codes(Coded {
            codes: Codes::Narrow(codes.to_vec()),
            values: values.into(),
        })
    };
    let texts = ["b", "", "Refused"].map(|text| Some(text.to_owned()));
    let days = ["2023-06-01", "1999-12-31"].map(|day| Some(day.to_owned()));
    vec![
        (
            "vote".to_owned(),
            coded(
                &[0, 1, 2, 1],
                vec![Value::Number(1.0), Value::Number(98.0), Value::Null],
            ),
        ),
        (
            "party".to_owned(),
            WriteColumn::Texts(texts.into_iter().chain([None]).collect()),
        ),
        (
            "weight".to_owned(),
            WriteColumn::Numbers(vec![0.1, f64::NAN, 2.0, 1e300]),
        ),
        (
            "day".to_owned(),
            WriteColumn::Texts(days.into_iter().chain([None, None]).collect()),
        ),
        (
            "at".to_owned(),
            WriteColumn::Numbers(vec![0.25, 1_685_608_200.0, f64::NAN, -1.0]),
        ),
    ]
}

#[test]
fn a_codebook_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.parquet");
    write_parquet(&path, &columns(), &codebook(), &[]).unwrap();
    let source = parquet::open(&path).unwrap();
    assert_eq!(source.codebook(), &codebook());
    let names = ["vote", "party", "weight", "day", "at"];
    let found = scan(source.as_ref(), &names.map(|name| (name, View::Codes))).unwrap();
    let numbers = |values: [Option<f64>; 4]| {
        Whole::Values(
            values
                .map(|v| v.map_or(Value::Null, Value::Number))
                .to_vec(),
        )
    };
    assert_eq!(found[0], numbers([Some(1.0), Some(98.0), None, Some(98.0)]));
    assert_eq!(
        found[1],
        Whole::Values(vec![text("b"), text(""), text("Refused"), Value::Null])
    );
    assert_eq!(found[2], numbers([Some(0.1), None, Some(2.0), Some(1e300)]));
    assert_eq!(
        found[3],
        Whole::Values(vec![
            text("2023-06-01"),
            text("1999-12-31"),
            Value::Null,
            Value::Null
        ])
    );
    let at = [
        "1970-01-01T00:00:00.250",
        "2023-06-01T08:30:00",
        "",
        "1969-12-31T23:59:59",
    ];
    let at = at.map(|at| if at.is_empty() { Value::Null } else { text(at) });
    assert_eq!(found[4], Whole::Values(at.to_vec()));
    // 98 lies in a missing range
    let found = scan(source.as_ref(), &[("vote", View::Numbers)]).unwrap();
    let Whole::Numbers(votes) = &found[0] else {
        panic!("values")
    };
    assert_eq!(votes[0], 1.0);
    assert!(votes[1].is_nan() && votes[2].is_nan());
    assert!(matches!(
        scan(source.as_ref(), &[("party", View::Numbers)]),
        Err(Error::NoNumber { found, .. }) if found == "b"
    ));
}

#[test]
fn whole_numbers_are_stored_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("numbers.parquet");
    let long = Coded {
        codes: Codes::Wide(vec![1, 0, 2]),
        values: vec![Value::Null, text("9007199254740993"), Value::Number(5.0)].into(),
    };
    let columns = [
        (
            "whole".to_owned(),
            WriteColumn::Numbers(vec![1.0, f64::NAN, -3.0]),
        ),
        ("long".to_owned(), WriteColumn::Codes(long)),
        ("nothing".to_owned(), WriteColumn::Texts(vec![None; 3])),
    ];
    let codebook = Codebook {
        variables: vec![
            Variable::bare("long", Kind::Number),
            Variable::bare("elsewhere", Kind::Text),
        ],
        ..Codebook::default()
    };
    write_parquet(&path, &columns, &codebook, &[]).unwrap();
    let (frame, notes) = read_frame(&path).unwrap();
    let whole = Values::Integers(vec![Some(1), None, Some(-3)]);
    assert_eq!(frame.column("whole").unwrap().values, whole);
    assert_eq!(notes.len(), 1);
    assert!(!notes[0].1.contains("elsewhere"));
    let source = parquet::open(&path).unwrap();
    let found = scan(source.as_ref(), &[("long", View::Codes)]).unwrap();
    assert_eq!(
        found[0],
        Whole::Values(vec![
            text("9007199254740993"),
            Value::Null,
            Value::Number(5.0)
        ])
    );
}

#[test]
fn csv_has_what_a_person_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.csv");
    write_csv(&path, &columns()[..3]).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    let large = format!("{}", 1e300);
    assert_eq!(
        written,
        format!("vote,party,weight\n1,b,0.1\n98,,\n,Refused,2\n98,,{large}\n")
    );
}

#[test]
fn columns_must_fit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.parquet");
    let column = |name: &str, rows| (name.to_owned(), WriteColumn::Numbers(vec![1.0; rows]));
    for (columns, part) in [
        ([column("a", 2), column("b", 3)], "b has 3 rows, a has 2"),
        ([column("a", 2), column("a", 2)], "two columns are named a"),
    ] {
        let error = write_parquet(&path, &columns, &Codebook::default(), &[]).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(!path.exists());
    }
}

#[test]
fn frames_keep_their_notes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poll.sums");
    let columns = vec![
        FrameColumn::new("level", vec!["a", "b"]),
        FrameColumn::new("sum", vec![1.5, 2.5]),
    ];
    let frame = Frame::new(2, columns).unwrap();
    let notes = vec![
        ("opine.sums".to_owned(), "{\"version\":1}".to_owned()),
        ("empty".to_owned(), String::new()),
    ];
    write_frame(&path, &frame, &notes).unwrap();
    let (found, found_notes) = read_frame(&path).unwrap();
    assert_eq!(found, frame);
    assert_eq!(found_notes, notes);
    fs::write(&path, b"nonsense that is long enough").unwrap();
    assert!(matches!(read_frame(&path), Err(Error::Damaged { .. })));
}

#[test]
fn a_codebook_of_the_future_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.parquet");
    let frame = Frame::new(1, vec![FrameColumn::new("a", vec![1])]).unwrap();
    for (note, part) in [
        ("{\"version\":2}", "newer opine"),
        ("{}", "has no version"),
        ("{", "is no JSON"),
    ] {
        write_frame(
            &path,
            &frame,
            &[("opine.codebook".to_owned(), note.to_owned())],
        )
        .unwrap();
        let error = parquet::open(&path).err().unwrap().to_string();
        assert!(error.contains(part), "{error}");
    }
}

/// Runs, single rows, nulls, and more rows than a group has: every way of packing that a writer has.
#[test]
fn every_shape_of_column_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shapes.parquet");
    for rows in [0usize, 1, 7, 8, 9, 1000, 140_000] {
        for step in [1, 2, 7, 1500, usize::MAX] {
            let there = |row: usize| (row % step != step - 1).then_some(row);
            let text = |modulus: usize| {
                (0..rows)
                    .map(move |row| there(row).map(|row| format!("level {}", row / 3 % modulus)))
            };
            let number = |modulus: usize| {
                (0..rows).map(move |row| {
                    there(row).map_or(f64::NAN, |row| (row * row % modulus) as f64 / 4.0)
                })
            };
            let worded = [("one", 1), ("few", 5), ("many", 997), ("all", usize::MAX)];
            let numbers = [("quarters", 300), ("large", 1_000_003)];
            let columns: Vec<(String, WriteColumn)> = worded
                .iter()
                .map(|(name, modulus)| {
                    (
                        (*name).to_owned(),
                        WriteColumn::Texts(text(*modulus).collect()),
                    )
                })
                .chain(numbers.iter().map(|(name, modulus)| {
                    (
                        (*name).to_owned(),
                        WriteColumn::Numbers(number(*modulus).collect()),
                    )
                }))
                .collect();
            write_parquet(&path, &columns, &Codebook::default(), &[]).unwrap();
            let source = parquet::open(&path).unwrap();
            for (name, column) in &columns {
                let what = format!("{rows} rows, every {step}th null: {name}");
                match column {
                    WriteColumn::Texts(written) => {
                        let found = scan(source.as_ref(), &[(name, View::Codes)]).unwrap();
                        assert!(texts(&found[0]) == *written, "{what}");
                    }
                    WriteColumn::Numbers(written) => {
                        let found = scan(source.as_ref(), &[(name, View::Numbers)]).unwrap();
                        same_numbers(&found[0], written, &what);
                    }
                    WriteColumn::Codes(_) => {}
                }
            }
        }
    }
}

#[test]
fn types_of_frames_come_back() {
    let columns = vec![
        FrameColumn::new("truth", vec![Some(true), None, Some(false)]),
        FrameColumn::new("whole", vec![Some(i64::MIN + 1), None, Some(7)]),
        FrameColumn::new("number", vec![Some(-0.1), None, Some(1e300)]),
        FrameColumn::new("text", vec![Some(""), None, Some("é")]),
    ];
    let frame = Frame::new(3, columns).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("types.parquet");
    write_frame(&path, &frame, &[]).unwrap();
    let source = parquet::open(&path).unwrap();
    for (name, first, last) in [
        ("truth", "true", "false"),
        ("whole", "-9223372036854775807", "7"),
        ("number", "-0.1", &format!("{}", 1e300)),
        ("text", "", "é"),
    ] {
        let found = scan(source.as_ref(), &[(name, View::Codes)]).unwrap();
        let expected = [Some(first.to_owned()), None, Some(last.to_owned())];
        assert_eq!(texts(&found[0]), expected, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_column_comes_back(
        rows in proptest::collection::vec((proptest::option::of(0u8..=20), proptest::option::of(any::<f64>())), 1..400),
        worded in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("any.parquet");
        let level = |code: u8| match worded {
            true => text(&format!("level {code}")),
            false => Value::Number(f64::from(code) / 4.0),
        };
        let values: Vec<Value> = (0..=20).map(level).chain([Value::Null]).collect();
        let codes: Vec<u8> = rows.iter().map(|(code, _)| code.unwrap_or(21)).collect();
        let expected: Vec<Value> = codes.iter().map(|code| values[usize::from(*code)].clone()).collect();
        let numbers: Vec<f64> = rows.iter().map(|(_, n)| n.map_or(f64::NAN, |n| n + 0.0)).collect();
        let columns = [
            ("codes".to_owned(), WriteColumn::Codes(Coded { codes: Codes::Narrow(codes), values: values.into() })),
            ("numbers".to_owned(), WriteColumn::Numbers(numbers.clone())),
        ];
        write_parquet(&path, &columns, &Codebook::default(), &[]).unwrap();
        let source = parquet::open(&path).unwrap();
        let found = scan(source.as_ref(), &[("codes", View::Codes), ("numbers", View::Numbers)]).unwrap();
        if !expected.iter().all(|value| *value == Value::Null) {
            prop_assert_eq!(&found[0], &Whole::Values(expected));
        }
        same_numbers(&found[1], &numbers, "numbers");
    }
}

/// Questions with several answers come back with the variables that they are of.
#[test]
fn sets_of_variables_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sets.parquet");
    let set = |counted: Option<Value>, label: Option<&str>| MultipleResponse {
        name: "$news".to_owned(),
        label: label.map(str::to_owned),
        counted,
        variables: vec!["tv".to_owned(), "web".to_owned()],
    };
    for set in [
        set(Some(Value::Number(1.0)), Some("Where do you get the news?")),
        set(Some(Value::Text("yes".to_owned())), None),
        set(None, Some("Up to two")),
    ] {
        let codebook = Codebook {
            variables: ["tv", "web"]
                .map(|name| Variable::bare(name, Kind::Number))
                .to_vec(),
            sets: vec![set.clone()],
            ..Codebook::default()
        };
        let column = |name: &str| (name.to_owned(), WriteColumn::Numbers(vec![1.0, 0.0]));
        write_parquet(&path, &[column("tv"), column("web")], &codebook, &[]).unwrap();
        let read = open(&path, &Default::default()).unwrap();
        assert_eq!(read.codebook().sets, [set]);
        // of one variable alone it is none
        write_parquet(&path, &[column("tv")], &codebook, &[]).unwrap();
        let read = open(&path, &Default::default()).unwrap();
        assert!(read.codebook().sets.is_empty());
    }
}
