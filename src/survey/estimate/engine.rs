//! From a request to estimates: what the passes over the respondents add up, and what is worked out from it.

use std::collections::HashMap;
use std::sync::Arc;

use super::calibration::{Regression, ResidualSums, Residuals};
use super::context::Context;
use super::error::Error;
use super::intervals::CriticalValues;
use super::levels::{LevelStatistic, Levels};
use super::numbers::estimate_numbers;
use super::options::Incomplete;
use super::plan::{PlannedRequest, Shape, Thresholds, design_columns, plan, threshold_plan};
use super::quantiles::{
    MOST_VALUES, Scanned, SecondPass, SharesBelow, ValueLimits, keep_values, looks_at_values,
    shares_below, sums_below,
};
use super::request::Request;
use super::rows::{GroupShares, ItemLayout, Part, RowKey, Rows};
use super::scores::{DesignVariance, PointEstimate, Scores};
use super::standardisation::{Standard, combined};
use crate::frames::Estimate;
use crate::survey::design::{Design, MissingWeights, Replication, Units};
use crate::survey::microdata::{Codebook, Source};
use crate::survey::sums::{self, ItemSums, Key, Mode, Plan, Requests, Sums, Weights, scan};

/// What was estimated, and all that is needed to compare and to print it.
pub struct SurveyEstimates {
    pub rows: Vec<Estimate>,
    /// What each row is of.
    pub keys: Vec<RowKey>,
    /// The scores of each row, where it has an estimate.
    pub scores: Vec<Option<Scores>>,
    pub request: Request,
    pub design: Design,
    /// The title of the file, and the variables that were used.
    pub codebook: Codebook,
    pub sums: Sums,
    pub units: Units,
    pub replication: Option<Replication>,
    /// Degrees of freedom of the whole design.
    pub df: Option<f64>,
    /// What one should know: rows left out, weights that are missing.
    pub warnings: Vec<String>,
}

impl SurveyEstimates {
    /// The design as variances need it.
    pub fn variance(&self) -> DesignVariance<'_> {
        DesignVariance {
            design: &self.design,
            units: &self.units,
            replication: self.replication.as_ref(),
        }
    }
}

/// New weights in the place of those of the design, and what a calibration to them does to scores.
pub struct Calibrated<'a> {
    /// One a row of the file.
    pub weights: Arc<Vec<f64>>,
    pub residuals: Option<&'a dyn Residuals>,
}

/// Estimates everything that is asked for in one pass over the respondents (quantiles of many different values take a second
/// one for their intervals).
///
/// ```
/// use opine::survey::design::Design;
/// use opine::survey::estimate::{Request, estimate};
/// use opine::survey::microdata::{self, OpenOptions};
///
/// let poll = microdata::open("examples/poll.csv".as_ref(), &OpenOptions::default())?;
/// let design = Design { weights: Some("weight".to_owned()), ..Design::default() };
/// let request = Request::builder(["prop(q1)"]).by("party").build()?;
/// for row in estimate(poll.as_ref(), &design, &request)?.rows {
///     println!("{:?} {:?} {:?} ± {:?}", row.groups, row.level, row.estimate, row.se);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Names and types that don't fit the file, a design that can't be, lonely PSUs nobody decided on, a file that can't be
/// read.
pub fn estimate(
    source: &dyn Source,
    design: &Design,
    request: &Request,
) -> Result<SurveyEstimates, Error> {
    design.check()?;
    let weights = implied_weights(source, design)?;
    Passes::new(source, design, request, weights, None).estimate()
}

/// The same with other weights than the design names, and a variance that knows how they came about.
///
/// # Errors
/// As [`estimate`]; and where respondents without an answer are to be left out before the design is set.
pub fn estimate_calibrated(
    source: &dyn Source,
    design: &Design,
    request: &Request,
    calibrated: &Calibrated,
) -> Result<SurveyEstimates, Error> {
    design.check()?;
    if request.options.incomplete == Incomplete::Drop {
        return Err(Error::Request(
            "weights were made for all respondents: none can be left out before the design is set (--incomplete drop)".to_owned(),
        ));
    }
    let weights = Some(Weights::PerRow(calibrated.weights.clone()));
    Passes::new(source, design, request, weights, calibrated.residuals).estimate()
}

