//! What the columns of a table of texts are: numbers or words or dates, and which entries are no answer.
//!
//! A first look goes over the entries and gathers an [`Evidence`] a column; parts of a file are looked at on their own and
//! merged, in any order. From all of them together come the [`Rules`] by which entries are then read: a comma in one column may
//! tell what a point means in another. What was assumed of the columns that are read is said at the end ([`ColumnRules`]).

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::survey::microdata::inference::dates::{DateEvidence, DateForm, Verdict, When};
use crate::survey::microdata::inference::few::{FewValues, values_of};
use crate::survey::microdata::inference::number::{grouped, is_long, number, trimmed};
use crate::survey::microdata::time;
use crate::survey::microdata::{Kind, OpenOptions, Value};
use crate::tabular::{DateOrder, Decimal};

/// Entries that are no answer wherever they stand, as R, pandas, spreadsheets and databases write them. `None` is not among
/// them, which people answer.
const USUAL: [&str; 6] = ["NA", "N/A", "#N/A", "NaN", "NULL", "<NA>"];
/// Where `NA` stands among `USUAL`: in a column of countries it is Namibia.
const NA: usize = 0;
/// Entries that are no answer beside numbers.
const MARKS: [&str; 2] = ["-", "."];

/// Which entries are no answer besides the empty one.
#[derive(Clone, Debug)]
pub(crate) enum Missing {
    Usual,
    /// Those that were named, in place of the usual ones.
    Named(Vec<NamedEntry>),
}

/// An entry that was named, and the number it writes.
#[derive(Clone, Debug)]
pub(crate) struct NamedEntry {
    text: String,
    number: Option<f64>,
}

/// How columns are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub missing: Missing,
    /// Whether commas may stand in numbers.
    pub commas: bool,
    /// The same without a decimal mark that is named.
    unasked_commas: bool,
    decimal: Option<Decimal>,
    /// Whether that mark is one of other tables, too.
    decimal_elsewhere: bool,
    dates: Option<DateOrder>,
}

impl Look {
    /// `commas`: whether something else than commas parts the fields.
    pub(crate) fn new(options: &OpenOptions, commas: bool) -> Look {
        let named = |text: &String| {
            let text = text.trim().to_owned();
            NamedEntry {
                number: number(text.as_bytes()),
                text,
            }
        };
        Look {
            missing: match &options.na {
                None => Missing::Usual,
                Some(texts) => Missing::Named(texts.iter().map(named).collect()),
            },
            commas: commas || options.decimal.is_some(),
            unasked_commas: commas,
            decimal: options.decimal,
            decimal_elsewhere: options.decimal_elsewhere,
            dates: options.dates,
        }
    }
}

/// The entries of a column, or of a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    numbers: u64,
    /// Numbers with a decimal point, or with commas between thousands.
    points: u64,
    /// Numbers with a decimal comma, or with points between thousands.
    commas: u64,
    /// `1.234`, a number either way.
    open_points: u64,
    /// `1,234`.
    open_commas: u64,
    /// Entries that are neither numbers nor missing.
    texts: u64,
    first_text: String,
    /// Whole numbers among them that are too long for a float.
    long: u64,
    first_long: String,
    /// All of them are two capitals.
    capitals: bool,
    dates: DateEvidence,
    usual: [u64; USUAL.len()],
    marks: [u64; MARKS.len()],
    named: Vec<u64>,
    /// The entries, where some were named as missing: what else there is.
    values: FewValues,
    /// Nothing that comes can change what the column is, it is text: entries are counted alone.
    settled: bool,
}

impl Evidence {
    pub(crate) fn new(look: &Look) -> Evidence {
        Evidence {
            numbers: 0,
            points: 0,
            commas: 0,
            open_points: 0,
            open_commas: 0,
            texts: 0,
            first_text: String::new(),
            long: 0,
            first_long: String::new(),
            capitals: true,
            dates: DateEvidence::default(),
            usual: [0; USUAL.len()],
            marks: [0; MARKS.len()],
            named: match &look.missing {
                Missing::Usual => Vec::new(),
                Missing::Named(named) => vec![0; named.len()],
            },
            values: FewValues::default(),
            settled: false,
        }
    }

