//! Days and parts of a second since 1970-01-01 as ISO 8601, in the proleptic Gregorian calendar.

use crate::frames::calendar::{civil, days_from};

const DAY: i128 = 86_400;

/// `2023-06-01`.
pub(crate) fn date(days: i128) -> String {
    // what a file stores has 64 bits, and so has this
    let (year, month, day) = civil(days as i64);
    match year < 0 {
        true => format!("-{:04}-{month:02}-{day:02}", -year),
        false => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// `2023-06-01T08:30:00`, with 3, 6 or 9 digits of the second where there are any.
pub(crate) fn date_time(stored: i128, per_second: i64) -> String {
    let of_day = DAY * i128::from(per_second);
    let date = date(stored.div_euclid(of_day));
    format!("{date}T{}", clock(stored.rem_euclid(of_day), per_second))
}

/// `08:30:00`.
pub(crate) fn clock(stored: i128, per_second: i64) -> String {
    let per_second = i128::from(per_second);
    let seconds = stored.div_euclid(per_second);
    let (hours, minutes) = (seconds.div_euclid(3600), seconds.div_euclid(60) % 60);
    let time = format!("{hours:02}:{minutes:02}:{:02}", seconds.rem_euclid(60));
    let billionths = stored.rem_euclid(per_second) * (1_000_000_000 / per_second);
    match billionths {
        0 => time,
        some if some % 1_000_000 == 0 => format!("{time}.{:03}", some / 1_000_000),
        some if some % 1_000 == 0 => format!("{time}.{:06}", some / 1_000),
        some => format!("{time}.{some:09}"),
    }
}

/// Seconds since 1970-01-01, rounded once.
pub(crate) fn seconds(stored: i128, per_second: i64) -> f64 {
    match stored.unsigned_abs() < 1 << 53 {
        // two exact numbers: the quotient is rounded once
        true => stored as f64 / per_second as f64,
        false => {
            let per_second = i128::from(per_second);
            let rest = stored.rem_euclid(per_second) as f64 / per_second as f64;
            stored.div_euclid(per_second) as f64 + rest
        }
    }
}

/// Days since 1970-01-01 of `2023-06-01`.
pub(crate) fn days_of(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let days = days_from(whole(year)?, whole(month)?, whole(day)?);
    // 31 February is another day
    (date(i128::from(days)) == text).then_some(days)
}

/// Microseconds since 1970-01-01 of `2023-06-01T08:30:00` with up to six digits more.
pub(crate) fn microseconds_of(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let parts: Vec<i64> = time.split(':').map(whole).collect::<Option<_>>()?;
    let [hours @ 0..=23, minutes @ 0..=59, seconds @ 0..=59] = parts[..] else {
        return None;
    };
    if fraction.len() > 6 {
        return None;
    }
    let fraction = whole(&format!("{fraction:0<6}"))?;
    let seconds = days_of(date)? * 86_400 + hours * 3600 + minutes * 60 + seconds;
    Some(seconds * 1_000_000 + fraction)
}

fn whole(text: &str) -> Option<i64> {
    match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse().ok(),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        for (days, text) in [
            (0, "1970-01-01"),
            (19_509, "2023-06-01"),
            (-141_428, "1582-10-14"),
            (11_016, "2000-02-29"),
        ] {
            assert_eq!(date(days), text);
            assert_eq!(days_of(text).map(i128::from), Some(days));
        }
        assert_eq!(days_of("2023-02-30"), None);
        assert_eq!(days_of("yes"), None);
    }

    #[test]
    fn moments_to_the_last_digit() {
        let text = "2023-06-01T08:30:00";
        assert_eq!(date_time(1_685_608_200_000, 1_000), text);
        assert_eq!(
            date_time(1_685_608_200_250_000, 1_000_000),
            format!("{text}.250")
        );
        assert_eq!(
            date_time(1_685_608_200_000_000_001, 1_000_000_000),
            format!("{text}.000000001")
        );
        assert_eq!(date_time(-1_000, 1_000), "1969-12-31T23:59:59");
        assert_eq!(seconds(1_685_608_200_250, 1_000), 1_685_608_200.25);
        assert_eq!(microseconds_of(text), Some(1_685_608_200_000_000));
        assert_eq!(
            microseconds_of("2023-06-01T08:30:00.25"),
            Some(1_685_608_200_250_000)
        );
        assert_eq!(microseconds_of("2023-06-01"), None);
    }
}
