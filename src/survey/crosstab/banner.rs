//! The columns: Total, then the blocks side by side, and who lies in which.

use std::collections::HashMap;
use std::ops::Range;

use super::layout::Membership;
use super::plan::{BlockKind, Plan, PlannedBlock, PlannedSet};
use super::request::{Net, Request};
use super::respondents::Respondents;
use super::sets::SetAnswers;
use crate::frames::words::{nearest, thousands};
use crate::survey::estimate::{Error, LevelNames};

/// All columns of a banner.
pub struct Banner {
    /// Total first.
    pub columns: Vec<Column>,
    pub blocks: Vec<Block>,
    /// Variables without columns, sets whose variables are no dichotomies.
    pub notes: Vec<String>,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// `None` of the total.
    pub block: Option<usize>,
    /// `Blue`, `Blue:Female`, `Total`.
    pub name: String,
    /// The same by factor, the outer first.
    pub parts: Vec<String>,
    /// What other columns call it by; none of a column that is not tested.
    pub letter: Option<String>,
    /// Several levels together.
    pub net: bool,
    /// Places of the columns that a net adds up.
    pub(super) sum_of: Vec<usize>,
    pub(super) domain: usize,
}

impl Column {
    /// The outer columns that it lies within.
    pub fn outer(&self) -> &[String] {
        &self.parts[..self.parts.len().saturating_sub(1)]
    }
}

/// Columns that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// As the banner names it: `party`, `party:sex`.
    pub name: String,
    /// The question as asked.
    pub title: Option<String>,
    /// Places among all columns.
    pub columns: Range<usize>,
    /// Its columns may share respondents: they are answers of a set.
    pub overlapping: bool,
    /// All who have a place in the block.
    pub(super) base: usize,
    /// Who lies in both of two columns, where these share respondents.
    shared: HashMap<(usize, usize), usize>,
}

/// Letters of a title that a sentence has room for.
const LONGEST_IN_SENTENCE: usize = 40;

impl Block {
    /// As a sentence names it: with its title before it, "Age of respondent (d1)", where that says more and is short.
    pub fn label(&self) -> String {
        let title = self.title.as_deref().unwrap_or_default();
        let same = title.to_lowercase().replace(": ", ":") == self.name.to_lowercase();
        match title.chars().count() {
            1..=LONGEST_IN_SENTENCE if !same => format!("{title} ({})", self.name),
            _ => self.name.clone(),
        }
    }

    /// A block of so many columns that stands by itself.
    pub(super) fn alone(name: &str, columns: usize) -> Block {
        Block {
            name: name.to_owned(),
            title: None,
            columns: 0..columns,
            overlapping: true,
            base: 0,
            shared: HashMap::new(),
        }
    }

    /// The domain of those who lie in both columns; `None` where nobody can.
    pub(super) fn shared(&self, a: usize, b: usize) -> Option<usize> {
        self.shared.get(&(a.min(b), a.max(b))).copied()
    }
}

/// More columns than this are no banner.
const MOST_COLUMNS: usize = 1_000;

