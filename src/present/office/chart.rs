//! A chart that can be edited: DrawingML (ECMA-376, part 1, 21.2) over a workbook that holds its numbers.
//!
//! Whoever opens the file sees a chart of the program they have, and changes a number, a name or a colour as in any chart of
//! theirs. The workbook has the categories in its first column, a column a series, and right of them how far each interval
//! reaches below and above its value; the chart keeps a copy of all of it, as programs show that until the workbook is opened.

use std::fmt::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::package::{DECLARATION, OfficeError, escape};
use crate::present::table::xlsx::cell_text;

/// A chart as its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct NativeChart {
    pub shape: Shape,
    /// What the bars are of, from the top down; moments of lines.
    pub categories: Vec<String>,
    /// The moments as spreadsheets count days, where they are dates: else they stand evenly.
    pub days: Vec<u32>,
    pub series: Vec<Series>,
    pub unit: Unit,
    /// The chart in words, for those who cannot see it.
    pub description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Bars from zero, side by side where there are several series.
    Bars,
    /// Bars stacked to 100 per cent.
    Stacked,
    Lines,
}

/// What the numbers are, with the decimals they are printed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Shares in 0..1, printed as per cent.
    Share(usize),
    Number(usize),
    /// Differences: numbers with their sign.
    Signed(usize),
}

/// Numbers of one colour and name.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub colour: u32,
    /// One a category.
    pub points: Vec<Point>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    pub value: Option<f64>,
    /// Both ends.
    pub interval: Option<(f64, f64)>,
    /// Another colour than that of the series.
    pub colour: Option<u32>,
    /// Another format than that of the chart, as Excel writes formats.
    pub format: Option<String>,
}

pub const INK: u32 = 0x1C2024;
const MUTED: u32 = 0x626B74;
const AXIS: u32 = 0x8A939B;
const GRID: u32 = 0xE3E7EA;
const PAPER: u32 = 0xFFFFFF;

/// Points that a plot has on a slide, about.
const PLOT_WIDTH: f64 = 870.0;
const PLOT_HEIGHT: f64 = 300.0;
const HIGHEST_BAR: f64 = 36.0;
/// In a stack a number needs room.
const LEAST_LABELLED: f64 = 0.03;
/// A number stands in its bar where that is at least so much of the axis.
const ROOM_FOR_LABEL: f64 = 0.09;

impl Unit {
    /// As Excel writes formats.
    pub fn format(self) -> String {
        let places = |decimals: usize| match decimals {
            0 => String::new(),
            many => format!(".{}", "0".repeat(many)),
        };
        match self {
            // what rounds to nothing is not nothing
            Unit::Share(0) => "[=0]0%;[<0.005]\"<1%\";0%".to_owned(),
            Unit::Share(decimals) => format!("0{}%", places(decimals)),
            Unit::Number(decimals) => format!("#,##0{}", places(decimals)),
            Unit::Signed(decimals) => {
                let bare = format!("0{}", places(decimals));
                format!("+{bare};\"−\"{bare};{bare}")
            }
        }
    }
}

/// The share of a slide’s width that labels have at most.
const MOST_LABEL: f64 = 0.375;
/// A letter and a line, of the size of the type.
const LETTER: f64 = 0.5;
const LINE: f64 = 1.2;

/// Hundredths of a point: what so many bars leave for their labels.
fn label_size(bars: usize) -> u32 {
    match bars {
        0..=16 => 1200,
        17..=24 => 1000,
        _ => 800,
    }
}

/// Whether bars, so many side by side at each label, are few enough for their labels: each has the same room, that of the longest,
/// and where labels meet, programs leave some out.
pub fn labels_fit<'l>(labels: impl Iterator<Item = &'l str> + Clone, side_by_side: usize) -> bool {
    let count = labels.clone().count();
    let size = f64::from(label_size(count * side_by_side.max(1))) / 100.0;
    // a line ends before a word that it has no room for
    let room = (0.88 * MOST_LABEL * PLOT_WIDTH / (LETTER * size)).floor();
    let lines = labels.map(|label| (label.chars().count() as f64 / room).ceil());
    let most = lines.fold(1.0, f64::max);
    // above and below is what stands at the axis
    count as f64 * most * LINE * size <= 0.91 * PLOT_HEIGHT
}

