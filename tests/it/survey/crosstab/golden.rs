//! Banner tables against reference values, through the library.

use std::collections::HashMap;
use std::path::PathBuf;

use opine::internals::statistics::adjust::Adjust;
use opine::internals::survey::crosstab::{
    Against, BannerPart, Crosstab, Difference, Grid, Net, Other, Percent, Question, Request, Row,
    RowPart, Scores, ScoresOf, SetBase, SetSpec, Table, Test, ZeroCells, crosstab,
};
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::DomainDf;
use opine::internals::survey::expr::condition;
use opine::internals::survey::microdata::{self, OpenOptions};
use serde_json::Value;

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

pub fn entries() -> Vec<Value> {
    // in parts, in the order of their numbers
    let parts = (1..).map(|part| folder().join(format!("banner/{part}.json")));
    let parts = parts.map_while(|path| std::fs::read_to_string(path).ok());
    let entries = parts.flat_map(|text| serde_json::from_str::<Vec<Value>>(&text).unwrap());
    let entries: Vec<Value> = entries.collect();
    assert_eq!(entries.len(), 51);
    entries
}

/// The design of an entry as a design file.
pub fn toml(entry: &Value) -> String {
    let design = entry["design"].as_object().unwrap();
    let lines = design
        .iter()
        .map(|(key, value)| format!("{key} = {value}\n"));
    lines.collect()
}

pub fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().into_iter().flatten();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn nets(of: &Value) -> Vec<Net> {
    let nets = of.as_object().into_iter().flatten();
    nets.map(|(name, levels)| Net {
        variable: None,
        name: name.clone(),
        levels: texts(levels),
    })
    .collect()
}

fn set(of: &Value) -> SetSpec {
    SetSpec {
        name: text(&of["name"]),
        variables: texts(&of["variables"]),
        counted: of["counted"].as_str().map(str::to_owned),
    }
}

fn add_set(request: &mut Request, of: &Value) {
    let spec = set(of);
    if !request.sets.contains(&spec) {
        request.sets.push(spec);
    }
    if let Some(base) = of["base"].as_str() {
        request.options.set_base = base.parse::<SetBase>().unwrap();
    }
}

/// What an entry asks for.
pub fn request(entry: &Value) -> Request {
    let mut request = Request::default();
    request.options.mentions = true;
    for row in entry["rows"].as_array().into_iter().flatten() {
        request.nets.extend(nets(&row["nets"]));
        let question = match row.as_object().unwrap().keys().next().unwrap().as_str() {
            "prop" => format!("prop({})", text(&row["prop"])),
            "mean" => format!("mean({})", text(&row["mean"])),
            "scores" => {
                let values = row["values"].as_object().unwrap().iter();
                request.scores.push(Scores {
                    variable: text(&row["scores"]),
                    of: ScoresOf::Levels(
                        values
                            .map(|(level, score)| (level.clone(), score.as_f64().unwrap()))
                            .collect(),
                    ),
                });
                format!("prop({})", text(&row["scores"]))
            }
            "set" => {
                add_set(&mut request, &row["set"]);
                text(&row["set"]["name"])
            }
            other => panic!("{other}"),
        };
        request
            .tables
            .push(Question::parse(&question).unwrap().into());
    }
    for column in entry["columns"].as_array().into_iter().flatten() {
        let part = match column["by"].is_array() {
            true => texts(&column["by"]).join(":"),
            false => {
                add_set(&mut request, &column["set"]);
                text(&column["set"]["name"])
            }
        };
        request.banner.push(BannerPart::parse(&part).unwrap());
    }
    if entry["grid"].is_array() {
        request.nets.extend(nets(&entry["nets"]));
        request.grids.push(Grid {
            name: "grid".to_owned(),
            variables: texts(&entry["grid"]),
        });
    }
    request.condition = entry["where"]
        .as_str()
        .map(|text| (text.to_owned(), condition(text).unwrap()));
    request
}

