//! Differences of stored figures: the relation follows from the ids, and the interval from the relation.

use opine::internals::published::compare::{Relation, StoredFigure, relation_by_ids, sides};
use opine::internals::published::figures::store::{Figure, Store, Table};
use opine::internals::published::figures::topline::Intervals;

use serde_json::Value;

use crate::cli::program::{number, opine, rows};
use crate::published::compare::golden::close;
use crate::published::figures::small;

/// The one comparison that some arguments ask for.
pub fn one(args: &[&str]) -> Value {
    let found = rows(&opine(&[&["compare"], args, &["--json"]].concat()));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

fn figure<'s>(store: &'s Store, id: &str) -> &'s Figure {
    store.figures_named(id).into_iter().next().unwrap()
}

#[test]
fn relations_follow_from_ids() {
    let store = Store::embedded();
    let relation = |a: &str, b: &str| relation_by_ids(&store, figure(&store, a), figure(&store, b));
    for (a, b, expected) in [
        (
            "egf2023/worried/very",
            "egf2023/worried/somewhat",
            Relation::SameQuestion,
        ),
        // several answers could be given
        (
            "egf2023/challenges/climate",
            "egf2023/challenges/pandemics",
            Relation::SameRespondents,
        ),
        (
            "egf2023/view_us/favourable",
            "egf2023/view_cn/favourable",
            Relation::SameRespondents,
        ),
        (
            "egf2023/view_us/favourable:KR",
            "egf2023/view_cn/favourable:PH",
            Relation::Independent,
        ),
        (
            "egf2023/view_us/favourable:KR",
            "egf2023/view_us/favourable",
            Relation::PartOf,
        ),
        (
            "gallup2020/view_cn/favourable:US",
            "gallup2023/view_cn/favourable:US",
            Relation::Independent,
        ),
        (
            "gallup2020/view_cn/favourable:US:democrats",
            "gallup2020/view_cn/favourable:US",
            Relation::PartOf,
        ),
    ] {
        assert_eq!(relation(a, b).unwrap().relation, expected, "{a} {b}");
        assert_eq!(relation(b, a).unwrap().relation, expected, "{b} {a}");
    }
    for (a, b) in [
        ("egf2023/worried/net@npr", "egf2023/worried/net@report"),
        (
            "egf2023/soft_power_us/mean:PH",
            "egf2023/soft_power_us/mean:SG",
        ),
        (
            "egf2023/view_us/favourable:KR",
            "egf2023/view_cn/favourable",
        ),
    ] {
        assert!(relation(a, b).is_err(), "{a} {b}");
    }
}

