//! Words by which an answer says that it is none, or none of those offered: don’t know, refused, no answer, other, none.
//!
//! One list for everything that looks at the words of answers: such answers come last in tables and charts, `describe` marks
//! their codes, and a mean that holds them as numbers says so. English, German, French, Spanish, Italian, Portuguese, Dutch,
//! Polish, Swedish and Czech.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What an answer says instead of answering, in the order in which these stand behind all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NonAnswer {
    /// Something that was not offered.
    Other,
    /// None of what was offered.
    None,
    DontKnow,
    Refused,
    /// Nothing was said, or nothing was asked.
    NoAnswer,
}

/// An answer of more words than this says more than that it is none.
const MOST_WORDS: usize = 8;

/// Phrases of a kind: one of them as a run of words within the answer is enough.
#[rustfmt::skip]
const WITHIN: [(NonAnswer, &[&str]); 4] = [
    (
        NonAnswer::DontKnow,
        &[
            "don't know", "dont know", "do not know", "doesn't know", "didn't know", "dk", "d k", "unsure", "not sure",
            "can't say", "cannot say", "can't choose", "undecided", "no opinion", "haven't heard enough", "hard to say",
            "weiß nicht", "weiss nicht", "weiß ich nicht", "unentschieden", "keine meinung", "kann ich nicht sagen",
            "ne sait pas", "ne sais pas", "nsp", "sans opinion", "sans avis",
            "no sabe", "no sé", "ns nc", "sin opinión", "no sabría",
            "non so", "non sa", "nessuna opinione", "indeciso", "indecisi",
            "não sabe", "não sei", "nao sabe", "nao sei", "ns nr", "sem opinião",
            "weet niet", "weet ik niet", "weet het niet", "geen mening",
            "nie wiem", "trudno powiedzieć", "nie mam zdania",
            "vet ej", "vet inte", "ingen åsikt", "ingen uppfattning",
            "neví", "nevím", "neumím říci", "nedokážu posoudit",
        ],
    ),
    (
        NonAnswer::Refused,
        &[
            "refused", "refusal", "refuse to answer", "refuses", "prefer not to say", "prefer not to answer", "rather not say",
            "declined to answer",
            "verweigert", "verweigerung", "antwort verweigert", "will nicht sagen",
            "refus", "refuse de répondre", "refusé",
            "rehúsa", "rehusa", "se niega",
            "rifiuta", "rifiuto", "preferisce non rispondere",
            "recusa", "recusou", "prefere não responder",
            "weigert", "geweigerd", "wil niet zeggen", "wil ik niet zeggen",
            "odmowa", "odmowa odpowiedzi",
            "vill ej svara", "vill inte svara", "vägrar",
            "odmítl", "odmítla", "odmítá odpovědět",
        ],
    ),
    (
        NonAnswer::NoAnswer,
        &[
            "no answer", "no response", "not answered", "not stated", "not asked", "not applicable", "inapplicable",
            "not ascertained", "item nonresponse", "n a",
            "keine angabe", "k a", "nicht erhoben", "trifft nicht zu", "entfällt",
            "sans réponse", "pas de réponse", "non réponse", "ne répond pas", "sans objet",
            "no contesta", "no responde", "sin respuesta", "no procede",
            "non risponde", "nessuna risposta", "non indicato",
            "não responde", "nao responde", "sem resposta", "não se aplica",
            "geen antwoord", "niet van toepassing", "niet ingevuld",
            "brak odpowiedzi", "nie dotyczy", "brak danych",
            "inget svar", "ej svar", "uppgift saknas", "ej aktuellt",
            "bez odpovědi", "neodpověděl", "neuvedeno", "netýká se",
        ],
    ),
    (
        NonAnswer::None,
        &[
            "none of these", "none of the above", "none of them", "neither of these",
            "nichts davon", "keine davon", "keiner davon", "keines davon", "keine der genannten",
            "aucun de ces", "aucune de ces", "aucun d'entre eux",
            "ninguno de estos", "ninguna de estas", "ninguno de los anteriores",
            "nessuno di questi", "nessuna di queste",
            "nenhum destes", "nenhuma destas", "nenhum dos anteriores",
            "geen van deze", "geen van bovenstaande",
            "żadne z powyższych", "żaden z powyższych", "żadna z powyższych",
            "inget av dessa", "inget av ovanstående", "ingen av dessa",
            "žádný z uvedených", "žádná z uvedených", "nic z uvedeného",
        ],
    ),
];

