//! What is said beside the numbers: what should be looked at (warnings), what should be known (notes), and replicate weights
//! that can't be right.

use std::collections::BTreeMap;

use super::Error;
use super::degrees::Degrees;
use super::design_columns::weight_of_file;
use super::estimates::SurveyEstimates;
use super::options::{DeffKind, DomainDf};
use super::plan::PlannedRequest;
use super::request::Request;
use super::rows::{Part, RowKey};
use crate::frames::words::{and, nearest, thousands};
use crate::frames::{Estimate, look_alike_warnings};
use crate::survey::design::{self, Design, MissingWeights, RepType, Replicates};
use crate::survey::expr::{NamedLiteral, why_missing};
use crate::survey::microdata::{Codebook, Kind, Value};
use crate::survey::sums::{CountedLiteral, ItemSums, LiteralCount, Mode, ReplicateColumn, Sums};

/// "1 respondent", "17 respondents".
fn respondents(count: u64) -> String {
    match count {
        1 => "1 respondent".to_owned(),
        count => format!("{} respondents", thousands(count as f64)),
    }
}

/// What one should look at.
pub fn warnings(estimates: &SurveyEstimates, planned: &PlannedRequest) -> Vec<String> {
    let (rows, design) = (estimates.sums.rows, &estimates.design);
    let mut warnings = left_out(&estimates.sums, design);
    if let Some(filter) = &estimates.request.filter
        && estimates.sums.cells.iter().all(|cell| cell.rows == 0)
        && rows.all > 0
    {
        warnings.push(format!("--where {}: nobody", filter.text));
    }
    warnings.extend(literal_warnings(
        &planned.plan.literals,
        &estimates.sums.literals,
    ));
    if let Some(replicates) = &design.replicates {
        warnings.extend(factors_taken(replicates));
    }
    warnings.extend(look_alikes(estimates, planned));
    warnings
}

/// Levels of items and groups that no reader can tell from each other.
fn look_alikes(estimates: &SurveyEstimates, planned: &PlannedRequest) -> Vec<String> {
    let sums = &estimates.sums;
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (item, sums) in planned.items.iter().zip(&sums.items) {
        if let (Some(names), ItemSums::Levels(sums)) = (item.level_names(), sums) {
            let levels = sums.levels.iter().map(|level| names.name(level));
            named.entry(&item.variable).or_default().extend(levels);
        }
    }
    for (at, (group, names)) in estimates.request.by.iter().zip(&planned.by).enumerate() {
        let mut values: Vec<&Value> = sums.domains.iter().filter_map(|d| d.get(at)).collect();
        // domains stand in the order of their first group, so that most of its neighbours are the same
        values.dedup();
        let levels = values.into_iter().map(|value| names.name(value));
        named.entry(&group.name).or_default().extend(levels);
    }
    let each = named.iter();
    each.flat_map(|(name, levels)| look_alike_warnings(name, levels.iter().map(String::as_str)))
        .collect()
}

/// Values that expressions name and nobody has.
pub fn literal_warnings(literals: &[CountedLiteral], counts: &[LiteralCount]) -> Vec<String> {
    let each = literals.iter().zip(counts);
    each.filter_map(|(literal, count)| literal_warning(&literal.named, count))
        .collect()
}

/// What one should look at, and what one should know, of the design of a file.
/// `condition` is that of the subpopulation.
pub fn design_notes(
    sums: &Sums,
    design: &Design,
    condition: Option<&str>,
) -> (Vec<String>, Vec<String>) {
    let mut warnings = left_out(sums, design);
    warnings.extend(design.replicates.as_ref().and_then(factors_taken));
    (warnings, weight_notes(sums, design, condition))
}

/// Rows that are counted as weight 0, or left out before the design is set.
pub fn left_out(sums: &Sums, design: &Design) -> Vec<String> {
    let mut warnings = Vec::new();
    let rows = sums.rows;
    if rows.without_weight > 0 && design.missing_weights == MissingWeights::Warn {
        warnings.push(format!(
            "{} without a weight: counted as weight 0{}",
            respondents(rows.without_weight),
            why_missing(design.weights.as_deref())
        ));
    }
    if rows.incomplete > 0 {
        warnings.push(format!(
            "{} with a missing answer left out before the design was set",
            respondents(rows.incomplete)
        ));
    }
    warnings
}