    /// One more entry.
    #[inline]
    pub(crate) fn add(&mut self, entry: &[u8], look: &Look) {
        let entry = trimmed(entry);
        let Some(first) = entry.first() else {
            return;
        };
        match &look.missing {
            Missing::Usual => {
                if entry.len() <= 4
                    && matches!(first, b'N' | b'#' | b'<' | b'-' | b'.')
                    && self.is_usual(entry)
                {
                    return;
                }
            }
            Missing::Named(named) => {
                if let Some(at) = named
                    .iter()
                    .position(|named| named.may_be(entry, look.commas))
                {
                    if let Some(count) = self.named.get_mut(at) {
                        *count += 1;
                    }
                    return;
                }
                self.values.add(entry);
            }
        }
        match self.settled {
            false => self.add_answer(entry, look.commas),
            // another part of the file may hold the numbers among which the texts of this one are counted
            true => match self.is_number(entry, look.commas) {
                true => self.numbers += 1,
                false => {
                    self.texts += 1;
                    self.count_long(entry);
                }
            },
        }
    }

    fn count_long(&mut self, entry: &[u8]) {
        if is_long(entry) {
            self.long += 1;
            if self.long == 1 {
                self.first_long = excerpt(entry);
            }
        }
    }

    fn is_usual(&mut self, entry: &[u8]) -> bool {
        let usual = USUAL.iter().position(|usual| usual.as_bytes() == entry);
        let marks = MARKS.iter().position(|mark| mark.as_bytes() == entry);
        let count = match (usual, marks) {
            (Some(at), _) => self.usual.get_mut(at),
            (_, Some(at)) => self.marks.get_mut(at),
            _ => None,
        };
        match count {
            Some(count) => {
                *count += 1;
                true
            }
            None => false,
        }
    }

    #[inline]
    fn add_answer(&mut self, entry: &[u8], commas: bool) {
        match self.is_number(entry, commas) {
            true => {
                self.numbers += 1;
                self.capitals = false;
                self.dates.refute();
            }
            false => self.add_text(entry),
        }
    }

    /// Whether it is a number; what its signs can mean is kept.
    #[inline]
    fn is_number(&mut self, entry: &[u8], commas: bool) -> bool {
        let is_number = number(entry).is_some();
        match commas {
            true => self.add_number(entry, is_number),
            false => is_number,
        }
    }

    /// Where commas may be decimal, a number is told by what its signs can mean.
    fn add_number(&mut self, entry: &[u8], is_number: bool) -> bool {
        let signs = is_number || entry.contains(&b',') || entry.contains(&b'.');
        if is_number && !entry.contains(&b'.') {
            return true;
        }
        if !signs {
            return false;
        }
        let point = grouped(entry, Decimal::Point).is_some();
        let comma = grouped(entry, Decimal::Comma).is_some();
        let count = match (point, comma) {
            (true, true) if is_number => &mut self.open_points,
            (true, true) => &mut self.open_commas,
            (true, false) => &mut self.points,
            (false, true) => &mut self.commas,
            // longer than `grouped` looks at
            (false, false) if is_number => &mut self.points,
            (false, false) => return false,
        };
        *count += 1;
        true
    }

    fn add_text(&mut self, entry: &[u8]) {
        self.texts += 1;
        if self.texts == 1 {
            self.first_text = excerpt(entry);
        }
        self.count_long(entry);
        self.capitals &= matches!(entry, [b'A'..=b'Z', b'A'..=b'Z']);
        self.dates.add(entry);
        // entries of a column that has numbers are counted on, to say how many are none
        self.settled = !self.capitals && !self.dates.is_open() && self.numbers == 0;
    }

    /// Whether the first text is a number with commas between thousands, in a file where nobody said what commas mean.
    fn has_grouped_text(&self, look: &Look) -> bool {
        let first = self.first_text.as_bytes();
        !look.commas && first.contains(&b',') && grouped(first, Decimal::Point).is_some()
    }

    /// Why a column is text, and what would make numbers of it.
    fn why_text(&self, name: &str, look: &Look) -> String {
        let are = match self.texts {
            1 => "one entry is no number".to_owned(),
            texts => format!("{texts} entries are no numbers"),
        };
        let remedy = match self.has_grouped_text(look) {
            true => "with --decimal . commas part thousands, with --decimal , they are decimal",
            false => "--na names what is no answer",
        };
        format!(
            "{name} is text, since {are}: “{}”; {remedy}",
            self.first_text
        )
    }

