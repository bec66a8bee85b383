//! Raking and poststratification: what must always hold, and what is refused.

use opine::internals::survey::weighting::{
    Error, MISSING, Margin, Margins, MissingPolicy, RakeOptions, Variable, crossed, poststratify,
    rake,
};
use proptest::prelude::*;

fn levels(n: usize) -> Vec<String> {
    (0..n).map(|level| format!("l{level}")).collect()
}

fn raked(margins: &[Margin], base: &[f64]) -> Result<Vec<f64>, Error> {
    Ok(rake(
        margins,
        base,
        MissingPolicy::Refuse,
        None,
        RakeOptions::default(),
    )?
    .weights)
}

fn by_level(margin: &Margin, weights: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; margin.levels.len()];
    for (code, weight) in margin.codes.iter().zip(weights) {
        sums[*code as usize] += weight;
    }
    sums
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1e-12)
}

/// Two margins whose crossing is full, so that there is always a solution, and base weights.
fn samples() -> impl Strategy<Value = (Vec<Margin>, Vec<f64>)> {
    (2_usize..5, 2_usize..4, 0_usize..200).prop_flat_map(|(a, b, more)| {
        let rows = 2 * a * b + more;
        let code = |n: usize, stride: usize| {
            prop::collection::vec(0..n as u32, more).prop_map(move |drawn| {
                let full = (0..rows - drawn.len()).map(|row| (row / stride % n) as u32);
                full.chain(drawn.clone()).collect::<Vec<u32>>()
            })
        };
        let targets = |n: usize| {
            prop::collection::vec(0.1_f64..1.0, n).prop_map(|raw| {
                let sum: f64 = raw.iter().sum();
                raw.iter().map(|t| t / sum).collect::<Vec<f64>>()
            })
        };
        let base = prop::collection::vec(0.2_f64..5.0, rows);
        (code(a, 1), code(b, a), targets(a), targets(b), base).prop_map(
            move |(ca, cb, ta, tb, base)| {
                let margins = vec![
                    Margin::new("a", levels(a), ca, ta),
                    Margin::new("b", levels(b), cb, tb),
                ];
                (margins, base)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn margins_hold_and_the_total_is_kept((margins, base) in samples()) {
        let weights = raked(&margins, &base).unwrap();
        let total: f64 = base.iter().sum();
        for margin in &margins {
            for (sum, share) in by_level(margin, &weights).iter().zip(&margin.targets) {
                prop_assert!(near(*sum, share * total, 1e-9), "{sum} {}", share * total);
            }
        }
    }

    #[test]
    fn base_weights_keep_their_ratio_in_a_cell((margins, base) in samples()) {
        let weights = raked(&margins, &base).unwrap();
        let mut factors = std::collections::HashMap::new();
        for row in 0..base.len() {
            let factor = weights[row] / base[row];
            let cell = (margins[0].codes[row], margins[1].codes[row]);
            let first = *factors.entry(cell).or_insert(factor);
            prop_assert!(near(factor, first, 1e-13));
        }
    }

    #[test]
    fn only_ratios_of_base_weights_matter((mut margins, base) in samples(), by in 0.01_f64..100.0) {
        for margin in &mut margins {
            margin.targets.iter_mut().for_each(|target| *target *= 5000.0);
        }
        let scaled: Vec<f64> = base.iter().map(|w| w * by).collect();
        let (once, twice) = (raked(&margins, &base).unwrap(), raked(&margins, &scaled).unwrap());
        for (a, b) in once.iter().zip(&twice) {
            prop_assert!(near(*a, *b, 1e-9));
        }
    }

    #[test]
    fn raking_to_its_own_margins_changes_nothing((mut margins, base) in samples()) {
        for margin in &mut margins {
            margin.targets = by_level(margin, &base);
        }
        for (a, b) in raked(&margins, &base).unwrap().iter().zip(&base) {
            prop_assert!(near(*a, *b, 1e-12));
        }
    }

    #[test]
    fn the_order_of_margins_does_not_matter((mut margins, base) in samples()) {
        let once = raked(&margins, &base).unwrap();
        margins.reverse();
        for (a, b) in raked(&margins, &base).unwrap().iter().zip(&once) {
            prop_assert!(near(*a, *b, 1e-8));
        }
    }

    #[test]
    fn one_margin_is_poststratification((margins, base) in samples()) {
        let once = poststratify(&margins[0], &base, MissingPolicy::Refuse, None).unwrap();
        for (a, b) in raked(&margins[..1], &base).unwrap().iter().zip(&once) {
            prop_assert!(near(*a, *b, 1e-12));
        }
    }
}

fn margin(name: &str, codes: &[u32], targets: &[f64]) -> Margin {
    Margin::new(
        name,
        levels(targets.len()),
        codes.to_vec(),
        targets.to_vec(),
    )
}

fn refused(margins: &[Margin], base: &[f64]) -> String {
    raked(margins, base).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_with_targets_is_named() {
    let ones = [1.0; 4];
    let codes = [0, 0, 1, 1];
    assert!(refused(&[margin("a", &codes, &[-1.0, 2.0])], &ones).contains("a “l0”"));
    assert!(
        refused(&[margin("a", &codes, &[f64::NAN, 2.0])], &ones)
            .contains("a “l0” (2 respondents) has no target")
    );
    assert!(
        refused(&[margin("a", &codes, &[f64::INFINITY, 2.0])], &ones)
            .contains("lies between 0 and 1e140")
    );
    assert!(refused(&[margin("a", &codes, &[0.0, 0.0])], &ones).contains("all targets of a are 0"));
    assert!(
        refused(&[margin("a", &codes, &[2.0, 2.0, 4.0])], &ones).contains("nobody in the sample")
    );
    let apart = [
        margin("a", &codes, &[2.0, 2.0]),
        margin("b", &codes, &[3.0, 3.0]),
    ];
    assert!(refused(&apart, &ones).contains("a add up to 4, those of b to 6"));
    let short = margin("a", &codes, &[0.5, 0.4]);
    assert!(refused(&[short], &ones).contains("a adds up to 0.9: shares add up to 1"));
    assert!(
        refused(&[margin("a", &[0, 0, 1, 7], &[2.0, 2.0])], &ones).contains("row 4: the code 7")
    );
    assert!(refused(&[margin("a", &codes[..3], &[2.0, 2.0])], &ones).contains("4 rows, not 3"));
    assert!(refused(&[], &ones).contains("at least one margin"));
}

#[test]
fn what_is_wrong_with_base_weights_is_named() {
    let a = [margin("a", &[0, 0, 1, 1], &[2.0, 2.0])];
    assert_eq!(raked(&a, &[0.0; 4]), Err(Error::BaseWeightsZero));
    assert!(refused(&a, &[1.0, -1.0, 1.0, 1.0]).contains("row 2"));
    assert!(refused(&a, &[1.0, 1.0, f64::NAN, 1.0]).contains("row 3"));
    assert!(refused(&a, &[f64::MAX, f64::MAX, 1.0, 1.0]).contains("more than a number can hold"));
    assert!(refused(&a, &[1.0, 1.0, 0.0, 0.0]).contains("a “l1” has the target 2"));
}

#[test]
fn targets_are_found_by_name() {
    let names = vec!["women".to_owned(), "men".to_owned()];
    let target = |name: &str, value| (name.to_owned(), value);
    let codes = vec![0, 1, 1, 1];
    let sex = Margin::matched(
        "sex",
        names.clone(),
        codes.clone(),
        &[target("men", 0.4), target("women", 0.6)],
    );
    assert_eq!(sex.unwrap().targets, [0.6, 0.4]);
    let unknown = Margin::matched("sex", names.clone(), codes.clone(), &[target("womem", 0.6)]);
    assert!(
        unknown
            .unwrap_err()
            .to_string()
            .contains("did you mean “women”?")
    );
    let missing = Margin::matched("sex", names, codes, &[target("men", 1.0)]).unwrap();
    assert!(refused(&[missing], &[1.0; 4]).contains("sex “women” (1 respondent) has no target"));
}

#[test]
fn shares_are_scaled_to_weights_counts_or_a_population() {
    let shares = margin("a", &[0, 0, 1, 1], &[25.0, 75.0]);
    let to = |margins: &[Margin], population| {
        let raked = rake(
            margins,
            &[2.0; 4],
            MissingPolicy::Refuse,
            population,
            RakeOptions::default(),
        );
        raked.unwrap().weights.iter().sum::<f64>()
    };
    assert!(near(to(std::slice::from_ref(&shares), None), 8.0, 1e-12));
    assert!(near(
        to(std::slice::from_ref(&shares), Some(500.0)),
        500.0,
        1e-12
    ));
    let rounded = margin("b", &[0, 1, 0, 1], &[30.0, 69.0]);
    assert!(near(to(&[shares.clone(), rounded], None), 8.0, 1e-12));
    let counts = margin("b", &[0, 1, 0, 1], &[30.0, 30.0]);
    assert!(near(to(std::slice::from_ref(&counts), None), 60.0, 1e-12));
    let mixed = Margins::new(&[shares, counts.clone()], 4, MissingPolicy::Refuse, None);
    assert!(
        mixed
            .unwrap_err()
            .to_string()
            .contains("those of a add up to 100, those of b to 60")
    );
    let wrong = Margins::new(&[counts], 4, MissingPolicy::Refuse, Some(70.0)).unwrap_err();
    assert!(wrong.to_string().contains("the population"), "{wrong}");
}

#[test]
fn missing_answers_are_refused_dropped_or_a_category() {
    let a = [margin("a", &[0, 1, 1, MISSING], &[0.5, 0.5])];
    let base = [1.0, 1.0, 1.0, 2.0];
    let with = |policy| rake(&a, &base, policy, None, RakeOptions::default());
    let refused = with(MissingPolicy::Refuse).unwrap_err();
    assert_eq!(
        refused,
        Error::Missing {
            variable: "a".to_owned(),
            count: 1
        }
    );
    let weights = |policy| with(policy).unwrap().weights;
    assert_eq!(weights(MissingPolicy::Drop), [2.5, 1.25, 1.25, 0.0]);
    assert_eq!(weights(MissingPolicy::OwnCategory), [1.5, 0.75, 0.75, 2.0]);
    let kept = Margins::new(&a, 4, MissingPolicy::Drop, None)
        .unwrap()
        .kept();
    assert_eq!(kept, [true, true, true, false]);
    let post = poststratify(&a[0], &base, MissingPolicy::OwnCategory, Some(10.0)).unwrap();
    assert_eq!(post, [3.0, 1.5, 1.5, 4.0]);
}

#[test]
fn a_target_of_nought_gives_weight_nought() {
    let a = margin("a", &[0, 0, 1, 2], &[3.0, 3.0, 0.0]);
    let b = margin("b", &[0, 1, 1, 1], &[2.0, 4.0]);
    let weights = raked(&[a, b], &[1.0; 4]).unwrap();
    assert!(
        near(weights[0], 2.0, 1e-9) && near(weights[1], 1.0, 1e-9) && near(weights[2], 3.0, 1e-9)
    );
    assert_eq!(weights[3], 0.0);
}

#[test]
fn contradictions_are_explained() {
    let a = margin("age", &[0, 0, 1, 1, 2], &[600.0, 300.0, 100.0]);
    let b = margin("work", &[0, 0, 0, 1, 1], &[500.0, 500.0]);
    let options = RakeOptions {
        iterations: 50,
        ..RakeOptions::default()
    };
    let error = rake(&[a, b], &[1.0; 5], MissingPolicy::Refuse, None, options).unwrap_err();
    let Error::NotConverged(found) = &error else {
        panic!("{error}")
    };
    assert_eq!(found.iterations, 50);
    assert!(found.merge_with.is_some());
    let text = error.to_string();
    assert!(
        text.contains("everyone with age “l0” (target 600) has work “l0” (target 500)"),
        "{text}"
    );
}

#[test]
fn many_levels_take_the_hashed_way_to_the_same_weights() {
    // 2,000 × 2,000 levels are more than are indexed directly
    let rows = 6000;
    let wide = |step: usize| {
        (0..rows)
            .map(|row| (row * step % 2000) as u32)
            .collect::<Vec<u32>>()
    };
    let targets: Vec<f64> = (0..2000).map(|level| 3.0 + f64::from(level % 2)).collect();
    let codes = wide(7);
    let margins = [
        Margin::new("a", levels(2000), codes.clone(), targets.clone()),
        Margin::new("b", levels(2000), codes, targets),
        margin(
            "c",
            &(0..rows as u32).map(|row| row / 3000).collect::<Vec<u32>>(),
            &[3500.0, 3500.0],
        ),
    ];
    let crossing = Margins::new(&margins, rows, MissingPolicy::Refuse, None).unwrap();
    assert_eq!(crossing.cells(), 4000);
    let weights = crossing
        .rake(&vec![1.0; rows], RakeOptions::default())
        .unwrap()
        .weights;
    let direct = raked(&margins[1..], &vec![1.0; rows]).unwrap();
    assert!(weights.iter().zip(&direct).all(|(a, b)| near(*a, *b, 1e-9)));
}

#[test]
fn crossings_have_the_levels_that_occur() {
    let (a, b) = (levels(2), levels(3));
    let variable = |name, levels, codes| Variable {
        name,
        levels,
        codes,
    };
    let crossing = crossed(&[
        variable("a", &a, &[0, 1, 1, MISSING]),
        variable("b", &b, &[2, 0, 0, 1]),
    ])
    .unwrap();
    assert_eq!(crossing.name, "a:b");
    assert_eq!(crossing.levels, ["l0:l2", "l1:l0"]);
    assert_eq!(crossing.codes, [0, 1, 1, MISSING]);
}

#[test]
fn levels_before_and_after() {
    let a = margin("a", &[0, 0, 0, 1], &[0.5, 0.5]);
    let margins = Margins::new(&[a], 4, MissingPolicy::Refuse, None).unwrap();
    let after = margins.poststratify(&[1.0; 4]).unwrap();
    let fits = margins.fit(&[1.0; 4], &after).unwrap();
    let first = &fits[0];
    assert_eq!(
        (first.respondents, first.before, first.target, first.after),
        (3, 3.0, 2.0, 2.0)
    );
    assert_eq!(
        (first.before_share, first.target_share, first.after_share),
        (0.75, 0.5, 0.5)
    );
}

#[test]
fn slow_raking_ends_at_the_fixed_point() {
    // hardly anyone off the diagonal: each round closes little of the gap
    let a = margin("a", &[0, 1, 0, 1], &[0.5, 0.5]);
    let b = margin("b", &[0, 1, 1, 0], &[0.55, 0.45]);
    let (same, other) = (1.0, 0.01);
    let options = RakeOptions {
        iterations: 100_000,
        ..RakeOptions::default()
    };
    let base = [same, same, other, other];
    let raked = rake(&[a, b], &base, MissingPolicy::Refuse, Some(1.0), options).unwrap();
    assert!(raked.iterations > 20);
    let w = raked.weights;
    // margins, and the odds ratio that raking keeps
    assert!(near(w[0] + w[2], 0.5, 1e-9) && near(w[0] + w[3], 0.55, 1e-12));
    assert!(near(w[0] * w[1] / (w[2] * w[3]), 1e4, 1e-10));
    // with x the share of (0, 0): x (x − 0.05) = 10⁴ (0.5 − x)(0.55 − x)
    let (p, q, r) = (1.0_f64 - 1e4, 1.05e4 - 0.05, -0.275e4);
    let root: f64 = q * q - 4.0 * p * r;
    let x = (-q + root.sqrt()) / (2.0 * p);
    assert!(near(w[0], x, 1e-9), "{} {x}", w[0]);
}
