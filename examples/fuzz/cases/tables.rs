//! Small tables, text and workbooks, changed in a few places.

use std::io::{Cursor, Read, Write};

use opine::internals::tabular::{self, Header, Options};
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::input::Random;

const TEXTS: [&str; 6] = [
    "label,percent,n\nA,48.5,1000\nB,41.2,\"1,010\"\n",
    "Title\n\nlabel;percent;n\nA;48,5;1.004\nB;<1;n/a\n\nSource: x\n",
    "label\tdate\tpercent\r\nA\t14.06.2023\t0.5\r\nB\t5/6/2023\t62%\r\n",
    "variable|level|target\rsex|\"a|b\"|1 010\rsex|c|−3\r",
    "sep=;\nlabel;percent\n\"A \"\"x\"\"\";1e5\nB;55.00000000000001\n",
    ",label,percent\n1,é,1\n2,ü,0\n",
];
const PIECES: [&str; 34] = [
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\"\"",
    "1,004",
    "1.004",
    "0,5",
    "-",
    "–",
    "n/a",
    "%",
    "<1",
    "≥",
    "1e308",
    "99999999999999999999999",
    "label",
    "percent",
    "n",
    "5/6/2023",
    "Mai 2023",
    "2023Q2",
    "\u{feff}",
    "\u{a0}",
    "é",
    "한국",
    "sep=",
    "Source:",
    "*",
    "'",
];
const XML: [&str; 30] = [
    "<row>",
    "</row>",
    "<c>",
    "</c>",
    "<v>",
    "</v>",
    "<is><t>",
    "t=\"s\"",
    "t=\"e\"",
    "t=\"b\"",
    "r=\"A1\"",
    "r=\"XFD1048576\"",
    "r=\"ZZZZZZ9\"",
    "r=\"A0\"",
    "s=\"1\"",
    "s=\"999\"",
    "<table:table-row>",
    "</table:table-row>",
    "<text:p>",
    "</text:p>",
    "table:number-columns-repeated=\"1000\"",
    "table:number-rows-repeated=\"99999999\"",
    "office:value=\"1\"",
    "office:value-type=\"percentage\"",
    "&amp;",
    "&#0;",
    "&x;",
    "<![CDATA[",
    "<!--",
    "\"",
];

/// Files that are changed.
pub struct Tables {
    sheet: Vec<(String, Vec<u8>)>,
    document: Vec<(String, Vec<u8>)>,
    old: &'static [u8],
}

/// The parts of a packed file.
fn parts(packed: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut parts = Vec::new();
    let Ok(mut archive) = ZipArchive::new(Cursor::new(packed)) else {
        return parts;
    };
    for at in 0..archive.len() {
        let Ok(mut part) = archive.by_index(at) else {
            continue;
        };
        let name = part
            .name()
            .map_or_else(|_| String::new(), |name| name.into_owned());
        let mut bytes = Vec::new();
        drop(part.read_to_end(&mut bytes));
        parts.push((name, bytes));
    }
    parts
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        if writer.start_file(name.as_str(), stored).is_ok() {
            drop(writer.write_all(bytes));
        }
    }
    writer
        .finish()
        .map_or_else(|_| Vec::new(), Cursor::into_inner)
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let percent = rust_xlsxwriter::Format::new().set_num_format("0.0%");
    for (row, (label, share, n)) in (1..).zip([("A", 0.485, "1 004"), ("B", 0.412, "n/a")]) {
        drop(sheet.write(row, 0, label));
        drop(sheet.write_with_format(row, 1, share, &percent));
        drop(sheet.write(row, 2, n));
    }
    for (column, name) in (0..).zip(["label", "percent", "n"]) {
        drop(sheet.write(0, column, name));
    }
    drop(sheet.merge_range(4, 0, 4, 2, "Source: x", &rust_xlsxwriter::Format::new()));
    workbook.save_to_buffer().unwrap_or_default()
}

impl Tables {
    pub fn new() -> Tables {
        Tables {
            sheet: parts(&workbook()),
            document: parts(include_bytes!("../../../tests/files/tabular/list.ods")),
            old: include_bytes!("../../../tests/files/tabular/list.xls"),
        }
    }

    /// One changed file.
    pub fn changed(&self, random: &mut Random) -> Vec<u8> {
        match random.below(10) {
            0..6 => {
                let text = random.one(&TEXTS).as_bytes().to_vec();
                spliced(random, text, &PIECES)
            }
            6 => self.changed_parts(random, &self.sheet),
            7 => self.changed_parts(random, &self.document),
            8 => bytes_changed(random, self.old.to_vec()),
            _ => {
                let of = if random.chance(50) {
                    &self.sheet
                } else {
                    &self.document
                };
                bytes_changed(random, packed(of))
            }
        }
    }

    fn changed_parts(&self, random: &mut Random, parts: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut parts = parts.to_vec();
        let at = random.below(parts.len());
        if let Some((_, bytes)) = parts.get_mut(at) {
            *bytes = spliced(random, std::mem::take(bytes), &XML);
        }
        packed(&parts)
    }
}

/// Pieces put in, cut out or put over others.
fn spliced(random: &mut Random, mut bytes: Vec<u8>, pieces: &[&str]) -> Vec<u8> {
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        let piece = match random.below(4) {
            0 => "",
            _ => random.one(pieces),
        };
        let end = if random.chance(50) { at } else { end };
        bytes.splice(at..end, piece.bytes());
    }
    match random.below(12) {
        0 => bytes_changed(random, bytes),
        _ => bytes,
    }
}

fn bytes_changed(random: &mut Random, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..1 + random.below(8) {
        let at = random.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte = (random.next() & 255) as u8;
        }
    }
    if random.chance(10) {
        bytes.truncate(random.below(bytes.len() + 1));
    }
    bytes
}

/// Reads it in every way there is.
pub fn read(bytes: &[u8]) -> bool {
    let headers = [
        Header::named(&["label", "percent"]).or(&["variable", "level", "target"]),
        Header::by_shape(),
    ];
    let mut any = false;
    for header in &headers {
        let Ok(mut table) = tabular::read_bytes("t", bytes, header, &Options::default()) else {
            continue;
        };
        any = true;
        for column in 0..table.names().len() {
            drop(table.numbers(column));
            drop(table.counts(column));
            drop(table.percents(column));
            drop(table.dates(column));
            let _ = (table.is_numeric(column), table.is_dated(column));
            for row in 0..table.len().min(3) {
                let _ = (
                    table.text(row, column),
                    table.place(row, column).to_string(),
                );
            }
        }
        drop(table.note());
    }
    any
}
