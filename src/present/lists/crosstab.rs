//! Rows of banner tables as charts: stacked bars a question and block, and one row over all columns.

use std::collections::HashMap;

use super::error::Error;
use super::foot::foot;
use super::numbers::{in_unit, scale_of};
use super::{printed, small_base};
use crate::frames::words::{distinct, nearest, thousands};
use crate::frames::{Captions, Estimate, Estimates, Flag, Statistic};
use crate::present::chart::{
    BannerBlock, BannerChart, BannerFigure, BannerRow, BannerSubject, Paint, Part, Question,
    Response, RowKind, StackedRow, StackedSection,
};
use crate::present::table::digits::{decimals, number, range, signed};
use crate::present::tones::tones;
use crate::published::figures::topline::Intervals;

/// Whether rows are cells of banner tables.
pub(super) fn is_crosstab(rows: &[Estimate]) -> bool {
    let has = |row: &Estimate, name: &str| row.groups.iter().any(|(column, _)| column == name);
    let names = ["table", "block", "column", "letters"];
    !rows.is_empty()
        && rows
            .iter()
            .all(|row| names.iter().all(|name| has(row, name)))
}

/// Columns of one block, in their order: those of the total first.
fn blocks<'r>(rows: &[&'r Estimate]) -> Vec<(&'r str, Vec<&'r str>)> {
    let names = distinct(rows.iter().map(|row| row.group("block")));
    let columns = |block: &str| {
        let own = rows.iter().filter(|row| row.group("block") == block);
        distinct(own.map(|row| row.group("column")))
    };
    names
        .into_iter()
        .map(|block| (block, columns(block)))
        .collect()
}

/// What the variables of the banner are called, by block; a block without a title goes by its name.
pub(super) struct BlockTitles(HashMap<String, String>);

impl BlockTitles {
    pub fn new(estimates: &Estimates, rows: &[Estimate]) -> BlockTitles {
        let column = estimates.frame().column("block_title");
        let titles = column.map(|column| column.texts()).unwrap_or_default();
        let titled = rows.iter().zip(titles);
        let titled =
            titled.filter_map(|(row, title)| Some((row.group("block").to_owned(), title?)));
        BlockTitles(titled.collect())
    }

    fn title(&self, block: &str) -> String {
        self.0
            .get(block)
            .cloned()
            .unwrap_or_else(|| block.to_owned())
    }
}

/// "Blue: Female" of `Blue:Female` in a nested block.
fn column_name(block: &str, column: &str) -> String {
    match block.contains(':') {
        true => column.replace(':', ": "),
        false => column.to_owned(),
    }
}

/// A section a question: a bar of the total, then those of each block under its head. Letters are left out, bases are in
/// the foot; questions with several answers are no parts of a whole, and are left out with a word.
///
/// # Errors
/// No shares of levels; shares of rows or of the whole table.
pub(super) fn sections(
    shares: &[&Estimate],
    titles: &BlockTitles,
) -> Result<(Vec<StackedSection>, Vec<String>), Error> {
    let other = shares.iter().map(|row| row.group("percent"));
    if let Some(percent) = other.into_iter().find(|percent| *percent != "column") {
        return Err(Error::OtherShares(percent.to_owned()));
    }
    let tables = distinct(shares.iter().map(|row| row.group("table")));
    let (mut all, mut several) = (Vec::new(), Vec::new());
    for table in &tables {
        let own = shares.iter().filter(|row| row.group("table") == *table);
        let own: Vec<&Estimate> = own.copied().collect();
        let variable = own.first().map_or("", |row| row.variable.as_str());
        match is_whole(&own) {
            true => all.push(section(
                &own,
                (tables.len() > 1).then(|| variable.to_owned()),
                titles,
            )),
            false => several.push(variable.to_owned()),
        }
    }
    match (all.is_empty(), several.first()) {
        (true, Some(variable)) => Err(Error::NoWhole(variable.clone())),
        _ => Ok((all, several)),
    }
}

/// Whether the shares of every column are parts of one whole.
fn is_whole(rows: &[&Estimate]) -> bool {
    blocks(rows).into_iter().all(|(block, columns)| {
        columns.into_iter().all(|column| {
            let own = rows.iter();
            let own =
                own.filter(|row| row.group("block") == block && row.group("column") == column);
            own.filter_map(|row| row.estimate).sum::<f64>() < 1.0 + 1e-6
        })
    })
}

