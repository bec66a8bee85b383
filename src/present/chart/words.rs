//! The words that a chart adds by itself, in the language of its readers: of axes, columns, keys, bases and feet.
//!
//! English is what the code says; the other languages are looked up by it, whole phrases with places for numbers and names
//! (`{}`), so that a new sentence needs a line in [`PHRASES`] and nothing else. What has no line is English still: in a foot it
//! is left out of a chart in another language, and said.

use std::borrow::Cow;

use crate::frames::words::nearest;

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
        let known = || PHRASES.iter().map(|line| line[0]);
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
        let lines = PHRASES.iter();
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
        match self.phrase(text) {
            Some(own) => Cow::Owned(own),
            None if is_number(text) => Cow::Owned(self.numeral(text)),
            None => Cow::Borrowed(text),
        }
    }

    /// A paragraph of the foot, and the sentences that have no words here.
    pub(super) fn paragraph(&self, text: &str) -> (String, Vec<String>) {
        if self.is_english && self.own.is_empty() {
            return (text.to_owned(), Vec::new());
        }
        let (mut told, mut left) = (Vec::new(), Vec::new());
        for sentence in sentences(text) {
            match self.phrase(sentence) {
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
            let mut parts = own.split("{}");
            let mut told = parts.next()?.to_owned();
            for (value, part) in values.iter().zip(parts) {
                // a word in a place is a phrase itself: “95% of 3: base under 100”
                told += &self.phrase(value).unwrap_or_else(|| self.numeral(value));
                told += part;
            }
            Some(told)
        })
    }

    /// Numbers in a text as this language writes them.
    fn numeral(&self, text: &str) -> String {
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
    "±: {}",
    "eff. n: {}",
];

/// A paragraph as a short foot has it.
pub(super) fn shortened(paragraph: &str) -> String {
    let wanted = |sentence: &&str| {
        FULL_ONLY
            .iter()
            .all(|full| captured(full, sentence).is_none())
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
        // "eff. n" and "St. Louis" end no sentence
        let ends = after.starts_with(|letter: char| {
            letter.is_uppercase() || letter.is_ascii_digit() || letter == '±'
        });
        let is_short = before.rsplit(' ').next().is_some_and(|word| word.len() < 3);
        if ends && !is_short {
            sentences.extend(text.get(start..=at));
            start = at + 2;
        }
    }
    sentences.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    sentences
}

/// What stands in the places of a phrase, if a text is that phrase.
fn captured<'t>(phrase: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = phrase.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut values = Vec::new();
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        let at = match (last, part.is_empty()) {
            (true, true) => rest.len(),
            (true, false) => rest.strip_suffix(part)?.len(),
            (false, _) => rest.find(part)?,
        };
        let (value, after) = rest.split_at_checked(at)?;
        if value.is_empty() {
            return None;
        }
        values.push(value);
        rest = after.strip_prefix(part)?;
    }
    rest.is_empty().then_some(values)
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
        "{}% interval",
        "{}-%-Intervall",
        "intervalle à {}\u{A0}%",
        "intervalo del {}\u{A0}%",
    ],
    [
        "{}% band",
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
        "% not published",
        "% nicht veröffentlicht",
        "% non publiés",
        "% no publicado",
    ],
    [
        "{}% not published",
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
        "can’t hold with {}",
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
    ["All {}", "Alle {}", "Les {}", "Los {}"],
    ["Total", "Gesamt", "Ensemble", "Total"],
    ["Both", "Beide", "Les deux", "Ambos"],
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
        "{} of {}: {}.",
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
    ["{} to {}", "{} bis {}", "{} à {}", "{} a {}"],
    [" to {}", " bis {}", " à {}", " a {}"],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Language {
        Language::named("de", false).unwrap()
    }

    #[test]
    fn phrases_keep_their_places() {
        let places = |text: &str| text.matches("{}").count();
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
            shortened(
                "Base: 500 respondents. Weights and design: not stated in the file that was drawn."
            ),
            "Base: 500 respondents."
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
