//! The selections that the query puts one below the other.

use super::dialect::Dialect;
use crate::survey::sums::export::{Spec, VERSION};

/// What a column of the table holds.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Whole,
    Double,
}

/// The columns of the table, and how one selection gives some of them.
pub struct Layout {
    pub dialect: Dialect,
    columns: Vec<(String, Type)>,
    /// Columns of the respondents that make a unit, and a domain.
    units: Vec<String>,
    groups: Vec<String>,
}

/// Some columns of the table with the expressions that give them.
pub type NamedColumns<'a> = Vec<(&'a str, String)>;

impl Layout {
    pub fn new(dialect: Dialect, spec: &Spec) -> Layout {
        let names = &spec.columns;
        let text = |name: &String| (name.clone(), Type::Text);
        let mut columns = vec![("opine_sums".to_owned(), Type::Whole)];
        columns.extend(["part", "item"].map(|name| (name.to_owned(), Type::Text)));
        columns.extend(names.strata.iter().chain(&names.psu).map(text));
        let fpc = names.fpc.iter().flat_map(|(low, high)| [low, high]);
        columns.extend(fpc.map(|name| (name.clone(), Type::Double)));
        columns.extend(names.by.iter().map(text));
        columns.extend(["level", "term"].map(|name| (name.to_owned(), Type::Text)));
        columns.extend(["replicate", "n", "weighted"].map(|name| (name.to_owned(), Type::Whole)));
        columns.extend(["w", "w2"].map(|name| (name.to_owned(), Type::Double)));
        Layout {
            dialect,
            columns,
            units: names.strata.iter().chain(&names.psu).cloned().collect(),
            groups: names.by.clone(),
        }
    }

    /// Columns of the respondents that make a unit.
    pub fn units(&self) -> Vec<String> {
        (0..self.units.len()).map(|at| format!("u{at}")).collect()
    }

    /// Columns of the respondents that make a domain.
    pub fn groups(&self) -> Vec<String> {
        (0..self.groups.len()).map(|at| format!("g{at}")).collect()
    }

    /// `SELECT` with all columns of the table: those that are given, those of the units and groups that are named, and NULL
    /// in the others.
    pub fn select(
        &self,
        part: &str,
        item: Option<&str>,
        keys: &[String],
        given: &NamedColumns,
    ) -> String {
        let value = |(name, kind): &(String, Type)| {
            let place = |names: &[String]| names.iter().position(|other| other == name);
            let key = place(&self.units)
                .map(|at| format!("u{at}"))
                .or_else(|| place(&self.groups).map(|at| format!("g{at}")));
            let found = given
                .iter()
                .find(|(column, _)| column == name)
                .map(|(_, value)| value.clone());
            let value = match name.as_str() {
                "opine_sums" => Some(VERSION.to_string()),
                "part" => Some(self.dialect.text(part)),
                "item" => item.map(|item| self.dialect.text(item)),
                _ => found.or_else(|| key.filter(|key| keys.contains(key))),
            };
            let value = value.unwrap_or_else(|| "NULL".to_owned());
            let cast = match kind {
                Type::Text => self.dialect.as_text(&value),
                Type::Whole => self.dialect.whole(&value),
                Type::Double => self.dialect.double(&value),
            };
            // a bare NULL has no type that the selections below it could share; a text is one already
            let spared = matches!(kind, Type::Text) && value != "NULL";
            let value = if spared { value } else { cast };
            format!("{value} AS {}", self.dialect.name_of(name))
        };
        let columns: Vec<String> = self.columns.iter().map(value).collect();
        format!("SELECT {}", columns.join(", "))
    }
}

/// `GROUP BY`, or what keeps a sum over nobody out.
pub fn grouped(keys: &[String]) -> String {
    match keys.is_empty() {
        true => "HAVING COUNT(*) > 0".to_owned(),
        false => format!("GROUP BY {}", keys.join(", ")),
    }
}

/// A column of numbers 1 to `count`.
pub fn numbered(count: usize) -> String {
    let rows: Vec<String> = (1..=count).map(|number| format!("({number})")).collect();
    format!("CROSS JOIN (VALUES {}) AS t(k)", rows.join(", "))
}

/// The k-th of some expressions.
pub fn chosen(expressions: &[String]) -> String {
    let cases = expressions.iter().enumerate();
    let cases: Vec<String> = cases
        .map(|(at, expression)| format!("WHEN {} THEN {expression}", at + 1))
        .collect();
    format!("CASE k {} END", cases.join(" "))
}
