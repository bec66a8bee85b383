//! Columns in memory.

use std::sync::Arc;

use opine::internals::survey::microdata::{
    Codebook, Kind, Memory, MemoryColumn, OpenOptions, Source, Value, Variable, open,
};

use crate::survey::microdata::table::{numbers, table};

fn variables() -> Codebook {
    let mut answer = Variable::bare("answer", Kind::Number);
    answer.missing.values.push(Value::Number(99.0));
    answer.missing.ranges.push((-9.0, -1.0));
    let mut day = Variable::bare("day", Kind::Date);
    day.label = Some("Day of interview".to_owned());
    Codebook {
        variables: vec![answer, Variable::bare("party", Kind::Text), day],
        ..Codebook::default()
    }
}

fn memory() -> Memory {
    let values = vec![
        Value::Null,
        Value::Text("A".to_owned()),
        Value::Text("B".to_owned()),
    ];
    let columns = vec![
        MemoryColumn::Numbers(vec![1.0, 99.0, f64::NAN, -3.0]),
        MemoryColumn::Texts {
            codes: vec![1, 2, 0, 1],
            values: Arc::new(values),
        },
        MemoryColumn::Numbers(vec![0.0, 19_509.0, f64::NAN, 1.0]),
    ];
    Memory::new(variables(), columns).unwrap()
}

#[test]
fn both_views() {
    let memory = memory();
    let read = table(&memory).unwrap();
    let answer = [
        Value::Number(1.0),
        Value::Number(99.0),
        Value::Null,
        Value::Number(-3.0),
    ];
    assert_eq!(read.columns["answer"], answer);
    assert_eq!(read.columns["party"][2], Value::Null);
    assert_eq!(read.columns["day"][1], Value::Text("2023-06-01".to_owned()));
    let answers = numbers(&memory, "answer").unwrap();
    assert!(answers[0] == 1.0 && answers[1..].iter().all(|number| number.is_nan()));
    assert_eq!(numbers(&memory, "day").unwrap()[1], 19_509.0);
    assert!(numbers(&memory, "party").is_err());
}

/// A copy of a copy holds the same, missing kinds and dates too.
#[test]
fn copies() {
    let memory = memory();
    let copy = Memory::read(&memory, &[]).unwrap();
    assert_eq!(copy.codebook(), memory.codebook());
    assert_eq!(
        table(&copy).unwrap().columns,
        table(&memory).unwrap().columns
    );
    for name in ["answer", "day"] {
        let same = |a: &f64, b: &f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        let (a, b) = (
            numbers(&memory, name).unwrap(),
            numbers(&copy, name).unwrap(),
        );
        assert!(a.iter().zip(&b).all(|(a, b)| same(a, b)), "{name}");
    }
    let some = Memory::read(
        &memory,
        &["party".to_owned(), "answer".to_owned(), "party".to_owned()],
    )
    .unwrap();
    let names: Vec<&str> = some
        .codebook()
        .variables
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    assert_eq!(names, ["party", "answer"]);
}

#[test]
fn columns_that_do_not_fit() {
    assert!(Memory::new(variables(), vec![]).is_err());
    let columns = |last: Vec<u32>| {
        vec![
            MemoryColumn::Numbers(vec![1.0; 2]),
            MemoryColumn::Texts {
                codes: last,
                values: Arc::new(vec![Value::Null]),
            },
            MemoryColumn::Numbers(vec![1.0; 2]),
        ]
    };
    assert!(Memory::new(variables(), columns(vec![0])).is_err());
    assert!(Memory::new(variables(), columns(vec![0, 1])).is_err());
    assert!(Memory::new(variables(), columns(vec![0, 0])).is_ok());
}

/// In the order of the file over many blocks read at once.
#[test]
fn order_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    let mut content = String::from("row,word\n");
    for row in 0..600_000 {
        content.push_str(&format!("{row},word{}\n", row % 1013));
    }
    std::fs::write(&path, content).unwrap();
    let source = open(&path, &OpenOptions::default()).unwrap();
    let memory = Memory::read(source.as_ref(), &[]).unwrap();
    let read = table(&memory).unwrap();
    assert_eq!(read.rows, Some(600_000));
    for row in [0, 65_535, 65_536, 599_999] {
        assert_eq!(read.columns["row"][row], Value::Number(row as f64));
        assert_eq!(
            read.columns["word"][row],
            Value::Text(format!("word{}", row % 1013))
        );
    }
}
