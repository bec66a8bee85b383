//! What can't hold together in the shipped data, and what must not be found.

use opine::internals::published::coherence::{CONFLICT, JOINT_SHARE, findings, possible};
use opine::internals::published::figures::store::{Figure, Finding, Origin, Store, Table};

/// The shipped data with a part of figures.csv changed.
fn changed(from: &str, to: &str) -> Store {
    with(Table::Figures, &[(from, to)])
}

/// The shipped data with parts of a file changed.
pub fn with(changed: Table, changes: &[(&str, &str)]) -> Store {
    let files = Table::ALL.map(|table| {
        let mut text = std::fs::read_to_string(format!("data/{}", table.file_name())).unwrap();
        if table == changed {
            for (from, to) in changes {
                assert!(text.contains(from), "{from}");
                text = text.replace(from, to);
            }
        }
        (table, text.into_bytes())
    });
    let store = Store::from_files(files, Origin::Embedded);
    assert_eq!(store.errors(), 0, "{:?}", store.findings);
    store
}

pub fn of_rule<'f>(findings: &'f [Finding], rule: &str) -> Vec<&'f Finding> {
    findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .collect()
}

#[test]
fn the_eight_conflicts_of_the_shipped_data_are_found_and_no_others() {
    let found = findings(&Store::embedded());
    let mut quantities: Vec<String> = of_rule(&found, CONFLICT)
        .iter()
        .map(|finding| finding.ids[0].split('@').next().unwrap().to_owned())
        .collect();
    quantities.sort();
    assert_eq!(
        quantities,
        [
            "ecfr2020/side_disagreement/neutral:all",
            "ecfr2021/cold_war_us_cn/yes:all",
            "ecfr2023/cn_to_europe/ally:all",
            "ecfr2023/side_taiwan/china_side:all",
            "ecfr2023/side_taiwan/neutral:all",
            "egf2023/view_both/both:all",
            "gallup2023/view_cn/favourable:US:democrats",
            "pew2020/view_cn/unfavourable:GB",
        ]
    );
}

#[test]
fn the_joint_share_is_found_with_what_it_cannot_hold_with() {
    let store = Store::embedded();
    let found = findings(&store);
    let joint = of_rule(&found, JOINT_SHARE);
    assert_eq!(joint.len(), 1);
    assert_eq!(joint[0].ids[0], "egf2023/view_both/both:all@npr");
    assert_eq!(joint[0].ids[1], "egf2023/view_cn/favourable:all@voa");
    assert!(joint[0].message.contains("34"));
    assert_eq!(store.errors(), 0);
}

#[test]
fn the_possible_range_is_that_of_the_margins_by_country() {
    let store = Store::embedded();
    let both: Vec<&Figure> = store.figures_of("egf2023", "view_both", "both", "all", "all");
    let range = possible(&store, both[0]).unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 0.05;
    // By hand: (0 + 11.8 + 3.5)/3 to (14.8 + 30.2 + 47.8)/3; the totals leave 4 to 34.
    assert!(
        near(range.printed.low, 5.1) && near(range.printed.high, 30.9),
        "{range:?}"
    );
    assert!(
        near(range.rounded.low, 5.0) && near(range.rounded.high, 31.0),
        "{range:?}"
    );
    assert!(
        near(range.by_total.low, 4.0) && near(range.by_total.high, 34.0),
        "{range:?}"
    );
    let intrigue = both
        .iter()
        .find(|figure| figure.reported_by == "intrigue")
        .unwrap();
    assert!(range.allows(intrigue), "31 is just possible");
}

#[test]
fn a_joint_share_that_fits_is_not_found() {
    let store = changed(
        "egf2023,view_both,both,all,all,66,",
        "egf2023,view_both,both,all,all,30,",
    );
    assert!(of_rule(&findings(&store), JOINT_SHARE).is_empty());
}

#[test]
fn with_other_margins_the_same_share_can_hold() {
    // Nothing but the margins decides: with 80% favourable to China everywhere, 66% to both is possible.
    let mut text = std::fs::read_to_string("data/figures.csv").unwrap();
    for (from, to) in [
        (
            "view_cn,favourable,all,all,34,",
            "view_cn,favourable,all,all,80,",
        ),
        (
            "view_cn,favourable,KR,all,14.8,",
            "view_cn,favourable,KR,all,80,",
        ),
        (
            "view_cn,favourable,PH,all,30.2,",
            "view_cn,favourable,PH,all,80,",
        ),
        (
            "view_cn,favourable,SG,all,55.7,",
            "view_cn,favourable,SG,all,80,",
        ),
        (
            "view_cn,unfavourable,KR,all,85,",
            "view_cn,unfavourable,KR,all,20,",
        ),
        (
            "view_cn,unfavourable,PH,all,69.8,",
            "view_cn,unfavourable,PH,all,20.0,",
        ),
        (
            "view_cn,unfavourable,PH,all,70,",
            "view_cn,unfavourable,PH,all,20,",
        ),
        (
            "view_cn,unfavourable,SG,all,44.3,",
            "view_cn,unfavourable,SG,all,20,",
        ),
    ] {
        text = text.replacen(&format!("egf2023,{from}"), &format!("egf2023,{to}"), 1);
    }
    let files = Table::ALL.map(|table| match table {
        Table::Figures => (table, text.clone().into_bytes()),
        _ => (
            table,
            std::fs::read(format!("data/{}", table.file_name())).unwrap(),
        ),
    });
    let store = Store::from_files(files, Origin::Embedded);
    let found = findings(&store);
    let joint = of_rule(&found, JOINT_SHARE);
    // Now the other print, 31, is too low: at least 50 must then be favourable to both.
    assert_eq!(joint.len(), 1);
    assert_eq!(joint[0].ids[0], "egf2023/view_both/both:all@intrigue");
}

#[test]
fn a_conflict_is_gone_with_its_figure() {
    let store = changed(
        "gallup2023,view_cn,favourable,US,democrats,18,",
        "gallup2023,view_cn,favourable,US,democrats,17,",
    );
    assert_eq!(of_rule(&findings(&store), CONFLICT).len(), 7);
}
