//! What models print.

use crate::cli::program::picture;
use crate::survey::testing::{data, opine, rows};

const DESIGN: [&str; 6] = ["--weights", "weight", "--strata", "stratum", "--psu", "psu"];

fn printed(args: &[&str]) -> String {
    let file = data("opinion.csv");
    let output = opine(&[&["fit", &file][..], args, &DESIGN].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_table_for_print() {
    let text = printed(&[
        "q1 == 'Strongly agree' ~ party + sex",
        "--terms",
        "--margins",
        "party",
    ]);
    insta::assert_snapshot!(text);
}

#[test]
fn pairs_and_their_sentences() {
    let text = printed(&[
        "q1 == 'Strongly agree' ~ party * sex",
        "--margins",
        "sex",
        "--pairwise",
        "--contrast",
        "partyRed - partyOther",
        "--statistics",
    ]);
    insta::assert_snapshot!(text);
    for word in ["significan", "effect ", "caus"] {
        assert!(!text.to_lowercase().contains(word), "{word}\n{text}");
    }
}

#[test]
fn answers_on_a_scale() {
    let text = printed(&[
        "q1 ~ party + sex",
        "--family",
        "ordinal",
        "--order",
        "Strongly disagree,Disagree,Agree,Strongly agree",
        "--margins",
        "sex",
    ]);
    insta::assert_snapshot!(text);
}

/// All formats hold a model, and the ones for print hold its reference levels.
#[test]
fn all_formats() {
    let file = data("opinion.csv");
    let folder = tempfile::tempdir().unwrap();
    for format in ["md", "html", "latex", "csv", "json"] {
        let output = opine(
            &[
                &["fit", &file, "q1 == 'Agree' ~ party", "--format", format][..],
                &DESIGN,
            ]
            .concat(),
        );
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.contains("Blue") && text.contains("reference"),
            "{format}: {text}"
        );
    }
    for ending in ["xlsx", "parquet"] {
        let path = folder
            .path()
            .join(format!("a.{ending}"))
            .display()
            .to_string();
        let output = opine(
            &[
                &["fit", &file, "q1 == 'Agree' ~ party", "-o", &path][..],
                &DESIGN,
            ]
            .concat(),
        );
        assert!(
            output.status.success(),
            "{ending}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Margins are estimates: charts take them.
#[test]
fn margins_are_drawn() {
    let file = data("opinion.csv");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let margins = path("m.csv");
    let args = [
        "fit",
        &file,
        "q1 == 'Agree' ~ party + sex",
        "--margins",
        "overall",
        "--by",
        "party",
        "-o",
        &margins,
    ];
    assert!(opine(&[&args[..], &DESIGN].concat()).status.success());
    let text = std::fs::read_to_string(&margins).unwrap();
    assert!(
        text.starts_with("source,variable,level,party,statistic,estimate"),
        "{text}"
    );
}

#[test]
fn the_covariance_of_coefficients_is_that_of_their_errors() {
    let file = data("opinion.csv");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("v.csv");
    let name = path.display().to_string();
    let args = [
        &[
            "fit",
            &file,
            "therm_us ~ sex + therm_cn",
            "--coefficients-covariance",
            &name,
        ][..],
        &DESIGN,
    ]
    .concat();
    let coefficients = rows(&args).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("\"therm_cn\""))
        .unwrap();
    let variance: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
    let se = coefficients
        .iter()
        .find(|row| row["term"] == "therm_cn")
        .unwrap()["se"]
        .as_f64()
        .unwrap();
    assert!((variance.sqrt() - se).abs() < 1e-14);
}

/// `weight --then 'fit …'` and `fit --recipe` are one thing.
#[test]
fn a_model_with_new_weights() {
    let file = data("apisrs.csv");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(
        path("t.csv"),
        "variable,level,target\nstype,E,4421\nstype,H,755\nstype,M,1018\n",
    )
    .unwrap();
    std::fs::write(
        path("r.toml"),
        "[[step]]\nmethod = \"poststratify\"\ntargets = \"t.csv\"\n",
    )
    .unwrap();
    let design = ["--weights", "pw", "--fpc", "fpc"];
    let fitted = rows(
        &[
            &[
                "fit",
                &file,
                "api00 ~ ell + meals",
                "--recipe",
                &path("r.toml"),
            ][..],
            &design,
        ]
        .concat(),
    )
    .unwrap();
    let then = rows(
        &[
            &[
                "weight",
                &file,
                "--poststratify",
                &path("t.csv"),
                "--then",
                "fit api00 ~ ell + meals",
            ][..],
            &design,
        ]
        .concat(),
    )
    .unwrap();
    assert_eq!(fitted, then);
}

/// From a file to a chart in two commands, by whichever exact format goes between.
#[test]
fn coefficients_are_drawn() {
    let file = data("opinion.csv");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let formula = "q1 == 'Strongly agree' ~ party * sex + age";
    let mut pictures = Vec::new();
    for ending in ["csv", "json", "parquet"] {
        let (rows, chart) = (path(&format!("m.{ending}")), path(&format!("{ending}.svg")));
        assert!(
            opine(&[&["fit", &file, formula, "-o", &rows][..], &DESIGN].concat())
                .status
                .success()
        );
        let drawn = opine(&[
            "chart",
            "coefficients",
            &rows,
            "-o",
            &chart,
            "--title",
            "A model",
            "--subtitle",
            "Odds",
        ]);
        assert!(
            drawn.status.success(),
            "{}",
            String::from_utf8_lossy(&drawn.stderr)
        );
        pictures.push(std::fs::read_to_string(&chart).unwrap());
    }
    assert_eq!(picture(&pictures[0]), picture(&pictures[1]));
    for part in [
        "odds ratio",
        "reference",
        "party × sex",
        "Independent × Male",
    ] {
        assert!(pictures[0].contains(part), "{part}");
    }
    // Parquet brings the foot
    assert!(pictures[2].contains("Weighted by weight"));
    let wrong = opine(&["chart", "coefficients", "egf2023", "-o", &path("x.svg")]);
    assert_eq!(wrong.status.code(), Some(2));
}

/// What margins are read against stands beside them, and a chart is drawn of it: the average of all as a line, p in the heads.
#[test]
fn margins_are_drawn_from_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = data("opinion.csv");
    let formula = "q1 == 'Strongly agree' ~ party + sex + therm_us";
    let base = [&["fit", &file, formula][..], &DESIGN].concat();
    let margins = rows(&[&base[..], &["--margins", "party,sex"]].concat()).unwrap();
    let overall = rows(&[&base[..], &["--margins", "overall"]].concat()).unwrap();
    let terms = rows(&[&base[..], &["--terms"]].concat()).unwrap();
    let counts = rows(&base).unwrap();
    for row in &margins {
        assert_eq!(row["overall_estimate"], overall[0]["estimate"], "{row}");
        let own = |term: &&serde_json::Value| term["term"] == row["variable"];
        let p = terms.iter().find(own).unwrap()["p_value"].as_f64().unwrap();
        assert!((row["test_p"].as_f64().unwrap() - p).abs() < 1e-12, "{row}");
        if row["statistic"] == "margin" {
            let own = |term: &&serde_json::Value| {
                term["variable"] == row["variable"] && term["variable_level"] == row["level"]
            };
            assert_eq!(
                row["level_n"],
                counts.iter().find(own).unwrap()["n"],
                "{row}"
            );
        }
    }
    let draw = |more: &[&str], name: &str| {
        let path = folder.path().join(name);
        let made = opine(&[&base[..], more, &["--json"]].concat());
        let json = folder.path().join("rows.json");
        std::fs::write(&json, &made.stdout).unwrap();
        let (json, path) = (json.display().to_string(), path.display().to_string());
        let drawn = opine(&["chart", "margins", &json, "-o", &path]);
        assert!(
            drawn.status.success(),
            "{}",
            String::from_utf8_lossy(&drawn.stderr)
        );
        std::fs::read_to_string(path).unwrap()
    };
    let dots = draw(&["--margins", "party,sex"], "dots.svg");
    for words in [
        "Average of all",
        "Independent",
        "Weighted by weight.",
        "Wald test, p above 0.05",
    ] {
        assert!(dots.contains(words), "no {words}");
    }
    let lines = draw(
        &["--margins", "party", "--at", "therm_us=0,25,50,75,100"],
        "lines.svg",
    );
    for words in [
        "therm_us",
        "Independent",
        "at 0",
        "at 100",
        "Lines over therm_us, 0 to 100",
    ] {
        assert!(lines.contains(words), "no {words}");
    }
}

/// Margins of several responses are drawn response by response, the levels of the variable below each other.
#[test]
fn margins_of_responses_are_drawn_by_response() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let file = data("opinion.csv");
    let (margins, chart) = (path("m.csv"), path("m.svg"));
    let args = [
        "fit",
        &file,
        "q1 ~ party + sex",
        "--family",
        "multinomial",
        "--margins",
        "party",
        "-o",
        &margins,
    ];
    assert!(opine(&[&args[..], &DESIGN].concat()).status.success());
    assert!(
        opine(&["chart", "margins", &margins, "-o", &chart])
            .status
            .success()
    );
    let svg = std::fs::read_to_string(&chart).unwrap();
    for response in ["Agree", "Disagree", "Strongly agree", "Strongly disagree"] {
        let head = format!(">{response}: party<");
        assert_eq!(svg.matches(&head).count(), 1, "{head}");
    }
}

/// The R code of an explanation runs, and gives the same numbers; where R or its package survey is not there, it is said.
#[test]
fn r_code_of_an_explanation_gives_the_same_numbers() {
    let ask = "if (!requireNamespace('survey', quietly = TRUE)) quit(status = 9)";
    let has_r = std::process::Command::new("Rscript")
        .args(["-e", ask])
        .output();
    if !has_r.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Rscript with the package survey is not there");
        return;
    }
    let schools = ["--weights", "pw", "--strata", "stype", "--fpc", "fpc"];
    let districts = ["--weights", "pw", "--psu", "dnum", "--fpc", "fpc"];
    let stages = ["--psu", "dnum,snum", "--fpc", "fpc1,fpc2"];
    let units = [
        "--weights",
        "WTMEC2YR",
        "--strata",
        "SDMVSTRA",
        "--psu",
        "SDMVPSU",
        "--nest",
    ];
    let jackknife = [
        "--weights",
        "pw0",
        "--replicates",
        "^rw[0-9]+$",
        "--rep-type",
        "jk1",
        "--scale",
        "0.914839277851167",
    ];
    let bootstrap = [
        "--weights",
        "pw",
        "--replicates",
        "^rw[0-9]+$",
        "--rep-type",
        "bootstrap",
    ];
    let models: [(&str, &[&str], &str, &[&str]); 16] = [
        (
            "opinion.csv",
            &DESIGN,
            "q1 == 'Strongly agree' ~ party + sex",
            &[],
        ),
        (
            "opinion.csv",
            &DESIGN,
            "therm_us ~ party * sex + cut(therm_cn, 30, 60)",
            &[],
        ),
        (
            "opinion.csv",
            &DESIGN,
            "therm_us ~ therm_cn + therm_cn^2 + sex",
            &["--where", "party in ['Blue', 'Red']"],
        ),
        (
            "opinion.csv",
            &DESIGN,
            "q1 in ['Agree', 'Strongly agree'] ~ party",
            &["--family", "poisson"],
        ),
        (
            "apistrat.csv",
            &schools,
            "api00 ~ log(meals + 1) + ref(awards, 'Yes')",
            &[],
        ),
        (
            "apistrat.csv",
            &schools,
            "enroll ~ stype + offset(log(api00))",
            &["--family", "poisson"],
        ),
        (
            "apistrat.csv",
            &schools,
            "api00 ~ meals + meals^2",
            &["--family", "gamma", "--link", "log"],
        ),
        (
            "apistrat.csv",
            &schools,
            "awards == 'Yes' ~ meals",
            &["--link", "probit"],
        ),
        (
            "apistrat.csv",
            &schools,
            "awards == 'Yes' ~ meals",
            &["--link", "cloglog"],
        ),
        (
            "apistrat.csv",
            &schools,
            "awards == 'Yes' ~ meals",
            &["--link", "cauchit"],
        ),
        (
            "apistrat.csv",
            &schools,
            "awards == 'Yes' ~ 0 + stype",
            &["--link", "identity"],
        ),
        (
            "apiclus1.csv",
            &districts,
            "sch_wide == 'Yes' ~ ell + meals",
            &["--where", "yr_rnd == 'No'"],
        ),
        ("apiclus2.csv", &stages, "api00 ~ ell + (api99 - 600)", &[]),
        ("rep_jk1.csv", &jackknife, "awards == 'Yes' ~ ell", &[]),
        ("rep_boot.csv", &bootstrap, "api00 ~ stype + meals", &[]),
        (
            "nhanes.csv",
            &units,
            "HI_CHOL == 1 ~ agecat + factor(race)",
            &["--family", "poisson", "--where", "RIAGENDR == 2"],
        ),
    ];
    for (name, design, formula, more) in models {
        let file = data(name);
        let base = [&["fit", &file, formula][..], more, design].concat();
        let text = String::from_utf8(opine(&[&base[..], &["--explain"]].concat()).stdout).unwrap();
        let code = text
            .split("In R (package survey)")
            .nth(1)
            .unwrap_or_else(|| panic!("{text}"));
        let code = code.split("In Stata").next().unwrap();
        let script = format!(
            "{code}\ncat(sprintf(\"= %.12e %.12e %.12e\\n\", coef(model), SE(model), model$df.residual))\n"
        );
        let run = std::process::Command::new("Rscript")
            .args(["-e", &script])
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&run.stdout);
        assert!(
            run.status.success(),
            "{script}\n{}",
            String::from_utf8_lossy(&run.stderr)
        );
        let theirs: Vec<Vec<f64>> = out
            .lines()
            .filter_map(|line| line.trim().strip_prefix("= "))
            .map(|line| line.split(' ').map(|x| x.parse().unwrap()).collect())
            .collect();
        let ours = rows(&base).unwrap();
        let ours: Vec<&serde_json::Value> =
            ours.iter().filter(|row| row["se"].is_number()).collect();
        assert_eq!(ours.len(), theirs.len(), "{formula}");
        for row in ours {
            let number = |key: &str| row[key].as_f64().unwrap();
            let close = |of: &&Vec<f64>| {
                (of[0] - number("estimate")).abs() < 1e-6 * of[0].abs().max(1e-3)
                    && (of[1] - number("se")).abs() < 1e-5 * of[1]
                    && (of[2] - number("df")).abs() < 1e-6
            };
            assert!(
                theirs.iter().any(|of| close(&of)),
                "{formula}: {row}\n{out}"
            );
        }
    }
}

