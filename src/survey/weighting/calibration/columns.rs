//! The columns x of a calibration or a regression, a constant, dummies of levels, numbers, and their totals.

use std::ops::Range;

use crate::survey::estimate::did_you_mean;
use crate::survey::weighting::margin::{MISSING, check_codes};
use crate::survey::weighting::{Error, Margin, OWN_CATEGORY, chunks};

/// The columns of a model matrix, without ever making the matrix: levels stay codes.
///
/// In this order: the constant, if there is one, then the parts as they were added. A variable with levels has a dummy
/// for all its levels but the first, named variable and level (`stypeH`); without a constant the first such variable
/// has one for the first level too. A number has one column under its own name.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    rows: usize,
    constant: bool,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Levels {
        name: String,
        levels: Vec<String>,
        codes: Vec<u32>,
        /// Levels below this one have no column.
        first: u32,
        /// The column of the level `first`.
        column: usize,
    },
    Number {
        name: String,
        values: Vec<f64>,
        column: usize,
    },
}

/// The largest number of columns: their products are a matrix.
const LARGEST: usize = 4096;

/// The name of the constant's column.
pub const CONSTANT: &str = "(Intercept)";

impl Columns {
    /// A constant, for a sample of `rows` rows.
    pub fn new(rows: usize) -> Columns {
        Columns {
            rows,
            constant: true,
            parts: Vec::new(),
        }
    }

    /// No column yet, and no constant.
    pub fn without_constant(rows: usize) -> Columns {
        Columns {
            constant: false,
            ..Columns::new(rows)
        }
    }

    /// A constant and the dummies of margins: what raking and poststratification amount to as a regression.
    ///
    /// Rows without an answer are a level of their own. Where they were left out ([`Margins::kept`](crate::survey::weighting::Margins::kept))
    /// the regression's base weights must be 0.
    ///
    /// Errors: as [`Columns::levels`].
    pub fn from_margins(margins: &[Margin], rows: usize) -> Result<Columns, Error> {
        let mut columns = Columns::new(rows);
        for margin in margins {
            let (mut levels, mut codes) = (margin.levels.clone(), margin.codes.clone());
            if codes.contains(&MISSING) {
                let own = u32::try_from(levels.len()).unwrap_or(MISSING);
                levels.push(OWN_CATEGORY.to_owned());
                for code in codes.iter_mut().filter(|code| **code == MISSING) {
                    *code = own;
                }
            }
            columns = columns.levels(&margin.name, levels, codes)?;
        }
        Ok(columns)
    }

    /// The same columns and the dummies of a variable. A row may be [`MISSING`] only where its base weight is 0.
    ///
    /// Errors: a length other than the number of rows; a code beyond the levels; a name that is there already.
    pub fn levels(
        mut self,
        name: &str,
        levels: Vec<String>,
        codes: Vec<u32>,
    ) -> Result<Columns, Error> {
        self.check_new(name, codes.len())?;
        check_codes(name, &codes, levels.len())?;
        let with_levels = self
            .parts
            .iter()
            .any(|part| matches!(part, Part::Levels { .. }));
        self.parts.push(Part::Levels {
            name: name.to_owned(),
            first: u32::from(self.constant || with_levels),
            column: self.len(),
            levels,
            codes,
        });
        Ok(self)
    }

    /// The same columns and a number. It may be NaN only where the base weight is 0.
    ///
    /// Errors: a length other than the number of rows; a name that is there already.
    pub fn number(mut self, name: &str, values: Vec<f64>) -> Result<Columns, Error> {
        self.check_new(name, values.len())?;
        self.parts.push(Part::Number {
            name: name.to_owned(),
            column: self.len(),
            values,
        });
        Ok(self)
    }