/// A value that nobody has, or a code for no answer among numbers.
fn literal_warning(named: &NamedLiteral, count: &LiteralCount) -> Option<String> {
    let (variable, text) = (&named.variable.name, &named.text);
    if let Some(label) = &named.label {
        return (count.inside > 0).then(|| {
            format!(
                "{variable}: {text} “{label}” counts as the number {text} for {}; --na {text} takes it for no answer",
                respondents(count.inside)
            )
        });
    }
    if count.rows > 0 || named.is_labelled() {
        return None;
    }
    if count.others.is_empty() {
        return Some(match named.variable.kind {
            Kind::Number => format!("nobody has {variable} == {text}"),
            _ => format!("{variable} has no value {text}"),
        });
    }
    let others = || count.others.iter().map(String::as_str);
    let near = nearest(text.trim_matches(['\'', '"']), others());
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    let listed: Vec<&str> = others().take(MOST_LISTED).collect();
    let more = match count.others.len() - listed.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "nobody has {variable} {text}{hint} (its values: {}{more})",
        listed.join(", ")
    ))
}

/// More values than this are not listed beside one that nobody has.
const MOST_LISTED: usize = 12;

/// Factors of replicates that nobody named, where 1 is seldom right.
fn factors_taken(replicates: &Replicates) -> Option<String> {
    if replicates.rscales.is_some() || replicates.scale.is_some() {
        return None;
    }
    match replicates.rep_type {
        RepType::Jkn => Some(
            "the factor 1 was taken for every replicate: jkn has (n − 1)/n of the stratum that each replicate is from; --rscales names them"
                .to_owned(),
        ),
        RepType::Other => Some(
            "the scale 1 and the factor 1 were taken for the replicates; --scale and --rscales name others".to_owned(),
        ),
        _ => None,
    }
}

/// What one should know.
pub fn notes(estimates: &SurveyEstimates, codebook: &Codebook) -> Vec<String> {
    let (sums, design) = (&estimates.sums, &estimates.design);
    let rows = sums.rows;
    let mut notes = Vec::new();
    if design.weights.is_none()
        && design.fpc.is_empty()
        && let Some(weight) = weight_of_file(codebook)
    {
        notes.push(format!(
            "the file says that it is weighted by {weight}: --weights {weight}, or --weights @file, takes it"
        ));
    }
    let condition = estimates.request.filter.as_ref();
    notes.extend(weight_notes(
        sums,
        design,
        condition.map(|of| of.text.as_str()),
    ));
    if rows.without_group > 0 {
        let groups: Vec<String> = estimates
            .request
            .by
            .iter()
            .map(|g| g.name.clone())
            .collect();
        notes.push(format!(
            "{} in no group: {} {} not known{}",
            respondents(rows.without_group),
            and(&groups),
            if groups.len() == 1 { "is" } else { "are" },
            why_missing(groups.iter().map(String::as_str))
        ));
    }
    notes
}

/// Respondents without a weight, with weight 0, or of whom it is not known whether they are meant.
fn weight_notes(sums: &Sums, design: &Design, condition: Option<&str>) -> Vec<String> {
    let rows = sums.rows;
    let mut notes = Vec::new();
    if rows.without_weight > 0 && design.missing_weights == MissingWeights::Allow {
        notes.push(format!(
            "{} without a weight: counted as weight 0{}",
            respondents(rows.without_weight),
            why_missing(design.weights.as_deref())
        ));
    }
    let weighted: u64 = sums.units.iter().map(|unit| unit.weighted).sum();
    let zero = rows.all.saturating_sub(weighted + rows.without_weight);
    if zero > 0 {
        notes.push(format!("{} with weight 0: in no base", respondents(zero)));
    }
    if rows.undecided > 0 {
        notes.push(format!(
            "{} left out: an answer that --where asks for is missing{}",
            respondents(rows.undecided),
            why_missing(condition)
        ));
    }
    let negative: u64 = sums
        .replicate_columns
        .iter()
        .map(|column| column.negative)
        .sum();
    if negative > 0 {
        notes.push(format!(
            "{} replicate weight{} below 0: used as they are",
            thousands(negative as f64),
            if negative == 1 { "" } else { "s" }
        ));
    }
    notes
}

impl SurveyEstimates {
    /// What design effects compare with, where nobody named it and it is not the usual.
    pub fn deff_note(&self) -> Option<String> {
        let is_shown = self.rows.iter().any(|row| row.deff.is_some()) && self.is_complex();
        let is_chosen = self.request.options.deff.is_none() && self.deff == DeffKind::Replace;
        (is_shown && is_chosen).then(|| {
            "design effects (deff) compare with sampling with replacement, as the weights do not add up to a population; --deff-kind says otherwise"
                .to_owned()
        })
    }

    /// The answers that the items have, by their names: those that count and those that are left out.
    pub fn answers(&self) -> Vec<String> {
        let levels = self.level_names.iter().zip(&self.sums.items);
        let mut names: Vec<String> = levels
            .filter_map(|(names, sums)| match sums {
                ItemSums::Levels(sums) => Some(names.as_ref()?.names(&sums.levels)),
                _ => None,
            })
            .flatten()
            .collect();
        names.dedup();
        names
    }

