//! Collections of polls as they are published, made into the one form that trends are made of.
//!
//! A form says which column means what ([`Form`]); a table that has none is mapped by hand. What a cell holds is read the same in
//! all of them, and every kind of change is counted and said.

mod cells;
mod forms;

use std::collections::BTreeMap;

pub use forms::Form;

use super::polls::{COLUMNS, ELECTION};
use crate::frames::words::{nearest, thousands};
use crate::tabular::{self, DateOrder, DateReading, Header, Options, Table, date_reading};
use cells::{ends, is_nothing, iso, percent, period, population, respondents, without_notes};

/// What the columns of a table of polls mean.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Our columns, and `period`, with the names that each may have there, `|` between them.
    columns: Vec<(&'static str, String)>,
    /// Columns that are answers where there is no column of answers; all that hold per cents, where it is empty.
    wide: String,
    /// Columns that are no answers, whatever they hold.
    ignored: String,
    /// Candidates and their results in columns `cand1_name`, `cand1_pct`, `cand1_actual`.
    candidates: bool,
    /// What follows a stroke in the name of a pollster is its sponsor.
    slash: bool,
    /// Which comes first in dates whose order nothing tells.
    dates: Option<DateOrder>,
}

/// The rows of a file of polls, and what was changed to make them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// One a poll and answer, in the order of [`COLUMNS`].
    pub rows: Vec<[String; 14]>,
    /// What was changed, read or left out, a line a kind with its count.
    pub changes: Vec<String>,
}

impl Shape {
    fn with_wide(self, names: &str) -> Shape {
        let wide = names.to_owned();
        Shape { wide, ..self }
    }

    fn with_ignored(self, names: &str) -> Shape {
        let ignored = names.to_owned();
        Shape { ignored, ..self }
    }

    fn with_candidates(self) -> Shape {
        Shape {
            candidates: true,
            ..self
        }
    }

    fn with_slash_in_pollster(self) -> Shape {
        Shape {
            slash: true,
            ..self
        }
    }

    fn with_month_first(self) -> Shape {
        Shape {
            dates: Some(DateOrder::Mdy),
            ..self
        }
    }

    /// Reads `pollster=Institute,end=Date,n=N,answers=A+B`; `response` and `percent` instead of `answers` for a row an answer.
    ///
    /// # Errors
    /// A part without `=`, a column of ours that there is none of, no pollster.
    pub fn from_map(text: &str) -> Result<Shape, String> {
        let mut shape = Shape::default();
        for part in text.split(',') {
            let (ours, theirs) = part
                .split_once('=')
                .ok_or_else(|| format!("“{part}” is no mapping: write pollster=Institute"))?;
            let (ours, theirs) = (ours.trim(), theirs.trim());
            if ours == "answers" {
                shape.wide = theirs.replace('+', "|");
                continue;
            }
            let known = COLUMNS.iter().copied().chain(["period"]);
            let column = known.clone().find(|column| *column == ours);
            let column = column.ok_or_else(|| {
                let near = nearest(ours, known)
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                format!(
                    "{ours} is no column of polls{near}: there are {}, period, answers",
                    COLUMNS.join(", ")
                )
            })?;
            shape.columns.push((column, theirs.to_owned()));
        }
        match shape.columns.iter().any(|(ours, _)| *ours == "pollster") {
            true => Ok(shape),
            false => Err("no pollster: write which column names it, pollster=Institute".to_owned()),
        }
    }

    fn names(&self, ours: &str) -> Option<&str> {
        let known = self.columns.iter().find(|(column, _)| *column == ours);
        known.map(|(_, theirs)| theirs.as_str())
    }
}

/// Reads a table of polls. `pollster` stands in for the column where one house made all; day before month, or month before day,
/// as `order` says where dates leave it open.
///
/// # Errors
/// The table can’t be read, or lacks the columns of the form.
pub fn import(
    file: &str,
    bytes: &[u8],
    shape: &Shape,
    pollster: Option<&str>,
    options: &Options,
) -> Result<Imported, tabular::Error> {
    let needed: Vec<&str> = match pollster {
        Some(_) => shape
            .names("published")
            .or(shape.names("end"))
            .or(shape.names("period"))
            .into_iter()
            .collect(),
        None => shape.names("pollster").into_iter().collect(),
    };
    let header = Header::named(&needed);
    let table = tabular::read_bytes(file, bytes, &header, options)?;
    if pollster.is_none()
        && let Some(names) = shape.names("pollster")
    {
        table.need(names)?;
    }
    let (order, assumed) = order_of(&table, shape, options)?;
    let mut reader = Reader::new(&table, shape, pollster, order);
    for row in 0..table.len() {
        reader.add(row);
    }
    let mut imported = reader.finish();
    imported
        .changes
        .splice(0..0, table.note().into_iter().chain(assumed));
    Ok(imported)
}

