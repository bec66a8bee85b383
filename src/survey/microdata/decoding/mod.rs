//! From bytes to columns, for every binary format: compressed files unpacked while they are read, numbers and texts out of
//! untrusted bytes, rows of equal length, codes into dictionaries, blocks handed to all threads.

pub(super) mod bytes;
pub(super) mod codec;
pub(super) mod coding;
pub(super) mod fixed;
pub(super) mod packed;
pub(super) mod parallel;
pub(super) mod rounded;
pub(super) mod texts;
