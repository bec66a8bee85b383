//! Dates to the day, the month or the year, as far as a source gives them.

use std::fmt;

use crate::frames::calendar::{civil, days_from, days_in};

/// An ISO date with its precision: `2023-05-12`, `2023-05` or `2023`. The order is that of the
/// first days, the coarser one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, 1 to 12, if known.
    pub month: Option<u8>,
    /// The day of the month, from 1, if known.
    pub day: Option<u8>,
}

/// Why a text is no date, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no date: {reason}")]
pub struct DateError {
    /// What is wrong with it.
    pub reason: String,
    /// What would be right, where it can be told.
    pub fix: Option<String>,
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// Reads an ISO date: four digits of the year, then `-` and two of the month, then `-` and two
    /// of the day.
    ///
    /// # Errors
    /// [`DateError`] for another form, or a day that the calendar does not have.
    ///
    /// ```
    /// use opine::internals::published::figures::date::Date;
    /// assert_eq!(Date::parse("2023-05").unwrap().last_day().to_string(), "2023-05-31");
    /// assert_eq!(Date::parse("12.5.2023").unwrap_err().fix.as_deref(), Some("2023-05-12"));
    /// ```
    pub fn parse(text: &str) -> Result<Date, DateError> {
        Date::read(text).map_err(|reason| DateError {
            reason,
            fix: guess(text),
        })
    }

    /// The date, or the reason why it is none.
    fn read(text: &str) -> Result<Date, String> {
        let form = || "the form is YYYY-MM-DD, YYYY-MM or YYYY".to_string();
        let mut parts = text.split('-');
        let year = number(parts.next(), 4).ok_or_else(form)?;
        let month = parts
            .next()
            .map(|part| number(Some(part), 2).ok_or_else(form))
            .transpose()?;
        let day = parts
            .next()
            .map(|part| number(Some(part), 2).ok_or_else(form))
            .transpose()?;
        if parts.next().is_some() {
            return Err(form());
        }
        let Some(month) = month else {
            return Ok(Date {
                year,
                month: None,
                day: None,
            });
        };
        let name = MONTHS.get(usize::from(month).wrapping_sub(1));
        let name = name.ok_or_else(|| format!("there is no month {month}"))?;
        let month = month as u8; // 1 to 12, as it has a name
        let Some(day) = day else {
            return Ok(Date {
                year,
                month: Some(month),
                day: None,
            });
        };
        let days = days_in(year, month);
        if day == 0 || day > u16::from(days) {
            return Err(format!("{name} {year} has {days} days"));
        }
        Ok(Date {
            year,
            month: Some(month),
            day: Some(day as u8),
        }) // 1 to 31
    }

    /// The first day it may stand for: 2023-05 gives 2023-05-01.
    pub fn first_day(&self) -> Date {
        Date {
            year: self.year,
            month: Some(self.month.unwrap_or(1)),
            day: Some(self.day.unwrap_or(1)),
        }
    }

    /// The last day it may stand for: 2023-02 gives 2023-02-28.
    pub fn last_day(&self) -> Date {
        let month = self.month.unwrap_or(12);
        Date {
            year: self.year,
            month: Some(month),
            day: Some(self.day.unwrap_or(days_in(self.year, month))),
        }
    }

    /// Days since 1970-01-01 of its first day, in the Gregorian calendar.
    ///
    /// ```
    /// use opine::internals::published::figures::date::Date;
    /// assert_eq!(Date::parse("2016-11-08").unwrap().days(), 17_113);
    /// assert_eq!(Date::from_days(17_113).to_string(), "2016-11-08");
    /// ```
    pub fn days(&self) -> i64 {
        let (month, day) = (
            i64::from(self.month.unwrap_or(1)),
            i64::from(self.day.unwrap_or(1)),
        );
        days_from(i64::from(self.year), month, day)
    }

    /// The date of a day since 1970-01-01; years are kept within 0 to 9999.
    pub fn from_days(days: i64) -> Date {
        let (year, month, day) = civil(days.clamp(-719_528, 2_932_896));
        Date {
            year: year.clamp(0, 9999) as u16,
            month: Some(month as u8),
            day: Some(day as u8),
        }
    }

    /// Whether it lies wholly before the other, whatever the days that are not known.
    pub fn surely_before(&self, other: &Date) -> bool {
        self.last_day() < other.first_day()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        self.month
            .map_or(Ok(()), |month| write!(f, "-{month:02}"))?;
        self.day.map_or(Ok(()), |day| write!(f, "-{day:02}"))
    }
}

/// A number of exactly so many digits.
fn number(text: Option<&str>, width: usize) -> Option<u16> {
    let text = text?;
    let plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The ISO date that was probably meant; both readings where day and month can be mistaken for each other.
fn guess(text: &str) -> Option<String> {
    if text.len() > 40 {
        return None;
    }
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let iso = |year: &str, month: &str, day: Option<&str>| {
        let day = day.map_or(String::new(), |day| format!("-{day:0>2}"));
        let read = Date::read(&format!("{year}-{:0>2}{day}", month_number(month)));
        read.ok().map(|date| date.to_string())
    };
    match *words.as_slice() {
        [all] if all.len() == 8 && all.is_ascii() => {
            iso(all.get(..4)?, all.get(4..6)?, all.get(6..))
        }
        [year, month] if year.len() == 4 => iso(year, month, None),
        [month, year] => iso(year, month, None),
        [year, month, day] if year.len() == 4 => iso(year, month, Some(day)),
        [first, second, year] => {
            let (day_first, month_first) = (
                iso(year, second, Some(first)),
                iso(year, first, Some(second)),
            );
            match (day_first, month_first) {
                (Some(one), _) if text.contains('.') => Some(one), // with points the day comes first
                (Some(one), Some(other)) if one != other => Some(format!("{one} or {other}")),
                (one, other) => one.or(other),
            }
        }
        _ => None,
    }
}

/// `05` for `May`; a number stays as it is.
fn month_number(word: &str) -> String {
    let lower = word.to_lowercase();
    let begins = |name: &str| lower.len() >= 3 && name.to_lowercase().starts_with(&lower);
    let named = MONTHS.iter().position(|name| begins(name));
    named.map_or(lower, |index| (index + 1).to_string())
}
