//! Comparisons from a file as a chart of differences.

use std::collections::HashMap;

use super::chart::Captions;
use crate::chart::{Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow};
use crate::toplines::store::Store;

#[derive(Debug, thiserror::Error)]
pub enum DifferenceError {
    #[error("the CSV can’t be read: {0}")]
    Csv(#[from] csv::Error),
    #[error("the JSON is no array of objects, one a comparison: {0}")]
    Json(#[from] serde_json::Error),
    #[error(
        "these are no comparisons (columns a, b, relation, estimate, ci_low, ci_high): `opine compare … --csv` gives them"
    )]
    Columns,
    #[error("row {row}, column {column}: “{text}” is no number")]
    Number {
        row: usize,
        column: &'static str,
        text: String,
    },
}

type Cells = HashMap<String, String>;

/// Reads comparisons, CSV or JSON, and draws each difference against zero, in points. Figures of the
/// store are named in words: what all share once, over the rows.
pub fn difference_chart(
    text: &str,
    store: &Store,
    captions: Captions,
    level: f64,
) -> Result<DifferenceChart, DifferenceError> {
    let rows = cells(text.trim_start_matches('\u{feff}'))?;
    if !rows
        .iter()
        .all(|row| row.contains_key("a") && row.contains_key("b") && row.contains_key("estimate"))
    {
        return Err(DifferenceError::Columns);
    }
    let naming = Naming::of(store, &rows);
    let mut groups: Vec<DifferenceGroup> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let relation = row.get("relation").cloned().unwrap_or_default();
        let note = Some(relation.replace('-', " ")).filter(|note| !note.is_empty());
        let drawn = drawn(row, at + 1, &naming)?;
        match groups.iter_mut().find(|group| group.note == note) {
            Some(group) => group.rows.push(drawn),
            None => groups.push(DifferenceGroup {
                head: naming
                    .subject
                    .clone()
                    .filter(|subject| *subject != captions.title),
                note,
                rows: vec![drawn],
            }),
        }
    }
    Ok(DifferenceChart {
        title: captions.title,
        subtitle: captions.subtitle,
        footer: vec![footer(&groups, level)],
        groups,
        level,
    })
}

/// What is drawn, and what grey means where there is any.
fn footer(groups: &[DifferenceGroup], level: f64) -> String {
    let open =
        |row: &DifferenceRow| match row.difference.as_ref().map(|difference| &difference.mark) {
            Some(DifferenceMark::Interval { low, high }) => *low <= 0.0 && 0.0 <= *high,
            _ => false,
        };
    let grey = match groups.iter().flat_map(|group| &group.rows).any(open) {
        true => " Grey: sampling alone can make such a difference.",
        false => "",
    };
    format!(
        "Differences in percentage points, the first less the second, with {}% intervals, each by itself.{grey}",
        100.0 * level
    )
}

/// Ids in words, as far as the store knows them.
struct Naming<'s> {
    store: &'s Store,
    /// Question and answer, where all figures share them: then countries and bases name the sides.
    subject: Option<String>,
}

impl<'s> Naming<'s> {
    fn of(store: &'s Store, rows: &[Cells]) -> Naming<'s> {
        let ids = rows
            .iter()
            .flat_map(|row| [row.get("a"), row.get("b")])
            .flatten();
        let labels: Vec<Option<String>> = ids
            .map(|id| Some(store.label(store.figures_named(id).first()?)))
            .collect();
        let subject = labels.first().cloned().flatten();
        let shared = labels.iter().all(|label| *label == subject);
        Naming {
            store,
            subject: subject.filter(|_| shared),
        }
    }

    fn name(&self, id: &str) -> String {
        let Some(figure) = self.store.figures_named(id).first().copied() else {
            return id.to_owned();
        };
        let place = match self.store.place_and_base(&figure.country, &figure.base) {
            place if place.is_empty() => "All".to_owned(),
            place => place,
        };
        match &self.subject {
            Some(_) => place,
            None if place == "All" => self.store.label(figure),
            None => format!("{}, {place}", self.store.label(figure)),
        }
    }
}

fn cells(text: &str) -> Result<Vec<Cells>, DifferenceError> {
    if text.trim_start().starts_with('[') {
        let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text)?;
        let text_of = |value: serde_json::Value| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text),
            other => Some(other.to_string()),
        };
        let row = |row: serde_json::Map<String, serde_json::Value>| {
            row.into_iter()
                .map(|(name, value)| (name, text_of(value).unwrap_or_default()))
                .collect()
        };
        return Ok(rows.into_iter().map(row).collect());
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        rows.push(
            names
                .iter()
                .cloned()
                .zip(record.iter().map(str::to_owned))
                .collect(),
        );
    }
    Ok(rows)
}

fn drawn(row: &Cells, at: usize, naming: &Naming) -> Result<DifferenceRow, DifferenceError> {
    let number = |column: &'static str| -> Result<Option<f64>, DifferenceError> {
        match row
            .get(column)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
        {
            None => Ok(None),
            Some(text) => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(100.0 * value)),
                _ => Err(DifferenceError::Number {
                    row: at,
                    column,
                    text: text.to_owned(),
                }),
            },
        }
    };
    let interval = number("ci_low")?.zip(number("ci_high")?);
    let difference = number("estimate")?.map(|points| Difference {
        printed: signed(points),
        points,
        mark: match interval {
            Some((low, high)) => DifferenceMark::Interval { low, high },
            None => DifferenceMark::NoSampleSize,
        },
    });
    let name = |side: &str| naming.name(row.get(side).map_or("", String::as_str));
    Ok(DifferenceRow {
        label: format!("{} − {}", name("a"), name("b")),
        note: None,
        remark: difference.is_none().then(|| "no difference".to_owned()),
        difference,
    })
}

/// "+15.2", "−3.0".
pub(crate) fn signed(points: f64) -> String {
    match points {
        points if points >= 0.05 => format!("+{points:.1}"),
        points if points <= -0.05 => format!("−{:.1}", points.abs()),
        _ => "0.0".to_owned(),
    }
}
