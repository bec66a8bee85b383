//! What looks wrong with a design.

use super::sample_facts::{Finding, Sample};
use crate::frames::words::thousands;
use crate::survey::design::{Design, Error, Lonely, MissingWeights, Units};
use crate::survey::sums::{Mode, Sums};

/// The units as far as they can be made out, and all findings.
pub(super) struct Found {
    pub units: Option<Units>,
    pub findings: Vec<Finding>,
}

pub(super) fn found(sums: &Sums, design: &Design, mode: Mode, sample: &Sample) -> Found {
    let (units, mut findings) = units(sums, design, mode);
    if let Some(units) = &units {
        findings.extend(lonely(units, design));
    }
    findings.sort_by_key(|finding| !finding.refuses);
    findings.extend(weights(sample, design));
    Found { units, findings }
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
            Error::Negative { .. } if sums.rows.negative_weight > 0 => {
                sums.rows.negative_weight = 0;
            }
            Error::Missing { column, .. }
                if design.weights.as_ref() == Some(&column)
                    && design.missing_weights == MissingWeights::Fail =>
            {
                design.missing_weights = MissingWeights::Allow;
            }
            Error::Nest { .. } if !design.nest => design.nest = true,
            Error::Fpc { .. } | Error::Below { .. } | Error::BadFpc { .. }
                if !design.fpc.is_empty() =>
            {
                design.fpc.clear();
            }
            _ => return (None, findings),
        }
    }
}

fn lonely(units: &Units, design: &Design) -> Vec<Finding> {
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

fn weights(sample: &Sample, design: &Design) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |message: String| findings.push(Finding::note(message));
    let facts = &sample.weights;
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
    let counted = sample.rows as f64;
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
    let wide = sample.strata.iter().filter_map(|stratum| {
        let (low, high) = stratum.weight_range?;
        (high / low > WIDE).then(|| {
            let of = match stratum.name.is_empty() {
                true => String::new(),
                false => format!("stratum {}: ", stratum.name),
            };
            format!(
                "{of}the largest weight is {:.0} times the smallest",
                high / low
            )
        })
    });
    wide.take(8).for_each(&mut note);
    findings
}
