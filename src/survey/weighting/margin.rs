//! A margin: a variable of the sample, or a crossing of several, and what its levels amount to in the population.

use std::collections::HashMap;

use super::Error;
use crate::frames::look_alike;
use crate::survey::estimate::did_you_mean;
use crate::survey::expr::crossed_name;

/// The code of a row that has no answer.
pub const MISSING: u32 = u32::MAX;

/// What happens to rows without an answer to a variable that is weighted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingPolicy {
    /// They are an error, which says how many there are.
    #[default]
    Refuse,
    /// They get weight 0, as if they had not answered at all. Shares are still scaled to the base weights of all rows.
    Drop,
    /// They are a level of their own, which keeps its share of the base weights; the targets of the others are scaled
    /// down to make room.
    OwnCategory,
}

/// A variable of the sample with a target for each of its levels.
///
/// A crossing of variables is a margin too: see [`crossed`](super::crossed).
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The name of the variable.
    pub name: String,
    /// The names of its levels.
    pub levels: Vec<String>,
    /// One a row: an index into `levels`, or [`MISSING`].
    pub codes: Vec<u32>,
    /// One a level, NaN where none is given. 0 gives the rows of the level weight 0.
    pub targets: Vec<f64>,
}

/// The largest target: as what weights may add up to, so that the squares of them are numbers.
const MOST: f64 = 1e140;

impl Margin {
    /// A margin whose targets are in the order of its levels.
    pub fn new(
        name: impl Into<String>,
        levels: Vec<String>,
        codes: Vec<u32>,
        targets: Vec<f64>,
    ) -> Margin {
        Margin {
            name: name.into(),
            levels,
            codes,
            targets,
        }
    }

    /// A margin whose targets are found by the names of the levels.
    ///
    /// Errors: a target above 0 for a level that the sample does not know, two targets for one level.
    pub fn matched(
        name: impl Into<String>,
        levels: Vec<String>,
        codes: Vec<u32>,
        targets: &[(String, f64)],
    ) -> Result<Margin, Error> {
        let name = name.into();
        let mut in_order = vec![f64::NAN; levels.len()];
        let places: HashMap<&str, usize> = levels.iter().map(String::as_str).zip(0..).collect();
        for (level, target) in targets {
            match places.get(level.as_str()).copied() {
                Some(place) if in_order.get(place).is_some_and(|t| t.is_nan()) => {
                    in_order[place] = *target;
                }
                Some(_) => {
                    return Err(Error::TargetTwice {
                        variable: name,
                        level: level.clone(),
                    });
                }
                None if *target == 0.0 => {}
                None => {
                    return Err(Error::NobodyHas {
                        hint: did_you_mean(level, &levels),
                        variable: name,
                        level: level.clone(),
                        target: *target,
                    });
                }
            }
        }
        Ok(Margin::new(name, levels, codes, in_order))
    }

    /// The number of rows in a level.
    fn respondents(&self, level: usize) -> usize {
        let of_level = |code: &&u32| **code as usize == level;
        self.codes.iter().filter(of_level).count()
    }

    /// What does not depend on the base weights. Levels that nobody has and without a target get the target 0. The number
    /// of missing rows is returned beside the targets.
    pub(super) fn checked(&self, rows: usize) -> Result<(Vec<f64>, usize), Error> {
        self.check_shape(rows)?;
        let missing = self.codes.iter().filter(|code| **code == MISSING).count();
        let mut targets = Vec::with_capacity(self.targets.len());
        for (place, (&target, level)) in self.targets.iter().zip(&self.levels).enumerate() {
            let (variable, level) = (self.name.clone(), level.clone());
            if target.is_nan() {
                let respondents = self.respondents(place);
                if respondents > 0 {
                    let others = self.levels.iter().map(String::as_str);
                    let like = look_alike(&level, others);
                    return Err(Error::NoTarget {
                        variable,
                        level,
                        respondents,
                        like,
                    });
                }
            }
            if !(0.0..=MOST).contains(&target) && !target.is_nan() {
                return Err(Error::Target {
                    variable,
                    level,
                    target,
                });
            }
            targets.push(if target.is_nan() { 0.0 } else { target });
        }
        let sum: f64 = targets.iter().sum();
        if sum.is_nan() || sum <= 0.0 {
            return Err(Error::AllTargetsZero {
                variable: self.name.clone(),
            });
        }
        Ok((targets, missing))
    }

