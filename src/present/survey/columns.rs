//! The columns of a table with a row an estimate.

use super::about::percent_of;
use super::cells;
use super::look::{Look, Show};
use crate::frames::{Estimate, Statistic};
use crate::present::table::{Align, Cell, Column, Emphasis};

/// Columns beside the label: the estimate, what is shown beside it, the letter of a small base.
pub struct Columns<'a> {
    pub look: &'a Look,
    pub show: Vec<Show>,
    pub level: f64,
    /// What the estimates are, where they are all the same.
    pub unit: Option<String>,
    /// Whether any estimate has a letter.
    pub letters: bool,
}

impl Columns<'_> {
    pub fn heads(&self) -> Vec<Column> {
        let unit = self.unit.as_deref().unwrap_or("estimate");
        let mut heads = vec![Column::new(unit, Align::Decimal).emphasis(Emphasis::Strong)];
        heads.extend(self.show.iter().map(|show| self.head(*show)));
        if self.letters {
            heads.push(Column::new("", Align::Left));
        }
        heads
    }

    fn head(&self, show: Show) -> Column {
        // what was asked for by name is never left out
        let from = |column: Column, width: usize| match self.look.show {
            None => column.from_width(width),
            Some(_) => column,
        };
        match show {
            Show::Se => Column::new("se", Align::Decimal),
            Show::Ci => Column::new(
                &format!("{}% interval", percent_of(self.level)),
                Align::Right,
            ),
            Show::Deff => Column::new("deff", Align::Decimal),
            Show::Df => Column::new("df", Align::Right).emphasis(Emphasis::Dim),
            Show::N => Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Show::NEff => from(Column::new("eff. n", Align::Right), 70).emphasis(Emphasis::Dim),
            Show::WeightedN => {
                from(Column::new("weighted n", Align::Right), 80).emphasis(Emphasis::Dim)
            }
        }
    }

    pub fn cells(&self, row: &Estimate, decimals: usize) -> Vec<Cell> {
        let mut estimate = cells::estimate(row, self.look, decimals);
        let number = estimate.starts_with(|c: char| c.is_ascii_digit());
        if self.unit.is_none() && row.statistic == Statistic::Proportion && number {
            estimate.push('%');
        }
        let mut cells = vec![Cell::from(estimate)];
        cells.extend(self.show.iter().map(|show| self.cell(row, *show, decimals)));
        if self.letters {
            cells.push(Cell::from(cells::letter(row, self.look)));
        }
        cells
    }

    fn cell(&self, row: &Estimate, show: Show, decimals: usize) -> Cell {
        match show {
            Show::Ci => cells::interval(row, self.look, decimals),
            Show::Se => cells::se(row, self.look, decimals).into(),
            Show::Deff => cells::with_decimals(row.deff, 2).into(),
            Show::Df => cells::count(row.df).into(),
            Show::N => cells::count(row.n).into(),
            Show::NEff => cells::count(row.n_eff).into(),
            Show::WeightedN => cells::count(row.weighted_n).into(),
        }
    }
}
