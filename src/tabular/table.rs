//! A table by the names of its columns, each read as what it is asked for.

use super::date::{Date, DateOrder, DateReading, settled};
use super::error::{Error, Place};
use super::grid::{Cell, Kind};
use super::header::key;
use super::number::{Bound, Decimal, Number, Reading, is_missing};
use super::{Limits, Options};
use crate::frames::words::{and, nearest};

/// A small table: the names of its columns and its rows, with what was assumed to read it.
#[derive(Clone, Debug)]
pub struct Table {
    file: String,
    sheet: Option<String>,
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<TableRow>,
    /// The columns of the sheet, or of the text, that the columns are.
    pub(super) places: Vec<usize>,
    /// The column that holds what stood side by side.
    pub(super) long_column: Option<usize>,
    /// Lines above the header, each with one text.
    pub(super) above: Vec<String>,
    /// How many lines above the header and below the last row are left out.
    left_out: (usize, usize),
    header: u64,
    comma_parts_fields: bool,
    notes: Vec<String>,
    options: Options,
    /// The mark that numbers anywhere in the table can’t be without.
    mark: Option<Decimal>,
    settled: Settled,
}

#[derive(Clone, Debug)]
pub(super) struct TableRow {
    pub number: u64,
    pub cells: Vec<Cell>,
    /// Where rows were made of cells side by side: the name and the place of the column that the cell was in.
    pub head: Option<(String, usize)>,
}

/// Which options had something to settle.
#[derive(Clone, Debug, Default)]
struct Settled {
    decimal: bool,
    dates: bool,
    unit: bool,
}

/// What bare numbers of a column of per cents are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 0.485 is 48.5 per cent.
    Shares,
    /// 0.485 is half a per cent.
    Percents,
}

/// What the numbers of a column count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Any,
    Count,
    Percent,
    /// A per cent or a score.
    Figure,
    /// A count that may be said to be approximate, as in `~1,000`.
    Size,
}

impl Quantity {
    fn can_be(self, number: &Number) -> bool {
        match self {
            Quantity::Any => number.bound == Bound::Exact,
            Quantity::Count | Quantity::Size => {
                let whole = number.value >= 0.0 && number.value.fract() == 0.0;
                // nobody counts thousandths: 1,000 and 1.000 are a thousand under either mark
                let decimals = number
                    .text
                    .split_once('.')
                    .map_or(0, |(_, part)| part.len());
                let whole = whole && decimals != 3;
                let sure = self == Quantity::Size || number.bound == Bound::Exact;
                sure && !number.percent && whole
            }
            Quantity::Percent => (0.0..=100.0).contains(&number.value),
            Quantity::Figure => true,
        }
    }

    fn refusal(self, cell: &Cell) -> String {
        let text = &cell.text;
        if cell.kind == Kind::Fault {
            return format!("the formula gives {text}");
        }
        let number = cell.reading(|_| true);
        match self {
            Quantity::Any | Quantity::Figure => format!("“{text}” is no number"),
            Quantity::Count | Quantity::Size if number.is_some() => {
                format!("“{text}” is no count: it is whole, from 0")
            }
            Quantity::Count | Quantity::Size => format!("“{text}” is no number"),
            Quantity::Percent if number.is_some() => format!("“{text}” is not between 0 and 100"),
            Quantity::Percent => format!("“{text}” is no percentage"),
        }
    }
}

/// The note of a column without a name.
const NAMELESS: &str = "a column without a name is not used";
/// The end of that of several.
const NAMELESS_ALL: &str = "columns without a name are not used";

/// What is said of so many columns without a name.
pub(super) fn nameless_note(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(NAMELESS.to_owned()),
        count => Some(format!("{count} {NAMELESS_ALL}")),
    }
}

/// The columns that a note lists behind its beginning.
fn names_in<'n>(note: &'n str, begins: &str) -> impl Iterator<Item = &'n str> {
    let listed = note.strip_prefix(begins).unwrap_or_default();
    listed.split(", ")
}