/// The R code of tests gives their p, that of groups too.
#[test]
fn r_code_of_tests_gives_the_same_p() {
    let ask = "if (!requireNamespace('survey', quietly = TRUE)) quit(status = 9)";
    let has_r = std::process::Command::new("Rscript")
        .args(["-e", ask])
        .output();
    if !has_r.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Rscript with the package survey is not there");
        return;
    }
    let schools = ["--weights", "pw", "--strata", "stype", "--fpc", "fpc"];
    let stages = ["--psu", "dnum,snum", "--fpc", "fpc1,fpc2"];
    let units = [
        "--weights",
        "WTMEC2YR",
        "--strata",
        "SDMVSTRA",
        "--psu",
        "SDMVPSU",
        "--nest",
    ];
    let bootstrap = [
        "--weights",
        "pw",
        "--replicates",
        "^rw[0-9]+$",
        "--rep-type",
        "bootstrap",
    ];
    let tests: [(&str, &[&str], &str, &[&str]); 12] = [
        ("opinion.csv", &DESIGN, "chisq(party, q1)", &[]),
        (
            "opinion.csv",
            &DESIGN,
            "chisq(party, q1)",
            &["--statistic", "chisq"],
        ),
        (
            "opinion.csv",
            &DESIGN,
            "chisq(party, q1)",
            &["--statistic", "wald"],
        ),
        (
            "opinion.csv",
            &DESIGN,
            "chisq(party, q1)",
            &["--statistic", "adjwald"],
        ),
        ("opinion.csv", &DESIGN, "chisq(party, q1)", &["--by", "sex"]),
        (
            "opinion.csv",
            &DESIGN,
            "ttest(therm_us, sex)",
            &["--by", "region,party"],
        ),
        ("opinion.csv", &DESIGN, "anova(therm_us, party)", &[]),
        (
            "opinion.csv",
            &DESIGN,
            "ttest(therm_us, sex)",
            &["--where", "party in ['Red', 'Blue']"],
        ),
        ("apistrat.csv", &schools, "chisq(awards, stype)", &[]),
        ("apiclus2.csv", &stages, "chisq(stype, comp_imp)", &[]),
        ("nhanes.csv", &units, "anova(HI_CHOL, agecat)", &[]),
        ("rep_boot.csv", &bootstrap, "ttest(api00, comp_imp)", &[]),
    ];
    for (name, design, item, more) in tests {
        let file = data(name);
        let base = [&["test", &file, item][..], more, design].concat();
        let text = String::from_utf8(opine(&[&base[..], &["--explain"]].concat()).stdout).unwrap();
        let code = text.split("In R (package survey)").nth(1).unwrap();
        let code = code.split("In Stata").next().unwrap();
        // what prints itself shows its p with all digits
        let shown =
            "show_p <- function(test) cat(sprintf(\"= %.12e\\n\", c(test$p.value, test$p)[1]))\n";
        let each = code.lines().map(|line| {
            let line = line.trim();
            let call = line
                .strip_prefix("print(")
                .and_then(|rest| rest.strip_suffix(')'));
            let call = call.filter(|call| *call != "level");
            let is_test = |call: &str| {
                ["svychisq(", "svyttest(", "regTermTest("]
                    .iter()
                    .any(|verb| call.starts_with(verb))
            };
            match call.or(Some(line)).filter(|call| is_test(call)) {
                Some(call) => format!("show_p({call})"),
                None => line.to_owned(),
            }
        });
        let script = shown.to_owned() + &each.collect::<Vec<_>>().join("\n");
        let run = std::process::Command::new("Rscript")
            .args(["-e", &script])
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&run.stdout);
        assert!(
            run.status.success(),
            "{script}\n{}",
            String::from_utf8_lossy(&run.stderr)
        );
        let theirs: Vec<f64> = out
            .lines()
            .filter_map(|line| line.trim().strip_prefix("= "))
            .map(|p| p.parse().unwrap())
            .collect();
        let ours: Vec<f64> = rows(&base)
            .unwrap()
            .iter()
            .filter_map(|row| row["p_value"].as_f64())
            .collect();
        assert_eq!(ours.len(), theirs.len(), "{item} {more:?}\n{script}\n{out}");
        for ours in ours {
            let is_near = |theirs: &f64| (theirs - ours).abs() <= 1e-6 * ours;
            assert!(
                theirs.iter().any(is_near),
                "{item} {more:?}: {ours} {theirs:?}"
            );
        }
    }
}

