//! What is said of the mistakes that are made most.

use opine::internals::survey::expr::{Expr, condition};

fn said(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let error = condition(text).expect_err(text).to_string();
        assert_eq!(error, *expected, "{text}");
    }
}

#[test]
fn signs() {
    said(&[
        (
            "a == 1 && b == 2",
            "&& is written and\n  a == 1 && b == 2\n         ^^",
        ),
        ("!a", "! is written not\n  !a\n  ^"),
        ("a ≥ 5", "≥ is written >=\n  a ≥ 5\n    ^"),
        (
            "a == “Yes”",
            "“ is no quotation mark here; a text stands in straight quotes: 'Yes'\n  a == “Yes”\n       ^",
        ),
        (
            "a == 'Yes",
            "the text has no closing quote; a quote inside a text is doubled\n  a == 'Yes\n       ^^^^",
        ),
        (
            "`a == 1",
            "the name has no closing backquote\n  `a == 1\n  ^^^^^^^",
        ),
        ("a == 1 %", "% has no meaning here\n  a == 1 %\n         ^"),
        (
            "2nd == 1",
            "a name that starts with a digit stands in backquotes: `2nd`\n  2nd == 1\n  ^^^",
        ),
        (
            "a == 1e999",
            "1e999 is too large a number\n  a == 1e999\n       ^^^^^",
        ),
        (
            r"a == 'C:\data'",
            "\\d has no meaning in a text; a backslash is written \\\\\n  a == 'C:\\data'\n          ^^",
        ),
        (
            "`` == 1",
            "a name in backquotes has at least one character\n  `` == 1\n  ^^",
        ),
    ]);
}

#[test]
fn habits_of_other_languages() {
    said(&[
        (
            "q in [Yes, No]",
            "a list holds texts and numbers, and Yes is neither; a text is written in quotes: 'Yes'\n  q in [Yes, No]\n        ^^^",
        ),
        (
            "q == 'a' or 'b'",
            "or joins conditions, and 'b' is none; several values are written q in ['a', 'b']\n  q == 'a' or 'b'\n              ^^^",
        ),
        (
            "female and age > 3",
            "and joins conditions, and female is none; write female == 1, say\n  female and age > 3\n  ^^^^^^",
        ),
        (
            "1 < x < 5",
            "comparisons do not chain; write x between 1 and 5, or 1 < x and x < 5\n  1 < x < 5\n  ^^^^^^^",
        ),
        (
            "x == null",
            "nothing equals null; write is null or is not null\n  x == null\n       ^^^^",
        ),
        (
            "x is 'Yes'",
            "after is stands null or not null; values are compared with == and !=\n  x is 'Yes'\n    ^^^^^^^^",
        ),
        (
            "x like 'Y'",
            "like does not go on from what stands before it; an operator is missing, or quotes around a text, or backquotes around a name\n  x like 'Y'\n    ^^^^",
        ),
        (
            "q == Very worried",
            "worried does not go on from what stands before it; an operator is missing, or quotes around a text, or backquotes around a name\n  q == Very worried\n            ^^^^^^^",
        ),
        (
            "a == not b",
            "not stands in parentheses here: (not …)\n  a == not b\n       ^^^",
        ),
    ]);
}

#[test]
fn what_is_missing() {
    said(&[
        (
            " ",
            "nothing is written here; an item is mean(x), say, and a condition age >= 65\n   \n  ^",
        ),
        (
            "age >=",
            "a name, a number or a text should stand here\n  age >=\n        ^",
        ),
        (
            "age >= )",
            "a name, a number or a text should stand here, not )\n  age >= )\n         ^",
        ),
        ("(a == 1", "( is not closed\n  (a == 1\n  ^"),
        ("a in [1, 2", "[ is not closed\n  a in [1, 2\n       ^"),
        ("a == 1)", ") closes nothing\n  a == 1)\n        ^"),
        (
            "a in 1",
            "a list as in ['Yes', 'No'] or [1, 2] should stand here, not 1\n  a in 1\n       ^",
        ),
        (
            "a in []",
            "an empty list holds no value\n  a in []\n       ^^",
        ),
        (
            "a between 1 or 5",
            "`and` and the upper end of `between` should stand here, not or\n  a between 1 or 5\n              ^^",
        ),
        (
            "a in [1 2]",
            "`,` or `]` should stand here, not 2\n  a in [1 2]\n          ^",
        ),
        (
            "a == 1, b == 2",
            "a comma stands between arguments and in lists alone\n  a == 1, b == 2\n        ^",
        ),
        (
            "age + 1",
            "age + 1 is no condition; a condition is age >= 65, q in ['a', 'b'], x is null, say\n  age + 1\n  ^^^^^^^",
        ),
    ]);
}

#[test]
fn the_place_is_shown_on_its_line_and_under_wide_letters() {
    let error = Expr::parse("年龄 == 1 and\n\tb == ?\nor c").unwrap_err();
    assert_eq!(
        error.to_string(),
        "? has no meaning here\n   b == ?\n        ^"
    );
    let error = Expr::parse("年龄 ?").unwrap_err();
    assert_eq!(
        error.to_string(),
        "? has no meaning here\n  年龄 ?\n       ^"
    );
}

#[test]
fn of_a_long_line_only_what_surrounds_the_place() {
    let long = format!("{}? {}", "x == 1 or ".repeat(100), "y".repeat(200));
    let error = Expr::parse(&long).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    let before = "x == 1 or ".repeat(6);
    let after = "y".repeat(98);
    assert_eq!(lines[1], format!("  …{before}? {after}…"));
    assert_eq!(lines[2], format!("   {}^", " ".repeat(60)));
}
