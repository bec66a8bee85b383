//! The dumbbell chart: shares before and after weighting, each with its target.

use crate::present::chart::axis::LevelAxis;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::key::{KeyItem, Swatch};
use crate::present::chart::marks;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scene::Anchor;
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;

/// The label column takes at most so much of the canvas.
const LABELS: f64 = 0.36;
const GUTTER: f64 = 18.0;
/// In a plot narrower than this, the labels of its axis touch.
const LEAST_PLOT: f64 = 150.0;
/// A column of numbers.
const COLUMN: f64 = 52.0;
const PADDING: f64 = 4.0;
/// A row has at least this height.
const LEAST: f64 = 16.0;
/// The line that a mark stands on in the narrow layout.
const LINE: f64 = 18.0;

/// Levels of variables one under the other: from the share before to that after, the target marked.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetsChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The variables, in the order in which they are drawn.
    pub groups: Vec<TargetsGroup>,
    /// The paragraphs of the footer.
    pub footer: Vec<String>,
}

/// The levels of one variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetsGroup {
    /// The variable.
    pub head: String,
    /// Its levels.
    pub rows: Vec<TargetsRow>,
}

/// A level: its shares, in per cent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetsRow {
    pub label: String,
    pub before: f64,
    pub after: f64,
    pub target: f64,
}

impl TargetsChart {
    fn all_rows(&self) -> impl Iterator<Item = &TargetsRow> {
        self.groups.iter().flat_map(|group| &group.rows)
    }
}

impl Chart for TargetsChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let groups = self.groups.iter_mut().flat_map(|group| {
            std::iter::once(&mut group.head).chain(group.rows.iter_mut().map(|row| &mut row.label))
        });
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(groups)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        if self.all_rows().next().is_none() {
            return Err(Error::Empty);
        }
        for row in self.all_rows() {
            for value in [row.before, row.after, row.target] {
                // sums of weights end a little beyond
                if !(-1e-6..=100.0 + 1e-6).contains(&value) {
                    return Err(Error::NotAPercent {
                        label: row.label.clone(),
                        value,
                    });
                }
            }
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        "Targets"
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.all_rows().count()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, _words: &Language) -> String {
        let clauses: Vec<String> = self
            .groups
            .iter()
            .map(|group| {
                let rows = group.rows.iter().take(10).map(|row| {
                    format!(
                        "{} {:.1} to {:.1}, target {:.1}",
                        row.label, row.before, row.after, row.target
                    )
                });
                format!("{}: {}.", group.head, rows.collect::<Vec<_>>().join("; "))
            })
            .collect();
        format!(
            "Shares before and after weighting in per cent. {}",
            clauses.join(" ")
        )
    }

    fn lay_out(&self, page: &mut Page) {
        let item = |swatch, text: &str| KeyItem {
            swatch,
            text: text.to_owned(),
        };
        let key = [
            item(Swatch::Open(Role::Muted), "before"),
            item(Swatch::Dot(Role::Category(0)), "after"),
            item(Swatch::Tick, "target"),
        ];
        page.head(&self.title, self.subtitle.as_deref(), &key);
        let layout = Layout::new(self, page);
        page.y += 12.0;
        layout.heads(page);
        page.y += 12.0;
        for (index, group) in self.groups.iter().enumerate() {
            page.y += if index > 0 { 10.0 } else { 0.0 };
            page.group_head(Some(&group.head), None);
            layout.group(page, group);
        }
        page.y += 11.0;
        layout.axis.labels(&mut page.scene, page.y, page.fonts);
        page.y += 8.0;
        page.foot(&self.footer);
    }
}

struct Layout {
    /// Whether labels stand above their marks: also where a plot beside them would be too small.
    narrow: bool,
    axis: LevelAxis,
    /// The room for labels.
    measure: f64,
    /// Where the columns before, after and target end.
    ends: [f64; 3],
}

