//! What estimates of one sample are to each other: differences of domains, and the covariance of any two.

use super::Error;
use super::degrees::Degrees;
use super::estimates::SurveyEstimates;
use super::intervals::CriticalValues;
use super::limits::{TooMany, check_covariance};
use super::rows::Part;
use crate::frames::{Comparison, Estimate, Statistic};
use crate::statistics::adjust::{Adjust, adjusted};
use crate::statistics::special::student_t;

/// The difference of two rows of estimates.
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

/// All differences a − b of the domains of each item and level, a before b in the order of the rows.
///
/// Var(a − b) = Var a + Var b − 2 Cov(a, b), the covariance from the scores of both: domains of one sample share its
/// PSUs, so they are independent only where rows are drawn one by one. Tests and intervals take Student's t on the degrees
/// of freedom of the pair: PSUs less strata, of those in which the one or the other has respondents. All p-values are one
/// family; an answer that nobody gave is in none. Quantiles have no scores, so no differences.
///
/// R: `svycontrast(svyby(~y, ~g, design, svymean, covmat = TRUE), c(1, -1))` for the estimate and its standard error.
///
/// # Errors
/// [`TooMany`].
pub fn pairwise(estimates: &SurveyEstimates, how: Pairwise) -> Result<Vec<Difference>, TooMany> {
    let measures = measures(estimates);
    let pairs = |rows: &Vec<usize>| rows.len() * rows.len().saturating_sub(1) / 2;
    let count: usize = measures.iter().map(pairs).sum();
    TooMany::check(count)?;
    let degrees = PairDegrees::new(estimates);
    let critical = CriticalValues::new(how.level);
    let mut found = Vec::with_capacity(count);
    for rows in &measures {
        for (place, a) in rows.iter().enumerate() {
            for b in rows.iter().skip(place + 1) {
                found.push(Difference {
                    item: estimates.keys[*a].item,
                    a: *a,
                    b: *b,
                    row: difference(estimates, (*a, *b), degrees.between(*a, *b), &critical),
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
fn measures(estimates: &SurveyEstimates) -> Vec<Vec<usize>> {
    // item, part and level, and the rows of these
    type MeasureKey<'a> = (usize, Part, &'a Option<String>);
    let mut measures: Vec<(MeasureKey, Vec<usize>)> = Vec::new();
    for (at, (key, row)) in estimates.keys.iter().zip(&estimates.rows).enumerate() {
        if matches!(key.part, Part::Missing | Part::Quantile) {
            continue;
        }
        let measure = (key.item, key.part, &row.level);
        match measures.iter_mut().find(|(other, _)| *other == measure) {
            Some((_, rows)) => rows.push(at),
            None => measures.push((measure, vec![at])),
        }
    }
    let is_given = |rows: &Vec<usize>| {
        let share = |at: &usize| estimates.rows[*at].estimate != Some(0.0);
        !matches!(estimates.keys[rows[0]].part, Part::Level | Part::Net) || rows.iter().any(share)
    };
    let rows = measures.into_iter().map(|(_, rows)| rows);
    rows.filter(is_given).collect()
}

/// Degrees of freedom of pairs of domains.
struct PairDegrees<'a> {
    estimates: &'a SurveyEstimates,
    degrees: Degrees<'a>,
}

impl<'a> PairDegrees<'a> {
    fn new(estimates: &'a SurveyEstimates) -> PairDegrees<'a> {
        let kind = estimates.request.options.domain_df;
        let degrees = Degrees::new(
            &estimates.sums,
            &estimates.units,
            &estimates.design,
            &estimates.no_answers,
            (estimates.mode, kind, estimates.df),
        );
        PairDegrees { estimates, degrees }
    }

    /// PSUs less strata of those in which the one domain or the other has respondents.
    fn between(&self, a: usize, b: usize) -> Option<f64> {
        let (one, other) = (self.estimates.keys[a], self.estimates.keys[b]);
        let mut domains = self.members(one.domain);
        domains.extend(self.members(other.domain));
        self.degrees.in_domains(&domains, one.planned, one.filtered)
    }

    /// The domains that a row is of: all groups of the standard, where there is one.
    fn members(&self, domain: usize) -> Vec<usize> {
        let domains = &self.estimates.sums.domains;
        if self.estimates.request.standard.is_none() {
            return vec![domain];
        }
        let groups = self.estimates.request.by.len();
        let group = |at: usize| domains.get(at).and_then(|values| values.get(..groups));
        (0..domains.len())
            .filter(|at| group(*at) == group(domain))
            .collect()
    }
}

fn difference(
    estimates: &SurveyEstimates,
    (a, b): (usize, usize),
    df: Option<f64>,
    critical: &CriticalValues,
) -> Comparison {
    let (one, other) = (&estimates.rows[a], &estimates.rows[b]);
    let mut row = Comparison {
        a: id(estimates, a),
        b: id(estimates, b),
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
    let d = x - y + (estimates.rests[a] - estimates.rests[b]);
    row.estimate = Some(d);
    let scores_of = |row: usize| estimates.scores.get(row)?.as_ref();
    let scores = scores_of(a).zip(scores_of(b));
    let Some((first, second)) = scores else {
        "no scores, so no variance".clone_into(&mut row.note);
        return row;
    };
    let variance = estimates.variance();
    let together = variance.variance(first) + variance.variance(second);
    let variance = together - 2.0 * variance.covariance(first, second);
    // what is left of equal sums by rounding is no variance
    if !variance.is_finite() || variance <= 1e-14 * together {
        "no interval: the variance of the difference is 0 or not known".clone_into(&mut row.note);
        return row;
    }
    let se = variance.sqrt();
    row.se = Some(se);
    let Some(critical) = critical.value(df) else {
        "no degrees of freedom, so no interval".clone_into(&mut row.note);
        return row;
    };
    row.ci_low = Some(d - critical * se);
    row.ci_high = Some(d + critical * se);
    row.z = Some(d / se);
    row.p_value = student_t::two_sided_p(d / se, df.unwrap_or(f64::INFINITY)).ok();
    row.note = match df {
        Some(df) => format!("z holds t on {df} degrees of freedom"),
        None => String::new(),
    };
    row
}

/// `q1/Agree:North,18-24`, `mean(age):North`: item, level and domain of a row.
pub fn id(estimates: &SurveyEstimates, at: usize) -> String {
    let (Some(row), Some(key)) = (estimates.rows.get(at), estimates.keys.get(at)) else {
        return String::new();
    };
    let text = estimates
        .request
        .items
        .get(key.item)
        .map(|item| item.text.as_str());
    let mut id = match (&row.level, key.part) {
        (Some(_), Part::Number) => text.unwrap_or_default().to_owned(),
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

/// The covariances of all rows of estimates.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariance {
    /// Item, level and domain of each row.
    pub labels: Vec<String>,
    /// Row by row; `None` where a row has no estimate or no scores, as a quantile.
    pub values: Vec<Vec<Option<f64>>>,
}

impl Covariance {
    /// From the scores of the rows. Where rows are drawn one by one they have to be made with
    /// [`Options::covariance`](super::Options), which keeps each respondent.
    ///
    /// R: `vcov(svyby(..., covmat = TRUE))`.
    ///
    /// # Errors
    /// More rows than a matrix is made of.
    pub fn new(estimates: &SurveyEstimates) -> Result<Covariance, Error> {
        let count = estimates.rows.len();
        check_covariance(count)?;
        let variance = estimates.variance();
        let mut values = vec![vec![None; count]; count];
        for (at, one) in estimates.scores.iter().enumerate() {
            for (beside, other) in estimates.scores.iter().enumerate().take(at + 1) {
                if let Some((one, other)) = one.as_ref().zip(other.as_ref()) {
                    let found = match at == beside {
                        true => variance.variance(one),
                        false => variance.covariance(one, other),
                    };
                    let found = Some(found).filter(|value| value.is_finite());
                    values[at][beside] = found;
                    values[beside][at] = found;
                }
            }
        }
        let labels = (0..count).map(|at| id(estimates, at)).collect();
        Ok(Covariance { labels, values })
    }

    /// As CSV: the labels in the head and before each row, an empty field for what is not known.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn to_csv(&self) -> Result<String, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::Request(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = std::iter::once("").chain(self.labels.iter().map(String::as_str));
        writer.write_record(head).map_err(|error| wrong(&error))?;
        for (label, row) in self.labels.iter().zip(&self.values) {
            let numbers = row.iter().map(|value| match value {
                Some(value) => value.to_string(),
                None => String::new(),
            });
            let fields = std::iter::once(label.clone()).chain(numbers);
            writer.write_record(fields).map_err(|error| wrong(&error))?;
        }
        let bytes = writer.into_inner().map_err(|error| wrong(&error))?;
        String::from_utf8(bytes).map_err(|error| wrong(&error))
    }
}
