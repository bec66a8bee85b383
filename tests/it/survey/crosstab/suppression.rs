//! Small counts that are hidden, and can't be worked out from what is printed.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use opine::internals::statistics::simplex::{End, Simplex, Terms};
use serde_json::Value;

use super::plans::folder;
use crate::cli::program::{Run, opine_in, rows};

const LEAST: u64 = 12;

fn crosstab(folder: &Path, more: &[&str]) -> Run {
    let file = ["crosstab", "poll.csv", "--codebook", "codebook.csv"];
    opine_in(folder, &[&file[..], more].concat(), "")
}

const ASKED: [&str; 12] = [
    "--rows",
    "w_us,w_ru,w_cn,vote",
    "--columns",
    "party,sex,party:sex",
    "--net",
    "Worried=Very worried,Somewhat worried",
    "--net",
    "Not=Not worried,Don't know",
    "--column-net",
    "party:Left=Blue,Green",
    "--adjust",
    "none",
];

/// `block column` of a row.
fn place(row: &Value) -> String {
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    format!("{} {}", text("block"), text("column"))
        .trim()
        .to_owned()
}

/// Counts of a question by level and column; `None` where they are not printed. The base is the level `n`.
type Counts = BTreeMap<(String, String), Option<f64>>;

fn counts(all: &[Value]) -> HashMap<String, Counts> {
    let mut by_question: HashMap<String, Counts> = HashMap::new();
    for row in all {
        let question = row["variable"].as_str().unwrap().to_owned();
        let level = row["level"].as_str().unwrap().to_owned();
        let of = by_question.entry(question).or_default();
        of.insert((level, place(row)), row["count"].as_f64());
        let base = row["n"].as_f64();
        let known = of.insert(("n".to_owned(), place(row)), base);
        assert!(
            known.is_none_or(|known| known == base),
            "one base a column: {row}"
        );
    }
    by_question
}

/// Columns that add up to others, of this banner, where everybody has a party and a sex.
const SUMS: [(&str, &[&str]); 8] = [
    ("Total", &["party Blue", "party Red", "party Green"]),
    ("Total", &["sex Female", "sex Male"]),
    ("party Left", &["party Blue", "party Green"]),
    (
        "party Blue",
        &["party:sex Blue:Female", "party:sex Blue:Male"],
    ),
    ("party Red", &["party:sex Red:Female", "party:sex Red:Male"]),
    (
        "party Green",
        &["party:sex Green:Female", "party:sex Green:Male"],
    ),
    (
        "sex Female",
        &[
            "party:sex Blue:Female",
            "party:sex Red:Female",
            "party:sex Green:Female",
        ],
    ),
    (
        "sex Male",
        &[
            "party:sex Blue:Male",
            "party:sex Red:Male",
            "party:sex Green:Male",
        ],
    ),
];

/// The least and greatest that each hidden count can be, from everything that is printed of a question.
fn solved(counts: &Counts, levels: &[&str], nets: &[(&str, &[&str])]) -> Vec<(String, f64, f64)> {
    let hidden: Vec<&(String, String)> = counts
        .iter()
        .filter(|(_, count)| count.is_none())
        .map(|(key, _)| key)
        .collect();
    let mut facts: Vec<(Terms, f64)> = Vec::new();
    let mut fact = |terms: &[((String, String), f64)]| {
        let (mut unknown, mut known) = (Terms::new(), 0.0);
        for (key, factor) in terms {
            match counts.get(key) {
                Some(Some(count)) => known += factor * count,
                Some(None) => {
                    let at = hidden.iter().position(|of| *of == key).unwrap();
                    unknown.push((at, *factor));
                }
                None => return,
            }
        }
        if unknown.is_empty() {
            assert!(
                known.abs() < 1e-9,
                "what is printed holds together: {terms:?}"
            );
        } else {
            facts.push((unknown, -known));
        }
    };
    let key = |level: &str, column: &str| (level.to_owned(), column.to_owned());
    let columns: Vec<String> = {
        let mut all: Vec<String> = counts.keys().map(|(_, column)| column.clone()).collect();
        all.sort();
        all.dedup();
        all
    };
    for column in &columns {
        let sum = |whole: &str, parts: &[&str]| {
            let mut terms: Vec<_> = parts.iter().map(|part| (key(part, column), 1.0)).collect();
            terms.push((key(whole, column), -1.0));
            terms
        };
        fact(&sum("n", levels));
        nets.iter().for_each(|(net, parts)| fact(&sum(net, parts)));
    }
    let lines = levels
        .iter()
        .copied()
        .chain(nets.iter().map(|(net, _)| *net))
        .chain(["n"]);
    for line in lines {
        for (whole, parts) in SUMS {
            let mut terms: Vec<_> = parts.iter().map(|part| (key(line, part), 1.0)).collect();
            terms.push((key(line, whole), -1.0));
            fact(&terms);
        }
    }
    let mut rows: Vec<Terms> = facts.iter().map(|(terms, _)| terms.clone()).collect();
    rows.extend((0..hidden.len()).map(|at| vec![(at, 1.0)]));
    let mut simplex = Simplex::new(hidden.len(), &rows);
    (0..hidden.len()).for_each(|at| simplex.bound(at, 0.0, 1e4));
    for (at, (_, sum)) in facts.iter().enumerate() {
        simplex.bound(simplex.row(at), *sum, *sum);
    }
    let mut ranges = Vec::new();
    for (at, (level, column)) in hidden.iter().enumerate() {
        let mut end = |end: End| simplex.extreme(facts.len() + at, end).unwrap().0;
        let (low, high) = (end(End::Low), end(End::High));
        ranges.push((format!("{level} in {column}"), low, high));
    }
    ranges
}

