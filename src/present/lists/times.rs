//! Times as grouping columns hold them: years, months, days, or waves in any words.

use super::error::Error;
use super::estimates::NO_PART_OF_THE_LABEL;
use crate::frames::Estimate;
use crate::frames::words::{distinct, nearest};
use crate::present::chart::Moment;
use crate::published::figures::date::{Date, MONTHS};

/// Names that a column with times goes by.
const NAMES: [&str; 9] = [
    "year", "wave", "date", "month", "period", "time", "quarter", "round", "wav",
];

/// The column with the times: as asked for, by its name, or the only one of years or dates.
pub(super) fn column(rows: &[Estimate], wanted: Option<&str>) -> Result<String, Error> {
    let columns = distinct(
        rows.iter()
            .flat_map(|row| row.groups.iter().map(|(name, _)| name.as_str()))
            .filter(|name| !NO_PART_OF_THE_LABEL.contains(name)),
    );
    if let Some(name) = wanted {
        return match columns.contains(&name) {
            true => Ok(name.to_owned()),
            false => Err(Error::NoColumn {
                given: name.to_owned(),
                hint: match nearest(name, columns.iter().copied()) {
                    Some(near) => format!("did you mean {near}?"),
                    None if columns.is_empty() => {
                        "the estimates have no grouping column".to_owned()
                    }
                    None => format!("there are {}", columns.join(", ")),
                },
            }),
        };
    }
    let named = columns
        .iter()
        .find(|name| NAMES.contains(&name.to_lowercase().as_str()));
    let dated = |name: &&&str| {
        let values = rows.iter().map(|row| row.group(name));
        values.clone().any(|value| !value.is_empty())
            && values
                .filter(|value| !value.is_empty())
                .all(|value| year_of(value).is_some())
    };
    let mut all_dated = columns.iter().filter(dated);
    let only = all_dated.next().filter(|_| all_dated.next().is_none());
    named
        .or(only)
        .map(|name| (*name).to_owned())
        .ok_or_else(|| Error::NoTimes(columns.join(", ")))
}

/// The middle of a year, month, quarter or day, as a year with its part.
fn year_of(text: &str) -> Option<f64> {
    if let Some((year, quarter)) = text.split_once(['Q', 'q']) {
        let quarter = quarter
            .parse::<f64>()
            .ok()
            .filter(|q| [1.0, 2.0, 3.0, 4.0].contains(q))?;
        let year = Date::parse(year.trim_end_matches(['-', ' '])).ok()?;
        return Some(f64::from(year.year) + (quarter - 0.5) / 4.0);
    }
    let date = Date::parse(text)
        .ok()
        .filter(|date| (1000..3000).contains(&date.year))?;
    let part = match (date.month, date.day) {
        (None, _) => 0.5,
        (Some(month), None) => (f64::from(month) - 0.5) / 12.0,
        (Some(month), Some(day)) => (f64::from(month) - 1.0 + (f64::from(day) - 0.5) / 31.0) / 12.0,
    };
    Some(f64::from(date.year) + part)
}

/// "May 2023", "12 May 2023": a date as it is written under an axis; anything else as it is.
fn name(text: &str) -> String {
    let Ok(date) = Date::parse(text) else {
        return text.to_owned();
    };
    let month = date
        .month
        .and_then(|month| MONTHS.get(usize::from(month).wrapping_sub(1)));
    let short = month.map(|month| month.chars().take(3).collect::<String>());
    match (short, date.day) {
        (Some(month), Some(day)) => format!("{day} {month} {}", date.year),
        (Some(month), None) => format!("{month} {}", date.year),
        _ => text.to_owned(),
    }
}

/// Where each time stands, and the names of the times where years do not tell them.
pub(super) struct Times {
    places: Vec<(String, f64)>,
    pub(super) moments: Vec<Moment>,
}

/// Shorter than this, dates are told by their names; longer, by their years.
const YEARS: f64 = 2.0;

impl Times {
    /// The times of some rows: dates in their order, anything else in the order of its numbers or of the rows.
    pub(super) fn from_rows(rows: &[Estimate], column: &str) -> Result<Times, Error> {
        let values = distinct(
            rows.iter()
                .map(|row| row.group(column))
                .filter(|value| !value.is_empty()),
        );
        let dated: Option<Vec<f64>> = values.iter().map(|value| year_of(value)).collect();
        let mut places: Vec<(String, f64)> = match dated {
            Some(years) => values
                .iter()
                .map(|value| (*value).to_owned())
                .zip(years)
                .collect(),
            None => {
                let mut ordered = values.clone();
                let number = |value: &&str| {
                    value
                        .trim_start_matches(|c: char| !c.is_ascii_digit())
                        .parse::<f64>()
                };
                if ordered.iter().all(|value| number(value).is_ok()) {
                    ordered.sort_by(|a, b| {
                        number(a)
                            .unwrap_or_default()
                            .total_cmp(&number(b).unwrap_or_default())
                    });
                }
                let counted = ordered.iter().enumerate();
                counted
                    .map(|(at, value)| ((*value).to_owned(), at as f64))
                    .collect()
            }
        };
        places.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Err(Error::Empty);
        };
        if places.len() < 2 {
            return Err(Error::OneTime(first.0.clone()));
        }
        let plain_years = places
            .iter()
            .all(|(value, _)| Date::parse(value).is_ok_and(|date| date.month.is_none()))
            && year_of(&first.0).is_some();
        let long = year_of(&first.0).is_some() && last.1 - first.1 > YEARS;
        let moments = match plain_years || long {
            true => Vec::new(),
            false => places
                .iter()
                .map(|(value, when)| Moment {
                    when: *when,
                    name: name(value),
                })
                .collect(),
        };
        Ok(Times { places, moments })
    }

    pub(super) fn when(&self, value: &str) -> Option<f64> {
        let found = self.places.iter().find(|(known, _)| known == value);
        found.map(|(_, when)| *when)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_years_with_their_part() {
        assert_eq!(year_of("2023"), Some(2023.5));
        assert_eq!(year_of("2023-01"), Some(2023.0 + 0.5 / 12.0));
        assert_eq!(year_of("2023Q2"), Some(2023.375));
        assert_eq!(year_of("2023-Q4"), Some(2023.875));
        for text in ["", "3", "wave 3", "0999", "2023-13", "Q"] {
            assert_eq!(year_of(text), None, "{text}");
        }
        assert_eq!(
            (name("2023-05"), name("W3")),
            ("May 2023".to_owned(), "W3".to_owned())
        );
    }
}
