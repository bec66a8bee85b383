//! What an article says, and the figures it is held against.

use super::Finding;
use super::finding::{Severity, quoted};
use super::records::{Claim, Figure, normal_id};
use super::references::At;
use super::rules;
use super::schema::Table;
use crate::frames::words::nearest;
use std::collections::HashSet;

/// Takes out the claims whose own figure, the first, is not in the store. What is missing is told, unless
/// the claims are the shipped ones: these are about the shipped figures, which a folder need not have.
pub fn resolve_claims(
    claims: &mut Vec<Claim>,
    figures: &[Figure],
    shipped: bool,
    findings: &mut Vec<Finding>,
) {
    let ids: HashSet<String> = figures
        .iter()
        .flat_map(|figure| [figure.id(), figure.id_with_source()])
        .collect();
    claims.retain(|claim| {
        let unknown = claim
            .figures
            .iter()
            .filter(|id| !ids.contains(&normal_id(id)));
        let unknown: Vec<&String> = unknown.collect();
        if !shipped {
            findings.extend(unknown.iter().map(|id| unknown_figure(claim, id, &ids)));
        }
        let own = claim.figures.first();
        own.is_some_and(|id| ids.contains(&normal_id(id)))
    });
}

fn unknown_figure(claim: &Claim, id: &str, ids: &HashSet<String>) -> Finding {
    let at = At::new(Table::Claims, claim.line, "figures");
    let message = format!("{} is no figure in figures.csv", quoted(id));
    let near = nearest(&normal_id(id), ids.iter().map(String::as_str));
    let fix = near.map(|near| format!("did you mean {near}?"));
    at.finding(rules::UNKNOWN_FIGURE, Severity::Warning, message)
        .maybe_fix(fix)
}
