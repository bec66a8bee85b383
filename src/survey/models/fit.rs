//! A model and its errors: coefficients at the maximum of the weighted likelihood, the design variance of their scores.

use std::collections::HashMap;

use rayon::prelude::*;

use super::Error;
use super::basis::{Basis, Dependent, transformed};
use super::columns::ModelColumn;
use super::degenerate::{Degeneracy, DegenerateCell};
use super::family::{Family, Link, ratio_kind, ratios};
use super::likelihood::{Data, Likelihood, NoMaximum, Support, maximum};
use super::limit::{Limit, Remaining};
use super::prepare::{FitRequest, Prepared, ResponseKind};
use super::separation::{edge, separated, separated_at};
use super::support::{Estimable, EstimableLikelihood, support_left, support_left_at};
use crate::frames::words::{and, thousands};
use crate::frames::{Coefficient, Flag};
use crate::statistics::linear::{Cholesky, dot};
use crate::statistics::special::student_t;
use crate::survey::sample::Patterns;

/// Patterns that one core goes through at least: fewer are not worth a second one.
const LEAST_SHARE: usize = 512;

/// What became of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoefficientState {
    Estimated,
    /// Nobody has the combination.
    Empty,
    /// There is no bound.
    Separated,
    /// Others say it already.
    Collinear,
}

/// A fitted model.
pub struct Fitted<'p> {
    pub prepared: &'p Prepared<'p>,
    /// Those from whom the coefficients are estimated.
    pub patterns: Patterns<'p>,
    /// Weights of the patterns with a mean of 1 over respondents.
    pub weights: Vec<f64>,
    pub data: Data,
    pub likelihood: Box<dyn Likelihood + Send + Sync>,
    pub basis: Basis,
    /// The columns of the model that are not empty, in the order of the basis' rows.
    pub columns: Vec<usize>,
    /// What became of each column of the model.
    pub states: Vec<CoefficientState>,
    /// Parameters in the basis.
    pub theta: Vec<f64>,
    /// Those of each replicate.
    pub replicates: Vec<Vec<f64>>,
    /// A⁻¹ times the score of one respondent of each pattern, where w is its weight.
    pub influence: Vec<f64>,
    /// A⁻¹ with weights of mean 1.
    pub bread: Vec<f64>,
    /// V of the parameters in the basis.
    pub covariance: Vec<f64>,
    /// What is predicted for those who were left out, where some coefficients have no bound.
    pub limit: Option<Limit<'p>>,
    /// What takes parameters of the basis to coefficients, row by row, and what these are.
    pub back: Vec<f64>,
    pub places: Vec<Place>,
    /// Those without a bound in an equation of their own.
    unbounded: Vec<Place>,
    /// Coefficients and their covariance.
    pub estimates: Vec<f64>,
    pub estimate_covariance: Vec<f64>,
    /// Degrees of freedom of t.
    pub df: f64,
    /// Those of the respondents used.
    pub design_df: f64,
    /// Respondents and events by column of the model, before any were left out for separation.
    counts: Vec<Count>,
    level_counts: Vec<Vec<Count>>,
    pub total: Count,
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
    pub level: f64,
    pub source: String,
}

/// What a coefficient is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Of a column of the model; of an equation of the response with that place.
    Column(usize, Option<usize>),
    /// Between a level of the response and the next.
    Threshold(usize),
}

/// Respondents, those with the event, and their weight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    pub n: u64,
    pub events: u64,
    pub weight: f64,
}

impl Count {
    fn add(&mut self, n: u64, event: bool, weight: f64) {
        self.n += n;
        self.events += if event { n } else { 0 };
        self.weight += weight;
    }
}

/// Fits a model to prepared respondents.
///
/// Σ w x (y − μ) μ′/V = 0 is solved to its last digit; V(b) = A⁻¹ G A⁻¹, A the expected information Σ w x x′ μ′²/V, or
/// −∂ score/∂b where that is asked for, G the design variance of the total of the scores; t on df + 1 − p, df that of the
/// respondents used.
///
/// Source: D. A. Binder, "On the variances of asymptotically normal estimators from complex surveys", International
/// Statistical Review 51 (1983). R: `svyglm(formula, design, family)`; Stata: `svy: logit`, which takes t on df and, for links
/// that are not canonical, the observed information.
///
/// # Errors
/// Columns that others say already, too few degrees of freedom, a response that is separated without error, no maximum.
pub fn fit<'p>(
    prepared: &'p Prepared<'p>,
    request: &FitRequest,
    source: &str,
) -> Result<Fitted<'p>, Error> {
    let mut work = Work::new(prepared, request)?;
    loop {
        let round = work.round()?;
        let (data, estimable) = (&round.data, round.estimable.as_ref());
        match (round.maximum(), has_levels(prepared)) {
            (Ok(theta), false) => match separated_at(prepared, data, &theta) {
                None => return work.finish(round, theta, source),
                Some(out) => work.separate(&round, &out)?,
            },
            (Ok(theta), true) => match support_left_at(prepared, data, &theta, estimable) {
                None => return work.finish(round, theta, source),
                Some(left) => work.separate_levels(&round, &left)?,
            },
            (Err(no_maximum), false) => match separated(prepared, data, &no_maximum) {
                None => return Err(Error::Data(work.does_not_converge(&round, &no_maximum))),
                Some(out) => work.separate(&round, &out)?,
            },
            (Err(no_maximum), true) => match support_left(prepared, data, &no_maximum, estimable) {
                None => return Err(Error::Data(work.does_not_converge(&round, &no_maximum))),
                Some(left) => work.separate_levels(&round, &left)?,
            },
        }
    }
}

