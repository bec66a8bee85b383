use std::collections::HashMap;

use super::store::choice::Qualifier;
use super::store::records::Figure;

/// What a figure is a share of: one question, one response, one country, one base.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key<'s> {
    pub poll: &'s str,
    pub question: &'s str,
    pub response: &'s str,
    pub country: &'s str,
    pub base: &'s str,
}

impl<'s> Key<'s> {
    pub fn from_figure(figure: &'s Figure) -> Key<'s> {
        Key {
            poll: &figure.poll,
            question: &figure.question,
            response: &figure.response,
            country: &figure.country,
            base: &figure.base,
        }
    }
}

/// Everything that was printed of one quantity, the value to be shown first.
#[derive(Clone, Debug)]
pub struct Quantity<'s> {
    pub key: Key<'s>,
    pub values: Vec<Value<'s>>,
}

/// Printed figures that agree: one value, perhaps in several roundings.
#[derive(Clone, Debug)]
pub struct Value<'s> {
    /// In the order of the store.
    pub figures: Vec<&'s Figure>,
    pollsters: &'s Figure,
    most_decimals: &'s Figure,
}

/// Which of several agreeing prints stands for the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefer {
    /// The pollster's own print, as in a table that cites its source.
    Pollster,
    /// The print with the most decimals, as in a chart that compares.
    Decimals,
}

/// The rows of computed shares are a source of their own: they never conflict with printed ones.
pub const COMPUTED: &str = "computed";

impl<'s> Value<'s> {
    /// `None` for no figures.
    fn from_prints(figures: Vec<&'s Figure>) -> Option<Value<'s>> {
        // An exact print goes before an "about", any value before a bound; min_by_key keeps the
        // first of equals.
        let qualifier = |figure: &Figure| match figure.qualifier {
            Qualifier::Exact => 0,
            Qualifier::About => 1,
            Qualifier::AtLeast | Qualifier::AtMost => 2,
        };
        // floats have no order to sort by: the unit as a whole number
        let coarse = |figure: &Figure| (figure.percent.unit * 1e9) as u64;
        let second_hand = |figure: &Figure| figure.first_hand != Some(true);
        let bound = |figure: &Figure| qualifier(figure) == 2;
        let by_pollster = |f: &&&Figure| (bound(f), second_hand(f), qualifier(f), coarse(f));
        let by_decimals = |f: &&&Figure| (bound(f), coarse(f), qualifier(f), second_hand(f));
        Some(Value {
            pollsters: figures.iter().min_by_key(by_pollster)?,
            most_decimals: figures.iter().min_by_key(by_decimals)?,
            figures,
        })
    }

    /// The figure that stands for the value.
    pub fn shown(&self, prefer: Prefer) -> &'s Figure {
        match prefer {
            Prefer::Pollster => self.pollsters,
            Prefer::Decimals => self.most_decimals,
        }
    }

    /// The prints of the value itself; bounds that agree with it only where there is nothing else.
    pub fn prints(&self) -> Vec<&'s Figure> {
        let bounds_only = self.is_bound();
        let kept = self
            .figures
            .iter()
            .filter(|figure| bounds_only || !is_bound(figure));
        kept.copied().collect()
    }

    /// Who printed it, each once, in the order of the store.
    pub fn reporters(&self) -> Vec<&'s str> {
        let mut names: Vec<&str> = Vec::new();
        for figure in self.prints() {
            if !names.contains(&figure.reported_by.as_str()) {
                names.push(&figure.reported_by);
            }
        }
        names
    }

    pub fn is_computed(&self) -> bool {
        self.figures
            .iter()
            .all(|figure| figure.reported_by == COMPUTED)
    }

    /// Whether only bounds ("more than 80%") were printed.
    pub fn is_bound(&self) -> bool {
        self.figures.iter().all(|figure| is_bound(figure))
    }

    /// What the prints together leave for the true value, in points: where all of them hold. It is not cut to 0 to 100,
    /// where scores need not lie.
    pub fn stands_for(&self) -> (f64, f64) {
        common_range(&self.figures)
    }
}

fn is_bound(figure: &Figure) -> bool {
    matches!(figure.qualifier, Qualifier::AtLeast | Qualifier::AtMost)
}

