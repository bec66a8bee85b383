//! Words by which a row says that it is several answers together: “NET: worried”, “Total agree”, “Gesamt Zustimmung”.
//!
//! One list for everything that looks at the words of answers: what adds up to 100 is counted without them, they are no part
//! of a stack, and `check` holds them against the answers beside them.

use std::collections::HashMap;
use std::hash::Hash;

use super::non_answers::is_non_answer;

/// Words that say so wherever they stand.
const ANYWHERE: [&str; 4] = ["net", "nets", "netto", "subtotal"];
/// Words that say so before others; alone they are the sum of all answers.
#[rustfmt::skip]
const BEFORE: [&str; 11] = [
    "total", "summe", "gesamt", "insgesamt", "ensemble", "totale", "totaal", "suma", "totalt", "sum", "subtotal",
];

/// Whether a label is that of several answers together.
pub fn is_net(label: &str) -> bool {
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let begins = words.first().is_some_and(|word| BEFORE.contains(word));
    (begins && words.len() > 1) || words.iter().any(|word| ANYWHERE.contains(word))
}

/// What printed numbers may be off from a sum of so many others, each rounded to whole ones.
fn rounding(parts: usize) -> f64 {
    0.5 * (parts as f64 + 1.0) + 1e-9
}

/// A NET that is this near to its nearest answers is theirs, with a slip; else its parts are not printed. In points.
const SLIP: f64 = 5.0;
/// More answers than these are no NET that anybody prints.
const MOST_PARTS: usize = 12;
/// More answers than these are no question, and are not gone through for each NET.
const MOST_ANSWERS: usize = 500;
/// Words that a NET has in common with answers that are none of its parts.
const COMMON: [&str; 8] = ["and", "any", "not", "or", "the", "und", "oder", "nicht"];

/// Which rows of a question add up others of it, and which: the places of its parts for each row, none for an answer.
///
/// A NET is called so, and its parts are answers in a row that come to about as much, each in one NET only: those whose words it
/// has (“Approve” of “Strongly approve”), else those next to it, after or before; where all NETs stand at one end of the list, else
/// those that come first. Answers and don’t knows are never added. A “Total disagree” without its parts is an answer as others are.
pub fn parts_of_nets(rows: &[(&str, f64)]) -> Vec<Vec<usize>> {
    let called: Vec<bool> = rows.iter().map(|(label, _)| is_net(label)).collect();
    let count = called.iter().filter(|net| **net).count();
    let at_one_end = called.iter().take(count).all(|net| *net)
        || called.iter().rev().take(count).all(|net| *net);
    let mut nets = Nets {
        rows,
        taken: called.clone(),
        parts: vec![Vec::new(); rows.len()],
    };
    let places: Vec<usize> = (0..rows.len())
        .filter(|at| called.get(*at) == Some(&true))
        .collect();
    nets.settle(&places, |nets, at| {
        nets.like_it(at, rounding)
            .or_else(|| nets.beside(at, rounding))
    });
    if at_one_end {
        nets.settle(&places, |nets, at| nets.first(at));
    }
    nets.settle(&places, |nets, at| {
        nets.like_it(at, |_| SLIP)
            .or_else(|| nets.beside(at, |_| SLIP))
    });
    nets.parts
}

/// The same of a list of several groups, by the places in the list. A NET that has its parts in one group has them in every
/// group that prints them all, whatever they add up to there.
pub fn parts_of_nets_in_groups<G: Eq + Hash>(rows: &[(G, &str, f64)]) -> Vec<Vec<usize>> {
    let mut groups: HashMap<&G, Vec<usize>> = HashMap::new();
    for (at, (group, ..)) in rows.iter().enumerate() {
        groups.entry(group).or_default().push(at);
    }
    let label = |at: usize| rows.get(at).map_or("", |(_, label, _)| *label);
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for places in groups.values() {
        let own: Vec<(&str, f64)> = places
            .iter()
            .filter_map(|at| rows.get(*at))
            .map(|(_, label, value)| (*label, *value))
            .collect();
        for (net, found) in places.iter().zip(parts_of_nets(&own)) {
            if let Some(parts) = parts.get_mut(*net) {
                *parts = found
                    .iter()
                    .filter_map(|at| places.get(*at).copied())
                    .collect();
            }
        }
    }
    let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
    for (at, parts) in parts
        .iter()
        .enumerate()
        .filter(|(_, parts)| !parts.is_empty())
    {
        let labels = parts.iter().map(|part| label(*part)).collect();
        known.entry(label(at)).or_insert(labels);
    }
    for (at, (group, own, _)) in rows.iter().enumerate() {
        let (Some(labels), Some(places)) = (known.get(own), groups.get(group)) else {
            continue;
        };
        let place = |part: &&str| places.iter().copied().find(|at| label(*at) == *part);
        let all: Option<Vec<usize>> = labels.iter().map(place).collect();
        if let (Some(all), Some(parts)) = (all, parts.get_mut(at).filter(|parts| parts.is_empty()))
        {
            *parts = all;
        }
    }
    parts
}

