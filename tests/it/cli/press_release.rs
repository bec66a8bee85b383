//! Tables as they stand in press releases and data downloads, as a journalist types them.

use std::fs;

use crate::cli::program::{Run, number, opine_in, picture, rows};

const DOWN: &str = "Trust in parliament,Germany,France,Spain\nA great deal,12,8,6\nSomewhat,40,31,28\nNot much,30,38,40\n\
                    Not at all,14,20,24\nDon't know,4,3,2\n";
const LONG: &str = "country,label,percent,n\nGermany,Trust,62,1004\nGermany,Distrust,38,1004\nFrance,Trust,58,1010\n\
                    France,Distrust,42,1010\n";

/// Draws a table; the run and the SVG.
fn drawn(kind: &str, table: &[u8], more: &[&str]) -> (Run, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), table).unwrap();
    let args = [&["chart", kind, "t.csv", "-o", "c.svg"], more].concat();
    let run = opine_in(folder.path(), &args, "");
    let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap_or_default();
    (run, svg)
}

fn with(table: &str, args: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), table).unwrap();
    opine_in(folder.path(), args, "")
}

#[test]
fn every_dialect_and_odd_cell_is_drawn() {
    let euro = "Länder;Anteil;Befragte\nDeutschland;62,5;1.004\nFrankreich;58,1;1.010\n";
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(euro);
    let odd = "Trust in parliament, spring 2023\n\nCountry,Percent,N\nGermany,62,1 010\nFrance,,1010\nSpain,<1,998\n\
               Italy,n/a,1000\nPoland,not asked,\n,,\n,,\n";
    for (table, texts) in [
        (euro.as_bytes(), &["Deutschland", ">62.5<"][..]),
        (
            &[b"\xef\xbb\xbf", euro.as_bytes()].concat(),
            &["Frankreich", ">58.1<"],
        ),
        (
            euro.replace(';', "\t").as_bytes(),
            &["Deutschland", ">62.5<"],
        ),
        (&windows, &["Deutschland", ">62.5<"]),
        (
            b"Country,Percent,N\nGermany,62,1004\nFrance,58,1010\n",
            &["Germany", ">62<"],
        ),
        (
            odd.as_bytes(),
            &["Poland", ">not asked<", ">&lt;1<", "a bound"],
        ),
    ] {
        for kind in ["bar", "dot"] {
            let (run, svg) = drawn(kind, table, &[]);
            assert_eq!(run.code, 0, "{kind}: {}", run.err);
            for text in texts {
                assert!(svg.contains(text), "{kind}: no {text} in {svg}");
            }
        }
    }
    let (run, svg) = drawn("bar", b"label,percent\nA,0.62\nB,0.38\n", &[]);
    assert!(
        run.code == 2 && svg.is_empty() && run.err.contains("--shares"),
        "{}",
        run.err
    );
}

#[test]
fn a_table_is_drawn_in_either_direction() {
    let across = "Country,A great deal,Somewhat,Not much,Not at all,Don't know\nGermany,12,40,30,14,4\nFrance,8,31,38,20,3\n\
                  Spain,6,28,40,24,2\n";
    for kind in ["bar", "dot", "stacked"] {
        let title = ["--title", "Trust in parliament"];
        let (run, down) = drawn(kind, DOWN.as_bytes(), &title);
        assert!(
            run.code == 0 && run.err.contains("taken as groups"),
            "{kind}: {}",
            run.err
        );
        let (run, across) = drawn(kind, across.as_bytes(), &title);
        assert!(
            run.code == 0 && run.err.contains("taken as labels"),
            "{kind}: {}",
            run.err
        );
        assert_eq!(picture(&down), picture(&across), "{kind}");
        for text in ["Germany", "Spain", "A great deal", "Don’t know", ">40<"] {
            assert!(
                down.contains(text) || down.contains(&text.replace('’', "'")),
                "{kind}: {text}"
            );
        }
    }
    // the other way round, where somebody says so
    let (run, turned) = drawn("dot", DOWN.as_bytes(), &["--group", "Trust in parliament"]);
    assert!(
        run.code == 0 && !run.err.contains("taken as groups"),
        "{}",
        run.err
    );
    let head = |svg: &str, text: &str| {
        svg.contains(&format!("font-weight=\"bold\">{text}<")) || svg.contains(text)
    };
    assert!(head(&turned, "A great deal"), "{turned}");
    assert_ne!(turned, drawn("dot", DOWN.as_bytes(), &[]).1);
}

