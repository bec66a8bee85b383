//! Blocks of a file handed to all threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::survey::microdata::Error;

/// A file read block after block.
pub(crate) trait Blocks: Send {
    type Block: Send;

    /// The next block; `None` at the end.
    fn next(&mut self) -> Result<Option<Self::Block>, Error>;
}

struct Shared<B> {
    blocks: B,
    ended: bool,
    error: Option<Error>,
}

/// Calls `each` with the blocks, on all threads of the pool; as many blocks as threads are in memory at a time. Gives the
/// blocks back, read to their end.
pub(crate) fn each_block<B: Blocks>(
    blocks: B,
    each: impl Fn(B::Block) -> Result<(), Error> + Sync,
) -> Result<B, Error> {
    let shared = Mutex::new(Shared {
        blocks,
        ended: false,
        error: None,
    });
    let stop = AtomicBool::new(false);
    let work = || {
        while let Some(block) = next(&shared, &stop) {
            if let Err(error) = each(block) {
                stop.store(true, Ordering::Relaxed);
                lock(&shared).error.get_or_insert(error);
            }
        }
    };
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads() {
            scope.spawn(|_| work());
        }
    });
    let shared = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    match shared.error {
        Some(error) => Err(error),
        None => Ok(shared.blocks),
    }
}

fn next<B: Blocks>(shared: &Mutex<Shared<B>>, stop: &AtomicBool) -> Option<B::Block> {
    let mut shared = lock(shared);
    if stop.load(Ordering::Relaxed) || shared.ended {
        return None;
    }
    // under the lock: one thread reads at a time, so that the file is read in its order
    match shared.blocks.next() {
        Ok(Some(block)) => Some(block),
        Ok(None) => {
            shared.ended = true;
            None
        }
        Err(error) => {
            stop.store(true, Ordering::Relaxed);
            shared.error.get_or_insert(error);
            None
        }
    }
}

fn lock<B>(shared: &Mutex<Shared<B>>) -> MutexGuard<'_, Shared<B>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
