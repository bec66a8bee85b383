//! Tables with columns of per cents side by side, made into a row a share.

use super::bases::{RowKind, bare_size};
use super::*;
use crate::frames::non_answers::is_non_answer;
use crate::tabular::date::{is_month, is_wave};
use crate::tabular::number::is_missing;

/// What stands side by side in the heads of a wide table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heads {
    Labels,
    Groups,
}

impl Table {
    /// A table with columns of per cents side by side; `None` where nothing names its rows, unless columns are `named`.
    pub(super) fn wide(
        mut self,
        percents: &[usize],
        n: Option<usize>,
        pairs: &Pairs,
        choice: &Columns,
        named: bool,
    ) -> Result<Option<ShareTable>, Error> {
        let beside = |at: &usize| {
            let sizes = pairs.sizes.iter().map(|(_, n)| n);
            sizes.chain(&pairs.remarks).any(|other| other == at)
        };
        let (label, groups) = (choice.label, choice.groups.as_slice());
        let stub = self.stub(percents, n, label.or(groups.last().copied()));
        // numbers alone, under names that say nothing
        if stub.is_none() && !named {
            return Ok(None);
        }
        let kinds = self.row_kinds(stub);
        let of_heads = self.sizes_of_heads(percents);
        let chosen = match (label, groups) {
            (Some(label), _) if Some(label) == stub => Some(Heads::Groups),
            (_, groups) if stub.is_some_and(|stub| groups.contains(&stub)) => Some(Heads::Labels),
            _ => None,
        };
        let heads = match chosen {
            Some(heads) => heads,
            None => {
                let of_columns = kinds.contains(&RowKind::Sizes) || !of_heads.is_empty();
                let (heads, why) = self.heads(percents, n, stub, &kinds, of_columns);
                self.say_heads(percents, stub, heads, why);
                heads
            }
        };
        let question = self.question(stub);
        let is_corner = question
            .as_ref()
            .is_some_and(|question| question.is_head() && heads == Heads::Labels);
        let nameless = |stub: &usize| self.names().get(*stub).is_some_and(String::is_empty);
        if let Some(stub) = stub.filter(|stub| is_corner || nameless(stub)) {
            self.name_column(
                stub,
                match heads {
                    Heads::Labels => "group",
                    Heads::Groups => "label",
                },
            );
        }
        let idle = self.columns_of_nothing(percents);
        let kept: Vec<usize> = (0..self.names().len())
            .filter(|at| !percents.contains(at) && !beside(at) && !idle.contains(at))
            .collect();
        let cells = self
            .len()
            .saturating_mul(percents.len())
            .saturating_mul(kept.len() + 3);
        if cells > 4 * self.limits().cells {
            return Err(self.too_large());
        }
        let place = |at: &usize| kept.iter().position(|kept| kept == at);
        let choice = Columns {
            label: choice.label.as_ref().and_then(place),
            groups: choice.groups.iter().filter_map(place).collect(),
        };
        let sizes = Sizes {
            n,
            beside: &pairs.sizes,
            of_heads,
            rows: (0..self.len())
                .filter(|row| kinds.get(*row) == Some(&RowKind::Sizes))
                .map(|row| (self.part(row, stub), row))
                .collect(),
        };
        let parts: Vec<Vec<String>> = (0..self.len()).map(|row| self.part(row, stub)).collect();
        let (head, percent, n) = self.lengthen(percents, &kept, &sizes, (&kinds, &parts), heads);
        let mut shares = self.long(percent, n, &choice, Some((head, heads)))?;
        shares.question = question;
        Ok(Some(shares))
    }

    /// Columns with a name that hold nothing but dashes, as a month that was not asked does: they are named and left out.
    fn columns_of_nothing(&mut self, percents: &[usize]) -> Vec<usize> {
        let first = percents.first().copied().unwrap_or_default();
        let holds_nothing = |at: &usize| {
            let texts = || (0..self.len()).map(|row| self.text(row, *at));
            texts().all(is_missing) && texts().any(|text| !text.is_empty())
        };
        let named = |at: &usize| self.names().get(*at).is_some_and(|name| !name.is_empty());
        let idle: Vec<usize> = (first..self.names().len())
            .filter(|at| !percents.contains(at) && named(at) && holds_nothing(at))
            .collect();
        let names: Vec<String> = idle
            .iter()
            .filter_map(|at| self.names().get(*at).cloned())
            .collect();
        if !names.is_empty() {
            self.assume(format!("{} left out, without a number", and(&names)));
        }
        idle
    }

