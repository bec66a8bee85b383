use std::sync::Mutex;

use super::error::Error;
use super::merge::merge;
use super::plan::Plan;
use super::state::State;
use super::tally::Sums;
use crate::survey::microdata::{self, Batch, Source};

/// Goes over the respondents once and adds up everything that the plan asks for, on all cores.
///
/// Memory is bounded by a batch and the sums, each once a thread; a [`Values`](super::ItemPlan::Values) item keeps the
/// distinct pairs of value and weight.
///
/// # Errors
/// What the source says; a variable with too many levels.
pub fn scan(source: &dyn Source, plan: &Plan) -> Result<Sums, Error> {
    let idle: Mutex<Vec<State>> = Mutex::new(Vec::new());
    let stopped: Mutex<Option<Error>> = Mutex::new(None);
    let take = || idle.lock().ok().and_then(|mut states| states.pop());
    let each = |batch: &mut Batch| {
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
