use crate::survey::expr::Bound;
use crate::survey::microdata::{Value, Variable};

/// How the levels of a variable or a group are called and ordered.
#[derive(Clone, Debug, Default)]
pub struct LevelNames {
    variable: Option<Variable>,
    order: Option<Vec<Value>>,
    codes: bool,
}

impl LevelNames {
    pub fn of(bound: &Bound, codes: bool) -> LevelNames {
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

    /// Whether the value is an answer.
    pub fn is_answer(&self, value: &Value) -> bool {
        match &self.variable {
            Some(variable) => !variable.missing.holds(value),
            None => *value != Value::Null,
        }
    }

    /// Places of the values in the order to be shown: that of the scale, else by size or by code point.
    pub fn order(&self, values: &[Value]) -> Vec<usize> {
        let labelled = self
            .variable
            .iter()
            .flat_map(|v| &v.labels)
            .map(|(value, _)| value);
        let known: Vec<&Value> = match &self.order {
            Some(order) => order.iter().collect(),
            None => labelled.collect(),
        };
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
        places.sort_by(|a, b| {
            let (a, b) = (&values[*a], &values[*b]);
            place(a).cmp(&place(b)).then_with(|| a.order(b))
        });
        places
    }
}
