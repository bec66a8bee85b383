//! The first two sheets: what is in the book, and how it was made.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

use super::BookOptions;
use super::places::{CONTENTS, NOTES, PAIRS, Place, lines_of, link, title};
use crate::frames::words::{and, thousands};
use crate::present::crosstab::content::BannerTable;
use crate::present::crosstab::foot;
use crate::present::crosstab::heads::BaseState;
use crate::present::table::XlsxError;
use crate::present::table::xlsx::formats::{AXIS, Formats, INK};
use crate::present::table::xlsx::{DATA, cell_text};
use crate::survey::crosstab::{Block, Crosstab, TableKind};

/// Letters that columns of the contents have room for.
const QUESTION: usize = 60;
const BASE: usize = 50;
const REMARKS: usize = 34;

/// Number, question, base, n, and what to note, a line a table.
pub fn contents(
    sheet: &mut Worksheet,
    formats: &Formats,
    crosstab: &Crosstab,
    tables: &[BannerTable],
    places: &[Place],
    options: &BookOptions,
) -> Result<(), XlsxError> {
    sheet.set_name(CONTENTS)?;
    sheet
        .set_screen_gridlines(false)
        .set_landscape()
        .set_paper_size(9)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_print_fit_to_pages(1, 0);
    let widths = [12, QUESTION, BASE, 9, REMARKS];
    for (column, width) in widths.into_iter().enumerate() {
        sheet.set_column_width(column as u16, width as f64)?;
    }
    sheet.set_row_height(0, 22)?;
    sheet.write_string_with_format(0, 0, cell_text(&options.title), &formats.title)?;
    sheet.write_string_with_format(1, 0, cell_text(&subtitle(crosstab)), &formats.muted)?;
    let indented = formats
        .head
        .clone()
        .set_align(FormatAlign::Left)
        .set_indent(1);
    let right = formats.head.clone().set_align(FormatAlign::Right);
    for (column, (head, format)) in [
        ("No.", &formats.head),
        ("Question", &formats.head),
        ("Base", &formats.head),
        ("n", &right),
        ("To note", &indented),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_string_with_format(3, column as u16, head, format)?;
    }
    let top = formats.text.clone().set_align(FormatAlign::Top);
    let count = top
        .clone()
        .set_num_format("#,##0")
        .set_align(FormatAlign::Right);
    let linked = formats
        .link
        .clone()
        .set_align(FormatAlign::Top)
        .set_align(FormatAlign::Left);
    let remarked = formats
        .conflict
        .clone()
        .set_align(FormatAlign::Left)
        .set_indent(1);
    for (at, (table, place)) in tables.iter().zip(places).enumerate() {
        let row = 4 + at as u32;
        let (title, base) = (title(table), table.base.trim_end_matches('.'));
        let remarks = table.remarks.join("; ");
        let target = format!("A{}", place.row + 1);
        sheet.write_url_with_format(row, 0, link(&place.sheet, &target, &table.name()), &linked)?;
        // not every program wraps a link: a question of several lines is plain, its number leads there
        match lines_of(&title, QUESTION - 8) {
            1 => {
                let link = link(&place.sheet, &target, &title);
                sheet.write_url_with_format(row, 1, link, &linked)?
            }
            _ => sheet.write_string_with_format(row, 1, cell_text(&title), &formats.wrapped)?,
        };
        sheet.write_string_with_format(row, 2, cell_text(base), &formats.wrapped)?;
        let bases = table.bases.first();
        if let Some(n) = bases.and_then(|line| line.values.first().copied().flatten()) {
            sheet.write_number_with_format(row, 3, n, &count)?;
        }
        if !remarks.is_empty() {
            sheet.write_string_with_format(row, 4, cell_text(&remarks), &remarked)?;
        }
        let texts = [title.as_str(), base, remarks.as_str()];
        let lines = texts.iter().zip([QUESTION, BASE, REMARKS - 2]);
        let lines = lines
            .map(|(text, width)| lines_of(text, width))
            .max()
            .unwrap_or(1);
        sheet.set_row_height(row, 13.0 * lines as f64 + 5.0)?;
    }
    let mut more = vec![
        (NOTES, "Notes: method, tests, signs, weights"),
        (DATA, "data: every number unrounded, one row a cell"),
    ];
    if options.pairs.is_some() {
        more.push((PAIRS, "pairs: every comparison with its p-value"));
    }
    for (row, (name, text)) in (5 + tables.len() as u32..).zip(more) {
        sheet.write_url_with_format(row, 1, link(name, "A1", text), &formats.link)?;
    }
    Ok(())
}

