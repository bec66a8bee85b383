//! The words that a chart adds by itself, in the language of its readers: of axes, columns, keys, bases and feet.
//!
//! English is what the code says; the other languages are looked up by it, whole phrases with places for numbers and names
//! (`{}`, and `{n}` for numbers alone), so that a new sentence needs a line in [`PHRASES`] and nothing else. What has no line is English still: in a foot it
//! is left out of a chart in another language, and said.

use std::borrow::Cow;

use super::style::FootLength;
use crate::frames::words::{capitalised, nearest};

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
        let known = || PHRASES.iter().chain(MONTHS).map(|line| line[0]);
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
        let lines = PHRASES.iter().chain(MONTHS);
        lines.map(|line| (line[0], self.line(line))).collect()
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
        let told = self
            .all_sentences(text)
            .or_else(|| self.phrase(text))
            .or_else(|| self.date(text));
        match told {
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
        let told: Vec<Option<String>> = sentences.iter().map(|one| self.sentence(one)).collect();
        let ours = told.iter().position(Option::is_some)?;
        let (names, told) = (sentences.get(..ours)?, told.get(ours..)?);
        let told: Option<Vec<&str>> = told.iter().map(Option::as_deref).collect();
        let names = names.iter().copied();
        Some(names.chain(told?).collect::<Vec<_>>().join(" "))
    }

    /// A sentence: clauses that are phrases, or one phrase.
    fn sentence(&self, text: &str) -> Option<String> {
        self.clauses(text).or_else(|| self.phrase(text))
    }

    /// A sentence of several clauses, all of which are phrases.
    fn clauses(&self, text: &str) -> Option<String> {
        let clauses = text.strip_suffix('.').filter(|text| text.contains("; "))?;
        let told: Option<Vec<String>> = clauses
            .split("; ")
            .map(|clause| self.clause(clause))
            .collect();
        // French sets a blank before a semicolon
        let between = if self.code == "fr" { " ; " } else { "; " };
        told.map(|told| format!("{}.", told.join(between)))
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

    /// A day, or a month with its year: “8 November”, “15 Jan 2024”, “May 2023”.
    fn date(&self, text: &str) -> Option<String> {
        let words: Vec<&str> = text.split(' ').collect();
        let is_number =
            |word: &str| word.len() <= 4 && word.chars().all(|letter| letter.is_ascii_digit());
        let (day, month, year) = match words.as_slice() {
            [day, month, year] if is_number(day) && is_number(year) => {
                (Some(*day), *month, Some(*year))
            }
            [day, month] if is_number(day) => (Some(*day), *month, None),
            [month, year] if is_number(year) && year.len() == 4 => (None, *month, Some(*year)),
            _ => return None,
        };
        let line = MONTHS.iter().find(|line| line[0] == month)?;
        let own = self.line(line)?;
        let is_short = month.len() == 3 && own != "Mai" && own != "mai";
        let day = day.map(|day| match self.code.as_str() {
            "de" => format!("{day}."),
            "fr" if day == "1" => "1er".to_owned(),
            _ => day.to_owned(),
        });
        let parts = [day.as_deref(), Some(own), year];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        // “8 de noviembre de 2016”
        let between = match self.code == "es" && !is_short {
            true => " de ",
            false => " ",
        };
        Some(parts.join(between))
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
        let (mut told, mut left) = (Vec::new(), Vec::new());
        for sentence in sentences(text) {
            match self.sentence(sentence) {
                Some(own) => told.push(own),
                None if self.is_english => told.push(sentence.to_owned()),
                None => left.push(sentence.to_owned()),
            }
        }
        (told.join(" "), left)
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
            let mut told = first.to_owned();
            for (value, (_, part)) in values.iter().zip(parts) {
                // a word in a place is a phrase itself: “95% of 3: base under 100”
                let word = self.phrase(value).or_else(|| self.date(value));
                told += &word.unwrap_or_else(|| self.per_cent(self.numeral(value)));
                told += part;
            }
            Some(told)
        })
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
        let mut told = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
            let of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
            let (before, from) = rest.split_at(start);
            let end = from.find(|letter| !of_number(letter)).unwrap_or(from.len());
            let (token, after) = from.split_at(end);
            let number = token.trim_end_matches(['.', ',']);
            told += before;
            told += &self.number(number);
            told += token.get(number.len()..).unwrap_or_default();
            rest = after;
        }
        told + rest
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
    "An odds ratio is no ratio of shares: --margins has shares.",
    "Averages over the respondents used, weighted.",
    "Differences of shares in points; slopes by one more of the number.",
];

/// A paragraph of a foot without what is none of a chart’s, and as short as is asked for.
pub(super) fn for_chart(paragraph: &str, foot: FootLength) -> String {
    let left_out = match foot {
        FootLength::Short => [TABLE_ONLY, FULL_ONLY],
        FootLength::Full => [TABLE_ONLY, &[]],
    };
    let wanted = |sentence: &&str| {
        let mut phrases = left_out.iter().copied().flatten();
        phrases.all(|phrase| captured(phrase, sentence).is_none())
    };
    let kept: Vec<&str> = sentences(paragraph).into_iter().filter(wanted).collect();
    kept.join(" ")
}

/// The sentences of a paragraph.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(". ") {
        let after = text.get(at + 2..).unwrap_or_default();
        let before = text.get(start..at).unwrap_or_default();
        // "eff. n", "St. Louis" and "p. 5" end no sentence, "Weighted by pw. Design" does
        let ends = after.starts_with(|letter: char| {
            letter.is_uppercase() || letter.is_ascii_digit() || letter == '±'
        });
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

