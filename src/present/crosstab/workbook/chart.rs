//! A native chart of a table: bars stacked to 100 of single answers, bars side by side of several.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartAxisTickType, ChartDataLabel, ChartFont, ChartFormat,
    ChartLayout, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, Color,
};

use super::places::{lines_of, title};
use crate::present::crosstab::content::{BannerTable, LineKind};
use crate::present::office::contrast;
use crate::present::table::xlsx::formats::{AXIS, FONT, GRID, INK, MUTED};
use crate::present::tones::{Tone, ramp, tones};
use crate::survey::crosstab::TableKind;

/// Where the numbers of a chart stand.
pub struct ChartRows<'a> {
    pub sheet: &'a str,
    /// The row of the names of the columns.
    pub heads: u32,
    /// The row of each line.
    pub rows: &'a [u32],
}

/// Pixels.
pub const WIDTH: f64 = 980.0;
/// Letters of a line of a name beside the bars.
const NAME: usize = 40;
/// Letters of a line of the title.
const TITLE: usize = 120;
/// Pixels of a line of the legend or the title, of a letter and a key of the legend, and of all that it is wide at most.
const LINE: usize = 20;
const LETTER: usize = 6;
const KEY: usize = 30;
const LEGEND: usize = 840;
/// From little to much.
const STEPS: [u32; 5] = [0xDCE8F4, 0xAAC8E6, 0x6FA2D2, 0x3875B2, 0x004487];
const CATEGORIES: [u32; 6] = [0x004487, 0xBA482C, 0x046B62, 0xC58800, 0x550040, 0x57ACDA];
/// Don't know, refused, and what is behind the sixth colour.
const GREY: u32 = 0xC6CCD1;
/// More answers side by side can't be told apart.
const MOST_SERIES: usize = 5;

/// The chart of a table of shares and its height in points; `None` of a table of numbers, or with nothing to show.
pub fn chart(table: &BannerTable, rows: &ChartRows) -> Option<(Chart, f64)> {
    let answers: Vec<usize> = (0..table.lines.len())
        .filter(|at| matches!(table.lines[*at].kind, LineKind::Answer | LineKind::Part))
        .collect();
    let (several, answers) = match table.kind {
        TableKind::Levels | TableKind::Grid if answers.len() > 1 => (false, answers),
        TableKind::Set if !answers.is_empty() => (true, first_of(answers)),
        _ => return None,
    };
    let columns = match several {
        // the total and the first block
        true => table
            .blocks
            .first()
            .map_or(table.heads.len(), |block| block.columns.end),
        false => table.charted,
    };
    let mut chart = Chart::new(match several {
        true => ChartType::Bar,
        false => ChartType::BarPercentStacked,
    });
    let last = u16::try_from(columns).ok()?;
    let colours = colours(table, &answers, several);
    for (at, colour) in answers.iter().zip(colours) {
        let row = rows.rows[*at];
        let (fill, label) = (
            Color::RGB(colour),
            if several { INK } else { contrast(colour) },
        );
        let mut font = ChartFont::new();
        font.set_name(FONT).set_size(8).set_color(Color::RGB(label));
        if !several {
            font.set_bold();
        }
        let mut labels = ChartDataLabel::new();
        labels.show_value().set_font(&font);
        let series = chart
            .add_series()
            .set_name((rows.sheet, row, 0))
            .set_categories((rows.sheet, rows.heads, 1, rows.heads, last))
            .set_values((rows.sheet, row, 1, row, last))
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(fill)))
            .set_data_label(&labels)
            .set_custom_data_labels(&shown_labels(table, *at, columns, several))
            .set_gap(if several { 35 } else { 40 });
        if !several {
            series.set_overlap(100);
        }
    }
    axes(&mut chart);
    let name = match (several, table.blocks.first()) {
        (true, Some(block)) => format!("{}: Total and {}", title(table), block.title),
        _ => title(table),
    };
    let mut font = ChartFont::new();
    font.set_name(FONT)
        .set_size(11)
        .set_bold()
        .set_color(Color::RGB(INK));
    chart
        .title()
        .set_name(name.as_str())
        .set_font(&font)
        .set_layout(&ChartLayout::new().set_offset(0.01, 0.02))
        .set_overlay(false);
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(9).set_color(Color::RGB(INK));
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&font);
    chart
        .chart_area()
        .set_format(ChartFormat::new().set_no_line());
    let names = table.heads.iter().take(columns);
    let lines = names.map(|head| head.name.chars().count().div_ceil(NAME));
    let name_lines = lines.max().unwrap_or(1).max(1);
    let bars = match several {
        true => columns * (answers.len() * 13 + 10),
        false => columns * (24 + 14 * (name_lines - 1)),
    };
    let labels = answers.iter().map(|at| table.lines[*at].label.as_str());
    let labels: Vec<&str> = labels.collect();
    let further = legend_lines(&labels) - 1 + lines_of(&name, TITLE) - 1;
    let height = 110 + (bars + LINE * further) as u32;
    chart.set_width(WIDTH as u32).set_height(height);
    // 96 pixels are 72 points
    Some((chart, f64::from(height) * 0.75))
}

