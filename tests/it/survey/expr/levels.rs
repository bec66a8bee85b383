use std::borrow::Cow;

use opine::internals::survey::expr::{Expr, Output, OutputKind, bind};
use opine::internals::survey::microdata::{Batch, Codebook, Codes, Column, Kind, Value, Variable};

use super::respondents::{as_numbers, batch, bound, levels, refusal, text};

#[test]
fn bands_are_right_open() {
    assert_eq!(
        levels("cut(age, 18, 65)"),
        [
            "under 18",
            "18 to under 65",
            "18 to under 65",
            "65 and over",
            "",
            "",
            "18 to under 65"
        ]
    );
    assert_eq!(
        levels("cut(income / 2, -0.5, 0.5, 1.5)"),
        [
            "0.5 to under 1.5",
            "0.5 to under 1.5",
            "",
            "1.5 and over",
            "1.5 and over",
            "-0.5 to under 0.5",
            "under -0.5"
        ]
    );
    assert_eq!(
        levels("cut(age, 18)"),
        [
            "under 18",
            "18 and over",
            "18 and over",
            "18 and over",
            "",
            "",
            "18 and over"
        ]
    );
}

#[test]
fn bands_keep_their_order() {
    let cut = bound("cut(age, 5, 18, 100)", OutputKind::Codes).unwrap();
    let bands = [
        "under 5",
        "5 to under 18",
        "18 to under 100",
        "100 and over",
    ];
    assert_eq!(cut.level_order(), Some(bands.map(text).to_vec()));
    let Output::Codes(coded) = super::respondents::run(&cut, false) else {
        panic!("no codes");
    };
    assert_eq!(coded.values[..4], bands.map(text));
    assert_eq!(coded.values[4], Value::Null);
}

#[test]
fn bands_in_conditions() {
    use super::respondents::truth;
    assert_eq!(truth("cut(age, 18, 65) == 'under 18'"), "TFFF??F");
    assert_eq!(
        truth("cut(age, 18, 65) in ['under 18', '65 and over']"),
        "TFFT??F"
    );
    assert_eq!(
        refusal("cut(age, 18, 65) == 'under 19'", OutputKind::Condition),
        "there is no band 'under 19'; did you mean 'under 18'?\n  cut(age, 18, 65) == 'under 19'\n                      ^^^^^^^^^^"
    );
    assert_eq!(
        refusal("cut(age, 18) > 'under 18'", OutputKind::Condition),
        "the levels of cut(age, 18) have no order here; compare them with == or in\n  cut(age, 18) > 'under 18'\n                 ^^^^^^^^^^"
    );
}

#[test]
fn crossings_name_both_levels() {
    assert_eq!(
        levels("region:q1"),
        [
            "North:Very worried",
            "South:Somewhat worried",
            "",
            "",
            "",
            "",
            ""
        ]
    );
    assert_eq!(
        levels("q1:`home region`:cut(age, 18)"),
        [
            "Very worried:North:under 18",
            "Somewhat worried:North:18 and over",
            "3:n/a:18 and over",
            "",
            "",
            "",
            ""
        ]
    );
    assert_eq!(
        levels("(age >= 65):urban"),
        [
            "false:True",
            "false:false",
            "false:true",
            "",
            "",
            "",
            "false:false"
        ]
    );
    let crossed = bound("region:urban", OutputKind::Codes).unwrap();
    assert_eq!(crossed.level_order(), None);
    assert!(crossed.variable().is_none());
}

#[test]
fn conditions_as_levels() {
    assert_eq!(
        levels("age >= 65"),
        ["false", "false", "false", "true", "", "", "false"]
    );
    let bound = bound("age >= 65", OutputKind::Codes).unwrap();
    assert_eq!(bound.level_order(), Some(vec![text("false"), text("true")]));
}

#[test]
fn numbers_as_levels() {
    assert_eq!(levels("income * 0 + 1"), ["1", "1", "", "1", "1", "1", "1"]);
    assert_eq!(levels("-(income)"), ["-1", "-2", "", "-4", "-5", "0", "6"]);
}

#[test]
fn a_variable_is_passed_through() {
    let bound = bound("q1", OutputKind::Codes).unwrap();
    assert_eq!(bound.variable().unwrap().name, "q1");
    assert_eq!(bound.level_order(), None);
    let batch = batch(bound.requests(), false);
    let Output::Codes(Cow::Borrowed(coded)) = bound.run(&batch, &[1]) else {
        panic!("copied");
    };
    assert!(matches!(coded.codes, Codes::Narrow(_)));
}

#[test]
fn conditions_as_numbers() {
    let close = |written: &str, expected: [f64; 7]| {
        let found = as_numbers(written);
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        assert!(
            found.iter().zip(&expected).all(same),
            "{written}: {found:?}"
        );
    };
    let none = f64::NAN;
    close(
        "q1 == 'Very worried'",
        [1.0, 0.0, 0.0, none, none, none, none],
    );
    close("age + income", [18.9, 20.0, none, 69.0, none, none, 24.0]);
    close("2 * (q1 - 1) / 4", [0.0, 0.5, 1.0, none, none, none, none]);
    close("5 - true", [4.0; 7]);
}

/// Wide dictionaries, and more pairs than are kept in a table.
#[test]
fn many_levels() {
    let rows = 3000;
    let codebook = Codebook {
        variables: ["a", "b"]
            .map(|name| Variable::bare(name, Kind::Text))
            .to_vec(),
        ..Codebook::default()
    };
    let column = |step: usize| {
        let values = (0..rows).map(|at| Value::Text(format!("v{at}"))).collect();
        let codes = (0..rows).map(|row| (row * step % rows) as u32).collect();
        Column::Codes(opine::internals::survey::microdata::Coded {
            codes: Codes::Wide(codes),
            values: std::sync::Arc::new(values),
        })
    };
    let batch = Batch {
        first_row: 0,
        rows,
        columns: vec![column(1), column(7)],
    };
    let run = |written: &str, wanted| {
        let expr = Expr::parse(written).unwrap();
        let bound = bind(&expr, &codebook, wanted).unwrap();
        let at = |name: &str| usize::from(name == "b");
        let columns: Vec<usize> = bound.requests().iter().map(|r| at(&r.name)).collect();
        match bound.run(&batch, &columns) {
            Output::Codes(coded) => Output::Codes(Cow::Owned(coded.into_owned())),
            Output::Truth(truth) => Output::Truth(truth),
            Output::Numbers(_) => panic!("numbers"),
        }
    };
    let Output::Codes(crossed) = run("b:a", OutputKind::Codes) else {
        panic!("no codes");
    };
    assert_eq!(crossed.values.len(), rows);
    assert_eq!(
        crossed.values[crossed.codes.get(2) as usize],
        text("v14:v2")
    );
    let Output::Truth(truth) = run("a == b", OutputKind::Condition) else {
        panic!("no truth");
    };
    let same = (0..rows).map(|row| u8::from(row * 7 % rows == row));
    assert_eq!(truth, same.collect::<Vec<u8>>());
}
