//! Which elements of a finite field are squares.

/// The quadratic character of a field of q elements: 0 for 0, 1 for squares, −1 for the others.
///
/// An element is a number below q = p^k, its digits to the base p the coefficients of a polynomial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    prime: usize,
    character: Vec<i8>,
}

impl Field {
    /// The integers modulo a prime; `None` for other numbers.
    pub(super) fn of_prime(q: usize) -> Option<Field> {
        let (prime, power) = prime_power(q)?;
        (power == 1).then(|| {
            let mut character = vec![-1; q];
            for root in 1..=q / 2 {
                character[(root * root) % q] = 1;
            }
            if let Some(zero) = character.first_mut() {
                *zero = 0;
            }
            Field { prime, character }
        })
    }

    /// Polynomials modulo a primitive one, for a power of an odd prime; `None` for other numbers.
    pub(super) fn of_power(q: usize) -> Option<Field> {
        let (prime, power) = prime_power(q)?;
        if power < 2 || prime == 2 {
            return None;
        }
        (1..q).find_map(|tail| {
            let powers = powers_of_x(prime, power, tail)?;
            let mut character = vec![0; q];
            for (exponent, element) in powers.into_iter().enumerate() {
                character[element] = if exponent % 2 == 0 { 1 } else { -1 };
            }
            Some(Field { prime, character })
        })
    }

    pub(super) fn size(&self) -> usize {
        self.character.len()
    }

    /// χ(i − j).
    pub(super) fn of_difference(&self, i: usize, j: usize) -> i8 {
        let q = self.size();
        let difference = match q == self.prime {
            true => (i + q - j) % q,
            false => less(i, j, self.prime),
        };
        self.character[difference]
    }
}

/// The difference of two elements, digit by digit.
fn less(mut i: usize, mut j: usize, prime: usize) -> usize {
    let (mut difference, mut place) = (0, 1);
    while i > 0 || j > 0 {
        difference += (i % prime + prime - j % prime) % prime * place;
        (i, j) = (i / prime, j / prime);
        place *= prime;
    }
    difference
}

/// 1, x, x² … modulo x^k + tail, if these are all elements but 0; otherwise nothing.
fn powers_of_x(prime: usize, power: u32, tail: usize) -> Option<Vec<usize>> {
    let q = prime.pow(power);
    let highest = q / prime;
    let mut powers = Vec::with_capacity(q - 1);
    let mut element = 1;
    for _ in 1..q {
        powers.push(element);
        let lead = element / highest;
        element = element % highest * prime;
        for _ in 0..lead {
            element = less(element, tail, prime);
        }
        if element <= 1 {
            break;
        }
    }
    (powers.len() == q - 1 && element == 1).then_some(powers)
}

/// p and k of q = p^k.
fn prime_power(q: usize) -> Option<(usize, u32)> {
    if q < 2 {
        return None;
    }
    let divisors = (2..).take_while(|d| d * d <= q);
    let prime = divisors
        .into_iter()
        .find(|d| q.is_multiple_of(*d))
        .unwrap_or(q);
    let (mut rest, mut power) = (q, 0);
    while rest.is_multiple_of(prime) {
        rest /= prime;
        power += 1;
    }
    (rest == 1).then_some((prime, power))
}
