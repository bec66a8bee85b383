//! What is known of estimates that come from a file: their level, their bases, where they are from.

use super::list::LIST;
use super::{is_printed, small_base};
use crate::frames::words::{and, distinct, thousands};
use crate::frames::{Estimate, Estimates, Flag, Statistic};
use crate::published::figures::topline::Intervals;
use crate::statistics::special::{normal, student_t};

/// The paragraphs under a chart of estimates: what came with them, else what follows from their rows.
pub(super) fn foot(rows: &[Estimate], intervals: Intervals, own_foot: &[String]) -> Vec<String> {
    let drawn: Vec<Estimate> = rows
        .iter()
        .filter(|row| row.estimate.is_some() && small_base(row).is_none())
        .cloned()
        .collect();
    let mut paragraphs = match is_printed(rows) {
        true => footer(rows, intervals),
        false => footer(&drawn, intervals),
    };
    if !own_foot.is_empty() {
        paragraphs.extend(own_foot.iter().cloned());
        return paragraphs;
    }
    if is_printed(rows) || rows.iter().all(|row| row.source == LIST) {
        return paragraphs;
    }
    let mut known: Vec<String> = bases(&drawn).into_iter().collect();
    known.push("Weights and design: not stated in the file that was drawn.".to_owned());
    paragraphs.push(known.join(" "));
    let sources = distinct(rows.iter().map(|row| row.source.as_str()));
    let sources: Vec<String> = sources
        .iter()
        .filter(|source| !source.is_empty())
        .map(|source| (*source).to_owned())
        .collect();
    paragraphs.extend(match sources.len() {
        0 => None,
        1 => Some(format!("Source: {}.", and(&sources))),
        _ => Some(format!("Sources: {}.", and(&sources))),
    });
    paragraphs
}

/// “Bases: 477 to 523 respondents.”
fn bases(rows: &[Estimate]) -> Option<String> {
    let bases = rows.iter().filter_map(|row| row.n);
    let (least, most) = bases.fold((f64::INFINITY, 0.0_f64), |all, n| {
        (all.0.min(n), all.1.max(n))
    });
    match (least, most) {
        (least, _) if !least.is_finite() => None,
        (least, most) if least == most => Some(format!("Base: {} respondents.", thousands(most))),
        _ => Some(format!(
            "Bases: {} to {} respondents.",
            thousands(least),
            thousands(most)
        )),
    }
}

/// The confidence level that the intervals of respondents’ estimates were made with, where it follows from them: from
/// estimate ± t · se, for shares from logit p ± t · se / (p (1 − p)), with t on the row’s degrees of freedom or z
/// without; `None` unless all rows that have an interval of one of these forms agree.
pub fn level_of_intervals(estimates: &Estimates) -> Option<f64> {
    let rows = estimates.rows().ok()?;
    if is_printed(&rows) {
        return None;
    }
    let levels: Vec<f64> = rows.iter().filter_map(level).collect();
    let first = levels.first()?;
    // Levels are named in tenths of a per cent or rounder.
    let named = (first * 1e4).round() / 1e4;
    let agree = |level: &f64| (level - named).abs() < 1e-6;
    levels.iter().all(agree).then_some(named)
}

fn level(row: &Estimate) -> Option<f64> {
    let (low, high) = row.interval()?;
    let (estimate, se) = (row.estimate?, row.se.filter(|se| *se > 0.0)?);
    let (down, up) = match row.statistic {
        Statistic::Quantile => return None,
        Statistic::Proportion => {
            let logit = |p: f64| (p / (1.0 - p)).ln();
            let scale = estimate * (1.0 - estimate) / se;
            (
                (logit(estimate) - logit(low)) * scale,
                (logit(high) - logit(estimate)) * scale,
            )
        }
        _ => ((estimate - low) / se, (high - estimate) / se),
    };
    // Of another form: the ends are not as far away, in that form, on one side as on the other.
    if !(up > 0.0 && (up - down).abs() < 1e-6 * up) {
        return None;
    }
    let p = match row.df {
        Some(df) => student_t::two_sided_p(up, df).ok()?,
        None => 2.0 * normal::upper_tail(up).ok()?,
    };
    Some(1.0 - p)
}

/// What the intervals rest on, as far as the rows say.
fn footer(rows: &[Estimate], intervals: Intervals) -> Vec<String> {
    let given = rows.iter().all(|row| row.source == "list");
    let with = rows.iter().filter(|row| row.interval().is_some()).count();
    let mut sentences = Vec::new();
    if given && with > 0 {
        sentences.push(format!(
            "{} intervals on n as given: sampling alone, as if a simple random sample.",
            intervals.method.title()
        ));
    }
    for flag in [
        Flag::AssumedN,
        Flag::SmallBase,
        Flag::SecondHand,
        Flag::UnknownSampling,
        Flag::NotProbability,
    ] {
        let having = rows.iter().filter(|row| row.flags.contains(&flag)).count();
        match having {
            0 => {}
            all if all == rows.len() && all > 1 => {
                sentences.push(flag.sentence(with > 0).to_owned())
            }
            some => sentences.push(format!("{some} of {}: {}.", rows.len(), flag.legend())),
        }
    }
    vec![sentences.join(" ")]
        .into_iter()
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}
