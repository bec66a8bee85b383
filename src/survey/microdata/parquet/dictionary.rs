//! The dictionary of a column chunk.

use std::sync::Arc;

use super::block::{self, Block, Physical, Reading};
use super::fault::{Fault, damaged};
use super::levels::{Levels, number_of};
use super::schema::Leaf;
use super::shape::Shape;
use crate::survey::microdata::{MissingValues, Value, View};

/// What the ids of a chunk stand for.
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    block: Block,
    pub(super) levels: Levels,
    pub(super) values: Arc<Vec<Value>>,
    /// The code of every id: ids may share a value.
    pub(super) codes: Vec<u32>,
    /// Whether ids are codes.
    pub(super) direct: bool,
    pub(super) null: u32,
    /// The number of every id, for the numbers view; `None` where its text is none.
    numbers: Vec<Option<f64>>,
}

impl Dictionary {
    /// Reads the values of a dictionary page.
    pub(super) fn read(
        bytes: Vec<u8>,
        values: usize,
        leaf: Leaf,
        reading: Reading,
        view: View,
        missing: &MissingValues,
    ) -> Result<Dictionary, Fault> {
        let block = match leaf.physical {
            Physical::Truth => return Err(damaged("a dictionary of truth values")),
            physical => block::plain(&bytes, &mut 0, values, physical, reading)?,
        };
        Dictionary::from_block(bytes, block, leaf.shape, view, missing)
    }

    /// False and true.
    pub(super) fn truth(view: View, missing: &MissingValues) -> Result<Dictionary, Fault> {
        let block = Block::Ints(vec![0, 1]);
        Dictionary::from_block(Vec::new(), block, Shape::Truth, view, missing)
    }

    fn from_block(
        bytes: Vec<u8>,
        block: Block,
        shape: Shape,
        view: View,
        missing: &MissingValues,
    ) -> Result<Dictionary, Fault> {
        let mut levels = Levels::default();
        let mut codes = Vec::new();
        levels.code(&block, &bytes, shape, &mut codes)?;
        // after the values, so that ids can be codes as they are
        let null = levels.null();
        let values = Arc::new(levels.values().to_vec());
        let numbers = match view {
            View::Codes => Vec::new(),
            View::Numbers => numbers(&block, shape, &codes, &values, missing),
        };
        Ok(Dictionary {
            direct: codes.iter().copied().eq(0..codes.len() as u32),
            bytes,
            block,
            levels,
            values,
            codes,
            null,
            numbers,
        })
    }

    /// The codes of the ids in other levels.
    pub(super) fn codes_in(&self, levels: &mut Levels, shape: Shape) -> Result<Vec<u32>, Fault> {
        let mut codes = Vec::new();
        levels.code(&self.block, &self.bytes, shape, &mut codes)?;
        Ok(codes)
    }

    /// The number of every id.
    pub(super) fn numbers(&self, ids: &[u32]) -> Result<Vec<f64>, Fault> {
        let mut out = Vec::with_capacity(ids.len() + 1);
        for id in ids {
            match self.numbers.get(*id as usize) {
                Some(Some(number)) => out.push(*number),
                Some(None) => return Err(Fault::NoNumber(self.text(*id))),
                None => return Err(beyond()),
            }
        }
        Ok(out)
    }

    fn text(&self, id: u32) -> String {
        let code = self.codes.get(id as usize).copied().unwrap_or(self.null);
        self.values
            .get(code as usize)
            .map(Value::text)
            .unwrap_or_default()
    }
}

fn numbers(
    block: &Block,
    shape: Shape,
    codes: &[u32],
    values: &[Value],
    missing: &MissingValues,
) -> Vec<Option<f64>> {
    // from what is stored: the value may be the text of a day, or digits beyond 2^53
    let stored: Vec<Option<f64>> = match block {
        Block::Ints(ints) if shape.is_numeric() => ints
            .iter()
            .map(|stored| Some(shape.number_of_int(*stored)))
            .collect(),
        Block::Bigs(bigs) if shape.is_numeric() => bigs
            .iter()
            .map(|stored| Some(shape.number_of_big(*stored)))
            .collect(),
        Block::Floats(floats) => floats.iter().copied().map(Some).collect(),
        _ => codes
            .iter()
            .map(|code| values.get(*code as usize).and_then(number_of))
            .collect(),
    };
    stored
        .into_iter()
        .zip(codes)
        .map(|(number, code)| match values.get(*code as usize) {
            Some(value) if missing.holds(value) => Some(f64::NAN),
            _ => number,
        })
        .collect()
}

/// An id that has no value.
pub(super) fn beyond() -> Fault {
    damaged("an id beyond the dictionary")
}
