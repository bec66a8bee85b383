//! What must hold of models whatever the data.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use crate::survey::testing::{data, opine, rows};

/// g, q, x, y and a weight.
type Person = (u8, u8, u8, u8, f64);

fn write(path: &Path, people: &[Person], scale: f64, backwards: bool) {
    let mut lines: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(at, (g, q, x, y, w))| {
            let (stratum, psu) = (at % 3, at % 15);
            format!("s{stratum},p{psu},{},g{g},q{q},{x},{y}", w * scale)
        })
        .collect();
    if backwards {
        lines.reverse();
    }
    std::fs::write(
        path,
        format!("stratum,psu,w,g,q,x,y\n{}\n", lines.join("\n")),
    )
    .unwrap();
}

fn near(one: &Value, other: &Value, tolerance: f64) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= tolerance * one.abs().max(1e-3),
        _ => one == other,
    }
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(
        (0_u8..3, 0_u8..2, 0_u8..20, 0_u8..30, 0.2_f64..5.0),
        150..220,
    )
}

const CLUSTERED: [&str; 4] = ["--strata", "stratum", "--psu", "psu"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn scale_and_order_change_nothing(people in people(), power in -30_i32..30, clustered in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let name = path.display().to_string();
        let design = if clustered { &CLUSTERED[..] } else { &CLUSTERED[..2] };
        for formula in ["y ~ g * q + x", "q == 'q1' ~ g + x", "y ~ x + x^2 + x^3"] {
            for more in [&[][..], &["--margins", "x"], &["--terms", "lrt"]] {
                let fitted = || rows(&[&["fit", &name, formula, "--weights", "w"], design, more].concat()).unwrap();
                write(&path, &people, 1.0, false);
                let first = fitted();
                write(&path, &people, 1.0, true);
                prop_assert_eq!(&first, &fitted());
                write(&path, &people, f64::from(power).exp2(), false);
                for (one, other) in first.iter().zip(fitted()) {
                    for key in ["estimate", "se", "statistic", "p_value", "ci_low"] {
                        prop_assert!(near(&one[key], &other[key], 1e-10), "{} {} {} {}", formula, key, one, other);
                    }
                }
            }
        }
    }

    /// A model of one factor without a constant gives the means of its groups, with the errors of `estimate --by`.
    #[test]
    fn one_factor_gives_the_estimates_of_its_groups(people in people(), clustered in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write(&path, &people, 1.0, false);
        let name = path.display().to_string();
        let design = if clustered { &CLUSTERED[..] } else { &CLUSTERED[..2] };
        let model = rows(&[&["fit", &name, "y ~ 0 + g", "--weights", "w"], design].concat()).unwrap();
        let means = rows(&[&["estimate", &name, "mean(y)", "--by", "g", "--weights", "w"], design].concat()).unwrap();
        prop_assert_eq!(model.len(), means.len());
        for (one, other) in model.iter().zip(&means) {
            prop_assert_eq!(&one["variable_level"], &other["g"]);
            prop_assert!(near(&one["estimate"], &other["estimate"], 1e-12));
            prop_assert!(near(&one["se"], &other["se"], 1e-10));
            prop_assert_eq!(&one["n"], &other["n"]);
        }
    }

    /// Sums give what respondents give: shares by groups are all that a model of these groups needs.
    #[test]
    fn sums_give_what_respondents_give(people in people(), kind in 0..3_usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write(&path, &people, 1.0, false);
        let (name, sums) = (path.display().to_string(), folder.path().join("a.sums").display().to_string());
        let design = [&CLUSTERED[..], &CLUSTERED[..2], &[]][kind];
        let made = opine(&[&["sums", &name, "prop(q)", "--by", "g,x", "-o", &sums, "--weights", "w"], design].concat());
        prop_assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        for (formula, more) in [
            ("q == 'q1' ~ g + x", &[][..]),
            ("q == 'q1' ~ g * x", &["--margins", "g"]),
            ("q == 'q1' ~ g", &["--where", "x > 3"]),
            ("q ~ g + x", &["--family", "multinomial"]),
        ] {
            let of_sums = rows(&[&["fit", &sums, formula], more].concat()).unwrap();
            let of_rows = rows(&[&["fit", &name, formula, "--weights", "w"], design, more].concat()).unwrap();
            prop_assert_eq!(of_sums.len(), of_rows.len());
            for (one, other) in of_sums.iter().zip(&of_rows) {
                for key in ["estimate", "se", "df", "p_value", "n", "weighted_n"] {
                    prop_assert!(near(&one[key], &other[key], 1e-10), "{} {} {} {}", formula, key, one, other);
                }
            }
        }
    }

    /// The margins of a saturated model are shares: of the levels of its factor the weighted ones, with their errors.
    #[test]
    fn margins_of_a_saturated_model_are_shares(people in people(), clustered in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write(&path, &people, 1.0, false);
        let name = path.display().to_string();
        let design = if clustered { &CLUSTERED[..] } else { &CLUSTERED[..2] };
        let fitted = [&["fit", &name, "q == 'q1' ~ g", "--weights", "w", "--margins"], &["g"][..], design].concat();
        let margins = rows(&fitted).unwrap();
        let margins: Vec<&Value> = margins.iter().filter(|row| row["statistic"] == "margin").collect();
        let shares = rows(&[&["estimate", &name, "mean(q == 'q1')", "--by", "g", "--weights", "w"], design].concat()).unwrap();
        for (one, other) in margins.iter().zip(&shares) {
            prop_assert_eq!(&one["level"], &other["g"]);
            prop_assert!(near(&one["estimate"], &other["estimate"], 1e-10));
            prop_assert!(near(&one["se"], &other["se"], 1e-8), "{} {}", one, other);
        }
        let overall = [&["fit", &name, "q == 'q1' ~ g + x", "--weights", "w", "--margins", "overall"], design].concat();
        let (overall, share) = (rows(&overall).unwrap(), rows(&[&["estimate", &name, "mean(q == 'q1')", "--weights", "w"], design].concat()).unwrap());
        prop_assert!(near(&overall[0]["estimate"], &share[0]["estimate"], 1e-10));
        prop_assert!(near(&overall[0]["se"], &share[0]["se"], 1e-8));
    }

    /// The same where a level has no bound: it is at its limit, and all others are as they would be.
    #[test]
    fn margins_at_the_limit_are_shares(people in people(), clustered in any::<bool>(), up in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let people: Vec<Person> = people.into_iter().map(|(g, q, x, y, w)| (g, if g == 2 { u8::from(up) } else { q }, x, y, w)).collect();
        write(&path, &people, 1.0, false);
        let name = path.display().to_string();
        let design = if clustered { &CLUSTERED[..] } else { &CLUSTERED[..2] };
        for formula in ["q == 'q1' ~ g", "q == 'q1' ~ g + x", "q == 'q1' ~ 0 + g + x"] {
            let margins = rows(&[&["fit", &name, formula, "--weights", "w", "--margins", "g,overall"], design].concat()).unwrap();
            let of = |level: &str, statistic: &str| {
                margins.iter().find(|row| row["level"] == level && row["statistic"] == statistic).unwrap().clone()
            };
            let limit = of("g2", "margin");
            prop_assert_eq!(limit["estimate"].as_f64(), Some(f64::from(u8::from(up))));
            prop_assert!(limit["se"].is_null() && limit["flags"] == "separated");
            let difference = of("g2", "difference");
            prop_assert!(near(&difference["estimate"], &Value::from(f64::from(u8::from(up)) - of("g0", "margin")["estimate"].as_f64().unwrap()), 1e-9));
            prop_assert!(difference["se"].is_null());
            prop_assert!(of("g1", "difference")["se"].is_number());
            let overall = margins.iter().find(|row| row["variable"] == "overall").unwrap();
            let share = rows(&[&["estimate", &name, "mean(q == 'q1')", "--weights", "w"], design].concat()).unwrap();
            prop_assert!(near(&overall["estimate"], &share[0]["estimate"], 1e-9), "{} {}", overall, share[0]);
            prop_assert!(near(&overall["se"], &share[0]["se"], 1e-7), "{} {}", overall, share[0]);
            if formula.ends_with('g') {
                let shares = rows(&[&["estimate", &name, "mean(q == 'q1')", "--by", "g", "--weights", "w"], design].concat()).unwrap();
                for (level, share) in ["g0", "g1"].iter().zip(&shares) {
                    prop_assert!(near(&of(level, "margin")["estimate"], &share["estimate"], 1e-9));
                    prop_assert!(near(&of(level, "margin")["se"], &share["se"], 1e-7));
                }
            }
        }
    }

    /// The same of answers without an order of which a level lacks one or two: each answer has its share, at its limit those
    /// that nobody has, and the average of all is the share of all with its error.
    #[test]
    fn margins_of_answers_at_the_limit_are_shares(people in people(), clustered in any::<bool>(), alone in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut text = "stratum,psu,w,g,a,x\n".to_owned();
        for (at, (g, q, x, y, w)) in people.iter().enumerate() {
            let answer = match (*g, alone) {
                (2, true) => 1,
                (2, false) => *q,
                _ => y % 3,
            };
            text += &format!("s{},p{},{w},g{g},a{answer},{x}\n", at % 3, at % 15);
        }
        std::fs::write(&path, text).unwrap();
        let name = path.display().to_string();
        let design = if clustered { &CLUSTERED[..] } else { &CLUSTERED[..2] };
        let shares = |more: &[&str]| {
            rows(&[&["estimate", &name, "prop(a)", "--weights", "w"], more, design].concat()).unwrap()
        };
        for formula in ["a ~ g", "a ~ g + x", "a ~ 0 + g"] {
            let margins = rows(&[&["fit", &name, formula, "--family", "multinomial", "--weights", "w", "--margins", "g,overall"], design].concat()).unwrap();
            let of = |variable: &str, level: &Value, response: &Value| {
                margins.iter().find(|row| {
                    row["variable"] == variable && row["level"] == *level && row["response"] == *response && row["statistic"] == "margin"
                }).unwrap().clone()
            };
            for share in shares(&[]) {
                let overall = of("overall", &Value::Null, &share["level"]);
                prop_assert!(near(&overall["estimate"], &share["estimate"], 1e-9), "{} {}", overall, share);
                prop_assert!(near(&overall["se"], &share["se"], 1e-7), "{} {}", overall, share);
            }
            for share in shares(&["--by", "g"]) {
                let margin = of("g", &share["g"], &share["level"]);
                let is_limit = [Some(0.0), Some(1.0)].contains(&share["estimate"].as_f64());
                if is_limit || !formula.ends_with('x') {
                    prop_assert!(near(&margin["estimate"], &share["estimate"], 1e-9), "{} {}", margin, share);
                }
                match is_limit {
                    true => prop_assert!(margin["se"].is_null() && margin["flags"] == "separated", "{}", margin),
                    false if !formula.ends_with('x') => prop_assert!(near(&margin["se"], &share["se"], 1e-7), "{} {}", margin, share),
                    false => prop_assert!(margin["se"].is_number(), "{}", margin),
                }
            }
        }
    }
}

/// An answer on a scale of two is binomial, and so are two answers without an order.
#[test]
fn a_multinomial_model_of_two_answers_is_binomial() {
    let file = data("apistrat.csv");
    let design = ["--weights", "pw", "--strata", "stype"];
    let logit = rows(
        &[
            &["fit", &file, "awards == 'Yes' ~ meals + ell"][..],
            &design,
        ]
        .concat(),
    )
    .unwrap();
    let multinomial = rows(
        &[
            &[
                "fit",
                &file,
                "awards ~ meals + ell",
                "--family",
                "multinomial",
            ][..],
            &design,
        ]
        .concat(),
    )
    .unwrap();
    assert_eq!(logit.len(), multinomial.len());
    for (one, other) in logit.iter().zip(&multinomial) {
        for key in ["estimate", "se", "p_value", "df"] {
            assert!(near(&one[key], &other[key], 1e-9), "{key}: {one} {other}");
        }
    }
}
