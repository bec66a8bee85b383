//! A topline as tables: the newest wave first, earlier ones beside it, and the change since the one before.

use crate::frames::words::and;
use crate::present::crosstab::{
    BannerTable, BaseLine, BaseState, BlockHead, CellFormat, CellWeight, Display, Head, Line,
    LineCell, LineKind, foot, tables,
};
use crate::present::survey::source::percent_of;
use crate::present::table::digits;
use crate::survey::crosstab::{Crosstab, TableKind, is_no_opinion};
use crate::survey::estimate::CriticalValues;
use crate::survey::topline::{Change, Wave, changes, differences, other_wording, same_question};

/// A table a question of the newest wave, which is the first.
pub fn topline(waves: &[Wave], display: &Display) -> Vec<BannerTable> {
    let Some((newest, earlier)) = waves.split_first() else {
        return Vec::new();
    };
    let shown: Vec<Vec<BannerTable>> = waves
        .iter()
        .map(|wave| tables(&wave.crosstab, display))
        .collect();
    let critical = CriticalValues::new(newest.crosstab.request.options.level);
    let questions = newest.crosstab.tables.iter().enumerate();
    questions
        .map(|(at, question)| {
            let of_wave = |(wave, shown): (&Wave, &'_ Vec<BannerTable>)| {
                let own = same_question(question, wave)?;
                shown
                    .iter()
                    .find(|table| table.number == own.number)
                    .cloned()
            };
            let columns: Vec<Option<BannerTable>> = waves.iter().zip(&shown).map(of_wave).collect();
            let since = earlier.first();
            let changes = since.map(|before| changes(question, before, &critical));
            let wordings = earlier.iter().filter_map(|wave| {
                let then = other_wording(question, same_question(question, wave)?)?;
                Some(format!("Asked in {} as: “{then}”", wave.name))
            });
            let wordings = wordings.collect();
            Topline {
                waves,
                display,
                own: &shown[0][at],
                columns,
                changes: changes.unwrap_or_default(),
            }
            .table(wordings)
        })
        .collect()
}

/// One question in the making.
struct Topline<'a> {
    waves: &'a [Wave],
    display: &'a Display,
    /// Of the newest wave.
    own: &'a BannerTable,
    /// Of each wave, the newest first.
    columns: Vec<Option<BannerTable>>,
    /// Since the wave before, one a row of the newest.
    changes: Vec<Option<Change>>,
}

