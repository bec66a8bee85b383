//! A banner table as its content: what stands where, nothing about how it is drawn.

use std::borrow::Cow;
use std::ops::Range;
use std::str::FromStr;

use super::foot;
use super::heads::{BaseState, BlockHead, Head};
use crate::frames::Statistic;
use crate::frames::words::{and, printable};
use crate::present::table::digits;
use crate::survey::crosstab::{
    Block, Cell, Column, Crosstab, Percent, Row, RowPart, SetBase, Table, TableKind,
};

/// A table for reading.
#[derive(Clone, Debug)]
pub struct BannerTable {
    /// What it is called before its number: "Table".
    pub noun: &'static str,
    pub number: usize,
    /// The question as asked, or what the table is of.
    pub title: String,
    pub variable: String,
    /// What is measured: "Column per cent, by party and age."
    pub measure: String,
    /// Who: "All who answered (64 of 2,000 gave no answer)."
    pub base: String,
    pub heads: Vec<Head>,
    pub blocks: Vec<BlockHead>,
    pub bases: Vec<BaseLine>,
    pub lines: Vec<Line>,
    pub foot: Vec<String>,
    /// What a reader has to know before using it, for a list of contents.
    pub remarks: Vec<String>,
    pub kind: TableKind,
    /// So many of the first columns have shares that a chart can show.
    pub charted: usize,
}

impl BannerTable {
    /// "Table 1".
    pub fn name(&self) -> String {
        format!("{} {}", self.noun, self.number)
    }

    /// The same with every text as it can be shown: see [`printable`].
    pub(super) fn printable(&self) -> BannerTable {
        let mut table = self.clone();
        for text in table.texts_mut() {
            if let Cow::Owned(shown) = printable(text) {
                *text = shown;
            }
        }
        table
    }

    /// Every text that comes from the file or is made of it.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        let mut texts: Vec<&mut String> = vec![
            &mut self.title,
            &mut self.variable,
            &mut self.measure,
            &mut self.base,
        ];
        texts.extend(self.heads.iter_mut().map(|head| &mut head.name));
        for block in &mut self.blocks {
            texts.extend([&mut block.name, &mut block.title]);
        }
        texts.extend(self.lines.iter_mut().map(|line| &mut line.label));
        texts.extend(self.foot.iter_mut().chain(&mut self.remarks));
        texts
    }

    /// The columns of each part of a table that is too wide: as many whole blocks as there is room for, each with the total.
    pub fn parts(&self, room: usize, width: impl Fn(usize) -> usize) -> Vec<Vec<usize>> {
        let all: Vec<usize> = (0..self.heads.len()).collect();
        let sum = |columns: &[usize]| columns.iter().map(|at| width(*at)).sum::<usize>();
        if sum(&all) <= room {
            return vec![all];
        }
        let totals = all.iter().copied();
        let total: Vec<usize> = totals
            .filter(|at| self.heads[*at].block.is_none())
            .collect();
        let beside = room.saturating_sub(sum(&total)).max(room / 2);
        let mut parts = vec![total.clone()];
        for block in &self.blocks {
            for run in runs(block.columns.clone(), beside, &width) {
                let has_room = parts.last().is_some_and(|part: &Vec<usize>| {
                    part.len() == total.len() || sum(part) + sum(&run) <= room
                });
                if !has_room {
                    parts.push(total.clone());
                }
                if let Some(part) = parts.last_mut() {
                    part.extend(run);
                }
            }
        }
        parts
    }

    /// The table of some of its columns.
    pub fn of_columns(&self, columns: &[usize]) -> BannerTable {
        let place = |at: usize| columns.iter().position(|own| *own == at);
        let blocks = self.blocks.iter().filter_map(|block| {
            let places = block.columns.clone().filter_map(place);
            let (first, last) = (places.clone().min()?, places.max()?);
            Some(BlockHead {
                columns: first..last + 1,
                ..block.clone()
            })
        });
        let heads = columns.iter().filter_map(|at| self.heads.get(*at).cloned());
        let bases = self.bases.iter().map(|base| BaseLine {
            kind: base.kind,
            values: columns
                .iter()
                .map(|at| base.values.get(*at).copied().flatten())
                .collect(),
        });
        let lines = self.lines.iter().map(|line| Line {
            label: line.label.clone(),
            kind: line.kind,
            scale: line.scale,
            cells: columns
                .iter()
                .filter_map(|at| line.cells.get(*at).cloned())
                .collect(),
        });
        BannerTable {
            blocks: blocks.collect(),
            heads: heads.collect(),
            bases: bases.collect(),
            lines: lines.collect(),
            ..self.clone()
        }
    }
}

