//! The codes of a batch: ids of a dictionary as they are while they can be, own codes from then on.

use std::sync::Arc;

use super::block::Block;
use super::dictionary::{Dictionary, beyond};
use super::fault::Fault;
use super::levels::{Levels, coded};
use super::runs::Runs;
use super::shape::Shape;
use super::spread::{Present, spread};
use crate::survey::microdata::{Coded, Codes, Column};

/// The codes so far.
#[derive(Default)]
pub(super) enum Coding {
    #[default]
    Empty,
    /// Codes of the dictionary, of which there are 256 at most.
    Narrow(Vec<u8>),
    /// Codes of the dictionary.
    Wide(Vec<u32>),
    /// Codes of these levels, and those of the dictionary's ids once they are needed.
    Own {
        codes: Vec<u32>,
        levels: Box<Levels>,
        ids: Option<Vec<u32>>,
    },
}

impl Coding {
    /// Appends `present.rows` rows, of which those that are there have the next ids.
    pub(super) fn ids(
        &mut self,
        runs: &mut Runs,
        bytes: &[u8],
        present: &Present,
        dictionary: &Dictionary,
        shape: Shape,
        rows_of_batch: usize,
    ) -> Result<(), Fault> {
        if let Coding::Empty = self {
            // null is one of them, whether or not a row needs it
            *self = match dictionary.values.len() <= 256 {
                true => Coding::Narrow(Vec::with_capacity(rows_of_batch)),
                false => Coding::Wide(Vec::with_capacity(rows_of_batch)),
            };
        }
        match self {
            Coding::Empty => Ok(()),
            Coding::Narrow(codes) => narrow(codes, runs, bytes, present, dictionary),
            Coding::Wide(codes) => {
                let ids = taken(runs, bytes, present)?;
                let known = look_up(&ids, &dictionary.codes)?;
                spread(present, known, dictionary.null, codes);
                Ok(())
            }
            Coding::Own { codes, levels, ids } => {
                let table = match ids {
                    Some(table) => table,
                    None => ids.insert(dictionary.codes_in(levels, shape)?),
                };
                let known = look_up(&taken(runs, bytes, present)?, table)?;
                let null = levels.null();
                spread(present, known, null, codes);
                Ok(())
            }
        }
    }

    /// Appends `present.rows` rows, of which those that are there have the values of the block.
    pub(super) fn plain(
        &mut self,
        block: &Block,
        bytes: &[u8],
        present: &Present,
        dictionary: Option<&Dictionary>,
        shape: Shape,
    ) -> Result<(), Fault> {
        let (codes, levels) = self.own(dictionary);
        let mut known = Vec::with_capacity(present.count);
        levels.code(block, bytes, shape, &mut known)?;
        // null takes a code only where it is needed
        let null = match present.count < present.rows {
            true => levels.null(),
            false => 0,
        };
        spread(present, known, null, codes);
        Ok(())
    }

    /// Leaves the dictionary's codes for own ones, which begin with the same.
    fn own(&mut self, dictionary: Option<&Dictionary>) -> (&mut Vec<u32>, &mut Levels) {
        let widened = match self {
            // no code was handed out yet: the levels need not begin with the dictionary's
            Coding::Empty => Some((Vec::new(), None)),
            Coding::Narrow(codes) => Some((
                codes.iter().map(|code| u32::from(*code)).collect(),
                dictionary,
            )),
            Coding::Wide(codes) => Some((std::mem::take(codes), dictionary)),
            Coding::Own { .. } => None,
        };
        if let Some((codes, dictionary)) = widened {
            *self = Coding::Own {
                codes,
                levels: Box::new(dictionary.map_or_else(Levels::default, |d| d.levels.clone())),
                ids: None,
            };
        }
        match self {
            Coding::Own { codes, levels, .. } => (codes, levels),
            _ => unreachable!("the codes were just made own ones"),
        }
    }

    pub(super) fn finish(self, dictionary: Option<&Dictionary>) -> Column {
        let values = || dictionary.map_or_else(Arc::default, |found| Arc::clone(&found.values));
        let codes = match self {
            Coding::Own { codes, levels, .. } => return coded(codes, levels.into_values()),
            Coding::Empty => Codes::Narrow(Vec::new()),
            Coding::Narrow(codes) => Codes::Narrow(codes),
            Coding::Wide(codes) => Codes::Wide(codes),
        };
        Column::Codes(Coded {
            codes,
            values: values(),
        })
    }
}

fn narrow(
    codes: &mut Vec<u8>,
    runs: &mut Runs,
    bytes: &[u8],
    present: &Present,
    dictionary: &Dictionary,
) -> Result<(), Fault> {
    let null = dictionary.null as u8;
    // ids of more bits than codes: rare, and the high bits must be looked at
    if runs.width() > 8 {
        let known = look_up(&taken(runs, bytes, present)?, &dictionary.codes)?;
        let known = known.iter().map(|code| *code as u8).collect();
        spread(present, known, null, codes);
        return Ok(());
    }
    let start = codes.len();
    let mut ids = Vec::new();
    let taken = match present.is_full() {
        true => {
            runs.take(bytes, present.rows, codes)?;
            &mut codes[start..]
        }
        false => {
            ids.reserve(present.count + 1);
            runs.take(bytes, present.count, &mut ids)?;
            &mut ids[..]
        }
    };
    // one look at the largest rather than a branch at every id
    let largest = taken.iter().copied().max().map(usize::from);
    if largest.is_some_and(|largest| largest >= dictionary.codes.len()) {
        return Err(beyond());
    }
    if !dictionary.direct {
        for id in taken {
            *id = dictionary.codes[usize::from(*id)] as u8;
        }
    }
    if !present.is_full() {
        spread(present, ids, null, codes);
    }
    Ok(())
}

/// The next ids of those that are there.
pub(super) fn taken(runs: &mut Runs, bytes: &[u8], present: &Present) -> Result<Vec<u32>, Fault> {
    let mut ids = Vec::with_capacity(present.count + 1);
    runs.take(bytes, present.count, &mut ids)?;
    Ok(ids)
}

fn look_up(ids: &[u32], table: &[u32]) -> Result<Vec<u32>, Fault> {
    ids.iter()
        .map(|id| table.get(*id as usize).copied().ok_or_else(beyond))
        .collect()
}
