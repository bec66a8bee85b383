//! Two moments of the same answers: the chart of their changes and the comparison behind it.

use std::fs;

use serde_json::Value;

use crate::cli::program::{Run, number, opine_in, rows};

/// Two polls of Novus, 24 February to 22 March and 30 March to 19 April 2020 (SwedishPolls, CC0).
const NOVUS: &str = include_str!("../../../examples/sweden2020.csv");

fn with(list: &str, args: &[&str]) -> (Run, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("l.csv"), list).unwrap();
    let run = opine_in(folder.path(), args, "");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    (run, read("c.svg"), read("c.csv"))
}

fn drawn(list: &str, more: &[&str]) -> (Run, String) {
    let (run, svg, _) = with(
        list,
        &[&["chart", "change", "l.csv", "-o", "c.svg"], more].concat(),
    );
    (run, svg)
}

fn compared(list: &str, more: &[&str]) -> Vec<Value> {
    rows(&with(list, &[&["compare", "l.csv", "--json"], more].concat()).0)
}

/// Newcombe’s interval: z 1.959964, Wilson on each side.
fn newcombe(later: f64, earlier: f64, n: f64) -> (f64, f64) {
    let z2 = 1.959_963_984_540_054_f64.powi(2);
    let wilson = |p: f64| {
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = (z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))).sqrt() / (1.0 + z2 / n);
        (centre - half, centre + half)
    };
    let ((l1, u1), (l2, u2)) = (wilson(later), wilson(earlier));
    let d = later - earlier;
    (
        d - ((later - l1).powi(2) + (u2 - earlier).powi(2)).sqrt(),
        d + ((u1 - later).powi(2) + (earlier - l2).powi(2)).sqrt(),
    )
}

#[test]
fn each_answer_is_held_against_itself_at_the_moment_before() {
    let changes = compared(NOVUS, &[]);
    assert_eq!(changes.len(), 8);
    let first = &changes[0];
    assert_eq!(first["a"], "Social Democrats, 19 Apr 2020");
    assert_eq!(
        (first["b"].as_str(), first["relation"].as_str()),
        (Some("Social Democrats, 22 Mar 2020"), Some("independent"))
    );
    for (row, later, earlier) in [(0, 0.304, 0.256), (1, 0.197, 0.220), (7, 0.028, 0.038)] {
        let (low, high) = newcombe(later, earlier, 3737.0);
        assert!((number(&changes[row], "estimate") - (later - earlier)).abs() < 1e-12);
        assert!(
            (number(&changes[row], "ci_low") - low).abs() < 1e-9,
            "{}",
            changes[row]
        );
        assert!(
            (number(&changes[row], "ci_high") - high).abs() < 1e-9,
            "{}",
            changes[row]
        );
    }
    let (run, _, _) = with(NOVUS, &["compare", "l.csv"]);
    assert!(
        run.err.contains("19 Apr 2020 against 22 Mar 2020") && run.err.contains("--relation panel"),
        "{}",
        run.err
    );
    // picked rows are compared as ever
    let picked = compared(
        NOVUS,
        &[
            "--row",
            "party=Left,date=2020-04-19",
            "--row",
            "party=Centre,date=2020-04-19",
            "--relation",
            "same-question",
        ],
    );
    assert_eq!(
        (picked.len(), picked[0]["relation"].as_str()),
        (1, Some("same-question"))
    );
}

