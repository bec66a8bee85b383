//! Tables of shares in the shapes that people print them in: a row a share, or answers down and countries across, or the
//! other way round. [`Table::into_shares`] makes a row a share of each, and finds out which column holds what.

use std::collections::HashMap;

use super::error::Error;
use super::grid::Cell;
use super::header::key;
use super::number::Reading;
use super::table::{Table, TableRow};
use crate::frames::non_answers::is_non_answer;
use crate::frames::words::and;

/// Names of a column of per cents.
pub const PERCENT: &str = "percent|percentage|per cent|%|pct|share|proportion|fraction|prozent|anteil|pourcentage|porcentaje|\
                           percentuale|procent";
/// Names of a column, or a row, of respondents.
pub const N: &str = "n|base|sample size|respondents|unweighted base|unweighted n|n (unweighted)|base (n)|sample|interviews|\
                     befragte|fallzahl|effectif|encuestados|muestra";
/// Names of a column of labels.
pub const LABEL: &str = "label|series";
/// Names of a column of answers, which labels beside it are not.
const ANSWER: &str = "response|level|answer|antwort|réponse|reponse|respuesta|risposta|resposta|antwoord|svar|choice";
/// Names of a column of what is counted, where none is called label or answer.
const ITEM: &str =
    "item|statement|option|candidate|candidate name|party|partei|parti|partido|aussage";
/// Names of a column of parts of a NET.
const NET_OF: &str = "net_of|parts";
/// Names of columns by which samples and parts of them are told apart.
const GROUPS: &str = "country|countries|land|länder|laender|pays|país|pais|paese|nation|state|region|group|gruppe|groupe|grupo|\
                      pollster|institute|institut|house|age|sex|gender|alter|geschlecht|question|frage|year|wave|date|month|\
                      period|time|quarter|round|jahr|welle|datum|monat|année|fecha|end date";
/// Names of columns that say something of a share and are no part of what it is of.
const REMARKS: &str = "note|notes|source|sources|url|link|comment|comments|quelle|anmerkung|moe|margin|margin of error|±|+/-|\
                       error|id";
/// Labels of a sum of all answers.
const SUMS: &str = "total|sum|sums|all|summe|gesamt|insgesamt|ensemble|totale";

/// More group columns than these are no head that anybody reads.
const MOST_GROUPS: usize = 3;
/// Names of columns that a note lists.
const MOST_NAMES: usize = 6;

/// The columns that a person names where the heads leave a doubt: each by its name, or by its place from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice {
    /// The labels: answers, parties, statements.
    pub label: Option<String>,
    /// The per cents; several where they stand side by side.
    pub percent: Vec<String>,
    /// The respondents.
    pub n: Option<String>,
    /// What tells samples, or parts of one, apart.
    pub group: Vec<String>,
}

impl ColumnChoice {
    /// Whether no column is named.
    pub fn is_empty(&self) -> bool {
        *self == ColumnChoice::default()
    }
}

/// A table with a row a share.
#[derive(Clone, Debug)]
pub struct ShareTable {
    /// The rows.
    pub table: Table,
    /// The column of labels; none where shares are told apart by their groups alone.
    pub label: Option<usize>,
    /// The column of per cents.
    pub percent: usize,
    /// The column of respondents.
    pub n: Option<usize>,
    /// The column that names the parts of NETs.
    pub net_of: Option<usize>,
    /// The columns that tell samples, or parts of one, apart.
    pub groups: Vec<usize>,
}

/// What stands side by side in the heads of a wide table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heads {
    Labels,
    Groups,
}

fn is_one_of(name: &str, names: &str) -> bool {
    let name = key(name);
    !name.is_empty() && names.split('|').any(|known| key(known) == name)
}

