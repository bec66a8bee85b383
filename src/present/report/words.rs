//! Titles that say what the data say: made from the figures, so that they stay true when these change.

use crate::present::published::{Line, Spread};

const TENTHS: [&str; 11] = [
    "none",
    "one in ten",
    "two in ten",
    "three in ten",
    "four in ten",
    "half",
    "six in ten",
    "seven in ten",
    "eight in ten",
    "nine in ten",
    "all",
];

/// "nine in ten" for a share within two and a half points of it, else "62%".
pub fn share_in_words(percent: f64) -> String {
    let tenth = (percent / 10.0).round();
    let near = (percent - 10.0 * tenth).abs() <= 2.5;
    let words = TENTHS
        .get(tenth as usize)
        .filter(|_| near && (1.0..=9.0).contains(&tenth));
    words.map_or_else(|| format!("{percent}%"), |words| (*words).to_owned())
}

/// Claims that have a sentence for the headline, with their shares put in: "Nine in ten worry …; six in ten …".
pub fn headline<'a>(claims: impl Iterator<Item = (&'a str, &'a Line<'a>)>) -> Option<String> {
    let sentences: Vec<String> = claims
        .filter(|(says, line)| !says.is_empty() && !line.cannot_hold())
        .map(|(says, line)| says.replace("{share}", &share_in_words(line.figure.percent.value)))
        .collect();
    let sentence = sentences.join("; ");
    let mut letters = sentence.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().collect::<String>() + letters.as_str())
}

/// By how much a country's interval lies beyond those of all others in a panel: below, above.
fn gaps(spread: &Spread, name: &str) -> (f64, f64) {
    let own = spread
        .countries
        .iter()
        .find(|(country, ..)| country == name);
    let others = || {
        spread
            .countries
            .iter()
            .filter(|(country, ..)| country != name)
    };
    match own {
        Some((_, low, high)) if others().count() > 1 => {
            let least = others()
                .map(|(_, low, _)| *low)
                .fold(f64::INFINITY, f64::min);
            let most = others()
                .map(|(.., high)| *high)
                .fold(f64::NEG_INFINITY, f64::max);
            ((least - high).max(0.0), (low - most).max(0.0))
        }
        _ => (0.0, 0.0),
    }
}

/// "Singapore stands apart: lowest on “…”, highest on “…”": the country whose intervals lie farthest
/// beyond those of all others, with the panels in which they do so most; `None` where none does.
pub fn standing_apart(spreads: &[Spread]) -> Option<String> {
    let names = spreads
        .iter()
        .flat_map(|spread| spread.countries.iter().map(|(name, ..)| name.as_str()));
    let total = |name: &str| -> f64 {
        let both = spreads.iter().map(|spread| gaps(spread, name));
        both.map(|(below, above)| below + above).sum()
    };
    let name = names
        .max_by(|a, b| total(a).total_cmp(&total(b)))
        .filter(|name| total(name) > 0.0)?;
    let widest = |side: fn((f64, f64)) -> f64| {
        let gap = |spread: &&Spread| side(gaps(spread, name));
        let spread = spreads.iter().max_by(|a, b| gap(a).total_cmp(&gap(b)));
        spread
            .filter(|spread| gap(spread) > 0.0)
            .map(|spread| spread.head.as_str())
    };
    let extremes: Vec<String> = [
        ("lowest on", widest(|gap| gap.0)),
        ("highest on", widest(|gap| gap.1)),
    ]
    .into_iter()
    .filter_map(|(how, head)| Some(format!("{how} “{}”", head?)))
    .collect();
    Some(format!("{name} stands apart: {}", extremes.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::share_in_words;

    #[test]
    fn shares_near_a_tenth_are_said_in_words() {
        assert_eq!(share_in_words(90.0), "nine in ten");
        assert_eq!(share_in_words(62.0), "six in ten");
        assert_eq!(share_in_words(50.0), "half");
        assert_eq!(share_in_words(66.0), "66%");
        assert_eq!(share_in_words(99.0), "99%");
        assert_eq!(share_in_words(0.4), "0.4%");
    }
}
