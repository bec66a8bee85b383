//! Quantiles by cell, by value and by respondent are the same; a variance does not mind how far from zero it is.

use opine::internals::frames::Estimate;
use opine::internals::survey::estimate::{Options, QuantileRule};

use crate::survey::estimate::samples::*;

/// 2,600 respondents with as many different answers, those of group b (number 0) some 860 of them.
fn many() -> Vec<Person> {
    let spread = |at: u32, by: u32| at.wrapping_mul(by).wrapping_add(by >> 3) >> 7;
    (0..2_600u32)
        .map(|at| Person {
            stratum: (at % 4) as u8,
            psu: (spread(at, 2_246_822_519) % 5) as u8,
            ssu: 0,
            group: Some((spread(at, 3_266_489_917) % 3) as u8),
            answer: None,
            y: Some(f64::from(at * 1_009 % 2_600) * 0.5 + f64::from(at % 4)),
            x: f64::from(spread(at, 668_265_263) % 50),
            weight: 0.5 + f64::from(spread(at, 374_761_393) % 700) * 1e-2,
            replicates: [0.5, 1.5, 1.0, 0.25, 2.0].map(|factor| factor * f64::from(1 + at % 3)),
        })
        .collect()
}

fn told(rows: &[Estimate], group: bool) -> Vec<String> {
    let of = |row: &&Estimate| !group || row.group("g") == "b";
    let bare = |row: &Estimate| {
        let mut row = row.clone();
        row.groups.clear();
        format!("{row:?}")
    };
    rows.iter().filter(of).map(bare).collect()
}

/// The whole file has more values than are kept by cell, the group fewer: two ways to the same digits.
#[test]
fn quantiles_of_many_values_are_those_of_few() {
    let sample = sample(&many());
    for toml in DESIGNS {
        for rule in QuantileRule::OF_VALUES {
            let options = Options {
                rule,
                ..Options::default()
            };
            let items = ["quantile(y, 0.1, 0.5, 0.97)", "median(x)"];
            let run = |by: &[&str], filter: Option<&str>| {
                let request = request(&items, by, filter, options);
                rows(opine::internals::survey::estimate::estimate(
                    &sample,
                    &design(toml),
                    &request,
                ))
            };
            let groups = told(&run(&["g"], None), true);
            assert_eq!(groups.len(), 4);
            assert_eq!(
                groups,
                told(&run(&[], Some("g == 'b'")), false),
                "{toml} {rule}"
            );
        }
    }
}

/// A rule that looks at respondents agrees with one that looks at values where all weights are one.
#[test]
fn rules_of_respondents_and_of_values_meet() {
    let people: Vec<Person> = many()
        .into_iter()
        .map(|person| Person {
            weight: 1.0,
            ..person
        })
        .collect();
    let sample = sample(&people);
    let run = |rule: QuantileRule, p: &str| {
        let options = Options {
            rule,
            ..Options::default()
        };
        let item = format!("quantile(y, {p})");
        let request = request(&[&item], &[], None, options);
        let design = design("weights = 'w'");
        rows(opine::internals::survey::estimate::estimate(
            &sample, &design, &request,
        ))[0]
            .estimate
    };
    // hf4 is exactly the i-th value at p = i/n
    for p in ["0.01", "0.25", "0.75"] {
        assert_eq!(run(QuantileRule::Hf4, p), run(QuantileRule::Math, p), "{p}");
    }
}

/// var(x + c) = var(x), for every kind of design, also where c is so large that the numbers have to be centred.
#[test]
fn a_variance_far_from_zero_keeps_its_digits() {
    let near = many();
    let shifted = |by: f64| -> Vec<Person> {
        let far = |person: &Person| Person {
            x: person.x + by,
            ..person.clone()
        };
        near.iter().map(far).collect()
    };
    for toml in DESIGNS {
        let run = |people: &[Person]| {
            let items = ["var(x)", "sd(x)"];
            rows(ask(&sample(people), &design(toml), &items, &["g"], None))
        };
        let expected = run(&near);
        for (near, far) in expected.iter().zip(&run(&shifted(2f64.powi(20)))) {
            assert!(
                close(near.estimate, far.estimate, 1e-12),
                "{toml}\n{near:?}\n{far:?}"
            );
            assert!(close(near.se, far.se, 1e-9), "{toml}\n{near:?}\n{far:?}");
        }
        for (near, far) in expected.iter().zip(&run(&shifted(2f64.powi(31)))) {
            assert!(
                close(near.estimate, far.estimate, 1e-11),
                "{toml}\n{near:?}\n{far:?}"
            );
            assert!(close(near.se, far.se, 1e-9), "{toml}\n{near:?}\n{far:?}");
        }
    }
}
