//! What becomes of each variable in an SPSS file.

use std::collections::HashSet;

use super::super::entry::Entry;
use super::super::extent::Extent;
use super::super::names::{Names, cut_bytes};
use super::missing::{LetterNumbers, Missing, letter_numbers, missing};
use crate::survey::microdata::{Codebook, Format, Kind, Storage, Variable, spss, value};

/// A variable as it is written.
pub(super) struct Planned<'a> {
    pub variable: &'a Variable,
    pub name: String,
    /// One for each piece that a long string stands in.
    pub short_names: Vec<String>,
    /// Bytes of a string; 0 for numbers.
    pub width: usize,
    /// Its first 8-byte unit in a row.
    pub slot: usize,
    pub print: u32,
    pub write: u32,
    pub label: Option<String>,
    pub labels: Vec<(Stored, String)>,
    pub missing: Missing,
    pub letters: LetterNumbers,
}

/// A value in the head of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stored {
    Number(f64),
    Text(String),
}

/// The longest string of SPSS.
const LONGEST: usize = 32_767;
/// A piece holds 255 bytes, and there are as many pieces as if it held 252.
const PIECE: usize = 252;

/// The pieces that a string of that width is declared in.
pub(super) fn pieces(width: usize) -> Vec<usize> {
    match width {
        0..=255 => vec![width],
        _ => {
            let count = width.div_ceil(PIECE);
            let mut pieces = vec![255; count - 1];
            pieces.push(width - (count - 1) * PIECE);
            pieces
        }
    }
}

/// 8-byte units of a piece.
pub(super) fn units(width: usize) -> usize {
    width.div_ceil(8).max(1)
}

/// Plans the variables; the error names one that there is no room for and says why. Notes say what is written otherwise
/// than it came.
pub(super) fn plan<'a>(
    codebook: &'a Codebook,
    extents: &[Extent],
    notes: &mut Vec<String>,
) -> Result<Vec<Planned<'a>>, (String, String)> {
    let names: Vec<&str> = codebook.variables.iter().map(|v| v.name.as_str()).collect();
    let written = written_names(codebook, &names);
    let mut short_names = ShortNames::new(&written);
    let mut slot = 0;
    let mut planned = Vec::new();
    for ((variable, extent), name) in codebook.variables.iter().zip(extents).zip(written) {
        let refused = |problem: String| (variable.name.clone(), problem);
        let width = width(variable, extent).map_err(refused)?;
        let shorts = short_names.take(&name, pieces(width).len());
        let (print, write) = formats(variable, extent, width);
        let letters = match width {
            0 => letter_numbers(variable, extent, notes).map_err(refused)?,
            _ => LetterNumbers::new(),
        };
        let mut label = variable
            .label
            .clone()
            .map(|label| shortened(label, 256, &variable.name, notes));
        if name != variable.name {
            notes.push(format!("{} is named {name} in the file", variable.name));
            label.get_or_insert_with(|| cut_bytes(&variable.name, 256).to_owned());
        }
        planned.push(Planned {
            variable,
            short_names: shorts,
            width,
            slot,
            print,
            write,
            label,
            labels: labels(variable, width, &letters, notes),
            missing: missing(variable, extent, width, &letters).map_err(refused)?,
            letters,
            name,
        });
        slot += pieces(width).into_iter().map(units).sum::<usize>();
    }
    Ok(planned)
}

/// A file of SPSS keeps its names, whatever we think of them.
fn written_names(codebook: &Codebook, names: &[&str]) -> Vec<String> {
    let is_own = |variable: &Variable| matches!(variable.native.format, Some(Format::Spss { .. }));
    let fits = |variable: &Variable| {
        let refused = Names::Spss.refuses(&variable.name).is_some();
        variable.name.len() <= 64 && (is_own(variable) || !refused)
    };
    let mut seen = HashSet::new();
    let distinct = names.iter().all(|name| seen.insert(name.to_lowercase()));
    match distinct && codebook.variables.iter().all(fits) {
        true => names.iter().map(|name| (*name).to_owned()).collect(),
        false => Names::Spss.written(names.iter().copied()),
    }
}

/// Bytes of a string; 0 where the column is written as numbers.
fn width(variable: &Variable, extent: &Extent) -> Result<usize, String> {
    if variable.kind != Kind::Text && !extent.texts {
        return match extent.bounds {
            Some((low, high)) if low <= spss::SYSTEM || high.is_infinite() => {
                Err("has a number that SPSS takes for missing or infinite".to_owned())
            }
            _ => Ok(0),
        };
    }
    let recorded = match variable.native.storage {
        Some(Storage::Text(width))
            if matches!(variable.native.format, Some(Format::Spss { .. })) =>
        {
            width
        }
        _ => 1,
    };
    let labelled = variable.labels.iter().map(|(value, _)| value);
    let named = labelled
        .chain(&variable.missing.values)
        .map(|value| value.text().len());
    // a label may be for a text that nobody gave
    let longest = extent.bytes().max(named.max().unwrap_or(0));
    match longest {
        ..=LONGEST => Ok(longest.max(recorded)),
        _ => Err(format!(
            "has a text of {longest} bytes; SPSS has room for {LONGEST}"
        )),
    }
}

