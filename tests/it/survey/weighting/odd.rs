//! Odd arguments: errors, never panics.

use opine::internals::survey::weighting::{
    Auxiliaries, CalibrateOptions, Calibration, Columns, Distance, FirstStage, LimitUnit, Limits,
    MISSING, Margin, Margins, Method, MissingPolicy, RakeOptions, Redistribute, Replicates,
    ScaleTo, StrictOptions, Variable, calibrate, crossed, diagnose, diagnose_by,
    inverse_probabilities, nonresponse, normalise, trim, trim_strictly, warnings,
};
use proptest::prelude::*;

const ODD: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    2.5,
    0.3,
    -1.0,
    1e-300,
    1e300,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MIN_POSITIVE,
    1e9,
];

fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.1_f64..10.0, 1 => prop::sample::select(&ODD[..])]
}

fn code() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0_u32..3, 1 => Just(MISSING), 1 => Just(3_u32)]
}

fn few() -> impl Strategy<Value = f64> {
    prop_oneof![12 => 0.5_f64..3.0, 1 => Just(0.0), 1 => prop::sample::select(&ODD[..])]
}

fn levels() -> Vec<String> {
    ["x", "y", "z"].map(str::to_owned).to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn margins(
        a in prop::collection::vec(code(), 0..12),
        b in prop::collection::vec(code(), 0..12),
        base in prop::collection::vec(few(), 0..12),
        targets in prop::collection::vec(odd(), 3),
        population in prop::option::of(odd()),
    ) {
        let margin = |name: &str, codes: &Vec<u32>| Margin::new(name, levels(), codes.clone(), targets.clone());
        let both = [margin("a", &a), margin("b", &b)];
        let options = RakeOptions { iterations: 30, tolerance: targets[0] };
        for policy in [MissingPolicy::Refuse, MissingPolicy::Drop, MissingPolicy::OwnCategory] {
            for margins in [&both[..], &both[..1]] {
                let Ok(margins) = Margins::new(margins, base.len(), policy, population) else { continue };
                let _ = margins.rake(&base, RakeOptions { iterations: 30, ..Default::default() });
                let _ = margins.poststratify(&base);
                let _ = margins.project(&mut base.clone(), 3);
                if let Ok(raked) = margins.rake(&base, options) {
                    prop_assert!(raked.weights.iter().all(|w| *w >= 0.0 && w.is_finite()));
                    let fits = margins.fit(&base, &raked.weights).unwrap();
                    if let Ok(diagnosis) = diagnose(&raked.weights) {
                        let _ = warnings(&diagnosis, &fits);
                    }
                }
            }
        }
        let (levels, variable) = (levels(), |codes| Variable { name: "v", levels: &[], codes });
        let _ = crossed(&[variable(&a), variable(&b)]);
        let with_levels = |codes| Variable { name: "v", levels: &levels, codes };
        let _ = crossed(&[with_levels(&a), with_levels(&b)]);
        let _ = nonresponse(&base, &vec![true; b.len()], with_levels(&a));
        let _ = diagnose_by(&base, with_levels(&a));
    }

    #[test]
    fn auxiliaries(
        a in prop::collection::vec(0_u32..3, 8),
        y in prop::collection::vec(odd(), 8),
        base in prop::collection::vec(few(), 8),
        totals in prop::collection::vec(odd(), 4),
        low in odd(),
        high in odd(),
    ) {
        let columns = Columns::new(8).levels("a", levels(), a).and_then(|c| c.number("y", y)).unwrap();
        if let Ok(calibration) = Calibration::prepare(columns.clone(), base.clone()) {
            let _ = calibration.residual(&mut base.clone());
        }
        let Ok(auxiliaries) = Auxiliaries::new(columns, totals) else { return Ok(()) };
        for distance in [
            Distance::Linear,
            Distance::Raking,
            Distance::Logit { low, high },
            Distance::LinearBounded { low, high },
        ] {
            let made = calibrate(&auxiliaries, &base, distance, CalibrateOptions::default());
            prop_assert!(made.is_err() || made.is_ok_and(|made| made.weights.iter().all(|w| w.is_finite())));
        }
    }

    #[test]
    fn steps(weights in prop::collection::vec(few(), 0..12), low in odd(), high in odd()) {
        for unit in [LimitUnit::Weight, LimitUnit::Median, LimitUnit::Mean, LimitUnit::Quantile] {
            let limits = Limits { low: Some(low), high: Some(high), unit };
            let _ = trim(&weights, limits, Redistribute::Equally);
            let _ = trim(&weights, Limits { low: None, ..limits }, Redistribute::Not);
            let _ = trim_strictly(&weights, limits, StrictOptions::default(), |w| Ok(w.to_vec()));
        }
        let _ = diagnose(&weights);
        let _ = inverse_probabilities(&weights);
        let _ = normalise(&weights, ScaleTo::Total(low));
        let _ = normalise(&weights, ScaleTo::Respondents);
    }

    #[test]
    fn designs(
        strata in prop::collection::vec(code(), 0..12),
        psu in prop::collection::vec(0_u32..4, 0..12),
        fractions in prop::option::of(prop::collection::vec(prop_oneof![3 => Just(0.5), 1 => odd()], 3)),
        replicates in prop::sample::select(&[0_usize, 1, 2, 3, 7, 30, usize::MAX][..]),
        rho in odd(),
    ) {
        let levels = levels();
        let variable = Variable { name: "h", levels: &levels, codes: &strata };
        let stage = FirstStage { rows: strata.len(), strata: Some(variable), psu: None, fractions: fractions.as_deref() };
        let free = FirstStage { strata: None, fractions: None, ..stage };
        for stage in [stage, free, FirstStage { psu: Some(&psu), ..stage }, FirstStage { psu: Some(&psu), ..free }] {
            for method in [
                Method::Jk1,
                Method::Jkn,
                Method::Brr,
                Method::Fay { rho },
                Method::Bootstrap { replicates, seed: 1 },
                Method::Subbootstrap { replicates, seed: 1 },
                Method::Successive { replicates: Some(replicates) },
                Method::Successive { replicates: None },
            ] {
                let Ok(made) = Replicates::new(&stage, method) else { continue };
                for replicate in 0..made.len() {
                    let factors = made.factors(replicate).unwrap();
                    prop_assert!(factors.iter().all(|factor| *factor >= 0.0 && factor.is_finite()));
                }
            }
        }
    }
}

#[test]
fn tiny_weights_are_raked_to_their_targets() {
    let levels = vec!["x".to_owned(), "y".to_owned()];
    let margin = Margin::new("a", levels, vec![0, 1, 1, 0], vec![2e9, 1.0]);
    let base = [1e-300, 0.5, 0.5, 0.0];
    let raked = Margins::new(&[margin], 4, MissingPolicy::Refuse, None)
        .and_then(|margins| margins.rake(&base, RakeOptions::default()))
        .unwrap();
    assert_eq!(raked.weights, [2e9, 0.5, 0.5, 0.0]);
}
