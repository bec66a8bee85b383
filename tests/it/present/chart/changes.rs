//! What must hold for the layout of changes and of panels of bars, whatever they show.

use opine::internals::present::chart::*;
use proptest::prelude::*;

use crate::present::chart::layout::{check, style, text};

fn figure(at: f64, signed: bool) -> ChangeFigure {
    let size = format!("{:.1}", at.abs());
    ChangeFigure {
        printed: match (signed, at < 0.0) {
            (false, _) => size,
            (true, true) => format!("−{size}"),
            (true, false) => format!("+{size}"),
        },
        at,
        open: false,
    }
}

fn row(are_leads: bool) -> impl Strategy<Value = ChangeRow> {
    let least = if are_leads { -100.0 } else { 0.0 };
    let interval = prop_oneof![4 => (0.0..15.0_f64).prop_map(Some), 1 => Just(None)];
    (
        text(6),
        least..=100.0_f64,
        least..=100.0_f64,
        interval,
        any::<bool>(),
    )
        .prop_map(move |(label, earlier, later, half, bounds)| {
            let change = later - earlier;
            let interval =
                half.map(|half| ((change - half).max(-199.0), (change + half).min(199.0)));
            ChangeRow {
                label,
                earlier: figure(earlier, are_leads),
                later: figure(later, are_leads),
                change,
                interval,
                narrowest: interval
                    .filter(|_| bounds)
                    .map(|(low, high)| ((low + change) / 2.0, (high + change) / 2.0)),
                established: interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0),
                ..ChangeRow::default()
            }
        })
}

fn changes() -> impl Strategy<Value = ChangeChart> {
    any::<bool>().prop_flat_map(|are_leads| {
        let rows = prop::collection::vec(row(are_leads), 1..20);
        (text(8), text(2), text(2), rows).prop_map(move |(title, earlier, later, rows)| {
            ChangeChart {
                title,
                moments: (earlier, later),
                rows,
                are_leads,
                level: 0.95,
                footer: vec!["Sources: nobody.".to_owned()],
                ..ChangeChart::default()
            }
        })
    })
}

fn panels() -> impl Strategy<Value = BarPanelChart> {
    let value = prop_oneof![
        6 => (0.0..=100.0_f64).prop_map(|at| Value {
            printed: format!("{at:.1}"),
            at: Some(at),
            mark: Mark::Bare,
            ..Value::default()
        }),
        1 => Just(Value { remark: Some("not asked".to_owned()), ..Value::default() }),
    ];
    (1_usize..8, 2_usize..20).prop_flat_map(move |(panels, rows)| {
        let values = prop::collection::vec(prop::collection::vec(value.clone(), rows), panels);
        let heads = prop::collection::vec(text(5), panels);
        (text(8), heads, prop::collection::vec(text(4), rows), values).prop_map(
            |(title, heads, labels, values)| {
                let panel = |(head, values): (String, Vec<Value>)| Panel {
                    head,
                    rows: labels
                        .iter()
                        .zip(values)
                        .map(|(label, value)| Row {
                            label: label.clone(),
                            values: vec![value],
                            ..Row::default()
                        })
                        .collect(),
                };
                BarPanelChart {
                    title,
                    subtitle: None,
                    panels: heads.into_iter().zip(values).map(panel).collect(),
                    footer: vec!["Sources: nobody.".to_owned()],
                }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_texts_meet_in_any_chart_of_changes(chart in changes(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn no_texts_meet_in_any_panels_of_bars(chart in panels(), style in style()) {
        let drawing = chart.draw(&style).expect("drawn");
        check(&drawing.scene).map_err(TestCaseError::fail)?;
    }
}

/// A lead that has just passed zero is written on the far side of the line, where the label ends.
#[test]
fn a_lead_beside_zero_stays_off_its_label() {
    for earlier in [0.5, 4.0, 7.7, 12.0, 20.0] {
        for width in (480..900).step_by(20) {
            let row = ChangeRow {
                label: "Aäa ßéAé and some more".to_owned(),
                earlier: figure(earlier, true),
                later: figure(78.5, true),
                change: 78.5 - earlier,
                ..ChangeRow::default()
            };
            let chart = ChangeChart {
                rows: vec![row],
                are_leads: true,
                level: 0.95,
                ..ChangeChart::default()
            };
            let style = Style {
                width,
                ..Style::default()
            };
            let drawing = chart.draw(&style).unwrap();
            check(&drawing.scene).unwrap_or_else(|meet| panic!("{earlier} {width}: {meet}"));
        }
    }
}

#[test]
fn what_no_axis_holds_is_refused() {
    let row = ChangeRow {
        label: "A".to_owned(),
        earlier: figure(40.0, false),
        later: figure(45.0, false),
        change: 5.0,
        ..ChangeRow::default()
    };
    let draw = |row: ChangeRow| {
        let chart = ChangeChart {
            level: 0.95,
            rows: vec![row],
            ..ChangeChart::default()
        };
        chart.draw(&Style::default()).map(|drawing| drawing.width)
    };
    assert!(draw(row.clone()).is_ok());
    for wrong in [
        ChangeRow {
            later: figure(145.0, false),
            ..row.clone()
        },
        ChangeRow {
            change: f64::NAN,
            ..row.clone()
        },
        ChangeRow {
            interval: Some((-300.0, 4.0)),
            ..row
        },
    ] {
        assert!(draw(wrong.clone()).is_err(), "{wrong:?}");
    }
}
