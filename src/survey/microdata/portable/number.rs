//! Numbers with the base 30.

use crate::statistics::special::Sum;

/// Digits that are kept as they are; 30^26 is below 2^128.
const DIGITS: u32 = 25;

/// A number that is read digit by digit.
#[derive(Default)]
pub(super) struct Number {
    negative: bool,
    whole: u128,
    digits: u32,
    /// The power of 30 that the digits are to be multiplied by.
    power: i32,
    point: bool,
    any: bool,
}

/// What a letter stands for; 29 is `T`.
pub(super) fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'A'..=b'T' => Some(letter - b'A' + 10),
        _ => None,
    }
}

impl Number {
    pub(super) fn negate(&mut self) {
        self.negative = true;
    }

    /// False for a second point.
    pub(super) fn point(&mut self) -> bool {
        !std::mem::replace(&mut self.point, true)
    }

    pub(super) fn digit(&mut self, digit: u8) {
        self.any = true;
        let kept = self.digits < DIGITS;
        if kept {
            self.whole = self.whole * 30 + u128::from(digit);
            self.digits += u32::from(self.whole > 0);
        }
        match (self.point, kept) {
            (true, true) => self.power = self.power.saturating_sub(1),
            (false, false) => self.power = self.power.saturating_add(1),
            _ => {}
        }
    }

    pub(super) fn has_digits(&self) -> bool {
        self.any
    }

    /// The number times a power of 30, rounded once or nearly so.
    pub(super) fn value(&self, exponent: i32) -> f64 {
        // 30^500 is infinite as a float, and 25 digits times 30^-500 are 0
        let power = self.power.saturating_add(exponent).clamp(-500, 500);
        let size = scaled(self.whole, power);
        match self.negative {
            true => -size,
            false => size,
        }
    }
}

/// A whole number as two floats, exact.
fn exact(whole: u128) -> Sum {
    let high = whole as f64;
    // the float is next to the whole number, so that neither difference overflows
    let low = match high as u128 {
        near if near <= whole => (whole - near) as f64,
        near => -((near - whole) as f64),
    };
    Sum { high, low }
}

fn scaled(whole: u128, power: i32) -> f64 {
    let mut number = exact(whole);
    // in steps, so that nothing overflows on the way
    let mut left = power.unsigned_abs();
    while left > 0 && number.value() != 0.0 {
        let step = left.min(20);
        let factor = exact(30_u128.pow(step));
        number = match power > 0 {
            true => number * factor,
            false => number / factor,
        };
        if !number.value().is_finite() {
            return f64::INFINITY;
        }
        left -= step;
    }
    number.value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, exponent: i32) -> f64 {
        let mut number = Number::default();
        for letter in text.bytes() {
            match letter {
                b'-' => number.negate(),
                b'.' => assert!(number.point()),
                letter => number.digit(digit(letter).unwrap_or_default()),
            }
        }
        number.value(exponent)
    }

    #[test]
    fn known_numbers() {
        assert_eq!(read("13A", 0), 1000.0);
        assert_eq!(read("-39", 0), -99.0);
        assert_eq!(read("0.F", 0), 0.5);
        assert_eq!(read("1", 2), 900.0);
        assert_eq!(read("9", -1), 0.3);
        assert_eq!(read("0.A", 0), 1.0 / 3.0);
        // every further digit counts for the power alone
        assert_eq!(read(&"T".repeat(40), -40), 1.0);
        assert_eq!(read("1", 9999), f64::INFINITY);
        assert_eq!(read("1", -9999), 0.0);
    }
}
