//! Which shape a table of estimates takes.

use super::display::DisplayOptions;
use super::layout::Layout;
use super::sheet::Sheet;
use super::source::TableSource;
use super::{grid, long};
use crate::present::table::Table;
use crate::survey::estimate::SurveyEstimates;

/// Estimates as tables, `file` being the name of the respondents' file in the foot: one, unless questions with a row a domain each need their own columns.
///
/// | asked | shape |
/// | --- | --- |
/// | no groups, or columns named in [`DisplayOptions::show`] | a row an estimate |
/// | one number by groups | a row a domain |
/// | several by one grouping | a column a domain, where they fit the width |
/// | shares of levels by more domains | a row a domain, a column a level |
pub fn tables(estimates: &SurveyEstimates, file: &str, display: &DisplayOptions) -> Vec<Table> {
    let source = TableSource { file, estimates };
    let sheet = Sheet::new(&source);
    let layout = Layout {
        source: &source,
        display,
        sheet: &sheet,
        letters: sheet
            .rows
            .iter()
            .any(|row| display.flags(row) && !display.hides(row)),
    };
    let all: Vec<usize> = (0..sheet.items.len()).collect();
    let measures: usize = sheet.items.iter().map(|item| item.measures.len()).sum();
    if sheet.groups() == 0 || display.show.is_some() || measures < 2 {
        return vec![long::table(&layout, &all)];
    }
    if sheet.groups() == 1
        && let Some(table) = grid::domains_across(&layout, &all)
    {
        return vec![table];
    }
    let mut tables = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    for (at, item) in sheet.items.iter().enumerate() {
        match grid::domains_down(&layout, at).filter(|_| item.by_level) {
            None => run.push(at),
            Some(table) => {
                if !run.is_empty() {
                    tables.push(long::table(&layout, &std::mem::take(&mut run)));
                }
                tables.push(table);
            }
        }
    }
    if !run.is_empty() {
        tables.push(long::table(&layout, &run));
    }
    tables
}
