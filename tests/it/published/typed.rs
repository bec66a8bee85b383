//! Figures as people have them: a margin without an n, a village, several at once, names, leads, answers left out.

use std::fs;
use std::path::Path;

use opine::internals::statistics::interval::{
    Method, finite_population, sample_size, sample_size_in_population, share,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::cli::program::{number, opine, opine_in, rows};

/// The two-sided normal point of 95%.
const Z: f64 = 1.959_963_984_540_054;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn refused(args: &[&str]) -> String {
    let run = opine(args);
    assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
    run.err
}

#[test]
fn a_margin_stands_for_an_n() {
    let rows = rows(&opine(&["interval", "38", "--moe", "4.4", "--json"]));
    let row = &rows[0];
    // z^2 / (4 m^2), and Wilson's interval on it
    assert!(near(number(row, "n_eff"), Z * Z / 4.0 / 0.044_f64.powi(2)));
    assert!((number(row, "ci_low") - 0.338_363).abs() < 1e-6, "{row}");
    assert!((number(row, "ci_high") - 0.423_482).abs() < 1e-6, "{row}");
    assert_eq!((&row["n"], &row["deff"]), (&Value::Null, &Value::Null));
    // the margin at 50% is the one that was printed
    let half = opine(&["interval", "50", "--moe", "4.4", "--ci", "wald", "--json"]);
    let half = crate::cli::program::rows(&half);
    assert!(near(number(&half[0], "ci_high") - 0.5, 0.044));
    // a level of its own
    let level = opine(&[
        "interval",
        "50",
        "--moe",
        "4.4",
        "--moe-level",
        "90",
        "--json",
    ]);
    let level = crate::cli::program::rows(&level);
    assert!((number(&level[0], "n_eff") - 349.37).abs() < 0.01);
}

#[test]
fn the_rounding_of_a_margin_counts_where_it_is_asked_for() {
    let bounds = |args: &[&str]| {
        let rows = rows(&opine(args));
        (number(&rows[0], "ci_low"), number(&rows[0], "ci_high"))
    };
    let union = bounds(&["interval", "38", "--moe", "4.4", "--rounding", "--json"]);
    // from 37.5 and to 38.5, on the n of a margin of 4.45
    let least = Z * Z / 4.0 / 0.0445_f64.powi(2);
    let low = share(Method::Wilson, 0.375, least, 0.95).unwrap().low;
    let high = share(Method::Wilson, 0.385, least, 0.95).unwrap().high;
    assert!(near(union.0, low) && near(union.1, high), "{union:?}");
}

#[test]
fn a_lead_where_only_the_margin_is_known() {
    let args = [
        "compare",
        "38",
        "37",
        "--moe",
        "4.4",
        "--relation",
        "same-question",
        "--json",
    ];
    let rows = rows(&opine(&args));
    assert!(near(number(&rows[0], "estimate"), 0.01));
    // z sqrt((a + b - (a - b)^2) / n_eff)
    assert!((number(&rows[0], "ci_low") + 0.066_205_154_681).abs() < 1e-9);
    assert!((number(&rows[0], "ci_high") - 0.086_205_154_681).abs() < 1e-9);
    // two with one margin may be answers or samples: the program does not guess
    let message = refused(&["compare", "38", "37", "--moe", "4.4"]);
    assert!(
        message.contains("--relation same-question") && message.contains("±7.6"),
        "{message}"
    );
    // a margin with an n is a design effect
    let both = ["compare", "38@1000", "37@1000", "--moe", "4.4", "--json"];
    let both = crate::cli::program::rows(&opine(&both));
    let se = number(&both[0], "se");
    let n_eff = Z * Z / 4.0 / 0.044_f64.powi(2);
    assert!(near(se, ((0.38 * 0.62 + 0.37 * 0.63) / n_eff).sqrt()));
}

#[test]
fn a_change_of_a_lead() {
    let rows = rows(&opine(&["compare", "47-39@756", "46-44@805", "--json"]));
    assert!(near(number(&rows[0], "estimate"), 0.06));
    assert!(near(number(&rows[0], "ci_low"), -0.032_899_316_838_559_18));
    assert!(near(number(&rows[0], "ci_high"), 0.152_899_316_838_559_17));
    assert_eq!(rows[0]["relation"], "independent");
    // one lead by itself is held against 0, as stored net scores are
    let one = opine(&["compare", "47-39@756", "--json"]);
    let one = crate::cli::program::rows(&one);
    let se = ((0.47 + 0.39 - 0.08_f64.powi(2)) / 756.0).sqrt();
    assert!(near(number(&one[0], "z"), 0.08 / se));
    // a minus of print, and a sum of answers
    let print = opine(&["compare", "47−39@756", "46−44@805", "--json"]);
    assert!(near(
        number(&crate::cli::program::rows(&print)[0], "estimate"),
        0.06
    ));
    let sum = opine(&["compare", "30+17@756", "46@805", "--json"]);
    assert!(near(
        number(&crate::cli::program::rows(&sum)[0], "estimate"),
        0.01
    ));
    for (args, what) in [
        (&["compare", "60-50@100", "46-44@805"][..], "more than 100%"),
        (&["compare", "47-39@756", "46@805"], "net score"),
        (&["interval", "47-39", "-n", "756"], "opine compare 47-39"),
    ] {
        let message = refused(args);
        assert!(message.contains(what), "{message}");
    }
}

#[test]
fn names_stand_in_words_and_tables() {
    let run = opine(&["compare", "Germany=62@1004", "France=58@1010"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("Germany is 4 points above France"),
        "{}",
        run.out
    );
    let named = rows(&opine(&[
        "compare",
        "Germany=62@1004",
        "France=58@1010",
        "--json",
    ]));
    let plain = rows(&opine(&["compare", "62@1004", "58@1010", "--json"]));
    assert_eq!(named[0]["a"], "Germany=62@1004");
    assert_eq!(named[0]["p_value"], plain[0]["p_value"]);
}

#[test]
fn several_percentages_at_once() {
    let several = rows(&opine(&[
        "interval", "62", "58", "Not=49", "-n", "1000", "--json",
    ]));
    let names: Vec<&str> = several
        .iter()
        .map(|row| row["variable"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["62", "58", "Not"]);
    for (row, percent) in several.iter().zip(["62", "58", "49"]) {
        let alone = rows(&opine(&["interval", percent, "-n", "1000", "--json"]));
        assert_eq!(row["ci_low"], alone[0]["ci_low"]);
    }
    let run = opine(&["interval", "Germany=62@1004", "France=58@1010"]);
    for text in ["Germany", "59.0–65.0", "1,010"] {
        assert!(run.out.contains(text), "{text}: {}", run.out);
    }
    assert!(refused(&["interval", "62", "58@100"]).contains("62 has no sample size"));
    assert!(refused(&["interval", "62@100", "58@100", "-n", "50"]).contains("-n has no effect"));
}

#[test]
fn a_village_has_a_smaller_margin() {
    let args = [
        "interval",
        "53",
        "-n",
        "250",
        "--population",
        "400",
        "--ci",
        "wald",
        "--json",
    ];
    let village = rows(&opine(&args));
    assert!(near(
        number(&village[0], "ci_low"),
        0.492_066_393_731_102_17
    ));
    assert!(near(
        number(&village[0], "ci_high"),
        0.567_933_606_268_897_9
    ));
    assert_eq!(village[0]["n"], 250.0);
    for method in [
        "wilson",
        "wilson-cc",
        "agresti-coull",
        "clopper-pearson",
        "jeffreys",
        "logit",
        "asin",
    ] {
        let args = [
            "interval",
            "53",
            "-n",
            "250",
            "--population",
            "400",
            "--ci",
            method,
            "--json",
        ];
        let row = &rows(&opine(&args))[0];
        assert!(near(number(row, "n_eff"), 665.0), "{method}");
        let interval = share(method.parse().unwrap(), 0.53, 665.0, 0.95).unwrap();
        assert!(near(number(row, "ci_low"), interval.low), "{method}");
        assert!(near(number(row, "ci_high"), interval.high), "{method}");
    }
    for (args, what) in [
        (
            &["interval", "53", "-n", "400", "--population", "400"][..],
            "all 400 were asked",
        ),
        (
            &["interval", "53", "-n", "500", "--population", "400"],
            "smaller than its population",
        ),
        (
            &["interval", "53", "--moe", "4", "--population", "400"],
            "--population",
        ),
    ] {
        let message = refused(args);
        assert!(message.contains(what), "{message}");
    }
    let size = opine(&["size", "--moe", "3", "--population", "400", "--json"]);
    assert_eq!(rows(&size)[0]["n"], 292);
}

#[test]
fn two_sizes_are_not_one_question() {
    let message = refused(&["compare", "50@100", "40@200", "--relation", "same-question"]);
    for text in ["100", "200", "--relation independent"] {
        assert!(message.contains(text), "{message}");
    }
    let one = opine(&["compare", "50@100", "40@100", "--relation", "same-question"]);
    assert_eq!(one.code, 0, "{}", one.err);
}

fn polls(folder: &Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "polls.csv",
        "poll,title,sampling,field_start,field_end\np,Poll,probability,2024-03-01,2024-03-04\nm,Margin,probability,2024-03-01,2024-03-04\n",
    );
    write(
        "samples.csv",
        "poll,country,base,n,n_kind,moe,moe_level,reported_by\np,all,all,1000,exact,,,report\nm,all,all,,,4.4,95,report\n",
    );
    write(
        "questions.csv",
        "poll,question,text,wording,kind,responses,series,title\np,q,Question?,paraphrase,single,yes;no;against;dk,,Question\nm,q,Question?,paraphrase,single,yes;no;dk,,Question\np,r,Other?,paraphrase,single,yes;no,,Other\n",
    );
    write(
        "figures.csv",
        "poll,question,response,country,base,percent,qualifier,net_of,reported_by\n\
        p,q,yes,all,all,28,exact,,report\np,q,no,all,all,24,exact,,report\np,q,against,all,all,38,exact,,report\n\
        p,q,dk,all,all,10,exact,,report\nm,q,yes,all,all,38,exact,,report\nm,q,no,all,all,37,exact,,report\n\
        m,q,dk,all,all,20,exact,,report\np,r,yes,all,all,50,exact,,report\n",
    );
    write(
        "responses.csv",
        "response,label,kind\nyes,Yes,substantive\nno,No,substantive\nagainst,Against,substantive\ndk,Don't know,dont_know\n",
    );
}

#[test]
fn a_stored_margin_gives_an_interval() {
    let folder = tempfile::tempdir().unwrap();
    polls(folder.path());
    let run = opine_in(
        folder.path(),
        &["summary", "m/q/yes", "--data", ".", "--json"],
        "",
    );
    let row = &rows(&run)[0];
    assert!(near(number(row, "n_eff"), Z * Z / 4.0 / 0.044_f64.powi(2)));
    assert_eq!((&row["n"], &row["deff"]), (&Value::Null, &Value::Null));
    assert!(
        row["note"]
            .as_str()
            .unwrap()
            .contains("effective n 496 from the margin of ±4.4 (at 95%)")
    );
    let args = ["compare", "m/q/yes", "m/q/no", "--data", ".", "--json"];
    let lead = &rows(&opine_in(folder.path(), &args, ""))[0];
    assert!((number(lead, "ci_high") - 0.086_205_154_681).abs() < 1e-9);
    // an n that is assumed has nothing to add
    let args = ["summary", "m/q/yes", "--data", ".", "--assume-n", "800"];
    assert_eq!(opine_in(folder.path(), &args, "").code, 2);
}

#[test]
fn shares_of_those_who_have_an_opinion() {
    let folder = tempfile::tempdir().unwrap();
    polls(folder.path());
    let json = |args: &[&str]| {
        let args = [args, &["--data", ".", "--json"]].concat();
        rows(&opine_in(folder.path(), &args, ""))
    };
    for name in ["dk", "Don't know", "don’t know"] {
        let row = &json(&["summary", "p/q/yes", "--without", name])[0];
        assert!(near(number(row, "estimate"), 28.0 / 90.0), "{row}");
        assert!(near(number(row, "n"), 900.0));
        let interval = share(Method::Wilson, 28.0 / 90.0, 900.0, 0.95).unwrap();
        assert!(near(number(row, "ci_low"), interval.low));
        assert_eq!(row["base"], "all without “Don’t know”");
    }
    // of a margin alone, a part of what it stands for
    let row = &json(&["summary", "m/q/yes", "--without", "dk"])[0];
    assert!(near(
        number(row, "n_eff"),
        0.8 * Z * Z / 4.0 / 0.044_f64.powi(2)
    ));
    // the lead among them: 4 of 90, on 900
    let lead = &json(&["compare", "p/q/yes", "p/q/no", "--without", "dk"])[0];
    let (a, b) = (28.0_f64 / 90.0, 24.0 / 90.0);
    assert!(near(number(lead, "estimate"), a - b));
    assert!(near(
        number(lead, "se"),
        ((a + b - (a - b).powi(2)) / 900.0).sqrt()
    ));
    // typed figures say how many are left out
    let typed = [
        "compare",
        "28",
        "24",
        "-n",
        "1000",
        "--relation",
        "same-question",
        "--without",
        "10",
        "--json",
    ];
    let typed = &rows(&opine(&typed))[0];
    assert!(near(number(typed, "se"), number(lead, "se")));
    let alone = rows(&opine(&[
        "interval",
        "28",
        "-n",
        "1000",
        "--without",
        "10",
        "--json",
    ]));
    assert!(near(
        number(&alone[0], "ci_high"),
        share(Method::Wilson, a, 900.0, 0.95).unwrap().high
    ));
    // what has no such answer beside it is left out, and that is said
    let run = opine_in(
        folder.path(),
        &["summary", "p", "--without", "dk", "--data", "."],
        "",
    );
    assert!(
        run.err.contains("1 of 4 figures are left out"),
        "{}",
        run.err
    );
    assert!(
        run.out.contains("another answer than “Don’t know”"),
        "{}",
        run.out
    );
    for (args, what) in [
        (
            &["summary", "p/r/yes", "--without", "dk"][..],
            "was not printed beside",
        ),
        (
            &["summary", "p/q/yes", "--without", "dont know"],
            "did you mean “Don't know”?",
        ),
        (&["summary", "--without", "dk"], "needs a selector"),
        (
            &["compare", "p/q/yes", "28@100", "--without", "dk"],
            "compare one kind",
        ),
    ] {
        let run = opine_in(folder.path(), &[args, &["--data", "."]].concat(), "");
        assert_eq!(run.code, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(what), "{args:?}: {}", run.err);
    }
    assert!(
        refused(&["interval", "95", "-n", "100", "--without", "10"])
            .contains("nobody would be left")
    );
}

#[test]
fn a_chart_of_those_who_have_an_opinion_says_so() {
    let folder = tempfile::tempdir().unwrap();
    polls(folder.path());
    let args = [
        "chart",
        "dot",
        "p/q",
        "--data",
        ".",
        "--without",
        "dk",
        "-o",
        "c.svg",
    ];
    let run = opine_in(folder.path(), &args, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap();
    assert!(
        svg.contains("31.1") && svg.contains("another answer than"),
        "{svg}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A sample of that size has the margin, one of one respondent less has not.
    #[test]
    fn a_size_in_a_population_is_the_least_with_the_margin(
        moe in 0.005..0.2_f64,
        p in 0.02..0.98_f64,
        deff in 1.0..3.0_f64,
        population in 20.0..1e6_f64,
    ) {
        let population = population.round();
        let n = sample_size_in_population(moe, p, deff, 0.95, population).unwrap() as f64;
        prop_assert!(n <= population);
        prop_assert!(n <= sample_size(moe, p, deff, 0.95).unwrap() as f64);
        let margin = |n: f64| {
            let n_eff = finite_population(n / deff, n, population).unwrap();
            Z * (p * (1.0 - p) / n_eff).sqrt()
        };
        if n < population {
            prop_assert!(margin(n) <= moe * (1.0 + 1e-9));
        }
        if n > 1.0 {
            prop_assert!(margin(n - 1.0) > moe * (1.0 - 1e-9));
        }
    }

    /// Of an endless population nothing changes.
    #[test]
    fn a_large_population_changes_nothing(n in 10.0..2000.0_f64) {
        let n = n.round();
        prop_assert!((finite_population(n, n, 1e12).unwrap() / n - 1.0).abs() < 1e-6);
    }
}

/// Two answers of one question are refused where their least values are over 100, and nowhere else: in whole tenths.
#[test]
fn sums_are_taken_in_decimals() {
    use opine::internals::published::compare::{Pair, Relation, TypedFigure, TypedSample};
    let sample = TypedSample {
        n: Some(1000.0),
        ..TypedSample::default()
    };
    for a in (1..1000_u32).step_by(7) {
        for sum in 998..=1003_u32 {
            let Some(b) = sum.checked_sub(a).filter(|b| *b <= 1000) else {
                continue;
            };
            let text = |tenths: u32| format!("{}.{}", tenths / 10, tenths % 10);
            // each may stand for half a tenth less: 100.1 is the most that can be 100
            let holds = sum <= 1001;
            let side = |tenths: u32| {
                TypedFigure::parse(&text(tenths))
                    .unwrap()
                    .side(&sample, 0.95)
                    .unwrap()
            };
            let (one, other) = (side(a), side(b));
            let pair = Pair::typed(&one, &other, Relation::SameQuestion, None);
            assert_eq!(pair.is_ok(), holds, "{} and {}", text(a), text(b));
            if b > 0 {
                let lead = format!("{}-{}", text(a), text(b));
                assert_eq!(TypedFigure::parse(&lead).is_ok(), holds, "{lead}");
            }
        }
    }
    assert_eq!(opine(&["compare", "0.2-99.9@1000"]).code, 0);
}

/// A lead is held against a value on either side of 0, a share against none below.
#[test]
fn a_lead_against_a_value_below_0() {
    let row = |value: &str| {
        rows(&opine(&[
            "compare",
            "39-47@756",
            "--against",
            value,
            "--json",
        ]))
    };
    let (below, zero) = (row("-5"), row("0"));
    assert!(near(number(&below[0], "estimate"), -0.03));
    assert!(near(number(&zero[0], "estimate"), -0.08));
    assert!(near(number(&below[0], "se"), number(&zero[0], "se")));
    assert!(refused(&["compare", "39@756", "--against", "-5"]).contains("no share is below 0"));
    assert!(refused(&["compare", "39-47@756", "--against", "-101"]).contains("100"));
}

/// Fewer than one respondent in all leave everything possible.
#[test]
fn intervals_of_hardly_anybody_are_whole() {
    use opine::internals::published::compare::{DifferenceMethod, Share, independent};
    for n in [0.2, 0.5, 0.500_001] {
        let (a, b) = (Share { p: 0.9, n }, Share { p: 0.2, n });
        let interval = independent(DifferenceMethod::MiettinenNurminen, a, b, 0.95).unwrap();
        assert!(
            interval.low <= -0.99 && interval.high >= 0.99,
            "{n}: {interval:?}"
        );
    }
}

#[test]
fn numbers_on_the_command_line_have_points() {
    for (args, right) in [
        (&["interval", "62,5", "-n", "1000"][..], "write 62.5"),
        (&["interval", "Germany=62,5@1004"], "write 62.5"),
        (
            &["interval", "62", "-n", "1000", "--deff", "1,6"],
            "write 1.6",
        ),
        (
            &["interval", "62", "-n", "1000", "--moe", "3,1"],
            "write 3.1",
        ),
        (
            &["interval", "62", "-n", "1000", "--level", "0,95"],
            "write 0.95",
        ),
        (
            &["interval", "62", "-n", "1000", "--rounding", "0,5"],
            "write 0.5",
        ),
        (&["interval", "62", "-n", "1,5"], "write 1500 or 1,500"),
        (&["interval", "62@1,0"], "write 1500 or 1,500"),
        (&["compare", "48,5", "45", "-n", "1000"], "write 48.5"),
        (&["pool", "48,5@1000", "45@900"], "write 48.5"),
        (&["size", "--moe", "2,5"], "write 2.5"),
        (
            &["estimate", "x.csv", "mean(y)", "--rho", "0,3"],
            "write 0.3",
        ),
        (
            &["estimate", "x.csv", "mean(y)", "--scale", "0,5"],
            "write 0.5",
        ),
        (
            &["estimate", "x.csv", "mean(y)", "--df", "7,5"],
            "write 7.5",
        ),
    ] {
        let said = refused(args);
        assert!(said.contains(right), "{args:?}: {said}");
    }
    for n in ["1500", "1,500", "1_500"] {
        assert_eq!(opine(&["interval", "63", "-n", n]).code, 0, "{n}");
    }
}
