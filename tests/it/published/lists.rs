//! Plain lists: whether they add up, their NETs, their rounding, their lead; their rows compared; drawn as charts.

use std::fs;

use serde_json::Value;

use crate::cli::program::{Run, number, opine_in, rows};

/// Runs the program beside a list.
fn with_list(list: &str, args: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("l.csv"), list).unwrap();
    opine_in(folder.path(), args, "")
}

fn findings(list: &str) -> Vec<Value> {
    rows(&with_list(list, &["check", "l.csv", "--json"]))
}

fn rules(list: &str) -> Vec<String> {
    let rule = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{}:{}", text("severity"), text("rule"))
    };
    findings(list).iter().map(rule).collect()
}

#[test]
fn sums_nets_rounding_and_leads() {
    // the worst first, and then line by line
    for (list, found) in [
        ("label,percent\nA,50\nB,50\n", &[][..]),
        ("label,percent,n\nA,53,1000\nB,47,1000\n", &["note:lead"]),
        ("label,percent\nA,33\nB,33\nC,33\n", &["note:rounding"]),
        ("label,percent\nA,33.3\nB,33\nC,33.7\n", &["note:rounding"]),
        ("label,percent\nA,60\nB,45\n", &["warning:sum-over-100"]),
        ("label,percent\nA,60\nB,32\n", &["note:sum-under-100"]),
        ("label,percent\nA,60\nB,75\nC,80\n", &["note:sum-over-100"]),
        (
            "label,percent\nNET worried,66\nVery,24\nSomewhat,38\nNot,38\n",
            &["warning:net-parts"],
        ),
        (
            "label,percent\nNET worried,63\nVery,24\nSomewhat,38\nNot,38\n",
            &[],
        ),
        (
            "label,percent,net_of\nWorried,66,Very;Somewhat\nVery,24,\nSomewhat,38,\nNot,38,\n",
            &["warning:net-parts"],
        ),
        (
            "label,percent,net_of\nWorried,62,Very;Somwhat\nVery,24,\nSomewhat,38,\nNot,38,\n",
            &["warning:net-parts"],
        ),
        (
            "label,percent\nA,50\nB,30\nA,40\n",
            &["warning:sum-over-100", "warning:conflict"],
        ),
        (
            "label,percent,n\nA,51.3,40\nB,48.7,40\n",
            &["note:attainable", "note:lead", "note:attainable"],
        ),
        // a question a wave: each adds up by itself
        (
            "label,wave,percent\nA,2023,60\nB,2023,40\nA,2024,45\nB,2024,55\n",
            &[],
        ),
    ] {
        assert_eq!(rules(list), found, "{list}");
    }
}

#[test]
fn a_finding_says_where_and_what_would_give() {
    let list =
        "label;percent;n\nNET worried;66;1.004\nVery;24;1.004\nSomewhat;38;1.004\nNot;38;1.004\n";
    let found = findings(list);
    let net = &found[0];
    assert_eq!(
        (net["file"].as_str(), net["line"].as_u64()),
        (Some("l.csv"), Some(2))
    );
    let message = net["message"].as_str().unwrap();
    assert!(
        message.contains("Very 24 and Somewhat 38 are 62") && message.contains("61 to 63"),
        "{message}"
    );
    let lead = found.last().unwrap()["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        lead.contains("0.0 ± 5.4 points") && lead.contains("n 1,004"),
        "{lead}"
    );
    // warnings fail a strict check
    assert_eq!(with_list(list, &["check", "l.csv", "--strict"]).code, 1);
    assert_eq!(with_list(list, &["check", "l.csv"]).code, 0);
    let text = with_list(list, &["check", "l.csv"]);
    assert!(
        text.out.contains("l.csv:2 percent") && text.out.contains("[net-parts]"),
        "{}",
        text.out
    );
    assert!(text.err.contains("semicolons"), "{}", text.err);
    let left_out = with_list(list, &["check", "l.csv", "--ignore", "net-parts,lead"]);
    assert!(left_out.out.contains("0 warnings"), "{}", left_out.out);
}

