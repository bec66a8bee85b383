//! Rows of cells as they stand in a file, and how a table is cut out of them: what stands above its header and below its
//! last row, heads over several columns, cells over several rows.

use super::Options;
use super::date::{Date, DateReading, date_reading};
use super::error::{Error, Place};
use super::header::{Header, key};
use super::number::{Number, Reading, reading};
use super::table::{Table, TableRow, lines_left_out, nameless_note};
use crate::frames::words::nearest;

/// What a cell was before it became a text.
// of numbers, dates and faults only workbooks know
#[cfg_attr(not(feature = "xlsx"), allow(dead_code))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    /// A number of a workbook.
    Number(f64),
    /// A share of a workbook that is shown as a per cent, in hundredths.
    Hundredths(f64),
    /// A day or a month of a workbook.
    Date(Date),
    /// What a formula gives that went wrong.
    Fault,
}

/// A cell as it is shown, without spaces around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub text: String,
    pub kind: Kind,
}

impl Cell {
    pub(super) fn text(text: &str) -> Cell {
        let bare = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
        Cell {
            text: text.trim_matches(bare).to_owned(),
            kind: Kind::Text,
        }
    }

    pub(super) fn number(value: f64) -> Cell {
        Cell {
            text: super::number::shortest(value),
            kind: Kind::Number(value),
        }
    }

    pub(super) fn empty() -> Cell {
        Cell::text("")
    }

    /// The number, if it is one under any mark.
    pub(super) fn reading(&self, can_be: impl Fn(&Number) -> bool) -> Option<Reading> {
        match self.kind {
            Kind::Text => super::number::reading_where(&self.text, can_be),
            Kind::Number(value) | Kind::Hundredths(value) => {
                let shown = match reading(&self.text)? {
                    Reading::Clear(shown)
                    | Reading::Only(_, shown)
                    | Reading::Open { point: shown, .. } => shown,
                };
                let exact = Number {
                    value,
                    ..shown.clone()
                };
                // 1004.4 that is shown as 1004 is a count
                [exact, shown].into_iter().find(can_be).map(Reading::Clear)
            }
            Kind::Date(_) | Kind::Fault => None,
        }
    }

    pub(super) fn date(&self) -> Option<DateReading> {
        match self.kind {
            Kind::Date(date) => Some(DateReading::Clear(date)),
            Kind::Fault => None,
            _ => date_reading(&self.text),
        }
    }
}

/// Cells side by side.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The line of a text or the row of a sheet, from 1.
    pub number: u64,
    /// As many as were written; of a sheet up to the last that is not empty.
    pub fields: usize,
    pub cells: Vec<Cell>,
    pub after_blank: bool,
}

impl Row {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }

    /// How many cells are not empty.
    pub(super) fn filled(&self) -> usize {
        self.cells
            .iter()
            .filter(|cell| !cell.text.is_empty())
            .count()
    }

    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| cell.text.as_str())
    }
}

/// Cells of a sheet that are one: rows from 1, columns from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub rows: (u64, u64),
    pub columns: (usize, usize),
}

/// The rows of a text or a sheet that are not blank.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub sheet: Option<String>,
    pub rows: Vec<Row>,
    pub merged: Vec<Region>,
    /// Whether commas stand between fields, so that points are decimal unless they can’t be.
    pub comma_parts_fields: bool,
    pub notes: Vec<String>,
}

/// Whether another cell of the row holds the same.
fn is_repeated(row: &Row, at: usize) -> bool {
    let own = key(row.cell(at));
    let cells = row.cells.iter().enumerate();
    !own.is_empty() && { cells }.any(|(other, cell)| other != at && key(&cell.text) == own)
}

/// Rows and columns of merged cells beyond which no more are looked at: a sheet that a person made has fewer.
const MOST_MERGED: usize = 1_000_000;

