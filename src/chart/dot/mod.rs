//! The dot chart: one figure a row, with its interval; and small panels of such rows.

mod alt;
mod beside;
mod block;
mod columns;
mod narrow;
mod panels;
mod plot;
mod row;
mod wide;
mod words;

use super::draw::Chart;
use super::error::Error;
use super::key::{KeyItem, Swatch};
use super::page::Page;
use super::theme::Role;

pub use panels::{Panel, PanelChart, Section};
pub use row::{Mark, Row, RowKind, Value};

/// Figures one under the other, grouped (by poll, say), each with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct DotChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The groups, in the order in which they are drawn.
    pub groups: Vec<Group>,
    /// The paragraphs of the footer: method, contradictions, sources.
    pub footer: Vec<String>,
    /// The confidence level of the intervals: 0.95 heads their column “95% interval”.
    pub level: f64,
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Their name.
    pub head: Option<String>,
    /// Who was asked, when, how many.
    pub note: Option<String>,
    /// The rows, in the order in which they are drawn.
    pub rows: Vec<Row>,
}

impl DotChart {
    fn all_rows(&self) -> impl Iterator<Item = &Row> + Clone {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    fn all_figures(&self) -> impl Iterator<Item = (&Row, &Value)> {
        self.all_rows()
            .flat_map(|row| row.figures().iter().map(move |value| (row, value)))
    }
}

impl Chart for DotChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let groups = self.groups.iter_mut().flat_map(|group| {
            let rows = group.rows.iter_mut().flat_map(Row::texts);
            group.head.iter_mut().chain(&mut group.note).chain(rows)
        });
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(groups)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        check(self.level, self.all_rows())
    }

    fn rows(&self) -> usize {
        self.all_rows().count()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self) -> String {
        alt::dot_chart(self)
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &key(self.all_rows()));
        if page.narrow || !wide::lay_out(self, page) {
            narrow::lay_out(self, page);
        }
        page.foot(&self.footer);
    }
}

/// What must hold for the rows of any dot chart.
fn check<'a>(level: f64, rows: impl Iterator<Item = &'a Row>) -> Result<(), Error> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::Level(level));
    }
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Err(Error::Empty);
    }
    rows.try_for_each(Row::check)
}

/// The key for the kinds of marks that occur; none where all are dots with intervals.
fn key<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> Vec<KeyItem> {
    let blue = Role::Category(0);
    let any = |is: fn(&Mark) -> bool| {
        rows.clone()
            .flat_map(|row| &row.values)
            .filter_map(Value::place)
            .any(|(_, mark)| is(&mark))
    };
    // A remark of its own says that something else than the sample size is missing.
    let other_reasons = rows.clone().flat_map(|row| &row.values).any(|value| {
        let remark = value.remark.as_deref();
        value.mark == Mark::NoSampleSize && remark.is_some_and(|remark| remark != "no n")
    });
    let occurring = [
        (
            any(|mark| matches!(mark, Mark::Interval { .. })),
            Swatch::Interval(blue),
            "sample size known",
        ),
        (
            any(|mark| *mark == Mark::NoSampleSize),
            Swatch::Open(blue),
            match other_reasons {
                true => "no interval",
                false => "no sample size, no interval",
            },
        ),
        (
            any(|mark| *mark == Mark::Impossible),
            Swatch::Cross,
            "cannot be right",
        ),
        (
            rows.clone().any(|row| row.possible.is_some()),
            Swatch::Block(Role::Possible),
            "range that is possible",
        ),
    ];
    let key: Vec<KeyItem> = occurring
        .into_iter()
        .filter(|(occurs, ..)| *occurs)
        .map(|(_, swatch, text)| KeyItem { swatch, text })
        .collect();
    match &key[..] {
        [
            KeyItem {
                swatch: Swatch::Interval(_),
                ..
            },
        ] => Vec::new(),
        _ => key,
    }
}
