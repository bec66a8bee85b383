//! The order in which rows, series and answers of a chart stand.

use std::cmp::Ordering;

/// How rows stand, whatever the order they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// As they were given.
    Given,
    /// The largest first.
    Value,
    /// By their labels.
    Label,
}

/// The order of rows that a style asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrangement<'s> {
    /// Names that come first, in this order.
    pub order: &'s [String],
    /// What holds for the others.
    pub sort: Option<Sort>,
}

impl Arrangement<'_> {
    /// Whether it asks for anything.
    pub fn is_any(&self) -> bool {
        !self.order.is_empty() || matches!(self.sort, Some(Sort::Value | Sort::Label))
    }

    /// Puts things in order: those that are named, then by value or label, what is `last` after all others.
    pub fn arrange<T>(
        &self,
        things: &mut [T],
        names: impl Fn(&T) -> Vec<String>,
        value: impl Fn(&T) -> Option<f64>,
        rank: impl Fn(&T) -> u8,
    ) {
        let place = |thing: &T| {
            let own = names(thing);
            let named = self.order.iter().position(|name| is_called(&own, name));
            named.unwrap_or(self.order.len())
        };
        let label = |thing: &T| names(thing).first().map(|name| name.to_lowercase());
        let sorted = |a: &T, b: &T| match self.sort {
            Some(Sort::Value) => {
                let figure = |thing: &T| value(thing).unwrap_or(f64::NEG_INFINITY);
                figure(b)
                    .total_cmp(&figure(a))
                    .then(label(a).cmp(&label(b)))
            }
            Some(Sort::Label) => label(a).cmp(&label(b)),
            Some(Sort::Given) | None => Ordering::Equal,
        };
        things.sort_by(|a, b| {
            rank(a)
                .cmp(&rank(b))
                .then(place(a).cmp(&place(b)))
                .then_with(|| sorted(a, b))
        });
    }
}

/// Whether a name is one of a mark’s: the whole of it, or a part between commas.
pub fn is_called(names: &[String], wanted: &str) -> bool {
    let same = |name: &str| name.trim().to_lowercase() == wanted.trim().to_lowercase();
    names
        .iter()
        .any(|name| same(name) || name.split(", ").any(same))
}
