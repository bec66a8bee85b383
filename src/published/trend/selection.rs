//! Which polls a trend is made of: one a field period and pollster, no respondents twice, everybody left out counted.

use std::collections::{BTreeMap, HashMap};

use super::polls::{Outcome, Poll, Polls};
use crate::frames::words::nearest;

/// Polls with fewer respondents are left out.
pub const LEAST_N: f64 = 100.0;

/// Polls that were longer in the field, in days, are left out.
pub const MOST_FIELD_DAYS: i64 = 60;

/// What is followed over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The share of an answer.
    Response(String),
    /// One share less another; a net approval is one too.
    Lead(String, String),
    /// A share among several answers: `Biden/(Biden+Trump)`.
    Share(String, Vec<String>),
    /// Several answers together.
    Sum(Vec<String>),
}

impl Measure {
    /// The name in a row: `spd`, `spd-cdu_csu`, `Biden/(Biden+Trump)`, `cdu_csu+fdp`.
    pub fn label(&self) -> String {
        match self {
            Measure::Response(name) => name.clone(),
            Measure::Lead(a, b) => format!("{a}-{b}"),
            Measure::Share(a, among) => format!("{a}/({})", among.join("+")),
            Measure::Sum(parts) => parts.join("+"),
        }
    }

    /// What readers see: “Clinton − Trump”, “CDU + FDP”.
    pub fn name(&self) -> String {
        match self {
            Measure::Lead(a, b) => format!("{a} − {b}"),
            Measure::Sum(parts) => parts.join(" + "),
            Measure::Response(_) | Measure::Share(..) => self.label(),
        }
    }

    /// The statistic of its rows: trend, lead, share, sum.
    pub fn statistic(&self) -> &'static str {
        match self {
            Measure::Response(_) => "trend",
            Measure::Lead(..) => "lead",
            Measure::Share(..) => "share",
            Measure::Sum(_) => "sum",
        }
    }

    /// Reads `A-B`: the names are looked up, since a name may hold a hyphen.
    ///
    /// # Errors
    /// No two answers that are known stand on both sides of a hyphen.
    pub fn lead(text: &str, known: &[&str]) -> Result<Measure, String> {
        let cuts = text.match_indices('-').map(|(at, _)| at);
        for at in cuts {
            let (a, b) = (text[..at].trim(), text[at + 1..].trim());
            if known.contains(&a) && known.contains(&b) {
                return Ok(Measure::Lead(a.to_owned(), b.to_owned()));
            }
        }
        let (a, b) = text.split_once('-').ok_or_else(|| {
            format!(
                "{text} is no lead: write two answers with a hyphen between them, as in {}",
                example(known)
            )
        })?;
        known_response(a.trim(), known)?;
        known_response(b.trim(), known)?;
        Err(format!("{text} is no lead of two answers"))
    }

    /// Reads `A/(A+B)`.
    ///
    /// # Errors
    /// Another form, or answers that are not known.
    pub fn share(text: &str, known: &[&str]) -> Result<Measure, String> {
        let form = || {
            format!(
                "{text} is no share: write an answer over those it is a share of, as in A/(A+B)"
            )
        };
        let (a, rest) = text.split_once("/(").ok_or_else(form)?;
        let among = rest.strip_suffix(')').ok_or_else(form)?;
        let a = known_response(a.trim(), known)?;
        let among: Result<Vec<String>, String> = among
            .split('+')
            .map(|name| known_response(name.trim(), known))
            .collect();
        let among = among?;
        match among.contains(&a) && among.len() > 1 {
            true => Ok(Measure::Share(a, among)),
            false => Err(form()),
        }
    }

    /// Reads `A+B`.
    ///
    /// # Errors
    /// Answers that are not known.
    pub fn sum(text: &str, known: &[&str]) -> Result<Measure, String> {
        let parts: Result<Vec<String>, String> = text
            .split('+')
            .map(|name| known_response(name.trim(), known))
            .collect();
        match parts? {
            parts if parts.len() > 1 => Ok(Measure::Sum(parts)),
            _ => Err(format!(
                "{text} is no sum: write two answers and more, as in A+B"
            )),
        }
    }

    /// Reads one answer.
    ///
    /// # Errors
    /// An answer that no poll has.
    pub fn response(text: &str, known: &[&str]) -> Result<Measure, String> {
        known_response(text, known).map(Measure::Response)
    }

    /// The value in a poll, and the variance of sampling of one respondent: that of n respondents is n times smaller.
    /// `None` where the poll lacks an answer. A share among answers rests on those who gave one of them.
    pub fn in_poll(&self, poll: &Poll) -> Option<(f64, f64)> {
        self.value_in(&poll.shares)
    }

    /// The value in a result.
    pub fn in_outcome(&self, outcome: &Outcome) -> Option<f64> {
        self.value_in(&outcome.shares).map(|(value, _)| value)
    }

    fn value_in(&self, shares: &[(String, f64)]) -> Option<(f64, f64)> {
        let share = |name: &String| {
            let mut shares = shares.iter();
            shares.find(|(one, _)| one == name).map(|(_, share)| *share)
        };
        let total = |names: &[String]| names.iter().map(share).sum::<Option<f64>>();
        match self {
            Measure::Response(name) => share(name).map(|p| (p, 1.0)),
            Measure::Sum(names) => total(names).map(|p| (p, 1.0)),
            Measure::Share(name, among) => {
                let all = total(among)?;
                let part = share(name)?;
                (all > 0.0).then(|| (part / all, all))
            }
            Measure::Lead(a, b) => {
                let (a, b) = (share(a)?, share(b)?);
                Some((a - b, a + b))
            }
        }
    }
}

