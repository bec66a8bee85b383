//! What a comparison of two figures shows, in sentences.

use crate::frames::Flag;
use crate::frames::words::capitalised;
use crate::published::compare::{Difference, Pair, Relation, Side};
use crate::statistics::adjust::Adjust;

/// How certain a sentence may sound: the level, and the family it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// 0..1.
    pub level: f64,
    pub adjust: Adjust,
    /// How many p-values were adjusted together.
    pub size: usize,
}

/// Who is compared: two figures, or one with a fixed value.
struct Subject<'x> {
    a: &'x Side<'x>,
    b: String,
    topic: &'x str,
    whole: bool,
    pair: Option<&'x Pair<'x, 'x>>,
}

/// Writes the sentence of each comparison: what is not like for like, the difference with its
/// interval, what holds, what it does not show. It follows the interval, and in a family of several
/// the adjusted p-value. `pairs` are in the order of the comparisons.
pub fn write_sentences(compared: &mut [Difference], pairs: &[Pair], family: Family) {
    for (one, pair) in compared.iter_mut().zip(pairs) {
        let subject = Subject {
            a: pair.a,
            b: pair.b.label.clone(),
            topic: &pair.a.topic,
            whole: pair.a.is_whole() && pair.b.is_whole(),
            pair: Some(pair),
        };
        one.row.sentence = sentence(one, &subject, family);
    }
}

/// The same for shares against a fixed value, written as it was given.
pub fn write_sentences_against(
    compared: &mut [Difference],
    sides: &[&Side],
    value: &str,
    family: Family,
) {
    for (one, side) in compared.iter_mut().zip(sides) {
        let subject = Subject {
            a: side,
            b: match side.score {
                Some(_) => value.to_owned(),
                None => format!("{value}%"),
            },
            topic: &side.topic,
            whole: side.is_whole() && !value.contains('.'),
            pair: None,
        };
        one.row.sentence = sentence(one, &subject, family);
    }
}

/// What can be said of the sign of a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Clear,
    /// Only if the answers go together in the better case.
    Depends,
    Open,
    Unknown,
}

fn verdict(one: &Difference, family: Family) -> Verdict {
    let apart = |low: f64, high: f64| low > 0.0 || high < 0.0;
    let Some((low, high)) = one.row.interval() else {
        return Verdict::Unknown;
    };
    let adjusted = match family.size > 1 {
        true => one.row.p_adjusted.is_some_and(|p| p < 1.0 - family.level),
        false => apart(low, high),
    };
    let at_best = one.narrowest.is_some_and(|best| apart(best.low, best.high));
    match (adjusted, at_best) {
        (true, _) => Verdict::Clear,
        (false, true) => Verdict::Depends,
        (false, false) => Verdict::Open,
    }
}

fn sentence(one: &Difference, subject: &Subject, family: Family) -> String {
    let mut parts = Vec::new();
    if let Some(pair) = subject.pair.filter(|pair| !pair.warnings.is_empty()) {
        parts.push(format!("Not like for like: {}.", pair.warnings.join("; ")));
    }
    let verdict = verdict(one, family);
    parts.push(stated(one, subject, family, verdict));
    parts.extend(holds(one, subject, family, verdict));
    if one.may_be_rounding {
        parts.push("The rounding of the print alone may make it.".to_owned());
    }
    parts.extend(not_shown(one, subject));
    parts.join(" ")
}

/// "South Korea is 15.2 points above Philippines (95% interval 9.2 to 21.0)."
fn stated(one: &Difference, subject: &Subject, family: Family, verdict: Verdict) -> String {
    let topic = match subject.topic.is_empty() {
        true => String::new(),
        false => format!("“{}”: ", subject.topic),
    };
    let (a, b) = (&subject.a.label, &subject.b);
    let Some(d) = one.row.estimate else {
        return capitalised(&format!(
            "{topic}{a} and {b} have no difference that could be given."
        ));
    };
    let words = match points(d, subject.whole) {
        None => format!("{a} and {b} are the same in print"),
        Some(points) => match (ladder(one, subject, verdict), d > 0.0) {
            (Some(Ladder::Even), _) => format!("{a} and {b} are about even, {points} apart"),
            (Some(Ladder::Apparent), true) => {
                format!("{a} is apparently ahead of {b}, by {points}")
            }
            (Some(Ladder::Apparent), false) => {
                format!("{b} is apparently ahead of {a}, by {points}")
            }
            (Some(Ladder::Leads), true) => format!("{a} leads {b} by {points}"),
            (Some(Ladder::Leads), false) => format!("{b} leads {a} by {points}"),
            (None, true) => format!("{a} is {points} above {b}"),
            (None, false) => format!("{a} is {points} below {b}"),
        },
    };
    capitalised(&format!("{topic}{words}{}.", interval_words(one, family)))
}

