//! The records of an SPSS file before its data.

use super::super::names::cut_bytes;
use super::super::stamp::Stamp;
use super::plan::{Planned, Stored, pieces, units};
use crate::survey::microdata::{Alignment, Codebook, Display, Measure, Origin, Value, spss};

/// The second-lowest number, which SPSS writes for LOWEST.
const LOWEST: f64 = -f64::MAX.next_down();
/// Documents stand in lines of so many bytes.
const LINE: usize = 80;

/// Bytes in the order of the head, little-endian.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn i32(&mut self, number: i32) {
        self.0.extend(number.to_le_bytes());
    }

    /// Lengths are checked where the plan is made.
    fn count(&mut self, number: usize) {
        self.i32(i32::try_from(number).unwrap_or(i32::MAX));
    }

    fn word(&mut self, word: u32) {
        self.0.extend(word.to_le_bytes());
    }

    fn f64(&mut self, number: f64) {
        self.0.extend(number.to_le_bytes());
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    /// A text in a field of blanks.
    fn text(&mut self, text: &str, width: usize) {
        let text = cut_bytes(text, width);
        self.raw(text.as_bytes());
        self.0.resize(self.0.len() + width - text.len(), b' ');
    }

    /// A length and as many bytes.
    fn counted(&mut self, text: &str) {
        self.count(text.len());
        self.raw(text.as_bytes());
    }

    fn stored(&mut self, value: &Stored) {
        match value {
            Stored::Number(number) => self.f64(*number),
            Stored::Text(text) => self.text(text, 8),
        }
    }

    fn extension(&mut self, subtype: i32, size: usize, data: &[u8]) {
        if data.is_empty() {
            return;
        }
        self.i32(7);
        self.i32(subtype);
        self.count(size);
        self.count(data.len() / size);
        self.raw(data);
    }
}

/// The head up to the data.
pub(super) fn head(
    codebook: &Codebook,
    planned: &[Planned],
    rows: u64,
    packed: bool,
    stamp: &Stamp,
) -> Vec<u8> {
    let mut out = Bytes::default();
    file_header(&mut out, codebook, planned, rows, packed, stamp);
    planned
        .iter()
        .for_each(|planned| variable(&mut out, planned));
    planned.iter().for_each(|planned| labels(&mut out, planned));
    documents(&mut out, &codebook.notes);
    // the version of the program, no machine, IEEE, compression, little-endian, UTF-8
    let integers = [0, 1, 0, -1, 1, 1, 2, 65001_i32].map(i32::to_le_bytes);
    out.extension(3, 4, integers.as_flattened());
    let floats = [spss::SYSTEM, f64::MAX, LOWEST].map(f64::to_le_bytes);
    out.extension(4, 8, floats.as_flattened());
    let (plain, by_label) = sets(codebook, planned);
    out.extension(7, 1, &plain);
    out.extension(19, 1, &by_label);
    out.extension(11, 4, &display_record(planned));
    let pair =
        |planned: &Planned| Some(format!("{}={}", planned.short_names.first()?, planned.name));
    let long_names: Vec<String> = planned.iter().filter_map(pair).collect();
    out.extension(13, 1, long_names.join("\t").as_bytes());
    out.extension(14, 1, &widths(planned));
    let counts = [1, i64::try_from(rows).unwrap_or(i64::MAX)].map(i64::to_le_bytes);
    out.extension(16, 8, counts.as_flattened());
    if let Origin::Spss {
        file_attributes,
        variable_attributes,
        ..
    } = &codebook.origin
    {
        out.extension(
            17,
            1,
            file_attributes.as_deref().unwrap_or_default().as_bytes(),
        );
        out.extension(
            18,
            1,
            variable_attributes
                .as_deref()
                .unwrap_or_default()
                .as_bytes(),
        );
    }
    out.extension(20, 1, b"UTF-8");
    out.extension(21, 1, &long_labels(planned));
    out.extension(22, 1, &long_missing(planned));
    out.i32(999);
    out.i32(0);
    out.0
}

