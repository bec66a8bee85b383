//! How one cell of a banner table came about, and each of its letters.

use std::path::Path;

use super::subject::{CellPlace, column_names, row_names};
use super::{Text, r, sample_of};
use crate::frames::words::thousands;
use crate::present::survey::source::percent_of;
use crate::present::table::digits::number;
use crate::survey::crosstab::{Crosstab, Difference, Other, RowPart, Test};

/// The number with its parts, its comparisons, and the R code that gives the same.
pub fn cell(crosstab: &Crosstab, path: &Path, place: CellPlace) -> String {
    let CellPlace { table, row, column } = place;
    let own = &table.columns[column];
    let row_name = row_names(table, row).into_iter().last().unwrap_or_default();
    let within = column_names(table, own)
        .into_iter()
        .last()
        .unwrap_or_default();
    let mut text = Text(format!(
        "How {row_name} in the column {within} comes about\n"
    ));
    text.head("Design");
    text.say(&sample_of(crosstab));
    super::variance(&mut text, &crosstab.design);
    text.head("The number");
    the_number(&mut text, crosstab, place);
    if crosstab.request.options.test != Test::None && !row.differences.is_empty() {
        text.head("The letters");
        the_letters(&mut text, crosstab, place);
    }
    text.code(&r::cell(crosstab, path, place));
    text.0.trim_start().to_owned()
}

fn the_number(text: &mut Text, crosstab: &Crosstab, place: CellPlace) {
    let cell = &place.row.cells[place.column];
    let options = &crosstab.request.options;
    let is_share = matches!(place.row.part, RowPart::Level | RowPart::Net);
    let (scale, unit, points) = if is_share {
        (100.0, "%", " points")
    } else {
        (1.0, "", "")
    };
    let shown = |x: f64| number(scale * x, 4);
    let Some(estimate) = cell.estimate else {
        text.say(&format!("There is none: {}.", cell.note));
        return;
    };
    let mut sentence = format!("{}{unit}", shown(estimate));
    if let Some(se) = cell.se {
        sentence += &format!(", standard error {}{points}", shown(se));
    }
    if let (Some(low), Some(high)) = (cell.ci_low, cell.ci_high) {
        let method = if is_share { options.ci.title() } else { "t" };
        sentence += &format!(
            ", {}% interval {} to {}{unit} ({method})",
            percent_of(options.level),
            shown(low),
            shown(high)
        );
    }
    if let Some(df) = cell.df {
        sentence += &format!(", on {} degrees of freedom", number(df, 0));
    }
    text.say(&(sentence + "."));
    match (is_share, cell.weighted_count) {
        (true, Some(given)) => text.formula(&[&format!(
            "p = Σ w y / Σ w = {} / {}",
            number(given, 4),
            number(cell.weighted_n, 4)
        )]),
        _ => text.formula(&[&format!(
            "m = Σ w y / Σ w,    Σ w = {}",
            number(cell.weighted_n, 4)
        )]),
    }
    let mut sentence = match cell.count {
        Some(count) if is_share => format!(
            "{} of {} respondents gave the answer.",
            thousands(count as f64),
            thousands(cell.n as f64)
        ),
        _ => format!("Of {} respondents.", thousands(cell.n as f64)),
    };
    sentence += &format!(
        " By their weights these are worth {} (Kish)",
        number(cell.base_n_eff, 1)
    );
    if let Some(n_eff) = cell.n_eff {
        sentence += &format!(", by the design {}", number(n_eff, 1));
    }
    if let Some(deff) = cell.deff {
        sentence += &format!("; design effect {}", number(deff, 4));
    }
    text.say(&(sentence + "."));
    if !cell.note.is_empty() {
        text.say(&format!("Note: {}.", cell.note));
    }
}

fn the_letters(text: &mut Text, crosstab: &Crosstab, place: CellPlace) {
    let CellPlace { table, row, column } = place;
    let options = &crosstab.request.options;
    let cell = &row.cells[column];
    text.say(&match cell.letters.is_empty() {
        true => "No letter stands here.".to_owned(),
        false => format!("Here stands {}.", cell.letters),
    });
    let block = table.columns[column].block;
    let family = row
        .differences
        .iter()
        .filter(|one| table.columns[one.a].block == block);
    // what is hidden or not tested is not in the family
    let tested = family.clone().filter(|one| one.p_value.is_some());
    let adjusted = match options.adjust {
        Some(adjust) => format!(
            "{} over the {} of the row and variable",
            adjust.title(),
            tested.count()
        ),
        None => "not adjusted".to_owned(),
    };
    text.say(&format!(
        "A letter stands where p is at most {} (capital) or {} (small); p-values {adjusted}.",
        options.alpha.0, options.alpha.1
    ));
    let involved = family.filter(|one| one.a == column || one.b == Other::Column(column));
    let lines: Vec<String> = involved.map(|one| comparison(place, one)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    text.formula(&lines);
}

/// "Blue − Red: −13.2 points, se 2.1, t −6.29 on 68 df, p 2e-8, adjusted 6e-8".
fn comparison(place: CellPlace, one: &Difference) -> String {
    let CellPlace { table, row, .. } = place;
    let is_share = matches!(row.part, RowPart::Level | RowPart::Net);
    let (scale, points) = if is_share {
        (100.0, " points")
    } else {
        (1.0, "")
    };
    let other = match one.b {
        Other::Column(at) => table.columns[at].name.as_str(),
        Other::Rest => "all others",
        Other::Total => "Total",
    };
    let mut line = format!("{} − {other}:", table.columns[one.a].name);
    if let Some(d) = one.estimate {
        line += &format!(" {}{points}", number(scale * d, 4));
    }
    if let Some(se) = one.se {
        line += &format!(", se {}", number(scale * se, 4));
    }
    if let Some(t) = one.t {
        line += &format!(", t {}", number(t, 4));
    }
    if let Some(df) = one.df {
        line += &format!(" on {} df", number(df, 1));
    }
    if let Some(p) = one.p_value {
        line += &format!(", p {p:.3e}");
    }
    if let Some(p) = one.p_adjusted {
        line += &format!(", adjusted {p:.3e}");
    }
    if !one.note.is_empty() {
        line += &format!(" ({})", one.note);
    }
    line
}
