//! Questions with the same answers, side by side: their columns are the same respondents.

use std::rc::Rc;
use std::sync::Arc;

use super::banner::{Block, Column, letter};
use super::cell::Place;
use super::difference::{Difference, Other};
use super::letters::{adjust_family, mark};
use super::measure::{Base, Measure};
use super::order::{self, Levels};
use super::plan::{Member, PlannedGrid};
use super::request::{Percent, TableRequest, Test};
use super::respondents::Respondents;
use super::table::{ColumnBase, Maker, Row, RowPart, Table, TableKind};
use super::tally::Tallier;
use super::variance::{Group, UnitScores};
use crate::frames::Statistic;
use crate::statistics::special::Sum;
use crate::survey::estimate::{Error, Missing};
use crate::survey::sums::Mode;

/// A question of a grid, with what it answers to the levels of all.
struct Item<'a> {
    codes: &'a crate::survey::microdata::Codes,
    levels: Levels,
    tally: super::tally::LevelTally,
    base: Rc<Base>,
    /// By code, whether it is in the base.
    answered: Vec<bool>,
    tallier: Tallier<'a>,
    name: String,
}

/// The answers down and the questions across, for all respondents of the subpopulation; then by the banner, if there is one,
/// a table for each net, or for each answer where there are no nets, with the questions down.
///
/// Differences within the first are of the same people: scores u_i − u_j, each question with its own base.
///
/// # Errors
/// Nets that don't fit.
pub fn tables(maker: &Maker, grid: &PlannedGrid) -> Result<Vec<Table>, Error> {
    let what = format!("the grid {}", grid.name);
    let tallier = maker.origin.tallier(&what)?;
    let members = grid.items.iter().zip(&grid.settings);
    let items: Vec<Item> = members
        .map(|(member, settings)| item(maker, tallier, member, settings))
        .collect();
    let places = places(maker, grid, &items)?;
    let mut all = vec![side_by_side(maker, grid, &items, &places)];
    if maker.blocks.is_empty() {
        return Ok(all);
    }
    let nets = places.iter().any(|place| place.net);
    let shown = places.iter().filter(|place| place.net || !nets);
    all.extend(shown.map(|place| by_banner(maker, grid, &items, place)));
    Ok(all)
}

/// One answer or net of all questions, by the banner. The base of a column is that of the question with the fewest.
fn by_banner(maker: &Maker, grid: &PlannedGrid, items: &[Item], place: &NamedPlace) -> Table {
    let layout = maker.sampling.layout;
    let mut table = blank(maker, format!("{}: {}", grid.name, place.name));
    table.kind = TableKind::Battery;
    let title = grid.title.as_ref().unwrap_or(&grid.name);
    table.title = Some(format!("{title}: {}", place.name));
    for (item, label) in items.iter().zip(&grid.labels) {
        let own = item.own_levels(&place.names);
        let measure = Measure::share_of_levels(&item.tally, layout, &item.base, &own);
        let mut row = maker.row(
            RowPart::Level,
            Some(label.clone()),
            Statistic::Proportion,
            &measure,
            Percent::Column,
        );
        row.of = Some((item.name.clone(), place.name.clone()));
        table.rows.push(row);
        let bases = maker.bases(&item.base);
        if table.bases.is_empty() {
            table.bases = bases;
            continue;
        }
        for (least, base) in table.bases.iter_mut().zip(bases) {
            if base.least() < least.least() {
                *least = base;
            }
        }
    }
    table.answered = items
        .iter()
        .map(|item| item.base.domains[0].n)
        .min()
        .unwrap_or(0);
    table
}

/// A table of the banner without rows.
fn blank(maker: &Maker, variable: String) -> Table {
    let condition = maker.request.condition.as_ref();
    Table {
        number: 0,
        at: 0,
        question: None,
        uses: Vec::new(),
        variable,
        title: None,
        kind: TableKind::Grid,
        percent: Percent::Column,
        columns: Arc::clone(&maker.columns),
        blocks: Arc::clone(&maker.blocks),
        rows: Vec::new(),
        bases: Vec::new(),
        tests: Vec::new(),
        too_wide: Vec::new(),
        hidden_tests: Vec::new(),
        sorted_by: None,
        respondents: maker.inside,
        answered: 0,
        without: Vec::new(),
        base_text: None,
        condition: condition.map(|(text, _)| text.clone()),
        weights: None,
        notes: Vec::new(),
        lacks_order: false,
    }
}

