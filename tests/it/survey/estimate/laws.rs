//! What holds of estimates whatever the sample: domains, orders, scales, parts.

use opine::internals::survey::estimate::Options;
use opine::internals::survey::microdata::write::{WriteColumn, write_csv, write_parquet};
use opine::internals::survey::microdata::{self, MemoryColumn, OpenOptions, Source};
use opine::internals::survey::sums::merge;
use proptest::prelude::*;

use crate::survey::estimate::samples::*;

/// What a row says apart from its groups.
fn without_groups(row: &opine::internals::frames::Estimate) -> String {
    let mut row = row.clone();
    row.groups.clear();
    format!("{row:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A subpopulation is a row of its groups, digit for digit.
    #[test]
    fn a_condition_is_a_domain(people in people(), at in 0..DESIGNS.len()) {
        let (sample, design) = (sample(&people), design(DESIGNS[at]));
        let Ok(all) = ask(&sample, &design, &ITEMS, &["g"], None) else {
            prop_assert!(ask(&sample, &design, &ITEMS, &[], Some("g == 'a'")).is_err());
            return Ok(());
        };
        for group in ["a", "b", "c"] {
            let of: Vec<String> = all
                .rows
                .iter()
                .filter(|row| row.group("g") == group)
                .map(without_groups)
                .collect();
            if of.is_empty() {
                continue;
            }
            let filter = format!("g == '{group}'");
            let alone = exact(ask(&sample, &design, &ITEMS, &[], Some(&filter))).unwrap();
            prop_assert_eq!(of, alone);
        }
    }

    /// Neither the order of the rows nor the size of the batches nor the number of threads changes a digit.
    #[test]
    fn orders_change_no_digit(
        (people, shuffled) in people().prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle())),
        at in 0..DESIGNS.len(),
        rule in 0..opine::internals::survey::estimate::QuantileRule::ALL.len(),
        size in 1..20usize,
    ) {
        let design = design(DESIGNS[at]);
        let options = Options { rule: opine::internals::survey::estimate::QuantileRule::ALL[rule], ..Options::default() };
        let request = request(&ITEMS, &["g"], None, options);
        let (one, other) = (sample(&people), sample(&shuffled));
        let run = |source: &dyn opine::internals::survey::microdata::Source, threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            exact(pool.install(|| opine::internals::survey::estimate::estimate(source, &design, &request)))
        };
        let expected = run(&one, 1);
        prop_assert_eq!(&run(&other, 1), &expected);
        prop_assert_eq!(&run(&Pieces(&other, size), 1), &expected);
        prop_assert_eq!(&run(&Pieces(&one, size), 2), &expected);
    }

    /// Sums of parts, merged in any order, are those of the whole.
    #[test]
    fn parts_merge_to_the_whole(people in people(), at in 0..6usize, cuts in (0..60usize, 0..60usize)) {
        let design = design(DESIGNS[at]);
        let Ok(whole) = ask(&sample(&people), &design, &ITEMS, &["g"], None) else { return Ok(()) };
        let (a, b) = (cuts.0.min(cuts.1).min(people.len()), cuts.0.max(cuts.1).min(people.len()));
        let parts: Vec<_> = [&people[..a], &people[a..b], &people[b..]]
            .into_iter()
            .map(|part| ask(&sample(part), &design, &ITEMS, &["g"], None))
            .collect();
        if parts.iter().any(Result::is_err) {
            return Ok(());
        }
        let parts: Vec<_> = parts.into_iter().map(|part| part.unwrap().sums).collect();
        let whole = merge(vec![whole.sums]).unwrap();
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let merged = merge(order.map(|at| parts[at].clone()).to_vec()).unwrap();
            let (one, other) = (values(&merged), values(&whole));
            let words = |text: &str| text.split([' ', ',', '[', ']', '(', ')']).map(str::to_owned).collect::<Vec<_>>();
            for (one, other) in words(&one).iter().zip(words(&other)) {
                // an exact sum half-way between two floats may come out as either
                let numbers = one.parse::<f64>().ok().zip(other.parse::<f64>().ok());
                let near = numbers.is_some_and(|(a, b)| (a - b).abs() <= f64::EPSILON * a.abs());
                prop_assert!(*one == other || near, "{one} {other}");
            }
        }
    }

    /// A factor on all weights changes no mean, share, ratio or quantile; totals and their errors take it on.
    #[test]
    fn weights_have_no_scale(people in people(), at in 0..6usize, power in -3..4i32) {
        let factor = 2f64.powi(power);
        let scaled: Vec<Person> = people
            .iter()
            .map(|p| Person { weight: p.weight * factor, ..p.clone() })
            .collect();
        let design = design(DESIGNS[at]);
        let run = |people: &[Person]| ask(&sample(people), &design, &ITEMS, &["g"], None);
        let (Ok(before), Ok(after)) = (run(&people), run(&scaled)) else { return Ok(()) };
        for (before, after) in before.rows.iter().zip(&after.rows) {
            let total = matches!(
                before.statistic,
                opine::internals::frames::Statistic::Total | opine::internals::frames::Statistic::Count
            );
            let by = if total { factor } else { 1.0 };
            prop_assert!(close(before.estimate.map(|x| x * by), after.estimate, 1e-12), "{before:?}\n{after:?}");
            prop_assert!(close(before.se.map(|x| x * by), after.se, 1e-9), "{before:?}\n{after:?}");
        }
    }

    /// Totals of the groups add up to that of those in some group; the bases do, too.
    #[test]
    fn groups_add_up(people in people(), at in 0..4usize) {
        let (sample, design) = (sample(&people), design(DESIGNS[at]));
        let items = ["total(y)", "count()", "total(q)"];
        let Ok(parts) = ask(&sample, &design, &items, &["g"], None) else { return Ok(()) };
        for whole in rows(ask(&sample, &design, &items, &[], Some("g is not null"))) {
            let of = || parts.rows.iter().filter(|row| {
                row.variable == whole.variable && row.level == whole.level && row.statistic == whole.statistic
            });
            let sum: f64 = of().filter_map(|row| row.estimate).sum();
            let size: f64 = of().filter_map(|row| row.estimate).map(f64::abs).sum();
            prop_assert!((sum - whole.estimate.unwrap_or(0.0)).abs() <= 1e-12 * size);
            prop_assert_eq!(of().filter_map(|row| row.n).sum::<f64>(), whole.n.unwrap_or(0.0));
        }
    }

    /// The base of a domain is its own respondents with an answer and a weight; missing answers take no PSU from the design.
    #[test]
    fn bases_are_counted(people in people()) {
        let design = design(DESIGNS[2]);
        let Ok(answer) = ask(&sample(&people), &design, &["mean(y)", "prop(q)"], &["g"], None) else { return Ok(()) };
        for row in &answer.rows {
            let code = ["b", "a", "c"].iter().position(|name| *name == row.group("g"));
            let answered = |p: &&Person| p.group.map(usize::from) == code
                && p.weight > 0.0
                && if row.variable == "y" { p.y.is_some() } else { p.answer.is_some() };
            prop_assert_eq!(row.n, Some(people.iter().filter(answered).count() as f64));
        }
        let psus: std::collections::HashSet<_> = people.iter().map(|p| (p.stratum, p.psu)).collect();
        prop_assert_eq!(answer.units.psus(), psus.len() as u64);
    }

    /// Of two levels one is what the other leaves, with the same standard error.
    #[test]
    fn two_levels_mirror_each_other(people in people(), at in 0..DESIGNS.len()) {
        let two: Vec<Person> = people
            .iter()
            .map(|p| Person { answer: p.answer.map(|a| a.min(1)), ..p.clone() })
            .collect();
        let Ok(answer) = ask(&sample(&two), &design(DESIGNS[at]), &["prop(q)"], &[], None) else { return Ok(()) };
        let find = |level: &str| answer.rows.iter().find(|row| row.level.as_deref() == Some(level));
        if let (Some(yes), Some(no)) = (find("yes"), find("no")) {
            prop_assert!(close(yes.estimate.map(|p| 1.0 - p), no.estimate, 1e-12));
            prop_assert!(yes.se.is_some() == no.se.is_some());
            prop_assert!((yes.se.unwrap_or(0.0) - no.se.unwrap_or(0.0)).abs() < 1e-12);
        }
    }

    /// A file says the same as the sample that it was written from, in whatever format.
    #[test]
    fn formats_give_the_same_numbers(people in people(), at in 0..DESIGNS.len()) {
        // a column without any entry says not what it holds
        prop_assume!(people.iter().any(|p| p.y.is_some()));
        let folder = tempfile::tempdir().unwrap();
        let (csv, parquet) = (folder.path().join("sample.csv"), folder.path().join("sample.parquet"));
        write_csv(&csv, &columns(&people)).unwrap();
        write_parquet(&parquet, &columns(&people), sample(&people).codebook(), &[]).unwrap();
        let design = design(DESIGNS[at]);
        let expected = exact(ask(&sample(&people), &design, &ITEMS, &["g"], None));
        let open = |path: &std::path::Path| microdata::open(path, &OpenOptions::default()).unwrap();
        let read = open(&csv);
        prop_assert_eq!(&exact(ask(read.as_ref(), &design, &ITEMS, &["g"], None)), &expected);
        let read = open(&parquet);
        prop_assert_eq!(&exact(ask(read.as_ref(), &design, &ITEMS, &["g"], None)), &expected);
    }
}

