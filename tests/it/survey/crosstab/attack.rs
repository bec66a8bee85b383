//! Somebody who wants to know what is hidden: polls are made up, and everything that is printed of them is put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use opine::internals::statistics::simplex::{End, Simplex, Terms};
use serde_json::Value;

use super::simulated::Stream;
use crate::cli::program::{opine_in, rows};

const LEVELS: [&str; 4] = ["Very", "Somewhat", "Not", "Unsure"];
const NETS: [(&str, &[&str]); 2] = [
    ("Worried", &["Very", "Somewhat"]),
    ("Other", &["Not", "Unsure"]),
];
const MEDIA: [&str; 3] = ["tv", "web", "paper"];
const MEDIA_NETS: [(&str, &[&str]); 1] = [("Screen", &["tv", "web"])];
/// Those who gave no answer, by kind.
const KINDS: [&str; 2] = ["Refused", "Not asked"];

/// A poll with a question that some did not answer, one that all did, and one of several answers.
fn poll(seed: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut stream = Stream(0x9e37_79b9_7f4a_7c15 * seed);
    let mut csv = "party,sex,q,vote,tv,web,paper\n".to_owned();
    for _ in 0..220 + 60 * (seed % 4) {
        let mut one_of = |shares: &[f64]| {
            let mut left = stream.uniform();
            let at = shares.iter().position(|share| {
                left -= share;
                left < 0.0
            });
            at.unwrap_or(shares.len())
        };
        let party = ["1", "2", "3", ""][one_of(&[0.5, 0.3, 0.15])];
        let sex = 1 + one_of(&[0.6]);
        let q = ["1", "2", "3", "4", "8", "9"][one_of(&[0.25, 0.4, 0.2, 0.05, 0.06])];
        let vote = 1 + one_of(&[0.9]);
        let asked = one_of(&[0.1]) > 0;
        let media = [0.6, 0.3, 0.07].map(|share| one_of(&[1.0 - share]));
        let media = media.map(|yes| {
            if asked {
                yes.to_string()
            } else {
                String::new()
            }
        });
        writeln!(csv, "{party},{sex},{q},{vote},{}", media.join(",")).unwrap();
    }
    let mut book = "variable,label,value,level,missing\n".to_owned();
    let mut add = |variable: &str, levels: &[&str], missing: &str| {
        for (at, level) in levels.iter().enumerate() {
            writeln!(book, "{variable},,{},{level},{missing}", at + 1).unwrap();
        }
    };
    add("party", &["Blue", "Red", "Green"], "");
    add("sex", &["Female", "Male"], "");
    add("q", &LEVELS, "");
    add("vote", &["Yes", "No"], "");
    book += "q,,8,Refused,yes\nq,,9,Not asked,yes\n";
    for name in MEDIA {
        writeln!(book, "{name},,0,No,\n{name},,1,Yes,").unwrap();
    }
    std::fs::write(folder.path().join("poll.csv"), csv).unwrap();
    std::fs::write(folder.path().join("codebook.csv"), book).unwrap();
    folder
}

/// A line and a column of one question: a level, `n`, `answers` or `size`, by `party Blue`, `Total` or `all party`.
type Key = (String, String);

fn key(line: &str, column: &str) -> Key {
    (line.to_owned(), column.to_owned())
}

/// Bounds of a sum.
type Fact = (Vec<(Key, f64)>, f64, f64);

/// What is printed of a question, and what holds of it.
#[derive(Default)]
struct Knowledge {
    known: BTreeMap<Key, f64>,
    hidden: BTreeSet<Key>,
    facts: Vec<Fact>,
}

impl Knowledge {
    /// A number that is printed is the same wherever it stands.
    fn knows(&mut self, at: Key, count: f64) {
        let of = self.known.insert(at.clone(), count);
        assert!(
            of.is_none_or(|of| (of - count).abs() < 1e-6),
            "{at:?}: {of:?} and {count}"
        );
    }

    fn holds(&mut self, sum: &[(Key, f64)], low: f64, high: f64) {
        self.facts.push((sum.to_vec(), low, high));
    }

    /// Parts add up to a whole, or to less.
    fn adds_up(&mut self, parts: &[Key], whole: &Key, exact: bool) {
        let mut sum: Vec<(Key, f64)> = parts.iter().map(|part| (part.clone(), 1.0)).collect();
        sum.push((whole.clone(), -1.0));
        self.holds(&sum, if exact { 0.0 } else { f64::NEG_INFINITY }, 0.0);
    }

