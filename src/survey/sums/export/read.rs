//! From the rows of a table to sums.

use std::collections::{HashMap, HashSet};

use super::possible::{self, ByCell, Weighed, Whole};
use super::spec::{Spec, level_value};
use super::table::Table;
use crate::statistics::special::Sum;
use crate::survey::expr::Item;
use crate::survey::microdata::Value;
use crate::survey::sums::error::Error;
use crate::survey::sums::plan::{ItemPlan, Mode};
use crate::survey::sums::rank::Sketch;
use crate::survey::sums::tally::{Cell, ItemSums, LevelSums, NumberSums, Sums, Unit, at, triangle};

/// An item as its rows name it, and what it adds up.
pub struct ItemToRead<'a> {
    pub text: &'a str,
    pub plan: &'a ItemPlan,
    /// Whether its levels are numbers.
    pub numbers: bool,
}

/// Whether the labels of each column are numbers: strata and PSUs, then groups.
pub struct LabelKinds {
    pub units: Vec<bool>,
    pub by: Vec<bool>,
}

/// More sums than this of one item are not laid out in memory: 4 GB.
const MOST_SUMS: usize = 1 << 28;

type Labels<'t> = Vec<Option<&'t str>>;

/// Numbers for labels in the order in which they are met.
#[derive(Default)]
struct LabelNumbers<'t> {
    numbers: HashMap<Labels<'t>, u32>,
    labels: Vec<Labels<'t>>,
}

impl<'t> LabelNumbers<'t> {
    fn number(&mut self, labels: Labels<'t>) -> u32 {
        let next = self.labels.len() as u32;
        let number = *self.numbers.entry(labels.clone()).or_insert(next);
        if number == next {
            self.labels.push(labels);
        }
        number
    }
}

/// What a row is of: its part, its cell or group, its level or term, its replicate.
type Place = (&'static str, usize, usize, usize);

/// Rows of an item, of which no two are of the same: added up they would count twice.
struct Once<'t> {
    table: &'t Table,
    places: HashSet<Place>,
}

impl<'t> Once<'t> {
    fn new(table: &'t Table) -> Once<'t> {
        Once {
            table,
            places: HashSet::new(),
        }
    }

    fn check(&mut self, row: usize, place: Place) -> Result<(), Error> {
        match self.places.insert(place) {
            true => Ok(()),
            false => Err(self.table.wrong(row, "its sum has a row already")),
        }
    }
}

/// Goes over the rows of a table once and puts them back into sums.
pub struct SumsReader<'t> {
    table: &'t Table,
    spec: &'t Spec,
    units: LabelNumbers<'t>,
    domains: LabelNumbers<'t>,
    cells: HashMap<(u32, u32), usize>,
    /// What was counted of all rows.
    counted: HashSet<Option<&'t str>>,
    pub sums: Sums,
    mode: Mode,
}