/// Who lies in which column of a block, before the block is one of a banner.
pub struct BuiltBlock {
    pub name: String,
    pub title: Option<String>,
    pub membership: Membership,
    pub columns: Vec<BuiltColumn>,
    pub overlapping: bool,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BuiltColumn {
    pub parts: Vec<String>,
    /// Patterns of membership that lie in it, in order.
    pub patterns: Vec<u32>,
    pub net: bool,
}

/// The blocks of respondents.
///
/// # Errors
/// A block with too many columns, a set that is none.
pub fn blocks(
    plan: &Plan,
    request: &Request,
    respondents: &Respondents,
) -> Result<Vec<BuiltBlock>, Error> {
    let built = plan.blocks.iter().map(|block| {
        let mut built = match &block.kind {
            BlockKind::Levels(factors) => levels(block, factors, respondents)?,
            BlockKind::Set(set) => set_columns(block, set, respondents)?,
        };
        if request.options.drop_empty {
            drop_empty(&mut built, respondents);
        }
        Ok(built)
    });
    built.collect()
}

/// Puts the blocks side by side behind the total, with the nets that are asked for, and says who lies where; `total` is that
/// of everybody.
///
/// # Errors
/// A net of columns that are not there.
pub fn assemble(
    request: &Request,
    mut built: Vec<BuiltBlock>,
    total: Membership,
) -> Result<(Banner, Vec<Membership>), Error> {
    for of_block in &mut built {
        let nets = request.column_nets.iter();
        let name = of_block.name.clone();
        let own = |net: &&Net| net.variable.as_ref().is_none_or(|of| *of == name);
        for net in nets.filter(own) {
            add_net(of_block, net)?;
        }
    }
    check_nets(request, &built)?;
    let mut banner = Banner {
        columns: vec![Column {
            block: None,
            name: "Total".to_owned(),
            parts: vec!["Total".to_owned()],
            letter: None,
            net: false,
            sum_of: Vec::new(),
            domain: 0,
        }],
        blocks: Vec::new(),
        notes: Vec::new(),
    };
    let mut memberships = vec![total];
    let mut domains = 1;
    let mut letters = Letters::new(&request.letters);
    for (at, mut of_block) in built.into_iter().enumerate() {
        banner.notes.append(&mut of_block.notes);
        if of_block.columns.is_empty() {
            banner.notes.push(format!(
                "--columns {}: nobody has a value of it, so it has no columns",
                of_block.name
            ));
        }
        let base = domains;
        let everyone = (0..of_block.membership.patterns as u32).collect();
        of_block.membership.domains.push(everyone);
        let first = banner.columns.len();
        for (place, column) in of_block.columns.iter().enumerate() {
            let tested = !column.net || request.options.test_nets;
            let name = column.parts.join(":");
            let letter = tested.then(|| letters.next(&format!("{}={name}", of_block.name)));
            banner.columns.push(Column {
                block: Some(at),
                name,
                parts: column.parts.clone(),
                letter,
                net: column.net,
                sum_of: match column.net {
                    true => within(column, &of_block.columns, first),
                    false => Vec::new(),
                },
                domain: base + 1 + place,
            });
            of_block.membership.domains.push(column.patterns.clone());
        }
        let shared = shared(&mut of_block, base, first);
        domains = base + of_block.membership.domains.len();
        banner.blocks.push(Block {
            name: of_block.name,
            title: of_block.title,
            columns: first..banner.columns.len(),
            overlapping: of_block.overlapping,
            base,
            shared,
        });
        memberships.push(of_block.membership);
    }
    Ok((banner, memberships))
}

/// The columns that lie within a net.
fn within(net: &BuiltColumn, columns: &[BuiltColumn], first: usize) -> Vec<usize> {
    let inside = |pattern: &u32| net.patterns.binary_search(pattern).is_ok();
    let parts = columns.iter().enumerate();
    let parts = parts.filter(|(_, column)| !column.net && column.patterns.iter().all(inside));
    parts.map(|(at, _)| first + at).collect()
}

/// Leaves out the columns that nobody with a weight in the subpopulation is in.
fn drop_empty(block: &mut BuiltBlock, respondents: &Respondents) {
    let mut seen = vec![false; block.membership.patterns];
    for (row, pattern) in block.membership.of_rows().enumerate() {
        let inside = respondents.inside.as_ref();
        let counts = inside.is_none_or(|inside| inside[row]) && respondents.weight[row] > 0.0;
        if let Some(seen) = pattern.and_then(|at| seen.get_mut(at)) {
            *seen |= counts;
        }
    }
    let is_met = |pattern: &u32| seen.get(*pattern as usize) == Some(&true);
    block
        .columns
        .retain(|column| column.patterns.iter().any(is_met));
}

/// The domains of those who lie in two columns at once; those that are no column get a domain of their own.
fn shared(of_block: &mut BuiltBlock, base: usize, first: usize) -> HashMap<(usize, usize), usize> {
    let mut shared = HashMap::new();
    let has_nets = of_block.columns.iter().any(|column| column.net);
    if !of_block.overlapping && !has_nets {
        return shared;
    }
    let BuiltBlock {
        membership,
        columns,
        ..
    } = of_block;
    for (a, one) in columns.iter().enumerate() {
        for (b, other) in columns.iter().enumerate().skip(a + 1) {
            let both: Vec<u32> = one
                .patterns
                .iter()
                .filter(|pattern| other.patterns.binary_search(pattern).is_ok())
                .copied()
                .collect();
            let domain = match both.len() {
                0 => continue,
                n if n == one.patterns.len() => base + 1 + a,
                n if n == other.patterns.len() => base + 1 + b,
                _ => {
                    membership.domains.push(both);
                    base + membership.domains.len() - 1
                }
            };
            shared.insert((first + a, first + b), domain);
        }
    }
    shared
}

/// Letters in turn, but for those that columns keep from another wave.
struct Letters<'a> {
    kept: &'a [(String, String)],
    given: usize,
}

