use super::about::About;
use super::grid;
use super::layout::Layout;
use super::long;
use super::look::Look;
use super::sheet::Sheet;
use crate::present::table::Table;
use crate::survey::estimate::{Answer, Request};

/// The answer as tables: one, unless questions with a row a domain each need their own columns.
///
/// | asked | shape |
/// | --- | --- |
/// | no groups, or columns named in [`Look::show`] | a row an estimate |
/// | one number by groups | a row a domain |
/// | several by one grouping | a column a domain, where they fit the width |
/// | shares of levels by more domains | a row a domain, a column a level |
pub fn tables(answer: &Answer, request: &Request, about: &About, look: &Look) -> Vec<Table> {
    let sheet = Sheet::of(answer, request, about);
    let layout = Layout {
        answer,
        request,
        about,
        look,
        sheet: &sheet,
        letters: sheet
            .rows
            .iter()
            .any(|row| look.flags(row) && !look.hides(row)),
    };
    let all: Vec<usize> = (0..sheet.items.len()).collect();
    let measures: usize = sheet.items.iter().map(|item| item.measures.len()).sum();
    if sheet.groups() == 0 || look.show.is_some() || measures < 2 {
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
