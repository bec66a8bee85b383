//! The words that a chart adds by itself, in the language of its readers: of axes, columns, keys, bases and feet.
//!
//! English is what the code says; the other languages are looked up by it, whole phrases with places for numbers and names
//! (`{}`; `{n}` for numbers alone, `{list}` for names with “and” before the last, `{count}` for a number in letters), so that a new
//! sentence needs a line in [`PHRASES`] and nothing else. What has no line is English still: in a foot it is left out of a chart in
//! another language, and said. Descriptions for those who cannot see a chart are told in its language from the start
//! ([`Language::fill`], with the lines of [`DESCRIPTIONS`]).

mod descriptions;
mod phrases;

use std::borrow::Cow;

use descriptions::DESCRIPTIONS;
use phrases::{MONTHS, NUMBERS, PHRASES};

use crate::frames::words::{capitalised, distinct, nearest};

/// The language of a chart: its words, and how it writes numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    code: String,
    /// Its place in a line of [`PHRASES`]; `None` for English, and for one that brings its words.
    column: Option<usize>,
    /// Phrases of the house, in place of ours.
    own: Vec<(String, String)>,
    is_english: bool,
    decimal: char,
    thousands: &'static str,
}

/// A no-break space as narrow as print has it between thousands.
const NARROW_SPACE: &str = "\u{202F}";

impl Default for Language {
    fn default() -> Self {
        Language {
            code: "en".to_owned(),
            column: None,
            own: Vec::new(),
            is_english: true,
            decimal: '.',
            thousands: ",",
        }
    }
}

impl Language {
    /// A language by its code. One that is not built in needs words of the house.
    ///
    /// # Errors
    /// Says which there are.
    pub fn named(code: &str, brings_words: bool) -> Result<Language, String> {
        let built_in = |column, thousands| Language {
            code: code.to_owned(),
            column: Some(column),
            is_english: false,
            decimal: ',',
            thousands,
            ..Language::default()
        };
        match code {
            "en" => Ok(Language::default()),
            "de" => Ok(built_in(1, ".")),
            "fr" => Ok(built_in(2, NARROW_SPACE)),
            "es" => Ok(built_in(3, ".")),
            _ if brings_words => Ok(Language {
                code: code.to_owned(),
                is_english: false,
                ..Language::default()
            }),
            _ => Err(format!(
                "“{code}” is no language of charts: en, de, fr, es, or another one with its [words] in a style file"
            )),
        }
    }

    /// Its code: `de`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether it is none of ours: the house brings its words, some of them or all.
    pub(super) fn brings_words(&self) -> bool {
        !self.is_english && self.column.is_none()
    }

    /// Its decimal mark.
    pub fn decimal(&self) -> char {
        self.decimal
    }

    /// The same with another decimal mark.
    pub fn with_decimal(self, decimal: char) -> Language {
        let thousands = match (decimal, self.thousands) {
            ('.', ".") => ",",
            (',', ",") => ".",
            (_, own) => own,
        };
        Language {
            decimal,
            thousands,
            ..self
        }
    }

    /// The same with words of the house, English phrases and what stands for them.
    ///
    /// # Errors
    /// A phrase that no chart has, with the nearest one.
    pub fn with_words(self, own: Vec<(String, String)>) -> Result<Language, String> {
        let known = || all_lines().map(|line| line[0]);
        if let Some((wrong, _)) = own
            .iter()
            .find(|(english, _)| !known().any(|one| one == english))
        {
            return Err(match nearest(wrong, known()) {
                Some(near) => format!("words: no chart says “{wrong}”; did you mean “{near}”?"),
                None => format!(
                    "words: no chart says “{wrong}”; `opine style --words` lists what they say"
                ),
            });
        }
        Ok(Language { own, ..self })
    }

    /// The phrases that charts add by themselves, in English, each with this language’s.
    pub fn phrases(&self) -> Vec<(&'static str, Option<&str>)> {
        all_lines().map(|line| (line[0], self.line(line))).collect()
    }

