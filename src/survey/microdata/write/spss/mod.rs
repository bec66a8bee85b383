//! SPSS system files written: .sav, and .zsav.
//!
//! In two passes: one for the widths of texts and the sizes of numbers, one for the rows, which are written batch by batch.
//! The format after the PSPP developer's guide, "System File Format".

mod head;
mod missing;
mod packed;
mod plan;
mod rows;

use std::io::{BufWriter, Write};
use std::path::Path;

use super::extent::look;
use super::in_order::in_order;
use super::stamp::Stamp;
use crate::files::Replacement;
use crate::survey::microdata::error::unreadable;
use crate::survey::microdata::{Error, Source};
use packed::Packed;
use plan::{Planned, plan};
use rows::Rows;

/// Writes respondents as an SPSS file in UTF-8, row-compressed, and within zlib where the ending is .zsav. Gives notes back
/// on what SPSS has no room for and is written otherwise: names, labels that are cut.
///
/// Names, labels, measures, missing values, multiple-response sets, notes, dates, and of SPSS files the formats, widths,
/// alignments, attributes and the weighting variable are kept. Numbers are stored in full.
///
/// # Errors
/// [`Error::NoRoom`] where a variable can't be held: texts of more than 32,767 bytes, more
/// missing values than a range and one or three, infinite numbers; [`Error::Io`] and those of the scans. There is then
/// no file.
pub fn write_spss(path: &Path, source: &dyn Source) -> Result<Vec<String>, Error> {
    let (row_count, extents) = look(source)?;
    let codebook = source.codebook();
    let mut notes = Vec::new();
    if codebook
        .title
        .as_ref()
        .is_some_and(|title| title.len() > 64)
    {
        notes.push("the title of the file is cut to 64 bytes: SPSS has no more room".to_owned());
    }
    let planned =
        plan(codebook, &extents, &mut notes).map_err(|(name, problem)| Error::NoRoom {
            path: path.to_owned(),
            name,
            problem,
        })?;
    let ending = path.extension().unwrap_or_default();
    let packed = ending.eq_ignore_ascii_case("zsav");
    let failed = |error| unreadable(path, error);
    let mut file = Replacement::new(path).map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 18, file.file());
    let head = head::head(codebook, &planned, row_count, packed, &Stamp::now());
    out.write_all(&head).map_err(failed)?;
    let mut out = match packed {
        false => write_rows(path, source, row_count, &planned, out)?,
        true => {
            let blocks = Packed::new(out).map_err(failed)?;
            let blocks = write_rows(path, source, row_count, &planned, blocks)?;
            blocks.finish().map_err(failed)?
        }
    };
    out.flush().map_err(failed)?;
    drop(out);
    file.put().map_err(failed)?;
    Ok(notes)
}

fn write_rows<W: Write + Send>(
    path: &Path,
    source: &dyn Source,
    row_count: u64,
    planned: &[Planned],
    out: W,
) -> Result<W, Error> {
    let failed = |error| unreadable(path, error);
    let mut rows = Rows::new(out);
    in_order(source, row_count, |batch| {
        rows::write(&mut rows, planned, batch, failed)
    })?;
    rows.finish().map_err(failed)
}
