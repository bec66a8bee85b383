use std::collections::HashMap;

use super::bounds::Critical;
use super::by_value::{self};
use super::classed::Classed;
use super::context::Context;
use super::error::Error;
use super::estimated::Estimated;
use super::first_pass::{by_class, first_pass};
use super::levels::{Levels, Of};
use super::numbers;
use super::place::{Part, Place, RowOf, Shares};
use super::plan::{Planning, Shape, Thresholds, at_most, plan};
use super::request::{Incomplete, Request};
use super::residuals::Residuals;
use super::rows::Rows;
use super::scores::{Scores, Variance};
use super::standard::{Standard, combined};
use super::woodruff::{self, Scanned, SecondPass};
use crate::frames::Estimate;
use crate::survey::design::{Design, Replication, Units};
use crate::survey::microdata::Source;
use crate::survey::sums::{ItemSums, Key, Mode, Plan, Requests, Sums, Weights, scan};

/// What was estimated, and what is needed to compare it.
pub struct Answer {
    pub rows: Vec<Estimate>,
    /// The scores of each row, where it has an estimate.
    pub scores: Vec<Option<Scores>>,
    /// What each row is of.
    pub of: Vec<RowOf>,
    pub sums: Sums,
    pub units: Units,
    pub replication: Option<Replication>,
    pub df: Option<f64>,
    /// What one should know: rows left out, weights that are missing.
    pub warnings: Vec<String>,
}

impl Answer {
    /// The design as variances need it.
    pub fn variance<'a>(&'a self, design: &'a Design) -> Variance<'a> {
        Variance {
            design,
            units: &self.units,
            replication: self.replication.as_ref(),
        }
    }
}

/// What a design is with a calibration in it: scores go through its residuals.
pub struct Calibrated<'a> {
    /// The new weights, one a row of the file.
    pub weights: std::sync::Arc<Vec<f64>>,
    pub residuals: Option<&'a dyn Residuals>,
}

/// Estimates everything that is asked for in one pass over the respondents (quantiles of many different values take a second
/// one for their intervals).
///
/// # Errors
/// Names and types that don't fit the file, a design that can't be, lonely PSUs nobody decided on, a file that can't be
/// read.
pub fn estimate(
    source: &dyn Source,
    name: &str,
    design: &Design,
    request: &Request,
    calibrated: Option<Calibrated>,
) -> Result<Answer, Error> {
    design.check()?;
    if calibrated.is_some() && request.options.incomplete == Incomplete::Drop {
        return Err(Error::Asked(
            "weights were made for all respondents: none can be left out before the design is set (--incomplete drop)".to_owned(),
        ));
    }
    let rows = request.options.covariance && design.elements();
    let residuals = calibrated.as_ref().and_then(|of| of.residuals);
    let regression = residuals.and_then(|residuals| by_class(residuals, design, request));
    let mode = Mode::of(design, rows || residuals.is_some() && regression.is_none());
    let weights = match &calibrated {
        Some(calibrated) => Some(Weights::Given(calibrated.weights.clone())),
        None => implied_weights(source, design)?,
    };
    let codebook = source.codebook();
    let planned = || plan(request, design, codebook, weights.clone(), mode);
    let scanned = |of: &dyn Fn(Planning) -> Plan| {
        let mut own = of(planned()?);
        own.keep_places = mode == Mode::Units;
        let sums = scan(source, &own)?;
        let replan = |design: &Design, weights, mode| {
            Ok(of(plan(request, design, codebook, Some(weights), mode)?))
        };
        let classed = regression
            .map(|regression| Classed::scan(source, regression, (design, &sums), &replan))
            .transpose()?;
        Ok::<Scanned, Error>((sums, classed))
    };
    let (planning, first) = match regression {
        Some(_) => (planned()?, scanned(&|planning| planning.plan)?),
        None => {
            let (planning, sums) = first_pass(source, request, &planned)?;
            (planning, (sums, None))
        }
    };
    let second = |sums: &Sums, thresholds: Vec<Thresholds>| match regression {
        Some(_) => scanned(&|planning| at_most(planning, thresholds.clone())),
        None => {
            let again = |left| Ok(scan(source, &at_most(planned()?, left))?);
            Ok((by_value::at_most(sums, thresholds, again)?, None))
        }
    };
    let scans = Scans {
        first,
        residuals,
        second: &second,
    };
    finish(name, design, request, &planning, scans)
}

