//! A codebook beside a file: what a format without one can’t say, and what one with one leaves out.
//!
//! A small table, a row a variable or a value: `variable`, `label` (the question), `value` as recorded, `level` (what it is
//! called), `missing` (whether it is no answer), `order` (its place among the levels; else they come as they stand).

use std::path::Path;

use crate::survey::microdata::codebook::annotated::Annotated;
use crate::survey::microdata::{Codebook, Description, Error, Kind, Source, Value, Variable};
use crate::tabular::{self, Header, Table};

/// What a cell of `missing` may say.
const YES: [&str; 9] = ["yes", "y", "true", "1", "x", "missing", "ja", "oui", "si"];
const NO: [&str; 8] = ["no", "n", "false", "0", "", "nein", "non", "-"];

/// What the rows of a variable say.
#[derive(Default)]
struct Entries {
    label: Option<String>,
    levels: Vec<Level>,
}

struct Level {
    value: Value,
    label: Option<String>,
    missing: Option<bool>,
    order: Option<f64>,
}

/// A source with what a codebook tells of its variables, which goes before what the file says itself; notes of what was
/// assumed, and of variables that the file does not have.
///
/// # Errors
/// [`Error::Table`]: no such table, or a cell that can’t be what its column says.
pub(crate) fn apply(source: Box<dyn Source>, path: &Path) -> Result<Annotated, Error> {
    let header = Header::named(&["variable"]);
    let mut table = tabular::read(path, &header, &tabular::Options::default())?;
    let mut codebook = source.codebook().clone();
    let mut unknown = Vec::new();
    let mut codebook_order = Vec::new();
    let mut read: Vec<Option<Entries>> = Vec::new();
    read.resize_with(codebook.variables.len(), || None);
    let columns = Columns::new(&mut table)?;
    for row in 0..table.len() {
        let name = table.text(row, columns.variable);
        if name.is_empty() {
            continue;
        }
        let Ok(at) = codebook.position(name) else {
            if !unknown.contains(&name.to_owned()) {
                unknown.push(name.to_owned());
            }
            continue;
        };
        if let (Some(entries), Some(variable)) = (read.get_mut(at), codebook.variables.get(at)) {
            if entries.is_none() {
                codebook_order.push(name.to_owned());
            }
            let entries = entries.get_or_insert_default();
            columns.row(&table, row, variable, entries)?;
        }
    }
    for (variable, entries) in codebook.variables.iter_mut().zip(read) {
        if let Some(entries) = entries {
            entries.tell(variable);
        }
    }
    codebook.listed = codebook_order;
    let mut notes: Vec<String> = table.note().into_iter().collect();
    notes.extend(unknown_note(path, &unknown, source.codebook()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Annotated::new(source, codebook).told_by(name.into_owned(), notes))
}

fn unknown_note(path: &Path, unknown: &[String], codebook: &Codebook) -> Option<String> {
    const LISTED: usize = 4;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match unknown {
        [] => None,
        [only] => {
            let hint = match codebook.variable(only) {
                Err(error) => error.to_string(),
                Ok(_) => String::new(),
            };
            Some(format!(
                "{name} tells of {only}, which the file does not have: {hint}"
            ))
        }
        several => {
            let first = several
                .get(..LISTED.min(several.len()))
                .unwrap_or_default()
                .join(", ");
            let more = if several.len() > LISTED {
                " and so on"
            } else {
                ""
            };
            let count = several.len();
            Some(format!(
                "{name} tells of {count} variables that the file does not have: {first}{more}"
            ))
        }
    }
}

/// Where the columns of a codebook stand.
struct Columns {
    variable: usize,
    label: Option<usize>,
    value: Option<usize>,
    level: Option<usize>,
    missing: Option<usize>,
    orders: Vec<Option<f64>>,
}

impl Columns {
    fn new(table: &mut Table) -> Result<Columns, Error> {
        let order = table.column("order");
        let orders = match order {
            None => vec![None; table.len()],
            Some(order) => {
                let numbers = table.numbers(order)?.into_iter();
                numbers
                    .map(|number| number.map(|number| number.value))
                    .collect()
            }
        };
        Ok(Columns {
            variable: table.need("variable")?,
            label: table.column("label"),
            value: table.column("value"),
            level: table.column("level"),
            missing: table.column("missing"),
            orders,
        })
    }

    fn row(
        &self,
        table: &Table,
        row: usize,
        variable: &Variable,
        into: &mut Entries,
    ) -> Result<(), Error> {
        let cell = |column: Option<usize>| column.map_or("", |column| table.text(row, column));
        let (label, value, level) = (cell(self.label), cell(self.value), cell(self.level));
        if !label.is_empty() && into.label.is_none() {
            into.label = Some(label.to_owned());
        }
        // where levels are their own values, one of the two is enough
        let written = if value.is_empty() { level } else { value };
        if written.is_empty() {
            return Ok(());
        }
        let missing = match (self.missing, cell(self.missing).to_lowercase()) {
            (None, _) => None,
            (_, cell) if cell.is_empty() => None,
            (_, cell) if YES.contains(&cell.as_str()) => Some(true),
            (_, cell) if NO.contains(&cell.as_str()) => Some(false),
            (Some(column), cell) => {
                let message = format!("“{cell}” is neither yes nor no");
                return Err(table.wrong(row, column, message).into());
            }
        };
        into.levels.push(Level {
            value: recorded(variable, written),
            label: Some(level.to_owned()).filter(|level| !level.is_empty()),
            missing,
            order: self.orders.get(row).copied().flatten(),
        });
        Ok(())
    }
}

/// A value as it stands in the codes of its variable.
fn recorded(variable: &Variable, written: &str) -> Value {
    let number = || {
        written
            // a table may be written with decimal commas
            .replace(',', ".")
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    };
    match variable.kind {
        Kind::Number => match number() {
            Some(number) => Value::Number(number + 0.0),
            None => Value::Text(written.to_owned()),
        },
        _ => Value::Text(written.to_owned()),
    }
}

impl Entries {
    fn tell(mut self, variable: &mut Variable) {
        if self.label.is_some() {
            variable.label = self.label;
        }
        // levels without a place of their own keep the order of the table, behind the others
        self.levels.sort_by(|a, b| {
            let place = |level: &Level| level.order.unwrap_or(f64::INFINITY);
            place(a).total_cmp(&place(b))
        });
        for level in &self.levels {
            let missing = &mut variable.missing;
            match level.missing {
                Some(true) if !missing.values.contains(&level.value) => {
                    missing.values.push(level.value.clone());
                }
                Some(false) => missing.give_back(&level.value),
                _ => {}
            }
        }
        let own = std::mem::take(&mut variable.labels);
        let known = |value: &Value| own.iter().find(|(labelled, _)| labelled == value);
        let declared = self.levels.iter().map(|level| {
            let label = level.label.clone();
            let label = label.or_else(|| known(&level.value).map(|(_, label)| label.clone()));
            (level.value.clone(), label.unwrap_or_default())
        });
        let mut labels: Vec<(Value, String)> = declared.collect();
        let declared: Vec<Value> = labels.iter().map(|(value, _)| value.clone()).collect();
        labels.extend(
            own.into_iter()
                .filter(|(value, _)| !declared.contains(value)),
        );
        variable.labels = labels;
    }
}

/// Values of a variable that a draft lists, where they have no labels.
const LISTED: usize = 50;

/// A codebook to be filled in, as CSV: a row a variable with its label, and a row a value of those that have labels or are
/// few.
///
/// # Errors
/// None that can be helped.
pub fn draft(description: &Description) -> Result<String, Error> {
    let stopped = |error: &dyn std::fmt::Display| Error::Stopped(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut record = |cells: [&str; 6]| writer.write_record(cells).map_err(|error| stopped(&error));
    record(["variable", "label", "value", "level", "missing", "order"])?;
    for summary in &description.variables {
        let name = summary.name.as_str();
        record([
            name,
            summary.label.as_deref().unwrap_or_default(),
            "",
            "",
            "",
            "",
        ])?;
        let levels = summary.levels.as_deref().unwrap_or_default();
        let labelled = levels.iter().any(|level| level.label.is_some());
        // numbers and texts that differ from one respondent to the next have no levels
        let few = levels.len() <= LISTED && levels.len() as u64 * 2 <= summary.valid;
        let dated = matches!(summary.kind, Kind::Date | Kind::DateTime);
        let listed = if labelled || (few && !dated) {
            levels
        } else {
            &[]
        };
        let missing = summary.missing.iter().map(|level| (level, "yes"));
        let all = listed.iter().map(|level| (level, "")).chain(missing);
        for (place, (level, missing)) in (1..).zip(all) {
            let (value, place): (String, i32) = (level.value.text(), place);
            let label = level.label.as_deref().unwrap_or_default();
            record([name, "", &value, label, missing, &place.to_string()])?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| stopped(&error))?;
    String::from_utf8(bytes).map_err(|error| stopped(&error))
}
