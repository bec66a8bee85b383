//! The blocks of a .zsav file: rows that are compressed already, within zlib, and an index behind them.

use std::io::{self, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Bytes of a block before it is packed, as SPSS has it.
const BLOCK: usize = 0x3f_f000;
const HEADER: u64 = 24;

pub(super) struct Packed<W> {
    out: W,
    /// Where the header stands that says where the index is.
    start: u64,
    block: Vec<u8>,
    /// Bytes of each block, before and after.
    sizes: Vec<(u64, u64)>,
}

impl<W: Write + Seek> Packed<W> {
    /// Starts where the head ends.
    pub(super) fn new(mut out: W) -> io::Result<Packed<W>> {
        let start = out.stream_position()?;
        out.write_all(&[0; HEADER as usize])?;
        Ok(Packed {
            out,
            start,
            block: Vec::with_capacity(BLOCK),
            sizes: Vec::new(),
        })
    }

    fn pack(&mut self) -> io::Result<()> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.block)?;
        let packed = encoder.finish()?;
        self.out.write_all(&packed)?;
        self.sizes
            .push((self.block.len() as u64, packed.len() as u64));
        self.block.clear();
        Ok(())
    }

    /// Writes the last block and the index.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if !self.block.is_empty() {
            self.pack()?;
        }
        let index = self.out.stream_position()?;
        let mut bytes = Vec::new();
        // with the other sign than in the head
        bytes.extend((-super::rows::BIAS as i64).to_le_bytes());
        bytes.extend(0_i64.to_le_bytes());
        bytes.extend((BLOCK as u32).to_le_bytes());
        bytes.extend((self.sizes.len() as u32).to_le_bytes());
        // the places before packing are those of a file without it, the header of the blocks left out
        let (mut before, mut after) = (self.start, self.start + HEADER);
        for (unpacked, packed) in &self.sizes {
            bytes.extend(before.to_le_bytes());
            bytes.extend(after.to_le_bytes());
            bytes.extend((*unpacked as u32).to_le_bytes());
            bytes.extend((*packed as u32).to_le_bytes());
            before += unpacked;
            after += packed;
        }
        self.out.write_all(&bytes)?;
        self.out.seek(SeekFrom::Start(self.start))?;
        for word in [self.start, index, bytes.len() as u64] {
            self.out.write_all(&word.to_le_bytes())?;
        }
        Ok(self.out)
    }
}

impl<W: Write + Seek> Write for Packed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(BLOCK - self.block.len());
        self.block
            .extend_from_slice(bytes.get(..count).unwrap_or_default());
        if self.block.len() == BLOCK {
            self.pack()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
