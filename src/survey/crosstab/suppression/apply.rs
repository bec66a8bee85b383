//! What is hidden is taken out of the tables.

use std::collections::HashMap;

use super::HiddenCell;
use super::columns::Columns;
use super::sheet::{Counted, Line, Sheet, State};
use crate::survey::crosstab::difference::Other;
use crate::survey::crosstab::letters::{adjust_families, mark};
use crate::survey::crosstab::request::{Options, Percent};
use crate::survey::crosstab::table::{Row, RowPart, Table, TableKind};
use crate::survey::crosstab::{Block, Cell, Column, Crosstab};

/// What a hidden cell says of itself.
const NOTE: &str = "hidden: few respondents are behind it, or it would tell of few";

impl Crosstab {
    /// Takes out of all tables what the sheets hide, and says what that was.
    pub(super) fn hide(&mut self, sheets: &[Sheet], columns: &Columns) -> Vec<HiddenCell> {
        let of_variable: HashMap<&str, &Sheet> = sheets
            .iter()
            .map(|sheet| (sheet.variable.as_str(), sheet))
            .collect();
        let (banner, blocks) = (self.columns.clone(), self.blocks.clone());
        let options = self.request.options.clone();
        let mut all = Vec::new();
        for table in &mut self.tables {
            let hiding = Hiding {
                of_variable: &of_variable,
                columns,
                banner: (&banner, &blocks),
                kind: table.kind,
                percent: table.percent,
                variable: table.variable.clone(),
                own: table.columns.clone(),
            };
            all.extend(hiding.hide(table, &options));
        }
        all
    }
}

/// How one table is changed.
struct Hiding<'a> {
    of_variable: &'a HashMap<&'a str, &'a Sheet>,
    columns: &'a Columns,
    banner: (&'a [Column], &'a [Block]),
    kind: TableKind,
    percent: Percent,
    variable: String,
    own: std::sync::Arc<Vec<Column>>,
}

impl Hiding<'_> {
    fn hide(&self, table: &mut Table, options: &Options) -> Vec<HiddenCell> {
        let mut all = Vec::new();
        let hidden_cell = |level: Option<&String>, at: usize, small: bool| HiddenCell {
            table: table.number,
            variable: table.variable.clone(),
            level: level.cloned(),
            column: self.column_name(at),
            small,
        };
        for row in &mut table.rows {
            for at in 0..row.cells.len() {
                let Some((sheet, column)) = self.sheet(Some(row), at) else {
                    continue;
                };
                let base = sheet.hides_column(column);
                let line = sheet.line_of(row);
                let hidden = match line {
                    Some(line) => line.is_hidden(column),
                    // a mean of scores is one more sum of the counts
                    None => sheet.lines.iter().any(|line| line.is_hidden(column)),
                };
                if let Some(line) = line.filter(|_| hidden && !base) {
                    all.push(hidden_cell(row.level.as_ref(), at, line.small[column]));
                }
                let base = base || hidden && self.hides_base(sheet, row, at);
                if hidden {
                    hide(&mut row.cells[at]);
                }
                row.cells[at].hidden_base = base;
            }
            hide_indices(row);
            hide_differences(row, &self.own, options);
            mark(row, &self.own, options.alpha);
        }
        for at in 0..table.bases.len() {
            let hidden = match table.kind {
                TableKind::Battery => {
                    let mut cells = table.rows.iter().map(|row| &row.cells[at]);
                    cells.any(|cell| cell.hidden_base)
                }
                _ => self
                    .sheet(None, at)
                    .is_some_and(|(sheet, at)| sheet.hides_column(at)),
            };
            table.bases[at].hidden = hidden;
            if hidden {
                let small = self.sheet(None, at);
                let small = small.is_some_and(|(sheet, at)| sheet.lines[0].small[at]);
                all.push(HiddenCell {
                    table: table.number,
                    variable: table.variable.clone(),
                    level: None,
                    column: self.column_name(at),
                    small,
                });
            }
        }
        if let Some((sheet, _)) = self.sheet(None, 0) {
            table.without.iter_mut().for_each(|of| {
                let mut lines = sheet.lines.iter();
                let is_own =
                    |line: &&Line| line.counted == Counted::TakenOff && line.name == of.level;
                of.share = of
                    .share
                    .filter(|_| lines.find(is_own).is_none_or(|line| !line.is_hidden(0)));
            });
        }
        hide_tests(table);
        if let Some(at) = table.sorted_by {
            table.arrange(at);
        }
        all
    }

    /// What is counted of the question of a row, and its column there.
    fn sheet(&self, row: Option<&Row>, at: usize) -> Option<(&Sheet, usize)> {
        let of_battery = row.and_then(|row| row.of.as_ref());
        let (variable, column) = match (self.kind, of_battery) {
            (TableKind::Grid, _) => (self.own[at].name.as_str(), 0),
            (_, Some((variable, _))) => (variable.as_str(), at),
            _ => (self.variable.as_str(), at),
        };
        Some((self.of_variable.get(variable).copied()?, column))
    }

    /// Whether what a hidden number is a share or mean of is hidden with it.
    fn hides_base(&self, sheet: &Sheet, row: &Row, at: usize) -> bool {
        let Some(line) = sheet.line_of(row).filter(|_| row.part != RowPart::Missing) else {
            // of some of the answers, or of itself
            return true;
        };
        let is_hidden = |states: &[State], block: usize| {
            states.get(self.columns.of_block(block)) == Some(&State::Hidden)
        };
        match (self.percent, self.own[at].block) {
            (Percent::Row, None) => true,
            (Percent::Row, Some(block)) => is_hidden(&line.states, block),
            (Percent::Total, Some(block)) => is_hidden(&sheet.lines[0].states, block),
            _ => false,
        }
    }

    fn column_name(&self, at: usize) -> String {
        let (columns, blocks) = self.banner;
        match (self.kind, columns.get(at)) {
            (TableKind::Grid, _) | (_, None) => self.own[at].name.clone(),
            (_, Some(column)) => match column.block {
                Some(block) => format!("{} {}", blocks[block].name, column.name),
                None => column.name.clone(),
            },
        }
    }
}

