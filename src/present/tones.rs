//! What an answer says, by its words: where no store knows its id.

use crate::frames::non_answers::{is_non_answer, plain};

/// What sort of answer an answer is, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Strongly against; of a scale with two steps, against.
    StrongNegative,
    /// Somewhat against.
    WeakNegative,
    /// Neither, on a scale.
    Middle,
    /// Somewhat for.
    WeakPositive,
    /// Strongly for; of a scale with two steps, for.
    StrongPositive,
    /// One of several answers without an order, in this colour of the six.
    Category(u8),
    /// An answer that takes no side.
    Neutral,
    /// A step of a scale from little to much, from 0.
    Step {
        /// Which one.
        step: usize,
        /// Of how many.
        of: usize,
    },
    /// Don’t know, refused.
    DontKnow,
}

/// Which of the five steps of the ramp stands for one of so many: the ends are its ends.
pub fn ramp(step: usize, of: usize) -> u8 {
    let last = of.saturating_sub(1).max(1) as f64;
    (4.0 * step as f64 / last).round().clamp(0.0, 4.0) as u8
}

/// Between two sides. English, German, French and Spanish, as everything here.
#[rustfmt::skip]
const NEITHER: &[&str] = &[
    "neither", "neutral", "neutrally", "no difference", "weder", "teils teils", "ni", "indifférent", "indiferente",
];

#[rustfmt::skip]
const POSITIVE: &[&str] = &[
    "favourable", "favorable", "favour", "favor", "agree", "support", "approve", "satisfied", "positive", "good", "trust",
    "important", "likely", "confident", "better", "yes", "worried", "concerned",
    "stimme", "stimmt", "zustimmung", "einverstanden", "unterstütze", "befürworte", "zufrieden", "positiv", "gut", "vertraue",
    "vertrauen", "wichtig", "wahrscheinlich", "zuversichtlich", "besser", "ja", "besorgt", "dafür",
    "d'accord", "soutiens", "approuve", "satisfait", "satisfaite", "satisfaits", "positif", "bon", "bonne", "confiance",
    "importante", "probable", "confiant", "meilleur", "meilleure", "oui", "inquiet", "inquiète", "pour",
    "acuerdo", "apoyo", "apruebo", "aprueba", "satisfecho", "satisfecha", "positivo", "positiva", "bueno", "buena", "confianza",
    "mejor", "sí", "preocupado", "preocupada", "a favor",
];

#[rustfmt::skip]
const NEGATIVE: &[&str] = &[
    "unfavourable", "unfavorable", "oppose", "against", "disagree", "disapprove", "dissatisfied", "unsatisfied", "negative",
    "bad", "distrust", "unimportant", "unlikely", "worse", "poor",
    "lehne", "ablehnung", "unzufrieden", "negativ", "schlecht", "misstraue", "misstrauen", "unwichtig", "unwahrscheinlich",
    "schlechter", "nein", "dagegen",
    "défavorable", "désaccord", "oppose", "opposé", "opposée", "désapprouve", "insatisfait", "insatisfaite", "mécontent",
    "mécontente", "négatif", "négative", "mauvais", "mauvaise", "mal", "méfiance", "improbable", "pire", "non", "contre",
    "desfavorable", "desacuerdo", "rechazo", "rechaza", "desapruebo", "desaprueba", "insatisfecho", "insatisfecha",
    "negativo", "negativa", "malo", "mala", "desconfianza", "peor",
];

#[rustfmt::skip]
const WEAK: &[&str] = &[
    "somewhat", "mostly", "rather", "fairly", "tend", "slightly", "lean", "probably", "mildly", "eher", "etwas", "ziemlich",
    "plutôt", "assez", "un peu", "bastante", "algo", "más bien",
];

/// What turns a word of one side into the other.
#[rustfmt::skip]
const NEGATIONS: &[&str] = &["not", "no", "nicht", "kein", "wenig", "weniger", "kaum", "pas", "peu", "poco", "nada"];

