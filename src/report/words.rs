//! Titles that say what the data say: made from the figures, so that they stay true when these change.

use crate::summary::Line;

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
    let said: Vec<String> = claims
        .filter(|(says, line)| !says.is_empty() && !line.cannot_hold())
        .map(|(says, line)| says.replace("{share}", &share_in_words(line.figure.percent.value)))
        .collect();
    let sentence = said.join("; ");
    let mut letters = sentence.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().collect::<String>() + letters.as_str())
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
