//! Banner tables and toplines as slides: a question each with its chart; one that is too long for a slide takes several.

use super::content::{BannerTable, BaseKind, CellFormat, HIDDEN, Line, LineCell, LineKind};
use super::foot;
use super::heads::BaseState;
use super::workbook::{colours, title};
use crate::frames::words::and;
use crate::present::office::{Deck, NativeChart, Point, Series, Shape, Slide, Unit, runs_that_fit};
use crate::present::survey::source::percent_of;
use crate::present::table::digits;
use crate::survey::crosstab::{Crosstab, Percent, TableKind, is_no_opinion};

/// More bars than this are not read from across a room.
const MOST_BARS: usize = 18;
/// More series side by side can't be told apart.
const MOST_SERIES: usize = 5;
const FIRST: u32 = 0x004487;
/// Parts beside their nets.
const PART: u32 = 0x6FA2D2;
const GREY: u32 = 0xC6CCD1;
/// Waves from the newest on, and columns side by side.
const WAVES: [u32; MOST_SERIES] = [0x004487, 0x6FA2D2, 0x8A939B, 0xB3BBC2, 0xD3D9DE];
const COLUMNS: [u32; MOST_SERIES] = [0x626B74, 0x004487, 0xBA482C, 0x046B62, 0xC58800];

/// The slides of some tables of `crosstab`; `file` is the name of what they are of.
pub fn slides(crosstab: &Crosstab, tables: &[BannerTable], heading: &str, file: &str) -> Deck {
    let slides = tables.iter().flat_map(|table| {
        let question = Question {
            crosstab,
            table,
            file,
        };
        question.slides()
    });
    Deck {
        title: heading.to_owned(),
        subtitle: vec![foot::sample(crosstab), foot::source(crosstab, file)],
        slides: slides.collect(),
        ..Deck::default()
    }
}

struct Question<'a> {
    crosstab: &'a Crosstab,
    table: &'a BannerTable,
    file: &'a str,
}