/// Lines of the legend: programs lay it out in columns as wide as its longest entry.
fn legend_lines(labels: &[&str]) -> usize {
    let longest = labels.iter().map(|label| label.chars().count()).max();
    let entry = LETTER * longest.unwrap_or(0) + KEY;
    let columns = (LEGEND / entry.max(1)).max(1);
    labels.len().div_ceil(columns).max(1)
}

/// In a stack a number needs room; of less than this it stands in the table alone.
const LEAST_LABELLED: f64 = 0.03;

/// Which of the bars of an answer have their number on them.
fn shown_labels(
    table: &BannerTable,
    at: usize,
    columns: usize,
    several: bool,
) -> Vec<ChartDataLabel> {
    let cells = table.lines[at].cells.iter().take(columns);
    let small = |share: Option<f64>| share.is_some_and(|share| share < LEAST_LABELLED);
    let label = |hidden: bool| match hidden {
        true => ChartDataLabel::new().set_hidden().to_custom(),
        false => ChartDataLabel::default(),
    };
    cells
        .map(|cell| label(!several && small(cell.value)))
        .collect()
}

fn first_of(mut answers: Vec<usize>) -> Vec<usize> {
    answers.truncate(MOST_SERIES);
    answers
}

fn axes(chart: &mut Chart) {
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(9).set_color(Color::RGB(INK));
    // of bars the vertical axis is that of the categories; reversed, so that the total is on top
    chart
        .y_axis()
        .set_reverse()
        .set_label_interval(1)
        .set_font(&font)
        .set_major_gridlines(false)
        .set_major_tick_type(ChartAxisTickType::None)
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(Color::RGB(AXIS))));
    let mut ticks = ChartFont::new();
    ticks
        .set_name(FONT)
        .set_size(9)
        .set_color(Color::RGB(MUTED));
    chart
        .x_axis()
        .set_min(0)
        .set_max(1)
        .set_major_unit(0.25)
        .set_num_format("0%")
        .set_font(&ticks)
        .set_major_tick_type(ChartAxisTickType::None)
        .set_format(ChartFormat::new().set_no_line())
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(GRID)))
        // under the bars: the far end of an axis that is reversed
        .set_label_position(ChartAxisLabelPosition::High);
}

/// By what each answer says: the steps of a scale in its colours, whatever their order, others by category, no opinion in
/// grey.
pub fn colours(table: &BannerTable, answers: &[usize], several: bool) -> Vec<u32> {
    let labels: Vec<&str> = answers
        .iter()
        .map(|at| table.lines[*at].label.as_str())
        .collect();
    match several {
        true => (0..)
            .zip(&labels)
            .map(|(at, _)| colour(Tone::Category(at)))
            .collect(),
        false => tones(&labels).into_iter().map(colour).collect(),
    }
}

fn colour(tone: Tone) -> u32 {
    match tone {
        Tone::StrongPositive => 0x0F6B64,
        Tone::WeakPositive => 0x7CC0B8,
        Tone::Middle => 0xDDE1E4,
        Tone::WeakNegative => 0xDDA65E,
        Tone::StrongNegative => 0x8F4E08,
        Tone::Neutral => 0xE2BE5C,
        Tone::Step { step, of } => STEPS[usize::from(ramp(step, of)) % STEPS.len()],
        Tone::Category(at) => CATEGORIES.get(usize::from(at)).copied().unwrap_or(GREY),
        Tone::DontKnow => GREY,
    }
}
