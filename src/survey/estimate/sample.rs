//! What a design is, before anything is estimated: units, weights, degrees of freedom.

use std::collections::HashSet;

use super::design_columns::design_columns;
use super::error::Error;
use super::run::implied_weights;
use super::sample_facts::{Finding, ReplicateFacts, Sample, StageFacts, Stratum, WeightFacts};
use super::sample_findings::{Found, found};
use crate::survey::design::{Design, Replication, Units};
use crate::survey::expr::{Expr, Node, Wanted, bind};
use crate::survey::microdata::{ColumnRequest, Source, Value, View};
use crate::survey::sums::{ItemPlan, ItemSums, Key, Mode, Plan, Requests, Sums, Weighted, scan};

/// Says what the design of a file is and what looks wrong with it, in one pass over the respondents.
///
/// # Errors
/// Columns that are not there, a file that can't be read. What is wrong with the design itself is a finding.
pub fn sample(source: &dyn Source, design: &Design) -> Result<Sample, Error> {
    design.check()?;
    let mode = Mode::of(design, false);
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
        let bound = bind(&named(name), codebook, Wanted::Codes).map_err(Error::Expression)?;
        by.push(requests.operand(name, bound));
    }
    let mut items = Vec::new();
    if let Some(name) = &design.weights {
        let bound = bind(&named(name), codebook, Wanted::Numbers).map_err(Error::Expression)?;
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
    };
    let replicates = plan.design.replicates.len();
    let sums = scan(source, &plan)?;
    let all = weights(&sums);
    let mut sample = Sample {
        rows: sums.rows.all,
        weights: weight_facts(&sums, &all),
        strata: if mode == Mode::Replicates {
            Vec::new()
        } else {
            strata(&sums, mode)
        },
        ..Sample::default()
    };
    if let Some(declared) = &design.replicates {
        let replication = Replication::new(declared, replicates)?;
        sample.replicates = Some(ReplicateFacts {
            columns: replicates,
            rep_type: declared.rep_type.name(),
            scale: replication.scale,
        });
    }
    let Found { units, findings } = found(&sums, design, mode, &sample);
    before.retain(|_| units.is_some());
    sample.findings = findings;
    sample.findings.extend(before);
    if let Some(units) = units.filter(|_| mode != Mode::Replicates) {
        sample.stages = stages(design, &sums, &units);
        for lonely in units.lonely(0) {
            if let Some(stratum) = sample.strata.get_mut(lonely as usize) {
                stratum.lonely = true;
            }
        }
        sample.df = design.df.or(Some(units.df()));
    } else if mode == Mode::Replicates {
        sample.df = design.df.or(Some(sums.sketch.rank() as f64 - 1.0));
    }
    sample.df = sample.df.filter(|_| !sample.is_refused());
    Ok(sample)
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
    let zero = all
        .iter()
        .flatten()
        .filter(|weighted| weighted.value == 0.0);
    WeightFacts {
        min: above.first().map(|(w, _)| *w),
        median: middle(&above, n),
        max: above.last().map(|(w, _)| *w),
        sum,
        zero: zero.map(|weighted| weighted.count).sum(),
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
