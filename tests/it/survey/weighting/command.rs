//! `opine weight`: what it takes, what it writes, what its options do.

use std::path::Path;

use serde_json::Value;

use crate::cli::program::{Run, number, opine_in, rows};
use crate::survey::weighting::golden_command::data;

const FILE: &str = "\
id,sex,age,region,base,x
01,f,23,North,1.0,10
02,m,34,North,2.0,20
3,f,45,\"South, far\",1.50,30
4,m,61,\"South, far\",1,
5,f,70,North,1,50
6,m,19,\"South, far\",1,60
7,f,33,North,1,70
8,m,52,\"South, far\",1,80
";

/// Runs in a folder with the small file and one of targets.
fn weighed(folder: &Path, targets: &str, args: &[&str]) -> Run {
    std::fs::write(folder.join("r.csv"), FILE).unwrap();
    std::fs::write(
        folder.join("t.csv"),
        format!("variable,level,target\n{targets}"),
    )
    .unwrap();
    opine_in(folder, &[&["weight", "r.csv"], args].concat(), "")
}

/// The rows after weighting, as texts, with the head first.
fn out(folder: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(folder.join("out.csv"))
        .unwrap();
    let record = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader.records().map(|r| record(r.unwrap())).collect()
}

fn weights(folder: &Path) -> Vec<f64> {
    let rows = out(folder);
    rows[1..]
        .iter()
        .map(|row| row.last().unwrap().parse().unwrap())
        .collect()
}

fn sum(weights: &[f64], rows: &[usize]) -> f64 {
    rows.iter().map(|row| weights[*row]).sum()
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-8 * expected.abs().max(1.0),
        "{found}, expected {expected}"
    );
}

const SEX: &str = "sex,f,0.6\nsex,m,0.4\n";
const WOMEN: [usize; 4] = [0, 2, 4, 6];
const MEN: [usize; 4] = [1, 3, 5, 7];

#[test]
fn a_csv_keeps_its_columns_and_entries_letter_by_letter() {
    let folder = tempfile::tempdir().unwrap();
    let run = weighed(
        folder.path(),
        SEX,
        &["--rake", "t.csv", "-o", "out.csv", "--weights", "base"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(FILE.as_bytes());
    let out = out(folder.path());
    for (found, expected) in out.iter().zip(reader.records()) {
        let expected = expected.unwrap();
        assert_eq!(
            found[..6],
            expected.iter().map(str::to_owned).collect::<Vec<_>>()
        );
    }
    assert_eq!((out.len(), out[0][6].as_str()), (9, "new_weight"));
    let weights = weights(folder.path());
    close(weights.iter().sum(), 9.5);
    close(sum(&weights, &WOMEN), 5.7);
    // base weights keep their ratios within a cell
    close(weights[2] / weights[0], 1.5);
}

#[test]
fn parquet_and_back_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["--rake", "t.csv", "--weights", "base", "-o"];
    assert_eq!(
        weighed(folder.path(), SEX, &[&args[..], &["out.csv"]].concat()).code,
        0
    );
    let direct = weights(folder.path());
    assert_eq!(
        weighed(folder.path(), SEX, &[&args[..], &["out.parquet"]].concat()).code,
        0
    );
    let again = opine_in(
        folder.path(),
        &[
            "weight",
            "out.parquet",
            "--weights",
            "new_weight",
            "--normalise",
            "9.5",
            "--name",
            "w",
            "-o",
            "out.csv",
        ],
        "",
    );
    assert_eq!(again.code, 0, "{}", again.err);
    let back = out(folder.path());
    assert_eq!(
        back[0],
        ["id", "sex", "age", "region", "base", "x", "new_weight", "w"]
    );
    assert_eq!(back[3][3], "South, far");
    weights(folder.path())
        .iter()
        .zip(&direct)
        .for_each(|(a, b)| close(*a, *b));
}

#[test]
fn crossings_bands_shares_and_numbers_as_levels() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = |targets: &str, more: &[&str]| {
        let args = [&["--rake", "t.csv", "-o", "out.csv"], more].concat();
        let run = weighed(folder, targets, &args);
        assert_eq!(run.code, 0, "{}", run.err);
        weights(folder)
    };
    let crossed = "sex:region,f:North,35\nsex:region,\"f:South, far\",20\nsex:region,m:North,10\nsex:region,\"m:South, far\",40\n";
    let found = run(crossed, &[]);
    close(sum(&found, &[0, 4, 6]), 35.0);
    close(sum(&found, &[2]), 20.0);
    close(sum(&found, &[1]), 10.0);
    let cut = rows(&opine_in(
        folder,
        &["estimate", "r.csv", "prop(cut(age, 40))", "--json"],
        "",
    ));
    let bands: Vec<&str> = cut
        .iter()
        .map(|row| row["level"].as_str().unwrap())
        .collect();
    let targets = format!(
        "\"cut(age, 40)\",{},0.5\n\"cut(age, 40)\",{},0.5\n{SEX}",
        bands[0], bands[1]
    );
    let found = run(&targets, &["--population", "1000"]);
    close(sum(&found, &[0, 1, 5, 6]), 500.0);
    close(sum(&found, &WOMEN), 600.0);
    // shares in per cent are shares, too
    close(
        sum(
            &run("sex,f,60\nsex,m,40\n", &["--population", "1000"]),
            &MEN,
        ),
        400.0,
    );
    let found = run("base,1,6\nbase,1.5,1\nbase,2,3\n", &[]);
    close(found[1], 3.0);
    close(found[0], 1.0);
}

