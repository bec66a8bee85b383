//! Banner tables as charts: one row over all columns, and a stack a question and block.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::cli::program::{Run, rows};
use crate::present::chart::layout::{check, style, text};
use crate::present::estimates::{POLL, line};

/// A row of per cents, or of numbers, with or without a figure.
fn row(size: f64, shares: bool) -> impl Strategy<Value = BannerRow> {
    let at = if shares { 0.0..1.0_f64 } else { -1.0..1.0_f64 };
    (text(16), at, 0.0..0.4_f64, 0..8_u8, 0..100_000_u32).prop_map(
        move |(label, at, half, kind, n)| {
            let clamped = |value: f64| match shares {
                true => value.clamp(0.0, 1.0) * size,
                false => value * size,
            };
            let interval = (clamped(at - half), clamped(at + half));
            let print = |value: f64| opine::internals::present::table::digits::number(value, 1);
            let figure = BannerFigure {
                printed: print(clamped(at)),
                at: clamped(at),
                interval: (kind != 1).then_some(interval),
                range: format!("{}–{}", print(interval.0), print(interval.1)),
            };
            BannerRow {
                label,
                note: (kind == 2).then(|| "base under 100".to_owned()),
                remark: (kind == 0).then(|| "base under 30".to_owned()),
                figure: (kind != 0).then_some(figure),
                n: n.to_string(),
                differs: kind % 2 == 0,
            }
        },
    )
}

fn charts() -> impl Strategy<Value = BannerChart> {
    any::<bool>().prop_flat_map(|shares| {
        let size = if shares { 100.0 } else { 30.0 };
        let block = (
            text(8),
            prop::option::of(text(8)),
            prop::collection::vec(row(size, shares), 1..6),
        );
        let block = block.prop_map(|(head, note, rows)| BannerBlock { head, note, rows });
        let total = prop::option::of(row(size, shares));
        (text(20), total, prop::collection::vec(block, 1..4)).prop_map(
            move |(title, total, blocks)| BannerChart {
                subject: BannerSubject::Columns,
                title,
                subtitle: None,
                total,
                blocks,
                footer: vec!["Source: poll.".to_owned()],
                level: 0.95,
                scale: match shares {
                    true => Scale::Percent,
                    false => Scale::Numbers {
                        head: "mean".to_owned(),
                        from_zero: false,
                    },
                },
            },
        )
    })
}

fn has_figure(chart: &BannerChart) -> bool {
    let rows = chart.blocks.iter().flat_map(|block| &block.rows);
    chart
        .total
        .iter()
        .chain(rows)
        .any(|row| row.figure.is_some())
}

proptest! {
    #[test]
    fn nothing_overlaps_whatever_the_labels(chart in charts(), style in style()) {
        prop_assume!(has_figure(&chart));
        let drawing = chart.draw(&style).unwrap();
        prop_assert!(check(&drawing.scene).is_ok(), "{:?}", check(&drawing.scene));
        let labels = chart.blocks.iter().flat_map(|block| &block.rows).map(|row| row.label.split_whitespace().collect::<String>());
        let drawn: String = drawing.scene.texts().map(|text| text.text.split_whitespace().collect::<String>()).collect();
        for label in labels {
            // a label is whole, be it in lines or with the hyphens of a word that was broken
            let plain = |text: &str| text.replace(['-', '‐'], "");
            prop_assert!(plain(&drawn).contains(&plain(&label)), "{label} in {drawn}");
        }
    }
}

