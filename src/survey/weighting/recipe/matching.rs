//! Targets on a sample: which respondents each of them is about, and what they are.

use std::collections::{HashMap, HashSet};

use super::error::Error;
use super::sample::{self, Answers};
use super::targets::{Target, TargetValues, Targets};
use crate::survey::estimate::{TypedLevels, did_you_mean};
use crate::survey::expr::{Expr, Node, crossed_levels, crossed_name, crossed_variables};
use crate::survey::microdata::{Kind, Memory, Source};
use crate::survey::weighting::targets::{counts_agree, sums};
use crate::survey::weighting::{
    self, DecimalSum, MISSING, Margin, MarginTotal, TargetKind, Variable, crossed,
};

/// The targets of a step, looked up in a sample.
pub struct MatchedTargets {
    /// In the order of the targets.
    pub variables: Vec<MatchedTarget>,
    pub kind: TargetKind,
    /// The number of all, where that is known: counts.
    pub count: Option<f64>,
    /// What the targets were taken as, in words; nothing where there are no levels.
    pub note: Option<String>,
}

/// A variable of the targets on a sample.
pub enum MatchedTarget {
    /// Shares and per cents add up to 1 here, and counts to one number for all variables.
    Levels(Margin),
    Number {
        name: String,
        values: Vec<f64>,
        total: f64,
    },
}

/// Looks targets up in a sample. Rows that are not in it have no answer.
///
/// The levels come first: a level that people have without a target, a target above 0 that nobody has. Then what the
/// targets are, for all variables together. So a forgotten level is named, and not a sum that it leaves short.
///
/// # Errors
/// Each of these, in the words of the targets; an unknown variable.
pub fn matched(
    memory: &Memory,
    targets: &Targets,
    step: &str,
    in_sample: &[bool],
) -> Result<MatchedTargets, Error> {
    let name = targets.file.as_deref().unwrap_or(step);
    let within = |error: weighting::Error| Error::InTargets {
        name: name.to_owned(),
        error,
    };
    let mut variables = Vec::new();
    let mut totals = Vec::new();
    for target in &targets.variables {
        match &target.values {
            TargetValues::Number(total) => {
                variables.push(number(memory, target, *total, name)?);
            }
            TargetValues::Levels(levels) => {
                totals.push(MarginTotal::new(
                    &target.text,
                    levels.iter().map(|(_, n)| *n),
                ));
                let margin = margin(memory, target, levels, in_sample, &within)?;
                variables.push(MatchedTarget::Levels(margin));
            }
        }
    }
    let kind = TargetKind::from_totals(&totals).map_err(within)?;
    let number = targets
        .variables
        .iter()
        .find_map(|target| match target.values {
            TargetValues::Number(_) => Some(format!("the total of {}", target.text)),
            TargetValues::Levels(_) => None,
        });
    let count = targets.count.map(|_| "count()".to_owned());
    if let (TargetKind::Shares | TargetKind::Percents, Some(what)) = (kind, count.or(number)) {
        let sums = sums(&totals);
        return Err(within(weighting::Error::BesideShares { what, sums }));
    }
    let mut note = format!("taken as {}: {}", kind.name(), sums(&totals));
    let margins = variables.iter_mut().filter_map(|variable| match variable {
        MatchedTarget::Levels(margin) => Some(margin),
        MatchedTarget::Number { .. } => None,
    });
    let mut count = None;
    match kind {
        TargetKind::Shares | TargetKind::Percents => {
            for (margin, total) in margins.zip(&totals) {
                scale(margin, 1.0 / total.sum.value());
            }
        }
        TargetKind::Counts => {
            let all = targets
                .count
                .map(|count| MarginTotal::new("count()", [count]));
            let in_order: Vec<MarginTotal> =
                all.into_iter().chain(totals.iter().cloned()).collect();
            count = in_order.first().map(|total| total.sum.value());
            if counts_agree(&in_order).map_err(within)?
                && let Some(first) = in_order.first()
            {
                note += &format!("; all are scaled to {}", first.sum);
            }
            for (margin, total) in margins.zip(&totals) {
                scale(margin, count.unwrap_or_default() / total.sum.value());
            }
        }
    }
    let prefix = targets.file.as_ref().map(|file| format!("{file}: "));
    Ok(MatchedTargets {
        variables,
        kind,
        count,
        note: (!totals.is_empty()).then(|| prefix.unwrap_or_default() + &note),
    })
}

