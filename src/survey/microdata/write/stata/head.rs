//! What stands before the data of a Stata file of format 118, and the labels behind them.

use std::io::{self, Seek, SeekFrom, Write};

use super::super::names::{cut_bytes, cut_characters};
use super::super::stamp::Stamp;
use super::plan::{LabelSet, Plan};
use crate::survey::microdata::{Characteristic, Storage};

const NAME: usize = 129;
const FORMAT: usize = 57;
const LABEL: usize = 321;

/// Where the parts of a file start, in the order of its map.
#[derive(Default)]
pub(super) struct Map {
    /// Where the map itself stands.
    at: u64,
    pub parts: Vec<u64>,
}

impl Map {
    /// The next part starts here.
    pub(super) fn mark(&mut self, out: &mut impl Seek) -> io::Result<()> {
        self.parts.push(out.stream_position()?);
        Ok(())
    }

    /// Writes the map into its place.
    pub(super) fn write(&self, out: &mut (impl Write + Seek)) -> io::Result<()> {
        out.seek(SeekFrom::Start(self.at))?;
        for part in &self.parts {
            out.write_all(&part.to_le_bytes())?;
        }
        Ok(())
    }
}

/// A text in a field that ends in zero bytes.
fn field(text: &str, width: usize) -> Vec<u8> {
    let mut bytes = cut_bytes(text, width - 1).as_bytes().to_vec();
    bytes.resize(width, 0);
    bytes
}

/// Everything before the data, whose places the map gathers.
pub(super) fn head(
    out: &mut (impl Write + Seek),
    plan: &Plan,
    title: &str,
    rows: u64,
    stamp: &Stamp,
) -> io::Result<Map> {
    let mut map = Map::default();
    map.mark(out)?;
    let title = cut_characters(title, 80);
    let stamp = stamp.long();
    out.write_all(b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>")?;
    out.write_all(&(plan.variables.len() as u16).to_le_bytes())?;
    out.write_all(b"</K><N>")?;
    out.write_all(&rows.to_le_bytes())?;
    out.write_all(b"</N><label>")?;
    out.write_all(&(title.len() as u16).to_le_bytes())?;
    out.write_all(title.as_bytes())?;
    out.write_all(b"</label><timestamp>")?;
    out.write_all(&[stamp.len() as u8])?;
    out.write_all(stamp.as_bytes())?;
    out.write_all(b"</timestamp></header>")?;
    map.mark(out)?;
    out.write_all(b"<map>")?;
    map.at = out.stream_position()?;
    out.write_all(&[0; 14 * 8])?;
    out.write_all(b"</map>")?;
    lists(out, plan, &mut map)?;
    map.mark(out)?;
    out.write_all(b"<characteristics>")?;
    for characteristic in &plan.characteristics {
        write_characteristic(out, characteristic)?;
    }
    out.write_all(b"</characteristics>")?;
    Ok(map)
}

/// The lists with an item for each variable.
fn lists(out: &mut (impl Write + Seek), plan: &Plan, map: &mut Map) -> io::Result<()> {
    let mut list = |tag: &str, items: Vec<Vec<u8>>| {
        map.mark(out)?;
        write!(out, "<{tag}>")?;
        out.write_all(&items.concat())?;
        write!(out, "</{tag}>")
    };
    let variables = &plan.variables;
    let types = variables
        .iter()
        .map(|planned| code(planned.storage).to_le_bytes().to_vec());
    list("variable_types", types.collect())?;
    list(
        "varnames",
        variables
            .iter()
            .map(|planned| field(&planned.name, NAME))
            .collect(),
    )?;
    list("sortlist", vec![vec![0; (variables.len() + 1) * 2]])?;
    list(
        "formats",
        variables
            .iter()
            .map(|planned| field(&planned.format, FORMAT))
            .collect(),
    )?;
    let set = |set: Option<usize>| {
        let set = set.and_then(|at| plan.sets.get(at));
        field(set.map_or("", |set| &set.name), NAME)
    };
    list(
        "value_label_names",
        variables.iter().map(|planned| set(planned.set)).collect(),
    )?;
    list(
        "variable_labels",
        variables
            .iter()
            .map(|planned| field(&planned.label, LABEL))
            .collect(),
    )
}

fn code(storage: Storage) -> u16 {
    match storage {
        Storage::Text(width) => width as u16,
        Storage::LongString => 32_768,
        Storage::Double => 65_526,
        Storage::Float => 65_527,
        Storage::Long => 65_528,
        Storage::Int => 65_529,
        Storage::Byte => 65_530,
    }
}

fn write_characteristic(out: &mut impl Write, characteristic: &Characteristic) -> io::Result<()> {
    // 67 784 bytes with the zero byte, the most that Stata takes
    let text = cut_bytes(&characteristic.text, 67_783);
    out.write_all(b"<ch>")?;
    out.write_all(&((2 * NAME + text.len() + 1) as u32).to_le_bytes())?;
    out.write_all(&field(&characteristic.of, NAME))?;
    out.write_all(&field(&characteristic.name, NAME))?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\0</ch>")
}

/// The labels of values.
pub(super) fn label_sets(out: &mut impl Write, sets: &[LabelSet]) -> io::Result<()> {
    out.write_all(b"<value_labels>")?;
    for set in sets {
        let mut offsets = Vec::new();
        let mut numbers = Vec::new();
        let mut texts = Vec::new();
        for (number, label) in &set.labels {
            offsets.extend((texts.len() as u32).to_le_bytes());
            numbers.extend(number.to_le_bytes());
            texts.extend(label.as_bytes());
            texts.push(0);
        }
        out.write_all(b"<lbl>")?;
        let length = 8 + offsets.len() + numbers.len() + texts.len();
        out.write_all(&(length as u32).to_le_bytes())?;
        out.write_all(&field(&set.name, NAME))?;
        out.write_all(&[0; 3])?;
        out.write_all(&(set.labels.len() as u32).to_le_bytes())?;
        out.write_all(&(texts.len() as u32).to_le_bytes())?;
        out.write_all(&offsets)?;
        out.write_all(&numbers)?;
        out.write_all(&texts)?;
        out.write_all(b"</lbl>")?;
    }
    out.write_all(b"</value_labels>")
}