#[test]
fn missing_answers_are_refused_dropped_or_a_category() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let levels = "x,10,1\nx,20,1\nx,30,1\nx,50,1\nx,60,1\nx,70,1\nx,80,1\n";
    let run = |more: &[&str]| {
        weighed(
            folder,
            levels,
            &[&["--rake", "t.csv", "-o", "out.csv"], more].concat(),
        )
    };
    let refused = run(&[]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains('x') && refused.err.contains("--no-answer"),
        "{}",
        refused.err
    );
    assert!(!folder.join("out.csv").exists());
    assert_eq!(run(&["--no-answer", "drop"]).code, 0);
    assert_eq!(weights(folder)[3], 0.0);
    assert_eq!(run(&["--no-answer", "category"]).code, 0);
    assert!(weights(folder)[3] > 0.0);
}

#[test]
fn labelled_variables_by_label_and_by_code() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sav = format!("{}/tests/files/plain.sav", env!("CARGO_MANIFEST_DIR"));
    let levels = |codes: &[&str]| -> Vec<String> {
        let args = [&["estimate", &sav, "prop(vote)", "--json"], codes].concat();
        let rows = rows(&opine_in(folder, &args, ""));
        rows.iter()
            .map(|row| row["level"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut written = Vec::new();
    for names in [levels(&[]), levels(&["--codes"])] {
        let lines: String = names
            .iter()
            .enumerate()
            .map(|(at, name)| format!("vote,{name},{}\n", at + 1))
            .collect();
        std::fs::write(
            folder.join("t.csv"),
            format!("variable,level,target\n{lines}"),
        )
        .unwrap();
        let args = [
            "weight",
            &sav,
            "--rake",
            "t.csv",
            "--no-answer",
            "drop",
            "-o",
            "out.csv",
        ];
        let run = opine_in(folder, &args, "");
        assert_eq!(run.code, 0, "{}", run.err);
        written.push(weights(folder));
    }
    assert_eq!(written[0], written[1]);
}

#[test]
fn scaled_and_trimmed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = |more: &[&str]| {
        let args = [
            &["--rake", "t.csv", "--weights", "base", "-o", "out.csv"],
            more,
        ]
        .concat();
        let run = weighed(folder, SEX, &args);
        assert_eq!(run.code, 0, "{}", run.err);
        weights(folder)
    };
    close(run(&["--normalise", "respondents"]).iter().sum(), 8.0);
    close(run(&["--normalise", "500"]).iter().sum(), 500.0);
    let spread = |found: &[f64]| {
        let ends = found.iter().fold((f64::MAX, 0.0_f64), |(low, high), w| {
            (low.min(*w), high.max(*w))
        });
        (ends.0, ends.1)
    };
    for (unit, bounds) in [
        ("weight", "0.9,1.8"),
        ("median", ",1.4"),
        ("mean", "0.7,"),
        ("quantile", "0.1,0.9"),
    ] {
        let found = run(&["--trim", bounds, "--trim-unit", unit]);
        close(found.iter().sum(), 9.5);
        assert_ne!(found, run(&[]), "{unit}");
    }
    let strict = run(&["--trim", "0.8,1.9", "--strict"]);
    let (low, high) = spread(&strict);
    assert!(low > 0.8 - 1e-6 && high < 1.9 + 1e-6, "{strict:?}");
    close((sum(&strict, &WOMEN) / 5.7 * 1e6).round(), 1e6);
}

fn se(rows: &[Value]) -> f64 {
    number(&rows[0], "se")
}

#[test]
fn replicates_are_made_and_reweighted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let targets = "variable,level,target\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch_wide,No,1072\nsch_wide,Yes,5122\n";
    std::fs::write(folder.join("t.csv"), targets).unwrap();
    let run = |file: &str, more: &[&str]| {
        let fixed = ["weight", file, "--rake", "t.csv", "--json"];
        let then = ["--then", "mean(api00)"];
        rows(&opine_in(folder, &[&fixed, more, &then].concat(), ""))
    };
    let srs = data("apisrs.csv");
    let taylor = run(&srs, &["--weights", "pw"]);
    for method in ["jk1", "bootstrap:400", "subbootstrap:400", "sdr:40"] {
        let made = run(&srs, &["--weights", "pw", "--make-replicates", method]);
        let ratio = se(&made) / se(&taylor);
        close(number(&made[0], "estimate"), number(&taylor[0], "estimate"));
        assert!((0.8..1.25).contains(&ratio), "{method}: {ratio}");
    }
    let strat = data("apistrat.csv");
    let stratified = ["--weights", "pw", "--strata", "stype"];
    let made = run(
        &strat,
        &[&stratified[..], &["--make-replicates", "jkn"]].concat(),
    );
    let ratio = se(&made) / se(&run(&strat, &stratified));
    assert!((0.9..1.1).contains(&ratio), "jkn: {ratio}");
    let seeded = |seed: &str| {
        se(&run(
            &srs,
            &[
                "--weights",
                "pw",
                "--make-replicates",
                "bootstrap:50",
                "--seed",
                seed,
            ],
        ))
    };
    assert_eq!(seeded("3"), seeded("3"));
    assert_ne!(seeded("3"), seeded("4"));
    // replicates of the file, each raked again, are near the linearised SE of the same clusters
    let jk1 = [
        "--weights",
        "pw0",
        "--replicates",
        "^rw[0-9]+$",
        "--rep-type",
        "jk1",
        "--scale",
        "0.914839277851167",
    ];
    let again = run(&data("rep_jk1.csv"), &jk1);
    let linear = run(
        &data("apiclus1.csv"),
        &["--weights", "pw", "--psu", "dnum", "--fpc", "fpc"],
    );
    let ratio = se(&again) / se(&linear);
    assert!((0.8..1.4).contains(&ratio), "{ratio}");
}