#[test]
fn the_question_of_a_table_heads_what_is_made_of_it() {
    let asked = DOWN.replace("Trust in parliament", "How much do you trust parliament?");
    let above = format!(
        "How much do you trust parliament?\n\n{}",
        DOWN.replace("Trust in parliament", "Answer")
    );
    for table in [&asked, &above] {
        for kind in ["bar", "dot", "stacked"] {
            let (run, svg) = drawn(kind, table.as_bytes(), &[]);
            assert!(
                run.code == 0
                    && !run.err.contains("no headline")
                    && run.err.contains("taken as the question"),
                "{kind}: {}",
                run.err
            );
            assert!(
                svg.contains("How much do you trust parliament?"),
                "{kind}: {svg}"
            );
            // a headline that is typed goes before it; where all words are typed, nothing is said of it
            let titled = ["--title", "Few trust it", "--subtitle", "Per cent."];
            let (_, svg) = drawn(kind, table.as_bytes(), titled.get(..2).unwrap());
            let at = |words: &str| svg.find(words);
            assert!(
                at("Few trust it").is_some()
                    && at("Few trust it") < at("How much do you trust parliament?"),
                "{kind}: {svg}"
            );
            let (run, svg) = drawn(kind, table.as_bytes(), &titled);
            assert!(
                svg.contains("Few trust it") && !run.err.contains("question"),
                "{kind}: {}",
                run.err
            );
        }
        let summary = with(table, &["summary", "t.csv"]);
        assert!(
            summary.out.starts_with("How much do you trust parliament?"),
            "{}",
            summary.out
        );
    }
    let waves = "How do you vote?,2021 (%),2021 (N),2023 (%),2023 (N)\nLabour,44,1500,47,1480\nTory,56,1500,53,1480\n";
    let named = waves.replace("2021", "Wave 1").replace("2023", "Wave 2");
    for (kind, waves) in [("trend", waves), ("change", waves), ("change", &*named)] {
        let (run, svg) = drawn(kind, waves.as_bytes(), &[]);
        assert!(
            run.code == 0 && svg.contains("How do you vote?"),
            "{kind}: {} {svg}",
            run.err
        );
    }
}

#[test]
fn paired_heads_are_read_by_all_commands() {
    let pairs = "Answer,Germany %,Germany n,France %,France n\nTrust,62,1004,58,1010\nDistrust,38,1004,42,1010\n";
    let spread =
        "Answer,Germany,,France,\n,%,n,%,n\nTrust,62,1004,58,1010\nDistrust,38,1004,42,1010\n";
    for table in [pairs, spread] {
        for kind in ["bar", "dot", "stacked"] {
            let (run, svg) = drawn(kind, table.as_bytes(), &[]);
            assert!(
                run.code == 0 && svg.contains(">Germany<") && !svg.contains("No sample size"),
                "{kind}: {} {svg}",
                run.err
            );
        }
        let rows = rows(&with(table, &["summary", "t.csv", "--json"]));
        let sizes: Vec<f64> = rows.iter().map(|row| number(row, "n")).collect();
        assert_eq!(sizes, [1004.0, 1004.0, 1010.0, 1010.0]);
        let check = with(table, &["check", "t.csv"]);
        assert!(
            check.code == 0 && check.out.contains("n 1,010"),
            "{}{}",
            check.out,
            check.err
        );
        let picks = [
            "--row",
            "group=Germany,label=Trust",
            "--row",
            "group=France,label=Trust",
        ];
        let compare = with(
            table,
            &[
                &["compare", "t.csv", "--relation", "independent"],
                &picks[..],
            ]
            .concat(),
        );
        assert!(
            compare.code == 0 && compare.out.contains("+4"),
            "{}{}",
            compare.out,
            compare.err
        );
    }
}

#[test]
fn a_net_whose_parts_are_not_printed_is_an_answer() {
    let nets = ",Men,Women\nTotal agree,64,60\nStrongly agree,25,23\nSomewhat agree,39,37\nTotal disagree,30,30\n\
                Don't know,6,10\n";
    let (run, svg) = drawn("stacked", nets.as_bytes(), &[]);
    assert!(run.err.contains("drawn: Total agree\n"), "{}", run.err);
    assert!(
        svg.contains(">Total disagree<") && !svg.contains(">Total agree<"),
        "{svg}"
    );
    let check = with(nets, &["check", "t.csv"]);
    assert!(
        !check.out.contains("net-parts") && !check.out.contains("sum-"),
        "{}",
        check.out
    );
}

