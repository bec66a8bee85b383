//! The variables of a weighting, one entry a respondent, in the order of the file.

use std::collections::HashMap;

use super::error::Error;
use crate::survey::estimate::LevelNames;
use crate::survey::expr::{Expr, Output, OutputKind, TRUE, bind};
use crate::survey::microdata::{Batch, Codes, Memory, Source, Value};
use crate::survey::weighting::MISSING;

/// Levels and the level of each respondent.
#[derive(Clone, Debug)]
pub struct Coded {
    pub levels: Vec<String>,
    pub codes: Vec<u32>,
}

/// Works an expression out for all respondents.
fn outputs(
    memory: &Memory,
    text: &str,
    expr: &Expr,
    output: OutputKind,
    mut each: impl FnMut(&Batch, Output) + Send,
) -> Result<LevelNames, Error> {
    let bound = bind(expr, memory.codebook(), output)
        .map_err(|error| Error::Expression(error.within(text)))?;
    let places: Vec<usize> = (0..bound.requests().len()).collect();
    let batches = std::sync::Mutex::new(Vec::new());
    memory.scan(bound.requests(), &|batch| {
        if let Ok(mut batches) = batches.lock() {
            batches.push(std::mem::take(batch));
        }
        Ok(())
    })?;
    let mut batches = batches.into_inner().unwrap_or_default();
    // threads read them in any order
    batches.sort_by_key(|batch: &Batch| batch.first_row);
    for batch in &batches {
        each(batch, bound.run(batch, &places));
    }
    Ok(LevelNames::new(&bound, false))
}

/// The answers to an expression, in the order of the scale, and the answer of each respondent.
pub struct Answers {
    pub names: LevelNames,
    /// Those that somebody in the sample gave.
    pub values: Vec<Value>,
    /// Places in `values`, [`MISSING`] for no answer and for those out of the sample.
    pub codes: Vec<u32>,
}

/// The answers of those in the sample; `None` is all.
pub fn answers(
    memory: &Memory,
    text: &str,
    expr: &Expr,
    in_sample: Option<&[bool]>,
) -> Result<Answers, Error> {
    let mut values = Distinct::default();
    let mut raw: Vec<u32> = Vec::new();
    let names = outputs(memory, text, expr, OutputKind::Codes, |_, output| {
        let Output::Codes(coded) = output else {
            return;
        };
        let numbers: Vec<u32> = coded
            .values
            .iter()
            .map(|value| values.place(value))
            .collect();
        match &coded.codes {
            Codes::Narrow(codes) => raw.extend(codes.iter().map(|c| numbers[usize::from(*c)])),
            Codes::Wide(codes) => raw.extend(codes.iter().map(|c| numbers[*c as usize])),
        }
    })?;
    let values = values.values;
    if let Some(in_sample) = in_sample {
        let out = raw
            .iter_mut()
            .zip(in_sample)
            .filter(|(_, in_sample)| !**in_sample);
        out.for_each(|(code, _)| *code = MISSING);
    }
    let mut used = vec![false; values.len()];
    for code in &raw {
        if let Some(used) = used.get_mut(*code as usize) {
            *used = true;
        }
    }
    let mut places = vec![MISSING; values.len()];
    let mut kept = Vec::new();
    for at in names.order(&values) {
        if used[at] && names.is_answer(&values[at]) {
            places[at] = kept.len() as u32;
            kept.push(values[at].clone());
        }
    }
    let place = |code: &u32| places.get(*code as usize).copied().unwrap_or(MISSING);
    Ok(Answers {
        codes: raw.iter().map(place).collect(),
        names,
        values: kept,
    })
}

/// Values, each once, in the order in which they come.
#[derive(Default)]
struct Distinct {
    values: Vec<Value>,
    null: Option<u32>,
    numbers: HashMap<u64, u32>,
    texts: HashMap<String, u32>,
}

impl Distinct {
    fn place(&mut self, value: &Value) -> u32 {
        let next = self.values.len() as u32;
        let place = match value {
            Value::Null => *self.null.get_or_insert(next),
            // the sum with 0 makes 0 of -0
            Value::Number(number) => *self.numbers.entry((number + 0.0).to_bits()).or_insert(next),
            Value::Text(text) => match self.texts.get(text) {
                Some(place) => *place,
                None => *self.texts.entry(text.clone()).or_insert(next),
            },
        };
        if place == next {
            self.values.push(value.clone());
        }
        place
    }
}

/// The levels of an expression, by their labels, in the order of the scale. Levels that are no answer are missing.
pub fn coded(memory: &Memory, text: &str, expr: &Expr) -> Result<Coded, Error> {
    let answers = answers(memory, text, expr, None)?;
    let name = |value: &Value| answers.names.name(value);
    Ok(Coded {
        levels: answers.values.iter().map(name).collect(),
        codes: answers.codes,
    })
}

/// The numbers of an expression, NaN where missing.
pub fn numbers(memory: &Memory, text: &str, expr: &Expr) -> Result<Vec<f64>, Error> {
    let mut all = Vec::new();
    outputs(memory, text, expr, OutputKind::Numbers, |_, output| {
        if let Output::Numbers(numbers) = output {
            all.extend_from_slice(&numbers);
        }
    })?;
    Ok(all)
}

/// For whom a condition holds; where it is not known, it does not.
pub fn holds(memory: &Memory, text: &str, expr: &Expr) -> Result<Vec<bool>, Error> {
    let mut all = Vec::new();
    outputs(memory, text, expr, OutputKind::Condition, |_, output| {
        if let Output::Truth(truth) = output {
            all.extend(truth.iter().map(|truth| *truth == TRUE));
        }
    })?;
    Ok(all)
}
