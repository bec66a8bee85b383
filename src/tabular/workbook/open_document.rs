//! .ods: one text in XML. Read here, since calamine repeats cells before it looks how many there would be, and does not tell
//! per cents from shares, which the text of a cell shows as a person sees it.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::date::{Date, DateReading, date_reading};
use super::super::grid::{Cell, Kind, Region};
use super::super::number::{Reading as NumberReading, reading, shortest};
use super::{
    Archive, Budget, Cells, Fault, MOST_MERGED, Result, Sheet, entry, fault_cell, truth_cell,
};

fn damaged(what: impl std::fmt::Display) -> Fault {
    Fault::Damaged(format!("the workbook is damaged: {what}"))
}

pub(super) fn sheets(archive: &mut Archive, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let manifest = entry(archive, "META-INF/manifest.xml", budget)?.unwrap_or_default();
    let locked = b"manifest:encryption-data";
    if manifest
        .windows(locked.len())
        .any(|window| window == locked)
    {
        return Err("it is locked with a password; save it without one".into());
    }
    let content =
        entry(archive, "content.xml", budget)?.ok_or_else(|| damaged("it has no content.xml"))?;
    let content =
        std::str::from_utf8(&content).map_err(|_| damaged("content.xml is not in UTF-8"))?;
    let mut reader = Reader::from_str(content);
    // so that every element that starts ends, and depths can be counted
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = Vec::new();
    let mut hidden: Vec<String> = Vec::new();
    let mut style = None;
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Eof => return Ok(sheets),
            Event::Start(element) => match element.name().as_ref() {
                "style:style" => style = attribute(&element, "style:name")?,
                "style:table-properties" => {
                    let shown = attribute(&element, "table:display")?;
                    hidden.extend(style.take().filter(|_| shown.as_deref() == Some("false")));
                }
                "table:table" => {
                    let name = attribute(&element, "table:name")?.unwrap_or_default();
                    let style = attribute(&element, "table:style-name")?;
                    let visible = style.is_none_or(|style| !hidden.contains(&style));
                    let cells = table(&mut reader, budget)?;
                    sheets.push(cells.into_sheet(name, visible, budget)?);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart, name: &str) -> Result<Option<String>> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.as_ref() == name {
            let value = quick_xml::escape::unescape(&attribute.value).map_err(damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

fn count(element: &BytesStart, name: &str) -> Result<u64> {
    let count = attribute(element, name)?.map_or(Some(1), |text| text.parse().ok());
    count.ok_or_else(|| damaged(format!("{name} is no number")))
}

/// A row that is read, before it is repeated.
#[derive(Default)]
struct RowCells {
    cells: Vec<(u64, u64, Cell)>,
    column: u64,
    repeated: u64,
}

fn table(reader: &mut Reader<&[u8]>, budget: &mut Budget) -> Result<Cells> {
    let mut cells = Cells::default();
    let mut row = 1_u64;
    let mut current = RowCells::default();
    let mut depth = 1;
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Eof => return Err(damaged("a table does not end")),
            Event::Start(element) => match element.name().as_ref() {
                "table:table" => depth += 1,
                "table:table-row" => {
                    current = RowCells {
                        repeated: count(&element, "table:number-rows-repeated")?,
                        ..RowCells::default()
                    };
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let repeated = count(&element, "table:number-columns-repeated")?;
                    let (rows, columns) = (
                        count(&element, "table:number-rows-spanned")?,
                        count(&element, "table:number-columns-spanned")?,
                    );
                    let cell = cell(&element, reader)?;
                    let several = rows.max(columns) > 1 && !cell.text.is_empty();
                    if several && cells.merged.len() < MOST_MERGED {
                        cells.merged.push(Region {
                            rows: (row, row.saturating_add(rows.saturating_sub(1))),
                            columns: (
                                at(current.column),
                                at(current.column.saturating_add(columns.saturating_sub(1))),
                            ),
                        });
                    }
                    if !cell.text.is_empty() {
                        current.cells.push((current.column, repeated, cell));
                    }
                    current.column = current.column.saturating_add(repeated);
                }
                _ => {}
            },
            Event::End(element) => match element.name().as_ref() {
                "table:table" => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(cells);
                    }
                }
                "table:table-row" => {
                    let done = std::mem::take(&mut current);
                    row = done.put(row, &mut cells, budget)?;
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn at(column: u64) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}

impl RowCells {
    /// Puts the row as often as it is repeated, and gives the row after it.
    fn put(self, row: u64, cells: &mut Cells, budget: &mut Budget) -> Result<u64> {
        let next = row.saturating_add(self.repeated);
        if self.cells.is_empty() {
            return Ok(next);
        }
        for row in row..next {
            for (column, repeated, cell) in &self.cells {
                for column in *column..column.saturating_add(*repeated) {
                    cells.add(row, at(column), cell.clone(), budget)?;
                }
            }
        }
        Ok(next)
    }
}

/// A cell: what its attributes say, else its text.
fn cell(element: &BytesStart, reader: &mut Reader<&[u8]>) -> Result<Cell> {
    let kind = attribute(element, "office:value-type")?;
    let fault = attribute(element, "calcext:value-type")?.as_deref() == Some("error");
    let number = attribute(element, "office:value")?.and_then(|text| text.parse::<f64>().ok());
    let date = attribute(element, "office:date-value")?;
    let truth = attribute(element, "office:boolean-value")?;
    let own_text = attribute(element, "office:string-value")?;
    let text = text(reader)?;
    Ok(match (kind.as_deref(), number, date) {
        _ if fault => fault_cell(&text),
        (Some("percentage"), Some(value), _) => per_cent(value, &text),
        (Some("float" | "currency"), Some(value), _) => number_cell(value, &text),
        (Some("date"), _, Some(date)) => date_cell(&date, &text),
        (Some("boolean"), ..) => truth_cell(truth.as_deref() == Some("true")),
        _ => match own_text {
            Some(own) if text.is_empty() => Cell::text(&own),
            _ => Cell::text(&text),
        },
    })
}

/// The text of a cell up to its end; of its paragraphs each a line, without notes that hang on it.
fn text(reader: &mut Reader<&[u8]>) -> Result<String> {
    let mut text = String::new();
    let (mut depth, mut notes, mut paragraphs) = (1, 0, 0);
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Eof => return Err(damaged("a cell does not end")),
            Event::Start(element) => {
                depth += 1;
                match element.name().as_ref() {
                    "office:annotation" | "draw:frame" | "draw:object" => notes += 1,
                    _ if notes > 0 => {}
                    "text:p" => {
                        paragraphs += 1;
                        if paragraphs > 1 {
                            text.push('\n');
                        }
                    }
                    "text:s" => {
                        // any number may be asked for
                        let blanks = count(&element, "text:c")?.min(1000);
                        text.extend((0..blanks).map(|_| ' '));
                    }
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    _ => {}
                }
            }
            Event::End(element) => {
                depth -= 1;
                if depth == 0 {
                    return Ok(text);
                }
                if matches!(
                    element.name().as_ref(),
                    "office:annotation" | "draw:frame" | "draw:object"
                ) {
                    notes -= 1;
                }
            }
            Event::Text(piece) if notes == 0 && paragraphs > 0 => {
                text.push_str(&piece.xml10_content())
            }
            Event::CData(piece) if notes == 0 && paragraphs > 0 => {
                text.push_str(&piece.xml10_content())
            }
            Event::GeneralRef(name) if notes == 0 && paragraphs > 0 => {
                let reference = format!("&{};", &*name);
                let character = quick_xml::escape::unescape(&reference).map_err(damaged)?;
                text.push_str(&character);
            }
            _ => {}
        }
    }
}

/// The number as the cell shows it, if that is the number: the decimals are the writer’s.
fn decimals(value: f64, text: &str) -> Option<usize> {
    let numbers = match reading(text)? {
        NumberReading::Clear(number) | NumberReading::Only(_, number) => vec![number],
        NumberReading::Open { point, comma } => vec![point, comma],
    };
    numbers.iter().find_map(|number| {
        let decimals = number
            .text
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        let shown = format!("{value:.decimals$}").parse::<f64>().ok()?;
        (shown == number.value).then_some(decimals)
    })
}

fn number_cell(value: f64, text: &str) -> Cell {
    let percent = text.trim_end().ends_with('%');
    let sign = if percent { "%" } else { "" };
    let text = match decimals(value, text) {
        Some(decimals) => format!("{value:.decimals$}{sign}"),
        None => shortest(value),
    };
    Cell {
        text,
        kind: Kind::Number(value),
    }
}

fn per_cent(share: f64, text: &str) -> Cell {
    let value: f64 = shortest(100.0 * share).parse().unwrap_or(100.0 * share);
    let decimals = decimals(value, text);
    let text = match decimals {
        Some(decimals) => format!("{value:.decimals$}%"),
        None => format!("{}%", shortest(value)),
    };
    Cell {
        text,
        kind: Kind::Hundredths(value),
    }
}

/// The date as fine as the cell shows it: `Jun 23` is a month, whatever day stands behind it.
fn date_cell(iso: &str, text: &str) -> Cell {
    let exact = match date_reading(iso) {
        Some(DateReading::Clear(date)) => date,
        _ => return Cell::text(text),
    };
    let (year, month, _) = exact.begins();
    let coarse: Vec<Date> = [Date::month(year, month), Date::year(year)]
        .into_iter()
        .flatten()
        .collect();
    let shown = match date_reading(text) {
        Some(DateReading::Clear(shown)) => coarse.into_iter().find(|date| *date == shown),
        _ => None,
    };
    let date = shown.unwrap_or(exact);
    Cell {
        text: date.to_string(),
        kind: Kind::Date(date),
    }
}
