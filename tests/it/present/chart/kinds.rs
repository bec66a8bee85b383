//! What is special about each kind of chart: what is refused, what is marked how, what is said.

use opine::internals::present::chart::*;

use crate::present::chart::dots as samples;
use crate::present::chart::series;
use crate::present::chart::shares;

fn drawn(chart: &impl Chart) -> Drawing {
    chart.draw(&Style::default()).expect("must be drawn")
}

fn refused(chart: impl Chart) -> String {
    chart
        .draw(&Style::default())
        .map(|_| ())
        .expect_err("must be refused")
        .to_string()
}

fn has(drawing: &Drawing, text: &str) -> bool {
    drawing.scene.texts().any(|shape| shape.text == text)
}

/// The rectangles of a colour, from left to right.
fn rects(drawing: &Drawing, wanted: Role) -> Vec<Bounds> {
    let rects = drawing.scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Rect { bounds, role } if *role == wanted => Some(*bounds),
        _ => None,
    });
    rects.collect()
}

#[test]
fn bars_start_at_zero_and_dont_know_comes_last() {
    let mut chart = samples::as_bars(samples::no_intervals());
    chart.groups[0].rows.rotate_right(1);
    let drawing = drawn(&chart);
    let bars = rects(&drawing, Role::Category(0));
    let lefts: Vec<f64> = bars.iter().skip(1).map(|bar| bar.left).collect();
    assert!(lefts.windows(2).all(|pair| pair[0] == pair[1]), "{lefts:?}");
    let place = |text: &str| drawing.scene.texts().position(|shape| shape.text == text);
    assert!(place("Parliament") < place("Don’t know"));
    assert!(has(&drawing, "no sample size, no interval"));
    assert!(
        drawing
            .scene
            .description
            .starts_with("Bar chart of 4 figures.")
    );
}

fn one_stack(parts: &str) -> StackedChart {
    let mut chart = shares::sides();
    chart.sections[0].questions[0].rows = vec![shares::shares("Row", parts)];
    chart
}

#[test]
fn a_stack_is_refused_if_it_is_no_whole() {
    assert!(refused(one_stack("66 34 20 -")).contains("“Row”: its parts add up to 120.0%"));
    assert!(refused(one_stack("1 2 3 4 5")).contains("5 values for 4 responses"));
    assert!(refused(one_stack("-4 - - -")).contains("“Row” stands at -4"));
    let empty = StackedChart::default();
    assert_eq!(
        refused(empty),
        "the chart has no row to draw; give it at least one"
    );
}

#[test]
fn a_stack_of_101_still_ends_at_100_and_what_is_missing_is_hatched() {
    let over = drawn(&one_stack("62 23 5 11"));
    let end = |drawing: &Drawing, role| rects(drawing, role).last().map_or(0.0, |bar| bar.right);
    let hundred = over
        .scene
        .shapes
        .iter()
        .find_map(|shape| match shape {
            Shape::Text(text) if text.text == "100%" => Some(text.x),
            _ => None,
        })
        .expect("an axis");
    assert!((end(&over, Role::DontKnow) - hundred).abs() < 1.0);
    assert!(!has(&over, "not published: rest to 100%"));
    // Rounding explains 99.7, not 90.
    assert!(!has(
        &drawn(&one_stack("62 23 4.7 10")),
        "not published: rest to 100%"
    ));
    assert!(has(
        &drawn(&one_stack("62 18 4 6")),
        "not published: rest to 100%"
    ));
    assert!(has(
        &drawn(&one_stack("62 18 - -")),
        "not published: rest to 100%"
    ));
    assert!(has(&drawn(&one_stack("- - - -")), "no figure found"));
}

#[test]
fn diverging_bars_meet_at_one_line_and_dont_know_stands_apart() {
    let drawing = drawn(&shares::many(true));
    let dont_know = rects(&drawing, Role::DontKnow);
    let positive = rects(&drawing, Role::Diverging(4));
    assert_eq!((dont_know.len(), positive.len()), (43, 44), "0% is no bar");
    let lefts = positive.iter().map(|bar| (bar.left * 10.0) as i64);
    let mut lefts: Vec<i64> = lefts.collect();
    lefts.dedup();
    lefts.sort_unstable();
    lefts.dedup();
    assert_eq!(
        lefts.len(),
        2,
        "one centre line for each of the two questions"
    );
    let apart = dont_know.first().map_or(0.0, |bar| bar.left);
    assert!(
        positive
            .iter()
            .filter(|bar| bar.left < apart)
            .all(|bar| bar.right < apart)
    );
    assert!(has(&drawing, "Unfavourable") && has(&drawing, "DK"));
    let stacked = drawn(&shares::many(false));
    assert!(
        has(&stacked, "100%")
            && stacked
                .scene
                .description
                .starts_with("Stacked bars, 44 rows.")
    );
}

#[test]
fn answers_without_an_order_are_stacked_even_if_diverging() {
    assert!(has(&drawn(&shares::colours()), "100%"));
}

