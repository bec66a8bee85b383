//! Sizes in the blocks of an Arrow file, checked before anything is allocated by them.

use std::fs::File;

use polars_arrow::io::ipc::format::ipc::planus::{self, ReadAsRoot};
use polars_arrow::io::ipc::format::ipc::{Block, MessageHeaderRef, MessageRef, RecordBatchRef};

use crate::survey::microdata::parquet::disk;
use crate::survey::microdata::parquet::fault::{Fault, damaged};

/// A buffer may always unpack to that much, ...
const LARGE: u64 = 64 << 20;
/// ... and to more only where it is packed no tighter than that.
const TIGHTEST: u64 = 1 << 10;

/// Checks that the buffers of a block lie in the file and unpack to something plausible; the rows it has.
pub(super) fn check(file: &File, block: &Block) -> Result<u64, Fault> {
    let length = file.metadata()?.len();
    let (start, head, body) = (
        size(block.offset)?,
        size(i64::from(block.meta_data_length))?,
        size(block.body_length)?,
    );
    let data = start.checked_add(head).ok_or(Fault::Cut)?;
    if data.checked_add(body).is_none_or(|end| end > length) {
        return Err(Fault::Cut);
    }
    let mut bytes = vec![0; usize::try_from(head).map_err(|_| Fault::Cut)?];
    disk::read_at(file, start, &mut bytes)?;
    let message = match bytes.strip_prefix(&[0xff; 4]) {
        Some(rest) => rest.get(4..),
        None => bytes.get(4..),
    };
    let message = MessageRef::read_as_root(message.ok_or(Fault::Cut)?).map_err(broken)?;
    match message.header().map_err(broken)? {
        Some(MessageHeaderRef::RecordBatch(batch)) => check_batch(file, batch, data, body),
        Some(MessageHeaderRef::DictionaryBatch(batch)) => match batch.data().map_err(broken)? {
            Some(batch) => check_batch(file, batch, data, body),
            None => Err(damaged("a dictionary without data")),
        },
        _ => Err(damaged("a block that is no record batch")),
    }
}

fn check_batch(file: &File, batch: RecordBatchRef, data: u64, body: u64) -> Result<u64, Fault> {
    let compressed = batch.compression().map_err(broken)?.is_some();
    for buffer in batch.buffers().map_err(broken)?.into_iter().flatten() {
        let (offset, length) = (size(buffer.offset())?, size(buffer.length())?);
        if offset.checked_add(length).is_none_or(|end| end > body) {
            return Err(Fault::Cut);
        }
        if compressed && length > 0 {
            check_unpacked(file, data + offset, length)?;
        }
    }
    size(batch.length().map_err(broken)?)
}

/// A compressed buffer begins with its length once unpacked, -1 for one that is not packed.
fn check_unpacked(file: &File, place: u64, length: u64) -> Result<(), Fault> {
    if length < 8 {
        return Err(Fault::Cut);
    }
    let mut unpacked = [0; 8];
    disk::read_at(file, place, &mut unpacked)?;
    match i64::from_le_bytes(unpacked) {
        -1 => Ok(()),
        unpacked if size(unpacked)? <= LARGE.max(length.saturating_mul(TIGHTEST)) => Ok(()),
        unpacked => Err(damaged(format!(
            "a buffer of {length} bytes is said to unpack to {unpacked}"
        ))),
    }
}

fn size(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| damaged(format!("a block says a size of {number}")))
}

fn broken(error: planus::Error) -> Fault {
    damaged(format!("a block makes no sense: {error}"))
}