/// The columns of a block, in runs that there is room for.
fn runs(columns: Range<usize>, room: usize, width: &impl Fn(usize) -> usize) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut taken = 0;
    for at in columns {
        taken += width(at);
        match runs.last_mut().filter(|_| taken <= room) {
            Some(run) => run.push(at),
            None => {
                runs.push(vec![at]);
                taken = width(at);
            }
        }
    }
    runs
}

/// A line of bases.
#[derive(Clone, Debug)]
pub struct BaseLine {
    pub kind: BaseKind,
    /// `None` of a column that is no group of respondents.
    pub values: Vec<Option<f64>>,
}

impl BaseLine {
    /// A base as it is printed, with the sign of its column behind respondents.
    pub fn text(&self, at: usize, head: &Head) -> String {
        let value = self.values.get(at).copied().flatten();
        let sign = match self.kind {
            BaseKind::Respondents => head.state.sign(),
            _ => "",
        };
        value.map_or_else(String::new, |n| format!("{}{sign}", digits::number(n, 0)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    Respondents,
    Weighted,
    /// Kish's, by the weights.
    Effective,
}

impl BaseKind {
    /// With so much room.
    pub fn label(self, room: usize) -> &'static str {
        match self {
            BaseKind::Respondents => "n",
            BaseKind::Weighted => "weighted n",
            BaseKind::Effective if room < 21 => "eff. n (weights)",
            BaseKind::Effective => "effective n (weights)",
        }
    }
}

/// A row of numbers.
#[derive(Clone, Debug)]
pub struct Line {
    pub label: String,
    pub kind: LineKind,
    /// What differences of it are multiplied by for print: 100 for those of shares.
    pub scale: f64,
    pub cells: Vec<LineCell>,
}

impl Line {
    /// Whether a number has its standard error.
    pub fn has_errors(&self) -> bool {
        self.cells.iter().any(|cell| cell.error.is_some())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Net,
    Answer,
    /// An answer under its net.
    Part,
    /// A mean or a quantile.
    Number,
    /// More about the line above.
    Further,
    /// No answer, without a share.
    Missing,
}

#[derive(Clone, Debug, Default)]
pub struct LineCell {
    /// Also where the base is too small to print it.
    pub value: Option<f64>,
    pub format: CellFormat,
    /// As it is printed.
    pub text: String,
    /// The ends of an interval that is printed, in the units of what is printed.
    pub bounds: Option<(f64, f64)>,
    /// The interval of the value, in its units.
    pub interval: Option<(f64, f64)>,
    /// Its standard error as it is printed, of a share in points, for what sets it below.
    pub error: Option<String>,
    pub weight: CellWeight,
    pub letters: String,
    /// The names of the columns that the letters stand for.
    pub higher_than: Vec<String>,
}

/// How a cell is set off from the others of its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellWeight {
    /// As its line.
    #[default]
    Plain,
    Strong,
    Muted,
}

/// How the value of a cell is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellFormat {
    /// A share in 0..1 as per cent, with so many decimals.
    Percent(usize),
    /// A number with so many decimals.
    Number(usize),
    /// The same with its sign.
    Signed(usize),
    #[default]
    Text,
}

/// How tables are printed.
#[derive(Clone, Debug)]
pub struct Display {
    /// Decimals of per cents.
    pub decimals: usize,
    /// Lines under each row.
    pub further: Vec<Further>,
    /// Columns on a base below this are not shown.
    pub min_base: f64,
    /// The name of the file.
    pub file: String,
}

/// What is said of each row in a line under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Further {
    Count,
    EffectiveN,
    Se,
    Ci,
    Index,
    Mean,
    StdDev,
    Mentions,
}