/// The NETs of a question while their parts are looked for.
struct Nets<'r> {
    rows: &'r [(&'r str, f64)],
    /// Rows that are NETs, or part of one.
    taken: Vec<bool>,
    parts: Vec<Vec<usize>>,
}

impl Nets<'_> {
    /// Gives parts to the NETs that have none.
    fn settle(&mut self, nets: &[usize], find: impl Fn(&Self, usize) -> Option<Vec<usize>>) {
        for net in nets {
            if self.parts.get(*net).is_none_or(|parts| !parts.is_empty()) {
                continue;
            }
            let Some(found) = find(self, *net) else {
                continue;
            };
            for part in &found {
                if let Some(taken) = self.taken.get_mut(*part) {
                    *taken = true;
                }
            }
            if let Some(parts) = self.parts.get_mut(*net) {
                *parts = found;
            }
        }
    }

    fn is_free(&self, at: &usize) -> bool {
        self.taken.get(*at) == Some(&false)
    }

    /// How far a NET is from the sum of some answers, where that is no more than so many may be off.
    fn off(&self, net: usize, parts: &[usize], most: fn(usize) -> f64) -> Option<f64> {
        let (_, value) = self.rows.get(net)?;
        let values = || parts.iter().filter_map(|at| self.rows.get(*at));
        let sum: f64 = values().map(|(_, value)| value).sum();
        let none = values().filter(|(label, _)| is_non_answer(label)).count();
        if none > 0 && none < parts.len() {
            return None;
        }
        Some((sum - value).abs()).filter(|off| *off <= most(parts.len()))
    }

    /// The answers that are part of no NET yet; none of a list that is too long to be one question.
    fn free(&self) -> Vec<usize> {
        match self.rows.len() {
            ..=MOST_ANSWERS => (0..self.rows.len()).filter(|at| self.is_free(at)).collect(),
            _ => Vec::new(),
        }
    }

    /// Answers that have a word of the NET each: of several, those that come nearest.
    fn like_it(&self, net: usize, most: fn(usize) -> f64) -> Option<Vec<usize>> {
        let (label, _) = self.rows.get(net)?;
        let own = words_of(label);
        let is_like = |at: &usize| {
            let label = self.rows.get(*at).map_or("", |(label, _)| *label);
            words_of(label).iter().any(|word| own.contains(word))
        };
        let free = self.free();
        let alike = runs(&free).filter(|run| run.iter().all(is_like));
        let near = alike.filter_map(|run| Some((self.off(net, run, most)?, run)));
        let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map(|(_, run)| run.to_vec())
    }

    /// The answers right after the NET or right before it, as many as add up.
    fn beside(&self, net: usize, most: fn(usize) -> f64) -> Option<Vec<usize>> {
        let free = |at: &usize| self.is_free(at);
        let after = (net + 1..self.rows.len()).take(MOST_PARTS).take_while(free);
        let before = (0..net).rev().take(MOST_PARTS).take_while(free);
        let sides: [Vec<usize>; 2] = [after.collect(), before.collect()];
        sides.into_iter().find_map(|side| {
            let runs = (2..=side.len()).filter_map(|count| side.get(..count));
            let near = runs.filter_map(|run| Some((self.off(net, run, most)?, run.to_vec())));
            near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, run)| run)
        })
    }

    /// The first answers that add up.
    fn first(&self, net: usize) -> Option<Vec<usize>> {
        let free = self.free();
        let fitting = runs(&free).filter(|run| self.off(net, run, rounding).is_some());
        let first = fitting.min_by_key(|run| run.first().copied());
        first.map(<[usize]>::to_vec)
    }
}

