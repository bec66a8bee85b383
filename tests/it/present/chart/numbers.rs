//! Charts of means, totals and other numbers: the axis fits the data, nothing overlaps, and what has no axis in common
//! is refused.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::cli::program::{opine, opine_in};
use crate::present::chart::layout::{check, style, text};

fn numbers(head: &str, from_zero: bool) -> Scale {
    Scale::Numbers {
        head: head.to_owned(),
        from_zero,
    }
}

/// A number of any size as it would be printed.
fn printed(value: f64) -> String {
    let decimals = match value.abs() {
        size if size < 1.0 => 4,
        size if size < 1e4 => 1,
        _ => 0,
    };
    opine::internals::present::table::digits::number(value, decimals)
}

fn value(size: f64) -> impl Strategy<Value = Value> {
    (-1.0..1.0_f64, 0.0..0.3_f64, 0..6_u8).prop_map(move |(at, half, kind)| {
        let (at, half) = (at * size, half * size);
        let (low, high) = (at - half, at + half);
        Value {
            printed: printed(at),
            at: Some(at),
            mark: match kind {
                0 => Mark::NotFound,
                1 => Mark::NoSampleSize,
                _ => Mark::Interval { low, high },
            },
            ends: Some((printed(low), printed(high))),
            ..Value::default()
        }
    })
}

fn groups(largest: i32) -> impl Strategy<Value = Vec<Group>> {
    (-9..largest, 0..3_u8).prop_flat_map(|(power, far)| {
        let size = 10_f64.powi(power);
        let shift = if far == 0 { 30.0 * size } else { 0.0 };
        let row = (text(14), value(size)).prop_map(move |(label, mut value)| {
            value.at = value.at.map(|at| at + shift);
            if let Mark::Interval { low, high } = &mut value.mark {
                *low += shift;
                *high += shift;
            }
            Row {
                label,
                values: vec![value],
                ..Row::default()
            }
        });
        let group = (prop::option::of(text(6)), prop::collection::vec(row, 1..9));
        let group = group.prop_map(|(head, rows)| Group {
            head,
            note: None,
            rows,
        });
        prop::collection::vec(group, 1..4)
    })
}

/// Dot charts of numbers below a power of ten.
fn dots(largest: i32) -> impl Strategy<Value = DotChart> {
    let head = prop::sample::select(vec!["mean", "millions", "estimate", "difference"]);
    (text(15), groups(largest), head, any::<bool>()).prop_map(|(title, groups, head, from_zero)| {
        DotChart {
            title,
            subtitle: None,
            groups,
            footer: vec!["Source: poll.".to_owned()],
            level: 0.95,
            scale: numbers(head, from_zero),
        }
    })
}