/// Runs of what has bars, at most so many and so few that their labels fit.
pub fn runs_that_fit<T>(
    items: &[T],
    label: impl Fn(&T) -> &str,
    (most, side_by_side): (usize, usize),
) -> Vec<&[T]> {
    let mut runs = Vec::new();
    let mut rest = items;
    while !rest.is_empty() {
        let fits = |count: &usize| {
            let run = rest.get(..*count).unwrap_or(rest);
            labels_fit(run.iter().map(&label), side_by_side)
        };
        let count = (1..=most.min(rest.len())).rev().find(fits).unwrap_or(1);
        let (run, others) = rest.split_at(count);
        runs.push(run);
        rest = others;
    }
    runs
}

impl NativeChart {
    /// The chart without any number has nothing to show.
    pub fn is_empty(&self) -> bool {
        let mut points = self.series.iter().flat_map(|series| &series.points);
        points.all(|point| point.value.is_none())
    }

    fn has_intervals(&self, series: &Series) -> bool {
        self.shape != Shape::Stacked && series.points.iter().any(|point| point.interval.is_some())
    }

    /// The end of the axis of values, of the highest end of what is drawn.
    fn top(&self) -> f64 {
        let points = self.series.iter().flat_map(|series| &series.points);
        let ends = points.filter_map(|point| {
            let value = point.value?;
            Some(point.interval.map_or(value, |(_, high)| high.max(value)))
        });
        match self.unit {
            Unit::Share(_) => 1.0,
            Unit::Number(_) | Unit::Signed(_) => ends.fold(0.0, f64::max),
        }
    }

    /// Hundredths of a point: what so many bars leave for their labels.
    fn size(&self) -> u32 {
        let bars = match self.shape {
            Shape::Stacked => self.categories.len(),
            _ => self.categories.len() * self.series.len().max(1),
        };
        label_size(bars)
    }

    /// The part of the chart; its workbook is `rId1`.
    pub fn xml(&self) -> String {
        let mut plot = String::new();
        for (at, series) in self.series.iter().enumerate() {
            self.series_xml(&mut plot, at, series);
        }
        let (kind, axes) = match self.shape {
            Shape::Lines => ("lineChart", self.axes_of_lines()),
            _ => ("barChart", self.axes_of_bars()),
        };
        let (head, tail) = match self.shape {
            Shape::Lines => (
                "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>",
                "<c:marker val=\"1\"/>".to_owned(),
            ),
            Shape::Stacked => (
                "<c:barDir val=\"bar\"/><c:grouping val=\"stacked\"/><c:varyColors val=\"0\"/>",
                format!(
                    "<c:gapWidth val=\"{}\"/><c:overlap val=\"100\"/>",
                    self.gap()
                ),
            ),
            Shape::Bars => (
                "<c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>",
                format!("<c:gapWidth val=\"{}\"/>", self.gap()),
            ),
        };
        let blanks = match self.shape {
            // series have days of their own
            Shape::Lines => "span",
            _ => "gap",
        };
        let legend = match self.series.len() {
            0 | 1 => String::new(),
            _ => format!(
                "<c:legend><c:legendPos val=\"t\"/><c:overlay val=\"0\"/>{}</c:legend>",
                text_look(1200, INK, false)
            ),
        };
        format!(
            "{DECLARATION}<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
             xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
             xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
             <c:date1904 val=\"0\"/><c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/>\
             <c:plotArea>{}<c:{kind}>{head}{plot}{tail}<c:axId val=\"1001\"/><c:axId val=\"1002\"/></c:{kind}>{axes}</c:plotArea>\
             {legend}<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"{blanks}\"/></c:chart>{}\
             <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
            self.layout(),
            text_look(1200, INK, false)
        )
    }

    /// Between bars, in hundredths of one: few bars are no higher than many.
    fn gap(&self) -> u32 {
        let (side_by_side, least) = match self.shape {
            Shape::Bars => (self.series.len().max(1) as f64, 50.0),
            _ => (1.0, 40.0),
        };
        let slot = PLOT_HEIGHT / self.categories.len().max(1) as f64;
        (100.0 * (slot / HIGHEST_BAR - side_by_side))
            .clamp(least, 500.0)
            .round() as u32
    }

