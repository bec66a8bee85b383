use opine::internals::survey::expr::{Expr, Item, Verb};

fn expr(text: &str) -> Expr {
    Expr::parse(text).unwrap()
}

#[test]
fn plain_items() {
    let table = [
        ("mean(x)", Verb::Mean(expr("x"))),
        ("mean(a + b)", Verb::Mean(expr("a + b"))),
        ("prop(q1)", Verb::Prop(expr("q1"))),
        ("prop(q1 in ['a'])", Verb::Prop(expr("q1 in ['a']"))),
        ("prop(a:b)", Verb::Prop(expr("a:b"))),
        (
            "prop(cut(age, 18, 30))",
            Verb::Prop(expr("cut(age, 18, 30)")),
        ),
        ("total(y)", Verb::Total(expr("y"))),
        ("count()", Verb::Count(None)),
        ("count(age >= 65)", Verb::Count(Some(expr("age >= 65")))),
        ("ratio(y, x)", Verb::Ratio(expr("y"), expr("x"))),
        (
            "quantile(y, 0.25, .5)",
            Verb::Quantile(expr("y"), vec![0.25, 0.5]),
        ),
        ("median(y)", Verb::Quantile(expr("y"), vec![0.5])),
        ("var(y)", Verb::Var(expr("y"))),
        ("sd(y)", Verb::Sd(expr("y"))),
    ];
    for (text, verb) in table {
        let item = Item::parse(&format!("  {text} ")).unwrap();
        assert!(item.is_plain(), "{text}");
        assert_eq!(item.text, text);
        assert_eq!(item.terms[0].statistic, verb);
        assert_eq!(item.terms[0].span, 0..text.len());
        let again = Item::parse(&verb.to_string()).unwrap();
        assert_eq!(again.terms[0].statistic, verb);
    }
}

#[test]
fn linear_combinations() {
    let item = Item::parse("2*mean(a) + total(b)/1000 - 3").unwrap();
    assert!(!item.is_plain());
    assert_eq!(item.constant, -3.0);
    let coefficients: Vec<f64> = item.terms.iter().map(|term| term.coefficient).collect();
    assert_eq!(coefficients, [2.0, 0.001]);
    assert_eq!(&item.text[item.terms[1].span.clone()], "total(b)");

    let table: [(&str, &[f64], f64); 7] = [
        ("mean(a) - mean(b)", &[1.0, -1.0], 0.0),
        ("-(mean(a) - 2 * (mean(b) + 1))", &[-1.0, 2.0], 2.0),
        ("mean(a) / 2 / 5", &[0.1], 0.0),
        ("(1 + 2) * mean(a) * 2", &[6.0], 0.0),
        ("100 * prop(q == 'a')", &[100.0], 0.0),
        ("1 - prop(q == 'a')", &[-1.0], 1.0),
        ("median(a) - quantile(a, 0.9)", &[1.0, -1.0], 0.0),
    ];
    for (text, expected, constant) in table {
        let item = Item::parse(text).unwrap();
        let coefficients: Vec<f64> = item.terms.iter().map(|term| term.coefficient).collect();
        assert_eq!(coefficients, expected, "{text}");
        assert_eq!(item.constant, constant, "{text}");
        assert!(!item.is_plain(), "{text}");
    }
}

