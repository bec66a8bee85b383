//! Respondents in a workbook: .xlsx, .xlsm, .xls and .ods.
//!
//! The first row that is as wide as the table names the columns, and what survey tools write below it labels them, as in
//! delimited text. A number is a number, a day a day; texts are looked at column by column as those of delimited text are.
//! The whole sheet is in memory.

use std::path::Path;

use crate::survey::microdata::decoding::coding::Coder;
use crate::survey::microdata::error::damaged;
use crate::survey::microdata::inference::evidence::{ColumnRules, Evidence, Form, Look, Rules};
use crate::survey::microdata::inference::header::Head;
use crate::survey::microdata::inference::number::trimmed;
use crate::survey::microdata::value::written;
use crate::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, Memory, MemoryColumn, OpenOptions, Source, Value,
    Variable,
};
use crate::tabular::{self, Limits, SheetCell, SheetRows};

/// How large a sheet may be: 20,000 respondents of 250 questions are 5,000,000 cells.
const LIMITS: Limits = Limits {
    bytes: 128 << 20,
    unpacked: 192 << 20,
    cells: 5_000_000,
    columns: 16_384,
};
/// Rows that are looked at for the one that names the columns, and for what stands below it.
const LOOK: usize = 60;

/// Opens a sheet: the one that is named, or the only one with a table.
pub(super) fn open(
    path: &Path,
    sheet: Option<String>,
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    options.refuse_encoding(path, "the texts of workbooks are in Unicode")?;
    let read = tabular::Options {
        sheet,
        limits: LIMITS,
        ..tabular::Options::default()
    };
    let bytes = tabular::bytes_of(path, &read.limits)?;
    let SheetRows { rows, notes } =
        tabular::sheet_rows(&path.display().to_string(), &bytes, &read)?;
    // the file need not be in memory beside its cells
    drop(bytes);
    let mut faults = 0_u64;
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(_, cells)| {
            cells
                .into_iter()
                .map(|cell| entry(cell, &mut faults))
                .collect()
        })
        .collect();
    let sheet = Sheet::new(rows, notes, faults);
    sheet.memory(path, options)
}

/// A cell as delimited text would have it.
fn entry(cell: SheetCell, faults: &mut u64) -> String {
    match cell {
        SheetCell::Text(text) => text,
        SheetCell::Number(number) => written(number),
        SheetCell::Fault(_) => {
            *faults += 1;
            String::new()
        }
    }
}

struct Sheet {
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Sheet {
    fn new(rows: Vec<Vec<String>>, notes: Vec<String>, faults: u64) -> Sheet {
        let mut sheet = Sheet { rows, notes };
        match faults {
            0 => {}
            1 => sheet
                .notes
                .push("a formula that gives an error is read as no answer".to_owned()),
            count => {
                let note = format!("{count} formulas that give an error are read as no answer");
                sheet.notes.push(note);
            }
        }
        sheet
    }

    /// Takes off the rows above the one that names the columns: the first with half as many entries as any has.
    fn header(&mut self) -> Option<Vec<String>> {
        let filled =
            |row: &Vec<String>| row.iter().filter(|entry| !entry.trim().is_empty()).count();
        let widest = self.rows.iter().take(LOOK).map(filled).max().unwrap_or(0);
        let at = self
            .rows
            .iter()
            .position(|row| filled(row) * 2 > widest || filled(row) == widest)?;
        match at {
            0 => {}
            1 => self
                .notes
                .push("a line above the names is left out".to_owned()),
            count => self
                .notes
                .push(format!("{count} lines above the names are left out")),
        }
        self.rows.drain(..at);
        Some(self.rows.remove(0))
    }

    fn memory(mut self, path: &Path, options: &OpenOptions) -> Result<Box<dyn Source>, Error> {
        let Some(mut header) = self.header() else {
            return Err(damaged(
                path,
                "the sheet is empty; its first row should name the columns",
            ));
        };
        let width = self
            .rows
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(0)
            .max(header.len());
        header.resize(width, String::new());
        let trim = |name: String| name.trim().to_owned();
        let below: Vec<Vec<String>> = self.rows.iter().take(LOOK).cloned().collect();
        let head = Head::new(header.into_iter().map(trim).collect(), &below);
        self.rows.drain(..head.skipped.min(self.rows.len()));
        // a number of a workbook is one, whatever marks stand in its texts
        let look = Look::new(options, false);
        let mut evidence = vec![Evidence::new(&look); head.names.len()];
        for row in &self.rows {
            for (evidence, entry) in evidence.iter_mut().zip(row) {
                evidence.add(entry.as_bytes(), &look);
            }
        }
        let found_out = ColumnRules::new(&head.names, evidence, look.clone(), "");
        let mut codebook = Codebook::default();
        let mut columns = Vec::new();
        for (at, (name, rules)) in head.names.iter().zip(&found_out.rules).enumerate() {
            codebook.variables.push(Variable::bare(name, rules.kind()));
            let entries = self
                .rows
                .iter()
                .map(|row| row.get(at).map_or("", String::as_str));
            columns.push(column(entries, *rules, &look));
        }
        head.label(&mut codebook.variables);
        Ok(Box::new(SheetInMemory {
            memory: Memory::new(codebook, columns)?,
            found_out,
            notes: [self.notes, head.notes].concat(),
        }))
    }
}

/// A sheet that was read, and what was assumed about it.
struct SheetInMemory {
    memory: Memory,
    found_out: ColumnRules,
    notes: Vec<String>,
}

impl Source for SheetInMemory {
    fn codebook(&self) -> &Codebook {
        self.memory.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.memory.rows()
    }

    fn notes(&self) -> Vec<String> {
        [self.notes.clone(), self.found_out.notes()].concat()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let places = requests.iter();
        let places = places.map(|request| self.memory.codebook().position(&request.name));
        self.found_out.reads(places.collect::<Result<Vec<_>, _>>()?);
        self.memory.scan(requests, each)
    }
}

fn column<'a>(entries: impl Iterator<Item = &'a str>, rules: Rules, look: &Look) -> MemoryColumn {
    let entries = entries.map(|entry| {
        let bytes = trimmed(entry.as_bytes());
        (bytes, rules.is_missing(bytes, &look.missing))
    });
    if let Form::Number(_) = rules.form {
        let number = |(entry, missing): (&[u8], bool)| match missing {
            true => f64::NAN,
            false => rules.number(entry).unwrap_or(f64::NAN),
        };
        return MemoryColumn::Numbers(entries.map(number).collect());
    }
    let mut coder = Coder::default();
    let codes = entries.map(|(entry, missing)| match (missing, rules.date(entry)) {
        (true, _) => coder.null(),
        (false, Some((value, _))) => coder.value(&value),
        (false, None) => coder.value(&Value::Text(String::from_utf8_lossy(entry).into_owned())),
    });
    let codes: Vec<u32> = codes.collect();
    MemoryColumn::Texts {
        codes,
        values: coder.finish().values,
    }
}