/// Whether the response has levels, not numbers.
fn has_levels(prepared: &Prepared) -> bool {
    matches!(prepared.family, Family::Ordinal | Family::Multinomial)
}

/// A model in the making.
struct Work<'p, 'r> {
    prepared: &'p Prepared<'p>,
    request: &'r FitRequest,
    rows: Vec<u32>,
    states: Vec<CoefficientState>,
    counts: Vec<Count>,
    level_counts: Vec<Vec<Count>>,
    total: Count,
    /// The patterns of all who are used and their columns, until the first round takes them.
    everybody: Option<(Patterns<'p>, Vec<f64>)>,
    is_separated: bool,
    /// The levels of the response that are left for each pattern, by its first respondent; of those who have one alone, too.
    levels_left: HashMap<u32, Vec<bool>>,
    notes: Vec<String>,
    warnings: Vec<String>,
}

/// Patterns and columns that a maximum is looked for in.
pub struct Round<'p> {
    pub patterns: Patterns<'p>,
    weights: Vec<f64>,
    pub data: Data,
    basis: Basis,
    columns: Vec<usize>,
    likelihood: Box<dyn Likelihood + Send + Sync>,
    /// Where not all parameters are estimable from the levels left.
    estimable: Option<Estimable>,
    design_df: f64,
}

impl Round<'_> {
    fn maximum(&self) -> Result<Vec<f64>, NoMaximum> {
        maximum(self.likelihood.as_ref(), &self.data, &self.weights, None)
    }
}

impl<'p, 'r> Work<'p, 'r> {
    fn new(prepared: &'p Prepared<'p>, request: &'r FitRequest) -> Result<Work<'p, 'r>, Error> {
        let columns = &prepared.columns;
        let mut work = Work {
            prepared,
            request,
            rows: prepared.rows.clone(),
            states: vec![CoefficientState::Empty; columns.all.len()],
            counts: vec![Count::default(); columns.all.len()],
            level_counts: columns
                .bases
                .iter()
                .map(|base| vec![Count::default(); base.levels.len()])
                .collect(),
            total: Count::default(),
            everybody: None,
            is_separated: false,
            levels_left: HashMap::new(),
            notes: prepared.notes.clone(),
            warnings: prepared.sample.warnings.clone(),
        };
        let patterns = prepared.patterns(prepared.rows.clone());
        let x = prepared.design_matrix(&patterns.example);
        let has_levels = |column: &ModelColumn| column.parts.iter().any(|part| part.1.is_some());
        let has_levels: Vec<bool> = columns.all.iter().map(has_levels).collect();
        let is_condition = prepared.response == ResponseKind::Condition;
        for (at, x) in x.chunks(columns.all.len().max(1)).enumerate() {
            let row = patterns.example[at] as usize;
            let (n, weight) = (patterns.n[at], patterns.weight[at]);
            let event = is_condition && prepared.y(row) == 1.0;
            work.total.add(n, event, weight);
            for (column, x) in x.iter().enumerate() {
                if *x != 0.0 {
                    work.states[column] = CoefficientState::Estimated;
                }
                if *x != 0.0 || !has_levels[column] {
                    work.counts[column].add(n, event, weight);
                }
            }
            let codes = prepared.base_columns.iter();
            let codes = codes.map(|base| prepared.column(*base).code(row));
            for (counts, code) in work.level_counts.iter_mut().zip(codes) {
                if let Some(count) = counts.get_mut(code as usize) {
                    count.add(n, event, weight);
                }
            }
        }
        work.everybody = Some((patterns, x));
        Ok(work)
    }

