//! The sums of a question, from respondents or from sums that were made of them.

use std::borrow::Cow;

use super::layout::Layout;
use super::plan::{PlannedQuestion, PlannedSet, QuestionKind};
use super::respondents::Respondents;
use super::sets::SetAnswers;
use super::sums_file::TableSums;
use super::tally::{LevelTally, NumberTally, Tallier, by_cell};
use crate::statistics::special::Sum;
use crate::survey::estimate::Error;
use crate::survey::microdata::{Codes, Value};

/// What the tables are made from.
#[derive(Clone, Copy)]
pub enum Origin<'a> {
    Respondents(Tallier<'a>),
    Sums(&'a TableSums, &'a Layout),
}

impl<'a> Origin<'a> {
    /// The scan over respondents.
    ///
    /// # Errors
    /// There are only sums; `what` can't be made of them.
    pub fn tallier(&self, what: &str) -> Result<Tallier<'a>, Error> {
        match self {
            Origin::Respondents(tallier) => Ok(*tallier),
            Origin::Sums(..) => Err(Error::Request(format!(
                "{what} can't be made of sums: it takes the respondents"
            ))),
        }
    }

    /// Why a variable that nobody named is no question, as far as respondents tell.
    pub fn no_question(&self, question: &PlannedQuestion) -> Option<&'static str> {
        let Origin::Respondents(tallier) = self else {
            return None;
        };
        let operand = match &question.kind {
            QuestionKind::Levels { operand, .. } => *operand,
            QuestionKind::Mean { terms, .. } => terms.first()?.1,
            _ => return None,
        };
        let answers = tallier.respondents.answers.get(operand)?;
        answers.no_question().filter(|_| question.of_all)
    }

    /// The values that answers to a question have, each a level.
    ///
    /// # Errors
    /// Sums that don't have the question.
    pub fn values(&self, question: &PlannedQuestion, operand: usize) -> Result<&'a [Value], Error> {
        match self {
            Origin::Respondents(tallier) => Ok(tallier.respondents.answers[operand].codes().1),
            Origin::Sums(sums, _) => sums.values(&question.key),
        }
    }

    /// Adds up by level; `levels` are the values of the question and what stands behind them, which nobody has.
    ///
    /// # Errors
    /// Sums that don't have the question.
    pub fn levels(
        &self,
        question: &PlannedQuestion,
        operand: usize,
        levels: usize,
    ) -> Result<LevelTally, Error> {
        let tallier = match self {
            Origin::Respondents(tallier) => tallier,
            Origin::Sums(sums, layout) => {
                return Ok(sums.levels(&question.key, levels, layout)?.tally(layout));
            }
        };
        let codes = level_codes(tallier.respondents, question.filter, operand, levels);
        let beyond = usize::from(question.filter.is_some());
        Ok(tallier.levels(&codes, levels + beyond))
    }

    /// Adds a linear combination of numbers up, of those who have all.
    ///
    /// # Errors
    /// Sums that don't have the question.
    pub fn numbers(
        &self,
        question: &PlannedQuestion,
        terms: &[(f64, usize)],
        constant: f64,
    ) -> Result<NumberTally, Error> {
        match self {
            Origin::Respondents(tallier) => {
                let y = combination(tallier.respondents, question.filter, (terms, constant));
                Ok(tallier.numbers(|row| y[row]))
            }
            Origin::Sums(sums, layout) => Ok(sums.numbers(&question.key, layout)?.tally(layout)),
        }
    }

    /// The answers to a question of which everybody may give several.
    ///
    /// # Errors
    /// What is wrong with the set; sums that don't have it.
    pub fn set(&self, set: &PlannedSet) -> Result<SetSource<'a>, Error> {
        Ok(match self {
            Origin::Respondents(tallier) => SetSource::Answers(
                Box::new(SetAnswers::new(set, tallier.respondents)?),
                *tallier,
            ),
            Origin::Sums(sums, layout) => SetSource::Sums {
                levels: sums.set_levels(set)?,
                name: set.name.clone(),
                sums,
                layout,
            },
        })
    }
}

/// Codes in which those outside of a condition have one that is no level.
pub fn level_codes(
    respondents: &Respondents,
    filter: Option<usize>,
    operand: usize,
    beyond: usize,
) -> Cow<'_, Codes> {
    let (codes, _) = respondents.answers[operand].codes();
    let Some(filter) = filter else {
        return Cow::Borrowed(codes);
    };
    let outside = outside(respondents, filter);
    let code = |(row, outside): (usize, &bool)| match outside {
        true => beyond as u32,
        false => codes.get(row),
    };
    Cow::Owned(Codes::Wide(outside.iter().enumerate().map(code).collect()))
}

