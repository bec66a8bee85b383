//! Sums that do not depend on the order of their terms.

use std::array;
use std::iter::Sum as IterSum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A number of about 32 digits, as the unevaluated sum of two floats.
///
/// Respondents are added into such sums. What is lost in an addition is kept in `low`, so that the rounded
/// [`value`](Sum::value) is that of the exact sum but for one case in 2^40: the order of the respondents, the size of the
/// batches and the number of threads change no digit of a result, and sums made apart and merged give what one sum gives.
///
/// T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
///
/// ```
/// use opine::internals::statistics::special::Sum;
///
/// let mut sum = Sum::ZERO;
/// for term in [1e16, 1.0, -1e16] {
///     sum.add(term);
/// }
/// assert_eq!(sum.value(), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    pub high: f64,
    pub low: f64,
}

impl Sum {
    pub const ZERO: Sum = Sum {
        high: 0.0,
        low: 0.0,
    };

    /// Adds a float.
    #[inline(always)]
    pub fn add(&mut self, term: f64) {
        let (high, lost) = two_sum(self.high, term);
        self.high = high;
        self.low += lost;
    }

    /// Adds another sum, as cheaply as it can be done.
    #[inline(always)]
    pub fn add_sum(&mut self, other: Sum) {
        let (high, lost) = two_sum(self.high, other.high);
        self.high = high;
        self.low += lost + other.low;
    }

    /// The nearest float.
    ///
    /// Differences of few-digit answers often lie half-way between two floats, where the last of the 32 digits, which do
    /// depend on the order of the terms, would choose. So `low` is first rounded to 2^-93 of the number: both ways then lead
    /// to half-way, and from there to the even float.
    #[inline]
    pub fn value(self) -> f64 {
        let (high, low) = two_sum(self.high, self.low);
        if !high.is_finite() {
            return high;
        }
        high + on_grid(low, high)
    }

    /// The product of two floats, exact.
    #[inline(always)]
    pub fn product(a: f64, b: f64) -> Sum {
        let high = a * b;
        // not by mul_add: on a machine built for without that instruction it is a slow call
        let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
        let low = ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2;
        // chosen without a branch, so that several products are made at once
        let exact = (a.abs() < LARGE) & (b.abs() < LARGE);
        Sum {
            high,
            low: if exact { low } else { 0.0 },
        }
    }

    /// 0 where nothing but rounding is left of terms of that size (their absolute values added up): 2^-93 of it.
    #[inline]
    pub fn settled(self, size: f64) -> Sum {
        match self.value().abs() <= 1e-28 * size {
            true => Sum::ZERO,
            false => self,
        }
    }

    /// What is left of terms of that size, as a float without the digits that rounding makes up: in steps of 2^-93 of it.
    ///
    /// For what is shown. What is reckoned with keeps all digits, as those of a square of 1e28 are still needed.
    pub fn left_of(self, size: f64) -> f64 {
        let settled = self.settled(size);
        match size.is_finite() && settled.high.abs() < size * LAST_DIGIT {
            // a float whose own last digit is worth less than a step has that digit made up, too
            true => on_grid(settled.value(), size),
            false => settled.value(),
        }
    }

    /// The square root; 0 for what rounding has made negative.
    pub fn sqrt(self) -> Sum {
        let near = Sum::from(self.root());
        match near.high > 0.0 {
            // one step of Heron's, which doubles the digits
            true => near + (self - near * near) / (near * 2.0),
            false => Sum::ZERO,
        }
    }

    /// The square root, as a float; 0 for what rounding has made negative.
    pub fn root(self) -> f64 {
        self.value().max(0.0).sqrt()
    }

    /// The same number with its nearest float in `high` and what is left in `low`: the one way in which it can be written.
    #[inline]
    pub fn tidy(self) -> Sum {
        let (high, low) = two_sum(self.high, self.low);
        match high.is_finite() {
            true => Sum { high, low },
            // infinity less infinity is NaN, which would turn the value into one
            false => Sum { high, low: 0.0 },
        }
    }
}

/// Σ x², rounded as a [`Sum`] is.
pub fn sum_of_squares(numbers: &[f64]) -> f64 {
    let (chunks, rest) = numbers.as_chunks();
    squared(chunks.iter().copied(), rest.iter().copied())
}

