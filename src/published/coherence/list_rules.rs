use super::{attainable, averages, dates, margins, rebased, sizes, waves};
use crate::published::figures::quantity::Quantity;
use crate::published::figures::store::{Finding, Store};

/// What the rules about single rows and lists find.
pub fn list_rules(store: &Store, conflicts: &[Quantity]) -> Vec<Finding> {
    let mut findings = sizes::findings(store);
    findings.extend(margins::findings(store));
    findings.extend(attainable::findings(store));
    findings.extend(rebased::findings(store, conflicts));
    findings.extend(averages::findings(store));
    findings.extend(waves::findings(store));
    findings.extend(dates::findings(store, dates::today()));
    findings
}
