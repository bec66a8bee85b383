//! The query as a whole: which selections it stacks.

use super::dialect::Dialect;
use super::expression::{Writer, refused};
use super::parts::{Layout, NamedColumns, chosen, grouped, numbered};
use crate::survey::expr::{Expr, condition};
use crate::survey::microdata::View;
use crate::survey::sums::error::Error;
use crate::survey::sums::export::{SPECIFICATION, Spec};
use crate::survey::sums::plan::{ItemPlan, Mode, Operand, Plan, Weights};

/// One query whose result is the table of sums. `table` stands in it as it is given.
///
/// Every engine adds floats in an order of its own, so the digits agree to about 12.
///
/// # Errors
/// [`Error::Query`]: what the query can't put, and what to do in its place.
pub fn query(dialect: Dialect, table: &str, spec: &Spec, plan: &Plan) -> Result<String, Error> {
    refuse(spec)?;
    let writer = Writer {
        dialect,
        codebook: &spec.codebook,
    };
    let layout = Layout::new(dialect, spec);
    let mut shared = SharedColumns::new(&writer, spec, plan)?;
    let mut parts = vec![
        layout.select(
            "spec",
            Some(SPECIFICATION),
            &[],
            &vec![("level", dialect.text(&spec.to_json()))],
        ),
        rows(&layout),
        unit(&layout, spec),
        cell(&layout),
    ];
    for (at, (text, item)) in spec.items.iter().zip(&plan.items).enumerate() {
        let inside = match plan.item_filters.get(&at) {
            None => "inside".to_owned(),
            Some(filter) => {
                let truth = writer.truth(&parsed(&filter.text)?)?;
                let column = format!("COALESCE({truth}, FALSE)");
                shared.columns.push((format!("k{at}"), column));
                format!("inside AND k{at}")
            }
        };
        match item {
            ItemPlan::Levels { operand, .. } => {
                shared
                    .columns
                    .push((format!("x{at}"), level_of(&writer, operand)?));
                parts.extend(levels(&layout, spec, plan.mode, (text, at), &inside));
            }
            ItemPlan::Numbers { operands, products } => {
                let mut basics = Vec::new();
                for operand in operands {
                    if operand.bound.is_within() {
                        let why = "its terms are of different respondents; take them one by one";
                        return Err(refused(text, why));
                    }
                    basics.push(writer.number(&parsed(&operand.text)?)?);
                }
                for (a, b) in products {
                    basics.push(format!("({} * {})", basics[*a], basics[*b]));
                }
                for (j, basic) in basics.into_iter().enumerate() {
                    shared.columns.push((format!("z{at}_{}", j + 1), basic));
                }
                parts.extend(numbers(&layout, spec, plan.mode, (text, at, item), &inside));
            }
            _ => return Err(refused(text, "it needs a second pass over the respondents")),
        }
    }
    let columns: Vec<String> = shared
        .columns
        .iter()
        .map(|(name, expression)| format!("    {expression} AS {name}"))
        .collect();
    Ok(format!(
        "-- sums for opine ({dialect}): save the result as Parquet or CSV, then: opine estimate RESULT\n\
         WITH variables {common} (\n  SELECT\n{variables}\n  FROM {table}\n),\n\
         respondents {common} (\n  SELECT\n{columns}\n  FROM variables\n)\n{parts}\n",
        common = dialect.common(),
        variables = shared.variables.join(",\n"),
        columns = columns.join(",\n"),
        parts = parts.join("\nUNION ALL\n"),
    ))
}

fn refuse(spec: &Spec) -> Result<(), Error> {
    if spec.weights_from_fpc {
        return Err(refused(
            "weights from fpc",
            "make a column of weights N/n and name it with --weights",
        ));
    }
    if spec.incomplete_dropped {
        return Err(refused(
            "--incomplete drop",
            "leave the rows out of the table, with all their answers missing",
        ));
    }
    if spec.replicates > 0 && spec.design.df.is_none() {
        return Err(refused(
            "the degrees of freedom of replicate weights",
            &format!(
                "they follow from the rank of the columns; say them with --df, at most {} for these",
                spec.replicates - 1
            ),
        ));
    }
    Ok(())
}

