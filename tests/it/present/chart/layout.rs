//! What must hold for the layout of every chart, whatever its rows, labels and width.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::present::chart::dots as samples;

/// Rounding to tenths, and boxes that share an edge.
const TOUCH: f64 = 0.4;

/// No two texts meet, no text meets a mark of a figure, nothing leaves the canvas.
pub fn check(scene: &Scene) -> Result<(), String> {
    let canvas = Bounds {
        left: 0.0,
        top: 0.0,
        right: scene.width,
        bottom: scene.height,
    };
    let mut texts: Vec<&TextShape> = scene.texts().collect();
    texts.sort_by(|a, b| a.bounds.top.total_cmp(&b.bounds.top));
    let tallest = texts
        .iter()
        .map(|text| text.bounds.bottom - text.bounds.top)
        .fold(0.0, f64::max);
    for (index, text) in texts.iter().enumerate() {
        if !text.bounds.lies_in(&canvas) {
            return Err(format!(
                "“{}” leaves the canvas: {:?}",
                text.text, text.bounds
            ));
        }
        let near = texts
            .iter()
            .skip(index + 1)
            .take_while(|other| other.bounds.top < text.bounds.top + tallest);
        if let Some(other) = near
            .into_iter()
            .find(|other| text.bounds.meets(&other.bounds, TOUCH))
        {
            return Err(format!(
                "“{}” {:?} meets “{}” {:?}",
                text.text, text.bounds, other.text, other.bounds
            ));
        }
    }
    for shape in &scene.shapes {
        let mark = match shape {
            Shape::Disc {
                centre: (x, y),
                radius,
                ..
            } => around(*x, *y, *radius),
            Shape::Rect {
                bounds,
                role: Role::Paper,
            } => *bounds,
            Shape::Rect { bounds, .. } => *bounds,
            Shape::Line {
                from: (x1, y1),
                to: (x2, y2),
                ..
            } => Bounds {
                left: x1.min(*x2),
                top: y1.min(*y2),
                right: x1.max(*x2),
                bottom: y1.max(*y2),
            },
            Shape::Polygon { points, .. }
            | Shape::Path { points, .. }
            | Shape::Veil { points, .. } => points.iter().fold(
                around(scene.width / 2.0, scene.height / 2.0, 0.0),
                |all, (x, y)| Bounds {
                    left: all.left.min(*x),
                    top: all.top.min(*y),
                    right: all.right.max(*x),
                    bottom: all.bottom.max(*y),
                },
            ),
            Shape::Logo { bounds, .. } => *bounds,
            Shape::Text(_) => continue,
        };
        if !mark.lies_in(&canvas) {
            return Err(format!("{shape:?} leaves the canvas"));
        }
        if matches!(shape, Shape::Disc { .. } | Shape::Logo { .. })
            && let Some(text) = texts.iter().find(|text| text.bounds.meets(&mark, TOUCH))
        {
            return Err(format!(
                "“{}” {:?} covers {shape:?}",
                text.text, text.bounds
            ));
        }
    }
    Ok(())
}

fn around(x: f64, y: f64, by: f64) -> Bounds {
    Bounds {
        left: x,
        top: y,
        right: x,
        bottom: y,
    }
    .grown(by)
}

#[test]
fn the_samples_hold_at_every_width() {
    for width in (280..=1200).step_by(8) {
        let style = Style {
            width,
            ..Style::default()
        };
        for (name, chart) in samples::dot_charts() {
            let drawing = chart.draw(&style).expect("drawn");
            check(&drawing.scene).unwrap_or_else(|message| panic!("{name} at {width}: {message}"));
        }
        let drawing = samples::countries().draw(&style).expect("drawn");
        check(&drawing.scene).unwrap_or_else(|message| panic!("countries at {width}: {message}"));
    }
}

/// Words, long words, an accent, other alphabets.
pub fn text(longest: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-zA-Zäéß]{1,12}",
        1 => "[a-z]{30,90}",
        1 => "[а-я]{1,10}|[α-ω]{1,10}|[0-9]{1,3}%|–|‘[a-z]{2,6}’|[a-z]{4,9}-[a-z]{4,9}",
    ];
    prop::collection::vec(word, 1..=longest).prop_map(|words| words.join(" "))
}

