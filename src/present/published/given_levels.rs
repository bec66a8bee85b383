//! Estimates of respondents: what they are about, and shares of levels by groups.

use super::given_row::{NO_PART_OF_THE_LABEL, dot_row, is_printed};
use crate::frames::words::distinct;
use crate::frames::{Estimate, Estimates};
use crate::present::chart::{Group, Row};

/// What estimates of respondents are about: their variable where it is one, else their file; `None` for figures that
/// were printed.
pub fn subject_of_estimates(estimates: &Estimates) -> Option<String> {
    let rows = estimates.rows().ok()?;
    if is_printed(&rows) {
        return None;
    }
    let variables = distinct(rows.iter().map(|row| row.variable.as_str()));
    let sources = distinct(rows.iter().map(|row| row.source.as_str()));
    match (variables.as_slice(), sources.as_slice()) {
        (["" | "count()"], [one]) | ([_, _, ..], [one]) => Some((*one).to_owned()),
        ([one], _) => Some((*one).to_owned()),
        _ => None,
    }
}

/// The domains of each level under it, where one source has several levels in several domains.
pub(super) fn by_level(rows: &[Estimate]) -> Option<Vec<Group>> {
    let head = |row: &Estimate| match &row.level {
        Some(level) => (row.variable.clone(), level.clone()),
        None => (row.variable.clone(), String::new()),
    };
    let grouped = |row: &Estimate| {
        row.level.is_some()
            && !row.groups.is_empty()
            && row
                .groups
                .iter()
                .all(|(name, _)| !NO_PART_OF_THE_LABEL.contains(&name.as_str()))
    };
    let one_source = distinct(rows.iter().map(|row| row.source.as_str())).len() == 1;
    let mut heads: Vec<(String, String)> = Vec::new();
    for row in rows {
        if !heads.contains(&head(row)) {
            heads.push(head(row));
        }
    }
    if !one_source || heads.len() < 2 || heads.len() == rows.len() || !rows.iter().all(grouped) {
        return None;
    }
    let several = heads.iter().any(|(variable, _)| *variable != heads[0].0);
    let group = |of: &(String, String)| {
        let own: Vec<Estimate> = rows
            .iter()
            .filter(|row| head(row) == *of)
            .cloned()
            .collect();
        Group {
            head: Some(match several {
                true => format!("{}: {}", of.0, of.1),
                false => of.1.clone(),
            }),
            note: None,
            rows: own.iter().map(|row| domain_row(row, &own)).collect(),
        }
    };
    Some(heads.iter().map(group).collect())
}

/// A row of one domain, called by its groups alone.
fn domain_row(row: &Estimate, all: &[Estimate]) -> Row {
    let values = row.groups.iter().filter_map(|(_, value)| value.clone());
    Row {
        label: values.collect::<Vec<_>>().join(", "),
        ..dot_row(row, all)
    }
}
