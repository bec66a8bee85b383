//! What targets mean: one rule, for every method alike, and levels in the words of whoever wrote them.

use std::path::Path;

use opine::internals::survey::design::Design;
use opine::internals::survey::microdata::{OpenOptions, Source, open};
use opine::internals::survey::weighting::Distance;
use opine::internals::survey::weighting::recipe::{Recipe, Step, Targets, Weighted, weigh};

use crate::cli::program::{Run, opine_in};

/// 120 women and 80 men of three ages, some of each in each.
fn sample(folder: &Path) -> Box<dyn Source> {
    let mut file = "sex,age\n".to_owned();
    for row in 0..200 {
        let sex = ["F", "F", "M", "F", "M"][row % 5];
        let age = ["18-34", "35-54", "55+"][row % 3];
        file += &format!("{sex},{age}\n");
    }
    let path = folder.join("d.csv");
    std::fs::write(&path, file).unwrap();
    open(&path, &OpenOptions::default()).unwrap()
}

const METHODS: [&str; 3] = ["rake", "poststratify", "calibrate"];

fn step(method: &str, targets: Targets) -> Step {
    match method {
        "rake" => Step::Rake {
            targets,
            tolerance: None,
            iterations: None,
        },
        "poststratify" => Step::Poststratify(targets),
        _ => Step::Calibrate {
            targets,
            distance: Distance::Raking,
            tolerance: None,
            iterations: None,
        },
    }
}

fn weighed(
    source: &dyn Source,
    method: &str,
    targets: &str,
    population: Option<f64>,
) -> Result<Weighted, String> {
    let targets = Targets::parse(&format!("variable,level,target\n{targets}")).unwrap();
    let recipe = Recipe {
        steps: vec![step(method, targets)],
        population,
        ..Recipe::default()
    };
    weigh(source, &Design::default(), &recipe, None)
        .map_err(|error| error.to_string().replace(&format!("{method}: "), ""))
}

/// Thousandths as a person writes them.
fn decimal(thousandths: u64) -> String {
    match thousandths % 1000 {
        0 => (thousandths / 1000).to_string(),
        part => format!("{}.{part:03}", thousandths / 1000)
            .trim_end_matches('0')
            .to_owned(),
    }
}

/// Parts of a sum, as targets that are decimals.
fn parts(variable: &str, levels: &[&str], sum: u64) -> String {
    let each = sum / (levels.len() as u64 + 1);
    let last = sum - each * (levels.len() as u64 - 1);
    let target = |at: usize| decimal(if at + 1 == levels.len() { last } else { each });
    let line = |(at, level): (usize, &&str)| format!("{variable},{level},{}\n", target(at));
    levels.iter().enumerate().map(line).collect()
}

/// What whole numbers of thousandths say the targets are, with the total that the weights are to have; or nothing.
fn expected(sums: &[u64]) -> Option<(&'static str, f64)> {
    let all = |range: std::ops::RangeInclusive<u64>| sums.iter().all(|sum| range.contains(sum));
    if all(990..=1010) {
        return Some(("shares", 200.0));
    }
    if all(99_000..=101_000) {
        return Some(("per cent", 200.0));
    }
    let agree = sums.iter().all(|sum| sum.abs_diff(sums[0]) < 3000);
    (all(2001..=u64::MAX) && agree).then_some(("counts", sums[0] as f64 / 1000.0))
}

const SUMS: [u64; 20] = [
    500, 900, 989, 990, 1000, 1010, 1011, 1200, 2000, 98_999, 99_000, 99_100, 100_000, 101_000,
    101_001, 102_000, 200_000, 1_000_000, 1_002_000, 1_003_000,
];