impl Table {
    /// The same shares, a row each, and which column holds what; `None` where no column holds per cents.
    ///
    /// Columns are known by their names, else by what they hold: several columns of per cents are a wide table, whose heads are
    /// labels where the row says a group (country, pollster, date), has an n of its own, or adds up to 100; else groups.
    /// Of other columns all stay that tell rows apart.
    ///
    /// # Errors
    /// A column that is named and not there.
    pub fn into_shares(mut self, choice: &ColumnChoice) -> Result<Option<ShareTable>, Error> {
        let named: Vec<usize> = match choice.percent.as_slice() {
            [] => Vec::new(),
            names => {
                let columns = names.iter().map(|name| self.chosen(name));
                columns.collect::<Result<_, _>>()?
            }
        };
        let n = match &choice.n {
            Some(name) => Some(self.chosen(name)?),
            None => self.column(N).filter(|n| {
                self.has_number(*n) || self.names().get(*n).is_some_and(|name| key(name) == "n")
            }),
        };
        let mut percents = match named.as_slice() {
            [] => self.percent_columns(n, choice)?,
            _ => named,
        };
        let n = match n {
            None if percents.len() > 1 => self.take_sizes(&mut percents),
            n => n,
        };
        match percents.as_slice() {
            [] => Ok(None),
            [percent] => self.long(*percent, n, choice, None).map(Some),
            _ => self.wide(&percents, n, choice),
        }
    }

    /// A column by its name, or by its place from 1.
    fn chosen(&self, name: &str) -> Result<usize, Error> {
        let place = name.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
        let place = place.filter(|at| *at < self.names().len() && self.column(name).is_none());
        place.map_or_else(|| self.need(name), Ok)
    }

    fn chosen_columns(&self, choice: &ColumnChoice) -> Result<(Option<usize>, Vec<usize>), Error> {
        let label = choice.label.as_deref().map(|name| self.chosen(name));
        let groups = choice.group.iter().map(|name| self.chosen(name));
        Ok((label.transpose()?, groups.collect::<Result<_, _>>()?))
    }

    /// The column that is called so, else all of numbers that may be per cents.
    fn percent_columns(
        &self,
        n: Option<usize>,
        choice: &ColumnChoice,
    ) -> Result<Vec<usize>, Error> {
        let (label, groups) = self.chosen_columns(choice)?;
        let other = |at: &usize| {
            let name = self.names().get(*at).map_or("", String::as_str);
            let taken = Some(*at) == n || Some(*at) == label || groups.contains(at);
            let told = is_one_of(name, N) || is_one_of(name, REMARKS) || is_one_of(name, GROUPS);
            !name.is_empty() && !taken && !told && self.is_numeric(*at) && !self.is_dated(*at)
        };
        let numeric: Vec<usize> = (0..self.names().len()).filter(other).collect();
        // “%” over the labels says what the numbers are
        let is_corner =
            |at: usize| !numeric.contains(&at) && !numeric.is_empty() && !self.has_number(at);
        match self.column(PERCENT) {
            Some(at) if !is_corner(at) => Ok(vec![self.need(PERCENT)?]),
            _ => Ok(numeric),
        }
    }

    fn has_number(&self, column: usize) -> bool {
        (0..self.len()).any(|row| self.value(row, column).is_some())
    }

    /// A number of a cell, whatever its mark, as far as the look of a table is judged by it.
    fn value(&self, row: usize, column: usize) -> Option<f64> {
        let cell = self.rows.get(row)?.cells.get(column)?;
        match cell.reading(|_| true)? {
            Reading::Clear(number) | Reading::Only(_, number) => Some(number.value),
            Reading::Open { point, .. } => Some(point.value),
        }
    }

    fn values(&self, column: usize) -> Vec<f64> {
        (0..self.len())
            .filter_map(|row| self.value(row, column))
            .collect()
    }

    /// Beside columns of per cents, the one whose numbers are whole and all beyond 100 is that of respondents.
    fn take_sizes(&mut self, percents: &mut Vec<usize>) -> Option<usize> {
        let is_size = |at: &&usize| {
            let values = self.values(**at);
            !values.is_empty()
                && values
                    .iter()
                    .all(|value| *value > 100.0 && value.fract() == 0.0)
        };
        let sizes: Vec<usize> = percents.iter().filter(is_size).copied().collect();
        let [only] = sizes.as_slice() else {
            return None;
        };
        percents.retain(|at| at != only);
        let name = self.names().get(*only).cloned().unwrap_or_default();
        self.assume(format!(
            "{name} taken as n, as its numbers are whole and beyond 100"
        ));
        Some(*only)
    }

