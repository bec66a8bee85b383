//! One row while it is read: values by the names of their columns, checked by the kind of the column.

use super::header::{Header, trimmed};
use super::scan::{Cell, Record};
use crate::frames::words::nearest;
use crate::published::figures::date::Date;
use crate::published::figures::percent::Percent;
use crate::published::figures::store::choice::Choice;
use crate::published::figures::store::finding::{Finding, Severity, quoted};
use crate::published::figures::store::rules;
use crate::published::figures::store::schema::Table;

/// A cell larger than this was hardly meant, in bytes.
const HUGE: usize = 100_000;

/// More people than were ever asked in one poll.
const MOST_PEOPLE: u64 = 10_000_000;

/// A row with its header. Whatever is wrong with a value is added to `findings`; if the row cannot
/// be used for it, `broken` is set.
pub struct Row<'a, 'f> {
    table: Table,
    header: &'a Header,
    record: &'a Record<'a>,
    findings: &'f mut Vec<Finding>,
    /// Whether a value could not be read.
    pub broken: bool,
}

impl<'a, 'f> Row<'a, 'f> {
    /// Begins with what holds for any value, whatever its column.
    pub fn new(
        table: Table,
        header: &'a Header,
        record: &'a Record<'a>,
        findings: &'f mut Vec<Finding>,
    ) -> Row<'a, 'f> {
        let mut row = Row {
            table,
            header,
            record,
            findings,
            broken: false,
        };
        for (name, cell) in header.names.iter().zip(&record.cells) {
            row.check_cell(name, cell);
        }
        row
    }

    /// The line where the row begins.
    pub fn line(&self) -> u64 {
        self.record.line
    }

    /// The value without space around it; empty where the row or the file does not have it.
    pub fn text(&mut self, name: &'static str) -> String {
        self.value(name).to_string()
    }

