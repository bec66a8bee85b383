//! What an entry must look like to count as a number.

/// The number that an entry writes; `None` where it is text.
///
/// A number is finite and written with digits, a point and an exponent as in `-3.5` or `1e5`. Two kinds of digit strings
/// are text, so that nothing of them is lost: those with leading zeros (`007`) and whole ones of more than 15 digits, which
/// a double cannot tell apart. `nan` and `inf` are text. The number is the double nearest to what is written.
pub(super) fn number(entry: &[u8]) -> Option<f64> {
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

/// Without the blanks around it.
pub(super) fn trimmed(entry: &[u8]) -> &[u8] {
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