    /// A table with a row a share.
    fn long(
        mut self,
        percent: usize,
        n: Option<usize>,
        choice: &ColumnChoice,
        heads: Option<(usize, Heads)>,
    ) -> Result<ShareTable, Error> {
        let net_of = self.column(NET_OF);
        let (named, mut forced) = self.chosen_columns(choice)?;
        let taken = [Some(percent), n, net_of];
        let free = |table: &Table, at: &usize| {
            let used = table.names().get(*at).is_some_and(|name| !name.is_empty());
            let chosen = named == Some(*at) || forced.contains(at);
            (used || chosen) && !taken.contains(&Some(*at))
        };
        let columns: Vec<usize> = (0..self.names().len())
            .filter(|at| free(&self, at))
            .collect();
        let label = match heads {
            Some((at, Heads::Labels)) => Some(at),
            // what is no head of a wide table is the label
            Some((head, Heads::Groups)) => {
                forced.push(head);
                let others: Vec<usize> =
                    columns.iter().filter(|at| **at != head).copied().collect();
                named.or_else(|| self.label_of(&others, &forced, percent))
            }
            None => named.or_else(|| self.label_of(&columns, &forced, percent)),
        };
        let candidates: Vec<usize> = columns
            .into_iter()
            .filter(|at| Some(*at) != label)
            .collect();
        let groups = self.groups_of(candidates, label, &forced);
        let mut shares = ShareTable {
            table: self,
            label,
            percent,
            n,
            net_of,
            groups,
        };
        shares.leave_out_sums();
        Ok(shares)
    }