    /// The language that a chart in this one is described in: itself, or English where the house has not all the words.
    pub(super) fn of_descriptions(&self) -> Language {
        match DESCRIPTIONS.iter().all(|line| self.line(line).is_some()) {
            true => self.clone(),
            false => Language::default(),
        }
    }

    /// A phrase of a description in this language, with what stands in its places: names as they are, the rest in this language.
    pub(super) fn fill(&self, english: &'static str, values: &[&str]) -> String {
        let line = DESCRIPTIONS.iter().find(|line| line[0] == english);
        let own = line.and_then(|line| self.line(line)).unwrap_or(english);
        let (first, parts) = places(own);
        let filled = values.iter().zip(parts);
        filled.fold(first.to_owned(), |translated, (value, (_, part))| {
            translated + value + part
        })
    }

    /// A figure, an interval, a date or a word of ours, as this language has it.
    pub(super) fn value(&self, text: &str) -> String {
        let translated = self.phrase(text).or_else(|| self.date(text));
        translated.unwrap_or_else(|| self.per_cent(self.numeral(text)))
    }

    /// “Germany, Spain and France”.
    pub(super) fn list(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [others @ .., last] => self.fill("{} and {}", &[&others.join(", "), last]),
        }
    }

    /// A number up to twelve in letters, as in running text; in figures where the language is not English.
    pub(super) fn counted(&self, number: usize) -> String {
        const WORDS: [&str; 13] = [
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ];
        let word = WORDS.get(number).filter(|_| self.is_english);
        word.map_or_else(|| number.to_string(), |word| (*word).to_owned())
    }

    /// Whether nothing is to be done.
    pub(super) fn is_plain(&self) -> bool {
        self.is_english && self.own.is_empty() && self.decimal == '.'
    }

    /// A text of the layout: a phrase in this language, a number as it is written there, anything else as it is.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_plain() {
            return Cow::Borrowed(text);
        }
        // sentences first: a place in one would take all that follow
        let translated = self
            .all_sentences(text)
            .or_else(|| self.phrase(text))
            .or_else(|| self.date(text))
            .or_else(|| self.dated_sides(text));
        match translated {
            Some(own) => Cow::Owned(own),
            None if is_number(text) => Cow::Owned(self.numeral(text)),
            None => Cow::Borrowed(text),
        }
    }

    /// A line under a headline: sentences of ours, which the name of what is measured may precede.
    fn all_sentences(&self, text: &str) -> Option<String> {
        let sentences = sentences(text);
        if sentences.len() < 2 {
            return None;
        }
        let translated: Vec<Option<String>> =
            sentences.iter().map(|one| self.sentence(one)).collect();
        let ours = translated.iter().position(Option::is_some)?;
        let (names, translated) = (sentences.get(..ours)?, translated.get(ours..)?);
        let translated: Option<Vec<&str>> = translated.iter().map(Option::as_deref).collect();
        let names = names.iter().copied();
        Some(names.chain(translated?).collect::<Vec<_>>().join(" "))
    }

    /// A sentence: clauses that are phrases, or one phrase.
    fn sentence(&self, text: &str) -> Option<String> {
        self.clauses(text).or_else(|| self.phrase(text))
    }

    /// A sentence of clauses, all of which are phrases.
    fn clauses(&self, text: &str) -> Option<String> {
        let clauses = text.strip_suffix('.')?;
        let translated: Option<Vec<String>> = clauses
            .split("; ")
            .map(|clause| self.clause(clause))
            .collect();
        // French sets a blank before a semicolon
        let between = if self.code == "fr" { " ; " } else { "; " };
        translated.map(|translated| format!("{}.", translated.join(between)))
    }

    /// A clause, which may begin a sentence.
    fn clause(&self, text: &str) -> Option<String> {
        self.phrase(text).or_else(|| {
            let first = text.chars().next().filter(|letter| letter.is_uppercase())?;
            let rest = text.get(first.len_utf8()..)?;
            let lower: String = first.to_lowercase().collect();
            self.phrase(&format!("{lower}{rest}"))
                .map(|own| capitalised(&own))
        })
    }

    /// A difference of dated figures: “Labour, Nov 2023 − Labour, May 2019”.
    fn dated_sides(&self, text: &str) -> Option<String> {
        let side = |side: &str| {
            let (name, date) = side.rsplit_once(", ")?;
            Some(format!("{name}, {}", self.date(date)?))
        };
        let (a, b) = text.split_once(" − ")?;
        Some(format!("{} − {}", side(a)?, side(b)?))
    }

    /// Days, months and years: “8 November”, “15 Jan 2024”, “20 February – 22 May 2023”.
    fn date(&self, text: &str) -> Option<String> {
        let between = |letter: char| letter == ' ' || letter == '–';
        let words: Vec<&str> = text
            .split(between)
            .filter(|word| !word.is_empty())
            .collect();
        let is_number =
            |word: &str| word.len() <= 4 && word.chars().all(|letter| letter.is_ascii_digit());
        let month = |word: &str| MONTHS.iter().find(|line| line[0] == word);
        let (whole_months, _) = MONTHS.split_at(12);
        let is_date = words
            .iter()
            .all(|word| is_number(word) || month(word).is_some())
            && words.iter().any(|word| is_number(word))
            && words.iter().any(|word| month(word).is_some());
        if !is_date {
            return None;
        }
        let (mut translated, mut rest) = (String::new(), text);
        for (at, word) in words.iter().enumerate() {
            let start = rest.find(word)?;
            let before = rest.get(..start)?;
            let previous = at.checked_sub(1).and_then(|at| words.get(at));
            let is_whole = |word: &&str| whole_months.iter().any(|line| line[0] == *word);
            let joins_month = is_whole(word) || previous.is_some_and(is_whole);
            // “8 de noviembre de 2016”
            translated += match before {
                " " if self.code == "es" && joins_month => " de ",
                other => other,
            };
            let next_is_month = words.get(at + 1).is_some_and(|next| month(next).is_some());
            translated += &match month(word) {
                Some(line) => self.line(line)?.to_owned(),
                None if self.code == "de" && next_is_month => format!("{word}."),
                None if self.code == "fr" && next_is_month && *word == "1" => "1er".to_owned(),
                None => (*word).to_owned(),
            };
            rest = rest.get(start + word.len()..)?;
        }
        Some(translated)
    }

    /// A month by its English name, whole or of three letters.
    pub(super) fn month(&self, english: &str) -> String {
        let line = MONTHS.iter().find(|line| line[0] == english);
        let own = line.and_then(|line| self.line(line));
        own.unwrap_or(english).to_owned()
    }

    /// A paragraph of the foot, and the sentences that have no words here.
    pub(super) fn paragraph(&self, text: &str) -> (String, Vec<String>) {
        if self.is_english && self.own.is_empty() {
            return (text.to_owned(), Vec::new());
        }
        let (mut translated, mut left) = (Vec::new(), Vec::new());
        for sentence in sentences(text) {
            match self.sentence(sentence) {
                Some(own) => translated.push(own),
                None if self.is_english => translated.push(sentence.to_owned()),
                None => left.push(sentence.to_owned()),
            }
        }
        (translated.join(" "), left)
    }

    /// Those of some texts that are phrases of ours and have none in this language: they stay English.
    pub(super) fn without_words<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<String> {
        let is_ours = |text: &&str| {
            PHRASES.iter().any(|line| {
                // a mere place would take every text
                let says = line[0].chars().any(|letter| letter.is_ascii_lowercase());
                says && (self.is_english || self.line(line).is_none())
                    && captured(line[0], text).is_some()
            })
        };
        distinct(texts.filter(is_ours).map(str::to_owned))
    }

    fn line<'l>(&'l self, line: &'l [&'static str; 4]) -> Option<&'l str> {
        let own = self.own.iter().find(|(english, _)| english == line[0]);
        own.map(|(_, own)| own.as_str())
            .or_else(|| line.get(self.column?).copied())
    }

    /// The phrase of this language for an English one.
    fn phrase(&self, text: &str) -> Option<String> {
        PHRASES.iter().find_map(|line| {
            let own = self.line(line)?;
            let values = captured(line[0], text)?;
            let (first, parts) = places(own);
            let mut translated = first.to_owned();
            let kinds = places(line[0]).1.into_iter().map(|(place, _)| place);
            for ((value, place), (_, part)) in values.iter().zip(kinds).zip(parts) {
                // a word in a place is a phrase itself: “95% of 3: base under 100”
                translated += &match place {
                    Place::List => self.listed(value),
                    Place::Count => self.number_word(value),
                    Place::Any | Place::Numbers => self.value(value),
                };
                translated += part;
            }
            Some(translated)
        })
    }

    /// “A, B and C”, each a name or a phrase of ours.
    fn listed(&self, text: &str) -> String {
        // the “and” of the list is that after its last comma: what follows may be a name with another
        let last = text.rfind(", ").map_or(0, |at| at + 2);
        let and = text
            .get(last..)
            .and_then(|rest| rest.find(" and "))
            .map(|at| last + at);
        let names =
            |text: &str| -> Vec<String> { text.split(", ").map(|name| self.value(name)).collect() };
        match and.and_then(|at| Some((text.get(..at)?, text.get(at + " and ".len()..)?))) {
            Some((others, last)) => {
                self.fill("{} and {}", &[&names(others).join(", "), &self.value(last)])
            }
            None => names(text).join(", "),
        }
    }

    /// “Three” in letters of this language, at the beginning of a sentence; other numbers as they are.
    fn number_word(&self, text: &str) -> String {
        let line = NUMBERS.iter().find(|line| line[0] == text);
        let own = line.and_then(|line| self.line(line));
        own.map_or_else(|| self.value(text), str::to_owned)
    }

    /// A share in a sentence: German, French and Spanish set a blank before the sign, as the axis has no room to.
    fn per_cent(&self, number: String) -> String {
        let share = number.strip_suffix('%');
        let share = share.filter(|share| share.ends_with(|last: char| last.is_ascii_digit()));
        match share {
            Some(share) if matches!(self.code(), "de" | "fr" | "es") => format!("{share}\u{A0}%"),
            _ => number,
        }
    }

    /// Numbers in a text as this language writes them.
    pub(super) fn numeral(&self, text: &str) -> String {
        if self.decimal == '.' && self.thousands == "," {
            return text.to_owned();
        }
        let mut translated = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
            let of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
            let (before, from) = rest.split_at(start);
            let end = from.find(|letter| !of_number(letter)).unwrap_or(from.len());
            let (token, after) = from.split_at(end);
            let number = token.trim_end_matches(['.', ',']);
            translated += before;
            translated += &self.number(number);
            translated += token.get(number.len()..).unwrap_or_default();
            rest = after;
        }
        translated + rest
    }

    /// One number; what is none, a date say, stays.
    fn number(&self, token: &str) -> String {
        let (whole, decimals) = token.split_once('.').unwrap_or((token, ""));
        let groups: Vec<&str> = whole.split(',').collect();
        let grouped = groups.iter().skip(1).all(|group| group.len() == 3);
        let digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
        if !grouped || !digits(decimals) {
            return token.to_owned();
        }
        let whole = groups.join(self.thousands);
        match token.contains('.') {
            true => format!("{whole}{}{decimals}", self.decimal),
            false => whole,
        }
    }
}