#[test]
fn what_is_no_item() {
    let table = [
        (
            "income",
            "income is a variable and no statistic; did you mean mean(income) or prop(income)?\n  income\n  ^^^^^^",
        ),
        (
            "age > 65",
            "age > 65 is a condition and no statistic; did you mean prop(age > 65) or count(age > 65)?\n  age > 65\n  ^^^^^^^^",
        ),
        (
            "a:b",
            "a:b makes levels and is no statistic; did you mean prop(a:b)?\n  a:b\n  ^^^",
        ),
        (
            "cut(age, 18)",
            "cut(age, 18) makes levels and is no statistic; did you mean prop(cut(age, 18))?\n  cut(age, 18)\n  ^^^^^^^^^^^^",
        ),
        (
            "mean(a) > mean(b)",
            "statistics are not compared in an item; take their difference: mean(a) - mean(b)\n  mean(a) > mean(b)\n  ^^^^^^^^^^^^^^^^^",
        ),
        (
            "mean(a) * mean(b)",
            "statistics are added and subtracted, not multiplied\n  mean(a) * mean(b)\n  ^^^^^^^^^^^^^^^^^",
        ),
        (
            "total(a) / total(b)",
            "statistics are not divided by statistics; use ratio(y, x)\n  total(a) / total(b)\n  ^^^^^^^^^^^^^^^^^^^",
        ),
        (
            "mean(a) / 0",
            "division by zero\n  mean(a) / 0\n  ^^^^^^^^^^^",
        ),
        (
            "3 + 4",
            "no statistic is asked for; an item is mean(x), prop(q1), total(y), count(), say\n  3 + 4\n  ^^^^^",
        ),
        (
            "1e308 * 10 * mean(a)",
            "the numbers here come to more than can be represented\n  1e308 * 10 * mean(a)\n  ^^^^^^^^^^",
        ),
        (
            "2 * quantile(a, 0.1, 0.9)",
            "several quantiles are no single number; one probability in a combination\n  2 * quantile(a, 0.1, 0.9)\n      ^^^^^^^^^^^^^^^^^^^^^",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(
            Item::parse(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn functions_and_their_arguments() {
    let table = [
        (
            "meen(x)",
            "no function meen; did you mean mean?\n  meen(x)\n  ^^^^",
        ),
        (
            "foo(x)",
            "no function foo; there are mean, prop, total, count, ratio, quantile, median, var, sd, cor, alpha\n  foo(x)\n  ^^^",
        ),
        (
            "mean(kut(x, 1))",
            "no function kut; there are cut, split\n  mean(kut(x, 1))\n       ^^^",
        ),
        (
            "mean(a, b)",
            "mean takes one argument: mean(x)\n  mean(a, b)\n  ^^^^^^^^^^",
        ),
        (
            "ratio(y)",
            "ratio takes two arguments: ratio(y, x)\n  ratio(y)\n  ^^^^^^^^",
        ),
        (
            "quantile(y)",
            "quantile takes numbers and probabilities: quantile(y, 0.25, 0.5)\n  quantile(y)\n  ^^^^^^^^^^^",
        ),
        (
            "quantile(y, 25)",
            "a probability is a number strictly between 0 and 1, not 25: the first quartile is 0.25\n  quantile(y, 25)\n              ^^",
        ),
        (
            "quantile(y, p)",
            "a probability is a number strictly between 0 and 1, not p: the first quartile is 0.25\n  quantile(y, p)\n              ^",
        ),
        (
            "mean(x - mean(x))",
            "mean within mean: a statistic is of variables, not of statistics\n  mean(x - mean(x))\n           ^^^^^^^",
        ),
        (
            "count(x)",
            "count takes a condition, and x is none; count(x is not null), say\n  count(x)\n        ^",
        ),
        (
            "prop(cut(age))",
            "cut takes numbers and breaks: cut(age, 18, 30, 45, 60)\n  prop(cut(age))\n       ^^^^^^^^",
        ),
        (
            "prop(cut(age, 30, 18))",
            "breaks rise from one to the next\n  prop(cut(age, 30, 18))\n                    ^^",
        ),
        (
            "prop(cut(age, x))",
            "a break is a number, and x is none\n  prop(cut(age, x))\n                ^",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(
            Item::parse(text).unwrap_err().to_string(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn an_item_may_have_a_name() {
    let item = Item::parse("Rather worried = prop(q1 in ['a', 'b'])").unwrap();
    assert_eq!(item.name.as_deref(), Some("Rather worried"));
    assert!(item.is_plain());
    let span = item.terms[0].span.clone();
    assert_eq!(&item.text[span], "prop(q1 in ['a', 'b'])");
    assert_eq!(Item::parse("prop(q1 == 'a')").unwrap().name, None);
    assert_eq!(Item::parse("count(age = 5)").unwrap().name, None);
    let error = Item::parse("Älter = meen(age)").unwrap_err().to_string();
    assert!(
        error.ends_with("\n  Älter = meen(age)\n          ^^^^"),
        "{error}"
    );
}
