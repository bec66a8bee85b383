//! Every choice does something, and what it does is what its name says.

use opine::internals::frames::Estimate;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{
    Ci, DeffKind, DomainDf, Incomplete, Missing, Options, QuantileRule, Request, estimate,
};
use opine::internals::survey::microdata::{
    Codebook, Kind, Memory, MemoryColumn, MissingValues, Value, Variable,
};

use crate::survey::estimate::samples::*;

fn with(options: Options, items: &[&str]) -> Vec<Estimate> {
    let request = request(items, &["g"], None, options);
    run(&sample(&large()), &design(PLAIN), &request)
}

fn run(sample: &Memory, design: &Design, request: &Request) -> Vec<Estimate> {
    rows(estimate(sample, design, request))
}

/// Nothing that can be chosen is without effect, but for names that mean the same.
#[test]
fn choices_change_something() {
    let items = ["mean(y)", "prop(q)", "quantile(y, 0.1, 0.33, 0.5)"];
    let default = Options::default();
    let plain = with(default, &items);
    let mut seen = vec![plain.clone()];
    let mut differs = |options: Options, name: String| {
        let found = with(options, &items);
        assert!(!seen.contains(&found), "{name}");
        seen.push(found);
    };
    for ci in [
        "wald",
        "wilson",
        "beta",
        "likelihood",
        "asin",
        "agresti-coull",
        "clopper-pearson",
        "jeffreys",
    ] {
        differs(
            Options {
                ci: ci.parse().unwrap(),
                ..default
            },
            format!("ci {ci}"),
        );
    }
    for rule in ["hf4", "hf5", "hf6", "hf7", "hf8", "hf9"] {
        differs(
            Options {
                rule: rule.parse().unwrap(),
                ..default
            },
            format!("rule {rule}"),
        );
    }
    differs(
        Options {
            deff: Some(DeffKind::Replace),
            ..default
        },
        "deff".to_owned(),
    );
    differs(
        Options {
            domain_df: DomainDf::Design,
            ..default
        },
        "domain_df".to_owned(),
    );
    differs(
        Options {
            incomplete: Incomplete::Drop,
            ..default
        },
        "incomplete".to_owned(),
    );
    differs(
        Options {
            missing: Missing::Show,
            ..default
        },
        "show".to_owned(),
    );
    differs(
        Options {
            missing: Missing::Category,
            ..default
        },
        "category".to_owned(),
    );
    differs(
        Options {
            level: 0.9,
            ..default
        },
        "level".to_owned(),
    );
    let xlogit = Options {
        ci: Ci::Xlogit,
        ..default
    };
    assert_eq!(with(xlogit, &items), plain);
    for (one, other) in [
        (QuantileRule::Math, QuantileRule::Hf1),
        (QuantileRule::School, QuantileRule::Hf2),
    ] {
        let rule = |rule| with(Options { rule, ..default }, &items);
        assert_eq!(rule(one), rule(other));
    }
}

/// hf rules and `school` where the share is met exactly.
#[test]
fn a_share_that_is_met_exactly() {
    let four: Vec<Person> = (1..=4u8)
        .map(|at| Person {
            y: Some(f64::from(at)),
            weight: 2.0,
            psu: at % 3,
            stratum: 0,
            ..large()[0].clone()
        })
        .collect();
    let at = |rule, p: &str| {
        let options = Options {
            rule,
            ..Options::default()
        };
        let request = request(&[&format!("quantile(y, {p})")], &[], None, options);
        run(&sample(&four), &design("weights = 'w'"), &request)[0].estimate
    };
    let all = [
        (QuantileRule::Math, 1.0, 2.0),
        (QuantileRule::School, 1.5, 2.5),
        (QuantileRule::Hf3, 2.0, 2.0),
        (QuantileRule::Hf4, 1.0, 2.0),
        (QuantileRule::Hf5, 1.5, 2.5),
        (QuantileRule::Hf6, 1.25, 2.5),
        (QuantileRule::Hf7, 1.75, 2.5),
    ];
    for (rule, quarter, half) in all {
        assert_eq!(at(rule, "0.25"), Some(quarter), "{rule}");
        assert_eq!(at(rule, "0.5"), Some(half), "{rule}");
    }
}