impl Grid {
    /// Leaves out the row of letters by which the columns of a banner table call each other: A, B, C below their names.
    fn drop_letters(&mut self) {
        let is_letters = |pair: &[Row]| {
            let [above, row] = pair else {
                return false;
            };
            let filled = row.cells.iter().enumerate().skip(1);
            let filled: Vec<(usize, &str)> = filled
                .map(|(at, cell)| (at, cell.text.as_str()))
                .filter(|(_, text)| !text.is_empty())
                .collect();
            let in_order = filled.iter().zip('A'..='Z');
            filled.len() > 1
                && filled.len() <= 26
                && in_order
                    .clone()
                    .all(|((_, text), letter)| text.chars().eq([letter]))
                && in_order
                    .clone()
                    .all(|((at, _), _)| !above.cell(*at).is_empty())
                && above.filled() >= filled.len()
        };
        if let Some(at) = self.rows.windows(2).position(is_letters) {
            self.rows.remove(at + 1);
            self.notes
                .push("the letters of columns left out".to_owned());
        }
    }

    /// Puts the text of a cell over several rows into each of them.
    fn fill_merged(&mut self) {
        let mut left = MOST_MERGED;
        for region in &self.merged {
            let (first, last) = region.rows;
            let column = region.columns.0;
            let start = self.rows.partition_point(|row| row.number < first);
            let mut head: Option<Cell> = None;
            for row in self.rows.iter_mut().skip(start) {
                if row.number > last || left == 0 {
                    break;
                }
                left -= 1;
                if row.number == first {
                    head = row.cells.get(column).cloned();
                }
                if let (Some(head), Some(cell)) = (&head, row.cells.get_mut(column))
                    && cell.text.is_empty()
                {
                    *cell = head.clone();
                }
            }
        }
    }

    /// Whether the header has a name several times.
    fn repeats_names(&self, header: usize) -> bool {
        self.rows
            .get(header)
            .is_some_and(|row| (0..row.cells.len()).any(|at| is_repeated(row, at)))
    }

    /// The same of a text, which has no merged cells: names that the header repeats stand under the heads of the row above, each
    /// over the columns up to the next.
    fn spread_heads(&self, header: usize) -> Vec<Option<String>> {
        let Some((above, row)) = header
            .checked_sub(1)
            .and_then(|above| self.rows.get(above))
            .zip(self.rows.get(header))
        else {
            return Vec::new();
        };
        let behind = above.cells.iter().skip(1);
        let count = behind.filter(|cell| !cell.text.is_empty()).count();
        if above.number + 1 != row.number || count == 0 || !self.repeats_names(header) {
            return Vec::new();
        }
        let mut last = "";
        let head = |at: usize| {
            let own = above.cell(at);
            if !own.is_empty() {
                last = own;
            }
            let is_under = is_repeated(row, at) || (row.cell(at).is_empty() && !own.is_empty());
            Some(last.to_owned()).filter(|head| is_under && !head.is_empty())
        };
        (0..row.cells.len()).map(head).collect()
    }

    /// The heads over several columns in the row above the header, by column.
    fn group_heads(&self, header: usize) -> Vec<Option<String>> {
        let Some((above, row)) = header
            .checked_sub(1)
            .and_then(|above| self.rows.get(above))
            .zip(self.rows.get(header))
        else {
            return Vec::new();
        };
        let mut heads = vec![None; row.cells.len()];
        if above.number + 1 != row.number {
            return heads;
        }
        let filled = |at: &usize| !row.cell(*at).is_empty();
        let first_filled = (0..row.cells.len()).find(filled).unwrap_or(0);
        let mut left = MOST_MERGED;
        for region in &self.merged {
            let (first, last) = region.columns;
            let here = (region.rows.0..=region.rows.1).contains(&above.number) && last > first;
            // a title is as wide as the table
            let whole = first <= first_filled && last.saturating_add(1) >= row.cells.len();
            if here && !whole && left > 0 {
                left = left.saturating_sub(row.cells.len());
                for head in heads.iter_mut().take(last.saturating_add(1)).skip(first) {
                    *head = Some(above.cell(first).to_owned()).filter(|head| !head.is_empty());
                }
            }
        }
        heads
    }
}

