//! Several files of sums as one: the digits that the respondents of all of them together would give.
//!
//! A pattern of a block is known by the columns that it lies in, whatever number a file gave it; strata, PSUs and levels with
//! equal labels are the same. Columns and levels that only a later file has stand behind those of the first.

use std::collections::HashMap;

use super::sums_file::{FileBlock, OUTSIDE, SumsFile, SumsItem};
use crate::survey::estimate::{Error, check_compatible, merged_codebook};
use crate::survey::microdata::Value;
use crate::survey::sums::{Sketch, Sums, merge};

impl SumsFile {
    /// Takes in a file that was made like this one.
    ///
    /// # Errors
    /// Another banner, design or condition; weights that hold in their own file alone.
    pub fn add(&mut self, other: SumsFile) -> Result<(), Error> {
        check_compatible(&self.spec, &other.spec, &self.path, &other.path)?;
        let texts = |file: &SumsFile| -> Vec<String> {
            file.blocks.iter().map(|block| block.text.clone()).collect()
        };
        let (own, its) = (texts(self), texts(&other));
        if own != its {
            return Err(Error::Request(format!(
                "{} keeps the columns {}, and {} {}: make both with the same --columns",
                other.path,
                its.join(", "),
                self.path,
                own.join(", ")
            )));
        }
        if self.set_base != other.set_base {
            return Err(Error::Request(format!(
                "{} and {} have sets of another base: make both with the same --set-base",
                self.path, other.path
            )));
        }
        let renumbered = self.blocks.iter_mut().zip(&other.blocks);
        let renumbered = renumbered.map(|(block, other)| block.take_in(other));
        let renumbered: Vec<Vec<u32>> = renumbered.collect();
        let codebooks = [&self.codebook, &other.codebook];
        let merged = merged_codebook(codebooks.into_iter());
        self.codebook.variables = merged.variables;
        let known = self.spec.source.split(" + ");
        if !known.into_iter().any(|name| name == other.spec.source) {
            self.spec.source = format!("{} + {}", self.spec.source, other.spec.source);
        }
        self.more.push((other, renumbered));
        Ok(())
    }
}

impl FileBlock {
    /// Adds the columns and patterns of another file; the number here of each pattern there.
    fn take_in(&mut self, other: &FileBlock) -> Vec<u32> {
        let columns_of = |block: &FileBlock, pattern: u32| -> Vec<Vec<String>> {
            let columns = block.columns.iter();
            let own = columns.filter(|column| column.patterns.contains(&pattern));
            let mut parts: Vec<Vec<String>> = own.map(|column| column.parts.clone()).collect();
            parts.sort();
            parts
        };
        let mut known: HashMap<Vec<Vec<String>>, u32> = (0..self.patterns as u32)
            .map(|pattern| (columns_of(self, pattern), pattern))
            .collect();
        let mut numbers = Vec::with_capacity(other.patterns);
        for pattern in 0..other.patterns as u32 {
            let columns = columns_of(other, pattern);
            if let Some(own) = known.get(&columns) {
                numbers.push(*own);
                continue;
            }
            let own = self.patterns as u32;
            self.patterns += 1;
            for parts in &columns {
                match self
                    .columns
                    .iter_mut()
                    .find(|column| column.parts == *parts)
                {
                    Some(column) => column.patterns.push(own),
                    None => self.columns.push(super::banner::BuiltColumn {
                        parts: parts.clone(),
                        patterns: vec![own],
                        net: false,
                    }),
                }
            }
            known.insert(columns, own);
            numbers.push(own);
        }
        numbers
    }
}

/// Gives the patterns of a file the numbers that they have among those of all files.
pub fn renumber(sums: &mut Sums, renumbered: &[Vec<u32>]) {
    let number = |value: &Value| match value {
        Value::Number(number) => *number as usize,
        _ => 0,
    };
    for domain in &mut sums.domains {
        if let [block, pattern] = domain.as_mut_slice()
            && let Some(numbers) = number(block)
                .checked_sub(1)
                .and_then(|at| renumbered.get(at))
            && let Some(own) = numbers.get(number(pattern))
        {
            *pattern = Value::Number(f64::from(*own));
        }
    }
}