    pub(crate) fn merge(&mut self, other: Evidence) {
        self.numbers += other.numbers;
        self.points += other.points;
        self.commas += other.commas;
        self.open_points += other.open_points;
        self.open_commas += other.open_commas;
        self.texts += other.texts;
        if self.first_text.is_empty() {
            self.first_text = other.first_text;
        }
        self.long += other.long;
        if self.first_long.is_empty() {
            self.first_long = other.first_long;
        }
        self.capitals &= other.capitals;
        self.dates.merge(other.dates);
        self.values.merge(other.values);
        let counts = self
            .usual
            .iter_mut()
            .chain(&mut self.marks)
            .chain(&mut self.named);
        let others = other
            .usual
            .into_iter()
            .chain(other.marks)
            .chain(other.named);
        for (count, other) in counts.zip(others) {
            *count += other;
        }
        self.settled |= other.settled;
    }

    /// Whether the numbers can't be without that mark.
    fn needs(&self, decimal: Decimal) -> bool {
        let (own, other) = match decimal {
            Decimal::Point => (self.points, self.commas),
            Decimal::Comma => (self.commas, self.points),
        };
        self.texts == 0 && own > 0 && other == 0
    }

    fn is_na_an_answer(&self) -> bool {
        self.capitals && self.texts > 0 && self.numbers == 0
    }
}

impl NamedEntry {
    fn is(&self, entry: &[u8]) -> bool {
        self.text.as_bytes() == entry || (self.number.is_some() && self.number == number(entry))
    }

    /// Whether the entry writes the number with that decimal mark.
    fn is_grouped(&self, entry: &[u8], decimal: Decimal) -> bool {
        self.number.is_some() && self.number == grouped(entry, decimal)
    }

    /// Whether it is the entry under any mark that the column may turn out to have.
    fn may_be(&self, entry: &[u8], commas: bool) -> bool {
        let marks = [Decimal::Comma, Decimal::Point];
        self.is(entry)
            || commas
                && entry.contains(&b',')
                && marks.iter().any(|mark| self.is_grouped(entry, *mark))
    }
}

/// As much of an entry as a message has room for.
pub(crate) fn excerpt(entry: &[u8]) -> String {
    let text = String::from_utf8_lossy(entry);
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.into_owned(),
    }
}

/// What the entries of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// Letter by letter as it stands, and never missing.
    Verbatim,
    Number(Decimal),
    Date(DateForm),
}

/// How the entries of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub form: Form,
    /// `NA` is an answer, as Namibia is among countries.
    na_is_answer: bool,
    /// Signs may stand between thousands.
    groups: bool,
}

impl Rules {
    pub(crate) const VERBATIM: Rules = Rules {
        form: Form::Verbatim,
        na_is_answer: true,
        groups: false,
    };

    pub(crate) fn kind(self) -> Kind {
        match self.form {
            Form::Number(_) => Kind::Number,
            Form::Date(DateForm::Day(_)) => Kind::Date,
            Form::Date(DateForm::Moment(_)) => Kind::DateTime,
            Form::Text | Form::Verbatim | Form::Date(_) => Kind::Text,
        }
    }

    /// Whether an entry without blanks around it is no answer.
    pub(crate) fn is_missing(self, entry: &[u8], missing: &Missing) -> bool {
        let Some(first) = entry.first() else {
            return true;
        };
        match missing {
            _ if self.form == Form::Verbatim => false,
            Missing::Named(named) => named.iter().any(|named| match self.form {
                // 77,0 is 77
                Form::Number(Decimal::Comma) => {
                    named.is(entry) || named.is_grouped(entry, Decimal::Comma)
                }
                Form::Number(Decimal::Point) if self.groups => {
                    named.is(entry) || named.is_grouped(entry, Decimal::Point)
                }
                _ => named.is(entry),
            }),
            Missing::Usual if entry.len() > 4 => false,
            Missing::Usual => match first {
                b'N' | b'#' | b'<' => {
                    let usual = USUAL.iter().position(|usual| usual.as_bytes() == entry);
                    usual.is_some_and(|at| at != NA || !self.na_is_answer)
                }
                b'-' | b'.' => {
                    self.form != Form::Text && MARKS.iter().any(|mark| mark.as_bytes() == entry)
                }
                _ => false,
            },
        }
    }

