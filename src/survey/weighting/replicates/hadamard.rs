//! Hadamard matrices: ±1 with rows that are orthogonal to each other.

/// A Hadamard matrix, H H′ = order × I, whose first row and column are all 1.
///
/// It is not stored: a sign is worked out where it is asked for. Sylvester's doubling of 1, of a matrix of Paley's first
/// kind (order q + 1, q a prime, q ≡ 3 mod 4) or of his second (order 2(q + 1), q ≡ 1 mod 4); where these have none, of
/// the same with q a power of a prime, or of Goethals and Seidel's array of four circulants.
///
/// Source: Paley, "On orthogonal matrices", Journal of Mathematics and Physics 12 (1933); Goethals and Seidel, "A skew
/// Hadamard matrix of order 36", Journal of the Australian Mathematical Society 11 (1970).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hadamard {
    order: usize,
    core: Core,
    /// The order of the core; order = size × 2^doublings.
    size: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Core {
    One,
    PaleyOne(Field),
    PaleyTwo(Field),
    GoethalsSeidel(FourCirculants),
}

/// No matrix beyond this order is looked for.
const LARGEST: usize = 1 << 22;

impl Hadamard {
    /// The matrix of the smallest order ≥ `least` (1, 2 or a multiple of 4) that these constructions have.
    ///
    /// Of the orders up to 256 they lack 236 alone: the next one is taken there. None beyond 2²².
    pub fn at_least(least: usize) -> Option<Hadamard> {
        let multiples = (least.div_ceil(4).max(1)..=LARGEST / 4).map(|k| 4 * k);
        let small = [1, 2].into_iter().filter(|order| *order >= least);
        small.chain(multiples).find_map(Hadamard::with_order)
    }

    /// The matrix of this order, if these constructions have one.
    ///
    /// One order has one matrix for all time: replicates that were made with it can be made again.
    pub fn with_order(order: usize) -> Option<Hadamard> {
        if order > LARGEST {
            return None;
        }
        Hadamard::doubled(order, Core::from_prime)
            .or_else(|| Hadamard::doubled(order, Core::from_others))
    }

    fn doubled(order: usize, with_order: impl Fn(usize) -> Option<Core>) -> Option<Hadamard> {
        let mut size = order;
        loop {
            if let Some(core) = with_order(size) {
                return Some(Hadamard { order, core, size });
            }
            if size == 0 || size % 2 == 1 {
                return None;
            }
            size /= 2;
        }
    }

    /// The number of rows and of columns.
    pub fn order(&self) -> usize {
        self.order
    }

    /// The sign at a row and column, each taken modulo the order.
    pub fn sign(&self, row: usize, column: usize) -> f64 {
        let (row, column) = (row % self.order, column % self.order);
        let doubled = (row / self.size) & (column / self.size);
        let sign = if doubled.count_ones().is_multiple_of(2) {
            1.0
        } else {
            -1.0
        };
        let (i, j) = (row % self.size, column % self.size);
        let core = |i, j| f64::from(self.core.sign(i, j));
        // the core's own first row and column are made all 1
        sign * core(i, j) * core(i, 0) * core(0, j) * core(0, 0)
    }
}

impl Core {
    fn from_prime(order: usize) -> Option<Core> {
        match order {
            1 => Some(Core::One),
            _ => Core::paley(order, Field::from_prime),
        }
    }

    fn from_others(order: usize) -> Option<Core> {
        let four = || FourCirculants::with_order(order).map(Core::GoethalsSeidel);
        Core::paley(order, Field::from_prime_power).or_else(four)
    }

    fn paley(order: usize, field: impl Fn(usize) -> Option<Field>) -> Option<Core> {
        let q = order.checked_sub(1)?;
        if q % 4 == 3
            && let Some(field) = field(q)
        {
            return Some(Core::PaleyOne(field));
        }
        let q = (order / 2).checked_sub(1)?;
        match order.is_multiple_of(4) && q % 4 == 1 {
            true => field(q).map(Core::PaleyTwo),
            false => None,
        }
    }

    fn sign(&self, i: usize, j: usize) -> i8 {
        match self {
            Core::One => 1,
            // I + S, S skew
            Core::PaleyOne(field) => match bordered(field, i, j) {
                _ if i == j => 1,
                entry if i > 0 && j == 0 => -entry,
                entry => entry,
            },
            // S ⊗ [[1, 1], [1, −1]] with [[1, −1], [−1, −1]] on the diagonal, S symmetric
            Core::PaleyTwo(field) => {
                let both_odd = i % 2 == 1 && j % 2 == 1;
                match (i / 2 == j / 2, bordered(field, i / 2, j / 2)) {
                    (true, _) => {
                        if i.is_multiple_of(2) && j.is_multiple_of(2) {
                            1
                        } else {
                            -1
                        }
                    }
                    (false, entry) => {
                        if both_odd {
                            -entry
                        } else {
                            entry
                        }
                    }
                }
            }
            Core::GoethalsSeidel(four) => four.sign(i, j),
        }
    }
}