/// The columns that all parts draw on.
struct SharedColumns {
    variables: Vec<String>,
    columns: Vec<(String, String)>,
}

impl SharedColumns {
    fn new(writer: &Writer, spec: &Spec, plan: &Plan) -> Result<SharedColumns, Error> {
        let design = &spec.design;
        let mut variables = Vec::new();
        for variable in &spec.codebook.variables {
            let name = writer.dialect.name_of(&variable.name);
            variables.push(format!("    {} AS {name}", writer.recorded(variable)?));
        }
        if variables.is_empty() {
            // SQL has no selection without a column
            variables.push("    1 AS nothing".to_owned());
        }
        let number = |name: &str| writer.number_of(writer.variable(name)?);
        let mut columns = Vec::new();
        let stages = design.psu.iter().take(plan.design.psu.len());
        for (at, name) in design.strata.iter().chain(stages).enumerate() {
            columns.push((format!("u{at}"), writer.level_of(writer.variable(name)?)));
        }
        for (at, name) in design.fpc.iter().enumerate() {
            columns.push((format!("f{at}"), number(name)?));
        }
        let (mut inside, mut kept) = (Vec::new(), "TRUE".to_owned());
        for (at, (_, text)) in spec.by.iter().enumerate() {
            let expr = parsed(text)?;
            columns.push((format!("g{at}"), writer.level(&expr)?));
            inside.push(format!("NOT {}", writer.is_missing_level(&expr)?));
        }
        if let Some(text) = &spec.condition {
            let expr = condition(text).map_err(|error| Error::Query(error.to_string()))?;
            let truth = format!("COALESCE({}, FALSE)", writer.truth(&expr)?);
            kept.clone_from(&truth);
            inside.push(truth);
        }
        let inside = if inside.is_empty() {
            "TRUE".to_owned()
        } else {
            inside.join(" AND ")
        };
        columns.push(("inside".to_owned(), inside));
        columns.push(("kept".to_owned(), kept));
        let given = match (&plan.design.weights, &design.weights) {
            (Weights::Column(_), Some(name)) => number(name)?,
            (Weights::Expression(_), Some(text)) => writer.number(&parsed(text)?)?,
            _ => writer.dialect.double("1"),
        };
        columns.push(("given".to_owned(), given.clone()));
        columns.push(("w".to_owned(), format!("COALESCE({given}, 0)")));
        let replicates = plan.design.replicates.iter();
        for (at, request) in replicates.enumerate() {
            let name = plan
                .requests
                .get(*request)
                .map(|request| request.name.as_str());
            let replicate = format!("COALESCE({}, 0)", number(name.unwrap_or_default())?);
            let whole = match plan.design.combined {
                true => replicate,
                false => format!("{replicate} * COALESCE({given}, 0)"),
            };
            columns.push((format!("r{}", at + 1), whole));
        }
        Ok(SharedColumns { variables, columns })
    }
}

fn parsed(text: &str) -> Result<Expr, Error> {
    Expr::parse(text).map_err(|error| Error::Query(error.to_string()))
}

/// A level as coded, or the number itself where a variable has quantiles.
fn level_of(writer: &Writer, operand: &Operand) -> Result<String, Error> {
    let expr = parsed(&operand.text)?;
    let numbers = operand
        .bound
        .requests()
        .first()
        .is_some_and(|request| request.view == View::Numbers);
    match (&expr.node, numbers) {
        (crate::survey::expr::Node::Name(_), true) => {
            Ok(writer.dialect.as_text(&writer.number(&expr)?))
        }
        _ => writer.level(&expr),
    }
}