fn check(source: &dyn Source, targets: &str, sums: &[(&str, u64)], method: &str) -> String {
    let only: Vec<u64> = sums.iter().map(|(_, sum)| *sum).collect();
    let what = format!("{method} {targets}");
    match (weighed(source, method, targets, None), expected(&only)) {
        (Ok(weighted), Some((kind, total))) => {
            let sum: f64 = weighted.result.weights.iter().sum();
            assert!((sum / total - 1.0).abs() < 1e-9, "{what}: {sum}, {total}");
            let first = format!("taken as {kind}: sex adds up to {}", decimal(only[0]));
            let [note] = weighted.notes() else {
                panic!("{what}: {:?}", weighted.notes());
            };
            assert!(note.starts_with(&first), "{what}: {note}");
            let women: f64 = weighted.result.weights.iter().step_by(5).sum();
            assert!(women > 0.0, "{what}");
            note.clone()
        }
        (Err(message), None) => {
            for (variable, sum) in sums {
                let either = [
                    format!("{variable} adds up to {}", decimal(*sum)),
                    format!("{variable} to {}", decimal(*sum)),
                    format!("{variable} add up to {}", decimal(*sum)),
                ];
                let named = either.iter().any(|words| message.contains(words));
                assert!(named, "{what}: {message}");
            }
            message
        }
        (found, expected) => panic!("{what}: {:?}, {expected:?}", found.map(|_| "weighted")),
    }
}

#[test]
fn one_rule_for_all_sums_and_methods() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    let source = source.as_ref();
    for one in SUMS {
        let sex = parts("sex", &["F", "M"], one);
        let alone = METHODS.map(|method| check(source, &sex, &[("sex", one)], method));
        assert!(alone.iter().all(|said| *said == alone[0]), "{alone:?}");
        for two in SUMS {
            let both = sex.clone() + &parts("age", &["18-34", "35-54", "55+"], two);
            let sums = [("sex", one), ("age", two)];
            let raked = check(source, &both, &sums, "rake");
            assert_eq!(check(source, &both, &sums, "calibrate"), raked);
        }
    }
}

/// 0.29 + 0.33 + 0.37 is 0.99 in decimals, in any order, and a spreadsheet's 33.00000000000001 is 33.
#[test]
fn sums_are_sums_of_decimals() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    for (targets, kind) in [
        (["0.29", "0.33", "0.37"], "shares: age adds up to 0.99"),
        (["0.37", "0.29", "0.33"], "shares: age adds up to 0.99"),
        (["0.34", "0.34", "0.33"], "shares: age adds up to 1.01"),
        (["33.1", "33.2", "32.7"], "per cent: age adds up to 99"),
        (
            ["33.00000000000001", "33", "33"],
            "per cent: age adds up to 99",
        ),
        (
            ["34.00000000000001", "34", "33"],
            "per cent: age adds up to 101",
        ),
        (
            ["32.99999999999999", "33", "33"],
            "per cent: age adds up to 99",
        ),
        (
            [
                "0.3333333333333333",
                "0.3333333333333333",
                "0.3333333333333333",
            ],
            "shares: age adds up to 0.999999999999999",
        ),
        (["1e3", "2e3", "2e3"], "counts: age adds up to 5000"),
    ] {
        let [young, middle, old] = targets;
        let lines = format!("age,18-34,{young}\nage,35-54,{middle}\nage,55+,{old}\n");
        let weighted = weighed(source.as_ref(), "rake", &lines, None).unwrap();
        assert_eq!(weighted.notes(), [format!("taken as {kind}")]);
    }
}

#[test]
fn shares_are_scaled_to_a_population_and_counts_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    for method in METHODS {
        let of = |targets: &str, population| weighed(source.as_ref(), method, targets, population);
        for targets in ["sex,F,0.5\nsex,M,0.49\n", "sex,F,51\nsex,M,50\n"] {
            let weighted = of(targets, Some(5000.0)).unwrap();
            let sum: f64 = weighted.result.weights.iter().sum();
            assert!((sum - 5000.0).abs() < 1e-6, "{method}: {sum}");
        }
        let refused = of("sex,F,510\nsex,M,490\n", Some(1000.0)).err().unwrap();
        assert!(
            refused.contains("sex adds up to 1000: these are counts"),
            "{method}: {refused}"
        );
    }
}