/// The matrix of χ(i − j) with a first row and column of 1, and 0 on the diagonal.
fn bordered(field: &Field, i: usize, j: usize) -> i8 {
    match (i, j) {
        (0, 0) => 0,
        (0, _) | (_, 0) => 1,
        (i, j) => field.difference_character(i % field.size(), j % field.size()),
    }
}

/// Four circulant matrices A, B, C, D of ±1 with A A′ + B B′ + C C′ + D D′ = 4n I, by their first rows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FourCirculants {
    rows: [Vec<i8>; 4],
}

/// First rows, found by search: symmetric ones for 23 and 29, unions of the orbits of a group of multipliers for 39 and 43,
/// sequences of Turyn's type for 47.
const FIRST_ROWS: [[&str; 4]; 5] = [
    [
        "+--++-+-+-++++-+-+-++--",
        "+++---++--++++--++---++",
        "+--+--+++------+++--+--",
        "+--+-+-++++++++++-+-+--",
    ],
    [
        "+-+-++---+--++++++--+---++-+-",
        "+-+-+----++-++--++-++----+-+-",
        "+--+-++---++++++++++---++-+--",
        "+++-++-++++---++---++++-++-++",
    ],
    [
        "++-+--+-++-+---++++++-++--+++--+------+",
        "+-----+-+--+++-+-+++++-++-+-+-++-+--+-+",
        "++-+---+-+------++---++++-++-----++--++",
        "++--+-----+-+-+-+-----+--++--++----++--",
    ],
    [
        "+---+--+-+-+-+++---+-+-+++--+--+---+-++++++",
        "+++--++-+++++---++---+-+-+++-++--+--+---+--",
        "+----+-++-----+----+++---++++-+++++--+-++++",
        "+-+++--+--+-++-++++-+++-++++-+--++++-++-+-+",
    ],
    [
        "---+--++-----+-+-+++++-+-++---++-----+-++-+-+++",
        "+++-++--+++++-+--+++++-+-++---+++--++---+-++-++",
        "+++-++--+++++-+-+-----+-+--+++-+-----+-++-+-+++",
        "+++-++--+++++-+--+++++-+-++---+--++--+++-+--+--",
    ],
];

impl FourCirculants {
    /// Those of a matrix of this order, 4n.
    fn with_order(order: usize) -> Option<FourCirculants> {
        let rows = FIRST_ROWS.iter().find(|rows| 4 * rows[0].len() == order)?;
        let signs = |row: &str| {
            row.bytes()
                .map(|sign| if sign == b'+' { 1 } else { -1 })
                .collect()
        };
        Some(FourCirculants {
            rows: rows.map(signs),
        })
    }

    /// The sign at a row and column of the array, R having its ones from corner to corner:
    ///
    /// ```text
    ///   A    BR    CR    DR
    /// −BR    A    D′R  −C′R
    /// −CR  −D′R    A    B′R
    /// −DR   C′R  −B′R    A
    /// ```
    fn sign(&self, i: usize, j: usize) -> i8 {
        let n = self.rows[0].len();
        let (above, left) = (i / n % 4, j / n % 4);
        let (row, column) = (i % n, j % n);
        let along = |k: usize, from: usize, to: usize| self.rows[k][(to + n - from) % n];
        let mirrored = n - 1 - column;
        match (above, left) {
            (a, b) if a == b => along(0, row, column),
            (0, k) => along(k, row, mirrored),
            (k, 0) => -along(k, row, mirrored),
            // B′, C′ or D′: the one that is neither of the two
            (a, b) => {
                let entry = along(6 - a - b, mirrored, row);
                if a % 3 + 1 == b { entry } else { -entry }
            }
        }
    }
}

/// The quadratic character of a field of q elements: 0 for 0, 1 for squares, −1 for the others.
///
/// An element is a number below q = p^k, its digits to the base p the coefficients of a polynomial.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    prime: usize,
    character: Vec<i8>,
}

impl Field {
    /// The integers modulo a prime; `None` for other numbers.
    fn from_prime(q: usize) -> Option<Field> {
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
    fn from_prime_power(q: usize) -> Option<Field> {
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

    fn size(&self) -> usize {
        self.character.len()
    }

    /// χ(i − j).
    fn difference_character(&self, i: usize, j: usize) -> i8 {
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
