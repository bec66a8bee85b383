//! What is known of the variables of a file, and what its maker wrote about them: labels, levels, missing values, sets of
//! questions that allow several answers.

pub(super) mod annotated;
pub(super) mod describe;
pub(super) mod file;
pub(super) mod native;

use crate::frames::words::{most_alike, nearest};
use crate::survey::microdata::codebook::native::{NativeAttributes, Origin};
use crate::survey::microdata::{Error, Value};

/// The variables of a file, in its order, and what its maker wrote about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codebook {
    /// The title that the file gives itself.
    pub title: Option<String>,
    pub variables: Vec<Variable>,
    /// Columns that are there and can’t be read: name, and why, as in "is nested".
    pub unread: Vec<(String, String)>,
    /// Questions with several answers, each of which is a variable.
    pub sets: Vec<MultipleResponse>,
    /// What people wrote about the file: documents of SPSS by line, notes of Stata.
    pub notes: Vec<String>,
    /// The variables that a codebook beside the file lists, in its order; empty where there is none.
    pub listed: Vec<String>,
    pub origin: Origin,
}

/// A question with several answers.
#[derive(Clone, Debug, PartialEq)]
pub struct MultipleResponse {
    /// Starts with a dollar sign in SPSS.
    pub name: String,
    pub label: Option<String>,
    /// The value that says that an answer was given (a set of dichotomies); `None` where each variable names an answer.
    pub counted: Option<Value>,
    pub variables: Vec<String>,
}

/// What is known of a variable from the header of its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: String,
    /// The question as asked, or what the maker wrote in its place.
    pub label: Option<String>,
    pub kind: Kind,
    pub measure: Option<Measure>,
    /// Labels of values, in the order of the file; a label may be empty.
    pub labels: Vec<(Value, String)>,
    /// Values that are recorded but no answer.
    pub missing: MissingValues,
    pub native: NativeAttributes,
}

/// What the entries of a variable are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
    /// Written as ISO 8601 in the codes view: 2023-06-01; as numbers, days since 1970-01-01.
    Date,
    /// Written as ISO 8601; as numbers, seconds since 1970-01-01.
    DateTime,
}

/// The measurement level that the maker of the file gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Nominal,
    Ordinal,
    Scale,
}

/// Which recorded values are no answers: refused, don't know, not asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MissingValues {
    pub values: Vec<Value>,
    /// Closed ranges of numbers.
    pub ranges: Vec<(f64, f64)>,
}

impl MissingValues {
    /// Whether that value is none that counts; null never does.
    pub fn holds(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Number(number) => {
                self.values.contains(value)
                    || self
                        .ranges
                        .iter()
                        .any(|(low, high)| low <= number && number <= high)
            }
            Value::Text(_) => self.values.contains(value),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.ranges.is_empty()
    }

    /// Makes a value an answer, also one amid a range.
    pub fn give_back(&mut self, value: &Value) {
        self.values.retain(|missing| missing != value);
        let Value::Number(number) = *value else {
            return;
        };
        let ranges = std::mem::take(&mut self.ranges).into_iter();
        self.ranges = ranges
            .flat_map(|(low, high)| match (low..=high).contains(&number) {
                true => [
                    Some((low, number.next_down())),
                    Some((number.next_up(), high)),
                ],
                false => [Some((low, high)), None],
            })
            .flatten()
            .filter(|(low, high)| low <= high)
            .collect();
    }
}

impl Variable {
    /// A variable of which nothing but its name and kind is known.
    pub fn bare(name: &str, kind: Kind) -> Variable {
        Variable {
            name: name.to_owned(),
            label: None,
            kind,
            measure: None,
            labels: Vec::new(),
            missing: MissingValues::default(),
            native: NativeAttributes::default(),
        }
    }

    /// The label of a value; `None` where it has none.
    pub fn label_of(&self, value: &Value) -> Option<&str> {
        self.labels
            .iter()
            .find(|(labelled, _)| labelled == value)
            .map(|(_, label)| label.as_str())
    }

    /// What a level is called: its label, or the value as it is written where there is none. Two values with one label
    /// are two levels, so that the value stands behind it: Agree (1), Agree (2).
    pub fn name_of(&self, value: &Value) -> String {
        let shown = |value: &Value, label: Option<&str>| match label {
            Some(label) if !label.is_empty() => label.to_owned(),
            _ => value.text(),
        };
        let name = shown(value, self.label_of(value));
        let other = |(labelled, label): &(Value, String)| {
            labelled != value && shown(labelled, Some(label)) == name
        };
        match name != value.text() && self.labels.iter().any(other) {
            true => format!("{name} ({})", value.text()),
            false => name,
        }
    }
}

impl Codebook {
    /// The variable of that name.
    ///
    /// # Errors
    /// [`Error::NoVariable`], with the nearest name there is; [`Error::Unread`] where it is known why.
    pub fn variable(&self, name: &str) -> Result<&Variable, Error> {
        self.position(name).map(|at| &self.variables[at])
    }

    /// Where the variable of that name stands.
    ///
    /// # Errors
    /// [`Error::NoVariable`], with the nearest name there is; [`Error::Unread`] where it is known why.
    pub fn position(&self, name: &str) -> Result<usize, Error> {
        self.variables
            .iter()
            .position(|variable| variable.name == name)
            .ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> Error {
        let name = name.to_owned();
        match self.unread.iter().find(|(unread, _)| *unread == name) {
            Some((_, why)) => Error::Unread {
                name,
                why: why.clone(),
            },
            None => Error::NoVariable {
                nearest: self.nearest(&name),
                name,
            },
        }
    }

    /// A note of the columns that can’t be read, if there are any.
    pub(crate) fn note_of_unread(&self) -> Option<String> {
        const LISTED: usize = 4;
        let unread = self.unread.iter().take(LISTED);
        let listed: Vec<String> = unread.map(|(name, why)| format!("{name} {why}")).collect();
        let listed = listed.join("; ");
        match self.unread.len() {
            0 => None,
            1 => Some(format!("a column is left out: {listed}")),
            count if count > LISTED => {
                Some(format!("{count} columns are left out: {listed}; and so on"))
            }
            count => Some(format!("{count} columns are left out: {listed}")),
        }
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let names = || self.variables.iter().map(|variable| variable.name.as_str());
        // names of two or three letters are like none by the measure of the first
        let alike = most_alike(name, names()).or_else(|| nearest(name, names()));
        alike.map(str::to_owned)
    }
}