fn interval_words(one: &Difference, family: Family) -> String {
    let percent = format!("{}", (1000.0 * family.level).round() / 10.0);
    let (Some((low, high)), sign) = (one.row.interval(), one.row.estimate.unwrap_or_default())
    else {
        return String::new();
    };
    let worst = span(low, high, sign);
    match one.narrowest {
        Some(best) => format!(
            " ({percent}% interval at best {}, at worst {worst})",
            span(best.low, best.high, sign)
        ),
        None => format!(" ({percent}% interval {worst})"),
    }
}

/// "9.2 to 21.0"; "from 2.9 below to 8.9 above" where it holds 0.
fn span(low: f64, high: f64, sign: f64) -> String {
    let points = |x: f64| format!("{:.1}", 100.0 * x.abs());
    match low < 0.0 && high > 0.0 {
        true => format!("from {} below to {} above", points(low), points(high)),
        false if sign < 0.0 => format!("{} to {}", points(high), points(low)),
        false => format!("{} to {}", points(low), points(high)),
    }
}

/// "1 point", "15.2 points"; `None` for no difference in print.
fn points(d: f64, whole: bool) -> Option<String> {
    let points = match whole {
        true => format!("{:.0}", 100.0 * d.abs()),
        false => format!("{:.1}", 100.0 * d.abs()),
    };
    match points.as_str() {
        "0" | "0.0" => None,
        "1" | "1.0" => Some(format!("{points} point")),
        _ => Some(format!("{points} points")),
    }
}

/// The AP's words for a lead, which suppose a margin of sampling error: over twice the margin of one
/// share, between once and twice, below. A word of a lead is only used where the interval has one side.
enum Ladder {
    Leads,
    Apparent,
    Even,
}

fn ladder(one: &Difference, subject: &Subject, verdict: Verdict) -> Option<Ladder> {
    subject.pair.filter(|pair| pair.probability)?;
    let (margin, d) = (one.margin?, one.row.estimate?.abs());
    match verdict {
        Verdict::Clear if d > 2.0 * margin => Some(Ladder::Leads),
        Verdict::Clear if d > margin => Some(Ladder::Apparent),
        Verdict::Open if d < margin => Some(Ladder::Even),
        _ => None,
    }
}

/// What holds.
fn holds(one: &Difference, subject: &Subject, family: Family, verdict: Verdict) -> Option<String> {
    let p = match one.row.p_adjusted.filter(|_| family.size > 1) {
        Some(p) => format!(
            " (p {} adjusted by {} for {} comparisons)",
            p_words(p),
            family.adjust.title(),
            family.size
        ),
        None => String::new(),
    };
    let chance = match one.relation {
        Relation::PartOf => "set against the rest, ",
        Relation::Independent => "independent samples: ",
        _ => "",
    };
    let sentence = match verdict {
        Verdict::Clear => format!("{chance}the gap is more than sampling alone explains{p}."),
        Verdict::Depends => format!(
            "{chance}whether the gap is more than sampling alone explains depends on how the two go together, which \
             is not known{p}."
        ),
        Verdict::Open => format!(
            "{chance}sampling alone can make such a gap{p}: it does not show {}.",
            match subject.pair {
                Some(_) => "which is higher, nor that they are equal".to_owned(),
                None => match subject.a.score {
                    Some(_) => format!("on which side of {} it is", subject.b),
                    None => format!("on which side of {} the share is", subject.b),
                },
            }
        ),
        Verdict::Unknown if one.row.note.starts_with("can’t") => {
            format!("these {}.", one.row.note)
        }
        Verdict::Unknown if one.row.note.is_empty() => return None,
        Verdict::Unknown => format!("{}.", one.row.note),
    };
    Some(capitalised(&sentence))
}

/// What it does not show, where that is a trap.
fn not_shown(one: &Difference, subject: &Subject) -> Option<String> {
    let a = subject.a.figure();
    let b = subject.pair.and_then(|pair| pair.b.figure());
    let flagged = |flag: Flag| one.row.flags.contains(&flag);
    let model = if flagged(Flag::NotProbability) {
        Some(
            "No probability sample: the interval shows what chance alone would do under simple random sampling.",
        )
    } else if flagged(Flag::UnknownSampling) {
        Some(
            "How the sample was drawn is not stated: the interval shows what chance alone would do.",
        )
    } else {
        None
    };
    let questions = a.zip(b).is_some_and(|(a, b)| a.question != b.question);
    let mind = questions
        .then_some("A difference between two questions says nothing about a change of mind.");
    let sentences: Vec<&str> = [mind, model.filter(|_| one.row.ci_low.is_some())]
        .into_iter()
        .flatten()
        .collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// "< 0.001", "= 0.024".
pub(super) fn p_words(p: f64) -> String {
    match p < 0.001 {
        true => "< 0.001".to_owned(),
        false => format!("= {p:.3}"),
    }
}
