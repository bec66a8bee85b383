//! What a banner table says under itself: how to read the letters, whether the answers differ at all, whom it is of.

use super::heads::{BaseState, Head};
use crate::frames::Statistic;
use crate::frames::words::{and, thousands};
use crate::present::survey::foot::{design_sentence, weights_sentence};
use crate::present::table::digits;
use crate::survey::crosstab::{
    Against, Crosstab, Independence, MOST_CONTRASTS, Options, Percent, RowPart, Table, TableKind,
    Test,
};
use crate::survey::design::Design;

/// Paragraphs under a table.
pub fn paragraphs(crosstab: &Crosstab, table: &Table, heads: &[Head], file: &str) -> Vec<String> {
    let options = &crosstab.request.options;
    let mut all = Vec::new();
    all.extend(letters(options, table));
    all.extend(tests(table, options.alpha.0));
    all.extend(too_wide(table));
    all.extend(signs(options, heads));
    all.extend(hidden(table));
    all.extend(questions_of_grid(crosstab, table));
    if table.kind == TableKind::Set {
        all.push(match table.percent {
            Percent::Responses if options.test == Test::Kish => {
                "Several answers: shares are of all answers given. They are not tested: effective bases are those of respondents.".to_owned()
            }
            Percent::Responses if options.test == Test::Frequencies => {
                "Several answers: shares are of all answers given. They are not tested: weights stand for respondents.".to_owned()
            }
            Percent::Responses => "Several answers: shares are of all answers given.".to_owned(),
            _ => "Several answers: shares may add to more than 100.".to_owned(),
        });
    }
    all.push(match &table.weights {
        None => sample(crosstab),
        Some(weights) => sample_by(
            crosstab,
            &Design {
                weights: Some(weights.clone()),
                ..crosstab.design.clone()
            },
        ),
    });
    let has_parts = table.rows.iter().any(|row| row.indented);
    if has_parts {
        all.push("Nets: NET, their parts indented.".to_owned());
    }
    all.push(source(crosstab, file));
    all
}