    /// The number that an entry of a column of numbers writes.
    #[inline]
    pub(crate) fn number(self, entry: &[u8]) -> Option<f64> {
        match self.form {
            Form::Number(Decimal::Comma) => grouped(entry, Decimal::Comma),
            _ => match number(entry) {
                None if self.groups => grouped(entry, Decimal::Point),
                number => number,
            },
        }
    }

    /// The date that an entry of a column of dates writes, as its value and as its number.
    pub(crate) fn date(self, entry: &[u8]) -> Option<(Value, Option<f64>)> {
        let Form::Date(form) = self.form else {
            return None;
        };
        Some(match form.read(entry)? {
            When::Days(days) => (Value::Text(time::date(days)?), Some(days)),
            When::Seconds(seconds) => (Value::Text(time::date_time(seconds)?), Some(seconds)),
            When::Text(text) => (Value::Text(text), None),
        })
    }
}

/// The rules of all columns of a table, and what is to be said of those that are read.
pub(crate) struct ColumnRules {
    /// In the order of the columns.
    pub rules: Vec<Rules>,
    names: Vec<String>,
    columns: Vec<Evidence>,
    look: Look,
    /// What the counts are of: "" for the whole file, or its beginning.
    counted: &'static str,
    /// The columns that were read; `None` as long as nothing was.
    read: Mutex<Option<BTreeSet<usize>>>,
}

impl ColumnRules {
    pub(crate) fn new(
        names: &[String],
        columns: Vec<Evidence>,
        look: Look,
        counted: &'static str,
    ) -> ColumnRules {
        let mark = mark_of_all(&columns, &look);
        let rules = names.iter().zip(&columns).map(|(name, column)| Rules {
            form: form(name, column, &look, mark, &mut Notes::default()),
            na_is_answer: column.is_na_an_answer(),
            groups: look.commas,
        });
        ColumnRules {
            rules: rules.collect(),
            names: names.to_vec(),
            columns,
            look,
            counted,
            read: Mutex::default(),
        }
    }

    /// Remembers which columns were read.
    pub(crate) fn reads(&self, columns: impl IntoIterator<Item = usize>) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get_or_insert_default().extend(columns);
    }

    /// What was assumed of the columns that were read, of all as long as none was, and which options had nothing to do.
    pub(crate) fn notes(&self) -> Vec<String> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let columns: Vec<NamedColumn> = self
            .names
            .iter()
            .zip(&self.columns)
            .zip(&self.rules)
            .enumerate()
            .filter(|(at, _)| read.as_ref().is_none_or(|read| read.contains(at)))
            .map(|(_, ((name, evidence), rules))| NamedColumn {
                name,
                evidence,
                rules,
            })
            .collect();
        let mark = mark_of_all(&self.columns, &self.look);
        let mut notes = Notes::default();
        for column in &columns {
            form(column.name, column.evidence, &self.look, mark, &mut notes);
        }
        let mut lines = notes.lines(&self.look);
        lines.extend(missing_notes(&columns, &self.look, self.counted));
        if read.is_some() {
            lines.extend(self.idle_options(&columns, mark));
        }
        lines
    }

    /// Options about texts that none of the columns had use for.
    fn idle_options(&self, columns: &[NamedColumn], mark: Option<Decimal>) -> Vec<String> {
        let look = &self.look;
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let of = match names.len() {
            0 => "no column was read".to_owned(),
            1..=3 => format!("nothing in {} is open without it", names.join(", ")),
            many => format!("nothing in the {many} columns that were read is open without it"),
        };
        let mut idle = Vec::new();
        if let Some(order) = look.dates {
            let settles = |column: &&NamedColumn| {
                let dates = &column.evidence.dates;
                column.evidence.numbers == 0
                    && dates.verdict(column.name, look.dates) != dates.verdict(column.name, None)
            };
            if !columns.iter().any(|column| settles(&column)) {
                idle.push(format!("--dates {} changes nothing: {of}", order.name()));
            }
        }
        if let Some(decimal) = look.decimal
            && !look.decimal_elsewhere
        {
            let unasked = Look {
                decimal: None,
                ..look.clone()
            };
            let unasked_mark = mark_of_all(&self.columns, &unasked);
            let settles = |column: &NamedColumn| {
                let evidence = column.evidence;
                let of =
                    |look, mark| form(column.name, evidence, look, mark, &mut Notes::default());
                let commas = evidence.commas + evidence.open_commas;
                let points = evidence.points + evidence.open_points;
                !look.unasked_commas && commas > 0
                    || commas + points > 0 && of(look, mark) != of(&unasked, unasked_mark)
            };
            if !columns.iter().any(settles) {
                idle.push(format!(
                    "--decimal {} changes nothing: {of}",
                    decimal.mark()
                ));
            }
        }
        idle
    }
}