/// The texts of lines above a header that hold one text each; of a row of heads, its text above the column that names the rows.
fn titles(above: &[Row], heads: &[Option<String>]) -> Vec<String> {
    let has_heads = heads.iter().any(Option::is_some);
    let last = above.len().saturating_sub(1);
    let title = |(at, row): (usize, &Row)| {
        let is_heads = has_heads && at == last;
        let first = row.cells.iter().find(|cell| !cell.text.is_empty())?;
        match is_heads {
            true => row.cells.first().filter(|_| heads.first() == Some(&None)),
            false => Some(first).filter(|_| row.filled() == 1),
        }
        .map(|cell| cell.text.clone())
        .filter(|text| !text.is_empty())
    };
    above.iter().enumerate().filter_map(title).collect()
}

/// The table of a grid.
///
/// # Errors
/// No header, a row with more fields than the header.
pub(super) fn table(
    file: &str,
    mut grid: Grid,
    header: &Header,
    options: &Options,
) -> Result<Table, Error> {
    if grid.rows.is_empty() {
        return Err(Error::Empty(file.to_owned()));
    }
    grid.fill_merged();
    grid.drop_letters();
    let Some((at, named)) = header.locate(&grid) else {
        return Err(no_header(file, &grid, header));
    };
    let mut heads = match named && !grid.repeats_names(at) {
        true => Vec::new(),
        false => grid.group_heads(at),
    };
    if heads.iter().all(Option::is_none) && grid.sheet.is_none() {
        heads = grid.spread_heads(at);
    }
    let mut notes = std::mem::take(&mut grid.notes);
    let mut rows = grid.rows.split_off(at);
    let above = grid.rows.len() - usize::from(heads.iter().any(Option::is_some));
    let mut titles = titles(&grid.rows, &heads);
    let mut head = rows.remove(0);
    let text = grid.sheet.is_none();
    let below = rows.len() - last_row(&rows, &head, text);
    rows.truncate(rows.len() - below);
    // a column that is put before the others is no place of the sheet
    let mut put_before = 0;
    if heads.iter().all(Option::is_none)
        && let Some(questions) = questions_within(&head, &rows, &mut titles)
    {
        notes.push(format!("{} questions below one another", questions.len()));
        (head, rows) = under_questions(head, rows, &questions);
        heads.clear();
        put_before = 1;
    }
    notes.extend(lines_left_out(above, below));
    let mut names: Vec<String> = head
        .cells
        .iter()
        .enumerate()
        .map(|(at, cell)| match heads.get(at) {
            Some(Some(group)) if !cell.text.is_empty() => format!("{group}: {}", cell.text),
            Some(Some(group)) => group.clone(),
            _ => cell.text.clone(),
        })
        .collect();
    // write.table of R names the columns but not that of the row names; with commas a decimal comma looks the same
    let numbered = |(at, row): (usize, &Row)| row.cell(0) == (at + 1).to_string();
    if text
        && !rows.is_empty()
        && rows.iter().all(|row| row.fields == head.fields + 1)
        && rows.iter().enumerate().all(numbered)
    {
        names.insert(0, String::new());
    }
    let repeated = |row: &Row| {
        row.cells.len() == head.cells.len()
            && row
                .cells
                .iter()
                .zip(&head.cells)
                .all(|(a, b)| key(&a.text) == key(&b.text))
    };
    let all = rows.len();
    rows.retain(|row| !repeated(row));
    if rows.len() < all {
        notes.push("the header where it stands again left out".to_owned());
    }
    let mut short = 0;
    for row in &rows {
        let beyond = row
            .cells
            .iter()
            .skip(names.len())
            .any(|cell| !cell.text.is_empty());
        // beside the table of a sheet anything may stand
        if text && beyond {
            return Err(too_many_fields(
                file,
                row,
                names.len(),
                grid.comma_parts_fields,
            ));
        }
        short += usize::from(text && row.fields < head.fields);
    }
    if short > 0 {
        let s = if short == 1 { " is" } else { "s are" };
        notes.push(format!(
            "{short} row{s} shorter than the header, the rest of it empty"
        ));
    }
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let width = if text {
        names.len()
    } else {
        names.len().max(width)
    };
    names.resize(width, String::new());
    let used = used_columns(&names, &rows);
    if used.len().saturating_mul(rows.len()) > 4 * options.limits.cells {
        return Err(options.limits.too_many_cells(file));
    }
    let unnamed = used
        .iter()
        .filter(|at| names.get(**at).is_some_and(String::is_empty));
    notes.extend(nameless_note(unnamed.count()));
    let names = used
        .iter()
        .map(|at| names.get(*at).cloned().unwrap_or_default());
    let names: Vec<String> = names.collect();
    let cut = |row: Row| {
        let mut cells: Vec<Option<Cell>> = row.cells.into_iter().map(Some).collect();
        let width = cells.len();
        let mut cell = |at: &usize| cells.get_mut(*at).and_then(Option::take);
        let cells = used.iter().take_while(|at| **at < width);
        TableRow {
            number: row.number,
            head: None,
            cells: cells
                .map(|at| cell(at).unwrap_or_else(Cell::empty))
                .collect(),
        }
    };
    Ok(Table::new(
        file,
        grid.sheet,
        names,
        rows.into_iter().map(cut).collect(),
        used.iter()
            .map(|at| at.saturating_sub(put_before))
            .collect(),
        head.number,
        grid.comma_parts_fields,
        notes,
        (titles, (above, below)),
        options.clone(),
    ))
}

