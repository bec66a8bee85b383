//! Sums that leave the respondents behind: made here, estimated from elsewhere, merged with those of others.

use std::path::Path;

use polars::prelude::DataFrame;

use super::by_value::{Kept, MOST_VALUES, at_most, by_value, has_quantiles, looks_at_values};
use super::error::Error;
use super::plan::{Planning, Thresholds, plan};
use super::request::{Incomplete, QuantileRule, Request};
use super::run::{Answer, Scans, finish, implied_weights};
use super::travel_asked::{Choices, alike, asked, has_items, known_item, known_items, together};
use crate::survey::design::Design;
use crate::survey::expr::{Expr, Item};
use crate::survey::microdata::{Codebook, Source, Variable};
use crate::survey::sums::file::{
    ColumnNames, Gathered, Kinds, Spec, Table, Wanted, has_number_levels, lay_out, read,
};
use crate::survey::sums::{ItemPlan, Mode, Sketch, Small, Sums, Weights, merge, scan};

/// Sums hold the weight of each value in each cell, however many these are.
const BY_VALUE: Kept = Kept {
    room: usize::MAX,
    wide: &[],
};

/// What is to be added up: for a scan of this file, or as a query for an engine that holds more.
pub struct Prepared {
    pub spec: Spec,
    pub planning: Planning,
    weights: Option<Weights>,
}

/// Sums ready to be written.
pub struct Travelling {
    pub spec: Spec,
    pub table: DataFrame,
    pub warnings: Vec<String>,
    /// The cells below the limit, where one is set.
    pub small: Small,
    /// The name of the domain with most of them.
    pub worst: Option<String>,
}

/// Looks up what is asked.
///
/// # Errors
/// Names and types that don't fit the file, a design that can't be.
pub fn prepare(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
) -> Result<Prepared, Error> {
    design.check()?;
    if design.rows_are_last_stage() {
        return Err(Error::Asked(
            "the last stage of this design is that of the respondents, and sums do not have these: leave out the last fpc"
                .to_owned(),
        ));
    }
    let mode = Mode::of(design, false);
    let weights = implied_weights(source, design)?;
    let codebook = source.codebook();
    let planning = by_value(
        plan(request, design, codebook, weights.clone(), mode)?,
        &BY_VALUE,
    );
    let by: Vec<(String, String)> = request
        .by
        .iter()
        .map(|group| (group.name.clone(), group.text.clone()))
        .collect();
    let used = |name: &String| {
        planning
            .plan
            .requests
            .iter()
            .any(|request| request.name == *name)
    };
    let spec = Spec {
        source: name.to_owned(),
        items: each_once(&request.items)?,
        asked: request.items.iter().map(|item| item.text.clone()).collect(),
        condition: request.condition.as_ref().map(|(text, _)| text.clone()),
        design: design.clone(),
        incomplete_dropped: request.options.incomplete == Incomplete::Drop,
        weights_from_fpc: weights.is_some(),
        replicates: planning.plan.design.replicates.len(),
        columns: ColumnNames::of(design, &by),
        by,
        codebook: Codebook {
            variables: codebook
                .variables
                .iter()
                .filter(|v| used(&v.name))
                .map(|v| Variable {
                    // how a file shows a variable is no part of what is estimated
                    native: Default::default(),
                    ..v.clone()
                })
                .collect(),
            ..Codebook::default()
        },
    };
    Ok(Prepared {
        spec,
        planning,
        weights,
    })
}

/// The items in their canonical form, which is what finds them in the file.
fn each_once(items: &[Item]) -> Result<Vec<String>, Error> {
    let mut texts: Vec<String> = Vec::new();
    for item in items {
        let text = item.canonical();
        if texts.contains(&text) {
            return Err(Error::Asked(format!(
                "{text} is named twice: sums have each item once"
            )));
        }
        texts.push(text);
    }
    Ok(texts)
}

/// Adds the respondents up to sums that travel: two passes, one for the sums and one for the respondents in each cell.
///
/// Cells with fewer respondents than `least` are counted in [`Travelling::small`].
///
/// # Errors
/// Those of [`prepare`]; quantiles of a variable with more than [`MOST_VALUES`] values; what the design says of the rows.
pub fn travelling(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
    least: u64,
) -> Result<Travelling, Error> {
    let Prepared {
        spec,
        planning,
        weights,
    } = prepare(source, name, design, request)?;
    let sums = scan(source, &planning.plan).map_err(too_many_values)?;
    let mode = planning.plan.mode;
    sums.sampled(design, mode)?;
    let unweighted = Design {
        weights: None,
        replicates: None,
        ..design.clone()
    };
    let counting = plan(
        request,
        &unweighted,
        source.codebook(),
        Some(Weights::One),
        mode,
    )?;
    let mut counting = by_value(counting, &BY_VALUE);
    counting.plan.rank = false;
    let counts = scan(source, &counting.plan)?;
    let small = counts.small(least);
    let by: Vec<&str> = spec.by.iter().map(|(name, _)| name.as_str()).collect();
    let named = |domain: usize| {
        let values = by.iter().zip(&planning.by).zip(&counts.domains[domain]);
        let names = values.map(|((by, names), value)| format!("{by} = {}", names.name(value)));
        match by.is_empty() {
            true => "the whole sample".to_owned(),
            false => names.collect::<Vec<String>>().join(", "),
        }
    };
    let mut warnings = super::run::warnings(&sums, design);
    if weights.is_some() {
        warnings.push(
            "weights are N/n of this file: sums of it can't be merged with others".to_owned(),
        );
    }
    Ok(Travelling {
        worst: small.domain.map(named),
        small,
        table: lay_out(&spec, &planning.plan, &sums, &counts)?,
        spec,
        warnings,
    })
}

