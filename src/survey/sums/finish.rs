//! What a thread has added up, without its spare room and without those outside of all domains.

use super::adder::Adder;
use super::state::State;
use super::tally::{Cell, ItemSums, LevelSums, NumberSums, Sums, triangle};
use crate::statistics::special::Sum;
use crate::survey::microdata::Value;

impl State<'_> {
    /// What a thread has added up, without the cell and domain of those outside.
    pub fn finish(self) -> Sums {
        let strata = (0..self.strata.len() as u32)
            .map(|n| self.strata.values(n))
            .collect();
        let domains: Vec<Vec<Value>> = (0..self.domains.len() as u32)
            .map(|n| self.domains.values(n))
            .collect();
        let inside = |cell: &Cell| Cell {
            domain: cell.domain - 1,
            ..*cell
        };
        let (cells, crossings) = (self.tallies.len(), domains.len() + 1);
        Sums {
            strata,
            units: self.units,
            cells: self.tallies[1..].iter().map(inside).collect(),
            domains,
            items: self
                .items
                .into_iter()
                .map(|item| item.finish(cells, crossings))
                .collect(),
            rows: self.rows,
            sketch: self.sketch,
            places: self.places,
        }
    }
}

impl Adder {
    fn finish(self, cells: usize, domains: usize) -> ItemSums {
        match self {
            Adder::Levels(dictionary, adder) => {
                let stride = adder.stride;
                let (sums, replicates) = (adder.sums, adder.replicates.finish());
                // a dictionary may name what no respondent says
                let said = |level: &usize| sums.count.chunks(stride).any(|row| row[*level] > 0);
                let kept: Vec<usize> = (0..dictionary.len()).filter(said).collect();
                let levels = kept.iter().map(|level| dictionary.values[*level].clone());
                let replicate = |sums: Vec<Sum>| narrowed(sums, stride, &kept, domains);
                ItemSums::Levels(LevelSums {
                    levels: levels.collect(),
                    weight: narrowed(sums.weight, stride, &kept, cells),
                    square: narrowed(sums.square, stride, &kept, cells),
                    count: narrowed(sums.count, stride, &kept, domains),
                    replicates: replicates.into_iter().map(replicate).collect(),
                })
            }
            Adder::Numbers(adder) => {
                let (sums, replicates) = (adder.sums, adder.replicates.finish());
                let (width, pairs) = (sums.width, triangle(sums.width));
                let moments = triangle(width.saturating_sub(1)).max(1);
                let all: Vec<usize> = (0..pairs.max(moments)).collect();
                let replicate = |sums: Vec<Sum>| narrowed(sums, width, &all[..width], domains);
                ItemSums::Numbers(NumberSums {
                    width,
                    first: narrowed(sums.first, width, &all[..width], cells),
                    product: narrowed(sums.product, pairs, &all[..pairs], cells),
                    moment: narrowed(sums.moment, moments, &all[..moments], domains),
                    count: narrowed(sums.count, 1, &[0], domains),
                    replicates: replicates.into_iter().map(replicate).collect(),
                })
            }
            Adder::Values(adder) => {
                let mut sums = adder.sums;
                sums.domains.resize(domains, Vec::new());
                sums.domains.remove(0);
                ItemSums::Values(sums)
            }
        }
    }
}

/// Some of the entries of rows 1 to `rows`.
fn narrowed<T: Copy + Default>(
    entries: Vec<T>,
    stride: usize,
    kept: &[usize],
    rows: usize,
) -> Vec<T> {
    if stride == 0 || kept.is_empty() || entries.is_empty() {
        return Vec::new();
    }
    let of_row = |row: &[T]| kept.iter().map(|entry| row[*entry]).collect::<Vec<T>>();
    let rows_inside = entries.chunks(stride).take(rows).skip(1);
    let mut narrow: Vec<T> = rows_inside.flat_map(of_row).collect();
    narrow.resize((rows - 1) * kept.len(), T::default());
    narrow
}
