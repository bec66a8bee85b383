//! One pass over the file: rows are kept, or added up by those who are alike.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::cells::{BatchRows, Cells, coded_column};
use super::columns::ColumnRequest;
use crate::survey::estimate::Error;
use crate::survey::expr::{Output, TRUE};
use crate::survey::microdata::{Batch, Coded, Codes, Source, Value};
use crate::survey::sums::{
    Chain, Mode, Operand, Plan, Sums, Weights, coded, codes_of, numbers, numbers_of,
    replicate_weights, scan_with,
};

/// What was kept of a batch.
pub struct Part {
    pub first_row: u64,
    /// How many lie in the subpopulation.
    pub inside: usize,
    /// Those of them with a weight above 0, by their row in the batch; nobody where all sets were added up.
    pub rows: Vec<u32>,
    pub weights: Vec<f64>,
    pub replicates: Vec<Vec<f64>>,
    /// Set by set; nothing of those that were added up.
    pub columns: Vec<Vec<PartColumn>>,
}

pub enum PartColumn {
    Numbers(Vec<f64>),
    Levels(Codes, Arc<Vec<Value>>),
}

/// A column and where its values come from.
pub struct RequestedColumn<'a> {
    pub request: &'a ColumnRequest,
    pub operand: Operand,
}

/// What one pass keeps: rows of some sets, sums of others.
pub struct Kept {
    /// In the order of the file.
    pub parts: Vec<Part>,
    /// Set by set, where they were added up.
    pub cells: Vec<Option<Cells>>,
}

/// One pass over the file.
pub struct Pass<'a> {
    plan: &'a Plan,
    requested: &'a [Vec<RequestedColumn<'a>>],
    /// Whether the rows of a set are kept: a batch in which adding up does not pay decides it for all.
    keeps_rows: Vec<AtomicBool>,
    idle: Mutex<Vec<ThreadCells>>,
    parts: Mutex<Vec<Part>>,
}

/// What one thread has added up.
struct ThreadCells {
    units: Chain,
    sets: Vec<Cells>,
}

