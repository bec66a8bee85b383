//! The footer of a Parquet file: schema, row groups, and texts that the writer left.

use std::fs::File;

use super::disk;
use super::fault::{Fault, damaged};
use super::schema::{Element, Field, fields};
use super::thrift::Thrift;

const MAGIC: &[u8; 4] = b"PAR1";
const ENCRYPTED: &[u8; 4] = b"PARE";

/// What the footer says.
pub(super) struct Footer {
    pub(super) rows: u64,
    pub(super) fields: Vec<Field>,
    pub(super) groups: Vec<Group>,
    /// Key and value, as the writer left them.
    pub(super) notes: Vec<(String, String)>,
}

/// A row group: one chunk a leaf of the schema.
pub(super) struct Group {
    pub(super) rows: u64,
    pub(super) chunks: Vec<Chunk>,
}

/// Where the pages of one column in one row group are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chunk {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) codec: i64,
    pub(super) values: u64,
    /// Of all its pages together, uncompressed.
    pub(super) unpacked: u64,
    elsewhere: bool,
    encrypted: bool,
}

impl Footer {
    /// Reads the footer and checks that it fits the file.
    pub(super) fn read(file: &File) -> Result<Footer, Fault> {
        let length = file.metadata()?.len();
        // PAR1 at both ends and the length of the footer
        if length < 12 {
            return Err(damaged("too short for a Parquet file"));
        }
        let mut tail = [0; 8];
        disk::read_at(file, length - 8, &mut tail)?;
        let [a, b, c, d, magic @ ..] = tail;
        match &magic {
            MAGIC => {}
            ENCRYPTED => return Err(damaged("the file is encrypted; opine reads plain ones")),
            _ => {
                return Err(damaged(
                    "the end is not that of a Parquet file (PAR1): another format, or cut off",
                ));
            }
        }
        let size = u64::from(u32::from_le_bytes([a, b, c, d]));
        let start = (length - 8)
            .checked_sub(size)
            .ok_or_else(|| damaged("the footer is larger than the file"))?;
        let mut bytes = vec![0; usize::try_from(size).map_err(|_| Fault::Cut)?];
        disk::read_at(file, start, &mut bytes)?;
        let footer = parse(&bytes)?;
        footer.check(start)?;
        Ok(footer)
    }

    fn check(&self, end_of_data: u64) -> Result<(), Fault> {
        // the mark of the beginning is all that stands before the footer of a file without rows
        if self.groups.is_empty() && end_of_data > MAGIC.len() as u64 {
            return Err(damaged("the footer names no row group, and there are data"));
        }
        let rows = self
            .groups
            .iter()
            .try_fold(0u64, |rows, group| rows.checked_add(group.rows));
        if rows != Some(self.rows) {
            return Err(damaged(
                "the row groups do not add up to the number of rows",
            ));
        }
        let chunks = self.groups.iter().flat_map(|group| &group.chunks);
        match chunks.into_iter().any(|chunk| chunk.end > end_of_data) {
            true => Err(damaged("a column lies beyond the end of the data")),
            false => Ok(()),
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Footer, Fault> {
    let mut rows = None;
    let mut elements = Vec::new();
    let mut groups = Vec::new();
    let mut notes = Vec::new();
    Thrift::new(bytes).fields(|thrift, tag| {
        match tag.id {
            2 => thrift.structures(|thrift| {
                elements.push(Element::read(thrift)?);
                Ok(())
            })?,
            3 => rows = Some(thrift.size()?),
            4 => thrift.structures(|thrift| {
                groups.push(group(thrift)?);
                Ok(())
            })?,
            5 => thrift.structures(|thrift| {
                notes.extend(note(thrift)?);
                Ok(())
            })?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (fields, leaves) = fields(&elements)?;
    // so that the index of a leaf is one in every group
    if groups.iter().any(|group| group.chunks.len() != leaves) {
        return Err(damaged("a row group lacks columns of the schema"));
    }
    Ok(Footer {
        rows: rows.ok_or_else(|| damaged("the footer does not say how many rows there are"))?,
        fields,
        groups,
        notes,
    })
}

fn note(thrift: &mut Thrift) -> Result<Option<(String, String)>, Fault> {
    let (mut key, mut value) = (None, None);
    thrift.fields(|thrift, tag| {
        // a note of another program may hold anything
        let place = match tag.id {
            1 => &mut key,
            2 => &mut value,
            _ => return Ok(false),
        };
        *place = Some(String::from_utf8_lossy(thrift.binary()?).into_owned());
        Ok(true)
    })?;
    Ok(key.zip(value))
}

fn group(thrift: &mut Thrift) -> Result<Group, Fault> {
    let mut rows = 0;
    let mut chunks = Vec::new();
    thrift.fields(|thrift, tag| {
        match tag.id {
            1 => thrift.structures(|thrift| {
                chunks.push(chunk(thrift)?);
                Ok(())
            })?,
            3 => rows = thrift.size()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Group { rows, chunks })
}

fn chunk(thrift: &mut Thrift) -> Result<Chunk, Fault> {
    let mut found = None;
    let (mut elsewhere, mut encrypted) = (false, false);
    thrift.fields(|thrift, tag| {
        match tag.id {
            1 => elsewhere = !thrift.binary()?.is_empty(),
            3 => found = Some(place(thrift)?),
            8 => {
                encrypted = true;
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let mut chunk = match found {
        Some(chunk) => chunk,
        // said where the column is asked for: the others can be read
        None if encrypted => Chunk::default(),
        None => return Err(damaged("a column without a description")),
    };
    chunk.elsewhere = elsewhere;
    chunk.encrypted = encrypted;
    Ok(chunk)
}

fn place(thrift: &mut Thrift) -> Result<Chunk, Fault> {
    let mut chunk = Chunk::default();
    let (mut packed, mut data, mut dictionary) = (0u64, 0, None);
    thrift.fields(|thrift, tag| {
        match tag.id {
            4 => chunk.codec = thrift.int()?,
            5 => chunk.values = thrift.size()?,
            6 => chunk.unpacked = thrift.size()?,
            7 => packed = thrift.size()?,
            9 => data = thrift.size()?,
            11 => dictionary = Some(thrift.size()?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    // some writers say 0, or the place after the data, where there is no dictionary
    chunk.start = match dictionary {
        Some(dictionary) if dictionary > 0 && dictionary < data => dictionary,
        _ => data,
    };
    chunk.end = chunk.start.checked_add(packed).ok_or(Fault::Cut)?;
    Ok(chunk)
}

impl Chunk {
    /// Whether the pages can be read at all.
    pub(super) fn check(&self, rows: u64) -> Result<(), Fault> {
        if self.encrypted {
            return Err(damaged("the column is encrypted; opine reads plain ones"));
        }
        if self.elsewhere {
            return Err(damaged("its data are in another file"));
        }
        match self.values == rows {
            true => Ok(()),
            false => Err(damaged(format!(
                "{} values in a row group of {rows} rows",
                self.values
            ))),
        }
    }
}
