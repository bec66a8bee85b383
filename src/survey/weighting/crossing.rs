//! Several variables crossed into one.

use std::collections::HashMap;

use super::Error;
use super::margin::{MISSING, check_codes};

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
    /// The crossed levels that occur, joined by colons, in the order of the levels of the first variable, then the second.
    pub levels: Vec<String>,
    /// One a row; [`MISSING`] where any of the variables is.
    pub codes: Vec<u32>,
}

/// The crossing of variables, such as `age:sex` with the levels `18-29:women`, `18-29:men` …
///
/// Errors: no variable, variables of different lengths, a code beyond the levels.
pub fn crossed(variables: &[Variable]) -> Result<Crossing, Error> {
    let first = variables.first().ok_or(Error::NoMargins)?;
    let mut crossing = Crossing {
        name: first.name.to_owned(),
        levels: first.levels.to_vec(),
        codes: first.codes.to_vec(),
    };
    check_codes(first.name, first.codes, first.levels.len())?;
    for variable in &variables[1..] {
        crossing = with(&crossing, variable)?;
    }
    Ok(crossing)
}

fn with(left: &Crossing, right: &Variable) -> Result<Crossing, Error> {
    if right.codes.len() != left.codes.len() {
        return Err(Error::Length {
            what: format!("the variable {}", right.name),
            given: right.codes.len(),
            rows: left.codes.len(),
        });
    }
    check_codes(right.name, right.codes, right.levels.len())?;
    let pairs = || left.codes.iter().copied().zip(right.codes.iter().copied());
    let mut occurring: Vec<(u32, u32)> = Vec::new();
    let mut place: HashMap<(u32, u32), u32> = HashMap::new();
    for pair in pairs().filter(|pair| known(*pair)) {
        if place.insert(pair, 0).is_none() {
            occurring.push(pair);
        }
    }
    occurring.sort_unstable();
    for (code, pair) in occurring.iter().enumerate() {
        place.insert(*pair, u32::try_from(code).unwrap_or(MISSING));
    }
    let level =
        |&(a, b): &(u32, u32)| format!("{}:{}", left.levels[a as usize], right.levels[b as usize]);
    Ok(Crossing {
        name: format!("{}:{}", left.name, right.name),
        levels: occurring.iter().map(level).collect(),
        codes: pairs()
            .map(|pair| place.get(&pair).copied().unwrap_or(MISSING))
            .collect(),
    })
}

fn known((a, b): (u32, u32)) -> bool {
    a != MISSING && b != MISSING
}
