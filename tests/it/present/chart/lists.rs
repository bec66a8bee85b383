//! Stacked bars and trends of files: lists, and estimates of respondents.

use opine::internals::frames::{Estimate, Estimates};
use opine::internals::present::chart::{Chart, StackedChart, Style, Tone, TrendChart};
use opine::internals::present::lists::{self, List, stacked_of_estimates, trend_of_estimates};
use opine::internals::present::published::Captions;
use opine::internals::published::figures::topline::Intervals;
use opine::internals::tabular;
use proptest::prelude::*;

use crate::cli::program::opine_in;
use crate::present::chart::layout::{check, style, text};

fn captions() -> Captions {
    Captions {
        title: "Title".to_owned(),
        subtitle: None,
        foot: Vec::new(),
    }
}

/// A list as some kind of chart reads it.
fn listed(
    text: &str,
    kind: fn(&mut List, Intervals) -> Result<Estimates, lists::Error>,
) -> Result<Estimates, lists::Error> {
    match lists::read("list.csv", text.as_bytes(), &tabular::Options::default())? {
        lists::Input::List(mut list) => kind(&mut list, Intervals::default()),
        lists::Input::Estimates(..) => panic!("these are estimates"),
    }
}

/// A row as `opine estimate … --by … --csv` writes it.
fn row(variable: &str, level: &str, groups: &[(&str, &str)], share: f64) -> Estimate {
    let mut row = Estimate::proportion("study", variable, Some(level));
    let group = |(name, value): &(&str, &str)| ((*name).to_owned(), Some((*value).to_owned()));
    row.groups = groups.iter().map(group).collect();
    row.estimate = Some(share);
    row.se = Some(0.02);
    (row.ci_low, row.ci_high) = (Some((share - 0.04).max(0.0)), Some((share + 0.04).min(1.0)));
    row.n = Some(1000.0);
    row
}

fn study(levels: &[&str], countries: &[&str], waves: &[&str]) -> Vec<Estimate> {
    let mut rows = Vec::new();
    for country in countries {
        for wave in waves {
            for level in levels {
                let share = 1.0 / levels.len() as f64;
                rows.push(row(
                    "q1",
                    level,
                    &[("country", country), ("wave", wave)],
                    share,
                ));
            }
        }
    }
    rows
}

fn trend(rows: &[Estimate], x: Option<&str>) -> Result<TrendChart, String> {
    let estimates = Estimates::from_rows(rows).unwrap();
    let chart = trend_of_estimates(&estimates, captions(), x, Intervals::default());
    chart.map_err(|error| error.to_string())
}

fn stacked(rows: &[Estimate]) -> StackedChart {
    let estimates = Estimates::from_rows(rows).unwrap();
    stacked_of_estimates(&estimates, captions(), false, Intervals::default()).unwrap()
}

fn heads(chart: &TrendChart) -> Vec<&str> {
    chart
        .panels
        .iter()
        .map(|panel| panel.head.as_str())
        .collect()
}

#[test]
fn a_panel_a_group_and_a_line_a_level() {
    let rows = study(
        &["Yes", "No"],
        &["Germany", "Poland"],
        &["2019", "2021", "2023"],
    );
    let chart = trend(&rows, None).unwrap();
    assert_eq!(heads(&chart), ["Germany", "Poland"]);
    assert_eq!(chart.series, ["Yes", "No"]);
    let first = &chart.panels[0].lines[0];
    assert_eq!(
        first.iter().map(|wave| wave.when).collect::<Vec<_>>(),
        [2019.0, 2021.0, 2023.0]
    );
    assert_eq!(first[0].interval, Some((46.0, 54.0)));
    // of a few years each has its tick
    let names: Vec<&str> = chart
        .moments
        .iter()
        .map(|moment| moment.name.as_str())
        .collect();
    assert_eq!(names, ["2019", "2021", "2023"]);
    chart.draw(&Style::default()).unwrap();
}

#[test]
fn more_than_three_levels_are_panels() {
    let rows = study(
        &["A", "B", "C", "D"],
        &["Germany", "Poland"],
        &["2019", "2021"],
    );
    assert_eq!(
        heads(&trend(&rows, None).unwrap()).first(),
        Some(&"Germany: A")
    );
    // in one panel each has its name at the end of its line
    let rows = study(&["A", "B", "C", "D"], &["Germany"], &["2019", "2021"]);
    let chart = trend(&rows, None).unwrap();
    assert_eq!((heads(&chart), chart.series.len()), (vec!["Germany"], 4));
    let svg = chart.draw(&Style::default()).unwrap().svg;
    assert!(svg.contains(">25 D<"), "{svg}");
}

