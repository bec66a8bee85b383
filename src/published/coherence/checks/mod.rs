//! What is odd in single rows and lists of them, beside what the linear program finds.

use crate::published::figures::quantity::Quantity;
use crate::published::figures::store::{Finding, Store};

mod polls;
mod samples;
mod shares;

/// What the rules about single rows and lists find.
pub fn findings(store: &Store, conflicts: &[Quantity]) -> Vec<Finding> {
    let mut findings = samples::size_findings(store);
    findings.extend(samples::margin_findings(store));
    findings.extend(shares::unattainable(store));
    findings.extend(shares::rebased(store, conflicts));
    findings.extend(shares::unknown_averages(store));
    findings.extend(polls::repeated_polls(store));
    findings.extend(polls::lonely_years(store));
    findings.extend(polls::date_findings(store, polls::today()));
    findings
}
