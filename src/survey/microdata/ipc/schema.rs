//! The columns of an Arrow schema: how each is stored, and what it means.

use super::flatbuffers::Table;
use crate::survey::microdata::parquet::NESTED;
use crate::survey::microdata::parquet::fault::{Fault, damaged};
use crate::survey::microdata::parquet::shape::Shape;

/// Columns within columns, and columns in all; a file that has more of them makes no sense.
const DEEPEST: usize = 32;
const MOST_FIELDS: usize = 1 << 20;

/// A column of the schema.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// Of the values; those of a dictionary, where there is one.
    pub(super) storage: Storage,
    /// Number of the dictionary, and how the ids into it are stored.
    pub(super) dictionary: Option<(i64, Storage)>,
    /// The meaning of the values; why they can't be read, where they can't.
    pub(super) shape: Result<Shape, String>,
    /// Bytes of which the file does not say that they are text.
    pub(super) maybe_text: bool,
    pub(super) extent: Extent,
}

/// What a column takes of a record batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) nodes: usize,
    pub(super) buffers: usize,
    /// Columns of views, each of which has some buffers more.
    pub(super) views: usize,
}

impl Extent {
    /// The two together.
    pub(super) fn and(self, more: Extent) -> Extent {
        Extent {
            nodes: self.nodes.saturating_add(more.nodes),
            buffers: self.buffers.saturating_add(more.buffers),
            views: self.views.saturating_add(more.views),
        }
    }
}

/// How values are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Storage {
    Nothing,
    /// A bit each.
    Bits,
    /// Whole numbers of so many bytes.
    Int {
        width: usize,
        signed: bool,
    },
    /// Days in milliseconds.
    Milliseconds,
    Float {
        width: usize,
    },
    /// So many bytes each.
    Fixed {
        length: usize,
    },
    /// Bytes between two places of 4 bytes, or of 8.
    Bytes {
        large: bool,
    },
    /// Up to 12 bytes in place, more of them in another buffer.
    Views,
    /// A column that is not read.
    Other,
}

const SIGNED_4: Storage = Storage::Int {
    width: 4,
    signed: true,
};
const SIGNED_8: Storage = Storage::Int {
    width: 8,
    signed: true,
};

/// The columns at the top of a schema.
pub(super) fn fields(schema: &Table) -> Result<Vec<Field>, Fault> {
    let mut left = MOST_FIELDS;
    schema
        .tables(1)?
        .iter()
        .map(|field| read(field, DEEPEST, &mut left))
        .collect()
}

fn read(field: &Table, depth: usize, left: &mut usize) -> Result<Field, Fault> {
    let name = field.text(0)?.unwrap_or_default().to_owned();
    if depth == 0 || *left == 0 {
        return Err(damaged(format!("column {name} is nested too deep")));
    }
    *left -= 1;
    let kind = Kind::read(field, &name)?;
    let dictionary = match field.table(4)? {
        None => None,
        Some(dictionary) => {
            let index = match dictionary.table(1)? {
                Some(index) => int(&index)?,
                None => SIGNED_4,
            };
            Some((dictionary.i64(0)?, index))
        }
    };
    let mut extent = match (&dictionary, kind.storage) {
        (Some(_), _) => Extent {
            nodes: 1,
            buffers: 2,
            views: 0,
        },
        (None, storage) => Extent {
            nodes: 1,
            buffers: kind.buffers,
            views: usize::from(storage == Storage::Views),
        },
    };
    // children belong to the values of a dictionary, which stand in blocks of their own
    if dictionary.is_none() {
        for child in field.tables(5)? {
            extent = extent.and(read(&child, depth - 1, left)?.extent);
        }
    }
    Ok(Field {
        name,
        storage: kind.storage,
        dictionary,
        shape: kind.shape,
        // Binary, FixedSizeBinary, LargeBinary, BinaryView
        maybe_text: matches!(field.u8(2)?, 4 | 15 | 19 | 23),
        extent,
    })
}

/// A type: how its values are stored, in how many buffers, and what they mean.
struct Kind {
    storage: Storage,
    buffers: usize,
    shape: Result<Shape, String>,
}

