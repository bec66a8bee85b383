//! What all shapes of a table of estimates share: head, legend, notes.

use super::cells::HIDDEN;
use super::display::{DisplayColumn, DisplayOptions};
use super::foot::{interval_method, sentence};
use super::sheet::{Measure, Sheet, SheetItem};
use super::source::TableSource;
use crate::frames::words::and;
use crate::present::table::Table;
use crate::survey::estimate::Part;

/// What is laid out, and how.
pub(super) struct Layout<'a> {
    pub source: &'a TableSource<'a>,
    pub display: &'a DisplayOptions,
    pub sheet: &'a Sheet<'a>,
    /// Whether any estimate carries the letter of a small base.
    pub letters: bool,
}

impl Layout<'_> {
    pub fn items(&self, chosen: &[usize]) -> Vec<&SheetItem> {
        let items = chosen.iter().filter_map(|at| self.sheet.items.get(*at));
        items.collect()
    }

    /// A table with its head and foot, and nothing in it yet.
    pub fn framed(&self, chosen: &[usize]) -> Table {
        let title = match self.items(chosen).as_slice() {
            [only] => only.head.clone(),
            _ => match self.source.estimates.codebook.title.as_deref() {
                Some(title) if !title.is_empty() => title.to_owned(),
                _ => self.source.file.to_owned(),
            },
        };
        let groups: Vec<String> = self
            .source
            .estimates
            .request
            .by
            .iter()
            .map(|g| g.name.clone())
            .collect();
        Table {
            title,
            aside: match groups.is_empty() {
                true => String::new(),
                false => format!("by {}", and(&groups)),
            },
            foot: self
                .source
                .foot(self.sheet, chosen, self.display.shows_intervals()),
            interval_method: Some(interval_method(self.source.estimates, chosen)),
            ..Table::default()
        }
    }

    /// What the signs in the cells mean, and why estimates or intervals are not there.
    pub fn explained(&self, mut table: Table, chosen: &[usize]) -> Table {
        table.legend = self.legend(&table);
        let mut notes = self.notes(chosen);
        let show = self.display.show.as_deref().unwrap_or_default();
        if show.contains(&DisplayColumn::Deff) {
            let note = self.source.estimates.deff_note();
            notes.extend(note.map(|note| sentence(&note)));
        }
        table.foot.splice(0..0, notes);
        table
    }

    fn legend(&self, table: &Table) -> Vec<(char, String)> {
        let rows = table.blocks.iter().flat_map(|block| &block.rows);
        let cells: Vec<&str> = rows
            .flat_map(|row| row.cells.iter().map(|cell| cell.text.trim_end()))
            .collect();
        let any = |is: &dyn Fn(&str) -> bool| cells.iter().any(|cell| is(cell));
        let bare = |cell: &str| cell.split(' ').next().unwrap_or("").to_owned();
        let least = 0.5 * 0.1_f64.powi(self.display.decimals as i32);
        let least = (least * 1e6).round() / 1e6;
        let (flagged, hidden) = (self.display.flag_base, self.display.min_base);
        let keys = [
            (
                '*',
                any(&|cell| bare(cell).trim_end_matches('b') == "*"),
                format!("under {least}%"),
            ),
            (
                '-',
                any(&|cell| bare(cell).trim_end_matches('b') == "-"),
                "nobody".to_owned(),
            ),
            (
                '/',
                any(&|cell| cell == HIDDEN),
                format!("not shown: base under {hidden} (the smaller of n and effective n)"),
            ),
            (
                'b',
                any(&|cell| bare(cell).ends_with('b')),
                format!("base under {flagged} (the smaller of n and effective n)"),
            ),
        ];
        let used = keys.into_iter().filter(|(_, is, _)| *is);
        used.map(|(sign, _, meaning)| (sign, meaning)).collect()
    }

    /// "2 estimates without an interval: no logit interval at 0%." What is said beside an interval is said once: all of it where
    /// it is the same of all, else what it begins with.
    fn notes(&self, chosen: &[usize]) -> Vec<String> {
        let mut notes: Vec<(&str, bool, usize)> = Vec::new();
        let mut beside: Vec<&str> = Vec::new();
        let estimates = self.source.estimates;
        for (key, row) in estimates.keys.iter().zip(&estimates.rows) {
            let chosen = chosen.contains(&key.item) && key.part != Part::Missing;
            if !chosen || row.note.is_empty() || self.display.hides(row) {
                continue;
            }
            if row.ci_low.is_some() {
                if !beside.contains(&row.note.as_str()) {
                    beside.push(&row.note);
                }
                continue;
            }
            let there = row.estimate.is_some();
            match notes
                .iter_mut()
                .find(|(note, is, _)| *note == row.note && *is == there)
            {
                Some((_, _, count)) => *count += 1,
                None => notes.push((&row.note, there, 1)),
            }
        }
        let sentence = |(note, there, count): (&str, bool, usize)| {
            let s = if count == 1 { "" } else { "s" };
            match there {
                true => format!("{count} estimate{s} without an interval: {note}."),
                false => format!("{count} estimate{s} left empty: {note}."),
            }
        };
        let mut beginnings: Vec<&str> = match beside.as_slice() {
            [only] => vec![only],
            several => several
                .iter()
                .map(|note| note.split(':').next().unwrap_or(note))
                .collect(),
        };
        beginnings.dedup();
        let beginnings = beginnings.into_iter().map(|note| format!("{note}."));
        beginnings.chain(notes.into_iter().map(sentence)).collect()
    }
}

/// The rows of a measure that are estimates.
pub(super) fn is_estimate(measure: &Measure) -> bool {
    measure.part != Part::Missing
}
