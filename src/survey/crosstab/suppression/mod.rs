//! Small counts hidden so that they can't be worked out from what is shown.
//!
//! First what has few respondents behind it: a count of 1 to N − 1, of an answer or of all others beside it, or a base of so
//! few. Then what would tell of it. All that is shown is taken as known to the reader, as the per cents with their bases
//! tell it, and what is hidden are the unknowns of a linear program: answers add up to the base, nets to their parts, columns
//! of a block and those outside of it to the total, nested columns to the outer ones. While a hidden count has fewer than N
//! values left between the least and the greatest that the program allows, the smallest count beside it in its row or column
//! is hidden, too.
//!
//! Source: the rule of complementary suppression, A. Hundepool et al., Statistical Disclosure Control (2012), chapter 4; here
//! a range of N values is to be left in place of a percentage of the count.

mod apply;
mod columns;
mod program;
mod sheet;

use super::Crosstab;
use super::table::TableKind;
use crate::survey::estimate::Error;
use columns::Columns;
use sheet::{Sheet, State};

/// A cell that is not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct HiddenCell {
    /// Number of the table.
    pub table: usize,
    pub variable: String,
    /// The answer or net; `None` of a base.
    pub level: Option<String>,
    /// `party Blue`, `Total`.
    pub column: String,
    /// Fewer respondents than the limit are behind it, or as many fewer than all; else it would tell of such a cell.
    pub small: bool,
}

impl Crosstab {
    /// Hides what has fewer than `least` respondents behind it, and what would tell of it, over all tables.
    ///
    /// # Errors
    /// Tables of which it is not known what they tell of each other.
    pub fn suppress(&mut self, least: u64) -> Result<(), Error> {
        self.check_suppression()?;
        let columns = Columns::new(self);
        let mut sheets = self.sheets(&columns)?;
        for sheet in &mut sheets {
            sheet.hide_small(least);
        }
        loop {
            let before = count_hidden(&sheets);
            share_sizes(&mut sheets);
            for sheet in &mut sheets {
                sheet.protect(&columns, least);
            }
            if count_hidden(&sheets) == before {
                break;
            }
        }
        self.hidden = self.hide(&sheets, &columns);
        Ok(())
    }

    fn check_suppression(&self) -> Result<(), Error> {
        let condition = self
            .tables
            .first()
            .and_then(|table| table.condition.clone());
        let mut tables = self.tables.iter();
        if let Some(table) =
            tables.find(|table| table.condition != condition || table.weights.is_some())
        {
            return Err(Error::Request(format!(
                "--suppress looks at the tables of one subpopulation: table {}, {}, has a condition or weights of its own",
                table.number, table.variable
            )));
        }
        let parts = self.request.banner.iter();
        let factors: Vec<_> = parts.flat_map(|part| &part.factors).collect();
        for (at, one) in factors.iter().enumerate() {
            for other in &factors[at + 1..] {
                let names = other.names();
                let shared = one.names().into_iter().find(|name| names.contains(name));
                let (one, other) = (one.to_string(), other.to_string());
                if let Some(name) = shared.filter(|_| one != other) {
                    return Err(Error::Request(format!(
                        "--suppress: the columns {one} and {other} are both of {name}, and what the ones hide the others may tell: leave one of them out"
                    )));
                }
            }
        }
        let in_banner = |name: &String| {
            factors
                .iter()
                .any(|factor| factor.names().contains(&name.as_str()))
        };
        for table in &self.tables {
            if let Some(name) = table.uses.iter().find(|name| in_banner(name)) {
                return Err(Error::Request(format!(
                    "--suppress: {name} is in the banner, too, and the table of {} may tell the bases of columns that are hidden: leave it out",
                    table.variable
                )));
            }
        }
        Ok(())
    }

    /// What is counted of each question, whatever tables show it.
    fn sheets(&self, columns: &Columns) -> Result<Vec<Sheet>, Error> {
        let mut sheets: Vec<Sheet> = Vec::new();
        let own = |kind: TableKind| !matches!(kind, TableKind::Grid | TableKind::Battery);
        for table in self.tables.iter().filter(|table| own(table.kind)) {
            let sheet = Sheet::new(table, columns);
            for other in &sheets {
                let shared = sheet.uses.iter().find(|name| other.uses.contains(name));
                let numbers = sheet.is_number && other.is_number;
                if let Some(name) = shared.filter(|_| !numbers) {
                    return Err(Error::Request(format!(
                        "--suppress: {} and {} are both of {name}, and what the one hides the other may tell: leave one of them out",
                        other.variable, sheet.variable
                    )));
                }
            }
            sheets.push(sheet);
        }
        // without a banner the questions of a grid have no table of their own
        let grids = self.tables.iter();
        for table in grids.filter(|table| table.kind == TableKind::Grid) {
            for (at, column) in table.columns.iter().enumerate() {
                if !sheets.iter().any(|sheet| sheet.variable == column.name) {
                    sheets.push(Sheet::of_grid(table, at));
                }
            }
        }
        Ok(sheets)
    }
}

fn count_hidden(sheets: &[Sheet]) -> usize {
    let lines = sheets.iter().flat_map(|sheet| &sheet.lines);
    let states = lines.flat_map(|line| &line.states);
    states.filter(|state| **state == State::Hidden).count()
}

/// Where everybody answered, the base of a question is the size of the column, and that is one number: hidden in one table,
/// hidden in all, and told by any that shows it.
fn share_sizes(sheets: &mut [Sheet]) {
    let mut sizes: Vec<State> = Vec::new();
    for sheet in sheets.iter() {
        for (at, state) in sheet.sizes().into_iter().enumerate() {
            match sizes.get_mut(at) {
                Some(known) => *known = (*known).max(state),
                None => sizes.push(state),
            }
        }
    }
    for sheet in sheets {
        sheet.set_sizes(&sizes);
    }
}