impl Topline<'_> {
    fn table(&self, wordings: Vec<String>) -> BannerTable {
        let (heads, blocks) = self.heads();
        let what = match self.own.kind {
            TableKind::Mean => {
                let first = self.own.lines.first();
                first.map_or("Mean", |line| line.label.as_str())
            }
            TableKind::Quantiles => "Quantiles",
            _ => "Per cent",
        };
        BannerTable {
            noun: "Question",
            measure: match self.is_several() {
                true => format!("{what}, by wave."),
                false => format!("{what}."),
            },
            bases: self.bases(heads.len()),
            lines: self.lines(),
            foot: self.foot(&heads, wordings),
            remarks: remarks(&heads),
            charted: self.waves.len(),
            heads,
            blocks,
            ..self.own.clone()
        }
    }

    fn is_several(&self) -> bool {
        self.waves.len() > 1
    }

    fn heads(&self) -> (Vec<Head>, Vec<BlockHead>) {
        let of_wave = |(at, wave): (usize, &Wave)| {
            let base = self.columns[at].as_ref();
            let base = base.and_then(|table| table.heads.first());
            Head {
                name: match (self.is_several(), self.own.kind) {
                    (true, _) => wave.name.clone(),
                    (false, TableKind::Mean | TableKind::Quantiles) => "all".to_owned(),
                    (false, _) => "%".to_owned(),
                },
                letter: None,
                block: (at > 0).then_some(0),
                state: base.map_or(BaseState::Enough, |head| head.state),
                net: false,
            }
        };
        let mut heads: Vec<Head> = self.waves.iter().enumerate().map(of_wave).collect();
        let mut blocks = Vec::new();
        let mut block = |name: String, columns: std::ops::Range<usize>| {
            blocks.push(BlockHead {
                name: name.clone(),
                title: name,
                columns,
            });
            Some(blocks.len() - 1)
        };
        let waves = heads.len();
        let percent = percent_of(self.waves[0].crosstab.request.options.level);
        let (own, names): (Option<usize>, &[&str]) = match self.waves.get(1) {
            None => (
                block(format!("{percent}% interval"), 1..3),
                &["low", "high"],
            ),
            Some(before) => {
                block("Earlier".to_owned(), 1..waves);
                let title = format!("Change since {}", before.name);
                (block(title, waves..waves + 3), &["change", "low", "high"])
            }
        };
        heads.extend(names.iter().map(|name| Head {
            name: (*name).to_owned(),
            letter: None,
            block: own,
            state: BaseState::Enough,
            net: false,
        }));
        (heads, blocks)
    }

    fn bases(&self, columns: usize) -> Vec<BaseLine> {
        let of_kind = |line: &BaseLine| {
            let of_wave = |table: &Option<BannerTable>| {
                let mut bases = table.as_ref()?.bases.iter();
                bases
                    .find(|base| base.kind == line.kind)?
                    .values
                    .first()
                    .copied()?
            };
            let mut values: Vec<Option<f64>> = self.columns.iter().map(of_wave).collect();
            values.resize(columns, None);
            BaseLine {
                kind: line.kind,
                values,
            }
        };
        self.own.bases.iter().map(of_kind).collect()
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .own
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| self.line(line, self.changes.get(at).and_then(Option::as_ref)))
            .collect();
        for line in self.gone() {
            let place = lines.iter().position(|other| {
                matches!(other.kind, LineKind::Number | LineKind::Missing)
                    || is_no_opinion(&other.label)
            });
            let line = self.line(line, None);
            lines.insert(place.unwrap_or(lines.len()), line);
        }
        lines
    }

    /// Answers that only earlier waves have, each once.
    fn gone(&self) -> Vec<&Line> {
        let mut gone: Vec<&Line> = Vec::new();
        for table in self.columns.iter().skip(1).flatten() {
            for line in table.lines.iter().filter(|line| is_share(line.kind)) {
                let known = |other: &Line| is_same(other, line);
                if !self.own.lines.iter().any(known) && !gone.iter().any(|other| known(other)) {
                    gone.push(line);
                }
            }
        }
        gone
    }

    fn line(&self, line: &Line, change: Option<&Change>) -> Line {
        let of_wave = |table: &Option<BannerTable>| {
            let found = table.as_ref().and_then(|table| {
                let mut lines = table.lines.iter();
                lines
                    .find(|other| is_same(other, line))?
                    .cells
                    .first()
                    .cloned()
            });
            found.unwrap_or_else(|| LineCell {
                text: "–".to_owned(),
                ..LineCell::default()
            })
        };
        let mut cells: Vec<LineCell> = self.columns.iter().map(of_wave).collect();
        match self.is_several() {
            true => cells.extend(self.change(line, change)),
            false => cells.extend(self.interval(line)),
        }
        Line {
            label: line.label.clone(),
            kind: line.kind,
            scale: line.scale,
            cells,
        }
    }

    /// The ends of the interval of the only wave.
    fn interval(&self, line: &Line) -> [LineCell; 2] {
        let decimals = self.display.decimals + 1;
        let shown = line.cells.first().filter(|cell| cell.text != "**");
        let end = |end: Option<f64>| match end.filter(|_| shown.is_some()) {
            None => LineCell::default(),
            Some(value) => LineCell {
                value: Some(value),
                weight: CellWeight::Muted,
                ..match is_share(line.kind) {
                    true => LineCell {
                        text: digits::number(100.0 * value, decimals),
                        format: CellFormat::Percent(decimals),
                        ..LineCell::default()
                    },
                    false if line.scale != 1.0 => LineCell {
                        text: digits::number(value, decimals),
                        format: CellFormat::Number(decimals),
                        ..LineCell::default()
                    },
                    false => LineCell {
                        text: digits::number(value, decimals + 1),
                        format: CellFormat::Number(decimals + 1),
                        ..LineCell::default()
                    },
                }
            },
        };
        let interval = shown.and_then(|cell| cell.interval);
        [
            end(interval.map(|(low, _)| low)),
            end(interval.map(|(_, high)| high)),
        ]
    }

    /// The change and the ends of its interval, in points or in the units of a mean.
    fn change(&self, line: &Line, change: Option<&Change>) -> [LineCell; 3] {
        let (scale, decimals) = match line.scale {
            1.0 => (1.0, self.display.decimals + 2),
            scale => (scale, self.display.decimals + 1),
        };
        let hidden = self.columns.iter().take(2).any(|table| {
            table
                .as_ref()
                .and_then(|table| table.heads.first())
                .is_some_and(|head| head.state == BaseState::TooSmall)
        });
        let Some(change) = change.filter(|_| !hidden) else {
            return Default::default();
        };
        let cell = |value: f64, weight: CellWeight| LineCell {
            value: Some(scale * value),
            text: digits::signed(scale * value, decimals),
            format: CellFormat::Signed(decimals),
            weight,
            ..LineCell::default()
        };
        let weight = match change.is_established() {
            true => CellWeight::Strong,
            false => CellWeight::Muted,
        };
        [
            cell(change.estimate, weight),
            cell(change.ci_low, CellWeight::Muted),
            cell(change.ci_high, CellWeight::Muted),
        ]
    }

    fn foot(&self, heads: &[Head], wordings: Vec<String>) -> Vec<String> {
        let newest: &Crosstab = &self.waves[0].crosstab;
        let mut all = wordings;
        if let Some(before) = self.waves.get(1) {
            let percent = percent_of(newest.request.options.level);
            all.push(format!(
                "Change: {} less {}, of shares in points, as of independent samples; it is established where its {percent}% interval leaves out 0 (not adjusted for the number of changes).",
                self.waves[0].name, before.name
            ));
        }
        if self.columns.iter().any(Option::is_none) || !self.gone().is_empty() {
            all.push("– not asked, or not among the answers.".to_owned());
        }
        all.extend(foot::signs(&newest.request.options, heads));
        if self.own.kind == TableKind::Set {
            all.push("Several answers: shares may add to more than 100.".to_owned());
        }
        let sample = foot::sample(newest);
        all.push(match self.is_several() {
            true => format!("{}: {sample}", self.waves[0].name),
            false => sample,
        });
        if self
            .own
            .lines
            .iter()
            .any(|line| line.kind == LineKind::Part)
        {
            all.push("Nets: NET, their parts indented.".to_owned());
        }
        all.push(foot::source(newest, &self.display.file));
        all
    }
}

