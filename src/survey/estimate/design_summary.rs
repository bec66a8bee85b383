//! What a design is and what looks wrong with it, before anything is estimated.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::design_columns::{design_columns, weights_expr};
use super::engine::{implied_weights, resolved};
use super::notices::check_replicate_columns;
use crate::frames::words::thousands;
use crate::statistics::special::Sum;
use crate::survey::design::{self, Design, DesignUse, Lonely, MissingWeights, Replication, Units};
use crate::survey::expr::{Expr, Node, OutputKind, bind};
use crate::survey::microdata::{ColumnRequest, Source, Value, View};
use crate::survey::sums::{ItemPlan, ItemSums, Key, Mode, Plan, Requests, Sums, Weighted, scan};

/// Who was sampled, as the data say it.
#[derive(Clone, Debug, Default)]
pub struct DesignSummary {
    pub rows: u64,
    /// In order; one without a name where there are no strata; none for replicate weights.
    pub strata: Vec<Stratum>,
    pub stages: Vec<StageFacts>,
    /// `None` where the design can't be used as it is.
    pub df: Option<f64>,
    pub weights: WeightFacts,
    pub replicates: Option<ReplicateFacts>,
    /// What the data give the options of the design to do.
    pub design_use: DesignUse,
    /// What looks wrong, the worst first.
    pub findings: Vec<Finding>,
}

impl DesignSummary {
    /// Whether nothing would be estimated from it.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.refuses)
    }
}

/// One stratum of the first stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stratum {
    /// Its values, one after the other; empty without strata.
    pub name: String,
    pub psus: u64,
    pub rows: u64,
    /// Sum of the weights.
    pub weight: f64,
    /// Smallest and largest weight above 0.
    pub weight_range: Option<(f64, f64)>,
    /// fpc of the first stage: a population count or a sampling fraction.
    pub fpc: Option<f64>,
    /// One PSU, and not all there are.
    pub lonely: bool,
}

/// Units of one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageFacts {
    /// Its column; empty where rows are the units.
    pub column: String,
    pub units: u64,
    /// Fewest, middle and most units in a group of the stage: PSUs in a stratum, units in a PSU.
    pub fewest: u64,
    pub median: f64,
    pub most: u64,
    /// Smallest and largest sampling fraction; `None` where drawn with replacement or fpc is not known.
    pub fraction: Option<(f64, f64)>,
}

/// The weights of the respondents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightFacts {
    /// Of the weights above 0.
    pub min: Option<f64>,
    pub median: Option<f64>,
    pub max: Option<f64>,
    pub sum: f64,
    pub zero: u64,
    pub missing: u64,
    pub negative: u64,
    /// n Σw²/(Σw)² of the weights above 0: what unequal weights alone cost. Kish, Survey Sampling (1965), section 11.7.
    pub deff: Option<f64>,
    /// (Σw)²/Σw².
    pub n_eff: Option<f64>,
}

/// Replicate weights.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicateFacts {
    pub columns: usize,
    pub rep_type: &'static str,
    pub scale: f64,
    /// The smallest and the largest factor of a replicate.
    pub rscales: (f64, f64),
    /// Squares are about the full-sample estimate; otherwise about the mean of the replicates.
    pub mse: bool,
    /// The columns are factors of the weight; otherwise whole weights.
    pub factors: bool,
}

/// Something to know before estimating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether nothing would be estimated.
    pub refuses: bool,
    pub message: String,
}

impl Finding {
    pub(super) fn note(message: impl Into<String>) -> Finding {
        Finding {
            refuses: false,
            message: message.into(),
        }
    }

    pub(super) fn refusal(error: &design::Error) -> Finding {
        Finding {
            refuses: true,
            message: error.to_string(),
        }
    }
}