#[test]
fn numbers_and_the_number_of_all_go_with_counts() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    let refused = |method, targets| {
        weighed(source.as_ref(), method, targets, None)
            .err()
            .unwrap()
    };
    let text = refused("calibrate", "sex,F,500\nsex,M,500\nage,,47000\n");
    let words = "age is text: a line without a level is the total of a number";
    assert!(text.contains(words), "{text}");
    for method in METHODS {
        let message = refused(method, "sex,F,0.5\nsex,M,0.5\ncount(),,1000\n");
        assert!(
            message.contains("count() goes with counts alone, and sex adds up to 1"),
            "{message}"
        );
        let message = refused(method, "sex,F,500\nsex,M,500\ncount(),,1004\n");
        assert!(
            message.contains("1004") && message.contains("1000"),
            "{message}"
        );
        let weighted = weighed(
            source.as_ref(),
            method,
            "sex,F,500\nsex,M,500\ncount(),,1001\n",
            None,
        );
        let weighted = weighted.unwrap();
        assert!(weighted.notes()[0].ends_with("sex adds up to 1000; all are scaled to 1001"));
        assert!((weighted.result.weights.iter().sum::<f64>() - 1001.0).abs() < 1e-6);
    }
}

/// The level that people have and that was forgotten, the level that nobody has: the same words from all methods.
#[test]
fn levels_are_refused_in_the_words_of_the_targets() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    for (targets, words) in [
        ("sex,M,98\n", "sex “F” (120 respondents) has no target"),
        (
            "sex,F,98\nsex,M,102\nage,18-34,60\nage,35-54,66\n",
            "age “55+” (66 respondents) has no target",
        ),
        (
            "sex,F,0.5\nsex,m,0.5\n",
            "sex “m” has the target 0.5, but nobody in the sample has it with a weight: did you mean “M”?",
        ),
        (
            "sex,F,50\nsex,M,40\nsex,other,10\n",
            "sex “other” has the target 10, but nobody",
        ),
        ("sex,F,50\nsex,M,40\nsex,F,10\n", "sex “F” has two targets"),
        ("sex,F,0\nsex,M,0\n", "all targets of sex are 0"),
        (
            "sex:age,F:18-34,50\nsex:age,M:18-34,50\n",
            "sex:age “F:35-54” (40 respondents) has no target",
        ),
        (
            "sex:age,F,50\nsex:age,M,50\n",
            "sex:age “F”: a level of a crossing names one of each variable: write F:18-34",
        ),
        (
            "sex:age,F:18-43,50\nsex:age,M:18-34,50\n",
            "nobody in the sample has it with a weight: did you mean “18-34”?",
        ),
    ] {
        let mut said = Vec::new();
        for method in METHODS {
            if method == "poststratify" && targets.contains("\nage") {
                continue;
            }
            let message = weighed(source.as_ref(), method, targets, None)
                .err()
                .unwrap();
            assert!(message.contains(words), "{method} {targets}: {message}");
            said.push(message);
        }
        assert!(said.iter().all(|message| *message == said[0]), "{said:?}");
    }
}

#[test]
fn a_target_of_zero_is_nothing_or_leaves_out() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    for method in METHODS {
        let nobody = weighed(
            source.as_ref(),
            method,
            "sex,F,50\nsex,M,50\nsex,other,0\n",
            None,
        );
        assert!((nobody.unwrap().result.weights.iter().sum::<f64>() - 200.0).abs() < 1e-9);
        let targets = "age,18-34,40\nage,35-54,60\nage,55+,0\n";
        let weights = weighed(source.as_ref(), method, targets, None)
            .unwrap()
            .result
            .weights;
        assert!(
            weights
                .iter()
                .skip(2)
                .step_by(3)
                .all(|weight| *weight == 0.0),
            "{method}"
        );
        assert!(
            (weights.iter().sum::<f64>() - 200.0).abs() < 1e-9,
            "{method}"
        );
        assert!(
            (weights.iter().step_by(3).sum::<f64>() - 80.0).abs() < 1e-9,
            "{method}"
        );
    }
}

