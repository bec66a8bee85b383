//! Tables of flatbuffers, as far as Arrow's schema and messages need them. No place is taken for granted.

use crate::survey::microdata::parquet::fault::{Fault, damaged};

/// A table: fields by their number, each of which may be missing.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Places of the fields after `at`, two bytes each; 0 for a field that is not there.
    places: &'a [u8],
}

impl<'a> Table<'a> {
    /// The table that the bytes begin with a pointer to.
    pub(super) fn root(bytes: &'a [u8]) -> Result<Table<'a>, Fault> {
        Table::at(bytes, target(bytes, 0)?)
    }

    fn at(bytes: &'a [u8], at: usize) -> Result<Table<'a>, Fault> {
        let back = i64::from(i32::from_le_bytes(chunk(bytes, at)?));
        // tables may share a list of places, which then stands before some and behind others
        let places = usize::try_from(at as i64 - back).map_err(|_| broken())?;
        let length = usize::from(u16::from_le_bytes(chunk(bytes, places)?));
        // the list of places begins with its own length and that of the table
        let places = bytes.get(places..places.saturating_add(length));
        let places = places.and_then(|places| places.get(4..));
        Ok(Table {
            bytes,
            at,
            places: places.ok_or_else(broken)?,
        })
    }

    /// Where a field stands.
    fn place(&self, field: usize) -> Option<usize> {
        let place = self.places.get(field * 2..)?.first_chunk()?;
        match u16::from_le_bytes(*place) {
            0 => None,
            place => self.at.checked_add(usize::from(place)),
        }
    }

    fn stored<const N: usize>(&self, field: usize) -> Result<Option<[u8; N]>, Fault> {
        self.place(field)
            .map(|place| chunk(self.bytes, place))
            .transpose()
    }

    pub(super) fn u8(&self, field: usize) -> Result<u8, Fault> {
        Ok(self.stored(field)?.map_or(0, u8::from_le_bytes))
    }

    pub(super) fn truth(&self, field: usize) -> Result<bool, Fault> {
        Ok(self.u8(field)? != 0)
    }

    pub(super) fn i16(&self, field: usize, default: i16) -> Result<i16, Fault> {
        Ok(self.stored(field)?.map_or(default, i16::from_le_bytes))
    }

    pub(super) fn i32(&self, field: usize, default: i32) -> Result<i32, Fault> {
        Ok(self.stored(field)?.map_or(default, i32::from_le_bytes))
    }

    pub(super) fn i64(&self, field: usize) -> Result<i64, Fault> {
        Ok(self.stored(field)?.map_or(0, i64::from_le_bytes))
    }

    pub(super) fn table(&self, field: usize) -> Result<Option<Table<'a>>, Fault> {
        self.place(field)
            .map(|place| Table::at(self.bytes, target(self.bytes, place)?))
            .transpose()
    }

    /// A table that has to be there.
    pub(super) fn needed(&self, field: usize) -> Result<Table<'a>, Fault> {
        self.table(field)?.ok_or_else(broken)
    }

    pub(super) fn text(&self, field: usize) -> Result<Option<&'a str>, Fault> {
        match self.place(field) {
            None => Ok(None),
            Some(_) => match std::str::from_utf8(self.entries(field, 1)?) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(damaged("a name is not UTF-8")),
            },
        }
    }

    /// The structures of a list, `N` bytes each; none where it is not there.
    pub(super) fn list<const N: usize>(&self, field: usize) -> Result<&'a [[u8; N]], Fault> {
        Ok(self.entries(field, N)?.as_chunks().0)
    }

    /// The tables of a list.
    pub(super) fn tables(&self, field: usize) -> Result<Vec<Table<'a>>, Fault> {
        let Some(place) = self.place(field) else {
            return Ok(Vec::new());
        };
        let count = self.entries(field, 4)?.len() / 4;
        let first = target(self.bytes, place)? + 4;
        (0..count)
            .map(|entry| Table::at(self.bytes, target(self.bytes, first + entry * 4)?))
            .collect()
    }

    /// The bytes of a list of that width.
    fn entries(&self, field: usize, width: usize) -> Result<&'a [u8], Fault> {
        let Some(place) = self.place(field) else {
            return Ok(&[]);
        };
        let start = target(self.bytes, place)?;
        let count = u32::from_le_bytes(chunk(self.bytes, start)?) as usize;
        let entries = self.bytes.get(start + 4..).ok_or_else(broken)?;
        entries
            .get(..count.saturating_mul(width))
            .ok_or_else(broken)
    }
}

/// What a pointer points to: so many bytes after itself.
fn target(bytes: &[u8], place: usize) -> Result<usize, Fault> {
    let ahead = u32::from_le_bytes(chunk(bytes, place)?) as usize;
    place.checked_add(ahead).ok_or_else(broken)
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Fault> {
    let chunk = bytes.get(at..).and_then(<[u8]>::first_chunk);
    chunk.copied().ok_or_else(broken)
}

fn broken() -> Fault {
    damaged("its schema or a block makes no sense")
}