/// A column that was read.
struct NamedColumn<'a> {
    name: &'a str,
    evidence: &'a Evidence,
    rules: &'a Rules,
}

/// The mark that numbers of some column need, and of no column the other.
fn mark_of_all(columns: &[Evidence], look: &Look) -> Option<Decimal> {
    let needed = |decimal| columns.iter().any(|column| column.needs(decimal));
    look.decimal
        .or(match (needed(Decimal::Point), needed(Decimal::Comma)) {
            (true, false) => Some(Decimal::Point),
            (false, true) => Some(Decimal::Comma),
            _ => None,
        })
}

/// What was assumed of which columns.
#[derive(Default)]
struct Notes<'a> {
    commas: Vec<&'a str>,
    thousands: Vec<&'a str>,
    others: Vec<String>,
}

impl Notes<'_> {
    fn lines(self, look: &Look) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.commas.is_empty() && look.decimal.is_none() {
            lines.push(format!("commas are decimal in {}", listed(&self.commas)));
        }
        if !self.thousands.is_empty() {
            lines.push(format!(
                "points part thousands in {}",
                listed(&self.thousands)
            ));
        }
        lines.extend(self.others);
        lines
    }
}

fn form<'a>(
    name: &'a str,
    column: &Evidence,
    look: &Look,
    mark: Option<Decimal>,
    notes: &mut Notes<'a>,
) -> Form {
    if column.long > 0 && column.long == column.texts {
        notes.others.push(format!(
            "{name} is left as text, so that no digit is lost: “{}” has more than the 15 digits by which numbers are told apart",
            column.first_long
        ));
        return Form::Text;
    }
    if column.numbers == 0 {
        return match column.dates.verdict(name, look.dates) {
            Verdict::Dates { form, note } => {
                notes.others.extend(note);
                Form::Date(form)
            }
            Verdict::Open { example } => {
                notes.others.push(format!(
                    "{name} is left as text, and in the order of its letters: “{example}” may have the day or the month \
                     first; say which with --dates dmy or --dates mdy"
                ));
                Form::Text
            }
            Verdict::NoDates => {
                let commas = column.has_grouped_text(look);
                notes
                    .others
                    .extend(commas.then(|| column.why_text(name, look)));
                Form::Text
            }
        };
    }
    if column.texts > 0 {
        // a few words among many numbers are seldom meant to make words of them all
        if column.texts.saturating_mul(4) <= column.numbers || column.has_grouped_text(look) {
            notes.others.push(column.why_text(name, look));
        }
        return Form::Text;
    }
    let needed = match (column.points > 0, column.commas > 0) {
        (true, true) => {
            notes.others.push(format!(
                "{name} is left as text: some of its numbers have decimal points, others decimal commas"
            ));
            return Form::Text;
        }
        (true, false) => Some(Decimal::Point),
        (false, true) => Some(Decimal::Comma),
        (false, false) => None,
    };
    if let (Some(asked), Some(needed)) = (look.decimal, needed)
        && asked != needed
    {
        return Form::Text;
    }
    // what the column leaves open, other columns may settle
    let decimal = match needed.or(mark) {
        Some(decimal) => decimal,
        None if column.open_commas > 0 => {
            notes.others.push(format!(
                "{name} is left as text: the commas of its numbers may be decimal or part thousands; say which with \
                 --decimal , or --decimal ."
            ));
            return Form::Text;
        }
        None => Decimal::Point,
    };
    if decimal == Decimal::Comma {
        if column.commas + column.open_commas > 0 {
            notes.commas.push(name);
        } else if column.open_points > 0 {
            notes.thousands.push(name);
        }
    }
    Form::Number(decimal)
}