fn section(rows: &[&Estimate], head: Option<String>, titles: &BlockTitles) -> StackedSection {
    let levels = distinct(rows.iter().filter_map(|row| row.level.as_deref()));
    let mut responses: Vec<Response> = levels
        .iter()
        .zip(tones(&levels))
        .map(|(level, tone)| Response {
            label: (*level).to_owned(),
            tone,
            paint: Paint::Usual,
        })
        .collect();
    responses.sort_by_key(|response| response.tone == crate::present::chart::Tone::DontKnow);
    let blocks = blocks(rows);
    let bar = |block: &str, column: &str| {
        let own = |row: &&&Estimate| row.group("block") == block && row.group("column") == column;
        let first = rows.iter().find(own);
        let hidden = first.and_then(|row| small_base(row));
        let small = first.is_some_and(|row| row.flags.contains(&Flag::SmallBase));
        let part = |response: &Response| {
            let mut cells = rows.iter().filter(own);
            let row = cells.find(|row| row.level.as_deref() == Some(&response.label))?;
            let percent = 100.0 * row.estimate.filter(|_| hidden.is_none())?;
            Some(Part {
                printed: printed(row, percent),
                percent,
            })
        };
        StackedRow {
            label: match block {
                "" => column.to_owned(),
                block => column_name(block, column),
            },
            parts: responses.iter().map(part).collect(),
            note: hidden
                .clone()
                .or_else(|| small.then(|| Flag::SmallBase.legend().to_owned())),
            kind: match block {
                "" => RowKind::Total,
                _ => RowKind::Plain,
            },
            paint: Paint::Usual,
        }
    };
    let (total, named): (Vec<_>, Vec<_>) = blocks.iter().partition(|(block, _)| block.is_empty());
    let question = |(block, columns): &(&str, Vec<&str>)| Question {
        head: Some(titles.title(block)).filter(|head| !head.is_empty()),
        rows: columns.iter().map(|column| bar(block, column)).collect(),
    };
    let questions = total.into_iter().chain(named).map(question).collect();
    StackedSection {
        head,
        note: None,
        questions,
        responses,
    }
}

/// A row of a table by name: what it is of, and whether it is a net.
struct Name<'r> {
    table: &'r str,
    variable: &'r str,
    statistic: Statistic,
    level: Option<&'r str>,
}

impl Name<'_> {
    /// "q1/Very worried".
    fn text(&self) -> String {
        match self.level {
            Some(level) if !level.is_empty() => format!("{}/{level}", self.variable),
            _ => self.variable.to_owned(),
        }
    }

    fn is(&self, row: &Estimate) -> bool {
        self.table == row.group("table")
            && self.variable == row.variable
            && self.statistic == row.statistic
            && self.level == row.level.as_deref()
    }

    fn is_called(&self, name: &str) -> bool {
        let level = self.level.unwrap_or_default();
        self.text().eq_ignore_ascii_case(name) || level.eq_ignore_ascii_case(name)
    }
}