/// What makes a negation weak: “not very worried” is between “somewhat” and “not at all”.
#[rustfmt::skip]
const WEAK_NEGATIONS: &[&str] = &[
    "very", "too", "so", "particularly", "sehr", "besonders", "wenig", "weniger", "kaum", "très", "peu", "muy", "demasiado",
    "poco",
];

/// The end of a side, where other answers of it are weaker.
#[rustfmt::skip]
const STRONG: &[&str] = &[
    "very", "strongly", "completely", "sehr", "voll", "völlig", "très", "tout à fait", "fortement", "entièrement", "muy",
    "totalmente", "completamente", "mucho", "absolut",
];

/// The same of a negation.
#[rustfmt::skip]
const STRONG_NEGATIONS: &[&str] =
    &["at all", "gar nicht", "überhaupt nicht", "pas du tout", "nada", "en absoluto", "para nada"];

/// Words of degree from nothing to most: the answers of a scale with one end at nothing.
#[rustfmt::skip]
const DEGREES: [&[&str]; 5] = [
    &[
        "not at all", "never", "none", "nothing", "no trust at all",
        "gar nicht", "gar kein", "gar keine", "überhaupt nicht", "nie", "niemals",
        "pas du tout", "jamais", "aucun", "aucune",
        "nada", "nunca", "ninguno", "ninguna",
    ],
    &[
        "hardly", "rarely", "seldom", "a little", "only a little", "very little", "slightly", "not much", "not very", "not too",
        "low", "small",
        "kaum", "selten", "wenig", "weniger", "nicht sehr", "nicht besonders", "eher nicht", "ein bisschen", "gering",
        "peu", "un peu", "rarement", "pas très", "pas beaucoup", "plutôt pas",
        "poco", "un poco", "rara vez", "raramente", "casi nunca", "no mucho", "no muy",
    ],
    &[
        "somewhat", "sometimes", "some", "moderately", "moderate", "a fair amount", "occasionally", "medium", "fairly",
        "etwas", "eher", "manchmal", "gelegentlich", "mäßig", "einigermaßen", "teilweise", "mittel",
        "plutôt", "parfois", "quelquefois", "moyennement", "modérément",
        "algo", "a veces", "regular", "moderadamente",
    ],
    &[
        "very", "often", "a lot", "much", "quite a lot", "high", "large", "usually", "mostly",
        "ziemlich", "oft", "häufig", "viel", "stark", "hoch", "groß", "meist", "meistens",
        "assez", "souvent", "beaucoup", "fort",
        "bastante", "a menudo", "frecuentemente", "mucho", "muchas veces",
    ],
    &[
        "extremely", "always", "a great deal", "completely", "very much", "very often", "very high", "very large",
        "sehr", "immer", "völlig", "äußerst", "voll und ganz", "außerordentlich",
        "très", "toujours", "tout à fait", "énormément", "extrêmement",
        "muy", "siempre", "muchísimo", "totalmente", "extremadamente",
    ],
];

/// Whether some words hold one of these phrases, as whole words.
fn has(words: &str, phrases: &[&str]) -> bool {
    let padded = format!(" {words} ");
    phrases
        .iter()
        .any(|phrase| padded.contains(&format!(" {phrase} ")))
}

