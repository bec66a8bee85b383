use super::{attainable, averages, dates, margins, rebased, sizes, waves};
use crate::toplines::quantity::Quantity;
use crate::toplines::store::{Finding, Sample, Store};

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

/// `iseas2022:all@report`, `gallup2023:US:democrats`: a row of samples.csv.
pub fn sample_id(sample: &Sample) -> String {
    let mut id = format!("{}:{}", sample.poll, sample.country);
    if sample.base != crate::toplines::store::ALL {
        id += &format!(":{}", sample.base);
    }
    match sample.reported_by.is_empty() {
        true => id,
        false => format!("{id}@{}", sample.reported_by),
    }
}