    /// Where the plot stands: labels take what they need, up to three eighths, and are wrapped in it.
    fn layout(&self) -> String {
        if self.shape == Shape::Lines {
            return "<c:layout/>".to_owned();
        }
        let longest = self
            .categories
            .iter()
            .map(|name| name.chars().count())
            .max();
        let letters = longest.unwrap_or(0) as f64 + 2.0;
        let labels = letters * LETTER * f64::from(self.size()) / 100.0 / PLOT_WIDTH;
        let (left, top) = (
            labels.clamp(0.06, MOST_LABEL),
            if self.series.len() > 1 { 0.1 } else { 0.01 },
        );
        format!(
            "<c:layout><c:manualLayout><c:layoutTarget val=\"inner\"/><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/>\
             <c:x val=\"{left:.4}\"/><c:y val=\"{top}\"/><c:w val=\"{:.4}\"/><c:h val=\"{:.4}\"/></c:manualLayout></c:layout>",
            0.97 - left,
            0.92 - top
        )
    }

    fn series_xml(&self, out: &mut String, at: usize, series: &Series) {
        let (rows, column) = (self.categories.len(), at + 1);
        let fill = match self.shape {
            Shape::Lines => format!(
                "<c:spPr><a:ln w=\"28575\" cap=\"rnd\">{}<a:round/></a:ln></c:spPr>\
                 <c:marker><c:symbol val=\"circle\"/><c:size val=\"7\"/><c:spPr>{}<a:ln><a:noFill/></a:ln></c:spPr></c:marker>",
                solid(series.colour),
                solid(series.colour)
            ),
            _ => format!(
                "<c:spPr>{}</c:spPr><c:invertIfNegative val=\"0\"/>",
                solid(series.colour)
            ),
        };
        let _ = write!(
            out,
            "<c:ser><c:idx val=\"{at}\"/><c:order val=\"{at}\"/><c:tx>{}</c:tx>{fill}",
            texts(&[series.name.as_str()], &reference(column, 1, 1))
        );
        if self.shape != Shape::Lines {
            for (point, colour) in series.points.iter().enumerate().filter_map(|(at, point)| {
                Some((at, point.colour.filter(|_| point.value.is_some())?))
            }) {
                let _ = write!(
                    out,
                    "<c:dPt><c:idx val=\"{point}\"/><c:invertIfNegative val=\"0\"/><c:bubble3D val=\"0\"/><c:spPr>{}</c:spPr></c:dPt>",
                    solid(colour)
                );
            }
        }
        self.labels(out, series);
        if self.has_intervals(series) {
            self.error_bars(out, at, series);
        }
        let place = reference(0, 2, rows + 1);
        let categories = match self.days.is_empty() {
            true => {
                let names: Vec<&str> = self.categories.iter().map(String::as_str).collect();
                texts(&names, &place)
            }
            false => {
                let days = self.days.iter().map(|day| Some(f64::from(*day)));
                numbers(days, self.day_format(), &place)
            }
        };
        let format = self.unit.format();
        let values = series.points.iter().map(|point| point.value);
        let _ = write!(
            out,
            "<c:cat>{categories}</c:cat><c:val>{}</c:val>",
            numbers(values, &format, &reference(column, 2, rows + 1)),
        );
        if self.shape == Shape::Lines {
            out.push_str("<c:smooth val=\"0\"/>");
        }
        out.push_str("</c:ser>");
    }

