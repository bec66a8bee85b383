//! The shipped data, the small store, and the types that rows are made of.

use crate::published::figures::small;
use opine::internals::published::figures::date::Date;
use opine::internals::published::figures::percent::Percent;
use opine::internals::published::figures::store::rules::RULES;
use opine::internals::published::figures::store::{
    Aggregate, Qualifier, QuestionKind, Store, Table,
};

#[test]
fn the_shipped_data_is_clean() {
    let store = Store::embedded();
    let findings: Vec<String> = store.findings.iter().map(ToString::to_string).collect();
    assert_eq!(findings, [""; 0]);
    let rows = (
        store.polls.len(),
        store.samples.len(),
        store.questions.len(),
        store.figures.len(),
    );
    assert_eq!(rows, (58, 544, 130, 1760));
    let rows = (
        store.responses.len(),
        store.countries.len(),
        store.claims.len(),
    );
    assert_eq!(rows, (59, 48, 5));
    for figure in store
        .figures
        .iter()
        .filter(|figure| figure.reported_by != "report")
    {
        assert!(
            store.source(&figure.reported_by).is_some(),
            "{}",
            figure.reported_by
        );
    }
}

#[test]
fn rows_are_found_by_their_ids() {
    let store = Store::embedded();
    let npr = store.figures_named("egf2023/worried/net:all@npr");
    assert_eq!(npr.len(), 1);
    assert_eq!(npr[0].id(), "egf2023/worried/net:all");
    assert_eq!(npr[0].id_with_source(), "egf2023/worried/net:all@npr");
    assert_eq!(npr[0].net_of, ["very", "somewhat"]);
    assert_eq!(npr[0].aggregate, Some(Aggregate::Respondents));
    assert_eq!(
        store
            .figures_named("egf2023/consequences/polarise:KR:all")
            .len(),
        2
    );
    let base = store.figures_of("gallup2023", "view_cn", "favourable", "US", "democrats");
    assert_eq!(base[0].id(), "gallup2023/view_cn/favourable:US:democrats");
    assert_eq!(base.len(), 2);
    assert_eq!(store.samples_of("iseas2022", "all", "all").len(), 2);
    let both = store.question("egf2023", "view_both").unwrap();
    let pair = |question: &str| (question.to_string(), "favourable".to_string());
    assert_eq!(both.joint_of, [pair("view_us"), pair("view_cn")]);
    let score = store.question("egf2023", "soft_power_us").unwrap();
    assert_eq!(score.kind, QuestionKind::Score);
    assert_eq!(store.country("ASEAN10").unwrap().members.len(), 10);
    assert!(store.poll("egf2032").is_none() && store.figures_named("").is_empty());
    assert_eq!(store.column_number("figures.csv", "percent"), Some(6));
}

#[test]
fn the_small_store_is_right() {
    let store = small::store_of(small::files());
    assert!(small::serious(&store).is_empty(), "{:?}", store.findings);
    assert_eq!(store.figures.len(), 4);
    let mine = &store.figures[3];
    assert_eq!((mine.country.as_str(), mine.base.as_str()), ("all", "all"));
    assert_eq!(mine.qualifier, Qualifier::Exact);
    assert_eq!(mine.first_hand, Some(true));
    let claims: Vec<&str> = store
        .claims
        .iter()
        .map(|claim| claim.claim.as_str())
        .collect();
    assert_eq!(
        claims,
        ["worried"],
        "the other shipped claims are about figures that are not here"
    );
}

#[test]
fn percents_keep_their_digits() {
    let parse = |text| Percent::parse(text).unwrap();
    assert_eq!(parse("52.0").text, "52.0");
    assert_eq!(parse("62").stands_for(Qualifier::Exact), (61.5, 62.5));
    assert_eq!(parse("90").stands_for(Qualifier::About), (89.0, 91.0));
    assert_eq!(parse("60").stands_for(Qualifier::AtLeast), (60.0, 100.0));
    assert_eq!(parse("60").stands_for(Qualifier::AtMost), (0.0, 60.0));
    assert_eq!(parse("0").stands_for(Qualifier::Exact), (0.0, 0.5));
    assert_eq!(parse("100.0").stands_for(Qualifier::About).1, 100.0);
    for (wrong, fix) in [
        ("52,0", Some("52.0")),
        ("52%", Some("52")),
        ("52 %", Some("52")),
        ("52 percent", Some("52")),
        (".5", Some("0.5")),
        ("5.", Some("5")),
        ("+5", Some("5")),
        ("<1", Some("1")),
        ("\u{2212}3", Some("-3")),
        ("1e2", None),
        ("NaN", None),
        ("inf", None),
        ("n/a", None),
        ("", None),
        ("-", None),
        ("1234567890123456789", None),
        ("1.2.3", None),
    ] {
        let error = Percent::parse(wrong).unwrap_err();
        assert_eq!(error.fix.as_deref(), fix, "{wrong}");
    }
}

#[test]
fn dates_know_the_calendar_and_their_precision() {
    let parse = |text| Date::parse(text).unwrap();
    for text in ["2023", "2023-05", "2023-05-12", "2024-02-29"] {
        assert_eq!(parse(text).to_string(), text);
    }
    assert_eq!(parse("2023-02").last_day(), parse("2023-02-28"));
    assert_eq!(parse("2023").first_day(), parse("2023-01-01"));
    assert!(parse("2023-04").surely_before(&parse("2023-05")));
    assert!(!parse("2023").surely_before(&parse("2023-05")));
    for (wrong, fix) in [
        ("12.5.2023", Some("2023-05-12")),
        ("5/12/2023", Some("2023-12-05 or 2023-05-12")),
        ("31.5.2023", Some("2023-05-31")),
        ("2023/05/12", Some("2023-05-12")),
        ("20230512", Some("2023-05-12")),
        ("2023-5-1", Some("2023-05-01")),
        ("May 2023", Some("2023-05")),
        ("12 May 2023", Some("2023-05-12")),
        ("5/2023", Some("2023-05")),
        ("2023-02-29", None),
        ("2023-13", None),
        ("2023-00", None),
        ("soon", None),
        ("", None),
        ("ﬁve-ſeptember", None),
    ] {
        assert_eq!(
            Date::parse(wrong).unwrap_err().fix.as_deref(),
            fix,
            "{wrong}"
        );
    }
    let reason = Date::parse("2023-02-29").unwrap_err().to_string();
    assert_eq!(reason, "no date: February 2023 has 28 days");
}

#[test]
fn rules_are_kebab_case_and_unique() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
    let kebab = |id: &str| {
        id.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    assert!(ids.iter().all(|id| kebab(id)));
    assert!(RULES.iter().all(|rule| rule.says.ends_with('.')));
}

#[test]
fn keys_and_defaults_are_columns() {
    for table in Table::ALL {
        assert!(table.key().iter().all(|name| table.column(name).is_some()));
        assert_eq!(Table::of_file(table.file_name()), Some(table));
    }
}

/// Two polls of one sponsor and year are told apart, by as little as it takes.
#[test]
fn polls_of_one_sponsor_and_year_have_names_of_their_own() {
    let store = Store::embedded();
    for (poll, name) in [
        ("pew2022", "Pew Research Center, 2022"),
        ("pew2023", "Pew Research Center, May 2023"),
        ("pewatp2023", "Pew Research Center, March 2023"),
    ] {
        assert_eq!(store.poll_name(poll), name);
    }
    let mut names: Vec<String> = store
        .polls
        .iter()
        .filter(|poll| poll.field_end.is_some())
        .map(|poll| store.poll_name(&poll.poll))
        .collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
