//! Two moments of one list: the same answers then and now.

use super::compare::TypedFigure;
use super::figures::date::MONTHS;
use super::figures::store::Qualifier;
use super::lists::ListedFigure;
use crate::frames::words::{and, distinct, nearest};
use crate::tabular::{self, Date, Span};

/// Names of columns that hold times, whatever stands in them.
const NAMES: [&str; 12] = [
    "date", "year", "month", "wave", "period", "time", "quarter", "round", "datum", "monat",
    "jahr", "welle",
];

/// Two moments of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// The column that holds them.
    pub column: String,
    /// The one that is changed from.
    pub earlier: String,
    /// The one that is changed to.
    pub later: String,
    /// All of them, in their order.
    pub all: Vec<String>,
    /// Whether they are dates, and so in an order that is known; else they stand in that of the rows.
    pub are_dates: bool,
}

/// An answer, or a sum or lead of answers, at both moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it is: its groups, if there are several, and its label.
    pub label: String,
    /// At the earlier moment.
    pub earlier: TypedFigure,
    /// At the later one.
    pub later: TypedFigure,
}

impl Moments {
    /// The moments of a list: the last two, or those that are named; `None` where no column holds two times.
    ///
    /// # Errors
    /// A day that may be two; one that is named and not there, or named in the wrong order.
    pub fn from_rows(
        rows: &[ListedFigure],
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Option<Moments>, String> {
        let Some(column) = column(rows)? else {
            return Ok(None);
        };
        let mut all: Vec<(String, f64)> = Vec::new();
        let values = distinct(
            rows.iter()
                .map(|row| row.group(&column))
                .filter(|value| !value.is_empty()),
        );
        let dates = tabular::dates(values.iter().copied(), None);
        let dates: Option<Vec<Date>> = dates.ok().and_then(|dates| dates.into_iter().collect());
        let are_dates = dates.is_some();
        for (at, value) in values.iter().enumerate() {
            let when = dates.as_ref().and_then(|dates| dates.get(at));
            all.push(((*value).to_owned(), when.map_or(at as f64, Date::middle)));
        }
        all.sort_by(|a, b| a.1.total_cmp(&b.1));
        let all: Vec<String> = all.into_iter().map(|(value, _)| value).collect();
        let place = |name: &str| {
            let found = all.iter().position(|value| is_moment(value, name));
            found.ok_or_else(|| {
                let near = nearest(name, all.iter().map(String::as_str));
                let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
                format!("no row is of {name}; there are {}{near}", and(&all))
            })
        };
        let to = match to {
            Some(name) => place(name)?,
            None => all.len().saturating_sub(1),
        };
        let from = match from {
            Some(name) => place(name)?,
            None => to.saturating_sub(1),
        };
        match (all.get(from), all.get(to)) {
            _ if all.len() < 2 => Ok(None),
            (Some(earlier), Some(later)) if from < to => Ok(Some(Moments {
                column,
                earlier: earlier.clone(),
                later: later.clone(),
                are_dates,
                all,
            })),
            (Some(earlier), Some(later)) => Err(format!("{later} is not after {earlier}")),
            _ => Ok(None),
        }
    }
}

/// “May 2023”, “12 May 2023”: a date as it is written under an axis; a quarter or a year as it is.
pub fn date_name(date: &Date) -> String {
    let (year, month, day) = date.begins();
    let month = MONTHS.get(usize::from(month).wrapping_sub(1)).copied();
    let short: String = month.unwrap_or_default().chars().take(3).collect();
    match date.span {
        Span::Day => format!("{day} {short} {year}"),
        Span::Month => format!("{short} {year}"),
        _ => date.to_string(),
    }
}

/// The name of a moment: that of its date, or the word that it is.
pub fn moment_name(text: &str) -> String {
    let dates = tabular::dates([text], None).ok();
    let date = dates.and_then(|dates| dates.first().copied().flatten());
    date.map_or_else(|| text.to_owned(), |date| date_name(&date))
}

/// Whether a moment is the one that is named, in whatever form: 2023-05 is May 2023.
fn is_moment(value: &str, name: &str) -> bool {
    let date = |text: &str| {
        let dates = tabular::dates([text], None).ok()?;
        dates
            .first()
            .copied()
            .flatten()
            .map(|date| date.to_string())
    };
    value.eq_ignore_ascii_case(name.trim())
        || date(value).is_some_and(|value| Some(value) == date(name))
}

/// The column of a list that holds times: by its name, else the only one of dates.
fn column(rows: &[ListedFigure]) -> Result<Option<String>, String> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let dated = |name: &str| {
        let values = rows
            .iter()
            .map(|row| row.group(name))
            .filter(|value| !value.is_empty());
        let values = distinct(values);
        !values.is_empty()
            && values
                .iter()
                .all(|value| match tabular::dates([*value], None) {
                    Ok(dates) => dates.iter().any(Option::is_some),
                    Err(fault) => fault.is_open,
                })
    };
    let names: Vec<&str> = first.groups.iter().map(|(name, _)| name.as_str()).collect();
    let of_dates: Vec<&str> = names.iter().copied().filter(|name| dated(name)).collect();
    let named = names.iter().copied().find(|name| NAMES.contains(name));
    let column = match (
        named.filter(|name| of_dates.contains(name)),
        of_dates.as_slice(),
        named,
    ) {
        (Some(name), ..) => Some(name),
        (None, [only], _) => Some(*only),
        (None, [], named) => named,
        (None, several, _) => {
            let names: Vec<String> = several.iter().map(|name| (*name).to_owned()).collect();
            return Err(format!(
                "{} hold dates: name the one that is meant with --group, and leave the others out",
                and(&names)
            ));
        }
    };
    // a date that may be two is no moment
    if let Some(column) = column.filter(|column| of_dates.contains(column)) {
        let values = distinct(
            rows.iter()
                .map(|row| row.group(column))
                .filter(|value| !value.is_empty()),
        );
        tabular::dates(values, None).map_err(|fault| fault.message)?;
    }
    Ok(column.map(str::to_owned))
}

