//! What a design says of each respondent, in the order of the file.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use super::Error;
use super::design_columns::design_columns;
use super::engine::{implied_weights, resolved};
use super::notices::check_replicate_columns;
use crate::survey::design::{self, Design, WeightCounts};
use crate::survey::microdata::{Batch, Column, ColumnRequest, Source, Value, View};
use crate::survey::sums::{
    DesignColumns, Key, ReplicateColumn, Requests, Weights, sampling_fraction, widen_fpc,
};

/// The first stage of sampling, one entry a respondent.
pub struct FirstStage {
    /// Names of the strata and the stratum of each; `None` for a single one.
    pub strata: Option<(Vec<String>, Vec<u32>)>,
    /// PSUs, numbered; `None` where every respondent is one.
    pub psu: Option<Vec<u32>>,
    /// Sampling fraction of each stratum, one number without strata; `None` without fpc.
    pub fractions: Option<Vec<f64>>,
}

/// The base weight of each respondent: the column of the design, else the product of N/n over the stages, else 1; and how many
/// have none, which is taken for 0.
///
/// # Errors
/// Columns that are not there, a missing weight where these are refused, a negative one.
pub fn base_weights(source: &dyn Source, design: &Design) -> Result<(Vec<f64>, u64), Error> {
    let design = &resolved(design, source.codebook())?;
    let (columns, _, batches) = read(source, design, implied_weights(source, design)?)?;
    let mut weights: Vec<f64> = Vec::new();
    for batch in &batches {
        match &columns.weights {
            Weights::Column(at) => weights.extend_from_slice(numbers(batch, *at)),
            Weights::Expression(operand) => weights.extend_from_slice(&operand.numbers(batch)),
            Weights::Implied(by_unit) => {
                let weight = |row: usize| {
                    let key = key(batch, &columns, row);
                    by_unit.get(&key).copied().unwrap_or(0.0)
                };
                weights.extend((0..batch.rows).map(weight));
            }
            _ => weights.extend(std::iter::repeat_n(1.0, batch.rows)),
        }
    }
    let counts = WeightCounts::from_rows(&weights);
    design.check_weights(&counts).map_err(Error::Design)?;
    let missing = counts.missing;
    let known = weights
        .into_iter()
        .map(|w| if w.is_nan() { 0.0 } else { w });
    Ok((known.collect(), missing))
}

/// The whole replicate weights of the design, replicate by replicate.
///
/// # Errors
/// Columns that are not there, or that are no replicate weights.
pub fn replicate_weights(
    source: &dyn Source,
    design: &Design,
    base: &[f64],
) -> Result<Vec<Vec<f64>>, Error> {
    let Some(declared) = &design.replicates else {
        return Ok(Vec::new());
    };
    let (columns, requests, batches) = read(source, design, None)?;
    let mut weights = vec![Vec::with_capacity(base.len()); columns.replicates.len()];
    for batch in &batches {
        for (to, at) in weights.iter_mut().zip(&columns.replicates) {
            to.extend_from_slice(numbers(batch, *at));
        }
    }
    let seen: Vec<ReplicateColumn> = weights
        .iter()
        .map(|column| ReplicateColumn::from_rows(column, base))
        .collect();
    let names = columns.replicates.iter();
    let names: Vec<&str> = names
        .map(|at| {
            requests
                .get(*at)
                .map_or("", |request| request.name.as_str())
        })
        .collect();
    let sample = (base.len() as u64, base.iter().sum());
    check_replicate_columns(declared, design, &names, &seen, sample).map_err(Error::Design)?;
    if !columns.combined {
        for replicate in &mut weights {
            replicate
                .iter_mut()
                .zip(base)
                .for_each(|(factor, weight)| *factor *= weight);
        }
    }
    Ok(weights)
}

/// Strata, PSUs and sampling fractions of the first stage.
///
/// # Errors
/// A design that can't be; PSU labels that stand in several strata, where they are not said to be those within the stratum.
pub fn first_stage(source: &dyn Source, design: &Design) -> Result<FirstStage, Error> {
    let (columns, _, batches) = read(source, design, Some(Weights::One))?;
    let mut strata: Numbered = Numbered::default();
    let mut psus: Numbered = Numbered::default();
    let mut stratum_of = Vec::new();
    let mut psu_of = Vec::new();
    let mut fpc = FirstFpc::default();
    let mut stratum_of_label: HashMap<Key, u32> = HashMap::new();
    for batch in &batches {
        for row in 0..batch.rows {
            let stratum: Vec<Value> = columns
                .strata
                .iter()
                .map(|at| value(batch, *at, row))
                .collect();
            let number = strata.number(&stratum);
            stratum_of.push(number);
            if let Some(at) = columns.psu.first() {
                let label = value(batch, *at, row);
                let first = *stratum_of_label.entry(Key::from(&label)).or_insert(number);
                if first != number && !design.nest {
                    let name = |stratum: u32| strata.names()[stratum as usize].clone();
                    return Err(Error::Design(design::Error::Nest {
                        psu: label.text(),
                        first: name(first),
                        second: name(number),
                    }));
                }
                // the label of a PSU counts within its stratum
                let within = [Value::Number(f64::from(number)), label];
                psu_of.push(psus.number(&within));
            }
            for (stage, at) in columns.fpc.iter().enumerate() {
                let value = numbers(batch, *at).get(row).copied().unwrap_or(f64::NAN);
                fpc.add(stage, number, value);
            }
        }
    }
    let names = strata.names();
    let fractions = match design.fpc.first() {
        None => None,
        Some(column) => Some(fpc.fractions(column, &names, &units(&stratum_of, &psu_of))?),
    };
    Ok(FirstStage {
        strata: (!columns.strata.is_empty()).then_some((names, stratum_of)),
        psu: (!columns.psu.is_empty()).then_some(psu_of),
        fractions,
    })
}

