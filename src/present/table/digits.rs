//! Numbers as they are printed: as many digits as their standard error bears.

use crate::frames::words::grouped;

/// Decimals that show two significant digits of a standard error: 0 for 53, 1 for 5.3, 2 for 0.53.
pub fn decimals(se: f64) -> usize {
    if !(se > 0.0 && se.is_finite()) {
        return 2;
    }
    let first = se.log10().floor();
    (1.0 - first).clamp(0.0, 8.0) as usize
}

/// Decimals in which an interval shows: `least`, and more where its bounds would print as one number, as those of the odds ratio
/// of a dollar of income do. What is narrower than a billionth of its bounds is rounding, and no interval.
pub fn decimals_of_interval(least: usize, bounds: Option<(f64, f64)>) -> usize {
    let Some((low, high)) = bounds else {
        return least;
    };
    let width = high - low;
    if !(width.is_finite() && width > 1e-9 * low.abs().max(high.abs())) {
        return least;
    }
    let shows = |digits: &usize| width * 10_f64.powi(*digits as i32) >= 2.0;
    (least..MOST_DECIMALS)
        .find(shows)
        .unwrap_or(MOST_DECIMALS.max(least))
}

/// More would not be read.
const MOST_DECIMALS: usize = 12;

/// "1,234.5": thousands apart, a true minus sign.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole = grouped(whole);
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

/// A share as a whole per cent, or with decimals: `-` for nobody, `*` for less than is shown. A half goes up, as in print.
pub fn percent(share: f64, decimals: usize) -> String {
    let printed = half_up(100.0 * share, decimals);
    match printed {
        _ if share == 0.0 => "-".to_owned(),
        0.0 if share > 0.0 => "*".to_owned(),
        printed => number(printed, decimals),
    }
}

/// A number with so many decimals, a half away from 0: 29 of 200 are 14.5 per cent on paper, and a hair less as floats.
pub fn half_up(value: f64, decimals: usize) -> f64 {
    let scale = 10_f64.powi(decimals as i32);
    value.signum() * (value.abs() * scale + NOISE).round() / scale
}

/// What is left under this, in units of the last digit, is noise of the arithmetic.
const NOISE: f64 = 1e-9;

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
        assert_eq!(number(5_000_758_869_993_230.0, 0), "5,000,758,869,993,230");
        assert_eq!(number(-1e18, 1), "−1,000,000,000,000,000,000.0");
        assert_eq!(range(-1.0, 2.0, 1), "−1.0 to 2.0");
    }

    #[test]
    fn an_interval_shows_in_its_digits() {
        let of = |low, high| decimals_of_interval(2, Some((low, high)));
        assert_eq!(of(0.4, 0.9), 2);
        assert_eq!(of(1.000_010, 1.000_022), 6);
        assert_eq!(of(1.0, 1.0 + 3e-8), 8);
        assert_eq!(
            [of(1.0, 1.0), of(f64::NAN, 1.0), of(0.0, f64::INFINITY)],
            [2; 3]
        );
        assert_eq!([of(5e9, 5e9 + 1e-6), of(0.0, 1e-300)], [2, 12]);
        assert_eq!(decimals_of_interval(3, None), 3);
        for power in 0..10 {
            let half = 10_f64.powi(-power);
            let (low, high) = (1.0 - half, 1.0 + 2.0 * half);
            let digits = of(low, high);
            assert_ne!(number(low, digits), number(high, digits), "{half}");
        }
    }

    #[test]
    fn shares_have_signs_for_nobody_and_few() {
        let texts = [0.0, 0.0049, 0.005, 0.124, 1.0].map(|share| percent(share, 0));
        assert_eq!(texts, ["-", "*", "1", "12", "100"]);
        assert_eq!(percent(0.0049, 1), "0.5");
        assert_eq!(percent(0.0004, 1), "*");
    }

    #[test]
    fn halves_go_up_whatever_the_count() {
        for n in 1..=1000_u32 {
            for count in 1..=n {
                for (decimals, scale) in [(0, 1), (1, 10), (2, 100)] {
                    // in whole numbers: floor(count/n in units of the last digit + 1/2)
                    let steps =
                        (200 * scale * u64::from(count) + u64::from(n)) / (2 * u64::from(n));
                    let expected = match steps {
                        0 => "*".to_owned(),
                        _ => format!("{}.{:0decimals$}", steps / scale, steps % scale),
                    };
                    let expected = expected.trim_end_matches(if decimals == 0 { ".0" } else { "" });
                    let printed = percent(f64::from(count) / f64::from(n), decimals);
                    assert_eq!(printed, expected, "{count} of {n}, {decimals} decimals");
                }
            }
        }
        assert_eq!(percent(29.0 / 200.0, 0), "15");
        assert_eq!(percent(-29.0 / 200.0, 0), "−15");
    }
}