fn example(known: &[&str]) -> String {
    match known {
        [a, b, ..] => format!("{a}-{b}"),
        _ => "spd-cdu_csu".to_owned(),
    }
}

fn known_response(name: &str, known: &[&str]) -> Result<String, String> {
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    let mut same = known.iter().filter(|one| one.eq_ignore_ascii_case(name));
    if let (Some(one), None) = (same.next(), same.next()) {
        return Ok((*one).to_owned());
    }
    let near = nearest(name, known.iter().copied());
    Err(match near {
        Some(near) => format!("no poll has the answer {name}; did you mean {near}?"),
        None => format!(
            "no poll has the answer {name}; there are {}",
            known.join(", ")
        ),
    })
}

/// What makes a house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HousePart {
    /// Who asked.
    Pollster,
    /// How was asked.
    Mode,
    /// Who was asked.
    Population,
    /// Who paid.
    Sponsor,
}

/// How polls are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectionOptions {
    /// Of one field period and pollster, the first of these that there is; others stand behind them.
    pub populations: Vec<String>,
    /// Overlapping periods of one house are kept.
    pub keep_overlaps: bool,
    /// What makes a house, its pollster first.
    pub house: Vec<HousePart>,
    /// Last days of fieldwork from this day on.
    pub from: Option<i64>,
    /// Last days of fieldwork up to this day.
    pub to: Option<i64>,
    /// Polls with a side are left out.
    pub exclude_partisan: bool,
    /// Respondents of a poll that says no number.
    pub assumed_n: Option<f64>,
}

impl Default for SelectionOptions {
    fn default() -> SelectionOptions {
        SelectionOptions {
            populations: ["lv", "rv", "v", "a"].map(str::to_owned).to_vec(),
            keep_overlaps: false,
            house: vec![HousePart::Pollster],
            from: None,
            to: None,
            exclude_partisan: false,
            assumed_n: None,
        }
    }
}

/// A poll that is used.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedPoll<'p> {
    /// As it stands in the file.
    pub poll: &'p Poll,
    /// Its house.
    pub house: String,
    /// The middle of its field period, days since 1970-01-01.
    pub middle: f64,
    /// Respondents, or what is assumed.
    pub n: f64,
    /// Whether `n` was assumed.
    pub assumed: bool,
}