impl Question<'_> {
    fn slides(&self) -> Vec<Slide> {
        let charts: Vec<(String, NativeChart)> = match self.table.noun {
            "Question" => self.of_topline(),
            _ => self.of_banner(),
        };
        let charts: Vec<_> = charts
            .into_iter()
            .filter(|(_, chart)| !chart.is_empty())
            .collect();
        let whats: Vec<String> = charts.iter().map(|(what, _)| what.clone()).collect();
        let each = charts.into_iter().enumerate().map(|(at, (what, chart))| {
            let mut heading = title(self.table);
            if !what.is_empty() {
                heading += &format!(": {what}");
            }
            // the same heading again has its number
            let same = whats.iter().filter(|other| **other == what).count();
            if same > 1 {
                let before = whats.iter().take(at + 1).filter(|other| **other == what);
                heading += &format!(" ({} of {same})", before.count());
            }
            self.slide(heading, chart)
        });
        each.collect()
    }

    fn slide(&self, title: String, mut chart: NativeChart) -> Slide {
        let mut sentences = Vec::new();
        let has_interval = |point: &Point| point.interval.is_some();
        if chart
            .series
            .iter()
            .any(|series| series.points.iter().any(has_interval))
        {
            let percent = percent_of(self.crosstab.request.options.level);
            sentences.push(format!("Lines: {percent}% intervals."));
        }
        sentences.extend(foot::signs(
            &self.crosstab.request.options,
            &self.table.heads,
        ));
        sentences.push(foot::sample(self.crosstab));
        chart.description = format!("{title}. {}", described(&chart));
        Slide {
            title,
            base: self.base(),
            chart,
            foot: vec![sentences.join(" "), foot::source(self.crosstab, self.file)],
        }
    }

    /// What is measured, of whom, and of how many where nothing else tells it.
    fn base(&self) -> String {
        let table = self.table;
        let text = format!("{} {}", table.measure, table.base);
        let n = self
            .n(0)
            .filter(|n| table.heads.len() < 4 && !text.contains(n.as_str()));
        match n {
            Some(n) => format!("{text} n = {n}"),
            None => text,
        }
    }

    /// The respondents of a column.
    fn n(&self, column: usize) -> Option<String> {
        let mut bases = self.table.bases.iter();
        let line = bases.find(|line| line.kind == BaseKind::Respondents)?;
        let head = self.table.heads.get(column)?;
        Some(line.text(column, head)).filter(|text| !text.is_empty())
    }

    /// "Blue (954)", so that every bar has its base.
    fn name(&self, column: usize) -> String {
        let head = match self.table.heads.get(column) {
            Some(head) if self.table.blocks.is_empty() && head.name == "%" => "Per cent",
            Some(head) => head.name.as_str(),
            None => "",
        };
        match self.n(column) {
            Some(n) => format!("{head} ({n})"),
            None => head.to_owned(),
        }
    }

    fn lines(&self, is_wanted: impl Fn(LineKind) -> bool) -> Vec<&Line> {
        let lines = self.table.lines.iter();
        lines.filter(|line| is_wanted(line.kind)).collect()
    }

    /// Answers down, a bar a wave; numbers the same way.
    fn of_topline(&self) -> Vec<(String, NativeChart)> {
        let mut charts = self.waves_beside(&self.lines(is_share));
        let numbers = self.lines(|kind| kind == LineKind::Number);
        let of_numbers = self.waves_beside(&numbers).into_iter();
        charts.extend(
            of_numbers
                .map(|(_, chart)| match (numbers.as_slice(), charts.is_empty()) {
                    ([only], false) => (only.label.clone(), chart),
                    _ => (String::new(), chart),
                })
                .collect::<Vec<_>>(),
        );
        charts
    }

    fn waves_beside(&self, lines: &[&Line]) -> Vec<(String, NativeChart)> {
        let waves = self.table.charted.min(MOST_SERIES);
        let has_nets = lines.iter().any(|line| line.kind == LineKind::Net);
        let most = (2 * MOST_BARS / (1 + waves)).max(4);
        let runs = runs_that_fit(lines, |line: &&Line| line.label.as_str(), (most, waves));
        let charts = runs.into_iter().map(|lines| {
            let series = (0..waves).map(|wave| {
                let points = lines.iter().map(|line| {
                    let colour = match line.kind {
                        _ if waves > 1 => None,
                        _ if is_no_opinion(&line.label) => Some(GREY),
                        LineKind::Part if has_nets => Some(PART),
                        _ => None,
                    };
                    Point {
                        colour,
                        ..self.point(line, wave, wave == 0)
                    }
                });
                Series {
                    name: self.name(wave),
                    colour: WAVES[wave.min(MOST_SERIES - 1)],
                    points: points.collect(),
                }
            });
            let series = series.collect();
            self.chart(
                Shape::Bars,
                lines.iter().map(|line| label(line)).collect(),
                series,
                lines,
            )
        });
        charts.map(|chart| (String::new(), chart)).collect()
    }

    fn of_banner(&self) -> Vec<(String, NativeChart)> {
        let answers = self.lines(|kind| matches!(kind, LineKind::Answer | LineKind::Part));
        if answers.is_empty() {
            return self
                .columns_down(&self.lines(|kind| kind == LineKind::Number || is_share(kind)));
        }
        // what parts add up to is no part of their stack, nor is their mean
        let (mut charts, beside) = match self.is_whole(&answers) {
            true => (
                self.stacked(),
                self.lines(|kind| matches!(kind, LineKind::Net | LineKind::Number)),
            ),
            false => (
                self.answers_down(),
                self.lines(|kind| kind == LineKind::Number),
            ),
        };
        charts.extend(self.columns_down(&beside));
        charts
    }

    /// Whether the answers of every column are parts of one whole.
    fn is_whole(&self, answers: &[&Line]) -> bool {
        let number = self.table.number;
        let mut tables = self.crosstab.tables.iter();
        let of_columns = tables
            .find(|table| table.number == number)
            .is_none_or(|table| table.percent == Percent::Column);
        let sum = |column: usize| -> f64 {
            let cells = answers
                .iter()
                .filter_map(|line| line.cells.get(column)?.value);
            cells.sum()
        };
        let kind = matches!(self.table.kind, TableKind::Levels | TableKind::Grid);
        kind && of_columns
            && answers.len() > 1
            && (0..self.table.charted).all(|column| sum(column) <= 1.005)
    }

    /// The columns of a slide, each a group: the total and a run of columns under their head.
    fn columns(&self) -> Vec<Vec<Row>> {
        let heads = self.table.heads.len().min(self.table.charted);
        let total: Vec<Row> = (0..heads)
            .filter(|at| self.table.heads[*at].block.is_none())
            .map(Row::Column)
            .collect();
        let mut slides = vec![total.clone()];
        for block in &self.table.blocks {
            let columns: Vec<usize> = block.columns.clone().filter(|at| *at < heads).collect();
            for (run, columns) in columns.chunks(MOST_BARS - 2).enumerate() {
                let full = slides
                    .last()
                    .is_some_and(|slide| slide.len() + 1 + columns.len() > MOST_BARS);
                if full
                    && run + slides.len() > 0
                    && slides.last().is_some_and(|s| s.len() > total.len())
                {
                    slides.push(total.clone());
                }
                if let Some(slide) = slides.last_mut() {
                    let title = match block.title.chars().count() {
                        0..=28 => &block.title,
                        _ => &block.name,
                    };
                    slide.push(Row::Head(title.clone()));
                    slide.extend(columns.iter().copied().map(Row::Column));
                }
            }
        }
        slides
    }

    fn stacked(&self) -> Vec<(String, NativeChart)> {
        let answers: Vec<usize> = (0..self.table.lines.len())
            .filter(|at| {
                matches!(
                    self.table.lines[*at].kind,
                    LineKind::Answer | LineKind::Part
                )
            })
            .collect();
        let colours = colours(self.table, &answers, false);
        let lines: Vec<&Line> = answers.iter().map(|at| &self.table.lines[*at]).collect();
        let charts = self.columns().into_iter().map(|rows| {
            let series = lines.iter().zip(&colours).map(|(line, colour)| Series {
                name: line.label.clone(),
                colour: *colour,
                points: rows
                    .iter()
                    .map(|row| row.point(self, line, false))
                    .collect(),
            });
            let series = series.collect();
            let names = rows.iter().map(|row| row.name(self)).collect();
            (
                String::new(),
                self.chart(Shape::Stacked, names, series, &lines),
            )
        });
        charts.collect()
    }

    /// Numbers, or a single share: a bar a column, a slide a number.
    fn columns_down(&self, lines: &[&Line]) -> Vec<(String, NativeChart)> {
        let mut charts = Vec::new();
        for line in lines {
            for rows in self.columns() {
                let points = rows.iter().map(|row| row.point(self, line, true));
                let series = Series {
                    name: line.label.clone(),
                    colour: FIRST,
                    points: points.collect(),
                };
                let names = rows.iter().map(|row| row.name(self)).collect();
                let what = match line.kind {
                    LineKind::Net => label(line),
                    _ if lines.len() == 1 => String::new(),
                    _ => line.label.clone(),
                };
                charts.push((what, self.chart(Shape::Bars, names, vec![series], &[line])));
            }
        }
        charts
    }

    /// Several answers each: a bar an answer and column, the total beside the columns of one block.
    fn answers_down(&self) -> Vec<(String, NativeChart)> {
        let lines = self.lines(is_share);
        let heads = 0..self.table.heads.len().min(self.table.charted);
        let total: Vec<usize> = heads
            .clone()
            .filter(|at| self.table.heads[*at].block.is_none())
            .take(1)
            .collect();
        let mut runs: Vec<(String, Vec<usize>)> = Vec::new();
        for block in &self.table.blocks {
            let columns: Vec<usize> = block
                .columns
                .clone()
                .filter(|at| heads.contains(at))
                .collect();
            let names: Vec<String> = total
                .iter()
                .map(|_| "Total".to_owned())
                .chain([block.title.clone()])
                .collect();
            for columns in columns.chunks(MOST_SERIES - 1) {
                runs.push((and(&names), total.iter().chain(columns).copied().collect()));
            }
        }
        if runs.is_empty() {
            runs.push((String::new(), total));
        }
        let mut charts = Vec::new();
        for (what, columns) in runs {
            let most = (2 * MOST_BARS / columns.len().max(1)).max(4);
            for lines in runs_that_fit(
                &lines,
                |line: &&Line| line.label.as_str(),
                (most, columns.len()),
            ) {
                let series = columns.iter().enumerate().map(|(place, column)| Series {
                    name: self.name(*column),
                    colour: match columns.len() {
                        1 => FIRST,
                        _ => COLUMNS[place.min(MOST_SERIES - 1)],
                    },
                    points: lines
                        .iter()
                        .map(|line| self.point(line, *column, true))
                        .collect(),
                });
                let series = series.collect();
                let names = lines.iter().map(|line| label(line)).collect();
                charts.push((what.clone(), self.chart(Shape::Bars, names, series, lines)));
            }
        }
        charts
    }

    /// A cell that is shown.
    fn point(&self, line: &Line, column: usize, with_interval: bool) -> Point {
        let state = self.table.heads.get(column).map(|head| head.state);
        let shown = |cell: &&LineCell| {
            state != Some(BaseState::TooSmall) && !["**", HIDDEN].contains(&cell.text.as_str())
        };
        let Some(cell) = line.cells.get(column).filter(shown) else {
            return Point::default();
        };
        Point {
            value: cell.value,
            interval: cell.interval.filter(|_| with_interval),
            ..Point::default()
        }
    }

    fn chart(
        &self,
        shape: Shape,
        categories: Vec<String>,
        series: Vec<Series>,
        lines: &[&Line],
    ) -> NativeChart {
        let mut cells = lines.iter().flat_map(|line| &line.cells);
        let unit = match cells
            .find(|cell| cell.value.is_some())
            .map(|cell| cell.format)
        {
            Some(CellFormat::Number(decimals)) => Unit::Number(decimals),
            Some(CellFormat::Signed(decimals)) => Unit::Signed(decimals),
            Some(CellFormat::Percent(decimals)) => Unit::Share(decimals),
            _ => Unit::Share(0),
        };
        NativeChart {
            shape,
            days: Vec::new(),
            categories,
            series,
            unit,
            description: String::new(),
        }
    }
}

