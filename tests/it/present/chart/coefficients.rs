//! Charts of coefficients: nothing overlaps, nothing is cut, whatever the labels, the numbers and the width.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::present::chart::layout::{check, style, text};

fn mark(ratios: bool) -> impl Strategy<Value = CoefficientMark> {
    let interval =
        (-8.0..8.0_f64, 0.0..3.0_f64, 0.0..3.0_f64).prop_map(move |(value, below, above)| {
            let at = |x: f64| if ratios { x.exp() } else { 100.0 * x };
            CoefficientMark::Interval {
                value: at(value),
                low: at(value - below),
                high: at(value + above),
            }
        });
    prop_oneof![
        6 => interval,
        1 => Just(CoefficientMark::Reference),
        1 => Just(CoefficientMark::Unbounded),
        1 => Just(CoefficientMark::Nobody),
    ]
}

fn coefficient_chart() -> impl Strategy<Value = CoefficientChart> {
    any::<bool>().prop_flat_map(|ratios| {
        let n = prop_oneof![
            Just(String::new()),
            Just("1,234".to_owned()),
            Just("98,765,432".to_owned())
        ];
        let row = (text(16), mark(ratios), n).prop_map(|(label, mark, n)| CoefficientRow {
            label,
            mark,
            n,
        });
        let group = (
            prop::option::of(text(8)),
            prop::option::of(text(8)),
            prop::collection::vec(row, 1..9),
        )
            .prop_map(|(head, note, rows)| CoefficientGroup { head, note, rows });
        let head = prop::sample::select(vec!["odds ratio", "coefficient", "relative risk ratio"]);
        (
            (text(20), prop::option::of(text(20)), head),
            prop::collection::vec(group, 1..5),
            prop::collection::vec(text(30), 0..3),
        )
            .prop_map(
                move |((title, subtitle, head), groups, footer)| CoefficientChart {
                    title,
                    subtitle,
                    head: head.to_owned(),
                    ratios,
                    groups,
                    footer,
                    level: 0.95,
                },
            )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_any_chart_of_coefficients(chart in coefficient_chart(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}