/// How much an answer says, by the longest words of degree that it begins with.
fn degree(words: &str) -> Option<usize> {
    let begins = |phrase: &str| {
        words
            .strip_prefix(phrase)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let all = DEGREES.iter().enumerate();
    let all = all.flat_map(|(at, phrases)| phrases.iter().map(move |phrase| (at, phrase)));
    let found = all.filter(|(_, phrase)| begins(phrase));
    found
        .max_by_key(|(_, phrase)| phrase.len())
        .map(|(at, _)| at)
}

/// The steps of answers from little to much or from much to little, three at least; `None` where they are no such scale.
fn steps(words: &[String]) -> Option<Vec<usize>> {
    let answers = words.iter().filter(|words| !is_non_answer(words));
    let degrees: Option<Vec<usize>> = answers.map(|words| degree(words)).collect();
    let degrees = degrees.filter(|degrees| degrees.len() > 2)?;
    let up = degrees.is_sorted_by(|a, b| a < b);
    let down = degrees.is_sorted_by(|a, b| a > b);
    let last = degrees.len() - 1;
    match (up, down) {
        (true, _) => Some((0..=last).collect()),
        (_, true) => Some((0..=last).rev().collect()),
        _ => None,
    }
}

/// Which side an answer is on, and whether weakly; `None` where its words tell none.
fn side(words: &str) -> Option<(bool, bool)> {
    let negated = has(words, NEGATIONS);
    let weak = has(words, WEAK) || negated && has(words, WEAK_NEGATIONS);
    match (has(words, POSITIVE), has(words, NEGATIVE)) {
        (true, false) => Some((!negated, weak)),
        // “No, oppose” says it twice
        (false, true) if !negated || words.starts_with("no ") => Some((false, weak)),
        (false, false) if words == "no" => Some((false, weak)),
        _ => None,
    }
}

/// The tones of some answers: those of a scale with two sides or with degrees of one, if every substantive answer is on a side or
/// between; a ramp from little to much; else a colour each, and an own one for who takes no side. Don't know and refused are grey
/// wherever they stand.
pub fn tones(answers: &[&str]) -> Vec<Tone> {
    let words: Vec<String> = answers.iter().map(|answer| plain(answer)).collect();
    let between = |words: &str| has(words, NEITHER);
    let on_scale =
        |words: &&String| is_non_answer(words) || between(words) || side(words).is_some();
    let sides: Vec<bool> = words
        .iter()
        .filter(|words| !is_non_answer(words) && !between(words))
        .filter_map(|words| Some(side(words)?.0))
        .collect();
    let degrees: Vec<bool> = words
        .iter()
        .filter(|words| !is_non_answer(words))
        .filter_map(|words| Some(side(words)?.1))
        .collect();
    // both sides, or both degrees of one: “very worried” and “somewhat worried”
    let both = |flags: &[bool]| flags.contains(&true) && flags.contains(&false);
    let scale = words.iter().all(|words| on_scale(&words)) && (both(&sides) || both(&degrees));
    // of "strongly agree, agree" the bare one is the weak one
    let strong_word = |words: &str| match has(words, NEGATIONS) {
        true => has(words, STRONG_NEGATIONS),
        false => has(words, STRONG),
    };
    let of_side = |positive: bool| {
        words
            .iter()
            .filter(move |words| side(words).is_some_and(|(is, _)| is == positive))
    };
    let graded = |positive: bool| {
        of_side(positive).any(|words| strong_word(words)) && of_side(positive).count() > 1
    };
    let mut ramp = match scale {
        true => None,
        false => steps(&words),
    }
    .map(Vec::into_iter);
    let of = words.iter().filter(|words| !is_non_answer(words)).count();
    let mut category = 0;
    words
        .iter()
        .map(|words| {
            if is_non_answer(words) {
                return Tone::DontKnow;
            }
            if let Some(step) = ramp.as_mut().and_then(Iterator::next) {
                return Tone::Step { step, of };
            }
            match side(words).filter(|_| scale) {
                _ if scale && between(words) => Tone::Middle,
                Some((positive, weak)) => {
                    let weak = weak || graded(positive) && !strong_word(words);
                    match (positive, weak) {
                        (true, false) => Tone::StrongPositive,
                        (true, true) => Tone::WeakPositive,
                        (false, true) => Tone::WeakNegative,
                        (false, false) => Tone::StrongNegative,
                    }
                }
                // among answers without an order: takes none of the sides that they are
                None if between(words) => Tone::Neutral,
                None => {
                    category += 1;
                    Tone::Category(category - 1)
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_told_from_other_answers() {
        use Tone::*;
        let scale = [
            "Very favourable",
            "somewhat_favourable",
            "Neither",
            "Somewhat unfavorable",
            "Very unfavourable",
            "Don’t know",
        ];
        assert_eq!(
            tones(&scale),
            [
                StrongPositive,
                WeakPositive,
                Middle,
                WeakNegative,
                StrongNegative,
                DontKnow
            ]
        );
        assert_eq!(
            tones(&["Strongly agree", "Agree", "Disagree"]),
            [StrongPositive, WeakPositive, StrongNegative]
        );
        assert_eq!(
            tones(&["Satisfied", "Not satisfied"]),
            [StrongPositive, StrongNegative]
        );
        assert_eq!(
            tones(&["Trade", "Climate", "DK/refused"]),
            [Category(0), Category(1), DontKnow]
        );
        assert_eq!(
            tones(&[
                "Very worried",
                "Somewhat worried",
                "Not very worried",
                "Not at all worried"
            ]),
            [StrongPositive, WeakPositive, WeakNegative, StrongNegative]
        );
        let four = [StrongPositive, WeakPositive, WeakNegative, StrongNegative];
        for scale in [
            [
                "Sehr besorgt",
                "Eher besorgt",
                "Weniger besorgt",
                "Gar nicht besorgt",
            ],
            [
                "Sehr zufrieden",
                "Eher zufrieden",
                "Eher unzufrieden",
                "Sehr unzufrieden",
            ],
            [
                "Stimme voll und ganz zu",
                "Stimme eher zu",
                "Stimme eher nicht zu",
                "Stimme überhaupt nicht zu",
            ],
            [
                "Tout à fait d’accord",
                "Plutôt d’accord",
                "Plutôt pas d’accord",
                "Pas du tout d’accord",
            ],
            [
                "Très inquiet",
                "Assez inquiet",
                "Peu inquiet",
                "Pas du tout inquiet",
            ],
            [
                "Muy satisfecho",
                "Bastante satisfecho",
                "Poco satisfecho",
                "Nada satisfecho",
            ],
            [
                "Totalmente de acuerdo",
                "Más bien de acuerdo",
                "Más bien en desacuerdo",
                "Totalmente en desacuerdo",
            ],
        ] {
            assert_eq!(tones(&scale), four, "{scale:?}");
        }
        assert_eq!(tones(&["Yes", "No"]), [StrongPositive, StrongNegative]);
        assert_eq!(
            tones(&["Ja", "Nein", "Weiß nicht"]),
            [StrongPositive, StrongNegative, DontKnow]
        );
        // one end at nothing: one ramp, whichever end is named first
        let step = |step| Step { step, of: 4 };
        assert_eq!(
            tones(&["Not at all", "A little", "Somewhat", "Very", "Don’t know"]),
            [step(0), step(1), step(2), step(3), DontKnow]
        );
        assert_eq!(
            tones(&["Very often", "Often", "Rarely", "Never"]),
            [step(3), step(2), step(1), step(0)]
        );
        for scale in [
            ["Sehr", "Ziemlich", "Wenig", "Gar nicht"],
            ["Beaucoup", "Parfois", "Rarement", "Jamais"],
            ["Mucho", "Algo", "Poco", "Nada"],
        ] {
            assert_eq!(
                tones(&scale),
                [step(3), step(2), step(1), step(0)],
                "{scale:?}"
            );
        }
        // out of order they are no scale
        assert_eq!(
            tones(&["Often", "Never", "Rarely"]),
            [Category(0), Category(1), Category(2)]
        );
        // one side alone is no scale, two degrees of it are one
        assert_eq!(tones(&["Important", "Other"]), [Category(0), Category(1)]);
        assert_eq!(tones(&["Agree", "Support"]), [Category(0), Category(1)]);
        assert_eq!(
            tones(&["Very worried", "Somewhat worried"]),
            [StrongPositive, WeakPositive]
        );
        // sides that are no scale, and who takes none
        assert_eq!(
            tones(&["Take the US’s side", "Remain neutral", "Take China’s side"]),
            [Category(0), Neutral, Category(1)]
        );
    }
}