/// Says what the design of a file is and what looks wrong with it, in one pass over the respondents.
///
/// # Errors
/// Columns that are not there, a file that can't be read. What is wrong with the design itself is a finding.
pub fn summarise_design(source: &dyn Source, design: &Design) -> Result<DesignSummary, Error> {
    design.check()?;
    let design = &resolved(design, source.codebook())?;
    let mode = Mode::new(design, false);
    let (implied, mut before) = match implied_weights(source, design) {
        Ok(implied) => (implied, Vec::new()),
        // said once, where the design is looked at
        Err(Error::Design(_)) => (
            None,
            vec![Finding::note("the fpc gives no weights as it is")],
        ),
        Err(error) => return Err(error),
    };
    let codebook = source.codebook();
    let mut requests = Requests::default();
    let mut columns = design_columns(design, codebook, implied, &mut requests)?;
    // stages that do not enter the variance are counted all the same
    for name in design.psu.iter().skip(columns.psu.len()) {
        columns.psu.push(requests.position(ColumnRequest {
            name: name.clone(),
            view: View::Codes,
        }));
    }
    let mut by = Vec::new();
    for name in &design.strata {
        let bound = bind(&named(name), codebook, OutputKind::Codes).map_err(Error::Expression)?;
        by.push(requests.operand(name, bound));
    }
    let mut items = Vec::new();
    if let Some(name) = &design.weights {
        let expr = weights_expr(name, codebook);
        let bound = bind(&expr, codebook, OutputKind::Numbers).map_err(Error::Expression)?;
        let operand = requests.operand(name, bound);
        items.push(ItemPlan::Values {
            operand,
            by_value: true,
        });
    }
    let plan = Plan {
        requests: requests.all,
        rank: mode == Mode::Replicates && design.df.is_none(),
        design: columns,
        by,
        condition: None,
        items,
        mode,
        drop_incomplete: false,
        keep_places: false,
        domain_limit: None,
        item_filters: HashMap::new(),
        literals: Vec::new(),
    };
    let replicates: Vec<&str> = plan
        .design
        .replicates
        .iter()
        .map(|at| plan.requests.get(*at).map_or("", |request| &request.name))
        .collect();
    let sums = scan(source, &plan)?;
    let all = weights(&sums);
    let mut summary = DesignSummary {
        rows: sums.rows.all,
        weights: weight_facts(&sums, &all),
        strata: if mode == Mode::Replicates {
            Vec::new()
        } else {
            strata(&sums, mode)
        },
        ..DesignSummary::default()
    };
    if let Some(declared) = &design.replicates {
        let replication = Replication::new(declared, replicates.len())?;
        summary.replicates = Some(ReplicateFacts {
            columns: replicates.len(),
            rep_type: declared.rep_type.name(),
            scale: replication.scale,
            rscales: (
                replication
                    .rscales
                    .iter()
                    .copied()
                    .fold(f64::INFINITY, f64::min),
                replication.rscales.iter().copied().fold(0.0, f64::max),
            ),
            mse: replication.mse,
            factors: !declared.combined_weights,
        });
    }
    let Findings { units, findings } = find_faults(&sums, design, mode, &summary);
    before.retain(|_| units.is_some());
    if let Some(declared) = &design.replicates {
        let sample = (sums.rows.all, sums.weight.value());
        let columns = &sums.replicate_columns;
        let checked = check_replicate_columns(declared, design, &replicates, columns, sample);
        summary
            .findings
            .extend(checked.err().map(|error| Finding::refusal(&error)));
    }
    if let Some(units) = &units {
        summary.design_use = DesignUse::new(units, sums.rows.without_weight);
    }
    summary.findings.extend(findings);
    summary.findings.extend(before);
    if let Some(units) = units.filter(|_| mode != Mode::Replicates) {
        summary.stages = stages(design, &sums, &units);
        for lonely in units.lonely(0) {
            if let Some(stratum) = summary.strata.get_mut(lonely as usize) {
                stratum.lonely = true;
            }
        }
        summary.df = design.df.or(Some(units.df()));
    } else if mode == Mode::Replicates {
        summary.df = design.df.or(Some(sums.sketch.rank() as f64 - 1.0));
    }
    summary.df = summary.df.filter(|_| !summary.is_refused());
    Ok(summary)
}

/// A column by name, as an expression.
fn named(name: &str) -> Expr {
    Expr {
        node: Node::Name(name.to_owned()),
        span: 0..name.len(),
    }
}

/// The weights of each domain: those of the column, or those that the units share.
fn weights(sums: &Sums) -> Vec<Vec<Weighted>> {
    if let Some(ItemSums::Values(values)) = sums.items.first() {
        return values.domains.clone();
    }
    let mut domains = vec![Vec::new(); sums.domains.len()];
    for cell in sums.cells.iter().filter(|cell| cell.rows > 0) {
        let weight = cell.weight.value() / cell.rows as f64;
        domains[cell.domain as usize].push(Weighted {
            value: weight,
            weight: cell.weight,
            count: cell.rows,
        });
    }
    domains
}