    fn check_new(&self, name: &str, given: usize) -> Result<(), Error> {
        let named = |part: &Part| match part {
            Part::Levels { name, .. } | Part::Number { name, .. } => name.clone(),
        };
        if self.parts.iter().any(|part| named(part) == name) {
            return Err(Error::MarginTwice(name.to_owned()));
        }
        if given != self.rows {
            return Err(Error::Length {
                what: format!("the variable {name}"),
                given,
                rows: self.rows,
            });
        }
        Ok(())
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether there is a constant; it is the first column.
    pub fn has_constant(&self) -> bool {
        self.constant
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        match self.parts.last() {
            None => usize::from(self.constant),
            Some(Part::Number { column, .. }) => column + 1,
            Some(Part::Levels {
                column,
                levels,
                first,
                ..
            }) => column + levels.len().saturating_sub(*first as usize),
        }
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(self.len());
        if self.constant {
            names.push(CONSTANT.to_owned());
        }
        for part in &self.parts {
            match part {
                Part::Number { name, .. } => names.push(name.clone()),
                Part::Levels {
                    name,
                    levels,
                    first,
                    ..
                } => {
                    names.extend(
                        levels
                            .iter()
                            .skip(*first as usize)
                            .map(|level| format!("{name}{level}")),
                    );
                }
            }
        }
        names
    }

    /// Which rows have all answers that the columns need.
    pub fn complete(&self) -> Vec<bool> {
        (0..self.rows)
            .map(|row| {
                self.parts.iter().all(|part| match part {
                    Part::Levels { codes, .. } => codes[row] != MISSING,
                    Part::Number { values, .. } => values[row].is_finite(),
                })
            })
            .collect()
    }

    /// A row that has a weight needs all answers; there are columns, not too many.
    pub(in crate::internals::survey::weighting) fn check(
        &self,
        weights: &[f64],
    ) -> Result<(), Error> {
        if self.is_empty() || self.len() > LARGEST {
            return Err(Error::ColumnCount {
                columns: self.len(),
                most: LARGEST,
            });
        }
        for part in &self.parts {
            let (name, count) = match part {
                Part::Levels { name, codes, .. } => {
                    let missing =
                        |(code, weight): &(&u32, &f64)| **code == MISSING && **weight != 0.0;
                    (name, codes.iter().zip(weights).filter(missing).count())
                }
                Part::Number { name, values, .. } => {
                    let missing =
                        |(value, weight): &(&f64, &f64)| !value.is_finite() && **weight != 0.0;
                    (name, values.iter().zip(weights).filter(missing).count())
                }
            };
            if count > 0 {
                return Err(Error::Missing {
                    variable: name.clone(),
                    count,
                });
            }
        }
        Ok(())
    }

    /// Each level is that of somebody with a weight, also in a replicate.
    pub(in crate::internals::survey::weighting) fn check_levels(
        &self,
        weights: &[f64],
    ) -> Result<(), Error> {
        for part in &self.parts {
            let Part::Levels {
                name,
                levels,
                codes,
                ..
            } = part
            else {
                continue;
            };
            let mut weighted = vec![false; levels.len()];
            for (code, _) in codes
                .iter()
                .zip(weights)
                .filter(|(_, weight)| **weight != 0.0)
            {
                if let Some(weighted) = weighted.get_mut(*code as usize) {
                    *weighted = true;
                }
            }
            if let Some(level) = weighted.iter().position(|weighted| !weighted) {
                return Err(Error::NobodyWeighted {
                    variable: name.clone(),
                    level: levels[level].clone(),
                });
            }
        }
        Ok(())
    }

    /// The weighted mean of each number, where a constant lets it be taken off; 0 for the other columns.
    pub(in crate::internals::survey::weighting) fn centres(&self, weights: &[f64]) -> Vec<f64> {
        let mut centres = vec![0.0; self.len()];
        if !self.constant {
            return centres;
        }
        let sum = chunks::sum(weights);
        for part in &self.parts {
            if let Part::Number { values, column, .. } = part {
                let total = chunks::sums(self.rows, 1, |range, sums| {
                    for (value, weight) in values[range.clone()].iter().zip(&weights[range]) {
                        // the value may be NaN where the weight is 0, and so would their product be
                        if *weight != 0.0 {
                            sums[0].add(weight * value);
                        }
                    }
                });
                centres[*column] = total[0] / sum;
            }
        }
        centres
    }

    /// The variables with levels.
    pub(in crate::internals::survey::weighting) fn dummies(&self) -> Vec<Dummies<'_>> {
        fn dummies(part: &Part) -> Option<Dummies<'_>> {
            match part {
                Part::Number { .. } => None,
                Part::Levels {
                    levels,
                    codes,
                    first,
                    column,
                    ..
                } => Some(Dummies {
                    codes,
                    levels: levels.len(),
                    first: *first,
                    column: *column as u32,
                }),
            }
        }
        self.parts.iter().filter_map(dummies).collect()
    }

    /// The numbers less their centres, each with its column. What is missing is 0.
    pub(in crate::internals::survey::weighting) fn numbers(
        &self,
        centres: &[f64],
    ) -> Vec<(u32, Vec<f64>)> {
        let known = |value: f64| if value.is_finite() { value } else { 0.0 };
        let number = |part: &Part| match part {
            Part::Levels { .. } => None,
            Part::Number { values, column, .. } => {
                let less = values.iter().map(|value| known(value - centres[*column]));
                Some((*column as u32, less.collect()))
            }
        };
        self.parts.iter().filter_map(number).collect()
    }

    /// The number of parts, the constant being one.
    pub(in crate::internals::survey::weighting) fn parts(&self) -> usize {
        usize::from(self.constant) + self.parts.len()
    }

    /// Where each part is not 0 in some rows, numbers less their centres. What is missing is 0.
    pub(in crate::internals::survey::weighting) fn fill(
        &self,
        rows: Range<usize>,
        centres: &[f64],
        places: &mut [Places],
    ) {
        let nowhere = self.len() as u32;
        let (constant, others) = places.split_at_mut(usize::from(self.constant));
        for place in constant {
            place.only = Some(0);
            place.columns.clear();
            place.columns.resize(rows.len(), 0);
            place.values.clear();
            place.values.resize(rows.len(), 1.0);
        }
        for (part, place) in self.parts.iter().zip(others) {
            place.columns.clear();
            place.values.clear();
            match part {
                Part::Levels {
                    codes,
                    first,
                    column,
                    ..
                } => {
                    let (first, column) = (*first, *column as u32);
                    place
                        .columns
                        .extend(codes[rows.clone()].iter().map(|&code| {
                            if code >= first && code != MISSING {
                                column + (code - first)
                            } else {
                                nowhere
                            }
                        }));
                    place.values.resize(rows.len(), 1.0);
                }
                Part::Number { values, column, .. } => {
                    let centre = centres[*column];
                    place.only = Some(*column as u32);
                    place.columns.resize(rows.len(), *column as u32);
                    let known = |value: &f64| {
                        if value.is_finite() {
                            value - centre
                        } else {
                            0.0
                        }
                    };
                    place.values.extend(values[rows.clone()].iter().map(known));
                }
            }
        }
    }
}

