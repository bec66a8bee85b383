//! What stands right of the plot: where each line ended, and results, as labels or in columns.

use super::axes::Axes;
use super::{LineDay, MOST_LABELLED, PollsChart, PollsLine};
use crate::present::chart::apart::spread;
use crate::present::chart::fonts::Fonts;
use crate::present::chart::scene::{Anchor, Scene};
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;

/// Labels stand so far apart, and so far right of the plot.
const APART: f64 = 17.0;
const AWAY: f64 = 32.0;
/// Between two columns.
const BETWEEN: f64 = 11.0;

/// The ends of all lines, measured.
pub(super) struct Ends<'a> {
    chart: &'a PollsChart,
    /// Whether the bands stand here, or in the footer.
    bands: bool,
    /// Columns instead of labels.
    columns: bool,
    /// The room that they take, from the plot on.
    pub width: f64,
}

/// What is said of an end.
struct Label {
    y: f64,
    /// Where what it names is drawn.
    from: (f64, f64),
    text: String,
    band: String,
    result: bool,
    role: Role,
}

impl<'a> Ends<'a> {
    pub fn new(chart: &'a PollsChart, narrow: bool, fonts: &Fonts) -> Ends<'a> {
        let columns = chart.lines.len() > MOST_LABELLED;
        let mut ends = Ends {
            chart,
            bands: !narrow,
            columns,
            width: 0.0,
        };
        let widths: Vec<f64> = match columns {
            true => {
                let columns = ends.column_widths(fonts).into_iter();
                let columns = columns.filter(|width| *width > 0.0);
                vec![columns.map(|width| width + BETWEEN).sum::<f64>() - BETWEEN]
            }
            false => {
                let lines = chart.lines.iter();
                let names = lines.map(|line| {
                    let name = Type::VALUE.width(&ends.name(line, fonts), fonts);
                    let band = line.end().map_or(0.0, |end| {
                        Type::INTERVAL.width(&ends.band(end), fonts) + 6.0
                    });
                    name + if ends.bands { band } else { 0.0 }
                });
                names
                    .chain([Type::LABEL.width(&ends.result_words(48.5), fonts)])
                    .collect()
            }
        };
        ends.width = AWAY + widths.into_iter().fold(0.0, f64::max);
        ends
    }

    /// "Clinton 46.8"; of a few polls without a line the name alone.
    fn name(&self, line: &PollsLine, fonts: &Fonts) -> String {
        match line.end() {
            Some(end) => {
                let number = fonts.language().numeral(&self.number(end.at));
                format!("{} {number}", line.label)
            }
            None => line.label.clone(),
        }
    }

    fn number(&self, at: f64) -> String {
        match self.chart.leads {
            true if at >= 0.05 => format!("+{at:.1}"),
            true => format!("{at:.1}").replace('-', "−"),
            false if at < 0.5 => "<1".to_owned(),
            false => format!("{at:.1}"),
        }
    }

    fn band(&self, end: &LineDay) -> String {
        let (low, high) = end.outline.unwrap_or(end.band);
        let between = if self.chart.leads { " to " } else { "–" };
        format!("{}{between}{}", self.number(low), self.number(high))
    }

    fn result_words(&self, result: f64) -> String {
        format!("result {}", self.number(result))
    }

    /// The bands in a sentence, where they do not stand beside the names.
    pub fn bands_in_words(&self, words: &Language) -> Option<String> {
        let lines = self.chart.lines.iter();
        let bands: Vec<String> = lines
            .filter_map(|line| {
                let band = words.value(&self.band(line.end()?));
                Some(format!("{} {band}", line.label))
            })
            .collect();
        let level = (self.chart.level * 1e4).round() / 1e2;
        (!self.bands && !bands.is_empty())
            .then(|| format!("Last average: {} ({level}%).", bands.join(", ")))
    }

    /// Draws names, numbers and ties.
    pub fn draw(&self, scene: &mut Scene, axes: &Axes, results: &[Option<f64>], fonts: &Fonts) {
        match self.columns {
            true => self.draw_columns(scene, axes, results, fonts),
            false => self.draw_labels(scene, axes, results, fonts),
        }
    }

    fn draw_labels(&self, scene: &mut Scene, axes: &Axes, results: &[Option<f64>], fonts: &Fonts) {
        let right = axes.plot.right;
        let mut labels = Vec::new();
        for (index, line) in self.chart.lines.iter().enumerate() {
            let role = self.chart.role(index);
            if let Some(end) = line.end() {
                labels.push(Label {
                    y: axes.y(end.at),
                    from: (axes.x(end.day) + 6.0, axes.y(end.at)),
                    text: self.name(line, fonts),
                    band: if self.bands {
                        self.band(end)
                    } else {
                        String::new()
                    },
                    result: false,
                    role,
                });
            }
            if let Some(result) = results.get(index).copied().flatten() {
                labels.push(Label {
                    y: axes.y(result),
                    from: (right + 20.0, axes.y(result)),
                    text: self.result_words(result),
                    band: String::new(),
                    result: true,
                    role,
                });
            }
        }
        labels.sort_by(|one, other| one.y.total_cmp(&other.y));
        let places = labels.iter().map(|label| label.y).collect();
        let x = right + AWAY;
        for (label, y) in labels.iter().zip(spread(places, APART, axes.plot)) {
            let kind = match label.result {
                true => Type::LABEL,
                false => Type::VALUE,
            };
            scene.line(label.from, (x - 4.0, y), 0.75, Role::Axis);
            let kind = kind.in_role(label.role.as_text());
            scene.text(&label.text, (x, y), Anchor::Start, kind, fonts);
            let after = x + kind.width(&label.text, fonts) + 6.0;
            let y = y + Type::INTERVAL.shift_to(kind);
            scene.text(
                &label.band,
                (after, y),
                Anchor::Start,
                Type::INTERVAL,
                fonts,
            );
        }
    }

    /// Names, per cents, bands and results.
    fn column_widths(&self, fonts: &Fonts) -> [f64; 4] {
        let lines = || self.chart.lines.iter();
        let widest = |texts: Vec<String>, kind: Type| {
            let widths = texts.iter().map(|text| kind.width(text, fonts));
            widths.fold(0.0, f64::max)
        };
        let ends = || lines().filter_map(|line| line.end());
        let results = || lines().flat_map(|line| line.results.last().copied().flatten());
        let head = |text: &str| Type::TICK.width(text, fonts);
        let has_results = results().next().is_some();
        [
            widest(
                lines().map(|line| line.label.clone()).collect(),
                Type::VALUE,
            ),
            widest(ends().map(|end| self.number(end.at)).collect(), Type::VALUE).max(head("%")),
            match self.bands {
                true => widest(ends().map(|end| self.band(end)).collect(), Type::INTERVAL)
                    .max(head(&self.band_head())),
                false => 0.0,
            },
            match self.bands && has_results {
                true => widest(results().map(|at| self.number(at)).collect(), Type::LABEL)
                    .max(head("result")),
                false => 0.0,
            },
        ]
    }

    fn band_head(&self) -> String {
        format!("{}% band", (self.chart.level * 1e4).round() / 1e2)
    }

    fn draw_columns(&self, scene: &mut Scene, axes: &Axes, results: &[Option<f64>], fonts: &Fonts) {
        let widths = self.column_widths(fonts);
        let names = axes.plot.right + AWAY;
        let mut edges = [names + widths[0], 0.0, 0.0, 0.0];
        for column in 1..4 {
            let gap = if widths[column] > 0.0 { BETWEEN } else { 0.0 };
            edges[column] = edges[column - 1] + gap + widths[column];
        }
        let unit = if self.chart.leads { "points" } else { "%" };
        let heads = [
            (1, unit.to_owned()),
            (2, self.band_head()),
            (3, "result".to_owned()),
        ];
        for (column, head) in heads {
            if widths[column] > 0.0 {
                let at = (edges[column], axes.plot.top - 14.0);
                scene.text(&head, at, Anchor::End, Type::TICK, fonts);
            }
        }
        let mut lines: Vec<(usize, &PollsLine, f64)> = Vec::new();
        for (index, line) in self.chart.lines.iter().enumerate() {
            let last = line.end().map(|end| end.at);
            let level = last.or_else(|| line.dots.last().map(|dot| dot.at));
            lines.extend(level.map(|level| (index, line, axes.y(level))));
        }
        lines.sort_by(|one, other| one.2.total_cmp(&other.2));
        let places = spread(lines.iter().map(|(.., y)| *y).collect(), APART, axes.plot);
        for ((index, line, from), y) in lines.into_iter().zip(places) {
            let role = self.chart.role(index);
            let start = match results.iter().any(Option::is_some) {
                true => axes.plot.right + 18.0,
                false => axes.plot.right + 6.0,
            };
            scene.line((start, from), (names - 4.0, y), 0.75, Role::Axis);
            let name = scene.text(&line.label, (names, y), Anchor::Start, Type::VALUE, fonts);
            let under = y + 8.0;
            scene.line((name.left, under), (name.right, under), 2.0, role);
            let Some(end) = line.end() else { continue };
            let number = self.number(end.at);
            scene.text(&number, (edges[1], y), Anchor::End, Type::VALUE, fonts);
            if self.bands {
                let at = (edges[2], y + Type::INTERVAL.shift_to(Type::VALUE));
                scene.text(&self.band(end), at, Anchor::End, Type::INTERVAL, fonts);
            }
            if let Some(result) = results.get(index).copied().flatten().filter(|_| self.bands) {
                let at = (edges[3], y + Type::LABEL.shift_to(Type::VALUE));
                scene.text(&self.number(result), at, Anchor::End, Type::LABEL, fonts);
            }
        }
    }
}
