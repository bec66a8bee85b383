//! From the rows of one table to the rows of the store’s files, each thing once.

use super::COLUMNS;
use super::error::ImportError;
use super::mapping::{N, Values};
use crate::frames::words::nearest;
use crate::published::figures::store::{NewRow, Store, StoredFile, StoredRow, Table, plain_id};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// What a table holds that a store has not yet.
pub(super) struct StoreRows {
    /// In the order in which it has to be added.
    pub rows: Vec<(Table, Vec<NewRow>)>,
    pub notes: Vec<String>,
}

/// The order in which rows can be added: nothing refers to what comes later.
const ORDER: [Table; 8] = [
    Table::Responses,
    Table::Bases,
    Table::Sources,
    Table::Countries,
    Table::Polls,
    Table::Samples,
    Table::Questions,
    Table::Figures,
];

/// Rows of one file by their keys, in the order in which they first come.
#[derive(Default)]
struct Rows {
    places: HashMap<String, usize>,
    rows: Vec<BTreeMap<&'static str, String>>,
}

#[derive(Default)]
struct Gathering {
    tables: BTreeMap<Table, Rows>,
    /// Ids that were made of texts.
    ids: HashMap<(&'static str, String), String>,
    /// Columns in which rows of one thing differ, with an example and how many.
    differing: BTreeMap<(Table, &'static str), (String, usize)>,
    polls: HashMap<(String, String, String), String>,
    repeated: usize,
    own_n: usize,
}

/// Brings the rows together.
///
/// # Errors
/// An id is missing or can’t be made, a country is not known, rows of one figure differ, or the store has other values.
pub(super) fn gather(store: &Store, rows: &[Values]) -> Result<StoreRows, ImportError> {
    let mut gathering = Gathering::default();
    let has_list = rows.iter().any(|row| row.contains_key("responses"));
    for row in rows {
        gathering.row(store, row, has_list)?;
    }
    gathering.new_to(store)
}

/// Columns that say what an id stands for, of no poll.
const WORDS: [&str; 10] = [
    "response",
    "answer",
    "answer_kind",
    "country",
    "country_name",
    "country_members",
    "base",
    "base_label",
    "source",
    "source_name",
];

/// What an id is called: as it is given, else the text that the id was made of.
fn label<'t>(id: &str, given: &'t str, text: &'t str) -> &'t str {
    match given {
        "" if text != id => text,
        given => given,
    }
}

/// What a poll is called: as it is given, else the text that its id was made of where that has more than other letters.
fn poll_title<'t>(id: &str, given: &'t str, text: &'t str) -> &'t str {
    match given {
        "" if text.to_lowercase() != id => text,
        given => given,
    }
}

/// Two texts that would be called alike.
fn one_id(what: &str, one: &str, other: &str, id: &str) -> ImportError {
    open(format!(
        "“{one}” and “{other}” would have one id, {id}: name ids in a column of their own (--map {what}=COLUMN)"
    ))
}

fn open(message: impl Into<String>) -> ImportError {
    ImportError::Meaning(message.into())
}

impl Gathering {
    fn row(&mut self, store: &Store, row: &Values, has_list: bool) -> Result<(), ImportError> {
        let get = |name: &str| row.get(name).map_or("", String::as_str);
        if row.keys().all(|name| WORDS.contains(name)) {
            return self.words(store, row);
        }
        let poll = self.poll(get)?;
        let country = self.country(store, row)?;
        let base = self.id("base", get("base"), get("base_label"), "all")?;
        let source = self.id("source", get("source"), get("source_name"), "")?;
        let sample_source = self.id("sample_source", get("sample_source"), "", "")?;
        let title = poll_title(&poll, get("title"), get("poll"));
        self.keep(
            Table::Polls,
            &poll,
            row,
            &[("poll", &poll), ("title", title)],
        );
        let has_figure = !get("printed").is_empty();
        self.sample(row, &[&poll, &country, &base, &sample_source], has_figure);
        self.base_and_source(row, &base, &source);
        if get("question").is_empty() {
            return match has_figure {
                true => Err(open(
                    "which question the figures are of is not known: --map question=COLUMN, or --set question=approve",
                )),
                false => Ok(()),
            };
        }
        let question = self.id("question", get("question"), "", "")?;
        let title = label(&question, get("question_title"), get("question"));
        let key = format!("{poll}\u{1f}{question}");
        self.keep(
            Table::Questions,
            &key,
            row,
            &[("poll", &poll), ("question", &question), ("title", title)],
        );
        let text = match (get("response"), get("answer")) {
            ("", answer) => answer,
            (response, _) => response,
        };
        if text.is_empty() {
            return match has_figure {
                true => Err(open(
                    "which answer the figures are of is not known: --map answer=COLUMN, or --map answers=A+B+C where every answer has a column",
                )),
                false => Ok(()),
            };
        }
        let response = match get("response") {
            "" => response_called(store, text),
            _ => None,
        };
        let response = match response {
            Some(known) => known,
            None => self.id("response", text, get("answer"), "")?,
        };
        self.response(row, &response, text);
        if !has_list && get("net_of").is_empty() {
            self.list_response(&key, &response);
        }
        if has_figure {
            let ids = [&poll, &question, &response, &country, &base, &source];
            self.figure(row, ids.map(String::as_str))?;
        }
        Ok(())
    }

    /// A row that speaks of no poll: an answer, a country, a base or a source by itself.
    fn words(&mut self, store: &Store, row: &Values) -> Result<(), ImportError> {
        let get = |name: &str| row.get(name).map_or("", String::as_str);
        let base = self.id("base", get("base"), get("base_label"), "")?;
        let source = self.id("source", get("source"), get("source_name"), "")?;
        self.base_and_source(row, &base, &source);
        self.country(store, row)?;
        let response = self.id("response", get("response"), get("answer"), "")?;
        if !response.is_empty() {
            self.response(row, &response, get("response"));
        }
        Ok(())
    }

    /// What a base and a source are called.
    fn base_and_source(&mut self, row: &Values, base: &str, source: &str) {
        let get = |name: &str| row.get(name).map_or("", String::as_str);
        for (table, id, given, text) in [
            (Table::Bases, base, get("base_label"), get("base")),
            (Table::Sources, source, get("source_name"), get("source")),
        ] {
            let label = label(id, given, text);
            if !id.is_empty() && id != "all" && !label.is_empty() {
                let key = table.key().first().copied().unwrap_or_default();
                let name = if table == Table::Bases {
                    "label"
                } else {
                    "name"
                };
                self.keep(table, id, &Values::new(), &[(key, id), (name, label)]);
            }
        }
    }

    /// What an answer is called, and its kind.
    fn response(&mut self, row: &Values, response: &str, text: &str) {
        let get = |name: &str| row.get(name).map_or("", String::as_str);
        let answer = label(response, get("answer"), text);
        if !answer.is_empty() {
            let row = [
                ("response", response),
                ("label", answer),
                ("kind", get("answer_kind")),
            ];
            self.keep(Table::Responses, response, &Values::new(), &row);
        }
    }

    /// The id of the poll: as it is given, else made of who asked and when.
    fn poll<'r>(&mut self, get: impl Fn(&str) -> &'r str) -> Result<String, ImportError> {
        if !get("poll").is_empty() {
            return self.id("poll", get("poll"), "", "");
        }
        let when = match get("field_end") {
            "" => match get("field_start") {
                "" => get("published"),
                start => start,
            },
            end => end,
        };
        let who = match get("pollster") {
            "" => get("sponsor"),
            pollster => pollster,
        };
        if who.is_empty() || when.is_empty() {
            return Err(open(
                "which poll a row is of is not known: --map poll=COLUMN, or pollster=COLUMN and field_end=COLUMN, of which ids are made",
            ));
        }
        let key = (
            who.to_owned(),
            get("field_start").to_owned(),
            when.to_owned(),
        );
        if let Some(id) = self.polls.get(&key) {
            return Ok(id.clone());
        }
        let id = format!("{}_{}", plain_id(who), when.replace('-', "_"));
        let taken = |id: &str| self.polls.values().any(|known| known == id);
        let numbered = (2..).map(|number| format!("{id}_{number}"));
        let id = [id.clone()]
            .into_iter()
            .chain(numbered)
            .find(|id| !taken(id))
            .unwrap_or(id);
        self.polls.insert(key, id.clone());
        Ok(id)
    }

    /// An id: the text where it is one, else one made of its letters, the same for the same text.
    fn id(
        &mut self,
        what: &'static str,
        text: &str,
        label: &str,
        default: &str,
    ) -> Result<String, ImportError> {
        if text.is_empty() && label.is_empty() {
            return Ok(default.to_owned());
        }
        let text = if text.is_empty() { label } else { text };
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if text.chars().all(plain) {
            if what != "poll" {
                return Ok(text.to_owned());
            }
            // no two polls are taken for one
            let known = self.ids.entry((what, text.to_owned()));
            let called = known.or_insert_with(|| text.to_owned());
            return match called == text {
                true => Ok(text.to_owned()),
                false => Err(one_id(what, called, text, text)),
            };
        }
        let new_id = match plain_id(text).as_str() {
            "" => format!("{what}_{}", self.ids.len() + 1),
            id => id.to_owned(),
        };
        // a figure and its sample name the same outlets
        let what = if what == "sample_source" {
            "source"
        } else {
            what
        };
        match self.ids.entry((what, new_id.clone())) {
            Entry::Occupied(other) if other.get() != text => {
                Err(one_id(what, other.get(), text, &new_id))
            }
            Entry::Occupied(_) => Ok(new_id),
            Entry::Vacant(free) => {
                free.insert(text.to_owned());
                Ok(new_id)
            }
        }
    }

    /// The code of a country: as it is given, of its other code, or of its name.
    fn country(&mut self, store: &Store, row: &Values) -> Result<String, ImportError> {
        let get = |name: &str| row.get(name).map_or("", String::as_str);
        let (text, name) = (get("country"), get("country_name"));
        let sought = if text.is_empty() { name } else { text };
        if sought.is_empty() || sought.eq_ignore_ascii_case("all") {
            return Ok("all".to_owned());
        }
        let same = |other: &str| other.eq_ignore_ascii_case(sought);
        let known = store.countries.iter();
        let mut known = known
            .filter(|country| same(&country.code) || same(&country.alpha3) || same(&country.name));
        if let Some(country) = known.next() {
            return Ok(country.code.clone());
        }
        if !text.is_empty() && !name.is_empty() {
            let ids = [("code", text), ("name", name)];
            self.keep(Table::Countries, text, row, &ids);
            return Ok(text.to_owned());
        }
        let names = store
            .countries
            .iter()
            .flat_map(|country| [country.code.as_str(), &country.name]);
        let near = nearest(sought, names).map_or(
            "give its code and name in two columns (--map country=COLUMN,country_name=COLUMN), and it is added".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        Err(open(format!(
            "“{sought}” is no country of countries.csv: {near}"
        )))
    }

    /// The row of a thing: what the first row that speaks of it says; later ones fill in what is empty.
    fn keep(&mut self, table: Table, key: &str, row: &Values, ids: &[(&'static str, &str)]) {
        let rows = self.tables.entry(table).or_default();
        let place = *rows.places.entry(key.to_owned()).or_insert(rows.rows.len());
        if place == rows.rows.len() {
            rows.rows.push(BTreeMap::new());
        }
        let Some(kept) = rows.rows.get_mut(place) else {
            return;
        };
        let of_table = COLUMNS.iter().filter(|column| column.table == table);
        let given =
            of_table.filter_map(|column| Some((column.column, row.get(column.name)?.as_str())));
        let given = given.filter(|(column, _)| ids.iter().all(|(id, _)| id != column));
        let ids = ids.iter().copied().filter(|(_, value)| !value.is_empty());
        for (column, value) in ids.chain(given) {
            match kept.get(column) {
                None => drop(kept.insert(column, value.to_owned())),
                Some(first) if first != value => {
                    let example = || format!("{}: {first}, {value}", key.replace('\u{1f}', "/"));
                    let difference = self.differing.entry((table, column));
                    difference.or_insert_with(|| (example(), 0)).1 += 1;
                }
                Some(_) => {}
            }
        }
    }

    /// A size of a sample. A figure with a base of its own and no word of its sample needs none.
    fn sample(&mut self, row: &Values, key: &[&str], has_figure: bool) {
        let speaks = COLUMNS
            .iter()
            .any(|column| column.table == Table::Samples && row.contains_key(column.name));
        let needed = has_figure && !row.contains_key("figure_n");
        if !speaks && !needed && !row.contains_key(N) {
            return;
        }
        let &[poll, country, base, source] = key else {
            return;
        };
        let mut row = row.clone();
        if let (Some(n), false) = (row.get(N).cloned(), row.contains_key("sample_n")) {
            let known = self.tables.get(&Table::Samples).and_then(|rows| {
                let place = rows.places.get(&key.join("\u{1f}"))?;
                rows.rows.get(*place)?.get("n").cloned()
            });
            row.insert("sample_n", known.unwrap_or(n));
        }
        let ids = [
            ("poll", poll),
            ("country", country),
            ("base", base),
            ("reported_by", source),
        ];
        self.keep(Table::Samples, &key.join("\u{1f}"), &row, &ids);
    }

    /// Answers of a question in the order in which they come, where the table has no list of them.
    fn list_response(&mut self, question: &str, response: &str) {
        let rows = self.tables.entry(Table::Questions).or_default();
        let place = rows.places.get(question).copied();
        let Some(kept) = place.and_then(|place| rows.rows.get_mut(place)) else {
            return;
        };
        let list = kept.entry("responses").or_default();
        if !list.split(';').any(|known| known == response) {
            list.push_str(if list.is_empty() { "" } else { ";" });
            list.push_str(response);
        }
    }

    fn figure(&mut self, row: &Values, ids: [&str; 6]) -> Result<(), ImportError> {
        let [poll, question, response, country, base, source] = ids;
        let qualifier = row.get("qualifier").map_or("exact", String::as_str);
        let key = [&ids[..], &[qualifier]].concat().join("\u{1f}");
        let mut row = row.clone();
        if let Some(n) = row.get(N).filter(|_| !row.contains_key("figure_n")) {
            let sample = [poll, country, base].join("\u{1f}") + "\u{1f}";
            let samples = self.tables.get(&Table::Samples);
            let of_sample = samples.and_then(|rows| {
                let source = row.get("sample_source").map_or("", String::as_str);
                let place = rows.places.get(&(sample + source))?;
                rows.rows.get(*place)?.get("n")
            });
            if of_sample.is_some_and(|of_sample| of_sample != n) {
                self.own_n += 1;
                row.insert("figure_n", n.clone());
            }
        }
        let rows = self.tables.entry(Table::Figures).or_default();
        if let Some(first) = rows
            .places
            .get(&key)
            .and_then(|place| rows.rows.get(*place))
        {
            let (there, here) = (first.get("percent"), row.get("printed"));
            if there != here {
                return Err(open(format!(
                    "{poll}/{question}/{response}:{country}:{base} has two values, {} and {}: name the column that tells them apart \
                     (--map base=COLUMN, question=COLUMN or source=COLUMN)",
                    there.map_or("", String::as_str),
                    here.map_or("", String::as_str)
                )));
            }
            self.repeated += 1;
            return Ok(());
        }
        let ids = [
            ("poll", poll),
            ("question", question),
            ("response", response),
            ("country", country),
            ("base", base),
            ("reported_by", source),
        ];
        self.keep(Table::Figures, &key, &row, &ids);
        Ok(())
    }

    /// What the store has not yet; where it has other values of a poll, sample, question or figure, these are named.
    fn new_to(mut self, store: &Store) -> Result<StoreRows, ImportError> {
        let mut gathered = StoreRows {
            rows: Vec::new(),
            notes: self.notes(),
        };
        let (mut differ, mut known) = (Vec::new(), 0);
        for table in ORDER {
            let rows = self.tables.remove(&table).unwrap_or_default().rows;
            let there = Stored::read(store, table);
            let mut new = Vec::new();
            for row in rows {
                match there.find(&row) {
                    None => new.push(NewRow(
                        row.into_iter()
                            .map(|(column, value)| (column.to_owned(), value))
                            .collect(),
                    )),
                    Some(stored) => {
                        known += 1;
                        differ.extend(difference(table, stored, &row));
                    }
                }
            }
            if !new.is_empty() {
                gathered.rows.push((table, new));
            }
        }
        if !differ.is_empty() {
            return Err(ImportError::Differs(differ));
        }
        if known > 0 {
            gathered.notes.push(match known {
                1 => "1 row is in the store already, and stays as it is".to_owned(),
                known => format!("{known} rows are in the store already, and stay as they are"),
            });
        }
        Ok(gathered)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self
            .differing
            .iter()
            .map(|((table, column), (example, count))| {
                format!(
                    "{column} of one {} differs in {count} row{}, and the first is taken ({example})",
                    table.row_name(),
                    if *count == 1 { "" } else { "s" }
                )
            })
            .collect();
        if self.repeated > 0 {
            let (rows, give) = match self.repeated {
                1 => ("row", "gives"),
                _ => ("rows", "give"),
            };
            notes.push(format!(
                "{} {rows} {give} a figure that another row gives, too: taken once",
                self.repeated
            ));
        }
        if self.own_n > 0 {
            let (figures, have) = match self.own_n {
                1 => ("figure", "has"),
                _ => ("figures", "have"),
            };
            notes.push(format!(
                "{} {figures} {have} another n than the first of the sample: kept beside the figure",
                self.own_n
            ));
        }
        if !self.polls.is_empty() {
            notes.push(match self.polls.len() {
                1 => "the id of the poll is made of pollster and date".to_owned(),
                many => format!("{many} ids of polls are made of pollster and date"),
            });
        }
        notes.extend(self.changed_ids());
        notes.extend(self.without_source());
        notes
    }
}

impl Gathering {
    /// Ids of polls that were given otherwise: ids are small letters, digits and `_`.
    fn changed_ids(&self) -> Option<String> {
        let is_changed = |what: &str, id: &String, text: &String| what == "poll" && id != text;
        let of_polls = self.ids.iter();
        let of_polls = of_polls.filter(|((what, id), text)| is_changed(what, id, text));
        let mut changed: Vec<(&str, &str)> = of_polls
            .map(|((_, id), text)| (text.as_str(), id.as_str()))
            .collect();
        changed.sort_unstable();
        let (text, id) = changed.first()?;
        Some(match changed.len() {
            1 => format!("the id of poll “{text}” is {id}"),
            many => {
                format!(
                    "{many} ids of polls are made of what the table calls them (“{text}” is {id})"
                )
            }
        })
    }

    /// Figures of which nobody is named who printed them.
    fn without_source(&self) -> Option<String> {
        let figures = self.tables.get(&Table::Figures)?;
        let is_without = |row: &&BTreeMap<&'static str, String>| {
            row.get("reported_by")
                .is_none_or(|source| source.is_empty())
        };
        let figures = match figures.rows.iter().filter(is_without).count() {
            0 => return None,
            1 => "1 figure has".to_owned(),
            many => format!("{many} figures have"),
        };
        Some(format!(
            "{figures} no source: --map source=COLUMN, or --set source=report, says who printed them"
        ))
    }
}

/// The answer of the store with that label: “Don’t know” has an id there already.
pub(super) fn response_called(store: &Store, label: &str) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase().replace('’', "'");
    let sought = plain(label);
    let known = store
        .responses
        .iter()
        .find(|row| plain(&row.label) == sought);
    known.map(|row| row.response.clone())
}

/// The rows of a file of the store by the key of their table.
struct Stored {
    key: &'static [&'static str],
    table: Table,
    rows: HashMap<String, StoredRow>,
}

impl Stored {
    fn read(store: &Store, table: Table) -> Stored {
        let key = table.key();
        let of_row = |row: &StoredRow| {
            key.iter()
                .map(|column| row.value(column))
                .collect::<Vec<_>>()
                .join("\u{1f}")
        };
        let rows = StoredFile::read(store, table).rows.into_iter();
        Stored {
            key,
            table,
            rows: rows.map(|row| (of_row(&row), row)).collect(),
        }
    }

    fn find(&self, row: &BTreeMap<&'static str, String>) -> Option<&StoredRow> {
        let value = |column: &&'static str| {
            let default = self
                .table
                .column(column)
                .map_or("", |column| column.default);
            row.get(column).map_or(default, String::as_str)
        };
        let key: Vec<&str> = self.key.iter().map(value).collect();
        self.rows.get(&key.join("\u{1f}"))
    }
}

/// Where a row says other than the one that is stored; labels and names stay those of the store.
fn difference(
    table: Table,
    stored: &StoredRow,
    row: &BTreeMap<&'static str, String>,
) -> Option<String> {
    if !matches!(
        table,
        Table::Polls | Table::Samples | Table::Questions | Table::Figures
    ) {
        return None;
    }
    let differs = |(column, value): &(&&'static str, &String)| {
        // an order of answers that was made of the rows is no statement
        **column != "responses" && stored.value(column) != value.as_str()
    };
    let (column, value) = row.iter().find(differs)?;
    Some(format!(
        "{} has {column} {} and the table {value}",
        stored.name_with_kind(),
        match stored.value(column) {
            "" => "empty",
            there => there,
        }
    ))
}