    /// The column whose cells name the rows: the one that is chosen, else the last of words, else the first that has no name.
    fn stub(&self, percents: &[usize], n: Option<usize>, chosen: Option<usize>) -> Option<usize> {
        let name = |at: usize| self.names().get(at).map_or("", String::as_str);
        let free = |at: &usize| !percents.contains(at) && Some(*at) != n;
        let columns = || (0..self.names().len()).filter(free);
        let words = |at: &usize| {
            !self.is_numeric(*at) && !name(*at).is_empty() && !is_one_of(name(*at), REMARKS)
        };
        let known = [ANSWER, LABEL, ITEM]
            .iter()
            .find_map(|names| self.column(names).filter(free));
        let nameless = || columns().find(|at| name(*at).is_empty() && !self.is_numeric(*at));
        let dated = || columns().find(|at| self.is_dated(*at));
        let corner = || self.corner().filter(free);
        chosen
            .or(known)
            .or_else(corner)
            .or_else(|| columns().rfind(words))
            .or_else(nameless)
            .or_else(dated)
    }

    /// Whether the heads of a wide table are labels or groups, and what tells.
    fn heads(
        &self,
        percents: &[usize],
        n: Option<usize>,
        stub: Option<usize>,
        kinds: &[RowKind],
        of_columns: bool,
    ) -> (Heads, &'static str) {
        let name = |at: usize| self.names().get(at).map_or("", String::as_str);
        let Some(stub) = stub else {
            return (Heads::Labels, "");
        };
        let shares: Vec<usize> = (0..self.len())
            .filter(|row| kinds.get(*row) == Some(&RowKind::Shares))
            .collect();
        let is_time = |at: &usize| {
            let name = name(*at);
            let dates = crate::tabular::dates([name], None);
            dates.is_ok_and(|dates| dates.iter().all(Option::is_some))
                || is_wave(name)
                || is_month(name)
        };
        if percents.iter().all(is_time) {
            return (Heads::Groups, "");
        }
        if self.is_dated(stub) || is_one_of(name(stub), GROUPS) {
            return (Heads::Labels, "");
        }
        if [ANSWER, LABEL, ITEM]
            .iter()
            .any(|names| is_one_of(name(stub), names))
        {
            return (Heads::Groups, "");
        }
        if n.is_some() {
            return (Heads::Labels, "as each row has its n");
        }
        if of_columns {
            return (Heads::Groups, "as each column has its n");
        }
        if percents.iter().any(|at| is_non_answer(name(*at))) {
            return (Heads::Labels, "as don’t know is a column");
        }
        if shares
            .iter()
            .any(|row| is_non_answer(self.text(*row, stub)))
        {
            return (Heads::Groups, "as don’t know is a row");
        }
        let plain = |at: &&usize| !is_part_of_no_sum(name(**at));
        let of_row = |row: &usize| -> Vec<f64> {
            let cells = percents
                .iter()
                .filter(plain)
                .filter_map(|at| self.value(*row, *at));
            cells.collect()
        };
        let of_column = |at: &usize| -> Vec<f64> {
            let rows = shares
                .iter()
                .filter(|row| !is_part_of_no_sum(self.text(**row, stub)));
            rows.filter_map(|row| self.value(*row, *at)).collect()
        };
        let by_row: Vec<Vec<f64>> = shares.iter().map(of_row).collect();
        let by_column: Vec<Vec<f64>> = percents.iter().map(of_column).collect();
        let rows_whole = are_whole(by_row.iter().map(Vec::as_slice));
        let columns_whole = are_whole(by_column.iter().map(Vec::as_slice));
        match (rows_whole, columns_whole) {
            (true, false) => (Heads::Labels, "as each row adds up to 100"),
            (false, true) => (Heads::Groups, "as each column adds up to 100"),
            _ => (Heads::Groups, "as nothing says otherwise"),
        }
    }

    fn say_heads(&mut self, percents: &[usize], stub: Option<usize>, heads: Heads, why: &str) {
        let name = |at: &usize| self.names().get(*at).cloned().unwrap_or_default();
        let columns = match percents {
            [first, .., last] if percents.len() > 3 => format!("{} to {}", name(first), name(last)),
            few => and(&few.iter().map(name).collect::<Vec<_>>()),
        };
        let stub = stub.map(|at| name(&at)).filter(|name| !name.is_empty());
        let (as_what, option) = match heads {
            Heads::Labels => ("labels", "--label"),
            Heads::Groups => ("groups", "--group"),
        };
        let mut note = format!("columns {columns} taken as {as_what}");
        if !why.is_empty() {
            note += &format!(", {why}");
            if let Some(stub) = stub {
                let stub = match stub.contains(|c: char| !c.is_alphanumeric() && c != '_') {
                    true => format!("'{}'", stub.replace('\'', "'\\''")),
                    false => stub,
                };
                note += &format!("; {option} {stub} says otherwise");
            }
        }
        self.assume(note);
    }

