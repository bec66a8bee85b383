//! The chart of polls: nothing meets, nothing leaves the canvas, marks stand for what they say.

use opine::internals::present::chart::*;

use crate::present::chart::layout::check;

/// Some answers over so many days, ending close to each other, with a vote on the last day.
fn chart(answers: usize, days: i64, vote: bool) -> PollsChart {
    let line = |k: usize| {
        let level = 45.0 / (k + 1) as f64;
        let at = |day: i64| level + (day as f64 / 40.0 + k as f64).sin();
        let end = if vote { days - 3 } else { days };
        PollsLine {
            paint: Default::default(),
            label: format!("Party {k}"),
            dots: (0..end)
                .step_by(3)
                .map(|day| PollDot {
                    day: 17_000.5 + day as f64,
                    at: at(day) + (day % 7) as f64 / 2.0 - 1.5,
                    sized: day % 4 != 0,
                    partisan: day % 30 == 3,
                    house: None,
                })
                .collect(),
            days: (0..=days)
                .map(|day| LineDay {
                    day: 17_000.0 + day as f64,
                    at: at(day),
                    band: (at(day) * 0.95, at(day) * 1.05),
                    outline: None,
                })
                .collect(),
            last_poll: 17_000.0 + end as f64,
            results: if vote {
                vec![Some(level + 0.3)]
            } else {
                Vec::new()
            },
        }
    };
    PollsChart {
        title: "In these polls Party 0 leads Party 1 by 22 points".into(),
        subtitle: Some("Per cent. Dots are polls, lines their averages.".into()),
        lines: (0..answers).map(line).collect(),
        votes: if vote {
            vec![17_000.0 + days as f64]
        } else {
            Vec::new()
        },
        level: 0.95,
        footer: vec![
            "Ten polls by three houses.".into(),
            "Not a forecast.".into(),
        ],
        ..PollsChart::default()
    }
}

#[test]
fn nothing_meets_at_any_width_with_any_number_of_answers() {
    for width in [280, 320, 360, 479, 480, 560, 720, 1100] {
        for answers in [1, 2, 3, 4, 8, 12] {
            for (days, vote) in [(20, true), (150, false), (400, true), (3000, true)] {
                let style = Style {
                    width,
                    ..Style::default()
                };
                let drawing = chart(answers, days, vote).draw(&style).expect("drawn");
                check(&drawing.scene).unwrap_or_else(|message| {
                    panic!("{answers} answers of {days} days at {width}: {message}")
                });
            }
        }
    }
}

#[test]
fn a_line_is_broken_beyond_the_last_poll_and_a_result_is_a_diamond() {
    let count = |chart: &PollsChart, like: fn(&Shape) -> bool| {
        let drawing = chart.draw(&Style::default()).unwrap();
        drawing
            .scene
            .shapes
            .iter()
            .filter(|shape| like(shape))
            .count()
    };
    let strokes = |shape: &Shape| matches!(shape, Shape::Line { width, role: Role::Category(0), .. } if *width == 1.75);
    let diamonds = |shape: &Shape| matches!(shape, Shape::Polygon { .. });
    let voted = chart(1, 60, true);
    assert!(count(&voted, strokes) > 1);
    assert_eq!(count(&voted, diamonds), 1);
    let open = chart(1, 60, false);
    assert_eq!((count(&open, strokes), count(&open, diamonds)), (0, 0));
}

#[test]
fn the_axis_is_cut_to_the_next_fives_and_says_so() {
    assert_eq!(chart(2, 150, false).axis_words(), "20 to 50%");
    let leads = PollsChart {
        leads: true,
        ..chart(2, 150, false)
    };
    assert_eq!(leads.axis_words(), "+20 to +50 points");
}

#[test]
fn what_can_not_be_drawn_is_refused() {
    let style = Style::default();
    assert_eq!(
        PollsChart {
            level: 0.95,
            ..PollsChart::default()
        }
        .draw(&style)
        .unwrap_err(),
        Error::Empty
    );
    let mut nan = chart(1, 60, false);
    nan.lines[0].dots[0].at = f64::NAN;
    assert!(matches!(nan.draw(&style), Err(Error::NotANumber { .. })));
    let level = PollsChart {
        level: 1.0,
        ..chart(1, 60, false)
    };
    assert!(matches!(level.draw(&style), Err(Error::Level(_))));
}

#[test]
fn those_who_cannot_see_it_hear_where_it_ends() {
    let said = chart(1, 60, true).describe(&Language::default());
    assert!(said.contains("Party 0 ends at"), "{said}");
    assert!(said.contains("result 45.3%"), "{said}");
}
