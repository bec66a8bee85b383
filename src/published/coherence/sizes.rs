use super::rules;
use super::sample_id::sample_id;
use crate::frames::words::{and, thousands};
use crate::published::figures::store::{Finding, NKind, Sample, Severity, Store};

/// The respondents that a printed size stands for: itself if exact, within half a unit of its last digit that is
/// not zero if it is a round number (16,000: 15,500 to 16,500). `None` if it is called approximate.
pub fn stands_for(sample: &Sample) -> Option<(f64, f64)> {
    let n = sample.n?;
    match sample.n_kind {
        Some(NKind::Approximate) => None,
        Some(NKind::AsPrinted) => {
            let mut unit = 1;
            while n > 0 && n.is_multiple_of(unit * 10) {
                unit *= 10;
            }
            let half = if unit == 1 { 0.0 } else { unit as f64 / 2.0 };
            Some((n as f64 - half, n as f64 + half))
        }
        _ => Some((n as f64, n as f64)),
    }
}

/// Samples of which sizes were printed that can't both be right: one finding for each.
pub fn findings(store: &Store) -> Vec<Finding> {
    let mut findings = Vec::new();
    for first in &store.samples {
        let rows = store.samples_of(&first.poll, &first.country, &first.base);
        let sized: Vec<(&Sample, (f64, f64))> = rows
            .iter()
            .filter_map(|row| Some((*row, stands_for(row)?)))
            .collect();
        let leads = rows.first().is_some_and(|row| row.line == first.line);
        let apart = |a: (f64, f64), b: (f64, f64)| a.1 < b.0 || b.1 < a.0;
        let differing: Vec<&Sample> = sized
            .iter()
            .filter(|(_, range)| sized.iter().any(|(_, other)| apart(*range, *other)))
            .map(|(row, _)| *row)
            .collect();
        if leads && !differing.is_empty() {
            findings.push(several(store, &differing));
        }
    }
    findings
}

fn several(store: &Store, rows: &[&Sample]) -> Finding {
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
    let said: Vec<String> = rows.iter().map(size).collect();
    let id = rows
        .first()
        .map(|row| format!("{}:{}", row.poll, row.country));
    let finding = Finding::new(
        rules::SAMPLE_SIZE,
        Severity::Warning,
        "samples.csv",
        format!(
            "two sizes of one sample, {}: {}",
            id.unwrap_or_default(),
            and(&said)
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
