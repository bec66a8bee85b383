//! Heads of a wide table that say what stands below them: “Germany %” beside “Germany n”, “2021 (%)”, “France (n=1,010)”.

use super::super::sizes::{Sized, sized};
use super::*;

/// What numbers below a head are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Percent,
    N,
    /// A margin, a source: nothing that a share is made of.
    Remark,
}

fn measure_named(name: &str) -> Option<Measure> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || "()[]=:".contains(c));
    [
        (PERCENT, Measure::Percent),
        (N, Measure::N),
        (REMARKS, Measure::Remark),
    ]
    .into_iter()
    .find(|(names, _)| is_one_of(name, names))
    .map(|(_, measure)| measure)
}

/// “Germany” and per cents of “Germany (%)”, “% Germany”, “germany_pct”.
pub(super) fn head_and_measure(name: &str) -> Option<(String, Measure)> {
    let parts = |c: char| c.is_whitespace() || "()[],:;|/_-–—.".contains(c);
    let bare = |text: &str| {
        let dashes = |c: char| parts(c) && !"()[]".contains(c);
        let text = text.trim_matches(dashes);
        let text = text
            .trim_end_matches(['(', '['])
            .trim_start_matches([')', ']']);
        let text = text.trim_matches(dashes);
        let around = [('(', ')'), ('[', ']')].iter().find_map(|(open, close)| {
            let inside = text.strip_prefix(*open)?.strip_suffix(*close)?;
            Some(inside).filter(|inside| !inside.contains(*close))
        });
        around.unwrap_or(text).trim_matches(dashes).to_owned()
    };
    let cut = |at: usize| name.split_at_checked(at);
    let ends = name.char_indices().filter_map(|(at, c)| match c {
        '%' | '±' => Some(at),
        c if parts(c) => Some(at + c.len_utf8()),
        _ => None,
    });
    let behind = ends.filter_map(cut).find_map(|(head, measure)| {
        let measure = measure_named(measure)?;
        Some((bare(head), measure)).filter(|(head, _)| !head.is_empty())
    });
    let starts = name.char_indices().filter_map(|(at, c)| match c {
        '%' => Some(at + 1),
        c if parts(c) => Some(at),
        _ => None,
    });
    let before = || {
        let starts: Vec<usize> = starts.collect();
        starts
            .into_iter()
            .rev()
            .filter_map(cut)
            .find_map(|(measure, head)| {
                let measure = measure_named(measure)?;
                // “Percentage points” are a difference, and no per cent of points
                let is_name = |head: &str| {
                    !head.is_empty()
                        && !["point", "points", "pts"].contains(&head.to_lowercase().as_str())
                };
                Some((bare(head), measure)).filter(|(head, _)| is_name(head))
            })
    };
    behind.or_else(before)
}

/// A column of numbers, by what its head says.
struct Head {
    at: usize,
    /// What the numbers are of.
    of: String,
    measure: Option<Measure>,
}

/// Columns of a wide table by what their heads say.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pub percents: Vec<usize>,
    /// Per cents and respondents of one head.
    pub sizes: Vec<(usize, usize)>,
    /// Columns that say something else of a head.
    pub remarks: Vec<usize>,
    /// New names, without the word for what stands below.
    names: Vec<(usize, String)>,
}

impl Pairs {
    /// `None` where heads say nothing that places don’t; `may_be_percent` tells of a head without a word.
    fn from_heads(heads: &[Head], may_be_percent: impl Fn(usize) -> bool) -> Option<Pairs> {
        let with = |measure, like: &Head| {
            let mut heads = heads.iter().filter(|head| head.measure == measure);
            heads.find(|head| key(&head.of) == key(&like.of))
        };
        let mut pairs = Pairs::default();
        for n in heads.iter().filter(|head| head.measure == Some(Measure::N)) {
            let percent = with(Some(Measure::Percent), n).or_else(|| with(None, n));
            if let Some(percent) = percent {
                pairs.sizes.push((percent.at, n.at));
                pairs.names.push((percent.at, percent.of.clone()));
            }
        }
        let all_percent = heads.len() > 1
            && heads
                .iter()
                .all(|head| head.measure == Some(Measure::Percent));
        // “Germany change” beside “Germany”
        let mut remarks = heads
            .iter()
            .filter(|head| head.measure == Some(Measure::Remark));
        let has_remarks = remarks.any(|remark| with(None, remark).is_some());
        if pairs.sizes.is_empty() && !all_percent && !has_remarks {
            return None;
        }
        for head in heads {
            let is_size = pairs.sizes.iter().any(|(_, n)| *n == head.at);
            match head.measure {
                Some(Measure::Percent) => {
                    pairs.percents.push(head.at);
                    pairs.names.push((head.at, head.of.clone()));
                }
                None if may_be_percent(head.at) => pairs.percents.push(head.at),
                None => {}
                Some(_) if is_size => {}
                Some(_) => pairs.remarks.push(head.at),
            }
        }
        Some(pairs).filter(Pairs::has_different_names)
    }

    /// Two columns of one name could not be told apart.
    fn has_different_names(&self) -> bool {
        let name = |at: &usize| {
            let (_, name) = self.names.iter().find(|(place, _)| place == at)?;
            Some(key(name))
        };
        let mut names: Vec<String> = self.percents.iter().filter_map(name).collect();
        names.sort_unstable();
        names.windows(2).all(|pair| pair.first() != pair.last())
    }
}