/// The passes over the respondents that a request takes.
struct Passes<'a> {
    source: &'a dyn Source,
    design: &'a Design,
    request: &'a Request,
    /// In the place of those that the design names.
    weights: Option<Weights>,
    residuals: Option<&'a dyn Residuals>,
    /// Where sums by class are enough for the residuals: no row has to be kept.
    regression: Option<&'a dyn Regression>,
    mode: Mode,
}

impl<'a> Passes<'a> {
    fn new(
        source: &'a dyn Source,
        design: &'a Design,
        request: &'a Request,
        weights: Option<Weights>,
        residuals: Option<&'a dyn Residuals>,
    ) -> Passes<'a> {
        let regression = residuals.and_then(|residuals| by_class(residuals, design, request));
        // covariances of elements in one domain need the products of their scores, which no sum has for rows of any two
        // estimates; residuals without sums by class need the scores themselves
        let every_row = request.options.covariance && design.elements()
            || residuals.is_some() && regression.is_none();
        Passes {
            source,
            design,
            request,
            weights,
            residuals,
            regression,
            mode: Mode::new(design, every_row),
        }
    }

    fn estimate(&self) -> Result<SurveyEstimates, Error> {
        let (planned, first) = self.first()?;
        let scans = Scans {
            first,
            residuals: self.residuals,
            second: &|sums, thresholds| self.second(sums, thresholds),
        };
        finish(
            self.design,
            self.request,
            self.source.codebook(),
            &planned,
            scans,
        )
    }

    fn plan(&self) -> Result<PlannedRequest, Error> {
        let codebook = self.source.codebook();
        plan(
            self.request,
            self.design,
            codebook,
            self.weights.clone(),
            self.mode,
        )
    }

    /// Adds everything up, no more than the answer needs.
    fn first(&self) -> Result<(PlannedRequest, Scanned<'a>), Error> {
        match self.regression {
            Some(regression) => {
                let scanned = self.scan_by_class(regression, &|planned| planned.plan)?;
                Ok((self.plan()?, scanned))
            }
            None => {
                let (planned, sums) = self.scan_by_value()?;
                Ok((planned, (sums, None)))
            }
        }
    }

    /// The sums of those at or below thresholds: from the first pass where it has them.
    fn second(&self, sums: &Sums, thresholds: Vec<Thresholds>) -> Result<Scanned<'a>, Error> {
        match self.regression {
            Some(regression) => self.scan_by_class(regression, &|planned| {
                threshold_plan(planned, thresholds.clone())
            }),
            None => {
                let again = |rest| Ok(scan(self.source, &threshold_plan(self.plan()?, rest))?);
                Ok((sums_below(sums, thresholds, again)?, None))
            }
        }
    }

    /// The sums by unit, and those by class that the regression of a calibration takes: the same plan with other units and
    /// other weights, so `part` says which plan of the request it is.
    fn scan_by_class(
        &self,
        regression: &'a dyn Regression,
        part: &dyn Fn(PlannedRequest) -> Plan,
    ) -> Result<Scanned<'a>, Error> {
        let mut own = part(self.plan()?);
        own.keep_places = self.mode == Mode::Units;
        let sums = scan(self.source, &own)?;
        let codebook = self.source.codebook();
        let replan = |design: &Design, weights, mode| {
            let planned = plan(self.request, design, codebook, Some(weights), mode)?;
            Ok(part(planned))
        };
        let residual_sums =
            ResidualSums::scan(self.source, regression, (self.design, &sums), &replan)?;
        Ok((sums, Some(residual_sums)))
    }

    /// Quantiles are found from the weight of each value where the rule needs no more than that: by cell first, and where
    /// that turns out to be too much, by domain.
    fn scan_by_value(&self) -> Result<(PlannedRequest, Sums), Error> {
        let mut wide: Vec<String> = Vec::new();
        // which variables have too many values is known when they have been met: then once more with these by domain
        loop {
            let mut planned = self.plan()?;
            if looks_at_values(self.request.options.rule) {
                // of rows that are units each, no value is shared
                let room = match self.mode {
                    Mode::Rows => 0,
                    _ => ROOM,
                };
                planned = keep_values(planned, &ValueLimits { room, wide: &wide });
            }
            match scan(self.source, &planned.plan) {
                Err(sums::Error::Levels { variable, most })
                    if most == MOST_VALUES && !wide.contains(&variable) =>
                {
                    wide.push(variable);
                }
                scanned => return Ok((planned, scanned?)),
            }
        }
    }
}

