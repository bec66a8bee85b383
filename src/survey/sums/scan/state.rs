//! What one thread has added up: every row is given its unit, its domain and the cell of both, then the items are added.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::adders::{Adder, Places};
use super::columns::{coded, codes_of, missing_codes, numbers, numbers_of};
use super::numbering::{Chain, Dictionary, Key, Pairs, number_below};
use crate::statistics::special::Sum;
use crate::survey::expr::{Output, TRUE, UNKNOWN};
use crate::survey::microdata::{Batch, Coded, Column, MissingValues, Value};
use crate::survey::sums::error::Error;
use crate::survey::sums::plan::{Classes, DesignColumns, ItemPlan, Mode, Operand, Plan, Weights};
use crate::survey::sums::rank::Sketch;
use crate::survey::sums::tally::{
    Cell, LiteralCount, PlacedRows, ReplicateColumn, RowCounts, Unit, widen_fpc,
};

/// What one thread has added up so far. Its numbers for values are its own.
pub struct State<'a> {
    plan: &'a Plan,
    pub strata: Chain,
    /// One a stage that enters the variance: units within their stratum or the unit above.
    pub stages: Vec<(Dictionary, Pairs)>,
    pub units: Vec<Unit>,
    implied: Vec<f64>,
    /// Stratum and class, where classes are the units.
    classes: Pairs,
    pub places: Vec<PlacedRows>,
    pub domains: Chain,
    pub cells: Pairs,
    pub tallies: Vec<Cell>,
    /// The domains that somebody lies in, where they have a bound.
    occupied: HashSet<u32>,
    pub items: Vec<Adder>,
    pub rows: RowCounts,
    pub weight: Sum,
    pub replicate_columns: Vec<ReplicateColumn>,
    pub literals: Vec<LiteralCount>,
    pub asked: BTreeMap<usize, u64>,
    pub sketch: Sketch,
}