impl Layout {
    fn new(chart: &TargetsChart, page: &Page) -> Layout {
        let ends = [2.0, 1.0, 0.0].map(|columns| page.right - columns * COLUMN);
        let numbers = page.right - 3.0 * COLUMN;
        let labels = chart
            .all_rows()
            .map(|row| Type::LABEL.width(&row.label, page.fonts));
        let most = (page.scene.width * LABELS).floor();
        let measure = labels.fold(0.0, f64::max).ceil().clamp(most / 3.0, most);
        let (left, right) = (page.left + measure + GUTTER, numbers - 22.0);
        if page.narrow || right - left < LEAST_PLOT {
            return Layout {
                narrow: true,
                axis: LevelAxis::fitting(page.left + 12.0, page.right - 16.0),
                measure: numbers - page.left,
                ends,
            };
        }
        Layout {
            narrow: false,
            axis: LevelAxis::fitting(left, right),
            measure,
            ends,
        }
    }

    fn heads(&self, page: &mut Page) {
        for (end, head) in self.ends.iter().zip(["before", "after", "target"]) {
            let at = (*end, page.y);
            page.scene
                .text(head, at, Anchor::End, Type::TICK, page.fonts);
        }
        if !self.narrow {
            self.axis.labels(&mut page.scene, page.y, page.fonts);
        }
    }

    fn group(&self, page: &mut Page, group: &TargetsGroup) {
        let top = page.y + 2.0;
        let lines: Vec<(&TargetsRow, Vec<String>)> = group
            .rows
            .iter()
            .map(|row| {
                let lines = Type::LABEL.balanced(&row.label, self.measure, page.fonts);
                (row, lines)
            })
            .collect();
        let text = |lines: &[String]| (Type::LABEL.line * lines.len() as f64).max(LEAST);
        let (mark, air) = (if self.narrow { LINE } else { 0.0 }, page.air);
        let height = |lines: &[String]| (text(lines) + mark + 2.0 * PADDING + air).round();
        let all: f64 = lines.iter().map(|(_, lines)| height(lines)).sum();
        if !self.narrow {
            let (top, bottom) = (top.round(), (top + all).round());
            self.axis.grid(&mut page.scene, top, bottom);
        }
        let mut y = top;
        for (row, lines) in &lines {
            let middle = match self.narrow {
                true => crisp(y + PADDING + text(lines) + LINE / 2.0),
                false => crisp(y + height(lines) / 2.0),
            };
            let first = match self.narrow {
                true => y + PADDING,
                false => middle - Type::LABEL.line * lines.len() as f64 / 2.0,
            };
            page.y = first;
            page.lines(lines, page.left, Type::LABEL);
            let numbers = match self.narrow {
                true => first + Type::LABEL.line / 2.0,
                false => middle,
            };
            self.row(page, row, numbers, middle);
            y += height(lines);
        }
        page.y = y;
    }

    fn row(&self, page: &mut Page, row: &TargetsRow, numbers: f64, y: f64) {
        let kinds = [
            Type::INTERVAL,
            Type::INTERVAL.in_role(Role::Ink),
            Type::INTERVAL,
        ];
        let values = [row.before, row.after, row.target];
        for ((value, end), kind) in values.iter().zip(self.ends).zip(kinds) {
            let text = format!("{:.1}%", value.clamp(0.0, 100.0));
            page.scene
                .text(&text, (end, numbers), Anchor::End, kind, page.fonts);
        }
        let scene = &mut page.scene;
        match self.narrow {
            true => self.axis.ticked_hairline(scene, y),
            false => self.axis.hairline(scene, y),
        }
        let [before, after, target] = values.map(|value| self.axis.x(value));
        scene.line((before, y), (after, y), 2.0, Role::Category(0));
        marks::open_dot(scene, (before, y), Role::Muted);
        marks::dot(scene, (after, y), None, Role::Category(0));
        marks::target(scene, (target, y));
    }
}