/// What stands in the places of a phrase, if a text is that phrase.
fn captured<'t>(phrase: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let (first, places) = places(phrase);
    let mut rest = text.strip_prefix(first)?;
    let mut values = Vec::new();
    for (index, (numeric, part)) in places.iter().enumerate() {
        let last = index + 1 == places.len();
        let at = match (last, part.is_empty()) {
            (true, true) => rest.len(),
            (true, false) => rest.strip_suffix(part)?.len(),
            (false, _) => rest.find(part)?,
        };
        let (value, after) = rest.split_at_checked(at)?;
        if value.is_empty() || *numeric && !is_number(value) {
            return None;
        }
        values.push(value);
        rest = after.strip_prefix(part)?;
    }
    rest.is_empty().then_some(values)
}

/// The beginning of a phrase, and its places: whether they take numbers alone (`{n}`), and what follows each.
fn places(phrase: &str) -> (&str, Vec<(bool, &str)>) {
    let mut parts = phrase.split('{');
    let first = parts.next().unwrap_or_default();
    let place = |part: &'_ str| -> (bool, usize) {
        (
            part.starts_with("n}"),
            part.find('}').map_or(0, |at| at + 1),
        )
    };
    let places = parts.map(|part| {
        let (numeric, from) = place(part);
        (numeric, part.get(from..).unwrap_or_default())
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

/// English, German, French, Spanish. A phrase with more words stands before one that would take its beginning.
const PHRASES: &[[&str; 4]] = &[
    // columns and axes
    [
        "{n}% interval",
        "{}-%-Intervall",
        "intervalle à {}\u{A0}%",
        "intervalo del {}\u{A0}%",
    ],
    [
        "{n}% band",
        "{}-%-Band",
        "bande à {}\u{A0}%",
        "banda del {}\u{A0}%",
    ],
    ["points", "Punkte", "points", "puntos"],
    ["result", "Ergebnis", "résultat", "resultado"],
    ["mean", "Mittel", "moyenne", "media"],
    ["median", "Median", "médiane", "mediana"],
    ["total", "Summe", "total", "total"],
    ["estimate", "Schätzung", "estimation", "estimación"],
    ["count", "Anzahl", "nombre", "número"],
    ["reference", "Referenz", "référence", "referencia"],
    [
        "{n}% not published",
        "{} % nicht veröffentlicht",
        "{} % non publiés",
        "{} % no publicado",
    ],
    // keys and remarks
    ["no n", "n unbekannt", "n inconnu", "n desconocido"],
    [
        "no interval",
        "kein Intervall",
        "sans intervalle",
        "sin intervalo",
    ],
    [
        "no figure found",
        "keine Zahl gefunden",
        "aucun chiffre trouvé",
        "sin cifra",
    ],
    ["no figure", "keine Zahl", "aucun chiffre", "sin cifra"],
    [
        "no per cent",
        "kein Prozentwert",
        "aucun pourcentage",
        "sin porcentaje",
    ],
    ["a bound", "nur eine Grenze", "une borne", "un límite"],
    ["or more", "oder mehr", "ou plus", "o más"],
    ["or less", "oder weniger", "ou moins", "o menos"],
    ["no bound", "keine Grenze", "sans borne", "sin límite"],
    ["nobody", "niemand", "personne", "nadie"],
    [
        "base under 30",
        "Basis unter 30",
        "base inférieure à 30",
        "base inferior a 30",
    ],
    [
        "base under 100",
        "Basis unter 100",
        "base inférieure à 100",
        "base inferior a 100",
    ],
    [
        "can’t be right",
        "kann nicht stimmen",
        "impossible",
        "no puede ser",
    ],
    [
        "cannot be right",
        "kann nicht stimmen",
        "impossible",
        "no puede ser",
    ],
    [
        "can’t hold",
        "kann nicht stimmen",
        "impossible",
        "no puede ser",
    ],
    [
        "can’t hold with {n}",
        "unvereinbar mit {}",
        "incompatible avec {}",
        "incompatible con {}",
    ],
    [
        "sample size known",
        "Stichprobengröße bekannt",
        "taille d’échantillon connue",
        "tamaño de la muestra conocido",
    ],
    [
        "no sample size, no interval",
        "ohne Stichprobengröße, ohne Intervall",
        "sans taille d’échantillon ni intervalle",
        "sin tamaño de muestra ni intervalo",
    ],
    [
        "range that is possible",
        "möglicher Bereich",
        "plage possible",
        "rango posible",
    ],
    [
        "not published: rest to 100%",
        "nicht veröffentlicht: Rest bis 100\u{A0}%",
        "non publié : reste jusqu’à 100\u{A0}%",
        "no publicado: resto hasta 100\u{A0}%",
    ],
    [
        "mode of interview changed",
        "Befragungsart geändert",
        "mode d’enquête modifié",
        "cambio de modo de entrevista",
    ],
    [
        "other houses",
        "andere Institute",
        "autres instituts",
        "otras empresas",
    ],
    // rows
    ["All", "Alle", "Ensemble", "Total"],
    ["All {n}", "Alle {}", "Les {}", "Los {}"],
    ["Total", "Gesamt", "Ensemble", "Total"],
    ["Both", "Beide", "Les deux", "Ambos"],
    [
        "mean of the countries",
        "Mittel der Länder",
        "moyenne des pays",
        "media de los países",
    ],
    [
        "median of the countries",
        "Median der Länder",
        "médiane des pays",
        "mediana de los países",
    ],
    [
        "countries weighted by population",
        "Länder nach Bevölkerung gewichtet",
        "pays pondérés par la population",
        "países ponderados por población",
    ],
    // under the headline
    [
        "Per cent.",
        "Angaben in Prozent.",
        "En pour cent.",
        "En porcentaje.",
    ],
    [
        "Per cent. Bands are intervals.",
        "Angaben in Prozent. Die Bänder sind Intervalle.",
        "En pour cent. Les bandes sont des intervalles.",
        "En porcentaje. Las bandas son intervalos.",
    ],
    ["Mean.", "Mittelwert.", "Moyenne.", "Media."],
    [
        "Mean. Bands are intervals.",
        "Mittelwert. Die Bänder sind Intervalle.",
        "Moyenne. Les bandes sont des intervalles.",
        "Media. Las bandas son intervalos.",
    ],
    ["Median.", "Median.", "Médiane.", "Mediana."],
    ["Total.", "Summe.", "Total.", "Total."],
    [
        "Difference of shares, in points.",
        "Differenz der Anteile, in Punkten.",
        "Différence des parts, en points.",
        "Diferencia de porcentajes, en puntos.",
    ],
    [
        "Lines are intervals.",
        "Die Linien sind Intervalle.",
        "Les lignes sont des intervalles.",
        "Las líneas son intervalos.",
    ],
    // polls, trends, changes, models
    ["result {n}", "Ergebnis {}", "résultat {}", "resultado {}"],
    [
        "{n} polls by one house, {} to {}",
        "{} Umfragen eines Instituts, {} bis {}",
        "{} sondages d’un institut, du {} au {}",
        "{} encuestas de una empresa, del {} al {}",
    ],
    [
        "{n} polls by {n} houses, {} to {}",
        "{} Umfragen von {} Instituten, {} bis {}",
        "{} sondages de {} instituts, du {} au {}",
        "{} encuestas de {} empresas, del {} al {}",
    ],
    [
        "level: the mean of the houses, each once",
        "Niveau: Mittel der Institute, jedes zählt einmal",
        "niveau : moyenne des instituts, chacun comptant une fois",
        "nivel: media de las empresas, cada una cuenta una vez",
    ],
    [
        "level: the mean of the houses by their polls",
        "Niveau: Mittel der Institute nach der Zahl ihrer Umfragen",
        "niveau : moyenne des instituts selon leur nombre de sondages",
        "nivel: media de las empresas según su número de encuestas",
    ],
    [
        "level: that of the one house, through the result",
        "Niveau: das des einen Instituts, durch das Ergebnis gelegt",
        "niveau : celui de l’unique institut, calé sur le résultat",
        "nivel: el de la única empresa, ajustado al resultado",
    ],
    [
        "level: that of the one house",
        "Niveau: das des einen Instituts",
        "niveau : celui de l’unique institut",
        "nivel: el de la única empresa",
    ],
    [
        "level: that of {}",
        "Niveau: das von {}",
        "niveau : celui de {}",
        "nivel: el de {}",
    ],
    [
        "the level goes through the result of {}, if the error of then still holds",
        "das Niveau geht durch das Ergebnis vom {}, falls der damalige Fehler noch gilt",
        "le niveau passe par le résultat du {}, si l’erreur d’alors vaut encore",
        "el nivel pasa por el resultado del {}, si el error de entonces sigue vigente",
    ],
    [
        "shares moved to sum to 100",
        "Anteile auf die Summe 100 gebracht",
        "parts ajustées pour totaliser 100",
        "porcentajes ajustados para sumar 100",
    ],
    [
        "The undecided are in the base.",
        "Unentschlossene zählen zur Basis.",
        "Les indécis sont compris dans la base.",
        "Los indecisos están incluidos en la base.",
    ],
    [
        "The printed answers add up to 100: the undecided are not in the base.",
        "Die veröffentlichten Antworten ergeben 100: Unentschlossene zählen nicht zur Basis.",
        "Les réponses publiées totalisent 100 : les indécis ne sont pas compris dans la base.",
        "Las respuestas publicadas suman 100: los indecisos no están en la base.",
    ],
    [
        "The printed answers add up to {n} on average: whoever is undecided or gave another answer is in the base.",
        "Die veröffentlichten Antworten ergeben im Mittel {}: Unentschlossene und andere Antworten zählen zur Basis.",
        "Les réponses publiées totalisent {} en moyenne : les indécis et les autres réponses sont compris dans la base.",
        "Las respuestas publicadas suman {} de media: los indecisos y las demás respuestas están en la base.",
    ],
    [
        "The axis runs from {n} to {n}.",
        "Die Achse reicht von {} bis {}.",
        "L’axe va de {} à {}.",
        "El eje va de {} a {}.",
    ],
    [
        "The axis runs from {n} to {n} points.",
        "Die Achse reicht von {} bis {} Punkte.",
        "L’axe va de {} à {} points.",
        "El eje va de {} a {} puntos.",
    ],
    [
        "The axis ends at {n}.",
        "Die Achse endet bei {}.",
        "L’axe s’arrête à {}.",
        "El eje termina en {}.",
    ],
    [
        "diamonds: the result",
        "Rauten: das Ergebnis",
        "losanges : le résultat",
        "rombos: el resultado",
    ],
    [
        "hollow square: a poll for one side",
        "offenes Quadrat: eine Umfrage im Auftrag einer Seite",
        "carré vide : un sondage commandé par un camp",
        "cuadrado vacío: una encuesta encargada por una de las partes",
    ],
    [
        "hollow squares: {n} polls for one side",
        "offene Quadrate: {} Umfragen im Auftrag einer Seite",
        "carrés vides : {} sondages commandés par un camp",
        "cuadrados vacíos: {} encuestas encargadas por una de las partes",
    ],
    [
        "open dots: polls that do not say how many they asked",
        "offene Punkte: Umfragen ohne Angabe der Befragtenzahl",
        "points vides : sondages sans taille d’échantillon",
        "puntos vacíos: encuestas que no indican cuántas personas respondieron",
    ],
    [
        "grey: answers beyond the sixth",
        "grau: Antworten ab der siebten",
        "gris : réponses à partir de la septième",
        "gris: respuestas a partir de la séptima",
    ],
    [
        "No line of {}: too few polls.",
        "Ohne Linie: {} (zu wenige Umfragen).",
        "Sans courbe : {} (trop peu de sondages).",
        "Sin línea: {} (muy pocas encuestas).",
    ],
    [
        "The line allows for house effects and for what polls differ by beyond sampling.",
        "Die Linie berücksichtigt Institutseffekte und Unterschiede der Umfragen über den Stichprobenfehler hinaus.",
        "La courbe tient compte des effets d’institut et des écarts entre sondages au-delà de l’erreur d’échantillonnage.",
        "La línea tiene en cuenta los efectos de cada empresa y las diferencias entre encuestas más allá del error de muestreo.",
    ],
    [
        "The band is what these polls say; an error that all of them share is not in it (in 21 past elections such bands held 53% of results).",
        "Das Band gibt wieder, was diese Umfragen sagen; ein allen gemeinsamer Fehler ist nicht enthalten (bei 21 vergangenen Wahlen lagen 53\u{A0}% der Ergebnisse in solchen Bändern).",
        "La bande traduit ce que disent ces sondages ; une erreur commune à tous n’y figure pas (lors de 21 élections passées, de telles bandes contenaient 53\u{A0}% des résultats).",
        "La banda refleja lo que dicen estas encuestas; no incluye un error común a todas (en 21 elecciones pasadas, bandas así contenían el 53\u{A0}% de los resultados).",
    ],
    [
        "The band is what these polls say; the outline holds an error that all of them share too, {n} points at 50%, that of 21 past elections in five countries.",
        "Das Band gibt wieder, was diese Umfragen sagen; der Umriss enthält auch einen allen gemeinsamen Fehler, {} Punkte bei 50\u{A0}%, wie bei 21 vergangenen Wahlen in fünf Ländern.",
        "La bande traduit ce que disent ces sondages ; le contour inclut aussi une erreur commune à tous, {} points à 50\u{A0}%, celle de 21 élections passées dans cinq pays.",
        "La banda refleja lo que dicen estas encuestas; el contorno incluye también un error común a todas, {} puntos en el 50\u{A0}%, el de 21 elecciones pasadas en cinco países.",
    ],
    [
        "Broken beyond the last poll: if opinion moves as it did.",
        "Nach der letzten Umfrage gestrichelt: falls sich die Meinung bewegt wie bisher.",
        "En tirets après le dernier sondage : si l’opinion évolue comme jusqu’ici.",
        "Discontinua tras la última encuesta: si la opinión evoluciona como hasta ahora.",
    ],
    [
        "Not a forecast.",
        "Keine Prognose.",
        "Ce n’est pas une prévision.",
        "No es un pronóstico.",
    ],
    [
        "In these polls {} and {} are about even",
        "In diesen Umfragen liegen {} und {} etwa gleichauf",
        "Dans ces sondages, {} et {} sont à peu près à égalité",
        "En estas encuestas, {} y {} están prácticamente empatados",
    ],
    [
        "In these polls {} leads {} by {n} points",
        "In diesen Umfragen führt {} vor {} mit {} Punkten",
        "Dans ces sondages, {} devance {} de {} points",
        "En estas encuestas, {} aventaja a {} en {} puntos",
    ],
    [
        "In these polls {} is apparently ahead of {} by {n} points",
        "In diesen Umfragen liegt {} anscheinend vor {}, mit {} Punkten",
        "Dans ces sondages, {} semble devancer {} de {} points",
        "En estas encuestas, {} parece aventajar a {} en {} puntos",
    ],
    [
        "The average of polls: {}",
        "Mittel der Umfragen: {}",
        "Moyenne des sondages : {}",
        "Media de las encuestas: {}",
    ],
    [
        "{} in the average of polls",
        "{} im Mittel der Umfragen",
        "{} en moyenne des sondages",
        "{} en la media de las encuestas",
    ],
    [
        "Per cent, and the change in points.",
        "Prozent, und die Veränderung in Punkten.",
        "En pour cent, et l’évolution en points.",
        "En porcentaje, y el cambio en puntos.",
    ],
    [
        "Per cent, {}.",
        "Prozent, {}.",
        "En pour cent, {}.",
        "En porcentaje, {}.",
    ],
    [
        "Points, {}.",
        "Punkte, {}.",
        "En points, {}.",
        "En puntos, {}.",
    ],
    ["Points.", "In Punkten.", "En points.", "En puntos."],
    [
        "Dots are polls, lines their averages, shaded {n}% bands.",
        "Punkte sind Umfragen, Linien ihre Mittel, schattiert die {}-%-Bänder.",
        "Les points sont des sondages, les courbes leurs moyennes, en grisé les bandes à {}\u{A0}%.",
        "Los puntos son encuestas, las líneas sus medias, sombreadas las bandas del {}\u{A0}%.",
    ],
    [
        "Dots are polls.",
        "Die Punkte sind Umfragen.",
        "Les points sont des sondages.",
        "Los puntos son encuestas.",
    ],
    [
        "Relative to {}, not to the truth: an effect says nobody was wrong.",
        "Gemessen an {}, nicht an der Wahrheit: Ein Effekt sagt nicht, dass jemand falsch lag.",
        "Par rapport à {}, non à la vérité : un effet ne dit de personne qu’il s’est trompé.",
        "En relación con {}, no con la verdad: un efecto no dice que nadie se equivocara.",
    ],
    [
        "the average of the {n} houses",
        "dem Mittel der {} Institute",
        "la moyenne des {} instituts",
        "la media de las {} empresas",
    ],
    [
        "Effects of houses with few polls are drawn towards 0.",
        "Effekte von Instituten mit wenigen Umfragen sind zu 0 hin gezogen.",
        "Les effets des instituts ayant peu de sondages sont ramenés vers 0.",
        "Los efectos de empresas con pocas encuestas se acercan a 0.",
    ],
    [
        "Grey: {n} lies inside the interval.",
        "Grau: {} liegt im Intervall.",
        "Gris : l’intervalle contient {}.",
        "Gris: el intervalo contiene {}.",
    ],
    [
        "One house with fewer than {n} polls counts in the average and is not drawn.",
        "Ein Institut mit weniger als {} Umfragen zählt im Mittel mit und ist nicht gezeichnet.",
        "Un institut ayant moins de {} sondages compte dans la moyenne sans être représenté.",
        "Una empresa con menos de {} encuestas cuenta en la media y no se representa.",
    ],
    [
        "{n} houses with fewer than {n} polls count in the average and are not drawn.",
        "{} Institute mit weniger als {} Umfragen zählen im Mittel mit und sind nicht gezeichnet.",
        "{} instituts ayant moins de {} sondages comptent dans la moyenne sans être représentés.",
        "{} empresas con menos de {} encuestas cuentan en la media y no se representan.",
    ],
    [
        "House effects for {} in points, houses with {n} and more polls.",
        "Institutseffekte für {} in Punkten, Institute mit {} und mehr Umfragen.",
        "Effets d’institut pour {}, en points, instituts ayant au moins {} sondages.",
        "Efectos de las empresas para {}, en puntos, empresas con {} encuestas o más.",
    ],
    [
        "Lines are {n}% intervals.",
        "Die Linien sind {}-%-Intervalle.",
        "Les lignes sont des intervalles à {}\u{A0}%.",
        "Las líneas son intervalos del {}\u{A0}%.",
    ],
    ["polls", "Umfragen", "sondages", "encuestas"],
    [
        "{} intervals: on the effective sample size where a design effect is known ({n} of {n}), else on n and then at least that wide.",
        "Intervalle ({}): aus der effektiven Stichprobengröße, wo ein Designeffekt bekannt ist ({} von {}), sonst aus n und dann mindestens so breit.",
        "Intervalles ({}) : sur la taille effective de l’échantillon quand un effet de plan est connu ({} sur {}), sinon sur n et alors au moins aussi larges.",
        "Intervalos ({}): con el tamaño efectivo de la muestra donde se conoce un efecto de diseño ({} de {}); si no, con n y entonces al menos así de anchos.",
    ],
    [
        "Shares are within at most ±{} points ({}%), which is not drawn.",
        "Anteile auf höchstens ±{} Punkte genau ({}\u{A0}%), nicht eingezeichnet.",
        "Parts à ±{} points près au plus ({}\u{A0}%), non représenté.",
        "Porcentajes con un margen de ±{} puntos como máximo ({}\u{A0}%), no representado.",
    ],
    [
        "Grey: zero lies inside the interval, so the sign of the change is not established; that is no evidence that nothing changed.",
        "Grau: Null liegt im Intervall, das Vorzeichen der Veränderung ist also nicht gesichert; das belegt nicht, dass sich nichts geändert hat.",
        "Gris : l’intervalle contient zéro, le sens de l’évolution n’est donc pas établi ; cela ne prouve pas que rien n’a changé.",
        "Gris: el intervalo contiene el cero, así que el sentido del cambio no está establecido; eso no prueba que nada haya cambiado.",
    ],
    [
        "{} intervals for two independent samples of {n}; no design effect is stated, so they are at least that wide.",
        "Intervalle ({}) für zwei unabhängige Stichproben von {}; ein Designeffekt ist nicht angegeben, sie sind also mindestens so breit.",
        "Intervalles ({}) pour deux échantillons indépendants de {} ; aucun effet de plan n’est indiqué, ils sont donc au moins aussi larges.",
        "Intervalos ({}) para dos muestras independientes de {}; no se indica el efecto de diseño, así que son al menos así de anchos.",
    ],
    [
        "{} intervals for two independent samples of {n} to {n}; no design effect is stated, so they are at least that wide.",
        "Intervalle ({}) für zwei unabhängige Stichproben von {} bis {}; ein Designeffekt ist nicht angegeben, sie sind also mindestens so breit.",
        "Intervalles ({}) pour deux échantillons indépendants de {} à {} ; aucun effet de plan n’est indiqué, ils sont donc au moins aussi larges.",
        "Intervalos ({}) para dos muestras independientes de {} a {}; no se indica el efecto de diseño, así que son al menos así de anchos.",
    ],
    [
        "{} intervals for two independent samples of {n} and {n}; no design effect is stated, so they are at least that wide.",
        "Intervalle ({}) für zwei unabhängige Stichproben von {} und {}; ein Designeffekt ist nicht angegeben, sie sind also mindestens so breit.",
        "Intervalles ({}) pour deux échantillons indépendants de {} et {} ; aucun effet de plan n’est indiqué, ils sont donc au moins aussi larges.",
        "Intervalos ({}) para dos muestras independientes de {} y {}; no se indica el efecto de diseño, así que son al menos así de anchos.",
    ],
    [
        "Not drawn: {n} figures that only one of both polls printed.",
        "Nicht gezeichnet: {} Zahlen, die nur eine der beiden Umfragen nennt.",
        "Non représentés : {} chiffres publiés par un seul des deux sondages.",
        "No se representan {} cifras que solo publicó una de las dos encuestas.",
    ],
    [
        "Not adjusted for looking at {n} changes; with Holm’s adjustment the same ones stay below {n}.",
        "Ohne Korrektur für die Zahl von {} Veränderungen; mit der Korrektur nach Holm bleiben dieselben unter {}.",
        "Sans correction pour l’examen de {} évolutions ; avec la correction de Holm, les mêmes restent sous {}.",
        "Sin corrección por examinar {} cambios; con la corrección de Holm, los mismos quedan por debajo de {}.",
    ],
    [
        "Differences in percentage points, the first less the second, with {n}% intervals, each by itself.",
        "Differenzen in Prozentpunkten, der erste Wert minus den zweiten, mit {}-%-Intervallen, jedes für sich.",
        "Différences en points de pourcentage, le premier moins le second, avec des intervalles à {}\u{A0}%, chacun pris séparément.",
        "Diferencias en puntos porcentuales, el primero menos el segundo, con intervalos del {}\u{A0}%, cada uno por separado.",
    ],
    [
        "Open circle: reference.",
        "Offener Kreis: Referenz.",
        "Cercle vide : référence.",
        "Círculo vacío: referencia.",
    ],
    [
        "The axis is logarithmic: half and double are equally far from 1.",
        "Die Achse ist logarithmisch: Hälfte und Doppeltes liegen gleich weit von 1.",
        "L’axe est logarithmique : la moitié et le double sont à égale distance de 1.",
        "El eje es logarítmico: la mitad y el doble están a la misma distancia de 1.",
    ],
    [
        "An odds ratio is no ratio of shares.",
        "Ein Odds Ratio ist kein Verhältnis von Anteilen.",
        "Un rapport de cotes n’est pas un rapport de parts.",
        "Una odds ratio no es un cociente de porcentajes.",
    ],
    ["odds ratio", "Odds Ratio", "rapport de cotes", "odds ratio"],
    ["average", "Mittel", "moyenne", "media"],
    [
        "Average of all",
        "Mittel aller",
        "Moyenne de l’ensemble",
        "Media de todos",
    ],
    [
        "Averages as the model predicts.",
        "Mittelwerte, wie das Modell sie vorhersagt.",
        "Moyennes prédites par le modèle.",
        "Medias que predice el modelo.",
    ],
    [
        "Per cent as the model predicts.",
        "Anteile in Prozent, wie das Modell sie vorhersagt.",
        "En pour cent, tels que le modèle les prédit.",
        "En porcentaje, como predice el modelo.",
    ],
    [
        "Averages of what the model predicts if everyone had that level, the rest as they are, weighted.",
        "Mittel der Vorhersagen, wenn alle diese Ausprägung hätten und sonst blieben, wie sie sind, gewichtet.",
        "Moyennes des prédictions si tous avaient cette modalité, le reste inchangé, pondérées.",
        "Medias de las predicciones si todos tuvieran esa categoría y lo demás quedara igual, ponderadas.",
    ],
    ["p < {}", "p < {}", "p < {}", "p < {}"],
    ["p = {}", "p = {}", "p = {}", "p = {}"],
    [
        "Grey: no difference between the levels of that variable is established (Wald test, p above {}).",
        "Grau: zwischen den Ausprägungen dieser Variable ist kein Unterschied belegt (Wald-Test, p über {}).",
        "Gris : aucune différence n’est établie entre les modalités de cette variable (test de Wald, p supérieur à {}).",
        "Gris: no se ha establecido diferencia entre las categorías de esa variable (prueba de Wald, p mayor que {}).",
    ],
    ["coefficient", "Koeffizient", "coefficient", "coeficiente"],
    [
        "Line: the average of all.",
        "Linie: das Mittel aller.",
        "Ligne : la moyenne de l’ensemble.",
        "Línea: la media de todos.",
    ],
    [
        "Blue: differs from the Total by more than chance alone explains, at the stricter level of the table.",
        "Blau: weicht stärker von Gesamt ab, als der Zufall allein erklärt, auf dem strengeren Niveau der Tabelle.",
        "Bleu : s’écarte de l’ensemble plus que le seul hasard ne l’explique, au seuil le plus strict du tableau.",
        "Azul: difiere del total más de lo que explica el azar por sí solo, al nivel más estricto de la tabla.",
    ],
    [
        "Grey: not told apart from it, which is no evidence that it is the same.",
        "Grau: davon nicht zu unterscheiden, was nicht belegt, dass es gleich ist.",
        "Gris : ne s’en distingue pas, ce qui ne prouve pas l’égalité.",
        "Gris: no se distingue de él, lo que no prueba que sea igual.",
    ],
    [
        "Error bars are {n}% intervals.",
        "Die Fehlerbalken sind {}-%-Intervalle.",
        "Les barres d’erreur sont des intervalles à {}\u{A0}%.",
        "Las barras de error son intervalos del {}\u{A0}%.",
    ],
    [
        "Error bars are intervals.",
        "Die Fehlerbalken sind Intervalle.",
        "Les barres d’erreur sont des intervalles.",
        "Las barras de error son intervalos.",
    ],
    [
        "Bands, single polls and results are not on the slide.",
        "Bänder, einzelne Umfragen und Ergebnisse stehen nicht auf der Folie.",
        "Les bandes, les sondages isolés et les résultats ne figurent pas sur la diapositive.",
        "Las bandas, las encuestas individuales y los resultados no figuran en la diapositiva.",
    ],
    [
        "Last average: {} ({n}).",
        "Letztes Mittel: {} ({}).",
        "Dernière moyenne : {} ({}).",
        "Última media: {} ({}).",
    ],
    // feet
    [
        "{} intervals on n as given: sampling alone, as if a simple random sample.",
        "Intervalle ({}) aus n wie angegeben: nur der Stichprobenfehler, wie bei einfacher Zufallsauswahl.",
        "Intervalles ({}) sur n tel qu’indiqué : erreur d’échantillonnage seule, comme pour un sondage aléatoire simple.",
        "Intervalos ({}) con el n indicado: solo el error de muestreo, como en un muestreo aleatorio simple.",
    ],
    [
        "{} intervals on n; no design effect was published, so they are at least that wide: sampling alone, as if a simple random sample.",
        "Intervalle ({}) aus n; ein Designeffekt ist nicht veröffentlicht, sie sind also mindestens so breit: nur der Stichprobenfehler, wie bei einfacher Zufallsauswahl.",
        "Intervalles ({}) sur n ; aucun effet de plan n’est publié, ils sont donc au moins aussi larges : erreur d’échantillonnage seule, comme pour un sondage aléatoire simple.",
        "Intervalos ({}) con n; no se ha publicado el efecto de diseño, así que son al menos así de anchos: solo el error de muestreo, como en un muestreo aleatorio simple.",
    ],
    [
        "{} intervals on the effective sample size, n over the design effect.",
        "Intervalle ({}) aus der effektiven Stichprobengröße, n durch den Designeffekt.",
        "Intervalles ({}) sur la taille effective de l’échantillon, n divisé par l’effet de plan.",
        "Intervalos ({}) con el tamaño efectivo de la muestra, n entre el efecto de diseño.",
    ],
    [
        "Shares are within at most ±{} points ({}%).",
        "Anteile auf höchstens ±{} Punkte genau ({}\u{A0}%).",
        "Parts à ±{} points près au plus ({}\u{A0}%).",
        "Porcentajes con un margen de ±{} puntos como máximo ({}\u{A0}%).",
    ],
    [
        "Bands are {}% intervals.",
        "Die Bänder sind {}-%-Intervalle.",
        "Les bandes sont des intervalles à {}\u{A0}%.",
        "Las bandas son intervalos del {}\u{A0}%.",
    ],
    [
        "The rounding of the printed values may add up to {} points at either end.",
        "Die Rundung der gedruckten Werte kann an jedem Ende bis zu {} Punkte ausmachen.",
        "L’arrondi des valeurs publiées peut ajouter jusqu’à {} points de chaque côté.",
        "El redondeo de los valores publicados puede añadir hasta {} puntos en cada extremo.",
    ],
    [
        "Base: {} respondents.",
        "Basis: {} Befragte.",
        "Base : {} personnes interrogées.",
        "Base: {} encuestados.",
    ],
    [
        "Bases: {} to {} respondents.",
        "Basen: {} bis {} Befragte.",
        "Bases : {} à {} personnes interrogées.",
        "Bases: de {} a {} encuestados.",
    ],
    [
        "Weighted by {}.",
        "Gewichtet mit {}.",
        "Pondéré par {}.",
        "Ponderado por {}.",
    ],
    [
        "Not weighted: no weights were named.",
        "Ungewichtet.",
        "Non pondéré.",
        "Sin ponderar.",
    ],
    [
        "Without an answer, left out: {}.",
        "Ohne Antwort, nicht gezählt: {}.",
        "Sans réponse, non comptés : {}.",
        "Sin respuesta, no contados: {}.",
    ],
    [
        "Shares of those who gave another answer than {}.",
        "Anteile derer, die anders als {} geantwortet haben.",
        "Parts de ceux qui ont répondu autre chose que {}.",
        "Porcentajes de quienes respondieron algo distinto de {}.",
    ],
    [
        "No sample size was published, so there are no intervals.",
        "Stichprobengrößen sind nicht veröffentlicht, daher ohne Intervalle.",
        "Aucune taille d’échantillon publiée, donc pas d’intervalles.",
        "No se publicó el tamaño de la muestra, por lo que no hay intervalos.",
    ],
    [
        "All are second-hand: not printed by the pollster or its sponsor.",
        "Alle aus zweiter Hand: nicht vom Institut oder Auftraggeber veröffentlicht.",
        "Tous de seconde main : non publiés par l’institut ou son commanditaire.",
        "Todos de segunda mano: no publicados por la empresa ni por quien encargó la encuesta.",
    ],
    [
        "All bases are under 100.",
        "Alle Basen sind unter 100.",
        "Toutes les bases sont inférieures à 100.",
        "Todas las bases son inferiores a 100.",
    ],
    [
        "All sample sizes are approximate, or rounded in print.",
        "Alle Stichprobengrößen sind ungefähr oder gerundet.",
        "Toutes les tailles d’échantillon sont approximatives ou arrondies.",
        "Todos los tamaños de muestra son aproximados o redondeados.",
    ],
    [
        "How the samples were drawn is not stated: the intervals are model-based (what chance alone would do), not margins of sampling error.",
        "Wie die Stichproben gezogen wurden, ist nicht angegeben: Die Intervalle zeigen, was Zufall allein ausmacht, und sind keine Fehlertoleranzen.",
        "Le mode de tirage des échantillons n’est pas indiqué : les intervalles montrent l’effet du seul hasard et ne sont pas des marges d’erreur.",
        "No se indica cómo se seleccionaron las muestras: los intervalos muestran lo que haría el azar por sí solo y no son márgenes de error.",
    ],
    [
        "None is a probability sample: sampling error can’t be calculated. The intervals assume simple random sampling and show what chance alone would do.",
        "Keine Zufallsstichprobe: Ein Stichprobenfehler lässt sich nicht berechnen. Die Intervalle zeigen, was Zufall allein bei einfacher Zufallsauswahl ausmacht.",
        "Aucun échantillon probabiliste : l’erreur d’échantillonnage ne peut être calculée. Les intervalles montrent l’effet du seul hasard pour un tirage simple.",
        "No son muestras probabilísticas: no se puede calcular el error de muestreo. Los intervalos muestran lo que haría el azar en un muestreo simple.",
    ],
    [
        "None is a probability sample: sampling error can’t be calculated.",
        "Keine Zufallsstichprobe: Ein Stichprobenfehler lässt sich nicht berechnen.",
        "Aucun échantillon probabiliste : l’erreur d’échantillonnage ne peut être calculée.",
        "No son muestras probabilísticas: no se puede calcular el error de muestreo.",
    ],
    [
        "The intervals assume simple random sampling and show what chance alone would do.",
        "Die Intervalle zeigen, was Zufall allein bei einfacher Zufallsauswahl ausmacht.",
        "Les intervalles montrent l’effet du seul hasard pour un tirage simple.",
        "Los intervalos muestran lo que haría el azar en un muestreo simple.",
    ],
    [
        "{n} of {n}: {}.",
        "{} von {}: {}.",
        "{} sur {} : {}.",
        "{} de {}: {}.",
    ],
    ["Source: {}.", "Quelle: {}.", "Source : {}.", "Fuente: {}."],
    [
        "Sources: {}.",
        "Quellen: {}.",
        "Sources : {}.",
        "Fuentes: {}.",
    ],
    // pieces of intervals with signs
    ["{n} to {n}", "{} bis {}", "{} à {}", "{} a {}"],
    [" to {n}", " bis {}", " à {}", " a {}"],
];

/// Months, whole and short: in a table of their own, as a label “May” may be a person.
const MONTHS: &[[&str; 4]] = &[
    ["January", "Januar", "janvier", "enero"],
    ["February", "Februar", "février", "febrero"],
    ["March", "März", "mars", "marzo"],
    ["April", "April", "avril", "abril"],
    ["May", "Mai", "mai", "mayo"],
    ["June", "Juni", "juin", "junio"],
    ["July", "Juli", "juillet", "julio"],
    ["August", "August", "août", "agosto"],
    ["September", "September", "septembre", "septiembre"],
    ["October", "Oktober", "octobre", "octubre"],
    ["November", "November", "novembre", "noviembre"],
    ["December", "Dezember", "décembre", "diciembre"],
    ["Jan", "Jan.", "janv.", "ene"],
    ["Feb", "Feb.", "févr.", "feb"],
    ["Mar", "März", "mars", "mar"],
    ["Apr", "Apr.", "avr.", "abr"],
    ["Jun", "Juni", "juin", "jun"],
    ["Jul", "Juli", "juil.", "jul"],
    ["Aug", "Aug.", "août", "ago"],
    ["Sep", "Sept.", "sept.", "sept"],
    ["Oct", "Okt.", "oct.", "oct"],
    ["Nov", "Nov.", "nov.", "nov"],
    ["Dec", "Dez.", "déc.", "dic"],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Language {
        Language::named("de", false).unwrap()
    }

    #[test]
    fn phrases_keep_their_places() {
        let places = |text: &str| text.matches('{').count();
        for line in PHRASES {
            assert!(
                line.iter().all(|own| places(own) == places(line[0])),
                "{line:?}"
            );
            let same = PHRASES.iter().filter(|other| other[0] == line[0]);
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
        let (told, left) =
            german().paragraph("Bands are 95% intervals. Nobody knows why. Base: 500 respondents.");
        assert_eq!(
            told,
            "Die Bänder sind 95-%-Intervalle. Basis: 500 Befragte."
        );
        assert_eq!(left, ["Nobody knows why."]);
        let (told, left) = Language::default().paragraph("Nobody knows why.");
        assert_eq!((told.as_str(), left.len()), ("Nobody knows why.", 0));
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
        let told = portuguese.clone().with_words(own("points")).unwrap();
        assert_eq!(told.text("points"), "pontos");
        let wrong = portuguese.with_words(own("pionts")).unwrap_err();
        assert!(wrong.contains("did you mean “points”"), "{wrong}");
    }
}