/// Every line of words, in the order in which they are listed.
fn all_lines() -> impl Iterator<Item = &'static [&'static str; 4]> {
    PHRASES
        .iter()
        .chain(DESCRIPTIONS)
        .chain(NUMBERS)
        .chain(MONTHS)
}

/// Sentences that only a full foot has: for those who check an estimate, not for those who read of it.
const FULL_ONLY: &[&str] = &[
    "Weights and design: not stated in the file that was drawn.",
    "Not weighted: no weights were named.",
    "No strata or PSUs were named: errors are those of respondents drawn one by one.",
    "No strata or PSUs were named: errors are those of respondents drawn one by one, {} degrees of freedom.",
    "Design: {}.",
    "Standard errors from {} replicate weights ({}).",
    "{}% intervals: {}.",
];

/// Sentences that came with a table and tell of its columns, or say what the chart says itself.
const TABLE_ONLY: &[&str] = &[
    "±: {}",
    "eff. n: {}",
    "Margins: {} if everyone had that level, the rest as they are.",
    "An odds ratio is no ratio of shares: margins are in shares.",
    "Averages over the respondents used, weighted.",
    "Differences of shares in points; slopes by one more of the number.",
];

/// What the foot of a chart says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FootLength {
    /// What a reader needs: intervals, bases, sources.
    Short,
    /// The design and the degrees of freedom as well.
    Full,
}

