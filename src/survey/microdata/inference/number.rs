//! What an entry of text must look like to count as a number.

use crate::tabular::Decimal;

/// The number that an entry writes; `None` where it is text.
///
/// A number is finite and written with digits, a point and an exponent as in `-3.5` or `1e5`. Two kinds of digit strings
/// are text, so that nothing of them is lost: those with leading zeros (`007`) and whole ones of more than 15 digits, which
/// a double cannot tell apart. `nan` and `inf` are text. The number is the double nearest to what is written.
pub(crate) fn number(entry: &[u8]) -> Option<f64> {
    let (negative, digits) = match entry {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, entry),
    };
    let whole = leading_digits(digits);
    if whole > 1 && digits.first() == Some(&b'0') {
        return None;
    }
    if whole < digits.len() {
        return with_point(entry, negative, digits, whole);
    }
    if whole == 0 || whole > 15 {
        return None;
    }
    Some(signed(negative, mantissa(digits) as f64))
}

/// Whether it is text for its length alone: a whole number of more than 15 digits.
pub(crate) fn is_long(entry: &[u8]) -> bool {
    let digits = match entry {
        [b'-' | b'+', rest @ ..] => rest,
        _ => entry,
    };
    digits.len() > 15 && digits.first() != Some(&b'0') && leading_digits(digits) == digits.len()
}

/// The number that an entry writes with that decimal mark, and with the other one between thousands if at all: `1.234,5`
/// and `1234,5` with commas, `1,234.5` with points.
pub(crate) fn grouped(entry: &[u8], decimal: Decimal) -> Option<f64> {
    /// No number that a person writes is longer.
    const LONGEST: usize = 40;
    let (mark, between) = match decimal {
        Decimal::Point => (b'.', b','),
        Decimal::Comma => (b',', b'.'),
    };
    if entry.len() > LONGEST {
        return None;
    }
    let at = entry.iter().position(|byte| *byte == mark);
    let (whole, fraction) = entry.split_at(at.unwrap_or(entry.len()));
    if fraction.contains(&between) || !is_grouped(whole, between) {
        return None;
    }
    let mut plain = [0; LONGEST];
    let digits = whole.iter().filter(|byte| **byte != between);
    let rest = fraction
        .iter()
        .map(|byte| if *byte == mark { &b'.' } else { byte });
    let mut length = 0;
    for (to, from) in plain.iter_mut().zip(digits.chain(rest)) {
        *to = *from;
        length += 1;
    }
    number(plain.get(..length)?)
}

/// Whether groups of three digits follow on the first sign, or there is none.
fn is_grouped(whole: &[u8], between: u8) -> bool {
    let mut groups = whole.split(|byte| *byte == between);
    let first = groups.next().unwrap_or_default();
    let first = first
        .strip_prefix(b"-")
        .or(first.strip_prefix(b"+"))
        .unwrap_or(first);
    let mut any = false;
    let rest = groups.all(|group| {
        any = true;
        group.len() == 3 && group.iter().all(u8::is_ascii_digit)
    });
    let head = (1..=3).contains(&first.len()) && first.first() != Some(&b'0');
    rest && (!any || (head && first.iter().all(u8::is_ascii_digit)))
}

/// Without the blanks around it.
pub(crate) fn trimmed(entry: &[u8]) -> &[u8] {
    match entry {
        [] => entry,
        [first, .., last] if *first > b' ' && *last > b' ' => entry,
        _ => entry.trim_ascii(),
    }
}

fn leading_digits(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// The digits as a whole number; everything else is passed over. At most 19 digits.
fn mantissa(digits: &[u8]) -> u64 {
    digits
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
}

/// Zero has no sign here: the levels 0 and -0 are one.
fn signed(negative: bool, size: f64) -> f64 {
    match negative {
        true => 0.0 - size,
        false => size,
    }
}

const TENS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

fn with_point(entry: &[u8], negative: bool, digits: &[u8], whole: usize) -> Option<f64> {
    let after = &digits[whole..];
    let (decimals, exponent) = match after {
        [b'.', rest @ ..] => {
            let decimals = leading_digits(rest);
            (decimals, &rest[decimals..])
        }
        _ => (0, after),
    };
    if whole + decimals == 0 {
        return None;
    }
    if exponent.is_empty() && whole + decimals <= 15 {
        // both parts are exact in a double, so the one division rounds as it should
        let size = mantissa(digits) as f64 / TENS.get(decimals)?;
        return Some(signed(negative, size));
    }
    if !exponent.is_empty() && !is_exponent(exponent) {
        return None;
    }
    let parsed: f64 = std::str::from_utf8(entry).ok()?.parse().ok()?;
    Some(parsed + 0.0).filter(|number| number.is_finite())
}

fn is_exponent(bytes: &[u8]) -> bool {
    let digits = match bytes {
        [b'e' | b'E', b'-' | b'+', digits @ ..] | [b'e' | b'E', digits @ ..] => digits,
        _ => return false,
    };
    !digits.is_empty() && leading_digits(digits) == digits.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts() {
        let numbers = [
            ("0", 0.0),
            ("-0", 0.0),
            ("+7", 7.0),
            ("12", 12.0),
            ("-3.5", -3.5),
            ("1e5", 1e5),
            ("1E-5", 1e-5),
            (".5", 0.5),
            ("5.", 5.0),
            ("0.1", 0.1),
            ("123456789012345", 123_456_789_012_345.0),
            ("0.30000000000000004", 0.300_000_000_000_000_04),
            ("1234567890123456789.5", 1_234_567_890_123_456_789.5),
        ];
        for (text, value) in numbers {
            assert_eq!(number(text.as_bytes()), Some(value), "{text}");
        }
        let texts = [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "007",
            "-007",
            "00.5",
            "nan",
            "inf",
            "1e999",
            "1,5",
            "0x10",
            "1 2",
            "1234567890123456",
            "½",
            "1.2.3",
            "--1",
        ];
        for text in texts {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn marks_and_thousands() {
        let read = |text: &str| {
            [Decimal::Point, Decimal::Comma].map(|decimal| grouped(text.as_bytes(), decimal))
        };
        for (text, point, comma) in [
            ("1,004", Some(1004.0), Some(1.004)),
            ("1.004", Some(1.004), Some(1004.0)),
            ("0,95", None, Some(0.95)),
            ("-1.234.567,5", None, Some(-1_234_567.5)),
            ("1,234,567.5", Some(1_234_567.5), None),
            ("12", Some(12.0), Some(12.0)),
            ("0,123", None, Some(0.123)),
            ("1,2,3", None, None),
            ("1,23.5", None, None),
            (",5", None, Some(0.5)),
            ("007", None, None),
            ("a,b", None, None),
            (",", None, None),
        ] {
            assert_eq!(read(text), [point, comma], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn short_decimals_round_as_the_standard_library(whole in 0u64..1_000_000_000, decimals in "[0-9]{0,9}") {
            let text = format!("-{whole}.{decimals}");
            let expected: f64 = text.parse().map_err(|_| proptest::test_runner::TestCaseError::fail("parse"))?;
            proptest::prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some((expected + 0.0).to_bits()));
        }

        #[test]
        fn doubles_written_out_come_back(value in proptest::num::f64::NORMAL) {
            let text = format!("{value:e}");
            proptest::prop_assert_eq!(number(text.as_bytes()), Some(value));
        }
    }
}