fn side_by_side(maker: &Maker, grid: &PlannedGrid, items: &[Item], places: &[NamedPlace]) -> Table {
    let columns: Vec<Column> = grid
        .items
        .iter()
        .enumerate()
        .map(|(at, member)| Column {
            block: Some(0),
            name: member.name.clone(),
            parts: vec![member.name.clone()],
            letter: Some(letter(at + 1)),
            net: false,
            sum_of: Vec::new(),
            domain: 0,
        })
        .collect();
    let bases: Vec<ColumnBase> = items
        .iter()
        .map(|item| {
            let of = item.base.domains[0];
            ColumnBase {
                n: of.n,
                weighted_n: of.weight,
                effective: of.effective(),
                hidden: false,
            }
        })
        .collect();
    let mut table = Table {
        title: Some(grid.title.as_ref().unwrap_or(&grid.name).clone()),
        blocks: Arc::new(vec![Block::alone("grid", columns.len())]),
        columns: Arc::new(columns),
        answered: bases.iter().map(|base| base.n).max().unwrap_or(0),
        bases,
        lacks_order: items
            .iter()
            .any(|item| item.levels.lacks_order(maker.request.box_size)),
        ..blank(maker, grid.name.clone())
    };
    for place in places {
        let measures: Vec<Measure> = items
            .iter()
            .map(|item| {
                let own = item.own_levels(&place.names);
                Measure::share_of_levels(&item.tally, maker.sampling.layout, &item.base, &own)
            })
            .collect();
        table.rows.push(row(maker, &table, items, place, &measures));
    }
    table
}

/// A row by the names of its levels, since each question codes them for itself.
struct NamedPlace {
    name: String,
    names: Vec<String>,
    net: bool,
    indented: bool,
}

impl Item<'_> {
    fn own_levels(&self, names: &[String]) -> Vec<usize> {
        let own = self.levels.order.iter().copied();
        own.filter(|at| names.contains(&self.levels.names[*at]))
            .collect()
    }

    /// Whether a respondent is in the base, and 1 or 0 for the answer.
    fn answer(&self, row: usize, own: &[usize]) -> Option<f64> {
        let code = self.codes.get(row) as usize;
        self.answered[code].then(|| f64::from(u8::from(own.contains(&code))))
    }
}

fn item<'a>(
    maker: &Maker,
    tallier: Tallier<'a>,
    member: &Member,
    settings: &TableRequest,
) -> Item<'a> {
    let respondents: &'a Respondents = tallier.respondents;
    let (codes, values) = respondents.answers[member.operand].codes();
    let category = maker.request.options.missing == Missing::Category;
    let without = (maker.request.without.as_slice(), settings);
    let levels = Levels::new(values, &member.names, category, without);
    let count = levels.names.len();
    let tally = tallier.levels(codes, count);
    let base = Rc::new(Base::from_levels(
        &tally,
        maker.sampling.layout,
        &levels.order,
    ));
    let answered = (0..count).map(|at| levels.order.contains(&at)).collect();
    Item {
        codes,
        levels,
        tally,
        base,
        answered,
        tallier,
        name: member.name.clone(),
    }
}

/// The rows of the first question, and after them the levels that only others have.
fn places(maker: &Maker, grid: &PlannedGrid, items: &[Item]) -> Result<Vec<NamedPlace>, Error> {
    let mut all: Vec<NamedPlace> = Vec::new();
    for (item, settings) in items.iter().zip(&grid.settings) {
        let named = |place: order::Place| NamedPlace {
            names: place
                .levels
                .iter()
                .map(|at| item.levels.names[*at].clone())
                .collect(),
            name: place.name,
            net: place.net,
            indented: place.indented,
        };
        for place in item
            .levels
            .rows(maker.request, settings, &grid.name)?
            .into_iter()
            .map(named)
        {
            let known = |other: &NamedPlace| other.name == place.name && other.net == place.net;
            if !all.iter().any(known) {
                all.push(place);
            }
        }
    }
    Ok(all)
}

