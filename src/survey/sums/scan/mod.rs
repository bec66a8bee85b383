//! One pass over the respondents: each thread adds up the batches that it gets, and what they have is merged.

mod adders;
mod columns;
mod numbering;
mod replicates;
mod state;

pub use columns::numbers_of;
pub(crate) use columns::{coded, codes_of, numbers};
pub use numbering::Key;
pub(crate) use numbering::{Chain, Pairs};
pub(crate) use replicates::{AddedRows, ReplicateSums};
pub(crate) use state::replicate_weights;

use std::sync::Mutex;

use adders::Adder;
use state::State;

use super::error::Error;
use super::merge::merge;
use super::plan::Plan;
use super::tally::{Cell, ItemSums, LevelSums, NumberSums, Sums, triangle};
use crate::statistics::special::Sum;
use crate::survey::microdata::{self, Batch, Source, Value};

/// Goes over the respondents once and adds up everything that the plan asks for, on all cores.
///
/// Memory is bounded by a batch and the sums, each once a thread; a [`Values`](super::ItemPlan::Values) item keeps the
/// distinct pairs of value and weight.
///
/// # Errors
/// What the source says; a variable with too many levels.
pub fn scan(source: &dyn Source, plan: &Plan) -> Result<Sums, Error> {
    scan_with(source, plan, &|_| ())
}

/// The same, and shows each batch to `keep` before it is added up: for what has to be known of each respondent.
///
/// # Errors
/// Those of [`scan`].
pub(crate) fn scan_with(
    source: &dyn Source,
    plan: &Plan,
    keep: &(dyn Fn(&Batch) + Sync),
) -> Result<Sums, Error> {
    // a batch takes any state that no other thread is using: as many come about as threads work at once, and which rows
    // one of them gets does not show in the sums
    let idle: Mutex<Vec<State>> = Mutex::new(Vec::new());
    // a source knows errors of its own alone; this keeps ours until it has stopped
    let stopped: Mutex<Option<Error>> = Mutex::new(None);
    let take = || idle.lock().ok().and_then(|mut states| states.pop());
    let each = |batch: &mut Batch| {
        keep(batch);
        let mut state = take().unwrap_or_else(|| State::new(plan));
        let added = state.add(batch);
        if let Ok(mut states) = idle.lock() {
            states.push(state);
        }
        added.map_err(|error| {
            let message = error.to_string();
            if let Ok(mut stopped) = stopped.lock() {
                stopped.get_or_insert(error);
            }
            microdata::Error::Stopped(message)
        })
    };
    let scanned = source.scan(&plan.requests, &each);
    if let Some(error) = stopped.into_inner().ok().flatten() {
        return Err(error);
    }
    scanned?;
    let states = idle.into_inner().unwrap_or_default();
    let mut parts: Vec<Sums> = states.into_iter().map(State::finish).collect();
    if parts.is_empty() {
        parts.push(State::new(plan).finish());
    }
    merge(parts)
}

impl State<'_> {
    /// What a thread has added up, without the cell and domain of those outside.
    pub fn finish(self) -> Sums {
        let strata = (0..self.strata.len() as u32)
            .map(|n| self.strata.values(n))
            .collect();
        let domains: Vec<Vec<Value>> = (0..self.domains.len() as u32)
            .map(|n| self.domains.values(n))
            .collect();
        let inside = |cell: &Cell| Cell {
            domain: cell.domain - 1,
            ..*cell
        };
        let (cells, crossings) = (self.tallies.len(), domains.len() + 1);
        Sums {
            strata,
            units: self.units,
            cells: self.tallies[1..].iter().map(inside).collect(),
            domains,
            items: self
                .items
                .into_iter()
                .map(|item| item.finish(cells, crossings))
                .collect(),
            rows: self.rows,
            weight: self.weight,
            replicate_columns: self.replicate_columns,
            literals: self.literals,
            asked: self.asked,
            sketch: self.sketch,
            places: self.places,
        }
    }
}

impl Adder {
    fn finish(self, cells: usize, domains: usize) -> ItemSums {
        match self {
            Adder::Levels(dictionary, adder) => {
                let stride = adder.stride;
                let (sums, replicates) = (adder.sums, adder.replicates.finish());
                // a dictionary may name what no respondent says
                let occurs = |level: &usize| adder.occurs.get(*level) == Some(&true);
                let kept: Vec<usize> = (0..dictionary.len()).filter(occurs).collect();
                let levels = kept.iter().map(|level| dictionary.values[*level].clone());
                let replicate = |sums: Vec<Sum>| narrowed(sums, stride, &kept, domains);
                ItemSums::Levels(LevelSums {
                    levels: levels.collect(),
                    weight: narrowed(sums.weight, stride, &kept, cells),
                    square: narrowed(sums.square, stride, &kept, cells),
                    count: narrowed(sums.count, stride, &kept, domains),
                    replicates: replicates.into_iter().map(replicate).collect(),
                })
            }
            Adder::Numbers(adder) => {
                let (sums, replicates) = (adder.sums, adder.replicates.finish());
                let (width, pairs) = (sums.width, triangle(sums.width));
                let moments = triangle(width.saturating_sub(1)).max(1);
                let all: Vec<usize> = (0..pairs.max(moments)).collect();
                let replicate = |sums: Vec<Sum>| narrowed(sums, width, &all[..width], domains);
                ItemSums::Numbers(NumberSums {
                    origins: Vec::new(),
                    width,
                    first: narrowed(sums.first, width, &all[..width], cells),
                    product: narrowed(sums.product, pairs, &all[..pairs], cells),
                    moment: narrowed(sums.moment, moments, &all[..moments], domains),
                    count: narrowed(sums.count, 1, &[0], domains),
                    replicates: replicates.into_iter().map(replicate).collect(),
                })
            }
            Adder::Values(adder) => {
                let mut sums = adder.sums;
                sums.domains.resize(domains, Vec::new());
                sums.domains.remove(0);
                ItemSums::Values(sums)
            }
        }
    }
}

/// Some of the entries of rows 1 to `rows`.
fn narrowed<T: Copy + Default>(
    entries: Vec<T>,
    stride: usize,
    kept: &[usize],
    rows: usize,
) -> Vec<T> {
    if stride == 0 || kept.is_empty() || entries.is_empty() {
        return Vec::new();
    }
    let of_row = |row: &[T]| kept.iter().map(|entry| row[*entry]).collect::<Vec<T>>();
    let rows_inside = entries.chunks(stride).take(rows).skip(1);
    let mut narrow: Vec<T> = rows_inside.flat_map(of_row).collect();
    narrow.resize((rows - 1) * kept.len(), T::default());
    narrow
}