    /// A net whose levels no item has, and an answer to be left out that nobody could give, are slips.
    ///
    /// # Errors
    /// The first of them, with the nearest name.
    pub fn check_names(&self) -> Result<(), Error> {
        let rows = || self.keys.iter().zip(&self.rows);
        let levels = || {
            let of_level = rows().filter(|(key, _)| key.part == Part::Level);
            of_level.filter_map(|(_, row)| row.level.as_deref())
        };
        for net in &self.request.nets {
            let is_net = |(key, row): (&RowKey, &Estimate)| {
                key.part == Part::Net && row.level.as_deref() == Some(&net.name)
            };
            if rows().any(is_net) {
                continue;
            }
            let known = |level: &&String| levels().any(|other| other == level.as_str());
            let why = match net.levels.iter().find(|level| !known(level)) {
                Some(level) => match nearest(level, levels()) {
                    Some(near) => format!("no item has a level {level}; did you mean {near}?"),
                    None => format!("no item has a level {level}"),
                },
                None => "no item has all of its levels".to_owned(),
            };
            return Err(Error::Request(format!("--net {}: {why}", net.name)));
        }
        let known = self.answers();
        let mut answers = self.request.without.iter();
        if let Some(answer) = answers.find(|answer| !known.contains(answer)) {
            let near = nearest(answer, known.iter().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let message = format!("--without {answer}: no item has that answer{hint}");
            return Err(Error::Request(message));
        }
        Ok(())
    }

    /// Whether respondents are worth less, or more, than their number.
    pub fn is_complex(&self) -> bool {
        let design = &self.design;
        let weighted = design.weights.is_some() || !design.fpc.is_empty();
        weighted
            || design.replicates.is_some()
            || !design.strata.is_empty()
            || !design.psu.is_empty()
    }

    /// How many respondents of the domains gave no answer to each item, by its place; those without one are not among them.
    pub fn missing_answers(&self) -> Vec<(usize, u64)> {
        let all: u64 = self.sums.cells.iter().map(|cell| cell.weighted).sum();
        // of each item the sums that its rows are of, and how many answered them
        let mut answered: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
        let mut last = None;
        for (key, row) in self.keys.iter().zip(&self.rows) {
            let domain = Some((key.item, key.planned, key.domain));
            // the rows of a domain stand side by side, and each says how many answered
            if key.part == Part::Missing || domain == last {
                continue;
            }
            last = domain;
            let (planned, n) = answered.entry(key.item).or_insert((key.planned, 0));
            if *planned == key.planned {
                *n += row.n.unwrap_or(0.0) as u64;
            }
        }
        let missing = answered.into_iter().filter_map(|(item, (_, answered))| {
            let of_all = match self.sums.asked.get(&item) {
                Some(asked) => *asked,
                None if self.is_filtered(item) => return None,
                None => all,
            };
            Some((item, of_all.saturating_sub(answered)))
        });
        missing.filter(|(_, missing)| *missing > 0).collect()
    }

    fn is_filtered(&self, item: usize) -> bool {
        let item = self.request.items.get(item);
        item.is_some_and(|item| item.terms.iter().any(|term| term.filter.is_some()))
    }
}

/// Items that less than half of the PSUs answered, as those of a split sample: the degrees of freedom of the domain are more
/// than the item has.
pub fn asked_of_few(request: &Request, planned: &PlannedRequest, degrees: &Degrees) -> Vec<String> {
    let by_domain = degrees.kind == DomainDf::Domain && degrees.design.df.is_none();
    if degrees.mode != Mode::Units || degrees.design.psu.is_empty() || !by_domain {
        return Vec::new();
    }
    let domains: Vec<usize> = (0..degrees.sums.domains.len()).collect();
    let (all, _) = degrees.psus(&domains, None);
    let mut notes: Vec<String> = Vec::new();
    for (at, item) in planned
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| !item.filtered)
    {
        let (answered, strata) = degrees.psus(&domains, Some(at));
        if answered == 0 || 2 * answered >= all {
            continue;
        }
        let text = request
            .items
            .get(item.item)
            .map_or("", |item| item.text.as_str());
        let note = format!(
            "{text} was answered in {answered} of {all} PSUs: its degrees of freedom are those of all PSUs; with --domain-df answered they are {}",
            answered as f64 - strata as f64
        );
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// Columns of replicates differ by chance, but not so.
const FAR_APART: f64 = 10.0;
/// Sums within a quarter of each other are alike.
const ALIKE: f64 = 1.25;

/// How far sums are from a total, as the logarithm of their ratio: from whole weights to the sum of the weights, from factors,
/// which average about 1, to the number of rows. Half samples add up to half of it where nobody doubled them.
fn apart(sum: f64, total: f64, half_samples: bool) -> f64 {
    if !(sum > 0.0 && total > 0.0) {
        return f64::INFINITY;
    }
    let whole = (sum / total).ln().abs();
    match half_samples {
        true => whole.min((2.0 * sum / total).ln().abs()),
        false => whole,
    }
}

/// Refuses replicate weights that can't be: missing ones, columns that are something else, factors for weights.
///
/// # Errors
/// [`design::Error`] with the column, or with the sums that don't go together.
pub fn check_replicates(
    design: &Design,
    planned: &PlannedRequest,
    sums: &Sums,
) -> Result<(), Error> {
    let Some(declared) = &design.replicates else {
        return Ok(());
    };
    let requests = &planned.plan.requests;
    let names = planned.plan.design.replicates.iter();
    let names: Vec<&str> = names
        .map(|at| {
            requests
                .get(*at)
                .map_or("", |request| request.name.as_str())
        })
        .collect();
    check_replicate_columns(
        declared,
        design,
        &names,
        &sums.replicate_columns,
        (sums.rows.all, sums.weight.value()),
    )
    .map_err(Error::Design)
}

/// The same from what the columns hold: `rows` of the file and the sum of the weights.
pub fn check_replicate_columns(
    declared: &Replicates,
    design: &Design,
    names: &[&str],
    columns: &[ReplicateColumn],
    (rows, weight): (u64, f64),
) -> Result<(), design::Error> {
    let wrong = |message: String| Err(design::Error::Declared(message));
    let pattern = &declared.columns;
    let named = || names.iter().zip(columns);
    if declared.made_here {
        return Ok(());
    }
    for (name, column) in named() {
        if column.missing > 0 {
            return Err(design::Error::Missing {
                column: (*name).to_owned(),
                rows: column.missing,
                remedy: "a replicate weight is known for every respondent, 0 for those who are not in the replicate",
            });
        }
        if column.high.is_infinite() && rows > 0 {
            return wrong(format!("replicate weight {name} is infinite in some row"));
        }
        if rows > 2 && column.low == column.high {
            return wrong(format!(
                "replicates {pattern:?} take {name}, which is {} in every row and so no replicate weight",
                column.low
            ));
        }
        if rows > 2 && declared.combined_weights && !column.differs {
            let weights = design.weights.as_deref().unwrap_or("the weight");
            return wrong(format!(
                "replicates {pattern:?} take {name}, which is {weights} itself in every row and so no replicate weight"
            ));
        }
    }
    let mut totals: Vec<f64> = columns.iter().map(|column| column.sum).collect();
    totals.sort_by(f64::total_cmp);
    let Some(middle) = totals.get(totals.len() / 2).copied() else {
        return Ok(());
    };
    let rows = rows as f64;
    let half_samples = matches!(declared.rep_type, RepType::Brr | RepType::Other);
    let as_weights = apart(middle, weight, half_samples);
    let as_factors = apart(middle, rows, half_samples);
    // what fits well is taken for it where what was declared fits badly; where weights average about 1, both do
    let (alike, unlike) = (ALIKE.ln(), 2.0 * ALIKE.ln());
    let written = |number: f64| match number < 1e4 {
        true => format!("{:.1}", number),
        false => thousands(number),
    };
    let weights = design.weights.as_deref().unwrap_or("1 for each respondent");
    if declared.combined_weights && as_factors < alike && as_weights > unlike {
        return wrong(format!(
            "the replicates add up to {} in the middle column and the weights ({weights}) to {}: they look like factors of the weight, which --combined-weights false (combined_weights = false) says",
            written(middle),
            written(weight)
        ));
    }
    if !declared.combined_weights && as_weights < alike && as_factors > unlike {
        return wrong(format!(
            "the replicates add up to {} in the middle column, as the weights ({weights}) do: they are whole weights, no factors of the weight; leave --combined-weights false out",
            written(middle)
        ));
    }
    let expected = if declared.combined_weights {
        weight
    } else {
        rows
    };
    if apart(middle, expected, false) > FAR_APART.ln() {
        return wrong(format!(
            "the replicates add up to {} in the middle column and the weights ({weights}) to {}: they don’t belong together; --weights names the weight of the full sample",
            written(middle),
            written(weight)
        ));
    }
    let odd = named().find(|(_, column)| apart(column.sum, middle, false) > FAR_APART.ln());
    match odd {
        Some((name, column)) => wrong(format!(
            "replicates {pattern:?} take {name}, which adds up to {} where the others add up to about {}: it looks like no replicate weight",
            written(column.sum),
            written(middle)
        )),
        None => Ok(()),
    }
}