#[test]
fn the_chart_has_the_numbers_of_compare() {
    let (run, svg, numbers) = with(NOVUS, &["chart", "change", "l.csv", "-o", "c.svg"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let csv = with(NOVUS, &["compare", "l.csv", "--csv"]).0.out;
    assert_eq!(numbers, csv);
    for text in [
        "25.6",
        "30.4",
        "+4.8",
        "+2.8 to +6.8",
        "−4.1 to −0.5",
        "−1.1 to +2.5",
        "19 Apr 2020, change not established",
        "Not adjusted for looking at 8 changes; with Holm’s adjustment Social Democrats alone stays below 0.05.",
    ] {
        let one_line = svg.replace("</text>", " ");
        assert!(
            svg.contains(text) || words(&one_line).contains(text),
            "no {text} in {svg}"
        );
    }
    assert!(svg.contains("3 of 8 changes established"), "{svg}");
}

/// The texts of an SVG in a line.
fn words(svg: &str) -> String {
    let texts = svg
        .split('<')
        .filter_map(|piece| piece.strip_prefix("text").or(piece.strip_prefix("tspan")));
    let texts = texts
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text.trim());
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn leads_change_by_both_polls() {
    let (run, svg) = drawn(
        NOVUS,
        &[
            "--lead",
            "Social Democrats-Sweden Democrats",
            "--lead",
            "Moderates+Sweden Democrats+Christian Democrats-Social Democrats-Left-Greens",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    for text in [
        "+3.6",
        "+10.7",
        "+7.1",
        "+4.0 to +10.2",
        "−5.8",
        "−10.0 to −1.6",
    ] {
        assert!(svg.contains(text), "no {text} in {svg}");
    }
    for (lead, said) in [
        ("Social Democrats-Greans", "did you mean “Greens”?"),
        ("Greens", "a lead is of one answer over another"),
    ] {
        let (run, svg) = drawn(NOVUS, &["--lead", lead]);
        assert!(
            run.code == 2 && svg.is_empty() && run.err.contains(said),
            "{lead}: {}",
            run.err
        );
    }
}

#[test]
fn the_same_people_twice_have_bounds() {
    let panel = compared(NOVUS, &["--relation", "panel"]);
    let (low, high) = newcombe(0.304, 0.256, 3737.0);
    // with nobody giving both answers the difference is least certain
    assert!(number(&panel[0], "ci_high") - number(&panel[0], "ci_low") > high - low);
    assert!(
        panel[0]["note"]
            .as_str()
            .unwrap()
            .contains("gave both answers is not known")
    );
    let (run, svg) = drawn(NOVUS, &["--relation", "panel"]);
    assert!(
        run.code == 0 && words(&svg).contains("The same people were asked twice"),
        "{}",
        run.err
    );
    let (run, _) = drawn(NOVUS, &["--relation", "same-question"]);
    assert!(
        run.code == 2 && run.err.contains("figures of one moment"),
        "{}",
        run.err
    );
}

#[test]
fn moments_in_any_form_and_any_order() {
    let list = |earlier: &str, later: &str| {
        format!("label,month,percent,n\nYes,{later},47,1010\nYes,{earlier},44,1004\n")
    };
    for (earlier, later, names) in [
        ("2023-05", "2023-06", ["May 2023", "Jun 2023"]),
        ("Mai 2023", "Juni 2023", ["May 2023", "Jun 2023"]),
        ("05/2023", "12/2023", ["May 2023", "Dec 2023"]),
        ("14.06.2023", "05.12.2023", ["14 Jun 2023", "5 Dec 2023"]),
        ("2022", "2023", ["2022", "2023"]),
    ] {
        let (run, svg) = drawn(&list(earlier, later), &[]);
        assert_eq!(run.code, 0, "{earlier}: {}", run.err);
        // the rows are the wrong way round, the dates are not
        assert!(svg.contains("+3.0"), "{earlier}: {svg}");
        for name in names {
            assert!(svg.contains(name), "{earlier}: no {name} in {svg}");
        }
    }
    // words stand in the order of the rows, and that is said
    let (run, svg) = drawn(&list("spring", "autumn"), &[]);
    assert!(
        run.code == 0 && svg.contains("−3.0") && run.err.contains("in the order of the rows"),
        "{}",
        run.err
    );
    // a day that may be two is refused
    let (run, svg) = drawn(&list("5/6/2023", "7/8/2023"), &[]);
    assert!(
        run.code == 2
            && svg.is_empty()
            && run.err.contains("7/8/2023")
            && run.err.contains("--dates"),
        "{}",
        run.err
    );
    let (run, _) = drawn(&list("5/6/2023", "7/8/2023"), &["--dates", "dmy"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let three =
        "label,month,percent,n\nYes,2023-05,44,1004\nYes,2023-06,47,1010\nYes,2023-07,40,1000\n";
    let (run, svg) = drawn(three, &[]);
    assert!(
        run.err.contains("of 3 moments") && svg.contains("−7.0"),
        "{}",
        run.err
    );
    let (run, svg) = drawn(three, &["--from", "May 2023", "--to", "2023-07"]);
    assert!(
        run.code == 0 && svg.contains("−4.0") && !run.err.contains("moments"),
        "{}",
        run.err
    );
    for (from, to, said) in [
        ("2023-07", "2023-05", "is not after"),
        ("2023-04", "2023-05", "there are 2023-05"),
    ] {
        let (run, _) = drawn(three, &["--from", from, "--to", to]);
        assert!(run.code == 2 && run.err.contains(said), "{}", run.err);
    }
    let (run, _) = drawn("label,percent,n\nYes,44,1004\n", &[]);
    assert!(
        run.code == 2 && run.err.contains("no column holds two times"),
        "{}",
        run.err
    );
}

#[test]
fn without_an_n_there_is_a_change_and_no_interval() {
    let list = "label,month,percent\nYes,2023-05,44\nYes,2023-06,47\n";
    let (run, svg) = drawn(list, &[]);
    assert!(
        run.code == 0 && svg.contains("+3.0") && svg.contains("no interval"),
        "{}",
        run.err
    );
    assert!(!svg.contains("not established"), "{svg}");
    let (run, svg) = drawn(list, &["--assume-n", "1000"]);
    assert!(
        run.code == 0 && svg.contains("A sample of 1,000 is assumed"),
        "{svg}"
    );
    assert_eq!(with(list, &["compare", "l.csv"]).0.code, 2);
}

#[test]
fn two_lists_and_two_stored_polls() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, yes: u32, no: u32| {
        fs::write(
            folder.path().join(name),
            format!("label,percent,n\nYes,{yes},1000\nNo,{no},1000\n"),
        )
        .unwrap();
    };
    write("may.csv", 44, 50);
    write("june.csv", 49, 45);
    let run = opine_in(
        folder.path(),
        &["chart", "change", "may.csv", "june.csv", "-o", "c.svg"],
        "",
    );
    let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap();
    assert!(
        run.code == 0 && svg.contains(">june<") && svg.contains("+5.0"),
        "{}",
        run.err
    );
    let stored = [
        "chart",
        "change",
        "pew2023/view_cn/favourable:*",
        "pew2022/view_cn/favourable:*",
        "-o",
        "d.svg",
    ];
    let run = opine_in(folder.path(), &stored, "");
    let svg = fs::read_to_string(folder.path().join("d.svg")).unwrap();
    // whichever was named first, the earlier poll is the earlier one
    assert!(
        run.code == 0 && svg.contains(">Poland<") && svg.contains("−6.9"),
        "{}",
        run.err
    );
    for (args, said) in [
        (
            &[
                "chart",
                "change",
                "pew2022/view_cn/favourable:*",
                "may.csv",
                "-o",
                "c.svg",
            ][..],
            "not of one of each",
        ),
        (
            &[
                "chart",
                "change",
                "pew2022/view_cn/favourable:*",
                "-o",
                "c.svg",
            ],
            "of two polls",
        ),
        (
            &[
                "chart", "change", "may.csv", "june.csv", "--ci", "wald", "-o", "c.svg",
            ],
            "--ci",
        ),
        (
            &[
                "chart", "change", "may.csv", "june.csv", "--from", "may", "-o", "c.svg",
            ],
            "no effect",
        ),
    ] {
        let run = opine_in(folder.path(), args, "");
        assert!(
            run.code == 2 && run.err.contains(said),
            "{args:?}: {}",
            run.err
        );
    }
}
