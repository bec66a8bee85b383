//! `opine compare` as it is used: families, fixed values, words, what is refused.

use opine::internals::published::figures::store::Table;
use serde_json::Value;

use crate::cli::program::{Run, number, opine, opine_in, rows};
use crate::published::compare::golden::close;
use crate::published::compare::relations::one;
use crate::published::figures::small;

#[test]
fn several_are_one_family() {
    let all = rows(&opine(&[
        "compare",
        "egf2023/consequences/polarise:*",
        "--json",
    ]));
    assert_eq!(all.len(), 3);
    let p = |row: &Value| (number(row, "p_value"), number(row, "p_adjusted"));
    assert!(all.iter().map(p).all(|(p, by)| p <= by));
    let first = rows(&opine(&[
        "compare",
        "egf2023/consequences/polarise:*",
        "--with",
        "first",
        "--adjust",
        "bonferroni",
        "--json",
    ]));
    assert_eq!(first.len(), 2);
    assert!(
        first
            .iter()
            .all(|row| row["b"] == "egf2023/consequences/polarise:KR")
    );
    assert!(close(p(&first[0]).1, 2.0 * p(&first[0]).0));
    // 0.04 alone holds, of three it does not
    let three = opine(&["compare", "50@1000", "45.4@1000", "48@1000", "--json"]);
    let three = rows(&three);
    let borderline = &three[0];
    assert!(number(borderline, "p_value") < 0.05 && number(borderline, "p_adjusted") > 0.05);
    assert!(
        borderline["sentence"]
            .as_str()
            .unwrap()
            .contains("does not show which")
    );
}

#[test]
fn against_a_fixed_value() {
    let row = one(&["53@1000", "--against", "50"]);
    // R: prop.test(530, 1000, p = 0.5, correct = FALSE)
    assert!(close(number(&row, "z"), 0.03 / (0.25 / 1000.0_f64).sqrt()));
    assert!(
        (number(&row, "ci_low") - (0.499_016 - 0.5)).abs() < 1e-5,
        "{row}"
    );
    assert_eq!(row["b"], "50");
    let stored = one(&["egf2023/consequences/polarise:PH", "--against", "50"]);
    assert!(number(&stored, "ci_low") > 0.0);
}

#[test]
fn rounding_alone_is_said() {
    let row = one(&["48@100000", "47@100000"]);
    assert!(
        row["sentence"].as_str().unwrap().contains("rounding"),
        "{row}"
    );
    assert!(close(number(&row, "rounding_high"), 0.02));
    let exact = one(&["48.0@100000", "47.0@100000"]);
    assert!(
        !exact["sentence"].as_str().unwrap().contains("rounding"),
        "{exact}"
    );
}

#[test]
fn words_of_a_lead_only_for_probability_samples() {
    let sentence = |sampling: &str| {
        let folder = tempfile::tempdir().unwrap();
        small::write(folder.path());
        let polls = small::POLLS.replace("mypoll,Mine,,,", &format!("mypoll,Mine,,{sampling},"));
        let figures = format!(
            "{}mypoll,approve,no,,,35,,,,,report,yes,,\n",
            small::FIGURES
        );
        let samples = small::SAMPLES.replace("mypoll,all,all,1000", "mypoll,all,all,4000");
        for (table, text) in [
            (Table::Polls, &polls),
            (Table::Figures, &figures),
            (Table::Samples, &samples),
        ] {
            std::fs::write(folder.path().join(table.file_name()), text).unwrap();
        }
        let data = folder.path().to_str().unwrap();
        let args = [
            "compare",
            "mypoll/approve/yes",
            "mypoll/approve/no",
            "--data",
            data,
            "--json",
        ];
        let run = opine_in(folder.path(), &args, "");
        rows(&run)[0]["sentence"].as_str().unwrap().to_owned()
    };
    assert!(
        sentence("probability").contains(" leads "),
        "{}",
        sentence("probability")
    );
    for sampling in ["nonprobability", "unknown"] {
        let said = sentence(sampling);
        assert!(
            !said.contains("leads") && !said.contains("margin of"),
            "{said}"
        );
        assert!(said.contains("chance alone"), "{said}");
    }
}