    /// The numbers at the bars: in the middle of a segment, at the foot of a bar that has room, else behind it.
    fn labels(&self, out: &mut String, series: &Series) {
        let (size, top) = (self.size().min(1100), self.top());
        let plain = self.unit.format();
        let has_intervals = self.has_intervals(series);
        out.push_str("<c:dLbls>");
        for (at, point) in series.points.iter().enumerate() {
            let Some(value) = point.value else {
                continue;
            };
            let is_last = series
                .points
                .iter()
                .skip(at + 1)
                .all(|point| point.value.is_none());
            let without = match self.shape {
                Shape::Stacked => value < LEAST_LABELLED,
                // numbers at every point of a line would hide it
                Shape::Lines => !is_last,
                Shape::Bars => false,
            };
            if without {
                let _ = write!(
                    out,
                    "<c:dLbl><c:idx val=\"{at}\"/><c:delete val=\"1\"/></c:dLbl>"
                );
                continue;
            }
            let colour = point.colour.unwrap_or(series.colour);
            let is_inside =
                self.shape == Shape::Bars && has_intervals && value >= ROOM_FOR_LABEL * top;
            let ink = match (self.shape, is_inside) {
                (Shape::Stacked, _) | (_, true) => contrast(colour),
                _ => INK,
            };
            let place = match (self.shape, is_inside) {
                (Shape::Stacked, _) => "ctr",
                (Shape::Lines, _) => "r",
                (_, true) => "inBase",
                (_, false) => "outEnd",
            };
            let format = point.format.as_ref().unwrap_or(&plain);
            let _ = write!(
                out,
                "<c:dLbl><c:idx val=\"{at}\"/>{}</c:dLbl>",
                label(format, &text_look(size, ink, true), place)
            );
        }
        let place = match self.shape {
            Shape::Stacked => "ctr",
            Shape::Lines => "r",
            Shape::Bars => "outEnd",
        };
        let look = match self.shape {
            Shape::Stacked => text_look(size, contrast(series.colour), true),
            _ => text_look(size, INK, true),
        };
        out.push_str(&label(&plain, &look, place));
        out.push_str("</c:dLbls>");
    }

    fn error_bars(&self, out: &mut String, at: usize, series: &Series) {
        let rows = self.categories.len();
        let [below, above] = reaches(series);
        let column = self.first_reach() + 2 * self.place_of_reach(at);
        let _ = write!(
            out,
            "<c:errBars>{}<c:errBarType val=\"both\"/><c:errValType val=\"cust\"/><c:noEndCap val=\"1\"/>\
             <c:plus>{}</c:plus><c:minus>{}</c:minus><c:spPr><a:ln w=\"19050\">{}</a:ln></c:spPr></c:errBars>",
            match self.shape {
                Shape::Lines => "<c:errDir val=\"y\"/>",
                _ => "",
            },
            numbers(
                above.into_iter(),
                "General",
                &reference(column + 1, 2, rows + 1)
            ),
            numbers(
                below.into_iter(),
                "General",
                &reference(column, 2, rows + 1)
            ),
            solid(AXIS),
        );
    }

    /// The first column right of the series.
    fn first_reach(&self) -> usize {
        self.series.len() + 1
    }

    /// How many series before it have intervals.
    fn place_of_reach(&self, at: usize) -> usize {
        let before = self.series.iter().take(at);
        before.filter(|series| self.has_intervals(series)).count()
    }

    fn axes_of_bars(&self) -> String {
        let range = match self.unit {
            Unit::Share(_) => "<c:max val=\"1\"/><c:min val=\"0\"/>",
            Unit::Number(_) if self.lowest() >= 0.0 => "<c:min val=\"0\"/>",
            Unit::Number(_) | Unit::Signed(_) => "",
        };
        let step = match self.unit {
            Unit::Share(_) => "<c:majorUnit val=\"0.25\"/>",
            Unit::Number(_) | Unit::Signed(_) => "",
        };
        let format = escape(self.axis_format());
        // the categories run down the page, so the axis of values, which crosses at the first of them, has its labels at the far end
        format!(
            "<c:catAx><c:axId val=\"1001\"/><c:scaling><c:orientation val=\"maxMin\"/></c:scaling><c:delete val=\"0\"/>\
             <c:axPos val=\"l\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
             <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/><c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr>{}\
             <c:crossAx val=\"1002\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/>\
             <c:lblOffset val=\"100\"/><c:tickLblSkip val=\"1\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx>\
             <c:valAx><c:axId val=\"1002\"/><c:scaling><c:orientation val=\"minMax\"/>{range}</c:scaling><c:delete val=\"0\"/>\
             <c:axPos val=\"b\"/><c:majorGridlines><c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr></c:majorGridlines>\
             <c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
             <c:tickLblPos val=\"high\"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{}\
             <c:crossAx val=\"1001\"/><c:crosses val=\"autoZero\"/><c:crossBetween val=\"between\"/>{step}</c:valAx>",
            solid(AXIS),
            text_look(self.size(), INK, false),
            solid(GRID),
            text_look(1000, MUTED, false),
        )
    }

