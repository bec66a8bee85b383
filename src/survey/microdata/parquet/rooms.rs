//! Buffers that are used again: a fresh one costs a page fault every 4 KB.

use std::sync::Mutex;

/// Buffers that nobody uses at the moment, of one kind.
#[derive(Default)]
pub(super) struct Rooms(Mutex<Vec<Vec<u8>>>);

impl Rooms {
    /// One with whatever it held before, or an empty one.
    pub(super) fn take(&self) -> Vec<u8> {
        // a lock that a panic left poisoned costs a fresh buffer, no more
        let kept = self.0.lock().ok().and_then(|mut rooms| rooms.pop());
        kept.unwrap_or_default()
    }

    pub(super) fn give(&self, room: Vec<u8>) {
        if let Ok(mut rooms) = self.0.lock()
            && room.capacity() > 0
        {
            rooms.push(room);
        }
    }
}

/// The buffers of a scan.
#[derive(Default)]
pub(super) struct Buffers {
    pub(super) packed: Rooms,
    pub(super) unpacked: Rooms,
}