impl<'a> Letters<'a> {
    fn new(kept: &'a [(String, String)]) -> Letters<'a> {
        Letters { kept, given: 0 }
    }

    /// The letter of a column: its own, or the next that no column has or had.
    fn next(&mut self, column: &str) -> String {
        if let Some((_, letter)) = self.kept.iter().find(|(name, _)| name == column) {
            return letter.clone();
        }
        loop {
            self.given += 1;
            let letter = letter(self.given);
            if !self.kept.iter().any(|(_, kept)| *kept == letter) {
                return letter;
            }
        }
    }
}

/// A, B, … Z, AA, AB …, counted from 1.
pub(super) fn letter(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + (number % 26) as u8));
        number /= 26;
    }
    letters.iter().rev().collect()
}

fn too_many(block: &PlannedBlock, columns: usize) -> Error {
    Error::Request(format!(
        "--columns {}: {} columns and more, and a banner takes {MOST_COLUMNS}; {}",
        block.name,
        thousands(columns as f64),
        match &block.kind {
            BlockKind::Levels(factors) if factors.len() > 1 => {
                "nest fewer variables, or make bands of one, as in 'band=cut(age, 30, 60)'"
                    .to_owned()
            }
            BlockKind::Levels(_) => format!(
                "numbers go into bands, as in '{0}=cut({0}, 30, 60)'; texts into the rows, as --rows {0}",
                block.name
            ),
            BlockKind::Set(_) =>
                "name the value that is counted, as in --set 'NAME=…:Yes'".to_owned(),
        }
    ))
}

/// The levels of a variable, or the pairs of levels of several that occur.
fn levels(
    block: &PlannedBlock,
    factors: &[(usize, LevelNames)],
    respondents: &Respondents,
) -> Result<BuiltBlock, Error> {
    // the place of each code among the answers of its factor, in their order
    let mut places: Vec<Vec<Option<u64>>> = Vec::new();
    let mut ordered: Vec<Vec<String>> = Vec::new();
    for (operand, names) in factors {
        let (_, values) = respondents.answers[*operand].codes();
        let order = names.order(values);
        let mut of_code = vec![None; values.len()];
        let mut called = Vec::new();
        for at in order.into_iter().filter(|at| names.is_answer(&values[*at])) {
            of_code[at] = Some(called.len() as u64);
            called.push(names.name(&values[at]));
        }
        places.push(of_code);
        ordered.push(called);
    }
    let codes: Vec<_> = factors
        .iter()
        .map(|(operand, _)| respondents.answers[*operand].codes().0)
        .collect();
    let key = |row: usize| {
        let mut key = 0_u64;
        for ((codes, places), called) in codes.iter().zip(&places).zip(&ordered) {
            let place = places[codes.get(row) as usize]?;
            key = key.wrapping_mul(called.len() as u64).wrapping_add(place);
        }
        Some(key)
    };
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut of_row = Vec::with_capacity(respondents.rows);
    for row in 0..respondents.rows {
        let next = seen.len() as u32;
        of_row.push(key(row).map(|key| *seen.entry(key).or_insert(next)));
        if seen.len() > MOST_COLUMNS {
            return Err(too_many(block, seen.len()));
        }
    }
    let mut keys: Vec<(u64, u32)> = seen.into_iter().collect();
    keys.sort_unstable();
    let columns = keys.iter().map(|(key, pattern)| {
        let mut parts = Vec::new();
        let mut rest = *key;
        for called in ordered.iter().rev() {
            let count = (called.len() as u64).max(1);
            parts.push(
                called
                    .get((rest % count) as usize)
                    .cloned()
                    .unwrap_or_default(),
            );
            rest /= count;
        }
        parts.reverse();
        BuiltColumn {
            parts,
            patterns: vec![*pattern],
            net: false,
        }
    });
    let columns: Vec<BuiltColumn> = columns.collect();
    Ok(BuiltBlock {
        name: block.name.clone(),
        title: block.title.clone(),
        membership: Membership::new(of_row, columns.len()),
        columns,
        overlapping: false,
        notes: Vec::new(),
    })
}

