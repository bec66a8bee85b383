//! Comparisons as tables.

use super::sentence::Family;
use crate::frames::Flag;
use crate::frames::words::{and, capitalised, points_range, signed_points, thousands};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::compare::{AT_LEAST, Difference, Effects, Pair, Ratio, Relation, Side};

/// The comparisons for reading: one with its two figures, several as a list.
///
/// `pairs` are those of the comparisons in their order, none against a fixed value; `fixed` is that
/// value as it was written.
pub fn comparison_table(
    compared: &[Difference],
    sides: &[&Side],
    pairs: &[Pair],
    fixed: Option<&str>,
    family: Family,
) -> Table {
    let mut table = match (compared, pairs) {
        ([one], [pair]) => two(one, &[pair.a, pair.b], family),
        ([one], []) => two(one, sides, family),
        _ => several(compared, sides, pairs, fixed, family),
    };
    table.legend = legend(compared, sides);
    table.foot.extend(foot(compared, sides));
    table
}

fn percent(family: Family) -> f64 {
    (1000.0 * family.level).round() / 10.0
}

fn two(one: &Difference, sides: &[&Side], family: Family) -> Table {
    let mut rows = vec![Row {
        label: "Difference, points".to_owned(),
        cells: vec![
            Cell::from(
                one.row
                    .estimate
                    .map(|d| signed_points(100.0 * d))
                    .unwrap_or_default(),
            ),
            Cell::from(match (one.narrowest, one.row.interval()) {
                (None, Some((low, high))) => points_range(low, high),
                (None, None) => "no interval".to_owned(),
                _ => String::new(),
            }),
            Cell::default(),
            Cell::from(one.method.as_str()),
        ],
        ..Row::default()
    }];
    if let (Some(best), Some((low, high))) = (one.narrowest, one.row.interval()) {
        let bound = |label: &str, low, high| line(label, 1, "", &points_range(low, high), "");
        rows.push(bound("at best", best.low, best.high));
        rows.push(bound("at worst", low, high));
    }
    if let Some((low, high)) = one.row.rounding_low.zip(one.row.rounding_high) {
        let rounding = points_range(low, high);
        rows.push(line("by the rounding of print alone", 1, "", &rounding, ""));
    }
    if let Some(rest) = one.rest {
        let rest = format!("{:.1}", 100.0 * rest);
        rows.push(line("The rest", 0, &rest, "", "from part and whole"));
    }
    if let (Some(z), Some(p)) = (one.row.z, one.row.p_value) {
        let sign = if z < 0.0 { "−" } else { "" };
        let z = format!("{sign}{:.2}", z.abs());
        let p = format!("two-sided p {}", super::sentence::p_words(p));
        rows.push(line("z", 0, &z, "", &p));
    }
    Table {
        subtitle: Some(one.row.sentence.clone()),
        columns: vec![
            Column::new("%", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{}% interval", percent(family)), Align::Right),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Column::new("", Align::Left),
        ],
        blocks: vec![
            Block {
                rows: sides.iter().map(|side| figure_row(side)).collect(),
                ..Block::default()
            },
            Block {
                rows,
                ..Block::default()
            },
        ],
        // without an interval the sentence has said why
        foot: Some(format!("{}.", capitalised(&one.row.note)))
            .filter(|_| !one.row.note.is_empty() && one.row.se.is_some())
            .into_iter()
            .collect(),
        ..Table::default()
    }
}

fn line(label: &str, indent: usize, number: &str, interval: &str, sentence: &str) -> Row {
    Row {
        label: label.to_owned(),
        indent,
        cells: vec![
            Cell::from(number),
            Cell::from(interval),
            Cell::default(),
            Cell::from(sentence),
        ],
        notes: Vec::new(),
    }
}

fn figure_row(side: &Side) -> Row {
    let interval = side.interval.map(|(low, high)| match side.score {
        Some(_) => points_range(low, high),
        None => format!("{:.1}–{:.1}", 100.0 * low, 100.0 * high),
    });
    let n = side.size.as_ref().ok().and_then(|size| size.n);
    Row {
        label: capitalised(&side.label),
        cells: vec![
            Cell::from(side.printed.as_str()),
            interval.map_or_else(Cell::no_interval, Cell::from),
            n.map_or_else(|| Cell::dim("unknown"), |n| Cell::from(thousands(n))),
            Cell::from(letters(&side.flags)),
        ],
        ..Row::default()
    }
}

fn letters(flags: &[Flag]) -> String {
    flags.iter().map(|flag| flag.letter()).collect()
}

/// Ratio, odds ratio and Cohen's h as rows under the difference.
pub fn effects_block(effects: &Effects) -> Block {
    let ratio = |label: &str, ratio: Option<Ratio>| match ratio {
        Some(Ratio { value, interval }) => line(
            label,
            0,
            &format!("{value:.2}"),
            &format!("{:.2} to {:.2}", interval.low, interval.high),
            "log scale",
        ),
        None => line(label, 0, "", "none", "a share is 0 or 100%"),
    };
    let sign = if effects.cohens_h < 0.0 { "−" } else { "" };
    let h = format!("{sign}{:.2}", effects.cohens_h.abs());
    Block {
        rows: vec![
            ratio("Ratio", effects.ratio),
            ratio("Odds ratio", effects.odds_ratio),
            line("Cohen’s h", 0, &h, "", ""),
        ],
        ..Block::default()
    }
}

fn several(
    compared: &[Difference],
    sides: &[&Side],
    pairs: &[Pair],
    fixed: Option<&str>,
    family: Family,
) -> Table {
    let label = |place: usize| match (pairs.get(place), sides.get(place), fixed) {
        (Some(pair), _, _) => format!("{} − {}", pair.a.label, pair.b.label),
        (None, Some(side), Some(value)) => match side.score {
            Some(_) => format!("{} − {value}", side.label),
            None => format!("{} − {value}%", side.label),
        },
        _ => String::new(),
    };
    let p = |p: Option<f64>| match p {
        Some(p) if p < 0.001 => "<0.001".to_owned(),
        Some(p) => format!("{p:.3}"),
        None => "unknown".to_owned(),
    };
    let topic = sides.first().map_or("", |side| side.topic.as_str());
    let rows = compared.iter().enumerate().map(|(place, one)| Row {
        label: label(place),
        cells: vec![
            Cell::from(
                one.row
                    .estimate
                    .map(|d| signed_points(100.0 * d))
                    .unwrap_or_default(),
            ),
            match one.row.interval() {
                Some((low, high)) => Cell::from(points_range(low, high)),
                None => Cell::no_interval(),
            },
            Cell::from(p(one.row.p_value)),
            Cell::from(p(one.row.p_adjusted)),
        ],
        notes: vec![without(&one.row.sentence, topic, &shared(compared))],
        ..Row::default()
    });
    let title = family.adjust.title();
    Table {
        title: topic.to_owned(),
        aside: format!("{} comparisons", compared.len()),
        columns: vec![
            Column::new("points", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{}% interval", percent(family)), Align::Right),
            Column::new("p", Align::Right),
            Column::new(&format!("p ({title})"), Align::Right),
        ],
        blocks: vec![Block {
            rows: rows.collect(),
            ..Block::default()
        }],
        foot: vec![format!(
            "{} p-values adjusted by {title} as one family. Intervals are not adjusted: each is {}% by itself{}. \
             {}",
            family.size,
            percent(family),
            match compared.iter().any(|one| one.row.note.contains(AT_LEAST)) {
                true => ", and at least that wide where no design effect is known",
                false => "",
            },
            shared(compared).join(" ")
        )
        .trim_end()
        .to_owned()],
        ..Table::default()
    }
}

/// Closing sentences that all comparisons share: said once in the foot.
fn shared(compared: &[Difference]) -> Vec<&str> {
    let Some(first) = compared.first() else {
        return Vec::new();
    };
    let closing = first.row.sentence.split_inclusive(". ").map(str::trim);
    closing
        .filter(|part| part.starts_with("How the sample") || part.starts_with("No probability"))
        .filter(|part| compared.iter().all(|one| one.row.sentence.contains(part)))
        .collect()
}

/// The sentence under its row: without what the title and the foot say.
fn without(sentence: &str, topic: &str, phrases: &[&str]) -> String {
    let sentence = sentence.replacen(&format!("“{topic}”: "), "", 1);
    let rest = phrases
        .iter()
        .fold(sentence, |rest, phrase| rest.replace(phrase, ""));
    rest.trim().to_owned()
}

fn legend(compared: &[Difference], sides: &[&Side]) -> Vec<(char, String)> {
    let of_figures = |flag: &Flag| sides.iter().any(|side| side.flags.contains(flag));
    let one = compared.len() == 1;
    Flag::ALL
        .into_iter()
        .filter(|flag| one && of_figures(flag))
        .map(|flag| (flag.letter(), flag.legend().to_owned()))
        .collect()
}

/// Where the figures come from, and what is taken of typed ones.
fn foot(compared: &[Difference], sides: &[&Side]) -> Vec<String> {
    let (stored, typed): (Vec<&Side>, Vec<&Side>) = sides
        .iter()
        .copied()
        .partition(|side| side.figure.is_some());
    let mut foot = Vec::new();
    let mut sources: Vec<(&str, Vec<&Side>)> = Vec::new();
    for side in stored {
        match sources
            .iter_mut()
            .find(|(source, _)| *source == side.source)
        {
            Some((_, cited)) => cited.push(side),
            None => sources.push((&side.source, vec![side])),
        }
    }
    let sentences: Vec<String> = sources
        .iter()
        .map(|(source, cited)| match sources.len() {
            1 => format!("{source}."),
            _ => capitalised(&format!("{}: {}.", labels(cited), unnamed(source, cited))),
        })
        .collect();
    foot.extend((!sentences.is_empty()).then(|| sentences.join(" ")));
    foot.extend(derivation_note(sides));
    foot.extend(typed_note(compared, &typed));
    foot
}

/// How net scores and means of countries are made.
fn derivation_note(sides: &[&Side]) -> Option<String> {
    let mut sentences = Vec::new();
    if sides.iter().any(|side| side.score.is_some()) {
        sentences.push("Net scores: the first answers less the others, in points.".to_owned());
    }
    if let Some(how) = sides.iter().find_map(|side| side.of_countries) {
        sentences.push(format!(
            "Means of countries ({how}): of these countries, no others."
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// "Gallup, 2020, printed by The Hill", without the poll where the labels name it already.
fn unnamed<'x>(source: &'x str, sides: &[&Side]) -> &'x str {
    match source.split_once(", printed by ") {
        Some((poll, _)) if sides.iter().all(|side| side.label.contains(poll)) => {
            source.get(poll.len() + 2..).unwrap_or(source)
        }
        _ => source,
    }
}

/// What is taken of typed figures, and what is for the reader to say.
fn typed_note(compared: &[Difference], typed: &[&Side]) -> Option<String> {
    let one = compared.first().filter(|_| !typed.is_empty())?;
    let sizes = || typed.iter().filter_map(|side| side.size.as_ref().ok());
    let with_deff = sizes().any(|size| size.n.is_some_and(|n| size.n_eff < n));
    let of_margin = sizes().find(|size| size.n.is_none());
    let sampling = match (of_margin, with_deff) {
        (Some(size), _) => format!(
            "on {} effective respondents, as many as the margin of error stands for",
            thousands(size.n_eff)
        ),
        (None, true) => "the design effect as given".to_owned(),
        (None, false) => "as if simple random samples".to_owned(),
    };
    let alike = compared.iter().all(|other| other.relation == one.relation);
    Some(match (alike, one.relation) {
        (true, Relation::Independent) | (false, _) => format!(
            "Typed-in figures: taken as independent, {sampling}. Whether they answer the same question is for you to \
             say; a difference between two questions says nothing about a change of mind."
        ),
        (true, relation) => format!("Typed-in figures: {}, {sampling}.", relation.in_words()),
    })
}

/// "South Korea and Philippines".
fn labels(sides: &[&Side]) -> String {
    let labels: Vec<String> = sides.iter().map(|side| side.label.clone()).collect();
    and(&labels)
}