/// The shares of each country, as each office prints them, add up to 1 in it and to 2 in all.
#[test]
fn shares_within_a_country_are_no_shares_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let source = sample(folder.path());
    for method in METHODS {
        for (scale, sum, each) in [(0.01, "2", "1"), (1.0, "200", "100")] {
            let line = |level: &str, target: f64| format!("sex:age,{level},{}\n", target * scale);
            let targets = line("F:18-34", 40.0)
                + &line("F:35-54", 30.0)
                + &line("F:55+", 30.0)
                + &line("M:18-34", 25.0)
                + &line("M:35-54", 25.0)
                + &line("M:55+", 50.0);
            let message = weighed(source.as_ref(), method, &targets, None)
                .err()
                .unwrap();
            let words = format!("sex:age adds up to {sum}, and to {each} within each sex");
            assert!(message.contains(&words), "{method}: {message}");
        }
    }
}

/// Runs in a folder with a file of respondents and one of targets; the weights that were written.
fn run(folder: &Path, data: &str, targets: &str, args: &[&str]) -> (Run, Vec<f64>) {
    std::fs::write(folder.join("d.csv"), data).unwrap();
    std::fs::write(
        folder.join("t.csv"),
        format!("variable,level,target\n{targets}"),
    )
    .unwrap();
    let run = opine_in(
        folder,
        &[&["weight", "d.csv", "-o", "out.csv"], args].concat(),
        "",
    );
    let written = std::fs::read_to_string(folder.join("out.csv")).unwrap_or_default();
    let last = |line: &str| line.rsplit(',').next().unwrap().parse().unwrap();
    let weights = written.lines().skip(1).map(last).collect();
    (run, weights)
}

fn close(found: &[f64], expected: &[f64]) {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-8;
    let same = found.len() == expected.len() && found.iter().zip(expected).all(near);
    assert!(same, "{found:?}, expected {expected:?}");
}

/// An age in years is in a band of the targets, alone and crossed; what is in none is refused by its value.
#[test]
fn ages_in_years_are_in_bands() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = "age,sex\n18,F\n34,F\n35,F\n64,M\n65,M\n90,M\n";
    for method in ["--rake", "--poststratify", "--calibrate"] {
        let bands = "age,18-34,0.5\nage,35–64,0.25\nage,65+,0.25\n";
        let (run, weights) = run(folder, data, bands, &[method, "t.csv"]);
        assert_eq!(run.code, 0, "{}", run.err);
        close(&weights, &[1.5, 1.5, 0.75, 0.75, 0.75, 0.75]);
    }
    let crossed = "age:sex,under 35:F,30\nage:sex,35 and over:F,20\nage:sex,35 and over:M,50\n";
    let (crossed, weights) = run(folder, data, crossed, &["--rake", "t.csv"]);
    assert_eq!(crossed.code, 0, "{}", crossed.err);
    close(&weights, &[0.9, 0.9, 1.2, 1.0, 1.0, 1.0]);
    let (refused, _) = run(
        folder,
        data,
        "age,18-34,50\nage,40+,50\n",
        &["--rake", "t.csv"],
    );
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .err
            .contains("age “35” (1 respondent) has no target"),
        "{}",
        refused.err
    );
    let (refused, _) = run(
        folder,
        data,
        "age,18-35,50\nage,35+,50\n",
        &["--rake", "t.csv"],
    );
    assert!(
        refused
            .err
            .contains("“18-35” and “35+” both stand for “35”"),
        "{}",
        refused.err
    );
}

