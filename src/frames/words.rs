//! Words and numbers as people read them, and the name that was probably meant.

use std::borrow::Cow;

use strsim::{damerau_levenshtein, jaro_winkler};

/// Longer words than this are no misspelt ids, and would be slow to compare.
const LONGEST: usize = 64;

/// The candidate nearest to the word: within a third of its letters, without regard to case; of
/// equals, the one that begins most alike. To a word of two letters nothing is near but the same in
/// other case, and the only one that has a letter more between or behind them, as `sex` has to `sx`.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let most = if letters < 3 { 0 } else { letters.div_ceil(3) };
    if letters != 2 || !word.chars().all(char::is_alphabetic) {
        return nearest_within(word, candidates, most);
    }
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let same = nearest_within(word, candidates.iter().copied(), most);
    let mut with_one_more = candidates
        .into_iter()
        .filter(|candidate| is_without_a_letter(word, candidate));
    same.or_else(|| match (with_one_more.next(), with_one_more.next()) {
        (only, None) => only,
        _ => None,
    })
}

/// Whether a word of two letters is another of three but for a letter that is not the first.
fn is_without_a_letter(word: &str, other: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
    match (letters(word).as_slice(), letters(other).as_slice()) {
        ([first, last], [a, b, c]) => first == a && (last == b || last == c),
        _ => false,
    }
}

/// The candidate that is a slip of the pen away: one letter more, less, changed, or two swapped.
pub fn nearly<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let long_enough = word.chars().count() >= 4; // in short words one letter makes another word
    if long_enough {
        nearest_within(word, candidates, 1)
    } else {
        None
    }
}

fn nearest_within<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Option<&'a str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let mut best: Option<(usize, f64, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(word.len()) > 4 * most {
            continue; // a letter has four bytes at most
        }
        let lower = candidate.to_lowercase();
        let (away, alike) = (
            damerau_levenshtein(&word, &lower),
            jaro_winkler(&word, &lower),
        );
        let better = best.is_none_or(|(least, most_alike, earlier)| {
            let nearer = away.cmp(&least).then(most_alike.total_cmp(&alike));
            nearer.then(candidate.cmp(earlier)).is_lt()
        });
        if away <= most && better {
            best = Some((away, alike, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// The name that is spelled most like another one, in letters from the beginning on (Jaro-Winkler above 0.8): what is less alike
/// is another name rather than a slip.
pub fn most_alike<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // whole texts that stand where a name should are like no other
    let short = |name: &str| name.len() <= 6 * LONGEST;
    let name = Some(name).filter(|name| short(name))?.to_lowercase();
    known
        .into_iter()
        .filter(|known| short(known))
        .map(|known| (jaro_winkler(&name, &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

/// The text on one line, with what would steer a terminal shown and not sent: `\x1b` for an escape, `\u{202e}` for a mark
/// that turns the direction of writing. Line ends and tabs are blanks.
///
/// ```
/// use opine::internals::frames::words::printable;
///
/// assert_eq!(printable("\u{1b}[31mred\u{7}"), "\\x1b[31mred\\x07");
/// assert_eq!(printable("one\ntwo"), "one two");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    visible(text, |letter| letter.is_whitespace().then_some(' '))
}

/// The same text with no-break spaces within `p < 0.001` and `p 0.034`, which read as one word.
///
/// ```
/// use opine::internals::frames::words::unbroken;
///
/// assert_eq!(unbroken("386 df, p < 0.001)"), "386 df, p\u{a0}<\u{a0}0.001)");
/// assert_eq!(unbroken("p is small"), "p is small");
/// ```
pub fn unbroken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    let mut within = false;
    while let Some(word) = words.next() {
        out.push_str(word);
        let Some(next) = words.peek() else { break };
        let is_p = word.trim_start_matches(['(', '“']) == "p";
        within = is_p && next.starts_with(|letter: char| letter == '<' || letter.is_ascii_digit())
            || within && word == "<";
        out.push(if within { '\u{a0}' } else { ' ' });
    }
    out
}

/// The same of a text of several lines, which stay lines.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    visible(text, |letter| match letter {
        '\n' => Some('\n'),
        '\r' | '\t' => Some(' '),
        _ => None,
    })
}

fn visible(text: &str, blank: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match (steers(letter), blank(letter)) {
            (false, _) => out.push(letter),
            (true, Some(blank)) => out.push(blank),
            (true, None) if u32::from(letter) < 0x100 => {
                out += &format!("\\x{:02x}", u32::from(letter));
            }
            (true, None) => out += &format!("\\u{{{:04x}}}", u32::from(letter)),
        }
    }
    Cow::Owned(out)
}

/// Whether a character does something else than show: controls, line and paragraph separators, and embeddings, overrides
/// and isolates of the direction of writing, by which a text can show other than it is.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// "16,168": a count with its thousands apart.
pub fn thousands(n: f64) -> String {
    let out = grouped(&format!("{:.0}", n.abs()));
    if n < 0.0 { format!("−{out}") } else { out }
}

/// "12,345" from the digits of a whole number.
pub fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "a, b and c".
pub fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "No interval": with a capital at the head.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// "+15.2", "−3.0", "0.0": points with their sign.
pub fn signed_points(points: f64) -> String {
    match (10.0 * points).round() / 10.0 {
        0.0 => "0.0".to_owned(),
        above if above > 0.0 => format!("+{above:.1}"),
        below => format!("−{:.1}", below.abs()),
    }
}

/// "+33.6 to +38.4": the ends of a difference, given as shares (0..1), in points.
pub fn points_range(low: f64, high: f64) -> String {
    format!(
        "{} to {}",
        signed_points(100.0 * low),
        signed_points(100.0 * high)
    )
}

/// Each once, in the order in which they first occur.
pub fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

/// More names than this are not read in a message.
const MOST_NAMES: usize = 20;

/// "a, b, c"; of many the first, and how many there are: "a, b, …, t and 99,980 more".
pub fn first_of(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {} more", thousands(more as f64)),
    }
}

/// "a, b or c".
pub fn or(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        names => names.concat(),
    }
}
