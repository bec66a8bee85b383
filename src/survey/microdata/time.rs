//! Days and seconds since 1970-01-01 as ISO 8601, in the proleptic Gregorian calendar.

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
    if year > 20_000 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_from(sign * year, month, day) as f64)
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

/// Year, month and day, by eras of 400 years that start on 1 March.
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // five months from March or August on have 153 days
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01.
pub(super) fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let march = (month + 9) % 12;
    let of_year = (153 * march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
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