/// Which comes first in the dates of the table: as it is asked for, as those tell that have but one reading, as the form has it.
/// With it, what was assumed.
///
/// # Errors
/// A date that has two readings, and nothing that settles which is meant.
fn order_of(
    table: &Table,
    shape: &Shape,
    options: &Options,
) -> Result<(DateOrder, Option<String>), tabular::Error> {
    if let Some(order) = options.dates {
        return Ok((order, None));
    }
    let columns = ["start", "end", "published", "period"].into_iter();
    let columns: Vec<usize> = columns
        .filter_map(|ours| table.column(shape.names(ours)?))
        .collect();
    let (mut only, mut open) = ([0_usize; 2], None);
    for column in columns {
        for row in 0..table.len() {
            for text in ends(&without_notes(table.text(row, column))) {
                match date_reading(&text) {
                    Some(DateReading::Only(DateOrder::Dmy, _)) => only[0] += 1,
                    Some(DateReading::Only(DateOrder::Mdy, _)) => only[1] += 1,
                    // with points the day comes first, wherever dates are written so
                    Some(DateReading::Open {
                        dmy,
                        mdy,
                        points: false,
                    }) => open = open.or(Some((row, column, text, dmy, mdy))),
                    _ => {}
                }
            }
        }
    }
    let first = |order: DateOrder| match order {
        DateOrder::Dmy => "the day before the month",
        DateOrder::Mdy => "the month before the day",
    };
    let order = match only {
        [0, 0] => shape.dates,
        [dmy, mdy] if mdy > dmy => Some(DateOrder::Mdy),
        _ => Some(DateOrder::Dmy),
    };
    match (order, open) {
        (Some(order), Some(_)) => {
            let why = match only {
                [0, 0] => "as this form has it; --dates for the other order",
                _ => "as other rows have it",
            };
            Ok((
                order,
                Some(format!("dates read with {}, {why}", first(order))),
            ))
        }
        (order, None) => Ok((order.unwrap_or(DateOrder::Dmy), None)),
        (None, Some((row, column, text, dmy, mdy))) => Err(tabular::Error::Unsettled {
            place: Box::new(table.place(row, column)),
            message: format!(
                "“{text}” may be {dmy} or {mdy}; say which with --dates dmy or --dates mdy"
            ),
        }),
    }
}

struct Reader<'t> {
    table: &'t Table,
    shape: &'t Shape,
    pollster: Option<&'t str>,
    order: DateOrder,
    places: BTreeMap<&'static str, usize>,
    answers: Vec<usize>,
    rows: Vec<[String; 14]>,
    changes: BTreeMap<String, usize>,
    results: Vec<(String, String)>,
}