/// A paragraph of a foot without what is none of a chart’s, and as short as is asked for.
pub(super) fn for_chart(paragraph: &str, foot: FootLength) -> String {
    let left_out = match foot {
        FootLength::Short => [TABLE_ONLY, FULL_ONLY],
        FootLength::Full => [TABLE_ONLY, &[]],
    };
    let is_kept = |sentence: &&str| {
        let mut phrases = left_out.iter().copied().flatten();
        phrases.all(|phrase| captured(phrase, sentence).is_none())
    };
    let kept: Vec<&str> = sentences(paragraph).into_iter().filter(is_kept).collect();
    kept.join(" ")
}

/// The sentences of a paragraph.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(". ") {
        let after = text.get(at + 2..).unwrap_or_default();
        let before = text.get(start..at).unwrap_or_default();
        let ends = after.starts_with("p: ")
            || after.starts_with(|letter: char| {
                letter.is_uppercase() || letter.is_ascii_digit() || letter == '±'
            });
        // "eff. n", "St. Louis" and "p. 5" end no sentence, "Weighted by pw. Design" does
        let word = before.rsplit(' ').next().unwrap_or_default();
        let is_abbreviation = word.len() < 3
            && (word.starts_with(char::is_uppercase)
                || after.starts_with(|letter: char| letter.is_ascii_digit()));
        if ends && !is_abbreviation {
            sentences.extend(text.get(start..=at));
            start = at + 2;
        }
    }
    sentences.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    sentences
}