fn value() -> impl Strategy<Value = Value> {
    let remark = prop::option::weighted(0.3, text(5));
    let name = prop::option::weighted(0.8, text(4));
    (
        0.0..=100.0_f64,
        0.0..40.0_f64,
        0..8_u8,
        any::<bool>(),
        remark,
        name,
    )
        .prop_map(|(at, half, kind, whole, remark, name)| {
            let at = if whole {
                at.round()
            } else {
                (at * 10.0).round() / 10.0
            };
            let mark = match kind {
                0 => Mark::NoSampleSize,
                1 => Mark::Impossible,
                2 => Mark::AtLeast,
                3 => Mark::AtMost,
                4 => Mark::NotFound,
                _ => Mark::Interval {
                    low: at - half,
                    high: at + half,
                },
            };
            Value {
                name,
                printed: format!("{at}"),
                at: Some(at),
                mark,
                remark,
                ends: None,
            }
        })
}

fn any_row() -> impl Strategy<Value = Row> {
    let values = prop_oneof![6 => prop::collection::vec(value(), 1..=1), 2 => prop::collection::vec(value(), 0..=4)];
    let possible = prop::option::weighted(
        0.2,
        (0.0..50.0_f64, 0.0..50.0_f64).prop_map(|(low, more)| (low, low + more)),
    );
    (
        text(14),
        prop::option::weighted(0.2, text(8)),
        0..3_u8,
        0..7_u8,
        possible,
        values,
    )
        .prop_map(|(label, note, kind, indent, possible, values)| {
            let kind = [RowKind::Plain, RowKind::Total, RowKind::DontKnow][usize::from(kind)];
            Row {
                paint: Default::default(),
                label,
                note,
                kind,
                indent: indent.saturating_sub(3),
                possible,
                values,
                by_place: false,
            }
        })
}

pub fn style() -> impl Strategy<Value = Style> {
    (
        280..=1200_u32,
        prop::option::weighted(0.2, 300..3000_u32),
        any::<bool>(),
        prop::option::weighted(0.3, (10..=1000_u32, 90..=1000_u32)),
    )
        .prop_map(|(width, min_height, dark, logo)| {
            let theme = if dark { Theme::Dark } else { Theme::Light };
            let logo = logo.map(|(across, down)| {
                // at most three times as high as wide
                let across = across.max(down / 3 + 1);
                let svg = format!(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{across}\" height=\"{down}\"><path d=\"M0 0H900V900H0z\"/></svg>"
                );
                Logo::read(svg.into_bytes()).expect("a logo")
            });
            Style {
                width,
                min_height,
                theme,
                logo,
                ..Style::default()
            }
        })
}

pub fn dot_chart() -> impl Strategy<Value = DotChart> {
    let group = (
        prop::option::of(text(9)),
        prop::option::of(text(20)),
        prop::collection::vec(any_row(), 1..9),
    )
        .prop_map(|(head, note, rows)| Group { head, note, rows });
    let footer = prop::collection::vec(text(40), 0..3);
    (
        text(25),
        prop::option::of(text(20)),
        prop::collection::vec(group, 1..4),
        footer,
        0.5..0.999_f64,
    )
        .prop_map(|(title, subtitle, groups, footer, level)| DotChart {
            title,
            subtitle,
            groups,
            footer,
            level,
            scale: Scale::Percent,
        })
}

fn panel_chart() -> impl Strategy<Value = PanelChart> {
    let panel = (text(12), prop::collection::vec(any_row(), 1..6))
        .prop_map(|(head, rows)| Panel { head, rows });
    let section = (
        text(6),
        prop::option::of(text(8)),
        prop::collection::vec(panel, 1..6),
    )
        .prop_map(|(head, note, panels)| Section { head, note, panels });
    (text(25), prop::collection::vec(section, 1..4)).prop_map(|(title, sections)| PanelChart {
        title,
        sections,
        subtitle: None,
        footer: vec![],
        level: 0.95,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_any_dot_chart(chart in dot_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_panel_chart(chart in panel_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_label_is_drawn_or_refused_in_words(label in any::<String>()) {
        let mut chart = samples::one();
        chart.groups[0].rows[0].label = label;
        match chart.draw(&Style::default()) {
            Ok(drawing) => prop_assert!(resvg::usvg::roxmltree::Document::parse(&drawing.svg).is_ok()),
            Err(error) => prop_assert!(matches!(error, Error::MissingGlyphs { .. }), "{error}"),
        }
    }
}