#[test]
fn what_has_no_effect_or_no_sense_is_refused() {
    for (args, words) in [
        (&["48", "45"][..], "@1000"),
        (&["48@1000"], "--against"),
        (&["48@1000", "45@900", "-n", "1000"], "-n has no effect"),
        (&["48@1000", "45@900", "--adjust", "bh"], "one comparison"),
        (
            &["48@1000", "45@900", "--adjust", "bonferoni"],
            "bonferroni",
        ),
        (&["48@1000", "45@900", "--ci", "newcomb"], "newcombe"),
        (&["48@1000", "45@900", "--share", "0.3"], "part"),
        (&["48@1000", "45@900", "--average", "equal"], "total"),
        (&["48@1000", "45@900", "--with", "first"], "two figures"),
        (&["48@1000", "45@900", "--data", "x"], "typed"),
        (
            &["48@1000", "--against", "50", "--ci", "wald"],
            "cannot be used",
        ),
        (
            &["68", "45", "-n", "9", "--relation", "same-question"],
            "more than 100%",
        ),
        (
            &[
                "8",
                "5",
                "-n",
                "9",
                "--relation",
                "same-question",
                "--ci",
                "wald",
            ],
            "--ci",
        ),
        (&["8", "5", "-n", "9", "--relation", "part-of"], "--share"),
        (
            &["8", "5", "-n", "9", "--relation", "same-qestion"],
            "same-question",
        ),
        (&["48@1000", "45@900", "--effects", "--json"], "--effects"),
        (&["0@100", "0@100", "--ci", "wald"], "newcombe"),
        (
            &["egf2023/worried/net", "egf2023/worried/very", "--deff", "2"],
            "--deff",
        ),
        (
            &["egf2023/worried/nett", "egf2023/worried/very"],
            "did you mean net?",
        ),
        (
            &[
                "egf2023/worried/net",
                "egf2023/worried/very",
                "--relation",
                "independent",
            ],
            "same-question",
        ),
        (
            &[
                "egf2023/soft_power_us/mean:PH",
                "egf2023/soft_power_us/mean:SG",
            ],
            "score",
        ),
    ] {
        let Run { code, out, err } = opine(&[&["compare"], args].concat());
        assert_eq!(code, 2, "{args:?}: {out}{err}");
        assert!(err.contains(words), "{args:?}: {err}");
    }
}

#[test]
fn every_option_changes_the_output() {
    let plain = opine(&["compare", "48@1000", "45@900", "--json"]).out;
    for option in [
        &["--ci", "wald"][..],
        &["--ci", "agresti-caffo"],
        &["--ci", "miettinen-nurminen"],
        &["--level", "0.9"],
        &["--deff", "2"],
        &["--relation", "same-respondents"],
        &["--relation", "panel"],
        &["--relation", "part-of"],
        &["--relation", "part-of", "--share", "0.4"],
    ] {
        let run = opine(&[&["compare", "48@1000", "45@900", "--json"], option].concat());
        assert_eq!(run.code, 0, "{option:?}: {}", run.err);
        assert_ne!(run.out, plain, "{option:?}");
    }
}

/// Standard output of a run that must end well.
fn read(args: &[&str]) -> String {
    let Run { code, out, err } = opine(&[&["compare"], args].concat());
    assert_eq!(code, 0, "{err}");
    out
}

#[test]
fn as_read() {
    insta::assert_snapshot!(
        [
            read(&[
                "egf2023/consequences/polarise:KR",
                "egf2023/consequences/polarise:PH",
                "--effects"
            ]),
            read(&["48", "45", "-n", "1000", "--relation", "same-question"]),
            read(&["90@1500", "62@16168"]),
            read(&["egf2023/view_us/favourable", "egf2023/view_cn/favourable"]),
            read(&[
                "egf2023/consequences/polarise:KR",
                "egf2023/consequences/polarise"
            ]),
            read(&["52@1000", "--against", "50"]),
            read(&["90@500", "20@1000", "--relation", "part-of"]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_family_as_read() {
    insta::assert_snapshot!(
        [
            read(&["egf2023/consequences/polarise:*"]),
            read(&["egf2023/consequences/polarise:*", "--format", "md"]),
            read(&["egf2023/consequences/polarise:*", "--csv"]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_row_as_read() {
    insta::assert_snapshot!(read(&[
        "48",
        "45",
        "-n",
        "1000",
        "--relation",
        "same-question",
        "--json"
    ]));
}