/// Which entries were read as no answer, and how often; and which were named in vain.
fn missing_notes(columns: &[NamedColumn], look: &Look, counted: &str) -> Vec<String> {
    if let Missing::Named(named) = &look.missing {
        let count = |at: usize| {
            let counts = columns
                .iter()
                .filter_map(|column| column.evidence.named.get(at));
            counts.sum::<u64>()
        };
        let vain = named.iter().enumerate().filter(|(at, _)| count(*at) == 0);
        let vain: Vec<&str> = vain.map(|(_, named)| named.text.as_str()).collect();
        let values = columns
            .iter()
            .map(|column| (column.name, &column.evidence.values));
        return values_of(&vain, &values.collect::<Vec<_>>(), counted)
            .into_iter()
            .collect();
    }
    let mut notes = Vec::new();
    let (mut texts, mut where_found, mut total) =
        ([false; USUAL.len() + MARKS.len()], Vec::new(), 0);
    let mut kept = Vec::new();
    for NamedColumn {
        name,
        evidence: column,
        rules,
    } in columns
    {
        if rules.na_is_answer && column.usual.first().is_some_and(|count| *count > 0) {
            kept.push(*name);
        }
        let all = column
            .usual
            .iter()
            .chain(&column.marks)
            .zip(USUAL.iter().chain(&MARKS));
        let mut here = 0;
        for ((count, text), any) in all.zip(&mut texts) {
            if *count > 0 && rules.is_missing(text.as_bytes(), &look.missing) {
                here += count;
                *any = true;
            }
        }
        if here > 0 {
            total += here;
            where_found.push(format!("{name} {here}"));
        }
    }
    if total > 0 {
        let found = USUAL
            .iter()
            .chain(&MARKS)
            .zip(texts)
            .filter(|(_, any)| *any);
        let found: Vec<&str> = found.map(|(text, _)| *text).collect();
        let columns: Vec<&str> = where_found.iter().map(String::as_str).collect();
        notes.push(format!(
            "{} read as no answer{counted}: {}; --na= keeps such entries",
            crate::frames::words::and(
                &found
                    .iter()
                    .map(|text| (*text).to_owned())
                    .collect::<Vec<_>>()
            ),
            listed(&columns)
        ));
    }
    if !kept.is_empty() {
        notes.push(format!(
            "NA is an answer of {}, where all others are two capitals, too; --na NA reads it as none",
            listed(&kept)
        ));
    }
    notes
}

/// Columns that a note lists.
const LISTED: usize = 4;

