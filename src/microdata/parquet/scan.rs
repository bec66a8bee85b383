//! The scan: row groups on the threads of rayon, batches within a row group one after the other.

use rayon::prelude::*;

use super::ParquetFile;
use super::column::ColumnReader;
use super::footer::Group;
use super::schema::Leaf;
use crate::microdata::{Batch, Column, Error, MissingValues, Request};

/// Respondents in a batch at most: a batch of a few columns stays in the caches of a processor.
const MOST_ROWS: u64 = 131_072;

type Each<'a> = &'a (dyn Fn(Batch) -> Result<(), Error> + Sync);

/// A column that is asked for.
struct Wanted<'a> {
    request: &'a Request,
    leaf: Leaf,
    missing: &'a MissingValues,
}

/// A column of the row group that is being read.
struct Open<'a> {
    name: &'a str,
    reader: ColumnReader<'a>,
}

pub(super) fn scan(file: &ParquetFile, requests: &[Request], each: Each) -> Result<(), Error> {
    let wanted = requests
        .iter()
        .map(|request| {
            Ok(Wanted {
                request,
                leaf: file.leaf(&request.name)?,
                missing: &file.codebook.variable(&request.name)?.missing,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let mut first_row = 0;
    let tasks: Vec<(u64, &Group)> = file
        .groups
        .iter()
        .map(|group| {
            let task = (first_row, group);
            first_row += group.rows;
            task
        })
        .collect();
    // few row groups leave threads idle: then the columns of a batch are shared out too, and a batch is read while the one
    // before is worked on
    let few = tasks.len() < 2 * rayon::current_num_threads();
    tasks
        .into_par_iter()
        .with_max_len(1)
        .try_for_each(|(first_row, group)| match few {
            true => ahead(file, &wanted, group, first_row, each),
            false => in_turn(file, &wanted, group, first_row, each),
        })
}

fn open<'a>(
    file: &'a ParquetFile,
    wanted: &'a [Wanted],
    group: &'a Group,
) -> Result<Vec<Open<'a>>, Error> {
    wanted
        .iter()
        .map(|column| {
            let name = column.request.name.as_str();
            let chunk = group.chunks[column.leaf.index];
            chunk
                .check(group.rows)
                .and_then(|()| {
                    let view = column.request.view;
                    ColumnReader::new(&file.file, chunk, column.leaf, view, column.missing)
                })
                .map(|reader| Open { name, reader })
                .map_err(|fault| fault.in_variable(&file.path, name))
        })
        .collect()
}

/// The next rows of a column.
fn read(file: &ParquetFile, column: &mut Open, rows: usize) -> Result<Column, Error> {
    column
        .reader
        .read(rows)
        .map_err(|fault| fault.in_variable(&file.path, column.name))
}

fn in_turn(
    file: &ParquetFile,
    wanted: &[Wanted],
    group: &Group,
    first_row: u64,
    each: Each,
) -> Result<(), Error> {
    let mut open = open(file, wanted, group)?;
    let mut done = 0;
    while done < group.rows {
        let rows = (group.rows - done).min(MOST_ROWS) as usize;
        let columns = open
            .iter_mut()
            .map(|column| read(file, column, rows))
            .collect::<Result<_, Error>>()?;
        each(Batch {
            first_row: first_row + done,
            rows,
            columns,
        })?;
        done += rows as u64;
    }
    Ok(())
}

fn ahead(
    file: &ParquetFile,
    wanted: &[Wanted],
    group: &Group,
    first_row: u64,
    each: Each,
) -> Result<(), Error> {
    let mut open = open(file, wanted, group)?;
    let mut done = 0;
    let mut ready: Option<Batch> = None;
    loop {
        let rows = (group.rows - done).min(MOST_ROWS) as usize;
        if rows == 0 {
            return ready.map_or(Ok(()), each);
        }
        let (worked, columns) = rayon::join(
            || ready.take().map_or(Ok(()), each),
            || {
                open.par_iter_mut()
                    .map(|column| read(file, column, rows))
                    .collect::<Result<Vec<_>, Error>>()
            },
        );
        worked?;
        ready = Some(Batch {
            first_row: first_row + done,
            rows,
            columns: columns?,
        });
        done += rows as u64;
    }
}
