//! Sums that leave the respondents behind: made here, estimated from elsewhere, merged with those of others.

use std::path::Path;

use super::Error;
use super::engine::{Scans, finish, implied_weights, resolved};
use super::estimates::SurveyEstimates;
use super::levels::listed::ListedAnswers;
use super::notices::{check_replicates, design_notes};
use super::options::{Incomplete, QuantileRule};
use super::plan::{PlannedRequest, Thresholds, plan};
use super::quantiles::{
    MOST_VALUES, ValueLimits, has_quantiles, keep_values, looks_at_values, sums_below,
};
use super::request::{Filter, Group, Request};
use crate::frames::Frame;
use crate::survey::design::{Design, DesignUse, Lonely};
use crate::survey::expr::{Expr, Item};
use crate::survey::microdata::{Codebook, Source, Variable};
use crate::survey::sums::export::{
    ColumnNames, ItemToRead, LabelKinds, Spec, SumsReader, Table, VERSION, has_number_levels,
    lay_out, read,
};
use crate::survey::sums::{ItemPlan, Mode, Sketch, Small, Sums, Weights, merge, scan};

/// Sums hold the weight of each value in each cell, however many these are.
const EVERY_VALUE: ValueLimits = ValueLimits {
    room: usize::MAX,
    wide: &[],
};

/// What is to be added up: for a scan of this file, or as a query for an engine that holds more.
pub struct ExportPlan {
    pub spec: Spec,
    pub planned: PlannedRequest,
    weights: Option<Weights>,
    /// The request with the separators that were found out, and what is said of them.
    request: Request,
    notes: Vec<String>,
}

/// Sums ready to be written.
pub struct SumsExport {
    pub spec: Spec,
    pub table: Frame,
    pub warnings: Vec<String>,
    /// What was found out about the file.
    pub notes: Vec<String>,
    /// What the data gave the options of the design to do.
    pub design_use: DesignUse,
    /// Respondents that were left out before the design was set.
    pub incomplete: u64,
    /// The cells below the limit, where one is set.
    pub small: Small,
    /// The name of the domain with most of them.
    pub worst: Option<String>,
}

