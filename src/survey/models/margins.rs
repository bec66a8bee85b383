//! What a model predicts, averaged over the respondents: margins, differences, ratios, slopes.

use rayon::prelude::*;

use super::Error;
use super::family::Family;
use super::fit::{CoefficientState, Fitted};
use super::likelihood::{RowOfQ, Support};
use super::limit::Reach;
use super::prepare::ResponseKind;
use crate::frames::words::{first_of, nearest, thousands};
use crate::frames::{Flag, Statistic};
use crate::statistics::adjust::{Adjust, adjusted};
use crate::statistics::linear::dot;
use crate::statistics::special::student_t;
use crate::survey::sample::Patterns;

/// Which margins are wanted.
#[derive(Clone, Debug, Default)]
pub struct MarginsRequest {
    /// Variables of the model; `all` for each, `overall` for the average of what is predicted.
    pub variables: Vec<String>,
    /// Values that variables are held at, all combinations of them.
    pub at: Vec<(String, Vec<String>)>,
    /// Names of the groups whose averages are taken, in the order of the request of the model.
    pub by: Vec<String>,
    /// g′Vg, the covariates taken as fixed: Stata’s and marginaleffects’ default.
    pub conditional: bool,
    /// Intervals of probabilities by the estimate ± t standard errors, not on the logit scale.
    pub wald: bool,
}

/// One average.
#[derive(Clone, Debug)]
pub struct Margin {
    pub variable: String,
    pub level: Option<String>,
    /// The level that it is compared with.
    pub reference: Option<String>,
    /// Groups, and values that were held.
    pub groups: Vec<(String, String)>,
    /// Of a model with several responses.
    pub response: Option<String>,
    pub statistic: Statistic,
    /// NaN where there is none, as the note says.
    pub estimate: f64,
    pub se: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    pub n: u64,
    pub weighted_n: f64,
    /// Whether it is a share.
    pub is_share: bool,
    /// What is missing of it, and why.
    pub gap: Option<Gap>,
    quantity: Quantity,
}

/// Why an average, or its error, can’t be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// What is predicted has run to 0 or 1 for all: a value without an error.
    Limit,
    /// It hangs on coefficients without bound.
    NoBound,
    /// Nobody has a combination that it hangs on: "g = N with sex = f".
    Nobody(String),
    /// A ratio to 0.
    ToZero,
}

impl Gap {
    /// What is said of a row.
    pub fn note(&self) -> String {
        match self {
            Gap::Limit => {
                "a limit: where coefficients have no bound 0 or 100% is predicted for all, without a standard error".to_owned()
            }
            Gap::NoBound => "no bound: it hangs on coefficients that have none".to_owned(),
            Gap::Nobody(cell) => format!("nobody is {cell}"),
            Gap::ToZero => "there is no ratio to 0".to_owned(),
        }
    }

    /// The flag of a row.
    pub fn flag(&self) -> Option<Flag> {
        match self {
            Gap::Limit | Gap::NoBound => Some(Flag::Separated),
            Gap::Nobody(_) => Some(Flag::Empty),
            Gap::ToZero => None,
        }
    }
}

/// The difference of two margins of one variable.
#[derive(Clone, Debug)]
pub struct Pair {
    pub variable: String,
    pub a: String,
    pub b: String,
    pub groups: Vec<(String, String)>,
    pub response: Option<String>,
    /// NaN where there is none, as the gap says.
    pub estimate: f64,
    pub test: Option<PairTest>,
    pub is_share: bool,
    pub gap: Option<Gap>,
}

/// The error of a difference, and what it tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairTest {
    pub se: f64,
    pub ci_low: f64,
    pub ci_high: f64,
    pub t: f64,
    pub p_value: f64,
    pub p_adjusted: f64,
}

/// A number with what its variance is made of.
#[derive(Clone, Debug)]
struct Quantity {
    /// NaN where there is none.
    value: f64,
    gap: Option<Gap>,
    /// What one respondent of each pattern adds to it, where w is its weight; empty where there are replicates.
    influence: Vec<f64>,
    /// Its derivative by the parameters.
    gradient: Vec<f64>,
    replicates: Vec<f64>,
}