#[test]
fn brr_and_fay_of_two_units_a_stratum() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut file = "stratum,psu,sex,y\n".to_owned();
    for stratum in 0..20 {
        for psu in 0..2 {
            for at in 0..6 {
                let y = (stratum * 7 + psu * 13 + at * 5) % 17;
                file += &format!("s{stratum},p{psu},{},{y}\n", ["f", "m"][at % 2]);
            }
        }
    }
    std::fs::write(folder.join("two.csv"), file).unwrap();
    std::fs::write(
        folder.join("t.csv"),
        format!("variable,level,target\n{SEX}"),
    )
    .unwrap();
    let run = |more: &[&str]| {
        let fixed = [
            "weight", "two.csv", "--rake", "t.csv", "--json", "--strata", "stratum", "--psu",
            "psu", "--nest",
        ];
        se(&rows(&opine_in(
            folder,
            &[&fixed, more, &["--then", "mean(y)"]].concat(),
            "",
        )))
    };
    let taylor = run(&[]);
    for method in ["brr", "fay:0.3", "jkn"] {
        let ratio = run(&["--make-replicates", method]) / taylor;
        assert!((0.95..1.05).contains(&ratio), "{method}: {ratio}");
    }
}

#[test]
fn a_report_is_a_page_with_pictures_and_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let args = [
        "--rake",
        "t.csv",
        "--weights",
        "base",
        "--report",
        "out",
        "--report-by",
        "sex",
        "--then",
        "mean(age)",
        "-q",
    ];
    let run = weighed(folder.path(), SEX, &args);
    assert_eq!(run.code, 0, "{}", run.err);
    for words in [
        "New weights by sex",
        "Estimates before and after",
        "mean age",
    ] {
        assert!(run.out.contains(words), "{words}: {}", run.out);
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let page = read("weighting.html");
    for words in [
        "Weights of r",
        "design effect",
        "New weights by sex",
        "mean age",
        "Convergence",
        "<svg",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<script") && !page.contains("src=\"http"));
    assert!(read("weights.csv").starts_with("from,to,before_share,after_share\n"));
    assert!(read("targets.csv").lines().count() == 3 && read("weights.svg").contains("<svg"));
    for name in ["weights.png", "targets.png", "targets.svg"] {
        assert!(folder.path().join("out").join(name).is_file(), "{name}");
    }
}

