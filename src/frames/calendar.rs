//! Days of the Gregorian calendar, counted from 1970-01-01; before 1582 as if it had been in use.
//!
//! Source: Hatcher (1984), *Simple formulae for Julian day numbers and calendar dates*, in the form with eras of 400 years.

/// Days from 1 March of the year 0 to 1970-01-01.
const TO_1970: i64 = 719_468;
/// Days of 400 years.
const ERA: i64 = 146_097;

/// Year, month and day.
pub fn civil(days: i64) -> (i64, i64, i64) {
    // years that begin in March, so that a leap day is their last
    let days = days.saturating_add(TO_1970);
    let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    // leap days before the day taken out: one in 4 years, none in 100, one in 400
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // five months from March or August on have 153 days
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse, for years of some thousands; 31 February is 2 or 3 March.
pub fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_1970
}

/// Days of a month, 28 to 31.
pub fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (19_509, (2023, 6, 1)),
            (-141_428, (1582, 10, 14)),
            (11_016, (2000, 2, 29)),
            (-TO_1970, (0, 3, 1)),
        ] {
            assert_eq!(civil(days), date);
            let (year, month, day) = date;
            assert_eq!(days_from(year, month, day), days);
        }
    }

    /// Every day follows the one before, and months end where they should.
    #[test]
    fn days_follow_each_other() {
        let (mut year, mut month, mut day) = civil(-800_000);
        for days in -799_999..1_200_000 {
            let next = civil(days);
            let within = u16::try_from(year).map_or(31, |year| days_in(year, month as u8));
            let expected = match (day < i64::from(within), month) {
                (true, _) => (year, month, day + 1),
                (false, 12) => (year + 1, 1, 1),
                (false, _) => (year, month + 1, 1),
            };
            if year >= 0 {
                assert_eq!(next, expected);
            }
            assert_eq!(days_from(next.0, next.1, next.2), days);
            (year, month, day) = next;
        }
    }
}