/// What is not shown so that no small count is.
fn hidden(table: &Table) -> Option<String> {
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    let mut sentences = Vec::new();
    if cells().any(|cell| cell.hidden && !cell.hidden_base) {
        sentences.push("x: hidden, for few respondents are behind it, or it would tell of few.");
    }
    if table.bases.iter().any(|base| base.hidden) {
        sentences.push("Columns of few respondents are left out, with what would tell of them.");
    }
    if !table.hidden_tests.is_empty() {
        sentences
            .push("Whether the answers differ at all is not said where it would tell of them.");
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The questions of a grid as asked, where tables of their own tell them.
fn questions_of_grid(crosstab: &Crosstab, table: &Table) -> Option<String> {
    if table.kind != TableKind::Grid {
        return None;
    }
    let titled = table.columns.iter().filter_map(|column| {
        let mut own = crosstab.tables.iter();
        let own = own.find(|own| own.variable == column.name)?;
        let title = own.title.as_ref()?;
        Some(format!("{}: {}", column.name, title.trim_end_matches('.')))
    });
    let titled = titled.collect::<Vec<String>>().join("; ");
    let stop = if titled.ends_with(char::is_alphanumeric) {
        "."
    } else {
        ""
    };
    (!titled.is_empty()).then(|| format!("{titled}{stop}"))
}

/// "Source: poll.csv (its title)."
pub fn source(crosstab: &Crosstab, file: &str) -> String {
    let title = crosstab.title.iter().filter(|title| !title.is_empty());
    let title: String = title.map(|title| format!(" ({title})")).collect();
    format!("Source: {file}{title}.")
}

/// Weights, design and how bases were made.
pub fn sample(crosstab: &Crosstab) -> String {
    sample_by(crosstab, &crosstab.design)
}

fn sample_by(crosstab: &Crosstab, design: &Design) -> String {
    let mut sentences = vec![
        weights_sentence(design),
        design_sentence(
            design,
            &crosstab.units,
            crosstab.replication.as_ref(),
            crosstab.df,
        ),
    ];
    if design.weights.is_some() || !design.fpc.is_empty() {
        sentences.push("Effective n: by the weights.".to_owned());
    }
    sentences.join(" ")
}

/// How the letters are read and what they were made with.
pub fn letters(options: &Options, table: &Table) -> Option<String> {
    let compared = table.rows.iter().any(|row| !row.differences.is_empty());
    if options.test == Test::None || !compared {
        return None;
    }
    let means = table
        .rows
        .iter()
        .any(|row| matches!(row.part, RowPart::Mean | RowPart::Mentions));
    let shares = table
        .rows
        .iter()
        .any(|row| matches!(row.part, RowPart::Level | RowPart::Net));
    let what = match (shares, means) {
        (true, true) => "share or mean",
        (false, true) => match table.rows.first().map(|row| row.statistic) {
            Some(Statistic::ShareDifference) => "difference",
            Some(Statistic::ShareSum) => "sum",
            _ => "mean",
        },
        _ => "share",
    };
    let level =
        |alpha: f64| digits::number(100.0 * alpha, usize::from((100.0 * alpha).fract() > 0.0));
    let (strict, loose) = (level(options.alpha.0), level(options.alpha.1));
    let two = options.alpha.0 < options.alpha.1;
    let grid = table.kind == TableKind::Grid;
    let reading = match &options.against {
        Against::Rest | Against::Total if !grid => {
            let whom = match options.against {
                Against::Rest => "all who are not in the column",
                _ => "the total",
            };
            let doubled = match two {
                true => format!("doubled at {strict}%, single at {loose}%"),
                false => format!("at {strict}%"),
            };
            format!(
                "Signs: + the {what} is higher, - lower than that of {whom}, by more than chance alone explains; {doubled}."
            )
        }
        _ => {
            let capital = match two {
                true => format!("capital at {strict}%, small at {loose}%"),
                false => format!("at {strict}%"),
            };
            format!(
                "Letters: the {what} is higher than that of the column named, by more than chance alone explains; {capital}."
            )
        }
    };
    Some(format!("{reading} {}", method(options, table)))
}

/// What is compared, by which test, adjusted over what.
pub fn method(options: &Options, table: &Table) -> String {
    let has = |parts: &[RowPart]| table.rows.iter().any(|row| parts.contains(&row.part));
    let shares = has(&[RowPart::Level, RowPart::Net]);
    let means = has(&[RowPart::Mean, RowPart::Mentions]);
    let (whom, family) = match (table.kind, &options.against) {
        (TableKind::Grid, _) => ("The same respondents", "the pairs of a row"),
        (_, Against::Rest | Against::Total) => {
            ("Each variable for itself", "the columns of a variable")
        }
        (_, Against::Previous) => (
            "Each column and the one before it",
            "the pairs of a row and variable",
        ),
        (_, Against::Column(_)) => (
            "Each column and the one named",
            "the pairs of a row and variable",
        ),
        (_, Against::Pairs) if options.nested_families => (
            "Each innermost variable for itself",
            "the pairs of a row within it",
        ),
        (_, Against::Pairs) => (
            "Each variable for itself",
            "the pairs of a row and variable",
        ),
    };
    let test = match options.test {
        Test::Kish => "t of the pooled share on effective bases (Kish)",
        Test::Frequencies if shares && means => {
            "z of the pooled share and t of means, weights as frequencies"
        }
        Test::Frequencies if means => "t on the pooled variance, weights as frequencies",
        Test::Frequencies => "z of the pooled share, weights as frequencies",
        _ => "t of the difference by the design",
    };
    let adjusted = match options.adjust {
        Some(adjust) => format!("{} over {family}", adjust.title()),
        None => "not adjusted for the number of comparisons".to_owned(),
    };
    format!("{whom}; {test}; {adjusted}.")
}

/// "The answers differ by party (Rao–Scott F 10.0 on 5.4 and 386 df, p < 0.001); by feeling no difference is established
/// (F 1.2 on 7.5 and 540 df, p 0.310)."
pub fn tests(table: &Table, alpha: f64) -> Option<String> {
    let mut first = true;
    let mut named = |(block, test): &(usize, Independence)| {
        let name = if std::mem::take(&mut first) {
            "Rao–Scott F"
        } else {
            "F"
        };
        let of = table.blocks[*block].label();
        format!("by {of} ({name} {})", result(test))
    };
    let (differ, alike): (Vec<_>, Vec<_>) = table
        .tests
        .iter()
        .partition(|(_, test)| test.p_value <= alpha);
    let differ: Vec<String> = differ.into_iter().map(&mut named).collect();
    let alike: Vec<String> = alike.into_iter().map(&mut named).collect();
    match (differ.is_empty(), alike.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("The answers differ {}.", and(&differ))),
        (true, false) => Some(format!(
            "No difference of the answers is established {}.",
            and(&alike)
        )),
        (false, false) => Some(format!(
            "The answers differ {}; {} no difference is established.",
            and(&differ),
            and(&alike)
        )),
    }
}

/// Variables of the banner by which the answers are not tested, for there are too many of both.
pub fn too_wide(table: &Table) -> Option<String> {
    let each = table.too_wide.iter().map(|(block, contrasts)| {
        let of = table.blocks[*block].label();
        let contrasts = thousands(*contrasts as f64);
        format!("by {of} ({contrasts} contrasts of answers and columns)")
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| {
        format!(
            "Whether the answers differ is not tested {}: the limit is {MOST_CONTRASTS}.",
            and(&each)
        )
    })
}

/// "10.0 on 5.4 and 386 df, p < 0.001".
fn result(test: &Independence) -> String {
    let df2 = match test.df2.is_finite() {
        true => format!(" and {} df", thousands(test.df2.round())),
        false => " df".to_owned(),
    };
    let p = match test.p_value < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p {:.3}", test.p_value),
    };
    format!("{:.1} on {:.1}{df2}, {p}", test.statistic, test.df1)
}

/// What the stars at small bases say, where there are some.
pub fn signs(options: &Options, heads: &[Head]) -> Option<String> {
    let any = |state: BaseState| heads.iter().any(|head| head.state == state);
    let mut sentences = Vec::new();
    if any(BaseState::Small) {
        let limit = thousands(options.flag_base);
        sentences.push(format!("* base under {limit}, read with care."));
    }
    if any(BaseState::TooSmall) {
        let limit = thousands(options.least_base);
        sentences.push(format!("** base under {limit}, not shown and not tested."));
    }
    if sentences.is_empty() {
        return None;
    }
    sentences.push("The base of a column is the smaller of n and effective n.".to_owned());
    Some(sentences.join(" "))
}