fn rows(layout: &Layout) -> String {
    let counts = [
        ("all", "COUNT(*)", None),
        ("without_weight", "COUNT(*) - COUNT(given)", None),
        (
            "negative_weight",
            "COUNT(CASE WHEN given < 0 THEN 1 END)",
            None,
        ),
        ("incomplete", "0", None),
        (
            "without_group",
            "COUNT(CASE WHEN kept AND NOT inside THEN 1 END)",
            None,
        ),
        ("weighted", WEIGHTED, Some("s")),
    ];
    let names: Vec<String> = counts
        .iter()
        .map(|(name, ..)| layout.dialect.text(name))
        .collect();
    let places: Vec<String> = (0..counts.len()).map(|at| format!("c{at}")).collect();
    let selected = counts
        .iter()
        .zip(&places)
        .map(|((_, count, _), place)| format!("{count} AS {place}"));
    let selected: Vec<String> = selected.chain(["SUM(w) AS s".to_owned()]).collect();
    let sums: Vec<String> = counts
        .iter()
        .map(|(_, _, sum)| sum.unwrap_or("NULL").to_owned())
        .collect();
    let given: NamedColumns = vec![
        ("term", chosen(&names)),
        ("n", chosen(&places)),
        ("w", chosen(&sums)),
    ];
    format!(
        "{} FROM (SELECT {} FROM respondents) AS c {}",
        layout.select("rows", None, &[], &given),
        selected.join(", "),
        numbered(counts.len())
    )
}

/// Respondents with a weight.
const WEIGHTED: &str = "SUM(CASE WHEN w <> 0 THEN 1 ELSE 0 END)";

fn unit(layout: &Layout, spec: &Spec) -> String {
    let keys = layout.units();
    let mut given: NamedColumns = vec![
        ("n", "COUNT(*)".to_owned()),
        ("weighted", WEIGHTED.to_owned()),
    ];
    for (at, (low, high)) in spec.columns.fpc.iter().enumerate() {
        for (name, extreme) in [(low, "MIN"), (high, "MAX")] {
            given.push((
                name,
                // MIN and MAX pass over NULL: one missing fpc makes that of its unit missing
                format!("CASE WHEN COUNT(f{at}) = COUNT(*) THEN {extreme}(f{at}) END"),
            ));
        }
    }
    let select = layout.select("unit", None, &keys, &given);
    format!("{select} FROM respondents {}", grouped(&keys))
}

fn cell(layout: &Layout) -> String {
    let keys = [layout.units(), layout.groups()].concat();
    let given: NamedColumns = vec![
        ("n", "COUNT(*)".to_owned()),
        ("weighted", WEIGHTED.to_owned()),
        ("w", "SUM(w)".to_owned()),
        ("w2", "SUM(w * w)".to_owned()),
    ];
    format!(
        "{} FROM respondents WHERE inside {}",
        layout.select("cell", None, &keys, &given),
        grouped(&keys)
    )
}

fn levels(
    layout: &Layout,
    spec: &Spec,
    mode: Mode,
    (item, at): (&str, usize),
    inside: &str,
) -> Vec<String> {
    let level = format!("x{at}");
    let keys = [layout.units(), layout.groups()].concat();
    let by = [keys.clone(), vec![level.clone()]].concat();
    let mut given: NamedColumns = vec![
        ("level", level.clone()),
        ("n", WEIGHTED.to_owned()),
        ("w", "SUM(w)".to_owned()),
    ];
    if mode == Mode::Elements {
        given.push(("w2", "SUM(w * w)".to_owned()));
    }
    let mut parts = vec![format!(
        "{} FROM respondents WHERE {inside} {}",
        layout.select("item", Some(item), &keys, &given),
        grouped(&by)
    )];
    // otherwise everybody is in some row of part item, and so is every level
    if spec.condition.is_some() || !spec.by.is_empty() || inside != "inside" {
        let given: NamedColumns = vec![("level", level.clone())];
        parts.push(format!(
            "{} FROM respondents {}",
            layout.select("level", Some(item), &[], &given),
            grouped(std::slice::from_ref(&level))
        ));
    }
    if spec.replicates > 0 {
        let keys = layout.groups();
        let by = [keys.clone(), vec![level.clone()]].concat();
        let sums: Vec<String> = (1..=spec.replicates)
            .map(|r| format!("SUM(r{r}) AS s{r}"))
            .collect();
        let places: Vec<String> = (1..=spec.replicates).map(|r| format!("s{r}")).collect();
        let given: NamedColumns = vec![
            ("level", level),
            ("replicate", "k".to_owned()),
            ("w", chosen(&places)),
        ];
        parts.push(format!(
            "{} FROM (SELECT {}, {} FROM respondents WHERE {inside} {}) AS s {}",
            layout.select("replicate", Some(item), &keys, &given),
            by.join(", "),
            sums.join(", "),
            grouped(&by),
            numbered(spec.replicates)
        ));
    }
    parts
}