    fn check_shape(&self, rows: usize) -> Result<(), Error> {
        if self.codes.len() != rows {
            return Err(Error::Length {
                what: format!("the variable {}", self.name),
                given: self.codes.len(),
                rows,
            });
        }
        if self.targets.len() != self.levels.len() {
            return Err(Error::TargetCount {
                variable: self.name.clone(),
                levels: self.levels.len(),
                targets: self.targets.len(),
            });
        }
        check_codes(&self.name, &self.codes, self.levels.len())
    }
}

/// Codes are indices of levels, or [`MISSING`].
pub(super) fn check_codes(variable: &str, codes: &[u32], levels: usize) -> Result<(), Error> {
    let unknown = |code: u32| code != MISSING && code as usize >= levels;
    // all of them without a way out first: that is many at a time
    if !codes.iter().fold(false, |any, code| any | unknown(*code)) {
        return Ok(());
    }
    match codes.iter().position(|&code| unknown(code)) {
        None => Ok(()),
        Some(row) => Err(Error::Code {
            variable: variable.to_owned(),
            row: row + 1,
            code: codes.get(row).copied().unwrap_or(MISSING),
            levels,
        }),
    }
}

/// A variable as names of levels and one code a row.
#[derive(Clone, Copy, Debug)]
pub struct Variable<'a> {
    /// Its name.
    pub name: &'a str,
    /// The names of its levels.
    pub levels: &'a [String],
    /// One a row: an index into `levels`, or [`MISSING`].
    pub codes: &'a [u32],
}

/// A crossing: name, levels and codes, ready for a margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The names of the variables, joined by colons.
    pub name: String,
    /// The crossed levels that occur, in the order of the levels of the first variable, then the second: written as
    /// [`crossed_name`] does.
    pub levels: Vec<String>,
    /// For each of them the level of each variable. Crossed levels are told apart by these, never by their names.
    pub parts: Vec<Vec<u32>>,
    /// One a row; [`MISSING`] where any of the variables is.
    pub codes: Vec<u32>,
}

/// The crossing of variables, such as `age:sex` with the levels `18-29:women`, `18-29:men` …
///
/// Errors: no variable, variables of different lengths, a code beyond the levels.
pub fn crossed(variables: &[Variable]) -> Result<Crossing, Error> {
    let (first, others) = variables.split_first().ok_or(Error::NoMargins)?;
    check_codes(first.name, first.codes, first.levels.len())?;
    let mut parts: Vec<Vec<u32>> = (0..)
        .take(first.levels.len())
        .map(|code| vec![code])
        .collect();
    let mut codes = first.codes.to_vec();
    for variable in others {
        (parts, codes) = with(&parts, &codes, variable)?;
    }
    let name = |parts: &Vec<u32>| {
        let levels = variables.iter().zip(parts);
        let names = levels.filter_map(|(variable, code)| variable.levels.get(*code as usize));
        crossed_name(names)
    };
    let names: Vec<&str> = variables.iter().map(|variable| variable.name).collect();
    Ok(Crossing {
        name: names.join(":"),
        levels: match others {
            [] => first.levels.to_vec(),
            _ => parts.iter().map(name).collect(),
        },
        parts,
        codes,
    })
}

/// The crossed levels so far with those of one more variable.
fn with(
    parts: &[Vec<u32>],
    codes: &[u32],
    variable: &Variable,
) -> Result<(Vec<Vec<u32>>, Vec<u32>), Error> {
    if variable.codes.len() != codes.len() {
        return Err(Error::Length {
            what: format!("the variable {}", variable.name),
            given: variable.codes.len(),
            rows: codes.len(),
        });
    }
    check_codes(variable.name, variable.codes, variable.levels.len())?;
    let pairs = || codes.iter().copied().zip(variable.codes.iter().copied());
    let mut occurring: Vec<(u32, u32)> = Vec::new();
    let mut place: HashMap<(u32, u32), u32> = HashMap::new();
    for pair in pairs().filter(|(a, b)| *a != MISSING && *b != MISSING) {
        if place.insert(pair, 0).is_none() {
            occurring.push(pair);
        }
    }
    occurring.sort_unstable();
    for (code, pair) in occurring.iter().enumerate() {
        place.insert(*pair, u32::try_from(code).unwrap_or(MISSING));
    }
    let crossed = |(a, b): &(u32, u32)| [parts[*a as usize].as_slice(), &[*b]].concat();
    Ok((
        occurring.iter().map(crossed).collect(),
        pairs()
            .map(|pair| place.get(&pair).copied().unwrap_or(MISSING))
            .collect(),
    ))
}
