//! The rules about single rows and lists, and how a check is asked for.

use crate::cli::program::{opine, opine_in, own_copy, rows};
use crate::published::coherence::shipped::{of_rule, with};
use crate::published::figures::small;
use opine::internals::published::coherence::{findings, rules};
use opine::internals::published::figures::store::{Severity, Store, Table};

fn ids(store: &Store, rule: &str) -> Vec<Vec<String>> {
    of_rule(&findings(store), rule)
        .iter()
        .map(|finding| finding.ids.clone())
        .collect()
}

#[test]
fn notes_of_the_shipped_data() {
    let store = Store::embedded();
    assert_eq!(ids(&store, rules::MARGIN_LEVEL).len(), 7);
    assert_eq!(
        ids(&store, rules::ATTAINABLE),
        [["iseas2023/align/us:SG@csis"]]
    );
    for rule in [
        rules::MARGIN_N,
        rules::MARGIN_NONPROBABILITY,
        rules::WAVE_TWICE,
        rules::YEAR_ALONE,
        rules::DATE_FUTURE,
        rules::REBASED,
    ] {
        assert!(ids(&store, rule).is_empty(), "{rule}");
    }
    assert!(
        findings(&store)
            .iter()
            .all(|finding| finding.rule != rules::NOT_CHECKED)
    );
}

#[test]
fn margins_that_do_not_fit() {
    let small = with(
        Table::Samples,
        &[(
            "gallup2023,US,all,1008,exact,4,",
            "gallup2023,US,all,1008,exact,2,",
        )],
    );
    assert_eq!(ids(&small, rules::MARGIN_N), [["gallup2023:US@urdupoint"]]);
    let large = with(
        Table::Samples,
        &[(
            "gallup2023,US,all,1008,exact,4,",
            "gallup2023,US,all,1008,exact,12,",
        )],
    );
    assert_eq!(ids(&large, rules::MARGIN_N).len(), 1);
    let experts = with(
        Table::Samples,
        &[(
            "iseas2023,SG,all,208,exact,,",
            "iseas2023,SG,all,208,exact,7,",
        )],
    );
    assert_eq!(
        ids(&experts, rules::MARGIN_NONPROBABILITY),
        [["iseas2023:SG@csis"]]
    );
}

#[test]
fn dates_and_waves() {
    let future = with(Table::Polls, &[("2023-06-12", "2093-06-12")]);
    assert!(ids(&future, rules::DATE_FUTURE).contains(&vec!["egf2023".to_owned()]));
    let long = with(
        Table::Polls,
        &[("2020-02-03,2020-02-16", "2020-02-03,2020-12-16")],
    );
    assert!(ids(&long, rules::FIELD_LONG).contains(&vec!["gallup2020".to_owned()]));
}

#[test]
fn one_poll_entered_twice_is_found() {
    let polls = "poll,title,sponsor,field_start,field_end\n\
        first,Mine,House,2023-04-01,2023-04-09\nsecond,Mine,House,2023-04-03,2023-04-10\n";
    let questions = "poll,question,text,kind,responses\n\
        first,approve,Do you,single,yes;no;dont_know\nsecond,approve,Do you,single,yes;no;dont_know\n";
    let figures = |second_no: &str| {
        format!(
            "poll,question,response,percent,reported_by\n\
             first,approve,yes,47,a\nfirst,approve,no,43,a\nfirst,approve,dont_know,10,a\n\
             second,approve,yes,47,b\nsecond,approve,no,{second_no},b\nsecond,approve,dont_know,10,b\n"
        )
    };
    let store = |figures: &str| {
        let mut files = small::files();
        let samples = "poll,country,base,n\nfirst,all,all,1000\n";
        files.insert(Table::Samples, samples.into());
        files.insert(Table::Polls, polls.into());
        files.insert(Table::Questions, questions.into());
        files.insert(Table::Figures, figures.into());
        small::store_of(files)
    };
    let twice = store(&figures("43"));
    assert_eq!(twice.errors(), 0, "{:?}", twice.findings);
    assert_eq!(ids(&twice, rules::WAVE_TWICE), [["first", "second"]]);
    // another figure, or another time, is another poll
    assert!(ids(&store(&figures("44")), rules::WAVE_TWICE).is_empty());
}