/// Degrees of freedom: those of a domain are its PSUs less strata, unless the design or a number is asked for.
#[test]
fn degrees_of_freedom() {
    let people = large();
    let of = |options| with(options, &["mean(y)"]);
    for row in of(Options::default()) {
        // groups a and c have nobody in the last stratum
        let expected = if row.group("g") == "b" { 8.0 } else { 6.0 };
        assert_eq!(row.df, Some(expected), "{row:?}");
    }
    let whole = Options {
        domain_df: DomainDf::Design,
        ..Options::default()
    };
    assert!(of(whole).iter().all(|row| row.df == Some(8.0)));
    let given = Design {
        df: Some(5.0),
        ..design(PLAIN)
    };
    let rows = rows(ask(&sample(&people), &given, &["mean(y)"], &["g"], None));
    assert!(rows.iter().all(|row| row.df == Some(5.0)));
}

/// A missing answer has a number of respondents, a share, or no row.
#[test]
fn missing_answers() {
    let row = |missing| {
        let request = request(
            &["prop(q)"],
            &[],
            None,
            Options {
                missing,
                ..Options::default()
            },
        );
        let rows = run(&sample(&large()), &design(PLAIN), &request);
        rows.into_iter()
            .find(|row| row.level.as_deref() == Some("(missing)"))
    };
    let silent = large().iter().filter(|p| p.answer.is_none()).count() as f64;
    let weight: f64 = large()
        .iter()
        .filter(|p| p.answer.is_none())
        .map(|p| p.weight)
        .sum();
    let all: f64 = large().iter().map(|p| p.weight).sum();
    assert!(row(Missing::Exclude).is_none());
    let shown = row(Missing::Show).unwrap();
    assert_eq!((shown.n, shown.estimate), (Some(silent), None));
    let category = row(Missing::Category).unwrap();
    assert_eq!(category.n, Some(600.0));
    assert!(close(category.estimate, Some(weight / all), 1e-12));
}

/// A value that the codebook calls missing is no number and no level, and keeps its label where it is shown.
#[test]
fn user_missing_codes_are_never_averaged() {
    let variable = Variable {
        labels: vec![
            (Value::Number(1.0), "Yes".to_owned()),
            (Value::Number(2.0), "No".to_owned()),
            (Value::Number(99.0), "Refused".to_owned()),
        ],
        missing: MissingValues {
            values: vec![Value::Number(99.0)],
            ranges: vec![(-9.0, -1.0)],
        },
        ..Variable::bare("v", Kind::Number)
    };
    let codebook = Codebook {
        variables: vec![variable],
        ..Codebook::default()
    };
    let numbers = vec![1.0, 2.0, 2.0, 99.0, -5.0, f64::NAN, 1.0, 2.0];
    let sample = Memory::new(codebook, vec![MemoryColumn::Numbers(numbers)]).unwrap();
    let items = [
        "mean(v)",
        "total(v + 0)",
        "median(v)",
        "var(v)",
        "prop(v)",
        "prop(v > 1)",
        "ratio(v, v)",
    ];
    let found = rows(ask(&sample, &Design::default(), &items, &[], None));
    let estimates: Vec<f64> = found.iter().map(|row| row.estimate.unwrap()).collect();
    let expected = [1.6, 8.0, 2.0, 0.3, 0.4, 0.6, 0.6, 1.0];
    assert_eq!(estimates.len(), expected.len());
    for (found, expected) in estimates.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{estimates:?}");
    }
    assert_eq!(found[4].level.as_deref(), Some("Yes"));
    let shown = Options {
        missing: Missing::Show,
        codes: false,
        ..Options::default()
    };
    let names = |options| -> Vec<String> {
        let rows = run(
            &sample,
            &Design::default(),
            &request(&["prop(v)"], &[], None, options),
        );
        rows.into_iter().filter_map(|row| row.level).collect()
    };
    assert_eq!(
        names(shown),
        ["Yes", "No", "(missing)", "-5", "Refused"].map(str::to_owned)
    );
    let coded = Options {
        codes: true,
        ..Options::default()
    };
    assert_eq!(names(coded), ["1", "2"].map(str::to_owned));
}

/// A level that the dictionary has and no respondent is no level; one that only others have is a share of 0.
#[test]
fn levels_are_those_of_the_file() {
    let mut people = large();
    people
        .iter_mut()
        .for_each(|p| p.answer = p.answer.map(|q| q.min(1)));
    people
        .iter_mut()
        .filter(|p| p.group == Some(1))
        .for_each(|p| p.answer = Some(0));
    let found = rows(ask(
        &sample(&people),
        &design(PLAIN),
        &["prop(q)"],
        &["g"],
        None,
    ));
    assert!(
        found
            .iter()
            .all(|row| row.level.as_deref() != Some("other"))
    );
    let none: Vec<&Estimate> = found.iter().filter(|row| row.group("g") == "a").collect();
    assert_eq!(none.len(), 2);
    assert_eq!(
        (none[0].level.as_deref(), none[0].estimate),
        (Some("no"), Some(0.0))
    );
}