/// The numbers of a linear combination, NaN where one is missing or outside of a condition.
pub fn combination(
    respondents: &Respondents,
    filter: Option<usize>,
    (terms, constant): (&[(f64, usize)], f64),
) -> Vec<f64> {
    let columns: Vec<(f64, &[f64])> = terms
        .iter()
        .map(|(coefficient, operand)| (*coefficient, respondents.answers[*operand].numbers()))
        .collect();
    let outside = filter.map(|filter| outside(respondents, filter));
    let of_row = |row: usize| {
        if outside.as_ref().is_some_and(|outside| outside[row]) {
            return f64::NAN;
        }
        let each = columns
            .iter()
            .map(|(coefficient, numbers)| coefficient * numbers[row]);
        constant + each.sum::<f64>()
    };
    (0..respondents.rows).map(of_row).collect()
}

/// Who does not meet a condition.
fn outside(respondents: &Respondents, filter: usize) -> Vec<bool> {
    let (codes, values) = respondents.answers[filter].codes();
    let holds = |value: &Value| *value == Value::Text("true".to_owned());
    let holds: Vec<bool> = values.iter().map(holds).collect();
    let rows = 0..respondents.rows;
    rows.map(|row| !holds[codes.get(row) as usize]).collect()
}

/// The answers of a set, and how they are added up.
pub enum SetSource<'a> {
    Answers(Box<SetAnswers>, Tallier<'a>),
    Sums {
        levels: Vec<String>,
        name: String,
        sums: &'a TableSums,
        layout: &'a Layout,
    },
}

impl SetSource<'_> {
    /// What the answers are called, in the order to be shown.
    pub fn names(&self) -> &[String] {
        match self {
            SetSource::Answers(answers, _) => &answers.levels,
            SetSource::Sums { levels, .. } => levels,
        }
    }

    /// What one should know of its variables.
    pub fn notes(&self) -> &[String] {
        match self {
            SetSource::Answers(answers, _) => &answers.notes,
            SetSource::Sums { .. } => &[],
        }
    }

    /// Answers, nets of them behind, and the base as the last level.
    ///
    /// # Errors
    /// Nets of sums: who gave two of its answers is not known any more.
    pub fn tally(&self, nets: &[Vec<usize>]) -> Result<LevelTally, Error> {
        match self {
            SetSource::Answers(answers, tallier) => Ok(tallier.set(answers, nets)),
            SetSource::Sums { name, .. } if !nets.is_empty() => Err(Error::Request(format!(
                "a net of {name} can't be made of sums: who gave several of its answers counts once, and sums don't know them"
            ))),
            SetSource::Sums {
                levels,
                name,
                sums,
                layout,
            } => {
                let key = TableSums::set_key(name);
                Ok(sums.levels(&key, levels.len() + 1, layout)?.tally(layout))
            }
        }
    }

    /// The number of answers of each.
    ///
    /// # Errors
    /// Sums that don't have it.
    pub fn mentions(&self) -> Result<NumberTally, Error> {
        match self {
            SetSource::Answers(answers, tallier) => {
                Ok(tallier.numbers(|row| answers.mentions(row)))
            }
            SetSource::Sums {
                name, sums, layout, ..
            } => Ok(sums
                .numbers(&TableSums::mentions_key(name), layout)?
                .tally(layout)),
        }
    }

    /// How many of some answers each gave.
    ///
    /// # Errors
    /// Sums, which know answers one by one.
    pub fn given_of(&self, levels: &[usize]) -> Result<NumberTally, Error> {
        match self {
            SetSource::Answers(answers, tallier) => {
                let given = |row: usize| {
                    let own = answers.row(row).iter();
                    own.filter(|level| levels.contains(&usize::from(**level)))
                        .count() as f64
                };
                Ok(tallier.numbers(|row| match answers.base[row] {
                    true => given(row),
                    false => f64::NAN,
                }))
            }
            SetSource::Sums { name, .. } => Err(Error::Request(format!(
                "a net of {name} can't be made of sums: they know its answers one by one"
            ))),
        }
    }

    /// Σ w² s 1[level] by cell and level, s the number of answers that a respondent gave; only where rows are the units.
    ///
    /// # Errors
    /// Sums that don't have it.
    pub fn squares_by_mentions(&self) -> Result<Vec<Sum>, Error> {
        match self {
            SetSource::Answers(answers, tallier) => {
                let atoms = tallier.squares_by_mentions(answers);
                Ok(by_cell(tallier.layout, &atoms, answers.levels.len()))
            }
            SetSource::Sums {
                levels,
                name,
                sums,
                layout,
            } => {
                let key = TableSums::responses_key(name);
                let atoms = sums.levels(&key, levels.len(), layout)?.square;
                Ok(by_cell(layout, &atoms, levels.len()))
            }
        }
    }
}
