//! A printed per cent: its text, its value, and the interval it stands for.

use crate::published::figures::store::choice::Qualifier;
use std::fmt;

/// A number as it was printed. `52.0` says more than `52`: the text is kept, and with it the unit
/// of the last digit.
#[derive(Debug, Clone, PartialEq)]
pub struct Percent {
    /// As printed, for example `52.0`.
    pub text: String,
    /// The number itself, in per cent (a score, where the question is one).
    pub value: f64,
    /// The unit of the last printed digit: 1 for `52`, 0.1 for `52.0`.
    pub unit: f64,
}

/// Why a text is no printed number, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is no number")]
pub struct PercentError {
    /// The text that was refused.
    pub text: String,
    /// The text that would be right, where it can be told.
    pub fix: Option<String>,
}

/// More digits than this are no printed share, and would not survive the way through a float.
const MOST_DIGITS: usize = 15;

impl Percent {
    /// Reads digits with a decimal point and no sign but a leading minus (scores may be negative).
    ///
    /// # Errors
    /// [`PercentError`] for anything else, such as a decimal comma or a per cent sign.
    ///
    /// ```
    /// use opine::internals::published::figures::percent::Percent;
    /// let printed = Percent::parse("52.0").unwrap();
    /// assert_eq!((printed.value, printed.unit), (52.0, 0.1));
    /// assert_eq!(Percent::parse("52,0").unwrap_err().fix.as_deref(), Some("52.0"));
    /// ```
    pub fn parse(text: &str) -> Result<Percent, PercentError> {
        let refused = || PercentError {
            text: text.to_string(),
            fix: suggestion(text),
        };
        let decimals = decimals(text).ok_or_else(refused)?;
        let value = text.parse::<f64>().map_err(|_| refused())?;
        let unit = (0..decimals).fold(1.0, |unit: f64, _| unit * 10.0).recip();
        Ok(Percent {
            text: text.to_string(),
            value,
            unit,
        })
    }

    /// A percentage as a person types it, between 0 and 100, with a per cent sign or without.
    ///
    /// # Errors
    /// Says what is wrong with it, and what would be right where that can be told.
    pub fn typed(text: &str) -> Result<Percent, String> {
        let bare = text.strip_suffix('%').unwrap_or(text);
        let printed = Percent::parse(bare).map_err(|error| match error.fix {
            Some(fix) => format!("“{}” is no percentage, write {fix}", error.text),
            None => format!(
                "“{}” is no percentage: a percentage such as 63 or 62.5",
                error.text
            ),
        })?;
        match (0.0..=100.0).contains(&printed.value) {
            true => Ok(printed),
            false => Err(format!("“{text}” is not between 0 and 100")),
        }
    }

    /// The share of those who are left when some answers are left out: p/(1 − d), with one decimal, in points.
    ///
    /// What the print may stand for is widened to what its own rounding and that of the answers left out allow together.
    /// `None` where nobody would be left.
    pub fn of_the_rest(&self, left_out: &[&Percent]) -> Option<Percent> {
        let sum =
            |end: &dyn Fn(&Percent) -> f64| -> f64 { left_out.iter().map(|out| end(out)).sum() };
        let share = |p: f64, out: f64| 100.0 * p / (100.0 - out);
        let out = sum(&|out| out.value);
        let widest = sum(&|out| out.value + out.unit / 2.0);
        let least = sum(&|out| (out.value - out.unit / 2.0).max(0.0));
        if out >= 100.0 {
            return None;
        }
        let value = share(self.value, out).min(100.0);
        let low = share((self.value - self.unit / 2.0).max(0.0), least);
        let high = share(self.value + self.unit / 2.0, widest.min(99.999));
        Some(Percent {
            text: format!("{value:.1}"),
            value,
            unit: 2.0 * (high - value).max(value - low).max(0.0),
        })
    }

    /// The values in per cent that the printed one may stand for, cut to 0 to 100: with u the unit
    /// of the last digit, within u/2 if exact, within u if "about", and up to the end of the scale
    /// for a bound.
    pub fn stands_for(&self, qualifier: Qualifier) -> (f64, f64) {
        let (low, high) = self.on_scale(qualifier);
        (low.clamp(0.0, 100.0), high.clamp(0.0, 100.0))
    }

    /// The same on a scale that may have any ends: a mean score of −3 or 120 stands for what is around it. A bound has no other
    /// end.
    pub fn on_scale(&self, qualifier: Qualifier) -> (f64, f64) {
        match qualifier {
            Qualifier::Exact => (self.value - self.unit / 2.0, self.value + self.unit / 2.0),
            Qualifier::About => (self.value - self.unit, self.value + self.unit),
            Qualifier::AtLeast => (self.value, f64::INFINITY),
            Qualifier::AtMost => (f64::NEG_INFINITY, self.value),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How many digits follow the point, if the text is a plain decimal number.
fn decimals(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = whole.len() + fraction.len() <= MOST_DIGITS;
    (!whole.is_empty() && plain(whole) && plain(fraction) && fits).then_some(fraction.len())
}

/// The number that was probably meant: without signs and spaces, with a decimal point.
fn suggestion(text: &str) -> Option<String> {
    let bare: String = text
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '%' | '٪' | '+' | '~' | '≈' | '<' | '>' | '≤' | '≥')
        })
        .map(|c| match c {
            ',' | '٫' => '.',
            '−' => '-',
            other => other,
        })
        .collect();
    let bare = bare
        .strip_suffix("percent")
        .unwrap_or(&bare)
        .trim_end_matches('.');
    let bare = if bare.starts_with('.') {
        format!("0{bare}")
    } else {
        bare.to_string()
    };
    (bare != text && decimals(&bare).is_some()).then_some(bare)
}
