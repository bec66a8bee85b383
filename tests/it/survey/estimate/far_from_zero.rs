//! Numbers that lie far from 0 for their spread: what their sums have no digits for is centred, or said.

use opine::internals::frames::Estimate;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{Request, estimate};
use opine::internals::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Variable};
use proptest::prelude::*;

use crate::cli::program::opine_in;

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
    // numbers that are all the same have an error of 0
    for same in [0.1, 1e14 + 0.25, 3.0] {
        for row in rows(&[same; 30], &["mean(y)", "var(y)", "total(y)"], "") {
            assert_eq!(row.se, Some(0.0), "{row:?}");
        }
    }
}

/// Respondents with numbers y and z near a constant, in groups, PSUs and strata, with weights and replicate weights.
fn respondents(far: u64) -> String {
    let mut text = "y,z,g,h,psu,st,w,r1,r2,r3,r4\n".to_owned();
    for row in 0..120_u64 {
        // sixteenths are floats also at 1e14
        let (y, z) = (row * row % 101 % 16, row * 7 % 23 % 16);
        let number = |k: u64| format!("{far}{}", &format!("{:.4}", k as f64 / 16.0)[1..]);
        let weight = [1.0, 0.5, 2.0, 1.5][row as usize % 4];
        let replicates = (0..4).map(|r| {
            format!(
                "{}",
                weight * (0.7 + 0.2 * ((row / 6 * 7 + r * 5) % 4) as f64)
            )
        });
        let group = if row % 2 == 0 { "a" } else { "b" };
        let other = ["x", "y", "z"][(row * row % 7 % 3) as usize];
        text += &format!(
            "{},{},{group},{other},{},{},{weight},{}\n",
            number(y),
            number(z),
            row / 6,
            row / 60,
            replicates.collect::<Vec<_>>().join(",")
        );
    }
    text
}

