//! Sums that leave the respondents behind: made here, estimated from elsewhere, merged with those of others.

use std::path::Path;

use polars::prelude::DataFrame;

use super::error::Error;
use super::plan::{Planning, Shape, Thresholds, plan};
use super::request::{Group, Incomplete, Options, QuantileRule, Request};
use super::run::{Answer, finish, implied_weights};
use crate::design::{Design, Lonely};
use crate::expr::{Expr, Item, condition};
use crate::microdata::{Codebook, MissingValues, Source};
use crate::sums::file::{
    ColumnNames, Gathered, Kinds, Spec, Table, Wanted, has_number_levels, lay_out, read,
};
use crate::sums::{ItemPlan, ItemSums, Mode, Sketch, Small, Sums, Weights, merge, scan};

/// The most distinct values of a variable whose quantiles can be found from sums.
pub const MOST_VALUES: usize = 1_000;

/// Quantile rules that look at the weight of each value alone.
const VALUE_RULES: [QuantileRule; 5] = [
    QuantileRule::Math,
    QuantileRule::School,
    QuantileRule::Hf1,
    QuantileRule::Hf2,
    QuantileRule::Hf3,
];

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
    let mode = Mode::of(design, false);
    let weights = implied_weights(source, design)?;
    let codebook = source.codebook();
    let planning = value_coded(plan(request, design, codebook, weights.clone(), mode)?);
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
        items: request.items.iter().map(|item| item.text.clone()).collect(),
        condition: request.condition.as_ref().map(|(text, _)| text.clone()),
        design: design.clone(),
        incomplete_dropped: request.options.incomplete == Incomplete::Drop,
        weights_from_fpc: weights.is_some(),
        replicates: planning.plan.design.replicates.len(),
        columns: ColumnNames::of(design, &by),
        by,
        codebook: Codebook {
            sets: Vec::new(),
            title: None,
            variables: codebook
                .variables
                .iter()
                .filter(|v| used(&v.name))
                .cloned()
                .collect(),
        },
    };
    Ok(Prepared {
        spec,
        planning,
        weights,
    })
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
    let mut counting = value_coded(counting);
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

/// Distributions as sums by value, so that no pair of value and weight is kept.
fn value_coded(mut planning: Planning) -> Planning {
    for item in &mut planning.plan.items {
        *item = match std::mem::replace(
            item,
            ItemPlan::Numbers {
                operands: Vec::new(),
                squares: Vec::new(),
            },
        ) {
            ItemPlan::Values { operand } => ItemPlan::Levels {
                operand,
                missing: MissingValues::default(),
                most: MOST_VALUES,
            },
            other => other,
        };
    }
    planning
}

fn too_many_values(error: crate::sums::Error) -> Error {
    match error {
        crate::sums::Error::Levels { variable, most } if most == MOST_VALUES => {
            Error::Asked(format!(
                "{variable} has more than {most} different values, and the quantiles of sums need the weight of each: round it, \
             as in a column of whole numbers, or estimate where the respondents are"
            ))
        }
        other => other.into(),
    }
}

/// What can still be chosen when sums are estimated from.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Level, nets, interval method and what else is decided after the sums; its items are those asked for, none for all.
    pub request: Option<Request>,
    pub lonely: Option<Lonely>,
    pub df: Option<f64>,
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
    let mut design = first.design.clone();
    design.lonely = choices.lonely.unwrap_or(design.lonely);
    design.df = choices.df.or(design.df);
    design.check()?;
    let codebook = together(files.iter().map(|(_, spec, _)| &spec.codebook));
    let mode = Mode::of(&design, false);
    let weights = first.weights_from_fpc.then_some(Weights::One);
    let planning = value_coded(plan(&request, &design, &codebook, weights, mode)?);
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
    let quantiles = planning
        .items
        .iter()
        .any(|item| matches!(item.shape, Shape::Quantiles(_)));
    let kept = if quantiles {
        sums.clone()
    } else {
        Sums::default()
    };
    let second = |thresholds: Vec<Thresholds>| Ok(at_most(&kept, &thresholds));
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
        sums,
        None,
        &second,
    )?;
    Ok(Travelled {
        answer,
        request,
        design,
        codebook,
    })
}

/// What a second pass over the respondents would add up.
fn at_most(sums: &Sums, thresholds: &[Thresholds]) -> Sums {
    let of = |thresholds: &Thresholds| match sums.items.get(thresholds.item) {
        Some(ItemSums::Levels(levels)) => {
            ItemSums::Numbers(levels.at_most(sums, &thresholds.by_domain, thresholds.count))
        }
        _ => ItemSums::Numbers(Default::default()),
    };
    Sums {
        items: thresholds.iter().map(of).collect(),
        strata: sums.strata.clone(),
        units: sums.units.clone(),
        domains: sums.domains.clone(),
        cells: sums.cells.clone(),
        rows: sums.rows,
        sketch: Sketch::default(),
    }
}

