//! Delimited text: .csv and .tsv.
//!
//! The first record names the columns. Fields may stand in double quotes, with a quote inside written twice; a quoted field
//! may hold delimiters and line ends. Lines end in LF or CRLF; empty lines are passed over. An entry that is empty, blank
//! or one of [`OpenOptions::na`] is missing. A text keeps the blanks around it, a number does not.
//!
//! The first 64 MB of a file decide the kinds of its columns. Should a later row contradict, the scan ends with an error
//! that names line, column and entry.

mod blocks;
mod columns;
mod dialect;
mod kinds;
mod number;
mod record;
mod walk;

use super::error::damaged;
use super::packed::PackedFile;
use super::parallel::each_block;
use super::{Batch, Codebook, ColumnRequest, Error, Kind, OpenOptions, Source, Variable};
use blocks::{Block, FileBlocks, Layout};
use columns::{Columns, Contradiction, Requested};
use kinds::{Failed, InferredKinds, fields, infer};

struct Delimited {
    file: PackedFile,
    layout: Layout,
    codebook: Codebook,
    rows: Option<u64>,
    na: Vec<Vec<u8>>,
}

/// Opens delimited text.
pub(super) fn open(
    file: &PackedFile,
    ending: &str,
    options: &OpenOptions,
) -> Result<Box<dyn Source>, Error> {
    let na: Vec<Vec<u8>> = options
        .na
        .iter()
        .flatten()
        .map(|entry| entry.trim().as_bytes().to_vec())
        .collect();
    let mut encoding = dialect::encoding(file, options)?;
    let read = |encoding| -> Result<(Layout, Vec<String>, InferredKinds), Failed> {
        let (layout, names) =
            dialect::layout(file, ending, options, encoding).map_err(Failed::Other)?;
        let inferred = infer(file, layout, names.len(), &na)?;
        Ok((layout, names, inferred))
    };
    if encoding.is_none() && options.encoding.is_none() && !dialect::starts_in_utf8(file)? {
        encoding = Some(encoding_rs::WINDOWS_1252);
    }
    let found = match read(encoding) {
        Err(Failed::NotUtf8(_)) if options.encoding.is_none() => {
            read(Some(encoding_rs::WINDOWS_1252))
        }
        found => found,
    };
    let (layout, names, inferred) = found.map_err(|failed| match failed {
        Failed::NotUtf8(error) | Failed::Other(error) => error,
    })?;
    let mut codebook = Codebook::default();
    for (name, kind) in names.iter().zip(inferred.kinds) {
        codebook.variables.push(Variable::bare(name, kind));
    }
    for name in &options.text {
        let at = codebook.position(name)?;
        codebook.variables[at].kind = Kind::Text;
    }
    Ok(Box::new(Delimited {
        file: file.clone(),
        layout,
        codebook,
        rows: inferred.rows,
        na,
    }))
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
                kind: self.codebook.variables[column].kind,
                view: request.view,
                request: place,
            });
        }
        requested.sort_by_key(|requested| requested.column);
        Ok(requested)
    }

    fn batch(&self, block: &Block, requested: &[Requested]) -> Result<Batch, Error> {
        let width = self.codebook.variables.len();
        let mut columns = Columns::new(requested, block.rows, &self.na);
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

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let requested = self.requested(requests)?;
        let blocks = FileBlocks::open(&self.file, self.layout, u64::MAX)?;
        each_block(blocks, |block| each(&mut self.batch(&block, &requested)?)).map(|_| ())
    }
}