/// What passes over the respondents added up.
pub struct Scans<'a> {
    pub first: Scanned<'a>,
    pub residuals: Option<&'a dyn Residuals>,
    pub second: &'a SecondPass<'a>,
}

/// From sums to estimates.
pub fn finish(
    name: &str,
    design: &Design,
    request: &Request,
    planning: &Planning,
    scans: Scans,
) -> Result<Answer, Error> {
    let (sums, classed) = scans.first;
    let mode = planning.plan.mode;
    let units = sums.sampled(design, mode)?;
    units.check_lonely(design.lonely)?;
    let replication = match &design.replicates {
        None => None,
        Some(declared) => {
            let columns = planning.plan.design.replicates.len();
            Some(Replication::new(declared, columns)?)
        }
    };
    let df = match (&replication, design.df) {
        (_, Some(df)) => Some(df),
        (None, None) => Some(units.df()),
        (Some(_), None) => Some(sums.sketch.rank() as f64 - 1.0),
    };
    let (rows, scores, of) = {
        let context = Context {
            last_stage: match mode {
                Mode::Units | Mode::Rows => sums.last_stage(&units),
                Mode::Elements | Mode::Replicates => (0..sums.units.len() as u32).collect(),
            },
            cells: sums.cells_by_domain(),
            variance: Variance {
                design,
                units: &units,
                replication: replication.as_ref(),
            },
            sums: &sums,
            options: request.options,
            mode,
            residuals: scans.residuals,
            classed: classed.as_ref(),
            df,
        };
        let mut rows = Rows::new(
            name,
            request,
            &context,
            Critical::new(request.options.level),
        );
        let shares = woodruff::shares(&context, planning, scans.second)?;
        for (at, item) in planning.items.iter().enumerate() {
            let place = Place::new(request, planning, &context, item, at);
            add_item(
                &mut rows,
                &context,
                &place,
                &shares,
                request.standard.as_ref(),
            )?;
        }
        rows.finish()
    };
    Ok(Answer {
        rows,
        scores,
        of,
        warnings: warnings(&sums, design),
        sums,
        units,
        replication,
        df,
    })
}

fn add_item(
    rows: &mut Rows,
    context: &Context,
    place: &Place,
    shares: &woodruff::Shares,
    standard: Option<&Standard>,
) -> Result<(), Error> {
    for groups in place.domains(standard)? {
        let Some(domain) = rows.standing_for(&groups) else {
            continue;
        };
        match (&place.item.shape, &context.sums.items[place.at]) {
            (Shape::Levels { total, .. }, ItemSums::Levels(sums)) => {
                let of = if *total { Of::Total } else { Of::Share };
                let levels =
                    |domain: usize| Levels::new(context, (place.at, sums), place.valid(), domain);
                let parts: Vec<(Option<Levels>, f64)> = groups
                    .iter()
                    .map(|(domain, share)| (domain.map(levels), *share))
                    .collect();
                add_levels(rows, place, domain, &parts, of);
            }
            (
                Shape::Numbers {
                    combination,
                    statistic,
                },
                ItemSums::Numbers(sums),
            ) => {
                let of = |domain: usize| {
                    numbers::estimate(context, (place.at, sums), combination, domain)
                };
                let estimated = over(&groups, of);
                rows.number(place, domain, *statistic, estimated);
            }
            (Shape::Quantiles(probabilities), ItemSums::Values(_) | ItemSums::Levels(_)) => {
                for (k, p) in probabilities.iter().enumerate() {
                    let quantile = shares.quantile(context, place.at, domain, k, *p);
                    rows.quantile(place, domain, *p, quantile);
                }
            }
            _ => return Err(Error::Asked("these sums are of other items".to_owned())),
        }
    }
    Ok(())
}

