//! Hadamard matrices: ±1 with rows that are orthogonal to each other.

/// A Hadamard matrix, H H′ = order × I, whose first row and column are all 1.
///
/// It is not stored: a sign is worked out where it is asked for. Sylvester's doubling of 1, of a matrix of Paley's first
/// kind (order q + 1, q a prime, q ≡ 3 mod 4) or of his second (order 2(q + 1), q ≡ 1 mod 4).
///
/// Source: Paley, "On orthogonal matrices", Journal of Mathematics and Physics 12 (1933).
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
    /// The quadratic character of 0..q.
    PaleyOne(Vec<i8>),
    PaleyTwo(Vec<i8>),
}

/// No matrix beyond this order is looked for.
const LARGEST: usize = 1 << 22;

impl Hadamard {
    /// The matrix of the smallest order ≥ `least` (1, 2 or a multiple of 4) that these constructions have.
    ///
    /// Orders up to 200 they lack: 52, 92, 100, 116, 156, 172, 184, 188; the next one is taken there. None beyond 2²².
    pub fn at_least(least: usize) -> Option<Hadamard> {
        let multiples = (least.div_ceil(4).max(1)..=LARGEST / 4).map(|k| 4 * k);
        let small = [1, 2].into_iter().filter(|order| *order >= least);
        small.chain(multiples).find_map(Hadamard::of_order)
    }

    /// The matrix of this order, if these constructions have one.
    pub fn of_order(order: usize) -> Option<Hadamard> {
        if order > LARGEST {
            return None;
        }
        let mut size = order;
        loop {
            if let Some(core) = Core::of_order(size) {
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
    fn of_order(order: usize) -> Option<Core> {
        if order == 1 {
            return Some(Core::One);
        }
        let q = order.checked_sub(1)?;
        if q % 4 == 3 && is_prime(q) {
            return Some(Core::PaleyOne(quadratic_character(q)));
        }
        let q = (order / 2).checked_sub(1)?;
        if order.is_multiple_of(4) && q % 4 == 1 && is_prime(q) {
            return Some(Core::PaleyTwo(quadratic_character(q)));
        }
        None
    }

    fn sign(&self, i: usize, j: usize) -> i8 {
        match self {
            Core::One => 1,
            // I + S, S skew
            Core::PaleyOne(character) => match bordered(character, i, j) {
                _ if i == j => 1,
                entry if i > 0 && j == 0 => -entry,
                entry => entry,
            },
            // S ⊗ [[1, 1], [1, −1]] with [[1, −1], [−1, −1]] on the diagonal, S symmetric
            Core::PaleyTwo(character) => {
                let both_odd = i % 2 == 1 && j % 2 == 1;
                match (i / 2 == j / 2, bordered(character, i / 2, j / 2)) {
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
        }
    }
}

/// The matrix of χ(i − j) with a first row and column of 1, and 0 on the diagonal.
fn bordered(character: &[i8], i: usize, j: usize) -> i8 {
    let q = character.len();
    match (i, j) {
        (0, 0) => 0,
        (0, _) | (_, 0) => 1,
        (i, j) => character[(i + q - j) % q],
    }
}

/// 0 for 0, 1 for squares modulo q, −1 for the others.
fn quadratic_character(q: usize) -> Vec<i8> {
    let mut character = vec![-1; q];
    for root in 1..=q / 2 {
        character[(root * root) % q] = 1;
    }
    if let Some(zero) = character.first_mut() {
        *zero = 0;
    }
    character
}

fn is_prime(q: usize) -> bool {
    q >= 2
        && (2..)
            .take_while(|d| d * d <= q)
            .all(|d| !q.is_multiple_of(d))
}