#[test]
fn what_is_no_list_is_refused() {
    for (list, args, code, what) in [
        (
            "variable,estimate\nq,0.4\n",
            &["check", "l.csv"][..],
            2,
            "estimates",
        ),
        (
            "label,percent\nA,40\n",
            &["check", "l.csv", "egf2023"],
            2,
            "by itself",
        ),
        (
            "label,percent\nA,40\n",
            &["check", "l.csv", "--data", "."],
            2,
            "--data",
        ),
        (
            "label,percent\nA,0.4\nB,0.6\n",
            &["check", "l.csv"],
            2,
            "--shares",
        ),
        ("label,percent\nA,x\n", &["check", "l.csv"], 2, "line 2"),
        ("", &["check", "l.csv"], 2, "empty"),
        ("label,percent\nA,40\n", &["check", "m.csv"], 3, "m.csv"),
        (
            "label,percent\nA,40\n",
            &["check", "--shares"],
            2,
            "--shares",
        ),
    ] {
        let run = with_list(list, args);
        assert_eq!(run.code, code, "{args:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(what), "{args:?}: {}", run.err);
    }
}

#[test]
fn rows_that_add_up_are_answers_of_one_question() {
    let list = "label,percent,n\nBiden,48,800\nTrump,45,800\nOther,7,800\n";
    let run = with_list(
        list,
        &[
            "compare",
            "l.csv",
            "--row",
            "label=Biden",
            "--row",
            "label=Trump",
            "--json",
        ],
    );
    let row = &rows(&run)[0];
    assert_eq!(row["relation"], "same-question");
    assert_eq!(
        (row["a"].as_str(), row["b"].as_str()),
        (Some("Biden"), Some("Trump"))
    );
    let se = ((0.48 + 0.45 - 0.03_f64.powi(2)) / 800.0).sqrt();
    assert!((number(row, "se") - se).abs() < 1e-12);
    assert!(run.err.contains("answers of one question"), "{}", run.err);
    let all = rows(&with_list(list, &["compare", "l.csv", "--json"]));
    assert_eq!(all.len(), 3);
    // the relation can be named, and then nothing is assumed
    let named = with_list(
        list,
        &["compare", "l.csv", "--relation", "same-question", "--json"],
    );
    assert_eq!(rows(&named), all);
    assert!(named.err.is_empty(), "{}", named.err);
    let share = with_list(
        "label,share,n\nA,0.485,500\nB,0.515,500\n",
        &["compare", "l.csv", "--shares", "--json"],
    );
    assert!((number(&rows(&share)[0], "estimate") + 0.03).abs() < 1e-12);
}

#[test]
fn rows_of_several_sizes_are_samples_of_their_own() {
    let list = "country,percent,n\nGermany,62,1004\nFrance,58,1010\n";
    let run = with_list(list, &["compare", "l.csv", "--json"]);
    let row = &rows(&run)[0];
    assert_eq!(row["relation"], "independent");
    let se = (0.62 * 0.38 / 1004.0 + 0.58 * 0.42 / 1010.0_f64).sqrt();
    assert!((number(row, "se") - se).abs() < 1e-12);
    // of one size, and no question: the reader knows
    for (list, args, what) in [
        (
            "label,percent,n\nGermany,62,1000\nFrance,58,1000\n",
            &["compare", "l.csv"][..],
            "--relation",
        ),
        (
            "label,percent\nA,50\nB,50\n",
            &["compare", "l.csv"],
            "has no n",
        ),
        (
            list,
            &[
                "compare",
                "l.csv",
                "--row",
                "label=Germnay",
                "--row",
                "label=France",
            ],
            "label=Germany?",
        ),
        (list, &["compare", "l.csv", "-n", "100"], "-n has no effect"),
        (list, &["compare", "l.csv", "l.csv"], "name it alone"),
    ] {
        let run = with_list(list, args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(what), "{args:?}: {}", run.err);
    }
    // countries are samples of their own, whatever their sizes and their sum
    let countries = "country,percent,n\nGermany,62,1000\nFrance,38,1000\n";
    let run = with_list(countries, &["compare", "l.csv", "--json"]);
    assert_eq!(rows(&run)[0]["relation"], "independent");
    assert!(run.err.contains("samples of their own"), "{}", run.err);
    let against = with_list(list, &["compare", "l.csv", "--against", "50", "--json"]);
    assert_eq!(rows(&against).len(), 2);
    let margin = with_list(
        "label,percent\nA,50\nB,50\n",
        &["compare", "l.csv", "--moe", "3", "--json"],
    );
    assert!((number(&rows(&margin)[0], "ci_high") - 0.06).abs() < 1e-9);
}

#[test]
fn nets_are_not_compared_with_their_parts() {
    let list = "label,percent,n\nNET worried,62,900\nVery,24,900\nSomewhat,38,900\nNot,38,900\n";
    let run = with_list(list, &["compare", "l.csv", "--json"]);
    assert_eq!(rows(&run).len(), 3);
    assert!(run.err.contains("NET worried left out"), "{}", run.err);
}

#[test]
fn charts_of_lists_as_they_come() {
    let drawn = |list: &str, args: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("l.csv"), list).unwrap();
        let run = opine_in(folder.path(), args, "");
        let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap_or_default();
        (run, svg)
    };
    let fractions = "label,percent,n\nA,0.485,1000\nB,0.412,1000\nC,0.103,1000\n";
    let (run, svg) = drawn(fractions, &["chart", "bar", "l.csv", "-o", "c.svg"]);
    assert!(
        run.code == 2 && svg.is_empty() && run.err.contains("--shares"),
        "{}",
        run.err
    );
    let (run, svg) = drawn(
        fractions,
        &["chart", "bar", "l.csv", "--shares", "-o", "c.svg"],
    );
    assert!(run.code == 0 && svg.contains(">48.5<"), "{}", run.err);
    let (run, svg) = drawn(
        "label;percent;n\nA;48,5;1000\nB;41,2;1000\n",
        &["chart", "bar", "l.csv", "-o", "c.svg"],
    );
    assert!(run.code == 0 && svg.contains("48.5"), "{}", run.err);
    let waves = "label,date,percent,n\nA,2024-03,40,1000\nA,20240-05,41,1000\n";
    let (run, svg) = drawn(waves, &["chart", "trend", "l.csv", "-o", "c.svg"]);
    assert!(
        run.code == 2 && svg.is_empty() && run.err.contains("20240-05"),
        "{}",
        run.err
    );
    let words = "label,wave,percent,n\nA,spring,40,1000\nA,autumn,41,1000\n";
    let (run, svg) = drawn(words, &["chart", "trend", "l.csv", "-o", "c.svg"]);
    assert!(
        run.code == 0 && svg.contains("wave holds no dates"),
        "{}",
        run.err
    );
}