impl Further {
    pub const ALL: [Further; 8] = [
        Further::Count,
        Further::EffectiveN,
        Further::Se,
        Further::Ci,
        Further::Index,
        Further::Mean,
        Further::StdDev,
        Further::Mentions,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Further::Count => "count",
            Further::EffectiveN => "n_eff",
            Further::Se => "se",
            Further::Ci => "ci",
            Further::Index => "index",
            Further::Mean => "mean",
            Further::StdDev => "sd",
            Further::Mentions => "mentions",
        }
    }

    /// Whether it is there in JSON and CSV: a row of its own, or a column.
    pub fn is_exact(self) -> bool {
        matches!(
            self,
            Further::Mean | Further::StdDev | Further::Mentions | Further::Index
        )
    }
}

impl FromStr for Further {
    type Err = String;

    fn from_str(given: &str) -> Result<Further, String> {
        let known = Further::ALL.into_iter().find(|one| one.name() == given);
        known.ok_or_else(|| {
            let names = Further::ALL.map(Further::name);
            format!(
                "there is nothing called {given} to show; there are {}",
                names.join(", ")
            )
        })
    }
}

/// All tables for reading.
pub fn tables(crosstab: &Crosstab, display: &Display) -> Vec<BannerTable> {
    let of = |table: &Table| {
        Content {
            crosstab,
            display,
            table,
        }
        .table()
    };
    crosstab.tables.iter().map(of).collect()
}

struct Content<'a> {
    crosstab: &'a Crosstab,
    display: &'a Display,
    table: &'a Table,
}