    /// The least and greatest of what is hidden.
    fn solve(&self) -> Vec<(Key, f64, f64)> {
        let terms = self.facts.iter().flat_map(|(sum, ..)| sum);
        let all: BTreeSet<&Key> = terms.map(|(key, _)| key).chain(&self.hidden).collect();
        let unknown: Vec<&Key> = all
            .into_iter()
            .filter(|key| !self.known.contains_key(*key))
            .collect();
        let place: BTreeMap<&Key, usize> = unknown
            .iter()
            .enumerate()
            .map(|(at, key)| (*key, at))
            .collect();
        let mut rows: Vec<Terms> = Vec::new();
        let mut bounds = Vec::new();
        for (sum, low, high) in &self.facts {
            let known: f64 = sum
                .iter()
                .filter_map(|(key, f)| Some(f * self.known.get(key)?))
                .sum();
            let terms: Terms = sum
                .iter()
                .filter_map(|(key, f)| Some((*place.get(key)?, *f)))
                .collect();
            if terms.is_empty() {
                assert!(
                    known > low - 1e-6 && known < high + 1e-6,
                    "what is printed holds: {sum:?}"
                );
                continue;
            }
            rows.push(terms);
            bounds.push((low - known, high - known));
        }
        let asked = rows.len();
        rows.extend(self.hidden.iter().map(|key| vec![(place[key], 1.0)]));
        let mut simplex = Simplex::new(unknown.len(), &rows);
        (0..unknown.len()).for_each(|at| simplex.bound(at, 0.0, 1e4));
        for (at, (low, high)) in bounds.into_iter().enumerate() {
            simplex.bound(simplex.row(at), low, high);
        }
        let ranges = self.hidden.iter().enumerate().map(|(at, key)| {
            let mut end = |end: End| simplex.extreme(asked + at, end).unwrap().0;
            (key.clone(), end(End::Low), end(End::High))
        });
        ranges.collect()
    }
}

/// Everything that the rows of a question tell.
fn read(rows: &[&Value], percent: &str, nets: &[(&str, &[&str])]) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let column = format!("{} {}", text("block"), text("column"))
            .trim()
            .to_owned();
        let (level, count, n) = (text("level"), row["count"].as_f64(), row["n"].as_f64());
        if text("statistic") == "mean" {
            // a mean tells how many gave one of the answers with a score
            if let Some(n) = n {
                knowledge.knows(key("scored", &column), n);
            }
            continue;
        }
        match count {
            Some(count) => knowledge.knows(key(level, &column), count),
            None => {
                knowledge.hidden.insert(key(level, &column));
                for name in [
                    "estimate",
                    "se",
                    "ci_low",
                    "ci_high",
                    "df",
                    "n_eff",
                    "index",
                    "weighted_count",
                ] {
                    assert!(row[name].is_null(), "{name} {row}");
                }
                assert_eq!(row["letters"], "", "{row}");
            }
        }
        if KINDS.contains(&level) {
            assert!(n.is_none_or(|n| Some(n) == count), "{row}");
            continue;
        }
        // without weights the effective base is the base
        if let Some(base) = row["base_n_eff"].as_f64() {
            knowledge.knows(key("n", &column), base);
        }
        let block = format!("all {}", text("block"));
        match (percent, n) {
            ("row", Some(n)) if text("block").is_empty() => knowledge.knows(key(level, "Total"), n),
            ("row", Some(n)) => knowledge.knows(key(level, &block), n),
            ("total", Some(n)) if !text("block").is_empty() => knowledge.knows(key("n", &block), n),
            (_, Some(n)) => knowledge.knows(key("n", &column), n),
            (_, None) => assert!(count.is_none(), "{row}"),
        }
        if let (Some(count), Some(share)) = (count, row["estimate"].as_f64()) {
            let is_net = nets.iter().any(|(net, _)| *net == level);
            match percent {
                "row" | "total" if share > 0.0 => {
                    assert!((count / share - n.unwrap()).abs() < 1e-6, "{row}");
                }
                "responses" if share > 0.0 && !is_net => {
                    knowledge.knows(key("answers", &column), count / share);
                }
                _ => {}
            }
        }
        // the index is the share of the column over that of the total
        if let (Some(index), Some(count)) = (row["index"].as_f64(), count.filter(|n| *n > 0.0)) {
            let of = if percent == "responses" {
                "answers"
            } else {
                "n"
            };
            let base = knowledge.known.get(&key(of, &column)).copied();
            let total = knowledge.known.get(&key(of, "Total")).copied();
            let counts = percent != "responses" || nets.iter().all(|(net, _)| *net != level);
            if let (Some(base), Some(total), true) = (base, total, counts) {
                knowledge.knows(key(level, "Total"), 100.0 * count / base * total / index);
            }
        }
    }
    // the share of a net is that of the answers that its parts were given
    for row in rows.iter().filter(|_| percent == "responses") {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let column = format!("{} {}", text("block"), text("column"))
            .trim()
            .to_owned();
        let net = nets.iter().find(|(net, _)| *net == text("level"));
        let answers = knowledge.known.get(&key("answers", &column)).copied();
        if let (Some((_, parts)), Some(share), Some(answers)) =
            (net, row["estimate"].as_f64(), answers)
        {
            let sum: Vec<_> = parts.iter().map(|part| (key(part, &column), 1.0)).collect();
            let count = (share * answers).round();
            knowledge.holds(&sum, count, count);
        }
    }
    knowledge
}

