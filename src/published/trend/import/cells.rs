//! Cells of published tables: per cents, respondents, periods, populations, with the traps of each.

use crate::tabular::{DateOrder, dates};

/// What stands where nothing is known.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "" | "-"
            | "–"
            | "—"
            | "na"
            | "n/a"
            | "nan"
            | "null"
            | "?"
            | "not available"
            | "not asked"
            | "unknown"
            | "*"
            | "--"
    )
}

/// A cell without its footnotes: `YouGov[12]`, `41%[a]`.
pub(super) fn without_notes(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for letter in text.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            letter if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ")
}

/// A per cent: `41`, `41%`, `38,5 %`, `41.0`; `None` where it is none.
pub(super) fn percent(text: &str) -> Option<f64> {
    let digits: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '%')
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect();
    let number: f64 = digits.parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number)
}

/// Respondents: `1,234`, `1.008`, `T • 1.008`, `≈2000`; `None` where there are none.
pub(super) fn respondents(text: &str) -> Option<f64> {
    let number = text.rsplit(['•', '·', '~', '≈', '/']).next()?;
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let others = number
        .chars()
        .filter(|letter| !letter.is_ascii_digit() && !letter.is_whitespace());
    // a point between thousands, and one before decimals: `1.008`, `612.5`
    let decimals = number.rsplit_once('.').map(|(_, after)| after.trim().len());
    if decimals.is_some_and(|count| count != 3) {
        return number.trim().parse().ok().filter(|n: &f64| *n > 0.0);
    }
    if others
        .clone()
        .any(|letter| !matches!(letter, '.' | ',' | '\'' | '’'))
    {
        return None;
    }
    digits.parse().ok().filter(|n: &f64| *n > 0.0)
}

/// A day as ISO, in an order of day and month where that is open.
pub(super) fn iso(text: &str, order: DateOrder) -> Option<String> {
    let read = dates([text.trim()], Some(order)).ok()?;
    let date = read.into_iter().next()??;
    let (year, month, day) = date.begins();
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// What stands before and behind the dash of a period; all of it twice where there is none.
pub(super) fn ends(text: &str) -> [String; 2] {
    let text = text.replace(['—', '−', '‑'], "–").replace(" - ", "–");
    let (from, to) = text.split_once('–').unwrap_or((&text, &text));
    [from.trim().to_owned(), to.trim().to_owned()]
}

/// First and last day of a period: `28 Feb – 3 Mar 2024`, `06.05.–14.05.` beside the day of publication, `3–5 May 2024`.
pub(super) fn period(
    text: &str,
    published: Option<&str>,
    order: DateOrder,
) -> Option<(String, String)> {
    let [from, to] = ends(text);
    let (from, to) = (from.as_str(), to.as_str());
    if from.ends_with('.') && from.matches('.').count() == 2 {
        let published = published?;
        let end = before(to, published, order)?;
        let start = before(from, &end, order)?;
        return Some((start, end));
    }
    let end = iso(to, order)?;
    let words: Vec<&str> = to.split_whitespace().collect();
    // what the first day leaves out stands in the last one
    let whole = match (from.split_whitespace().count(), words.as_slice()) {
        (1, [_, month, year]) if from.chars().all(|letter| letter.is_ascii_digit()) => {
            format!("{from} {month} {year}")
        }
        (2, [.., year]) => format!("{from} {year}"),
        _ => from.to_owned(),
    };
    let start = iso(&whole, order)?;
    // 28 December – 3 January 2024 began in the year before
    if start > end {
        let year: i32 = start.get(..4)?.parse().ok()?;
        return Some((format!("{:04}{}", year - 1, start.get(4..)?), end));
    }
    Some((start, end))
}

/// `06.05.` in the year in which it lies on or before a day.
fn before(text: &str, day: &str, order: DateOrder) -> Option<String> {
    let year: i32 = day.get(..4)?.parse().ok()?;
    let parts: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    let in_year = |year: i32| match parts.as_slice() {
        [first, second] => iso(&format!("{first}.{second}.{year}"), order),
        _ => None,
    };
    let here = in_year(year)?;
    match here.as_str() > day {
        true => in_year(year - 1),
        false => Some(here),
    }
}

/// `lv`, `rv`, `v`, `a` of the words for them; what else is said stays. `None` for a part of a sample: `Likely Voters - Democrat`.
pub(super) fn population(text: &str) -> Option<String> {
    let words = text.trim().to_lowercase();
    if [" - democrat", " - republican", " - independent"]
        .iter()
        .any(|end| words.contains(end))
    {
        return None;
    }
    let code = match words.as_str() {
        "likely voters" | "lv" => "lv",
        "registered voters" | "rv" => "rv",
        "voters" | "v" => "v",
        "adults" | "all adults" | "a" => "a",
        other => other,
    };
    Some(code.to_owned())
}