/// Two answers and more that stand in a row, NETs between them aside.
fn runs(free: &[usize]) -> impl Iterator<Item = &[usize]> {
    (2..=free.len().min(MOST_PARTS)).flat_map(|length| free.windows(length))
}

/// The words of a label that say what it is of.
fn words_of(label: &str) -> Vec<String> {
    let lower = label.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().count() > 2)
        .filter(|word| !ANYWHERE.contains(word) && !BEFORE.contains(word) && !COMMON.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_net, parts_of_nets, parts_of_nets_in_groups};

    fn nets(rows: &[(&str, f64)]) -> Vec<bool> {
        let parts = parts_of_nets(rows);
        parts.iter().map(|parts| !parts.is_empty()).collect()
    }

    #[test]
    fn a_net_without_its_parts_is_an_answer() {
        let rows = [
            ("Total agree", 62.0),
            ("Strongly", 24.0),
            ("Somewhat", 38.0),
            ("Total disagree", 30.0),
            ("Don't know", 8.0),
        ];
        assert_eq!(nets(&rows), [true, false, false, false, false]);
        let after = [
            ("Strongly", 24.0),
            ("Somewhat", 38.0),
            ("Total agree", 63.0),
            ("Rather not", 20.0),
            ("Not at all", 10.0),
            ("Total disagree", 30.0),
        ];
        assert_eq!(nets(&after), [false, false, true, false, false, true]);
        let slip = [
            ("NET worried", 66.0),
            ("Very", 24.0),
            ("Somewhat", 38.0),
            ("Not", 38.0),
        ];
        assert_eq!(nets(&slip), [true, false, false, false]);
    }

    #[test]
    fn nets_stand_apart_from_their_parts() {
        let approval = [
            ("Strongly approve", 21.0),
            ("Somewhat approve", 20.0),
            ("Somewhat disapprove", 12.0),
            ("Strongly disapprove", 43.0),
            ("Not sure", 3.0),
            ("NET Approve", 41.0),
            ("NET Disapprove", 55.0),
        ];
        let parts = parts_of_nets(&approval);
        assert_eq!(parts[5], [0, 1]);
        assert_eq!(parts[6], [2, 3]);
        let without_words = [
            ("Worried (net)", 62.0),
            ("Calm (net)", 30.0),
            ("Very", 24.0),
            ("Fairly", 38.0),
            ("Hardly", 20.0),
            ("Not at all", 10.0),
            ("Don't know", 8.0),
        ];
        let parts = parts_of_nets(&without_words);
        assert_eq!(parts[0], [2, 3]);
        assert_eq!(parts[1], [4, 5]);
        let in_groups: Vec<(&str, &str, f64)> = approval
            .iter()
            .map(|(label, value)| ("men", *label, *value))
            .chain(approval.iter().map(|(label, value)| match *label {
                "NET Approve" => ("women", *label, 14.0),
                _ => ("women", *label, *value),
            }))
            .collect();
        assert_eq!(parts_of_nets_in_groups(&in_groups)[12], [7, 8]);
        let lone = [
            ("A great deal", 12.0),
            ("Somewhat", 40.0),
            ("Not much", 44.0),
            ("Don't know", 4.0),
            ("Total trust", 52.0),
        ];
        assert_eq!(parts_of_nets(&lone)[4], [0, 1]);
        // two NETs of which neither has its parts in print
        let alone = [("Total yes", 62.0), ("Total no", 30.0), ("Don't know", 8.0)];
        assert_eq!(nets(&alone), [false; 3]);
    }

    #[test]
    fn nets_are_told_from_answers_and_sums() {
        for label in [
            "NET worried",
            "Worried (NET)",
            "Total agree",
            "Total: trust",
            "Summe Vertrauen",
            "Subtotal",
        ] {
            assert!(is_net(label), "{label}");
        }
        for label in [
            "Total",
            "Gesamt",
            "Network",
            "Agree in total",
            "A great deal",
        ] {
            assert!(!is_net(label), "{label}");
        }
    }
}