impl Content<'_> {
    fn table(&self) -> BannerTable {
        let table = self.table;
        let shown = self.shown();
        let heads: Vec<Head> = shown.iter().map(|at| self.head(*at)).collect();
        let mut blocks: Vec<BlockHead> = Vec::new();
        for (place, at) in shown.iter().enumerate() {
            let Some(block) = table.columns[*at].block else {
                continue;
            };
            let of = &table.blocks[block];
            match blocks.last_mut() {
                Some(last) if last.name == of.name => last.columns.end = place + 1,
                _ => blocks.push(BlockHead {
                    name: of.name.clone(),
                    title: match table.kind {
                        TableKind::Grid => "Questions".to_owned(),
                        _ => of.title.clone().unwrap_or_else(|| of.name.clone()),
                    },
                    columns: place..place + 1,
                }),
            }
        }
        BannerTable {
            noun: "Table",
            number: table.number,
            title: table
                .title
                .clone()
                .unwrap_or_else(|| table.variable.clone()),
            variable: table.variable.clone(),
            measure: self.measure(),
            base: self.base(),
            bases: self.bases(&shown),
            lines: self.lines(&shown),
            foot: foot::paragraphs(self.crosstab, table, &heads, &self.display.file),
            remarks: remarks(&heads, &blocks),
            kind: table.kind,
            charted: heads.len(),
            heads,
            blocks,
        }
    }

    /// Places of the columns that are shown.
    fn shown(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        let total = self.crosstab.request.options.total;
        // of a base that is not to be shown there is nothing else to show
        let hidden = |at: usize| at > 0 && self.table.bases.get(at).is_some_and(|base| base.hidden);
        columns
            .filter(|(at, column)| (total || column.block.is_some()) && !hidden(*at))
            .map(|(at, _)| at)
            .collect()
    }

    fn head(&self, at: usize) -> Head {
        let column: &Column = &self.table.columns[at];
        Head {
            name: column_name(column),
            letter: column.letter.clone(),
            block: column.block,
            state: self.state(at),
            net: column.net,
        }
    }

    fn state(&self, at: usize) -> BaseState {
        let base = self.table.bases.get(at).map_or(0.0, |base| base.least());
        if base < self.display.min_base {
            BaseState::TooSmall
        } else if base < self.crosstab.request.options.flag_base {
            BaseState::Small
        } else {
            BaseState::Enough
        }
    }

    fn measure(&self) -> String {
        let what = match (self.table.kind, self.table.percent) {
            (TableKind::Mean, _) => match self.table.rows.first().map(|row| row.statistic) {
                Some(Statistic::ShareDifference) => "Differences of shares, in points",
                Some(Statistic::ShareSum) => "Sums of shares, in per cent",
                _ => "Means",
            },
            (TableKind::Quantiles, _) if self.is_of_median() => "Medians",
            (TableKind::Quantiles, _) => "Quantiles",
            (TableKind::Grid, _) => return "Per cent of each question, side by side.".to_owned(),
            (_, Percent::Column) => "Column per cent",
            (_, Percent::Row) => "Row per cent",
            (_, Percent::Total) => "Per cent of all in the block",
            (_, Percent::Responses) => "Per cent of all answers of the column",
        };
        let names: Vec<String> = self.table.blocks.iter().map(Block::label).collect();
        match names.is_empty() {
            true => format!("{what}."),
            false => format!("{what}, by {}.", and(&names)),
        }
    }

    fn is_of_median(&self) -> bool {
        let median = |row: &Row| row.level.as_deref() == Some("0.5");
        self.table.rows.iter().all(median)
    }

    fn base(&self) -> String {
        let table = self.table;
        let count = |n: u64| digits::number(n as f64, 0);
        let mut base = match &table.condition {
            Some(text) => format!("Of those with {text}: "),
            None => String::new(),
        };
        let gone = table.respondents.saturating_sub(table.answered);
        let set_base = self.crosstab.request.options.set_base;
        let who = match (table.kind, set_base) {
            (TableKind::Set, SetBase::Any) => "all who gave one of the answers",
            (TableKind::Set, SetBase::Answered) if gone > 0 => "all who answered any part",
            (TableKind::Grid, _) => "all who answered the question",
            (TableKind::Battery, _) if gone > 0 => {
                "all who answered the question; bases are of that with the fewest answers"
            }
            _ if gone == 0 => "all",
            _ => "all who answered",
        };
        base += table.base_text.as_deref().unwrap_or(who);
        // how many there are of all would tell how many there are in a table that hides its total
        let hides_total = |table: &Table| table.bases.first().is_some_and(|base| base.hidden);
        let of_one = match table.kind {
            TableKind::Grid => false,
            TableKind::Battery => gone == 0,
            _ => true,
        };
        let counted = of_one && !self.crosstab.tables.iter().any(hides_total);
        if gone == 0 && counted {
            base += &format!(" {} respondents", count(table.respondents));
        }
        let without: Vec<String> = table
            .without
            .iter()
            .map(|of| match of.share {
                Some(share) => format!("{} ({}%)", of.level, percent(share, 0)),
                None => of.level.clone(),
            })
            .collect();
        if !without.is_empty() {
            base += &format!(", excluding {}", and(&without));
        }
        if gone > 0 && counted {
            let why = match (table.kind, without.is_empty()) {
                (TableKind::Set, _) => "are not in the base",
                (_, true) => "gave no answer",
                (_, false) => "gave another or none",
            };
            base += &format!(" ({} of {} {why})", count(gone), count(table.respondents));
        }
        base += ".";
        capitalised(&base)
    }

    fn bases(&self, shown: &[usize]) -> Vec<BaseLine> {
        let line = |kind: BaseKind| BaseLine {
            kind,
            values: shown
                .iter()
                .map(|at| {
                    let base = self.table.bases[*at];
                    // of the total alone, without which there is no table
                    if base.hidden {
                        return None;
                    }
                    Some(match kind {
                        BaseKind::Respondents => base.n as f64,
                        BaseKind::Weighted => base.weighted_n,
                        BaseKind::Effective => base.effective,
                    })
                })
                .collect(),
        };
        let design = &self.crosstab.design;
        let weighted = design.weights.is_some() || !design.fpc.is_empty();
        let mut lines = vec![line(BaseKind::Respondents)];
        if weighted {
            lines.extend([line(BaseKind::Weighted), line(BaseKind::Effective)]);
        }
        lines
    }

    fn lines(&self, shown: &[usize]) -> Vec<Line> {
        let mut lines = Vec::new();
        for row in &self.table.rows {
            lines.push(self.line(row, shown));
            let further = self.display.further.iter();
            lines.extend(further.filter_map(|what| self.further(row, *what, shown)));
        }
        lines
    }

    fn line(&self, row: &Row, shown: &[usize]) -> Line {
        let kind = match row.part {
            RowPart::Net => LineKind::Net,
            RowPart::Level if row.indented => LineKind::Part,
            RowPart::Level => LineKind::Answer,
            RowPart::Mean | RowPart::Mentions | RowPart::Quantile => LineKind::Number,
            RowPart::Missing => LineKind::Missing,
        };
        let format = match kind {
            LineKind::Number if row.statistic == Statistic::ShareDifference => {
                CellFormat::Signed(self.display.decimals + 1)
            }
            LineKind::Number => CellFormat::Number(self.display.decimals + 1),
            LineKind::Missing => CellFormat::Number(0),
            _ => CellFormat::Percent(self.display.decimals),
        };
        let scale = row.statistic.printed_scale();
        let cell = |at: &usize| {
            let cell = &row.cells[*at];
            let value = match kind {
                LineKind::Missing => cell.count.map(|count| count as f64),
                LineKind::Number => cell.estimate.map(|number| scale * number),
                _ => cell.estimate,
            };
            let mut printed = self.cell(*at, value, format);
            if cell.hidden && self.state(*at) != BaseState::TooSmall {
                printed.text = HIDDEN.to_owned();
            }
            let interval = cell.ci_low.zip(cell.ci_high);
            printed.interval = match kind {
                LineKind::Number => interval.map(|(low, high)| (scale * low, scale * high)),
                _ => interval,
            };
            if self.state(*at) != BaseState::TooSmall {
                printed.error = self.error(cell, (kind, scale));
                printed.letters.clone_from(&cell.letters);
                printed.higher_than = self.names(cell);
            }
            printed
        };
        Line {
            label: self.label(row),
            kind,
            scale,
            cells: shown.iter().map(cell).collect(),
        }
    }

    fn error(&self, cell: &Cell, (kind, scale): (LineKind, f64)) -> Option<String> {
        let decimals = self.display.decimals + 1;
        cell.se.map(|se| match kind {
            LineKind::Number => digits::number(scale * se, decimals + 1),
            _ => digits::number(100.0 * se, decimals),
        })
    }

    fn names(&self, cell: &Cell) -> Vec<String> {
        let columns = &self.table.columns;
        let names = cell.higher_than.iter().filter_map(|at| columns.get(*at));
        names.map(|column| column.name.clone()).collect()
    }

    fn label(&self, row: &Row) -> String {
        let level = row.level.clone().unwrap_or_default();
        match row.part {
            RowPart::Net => level,
            RowPart::Level if level.is_empty() => self.table.variable.clone(),
            RowPart::Level | RowPart::Missing => level,
            RowPart::Mean => mean_label(row.statistic).to_owned(),
            RowPart::Mentions => "Mentions, mean".to_owned(),
            RowPart::Quantile if level == "0.5" => "Median".to_owned(),
            RowPart::Quantile => format!("Quantile {level}"),
        }
    }

    fn cell(&self, at: usize, value: Option<f64>, format: CellFormat) -> LineCell {
        let text = match (self.state(at), value, format) {
            (BaseState::TooSmall, _, _) => "**".to_owned(),
            (_, None, _) => String::new(),
            (_, Some(share), CellFormat::Percent(decimals)) => percent(share, decimals),
            (_, Some(number), CellFormat::Number(decimals)) => digits::number(number, decimals),
            (_, Some(number), CellFormat::Signed(decimals)) => digits::signed(number, decimals),
            (_, Some(_), CellFormat::Text) => String::new(),
        };
        LineCell {
            value,
            format,
            text,
            ..LineCell::default()
        }
    }

    fn further(&self, row: &Row, what: Further, shown: &[usize]) -> Option<Line> {
        let share = matches!(row.part, RowPart::Level | RowPart::Net);
        let number = matches!(
            row.part,
            RowPart::Mean | RowPart::Mentions | RowPart::Quantile
        );
        let scale = row.statistic.printed_scale();
        let decimals = self.display.decimals + 1;
        let (label, format) = match what {
            Further::Count if share => ("count", CellFormat::Number(0)),
            Further::EffectiveN if share || number => {
                ("effective n of the design", CellFormat::Number(0))
            }
            Further::Se if share => ("standard error, points", CellFormat::Number(decimals)),
            Further::Se if number && scale != 1.0 => {
                ("standard error, points", CellFormat::Number(decimals))
            }
            Further::Se if number => ("standard error", CellFormat::Number(decimals + 1)),
            Further::Ci if share || number => ("interval", CellFormat::Text),
            Further::Index if share => ("index", CellFormat::Number(0)),
            Further::StdDev if row.part == RowPart::Mean => {
                ("Standard deviation", CellFormat::Number(decimals))
            }
            _ => return None,
        };
        let value = |cell: &Cell| match what {
            Further::Count => cell.count.map(|count| count as f64),
            Further::EffectiveN => cell.n_eff,
            Further::Se => cell.se.map(|se| scale * se),
            Further::Index => cell.index,
            Further::StdDev => cell.std_dev.map(|sd| scale * sd),
            Further::Ci | Further::Mean | Further::Mentions => None,
        };
        let cell = |at: &usize| {
            let cell = &row.cells[*at];
            let mut printed = self.cell(*at, value(cell), format);
            if what == Further::Ci && self.state(*at) != BaseState::TooSmall {
                let bounds = cell.ci_low.zip(cell.ci_high);
                printed.bounds = bounds.map(|(low, high)| (scale * low, scale * high));
                printed.text = printed.bounds.map_or_else(String::new, |(low, high)| {
                    digits::range(low, high, decimals)
                });
            }
            printed
        };
        Some(Line {
            label: label.to_owned(),
            kind: LineKind::Further,
            scale: 1.0,
            cells: shown.iter().map(cell).collect(),
        })
    }
}