impl<'t> Reader<'t> {
    fn new(
        table: &'t Table,
        shape: &'t Shape,
        pollster: Option<&'t str>,
        order: DateOrder,
    ) -> Reader<'t> {
        let places = shape.columns.iter();
        let places: BTreeMap<&'static str, usize> = places
            .filter_map(|(ours, theirs)| Some((*ours, table.column(theirs)?)))
            .collect();
        let mut reader = Reader {
            table,
            shape,
            pollster,
            order,
            answers: Vec::new(),
            rows: Vec::new(),
            changes: BTreeMap::new(),
            results: Vec::new(),
            places,
        };
        if !reader.places.contains_key("percent") && !shape.candidates {
            reader.answers = reader.wide_columns();
        }
        reader
    }

    /// The columns that are answers: those that are named, else those that hold per cents and mean nothing else.
    fn wide_columns(&mut self) -> Vec<usize> {
        if !self.shape.wide.is_empty() {
            let names = self.shape.wide.split('|');
            return names.filter_map(|name| self.table.column(name)).collect();
        }
        let ignored: Vec<usize> = self
            .shape
            .ignored
            .split('|')
            .filter_map(|name| self.table.column(name))
            .collect();
        let taken: Vec<usize> = self.places.values().copied().collect();
        let holds_percents = |column: &usize| {
            let cells =
                (0..self.table.len()).map(|row| without_notes(self.table.text(row, *column)));
            let there: Vec<String> = cells.filter(|text| !is_nothing(text)).collect();
            let numbers = there.iter().filter(|text| percent(text).is_some()).count();
            numbers > 0 && 2 * numbers >= there.len()
        };
        (0..self.table.names().len())
            .filter(|column| !self.table.names()[*column].is_empty())
            .filter(|column| !ignored.contains(column) && !taken.contains(column))
            .filter(holds_percents)
            .collect()
    }

    fn change(&mut self, what: &str) {
        *self.changes.entry(what.to_owned()).or_insert(0) += 1;
    }

    fn cell(&self, row: usize, ours: &str) -> String {
        let place = self.places.get(ours);
        let text = place.map_or("", |column| self.table.text(row, *column));
        match is_nothing(text) {
            true => String::new(),
            false => text.trim().to_owned(),
        }
    }

    /// A cell without footnotes, which are counted.
    fn plain(&mut self, row: usize, ours: &str) -> String {
        let text = self.cell(row, ours);
        let plain = without_notes(&text);
        if plain.len() < text.len() && text.contains('[') {
            self.change("footnotes taken out of cells");
        }
        plain
    }

    fn add(&mut self, row: usize) {
        let mut name = match self.pollster {
            Some(name) => name.to_owned(),
            None => self.plain(row, "pollster"),
        };
        if name.is_empty() {
            return self.change("rows left out: no pollster");
        }
        let lower = name.to_lowercase();
        let period_text = self.plain(row, "period");
        let is_election = ["election", "wahl"].iter().any(|word| {
            lower.contains(word) && !lower.contains("wahlen") && !lower.contains("elections")
        }) || period_text.to_lowercase().contains("wahl");
        let mut sponsor = self.plain(row, "sponsor");
        if self.shape.slash
            && let Some((house, payer)) = name.clone().split_once('/')
        {
            (name, sponsor) = (house.trim().to_owned(), payer.trim().to_owned());
            self.change("pollsters parted from a sponsor at the first stroke");
        }
        let Some(population) = population(&self.plain(row, "population")) else {
            return self.change("rows left out: a party’s part of a sample");
        };
        let Some([start, end, published]) = self.days(row, &period_text, is_election) else {
            return self.change("rows left out: no date that can be read");
        };
        let n = self.plain(row, "n");
        let size = respondents(&n);
        if size.is_none() && !n.is_empty() && !is_election {
            self.change("numbers of respondents that can’t be read, left empty");
        } else if size.is_some_and(|size| n != size.to_string()) {
            self.change("numbers of respondents written without marks");
        }
        let id = self.cell(row, "poll");
        let poll = match (is_election, id.is_empty()) {
            (true, _) => "result".to_owned(),
            (false, true) => self.table.line(row).to_string(),
            (false, false) => id,
        };
        let contest = self.cell(row, "contest");
        let head = [
            contest,
            poll,
            if is_election {
                ELECTION.to_owned()
            } else {
                name
            },
            if is_election { String::new() } else { sponsor },
            start,
            end,
            published,
            size.filter(|_| !is_election)
                .map_or_else(String::new, |size| size.to_string()),
            population,
            self.plain(row, "mode"),
            self.plain(row, "partisan"),
            self.tracking(row),
            String::new(),
            String::new(),
        ];
        if is_election {
            self.change("rows of an election taken as results");
        }
        let answers = self.answers_of(row);
        if answers.is_empty() {
            return self.change("rows left out: no per cent in them (events, notes)");
        }
        for (response, share) in answers {
            let mut line = head.clone();
            [line[12], line[13]] = [response, share];
            self.rows.push(line);
        }
        self.results_of(row, &head);
    }

    fn tracking(&self, row: usize) -> String {
        match self.cell(row, "tracking").to_lowercase().as_str() {
            "true" | "t" | "yes" | "1" => "yes".to_owned(),
            _ => String::new(),
        }
    }

    /// First and last day of fieldwork and day of publication as ISO; `None` where none of them can be read.
    fn days(&mut self, row: usize, period_text: &str, is_election: bool) -> Option<[String; 3]> {
        let mut days = [String::new(), String::new(), String::new()];
        for (day, ours) in days.iter_mut().zip(["start", "end", "published"]) {
            let text = self.plain(row, ours);
            if text.is_empty() {
                continue;
            }
            *day = iso(&text, self.order).unwrap_or_default();
            if day.is_empty() {
                self.change("dates that can’t be read, left empty");
            } else if *day != text {
                self.change("dates written as ISO");
            }
        }
        if !period_text.is_empty() {
            let published = Some(days[2].as_str()).filter(|day| !day.is_empty());
            match period(period_text, published, self.order) {
                Some((start, end)) => {
                    [days[0], days[1]] = [start, end];
                    self.change("periods parted into first and last day");
                }
                None if is_election => {}
                None => self.change("periods that can’t be read, left empty"),
            }
        }
        if is_election && days[1].is_empty() {
            [days[0], days[1]] = [days[2].clone(), days[2].clone()];
        }
        days.iter().any(|day| !day.is_empty()).then_some(days)
    }

    /// What was answered, with the per cent as it can be read.
    fn answers_of(&mut self, row: usize) -> Vec<(String, String)> {
        let mut cells: Vec<(String, String)> = Vec::new();
        if self.shape.candidates {
            for k in 1..=5 {
                let cell = |part: &str| {
                    let column = self.table.column(&format!("cand{k}_{part}"));
                    column
                        .map_or("", |column| self.table.text(row, column))
                        .to_owned()
                };
                cells.push((cell("name"), cell("pct")));
            }
        } else if self.places.contains_key("percent") {
            cells.push((self.plain(row, "response"), self.cell(row, "percent")));
        } else {
            let names = self.table.names();
            for column in &self.answers {
                let name = without_notes(&names[*column]);
                cells.push((name, self.table.text(row, *column).to_owned()));
            }
        }
        let mut answers = Vec::new();
        for (name, text) in cells {
            let plain = without_notes(&text);
            if name.is_empty() || is_nothing(&plain) {
                continue;
            }
            match percent(&plain) {
                Some(share) => {
                    let share = share.to_string();
                    if share != text.trim() && text.trim().parse::<f64>().is_err() {
                        self.change("per cents written as plain numbers");
                    }
                    answers.push((name, share));
                }
                None => self.change("cells left out: no per cent from 0 to 100"),
            }
        }
        answers
    }

    /// The results beside a poll of two candidates, once a contest.
    fn results_of(&mut self, row: usize, head: &[String; 14]) {
        if !self.shape.candidates {
            return;
        }
        let text = |name: &str| {
            let column = self.table.column(name);
            column
                .map_or("", |column| self.table.text(row, column))
                .trim()
                .to_owned()
        };
        let Some(day) = iso(&text("electiondate"), self.order) else {
            return;
        };
        let key = (head[0].clone(), day.clone());
        if self.results.contains(&key) {
            return;
        }
        self.results.push(key);
        for k in 1..=5 {
            let (name, share) = (
                text(&format!("cand{k}_name")),
                text(&format!("cand{k}_actual")),
            );
            let Some(share) = percent(&share).filter(|_| !name.is_empty()) else {
                continue;
            };
            let mut line: [String; 14] = std::array::from_fn(|_| String::new());
            line[0].clone_from(&head[0]);
            line[1] = "result".to_owned();
            line[2] = ELECTION.to_owned();
            [line[4], line[5]] = [day.clone(), day.clone()];
            [line[12], line[13]] = [name, share.to_string()];
            self.rows.push(line);
            self.change("results taken from the columns beside the polls");
        }
    }

    fn finish(mut self) -> Imported {
        if self.shape.candidates {
            self.changes.insert(
                "rows with the middle day of a poll alone, and a number of respondents that may be a median".to_owned(),
                self.table.len(),
            );
        }
        let changes = self.changes.into_iter();
        Imported {
            rows: self.rows,
            changes: changes
                .map(|(what, count)| format!("{} {what}", thousands(count as f64)))
                .collect(),
        }
    }
}

impl Imported {
    /// As CSV with the columns that `opine trend` reads.
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = writer.write_record(COLUMNS).and_then(|()| {
            let mut rows = self.rows.iter();
            rows.try_for_each(|row| writer.write_record(row))
        });
        // writing to memory can’t fail
        match written.and_then(|()| Ok(writer.into_inner().map_err(|error| error.into_error())?)) {
            Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
            Err(_) => String::new(),
        }
    }
}
