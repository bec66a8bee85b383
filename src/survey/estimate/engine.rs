//! From a request to estimates: what the passes over the respondents add up, and what is worked out from it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Error;
use super::calibration::{Regression, ResidualSums, Residuals};
use super::context::Context;
use super::degrees::Degrees;
use super::design_columns::{design_columns, weights_column};
use super::estimates::SurveyEstimates;
use super::intervals::CriticalValues;
use super::levels::listed::ListedAnswers;
use super::levels::{LevelStatistic, Levels};
use super::limits::ItemRows;
use super::notices::{asked_of_few, check_replicates, notes, warnings};
use super::numbers::{Combination, Linear, estimate_numbers};
use super::options::{DeffKind, Incomplete};
use super::plan::{PlannedItem, PlannedRequest, Shape, Thresholds, plan, threshold_plan};
use super::quantiles::{
    MOST_VALUES, Scanned, SecondPass, SharesBelow, ValueLimits, keep_values, looks_at_values,
    shares_below, sums_below,
};
use super::request::Request;
use super::rows::{ItemLayout, Part, Rows};
use super::scores::{DesignVariance, PointEstimate};
use super::standardisation::{PlannedStandard, WeightedGroup, combined};
use crate::survey::design::{Design, Replication};
use crate::survey::microdata::{Codebook, MissingValues, Source};
use crate::survey::sums::{
    self, ItemPlan, ItemSums, Key, Mode, Origin, Plan, Requests, Sums, Weights, scan,
};

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
/// use opine::internals::survey::design::Design;
/// use opine::internals::survey::estimate::{Request, estimate};
/// use opine::internals::survey::microdata::{self, OpenOptions};
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
    let design = &resolved(design, source.codebook())?;
    let weights = implied_weights(source, design)?;
    let (listed, request, notes) = ListedAnswers::find(source, request)?;
    let passes = Passes::new(source, design, &request, (weights, None), &listed);
    passes.estimate(notes)
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
    let design = &resolved(design, source.codebook())?;
    let weights = Some(Weights::PerRow(calibrated.weights.clone()));
    let (listed, request, notes) = ListedAnswers::find(source, request)?;
    let weights = (weights, calibrated.residuals);
    Passes::new(source, design, &request, weights, &listed).estimate(notes)
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
    listed: &'a ListedAnswers,
    mode: Mode,
}

impl<'a> Passes<'a> {
    fn new(
        source: &'a dyn Source,
        design: &'a Design,
        request: &'a Request,
        (weights, residuals): (Option<Weights>, Option<&'a dyn Residuals>),
        listed: &'a ListedAnswers,
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
            listed,
            mode: Mode::new(design, every_row),
        }
    }

    fn estimate(&self, mut notes: Vec<String>) -> Result<SurveyEstimates, Error> {
        let (planned, first) = self.first()?;
        let scans = Scans {
            first,
            residuals: self.residuals,
            second: &|sums, thresholds| self.second(sums, thresholds),
        };
        let codebook = self.source.codebook();
        let mut estimates = finish(self.design, self.request, codebook, &planned, scans)?;
        notes.append(&mut estimates.notes);
        estimates.notes = notes;
        Ok(estimates)
    }

    fn plan(&self) -> Result<PlannedRequest, Error> {
        let codebook = self.source.codebook();
        plan(
            self.request,
            self.design,
            codebook,
            self.weights.clone(),
            self.mode,
            self.listed,
        )
    }

