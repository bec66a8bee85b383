//! How few respondents a cell of the table stands for.

use super::tally::{ItemSums, Sums};

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
