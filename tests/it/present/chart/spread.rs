//! What must hold for the layout of bars, stacks, differences and trends, whatever they show.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::present::chart::dots as samples;
use crate::present::chart::layout::{check, dot_chart, style, text};
use crate::present::chart::series;
use crate::present::chart::shares;

#[test]
fn the_samples_of_all_kinds_hold_at_every_width() {
    for width in (280..=1200).step_by(8) {
        holds(samples::bar_charts(), width);
        holds(shares::stacked_charts(), width);
        holds(series::differences(), width);
        holds(series::trends(), width);
    }
}

fn holds<C: Chart>(charts: Vec<(&str, C)>, width: u32) {
    let style = Style {
        width,
        ..Style::default()
    };
    for (name, chart) in charts {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).unwrap_or_else(|message| panic!("{name} at {width}: {message}"));
    }
}

const TONES: [Tone; 8] = [
    Tone::StrongNegative,
    Tone::WeakNegative,
    Tone::Middle,
    Tone::WeakPositive,
    Tone::StrongPositive,
    Tone::Neutral,
    Tone::DontKnow,
    Tone::Category(4),
];

/// Responses, and rows that say something about some of them.
fn section() -> impl Strategy<Value = StackedSection> {
    let responses = prop::collection::vec((text(5), 0..8_usize), 1..7);
    let responses = responses.prop_map(|all| {
        let tones: Vec<Response> = all
            .into_iter()
            .map(|(label, tone)| Response {
                paint: Default::default(),
                label,
                tone: TONES[tone],
            })
            .collect();
        tones
    });
    let row = (
        text(12),
        prop::option::weighted(0.2, text(8)),
        0..3_u8,
        prop::collection::vec(prop::option::weighted(0.8, 0.0..40.0_f64), 0..7),
    );
    let question = (prop::option::of(text(9)), prop::collection::vec(row, 1..12));
    (
        prop::option::of(text(9)),
        prop::option::of(text(16)),
        responses,
        prop::collection::vec(question, 1..4),
        any::<bool>(),
    )
        .prop_map(|(head, note, responses, questions, same)| {
            let count = responses.len();
            let mut questions: Vec<Question> = questions
                .into_iter()
                .map(|(head, rows)| Question {
                    head,
                    rows: rows
                        .into_iter()
                        .map(|(label, note, kind, parts)| {
                            stacked_row(label, note, kind, parts, count)
                        })
                        .collect(),
                })
                .collect();
            if same {
                let rows = questions[0].rows.clone();
                for question in &mut questions {
                    question.rows = rows.clone();
                }
            }
            StackedSection {
                head,
                note,
                responses,
                questions,
            }
        })
}

fn stacked_row(
    label: String,
    note: Option<String>,
    kind: u8,
    mut parts: Vec<Option<f64>>,
    responses: usize,
) -> StackedRow {
    parts.truncate(responses);
    let sum: f64 = parts.iter().flatten().sum();
    let shrink = (100.0 / sum.max(1.0)).min(1.0);
    let part = |percent: f64| {
        let percent = (percent * shrink * 10.0).floor() / 10.0;
        Part {
            printed: format!("{percent}"),
            percent,
        }
    };
    StackedRow {
        label,
        note,
        kind: [RowKind::Plain, RowKind::Total, RowKind::DontKnow][usize::from(kind)],
        parts: parts.into_iter().map(|size| size.map(part)).collect(),
        ..StackedRow::default()
    }
}

fn stacked_chart() -> impl Strategy<Value = StackedChart> {
    (
        text(20),
        prop::collection::vec(section(), 1..4),
        any::<bool>(),
    )
        .prop_map(|(title, sections, diverging)| StackedChart {
            title,
            subtitle: None,
            sections,
            diverging,
            footer: vec![],
        })
}