#[test]
fn a_model_is_explained() {
    insta::assert_snapshot!(printed_explanation(&[
        "q1 == 'Strongly agree' ~ party * sex + therm_us^2",
        "--terms",
        "--margins",
        "party",
    ]));
}

/// An explanation, with the path of the file as its name alone.
fn printed_explanation(args: &[&str]) -> String {
    let text = printed(&[args, &["--explain"]].concat());
    text.replace(&data("opinion.csv"), "opinion.csv")
}

/// Models of several files of sums are those of all respondents.
#[test]
fn sums_of_two_files_are_a_model_of_both() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let all = std::fs::read_to_string(data("opinion.csv")).unwrap();
    let (head, body) = all.split_once('\n').unwrap();
    let column = head.split(',').position(|name| name == "stratum").unwrap();
    let first = body.lines().next().unwrap().split(',').nth(column).unwrap();
    let of_first = |line: &&str| line.split(',').nth(column).unwrap() == first;
    let (one, other): (Vec<&str>, Vec<&str>) = body.lines().partition(of_first);
    std::fs::write(path("one.csv"), format!("{head}\n{}\n", one.join("\n"))).unwrap();
    std::fs::write(path("other.csv"), format!("{head}\n{}\n", other.join("\n"))).unwrap();
    for name in ["one", "other"] {
        let args = [
            "sums",
            &path(&format!("{name}.csv")),
            "prop(q1)",
            "--by",
            "party,sex",
            "-o",
            &path(&format!("{name}.sums")),
        ];
        let made = opine(&[&args[..], &DESIGN].concat());
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
    }
    let formula = "q1 == 'Strongly agree' ~ party + sex";
    let of_all = rows(&[&["fit", &data("opinion.csv"), formula][..], &DESIGN].concat()).unwrap();
    let of_sums = rows(&["fit", &path("one.sums"), &path("other.sums"), formula]).unwrap();
    assert_eq!(of_all.len(), of_sums.len());
    for (one, other) in of_all.iter().zip(&of_sums) {
        for key in ["estimate", "se", "df", "n"] {
            let (one, other) = (one[key].as_f64(), other[key].as_f64());
            let same = match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(1e-9),
                (one, other) => one == other,
            };
            assert!(same, "{key}: {one:?} {other:?}");
        }
    }
    // and so are tests of tables
    let item = "chisq(party, q1)";
    for statistic in ["f", "chisq", "wald", "adjwald", "lincom", "saddlepoint"] {
        let asked = ["--statistic", statistic];
        let of_all =
            rows(&[&["test", &data("opinion.csv"), item][..], &asked, &DESIGN].concat()).unwrap();
        let of_sums = rows(
            &[
                &["test", &path("one.sums"), &path("other.sums"), item][..],
                &asked,
            ]
            .concat(),
        )
        .unwrap();
        for key in ["statistic", "df1", "df2", "p_value", "n"] {
            let (one, other) = (of_all[0][key].as_f64(), of_sums[0][key].as_f64());
            let same = match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() <= 1e-8 * one.abs().max(1e-9),
                (one, other) => one == other,
            };
            assert!(same, "{statistic} {key}: {one:?} {other:?}");
        }
    }
    let (code, error) =
        crate::survey::testing::refused(&["test", &path("one.sums"), "ttest(q1, party)"]);
    assert!(
        code != 0 && error.contains("takes the respondents"),
        "{error}"
    );
}