fn scale(margin: &mut Margin, factor: f64) {
    // a factor of 1 but for rounding would change digits for nothing
    if (factor - 1.0).abs() > f64::EPSILON {
        margin
            .targets
            .iter_mut()
            .for_each(|target| *target *= factor);
    }
}

fn target_variables(target: &Target, memory: &Memory) -> Result<Vec<(String, Expr)>, Error> {
    crossed_variables(&target.text, memory.codebook()).map_err(Error::Expression)
}

fn number(
    memory: &Memory,
    target: &Target,
    total: f64,
    name: &str,
) -> Result<MatchedTarget, Error> {
    let levels = |what: &str| {
        Error::Invalid(format!(
            "{name}: {} {what}: a line without a level is the total of a number, name its levels",
            target.text
        ))
    };
    let parts = target_variables(target, memory)?;
    let [(text, expr)] = parts.as_slice() else {
        return Err(levels("is a crossing"));
    };
    if let Node::Name(column) = &expr.node
        && memory.codebook().variable(column)?.kind == Kind::Text
    {
        return Err(levels("is text"));
    }
    Ok(MatchedTarget::Number {
        name: target.text.clone(),
        values: sample::numbers(memory, text, expr)?,
        total,
    })
}

/// A variable or a crossing as a margin, with the target of each level that somebody has.
fn margin(
    memory: &Memory,
    target: &Target,
    levels: &[(String, f64)],
    in_sample: &[bool],
    within: &dyn Fn(weighting::Error) -> Error,
) -> Result<Margin, Error> {
    let mut variables = Vec::new();
    for (text, expr) in target_variables(target, memory)? {
        variables.push((
            sample::answers(memory, &text, &expr, Some(in_sample))?,
            text,
        ));
    }
    let known: Vec<TypedLevels> = variables
        .iter()
        .map(|(answers, _)| TypedLevels::new(&answers.names, &answers.values))
        .collect();
    let lines = lines(&target.text, levels, &known).map_err(within)?;
    let mut parts = Vec::new();
    for (at, ((answers, text), known)) in variables.iter().zip(&known).enumerate() {
        let typed: Vec<&str> = lines.iter().map(|line| line.parts[at].as_str()).collect();
        parts.push(Part::new(text, answers, known, &typed).map_err(within)?);
    }
    shares_within(&target.text, &lines, &parts).map_err(within)?;
    let margin = with_targets(&target.text, &lines, &parts).map_err(within)?;
    // for its errors alone: a level without a target is named before any sum is looked at
    margin.checked(in_sample.len()).map_err(within)?;
    Ok(margin)
}

/// A line of the targets of a variable.
struct Line {
    /// The level of each variable that is crossed.
    parts: Vec<String>,
    level: String,
    target: f64,
}

fn lines(
    variable: &str,
    levels: &[(String, f64)],
    known: &[TypedLevels],
) -> Result<Vec<Line>, weighting::Error> {
    let mut seen = HashSet::new();
    let mut lines = Vec::with_capacity(levels.len());
    for (level, target) in levels {
        let parts = match known {
            [_] => vec![level.clone()],
            several => {
                crossed_parts(level, several).map_err(|problem| weighting::Error::CrossedLevel {
                    variable: variable.to_owned(),
                    level: level.clone(),
                    problem,
                })?
            }
        };
        if !seen.insert(parts.clone()) {
            return Err(weighting::Error::TargetTwice {
                variable: variable.to_owned(),
                level: level.clone(),
            });
        }
        lines.push(Line {
            parts,
            level: level.clone(),
            target: *target,
        });
    }
    Ok(lines)
}