impl Quantity {
    /// a self + b other.
    fn combined(&self, a: f64, other: &Quantity, b: f64, value: f64) -> Quantity {
        let each =
            |one: &[f64], two: &[f64]| one.iter().zip(two).map(|(x, y)| a * x + b * y).collect();
        // what has no value at all says more than what has no error
        let gaps = self.gap.iter().chain(&other.gap);
        let gap = gaps.max_by_key(|gap| **gap != Gap::Limit).cloned();
        Quantity {
            value,
            gap,
            influence: each(&self.influence, &other.influence),
            gradient: each(&self.gradient, &other.gradient),
            replicates: each(&self.replicates, &other.replicates),
        }
    }

    fn minus(&self, other: &Quantity) -> Quantity {
        self.combined(1.0, other, -1.0, self.value - other.value)
    }

    fn over(&self, other: &Quantity) -> Quantity {
        let (a, b) = (self.value, other.value);
        let ratios = self.replicates.iter().zip(&other.replicates);
        let ratio = Quantity {
            replicates: ratios.map(|(a, b)| a / b).collect(),
            ..self.combined(1.0 / b, other, -a / (b * b), a / b)
        };
        match b == 0.0 {
            true => Quantity {
                value: f64::NAN,
                gap: Some(Gap::ToZero),
                ..ratio
            },
            false => ratio,
        }
    }
}

/// Groups times patterns that are averaged at most.
const MOST_AVERAGED: usize = 200_000_000;

/// Combinations of values that are held at most.
const MOST_HELD: f64 = 10_000.0;

/// A respondent with some bases set.
enum SetRow {
    /// The row of Q, its derivative where a slope is wanted, the offset, and the responses that have a share, all where none
    /// are named.
    Row {
        q: Vec<f64>,
        dq: Vec<f64>,
        offset: f64,
        support: Vec<bool>,
    },
    /// The predictions, or slopes of 0, that coefficients without bound run to.
    Limit(Vec<f64>),
    /// The responses without a limit; of the others nothing is left.
    Open(Vec<bool>),
}

impl SetRow {
    /// What is predicted of each response, and its derivatives by the parameters.
    fn predicted(
        &self,
        fitted: &Fitted,
        predictor: Predictor,
        theta: &[f64],
    ) -> (Vec<f64>, Vec<Vec<f64>>) {
        let fixed = |values: Vec<f64>| {
            let gradients = vec![vec![0.0; theta.len()]; values.len()];
            (values, gradients)
        };
        let (q, dq, offset, support) = match self {
            SetRow::Limit(values) => return fixed(values.clone()),
            SetRow::Open(open) => return fixed(vec![0.0; open.len()]),
            SetRow::Row {
                q,
                dq,
                offset,
                support,
            } => (q, dq, *offset, Support(support)),
        };
        let row = RowOfQ { q, offset, support };
        match predictor {
            Predictor::Mean => fitted.likelihood.predicted(row, theta),
            Predictor::Slope(_) => fitted.likelihood.slopes(row, dq, theta),
        }
    }

    /// Whether a response has no limit.
    fn is_open(&self, response: usize) -> bool {
        matches!(self, SetRow::Open(open) if open.get(response) == Some(&true))
    }

    /// Whether nothing of a response is estimated.
    fn is_at_limit(&self, response: usize) -> bool {
        match self {
            SetRow::Row { support, .. } => !Support(support).has(response),
            _ => true,
        }
    }
}

/// Who is averaged over.
struct Domain {
    groups: Vec<(String, String)>,
    /// By pattern.
    inside: Vec<bool>,
    n: u64,
    weight: f64,
}

/// What is averaged: predictions, or their slope in a number, with some bases held.
#[derive(Clone, Copy)]
enum Predictor {
    Mean,
    Slope(usize),
}

