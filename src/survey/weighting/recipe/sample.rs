//! The variables of a weighting, one entry a respondent, in the order of the file.

use super::error::Error;
use super::targets::{Target, TargetValues};
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
    wanted: OutputKind,
    mut each: impl FnMut(&Batch, Output) + Send,
) -> Result<LevelNames, Error> {
    let bound = bind(expr, memory.codebook(), wanted)
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
    batches.sort_by_key(|batch: &Batch| batch.first_row);
    for batch in &batches {
        each(batch, bound.run(batch, &places));
    }
    Ok(LevelNames::new(&bound, false))
}

/// The levels of an expression, by their labels, in the order of the scale. Levels that are no answer are missing.
pub fn coded(memory: &Memory, text: &str, expr: &Expr) -> Result<Coded, Error> {
    let mut values: Vec<Value> = Vec::new();
    let mut raw: Vec<u32> = Vec::new();
    let names = outputs(memory, text, expr, OutputKind::Codes, |_, output| {
        let Output::Codes(coded) = output else {
            return;
        };
        let numbers: Vec<u32> = coded
            .values
            .iter()
            .map(
                |value| match values.iter().position(|other| other == value) {
                    Some(at) => at as u32,
                    None => {
                        values.push(value.clone());
                        values.len() as u32 - 1
                    }
                },
            )
            .collect();
        match &coded.codes {
            Codes::Narrow(codes) => raw.extend(codes.iter().map(|c| numbers[usize::from(*c)])),
            Codes::Wide(codes) => raw.extend(codes.iter().map(|c| numbers[*c as usize])),
        }
    })?;
    let mut used = vec![false; values.len()];
    raw.iter().for_each(|code| used[*code as usize] = true);
    let mut places = vec![MISSING; values.len()];
    let mut levels = Vec::new();
    for at in names.order(&values) {
        if used[at] && names.is_answer(&values[at]) {
            places[at] = levels.len() as u32;
            levels.push(names.name(&values[at]));
        }
    }
    let codes = raw.iter().map(|code| places[*code as usize]).collect();
    Ok(Coded { levels, codes })
}

/// The same for the targets of a variable: where these name codes and not labels, by codes.
pub fn coded_as(memory: &Memory, target: &Target) -> Result<Coded, Error> {
    let mut coded = coded(memory, &target.text, &target.expr)?;
    if let TargetValues::Levels(targets) = &target.values
        && let Some(variable) = variable(memory, &target.expr)
    {
        let known = |levels: &[String]| {
            let has = |name: &String| levels.contains(name);
            targets.iter().filter(|(name, _)| has(name)).count()
        };
        let code_of = |level: &String| {
            let labelled = variable.labels.iter().find(|(_, label)| label == level);
            labelled.map(|(value, _)| value.text())
        };
        let by_code: Vec<String> = coded
            .levels
            .iter()
            .map(|level| code_of(level).unwrap_or_else(|| level.clone()))
            .collect();
        // a level without a label is its code either way
        if known(&by_code) > known(&coded.levels) {
            coded.levels = by_code;
        }
    }
    Ok(coded)
}

fn variable<'m>(memory: &'m Memory, expr: &Expr) -> Option<&'m crate::survey::microdata::Variable> {
    match &expr.node {
        crate::survey::expr::Node::Name(name) => memory.codebook().variable(name).ok(),
        _ => None,
    }
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