/// A type, a width and decimals in one word.
fn format(kind: u32, width: usize, decimals: usize) -> u32 {
    kind << 16 | (width.min(255) as u32) << 8 | decimals.min(16) as u32
}

const A: u32 = 1;
const F: u32 = 5;
const DATE: u32 = 20;
const DATETIME: u32 = 22;

/// The formats that the file had, or those that show what is in the column.
fn formats(variable: &Variable, extent: &Extent, width: usize) -> (u32, u32) {
    let text = width > 0;
    if let Some(Format::Spss { print, write }) = variable.native.format
        && text == matches!(print >> 16, 1 | 2)
        && (!text || variable.native.storage == Some(Storage::Text(width)))
    {
        return (print, write);
    }
    let chosen = match variable.kind {
        _ if text => format(A, width, 0),
        // 27-NOV-2026, and with 21:30:00 behind it
        Kind::Date => format(DATE, 11, 0),
        Kind::DateTime => format(DATETIME, 20, 0),
        _ => {
            // a number is stored in full, whatever is shown
            let decimals = extent.decimals.min(6);
            let point = usize::from(decimals > 0);
            let shown = extent.whole_bytes() + point + decimals;
            format(F, shown.clamp(8, 40), decimals)
        }
    };
    (chosen, chosen)
}

fn shortened(text: String, most: usize, of: &str, notes: &mut Vec<String>) -> String {
    let cut = cut_bytes(&text, most);
    if cut.len() < text.len() {
        notes.push(format!(
            "a label of {of} is cut to {most} bytes: SPSS has no more room"
        ));
    }
    cut.to_owned()
}

fn labels(
    variable: &Variable,
    width: usize,
    letters: &LetterNumbers,
    notes: &mut Vec<String>,
) -> Vec<(Stored, String)> {
    let mut labels = Vec::new();
    for (value, label) in &variable.labels {
        let Some(stored) = stored(variable, Entry::from_value(variable, value), width, letters)
        else {
            notes.push(format!(
                "the label '{label}' of {} is left out: SPSS has no value {}",
                variable.name,
                value.text()
            ));
            continue;
        };
        labels.push((stored, shortened(label.clone(), 255, &variable.name, notes)));
    }
    labels
}

/// What stands in the head for an entry; `None` where SPSS has no such value.
pub(super) fn stored(
    variable: &Variable,
    entry: Entry,
    width: usize,
    letters: &LetterNumbers,
) -> Option<Stored> {
    match (entry, width) {
        (Entry::Letter(letter), 0) => letters.get(&letter).copied().map(Stored::Number),
        (Entry::Number(number), 0) => Some(Stored::Number(spss::stored(variable.kind, number))),
        (Entry::Number(number), _) => Some(Stored::Text(value::written(number))),
        (Entry::Text(text), 1..) => Some(Stored::Text(text.to_owned())),
        // a blank string
        (Entry::Nothing, 1..) => Some(Stored::Text(String::new())),
        _ => None,
    }
}

/// Names of 8 letters, each once.
struct ShortNames {
    taken: HashSet<String>,
    /// Names that are short as they are and keep themselves.
    own: HashSet<String>,
    number: u64,
}

impl ShortNames {
    fn new(names: &[String]) -> ShortNames {
        let short = names
            .iter()
            .filter(|name| name.len() <= 8 && name.is_ascii());
        let own: HashSet<String> = short.map(|name| name.to_ascii_uppercase()).collect();
        ShortNames {
            taken: own.clone(),
            own,
            number: 0,
        }
    }

    fn take(&mut self, name: &str, pieces: usize) -> Vec<String> {
        let upper = name.to_ascii_uppercase();
        let first = match self.own.remove(&upper) {
            true => upper.clone(),
            false => self.free(&upper),
        };
        let mut names = vec![first];
        for _ in 1..pieces {
            names.push(self.free(&upper));
        }
        names
    }

    /// The start of the name, with a number if that is taken.
    fn free(&mut self, upper: &str) -> String {
        let mut start: String = upper
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(8)
            .collect();
        if !start.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            start.insert(0, 'V');
            start.truncate(8);
        }
        let mut candidate = start.clone();
        while !self.taken.insert(candidate.clone()) {
            self.number += 1;
            let end = self.number.to_string();
            candidate = format!(
                "{}{end}",
                cut_bytes(&start, 8_usize.saturating_sub(end.len()))
            );
        }
        candidate
    }
}