/// Why a poll is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// It ended before `--from` or after `--to`.
    OutsidePeriod,
    /// No date is known.
    NoDate,
    /// It ends before it begins.
    EndsBeforeStart,
    /// It was in the field for more than 60 days.
    LongField,
    /// It lacks the answer.
    NoAnswer,
    /// It has a side.
    Partisan,
    /// No number of respondents is known.
    NoSize,
    /// It has fewer than 100 respondents.
    Small,
    /// The same respondents or field period for another population, or asked again.
    OtherPopulation,
    /// Its field period overlaps with a later one of the same house.
    Overlap,
}

impl Exclusion {
    /// The reason in words, after the number of polls.
    pub fn words(self, polls: usize) -> &'static str {
        match (self, polls) {
            (Exclusion::OutsidePeriod, _) => "ended outside of the days asked for",
            (Exclusion::NoDate, _) => "without a date",
            (Exclusion::EndsBeforeStart, 1) => "that ends before it begins",
            (Exclusion::EndsBeforeStart, _) => "that end before they begin",
            (Exclusion::LongField, _) => "over 60 days in the field",
            (Exclusion::NoAnswer, _) => "without the answer",
            (Exclusion::Partisan, _) => "made for one side",
            (Exclusion::NoSize, 1) => "without a number of respondents",
            (Exclusion::NoSize, _) => "without a number of respondents",
            (Exclusion::Small, _) => "of fewer than 100 respondents",
            (Exclusion::OtherPopulation, _) => "of another population of the same poll",
            (Exclusion::Overlap, 1) => "that overlaps with a later one of the same house",
            (Exclusion::Overlap, _) => "that overlap with a later one of the same house",
        }
    }
}

/// The polls of a contest, told apart.
#[derive(Clone, Debug, Default)]
pub struct Selection<'p> {
    /// In the order of their middle days.
    pub used: Vec<UsedPoll<'p>>,
    /// The others, with the reason.
    pub left_out: Vec<(&'p Poll, Exclusion)>,
}

impl Selection<'_> {
    /// How many polls were left out for each reason.
    pub fn counts(&self) -> BTreeMap<Exclusion, usize> {
        let mut counts = BTreeMap::new();
        for (_, reason) in &self.left_out {
            *counts.entry(*reason).or_insert(0) += 1;
        }
        counts
    }
}

/// Chooses the polls of a contest for a measure.
pub fn select<'p>(
    polls: &'p Polls,
    contest: &str,
    measure: &Measure,
    options: &SelectionOptions,
) -> Selection<'p> {
    let mut selection = Selection::default();
    let mut candidates: Vec<UsedPoll<'p>> = Vec::new();
    for poll in polls.polls.iter().filter(|poll| poll.contest == contest) {
        match candidate(poll, measure, options) {
            Ok(used) => candidates.push(used),
            Err(reason) => selection.left_out.push((poll, reason)),
        }
    }
    // what is chosen, and every digit, is the same in whatever order the rows stand
    candidates.sort_by(|a, b| natural(&a.poll.id).cmp(&natural(&b.poll.id)));
    let candidates = one_a_period(candidates, options, &mut selection);
    let mut used = match options.keep_overlaps {
        true => candidates,
        false => without_overlaps(candidates, &mut selection),
    };
    used.sort_by(|a, b| {
        let house = || a.house.cmp(&b.house);
        a.middle.total_cmp(&b.middle).then_with(house)
    });
    selection.used = used;
    selection
}

/// Polls by their numbers, where they are numbers.
fn natural(id: &str) -> (Option<u64>, &str) {
    (id.parse().ok(), id)
}

