//! Texts that look the same to a reader and are not the same to a computer.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Pairs of texts that differ by nothing that shows: by the form in which letters with marks are written (é as one character or
/// as two), by marks without width, by the kind of blank, by blanks at the ends. Each as it is to be shown, the difference
/// spelled out.
///
/// ```ignore
/// assert_eq!(look_alikes(["Yes", "Yes ", "No"]), [("Yes".into(), "Yes\\u{20}".into())]);
/// ```
pub fn look_alikes<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<(String, String)> {
    let mut groups: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    // a text that shows all that it holds looks like another one only where that does not
    let mut plain: Vec<&str> = Vec::new();
    for text in texts {
        match shows_all(text) {
            true => plain.push(text),
            false => drop(groups.entry(as_seen(text)).or_default().insert(text)),
        }
    }
    for text in plain {
        if let Some(same) = groups.get_mut(text) {
            same.insert(text);
        }
    }
    let mut pairs = Vec::new();
    for texts in groups.into_values() {
        let mut texts: Vec<&str> = texts.into_iter().collect();
        // the plainest first: it is what the others are taken for
        texts.sort_by_key(|text| (spelled_out(text).len(), *text));
        if let [first, others @ ..] = texts.as_slice() {
            let pair = |other: &&str| (spelled_out(first), spelled_out(other));
            pairs.extend(others.iter().map(pair));
        }
    }
    pairs
}

/// "q1: “Yes” and “Yes\u{20}” look alike and are counted apart".
pub fn look_alike_warnings<'t>(
    variable: &str,
    texts: impl IntoIterator<Item = &'t str>,
) -> Vec<String> {
    let pairs = look_alikes(texts).into_iter();
    pairs
        .map(|(one, other)| {
            format!("{variable}: “{one}” and “{other}” look alike and are counted apart")
        })
        .collect()
}

/// "“N\u{200b}o” looks like “No”", where one of the others looks like the text.
pub fn look_alike<'t>(text: &str, others: impl IntoIterator<Item = &'t str>) -> Option<String> {
    let seen = as_seen(text);
    let mut others = others.into_iter();
    let other = others.find(|other| *other != text && as_seen(other) == seen)?;
    let (text, other) = (spelled_out(text), spelled_out(other));
    Some(format!("“{text}” looks like “{other}”"))
}

/// Whether what is left of a text on paper is the text, as it is of most.
fn shows_all(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_blank = |at: usize| bytes.get(at).is_none_or(|byte| *byte == b' ');
    let ink = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    let blanks = (0..bytes.len()).filter(|at| bytes[*at] == b' ');
    match bytes.iter().copied().all(ink) {
        true => blanks.into_iter().all(|at| at > 0 && !is_blank(at + 1)),
        false => as_seen(text) == text,
    }
}

/// What is left of a text on paper.
fn as_seen(text: &str) -> String {
    let shown: String = text.nfc().filter(|letter| !is_unseen(*letter)).collect();
    shown.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Marks without width and ink.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The text with what does not show in it as escapes.
fn spelled_out(text: &str) -> String {
    let inner = text.trim_matches(' ');
    let start = text.len() - text.trim_start_matches(' ').len();
    let end = start + inner.len();
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let at_end = letter == ' ' && (before == ' ' || at < start || at >= end);
        let hidden = is_unseen(letter) || is_combining_mark(letter);
        match at_end || hidden || (letter.is_whitespace() && letter != ' ') {
            true => out += &format!("\\u{{{:x}}}", u32::from(letter)),
            false => out.push(letter),
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_spelled_out() {
        let pair = |one: &str, other: &str| vec![(one.to_owned(), other.to_owned())];
        assert_eq!(
            look_alikes(["Yes", "No", "Yes "]),
            pair("Yes", "Yes\\u{20}")
        );
        assert_eq!(
            look_alikes(["Zu\u{308}rich", "Zürich"]),
            pair("Zürich", "Zu\\u{308}rich")
        );
        assert_eq!(
            look_alikes(["Very\u{a0}good", "Very good"]),
            pair("Very good", "Very\\u{a0}good")
        );
        assert_eq!(
            look_alikes(["Very  good", "Very good"]),
            pair("Very good", "Very \\u{20}good")
        );
        assert_eq!(
            look_alikes(["\u{200b}Yes", "Yes"]),
            pair("Yes", "\\u{200b}Yes")
        );
        assert!(look_alikes(["Yes", "yes", "No", "Ja", "Jä", "क", "कि", ""]).is_empty());
    }

    #[test]
    fn a_text_that_shows_all_is_what_it_looks_like() {
        let texts = [
            "",
            " ",
            "a",
            " a",
            "a ",
            "a b",
            "a  b",
            "a\tb",
            "ä",
            "a\u{308}",
            "\u{feff}a",
            "\x7f",
        ];
        for text in texts {
            assert_eq!(shows_all(text), as_seen(text) == text, "{text:?}");
        }
    }
}
