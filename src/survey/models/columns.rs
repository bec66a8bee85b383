//! The columns of a model: which number each term makes of a respondent.

use super::formula::{Form, Formula};
use crate::frames::words::{first_of, nearest};

/// A variable as the model takes it from the file: one value a respondent.
#[derive(Clone, Debug)]
pub struct Base {
    /// As it is called in margins: the name, or the expression.
    pub text: String,
    /// What its levels are called, in their order; none of a number.
    pub levels: Vec<String>,
    /// Which of them somebody has.
    pub present: Vec<bool>,
    /// The level that others are compared with.
    pub reference: usize,
}

impl Base {
    pub fn is_number(&self) -> bool {
        self.levels.is_empty()
    }

    /// The levels that somebody has, the reference first.
    pub fn in_use(&self) -> Vec<usize> {
        let others = (0..self.levels.len()).filter(|at| self.present[*at] && *at != self.reference);
        std::iter::once(self.reference).chain(others).collect()
    }
}

/// What a base becomes in a term.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transform {
    Identity,
    Power(i32),
    Log,
    Levels,
}

/// A factor of the formula, on its base.
#[derive(Clone, Debug)]
pub struct ModelFactor {
    pub name: String,
    pub base: usize,
    pub transform: Transform,
}

/// One column: the product of its parts; none of the constant.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelColumn {
    /// The place of its term; `None` of the constant.
    pub term: Option<usize>,
    /// Factors, each with the level that is asked for.
    pub parts: Vec<(usize, Option<usize>)>,
}

/// The columns of a model, by the values of its bases.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub bases: Vec<Base>,
    pub factors: Vec<ModelFactor>,
    pub terms: Vec<Vec<usize>>,
    pub has_constant: bool,
    pub all: Vec<ModelColumn>,
}

impl Columns {
    /// The columns in the order of R's `model.matrix`: the first factor of a product varies fastest.
    ///
    /// A factor has all its levels but the reference where its term without it is in the model, too; else all of them.
    pub fn new(formula: &Formula, bases: Vec<Base>, factors: Vec<ModelFactor>) -> Columns {
        let mut columns = Columns {
            bases,
            factors,
            terms: formula.terms.clone(),
            has_constant: formula.has_constant,
            all: Vec::new(),
        };
        let mut constant = formula.has_constant;
        if constant {
            columns.all.push(ModelColumn {
                term: None,
                parts: Vec::new(),
            });
        }
        for (at, term) in formula.terms.iter().enumerate() {
            let mut parts: Vec<Vec<(usize, Option<usize>)>> = vec![Vec::new()];
            for factor in term {
                let rest: Vec<usize> = term
                    .iter()
                    .copied()
                    .filter(|other| other != factor)
                    .collect();
                let nested = match rest.is_empty() {
                    true => constant,
                    false => columns.terms.contains(&rest),
                };
                let own = &columns.factors[*factor];
                let base = &columns.bases[own.base];
                let levels: Vec<Option<usize>> = match own.transform {
                    Transform::Levels if nested => {
                        base.in_use()[1..].iter().map(|l| Some(*l)).collect()
                    }
                    Transform::Levels => {
                        let all = (0..base.levels.len()).filter(|level| base.present[*level]);
                        all.map(Some).collect()
                    }
                    _ => vec![None],
                };
                if rest.is_empty() && own.transform == Transform::Levels {
                    // from here on the columns add up to a constant
                    constant = true;
                }
                parts = levels
                    .iter()
                    .flat_map(|level| {
                        parts.iter().map(move |before| {
                            let own = std::iter::once((*factor, *level));
                            before.iter().copied().chain(own).collect()
                        })
                    })
                    .collect();
            }
            columns
                .all
                .extend(parts.into_iter().map(|parts| ModelColumn {
                    term: Some(at),
                    parts,
                }));
        }
        columns
    }

    /// The columns of a respondent with these values: numbers, and codes of levels.
    pub fn row(&self, values: &[f64]) -> Vec<f64> {
        let each = self.all.iter();
        each.map(|column| self.entry(column, values)).collect()
    }

    /// One of these columns.
    pub fn entry(&self, column: &ModelColumn, values: &[f64]) -> f64 {
        let parts = column.parts.iter();
        parts.map(|part| self.part(*part, values)).product()
    }

