//! Differences of the domains of one sample.

use super::place::Part;
use super::request::Request;
use super::run::Answer;
use crate::frames::{Comparison, Estimate, Statistic};
use crate::statistics::adjust::{Adjust, adjusted};
use crate::statistics::special::student_t;
use crate::survey::design::Design;

/// The difference of two rows of an answer.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The place of the item among those asked for.
    pub item: usize,
    /// Places of the two rows.
    pub a: usize,
    pub b: usize,
    pub row: Comparison,
}

/// How differences are made.
#[derive(Clone, Copy, Debug)]
pub struct Pairwise {
    pub adjust: Adjust,
    /// Confidence level, 0..1.
    pub level: f64,
}

/// More differences than this are a slip of the groups.
const MOST: usize = 100_000;

/// What a family of differences is too large for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} differences: at most {MOST} are made at once; fewer groups, or a --where, leave fewer domains"
)]
pub struct TooMany(usize);

/// All differences a − b of the domains of each item and level, a before b in the order of the rows.
///
/// Var(a − b) = Var a + Var b − 2 Cov(a, b), the covariance from the scores of both: domains of one sample share its
/// PSUs, so they are independent only where rows are drawn one by one. Tests and intervals take Student's t on the degrees
/// of freedom of the design; all p-values are one family. Quantiles have no scores, so no differences.
///
/// R: `svycontrast(svyby(~y, ~g, design, svymean, covmat = TRUE), c(1, -1))` for the estimate and its standard error.
///
/// # Errors
/// [`TooMany`].
pub fn pairwise(
    answer: &Answer,
    design: &Design,
    request: &Request,
    how: Pairwise,
) -> Result<Vec<Difference>, TooMany> {
    let measures = measures(answer);
    let pairs = |rows: &Vec<usize>| rows.len() * rows.len().saturating_sub(1) / 2;
    let count: usize = measures.iter().map(pairs).sum();
    if count > MOST {
        return Err(TooMany(count));
    }
    let critical = critical(answer.df, how.level);
    let mut found = Vec::with_capacity(count);
    for rows in &measures {
        for (place, a) in rows.iter().enumerate() {
            for b in rows.iter().skip(place + 1) {
                found.push(Difference {
                    item: answer.of[*a].item,
                    a: *a,
                    b: *b,
                    row: difference(answer, design, request, (*a, *b), critical),
                });
            }
        }
    }
    let known: Vec<f64> = found.iter().filter_map(|one| one.row.p_value).collect();
    let tested = found.iter_mut().filter(|one| one.row.p_value.is_some());
    for (one, p) in tested.zip(adjusted(how.adjust, &known)) {
        one.row.p_adjusted = Some(p);
    }
    Ok(found)
}

/// The rows of each item and level, one a domain.
fn measures(answer: &Answer) -> Vec<Vec<usize>> {
    // item, part and level, and the rows of these
    type Key<'a> = (usize, Part, &'a Option<String>);
    let mut measures: Vec<(Key, Vec<usize>)> = Vec::new();
    for (at, (of, row)) in answer.of.iter().zip(&answer.rows).enumerate() {
        if matches!(of.part, Part::Missing | Part::Quantile) {
            continue;
        }
        let key = (of.item, of.part, &row.level);
        match measures.iter_mut().find(|(other, _)| *other == key) {
            Some((_, rows)) => rows.push(at),
            None => measures.push((key, vec![at])),
        }
    }
    measures.into_iter().map(|(_, rows)| rows).collect()
}

/// The quantile of t at (1 + level)/2, of the normal where degrees of freedom are not known.
fn critical(df: Option<f64>, level: f64) -> Option<f64> {
    let df = df.unwrap_or(f64::INFINITY);
    student_t::quantile(f64::midpoint(1.0, level), df).ok()
}

fn difference(
    answer: &Answer,
    design: &Design,
    request: &Request,
    (a, b): (usize, usize),
    critical: Option<f64>,
) -> Comparison {
    let (one, other) = (&answer.rows[a], &answer.rows[b]);
    let mut row = Comparison {
        a: id(answer, request, a),
        b: id(answer, request, b),
        relation: "domains".to_owned(),
        flags: one.flags.iter().chain(&other.flags).copied().collect(),
        ..Comparison::default()
    };
    row.flags.sort();
    row.flags.dedup();
    let (Some(x), Some(y)) = (one.estimate, other.estimate) else {
        "a domain has nobody to estimate from".clone_into(&mut row.note);
        return row;
    };
    row.estimate = Some(x - y);
    let scores = answer.scores[a].as_ref().zip(answer.scores[b].as_ref());
    let Some((first, second)) = scores else {
        "no scores, so no variance".clone_into(&mut row.note);
        return row;
    };
    let variance = answer.variance(design);
    let together = variance.of(first) + variance.of(second);
    let variance = together - 2.0 * variance.covariance(first, second);
    // what is left of equal sums by rounding is no variance
    if !variance.is_finite() || variance <= 1e-14 * together {
        "no interval: the variance of the difference is 0 or not known".clone_into(&mut row.note);
        return row;
    }
    let se = variance.sqrt();
    row.se = Some(se);
    let Some(critical) = critical else {
        "no degrees of freedom, so no interval".clone_into(&mut row.note);
        return row;
    };
    row.ci_low = Some(x - y - critical * se);
    row.ci_high = Some(x - y + critical * se);
    row.z = Some((x - y) / se);
    row.p_value = student_t::two_sided_p((x - y) / se, answer.df.unwrap_or(f64::INFINITY)).ok();
    row.note = match answer.df {
        Some(df) => format!("z holds t on {df} degrees of freedom"),
        None => String::new(),
    };
    row
}

/// `q1/Agree:North,18-24`, `mean(age):North`: item, level and domain of a row.
pub fn id(answer: &Answer, request: &Request, at: usize) -> String {
    let (Some(row), Some(of)) = (answer.rows.get(at), answer.of.get(at)) else {
        return String::new();
    };
    let text = request.items.get(of.item).map(|item| item.text.as_str());
    let mut id = match (&row.level, of.part) {
        (Some(level), Part::Quantile) => format!("{}[{level}]", text.unwrap_or_default()),
        (Some(level), _) if row.statistic == Statistic::Proportion => {
            format!("{}/{level}", row.variable)
        }
        (Some(level), _) => format!("{}/{level}", text.unwrap_or_default()),
        (None, _) => text.unwrap_or_default().to_owned(),
    };
    let domain = domain(row);
    if !domain.is_empty() {
        id += &format!(":{domain}");
    }
    id
}

/// The values of the groups of a row, with a comma between.
pub fn domain(row: &Estimate) -> String {
    let values = row.groups.iter().filter_map(|(_, value)| value.as_deref());
    values.collect::<Vec<_>>().join(",")
}