fn file_header(
    out: &mut Bytes,
    codebook: &Codebook,
    planned: &[Planned],
    rows: u64,
    packed: bool,
    stamp: &Stamp,
) {
    out.raw(if packed { b"$FL3" } else { b"$FL2" });
    let program = concat!("@(#) SPSS DATA FILE opine ", env!("CARGO_PKG_VERSION"));
    out.text(program, 60);
    out.i32(2);
    out.count(
        planned
            .iter()
            .flat_map(|planned| pieces(planned.width))
            .map(units)
            .sum(),
    );
    out.i32(if packed { 2 } else { 1 });
    let weight = match &codebook.origin {
        Origin::Spss { weight, .. } => planned
            .iter()
            .find(|planned| Some(&planned.variable.name) == weight.as_ref()),
        _ => None,
    };
    out.count(weight.map_or(0, |planned| planned.slot + 1));
    // more rows than the word holds stand in the extension alone
    out.i32(i32::try_from(rows).unwrap_or(-1));
    out.f64(super::rows::BIAS);
    out.text(&stamp.short_date(), 9);
    out.text(&stamp.time(), 8);
    out.text(codebook.title.as_deref().unwrap_or_default(), 64);
    out.raw(&[0; 3]);
}

fn variable(out: &mut Bytes, planned: &Planned) {
    let pieces = pieces(planned.width);
    for (at, (width, short_name)) in pieces.iter().zip(&planned.short_names).enumerate() {
        let first = at == 0;
        let label = planned.label.as_deref().filter(|_| first);
        // missing values of longer strings stand in an extension
        let missing = Some(&planned.missing).filter(|_| planned.width <= 8);
        let values = missing.map_or(0, |missing| missing.values.len() as i32);
        let range = missing.and_then(|missing| missing.range);
        out.i32(2);
        out.count(*width);
        out.i32(i32::from(label.is_some()));
        out.i32(match range {
            Some(_) => -2 - values,
            None => values,
        });
        let format = |whole: u32| match pieces.len() {
            1 => whole,
            _ => whole & 0xffff_0000 | (*width as u32) << 8,
        };
        out.word(format(planned.print));
        out.word(format(planned.write));
        out.text(short_name, 8);
        if let Some(label) = label {
            out.counted(label);
            out.0.resize(
                out.0.len() + label.len().next_multiple_of(4) - label.len(),
                b' ',
            );
        }
        if let Some((low, high)) = range {
            out.f64(low);
            out.f64(high);
        }
        for value in missing.map(|missing| &missing.values).into_iter().flatten() {
            out.stored(value);
        }
        for _ in 1..units(*width) {
            for number in [2, -1, 0, 0, 0, 0] {
                out.i32(number);
            }
            out.text("", 8);
        }
    }
}

fn labels(out: &mut Bytes, planned: &Planned) {
    if planned.labels.is_empty() || planned.width > 8 {
        return;
    }
    out.i32(3);
    out.count(planned.labels.len());
    for (value, label) in &planned.labels {
        out.stored(value);
        // with its length the label fills units of 8 bytes
        let padded = (label.len() + 1).next_multiple_of(8) - 1;
        out.raw(&[label.len() as u8]);
        out.text(label, padded);
    }
    out.i32(4);
    out.count(1);
    out.count(planned.slot + 1);
}

