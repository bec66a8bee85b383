//! A small file: a codebook and the rows that all tests of evaluation share.

use std::sync::Arc;

use opine::internals::survey::expr::{Bound, Error, Expr, FALSE, Output, OutputKind, TRUE, bind};
use opine::internals::survey::microdata::{
    Batch, Codebook, Coded, Codes, Column, ColumnRequest, Kind, Measure, MissingValues, Value,
    Variable, View,
};

pub fn number(number: f64) -> Value {
    Value::Number(number)
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Labelled numbers: 1 to 3 are answers, 8 and 9 and from 90 on are none.
fn worry() -> Variable {
    let labels = [
        (1.0, "Very worried"),
        (2.0, "Somewhat worried"),
        (3.0, ""),
        (8.0, "Don't know"),
        (9.0, "Refused"),
    ];
    Variable {
        label: Some("How worried are you?".to_owned()),
        labels: labels.map(|(v, l)| (number(v), l.to_owned())).to_vec(),
        missing: MissingValues {
            values: vec![number(8.0), number(9.0)],
            ranges: vec![(90.0, 99.0)],
        },
        ..Variable::bare("q1", Kind::Number)
    }
}

fn age() -> Variable {
    Variable {
        missing: MissingValues {
            values: vec![number(999.0)],
            ranges: Vec::new(),
        },
        ..Variable::bare("age", Kind::Number)
    }
}

/// Measured, with a label for one number.
fn income() -> Variable {
    Variable {
        measure: Some(Measure::Scale),
        labels: vec![(number(0.0), "None".to_owned())],
        ..Variable::bare("income", Kind::Number)
    }
}

fn region() -> Variable {
    Variable {
        missing: MissingValues {
            values: vec![text("n/a")],
            ranges: Vec::new(),
        },
        ..Variable::bare("region", Kind::Text)
    }
}

pub fn codebook() -> Codebook {
    Codebook {
        variables: vec![
            worry(),
            age(),
            region(),
            Variable::bare("home region", Kind::Text),
            income(),
            Variable::bare("day", Kind::Date),
            Variable::bare("score", Kind::Text),
            Variable::bare("urban", Kind::Text),
        ],
        ..Codebook::default()
    }
}

/// What each respondent has, in the order of the codebook.
pub fn rows() -> Vec<[Value; 8]> {
    let row = |q1, age, region, home, income, day, score, urban| {
        let of = |value: &str| match value {
            "" => Value::Null,
            value => text(value),
        };
        let of_number = |value: f64| match value.is_nan() {
            true => Value::Null,
            false => number(value),
        };
        [
            of_number(q1),
            of_number(age),
            of(region),
            of(home),
            of_number(income),
            of(day),
            of(score),
            of(urban),
        ]
    };
    let none = f64::NAN;
    vec![
        row(1.0, 17.9, "North", "North", 1.0, "2023-05-31", "10", "True"),
        row(2.0, 18.0, "South", "North", 2.0, "2023-06-01", "9", "false"),
        row(3.0, 64.5, "n/a", "n/a", none, "2023-06-02", "x", "true"),
        row(8.0, 65.0, "", "South", 4.0, "", "", ""),
        row(9.0, 999.0, "East", "", 5.0, "2024-01-01", "9.0", "true"),
        row(95.0, none, "East", "East", 0.0, "2022-12-31", "11", "false"),
        row(
            none,
            30.0,
            "North",
            "East",
            -6.0,
            "2023-06-01",
            "10",
            "false",
        ),
    ]
}

/// The batch that a reader would make of the rows: the columns of the requests, after one that nobody asked for.
pub fn batch(requests: &[ColumnRequest], wide: bool) -> Batch {
    let codebook = codebook();
    let rows = rows();
    let column = |request: &ColumnRequest| {
        let at = codebook.position(&request.name).unwrap();
        let variable = &codebook.variables[at];
        let values: Vec<&Value> = rows.iter().map(|row| &row[at]).collect();
        match request.view {
            View::Codes => codes(&values, wide),
            View::Numbers => numbers(&values, variable),
        }
    };
    let mut columns = vec![Column::Numbers(vec![0.0; rows.len()])];
    columns.extend(requests.iter().map(column));
    Batch {
        first_row: 0,
        rows: rows.len(),
        columns,
    }
}

fn codes(values: &[&Value], wide: bool) -> Column {
    let mut dictionary = vec![text("in no row")];
    let mut codes = Vec::new();
    for value in values {
        let known = dictionary.iter().position(|known| known == *value);
        codes.push(known.unwrap_or_else(|| {
            dictionary.push((*value).clone());
            dictionary.len() - 1
        }) as u32);
    }
    let codes = match wide {
        true => Codes::Wide(codes),
        false => Codes::Narrow(codes.into_iter().map(|code| code as u8).collect()),
    };
    Column::Codes(Coded {
        codes,
        values: Arc::new(dictionary),
    })
}

fn numbers(values: &[&Value], variable: &Variable) -> Column {
    let number = |value: &&Value| match value {
        Value::Number(number) if !variable.missing.holds(value) => *number,
        // days, in order if not since 1970
        Value::Text(day) if variable.kind == Kind::Date => day.replace('-', "").parse().unwrap(),
        _ => f64::NAN,
    };
    Column::Numbers(values.iter().map(number).collect())
}

pub fn bound(written: &str, wanted: OutputKind) -> Result<Bound, Error> {
    let expr = Expr::parse(written)?;
    bind(&expr, &codebook(), wanted).map_err(|error| error.within(written))
}

/// What is said of an expression that cannot be bound.
pub fn refusal(written: &str, wanted: OutputKind) -> String {
    bound(written, wanted).unwrap_err().to_string()
}

pub fn run(bound: &Bound, wide: bool) -> Output<'static> {
    let batch = batch(bound.requests(), wide);
    let columns: Vec<usize> = (1..=bound.requests().len()).collect();
    match bound.run(&batch, &columns) {
        Output::Codes(coded) => Output::Codes(std::borrow::Cow::Owned(coded.into_owned())),
        Output::Numbers(numbers) => Output::Numbers(std::borrow::Cow::Owned(numbers.into_owned())),
        Output::Truth(truth) => Output::Truth(truth),
    }
}

/// The truth for each respondent: T, F or ? for unknown. The same from narrow and from wide codes.
pub fn truth(written: &str) -> String {
    let bound = bound(written, OutputKind::Condition).unwrap_or_else(|error| panic!("{error}"));
    let [narrow, wide] = [false, true].map(|wide| match run(&bound, wide) {
        Output::Truth(truth) => truth,
        other => panic!("{written} gives {other:?}"),
    });
    assert_eq!(narrow, wide, "{written}");
    let letter = |truth| match truth {
        FALSE => 'F',
        TRUE => 'T',
        _ => '?',
    };
    narrow.into_iter().map(letter).collect()
}

/// The level of each respondent, empty where missing.
pub fn levels(written: &str) -> Vec<String> {
    let bound = bound(written, OutputKind::Codes).unwrap_or_else(|error| panic!("{error}"));
    match run(&bound, false) {
        Output::Codes(coded) => (0..coded.codes.len())
            .map(|row| coded.values[coded.codes.get(row) as usize].text())
            .collect(),
        other => panic!("{written} gives {other:?}"),
    }
}

pub fn as_numbers(written: &str) -> Vec<f64> {
    let bound = bound(written, OutputKind::Numbers).unwrap_or_else(|error| panic!("{error}"));
    match run(&bound, false) {
        Output::Numbers(numbers) => numbers.into_owned(),
        other => panic!("{written} gives {other:?}"),
    }
}