/// The sums of all files, and the rows of their items by the cells and domains of these.
///
/// # Errors
/// Sums that can't be added up; an item that one of the files does not have.
pub fn merged(
    mut parts: Vec<(Sums, HashMap<String, SumsItem>)>,
    replicates: usize,
) -> Result<(Sums, HashMap<String, SumsItem>), Error> {
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return Ok(only);
    }
    // before the merge, which would add triangles of different rows up as if they were of the same
    let sketches: Vec<Sketch> = parts
        .iter_mut()
        .map(|(sums, _)| std::mem::take(&mut sums.sketch))
        .collect();
    let mut sums = merge(parts.iter().map(|(sums, _)| sums.clone()).collect())?;
    sums.sketch = Sketch::stacked(replicates, sketches.iter().map(Sketch::triangle));
    let key = |values: &[Value]| format!("{values:?}");
    let strata: HashMap<String, usize> = numbered(sums.strata.iter().map(|of| key(of)));
    let units: HashMap<String, usize> = numbered(
        sums.units
            .iter()
            .map(|unit| format!("{} {:?}", unit.stratum, unit.path)),
    );
    let domains: HashMap<String, usize> = numbered(sums.domains.iter().map(|of| key(of)));
    let cells: HashMap<String, usize> = numbered(
        sums.cells
            .iter()
            .map(|cell| format!("{} {}", cell.domain, cell.unit)),
    );
    let mut items: HashMap<String, SumsItem> = HashMap::new();
    for (part, of_part) in parts {
        let domain_of = |at: u32| {
            let domain = part.domains.get(at as usize)?;
            domains.get(&key(domain)).map(|at| *at as u32)
        };
        let cell_of = |at: u32| {
            let cell = part.cells.get(at as usize)?;
            let unit = part.units.get(cell.unit as usize)?;
            let stratum = strata.get(&key(part.strata.get(unit.stratum as usize)?))?;
            let unit = units.get(&format!("{stratum} {:?}", unit.path))?;
            let domain = domain_of(cell.domain)?;
            cells.get(&format!("{domain} {unit}")).map(|at| *at as u32)
        };
        for (name, item) in of_part {
            items
                .entry(name)
                .or_default()
                .take_in(item, &cell_of, &domain_of);
        }
    }
    Ok((sums, items))
}

fn numbered(keys: impl Iterator<Item = String>) -> HashMap<String, usize> {
    keys.enumerate().map(|(at, key)| (key, at)).collect()
}

impl SumsItem {
    /// Adds the rows of another file, with the numbers of cells, domains and levels that they have here.
    fn take_in(
        &mut self,
        other: SumsItem,
        cell_of: &dyn Fn(u32) -> Option<u32>,
        domain_of: &dyn Fn(u32) -> Option<u32>,
    ) {
        let level_of: Vec<u32> = other
            .levels
            .iter()
            .map(|level| {
                let known = self.levels.iter().position(|own| own == level);
                known.unwrap_or_else(|| {
                    self.levels.push(level.clone());
                    self.levels.len() - 1
                }) as u32
            })
            .collect();
        let mut values = other.values.into_iter();
        for level in &other.levels {
            if level.as_deref() == Some(OUTSIDE) {
                continue;
            }
            if let Some(value) = values.next()
                && !self.values.contains(&value)
            {
                self.values.push(value);
            }
        }
        let level = |at: u32| level_of.get(at as usize).copied();
        self.cells.extend(
            other
                .cells
                .into_iter()
                .filter_map(|(cell, own, weight, square)| {
                    Some((cell_of(cell)?, level(own)?, weight, square))
                }),
        );
        self.domains.extend(
            other
                .domains
                .into_iter()
                .filter_map(|(domain, own, n, square)| {
                    Some((domain_of(domain)?, level(own)?, n, square))
                }),
        );
        self.replicates
            .extend(
                other
                    .replicates
                    .into_iter()
                    .filter_map(|(domain, own, replicate, sum)| {
                        Some((domain_of(domain)?, level(own)?, replicate, sum))
                    }),
            );
        self.outside_last();
    }

    /// Those outside of a condition stand behind all levels.
    fn outside_last(&mut self) {
        let is_outside = |level: &Option<String>| level.as_deref() == Some(OUTSIDE);
        let Some(at) = self.levels.iter().position(is_outside) else {
            return;
        };
        let last = self.levels.len() - 1;
        if at == last {
            return;
        }
        let outside = self.levels.remove(at);
        self.levels.push(outside);
        let moved = |level: &mut u32| {
            let own = *level as usize;
            *level = match own.cmp(&at) {
                std::cmp::Ordering::Less => own,
                std::cmp::Ordering::Equal => last,
                std::cmp::Ordering::Greater => own - 1,
            } as u32;
        };
        self.cells.iter_mut().for_each(|row| moved(&mut row.1));
        self.domains.iter_mut().for_each(|row| moved(&mut row.1));
        self.replicates.iter_mut().for_each(|row| moved(&mut row.1));
    }
}
