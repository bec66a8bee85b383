//! The one pass over the file: what of each respondent the tables are made from, kept as codes.
//!
//! A thousand sampled units, thirty columns and two hundred questions would be sums of gigabytes if all were added up side
//! by side. An answer as a code is a byte; so the codes are kept, and the sums of one question are made, used and dropped
//! before those of the next.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::plan::{Plan, View};
use crate::survey::design::Design;
use crate::survey::estimate::{Error, check_replicate_columns, design_columns};
use crate::survey::expr::{Output, TRUE, UNKNOWN};
use crate::survey::microdata::{Batch, Codebook, Coded, Codes, Column, Source, Value};
use crate::survey::sums::{self, Key, Mode, Sums, Weights, codes_of, numbers_of, scan_with};

/// Respondents in the order of the file.
pub struct Respondents {
    pub rows: usize,
    /// By operand.
    pub answers: Vec<Answers>,
    /// The unit of the sums that each lies in.
    pub unit: Vec<u32>,
    /// 0 where missing.
    pub weight: Vec<f64>,
    /// Weights of all replicates, respondent by respondent; NaN as 0.
    pub replicates: Vec<f64>,
    /// Who is in the subpopulation; all of them where nothing is said.
    pub inside: Option<Vec<bool>>,
    /// Units and strata of the whole file.
    pub sums: Sums,
}

/// What respondents answered.
pub enum Answers {
    /// A code into the values of the whole file, in the order of values.
    Codes { codes: Codes, values: Vec<Value> },
    /// NaN where missing.
    Numbers(Vec<f64>),
}

impl Answers {
    /// Codes and values; none of a column of numbers.
    pub fn codes(&self) -> (&Codes, &[Value]) {
        static NONE: Codes = Codes::Narrow(Vec::new());
        match self {
            Answers::Codes { codes, values } => (codes, values),
            Answers::Numbers(_) => (&NONE, &[]),
        }
    }

    pub fn numbers(&self) -> &[f64] {
        match self {
            Answers::Numbers(numbers) => numbers,
            Answers::Codes { .. } => &[],
        }
    }

    /// Why these are no answers to a question: each respondent has another value, as of a number that identifies, or there are
    /// more texts than a table has rows.
    pub fn no_question(&self) -> Option<&'static str> {
        match self {
            Answers::Codes { codes, values } => {
                let answered = || {
                    let rows = 0..codes.len();
                    let code = |row: usize| values.get(codes.get(row) as usize);
                    rows.filter(move |row| code(*row).is_some_and(|value| *value != Value::Null))
                };
                let known = values.iter().filter(|value| **value != Value::Null).count();
                if known >= LEAST_IDS && answered().count() == known {
                    Some(EACH_ANOTHER)
                } else if known > MOST_LEVELS {
                    Some(TOO_MANY)
                } else {
                    None
                }
            }
            Answers::Numbers(numbers) => {
                let known = || numbers.iter().filter(|number| !number.is_nan());
                let mut seen = HashSet::new();
                // the first that comes twice ends it
                let each = known().all(|x| x.fract() == 0.0 && seen.insert(x.to_bits()));
                (each && seen.len() >= LEAST_IDS).then_some(EACH_ANOTHER)
            }
        }
    }
}

/// More levels than this are no rows of a table.
pub const MOST_LEVELS: usize = 2_000;
/// So few respondents may differ in a question by chance.
const LEAST_IDS: usize = 30;
/// Why a variable is no question.
pub const EACH_ANOTHER: &str = "another value for each respondent";
pub const TOO_MANY: &str = "more than 2,000 different values";

/// A batch as it is kept until all have come.
struct Kept {
    first_row: u64,
    rows: usize,
    outputs: Vec<KeptOutput>,
    weights: Vec<f64>,
    replicates: Vec<Vec<f64>>,
    inside: Option<Vec<u8>>,
}

enum KeptOutput {
    Codes(Coded),
    Numbers(Vec<f64>),
}

