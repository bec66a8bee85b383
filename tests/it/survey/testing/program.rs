//! What tests print, and what they refuse.

use super::{data, opine, refused, rows};

fn opinion() -> String {
    data("opinion.csv")
}

const DESIGN: [&str; 6] = ["--weights", "weight", "--strata", "stratum", "--psu", "psu"];

#[test]
fn a_table_of_tests_and_their_sentences() {
    let file = opinion();
    let items = [
        "chisq(party, q1)",
        "ttest(therm_us, sex)",
        "ranktest(therm_us, party)",
        "ttest(therm_us - therm_cn)",
    ];
    let output = opine(&[&["test", &file][..], &items, &DESIGN].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for part in [
        "F 3.12 on 8.83 and 7,944",
        "p (Holm)",
        "4 p-values adjusted by Holm as one family",
        "Answers to q1 differ by party more than sampling alone explains (Rao–Scott F 3.12 on 8.83 and 7,944, p 0.001;",
        "therm_us: Male is 0.24 above Female",
        "it does not show which is higher, nor that they are equal",
        "Without an answer, left out of tests of it: q1 90.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for word in ["significan", "effect", "caus"] {
        assert!(!text.to_lowercase().contains(word), "{word}\n{text}");
    }
}

/// Holm's adjustment goes over items and groups together.
#[test]
fn all_tests_of_a_command_are_one_family() {
    let file = opinion();
    let args = [
        &[
            "test",
            &file,
            "chisq(party, q1)",
            "chisq(party, q2)",
            "--by",
            "sex",
        ][..],
        &DESIGN,
    ]
    .concat();
    let rows = rows(&args).unwrap();
    assert_eq!(rows.len(), 4);
    let mut p: Vec<f64> = rows
        .iter()
        .map(|row| row["p_value"].as_f64().unwrap())
        .collect();
    p.sort_by(f64::total_cmp);
    let least = rows
        .iter()
        .map(|row| row["p_adjusted"].as_f64().unwrap())
        .fold(1.0, f64::min);
    assert!((least - 4.0 * p[0]).abs() < 1e-12, "{least}");
    assert_eq!(rows[0]["sex"], "Female");
}

#[test]
fn what_can_not_be_tested_is_said() {
    let file = opinion();
    for (item, options, words) in [
        (
            "ttest(therm_us, party)",
            &[][..],
            &["party has 4 levels", "anova"][..],
        ),
        ("tttest(therm_us, sex)", &[], &["did you mean ttest?"]),
        ("chisq(party)", &[], &["chisq takes two variables"]),
        ("mean(therm_us)", &[], &["no test mean"]),
        ("party", &[], &["is no test"]),
        ("ttest(party, sex)", &[], &["party"]),
        ("chisq(party, q99)", &[], &["q99"]),
        (
            "chisq(party, q1)",
            &["--score", "median"],
            &["--score has no effect"],
        ),
        (
            "ttest(therm_us, sex)",
            &["--statistic", "wald"],
            &["--statistic has no effect"],
        ),
        (
            "ttest(therm_us, sex)",
            &["--adjust", "bh"],
            &["--adjust has no effect"],
        ),
        (
            "ttest(therm_us, sex)",
            &["--by", "statistic=party"],
            &["--by statistic"],
        ),
        // what is right stands in the message, not what another command takes
        (
            "ranktest(party, therm_us)",
            &[],
            &["the number comes first", "ranktest(therm_us, party)"],
        ),
        (
            "ttest(party, sex)",
            &[],
            &["chisq(party, sex)", "ttest(party == 'LEVEL', sex) a share"],
        ),
        (
            "ranktest(q1, sex)",
            &[],
            &["chisq(q1, sex)", "--family ordinal"],
        ),
        ("ttest(q1)", &[], &["prop(q1)"]),
        ("ttest(therm_us, 50)", &[], &["tests ttest(therm_us - 50)"]),
        (
            "ttest(therm_us ~ sex)",
            &[],
            &["write ttest(therm_us, sex), "],
        ),
        ("wilcoxon(therm_us, sex)", &[], &["ranktest(y, g)"]),
    ] {
        let (code, error) = refused(&[&["test", &file, item][..], options, &DESIGN].concat());
        assert_eq!(code, 2, "{item}: {error}");
        for word in words {
            assert!(error.contains(word), "{item}: {word}: {error}");
        }
    }
    // a group of one level is a row that says why
    let args = [
        &[
            "test",
            &file,
            "ttest(therm_us, sex)",
            "--where",
            "sex == 'Male'",
        ][..],
        &DESIGN,
    ]
    .concat();
    let row = &rows(&args).unwrap()[0];
    assert!(row["p_value"].is_null());
    assert!(row["note"].as_str().unwrap().contains("only Male"), "{row}");
}

#[test]
fn tests_are_explained() {
    let file = opinion();
    let items = [
        "chisq(party, q1)",
        "ttest(therm_us, sex)",
        "ranktest(therm_us, party)",
        "anova(therm_us, party)",
    ];
    let output = opine(&[&["test", &file][..], &items, &DESIGN, &["--explain"]].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!(text.replace(&file, "opinion.csv"));
}

#[test]
fn the_file_comes_first() {
    let file = opinion();
    for first in ["chisq", "chisq(party, q1)"] {
        let (code, error) = refused(&["test", first, &file]);
        assert_eq!(code, 2, "{error}");
        assert!(error.contains("the file comes first"), "{error}");
    }
}

/// The R code of an explanation runs, and gives the same p-values; where R or its package survey is not there, it is said.
#[test]
fn r_code_of_explained_tests_gives_the_same_p_values() {
    let ask = "if (!requireNamespace('survey', quietly = TRUE)) quit(status = 9)";
    let has_r = std::process::Command::new("Rscript")
        .args(["-e", ask])
        .output();
    if !has_r.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Rscript with the package survey is not there");
        return;
    }
    let file = opinion();
    let items = [
        "chisq(party, q1)",
        "ttest(therm_us, sex)",
        "ttest(therm_us - therm_cn)",
        "anova(therm_us, party)",
    ];
    let base = [&["test", &file][..], &items, &DESIGN].concat();
    let text = String::from_utf8(opine(&[&base[..], &["--explain"]].concat()).stdout).unwrap();
    let code = text.split("In R (package survey)").nth(1).unwrap();
    let code = code.split("In Stata").next().unwrap();
    let with_p = |line: &str| {
        let line = line.trim();
        let of = match line.split('(').next() {
            Some("svychisq" | "svyttest" | "svyranktest") => "$p.value",
            Some("regTermTest") => "$p",
            _ => return line.to_owned(),
        };
        format!("cat(sprintf('= %.12e\\n', as.numeric({line}{of})))")
    };
    let script: Vec<String> = code.lines().map(with_p).collect();
    let run = std::process::Command::new("Rscript")
        .args(["-e", &script.join("\n")])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}\n{error}", script.join("\n"));
    let out = String::from_utf8_lossy(&run.stdout);
    let theirs: Vec<f64> = out
        .lines()
        .filter_map(|line| line.trim().strip_prefix("= ")?.parse().ok())
        .collect();
    let ours = rows(&base).unwrap();
    assert_eq!(ours.len(), theirs.len(), "{out}");
    for (row, p) in ours.iter().zip(theirs) {
        let own = row["p_value"].as_f64().unwrap();
        assert!((own - p).abs() <= 1e-5 * p + 1e-12, "{p}: {row}");
    }
}

/// What stands elsewhere is named where it was looked for.
#[test]
fn refusals_name_what_does_the_same() {
    let (imputed, file) = (data("pv.csv"), data("opinion.csv"));
    for (args, words) in [
        (
            &["test", &imputed, "ttest(mi(pv1..pv5), stype)"][..],
            "'mi(pv1..pv5) ~ g'",
        ),
        (
            &["describe", &file, "--balance", "party"],
            "--balance \"party == 'Blue'\" takes one against the others",
        ),
        (
            &["test", &file, "therm_us ~ sex"],
            "write ttest(therm_us, sex), ranktest(therm_us, sex) or anova(therm_us, sex)",
        ),
        (&["test", &file, "~party + q1"], "write chisq(party, q1)"),
    ] {
        let (code, error) = refused(args);
        assert!(code == 2 && error.contains(words), "{code} {error}");
    }
    let rows = rows(&["estimate", &file, "cor(therm_us, therm_us)"]).unwrap();
    assert_eq!(
        rows[0]["note"],
        "one says all that the other does: no interval"
    );
}