#[test]
fn calibration_leaves_out_those_without_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let targets = "count(),,8\nx,,400\n";
    let refused = weighed(folder.path(), targets, &["--calibrate", "t.csv"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .err
            .contains("x is missing in 1 row: leave out those without"),
        "{}",
        refused.err
    );
    let args = [
        "--calibrate",
        "t.csv",
        "--no-answer",
        "drop",
        "-o",
        "out.csv",
        "--then",
        "mean(x)",
        "--json",
    ];
    let made = rows(&weighed(folder.path(), targets, &args));
    let weights = weights(folder.path());
    assert_eq!(weights[3], 0.0);
    close(sum(&weights, &[0, 1, 2, 3, 4, 5, 6, 7]), 8.0);
    close(number(&made[0], "estimate"), 50.0);
    // what the weights are held to has no variance
    assert_eq!(number(&made[0], "se"), 0.0);
}

/// Published tables are rounded: what adds up to 100.1 are shares, not counts.
#[test]
fn rounded_shares_are_shares() {
    let folder = tempfile::tempdir().unwrap();
    let run = weighed(
        folder.path(),
        "sex,f,52.1%\nsex,m,48%\n",
        &["--rake", "t.csv", "-o", "out.csv"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let note = "note: t.csv: taken as per cent: sex adds up to 100.1\n";
    assert!(run.err.contains(note), "{}", run.err);
    let weights = weights(folder.path());
    close(sum(&weights, &[0, 2, 4, 6]), 8.0 * 52.1 / 100.1);
}

/// Who has no base weight needs no class of nonresponse, as no target; who has one does.
#[test]
fn rows_without_a_weight_need_no_class() {
    let class = |codes: &[u32]| {
        let levels = ["a".to_owned(), "b".to_owned()];
        let variable = opine::internals::survey::weighting::Variable {
            name: "class",
            levels: &levels,
            codes,
        };
        let answered = [true, false, true, true];
        opine::internals::survey::weighting::nonresponse(&[1.0, 1.0, 2.0, 0.0], &answered, variable)
    };
    let none = opine::internals::survey::weighting::MISSING;
    let with = class(&[0, 0, 1, none]).unwrap();
    assert_eq!(with.weights, [2.0, 0.0, 2.0, 0.0]);
    assert_eq!(with.weights, class(&[0, 0, 1, 0]).unwrap().weights);
    assert_eq!(
        with.classes.iter().map(|class| class.rows).sum::<usize>(),
        3
    );
    assert!(class(&[0, 0, none, 1]).is_err());
}

/// What can’t be met or counted in a recipe is refused, and nothing is put in its place.
#[test]
fn tolerances_and_iterations_of_recipes_are_taken_as_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("poll.csv"), "sex,q\nm,1\nf,2\nf,3\n").unwrap();
    std::fs::write(
        folder.path().join("t.csv"),
        "variable,level,target\nsex,m,49\nsex,f,51\n",
    )
    .unwrap();
    for method in ["rake", "calibrate"] {
        for (line, right) in [
            ("iterations = 50", true),
            ("iterations = 2.5", false),
            ("iterations = -1", false),
            ("iterations = 0", false),
            ("iterations = \"many\"", false),
            ("tolerance = 1e-9", true),
            ("tolerance = 1e-20", false),
            ("tolerance = 0", false),
        ] {
            let recipe = format!("[[step]]\nmethod = \"{method}\"\ntargets = \"t.csv\"\n{line}\n");
            std::fs::write(folder.path().join("recipe.toml"), recipe).unwrap();
            let run = opine_in(
                folder.path(),
                &["weight", "poll.csv", "--recipe", "recipe.toml"],
                "",
            );
            assert_eq!(run.code == 0, right, "{method} {line}: {}", run.err);
        }
    }
}