/// Two figures are enough where the samples are of one size; a poll without a sponsor is its pollster’s.
#[test]
fn one_poll_of_a_pollster_under_two_ids_is_found() {
    let store = |other_n: u32| {
        let mut files = small::files();
        let polls = "poll,fieldwork,field_start,field_end\n\
            p1,House,2026-05-01,2026-05-03\np2,House,2026-05-01,2026-05-03\n";
        let samples = format!("poll,country,base,n\np1,all,all,900\np2,all,all,{other_n}\n");
        let questions = "poll,question,responses\np1,vote,yes;no\np2,vote,yes;no\n";
        let figures = "poll,question,response,percent,reported_by\n\
            p1,vote,yes,49,a\np1,vote,no,45,a\np2,vote,yes,49,a\np2,vote,no,45,a\n";
        files.insert(Table::Polls, polls.into());
        files.insert(Table::Samples, samples.into());
        files.insert(Table::Questions, questions.into());
        files.insert(Table::Figures, figures.into());
        small::store_of(files)
    };
    assert_eq!(ids(&store(900), rules::WAVE_TWICE), [["p1", "p2"]]);
    assert!(ids(&store(901), rules::WAVE_TWICE).is_empty());
}

/// Whoever enters a poll again may write its house otherwise, leave out its sponsor, or know its last day alone.
#[test]
fn one_poll_written_otherwise_is_found() {
    let found = |first: &str, second: &str| {
        let mut files = small::files();
        let polls =
            format!("poll,fieldwork,sponsor,field_start,field_end\np1,{first}\np2,{second}\n");
        let samples = "poll,country,base,n\np1,all,all,900\np2,all,all,900\n";
        let questions = "poll,question,responses\np1,vote,yes;no\np2,vote,yes;no\n";
        let figures = "poll,question,response,percent,reported_by\n\
            p1,vote,yes,49,a\np1,vote,no,45,a\np2,vote,yes,49,a\np2,vote,no,45,a\n";
        files.insert(Table::Polls, polls.into());
        files.insert(Table::Samples, samples.into());
        files.insert(Table::Questions, questions.into());
        files.insert(Table::Figures, figures.into());
        ids(&small::store_of(files), rules::WAVE_TWICE).len()
    };
    let poll = "YouGov,CBS News,2026-05-01,2026-05-03";
    for other in [
        poll,
        "yougov,,2026-05-01,2026-05-03",
        "You-Gov,,,2026-05-03",
        ",CBS  NEWS,2026-05,",
        ",YouGov,2026-05-02,2026-05-02",
    ] {
        assert_eq!(found(poll, other), 1, "{other}");
        assert_eq!(found(other, poll), 1, "{other}");
    }
    for other in [
        "Ipsos,,2026-05-01,2026-05-03",
        "YouGov,,2026-06-01,2026-06-03",
        ",,2026-05-01,2026-05-03",
    ] {
        assert_eq!(found(poll, other), 0, "{other}");
    }
}