/// Lines of 80 bytes, longer ones broken.
fn documents(out: &mut Bytes, notes: &[String]) {
    let mut lines = Vec::new();
    for line in notes.iter().flat_map(|note| note.split('\n')) {
        let mut rest = line;
        loop {
            let piece = cut_bytes(rest, LINE);
            lines.push(piece);
            rest = rest.get(piece.len()..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    out.i32(6);
    out.count(lines.len());
    lines.iter().for_each(|line| out.text(line, LINE));
}

/// The lines of multiple-response sets: those of all versions of SPSS, and those of 14 and later.
fn sets(codebook: &Codebook, planned: &[Planned]) -> (Vec<u8>, Vec<u8>) {
    let by_label = match &codebook.origin {
        Origin::Spss { counted_labels, .. } => counted_labels.as_slice(),
        _ => &[],
    };
    let (mut plain, mut newer) = (String::new(), String::new());
    for set in &codebook.sets {
        let how = by_label.iter().find(|(name, _)| *name == set.name);
        let counted = set.counted.as_ref().map(Value::text);
        let (lines, kind) = match (counted, how) {
            (None, _) => (&mut plain, "C".to_owned()),
            (Some(counted), None) => (&mut plain, format!("D{} {counted}", counted.len())),
            (Some(counted), Some((_, how))) => {
                (&mut newer, format!("E {how} {} {counted}", counted.len()))
            }
        };
        let label = set.label.as_deref().unwrap_or_default();
        lines.push_str(&format!("{}={kind} {} {label}", set.name, label.len()));
        for name in &set.variables {
            let found = planned
                .iter()
                .find(|planned| planned.variable.name == *name);
            if let Some(short) = found.and_then(|planned| planned.short_names.first()) {
                // in small letters, unlike everywhere else
                lines.push_str(&format!(" {}", short.to_lowercase()));
            }
        }
        lines.push('\n');
    }
    (plain.into_bytes(), newer.into_bytes())
}

/// Measure, width on the screen and alignment of each record.
fn display_record(planned: &[Planned]) -> Vec<u8> {
    let mut out = Bytes::default();
    for planned in planned {
        let measure = match planned.variable.measure {
            None => 0,
            Some(Measure::Nominal) => 1,
            Some(Measure::Ordinal) => 2,
            Some(Measure::Scale) => 3,
        };
        let text = planned.width > 0;
        let usual = Display {
            width: if text {
                planned.width.clamp(8, 40) as u32
            } else {
                10
            },
            alignment: if text {
                Alignment::Left
            } else {
                Alignment::Right
            },
        };
        let display = planned.variable.native.display.unwrap_or(usual);
        for _ in &planned.short_names {
            out.word(measure);
            out.word(display.width);
            out.word(match display.alignment {
                Alignment::Left => 0,
                Alignment::Right => 1,
                Alignment::Centre => 2,
            });
        }
    }
    out.0
}

/// The widths of strings that stand in several pieces.
fn widths(planned: &[Planned]) -> Vec<u8> {
    let mut out = Vec::new();
    for planned in planned.iter().filter(|planned| planned.width > 255) {
        if let Some(short) = planned.short_names.first() {
            // five digits, a zero byte and a tab, as SPSS writes it
            out.extend(format!("{short}={:05}\0\t", planned.width).into_bytes());
        }
    }
    out
}

fn long_strings<'a>(planned: &'a [Planned]) -> impl Iterator<Item = &'a Planned<'a>> {
    planned.iter().filter(|planned| planned.width > 8)
}

fn long_labels(planned: &[Planned]) -> Vec<u8> {
    let mut out = Bytes::default();
    for planned in long_strings(planned).filter(|planned| !planned.labels.is_empty()) {
        out.counted(&planned.name);
        out.count(planned.width);
        out.count(planned.labels.len());
        for (value, label) in &planned.labels {
            if let Stored::Text(text) = value {
                out.count(planned.width);
                out.text(text, planned.width);
                out.counted(label);
            }
        }
    }
    out.0
}

fn long_missing(planned: &[Planned]) -> Vec<u8> {
    let mut out = Bytes::default();
    for planned in long_strings(planned).filter(|planned| !planned.missing.values.is_empty()) {
        out.counted(&planned.name);
        out.raw(&[planned.missing.values.len() as u8]);
        // always 8, whatever the width of the string
        out.count(8);
        planned
            .missing
            .values
            .iter()
            .for_each(|value| out.stored(value));
    }
    out.0
}
