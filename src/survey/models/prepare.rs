//! From a request to patterns and columns: names looked up, the response checked, levels counted.

use std::collections::HashSet;

use rayon::prelude::*;

use super::Error;
use super::baseline::Baseline;
use super::columns::{Base, Columns, ModelFactor, Transform};
use super::cumulative::Cumulative;
use super::family::{Family, Link};
use super::formula::{Form, Formula};
use super::likelihood::{Glm, Likelihood};
use crate::frames::words::{and, first_of, nearest, thousands};
use crate::statistics::special::mean_and_spread;
use crate::survey::design::Design;
use crate::survey::estimate::{self, Calibrated, Filter, Group, has_levels};
use crate::survey::expr::{Expr, Node};
use crate::survey::microdata::{Codebook, Source};
use crate::survey::sample::{
    ColumnKind, ColumnRequest, Entries, Patterns, Sample, SampleColumn, SampleRequest, SumsAsRows,
};

/// What is to be fitted.
#[derive(Clone, Debug)]
pub struct FitRequest {
    pub formula: Formula,
    /// By the left side where it is not named.
    pub family: Option<Family>,
    pub link: Option<Link>,
    /// The levels of an ordinal response, lowest first.
    pub order: Vec<String>,
    /// Reference levels by variable; of a multinomial response its base.
    pub references: Vec<(String, String)>,
    /// The subpopulation.
    pub filter: Option<Filter>,
    /// Groups of margins.
    pub by: Vec<Group>,
    /// A = −∂ score/∂b in the place of the expected information.
    pub observed_information: bool,
    /// Columns that others say already are left out, not refused.
    pub drop_collinear: bool,
    /// Confidence level.
    pub level: f64,
}

/// What the left side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseKind {
    Number,
    Condition,
    Levels,
}

/// A request whose names are known, and its respondents.
pub struct Prepared<'r> {
    pub family: Family,
    pub link: Link,
    pub response: ResponseKind,
    pub sample: Sample<'r>,
    pub columns: Columns,
    /// The column of the sample that each base is.
    pub base_columns: Vec<usize>,
    /// That of the response, of the offset with whether its logarithm is taken, and of the groups.
    pub response_column: usize,
    pub offset_column: Option<(usize, bool)>,
    pub by_columns: Vec<usize>,
    /// Respondents with an answer to everything.
    pub rows: Vec<u32>,
    /// The levels of the response in their order, by code; the first is the base of a multinomial model.
    pub responses: Vec<u32>,
    pub missing: Vec<(String, u64)>,
    pub notes: Vec<String>,
}

/// Reads what a model needs, and refuses what can't be one.
///
/// # Errors
/// Names and types that don't fit; a response that its family can't have; factors with one level.
pub fn prepare<'r>(
    source: &dyn Source,
    design: &Design,
    request: &FitRequest,
    weights: Option<&'r Calibrated<'r>>,
) -> Result<Prepared<'r>, Error> {
    prepared(source.codebook(), request, |columns| {
        let request = SampleRequest {
            filter: request.filter.clone(),
            weights,
            keeps_rows: false,
        };
        Sample::read(source, design, columns, &request)
    })
}

/// The same from sums that were made elsewhere, of shares of the response by the variables that explain it.
///
/// # Errors
/// As [`prepare`]; sums of other variables.
pub fn prepare_sums(rows: &SumsAsRows, request: &FitRequest) -> Result<Prepared<'static>, Error> {
    prepared(rows.memory.codebook(), request, |columns| {
        rows.sample(columns, request.filter.clone())
    })
}

