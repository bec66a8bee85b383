//! Stata files written: .dta of format 118, which Stata reads from version 14 on.
//!
//! In two passes: one for the lengths of texts and the sizes of numbers, one for the rows, which are written batch by batch.
//! The format after "File formats .dta" in the manual of Stata.

mod head;
mod plan;
mod rows;

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use super::extent::look;
use super::in_order::in_order;
use super::stamp::Stamp;
use crate::files::Replacement;
use crate::survey::microdata::error::unreadable;
use crate::survey::microdata::{Error, Source};
use plan::{Plan, plan};
use rows::LongStrings;

/// Writes respondents as a Stata file of format 118. Gives notes back on what Stata has no room for and is written
/// otherwise: names, labels that are cut or left out, missing numbers that become letters.
///
/// Names, labels, missing values with letters, notes, dates, and of Stata files the types, formats, names of label sets
/// and characteristics are kept. Numbers get the shortest type that holds all of them exactly, texts of more than 2045
/// bytes are strLs. Missing numbers, which Stata does not know, become `.a`, `.b` and so on, with their labels.
///
/// # Errors
/// [`Error::NoRoom`] where a variable can't be held: more than 26 missing values, infinite numbers, more than 32,767
/// variables; [`Error::Io`] and those of the scans. There is then no file.
pub fn write_stata(path: &Path, source: &dyn Source) -> Result<Vec<String>, Error> {
    let (row_count, extents) = look(source)?;
    let codebook = source.codebook();
    let mut notes = Vec::new();
    let title = codebook.title.as_deref().unwrap_or_default();
    if title.chars().count() > 80 {
        notes.push(
            "the title of the file is cut to 80 characters: Stata has no more room".to_owned(),
        );
    }
    let plan = plan(codebook, &extents, &mut notes).map_err(|(name, problem)| Error::NoRoom {
        path: path.to_owned(),
        name,
        problem,
    })?;
    let failed = |error| unreadable(path, error);
    let mut file = Replacement::new(path).map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 18, file.file());
    let mut map = head::head(&mut out, &plan, title, row_count, &Stamp::now()).map_err(failed)?;
    map.mark(&mut out).map_err(failed)?;
    out.write_all(b"<data>").map_err(failed)?;
    let strings = write_rows(path, source, row_count, &plan, &mut out)?;
    out.write_all(b"</data>").map_err(failed)?;
    map.mark(&mut out).map_err(failed)?;
    append(&mut out, strings).map_err(failed)?;
    map.mark(&mut out).map_err(failed)?;
    head::label_sets(&mut out, &plan.sets).map_err(failed)?;
    map.mark(&mut out).map_err(failed)?;
    out.write_all(b"</stata_dta>").map_err(failed)?;
    map.mark(&mut out).map_err(failed)?;
    map.write(&mut out).map_err(failed)?;
    out.flush().map_err(failed)?;
    drop(out);
    file.put().map_err(failed)?;
    Ok(notes)
}

/// Writes the rows; the long strings wait in a file without a name.
fn write_rows(
    path: &Path,
    source: &dyn Source,
    row_count: u64,
    plan: &Plan,
    out: &mut (impl Write + Send),
) -> Result<File, Error> {
    let failed = |error| unreadable(path, error);
    let waiting = tempfile::tempfile().map_err(|error| failed(crate::files::nameless(error)))?;
    let mut strings = LongStrings {
        out: BufWriter::new(waiting),
    };
    in_order(source, row_count, |batch| {
        rows::write(out, &mut strings, &plan.variables, batch, failed)
    })?;
    strings
        .out
        .into_inner()
        .map_err(|error| failed(error.into_error()))
}

fn append(out: &mut impl Write, mut strings: File) -> io::Result<()> {
    out.write_all(b"<strls>")?;
    strings.seek(SeekFrom::Start(0))?;
    io::copy(&mut strings, out)?;
    out.write_all(b"</strls>")
}