#[test]
fn the_lead_in_one_poll_has_its_own_margin() {
    let lead = one(&["48", "45", "-n", "1000", "--relation", "same-question"]);
    assert_eq!(lead["relation"], "same-question");
    let se = ((0.93_f64 - 0.0009) / 1000.0).sqrt();
    assert!(close(number(&lead, "se"), se));
    assert!(number(&lead, "ci_low") < 0.0 && number(&lead, "ci_high") > 0.0);
    assert!(
        lead["sentence"]
            .as_str()
            .unwrap()
            .contains("does not show which")
    );
    let run = opine(&["compare", "48", "45", "-n", "1000"]);
    assert_eq!(run.code, 2);
    for words in ["same-question", "±6.0", "independent", "±4.4"] {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
}

#[test]
fn a_stored_joint_share_narrows_the_bounds() {
    let row = one(&["egf2023/view_us/favourable", "egf2023/view_cn/favourable"]);
    let note = row["note"].as_str().unwrap();
    assert!(
        note.contains("view_both") && note.contains("+31.4 to +40.6"),
        "{note}"
    );
    assert!(
        row["sentence"]
            .as_str()
            .unwrap()
            .starts_with("Not like for like")
    );
    // j of 30.5% at worst
    let se = ((0.7_f64 + 0.34 - 0.61 - 0.36 * 0.36) / 1500.0).sqrt();
    assert!(close(number(&row, "se"), se), "{row}");
}

#[test]
fn a_joint_share_lies_within_its_parts() {
    let row = one(&[
        "egf2023/view_cn/favourable",
        "egf2023/view_both/both@intrigue",
    ]);
    let d: f64 = 0.34 - 0.31;
    assert!(
        close(number(&row, "se"), (d * (1.0 - d) / 1500.0).sqrt()),
        "{row}"
    );
    let impossible = one(&["egf2023/view_cn/favourable", "egf2023/view_both/both@npr"]);
    assert!(
        impossible["ci_low"].is_null() && impossible["note"].as_str().unwrap().contains("hold")
    );
}

#[test]
fn a_country_is_set_against_the_rest() {
    let row = one(&[
        "egf2023/consequences/polarise:KR",
        "egf2023/consequences/polarise",
    ]);
    assert_eq!(row["relation"], "part-of");
    let (c, t, f) = (0.699, 0.569, 1.0 / 3.0);
    let rest = (t - f * c) / (1.0 - f);
    let se = (1.0 - f) * (c * (1.0 - c) / 500.0 + rest * (1.0 - rest) / 1000.0_f64).sqrt();
    assert!(close(number(&row, "se"), se), "{row}");
    let impossible = one(&["90@500", "20@1000", "--relation", "part-of"]);
    assert!(impossible["ci_low"].is_null() && impossible["flags"] == "cannot_hold");
    let shared = one(&[
        "60",
        "50",
        "-n",
        "1000",
        "--relation",
        "part-of",
        "--share",
        "0.3",
    ]);
    let rest = (0.5 - 0.3 * 0.6) / 0.7;
    let se = 0.7 * (0.24 / 300.0 + rest * (1.0 - rest) / 700.0_f64).sqrt();
    assert!(close(number(&shared, "se"), se), "{shared}");
}

#[test]
fn a_given_weight_stands_for_an_unknown_n() {
    let ids = [
        "gallup2020/view_cn/favourable:US:democrats",
        "gallup2020/view_cn/favourable:US",
    ];
    assert!(one(&ids)["ci_low"].is_null());
    let row = one(&[&ids[..], &["--share", "0.3"]].concat());
    let rest = (0.33 - 0.3 * 0.35) / 0.7;
    let n = 1028.0_f64;
    let se = 0.7 * (0.35 * 0.65 / (0.3 * n) + rest * (1.0 - rest) / (0.7 * n)).sqrt();
    assert!(close(number(&row, "se"), se), "{row}");
    // the total is at least 80%: no difference, only a range
    let bound = one(&[
        "egf2023/military_us/positive:PH",
        "egf2023/military_us/positive",
    ]);
    assert!(
        bound["estimate"].is_null() && bound["ci_low"].is_null(),
        "{bound}"
    );
    assert!(
        bound["sentence"].as_str().unwrap().contains("bound"),
        "{bound}"
    );
}

#[test]
fn a_net_holds_its_parts() {
    let row = one(&["egf2023/worried/net@npr", "egf2023/worried/very@donga"]);
    // everybody very worried is worried: the difference is the share of the rest of the NET
    let d: f64 = 0.9 - 0.245;
    assert!(
        close(number(&row, "se"), (d * (1.0 - d) / 1500.0).sqrt()),
        "{row}"
    );
}

/// The difference of two scores is as wide as their rounding, wherever on their scale they lie.
#[test]
fn scores_below_0_and_above_100_keep_their_rounding() {
    for (a, b) in [("-3", "120"), ("-162.5", "-3"), ("48", "52")] {
        let line = |response: &str, score: &str| {
            format!("egf2023,soft_power,mean,{response},all,{score},,,,,npr,yes,,")
        };
        let store = small::and_line(Table::Figures, &[line("KR", a), line("PH", b)].join("\n"));
        let [one, other] = ["KR", "PH"].map(|country| {
            let found = store.figures_of("egf2023", "soft_power", "mean", country, "all");
            found[0].percent.clone()
        });
        let sides = sides(
            &store,
            ["KR", "PH"]
                .map(|country| {
                    StoredFigure::Printed(
                        store.figures_of("egf2023", "soft_power", "mean", country, "all"),
                        false,
                    )
                })
                .into(),
            Intervals::default(),
        )
        .unwrap();
        let widths: Vec<f64> = sides
            .iter()
            .map(|side| side.range.1 - side.range.0)
            .collect();
        assert!(
            (widths[0] - one.unit / 100.0).abs() < 1e-12,
            "{a}: {widths:?}"
        );
        assert!(
            (widths[1] - other.unit / 100.0).abs() < 1e-12,
            "{b}: {widths:?}"
        );
    }
}