/// A line of a chart: a column, or what stands over the columns of a block.
#[derive(Clone, Debug)]
enum Row {
    Head(String),
    Column(usize),
}

impl Row {
    fn name(&self, question: &Question) -> String {
        match self {
            Row::Head(title) => format!("{title}:"),
            Row::Column(at) => question.name(*at),
        }
    }

    fn point(&self, question: &Question, line: &Line, with_interval: bool) -> Point {
        match self {
            Row::Head(_) => Point::default(),
            Row::Column(at) => question.point(line, *at, with_interval),
        }
    }
}

fn is_share(kind: LineKind) -> bool {
    matches!(kind, LineKind::Net | LineKind::Answer | LineKind::Part)
}

fn label(line: &Line) -> String {
    match line.kind {
        LineKind::Net => format!("NET {}", line.label),
        _ => line.label.clone(),
    }
}

/// The first series in words: enough to know what one does not see.
fn described(chart: &NativeChart) -> String {
    const NAMED: usize = 12;
    let Some(first) = chart.series.first() else {
        return String::new();
    };
    let printed = |value: f64| match chart.unit {
        Unit::Share(decimals) => format!("{}%", digits::percent(value, decimals)),
        Unit::Number(decimals) => digits::number(value, decimals),
        Unit::Signed(decimals) => digits::signed(value, decimals),
    };
    let known = chart.categories.iter().zip(&first.points);
    let known = known.filter_map(|(name, point)| Some(format!("{name} {}", printed(point.value?))));
    let known: Vec<String> = known.collect();
    let more = match known.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = known.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    format!("{}: {named}{more}.", first.name)
}
