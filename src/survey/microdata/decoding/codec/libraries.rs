//! Packed and unpacked by the library of each compression.

use std::io::Read;

use super::Codec;
use crate::survey::microdata::Error;
use crate::survey::microdata::parquet::fault::{Fault, damaged};

/// Packs one thing after the other, by zstd.
pub(crate) struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    /// Its number in Parquet.
    pub(crate) const NUMBER: i32 = 6;

    pub(crate) fn new() -> Result<Packer, Error> {
        let level = zstd::DEFAULT_COMPRESSION_LEVEL;
        zstd::bulk::Compressor::new(level)
            .map(Packer)
            .map_err(stopped)
    }

    pub(crate) fn pack(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        self.0.compress(bytes).map_err(stopped)
    }
}

fn stopped(error: std::io::Error) -> Error {
    Error::Stopped(error.to_string())
}

/// Unpacks one thing after the other. The state of zstd is 160 KB, and made once.
#[derive(Default)]
pub(crate) struct Unpacker {
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl Unpacker {
    /// Fills `unpacked` with what is in `packed`.
    ///
    /// # Errors
    /// Bytes that make no sense in that compression, or unpack to another length.
    pub(crate) fn unpack(
        &mut self,
        codec: Codec,
        packed: &[u8],
        unpacked: &mut [u8],
    ) -> Result<(), Fault> {
        let length = unpacked.len();
        let filled = match codec {
            Codec::Snappy => snap::raw::Decoder::new()
                .decompress(packed, unpacked)
                .map_err(broken)?,
            Codec::Gzip => read_all(flate2::read::MultiGzDecoder::new(packed), unpacked)?,
            Codec::Brotli => read_all(
                brotli_decompressor::Decompressor::new(packed, 4096),
                unpacked,
            )?,
            Codec::Lz4Frame => read_all(lz4_flex::frame::FrameDecoder::new(packed), unpacked)?,
            Codec::Zstd => self.zstd(packed, unpacked)?,
            Codec::Lz4Raw => lz4(packed, unpacked)?,
            // the frames first: bare bytes hardly ever begin with two lengths that fit
            Codec::Lz4Hadoop => match hadoop(packed, unpacked) {
                Some(filled) => filled,
                None => lz4(packed, unpacked)?,
            },
        };
        match filled == length {
            true => Ok(()),
            false => Err(broken(format!("{filled} bytes in the place of {length}"))),
        }
    }

    fn zstd(&mut self, packed: &[u8], unpacked: &mut [u8]) -> Result<usize, Fault> {
        let decompressor = match &mut self.zstd {
            Some(decompressor) => decompressor,
            None => self.zstd.insert(zstd::bulk::Decompressor::new()?),
        };
        decompressor
            .decompress_to_buffer(packed, unpacked)
            .map_err(broken)
    }
}

fn lz4(packed: &[u8], unpacked: &mut [u8]) -> Result<usize, Fault> {
    lz4_flex::block::decompress_into(packed, unpacked).map_err(broken)
}

/// Blocks that begin with their two lengths, unpacked and packed, as big-endian numbers. `None` where the bytes are none.
fn hadoop(mut packed: &[u8], unpacked: &mut [u8]) -> Option<usize> {
    let mut filled = 0usize;
    while let Some((lengths, rest)) = packed.split_first_chunk::<8>() {
        let [a, b, c, d, lengths @ ..] = *lengths;
        let after = u32::from_be_bytes([a, b, c, d]) as usize;
        let (block, rest) = rest.split_at_checked(u32::from_be_bytes(lengths) as usize)?;
        let room = unpacked.get_mut(filled..filled.checked_add(after)?)?;
        if lz4_flex::block::decompress_into(block, room).ok()? != after {
            return None;
        }
        filled += after;
        packed = rest;
    }
    packed.is_empty().then_some(filled)
}

/// Reads to the end, where checksums stand; one byte more than there is room for is too many.
fn read_all(mut reader: impl Read, unpacked: &mut [u8]) -> Result<usize, Fault> {
    reader.read_exact(unpacked).map_err(broken)?;
    match reader.read(&mut [0]).map_err(broken)? {
        0 => Ok(unpacked.len()),
        _ => Err(broken("more than its header says")),
    }
}

fn broken(error: impl std::fmt::Display) -> Fault {
    damaged(format!("it does not unpack: {error}"))
}
