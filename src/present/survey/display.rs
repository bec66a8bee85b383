//! How estimates are printed: columns, decimals, what a small base does.

use std::str::FromStr;

use crate::frames::Estimate;
use crate::survey::estimate::SMALL_BASE;

/// How estimates are printed.
#[derive(Clone, Debug)]
pub struct DisplayOptions {
    /// Columns beside the estimate; `None` for the interval and the bases, in the shape that reads best.
    pub show: Option<Vec<DisplayColumn>>,
    /// Decimals of per cents.
    pub decimals: usize,
    /// Estimates on a base below this carry a letter.
    pub flag_base: f64,
    /// Estimates on a base below this are not shown.
    pub min_base: f64,
    /// Display columns there are.
    pub width: usize,
}

/// Bases below this are not shown where nothing else is said.
pub const LEAST_BASE: f64 = 30.0;

impl Default for DisplayOptions {
    fn default() -> DisplayOptions {
        DisplayOptions {
            show: None,
            decimals: 0,
            flag_base: SMALL_BASE,
            min_base: LEAST_BASE,
            width: 100,
        }
    }
}

impl DisplayOptions {
    /// Whether an estimate rests on too few: the smaller of respondents and what they are worth.
    pub fn hides(&self, row: &Estimate) -> bool {
        row.estimate.is_some() && base(row) < self.min_base
    }

    /// Whether intervals stand in the table.
    pub fn shows_intervals(&self) -> bool {
        let show = self.show.as_deref();
        show.is_none_or(|show| show.contains(&DisplayColumn::Ci))
    }

    /// Whether an estimate that is shown rests on few.
    pub fn flags(&self, row: &Estimate) -> bool {
        row.estimate.is_some() && base(row) < self.flag_base
    }
}

fn base(row: &Estimate) -> f64 {
    let n = row.n.unwrap_or(f64::INFINITY);
    n.min(row.n_eff.unwrap_or(f64::INFINITY))
}

/// A column beside the estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayColumn {
    Se,
    Ci,
    Deff,
    Df,
    N,
    NEff,
    WeightedN,
}

impl DisplayColumn {
    pub const ALL: [DisplayColumn; 7] = [
        DisplayColumn::Se,
        DisplayColumn::Ci,
        DisplayColumn::Deff,
        DisplayColumn::Df,
        DisplayColumn::N,
        DisplayColumn::NEff,
        DisplayColumn::WeightedN,
    ];

    /// The name on the command line, which is that of the column in CSV and JSON.
    pub fn name(self) -> &'static str {
        match self {
            DisplayColumn::Se => "se",
            DisplayColumn::Ci => "ci",
            DisplayColumn::Deff => "deff",
            DisplayColumn::Df => "df",
            DisplayColumn::N => "n",
            DisplayColumn::NEff => "n_eff",
            DisplayColumn::WeightedN => "weighted_n",
        }
    }
}

impl FromStr for DisplayColumn {
    type Err = String;

    fn from_str(given: &str) -> Result<DisplayColumn, String> {
        let found = DisplayColumn::ALL
            .into_iter()
            .find(|show| show.name() == given);
        found.ok_or_else(|| {
            let names = DisplayColumn::ALL.map(DisplayColumn::name);
            format!("there is no column {given}; there are {}", names.join(", "))
        })
    }
}