impl Table {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a table, from one place"
    )]
    pub(super) fn new(
        file: &str,
        sheet: Option<String>,
        names: Vec<String>,
        rows: Vec<TableRow>,
        places: Vec<usize>,
        header: u64,
        comma_parts_fields: bool,
        notes: Vec<String>,
        (above, left_out): (Vec<String>, (usize, usize)),
        options: Options,
    ) -> Table {
        let mut table = Table {
            file: file.to_owned(),
            sheet,
            names,
            rows,
            places,
            long_column: None,
            above,
            left_out,
            header,
            comma_parts_fields,
            notes,
            options,
            mark: None,
            settled: Settled::default(),
        };
        table.mark = table.mark_of_all();
        table
    }

    /// The only mark that some numbers of the table, wherever they are, can be read with.
    fn mark_of_all(&self) -> Option<Decimal> {
        let (mut point, mut comma) = (false, false);
        for cell in self.rows.iter().flat_map(|row| &row.cells) {
            // 5.2023 is a month and says nothing of decimals
            match cell.reading(|_| true) {
                Some(Reading::Only(..)) if cell.date().is_some() => {}
                Some(Reading::Only(Decimal::Point, _)) => point = true,
                Some(Reading::Only(Decimal::Comma, _)) => comma = true,
                _ => {}
            }
        }
        match (point, comma) {
            (true, false) => Some(Decimal::Point),
            (false, true) => Some(Decimal::Comma),
            _ => None,
        }
    }

    /// The names of the columns as they are written; a column that has none is empty.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The column of a name, or of the first of several with `|` between them that is there.
    pub fn column(&self, names: &str) -> Option<usize> {
        names.split('|').find_map(|name| {
            let sought = key(name);
            self.names
                .iter()
                .position(|name| !name.is_empty() && key(name) == sought)
        })
    }

    /// The same column where it must be there, once.
    ///
    /// # Errors
    /// No such column, or several of its name.
    pub fn need(&self, names: &str) -> Result<usize, Error> {
        let Some(at) = self.column(names) else {
            let first = names.split('|').next().unwrap_or(names);
            return Err(Error::Columns {
                file: self.file.clone(),
                missing: vec![first.to_owned()],
                columns: self
                    .names
                    .iter()
                    .filter(|name| !name.is_empty())
                    .cloned()
                    .collect(),
                near: nearest(first, self.names.iter().map(String::as_str)).map(str::to_owned),
            });
        };
        let name = self.names.get(at).map(|name| key(name));
        let same = |other: &&String| Some(key(other)) == name;
        match self.names.iter().filter(same).count() {
            0 | 1 => Ok(at),
            several => Err(Error::Cell {
                place: Box::new(Place {
                    line: self.header,
                    ..self.whole_column(at)
                }),
                message: format!("{several} columns have this name; give each its own"),
            }),
        }
    }

    /// A cell as it is shown; a text is empty where there is none.
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.cell(row, column).map_or("", |cell| cell.text.as_str())
    }

    fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.rows.get(row)?.cells.get(column)
    }

    /// The line of a text or the row of a sheet that a row stands in.
    pub fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |row| row.number)
    }

    /// Where a cell stands.
    pub fn place(&self, row: usize, column: usize) -> Place {
        let place = Place {
            line: self.line(row),
            ..self.whole_column(column)
        };
        let head = self.rows.get(row).and_then(|row| row.head.as_ref());
        match head.filter(|_| self.long_column == Some(column)) {
            Some((name, at)) => Place {
                column: Some(name.clone()),
                letters: place.letters.map(|_| letters(*at)),
                ..place
            },
            None => place,
        }
    }

    /// Gives a column without a name one; it is used, then.
    pub(crate) fn name_column(&mut self, column: usize, name: &str) {
        if let Some(cell) = self.names.get_mut(column) {
            name.clone_into(cell);
        }
        let nameless = |note: &String| note == NAMELESS || note.ends_with(NAMELESS_ALL);
        if self.notes.iter().any(nameless) {
            self.notes.retain(|note| !nameless(note));
            let left = self.names.iter().filter(|name| name.is_empty()).count();
            self.notes.extend(nameless_note(left));
        }
    }

    /// Whether a column has one of these names, `|` between them.
    pub(crate) fn is_called(&self, column: usize, names: &str) -> bool {
        let name = self.names.get(column).map(|name| key(name));
        name.is_some_and(|name| names.split('|').any(|known| key(known) == name))
    }

    /// Gives the cells of a column other texts, where there is one for what they hold.
    pub(crate) fn rename_cells(&mut self, column: usize, text: impl Fn(&str) -> Option<String>) {
        for row in &mut self.rows {
            if let Some(cell) = row.cells.get_mut(column)
                && let Some(text) = text(&cell.text)
            {
                *cell = Cell::text(&text);
            }
        }
    }

    /// A line above the header is used, and no longer left out.
    pub(super) fn use_line_above(&mut self, at: usize) {
        if self.above.get(at).is_none() {
            return;
        }
        let (above, below) = self.left_out;
        let before = lines_left_out(above, below);
        self.left_out.0 = above.saturating_sub(1);
        let after = lines_left_out(self.left_out.0, below);
        let place = self
            .notes
            .iter()
            .position(|note| Some(note) == before.as_ref());
        match (place, after) {
            (Some(place), Some(after)) => drop(self.notes.get_mut(place).map(|note| *note = after)),
            (Some(place), None) => drop(self.notes.remove(place)),
            (None, _) => {}
        }
    }

    fn whole_column(&self, column: usize) -> Place {
        let letters = || self.places.get(column).map(|at| letters(*at));
        Place {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            line: 0,
            column: self.names.get(column).cloned(),
            letters: self.sheet.as_ref().and_then(|_| letters()),
        }
    }

    /// What is wrong with a cell, for those who know more of it.
    pub fn wrong(&self, row: usize, column: usize, message: impl Into<String>) -> Error {
        Error::Cell {
            place: Box::new(self.place(row, column)),
            message: message.into(),
        }
    }

    /// How large it may be.
    pub(super) fn limits(&self) -> Limits {
        self.options.limits
    }

    /// It is more than anybody prints.
    pub(super) fn too_large(&self) -> Error {
        self.options.limits.too_many_cells(&self.file)
    }

    /// What is wrong with all of it.
    pub(super) fn whole(&self, message: String) -> Error {
        Error::Cell {
            place: Box::new(Place {
                file: self.file.clone(),
                sheet: self.sheet.clone(),
                ..Place::default()
            }),
            message,
        }
    }

    /// Whether a column holds numbers, and nothing else but what stands for one that is not there.
    pub fn is_numeric(&self, column: usize) -> bool {
        let cells = || self.rows.iter().filter_map(|row| row.cells.get(column));
        let number = |cell: &Cell| cell.text == "*" || cell.reading(|_| true).is_some();
        let there = |cell: &&Cell| !is_missing(&cell.text);
        cells().filter(there).all(number) && cells().filter(there).any(|cell| cell.text != "*")
    }

    /// Whether a column holds dates and nothing else; plain years from 1900 to 2099.
    pub fn is_dated(&self, column: usize) -> bool {
        self.dated(column)
            .is_some_and(|(dated, there)| dated == there)
    }

    /// How many cells of a column are dates, and how many are not empty; `None` where none is.
    pub fn dated(&self, column: usize) -> Option<(usize, usize)> {
        let cells = || self.rows.iter().filter_map(|row| row.cells.get(column));
        let dated = |cell: &&Cell| match cell.date() {
            Some(DateReading::Clear(date)) => {
                !cell.text.bytes().all(|byte| byte.is_ascii_digit())
                    || (1900..2100).contains(&date.begins().0)
            }
            Some(_) => true,
            None => false,
        };
        let there = |cell: &&Cell| !is_missing(&cell.text);
        match cells().filter(there).count() {
            0 => None,
            count => Some((cells().filter(there).filter(dated).count(), count)),
        }
    }

    /// A column of numbers of any kind, `None` where there is none. A per cent sign is told, not reckoned with.
    ///
    /// # Errors
    /// [`Error::Cell`] for what is no number, [`Error::Unsettled`] where `1,004` has two readings.
    pub fn numbers(&mut self, column: usize) -> Result<Vec<Option<Number>>, Error> {
        self.column_of(column, Quantity::Any)
    }

    /// A column of counts: whole, from 0.
    ///
    /// # Errors
    /// As [`Table::numbers`]; a count with a fraction.
    pub fn counts(&mut self, column: usize) -> Result<Vec<Option<f64>>, Error> {
        let counts = self.column_of(column, Quantity::Count)?;
        Ok(counts
            .into_iter()
            .map(|count| count.map(|count| count.value))
            .collect())
    }

    /// A column of sizes of samples: counts, of which some may be called approximate or a bound (`~1,000`, `>2,000`).
    ///
    /// # Errors
    /// As [`Table::counts`].
    pub fn sample_sizes(&mut self, column: usize) -> Result<Vec<Option<Number>>, Error> {
        self.column_of(column, Quantity::Size)
    }

    /// A column of per cents, 0 to 100, whether it holds per cents or shares. `*` is what tables print under half a per cent.
    ///
    /// # Errors
    /// As [`Table::numbers`]; [`Error::Unsettled`] where all values are at most 1 and no sign says what they are.
    pub fn percents(&mut self, column: usize) -> Result<Vec<Option<Number>>, Error> {
        let numbers = self.column_of(column, Quantity::Percent)?;
        self.in_percents(column, numbers)
    }

    /// A column of printed figures: per cents, or scores, which may be anything. A bound is told.
    ///
    /// # Errors
    /// As [`Table::percents`].
    pub fn figures(&mut self, column: usize) -> Result<Vec<Option<Number>>, Error> {
        let numbers = self.column_of(column, Quantity::Figure)?;
        self.in_percents(column, numbers)
    }

    fn in_percents(
        &mut self,
        column: usize,
        mut numbers: Vec<Option<Number>>,
    ) -> Result<Vec<Option<Number>>, Error> {
        if self.is_in_shares(column, &numbers)? {
            for number in numbers
                .iter_mut()
                .flatten()
                .filter(|number| !number.percent)
            {
                *number = number.hundredfold();
            }
        }
        Ok(numbers)
    }

    /// Whether the bare numbers of a column of per cents are shares.
    fn is_in_shares(&mut self, column: usize, numbers: &[Option<Number>]) -> Result<bool, Error> {
        let bare = || {
            let numbers = numbers.iter().enumerate();
            let bare =
                numbers.filter_map(|(row, number)| number.as_ref().map(|number| (row, number)));
            bare.filter(|(row, number)| !number.percent && self.text(*row, column) != "*")
        };
        let above = bare().find(|(_, number)| number.value.abs() > 1.0);
        // “<1” of shares would be all of them
        let bounds = bare().any(|(_, number)| number.bound == Bound::Under && number.value == 1.0);
        let first = bare().find(|(_, number)| number.value != 0.0);
        match (self.options.unit, above) {
            (Some(Unit::Shares), Some((row, _))) => {
                let text = self.text(row, column);
                let message = format!("“{text}” is no share of 1, as --shares has it");
                Err(self.wrong(row, column, message))
            }
            (_, Some(_)) => Ok(false),
            (Some(unit), None) => {
                self.settled.unit |= first.is_some();
                Ok(unit == Unit::Shares)
            }
            (None, None) => match first {
                None => Ok(false),
                Some(_) if bounds => Ok(false),
                Some(_) if self.is_named_a_share(column) => {
                    let name = self.names.get(column).cloned().unwrap_or_default();
                    self.notes.push(format!("{name} taken as shares of 1"));
                    Ok(true)
                }
                Some((row, number)) => {
                    let text = self.text(row, column);
                    let message = format!(
                        "all values are at most 1: “{text}” may be {} per cent or {} per cent; say which with --shares or \
                         --percents",
                        number.hundredfold().text,
                        number.text
                    );
                    Err(Error::Unsettled {
                        place: Box::new(self.place(row, column)),
                        message,
                    })
                }
            },
        }
    }

    fn is_named_a_share(&self, column: usize) -> bool {
        let name = self.names.get(column).map(|name| key(name));
        matches!(name.as_deref(), Some("proportion" | "fraction" | "prop"))
    }

    fn column_of(
        &mut self,
        column: usize,
        quantity: Quantity,
    ) -> Result<Vec<Option<Number>>, Error> {
        let mut readings = Vec::with_capacity(self.rows.len());
        let (mut point, mut comma) = (false, false);
        for (row, table_row) in self.rows.iter().enumerate() {
            let cell = table_row.cells.get(column);
            let Some(cell) = cell.filter(|cell| !is_missing(&cell.text)) else {
                readings.push(None);
                continue;
            };
            if quantity == Quantity::Percent && cell.text == "*" {
                readings.push(Some(Reading::Clear(Number {
                    bound: Bound::Under,
                    ..Number::plain(0.5)
                })));
                continue;
            }
            let Some(reading) = cell.reading(|number| quantity.can_be(number)) else {
                let others = self.refused_below(row, column, quantity);
                return Err(self.wrong(row, column, quantity.refusal(cell) + &others));
            };
            match reading {
                Reading::Only(Decimal::Point, _) => point = true,
                Reading::Only(Decimal::Comma, _) => comma = true,
                _ => {}
            }
            readings.push(Some(reading));
        }
        let mark = match (self.options.decimal, point, comma) {
            (Some(decimal), ..) => Some(decimal),
            (None, true, false) => Some(Decimal::Point),
            (None, false, true) => Some(Decimal::Comma),
            (None, true, true) => None,
            (None, false, false) => self.mark,
        };
        self.settle_numbers(column, readings, mark)
    }

    /// Which other cells of a column are refused: who mends one wants to know of all.
    fn refused_below(&self, first: usize, column: usize, quantity: Quantity) -> String {
        const MOST_NAMED: usize = 4;
        let below = self.rows.iter().skip(first + 1);
        let refused = below.filter(|row| {
            let cell = row.cells.get(column).filter(|cell| {
                let is_sign = quantity == Quantity::Percent && cell.text == "*";
                !is_missing(&cell.text) && !is_sign
            });
            cell.is_some_and(|cell| cell.reading(|number| quantity.can_be(number)).is_none())
        });
        let lines: Vec<String> = refused.map(|row| row.number.to_string()).collect();
        let (named, rest) = lines.split_at(lines.len().min(MOST_NAMED));
        match (named, rest.len()) {
            ([], _) => String::new(),
            ([one], _) => format!("; nor is what stands in line {one}"),
            (named, 0) => format!("; nor is what stands in lines {}", and(named)),
            (named, rest) => format!(
                "; nor is what stands in lines {} and {rest} more",
                named.join(", ")
            ),
        }
    }

    /// The numbers with their mark known; one that stays open is refused.
    fn settle_numbers(
        &mut self,
        column: usize,
        readings: Vec<Option<Reading>>,
        mark: Option<Decimal>,
    ) -> Result<Vec<Option<Number>>, Error> {
        let mut commas_part_thousands = false;
        let mut decimal_commas = false;
        let mut points_part_thousands = false;
        let mut numbers = Vec::with_capacity(readings.len());
        for (row, reading) in readings.into_iter().enumerate() {
            let number = match reading {
                None => None,
                Some(Reading::Clear(number)) => Some(number),
                Some(Reading::Only(decimal, number)) => {
                    self.settled.decimal = true;
                    let text = self.text(row, column);
                    if let Some(asked) = self.options.decimal.filter(|asked| *asked != decimal) {
                        let message = format!(
                            "“{text}” is no number with {} as its decimal mark, as --decimal has it",
                            asked.mark()
                        );
                        return Err(self.wrong(row, column, message));
                    }
                    if decimal == Decimal::Comma {
                        decimal_commas |= text.contains(',');
                        points_part_thousands |= !text.contains(',');
                    }
                    Some(number)
                }
                Some(Reading::Open { point, comma }) => {
                    self.settled.decimal = true;
                    let text = self.text(row, column);
                    // where commas part the fields, a number with a point alone was written by a program
                    let plain = self.comma_parts_fields && !text.contains(',');
                    match mark.or(plain.then_some(Decimal::Point)) {
                        Some(Decimal::Point) => {
                            commas_part_thousands |= text.contains(',');
                            Some(point)
                        }
                        Some(Decimal::Comma) => {
                            decimal_commas |= text.contains(',');
                            points_part_thousands |= !text.contains(',');
                            Some(comma)
                        }
                        None => {
                            let message = format!(
                                "“{text}” may be {} or {}; say which with --decimal . or --decimal ,",
                                point.text, comma.text
                            );
                            return Err(Error::Unsettled {
                                place: Box::new(self.place(row, column)),
                                message,
                            });
                        }
                    }
                }
            };
            numbers.push(number);
        }
        for (is, what) in [
            (decimal_commas, "decimal commas"),
            (points_part_thousands, "points between thousands"),
            (commas_part_thousands, "commas between thousands"),
        ] {
            if is {
                self.note_of_column(what, column);
            }
        }
        Ok(numbers)
    }

    /// “decimal commas in percent and n”.
    fn note_of_column(&mut self, what: &str, column: usize) {
        let name = match self.names.get(column).map(String::as_str) {
            None | Some("") => letters(column),
            Some(name) => name.to_owned(),
        };
        let begins = format!("{what} in ");
        match self.notes.iter_mut().find(|note| note.starts_with(&begins)) {
            Some(note) if names_in(note, &begins).any(|known| known == name) => {}
            Some(note) => {
                note.push_str(", ");
                note.push_str(&name);
            }
            None => self.notes.push(format!("{begins}{name}")),
        }
    }

    /// A column of dates, `None` where there is none.
    ///
    /// # Errors
    /// [`Error::Cell`] for what is no date, [`Error::Unsettled`] where `5/6/2023` has two readings.
    pub fn dates(&mut self, column: usize) -> Result<Vec<Option<Date>>, Error> {
        let there = |row: &TableRow| {
            let cell = row.cells.get(column)?;
            (!is_missing(&cell.text)).then(|| cell.date())
        };
        let readings: Vec<_> = self.rows.iter().map(there).collect();
        let text = |row| self.text(row, column);
        let mut dates = settled(readings.clone(), self.options.dates, text);
        // what a column leaves open, the other columns of dates may tell
        if dates.as_ref().is_err_and(|fault| fault.is_open)
            && let Some(order) = self.order_beside(column)
            && let Ok(settled) = settled(readings, Some(order), text)
        {
            dates = Ok(settled);
        }
        let settled = dates.map_err(|fault| {
            let place = self.place(fault.at, column);
            match fault.is_open {
                true => Error::Unsettled {
                    place: Box::new(place),
                    message: fault.message,
                },
                false => Error::Cell {
                    place: Box::new(place),
                    message: fault.message,
                },
            }
        })?;
        self.settled.dates |= settled.has_order;
        match settled.assumed {
            Some(DateOrder::Dmy) => self.note_of_column("the day before the month", column),
            Some(DateOrder::Mdy) => self.note_of_column("the month before the day", column),
            None => {}
        }
        Ok(settled.dates)
    }

    /// The order of day and month in the other columns that hold nothing but dates, where they have but one.
    fn order_beside(&self, column: usize) -> Option<DateOrder> {
        let mut order = None;
        for other in (0..self.names.len()).filter(|other| *other != column) {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(other));
            let there = cells.filter(|cell| !is_missing(&cell.text));
            let Some(readings) = there.map(Cell::date).collect::<Option<Vec<DateReading>>>() else {
                continue;
            };
            for reading in readings {
                match (reading, order) {
                    (DateReading::Only(of, _), Some(known)) if of != known => return None,
                    (DateReading::Only(of, _), _) => order = Some(of),
                    (DateReading::Clear(_) | DateReading::Open { .. }, _) => {}
                }
            }
        }
        order
    }

    /// Adds to what was assumed.
    pub fn assume(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Marks and units of a table that leaves none open: nobody asked for what settles them.
    pub fn take_marks_as_settled(&mut self) {
        self.settled.decimal = true;
        self.settled.unit = true;
    }

    /// What was assumed to read it, in one line, once all columns are read; options that had nothing to settle, too.
    pub fn note(&self) -> Option<String> {
        let mut notes = self.notes.clone();
        let idle = [
            (
                self.options.decimal.is_some() && !self.settled.decimal,
                "--decimal",
            ),
            (
                self.options.dates.is_some() && !self.settled.dates,
                "--dates",
            ),
            (
                self.options.unit == Some(Unit::Shares) && !self.settled.unit,
                "--shares",
            ),
            (
                self.options.unit == Some(Unit::Percents) && !self.settled.unit,
                "--percents",
            ),
        ];
        let idle: Vec<String> = idle
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, option)| (*option).to_owned())
            .collect();
        if !idle.is_empty() {
            notes.push(format!("nothing for {} to settle", and(&idle)));
        }
        let place = match &self.sheet {
            Some(sheet) => format!("{}, sheet {sheet}", self.file),
            None => self.file.clone(),
        };
        (!notes.is_empty()).then(|| format!("{place}: {}", notes.join("; ")))
    }
}

/// That lines above and below the table are left out; `None` where none is.
pub(super) fn lines_left_out(above: usize, below: usize) -> Option<String> {
    let lines = |count: usize| match count {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    match (above, below) {
        (0, 0) => None,
        (above, 0) => Some(format!("{} above the header left out", lines(above))),
        (0, below) => Some(format!("{} below the table left out", lines(below))),
        (above, below) => Some(format!(
            "{} above the header and {} below the table left out",
            lines(above),
            lines(below)
        )),
    }
}

/// `A`, `Z`, `AA`: a column of a sheet from 0.
pub(super) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        // there is no nought among the letters
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).unwrap_or(0));
        rest /= 26;
    }
    letters
        .iter()
        .rev()
        .map(|letter| char::from(*letter))
        .collect()
}
