use std::cmp::Ordering;

/// One value of a variable: what a code of a [`Coded`](crate::survey::microdata::Coded) column stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing was recorded: an empty field, a null, a system-missing value.
    Null,
    Number(f64),
    Text(String),
}

impl Value {
    /// As a person writes it: integers without a point, nothing for null.
    pub fn text(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Number(number) => written(*number),
            Value::Text(text) => text.clone(),
        }
    }

    /// A total order: null, then numbers by size, then texts by code point.
    pub fn order(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Number(_) => 1,
            Value::Text(_) => 2,
        }
    }
}

/// A number as a level: 2 and not 2.0, otherwise the shortest form that reads back the same.
pub fn written(number: f64) -> String {
    match number == 0.0 {
        true => "0".to_owned(),
        false => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_point() {
        assert_eq!(written(2.0), "2");
        assert_eq!(written(-0.0), "0");
        assert_eq!(written(2.5), "2.5");
    }
}