/// Sums that are made once and laid out one below the other.
struct Stacked<'a> {
    part: &'static str,
    keys: Vec<String>,
    /// Name of the term, number of the replicate, Σ w z, Σ w² z z.
    terms: Vec<(String, Option<usize>, String, Option<String>)>,
    inside: &'a str,
    known: &'a str,
}

impl Stacked<'_> {
    fn select(&self, layout: &Layout, item: &str) -> String {
        let mut selected = vec![format!("{WEIGHTED} AS n")];
        let (mut names, mut replicates, mut sums, mut squares) = (vec![], vec![], vec![], vec![]);
        for (at, (name, replicate, sum, square)) in self.terms.iter().enumerate() {
            names.push(layout.dialect.text(name));
            replicates.push(replicate.map_or("NULL".to_owned(), |r| r.to_string()));
            selected.push(format!("{sum} AS s{at}"));
            sums.push(format!("s{at}"));
            if let Some(square) = square {
                selected.push(format!("{square} AS q{at}"));
                squares.push(format!("q{at}"));
            }
        }
        let mut given: NamedColumns = vec![
            ("term", chosen(&names)),
            ("n", "n".to_owned()),
            ("w", chosen(&sums)),
        ];
        if self.part == "replicate" {
            given.push(("replicate", chosen(&replicates)));
        }
        if !squares.is_empty() {
            given.push(("w2", chosen(&squares)));
        }
        format!(
            "{} FROM (SELECT {} FROM respondents WHERE {}{} {}) AS s {}",
            layout.select(self.part, Some(item), &self.keys, &given),
            [self.keys.clone(), selected].concat().join(", "),
            self.inside,
            self.known,
            grouped(&self.keys),
            numbered(self.terms.len())
        )
    }
}

fn numbers(
    layout: &Layout,
    spec: &Spec,
    mode: Mode,
    (item, at, plan): (&str, usize, &ItemPlan),
    inside: &str,
) -> Vec<String> {
    let (width, names) = (plan.width(), plan.terms());
    let z = |j: usize| {
        if j == 0 {
            String::new()
        } else {
            format!(" * z{at}_{j}")
        }
    };
    let known: String = (1..width)
        .map(|j| format!(" AND z{at}_{j} IS NOT NULL"))
        .collect();
    let pairs: Vec<(usize, usize)> = (0..width)
        .flat_map(|a| (a..width).map(move |b| (a, b)))
        .collect();
    let named = |a: usize, b: usize| names[crate::survey::sums::tally::at(a, b, width)].clone();
    let elements = mode == Mode::Elements;
    let of_cell = pairs
        .iter()
        .filter(|(a, _)| elements || *a == 0)
        .map(|(a, b)| {
            let product = format!("{}{}", z(*a), z(*b));
            let square = elements.then(|| format!("SUM(w * w{product})"));
            (named(*a, *b), None, format!("SUM(w{product})"), square)
        });
    let mut stacked = vec![Stacked {
        part: "item",
        keys: [layout.units(), layout.groups()].concat(),
        terms: of_cell.collect(),
        inside,
        known: &known,
    }];
    if width > 1 {
        let moments = pairs.iter().filter(|(a, _)| *a > 0);
        let moments = moments.map(|(a, b)| {
            (
                named(*a, *b),
                None,
                format!("SUM(w{}{})", z(*a), z(*b)),
                None,
            )
        });
        stacked.push(Stacked {
            part: "moment",
            keys: layout.groups(),
            terms: moments.collect(),
            inside,
            known: &known,
        });
    }
    if spec.replicates > 0 {
        let terms = (1..=spec.replicates).flat_map(|r| (0..width).map(move |j| (r, j)));
        let terms = terms.map(|(r, j)| (named(0, j), Some(r), format!("SUM(r{r}{})", z(j)), None));
        stacked.push(Stacked {
            part: "replicate",
            keys: layout.groups(),
            terms: terms.collect(),
            inside,
            known: &known,
        });
    }
    stacked
        .iter()
        .map(|stacked| stacked.select(layout, item))
        .collect()
}