#[test]
fn what_is_hidden_cannot_be_narrowed_below_the_limit() {
    let folder = folder();
    let limit = LEAST.to_string();
    let open = rows(&crosstab(
        folder.path(),
        &[&ASKED[..], &["--json"]].concat(),
    ));
    let suppress = ["--suppress", &limit, "--json"];
    let run = crosstab(folder.path(), &[&ASKED[..], &suppress].concat());
    let closed = rows(&run);
    assert_eq!(open.len(), closed.len());
    let (mut small, mut more) = (0, 0);
    for (open, closed) in open.iter().zip(&closed) {
        let (count, n) = (open["count"].as_u64().unwrap(), open["n"].as_u64().unwrap());
        let is_small = |count: u64| (1..LEAST).contains(&count);
        match closed["count"].as_u64() {
            Some(shown) => {
                assert_eq!((shown, &open["estimate"]), (count, &closed["estimate"]));
                assert!(!is_small(count) && !is_small(n - count), "{closed}");
            }
            None => {
                for key in [
                    "estimate",
                    "se",
                    "ci_low",
                    "ci_high",
                    "n_eff",
                    "deff",
                    "weighted_count",
                    "index",
                ] {
                    assert!(closed[key].is_null(), "{key} {closed}");
                }
                assert_eq!(closed["letters"], "");
                small += usize::from(is_small(count) || is_small(n - count));
                more += usize::from(!is_small(count) && !is_small(n - count));
            }
        }
    }
    assert!(small > 5 && more > 5, "{small} small, {more} more");
    let worry = [
        "Very worried",
        "Somewhat worried",
        "Not worried",
        "Don't know",
    ];
    let nets: [(&str, &[&str]); 2] = [("Worried", &worry[..2]), ("Not", &worry[2..])];
    let mut solved_for = 0;
    for (question, counts) in counts(&closed) {
        let ranges = match question.as_str() {
            "vote" => solved(&counts, &["Yes", "No"], &[]),
            _ => solved(&counts, &worry, &nets),
        };
        for (cell, low, high) in ranges {
            let values = (high + 1e-4).floor() - (low - 1e-4).ceil() + 1.0;
            assert!(
                values >= LEAST as f64,
                "{question}, {cell}: {low} to {high}"
            );
            solved_for += 1;
        }
    }
    assert!(solved_for >= small + more, "{solved_for}");
    // what was hidden is said, with its reason and without its number
    assert!(
        run.err
            .contains("hidden, for fewer than 12 respondents gave it, or did not:"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("hidden, for it would tell of those:"),
        "{}",
        run.err
    );
    // no comparison tells of it
    let pairs = ["--suppress", &limit, "--pairs", "--json"];
    let pairs = rows(&crosstab(folder.path(), &[&ASKED[..], &pairs].concat()));
    let hidden: Vec<String> = closed
        .iter()
        .filter(|row| row["count"].is_null())
        .map(|row| {
            format!(
                "{}/{}:{}={}",
                row["variable"].as_str().unwrap(),
                row["level"].as_str().unwrap(),
                row["block"].as_str().unwrap(),
                row["column"].as_str().unwrap()
            )
        })
        .collect();
    let mut told = 0;
    for pair in &pairs {
        let of = |key: &str| hidden.iter().any(|cell| pair[key] == cell.as_str());
        if of("a") || of("b") {
            assert!(
                pair["estimate"].is_null() && pair["p_value"].is_null() && pair["z"].is_null(),
                "{pair}"
            );
            told += 1;
        }
    }
    assert!(told > 5);
}

#[test]
fn hidden_cells_are_marked_and_the_same_number_tells_nothing_elsewhere() {
    let folder = folder();
    let limit = LEAST.to_string();
    let asked = ["--columns", "party:sex", "--suppress", &limit];
    let text = crosstab(folder.path(), &[&asked[..], &["--rows", "w_us"]].concat());
    assert_eq!(text.code, 0, "{}", text.err);
    assert!(text.out.contains(" x"), "{}", text.out);
    assert!(
        text.out
            .replace('\n', " ")
            .contains("x: hidden, for few respondents are behind it"),
        "{}",
        text.out
    );
    // a battery shows the same counts: hidden here, hidden there
    let grid = ["--grid", "Worries=w_us,w_ru,w_cn", "--json"];
    let all = rows(&crosstab(folder.path(), &[&asked[..], &grid].concat()));
    let count = |variable: &str, level: &str, column: &str| {
        let is = |row: &&Value| {
            row["variable"] == variable && row["level"] == level && row["column"] == column
        };
        all.iter().find(is).unwrap()["count"].clone()
    };
    let mut hidden = 0;
    for (item, label) in [("w_us", "the US"), ("w_ru", "Russia"), ("w_cn", "China")] {
        for level in [
            "Very worried",
            "Somewhat worried",
            "Not worried",
            "Don't know",
        ] {
            assert_eq!(count("Worries", level, item), count(item, level, "Total"));
            for column in ["Blue:Female", "Blue:Male", "Red:Male", "Green:Male"] {
                let one = count(&format!("Worries: {level}"), label, column);
                assert_eq!(one, count(item, level, column));
                hidden += usize::from(one.is_null());
            }
        }
    }
    assert!(hidden > 5);
    // few in a column: it is left out with another one, and its base is not there either
    let few = [
        "--rows",
        "vote",
        "--columns",
        "band=cut(id, 5, 200)",
        "--suppress",
        &limit,
        "--json",
    ];
    let few = rows(&crosstab(folder.path(), &few));
    let bases: Vec<bool> = few.iter().map(|row| row["n"].is_null()).collect();
    assert_eq!(bases.iter().filter(|hidden| **hidden).count(), 4, "{few:?}");
}

#[test]
fn suppression_says_of_what_it_does_not_know() {
    let folder = folder();
    for (arguments, message) in [
        (
            &[
                "--columns",
                "party",
                "--rows",
                "vote,Yes = prop(vote == 'Yes')",
            ][..],
            "vote and Yes are both of vote",
        ),
        (
            &["--columns", "party,sex", "--rows", "vote,party"],
            "party is in the banner, too",
        ),
        (
            &[
                "--columns",
                "id=cut(id, 100),half=cut(id, 200)",
                "--rows",
                "vote",
            ],
            "are both of id",
        ),
    ] {
        let run = crosstab(folder.path(), &[arguments, &["--suppress", "5"]].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
    let none = ["--rows", "vote", "--columns", "sex", "--suppress", "3"];
    let none = crosstab(folder.path(), &none);
    assert!(none.err.contains("nothing is hidden"), "{}", none.err);
}

#[test]
fn what_is_hidden_is_hidden_in_every_other_place() {
    let folder = folder();
    let limit = LEAST.to_string();
    let asked = [
        "--rows",
        "w_us",
        "--columns",
        "party:sex,party",
        "--suppress",
        &limit,
    ];
    let run = |more: &[&str]| crosstab(folder.path(), &[&asked[..], more].concat());
    let cells = rows(&run(&["--json"]));
    let hidden = cells.iter().find(|row| row["count"].is_null()).unwrap();
    // what is said of one cell is not said of a hidden one
    let cell = format!(
        "{} / {}={}",
        hidden["level"].as_str().unwrap(),
        hidden["block"].as_str().unwrap(),
        hidden["column"].as_str().unwrap()
    );
    let explained = run(&["--explain", &cell]);
    assert!(
        explained.out.contains("There is none: hidden"),
        "{}",
        explained.out
    );
    assert!(
        !explained.out.contains("gave the answer"),
        "{}",
        explained.out
    );
    // the test of the whole table is made of all counts
    let tests = rows(&run(&["--tests", "--json"]));
    let of_block = tests
        .iter()
        .find(|row| row["block"] == hidden["block"])
        .unwrap();
    assert!(of_block["statistic"].is_null(), "{of_block}");
    assert!(
        of_block["note"].as_str().unwrap().starts_with("hidden"),
        "{of_block}"
    );
    // p-values of what is shown are those of a family without what is hidden
    let pairs = rows(&run(&["--pairs", "--json"]));
    let mut families: BTreeMap<(String, String), Vec<(f64, f64)>> = BTreeMap::new();
    for pair in &pairs {
        if let (Some(p), Some(adjusted)) = (pair["p_value"].as_f64(), pair["p_adjusted"].as_f64()) {
            let (row, column) = pair["a"].as_str().unwrap().rsplit_once('=').unwrap();
            let outer = column.split(':').count().to_string();
            families
                .entry((row.to_owned(), outer))
                .or_default()
                .push((p, adjusted));
        }
    }
    assert!(families.len() > 3);
    for (name, mut family) in families {
        family.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut least = 0.0_f64;
        for (at, (p, adjusted)) in family.iter().enumerate() {
            least = least.max((family.len() - at) as f64 * p).min(1.0);
            assert!((least - adjusted).abs() < 1e-12, "{name:?}: {family:?}");
        }
    }
}
