//! New rows as they come in: from flags, tables or JSON.

use super::finding::{Finding, Severity, quoted};
use super::read::text_bytes;
use super::rules;
use super::schema::{Kind, Table};
use crate::tabular::{self, Bound, Date, Header, Number};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A row to be added: names of columns and values. `first-hand` stands for `first_hand`; what is
/// left out or empty gets the column's default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRow(pub Vec<(String, String)>);

/// What findings call the place where rows come from.
const INPUT: &str = "standard input";

/// The header of a table and an empty row, as CSV.
pub fn template(table: Table) -> String {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    format!("{}\n{}\n", names.join(","), ",".repeat(names.len() - 1))
}

/// Rows of a table as text in any dialect or in a workbook, by the names of its columns; `file` is what messages call it.
/// Numbers and dates become those of the store: 48.5 for `48,5 %`, 2023-06-14 for `14.06.2023`, and `<1` a bound. What they can’t
/// be is left as it is, to be refused with all else that is wrong with its row. With it what was assumed to read them.
///
/// # Errors
/// It can’t be read, or has two readings.
pub fn rows_from_table(
    table: Table,
    file: &str,
    bytes: &[u8],
    options: &tabular::Options,
) -> Result<(Vec<NewRow>, Option<String>), tabular::Error> {
    let required = table.columns().iter().filter(|column| column.required);
    let required: Vec<&str> = required.map(|column| column.name).collect();
    let header = Header::named(&required).or_by_shape();
    let mut read = tabular::read_bytes(file, bytes, &header, options)?;
    let mut rows = vec![NewRow::default(); read.len()];
    for at in 0..read.names().len() {
        let name = read.names().get(at).cloned().unwrap_or_default();
        let column = table
            .columns()
            .iter()
            .find(|column| read.column(column.name) == Some(at));
        if name.is_empty() {
            continue;
        }
        let values = column_values(
            &mut read,
            at,
            column.map_or(Kind::Text, |column| column.kind),
        )?;
        let name = column.map_or(name, |column| column.name.to_owned());
        for (row, (value, qualifier)) in rows.iter_mut().zip(values) {
            row.0.push((name.clone(), value));
            row.0
                .extend(qualifier.map(|qualifier| ("qualifier".to_owned(), qualifier.to_owned())));
        }
    }
    for row in &mut rows {
        row.keep_one_qualifier();
    }
    Ok((rows, read.note()))
}

/// Values of the store with the qualifier that a bound is.
pub type Values = Vec<(String, Option<&'static str>)>;

/// The values of a column as the store writes them; as they are where one of them is not of its kind.
///
/// # Errors
/// It has two readings.
pub fn column_values(
    read: &mut tabular::Table,
    at: usize,
    kind: Kind,
) -> Result<Values, tabular::Error> {
    match typed_values(read, at, kind) {
        Err(open @ tabular::Error::Unsettled { .. }) => Err(open),
        Err(_) => Ok(texts(read, at)),
        Ok(values) => Ok(values),
    }
}

/// The values of a column as the store writes them.
///
/// # Errors
/// A cell is not of the kind, or has two readings.
pub fn typed_values(
    read: &mut tabular::Table,
    at: usize,
    kind: Kind,
) -> Result<Values, tabular::Error> {
    let number = |number: Option<Number>| {
        number.map_or((String::new(), None), |number| {
            (number.text, qualifier(number.bound))
        })
    };
    match kind {
        Kind::Percent => read
            .figures(at)
            .map(|all| all.into_iter().map(number).collect()),
        Kind::Number => read
            .numbers(at)
            .map(|all| all.into_iter().map(number).collect()),
        Kind::Count => read.counts(at).map(|all| {
            let text = |count: Option<f64>| count.map_or(String::new(), |count| count.to_string());
            all.into_iter().map(|count| (text(count), None)).collect()
        }),
        Kind::Date => read.dates(at).map(|all| {
            let text = |date: Option<Date>| date.map_or(String::new(), |date| date.to_string());
            all.into_iter().map(|date| (text(date), None)).collect()
        }),
        _ => Ok(texts(read, at)),
    }
}

/// Sizes of samples as the store writes them, and how they are known where they are not exact.
///
/// # Errors
/// A cell holds no count.
pub fn sample_sizes(read: &mut tabular::Table, at: usize) -> Result<Values, tabular::Error> {
    let size = |number: Option<Number>| {
        number.map_or((String::new(), None), |number| {
            let is_exact = number.bound == Bound::Exact;
            let kind = (!is_exact).then_some("approximate");
            (number.value.to_string(), kind)
        })
    };
    let sizes = read.sample_sizes(at)?;
    Ok(sizes.into_iter().map(size).collect())
}

fn texts(read: &tabular::Table, at: usize) -> Values {
    let rows = 0..read.len();
    rows.map(|row| (read.text(row, at).to_owned(), None))
        .collect()
}

fn qualifier(bound: Bound) -> Option<&'static str> {
    match bound {
        Bound::Exact => None,
        Bound::Under | Bound::AtMost => Some("at_most"),
        Bound::Over | Bound::AtLeast => Some("at_least"),
        Bound::About => Some("about"),
    }
}

