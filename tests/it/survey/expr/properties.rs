use opine::internals::survey::expr::{
    Arithmetic, Comparison, Expr, Item, Node, Output, OutputKind, bind, condition,
};
use opine::internals::survey::microdata::{
    Batch, Codebook, ColumnRequest, Kind, Value, Variable, View,
};
use proptest::prelude::*;

use super::respondents::{codebook, run};

fn node(node: Node) -> Expr {
    Expr { node, span: 0..0 }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_][a-z0-9_.]{0,4}",
        Just("in".to_owned()),
        Just("NULL".to_owned()),
        "[^`]{1,5}",
        Just("a`b".to_owned()),
    ]
}

fn literal() -> impl Strategy<Value = Expr> {
    let number = prop_oneof![
        (0u32..1000).prop_map(f64::from),
        (0.0..1e6f64),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE)
    ];
    prop_oneof![
        number.clone().prop_map(|number| node(Node::Number(number))),
        number.prop_map(|number| node(Node::Neg(Box::new(node(Node::Number(number)))))),
        any::<String>().prop_map(|text| node(Node::Text(text))),
        any::<bool>().prop_map(|truth| node(Node::Truth(truth))),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ])
}

/// Any tree that the parser can make.
fn tree() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![name().prop_map(|name| node(Node::Name(name))), literal()];
    leaf.prop_recursive(6, 60, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let three = (boxed.clone(), boxed.clone(), boxed.clone());
        let arithmetic = prop::sample::select(vec![
            Arithmetic::Add,
            Arithmetic::Subtract,
            Arithmetic::Multiply,
            Arithmetic::Divide,
        ]);
        let held =
            (inner.clone(), comparison(), inner.clone()).prop_map(|(left, operator, right)| {
                match left.is_condition() {
                    true => left,
                    false => node(Node::Compare {
                        operator,
                        left: Box::new(left),
                        right: Box::new(right),
                    }),
                }
            });
        let held = held.boxed();
        let several = prop::collection::vec(held.clone(), 2..4);
        prop_oneof![
            boxed.clone().prop_map(|inner| node(Node::Neg(inner))),
            (boxed.clone(), arithmetic, boxed.clone()).prop_map(|(left, operator, right)| {
                node(Node::Binary {
                    operator,
                    left,
                    right,
                })
            }),
            (boxed.clone(), comparison(), boxed.clone()).prop_map(|(left, operator, right)| {
                node(Node::Compare {
                    operator,
                    left,
                    right,
                })
            }),
            several.clone().prop_map(|parts| node(Node::And(parts))),
            several.prop_map(|parts| node(Node::Or(parts))),
            held.clone()
                .prop_map(|inner| node(Node::Not(Box::new(inner)))),
            (name(), "[a-z0-9]{1,3}", any::<bool>()).prop_map(|(name, answer, negated)| {
                node(Node::Contains {
                    value: Box::new(node(Node::Name(name))),
                    answer,
                    negated,
                    separator: None,
                })
            }),
            (
                boxed.clone(),
                prop::collection::vec(literal(), 1..4),
                any::<bool>()
            )
                .prop_map(|(value, list, negated)| node(Node::In {
                    value,
                    list,
                    negated
                })),
            three.prop_map(|(value, low, high)| node(Node::Between { value, low, high })),
            (boxed, any::<bool>())
                .prop_map(|(value, negated)| node(Node::IsNull { value, negated })),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| node(Node::Cross(parts))),
            (
                "[a-z]{1,3}_",
                prop::collection::vec(inner, 0..3),
                prop::option::of(held.prop_map(Box::new))
            )
                .prop_map(|(function, arguments, filter)| node(Node::Call {
                    function,
                    arguments,
                    filter
                })),
        ]
    })
}

/// Words of the grammar and of the file, in any order.
fn soup() -> impl Strategy<Value = String> {
    let words = vec![
        "q1",
        "age",
        "region",
        "day",
        "income",
        "`home region`",
        "'North'",
        "'Refused'",
        "1",
        "2.5",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "+",
        "-",
        "*",
        "/",
        "==",
        "!=",
        "<",
        ">=",
        "and",
        "or",
        "not",
        "in",
        "between",
        "is",
        "null",
        "true",
        "cut(",
        "mean(",
        "prop(",
        "quantile(",
        "count()",
        "ratio(",
    ];
    prop::collection::vec(prop::sample::select(words), 1..14).prop_map(|words| words.join(" "))
}

