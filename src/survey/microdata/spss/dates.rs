//! SPSS counts dates in seconds from the start of the Gregorian calendar.

use crate::survey::microdata::Kind;

/// Seconds from the start of the Gregorian calendar, 14 October 1582, to 1970.
const CALENDAR: f64 = 12_219_379_200.0;
const DAY: f64 = 86_400.0;

/// SPSS counts dates in seconds.
pub(crate) fn converted(kind: Kind, stored: f64) -> f64 {
    match kind {
        Kind::Date => (stored - CALENDAR) / DAY,
        Kind::DateTime => stored - CALENDAR,
        Kind::Number | Kind::Text => stored,
    }
}

/// By the width of a string, 0 for numbers, and the type of its format.
pub(crate) fn kind(width: usize, format: u32) -> Kind {
    match (width, format) {
        (1.., _) => Kind::Text,
        // DATE, ADATE, JDATE, MOYR, QYR, WKYR, EDATE and SDATE; DATETIME and YMDHMS
        (0, 20 | 23 | 24 | 28 | 29 | 30 | 38 | 39) => Kind::Date,
        (0, 22 | 41) => Kind::DateTime,
        _ => Kind::Number,
    }
}

/// The same the other way round: what [`converted`] makes this number of.
pub(crate) fn stored(kind: Kind, number: f64) -> f64 {
    let (exact, near) = match kind {
        Kind::Number | Kind::Text => return number,
        Kind::Date => {
            let exact = number * DAY + CALENDAR;
            (exact, exact.round())
        }
        Kind::DateTime => {
            let exact = number + CALENDAR;
            (exact, (exact * 1000.0).round() / 1000.0)
        }
    };
    // the detour over 1970 costs a bit now and then, and what was recorded is whole or has milliseconds
    match converted(kind, near) == number {
        true => near,
        false => exact,
    }
}