/// Imputations in files, or one under the other in one, are those of columns side by side.
#[test]
fn imputations_in_files_and_rows_are_those_of_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let all = std::fs::read_to_string(data("pv.csv")).unwrap();
    let (head, body) = all.split_once('\n').unwrap();
    let names: Vec<&str> = head
        .trim()
        .split(',')
        .map(|name| name.trim_matches('"'))
        .collect();
    let place = |name: &str| names.iter().position(|own| *own == name).unwrap();
    let mut stacked = format!("imp,pv,{head}\n");
    // as the data were: left out
    stacked += &body
        .lines()
        .map(|line| format!("0,,{line}\n"))
        .collect::<String>();
    for k in 1..=5 {
        let of = place(&format!("pv{k}"));
        let value = |line: &str| line.split(',').nth(of).unwrap().to_owned();
        let lines: String = body
            .lines()
            .map(|line| format!("{},{line}\n", value(line)))
            .collect();
        std::fs::write(path(&format!("imp{k}.csv")), format!("pv,{head}\n{lines}")).unwrap();
        stacked += &body
            .lines()
            .map(|line| format!("{k},{},{line}\n", value(line)))
            .collect::<String>();
    }
    std::fs::write(path("stacked.csv"), stacked).unwrap();
    let design = ["--weights", "pw", "--strata", "stype", "--fpc", "fpc"];
    let (first, stacked, pattern) = (path("imp1.csv"), path("stacked.csv"), path("imp*.csv"));
    for (command, of_columns, of_files) in [
        ("estimate", "mean(mi(pv1..pv5))", "mean(pv)"),
        ("fit", "mi(pv1..pv5) ~ stype + meals", "pv ~ stype + meals"),
    ] {
        let columns =
            rows(&[&[command, &data("pv.csv"), of_columns][..], &design].concat()).unwrap();
        let files = rows(
            &[
                &[command, &first, of_files, "--imputations", &pattern][..],
                &design,
            ]
            .concat(),
        )
        .unwrap();
        let rows_ = rows(
            &[
                &[command, &stacked, of_files, "--imputation", "imp"][..],
                &design,
            ]
            .concat(),
        )
        .unwrap();
        assert_eq!((columns.len(), files.len()), (files.len(), rows_.len()));
        for ((one, other), third) in columns.iter().zip(&files).zip(&rows_) {
            for key in ["estimate", "se", "df", "ci_low", "ci_high"] {
                let [one, other, third] = [one, other, third].map(|row| row[key].as_f64());
                let close = |x: Option<f64>| match (one, x) {
                    (Some(one), Some(x)) => (one - x).abs() <= 1e-10 * one.abs(),
                    (one, x) => one == x,
                };
                assert!(
                    close(other) && close(third),
                    "{command} {key}: {one:?} {other:?} {third:?}"
                );
            }
        }
    }
    let alone =
        crate::survey::testing::refused(&["fit", &first, "pv ~ stype", "--imputations", &first]);
    assert!(
        alone.0 == 2 && alone.1.contains("two and more"),
        "{}",
        alone.1
    );
}

