//! The first stage of a design: which units there are in which strata.

use std::collections::HashMap;

use super::super::margin::check_codes;
use super::super::{Error, Variable};

/// The strata, units and sampling fractions of the first stage of a design.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstStage<'a> {
    /// The number of rows.
    pub rows: usize,
    /// The stratum of each row; without it there is one.
    pub strata: Option<Variable<'a>>,
    /// The first-stage unit of each row, any number; without it each row is a unit. One number in two strata is two
    /// units.
    pub psu: Option<&'a [u32]>,
    /// The sampling fraction n_h/N_h of each level of `strata` (one number where there are none), 0 for none.
    pub fractions: Option<&'a [f64]>,
}

/// The units of the strata that have any, numbered in the order of the file within each stratum.
#[derive(Clone, Debug)]
pub(super) struct Units {
    /// The unit of each row.
    pub(super) of_row: Vec<u32>,
    pub(super) strata: Vec<Stratum>,
}

#[derive(Clone, Debug)]
pub(super) struct Stratum {
    pub(super) name: String,
    /// Its units have the numbers `first..first + units`.
    pub(super) first: usize,
    pub(super) units: usize,
    /// The sampling fraction.
    pub(super) fraction: f64,
}

impl Units {
    pub(super) fn new(stage: &FirstStage) -> Result<Units, Error> {
        check(stage)?;
        let whole = [String::new()];
        let names = stage.strata.map_or(&whole[..], |strata| strata.levels);
        let stratum = |row: usize| stage.strata.map_or(0, |strata| strata.codes[row] as usize);
        let mut units = vec![0_usize; names.len()];
        let mut within = Vec::with_capacity(stage.rows);
        let mut seen: HashMap<(usize, u32), usize> = HashMap::new();
        for row in 0..stage.rows {
            let h = stratum(row);
            let next = units[h];
            let place = match stage.psu {
                None => next,
                Some(psu) => *seen.entry((h, psu[row])).or_insert(next),
            };
            // a unit that is new has the next number
            units[h] += usize::from(place == next);
            within.push(place);
        }
        let mut first = Vec::with_capacity(names.len());
        let mut strata = Vec::new();
        let mut before = 0;
        for (h, name) in names.iter().enumerate() {
            first.push(before);
            if units[h] > 0 {
                strata.push(Stratum {
                    name: name.clone(),
                    first: before,
                    units: units[h],
                    fraction: stage.fractions.map_or(0.0, |fractions| fractions[h]),
                });
            }
            before += units[h];
        }
        let number = |(row, place)| (first[stratum(row)] + place) as u32;
        Ok(Units {
            of_row: within.into_iter().enumerate().map(number).collect(),
            strata,
        })
    }

    /// The number of units.
    pub(super) fn len(&self) -> usize {
        self.strata.last().map_or(0, |last| last.first + last.units)
    }

    /// Units less strata.
    pub(super) fn degrees_of_freedom(&self) -> usize {
        self.len() - self.strata.len()
    }

    /// A stratum with one unit shows no variance, unless that unit was certain to be in the sample.
    pub(super) fn check_lonely(&self) -> Result<(), Error> {
        let lonely: Vec<String> = self
            .strata
            .iter()
            .filter(|stratum| stratum.units == 1 && stratum.fraction < 1.0)
            .map(|stratum| stratum.name.clone())
            .collect();
        if lonely.is_empty() {
            Ok(())
        } else {
            Err(Error::Lonely(lonely))
        }
    }
}

fn check(stage: &FirstStage) -> Result<(), Error> {
    let rows = stage.rows;
    if rows == 0 || rows >= u32::MAX as usize {
        return Err(Error::TooManyRows(rows));
    }
    let psu = stage.psu.map(|psu| ("the units", psu.len()));
    let strata = stage.strata.map(|strata| (strata.name, strata.codes.len()));
    for (what, given) in psu.into_iter().chain(strata) {
        if given != rows {
            return Err(Error::Length {
                what: what.to_owned(),
                given,
                rows,
            });
        }
    }
    if let Some(strata) = stage.strata {
        check_codes(strata.name, strata.codes, strata.levels.len())?;
        let missing = strata
            .codes
            .iter()
            .filter(|code| **code == super::super::MISSING)
            .count();
        if missing > 0 {
            return Err(Error::Missing {
                variable: strata.name.to_owned(),
                count: missing,
            });
        }
    }
    let Some(fractions) = stage.fractions else {
        return Ok(());
    };
    let levels = stage.strata.map_or(1, |strata| strata.levels.len());
    if fractions.len() != levels {
        return Err(Error::FractionCount {
            strata: levels,
            fractions: fractions.len(),
        });
    }
    match fractions.iter().find(|f| !(0.0..=1.0).contains(*f)) {
        None => Ok(()),
        Some(fraction) => Err(Error::Fraction(*fraction)),
    }
}
