//! Tables with a row a share: which column holds the labels, and which tell samples or parts of one apart.

use std::collections::HashMap;

use super::super::date::date_of_wave;
use super::wide::Heads;
use super::*;

impl Table {
    /// A table with a row a share.
    pub(super) fn long(
        mut self,
        percent: usize,
        n: Option<usize>,
        choice: &Columns,
        heads: Option<(usize, Heads)>,
    ) -> Result<ShareTable, Error> {
        let net_of = self.column(NET_OF);
        let (named, mut forced) = (choice.label, choice.groups.clone());
        let taken = [Some(percent), n, net_of];
        let known = [ANSWER, LABEL, ITEM];
        let corner = self.corner().filter(|at| !taken.contains(&Some(*at)));
        if let (Some(corner), None, None) = (corner, &heads, named)
            && !known.iter().any(|names| self.column(names).is_some())
        {
            self.name_column(corner, "label");
        }
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
        let question = self.question(label);
        Ok(ShareTable {
            table: self,
            label,
            percent,
            n,
            net_of,
            groups,
            question,
        })
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
                .filter(|_| !is_part_of_no_sum(self.text(row, label)))
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
        let mut partition = apart(&groups);
        for one in order {
            let with = partition.with(&one.1);
            let needed = partition.count < all && with.count > partition.count;
            let is_chosen = forced.contains(&one.0) || Some(one.0) == when;
            if needed || (is_chosen && !groups.iter().any(|(at, _)| *at == one.0)) {
                (partition, groups) = (with, groups.iter().copied().chain([one]).collect());
            }
        }
        if !few {
            for at in groups.iter().rev().map(|(at, _)| *at).collect::<Vec<_>>() {
                let others = groups.iter().copied().filter(|(other, _)| *other != at);
                let without: Vec<&(usize, Classes)> = others.collect();
                if !forced.contains(&at)
                    && Some(at) != when
                    && apart(&without).count == partition.count
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

    pub(super) fn classes(&self, column: usize) -> Classes {
        Classes::from_keys((0..self.len()).map(|row| self.text(row, column)))
    }
}

impl ShareTable {
    /// Waves that have their dates with them, “Wave 2 (June 2023)”, go by these, where no two are of one.
    pub(super) fn take_dates_of_waves(&mut self) {
        for at in self.groups.clone() {
            let texts = (0..self.table.len()).map(|row| self.table.text(row, at));
            let dates: Option<Vec<String>> = texts
                .map(|text| date_of_wave(text).map(str::to_owned))
                .collect();
            let Some(dates) = dates.filter(|dates| !dates.is_empty()) else {
                continue;
            };
            let waves = self.table.classes(at);
            let of_dates = Classes::from_keys(dates.iter());
            if !waves.is_one_to_one(&of_dates) {
                continue;
            }
            let first = self.table.text(0, at).to_owned();
            for (row, date) in self.table.rows.iter_mut().zip(&dates) {
                if let Some(cell) = row.cells.get_mut(at) {
                    *cell = Cell::text(date);
                }
            }
            self.table
                .assume(format!("waves go by their dates, as {first}"));
        }
    }
}

/// Rows with the same text in a column, or in several, are one class.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    of_rows: Vec<usize>,
    pub count: usize,
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
