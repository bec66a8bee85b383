//! Families of comparisons, and the letters that say how they came out.

use super::banner::Column;
use super::difference::{Difference, Other};
use super::request::Options;
use super::table::Row;
use crate::statistics::adjust::{Adjust, adjusted};

/// Adjusts the p-values of a row: a family is a block, or what lies within one outer column of it.
pub fn adjust_families(differences: &mut [Difference], columns: &[Column], options: &Options) {
    let family = |one: &Difference| {
        let column = columns.get(one.a);
        let outer = column
            .filter(|_| options.nested_families)
            .map(Column::outer);
        (column.map(|column| column.block), outer)
    };
    let families = differences.chunk_by_mut(|one, next| family(one) == family(next));
    families.for_each(|of| adjust_family(of, options.adjust));
}

/// Adjusts the p-values of one family.
pub fn adjust_family(family: &mut [Difference], adjust: Option<Adjust>) {
    let known: Vec<f64> = family.iter().filter_map(|one| one.p_value).collect();
    let adjusted = match adjust {
        Some(adjust) => adjusted(adjust, &known),
        None => known,
    };
    let tested = family.iter_mut().filter(|one| one.p_value.is_some());
    for (one, p) in tested.zip(adjusted) {
        one.p_adjusted = Some(p);
    }
}

/// Writes the letters of a row: the higher column carries the letter of the lower, a capital up to the first level of
/// significance and a small one up to the second. Against all others or the total there is no letter to carry: `+` and `-`
/// stand for a column that is higher or lower, doubled up to the first level.
pub fn mark(row: &mut Row, columns: &[Column], alpha: (f64, f64)) {
    let mut marks: Vec<Vec<(usize, String)>> = vec![Vec::new(); columns.len()];
    for difference in &row.differences {
        let (Some(p), Some(d)) = (difference.p_adjusted, difference.estimate) else {
            continue;
        };
        let strict = p <= alpha.0;
        if !strict && p > alpha.1 || d == 0.0 {
            continue;
        }
        match difference.b {
            Other::Column(b) => {
                let (higher, lower) = if d > 0.0 {
                    (difference.a, b)
                } else {
                    (b, difference.a)
                };
                if let Some(letter) = &columns[lower].letter {
                    let letter = if strict {
                        letter.clone()
                    } else {
                        letter.to_lowercase()
                    };
                    marks[higher].push((lower, letter));
                }
            }
            Other::Rest | Other::Total => {
                let sign = if d > 0.0 { "+" } else { "-" };
                marks[difference.a].push((0, sign.repeat(1 + usize::from(strict))));
            }
        }
    }
    // behind Z letters are two, and AAB would be A and AB as well as AA and B
    let long = columns
        .iter()
        .filter_map(|column| column.letter.as_ref())
        .any(|letter| letter.len() > 1);
    for (cell, mut marks) in row.cells.iter_mut().zip(marks) {
        marks.sort_by_key(|(column, _)| *column);
        let texts: Vec<&str> = marks.iter().map(|(_, mark)| mark.as_str()).collect();
        cell.letters = texts.join(if long { " " } else { "" });
        cell.higher_than = marks.iter().map(|(column, _)| *column).collect();
    }
}