fn too_many_values(error: crate::survey::sums::Error) -> Error {
    match error {
        crate::survey::sums::Error::Levels { variable, most } if most == MOST_VALUES => {
            Error::Asked(format!(
                "{variable} has more than {most} different values, and the quantiles of sums need the weight of each: round it, \
             as in a column of whole numbers, or estimate where the respondents are"
            ))
        }
        other => other.into(),
    }
}

/// Estimates from sums, and what they are of.
pub struct Travelled {
    pub answer: Answer,
    pub request: Request,
    pub design: Design,
    /// The variables that the sums are of.
    pub codebook: Codebook,
}

/// Estimates from files of sums: the digits that the respondents of all of them together would give.
///
/// Strata, PSUs and groups with equal labels are the same in all files.
///
/// # Errors
/// Files that can't be read or were not made alike, an item that is not in them, and all that
/// [`estimate`](super::estimate()) says of a design.
pub fn from_sums(paths: &[&Path], choices: &Choices) -> Result<Travelled, Error> {
    let mut files = Vec::new();
    for path in paths {
        let (spec, table) = read(path)?;
        files.push((path.display().to_string(), spec, table));
    }
    let Some((_, first, _)) = files.first() else {
        return Err(Error::Asked("no file of sums".to_owned()));
    };
    let first = first.clone();
    for (path, other, _) in &files[1..] {
        alike(&first, other, &files[0].0, path)?;
    }
    let request = asked(&first, choices)?;
    for (path, spec, _) in &files {
        has_items(path, spec, &request.items)?;
    }
    let mut design = first.design.clone();
    design.lonely = choices.lonely.unwrap_or(design.lonely);
    design.df = choices.df.or(design.df);
    design.check()?;
    let codebook = together(files.iter().map(|(_, spec, _)| &spec.codebook));
    let mode = Mode::of(&design, false);
    let weights = first.weights_from_fpc.then_some(Weights::One);
    let planning = by_value(
        plan(&request, &design, &codebook, weights, mode)?,
        &BY_VALUE,
    );
    if planning.plan.design.replicates.len() != first.replicates {
        return Err(Error::Asked(
            "the replicates of these sums are not those of their design".to_owned(),
        ));
    }
    check_rule(&planning, request.options.rule)?;
    let mut parts = Vec::new();
    for (path, spec, table) in &files {
        parts.push(sums_of(path, spec, table, &request, &planning, &codebook)?);
    }
    let sketches: Vec<Sketch> = parts
        .iter_mut()
        .map(|part| std::mem::take(&mut part.sketch))
        .collect();
    let mut sums = merge(parts)?;
    sums.sketch = Sketch::stacked(first.replicates, sketches.iter().map(Sketch::triangle));
    let second = |sums: &Sums, thresholds: Vec<Thresholds>| {
        let others = |_| Err(Error::Asked("these sums are of other items".to_owned()));
        Ok((at_most(sums, thresholds, others)?, None))
    };
    let mut sources: Vec<&str> = Vec::new();
    for (_, spec, _) in &files {
        if !sources.contains(&spec.source.as_str()) {
            sources.push(&spec.source);
        }
    }
    let answer = finish(
        &sources.join(" + "),
        &design,
        &request,
        &planning,
        Scans {
            first: (sums, None),
            residuals: None,
            second: &second,
        },
    )?;
    Ok(Travelled {
        answer,
        request,
        design,
        codebook,
    })
}

fn check_rule(planning: &Planning, rule: QuantileRule) -> Result<(), Error> {
    if !has_quantiles(planning) || looks_at_values(rule) {
        return Ok(());
    }
    let known: Vec<&str> = QuantileRule::OF_VALUES
        .iter()
        .map(|rule| rule.name())
        .collect();
    Err(Error::Asked(format!(
        "--qrule {rule} looks at the weights of single respondents, which sums do not have; of sums there are {}",
        known.join(", ")
    )))
}

/// The sums of one file, of the items that are asked for.
fn sums_of(
    path: &str,
    spec: &Spec,
    table: &Table,
    request: &Request,
    planning: &Planning,
    codebook: &Codebook,
) -> Result<Sums, Error> {
    let within = |error: crate::survey::sums::Error| {
        crate::survey::sums::Error::Spoilt(format!("{path}: {error}"))
    };
    let number_labels =
        |text: &str| Expr::parse(text).is_ok_and(|expr| has_number_levels(&expr, codebook));
    let named = |name: &str| {
        let variable = codebook.variable(name);
        variable.is_ok_and(|variable| variable.kind == crate::survey::microdata::Kind::Number)
    };
    let design = &spec.design;
    let kinds = Kinds {
        units: design
            .strata
            .iter()
            .chain(&design.psu)
            .map(|name| named(name))
            .collect(),
        by: spec
            .by
            .iter()
            .map(|(_, text)| number_labels(text))
            .collect(),
    };
    let mut gathered = Gathered::of(table, spec, &kinds, planning.plan.mode).map_err(within)?;
    let rows = gathered.item_rows().map_err(within)?;
    let known = known_items(spec);
    for (item, plan) in request.items.iter().zip(&planning.plan.items) {
        // has_items has looked before
        let Some(found) = known_item(&known, item) else {
            continue;
        };
        let numbers = match plan {
            ItemPlan::Levels { operand, .. } => number_labels(&operand.text),
            _ => false,
        };
        let wanted = Wanted {
            text: &found.text,
            plan,
            numbers,
        };
        let of_item = rows.get(found.text.as_str()).map_or(&[][..], Vec::as_slice);
        let sums = gathered.item(&wanted, of_item).map_err(within)?;
        gathered.sums.items.push(sums);
    }
    Ok(gathered.sums)
}