    fn axes_of_lines(&self) -> String {
        let range = match self.unit {
            Unit::Share(_) => "<c:max val=\"1\"/><c:min val=\"0\"/>",
            Unit::Number(_) | Unit::Signed(_) => "",
        };
        let format = escape(self.axis_format());
        let (axis, moments, tail) = match self.days.is_empty() {
            true => (
                "catAx",
                "General",
                "<c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:noMultiLvlLbl val=\"1\"/>".to_owned(),
            ),
            false => (
                "dateAx",
                self.day_format(),
                match self.years() {
                    0..=3 => "<c:auto val=\"0\"/><c:lblOffset val=\"100\"/><c:baseTimeUnit val=\"days\"/>".to_owned(),
                    years => format!(
                        "<c:auto val=\"0\"/><c:lblOffset val=\"100\"/><c:baseTimeUnit val=\"days\"/>\
                         <c:majorUnit val=\"{}\"/><c:majorTimeUnit val=\"years\"/>",
                        years.div_ceil(12)
                    ),
                },
            ),
        };
        format!(
            "<c:{axis}><c:axId val=\"1001\"/><c:scaling><c:orientation val=\"minMax\"/></c:scaling><c:delete val=\"0\"/>\
             <c:axPos val=\"b\"/><c:numFmt formatCode=\"{moments}\" sourceLinked=\"0\"/><c:majorTickMark val=\"out\"/>\
             <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/><c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr>{}\
             <c:crossAx val=\"1002\"/><c:crosses val=\"autoZero\"/>{tail}</c:{axis}>\
             <c:valAx><c:axId val=\"1002\"/><c:scaling><c:orientation val=\"minMax\"/>{range}</c:scaling><c:delete val=\"0\"/>\
             <c:axPos val=\"l\"/><c:majorGridlines><c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr></c:majorGridlines>\
             <c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
             <c:tickLblPos val=\"nextTo\"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{}\
             <c:crossAx val=\"1001\"/><c:crosses val=\"autoZero\"/><c:crossBetween val=\"between\"/></c:valAx>",
            solid(AXIS),
            text_look(1000, INK, false),
            solid(GRID),
            text_look(1000, MUTED, false),
        )
    }

    fn axis_format(&self) -> &'static str {
        match self.unit {
            Unit::Share(_) => "0%",
            Unit::Number(_) => "General",
            Unit::Signed(_) => "+0;\"−\"0;0",
        }
    }

    /// From the first day to the last.
    fn years(&self) -> u32 {
        let (first, last) = (self.days.iter().min(), self.days.iter().max());
        first
            .zip(last)
            .map_or(0, |(first, last)| (last - first) / 365)
    }

    /// Dates over more than three years are told by their years.
    fn day_format(&self) -> &'static str {
        match self.years() {
            0..=3 => "mmm yyyy",
            _ => "yyyy",
        }
    }

    fn lowest(&self) -> f64 {
        let points = self.series.iter().flat_map(|series| &series.points);
        let ends =
            points.filter_map(|point| Some(point.interval.map_or(point.value?, |(low, _)| low)));
        ends.fold(f64::INFINITY, f64::min)
    }

    /// The workbook that the chart is of.
    pub fn workbook(&self) -> Result<Vec<u8>, OfficeError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(
            &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
        );
        let sheet = workbook.add_worksheet();
        sheet.set_name(SHEET)?;
        let format = Format::new().set_num_format(self.unit.format());
        let plain = Format::new();
        let date = Format::new().set_num_format("d mmm yyyy");
        for (row, (at, category)) in (1u32..).zip(self.categories.iter().enumerate()) {
            match self.days.get(at) {
                Some(day) => sheet.write_number_with_format(row, 0, *day, &date)?,
                None => sheet.write_string(row, 0, cell_text(category))?,
            };
        }
        let mut write = |column: usize,
                         head: &str,
                         values: &[Option<f64>],
                         format: &Format|
         -> Result<(), OfficeError> {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            sheet.write_string(0, column, cell_text(head))?;
            for (row, value) in (1u32..).zip(values) {
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    sheet.write_number_with_format(row, column, value, format)?;
                }
            }
            Ok(())
        };
        for (at, series) in self.series.iter().enumerate() {
            let values: Vec<Option<f64>> = series.points.iter().map(|point| point.value).collect();
            write(at + 1, &series.name, &values, &format)?;
        }
        for (at, series) in self.series.iter().enumerate() {
            if self.has_intervals(series) {
                let column = self.first_reach() + 2 * self.place_of_reach(at);
                let [below, above] = reaches(series);
                write(
                    column,
                    &format!("{}: interval below", series.name),
                    &below,
                    &plain,
                )?;
                write(
                    column + 1,
                    &format!("{}: interval above", series.name),
                    &above,
                    &plain,
                )?;
            }
        }
        sheet.set_column_width(0, 40)?;
        Ok(workbook.save_to_buffer()?)
    }
}