#[test]
fn rows_of_several_groups_stand_under_heads() {
    let (run, dots) = drawn("dot", LONG.as_bytes(), &[]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            0,
            "note: the chart has no headline: --title says what the figures say\nc.svg with its numbers in c.csv\n"
        )
    );
    for country in ["Germany", "France"] {
        assert_eq!(dots.matches(&format!(">{country}<")).count(), 1, "{dots}");
    }
    assert_eq!(dots.matches(">Trust<").count(), 2, "{dots}");
    // of bars the answers are panels, with a bar a country in each
    let (run, bars) = drawn("bar", LONG.as_bytes(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        (
            bars.matches(">Trust<").count(),
            bars.matches(">Germany<").count()
        ),
        (1, 1),
        "{bars}"
    );
    assert!(
        bars.contains("Bars of two answers in two groups."),
        "{bars}"
    );
    assert!(bars.contains("within at most ±3.0 points"), "{bars}");
    // data for stacked bars, as bars
    let stacked = "label,response,percent\nGermany,Trust,52\nGermany,Distrust,48\nFrance,Trust,39\nFrance,Distrust,61\n";
    let (run, svg) = drawn("bar", stacked.as_bytes(), &[]);
    assert!(
        run.code == 0 && svg.matches(">Germany<").count() == 1 && svg.contains(">Distrust<"),
        "{svg}"
    );
    // an answer twice is no stack
    let (run, svg) = drawn(
        "stacked",
        format!("{LONG}France,Trust,57,1010\n").as_bytes(),
        &[],
    );
    assert!(
        run.code == 2
            && svg.is_empty()
            && run.err.contains("line 6: France, Trust stands there twice"),
        "{}",
        run.err
    );
    // one question is one bar
    let (run, svg) = drawn(
        "stacked",
        b"label,percent\nLabour,44\nTory,24\nReform,32\n",
        &[],
    );
    assert!(run.code == 0 && svg.contains(">All<"), "{}", run.err);
}

#[test]
fn bars_without_any_n_are_solid_and_it_is_said_once() {
    let (_, svg) = drawn("bar", b"label,percent\nA,62\nB,58\n", &[]);
    assert_eq!(svg.matches("No sample size is known").count(), 1, "{svg}");
    assert!(!svg.contains("no sample size, no interval"), "{svg}");
    let (_, some) = drawn("bar", b"label,percent,n\nA,62,900\nB,58,\n", &[]);
    assert!(some.contains("no sample size, no interval"), "{some}");
}

#[test]
fn no_warning_about_intervals_that_were_made_here() {
    for (kind, table) in [
        ("stacked", LONG),
        (
            "trend",
            "label,date,percent,n\nA,2023-05,40,900\nA,2023-06,42,900\n",
        ),
    ] {
        let (run, _) = drawn(kind, table.as_bytes(), &[]);
        assert!(
            run.code == 0 && !run.err.contains("warning"),
            "{kind}: {}",
            run.err
        );
    }
}

#[test]
fn summary_check_and_compare_take_the_same_tables() {
    let run = with(DOWN, &["summary", "t.csv"]);
    assert!(
        run.code == 0 && run.out.contains("Germany\n") && run.out.contains("A great deal"),
        "{}",
        run.out
    );
    let summary = rows(&with(LONG, &["summary", "t.csv", "--json"]));
    let share = summary
        .iter()
        .find(|row| row["country"] == "France" && row["variable"] == "Trust")
        .unwrap();
    assert!(
        (number(share, "estimate") - 0.58).abs() < 1e-12
            && number(share, "rounding_low") < number(share, "ci_low")
    );
    let assumed = rows(&with(
        DOWN,
        &["summary", "t.csv", "--assume-n", "1000", "--json"],
    ));
    assert!(assumed.iter().all(|row| row["n"] == 1000.0), "{assumed:?}");
    let without = rows(&with(
        DOWN,
        &["summary", "t.csv", "--without", "Don't know", "--json"],
    ));
    assert_eq!(without.len(), 12);

    let wrong = DOWN.replace("Somewhat,40", "Somewhat,50");
    let run = with(&wrong, &["check", "t.csv"]);
    assert!(
        run.out.contains("Germany: 5 rows add up to 110"),
        "{}",
        run.out
    );
    let line = &rows(&with(&wrong, &["check", "t.csv", "--json"]))[0];
    assert_eq!(line["rule"], "sum-over-100");

    let picks = [
        "compare",
        "t.csv",
        "--row",
        "country=Germany,label=Trust",
        "--row",
        "country=France,label=Trust",
        "--json",
    ];
    let compared = &rows(&with(LONG, &picks))[0];
    assert_eq!(
        (compared["a"].as_str(), compared["relation"].as_str()),
        (Some("Germany: Trust"), Some("independent"))
    );
    assert!((number(compared, "estimate") - 0.04).abs() < 1e-12);
    let heads = "Country,Percent,N\nGermany,62,1004\nSpain,58,1010\n";
    let run = with(
        heads,
        &[
            "compare",
            "t.csv",
            "--row",
            "label=Germany",
            "--row",
            "label=Spain",
            "--json",
        ],
    );
    assert!((number(&rows(&run)[0], "estimate") - 0.04).abs() < 1e-12);
}