/// The answers of a set: a respondent lies in as many columns as answers were given.
fn set_columns(
    block: &PlannedBlock,
    set: &PlannedSet,
    respondents: &Respondents,
) -> Result<BuiltBlock, Error> {
    let answers = SetAnswers::new(set, respondents)?;
    if answers.levels.len() > MOST_COLUMNS {
        return Err(too_many(block, answers.levels.len()));
    }
    let mut seen: HashMap<&[u16], u32> = HashMap::new();
    let mut of_row = Vec::with_capacity(respondents.rows);
    for row in 0..respondents.rows {
        let next = seen.len() as u32;
        of_row.push(answers.base[row].then(|| *seen.entry(answers.row(row)).or_insert(next)));
    }
    let mut columns: Vec<BuiltColumn> = answers
        .levels
        .iter()
        .map(|level| BuiltColumn {
            parts: vec![level.clone()],
            patterns: Vec::new(),
            net: false,
        })
        .collect();
    let mut patterns: Vec<(&&[u16], &u32)> = seen.iter().collect();
    // in order, since patterns of a column are found by halving
    patterns.sort_unstable_by_key(|(_, pattern)| **pattern);
    for (given, pattern) in patterns {
        for level in *given {
            columns[usize::from(*level)].patterns.push(*pattern);
        }
    }
    Ok(BuiltBlock {
        name: block.name.clone(),
        title: block.title.clone(),
        membership: Membership::new(of_row, seen.len()),
        columns,
        overlapping: true,
        notes: answers.notes,
    })
}

/// Puts a net before the first of its parts, if all of them are there.
fn add_net(built: &mut BuiltBlock, net: &Net) -> Result<(), Error> {
    let place = |name: &String| {
        let named = |column: &BuiltColumn| !column.net && column.parts.join(":") == *name;
        built.columns.iter().position(named)
    };
    let places: Vec<Option<usize>> = net.levels.iter().map(place).collect();
    let Some(parts) = places.iter().copied().collect::<Option<Vec<usize>>>() else {
        if net.variable.is_none() {
            return Ok(());
        }
        let missing = net
            .levels
            .iter()
            .zip(&places)
            .find(|(_, place)| place.is_none());
        let missing = missing.map_or("", |(level, _)| level);
        let names: Vec<String> = built.columns.iter().map(|c| c.parts.join(":")).collect();
        let hint = match nearest(missing, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are {}", names.join(", ")),
        };
        return Err(Error::Request(format!(
            "--column-net {}: {} has no column {missing}; {hint}",
            net.name, built.name
        )));
    };
    let mut patterns: Vec<u32> = parts
        .iter()
        .flat_map(|part| built.columns[*part].patterns.iter().copied())
        .collect();
    patterns.sort_unstable();
    patterns.dedup();
    let first = parts.iter().min().copied().unwrap_or(0);
    let mut name = built
        .columns
        .get(first)
        .map_or_else(Vec::new, |column| column.parts.clone());
    match name.last_mut() {
        Some(last) => last.clone_from(&net.name),
        None => name.push(net.name.clone()),
    }
    let column = BuiltColumn {
        parts: name,
        patterns,
        net: true,
    };
    built.columns.insert(first, column);
    Ok(())
}

/// A net whose columns no block has is a slip.
fn check_nets(request: &Request, built: &[BuiltBlock]) -> Result<(), Error> {
    let is_there = |net: &Net| {
        let mut columns = built.iter().flat_map(|block| &block.columns);
        columns.any(|column| column.net && column.parts.last() == Some(&net.name))
    };
    match request.column_nets.iter().find(|net| !is_there(net)) {
        None => Ok(()),
        Some(net) => Err(Error::Request(format!(
            "--column-net {}: no block has the columns {}",
            net.name,
            net.levels.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn letters_go_on_behind_z() {
        let letters = [1, 2, 26, 27, 28, 52, 53, 702, 703].map(letter);
        assert_eq!(
            letters,
            ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