impl<'a> State<'a> {
    pub fn new(plan: &'a Plan) -> State<'a> {
        let mut cells = Pairs::default();
        // cell 0 takes those outside of all domains, so that the loops over rows have no branch for them; it is left out at
        // the end
        cells.reserve(1, 1);
        cells.number(0, 0);
        State {
            strata: Chain::new(plan.design.strata.len()),
            stages: plan.design.psu.iter().map(|_| Default::default()).collect(),
            units: Vec::new(),
            implied: Vec::new(),
            classes: Pairs::default(),
            places: Vec::new(),
            domains: Chain::new(plan.by.len()),
            cells,
            tallies: vec![Cell::default()],
            occupied: HashSet::new(),
            items: plan.items.iter().map(Adder::new).collect(),
            rows: RowCounts::default(),
            weight: Sum::ZERO,
            replicate_columns: vec![ReplicateColumn::default(); plan.design.replicates.len()],
            literals: vec![LiteralCount::default(); plan.literals.len()],
            asked: BTreeMap::new(),
            sketch: match plan.rank {
                true => Sketch::new(plan.design.replicates.len()),
                false => Sketch::default(),
            },
            plan,
        }
    }

    /// Adds a batch of respondents.
    pub fn add(&mut self, batch: &Batch) -> Result<(), Error> {
        let plan = self.plan;
        let mut rows = CompleteRows::new(plan, batch);
        self.rows.incomplete += rows.leave_out();
        // the rows that are left, or all of them where none had to go: then nothing is copied
        let batch = rows.batch.as_ref().unwrap_or(batch);
        self.rows.all += batch.rows as u64;
        let units = self.number_units(batch);
        let weights = self.weights(batch, &units);
        self.note_units(batch, &units, &weights);
        if plan.keep_places {
            self.places.push(PlacedRows {
                first_row: batch.first_row,
                units: units.clone(),
            });
        }
        let domains = self.number_domains(batch);
        let cells = self.number_cells(&units, &domains)?;
        self.note_cells(&cells, &weights);
        self.count_literals(batch, &domains, &weights);
        self.note_replicates(batch, &weights);
        let replicates = replicate_weights(&plan.design, batch, &weights);
        let replicates: Vec<&[f64]> = replicates.iter().map(|w| w.as_ref()).collect();
        if self.plan.rank {
            self.sketch.add(batch.first_row, &replicates);
        }
        let places = Places {
            cells: &cells,
            domains: &domains,
            weights: &weights,
            elements: plan.mode == Mode::Elements,
            replicates: &replicates,
        };
        let counts = (self.tallies.len(), self.domains.len() + 1);
        // only thresholds are looked up by the values of a domain, so these are written out only where they are
        let domain_keys = || {
            let crossings = 0..self.domains.len() as u32;
            crossings
                .map(|d| self.domains.values(d))
                .collect::<Vec<_>>()
        };
        for (at, (item, adder)) in plan.items.iter().zip(&mut self.items).enumerate() {
            let filter = plan.item_filters.get(&at);
            let chosen = filter.map(|filter| places.of_those(filter.run(batch)));
            if let Some((_, domains)) = &chosen {
                let rows = domains.iter().zip(places.weights);
                let asked = rows.filter(|(domain, weight)| **domain != 0 && **weight != 0.0);
                *self.asked.entry(at).or_default() += asked.count() as u64;
            }
            let places = match &chosen {
                None => places,
                Some((cells, domains)) => Places {
                    cells,
                    domains,
                    ..places
                },
            };
            adder.add(item, batch, &places, counts, &domain_keys)?;
        }
        Ok(())
    }

    /// The unit of each row.
    fn number_units(&mut self, batch: &Batch) -> Vec<u32> {
        let columns = &self.plan.design;
        let mut numbers = match self.plan.mode {
            Mode::Replicates => return vec![0; batch.rows],
            _ => {
                let strata = columns.strata.iter().filter_map(|at| coded(batch, *at));
                self.strata.number(batch.rows, strata)
            }
        };
        if let Some(classes) = &columns.classes {
            return self.number_classes(batch, &numbers, classes);
        }
        if self.plan.mode != Mode::Elements {
            let mut above = self.strata.len();
            for ((dictionary, pairs), at) in self.stages.iter_mut().zip(&columns.psu) {
                if let Some(column) = coded(batch, *at) {
                    number_below(dictionary, pairs, &mut numbers, above, column);
                }
                above = pairs.pairs.len();
            }
        }
        if self.plan.mode == Mode::Rows {
            return self.number_rows(batch, &numbers);
        }
        numbers
    }

    /// Classes are the units within the strata.
    fn number_classes(&mut self, batch: &Batch, strata: &[u32], classes: &Classes) -> Vec<u32> {
        self.classes
            .reserve(self.strata.len().max(1), classes.count);
        let first = batch.first_row as usize;
        let of_rows = classes.of_row.get(first..first + batch.rows);
        let pairs = strata.iter().zip(of_rows.unwrap_or_default());
        pairs
            .map(|(stratum, class)| self.classes.number(*stratum, *class))
            .collect()
    }

    /// Each row is a unit of its own within the unit it lies in.
    fn number_rows(&mut self, batch: &Batch, above: &[u32]) -> Vec<u32> {
        let first = self.units.len() as u32;
        for (row, above) in above.iter().enumerate() {
            let (stratum, mut path) = self.path(*above);
            path.push(Value::Number((batch.first_row + row as u64) as f64));
            self.units.push(Unit {
                stratum,
                path,
                ..Unit::default()
            });
        }
        (first..self.units.len() as u32).collect()
    }

    /// The stratum of a unit and its names from the first stage on.
    fn path(&self, unit: u32) -> (u32, Vec<Value>) {
        if self.plan.design.classes.is_some() {
            let (stratum, class) = self.classes.pairs[unit as usize];
            return (stratum, vec![Value::Number(f64::from(class))]);
        }
        if matches!(self.plan.mode, Mode::Elements | Mode::Replicates) {
            return (unit, Vec::new());
        }
        let mut number = unit;
        let mut path = Vec::with_capacity(self.stages.len() + 1);
        for (dictionary, pairs) in self.stages.iter().rev() {
            let (above, below) = pairs.pairs[number as usize];
            path.push(dictionary.values[below as usize].clone());
            number = above;
        }
        path.reverse();
        (number, path)
    }

    /// The weight of each row, 0 where it is missing.
    fn weights<'b>(&mut self, batch: &'b Batch, units: &[u32]) -> Cow<'b, [f64]> {
        let plan = self.plan;
        let weights = self.declared_weights(&plan.design.weights, batch, units);
        for weight in weights.iter() {
            self.weight.add(*weight);
        }
        weights
    }

    fn declared_weights<'b>(
        &mut self,
        weights: &Weights,
        batch: &'b Batch,
        units: &[u32],
    ) -> Cow<'b, [f64]> {
        let first = batch.first_row as usize;
        let given = match weights {
            Weights::One => return Cow::Owned(vec![1.0; batch.rows]),
            Weights::Counting(weights) => {
                let weights = self.declared_weights(weights, batch, units);
                let above = weights.iter().map(|weight| f64::from(*weight > 0.0));
                return Cow::Owned(above.collect());
            }
            Weights::Column(at) => Cow::Borrowed(numbers(batch, *at)),
            Weights::Expression(operand) => Cow::Owned(numbers_of(operand.run(batch)).into_owned()),
            Weights::PerRow(all) => match all.get(first..first + batch.rows) {
                Some(part) => Cow::Owned(part.to_vec()),
                None => Cow::Owned(vec![0.0; batch.rows]),
            },
            Weights::Implied(_) => return Cow::Owned(self.implied_weights(units)),
        };
        let missing = given.iter().filter(|w| w.is_nan()).count() as u64;
        self.rows.without_weight += missing;
        self.rows.negative_weight += given.iter().filter(|w| **w < 0.0).count() as u64;
        self.rows.infinite_weight += given.iter().filter(|w| **w == f64::INFINITY).count() as u64;
        match missing {
            0 => given,
            _ => Cow::Owned(
                given
                    .iter()
                    .map(|w| if w.is_nan() { 0.0 } else { *w })
                    .collect(),
            ),
        }
    }

    fn implied_weights(&mut self, units: &[u32]) -> Vec<f64> {
        let met = units.iter().max().map_or(0, |most| *most as usize + 1);
        for unit in self.implied.len()..met {
            let (stratum, path) = match self.plan.mode {
                // a row has the weight of the unit that it lies in
                Mode::Rows => {
                    let row = &self.units[unit];
                    let above = row.path.len().saturating_sub(1);
                    (row.stratum, row.path[..above].to_vec())
                }
                _ => self.path(unit as u32),
            };
            let names = self.strata.values(stratum);
            let key: Vec<Key> = names.iter().chain(&path).map(Key::from).collect();
            let weight = match &self.plan.design.weights {
                Weights::Implied(by_unit) => by_unit.get(&key).copied().unwrap_or(0.0),
                _ => 1.0,
            };
            self.implied.push(weight);
        }
        units
            .iter()
            .map(|unit| self.implied[*unit as usize])
            .collect()
    }

    /// What the rows say about their units.
    fn note_units(&mut self, batch: &Batch, units: &[u32], weights: &[f64]) {
        let met = units.iter().max().map_or(0, |most| *most as usize + 1);
        for unit in self.units.len()..met {
            let (stratum, path) = self.path(unit as u32);
            self.units.push(Unit {
                stratum,
                path,
                ..Unit::default()
            });
        }
        for (unit, weight) in units.iter().zip(weights) {
            let unit = &mut self.units[*unit as usize];
            unit.rows += 1;
            unit.weighted += u64::from(*weight != 0.0);
        }
        for (stage, at) in self.plan.design.fpc.iter().enumerate() {
            for (unit, fpc) in units.iter().zip(numbers(batch, *at)) {
                let seen = &mut self.units[*unit as usize].fpc;
                match seen.get_mut(stage) {
                    Some(range) => widen_fpc(range, (*fpc, *fpc)),
                    None => seen.push((*fpc, *fpc)),
                }
            }
        }
    }

    /// The domain of each row, from 1; 0 for those outside.
    fn number_domains(&mut self, batch: &Batch) -> Vec<u32> {
        let outputs: Vec<(Cow<Coded>, MissingValues)> = self
            .plan
            .by
            .iter()
            .map(|operand| (codes_of(operand.run(batch)), operand.missing()))
            .collect();
        let crossing = self
            .domains
            .number(batch.rows, outputs.iter().map(|(coded, _)| coded.as_ref()));
        let mut domains: Vec<u32> = crossing.iter().map(|number| number + 1).collect();
        let mut without_group = vec![false; if outputs.is_empty() { 0 } else { batch.rows }];
        for (coded, missing) in &outputs {
            let outside = missing_codes(coded, missing);
            if outside.contains(&true) {
                for (row, domain) in domains.iter_mut().enumerate() {
                    if outside[coded.codes.get(row) as usize] {
                        *domain = 0;
                        without_group[row] = true;
                    }
                }
            }
        }
        if let Some(condition) = &self.plan.condition
            && let Output::Truth(truth) = condition.run(batch)
        {
            for (domain, truth) in domains.iter_mut().zip(&truth) {
                // a product, not a branch: unknown and false both lead to domain 0
                *domain *= u32::from(*truth == TRUE);
            }
            for (without, truth) in without_group.iter_mut().zip(&truth) {
                *without &= *truth == TRUE;
            }
            self.rows.undecided += truth.iter().filter(|t| **t == UNKNOWN).count() as u64;
        }
        self.rows.without_group += without_group.iter().filter(|is| **is).count() as u64;
        domains
    }

    fn number_cells(&mut self, units: &[u32], domains: &[u32]) -> Result<Vec<u32>, Error> {
        let most = units.iter().max().map_or(0, |most| *most as usize + 1);
        self.cells.reserve(most.max(1), self.domains.len() + 1);
        let pairs = &mut self.cells;
        let cells: Vec<u32> = units
            .iter()
            .zip(domains)
            .map(|(unit, domain)| match domain {
                0 => 0,
                _ => pairs.number(*unit, *domain),
            })
            .collect();
        for (unit, domain) in &self.cells.pairs[self.tallies.len()..] {
            self.tallies.push(Cell {
                unit: *unit,
                domain: *domain,
                ..Cell::default()
            });
            if let Some(limit) = &self.plan.domain_limit {
                self.occupied.insert(*domain);
                if self.occupied.len() > limit.most {
                    return Err(Error::Domains(limit.why.clone()));
                }
            }
        }
        Ok(cells)
    }

    /// Who has the values that expressions name. While nobody has one, the values that there are are kept beside it.
    fn count_literals(&mut self, batch: &Batch, domains: &[u32], weights: &[f64]) {
        let inside = |row: usize| domains[row] != 0 && weights[row] != 0.0;
        for (literal, count) in self.plan.literals.iter().zip(&mut self.literals) {
            let mut add = |row: usize| {
                count.rows += 1;
                count.inside += u64::from(inside(row));
            };
            match batch.columns.get(literal.column) {
                Some(Column::Numbers(numbers)) => {
                    let rows = numbers.iter().enumerate();
                    rows.filter(|(_, number)| literal.named.means_number(**number))
                        .for_each(|(row, _)| add(row));
                }
                Some(Column::Codes(coded)) => {
                    let values = coded.values.iter();
                    let meant: Vec<bool> = values.map(|value| literal.named.means(value)).collect();
                    if meant.contains(&true) {
                        let rows = 0..coded.codes.len();
                        rows.filter(|row| meant[coded.codes.get(*row) as usize])
                            .for_each(add);
                    }
                    if count.rows == 0 && count.others.len() < MOST_OTHERS {
                        let values = coded.values.iter().take(MOST_OTHERS);
                        count
                            .others
                            .extend(values.flat_map(|v| literal.named.names(v)));
                    }
                }
                None => {}
            }
        }
    }

    /// What the columns of replicate weights hold, as they stand in the file.
    fn note_replicates(&mut self, batch: &Batch, weights: &[f64]) {
        let columns = &self.plan.design;
        for (at, seen) in columns.replicates.iter().zip(&mut self.replicate_columns) {
            seen.add(numbers(batch, *at), weights);
        }
    }

    fn note_cells(&mut self, cells: &[u32], weights: &[f64]) {
        for (cell, weight) in cells.iter().zip(weights) {
            let cell = &mut self.tallies[*cell as usize];
            cell.rows += 1;
            cell.weighted += u64::from(*weight != 0.0);
            cell.weight.add(*weight);
            cell.square.add_sum(Sum::product(*weight, *weight));
        }
    }
}

