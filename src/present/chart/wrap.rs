//! Breaking a text into lines, by any measure of width.

use super::clean::is_joiner;

/// Room for rounding: a line that fills its measure to the last bit still fits.
const SLACK: f64 = 1e-9;

/// A piece that stays on one line, and whether a space parts it from the piece before.
struct Piece {
    text: String,
    width: f64,
    spaced: bool,
}

/// No line of a chart has more letters than this.
const MOST_LETTERS: usize = 1_000;

type Widths<'a> = &'a dyn Fn(&str) -> f64;

/// The fewest lines that fit, then the narrowest measure that keeps that number.
pub(super) fn balanced(text: &str, measure: f64, widths: Widths) -> Vec<String> {
    let pieces = pieces(text, measure, true, widths);
    let space = widths(" ");
    let fewest = break_lines(&pieces, measure, space).len();
    let mut enough = measure;
    // Were half the measure enough for several lines, two of them would go on one.
    let mut too_little = measure / 2.0 * f64::from(u8::from(fewest > 1));
    // Down to the 4,096th part of it: a pixel at most.
    for _ in 0..12 {
        let middle = (enough + too_little) / 2.0;
        let fits = pieces.iter().all(|piece| piece.width <= middle + SLACK);
        if fits && break_lines(&pieces, middle, space).len() == fewest {
            enough = middle;
        } else {
            too_little = middle;
        }
    }
    set(&pieces, break_lines(&pieces, enough, space))
}

/// Each line as full as it gets.
pub(super) fn filled(text: &str, measure: f64, widths: Widths) -> Vec<String> {
    let pieces = pieces(text, measure, false, widths);
    set(&pieces, break_lines(&pieces, measure, widths(" ")))
}

/// The ranges of pieces that go on one line each.
fn break_lines(pieces: &[Piece], measure: f64, space: f64) -> Vec<std::ops::Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut width = 0.0;
    for (index, piece) in pieces.iter().enumerate() {
        let gap = if piece.spaced { space } else { 0.0 };
        if index > start && width + gap + piece.width > measure + SLACK {
            lines.push(start..index);
            start = index;
            width = piece.width;
        } else if index > start {
            width += gap + piece.width;
        } else {
            width = piece.width;
        }
    }
    if start < pieces.len() {
        lines.push(start..pieces.len());
    }
    lines
}

fn set(pieces: &[Piece], lines: Vec<std::ops::Range<usize>>) -> Vec<String> {
    lines
        .into_iter()
        .map(|line| {
            let mut text = String::new();
            for piece in pieces.get(line).unwrap_or_default() {
                if piece.spaced && !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&piece.text);
            }
            text
        })
        .collect()
}

/// The pieces of a text: words, short ones tied to the next if `tied`, those too wide broken up.
fn pieces(text: &str, measure: f64, tied: bool, widths: Widths) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (index, part) in ideographs(word).into_iter().enumerate() {
            let spaced = index == 0;
            let tie = tied
                && spaced
                && pieces
                    .last()
                    .is_some_and(|last| last.spaced && is_short(&last.text));
            if let Some(short) = tie.then(|| pieces.last_mut()).flatten() {
                let text = format!("{} {part}", short.text);
                let width = widths(&text);
                if width <= measure {
                    *short = Piece {
                        text,
                        width,
                        spaced: true,
                    };
                    continue;
                }
            }
            push_word(&mut pieces, part, spaced, measure, widths);
        }
    }
    pieces
}

/// Whether a word is too short to stand at the end of a line.
fn is_short(word: &str) -> bool {
    let last = word.rsplit(' ').next().unwrap_or(word);
    last.chars().count() <= 2
        && last
            .chars()
            .all(|letter| letter.is_alphabetic() || letter == '…')
}

/// A word in parts between which a line may end without a hyphen: after each Chinese or Japanese sign.
fn ideographs(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (index, letter) in word.char_indices() {
        if before.is_some_and(is_ideograph) && !is_closing(letter) {
            parts.extend(word.get(start..index));
            start = index;
        }
        before = Some(letter);
    }
    parts.extend(word.get(start..));
    parts
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3001}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Signs that must not begin a line.
fn is_closing(letter: char) -> bool {
    letter.is_ascii_punctuation()
        || matches!(
            letter,
            '、' | '。'
                | '〉'
                | '》'
                | '」'
                | '』'
                | '】'
                | '）'
                | '，'
                | '！'
                | '？'
                | '：'
                | '；'
                | 'ー'
                | '’'
                | '”'
                | '…'
        )
}

/// A word as one piece, or in parts of about the same width if it is too wide.
fn push_word(pieces: &mut Vec<Piece>, word: &str, mut spaced: bool, measure: f64, widths: Widths) {
    let hyphen = widths("-");
    let mut rest = word;
    let mut width = widths(rest);
    while width > measure {
        let parts = (width / (measure - hyphen).max(hyphen)).ceil();
        let even = (width / parts + 2.0 * hyphen).min(measure);
        let Some((head, tail)) = break_word(rest, even, widths) else {
            break;
        };
        let text = with_hyphen(head);
        pieces.push(Piece {
            width: widths(&text),
            text,
            spaced,
        });
        spaced = false;
        // Advances add up, so the rest need not be measured again: a word may be very long.
        width -= widths(head);
        rest = tail;
    }
    pieces.push(Piece {
        text: rest.to_string(),
        width,
        spaced,
    });
}

