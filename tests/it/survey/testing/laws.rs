//! What must hold whatever the data: the scale of the weights and the order of the rows change nothing.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::rows;

/// A file of respondents in a design of strata and PSUs.
fn write(path: &Path, people: &[(u8, u8, u8, f64)], scale: f64, backwards: bool) {
    let mut lines: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(at, (g, q, y, w))| {
            let (stratum, psu) = (at % 3, at % 12);
            format!("s{stratum},p{psu},{},g{g},q{q},{y}", w * scale)
        })
        .collect();
    if backwards {
        lines.reverse();
    }
    std::fs::write(path, format!("stratum,psu,w,g,q,y\n{}\n", lines.join("\n"))).unwrap();
}

const ITEMS: [&str; 4] = ["chisq(g, q)", "anova(y, g)", "ranktest(y, g)", "ttest(y)"];

fn tested(path: &Path, options: &[&str]) -> Vec<Value> {
    let path = path.display().to_string();
    rows(&[&["test", &path][..], &ITEMS, &["--weights", "w"], options].concat()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn scale_and_order_change_nothing(
        people in prop::collection::vec((0_u8..3, 0_u8..3, 0_u8..20, 0.2_f64..5.0), 60..120),
        power in -20_i32..20,
        clustered in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let design: &[&str] = match clustered {
            true => &["--strata", "stratum", "--psu", "psu", "--nest"],
            false => &["--strata", "stratum"],
        };
        let path = folder.path().join("a.csv");
        write(&path, &people, 1.0, false);
        let first = tested(&path, design);
        write(&path, &people, 1.0, true);
        prop_assert_eq!(&first, &tested(&path, design));
        // a power of two scales without rounding
        write(&path, &people, f64::from(power).exp2(), false);
        for (one, other) in first.iter().zip(tested(&path, design)) {
            for key in ["statistic", "p_value", "estimate", "se"] {
                let (one, other) = (one[key].as_f64(), other[key].as_f64());
                let near = match (one, other) {
                    (Some(one), Some(other)) => (one - other).abs() <= 1e-11 * one.abs() + 1e-14,
                    (one, other) => one == other,
                };
                prop_assert!(near, "{} {:?} {:?}", key, one, other);
            }
        }
    }
}
