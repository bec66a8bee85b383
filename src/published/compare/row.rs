use crate::frames::{Comparison, Estimate};

/// A difference of two rows with what it rests on.
#[derive(Clone, Debug)]
pub struct RowsCompared {
    pub row: Comparison,
    /// The interval at best, where the covariance is not known.
    pub narrowest: Option<(f64, f64)>,
    /// Degrees of freedom; none for the normal distribution.
    pub df: Option<f64>,
}

/// A row in words: `q1, Favourable, region R1`.
pub fn row_label(row: &Estimate) -> String {
    let mut parts = vec![row.variable.clone()];
    parts.extend(row.level.clone().filter(|level| !level.is_empty()));
    let told = ["printed", "reported_by"];
    for (name, value) in &row.groups {
        match value {
            Some(value) if !told.contains(&name.as_str()) && value != "all" => {
                parts.push(format!("{name} {value}"));
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}