    fn value(&mut self, name: &'static str) -> &'a str {
        let column = self.table.column(name);
        let value = peek(self.header, self.record, name);
        if value.is_empty() && column.is_some_and(|column| column.required) {
            let meaning = column.map_or("", |column| column.meaning);
            let needs = format!("a {} needs one: {meaning}", self.table.row_name());
            let message = format!("{name} is empty");
            self.error(rules::EMPTY_REQUIRED, name, message, Some(needs));
        }
        value
    }

    /// An id that refers to another row; an empty one is the column's default.
    pub fn reference(&mut self, name: &'static str) -> String {
        match (self.value(name), self.table.column(name)) {
            ("", Some(column)) => column.default.to_string(),
            (value, _) => value.to_string(),
        }
    }

    /// An id that is made here.
    pub fn id(&mut self, name: &'static str) -> String {
        let value = self.reference(name);
        self.check_id(name, &value);
        value
    }

    /// Ids with `;` between them.
    pub fn ids(&mut self, name: &'static str) -> Vec<String> {
        let parts = self.list(name, ";");
        for part in &parts {
            self.check_id(name, part);
        }
        parts
    }

    /// The parts of a list without space around them, none of them empty.
    pub fn list(&mut self, name: &'static str, separator: &str) -> Vec<String> {
        let value = self.value(name);
        let mut parts: Vec<String> = Vec::new();
        let mut problem = None;
        for part in value.split(separator).map(str::trim) {
            if part.is_empty() {
                problem = problem.or((!value.is_empty()).then(|| "has an empty part".to_string()));
            } else if parts.iter().any(|earlier| earlier == part) {
                problem = problem.or(Some(format!("has {} twice", quoted(part))));
            } else {
                parts.push(part.to_string());
            }
        }
        if let Some(problem) = problem {
            let message = format!("{} {problem}: it is left out", quoted(value));
            self.warn(rules::LIST, name, message, Some(parts.join(separator)));
        }
        parts
    }

    /// One word of a list, if there is any.
    pub fn word<C: Choice>(&mut self, name: &'static str) -> Option<C> {
        let value = self.value(name);
        let choice = C::from_word(value);
        if choice.is_none() && !value.is_empty() {
            let words: Vec<&str> = C::WORDS.iter().map(|(word, _)| *word).collect();
            let message = format!("{} is not one of {}", quoted(value), words.join(", "));
            let near = nearest(value, words.iter().copied());
            let near = near.map(|near| format!("did you mean {near}?"));
            self.error(rules::WORD, name, message, near);
        }
        choice
    }

    /// A number of people, if there is any.
    pub fn count(&mut self, name: &'static str) -> Option<u64> {
        let value = self.value(name);
        if value.is_empty() {
            return None;
        }
        match value.parse::<u64>() {
            Ok(0) => {
                let fix = "leave it empty if the number is not known".to_string();
                self.error(rules::RANGE, name, format!("{name} is 0"), Some(fix));
                None
            }
            Ok(n) if value.starts_with('+') => {
                self.not_a_count(name, value, Some(n.to_string()));
                None
            }
            Ok(n) => {
                if n > MOST_PEOPLE {
                    let message = format!("{n} respondents are more than any poll has");
                    self.warn(rules::RANGE, name, message, None);
                }
                Some(n)
            }
            Err(_) => {
                self.not_a_count(name, value, whole_number(value));
                None
            }
        }
    }

    fn not_a_count(&mut self, name: &'static str, value: &str, fix: Option<String>) {
        let message = format!("{} is no whole number", quoted(value));
        self.error(rules::TYPE, name, message, fix);
    }

    /// A number with its text, if there is any: above 0, and up to `most`.
    pub fn number(&mut self, name: &'static str, most: f64) -> Option<Percent> {
        let number = self.percent(name)?;
        if number.value > 0.0 && number.value <= most {
            return Some(number);
        }
        let limit = if most.is_finite() {
            format!("above 0 and up to {most}")
        } else {
            "above 0".into()
        };
        let message = format!("{} is not {limit}", quoted(&number.text));
        self.error(rules::RANGE, name, message, None);
        None
    }

    /// A printed number, if there is any, whatever its size.
    pub fn percent(&mut self, name: &'static str) -> Option<Percent> {
        let value = self.value(name);
        if value.is_empty() {
            return None;
        }
        match Percent::parse(value) {
            Ok(percent) => Some(percent),
            Err(error) => {
                let message = format!("{} is no number", quoted(value));
                self.error(rules::TYPE, name, message, error.fix);
                None
            }
        }
    }

    /// A date, if there is any.
    pub fn date(&mut self, name: &'static str) -> Option<Date> {
        let value = self.value(name);
        if value.is_empty() {
            return None;
        }
        match Date::parse(value) {
            Ok(date) if (1900..=2100).contains(&date.year) => Some(date),
            Ok(date) => {
                let message = format!("the year {} is not between 1900 and 2100", date.year);
                self.error(rules::DATE_YEAR, name, message, None);
                None
            }
            Err(error) => {
                let message = format!("{} is {error}", quoted(value));
                self.error(rules::DATE_FORMAT, name, message, error.fix);
                None
            }
        }
    }

    /// An address. One that is wrong is told and kept, since no number depends on it.
    pub fn url(&mut self, name: &'static str) -> String {
        let value = self.value(name);
        if let Some((problem, fix)) = url_problem(value) {
            let message = format!("{} {problem}", quoted(value));
            self.push(rules::URL, Severity::Error, name, message, fix);
        }
        value.to_string()
    }

    fn check_id(&mut self, name: &'static str, value: &str) {
        let breaks = |c: char| c.is_whitespace() || c.is_control() || "/:@;*&,\"'".contains(c);
        let capitals = self.table == Table::Countries;
        let fine = |c: char| {
            c.is_ascii_lowercase()
                || c.is_ascii_digit()
                || c == '_'
                || capitals && c.is_ascii_uppercase()
        };
        let message = |what| format!("{} holds {what}", quoted(value));
        if let Some(mark) = value.chars().find(|&c| breaks(c)) {
            let message = message(format!(
                "{}, which has a meaning in ids",
                quoted(&mark.to_string())
            ));
            self.error(rules::ID_FORM, name, message, Some(plain_id(value)));
        } else if let Some(mark) = value.chars().find(|&c| !fine(c)) {
            let letters = "an id is made of lower-case letters, digits and _";
            let message = message(format!("{}: {letters}", quoted(&mark.to_string())));
            self.warn(rules::ID_FORM, name, message, Some(plain_id(value)));
        }
    }

    fn check_cell(&mut self, name: &str, cell: &Cell) {
        let text: &str = &cell.text;
        let finding = |rule, severity, message: String| {
            Finding::new(rule, severity, self.table.file_name(), message)
                .line(cell.line)
                .column(name)
        };
        if trimmed(text).len() != text.len() {
            let message = format!("{} has space around it", quoted(text));
            let fix = quoted(trimmed(text));
            self.findings
                .push(finding(rules::WHITESPACE, Severity::Warning, message).fix(fix));
        }
        if text.len() > HUGE {
            let message = format!("the value is {} bytes long", text.len());
            self.findings
                .push(finding(rules::CELL_HUGE, Severity::Warning, message));
        }
        let odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if let Some(first) = text.chars().find(odd) {
            let code = format!(
                "the value holds the control character U+{:04X}",
                u32::from(first)
            );
            let (rule, severity) = match text.contains('\0') {
                true => (rules::NUL, Severity::Error),
                false => (rules::CONTROL, Severity::Warning),
            };
            self.broken |= severity == Severity::Error;
            self.findings
                .push(finding(rule, severity, code).fix("delete it"));
        }
    }

    /// Adds a finding for which the row cannot be used.
    pub fn error(
        &mut self,
        rule: &'static str,
        name: &'static str,
        message: String,
        fix: Option<String>,
    ) {
        self.broken = true;
        self.push(rule, Severity::Error, name, message, fix);
    }

    /// Adds a finding for a value that can be used.
    pub fn warn(
        &mut self,
        rule: &'static str,
        name: &'static str,
        message: String,
        fix: Option<String>,
    ) {
        self.push(rule, Severity::Warning, name, message, fix);
    }

    fn push(
        &mut self,
        rule: &'static str,
        severity: Severity,
        name: &'static str,
        message: String,
        fix: Option<String>,
    ) {
        let place = self.header.place(name);
        let cell = place.and_then(|place| self.record.cells.get(place));
        let line = cell.map_or(self.record.line, |cell| cell.line);
        let finding = Finding::new(rule, severity, self.table.file_name(), message);
        self.findings
            .push(finding.line(line).column(name).maybe_fix(fix));
    }
}

/// The value of a column without space around it; empty where the row or the file does not have it.
pub fn peek<'a>(header: &Header, record: &'a Record<'a>, name: &str) -> &'a str {
    let cell = header.place(name).and_then(|place| record.cells.get(place));
    cell.map_or("", |cell| trimmed(&cell.text))
}

/// 1500 for `1,500`, `1 500`, `1'500` and `1500.0`; nothing if it is not that.
pub fn whole_number(text: &str) -> Option<String> {
    let text = text
        .trim_end_matches(".0")
        .trim_start_matches(['~', '≈', '+']);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let grouped = text
        .split([',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}'])
        .enumerate();
    let mut groups = grouped.map(|(index, group)| index == 0 || group.len() == 3);
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || !c.is_alphanumeric() && c != '-');
    (plain && groups.all(|fits| fits) && digits.len() <= 12 && !digits.is_empty()).then_some(digits)
}