#[test]
fn a_year_far_from_all_others_is_found() {
    let slip = with(
        Table::Polls,
        &[("2020-02-03,2020-02-16", "1920-02-03,1920-02-16")],
    );
    assert_eq!(ids(&slip, rules::YEAR_ALONE), [["gallup2020"]]);
    let wrong = own_copy();
    let path = wrong.path().join("polls.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("gallup2020,"))
        .unwrap();
    std::fs::write(
        &path,
        text.replace(line, &line.replace("2020-02-03", "2206-02-03")),
    )
    .unwrap();
    let run = opine_in(
        wrong.path(),
        &["check", ".", "gallup2020", "--format", "github"],
        "",
    );
    assert_eq!(run.code, 1, "{}", run.err);
    let (first, rest) = run.out.split_once("::field_start: the year 2206").unwrap();
    assert!(
        first.starts_with("::error file=./polls.csv,line="),
        "{first}"
    );
    assert!(first.ends_with("title=date-year"), "{first}");
    assert!(rest.starts_with(" is not between 1900 and 2100"), "{rest}");
    let sarif = opine_in(
        wrong.path(),
        &["check", ".", "gallup2020", "--format", "sarif"],
        "",
    );
    let sarif: serde_json::Value = serde_json::from_str(&sarif.out).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(
        (&result["ruleId"], &result["level"]),
        (&"date-year".into(), &"error".into())
    );
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "date-year");
    assert_eq!(
        rule["shortDescription"]["text"],
        "Years lie between 1900 and 2100."
    );
    // a place is a URI
    let spaced = wrong.path().join("my polls ü");
    std::fs::create_dir(&spaced).unwrap();
    for file in std::fs::read_dir(wrong.path()).unwrap().flatten() {
        if file.path().is_file() {
            std::fs::copy(file.path(), spaced.join(file.file_name())).unwrap();
        }
    }
    let line = ["check", "my polls ü", "--format", "sarif"];
    let sarif = opine_in(wrong.path(), &line, "");
    assert!(
        sarif
            .out
            .contains("\"uri\": \"my%20polls%20%C3%BC/polls.csv\""),
        "{}",
        sarif.out
    );
}

/// A part of an id may be a pattern.
#[test]
fn selectors_take_prefixes() {
    let run = opine(&["list", "figures", "gallup20*/view_cn/fav*:US", "--json"]);
    let ids: Vec<String> = rows(&run)
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.len() > 3, "{ids:?}");
    assert!(
        ids.iter()
            .all(|id| id.starts_with("gallup20") && id.contains("/view_cn/favourable:US")),
        "{ids:?}"
    );
    assert_eq!(opine(&["list", "figures", "zz*/view_cn"]).code, 2);
}

#[test]
fn a_share_without_dont_know_is_recognised() {
    let figures = |of_some: &str| {
        let rows = format!(
            "poll,question,response,percent,reported_by\n\
             mypoll,approve,yes,63,a\nmypoll,approve,yes,{of_some},b\nmypoll,approve,dont_know,10,a\n"
        );
        small::with(Table::Figures, rows)
    };
    // 63 of the 90 who answered are 70%
    let rebased = figures("70");
    assert_eq!(rebased.errors(), 0, "{:?}", rebased.findings);
    assert_eq!(
        ids(&rebased, rules::REBASED),
        [["mypoll/approve/yes:all@b", "mypoll/approve/yes:all@a"]]
    );
    assert!(ids(&figures("75"), rules::REBASED).is_empty());
}

#[test]
fn a_total_of_unknown_weights_lies_between_its_countries() {
    let sources = |total: &str| {
        with(
            Table::Figures,
            &[(
                "egf2023,view_us,favourable,all,all,70,exact,respondents",
                &format!("egf2023,view_us,favourable,all,all,{total},exact,unknown"),
            )],
        )
    };
    let mixtures = |total| ids(&sources(total), rules::TOTAL_MIXTURE).len();
    assert_eq!((mixtures("70"), mixtures("90"), mixtures("40")), (1, 2, 2));
    assert_eq!(ids(&sources("71"), rules::AVERAGE_FITS).len(), 1);
}

#[test]
fn every_rule_has_an_id_of_its_own_and_a_line() {
    let mut known: Vec<&str> = rules::all().map(|rule| rule.id).collect();
    known.sort_unstable();
    let count = known.len();
    known.dedup();
    assert_eq!(known.len(), count);
    assert!(rules::all().all(|rule| rule.says.ends_with('.') && !rule.says.contains('\n')));
    let listed = opine(&["check", "--rules"]);
    assert_eq!(listed.out.lines().count(), count);
}