    /// The column of labels: by its name, else the only one of words, else the one whose shares add up to 100.
    fn label_of(&mut self, columns: &[usize], forced: &[usize], percent: usize) -> Option<usize> {
        let known = [ANSWER, LABEL, ITEM].iter().find_map(|names| {
            self.column(names)
                .filter(|at| columns.contains(at) && !forced.contains(at))
        });
        if known.is_some() {
            return known;
        }
        let name = |at: &usize| self.names().get(*at).map_or("", String::as_str);
        let words: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|at| !forced.contains(at) && !self.is_numeric(*at) && !self.is_dated(*at))
            .filter(|at| !is_one_of(name(at), REMARKS))
            .collect();
        let free: Vec<usize> = words
            .iter()
            .copied()
            .filter(|at| !is_one_of(name(at), GROUPS))
            .collect();
        match (free.as_slice(), words.as_slice()) {
            ([only], _) => Some(*only),
            // of names of groups alone the finest is what rows are called by
            ([], words) => words
                .iter()
                .rev()
                .max_by_key(|at| self.classes(**at).count)
                .copied(),
            ([.., last], _) => {
                let whole = free
                    .iter()
                    .copied()
                    .find(|at| self.adds_up(*at, &free, percent));
                let label = whole.unwrap_or(*last);
                let others: Vec<String> = free
                    .iter()
                    .filter(|at| **at != label)
                    .map(|at| name(at).to_owned())
                    .collect();
                let note = format!(
                    "{} taken as labels and {} as what tells groups apart; --label says otherwise",
                    name(&label),
                    and(&others)
                );
                self.assume(note);
                Some(label)
            }
        }
    }

    /// Whether shares add up to 100 over the values of a column, the other ones being the same.
    fn adds_up(&self, label: usize, words: &[usize], percent: usize) -> bool {
        let others: Vec<usize> = words.iter().copied().filter(|at| *at != label).collect();
        let mut sums: Vec<(Vec<&str>, Vec<f64>)> = Vec::new();
        for row in 0..self.len() {
            let Some(value) = self
                .value(row, percent)
                .filter(|_| !is_net(self.text(row, label)))
            else {
                continue;
            };
            let group: Vec<&str> = others.iter().map(|at| self.text(row, *at)).collect();
            match sums.iter_mut().find(|(known, _)| *known == group) {
                Some((_, values)) => values.push(value),
                None => sums.push((group, vec![value])),
            }
        }
        are_whole(sums.iter().map(|(_, values)| values.as_slice()))
    }

    /// The columns that tell rows apart; what tells nothing that others don’t is left out, and that is said.
    fn groups_of(
        &mut self,
        candidates: Vec<usize>,
        label: Option<usize>,
        forced: &[usize],
    ) -> Vec<usize> {
        let name = |at: usize| self.names().get(at).map_or("", String::as_str);
        let is_group =
            |at: usize| forced.contains(&at) || is_one_of(name(at), GROUPS) || self.is_dated(at);
        let is_remark =
            |at: usize| !is_group(at) && (is_one_of(name(at), REMARKS) || self.is_numeric(at));
        let of_label = label.map_or_else(|| Classes::one(self.len()), |label| self.classes(label));
        let classes: Vec<(usize, Classes)> = candidates
            .iter()
            .map(|at| (*at, self.classes(*at)))
            .collect();
        let all = classes
            .iter()
            .fold(of_label.clone(), |all, (_, classes)| all.with(classes))
            .count;
        // of one name for two things each, and of what only labels are told by, nothing is learned
        let mut words: Vec<&(usize, Classes)> = Vec::new();
        for one in classes.iter().filter(|(at, _)| !is_remark(*at)) {
            let same = |other: &Classes| one.1.count > 1 && one.1.is_one_to_one(other);
            let known = same(&of_label) || words.iter().any(|(_, other)| same(other));
            let of_labels =
                of_label.count < self.len() && one.1.count > 1 && one.1.is_told_by(&of_label);
            if is_group(one.0) || !(known || of_labels) {
                words.push(one);
            }
        }
        // of the dates of a poll one tells when it was
        let dated: Vec<usize> = classes
            .iter()
            .filter(|(at, classes)| classes.count > 1 && self.is_dated(*at))
            .map(|(at, _)| *at)
            .collect();
        let end = dated
            .iter()
            .find(|at| is_one_of(name(**at), "end date|end|ended"));
        let when = end.or(dated.first()).copied();
        words.retain(|(at, _)| !dated.contains(at) || Some(*at) == when || forced.contains(at));
        let few = words.len() <= MOST_GROUPS;
        let mut order = words.clone();
        order.sort_by_key(|(at, _)| !is_group(*at));
        order.extend(classes.iter().filter(|(at, _)| is_remark(*at)));
        order.extend(classes.iter().filter(|(at, _)| !is_remark(*at)));
        let mut groups: Vec<&(usize, Classes)> = if few { words } else { Vec::new() };
        let apart = |groups: &[&(usize, Classes)]| {
            groups
                .iter()
                .fold(of_label.clone(), |all, (_, classes)| all.with(classes))
        };
        let mut told = apart(&groups);
        for one in order {
            let with = told.with(&one.1);
            let needed = told.count < all && with.count > told.count;
            let wanted = forced.contains(&one.0) || Some(one.0) == when;
            if needed || (wanted && !groups.iter().any(|(at, _)| *at == one.0)) {
                (told, groups) = (with, groups.iter().copied().chain([one]).collect());
            }
        }
        if !few {
            for at in groups.iter().rev().map(|(at, _)| *at).collect::<Vec<_>>() {
                let others = groups.iter().copied().filter(|(other, _)| *other != at);
                let without: Vec<&(usize, Classes)> = others.collect();
                if !forced.contains(&at) && Some(at) != when && apart(&without).count == told.count
                {
                    groups = without;
                }
            }
        }
        let mut chosen: Vec<usize> = groups.iter().map(|(at, _)| *at).collect();
        chosen.sort_unstable();
        let out: Vec<String> = classes
            .iter()
            .filter(|(at, classes)| classes.count > 1 && !chosen.contains(at))
            .map(|(at, _)| name(*at).to_owned())
            .collect();
        if !out.is_empty() {
            let more = out.len().saturating_sub(MOST_NAMES);
            let mut shown: Vec<String> = out.into_iter().take(MOST_NAMES).collect();
            if more > 0 {
                shown.push(format!("{more} more columns"));
            }
            self.assume(format!(
                "{} left out, as rows are told apart without; --group brings a column back",
                and(&shown)
            ));
        }
        chosen
    }

    fn classes(&self, column: usize) -> Classes {
        Classes::from_keys((0..self.len()).map(|row| self.text(row, column)))
    }
}

/// Rows with the same text in a column, or in several, are one class.
#[derive(Clone, Debug)]
struct Classes {
    of_rows: Vec<usize>,
    count: usize,
}

impl Classes {
    fn one(rows: usize) -> Classes {
        Classes {
            of_rows: vec![0; rows],
            count: rows.min(1),
        }
    }

