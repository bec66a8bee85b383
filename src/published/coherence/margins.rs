use super::rules;
use super::sample_id::sample_id;
use super::sizes;
use crate::published::figures::percent::Percent;
use crate::published::figures::store::{Finding, Sample, Sampling, Severity, Store};
use crate::statistics::special::normal;

/// A margin that stands for a design effect above this was probably printed for another sample.
const LARGEST_DEFF: f64 = 6.0;

/// Margins of error without a level, of samples that have none, or that don't fit the sample's size.
pub fn findings(store: &Store) -> Vec<Finding> {
    let with_margin = store.samples.iter().filter(|sample| sample.moe.is_some());
    with_margin
        .flat_map(|sample| {
            let found = [
                level(sample),
                nonprobability(store, sample),
                size(store, sample),
            ];
            found.into_iter().flatten()
        })
        .collect()
}

fn finding(rule: &'static str, severity: Severity, sample: &Sample, message: String) -> Finding {
    Finding::new(rule, severity, "samples.csv", message)
        .line(sample.line)
        .column("moe")
        .id(sample_id(sample))
}

fn level(sample: &Sample) -> Option<Finding> {
    sample.moe_level.is_none().then(|| {
        let message = format!(
            "a margin of ±{} without its confidence level",
            sample.moe_text
        );
        finding(rules::MARGIN_LEVEL, Severity::Note, sample, message)
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
        finding(rules::MARGIN_NONPROBABILITY, Severity::Warning, sample, message)
            .fix("leave it empty, and keep what was printed in the note")
    })
}

/// The margin of a share of 50% by chance alone is `z / (2 sqrt(n))`: a printed one is that or larger.
fn size(store: &Store, sample: &Sample) -> Option<Finding> {
    let rows = store.samples_of(&sample.poll, &sample.country, &sample.base);
    let (least, most) = rows.iter().find_map(|row| sizes::stands_for(row))?;
    let moe = Percent::parse(&sample.moe_text).ok()?;
    let level = sample.moe_level.map_or(0.95, |level| level / 100.0);
    let z = normal::quantile((1.0 + level) / 2.0).ok()?;
    let chance = |n: f64| 50.0 * z / n.max(1.0).sqrt();
    let (low, high) = (moe.value - moe.unit / 2.0, moe.value + moe.unit / 2.0);
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
        super::words::number(100.0 * level)
    );
    Some(finding(rules::MARGIN_N, Severity::Warning, sample, message).fix(fix))
}
