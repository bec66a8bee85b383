//! Every question with its answers, and the same of earlier waves beside it: what a topline is made of.
//!
//! A wave is a file with its own design; each is a [`Crosstab`] without a banner. Questions are matched by the names of their
//! variables, answers by their labels, nets by their names. A change is the difference of two independent samples.

use crate::statistics::special::{normal, student_t};
use crate::survey::crosstab::{Cell, Crosstab, Row, RowPart, Table};
use crate::survey::estimate::CriticalValues;

/// A file of respondents among those of a topline.
pub struct Wave {
    /// What it is called in the heads of tables.
    pub name: String,
    pub crosstab: Crosstab,
}

/// How a share or mean differs between two waves.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Later − earlier.
    pub estimate: f64,
    pub se: f64,
    pub ci_low: f64,
    pub ci_high: f64,
    pub t: f64,
    /// `None` where neither design has a number.
    pub df: Option<f64>,
    /// Two-sided.
    pub p_value: f64,
}

impl Change {
    /// The change from one independent sample to another: d = p_b − p_a with V(d) = V(p_a) + V(p_b), and t on the sum of the
    /// degrees of freedom of both, as in one design of which the waves are strata.
    ///
    /// `None` where a share is not known or has no error of its own, as one of 0 or 100 per cent.
    ///
    /// R: `svyttest(y ~ wave, svydesign(~psu, strata = ~interaction(wave, stratum), weights = ~weight, nest = TRUE))`.
    pub fn new(later: &Cell, earlier: &Cell, critical: &CriticalValues) -> Option<Change> {
        let estimate = later.estimate? - earlier.estimate?;
        let (a, b) = (earlier.se?, later.se?);
        if a <= 0.0 || b <= 0.0 {
            return None;
        }
        let se = a.hypot(b);
        let df = match (later.df, earlier.df) {
            (Some(later), Some(earlier)) => Some(later + earlier),
            _ => None,
        };
        let (ci_low, ci_high) = critical.symmetric(estimate, se, df)?;
        let t = estimate / se;
        let p_value = match df {
            Some(df) => student_t::two_sided_p(t, df).ok()?,
            None => 2.0 * normal::upper_tail(t.abs()).ok()?,
        };
        Some(Change {
            estimate,
            se,
            ci_low,
            ci_high,
            t,
            df,
            p_value,
        })
    }

    /// Whether the interval leaves out 0.
    pub fn is_established(&self) -> bool {
        self.ci_low > 0.0 || self.ci_high < 0.0
    }
}

/// The table of another wave that is of the same question.
pub fn same_question<'a>(question: &Table, wave: &'a Wave) -> Option<&'a Table> {
    let mut tables = wave.crosstab.tables.iter();
    tables.find(|other| other.variable == question.variable && other.kind == question.kind)
}

/// The place of the same answer among the rows of another table.
pub fn same_row(row: &Row, table: &Table) -> Option<usize> {
    let mut rows = table.rows.iter();
    rows.position(|other| other.part == row.part && other.level == row.level)
}

/// The changes of a question since the wave before the newest, one a row of its table.
pub fn changes(question: &Table, before: &Wave, critical: &CriticalValues) -> Vec<Option<Change>> {
    let earlier = same_question(question, before);
    let change = |row: &Row| {
        let earlier = earlier?;
        let other = earlier.rows.get(same_row(row, earlier)?)?;
        Change::new(row.cells.first()?, other.cells.first()?, critical)
    };
    question.rows.iter().map(change).collect()
}

/// What differs between waves of which the newest is the first: questions that are gone, answers that are new or gone,
/// other wordings.
pub fn differences(waves: &[Wave]) -> Vec<String> {
    let Some((newest, earlier)) = waves.split_first() else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    for wave in earlier {
        let gone = wave.crosstab.tables.iter();
        let gone = gone.filter(|table| same_question(table, newest).is_none());
        let gone: Vec<&str> = gone.map(|table| table.variable.as_str()).collect();
        if !gone.is_empty() {
            let (name, gone) = (&wave.name, gone.join(", "));
            notes.push(format!("in {name} alone, left out: {gone}"));
        }
    }
    for question in &newest.crosstab.tables {
        for wave in earlier {
            let Some(other) = same_question(question, wave) else {
                continue;
            };
            let of = &question.variable;
            let new = unmatched(question, other);
            if !new.is_empty() {
                notes.push(format!("{of}: not an answer in {}: {new}", wave.name));
            }
            let gone = unmatched(other, question);
            if !gone.is_empty() {
                notes.push(format!("{of}: in {} alone: {gone}", wave.name));
            }
            if let Some(wording) = other_wording(question, other) {
                notes.push(format!("{of}: asked in {} as “{wording}”", wave.name));
            }
        }
    }
    notes
}

/// Answers of a table that another one does not have, as a list.
fn unmatched(table: &Table, other: &Table) -> String {
    let answers = table.rows.iter().filter(|row| row.part == RowPart::Level);
    let unmatched = answers.filter(|row| same_row(row, other).is_none());
    let levels: Vec<&str> = unmatched.filter_map(|row| row.level.as_deref()).collect();
    levels.join(", ")
}

/// The question as it was asked in another wave, where both waves tell it and it differs.
pub fn other_wording<'a>(question: &Table, other: &'a Table) -> Option<&'a str> {
    let (now, then) = (question.title.as_deref()?, other.title.as_deref()?);
    (now.trim() != then.trim()).then_some(then)
}