/// Presets are options that the reference values hold.
#[test]
fn defaults_of_other_programs_are_options_of_ours() {
    let file = data("opinion.csv");
    let formula = "q1 == 'Strongly agree' ~ party + sex";
    let base = [&["fit", &file, formula, "--link", "probit"][..], &DESIGN].concat();
    let same = |one: &[&str], other: &[&str]| {
        let found = [one, other].map(|more| rows(&[&base[..], more].concat()).unwrap());
        assert_eq!(found[0], found[1], "{one:?}");
    };
    same(&["--like", "stata"], &["--information", "observed"]);
    same(
        &["--like", "stata", "--terms"],
        &["--information", "observed", "--terms", "adjusted"],
    );
    same(
        &["--like", "stata", "--margins", "party"],
        &[
            "--information",
            "observed",
            "--se",
            "conditional",
            "--margins",
            "party",
        ],
    );
    same(
        &[
            "--like",
            "stata",
            "--terms",
            "wald",
            "--information",
            "expected",
        ],
        &["--terms"],
    );
    same(
        &["--like", "r", "--margins", "party"],
        &["--se", "conditional", "--margins", "party"],
    );
    let idle = opine(&[&base[..], &["--like", "r"]].concat());
    assert!(String::from_utf8_lossy(&idle.stderr).contains("--like changes nothing"));
    let (code, error) =
        crate::survey::testing::refused(&[&base[..], &["--like", "sudaan"]].concat());
    assert!(code == 2 && error.contains("no numbers"), "{error}");
}

