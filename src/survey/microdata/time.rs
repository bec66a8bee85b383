//! Days and seconds since 1970-01-01 as ISO 8601, in the proleptic Gregorian calendar.

use crate::frames::calendar::{civil, days_from};

const DAY: f64 = 86_400.0;
/// Far beyond every survey; keeps the arithmetic on days exact.
const MOST_DAYS: f64 = 4e6;

/// `2023-06-01`; `None` where the day is not whole or lies thousands of years off.
pub(super) fn date(days: f64) -> Option<String> {
    if days.fract() != 0.0 || days.is_nan() || days.abs() > MOST_DAYS {
        return None;
    }
    let (year, month, day) = civil(days as i64);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// `2023-06-01T08:30:00`, with milliseconds where there are any.
pub(super) fn date_time(seconds: f64) -> Option<String> {
    // before it is taken apart: 59.9996 seconds are the next minute
    let milliseconds = (seconds * 1000.0).round();
    let days = (milliseconds / (DAY * 1000.0)).floor();
    let date = date(days)?;
    let rest = (milliseconds - days * DAY * 1000.0) as i64;
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    let time = format!("{date}T{hours:02}:{minutes:02}:{seconds:02}");
    Some(match rest % 1000 {
        0 => time,
        fraction => format!("{time}.{fraction:03}"),
    })
}

/// Days since 1970-01-01 of `2023-06-01`.
pub(super) fn days(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let mut parts = digits.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    if year > 20_000 || !(1..=12).contains(&month) {
        return None;
    }
    let days = days_from(sign * year, month, day);
    // 31 February would be a day of March
    (civil(days) == (sign * year, month, day)).then_some(days as f64)
}

/// Seconds since 1970-01-01 of `2023-06-01T08:30:00` with or without a fraction.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let (date, time) = text.split_once('T')?;
    let mut parts = time.splitn(3, ':').map(str::parse::<f64>);
    let (hours, minutes, rest) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    Some(days(date)? * DAY + hours * 3600.0 + minutes * 60.0 + rest)
}

/// A date as the values of dates are written, so that it compares with them by code point as by time: `2023-6-1` is
/// `2023-06-01`, `2023-06-01 8:30` is `2023-06-01T08:30:00`; a year and a month stand as they are.
///
/// `None` where it does not begin with a year, or there is no such day or time.
pub(crate) fn iso(text: &str) -> Option<String> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let year = parts.first().filter(|year| year.len() == 4)?;
    let day: Vec<i64> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| whole(part, if place == 0 { 4 } else { 2 }))
        .collect::<Option<_>>()?;
    let date = match *day.as_slice() {
        [_] => (*year).to_owned(),
        [_, month] if (1..=12).contains(&month) => format!("{year}-{month:02}"),
        [_, month, day] => {
            let date = format!("{year}-{month:02}-{day:02}");
            days(&date)?;
            date
        }
        _ => return None,
    };
    match time {
        None => Some(date),
        Some(time) if day.len() == 3 => Some(format!("{date}T{}", iso_time(time)?)),
        Some(_) => None,
    }
}

/// `08:30:00` of `8:30`, with milliseconds where there are any.
fn iso_time(text: &str) -> Option<String> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts: Vec<i64> = clock
        .split(':')
        .map(|part| whole(part, 2))
        .collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match *parts.as_slice() {
        [hours, minutes] if fraction.is_empty() => (hours, minutes, 0),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    if hours > 23 || minutes > 59 || seconds > 59 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let time = format!("{hours:02}:{minutes:02}:{seconds:02}");
    Some(match fraction.trim_end_matches('0') {
        "" => time,
        fraction => format!("{time}.{fraction:0<3}"),
    })
}

/// A whole number of so many digits at most.
fn whole(text: &str, most: usize) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && text.len() <= most).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        for (day, text) in [
            (0.0, "1970-01-01"),
            (19_509.0, "2023-06-01"),
            (-141_428.0, "1582-10-14"),
            (11_016.0, "2000-02-29"),
        ] {
            assert_eq!(date(day).as_deref(), Some(text));
            assert_eq!(days(text), Some(day));
        }
        assert_eq!(date(0.5), None);
        assert_eq!(date(f64::NAN), None);
        assert_eq!(date(f64::INFINITY), None);
    }

    #[test]
    fn days_that_are_none() {
        for text in [
            "2023-02-29",
            "2023-02-31",
            "2023-04-31",
            "2023-13-01",
            "2023-01-00",
            "1900-02-29",
        ] {
            assert_eq!(days(text), None, "{text}");
            assert_eq!(iso(text), None, "{text}");
        }
        for day in -800_000..800_000 {
            let text = date(f64::from(day)).unwrap();
            assert_eq!(days(&text), Some(f64::from(day)), "{text}");
        }
    }

    #[test]
    fn literals_are_written_as_values_are() {
        for (text, written) in [
            ("2023", Some("2023")),
            ("2023-6", Some("2023-06")),
            ("2023-6-1", Some("2023-06-01")),
            ("2023-06-01 8:30", Some("2023-06-01T08:30:00")),
            ("2023-06-01T08:30:15.25", Some("2023-06-01T08:30:15.250")),
            ("2023-06-01T08:30:15.000", Some("2023-06-01T08:30:15")),
            ("2023-06-01T08:30:00Z", None),
            ("2023-06-01T24:00", None),
            ("2023-06 08:30", None),
            ("2023-", None),
            ("23-06-01", None),
            ("2023-00", None),
            ("2023-006-01", None),
            ("20230601", None),
            ("1.6.2023", None),
            ("", None),
        ] {
            assert_eq!(iso(text).as_deref(), written, "{text}");
        }
    }

    #[test]
    fn known_seconds() {
        for (second, text) in [
            (0.0, "1970-01-01T00:00:00"),
            (-1.0, "1969-12-31T23:59:59"),
            (1_685_608_200.25, "2023-06-01T08:30:00.250"),
        ] {
            assert_eq!(date_time(second).as_deref(), Some(text));
            assert_eq!(seconds(text), Some(second));
        }
        assert_eq!(date_time(f64::NAN), None);
    }
}
