//! Options of `crosstab` that can have no effect on what is asked are refused, and what `--strict` finds.

use super::args::{TableArgs, TestArgs};
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::present::crosstab::Further;
use crate::present::office::Deck;
use crate::survey::crosstab::{Crosstab, Percent, Request, RowPart, TableKind, TableOption, Test};
use crate::survey::design::Design;
use crate::survey::estimate::Missing;

/// What can be told before the file is read.
pub fn check(
    tables: &TableArgs,
    tests: &TestArgs,
    request: &Request,
    format: Format,
) -> Result<(), Failure> {
    if format == Format::Pptx {
        check_slides(tables, tests)?;
    }
    let exact = is_exact(format);
    let untested = request.is_untested();
    // comparisons and tests of tables are rows in every format
    let rows = exact || tests.tests || tests.pairs && format != Format::Xlsx;
    let rows_alone = rows && (tests.pairs || tests.tests);
    // the workbook has the rows of all cells on a sheet of its own
    let shows_intervals =
        rows || matches!(format, Format::Xlsx | Format::Pptx) || tables.show.contains(&Further::Ci);
    let no_shown = tables.show.iter().find(|what| rows && !what.is_exact());
    let rules = [
        (
            tests.like.is_some() && (untested || tests.tests),
            "--like",
            "it says how columns are tested",
        ),
        (
            tests.ci.is_some() && !shows_intervals,
            "--ci",
            "no interval is shown; add --show ci",
        ),
        (
            tests.level.is_some() && !shows_intervals,
            "--level",
            "no interval is shown; add --show ci",
        ),
        (
            rows_alone && tests.ci.is_some(),
            "--ci",
            "comparisons and tests have no such intervals",
        ),
        (
            untested && !shows_intervals && tests.domain_df.is_some(),
            "--domain-df",
            "nothing is tested and no interval is shown",
        ),
        (
            rows && tables.decimals.is_some(),
            "--decimals",
            match exact {
                true => "csv, json and parquet have every digit",
                false => "comparisons and tests have decimals of their own",
            },
        ),
        (
            exact && tables.min_base.is_some(),
            "--min-base",
            "csv, json and parquet have every cell",
        ),
        (
            (tests.pairs || tests.tests) && tables.sort.is_some(),
            "--sort",
            "comparisons and tests stand in the order of the questions",
        ),
        (
            tests.tests && matches!(tests.test, Some(Test::Kish | Test::Frequencies)),
            "--test",
            "whole tables are tested by the design",
        ),
    ];
    if let Some((option, why)) = request.without_effect(&named(tables, tests)) {
        return Err(Failure::no_effect(&flag(option), &why));
    }
    if let Some((_, option, why)) = rules.into_iter().find(|(is, _, _)| *is) {
        return Err(Failure::no_effect(option, why));
    }
    match no_shown {
        Some(what) => Err(Failure::no_effect(
            &format!("--show {}", what.name()),
            match exact {
                true => {
                    "csv, json and parquet have every column; beside them it takes mean, sd, mentions and index, which add rows"
                }
                false => "it is about the cells of tables",
            },
        )),
        None => Ok(()),
    }
}

/// What no chart on a slide shows.
fn check_slides(tables: &TableArgs, tests: &TestArgs) -> Result<(), Failure> {
    let untested = tests.test.is_none_or(|test| test == Test::None);
    let options = [
        (tests.pairs, "--pairs"),
        (tests.tests, "--tests"),
        (!untested, "--test"),
        (tests.test.is_some(), "--test none"),
        (tests.against.is_some(), "--against"),
        (tests.like.is_some(), "--like"),
        (tests.adjust.is_some(), "--adjust"),
        (tests.alpha.is_some(), "--alpha"),
        (tests.zero_cells.is_some(), "--zero-cells"),
        (tests.test_nets, "--test-nets"),
        (
            tables
                .show
                .iter()
                .any(|what| !matches!(what, Further::Mean | Further::Mentions)),
            "--show",
        ),
        (tests.missing == Some(Missing::Show), "--missing show"),
    ];
    match options.iter().find(|(is, _)| *is) {
        Some((_, option)) => Err(Failure::no_effect(
            option,
            "slides show the numbers with their intervals; letters, tests and further lines are in tables: -o tabs.xlsx",
        )),
        None => Ok(()),
    }
}