/// One row of a banner table over all of its columns: that which is named, or the only one.
///
/// # Errors
/// Rows that are no cells of banner tables; a row that is not there, or one of several that is not named.
pub fn banner_of_crosstab(
    estimates: &Estimates,
    row: Option<&str>,
    captions: Captions,
    intervals: Intervals,
) -> Result<(BannerChart, Vec<Estimate>), Error> {
    let rows = estimates.rows()?;
    if !is_crosstab(&rows) {
        return Err(Error::NoBanner);
    }
    let mut names: Vec<Name> = Vec::new();
    for row in &rows {
        if !names.iter().any(|name| name.is(row)) {
            names.push(Name {
                table: row.group("table"),
                variable: &row.variable,
                statistic: row.statistic,
                level: row.level.as_deref(),
            });
        }
    }
    let name = chosen(&names, row)?;
    let (context, titles) = (
        Context::new(estimates, &rows),
        BlockTitles::new(estimates, &rows),
    );
    let own: Vec<Estimate> = rows.iter().filter(|row| name.is(row)).cloned().collect();
    let scale = scale_of(&own)?;
    let drawn = match &scale {
        Some(_) => in_unit(&own),
        None => own.clone(),
    };
    let compared = Compared::new(&rows);
    // as many decimals as the least sure number bears, one number of them for all
    let errors = drawn.iter().filter_map(|row| row.se);
    let digits = match scale.is_some() {
        true => decimals(errors.fold(0.0, f64::max)),
        false => 1,
    };
    let references: Vec<&Estimate> = drawn.iter().collect();
    let mut blocks = blocks(&references);
    let find = |block: &str, column: &str| {
        let mut own = drawn.iter();
        own.find(|row| row.group("block") == block && row.group("column") == column)
    };
    let line = |block: &str, column: &str| {
        let row = find(block, column)?;
        let label = match block {
            "" => column.to_owned(),
            block => column_name(block, column),
        };
        Some(banner_row(row, label, (compared, digits)))
    };
    let total = blocks.iter().position(|(block, _)| block.is_empty());
    let total = total.map(|at| blocks.remove(at));
    let total = total.and_then(|(block, columns)| line(block, columns.first()?));
    let blocks = blocks.iter().map(|(block, columns)| {
        let rows: Vec<BannerRow> = columns
            .iter()
            .filter_map(|column| line(block, column))
            .collect();
        let alike = match compared == Compared::Total && !rows.iter().any(|row| row.differs) {
            true => Some("no difference from the total established".to_owned()),
            false => None,
        };
        let p = context.p(|row| name.is(row) && row.group("block") == *block);
        let notes: Vec<String> = p.map(p_in_words).into_iter().chain(alike).collect();
        BannerBlock {
            head: titles.title(block),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            rows,
        }
    });
    let blocks: Vec<BannerBlock> = blocks.collect();
    let mut footer = vec![compared.sentence().to_owned()];
    if context.tests.iter().any(Option::is_some) {
        footer[0] +=
            " p: whether the answers to the question differ by that variable at all (Rao–Scott).";
    }
    let own_foot = match captions.foot.is_empty() {
        true => context.design.iter().cloned().collect(),
        false => without_letters(&captions.foot),
    };
    footer.extend(foot(&drawn, intervals, &own_foot));
    if captions.foot.is_empty() && context.design.is_some() {
        footer.push(format!("Source: {}.", context.source));
    }
    let chart = BannerChart {
        title: captions.title,
        subtitle: captions.subtitle,
        blocks,
        total,
        footer,
        level: intervals.level,
        scale: scale.unwrap_or_default(),
        subject: BannerSubject::Columns,
    };
    Ok((chart, own))
}

/// What stands beside the cells: tests of their variables, and the sample.
struct Context<'r> {
    rows: &'r [Estimate],
    /// p, one a row.
    tests: Vec<Option<f64>>,
    design: Option<String>,
    source: String,
}

impl<'r> Context<'r> {
    fn new(estimates: &Estimates, rows: &'r [Estimate]) -> Context<'r> {
        let column = |name: &str| estimates.frame().column(name);
        let tests = column("test_p").and_then(|column| column.numbers());
        let design = column("sample_design").and_then(|column| column.texts().first().cloned());
        Context {
            tests: tests.unwrap_or_default(),
            design: design.flatten(),
            source: rows
                .first()
                .map_or_else(String::new, |row| row.source.clone()),
            rows,
        }
    }

    fn p(&self, is: impl Fn(&Estimate) -> bool) -> Option<f64> {
        let at = self.rows.iter().position(is)?;
        self.tests.get(at).copied().flatten()
    }
}

fn p_in_words(p: f64) -> String {
    match p < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p {p:.3}"),
    }
}