impl Fitted<'_> {
    /// Averages Σ w h/Σ w over the respondents used, of each group.
    ///
    /// h is the prediction with the variable set for all; a difference or ratio is to the reference level; a slope is
    /// μ′(η) ∂η/∂x, in powers and products, too. The standard error counts the respondents as sampled: that of the total of
    /// w (h − m)/W + g′A⁻¹ score, g the same average of ∂h/∂b. With `conditional` it is √(g′Vg). Intervals t on the df of the
    /// model, for shares on the logit scale. Where coefficients have no bound, h is what is predicted at their limit, 0 or 1;
    /// what has no limit has no value.
    ///
    /// Source: B. I. Graubard and E. L. Korn, "Predictive margins with survey data", Biometrics 55 (1999). R:
    /// `marginaleffects::avg_predictions(model, variables = , wts = )` for the estimates; Stata: `margins, vce(unconditional)`.
    ///
    /// # Errors
    /// A variable or level that the model does not have.
    pub fn margins(&self, request: &MarginsRequest) -> Result<Vec<Margin>, Error> {
        if request.conditional && !self.replicates.is_empty() {
            return Err(Error::Usage(
                "--se conditional has no effect here: replicate weights count the respondents as sampled".to_owned(),
            ));
        }
        let model = &self.prepared.columns;
        let domains = self.domains(request)?;
        let held = self.held(request)?;
        let mut variables: Vec<Option<usize>> = Vec::new();
        for name in &request.variables {
            match name.as_str() {
                "all" => variables.extend((0..model.bases.len()).map(Some)),
                "overall" => variables.push(None),
                name => variables.push(Some(
                    model
                        .base(name)
                        .map_err(|why| Error::Usage(format!("--margins: {why}")))?,
                )),
            }
        }
        if variables.is_empty() {
            variables.push(None);
        }
        let mut margins = Vec::new();
        for variable in variables {
            for domain in &domains {
                for held in &held {
                    self.add_margins(&mut margins, variable, domain, held, request)?;
                }
            }
        }
        Ok(margins)
    }

    fn add_margins(
        &self,
        margins: &mut Vec<Margin>,
        variable: Option<usize>,
        domain: &Domain,
        held: &Held,
        request: &MarginsRequest,
    ) -> Result<(), Error> {
        let model = &self.prepared.columns;
        let responses = self.responses();
        let mut push = |statistic,
                        variable: &str,
                        (level, reference): (Option<String>, Option<String>),
                        quantities: Vec<Quantity>| {
            for (quantity, response) in quantities.into_iter().zip(&responses) {
                let is_share = self.predicts_shares() && statistic != Statistic::Ratio;
                let groups = domain.groups.iter().chain(&held.groups).cloned();
                let mut margin = Margin {
                    variable: variable.to_owned(),
                    level: level.clone(),
                    reference: reference.clone(),
                    groups: groups.collect(),
                    response: response.clone(),
                    statistic,
                    estimate: quantity.value,
                    se: None,
                    ci_low: None,
                    ci_high: None,
                    n: domain.n,
                    weighted_n: self.prepared.sample.unscaled(domain.weight),
                    is_share,
                    gap: quantity.gap.clone(),
                    quantity,
                };
                self.add_error(&mut margin, request);
                margins.push(margin);
            }
        };
        let Some(base) = variable else {
            let average = self.average(Predictor::Mean, domain, &held.values);
            push(Statistic::Margin, "overall", (None, None), average);
            return Ok(());
        };
        let variable = &model.bases[base];
        let name = variable.text.clone();
        if variable.is_number() {
            if held.values.iter().any(|(other, _)| *other == base) {
                let average = self.average(Predictor::Mean, domain, &held.values);
                push(Statistic::Margin, &name, (None, None), average);
            }
            let slope = self.average(Predictor::Slope(base), domain, &held.values);
            push(Statistic::Slope, &name, (None, None), slope);
            return Ok(());
        }
        let mut averages = Vec::new();
        for level in variable.in_use() {
            let mut values = held.values.clone();
            values.push((base, level as f64));
            averages.push((
                variable.levels[level].clone(),
                self.average(Predictor::Mean, domain, &values),
            ));
        }
        // rows in the order of the levels, not from the reference on
        let place = |name: &String| variable.levels.iter().position(|other| other == name);
        let Some((reference, from)) = averages.first().cloned() else {
            return Ok(());
        };
        averages.sort_by_key(|(name, _)| place(name));
        for (level, quantities) in &averages {
            push(
                Statistic::Margin,
                &name,
                (Some(level.clone()), None),
                quantities.clone(),
            );
        }
        let others = || averages.iter().filter(|(level, _)| *level != reference);
        for (level, quantities) in others() {
            let differences = quantities
                .iter()
                .zip(&from)
                .map(|(one, other)| one.minus(other))
                .collect();
            push(
                Statistic::Difference,
                &name,
                (Some(level.clone()), Some(reference.clone())),
                differences,
            );
        }
        // a ratio to what has no bound is a row that says so
        let has_ratios = !matches!(self.prepared.family, Family::Gaussian)
            && from.iter().all(|q| q.value > 0.0 || q.gap.is_some());
        for (level, quantities) in others().filter(|_| has_ratios) {
            let ratios = quantities
                .iter()
                .zip(&from)
                .map(|(one, other)| one.over(other))
                .collect();
            push(
                Statistic::Ratio,
                &name,
                (Some(level.clone()), Some(reference.clone())),
                ratios,
            );
        }
        Ok(())
    }

    /// Whether predictions are shares.
    pub fn predicts_shares(&self) -> bool {
        matches!(
            self.prepared.family,
            Family::Binomial | Family::Ordinal | Family::Multinomial
        ) || self.prepared.family == Family::Poisson
            && self.prepared.response == ResponseKind::Condition
    }

    /// The names of the responses; one without a name where there is one number.
    fn responses(&self) -> Vec<Option<String>> {
        match self.prepared.responses.is_empty() {
            true => vec![None],
            false => self
                .prepared
                .response_names()
                .into_iter()
                .map(Some)
                .collect(),
        }
    }

    fn add_error(&self, margin: &mut Margin, request: &MarginsRequest) {
        let Some(se) = self.error(&margin.quantity, request.conditional) else {
            return;
        };
        let (m, width) = (margin.estimate, self.width() * se);
        margin.se = Some(se);
        let logit = margin.is_share
            && margin.statistic == Statistic::Margin
            && !request.wald
            && m > 0.0
            && m < 1.0;
        let bounds = match logit {
            true => {
                let (centre, half) = ((m / (1.0 - m)).ln(), width / (m * (1.0 - m)));
                let share = |x: f64| 1.0 / (1.0 + (-x).exp());
                (share(centre - half), share(centre + half))
            }
            false => (m - width, m + width),
        };
        (margin.ci_low, margin.ci_high) = (Some(bounds.0), Some(bounds.1));
    }

    fn error(&self, quantity: &Quantity, conditional: bool) -> Option<f64> {
        if quantity.gap.is_some() {
            return None;
        }
        let variance = match (&self.prepared.sample.replication, conditional) {
            (Some(replication), _) => {
                let side = (quantity.replicates.as_slice(), quantity.value);
                replication.covariance(side, side)
            }
            (None, true) => {
                let v = &self.covariance;
                let dim = self.theta.len();
                let each = quantity.gradient.iter().enumerate();
                each.map(|(k, g)| g * dot(&v[k * dim..(k + 1) * dim], &quantity.gradient))
                    .sum()
            }
            (None, false) => self.averaged().design_covariance(&quantity.influence, 1)[0],
        };
        (variance >= 0.0)
            .then(|| variance.sqrt())
            .filter(|se| se.is_finite())
    }

    /// Those who are averaged over: all who are used, also those whose response some coefficients without bound separate.
    fn averaged(&self) -> &Patterns<'_> {
        self.limit
            .as_ref()
            .map_or(&self.patterns, |limit| &limit.patterns)
    }

    /// The averages of all responses in a domain.
    fn average(
        &self,
        predictor: Predictor,
        domain: &Domain,
        held: &[(usize, f64)],
    ) -> Vec<Quantity> {
        let count = self.likelihood.responses();
        let dim = self.theta.len();
        let patterns = self.averaged();
        let inside: Vec<usize> = (0..patterns.count())
            .filter(|at| domain.inside[*at])
            .collect();
        let rows: Result<Vec<SetRow>, Gap> = inside
            .iter()
            .map(|at| self.set_row(patterns.example[*at] as usize, predictor, held))
            .collect();
        let rows = match rows {
            Ok(rows) => rows,
            Err(gap) => return vec![self.without_value(&gap); count],
        };
        let mut sums = vec![0.0; count];
        let mut gradients = vec![vec![0.0; dim]; count];
        let mut predictions: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
        let total: f64 = inside.iter().map(|at| patterns.weight[*at]).sum();
        for (at, row) in inside.iter().zip(&rows) {
            let (h, derivatives) = row.predicted(self, predictor, &self.theta);
            let w = patterns.weight[*at] / total;
            for k in 0..count {
                sums[k] += w * h[k];
                gradients[k]
                    .iter_mut()
                    .zip(&derivatives[k])
                    .for_each(|(sum, d)| *sum += w * d);
            }
            predictions.push(h);
        }
        let replicates: Vec<Vec<f64>> = patterns
            .replicates()
            .zip(&self.replicates)
            .map(|(weights, theta)| {
                let total: f64 = inside.iter().map(|at| weights[*at]).sum();
                let mut sums = vec![0.0; count];
                for (at, row) in inside
                    .iter()
                    .zip(&rows)
                    .filter(|(at, _)| weights[**at] != 0.0)
                {
                    let (h, _) = row.predicted(self, predictor, theta);
                    sums.iter_mut()
                        .zip(h)
                        .for_each(|(sum, h)| *sum += weights[*at] / total * h);
                }
                sums
            })
            .collect();
        let scores = self
            .limit
            .as_ref()
            .map_or(&self.influence, |limit| &limit.influence);
        let quantity = |k: usize| {
            if rows.iter().any(|row| row.is_open(k)) {
                return self.without_value(&Gap::NoBound);
            }
            let is_limit = rows.iter().all(|row| row.is_at_limit(k))
                && predictions.windows(2).all(|pair| pair[0][k] == pair[1][k]);
            let mut influence = Vec::new();
            if self.replicates.is_empty() {
                let scores = scores.chunks(dim);
                influence = scores.map(|score| dot(score, &gradients[k])).collect();
                for (at, h) in inside.iter().zip(&predictions) {
                    influence[*at] += (h[k] - sums[k]) / total;
                }
            }
            Quantity {
                // a sum of weights of 1 may lie a hair beside it
                value: if is_limit { predictions[0][k] } else { sums[k] },
                gap: is_limit.then_some(Gap::Limit),
                influence,
                gradient: gradients[k].clone(),
                replicates: replicates.iter().map(|own| own[k]).collect(),
            }
        };
        (0..count).map(quantity).collect()
    }

    fn without_value(&self, gap: &Gap) -> Quantity {
        Quantity {
            value: f64::NAN,
            gap: Some(gap.clone()),
            influence: Vec::new(),
            gradient: Vec::new(),
            replicates: Vec::new(),
        }
    }

    /// What is predicted from, for a respondent with some bases set.
    fn set_row(
        &self,
        row: usize,
        predictor: Predictor,
        held: &[(usize, f64)],
    ) -> Result<SetRow, Gap> {
        let model = &self.prepared.columns;
        let mut values = self.prepared.values(row);
        for (base, value) in held {
            values[*base] = *value;
        }
        let chosen =
            |x: &[f64]| -> Vec<f64> { self.columns.iter().map(|column| x[*column]).collect() };
        let x = model.row(&values);
        let mut empty = x.iter().zip(&self.states).zip(0..);
        let empty = empty.find(|((x, state), _)| **x != 0.0 && **state == CoefficientState::Empty);
        if let Some((_, column)) = empty {
            return Err(Gap::Nobody(model.cell(&model.all[column])));
        }
        let x = chosen(&x);
        let slope = match predictor {
            Predictor::Mean => None,
            Predictor::Slope(base) => Some(chosen(&model.slope_row(&values, base))),
        };
        let q = self.basis.row(&x);
        let dq = slope.as_ref().map(|slope| self.basis.row(slope));
        let reach = match &self.limit {
            None => Reach::Inside(Vec::new()),
            Some(limit) => {
                let reach = limit.reach(&x, &q);
                match slope.as_ref().zip(dq.as_ref()) {
                    Some((slope, dq)) => limit.slope_reach(&reach, slope, dq),
                    None => reach,
                }
            }
        };
        Ok(match reach {
            Reach::Value(values) => SetRow::Limit(values),
            Reach::Open(open) => SetRow::Open(open),
            Reach::Inside(support) => SetRow::Row {
                q,
                dq: dq.unwrap_or_default(),
                offset: self.prepared.offset(row),
                support,
            },
        })
    }

    /// The groups that are averaged over, by the codes of the groups.
    fn domains(&self, request: &MarginsRequest) -> Result<Vec<Domain>, Error> {
        let columns = &self.prepared.by_columns;
        let patterns = self.averaged();
        let code = |at: usize, column: &usize| {
            self.prepared
                .column(*column)
                .code(patterns.example[at] as usize)
        };
        let mut codes: Vec<Vec<u32>> = (0..patterns.count())
            .map(|at| {
                columns
                    .iter()
                    .map(|column| code(at, column))
                    .collect::<Vec<u32>>()
            })
            .filter(|codes| !codes.contains(&crate::survey::sample::NO_ANSWER))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() {
            return Err(Error::Data("--by: nobody used is in a group".to_owned()));
        }
        if codes.len() * patterns.count() > MOST_AVERAGED {
            return Err(Error::Usage(format!(
                "--by: {} groups, each of which is averaged over {} different respondents, are too many: join groups",
                thousands(codes.len() as f64),
                thousands(patterns.count() as f64)
            )));
        }
        let domain = |codes: Vec<u32>| {
            let inside: Vec<bool> = (0..patterns.count())
                .map(|at| {
                    columns
                        .iter()
                        .zip(&codes)
                        .all(|(column, own)| code(at, column) == *own)
                })
                .collect();
            let chosen = || (0..patterns.count()).filter(|at| inside[*at]);
            let named = columns.iter().zip(&codes).zip(&request.by);
            Domain {
                groups: named
                    .map(|((column, code), name)| {
                        let level = self.prepared.column(*column).names().get(*code as usize);
                        (name.clone(), level.cloned().unwrap_or_default())
                    })
                    .collect(),
                n: chosen().map(|at| patterns.n[at]).sum(),
                weight: chosen().map(|at| patterns.weight[at]).sum(),
                inside,
            }
        };
        Ok(codes.into_iter().map(domain).collect())
    }

    /// All combinations of the values that are held.
    fn held(&self, request: &MarginsRequest) -> Result<Vec<Held>, Error> {
        let model = &self.prepared.columns;
        let combinations: f64 = request
            .at
            .iter()
            .map(|(_, texts)| texts.len() as f64)
            .product();
        if combinations > MOST_HELD {
            return Err(Error::Usage(format!(
                "--at: {} combinations of values, and {} are read: name fewer",
                thousands(combinations),
                thousands(MOST_HELD)
            )));
        }
        let mut all = vec![Held::default()];
        for (name, texts) in &request.at {
            let base = model
                .base(name)
                .map_err(|why| Error::Usage(format!("--at: {why}")))?;
            let mut next = Vec::new();
            for held in &all {
                for text in texts {
                    let value = self.value(base, name, text)?;
                    let mut held = held.clone();
                    held.values.push((base, value));
                    held.groups.push((name.clone(), text.clone()));
                    next.push(held);
                }
            }
            all = next;
        }
        Ok(all)
    }

    /// A number, or the code of a level, as it is typed.
    fn value(&self, base: usize, name: &str, text: &str) -> Result<f64, Error> {
        let variable = &self.prepared.columns.bases[base];
        if variable.is_number() {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            return number
                .ok_or_else(|| Error::Usage(format!("--at {name}={text}: {name} is a number")));
        }
        let known = |at: &usize| variable.present[*at];
        let levels = || {
            (0..variable.levels.len())
                .filter(known)
                .map(|at| variable.levels[at].as_str())
        };
        match variable
            .levels
            .iter()
            .position(|level| level == text)
            .filter(known)
        {
            Some(at) => Ok(at as f64),
            None => {
                let hint = match nearest(text, levels()) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("it has {}", first_of(&levels().collect::<Vec<_>>())),
                };
                Err(Error::Usage(format!(
                    "--at: {name} has no level {text}; {hint}"
                )))
            }
        }
    }

    /// What --at asks for beyond what was observed.
    pub fn beyond_observed(&self, request: &MarginsRequest) -> Vec<String> {
        let mut notes = Vec::new();
        for (name, texts) in &request.at {
            let Ok(base) = self.prepared.columns.base(name) else {
                continue;
            };
            if !self.prepared.columns.bases[base].is_number() {
                continue;
            }
            let values = || {
                self.averaged()
                    .example
                    .iter()
                    .map(|row| self.prepared.values(*row as usize)[base])
            };
            let (low, high) = values()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                    (low.min(x), high.max(x))
                });
            let outside: Vec<&str> = texts
                .iter()
                .filter(|text| text.parse().is_ok_and(|x: f64| x < low || x > high))
                .map(String::as_str)
                .collect();
            if !outside.is_empty() {
                notes.push(format!(
                    "--at {name}={}: {name} was observed from {low} to {high}",
                    outside.join(",")
                ));
            }
        }
        notes
    }

    /// Differences of all pairs of margins of a variable, the later level less the earlier; or of all against one level.
    ///
    /// # Errors
    /// A level that the variable does not have.
    pub fn margin_pairs(
        &self,
        margins: &[Margin],
        (against, adjust): (Option<&str>, Adjust),
        request: &MarginsRequest,
    ) -> Result<Vec<Pair>, Error> {
        let mut pairs: Vec<Pair> = Vec::new();
        let levels: Vec<&Margin> = margins
            .iter()
            .filter(|m| m.statistic == Statistic::Margin && m.level.is_some())
            .collect();
        if let Some(against) = against
            && !levels
                .iter()
                .any(|margin| margin.level.as_deref() == Some(against))
        {
            let known = levels.iter().filter_map(|margin| margin.level.as_deref());
            let hint = nearest(against, known)
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            return Err(Error::Usage(format!(
                "--against {against}: no variable of --margins has that level{hint}"
            )));
        }
        for (at, second) in levels.iter().enumerate() {
            for (before, first) in levels.iter().enumerate() {
                let same = first.variable == second.variable
                    && first.groups == second.groups
                    && first.response == second.response;
                let wanted = match against {
                    None => before < at,
                    Some(level) => before != at && first.level.as_deref() == Some(level),
                };
                if !same || !wanted {
                    continue;
                }
                let difference = second.quantity.minus(&first.quantity);
                let se = self.error(&difference, request.conditional);
                let test = se.map(|se| {
                    let (width, t) = (self.width() * se, difference.value / se);
                    PairTest {
                        se,
                        ci_low: difference.value - width,
                        ci_high: difference.value + width,
                        t,
                        p_value: student_t::two_sided_p(t, self.df).unwrap_or(f64::NAN),
                        p_adjusted: f64::NAN,
                    }
                });
                pairs.push(Pair {
                    variable: second.variable.clone(),
                    a: second.level.clone().unwrap_or_default(),
                    b: first.level.clone().unwrap_or_default(),
                    groups: second.groups.clone(),
                    response: second.response.clone(),
                    estimate: difference.value,
                    test,
                    is_share: second.is_share,
                    gap: difference.gap,
                });
            }
        }
        let mut variables: Vec<String> = pairs.iter().map(|pair| pair.variable.clone()).collect();
        variables.dedup();
        for variable in variables {
            let own = |pair: &&mut Pair| pair.variable == variable;
            let tests = pairs.iter_mut().filter(own);
            let mut tests: Vec<&mut PairTest> =
                tests.filter_map(|pair| pair.test.as_mut()).collect();
            let p: Vec<f64> = tests.iter().map(|test| test.p_value).collect();
            for (test, adjusted) in tests.iter_mut().zip(adjusted(adjust, &p)) {
                test.p_adjusted = adjusted;
            }
        }
        Ok(pairs)
    }
}

/// Values that bases are held at.
#[derive(Clone, Debug, Default)]
struct Held {
    values: Vec<(usize, f64)>,
    groups: Vec<(String, String)>,
}
