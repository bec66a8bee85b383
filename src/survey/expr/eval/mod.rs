//! A bound expression, worked out for the respondents of a batch.

mod levels;
mod numeric;
mod truth;

use std::borrow::Cow;

use super::Bound;
use super::bind::Plan;
use crate::survey::microdata::{Batch, Coded, Column};

/// A condition does not hold.
pub const FALSE: u8 = 0;
/// A condition holds.
pub const TRUE: u8 = 1;
/// Whether a condition holds is not known: an answer is missing.
pub const UNKNOWN: u8 = 2;

/// What an expression comes to in a batch, one entry a respondent.
#[derive(Clone, Debug)]
pub enum Output<'b> {
    /// Levels. A variable by itself is passed through as it is.
    Codes(Cow<'b, Coded>),
    /// NaN where missing.
    Numbers(Cow<'b, [f64]>),
    /// [`FALSE`], [`TRUE`] or [`UNKNOWN`].
    Truth(Vec<u8>),
}

impl Bound {
    /// Works it out for the respondents of a batch.
    ///
    /// `columns[i]` says where in the batch the column of the i-th of [`Bound::requests`] stands. `not`, `and` and `or`
    /// follow Kleene's logic: `and` is the least of its parts and `or` the greatest, with false < unknown < true (Kleene,
    /// Introduction to Metamathematics, 1952, §64).
    ///
    /// # Panics
    /// Where a column is missing, or in another view than was asked for: a mistake of the caller, not of the file.
    pub fn run<'b>(&self, batch: &'b Batch, columns: &[usize]) -> Output<'b> {
        let rows = Rows { batch, columns };
        match &self.plan {
            Plan::Codes(coding) => Output::Codes(rows.coded(coding)),
            Plan::Numbers(numeric) => Output::Numbers(rows.numbers(numeric).all(batch.rows)),
            Plan::Condition(truth) => Output::Truth(rows.truth(truth)),
        }
    }
}

/// The respondents of a batch, by the numbers of the requests.
#[derive(Clone, Copy)]
pub(super) struct Rows<'b, 'c> {
    pub(super) batch: &'b Batch,
    columns: &'c [usize],
}

impl<'b> Rows<'b, '_> {
    fn column(&self, request: usize) -> Option<&'b Column> {
        let at = self.columns.get(request)?;
        self.batch.columns.get(*at)
    }

    // a plan and the requests that its numbers point at are made in one go, and a scan reads them as they are written: no file
    // can bring another kind of column here
    pub(super) fn column_of_numbers(&self, request: usize) -> &'b [f64] {
        match self.column(request) {
            Some(Column::Numbers(numbers)) => numbers,
            _ => panic!("request {request} of an expression has no column of numbers"),
        }
    }

    pub(super) fn column_of_codes(&self, request: usize) -> &'b Coded {
        match self.column(request) {
            Some(Column::Codes(coded)) => coded,
            _ => panic!("request {request} of an expression has no column of codes"),
        }
    }
}