    /// The columns that somebody has, made independent.
    fn round(&mut self) -> Result<Round<'p>, Error> {
        let prepared = self.prepared;
        let (patterns, x) = self.everybody.take().unwrap_or_else(|| {
            let patterns = prepared.patterns(self.rows.clone());
            let x = prepared.design_matrix(&patterns.example);
            (patterns, x)
        });
        let columns: Vec<usize> = (0..self.states.len())
            .filter(|at| self.states[*at] != CoefficientState::Empty)
            .collect();
        if columns.is_empty() {
            return Err(Error::Usage(
                "the formula has no terms and no constant".to_owned(),
            ));
        }
        let (n, total) = patterns.total();
        let weights: Vec<f64> = patterns
            .weight
            .iter()
            .map(|w| w * n as f64 / total)
            .collect();
        let examples: Vec<usize> = patterns.example.iter().map(|row| *row as usize).collect();
        let rows: Vec<f64> = match columns.len() == self.states.len() {
            true => x,
            false => {
                let rows = x.chunks(self.states.len().max(1));
                rows.flat_map(|x| columns.iter().map(|column| x[*column]))
                    .collect()
            }
        };
        let basis = Basis::new(&rows, columns.len(), &weights);
        if !basis.dependent.is_empty() {
            self.dependent(&basis, &columns)?;
        }
        let design_df = patterns.df();
        let df = design_df + 1.0 - basis.len() as f64;
        if df <= 0.0 {
            return Err(Error::Data(self.too_few(design_df, basis.len())));
        }
        if basis.len() == 0 {
            return Err(Error::Data("no column is left to be estimated".to_owned()));
        }
        let mut q = vec![0.0; patterns.count() * basis.len()];
        let each = q
            .par_chunks_mut(basis.len())
            .zip(rows.par_chunks(columns.len()));
        let each = each.with_min_len(LEAST_SHARE);
        each.for_each(|(q, row)| q.copy_from_slice(&basis.row(row)));
        let data = Data {
            q,
            width: basis.len(),
            offset: examples.iter().map(|row| prepared.offset(*row)).collect(),
            y: examples.iter().map(|row| prepared.y(*row)).collect(),
            support: self.support(&patterns),
        };
        let mut likelihood = prepared.likelihood(basis.len());
        let estimable = Estimable::new(likelihood.as_ref(), &data, &weights);
        if let Some(estimable) = &estimable {
            likelihood = Box::new(EstimableLikelihood {
                full: likelihood,
                estimable: estimable.clone(),
            });
        }
        Ok(Round {
            patterns,
            weights,
            data,
            basis,
            columns,
            likelihood,
            estimable,
            design_df,
        })
    }

    /// The levels of the response that each pattern can have; nothing where all can.
    fn support(&self, patterns: &Patterns) -> Vec<bool> {
        let all = vec![true; self.prepared.responses.len()];
        let each = patterns.example.iter();
        let each = each.map(|row| self.levels_left.get(row).unwrap_or(&all).as_slice());
        let support = each.collect::<Vec<&[bool]>>().concat();
        match support.contains(&false) {
            true => support,
            false => Vec::new(),
        }
    }

    /// "1 degree of freedom (2 PSUs in 1 stratum) for 7 coefficients".
    fn too_few(&self, df: f64, coefficients: usize) -> String {
        let plural = |count: f64, one: &str, more: &str| match count {
            1.0 => format!("1 {one}"),
            count => format!("{} {more}", thousands(count)),
        };
        let sample = &self.prepared.sample;
        let units = sample.units_of(&self.rows).into_iter();
        let mut strata: Vec<u32> = units.map(|unit| sample.units.stratum(unit)).collect();
        strata.sort_unstable();
        strata.dedup();
        let design = match sample.replication.is_some() || sample.design.df.is_some() {
            true => String::new(),
            false => {
                let strata = strata.len() as f64;
                format!(
                    " ({} in {})",
                    plural(df + strata, "PSU", "PSUs"),
                    plural(strata, "stratum", "strata")
                )
            }
        };
        format!(
            "{}{design} for {}: too few to estimate an error",
            plural(df, "degree of freedom", "degrees of freedom"),
            plural(coefficients as f64, "coefficient", "coefficients")
        )
    }

    /// Columns that others say already: after respondents were left out these have no bound; else they are refused, or left out
    /// where that was asked for.
    fn dependent(&mut self, basis: &Basis, columns: &[usize]) -> Result<(), Error> {
        if self.is_separated {
            let others = basis.dependent.iter();
            let unsettled = others.filter(|dependent| self.is_unsettled(columns[dependent.column]));
            let unsettled: Vec<&Dependent> = unsettled.collect();
            for dependent in unsettled {
                self.states[columns[dependent.column]] = CoefficientState::Separated;
                for (column, coefficient) in &dependent.combination {
                    if coefficient.abs() > 1e-9 {
                        self.states[columns[*column]] = CoefficientState::Separated;
                    }
                }
            }
            return Ok(());
        }
        let each = basis
            .dependent
            .iter()
            .map(|dependent| self.in_words(dependent, columns));
        let words: Vec<String> = each.collect();
        if !self.request.drop_collinear {
            let count = match words.len() {
                1 => "it says nothing new".to_owned(),
                several => format!("{several} columns say nothing new"),
            };
            return Err(Error::Data(format!(
                "{}: {count}. --drop-collinear leaves out {}",
                words.join("; "),
                if words.len() == 1 {
                    "the last"
                } else {
                    "these"
                }
            )));
        }
        for (dependent, words) in basis.dependent.iter().zip(words) {
            let column = columns[dependent.column];
            self.states[column] = CoefficientState::Collinear;
            self.notes.push(format!("{words}: left out"));
        }
        Ok(())
    }

    /// Whether a column that the others say now said something new before respondents were left out.
    fn is_unsettled(&self, column: usize) -> bool {
        self.states[column] != CoefficientState::Collinear
    }

    /// "growth = api00 − api99".
    fn in_words(&self, dependent: &Dependent, columns: &[usize]) -> String {
        let model = &self.prepared.columns;
        let name = |at: usize| model.name(&model.all[columns[at]]);
        let mut terms = String::new();
        for (column, coefficient) in &dependent.combination {
            let near = (coefficient * 1e6).round() / 1e6;
            if near == 0.0 {
                continue;
            }
            let constant = model.all[columns[*column]].parts.is_empty();
            let sign = match (terms.is_empty(), near < 0.0) {
                (true, false) => "",
                (true, true) => "−",
                (false, false) => " + ",
                (false, true) => " − ",
            };
            let factor = match (near.abs(), constant) {
                (1.0, false) => name(*column),
                (size, true) => size.to_string(),
                (size, false) => format!("{size} {}", name(*column)),
            };
            terms += &format!("{sign}{factor}");
        }
        if terms.is_empty() {
            terms = "0".to_owned();
        }
        format!("{} = {terms}", name(dependent.column))
    }

    /// Leaves out those whose response is separated without error by some coefficients that run on.
    fn separate(&mut self, round: &Round<'p>, out: &[bool]) -> Result<(), Error> {
        self.leave_out(round, out)?;
        self.describe(out, &round.patterns);
        Ok(())
    }

    /// The same of a response of levels: those who can have one level alone leave, others keep the levels that are left.
    fn separate_levels(&mut self, round: &Round<'p>, left: &[bool]) -> Result<(), Error> {
        let each = left.chunks(self.prepared.responses.len());
        for (row, own) in round.patterns.example.iter().zip(each.clone()) {
            self.levels_left.insert(*row, own.to_vec());
        }
        let out: Vec<bool> = each
            .map(|own| own.iter().filter(|is| **is).count() < 2)
            .collect();
        self.leave_out(round, &out)
    }

    fn leave_out(&mut self, round: &Round<'p>, out: &[bool]) -> Result<(), Error> {
        let patterns = &round.patterns;
        let pairs = patterns.rows.iter().zip(&patterns.of_row);
        let left = pairs.filter(|(_, pattern)| !out[**pattern as usize]);
        let left: Vec<u32> = left.map(|(row, _)| *row).collect();
        if left.is_empty() {
            let model = &self.prepared.columns;
            let names: Vec<String> = model.bases.iter().map(|base| base.text.clone()).collect();
            let response = &self.request.formula.response_text;
            let tell = if names.len() == 1 { "tells" } else { "tell" };
            let what = match has_levels(self.prepared) {
                true => format!("{response} of everybody"),
                false => format!("who has {response} from who has not"),
            };
            return Err(Error::Data(format!(
                "separation: {} {tell} {what} without error: there is nothing to estimate",
                and(&names)
            )));
        }
        self.is_separated = true;
        self.rows = left;
        Ok(())
    }

    /// "of the 48 with sch_wide = No nobody has stype = H or M: these relative risk ratios have no bound".
    fn describe_levels(&mut self) {
        let prepared = self.prepared;
        let response = self.request.formula.response_text.clone();
        let count = prepared.responses.len();
        let patterns = prepared.patterns(prepared.rows.clone());
        let all = vec![true; count];
        let support = |at: usize| {
            let own = self.levels_left.get(&patterns.example[at]);
            Support(own.unwrap_or(&all))
        };
        let is_separated = |found: &DegenerateCell| {
            let is_in = |at: &usize| found.cell.has(prepared, patterns.example[*at] as usize);
            let mut own = (0..patterns.count()).filter(is_in).peekable();
            own.peek().is_some()
                && own.all(|at| match found.degeneracy {
                    Degeneracy::Never(level) => !support(at).has(level),
                    _ => (0..count).filter(|level| support(at).has(*level)).count() == 1,
                })
        };
        let mut cells = DegenerateCell::all(prepared, &patterns, |_| true);
        cells.retain(is_separated);
        let reasons: Vec<String> = match cells.is_empty() {
            false => DegenerateCell::in_words(&cells, prepared, &response),
            true => {
                let is_in = |at: &usize| (0..count).any(|level| !support(*at).has(level));
                let n = (0..patterns.count()).filter(is_in);
                let n: u64 = n.map(|at| patterns.n[at]).sum();
                vec![match prepared.family {
                    Family::Ordinal => self.separates_without_error(n),
                    _ => format!(
                        "for {} respondents some levels of {response} are ruled out without error",
                        thousands(n as f64)
                    ),
                }]
            }
        };
        let ratio = ratio_kind(prepared.family, prepared.link, false).unwrap_or("coefficient");
        let is_partial = self.levels_left.values().any(|own| {
            let left = own.iter().filter(|is| **is).count();
            left > 1 && left < count
        });
        let have = match cells.len() == 1 && (prepared.family == Family::Ordinal || is_partial) {
            true => format!("the {ratio} has no bound"),
            false => format!("these {} have no bound", ratios(ratio)),
        };
        let rest = match is_partial {
            true => "what else they could have",
            false => "the respondents that this leaves",
        };
        self.warnings.push(format!(
            "{}: {have}; the others are estimated from {rest}",
            reasons.join("; ")
        ));
    }

    /// "of the 48 with sch_wide = No nobody has awards == 'Yes': the odds ratio has no bound".
    fn describe(&mut self, out: &[bool], patterns: &Patterns) {
        let prepared = self.prepared;
        let (family, link) = (prepared.family, prepared.link);
        let response = self.request.formula.response_text.clone();
        let is_out = |found: &DegenerateCell| {
            let is_in = |at: &usize| {
                let row = patterns.example[*at] as usize;
                found.cell.has(prepared, row)
            };
            let mut own = (0..patterns.count()).filter(is_in).peekable();
            own.peek().is_some() && own.all(|at| out[at])
        };
        let everybody = prepared.patterns(prepared.rows.clone());
        let mut cells = DegenerateCell::all(prepared, &everybody, |_| true);
        cells.retain(is_out);
        let words = DegenerateCell::in_words(&cells, prepared, &response).into_iter();
        let edges = cells.iter().map(|found| found.is_at_edge(link));
        let mut reasons: Vec<(String, bool)> = words.zip(edges).collect();
        if reasons.is_empty() {
            let separated = (0..patterns.count()).filter(|at| out[*at]);
            let n: u64 = separated.map(|at| patterns.n[at]).sum();
            let words = self.separates_without_error(n);
            reasons.push((words, link == Link::Identity));
        }
        let is_binary = prepared.response == ResponseKind::Condition;
        let ratio = ratio_kind(family, link, is_binary).unwrap_or("coefficient");
        for (words, is_at_edge) in reasons {
            let lies = match is_at_edge {
                true => {
                    format!("lies at the edge of what link {link} can predict, and has no error")
                }
                false => "has no bound".to_owned(),
            };
            self.warnings.push(format!(
                "{words}: the {ratio} {lies}; the others are estimated from the respondents that this leaves"
            ));
        }
    }

    /// "for 12 respondents a and b tell y without error".
    fn separates_without_error(&self, n: u64) -> String {
        let bases = &self.prepared.columns.bases;
        let names: Vec<String> = bases.iter().map(|base| base.text.clone()).collect();
        let tell = if names.len() == 1 { "tells" } else { "tell" };
        let respondents = if n == 1 { "respondent" } else { "respondents" };
        format!(
            "for {} {respondents} {} {tell} {} without error",
            thousands(n as f64),
            and(&names),
            self.request.formula.response_text
        )
    }

    /// Why there is no maximum, and what may help.
    fn does_not_converge(&self, round: &Round, no_maximum: &NoMaximum) -> String {
        let prepared = self.prepared;
        let (family, link) = (prepared.family, prepared.link);
        if matches!(family, Family::Ordinal | Family::Multinomial) {
            let response = &self.request.formula.response_text;
            let mut cells = DegenerateCell::all(prepared, &round.patterns, |_| true);
            cells.retain(|found| found.is_enough(family));
            let reasons = DegenerateCell::in_words(&cells, prepared, response);
            if !reasons.is_empty() {
                return format!(
                    "separation: {}: coefficients have no bound; join levels, leave the term out, or leave these out with --where",
                    reasons.join("; ")
                );
            }
        }
        if let Some(edge) = edge(prepared, &round.data, &no_maximum.theta) {
            let without = family.links().iter().find(|link| link.has_no_edge(family));
            let without =
                without.map_or_else(String::new, |link| format!("; --link {link} has no edge"));
            return format!(
                "the likelihood is largest at the edge of what link {link} can predict, a mean of {edge}: no estimate lies inside{without}"
            );
        }
        let back = round.basis.back();
        let p = round.basis.len();
        let step: Vec<f64> = (0..p)
            .map(|j| {
                dot(
                    &back[j * p..(j + 1) * p],
                    no_maximum.step.get(..p).unwrap_or_default(),
                )
                .abs()
            })
            .collect();
        let most = (0..p)
            .max_by(|a, b| step[*a].total_cmp(&step[*b]))
            .unwrap_or(0);
        let model = &self.prepared.columns;
        let name = round.basis.kept.get(most).map_or_else(String::new, |kept| {
            model.name(&model.all[round.columns[*kept]])
        });
        format!(
            "no maximum after {} steps: {name} still moves; another --link, or fewer terms, may help",
            no_maximum.steps
        )
    }

    /// Scores, errors and names of a model whose maximum is known.
    fn finish(
        mut self,
        round: Round<'p>,
        theta: Vec<f64>,
        source: &str,
    ) -> Result<Fitted<'p>, Error> {
        let prepared = self.prepared;
        let Round {
            patterns,
            weights,
            data,
            basis,
            columns,
            likelihood,
            estimable,
            design_df,
        } = round;
        let dim = theta.len();
        let observed =
            self.request.observed_information || matches!(prepared.family, Family::Ordinal);
        let information = likelihood
            .state(&data, &weights, &theta, observed)
            .map(|state| state.information);
        let factor = information.and_then(|information| Cholesky::new(information, dim));
        let Some(factor) = factor else {
            return Err(Error::Data(
                "the information at the maximum has no inverse: fewer terms may help".to_owned(),
            ));
        };
        let (n, total) = patterns.total();
        let mean = total / n as f64;
        let mut influence = likelihood.scores(&data, &theta);
        let each = influence.par_chunks_mut(dim).with_min_len(LEAST_SHARE);
        each.for_each(|own| {
            factor.solve(own);
            own.iter_mut().for_each(|entry| *entry /= mean);
        });
        let replicates = match &prepared.sample.replication {
            None => Vec::new(),
            Some(_) => self.replicate_estimates((&patterns, &data, likelihood.as_ref()), &theta)?,
        };
        let covariance = match &prepared.sample.replication {
            None => patterns.design_covariance(&influence, dim),
            Some(_) => patterns.replicate_covariance(&theta, &replicates),
        };
        let parameters = prepared.likelihood(basis.len()).parameters();
        let (mut back, places) = coefficient_map(prepared, &basis, &columns, parameters);
        let mut unbounded = Vec::new();
        if let Some(estimable) = &estimable {
            let rows = back.chunks(parameters).zip(&places);
            let unknown = rows.filter(|(row, _)| !estimable.has(row));
            unbounded = unknown.map(|(_, place)| place.clone()).collect();
            back = estimable.narrowed(&back);
        }
        let is_threshold = |place: &&Place| matches!(place, Place::Threshold(_));
        if self.has_unbounded_constant() {
            // the thresholds take the place of the constant
            unbounded.extend(places.iter().filter(is_threshold).cloned());
        }
        let rows = places.len();
        let estimates: Vec<f64> = back.chunks(dim).map(|row| dot(row, &theta)).collect();
        let estimate_covariance = transformed(&back, &covariance, rows, dim);
        let df = design_df + 1.0 - basis.len() as f64;
        let limit = self.is_separated.then(|| {
            let others = basis.dependent.iter();
            let unsettled = others.filter(|dependent| self.is_unsettled(columns[dependent.column]));
            let remaining = Remaining {
                patterns: &patterns,
                support: &data.support,
                influence: &influence,
                dim,
            };
            let unknown = estimable.map_or_else(Vec::new, |estimable| estimable.unknown);
            let directions = (unsettled.cloned().collect(), unknown);
            Limit::new(prepared, &remaining, (&columns, &basis), directions)
        });
        if limit.is_some() && has_levels(prepared) {
            self.describe_levels();
        }
        let mut fitted = Fitted {
            prepared,
            patterns,
            weights,
            data,
            likelihood,
            basis,
            columns,
            states: self.states,
            theta,
            replicates,
            influence,
            bread: factor.inverse(),
            covariance,
            limit,
            back,
            places,
            unbounded,
            estimates,
            estimate_covariance,
            df,
            design_df,
            counts: self.counts,
            level_counts: self.level_counts,
            total: self.total,
            notes: self.notes,
            warnings: self.warnings,
            level: self.request.level,
            source: source.to_owned(),
        };
        if df <= 3.0 {
            let t = student_t::quantile_upper(0.5 * (1.0 - fitted.level), df).unwrap_or(f64::NAN);
            fitted.notes.push(format!("only {df} degrees of freedom for t: intervals are {t:.1} standard errors to each side"));
        }
        Ok(fitted)
    }

    /// Whether the constant, of a scale all thresholds, is one of the coefficients without bound.
    fn has_unbounded_constant(&self) -> bool {
        let mut columns = self.prepared.columns.all.iter().zip(&self.states);
        columns
            .any(|(column, state)| column.parts.is_empty() && *state == CoefficientState::Separated)
    }

    /// The parameters from each replicate.
    fn replicate_estimates(
        &self,
        (patterns, data, likelihood): (&Patterns, &Data, &(dyn Likelihood + Send + Sync)),
        theta: &[f64],
    ) -> Result<Vec<Vec<f64>>, Error> {
        let one = |(at, weights): (usize, Vec<f64>)| {
            let total: f64 = weights.iter().sum();
            let n = patterns.total().0 as f64;
            let scaled: Vec<f64> = weights.iter().map(|w| w * n / total).collect();
            maximum(likelihood, data, &scaled, Some(theta)).map_err(|_| {
                let response = &self.request.formula.response_text;
                let mut cells = DegenerateCell::all(self.prepared, patterns, |at| weights[at] != 0.0);
                cells.retain(|found| found.is_enough(self.prepared.family));
                cells.truncate(1);
                let words = DegenerateCell::in_words(&cells, self.prepared, response);
                let words = words.into_iter().next();
                let why = words.unwrap_or_else(|| "the likelihood has no maximum".to_owned());
                Error::Data(format!(
                    "replicate {}, in which {why}, gives no model: join levels, or leave the term out",
                    at + 1
                ))
            })
        };
        let each: Vec<Result<Vec<f64>, Error>> =
            patterns.replicates().enumerate().map(one).collect();
        // of several without a model the first is named, whichever thread came first
        each.into_iter().collect()
    }
}

