//! Comparisons from a file as a chart of differences: of shares in points, of means and other numbers in their unit.

use crate::frames::Captions;
use crate::frames::words::{distinct, signed_points};
use crate::present::chart::{
    Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow, Scale,
};
use crate::present::table::digits::{decimals, number};
use crate::published::figures::store::Store;
use crate::tabular::{self, Header};
use std::collections::HashMap;

#[derive(Debug, thiserror::Error)]
pub enum DifferenceError {
    /// It names the file itself.
    #[error(transparent)]
    Table(#[from] tabular::Error),
    #[error("the JSON is no array of objects, one a comparison: {0}")]
    Json(#[from] serde_json::Error),
    #[error(
        "these are no comparisons (columns a, b, relation, estimate, ci_low, ci_high): `opine compare … --csv` gives them"
    )]
    Columns,
    #[error(
        "{a} is a share and {b} a number: their differences have no axis in common; draw each kind in a chart of its own"
    )]
    Mixed { a: String, b: String },
    #[error("row {row}, column {column}: “{text}” is no number")]
    Number {
        row: usize,
        column: &'static str,
        text: String,
    },
}

type Cells = HashMap<String, String>;

/// Comparisons of a file, row by row.
pub struct ComparisonRows {
    rows: Vec<Cells>,
    /// What was assumed to read them.
    pub note: Option<String>,
}

const NUMBERS: [&str; 4] = ["estimate", "se", "ci_low", "ci_high"];

impl ComparisonRows {
    /// Reads JSON, text in any dialect or a workbook; `file` is what messages call it.
    ///
    /// # Errors
    /// It holds no comparisons, or can’t be read.
    pub fn read(
        file: &str,
        bytes: &[u8],
        options: &tabular::Options,
    ) -> Result<ComparisonRows, DifferenceError> {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (rows, note) = match start.trim_ascii_start().starts_with(b"[") {
            true => (json_cells(start)?, None),
            false => table_cells(file, bytes, options)?,
        };
        let has = |row: &Cells, name: &str| row.contains_key(name);
        match rows
            .iter()
            .all(|row| has(row, "a") && has(row, "b") && has(row, "estimate"))
        {
            true => Ok(ComparisonRows { rows, note }),
            false => Err(DifferenceError::Columns),
        }
    }
}

impl ComparisonRows {
    /// What comparisons of domains are of.
    pub fn items(&self) -> Vec<String> {
        let domains = self.rows.iter().filter_map(Domains::from_row);
        distinct(domains.map(|domains| domains.item))
    }
}

fn table_cells(
    file: &str,
    bytes: &[u8],
    options: &tabular::Options,
) -> Result<(Vec<Cells>, Option<String>), DifferenceError> {
    let header = Header::named(&["a", "b", "estimate"]).or_by_shape();
    let mut table = tabular::read_bytes(file, bytes, &header, options)?;
    let mut rows = vec![Cells::new(); table.len()];
    for (at, name) in table.names().to_vec().into_iter().enumerate() {
        let known = NUMBERS
            .iter()
            .find(|number| number.eq_ignore_ascii_case(&name));
        let texts: Vec<String> = match known {
            Some(_) => {
                let numbers = table.numbers(at)?.into_iter();
                let text =
                    |number: Option<tabular::Number>| number.map(|number| number.value.to_string());
                numbers
                    .map(|number| text(number).unwrap_or_default())
                    .collect()
            }
            None => (0..table.len())
                .map(|row| table.text(row, at).to_owned())
                .collect(),
        };
        for (row, text) in rows.iter_mut().zip(texts) {
            row.insert(name.to_lowercase(), text);
        }
    }
    Ok((rows, table.note()))
}

fn json_cells(json: &[u8]) -> Result<Vec<Cells>, DifferenceError> {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(json)?;
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
    Ok(rows.into_iter().map(row).collect())
}

/// Each difference against zero, in points or, of domains of a mean or another number, in its unit. Figures of the store are named in words: what all share once, over the rows; so are domains.
pub fn difference_chart(
    comparisons: &ComparisonRows,
    store: &Store,
    captions: Captions,
    level: f64,
) -> Result<DifferenceChart, DifferenceError> {
    let rows = &comparisons.rows;
    let scale = scale(rows)?;
    let numbers = scale != Scale::Percent;
    let naming = Naming::from_rows(store, rows);
    let mut groups: Vec<DifferenceGroup> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let relation = row.get("relation").cloned().unwrap_or_default();
        let domains = Domains::from_row(row);
        let note =
            Some(relation.replace('-', " ")).filter(|note| !note.is_empty() && domains.is_none());
        let subject = match &domains {
            Some(domains) => Some(domains.item.clone()),
            None => naming.subject.clone(),
        };
        let head = subject.filter(|subject| *subject != captions.title);
        let decimals = numbers.then(|| decimals(middle_error(rows, row)));
        let drawn = drawn(row, at + 1, &naming, decimals)?;
        let found = |group: &&mut DifferenceGroup| group.note == note && group.head == head;
        match groups.iter_mut().find(found) {
            Some(group) => group.rows.push(drawn),
            None => groups.push(DifferenceGroup {
                head,
                note,
                rows: vec![drawn],
            }),
        }
    }
    let within = if numbers { "" } else { " in percentage points" };
    let mut paragraphs = vec![footer(&groups, level, within)];
    paragraphs.extend(captions.foot);
    Ok(DifferenceChart {
        aside: None,
        title: captions.title,
        subtitle: captions
            .subtitle
            .or_else(|| Some(format!("Differences{within}."))),
        footer: paragraphs,
        groups,
        level,
        scale,
    })
}

