//! What is asked of coefficients: tests of terms, linear combinations, how well the model tells the response.

use super::Error;
use super::basis::{Basis, transformed};
use super::family::Family;
use super::fit::{Fitted, Place};
use super::likelihood::{Data, Glm, maximum};
use super::support::{Estimable, EstimableLikelihood};
use crate::frames::Test;
use crate::frames::words::{first_of, nearest};
use crate::statistics::linear::{Cholesky, dot, symmetric_eigen};
use crate::statistics::special::{fisher_f, mixture, student_t};
use crate::survey::estimate::choices;

choices! {
    /// How a term is tested.
    TermTestKind {
        /// F = b′V⁻¹b/q on q and the degrees of freedom of t. R: `regTermTest(method = "Wald")`.
        Wald = "wald",
        /// F (d − q + 1)/d on q and d − q + 1, d those of the respondents used. Stata: `test` after `svy:`.
        Adjusted = "adjusted",
        /// The working likelihood ratio of Rao and Scott. R: `regTermTest(method = "LRT")`, whose p is a saddlepoint.
        Lrt = "lrt",
    }
}

/// Terms that are tested together.
pub struct TermTest {
    pub name: String,
    pub terms: Vec<usize>,
}

impl Fitted<'_> {
    /// Each term by itself: in a product the main effects and the product.
    pub fn single_terms(&self) -> Vec<TermTest> {
        let columns = &self.prepared.columns;
        let each = 0..columns.terms.len();
        each.map(|at| TermTest {
            name: columns.term_name(at),
            terms: vec![at],
        })
        .collect()
    }

    /// Terms by name, to be tested together: `stype,stype:meals`.
    ///
    /// # Errors
    /// A term that the model does not have, with the nearest.
    pub fn joint_terms(&self, names: &[String]) -> Result<TermTest, Error> {
        let columns = &self.prepared.columns;
        let known: Vec<String> = (0..columns.terms.len())
            .map(|at| columns.term_name(at))
            .collect();
        let mut terms = Vec::new();
        for name in names {
            let mut sorted: Vec<&str> = name.split(':').map(str::trim).collect();
            sorted.sort_unstable();
            let same = |other: &String| {
                let mut own: Vec<&str> = other.split(':').collect();
                own.sort_unstable();
                own == sorted
            };
            match known.iter().position(same) {
                Some(at) => terms.push(at),
                None => {
                    let hint = match nearest(name, known.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("it has {}", first_of(&known)),
                    };
                    return Err(Error::Usage(format!(
                        "{name} is no term of the model; {hint}"
                    )));
                }
            }
        }
        Ok(TermTest {
            name: names.join(","),
            terms,
        })
    }

    /// One row a test.
    pub fn test_terms(&self, tests: &[TermTest], kind: TermTestKind) -> Vec<Test> {
        let each = tests.iter().map(|test| {
            let row = self.test_term(test, kind);
            Test {
                groups: vec![("term".to_owned(), test.name.clone())],
                test: kind.name().to_owned(),
                n: Some(self.total.n as f64),
                ..row
            }
        });
        each.collect()
    }

    fn test_term(&self, test: &TermTest, kind: TermTestKind) -> Test {
        let columns = &self.prepared.columns;
        let own = |place: &Place| match place {
            Place::Column(column, _) => {
                let term = columns.all[*column].term;
                term.is_some_and(|term| test.terms.contains(&term)) && self.is_estimated(place)
            }
            Place::Threshold(_) => false,
        };
        let at: Vec<usize> = (0..self.places.len())
            .filter(|at| own(&self.places[*at]))
            .collect();
        let without = |note: &str| Test {
            note: note.to_owned(),
            ..Test::default()
        };
        if at.is_empty() {
            return without("no coefficient of it is estimated");
        }
        let b: Vec<f64> = at.iter().map(|at| self.estimates[*at]).collect();
        let v = block(&self.estimate_covariance, self.places.len(), &at);
        let q = at.len() as f64;
        let row = match kind {
            TermTestKind::Lrt => self.likelihood_ratio(test, &at, v),
            _ => Cholesky::new(v, at.len()).map(|factor| {
                let f = factor.quadratic(&b) / q;
                let d = self.design_df;
                let (f, df2) = match kind {
                    TermTestKind::Adjusted => (f * (d - q + 1.0) / d, d - q + 1.0),
                    _ => (f, self.df),
                };
                Test {
                    statistic: Some(f),
                    df1: Some(q),
                    df2: Some(df2),
                    p_value: fisher_f::upper_tail(f, q, df2).ok(),
                    note: match df2 > 0.0 {
                        true => String::new(),
                        false => "more coefficients than degrees of freedom".to_owned(),
                    },
                    ..Test::default()
                }
            }),
        };
        row.unwrap_or_else(|| {
            without("the covariance of its coefficients has no inverse: there are too few PSUs")
        })
    }

    /// X² = drop of the deviance; δ the eigenvalues of V₀⁻¹V of the block, V₀ that of A⁻¹.
    fn likelihood_ratio(&self, test: &TermTest, at: &[usize], v: Vec<f64>) -> Option<Test> {
        let smaller = self.without(&test.terms)?;
        let x2 = smaller - self.deviance()?;
        let bread = transformed(&self.back, &self.bread, self.places.len(), self.theta.len());
        let factor = Cholesky::new(block(&bread, self.places.len(), at), at.len())?;
        let (mut delta, _) = symmetric_eigen(&factor.sandwich(&v), at.len());
        delta.sort_by(|a, b| b.total_cmp(a));
        let mean = delta.iter().sum::<f64>() / delta.len() as f64;
        let shares: Vec<f64> = delta.iter().map(|delta| delta / mean).collect();
        let statistic = x2 / mean;
        let listed: Vec<String> = shares.iter().map(ToString::to_string).collect();
        Some(Test {
            statistic: Some(statistic),
            df1: Some(at.len() as f64),
            df2: Some(self.df),
            p_value: mixture::upper_tail(&shares, statistic, self.df).ok(),
            note: format!("delta {}", listed.join(" ")),
            ..Test::default()
        })
    }

    /// The deviance of the model, weights with a mean of 1 over the respondents used.
    pub fn deviance(&self) -> Option<f64> {
        self.likelihood
            .state(&self.data, &self.weights, &self.theta, false)
            .map(|state| state.deviance)
    }

    /// The deviance of the model without some terms, fitted to the same respondents.
    fn without(&self, terms: &[usize]) -> Option<f64> {
        let model = &self.prepared.columns;
        let stays = |column: &usize| {
            model.all[*column]
                .term
                .is_none_or(|term| !terms.contains(&term))
        };
        let columns: Vec<usize> = self.columns.iter().copied().filter(stays).collect();
        if columns.is_empty() {
            // nothing but the offset
            return None;
        }
        let examples = self.patterns.example.iter();
        let mut rows = Vec::new();
        for row in examples {
            let x = model.row(&self.prepared.values(*row as usize));
            rows.extend(columns.iter().map(|column| x[*column]));
        }
        let basis = Basis::new(&rows, columns.len(), &self.weights);
        let mut data = Data {
            q: Vec::new(),
            width: basis.len(),
            ..self.data.clone()
        };
        rows.chunks(columns.len())
            .for_each(|row| data.q.extend(basis.row(row)));
        self.least_deviance(&data)
    }

    /// The deviance at the maximum of the likelihood of some columns, of what is estimable of it.
    fn least_deviance(&self, data: &Data) -> Option<f64> {
        let full = self.prepared.likelihood(data.width);
        let likelihood = match Estimable::new(full.as_ref(), data, &self.weights) {
            None => full,
            Some(estimable) => Box::new(EstimableLikelihood { full, estimable }),
        };
        let theta = maximum(likelihood.as_ref(), data, &self.weights, None).ok()?;
        let state = likelihood.state(data, &self.weights, &theta, false)?;
        Some(state.deviance)
    }

    /// Σ c b of coefficients by name, `partyIndependent - partyOther`, `meals + 2 * stypeH:meals`.
    ///
    /// R: `svycontrast(model, quote(a - b))`, with t.
    ///
    /// # Errors
    /// A name that is no coefficient, with the nearest; one without a bound.
    pub fn contrast(&self, text: &str) -> Result<Test, Error> {
        let weights = self.combination(text)?;
        let estimate = dot(&weights, &self.estimates);
        let variance = transformed(&weights, &self.estimate_covariance, 1, self.places.len())[0];
        let se = variance.max(0.0).sqrt();
        let width = self.width() * se;
        Ok(Test {
            groups: vec![("contrast".to_owned(), text.trim().to_owned())],
            test: "contrast".to_owned(),
            statistic: (se > 0.0).then(|| estimate / se),
            df2: Some(self.df),
            p_value: (se > 0.0)
                .then(|| student_t::two_sided_p(estimate / se, self.df).ok())
                .flatten(),
            estimate: Some(estimate),
            se: Some(se),
            ci_low: Some(estimate - width),
            ci_high: Some(estimate + width),
            n: Some(self.total.n as f64),
            ..Test::default()
        })
    }

    /// The weights of a linear combination of coefficients.
    fn combination(&self, text: &str) -> Result<Vec<f64>, Error> {
        let names: Vec<String> = self
            .places
            .iter()
            .map(|place| match (place, self.response_level(place)) {
                (Place::Column(_, Some(_)), Some(level)) => format!("{level}:{}", self.name(place)),
                _ => self.name(place),
            })
            .collect();
        let mut weights = vec![0.0; names.len()];
        let mut rest = text.trim();
        let mut is_first = true;
        while !rest.is_empty() {
            let (sign, after) = match (rest.strip_prefix(['+']), rest.strip_prefix(['-', '−'])) {
                (Some(after), _) => (1.0, after),
                (_, Some(after)) => (-1.0, after),
                _ if is_first => (1.0, rest),
                _ => {
                    return Err(Error::Usage(format!(
                        "--contrast {text}: + or - is missing before {rest}"
                    )));
                }
            };
            is_first = false;
            let after = after.trim_start();
            let (factor, after) = leading_factor(after);
            let (name, after) = match after
                .strip_prefix('`')
                .and_then(|quoted| quoted.split_once('`'))
            {
                Some((name, after)) => (name, after),
                None => leading_name(after, &names),
            };
            let Some(at) = names.iter().position(|other| other == name) else {
                // a level alone stands for its coefficient
                let ends = names
                    .iter()
                    .find(|other| other.ends_with(name) && !name.is_empty());
                let near = ends.map(String::as_str);
                let hint = match near.or_else(|| nearest(name, names.iter().map(String::as_str))) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("there are {}", first_of(&names)),
                };
                return Err(Error::Usage(format!(
                    "--contrast: no coefficient {name}; {hint}"
                )));
            };
            if !self.is_estimated(&self.places[at]) {
                return Err(Error::Data(format!("--contrast: {name} has no bound")));
            }
            weights[at] += sign * factor;
            rest = after.trim_start();
        }
        match weights.iter().all(|weight| *weight == 0.0) {
            true => Err(Error::Usage(format!(
                "--contrast {text}: nothing is left of it"
            ))),
            false => Ok(weights),
        }
    }

    /// How well the model tells the response, one row a number.
    ///
    /// Deviances with weights of mean 1 over the respondents used; dispersion Σ w (y − μ)²/V/Σ w; dAIC = deviance + 2 tr(V₀⁻¹V)
    /// without the constant (Lumley and Scott 2015); Cox and Snell, Nagelkerke and McFadden of binomial models, r2 of gaussian
    /// ones. No dAIC of a gaussian model, whose scale would be its own dispersion; no BIC.
    pub fn statistics(&self) -> Vec<Test> {
        let mut listed: Vec<(&str, Option<f64>)> =
            vec![("n", Some(self.patterns.total().0 as f64))];
        let deviance = self.deviance();
        let family = self.prepared.family;
        listed.push(("deviance", deviance));
        let null = self.null_deviance();
        listed.push(("null_deviance", null));
        let glm = Glm {
            family,
            link: self.prepared.link,
            width: self.data.width,
        };
        if !matches!(family, Family::Ordinal | Family::Multinomial) {
            listed.push((
                "dispersion",
                Some(glm.dispersion(&self.data, &self.weights, &self.theta)),
            ));
        }
        if family != Family::Gaussian
            && let Some(parameters) = self.effective_parameters()
        {
            listed.push(("eff_p", Some(parameters)));
            listed.push(("daic", deviance.map(|deviance| deviance + 2.0 * parameters)));
        }
        let n = self.patterns.total().0 as f64;
        if let (Some(deviance), Some(null)) = (deviance, null) {
            let cox_snell = 1.0 - ((deviance - null) / n).exp();
            match family {
                Family::Gaussian => listed.push(("r2", Some(1.0 - deviance / null))),
                Family::Binomial | Family::Ordinal | Family::Multinomial => {
                    listed.push(("cox_snell", Some(cox_snell)));
                    listed.push(("nagelkerke", Some(cox_snell / (1.0 - (-null / n).exp()))));
                    listed.push(("mcfadden", Some(1.0 - deviance / null)));
                }
                _ => {}
            }
        }
        let row = |(name, value): (&str, Option<f64>)| Test {
            test: name.to_owned(),
            statistic: value.filter(|value| value.is_finite()),
            n: Some(n),
            ..Test::default()
        };
        listed.into_iter().map(row).collect()
    }

    /// The deviance of a model of the constant, and the offset, alone.
    pub fn null_deviance(&self) -> Option<f64> {
        let data = Data {
            q: vec![1.0; self.data.len()],
            width: 1,
            ..self.data.clone()
        };
        self.least_deviance(&data)
    }

    /// tr(V₀⁻¹V) of all coefficients but the constant.
    fn effective_parameters(&self) -> Option<f64> {
        let columns = &self.prepared.columns;
        let counts = |place: &Place| match place {
            Place::Column(column, _) => {
                !columns.all[*column].parts.is_empty() && self.is_estimated(place)
            }
            Place::Threshold(_) => false,
        };
        let at: Vec<usize> = (0..self.places.len())
            .filter(|at| counts(&self.places[*at]))
            .collect();
        if at.is_empty() {
            return Some(0.0);
        }
        let width = self.places.len();
        let bread = transformed(&self.back, &self.bread, width, self.theta.len());
        let factor = Cholesky::new(block(&bread, width, &at), at.len())?;
        let matrix = factor.sandwich(&block(&self.estimate_covariance, width, &at));
        Some((0..at.len()).map(|k| matrix[k * at.len() + k]).sum())
    }
}

/// Some rows and columns of a matrix.
fn block(a: &[f64], width: usize, at: &[usize]) -> Vec<f64> {
    let entries = at
        .iter()
        .flat_map(|row| at.iter().map(move |column| a[row * width + column]));
    entries.collect()
}

/// `2 *` before a name.
fn leading_factor(text: &str) -> (f64, &str) {
    let Some((number, rest)) = text.split_once('*') else {
        return (1.0, text);
    };
    match number.trim().parse() {
        Ok(factor) => (factor, rest.trim_start()),
        Err(_) => (1.0, text),
    }
}

/// The longest known name that a text begins with, else its first word.
fn leading_name<'t>(text: &'t str, names: &[String]) -> (&'t str, &'t str) {
    let fits = |name: &&String| {
        let rest = text.strip_prefix(name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '+', '-', '−']))
    };
    let length = match names.iter().filter(fits).map(String::len).max() {
        Some(length) => length,
        None => text.find(char::is_whitespace).unwrap_or(text.len()),
    };
    text.split_at(length)
}