/// More colons than these in one level are not tried in every way.
const MOST_COLONS: usize = 12;

/// The levels of a crossing, between colons. One that holds a colon itself is quoted as a field of a CSV is; without
/// quotes the one way to part the text is taken that gives levels which people have.
fn crossed_parts(level: &str, known: &[TypedLevels]) -> Result<Vec<String>, String> {
    let pieces = crossed_levels(level);
    let example = || {
        let first = |known: &TypedLevels| known.names().first().cloned().unwrap_or_default();
        crossed_name(known.iter().map(first))
    };
    if pieces.len() == known.len() {
        let bare = |(text, _): &(String, bool)| text.trim().to_owned();
        return Ok(pieces.iter().map(bare).collect());
    }
    if pieces.len() < known.len() {
        return Err(format!(
            "a level of a crossing names one of each variable: write {}",
            example()
        ));
    }
    let quoted =
        "quote the one with a colon, as in \"18:24\":women, and double these quotes in a CSV";
    // the ways to join pieces double with each of them
    if pieces.len() > MOST_COLONS || pieces.iter().any(|(_, quoted)| *quoted) {
        return Err(format!(
            "there are {} levels, not {}: {quoted}",
            pieces.len(),
            known.len()
        ));
    }
    let mut fitting = Vec::new();
    joined(&pieces, known, &mut Vec::new(), &mut fitting);
    match fitting.len() {
        1 => Ok(fitting.swap_remove(0)),
        0 => Err(format!("nobody has such levels: write {}", example())),
        _ => {
            let ways: Vec<String> = fitting.iter().map(|parts| parts.join(" and ")).collect();
            Err(format!("this can be {}: {quoted}", ways.join(", or ")))
        }
    }
}

/// All ways to join pieces to levels that somebody has.
fn joined(
    pieces: &[(String, bool)],
    known: &[TypedLevels],
    so_far: &mut Vec<String>,
    fitting: &mut Vec<Vec<String>>,
) {
    let Some((first, others)) = known.split_first() else {
        if pieces.is_empty() {
            fitting.push(so_far.clone());
        }
        return;
    };
    for end in 1..=pieces.len().saturating_sub(others.len()) {
        let texts: Vec<&str> = pieces[..end]
            .iter()
            .map(|(text, _)| text.as_str())
            .collect();
        let level = texts.join(":");
        if !first.places(&level).is_empty() {
            so_far.push(level.trim().to_owned());
            joined(&pieces[end..], others, so_far, fitting);
            so_far.pop();
        }
    }
}

/// One of the variables of a target: its levels as the targets tell them apart, and the level of each row.
struct Part {
    name: String,
    levels: Vec<String>,
    codes: Vec<u32>,
    /// The place of each typed level; `None` where nobody has it.
    places: HashMap<String, Option<u32>>,
    /// What people have, for those who look for it.
    known: Vec<String>,
}

impl Part {
    /// Values of one typed level, as the ages of a band, are one level; a value without one is a level by its own name.
    fn new(
        name: &str,
        answers: &Answers,
        known: &TypedLevels,
        typed: &[&str],
    ) -> Result<Part, weighting::Error> {
        let mut each: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        each.extend(typed.iter().filter(|level| seen.insert(**level)));
        let assigned = known
            .assigned(&each)
            .map_err(|problem| weighting::Error::SameLevel {
                variable: name.to_owned(),
                problem,
            })?;
        let mut sizes = vec![0_usize; each.len()];
        assigned.iter().flatten().for_each(|at| sizes[*at] += 1);
        let mut places: Vec<Option<u32>> = vec![None; each.len()];
        let mut levels: Vec<String> = Vec::new();
        let mut of_value = Vec::with_capacity(assigned.len());
        for (value, assigned) in known.names().iter().zip(&assigned) {
            let next = levels.len() as u32;
            let place = match assigned {
                Some(at) => *places[*at].get_or_insert(next),
                None => next,
            };
            if place == next {
                levels.push(match assigned {
                    Some(at) if sizes[*at] > 1 => each[*at].to_owned(),
                    _ => value.clone(),
                });
            }
            of_value.push(place);
        }
        let level = |code: &u32| of_value.get(*code as usize).copied().unwrap_or(MISSING);
        Ok(Part {
            name: name.to_owned(),
            codes: answers.codes.iter().map(level).collect(),
            levels,
            places: each.into_iter().map(str::to_owned).zip(places).collect(),
            known: known.names().to_vec(),
        })
    }