const PARTIES: [&str; 3] = ["Blue", "Red", "Green"];
const SEXES: [&str; 2] = ["Female", "Male"];

/// What is known of the banner party and sex with a net of two parties, and of the two crossed.
fn add_banner(
    knowledge: &mut Knowledge,
    crossed: bool,
    lines: &[&str],
    of_column: &dyn Fn(&mut Knowledge, &str),
) {
    let mut sums: Vec<(Vec<String>, String, bool)> = Vec::new();
    let party: Vec<String> = PARTIES.iter().map(|of| format!("party {of}")).collect();
    let sex: Vec<String> = SEXES.iter().map(|of| format!("sex {of}")).collect();
    let both = |party: &str, sex: &str| format!("party:sex {party}:{sex}");
    let each: Vec<String> = PARTIES
        .iter()
        .flat_map(|party| SEXES.map(|sex| both(party, sex)))
        .collect();
    let text = str::to_owned;
    sums.push((party.clone(), text("all party"), true));
    sums.push((sex.clone(), text("all sex"), true));
    sums.push((
        vec![party[0].clone(), party[2].clone()],
        text("party Left"),
        true,
    ));
    sums.push((vec![text("all party")], text("Total"), false));
    sums.push((vec![text("all sex")], text("Total"), false));
    if crossed {
        sums.push((each, text("all party:sex"), true));
        for of in PARTIES {
            let parts = SEXES.map(|sex| both(of, sex)).to_vec();
            sums.push((parts, format!("party {of}"), false));
        }
        for of in SEXES {
            let parts = PARTIES.map(|party| both(party, of)).to_vec();
            sums.push((parts, format!("sex {of}"), false));
        }
    }
    let mut columns: BTreeSet<String> = BTreeSet::new();
    for (number, (mut parts, whole, exact)) in sums.into_iter().enumerate() {
        columns.extend(parts.iter().cloned().chain([whole.clone()]));
        if !exact {
            // those in none of the parts are people with answers, too
            parts.push(format!("rest {number}"));
            columns.insert(format!("rest {number}"));
        }
        for line in lines {
            let parts: Vec<Key> = parts.iter().map(|part| key(line, part)).collect();
            knowledge.adds_up(&parts, &key(line, &whole), true);
        }
    }
    columns
        .iter()
        .for_each(|column| of_column(knowledge, column));
}

/// Everything that holds of the lines of one column, where everybody gives one answer.
fn of_single(knowledge: &mut Knowledge, levels: &[&str], nets: &[(&str, &[&str])], column: &str) {
    let keys = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| key(line, column))
            .collect::<Vec<_>>()
    };
    knowledge.adds_up(&keys(levels), &key("n", column), true);
    for (net, parts) in nets {
        knowledge.adds_up(&keys(parts), &key(net, column), true);
    }
}

fn of_set(knowledge: &mut Knowledge, column: &str) {
    let keys = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| key(line, column))
            .collect::<Vec<_>>()
    };
    knowledge.adds_up(&keys(&MEDIA), &key("answers", column), true);
    for (net, parts) in MEDIA_NETS {
        let mut sum: Vec<_> = keys(parts).into_iter().map(|part| (part, 1.0)).collect();
        sum.push((key(net, column), -1.0));
        knowledge.holds(&sum, 0.0, f64::INFINITY);
        for line in parts {
            knowledge.adds_up(&keys(&[line]), &key(net, column), false);
        }
    }
    for line in MEDIA.iter().chain(&["Screen"]) {
        knowledge.adds_up(&keys(&[line]), &key("n", column), false);
    }
}

