//! New rows as they come in: from flags, CSV or JSON.

use super::finding::{Finding, Severity, quoted};
use super::read::{Record, form_findings, scan, text_bytes};
use super::rules;
use super::schema::Table;
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

/// Rows from CSV whose first line names columns.
///
/// # Errors
/// What is wrong with its form: encoding, quotation marks, number of fields.
pub fn rows_from_csv(bytes: &[u8]) -> Result<Vec<NewRow>, Vec<Finding>> {
    let mut findings = Vec::new();
    let Some(text) = text_bytes(INPUT, bytes, &mut findings) else {
        return Err(findings);
    };
    let scan = scan(text);
    let Some((header, records)) = scan.records.split_first() else {
        return Err(vec![error(
            rules::HEADER_MISSING,
            "there is nothing to add",
        )]);
    };
    let names: Vec<String> = header
        .cells
        .iter()
        .map(|cell| cell.text.trim().to_string())
        .collect();
    findings.extend(form_findings(INPUT, &names, &scan));
    if let [only] = names.as_slice()
        && only.contains([';', '\t'])
    {
        let finding = error(rules::DELIMITER, "the columns are not separated by commas");
        findings.push(finding.line(header.line).fix("put commas between them"));
    }
    findings.extend(
        records
            .iter()
            .filter_map(|record| ragged(record, names.len())),
    );
    if findings.iter().any(Finding::is_error) {
        return Err(findings);
    }
    let row = |record: &Record| {
        let values = record.cells.iter().map(|cell| cell.text.to_string());
        NewRow(names.iter().cloned().zip(values).collect())
    };
    Ok(records.iter().map(row).collect())
}

fn ragged(record: &Record, wanted: usize) -> Option<Finding> {
    let fields = record.cells.len();
    (fields != wanted).then(|| {
        let message = format!("{fields} fields where the header has {wanted}");
        let finding = error(rules::RAGGED, message).line(record.line);
        finding.fix("put values that hold a comma in quotation marks")
    })
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