/// Looks up what is asked.
///
/// # Errors
/// Names and types that don't fit the file, a design that can't be.
pub fn plan_export(
    source: &dyn Source,
    design: &Design,
    request: &Request,
) -> Result<ExportPlan, Error> {
    design.check()?;
    if design.rows_are_last_stage() {
        return Err(Error::Request(
            "the last stage of this design is that of the respondents, and sums do not have these: leave out the last fpc"
                .to_owned(),
        ));
    }
    let codebook = source.codebook();
    let design = &resolved(design, codebook)?;
    let mode = Mode::new(design, false);
    let weights = implied_weights(source, design)?;
    let (_, request, notes) = ListedAnswers::find(source, request)?;
    let none = ListedAnswers::default();
    let planned = plan(&request, design, codebook, weights.clone(), mode, &none)?;
    let planned = keep_values(planned, &EVERY_VALUE);
    let by: Vec<(String, String)> = request
        .by
        .iter()
        .map(|group| (group.name.clone(), group.text.clone()))
        .collect();
    let used = |name: &String| {
        planned
            .plan
            .requests
            .iter()
            .any(|request| request.name == *name)
    };
    let spec = Spec {
        version: VERSION,
        source: request.source.clone(),
        items: each_once(&request.items)?,
        typed: request.items.iter().map(|item| item.text.clone()).collect(),
        condition: request.filter.as_ref().map(|filter| filter.text.clone()),
        design: design.clone(),
        incomplete_dropped: request.options.incomplete == Incomplete::Drop,
        weights_from_fpc: weights.is_some(),
        replicates: planned.plan.design.replicates.len(),
        columns: ColumnNames::new(design, &by),
        by,
        banner: None,
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
    Ok(ExportPlan {
        spec,
        planned,
        weights,
        request,
        notes,
    })
}

/// The items in their canonical form, which is what finds them in the file.
fn each_once(items: &[Item]) -> Result<Vec<String>, Error> {
    let mut texts: Vec<String> = Vec::new();
    for item in items {
        let text = item.canonical();
        if texts.contains(&text) {
            return Err(Error::Request(format!(
                "{text} is named twice: sums have each item once"
            )));
        }
        texts.push(text);
    }
    Ok(texts)
}

/// Adds the respondents up to sums that travel: two passes, one for the sums and one for the respondents in each cell.
///
/// Cells with fewer respondents than `least` are counted in [`SumsExport::small`].
///
/// # Errors
/// Those of [`plan_export`]; quantiles of a variable with more than [`MOST_VALUES`] values; what the design says of the rows.
pub fn export_sums(
    source: &dyn Source,
    design: &Design,
    request: &Request,
    least: u64,
) -> Result<SumsExport, Error> {
    let ExportPlan {
        spec,
        planned,
        weights,
        request,
        mut notes,
    } = plan_export(source, design, request)?;
    let sums = scan(source, &planned.plan).map_err(too_many_values)?;
    let mode = planned.plan.mode;
    let units = sums.sampled(design, mode)?;
    check_replicates(&spec.design, &planned, &sums)?;
    let without_replicates = Design {
        replicates: None,
        ..spec.design.clone()
    };
    let none = ListedAnswers::default();
    let codebook = source.codebook();
    let counting = plan(
        &request,
        &without_replicates,
        codebook,
        weights.clone(),
        mode,
        &none,
    )?;
    let mut counting = keep_values(counting, &EVERY_VALUE);
    counting.plan.rank = false;
    let counted = std::mem::take(&mut counting.plan.design.weights);
    counting.plan.design.weights = Weights::Counting(Box::new(counted));
    let counts = scan(source, &counting.plan)?;
    let small = counts.small(least);
    let by: Vec<&str> = spec.by.iter().map(|(name, _)| name.as_str()).collect();
    let named = |domain: usize| {
        let values = by.iter().zip(&planned.by).zip(&counts.domains[domain]);
        let names = values.map(|((by, names), value)| format!("{by} = {}", names.name(value)));
        match by.is_empty() {
            true => "the whole sample".to_owned(),
            false => names.collect::<Vec<String>>().join(", "),
        }
    };
    let condition = request.filter.as_ref().map(|of| of.text.as_str());
    let (mut warnings, of_weights) = design_notes(&sums, design, condition);
    notes.extend(of_weights);
    if weights.is_some() {
        warnings.push(
            "weights are N/n of this file: sums of it can't be merged with others".to_owned(),
        );
    }
    Ok(SumsExport {
        design_use: DesignUse::new(&units, sums.rows.without_weight),
        incomplete: sums.rows.incomplete,
        worst: small.domain.map(named),
        small,
        table: lay_out(&spec, &planned.plan, &sums, &counts)?,
        spec,
        warnings,
        notes,
    })
}

fn too_many_values(error: crate::survey::sums::Error) -> Error {
    match error {
        crate::survey::sums::Error::Levels { variable, most } if most == MOST_VALUES => {
            Error::Request(format!(
                "{variable} has more than {most} different values, and the quantiles of sums need the weight of each: round it, \
             as in a column of whole numbers, or estimate where the respondents are"
            ))
        }
        other => other.into(),
    }
}

/// Files of sums, to be estimated from: the digits that the respondents of all of them together would give.
///
/// Strata, PSUs and groups with equal labels are the same in all files.
pub struct SumsFiles {
    /// The path, the specification and the rows of each.
    files: Vec<(String, Spec, Table)>,
}

impl SumsFiles {
    /// Reads files of sums that were made alike.
    ///
    /// # Errors
    /// Files that can't be read or were not made alike.
    pub fn open(paths: &[&Path]) -> Result<SumsFiles, Error> {
        let mut files = Vec::new();
        for path in paths {
            let (spec, table) = read(path)?;
            files.push((path.display().to_string(), spec, table));
        }
        let Some((first_path, first, _)) = files.first() else {
            return Err(Error::Request("no file of sums".to_owned()));
        };
        for (path, other, _) in files.iter().skip(1) {
            check_compatible(first, other, first_path, path)?;
        }
        Ok(SumsFiles { files })
    }

    /// The variables that the sums are of.
    pub fn codebook(&self) -> Codebook {
        merged_codebook(self.files.iter().map(|(_, spec, _)| &spec.codebook))
    }

    /// Estimates from all of them.
    ///
    /// # Errors
    /// An item that is not in them, and all that [`estimate`](super::estimate()) says of a design.
    pub fn estimate(&self, options: &SumsOptions) -> Result<SurveyEstimates, Error> {
        estimate_from(&self.files, self.codebook(), options)
    }
}

fn estimate_from(
    files: &[(String, Spec, Table)],
    codebook: Codebook,
    options: &SumsOptions,
) -> Result<SurveyEstimates, Error> {
    let Some((_, first, _)) = files.first() else {
        return Err(Error::Request("no file of sums".to_owned()));
    };
    if let Some((path, ..)) = files.iter().find(|(_, spec, _)| spec.banner.is_some()) {
        return Err(Error::Request(format!(
            "{path} holds the sums of banner tables: opine crosstab {path} makes them"
        )));
    }
    let mut request = request_of(first, options)?;
    for (path, spec, _) in files {
        check_items(path, spec, &request.items)?;
    }
    let mut design = first.design.clone();
    design.lonely = options.lonely.unwrap_or(design.lonely);
    design.df = options.df.or(design.df);
    design.check()?;
    let mode = Mode::new(&design, false);
    let weights = first.weights_from_fpc.then_some(Weights::One);
    let none = ListedAnswers::default();
    let planned = plan(&request, &design, &codebook, weights, mode, &none)?;
    let planned = keep_values(planned, &EVERY_VALUE);
    if planned.plan.design.replicates.len() != first.replicates {
        return Err(Error::Request(
            "the replicates of these sums are not those of their design".to_owned(),
        ));
    }
    check_rule(&planned, request.options.rule)?;
    let mut parts = Vec::new();
    for (path, spec, table) in files {
        parts.push(sums_of(path, spec, table, &request, &planned, &codebook)?);
    }
    let mut warnings = older_counts(files, &parts);
    warnings.extend(counted_twice(files, &parts));
    warnings.extend(unchecked(files));
    // before the merge, which would add triangles of different rows up as if they were of the same
    let sketches: Vec<Sketch> = parts
        .iter_mut()
        .map(|part| std::mem::take(&mut part.sketch))
        .collect();
    let mut sums = merge(parts)?;
    sums.sketch = Sketch::stacked(first.replicates, sketches.iter().map(Sketch::triangle));
    let second = |sums: &Sums, thresholds: Vec<Thresholds>| {
        let others = |_| Err(Error::Request("these sums are of other items".to_owned()));
        Ok((sums_below(sums, thresholds, others)?, None))
    };
    let mut sources: Vec<&str> = Vec::new();
    for (_, spec, _) in files {
        if !sources.contains(&spec.source.as_str()) {
            sources.push(&spec.source);
        }
    }
    request.source = sources.join(" + ");
    let scans = Scans {
        first: (sums, None),
        residuals: None,
        second: &second,
    };
    let mut estimates = finish(&design, &request, &codebook, &planned, scans)?;
    estimates.warnings.append(&mut warnings);
    Ok(estimates)
}

/// Files whose respondents with weight 0 count, as they did in version 1.
fn older_counts(files: &[(String, Spec, Table)], parts: &[Sums]) -> Vec<String> {
    let counts = |sums: &Sums| {
        let zero = sums
            .units
            .iter()
            .map(|unit| unit.rows - unit.weighted.min(unit.rows));
        zero.sum::<u64>() > 0
    };
    let files = files.iter().zip(parts);
    files
        .filter(|((_, spec, _), sums)| spec.version == 1 && counts(sums))
        .map(|((path, ..), _)| {
            format!("{path} was made by an earlier version: its respondents with weight 0 count in n; make it again to leave them out")
        })
        .collect()
}

/// Files without a checksum.
fn unchecked(files: &[(String, Spec, Table)]) -> Vec<String> {
    let files = files.iter().filter(|(_, _, table)| table.unchecked);
    files
        .map(|(path, ..)| {
            format!("{path} was made by an earlier version and has no checksum: damage to its numbers would not be noticed")
        })
        .collect()
}

/// Files with the same sums, in whatever order their rows stand: most likely the one is a copy of the other.
fn counted_twice(files: &[(String, Spec, Table)], parts: &[Sums]) -> Vec<String> {
    let mut warnings = Vec::new();
    let in_order = |part: &Sums| merge(vec![part.clone()]).ok();
    let parts: Vec<Option<Sums>> = match files.len() {
        1 => return warnings,
        _ => parts.iter().map(in_order).collect(),
    };
    for (at, (path, ..)) in files.iter().enumerate() {
        if let Some(earlier) = (0..at).find(|earlier| parts[*earlier] == parts[at]) {
            warnings.push(format!(
                "{} and {path} hold the same sums: their respondents are counted twice",
                files[earlier].0
            ));
        }
    }
    warnings
}

fn check_rule(planned: &PlannedRequest, rule: QuantileRule) -> Result<(), Error> {
    if !has_quantiles(planned) || looks_at_values(rule) {
        return Ok(());
    }
    let known: Vec<&str> = QuantileRule::OF_VALUES
        .iter()
        .map(|rule| rule.name())
        .collect();
    Err(Error::Request(format!(
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
    planned: &PlannedRequest,
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
    let kinds = LabelKinds {
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
    let mut reader = SumsReader::new(table, spec, &kinds, planned.plan.mode).map_err(within)?;
    let rows = reader.item_rows().map_err(within)?;
    let known = known_items(spec);
    for (item, plan) in request.items.iter().zip(&planned.plan.items) {
        // check_items has looked before
        let Some(found) = known_item(&known, item) else {
            continue;
        };
        let numbers = match plan {
            ItemPlan::Levels { operand, .. } => number_labels(&operand.text),
            _ => false,
        };
        let item = ItemToRead {
            text: &found.text,
            plan,
            numbers,
        };
        let of_item = rows.get(found.text.as_str()).map_or(&[][..], Vec::as_slice);
        let sums = reader.item(&item, of_item).map_err(within)?;
        reader.sums.items.push(sums);
    }
    Ok(reader.sums)
}

/// What can still be chosen when sums are estimated from.
#[derive(Clone, Debug, Default)]
pub struct SumsOptions {
    /// Level, nets, interval method and what else is decided after the sums; its items are those asked for, none for all.
    pub request: Request,
    pub lonely: Option<Lonely>,
    pub df: Option<f64>,
}

/// Whether sums of two files may be added up.
///
/// # Errors
/// What was asked otherwise of the respondents of the one than of the other.
pub fn check_compatible(
    first: &Spec,
    other: &Spec,
    first_path: &str,
    path: &str,
) -> Result<(), Error> {
    let differs = |what: &str| {
        Error::Request(format!(
            "{path} was not made like {first_path}: {what}; make both with the same groups, condition and design"
        ))
    };
    if first.weights_from_fpc || other.weights_from_fpc {
        return Err(Error::Request(
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
    let by = |spec: &Spec| -> Vec<(String, String)> {
        let groups = spec.by.iter();
        groups
            .map(|(name, text)| (canonical(name), canonical(text)))
            .collect()
    };
    if by(first) != by(other) {
        return Err(differs(&format!(
            "--by is {}, there {}",
            shown(&other.by),
            shown(&first.by)
        )));
    }
    if first.condition.as_deref().map(canonical) != other.condition.as_deref().map(canonical) {
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

/// An expression however it was typed.
fn canonical(text: &str) -> String {
    Expr::parse(text).map_or_else(|_| text.to_owned(), |expr| expr.to_string())
}

/// The variables of all files, with all their labels.
pub fn merged_codebook<'c>(codebooks: impl Iterator<Item = &'c Codebook>) -> Codebook {
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
fn request_of(spec: &Spec, options: &SumsOptions) -> Result<Request, Error> {
    let mut request = options.request.clone();
    if request.items.is_empty() {
        let items = spec.typed.iter().map(|item| Item::parse(item));
        request.items = items.collect::<Result<_, _>>().map_err(Error::Expression)?;
    } else if spec.incomplete_dropped {
        return Err(Error::Request(
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
    request.filter = spec.condition.as_deref().map(Filter::parse).transpose()?;
    if spec.incomplete_dropped {
        request.options.incomplete = Incomplete::Drop;
    }
    Ok(request)
}

/// Whether every file has sums of what is asked for.
///
/// # Errors
/// An item that is not there, with those that are.
pub fn check_items(path: &str, spec: &Spec, items: &[Item]) -> Result<(), Error> {
    let known = known_items(spec);
    match items.iter().find(|item| known_item(&known, item).is_none()) {
        None => Ok(()),
        Some(item) => Err(Error::Request(format!(
            "{path} has no sums of {}; it has those of {}",
            item.text,
            spec.items.join(", ")
        ))),
    }
}

/// The items that sums are of.
fn known_items(spec: &Spec) -> Vec<Item> {
    let items = spec.items.iter();
    items.filter_map(|item| Item::parse(item).ok()).collect()
}

/// The item that means the same, however it is written.
fn known_item<'k>(known: &'k [Item], item: &Item) -> Option<&'k Item> {
    known.iter().find(|other| other.means(item))
}