fn weight_facts(sums: &Sums, all: &[Vec<Weighted>]) -> WeightFacts {
    let mut above: Vec<(f64, u64)> = all
        .iter()
        .flatten()
        .filter(|weighted| weighted.value > 0.0)
        .map(|weighted| (weighted.value, weighted.count))
        .collect();
    above.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n: u64 = above.iter().map(|(_, count)| count).sum();
    let sum: f64 = above.iter().map(|(w, count)| w * *count as f64).sum();
    let squares: f64 = above.iter().map(|(w, count)| w * w * *count as f64).sum();
    let weighted: u64 = sums.units.iter().map(|unit| unit.weighted).sum();
    WeightFacts {
        min: above.first().map(|(w, _)| *w),
        median: middle(&above, n),
        max: above.last().map(|(w, _)| *w),
        sum,
        zero: sums
            .rows
            .all
            .saturating_sub(weighted + sums.rows.without_weight),
        missing: sums.rows.without_weight,
        negative: sums.rows.negative_weight,
        deff: (sum > 0.0).then(|| n as f64 * squares / (sum * sum)),
        n_eff: (squares > 0.0).then(|| sum * sum / squares),
    }
}

/// The middle of sorted values that occur several times; of an even number, the mean of the middle two.
fn middle(sorted: &[(f64, u64)], n: u64) -> Option<f64> {
    let at = |place: u64| {
        let mut before = 0;
        let found = sorted.iter().find(|(_, count)| {
            before += count;
            place < before
        });
        found.map(|(value, _)| *value)
    };
    Some(f64::midpoint(at(n.checked_sub(1)? / 2)?, at(n / 2)?))
}

fn strata(sums: &Sums, mode: Mode) -> Vec<Stratum> {
    let mut strata: Vec<Stratum> = sums
        .strata
        .iter()
        .map(|values| Stratum {
            name: values.iter().map(Value::text).collect::<Vec<_>>().join(":"),
            ..Stratum::default()
        })
        .collect();
    let mut psus: HashSet<(u32, Option<Key>)> = HashSet::new();
    for unit in &sums.units {
        let Some(stratum) = strata.get_mut(unit.stratum as usize) else {
            continue;
        };
        stratum.rows += unit.rows;
        if let Some((low, _)) = unit.fpc.first() {
            stratum.fpc = Some(*low).filter(|fpc| !fpc.is_nan());
        }
        match mode {
            Mode::Elements => stratum.psus = unit.rows,
            _ => {
                let first = unit.path.first().map(Key::from);
                stratum.psus += u64::from(psus.insert((unit.stratum, first)));
            }
        }
    }
    for (domain, weights) in sums.domains.iter().zip(weights(sums)) {
        let at = sums.strata.iter().position(|values| values == domain);
        if let Some(stratum) = at.and_then(|at| strata.get_mut(at)) {
            for weighted in weights.iter().filter(|weighted| weighted.value > 0.0) {
                stratum.weight += weighted.value * weighted.count as f64;
                let (low, high) = stratum
                    .weight_range
                    .unwrap_or((weighted.value, weighted.value));
                stratum.weight_range = Some((low.min(weighted.value), high.max(weighted.value)));
            }
        }
    }
    strata
}

fn stages(design: &Design, sums: &Sums, units: &Units) -> Vec<StageFacts> {
    let mut stages = Vec::new();
    for (at, stage) in units.stages.iter().enumerate() {
        let column = design.psu.get(at).cloned().unwrap_or_default();
        let known = stage.fraction.iter().copied().filter(|f| *f > 0.0);
        let fractions: Vec<f64> = known.collect();
        stages.push(StageFacts {
            fraction: fractions
                .iter()
                .copied()
                .reduce(f64::min)
                .zip(fractions.iter().copied().reduce(f64::max)),
            ..stage_facts(column, stage.sampled.clone())
        });
    }
    // those below are counted from their paths
    for at in stages.len()..design.psu.len() {
        let mut within: Vec<u64> = Vec::new();
        let mut last: Option<(u32, &[Value])> = None;
        let mut seen: HashSet<Key> = HashSet::new();
        for unit in &sums.units {
            let above = (unit.stratum, unit.path.get(..at).unwrap_or_default());
            if last != Some(above) {
                within.push(0);
                seen.clear();
                last = Some(above);
            }
            if let (Some(count), Some(own)) = (within.last_mut(), unit.path.get(at)) {
                *count += u64::from(seen.insert(Key::from(own)));
            }
        }
        stages.push(stage_facts(design.psu[at].clone(), within));
    }
    stages
}

fn stage_facts(column: String, mut sampled: Vec<u64>) -> StageFacts {
    sampled.sort_unstable();
    let counts: Vec<(f64, u64)> = sampled.iter().map(|count| (*count as f64, 1)).collect();
    StageFacts {
        column,
        units: sampled.iter().sum(),
        fewest: sampled.first().copied().unwrap_or(0),
        median: middle(&counts, counts.len() as u64).unwrap_or(0.0),
        most: sampled.last().copied().unwrap_or(0),
        fraction: None,
    }
}