/// Sums of one item by value take 64 MB at most; with more, each row is better looked at twice.
const ROOM: usize = 1 << 22;

/// The regression of a calibration, where sums by class are enough for its residuals.
///
/// Where rows are the units, covariances and what is made of several domains need each row.
fn by_class<'a>(
    residuals: &'a dyn Residuals,
    design: &Design,
    request: &Request,
) -> Option<&'a dyn Regression> {
    let regression = residuals.regression()?;
    let alone = || !request.options.covariance && request.standard.is_none();
    if design.rows_are_last_stage() {
        return None;
    }
    match design.elements() && !(alone() && regression.cells().is_some()) {
        true => None,
        false => Some(regression),
    }
}

/// What passes over the respondents added up.
pub struct Scans<'a> {
    pub first: Scanned<'a>,
    pub residuals: Option<&'a dyn Residuals>,
    pub second: &'a SecondPass<'a>,
}

/// From sums to estimates.
pub fn finish(
    design: &Design,
    request: &Request,
    codebook: &Codebook,
    planned: &PlannedRequest,
    scans: Scans,
) -> Result<SurveyEstimates, Error> {
    let (sums, residual_sums) = scans.first;
    let mode = planned.plan.mode;
    let units = sums.sampled(design, mode)?;
    units.check_lonely(design.lonely)?;
    let replication = match &design.replicates {
        None => None,
        Some(declared) => {
            let columns = planned.plan.design.replicates.len();
            Some(Replication::new(declared, columns)?)
        }
    };
    let df = match (&replication, design.df) {
        (_, Some(df)) => Some(df),
        (None, None) => Some(units.df()),
        (Some(_), None) => Some(sums.sketch.rank() as f64 - 1.0),
    };
    let (rows, scores, keys) = {
        let context = Context {
            last_stage: match mode {
                Mode::Units | Mode::Rows => sums.last_stage(&units),
                Mode::Elements | Mode::Replicates => (0..sums.units.len() as u32).collect(),
            },
            cells: sums.cells_by_domain(),
            variance: DesignVariance {
                design,
                units: &units,
                replication: replication.as_ref(),
            },
            sums: &sums,
            options: request.options,
            mode,
            residuals: scans.residuals,
            residual_sums: residual_sums.as_ref(),
            df,
        };
        let critical = CriticalValues::new(request.options.level);
        let mut rows = Rows::new(request, &context, critical);
        let shares = shares_below(&context, planned, scans.second)?;
        for (at, item) in planned.items.iter().enumerate() {
            let item = ItemLayout::new(request, planned, &context, item, at);
            add_item(
                &mut rows,
                &context,
                &item,
                &shares,
                request.standard.as_ref(),
            )?;
        }
        rows.finish()
    };
    Ok(SurveyEstimates {
        rows,
        keys,
        scores,
        request: request.clone(),
        design: design.clone(),
        codebook: planned.codebook(codebook),
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
    item: &ItemLayout,
    shares: &SharesBelow,
    standard: Option<&Standard>,
) -> Result<(), Error> {
    for groups in item.domains(standard)? {
        let Some(domain) = rows.representative(&groups) else {
            continue;
        };
        match (&item.planned.shape, &context.sums.items[item.at]) {
            (Shape::Levels { total, .. }, ItemSums::Levels(sums)) => {
                let statistic = if *total {
                    LevelStatistic::Total
                } else {
                    LevelStatistic::Share
                };
                let levels =
                    |domain: usize| Levels::new(context, (item.at, sums), item.valid(), domain);
                let parts: Vec<(Option<Levels>, f64)> = groups
                    .iter()
                    .map(|(domain, share)| (domain.map(levels), *share))
                    .collect();
                add_levels(rows, item, domain, &parts, statistic);
            }
            (
                Shape::Numbers {
                    combination,
                    statistic,
                },
                ItemSums::Numbers(sums),
            ) => {
                let of_domain =
                    |domain: usize| estimate_numbers(context, (item.at, sums), combination, domain);
                let estimated = over_groups(&groups, of_domain);
                rows.number(item, domain, *statistic, estimated);
            }
            (Shape::Quantiles(probabilities), ItemSums::Values(_) | ItemSums::Levels(_)) => {
                for (k, p) in probabilities.iter().enumerate() {
                    let quantile = shares.quantile(context, item.at, domain, k, *p);
                    rows.quantile(item, domain, *p, quantile);
                }
            }
            _ => return Err(Error::Request("these sums are of other items".to_owned())),
        }
    }
    Ok(())
}

/// The estimate of a domain, or of its groups with their shares.
fn over_groups(groups: &GroupShares, of_domain: impl Fn(usize) -> PointEstimate) -> PointEstimate {
    match groups.as_slice() {
        [(Some(domain), 1.0)] => of_domain(*domain),
        groups => combined(
            groups
                .iter()
                .map(|(domain, share)| (*share, domain.map(&of_domain)))
                .collect(),
        ),
    }
}

fn add_levels(
    rows: &mut Rows,
    item: &ItemLayout,
    domain: usize,
    parts: &[(Option<Levels>, f64)],
    statistic: LevelStatistic,
) {
    let estimate = |levels: &[usize]| match parts {
        [(Some(one), 1.0)] => one.estimate(levels, statistic),
        parts => {
            let part = |(part, share): &(Option<Levels>, f64)| {
                (
                    *share,
                    part.as_ref().map(|part| part.estimate(levels, statistic)),
                )
            };
            combined(parts.iter().map(part).collect())
        }
    };
    for net in item.nets() {
        rows.level(
            item,
            domain,
            (Part::Net, &net.name),
            estimate(&net.levels),
            statistic,
        );
    }
    for level in item.answers() {
        let name = item.level_name(level);
        rows.level(
            item,
            domain,
            (Part::Level, &name),
            estimate(&[level]),
            statistic,
        );
    }
    for level in item.missing() {
        let present = || parts.iter().filter_map(|(part, _)| part.as_ref());
        let n = present().map(|part| part.count(level)).sum();
        let weight = present().map(|part| part.weight(level)).sum();
        rows.missing(item, domain, &item.level_name(level), n, weight);
    }
}

pub(super) fn warnings(sums: &Sums, design: &Design) -> Vec<String> {
    let mut warnings = Vec::new();
    let s = |count: u64| if count == 1 { "" } else { "s" };
    if sums.rows.without_weight > 0 && design.missing_weights == MissingWeights::Warn {
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
pub(crate) fn implied_weights(
    source: &dyn Source,
    design: &Design,
) -> Result<Option<Weights>, Error> {
    if design.weights.is_some() || design.fpc.is_empty() {
        return Ok(None);
    }
    let mut requests = Requests::default();
    let columns = design_columns(design, source.codebook(), Some(Weights::One), &mut requests)?;
    let mode = Mode::new(design, false);
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