fn difference_row() -> impl Strategy<Value = DifferenceRow> {
    let size = (-100.0..=100.0_f64, 0.0..30.0_f64, 0..4_u8);
    (
        text(14),
        prop::option::weighted(0.2, text(6)),
        prop::option::weighted(0.2, text(6)),
        prop::option::weighted(0.9, size),
    )
        .prop_map(|(label, note, remark, size)| {
            let difference = size.map(|(points, half, kind)| Difference {
                printed: format!("{points:+.1}").replace('-', "−"),
                points,
                mark: match kind {
                    0 => DifferenceMark::NoSampleSize,
                    1 => DifferenceMark::Bounds {
                        narrow: (points - half / 2.0, points + half / 2.0),
                        wide: (points - half, points + half),
                    },
                    _ => DifferenceMark::Interval {
                        low: points - half,
                        high: points + half,
                    },
                },
                ends: None,
            });
            DifferenceRow {
                aside: None,
                label,
                note,
                difference,
                remark,
            }
        })
}

fn difference_chart() -> impl Strategy<Value = DifferenceChart> {
    let group = (
        prop::option::of(text(7)),
        prop::option::of(text(9)),
        prop::collection::vec(difference_row(), 1..7),
    )
        .prop_map(|(head, note, rows)| DifferenceGroup { head, note, rows });
    (text(20), prop::collection::vec(group, 1..4), 0.5..0.999_f64).prop_map(
        |(title, groups, level)| DifferenceChart {
            aside: None,
            title,
            subtitle: None,
            groups,
            footer: vec![],
            level,
            scale: Scale::Percent,
        },
    )
}

fn trend_chart() -> impl Strategy<Value = TrendChart> {
    let wave = (
        0.0..1.0_f64,
        0.0..=100.0_f64,
        prop::option::weighted(0.9, 0.0..20.0_f64),
    );
    let line = prop::collection::vec(wave, 0..12);
    let panel = (
        text(4),
        prop::collection::vec(line, 0..4),
        prop::collection::vec(0.0..1.0_f64, 0..2),
    );
    (
        text(20),
        prop::collection::vec(text(2), 3..=3),
        prop::collection::vec(panel, 1..9),
        1900.0..2020.0_f64,
        0.0..90.0_f64,
        any::<bool>(),
        prop::collection::vec((0.0..1.0_f64, text(3)), 0..7),
    )
        .prop_map(
            |(title, series, panels, first, span, calm, moments)| TrendChart {
                has_no_sizes: false,
                paints: Default::default(),
                title,
                subtitle: None,
                series,
                panels: panels
                    .into_iter()
                    .map(|(head, lines, breaks)| TrendPanel {
                        paint: Default::default(),
                        head,
                        lines: lines
                            .into_iter()
                            .enumerate()
                            .map(|(index, waves)| waves_of(index, waves, first, span, calm))
                            .collect(),
                        breaks: breaks.into_iter().map(|at| first + at * span).collect(),
                    })
                    .collect(),
                moments: moments
                    .into_iter()
                    .map(|(at, name)| Moment {
                        when: first + at * span,
                        name,
                    })
                    .collect(),
                footer: vec![],
                scale: Scale::Percent,
                ymax: None,
            },
        )
}

/// Waves anywhere, or calm ones that leave room for names.
fn waves_of(
    index: usize,
    waves: Vec<(f64, f64, Option<f64>)>,
    first: f64,
    span: f64,
    calm: bool,
) -> Vec<Wave> {
    let place = |(at, percent, half): (f64, f64, Option<f64>)| {
        let percent = if calm {
            20.0 + 30.0 * index as f64 + percent / 50.0
        } else {
            percent
        };
        Wave {
            when: first + at * span,
            printed: format!("{percent:.0}"),
            at: percent,
            interval: half.map(|half| (percent - half, percent + half)),
        }
    };
    waves.into_iter().map(place).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_any_bar_chart(chart in dot_chart(), style in style()) {
        let drawing = samples::as_bars(chart).draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_stacked_chart(chart in stacked_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_difference_chart(chart in difference_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_trend_chart(chart in trend_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}
