use opine::internals::survey::expr::OutputKind;
use opine::internals::survey::microdata::{ColumnRequest, View};

use super::respondents::{bound, refusal};

fn requests(written: &str, wanted: OutputKind) -> Vec<(String, View)> {
    let bound = bound(written, wanted).unwrap_or_else(|error| panic!("{error}"));
    let of = |request: &ColumnRequest| (request.name.clone(), request.view);
    bound.requests().iter().map(of).collect()
}

/// What is written, what it is wanted as, and the columns it asks for.
type Asking<'t> = (&'t str, OutputKind, &'t [(&'t str, View)]);

#[test]
fn each_column_once_in_each_view() {
    use View::{Codes, Numbers};
    let table: [Asking; 11] = [
        ("q1", OutputKind::Codes, &[("q1", Codes)]),
        ("q1", OutputKind::Numbers, &[("q1", Numbers)]),
        ("q1 == 1", OutputKind::Condition, &[("q1", Codes)]),
        ("age >= 65", OutputKind::Condition, &[("age", Numbers)]),
        ("age == 999", OutputKind::Condition, &[("age", Codes)]),
        (
            "income > 1000",
            OutputKind::Condition,
            &[("income", Numbers)],
        ),
        (
            "income == 'None'",
            OutputKind::Condition,
            &[("income", Codes)],
        ),
        (
            "q1 == 1 and q1 + age > 3 and q1 == 2 and age is null",
            OutputKind::Condition,
            &[("q1", Codes), ("q1", Numbers), ("age", Numbers)],
        ),
        (
            "region:cut(age, 18):region",
            OutputKind::Codes,
            &[("region", Codes), ("age", Numbers)],
        ),
        (
            "income == age",
            OutputKind::Condition,
            &[("income", Numbers), ("age", Numbers)],
        ),
        (
            "region == day",
            OutputKind::Condition,
            &[("region", Codes), ("day", Codes)],
        ),
    ];
    for (written, wanted, expected) in table {
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, v)| ((*n).to_owned(), *v))
            .collect();
        assert_eq!(requests(written, wanted), expected, "{written}");
    }
}

#[test]
fn what_cannot_be_bound() {
    use OutputKind::{Codes, Condition, Numbers};
    let table = [
        (
            "agee >= 65",
            Condition,
            "no variable agee; did you mean age?\n  agee >= 65\n  ^^^^",
        ),
        ("zzz", Codes, "no variable zzz\n  zzz\n  ^^^"),
        (
            "region == Yes",
            Condition,
            "no variable Yes; a text is written in quotes: 'Yes'\n  region == Yes\n            ^^^",
        ),
        (
            "age > incom",
            Condition,
            "no variable incom (did you mean income?); a text is written in quotes: 'incom'\n  age > incom\n        ^^^^^",
        ),
        (
            "region",
            Numbers,
            "region is text; did you mean prop(region)? If a mark such as NA stands for no answer, --na NA says so\n  region\n  ^^^^^^",
        ),
        (
            "`home region` + 1",
            Numbers,
            "`home region` is text, and a number is wanted here\n  `home region` + 1\n  ^^^^^^^^^^^^^",
        ),
        (
            "'North' + 1",
            Numbers,
            "'North' is a text, and a number is wanted here\n  'North' + 1\n  ^^^^^^^",
        ),
        (
            "cut(age, 18)",
            Numbers,
            "cut(age, 18) has levels and is no number; did you mean prop(cut(age, 18))?\n  cut(age, 18)\n  ^^^^^^^^^^^^",
        ),
        (
            "cat(age, 18)",
            Codes,
            "no function cat; there are cut, split\n  cat(age, 18)\n  ^^^",
        ),
        (
            "age > mean(age)",
            Condition,
            "mean is a statistic of many respondents; here stands what each respondent has\n  age > mean(age)\n        ^^^^^^^^^",
        ),
        ("3", Codes, "3 is a constant and has no levels\n  3\n  ^"),
        (
            "age",
            Condition,
            "age is no condition; a condition is age >= 65, q in ['a', 'b'], x is null, say\n  age\n  ^^^",
        ),
        (
            "'Yes' == 'Yes'",
            Condition,
            "two constants are compared; a name that is no plain word stands in backquotes\n  'Yes' == 'Yes'\n  ^^^^^^^^^^^^^^",
        ),
        (
            "'Yes' in ['Yes']",
            Condition,
            "two constants are compared; a name that is no plain word stands in backquotes\n  'Yes' in ['Yes']\n  ^^^^^^^^^^^^^^^^",
        ),
        (
            "age + 1 == 'old'",
            Condition,
            "age + 1 is a number, and 'old' writes none\n  age + 1 == 'old'\n             ^^^^^",
        ),
        (
            "age > 'old'",
            Condition,
            "age is a number, and 'old' writes none\n  age > 'old'\n        ^^^^^",
        ),
        (
            "q1 <= 'Somewhat worried'",
            Condition,
            "'Somewhat worried' is the label of a number; order is that of the numbers: q1 <= 2\n  q1 <= 'Somewhat worried'\n        ^^^^^^^^^^^^^^^^^^",
        ),
        (
            "age > true",
            Condition,
            "true and false have no order; compare with == or !=\n  age > true\n        ^^^^",
        ),
        (
            "day < 2023",
            Condition,
            "day is a date; dates are written as texts, the year first: '2023-06-01'\n  day < 2023\n        ^^^^",
        ),
        (
            "day == '1/6/2023'",
            Condition,
            "day is a date; dates are written as texts, the year first: '2023-06-01'\n  day == '1/6/2023'\n         ^^^^^^^^^^",
        ),
    ];
    for (written, wanted, expected) in table {
        assert_eq!(refusal(written, wanted), expected, "{written}");
    }
}

/// What the parser lets through, the rest can walk.
#[test]
fn the_deepest_expressions_run() {
    use super::respondents::run;
    let deep = [
        format!("{}age > 1", "-".repeat(190)),
        format!("{}age > 1", "not ".repeat(190)),
        format!("age{} > 1", " + age".repeat(190)),
        format!("{}age{} > 1", "age + (".repeat(98), ")".repeat(98)),
        format!(
            "{}age == 1{}",
            "(".repeat(90),
            " and q1 == 1) or age is null".repeat(90)
        ),
        format!("{}age:q1{} is null", "(".repeat(98), "):q1".repeat(98)),
        format!("{}age == 1{}", "1 == (".repeat(98), ")".repeat(98)),
        format!("{}age{} is null", "cut(".repeat(95), " > 1, 5)".repeat(95)),
    ];
    for written in deep {
        match bound(&written, OutputKind::Condition) {
            Ok(bound) => drop(run(&bound, true)),
            Err(error) => assert!(
                !error.to_string().starts_with("nested"),
                "{written}: {error}"
            ),
        }
    }
}

#[test]
fn threads_share_what_is_bound() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&bound("q1 == 1", OutputKind::Condition).unwrap());
}