/// The replicate weights of a batch, NaN where they are missing.
pub fn replicate_weights<'b>(
    columns: &DesignColumns,
    batch: &'b Batch,
    weights: &[f64],
) -> Vec<Cow<'b, [f64]>> {
    let weights_at = |at: &usize| {
        let given = numbers(batch, *at);
        if columns.combined {
            return Cow::Borrowed(given);
        }
        let factors = given.iter().zip(weights);
        Cow::Owned(factors.map(|(factor, weight)| factor * weight).collect())
    };
    columns.replicates.iter().map(weights_at).collect()
}

/// So many values are kept of those that could have been named.
const MOST_OTHERS: usize = 400;

/// A batch of which rows may be left out.
pub struct CompleteRows<'b> {
    incomplete: Option<Vec<bool>>,
    from: &'b Batch,
    /// The rows that are kept, where some are not.
    pub batch: Option<Batch>,
}

impl<'b> CompleteRows<'b> {
    pub fn new(plan: &Plan, batch: &'b Batch) -> CompleteRows<'b> {
        CompleteRows {
            incomplete: plan.drop_incomplete.then(|| incomplete(plan, batch)),
            from: batch,
            batch: None,
        }
    }

    /// Leaves the incomplete rows out, and says how many there were.
    pub fn leave_out(&mut self) -> u64 {
        let Some(incomplete) = &self.incomplete else {
            return 0;
        };
        let left_out = incomplete.iter().filter(|out| **out).count();
        if left_out > 0 {
            let kept: Vec<usize> = (0..self.from.rows)
                .filter(|row| !incomplete[*row])
                .collect();
            self.batch = Some(self.from.select(&kept));
        }
        left_out as u64
    }
}

/// Which rows miss an answer to any of the items.
fn incomplete(plan: &Plan, batch: &Batch) -> Vec<bool> {
    let mut incomplete = vec![false; batch.rows];
    let numbers = |operand: &Operand, missing: &mut [bool]| {
        if let Output::Numbers(numbers) = operand.run(batch) {
            let rows = missing.iter_mut().zip(numbers.iter());
            rows.for_each(|(out, number)| *out |= number.is_nan());
        }
    };
    for (at, item) in plan.items.iter().enumerate() {
        let mut missing = vec![false; batch.rows];
        match item {
            ItemPlan::Numbers { operands, .. } => {
                operands
                    .iter()
                    .for_each(|operand| numbers(operand, &mut missing));
            }
            ItemPlan::Values { operand, .. } | ItemPlan::AtMost { operand, .. } => {
                numbers(operand, &mut missing);
            }
            ItemPlan::Levels {
                operand,
                missing: no_answers,
                ..
            } => {
                let coded = codes_of(operand.run(batch));
                let no_answer = missing_codes(&coded, no_answers);
                for (row, out) in missing.iter_mut().enumerate() {
                    *out = no_answer[coded.codes.get(row) as usize];
                }
            }
        }
        // who was not asked misses nothing
        if let Some(Output::Truth(truth)) =
            plan.item_filters.get(&at).map(|filter| filter.run(batch))
        {
            for (out, truth) in missing.iter_mut().zip(truth) {
                *out &= truth == TRUE;
            }
        }
        let rows = incomplete.iter_mut().zip(missing);
        rows.for_each(|(out, missing)| *out |= missing);
    }
    incomplete
}
