//! The warnings about the polls of the report, and those about others.

use crate::present::published::Section;
use crate::published::coherence;
use crate::published::figures::store::{Finding, Severity, Store};

/// All warnings about a store, parted by whether they are about a poll of the report.
pub struct Warnings {
    pub here: Vec<Finding>,
    pub elsewhere: Vec<Finding>,
}

/// What was found in the rows and among the figures; a warning that names no figure is about all polls.
pub fn warnings(store: &Store, claims: &[Section]) -> Warnings {
    let polls: Vec<&str> = claims
        .iter()
        .flat_map(|section| &section.lines)
        .map(|line| line.figure.poll.as_str())
        .collect();
    let of_report = |finding: &Finding| {
        let mut named = finding
            .ids
            .iter()
            .map(|id| id.split(['/', ':', '@']).next().unwrap_or_default());
        finding.ids.is_empty() || named.any(|poll| polls.contains(&poll))
    };
    let all = store
        .findings
        .iter()
        .cloned()
        .chain(coherence::findings(store));
    let (here, elsewhere) = all
        .filter(|finding| finding.severity == Severity::Warning)
        .partition(of_report);
    Warnings { here, elsewhere }
}