/// Sums with their rounded values in the place of the two floats of each, which may be split in another place.
fn values(sums: &opine::internals::survey::sums::Sums) -> String {
    use opine::internals::survey::sums::{ItemSums, Sum};
    let all = |sums: &[Sum]| sums.iter().map(|sum| sum.value()).collect::<Vec<f64>>();
    let cells: Vec<_> = sums
        .cells
        .iter()
        .map(|c| {
            (
                c.unit,
                c.domain,
                c.rows,
                c.weighted,
                c.weight.value(),
                c.square.value(),
            )
        })
        .collect();
    let items: Vec<_> = sums
        .items
        .iter()
        .map(|item| match item {
            ItemSums::Levels(of) => format!(
                "{:?}",
                (&of.levels, all(&of.weight), all(&of.square), &of.count)
            ),
            ItemSums::Numbers(of) => {
                format!(
                    "{:?}",
                    (all(&of.first), all(&of.product), all(&of.moment), &of.count)
                )
            }
            ItemSums::Values(of) => format!("{of:?}"),
        })
        .collect();
    let rest = (&sums.strata, &sums.units, &sums.domains, sums.rows);
    format!("{rest:?} {cells:?} {}", items.join(" "))
}

/// The columns of a sample as they are written.
fn columns(people: &[Person]) -> Vec<(String, WriteColumn)> {
    let sample = sample(people);
    let column = |column: &MemoryColumn| match column {
        MemoryColumn::Numbers(numbers) => WriteColumn::Numbers(numbers.clone()),
        MemoryColumn::Texts { codes, values } => WriteColumn::Codes(microdata::Coded {
            codes: microdata::Codes::Wide(codes.clone()),
            values: values.clone(),
        }),
    };
    let names = sample
        .codebook()
        .variables
        .iter()
        .map(|variable| variable.name.clone());
    names.zip(sample.columns().iter().map(column)).collect()
}
