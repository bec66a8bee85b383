//! Nonresponse: those who answered stand for those of their class who did not.

use super::base::checked_total;
use super::margin::{MISSING, check_codes};
use super::{Error, Variable, chunks};

/// Weights after the adjustment for nonresponse, and the factor of each class.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseAdjusted {
    /// One a row; 0 for those who did not answer.
    pub weights: Vec<f64>,
    /// One a class, in the order of its levels; classes without rows are absent.
    pub classes: Vec<ResponseClass>,
}

/// A class of the adjustment.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseClass {
    /// The level.
    pub level: String,
    /// Rows that answered.
    pub respondents: usize,
    /// All rows.
    pub rows: usize,
    /// Sum of base weights of all over that of those who answered.
    pub factor: f64,
}

/// Base weights of respondents times Σ all/Σ respondents of their class; 0 for the others.
///
/// `respondent`: one a row. `class`: the adjustment classes, formed of what is known of everyone in the sample.
///
/// Errors: lengths that differ; rows with a weight and without a class; base weights that are negative, not finite or all 0; a class with
/// base weight but without a respondent, by name.
///
/// Source: Kalton and Flores-Cervantes, "Weighting methods", Journal of Official Statistics 19 (2003), section 2.
pub fn nonresponse(
    base: &[f64],
    respondent: &[bool],
    class: Variable,
) -> Result<ResponseAdjusted, Error> {
    let rows = base.len();
    checked_total(base, rows)?;
    for (what, given) in [
        ("the response", respondent.len()),
        (class.name, class.codes.len()),
    ] {
        if given != rows {
            return Err(Error::Length {
                what: what.to_owned(),
                given,
                rows,
            });
        }
    }
    check_codes(class.name, class.codes, class.levels.len())?;
    // who has no weight is out of the sample, and needs no class
    let pairs = class.codes.iter().zip(base);
    let missing = pairs
        .filter(|(code, base)| **code == MISSING && **base > 0.0)
        .count();
    if missing > 0 {
        return Err(Error::Missing {
            variable: class.name.to_owned(),
            count: missing,
        });
    }
    let sums = class_sums(base, respondent, &class);
    let mut factors = vec![0.0; class.levels.len()];
    let mut classes = Vec::new();
    for ((level, factor), sum) in class
        .levels
        .iter()
        .zip(&mut factors)
        .zip(sums.chunks_exact(4))
    {
        let &[all, answered, rows, respondents] = sum else {
            continue;
        };
        if rows == 0.0 {
            continue;
        }
        if all > 0.0 && answered <= 0.0 {
            return Err(Error::NoRespondents {
                variable: class.name.to_owned(),
                class: level.clone(),
                rows: rows as usize,
            });
        }
        // a class without a weight has nothing to be raised
        *factor = if all > 0.0 { all / answered } else { 1.0 };
        classes.push(ResponseClass {
            level: level.clone(),
            respondents: respondents as usize,
            rows: rows as usize,
            factor: *factor,
        });
    }
    let weights = chunks::map(rows, |row| match factors.get(class.codes[row] as usize) {
        Some(factor) if respondent[row] => base[row] * factor,
        _ => 0.0,
    });
    Ok(ResponseAdjusted { weights, classes })
}

/// For each class: base weight of all, of those who answered, rows, rows that answered.
fn class_sums(base: &[f64], respondent: &[bool], class: &Variable) -> Vec<f64> {
    chunks::sums(base.len(), 4 * class.levels.len(), |range, sums| {
        for row in range.filter(|row| class.codes[*row] != MISSING) {
            let at = 4 * class.codes[row] as usize;
            sums[at].add(base[row]);
            sums[at + 2].add(1.0);
            if respondent[row] {
                sums[at + 1].add(base[row]);
                sums[at + 3].add(1.0);
            }
        }
    })
}