/// The id made of the same letters: lower case, without accents, `_` for all else.
pub fn plain_id(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars().take(64).flat_map(char::to_lowercase) {
        match letter {
            _ if letter.is_ascii_alphanumeric() => plain.push(letter),
            _ => plain.push_str(without_accent(letter)),
        }
    }
    plain.trim_matches('_').to_string()
}

/// Small letters without accents, of any script; `_` for all else. `ü` is ue, or u where it is `plain`.
pub fn folded(text: &str, plain: bool) -> String {
    let mut folded = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match (letter, without_accent(letter)) {
            ('ä', _) if plain => folded.push('a'),
            ('ö' | 'ø', _) if plain => folded.push('o'),
            ('ü', _) if plain => folded.push('u'),
            (_, "_") if letter.is_alphanumeric() => folded.push(letter),
            (_, bare) => folded.push_str(bare),
        }
    }
    folded
}

/// Latin letters as they are written where there are no accents.
fn without_accent(letter: char) -> &'static str {
    match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à'..='å' | 'ą' | 'ă' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='õ' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ț' => "t",
        'ù'..='û' | 'ű' | 'ů' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // Turkish İ is i and a dot above
        '\u{307}' => "",
        _ => "_",
    }
}

/// What is wrong with an address, and what would be right.
pub fn url_problem(url: &str) -> Option<(&'static str, Option<String>)> {
    if url.is_empty() {
        return None;
    }
    if url.contains(char::is_whitespace) {
        return Some((
            "has a space in it",
            Some(url.split_whitespace().collect::<Vec<_>>().join("%20")),
        ));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        let looks_like_one = url.contains('.') && !url.contains(':');
        return Some((
            "has no https:// before it",
            looks_like_one.then(|| format!("https://{url}")),
        ));
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Some(("is no address of the web", Some(format!("https://{rest}"))));
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let named = host.split(':').next().is_some_and(|name| {
        !name.is_empty() && !name.starts_with('.') && (name.contains('.') || name == "localhost")
    });
    let bracketed = host.starts_with('[') && host.contains(']'); // an IPv6 address
    (!named && !bracketed).then_some(("names no host", None))
}
