//! What can't be weighted: the message names variable and level, nothing is written.

use std::path::Path;

use crate::cli::program::{Run, opine_in};

const FILE: &str =
    "sex,region,base,nothing,x\nf,N,1,0,1\nm,N,1,0,1\nf,S,1,0,1\nm,S,1,0,1\nf,N,1,0,1\n";

fn weighed(folder: &Path, targets: &str, args: &[&str]) -> Run {
    std::fs::write(folder.join("r.csv"), FILE).unwrap();
    std::fs::write(
        folder.join("t.csv"),
        format!("variable,level,target\n{targets}"),
    )
    .unwrap();
    let fixed = ["weight", "r.csv", "-o", "out.csv"];
    opine_in(folder, &[&fixed, args].concat(), "")
}

const RAKE: [&str; 2] = ["--rake", "t.csv"];
const CALIBRATE: [&str; 2] = ["--calibrate", "t.csv"];
const SEX: &str = "sex,f,0.6\nsex,m,0.4\n";

#[test]
fn bad_input_is_named_and_nothing_is_written() {
    let names: [(&str, &[&str], &[&str]); 16] = [
        ("sex,f,-3\nsex,m,4\n", &RAKE, &["sex", "f", "-3"]),
        ("sex,f,0\nsex,m,0\n", &RAKE, &["sex", "0"]),
        ("sex,f,0.5\nsex,m,0.4\nsex,d,0.1\n", &RAKE, &["sex", "d"]),
        ("sex,f,1\n", &RAKE, &["sex", "m"]),
        (
            "sex,f,62\nsex,m,40\nregion,N,70\nregion,S,50\n",
            &RAKE,
            &["region", "120", "102"],
        ),
        ("regoin,N,0.6\nregoin,S,0.4\n", &RAKE, &["regoin", "region"]),
        ("sex,f,0.6\nsex,m,half\n", &RAKE, &["line 3", "half"]),
        (
            "sex,f,0.6\nsex,m,NaN\n",
            &RAKE,
            &["line 3", "the target is missing"],
        ),
        ("sex,f,0.6\nsex,f,0.4\nsex,m,0.4\n", &RAKE, &["sex", "f"]),
        ("x,,20\n", &RAKE, &["x", "calibrat"]),
        (
            SEX,
            &["--rake", "t.csv", "--weights", "nothing"],
            &["the weights (nothing) are 0 in every row"],
        ),
        (
            SEX,
            &["--rake", "t.csv", "--weights", "bass"],
            &["bass", "base"],
        ),
        (
            SEX,
            &["--rake", "t.csv", "--name", "region"],
            &["region", "--name"],
        ),
        ("count(),,10\nx,,50\n", &CALIBRATE, &["x"]),
        (
            "sex,f,6\nsex,m,4\ncount(),,12\n",
            &CALIBRATE,
            &["sex", "10", "12"],
        ),
        ("", &RAKE, &["t.csv", "no targets"]),
    ];
    for (targets, args, words) in names {
        let folder = tempfile::tempdir().unwrap();
        let run = weighed(folder.path(), targets, args);
        assert_eq!(run.code, 2, "{targets}{args:?}: {}", run.err);
        for word in words {
            assert!(
                run.err.contains(word),
                "{targets}{args:?}: {word} in {}",
                run.err
            );
        }
        assert!(!folder.path().join("out.csv").exists(), "{targets}");
        assert_eq!(run.out, "", "{targets}");
    }
}

#[test]
fn what_does_not_converge_says_which_level_is_off() {
    let folder = tempfile::tempdir().unwrap();
    let file = "sex,region\nf,N\nf,N\nm,S\nm,S\n";
    let targets = "variable,level,target\nsex,f,0.6\nsex,m,0.4\nregion,N,0.5\nregion,S,0.5\n";
    std::fs::write(folder.path().join("r.csv"), file).unwrap();
    std::fs::write(folder.path().join("t.csv"), targets).unwrap();
    let args = ["weight", "r.csv", "--rake", "t.csv", "-o", "out.csv"];
    let run = opine_in(folder.path(), &args, "");
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(
        run.err.contains("sex") || run.err.contains("region"),
        "{}",
        run.err
    );
    assert!(!folder.path().join("out.csv").exists());
}

#[test]
fn files_that_are_not_there_end_in_3() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(weighed(folder.path(), SEX, &["--rake", "none.csv"]).code, 3);
    assert_eq!(
        weighed(folder.path(), SEX, &["--recipe", "none.toml"]).code,
        3
    );
    assert_eq!(
        opine_in(
            folder.path(),
            &["weight", "none.csv", "--rake", "t.csv"],
            ""
        )
        .code,
        3
    );
}

/// A jackknife of rows by rows would take all memory there is.
#[test]
fn more_replicates_than_fit_in_memory_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("r.csv"),
        "x\n".to_owned() + &"1\n".repeat(40_000),
    )
    .unwrap();
    let args = [
        "weight",
        "r.csv",
        "--make-replicates",
        "jk1",
        "-o",
        "out.csv",
    ];
    let run = opine_in(folder.path(), &args, "");
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(
        run.err.contains("40000 replicates of 40000 rows"),
        "{}",
        run.err
    );
}