/// The units as far as they can be made out, and all findings.
struct Findings {
    pub units: Option<Units>,
    pub findings: Vec<Finding>,
}

fn find_faults(sums: &Sums, design: &Design, mode: Mode, summary: &DesignSummary) -> Findings {
    let (units, mut findings) = units(sums, design, mode);
    if let Some(units) = &units {
        findings.extend(lonely_findings(units, design));
    }
    findings.sort_by_key(|finding| !finding.refuses);
    findings.extend(weight_findings(summary, design));
    Findings { units, findings }
}

/// Each error is noted and what it is about put aside, so that those behind it are found, too.
fn units(sums: &Sums, design: &Design, mode: Mode) -> (Option<Units>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut design = design.clone();
    let mut sums = sums.clone();
    loop {
        let error = match sums.sampled(&design, mode) {
            Ok(units) => return (Some(units), findings),
            Err(error) => error,
        };
        findings.push(Finding::refusal(&error));
        match error {
            design::Error::Negative { .. } if sums.rows.negative_weight > 0 => {
                sums.rows.negative_weight = 0;
            }
            design::Error::Infinite { .. } if sums.rows.infinite_weight > 0 => {
                sums.rows.infinite_weight = 0;
            }
            design::Error::Scale { .. } | design::Error::Zero { .. } if sums.rows.all > 0 => {
                (sums.weight, sums.rows.all) = (Sum::ZERO, 0);
            }
            design::Error::Missing { column, .. }
                if design.weights.as_ref() == Some(&column)
                    && design.missing_weights == MissingWeights::Fail =>
            {
                design.missing_weights = MissingWeights::Allow;
            }
            design::Error::Nest { .. } if !design.nest => design.nest = true,
            design::Error::Fpc { .. }
            | design::Error::Below { .. }
            | design::Error::BadFpc { .. }
                if !design.fpc.is_empty() =>
            {
                design.fpc.clear();
            }
            _ => return (None, findings),
        }
    }
}

fn lonely_findings(units: &Units, design: &Design) -> Vec<Finding> {
    if let Err(error) = units.check_lonely(design.lonely) {
        return vec![Finding::refusal(&error)];
    }
    let decided = |stage: usize| {
        let groups: Vec<u32> = units.lonely(stage).collect();
        if groups.is_empty() || design.lonely == Lonely::Fail {
            return None;
        }
        let names = groups.iter().take(8);
        let names: Vec<String> = names.map(|group| units.group_name(stage, *group)).collect();
        let more = match groups.len() - names.len() {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        Some(Finding::note(format!(
            "one sampled unit at stage {} in {}{more}: --lonely {} decides what it adds to the variance",
            stage + 1,
            names.join(", "),
            design.lonely
        )))
    };
    (0..units.stages.len()).filter_map(decided).collect()
}

/// Weights that differ by more than this within a stratum are worth a look.
const WIDE: f64 = 50.0;

fn weight_findings(summary: &DesignSummary, design: &Design) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |message: String| findings.push(Finding::note(message));
    let facts = &summary.weights;
    let rows = |count: u64| match count {
        1 => "1 respondent".to_owned(),
        count => format!("{} respondents", thousands(count as f64)),
    };
    if facts.missing > 0 && design.missing_weights != MissingWeights::Fail {
        note(format!(
            "{} without a weight: counted as weight 0",
            rows(facts.missing)
        ));
    }
    if facts.zero > 0 {
        note(format!(
            "{} with weight 0: in the design, in no estimate",
            rows(facts.zero)
        ));
    }
    let counted = summary.rows as f64;
    if let Some(column) = &design.weights
        && counted > 0.0
        && (facts.sum / counted - 1.0).abs() < 0.01
    {
        note(format!(
            "{column} sums to the number of respondents: totals and counts are those of the sample, not of the population"
        ));
    }
    if design.weights.is_none() && design.fpc.is_empty() && design.replicates.is_none() {
        note("no weights were named: all respondents count the same".to_owned());
    }
    let wide = summary.strata.iter().filter_map(|stratum| {
        let (low, high) = stratum.weight_range?;
        (high / low > WIDE).then(|| {
            let stratum = match stratum.name.is_empty() {
                true => String::new(),
                false => format!("stratum {}: ", stratum.name),
            };
            format!(
                "{stratum}the largest weight is {:.0} times the smallest",
                high / low
            )
        })
    });
    wide.take(8).for_each(&mut note);
    findings
}