/// Slides of answers that are stacked have no intervals.
pub fn check_intervals(tests: &TestArgs, deck: &Deck) -> Result<(), Failure> {
    let options = [
        (tests.ci.is_some(), "--ci"),
        (tests.level.is_some(), "--level"),
    ];
    match options.iter().find(|(is_named, _)| *is_named) {
        Some((_, option)) if !deck.has_intervals() => Err(Failure::no_effect(
            option,
            "no slide has an interval: those of nets, means and several answers have them",
        )),
        _ => Ok(()),
    }
}

/// The options that were typed, of those that are about some tables alone.
fn named(tables: &TableArgs, tests: &TestArgs) -> Vec<TableOption> {
    let shown = |what: Further| tables.show.contains(&what);
    let options = [
        (tests.against.is_some(), TableOption::Against),
        (tests.adjust.is_some(), TableOption::Adjust),
        (tests.alpha.is_some(), TableOption::Alpha),
        (tests.zero_cells.is_some(), TableOption::ZeroCells),
        (tests.pairs, TableOption::Pairs),
        (tests.tests, TableOption::Tests),
        (tests.test.is_some(), TableOption::Test),
        (tests.test_nets, TableOption::TestNets),
        (!tables.column_nets.is_empty(), TableOption::ColumnNet),
        (tables.drop_empty, TableOption::DropEmpty),
        (tables.no_total, TableOption::NoTotal),
        (tests.domain_df.is_some(), TableOption::DomainDf),
        (!tables.sets.is_empty(), TableOption::Set),
        (tables.set_base.is_some(), TableOption::SetBase),
        (tables.percent.is_some(), TableOption::Percent),
        (tests.ci.is_some(), TableOption::Ci),
        (tests.missing.is_some(), TableOption::Missing),
        (tables.box_size.is_some(), TableOption::Box),
        (shown(Further::Mentions), TableOption::Mentions),
        (
            shown(Further::Mean) || shown(Further::StdDev),
            TableOption::Mean,
        ),
    ];
    let named = options.into_iter().filter(|(is_named, _)| *is_named);
    named.map(|(_, option)| option).collect()
}

fn flag(option: TableOption) -> String {
    format!("--{}", option.name().replace('_', "-"))
}

/// What can be told only of the design.
pub fn refuse_for_design(tests: &TestArgs, design: &Design) -> Result<(), Failure> {
    let kept = match (&design.replicates, design.df) {
        (_, Some(_)) => "--df names the degrees of freedom",
        (Some(_), None) => "those of replicate weights are the same in every column",
        (None, None) => return Ok(()),
    };
    match tests.domain_df {
        Some(_) => Err(Failure::no_effect("--domain-df", kept)),
        None => Ok(()),
    }
}

/// Takes an option back.
type Without = fn(&mut TableArgs, &mut TestArgs);