fn made(entry: &Value, change: impl Fn(&mut Request)) -> Crosstab {
    let path = folder().join("data").join(entry["data"].as_str().unwrap());
    let source = microdata::open(&path, &OpenOptions::default()).unwrap();
    let design = Design::from_toml(&toml(entry)).unwrap();
    let mut request = request(entry);
    change(&mut request);
    crosstab(source.as_ref(), "golden", &design, &request)
        .unwrap_or_else(|error| panic!("{}: {error}", entry["id"]))
}

/// What was found beside what was expected, with what is wrong.
#[derive(Default)]
struct Check {
    compared: usize,
    wrong: Vec<String>,
}

impl Check {
    /// |x − reference| within the tolerance of the reference; `slack` is what else a standard error may be off by.
    fn number(
        &mut self,
        place: &str,
        found: Option<f64>,
        reference: &Value,
        tolerance: f64,
        slack: f64,
    ) {
        self.compared += 1;
        let close = match (found, reference.as_f64()) {
            (None, None) => true,
            (Some(x), Some(y)) => (x - y).abs() <= tolerance * y.abs() + 1e-12 + slack,
            _ => false,
        };
        if !close {
            self.wrong
                .push(format!("{place}: {found:?}, not {reference}"));
        }
    }

    fn text(&mut self, place: &str, found: &str, reference: &Value) {
        self.compared += 1;
        if reference != found {
            self.wrong
                .push(format!("{place}: {found:?}, not {reference}"));
        }
    }

    fn finish(self, least: usize) {
        let shown = self.wrong.len().min(60);
        assert!(
            self.wrong.is_empty(),
            "{} of {} are wrong\n{}",
            self.wrong.len(),
            self.compared,
            self.wrong[..shown].join("\n")
        );
        assert!(self.compared >= least, "{} compared", self.compared);
    }
}

fn table<'t>(tables: &'t Crosstab, variable: &Value) -> &'t Table {
    tables
        .tables
        .iter()
        .find(|table| variable == table.variable.as_str())
        .unwrap_or_else(|| panic!("no table of {variable}"))
}

fn row<'t>(table: &'t Table, reference: &Value) -> &'t Row {
    let mean = reference["level"].is_null();
    let fits = |row: &&Row| match mean {
        true => row.part == RowPart::Mean,
        false => reference["level"] == row.level.as_deref().unwrap_or_default(),
    };
    table
        .rows
        .iter()
        .find(fits)
        .unwrap_or_else(|| panic!("no row {reference}"))
}

fn column(table: &Table, reference: &Value) -> usize {
    let block = reference["block"].as_str().unwrap_or("");
    let fits = |column: &opine::internals::survey::crosstab::Column| {
        let of = column.block.map_or("", |at| table.blocks[at].name.as_str());
        (of == block || reference["block"].is_null()) && reference["column"] == column.name.as_str()
    };
    let at = table.columns.iter().position(fits);
    at.unwrap_or_else(|| panic!("no column {reference}"))
}

fn rows_of(entry: &Value) -> impl Iterator<Item = &Value> {
    entry["cells"].as_array().into_iter().flatten()
}

fn is_grid(entry: &Value) -> bool {
    entry["grid"].is_array()
}