fn candidate<'p>(
    poll: &'p Poll,
    measure: &Measure,
    options: &SelectionOptions,
) -> Result<UsedPoll<'p>, Exclusion> {
    let (Some(middle), Some(last)) = (poll.middle(), poll.last_day()) else {
        return Err(Exclusion::NoDate);
    };
    if options.from.is_some_and(|from| last < from) || options.to.is_some_and(|to| last > to) {
        return Err(Exclusion::OutsidePeriod);
    }
    if let (Some(start), Some(end)) = (poll.start, poll.end) {
        if end < start {
            return Err(Exclusion::EndsBeforeStart);
        }
        // both ends count: what is 60 days apart took 61
        // a year stands for its middle, and says nothing of how long the poll was in the field
        if end - start >= MOST_FIELD_DAYS && !poll.coarse_date {
            return Err(Exclusion::LongField);
        }
    }
    if measure.in_poll(poll).is_none() {
        return Err(Exclusion::NoAnswer);
    }
    if options.exclude_partisan && !poll.partisan.is_empty() {
        return Err(Exclusion::Partisan);
    }
    let n = poll.n.or(options.assumed_n).ok_or(Exclusion::NoSize)?;
    if n < LEAST_N {
        return Err(Exclusion::Small);
    }
    Ok(UsedPoll {
        poll,
        house: house(poll, &options.house),
        middle,
        n,
        assumed: poll.n.is_none(),
    })
}

fn house(poll: &Poll, parts: &[HousePart]) -> String {
    let names = parts.iter().map(|part| match part {
        HousePart::Pollster => poll.pollster.as_str(),
        HousePart::Mode => &poll.mode,
        HousePart::Population => &poll.population,
        HousePart::Sponsor => &poll.sponsor,
    });
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.join(", ")
}

/// One row a field period and pollster: the population that stands first, then the one asked first.
fn one_a_period<'p>(
    candidates: Vec<UsedPoll<'p>>,
    options: &SelectionOptions,
    selection: &mut Selection<'p>,
) -> Vec<UsedPoll<'p>> {
    let rank = |poll: &UsedPoll| {
        let mut known = options.populations.iter();
        let place = known.position(|population| *population == poll.poll.population);
        place.unwrap_or(options.populations.len())
    };
    type Period<'p> = (String, Option<i64>, Option<i64>);
    let mut best: HashMap<Period, usize> = HashMap::new();
    let mut kept: Vec<Option<UsedPoll<'p>>> = Vec::with_capacity(candidates.len());
    for one in candidates {
        if one.poll.population.is_empty() {
            kept.push(Some(one)); // nothing says that it is the same poll
            continue;
        }
        let key = (one.house.clone(), one.poll.first_day(), one.poll.last_day());
        let Some(&place) = best.get(&key) else {
            best.insert(key, kept.len());
            kept.push(Some(one));
            continue;
        };
        let better = kept[place]
            .as_ref()
            .is_some_and(|known| rank(&one) < rank(known));
        let loser = match better {
            true => kept[place].replace(one),
            false => Some(one),
        };
        if let Some(loser) = loser {
            selection
                .left_out
                .push((loser.poll, Exclusion::OtherPopulation));
        }
    }
    kept.into_iter().flatten().collect()
}

/// Of one house the latest period is kept, then backwards those that do not overlap with one that is.
fn without_overlaps<'p>(
    candidates: Vec<UsedPoll<'p>>,
    selection: &mut Selection<'p>,
) -> Vec<UsedPoll<'p>> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let period = |at: usize| {
        let poll = candidates[at].poll;
        (poll.last_day(), poll.first_day())
    };
    // of one period asked twice the later row stands
    order.sort_by(|a, b| period(*b).cmp(&period(*a)).then(b.cmp(a)));
    let mut earliest: HashMap<&str, i64> = HashMap::new();
    let mut keep = vec![true; candidates.len()];
    for at in order {
        let one = &candidates[at];
        let (Some(last), Some(first)) = period(at) else {
            continue;
        };
        match earliest.get(one.house.as_str()) {
            Some(begins) if last >= *begins => keep[at] = false,
            _ => {
                earliest.insert(&one.house, first);
            }
        }
    }
    let mut kept = Vec::new();
    for (one, keep) in candidates.into_iter().zip(keep) {
        match keep {
            true => kept.push(one),
            false => selection.left_out.push((one.poll, Exclusion::Overlap)),
        }
    }
    kept
}