/// What was typed, once without each of the options whose effect depends on the data.
pub fn without_each(
    tables: &TableArgs,
    tests: &TestArgs,
) -> Vec<(&'static str, TableArgs, TestArgs)> {
    let options: [(&str, bool, Without); 20] = [
        ("--net", !tables.nets.is_empty(), |tables, _| {
            tables.nets.clear()
        }),
        (
            "--column-net",
            !tables.column_nets.is_empty(),
            |tables, _| {
                tables.column_nets.clear();
            },
        ),
        ("--box", tables.box_size.is_some(), |tables, _| {
            tables.box_size = None
        }),
        ("--set-base", tables.set_base.is_some(), |tables, _| {
            tables.set_base = None
        }),
        ("--scores", !tables.scores.is_empty(), |tables, _| {
            tables.scores.clear()
        }),
        ("--without", !tables.without.is_empty(), |tables, _| {
            tables.without.clear()
        }),
        ("--percent", tables.percent.is_some(), |tables, _| {
            tables.percent = None
        }),
        ("--show", !tables.show.is_empty(), |tables, _| {
            tables.show.clear()
        }),
        ("--sort", tables.sort.is_some(), |tables, _| {
            tables.sort = None
        }),
        ("--drop-empty", tables.drop_empty, |tables, _| {
            tables.drop_empty = false
        }),
        ("--no-total", tables.no_total, |tables, _| {
            tables.no_total = false
        }),
        ("--flag-base", tables.flag_base.is_some(), |tables, _| {
            tables.flag_base = None
        }),
        // without letters nothing is marked: no reason to test everything for that
        (
            "--test",
            tests.test.is_some_and(|test| test != Test::None),
            |_, tests| tests.test = None,
        ),
        ("--against", tests.against.is_some(), |_, tests| {
            tests.against = None
        }),
        ("--adjust", tests.adjust.is_some(), |_, tests| {
            tests.adjust = None
        }),
        ("--alpha", tests.alpha.is_some(), |_, tests| {
            tests.alpha = None
        }),
        ("--zero-cells", tests.zero_cells.is_some(), |_, tests| {
            tests.zero_cells = None
        }),
        ("--domain-df", tests.domain_df.is_some(), |_, tests| {
            tests.domain_df = None
        }),
        ("--missing", tests.missing.is_some(), |_, tests| {
            tests.missing = None
        }),
        ("--codes", tests.codes, |_, tests| tests.codes = false),
    ];
    let named = options.into_iter().filter(|(_, is_named, _)| *is_named);
    named
        .map(|(option, _, take_back)| {
            let (mut tables, mut tests) = (tables.clone(), tests.clone());
            take_back(&mut tables, &mut tests);
            (option, tables, tests)
        })
        .collect()
}

/// Whether an option shows in the cells of every table that it was accepted for, so that none is made again to see it: a net
/// or a score without a row is refused.
pub fn is_evident(option: &str) -> bool {
    [
        "--net",
        "--column-net",
        "--box",
        "--scores",
        "--without",
        "--no-total",
    ]
    .contains(&option)
}

/// What can be told only of the tables that came out.
pub fn check_tables(
    tables: &TableArgs,
    tests: &TestArgs,
    crosstab: &Crosstab,
) -> Result<(), Failure> {
    match crosstab.without_effect(&named(tables, tests)) {
        Some((TableOption::Percent, why))
            if crosstab.request.options.percent == Percent::Responses =>
        {
            Err(Failure::no_effect("--percent responses", why))
        }
        Some((option, why)) => Err(Failure::no_effect(&flag(option), why)),
        None => Ok(()),
    }
}

/// Whether a format has rows and not tables.
pub fn is_exact(format: Format) -> bool {
    matches!(format, Format::Csv | Format::Json | Format::Parquet)
}

/// What `--strict` stumbles over.
pub fn findings(crosstab: &Crosstab) -> Vec<String> {
    let flag = crosstab.request.options.flag_base;
    let mut findings = crosstab.notes.clone();
    for table in &crosstab.tables {
        for (column, base) in table.columns.iter().zip(&table.bases) {
            let place = match column.block {
                Some(block) => format!("{} {}", table.blocks[block].name, column.name),
                None => column.name.clone(),
            };
            let of = &table.variable;
            if base.hidden {
                continue;
            }
            if base.n == 0 {
                findings.push(format!("{of}: {place} is empty"));
            } else if base.least() < flag {
                let least = base.least().floor();
                findings.push(format!(
                    "{of}: the base of {place} is {least}, under {flag}"
                ));
            }
        }
        if table.kind != TableKind::Levels || table.percent != Percent::Column {
            continue;
        }
        for (at, column) in table.columns.iter().enumerate() {
            let levels = table.rows.iter().filter(|row| row.part == RowPart::Level);
            let sum: f64 = levels.filter_map(|row| row.cells[at].estimate).sum();
            let hidden = table.rows.iter().any(|row| row.cells[at].hidden);
            if table.bases[at].n > 0 && !hidden && (sum - 1.0).abs() > 1e-9 {
                findings.push(format!(
                    "{}: the shares of {} add up to {:.1}%",
                    table.variable,
                    column.name,
                    100.0 * sum
                ));
            }
        }
    }
    findings
}