    /// Makes a row a share; the columns of the heads, of the per cents and of the respondents.
    fn lengthen(
        &mut self,
        percents: &[usize],
        kept: &[usize],
        sizes: &Sizes,
        (kinds, parts): (&[RowKind], &[Vec<String>]),
        heads: Heads,
    ) -> (usize, usize, Option<usize>) {
        let cell =
            |row: &TableRow, at: usize| row.cells.get(at).cloned().unwrap_or_else(Cell::empty);
        let of_columns = sizes.are_of_columns();
        let shares: Vec<(TableRow, &[String])> = self
            .rows
            .iter()
            .zip(kinds)
            .zip(parts)
            .filter(|((_, kind), _)| **kind == RowKind::Shares)
            .map(|((row, _), part)| (row.clone(), part.as_slice()))
            .collect();
        let share = |(row, part): &(TableRow, &[String]), at: usize| {
            let name = self.names.get(at).cloned().unwrap_or_default();
            let mut cells: Vec<Cell> = kept.iter().map(|at| cell(row, *at)).collect();
            cells.extend([Cell::text(&name), cell(row, at)]);
            cells.extend(of_columns.then(|| sizes.size_of(&self.rows, row, part, at)));
            TableRow {
                number: row.number,
                cells,
                head: Some((name, self.places.get(at).copied().unwrap_or(at))),
            }
        };
        let rows: Vec<TableRow> = match heads {
            Heads::Labels => shares
                .iter()
                .flat_map(|row| {
                    percents
                        .iter()
                        .map(|at| share(row, *at))
                        .collect::<Vec<_>>()
                })
                .collect(),
            Heads::Groups => percents
                .iter()
                .flat_map(|at| shares.iter().map(|row| share(row, *at)).collect::<Vec<_>>())
                .collect(),
        };
        let mut names: Vec<String> = kept
            .iter()
            .map(|at| self.names.get(*at).cloned().unwrap_or_default())
            .collect();
        let mut places: Vec<usize> = kept
            .iter()
            .map(|at| self.places.get(*at).copied().unwrap_or(*at))
            .collect();
        let heads_are = |kind: &dyn Fn(&str) -> bool| {
            let name = |at: &usize| self.names.get(*at).map_or("", String::as_str);
            percents.iter().map(name).all(kind)
        };
        let is_dated = |name: &str| {
            crate::tabular::dates([name], None).is_ok_and(|dates| dates.iter().all(Option::is_some))
        };
        let head_name = match heads {
            Heads::Labels => "answer",
            Heads::Groups if heads_are(&is_dated) => "date",
            Heads::Groups if heads_are(&is_wave) => "wave",
            Heads::Groups if heads_are(&is_month) => "month",
            Heads::Groups => "group",
        };
        let head_name = match names.iter().any(|name| key(name) == head_name) {
            true => "column",
            false => head_name,
        };
        names.extend([head_name.to_owned(), "percent".to_owned()]);
        let (head, percent) = (kept.len(), kept.len() + 1);
        let first = percents.first().copied().unwrap_or(0);
        places.extend([first, first]);
        let n = match of_columns {
            true => {
                names.push("n".to_owned());
                places.push(first);
                Some(percent + 1)
            }
            false => sizes.n.and_then(|n| kept.iter().position(|at| *at == n)),
        };
        (self.rows, self.names, self.places) = (rows, names, places);
        self.long_column = Some(percent);
        (head, percent, n)
    }
}

/// Where the respondents of a wide table stand.
struct Sizes<'t> {
    /// In a column, those of each row.
    n: Option<usize>,
    /// In a column beside that of per cents.
    beside: &'t [(usize, usize)],
    /// With the heads.
    of_heads: Vec<(usize, Cell)>,
    /// In rows, those of each column; with the part of the table that each is of.
    rows: Vec<(Vec<String>, usize)>,
}

impl Sizes<'_> {
    fn are_of_columns(&self) -> bool {
        !self.rows.is_empty() || !self.of_heads.is_empty() || !self.beside.is_empty()
    }

    /// The row of respondents of a part: its own, else the one that is of no part, else the only one.
    fn row_of(&self, part: &[String]) -> Option<usize> {
        let own = self.rows.iter().find(|(of, _)| of == part);
        let of_none = || {
            let mut rows = self.rows.iter();
            rows.find(|(of, _)| of.iter().all(String::is_empty))
        };
        let only = || self.rows.first().filter(|_| self.rows.len() == 1);
        own.or_else(of_none).or_else(only).map(|(_, row)| *row)
    }

    /// Those of a share: of its column, else of its own row.
    fn size_of(&self, rows: &[TableRow], row: &TableRow, part: &[String], percent: usize) -> Cell {
        let cell = |row: &TableRow, at: usize| {
            let cell = row.cells.get(at).cloned().map(bare_size);
            cell.filter(|cell| !cell.text.is_empty())
        };
        let beside = self.beside.iter().find(|(at, _)| *at == percent);
        let beside = beside.map(|(_, n)| *n);
        let sizes = self.row_of(part).and_then(|row| rows.get(row));
        let of_row = sizes.and_then(|sizes| {
            let own = beside.and_then(|n| cell(sizes, n));
            own.or_else(|| cell(sizes, percent))
        });
        let of_head = || {
            let mut heads = self.of_heads.iter();
            let (_, size) = heads.find(|(at, _)| *at == percent)?;
            Some(size.clone())
        };
        of_row
            .or_else(of_head)
            .or_else(|| cell(row, beside.or(self.n)?))
            .unwrap_or_else(Cell::empty)
    }
}