fn row(
    maker: &Maker,
    table: &Table,
    items: &[Item],
    place: &NamedPlace,
    measures: &[Measure],
) -> Row {
    let options = &maker.request.options;
    let whole = Place { domain: 0, base: 0 };
    let cells = measures.iter().map(|measure| {
        let mut cell = maker.estimator.cell(measure, whole, Percent::Column);
        cell.small_base = cell.least_base() < options.flag_base;
        cell.untested = cell.least_base() < options.least_base;
        cell
    });
    let mut row = Row {
        part: if place.net {
            RowPart::Net
        } else {
            RowPart::Level
        },
        level: Some(place.name.clone()),
        statistic: Statistic::Proportion,
        indented: place.indented,
        sum_of: match place.net {
            true => place.names.clone(),
            false => Vec::new(),
        },
        of: None,
        cells: cells.collect(),
        differences: Vec::new(),
    };
    // weights as frequencies know nothing of respondents that are shared
    if matches!(options.test, Test::None | Test::Frequencies) {
        return row;
    }
    let own: Vec<Vec<usize>> = items
        .iter()
        .map(|item| item.own_levels(&place.names))
        .collect();
    let tested: Vec<usize> = (0..items.len())
        .filter(|at| !row.cells[*at].untested)
        .collect();
    for (at, a) in tested.iter().enumerate() {
        for b in &tested[at + 1..] {
            let pair = Pair {
                maker,
                items: [&items[*a], &items[*b]],
                measures: [&measures[*a], &measures[*b]],
                own: [&own[*a], &own[*b]],
            };
            row.differences.push(pair.difference(*a, *b));
        }
    }
    adjust_family(&mut row.differences, options.adjust);
    mark(&mut row, &table.columns, options.alpha);
    row
}