impl Kind {
    /// The numbers are those of the format's list of types.
    fn read(field: &Table, name: &str) -> Result<Kind, Fault> {
        let number = field.u8(2)?;
        let of = |storage, shape| Kind {
            storage,
            buffers: 2,
            shape: Ok(shape),
        };
        let bytes = |large| Kind {
            buffers: 3,
            ..of(Storage::Bytes { large }, Shape::Text)
        };
        // types without a parameter have an empty table, or none
        let parameters = || field.needed(3);
        Ok(match number {
            1 => Kind {
                buffers: 0,
                ..of(Storage::Nothing, Shape::Number)
            },
            2 => {
                let storage = int(&parameters()?)?;
                let unsigned = Storage::Int {
                    width: 8,
                    signed: false,
                };
                // narrower ones are within an i64 as they are
                match storage == unsigned {
                    true => of(storage, Shape::Unsigned64),
                    false => of(storage, Shape::Number),
                }
            }
            3 => {
                let width = match parameters()?.i16(0, 0)? {
                    0 => 2,
                    1 => 4,
                    _ => 8,
                };
                of(Storage::Float { width }, Shape::Number)
            }
            4 | 5 => bytes(false),
            6 => of(Storage::Bits, Shape::Truth),
            7 => decimal(&parameters()?)?,
            8 => match parameters()?.i16(0, 1)? {
                0 => of(SIGNED_4, Shape::Date),
                _ => of(Storage::Milliseconds, Shape::Date),
            },
            9 => {
                let (per_second, width) =
                    (per_second(&parameters()?, 1)?, parameters()?.i32(1, 32)?);
                let storage = if width == 64 { SIGNED_8 } else { SIGNED_4 };
                of(storage, Shape::Clock { per_second })
            }
            10 => {
                let per_second = per_second(&parameters()?, 0)?;
                of(SIGNED_8, Shape::Moment { per_second })
            }
            15 => {
                let length = usize::try_from(parameters()?.i32(0, 0)?);
                let length = length.map_err(|_| damaged(format!("column {name} has no width")))?;
                of(Storage::Fixed { length }, Shape::Text)
            }
            // in seconds
            18 => Kind {
                shape: Shape::decimal(match parameters()?.i16(0, 1)? {
                    0 => 0,
                    1 => 3,
                    2 => 6,
                    _ => 9,
                }),
                ..of(SIGNED_8, Shape::Number)
            },
            19 | 20 => bytes(true),
            23 | 24 => of(Storage::Views, Shape::Text),
            11 => unread(2, "is an interval of time"),
            13 | 16 => unread(1, NESTED),
            12 | 17 | 21 => unread(2, NESTED),
            25 | 26 => unread(3, NESTED),
            14 => {
                // a dense union has places besides the numbers of its types
                let dense = parameters()?.i16(0, 0)? == 1;
                unread(1 + usize::from(dense), "is a union of types")
            }
            22 => unread(0, "is of a type that opine does not read (run-end encoded)"),
            other => {
                return Err(damaged(format!(
                    "column {name} is of type {other}, which opine does not know"
                )));
            }
        })
    }
}

fn unread(buffers: usize, why: &str) -> Kind {
    Kind {
        storage: Storage::Other,
        buffers,
        shape: Err(why.to_owned()),
    }
}

fn int(parameters: &Table) -> Result<Storage, Fault> {
    let width = match parameters.i32(0, 0)? {
        8 => 1,
        16 => 2,
        32 => 4,
        64 => 8,
        bits => return Err(damaged(format!("a whole number of {bits} bits"))),
    };
    let signed = parameters.truth(1)?;
    Ok(Storage::Int { width, signed })
}

fn decimal(parameters: &Table) -> Result<Kind, Fault> {
    let width = match parameters.i32(2, 128)? {
        32 => 4,
        64 => 8,
        128 => 16,
        bits => {
            return Ok(unread(
                2,
                &format!("is of a type that opine does not read (decimal of {bits} bits)"),
            ));
        }
    };
    Ok(Kind {
        storage: Storage::Int {
            width,
            signed: true,
        },
        buffers: 2,
        shape: Shape::decimal(i64::from(parameters.i32(1, 0)?)),
    })
}

/// Times without a unit are in milliseconds, timestamps in seconds.
fn per_second(parameters: &Table, default: i16) -> Result<i64, Fault> {
    Ok(match parameters.i16(0, default)? {
        0 => 1,
        1 => 1_000,
        2 => 1_000_000,
        _ => 1_000_000_000,
    })
}
