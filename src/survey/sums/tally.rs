//! The sums themselves: which units, domains and cells occur, and what they add up to.

use super::rank::Sketch;
use crate::statistics::special::Sum;
use crate::survey::microdata::Value;

/// Everything that estimates and their variances are made of, with no respondent in it.
///
/// Made by [`scan`](super::scan), put in order and merged by [`merge`](super::merge).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    pub strata: Vec<Vec<Value>>,
    /// Units of the last stage that enters the variance; one a stratum where rows are the units; one in all for replicates.
    pub units: Vec<Unit>,
    /// The crossings of groups that occur: one value an expression of `by`. Without groups there is one, of no values.
    pub domains: Vec<Vec<Value>>,
    /// The pairs of unit and domain that occur.
    pub cells: Vec<Cell>,
    pub items: Vec<ItemSums>,
    pub rows: RowCounts,
    /// Sum of the weights of all rows, in a domain or not.
    pub weight: Sum,
    /// What each column of replicate weights holds, in their order.
    pub replicate_columns: Vec<ReplicateColumn>,
    /// Respondents with the values that expressions name, in the order of [`Plan::literals`](super::Plan::literals).
    pub literals: Vec<LiteralCount>,
    /// Respondents with a weight whom an item is of, by the place of each item that is not of all in the domain.
    pub asked: std::collections::BTreeMap<usize, u64>,
    /// What the rank of the replicate weights follows from, where it is wanted.
    pub sketch: Sketch,
    /// The unit of each row, where that is wanted, in runs of rows.
    pub places: Vec<PlacedRows>,
}

/// The units of rows that follow each other in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacedRows {
    pub first_row: u64,
    pub units: Vec<u32>,
}

/// Rows by what is wrong with them, or why they are in no domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub all: u64,
    pub without_weight: u64,
    pub negative_weight: u64,
    pub infinite_weight: u64,
    /// Rows left out before the design was set, as they miss an answer.
    pub incomplete: u64,
    /// Rows of the subpopulation of which some group is not known.
    pub without_group: u64,
    /// Rows of which it is not known whether they belong to the subpopulation.
    pub undecided: u64,
}

/// What a column of replicate weights holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReplicateColumn {
    pub sum: f64,
    /// Smallest and largest; infinite ones of the other sign where nothing was seen.
    pub low: f64,
    pub high: f64,
    pub missing: u64,
    pub negative: u64,
    /// Whether it differs from the weight in some row.
    pub differs: bool,
}

impl ReplicateColumn {
    /// Takes more rows in: what the column says of them, and the weights.
    pub fn add(&mut self, column: &[f64], weights: &[f64]) {
        for number in column {
            // a missing one is in neither of these
            self.low = self.low.min(*number);
            self.high = self.high.max(*number);
            self.negative += u64::from(*number < 0.0);
            self.missing += u64::from(number.is_nan());
            self.sum += if number.is_nan() { 0.0 } else { *number };
        }
        self.differs = self.differs || column.iter().zip(weights).any(|(a, b)| a != b);
    }

    pub fn from_rows(column: &[f64], weights: &[f64]) -> ReplicateColumn {
        let mut seen = ReplicateColumn::default();
        seen.add(column, weights);
        seen
    }
}

impl Default for ReplicateColumn {
    fn default() -> ReplicateColumn {
        ReplicateColumn {
            sum: 0.0,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            missing: 0,
            negative: 0,
            differs: false,
        }
    }
}

/// Who has a value that an expression names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiteralCount {
    /// Respondents, in a domain or not, with a weight or not.
    pub rows: u64,
    /// Those of them in a domain and with a weight.
    pub inside: u64,
    /// The values that there are, as they are called, while the named one was not seen; some hundreds at most.
    pub others: std::collections::BTreeSet<String>,
}

/// A unit of the design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unit {
    pub stratum: u32,
    /// Its names from the first stage to the last.
    pub path: Vec<Value>,
    /// Smallest and largest fpc of each stage; NaN where it is missing.
    pub fpc: Vec<(f64, f64)>,
    pub rows: u64,
    /// Rows with a weight other than 0.
    pub weighted: u64,
}

/// Widens a smallest and a largest fpc by others.
///
/// The least of two passes over NaN, and that an fpc is missing is to be noticed wherever it stands: NaN stays.
pub(crate) fn widen_fpc(range: &mut (f64, f64), (low, high): (f64, f64)) {
    let missing = range.0.is_nan() || low.is_nan();
    range.0 = if missing { f64::NAN } else { range.0.min(low) };
    range.1 = range.1.max(high);
}

/// Respondents of one unit in one domain.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    pub unit: u32,
    pub domain: u32,
    pub rows: u64,
    pub weighted: u64,
    pub weight: Sum,
    /// Sum of squared weights.
    pub square: Sum,
}

/// What one item adds up to.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemSums {
    Levels(LevelSums),
    Numbers(NumberSums),
    Values(ValueSums),
}

/// Weights by level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelSums {
    pub levels: Vec<Value>,
    /// Σ w, cell by cell and in it level by level.
    pub weight: Vec<Sum>,
    /// Σ w², likewise; only where rows are the units.
    pub square: Vec<Sum>,
    /// Respondents with a weight, domain by domain and in it level by level.
    pub count: Vec<u64>,
    /// Σ w of each replicate, likewise.
    pub replicates: Vec<Vec<Sum>>,
}