/// What the row of a mean is called: of combinations of shares by what they are.
pub fn mean_label(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::ShareDifference => "Points",
        Statistic::ShareSum => "Per cent",
        _ => "Mean",
    }
}

/// In the place of a number that is not shown, so that no small count is.
pub const HIDDEN: &str = "x";

/// "Blue", "Blue: Female": with a blank, where a head may be broken.
pub fn column_name(column: &Column) -> String {
    match column.parts.is_empty() {
        true => column.name.clone(),
        false => column.parts.join(": "),
    }
}

/// A share as per cent: `-` for nobody, `<1` for less than is shown, a half goes up.
pub fn percent(share: f64, decimals: usize) -> String {
    match digits::percent(share, decimals).as_str() {
        "*" if decimals == 0 => "<1".to_owned(),
        "*" => format!(
            "<{}",
            digits::number(10_f64.powi(-(decimals as i32)), decimals)
        ),
        text => text.to_owned(),
    }
}

/// Columns that a remark names; of more it says how many.
const REMARKED: usize = 4;

/// "small base: party Other".
fn remarks(heads: &[Head], blocks: &[BlockHead]) -> Vec<String> {
    let named = |state: BaseState| {
        let heads = heads
            .iter()
            .enumerate()
            .filter(|(_, head)| head.state == state);
        let names = heads.map(
            |(at, head)| match blocks.iter().find(|b| b.columns.contains(&at)) {
                Some(block) => format!("{} {}", block.name, head.name),
                None => head.name.clone(),
            },
        );
        let mut names: Vec<String> = names.collect();
        let more = names.len().saturating_sub(REMARKED);
        if more > 1 {
            names.truncate(REMARKED);
            names.push(format!("{more} more columns"));
        }
        names
    };
    let small = named(BaseState::Small);
    let hidden = named(BaseState::TooSmall);
    let mut remarks = Vec::new();
    if !small.is_empty() {
        remarks.push(format!("small base: {}", small.join(", ")));
    }
    if !hidden.is_empty() {
        remarks.push(format!("not shown: {}", hidden.join(", ")));
    }
    remarks
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_have_signs_of_their_own_in_banners() {
        let texts = [0.0, 0.0049, 0.005, 0.125, 1.0].map(|share| percent(share, 0));
        assert_eq!(texts, ["-", "<1", "1", "13", "100"]);
        assert_eq!(percent(0.0004, 1), "<0.1");
    }
}
