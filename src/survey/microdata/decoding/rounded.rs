//! Whole numbers and decimals that no float holds: as levels they keep their digits, as numbers they are rounded.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::frames::words::and;

/// The largest number up to which every whole number is an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The columns of a file whose numbers were rounded when they were read.
#[derive(Debug, Default)]
pub(crate) struct RoundedColumns(Mutex<BTreeSet<String>>);

impl RoundedColumns {
    /// Looks through numbers that are stored as digits, `places` of them behind the point.
    pub(crate) fn look(&self, name: &str, places: i32, numbers: &[f64]) {
        let limit = EXACT / 10_f64.powi(places);
        if numbers.iter().any(|number| number.abs() >= limit) {
            let mut columns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            columns.insert(name.to_owned());
        }
    }

    /// Which columns they are, as far as they were read.
    pub(crate) fn note(&self) -> Option<String> {
        let columns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<String> = columns.iter().cloned().collect();
        (!names.is_empty()).then(|| rounded_note(&and(&names)))
    }
}

/// What is said of columns whose digits are more than a float has.
pub(crate) fn rounded_note(columns: &str) -> String {
    format!(
        "{columns}: numbers of 16 digits and more, of which the last are rounded off in what is worked out; as levels they \
         keep all of them"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_once() {
        let rounded = RoundedColumns::default();
        rounded.look("a", 0, &[1.0, f64::NAN, EXACT - 1.0]);
        assert_eq!(rounded.note(), None);
        rounded.look("b", 2, &[EXACT / 10.0]);
        rounded.look("a", 0, &[-EXACT]);
        rounded.look("a", 0, &[EXACT]);
        let note = rounded.note();
        assert!(
            note.as_deref()
                .is_some_and(|note| note.starts_with("a and b: ")),
            "{note:?}"
        );
    }
}