/// How far each interval reaches below and above its value.
fn reaches(series: &Series) -> [Vec<Option<f64>>; 2] {
    let reach = |of: fn(f64, f64, f64) -> f64| {
        let points = series.points.iter();
        let each = points.map(|point| {
            let (value, (low, high)) = (point.value?, point.interval?);
            Some(of(value, low, high).max(0.0))
        });
        each.collect()
    };
    [
        reach(|value, low, _| value - low),
        reach(|value, _, high| high - value),
    ]
}

const SHEET: &str = "Sheet1";

/// `Sheet1!$B$2:$B$9`: a column, from its row to its row, as counted from one.
fn reference(column: usize, first: usize, last: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    match first == last {
        true => format!("{SHEET}!${letters}${first}"),
        false => format!("{SHEET}!${letters}${first}:${letters}${last}"),
    }
}

fn texts(texts: &[&str], reference: &str) -> String {
    let points = texts
        .iter()
        .enumerate()
        .map(|(at, text)| format!("<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", escape(text)));
    format!(
        "<c:strRef><c:f>{reference}</c:f><c:strCache><c:ptCount val=\"{}\"/>{}</c:strCache></c:strRef>",
        texts.len(),
        points.collect::<String>()
    )
}

fn numbers(
    values: impl ExactSizeIterator<Item = Option<f64>>,
    format: &str,
    reference: &str,
) -> String {
    let count = values.len();
    let points = values.enumerate().filter_map(|(at, value)| {
        let value = value.filter(|value| value.is_finite())?;
        Some(format!("<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>"))
    });
    format!(
        "<c:numRef><c:f>{reference}</c:f><c:numCache><c:formatCode>{}</c:formatCode><c:ptCount val=\"{count}\"/>{}</c:numCache></c:numRef>",
        escape(format),
        points.collect::<String>()
    )
}

fn label(format: &str, look: &str, place: &str) -> String {
    format!(
        "<c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{look}\
         <c:dLblPos val=\"{place}\"/><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/>\
         <c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>",
        escape(format)
    )
}

fn solid(colour: u32) -> String {
    format!("<a:solidFill><a:srgbClr val=\"{colour:06X}\"/></a:solidFill>")
}

/// How the texts of a part of the chart look; the face is that of the theme.
fn text_look(size: u32, colour: u32, bold: bool) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{size}\" b=\"{}\">{}</a:defRPr></a:pPr>\
         <a:endParaRPr lang=\"en-GB\"/></a:p></c:txPr>",
        u8::from(bold),
        solid(colour)
    )
}

/// Ink or paper on a colour, whichever has more contrast (WCAG 2).
pub fn contrast(colour: u32) -> u32 {
    let light = luminance(colour);
    match (1.05 / (light + 0.05)) > ((light + 0.05) / (luminance(INK) + 0.05)) {
        true => PAPER,
        false => INK,
    }
}

/// Relative luminance.
fn luminance(colour: u32) -> f64 {
    let channel = |shift: u32| {
        let part = f64::from((colour >> shift) & 0xFF) / 255.0;
        match part <= 0.040_45 {
            true => part / 12.92,
            false => ((part + 0.055) / 1.055).powf(2.4),
        }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        assert_eq!(reference(0, 2, 9), "Sheet1!$A$2:$A$9");
        assert_eq!(reference(25, 1, 1), "Sheet1!$Z$1");
        assert_eq!(reference(26, 2, 3), "Sheet1!$AA$2:$AA$3");
        assert_eq!(reference(702, 2, 2), "Sheet1!$AAA$2");
    }
}