/// The estimate of a domain, or of its groups with their shares.
fn over(groups: &Shares, of: impl Fn(usize) -> Estimated) -> Estimated {
    match groups.as_slice() {
        [(Some(domain), 1.0)] => of(*domain),
        groups => combined(
            groups
                .iter()
                .map(|(domain, share)| (*share, domain.map(&of)))
                .collect(),
        ),
    }
}

fn add_levels(
    rows: &mut Rows,
    place: &Place,
    domain: usize,
    parts: &[(Option<Levels>, f64)],
    of: Of,
) {
    let estimate = |levels: &[usize]| match parts {
        [(Some(one), 1.0)] => one.estimate(levels, of),
        parts => {
            let part = |(part, share): &(Option<Levels>, f64)| {
                (*share, part.as_ref().map(|part| part.estimate(levels, of)))
            };
            combined(parts.iter().map(part).collect())
        }
    };
    for net in place.nets() {
        rows.level(
            place,
            domain,
            (Part::Net, &net.name),
            estimate(&net.levels),
            of,
        );
    }
    for level in place.shown() {
        let name = place.level_name(level);
        rows.level(place, domain, (Part::Level, &name), estimate(&[level]), of);
    }
    for level in place.left_out() {
        let present = || parts.iter().filter_map(|(part, _)| part.as_ref());
        let n = present().map(|part| part.count(level)).sum();
        let weight = present().map(|part| part.weight(level)).sum();
        rows.missing(place, domain, &place.level_name(level), n, weight);
    }
}

pub(super) fn warnings(sums: &Sums, design: &Design) -> Vec<String> {
    let mut warnings = Vec::new();
    let s = |count: u64| if count == 1 { "" } else { "s" };
    if sums.rows.without_weight > 0
        && design.missing_weights == crate::survey::design::MissingWeights::Warn
    {
        let rows = sums.rows.without_weight;
        warnings.push(format!(
            "{rows} respondent{} without a weight: counted as weight 0",
            s(rows)
        ));
    }
    if sums.rows.incomplete > 0 {
        let rows = sums.rows.incomplete;
        warnings.push(format!(
            "{rows} respondent{} with a missing answer left out before the design was set",
            s(rows)
        ));
    }
    warnings
}

/// Without a column of weights, fpc says how many each respondent stands for: the product of N/n over the stages.
pub(super) fn implied_weights(
    source: &dyn Source,
    design: &Design,
) -> Result<Option<Weights>, Error> {
    if design.weights.is_some() || design.fpc.is_empty() {
        return Ok(None);
    }
    let mut requests = Requests::default();
    let columns = super::design_columns::design_columns(
        design,
        source.codebook(),
        Some(Weights::One),
        &mut requests,
    )?;
    let mode = Mode::of(design, false);
    let plan = Plan {
        requests: requests.all,
        design: columns,
        by: Vec::new(),
        condition: None,
        items: Vec::new(),
        mode,
        rank: false,
        drop_incomplete: false,
        keep_places: false,
    };
    let sums = scan(source, &plan)?;
    let units = sums.sampled(design, mode)?;
    let mut by_unit = HashMap::new();
    let last_stage = match mode {
        Mode::Elements => (0..sums.units.len() as u32).collect(),
        _ => sums.last_stage(&units),
    };
    for (unit, place) in sums.units.iter().zip(last_stage) {
        // a row that is a unit is none of them
        let path = unit.path.iter().take(design.psu.len());
        let names = sums.strata[unit.stratum as usize].iter().chain(path);
        by_unit.insert(names.map(Key::from).collect(), 1.0 / units.inclusion(place));
    }
    Ok(Some(Weights::Implied(by_unit)))
}
