//! The charts of a weighting: nothing overlaps, nothing is cut, whatever the labels, the weights and the width.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::present::chart::layout::{check, style, text};

fn weights_chart() -> impl Strategy<Value = WeightsChart> {
    let panel = |bins: usize| {
        let shares = prop::collection::vec(prop_oneof![2 => Just(0.0), 3 => 0.0..1.0_f64], bins);
        (text(6), text(18), shares).prop_map(|(head, note, shares)| WeightsPanel {
            head,
            note,
            shares,
        })
    };
    let bin = prop::sample::select(vec![0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 100.0, 2.5e5]);
    let panels = (1..=41_usize).prop_flat_map(move |bins| prop::collection::vec(panel(bins), 1..3));
    let footer = prop::collection::vec(text(30), 0..3);
    (text(20), prop::option::of(text(20)), bin, panels, footer).prop_map(
        |(title, subtitle, bin, panels, footer)| WeightsChart {
            title,
            subtitle,
            bin,
            panels,
            footer,
        },
    )
}

fn targets_chart() -> impl Strategy<Value = TargetsChart> {
    let share = || prop_oneof![1 => Just(0.0), 1 => Just(100.0), 6 => 0.0..100.0_f64];
    let row = (text(16), share(), share(), share()).prop_map(|(label, before, after, target)| {
        TargetsRow {
            label,
            before,
            after,
            target,
        }
    });
    let group = (text(8), prop::collection::vec(row, 1..9))
        .prop_map(|(head, rows)| TargetsGroup { head, rows });
    let footer = prop::collection::vec(text(30), 0..3);
    (
        text(20),
        prop::option::of(text(20)),
        prop::collection::vec(group, 1..5),
        footer,
    )
        .prop_map(|(title, subtitle, groups, footer)| TargetsChart {
            title,
            subtitle,
            groups,
            footer,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_any_histogram_of_weights(chart in weights_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_chart_of_targets(chart in targets_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}

fn panel(head: &str, shares: &[f64]) -> WeightsPanel {
    WeightsPanel {
        head: head.to_owned(),
        shares: shares.to_vec(),
        note: "design effect 1.21".to_owned(),
    }
}

#[test]
fn before_and_after_share_one_axis() {
    let chart = WeightsChart {
        title: "Weights".to_owned(),
        subtitle: None,
        bin: 0.5,
        panels: vec![panel("Before", &[0.4, 0.6]), panel("After", &[0.7, 0.3])],
        footer: Vec::new(),
    };
    let drawing = chart.draw(&Style::default()).expect("drawn");
    let bars: Vec<f64> = drawing
        .scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Rect { bounds, .. } => Some(bounds.bottom - bounds.top),
            _ => None,
        })
        .collect();
    let shares = [0.4, 0.6, 0.7, 0.3];
    assert_eq!(bars.len(), shares.len());
    for (bar, share) in bars.iter().zip(shares) {
        assert!((bar / bars[2] - share / 0.7).abs() < 1e-9, "{bars:?}");
    }
}

#[test]
fn weights_far_apart_have_few_labels() {
    let mut shares = vec![0.0; 40];
    shares[0] = 0.99;
    shares[39] = 0.01;
    let chart = WeightsChart {
        title: "Weights".to_owned(),
        subtitle: None,
        bin: 250_000.0,
        panels: vec![panel("After", &shares)],
        footer: Vec::new(),
    };
    let drawing = chart.draw(&Style::default()).expect("drawn");
    let labels: Vec<&str> = drawing
        .scene
        .texts()
        .map(|text| text.text.as_str())
        .filter(|text| text.ends_with('×'))
        .collect();
    assert_eq!(
        labels,
        [
            "2,000,000×",
            "4,000,000×",
            "6,000,000×",
            "8,000,000×",
            "10,000,000×"
        ]
    );
}