/// Weighted sums of basics z_0 = 1, z_1 … z_(width−1).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberSums {
    pub width: usize,
    /// What was taken off z_1 … z_k before they were added up; nothing of those that are not here.
    pub origins: Vec<Origin>,
    /// Σ w z_a, cell by cell.
    pub first: Vec<Sum>,
    /// Σ w² z_a z_b for a ≤ b, cell by cell; only where rows are the units.
    pub product: Vec<Sum>,
    /// Σ w z_a z_b for 1 ≤ a ≤ b, domain by domain.
    pub moment: Vec<Sum>,
    /// Respondents with a weight and all answers, by domain.
    pub count: Vec<u64>,
    /// Σ w z_a of each replicate, domain by domain.
    pub replicates: Vec<Vec<Sum>>,
}

/// What was taken off a number: `value` of everybody whom the basic at `of` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Origin {
    pub value: f64,
    pub basic: usize,
}

/// Weighted distributions: in each domain the values with their weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueSums {
    pub domains: Vec<Vec<Weighted>>,
    /// Whether all respondents with a value are one entry, or only those with equal weights.
    pub by_value: bool,
}

/// Respondents that share a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted {
    pub value: f64,
    /// That of each of them; of all together where they are one entry by value.
    pub weight: Sum,
    pub count: u64,
}

impl Sums {
    /// Where the cells of each domain stand.
    pub fn cells_by_domain(&self) -> Vec<std::ops::Range<usize>> {
        let mut ranges = vec![0..0; self.domains.len()];
        let mut start = 0;
        for cells in self.cells.chunk_by(|one, next| one.domain == next.domain) {
            ranges[cells[0].domain as usize] = start..start + cells.len();
            start += cells.len();
        }
        ranges
    }

    /// The unit of each row, in the order of the file; nothing where places were not kept.
    pub fn unit_of_row(&self) -> Vec<u32> {
        let runs = self.places.iter().map(|run| run.units.as_slice());
        runs.collect::<Vec<&[u32]>>().concat()
    }

    /// Writes every sum in the one way in which it can be written, whatever the order of its terms was.
    pub fn tidy(&mut self) {
        fn tidied(sums: &mut [Sum]) {
            sums.iter_mut().for_each(|sum| *sum = sum.tidy());
        }
        for cell in &mut self.cells {
            (cell.weight, cell.square) = (cell.weight.tidy(), cell.square.tidy());
        }
        for item in &mut self.items {
            let (own, replicates) = match item {
                ItemSums::Levels(sums) => (
                    vec![&mut sums.weight, &mut sums.square],
                    &mut sums.replicates,
                ),
                ItemSums::Numbers(sums) => (
                    vec![&mut sums.first, &mut sums.product, &mut sums.moment],
                    &mut sums.replicates,
                ),
                ItemSums::Values(_) => continue,
            };
            own.into_iter()
                .chain(replicates)
                .for_each(|sums| tidied(sums));
        }
    }
}

impl ValueSums {
    /// Puts the entries of every domain in order, by value and then by weight, and makes one of equal ones.
    pub fn compact(&mut self) {
        let by_value = self.by_value;
        for entries in &mut self.domains {
            entries.sort_unstable_by(|a, b| {
                // by weight, too, so that equal entries are neighbours
                let weights = a.weight.high.total_cmp(&b.weight.high);
                a.value.total_cmp(&b.value).then(weights)
            });
            entries.dedup_by(|next, kept| {
                let same = next.value == kept.value && (by_value || next.weight == kept.weight);
                if same {
                    kept.count += next.count;
                }
                if same && by_value {
                    kept.weight.add_sum(next.weight);
                }
                same
            });
        }
    }
}

/// Number of pairs a ≤ b below `width`.
pub fn triangle(width: usize) -> usize {
    width * (width + 1) / 2
}

/// Where the pair a ≤ b stands among them.
pub fn at(a: usize, b: usize, width: usize) -> usize {
    let (a, b) = (a.min(b), a.max(b));
    a * width - a * a.saturating_sub(1) / 2 - a + b
}

/// Cells that stand for fewer respondents than a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Small {
    /// How many there are.
    pub cells: usize,
    /// The domain with most of them.
    pub domain: Option<usize>,
}

impl Sums {
    /// The cells with at least one respondent and fewer than `least`: of unit and domain, of each level in them, of those
    /// with all numbers of an item. To be asked of sums with every weight 1.
    pub fn small(&self, least: u64) -> Small {
        let mut by_domain = vec![0; self.domains.len()];
        let small = |n: u64| usize::from(n > 0 && n < least);
        for (at, cell) in self.cells.iter().enumerate() {
            let count = &mut by_domain[cell.domain as usize];
            *count += small(cell.rows);
            for item in &self.items {
                *count += match item {
                    ItemSums::Levels(sums) => {
                        let width = sums.levels.len();
                        let levels = &sums.weight[at * width..(at + 1) * width];
                        levels.iter().map(|n| small(n.high as u64)).sum()
                    }
                    ItemSums::Numbers(sums) => {
                        let n = sums.first.get(at * sums.width);
                        small(n.map_or(0, |n| n.high as u64))
                    }
                    ItemSums::Values(_) => 0,
                };
            }
        }
        // the first of those with most
        let most = by_domain.iter().copied().max().filter(|most| *most > 0);
        Small {
            cells: by_domain.iter().sum(),
            domain: most.and_then(|most| by_domain.iter().position(|count| *count == most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stand_in_rows_of_a_triangle() {
        let mut expected = 0;
        for a in 0..5 {
            for b in a..5 {
                assert_eq!(at(a, b, 5), expected);
                assert_eq!(at(b, a, 5), expected);
                expected += 1;
            }
        }
        assert_eq!(triangle(5), expected);
    }
}
