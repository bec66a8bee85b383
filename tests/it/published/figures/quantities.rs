//! Quantities, selectors, effective sample sizes, and figures as estimates.

use opine::internals::frames::Flag;
use opine::internals::present::published;
use opine::internals::published::figures::basis::{NoInterval, basis};
use opine::internals::published::figures::effective_n::{deff_of_margin, effective_n};
use opine::internals::published::figures::quantity::{Prefer, agree, quantities};
use opine::internals::published::figures::selector::Selector;
use opine::internals::published::figures::store::{Figure, Origin, Store, Table};
use opine::internals::published::figures::topline::Intervals;
use opine::internals::statistics::interval::Method;
use proptest::prelude::*;

use crate::published::figures::small;

fn figures<'s>(store: &'s Store, selector: &str) -> Vec<&'s Figure> {
    selector
        .parse::<Selector>()
        .unwrap()
        .figures(store)
        .unwrap()
}

fn one<'s>(store: &'s Store, id: &str) -> &'s Figure {
    let found = figures(store, id);
    assert_eq!(found.len(), 1, "{id}");
    found[0]
}

#[test]
fn selectors_take_leading_parts_and_stars() {
    let store = Store::embedded();
    let count = |selector: &str| figures(&store, selector).len();
    let of_poll = store
        .figures
        .iter()
        .filter(|figure| figure.poll == "egf2023")
        .count();
    assert_eq!(count("egf2023"), of_poll);
    assert_eq!(count("egf2023/consequences/polarise"), 6);
    assert_eq!(count("egf2023/consequences/polarise:*"), 6);
    assert_eq!(count("egf2023/consequences/polarise:all"), 2);
    assert_eq!(count("egf2023/consequences/polarise:KR@donga"), 1);
    assert_eq!(count("gallup2023/view_cn/favourable:US:democrats"), 2);
    assert_eq!(count("*/view_both/both:all"), 2);
    let error = |selector: &str| match selector.parse::<Selector>() {
        Ok(selector) => selector.figures(&store).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert!(
        error("egf2032").contains("did you mean egf2023?"),
        "{}",
        error("egf2032")
    );
    assert!(error("egf2023/worried/nett").contains("did you mean net?"));
    assert!(error("egf2023/worried/net:all@nrp").contains("did you mean npr?"));
    assert!(error("a/b/c/d").contains("poll/question/response"));
    assert!(error("").contains("selector"));
}

#[test]
fn values_agree_where_their_ranges_share_more_than_a_point() {
    let store = Store::embedded();
    let pair = |a: &str, b: &str| agree(one(&store, a), one(&store, b));
    assert!(pair(
        "egf2023/worried/very:all@report",
        "egf2023/worried/very:all@donga"
    ));
    assert!(!pair(
        "ecfr2021/cold_war_us_cn/yes:all@npr",
        "ecfr2021/cold_war_us_cn/yes:all@welt"
    ));
    assert!(pair(
        "ecfr2023/side_taiwan/neutral:all@npr",
        "ecfr2023/side_taiwan/neutral:all@corriere"
    ));
}

#[test]
fn a_quantity_shows_the_pollsters_print_or_the_decimals() {
    let store = Store::embedded();
    let found = figures(&store, "egf2023/consequences/polarise:KR");
    let quantity = &quantities(&found)[0];
    assert!(!quantity.in_conflict());
    let value = &quantity.values[0];
    assert_eq!(value.shown(Prefer::Pollster).percent.text, "70");
    assert_eq!(value.shown(Prefer::Decimals).percent.text, "69.9");
    assert_eq!(value.reporters(), ["report", "donga"]);
}

#[test]
fn computed_rows_never_conflict_with_printed_ones() {
    let store = Store::embedded();
    let found = figures(&store, "pew2023/view_cn/unfavourable:AU");
    let quantity = &quantities(&found)[0];
    assert_eq!(quantity.values.len(), 2);
    assert!(!quantity.in_conflict());
    assert_eq!(
        quantity.values[0].shown(Prefer::Pollster).percent.text,
        "87"
    );
}

#[test]
fn a_margin_gives_its_design_effect_with_its_rounding() {
    // By hand: m^2 n / (z^2/4), z = 1.959963984540054.
    let found = deff_of_margin(0.04, 0.005, 1000.0, 0.95).unwrap();
    assert!((found.deff - 1.666_034).abs() < 1e-5, "{found:?}");
    assert!(
        (found.range.0 - 1.275_557).abs() < 1e-5 && (found.range.1 - 2.108_574).abs() < 1e-5,
        "{found:?}"
    );
    assert!(!found.may_be_srs);
    let srs = deff_of_margin(0.03, 0.005, 1067.0, 0.95).unwrap();
    assert!(srs.may_be_srs && srs.deff == 1.0);
    assert!(deff_of_margin(0.0, 0.005, 1000.0, 0.95).is_err());
    assert!(deff_of_margin(0.04, 0.005, 0.0, 0.95).is_err());
    assert!(deff_of_margin(0.04, 0.005, 1000.0, 1.0).is_err());
}

proptest! {
    #[test]
    fn an_effective_n_is_never_above_n(n in 1.0..1e7f64, deff in 0.01..50.0f64, moe in 0.001..0.4f64) {
        prop_assert!(effective_n(n, deff).unwrap() <= n);
        let found = deff_of_margin(moe, 0.0005, n, 0.95).unwrap();
        prop_assert!(found.range.0 <= found.deff && found.deff <= found.range.1);
        prop_assert!(effective_n(n, found.deff).unwrap() <= n);
    }
}

#[test]
fn what_has_no_interval_says_why() {
    let store = Store::embedded();
    let reason = |id: &str, n| basis(&store, one(&store, id), n).unwrap_err();
    assert_eq!(
        reason("egf2023/military_us/positive:all", Some(500.0)),
        NoInterval::Bound
    );
    assert_eq!(
        reason("egf2023/soft_power_us/mean:PH", Some(500.0)),
        NoInterval::Score
    );
    assert_eq!(
        reason("pew2025/view_cn/unfavourable:all", Some(500.0)),
        NoInterval::Median
    );
    assert_eq!(
        reason("ecfr2023/side_taiwan/us_side:IT", None),
        NoInterval::SampleSize
    );
    assert!(
        basis(
            &store,
            one(&store, "ecfr2023/side_taiwan/us_side:IT"),
            Some(500.0)
        )
        .unwrap()
        .assumed
    );
}

/// A poll of two countries with its equal-weights mean; `n` of the second country.
fn two_countries(n: &str) -> Store {
    let file = |table: Table, text: String| (table, text.into_bytes());
    Store::from_files(
        [
            file(Table::Polls, "poll,countries\np,KR PH\n".to_owned()),
            file(
                Table::Samples,
                format!("poll,country,base,n,n_kind,deff,deff_kind\np,all,all,1400,exact,,\np,KR,all,1000,exact,2,published\np,PH,all,{n},exact,,\n"),
            ),
            file(Table::Questions, "poll,question,kind,responses\np,q,single,yes;no\n".to_owned()),
            file(
                Table::Figures,
                "poll,question,response,country,percent,aggregate,reported_by\n\
                 p,q,yes,all,40,equal_countries,report\np,q,yes,KR,30,,report\np,q,yes,PH,50.0,,report\n"
                    .to_owned(),
            ),
        ],
        Origin::Embedded,
    )
}

#[test]
fn countries_with_equal_weights_have_the_variance_of_their_own_shares() {
    let store = two_countries("400");
    let found = basis(&store, one(&store, "p/q/yes:all"), None).unwrap();
    // By hand: (0.3 0.7 2/1000 + 0.5 0.5/400)/4 = 0.00026125; n_eff = 0.4 0.6/0.00026125.
    assert!(
        (found.n_eff - 0.24 / 0.000_261_25).abs() < 1e-9,
        "{found:?}"
    );
    assert_eq!(found.n, Some(1400.0));
    let lacking = two_countries("");
    let found = basis(&lacking, one(&lacking, "p/q/yes:all"), None).unwrap();
    assert_eq!(
        (found.n_eff, found.notes),
        (1400.0, vec!["countries treated as one sample".to_owned()])
    );
}

#[test]
fn an_article_s_figure_that_cannot_hold_has_no_interval() {
    let store = Store::embedded();
    let sections = published::claims(&store, Intervals::default()).unwrap();
    let claims: Vec<&str> = sections
        .iter()
        .map(|section| section.lines[0].figure.percent.text.as_str())
        .collect();
    assert_eq!(claims, ["90", "66", "70", "63", "62"]);
    let both = &sections[1].lines[0];
    assert!(both.cannot_hold());
    assert_eq!(both.estimate.interval(), None);
    assert!(
        both.estimate.note.contains("34") && both.estimate.note.contains("5.1–30.9"),
        "{}",
        both.estimate.note
    );
    let korea: Vec<&str> = sections[2]
        .lines
        .iter()
        .map(|line| line.figure.percent.text.as_str())
        .collect();
    assert_eq!(korea, ["70", "54.7", "46.2"]);
    assert!(
        sections[3].lines[0]
            .estimate
            .flags
            .contains(&Flag::Conflict)
    );
}

#[test]
fn the_union_over_rounding_holds_the_interval() {
    let store = Store::embedded();
    let all: Vec<&Figure> = store.figures.iter().collect();
    for method in [
        Method::Wilson,
        Method::ClopperPearson,
        Method::Jeffreys,
        Method::Logit,
    ] {
        let intervals = Intervals {
            method,
            ..Intervals::default()
        };
        for line in published::by_poll(&store, &all, false, intervals)
            .unwrap()
            .iter()
            .flat_map(|s| &s.lines)
        {
            let row = &line.estimate;
            if let Some((low, high)) = row.interval() {
                assert!(
                    row.rounding_low.unwrap() <= low && high <= row.rounding_high.unwrap(),
                    "{row:?}"
                );
                assert!(row.n_eff.unwrap() <= row.n.unwrap());
            }
        }
    }
}

/// Scores lie anywhere: two prints agree where they round to each other, below 0 and above 100 as between.
#[test]
fn prints_of_scores_agree_as_those_of_shares_do() {
    let figures = |one: &str, other: &str| {
        let line = |score: &str, by: &str| {
            format!("egf2023,soft_power,mean,KR,all,{score},,,,,{by},yes,,")
        };
        small::and_line(
            Table::Figures,
            &[line(one, "a"), line(other, "b")].join("\n"),
        )
    };
    for (one, other, agreeing) in [
        ("-3", "-3.2", true),
        ("-3", "-4", false),
        ("0", "-0.2", true),
        ("120", "120.4", true),
        ("120", "121", false),
        ("100", "100.3", true),
        ("48", "48.4", true),
        ("48", "49", false),
    ] {
        let store = figures(one, other);
        let printed = store.figures_of("egf2023", "soft_power", "mean", "KR", "all");
        let quantity = quantities(&printed).into_iter().next().unwrap();
        assert_eq!(printed.len(), 2);
        assert_eq!(quantity.values.len() == 1, agreeing, "{one} and {other}");
    }
}