/// "By party, sex and age; weighted; 3,000 respondents".
fn subtitle(crosstab: &Crosstab) -> String {
    let names: Vec<String> = crosstab.blocks.iter().map(Block::label).collect();
    let mut parts = Vec::new();
    if !names.is_empty() {
        parts.push(format!("By {}", and(&names)));
    }
    let weighted = crosstab.design.weights.is_some() || !crosstab.design.fpc.is_empty();
    parts.push(if weighted { "weighted" } else { "not weighted" }.to_owned());
    let rows = thousands(crosstab.sums.rows.all as f64);
    parts.push(format!("{rows} respondents"));
    let text = parts.join("; ");
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// How the numbers were made, a paragraph a subject.
pub fn notes(
    sheet: &mut Worksheet,
    formats: &Formats,
    crosstab: &Crosstab,
    tables: &[BannerTable],
    options: &BookOptions,
) -> Result<(), XlsxError> {
    sheet.set_name(NOTES)?;
    sheet
        .set_screen_gridlines(false)
        .set_landscape()
        .set_paper_size(9)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 20)?;
    sheet.set_column_width(1, 110)?;
    sheet.write_url_with_format(0, 0, link(CONTENTS, "A1", CONTENTS), &formats.link)?;
    sheet.set_row_height(1, 22)?;
    sheet.write_string_with_format(1, 0, "Notes", &formats.title)?;
    let rule = Format::new()
        .set_border_top(rust_xlsxwriter::FormatBorder::Thin)
        .set_border_top_color(AXIS);
    let label = formats.wrapped.clone().set_bold().set_font_color(INK);
    for (at, (name, text)) in paragraphs(crosstab, tables, options)
        .into_iter()
        .enumerate()
    {
        let row = 3 + at as u32;
        let edge = |format: &Format| {
            if at == 0 {
                format.merge(&rule)
            } else {
                format.clone()
            }
        };
        sheet.write_string_with_format(row, 0, name, &edge(&label))?;
        sheet.write_string_with_format(row, 1, cell_text(&text), &edge(&formats.wrapped))?;
        sheet.set_row_height(row, 13.0 * lines_of(&text, 122) as f64 + 6.0)?;
    }
    Ok(())
}

fn paragraphs(
    crosstab: &Crosstab,
    tables: &[BannerTable],
    options: &BookOptions,
) -> Vec<(&'static str, String)> {
    let request = &crosstab.request.options;
    let mut all = Vec::new();
    let letters = crosstab
        .tables
        .iter()
        .find_map(|table| foot::letters(request, table));
    if let Some(letters) = letters {
        all.push((
            "Letters",
            format!("In the row under each number. {letters}"),
        ));
    }
    let mut signs = "- nobody; <1% under half a per cent.".to_owned();
    let heads = || tables.iter().flat_map(|table| &table.heads);
    let any = |state: BaseState| heads().any(|head| head.state == state);
    if any(BaseState::Small) {
        let limit = thousands(request.flag_base);
        signs += &format!(
            " A column head with * has a base under {limit} and stands in grey: read with care."
        );
    }
    if any(BaseState::TooSmall) {
        let limit = thousands(request.least_base);
        signs += &format!(
            " One with ** has a base under {limit}: its numbers are not shown and not tested; the sheet “data” has them."
        );
    }
    if any(BaseState::Small) || any(BaseState::TooSmall) {
        signs += " The base of a column is the smaller of n and effective n.";
    }
    all.extend(options.notes.iter().cloned());
    all.push(("Signs", signs));
    all.push((
        "Bases",
        "n: respondents with a weight. Weighted n: the sum of their weights. Effective n: what the weights leave of n (Kish); the sheet “data” has the effective n of each number by the design."
            .to_owned(),
    ));
    all.push(("Weights, design", foot::sample(crosstab)));
    let level = crate::present::survey::source::percent_of(request.level);
    all.push((
        "Intervals",
        format!("On the sheet “data”, {level}%: {} with t for shares, estimate ± t standard errors for means.", request.ci.title()),
    ));
    if crosstab.tables.iter().any(|table| !table.tests.is_empty()) {
        all.push((
            "Tests of tables",
            "Rao–Scott F over the answers and the columns of one variable, under each table. None for several answers.".to_owned(),
        ));
    }
    if crosstab
        .tables
        .iter()
        .any(|table| table.kind == TableKind::Set)
    {
        all.push((
            "Several answers",
            "Shares may add to more than 100.".to_owned(),
        ));
    }
    if let Some((condition, _)) = &crosstab.request.condition {
        all.push((
            "Respondents",
            format!("Those with {condition}; the others stay in the design."),
        ));
    }
    for (variable, columns) in crosstab.unanswered_columns() {
        let text = format!(
            "{variable}: not asked or not answered in {}.",
            and(&columns)
        );
        all.push(("Not asked", text));
    }
    all.push(("Fieldwork", "Not stated in the file.".to_owned()));
    let source = foot::source(crosstab, &options.file);
    let source = source.strip_prefix("Source: ").unwrap_or(&source);
    all.push(("Source", source.to_owned()));
    all.push(("Made with", format!("opine {}", env!("CARGO_PKG_VERSION"))));
    all
}