/// Crossed levels are pairs: 18:24 × F is not 18 × 24:F, and where a text can be both the quotes of a CSV tell.
#[test]
fn levels_with_colons_are_crossed_as_pairs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = "age,sex\n18:24,F\n18,24:F\n18:24,M\n18,F\n";
    let rest = "age:sex,18:24:M,0.2\nage:sex,18:F,0.1\n";
    let (ambiguous, _) = run(
        folder,
        data,
        &format!("age:sex,18:24:F,0.4\nage:sex,18:24:F,0.3\n{rest}"),
        &["--rake", "t.csv"],
    );
    assert_eq!(ambiguous.code, 2);
    assert!(
        ambiguous
            .err
            .contains("this can be 18 and 24:F, or 18:24 and F: quote"),
        "{}",
        ambiguous.err
    );
    let quoted = "age:sex,\"\"\"18:24\"\":F\",0.4\nage:sex,\"18:\"\"24:F\"\"\",0.3\n";
    for method in ["--rake", "--poststratify", "--calibrate"] {
        let (run, weights) = run(folder, data, &format!("{quoted}{rest}"), &[method, "t.csv"]);
        assert_eq!(run.code, 0, "{}", run.err);
        close(&weights, &[1.6, 1.2, 0.8, 0.4]);
    }
}

/// Names as they stand in the file, whatever signs are in them.
#[test]
fn names_are_taken_as_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = "clu#,a-b,age group,x:y\n1,u,k,p\n2,v,l,q\n1,v,k,q\n2,u,l,q\n";
    let all = "clu#,1,0.5\nclu#,2,0.5\na-b,u,0.5\na-b,v,0.5\nage group,k,0.5\nage group,l,0.5\nx:y,p,0.25\nx:y,q,0.75\n";
    let (named, weights) = run(folder, data, all, &["--rake", "t.csv"]);
    assert_eq!(named.code, 0, "{}", named.err);
    close(&weights, &[1.0; 4]);
    let crossed = "clu#:age group,1:k,0.5\nclu#:age group,2:l,0.5\n";
    let (crossed, _) = run(folder, data, crossed, &["--poststratify", "t.csv"]);
    assert_eq!(crossed.code, 0, "{}", crossed.err);
    let (unknown, _) = run(folder, data, "clu,1,0.5\nclu,2,0.5\n", &["--rake", "t.csv"]);
    assert!(
        unknown.err.contains("did you mean clu#?"),
        "{}",
        unknown.err
    );
}

/// What has no weight needs no target and no answer, and gives a level nobody.
#[test]
fn those_without_a_weight_are_out_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = "sex,w\nF,1\nM,1\nM,2\nX,0\n,0\n";
    for method in ["--rake", "--poststratify", "--calibrate"] {
        let args = [method, "t.csv", "--weights", "w"];
        let (weighted, weights) = run(folder, data, "sex,F,50\nsex,M,50\n", &args);
        assert_eq!(weighted.code, 0, "{}", weighted.err);
        close(&weights, &[2.0, 2.0 / 3.0, 4.0 / 3.0, 0.0, 0.0]);
        let (refused, _) = run(folder, data, "sex,F,50\nsex,M,40\nsex,X,10\n", &args);
        assert_eq!(refused.code, 2);
        assert!(
            refused.err.contains(
                "sex “X” has the target 10, but nobody in the sample has it with a weight"
            ),
            "{}",
            refused.err
        );
    }
}

/// Runs on a file of the tests, with targets of its own.
fn run_on(file: &str, targets: &str, args: &[&str]) -> (Run, Vec<f64>) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(
        folder.join("t.csv"),
        format!("variable,level,target\n{targets}"),
    )
    .unwrap();
    let file = format!("{}/tests/files/{file}", env!("CARGO_MANIFEST_DIR"));
    let run = opine_in(
        folder,
        &[&["weight", &file, "-o", "out.csv"], args].concat(),
        "",
    );
    let written = std::fs::read_to_string(folder.join("out.csv")).unwrap_or_default();
    let last = |line: &str| line.rsplit(',').next().unwrap().parse().unwrap();
    let weights = written.lines().skip(1).map(last).collect();
    (run, weights)
}

