//! The thirteen contradictions of the shipped data by their ids, what is none, and what changed data make of it.

use crate::published::coherence::shipped::{of_rule, with};
use opine::internals::published::coherence::{findings, rules};
use opine::internals::published::figures::store::{Severity, Store, Table};

/// Rule and ids of every warning, in the order of ids.
fn warnings(store: &Store) -> Vec<(&'static str, Vec<String>)> {
    let mut found: Vec<(&str, Vec<String>)> = findings(store)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| (finding.rule, finding.ids))
        .collect();
    found.sort();
    found
}

#[test]
fn the_thirteen_findings_are_found_with_their_ids_and_no_others() {
    let store = Store::embedded();
    let expected: &[(&str, &[&str])] = &[
        (
            "conflict",
            &[
                "ecfr2020/side_disagreement/neutral:all@zeitfragen",
                "ecfr2020/side_disagreement/neutral:all@rzeczpospolita",
            ],
        ),
        (
            "conflict",
            &[
                "ecfr2021/cold_war_us_cn/yes:all@anadolu",
                "ecfr2021/cold_war_us_cn/yes:all@figaro",
                "ecfr2021/cold_war_us_cn/yes:all@guardian",
                "ecfr2021/cold_war_us_cn/yes:all@welt",
                "ecfr2021/cold_war_us_cn/yes:all@npr",
                "ecfr2021/cold_war_us_cn/yes:all@cet",
                "ecfr2021/cold_war_us_cn/yes:all@scmp",
            ],
        ),
        (
            "conflict",
            &[
                "ecfr2023/cn_to_europe/ally:all@respekt",
                "ecfr2023/cn_to_europe/ally:all@berlinerzeitung",
            ],
        ),
        (
            "conflict",
            &[
                "ecfr2023/side_taiwan/china_side:all@blog1450",
                "ecfr2023/side_taiwan/china_side:all@taiwannews",
                "ecfr2023/side_taiwan/china_side:all@corriere",
            ],
        ),
        (
            "conflict",
            &[
                "ecfr2023/side_taiwan/neutral:all@npr",
                "ecfr2023/side_taiwan/neutral:all@corriere",
                "ecfr2023/side_taiwan/neutral:all@euronews",
                "ecfr2023/side_taiwan/neutral:all@taiwannews",
                "ecfr2023/side_taiwan/neutral:all@volkskrant",
                "ecfr2023/side_taiwan/neutral:all@national",
            ],
        ),
        (
            "conflict",
            &[
                "egf2023/view_both/both:all@npr",
                "egf2023/view_both/both:all@intrigue",
            ],
        ),
        (
            "conflict",
            &[
                "gallup2023/view_cn/favourable:US:democrats@justthenews",
                "gallup2023/view_cn/favourable:US:democrats@thehill",
            ],
        ),
        (
            "conflict",
            &[
                "pew2020/view_cn/unfavourable:GB@cnbctv18",
                "pew2020/view_cn/unfavourable:GB@livemint",
            ],
        ),
        (
            "joint-share",
            &[
                "egf2023/view_both/both:all@npr",
                "egf2023/view_cn/favourable:all@voa",
                "egf2023/view_cn/favourable:KR@donga",
                "egf2023/view_cn/favourable:PH@donga",
                "egf2023/view_us/favourable:SG@donga",
            ],
        ),
        (
            "net-parts",
            &[
                "egf2023/worried/net:all@npr",
                "egf2023/worried/very:all@donga",
                "egf2023/worried/somewhat:all@donga",
            ],
        ),
        (
            "sample-size",
            &["iseas2022:all@report", "iseas2022:all@csis"],
        ),
        (
            "total-mixture",
            &[
                "egf2023/challenges/us_cn_tension:all@yonhap",
                "egf2023/challenges/us_cn_tension:KR@donga",
                "egf2023/challenges/us_cn_tension:PH@donga",
                "egf2023/challenges/us_cn_tension:SG@donga",
            ],
        ),
        (
            "total-mixture",
            &[
                "egf2023/view_us/favourable:all@voa",
                "egf2023/view_us/favourable:KR@donga",
                "egf2023/view_us/favourable:PH@donga",
                "egf2023/view_us/favourable:SG@donga",
            ],
        ),
    ];
    let sorted = |rows: Vec<(&'static str, Vec<String>)>| -> Vec<(&'static str, Vec<String>)> {
        let mut rows = rows;
        rows.iter_mut().for_each(|(_, ids)| ids.sort());
        rows.sort();
        rows
    };
    let expected = expected
        .iter()
        .map(|(rule, ids)| (*rule, ids.iter().map(|id| (*id).to_owned()).collect()))
        .collect();
    assert_eq!(sorted(warnings(&store)), sorted(expected));
    let leads = |rule| {
        of_rule(&findings(&store), rule)
            .iter()
            .map(|f| f.ids[0].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        leads(rules::JOINT_SHARE),
        ["egf2023/view_both/both:all@npr"]
    );
    assert_eq!(leads(rules::NET_PARTS), ["egf2023/worried/net:all@npr"]);
    assert_eq!(store.errors() + store.warnings(), 0);
}

/// Of the dictionary's list of what looks like a contradiction and is none.
#[test]
fn what_only_looks_like_a_contradiction_is_not_found() {
    let quiet = [
        "ecfr2021/cold_war_us_cn/no",
        "ecfr2021/cold_war_own_cn",
        "ecfr2023/cn_to_europe/rival",
        "ecfr2023/cn_to_country",
        "ecfr2023/ru_to_europe",
        "ecfr2023/ru_to_country",
        "ecfr2023/cn_to_europe/necessary_partner",
        "ecfr2023/cn_to_europe/ally_or_partner",
        "ecfr2023/cn_trade",
        "egf2023/worried/net:all@report",
        "egf2023/worried/very:all@report",
        "egf2023/worried/somewhat:all@report",
        "egf2023/consequences",
        "egf2023/view_cn/unfavourable",
        "egf2023/us_culture",
        "egf2023/military",
        "egf2023/economic_influence",
        "gallup2018",
        "gallup2020",
        "gallup2021",
        "gallup1989",
        "ecfr2019",
        "ecfr2024",
        "ecfr2025",
        "iseas2020",
        "iseas2021",
        "iseas2024",
        "iseas2025",
        "iseas2026",
        "pew2023",
        "pew2021",
        "pew2019",
        "pew2024",
        "pew2025",
        "pew2010",
        "lowy",
    ];
    for (rule, ids) in warnings(&Store::embedded()) {
        let named = |start: &&str| ids.iter().any(|id| id.starts_with(*start));
        assert_eq!(
            quiet.iter().find(|start| named(start)),
            None,
            "{rule} {ids:?}"
        );
    }
}

fn count(store: &Store, rule: &str) -> usize {
    of_rule(&findings(store), rule).len()
}

#[test]
fn a_contradiction_is_gone_with_its_figure() {
    let figures = |from: &str, to: &str| with(Table::Figures, &[(from, to)]);
    let net = figures(
        "worried,net,all,all,90,exact",
        "worried,net,all,all,91,exact",
    );
    // 91 is not "about 90, by one at most" of the report, so it conflicts in a new way, but it is the sum
    assert_eq!(count(&net, rules::NET_PARTS), 0);
    let tension = figures("us_cn_tension,all,all,49.2,", "us_cn_tension,all,all,49.5,");
    assert_eq!(count(&tension, rules::TOTAL_MIXTURE), 1);
    let us = figures(
        "egf2023,view_us,favourable,all,all,70,",
        "egf2023,view_us,favourable,all,all,71,",
    );
    assert_eq!(count(&us, rules::TOTAL_MIXTURE), 1);
    let size = with(
        Table::Samples,
        &[("iseas2022,all,all,1507,", "iseas2022,all,all,1677,")],
    );
    assert_eq!(count(&size, rules::SAMPLE_SIZE), 0);
}

#[test]
fn the_rounded_countries_lead_to_the_same_finding() {
    let store = with(
        Table::Figures,
        &[
            ("us_cn_tension,KR,all,58.7,", "us_cn_tension,KR,all,59.0,"),
            ("us_cn_tension,SG,all,48.6,", "us_cn_tension,SG,all,49.0,"),
        ],
    );
    assert_eq!(count(&store, rules::TOTAL_MIXTURE), 2);
}

#[test]
fn new_contradictions_are_found() {
    let figures = |from: &str, to: &str| with(Table::Figures, &[(from, to)]);
    // a NET smaller than its parts
    let net = figures(
        "ecfr2023,cn_to_country,rival_or_adversary,all,all,33,",
        "ecfr2023,cn_to_country,rival_or_adversary,all,all,30,",
    );
    let found = findings(&net);
    let nets = of_rule(&found, rules::NET_PARTS);
    assert_eq!(nets.len(), 2);
    assert_eq!(
        nets[0].ids[0],
        "ecfr2023/cn_to_country/rival_or_adversary:all@telepolis"
    );
    assert_eq!(nets[0].ids.len(), 3);
    // a total outside of its countries
    let total = figures(
        "consequences,polarise,all,all,56.9,",
        "consequences,polarise,all,all,57.4,",
    );
    assert_eq!(count(&total, rules::TOTAL_MIXTURE), 3);
    // single answers that add up to 104
    let sum = figures(
        "cn_to_europe,dont_know,all,all,18,",
        "cn_to_europe,dont_know,all,all,24,",
    );
    let found = findings(&sum);
    let over = of_rule(&found, rules::SUM_OVER_100);
    assert_eq!(over.len(), 1, "{over:?}");
    assert!(
        over[0]
            .ids
            .iter()
            .any(|id| id == "ecfr2023/cn_to_europe/dont_know:all@berlinerzeitung")
    );
    // a joint share that is too low
    let joint = figures(
        "egf2023,view_both,both,all,all,31,",
        "egf2023,view_both,both,all,all,3,",
    );
    let found = findings(&joint);
    let low = of_rule(&found, rules::JOINT_SHARE);
    assert_eq!(low.len(), 2);
    assert!(
        low.iter()
            .any(|f| f.ids[0] == "egf2023/view_both/both:all@intrigue"),
        "{low:?}"
    );
}

#[test]
fn computed_rows_are_checked_among_themselves() {
    let line = "pew2010,view_both,both,";
    let text = std::fs::read_to_string("data/figures.csv").unwrap();
    let row = text.lines().find(|row| row.starts_with(line)).unwrap();
    let fields: Vec<&str> = row.split(',').collect();
    let higher = row.replacen(&format!(",{},", fields[5]), ",99.0,", 1);
    let store = with(Table::Figures, &[(row, &higher)]);
    assert_eq!(count(&store, rules::JOINT_SHARE), 2);
}
