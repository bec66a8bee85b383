//! What models print.

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
    assert_eq!(pictures[0], pictures[1]);
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