/// Nothing that is typed may panic, and every place lies in the text.
fn survives(text: &str) {
    let shown = |error: opine::internals::survey::expr::Error| {
        assert!(
            text.get(error.span.clone()).is_some(),
            "{text:?}: {error:?}"
        );
        error.to_string()
    };
    if let Ok(expr) = Expr::parse(text) {
        for wanted in [
            OutputKind::Codes,
            OutputKind::Numbers,
            OutputKind::Condition,
        ] {
            match bind(&expr, &codebook(), wanted) {
                Ok(bound) => {
                    run(&bound, true);
                }
                Err(error) => {
                    shown(error.within(text));
                }
            }
        }
    }
    condition(text).map_err(shown).ok();
    if let Err(error) = Item::parse(text) {
        assert!(
            text.trim().get(error.span.clone()).is_some(),
            "{text:?}: {error:?}"
        );
        error.to_string();
    }
    Expr::parse_list(text).map_err(shown).ok();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_displayed_parses_to_the_same(tree in tree()) {
        let written = tree.to_string();
        let again = Expr::parse(&written).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&again, &tree, "{}", written);
        prop_assert_eq!(again.to_string(), written);
    }

    /// Asked of the distinct values or of the numbers: the same truth.
    #[test]
    fn codes_and_numbers_agree(
        numbers in prop::collection::vec(prop_oneof![(-3i32..4).prop_map(f64::from), Just(f64::NAN)], 1..50),
        operator in comparison(),
        literals in prop::collection::vec(-3i32..4, 1..4),
    ) {
        let list = literals.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        let [first, last] = [literals[0], literals[literals.len() - 1]];
        let conditions = [
            format!("x {operator} {first}"),
            format!("{first} {operator} x"),
            format!("x in [{list}]"),
            format!("x not in [{list}]"),
            format!("x between {first} and {last}"),
            format!("not x between {first} and {last} or x is null and not x {operator} {first}"),
            "x is not null".to_owned(),
        ];
        let plain = Variable::bare("x", Kind::Number);
        let labelled = Variable { labels: vec![(Value::Number(70.0), "label".to_owned())], ..plain.clone() };
        for condition in conditions {
            let by_numbers = over(&condition, &plain, &numbers, View::Numbers);
            let by_codes = over(&condition, &labelled, &numbers, View::Codes);
            prop_assert_eq!(by_numbers, by_codes, "{}", condition);
        }
    }
}

/// The truth of a condition on one variable, which must be wanted in that view.
fn over(written: &str, variable: &Variable, numbers: &[f64], view: View) -> Vec<u8> {
    use opine::internals::survey::microdata::{Coded, Codes, Column};
    let codebook = Codebook {
        variables: vec![variable.clone()],
        ..Codebook::default()
    };
    let bound = bind(
        &condition(written).unwrap(),
        &codebook,
        OutputKind::Condition,
    )
    .unwrap();
    let name = "x".to_owned();
    assert_eq!(bound.requests(), [ColumnRequest { name, view }]);
    let values: Vec<Value> = (-3..4)
        .map(|n| Value::Number(f64::from(n)))
        .chain([Value::Null])
        .collect();
    let code = |number: &f64| {
        if number.is_nan() {
            7
        } else {
            (number + 3.0) as u8
        }
    };
    let column = match view {
        View::Numbers => Column::Numbers(numbers.to_vec()),
        View::Codes => Column::Codes(Coded {
            codes: Codes::Narrow(numbers.iter().map(code).collect()),
            values: std::sync::Arc::new(values),
        }),
    };
    let batch = Batch {
        first_row: 0,
        rows: numbers.len(),
        columns: vec![column],
    };
    match bound.run(&batch, &[0]) {
        Output::Truth(truth) => truth,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn no_signs_panic(text in "[a-c0-9 `'\"\\\\.=<>!()\\[\\],:+*/&é年-]{0,24}") {
        survives(&text);
    }

    #[test]
    fn no_words_panic(text in soup()) {
        survives(&text);
    }
}