/// What is printed speaks of differences and of sampling, never of effects, causes or significance; an effect is what a design,
/// or an option, has.
#[test]
fn nothing_printed_speaks_of_effects() {
    let file = data("opinion.csv");
    let condition = "q1 == 'Agree' ~ party + sex";
    let scale = "Strongly disagree,Disagree,Agree,Strongly agree";
    let of_file: [(&str, &[&str]); 12] = [
        (
            "fit",
            &[
                condition,
                "--terms",
                "--margins",
                "party",
                "--pairwise",
                "--statistics",
            ],
        ),
        (
            "fit",
            &["therm_us ~ party * therm_cn", "--at", "therm_cn=0,50"],
        ),
        (
            "fit",
            &[
                "q1 ~ party",
                "--family",
                "ordinal",
                "--order",
                scale,
                "--margins",
                "all",
                "--pairwise",
            ],
        ),
        (
            "fit",
            &[
                "q1 ~ party",
                "--family",
                "multinomial",
                "--margins",
                "party",
                "--contrast",
                "Disagree:partyRed",
            ],
        ),
        (
            "fit",
            &[condition, "--explain", "--terms", "--margins", "party"],
        ),
        (
            "test",
            &[
                "chisq(party, q1)",
                "ttest(therm_us, sex)",
                "ttest(therm_us)",
                "ranktest(therm_us, party)",
                "anova(therm_us, sex)",
            ],
        ),
        (
            "test",
            &[
                "chisq(party, q1)",
                "anova(therm_us, party)",
                "--explain",
                "--by",
                "sex",
            ],
        ),
        (
            "estimate",
            &["mean(therm_us)", "prop(q1)", "--by", "party", "--pairwise"],
        ),
        (
            "estimate",
            &["cor(therm_us, therm_cn)", "mean(therm_us) - mean(therm_cn)"],
        ),
        ("describe", &["--balance", "sex"]),
        (
            "crosstab",
            &["--columns", "party,sex", "--rows", "q1,therm_us"],
        ),
        ("topline", &[]),
    ];
    let others: [&[&str]; 4] = [
        &["pool", "48@1000", "51@1512", "46@820"],
        &["pool", "48@1000", "51@1512", "46@820", "--method", "fixed"],
        &["compare", "48@1000", "51@1512", "--relation", "independent"],
        &[
            "compare",
            "48@1000",
            "30@1000",
            "22@1000",
            "--relation",
            "same-question",
        ],
    ];
    let mut all: Vec<Vec<&str>> = of_file
        .iter()
        .map(|(command, more)| [&[command, file.as_str()][..], more, &DESIGN].concat())
        .collect();
    all.extend(others.iter().map(|args| args.to_vec()));
    let mut count = 0;
    for args in &all {
        for format in ["text", "json"] {
            let is_several = args
                .iter()
                .filter(|arg| ["--terms", "--margins", "--statistics", "--contrast"].contains(*arg))
                .count()
                > 1;
            if format == "json" && (args.contains(&"--explain") || is_several) {
                continue;
            }
            let output = opine(&[&args[..], &["--format", format]].concat());
            let (text, error) = (
                String::from_utf8(output.stdout).unwrap(),
                String::from_utf8(output.stderr).unwrap(),
            );
            assert!(output.status.code() < Some(2), "{args:?}: {error}");
            let said = format!("{text}\n{error}").to_lowercase();
            let said = [
                "design effect",
                "fixed effect",
                "effective",
                "has no effect",
            ]
            .iter()
            .fold(said, |said, allowed| said.replace(allowed, ""));
            for word in ["effect", "significan", "caused", "impact", "influence of"] {
                assert!(!said.contains(word), "{args:?} {format}: {word}\n{said}");
            }
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

/// Ratios stand with two decimals in one column, and their kinds have a plural that is one.
#[test]
fn ratios_are_printed_alike() {
    let text = printed(&["q1 == 'Agree' ~ party + sex", "--margins", "party"]);
    let ratios = text.split("party: ratio").nth(1).unwrap();
    for line in ratios.lines().filter(|line| line.contains(" / Blue")) {
        let ratio = line.split("Blue").nth(1).unwrap().trim();
        let ratio = ratio.split(' ').next().unwrap();
        assert_eq!(ratio.split('.').nth(1).map(str::len), Some(2), "{line}");
    }
    let text = printed(&["therm_us ~ sex", "--link", "log"]);
    assert!(text.contains("log, ratios of means"), "{text}");
}

/// What is said of imputations is said once, and of an interval that is there not that it is missing.
#[test]
fn imputations_are_said_once() {
    let file = data("pv.csv");
    let output = opine(&["estimate", &file, "mean(mi(pv1..pv5))", "--by", "stype"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("without an interval"), "{text}");
    assert_eq!(text.matches("5 imputations").count(), 1, "{text}");
    let fitted = opine(&["fit", &file, "mi(pv1..pv5) ~ stype", "--margins", "stype"]);
    let text = String::from_utf8(fitted.stdout).unwrap();
    assert!(text.contains("stype difference, H − E"), "{text}");
}