    /// Adds everything up, no more than the answer needs.
    fn first(&self) -> Result<(PlannedRequest, Scanned<'a>), Error> {
        match self.regression {
            Some(regression) => {
                let mut scanned = self.scan_by_class(regression, &|planned| planned.plan)?;
                let planned = self.plan()?;
                if let Some(far) = origins(&planned, &scanned.0) {
                    let part = |planned: PlannedRequest| centred(planned.plan, &far);
                    scanned = self.scan_by_class(regression, &part)?;
                    keep_origins(&mut scanned.0, far);
                }
                Ok((planned, scanned))
            }
            None => {
                let (mut planned, mut sums) = self.scan_by_value()?;
                if let Some(far) = origins(&planned, &sums) {
                    planned.plan = centred(planned.plan, &far);
                    sums = scan(self.source, &planned.plan)?;
                    keep_origins(&mut sums, far);
                }
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
            let planned = plan(
                self.request,
                design,
                codebook,
                Some(weights),
                mode,
                self.listed,
            )?;
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

/// What is taken off the numbers of each item; nothing of items that are not here.
type Origins = HashMap<usize, Vec<Origin>>;

/// What has to be taken off numbers that lie too far from 0 for the digits of their squares, if any do. It is known when all
/// have been added up, which then has to be done again.
fn origins(planned: &PlannedRequest, sums: &Sums) -> Option<Origins> {
    let items = planned.items.iter().zip(&sums.items).enumerate();
    let far = items.filter_map(|(at, (item, sums))| match (&item.shape, sums) {
        (Shape::Numbers { combination, .. }, ItemSums::Numbers(sums)) => {
            Some((at, combination.origins(sums)?))
        }
        _ => None,
    });
    Some(far.collect()).filter(|far: &Origins| !far.is_empty())
}

/// The same plan with the origins taken off.
fn centred(mut plan: Plan, origins: &Origins) -> Plan {
    for (at, item) in plan.items.iter_mut().enumerate() {
        if let (Some(origins), ItemPlan::Numbers { operands, .. }) = (origins.get(&at), item) {
            for (operand, origin) in operands.iter_mut().zip(origins) {
                operand.origin = origin.value;
            }
        }
    }
    plan
}

fn keep_origins(sums: &mut Sums, origins: Origins) {
    for (at, origins) in origins {
        if let Some(ItemSums::Numbers(sums)) = sums.items.get_mut(at) {
            sums.origins = origins;
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
    let (mut sums, residual_sums) = scans.first;
    // by the items that were asked for, as all else that is said of them
    sums.asked = sums
        .asked
        .iter()
        .filter_map(|(at, count)| Some((planned.items.get(*at)?.item, *count)))
        .collect();
    let mode = planned.plan.mode;
    let units = sums.sampled(design, mode)?;
    units.check_lonely(design.lonely)?;
    check_replicates(design, planned, &sums)?;
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
    let deff = request
        .options
        .deff
        .unwrap_or_else(|| deff_kind(design, &sums));
    let no_answers: Vec<MissingValues> =
        planned.items.iter().map(PlannedItem::no_answers).collect();
    let (mut rows, rests, scores, keys, few, df_is_chosen) = {
        let degrees = Degrees::new(
            &sums,
            &units,
            design,
            &no_answers,
            (mode, request.options.domain_df, df),
        );
        let context = Context {
            degrees: &degrees,
            variance: DesignVariance {
                design,
                units: &units,
                replication: replication.as_ref(),
            },
            sums: &sums,
            options: request.options,
            deff,
            mode,
            residuals: scans.residuals,
            residual_sums: residual_sums.as_ref(),
        };
        let critical = CriticalValues::new(request.options.level);
        let layouts = planned.items.iter().enumerate();
        let layouts =
            layouts.map(|(at, item)| ItemLayout::new(request, planned, &context, item, at));
        let layouts: Vec<ItemLayout> = layouts.collect();
        let lengths = layouts
            .iter()
            .map(|item| item.rows(planned.standard.as_ref()));
        let lengths: Vec<ItemRows> = lengths.collect();
        request.options.limits.check(&lengths)?;
        let mut rows = Rows::new(request, &context, critical, &lengths);
        let shares = shares_below(&context, planned, scans.second)?;
        for item in &layouts {
            add_item(
                &mut rows,
                &context,
                item,
                &shares,
                planned.standard.as_ref(),
            )?;
        }
        let (rows, rests, scores, keys) = rows.finish();
        let few = asked_of_few(request, planned, &degrees);
        (rows, rests, scores, keys, few, degrees.are_chosen())
    };
    if units.are_one_respondent() {
        for row in &mut rows {
            (row.se, row.ci_low, row.ci_high, row.deff) = (None, None, None, None);
            "one respondent: nothing is known of the error".clone_into(&mut row.note);
        }
    }
    let mut estimates = SurveyEstimates {
        rows,
        rests,
        keys,
        scores,
        request: request.clone(),
        design: design.clone(),
        codebook: planned.codebook(codebook),
        sums,
        units,
        replication,
        mode,
        df,
        df_is_chosen,
        deff,
        no_answers,
        level_names: planned
            .items
            .iter()
            .map(|item| item.level_names().cloned())
            .collect(),
        warnings: Vec::new(),
        notes: few,
    };
    estimates.warnings = warnings(&estimates, planned);
    estimates.notes.extend(notes(&estimates, codebook));
    Ok(estimates)
}

/// The design with the weights that it names by what the file calls them.
pub fn resolved(design: &Design, codebook: &Codebook) -> Result<Design, Error> {
    let mut design = design.clone();
    if let Some(weights) = &mut design.weights {
        *weights = weights_column(weights, codebook)?.to_owned();
    }
    Ok(design)
}

/// What a design effect compares with where nobody said it: weights that add up to little more than the respondents say
/// nothing of how many there are.
fn deff_kind(design: &Design, sums: &Sums) -> DeffKind {
    let n: u64 = sums.units.iter().map(|unit| unit.weighted).sum();
    match !design.fpc.is_empty() || sums.weight.value() >= 2.0 * n as f64 {
        true => DeffKind::Srs,
        false => DeffKind::Replace,
    }
}

fn add_item(
    rows: &mut Rows,
    context: &Context,
    item: &ItemLayout,
    shares: &SharesBelow,
    standard: Option<&PlannedStandard>,
) -> Result<(), Error> {
    for groups in item.domains(standard)? {
        let Some(domain) = rows.enter(item, &groups) else {
            continue;
        };
        let groups = Groups {
            groups: &groups,
            standard: standard.map_or("", |standard| standard.text.as_str()),
        };
        match (&item.planned.shape, &context.sums.items[item.at]) {
            (Shape::Levels { total, .. }, ItemSums::Levels(sums)) => {
                let statistic = match total {
                    true => LevelStatistic::Total,
                    false => LevelStatistic::Share,
                };
                let levels =
                    |domain: usize| Levels::new(context, (item.at, sums), item.valid(), domain);
                let parts: Vec<Option<Levels>> = groups
                    .groups
                    .iter()
                    .map(|group| group.domain.map(levels))
                    .collect();
                add_levels(rows, item, domain, (&groups, &parts), statistic);
            }
            (
                Shape::Numbers {
                    combination,
                    statistic,
                },
                ItemSums::Numbers(sums),
            ) => {
                let estimated = groups.combined(|_, domain| {
                    estimate_numbers(context, (item.at, sums), combination, domain)
                });
                rows.number(item, domain, *statistic, estimated);
            }
            (Shape::Listed { name, net }, ItemSums::Numbers(sums)) => {
                let share = Combination {
                    terms: vec![(1.0, Linear::Mean(1))],
                    constant: 0.0,
                };
                let estimated = groups.combined(|_, domain| {
                    estimate_numbers(context, (item.at, sums), &share, domain)
                });
                rows.listed(item, domain, (name, *net), estimated);
            }
            (Shape::Quantiles(probabilities), ItemSums::Values(_) | ItemSums::Levels(_)) => {
                for (k, p) in probabilities.iter().enumerate() {
                    let quantile = shares.quantile(context, (item.at, domain), (k, *p), rows.df());
                    rows.quantile(item, domain, *p, quantile);
                }
            }
            _ => return Err(Error::Request("these sums are of other items".to_owned())),
        }
    }
    Ok(())
}

/// A domain, or its groups with the shares that they are to have.
struct Groups<'a> {
    groups: &'a [WeightedGroup],
    /// What the groups are made by.
    standard: &'a str,
}

impl Groups<'_> {
    /// The estimate of the domain from those of its groups; `estimate` gets the place of the group and its domain.
    fn combined(&self, estimate: impl Fn(usize, usize) -> PointEstimate) -> PointEstimate {
        if let [
            WeightedGroup {
                domain: Some(domain),
                level,
                ..
            },
        ] = self.groups
            && level.is_empty()
        {
            return estimate(0, *domain);
        }
        let groups = self.groups.iter().enumerate();
        let groups = groups.map(|(at, group)| {
            let estimated = group.domain.map(|domain| estimate(at, domain));
            (group.level.as_str(), group.share, estimated)
        });
        combined(groups.collect(), self.standard)
    }
}

fn add_levels(
    rows: &mut Rows,
    item: &ItemLayout,
    domain: usize,
    (groups, parts): (&Groups, &[Option<Levels>]),
    statistic: LevelStatistic,
) {
    let estimate = |levels: &[usize]| {
        let levels = item.with_sums(levels);
        groups.combined(|at, _| match &parts[at] {
            Some(part) => part.estimate(&levels, statistic),
            None => PointEstimate::nobody(),
        })
    };
    for net in item.nets() {
        let name = (Part::Net, net.name.as_str());
        rows.level(item, domain, name, estimate(&net.levels), statistic);
    }
    for level in item.answers() {
        let name = item.level_name(level);
        let name = (Part::Level, name.as_str());
        rows.level(item, domain, name, estimate(&[level]), statistic);
    }
    for level in item.missing() {
        let present = || parts.iter().flatten();
        let n = present().map(|part| part.count(level)).sum();
        let weight = present().map(|part| part.weight(level)).sum();
        rows.missing(item, domain, &item.level_name(level), n, weight);
    }
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
        domain_limit: None,
        item_filters: HashMap::new(),
        literals: Vec::new(),
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
