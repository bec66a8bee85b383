//! A row of a dot chart: a label, and the figures that were printed for it.

use crate::present::chart::arrangement::Arrangement;
use crate::present::chart::error::Error;
use crate::present::chart::paint::{Among, Named, Paint};
use crate::present::chart::scale::{self, Scale};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;

/// A question, or an answer to one, with every figure that was printed for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// What the figures are about.
    pub label: String,
    /// A line of small print under the label.
    pub note: Option<String>,
    /// What sort of row it is.
    pub kind: RowKind,
    /// How deep it is set in: 1 for the parts of a NET.
    pub indent: u8,
    /// The range that the figure can have at all.
    pub possible: Option<(f64, f64)>,
    /// The figures, the highest first; several where sources disagree, none where none was found.
    pub values: Vec<Value>,
    /// Whether its figures are of several places, and not several prints of one.
    pub by_place: bool,
    /// What the house wants of it.
    pub paint: Paint,
}

/// What sort of row it is; totals and don't know are grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowKind {
    #[default]
    Plain,
    Total,
    DontKnow,
}

/// A figure as it was printed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value {
    /// Who printed it; shown where a row has several.
    pub name: Option<String>,
    /// The figure as printed: `62`, `4.7`.
    pub printed: String,
    /// Where it stands, in per cent or as a number of the chart’s scale; `None` if no figure was found.
    pub at: Option<f64>,
    /// What is known about it.
    pub mark: Mark,
    /// The ends of its interval as printed; without, they have one decimal.
    pub ends: Option<(String, String)>,
    /// A word instead of the interval: “no n”, “can’t hold with 34”, “no figure found”.
    pub remark: Option<String>,
}

/// What is known about a figure, and so how it is marked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Mark {
    /// A sample size is known: a dot on its interval.
    Interval { low: f64, high: f64 },
    /// No sample size, so no interval: an open dot.
    NoSampleSize,
    /// The same where no figure of the chart has an interval, which is said once: a bar as any other.
    Bare,
    /// It cannot be right: a cross, the number struck through.
    Impossible,
    /// Only a lower bound was printed.
    AtLeast,
    /// Only an upper bound was printed.
    AtMost,
    /// No figure was found.
    #[default]
    NotFound,
}

/// Stands for the missing figure of a row that has none.
static NOT_FOUND: Value = Value {
    name: None,
    printed: String::new(),
    at: None,
    mark: Mark::NotFound,
    ends: None,
    remark: None,
};

impl Row {
    /// Its figures; one that was not found if it has none.
    pub(in crate::internals::present::chart) fn figures(&self) -> &[Value] {
        if self.values.is_empty() {
            std::slice::from_ref(&NOT_FOUND)
        } else {
            &self.values
        }
    }

    /// The colour of its marks.
    pub(in crate::internals::present::chart) fn role(&self) -> Role {
        self.paint.over(self.usual())
    }

    fn usual(&self) -> Role {
        match self.kind {
            RowKind::Plain => Role::Category(0),
            RowKind::Total | RowKind::DontKnow => Role::Muted,
        }
    }

    /// How its label is set.
    pub(in crate::internals::present::chart) fn label_type(&self, kind: Type) -> Type {
        let role = match self.kind {
            RowKind::Total => Role::Muted,
            _ => Role::Ink,
        };
        self.paint.label(kind.in_role(role))
    }

    /// The row as a house may call it: by its label, or the head over it.
    pub(in crate::internals::present::chart) fn mark(&mut self, head: Option<&str>) -> Named<'_> {
        let names = std::iter::once(self.label.as_str()).chain(head);
        Named {
            among: Among::Coloured,
            names: names.map(str::to_owned).collect(),
            usual: self.usual(),
            paint: &mut self.paint,
        }
    }

    /// Where it stands for a sort by value.
    fn highest(&self) -> Option<f64> {
        let held = self
            .values
            .iter()
            .filter(|value| value.mark != Mark::Impossible);
        held.filter_map(|value| value.at).max_by(f64::total_cmp)
    }

    /// Puts rows in order; the parts of a NET stay under it, don’t know and totals come last.
    pub(in crate::internals::present::chart) fn arrange(rows: &mut Vec<Row>, order: Arrangement) {
        let mut blocks: Vec<Vec<Row>> = Vec::new();
        for row in rows.drain(..) {
            match blocks.last_mut() {
                Some(block) if row.indent > block.first().map_or(0, |net| net.indent) => {
                    block.push(row);
                }
                _ => blocks.push(vec![row]),
            }
        }
        for block in &mut blocks {
            if let Some((_, parts)) = block.split_first_mut() {
                order.arrange(parts, |row| vec![row.label.clone()], Row::highest, |_| 0);
            }
        }
        let lead = |block: &Vec<Row>| block.first().cloned().unwrap_or_default();
        order.arrange(
            &mut blocks,
            |block| vec![lead(block).label],
            |block| lead(block).highest(),
            |block| match lead(block).kind {
                RowKind::Plain => 0,
                RowKind::DontKnow => 1,
                RowKind::Total => 2,
            },
        );
        rows.extend(blocks.into_iter().flatten());
    }

    /// The colour of its numbers.
    pub(super) fn number_role(&self) -> Role {
        if self.kind == RowKind::Total {
            Role::Ink2
        } else {
            Role::Ink
        }
    }

    pub(in crate::internals::present::chart) fn texts(&mut self) -> Vec<&mut String> {
        let values = self.values.iter_mut().flat_map(|value| {
            std::iter::once(&mut value.printed)
                .chain(&mut value.name)
                .chain(value.ends.iter_mut().flat_map(|(low, high)| [low, high]))
                .chain(&mut value.remark)
        });
        std::iter::once(&mut self.label)
            .chain(&mut self.note)
            .chain(values)
            .collect()
    }

    pub(super) fn check(&self, scale: &Scale) -> Result<(), Error> {
        if let Some(range) = self.possible {
            self.check_range("possible range", range)?;
        }
        for value in &self.values {
            if let Some(at) = value.at {
                self.check_number("figure", at)?;
                if *scale == Scale::Percent && !(0.0..=100.0).contains(&at) {
                    return Err(Error::NotAPercent {
                        label: self.label.clone(),
                        value: at,
                    });
                }
            }
            if let Mark::Interval { low, high } = value.mark {
                self.check_range("interval", (low, high))?;
            }
        }
        Ok(())
    }

    fn check_range(&self, what: &'static str, (low, high): (f64, f64)) -> Result<(), Error> {
        self.check_number(what, low)?;
        self.check_number(what, high)?;
        if low > high {
            return Err(Error::Reversed {
                label: self.label.clone(),
                what,
                low,
                high,
            });
        }
        Ok(())
    }

    fn check_number(&self, what: &'static str, value: f64) -> Result<(), Error> {
        let label = || self.label.clone();
        match value.is_finite() {
            true if value.abs() <= scale::MOST => Ok(()),
            true => Err(Error::BeyondAxis {
                label: label(),
                value,
            }),
            false => Err(Error::NotANumber {
                label: label(),
                what,
                value,
            }),
        }
    }
}

impl Value {
    /// Where it stands and how it is marked; `None` if there is nothing to mark.
    pub(in crate::internals::present::chart) fn place(&self) -> Option<(f64, Mark)> {
        self.at
            .filter(|_| self.mark != Mark::NotFound)
            .map(|at| (at, self.mark))
    }
}