impl<'s> Quantity<'s> {
    /// All prints of it, in the order of its values.
    pub fn figures(&self) -> impl Iterator<Item = &'s Figure> {
        self.values
            .iter()
            .flat_map(|value| value.figures.iter().copied())
    }

    /// The printed values; computed ones stand for themselves.
    pub fn printed(&self) -> impl Iterator<Item = &Value<'s>> {
        self.values.iter().filter(|value| !value.is_computed())
    }

    /// Whether values were printed that can't all be right.
    pub fn in_conflict(&self) -> bool {
        let computed = self
            .values
            .iter()
            .filter(|value| value.is_computed())
            .count();
        self.printed().count() > 1 || computed > 1
    }

    /// The value that holds this figure.
    pub fn value_of(&self, figure: &Figure) -> Option<&Value<'s>> {
        self.values
            .iter()
            .find(|value| value.figures.iter().any(|f| std::ptr::eq(*f, figure)))
    }
}

/// Two printed values agree where the ranges they stand for share more than a point: 24 and 24.5
/// do (24.45 to 24.5 is in both), 62 and 63 do not (they meet in 62.5 alone).
pub fn agree(a: &Figure, b: &Figure) -> bool {
    overlap(
        a.percent.on_scale(a.qualifier),
        b.percent.on_scale(b.qualifier),
    )
}

/// Ends are multiples of half a printed digit; what is left under that is noise of the arithmetic.
const NOISE: f64 = 1e-9;

pub(crate) fn overlap(a: (f64, f64), b: (f64, f64)) -> bool {
    a.0.max(b.0) + NOISE < a.1.min(b.1)
}

/// Gathers figures by quantity, in the order in which the quantities first occur.
pub fn quantities<'s>(figures: &[&'s Figure]) -> Vec<Quantity<'s>> {
    let mut order: Vec<Key<'s>> = Vec::new();
    let mut by_key: HashMap<Key<'s>, Vec<&'s Figure>> = HashMap::new();
    for figure in figures {
        let key = Key::from_figure(figure);
        by_key.entry(key.clone()).or_default().push(figure);
        if by_key.get(&key).is_some_and(|figures| figures.len() == 1) {
            order.push(key);
        }
    }
    order
        .into_iter()
        .map(|key| {
            let figures = by_key.remove(&key).unwrap_or_default();
            Quantity {
                values: values(&figures),
                key,
            }
        })
        .collect()
}

/// Values among the prints of one quantity: the narrowest prints first, each joined by those that
/// agree with all that are in already; bounds last, since they agree with much.
fn values<'s>(figures: &[&'s Figure]) -> Vec<Value<'s>> {
    let width = |figure: &Figure| {
        let (low, high) = figure.percent.on_scale(figure.qualifier);
        high - low
    };
    let mut narrow_first: Vec<&Figure> = figures.to_vec();
    narrow_first.sort_by(|a, b| width(a).total_cmp(&width(b)));
    let mut agreeing: Vec<Vec<&Figure>> = Vec::new();
    for figure in narrow_first {
        match agreeing.iter_mut().find(|members| joins(members, figure)) {
            Some(members) => members.push(figure),
            None => agreeing.push(vec![figure]),
        }
    }
    for members in &mut agreeing {
        members.sort_by_key(|figure| figure.line);
    }
    let mut values: Vec<Value<'s>> = agreeing
        .into_iter()
        .filter_map(Value::from_prints)
        .collect();
    values.sort_by(|a, b| standing(b).total_cmp(&standing(a)));
    values
}

/// Whether a print agrees with all members at once, a computed one only with computed ones.
fn joins(members: &[&Figure], figure: &Figure) -> bool {
    let computed = |figure: &Figure| figure.reported_by == COMPUTED;
    members
        .iter()
        .all(|member| computed(member) == computed(figure) && agree(member, figure))
        && overlap(
            common_range(members),
            figure.percent.on_scale(figure.qualifier),
        )
}

fn common_range(figures: &[&Figure]) -> (f64, f64) {
    let ranges = figures.iter().map(|f| f.percent.on_scale(f.qualifier));
    ranges.fold((f64::NEG_INFINITY, f64::INFINITY), |(low, high), (l, h)| {
        (low.max(l), high.min(h))
    })
}

/// Printed before computed, values before bounds, the pollster's own first, then the more widely
/// printed, then the higher.
fn standing(value: &Value) -> f64 {
    let first_hand = value.figures.iter().any(|f| f.first_hand == Some(true));
    let rank = |truth: bool, weight: f64| if truth { weight } else { 0.0 };
    rank(!value.is_computed(), 1e9)
        + rank(!value.is_bound(), 1e8)
        + rank(first_hand, 1e7)
        // fewer than would reach the weight of the rank before
        + value.reporters().len().min(9_000) as f64 * 1e3
        + value.figures.first().map_or(0.0, |f| f.percent.value)
}