fn is_share(kind: LineKind) -> bool {
    matches!(kind, LineKind::Net | LineKind::Answer | LineKind::Part)
}

/// Whether two lines are of one answer, be it in a net or by itself.
fn is_same(a: &Line, b: &Line) -> bool {
    let kind = |line: &Line| match line.kind {
        LineKind::Part => LineKind::Answer,
        kind => kind,
    };
    a.label == b.label && kind(a) == kind(b)
}

/// What the notes of a workbook say of several waves.
pub fn notes(waves: &[Wave]) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    if let Some((newest, earlier)) = waves.split_first().filter(|(_, all)| !all.is_empty()) {
        let names: Vec<String> = earlier.iter().map(|wave| wave.name.clone()).collect();
        notes.push((
            "Waves",
            format!(
                "{}, and before it {}. Questions are matched by the names of their variables, answers by their labels. The change since the wave before is that of independent samples; in bold where its interval leaves out 0, not adjusted for the number of changes; the sheet “pairs” has its p-value.",
                newest.name,
                and(&names)
            ),
        ));
        let differences = differences(waves);
        if !differences.is_empty() {
            notes.push(("Not alike", format!("{}.", differences.join("; "))));
        }
    }
    notes
}

/// "small base: 2021".
fn remarks(heads: &[Head]) -> Vec<String> {
    let named = |state: BaseState, what: &str| {
        let heads = heads.iter().filter(|head| head.state == state);
        let names: Vec<&str> = heads.map(|head| head.name.as_str()).collect();
        match names.as_slice() {
            [] => None,
            ["%" | "all"] => Some(what.to_owned()),
            names => Some(format!("{what}: {}", names.join(", "))),
        }
    };
    let small = named(BaseState::Small, "small base");
    small
        .into_iter()
        .chain(named(BaseState::TooSmall, "not shown"))
        .collect()
}
