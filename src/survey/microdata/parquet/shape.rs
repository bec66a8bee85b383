//! What a stored number or text stands for.

use super::fault::Fault;
use super::moment;
use crate::survey::microdata::{Kind, Value};

/// The largest number up to which every whole number is an `f64` exactly.
const EXACT: u64 = 1 << 53;
/// Powers of ten up to this one are exact as `f64`.
const EXACT_POWER: i32 = 22;

/// The meaning of a column's stored values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// 0 and 1: false and true.
    Truth,
    /// Whole or broken numbers as they are.
    Number,
    /// Bits of an unsigned number.
    Unsigned32,
    Unsigned64,
    /// Whole numbers to be divided by that power of ten.
    Decimal {
        scale: i32,
    },
    /// Days since 1970-01-01.
    Date,
    /// Parts of a second since 1970-01-01.
    Moment {
        per_second: i64,
    },
    /// Parts of a second since midnight.
    Clock {
        per_second: i64,
    },
    Text,
    /// 16 bytes written as hexadecimal digits.
    Uuid,
}

impl Shape {
    pub(crate) fn decimal(scale: i64) -> Result<Shape, String> {
        match i32::try_from(scale) {
            // no decimal of 256 bits has more digits
            Ok(scale @ 0..=76) => Ok(Shape::Decimal { scale }),
            _ => Err(format!("is a decimal of {scale} places")),
        }
    }

    pub(crate) fn kind(self) -> Kind {
        match self {
            Shape::Truth | Shape::Clock { .. } | Shape::Text | Shape::Uuid => Kind::Text,
            Shape::Number | Shape::Unsigned32 | Shape::Unsigned64 | Shape::Decimal { .. } => {
                Kind::Number
            }
            Shape::Date => Kind::Date,
            Shape::Moment { .. } => Kind::DateTime,
        }
    }

    /// Whether the numbers view comes from the stored numbers, without reading texts.
    pub(crate) fn is_numeric(self) -> bool {
        !matches!(self, Shape::Clock { .. } | Shape::Text | Shape::Uuid)
    }

    /// How many digits of a stored whole number stand behind the point; `None` of what is no number of digits.
    pub(crate) fn places(self) -> Option<i32> {
        match self {
            Shape::Number | Shape::Unsigned64 => Some(0),
            Shape::Decimal { scale } => Some(scale),
            _ => None,
        }
    }

    /// A stored whole number without its sign where it has none.
    fn whole(self, stored: i64) -> i128 {
        match self {
            Shape::Unsigned32 => i128::from(stored as u32),
            Shape::Unsigned64 => i128::from(stored as u64),
            _ => i128::from(stored),
        }
    }

    /// The number of a stored whole number.
    #[inline]
    pub(crate) fn number_of_int(self, stored: i64) -> f64 {
        match self {
            Shape::Number | Shape::Truth | Shape::Date => stored as f64,
            Shape::Unsigned32 => f64::from(stored as u32),
            Shape::Unsigned64 => stored as u64 as f64,
            _ => self.number_of_big(i128::from(stored)),
        }
    }

    /// The number of a stored whole number of up to 128 bits.
    pub(crate) fn number_of_big(self, stored: i128) -> f64 {
        match self {
            Shape::Decimal { scale } => decimal_number(stored, scale),
            Shape::Moment { per_second } => moment::seconds(stored, per_second),
            _ => stored as f64,
        }
    }

    /// The value of a stored whole number.
    pub(crate) fn value_of_int(self, stored: i64) -> Value {
        match self {
            Shape::Truth => Value::Text(if stored == 0 { "false" } else { "true" }.to_owned()),
            _ => self.value_of_big(self.whole(stored)),
        }
    }

    /// The value of a stored whole number of up to 128 bits. A number that is no `f64` exactly is its digits as a text,
    /// so that two identifiers never become one.
    pub(crate) fn value_of_big(self, stored: i128) -> Value {
        match self {
            Shape::Decimal { scale } => decimal_value(stored, scale),
            Shape::Date => Value::Text(moment::date(stored)),
            Shape::Moment { per_second } => Value::Text(moment::date_time(stored, per_second)),
            Shape::Clock { per_second } => Value::Text(moment::clock(stored, per_second)),
            _ if stored.unsigned_abs() <= u128::from(EXACT) => Value::Number(stored as f64),
            // the way back saturates: the largest number would look exact
            _ if stored as f64 as i128 == stored && stored != i128::MAX => {
                Value::Number(stored as f64)
            }
            _ => Value::Text(stored.to_string()),
        }
    }

    /// The value of a stored text.
    pub(crate) fn value_of_bytes(self, bytes: &[u8]) -> Result<Value, Fault> {
        if self == Shape::Uuid {
            return Ok(Value::Text(uuid(bytes)));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(Fault::NoText),
        }
    }
}

/// A number with NaN and the negative zero taken for what they mean.
pub(crate) fn value_of_float(number: f64) -> Value {
    match number.is_nan() {
        true => Value::Null,
        // -0 + 0 is 0
        false => Value::Number(number + 0.0),
    }
}

/// `stored / 10^scale`, rounded once.
fn decimal_number(stored: i128, scale: i32) -> f64 {
    match stored.unsigned_abs() <= u128::from(EXACT) && scale <= EXACT_POWER {
        // a quotient of two exact numbers is rounded correctly
        true => stored as f64 / 10f64.powi(scale),
        false => decimal_text(stored, scale).parse().unwrap_or(f64::NAN),
    }
}

fn decimal_value(stored: i128, scale: i32) -> Value {
    let number = decimal_number(stored, scale);
    // 15 digits always come back from an f64
    if stored.unsigned_abs() < 1_000_000_000_000_000 {
        return Value::Number(number);
    }
    let text = decimal_text(stored, scale);
    match number.to_string() == text {
        true => Value::Number(number),
        false => Value::Text(text),
    }
}

/// All digits that say something.
fn decimal_text(stored: i128, scale: i32) -> String {
    let scale = scale.unsigned_abs() as usize;
    let sign = if stored < 0 { "-" } else { "" };
    let digits = format!("{:0>1$}", stored.unsigned_abs(), scale + 1);
    let (whole, broken) = digits.split_at(digits.len() - scale);
    match broken.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        broken => format!("{sign}{whole}.{broken}"),
    }
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(stored: i128, scale: i32) -> Value {
        Shape::Decimal { scale }.value_of_big(stored)
    }

    #[test]
    fn decimals_are_numbers_where_these_say_the_same() {
        assert_eq!(decimal(123, 2), Value::Number(1.23));
        assert_eq!(decimal(-5, 3), Value::Number(-0.005));
        assert_eq!(
            decimal(12_345_678_901_234_567_890_123, 4),
            Value::Text("1234567890123456789.0123".to_owned())
        );
        assert_eq!(
            Shape::Decimal { scale: 4 }.number_of_int(12_345_678),
            1234.5678
        );
    }

    #[test]
    fn whole_numbers_beyond_2_to_53_keep_their_digits() {
        let odd = (1i64 << 53) + 1;
        assert_eq!(
            Shape::Number.value_of_int(odd),
            Value::Text("9007199254740993".to_owned())
        );
        assert_eq!(
            Shape::Number.value_of_int(1 << 60),
            Value::Number((1u64 << 60) as f64)
        );
        assert_eq!(
            Shape::Unsigned64.value_of_int(-1),
            Value::Text(u64::MAX.to_string())
        );
        assert_eq!(Shape::Unsigned32.number_of_int(-1), f64::from(u32::MAX));
    }
}