#[test]
fn columns_are_named_where_heads_leave_a_doubt() {
    let bare = "a,b,c,d\nGermany,Trust,62,1004\nGermany,Distrust,38,1004\nFrance,Trust,58,1010\nFrance,Distrust,42,1010\n";
    let named = ["--label", "b", "--percent", "c", "--n", "d", "--group", "a"];
    for command in [
        &["check", "t.csv"][..],
        &["summary", "t.csv"],
        &["compare", "t.csv", "--relation", "independent"],
    ] {
        let run = with(bare, &[command, &named].concat());
        assert_eq!(run.code, 0, "{command:?}: {}", run.err);
    }
    let (run, svg) = drawn("dot", bare.as_bytes(), &named);
    assert!(run.code == 0 && svg.contains(">Germany<"), "{}", run.err);
    let (run, _) = drawn("dot", LONG.as_bytes(), &["--label", "lable"]);
    assert!(
        run.code == 2 && run.err.contains("did you mean label?"),
        "{}",
        run.err
    );
    // where no list is read they are refused
    for args in [
        &["check", "--label", "a"][..],
        &["summary", "egf2023", "--group", "a"],
        &["compare", "48@1000", "45@900", "--percent", "a"],
        &[
            "chart",
            "dot",
            "egf2023/consequences",
            "--n",
            "a",
            "-o",
            "c.svg",
        ],
    ] {
        let run = with(LONG, args);
        assert!(
            run.code == 2 && run.err.contains("no effect"),
            "{args:?}: {}",
            run.err
        );
    }
}

/// Shares of eight parties over five years, as a table of a year a row.
const PARTIES: &str = "Year,CDU,SPD,AfD,Greens,FDP,Left,BSW,Others,n\n2021,24,26,10,15,11,5,1,8,2000\n2022,27,19,13,19,7,5,1,9,2000\n\
                       2023,30,16,21,14,6,4,2,7,2000\n2024,31,15,18,12,5,3,7,9,2000\n2025,29,16,21,12,4,9,5,4,2000\n";

