//! `--row`: which row of a file is compared.

use crate::frames::Estimate;
use crate::published::lists::ListedFigure;

/// Which row is meant: columns with the values they must have, `level=Favourable,region=R1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPick {
    written: String,
    pub columns: Vec<(String, String)>,
}

/// Reads a pick; a comma belongs to the value unless a name and `=` follow.
pub fn row_pick(text: &str) -> Result<RowPick, String> {
    let mut columns: Vec<(String, String)> = Vec::new();
    for piece in text.split(',') {
        match (piece.split_once('='), columns.last_mut()) {
            (Some((name, value)), _) if !name.trim().is_empty() => {
                columns.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            (None, Some((_, value))) => {
                value.push(',');
                value.push_str(piece);
            }
            _ => {
                return Err(format!(
                    "“{text}” picks no row: write COLUMN=VALUE, several with commas between, level=Favourable,region=R1"
                ));
            }
        }
    }
    Ok(RowPick {
        written: text.to_owned(),
        columns,
    })
}

impl RowPick {
    /// Whether a row of estimates is meant.
    pub fn fits(&self, row: &Estimate) -> bool {
        self.columns
            .iter()
            .all(|(name, value)| cell(row, name) == *value)
    }

    /// Whether a row of a list is meant: by its groups, and by its answer, whatever its column is called.
    pub fn fits_listed(&self, row: &ListedFigure) -> bool {
        let is = |(name, value): &(String, String)| match name.as_str() {
            "label" | "response" | "answer" | "level" => row.label == *value,
            name => {
                let named = row
                    .groups
                    .iter()
                    .find(|(group, _)| group.eq_ignore_ascii_case(name));
                named.map_or(row.label == *value, |(_, group)| group == value)
            }
        };
        self.columns.iter().all(is)
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }
}

/// The cell of a row that picks go by.
pub fn cell(row: &Estimate, name: &str) -> String {
    match name {
        "source" => row.source.clone(),
        "variable" => row.variable.clone(),
        "level" => row.level.clone().unwrap_or_default(),
        "statistic" => row.statistic.name().to_owned(),
        group => row.group(group).to_owned(),
    }
}
