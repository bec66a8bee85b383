//! What would be too many rows for a table, a matrix or a family is refused, with what can hold them.

use std::fs;

use super::program::{opine_in, rows};

#[test]
fn many_rows_are_for_programs_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let lines: String = (0..20_001)
        .map(|at| format!("g{at},{}\n", at % 7))
        .collect();
    fs::write(path.join("p.csv"), format!("g,x\n{lines}")).unwrap();
    let estimate = |more: &[&str]| {
        let line = [&["estimate", "p.csv", "mean(x)", "--by", "g", "-q"], more].concat();
        opine_in(path, &line, "")
    };
    for format in ["text", "md", "html", "latex"] {
        let run = estimate(&["--format", format]);
        assert_eq!(run.code, 2, "{format}");
        assert!(
            run.err.contains("write .csv, .json or .parquet"),
            "{}",
            run.err
        );
        assert!(run.out.is_empty());
    }
    for file in ["o.xlsx", "o.docx"] {
        assert_eq!(estimate(&["-o", file]).code, 2, "{file}");
        assert!(!path.join(file).exists(), "{file}");
    }
    assert_eq!(rows(&estimate(&["--json"])).len(), 20_001);
    assert_eq!(estimate(&["--csv"]).out.lines().count(), 20_002);
    let run = estimate(&["-o", "o.parquet"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let back = opine_in(path, &["describe", "o.parquet", "--json"], "");
    assert_eq!(rows(&back)[0]["n"], 20_001);
    // one row fewer fits
    let run = estimate(&["--where", "g != 'g0'", "--format", "md"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn matrices_and_families_have_their_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let lines: String = (0..12_000)
        .map(|at| format!("g{},{}\n", at % 6_000, at % 7))
        .collect();
    fs::write(path.join("p.csv"), format!("g,x\n{lines}")).unwrap();
    for (option, said) in [
        (&["--pairwise"][..], "more than 100,000 differences"),
        (&["--covariance", "c.csv"], "more than 5,000 rows"),
    ] {
        let line = [
            &["estimate", "p.csv", "mean(x)", "--by", "g", "--json"],
            option,
        ]
        .concat();
        let run = opine_in(path, &line, "");
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains(said), "{}", run.err);
    }
    assert!(!path.join("c.csv").exists());
    // of sums all domains are there, and counted
    let made = opine_in(
        path,
        &["sums", "p.csv", "mean(x)", "--by", "g", "-o", "p.sums"],
        "",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let run = opine_in(path, &["estimate", "p.sums", "--pairwise", "--json"], "");
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("17,997,000 differences"), "{}", run.err);
}

#[test]
fn the_last_that_fits_fits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (groups, code) in [(447, 0), (448, 2)] {
        // those of no group, and those that a condition leaves out, are in no domain
        let lines: String = (0..2 * groups)
            .map(|at| format!("g{},{}\n", at % groups, at % 7))
            .chain((0..900).map(|at| format!("h{at},9\n,1\n")))
            .collect();
        fs::write(path.join("p.csv"), format!("g,x\n{lines}")).unwrap();
        let line = [
            "estimate",
            "p.csv",
            "mean(x)",
            "--by",
            "g",
            "--where",
            "x < 9",
            "--pairwise",
            "--json",
        ];
        let run = opine_in(path, &line, "");
        assert_eq!(run.code, code, "{groups}: {}", run.err);
        if code == 0 {
            let rows = rows(&run);
            assert_eq!(rows.len(), groups * (groups - 1) / 2);
            assert!(rows.iter().all(|row| row["se"].is_number()));
        }
    }
}

#[test]
fn weights_whose_squares_are_no_numbers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (weight, remedy) in [
        ("1e-320", "multiply"),
        ("1e200", "divide"),
        ("1e308", "divide"),
    ] {
        let lines: String = (0..8).map(|at| format!("{},{weight}\n", at % 3)).collect();
        fs::write(path.join("p.csv"), format!("x,w\n{lines}")).unwrap();
        for line in [
            "estimate p.csv mean(x) prop(x) count() --weights w",
            "crosstab p.csv --rows x --columns x --weights w",
            "sums p.csv prop(x) --weights w -o p.sums",
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let run = opine_in(path, &words, "");
            assert_eq!(run.code, 2, "{line}: {}{}", run.out, run.err);
            assert!(run.err.contains(remedy), "{line}: {}", run.err);
        }
    }
}