impl<'a> Pass<'a> {
    /// Goes over the file until each set is kept in one way: a second time where a late batch said that adding up does not pay.
    pub fn scanned(
        source: &dyn Source,
        plan: &'a Plan,
        requested: &'a [Vec<RequestedColumn<'a>>],
        keeps_rows: bool,
    ) -> Result<(Sums, Kept), Error> {
        let design = &plan.design;
        let keeps_rows = keeps_rows
            || plan.mode == Mode::Rows
            || design.classes.is_some()
            || matches!(design.weights, Weights::Implied(_));
        let mut keeps: Vec<bool> = requested
            .iter()
            .map(|set| keeps_rows || set.is_empty())
            .collect();
        loop {
            let pass = Pass {
                plan,
                requested,
                keeps_rows: keeps.iter().copied().map(AtomicBool::new).collect(),
                idle: Mutex::default(),
                parts: Mutex::default(),
            };
            let sums = scan_with(source, plan, &|batch| pass.add(batch))?;
            keeps = pass
                .keeps_rows
                .iter()
                .map(|keeps| keeps.load(Ordering::Relaxed))
                .collect();
            let (parts, cells) = pass.finish();
            let is_torn = |(cells, keeps): (&Cells, &bool)| *keeps && !cells.is_empty();
            if !cells.iter().zip(&keeps).any(is_torn) {
                let each = cells.into_iter().zip(keeps);
                let cells = each
                    .map(|(cells, keeps)| (!keeps).then_some(cells))
                    .collect();
                return Ok((sums, Kept { parts, cells }));
            }
        }
    }

    /// Keeps what is wanted of a batch.
    fn add(&self, batch: &Batch) {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut cells = idle.unwrap_or_else(|| ThreadCells {
            units: Chain::new(self.unit_columns().count()),
            sets: self
                .requested
                .iter()
                .map(|set| Cells::new(set.len()))
                .collect(),
        });
        let part = self.part(batch, &mut cells);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(cells);
        }
        if let Ok(mut parts) = self.parts.lock() {
            parts.push(part);
        }
    }

    /// The columns that make the units of the variance.
    fn unit_columns(&self) -> impl Iterator<Item = usize> {
        let (design, mode) = (&self.plan.design, self.plan.mode);
        let strata = design
            .strata
            .iter()
            .filter(move |_| mode != Mode::Replicates);
        let psu = design.psu.iter().filter(move |_| mode == Mode::Units);
        strata.chain(psu).copied()
    }

    fn part(&self, batch: &Batch, cells: &mut ThreadCells) -> Part {
        let plan = self.plan;
        let inside = plan
            .condition
            .as_ref()
            .map(|condition| condition.run(batch));
        let mut rows: Vec<u32> = match inside {
            Some(Output::Truth(truth)) => (0..batch.rows as u32)
                .filter(|row| truth[*row as usize] == TRUE)
                .collect(),
            _ => (0..batch.rows as u32).collect(),
        };
        let inside = rows.len();
        let first = batch.first_row as usize;
        let expression;
        let weights: Option<&[f64]> = match &plan.design.weights {
            Weights::Column(at) => Some(numbers(batch, *at)),
            Weights::Expression(operand) => {
                expression = operand.numbers(batch);
                Some(&expression)
            }
            Weights::PerRow(all) => Some(all.get(first..first + batch.rows).unwrap_or_default()),
            _ => None,
        };
        if let Some(weights) = weights {
            rows.retain(|row| weights[*row as usize] > 0.0);
        }
        let chosen = Chosen {
            is_all: rows.len() == batch.rows,
            rows: &rows,
        };
        let own = weights.map_or_else(|| vec![1.0; rows.len()], |w| chosen.entries(w));
        self.add_up(batch, (&chosen, weights, &own), cells);
        let keeps = |set: usize| self.keeps_rows[set].load(Ordering::Relaxed);
        let of_set = |(set, requested): (usize, &Vec<RequestedColumn>)| match keeps(set) {
            true => requested
                .iter()
                .map(|requested| chosen.column(requested, batch))
                .collect(),
            false => Vec::new(),
        };
        let columns: Vec<Vec<PartColumn>> = self.requested.iter().enumerate().map(of_set).collect();
        let mut part = Part {
            first_row: batch.first_row,
            inside,
            rows: Vec::new(),
            weights: Vec::new(),
            replicates: Vec::new(),
            columns,
        };
        if (0..self.requested.len()).any(keeps) {
            let replicates = plan.design.replicates.iter();
            part.replicates = replicates
                .map(|at| chosen.entries(numbers(batch, *at)))
                .collect();
            part.weights = own;
            part.rows = rows;
        }
        part
    }

    /// Adds the sets up of which rows are not kept, and finds those where it does not pay.
    fn add_up(
        &self,
        batch: &Batch,
        (chosen, weights, own): (&Chosen, Option<&[f64]>, &[f64]),
        cells: &mut ThreadCells,
    ) {
        let pending = self
            .keeps_rows
            .iter()
            .zip(self.requested)
            .zip(&mut cells.sets);
        let pending = pending.filter(|((keeps, _), _)| !keeps.load(Ordering::Relaxed));
        let mut pending = pending.peekable();
        if pending.peek().is_none() || chosen.rows.is_empty() {
            return;
        }
        let replicates = replicate_weights(&self.plan.design, batch, weights.unwrap_or(own));
        let replicates: Vec<&[f64]> = replicates.iter().map(AsRef::as_ref).collect();
        let rows = BatchRows {
            first_row: batch.first_row,
            rows: chosen.rows,
            weights: own,
            replicates: &replicates,
        };
        let units: Vec<Coded> = self
            .unit_columns()
            .filter_map(|at| coded(batch, at))
            .map(|coded| chosen.coded(coded))
            .collect();
        let of_row = cells.units.number(chosen.rows.len(), units.iter());
        let units = (of_row.as_slice(), cells.units.len());
        for ((keeps, requested), cells) in pending {
            let columns: Option<Vec<Coded>> = requested
                .iter()
                .map(|requested| {
                    let coded = coded_column(requested.request.kind, requested.operand.run(batch))?;
                    Some(chosen.coded(&coded))
                })
                .collect();
            let pays = own.iter().all(|w| SQUARED.contains(w))
                && columns.is_some_and(|columns| cells.add(&rows, units, &columns));
            if !pays {
                keeps.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The parts in their order, and what all threads have added up.
    fn finish(self) -> (Vec<Part>, Vec<Cells>) {
        let mut parts = self.parts.into_inner().unwrap_or_default();
        parts.sort_by_key(|part| part.first_row);
        let mut threads = self.idle.into_inner().unwrap_or_default().into_iter();
        let Some(mut all) = threads.next() else {
            let empty = self.requested.iter().map(|set| Cells::new(set.len()));
            return (parts, empty.collect());
        };
        all.sets.iter_mut().for_each(Cells::finish);
        for mut thread in threads {
            thread.sets.iter_mut().for_each(Cells::finish);
            let places = all.units.absorb(thread.units, &[0], 1);
            let units = (places.as_slice(), all.units.len());
            for (own, more) in all.sets.iter_mut().zip(thread.sets) {
                own.absorb(more, units);
            }
        }
        (parts, all.sets)
    }
}

/// Weights whose squares are added up as they are.
const SQUARED: std::ops::Range<f64> = 1e-100..1e100;

/// Rows of a batch.
struct Chosen<'b> {
    rows: &'b [u32],
    is_all: bool,
}

impl Chosen<'_> {
    /// Their entries of all rows of the batch.
    fn entries<T: Copy>(&self, all: &[T]) -> Vec<T> {
        match self.is_all {
            true => all.to_vec(),
            false => self.rows.iter().map(|row| all[*row as usize]).collect(),
        }
    }

    fn coded(&self, coded: &Coded) -> Coded {
        Coded {
            codes: match &coded.codes {
                Codes::Narrow(codes) => Codes::Narrow(self.entries(codes)),
                Codes::Wide(codes) => Codes::Wide(self.entries(codes)),
            },
            values: Arc::clone(&coded.values),
        }
    }

    fn column(&self, requested: &RequestedColumn, batch: &Batch) -> PartColumn {
        match requested.operand.run(batch) {
            output @ (Output::Codes(_) | Output::Truth(_))
                if requested.operand.bound.has_codes() =>
            {
                let coded = self.coded(&codes_of(output));
                PartColumn::Levels(coded.codes, coded.values)
            }
            output => PartColumn::Numbers(self.entries(&numbers_of(output))),
        }
    }
}
