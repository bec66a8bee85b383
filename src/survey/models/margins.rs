//! What a model predicts, averaged over the respondents: margins, differences, ratios, slopes.

use super::Error;
use super::family::Family;
use super::fit::Fitted;
use super::prepare::ResponseKind;
use crate::frames::Statistic;
use crate::frames::words::nearest;
use crate::statistics::adjust::{Adjust, adjusted};
use crate::statistics::linear::dot;
use crate::statistics::special::student_t;

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
    pub estimate: f64,
    pub se: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    pub n: u64,
    pub weighted_n: f64,
    /// Whether it is a share.
    pub is_share: bool,
    quantity: Quantity,
}

/// The difference of two margins of one variable.
#[derive(Clone, Debug)]
pub struct Pair {
    pub variable: String,
    pub a: String,
    pub b: String,
    pub groups: Vec<(String, String)>,
    pub response: Option<String>,
    pub estimate: f64,
    pub se: f64,
    pub ci_low: f64,
    pub ci_high: f64,
    pub t: f64,
    pub p_value: f64,
    pub p_adjusted: f64,
    pub is_share: bool,
}

/// A number with what its variance is made of.
#[derive(Clone, Debug)]
struct Quantity {
    value: f64,
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
        Quantity {
            value,
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
        Quantity {
            replicates: ratios.map(|(a, b)| a / b).collect(),
            ..self.combined(1.0 / b, other, -a / (b * b), a / b)
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
    /// model, for shares on the logit scale.
    ///
    /// Source: B. I. Graubard and E. L. Korn, "Predictive margins with survey data", Biometrics 55 (1999). R:
    /// `marginaleffects::avg_predictions(model, variables = , wts = )` for the estimates; Stata: `margins, vce(unconditional)`.
    ///
    /// # Errors
    /// A variable or level that the model does not have; respondents that a separation has left out.
    pub fn margins(&self, request: &MarginsRequest) -> Result<Vec<Margin>, Error> {
        if self
            .states
            .contains(&super::fit::CoefficientState::Separated)
        {
            return Err(Error::Data(
                "some coefficients have no bound, so that averages over all have none but at their limit: leave the level out with --where".to_owned(),
            ));
        }
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
                    self.of_variable(&mut margins, variable, domain, held, request)?;
                }
            }
        }
        Ok(margins)
    }

    fn of_variable(
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
        let of = &model.bases[base];
        let name = of.text.clone();
        if of.is_number() {
            if held.values.iter().any(|(other, _)| *other == base) {
                let average = self.average(Predictor::Mean, domain, &held.values);
                push(Statistic::Margin, &name, (None, None), average);
            }
            let slope = self.average(Predictor::Slope(base), domain, &held.values);
            push(Statistic::Slope, &name, (None, None), slope);
            return Ok(());
        }
        let mut of_levels = Vec::new();
        for level in of.in_use() {
            let mut values = held.values.clone();
            values.push((base, level as f64));
            of_levels.push((
                of.levels[level].clone(),
                self.average(Predictor::Mean, domain, &values),
            ));
        }
        // rows in the order of the levels, not from the reference on
        let place = |name: &String| of.levels.iter().position(|other| other == name);
        let Some((reference, from)) = of_levels.first().cloned() else {
            return Ok(());
        };
        of_levels.sort_by_key(|(name, _)| place(name));
        for (level, quantities) in &of_levels {
            push(
                Statistic::Margin,
                &name,
                (Some(level.clone()), None),
                quantities.clone(),
            );
        }
        let others = || of_levels.iter().filter(|(level, _)| *level != reference);
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
        let has_ratios =
            !matches!(self.prepared.family, Family::Gaussian) && from.iter().all(|q| q.value > 0.0);
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
            (None, false) => self.patterns.design_covariance(&quantity.influence, 1)[0],
        };
        (variance >= 0.0)
            .then(|| variance.sqrt())
            .filter(|se| se.is_finite())
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
        let inside: Vec<usize> = (0..self.patterns.count())
            .filter(|at| domain.inside[*at])
            .collect();
        let rows: Vec<(Vec<f64>, Vec<f64>, f64)> = inside
            .iter()
            .map(|at| self.set_row(*at, predictor, held))
            .collect();
        let predict = |(q, dq, offset): &(Vec<f64>, Vec<f64>, f64), theta: &[f64]| match predictor {
            Predictor::Mean => self.likelihood.predicted(q, *offset, theta),
            Predictor::Slope(_) => self.likelihood.slopes(q, dq, *offset, theta),
        };
        let mut sums = vec![0.0; count];
        let mut gradients = vec![vec![0.0; dim]; count];
        let mut predictions: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
        let total: f64 = inside.iter().map(|at| self.patterns.weight[*at]).sum();
        for (at, row) in inside.iter().zip(&rows) {
            let (h, derivatives) = predict(row, &self.theta);
            let w = self.patterns.weight[*at] / total;
            for k in 0..count {
                sums[k] += w * h[k];
                gradients[k]
                    .iter_mut()
                    .zip(&derivatives[k])
                    .for_each(|(sum, d)| *sum += w * d);
            }
            predictions.push(h);
        }
        let replicates: Vec<Vec<f64>> = self
            .replicates
            .iter()
            .zip(&self.patterns.replicates)
            .map(|(theta, weights)| {
                let total: f64 = inside.iter().map(|at| weights[*at]).sum();
                let mut sums = vec![0.0; count];
                for (at, row) in inside
                    .iter()
                    .zip(&rows)
                    .filter(|(at, _)| weights[**at] != 0.0)
                {
                    let (h, _) = predict(row, theta);
                    sums.iter_mut()
                        .zip(h)
                        .for_each(|(sum, h)| *sum += weights[*at] / total * h);
                }
                sums
            })
            .collect();
        let quantity = |k: usize| {
            let mut influence = Vec::new();
            if self.replicates.is_empty() {
                let scores = self.influence.chunks(dim);
                influence = scores.map(|score| dot(score, &gradients[k])).collect();
                for (at, h) in inside.iter().zip(&predictions) {
                    influence[*at] += (h[k] - sums[k]) / total;
                }
            }
            Quantity {
                value: sums[k],
                influence,
                gradient: gradients[k].clone(),
                replicates: replicates.iter().map(|of| of[k]).collect(),
            }
        };
        (0..count).map(quantity).collect()
    }

    /// The row of Q of a pattern with some bases set, its derivative where a slope is wanted, and its offset.
    fn set_row(
        &self,
        at: usize,
        predictor: Predictor,
        held: &[(usize, f64)],
    ) -> (Vec<f64>, Vec<f64>, f64) {
        let model = &self.prepared.columns;
        let row = self.patterns.example[at] as usize;
        let mut values = self.prepared.values(row);
        for (base, value) in held {
            values[*base] = *value;
        }
        let chosen =
            |x: Vec<f64>| -> Vec<f64> { self.columns.iter().map(|column| x[*column]).collect() };
        let q = self.basis.row(&chosen(model.row(&values)));
        let dq = match predictor {
            Predictor::Mean => Vec::new(),
            Predictor::Slope(base) => self.basis.row(&chosen(model.slope_row(&values, base))),
        };
        (q, dq, self.data.offset[at])
    }

    /// The groups that are averaged over, by the codes of the groups.
    fn domains(&self, request: &MarginsRequest) -> Result<Vec<Domain>, Error> {
        let columns = &self.prepared.by_columns;
        let code = |at: usize, column: &usize| {
            self.prepared
                .column(*column)
                .code(self.patterns.example[at] as usize)
        };
        let mut codes: Vec<Vec<u32>> = (0..self.patterns.count())
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
        let domain = |codes: Vec<u32>| {
            let inside: Vec<bool> = (0..self.patterns.count())
                .map(|at| {
                    columns
                        .iter()
                        .zip(&codes)
                        .all(|(column, own)| code(at, column) == *own)
                })
                .collect();
            let chosen = || (0..self.patterns.count()).filter(|at| inside[*at]);
            let named = columns.iter().zip(&codes).zip(&request.by);
            Domain {
                groups: named
                    .map(|((column, code), name)| {
                        let level = self.prepared.column(*column).names().get(*code as usize);
                        (name.clone(), level.cloned().unwrap_or_default())
                    })
                    .collect(),
                n: chosen().map(|at| self.patterns.n[at]).sum(),
                weight: chosen().map(|at| self.patterns.weight[at]).sum(),
                inside,
            }
        };
        Ok(codes.into_iter().map(domain).collect())
    }

    /// All combinations of the values that are held.
    fn held(&self, request: &MarginsRequest) -> Result<Vec<Held>, Error> {
        let model = &self.prepared.columns;
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
        let of = &self.prepared.columns.bases[base];
        if of.is_number() {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            return number
                .ok_or_else(|| Error::Usage(format!("--at {name}={text}: {name} is a number")));
        }
        let known = |at: &usize| of.present[*at];
        let levels = || {
            (0..of.levels.len())
                .filter(known)
                .map(|at| of.levels[at].as_str())
        };
        match of
            .levels
            .iter()
            .position(|level| level == text)
            .filter(known)
        {
            Some(at) => Ok(at as f64),
            None => {
                let hint = match nearest(text, levels()) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("it has {}", levels().collect::<Vec<_>>().join(", ")),
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
                self.patterns
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
                let se = self
                    .error(&difference, request.conditional)
                    .unwrap_or(f64::NAN);
                let (width, t) = (self.width() * se, difference.value / se);
                pairs.push(Pair {
                    variable: second.variable.clone(),
                    a: second.level.clone().unwrap_or_default(),
                    b: first.level.clone().unwrap_or_default(),
                    groups: second.groups.clone(),
                    response: second.response.clone(),
                    estimate: difference.value,
                    se,
                    ci_low: difference.value - width,
                    ci_high: difference.value + width,
                    t,
                    p_value: student_t::two_sided_p(t, self.df).unwrap_or(f64::NAN),
                    p_adjusted: f64::NAN,
                    is_share: second.is_share,
                });
            }
        }
        let mut variables: Vec<String> = pairs.iter().map(|pair| pair.variable.clone()).collect();
        variables.dedup();
        for variable in variables {
            let own = || pairs.iter().filter(|pair| pair.variable == variable);
            let p: Vec<f64> = own().map(|pair| pair.p_value).collect();
            let mut adjusted = adjusted(adjust, &p).into_iter();
            for pair in pairs.iter_mut().filter(|pair| pair.variable == variable) {
                pair.p_adjusted = adjusted.next().unwrap_or(f64::NAN);
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
