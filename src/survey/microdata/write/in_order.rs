//! The batches of a file in the order of its rows.

use std::sync::{Mutex, PoisonError};

use super::entry::requests;
use crate::survey::microdata::{Batch, Error, Source};

/// Hands all rows to `each`, one batch after the other and in order: on one thread the readers come with their batches
/// in the order of the file, so that none has to wait in memory for those before it.
///
/// # Errors
/// Those of the scan; batches out of order; another number of rows than `rows`.
pub(super) fn in_order(
    source: &dyn Source,
    rows: u64,
    each: impl FnMut(&Batch) -> Result<(), Error> + Send,
) -> Result<(), Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .map_err(|error| Error::Stopped(error.to_string()))?;
    let state = Mutex::new((0, each));
    pool.install(|| {
        source.scan(&requests(source), &|batch| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let (next, each) = &mut *state;
            if batch.first_row != *next {
                let message = format!("row {} came before row {next}", batch.first_row);
                return Err(Error::Stopped(message));
            }
            *next += batch.rows as u64;
            each(batch)
        })
    })?;
    let (read, _) = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match read == rows {
        true => Ok(()),
        false => Err(Error::Stopped(format!(
            "the file had {rows} rows and now has {read}: it was changed while it was read"
        ))),
    }
}
