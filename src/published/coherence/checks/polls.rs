//! Dates of fieldwork, and polls that are there twice.

use crate::published::coherence::rules;
use crate::published::figures::date::Date;
use crate::published::figures::store::{Figure, Finding, Poll, Severity, Store, folded};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

/// Fieldwork that takes longer than this, in days, is no snapshot.
const LONGEST: i64 = 60;

/// Fieldwork that surely took long (a note), and dates that surely are in the future. `today` is in days
/// since 1 January 1970.
pub fn date_findings(store: &Store, today: i64) -> Vec<Finding> {
    let polls = store.polls.iter();
    polls
        .flat_map(|poll| {
            long_fieldwork(poll)
                .into_iter()
                .chain(future_dates(poll, today))
        })
        .collect()
}

/// Today by the clock of the computer (UTC).
pub fn today() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| (since.as_secs() / 86_400) as i64)
}

fn long_fieldwork(poll: &Poll) -> Option<Finding> {
    let (start, end) = (poll.field_start?, poll.field_end?);
    let days = day_number(end.first_day()) - day_number(start.last_day()) + 1;
    (days > LONGEST).then(|| {
        let message = format!("fieldwork from {start} to {end}: {days} days or more");
        poll_finding(
            rules::FIELD_LONG,
            Severity::Note,
            poll,
            "field_end",
            message,
        )
        .fix("several fieldworks in one poll, or a slip in a date?")
    })
}

fn future_dates(poll: &Poll, today: i64) -> Vec<Finding> {
    let dates = [
        ("field_start", poll.field_start),
        ("field_end", poll.field_end),
        ("published", poll.published),
    ];
    // the day may have begun elsewhere
    let ahead = |date: &Date| day_number(date.first_day()) > today + 1;
    dates
        .into_iter()
        .filter_map(|(column, date)| Some((column, date.filter(ahead)?)))
        .map(|(column, date)| {
            let message = format!("{date} is in the future");
            poll_finding(rules::DATE_FUTURE, Severity::Warning, poll, column, message)
                .fix("a slip in the year?")
        })
        .collect()
}

fn poll_finding(
    rule: &'static str,
    severity: Severity,
    poll: &Poll,
    column: &str,
    message: String,
) -> Finding {
    Finding::new(
        rule,
        severity,
        "polls.csv",
        format!("{}: {message}", poll.poll),
    )
    .line(poll.line)
    .column(column)
    .id(&poll.poll)
}

/// Days since 1 January 1970 in the Gregorian calendar (Fliegel & Van Flandern 1968).
fn day_number(date: Date) -> i64 {
    let (year, month) = (i64::from(date.year), i64::from(date.month.unwrap_or(1)));
    let day = i64::from(date.day.unwrap_or(1));
    // -1 in January and February, which count as the end of the year before: it needs division towards 0
    let shift = (month - 14) / 12;
    let julian = (1461 * (year + 4800 + shift)) / 4 + (367 * (month - 2 - 12 * shift)) / 12
        - (3 * ((year + 4900 + shift) / 100)) / 4
        + day
        - 32_075;
    julian - 2_440_588
}

/// A year so far from that of every other poll is probably a slip, where there are some polls to tell by.
const FAR: u16 = 15;
const SOME_POLLS: usize = 5;

/// Polls of a year that no other poll of the store is near.
pub fn lonely_years(store: &Store) -> Vec<Finding> {
    let year = |poll: &Poll| Some(poll.field_start.or(poll.field_end)?.year);
    let years: Vec<u16> = store.polls.iter().filter_map(year).collect();
    if years.len() < SOME_POLLS {
        return Vec::new();
    }
    let lonely = |poll: &&Poll| {
        let near = |own: u16| {
            years
                .iter()
                .filter(move |other| own.abs_diff(**other) <= FAR)
        };
        // the poll itself is near
        year(poll).is_some_and(|own| near(own).count() == 1)
    };
    let finding = |poll: &Poll| {
        let column = if poll.field_start.is_some() {
            "field_start"
        } else {
            "field_end"
        };
        let own = year(poll).unwrap_or_default();
        let message = format!("{own} is more than {FAR} years from every other poll");
        poll_finding(rules::YEAR_ALONE, Severity::Warning, poll, column, message)
            .fix("a slip in the year?")
    };
    store.polls.iter().filter(lonely).map(finding).collect()
}