fn prepared<'r>(
    codebook: &Codebook,
    request: &FitRequest,
    sample: impl FnOnce(Vec<ColumnRequest>) -> Result<Sample<'r>, estimate::Error>,
) -> Result<Prepared<'r>, Error> {
    let formula = &request.formula;
    let response = response_kind(&formula.response, codebook);
    let family = family(request, response)?;
    let link = link(request, family)?;
    if family == Family::Ordinal && !formula.has_constant {
        return Err(Error::Usage(
            "an ordinal model has thresholds in the place of a constant: leave 0 + out".to_owned(),
        ));
    }
    let mut reader = Reader::default();
    let levels = matches!(family, Family::Ordinal | Family::Multinomial);
    let kind = if levels {
        ColumnKind::Levels
    } else {
        ColumnKind::Numbers
    };
    let response_column = reader.place(&formula.response_text, &formula.response, kind);
    let mut factors = Vec::new();
    let mut base_columns: Vec<usize> = Vec::new();
    for factor in &formula.factors {
        let transform = match &factor.form {
            Form::Plain if has_levels(&factor.expr, codebook) => Transform::Levels,
            form => Transform::from(form),
        };
        let kind = match transform {
            Transform::Levels => ColumnKind::Levels,
            _ => ColumnKind::Numbers,
        };
        let column = reader.place(&text_of(&factor.expr), &factor.expr, kind);
        let base = base_columns
            .iter()
            .position(|other| *other == column)
            .unwrap_or_else(|| {
                base_columns.push(column);
                base_columns.len() - 1
            });
        factors.push(ModelFactor {
            name: factor.name.clone(),
            base,
            transform,
        });
    }
    let offset_column = formula.offset.as_ref().map(|offset| match &offset.node {
        Node::Call {
            function,
            arguments,
            filter: None,
        } if function == "log" && arguments.len() == 1 => (
            reader.place(&text_of(&arguments[0]), &arguments[0], ColumnKind::Numbers),
            true,
        ),
        _ => (
            reader.place(&text_of(offset), offset, ColumnKind::Numbers),
            false,
        ),
    });
    let by_columns = request
        .by
        .iter()
        .map(|group| reader.place(&group.text, &group.expr, ColumnKind::Levels));
    let by_columns: Vec<usize> = by_columns.collect();
    let sample = sample(reader.all)?;
    let mut used = vec![response_column];
    used.extend(&base_columns);
    used.extend(offset_column.map(|(column, _)| column));
    let rows = sample.complete(&used);
    if rows.is_empty() {
        return Err(Error::Data(match request.filter {
            Some(_) => "nobody in --where has an answer to everything in the formula".to_owned(),
            None => "nobody has an answer to everything in the formula".to_owned(),
        }));
    }
    let missing = sample.missing(&used);
    let mut prepared = Prepared {
        family,
        link,
        response,
        columns: Columns::default(),
        base_columns,
        response_column,
        offset_column,
        by_columns,
        rows,
        responses: Vec::new(),
        missing,
        notes: sample.notes.clone(),
        sample,
    };
    prepared.check_response(request)?;
    prepared.check_logarithms(&factors)?;
    prepared.check_digits(&factors)?;
    let bases = prepared.bases(request, &factors)?;
    let equations = match family {
        Family::Multinomial => prepared.responses.len().saturating_sub(1) as f64,
        _ => 1.0,
    };
    check_width(formula, &bases, &factors, equations)?;
    prepared.columns = Columns::new(formula, bases, factors);
    prepared.check_cells()?;
    Ok(prepared)
}

/// Rows of a design matrix that are made one after the other.
const ROWS: usize = 1_024;

/// With a spread of this share of the square of their mean, numbers have some six digits left for it in a float.
const LEAST_SPREAD: f64 = 1e-20;

/// More levels than this are not listed for --order.
const MOST_IN_ORDER: usize = 20;

/// More coefficients than this are no model: their covariance has as many rows and columns.
const MOST_COEFFICIENTS: f64 = 1_000.0;