/// The most of a word that fits with a hyphen after it, and the rest of it. A hyphen or slash that the
/// word has is the better place; between two signs that need no hyphen, none is put.
fn break_word<'w>(word: &'w str, measure: f64, widths: Widths) -> Option<(&'w str, &'w str)> {
    let breaks: Vec<usize> = word
        .char_indices()
        .map(|(at, _)| at)
        .skip(1)
        .take(MOST_LETTERS)
        .filter(|&at| can_part(word, at))
        .collect();
    let fitting = breaks.partition_point(|&at| {
        word.get(..at)
            .is_some_and(|head| widths(&with_hyphen(head)) <= measure)
    });
    let fitting = breaks.get(..fitting.max(1)).unwrap_or_default();
    let natural = fitting.iter().rev().take(12).find(|&&at| {
        word.get(..at)
            .is_some_and(|head| head.ends_with(['-', '/', '–', '—', '_']))
    });
    // Two letters alone on the next line read badly.
    let tail_of_two = |at: &&usize| {
        word.get(**at..)
            .is_some_and(|tail| tail.chars().nth(2).is_none())
    };
    let syllable = || {
        let near = fitting.iter().rev().take(NEAR_THE_END);
        near.filter(|at| !tail_of_two(at))
            .find(|at| begins_syllable(word, **at))
    };
    let at = *natural
        .or_else(syllable)
        .or_else(|| fitting.iter().rev().find(|at| !tail_of_two(at)))
        .or(fitting.last())?;
    word.split_at_checked(at)
}

/// A syllable is looked for among so many of the last places that fit.
const NEAR_THE_END: usize = 8;

/// Whether a syllable begins here, as most languages of the Latin, Greek and Cyrillic letters have it: with the last consonant
/// before a vowel. Letters that are one sound stay together.
fn begins_syllable(word: &str, at: usize) -> bool {
    const ONE_SOUND: [&str; 7] = ["tsch", "sch", "ch", "ck", "ph", "qu", "th"];
    let (head, tail) = word.split_at(at);
    let (head, tail) = (head.to_lowercase(), tail.to_lowercase());
    let sound = ONE_SOUND.iter().find_map(|sound| tail.strip_prefix(sound));
    let Some(rest) = sound.or_else(|| tail.strip_prefix(|first| !is_vowel(first))) else {
        return false;
    };
    let is_torn = ONE_SOUND.iter().any(|sound| {
        let cuts = sound
            .char_indices()
            .skip(1)
            .map(|(cut, _)| sound.split_at(cut));
        cuts.into_iter()
            .any(|(one, other)| head.ends_with(one) && tail.starts_with(other))
    });
    rest.starts_with(is_vowel) && head.contains(is_vowel) && !is_torn
}

fn is_vowel(letter: char) -> bool {
    "aeiouyäöüàáâãåæèéêëìíîïòóôõøùúûýœαεηιουωάέήίόύώаеёиоуыэюяіїє".contains(letter)
}

fn with_hyphen(head: &str) -> String {
    let bare = head.ends_with(|last: char| !last.is_alphabetic() || is_ideograph(last));
    if bare {
        head.to_string()
    } else {
        format!("{head}-")
    }
}

/// Whether a word may be parted here: not before a mark that sits on the letter before it.
fn can_part(word: &str, at: usize) -> bool {
    let rest = word.get(at..).and_then(|rest| rest.chars().next());
    rest.is_some_and(|letter| !is_joiner(letter) && !is_combining(letter))
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{903}' | '\u{93A}'..='\u{94F}' | '\u{E31}' | '\u{E34}'..='\u{E3A}'
        | '\u{E47}'..='\u{E4E}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A measure in letters.
    fn lines(text: &str, letters: f64) -> Vec<String> {
        balanced(text, letters, &|text| text.chars().count() as f64)
    }

    #[test]
    fn long_words_are_parted_where_a_syllable_begins() {
        let word =
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
        assert_eq!(
            lines(word, 30.0),
            [
                "Donaudampfschifffahrtselekt-",
                "rizitätenhauptbetriebswerk-",
                "bauunterbeamtengesellschaft"
            ]
        );
        assert_eq!(lines("Gesellschaft", 9.0), ["Gesell-", "schaft"]);
        assert_eq!(
            lines("Verwaltungsgerichtsordnung", 20.0),
            ["Verwaltungsge-", "richtsordnung"]
        );
        // where there is no syllable, anywhere
        assert_eq!(lines("BBBBBBBBBBBB", 8.0), ["BBBBBBB-", "BBBBB"]);
    }
}
