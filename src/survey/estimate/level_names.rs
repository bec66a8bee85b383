//! How the levels of a variable or a group are called and ordered.

use crate::frames::non_answers::{NonAnswer, non_answer};
use crate::survey::expr::Bound;
use crate::survey::microdata::{Kind, Measure, MissingValues, Value, Variable};
use crate::tabular::places_in_time;

/// How the levels of a variable or a group are called and ordered.
#[derive(Clone, Debug, Default)]
pub struct LevelNames {
    variable: Option<Variable>,
    order: Option<Vec<Value>>,
    codes: bool,
}

impl LevelNames {
    pub fn new(bound: &Bound, codes: bool) -> LevelNames {
        LevelNames {
            variable: bound.variable().cloned(),
            order: bound.level_order(),
            codes,
        }
    }

    /// Its label, or the value as it is written; both where two values have one label.
    pub fn name(&self, value: &Value) -> String {
        match (&self.variable, self.codes) {
            (Some(variable), false) => variable.name_of(value),
            _ => value.text(),
        }
    }

    /// Those of some values and of all that the codebook labels.
    pub fn names(&self, values: &[Value]) -> Vec<String> {
        let labelled = self.variable.iter().flat_map(|variable| &variable.labels);
        let values = values.iter().chain(labelled.map(|(value, _)| value));
        values.map(|value| self.name(value)).collect()
    }

    /// Whether the value is an answer.
    pub fn is_answer(&self, value: &Value) -> bool {
        match &self.variable {
            Some(variable) => !variable.missing.holds(value),
            None => *value != Value::Null,
        }
    }

    /// Whether the levels have an order of their own: labels, numbers, bands. Texts have that of the alphabet.
    pub fn is_scale(&self) -> bool {
        let variable = self.variable.as_ref();
        self.order.is_some()
            || variable
                .is_some_and(|variable| variable.kind != Kind::Text || !variable.labels.is_empty())
    }

    /// Values that are no answers; null always is.
    pub fn missing(&self) -> MissingValues {
        let variable = self.variable.as_ref();
        variable
            .map(|variable| variable.missing.clone())
            .unwrap_or_default()
    }

    /// Answers that the codebook has and that are not among these values. None where values that occur have no label: then
    /// the labels are those of the ends of a scale of numbers.
    pub fn unused(&self, values: &[Value]) -> Vec<Value> {
        let Some(variable) = &self.variable else {
            return Vec::new();
        };
        let mut occurring = values.iter().filter(|value| self.is_answer(value));
        let labelled = |value: &Value| {
            variable
                .label_of(value)
                .is_some_and(|label| !label.is_empty())
        };
        if variable.measure == Some(Measure::Scale) || !occurring.all(labelled) {
            return Vec::new();
        }
        let mut unused: Vec<Value> = Vec::new();
        for (value, label) in &variable.labels {
            let known = values.contains(value) || unused.contains(value);
            if !known && !label.is_empty() && self.is_answer(value) {
                unused.push(value.clone());
            }
        }
        unused
    }

    /// Where a value stands behind those that are answers: don't know and refused, in an order that nobody gave also other
    /// and none.
    fn behind(&self, value: &Value, ordered: bool) -> Option<NonAnswer> {
        let kind = non_answer(&self.name(value))?;
        (kind >= NonAnswer::DontKnow || !ordered).then_some(kind)
    }

    /// Places of the values in the order to be shown: that of the scale, else by size or by code point.
    pub fn order(&self, values: &[Value]) -> Vec<usize> {
        let known = self.known_order();
        let texts = known.iter().any(|value| matches!(value, Value::Text(_)));
        let place = |value: &Value| {
            let at = known.iter().position(|other| *other == value);
            // labelled numbers go by size, among those without a label
            match texts || self.order.is_some() {
                true => at.unwrap_or(known.len()),
                false => 0,
            }
        };
        let mut places: Vec<usize> = (0..values.len()).collect();
        if known.is_empty()
            && let Some(times) = self.times(values)
        {
            places.sort_by(|a, b| times[*a].total_cmp(&times[*b]));
            return places;
        }
        places.sort_by(|a, b| {
            let (a, b) = (&values[*a], &values[*b]);
            place(a).cmp(&place(b)).then_with(|| a.order(b))
        });
        places
    }

    /// Where values stand in time, if all answers among them are months, weekdays or dates; those that are no answers, and
    /// don't know, come last.
    fn times(&self, values: &[Value]) -> Option<Vec<f64>> {
        let is_time = |value: &Value| self.is_answer(value) && non_answer(&value.text()).is_none();
        let is_text = |value: &Value| matches!(value, Value::Text(_) | Value::Null);
        if !values.iter().all(is_text) {
            return None;
        }
        let texts: Vec<String> = values
            .iter()
            .filter(|v| is_time(v))
            .map(Value::text)
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut times = places_in_time(&texts)
            .filter(|times| times.len() > 1)?
            .into_iter();
        let mut place = |value: &Value| match is_time(value) {
            true => times.next().unwrap_or(f64::INFINITY),
            false => f64::INFINITY,
        };
        Some(values.iter().map(&mut place).collect())
    }

    /// The same for the answers of a question: what says that it is none comes last.
    pub fn answers_order(&self, values: &[Value]) -> Vec<usize> {
        let mut places = self.order(values);
        // codes of one kind, as those of countries, are no words
        let short = |value: &Value| self.name(value).chars().count() <= 3;
        let codes = values
            .iter()
            .filter(|value| **value != Value::Null)
            .all(short);
        if codes || self.order.is_some() {
            return places;
        }
        let numbers = values.iter().any(|value| matches!(value, Value::Number(_)));
        let ordered = !self.known_order().is_empty() || numbers;
        places.sort_by_key(|place| self.behind(&values[*place], ordered));
        places
    }

    /// All values whose order is known: that of the expression, else of the labels.
    fn known_order(&self) -> Vec<&Value> {
        let labels = self.variable.iter().flat_map(|variable| &variable.labels);
        match &self.order {
            Some(order) => order.iter().collect(),
            None => labels.map(|(value, _)| value).collect(),
        }
    }
}