#[test]
fn cells_are_those_of_the_reference() {
    let mut check = Check::default();
    for entry in entries() {
        let found = made(&entry, |_| ());
        for reference in rows_of(&entry) {
            let table = match is_grid(&entry) {
                true => &found.tables[0],
                false => table(&found, &reference["row"]),
            };
            let at = column(table, reference);
            let cell = &row(table, reference).cells[at];
            let place = format!(
                "{} {}/{} {}",
                entry["id"], reference["row"], reference["level"], reference["column"]
            );
            let slack = 1e-10 * cell.estimate.unwrap_or(0.0).abs();
            let numbers = [
                ("estimate", cell.estimate, 1e-9, 0.0),
                ("se", cell.se, 1e-7, slack),
                ("ci_low", cell.ci_low, 1e-7, slack),
                ("ci_high", cell.ci_high, 1e-7, slack),
                ("df", cell.df, 1e-9, 0.0),
                ("n", Some(cell.n as f64), 1e-9, 0.0),
                ("weighted_n", Some(cell.weighted_n), 1e-9, 0.0),
                ("base_n_eff", Some(cell.base_n_eff), 1e-9, 0.0),
                ("n_eff", cell.n_eff, 1e-7, 0.0),
                ("count", cell.count.map(|count| count as f64), 1e-9, 0.0),
                ("weighted_count", cell.weighted_count, 1e-9, 0.0),
                ("index", cell.index, 1e-9, 0.0),
                ("std_dev", cell.std_dev, 1e-9, 0.0),
            ];
            for (name, found, tolerance, slack) in numbers {
                if let Some(expected) = reference.get(name) {
                    check.number(
                        &format!("{place} {name}"),
                        found,
                        expected,
                        tolerance,
                        slack,
                    );
                }
            }
        }
        for head in entry["heads"].as_array().unwrap() {
            let head = &serde_json::json!({"column": head["column"], "block": if is_grid(&entry) { Value::Null } else { head["block"].clone() }, "letter": head["letter"]});
            let table = &found.tables[0];
            let own = &table.columns[column(table, head)];
            check.text(
                "letter",
                own.letter.as_deref().unwrap_or(""),
                &head["letter"],
            );
        }
    }
    check.finish(8_000);
}

#[test]
fn shares_of_rows_tables_and_answers_are_those_of_the_reference() {
    let mut check = Check::default();
    for entry in entries().iter().filter(|entry| !is_grid(entry)) {
        for (percent, estimate, se) in [
            (Percent::Row, "row_share", "row_se"),
            (Percent::Total, "total_share", "total_se"),
        ] {
            if !rows_of(entry).any(|cell| cell.get(estimate).is_some()) {
                continue;
            }
            let found = made(entry, |request| request.options.percent = percent);
            for reference in rows_of(entry).filter(|cell| cell.get(estimate).is_some()) {
                let table = table(&found, &reference["row"]);
                let cell = &row(table, reference).cells[column(table, reference)];
                let place = format!(
                    "{} {} {}",
                    entry["id"], reference["level"], reference["column"]
                );
                check.number(
                    &format!("{place} {estimate}"),
                    cell.estimate,
                    &reference[estimate],
                    1e-9,
                    0.0,
                );
                let slack = 1e-10 * cell.estimate.unwrap_or(0.0).abs();
                check.number(
                    &format!("{place} {se}"),
                    cell.se,
                    &reference[se],
                    1e-7,
                    slack,
                );
            }
        }
        if let Some(responses) = entry["responses"].as_array() {
            let found = made(entry, |request| {
                request.options.percent = Percent::Responses
            });
            for reference in responses {
                let table = table(&found, &reference["row"]);
                let cell = &row(table, reference).cells[column(table, reference)];
                let place = format!(
                    "{} {} {}",
                    entry["id"], reference["level"], reference["column"]
                );
                check.number(&place, cell.estimate, &reference["estimate"], 1e-9, 0.0);
                let slack = 1e-10 * cell.estimate.unwrap_or(0.0).abs();
                check.number(
                    &format!("{place} se"),
                    cell.se,
                    &reference["se"],
                    1e-7,
                    slack,
                );
            }
        }
    }
    check.finish(500);
}

/// The differences of a result by what they are of.
fn differences(found: &Crosstab) -> HashMap<(String, String, String, String, String), &Difference> {
    let mut all = HashMap::new();
    for table in &found.tables {
        for row in &table.rows {
            for difference in &row.differences {
                let own = &table.columns[difference.a];
                let block = own.block.map_or("", |at| table.blocks[at].name.as_str());
                let other = match difference.b {
                    Other::Column(at) => table.columns[at].name.clone(),
                    Other::Rest => "rest".to_owned(),
                    Other::Total => "Total".to_owned(),
                };
                let level = row.level.clone().unwrap_or_default();
                let key = (
                    table.variable.clone(),
                    level,
                    block.to_owned(),
                    own.name.clone(),
                    other,
                );
                all.insert(key, difference);
            }
        }
    }
    all
}

