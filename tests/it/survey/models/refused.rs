//! What can't be estimated, and what is said of it: each case through the program.

use crate::survey::testing::{data, design_file, golden, refused, rows};

#[test]
fn refusals_of_the_reference_say_what_they_must() {
    let mut count = 0;
    for entry in golden("models2.json") {
        if entry["kind"] != "refusal" {
            continue;
        }
        count += 1;
        let (_folder, design) = design_file(&entry);
        let file = data(entry["data"].as_str().unwrap());
        let formula = entry["formula"].as_str().unwrap();
        let mut args = vec![
            "fit",
            &file,
            formula,
            "--design",
            &design,
            "--family",
            entry["family"].as_str().unwrap(),
        ];
        if let Some(condition) = entry["where"].as_str() {
            args.extend(["--where", condition]);
        }
        let (code, error) = refused(&args);
        assert!(code == 1 || code == 2, "{}: {code} {error}", entry["id"]);
        for word in entry["result"]["mentions"].as_array().unwrap() {
            assert!(
                error.contains(word.as_str().unwrap()),
                "{}: {word}: {error}",
                entry["id"]
            );
        }
    }
    assert!(count >= 10, "{count}");
}

const DESIGN: [&str; 6] = ["--weights", "pw", "--strata", "stype", "--fpc", "fpc"];