#[test]
fn waves_without_dates_stand_in_their_order() {
    let rows = study(&["Yes"], &["Germany"], &["W10", "W2", "W1"]);
    let chart = trend(&rows, None).unwrap();
    let names: Vec<&str> = chart
        .moments
        .iter()
        .map(|moment| moment.name.as_str())
        .collect();
    assert_eq!(names, ["W1", "W2", "W10"]);
    let said = chart.draw(&Style::default()).unwrap().scene.description;
    assert!(said.contains("(W1)") && said.contains("(W10)"), "{said}");
    let words = study(&["Yes"], &["Germany"], &["spring", "autumn"]);
    let names = trend(&words, Some("wave")).unwrap().moments;
    assert_eq!(names[0].name, "spring");
    let months = study(&["Yes"], &["Germany"], &["2023-05", "2023-01"]);
    assert_eq!(trend(&months, None).unwrap().moments[0].name, "Jan 2023");
}

#[test]
fn the_column_of_times_is_asked_for_named_or_dated() {
    let rows = |x: &str, times: &[&str]| {
        let row = |time: &&str| row("q1", "Yes", &[("region", "R1"), (x, time)], 0.5);
        times.iter().map(row).collect::<Vec<_>>()
    };
    // all are years
    assert!(trend(&rows("fielded", &["2019", "2020-05"]), None).is_ok());
    let error = trend(&rows("fielded", &["a", "b"]), None).unwrap_err();
    assert!(
        error.contains("--x COLUMN") && error.contains("region, fielded"),
        "{error}"
    );
    assert!(trend(&rows("fielded", &["a", "b"]), Some("fielded")).is_ok());
    let error = trend(&rows("fielded", &["a", "b"]), Some("feilded")).unwrap_err();
    assert!(error.contains("did you mean fielded?"), "{error}");
    let error = trend(&rows("year", &["2019"]), None).unwrap_err();
    assert!(error.contains("one time, 2019"), "{error}");
    let error = trend(&rows("year", &["2019", "2020", "2019"]), None).unwrap_err();
    assert!(error.contains("more than one row at 2019"), "{error}");
}

#[test]
fn small_bases_are_not_drawn_and_means_have_their_own_axis() {
    let mut rows = study(&["Yes"], &["Germany"], &["2019", "2021", "2023"]);
    rows[2].n = Some(12.0);
    let chart = trend(&rows, None).unwrap();
    assert_eq!(chart.panels[0].lines[0].len(), 2);
    assert!(
        chart.footer.join(" ").contains("base under 30"),
        "{:?}",
        chart.footer
    );
    for row in &mut rows {
        row.statistic = opine::internals::frames::Statistic::Mean;
    }
    let chart = trend(&rows, None).unwrap();
    assert!(
        matches!(
            chart.scale,
            opine::internals::present::chart::Scale::Numbers { .. }
        ),
        "{:?}",
        chart.scale
    );
    rows[0].statistic = opine::internals::frames::Statistic::Proportion;
    assert!(
        trend(&rows, None)
            .unwrap_err()
            .contains("no axis in common")
    );
}

#[test]
fn bars_are_groups_or_the_variables_of_a_battery() {
    let rows = study(
        &["Very good", "Good", "Bad", "Don’t know"],
        &["Germany", "Poland"],
        &["2019"],
    );
    let chart = stacked(&rows);
    let labels = |chart: &StackedChart| -> Vec<String> {
        let rows = &chart.sections[0].questions[0].rows;
        rows.iter().map(|row| row.label.clone()).collect()
    };
    assert_eq!(labels(&chart), ["Germany", "Poland"]);
    let tones: Vec<Tone> = chart.sections[0]
        .responses
        .iter()
        .map(|one| one.tone)
        .collect();
    assert_eq!(
        tones,
        [
            Tone::StrongPositive,
            Tone::WeakPositive,
            Tone::StrongNegative,
            Tone::DontKnow
        ]
    );
    let mut battery = Vec::new();
    for variable in ["trust_press", "trust_courts"] {
        for level in ["A lot", "Some"] {
            battery.push(row(variable, level, &[], 0.5));
        }
    }
    let chart = stacked(&battery);
    assert_eq!(chart.sections.len(), 1);
    assert_eq!(labels(&chart), ["trust_press", "trust_courts"]);
    let mut two = study(&["Yes", "No"], &["Germany", "Poland"], &["2019"]);
    two.extend(two.clone().into_iter().map(|row| Estimate {
        variable: "q2".to_owned(),
        ..row
    }));
    let chart = stacked(&two);
    assert_eq!(chart.sections[1].head.as_deref(), Some("q2"));
    chart.draw(&Style::default()).unwrap();
}