/// Refuses products and factors of more levels than can be estimated, before their columns are made.
fn check_width(
    formula: &Formula,
    bases: &[Base],
    factors: &[ModelFactor],
    equations: f64,
) -> Result<(), Error> {
    let width = |term: &Vec<usize>| -> f64 {
        let base = |at: &usize| factors.get(*at).and_then(|factor| bases.get(factor.base));
        let each = term
            .iter()
            .filter_map(base)
            .map(|base| match base.is_number() {
                true => 1.0,
                false => base.present.iter().filter(|present| **present).count() as f64,
            });
        each.product()
    };
    let all = equations * formula.terms.iter().map(width).sum::<f64>();
    let widest = formula
        .terms
        .iter()
        .max_by(|one, other| width(one).total_cmp(&width(other)));
    match widest {
        Some(term) if width(term) > MOST_COEFFICIENTS => Err(Error::Usage(format!(
            "{} alone has {} coefficients, and a model takes {}: leave it out, make bands of it with cut(), or join levels",
            formula.term_name(term),
            thousands(width(term)),
            thousands(MOST_COEFFICIENTS)
        ))),
        Some(term) if all > MOST_COEFFICIENTS => {
            let several = match equations > 1.0 {
                true => format!(" in {} equations", thousands(equations)),
                false => String::new(),
            };
            let (count, name) = (thousands(all), formula.term_name(term));
            let most = thousands(MOST_COEFFICIENTS);
            Err(Error::Usage(match formula.terms.len() {
                1 => format!(
                    "{name} has {count} coefficients{several}, and a model takes {most}: join levels"
                ),
                terms => format!(
                    "{} terms have {count} coefficients{several}, and a model takes {most}: leave some out, or join levels; the widest is {name}",
                    thousands(terms as f64)
                ),
            }))
        }
        _ => Ok(()),
    }
}

/// A name without its backquotes, else the expression.
fn text_of(expr: &Expr) -> String {
    match &expr.node {
        Node::Name(name) => name.clone(),
        _ => expr.to_string(),
    }
}

fn response_kind(response: &Expr, codebook: &Codebook) -> ResponseKind {
    match (response.is_condition(), has_levels(response, codebook)) {
        (true, _) => ResponseKind::Condition,
        (false, true) => ResponseKind::Levels,
        (false, false) => ResponseKind::Number,
    }
}

fn family(request: &FitRequest, response: ResponseKind) -> Result<Family, Error> {
    let text = &request.formula.response_text;
    let levels = |family| matches!(family, Family::Ordinal | Family::Multinomial);
    match (request.family, response) {
        (None, ResponseKind::Condition) => Ok(Family::Binomial),
        (None, ResponseKind::Number) => Ok(Family::Gaussian),
        (Some(family), ResponseKind::Levels) if !levels(family) => Err(Error::Usage(format!(
            "{text} has levels: {family} takes a condition, as in \"{text} == 'LEVEL' ~ …\""
        ))),
        (Some(family), ResponseKind::Condition) if levels(family) => Err(Error::Usage(format!(
            "{text} is true or false: use --family binomial"
        ))),
        (Some(family), _) => Ok(family),
        (None, ResponseKind::Levels) => Err(Error::Usage(format!(
            "{text} has levels: name one, as in \"{text} == 'LEVEL' ~ …\", or say --family ordinal (an answer on a scale) or multinomial (without an order)"
        ))),
    }
}

fn link(request: &FitRequest, family: Family) -> Result<Link, Error> {
    let links = family.links();
    match request.link {
        None => Ok(links[0]),
        Some(link) if links.contains(&link) => Ok(link),
        Some(link) => {
            let names: Vec<String> = links.iter().map(ToString::to_string).collect();
            Err(Error::Usage(format!(
                "--link {link}: {family} takes {}",
                names.join(", ")
            )))
        }
    }
}

/// The columns that are read, each once.
#[derive(Default)]
struct Reader {
    all: Vec<ColumnRequest>,
}