fn hide(cell: &mut Cell) {
    let kept = std::mem::take(cell);
    *cell = Cell {
        n: kept.n,
        weighted_n: kept.weighted_n,
        base_n_eff: kept.base_n_eff,
        small_base: kept.small_base,
        untested: kept.untested,
        hidden: true,
        note: NOTE.to_owned(),
        ..Cell::default()
    };
}

/// With a share its index tells that of the total.
fn hide_indices(row: &mut Row) {
    if row.cells.first().is_some_and(|total| total.hidden) {
        row.cells.iter_mut().for_each(|cell| cell.index = None);
    }
}

/// A difference tells of both of its columns; without it the family is a smaller one, for an adjusted p-value may be that of
/// another pair.
fn hide_differences(row: &mut Row, columns: &[Column], options: &Options) {
    let hidden: Vec<bool> = row.cells.iter().map(|cell| cell.hidden).collect();
    let mut any = false;
    for of in &mut row.differences {
        let other = match of.b {
            Other::Column(at) => hidden[at],
            Other::Rest | Other::Total => hidden[0],
        };
        if hidden[of.a] || other {
            (of.estimate, of.se, of.t, of.df) = (None, None, None, None);
            (of.ci_low, of.ci_high, of.p_value, of.p_adjusted) = (None, None, None, None);
            "hidden: one of the two is".clone_into(&mut of.note);
            any = true;
        }
    }
    if any {
        adjust_families(&mut row.differences, columns, options);
    }
}

/// The test of a whole table is made of every count.
fn hide_tests(table: &mut Table) {
    let Table { rows, blocks, .. } = &*table;
    let is_hidden = |block: usize| {
        let columns = blocks
            .get(block)
            .map(|block| block.columns.clone())
            .unwrap_or_default();
        let mut cells = rows
            .iter()
            .flat_map(|row| row.cells.get(columns.clone()).unwrap_or(&[]));
        cells.any(|cell| cell.hidden)
    };
    let hidden: Vec<usize> = table.tests.iter().map(|(block, _)| *block).collect();
    let hidden: Vec<usize> = hidden
        .into_iter()
        .filter(|block| is_hidden(*block))
        .collect();
    table.tests.retain(|(block, _)| !hidden.contains(block));
    table.hidden_tests = hidden;
}