#[test]
fn lists_are_drawn_with_their_intervals() {
    let list = "label,response,percent,n\nNorth,Agree,62.5,1000\nNorth,Disagree,37.5,1000\nSouth,Agree,50,\n";
    let estimates = listed(list, List::of_answers).unwrap();
    let chart = stacked_of_estimates(&estimates, captions(), true, Intervals::default()).unwrap();
    let rows = &chart.sections[0].questions[0].rows;
    assert_eq!(rows[0].parts[0].as_ref().unwrap().printed, "62.5");
    assert_eq!(rows[1].parts[1], None);
    assert!(
        chart.footer.join(" ").contains("±3.0 points"),
        "{:?}",
        chart.footer
    );
    let waves = "Series,Date,Percent,N\nApprove,2021-05,40,1000\nApprove,2023-05,45,900\n";
    let estimates = listed(waves, List::of_waves).unwrap();
    let chart = trend_of_estimates(&estimates, captions(), None, Intervals::default()).unwrap();
    assert_eq!(chart.series, ["Approve"]);
    assert!(chart.panels[0].lines[0][0].interval.is_some());
    for (list, said) in [
        ("percent\n12\n", "columns label and percent"),
        (
            "label,response,percent\nA,b,101\n",
            "line 2, column percent",
        ),
        (
            "label,response,percent,n\nA,b,12,many\n",
            "line 2, column n: “many” is no number",
        ),
        ("label,response,percent\n", "no rows"),
    ] {
        let error = listed(list, List::of_answers).unwrap_err().to_string();
        assert!(error.contains(said), "{list}: {error}");
    }
}

#[test]
fn estimates_from_standard_input_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let rows = study(&["Yes", "No"], &["Germany", "Poland"], &["2019", "2021"]);
    let csv = Estimates::from_rows(&rows).unwrap().frame().to_csv();
    for args in [
        &["chart", "trend", "-", "-o", "trend.svg"][..],
        &["chart", "trend", "-", "--x", "wave", "-o", "trend.png"],
    ] {
        let run = opine_in(folder.path(), args, &csv);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let svg = std::fs::read_to_string(folder.path().join("trend.svg")).unwrap();
    assert!(
        svg.contains("<title>Trend: Yes and No</title>") && svg.contains("Poland"),
        "{svg}"
    );
    let numbers = std::fs::read_to_string(folder.path().join("trend.csv")).unwrap();
    assert!(
        numbers.starts_with("source,variable,level,country,wave"),
        "{numbers}"
    );
    let refused = opine_in(
        folder.path(),
        &["chart", "trend", "-", "-o", "x.svg", "--ci", "wald"],
        &csv,
    );
    assert!(
        refused.code == 2 && refused.err.contains("no effect"),
        "{}",
        refused.err
    );
    let args = [
        "chart",
        "trend",
        "*/view_cn/favourable",
        "--x",
        "year",
        "-o",
        "x.svg",
    ];
    assert_eq!(opine_in(folder.path(), &args, "").code, 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_labels_no_texts_meet(
        rows in prop::collection::vec((text(4), text(3), text(2), 0.0..1.0_f64), 2..30), style in style(),
    ) {
        let rows: Vec<Estimate> = rows
            .iter()
            .enumerate()
            .map(|(at, (level, panel, wave, share))| {
                let time = format!("{wave} {at}");
                row("q1", level, &[("country", panel), ("wave", &time)], *share)
            })
            .collect();
        let chart = trend(&rows, Some("wave")).unwrap();
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
        let shares: Vec<Estimate> = rows.into_iter().map(|row| Estimate { estimate: row.estimate.map(|x| x / 30.0), ..row }).collect();
        let drawing = stacked(&shares).draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}

/// What came through a pipe may be nothing, where the command before it has failed.
#[test]
fn nothing_to_draw_is_said() {
    let wrong = |text: &str| {
        lists::read("-", text.as_bytes(), &tabular::Options::default())
            .err()
            .map_or(String::new(), |error| error.to_string())
    };
    assert_eq!(
        wrong(" \n"),
        "-: it is empty: what was to write it may have failed"
    );
    assert_eq!(wrong("[]"), "there are no rows to draw");
    assert!(wrong("a,b\n1,2\n").contains("its columns are a, b"));
}