impl Reader {
    fn place(&mut self, text: &str, expr: &Expr, kind: ColumnKind) -> usize {
        let same = |column: &ColumnRequest| column.expr == *expr && column.kind == kind;
        self.all.iter().position(same).unwrap_or_else(|| {
            self.all.push(ColumnRequest {
                text: text.to_owned(),
                expr: expr.clone(),
                kind,
            });
            self.all.len() - 1
        })
    }
}

impl Prepared<'_> {
    pub fn column(&self, at: usize) -> &SampleColumn {
        &self.sample.columns[at]
    }

    /// The patterns of everything that the model and its margins look at, among some respondents.
    pub fn patterns(&self, rows: Vec<u32>) -> Patterns<'_> {
        let mut places = self.base_columns.clone();
        places.extend(self.offset_column.map(|(column, _)| column));
        places.push(self.response_column);
        places.extend(&self.by_columns);
        places.sort_unstable();
        places.dedup();
        let columns: Vec<&SampleColumn> = places.iter().map(|at| self.column(*at)).collect();
        Patterns::new(&self.sample, &columns, rows)
    }

    /// The likelihood of the family, of so many columns.
    pub fn likelihood(&self, width: usize) -> Box<dyn Likelihood + Send + Sync> {
        let responses = self.responses.len();
        match self.family {
            Family::Ordinal => Box::new(Cumulative::new(self.link, width, responses)),
            Family::Multinomial => Box::new(Baseline { width, responses }),
            family => Box::new(Glm {
                family,
                link: self.link,
                width,
            }),
        }
    }

    /// The values of the bases of a respondent: numbers, and codes of levels.
    pub fn values(&self, row: usize) -> Vec<f64> {
        let each = self.base_columns.iter().zip(&self.columns.bases);
        each.map(|(column, base)| match base.is_number() {
            true => self.column(*column).number(row),
            false => f64::from(self.column(*column).code(row)),
        })
        .collect()
    }

    /// The columns of each of some respondents, row by row.
    pub fn design_matrix(&self, rows: &[u32]) -> Vec<f64> {
        let width = self.columns.all.len().max(1);
        let mut x = vec![0.0; rows.len() * width];
        let chunks = x.par_chunks_mut(width * ROWS).zip(rows.par_chunks(ROWS));
        chunks.for_each(|(x, rows)| {
            for (x, row) in x.chunks_mut(width).zip(rows) {
                let values = self.values(*row as usize);
                let columns = self.columns.all.iter();
                let each = x.iter_mut().zip(columns);
                each.for_each(|(x, column)| *x = self.columns.entry(column, &values));
            }
        });
        x
    }

    /// The offset of a respondent.
    pub fn offset(&self, row: usize) -> f64 {
        match self.offset_column {
            None => 0.0,
            Some((column, true)) => self.column(column).number(row).ln(),
            Some((column, false)) => self.column(column).number(row),
        }
    }

    /// The response of a respondent: a number, or the place of its level.
    pub fn y(&self, row: usize) -> f64 {
        let column = self.column(self.response_column);
        match self.responses.is_empty() {
            true => column.number(row),
            false => {
                let code = column.code(row);
                self.responses
                    .iter()
                    .position(|other| *other == code)
                    .map_or(f64::NAN, |at| at as f64)
            }
        }
    }

    /// What the levels of the response are called, in their order.
    pub fn response_names(&self) -> Vec<String> {
        let names = self.column(self.response_column).names();
        self.responses
            .iter()
            .filter_map(|code| names.get(*code as usize).cloned())
            .collect()
    }

    fn check_response(&mut self, request: &FitRequest) -> Result<(), Error> {
        let text = &request.formula.response_text;
        if matches!(self.family, Family::Ordinal | Family::Multinomial) {
            return self.check_levels(request);
        }
        let column = &self.sample.columns[self.response_column];
        let numbers = || self.rows.iter().map(|row| column.number(*row as usize));
        let is_condition = self.response == ResponseKind::Condition;
        let odd = |is: fn(f64) -> bool| {
            let rows = self.rows.iter().copied();
            let odd: Vec<u32> = rows
                .filter(|row| is(column.number(*row as usize)))
                .collect();
            self.sample.respondents(&odd) as f64
        };
        let infinite = if is_condition {
            0.0
        } else {
            odd(f64::is_infinite)
        };
        if infinite > 0.0 {
            return Err(Error::Data(format!(
                "{text} is infinite for {} respondents",
                thousands(infinite)
            )));
        }
        let refused = match self.family {
            Family::Binomial if !is_condition => {
                let others = odd(|y| y != 0.0 && y != 1.0);
                let example = numbers().find(|y| *y != 0.0 && *y != 1.0);
                (others > 0.0).then(|| {
                    let example = example.unwrap_or_default();
                    Error::Usage(format!(
                        "{text} holds other numbers than 0 and 1, as {example}: binomial takes a condition, as in '{text} > {example} ~ …'; numbers take --family gaussian"
                    ))
                })
            }
            Family::Poisson => {
                let below = odd(|y| y < 0.0);
                (below > 0.0).then(|| {
                    Error::Data(format!(
                        "{text} is negative for {} respondents: poisson takes counts from 0 on",
                        thousands(below)
                    ))
                })
            }
            Family::Gamma => {
                let below = odd(|y| y <= 0.0);
                (below > 0.0).then(|| {
                    Error::Data(format!(
                        "{text} is 0 or below for {} respondents: gamma takes numbers above 0",
                        thousands(below)
                    ))
                })
            }
            _ => None,
        };
        if let Some(refused) = refused {
            return Err(refused);
        }
        let mut values = numbers();
        if let Some(first) = values.next()
            && values.all(|y| y == first)
        {
            let first = match (self.response, first) {
                (ResponseKind::Condition, 1.0) => "true".to_owned(),
                (ResponseKind::Condition, _) => "false".to_owned(),
                (_, number) => number.to_string(),
            };
            let all = match self.sample.respondents(&self.rows) {
                1 => "the one respondent used".to_owned(),
                n => format!("all {} respondents used", thousands(n as f64)),
            };
            // a level that nobody has may be why
            let warnings = self.sample.warnings.iter();
            let warnings: String = warnings.map(|warning| format!("\n{warning}")).collect();
            return Err(Error::Data(format!(
                "{text} is {first} for {all}: there is nothing to explain{warnings}"
            )));
        }
        Ok(())
    }

    /// The levels of the response and their order.
    fn check_levels(&mut self, request: &FitRequest) -> Result<(), Error> {
        let text = request.formula.response_text.clone();
        let column = &self.sample.columns[self.response_column];
        let names = column.names().to_vec();
        let present = self.sample.present(self.response_column, &self.rows);
        let scale = matches!(&column.entries, Entries::Levels { is_scale: true, .. });
        let mut order: Vec<usize> = (0..names.len()).collect();
        if self.family == Family::Ordinal {
            if !request.order.is_empty() {
                let place = |name: &String| {
                    names.iter().position(|other| other == name).ok_or_else(|| {
                        let known = names.iter().map(String::as_str);
                        let hint = nearest(name, known).map_or_else(
                            || format!("it has {}", first_of(&names)),
                            |near| format!("did you mean {near}?"),
                        );
                        Error::Usage(format!("--order: {text} has no level {name}; {hint}"))
                    })
                };
                order = request.order.iter().map(place).collect::<Result<_, _>>()?;
                let left: Vec<String> = (0..names.len())
                    .filter(|at| present[*at] && !order.contains(at))
                    .map(|at| names[at].clone())
                    .collect();
                if !left.is_empty() {
                    return Err(Error::Usage(format!(
                        "--order leaves out {}: name all levels of {text}, or choose some with --where",
                        and(&left)
                    )));
                }
            } else if !scale && names.len() > 2 {
                let listed = match names.len() > MOST_IN_ORDER {
                    true => "LOW,…,HIGH".to_owned(),
                    false => names.join(","),
                };
                return Err(Error::Usage(format!(
                    "{text} is text without an order: --order '{listed}', lowest first, or a --codebook that has one"
                )));
            }
        }
        order.retain(|at| present[*at]);
        if order.len() as f64 > MOST_COEFFICIENTS {
            return Err(Error::Usage(format!(
                "{text} has {} levels, and a model takes {} coefficients: join levels, or name one, as in \"{text} == 'LEVEL' ~ …\"",
                thousands(order.len() as f64),
                thousands(MOST_COEFFICIENTS)
            )));
        }
        if order.len() < 3 && self.family == Family::Ordinal || order.len() < 2 {
            let named: Vec<String> = order.iter().map(|at| names[*at].clone()).collect();
            return Err(Error::Usage(match named.as_slice() {
                [one, other] => format!(
                    "{text} has two levels, {one} and {other}: use --family binomial and a condition, as in \"{text} == '{other}' ~ …\""
                ),
                _ => format!(
                    "{text} has one level among the respondents used, {}: there is nothing to explain",
                    named.join("")
                ),
            }));
        }
        let base = request
            .references
            .iter()
            .find(|(variable, _)| *variable == text);
        if let (Some((_, level)), Family::Multinomial) = (base, self.family) {
            let Some(at) = order.iter().position(|at| names[*at] == *level) else {
                return Err(no_level("--reference", &text, level, &names));
            };
            let first = order.remove(at);
            order.insert(0, first);
        }
        self.responses = order.into_iter().map(|at| at as u32).collect();
        Ok(())
    }

    /// Refuses numbers that lie so far from 0 that floats have no digits for what a model makes of their spread.
    fn check_digits(&self, factors: &[ModelFactor]) -> Result<(), Error> {
        let numbers = factors
            .iter()
            .filter(|factor| factor.transform != Transform::Levels);
        let mut columns: Vec<usize> = numbers
            .map(|factor| self.base_columns[factor.base])
            .collect();
        let is_number = self.column(self.response_column).names().is_empty();
        if is_number && self.response != ResponseKind::Condition {
            columns.push(self.response_column);
        }
        for column in columns.into_iter().map(|at| self.column(at)) {
            let answers = self.rows.iter().map(|row| column.number(*row as usize));
            let (mean, spread) = mean_and_spread(answers);
            let (size, spread) = ((mean * mean).value(), spread.value());
            if spread > 1e-31 * size && spread < LEAST_SPREAD * size {
                let constant = mean.value().round();
                let sign = if constant < 0.0 { '+' } else { '-' };
                return Err(Error::Data(format!(
                    "{0}: its numbers lie too far from 0 for their spread; take a constant off them: {0} {sign} {1}",
                    column.text,
                    constant.abs()
                )));
            }
        }
        Ok(())
    }

    /// Logarithms are of numbers above 0.
    fn check_logarithms(&self, factors: &[ModelFactor]) -> Result<(), Error> {
        let logged = factors
            .iter()
            .filter(|factor| factor.transform == Transform::Log);
        let logged = logged.map(|factor| (self.base_columns[factor.base], "log"));
        let offset = self.offset_column.filter(|(_, log)| *log);
        for (column, what) in logged.chain(offset.map(|(column, _)| (column, "offset(log)"))) {
            let column = self.column(column);
            let below = self.rows.iter().copied();
            let below = below.filter(|row| column.number(*row as usize) <= 0.0);
            let below: Vec<u32> = below.collect();
            if !below.is_empty() {
                let count = self.sample.respondents(&below);
                let rows = below.iter().take(5);
                let shown: Vec<String> = rows
                    .map(|row| thousands((self.sample.file_row[*row as usize] + 1) as f64))
                    .collect();
                return Err(Error::Data(format!(
                    "{what} of {}: {} 0 or less ({} {}{}), of which there is no log; --where \"{} > 0\" leaves them out",
                    column.text,
                    match count {
                        1 => "1 respondent has".to_owned(),
                        several => format!("{} respondents have", thousands(several as f64)),
                    },
                    if count == 1 { "row" } else { "rows" },
                    shown.join(", "),
                    if count > shown.len() as u64 {
                        ", …"
                    } else {
                        ""
                    },
                    column.text
                )));
            }
        }
        Ok(())
    }

    /// The bases with the levels that somebody has, and their references.
    fn bases(&mut self, request: &FitRequest, factors: &[ModelFactor]) -> Result<Vec<Base>, Error> {
        let mut bases = Vec::new();
        for (at, place) in self.base_columns.iter().enumerate() {
            let column = &self.sample.columns[*place];
            let levels = column.names().to_vec();
            let present = self.sample.present(*place, &self.rows);
            if column.names().is_empty() {
                let number = |row: &u32| column.number(*row as usize);
                if let Some(odd) = self.rows.iter().find(|row| number(row).is_infinite()) {
                    return Err(Error::Data(format!(
                        "{} is infinite in row {}",
                        column.text,
                        self.sample.file_row[*odd as usize] + 1
                    )));
                }
            }
            let in_use: Vec<usize> = (0..levels.len()).filter(|level| present[*level]).collect();
            let is_levels = matches!(&column.entries, Entries::Levels { .. });
            if is_levels && in_use.len() < 2 {
                let only = in_use.first().map_or("nothing", |at| levels[*at].as_str());
                return Err(Error::Data(format!(
                    "{} has only {only} among the {} rows used: take it out of the formula",
                    column.text,
                    thousands(self.sample.respondents(&self.rows) as f64)
                )));
            }
            let empty: Vec<String> = (0..levels.len())
                .filter(|level| !present[*level])
                .map(|level| levels[level].clone())
                .collect();
            if !empty.is_empty() {
                self.notes
                    .push(format!("nobody used has {} {}", column.text, and(&empty)));
            }
            let formula_reference =
                request
                    .formula
                    .factors
                    .iter()
                    .zip(factors)
                    .find_map(|(factor, placed)| match &factor.form {
                        Form::Levels(Some(level)) if placed.base == at => Some(level.clone()),
                        _ => None,
                    });
            let named = request
                .references
                .iter()
                .find(|(variable, _)| *variable == column.text);
            let reference = match formula_reference.or(named.map(|(_, level)| level.clone())) {
                None => in_use.first().copied().unwrap_or(0),
                Some(level) => {
                    let found = levels.iter().position(|name| *name == level);
                    match found {
                        Some(at) if present[at] => at,
                        Some(_) => {
                            return Err(Error::Data(format!(
                                "nobody used has {} = {level}: it can’t be the reference",
                                column.text
                            )));
                        }
                        None => {
                            return Err(no_level("the reference", &column.text, &level, &levels));
                        }
                    }
                }
            };
            bases.push(Base {
                text: column.text.clone(),
                levels,
                present,
                reference,
            });
        }
        for (variable, _) in &request.references {
            let known = bases
                .iter()
                .any(|base| base.text == *variable && !base.is_number());
            let is_response =
                *variable == request.formula.response_text && self.family == Family::Multinomial;
            if !known && !is_response {
                return Err(Error::Usage(format!(
                    "--reference: {variable} is no variable with levels in the formula"
                )));
            }
        }
        Ok(bases)
    }

    /// Products need somebody in each combination with a reference level.
    fn check_cells(&self) -> Result<(), Error> {
        for term in self.columns.terms.iter().filter(|term| term.len() > 1) {
            let bases: Vec<usize> = term
                .iter()
                .map(|factor| self.columns.factors[*factor].base)
                .filter(|base| !self.columns.bases[*base].is_number())
                .collect();
            let cells: usize = bases
                .iter()
                .map(|base| self.columns.bases[*base].in_use().len())
                .product();
            if cells > 100_000 {
                return Err(Error::Usage(format!(
                    "{}: {} combinations of levels; a product of so many is no model",
                    self.columns
                        .bases
                        .iter()
                        .map(|base| base.text.as_str())
                        .collect::<Vec<_>>()
                        .join(":"),
                    thousands(cells as f64)
                )));
            }
            if bases.len() < 2 {
                continue;
            }
            let met = self.combinations(&bases);
            let empty = empty_cell(&self.columns, &bases, &met);
            if let Some(cell) = empty {
                return Err(Error::Data(self.empty_reference(&bases, &cell, &met)));
            }
        }
        Ok(())
    }

    /// The combinations of levels that somebody has.
    fn combinations(&self, bases: &[usize]) -> HashSet<Vec<u32>> {
        let places: Vec<usize> = bases.iter().map(|base| self.base_columns[*base]).collect();
        let (of_row, count) = self.sample.numbered(&places, &self.rows);
        let mut known = vec![false; count];
        let mut combinations = HashSet::new();
        for (row, number) in self.rows.iter().zip(of_row) {
            if !std::mem::replace(&mut known[number as usize], true) {
                let codes = places.iter().map(|at| self.column(*at).code(*row as usize));
                combinations.insert(codes.collect());
            }
        }
        combinations
    }

    /// "nobody is party = Other with q3 = Agree: …"
    fn empty_reference(&self, bases: &[usize], cell: &[u32], met: &HashSet<Vec<u32>>) -> String {
        let base = |at: usize| &self.columns.bases[bases[at]];
        let named: Vec<String> = cell
            .iter()
            .enumerate()
            .map(|(at, code)| format!("{} = {}", base(at).text, base(at).levels[*code as usize]))
            .collect();
        // references of which every combination has somebody
        let full = (0..bases.len())
            .flat_map(|at| base(at).in_use().into_iter().map(move |level| (at, level)))
            .filter(|(at, level)| {
                let count = met
                    .iter()
                    .filter(|cell| cell[*at] as usize == *level)
                    .count();
                let all: usize = (0..bases.len())
                    .filter(|other| other != at)
                    .map(|other| base(other).in_use().len())
                    .product();
                count == all
            });
        let choices: Vec<String> = full
            .map(|(at, level)| format!("{}={}", base(at).text, base(at).levels[level]))
            .collect();
        let hint = match choices.is_empty() {
            true => "no level of either has somebody in every combination: leave the product out"
                .to_owned(),
            false => format!(
                "levels with somebody in every combination: --reference '{}'",
                choices.join("' or '")
            ),
        };
        format!(
            "nobody is {}, and a reference level has to be met with all others; {hint}",
            named.join(" with ")
        )
    }
}

/// A combination with a reference level that nobody has.
fn empty_cell(columns: &Columns, bases: &[usize], met: &HashSet<Vec<u32>>) -> Option<Vec<u32>> {
    let levels: Vec<Vec<usize>> = bases
        .iter()
        .map(|base| columns.bases[*base].in_use())
        .collect();
    let mut cells: Vec<Vec<u32>> = vec![Vec::new()];
    for own in &levels {
        cells = cells
            .iter()
            .flat_map(|before| {
                own.iter()
                    .map(move |level| [before.as_slice(), &[*level as u32]].concat())
            })
            .collect();
    }
    let refers = |cell: &Vec<u32>| {
        cell.iter()
            .zip(bases)
            .any(|(code, base)| *code as usize == columns.bases[*base].reference)
    };
    cells
        .into_iter()
        .find(|cell| refers(cell) && !met.contains(cell))
}

fn no_level(option: &str, variable: &str, level: &str, levels: &[String]) -> Error {
    let known = levels.iter().map(String::as_str);
    let hint = match nearest(level, known) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("it has {}", first_of(levels)),
    };
    Error::Usage(format!("{option}: {variable} has no level {level}; {hint}"))
}
