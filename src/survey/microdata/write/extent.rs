//! What a first look at all entries says of each column: how long texts are, how large numbers.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::entry::{Entry, each_value, missing_numbers, requests};
use crate::survey::microdata::value::written;
use crate::survey::microdata::{Column, Error, Source, Variable};

/// Of one column.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    /// Bytes of the longest text.
    pub text_bytes: usize,
    /// Whether a text has a zero byte.
    pub zero_byte: bool,
    /// Whether a column of numbers has a text that is none.
    pub texts: bool,
    /// The smallest and the largest number.
    pub bounds: Option<(f64, f64)>,
    /// The same of those that are no missing values.
    pub answers: Option<(f64, f64)>,
    /// Whether a number is broken.
    pub broken: bool,
    /// Decimals of the number with the most of them.
    pub decimals: usize,
    /// Bytes of the longest broken number as a text.
    broken_bytes: usize,
    /// Whether a number is none of single precision.
    pub double: bool,
    /// The letters of missing values.
    pub letters: BTreeSet<u8>,
    /// User-missing numbers that occur, as bits; more than [`MOST_MISSING`] are not gathered.
    pub missing: BTreeSet<u64>,
}

/// One more than Stata has letters for.
pub(super) const MOST_MISSING: usize = 27;

/// Looks at all entries of all columns.
///
/// # Errors
/// Those of the scan.
pub(super) fn look(source: &dyn Source) -> Result<(u64, Vec<Extent>), Error> {
    let variables = &source.codebook().variables;
    let missing: Vec<Vec<f64>> = variables.iter().map(missing_numbers).collect();
    let all = Mutex::new((0, vec![Extent::default(); variables.len()]));
    source.scan(&requests(source), &|batch| {
        let mut found = Vec::new();
        for ((variable, missing), column) in variables.iter().zip(&missing).zip(&batch.columns) {
            found.push(extent(variable, missing, column)?);
        }
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.0 += batch.rows as u64;
        for (all, found) in all.1.iter_mut().zip(found) {
            all.add(found);
        }
        Ok(())
    })?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn extent(variable: &Variable, missing: &[f64], column: &Column) -> Result<Extent, Error> {
    let mut extent = Extent::default();
    let plain = missing.is_empty() && variable.missing.ranges.is_empty();
    each_value(variable, column, |entry| {
        match entry {
            Entry::Nothing => {}
            Entry::Letter(letter) => drop(extent.letters.insert(letter)),
            Entry::Text(text) => {
                extent.texts = true;
                extent.text(text);
            }
            Entry::Number(number) => {
                extent.number(number);
                let ranges = &variable.missing.ranges;
                let within = |(low, high): &(f64, f64)| *low <= number && number <= *high;
                if plain || !(missing.contains(&number) || ranges.iter().any(within)) {
                    extent.answers = Some(widened(extent.answers, number));
                } else if extent.missing.len() < MOST_MISSING {
                    extent.missing.insert(number.to_bits());
                }
            }
        }
        Ok(())
    })?;
    Ok(extent)
}

fn widened(bounds: Option<(f64, f64)>, number: f64) -> (f64, f64) {
    let (low, high) = bounds.unwrap_or((number, number));
    (low.min(number), high.max(number))
}

impl Extent {
    fn text(&mut self, text: &str) {
        self.text_bytes = self.text_bytes.max(text.len());
        self.zero_byte |= text.contains('\0');
    }

    fn number(&mut self, number: f64) {
        self.bounds = Some(widened(self.bounds, number));
        self.double |= f64::from(number as f32) != number;
        if number.fract() != 0.0 {
            self.broken = true;
            let text = written(number);
            let decimals = text
                .split_once('.')
                .map_or(0, |(_, decimals)| decimals.len());
            self.decimals = self.decimals.max(decimals);
            self.broken_bytes = self.broken_bytes.max(text.len());
        }
    }

    fn add(&mut self, other: Extent) {
        self.text_bytes = self.text_bytes.max(other.text_bytes);
        self.zero_byte |= other.zero_byte;
        self.texts |= other.texts;
        for (bounds, others) in [
            (&mut self.bounds, other.bounds),
            (&mut self.answers, other.answers),
        ] {
            for number in others.into_iter().flat_map(|(low, high)| [low, high]) {
                *bounds = Some(widened(*bounds, number));
            }
        }
        self.broken |= other.broken;
        self.double |= other.double;
        self.decimals = self.decimals.max(other.decimals);
        self.broken_bytes = self.broken_bytes.max(other.broken_bytes);
        self.letters.extend(other.letters);
        self.missing.extend(other.missing);
    }

    /// Bytes of the longest number before its point, with its sign.
    pub(super) fn whole_bytes(&self) -> usize {
        let bounds = self.bounds.into_iter().flat_map(|(low, high)| [low, high]);
        let bytes = bounds.map(|number| written(number.trunc()).len());
        bytes.max().unwrap_or(0)
    }

    /// Bytes of the longest entry where all are written out.
    pub(super) fn bytes(&self) -> usize {
        self.text_bytes
            .max(self.whole_bytes())
            .max(self.broken_bytes)
    }
}