fn key(entry: &Value, reference: &Value) -> (String, String, String, String, String) {
    let (row, block) = match is_grid(entry) {
        true => ("grid".to_owned(), "grid".to_owned()),
        false => (text(&reference["row"]), text(&reference["block"])),
    };
    (
        row,
        text(&reference["level"]),
        block,
        text(&reference["a"]),
        text(&reference["b"]),
    )
}

fn against(kind: &str) -> Against {
    match kind {
        "rest" => Against::Rest,
        "total" => Against::Total,
        _ => Against::Pairs,
    }
}

fn kinds(entry: &Value) -> Vec<String> {
    let mut kinds: Vec<String> = references(entry).map(kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn kind(reference: &Value) -> String {
    reference["kind"].as_str().unwrap_or("pair").to_owned()
}

fn references(entry: &Value) -> impl Iterator<Item = &Value> {
    entry["comparisons"].as_array().into_iter().flatten()
}

#[test]
fn comparisons_are_those_of_the_reference() {
    let mut check = Check::default();
    for entry in entries() {
        for kind_ in kinds(&entry) {
            let found = made(&entry, |request| request.options.against = against(&kind_));
            let own = differences(&found);
            for reference in references(&entry).filter(|one| kind(one) == kind_) {
                let place = format!(
                    "{} {}/{} {} {}",
                    entry["id"],
                    reference["row"],
                    reference["level"],
                    reference["a"],
                    reference["b"]
                );
                let Some(difference) = own.get(&key(&entry, reference)) else {
                    check.wrong.push(format!("{place}: not compared"));
                    continue;
                };
                let p = difference.p_value;
                check.number(
                    &format!("{place} difference"),
                    difference.estimate,
                    &reference["difference"],
                    1e-9,
                    0.0,
                );
                check.number(
                    &format!("{place} se"),
                    difference.se,
                    &reference["se"],
                    1e-7,
                    1e-10 * difference.estimate.unwrap_or(0.0).abs(),
                );
                check.number(
                    &format!("{place} t"),
                    difference.t,
                    &reference["t"],
                    1e-7,
                    0.0,
                );
                check.number(
                    &format!("{place} df"),
                    difference.df,
                    &reference["df"],
                    1e-9,
                    0.0,
                );
                check.number(&format!("{place} p"), p, &reference["p_value"], 1e-6, 0.0);
                check.number(
                    &format!("{place} holm"),
                    difference.p_adjusted,
                    &reference["p_holm"],
                    1e-6,
                    0.0,
                );
                assert_eq!(difference.bound, reference["bound"] == true, "{place}");
            }
        }
    }
    check.finish(8_000);
}

#[test]
fn kish_and_other_choices_are_those_of_the_reference() {
    let mut check = Check::default();
    for entry in entries() {
        for kind_ in kinds(&entry) {
            let run = |change: &dyn Fn(&mut Request)| {
                made(&entry, |request| {
                    request.options.against = against(&kind_);
                    change(request);
                })
            };
            let kish = run(&|request| {
                request.options.test = Test::Kish;
                request.options.adjust = Some(Adjust::Bh);
            });
            let design_df = run(&|request| {
                request.options.domain_df = DomainDf::Design;
                request.options.adjust = Some(Adjust::Bonferroni);
            });
            let excluded = run(&|request| {
                request.options.zero_cells = ZeroCells::Exclude;
                request.options.adjust = Some(Adjust::Bh);
            });
            let (kish, design_df, excluded) = (
                differences(&kish),
                differences(&design_df),
                differences(&excluded),
            );
            for reference in references(&entry).filter(|one| kind(one) == kind_) {
                let at = key(&entry, reference);
                let place = format!(
                    "{} {}/{} {} {}",
                    entry["id"],
                    reference["row"],
                    reference["level"],
                    reference["a"],
                    reference["b"]
                );
                let of = &reference["kish"];
                check.number(
                    &format!("{place} kish se"),
                    kish[&at].se,
                    &of["se"],
                    1e-7,
                    0.0,
                );
                check.number(&format!("{place} kish t"), kish[&at].t, &of["t"], 1e-7, 0.0);
                check.number(
                    &format!("{place} kish df"),
                    kish[&at].df,
                    &of["df"],
                    1e-9,
                    0.0,
                );
                check.number(
                    &format!("{place} kish p"),
                    kish[&at].p_value,
                    &of["p_value"],
                    1e-6,
                    0.0,
                );
                if let Some(bh) = of.get("p_bh") {
                    check.number(
                        &format!("{place} kish bh"),
                        kish[&at].p_adjusted,
                        bh,
                        1e-6,
                        0.0,
                    );
                }
                if let Some(p) = reference.get("p_design_df") {
                    check.number(
                        &format!("{place} p on the design's df"),
                        design_df[&at].p_value,
                        p,
                        1e-6,
                        0.0,
                    );
                }
                let without = reference.get("without_bounds");
                let bh = match without {
                    Some(without) => &without["p_bh"],
                    None => &reference["p_bh"],
                };
                if reference["bound"] == true {
                    assert_eq!(excluded[&at].p_value, None, "{place}");
                } else {
                    check.number(
                        &format!("{place} bh"),
                        excluded[&at].p_adjusted,
                        bh,
                        1e-6,
                        0.0,
                    );
                }
            }
        }
    }
    check.finish(8_000);
}

#[test]
fn letters_follow_from_the_p_values_of_the_reference() {
    let mut check = Check::default();
    for entry in entries().iter().filter(|entry| !is_grid(entry)) {
        let ways: [(&str, Test, Option<Adjust>); 4] = [
            ("design", Test::Design, None),
            ("design_bonferroni", Test::Design, Some(Adjust::Bonferroni)),
            ("design_bh", Test::Design, Some(Adjust::Bh)),
            ("kish", Test::Kish, None),
        ];
        for (name, test, adjust) in ways {
            let found = made(entry, |request| {
                request.options.test = test;
                request.options.adjust = adjust;
            });
            for reference in rows_of(entry).filter(|cell| cell["letters"].get(name).is_some()) {
                let table = table(&found, &reference["row"]);
                let cell = &row(table, reference).cells[column(table, reference)];
                let place = format!(
                    "{} {} {} {name}",
                    entry["id"], reference["level"], reference["column"]
                );
                check.text(&place, &cell.letters, &reference["letters"][name]);
            }
        }
    }
    check.finish(2_500);
}

#[test]
fn tests_of_whole_tables_are_those_of_the_reference() {
    let mut check = Check::default();
    for entry in entries().iter().filter(|entry| entry["tests"].is_array()) {
        let found = made(entry, |_| ());
        for reference in entry["tests"].as_array().unwrap() {
            let table = table(&found, &reference["row"]);
            let named =
                |(block, _): &&(usize, _)| reference["block"] == table.blocks[*block].name.as_str();
            let place = format!("{} {}", entry["id"], reference["block"]);
            let Some((_, test)) = table.tests.iter().find(named) else {
                check.wrong.push(format!("{place}: not tested"));
                continue;
            };
            check.number(
                &format!("{place} F"),
                Some(test.statistic),
                &reference["statistic"],
                1e-7,
                0.0,
            );
            check.number(
                &format!("{place} df1"),
                Some(test.df1),
                &reference["df1"],
                1e-7,
                0.0,
            );
            check.number(
                &format!("{place} df2"),
                Some(test.df2),
                &reference["df2"],
                1e-7,
                0.0,
            );
            check.number(
                &format!("{place} p"),
                Some(test.p_value),
                &reference["p_value"],
                1e-6,
                0.0,
            );
        }
    }
    check.finish(80);
}