#[test]
fn a_trend_of_few_waves_fills_its_axes() {
    let two = "label,date,percent,n\nApprove,2023-05,44,1004\nDisapprove,2023-05,50,1004\nApprove,2023-06,47,1010\n\
               Disapprove,2023-06,46,1010\n";
    let (run, svg) = drawn("trend", two.as_bytes(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    // value and name stand at the ends of the lines, both months under the axis, which ends above the lines
    for text in [
        ">47 Approve<",
        ">46 Disapprove<",
        ">May 2023<",
        ">Jun 2023<",
        ">60%<",
        "The axis ends at 60%.",
    ] {
        assert!(svg.contains(text), "no {text} in {svg}");
    }
    // the first wave stands at the left, the last at the right
    let at = |text: &str| -> f64 {
        let before = svg
            .split(text)
            .next()
            .unwrap()
            .rsplit("<text")
            .next()
            .unwrap();
        let x = before
            .split(" x=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        x.parse().unwrap()
    };
    assert!(at(">Jun 2023<") - at(">May 2023<") > 4000.0, "{svg}");
    let (run, all) = drawn("trend", two.as_bytes(), &["--ymax", "100"]);
    assert!(
        run.code == 0 && all.contains(">100%<") && !all.contains("The axis ends"),
        "{}",
        run.err
    );
    let (run, _) = drawn("trend", two.as_bytes(), &["--ymax", "40"]);
    assert!(
        run.code == 2 && run.err.contains("none is cut"),
        "{}",
        run.err
    );
}

#[test]
fn waves_in_heads_are_drawn_at_their_dates() {
    let waves = "Answer,Wave 1 (May 2023),Wave 2 (June 2023),Wave 3 (Nov 2023)\nSupport,44,47,41\nOppose,56,53,59\nn,1000,1004,990\n";
    let (run, svg) = drawn("trend", waves.as_bytes(), &[]);
    assert!(
        run.code == 0 && run.err.contains("waves go by their dates"),
        "{}",
        run.err
    );
    assert!(
        svg.contains(">Nov 2023<") && !svg.contains("no dates"),
        "{svg}"
    );
    let (run, svg) = drawn("change", waves.as_bytes(), &["--from", "Wave 1 (May 2023)"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(svg.is_empty());
    let (run, svg) = drawn("change", waves.as_bytes(), &["--from", "May 2023"]);
    assert!(run.code == 0 && svg.contains("May 2023"), "{}", run.err);
    for kind in ["bar", "stacked"] {
        let (run, svg) = drawn(kind, waves.as_bytes(), &[]);
        assert!(
            run.code == 0 && svg.contains(">Nov 2023<"),
            "{kind}: {}",
            run.err
        );
    }
    assert!(
        with(waves, &["summary", "t.csv"])
            .out
            .contains("\nNov 2023\n")
    );
}

#[test]
fn a_trend_and_a_change_without_any_n_are_solid() {
    let years = "Country,2020,2021\nGermany,39,34\nFrance,41,33\n";
    for kind in ["trend", "change"] {
        let (run, svg) = drawn(kind, years.as_bytes(), &[]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(svg.contains("No sample size is known"), "{kind}: {svg}");
        for text in [
            "no sample size, no interval",
            "no interval<",
            "95% interval",
            "Bands are",
        ] {
            assert!(!svg.contains(text), "{kind}: {text} in {svg}");
        }
    }
}

#[test]
fn nets_at_the_end_of_a_table_have_their_parts() {
    let table = "Answer,All,Dem\nStrongly approve,21,48\nSomewhat approve,20,35\nSomewhat disapprove,12,9\nStrongly disapprove,43,5\n\
                 Not sure,4,3\nNET Approve,41,83\nNET Disapprove,55,14\nn,1500,510\n";
    let check = with(table, &["check", "t.csv"]);
    assert!(
        !check.out.contains("net-parts") && !check.out.contains("sum-over"),
        "{}",
        check.out
    );
    let (run, svg) = drawn("stacked", table.as_bytes(), &[]);
    assert!(
        run.code == 0 && !svg.contains(">NET Approve<"),
        "{}",
        run.err
    );
    // a slip in one column is one of its NET
    let slip = table.replace("NET Approve,41,83", "NET Approve,41,73");
    let check = with(&slip, &["check", "t.csv"]);
    assert!(
        check
            .out
            .contains("NET Approve 73 is not the sum of its parts"),
        "{}",
        check.out
    );
}

#[test]
fn rows_that_are_countries_are_no_answers() {
    for table in [
        "Country,Percent,N\nGermany,62,1000\nFrance,38,1000\n",
        "Country,2019,2020\nGermany,62,60\nFrance,43,40\n",
    ] {
        let check = with(table, &["check", "t.csv"]);
        assert!(
            check.code == 0 && check.out.contains("0 warnings, 0 notes"),
            "{}",
            check.out
        );
    }
    let compared = with(
        "Country,Percent,N\nGermany,62,1000\nFrance,38,1000\n",
        &["compare", "t.csv"],
    );
    assert!(
        compared.out.contains("Independent samples"),
        "{}",
        compared.out
    );
}

#[test]
fn any_file_that_is_there_is_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let table = "| Answer | % | n |\n|---|---|---|\n| Yes | 60 | 1000 |\n| No | 40 | 1000 |\n";
    for name in ["t.md", "t.dat", "t.list"] {
        fs::write(folder.path().join(name), table).unwrap();
        for command in ["summary", "check", "compare"] {
            let run = opine_in(folder.path(), &[command, name], "");
            assert!(
                run.code == 0 && run.out.contains("Yes"),
                "{command} {name}: {}",
                run.err
            );
        }
    }
}

#[test]
fn eight_parties_share_a_panel() {
    let (run, svg) = drawn("trend", PARTIES.as_bytes(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    for text in [">29 CDU<", ">4 Others<", ">2021<", ">2025<", ">40%<"] {
        assert!(svg.contains(text), "no {text} in {svg}");
    }
    // bands of eight would lie on each other: how wide they are is said instead
    assert!(
        svg.contains("Shares are within at most ±2.0 points"),
        "{svg}"
    );
    assert!(!svg.contains("Bands are"), "{svg}");
    let (run, svg) = drawn("trend", PARTIES.as_bytes(), &["--width", "360"]);
    assert!(run.code == 0 && svg.contains(">29 CDU<"), "{}", run.err);
    // of several countries each has its panel again
    let crossed =
        "country,party,year,percent\nA,X,2021,40\nA,X,2022,42\nB,X,2021,30\nB,X,2022,33\n";
    let (run, svg) = drawn("trend", crossed.as_bytes(), &[]);
    assert!(run.code == 0 && svg.contains(">100%<"), "{}", run.err);
}

#[test]
fn dates_are_read_in_any_form_or_refused() {
    for (dates, names) in [
        (["14.06.2023", "03.08.2023"], ["14 Jun 2023", "3 Aug 2023"]),
        (["5/12/2023", "6/14/2023"], ["12 May 2023", "14 Jun 2023"]),
        (["05/2023", "12/2023"], ["May 2023", "Dec 2023"]),
        (["Mai 2023", "Juni 2023"], ["May 2023", "Jun 2023"]),
        (["2021", "2023"], ["2021", "2023"]),
    ] {
        // the later row first: time never runs backwards
        let list = format!(
            "date,percent,n\n{},47,1010\n{},44,1004\n",
            dates[1], dates[0]
        );
        let (run, svg) = drawn("trend", list.as_bytes(), &[]);
        assert_eq!(run.code, 0, "{dates:?}: {}", run.err);
        let place = |name: &str| {
            svg.find(&format!(">{name}<"))
                .unwrap_or_else(|| panic!("no {name} in {svg}"))
        };
        assert!(names.iter().all(|name| place(name) > 0));
        assert!(
            svg.contains("from 44%") && svg.contains("to 47%"),
            "{dates:?}: {svg}"
        );
    }
    let (run, svg) = drawn("trend", b"date,percent\n5/6/2023,44\n7/8/2023,47\n", &[]);
    assert!(
        run.code == 2 && svg.is_empty() && run.err.contains("--dates"),
        "{}",
        run.err
    );
}

/// Two answers of one country are no independent samples, whatever the sizes of the countries.
#[test]
fn answers_are_compared_between_groups_or_within_one() {
    let between = rows(&with(LONG, &["compare", "t.csv", "--json"]));
    let names = |rows: &[serde_json::Value]| -> Vec<(String, String)> {
        let name = |row: &serde_json::Value, column: &str| row[column].as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| (name(row, "a"), name(row, "b")))
            .collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let expected = [
        pair("Germany: Trust", "France: Trust"),
        pair("Germany: Distrust", "France: Distrust"),
    ];
    assert_eq!(names(&between), expected);
    let one = rows(&with(
        "",
        &[
            "compare",
            "62@1004",
            "58@1010",
            "--relation",
            "independent",
            "--json",
        ],
    ));
    assert_eq!(number(&between[0], "se"), number(&one[0], "se"));

    let of_a_group = ["compare", "t.csv", "--relation", "same-question", "--json"];
    let within = rows(&with(LONG, &of_a_group));
    let expected = [
        pair("Germany: Trust", "Germany: Distrust"),
        pair("France: Trust", "France: Distrust"),
    ];
    assert_eq!(names(&within), expected);
    let one = [
        "compare",
        "62",
        "38",
        "-n",
        "1004",
        "--relation",
        "same-question",
        "--json",
    ];
    assert_eq!(
        number(&within[0], "se"),
        number(&rows(&with("", &one))[0], "se")
    );

    // picked rows: of one group they are answers of its question, of one and another nothing follows
    let pick = |labels: &[&str]| {
        let picks = labels.iter().flat_map(|label| ["--row", label]);
        let args: Vec<&str> = ["compare", "t.csv", "--json"]
            .into_iter()
            .chain(picks)
            .collect();
        with(LONG, &args)
    };
    let picked = rows(&pick(&[
        "country=Germany,label=Trust",
        "country=Germany,label=Distrust",
    ]));
    assert_eq!(number(&picked[0], "se"), number(&within[0], "se"));
    let mixed = pick(&[
        "country=Germany,label=Trust",
        "country=Germany,label=Distrust",
        "country=France,label=Trust",
    ]);
    assert_eq!(mixed.code, 2, "{}", mixed.out);
    assert!(mixed.err.contains("compare them apart"), "{}", mixed.err);
}

/// A page as a news site has it: tags that nobody closed, a table for the layout, footnotes, a merged head, what nobody sees.
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>x</title><script>if (1 < 2) { '<table><tr><td>no' }</script></head><body>\
    <table class=layout><tr><td>Menu<td><!-- <table> --><h1>Trust &amp; more</h1>\n\
    <table border=1><caption>Trust in parliament<sup>a</sup></caption>\n\
    <tr><th rowspan=2>Answer</th><th colspan=2>Europe\n<tr><th>Germany</th><th>Espa&ntilde;a</th></tr>\n\
    <tr><td>A great&nbsp;deal<td>12,5&#37;<sup>1</sup><td data-x='a>b'>6 %\n\
    <tr><td>Some<wbr>what<span style='display: none'>99</span></td><td>40 %<td>28&thinsp;%</tr>\n\
    <tr hidden><td>Old</td><td>1<td>1</tr>\
    <tr><td>Don&rsquo;t know<td>47,5%<td>66%</tr><tr><td>n<td>1.004<td>998</tr></table>\
    </table></body></html>";

#[test]
fn a_table_of_a_page_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let run = |args: &[&str]| opine_in(folder.path(), args, "");
    write("page.html", PAGE);
    let json = run(&["summary", "page.html", "--json"]);
    assert_eq!(json.code, 0, "{}", json.err);
    assert!(
        json.err
            .contains("2 footnote marks in superscript left out")
            && json.err.contains("of 2 read"),
        "{}",
        json.err
    );
    let shares: Vec<String> = rows(&json)
        .iter()
        .map(|row| format!("{:.1}@{}", 100.0 * number(row, "estimate"), row["n"]))
        .collect();
    assert_eq!(
        shares,
        [
            "12.5@1004",
            "40.0@1004",
            "47.5@1004",
            "6.0@998",
            "28.0@998",
            "66.0@998"
        ]
    );
    let table = run(&["summary", "page.html"]);
    for word in [
        "A great deal",
        "Somewhat",
        "Don’t know",
        "España",
        "Germany",
    ] {
        assert!(table.out.contains(word), "{word}: {}", table.out);
    }
    let chart = run(&["chart", "bar", "page.html", "-o", "a.svg"]);
    assert_eq!(chart.code, 0, "{}", chart.err);
    // several tables: which is meant is asked, and answered as of a workbook’s sheets
    let list = "<table><tr><th>label<th>percent<th>n<tr><td>A<td>62<td>1000<tr><td>B<td>38<td>1000</table>";
    write(
        "two.htm",
        &format!(
            "<p>Press release</p>{list}<p>and</p>{}",
            list.replace("62", "51")
        ),
    );
    let several = run(&["summary", "two.htm"]);
    assert_eq!(several.code, 2);
    assert!(
        several
            .err
            .contains("1 and 2 have such a table; name one, as in two.htm#1"),
        "{}",
        several.err
    );
    let second = run(&["summary", "two.htm#2", "--csv"]);
    assert!(
        second.code == 0 && second.out.contains(",0.51,"),
        "{}{}",
        second.out,
        second.err
    );
    write("none.html", "<!doctype html><p>62 %</p><table></table>");
    let none = run(&["summary", "none.html"]);
    assert!(
        none.code == 3 && none.err.contains("a page in HTML without a table"),
        "{} {}",
        none.code,
        none.err
    );
}

#[test]
fn pages_are_read_or_refused_whatever_they_hold() {
    // from pieces of pages in any order, with a limit on what they may hold
    let pieces = [
        "<table>",
        "</table>",
        "<tr>",
        "<td colspan=1000 rowspan=70000>",
        "<td colspan=-1>",
        "</td>",
        "<sup>",
        "</sup>",
        "<!--",
        "-->",
        "<a '>",
        "\"",
        "&",
        "&#0;",
        "&#xFFFFFFFF;",
        "&auml",
        "<",
        "é",
        "62%",
        "<td hidden>",
        "<caption>",
        "<script>",
        "</script>",
        "<",
        ">",
    ];
    let mut seed = 7_u64;
    for _ in 0..2000 {
        let mut page = "<html><table><tr><td>a<td>b".to_owned();
        for _ in 0..30 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            page.push_str(pieces[usize::try_from(seed >> 33).unwrap() % pieces.len()]);
        }
        let header = opine::internals::tabular::Header::by_shape();
        // what matters is that there is an end, and an answer
        match opine::internals::tabular::read_bytes(
            "p.html",
            page.as_bytes(),
            &header,
            &Default::default(),
        ) {
            Ok(table) => assert!(table.len() < 100, "{page}"),
            Err(error) => assert!(error.to_string().starts_with("p.html"), "{page}: {error}"),
        }
    }
}

#[test]
fn questions_below_one_another_are_told_apart() {
    let corners = "Q1. Do you approve?,All,Men,Women\nYes,48,52,44\nNo,47,44,50\nDon't know,5,4,6\n,,,\n\
                   Q2. Right direction?,All,Men,Women\nRight,30,33,27\nWrong,62,60,64\nDon't know,8,7,9\nUnweighted base,1000,480,520\n";
    let lines = "Q1. Do you approve?,,,\n,All,Men,Women\nYes,48,52,44\nNo,47,44,50\nDon't know,5,4,6\nQ2. Right direction?,,,\n\
                 ,All,Men,Women\nRight,30,33,27\nWrong,62,60,64\nDon't know,8,7,9\nUnweighted base,1000,480,520\n";
    let within = ",All,Men,Women\nQ1. Do you approve?,,,\nYes,48,52,44\nNo,47,44,50\nDon't know,5,4,6\nQ2. Right direction?,,,\n\
                  Right,30,33,27\nWrong,62,60,64\nDon't know,8,7,9\nUnweighted base,1000,480,520\n";
    for table in [corners, lines, within] {
        let run = with(table, &["summary", "t.csv"]);
        assert_eq!(run.code, 0, "{table}{}", run.err);
        assert!(
            run.err.contains("2 questions below one another"),
            "{}",
            run.err
        );
        for head in [
            "Q1. Do you approve?, All\n",
            "Q2. Right direction?, Women\n",
        ] {
            assert!(run.out.contains(head), "{head}{}", run.out);
        }
        assert!(!run.out.contains("not asked"), "{}", run.out);
        let json = with(table, &["summary", "t.csv", "--json"]);
        let sizes: Vec<f64> = rows(&json).iter().map(|row| number(row, "n")).collect();
        assert_eq!(sizes.len(), 18);
        assert!(
            sizes.iter().all(|n| [1000.0, 480.0, 520.0].contains(n)),
            "{sizes:?}"
        );
        // each question adds up to 100 by itself
        let check = with(table, &["check", "t.csv"]);
        assert!(
            check.code == 0 && !check.out.contains("sum"),
            "{}",
            check.out
        );
    }
    // a base of each question is that of its rows alone
    let own = corners.replace(
        "Don't know,5,4,6\n",
        "Don't know,5,4,6\nUnweighted base,900,430,470\n",
    );
    let json = with(&own, &["summary", "t.csv", "--json"]);
    let sizes: Vec<f64> = rows(&json).iter().map(|row| number(row, "n")).collect();
    assert_eq!(sizes.iter().filter(|n| **n == 900.0).count(), 3);
    assert_eq!(sizes.iter().filter(|n| **n == 1000.0).count(), 3);
    let long = "Trust in parliament,Percent,N\nGermany,62,1004\nFrance,58,1010\n\nTrust in the EU,Percent,N\nGermany,52,1004\nFrance,48,1010\n";
    let (run, svg) = drawn("bar", long.as_bytes(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        svg.contains("Trust in the EU") && svg.contains("Trust in parliament"),
        "{svg}"
    );
    let sizes: Vec<f64> = rows(&with(long, &["summary", "t.csv", "--json"]))
        .iter()
        .map(|row| number(row, "n"))
        .collect();
    assert_eq!(sizes, [1004.0, 1010.0, 1004.0, 1010.0]);
    // a country without a figure is no question
    let missing = with(
        "Country,Percent,N\nGermany,62,1004\nSpain,,\nFrance,58,1010\n",
        &["summary", "t.csv"],
    );
    assert!(
        missing.code == 0 && missing.out.contains("not asked"),
        "{}{}",
        missing.out,
        missing.err
    );
}

#[test]
fn sizes_of_samples_are_no_counts_of_answers() {
    let sizes = |head: &str, rows_of: &str| -> Vec<f64> {
        let json = with(
            &format!("{head},Percent,N\n{rows_of}"),
            &["summary", "t.csv", "--json"],
        );
        assert_eq!(json.code, 0, "{}", json.err);
        rows(&json).iter().map(|row| number(row, "n")).collect()
    };
    // shares of two countries that happen to add up to 100
    for head in ["Country", "label", "Answer"] {
        assert_eq!(
            sizes(head, "A,52,1004\nB,48,1010\n"),
            [1004.0, 1010.0],
            "{head}"
        );
    }
    // what was answered by so many
    assert_eq!(
        sizes("Answer", "Yes,62,622\nNo,30,301\nDon't know,8,77\n"),
        [1000.0; 3]
    );
    assert_eq!(sizes("Answer", "Yes,52,522\nNo,48,482\n"), [1004.0; 2]);
}
