//! The store's ids as words for people.

use crate::frames::words::{and, thousands};

use super::date::{Date, MONTHS};
use super::quantity::COMPUTED;
use super::store::{ALL, Figure, NKind, Poll, Store};

/// What stands for the source of figures that nobody printed.
pub const OWN_COMPUTATION: &str = "own computation";

impl Store {
    /// "Overall view of China: Favourable", without the country; the title alone where it says the response.
    pub fn label(&self, figure: &Figure) -> String {
        let title = self.question_title(&figure.poll, &figure.question);
        self.titled(&title, &self.response_label(&figure.response))
    }

    /// "Title: response", or the title alone where it says the response.
    pub fn titled(&self, title: &str, response: &str) -> String {
        match title.to_lowercase().contains(&response.to_lowercase()) {
            true => title.to_owned(),
            false => format!("{title}: {response}"),
        }
    }

    /// The short title of a question, else its text, else its id.
    pub fn question_title(&self, poll: &str, question: &str) -> String {
        let known = self.question(poll, question).map(|q| [&q.title, &q.text]);
        let title = known.into_iter().flatten().find(|title| !title.is_empty());
        title.map_or_else(|| question.to_owned(), |title| typographic(title))
    }

    pub fn response_label(&self, response: &str) -> String {
        match self.response(response) {
            Some(row) if !row.label.is_empty() => typographic(&row.label),
            _ if response.contains(['+', '-']) => self.made_label(response),
            _ => response.replace('_', " "),
        }
    }

    /// "Very or Somewhat favourable": responses that are added, "less" those that are taken off.
    fn made_label(&self, response: &str) -> String {
        let mut label = String::new();
        for piece in response.split_inclusive(['+', '-']) {
            let joint = match piece.chars().last() {
                Some('+') => " or ",
                Some('-') => " less ",
                _ => "",
            };
            let term = piece.trim_end_matches(['+', '-']);
            match term.is_empty() {
                true => label.push_str(term),
                false => label.push_str(&self.response_label(term)),
            }
            label.push_str(joint);
        }
        label
    }

    /// "South Korea"; a code that is none stands for itself.
    pub fn country_name(&self, code: &str) -> String {
        match self.country(code) {
            Some(country) if !country.name.is_empty() => country.name.clone(),
            _ if code.contains('+') => {
                let names: Vec<String> = code
                    .split('+')
                    .map(|code| self.country_name(code))
                    .collect();
                format!("the mean of {}", and(&names))
            }
            _ => code.to_owned(),
        }
    }

    /// "South Korea, Democrats": who of whom, empty for the whole poll.
    pub fn place_and_base(&self, country: &str, base: &str) -> String {
        let mut parts = Vec::new();
        if country != ALL {
            parts.push(self.country_name(country));
        }
        if base != ALL {
            parts.push(self.base_name(base));
        }
        parts.join(", ")
    }

    /// "aged 18 to 34": who a base is.
    fn base_name(&self, base: &str) -> String {
        match self.bases.iter().find(|row| row.base == base) {
            Some(row) => row.label.clone(),
            None => base.replace('_', " "),
        }
    }

    /// "Eurasia Group Foundation, 2023": the sponsor, else who fielded it, and the year; the month, the day or the id where other
    /// polls would be called the same.
    pub fn poll_name(&self, poll: &str) -> String {
        let Some(row) = self.poll(poll) else {
            return poll.to_owned();
        };
        let (who, when) = (who(row), last_day(row));
        let namesakes: Vec<&Poll> = { self.polls.iter() }
            .filter(|other| other.poll != row.poll && self::who(other) == who)
            .collect();
        let Some(date) = when else {
            let year = year_in(poll);
            let alike = |other: &&Poll| year_of(other) == year;
            let name = match &year {
                Some(year) if !who.contains(year) => format!("{who}, {year}"),
                _ => who.to_owned(),
            };
            return match namesakes.iter().any(alike) {
                true => format!("{name} ({poll})"),
                false => name,
            };
        };
        let month = date.month.map(|month| (date.year, month));
        let same_year = |other: &&Poll| year_of(other) == Some(date.year.to_string());
        let same_month = |other: &&Poll| {
            last_day(other).is_some_and(|day| day.month.map(|month| (day.year, month)) == month)
        };
        let same_day = |other: &&Poll| last_day(other) == Some(date);
        match () {
            // "YouGov 2026-06-02" says it already
            () if !namesakes.iter().any(same_year) && who.contains(&date.year.to_string()) => {
                who.to_owned()
            }
            () if !namesakes.iter().any(same_year) => format!("{who}, {}", date.year),
            () if namesakes.iter().any(same_day) => {
                format!("{who}, {} ({poll})", date_in_words(date))
            }
            () if namesakes.iter().any(same_month) => format!("{who}, {}", date_in_words(date)),
            () => {
                let month = Date { day: None, ..*date };
                format!("{who}, {}", date_in_words(&month))
            }
        }
    }

    /// "April–May 2023, 1,500 adults in South Korea, Philippines and Singapore".
    pub fn poll_note(&self, poll: &str) -> String {
        let Some(row) = self.poll(poll) else {
            return String::new();
        };
        let who = [self.respondents(poll), self.poll_population(row)];
        let who: Vec<String> = who.into_iter().filter(|part| !part.is_empty()).collect();
        let parts = [period(row).unwrap_or_default(), who.join(" ")];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }

    /// "adults in South Korea, Philippines and Singapore", "adults in 12 countries".
    pub fn poll_population(&self, poll: &Poll) -> String {
        let names: Vec<String> = poll
            .countries
            .iter()
            .map(|code| self.country_name(code))
            .collect();
        let place = match names.len() {
            0 => return poll.population.clone(),
            1..=4 => and(&names),
            many => format!("{many} countries"),
        };
        match poll.population.as_str() {
            "" => place,
            // a population that names its country already says where
            who if who.contains(&place) => who.to_owned(),
            who => format!("{who} in {place}"),
        }
    }

    /// "1,500", "about 16,000": the size of the whole sample of a poll, empty where it is not known.
    fn respondents(&self, poll: &str) -> String {
        let sample = self
            .samples_of(poll, ALL, ALL)
            .into_iter()
            .find(|sample| sample.n.is_some());
        let Some((n, kind)) = sample.and_then(|sample| Some((sample.n?, sample.n_kind))) else {
            return String::new();
        };
        match kind {
            Some(NKind::Approximate) => format!("about {}", thousands(n as f64)),
            _ => thousands(n as f64),
        }
    }

    /// The outlet or organisation that printed a figure, or [`OWN_COMPUTATION`].
    pub fn source_name(&self, figure: &Figure) -> String {
        match figure.reported_by.as_str() {
            "report" => match self.poll(&figure.poll) {
                Some(poll) if !poll.sponsor.is_empty() => format!("{} report", short_sponsor(poll)),
                _ => "the poll’s report".to_owned(),
            },
            COMPUTED => OWN_COMPUTATION.to_owned(),
            "several" => "several outlets".to_owned(),
            id => match self.sources.iter().find(|source| source.source == id) {
                Some(source) => short(&source.name),
                None => id.to_owned(),
            },
        }
    }

    /// The codes that a country code of a poll stands for: those of the poll for `all`, the members of a
    /// set, else the code itself. Empty where the sources do not name them.
    pub fn countries_of(&self, poll: &str, country: &str) -> Vec<&str> {
        if country == ALL {
            let codes = self
                .poll(poll)
                .map_or(&[][..], |poll| poll.countries.as_slice());
            return codes.iter().map(String::as_str).collect();
        }
        match self.country(country) {
            Some(set) if !set.members.is_empty() => {
                set.members.iter().map(String::as_str).collect()
            }
            Some(country) => vec![&country.code],
            None => Vec::new(),
        }
    }
}

/// Apostrophes as they are printed, where the data have those of a typewriter.
fn typographic(text: &str) -> String {
    text.replace('\'', "’")
}

/// "South China Morning Post": the outlet without what was said about where it was seen.
fn short(name: &str) -> String {
    name.split(", ").next().unwrap_or(name).to_owned()
}

/// "EGF" for the Eurasia Group Foundation: its capitals, where the poll's id begins with them.
fn short_sponsor(poll: &Poll) -> String {
    let initials = poll
        .sponsor
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let capitals: String = initials.filter(|letter| letter.is_uppercase()).collect();
    match !capitals.is_empty() && poll.poll.starts_with(&capitals.to_lowercase()) {
        true => capitals,
        false => poll.sponsor.clone(),
    }
}

/// Who a poll is named after: its sponsor, else who fielded it, else its title, else its id.
fn who(poll: &Poll) -> &str {
    let names = [&poll.sponsor, &poll.fieldwork, &poll.title];
    let name = names.into_iter().find(|name| !name.is_empty());
    name.unwrap_or(&poll.poll)
}

/// The last day in the field, else that of publication.
fn last_day(poll: &Poll) -> Option<&Date> {
    poll.field_end.as_ref().or(poll.published.as_ref())
}

fn year_of(poll: &Poll) -> Option<String> {
    match last_day(poll) {
        Some(day) => Some(day.year.to_string()),
        None => year_in(&poll.poll),
    }
}

/// The year at the end of a poll's id, `gallup1989a`.
fn year_in(poll: &str) -> Option<String> {
    let digits: String = poll.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 4).then_some(digits)
}

/// "April–May 2023", "3–16 February 2020", "2002": as precisely as the dates are known.
pub fn period(poll: &Poll) -> Option<String> {
    match (&poll.field_start, &poll.field_end) {
        (Some(start), Some(end)) if start == end => Some(date_in_words(end)),
        (Some(start), Some(end)) => {
            let shared_year = start.year == end.year;
            let shared_month = shared_year && start.month == end.month;
            let from = match (start.day, shared_month, shared_year) {
                (Some(day), true, _) => day.to_string(),
                (_, _, true) => date_in_words(start)
                    .trim_end_matches(&format!(" {}", start.year))
                    .to_owned(),
                _ => date_in_words(start),
            };
            let spaced =
                from.contains(' ') || date_in_words(end).matches(' ').count() > 1 && !shared_month;
            let dash = if spaced { " – " } else { "–" };
            Some(format!("{from}{dash}{}", date_in_words(end)))
        }
        (Some(date), None) | (None, Some(date)) => Some(date_in_words(date)),
        (None, None) => None,
    }
}

/// "16 February 2020", "April 2023", "2002".
pub fn date_in_words(date: &Date) -> String {
    let month = date
        .month
        .and_then(|month| MONTHS.get(usize::from(month).wrapping_sub(1)));
    match (month, date.day) {
        (Some(month), Some(day)) => format!("{day} {month} {}", date.year),
        (Some(month), None) => format!("{month} {}", date.year),
        _ => date.year.to_string(),
    }
}
