//! Designs of which the answer is known: a census, labels within strata, lonely strata, the jackknife, covariances.

use opine::internals::survey::design::{Design, Lonely};
use opine::internals::survey::microdata::{MemoryColumn, Source};

use crate::survey::estimate::samples::*;

/// A census has no sampling error, and fractions say what counts say.
#[test]
fn finite_populations() {
    let people = large();
    let full = |fpc: f64| {
        let plain = sample(&people);
        let names = plain.codebook().variables.iter().map(|v| v.name.as_str());
        let mut columns: Vec<_> = names.zip(plain.columns().iter().cloned()).collect();
        columns.push(("fpc", MemoryColumn::Numbers(vec![fpc; people.len()])));
        memory(columns)
    };
    let design = Design {
        fpc: vec!["fpc".to_owned()],
        ..design(PLAIN)
    };
    let items = ["mean(y)", "prop(q)", "total(y)", "ratio(y, x)"];
    let at = |fpc: f64| rows(ask(&full(fpc), &design, &items, &[], None));
    for census in [at(3.0), at(1.0)] {
        assert!(census.iter().all(|row| row.se == Some(0.0)));
    }
    let (counts, fractions) = (at(12.0), at(0.25));
    assert_eq!(format!("{counts:?}"), format!("{fractions:?}"));
    let without = rows(ask(&full(1.0), &self::design(PLAIN), &items, &[], None));
    for (with, without) in counts.iter().zip(&without) {
        assert!(close(
            with.se,
            without.se.map(|se| se * 0.75f64.sqrt()),
            1e-12
        ));
    }
}

/// Labels within strata, nested, are units of their own; without saying so they are refused.
#[test]
fn nested_labels() {
    let sample = sample(&large());
    let items = ["mean(y)", "prop(q)"];
    let nested = design("weights = 'w'\nstrata = ['stratum']\npsu = ['psu']\nnest = true");
    let apart = exact(ask(&sample, &design(PLAIN), &items, &["g"], None)).unwrap();
    assert_eq!(
        exact(ask(&sample, &nested, &items, &["g"], None)).unwrap(),
        apart
    );
    let not = Design {
        nest: false,
        ..nested
    };
    let message = exact(ask(&sample, &not, &items, &[], None)).unwrap_err();
    assert!(message.contains("--nest"), "{message}");
}

/// Var(a − b) = Var a + Var b − 2 Cov(a, b), the covariance from the scores of the two.
#[test]
fn a_difference_has_the_covariance_in_it() {
    let mut people = large();
    people.iter_mut().for_each(|p| p.y = p.y.or(Some(3.0)));
    let design = design(PLAIN);
    let answer = ask(
        &sample(&people),
        &design,
        &["mean(y)", "mean(x)", "mean(y) - mean(x)"],
        &[],
        None,
    )
    .unwrap();
    let scores: Vec<_> = answer.scores.iter().flatten().collect();
    let variance = answer.variance();
    let (a, b) = (variance.variance(scores[0]), variance.variance(scores[1]));
    let by_hand = a + b - 2.0 * variance.covariance(scores[0], scores[1]);
    assert!(close(answer.rows[2].se, Some(by_hand.sqrt()), 1e-10));
}

/// Leaving one PSU out at a time gives what linearisation gives, but for terms of second order.
#[test]
fn the_jackknife_is_linear_to_first_order() {
    let people: Vec<Person> = large();
    let psus = 12u8;
    let unit = |p: &Person| p.stratum * 3 + p.psu;
    let plain = sample(&people);
    let names = plain.codebook().variables.iter().map(|v| v.name.as_str());
    let mut columns: Vec<_> = names.zip(plain.columns().iter().cloned()).collect();
    let jackknife: Vec<String> = (0..psus).map(|psu| format!("jk{psu}")).collect();
    for (psu, name) in (0..psus).zip(&jackknife) {
        let others = f64::from(psus) / f64::from(psus - 1);
        let weight = |p: &Person| {
            if unit(p) == psu {
                0.0
            } else {
                p.weight * others
            }
        };
        columns.push((
            name,
            MemoryColumn::Numbers(people.iter().map(weight).collect()),
        ));
    }
    let sample = memory(columns);
    let items = ["mean(y)", "prop(q)", "ratio(y, x)", "total(y)"];
    let taylor = rows(ask(
        &sample,
        &design("weights = 'w'\npsu = ['unit']"),
        &items,
        &[],
        None,
    ));
    let replicates = design("weights = 'w'\nreplicates = '^jk'\nrep_type = 'jk1'");
    for (one, other) in taylor
        .iter()
        .zip(rows(ask(&sample, &replicates, &items, &[], None)))
    {
        assert!(close(one.estimate, other.estimate, 1e-12));
        assert!(close(one.se, other.se, 0.03), "{one:?}\n{other:?}");
        assert_eq!(one.df, other.df);
    }
}

/// What each choice does about the one stratum with one PSU.
#[test]
fn lonely_strata() {
    let mut people = large();
    people.retain(|p| p.stratum < 3 || p.psu == 0);
    let sample = sample(&people);
    let se = |lonely| {
        rows(ask(
            &sample,
            &Design {
                lonely,
                ..design(PLAIN)
            },
            &["total(y)"],
            &[],
            None,
        ))[0]
            .se
            .unwrap()
    };
    let removed = se(Lonely::Remove);
    assert_eq!(se(Lonely::Certainty), removed);
    assert!((se(Lonely::Average) - removed * (4.0f64 / 3.0).sqrt()).abs() < 1e-9 * removed);
    assert!(se(Lonely::Adjust) > removed);
    let message = exact(ask(&sample, &design(PLAIN), &["total(y)"], &[], None)).unwrap_err();
    assert!(message.contains("--lonely"), "{message}");
}

/// A missing fpc is refused wherever it stands: first, last, amid its stratum, in a PSU of several rows.
#[test]
fn a_missing_fpc_is_noticed_in_every_row() {
    let people = large();
    let design = |plain: &str| Design {
        fpc: vec!["fpc".to_owned()],
        ..design(plain)
    };
    let elements = "weights = 'w'\nstrata = ['stratum']";
    for plain in [PLAIN, elements, "weights = 'w'"] {
        for missing in (0..people.len()).step_by(29).chain([people.len() - 1]) {
            let plain_sample = sample(&people);
            let names = plain_sample.codebook().variables.iter();
            let names = names.map(|v| v.name.as_str());
            let mut columns: Vec<_> = names.zip(plain_sample.columns().iter().cloned()).collect();
            let mut fpc = vec![0.25; people.len()];
            fpc[missing] = f64::NAN;
            columns.push(("fpc", MemoryColumn::Numbers(fpc)));
            let sample = memory(columns);
            let refused = ask(&sample, &design(plain), &["mean(y)"], &[], None);
            let message = refused.map(|_| ()).unwrap_err().to_string();
            assert!(
                message.contains("fpc") && message.contains("missing"),
                "{plain} {missing}: {message}"
            );
        }
    }
}
