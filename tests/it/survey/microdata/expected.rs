//! The files in `tests/files` against what another reader found in them.

use std::path::PathBuf;

use opine::internals::survey::microdata::{
    Codebook, Kind, Measure, OpenOptions, Source, Value, open,
};
use serde_json::Value as Json;

use crate::survey::microdata::table::{numbers, table};

pub fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "files", name]
        .iter()
        .collect()
}

pub fn source(name: &str) -> Box<dyn Source> {
    open(&file(name), &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A value of the expectations.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone()),
        other => panic!("{other} is no value"),
    }
}

/// Compares names, labels, measures, missing values and each single value, the numbers view too.
pub fn same_as_expected(name: &str) {
    let source = source(name);
    let text = std::fs::read_to_string(file(&format!("{name}.json"))).unwrap();
    let expected: Json = serde_json::from_str(&text).unwrap();
    let codebook = source.codebook();
    assert_eq!(
        codebook.title.as_deref(),
        expected["title"].as_str(),
        "{name}"
    );
    let names: Vec<&str> = expected["names"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(
        codebook
            .variables
            .iter()
            .map(|v| v.name.as_str())
            .collect::<Vec<_>>(),
        names,
        "{name}"
    );
    same_codebook(name, codebook, &expected);
    let read = table(source.as_ref()).unwrap();
    for variable in &codebook.variables {
        let column = &variable.name;
        let values: Vec<Value> = expected["values"][column]
            .as_array()
            .unwrap()
            .iter()
            .map(value)
            .collect();
        // a portable file does not say how many rows it has
        let rows = (!name.ends_with(".por")).then_some(values.len() as u64);
        assert_eq!(read.rows, rows);
        assert_eq!(read.columns[column], values, "{name} {column}");
        if variable.kind == Kind::Number {
            for (number, value) in numbers(source.as_ref(), column)
                .unwrap()
                .iter()
                .zip(&values)
            {
                match value {
                    Value::Number(expected) if !variable.missing.holds(value) => {
                        assert_eq!(number, expected, "{name} {column}");
                    }
                    _ => assert!(number.is_nan(), "{name} {column} {value:?}"),
                }
            }
        }
    }
}

fn same_codebook(name: &str, codebook: &Codebook, expected: &Json) {
    for variable in &codebook.variables {
        let column = &variable.name;
        let label = expected["labels"][column].as_str();
        assert_eq!(
            variable.label.as_deref().filter(|label| !label.is_empty()),
            label,
            "{name} {column}"
        );
        let measure = match expected["measures"][column].as_str() {
            Some("nominal") => Some(Measure::Nominal),
            Some("ordinal") => Some(Measure::Ordinal),
            Some("scale") => Some(Measure::Scale),
            _ => None,
        };
        assert_eq!(variable.measure, measure, "{name} {column}");
        let labels: Vec<(Value, String)> = match expected["value_labels"][column].as_array() {
            None => Vec::new(),
            Some(labels) => labels
                .iter()
                .map(|pair| (value(&pair[0]), pair[1].as_str().unwrap().to_owned()))
                .collect(),
        };
        let sorted = |mut labels: Vec<(Value, String)>| {
            labels.sort_by(|a, b| a.0.order(&b.0));
            labels
        };
        assert_eq!(
            sorted(variable.labels.clone()),
            sorted(labels),
            "{name} {column}"
        );
        same_missing(name, variable, &expected["missing"][column]);
    }
}

/// Missing values of an SPSS file: pairs of which both are the same where it is one value.
fn same_missing(
    name: &str,
    variable: &opine::internals::survey::microdata::Variable,
    expected: &Json,
) {
    let Some(pairs) = expected.as_array() else {
        return;
    };
    let (mut values, mut ranges) = (Vec::new(), Vec::new());
    for pair in pairs {
        match (value(&pair[0]), value(&pair[1])) {
            (low, high) if low == high => values.push(low),
            (Value::Number(low), Value::Number(high)) => ranges.push((low, high)),
            other => panic!("{other:?} is no range"),
        }
    }
    assert_eq!(variable.missing.values, values, "{name} {}", variable.name);
    assert_eq!(variable.missing.ranges, ranges, "{name} {}", variable.name);
}
