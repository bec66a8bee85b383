//! Compound files: a small file system in a file, of sectors that name their next. Read within the file: no chain is longer
//! than the file has sectors.

use super::{Fault, Result};

/// End of a chain and all marks above it.
const END: u32 = 0xffff_fffc;

pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    table: Vec<u32>,
    entries: Vec<Entry>,
    small: Vec<u8>,
    small_table: Vec<u32>,
    /// Streams shorter than this are among the small ones.
    cutoff: usize,
}

struct Entry {
    name: String,
    first: u32,
    length: usize,
}

fn damaged() -> Fault {
    Fault::from("the workbook is damaged: its sectors do not fit together")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| u32::from_le_bytes(*word))
}

impl<'b> Compound<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Result<Compound<'b>> {
        let word = |at| u32_at(bytes, at).ok_or_else(damaged);
        let sector = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(damaged()),
        };
        let mut compound = Compound {
            bytes,
            sector,
            table: Vec::new(),
            entries: Vec::new(),
            small: Vec::new(),
            small_table: Vec::new(),
            cutoff: word(56)? as usize,
        };
        compound.table = compound.allocation_table(word(68)?)?;
        let directory = compound.chain(word(48)?)?;
        let (entries, _) = directory.as_chunks::<128>();
        compound.entries = entries
            .iter()
            .filter_map(|entry| Entry::new(entry, sector))
            .collect();
        compound.small_table = words(&compound.chain(word(60)?)?).collect();
        let root = compound.entries.first().map(|root| root.first);
        compound.small = compound.chain(root.unwrap_or(END))?;
        Ok(compound)
    }

    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = self.bytes.len().min(start.checked_add(self.sector)?);
        self.bytes.get(start..end)
    }

    /// The next sector of each: the sectors with it are listed in the header, then in sectors of their own.
    fn allocation_table(&self, mut list: u32) -> Result<Vec<u32>> {
        // the first 109 of them stand in the header
        let mut sectors: Vec<u32> = words(self.bytes.get(76..512).ok_or_else(damaged)?).collect();
        let most = self.bytes.len() / self.sector + 1;
        let mut lists = 0;
        while list < END {
            lists += 1;
            let mut more: Vec<u32> = words(self.sector(list).ok_or_else(damaged)?).collect();
            // the last word of a list names the next
            list = more.pop().filter(|_| lists <= most).ok_or_else(damaged)?;
            sectors.extend(more);
        }
        let mut table = Vec::new();
        for id in sectors.into_iter().filter(|id| *id < END).take(most) {
            table.extend(words(self.sector(id).ok_or_else(damaged)?));
        }
        Ok(table)
    }

    fn chain(&self, first: u32) -> Result<Vec<u8>> {
        let most = self.bytes.len() / self.sector + 1;
        follow(first, &self.table, most, |id| self.sector(id))
    }

    /// The bytes of a stream, by its name in any case.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let same = |entry: &&Entry| entry.name.eq_ignore_ascii_case(name);
        // the first entry is the root
        let Some(entry) = self.entries.iter().skip(1).find(same) else {
            return Ok(None);
        };
        let mut bytes = match entry.length < self.cutoff {
            true => {
                let piece = |id: u32| {
                    let start = (id as usize).checked_mul(64)?;
                    self.small
                        .get(start..self.small.len().min(start.checked_add(64)?))
                };
                follow(
                    entry.first,
                    &self.small_table,
                    self.small.len() / 64 + 1,
                    piece,
                )?
            }
            false => self.chain(entry.first)?,
        };
        bytes.truncate(entry.length);
        Ok(Some(bytes))
    }
}

fn follow<'p>(
    first: u32,
    table: &[u32],
    most: usize,
    piece: impl Fn(u32) -> Option<&'p [u8]>,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut id, mut pieces) = (first, 0);
    while id < END {
        pieces += 1;
        if pieces > most {
            return Err(damaged());
        }
        bytes.extend_from_slice(piece(id).ok_or_else(damaged)?);
        id = *table.get(id as usize).ok_or_else(damaged)?;
    }
    Ok(bytes)
}

impl Entry {
    fn new(bytes: &[u8], sector: usize) -> Option<Entry> {
        let units = bytes.get(..64)?.as_chunks::<2>().0;
        let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        let end = units
            .iter()
            .position(|unit| *unit == 0)
            .unwrap_or(units.len());
        // in files of small sectors these bytes may be anything
        let high = if sector == 4096 {
            u32_at(bytes, 124)?
        } else {
            0
        };
        let length = u64::from(high) << 32 | u64::from(u32_at(bytes, 120)?);
        Some(Entry {
            name: String::from_utf16_lossy(units.get(..end)?),
            first: u32_at(bytes, 116)?,
            length: usize::try_from(length).ok()?,
        })
    }
}
