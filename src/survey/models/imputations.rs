//! A model of several imputations: each fitted, coefficients and margins combined by Rubin’s rules.

use super::Error;
use crate::frames::{Coefficient, Estimate, Statistic};
use crate::statistics::special::{normal, student_t};
use crate::survey::estimate::{self, Combined, Imputations, combined};

/// t on df, the normal without.
fn width(level: f64, df: Option<f64>) -> f64 {
    let upper = 0.5 * (1.0 - level);
    let quantile = match df {
        Some(df) => student_t::quantile_upper(upper, df),
        None => normal::quantile_upper(upper),
    };
    quantile.unwrap_or(f64::NAN)
}

fn other_rows() -> Error {
    Error::Estimate(estimate::Error::Request(
        "the imputations have other coefficients: give all of them the same levels".to_owned(),
    ))
}

/// The rows of the first imputation with what all say together. Margins are combined, not made of combined coefficients.
///
/// # Errors
/// Imputations with other rows than the first.
pub fn combined_coefficients(
    each: &[Vec<Coefficient>],
    imputations: &Imputations,
    level: f64,
) -> Result<Vec<Coefficient>, Error> {
    let Some((first, others)) = each.split_first() else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    for (at, row) in first.iter().enumerate() {
        let others = others.iter().map(|rows| {
            rows.get(at)
                .filter(|other| other.variable_level == row.variable_level)
        });
        let others = others
            .collect::<Option<Vec<&Coefficient>>>()
            .ok_or_else(other_rows)?;
        let mut row = row.clone();
        row.term = imputations.as_written(&row.term);
        row.variable = imputations.as_written(&row.variable);
        row.response = imputations.as_written(&row.response);
        let known = std::iter::once(&row)
            .chain(others)
            .map(|row| row.estimate.zip(row.se));
        let known: Option<Vec<(f64, f64)>> = known.collect();
        if let Some(all) = known.and_then(|known| combined(&known, row.df)) {
            let Combined {
                estimate, se, df, ..
            } = all;
            let half = width(level, df) * se;
            let t = estimate / se;
            row.estimate = Some(estimate);
            row.se = Some(se);
            row.df = df;
            row.statistic = Some(t);
            row.p_value = student_t::two_sided_p(t, df.unwrap_or(f64::INFINITY)).ok();
            row.ci_low = Some(estimate - half);
            row.ci_high = Some(estimate + half);
            if row.ratio.is_some() {
                row.ratio = Some(estimate.exp());
                row.ratio_low = Some((estimate - half).exp());
                row.ratio_high = Some((estimate + half).exp());
            }
            row.note = all.note(each.len());
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The same of margins; `logit` where intervals of shares are on that scale.
///
/// # Errors
/// Imputations with other rows than the first.
pub fn combined_margins(
    each: &[Vec<Estimate>],
    imputations: &Imputations,
    (level, logit): (f64, bool),
) -> Result<Vec<Estimate>, Error> {
    let Some((first, others)) = each.split_first() else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    for (at, row) in first.iter().enumerate() {
        let same = |other: &&Estimate| other.level == row.level && other.groups == row.groups;
        let others = others.iter().map(|rows| rows.get(at).filter(same));
        let others = others
            .collect::<Option<Vec<&Estimate>>>()
            .ok_or_else(other_rows)?;
        let mut row = row.clone();
        row.variable = imputations.as_written(&row.variable);
        let known = std::iter::once(&row)
            .chain(others)
            .map(|row| row.estimate.zip(row.se));
        let known: Option<Vec<(f64, f64)>> = known.collect();
        if let Some(all) = known.and_then(|known| combined(&known, row.df)) {
            let (m, half) = (all.estimate, width(level, all.df) * all.se);
            let bounds = match logit && row.statistic == Statistic::Margin && m > 0.0 && m < 1.0 {
                true => {
                    let (centre, half) = ((m / (1.0 - m)).ln(), half / (m * (1.0 - m)));
                    let share = |x: f64| 1.0 / (1.0 + (-x).exp());
                    (share(centre - half), share(centre + half))
                }
                false => (m - half, m + half),
            };
            (row.estimate, row.se, row.df) = (Some(m), Some(all.se), all.df);
            (row.ci_low, row.ci_high) = (Some(bounds.0), Some(bounds.1));
            row.note = all.note(each.len());
        }
        rows.push(row);
    }
    Ok(rows)
}
