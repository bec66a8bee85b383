//! Hadamard matrices: ±1 with rows that are orthogonal to each other.

use super::field::Field;
use super::goethals_seidel::FourCirculants;

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
        small.chain(multiples).find_map(Hadamard::of_order)
    }

    /// The matrix of this order, if these constructions have one.
    ///
    /// One order has one matrix for all time: replicates that were made with it can be made again.
    pub fn of_order(order: usize) -> Option<Hadamard> {
        if order > LARGEST {
            return None;
        }
        Hadamard::doubled(order, Core::of_prime)
            .or_else(|| Hadamard::doubled(order, Core::of_others))
    }

    fn doubled(order: usize, of_order: impl Fn(usize) -> Option<Core>) -> Option<Hadamard> {
        let mut size = order;
        loop {
            if let Some(core) = of_order(size) {
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
    fn of_prime(order: usize) -> Option<Core> {
        match order {
            1 => Some(Core::One),
            _ => Core::paley(order, Field::of_prime),
        }
    }

    fn of_others(order: usize) -> Option<Core> {
        let four = || FourCirculants::of_order(order).map(Core::GoethalsSeidel);
        Core::paley(order, Field::of_power).or_else(four)
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
        (i, j) => field.of_difference(i % field.size(), j % field.size()),
    }
}