/// A label with a blank before it is found without, and where no label is called so the code is.
#[test]
fn labels_with_blanks_and_codes() {
    let mut all = Vec::new();
    for targets in [
        "region,North,0.5\nregion,South,0.5\n",
        "region,\" North\",50\nregion,\"South \",50\n",
        "region,1,0.5\nregion,South,0.5\n",
        "region,1.0,0.5\nregion,2,0.5\n",
    ] {
        for method in ["--rake", "--poststratify", "--calibrate"] {
            let (run, weights) = run_on("label-leading-blank.sav", targets, &[method, "t.csv"]);
            assert_eq!(run.code, 0, "{targets}: {}", run.err);
            all.push(weights);
        }
    }
    all.iter().for_each(|weights| close(weights, &all[0]));
    let twice = "region,North,0.5\nregion,1,0.5\nregion,South,0.5\n";
    let (run, _) = run_on("label-leading-blank.sav", twice, &["--rake", "t.csv"]);
    assert!(
        run.err.contains("“North” and “1” both stand for “North”"),
        "{}",
        run.err
    );
    let (run, _) = run_on(
        "name-with-hash.sav",
        "clu#,1,0.5\nclu#,2,0.5\n",
        &["--rake", "t.csv"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
}

/// Weights that are no numbers, or infinite, are refused as negative ones are, whatever is done to them.
#[test]
fn weights_that_are_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for bad in ["inf", "-inf", "-1", "1e999"] {
        let data = format!("sex,w\nF,1\nM,1\nM,{bad}\n");
        for step in [
            ["--rake", "t.csv"],
            ["--calibrate", "t.csv"],
            ["--normalise", "respondents"],
            ["--trim", "0.5,2"],
            ["--make-replicates", "bootstrap:5"],
        ] {
            let args = [&step[..], &["--weights", "w"]].concat();
            let (run, weights) = run(folder, &data, "sex,F,50\nsex,M,50\n", &args);
            assert!(
                run.code == 2 || run.code == 3,
                "{bad} {step:?}: {} {}",
                run.code,
                run.err
            );
            assert!(weights.is_empty(), "{bad} {step:?}");
        }
    }
}

/// Who did not respond, or was left out by a step before, needs no answer and no target in the next.
#[test]
fn steps_leave_people_out_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = "status,sex,age\nyes,F,young\nyes,M,young\nyes,M,old\nyes,X,none\nno,,\n";
    let recipe = "[[step]]\nmethod = \"nonresponse\"\nresponded = \"status == 'yes'\"\nclasses = \"status in ['yes', 'no']\"\n\
                  [[step]]\nmethod = \"METHOD\"\ntargets = { sex = { F = 50, M = 50, X = 0 } }\n\
                  [[step]]\nmethod = \"METHOD\"\ntargets = { age = { young = 0.75, old = 0.25 } }\n";
    for method in ["rake", "poststratify", "calibrate"] {
        std::fs::write(folder.join("r.toml"), recipe.replace("METHOD", method)).unwrap();
        let (run, weights) = run(folder, data, "", &["--recipe", "r.toml"]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.contains("note: taken as per cent: sex adds up to 100\nnote: taken as shares: age adds up to 1"), "{}", run.err);
        close(&weights[3..], &[0.0, 0.0]);
        close(&[weights[0] + weights[1], weights[2]], &[3.75, 1.25]);
    }
}

/// A population that nothing is scaled to is refused as an option and noted in a recipe that agrees with it.
#[test]
fn a_population_without_effect() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = "sex\nF\nM\nM\n";
    let counts = "sex,F,400\nsex,M,600\n";
    let (refused, _) = run(
        folder,
        data,
        counts,
        &["--rake", "t.csv", "--population", "1000"],
    );
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(
        refused
            .err
            .contains("these are counts, and a population is what shares"),
        "{}",
        refused.err
    );
    let recipe = |population: &str| {
        let text = format!(
            "population = {population}\n[[step]]\nmethod = \"rake\"\ntargets = \"t.csv\"\n"
        );
        std::fs::write(folder.join("r.toml"), text).unwrap();
        run(folder, data, counts, &["--recipe", "r.toml"])
    };
    let (noted, weights) = recipe("1000");
    assert_eq!(noted.code, 0, "{}", noted.err);
    assert!(
        noted.err.contains("note: population has no effect"),
        "{}",
        noted.err
    );
    close(&weights, &[400.0, 300.0, 300.0]);
    assert_eq!(recipe("2000").0.code, 2);
}

