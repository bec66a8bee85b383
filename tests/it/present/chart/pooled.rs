//! Charts of pooled polls and of predictions over a number: nothing overlaps, nothing is cut.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::present::chart::layout::{check, style, text};

fn pool_row() -> impl Strategy<Value = PoolRow> {
    (text(14), 0.0..100.0_f64, 0.1..20.0_f64, 0.0..1.0_f64).prop_map(|(label, at, half, weight)| {
        let (low, high) = ((at - half).max(0.0), (at + half).min(100.0));
        PoolRow {
            label,
            at,
            interval: (low, high),
            printed: format!("{at:.1}"),
            range: format!("{low:.1}–{high:.1}"),
            n: "12,345".to_owned(),
            weight,
        }
    })
}

fn pool_chart() -> impl Strategy<Value = PoolChart> {
    let words = (
        text(20),
        prop::option::of(text(20)),
        prop::collection::vec(text(30), 0..3),
    );
    let rows = (prop::collection::vec(pool_row(), 1..12), pool_row());
    (words, rows, any::<bool>(), any::<bool>()).prop_map(
        |((title, subtitle, footer), (polls, average), shares, predicted)| PoolChart {
            another: predicted.then(|| {
                let ends = average.interval;
                ("Another such poll".to_owned(), ends, average.range.clone())
            }),
            title,
            subtitle,
            shares,
            points: false,
            polls,
            average,
            footer,
            level: 0.95,
        },
    )
}

fn prediction_chart() -> impl Strategy<Value = PredictionChart> {
    let point = (0.0..100.0_f64, 0.0..20.0_f64);
    let line = (text(8), prop::collection::vec(point, 5));
    let words = (
        text(20),
        prop::option::of(text(20)),
        text(6),
        prop::collection::vec(text(30), 0..3),
    );
    (words, prop::collection::vec(line, 1..7), any::<bool>()).prop_map(
        |((title, subtitle, x_name, footer), lines, shares)| PredictionChart {
            title,
            subtitle,
            x_name,
            lines: lines
                .into_iter()
                .map(|(name, points)| PredictionLine {
                    name,
                    points: points
                        .into_iter()
                        .enumerate()
                        .map(|(at, (level, half))| PredictionPoint {
                            x: 18.0 + 18.0 * at as f64,
                            at: level,
                            interval: Some(((level - half).max(0.0), (level + half).min(100.0))),
                            printed: format!("{level:.0}"),
                        })
                        .collect(),
                })
                .collect(),
            footer,
            level: 0.95,
            scale: match shares {
                true => Scale::Percent,
                false => Scale::Numbers {
                    head: "average".to_owned(),
                    from_zero: false,
                },
            },
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_any_chart_of_pooled_polls(chart in pool_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_chart_of_predictions(chart in prediction_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}
