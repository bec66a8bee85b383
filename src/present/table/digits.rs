//! Numbers as they are printed: as many digits as their standard error bears.

use crate::frames::words::thousands;

/// Decimals that show two significant digits of a standard error: 0 for 53, 1 for 5.3, 2 for 0.53.
pub fn decimals(se: f64) -> usize {
    if !(se > 0.0 && se.is_finite()) {
        return 2;
    }
    let first = se.log10().floor();
    (1.0 - first).clamp(0.0, 8.0) as usize
}

/// "1,234.5": thousands apart, a true minus sign.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole = match whole.parse::<f64>() {
        // longer ones are no longer whole numbers that a float keeps
        Ok(number) if whole.len() < 16 => thousands(number),
        _ => whole.to_owned(),
    };
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    match part {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

/// "+1.5", "−0.3", "0.0": a number with its sign.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    match value > 0.0 && !zero {
        true => format!("+{text}"),
        false => text,
    }
}

/// "51.3–56.6"; with "to" where a bound is below zero.
pub fn range(low: f64, high: f64, decimals: usize) -> String {
    let (low, high) = (number(low, decimals), number(high, decimals));
    match low.starts_with('−') || high.starts_with('−') {
        true => format!("{low} to {high}"),
        false => format!("{low}–{high}"),
    }
}

/// A share as a whole per cent, or with decimals: `-` for nobody, `*` for less than is shown.
pub fn percent(share: f64, decimals: usize) -> String {
    let scale = 10_f64.powi(decimals as i32);
    match 100.0 * share {
        0.0 => "-".to_owned(),
        percent if percent > 0.0 && percent * scale < 0.5 => "*".to_owned(),
        // a half goes up, as in print
        percent => number((percent * scale).round() / scale, decimals),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_standard_error() {
        assert_eq!([53.0, 5.3, 0.53, 0.0053].map(decimals), [0, 1, 2, 4]);
        assert_eq!([0.0, f64::NAN, 1e-300].map(decimals), [2, 2, 8]);
        assert_eq!(number(1234.56, 1), "1,234.6");
        assert_eq!(number(-0.001, 2), "0.00");
        assert_eq!(number(-12.5, 1), "−12.5");
        assert_eq!(range(-1.0, 2.0, 1), "−1.0 to 2.0");
    }

    #[test]
    fn shares_have_signs_for_nobody_and_few() {
        let texts = [0.0, 0.0049, 0.005, 0.124, 1.0].map(|share| percent(share, 0));
        assert_eq!(texts, ["-", "*", "1", "12", "100"]);
        assert_eq!(percent(0.0049, 1), "0.5");
        assert_eq!(percent(0.0004, 1), "*");
    }
}