/// A question of several that stand below one another: its text, and the rows from the first that is its own.
struct QuestionWithin {
    text: String,
    /// Rows that only name it: a line, or the header once more.
    lines: std::ops::Range<usize>,
}

/// The questions of a table that has several below one another: the header stands again with another corner, or below a line;
/// or lines that ask, the first right below the header, part the rows. `None` where there is but one.
fn questions_within(
    head: &Row,
    rows: &[Row],
    titles: &mut Vec<String>,
) -> Option<Vec<QuestionWithin>> {
    let is_line = |row: &Row| row.filled() == 1 && !row.cell(0).is_empty();
    let is_header = |row: &Row| {
        let width = row.cells.len().max(head.cells.len());
        head.filled() > 1 && (1..width).all(|at| key(row.cell(at)) == key(head.cell(at)))
    };
    let mut within = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| is_header(row)) {
        let above = at.checked_sub(1).and_then(|above| rows.get(above));
        let corner = row.cell(0);
        if !corner.is_empty() && key(corner) != key(head.cell(0)) {
            within.push(QuestionWithin {
                text: corner.to_owned(),
                lines: at..at + 1,
            });
        } else if let Some(line) = above.filter(|row| is_line(row)) {
            within.push(QuestionWithin {
                text: line.cell(0).to_owned(),
                lines: at - 1..at + 1,
            });
        }
    }
    if !within.is_empty() {
        let first_corner = within.iter().any(|question| question.lines.len() == 1);
        let text = match first_corner {
            true => head.cell(0).to_owned(),
            false => titles.pop().unwrap_or_default(),
        };
        within.insert(0, QuestionWithin { text, lines: 0..0 });
        return Some(within).filter(|within| within.iter().all(|one| !one.text.is_empty()));
    }
    let asks = |row: &Row| {
        let text = row.cell(0);
        let numbered = text.strip_prefix(['Q', 'q', 'F']).is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(char::is_whitespace)
        });
        is_line(row) && (numbered || text.ends_with(['?', '？', '؟']))
    };
    let lines = rows.iter().enumerate().filter(|(_, row)| asks(row));
    let within: Vec<QuestionWithin> = lines
        .map(|(at, row)| QuestionWithin {
            text: row.cell(0).to_owned(),
            lines: at..at + 1,
        })
        .collect();
    let parts_all = within.first().is_some_and(|first| first.lines.start == 0)
        && within.windows(2).all(|pair| match pair {
            [one, next] => next.lines.start > one.lines.end,
            _ => true,
        })
        && within
            .last()
            .is_some_and(|last| last.lines.end < rows.len());
    Some(within).filter(|within| within.len() > 1 && parts_all)
}