#[test]
fn each_refusal_has_its_exit_code_and_a_way_out() {
    let file = data("apistrat.csv");
    for (code, formula, more, words) in [
        (
            1,
            "both == 'Yes' ~ sch_wide + comp_imp",
            &[][..],
            &["nothing to estimate", "sch_wide and comp_imp"][..],
        ),
        (
            1,
            "sch_wide == 'Ja' ~ meals",
            &[],
            &[
                "nothing to explain",
                "nobody has sch_wide 'Ja'",
                "its values: No, Yes",
            ],
        ),
        (
            1,
            "meals ~ api00 + api99 + growth",
            &[],
            &["growth = api00 − api99", "--drop-collinear"],
        ),
        (
            1,
            "api00 ~ meals + stype",
            &["--where", "stype == 'E'"],
            &["stype has only E among the 100 rows used"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--family", "binomial"],
            &["0 and 1", "gaussian"],
        ),
        (1, "growth ~ meals", &["--family", "poisson"], &["negative"]),
        (1, "meals ~ ell", &["--family", "gamma"], &["above 0"]),
        (2, "stype ~ meals", &[], &["ordinal", "multinomial"]),
        (2, "stype ~ meals", &["--family", "ordinal"], &["--order"]),
        (
            2,
            "stype ~ meals",
            &["--family", "ordinal", "--order", "E,M"],
            &["leaves out H"],
        ),
        (
            2,
            "stype ~ meals",
            &["--family", "ordinal", "--order", "E,M,Hi"],
            &["no level Hi"],
        ),
        (
            2,
            "awards ~ meals",
            &["--family", "ordinal"],
            &["--family binomial"],
        ),
        (
            2,
            "awards == 'Yes' ~ meals",
            &["--family", "ordinal"],
            &["true or false"],
        ),
        (1, "api00 ~ log(meals)", &[], &["log of meals", "row"]),
        (2, "api00 ~ mealz", &[], &["meals"]),
        (
            2,
            "api00 ~ meals",
            &["--margins", "mealz"],
            &["did you mean meals?"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--margins", "meals", "--terms", "--json"],
            &["one at a time"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--by", "stype"],
            &["--by has no effect"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--pairwise"],
            &["--pairwise has no effect"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--link", "logit"],
            &["gaussian takes identity"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--contrast", "meels"],
            &["did you mean meals?"],
        ),
        (
            2,
            "api00 ~ stype",
            &["--reference", "stype=X"],
            &["no level X"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--reference", "stype=H"],
            &["no variable with levels"],
        ),
        (
            2,
            "api00 ~ stype + meals",
            &["--joint", "mials"],
            &["did you mean meals?"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--at", "meals=x"],
            &["meals is a number"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--order", "a,b"],
            &["--order has no effect"],
        ),
        (
            2,
            "api00 ~ meals",
            &["--family", "logit"],
            &["binomial has the link logit"],
        ),
        (
            2,
            "api00 ~ stype",
            &["--contrast", "H - M"],
            &["no coefficient H; did you mean stypeH?"],
        ),
        (2, "api00 ~ C(stype)", &[], &["did you mean factor?"]),
        (2, "api00 ~ meals**2", &[], &["a power is written x^2"]),
        (
            1,
            "api00 ~ meals",
            &["--where", "meals > 1000"],
            &["nobody"],
        ),
        (1, "api00 > 0 ~ meals", &[], &["true for all 200"]),
    ] {
        let (found, error) = refused(&[&["fit", &file, formula][..], more, &DESIGN].concat());
        assert_eq!(found, code, "{formula} {more:?}: {error}");
        for word in words {
            assert!(error.contains(word), "{formula} {more:?}: {word}: {error}");
        }
    }
}

/// A prediction that hangs on a cell that nobody is in has no value.
#[test]
fn margins_over_empty_combinations() {
    let file = data("opinion.csv");
    let args = [
        "fit",
        &file,
        "q1 == 'Strongly agree' ~ party * sex",
        "--where",
        "not (party == 'Red' and sex == 'Male')",
        "--weights",
        "weight",
        "--margins",
        "party",
    ];
    let margins = rows(&args).unwrap();
    for row in &margins {
        let is_red = row["level"] == "Red";
        assert_eq!(row["estimate"].is_null(), is_red, "{row}");
        assert_eq!(row["flags"], if is_red { "empty" } else { "" }, "{row}");
        if is_red {
            assert_eq!(row["note"], "nobody is party = Red with sex = Male");
        }
    }
}

#[test]
fn collinear_columns_can_be_left_out() {
    let file = data("apistrat.csv");
    let args = [
        &[
            "fit",
            &file,
            "meals ~ api00 + api99 + growth",
            "--drop-collinear",
        ][..],
        &DESIGN,
    ]
    .concat();
    let row = &rows(&args).unwrap()[3];
    assert_eq!(
        (row["term"].as_str(), row["flags"].as_str()),
        (Some("growth"), Some("collinear"))
    );
    let without = rows(&[&["fit", &file, "meals ~ api00 + api99"][..], &DESIGN].concat()).unwrap();
    let estimate = |row: &serde_json::Value| row["estimate"].as_f64().unwrap();
    assert!((estimate(&rows(&args).unwrap()[1]) / estimate(&without[1]) - 1.0).abs() < 1e-12);
}

/// A combination of levels that nobody has is a row without numbers; with a reference level it is refused with those that do.
#[test]
fn empty_combinations() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let mut text = "a,b,y\n".to_owned();
    for at in 0..90_u32 {
        let (a, b) = (at % 3, at / 3 % 3);
        if (a, b) != (2, 2) {
            text += &format!("a{a},b{b},{}\n", at * at % 17);
        }
    }
    std::fs::write(&path, &text).unwrap();
    let path = path.display().to_string();
    let found = rows(&["fit", &path, "y ~ a * b"]).unwrap();
    let row = found.iter().find(|row| row["term"] == "aa2:bb2").unwrap();
    assert!(
        row["estimate"].is_null() && row["flags"] == "empty",
        "{row}"
    );
    assert!(
        row["note"]
            .as_str()
            .unwrap()
            .contains("nobody is a = a2 with b = b2"),
        "{row}"
    );
    let (code, error) = refused(&["fit", &path, "y ~ a * b", "--reference", "a=a2"]);
    assert_eq!(code, 1);
    assert!(
        error.contains("nobody is a = a2 with b = b2") && error.contains("--reference 'a=a0'"),
        "{error}"
    );
}

/// Weights at the ends of what the rule for weights allows, a formula of many terms, a factor of many levels: refused or answered in time.
#[test]
fn hostile_models() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let file = path.display().to_string();
    let write = |weight: &dyn Fn(u32) -> String| {
        let lines: Vec<String> = (0..200_u32)
            .map(|at| format!("{},{},l{at},{}", at % 7, at * 13 % 11, weight(at)))
            .collect();
        std::fs::write(&path, format!("x,y,id,w\n{}\n", lines.join("\n"))).unwrap();
    };
    write(&|at| format!("{}", at % 3 + 1));
    let usual = rows(&["fit", &file, "y ~ x", "--weights", "w"]).unwrap();
    for end in ["e-130", "e130"] {
        write(&|at| format!("{}{end}", at % 3 + 1));
        let scaled = rows(&["fit", &file, "y ~ x", "--weights", "w"]).unwrap();
        for (one, other) in usual.iter().zip(&scaled) {
            for key in ["estimate", "se", "p_value"] {
                let (one, other) = (
                    one[key].as_f64().unwrap(),
                    other[key].as_f64().unwrap_or(f64::NAN),
                );
                assert!(
                    (one - other).abs() <= 1e-9 * one.abs(),
                    "{end} {key}: {one} {other}"
                );
            }
        }
    }
    // tests and the other models, too; what one respondent decides alone has no test, and says so
    write(&|at| format!("{}", at % 3 + 1));
    let tested = || {
        let items = [
            "chisq(cut(x, 3), cut(y, 5))",
            "ttest(y, cut(x, 3))",
            "ranktest(y, cut(x, 2, 4))",
            "anova(y, cut(x, 2, 4))",
        ];
        rows(&[&["test", &file][..], &items, &["--weights", "w"]].concat()).unwrap()
    };
    let usual = tested();
    for end in ["e-130", "e130"] {
        write(&|at| format!("{}{end}", at % 3 + 1));
        for (one, other) in usual.iter().zip(tested()) {
            let (one, other) = (&one["p_value"], &other["p_value"]);
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            assert!((one - other).abs() <= 1e-9 * one, "{end}: {one} {other}");
        }
    }
    write(&|at| if at == 0 { "1e130" } else { "1e-130" }.to_owned());
    let alone = &tested()[0];
    assert!(alone["statistic"].is_null(), "{alone}");
    assert!(
        alone["note"]
            .as_str()
            .unwrap()
            .contains("nothing to be tested"),
        "{alone}"
    );
    let terms: Vec<String> = (0..10_000).map(|at| format!("(x + {at})")).collect();
    let (code, error) = refused(&["fit", &file, &format!("y ~ {}", terms.join(" + "))]);
    assert_eq!(code, 2, "{error}");
    let (code, error) = refused(&["fit", &file, "y ~ id"]);
    assert_eq!(code, 1, "{error}");
    assert!(
        error.contains("degree") || error.contains("levels"),
        "{error}"
    );
}

/// Columns that no machine holds are refused by their number, before they are made; a response without variation is named.
#[test]
fn models_that_explode_are_refused_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let file = path.display().to_string();
    let lines: Vec<String> = (0..100_000_u32)
        .map(|at| {
            let level = |k: u32| at.wrapping_mul(2_654_435_761).rotate_left(5 * k) % 40;
            format!(
                "{},l{at},a{},b{},c{},d{},e{},f{},1",
                at % 13,
                level(0),
                level(1),
                level(2),
                level(3),
                level(4),
                level(5)
            )
        })
        .collect();
    std::fs::write(
        &path,
        format!("y,id,a,b,c,d,e,f,one\n{}\n", lines.join("\n")),
    )
    .unwrap();
    for (formula, words) in [
        ("y ~ id", &["id", "100,000 coefficients", "1,000"][..]),
        (
            "y ~ a * b * c * d * e * f",
            &["coefficients", "a:b:c:d:e:f"],
        ),
        ("y ~ a * b", &["1,600 coefficients"]),
        ("one ~ a", &["one is 1 for all 100,000 respondents used"]),
        (
            "one == 2 ~ a",
            &["is false for all 100,000 respondents used"],
        ),
    ] {
        let (code, error) = refused(&["fit", &file, formula]);
        assert!(code == 1 || code == 2, "{formula}: {code} {error}");
        for word in words {
            assert!(error.contains(word), "{formula}: no {word}: {error}");
        }
    }
    let powers: Vec<String> = (0..1_500).map(|at| format!("I(2 * y + {at})^2")).collect();
    let powers = format!("y ~ {}", powers.join(" + "));
    let small = folder.path().join("small.csv").display().to_string();
    std::fs::write(&small, "y\n1\n2\n3\n5\n").unwrap();
    for (args, words) in [
        (
            &["fit", &file, "id ~ a", "--family", "multinomial"][..],
            &["id has 100,000 levels", "1,000 coefficients"][..],
        ),
        (
            &["fit", &file, "a ~ b", "--family", "multinomial"],
            &["b has 1,560 coefficients in 39 equations"],
        ),
        (
            &["fit", &file, "id ~ a", "--family", "ordinal"],
            &["--order 'LOW,…,HIGH'"],
        ),
        (
            &["fit", &small, &powers],
            &["1,500 terms have 1,500 coefficients"],
        ),
        (
            &["fit", &file, "y ~ a", "--margins", "a", "--by", "id"],
            &["100,000 groups", "join groups"],
        ),
        (
            &["fit", &file, "y ~ a", "--reference", "a=a77"],
            &["no level a77"],
        ),
        (&["test", &file, "ttest(y, id)"], &["and 99,980 more"]),
    ] {
        let (code, error) = refused(args);
        assert!(code == 1 || code == 2, "{args:?}: {code} {error}");
        assert!(error.len() < 2_000, "{args:?}: {} letters", error.len());
        for word in words {
            assert!(error.contains(word), "no {word}: {error}");
        }
    }
    for item in ["anova(y, id)", "ranktest(y, id)", "chisq(id, a)"] {
        let row = &rows(&["test", &file, item]).unwrap()[0];
        assert!(row["statistic"].is_null(), "{row}");
        let note = row["note"].as_str().unwrap();
        assert!(note.contains("100,000"), "{note}");
    }
}
