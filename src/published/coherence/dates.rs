use std::time::{SystemTime, UNIX_EPOCH};

use super::rules;
use crate::published::figures::date::Date;
use crate::published::figures::store::{Finding, Poll, Severity, Store};

/// Fieldwork that takes longer than this, in days, is no snapshot.
const LONGEST: i64 = 60;

/// Fieldwork that surely took long (a note), and dates that surely are in the future. `today` is in days
/// since 1 January 1970.
pub fn findings(store: &Store, today: i64) -> Vec<Finding> {
    let polls = store.polls.iter();
    polls
        .flat_map(|poll| long(poll).into_iter().chain(future(poll, today)))
        .collect()
}

/// Today by the clock of the computer (UTC).
pub fn today() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| (since.as_secs() / 86_400) as i64)
}

fn long(poll: &Poll) -> Option<Finding> {
    let (start, end) = (poll.field_start?, poll.field_end?);
    let days = day_number(end.first_day()) - day_number(start.last_day()) + 1;
    (days > LONGEST).then(|| {
        let message = format!("fieldwork from {start} to {end}: {days} days or more");
        finding(
            rules::FIELD_LONG,
            Severity::Note,
            poll,
            "field_end",
            message,
        )
        .fix("several fieldworks in one poll, or a slip in a date?")
    })
}

fn future(poll: &Poll, today: i64) -> Vec<Finding> {
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
            finding(rules::DATE_FUTURE, Severity::Warning, poll, column, message)
                .fix("a slip in the year?")
        })
        .collect()
}

fn finding(
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
    let shift = (month - 14) / 12;
    let julian = (1461 * (year + 4800 + shift)) / 4 + (367 * (month - 2 - 12 * shift)) / 12
        - (3 * ((year + 4900 + shift) / 100)) / 4
        + day
        - 32_075;
    julian - 2_440_588
}