/// The rows with a column before them that says which question each is of.
fn under_questions(head: Row, rows: Vec<Row>, questions: &[QuestionWithin]) -> (Row, Vec<Row>) {
    let with = |text: &str, mut row: Row| {
        row.cells.insert(0, Cell::text(text));
        row.fields += 1;
        row
    };
    let own = |at: &usize| !questions.iter().any(|question| question.lines.contains(at));
    let of = |at: usize| {
        let before = questions.iter().rfind(|question| question.lines.end <= at);
        before.map_or("", |question| question.text.as_str())
    };
    let rows = rows.into_iter().enumerate().filter(|(at, _)| own(at));
    let rows = rows.map(|(at, row)| with(of(at), row)).collect();
    let mut head = with("question", head);
    // the corner was a question, or empty
    let corner = head.cell(1).to_owned();
    if (corner.is_empty() || questions.iter().any(|question| question.text == corner))
        && let Some(cell) = head.cells.get_mut(1)
    {
        *cell = Cell::text("answer");
    }
    (head, rows)
}

/// Columns that have a name or hold anything.
fn used_columns(names: &[String], rows: &[Row]) -> Vec<usize> {
    let mut used: Vec<bool> = names.iter().map(|name| !name.is_empty()).collect();
    for row in rows {
        for (used, cell) in used.iter_mut().zip(&row.cells) {
            *used |= !cell.text.is_empty();
        }
    }
    let used = used.iter().enumerate().filter(|(_, used)| **used);
    used.map(|(at, _)| at).collect()
}

fn no_header(file: &str, grid: &Grid, header: &Header) -> Error {
    let row = header.nearest(grid);
    let missing = header.missing(row);
    let columns: Vec<String> = row
        .iter()
        .flat_map(|row| row.cells.iter().map(|cell| cell.text.clone()))
        .filter(|name| !name.is_empty())
        .map(|name| name.chars().take(40).collect())
        .take(20)
        .collect();
    let near = missing.iter().find_map(|missing| {
        nearest(missing, columns.iter().map(String::as_str)).map(str::to_owned)
    });
    let file = match &grid.sheet {
        Some(sheet) => format!("{file}, sheet {sheet}"),
        None => file.to_owned(),
    };
    if missing.is_empty() {
        return Error::Unreadable {
            file,
            message: "no table is in it: a row of names with rows of numbers below it".to_owned(),
        };
    }
    Error::Columns {
        file,
        missing,
        columns,
        near,
    }
}

fn too_many_fields(file: &str, row: &Row, columns: usize, commas: bool) -> Error {
    let s = if columns == 1 { "" } else { "s" };
    let hint = match commas {
        true => "; a value that holds a comma stands in quotation marks",
        false => "",
    };
    Error::Cell {
        place: Box::new(Place::line(file, row.number)),
        message: format!(
            "{} fields where the header has {columns} column{s}{hint}",
            row.fields
        ),
    }
}

/// Where the rows of the table end: below it stand lines of text alone, after a blank line, or without the fields that a row
/// of a text has, or that begin as notes and sources do.
fn last_row(rows: &[Row], head: &Row, text: bool) -> usize {
    // all rows of such a table are one text
    if head.filled() < 2 {
        return rows.len();
    }
    let (mut at, mut end) = (rows.len(), rows.len());
    while let Some(row) = at.checked_sub(1).and_then(|at| rows.get(at)) {
        let Some(only) = row.cells.iter().find(|cell| !cell.text.is_empty()) else {
            break;
        };
        if row.filled() > 1 {
            break;
        }
        at -= 1;
        if row.after_blank || is_note(&only.text) || (text && row.fields == 1 && head.fields > 1) {
            end = at;
        }
    }
    // a source may hold what parts the fields
    let is_source =
        |row: &Row| row.after_blank && is_note(row.cell(0)) && row.cell(0).contains(':');
    rows.iter()
        .position(is_source)
        .map_or(end, |source| source.min(end))
}

/// Words that notes under a table begin with.
const NOTES: [&str; 22] = [
    "source",
    "sources",
    "note",
    "notes",
    "base",
    "quelle",
    "quellen",
    "anmerkung",
    "anm.",
    "basis",
    "fuente",
    "fuentes",
    "nota",
    "notas",
    "fonte",
    "fonti",
    "bron",
    "källa",
    "kilde",
    "fieldwork",
    "*",
    "†",
];

fn is_note(text: &str) -> bool {
    let lower = text.to_lowercase();
    let begins = NOTES.iter().any(|word| {
        let rest = lower.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && !rest.is_empty())
    });
    // no level is as long
    begins || text.chars().count() > 80
}