    fn from_keys<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> Classes {
        let mut known: HashMap<K, usize> = HashMap::new();
        let mut of_rows = Vec::new();
        for key in keys {
            let next = known.len();
            of_rows.push(*known.entry(key).or_insert(next));
        }
        Classes {
            of_rows,
            count: known.len(),
        }
    }

    /// Of rows that have both in common.
    fn with(&self, other: &Classes) -> Classes {
        Classes::from_keys(self.of_rows.iter().zip(&other.of_rows))
    }

    fn is_told_by(&self, other: &Classes) -> bool {
        self.count <= other.count && self.with(other).count == other.count
    }

    fn is_one_to_one(&self, other: &Classes) -> bool {
        self.count == other.count && self.is_told_by(other)
    }
}

/// Whether the shares of each line add up to 100, rounding aside.
fn are_whole<'v>(lines: impl Iterator<Item = &'v [f64]>) -> bool {
    let mut count = 0;
    for values in lines {
        let sum: f64 = values.iter().sum();
        let whole = [1.0, 100.0]
            .iter()
            .any(|whole| (sum / whole - 1.0).abs() <= 0.03);
        if values.len() < 2 || !whole {
            return false;
        }
        count += 1;
    }
    count > 0
}

fn is_net(label: &str) -> bool {
    let lower = label.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| matches!(word, "net" | "nets" | "netto"))
        || is_one_of(label, SUMS)
}

/// What a row of a wide table is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Shares,
    /// Its numbers are the respondents of the columns.
    Sizes,
}

