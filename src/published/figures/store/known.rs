//! The ids that a table gives to the others.

use super::read::TableRead;
use crate::frames::words::nearest;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Searches for the nearest name stop after so many different misspellings.
const MOST_SEARCHES: usize = 2_000;

/// Ids of a table, those of rows that cannot be used apart.
#[derive(Debug, Default)]
pub struct Known {
    seen: HashSet<String>,
    usable: HashSet<String>,
    readable: bool,
    searched: RefCell<HashMap<String, Option<String>>>,
}

impl Known {
    /// The ids of all rows, and those of the rows that can be used. If the table could not be read,
    /// no id is unknown.
    pub fn new(
        seen: impl IntoIterator<Item = String>,
        usable: impl IntoIterator<Item = String>,
        readable: bool,
    ) -> Known {
        Known {
            seen: seen.into_iter().collect(),
            usable: usable.into_iter().collect(),
            readable,
            searched: RefCell::default(),
        }
    }

    /// The ids of a table whose key is one column.
    pub fn of<T>(read: &TableRead<T>, id: impl Fn(&T) -> &String) -> Known {
        Known::new(
            read.keys.keys().cloned(),
            read.rows.iter().map(id).cloned(),
            read.readable,
        )
    }

    /// Whether a row that can be used has it.
    pub fn has(&self, id: &str) -> bool {
        self.usable.contains(id)
    }

    /// Whether no row has it at all.
    pub fn is_unknown(&self, id: &str) -> bool {
        self.readable && !self.seen.contains(id)
    }

    /// "did you mean …?", if an id is near.
    pub fn did_you_mean(&self, id: &str) -> Option<String> {
        let mut searched = self.searched.borrow_mut();
        if !searched.contains_key(id) && searched.len() >= MOST_SEARCHES {
            return None;
        }
        let search = || nearest(id, self.ids()).map(|near| format!("did you mean {near}?"));
        searched
            .entry(id.to_string())
            .or_insert_with(search)
            .clone()
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.seen.iter().map(String::as_str)
    }
}
