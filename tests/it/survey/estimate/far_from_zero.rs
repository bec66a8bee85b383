//! Numbers that lie far from 0 for their spread: what their sums have no digits for is centred, or said.

use opine::internals::frames::Estimate;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{Request, estimate};
use opine::internals::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Variable};
use proptest::prelude::*;

/// The rows of these items of a column `y` in two groups.
fn rows(y: &[f64], items: &[&str], by: &str) -> Vec<Estimate> {
    let groups = (0..y.len()).map(|row| Some(if row % 2 == 0 { "a" } else { "b" }));
    let codebook = Codebook {
        variables: vec![
            Variable::bare("y", Kind::Number),
            Variable::bare("g", Kind::Text),
        ],
        ..Codebook::default()
    };
    let columns = vec![
        MemoryColumn::Numbers(y.to_vec()),
        MemoryColumn::from_texts(groups.map(|group| group.map(str::to_owned))),
    ];
    let memory = Memory::new(codebook, columns).unwrap();
    let mut request = Request::builder(items.iter().copied());
    if !by.is_empty() {
        request = request.by(by);
    }
    let request = request.build().unwrap();
    estimate(&memory, &Design::default(), &request)
        .unwrap()
        .rows
}

fn close(x: Option<f64>, y: Option<f64>, share: f64) -> bool {
    match (x, y) {
        (Some(x), Some(y)) => (x - y).abs() <= share * y.abs(),
        (x, y) => x == y,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A constant, added to numbers that stay exact, changes no error.
    #[test]
    fn a_constant_changes_no_error(
        tenths in proptest::collection::vec(0u8..16, 12..60),
        far in prop::sample::select(vec![1e6, 1e9, 1e12, 1e14, -3e13]),
    ) {
        let near: Vec<f64> = tenths.iter().map(|k| f64::from(*k) / 16.0).collect();
        let moved: Vec<f64> = near.iter().map(|y| y + far).collect();
        for by in ["", "g"] {
            let items = ["mean(y)", "var(y)", "sd(y)"];
            let (near, moved) = (rows(&near, &items, by), rows(&moved, &items, by));
            prop_assert_eq!(near.len(), moved.len());
            for (one, other) in near.iter().zip(&moved) {
                let context = format!("{one:?} {other:?}");
                prop_assert!(close(other.se, one.se, 1e-6), "{}", context);
                prop_assert!(close(other.deff, one.deff, 1e-6), "{}", context);
                let moved = match one.statistic {
                    opine::internals::frames::Statistic::Mean => one.estimate.map(|mean| mean + far),
                    _ => one.estimate,
                };
                prop_assert!(close(other.estimate, moved, 1e-9), "{}", context);
            }
        }
    }
}

#[test]
fn an_error_of_rounding_is_none_and_said() {
    let differ: Vec<f64> = (0..40).map(|k| 1.5 + f64::from(k % 7) / 10.0).collect();
    for (factor, part) in [(1e-170, "smaller"), (1e200, "larger")] {
        let numbers: Vec<f64> = differ.iter().map(|y| y * factor).collect();
        for row in rows(&numbers, &["mean(y)", "var(y)", "sd(y)", "total(y)"], "") {
            assert_eq!(row.se, None, "{row:?}");
            assert!(row.note.contains(part), "{row:?}");
        }
    }
    // a total is not centred
    let far: Vec<f64> = differ.iter().map(|y| y + 1e14).collect();
    let total = &rows(&far, &["total(y)"], "")[0];
    assert!(
        total.se.is_none() && total.note.contains("too far from 0"),
        "{total:?}"
    );
    // numbers that are all the same have an error of 0
    for same in [0.1, 1e14 + 0.25, 3.0] {
        for row in rows(&[same; 30], &["mean(y)", "var(y)", "total(y)"], "") {
            assert_eq!(row.se, Some(0.0), "{row:?}");
        }
    }
}
