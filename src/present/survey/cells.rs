//! Estimates as the texts of cells.

use super::cells;
use super::display::{DisplayColumn, DisplayOptions};
use super::source::percent_of;
use crate::frames::{Estimate, Statistic};
use crate::present::table::digits::{decimals_of_interval, number, percent, range, signed};
use crate::present::table::{Align, Cell, Column, Emphasis};

/// What stands where an estimate is not shown.
pub const HIDDEN: &str = "/";

/// The estimate: "54", "644.2", `*`, `-`, `/` where the base is too small.
pub fn estimate(row: &Estimate, display: &DisplayOptions, decimals: usize) -> String {
    match (row.estimate, row.statistic) {
        (None, _) => String::new(),
        (Some(_), _) if display.hides(row) => HIDDEN.to_owned(),
        (Some(share), Statistic::Proportion | Statistic::ShareSum) => {
            percent(share, display.decimals)
        }
        (Some(points), Statistic::ShareDifference) => signed(100.0 * points, 1),
        (Some(value), _) => number(value, decimals_of_interval(decimals, row.interval())),
    }
}

/// The letter of a small base.
pub fn letter(row: &Estimate, display: &DisplayOptions) -> &'static str {
    match display.flags(row) && !display.hides(row) {
        true => "b",
        false => "",
    }
}

/// The interval: per cents with one decimal, numbers as the estimate.
pub fn interval(row: &Estimate, display: &DisplayOptions, decimals: usize) -> Cell {
    if display.hides(row) {
        return Cell::from(HIDDEN);
    }
    let scale = row.statistic.printed_scale();
    match row.interval() {
        None if row.estimate.is_none() => Cell::default(),
        None => Cell::no_interval(),
        Some(bounds) if scale == 1.0 => {
            let decimals = decimals_of_interval(decimals, Some(bounds));
            Cell::from(range(bounds.0, bounds.1, decimals))
        }
        Some((low, high)) => Cell::from(range(scale * low, scale * high, 1)),
    }
}

/// Half the width of the interval.
pub fn margin(row: &Estimate) -> Option<f64> {
    let scale = row.statistic.printed_scale();
    row.interval().map(|(low, high)| scale * (high - low) / 2.0)
}

/// The standard error: points with two decimals for shares, one digit more than the estimate else.
pub fn se(row: &Estimate, display: &DisplayOptions, decimals: usize) -> String {
    match (row.se, row.statistic) {
        (None, _) => String::new(),
        (Some(_), _) if display.hides(row) => HIDDEN.to_owned(),
        (Some(se), statistic) if statistic.printed_scale() != 1.0 => number(100.0 * se, 2),
        (Some(se), _) => number(se, decimals_of_interval(decimals, row.interval()) + 1),
    }
}

/// A whole number, where it is known.
pub fn count(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| number(value, 0))
}

pub fn with_decimals(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(String::new, |value| number(value, decimals))
}

/// Columns beside the label: the estimate, what is shown beside it, the letter of a small base.
pub struct Columns<'a> {
    pub display: &'a DisplayOptions,
    pub show: Vec<DisplayColumn>,
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

    fn head(&self, show: DisplayColumn) -> Column {
        // what was asked for by name is never left out
        let from = |column: Column, width: usize| match self.display.show {
            None => column.from_width(width),
            Some(_) => column,
        };
        match show {
            DisplayColumn::Se => Column::new("se", Align::Decimal),
            DisplayColumn::Ci => Column::new(
                &format!("{}% interval", percent_of(self.level)),
                Align::Right,
            ),
            DisplayColumn::Deff => Column::new("deff", Align::Decimal),
            DisplayColumn::Df => Column::new("df", Align::Right).emphasis(Emphasis::Dim),
            DisplayColumn::N => Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            DisplayColumn::NEff => {
                from(Column::new("eff. n", Align::Right), 70).emphasis(Emphasis::Dim)
            }
            DisplayColumn::WeightedN => {
                from(Column::new("weighted n", Align::Right), 80).emphasis(Emphasis::Dim)
            }
        }
    }

    pub fn cells(&self, row: &Estimate, decimals: usize) -> Vec<Cell> {
        let mut estimate = cells::estimate(row, self.display, decimals);
        let number = estimate.contains(|c: char| c.is_ascii_digit());
        if self.unit.is_none() && number {
            estimate.push_str(match row.statistic {
                Statistic::Proportion | Statistic::ShareSum => "%",
                Statistic::ShareDifference => " points",
                _ => "",
            });
        }
        let error = match number {
            true => cells::se(row, self.display, decimals),
            false => String::new(),
        };
        let mut cells = vec![Cell::from(estimate).with_error(error)];
        cells.extend(self.show.iter().map(|show| self.cell(row, *show, decimals)));
        if self.letters {
            cells.push(Cell::from(cells::letter(row, self.display)));
        }
        cells
    }

    fn cell(&self, row: &Estimate, show: DisplayColumn, decimals: usize) -> Cell {
        match show {
            DisplayColumn::Ci => cells::interval(row, self.display, decimals),
            DisplayColumn::Se => cells::se(row, self.display, decimals).into(),
            DisplayColumn::Deff => cells::with_decimals(row.deff, 2).into(),
            DisplayColumn::Df => cells::count(row.df).into(),
            DisplayColumn::N => cells::count(row.n).into(),
            DisplayColumn::NEff => cells::count(row.n_eff).into(),
            DisplayColumn::WeightedN => cells::count(row.weighted_n).into(),
        }
    }
}
