//! From the records of an SPSS file to a codebook.

use std::collections::HashMap;
use std::path::Path;

use super::dates::{converted, kind};
use super::dictionary::{Dictionary, Record};
use super::extensions::{self, Items, number, pairs, sets};
use crate::survey::microdata::codebook::native::{Format, NativeAttributes, Origin, Storage};
use crate::survey::microdata::decoding::fixed::{LabelBudget, stored_value, text_value};
use crate::survey::microdata::decoding::texts::Texts;
use crate::survey::microdata::error::damaged;
use crate::survey::microdata::{
    Codebook, Error, Kind, MissingValues, MultipleResponse, Value, Variable, inference::names,
};

/// Where a variable stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Number { at: usize },
    Text { pieces: Vec<(usize, usize)> },
}

impl Place {
    fn storage(&self) -> Storage {
        match self {
            Place::Number { .. } => Storage::Double,
            Place::Text { pieces } => Storage::Text(pieces.iter().map(|(_, length)| length).sum()),
        }
    }
}

pub(super) struct Resolver<'a> {
    pub path: &'a Path,
    pub dictionary: &'a Dictionary,
    pub texts: &'a Texts,
}

impl Resolver<'_> {
    /// The codebook, where its variables stand, and what had to be named otherwise.
    pub(super) fn codebook(&self) -> Result<(Codebook, Vec<Place>, Vec<String>), Error> {
        let long_names: HashMap<Vec<u8>, &[u8]> = pairs(self.dictionary, 13)
            .into_iter()
            .map(|(short, long)| (upper(short), long))
            .collect();
        let widths: HashMap<Vec<u8>, usize> = pairs(self.dictionary, 14)
            .into_iter()
            .filter_map(|(short, width)| {
                let width = std::str::from_utf8(width).ok()?.trim().parse().ok()?;
                Some((upper(short), width))
            })
            .collect();
        let display = extensions::display(self.dictionary);
        let mut codebook = Codebook {
            title: Some(self.text(&self.dictionary.title)).filter(|title| !title.is_empty()),
            ..Codebook::default()
        };
        let mut places = Vec::new();
        let mut shorts = Vec::new();
        let mut at = 0;
        while let Some(record) = self.dictionary.records.get(at) {
            let short = upper(&record.name);
            let (place, used) = self.place(at, record, widths.get(&short).copied())?;
            let mut variable = self.variable(record, long_names.get(&short).copied());
            (variable.measure, variable.native.display) =
                display.get(at).copied().unwrap_or((None, None));
            variable.native.storage = Some(place.storage());
            codebook.variables.push(variable);
            places.push(place);
            shorts.push(short);
            at += used;
        }
        let given = codebook
            .variables
            .iter()
            .map(|variable| variable.name.clone());
        let (distinct, notes) = names::distinct(given.collect());
        for (variable, name) in codebook.variables.iter_mut().zip(distinct) {
            variable.name = name;
        }
        self.label_values(&mut codebook, &places)?;
        let names = Names::new(&codebook, shorts);
        self.long_strings(&mut codebook, &names);
        codebook.sets = self.response_sets(&codebook, &names);
        codebook.notes = self
            .dictionary
            .documents
            .iter()
            .map(|line| self.text(line))
            .collect();
        codebook.origin = self.origin(&codebook, &places);
        Ok((codebook, places, notes))
    }

    fn origin(&self, codebook: &Codebook, places: &[Place]) -> Origin {
        // units are counted from 1; 0, for none, wraps to a place where nothing stands
        let start = (self.dictionary.weight as usize)
            .wrapping_sub(1)
            .wrapping_mul(8);
        let weight = places
            .iter()
            .position(|place| *place == Place::Number { at: start });
        let attributes = |subtype| {
            let extension = self.dictionary.extension(subtype)?;
            Some(self.text(&extension.data))
        };
        Origin::Spss {
            weight: weight
                .and_then(|at| codebook.variables.get(at))
                .map(|variable| variable.name.clone()),
            counted_labels: sets(self.dictionary)
                .into_iter()
                .filter_map(|set| Some((self.text(set.name), self.text(set.by_label?))))
                .collect(),
            file_attributes: attributes(17),
            variable_attributes: attributes(18),
        }
    }

    fn text(&self, bytes: &[u8]) -> String {
        self.texts.decode("its head", bytes)
    }

    fn label(&self, name: &str, bytes: &[u8]) -> String {
        self.texts.label(&format!("the labels of {name}"), bytes)
    }

    /// A string of more than 255 bytes stands in pieces of 252, each of which has room for 255.
    fn place(
        &self,
        at: usize,
        record: &Record,
        width: Option<usize>,
    ) -> Result<(Place, usize), Error> {
        if record.width == 0 {
            return Ok((
                Place::Number {
                    at: record.slot * 8,
                },
                1,
            ));
        }
        // up to 255 a string is in one piece, whatever is said of its width
        let width = width.filter(|width| *width > 255).unwrap_or(record.width);
        if width == record.width {
            let pieces = vec![(record.slot * 8, record.width)];
            return self.fits(Place::Text { pieces }).map(|place| (place, 1));
        }
        let count = width.div_ceil(252);
        let mut left = width;
        let mut pieces = Vec::new();
        for piece in self.dictionary.records.iter().skip(at).take(count) {
            let length = left.min(piece.width);
            pieces.push((piece.slot * 8, length));
            left -= length;
        }
        if pieces.len() < count || left > 0 {
            let name = self.text(&record.name);
            let message = format!("{name} is a string of {width} bytes, its pieces are not there");
            return Err(damaged(self.path, message));
        }
        self.fits(Place::Text { pieces })
            .map(|place| (place, count))
    }

    fn fits(&self, place: Place) -> Result<Place, Error> {
        let row = self.dictionary.slots * 8;
        match &place {
            Place::Text { pieces } if pieces.iter().any(|(at, length)| at + length > row) => {
                Err(damaged(self.path, "a string is longer than its row"))
            }
            _ => Ok(place),
        }
    }

    fn variable(&self, record: &Record, long: Option<&[u8]>) -> Variable {
        let kind = kind(record.width, record.print >> 16 & 0xff);
        let name = self.text(long.unwrap_or(&record.name));
        let mut variable = Variable::bare(&name, kind);
        variable.label = record
            .label
            .as_deref()
            .map(|label| self.label(&name, label));
        variable.missing = self.missing(record, kind);
        variable.native = NativeAttributes {
            format: Some(Format::Spss {
                print: record.print,
                write: record.write,
            }),
            ..NativeAttributes::default()
        };
        variable
    }

    fn missing(&self, record: &Record, kind: Kind) -> MissingValues {
        let mut missing = MissingValues::default();
        let values = match record.missing_kind {
            -3 | -2 => {
                let bound = |at: usize| {
                    record
                        .missing
                        .get(at)
                        .map_or(f64::NAN, |bytes| self.number(*bytes))
                };
                let (low, high) = (bound(0), bound(1));
                // LOWEST is the number next to the system-missing one
                let low = if low <= -f64::MAX.next_down() {
                    f64::NEG_INFINITY
                } else {
                    converted(kind, low)
                };
                let high = if high == f64::MAX {
                    f64::INFINITY
                } else {
                    converted(kind, high)
                };
                missing.ranges.push((low, high));
                record.missing.get(2..).unwrap_or_default()
            }
            _ => record.missing.as_slice(),
        };
        missing.values = values
            .iter()
            .map(|value| self.value(kind, *value, record.width))
            .collect();
        missing
    }

    fn number(&self, bytes: [u8; 8]) -> f64 {
        number(bytes, self.dictionary.big_endian)
    }

    /// A value of the head as it stands in the codes. Of a string of less than 8 bytes, the rest is not always blank.
    fn value(&self, kind: Kind, bytes: [u8; 8], width: usize) -> Value {
        match kind {
            Kind::Text => text_value(self.text(bytes.get(..width).unwrap_or(&bytes))),
            _ => stored_value(kind, converted(kind, self.number(bytes))),
        }
    }

    fn label_values(&self, codebook: &mut Codebook, places: &[Place]) -> Result<(), Error> {
        let by_start: HashMap<usize, usize> = places
            .iter()
            .enumerate()
            .filter_map(|(at, place)| match place {
                Place::Number { at: start } => Some((*start, at)),
                Place::Text { pieces } => pieces.first().map(|(start, _)| (*start, at)),
            })
            .collect();
        let mut budget = LabelBudget::default();
        for set in &self.dictionary.label_sets {
            for slot in &set.slots {
                let start = (*slot as usize).wrapping_sub(1).wrapping_mul(8);
                let Some(variable) = by_start
                    .get(&start)
                    .and_then(|at| codebook.variables.get_mut(*at))
                else {
                    continue;
                };
                budget.take(set.labels.len(), self.path)?;
                let kind = variable.kind;
                let width = match variable.native.storage {
                    Some(Storage::Text(width)) => width,
                    _ => 8,
                };
                let name = variable.name.clone();
                for (value, label) in &set.labels {
                    let value = self.value(kind, *value, width);
                    variable.labels.push((value, self.label(&name, label)));
                }
            }
        }
        Ok(())
    }

    /// Labels and missing values of strings of more than 8 bytes, subtypes 21 and 22.
    fn long_strings(&self, codebook: &mut Codebook, names: &Names) {
        let mut items = Items::new(self.dictionary, 21);
        while let Some(name) = items.counted() {
            let (Some(_width), Some(count)) = (items.u32(), items.u32()) else {
                return;
            };
            let at = self.find(names, name);
            for _ in 0..count {
                let (Some(value), Some(label)) = (items.counted(), items.counted()) else {
                    return;
                };
                if let Some(variable) = at.and_then(|at| codebook.variables.get_mut(at)) {
                    let label = self.label(&variable.name, label);
                    variable.labels.push((text_value(self.text(value)), label));
                }
            }
        }
        let mut items = Items::new(self.dictionary, 22);
        while let Some(name) = items.counted() {
            let (Some(count), Some(length)) = (items.u8(), items.u32()) else {
                return;
            };
            let at = self.find(names, name);
            for _ in 0..count {
                let Some(value) = items.take(length as usize) else {
                    return;
                };
                if let Some(variable) = at.and_then(|at| codebook.variables.get_mut(at)) {
                    variable.missing.values.push(text_value(self.text(value)));
                }
            }
        }
    }

    /// By the long name or the short one.
    fn find(&self, names: &Names, name: &[u8]) -> Option<usize> {
        let by_long = names.long.get(&self.text(name));
        by_long.or_else(|| names.short.get(&upper(name))).copied()
    }

    fn response_sets(&self, codebook: &Codebook, names: &Names) -> Vec<MultipleResponse> {
        let named = |set: extensions::Set| {
            let variables: Vec<usize> = set
                .variables
                .iter()
                .filter_map(|name| self.find(names, name))
                .collect();
            let first = variables.first().and_then(|at| codebook.variables.get(*at));
            let counted = set.counted.map(|counted| {
                let text = self.text(counted);
                match (first.map(|variable| variable.kind), text.trim().parse()) {
                    (Some(Kind::Text), _) | (_, Err(_)) => Value::Text(text),
                    (_, Ok(number)) => Value::Number(number),
                }
            });
            MultipleResponse {
                name: self.text(set.name),
                label: Some(self.text(set.label)).filter(|label| !label.is_empty()),
                counted,
                variables: variables
                    .iter()
                    .filter_map(|at| codebook.variables.get(*at))
                    .map(|variable| variable.name.clone())
                    .collect(),
            }
        };
        sets(self.dictionary).into_iter().map(named).collect()
    }
}

/// Where the variables of a name stand.
struct Names {
    long: HashMap<String, usize>,
    short: HashMap<Vec<u8>, usize>,
}

impl Names {
    fn new(codebook: &Codebook, shorts: Vec<Vec<u8>>) -> Names {
        let long = codebook
            .variables
            .iter()
            .map(|variable| variable.name.clone());
        Names {
            long: long.zip(0..).collect(),
            short: shorts.into_iter().zip(0..).collect(),
        }
    }
}

fn upper(name: &[u8]) -> Vec<u8> {
    name.trim_ascii().to_ascii_uppercase()
}