/// Σ (a − b)², rounded as a [`Sum`] is.
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let ((chunks_a, rest_a), (chunks_b, rest_b)) = (a.as_chunks(), b.as_chunks());
    let less = |(a, b): (&[f64; LANES], &[f64; LANES])| array::from_fn(|lane| a[lane] - b[lane]);
    let rest = rest_a.iter().zip(rest_b).map(|(a, b)| a - b);
    squared(chunks_a.iter().zip(chunks_b).map(less), rest)
}

/// So many sums run side by side: an addition waits for the one before it in its own lane alone.
const LANES: usize = 8;

#[inline(always)]
fn squared(chunks: impl Iterator<Item = [f64; LANES]>, rest: impl Iterator<Item = f64>) -> f64 {
    let (mut high, mut low) = ([0.0; LANES], [0.0; LANES]);
    for chunk in chunks {
        for lane in 0..LANES {
            let (sum, lost) = two_sum(high[lane], chunk[lane] * chunk[lane]);
            high[lane] = sum;
            low[lane] += lost;
        }
    }
    let mut all = Sum::ZERO;
    rest.for_each(|number| all.add_sum(Sum::from(number * number)));
    for (high, low) in high.into_iter().zip(low) {
        all.add_sum(Sum { high, low });
    }
    all.value()
}

/// The mean of some numbers and the mean of their squares about it; zeros of none.
pub fn mean_and_spread(numbers: impl Iterator<Item = f64>) -> (Sum, Sum) {
    let (mut n, mut sum, mut square) = (0.0_f64, Sum::ZERO, Sum::ZERO);
    for number in numbers {
        n += 1.0;
        sum += Sum::from(number);
        square.add_sum(Sum::product(number, number));
    }
    if n == 0.0 {
        return (Sum::ZERO, Sum::ZERO);
    }
    let mean = sum / Sum::from(n);
    (mean, square / Sum::from(n) - mean * mean)
}

/// What to take off numbers before they are squared: their mean where their spread is a small part of it, else 0.
pub fn origin(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mean, spread) = mean_and_spread(numbers);
    match spread.value() < LEAST_SPREAD * (mean * mean).value() {
        true => mean.high,
        false => 0.0,
    }
}

/// With less than this share of ȳ² as their spread numbers are centred.
const LEAST_SPREAD: f64 = 1e-6;

/// The bits of a float that hold its exponent.
const EXPONENT: u64 = 0x7ff0_0000_0000_0000;

/// Added to a number and taken off again, 1.5 · 2^-41 leaves it in steps of 2^-93.
const GRID: f64 = 1.5 / (1_u64 << 41) as f64;

/// 2^-41: a float of less than this share of a size has digits of less than 2^-93 of it.
const LAST_DIGIT: f64 = 1.0 / (1_u64 << 41) as f64;

/// Above it the halves of a float could overflow.
const LARGE: f64 = 1e290;

/// The rounded sum and what the rounding lost.
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    // Knuth's form, which need not know which of the two is larger
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// A number in steps of 2^-93 of the power of two within `size`, which is larger than it by 2^40 and more.
#[inline(always)]
fn on_grid(number: f64, size: f64) -> f64 {
    let step = f64::from_bits(size.to_bits() & EXPONENT) * GRID;
    (number + step) - step
}

/// A float as the sum of two of 26 bits each.
#[inline(always)]
fn halves(a: f64) -> (f64, f64) {
    // 2^27 + 1: Veltkamp's splitting of 53 bits
    let shifted = 134_217_729.0 * a;
    let upper = shifted - (shifted - a);
    (upper, a - upper)
}

impl From<f64> for Sum {
    fn from(value: f64) -> Sum {
        Sum {
            high: value,
            low: 0.0,
        }
    }
}

impl Add for Sum {
    type Output = Sum;

    #[inline]
    fn add(self, other: Sum) -> Sum {
        let (high, lost) = two_sum(self.high, other.high);
        Sum {
            high,
            low: lost + (self.low + other.low),
        }
        .tidy()
    }
}

impl AddAssign for Sum {
    #[inline]
    fn add_assign(&mut self, other: Sum) {
        *self = *self + other;
    }
}

impl Neg for Sum {
    type Output = Sum;

    fn neg(self) -> Sum {
        Sum {
            high: -self.high,
            low: -self.low,
        }
    }
}

impl Sub for Sum {
    type Output = Sum;

    #[inline]
    fn sub(self, other: Sum) -> Sum {
        self + (-other)
    }
}

