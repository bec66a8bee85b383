//! What is explained: a cell of a table, the parts of a model.

use crate::frames::words::nearest;
use crate::survey::crosstab::{Column, Crosstab, Row, Table};

/// What is asked of a model besides its coefficients.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelParts {
    pub terms: bool,
    pub margins: bool,
    pub conditional: bool,
}

/// A row and a column of a table, by their places.
#[derive(Clone, Copy)]
pub struct CellPlace<'c> {
    pub table: &'c Table,
    pub row: &'c Row,
    pub column: usize,
}

/// Looks a cell up: `Very worried / Blue`, or with all names, `q1/Very worried / party=Blue`; a column also by its letter.
///
/// # Errors
/// No such row or column, with the nearest; several of them.
pub fn find<'c>(crosstab: &'c Crosstab, named: &str) -> Result<CellPlace<'c>, String> {
    let example = "write ROW / COLUMN, as in --explain 'Very worried / Blue'";
    let (row, column) = named
        .rsplit_once(" / ")
        .ok_or_else(|| format!("--explain {named}: {example}"))?;
    let (row, column) = (row.trim(), column.trim());
    let rows = || {
        let tables = crosstab.tables.iter();
        tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)))
    };
    let is_row = |(table, own): &(&Table, &Row)| {
        row_names(table, own)
            .iter()
            .any(|name| name.eq_ignore_ascii_case(row))
    };
    let mut fitting = rows().filter(is_row);
    let (table, found) = match (fitting.next(), fitting.next()) {
        (Some(one), None) => one,
        (Some((one, _)), Some((other, _))) => {
            return Err(format!(
                "--explain {named}: {} and {} have it; name the question, as in {}/{row}",
                one.variable, other.variable, one.variable
            ));
        }
        (None, _) => {
            let names: Vec<String> = rows()
                .flat_map(|(table, row)| row_names(table, row))
                .collect();
            let near = nearest(row, names.iter().map(String::as_str));
            let hint = near.map_or_else(
                || example.to_owned(),
                |near| format!("did you mean {near}?"),
            );
            return Err(format!(
                "--explain {named}: no table has a row {row}; {hint}"
            ));
        }
    };
    let columns = || table.columns.iter().enumerate();
    let is_column = |(_, own): &(usize, &Column)| {
        let names = column_names(table, own);
        names.iter().any(|name| name.eq_ignore_ascii_case(column))
            || own.letter.as_deref() == Some(column)
    };
    let mut fitting = columns().filter(is_column);
    match (fitting.next(), fitting.next()) {
        (Some((at, _)), None) => Ok(CellPlace {
            table,
            row: found,
            column: at,
        }),
        (Some((_, one)), Some(_)) => {
            let full = column_names(table, one)
                .into_iter()
                .last()
                .unwrap_or_default();
            Err(format!(
                "--explain {named}: several columns are called {column}; name the variable, as in {full}"
            ))
        }
        (None, _) => {
            let names: Vec<String> = columns().map(|(_, own)| own.name.clone()).collect();
            let near = nearest(column, names.iter().map(String::as_str));
            let hint = near.map_or_else(
                || format!("there are {}", names.join(", ")),
                |near| format!("did you mean {near}?"),
            );
            Err(format!("--explain {named}: no column {column}; {hint}"))
        }
    }
}

pub(super) fn row_names(table: &Table, row: &Row) -> Vec<String> {
    match &row.level {
        Some(level) if !level.is_empty() => {
            vec![level.clone(), format!("{}/{level}", table.variable)]
        }
        _ => vec![table.variable.clone()],
    }
}

pub(super) fn column_names(table: &Table, column: &Column) -> Vec<String> {
    let block = column.block.and_then(|at| table.blocks.get(at));
    let full = block.map(|block| format!("{}={}", block.name, column.name));
    std::iter::once(column.name.clone()).chain(full).collect()
}
