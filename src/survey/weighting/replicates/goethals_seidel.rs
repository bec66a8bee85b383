//! Hadamard matrices of four circulants, for orders that Paley's constructions lack.

/// Four circulant matrices A, B, C, D of ±1 with A A′ + B B′ + C C′ + D D′ = 4n I, by their first rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FourCirculants {
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
    pub(super) fn of_order(order: usize) -> Option<FourCirculants> {
        let of = FIRST_ROWS.iter().find(|rows| 4 * rows[0].len() == order)?;
        let signs = |row: &str| {
            row.bytes()
                .map(|sign| if sign == b'+' { 1 } else { -1 })
                .collect()
        };
        Some(FourCirculants {
            rows: of.map(signs),
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
    pub(super) fn sign(&self, i: usize, j: usize) -> i8 {
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