/// --standardise has the same rule, names, bands and words.
#[test]
fn a_standard_is_read_as_targets_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut data = "age,sex,y\n".to_owned();
    for row in 0..60 {
        data += &format!("{},{},{}\n", 18 + row, ["F", "M"][row % 2], row % 7);
    }
    std::fs::write(folder.join("d.csv"), &data).unwrap();
    let estimate = |targets: &str, args: &[&str]| {
        std::fs::write(
            folder.join("s.csv"),
            format!("variable,level,target\n{targets}"),
        )
        .unwrap();
        let fixed = ["estimate", "d.csv", "mean(y)", "--json"];
        opine_in(folder, &[&fixed, args].concat(), "")
    };
    let standard = ["--standardise", "s.csv"];
    let mean = |run: &Run| {
        assert_eq!(run.code, 0, "{}", run.err);
        let rows: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        rows[0]["estimate"].as_f64().unwrap()
    };
    let by_hand = mean(&estimate(
        "\"cut(age, 35, 65)\",under 35,0.3\n\"cut(age, 35, 65)\",35 to under 65,0.5\n\"cut(age, 35, 65)\",65 and over,0.2\n",
        &standard,
    ));
    for (targets, kind) in [
        (
            "age,18-34,0.3\nage,35-64,0.5\nage,65+,0.2\n",
            "shares: age adds up to 1",
        ),
        (
            "age,18-34,30\nage,35-64,50\nage,65+,20\n",
            "per cent: age adds up to 100",
        ),
        (
            "age,under 35,300\nage,35 to 64,500\nage,65 and older,200\n",
            "counts: age adds up to 1000",
        ),
    ] {
        let run = estimate(targets, &standard);
        assert!((mean(&run) - by_hand).abs() < 1e-12, "{targets}");
        assert!(
            run.err.contains(&format!("note: s.csv: taken as {kind}")),
            "{}",
            run.err
        );
    }
    let crossed = "age:sex,18-47:F,25\nage:sex,18-47:M,25\nage:sex,48+:F,25\nage:sex,48+:M,25\n";
    mean(&estimate(crossed, &standard));
    for (targets, words) in [
        ("sex,F,0.6\nsex,M,0.6\n", "sex adds up to 1.2"),
        (
            "sex,F,50\nsex,W,50\n",
            "sex “M” has respondents and no share",
        ),
        (
            "sex,F,50\nsex,M,40\nsex,W,10\n",
            "sex “W” has a share, but nobody has it",
        ),
        (
            "age,30-64,50\nage,65+,50\n",
            "age “under 30” has respondents and no share",
        ),
        ("age,18-65,50\nage,65+,50\n", "overlaps with another band"),
        ("sex,F,50\nsex,M,50\ncount(),,1000\n", "and no count()"),
    ] {
        let run = estimate(targets, &standard);
        assert_eq!(run.code, 2, "{targets}: {}", run.out);
        assert!(run.err.contains(words), "{targets}: {}", run.err);
    }
}

/// Nine pairs of levels are nine, though two of them would be called the same without quotes.
#[test]
fn crossed_levels_with_colons_are_estimated_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = "age,sex\n".to_owned();
    for age in ["18:24", "18", "25"] {
        for sex in ["F", "24:F", "M"] {
            data += &format!("{age},{sex}\n{age},{sex}\n");
        }
    }
    std::fs::write(folder.path().join("d.csv"), data).unwrap();
    let run = opine_in(
        folder.path(),
        &["estimate", "d.csv", "prop(age:sex)", "--json"],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&run.out).unwrap();
    assert_eq!(rows.len(), 9);
    for row in &rows {
        assert!(
            (row["estimate"].as_f64().unwrap() - 1.0 / 9.0).abs() < 1e-12,
            "{row}"
        );
    }
    let levels: Vec<&str> = rows
        .iter()
        .map(|row| row["level"].as_str().unwrap())
        .collect();
    assert!(
        levels.contains(&"\"18:24\":F") && levels.contains(&"18:\"24:F\""),
        "{levels:?}"
    );
}