/// What may stand in a place of a phrase.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// `{}`: a name, or anything else.
    Any,
    /// `{n}`: numbers and their signs alone.
    Numbers,
    /// `{list}`: names, “and” before the last.
    List,
    /// `{count}`: a number, in letters up to twelve.
    Count,
}

/// A name in a place may hold what follows the place, so many times at most.
const MOST_TRIES: usize = 4;

/// What stands in the places of a phrase, if a text is that phrase.
fn captured<'t>(phrase: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let (first, places) = places(phrase);
    values_in(&places, text.strip_prefix(first)?)
}

/// What stands in some places, the rest of a text.
fn values_in<'t>(places: &[(Place, &str)], text: &'t str) -> Option<Vec<&'t str>> {
    let Some(((place, part), others)) = places.split_first() else {
        return text.is_empty().then(Vec::new);
    };
    let fits = |value: &str| match place {
        Place::Any | Place::List => !value.is_empty(),
        Place::Numbers => is_number(value),
        Place::Count => is_number(value) || NUMBERS.iter().any(|line| line[0] == value),
    };
    if others.is_empty() {
        let value = text.strip_suffix(part)?;
        return fits(value).then(|| vec![value]);
    }
    let ends = text.match_indices(part).map(|(at, _)| at);
    ends.take(MOST_TRIES).find_map(|at| {
        let (value, after) = text.split_at_checked(at)?;
        let after = after.strip_prefix(part).filter(|_| fits(value))?;
        let others = values_in(others, after)?;
        Some([&[value], others.as_slice()].concat())
    })
}

/// The beginning of a phrase, and its places with what follows each.
fn places(phrase: &str) -> (&str, Vec<(Place, &str)>) {
    let mut parts = phrase.split('{');
    let first = parts.next().unwrap_or_default();
    let places = parts.map(|part| {
        let (name, after) = part.split_once('}').unwrap_or((part, ""));
        let place = match name {
            "n" => Place::Numbers,
            "list" => Place::List,
            "count" => Place::Count,
            _ => Place::Any,
        };
        (place, after)
    });
    (first, places.collect())
}