    /// Their derivatives by a number.
    pub fn slope_row(&self, values: &[f64], base: usize) -> Vec<f64> {
        let one = |column: &ModelColumn| {
            let mut sum = 0.0;
            for (at, (factor, level)) in column.parts.iter().enumerate() {
                let own = &self.factors[*factor];
                if own.base != base || level.is_some() {
                    continue;
                }
                let others = column
                    .parts
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at);
                let rest: f64 = others.map(|(_, part)| self.part(*part, values)).product();
                sum += rest * slope(own.transform, values[base]);
            }
            sum
        };
        self.all.iter().map(one).collect()
    }

    fn part(&self, (factor, level): (usize, Option<usize>), values: &[f64]) -> f64 {
        let own = &self.factors[factor];
        let value = values[own.base];
        match (level, own.transform) {
            (Some(level), _) => f64::from(u8::from(value == level as f64)),
            (None, Transform::Power(power)) => value.powi(power),
            (None, Transform::Log) => value.ln(),
            (None, _) => value,
        }
    }

    /// The name of a column: variable and level, products joined by a colon.
    pub fn name(&self, column: &ModelColumn) -> String {
        if column.parts.is_empty() {
            return "(Intercept)".to_owned();
        }
        let part = |(factor, level): &(usize, Option<usize>)| {
            let own = &self.factors[*factor];
            let level = level.and_then(|level| self.bases[own.base].levels.get(level));
            format!("{}{}", own.name, level.map_or("", String::as_str))
        };
        column.parts.iter().map(part).collect::<Vec<_>>().join(":")
    }

    /// The levels that a column asks for: "party = Other with q3 = Agree".
    pub fn cell(&self, column: &ModelColumn) -> String {
        let parts = column.parts.iter().map(|(factor, level)| {
            let factor = &self.factors[*factor];
            let level = level.and_then(|level| self.bases[factor.base].levels.get(level));
            match level {
                Some(level) => format!("{} = {level}", factor.name),
                None => factor.name.clone(),
            }
        });
        parts.collect::<Vec<_>>().join(" with ")
    }

    /// The variable and the level of a column.
    pub fn variable(&self, column: &ModelColumn) -> (String, Option<String>) {
        if column.parts.is_empty() {
            return ("(Intercept)".to_owned(), None);
        }
        let names = column
            .parts
            .iter()
            .map(|(factor, _)| self.factors[*factor].name.as_str());
        let levels = column.parts.iter().filter_map(|(factor, level)| {
            let levels = &self.bases[self.factors[*factor].base].levels;
            levels.get((*level)?).map(String::as_str)
        });
        let levels: Vec<&str> = levels.collect();
        let variable = names.collect::<Vec<_>>().join(":");
        (variable, (!levels.is_empty()).then(|| levels.join(":")))
    }

    /// The name of a term.
    pub fn term_name(&self, term: usize) -> String {
        let factors = self.terms[term]
            .iter()
            .map(|factor| self.factors[*factor].name.as_str());
        factors.collect::<Vec<_>>().join(":")
    }

    /// The base that a person means by a name: of a variable, or of a factor made of one.
    ///
    /// # Errors
    /// A name that is not in the model, with the nearest that is.
    pub fn base(&self, name: &str) -> Result<usize, String> {
        let same = |base: &Base| base.text == name;
        if let Some(at) = self.bases.iter().position(same) {
            return Ok(at);
        }
        let factor = self.factors.iter().find(|factor| factor.name == name);
        if let Some(factor) = factor {
            return Ok(factor.base);
        }
        let names = || self.bases.iter().map(|base| base.text.as_str());
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("it has {}", first_of(&names().collect::<Vec<_>>())),
        };
        Err(format!("{name} is not in the model; {hint}"))
    }

    /// Whether the term has a number in it of which the model has other powers or products.
    pub fn bases_of(&self, term: usize) -> Vec<usize> {
        self.terms[term]
            .iter()
            .map(|factor| self.factors[*factor].base)
            .collect()
    }
}

fn slope(transform: Transform, x: f64) -> f64 {
    match transform {
        Transform::Identity => 1.0,
        Transform::Power(power) => f64::from(power) * x.powi(power - 1),
        Transform::Log => 1.0 / x,
        Transform::Levels => 0.0,
    }
}

impl From<&Form> for Transform {
    fn from(form: &Form) -> Transform {
        match form {
            Form::Plain => Transform::Identity,
            Form::Power(power) => Transform::Power(*power as i32),
            Form::Log => Transform::Log,
            Form::Levels(_) => Transform::Levels,
        }
    }
}