/// Units of the first stage in each stratum; without PSUs every row is one.
fn units(strata: &[u32], psus: &[u32]) -> Vec<u64> {
    let mut seen: HashSet<u32> = HashSet::new();
    let mut units = Vec::new();
    for (row, stratum) in strata.iter().enumerate() {
        let stratum = *stratum as usize;
        if units.len() <= stratum {
            units.resize(stratum + 1, 0);
        }
        units[stratum] += u64::from(psus.get(row).is_none_or(|psu| seen.insert(*psu)));
    }
    units
}

/// The fpc of the first stage.
#[derive(Default)]
struct FirstFpc {
    /// Smallest and largest in each stratum; NaN where it is missing.
    ranges: Vec<(f64, f64)>,
    /// Whether a value of any stage is above 1, which makes all of them population counts.
    counts: bool,
}

impl FirstFpc {
    fn add(&mut self, stage: usize, stratum: u32, value: f64) {
        self.counts |= value > 1.0;
        if stage > 0 {
            return;
        }
        match self.ranges.get_mut(stratum as usize) {
            None => self.ranges.push((value, value)),
            Some(range) => widen_fpc(range, (value, value)),
        }
    }

    /// n/N of each stratum, where fpc holds counts; fpc itself where it holds fractions.
    fn fractions(&self, column: &str, names: &[String], units: &[u64]) -> Result<Vec<f64>, Error> {
        let strata = self.ranges.iter().zip(names).zip(units);
        let fraction = |((range, name), units): ((&(f64, f64), &String), &u64)| {
            let group = if name.is_empty() {
                "the whole sample"
            } else {
                name
            };
            sampling_fraction(column, group, Some(*range), (*units, self.counts))
        };
        Ok(strata.map(fraction).collect::<Result<_, _>>()?)
    }
}

/// Values numbered in the order in which they are met.
#[derive(Default)]
struct Numbered {
    numbers: HashMap<Vec<Key>, u32>,
    values: Vec<Vec<Value>>,
}

impl Numbered {
    fn number(&mut self, values: &[Value]) -> u32 {
        let next = self.values.len() as u32;
        let key: Vec<Key> = values.iter().map(Key::from).collect();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.values.push(values.to_vec());
        }
        number
    }

    fn names(&self) -> Vec<String> {
        let name = |values: &Vec<Value>| {
            let texts: Vec<String> = values.iter().map(Value::text).collect();
            texts.join(":")
        };
        self.values.iter().map(name).collect()
    }
}

/// Reads the columns of the design, the batches in the order of the file.
fn read(
    source: &dyn Source,
    design: &Design,
    weights: Option<Weights>,
) -> Result<(DesignColumns, Vec<ColumnRequest>, Vec<Batch>), Error> {
    let mut requests = Requests::default();
    let columns = design_columns(design, source.codebook(), weights, &mut requests)?;
    if requests.all.is_empty()
        && let Some(first) = source.codebook().variables.first()
    {
        // a design of nothing still has rows
        requests.position(ColumnRequest {
            name: first.name.clone(),
            view: View::Codes,
        });
    }
    let batches = Mutex::new(Vec::new());
    source.scan(&requests.all, &|batch| {
        if let Ok(mut batches) = batches.lock() {
            batches.push(std::mem::take(batch));
        }
        Ok(())
    })?;
    let mut batches = batches.into_inner().unwrap_or_default();
    batches.sort_by_key(|batch: &Batch| batch.first_row);
    Ok((columns, requests.all, batches))
}

fn key(batch: &Batch, columns: &DesignColumns, row: usize) -> Vec<Key> {
    let names = columns.strata.iter().chain(&columns.psu);
    names.map(|at| Key::from(&value(batch, *at, row))).collect()
}

fn value(batch: &Batch, at: usize, row: usize) -> Value {
    match batch.columns.get(at) {
        Some(Column::Codes(coded)) => coded.values[coded.codes.get(row) as usize].clone(),
        Some(Column::Numbers(numbers)) => Value::Number(numbers[row]),
        None => Value::Null,
    }
}

fn numbers(batch: &Batch, at: usize) -> &[f64] {
    match batch.columns.get(at) {
        Some(Column::Numbers(numbers)) => numbers,
        _ => &[],
    }
}