/// Goes over the file once.
///
/// # Errors
/// Columns of the design that are not there; what the source says.
pub fn read(
    source: &dyn Source,
    design: &Design,
    plan: &mut Plan,
    weights: Option<Weights>,
    mode: Mode,
) -> Result<Respondents, Error> {
    let codebook: &Codebook = source.codebook();
    let columns = design_columns(design, codebook, weights, &mut plan.requests)?;
    let scan_plan = sums::Plan {
        requests: plan.requests.all.clone(),
        design: columns,
        by: Vec::new(),
        condition: None,
        items: Vec::new(),
        mode,
        rank: mode == Mode::Replicates && design.df.is_none(),
        drop_incomplete: false,
        keep_places: true,
        domain_limit: None,
        item_filters: HashMap::new(),
        literals: Vec::new(),
    };
    let batches: Mutex<Vec<Kept>> = Mutex::new(Vec::new());
    let sums = scan_with(source, &scan_plan, &|batch| {
        let kept = keep(plan, &scan_plan, batch);
        batches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(kept);
    })?;
    if let Some(declared) = &design.replicates {
        let names = scan_plan.design.replicates.iter();
        let names: Vec<&str> = names
            .map(|at| {
                scan_plan
                    .requests
                    .get(*at)
                    .map_or("", |request| request.name.as_str())
            })
            .collect();
        let totals = (sums.rows.all, sums.weight.value());
        check_replicate_columns(declared, design, &names, &sums.replicate_columns, totals)
            .map_err(Error::Design)?;
    }
    let mut batches = batches.into_inner().unwrap_or_else(PoisonError::into_inner);
    // batches come in the order in which threads are done
    batches.sort_by_key(|batch| batch.first_row);
    Ok(join(plan, &scan_plan, sums, batches))
}

fn keep(plan: &Plan, scan_plan: &sums::Plan, batch: &Batch) -> Kept {
    let output = |(operand, view): &(sums::Operand, View)| match view {
        View::Codes => KeptOutput::Codes(codes_of(operand.run(batch)).into_owned()),
        View::Numbers => KeptOutput::Numbers(numbers_of(operand.run(batch)).into_owned()),
    };
    let numbers = |at: usize| match batch.columns.get(at) {
        Some(Column::Numbers(numbers)) => numbers.clone(),
        _ => Vec::new(),
    };
    let truth = |operand: &sums::Operand| match operand.run(batch) {
        Output::Truth(truth) => truth,
        _ => Vec::new(),
    };
    Kept {
        first_row: batch.first_row,
        rows: batch.rows,
        outputs: plan.operands.iter().map(output).collect(),
        weights: match declared(&scan_plan.design.weights) {
            Weights::Column(at) => numbers(*at),
            Weights::Expression(operand) => numbers_of(operand.run(batch)).into_owned(),
            _ => Vec::new(),
        },
        replicates: scan_plan
            .design
            .replicates
            .iter()
            .map(|at| numbers(*at))
            .collect(),
        inside: plan.condition.as_ref().map(truth),
    }
}

fn join(plan: &Plan, scan_plan: &sums::Plan, mut sums: Sums, batches: Vec<Kept>) -> Respondents {
    let truths = batches
        .iter()
        .flat_map(|batch| batch.inside.iter().flatten());
    sums.rows.undecided = truths.filter(|truth| **truth == UNKNOWN).count() as u64;
    let rows: usize = batches.iter().map(|batch| batch.rows).sum();
    let unit = sums.unit_of_row();
    let weight = weights(scan_plan, &sums, &unit, &batches, rows);
    let replicates = replicate_weights(scan_plan, &weight, &batches);
    let inside = plan.condition.as_ref().map(|_| {
        let truths = batches
            .iter()
            .flat_map(|batch| batch.inside.iter().flatten());
        truths.map(|truth| *truth == TRUE).collect()
    });
    let answers = (0..plan.operands.len()).into_par_iter().map(|at| {
        let outputs = batches.iter().filter_map(|batch| batch.outputs.get(at));
        match plan.operands[at].1 {
            View::Codes => joined_codes(outputs),
            View::Numbers => joined_numbers(outputs, rows),
        }
    });
    Respondents {
        rows,
        answers: answers.collect(),
        unit,
        weight,
        replicates,
        inside,
        sums,
    }
}

/// The weights that respondents are counted by.
fn declared(weights: &Weights) -> &Weights {
    match weights {
        Weights::Counting(of) => declared(of),
        weights => weights,
    }
}

