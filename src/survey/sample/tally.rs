//! Who has each pattern, by unit: one pass over the respondents, on all cores.

use rayon::prelude::*;

use super::Sample;
use super::numbering::LARGEST_TABLE;
use crate::statistics::special::Sum;
use crate::survey::sums::Mode;

/// Respondents of one unit with one pattern; of one stratum where rows are the units, of the whole file where its variance is
/// none of units.
pub struct Cell {
    pub unit: u32,
    pub pattern: u32,
    pub weight: Sum,
    /// Σ w², where rows are the units.
    pub square: Sum,
}

/// What was counted of some respondents.
pub struct Tally {
    /// The first respondent of each pattern.
    pub example: Vec<u32>,
    /// Respondents of each pattern.
    pub n: Vec<u64>,
    /// By unit, then pattern.
    pub cells: Vec<Cell>,
}

/// Fewer respondents than this are counted on one core.
const LEAST_SHARE: usize = 1 << 16;

impl Tally {
    /// Of rows in their order, and the pattern of each.
    pub fn new(sample: &Sample, rows: &[u32], of_row: &[u32], patterns: usize) -> Tally {
        let has_units = sample.mode != Mode::Replicates && sample.calibration.is_none();
        let unit = |row: u32| {
            if has_units {
                sample.unit[row as usize]
            } else {
                0
            }
        };
        let units = rows.par_iter().map(|row| unit(*row)).max();
        let units = units.map_or(0, |most| most as usize + 1);
        if units.saturating_mul(patterns) > LARGEST_TABLE {
            return Tally::sorted(sample, (rows, of_row), patterns, unit);
        }
        let share = rows.len().div_ceil(rayon::current_num_threads());
        let share = share.max(LEAST_SHARE);
        let shares = rows.par_chunks(share).zip(of_row.par_chunks(share));
        let parts: Vec<Part> = shares
            .map(|share| Part::new(sample, share, (units, patterns), unit))
            .collect();
        Tally::merged(parts, (units, patterns))
    }

    /// Parts in the order of their rows.
    fn merged(parts: Vec<Part>, (units, patterns): (usize, usize)) -> Tally {
        let mut tally = Tally::empty(patterns);
        for part in &parts {
            for (pattern, n) in part.n.iter().enumerate() {
                tally.n[pattern] += n;
                let first = &mut tally.example[pattern];
                *first = part.example[pattern].min(*first);
            }
        }
        tally
            .cells
            .reserve(parts.iter().map(|part| part.cells.len()).max().unwrap_or(0));
        for key in 0..units * patterns {
            let own = parts.iter().filter_map(|part| part.cell(key));
            let Some((weight, square)) =
                own.reduce(|(weight, square), more| (weight + more.0, square + more.1))
            else {
                continue;
            };
            tally.cells.push(Cell {
                unit: (key / patterns) as u32,
                pattern: (key % patterns) as u32,
                weight: weight.tidy(),
                square: square.tidy(),
            });
        }
        tally
    }

    /// The same where most patterns have few respondents: rows sorted by unit and pattern.
    fn sorted(
        sample: &Sample,
        (rows, of_row): (&[u32], &[u32]),
        patterns: usize,
        unit: impl Fn(u32) -> u32 + Sync,
    ) -> Tally {
        let keyed = rows.par_iter().zip(of_row);
        let keyed = keyed.map(|(row, pattern)| ((unit(*row), *pattern), *row));
        let mut keyed: Vec<((u32, u32), u32)> = keyed.collect();
        keyed.par_sort_unstable();
        let mut tally = Tally::empty(patterns);
        for own in keyed.chunk_by(|one, next| one.0 == next.0) {
            let ((unit, pattern), first) = own[0];
            let (mut weight, mut square) = (Sum::ZERO, Sum::ZERO);
            for (_, row) in own {
                tally.n[pattern as usize] += sample.n(*row as usize);
                weight.add_sum(sample.whole_weight(*row as usize));
                square.add_sum(sample.square(*row as usize));
            }
            let example = &mut tally.example[pattern as usize];
            *example = first.min(*example);
            tally.cells.push(Cell {
                unit,
                pattern,
                weight: weight.tidy(),
                square: square.tidy(),
            });
        }
        tally
    }

    fn empty(patterns: usize) -> Tally {
        Tally {
            example: vec![u32::MAX; patterns],
            n: vec![0; patterns],
            cells: Vec::new(),
        }
    }
}

/// What one core has counted.
struct Part {
    example: Vec<u32>,
    n: Vec<u64>,
    /// The place among `cells` of each unit with each pattern.
    places: Vec<u32>,
    /// Σ w, and Σ w².
    cells: Vec<(Sum, Sum)>,
}

impl Part {
    fn new(
        sample: &Sample,
        (rows, of_row): (&[u32], &[u32]),
        (units, patterns): (usize, usize),
        unit: impl Fn(u32) -> u32,
    ) -> Part {
        let mut part = Part {
            example: vec![u32::MAX; patterns],
            n: vec![0; patterns],
            places: vec![u32::MAX; units * patterns],
            cells: Vec::new(),
        };
        let has_squares = sample.mode == Mode::Elements;
        for (row, pattern) in rows.iter().zip(of_row) {
            let (at, pattern) = (*row as usize, *pattern as usize);
            if part.n[pattern] == 0 {
                part.example[pattern] = part.example[pattern].min(*row);
            }
            part.n[pattern] += sample.n(at);
            let place = &mut part.places[unit(*row) as usize * patterns + pattern];
            if *place == u32::MAX {
                *place = part.cells.len() as u32;
                part.cells.push((Sum::ZERO, Sum::ZERO));
            }
            let (weight, square) = &mut part.cells[*place as usize];
            weight.add_sum(sample.whole_weight(at));
            if has_squares {
                square.add_sum(sample.square(at));
            }
        }
        part
    }

    fn cell(&self, key: usize) -> Option<(Sum, Sum)> {
        self.cells.get(*self.places.get(key)? as usize).copied()
    }
}
