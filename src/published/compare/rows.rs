//! Rows of estimates against each other: respondents' data, or figures that were written to a file.

use super::difference::two_sided;
use super::relation::Relation;
use super::row::{RowsCompared, row_label};
use super::rows_table::sentence;
use crate::frames::{Comparison, Estimate, Statistic};
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
pub fn rows_difference(a: &Estimate, b: &Estimate, level: f64) -> Result<RowsCompared, RowsError> {
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
    let mut compared = RowsCompared {
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
    compared: &mut RowsCompared,
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
        row.note = super::found::NO_VARIANCE.to_owned();
        return Ok(());
    }
    // a sample too large to matter has no term of its own
    let term = |se: f64, df: Option<f64>| df.map_or(0.0, |df| se.powi(4) / df);
    compared.df = match (df, independent) {
        ((None, None), _) => None,
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
        None => super::Test::of(statistic).map(|test| test.p_value),
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

/// All pairs of some rows as one family.
///
/// # Errors
/// As of one pair.
pub fn rows_differences(
    rows: &[Estimate],
    level: f64,
    adjust: Adjust,
) -> Result<Vec<RowsCompared>, RowsError> {
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
    let shares = rows
        .first()
        .is_some_and(|row| row.statistic == Statistic::Proportion);
    let family = compared.len();
    let mut at = 0;
    for (place, a) in rows.iter().enumerate() {
        for b in rows.iter().skip(place + 1) {
            if let Some(one) = compared.get_mut(at) {
                let names = (row_label(a), row_label(b));
                one.row.sentence = sentence(one, names, shares, level, family);
            }
            at += 1;
        }
    }
    Ok(compared)
}
