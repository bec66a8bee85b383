//! Rows of estimates against each other: respondents' data, or figures that were written to a file.

use super::relation::Relation;
use super::shares::two_sided;
use crate::frames::{Comparison, Estimate};
use crate::statistics::adjust::{Adjust, adjusted};
use crate::statistics::special::student_t;

/// Why rows can't be compared.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    #[error("{0} is a {1} and {2} a {3}: compare two of one kind")]
    Kinds(String, &'static str, String, &'static str),
    #[error("{0} has no estimate: {1}")]
    NoEstimate(String, String),
    #[error(transparent)]
    Difference(#[from] super::DifferenceError),
    #[error(transparent)]
    Distribution(#[from] crate::statistics::special::Error),
}

/// The difference a − b of two estimates.
///
/// Different sources are independent: `se = sqrt(se_a^2 + se_b^2)`, with the degrees of freedom of Welch and
/// Satterthwaite, `(se_a^2 + se_b^2)^2 / (se_a^4 / df_a + se_b^4 / df_b)`, where a row has some. Of two rows of one
/// source the covariance is not known: the standard error lies between `|se_a - se_b|` and `se_a + se_b`
/// (Cauchy and Schwarz), and the row has that of the worst case.
///
/// # Errors
/// A share and a mean; a row without an estimate; a level that is none.
pub fn rows_difference(a: &Estimate, b: &Estimate, level: f64) -> Result<RowDifference, RowsError> {
    if a.statistic != b.statistic {
        let kinds = (a.statistic.name(), b.statistic.name());
        return Err(RowsError::Kinds(
            row_label(a),
            kinds.0,
            row_label(b),
            kinds.1,
        ));
    }
    let known = |row: &Estimate| {
        let why = || RowsError::NoEstimate(row_label(row), row.note.clone());
        row.estimate.ok_or_else(why)
    };
    let d = known(a)? - known(b)?;
    let independent = a.source != b.source && !a.source.is_empty() && !b.source.is_empty();
    let relation = match independent {
        true => Relation::Independent,
        false => Relation::SameRespondents,
    };
    let id = |row: &Estimate| format!("{}: {}", row.source, row_label(row));
    let mut compared = RowDifference {
        row: Comparison {
            a: id(a),
            b: id(b),
            relation: relation.name().to_owned(),
            estimate: Some(d),
            flags: [a.flags.clone(), b.flags.clone()].concat(),
            ..Comparison::default()
        },
        narrowest: None,
        df: None,
    };
    compared.row.flags.sort();
    compared.row.flags.dedup();
    match a.se.zip(b.se) {
        Some(errors) => with_errors(&mut compared, errors, (a.df, b.df), independent, level)?,
        None => compared.row.note = "no interval: a row has no standard error".to_owned(),
    }
    let mut notes = vec![compared.row.note.clone()];
    if a.variable != b.variable {
        notes.push("two different variables".to_owned());
    }
    notes.retain(|note| !note.is_empty());
    compared.row.note = notes.join("; ");
    Ok(compared)
}

fn with_errors(
    compared: &mut RowDifference,
    (a, b): (f64, f64),
    df: (Option<f64>, Option<f64>),
    independent: bool,
    level: f64,
) -> Result<(), RowsError> {
    let (narrow, wide) = match independent {
        true => (a.hypot(b), a.hypot(b)),
        false => ((a - b).abs(), a + b),
    };
    let row = &mut compared.row;
    if wide.is_nan() || wide <= 0.0 {
        row.note = super::inference::NO_VARIANCE.to_owned();
        return Ok(());
    }
    // a sample too large to matter has no term of its own
    let term = |se: f64, df: Option<f64>| df.map_or(0.0, |df| se.powi(4) / df);
    compared.df = match (df, independent) {
        ((None, None), _) => None,
        // without a covariance there is nothing to combine: the fewer degrees of freedom are the careful ones
        ((a, b), false) => Some(a.unwrap_or(f64::INFINITY).min(b.unwrap_or(f64::INFINITY))),
        ((of_a, of_b), true) => Some(wide.powi(4) / (term(a, of_a) + term(b, of_b))),
    }
    .filter(|df| df.is_finite() && *df > 0.0);
    let z = two_sided(level)?;
    let quantile = match compared.df {
        Some(df) => student_t::quantile_upper(0.5 * (1.0 - level), df)?,
        None => z,
    };
    let d = row.estimate.unwrap_or_default();
    let statistic = d / wide;
    row.se = Some(wide);
    row.ci_low = Some(d - quantile * wide);
    row.ci_high = Some(d + quantile * wide);
    row.z = Some(statistic);
    row.p_value = match compared.df {
        Some(df) => Some(student_t::two_sided_p(statistic, df)?),
        None => super::Test::from_z(statistic).map(|test| test.p_value),
    };
    row.p_adjusted = row.p_value;
    if !independent {
        compared.narrowest = Some((d - quantile * narrow, d + quantile * narrow));
        row.note = "two rows of one source: their covariance is not in the file, so interval, se, z and p are those \
                    of the worst case"
            .to_owned();
    }
    Ok(())
}

/// All pairs of some rows as one family, without their sentences.
///
/// # Errors
/// As of one pair.
pub fn rows_differences(
    rows: &[Estimate],
    level: f64,
    adjust: Adjust,
) -> Result<Vec<RowDifference>, RowsError> {
    let mut compared = Vec::new();
    for (at, a) in rows.iter().enumerate() {
        for b in rows.iter().skip(at + 1) {
            compared.push(rows_difference(a, b, level)?);
        }
    }
    let known: Vec<f64> = compared.iter().filter_map(|one| one.row.p_value).collect();
    let with_p = compared.iter_mut().filter(|one| one.row.p_value.is_some());
    for (one, value) in with_p.zip(adjusted(adjust, &known)) {
        one.row.p_adjusted = Some(value);
    }
    Ok(compared)
}

/// A difference of two rows with what it rests on.
#[derive(Clone, Debug)]
pub struct RowDifference {
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
    let left_out = ["printed", "reported_by"];
    for (name, value) in &row.groups {
        match value {
            Some(value) if !left_out.contains(&name.as_str()) && value != "all" => {
                parts.push(format!("{name} {value}"));
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}
