//! Delimited text: .csv and .tsv.
//!
//! The first record names the columns, and what survey tools write below it labels them. Fields may stand in double quotes,
//! with a quote inside written twice; a quoted field may hold delimiters and line ends. Lines end in LF, CRLF or CR; empty
//! lines are passed over, short rows filled up. An entry that is empty, blank or one of [`OpenOptions::na`] is missing. Blanks
//! around an entry are no part of it.
//!
//! The first 64 MB of a file decide what its columns are. Should a later row contradict, the scan ends with an error that
//! names line, column and entry.

mod blocks;
mod columns;
mod dialect;
mod kinds;
mod record;
mod walk;

use crate::survey::microdata::decoding::packed::PackedFile;
use crate::survey::microdata::decoding::parallel::each_block;
use crate::survey::microdata::error::damaged;
use crate::survey::microdata::inference::evidence::{ColumnRules, Look, Missing, Rules};
use crate::survey::microdata::inference::header::Head;
use crate::survey::microdata::{
    Batch, Codebook, ColumnRequest, Error, OpenOptions, Source, Variable,
};
use blocks::{Block, FileBlocks, Layout, Letters};
use columns::{Columns, Contradiction, Requested};
use kinds::{Failed, FirstPass, ShortRows, fields, first_pass};

struct Delimited {
    file: PackedFile,
    layout: Layout,
    codebook: Codebook,
    /// Of the variables, in their order.
    rules: Vec<Rules>,
    /// The same as found out, and what is to be said of them.
    found_out: ColumnRules,
    missing: Missing,
    rows: Option<u64>,
    notes: Vec<String>,
}

/// Opens delimited text.
pub(super) fn open(
    file: &PackedFile,
    ending: &str,
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    let (letters, note) = dialect::letters(file, options)?;
    match first_look(file, ending, options, letters) {
        // bytes of another encoding may come late
        Err(Failed::NotUtf8(_)) if options.encoding.is_none() && letters == Letters::Utf8 => {
            let first_look = first_look(file, ending, options, Letters::Mixed);
            delimited(file, options, first_look, Some(dialect::MIXED.to_owned()))
        }
        first_look => delimited(file, options, first_look, note),
    }
}

/// A file, its first rows and its first pass.
struct FirstLook {
    layout: Layout,
    head: Head,
    look: Look,
    pass: FirstPass,
}

fn first_look(
    file: &PackedFile,
    ending: &str,
    options: &OpenOptions,
    letters: Letters,
) -> Result<FirstLook, Failed> {
    let (layout, head) = dialect::layout(file, ending, options, letters).map_err(Failed::Other)?;
    // where commas part the fields, none is decimal
    let look = Look::new(options, layout.delimiter != b',');
    let pass = first_pass(file, layout, head.names.len(), &look)?;
    Ok(FirstLook {
        layout,
        head,
        look,
        pass,
    })
}

fn delimited(
    file: &PackedFile,
    options: &OpenOptions,
    first_look: Result<FirstLook, Failed>,
    note: Option<String>,
) -> Result<Box<dyn Source>, Error> {
    let FirstLook {
        layout,
        head,
        look,
        pass,
    } = first_look.map_err(|failed| match failed {
        Failed::NotUtf8(error) | Failed::Other(error) => error,
    })?;
    let names = &head.names;
    let counted = match pass.rows {
        Some(_) => "",
        None => " in the first 64 MB",
    };
    let missing = look.missing.clone();
    let found_out = ColumnRules::new(names, pass.columns, look, counted);
    let mut rules = found_out.rules.clone();
    let mut codebook = Codebook::default();
    for (name, rules) in names.iter().zip(&rules) {
        codebook.variables.push(Variable::bare(name, rules.kind()));
    }
    for name in &options.text {
        let at = codebook.position(name)?;
        rules[at] = Rules::VERBATIM;
        codebook.variables[at].kind = Rules::VERBATIM.kind();
    }
    head.label(&mut codebook.variables);
    let short = short_note(pass.short, names.len(), counted);
    let notes = note.into_iter().chain(head.notes.clone()).chain(short);
    Ok(Box::new(Delimited {
        file: file.clone(),
        layout,
        codebook,
        rules,
        found_out,
        missing,
        rows: pass.rows,
        notes: notes.collect(),
    }))
}