impl Table {
    /// Heads that stand there twice, once over per cents and once over respondents; these heads are named for what they are of.
    /// Heads that all say that per cents stand below them lose the word.
    pub(super) fn take_pairs(&mut self, taken: &[usize]) -> Option<Pairs> {
        let heads: Vec<Head> = (0..self.names().len())
            .filter(|at| !taken.contains(at) && self.has_number(*at) && self.is_numeric(*at))
            .filter_map(|at| {
                let name = self.names().get(at).filter(|name| !name.is_empty())?;
                let (of, measure) = match (head_and_measure(name), sized(name)) {
                    (Some((of, measure)), _) => (of, Some(measure)),
                    (None, Some(sized)) if sized.is_named => (sized.rest, None),
                    (None, _) => (name.clone(), None),
                };
                Some(Head { at, of, measure })
            })
            .collect();
        let may_be_percent = |at: usize| {
            let name = self.names().get(at).map_or("", String::as_str);
            let known = [N, REMARKS, GROUPS];
            let in_range = |value: f64| (0.0..=100.0).contains(&value);
            !known.iter().any(|names| is_one_of(name, names))
                && !self.is_dated(at)
                && self.values(at).into_iter().all(in_range)
        };
        let pairs = Pairs::from_heads(&heads, may_be_percent)?;
        self.say_pairs(&pairs);
        for (at, name) in &pairs.names {
            self.name_column(*at, name);
        }
        Some(pairs)
    }

    fn say_pairs(&mut self, pairs: &Pairs) {
        let name = |at: usize| self.names().get(at).cloned().unwrap_or_default();
        let mut notes = Vec::new();
        if let Some((percent, n)) = pairs.sizes.first() {
            let more = match pairs.sizes.len() {
                1 => String::new(),
                2 => " (and 1 more pair)".to_owned(),
                count => format!(" (and {} more pairs)", count - 1),
            };
            notes.push(format!(
                "{} and {}{more} taken as per cents and n of one head",
                name(*percent),
                name(*n)
            ));
        }
        if !pairs.remarks.is_empty() {
            let out: Vec<String> = pairs.remarks.iter().map(|at| name(*at)).collect();
            notes.push(format!("{} left out", and(&out)));
        }
        for note in notes {
            self.assume(note);
        }
    }

    /// Sizes that stand with the heads of some columns, each by its column; the heads lose them.
    pub(super) fn sizes_of_heads(&mut self, percents: &[usize]) -> Vec<(usize, Cell)> {
        let heads: Vec<(usize, Sized)> = percents
            .iter()
            .filter_map(|at| Some((*at, sized(self.names().get(*at)?)?)))
            .filter(|(_, sized)| !sized.rest.is_empty())
            .collect();
        let all_bare =
            heads.len() == percents.len() && !heads.iter().all(|(_, sized)| is_year(&sized.size));
        let heads: Vec<(usize, Sized)> = heads
            .into_iter()
            .filter(|(_, sized)| sized.is_named || all_bare)
            .collect();
        for (at, sized) in &heads {
            self.name_column(*at, &sized.rest);
        }
        heads
            .into_iter()
            .map(|(at, sized)| (at, Cell::text(&sized.size)))
            .collect()
    }

    /// Sizes that stand with most texts of a column become a column of respondents.
    pub(super) fn take_sizes_of_texts(&mut self) -> Option<usize> {
        let of_column = |table: &Table, at: usize| -> Vec<(usize, Sized)> {
            (0..table.len())
                .filter_map(|row| Some((row, sized(table.text(row, at))?)))
                .filter(|(_, sized)| sized.is_named && !sized.rest.is_empty())
                .collect()
        };
        let (at, sizes) = (0..self.names().len())
            .filter(|at| !self.is_numeric(*at))
            .map(|at| (at, of_column(self, at)))
            .find(|(_, sizes)| !sizes.is_empty() && 2 * sizes.len() >= self.len())?;
        let width = self.names.len();
        for row in &mut self.rows {
            row.cells.resize(width, Cell::empty());
            row.cells.push(Cell::empty());
        }
        for (row, sized) in sizes {
            if let Some(cells) = self.rows.get_mut(row).map(|row| &mut row.cells) {
                if let Some(cell) = cells.get_mut(at) {
                    *cell = Cell::text(&sized.rest);
                }
                if let Some(cell) = cells.last_mut() {
                    *cell = Cell::text(&sized.size);
                }
            }
        }
        self.names.push("n".to_owned());
        self.places.push(self.places.get(at).copied().unwrap_or(at));
        Some(width)
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse::<u16>()
            .is_ok_and(|year| (1900..2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_say_what_stands_below_them() {
        for (name, head, measure) in [
            ("Germany %", "Germany", Measure::Percent),
            ("Germany%", "Germany", Measure::Percent),
            ("Germany (%)", "Germany", Measure::Percent),
            ("% Germany", "Germany", Measure::Percent),
            ("germany_pct", "germany", Measure::Percent),
            ("Germany: per cent", "Germany", Measure::Percent),
            ("2021 (N)", "2021", Measure::N),
            ("Germany n", "Germany", Measure::N),
            ("N Germany", "Germany", Measure::N),
            ("Germany, unweighted base", "Germany", Measure::N),
            ("United States sample size", "United States", Measure::N),
            ("Germany ±", "Germany", Measure::Remark),
            ("Germany change", "Germany", Measure::Remark),
            ("% (Germany)", "Germany", Measure::Percent),
            (
                "Wave 1 (May 2023): %",
                "Wave 1 (May 2023)",
                Measure::Percent,
            ),
        ] {
            assert_eq!(
                head_and_measure(name),
                Some((head.to_owned(), measure)),
                "{name}"
            );
        }
        for name in [
            "Germany",
            "%",
            "n",
            "Norway",
            "Percentage points",
            "A great deal",
        ] {
            assert_eq!(head_and_measure(name), None, "{name}");
        }
    }
}