/// Dots, intervals and bars stay between the first tick and the last.
fn marks_lie_in_the_plot(scene: &Scene) -> Result<(), String> {
    for shape in &scene.shapes {
        if let Shape::Line {
            from: (x1, _),
            to: (x2, _),
            width,
            ..
        } = shape
            && *width == 2.0
            && (x1.min(*x2) < 8.0 || x1.max(*x2) > scene.width - 8.0)
        {
            return Err(format!("{shape:?} leaves the plot"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_dot_charts_of_numbers(chart in dots(13), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
        marks_lie_in_the_plot(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_bar_charts_of_numbers(chart in dots(7), style in style()) {
        let bars = BarChart {
            title: chart.title,
            subtitle: chart.subtitle,
            groups: chart.groups,
            footer: chart.footer,
            level: chart.level,
            scale: chart.scale,
        };
        let drawing = bars.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_charts_of_differences_of_numbers(chart in dots(7), style in style()) {
        let difference = |row: &Row| {
            let value = row.values.first()?;
            Some(Difference {
                printed: value.printed.clone(),
                points: value.at?,
                ends: value.ends.clone(),
                mark: match value.mark {
                    Mark::Interval { low, high } => DifferenceMark::Interval { low, high },
                    _ => DifferenceMark::NoSampleSize,
                },
            })
        };
        let rows = |group: &Group| group.rows.iter().map(|row| DifferenceRow {
            label: row.label.clone(),
            difference: difference(row),
            ..DifferenceRow::default()
        }).collect();
        let differences = DifferenceChart {
            aside: None,
            title: chart.title.clone(),
            subtitle: None,
            groups: chart.groups.iter().map(|group| DifferenceGroup {
                head: group.head.clone(),
                note: None,
                rows: rows(group),
            }).collect(),
            footer: Vec::new(),
            level: 0.95,
            scale: numbers("difference", true),
        };
        let drawing = differences.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_trends_of_numbers(chart in dots(7), style in style()) {
        let waves = |group: &Group| -> Vec<Wave> {
            let found = group.rows.iter().filter_map(|row| row.values.first());
            found.enumerate().filter_map(|(index, value)| Some(Wave {
                when: 2015.5 + index as f64,
                printed: value.printed.clone(),
                at: value.at?,
                interval: match value.mark {
                    Mark::Interval { low, high } => Some((low, high)),
                    _ => None,
                },
            })).collect()
        };
        let trend = TrendChart {
            title: chart.title.clone(),
            series: vec!["mean".to_owned()],
            panels: chart.groups.iter().map(|group| TrendPanel {
    paint: Default::default(),
                head: group.head.clone().unwrap_or_default(),
                lines: vec![waves(group)],
                breaks: Vec::new(),
            }).collect(),
            scale: chart.scale,
            ..TrendChart::default()
        };
        let drawing = trend.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}

const POLL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/poll.csv");

fn estimates(arguments: &[&str]) -> String {
    let run = opine(
        &[
            &["estimate", POLL, "--weights", "weight", "--csv"],
            arguments,
        ]
        .concat(),
    );
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

/// The texts of a chart of these estimates.
fn drawn(kind: &str, csv: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let all = [&["chart", kind, "-", "-o", "chart.svg"], more].concat();
    let run = opine_in(folder.path(), &all, csv);
    assert_eq!(run.code, 0, "{}", run.err);
    texts(&std::fs::read_to_string(folder.path().join("chart.svg")).expect("a chart"))
}

/// What is said where no chart of these estimates is drawn.
fn refused(kind: &str, csv: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let all = [&["chart", kind, "-", "-o", "never.svg"], more].concat();
    let run = opine_in(folder.path(), &all, csv);
    assert_eq!(run.code, 2, "{}", run.err);
    run.err
}

fn texts(svg: &str) -> String {
    let document = resvg::usvg::roxmltree::Document::parse(svg).expect("XML");
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let texts: Vec<String> = texts
        .map(|text| text.text().unwrap_or_default().trim().to_owned())
        .collect();
    texts.join("\n")
}

#[test]
fn means_by_groups() {
    insta::assert_snapshot!(drawn(
        "dot",
        &estimates(&["mean(therm_us)", "--by", "region"]),
        &[]
    ));
}

#[test]
fn several_items_are_groups() {
    insta::assert_snapshot!(drawn(
        "dot",
        &estimates(&["mean(therm_us)", "median(therm_us)", "--by", "sex"]),
        &["--width", "360"]
    ));
}

#[test]
fn differences_of_means() {
    insta::assert_snapshot!(drawn(
        "difference",
        &estimates(&["mean(therm_us)", "--by", "party", "--pairwise"]),
        &[]
    ));
}

#[test]
fn totals_begin_at_zero() {
    let texts = drawn("dot", &estimates(&["total(sex)"]), &[]);
    assert!(texts.lines().any(|text| text == "0"), "{texts}");
    let texts = drawn("dot", &estimates(&["mean(therm_us)"]), &[]);
    assert!(!texts.lines().any(|text| text == "0"), "{texts}");
}

#[test]
fn what_has_no_axis_in_common_is_refused() {
    for (items, why) in [
        (
            ["mean(therm_us)", "prop(q1)"],
            "therm_us is a mean and q1 a share",
        ),
        (
            ["mean(therm_us)", "total(therm_us)"],
            "is a mean and therm_us a total",
        ),
    ] {
        let csv = estimates(&items);
        for kind in ["dot", "bar"] {
            let said = refused(kind, &csv, &[]);
            assert!(said.contains(why), "{said}");
        }
    }
    let csv = estimates(&["mean(therm_us)", "prop(q1)", "--by", "sex", "--pairwise"]);
    let said = refused("difference", &csv, &[]);
    assert!(said.contains("no axis in common"), "{said}");
}

#[test]
fn the_level_follows_from_the_rows() {
    for item in ["mean(therm_us)", "prop(sex)"] {
        let csv = estimates(&[item, "--level", "0.9"]);
        let texts = drawn("dot", &csv, &[]);
        assert!(texts.contains("90% interval"), "{texts}");
        let said = refused("dot", &csv, &["--level", "0.95"]);
        assert!(said.contains("its intervals are 90% intervals"), "{said}");
    }
}

#[test]
fn parquet_brings_captions_to_the_foot() {
    let folder = tempfile::tempdir().expect("a folder");
    let asked = [
        "estimate",
        POLL,
        "mean(therm_us)",
        "--by",
        "region",
        "--weights",
        "weight",
    ];
    let design = ["--strata", "stratum", "--psu", "psu", "-o", "means.parquet"];
    let run = opine_in(folder.path(), &[&asked[..], &design[..]].concat(), "");
    assert_eq!(run.code, 0, "{}", run.err);
    let chart = [
        "chart",
        "dot",
        "means.parquet",
        "-o",
        "chart.svg",
        "--title",
        "Warm",
    ];
    let run = opine_in(folder.path(), &chart, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let svg = std::fs::read_to_string(folder.path().join("chart.svg")).expect("a chart");
    insta::assert_snapshot!(texts(&svg));
    // the rows are those of the CSV
    let parquet = folder.path().join("means.parquet");
    let (frame, _) =
        opine::internals::survey::microdata::write::read_frame(&parquet).expect("read");
    let parquet = opine::internals::frames::Estimates::from_frame(frame).expect("estimates");
    let csv = estimates(&[
        "mean(therm_us)",
        "--by",
        "region",
        "--strata",
        "stratum",
        "--psu",
        "psu",
    ]);
    let header = opine::internals::tabular::Header::named(&["variable", "estimate"]);
    let options = opine::internals::tabular::Options::default();
    let csv = opine::internals::tabular::read_bytes("means.csv", csv.as_bytes(), &header, &options);
    let csv = csv
        .and_then(|mut table| table.to_estimates())
        .expect("read");
    assert_eq!(parquet.rows().expect("rows"), csv.rows().expect("rows"));
}

#[test]
fn a_damaged_parquet_file_is_told_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bad.parquet"), b"PAR1 nothing PAR1").expect("written");
    let run = opine_in(
        folder.path(),
        &["chart", "dot", "bad.parquet", "-o", "never.svg"],
        "",
    );
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("bad.parquet"), "{}", run.err);
}

#[test]
fn a_count_of_all_can_be_drawn() {
    let csv = estimates(&["count()", "--by", "region"]);
    assert!(
        csv.lines()
            .nth(1)
            .is_some_and(|row| row.starts_with("poll,count(),")),
        "{csv}"
    );
    let texts = drawn("dot", &csv, &[]);
    assert!(texts.contains("Number of respondents"), "{texts}");
}