fn alike(first: &Spec, other: &Spec, first_path: &str, path: &str) -> Result<(), Error> {
    let differs = |what: &str| {
        Error::Asked(format!(
            "{path} was not made like {first_path}: {what}; make both with the same groups, condition and design"
        ))
    };
    if first.weights_from_fpc || other.weights_from_fpc {
        return Err(Error::Asked(
            "weights of these sums are N/n of the units in their own file, so they can't be merged: make them with --weights"
                .to_owned(),
        ));
    }
    let shown = |by: &[(String, String)]| {
        let texts: Vec<&str> = by.iter().map(|(_, text)| text.as_str()).collect();
        if texts.is_empty() {
            "nothing".to_owned()
        } else {
            texts.join(", ")
        }
    };
    if first.by != other.by {
        return Err(differs(&format!(
            "--by is {}, there {}",
            shown(&other.by),
            shown(&first.by)
        )));
    }
    if first.condition != other.condition {
        return Err(differs("--where differs"));
    }
    if first.design != other.design {
        return Err(differs("the designs differ"));
    }
    if first.incomplete_dropped != other.incomplete_dropped {
        return Err(differs("--incomplete differs"));
    }
    if first.replicates != other.replicates {
        return Err(differs("the numbers of replicates differ"));
    }
    for variable in &other.codebook.variables {
        let Ok(here) = first.codebook.variable(&variable.name) else {
            continue;
        };
        let name = &variable.name;
        if here.kind != variable.kind {
            return Err(differs(&format!(
                "{name} is of another kind, numbers in one and texts in the other"
            )));
        }
        if here.missing != variable.missing {
            return Err(differs(&format!(
                "other values of {name} are missing answers"
            )));
        }
    }
    Ok(())
}

/// The variables of all files, with all their labels.
fn together<'c>(codebooks: impl Iterator<Item = &'c Codebook>) -> Codebook {
    let mut all = Codebook::default();
    for variable in codebooks.flat_map(|codebook| &codebook.variables) {
        match all
            .variables
            .iter_mut()
            .find(|known| known.name == variable.name)
        {
            None => all.variables.push(variable.clone()),
            Some(known) => {
                for (value, label) in &variable.labels {
                    if known.label_of(value).is_none() {
                        known.labels.push((value.clone(), label.clone()));
                    }
                }
            }
        }
    }
    all
}

/// The question that the sums answer, with what is asked of them now.
fn asked(spec: &Spec, choices: &Choices) -> Result<Request, Error> {
    let mut request = choices.request.clone().unwrap_or(Request {
        standard: None,
        items: Vec::new(),
        by: Vec::new(),
        condition: None,
        nets: Vec::new(),
        options: Options::default(),
    });
    if request.items.is_empty() {
        let items = spec.items.iter().map(|item| Item::parse(item));
        request.items = items.collect::<Result<_, _>>().map_err(Error::Expression)?;
    } else if spec.incomplete_dropped {
        return Err(Error::Asked(
            "these sums leave out whoever missed any of their items (--incomplete drop), so all of them go together: name no item"
                .to_owned(),
        ));
    }
    for (name, text) in &spec.by {
        request.by.push(Group {
            name: name.clone(),
            text: text.clone(),
            expr: Expr::parse(text).map_err(Error::Expression)?,
        });
    }
    request.condition = match &spec.condition {
        None => None,
        Some(text) => Some((text.clone(), condition(text).map_err(Error::Expression)?)),
    };
    if spec.incomplete_dropped {
        request.options.incomplete = Incomplete::Drop;
    }
    Ok(request)
}

fn check_rule(planning: &Planning, rule: QuantileRule) -> Result<(), Error> {
    let quantiles = planning
        .items
        .iter()
        .any(|item| matches!(item.shape, Shape::Quantiles(_)));
    if !quantiles || VALUE_RULES.contains(&rule) {
        return Ok(());
    }
    let known: Vec<&str> = VALUE_RULES.iter().map(|rule| rule.name()).collect();
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
    let within = |error: crate::sums::Error| crate::sums::Error::Spoilt(format!("{path}: {error}"));
    let number_labels =
        |text: &str| Expr::parse(text).is_ok_and(|expr| has_number_levels(&expr, codebook));
    let named = |name: &str| {
        let variable = codebook.variable(name);
        variable.is_ok_and(|variable| variable.kind == crate::microdata::Kind::Number)
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
    let known: Vec<Item> = spec
        .items
        .iter()
        .filter_map(|item| Item::parse(item).ok())
        .collect();
    for (item, plan) in request.items.iter().zip(&planning.plan.items) {
        let same = |other: &&Item| other.terms == item.terms && other.constant == item.constant;
        let Some(found) = known.iter().find(same) else {
            return Err(Error::Asked(format!(
                "{path} has no sums of {}; it has those of {}",
                item.text,
                spec.items.join(", ")
            )));
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