/// What takes the parameters of the basis to coefficients, and what these are.
fn coefficient_map(
    prepared: &Prepared,
    basis: &Basis,
    columns: &[usize],
    dim: usize,
) -> (Vec<f64>, Vec<Place>) {
    let (p, t) = (basis.len(), basis.back());
    let column = |j: usize| columns[basis.kept[j]];
    let mut places = Vec::new();
    let mut back: Vec<f64> = Vec::new();
    match prepared.family {
        Family::Ordinal => {
            // the first column is the constant, whose place thresholds take
            for j in 1..p {
                let mut row = vec![0.0; dim];
                row[..p - 1].copy_from_slice(&t[j * p + 1..(j + 1) * p]);
                back.extend(row);
                places.push(Place::Column(column(j), None));
            }
            for k in 0..dim + 1 - p {
                let mut row = vec![0.0; dim];
                row[..p - 1]
                    .iter_mut()
                    .zip(&t[1..p])
                    .for_each(|(entry, t)| *entry = -t);
                row[p - 1 + k] = 1.0;
                back.extend(row);
                places.push(Place::Threshold(k));
            }
        }
        Family::Multinomial => {
            for equation in 0..dim / p {
                for j in 0..p {
                    let mut row = vec![0.0; dim];
                    row[equation * p..(equation + 1) * p].copy_from_slice(&t[j * p..(j + 1) * p]);
                    back.extend(row);
                    places.push(Place::Column(column(j), Some(equation + 1)));
                }
            }
        }
        _ => {
            back = t;
            places.extend((0..p).map(|j| Place::Column(column(j), None)));
        }
    }
    (back, places)
}

