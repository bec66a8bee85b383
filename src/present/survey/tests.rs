//! Tests as a table and as sentences.

use super::foot::{design_sentence, sentence, weights_sentence};
use super::source::percent_of;
use crate::frames::Test;
use crate::frames::words::{capitalised, thousands};
use crate::present::table::digits::{decimals, number, range};
use crate::present::table::{Align, Block, Column, Emphasis, Row, Table};
use crate::survey::expr::why_missing;
use crate::survey::testing::{TestKind, TestResult, TestResults};

/// A row a test: what was compared, the statistic with its degrees of freedom, p, respondents.
pub fn tests_table(results: &TestResults, file: &str) -> Table {
    let family = results.family();
    let percent = percent_of(results.level);
    let mut blocks: Vec<Block> = Vec::new();
    let differences = results.tests.iter().any(|test| test.row.estimate.is_some());
    for test in &results.tests {
        let head = groups_of(&test.row);
        let mut cells = vec![statistic(test).into(), p_value(test.row.p_value).into()];
        if family > 1 {
            cells.push(p_value(test.row.p_adjusted).into());
        }
        if differences {
            cells.push(estimate(&test.row).into());
            cells.push(interval(&test.row).into());
        }
        cells.push(test.row.n.map_or_else(String::new, thousands).into());
        let row = Row {
            label: test.item.text.clone(),
            cells,
            notes: match test.row.p_value {
                None => vec![test.row.note.clone()],
                Some(_) => test
                    .row
                    .note
                    .split("; ")
                    .skip(1)
                    .filter(|n| n.contains("expected"))
                    .map(str::to_owned)
                    .collect(),
            },
            ..Row::default()
        };
        match blocks.last_mut() {
            Some(block) if block.head == head => block.rows.push(row),
            _ => blocks.push(Block {
                head,
                note: None,
                rows: vec![row],
            }),
        }
    }
    let mut columns = vec![
        Column::new("statistic", Align::Left),
        Column::new("p", Align::Right).emphasis(Emphasis::Strong),
    ];
    if family > 1 {
        columns.push(Column::new(
            &format!("p ({})", results.adjust.title()),
            Align::Right,
        ));
    }
    if differences {
        columns.push(Column::new("estimate", Align::Decimal));
        columns.push(Column::new(&format!("{percent}% interval"), Align::Right));
    }
    columns.push(Column::new("n", Align::Right).emphasis(Emphasis::Dim));
    Table {
        title: "Tests".to_owned(),
        columns,
        blocks,
        foot: foot(results, file, family),
        ..Table::default()
    }
}

impl TestResults<'_> {
    /// How many tests have a p.
    fn family(&self) -> usize {
        self.tests
            .iter()
            .filter(|test| test.row.p_value.is_some())
            .count()
    }
}

fn foot(results: &TestResults, file: &str, family: usize) -> Vec<String> {
    let sample = &results.sample;
    let design = design_sentence(
        &sample.design,
        &sample.units,
        sample.replication.as_ref(),
        Some(sample.df),
    );
    let mut foot = vec![format!("{} {design}", weights_sentence(&sample.design))];
    if family > 1 {
        foot.push(format!(
            "{family} p-values adjusted by {} as one family; each interval is {}% by itself.",
            results.adjust.title(),
            percent_of(results.level)
        ));
    }
    foot.extend(test_notes(results).iter().map(|note| sentence(note)));
    foot.push(format!("Source: {file}."));
    foot
}

/// What is said beside tests: who was left out.
pub fn test_notes(results: &TestResults) -> Vec<String> {
    let mut notes = results.sample.notes.clone();
    let missing = results.missing.iter();
    let missing: Vec<String> = missing
        .map(|(text, count)| format!("{text} {}", thousands(*count as f64)))
        .collect();
    if !missing.is_empty() {
        notes.push(format!(
            "without an answer, left out of tests of it: {}{}",
            missing.join(", "),
            why_missing(results.missing.iter().map(|(text, _)| text.as_str()))
        ));
    }
    notes
}