impl Mul for Sum {
    type Output = Sum;

    #[inline]
    fn mul(self, other: Sum) -> Sum {
        let product = Sum::product(self.high, other.high);
        Sum {
            high: product.high,
            low: product.low + (self.high * other.low + self.low * other.high),
        }
        .tidy()
    }
}

impl Mul<f64> for Sum {
    type Output = Sum;

    #[inline]
    fn mul(self, factor: f64) -> Sum {
        self * Sum::from(factor)
    }
}

impl Div for Sum {
    type Output = Sum;

    fn div(self, other: Sum) -> Sum {
        let first = self.high / other.high;
        let rest = self - other * first;
        Sum {
            high: first,
            low: rest.value() / other.high,
        }
        .tidy()
    }
}

impl IterSum for Sum {
    fn sum<I: Iterator<Item = Sum>>(terms: I) -> Sum {
        terms.fold(Sum::ZERO, |sum, term| sum + term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_exact() {
        let (a, b) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
        let product = Sum::product(a, b);
        assert_eq!(product.high, 1.0);
        assert_eq!(product.low, -f64::EPSILON * f64::EPSILON);
    }

    #[test]
    fn squares_are_added_as_a_sum_adds_them() {
        for count in 0..40_u32 {
            let number = |at: u32| (f64::from(at) + 0.1) * 10_f64.powi(at as i32 % 7 - 3);
            let a: Vec<f64> = (0..count).map(number).collect();
            let b: Vec<f64> = a.iter().map(|x| 1.0 / x).collect();
            let whole = |terms: &mut dyn Iterator<Item = f64>| {
                terms.map(|x| Sum::from(x * x)).sum::<Sum>().value()
            };
            let apart = a.iter().zip(&b).map(|(a, b)| a - b);
            assert_eq!(sum_of_squares(&a), whole(&mut a.iter().copied()));
            assert_eq!(squared_distance(&a, &b), whole(&mut apart.clone()));
        }
    }

    #[test]
    fn half_way_is_half_way_from_both_sides() {
        let half = f64::EPSILON / 2.0;
        for noise in [-1e-32, -1e-31, 0.0, 1e-31, 1e-32] {
            let below = Sum {
                high: 1.0,
                low: half + noise,
            };
            let above = Sum {
                high: 1.0 + f64::EPSILON,
                low: noise - half,
            };
            assert_eq!((below.value(), above.value()), (1.0, 1.0), "{noise}");
            let negative = -(below + Sum::from(f64::EPSILON));
            assert_eq!(negative.value(), -1.0 - 2.0 * f64::EPSILON, "{noise}");
        }
        let (more, less) = (half * (1.0 + 1e-9), half * (1.0 - 1e-9));
        let value = |low| Sum { high: 1.0, low }.value();
        assert_eq!((value(more), value(less)), (1.0 + f64::EPSILON, 1.0));
    }

    #[test]
    fn what_is_left_of_a_difference_has_no_digits_of_rounding() {
        for left in [5e-16, 1e-20, 3e-13, 0.25] {
            let with = |noise: f64| (Sum::from(left) + Sum::from(noise)).left_of(1.0);
            assert!((with(0.0) - left).abs() <= 1e-28);
            for noise in [-3e-31, 2e-31, 1e-31] {
                assert_eq!(with(noise), with(0.0), "{left} {noise}");
            }
        }
        assert_eq!(Sum::from(3e-29).left_of(1.0), 0.0);
        assert_eq!(Sum::from(2.0).left_of(f64::INFINITY), 0.0);
    }

    #[test]
    fn numbers_at_the_ends_keep_their_value() {
        for number in [
            0.0,
            f64::MIN_POSITIVE,
            5e-324,
            f64::MAX,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ] {
            assert_eq!(Sum::from(number).value(), number);
            assert_eq!(Sum::from(-number).value(), -number);
        }
        assert!(Sum::from(f64::NAN).value().is_nan());
    }

    #[test]
    fn a_variance_survives_a_large_mean() {
        let values = [1e9, 1e9 + 1.0, 1e9 + 2.0];
        let square: Sum = values.iter().map(|y| Sum::product(*y, *y)).sum();
        let total: Sum = values.iter().map(|y| Sum::from(*y)).sum();
        let spread = (square - total * total / Sum::from(3.0)).value();
        assert!((spread - 2.0).abs() < 1e-10, "{spread}");
    }
}
