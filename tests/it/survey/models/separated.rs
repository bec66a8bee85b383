//! Responses that are told without error: what is named, what is still estimated, what is refused.

use crate::survey::testing::{data, opine, refused, rows};

const DESIGN: [&str; 6] = ["--weights", "pw", "--strata", "stype", "--fpc", "fpc"];
const REPLICATES: [&str; 6] = [
    "--weights",
    "pw",
    "--replicates",
    "^rw[0-9]+$",
    "--rep-type",
    "bootstrap",
];

/// Part of the coefficients without a bound: these are named with their level and counts, the others estimated, exit code 0.
#[test]
fn a_level_without_a_bound_is_named() {
    let file = data("apistrat.csv");
    let output = opine(
        &[
            &["fit", &file, "awards == 'Yes' ~ sch_wide + meals"][..],
            &DESIGN,
        ]
        .concat(),
    );
    let (text, error) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{error}");
    assert!(
        error.contains(
            "of the 48 with sch_wide = No nobody has awards == 'Yes': the odds ratio has no bound"
        ),
        "{error}"
    );
    assert!(text.contains("no bound"), "{text}");
}

/// What hangs on coefficients without bound: a limit, an average with its error, or a reason why there is neither.
#[test]
fn margins_after_separation() {
    let file = data("apistrat.csv");
    let formula = "awards == 'Yes' ~ sch_wide + meals";
    let fitted =
        |more: &[&str]| rows(&[&["fit", &file, formula], &DESIGN[..], more].concat()).unwrap();
    let margins = fitted(&["--margins", "sch_wide"]);
    let [no, yes, difference, ratio] = margins.as_slice() else {
        panic!("{margins:?}")
    };
    assert_eq!(
        (no["estimate"].as_f64(), no["se"].as_f64()),
        (Some(0.0), None)
    );
    assert_eq!(no["flags"], "separated");
    // worked out apart: the model of the others, averaged over all 200, whose score the other 48 do not add to
    let near = |value: &serde_json::Value, expected: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() < 1e-12, "{value} {expected}");
    };
    near(&yes["estimate"], 0.771_714_722_955_241_6);
    near(&yes["se"], 0.035_077_491_025_288_52);
    near(&difference["estimate"], 0.771_714_722_955_241_6);
    assert!(difference["se"].is_null() && ratio["estimate"].is_null());
    assert_eq!(ratio["note"], "there is no ratio to 0");
    let conditional = fitted(&["--margins", "sch_wide", "--se", "conditional"]);
    near(&conditional[1]["se"], 0.035_088_904_817_323_25);
    let pairs = fitted(&["--margins", "sch_wide", "--pairwise"]);
    near(&pairs[0]["estimate"], 0.771_714_722_955_241_6);
    assert!(pairs[0]["p_value"].is_null());
    assert!(pairs[0]["sentence"].as_str().unwrap().contains("a limit"));

    // a1 is always, b1 never; nobody is both, and of everybody set to a1 those with b1 could be either
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut text = "a,b,y\n".to_owned();
    for at in 0..120 {
        text += match at % 6 {
            0 => "a1,b0,1\n",
            1 => "a0,b1,0\n",
            2 | 3 => "a0,b0,1\n",
            _ => "a0,b0,0\n",
        };
    }
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    let margins = rows(&["fit", &path, "y == 1 ~ a + b", "--margins", "a,overall"]).unwrap();
    let a1 = margins
        .iter()
        .find(|row| row["level"] == "a1" && row["statistic"] == "margin")
        .unwrap();
    assert!(a1["estimate"].is_null() && a1["flags"] == "separated");
    assert_eq!(
        a1["note"],
        "no bound: it hangs on coefficients that have none"
    );
    near(&margins.last().unwrap()["estimate"], 0.5);
    let drawn = opine(&[
        "fit",
        &path,
        "y == 1 ~ a + b",
        "--margins",
        "a",
        "--pairwise",
    ]);
    let text = String::from_utf8(drawn.stdout).unwrap();
    assert!(
        text.contains("a1 and a0 can’t be compared")
            || text.contains("a0 and a1 can’t be compared"),
        "{text}"
    );
}

/// Where an answer on a scale, or one without an order, is all one way in a level, that level is named and the model refused.
#[test]
fn levels_that_tell_an_answer_are_named() {
    for (file, formula, more, words) in [
        (
            "lonely.csv",
            "stype ~ yr_rnd",
            &["--family", "multinomial"][..],
            "of the 20 with yr_rnd = Yes nobody has stype = H",
        ),
        (
            "apiclus1.csv",
            "stype ~ sch_wide + yr_rnd",
            &["--family", "ordinal", "--order", "M,H,E"],
            "of the 9 with yr_rnd = Yes everybody has stype = E",
        ),
        (
            "apiclus1.csv",
            "stype ~ ref(yr_rnd, 'No') * ref(sch_wide, 'Yes')",
            &["--family", "multinomial"],
            "of the 9 with yr_rnd = Yes nobody has stype = H",
        ),
    ] {
        let (code, error) =
            refused(&[&["fit", &data(file), formula, "--weights", "pw"][..], more].concat());
        assert_eq!(code, 1, "{error}");
        assert!(
            error.contains(words) && error.contains("no bound"),
            "{error}"
        );
        // a combination says nothing that its level does not
        assert!(!error.contains("Yes with sch_wide"), "{error}");
    }
}

