//! Sizes of samples, and the margins of error printed with them.

use crate::frames::words::{and, distinct, thousands};
use crate::published::coherence::rules;
use crate::published::figures::percent::Percent;
use crate::published::figures::store::{ALL, Finding, NKind, Sample, Sampling, Severity, Store};
use crate::statistics::special::normal;

/// The respondents that a printed size stands for: itself if exact, within half a unit of its last digit that is
/// not zero if it is a round number (16,000: 15,500 to 16,500). `None` if it is called approximate.
pub fn n_range(sample: &Sample) -> Option<(f64, f64)> {
    let n = sample.n?;
    match sample.n_kind {
        Some(NKind::Approximate) => None,
        Some(NKind::AsPrinted) => {
            let mut unit = 1_u64;
            while n > 0
                && let Some(next) = unit.checked_mul(10).filter(|next| n.is_multiple_of(*next))
            {
                unit = next;
            }
            // a size that ends in no zero is exact
            let half = if unit == 1 { 0.0 } else { unit as f64 / 2.0 };
            Some((n as f64 - half, n as f64 + half))
        }
        _ => Some((n as f64, n as f64)),
    }
}

/// Samples of which sizes were printed that can't both be right: one finding for each.
pub fn size_findings(store: &Store) -> Vec<Finding> {
    let mut findings = Vec::new();
    for first in &store.samples {
        let rows = store.samples_of(&first.poll, &first.country, &first.base);
        let sized: Vec<(&Sample, (f64, f64))> = rows
            .iter()
            .filter_map(|row| Some((*row, n_range(row)?)))
            .collect();
        let leads = rows.first().is_some_and(|row| row.line == first.line);
        let apart = |a: (f64, f64), b: (f64, f64)| a.1 < b.0 || b.1 < a.0;
        let differing: Vec<&Sample> = sized
            .iter()
            .filter(|(_, range)| sized.iter().any(|(_, other)| apart(*range, *other)))
            .map(|(row, _)| *row)
            .collect();
        if leads && !differing.is_empty() {
            findings.push(several_sizes(store, &differing));
        }
    }
    findings
}

fn several_sizes(store: &Store, rows: &[&Sample]) -> Finding {
    let size = |row: &&Sample| {
        let n = thousands(row.n.unwrap_or_default() as f64);
        match row.reported_by.as_str() {
            "" => n,
            "report" => format!("{n} by the poll’s report"),
            source => {
                let name = store.source(source).map_or(source, |row| &row.name);
                format!("{n} by {}", name.split(", ").next().unwrap_or(name))
            }
        }
    };
    let sizes: Vec<String> = rows.iter().map(size).collect();
    let id = rows
        .first()
        .map(|row| format!("{}:{}", row.poll, row.country));
    let finding = Finding::new(
        rules::SAMPLE_SIZE,
        Severity::Warning,
        "samples.csv",
        format!(
            "{} sizes of one sample, {}: {}",
            match distinct(rows.iter().filter_map(|row| row.n)).len() {
                2 => "two",
                3 => "three",
                _ => "several",
            },
            id.unwrap_or_default(),
            and(&sizes)
        ),
    );
    Finding {
        line: rows.first().map(|row| row.line),
        ids: rows.iter().map(|row| sample_id(row)).collect(),
        ..finding.column("n").fix(
            "the first is used; if one is a round number, its n_kind is as_printed or approximate",
        )
    }
}

/// A margin that stands for a design effect above this was probably printed for another sample.
const LARGEST_DEFF: f64 = 6.0;

/// Margins of error without a level, of samples that have none, or that don't fit the sample's size.
pub fn margin_findings(store: &Store) -> Vec<Finding> {
    let with_margin = store.samples.iter().filter(|sample| sample.moe.is_some());
    with_margin
        .flat_map(|sample| {
            let found = [
                without_level(sample),
                nonprobability(store, sample),
                fit_to_size(store, sample),
            ];
            found.into_iter().flatten()
        })
        .collect()
}

fn margin_finding(
    rule: &'static str,
    severity: Severity,
    sample: &Sample,
    message: String,
) -> Finding {
    Finding::new(rule, severity, "samples.csv", message)
        .line(sample.line)
        .column("moe")
        .id(sample_id(sample))
}

fn without_level(sample: &Sample) -> Option<Finding> {
    sample.moe_level.is_none().then(|| {
        let message = format!(
            "a margin of ±{} without its confidence level",
            sample.moe_text
        );
        margin_finding(rules::MARGIN_LEVEL, Severity::Note, sample, message)
            .column("moe_level")
            .fix("95% is taken, as is the custom")
    })
}

fn nonprobability(store: &Store, sample: &Sample) -> Option<Finding> {
    let poll = store.poll(&sample.poll)?;
    (poll.sampling == Sampling::Nonprobability).then(|| {
        let message = format!(
            "a margin of ±{} for a sample that is no probability sample: it has no margin of sampling error",
            sample.moe_text
        );
        margin_finding(rules::MARGIN_NONPROBABILITY, Severity::Warning, sample, message)
            .fix("leave it empty, and keep what was printed in the note")
    })
}

/// The margin of a share of 50% by chance alone is `z / (2 sqrt(n))`: a printed one is that or larger.
fn fit_to_size(store: &Store, sample: &Sample) -> Option<Finding> {
    let rows = store.samples_of(&sample.poll, &sample.country, &sample.base);
    let (least, most) = rows.iter().find_map(|row| n_range(row))?;
    let moe = Percent::parse(&sample.moe_text).ok()?;
    let level = sample.moe_level.map_or(0.95, |level| level / 100.0);
    let z = normal::quantile((1.0 + level) / 2.0).ok()?;
    let chance = |n: f64| 50.0 * z / n.max(1.0).sqrt();
    let (low, high) = (moe.value - moe.unit / 2.0, moe.value + moe.unit / 2.0);
    // the least design effect that it can mean: its rounding and that of n go in its favour
    let deff = (low / chance(least)).powi(2);
    let (what, fix) = if high < chance(most) - 1e-9 {
        (
            "smaller than",
            "a margin of a larger sample, or of another level?",
        )
    } else if deff > LARGEST_DEFF {
        (
            "far larger than",
            "a margin of a part of the sample, or of a difference?",
        )
    } else {
        return None;
    };
    let message = format!(
        "a margin of ±{} does not fit n {}: it is {what} ±{:.1}, that of chance alone at {}%",
        sample.moe_text,
        crate::frames::words::thousands((least + most) / 2.0),
        chance((least + most) / 2.0),
        crate::published::coherence::words::number(100.0 * level)
    );
    Some(margin_finding(rules::MARGIN_N, Severity::Warning, sample, message).fix(fix))
}

/// `iseas2022:all@report`, `gallup2023:US:democrats`: a row of samples.csv.
pub fn sample_id(sample: &Sample) -> String {
    let mut id = format!("{}:{}", sample.poll, sample.country);
    if sample.base != ALL {
        id += &format!(":{}", sample.base);
    }
    match sample.reported_by.is_empty() {
        true => id,
        false => format!("{id}@{}", sample.reported_by),
    }
}
