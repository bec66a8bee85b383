//! The scan: row groups on the threads of rayon, batches within a row group one after the other.

use rayon::prelude::*;

use super::ParquetFile;
use super::column::ColumnReader;
use super::footer::Group;
use super::rooms::Buffers;
use super::schema::Leaf;
use crate::survey::microdata::{Batch, Column, ColumnRequest, Error, MissingValues};

/// Respondents in a batch at most: a batch of a few columns stays in the caches of a processor.
const MOST_ROWS: u64 = 131_072;
/// Entries of all columns in a batch, so that one of many columns is no larger.
const MOST_ENTRIES: u64 = 1 << 21;
/// Respondents in a batch at least: what is done once a batch has to be worth it.
const LEAST_ROWS: u64 = 8_192;

type Each<'a> = &'a (dyn Fn(&mut Batch) -> Result<(), Error> + Sync);

/// A column that is asked for.
struct Requested<'a> {
    request: &'a ColumnRequest,
    leaf: Leaf,
    missing: &'a MissingValues,
}

/// A column of the row group that is being read.
struct Open<'a> {
    name: &'a str,
    /// Of numbers that are stored as digits: how many stand behind the point.
    places: Option<i32>,
    reader: ColumnReader<'a>,
}

pub(super) fn scan(
    file: &ParquetFile,
    requests: &[ColumnRequest],
    each: Each,
) -> Result<(), Error> {
    let requested = requests
        .iter()
        .map(|request| {
            Ok(Requested {
                request,
                leaf: file.leaf(&request.name)?,
                missing: &file.codebook.variable(&request.name)?.missing,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let buffers = Buffers::default();
    let plan = Plan {
        file,
        requested: &requested,
        buffers: &buffers,
        each,
    };
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
        // a row group is work enough to be taken by itself
        .with_max_len(1)
        .try_for_each(|(first_row, group)| match few {
            true => plan.ahead(group, first_row),
            false => plan.in_turn(group, first_row),
        })
}

/// What is read and who gets it.
struct Plan<'a> {
    file: &'a ParquetFile,
    requested: &'a [Requested<'a>],
    buffers: &'a Buffers,
    each: Each<'a>,
}

impl<'a> Plan<'a> {
    fn open(&self, group: &Group) -> Result<Vec<Open<'a>>, Error> {
        self.requested
            .iter()
            .map(|column| {
                let name = column.request.name.as_str();
                let chunk = group.chunks[column.leaf.index];
                let places = column.leaf.places();
                chunk
                    .check(group.rows)
                    .and_then(|()| {
                        let view = column.request.view;
                        let (leaf, missing) = (column.leaf, column.missing);
                        ColumnReader::new(&self.file.file, chunk, leaf, view, missing, self.buffers)
                    })
                    .map(|reader| Open {
                        name,
                        places,
                        reader,
                    })
                    .map_err(|fault| fault.in_variable(&self.file.path, name))
            })
            .collect()
    }

    /// How many respondents come next.
    fn rows(&self, left: u64) -> usize {
        let columns = self.requested.len().max(1) as u64;
        let most = (MOST_ENTRIES / columns).clamp(LEAST_ROWS, MOST_ROWS);
        left.min(most) as usize
    }

    /// The next rows of a column, in the room of one before.
    fn read(&self, open: &mut Open, rows: usize, room: Option<Column>) -> Result<Column, Error> {
        let read = open.reader.read(rows, room);
        let column = read.map_err(|fault| fault.in_variable(&self.file.path, open.name))?;
        if let (Column::Numbers(numbers), Some(places)) = (&column, open.places) {
            self.file.rounded.look(open.name, places, numbers);
        }
        Ok(column)
    }

    fn in_turn(&self, group: &Group, first_row: u64) -> Result<(), Error> {
        let mut open = self.open(group)?;
        let mut batch = Batch::default();
        let mut done = 0;
        while done < group.rows {
            let rows = self.rows(group.rows - done);
            let mut rooms = std::mem::take(&mut batch.columns).into_iter();
            let columns = open.iter_mut();
            batch = Batch {
                first_row: first_row + done,
                rows,
                columns: columns
                    .map(|column| self.read(column, rows, rooms.next()))
                    .collect::<Result<_, Error>>()?,
            };
            (self.each)(&mut batch)?;
            done += rows as u64;
        }
        self.finish(&mut open)
    }

    /// The columns end with the rows of their group, or the file says something of itself that is not so.
    fn finish(&self, open: &mut [Open]) -> Result<(), Error> {
        open.iter_mut().try_for_each(|open| {
            let end = open.reader.finish();
            end.map_err(|fault| fault.in_variable(&self.file.path, open.name))
        })
    }

    fn ahead(&self, group: &Group, first_row: u64) -> Result<(), Error> {
        let mut open = self.open(group)?;
        let mut done = 0;
        let mut ready = Batch::default();
        let mut rooms: Vec<Option<Column>> = Vec::new();
        loop {
            let rows = self.rows(group.rows - done);
            let work = |batch: &mut Batch| match batch.rows {
                0 => Ok(()),
                _ => (self.each)(batch),
            };
            if rows == 0 {
                work(&mut ready)?;
                return self.finish(&mut open);
            }
            rooms.resize_with(open.len(), || None);
            let (worked, columns) = rayon::join(
                || work(&mut ready),
                || {
                    open.par_iter_mut()
                        .zip(&mut rooms)
                        .map(|(column, room)| self.read(column, rows, room.take()))
                        .collect::<Result<Vec<_>, Error>>()
                },
            );
            // the earlier rows first: theirs is the error that is told
            worked?;
            rooms = ready.columns.drain(..).map(Some).collect();
            ready = Batch {
                first_row: first_row + done,
                rows,
                columns: columns?,
            };
            done += rows as u64;
        }
    }
}
