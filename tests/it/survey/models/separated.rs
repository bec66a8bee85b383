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

/// Where an answer on a scale, or one without an order, is all one way in a level, that level is named and the rest estimated.
#[test]
fn levels_that_tell_an_answer_are_named() {
    for (file, formula, more, words) in [
        (
            "lonely.csv",
            "stype ~ yr_rnd",
            &["--family", "multinomial"][..],
            "of the 20 with yr_rnd = Yes nobody has stype = H: the relative risk ratio has no bound",
        ),
        (
            "apiclus1.csv",
            "stype ~ sch_wide + yr_rnd",
            &["--family", "ordinal", "--order", "M,H,E"],
            "of the 9 with yr_rnd = Yes everybody has stype = E: the odds ratio has no bound",
        ),
        (
            "apiclus1.csv",
            "stype ~ sch_wide + yr_rnd",
            &["--family", "multinomial"],
            "of the 9 with yr_rnd = Yes everybody has stype = E: these relative risk ratios have no bound",
        ),
    ] {
        let file = data(file);
        let args = [&["fit", &file, formula, "--weights", "pw"][..], more].concat();
        let output = opine(&args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{error}");
        assert!(error.contains(words), "{error}");
        let rows = rows(&args).unwrap();
        let has = |row: &&serde_json::Value| row["flags"] == "separated";
        let told: Vec<_> = rows.iter().filter(has).collect();
        assert!(!told.is_empty(), "{rows:?}");
        for row in &told {
            assert!(
                row["estimate"].is_null() && row["variable"] == "yr_rnd",
                "{row}"
            );
        }
        // once, however many equations and levels it is of
        assert_eq!(
            error.matches("the others are estimated").count(),
            1,
            "{error}"
        );
        assert_eq!(error.matches("with yr_rnd = Yes").count(), 1, "{error}");
    }
}

/// Whether two numbers are the same but for the ninth digit.
fn is_near(found: &serde_json::Value, expected: f64) -> bool {
    let found = found.as_f64().unwrap_or(f64::NAN);
    (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3)
}

/// The rest of a multinomial model is estimated as at the limit of the coefficients without bound: worked out apart, with that
/// coefficient held at −60 and the variance of the scores by strata and PSUs.
#[test]
fn the_rest_of_a_multinomial_model_is_estimated() {
    let file = data("opinion.csv");
    let rows = rows(&[
        "fit",
        &file,
        "q1 ~ party + sex",
        "--family",
        "multinomial",
        "--where",
        "not (party == 'Other' and q1 == 'Strongly agree')",
        "--weights",
        "weight",
        "--strata",
        "stratum",
        "--psu",
        "psu",
    ])
    .unwrap();
    let expected = [
        (
            "Disagree",
            "(Intercept)",
            -1.435_519_874_127_849_4,
            0.192_737_609_743_885_46,
        ),
        (
            "Disagree",
            "partyOther",
            -0.075_629_618_198_107_64,
            0.324_341_627_466_151_75,
        ),
        (
            "Disagree",
            "sexMale",
            0.039_549_643_954_027_46,
            0.180_100_916_228_383_9,
        ),
        (
            "Strongly agree",
            "(Intercept)",
            0.002_539_869_123_651_399,
            0.118_308_558_362_615_71,
        ),
        (
            "Strongly agree",
            "partyIndependent",
            0.093_554_413_974_744_44,
            0.151_003_586_520_927_4,
        ),
        (
            "Strongly agree",
            "partyRed",
            0.078_410_278_319_033_15,
            0.141_482_744_454_946_07,
        ),
        (
            "Strongly agree",
            "sexMale",
            0.111_977_466_947_385_06,
            0.115_233_454_507_015_94,
        ),
        (
            "Strongly disagree",
            "partyOther",
            -0.369_182_089_402_785_9,
            0.182_012_384_216_515_42,
        ),
        (
            "Strongly disagree",
            "sexMale",
            -0.011_607_464_075_775_585,
            0.097_849_893_208_048_03,
        ),
    ];
    let row = |level: &str, term: &str| {
        let own = |row: &&serde_json::Value| row["level"] == level && row["term"] == term;
        rows.iter().find(own).unwrap()
    };
    for (level, term, estimate, se) in expected {
        let row = row(level, term);
        assert!(is_near(&row["estimate"], estimate), "{row} {estimate}");
        assert!(is_near(&row["se"], se), "{row} {se}");
        assert_eq!(row["df"], 881.0);
    }
    let told = row("Strongly agree", "partyOther");
    assert!(told["estimate"].is_null() && told["se"].is_null());
    assert_eq!(told["flags"], "separated");
}

/// Margins of that model: a share of 0 where nobody could have the answer, without an error; the others with theirs, which were
/// worked out apart as well.
#[test]
fn margins_of_the_rest_of_a_multinomial_model() {
    let file = data("opinion.csv");
    let fitted = |more: &[&str]| {
        let model = [
            "fit",
            &file,
            "q1 ~ party + sex",
            "--family",
            "multinomial",
            "--where",
            "not (party == 'Other' and q1 == 'Strongly agree')",
            "--weights",
            "weight",
            "--strata",
            "stratum",
            "--psu",
            "psu",
        ];
        rows(&[&model[..], more].concat()).unwrap()
    };
    let margins = fitted(&["--margins", "party,overall"]);
    let row = |level: Option<&str>, statistic: &str, response: &str| {
        let own = |row: &&serde_json::Value| {
            row["level"].as_str() == level
                && row["statistic"] == statistic
                && row["response"] == response
        };
        margins.iter().find(own).unwrap()
    };
    for (level, statistic, response, estimate, se) in [
        (
            Some("Blue"),
            "margin",
            "Strongly agree",
            0.264_376_221_274_095_1,
            0.015_778_008_231_283_61,
        ),
        (
            Some("Independent"),
            "margin",
            "Agree",
            0.284_276_100_366_730_5,
            0.018_409_067_614_909_35,
        ),
        (
            Some("Other"),
            "margin",
            "Agree",
            0.415_358_975_998_364_2,
            0.035_377_351_066_915_1,
        ),
        (
            Some("Other"),
            "margin",
            "Disagree",
            0.093_510_312_520_708_52,
            0.021_917_816_236_113_49,
        ),
        (
            Some("Other"),
            "margin",
            "Strongly disagree",
            0.491_130_711_480_927_3,
            0.036_929_915_759_297_92,
        ),
        (
            Some("Other"),
            "difference",
            "Strongly agree",
            -0.264_376_221_274_095_1,
            f64::NAN,
        ),
        (
            Some("Other"),
            "difference",
            "Agree",
            0.166_276_180_297_218_7,
            0.039_949_326_860_696_99,
        ),
        (
            None,
            "margin",
            "Strongly agree",
            0.268_965_776_388_715,
            0.009_726_710_887_676_3,
        ),
        (
            None,
            "margin",
            "Agree",
            0.271_652_428_651_633_4,
            0.009_078_815_074_782_339,
        ),
    ] {
        let row = row(level, statistic, response);
        assert!(is_near(&row["estimate"], estimate), "{row} {estimate}");
        match se.is_nan() {
            true => assert!(row["se"].is_null() && row["flags"] == "separated", "{row}"),
            false => assert!(is_near(&row["se"], se), "{row} {se}"),
        }
    }
    let limit = row(Some("Other"), "margin", "Strongly agree");
    assert_eq!(limit["estimate"].as_f64(), Some(0.0));
    assert!(
        limit["se"].is_null() && limit["flags"] == "separated",
        "{limit}"
    );
    let pairs = fitted(&["--margins", "party", "--pairwise"]);
    let is_other = |row: &&serde_json::Value| {
        row["a"] == "party=Other,response=Strongly agree"
            && row["b"] == "party=Blue,response=Strongly agree"
    };
    let pair = pairs.iter().find(is_other).unwrap();
    assert!(
        pair["p_value"].is_null() && pair["flags"] == "separated",
        "{pair}"
    );
}

/// Thresholds that run on: those who can be at the upper end alone take the threshold with them, and what the others could have
/// is a scale of fewer answers.
#[test]
fn thresholds_that_run_on_leave_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let name = path.display().to_string();
    let write = |answer: &dyn Fn(u32, bool) -> &'static str| {
        let lines = (0..180_u32).map(|at| {
            let is_a = at % 3 == 0;
            let (group, answer) = (if is_a { "a" } else { "b" }, answer(at, is_a));
            format!("{group},{answer},{},{},{}", at % 7, at % 20, 1 + at % 4)
        });
        let lines: Vec<String> = lines.collect();
        std::fs::write(&path, format!("g,y,x,psu,w\n{}\n", lines.join("\n"))).unwrap();
    };
    let design = ["--weights", "w", "--psu", "psu"];
    let scale = ["--family", "ordinal", "--order", "low,mid,high"];
    let fitted = |formula: &str, more: &[&str]| {
        rows(&[&["fit", &name, formula], more, &design].concat()).unwrap()
    };
    let row = |rows: &[serde_json::Value], term: &str| {
        rows.iter().find(|row| row["term"] == term).unwrap().clone()
    };
    let same = |one: &serde_json::Value, other: &serde_json::Value, sign: f64| {
        for (key, sign) in [("estimate", sign), ("se", 1.0), ("df", 1.0)] {
            assert!(
                is_near(&one[key], sign * other[key].as_f64().unwrap()),
                "{key}: {one} {other}"
            );
        }
    };
    // all of a are high, and nobody else is: b alone has low and mid
    write(&|at, is_a| match is_a {
        true => "high",
        false => ["low", "mid", "mid"][(at * 7 % 11 % 3) as usize],
    });
    let told = fitted("y ~ g + x", &scale);
    let rest = fitted("y == 'mid' ~ x", &["--where", "g == 'b'"]);
    same(&row(&told, "x"), &row(&rest, "x"), 1.0);
    for term in ["gb", "mid|high"] {
        let row = row(&told, term);
        assert!(
            row["estimate"].is_null() && row["flags"] == "separated",
            "{row}"
        );
    }
    let margins = fitted("y ~ g + x", &[&scale[..], &["--margins", "g"]].concat());
    let margin = |level: &str, response: &str| {
        let own = |row: &&serde_json::Value| {
            row["level"] == level && row["response"] == response && row["statistic"] == "margin"
        };
        margins.iter().find(own).unwrap()
    };
    for (level, response, share) in [("a", "high", 1.0), ("a", "mid", 0.0), ("b", "high", 0.0)] {
        let row = margin(level, response);
        assert_eq!(row["estimate"].as_f64(), Some(share), "{row}");
        assert!(row["se"].is_null(), "{row}");
    }
    let mid = margin("b", "mid")["se"].as_f64().unwrap();
    assert!((mid / margin("b", "low")["se"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    // a is mid or high, b is low or mid: a threshold each
    write(&|at, is_a| match (is_a, at * 7 % 11 % 3) {
        (true, 0) => "mid",
        (true, _) => "high",
        (false, 0) => "low",
        (false, _) => "mid",
    });
    let error = opine(&[&["fit", &name, "y ~ g"], &scale[..], &design].concat());
    let error = String::from_utf8(error.stderr).unwrap();
    for words in [
        "of the 60 with g = a nobody has y = low",
        "of the 120 with g = b nobody has y = high",
        "what else they could have",
    ] {
        assert!(error.contains(words), "{words}: {error}");
    }
    let margins = fitted("y ~ g", &[&scale[..], &["--margins", "g"]].concat());
    let shares = [&["estimate", &name, "prop(y)", "--by", "g"][..], &design].concat();
    let shares = rows(&shares).unwrap();
    for share in &shares {
        let own = |row: &&serde_json::Value| {
            row["statistic"] == "margin"
                && row["level"] == share["g"]
                && row["response"] == share["level"]
        };
        let margin = margins.iter().find(own).unwrap();
        assert!(
            is_near(&margin["estimate"], share["estimate"].as_f64().unwrap()),
            "{margin} {share}"
        );
        match share["estimate"].as_f64() == Some(0.0) {
            true => assert!(margin["se"].is_null(), "{margin}"),
            false => assert!(
                is_near(&margin["se"], share["se"].as_f64().unwrap()),
                "{margin} {share}"
            ),
        }
    }
}

/// A saturated multinomial model has in each equation what a binomial model of its two levels has.
#[test]
fn a_told_level_leaves_the_other_equations_as_they_are() {
    let file = data("lonely.csv");
    let all = rows(&[
        "fit",
        &file,
        "stype ~ yr_rnd",
        "--family",
        "multinomial",
        "--weights",
        "pw",
    ])
    .unwrap();
    let two = rows(&[
        "fit",
        &file,
        "stype == 'M' ~ yr_rnd",
        "--where",
        "stype in ['E', 'M']",
        "--weights",
        "pw",
    ])
    .unwrap();
    for row in two.iter().filter(|row| !row["se"].is_null()) {
        let own = all
            .iter()
            .find(|other| other["level"] == "M" && other["term"] == row["term"])
            .unwrap();
        assert!(
            is_near(&own["estimate"], row["estimate"].as_f64().unwrap()),
            "{own} {row}"
        );
        assert!(
            is_near(&own["se"], row["se"].as_f64().unwrap()),
            "{own} {row}"
        );
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
            error.contains("separation: x tells y of everybody without error"),
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
    // on a scale the thresholds are those of who is left
    let scale = ["--family", "ordinal", "--order", "E,H,M"];
    let told = fitted("stype ~ yr_rnd + meals", &scale);
    assert_eq!(of(&told, "yr_rndYes"), (None, None));
    let only = [&scale[..], &["--where", "yr_rnd == 'No'"]].concat();
    let left = fitted("stype ~ meals", &only);
    for row in &left {
        let term = row["term"].as_str().unwrap();
        let ((b, se), (expected, error)) = (of(&told, term), of(&left, term));
        for (found, expected) in [(b, expected), (se, error)] {
            let (found, expected) = (found.unwrap(), expected.unwrap());
            assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        }
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
    ] {
        let (code, error) = refused(&[&["fit", &file, formula][..], &REPLICATES, more].concat());
        assert_eq!(code, 1, "{error}");
        assert!(error.contains(words), "{error}");
    }
}