impl ListedFigure {
    /// What stands in a group column.
    pub fn group(&self, name: &str) -> &str {
        let found = self.groups.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// What sets its question apart, the moment aside.
    fn question_at(&self, moments: &Moments, telling: &[String]) -> String {
        let others = self.groups.iter().filter(|(name, value)| {
            *name != moments.column && !value.is_empty() && telling.contains(name)
        });
        others
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Group columns whose values differ from row to row.
fn telling(rows: &[ListedFigure]) -> Vec<String> {
    let names = rows
        .first()
        .map_or(&[][..], |first| first.groups.as_slice());
    let tells = |name: &str| distinct(rows.iter().map(|row| row.group(name))).len() > 1;
    names
        .iter()
        .filter(|(name, _)| tells(name))
        .map(|(name, _)| name.clone())
        .collect()
}

/// The answers that both moments have, and the labels of those that one lacks or that were printed as bounds.
pub fn changes(
    rows: &[ListedFigure],
    moments: &Moments,
) -> Result<(Vec<Change>, Vec<String>), String> {
    let telling = telling(rows);
    let key = |row: &ListedFigure| (row.question_at(moments, &telling), row.label.clone());
    let at = |moment: &str| -> Vec<&ListedFigure> {
        rows.iter()
            .filter(|row| row.group(&moments.column) == moment)
            .collect()
    };
    let (earlier, later) = (at(&moments.earlier), at(&moments.later));
    let keys = distinct(later.iter().chain(&earlier).map(|row| key(row)));
    let is_bound =
        |row: &ListedFigure| matches!(row.qualifier, Qualifier::AtLeast | Qualifier::AtMost);
    let (mut changes, mut lost) = (Vec::new(), Vec::new());
    for of in keys {
        let label = match of.0.is_empty() {
            true => of.1.clone(),
            false => format!("{}: {}", of.0, of.1),
        };
        let only = |rows: &[&ListedFigure]| -> Result<Option<ListedFigure>, String> {
            let fitting: Vec<&&ListedFigure> = rows.iter().filter(|row| key(row) == of).collect();
            match fitting.as_slice() {
                [_, second, ..] => Err(format!(
                    "line {}: {label} stands there twice at {}; a column that tells the rows apart is a group",
                    second.line,
                    second.group(&moments.column)
                )),
                [only] if !is_bound(only) => Ok(Some((**only).clone())),
                _ => Ok(None),
            }
        };
        match (only(&earlier)?, only(&later)?) {
            (Some(earlier), Some(later)) => changes.push(Change {
                earlier: figure(&[(1.0, &earlier)], &label, &moments.earlier),
                later: figure(&[(1.0, &later)], &label, &moments.later),
                label,
            }),
            _ => lost.push(label),
        }
    }
    Ok((changes, lost))
}

/// Leads, `A-B` or `A+B-C`, at both moments; in each group where there are several.
///
/// # Errors
/// An answer that is not there, at either moment; sizes that differ within a lead.
pub fn leads(
    rows: &[ListedFigure],
    moments: &Moments,
    written: &[String],
) -> Result<Vec<Change>, String> {
    let telling = telling(rows);
    let questions = distinct(rows.iter().map(|row| row.question_at(moments, &telling)));
    let labels = distinct(rows.iter().map(|row| row.label.as_str()));
    let mut changes = Vec::new();
    for lead in written {
        let terms = lead_terms(lead, &labels)?;
        for question in &questions {
            let name = lead_name(&terms);
            let label = match question.is_empty() {
                true => name,
                false => format!("{question}: {name}"),
            };
            let at = |moment: &str| -> Result<TypedFigure, String> {
                let mut found = Vec::new();
                for (sign, answer) in &terms {
                    let row = rows.iter().find(|row| {
                        row.label == *answer
                            && row.group(&moments.column) == moment
                            && row.question_at(moments, &telling) == *question
                    });
                    let row = row
                        .ok_or_else(|| format!("--lead {lead}: {answer} has no row at {moment}"))?;
                    found.push((*sign, row));
                }
                let sizes = distinct(found.iter().map(|(_, row)| row.n.map(f64::to_bits)));
                match sizes.len() {
                    1 => Ok(figure(&found, &label, moment)),
                    _ => Err(format!(
                        "--lead {lead}: its answers are of samples of several sizes at {moment}"
                    )),
                }
            };
            changes.push(Change {
                earlier: at(&moments.earlier)?,
                later: at(&moments.later)?,
                label: label.clone(),
            });
        }
    }
    Ok(changes)
}

/// Answers with their signs; a sign belongs to the label where only so there is such a label.
fn lead_terms(written: &str, labels: &[&str]) -> Result<Vec<(f64, String)>, String> {
    let known = |text: &str| {
        labels
            .iter()
            .find(|label| label.eq_ignore_ascii_case(text.trim()))
            .copied()
    };
    let mut terms = Vec::new();
    let (mut sign, mut rest) = (1.0, written);
    loop {
        let ends = rest
            .char_indices()
            .filter(|(_, c)| matches!(c, '+' | '-' | '−' | '–'));
        let ends =
            ends.map(|(at, c)| (at, c, at + c.len_utf8()))
                .chain([(rest.len(), ' ', rest.len())]);
        // the longest label first: “Lib-Lab” is one
        let mut ends: Vec<(usize, char, usize)> = ends.collect();
        ends.reverse();
        let found = ends
            .into_iter()
            .find_map(|end| known(rest.get(..end.0)?).map(|label| (label, end)));
        let Some((label, (_, mark, next))) = found else {
            let piece = rest
                .split(['+', '-', '−', '–'])
                .next()
                .unwrap_or(rest)
                .trim();
            let near = nearest(piece, labels.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("; did you mean “{near}”?"));
            return Err(format!(
                "--lead {written}: there is no answer “{piece}”{near}"
            ));
        };
        terms.push((sign, label.to_owned()));
        match mark {
            ' ' => break,
            '+' => sign = 1.0,
            _ => sign = -1.0,
        }
        rest = rest.get(next..).unwrap_or_default();
    }
    match terms.iter().any(|(sign, _)| *sign < 0.0) {
        true => Ok(terms),
        false => Err(format!(
            "--lead {written}: a lead is of one answer over another, A-B"
        )),
    }
}

/// “A − B”, “A + B − C”.
fn lead_name(terms: &[(f64, String)]) -> String {
    let of = |sign: f64| -> Vec<&str> {
        let own = terms.iter().filter(|(own, _)| *own == sign);
        own.map(|(_, label)| label.as_str()).collect()
    };
    let (plus, minus) = (of(1.0).join(" + "), of(-1.0).join(" − "));
    format!("{plus} − {minus}")
}

fn figure(terms: &[(f64, &ListedFigure)], label: &str, moment: &str) -> TypedFigure {
    let name = format!("{label}, {}", moment_name(moment));
    TypedFigure {
        written: name.clone(),
        name: Some(name),
        terms: terms
            .iter()
            .map(|(sign, row)| (*sign, row.percent.clone()))
            .collect(),
        n: terms.first().and_then(|(_, row)| row.n),
    }
}