fn listed(names: &[&str]) -> String {
    let first: Vec<&str> = names.iter().take(LISTED).copied().collect();
    match names.len().saturating_sub(LISTED) {
        0 => first.join(", "),
        1 => format!("{} and 1 more column", first.join(", ")),
        more => format!("{} and {more} more columns", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn evidence(entries: &[&str], look: &Look) -> Evidence {
        let mut evidence = Evidence::new(look);
        for entry in entries {
            evidence.add(entry.as_bytes(), look);
        }
        evidence
    }

    fn look(commas: bool) -> Look {
        Look::new(&OpenOptions::default(), commas)
    }

    fn forms_of(columns: &[&[&str]], look: &Look) -> (Vec<Form>, Vec<String>) {
        let evidence: Vec<Evidence> = columns
            .iter()
            .map(|entries| evidence(entries, look))
            .collect();
        let names: Vec<&str> = ["a", "b", "c"].into_iter().take(columns.len()).collect();
        let (rules, notes) = rules(&names, &evidence, look);
        (rules.into_iter().map(|rules| rules.form).collect(), notes)
    }

    fn rules(names: &[&str], evidence: &[Evidence], look: &Look) -> (Vec<Rules>, Vec<String>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let columns = ColumnRules::new(&names, evidence.to_vec(), look.clone(), "");
        let notes = columns.notes();
        (columns.rules, notes)
    }

    const POINT: Form = Form::Number(Decimal::Point);
    const COMMA: Form = Form::Number(Decimal::Comma);

    #[test]
    fn decimal_marks() {
        let cases: [(&[&str], &[&str], [Form; 2]); 8] = [
            (&["0,95", "1,5"], &["34", "51"], [COMMA, COMMA]),
            (&["0.95", "1.5"], &["34", "51"], [POINT, POINT]),
            (&["0,95", "1.5"], &["34", "51"], [Form::Text, POINT]),
            (&["1,004", "1,250"], &["34", "51"], [Form::Text, POINT]),
            (&["1,004", "1,250"], &["0,5", "51"], [COMMA, COMMA]),
            (&["1.004", "1.250"], &["0,5", "51"], [COMMA, COMMA]),
            (&["1,004", "1,250"], &["0.5", "51"], [POINT, POINT]),
            (&["1.234,5", "1,250.5"], &["1.250"; 2], [Form::Text, POINT]),
        ];
        for (one, other, expected) in cases {
            let (forms, _) = forms_of(&[one, other], &look(true));
            assert_eq!(forms, expected, "{one:?} {other:?}");
        }
        assert_eq!(grouped(b"1.234,5", Decimal::Comma), Some(1234.5));
        // commas part the fields
        assert_eq!(forms_of(&[&["0,95", "1,5"]], &look(false)).0, [Form::Text]);
        let (forms, notes) = forms_of(
            &[&["1,250", "12,000.50", "900"], &["1,2", "2"]],
            &look(false),
        );
        assert_eq!(forms, [Form::Text, Form::Text]);
        assert_eq!(
            notes,
            [
                "a is text, since 2 entries are no numbers: “1,250”; with --decimal . commas part thousands, with --decimal , \
              they are decimal"
            ]
        );
    }

    #[test]
    fn entries_that_are_no_answer() {
        let look = look(false);
        let columns: [&[&str]; 3] = [
            &["NA", "1", "-", ".", "N/A", "2", "NaN"],
            &["NA", "yes", "-", "None", "NULL", "<NA>"],
            &["NA", "DE", "FR", "#N/A"],
        ];
        let evidence: Vec<Evidence> = columns
            .iter()
            .map(|column| evidence(column, &look))
            .collect();
        let (found, notes) = rules(&["x", "q", "country"], &evidence, &look);
        let missing = |at: usize| -> Vec<&str> {
            let rules: Rules = found[at];
            let is = |entry: &&str| rules.is_missing(entry.as_bytes(), &look.missing);
            columns[at].iter().copied().filter(is).collect()
        };
        assert_eq!(missing(0), ["NA", "-", ".", "N/A", "NaN"]);
        assert_eq!(missing(1), ["NA", "NULL", "<NA>"]);
        assert_eq!(missing(2), ["#N/A"]);
        assert_eq!(
            notes,
            [
                "NA, N/A, #N/A, NaN, NULL, <NA>, - and . read as no answer: x 5, q 3, country 1; --na= keeps such entries",
                "NA is an answer of country, where all others are two capitals, too; --na NA reads it as none"
            ]
        );
        // nothing but dashes is an answer, nothing but NA is none
        let (forms, _) = forms_of(&[&["-", "-"], &["NA", "NA"]], &look);
        assert_eq!(forms, [Form::Text, Form::Text]);
    }

    #[test]
    fn entries_that_are_named() {
        let named = |texts: &[&str]| {
            let options = OpenOptions {
                na: Some(texts.iter().map(|text| (*text).to_owned()).collect()),
                ..OpenOptions::default()
            };
            Look::new(&options, false)
        };
        let look = named(&["77", "none", "5"]);
        let column = evidence(&["77.0", "1", "none", "NA"], &look);
        let (found, notes) = rules(&["x"], std::slice::from_ref(&column), &look);
        assert_eq!(found[0].form, Form::Text);
        assert!(
            found[0].is_missing(b"77.00", &look.missing)
                && !found[0].is_missing(b"NA", &look.missing)
        );
        assert_eq!(
            notes.last().map(String::as_str),
            Some("--na 5: no entry of x is that; its values are 1, NA")
        );
        let all = named(&[]);
        let column = evidence(&["NA", "-", ""], &all);
        let (found, notes) = rules(&["x"], std::slice::from_ref(&column), &all);
        assert!(notes.is_empty() && !found[0].is_missing(b"NA", &all.missing));
    }

    /// What is said is of the columns that are read; an option that settles nothing in them is said, too.
    #[test]
    fn columns_that_are_read() {
        let options = OpenOptions {
            dates: Some(DateOrder::Dmy),
            decimal: Some(Decimal::Comma),
            ..OpenOptions::default()
        };
        let look = Look::new(&options, true);
        let columns: [&[&str]; 3] = [&["1,5", "2"], &["5/6/2023"], &["yes", "NA"]];
        let evidence = columns.iter().map(|column| evidence(column, &look));
        let names = ["x", "day", "q"].map(str::to_owned);
        let columns = ColumnRules::new(&names, evidence.collect(), look.clone(), "");
        columns.reads([2]);
        assert_eq!(
            columns.notes(),
            [
                "NA read as no answer: q 1; --na= keeps such entries",
                "--dates dmy changes nothing: nothing in q is open without it",
                "--decimal , changes nothing: nothing in q is open without it",
            ]
        );
        columns.reads([1]);
        let notes = columns.notes();
        assert!(
            !notes.iter().any(|note| note.contains("--dates")),
            "{notes:?}"
        );
        // without the option the comma would be found out all the same
        columns.reads([0]);
        let notes = columns.notes();
        assert!(
            notes.iter().any(|note| note.contains("--decimal")),
            "{notes:?}"
        );
    }

    #[test]
    fn numbers_that_are_named_are_missing_under_any_mark() {
        let options = OpenOptions {
            na: Some(vec!["77".to_owned(), "1004.5".to_owned()]),
            ..OpenOptions::default()
        };
        for (commas, entries, missing) in [
            (
                true,
                ["1,5", "77,0", "1.004,5", "3"],
                [false, true, true, false],
            ),
            (
                true,
                ["1.5", "77.0", "1,004.5", "3"],
                [false, true, true, false],
            ),
            (
                false,
                ["1.5", "77.00", "1004.50", "3"],
                [false, true, true, false],
            ),
        ] {
            let look = Look::new(&options, commas);
            let column = evidence(&entries, &look);
            let (rules, notes) = rules(&["x"], std::slice::from_ref(&column), &look);
            let read = entries.map(|entry| rules[0].is_missing(entry.as_bytes(), &look.missing));
            assert_eq!(read, missing, "{entries:?}");
            let vain = notes.iter().any(|note| note.contains("--na"));
            assert!(!vain, "{notes:?}");
        }
    }

    /// Many numbers and some words: the words are counted whether or not their part of the file begins with them.
    #[test]
    fn texts_among_numbers_are_counted_in_all_parts() {
        let look = look(false);
        let entries =
            |words: usize| (0..40).map(move |at| if at < words { "none of them" } else { "3" });
        for words in 1..8 {
            let mut all = Evidence::new(&look);
            for _ in 0..2 {
                let mut part = Evidence::new(&look);
                entries(words).for_each(|entry| part.add(entry.as_bytes(), &look));
                all.merge(part);
            }
            let (_, notes) = rules(&["x"], std::slice::from_ref(&all), &look);
            let count = format!("since {} entries are no numbers", 2 * words);
            assert!(notes.iter().any(|note| note.contains(&count)), "{notes:?}");
        }
    }

    proptest! {
        /// However a column is cut, its parts together say the same.
        #[test]
        fn parts_are_merged(
            entries in prop::collection::vec(prop::sample::select(vec!["1", "2.5", "1,5", "1.234", "NA", "-", "DE", "yes", "", "14.06.2023"]), 0..12),
            at in 0_usize..12,
            commas in any::<bool>(),
        ) {
            let look = look(commas);
            let whole = evidence(&entries, &look);
            let at = at.min(entries.len());
            let mut first = evidence(&entries[..at], &look);
            first.merge(evidence(&entries[at..], &look));
            let read = |column: &Evidence| rules(&["x"], std::slice::from_ref(column), &look).0;
            prop_assert_eq!(read(&whole), read(&first));
        }
    }
}