impl Table {
    /// A table with columns of per cents side by side; `None` where nothing names its rows.
    fn wide(
        mut self,
        percents: &[usize],
        n: Option<usize>,
        choice: &ColumnChoice,
    ) -> Result<Option<ShareTable>, Error> {
        let (label, groups) = self.chosen_columns(choice)?;
        let stub = self.stub(percents, n, label.or(groups.last().copied()));
        // numbers alone, under names that say nothing
        if stub.is_none() && choice.percent.is_empty() {
            return Ok(None);
        }
        let sizes: Vec<RowKind> = (0..self.len())
            .map(
                |row| match stub.is_some_and(|stub| is_one_of(self.text(row, stub), N)) {
                    true => RowKind::Sizes,
                    false => RowKind::Shares,
                },
            )
            .collect();
        let chosen = match (label, groups.as_slice()) {
            (Some(label), _) if Some(label) == stub => Some(Heads::Groups),
            (_, groups) if stub.is_some_and(|stub| groups.contains(&stub)) => Some(Heads::Labels),
            _ => None,
        };
        let heads = match chosen {
            Some(heads) => heads,
            None => {
                let (heads, why) = self.heads(percents, n, stub, &sizes);
                self.say_heads(percents, stub, heads, why);
                heads
            }
        };
        if let Some(stub) =
            stub.filter(|stub| self.names().get(*stub).is_some_and(String::is_empty))
        {
            self.name_column(
                stub,
                match heads {
                    Heads::Labels => "group",
                    Heads::Groups => "label",
                },
            );
        }
        let kept = self.names().len().saturating_sub(percents.len()) + 3;
        let cells = self
            .len()
            .saturating_mul(percents.len())
            .saturating_mul(kept);
        if cells > 4 * self.limits().cells {
            return Err(self.too_large());
        }
        let (head, percent, n) = self.lengthen(percents, n, &sizes, heads);
        self.long(percent, n, choice, Some((head, heads))).map(Some)
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
        chosen
            .or(known)
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
    ) -> (Heads, &'static str) {
        let name = |at: usize| self.names().get(at).map_or("", String::as_str);
        let Some(stub) = stub else {
            return (Heads::Labels, "");
        };
        let shares: Vec<usize> = (0..self.len())
            .filter(|row| kinds.get(*row) == Some(&RowKind::Shares))
            .collect();
        if percents.iter().all(|at| {
            super::dates([name(*at)], None).is_ok_and(|dates| dates.iter().all(Option::is_some))
        }) {
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
        if kinds.contains(&RowKind::Sizes) {
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
        let plain = |at: &&usize| !is_net(name(**at));
        let of_row = |row: &usize| -> Vec<f64> {
            let cells = percents
                .iter()
                .filter(plain)
                .filter_map(|at| self.value(*row, *at));
            cells.collect()
        };
        let of_column = |at: &usize| -> Vec<f64> {
            let rows = shares.iter().filter(|row| !is_net(self.text(**row, stub)));
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
        let mut said = format!("columns {columns} taken as {as_what}");
        if !why.is_empty() {
            said += &format!(", {why}");
            if let Some(stub) = stub {
                said += &format!("; {option} {stub} says otherwise");
            }
        }
        self.assume(said);
    }

    /// Makes a row a share; the columns of the heads, of the per cents and of the respondents.
    fn lengthen(
        &mut self,
        percents: &[usize],
        n: Option<usize>,
        kinds: &[RowKind],
        heads: Heads,
    ) -> (usize, usize, Option<usize>) {
        let kept: Vec<usize> = (0..self.names.len())
            .filter(|at| !percents.contains(at))
            .collect();
        let cell =
            |row: &TableRow, at: usize| row.cells.get(at).cloned().unwrap_or_else(Cell::empty);
        let sizes = self
            .rows
            .iter()
            .zip(kinds)
            .find(|(_, kind)| **kind == RowKind::Sizes);
        let sizes: Option<TableRow> = sizes.map(|(row, _)| row.clone());
        let shares: Vec<TableRow> = self
            .rows
            .iter()
            .zip(kinds)
            .filter(|(_, kind)| **kind == RowKind::Shares)
            .map(|(row, _)| row.clone())
            .collect();
        let share = |row: &TableRow, at: usize| {
            let name = self.names.get(at).cloned().unwrap_or_default();
            let mut cells: Vec<Cell> = kept.iter().map(|at| cell(row, *at)).collect();
            cells.extend([Cell::text(&name), cell(row, at)]);
            cells.extend(sizes.as_ref().map(|sizes| cell(sizes, at)));
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
        let dated = percents.iter().all(|at| {
            let name = self.names.get(*at).map_or("", String::as_str);
            super::dates([name], None).is_ok_and(|dates| dates.iter().all(Option::is_some))
        });
        let head_name = match heads {
            Heads::Labels => "answer",
            Heads::Groups if dated => "date",
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
        let n = match &sizes {
            Some(_) => {
                names.push("n".to_owned());
                places.push(first);
                Some(percent + 1)
            }
            None => n.and_then(|n| kept.iter().position(|at| *at == n)),
        };
        (self.rows, self.names, self.places) = (rows, names, places);
        self.long_column = Some(percent);
        (head, percent, n)
    }
}

impl ShareTable {
    /// Rows that say no more than that all answers are 100.
    fn leave_out_sums(&mut self) {
        let Some(label) = self.label else { return };
        let is_sum = |row: usize| {
            let value = self.table.value(row, self.percent);
            is_one_of(self.table.text(row, label), SUMS)
                && value.is_some_and(|value| (value - 100.0).abs() < 0.05)
        };
        let rows: Vec<usize> = (0..self.table.len()).filter(|row| is_sum(*row)).collect();
        let Some(first) = rows.first().filter(|_| rows.len() < self.table.len()) else {
            return;
        };
        let name = self.table.text(*first, label).to_owned();
        let mut at = 0..self.table.len();
        self.table
            .rows
            .retain(|_| at.next().is_none_or(|row| !rows.contains(&row)));
        self.table.assume(format!("{name} left out, as it is 100"));
    }

    /// What a row is of, beside its label: the texts of its group columns.
    pub fn group_texts(&self, row: usize) -> Vec<String> {
        let texts = self
            .groups
            .iter()
            .map(|at| self.table.text(row, *at).to_owned());
        texts.collect()
    }

    /// The group columns whose texts differ from row to row.
    pub fn telling_groups(&self) -> Vec<usize> {
        let tells = |at: &&usize| self.table.classes(**at).count > 1;
        self.groups.iter().filter(tells).copied().collect()
    }

    /// Whether columns are taken in the same way.
    pub fn is_like(&self, other: &ShareTable) -> bool {
        let of = |shares: &ShareTable| {
            let columns = (
                shares.label,
                shares.percent,
                shares.n,
                shares.groups.clone(),
            );
            (columns, shares.table.names().to_vec())
        };
        of(self) == of(other)
    }
}