#[test]
fn the_stacked_chart_in_words() {
    let description = drawn(&shares::likert(true)).scene.description;
    assert!(description.starts_with("Diverging stacked bars, eleven rows. Overall view, 2023. View of the United States: South Korea Favourable 82.6%, 17.4% not published; "), "{description}");
    let many = drawn(&shares::many(true)).scene.description;
    assert!(
        many.contains("Favourable from 79% (Nigeria) to 11% (Japan)"),
        "{many}"
    );
}

#[test]
fn a_difference_whose_sign_is_not_established_is_grey() {
    let drawing = drawn(&series::difference());
    let discs = |wanted: Role| {
        let shapes = drawing.scene.shapes.iter();
        shapes
            .filter(|shape| matches!(shape, Shape::Disc { role, .. } if *role == wanted))
            .count()
    };
    assert_eq!((discs(Role::Category(0)), discs(Role::Muted)), (7, 3));
    for text in [
        "−20",
        "0",
        "+20",
        "+40",
        "−11.4",
        "−4.4 to +1.0",
        "+31.4 to +40.6",
    ] {
        assert!(has(&drawing, text), "{text}");
    }
    assert!(!has(&drawing, "+60"), "the range ends at the next ten");
    let description = &drawing.scene.description;
    assert!(
        description.contains(
            "Sign not established, as zero lies in the interval: South Korea and the Philippines"
        ),
        "{description}"
    );
}

#[test]
fn what_is_no_difference_is_refused() {
    let with = |low, high| {
        let mut chart = series::difference();
        chart.groups[0].rows = vec![series::claim("Row", "+5.0", low, high)];
        chart
    };
    assert!(refused(with(6.0, 4.0)).contains("runs from 6 to 4"));
    assert!(refused(with(f64::NAN, 4.0)).contains("its interval is NaN"));
    assert!(refused(with(-1e9, 4.0)).contains("between -100 and 100 points"));
    let level = DifferenceChart {
        level: 95.0,
        ..series::difference()
    };
    assert!(refused(level).contains("95 is no confidence level"));
}

#[test]
fn a_trend_names_its_lines_beside_them_or_in_the_key() {
    let drawing = drawn(&series::trend());
    let names: Vec<&TextShape> = drawing
        .scene
        .texts()
        .filter(|shape| shape.text == "China")
        .collect();
    assert_eq!(names.len(), 1);
    assert_eq!(
        names[0].role,
        Role::Category(1),
        "beside its line, in its colour"
    );
    let odd = drawn(&series::odd_trends());
    let name = odd
        .scene
        .texts()
        .find(|shape| shape.text == "Trust the courts");
    assert_eq!(name.map(|name| name.role), Some(Role::Ink2), "in the key");
    assert!(has(&odd, "mode of interview changed") && has(&odd, "no figure found"));
    assert!(
        drawing
            .scene
            .description
            .contains("Poland: United States from 79% (2002) to 93% (2023)")
    );
}

#[test]
fn more_than_three_years_are_bridged_by_a_pale_line() {
    let mut chart = series::one_trend();
    let years = [2002.0, 2005.0, 2009.0, 2010.0];
    let waves = years.map(|year| series::wave(year, 50.0, Some(900.0)));
    chart.panels[0].lines = vec![waves.to_vec()];
    let drawing = drawn(&chart);
    let paths: Vec<f64> = drawing
        .scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Path { opacity, .. } => Some(*opacity),
            _ => None,
        })
        .collect();
    assert_eq!(paths, [1.0, 0.4, 1.0]);
}

#[test]
fn what_is_no_trend_is_refused() {
    let with = |wave| TrendChart {
        panels: vec![TrendPanel {
            paint: Default::default(),
            head: "Panel".into(),
            lines: vec![vec![wave]],
            breaks: vec![],
        }],
        ..series::trend()
    };
    assert!(
        refused(with(series::wave(20230.0, 5.0, None))).contains("“Panel” has a wave at 20230")
    );
    assert!(refused(with(series::wave(f64::NAN, 5.0, None))).contains("wave at NaN"));
    assert!(refused(with(series::wave(2023.0, 105.0, None))).contains("stands at 105"));
    let many = TrendChart {
        series: vec!["a".into(), "b".into(), "c".into(), "d".into()],
        ..series::trend()
    };
    assert!(refused(many).contains("4 series cross too often"));
    let few = TrendChart {
        series: vec!["a".into()],
        ..series::trend()
    };
    assert!(refused(few).contains("“Poland” has 2 lines for 1 series"));
}

#[test]
fn every_letter_of_every_kind_has_a_place_in_the_svg() {
    let svgs = [
        drawn(&samples::as_bars(samples::headline())).svg,
        drawn(&shares::likert(true)).svg,
        drawn(&series::difference()).svg,
        drawn(&series::trend()).svg,
    ];
    for svg in svgs {
        let document = resvg::usvg::roxmltree::Document::parse(&svg).expect("well-formed");
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}