#[test]
fn shares_of_those_who_gave_another_answer() {
    let list = "label,percent,n\nYes,45,1000\nNo,36,1000\nDon't know,19,1000\n";
    for name in ["Don't know", "don’t know"] {
        let run = with_list(list, &["compare", "l.csv", "--without", name, "--json"]);
        let lead = &rows(&run)[0];
        assert!((number(lead, "estimate") - 0.112).abs() < 1e-3, "{lead}");
        assert!(
            run.err.contains("another answer than “Don't know”"),
            "{}",
            run.err
        );
    }
    // of a percentage it is as for typed figures
    let typed = with_list(
        list,
        &[
            "compare",
            "l.csv",
            "--row",
            "label=Yes",
            "--row",
            "label=No",
            "--without",
            "19",
            "--json",
        ],
    );
    assert_eq!(typed.code, 0, "{}", typed.err);
    let run = with_list(list, &["compare", "l.csv", "--without", "Don't now"]);
    assert!(
        run.code == 2 && run.err.contains("did you mean “Don't know”?"),
        "{}",
        run.err
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("l.csv"), list).unwrap();
    let chart = [
        "chart",
        "bar",
        "l.csv",
        "--without",
        "Don't know",
        "-o",
        "c.svg",
    ];
    let run = opine_in(folder.path(), &chart, "");
    let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap();
    assert!(
        run.code == 0 && svg.contains(">55.6<") && !svg.contains("know"),
        "{}",
        run.err
    );
    let groups = "label,response,percent\nN,Yes,40\nN,No,40\nN,DK,20\nS,Yes,70\nS,No,20\nS,DK,10\n";
    fs::write(folder.path().join("g.csv"), groups).unwrap();
    let chart = [
        "chart",
        "stacked",
        "g.csv",
        "--without",
        "dk",
        "-o",
        "g.svg",
    ];
    let run = opine_in(folder.path(), &chart, "");
    let numbers = fs::read_to_string(folder.path().join("g.csv")).unwrap();
    assert_eq!((run.code, numbers.as_str()), (0, groups), "{}", run.err);
    let svg = fs::read_to_string(folder.path().join("g.svg")).unwrap();
    assert!(svg.contains(">50.0<") && svg.contains(">77.8<"), "{svg}");
}
