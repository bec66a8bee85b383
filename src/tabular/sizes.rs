//! Sizes of samples that stand with a text: “Germany (n=1,004)”, “N = 1.010”, “(998)”.

use super::number::{Reading, reading_where};

/// A text without the size that stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sized {
    /// What is left of the text.
    pub rest: String,
    /// The size as it is written.
    pub size: String,
    /// Whether it is called n; else it is a number in brackets alone.
    pub is_named: bool,
}

/// Words before a size.
const NAMES: [&str; 6] = ["n", "base", "basis", "sample", "respondents", "befragte"];

/// The size at the end of a text; `None` where there is none.
pub(super) fn sized(text: &str) -> Option<Sized> {
    let text = text.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((rest, inside)) = text
            .strip_suffix(close)
            .and_then(|text| text.rsplit_once(open))
        {
            let (size, is_named) = match named(inside) {
                Some(("", size)) => (size, true),
                Some(_) => return None,
                None => (inside.trim(), false),
            };
            return whole(size).then(|| Sized {
                rest: rest.trim_end().to_owned(),
                size: size.to_owned(),
                is_named,
            });
        }
    }
    let (rest, size) = named(text)?;
    whole(size).then(|| Sized {
        rest: rest
            .trim_end_matches([',', ';', ':', ' ', '-', '–'])
            .to_owned(),
        size: size.to_owned(),
        is_named: true,
    })
}

/// “Germany, ” and “1,004” of “Germany, n = 1,004”.
fn named(text: &str) -> Option<(&str, &str)> {
    let (before, size) = text.rsplit_once(['=', ':'])?;
    let before = before.trim_end();
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric())
        .last()
        .map(|(at, _)| at)?;
    let (rest, word) = before.split_at_checked(start)?;
    let word = word.to_lowercase();
    NAMES
        .contains(&word.as_str())
        .then_some((rest.trim(), size.trim()))
}

fn whole(size: &str) -> bool {
    let count = |number: &super::number::Number| number.value >= 1.0 && number.value.fract() == 0.0;
    match reading_where(size, count) {
        Some(Reading::Clear(number) | Reading::Only(_, number)) => !number.percent,
        Some(Reading::Open { .. }) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_behind_texts() {
        for (text, rest, size, is_named) in [
            ("Germany (n=1,004)", "Germany", "1,004", true),
            ("Germany (N = 1004)", "Germany", "1004", true),
            ("Germany [n: 1.004]", "Germany", "1.004", true),
            ("Germany, n=1 004", "Germany", "1 004", true),
            ("Germany n=99", "Germany", "99", true),
            ("(n=1,004)", "", "1,004", true),
            ("N=998", "", "998", true),
            ("Base: 1004", "", "1004", true),
            ("Germany (1,004)", "Germany", "1,004", false),
            ("(998)", "", "998", false),
        ] {
            let expected = Sized {
                rest: rest.to_owned(),
                size: size.to_owned(),
                is_named,
            };
            assert_eq!(sized(text), Some(expected), "{text}");
        }
        for text in [
            "Germany",
            "1004",
            "Nation: 5",
            "Age (18-34)",
            "Trust (%)",
            "Base: all adults",
            "n=",
            "(n=12.5)",
            "=5",
            "(12%)",
        ] {
            assert_eq!(sized(text), None, "{text}");
        }
    }
}