fn weights(
    scan_plan: &sums::Plan,
    sums: &Sums,
    unit: &[u32],
    batches: &[Kept],
    rows: usize,
) -> Vec<f64> {
    let known = |weight: &f64| if weight.is_nan() { 0.0 } else { *weight };
    match declared(&scan_plan.design.weights) {
        Weights::One | Weights::Counting(_) => vec![1.0; rows],
        Weights::Column(_) | Weights::Expression(_) => {
            let all = batches.iter().flat_map(|batch| &batch.weights);
            all.map(known).collect()
        }
        Weights::PerRow(all) => {
            let mut all: Vec<f64> = all.iter().map(known).collect();
            all.resize(rows, 0.0);
            all
        }
        Weights::Implied(by_unit) => {
            let of_unit = implied(by_unit, sums, scan_plan.mode);
            unit.iter().map(|unit| of_unit[*unit as usize]).collect()
        }
    }
}

/// The weight of each unit of the sums, by the names of its stratum and stages. A row that is a unit has that of the unit
/// it lies in.
fn implied(by_unit: &HashMap<Vec<Key>, f64>, sums: &Sums, mode: Mode) -> Vec<f64> {
    let of = |unit: &sums::Unit| {
        let stages = match mode {
            Mode::Rows => unit.path.len().saturating_sub(1),
            _ => unit.path.len(),
        };
        let names = sums.strata[unit.stratum as usize].iter();
        let key: Vec<Key> = names
            .chain(unit.path.iter().take(stages))
            .map(Key::from)
            .collect();
        by_unit.get(&key).copied().unwrap_or(0.0)
    };
    sums.units.iter().map(of).collect()
}

fn replicate_weights(scan_plan: &sums::Plan, weight: &[f64], batches: &[Kept]) -> Vec<f64> {
    let columns = scan_plan.design.replicates.len();
    let mut all = Vec::with_capacity(columns * weight.len());
    if columns == 0 {
        return all;
    }
    let mut weights = weight.iter();
    for batch in batches {
        for row in 0..batch.rows {
            let own = weights.next().copied().unwrap_or(0.0);
            let factor = if scan_plan.design.combined { 1.0 } else { own };
            all.extend(batch.replicates.iter().map(|column| {
                let weight = column.get(row).copied().unwrap_or(0.0);
                if weight.is_nan() {
                    0.0
                } else {
                    weight * factor
                }
            }));
        }
    }
    all
}

/// One dictionary for all batches, of the values that somebody has, in the order of values.
fn joined_codes<'k>(outputs: impl Iterator<Item = &'k KeptOutput>) -> Answers {
    let coded: Vec<&Coded> = outputs
        .filter_map(|output| match output {
            KeptOutput::Codes(coded) => Some(coded),
            KeptOutput::Numbers(_) => None,
        })
        .collect();
    let mut values: Vec<Value> = Vec::new();
    for part in &coded {
        let used = used(part);
        let some = part.values.iter().zip(used).filter(|(_, used)| *used);
        values.extend(some.map(|(value, _)| value.clone()));
    }
    values.sort_by(Value::order);
    values.dedup();
    let index: HashMap<Key, u32> = (0..)
        .zip(&values)
        .map(|(at, value)| (Key::from(value), at))
        .collect();
    let rows = coded.iter().map(|part| part.codes.len()).sum();
    let narrow = values.len() <= 256;
    let (mut bytes, mut words) = (Vec::new(), Vec::new());
    match narrow {
        true => bytes.reserve_exact(rows),
        false => words.reserve_exact(rows),
    }
    for part in coded {
        let number = |value: &Value| index.get(&Key::from(value)).copied().unwrap_or(0);
        let numbers: Vec<u32> = part.values.iter().map(number).collect();
        let each = (0..part.codes.len()).map(|row| numbers[part.codes.get(row) as usize]);
        match narrow {
            true => bytes.extend(each.map(|number| number as u8)),
            false => words.extend(each),
        }
    }
    let codes = match narrow {
        true => Codes::Narrow(bytes),
        false => Codes::Wide(words),
    };
    Answers::Codes { codes, values }
}

/// Which entries of a dictionary somebody has.
fn used(coded: &Coded) -> Vec<bool> {
    let mut used = vec![false; coded.values.len()];
    match &coded.codes {
        Codes::Narrow(codes) => codes
            .iter()
            .for_each(|code| used[usize::from(*code)] = true),
        Codes::Wide(codes) => codes.iter().for_each(|code| used[*code as usize] = true),
    }
    used
}

fn joined_numbers<'k>(outputs: impl Iterator<Item = &'k KeptOutput>, rows: usize) -> Answers {
    let mut all = Vec::with_capacity(rows);
    for output in outputs {
        if let KeptOutput::Numbers(numbers) = output {
            all.extend_from_slice(numbers);
        }
    }
    Answers::Numbers(all)
}