/// The rows that a command prints, without what a constant moves.
fn printed(folder: &std::path::Path, args: &[&str]) -> Vec<serde_json::Value> {
    let args = [args, &["--json", "-q"]].concat();
    let run = opine_in(folder, &args, "");
    assert_eq!(run.code, 0, "{args:?} {}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// Numbers that a constant, added to y and z, does not change.
const UNMOVED: [&str; 12] = [
    "se",
    "deff",
    "n_eff",
    "std_dev",
    "t",
    "z",
    "statistic",
    "p_value",
    "letters",
    "n",
    "df",
    "df2",
];

#[test]
fn a_constant_changes_no_error_of_any_statistic() {
    let folder = tempfile::tempdir().unwrap();
    let path = |far: u64| format!("far{far}.csv");
    let constants = [
        0,
        1_000,
        1_000_000,
        10_u64.pow(9),
        10_u64.pow(12),
        10_u64.pow(14),
    ];
    for far in constants {
        std::fs::write(folder.path().join(path(far)), respondents(far)).unwrap();
    }
    let designs: [&[&str]; 5] = [
        &[],
        &["--weights", "w"],
        &["--psu", "psu", "--strata", "st", "--nest"],
        &["--psu", "psu", "--weights", "w"],
        &["--weights", "w", "--replicates", "^r", "--rep-type", "jk1"],
    ];
    let commands: [&[&str]; 7] = [
        &[
            "estimate",
            "mean(y)",
            "var(y)",
            "sd(y)",
            "cor(y, z)",
            "alpha(y, z)",
            "mean(y) - mean(z)",
            "mean(y, where h == 'x')",
            "mean(y, where h == 'x') - mean(y, where h == 'z')",
        ],
        &["estimate", "mean(y)", "cor(y, z)", "--by", "g,h"],
        &[
            "estimate",
            "mean(y)",
            "mean(y) - mean(z)",
            "--by",
            "g",
            "--pairwise",
        ],
        &["crosstab", "--rows", "mean(y)", "--columns", "g,h"],
        &[
            "crosstab",
            "--rows",
            "mean(y)",
            "--columns",
            "g,h",
            "--pairs",
        ],
        &[
            "test",
            "ttest(y, g)",
            "ttest(y - z)",
            "anova(y, h)",
            "ranktest(y, g)",
        ],
        &["estimate", "total(y) - total(z)", "--by", "g"],
    ];
    for design in designs {
        for command in commands {
            let rows = |far: u64| {
                let file = path(far);
                let args = [&[command[0], file.as_str()], &command[1..], design].concat();
                printed(folder.path(), &args)
            };
            let near = rows(0);
            for far in &constants[1..] {
                for (one, other) in near.iter().zip(rows(*far)) {
                    for name in UNMOVED {
                        let (one, other) = (&one[name], &other[name]);
                        let same = match (one.as_f64(), other.as_f64()) {
                            // a difference of 0 has a t of rounding
                            (Some(x), Some(y)) => (x - y).abs() <= 1e-6 * x.abs() + 1e-12,
                            _ => one == other,
                        };
                        assert!(same, "{command:?} {design:?} {far} {name}: {one} {other}");
                    }
                }
            }
        }
    }
}

#[test]
fn totals_and_ratios_of_numbers_far_from_zero_keep_their_error() {
    let folder = tempfile::tempdir().unwrap();
    let (near, far) = ("near.csv", "far.csv");
    std::fs::write(folder.path().join(near), respondents(0)).unwrap();
    std::fs::write(folder.path().join(far), respondents(10_u64.pow(14))).unwrap();
    let se = |rows: &[serde_json::Value], at: usize| rows[at]["se"].as_f64().unwrap();
    let close = |x: f64, y: f64| assert!((x - y).abs() <= 1e-6 * y, "{x} {y}");
    // with equal weights a constant is in every sample’s total; PSUs have six respondents each
    for design in [&[][..], &["--psu", "psu"], &["--strata", "st"]] {
        let total = |file| {
            printed(
                folder.path(),
                &[&["estimate", file, "total(y)"], design].concat(),
            )
        };
        close(se(&total(far), 0), se(&total(near), 0));
    }
    // ȳ/z̄ is next to 1, and so its error is that of ȳ − z̄ over z̄
    for design in [
        &[][..],
        &["--weights", "w"],
        &["--psu", "psu", "--weights", "w"],
    ] {
        let items = ["estimate", far, "ratio(y, z)", "mean(y) - mean(z)"];
        let rows = printed(folder.path(), &[&items, design].concat());
        close(se(&rows, 0) * 1e14, se(&rows, 1));
    }
    // weights that were made to hold totals
    std::fs::write(
        folder.path().join("targets.csv"),
        "variable,level,target\ng,a,0.6\ng,b,0.4\n",
    )
    .unwrap();
    let then = |file, item: &str| {
        let args = [
            "weight",
            file,
            "--weights",
            "w",
            "--rake",
            "targets.csv",
            "--then",
            item,
        ];
        printed(folder.path(), &args)
    };
    for item in ["mean(y)", "var(y)", "cor(y, z)"] {
        close(se(&then(far, item), 0), se(&then(near, item), 0));
    }
    let total = &then(far, "total(y)")[0];
    let said = total["note"].as_str().unwrap_or_default();
    assert!(
        total["se"].is_null() && said.contains("too far from 0"),
        "{total}"
    );
    // a model says that it can’t
    let refused = opine_in(folder.path(), &["fit", far, "y ~ g"], "");
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(
        refused.err.contains("y - 100000000000000"),
        "{}",
        refused.err
    );
    printed(folder.path(), &["fit", far, "y - 100000000000000 ~ g"]);
}

#[test]
fn means_of_tables_from_sums_have_their_error_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (file, offset) in [("near", 0.0), ("far", 1e14)] {
        let line = |at: usize| {
            let y = offset + (at * 37 % 101) as f64 / 16.0;
            format!("{y:?},{},{},5\n", ["a", "b"][at / 3 % 2], at % 12)
        };
        let lines: String = (0..240).map(line).collect();
        std::fs::write(
            path.join(format!("{file}.csv")),
            format!("y,g,p,five\n{lines}"),
        )
        .unwrap();
        let (csv, sums) = (format!("{file}.csv"), format!("{file}.sums"));
        let made = [
            "sums",
            &csv,
            "mean(y)",
            "mean(five)",
            "--columns",
            "g",
            "--psu",
            "p",
            "-o",
            &sums,
        ];
        let run = opine_in(path, &made, "");
        assert_eq!(run.code, 0, "{}", run.err);
        let rows = printed(path, &["crosstab", &sums]);
        let of = |name: &str| {
            let rows = rows
                .iter()
                .filter(|row| row["variable"] == name && row["statistic"] == "mean");
            rows.cloned().collect::<Vec<_>>()
        };
        assert_eq!(of("y").len(), 3, "{rows:?}");
        for row in of("y") {
            assert!(row["estimate"].is_number(), "{row}");
            assert_eq!(row["se"].is_null(), file == "far", "{row}");
            assert_eq!(row["std_dev"].is_null(), file == "far", "{row}");
            let note = row["note"].as_str().unwrap_or_default();
            assert_eq!(note.contains("too far from 0"), file == "far", "{row}");
        }
        // what does not vary at all has an error, which is 0 but for rounding
        let none = |row: &serde_json::Value| row["se"].as_f64().is_some_and(|se| se < 1e-12);
        assert!(of("five").iter().all(none), "{rows:?}");
        let pairs = printed(path, &["crosstab", &sums, "--pairs"]);
        let tested = pairs.iter().any(|row| {
            row["a"].as_str().is_some_and(|a| a.starts_with('y')) && !row["p_value"].is_null()
        });
        assert_eq!(tested, file == "near", "{pairs:?}");
    }
}
