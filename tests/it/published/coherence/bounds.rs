//! The range that printed figures leave for a share.

use crate::cli::program::{number, opine, rows};
use crate::published::coherence::shipped::with;
use opine::internals::published::coherence::{bounds, possible, target};
use opine::internals::published::figures::store::{Store, Table};

fn range(store: &Store, id: &str) -> (f64, f64) {
    let found = bounds(store, &target(store, id).unwrap());
    (found.low, found.high)
}

fn near((low, high): (f64, f64), least: f64, most: f64) -> bool {
    (low - least).abs() < 1e-6 && (high - most).abs() < 1e-6
}

#[test]
fn a_joint_share_by_its_margins_in_every_country() {
    let row = &rows(&opine(&["bounds", "egf2023/view_both/both", "--json"]))[0];
    // By hand: (81.55 + 30.15 - 100 + 47.75 + 55.65 - 100)/3 to (14.85 + 30.25 + 47.85)/3.
    assert!(
        near(
            (number(row, "low"), number(row, "high")),
            0.151 / 3.0,
            0.9295 / 3.0
        ),
        "{row}"
    );
    let high: Vec<&str> = row["high_ids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    assert_eq!(high.len(), 3);
    for id in [
        "egf2023/view_cn/favourable:KR@donga",
        "egf2023/view_cn/favourable:PH@donga",
        "egf2023/view_us/favourable:SG@donga",
    ] {
        assert!(high.contains(&id), "{id}");
    }
    assert_eq!(row["left_out"][0], "egf2023/view_us/favourable:all@voa");
}

#[test]
fn a_country_that_was_not_printed() {
    let store = Store::embedded();
    // 15.8 over all, 6 and 14: three times 15.75 to 15.85, less 5.5 to 6.5 and 13.5 to 14.5 (Singapore's "about 28" is its own print)
    assert!(near(
        range(&store, "egf2023/consequences/gain_from_both:SG"),
        0.2625,
        0.2855
    ));
    // without its own row it is the same
    let text = std::fs::read_to_string("data/figures.csv").unwrap();
    let own = text
        .lines()
        .find(|row| row.starts_with("egf2023,consequences,gain_from_both,SG,"))
        .unwrap();
    let without = with(Table::Figures, &[(&format!("{own}\n"), "")]);
    assert!(near(
        range(&without, "egf2023/consequences/gain_from_both:SG"),
        0.2625,
        0.2855
    ));
    // two countries are unknown: one of them may be anything
    assert!(near(
        range(&store, "ecfr2023/side_taiwan/neutral:DK"),
        0.0,
        1.0
    ));
}

#[test]
fn a_net_a_part_and_a_rest() {
    let store = Store::embedded();
    assert!(near(range(&store, "egf2023/worried/net"), 0.906, 0.9075));
    assert!(near(
        range(&store, "ecfr2023/cn_to_europe/ally"),
        0.0275,
        0.0385
    ));
    // what the other answers leave: two answers, 61.1 for the other
    assert!(
        near(range(&store, "iseas2023/align/china"), 0.0, 0.3895)
            || range(&store, "iseas2023/align/china").1 < 0.3895
    );
}

#[test]
fn what_is_not_known_is_refused_with_what_is_near() {
    let run = opine(&["bounds", "egf2023/view_both/bth"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("both"), "{}", run.err);
    assert_eq!(opine(&["bounds", "egf2023/soft_power_us/mean"]).code, 2);
    assert_eq!(
        opine(&["bounds", "egf2023/view_us/favourable:KR:all:x"]).code,
        2
    );
    assert_eq!(opine(&["bounds", "egf2023/view_us/favourable:FR"]).code, 2);
    assert_eq!(opine(&["bounds"]).code, 2);
    assert_eq!(opine(&["bounds", "egf2023", "--csv"]).code, 0);
}

#[test]
fn whoever_sets_an_end_is_needed_for_it() {
    let store = Store::embedded();
    for figure in store
        .figures
        .iter()
        .filter(|f| f.poll == "egf2023" && !f.question.starts_with("soft"))
        .step_by(7)
    {
        let found = bounds(&store, &target(&store, &figure.id()).unwrap());
        assert!(found.low <= found.high + 1e-9, "{}", figure.id());
        assert_eq!(
            found.low > 1e-9,
            !found.low_set_by.is_empty(),
            "{}",
            figure.id()
        );
        assert_eq!(
            found.high < 1.0 - 1e-9,
            !found.high_set_by.is_empty(),
            "{}",
            figure.id()
        );
    }
}

/// The closed forms that tables use, and the program: never narrower, and the same where only margins bear.
#[test]
fn closed_forms_agree_with_the_program() {
    let store = Store::embedded();
    let mut count = 0;
    for figure in &store.figures {
        let Some(closed) = possible(&store, figure) else {
            continue;
        };
        let (low, high) = range(&store, &figure.id());
        assert!(closed.rounded.low / 100.0 <= low + 1e-6, "{}", figure.id());
        assert!(
            high <= closed.rounded.high / 100.0 + 1e-6,
            "{}",
            figure.id()
        );
        count += 1;
    }
    assert!(count > 0);
    let both = store.figures_named("egf2023/view_both/both")[0];
    let closed = possible(&store, both).unwrap().rounded;
    assert!(near(
        range(&store, "egf2023/view_both/both"),
        closed.low / 100.0,
        closed.high / 100.0
    ));
}