/// Whether the differences are in points, or of numbers.
fn scale(rows: &[Cells]) -> Result<Scale, DifferenceError> {
    let side = |row: &Cells| row.get("a").cloned().unwrap_or_default();
    let number = rows.iter().find(|row| is_of_numbers(row));
    let share = rows.iter().find(|row| !is_of_numbers(row));
    match (number, share) {
        (Some(number), Some(share)) => Err(DifferenceError::Mixed {
            a: side(share),
            b: side(number),
        }),
        (Some(_), None) => Ok(Scale::Numbers {
            head: "difference".to_owned(),
            from_zero: true,
        }),
        (None, _) => Ok(Scale::Percent),
    }
}

/// Whether domains of an item are compared that is no share: the item says so, as comparisons have no other sign of it.
fn is_of_numbers(row: &Cells) -> bool {
    const VERBS: [&str; 9] = [
        "mean(",
        "total(",
        "count(",
        "ratio(",
        "var(",
        "sd(",
        "median(",
        "quantile(",
        "sum(",
    ];
    let Some(Domains { whole, .. }) = Domains::from_row(row) else {
        return false;
    };
    let item = whole
        .split_once(" = ")
        .map_or(whole.as_str(), |(_, item)| item);
    VERBS.iter().any(|verb| item.trim_start().starts_with(verb))
}

/// Two domains of one item.
struct Domains {
    /// The item as it was asked.
    whole: String,
    /// What it is called: its name, or the item.
    item: String,
    a: String,
    b: String,
}

impl Domains {
    /// Sides are written `item:domain`; the item is what both share.
    fn from_row(row: &Cells) -> Option<Domains> {
        let (a, b) = (row.get("a")?, row.get("b")?);
        row.get("relation")
            .filter(|relation| *relation == "domains")?;
        let same = a.char_indices().zip(b.chars());
        let same = same.take_while(|((_, one), other)| one == other);
        let end = same
            .last()
            .map_or(0, |((at, letter), _)| at + letter.len_utf8());
        let colon = a.get(..end)?.rfind(':')?;
        let whole = a.get(..colon)?.to_owned();
        let name = whole.split_once(" = ").map(|(name, _)| name.to_owned());
        Some(Domains {
            item: name.unwrap_or_else(|| whole.replacen('/', ": ", 1)),
            whole,
            a: a.get(colon + 1..)?.to_owned(),
            b: b.get(colon + 1..)?.to_owned(),
        })
    }
}

/// The middle standard error of the differences of the same item.
fn middle_error(rows: &[Cells], like: &Cells) -> f64 {
    let item = |row: &Cells| Domains::from_row(row).map(|domains| domains.whole);
    let own = rows.iter().filter(|row| item(row) == item(like));
    let error = |row: &Cells| row.get("se")?.parse::<f64>().ok().filter(|se| *se > 0.0);
    let mut errors: Vec<f64> = own.filter_map(error).collect();
    errors.sort_by(f64::total_cmp);
    errors.get(errors.len() / 2).copied().unwrap_or(0.0)
}

/// What is drawn, and what grey means where there is any.
fn footer(groups: &[DifferenceGroup], level: f64, within: &str) -> String {
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
        "Differences{within}, the first less the second, with {}% intervals, each by itself.{grey}",
        (level * 1e6).round() / 1e4
    )
}

/// Ids in words, as far as the store knows them.
struct Naming<'s> {
    store: &'s Store,
    /// Question and answer, where all figures share them: then countries and bases name the sides.
    subject: Option<String>,
}

impl<'s> Naming<'s> {
    fn from_rows(store: &'s Store, rows: &[Cells]) -> Naming<'s> {
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

/// A row; with decimals, of numbers in their unit, else of shares.
fn drawn(
    row: &Cells,
    at: usize,
    naming: &Naming,
    decimals: Option<usize>,
) -> Result<DifferenceRow, DifferenceError> {
    let unit = if decimals.is_some() { 1.0 } else { 100.0 };
    let number = |column: &'static str| -> Result<Option<f64>, DifferenceError> {
        match row
            .get(column)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
        {
            None => Ok(None),
            Some(text) => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(unit * value)),
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
        printed: decimals.map_or_else(|| signed_points(points), |digits| signed_to(points, digits)),
        points,
        ends: decimals
            .zip(interval)
            .map(|(digits, (low, high))| (signed_to(low, digits), signed_to(high, digits))),
        mark: match interval {
            Some((low, high)) => DifferenceMark::Interval { low, high },
            None => DifferenceMark::NoSampleSize,
        },
    });
    let name = |side: &str| naming.name(row.get(side).map_or("", String::as_str));
    let (a, b) = match Domains::from_row(row) {
        Some(domains) => (domains.a, domains.b),
        None => (name("a"), name("b")),
    };
    Ok(DifferenceRow {
        aside: None,
        label: format!("{a} − {b}"),
        note: None,
        remark: difference.is_none().then(|| "no difference".to_owned()),
        difference,
    })
}

/// A number with its sign and so many decimals.
fn signed_to(value: f64, decimals: usize) -> String {
    let printed = number(value, decimals);
    let zero = printed.chars().all(|c| matches!(c, '0' | '.'));
    match value > 0.0 && !zero {
        true => format!("+{printed}"),
        false => printed,
    }
}