/// Words that an answer begins with, a remark behind them: “Other (please specify)”.
#[rustfmt::skip]
const OTHER: [&str; 36] = [
    "other", "others", "another", "something else", "someone else", "sonstige", "sonstiges", "andere", "anderes",
    "anderer", "autre", "autres", "otro", "otra", "otros", "otras", "altro", "altra", "altri", "outro", "outra",
    "outros", "anders", "iets anders", "inne", "inny", "inna", "annat", "annan", "andra", "övriga", "övrigt", "jiné",
    "jiný", "jiná", "ostatní",
];

/// An answer of more words than this is not “other” with a remark.
const MOST_WORDS_OF_OTHER: usize = 4;

/// Words that are the whole answer: within others they mean something else, as in “None at all” of a scale.
#[rustfmt::skip]
const WHOLE: [(NonAnswer, &[&str]); 4] = [
    (
        NonAnswer::None,
        &[
            "none", "nothing", "keine", "keiner", "nichts", "aucun", "aucune", "rien", "ninguno", "ninguna", "nada",
            "nessuno", "nessuna", "niente", "nenhum", "nenhuma", "geen", "żaden", "żadna", "żadne", "ingen", "inget", "inga",
            "žádný", "žádná", "žádné",
        ],
    ),
    (NonAnswer::DontKnow, &["ns"]),
    (NonAnswer::Refused, &["refuse", "declined"]),
    (NonAnswer::NoAnswer, &["missing", "nr"]),
];

/// What an answer says instead of answering; `None` where it is one of the answers.
///
/// ```
/// use opine::internals::frames::non_answers::{NonAnswer, non_answer};
///
/// assert_eq!(non_answer("Don’t know/Refused"), Some(NonAnswer::DontKnow));
/// assert_eq!(non_answer("Keine Angabe"), Some(NonAnswer::NoAnswer));
/// assert_eq!(non_answer("Other (please specify)"), Some(NonAnswer::Other));
/// assert_eq!(non_answer("None of these"), Some(NonAnswer::None));
/// assert_eq!(non_answer("Somewhat worried"), None);
/// ```
pub fn non_answer(answer: &str) -> Option<NonAnswer> {
    let words = plain(answer);
    let ends = word_ends(&words);
    if ends.len() > MOST_WORDS {
        return None;
    }
    let within = runs(&words, &ends)
        .filter_map(|run| PHRASES.get(run))
        .min_by_key(|(order, _)| *order);
    let whole = || {
        WHOLE
            .iter()
            .find(|(_, phrases)| phrases.contains(&words.as_str()))
            .map(|(kind, _)| *kind)
    };
    let other = || {
        let mut beginnings = ends.iter().map(|end| &words[..*end]);
        ends.len() <= MOST_WORDS_OF_OTHER && beginnings.any(|words| OTHER.contains(&words))
    };
    within
        .map(|(_, kind)| *kind)
        .or_else(whole)
        .or_else(|| other().then_some(NonAnswer::Other))
}

/// The phrases of [`WITHIN`] with the place of their kind in it: where an answer holds several, the first kind counts. A
/// trend asks of every answer of every poll, a file of every label.
static PHRASES: LazyLock<HashMap<&str, (usize, NonAnswer)>> = LazyLock::new(|| {
    // backwards: of a phrase that stands in two kinds the first is kept
    let kinds = WITHIN.iter().enumerate().rev();
    kinds
        .flat_map(|(order, (kind, phrases))| {
            phrases.iter().map(move |phrase| (*phrase, (order, *kind)))
        })
        .collect()
});

/// Where each word of a plain text ends.
fn word_ends(words: &str) -> Vec<usize> {
    let spaces = words.match_indices(' ').map(|(at, _)| at);
    spaces.chain([words.len()]).collect()
}

/// Every run of words within a plain text.
fn runs<'w>(words: &'w str, ends: &'w [usize]) -> impl Iterator<Item = &'w str> {
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    starts
        .take(ends.len())
        .enumerate()
        .flat_map(move |(first, start)| ends[first..].iter().map(move |end| &words[start..*end]))
}

/// Whether it says that there is no answer: don’t know, refused, no answer. Other and none are answers.
pub fn is_non_answer(answer: &str) -> bool {
    non_answer(answer).is_some_and(|kind| kind >= NonAnswer::DontKnow)
}

/// Small letters and single spaces, as ids and labels alike can be compared by.
pub fn plain(answer: &str) -> String {
    let letters = answer.to_lowercase().replace(['’', '‘'], "'");
    let words: Vec<&str> = letters
        .split(|c: char| c.is_whitespace() || "_/,;:.()[]-–—*!?\"“”".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}
