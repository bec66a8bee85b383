//! Tables with new weights: the errors are those that estimates with the same weights have.

use std::path::Path;

use opine::internals::survey::crosstab::{BannerPart, Question, Request};
use opine::internals::survey::design::Design;
use opine::internals::survey::microdata::{self, OpenOptions};
use opine::internals::survey::weighting::recipe::{Recipe, weigh};
use serde_json::Value;

use crate::cli::program::{number, opine_in, rows};

const RECIPE: &str = "[[step]]\nmethod = \"rake\"\ntargets = \"targets.csv\"\n\n[[step]]\nmethod = \"poststratify\"\ntargets = \"sex.csv\"\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::copy("examples/poll.csv", at("poll.csv")).unwrap();
    std::fs::copy("examples/targets.csv", at("targets.csv")).unwrap();
    let sex = "variable,level,target\nsex,Female,0.5\nsex,Male,0.5\n";
    std::fs::write(at("sex.csv"), sex).unwrap();
    std::fs::write(at("recipe.toml"), RECIPE).unwrap();
    folder
}

fn run(folder: &Path, more: &[&str]) -> Vec<Value> {
    let arguments = [&["weight", "poll.csv", "--json"], more].concat();
    rows(&opine_in(folder, &arguments, ""))
}

const UNITS: [&str; 6] = ["--weights", "weight", "--strata", "stratum", "--psu", "psu"];
const STRATA: [&str; 4] = ["--weights", "weight", "--strata", "region"];
const ELEMENTS: [&str; 2] = ["--weights", "weight"];
const RAKE: [&str; 2] = ["--rake", "targets.csv"];

#[test]
fn cells_have_the_errors_of_estimates_with_the_same_weights() {
    let folder = folder();
    let recipe = ["--recipe", "recipe.toml"];
    let projection = ["--rake", "targets.csv", "--raking-variance", "projection"];
    let replicates = ["--rake", "targets.csv", "--make-replicates", "bootstrap:40"];
    for design in [&UNITS[..], &STRATA, &ELEMENTS] {
        for steps in [&RAKE[..], &recipe, &projection, &replicates] {
            let of = |then: &[&str]| run(folder.path(), &[steps, design, then].concat());
            let made = of(&["--then", "crosstab party"]);
            let mut compared = 0;
            for by in [&["--by", "party"][..], &[]] {
                let items = ["--then", "prop(q1)", "mean(therm_us)"];
                for expected in of(&[&items, by].concat()) {
                    let column = expected["party"].as_str().unwrap_or("Total");
                    let same = |row: &&Value| {
                        ["variable", "level"]
                            .iter()
                            .all(|of| row[of] == expected[of])
                            && row["column"] == column
                    };
                    let row = made.iter().find(same).unwrap();
                    for name in ["estimate", "se"] {
                        let (x, y) = (number(row, name), number(&expected, name));
                        let close = (x - y).abs() <= 1e-8 * y.abs();
                        assert!(close, "{steps:?} {design:?} {name}: {row} {expected}");
                        compared += 1;
                    }
                }
            }
            assert!(compared >= 40, "{compared}");
        }
    }
}

/// Standard errors of the twelve differences of q1 by party where respondents are the units, made row by row with numpy:
/// w (z − x′B) with z the score over the new weight and B by base weights.
const ROW_BY_ROW: [f64; 12] = [
    0.017_736_258_251_268_875,
    0.017_832_274_027_814_28,
    0.020_297_200_381_302_72,
    0.021_111_226_250_630_32,
    0.022_138_108_415_827_622,
    0.024_302_011_651_690_807,
    0.024_451_473_507_055_687,
    0.025_219_381_083_374_36,
    0.027_070_201_523_496_727,
    0.030_224_675_968_580_028,
    0.032_110_659_070_227_414,
    0.032_367_632_130_840_25,
];

#[test]
fn differences_have_errors_that_know_of_the_weighting() {
    let folder = folder();
    let source = microdata::open("examples/poll.csv".as_ref(), &OpenOptions::default()).unwrap();
    let path = folder.path().join("one.toml");
    let (rake, _) = RECIPE.split_once("\n\n").unwrap();
    std::fs::write(&path, rake).unwrap();
    let (recipe, _) = Recipe::read(&path, &opine::internals::tabular::Options::default()).unwrap();
    let then = ["--then", "prop(q1)", "--by", "party", "--pairwise"];
    let pairs = |flags: &[&'static str]| -> Vec<f64> {
        let pairs = run(folder.path(), &[&RAKE[..], flags, &then].concat());
        pairs.iter().map(|row| number(row, "se")).collect()
    };
    // without PSUs the groups of --by are no more independent than with them
    let of_elements = pairs(&ELEMENTS);
    for (flags, mut theirs) in [
        (&UNITS[..], pairs(&UNITS)),
        (&ELEMENTS, ROW_BY_ROW.to_vec()),
        (&ELEMENTS, of_elements),
    ] {
        let lists = |name: &str| match flags.iter().position(|flag| *flag == name) {
            Some(at) => vec![flags[at + 1].to_owned()],
            None => Vec::new(),
        };
        let design = Design {
            weights: Some("weight".to_owned()),
            strata: lists("--strata"),
            psu: lists("--psu"),
            ..Design::default()
        };
        let weighted = weigh(source.as_ref(), &design, &recipe, None).unwrap();
        let request = Request {
            tables: vec![Question::parse("q1").unwrap().into()],
            banner: vec![BannerPart::parse("party").unwrap()],
            ..Request::default()
        };
        let made = weighted
            .crosstab(source.as_ref(), "poll", &request, Default::default())
            .unwrap();
        let mut ours: Vec<f64> = made.comparisons().iter().filter_map(|row| row.se).collect();
        ours.sort_by(f64::total_cmp);
        theirs.sort_by(f64::total_cmp);
        assert_eq!(ours.len(), theirs.len());
        assert!(ours.len() >= 12);
        for (x, y) in ours.iter().zip(&theirs) {
            assert!((x - y).abs() <= 1e-8 * y, "{flags:?}: {x} {y}");
        }
    }
}

#[test]
fn a_banner_after_weighting_says_what_it_does_not_take() {
    let folder = folder();
    let refusals = [
        (
            &["--then", "crosstab"][..],
            "--then crosstab takes a banner",
        ),
        (
            &["--then", "crosstab party", "mean(therm_us)"],
            "stands by itself",
        ),
        (&["--then", "crosstab party", "--by", "region"], "--by"),
        (&["--then", "crosstab party", "--pairwise"], "--pairwise"),
        (&["--then", "crosstab parti"], "did you mean party?"),
    ];
    for (then, message) in refusals {
        let arguments = [&["weight", "poll.csv"], &RAKE[..], then].concat();
        let output = opine_in(folder.path(), &arguments, "");
        let error = &output.err;
        assert_eq!(output.code, 2, "{then:?}: {error}");
        assert!(error.contains(message), "{then:?}: {error}");
    }
    let arguments = [
        &["weight", "poll.csv"],
        &RAKE[..],
        &["--then", "crosstab party,age"],
    ]
    .concat();
    let output = opine_in(folder.path(), &arguments, "");
    assert!(
        output.out.contains("Weighted by new weights"),
        "{}",
        output.out
    );
}
