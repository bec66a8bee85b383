//! Differences of domains: their sentences and their table.

use super::display::DisplayOptions;
use super::source::{TableSource, percent_of};
use crate::frames::words::and;
use crate::frames::{Estimate, Flag};
use crate::present::table::digits::{decimals, number, range};
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::statistics::adjust::Adjust;
use crate::survey::estimate::{Difference, SurveyEstimates, domain};

/// Writes the sentence of each difference, and lays them out, a block an item and level.
pub fn comparisons(
    differences: &mut [Difference],
    estimates: &SurveyEstimates,
    file: &str,
    display: &DisplayOptions,
    adjust: Adjust,
) -> Table {
    let request = &estimates.request;
    let source = TableSource { file, estimates };
    let family = differences.iter().filter(|d| d.row.p_value.is_some());
    let words = Words {
        estimates,
        level: request.options.level,
        adjust,
        family: family.count(),
    };
    let topics: Vec<String> = request.items.iter().map(|item| source.head(item)).collect();
    let mut blocks: Vec<Block> = Vec::new();
    let mut hidden = false;
    for one in differences.iter_mut() {
        let row = &estimates.rows[one.a];
        let topic = match (&row.level, topics.get(one.item)) {
            (Some(level), Some(topic)) => format!("{topic}: {level}"),
            (_, topic) => topic.cloned().unwrap_or_default(),
        };
        one.row.sentence = words.sentence(one, &topic);
        let hides = display.hides(row) || display.hides(&estimates.rows[one.b]);
        hidden |= hides;
        let line = words.row(one, hides);
        match blocks.last_mut() {
            Some(block) if block.head.as_ref() == Some(&topic) => block.rows.push(line),
            _ => blocks.push(Block {
                head: Some(topic),
                note: None,
                rows: vec![line],
            }),
        }
    }
    let groups: Vec<String> = request.by.iter().map(|group| group.name.clone()).collect();
    let percent = percent_of(request.options.level);
    let mut foot = vec![format!(
        "Differences of domains of one sample, with the covariance that its design gives them{}. {} p-values adjusted by \
         {} as one family; each interval is {percent}% by itself.",
        match estimates.df {
            Some(df) => format!(", t on {} degrees of freedom", number(df, 0)),
            None => String::new(),
        },
        words.family,
        adjust.title()
    )];
    foot.push(format!("Source: {file}."));
    let legend = match hidden {
        true => vec![('/', format!("not shown: a base under {}", display.min_base))],
        false => Vec::new(),
    };
    Table {
        title: format!("Differences by {}", and(&groups)),
        aside: String::new(),
        columns: vec![
            Column::new("difference", Align::Decimal).emphasis(Emphasis::Strong),
            Column::new(&format!("{percent}% interval"), Align::Right),
            Column::new("p", Align::Right),
            Column::new(&format!("p ({})", adjust.title()), Align::Right),
        ],
        blocks,
        legend,
        foot,
        ..Table::default()
    }
}

/// What the words of a difference depend on.
struct Words<'a> {
    estimates: &'a SurveyEstimates,
    level: f64,
    adjust: Adjust,
    family: usize,
}

impl Words<'_> {
    fn sides(&self, one: &Difference) -> (&Estimate, &Estimate) {
        (&self.estimates.rows[one.a], &self.estimates.rows[one.b])
    }

    /// Per cents are compared in points with one decimal, numbers by their standard error.
    fn scale(&self, one: &Difference) -> (f64, usize) {
        match self.sides(one).0.statistic.printed_scale() {
            1.0 => (1.0, decimals(one.row.se.unwrap_or(0.0))),
            scale => (scale, 1),
        }
    }

    fn row(&self, one: &Difference, hides: bool) -> Row {
        let (a, b) = self.sides(one);
        let (scale, decimals) = self.scale(one);
        let p = |p: Option<f64>| match p {
            Some(p) if p < 0.001 => "<0.001".to_owned(),
            Some(p) => format!("{p:.3}"),
            None => String::new(),
        };
        let cells: Vec<Cell> = match hides {
            true => vec!["/".into(); 4],
            false => {
                let d = one.row.estimate.map_or_else(String::new, |d| {
                    let sign = if d > 0.0 { "+" } else { "" };
                    format!("{sign}{}", number(scale * d, decimals))
                });
                let interval = match one.row.interval() {
                    Some((low, high)) => range(scale * low, scale * high, decimals).into(),
                    None => Cell::no_interval(),
                };
                vec![
                    d.into(),
                    interval,
                    p(one.row.p_value).into(),
                    p(one.row.p_adjusted).into(),
                ]
            }
        };
        let small = one.row.flags.contains(&Flag::SmallBase) && !hides;
        Row {
            label: format!("{} − {}", spoken(a), spoken(b)),
            cells,
            notes: match (small, one.row.interval()) {
                (_, None) if !hides => vec![one.row.note.clone()],
                (true, _) => vec!["small base".to_owned()],
                _ => Vec::new(),
            },
            ..Row::default()
        }
    }

    /// "Who won: Blue: North is 5.3 points above South (95% interval 1.0 to 9.6). The gap is more than sampling alone
    /// explains (p = 0.004 adjusted by Holm for 36 comparisons)."
    fn sentence(&self, one: &Difference, topic: &str) -> String {
        let (a, b) = self.sides(one);
        let (a, b, share) = (spoken(a), spoken(b), a.statistic.printed_scale() != 1.0);
        let (scale, decimals) = self.scale(one);
        let Some(d) = one.row.estimate else {
            return format!(
                "“{topic}”: {a} and {b} can’t be compared: {}.",
                one.row.note
            );
        };
        let amount = number((scale * d).abs(), decimals);
        let points = match (share, amount.as_str()) {
            (true, "1.0") => " point",
            (true, _) => " points",
            (false, _) => "",
        };
        let side = if d < 0.0 { "below" } else { "above" };
        let stated = match amount.chars().all(|c| matches!(c, '0' | '.')) {
            true => format!("{a} and {b} are the same"),
            false => format!("{a} is {amount}{points} {side} {b}"),
        };
        let Some((low, high)) = one.row.interval() else {
            return format!("“{topic}”: {stated}; {}.", one.row.note);
        };
        let of = |x: f64| number((scale * x).abs(), decimals);
        let span = match (low < 0.0 && high > 0.0, d < 0.0) {
            (true, _) => format!("from {} below to {} above", of(low), of(high)),
            (false, true) => format!("{} to {}", of(high), of(low)),
            (false, false) => format!("{} to {}", of(low), of(high)),
        };
        let several = self.family > 1;
        let adjusted = one.row.p_adjusted.filter(|_| several);
        let p = adjusted.map_or_else(String::new, |p| {
            let p = if p < 0.001 {
                "< 0.001".to_owned()
            } else {
                format!("= {p:.3}")
            };
            format!(
                " (p {p} adjusted by {} for {} comparisons)",
                self.adjust.title(),
                self.family
            )
        });
        let clear = match adjusted {
            Some(p) => p < 1.0 - self.level,
            None => low > 0.0 || high < 0.0,
        };
        let said = match clear {
            true => format!("The gap is more than sampling alone explains{p}."),
            false => format!(
                "Sampling alone can make such a gap{p}: it does not show which is higher, nor that they are equal."
            ),
        };
        let percent = percent_of(self.level);
        format!("“{topic}”: {stated} ({percent}% interval {span}). {said}")
    }
}

/// A domain in words.
fn spoken(row: &Estimate) -> String {
    domain(row).replace(',', ", ")
}