fn short_note(short: ShortRows, width: usize, counted: &str) -> Option<String> {
    let line = short.first_line;
    match short.count {
        0 => None,
        1 => Some(format!(
            "line {line} has less than the {width} fields of the header; those that it lacks are empty"
        )),
        count => Some(format!(
            "{count} rows{counted} have less than the {width} fields of the header, the first in line {line}; those that they \
             lack are empty"
        )),
    }
}

/// Opens delimited text with every entry as it stands.
pub(super) fn open_as_written(
    file: &PackedFile,
    ending: &str,
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    let plain = OpenOptions {
        na: Some(Vec::new()),
        ..options.clone()
    };
    let variables = open(file, ending, &plain)?.codebook().variables.clone();
    let options = OpenOptions {
        text: variables
            .into_iter()
            .map(|variable| variable.name)
            .collect(),
        ..plain
    };
    open(file, ending, &options)
}

impl Delimited {
    /// The columns that are asked for, in the order of the file.
    fn requested(&self, requests: &[ColumnRequest]) -> Result<Vec<Requested>, Error> {
        let mut requested = Vec::with_capacity(requests.len());
        for (place, request) in requests.iter().enumerate() {
            let column = self.codebook.position(&request.name)?;
            requested.push(Requested {
                column,
                rules: self.rules[column],
                view: request.view,
                request: place,
            });
        }
        requested.sort_by_key(|requested| requested.column);
        Ok(requested)
    }

    fn batch(&self, block: &Block, requested: &[Requested]) -> Result<Batch, Error> {
        let width = self.codebook.variables.len();
        let mut columns = Columns::new(requested, block.rows, &self.missing);
        fields(
            &self.file,
            block,
            self.layout.delimiter,
            width,
            &mut columns,
        )?;
        if let Some(contradiction) = &columns.contradiction {
            return Err(self.contradicted(block, contradiction));
        }
        Ok(Batch {
            first_row: block.first_row,
            rows: block.rows,
            columns: columns.finish(),
        })
    }

    fn contradicted(&self, block: &Block, contradiction: &Contradiction) -> Error {
        let name = |column: &usize| self.codebook.variables[*column].name.clone();
        match contradiction {
            Contradiction::NoLongerNumber { row, column, entry } => {
                let (line, name) = (self.line_of(block, *row), name(column));
                let message = format!(
                    "line {line}: {name} is a number in the rows before, here it is '{entry}'; name such entries as \
                     missing, or read {name} as text"
                );
                damaged(&self.file.path, message)
            }
            Contradiction::NoNumber { column, entry } => Error::NoNumber {
                name: name(column),
                found: format!("'{entry}' is one of its entries"),
            },
            Contradiction::NotUtf8 { row } => {
                dialect::not_utf8(&self.file, self.line_of(block, *row))
            }
        }
    }

    /// The line on which a row of a block starts.
    fn line_of(&self, block: &Block, row: u64) -> u64 {
        let (mut at, mut left, mut line) = (0, row, block.first_line);
        let mut scratch = Vec::new();
        let delimiter = self.layout.delimiter;
        while let Ok(read) = record::record(
            block.bytes(),
            at,
            delimiter,
            &mut scratch,
            &mut blocks::Nobody,
        ) {
            if read.fields > 0 {
                if left == 0 {
                    break;
                }
                left -= 1;
            }
            // at the end of the block every further record is an empty one
            if read.next <= at {
                break;
            }
            at = read.next;
            line += read.lines;
        }
        line
    }
}

impl Source for Delimited {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        self.rows
    }

    fn notes(&self) -> Vec<String> {
        [self.notes.clone(), self.found_out.notes()].concat()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let requested = self.requested(requests)?;
        let read = requested.iter().map(|requested| requested.column);
        self.found_out.reads(read);
        let blocks = FileBlocks::open(&self.file, self.layout, u64::MAX)?;
        each_block(blocks, |block| each(&mut self.batch(&block, &requested)?)).map(|_| ())
    }
}