#[test]
fn figures_that_no_axis_holds_are_refused() {
    let figure = |at: f64| BannerRow {
        label: "Blue".to_owned(),
        figure: Some(BannerFigure {
            at,
            ..BannerFigure::default()
        }),
        ..BannerRow::default()
    };
    let of = |total: BannerRow| BannerChart {
        subject: BannerSubject::Columns,
        total: Some(total),
        level: 0.95,
        ..BannerChart::default()
    };
    for at in [f64::NAN, 101.0, -1.0] {
        assert!(of(figure(at)).draw(&Style::default()).is_err(), "{at}");
    }
    assert_eq!(
        of(BannerRow::default())
            .draw(&Style::default())
            .unwrap_err(),
        Error::Empty
    );
    assert!(of(figure(50.0)).draw(&Style::default()).is_ok());
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["poll.csv", "poll-codebook.csv"] {
        let from = std::path::Path::new("examples").join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    folder
}

/// Rows of the poll by party and age, as JSON and as Parquet, in a folder.
fn table(folder: &std::path::Path, more: &str) {
    for file in ["rows.json", "rows.parquet"] {
        let words = format!(
            "crosstab poll.csv --codebook poll-codebook.csv --columns party,age {POLL} \
             --net 'Worried=Very worried,Somewhat worried' {more} -o {file}"
        );
        let run = line(folder, &words);
        assert_eq!(run.code, 0, "{}", run.err);
    }
}

fn svg(folder: &std::path::Path, words: &str) -> (String, String) {
    let Run { code, err, .. } = line(folder, &format!("chart {words} -o chart.svg"));
    assert_eq!(code, 0, "{words}: {err}");
    (
        std::fs::read_to_string(folder.join("chart.svg")).unwrap(),
        err,
    )
}

#[test]
fn one_row_over_all_columns_is_blue_where_it_differs_from_the_total() {
    let folder = folder();
    table(folder.path(), "--rows q1,therm_us --against total");
    for input in ["rows.json", "rows.parquet"] {
        let (svg, _) = svg(folder.path(), &format!("banner {input} --row Worried"));
        let description = svg
            .split("<desc>")
            .nth(1)
            .unwrap()
            .split("</desc>")
            .next()
            .unwrap();
        assert_eq!(
            description,
            "Dot plot of one figure over 7 columns. Total 70% (67.3–73.0). Highest: Red 79% (74.2–82.3). \
             Lowest: 18-29 59% (53.3–65.0). Different from the total: Blue, Red, 18-29, 45-59, 60+.",
            "{input}"
        );
        assert!(!svg.contains("Letters"), "{input}");
    }
    // the numbers that are drawn are beside it: those of the row alone
    let numbers = std::fs::read_to_string(folder.path().join("chart.csv")).unwrap();
    assert_eq!(numbers.lines().count(), 9, "{numbers}");
    let (svg, _) = svg(
        folder.path(),
        "banner rows.json --row therm_us --width 360 --theme dark",
    );
    assert!(
        svg.contains("53.1") && svg.contains("n 1,027") == svg.contains("Male"),
        "a mean"
    );
}

#[test]
fn a_row_has_to_be_named_where_there_are_several() {
    let folder = folder();
    table(folder.path(), "--rows q1");
    for (words, why) in [
        (
            "banner rows.json",
            "which row? Name it with --row: q1/Worried, q1/Very worried",
        ),
        (
            "banner rows.json --row 'Very woried'",
            "there is no such row; did you mean q1/Very worried?",
        ),
        ("banner poll.csv", "poll.csv"),
        (
            "banner egf2023/worried",
            "chart banner draws a row of a banner table",
        ),
    ] {
        let run = line(folder.path(), &format!("chart {words} -o x.svg"));
        assert_eq!(run.code, 2, "{words}: {}", run.err);
        assert!(run.err.contains(why), "{words}: {}", run.err);
    }
    let (svg, _) = svg(folder.path(), "banner rows.json --row 'q1/Very worried'");
    assert!(
        svg.contains("not compared with the Total"),
        "letters of pairs say nothing of it"
    );
}

#[test]
fn stacks_of_a_banner_are_a_question_and_block_each_without_nets() {
    let folder = folder();
    table(folder.path(), "--rows q1,sex");
    for input in ["rows.json", "rows.parquet"] {
        let (svg, err) = svg(folder.path(), &format!("stacked {input}"));
        assert!(
            err.contains("nets are left out, as their parts are drawn: Worried"),
            "{err}"
        );
        for text in [
            "Nets are left out",
            "Independent",
            "60+",
            "Total",
            ">How worried are you about a confrontation between the US and China?<",
            ">Sex<",
            ">Party<",
            ">Age<",
        ] {
            assert!(svg.contains(text), "{input}: {text}");
        }
        assert!(!svg.contains("1595") && !svg.contains("Letters"), "{input}");
    }
}

#[test]
fn a_net_beside_its_parts_is_not_counted_twice_in_any_stack() {
    let folder = folder();
    let words = format!(
        "estimate poll.csv prop(q1) --by party {POLL} --net 'Worried=Very worried,Somewhat worried' -o rows.csv"
    );
    assert_eq!(line(folder.path(), &words).code, 0);
    let (svg, err) = svg(folder.path(), "stacked rows.csv");
    assert!(err.contains("nets are left out"), "{err}");
    assert!(!svg.contains("not published"), "bars are whole");
    let drawn = std::fs::read_to_string(folder.path().join("chart.csv")).unwrap();
    assert!(!drawn.contains(",net,"), "{drawn}");
}

#[test]
fn several_answers_and_other_shares_are_no_stack() {
    let folder = folder();
    let words =
        "crosstab poll.csv --columns party --set 'both=sex,region' --rows both,q1 -o rows.json";
    assert_eq!(line(folder.path(), words).code, 0);
    let (svg, _) = svg(folder.path(), "stacked rows.json");
    assert!(svg.contains("several answers: both"));
    for (more, why) in [
        (
            "--set 'both=sex,region' --rows both",
            "no parts of one whole",
        ),
        ("--rows q1 --percent row", "these shares are of row"),
    ] {
        let words = format!("crosstab poll.csv --columns party {more} -o rows.json");
        assert_eq!(line(folder.path(), &words).code, 0);
        let run = line(folder.path(), "chart stacked rows.json -o x.svg");
        assert_eq!(run.code, 2, "{more}");
        assert!(run.err.contains(why), "{more}: {}", run.err);
    }
    let run = line(
        folder.path(),
        "crosstab poll.csv --columns party --rows q1 --json",
    );
    assert_eq!(rows(&run).len(), 16);
}
