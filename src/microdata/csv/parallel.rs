//! Blocks handed to all threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::Error;
use super::blocks::{Block, Blocks};

struct Shared {
    blocks: Blocks,
    bytes: u64,
    ended: bool,
    error: Option<Error>,
}

/// Calls `each` with the blocks, on all threads of the pool, until `most` bytes are read; whether that was the whole file.
/// As many blocks as threads are in memory at a time.
pub(super) fn each_block(
    blocks: Blocks,
    most: u64,
    each: impl Fn(Block) -> Result<(), Error> + Sync,
) -> Result<bool, Error> {
    let shared = Mutex::new(Shared {
        blocks,
        bytes: 0,
        ended: false,
        error: None,
    });
    let stop = AtomicBool::new(false);
    let work = || {
        while let Some(block) = next(&shared, most, &stop) {
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
        None => Ok(shared.ended),
    }
}

fn next(shared: &Mutex<Shared>, most: u64, stop: &AtomicBool) -> Option<Block> {
    let mut shared = lock(shared);
    if stop.load(Ordering::Relaxed) || shared.ended || shared.bytes >= most {
        return None;
    }
    match shared.blocks.next() {
        Ok(Some(block)) => {
            shared.bytes += block.bytes().len() as u64;
            Some(block)
        }
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

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
