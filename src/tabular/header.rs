//! Which row names the columns.

use super::grid::{Cell, Grid, Row};
use super::number::{is_missing, reading};
use super::sizes::sized;

/// What the row that names the columns is known by: one of some sets of names, or its shape.
///
/// A set is a list of columns, each with the names it may have, `|` between them. Names are compared without regard to
/// case, and a space, `_` and `-` are the same.
#[derive(Clone, Debug, Default)]
pub struct Header<'n> {
    sets: Vec<&'n [&'n str]>,
    by_shape: bool,
}

/// Rows that are looked at for the header.
const LOOK: usize = 1000;

impl<'n> Header<'n> {
    /// The first row with all of these columns.
    pub fn named(columns: &'n [&'n str]) -> Header<'n> {
        Header {
            sets: vec![columns],
            by_shape: false,
        }
    }

    /// Or with all of these.
    pub fn or(mut self, columns: &'n [&'n str]) -> Header<'n> {
        self.sets.push(columns);
        self
    }

    /// The last row of words above the first row with a number.
    pub fn by_shape() -> Header<'n> {
        Header {
            sets: Vec::new(),
            by_shape: true,
        }
    }

    /// Where no row has the names, the last row of words above the first row with a number.
    pub fn or_by_shape(mut self) -> Header<'n> {
        self.by_shape = true;
        self
    }

    /// How many columns of a set the row names, at best.
    pub(super) fn matches(&self, row: &Row) -> usize {
        let keys: Vec<String> = row.cells.iter().map(|cell| key(&cell.text)).collect();
        let matched = |set: &&[&str]| set.iter().filter(|names| is_any(&keys, names)).count();
        self.sets.iter().map(matched).max().unwrap_or(0)
    }

    /// Whether the row names the columns that a program gives its rows, among other sets that people write.
    pub(super) fn is_of_program(&self, row: &Row) -> bool {
        let keys: Vec<String> = row.cells.iter().map(|cell| key(&cell.text)).collect();
        let exact = |set: &&&[&str]| set.iter().all(|names| !names.contains('|'));
        let mut exact = self.sets.iter().filter(exact);
        self.sets.len() > 1 && exact.any(|set| set.iter().all(|names| is_any(&keys, names)))
    }

    fn is_named_by(&self, row: &Row) -> bool {
        let keys: Vec<String> = row.cells.iter().map(|cell| key(&cell.text)).collect();
        let all = |set: &&[&str]| set.iter().all(|names| is_any(&keys, names));
        self.sets.iter().any(all)
    }

    /// The place of the header among the rows, and whether it was known by its names.
    pub(super) fn locate(&self, grid: &Grid) -> Option<(usize, bool)> {
        // a line above the table may say no more than “per cent”
        let is_table = |row: &Row| row.filled() > 1 || grid.rows.iter().all(|row| row.filled() < 2);
        let named = grid
            .rows
            .iter()
            .take(LOOK)
            .position(|row| self.is_named_by(row) && is_table(row));
        match named {
            Some(at) => Some((at, true)),
            None if self.by_shape => by_shape(&grid.rows).map(|at| (at, false)),
            None => None,
        }
    }

    /// The row that comes nearest to being the header, to be shown where none is.
    pub(super) fn nearest<'g>(&self, grid: &'g Grid) -> Option<&'g Row> {
        let rows = grid.rows.iter().take(LOOK);
        // of equals the first: `max_by_key` takes the last
        let best = rows.rev().max_by_key(|row| self.matches(row));
        match best {
            Some(row) if self.matches(row) > 0 => Some(row),
            _ => by_shape(&grid.rows)
                .and_then(|at| grid.rows.get(at))
                .or(grid.rows.first()),
        }
    }

    /// The columns that the row lacks of the set it comes nearest to, each by its first name.
    pub(super) fn missing(&self, row: Option<&Row>) -> Vec<String> {
        let keys: Vec<String> = row
            .iter()
            .flat_map(|row| row.cells.iter().map(|cell| key(&cell.text)))
            .collect();
        let lacking = |set: &&[&str]| -> Vec<String> {
            let lacks = set.iter().filter(|names| !is_any(&keys, names));
            lacks
                .map(|names| names.split('|').next().unwrap_or(names).to_owned())
                .collect()
        };
        self.sets
            .iter()
            .map(lacking)
            .min_by_key(Vec::len)
            .unwrap_or_default()
    }
}

fn is_any(keys: &[String], names: &str) -> bool {
    names.split('|').any(|name| keys.contains(&key(name)))
}

/// A name as it is compared.
pub(super) fn key(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'));
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// The last row of several words above the first row that holds data.
fn by_shape(rows: &[Row]) -> Option<usize> {
    let first_data = rows.iter().take(LOOK).position(has_data)?;
    let above = rows.get(..first_data)?;
    above
        .iter()
        .rposition(|row| row.filled() >= 2 && !holds_sizes(row))
}

/// Whether a row holds “n=1,004” and nothing else behind its first cell: it stands below the header.
fn holds_sizes(row: &Row) -> bool {
    let is_size = |cell: &Cell| {
        sized(&cell.text).is_some_and(|sized| sized.rest.is_empty() && sized.is_named)
    };
    let mut cells = row.cells.iter().skip(1);
    cells.all(|cell| cell.text.is_empty() || is_size(cell))
}

/// Whether a row holds a number, or what stands in the place of one, behind its first cell. Years stand in headers too.
fn has_data(row: &Row) -> bool {
    let is_data = |cell: &Cell| {
        let year = cell.text.len() == 4
            && cell
                .text
                .parse::<u16>()
                .is_ok_and(|year| (1900..2100).contains(&year));
        !cell.text.is_empty() && !year && (is_missing(&cell.text) || reading(&cell.text).is_some())
    };
    row.cells.iter().skip(1).any(is_data)
}