/// So many equal figures, and no other, are no chance; fewer are none where the samples are of one size, too.
const ENOUGH: usize = 3;
const ENOUGH_WITH_N: usize = 2;

/// Polls of one house at one time with the same figures: probably one poll, entered twice.
pub fn repeated_polls(store: &Store) -> Vec<Finding> {
    let mut by_house: BTreeMap<String, Vec<&Poll>> = BTreeMap::new();
    let mut figures: HashMap<&str, Vec<&Figure>> = HashMap::new();
    for poll in &store.polls {
        for house in houses(poll) {
            by_house.entry(house).or_default().push(poll);
        }
    }
    for figure in &store.figures {
        figures.entry(&figure.poll).or_default().push(figure);
    }
    let mut findings = Vec::new();
    // one pollster and one sponsor of two polls are one reason, not two
    let mut compared: BTreeSet<(u64, u64)> = BTreeSet::new();
    for polls in by_house.values() {
        for (place, first) in polls.iter().enumerate() {
            let others = polls.iter().skip(place + 1);
            for second in others.filter(|poll| overlap(first, poll)) {
                if !compared.insert((first.line, second.line)) {
                    continue;
                }
                let of = |poll: &Poll| {
                    figures
                        .get(poll.poll.as_str())
                        .map_or(&[][..], Vec::as_slice)
                };
                let enough = match one_size(store, first, second) {
                    true => ENOUGH_WITH_N,
                    false => ENOUGH,
                };
                let same = equal(of(first), of(second)).filter(|same| *same >= enough);
                findings.extend(same.map(|same| twice(first, second, same)));
            }
        }
    }
    findings
}

/// Who fielded a poll and who paid for it, however their names are written: one entry may leave out what another has.
fn houses(poll: &Poll) -> BTreeSet<String> {
    let named = |name: &String| {
        let letters = folded(name, false);
        letters
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect::<String>()
    };
    let names = [&poll.fieldwork, &poll.sponsor].map(named).into_iter();
    names.filter(|name| !name.is_empty()).collect()
}

/// Whether the samples of both are known to be of one size.
fn one_size(store: &Store, a: &Poll, b: &Poll) -> bool {
    let size = |poll: &Poll| {
        let samples = store.samples.iter();
        let mut samples = samples.filter(|sample| sample.poll == poll.poll);
        samples.find_map(|sample| sample.n)
    };
    size(a).is_some() && size(a) == size(b)
}

/// Whether the fieldwork of both may have been at one time, as far as it is known.
fn overlap(a: &Poll, b: &Poll) -> bool {
    // trackers often have one date of a poll
    let span = |poll: &Poll| {
        let start = poll.field_start.or(poll.field_end)?;
        Some((start, poll.field_end.unwrap_or(start)))
    };
    let (Some((a_start, a_end)), Some((b_start, b_end))) = (span(a), span(b)) else {
        return false;
    };
    !a_end.surely_before(&b_start) && !b_end.surely_before(&a_start)
}

/// How many quantities have the same print in both, if none has another.
fn equal(a: &[&Figure], b: &[&Figure]) -> Option<usize> {
    let key = |f: &&Figure| {
        let Figure {
            question,
            response,
            country,
            base,
            ..
        } = *f;
        [
            question.clone(),
            response.clone(),
            country.clone(),
            base.clone(),
        ]
    };
    let mut prints: HashMap<[String; 4], Vec<&str>> = HashMap::new();
    for figure in a {
        prints
            .entry(key(figure))
            .or_default()
            .push(&figure.percent.text);
    }
    let mut same = 0;
    for figure in b {
        match prints.get(&key(figure)) {
            Some(texts) if texts.contains(&figure.percent.text.as_str()) => same += 1,
            Some(_) => return None,
            None => {}
        }
    }
    Some(same)
}

fn twice(first: &Poll, second: &Poll, same: usize) -> Finding {
    let message = format!(
        "{} and {} are of one house and one time and have {same} figures in common: one poll, entered twice?",
        first.poll, second.poll
    );
    Finding::new(rules::WAVE_TWICE, Severity::Warning, "polls.csv", message)
        .line(second.line)
        .column("poll")
        .id(&first.poll)
        .id(&second.poll)
        .fix("keep one of them: opine remove poll ID --with-dependents takes the other out")
}