fn chosen<'n, 'r>(names: &'n [Name<'r>], row: Option<&str>) -> Result<&'n Name<'r>, Error> {
    const LISTED: usize = 8;
    let texts: Vec<String> = names.iter().map(Name::text).collect();
    let mut listed = texts
        .iter()
        .take(LISTED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if texts.len() > LISTED {
        listed += &format!(" and {} more", texts.len() - LISTED);
    }
    let Some(row) = row else {
        return match names {
            [one] => Ok(one),
            _ => Err(Error::WhichRow(listed)),
        };
    };
    let mut called = names.iter().filter(|name| name.is_called(row));
    match (called.next(), called.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => {
            Err(Error::WhichRow(format!("{}, {}", one.text(), other.text())))
        }
        (None, _) => Err(match nearest(row, texts.iter().map(String::as_str)) {
            Some(near) => Error::NoRow(row.to_owned(), format!("did you mean {near}?")),
            None => Error::NoRow(row.to_owned(), format!("there are {listed}")),
        }),
    }
}

/// What the letters of rows tell of the total.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// `+` and `-`: columns against the total, or all others.
    Total,
    /// Columns with each other.
    Pairs,
    /// No sign and no letter.
    Nothing,
}

impl Compared {
    fn new(rows: &[Estimate]) -> Compared {
        let any =
            |is: fn(char) -> bool| rows.iter().any(|row| row.group("letters").chars().any(is));
        if any(|sign| matches!(sign, '+' | '-')) {
            Compared::Total
        } else if any(char::is_alphabetic) {
            Compared::Pairs
        } else {
            Compared::Nothing
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Compared::Total => {
                "Blue: differs from the Total by more than chance alone explains, at the stricter level of the table. Grey: not told apart from it, which is no evidence that it is the same."
            }
            Compared::Pairs => {
                "Columns are not compared with the Total here: opine crosstab … --against total tells which differ from it."
            }
            Compared::Nothing => "No column of the table is told apart from another.",
        }
    }
}

fn banner_row(row: &Estimate, label: String, (compared, digits): (Compared, usize)) -> BannerRow {
    let hidden = small_base(row);
    let share = row.statistic == Statistic::Proportion;
    let scale = if share { 100.0 } else { 1.0 };
    let figure = row.estimate.filter(|_| hidden.is_none()).map(|estimate| {
        let interval = row
            .interval()
            .map(|(low, high)| (scale * low, scale * high));
        BannerFigure {
            printed: match share {
                true => printed(row, 100.0 * estimate),
                false if row.statistic == Statistic::ShareDifference => signed(estimate, digits),
                false => number(estimate, digits),
            },
            at: scale * estimate,
            interval,
            range: interval.map_or_else(String::new, |(low, high)| range(low, high, digits)),
        }
    });
    let signs = row.group("letters");
    BannerRow {
        label,
        note: (row.flags.contains(&Flag::SmallBase) && hidden.is_none())
            .then(|| Flag::SmallBase.legend().to_owned()),
        remark: match (&figure, hidden) {
            (None, Some(why)) => Some(why),
            (None, None) => Some("nobody".to_owned()),
            _ => None,
        },
        figure,
        n: row.n.map_or_else(String::new, thousands),
        differs: match compared {
            Compared::Total => signs.contains("++") || signs.contains("--"),
            Compared::Pairs => true,
            Compared::Nothing => false,
        },
    }
}

/// What a table says under itself but for its letters and stars, which a chart has not.
pub(super) fn without_letters(foot: &[String]) -> Vec<String> {
    let is_of_letters = |text: &&String| {
        ["Letters:", "Signs:", "* ", "** ", "Nets:"]
            .iter()
            .any(|start| text.starts_with(start))
    };
    let kept = foot.iter().filter(|text| !is_of_letters(text));
    kept.cloned().collect()
}

/// Rows without the nets that stand beside their parts, whose names come second: a whole must not be counted twice.
pub fn without_nets(rows: &[Estimate]) -> (Vec<Estimate>, Vec<String>) {
    let is_net = |row: &Estimate| row.flags.contains(&Flag::Net);
    let has_parts = |net: &Estimate| {
        let is_part = |row: &&Estimate| {
            row.source == net.source
                && row.variable == net.variable
                && row.level.is_some()
                && !is_net(row)
        };
        rows.iter().any(|row| is_part(&row))
    };
    let (nets, kept): (Vec<&Estimate>, Vec<&Estimate>) =
        rows.iter().partition(|row| is_net(row) && has_parts(row));
    let names = distinct(nets.iter().filter_map(|row| row.level.as_deref()));
    (
        kept.into_iter().cloned().collect(),
        names.into_iter().map(str::to_owned).collect(),
    )
}
