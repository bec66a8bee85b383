//! Times as grouping columns hold them: years, months, days, or waves in any words.

use super::NO_PART_OF_THE_LABEL;
use super::error::Error;
use crate::frames::Estimate;
use crate::frames::words::{distinct, nearest};
use crate::present::chart::Moment;
use crate::published::changes::date_name;
use crate::tabular::{self, Date, Span};

/// Names that a column with times goes by.
const NAMES: [&str; 9] = [
    "year", "wave", "date", "month", "period", "time", "quarter", "round", "wav",
];

/// The column with the times: as asked for, by its name, or the only one of years or dates.
pub(super) fn column(rows: &[Estimate], chosen: Option<&str>) -> Result<String, Error> {
    let columns = distinct(
        rows.iter()
            .flat_map(|row| row.groups.iter().map(|(name, _)| name.as_str()))
            .filter(|name| !NO_PART_OF_THE_LABEL.contains(name)),
    );
    if let Some(name) = chosen {
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
            && values.filter(|value| !value.is_empty()).all(is_date)
    };
    let mut all_dated = columns.iter().filter(dated);
    let only = all_dated.next().filter(|_| all_dated.next().is_none());
    named
        .or(only)
        .map(|name| (*name).to_owned())
        .ok_or_else(|| Error::NoTimes(columns.join(", ")))
}

/// Whether a text is a date in some form, or two.
fn is_date(text: &str) -> bool {
    match tabular::dates([text], None) {
        Ok(dates) => dates.iter().any(Option::is_some),
        Err(fault) => fault.is_open,
    }
}

/// The dates of some texts, in whatever form; `None` where they are words, as waves are.
///
/// # Errors
/// A day that may be two, or a text among dates that is none: points must not stand in an order that nobody meant.
fn dates_of(values: &[&str]) -> Result<Option<Vec<Date>>, Error> {
    match tabular::dates(values.iter().copied(), None) {
        Ok(dates) => Ok(dates.into_iter().collect()),
        Err(fault) if fault.is_open => Err(Error::Times(fault.message)),
        Err(fault) => {
            match 2 * values.iter().filter(|value| is_date(value)).count() >= values.len() {
                true => Err(Error::Times(fault.message)),
                false => Ok(None),
            }
        }
    }
}

/// Where each time stands, and the names of the times where years do not tell them.
pub(super) struct Times {
    places: Vec<(String, f64)>,
    pub(super) moments: Vec<Moment>,
    /// For people, where the times are words and stand evenly: in which order.
    pub(super) in_words: Option<String>,
}

/// Shorter than this, or where they are few, dates are told by their names; else by their years.
const YEARS: f64 = 2.0;
const FEW: usize = 8;

impl Times {
    /// The times of some rows: dates in their order, anything else in the order of its numbers or of the rows.
    pub(super) fn from_rows(rows: &[Estimate], column: &str) -> Result<Times, Error> {
        let values = distinct(
            rows.iter()
                .map(|row| row.group(column))
                .filter(|value| !value.is_empty()),
        );
        let dates = dates_of(&values)?;
        let plain_years = |dates: &Vec<Date>| dates.iter().all(|date| date.span == Span::Year);
        let mut places: Vec<(String, f64)> = match &dates {
            Some(dates) => {
                // a year stands on its tick
                let middles = dates.iter().map(|date| match date.span {
                    Span::Year if plain_years(dates) => f64::from(date.begins().0),
                    _ => date.middle(),
                });
                values
                    .iter()
                    .map(|value| (*value).to_owned())
                    .zip(middles)
                    .collect()
            }
            None => in_order(&values),
        };
        let in_words = dates.is_none().then(|| {
            let order = match values.iter().all(|value| wave_number(value).is_some()) {
                true => "by their numbers",
                false => "in the order of the rows",
            };
            format!("{column} holds no dates: its values stand evenly, {order}.")
        });
        places.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return Err(Error::Empty);
        };
        if places.len() < 2 {
            return Err(Error::OneTime(first.0.clone()));
        }
        let by_years = dates.as_ref().is_some_and(|dates| {
            places.len() > FEW && (plain_years(dates) || last.1 - first.1 > YEARS)
        });
        let name_of = |value: &str| {
            let date = tabular::dates([value], None)
                .ok()
                .and_then(|dates| dates.first().copied());
            let date = date.flatten().filter(|_| dates.is_some());
            date.map_or_else(|| value.to_owned(), |date| date_name(&date))
        };
        let moments = match by_years {
            true => Vec::new(),
            false => places
                .iter()
                .map(|(value, when)| Moment {
                    when: *when,
                    name: name_of(value),
                })
                .collect(),
        };
        Ok(Times {
            places,
            moments,
            in_words,
        })
    }

    pub(super) fn when(&self, value: &str) -> Option<f64> {
        let found = self.places.iter().find(|(known, _)| known == value);
        found.map(|(_, when)| *when)
    }
}

/// 3 of “wave 3” and “W3”.
fn wave_number(value: &str) -> Option<f64> {
    let digits = value.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok()
}

/// Waves by their numbers where all have one, else as they come.
fn in_order(values: &[&str]) -> Vec<(String, f64)> {
    let mut ordered = values.to_vec();
    let number = |value: &str| wave_number(value).unwrap_or_default();
    if ordered.iter().all(|value| wave_number(value).is_some()) {
        ordered.sort_by(|a, b| number(a).total_cmp(&number(b)));
    }
    let counted = ordered.iter().enumerate();
    counted
        .map(|(at, value)| ((*value).to_owned(), at as f64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Vec<String> {
        let dates = dates_of(values).unwrap();
        dates.unwrap_or_default().iter().map(date_name).collect()
    }

    #[test]
    fn dates_are_known_in_whatever_form() {
        assert_eq!(
            names(&["2023-05", "June 2023", "14.06.2023"]),
            ["May 2023", "Jun 2023", "14 Jun 2023"]
        );
        assert_eq!(names(&["2023Q2", "2023"]), ["2023Q2", "2023"]);
        assert_eq!(names(&["W3", "W4"]), Vec::<String>::new());
        assert!(
            dates_of(&["2024-03", "20240-05"])
                .is_err_and(|error| error.to_string().contains("20240-05"))
        );
        assert!(dates_of(&["5/6/2023", "7/8/2023"]).is_err());
    }
}