impl Fitted<'_> {
    /// Half of an interval a standard error.
    pub fn width(&self) -> f64 {
        student_t::quantile_upper(0.5 * (1.0 - self.level), self.df).unwrap_or(f64::NAN)
    }

    /// The name of a coefficient: R’s, of an equation without its level.
    pub fn name(&self, place: &Place) -> String {
        let columns = &self.prepared.columns;
        match place {
            Place::Column(column, _) => columns.name(&columns.all[*column]),
            Place::Threshold(at) => {
                let names = self.prepared.response_names();
                let level = |at: usize| names.get(at).cloned().unwrap_or_default();
                format!("{}|{}", level(*at), level(at + 1))
            }
        }
    }

    /// The level of the response that a coefficient is of.
    pub fn response_level(&self, place: &Place) -> Option<String> {
        match place {
            Place::Column(_, equation) => {
                let names = self.prepared.response_names();
                names.get((*equation)?).cloned()
            }
            Place::Threshold(at) => self.prepared.response_names().get(*at).cloned(),
        }
    }

    /// Whether a coefficient has a bound.
    pub fn is_estimated(&self, place: &Place) -> bool {
        match place {
            Place::Column(column, _) => {
                self.states[*column] == CoefficientState::Estimated
                    && !self.unbounded.contains(place)
            }
            Place::Threshold(_) => !self.unbounded.contains(place),
        }
    }

    /// One row a coefficient, reference levels and empty combinations among them.
    pub fn coefficients(&self, response: &str) -> Vec<Coefficient> {
        let equations: Vec<Option<usize>> = match self.prepared.family {
            Family::Multinomial => (1..self.prepared.responses.len()).map(Some).collect(),
            _ => vec![None],
        };
        let mut rows = Vec::new();
        for equation in equations {
            let mut shown: Vec<usize> = Vec::new();
            for column in 0..self.states.len() {
                let term = self.prepared.columns.all[column].term;
                if let Some(term) = term.filter(|term| !shown.contains(term)) {
                    shown.push(term);
                    rows.extend(self.reference(term, equation, response));
                }
                let place = Place::Column(column, equation);
                if self.prepared.family == Family::Ordinal && term.is_none() {
                    continue;
                }
                rows.push(self.coefficient(&place, response));
            }
        }
        for place in self
            .places
            .iter()
            .filter(|place| matches!(place, Place::Threshold(_)))
        {
            rows.push(self.coefficient(place, response));
        }
        rows
    }

    /// The row of the reference level of a term of one factor that has one.
    fn reference(
        &self,
        term: usize,
        equation: Option<usize>,
        response: &str,
    ) -> Option<Coefficient> {
        let columns = &self.prepared.columns;
        let [factor] = columns.terms[term].as_slice() else {
            return None;
        };
        let factor = &columns.factors[*factor];
        let base = &columns.bases[factor.base];
        let own = columns
            .all
            .iter()
            .filter(|column| column.term == Some(term));
        let mut levels = own.filter_map(|column| column.parts.first()?.1);
        if base.is_number()
            || factor.transform != super::columns::Transform::Levels
            || levels.any(|level| level == base.reference)
        {
            return None;
        }
        let level = base.levels.get(base.reference)?;
        let count = self.level_counts[factor.base]
            .get(base.reference)
            .copied()
            .unwrap_or_default();
        let row = Coefficient {
            term: format!("{}{level}", factor.name),
            variable: factor.name.clone(),
            variable_level: Some(level.clone()),
            estimate: Some(0.0),
            flags: vec![Flag::Reference],
            ..self.common(&Place::Column(0, equation), count, response)
        };
        Some(Coefficient {
            ratio: row.ratio_kind.is_some().then_some(1.0),
            ..row
        })
    }

    fn common(&self, place: &Place, count: Count, response: &str) -> Coefficient {
        let prepared = self.prepared;
        let binary = prepared.response == ResponseKind::Condition;
        let kind = ratio_kind(prepared.family, prepared.link, binary);
        Coefficient {
            source: self.source.clone(),
            response: response.to_owned(),
            level: self.response_level(place),
            ratio_kind: kind.map(str::to_owned),
            n: Some(count.n as f64),
            n_event: binary.then_some(count.events as f64),
            weighted_n: Some(prepared.sample.unscaled(count.weight)),
            ..Coefficient::default()
        }
    }

    fn coefficient(&self, place: &Place, response: &str) -> Coefficient {
        let columns = &self.prepared.columns;
        let (variable, variable_level, count, state) = match place {
            Place::Column(column, _) => {
                let (variable, level) = columns.variable(&columns.all[*column]);
                (variable, level, self.counts[*column], self.states[*column])
            }
            Place::Threshold(_) => (
                self.name(place),
                None,
                self.total,
                CoefficientState::Estimated,
            ),
        };
        let state = match self.unbounded.contains(place) {
            true => CoefficientState::Separated,
            false => state,
        };
        let mut row = Coefficient {
            term: self.name(place),
            variable,
            variable_level,
            ..self.common(place, count, response)
        };
        let is_threshold = matches!(place, Place::Threshold(_));
        if is_threshold {
            row.ratio_kind = None;
        }
        let (flag, note) = match state {
            CoefficientState::Estimated => (None, String::new()),
            CoefficientState::Empty => {
                let Place::Column(column, _) = place else {
                    return row;
                };
                (
                    Some(Flag::Empty),
                    format!("nobody is {}", columns.cell(&columns.all[*column])),
                )
            }
            CoefficientState::Separated => (
                Some(Flag::Separated),
                match is_threshold {
                    true => "no bound: it runs on with coefficients that have none".to_owned(),
                    false => "no bound: the response is all one way there".to_owned(),
                },
            ),
            CoefficientState::Collinear => (
                Some(Flag::Collinear),
                "left out: other columns say it already".to_owned(),
            ),
        };
        row.note = note;
        row.flags = flag.into_iter().collect();
        let at = self
            .places
            .iter()
            .position(|other| other == place)
            .filter(|_| state == CoefficientState::Estimated);
        let Some(at) = at else {
            return row;
        };
        let estimate = self.estimates[at];
        let variance = self.estimate_covariance[at * self.places.len() + at];
        row.estimate = Some(estimate);
        if variance.is_nan() || variance < 0.0 {
            return row;
        }
        let se = variance.sqrt();
        let width = self.width() * se;
        row.se = Some(se);
        row.df = Some(self.df);
        row.ci_low = Some(estimate - width);
        row.ci_high = Some(estimate + width);
        if se > 0.0 {
            row.statistic = Some(estimate / se);
            row.p_value = student_t::two_sided_p(estimate / se, self.df).ok();
        }
        if row.ratio_kind.is_some() {
            row.ratio = Some(estimate.exp());
            row.ratio_low = Some((estimate - width).exp());
            row.ratio_high = Some((estimate + width).exp());
        }
        row
    }
}