const ASKED: [&str; 14] = [
    "crosstab",
    "poll.csv",
    "--codebook",
    "codebook.csv",
    "--column-net",
    "party:Left=Blue,Green",
    "--net",
    "Worried=Very,Somewhat",
    "--net",
    "Other=Not,Unsure",
    "--net",
    "Screen=tv,web",
    "--set",
    "media=tv,web,paper:Yes",
];

/// What a run of the program prints, attacked; how many cells were hidden.
fn attack(seed: u64, least: u64, percent: &str, (missing, crossed): (bool, bool)) -> usize {
    let folder = poll(seed);
    let limit = least.to_string();
    let mut asked = ASKED.to_vec();
    asked.extend(["--percent", percent, "--suppress", &limit, "--json", "-q"]);
    asked.extend(match percent {
        "responses" => ["--rows", "media,q,vote"],
        _ => ["--rows", "q,vote,media"],
    });
    asked.extend([
        "--columns",
        if crossed {
            "party,sex,party:sex"
        } else {
            "party,sex"
        },
    ]);
    asked.extend(["--scores", "q:3,2,1", "--sort", "total"]);
    if missing {
        asked.extend(["--missing", "show"]);
    }
    let run = opine_in(folder.path(), &asked, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let all = rows(&run);
    let of =
        |name: &str| -> Vec<&Value> { all.iter().filter(|row| row["variable"] == name).collect() };
    // shares of answers are those of questions with several
    let single = if percent == "responses" {
        "column"
    } else {
        percent
    };
    let mut q = read(&of("q"), single, &NETS);
    let mut vote = read(&of("vote"), single, &[]);
    let mut media = read(&of("media"), percent, &MEDIA_NETS);
    let lines = [&LEVELS[..], &["Worried", "Other", "n", "size"], &KINDS[..]].concat();
    add_banner(&mut q, crossed, &lines, &|q, column| {
        of_single(q, &LEVELS, &NETS, column)
    });
    let bases = vote
        .known
        .clone()
        .into_iter()
        .filter(|((line, _), _)| line == "n");
    for ((_, column), n) in bases {
        q.knows(key("size", &column), n);
    }
    let columns: BTreeSet<String> = q
        .facts
        .iter()
        .flat_map(|(sum, ..)| sum)
        .map(|((_, column), _)| column.clone())
        .collect();
    for column in &columns {
        let of_column = |lines: &[&str]| {
            lines
                .iter()
                .map(|line| key(line, column))
                .collect::<Vec<_>>()
        };
        match missing {
            true => q.adds_up(
                &of_column(&["n", KINDS[0], KINDS[1]]),
                &key("size", column),
                true,
            ),
            false => q.adds_up(&of_column(&["n"]), &key("size", column), false),
        }
        q.adds_up(&of_column(&LEVELS[..3]), &key("scored", column), true);
    }
    add_banner(&mut vote, crossed, &["Yes", "No", "n"], &|vote, column| {
        of_single(vote, &["Yes", "No"], &[], column)
    });
    let lines = [&MEDIA[..], &["Screen", "n", "answers"]].concat();
    add_banner(&mut media, crossed, &lines, &of_set);
    let mut hidden = 0;
    for (name, of) in [("q", q), ("vote", vote), ("media", media)] {
        for (line, count) in &of.known {
            let printed = !["scored", "size"].contains(&line.0.as_str());
            assert!(
                !printed || *count < 0.5 || *count > least as f64 - 0.5,
                "{name}, {line:?}: {count}"
            );
        }
        for (cell, low, high) in of.solve() {
            let values = (high + 1e-4).floor() - (low - 1e-4).ceil() + 1.0;
            assert!(
                values >= least as f64,
                "seed {seed}, {percent}, {missing}: {name}, {cell:?}: {low} to {high}"
            );
            hidden += 1;
        }
    }
    hidden
}

#[test]
fn nothing_hidden_can_be_worked_out_whatever_shares_are_of() {
    let mut hidden = 0;
    for seed in 1..=4 {
        for percent in ["column", "row", "total", "responses"] {
            for missing in [false, true] {
                hidden += attack(seed, 4 + 3 * (seed % 3), percent, (missing, false));
            }
        }
    }
    assert!(hidden > 300, "{hidden}");
}

#[test]
fn nor_from_columns_within_columns() {
    let hidden = ["row", "total"].map(|percent| attack(1, 7, percent, (false, true)));
    assert!(hidden.iter().all(|hidden| *hidden > 20), "{hidden:?}");
}