    fn place(&self, typed: &str) -> Option<u32> {
        self.places.get(typed).copied().flatten()
    }
}

/// The levels of a variable, or the crossed levels of several, that people have, and the target of each.
fn with_targets(
    variable: &str,
    lines: &[Line],
    parts: &[Part],
) -> Result<Margin, weighting::Error> {
    let crossed = {
        let variables: Vec<Variable> = parts
            .iter()
            .map(|part| Variable {
                name: &part.name,
                levels: &part.levels,
                codes: &part.codes,
            })
            .collect();
        crossed(&variables)?
    };
    let cells: HashMap<&[u32], usize> = crossed.parts.iter().map(Vec::as_slice).zip(0..).collect();
    let mut targets = vec![f64::NAN; crossed.levels.len()];
    for line in lines {
        let places: Option<Vec<u32>> = line
            .parts
            .iter()
            .zip(parts)
            .map(|(typed, part)| part.place(typed))
            .collect();
        match places.and_then(|places| cells.get(places.as_slice())) {
            Some(cell) => targets[*cell] = line.target,
            None if line.target == 0.0 => {}
            None => {
                return Err(weighting::Error::NobodyHas {
                    variable: variable.to_owned(),
                    level: line.level.clone(),
                    target: line.target,
                    hint: hint(line, parts),
                });
            }
        }
    }
    Ok(Margin::new(
        variable,
        crossed.levels,
        crossed.codes,
        targets,
    ))
}

fn hint(line: &Line, parts: &[Part]) -> String {
    let unknown = line
        .parts
        .iter()
        .zip(parts)
        .find(|(typed, part)| part.place(typed).is_none());
    match unknown {
        Some((typed, part)) => did_you_mean(typed, &part.known),
        None => "merge it with a level that some have, or give it the target 0".to_owned(),
    }
}

/// Shares that add up to 1, or per cents to 100, within each level of one of the variables that are crossed are those of
/// each country by itself, say: as shares of all they mean nothing.
fn shares_within(variable: &str, lines: &[Line], parts: &[Part]) -> Result<(), weighting::Error> {
    if parts.len() < 2 {
        return Ok(());
    }
    for (at, part) in parts.iter().enumerate() {
        let mut groups: Vec<(&str, Vec<f64>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for line in lines {
            let level = line.parts[at].as_str();
            let place = *places.entry(level).or_insert(groups.len());
            if place == groups.len() {
                groups.push((level, Vec::new()));
            }
            groups[place].1.push(line.target);
        }
        let totals: Vec<MarginTotal> = groups
            .into_iter()
            .map(|(level, targets)| MarginTotal::new(level, targets))
            .filter(|total| total.sum.value() > 0.0)
            .collect();
        let kind = TargetKind::from_totals(&totals);
        let shares = matches!(kind, Ok(TargetKind::Shares | TargetKind::Percents));
        if let (true, [first, _, ..]) = (shares, totals.as_slice()) {
            let all: Vec<f64> = lines.iter().map(|line| line.target).collect();
            return Err(weighting::Error::SharesWithin {
                variable: variable.to_owned(),
                by: part.name.clone(),
                sum: DecimalSum::new(&all).to_string(),
                each: first.sum.to_string(),
            });
        }
    }
    Ok(())
}