#[test]
fn rules_are_left_out_by_name_and_unknown_ones_refused() {
    let found = rows(&opine(&[
        "check",
        "--json",
        "--ignore",
        "conflict,margin-level",
    ]));
    assert!(
        found
            .iter()
            .all(|f| f["rule"] != "conflict" && f["rule"] != "margin-level")
    );
    let warnings = found
        .iter()
        .filter(|f| f["severity"] == Severity::Warning.as_str())
        .count();
    assert_eq!(warnings, 5);
    let wrong = opine(&["check", "--ignore", "margin-lvel"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("margin-level"), "{}", wrong.err);
}

#[test]
fn a_folder_is_checked_by_its_name() {
    let folder = own_copy();
    let inside = |args: &[&str]| opine_in(folder.path().parent().unwrap(), args, "");
    let name = format!("{}/", folder.path().file_name().unwrap().to_str().unwrap());
    let run = inside(&["check", &name, "--strict"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("13 warnings"), "{}", run.out);
    assert_eq!(inside(&["check", &name, "egf2023", "--json"]).code, 0);
    assert_eq!(inside(&["check", &name, "--data", &name]).code, 2);
    let selected = rows(&opine(&["check", "iseas2022", "--json"]));
    assert_eq!(selected[0]["rule"], "sample-size");
}

/// A total that meets its only range in one point is within it, whatever the floats say.
#[test]
fn a_total_at_the_end_of_its_countries_is_within_them() {
    let polls = "poll,title,countries,sampling,field_start,field_end,published,url\nmypoll,Mine,KR PH,,,,,\n";
    let questions =
        "poll,question,text,kind,responses,joint_of\nmypoll,approve,Do you?,single,yes;no,\n";
    for tenths in 1..999_u32 {
        let text = |tenths: u32| format!("{}.{}", tenths / 10, tenths % 10);
        let row = |country: &str, percent: u32, aggregate: &str| {
            let percent = text(percent);
            format!("mypoll,approve,yes,{country},all,{percent},exact,{aggregate},,,report,yes,,\n")
        };
        for (total, found) in [
            (tenths + 1, 0),
            (tenths.saturating_sub(1), 0),
            (tenths + 2, 1),
        ] {
            let figures = format!(
                "{}{}{}{}",
                "poll,question,response,country,base,percent,qualifier,aggregate,net_of,n,reported_by,first_hand,url,note\n",
                row("all", total, "unknown"),
                row("KR", tenths, ""),
                row("PH", tenths, "")
            );
            let store = small::store_of(
                [
                    (Table::Polls, polls.into()),
                    (
                        Table::Samples,
                        "poll,country,base,n,n_kind,moe,moe_level,deff,deff_kind,reported_by\n"
                            .into(),
                    ),
                    (Table::Questions, questions.into()),
                    (Table::Figures, figures.into_bytes()),
                ]
                .into(),
            );
            assert_eq!(
                ids(&store, rules::TOTAL_MIXTURE).len(),
                found,
                "{} over {}",
                text(total),
                text(tenths)
            );
        }
    }
}

/// Sizes as large as their column can hold, and three of one sample.
#[test]
fn sizes_of_one_sample() {
    let line = |n: &str, by: &str| format!("mypoll,KR,all,{n},as_printed,,,,,{by}");
    let three = small::and_line(
        Table::Samples,
        &[line("1000", "a"), line("1300", "b"), line("1700", "c")].join("\n"),
    );
    let found = findings(&three);
    let message = &of_rule(&found, rules::SAMPLE_SIZE)[0].message;
    assert!(
        message.starts_with("three sizes of one sample"),
        "{message}"
    );
    let huge = small::and_line(Table::Samples, &line("10000000000000000000", "a"));
    assert!(ids(&huge, rules::SAMPLE_SIZE).is_empty());
}

/// NETs that hold each other, many at once: taken apart once each.
#[test]
fn nets_that_hold_each_other() {
    let names = [
        "net",
        "very",
        "somewhat",
        "yes",
        "no",
        "favourable",
        "unfavourable",
        "mean",
        "both",
        "worried",
        "ally",
        "neutral",
    ];
    let rows = names.map(|name| {
        format!(
            "egf2023,worried,{name},PH,all,90,,,{},,npr,no,,",
            names.join(";")
        )
    });
    let store = small::and_line(Table::Figures, &rows.join("\n"));
    // it comes to an end
    let _ = findings(&store);
}