/// Two questions and the same row of both.
struct Pair<'a> {
    maker: &'a Maker<'a>,
    items: [&'a Item<'a>; 2],
    measures: [&'a Measure; 2],
    own: [&'a [usize]; 2],
}

/// What those who answered both questions add up to.
#[derive(Default)]
struct Joint {
    weight: Sum,
    square: Sum,
    /// Σ w y_i, Σ w y_j, Σ w y_i y_j.
    y: [Sum; 2],
    both: Sum,
}

impl Pair<'_> {
    fn difference(&self, a: usize, b: usize) -> Difference {
        let sampling = self.maker.sampling;
        let mut found = Difference::new(a, Other::Column(b), sampling.df_of(0, 0, None));
        let domains = self
            .measures
            .map(|measure| (measure.base.domains[0], measure.domains[0]));
        if domains
            .iter()
            .any(|(base, _)| base.n == 0 || base.weight <= 0.0)
        {
            "a question has nobody to estimate from".clone_into(&mut found.note);
            return found;
        }
        let p = domains.map(|(base, of)| of.y / base.weight);
        found.estimate = Some(p[0] - p[1]);
        // as of columns: less than this is left by rounding
        let least = 1e-20
            * domains
                .iter()
                .map(|(base, _)| 0.25 / base.effective())
                .sum::<f64>();
        let variance = match self.maker.tester.test {
            Test::Kish => {
                let (variance, df) = self.kish(p);
                found.df = Some(df);
                variance
            }
            _ if self.are_opposite(p) => match sampling.mode {
                Mode::Replicates => self.kish(p).0,
                _ => self.about_zero(p),
            },
            _ if sampling.mode == Mode::Replicates => self.of_replicates(p),
            _ => self.of_rows(p),
        };
        found.bound = self.are_opposite(p);
        self.maker.tester.finish(&mut found, variance, least);
        found
    }

    /// 0 against 100 per cent, as counts have it.
    fn are_opposite(&self, p: [f64; 2]) -> bool {
        let edge = |at: usize| self.measures[at].edge(0);
        edge(0).is_some() && edge(1).is_some() && (p[0] - p[1]).abs() > 0.5
    }

    /// Where everybody gave the one answer and nobody the other, all differences are the same, and their variance is 0: the
    /// scores under equal shares are taken about 0, as of columns. Of respondents drawn one by one who answered both this is
    /// McNemar's statistic.
    fn about_zero(&self, p: [f64; 2]) -> f64 {
        let sampling = self.maker.sampling;
        let units = &sampling.layout.unit_of_row;
        let weight = self.measures.map(|measure| measure.base.domains[0].weight);
        let pooled = (p[0] * weight[0] + p[1] * weight[1]) / (weight[0] + weight[1]);
        let scores = self
            .inside()
            .filter_map(|row| Some((units[row] as usize, self.score(row, [pooled; 2])?)));
        if sampling.mode == Mode::Elements {
            let mut strata: Vec<Option<(Sum, Sum)>> = vec![None; sampling.units.strata.len()];
            for (stratum, score) in scores {
                let (_, square) = strata[stratum].get_or_insert((Sum::ZERO, Sum::ZERO));
                square.add_sum(Sum::product(score, score));
            }
            return sampling.stratum_sums_about_zero(strata);
        }
        let mut all = UnitScores::new(sampling);
        scores.for_each(|(unit, score)| all.add(unit, score));
        sampling.unit_scores_about_zero(&all)
    }

    fn of_replicates(&self, p: [f64; 2]) -> f64 {
        let sampling = self.maker.sampling;
        let share = |measure: &Measure, replicate: usize| {
            let (w, y) = sampling.replicate(measure, Group::Domain(0), replicate);
            y / w
        };
        let theta = |r: usize| share(self.measures[0], r) - share(self.measures[1], r);
        sampling.of_replicates(theta, p[0] - p[1])
    }

    /// The score of a respondent, w ((y_i − p_i) b_i/W_i − (y_j − p_j) b_j/W_j), if there is one.
    fn score(&self, row: usize, p: [f64; 2]) -> Option<f64> {
        let weight = self.items[0].tallier.respondents.weight[row];
        let part = |at: usize| {
            let y = self.items[at].answer(row, self.own[at])?;
            Some((y - p[at]) / self.measures[at].base.domains[0].weight)
        };
        match (part(0), part(1)) {
            (None, None) => None,
            (one, other) => Some(weight * (one.unwrap_or(0.0) - other.unwrap_or(0.0))),
        }
    }

    fn inside(&self) -> impl Iterator<Item = usize> + '_ {
        let respondents = self.items[0].tallier.respondents;
        let inside = |row: &usize| {
            respondents
                .inside
                .as_ref()
                .is_none_or(|inside| inside[*row])
        };
        (0..respondents.rows).filter(inside)
    }

    fn of_rows(&self, p: [f64; 2]) -> f64 {
        let sampling = self.maker.sampling;
        let units = &sampling.layout.unit_of_row;
        if sampling.mode == Mode::Elements {
            let mut strata: Vec<Option<(Sum, Sum)>> = vec![None; sampling.units.strata.len()];
            for row in self.inside() {
                if let Some(score) = self.score(row, p) {
                    let place = &mut strata[units[row] as usize];
                    let (sum, square) = place.get_or_insert((Sum::ZERO, Sum::ZERO));
                    sum.add(score);
                    square.add_sum(Sum::product(score, score));
                }
            }
            return sampling.of_stratum_sums(strata);
        }
        let mut scores = UnitScores::new(sampling);
        if let Some(residuals) = self.items[0].tallier.residuals {
            let own = |row: usize| Some((row as u64, self.score(row, p)?));
            let of_rows: Vec<(u64, f64)> = self.inside().filter_map(own).collect();
            for (unit, left) in units.iter().zip(residuals.residual_scores(&of_rows)) {
                scores.add(*unit as usize, left);
            }
            return sampling.of_unit_scores(scores);
        }
        for row in self.inside() {
            if let Some(score) = self.score(row, p) {
                scores.add(units[row] as usize, score);
            }
        }
        sampling.of_unit_scores(scores)
    }

    /// As of columns, the overlap term times the correlation of the two answers among those who gave both.
    fn kish(&self, p: [f64; 2]) -> (f64, f64) {
        let base = self.measures.map(|measure| measure.base.domains[0]);
        let e = base.map(|base| base.effective());
        let mut joint = Joint::default();
        for row in self.inside() {
            let w = self.items[0].tallier.respondents.weight[row];
            let answers = [0, 1].map(|at| self.items[at].answer(row, self.own[at]));
            if let [Some(one), Some(other)] = answers {
                joint.weight.add(w);
                joint.square.add(w * w);
                joint.y[0].add(w * one);
                joint.y[1].add(w * other);
                joint.both.add(w * one * other);
            }
        }
        let pooled =
            (p[0] * base[0].weight + p[1] * base[1].weight) / (base[0].weight + base[1].weight);
        let (weight, square) = (joint.weight.value(), joint.square.value());
        let shared = match square > 0.0 {
            true => weight * weight / square,
            false => 0.0,
        };
        let overlap = 2.0 * joint.correlation() * shared / (e[0] * e[1]);
        let variance = pooled * (1.0 - pooled) * (1.0 / e[0] + 1.0 / e[1] - overlap);
        (variance, e[0] + e[1] - shared - 2.0)
    }
}

impl Joint {
    /// 0 where one of the answers does not vary.
    fn correlation(&self) -> f64 {
        let weight = self.weight.value();
        let mean = self.y.map(|y| y.value() / weight);
        let spread = mean.map(|mean| mean * (1.0 - mean));
        let together = self.both.value() / weight - mean[0] * mean[1];
        match spread[0] * spread[1] > 0.0 {
            true => together / (spread[0] * spread[1]).sqrt(),
            false => 0.0,
        }
    }
}