/// A number that tells an answer on a scale has no level to be named.
#[test]
fn numbers_that_tell_an_answer_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut text = "x,y\n".to_owned();
    for x in 0..60 {
        text += &format!("{x},{}\n", ["low", "mid", "high"][x / 20]);
    }
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    for more in [
        &["--family", "ordinal", "--order", "low,mid,high"][..],
        &["--family", "multinomial"],
    ] {
        let (code, error) = refused(&[&["fit", &path, "y ~ x"][..], more].concat());
        assert_eq!(code, 1, "{error}");
        assert!(
            error.contains("separation: for ") && error.contains("x tells y without error"),
            "{error}"
        );
    }
}

/// A number of 0 and 1 is not something that a person has.
#[test]
fn a_number_is_named_by_its_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut text = "g,y\n".to_owned();
    for at in 0..40 {
        text += match at % 4 {
            0 => "a,1\n",
            1 => "b,0\n",
            2 => "c,1\n",
            _ => "c,0\n",
        };
    }
    std::fs::write(&path, text).unwrap();
    let output = opine(&[
        "fit",
        &path.display().to_string(),
        "y ~ g",
        "--family",
        "binomial",
    ]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("y is 1 for all 10 with g = a: the odds ratio"),
        "{error}"
    );
    assert!(error.contains("y is 0 for all 10 with g = b"), "{error}");
}

/// With an edge there is a bound, and no error: links that can predict 0 or 100% say so.
#[test]
fn links_with_an_edge() {
    let file = data("rep_boot.csv");
    let output = opine(&[
        "fit",
        &file,
        "comp_imp == 'Yes' ~ sch_wide",
        "--link",
        "identity",
        "--weights",
        "pw",
    ]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("nobody has comp_imp == 'Yes': the coefficient lies at the edge"),
        "{error}"
    );
    let (code, error) = refused(&[
        "fit",
        &file,
        "comp_imp == 'Yes' ~ ell",
        "--link",
        "log",
        "--weights",
        "pw",
    ]);
    assert_eq!(code, 1);
    assert!(
        error.contains("a mean of 100%") && error.contains("--link logit"),
        "{error}"
    );
}

/// With replicate weights the others are estimated from what is left, each replicate anew; a replicate that has no model of its
/// own is named with the level.
#[test]
fn replicates_and_separation() {
    let file = data("rep_boot.csv");
    let fitted = |formula: &str, more: &[&str]| {
        rows(&[&["fit", &file, formula][..], &REPLICATES, more].concat()).unwrap()
    };
    let of = |rows: &[serde_json::Value], term: &str| {
        let row = rows.iter().find(|row| row["term"] == term).unwrap();
        (row["estimate"].as_f64(), row["se"].as_f64())
    };
    let told = fitted("awards == 'Yes' ~ sch_wide + meals", &[]);
    assert_eq!(of(&told, "sch_wideYes"), (None, None));
    let left = fitted("awards == 'Yes' ~ meals", &["--where", "sch_wide == 'Yes'"]);
    let ((b, se), (expected, error)) = (of(&told, "meals"), of(&left, "meals"));
    for (found, expected) in [(b, expected), (se, error)] {
        let (found, expected) = (found.unwrap(), expected.unwrap());
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
    }
    for (formula, more, words) in [
        (
            "api00 ~ yr_rnd",
            &[][..],
            "replicate 18, in which nobody has yr_rnd = Yes, gives no model",
        ),
        (
            "awards == 'Yes' ~ yr_rnd + meals",
            &[],
            "replicate 2, in which of the 2 with yr_rnd = Yes everybody has awards == 'Yes'",
        ),
        (
            "stype ~ comp_imp",
            &["--family", "multinomial"],
            "in which of the 43 with comp_imp = No nobody has stype = H",
        ),
        (
            "stype ~ yr_rnd",
            &["--family", "ordinal", "--order", "E,H,M"],
            "with yr_rnd = Yes everybody has stype = E",
        ),
    ] {
        let (code, error) = refused(&[&["fit", &file, formula][..], &REPLICATES, more].concat());
        assert_eq!(code, 1, "{error}");
        assert!(error.contains(words), "{error}");
    }
}
