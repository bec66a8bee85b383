use opine::internals::survey::expr::{Comparison, Expr, Literal, Node, condition};

/// Texts and their canonical form.
fn canonical(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let expr = Expr::parse(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(expr.to_string(), *expected, "{text}");
    }
}

#[test]
fn numbers_texts_and_names() {
    canonical(&[
        ("1", "1"),
        ("1.50", "1.5"),
        (".5", "0.5"),
        ("1.", "1"),
        ("1e6", "1000000"),
        ("2.5E-3", "0.0025"),
        ("'it''s'", "\"it's\""),
        ("\"a \"\"b\"\" c\"", "'a \"b\" c'"),
        (r"'it\'s \\ \n'", "\"it's \\\\ \\n\""),
        (r#"'it\'s "so"'"#, "'it''s \"so\"'"),
        ("''", "''"),
        ("income.2023", "income.2023"),
        ("_weight", "_weight"),
        ("größe", "größe"),
        ("年龄", "年龄"),
        ("`age`", "age"),
        ("`home region`", "`home region`"),
        ("`a``b`", "`a``b`"),
        ("`in`", "`in`"),
        ("`2023`", "`2023`"),
        ("TRUE", "true"),
    ]);
}

#[test]
fn what_binds_tighter() {
    canonical(&[
        ("a+b*c", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-b-c", "a - b - c"),
        ("a-(b-c)", "a - (b - c)"),
        ("a/b*c", "a / b * c"),
        ("-a:b", "-a:b"),
        ("(-a):b", "(-a):b"),
        ("-a*b", "-a * b"),
        ("2 - -3", "2 - -3"),
        ("a:b:c", "a:b:c"),
        ("a:(b:c)", "a:(b:c)"),
        ("a + 1 = b", "a + 1 == b"),
        ("a<>b", "a != b"),
        (
            "NOT a == 1 AND b == 2 OR c == 3",
            "not a == 1 and b == 2 or c == 3",
        ),
        ("not (a == 1 and b == 2)", "not (a == 1 and b == 2)"),
        (
            "a == 1 and (b == 2 or c == 3)",
            "a == 1 and (b == 2 or c == 3)",
        ),
        (
            "(a == 1 and b == 2) and c == 3",
            "(a == 1 and b == 2) and c == 3",
        ),
        ("a in ('x', -1, true)", "a in ['x', -1, true]"),
        ("a NOT IN [1]", "a not in [1]"),
        (
            "a between 1 + 1 and 5 and b == 1",
            "a between 1 + 1 and 5 and b == 1",
        ),
        ("a not between 1 and 5", "not a between 1 and 5"),
        ("a is null", "a is null"),
        ("a Is Not Null", "a is not null"),
        ("cut(age, -1, 5):sex", "cut(age, -1, 5):sex"),
        ("( a )", "a"),
    ]);
}

#[test]
fn the_tree_says_where_it_stands() {
    let text = "x in ['é'] and (y >= 2)";
    let expr = condition(text).unwrap();
    let Node::And(parts) = &expr.node else {
        panic!("{expr:?}");
    };
    let places: Vec<&str> = parts.iter().map(|part| &text[part.span.clone()]).collect();
    assert_eq!(places, ["x in ['é']", "(y >= 2)"]);
    assert!(matches!(
        &parts[1].node,
        Node::Compare { operator: Comparison::GreaterOrEqual, right, .. }
            if right.literal() == Some(Literal::Number(2.0)) && right.span == (22..23)
    ));
}

#[test]
fn names_are_collected_once() {
    let expr = Expr::parse("a + b * a > cut(c, 1):b").unwrap();
    assert_eq!(expr.names(), ["a", "b", "c"]);
}

#[test]
fn lists_hold_calls() {
    let list = Expr::parse_list("region, cut(age, 18, 65), sex:region").unwrap();
    let written: Vec<String> = list.iter().map(Expr::to_string).collect();
    assert_eq!(written, ["region", "cut(age, 18, 65)", "sex:region"]);
    assert!(Expr::parse_list("a, b,").is_err());
    assert!(Expr::parse_list("").is_err());
}

#[test]
fn places_do_not_count_for_equality() {
    assert_eq!(
        Expr::parse("a+ b").unwrap(),
        Expr::parse("`a` + (b)").unwrap()
    );
    assert_ne!(Expr::parse("a + b").unwrap(), Expr::parse("b + a").unwrap());
}

#[test]
fn long_chains_are_no_nesting() {
    let many = vec!["q == 1"; 5000].join(" or ");
    assert!(condition(&many).is_ok());
}

#[test]
fn deep_nesting_is_refused_before_it_hurts() {
    let texts = [
        format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000)),
        "(".repeat(100_000),
        format!("{}a", "-".repeat(100_000)),
        format!("{}a == 1", "not ".repeat(100_000)),
        format!("a{}", " + a".repeat(100_000)),
        format!("a{}", " * a".repeat(100_000)),
        format!("{}a{}", "f(".repeat(100_000), ")".repeat(100_000)),
        format!("{}a{}", "(".repeat(150), "+a)".repeat(150)) + &"+a".repeat(1500),
        format!("a in [{}1]", "-".repeat(100_000)),
    ];
    for text in &texts {
        let error = Expr::parse(text).unwrap_err().to_string();
        assert!(
            error.starts_with("nested more than 200 deep")
                || error.starts_with("more than 1000 operators in a row"),
            "{:.200}",
            error
        );
    }
    let nested = format!("{}a{}", "(".repeat(190), ")".repeat(190));
    assert!(Expr::parse(&nested).is_ok());
    assert!(Expr::parse(&format!("a{}", " + a".repeat(190))).is_ok());
}
