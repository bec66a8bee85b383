//! The compressions of Parquet’s pages and Arrow’s buffers.
//!
//! Without the feature `parquet` there are none: plain pages are read and written, others are refused.

#[cfg(feature = "parquet")]
mod libraries;
#[cfg(not(feature = "parquet"))]
mod none;

#[cfg(feature = "parquet")]
pub(crate) use libraries::{Packer, Unpacker};
#[cfg(not(feature = "parquet"))]
pub(crate) use none::{Packer, Unpacker};

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Codec {
    Snappy,
    Gzip,
    Brotli,
    /// LZ4 in the frames of Hadoop, or bare: the two share a number in Parquet.
    Lz4Hadoop,
    Lz4Raw,
    Lz4Frame,
    Zstd,
}