/// The groups that a test is made in: "region: North, age: 18–34".
fn groups_of(row: &Test) -> Option<String> {
    let groups = row.groups.iter().filter(|(name, _)| name != "item");
    let texts: Vec<String> = groups
        .map(|(name, level)| format!("{name}: {level}"))
        .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// "F 3.12 on 8.83 and 7,944", "t 0.27 on 899", "X² 26.22 on 2".
fn statistic(test: &TestResult) -> String {
    let row = &test.row;
    let Some(value) = row.statistic else {
        return String::new();
    };
    let df = |df: f64| match (df - df.round()).abs() < 1e-9 {
        true => number(df, 0),
        false => number(df, if df < 100.0 { 2 } else { 0 }),
    };
    let name = match (test.item.kind, row.df1, row.df2) {
        (_, Some(_), Some(_)) => "F",
        (TestKind::ChiSquare, ..) => "X²",
        _ => "t",
    };
    let value = number(value, 2);
    match (row.df1, row.df2) {
        (Some(df1), Some(df2)) => format!("{name} {value} on {} and {}", df(df1), df(df2)),
        (Some(one), None) | (None, Some(one)) => format!("{name} {value} on {}", df(one)),
        (None, None) => format!("{name} {value}"),
    }
}

fn p_value(p: Option<f64>) -> String {
    match p {
        Some(p) if p < 0.001 => "<0.001".to_owned(),
        Some(p) => format!("{p:.3}"),
        None => String::new(),
    }
}

fn estimate(row: &Test) -> String {
    let digits = decimals(row.se.unwrap_or(0.0));
    row.estimate
        .map_or_else(String::new, |estimate| number(estimate, digits))
}

fn interval(row: &Test) -> String {
    let digits = decimals(row.se.unwrap_or(0.0));
    match row.ci_low.zip(row.ci_high) {
        Some((low, high)) => range(low, high, digits),
        None => String::new(),
    }
}

/// What each test says, and what it does not show.
pub fn test_sentences(results: &TestResults) -> Vec<String> {
    let family = results.family();
    let said = results.tests.iter().map(|test| {
        let groups = groups_of(&test.row)
            .map_or_else(String::new, |groups| format!("{}: ", capitalised(&groups)));
        format!("{groups}{}", said_of(test, results, family))
    });
    said.collect()
}

/// "Answers to q1 differ by party more than sampling alone explains (Rao–Scott F 3.12 on 8.83 and 7,944, p 0.001)."
fn said_of(test: &TestResult, results: &TestResults, family: usize) -> String {
    let item = &test.item;
    let Some(p) = test.row.p_value else {
        return format!("{}: not tested, {}.", item.text, test.row.note);
    };
    let by = item
        .by
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let adjusted = test.row.p_adjusted.filter(|_| family > 1);
    let words = |p: f64| match p < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p {p:.3}"),
    };
    let adjustment = match adjusted {
        Some(adjusted) => format!(
            "; {} adjusted by {} for {family} tests",
            words(adjusted),
            results.adjust.title()
        ),
        None => String::new(),
    };
    let prefix = match item.kind {
        TestKind::ChiSquare if test.row.df2.is_some() && test.row.note.starts_with("Rao") => {
            "Rao–Scott "
        }
        _ => "",
    };
    let shown = format!("({prefix}{}, {}{adjustment})", statistic(test), words(p));
    let clear = adjusted.unwrap_or(p) < 1.0 - results.level;
    let y = &item.y;
    match (item.kind, &test.levels) {
        (TestKind::ChiSquare, _) => match clear {
            true => {
                format!("Answers to {by} differ by {y} more than sampling alone explains {shown}.")
            }
            false => format!(
                "Sampling alone can make answers to {by} differ by {y} as they do {shown}: this does not show that they differ, nor that they are the same."
            ),
        },
        (TestKind::TTest, None) => {
            let stated = format!(
                "The mean of {y} is {} ({}% interval {})",
                estimate(&test.row),
                percent_of(results.level),
                interval(&test.row)
            );
            match clear {
                true => format!("{stated}: further from 0 than sampling alone explains {shown}."),
                false => format!("{stated}: sampling alone can put it so far from 0 {shown}."),
            }
        }
        (TestKind::RankTest, Some((first, second))) => {
            let side = if test.row.estimate.unwrap_or(0.0) < 0.0 {
                "lower"
            } else {
                "higher"
            };
            match clear {
                true => format!(
                    "{second} ranks {side} than {first} in {y}, more than sampling alone explains {shown}."
                ),
                false => format!(
                    "Sampling alone can make such a difference in rank of {y} between {first} and {second} {shown}: it does not show which is higher, nor that they are equal."
                ),
            }
        }
        (_, Some((first, second))) => {
            let d = test.row.estimate.unwrap_or(0.0);
            let digits = decimals(test.row.se.unwrap_or(0.0));
            let side = if d < 0.0 { "below" } else { "above" };
            let stated = format!(
                "{y}: {second} is {} {side} {first} ({}% interval of the difference {})",
                number(d.abs(), digits),
                percent_of(results.level),
                interval(&test.row)
            );
            match clear {
                true => format!("{stated}. The gap is more than sampling alone explains {shown}."),
                false => format!(
                    "{stated}. Sampling alone can make such a gap {shown}: it does not show which is higher, nor that they are equal."
                ),
            }
        }
        (kind, None) => {
            let what = if kind == TestKind::RankTest {
                "Ranks"
            } else {
                "Means"
            };
            match clear {
                true => format!(
                    "{what} of {y} differ by {by} more than sampling alone explains {shown}."
                ),
                false => format!(
                    "Sampling alone can make {} of {y} differ by {by} as they do {shown}: this does not show that they differ, nor that they are the same.",
                    what.to_lowercase()
                ),
            }
        }
    }
}