/// Whether a text is numbers with their signs alone.
fn is_number(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_digit())
        && text.chars().all(|letter| {
            letter.is_ascii_digit()
                || matches!(
                    letter,
                    '.' | ','
                        | '%'
                        | '–'
                        | '−'
                        | '+'
                        | '±'
                        | '<'
                        | '>'
                        | '≈'
                        | '≤'
                        | '≥'
                        | ' '
                        | '('
                        | ')'
                        | '×'
                )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Language {
        Language::named("de", false).unwrap()
    }

    #[test]
    fn phrases_keep_their_places() {
        let places = |text: &str| text.matches('{').count();
        for line in all_lines() {
            assert!(
                line.iter().all(|own| places(own) == places(line[0])),
                "{line:?}"
            );
            let same = all_lines().filter(|other| other[0] == line[0]);
            assert_eq!(same.count(), 1, "{line:?}");
        }
    }

    #[test]
    fn words_and_numbers_of_another_language() {
        let german = german();
        for (english, own) in [
            ("95% interval", "95-%-Intervall"),
            ("88.4–91.4", "88,4–91,4"),
            ("1,500", "1.500"),
            ("−4.4 to +1.0", "−4,4 bis +1,0"),
            (
                "Bases: 1,002 to 1,010 respondents.",
                "Basen: 1.002 bis 1.010 Befragte.",
            ),
            ("3 of 12: base under 100.", "3 von 12: Basis unter 100."),
            ("Version 2.5", "Version 2.5"),
            ("14.06.2023", "14.06.2023"),
            ("100%", "100%"),
            ("Moved to Berlin", "Moved to Berlin"),
            ("All are well.", "All are well."),
        ] {
            assert_eq!(german.text(english), own, "{english}");
        }
        let french = Language::named("fr", false).unwrap();
        assert_eq!(french.text("1,500"), "1\u{202F}500");
        let english = Language::default().with_decimal(',');
        assert_eq!(english.text("4.7"), "4,7");
        assert_eq!(english.text("1,500"), "1.500");
    }

    #[test]
    fn sentences_without_words_are_left_out_and_named() {
        let (translated, left) =
            german().paragraph("Bands are 95% intervals. Nobody knows why. Base: 500 respondents.");
        assert_eq!(
            translated,
            "Die Bänder sind 95-%-Intervalle. Basis: 500 Befragte."
        );
        assert_eq!(left, ["Nobody knows why."]);
        let (translated, left) = Language::default().paragraph("Nobody knows why.");
        assert_eq!((translated.as_str(), left.len()), ("Nobody knows why.", 0));
    }

    #[test]
    fn a_short_foot_leaves_out_what_is_for_those_who_check() {
        assert_eq!(
            for_chart(
                "Base: 500 respondents. Weights and design: not stated in the file that was drawn. ±: half the interval.",
                FootLength::Short
            ),
            "Base: 500 respondents."
        );
        // also where the weights have a short name
        assert_eq!(
            for_chart(
                "Weighted by pw. Design: 3 strata (stype), finite population correction by fpc, 194 degrees of freedom.",
                FootLength::Short
            ),
            "Weighted by pw."
        );
        assert_eq!(
            sentences("Schools of St. Louis, p. 5. Design: 3 strata."),
            ["Schools of St. Louis, p. 5.", "Design: 3 strata."]
        );
    }

    #[test]
    fn a_language_that_is_not_known_brings_its_words() {
        assert!(
            Language::named("pt", false)
                .unwrap_err()
                .contains("en, de, fr, es")
        );
        let own = |english: &str| vec![(english.to_owned(), "pontos".to_owned())];
        let portuguese = Language::named("pt", true).unwrap();
        let translated = portuguese.clone().with_words(own("points")).unwrap();
        assert_eq!(translated.text("points"), "pontos");
        let wrong = portuguese.with_words(own("pionts")).unwrap_err();
        assert!(wrong.contains("did you mean “points”"), "{wrong}");
    }
}