impl<'t> SumsReader<'t> {
    /// The units, cells and counts of rows; items come after.
    ///
    /// # Errors
    /// Rows that can't be: a part that is unknown, a number that is missing.
    pub fn new(
        table: &'t Table,
        spec: &'t Spec,
        kinds: &LabelKinds,
        mode: Mode,
    ) -> Result<SumsReader<'t>, Error> {
        let mut reader = SumsReader {
            table,
            spec,
            units: LabelNumbers::default(),
            domains: LabelNumbers::default(),
            cells: HashMap::new(),
            counted: HashSet::new(),
            sums: Sums::default(),
            mode,
        };
        if spec.by.is_empty() {
            reader.domains.number(Vec::new());
        }
        let (mut units, mut cells) = (Vec::new(), Vec::new());
        // an engine gives the rows in any order
        for row in 0..table.rows {
            if table.part(row)? == "unit" {
                reader.unit(row)?;
                units.push(row);
            }
        }
        let mut triangle = vec![0.0; spec.replicates * spec.replicates];
        let mut ranked = vec![false; triangle.len()];
        for row in 0..table.rows {
            match table.part(row)? {
                "cell" => {
                    reader.cell(row)?;
                    cells.push(row);
                }
                "rows" => reader.count(row)?,
                "rank" => {
                    let (i, j) = (table.count("n", row)?, table.count("replicate", row)?);
                    let size = spec.replicates as u64;
                    if !(1..=size).contains(&i) || !(1..=size).contains(&j) {
                        return Err(table.wrong(row, "it lies outside of the replicates"));
                    }
                    let at = ((i - 1) * size + j - 1) as usize;
                    if std::mem::replace(&mut ranked[at], true) {
                        return Err(table.wrong(row, "this product has a row already"));
                    }
                    triangle[at] = table.sum("w", row)?.value();
                }
                "unit" | "spec" | "level" | "item" | "moment" | "replicate" => {}
                other => return Err(table.wrong(row, &format!("{other} is no part of sums"))),
            }
        }
        if spec.version == 1 {
            // what is outside of all domains is not known
            for cell in &reader.sums.cells {
                reader.sums.weight.add_sum(cell.weight);
            }
        }
        let counted = |term: &str| reader.counted.contains(&Some(term));
        let blocks = spec.banner.as_ref();
        let blocks = blocks.and_then(|banner| banner["blocks"].as_array());
        let whole = Whole {
            rows: counted("all").then_some(reader.sums.rows.all),
            weight: counted("weighted").then(|| reader.sums.weight.value()),
            blocks: blocks.map_or(1, Vec::len).max(1) as u64,
        };
        possible::check_units(table, &reader.sums, &whole, (&units, &cells))?;
        reader.sums.sketch = Sketch::stacked(spec.replicates, [triangle]);
        reader.name_all(kinds);
        Ok(reader)
    }

    fn unit_of(&mut self, row: usize) -> u32 {
        let names = &self.spec.columns;
        let table = self.table;
        let columns = names.strata.iter().chain(&names.psu);
        self.units
            .number(columns.map(|name| table.label(name, row)).collect())
    }

    fn domain_of(&mut self, row: usize) -> u32 {
        let table = self.table;
        let columns = self.spec.columns.by.iter();
        self.domains
            .number(columns.map(|name| table.label(name, row)).collect())
    }

    fn unit(&mut self, row: usize) -> Result<(), Error> {
        let table = self.table;
        let mut fpc = Vec::new();
        for (low, high) in &self.spec.columns.fpc {
            let number = |name: &str| table.number(name, row).unwrap_or(f64::NAN);
            fpc.push((number(low), number(high)));
        }
        let unit = Unit {
            stratum: 0,
            path: Vec::new(),
            fpc,
            rows: table.count("n", row)?,
            weighted: table.count("weighted", row)?,
        };
        match self.unit_of(row) as usize == self.sums.units.len() {
            true => self.sums.units.push(unit),
            false => return Err(table.wrong(row, "this unit has a row already")),
        }
        Ok(())
    }

    fn cell(&mut self, row: usize) -> Result<(), Error> {
        let (unit, domain) = (self.unit_of(row), self.domain_of(row));
        let table = self.table;
        if unit as usize >= self.sums.units.len() {
            return Err(table.wrong(row, "its unit has no row"));
        }
        let next = self.sums.cells.len();
        if *self.cells.entry((unit, domain)).or_insert(next) != next {
            return Err(table.wrong(row, "this cell has a row already"));
        }
        let cell = Cell {
            unit,
            domain,
            rows: table.count("n", row)?,
            weighted: table.count("weighted", row)?,
            weight: table.weight("w", row)?,
            square: table.weight("w2", row)?,
        };
        let weighed = Weighed {
            n: cell.weighted,
            w: cell.weight,
        };
        self.check(row, weighed, Some(cell.square))?;
        self.sums.cells.push(cell);
        Ok(())
    }

    /// Respondents of a row. Those with weight 0 counted in version 1, so that a number of them may weigh nothing.
    fn check(&self, row: usize, weighed: Weighed, square: Option<Sum>) -> Result<(), Error> {
        match self.spec.version == 1 && weighed.w.value() == 0.0 {
            true => Ok(()),
            false => possible::check_row(self.table, row, weighed, square),
        }
    }

    /// What an item holds of the cells. In version 1 the respondents with weight 0 are among those of an item.
    fn check_cells(&self, item: &ItemToRead, held: &ByCell, exhaustive: bool) -> Result<(), Error> {
        let of_all = |item: &Item| item.terms.iter().all(|term| term.filter.is_none());
        let whole = exhaustive && Item::parse(item.text).is_ok_and(|item| of_all(&item));
        match self.spec.version {
            1 => Ok(()),
            _ => possible::check_cells(self.table, &self.sums, item.text, held, whole),
        }
    }

    fn count(&mut self, row: usize) -> Result<(), Error> {
        let n = self.table.count("n", row)?;
        let term = self.table.label("term", row);
        if !self.counted.insert(term) {
            return Err(self.table.wrong(row, "this count has a row already"));
        }
        let rows = &mut self.sums.rows;
        match term {
            Some("all") => rows.all = n,
            Some("without_weight") => rows.without_weight = n,
            Some("negative_weight") => rows.negative_weight = n,
            Some("incomplete") => rows.incomplete = n,
            Some("without_group") => rows.without_group = n,
            Some("weighted") => self.sums.weight = self.table.sum("w", row)?,
            _ => return Err(self.table.wrong(row, "it counts nothing that is known")),
        }
        Ok(())
    }

    /// Gives strata, units and domains the values of their labels.
    fn name_all(&mut self, kinds: &LabelKinds) {
        let strata_columns = self.spec.columns.strata.len();
        let mut strata = LabelNumbers::default();
        if strata_columns == 0 {
            strata.number(Vec::new());
        }
        let value = |labels: &Labels, kinds: &[bool], from: usize| -> Vec<Value> {
            let pairs = labels.iter().zip(kinds).skip(from);
            pairs
                .map(|(text, numbers)| level_value(*text, *numbers))
                .collect()
        };
        for (unit, labels) in self.sums.units.iter_mut().zip(&self.units.labels) {
            unit.stratum = strata.number(labels[..strata_columns].to_vec());
            unit.path = value(labels, &kinds.units, strata_columns);
        }
        let of_strata = strata.labels.iter();
        self.sums.strata = of_strata
            .map(|labels| value(labels, &kinds.units, 0))
            .collect();
        let of_domains = self.domains.labels.iter();
        self.sums.domains = of_domains
            .map(|labels| value(labels, &kinds.by, 0))
            .collect();
    }

    /// Where the rows of each item stand.
    pub fn item_rows(&self) -> Result<HashMap<&'t str, Vec<usize>>, Error> {
        let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
        for row in 0..self.table.rows {
            if matches!(
                self.table.part(row)?,
                "level" | "item" | "moment" | "replicate"
            ) {
                let item = self.table.label("item", row);
                let item = item.ok_or_else(|| self.table.wrong(row, "it names no item"))?;
                rows.entry(item).or_default().push(row);
            }
        }
        Ok(rows)
    }

    /// The sums of one item from its rows.
    ///
    /// # Errors
    /// A row of a cell that is not there, a level or a term that the item does not have.
    pub fn item(&mut self, item: &ItemToRead, rows: &[usize]) -> Result<ItemSums, Error> {
        match item.plan {
            ItemPlan::Levels { .. } => self.levels(item, rows).map(ItemSums::Levels),
            _ => self.numbers(item, rows).map(ItemSums::Numbers),
        }
    }

    /// The cell of a row.
    ///
    /// # Errors
    /// It is not there.
    pub fn cell_of(&mut self, row: usize) -> Result<usize, Error> {
        let key = (self.unit_of(row), self.domain_of(row));
        let found = self.cells.get(&key).copied();
        found.ok_or_else(|| self.table.wrong(row, "its cell has no row of part cell"))
    }

    /// The domain of a row.
    ///
    /// # Errors
    /// It is not there.
    pub fn domain_at(&mut self, row: usize) -> Result<usize, Error> {
        let domain = self.domain_of(row) as usize;
        match domain < self.sums.domains.len() {
            true => Ok(domain),
            false => Err(self.table.wrong(row, "its domain has no cell")),
        }
    }

    /// The replicate of a row, from 0.
    ///
    /// # Errors
    /// It is not there.
    pub fn replicate_of(&self, row: usize) -> Result<usize, Error> {
        let number = self.table.count("replicate", row)? as usize;
        match (1..=self.spec.replicates).contains(&number) {
            true => Ok(number - 1),
            false => Err(self
                .table
                .wrong(row, "there is no replicate of that number")),
        }
    }

    fn levels(&mut self, item: &ItemToRead, rows: &[usize]) -> Result<LevelSums, Error> {
        let table = self.table;
        let mut levels = LabelNumbers::default();
        let numbers: Vec<usize> = rows
            .iter()
            .map(|row| levels.number(vec![table.label("level", *row)]) as usize)
            .collect();
        let width = levels.labels.len();
        let (cells, domains) = (self.sums.cells.len(), self.sums.domains.len());
        self.check_size(item.text, width)?;
        let of_elements = if self.mode == Mode::Elements {
            cells
        } else {
            0
        };
        let mut sums = LevelSums {
            weight: vec![Sum::ZERO; cells * width],
            square: vec![Sum::ZERO; of_elements * width],
            count: vec![0; domains * width],
            replicates: vec![vec![Sum::ZERO; domains * width]; self.spec.replicates],
            levels: Vec::new(),
        };
        let mut held = ByCell::new();
        let mut once = Once::new(table);
        for (row, level) in rows.iter().zip(numbers) {
            match table.part(*row)? {
                "item" => {
                    let cell = self.cell_of(*row)?;
                    once.check(*row, ("item", cell, level, 0))?;
                    let domain = self.sums.cells[cell].domain as usize;
                    let weighed = Weighed {
                        n: table.count("n", *row)?,
                        w: table.weight("w", *row)?,
                    };
                    sums.weight[cell * width + level].add_sum(weighed.w);
                    sums.count[domain * width + level] += weighed.n;
                    let square = match self.mode {
                        Mode::Elements => Some(table.sum("w2", *row)?),
                        _ => None,
                    };
                    if let Some(square) = square {
                        sums.square[cell * width + level].add_sum(square);
                    }
                    self.check(*row, weighed, square)?;
                    held.entry(cell)
                        .or_insert((*row, Weighed::default()))
                        .1
                        .add(weighed);
                }
                "replicate" => {
                    let (domain, replicate) = (self.domain_at(*row)?, self.replicate_of(*row)?);
                    once.check(*row, ("replicate", domain, level, replicate))?;
                    let at = domain * width + level;
                    sums.replicates[replicate][at].add_sum(table.sum("w", *row)?);
                }
                "level" => {}
                other => return Err(table.wrong(*row, &format!("{other} is no part of levels"))),
            }
        }
        self.check_cells(item, &held, true)?;
        let texts = levels.labels.iter();
        sums.levels = texts
            .map(|text| level_value(text[0], item.numbers))
            .collect();
        Ok(sums)
    }

    fn numbers(&mut self, item: &ItemToRead, rows: &[usize]) -> Result<NumberSums, Error> {
        let table = self.table;
        let names = item.plan.terms();
        let terms: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        let width = item.plan.width();
        let (pairs, moments) = (triangle(width), triangle(width.saturating_sub(1)).max(1));
        let (cells, domains) = (self.sums.cells.len(), self.sums.domains.len());
        self.check_size(item.text, pairs)?;
        let of_elements = if self.mode == Mode::Elements {
            cells
        } else {
            0
        };
        let mut sums = NumberSums {
            origins: Vec::new(),
            width,
            first: vec![Sum::ZERO; cells * width],
            product: vec![Sum::ZERO; of_elements * pairs],
            moment: vec![Sum::ZERO; domains * moments],
            count: vec![0; domains],
            replicates: vec![vec![Sum::ZERO; domains * width]; self.spec.replicates],
        };
        // the place of a pair 1 ≤ a ≤ b among the moments, by its place among all pairs
        let mut moment_of = vec![None; pairs];
        for a in 1..width {
            for b in a..width {
                moment_of[at(a, b, width)] = Some(at(a - 1, b - 1, width - 1));
            }
        }
        let mut held = ByCell::new();
        let mut once = Once::new(table);
        for row in rows {
            let name = table.label("term", *row).unwrap_or_default();
            let term = terms.get(name).copied();
            let term = term.ok_or_else(|| table.wrong(*row, &format!("no term {name:?}")))?;
            match table.part(*row)? {
                "item" => {
                    let cell = self.cell_of(*row)?;
                    once.check(*row, ("item", cell, term, 0))?;
                    if term < width {
                        sums.first[cell * width + term].add_sum(table.sum("w", *row)?);
                    }
                    if self.mode == Mode::Elements {
                        sums.product[cell * pairs + term].add_sum(table.sum("w2", *row)?);
                    }
                    // the rows of all terms say the same n, so one of them is counted
                    if term == 0 {
                        let domain = self.sums.cells[cell].domain as usize;
                        let weighed = Weighed {
                            n: table.count("n", *row)?,
                            w: table.weight("w", *row)?,
                        };
                        sums.count[domain] += weighed.n;
                        let square =
                            (self.mode == Mode::Elements).then(|| sums.product[cell * pairs]);
                        self.check(*row, weighed, square)?;
                        held.insert(cell, (*row, weighed));
                    }
                }
                "moment" => {
                    let domain = self.domain_at(*row)?;
                    once.check(*row, ("moment", domain, term, 0))?;
                    if let Some(at) = moment_of[term] {
                        sums.moment[domain * moments + at].add_sum(table.sum("w", *row)?);
                    }
                }
                "replicate" if term < width => {
                    let (domain, replicate) = (self.domain_at(*row)?, self.replicate_of(*row)?);
                    once.check(*row, ("replicate", domain, term, replicate))?;
                    let at = domain * width + term;
                    sums.replicates[replicate][at].add_sum(table.sum("w", *row)?);
                }
                other => return Err(table.wrong(*row, &format!("{other} is no part of numbers"))),
            }
        }
        self.check_cells(item, &held, false)?;
        possible::check_numbers(item.text, &self.sums, &sums)?;
        Ok(sums)
    }

    fn check_size(&self, item: &str, width: usize) -> Result<(), Error> {
        let (cells, domains) = (self.sums.cells.len(), self.sums.domains.len());
        // those of the replicates stand by domain
        let rows = domains
            .checked_mul(self.spec.replicates)
            .and_then(|replicates| replicates.checked_add(cells.max(domains)));
        match rows.and_then(|rows| rows.checked_mul(width)) {
            Some(size) if size <= MOST_SUMS => Ok(()),
            _ => Err(Error::Spoilt(format!(
                "{item} has {width} levels in {} cells and {} replicates of {domains} groups: too many to hold; make sums of \
                 fewer groups or levels",
                cells.max(domains),
                self.spec.replicates
            ))),
        }
    }
}