impl NewRow {
    /// What a column says goes before what a sign says.
    fn keep_one_qualifier(&mut self) {
        let of_column = |(name, value): &(String, String)| name == "qualifier" && !value.is_empty();
        let kept = self.0.iter().rposition(of_column);
        if self
            .0
            .iter()
            .filter(|(name, _)| name == "qualifier")
            .count()
            < 2
        {
            return;
        }
        let mut at = 0;
        self.0.retain(|(name, _)| {
            at += 1;
            name != "qualifier" || kept == Some(at - 1)
        });
    }
}

/// Rows from JSON: an array of objects, one object, or an object a line. Numbers keep their digits,
/// so 52.0 stays 52.0; lists become lists of the store; null is the same as left out.
///
/// # Errors
/// What is wrong with its form.
pub fn rows_from_json(bytes: &[u8]) -> Result<Vec<NewRow>, Vec<Finding>> {
    let mut findings = Vec::new();
    let Some(text) = text_bytes(INPUT, bytes, &mut findings) else {
        return Err(findings);
    };
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_slice(text).into_iter::<&RawValue>() {
        let value = value.map_err(|error| vec![not_json(&error)])?;
        let objects: Vec<&RawValue> = match value.get().starts_with('[') {
            true => serde_json::from_str(value.get()).map_err(|error| vec![not_json(&error)])?,
            false => vec![value],
        };
        for object in objects {
            match row_of(object) {
                Ok(row) => rows.push(row),
                Err(problem) => {
                    let message = format!("row {}: {problem}", rows.len() + findings.len() + 1);
                    findings.push(error(rules::TYPE, message));
                }
            }
        }
    }
    if findings.is_empty() {
        Ok(rows)
    } else {
        Err(findings)
    }
}

fn not_json(problem: &serde_json::Error) -> Finding {
    let finding = error(rules::TYPE, format!("this is no JSON: {problem}"));
    finding.fix("an array of objects, or an object a line")
}

fn row_of(object: &RawValue) -> Result<NewRow, String> {
    let shown = || format!("{} is no object with column names", quoted(object.get()));
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_str(object.get()).map_err(|_| shown())?;
    let value = |(name, value): (String, &RawValue)| match text_of(&name, value.get()) {
        Some(text) => Ok((name, text)),
        None => Err(format!(
            "the value of {} is neither text, number nor list",
            quoted(&name)
        )),
    };
    members
        .into_iter()
        .map(value)
        .collect::<Result<_, _>>()
        .map(NewRow)
}

/// The text of a JSON value as a cell holds it.
fn text_of(name: &str, json: &str) -> Option<String> {
    match json.bytes().next()? {
        b'"' => serde_json::from_str(json).ok(),
        b'n' => Some(String::new()),
        b't' => Some("yes".to_string()),
        b'f' => Some("no".to_string()),
        b'[' => {
            let parts: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            let nested = |part: &&RawValue| part.get().starts_with(['[', '{']);
            if parts.iter().any(nested) {
                return None;
            }
            let parts: Option<Vec<String>> = parts
                .into_iter()
                .map(|part| text_of(name, part.get()))
                .collect();
            let separator = if matches!(name, "countries" | "members") {
                " "
            } else {
                ";"
            };
            Some(parts?.join(separator))
        }
        b'{' => None,
        _ => Some(json.to_string()), // a number
    }
}

fn error(rule: &'static str, message: impl Into<String>) -> Finding {
    Finding::new(rule, Severity::Error, INPUT, message)
}