/// Columns with the total of each in the population.
#[derive(Clone, Debug, PartialEq)]
pub struct Auxiliaries {
    pub(in crate::internals::survey::weighting) columns: Columns,
    pub(in crate::internals::survey::weighting) totals: Vec<f64>,
}

impl Auxiliaries {
    /// Totals in the order of the columns.
    ///
    /// Errors: another number of totals than of columns; a total that is not finite.
    pub fn new(columns: Columns, totals: Vec<f64>) -> Result<Auxiliaries, Error> {
        if totals.len() != columns.len() {
            return Err(Error::TotalCount {
                columns: columns.len(),
                totals: totals.len(),
            });
        }
        check_finite(&columns, &totals)?;
        Ok(Auxiliaries { columns, totals })
    }

    /// Totals by the names of the columns.
    ///
    /// Errors: a column without a total, a total without a column, two totals of one name, a total that is not finite.
    pub fn named(columns: Columns, totals: &[(String, f64)]) -> Result<Auxiliaries, Error> {
        let names = columns.names();
        if let Some((given, _)) = totals.iter().find(|(given, _)| !names.contains(given)) {
            return Err(Error::UnknownAuxiliary {
                given: given.clone(),
                hint: did_you_mean(given, &names),
            });
        }
        let mut in_order = Vec::with_capacity(names.len());
        for name in names {
            let mut own = totals.iter().filter(|(given, _)| *given == name);
            match (own.next(), own.next()) {
                (Some((_, total)), None) => in_order.push(*total),
                (None, _) => return Err(Error::NoTotal(name)),
                (Some(_), Some(_)) => return Err(Error::TotalTwice(name)),
            }
        }
        Auxiliaries::new(columns, in_order)
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The totals, in the order of the columns.
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }
}

/// Totals are finite.
pub(in crate::internals::survey::weighting) fn check_finite(
    columns: &Columns,
    totals: &[f64],
) -> Result<(), Error> {
    match totals.iter().position(|total| !total.is_finite()) {
        None => Ok(()),
        Some(place) => Err(Error::AuxiliaryTotal {
            auxiliary: columns.names().swap_remove(place),
            total: totals[place],
        }),
    }
}

/// Where a part is not 0, and what it is there. The place one beyond the last column takes what is in no column.
#[derive(Clone, Default)]
pub(in crate::internals::survey::weighting) struct Places {
    pub(in crate::internals::survey::weighting) columns: Vec<u32>,
    pub(in crate::internals::survey::weighting) values: Vec<f64>,
    /// The column, where it is the same in all rows.
    pub(in crate::internals::survey::weighting) only: Option<u32>,
}

/// A variable of a regression: the columns of its levels.
pub(in crate::internals::survey::weighting) struct Dummies<'a> {
    pub(in crate::internals::survey::weighting) codes: &'a [u32],
    pub(in crate::internals::survey::weighting) levels: usize,
    /// Levels below this one have no column.
    pub(in crate::internals::survey::weighting) first: u32,
    /// The column of the level `first`.
    pub(in crate::internals::survey::weighting) column: u32,
}
