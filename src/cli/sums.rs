use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use super::values;
use crate::files;
use crate::survey::crosstab::{
    BannerPart, Question, Request as TableRequest, SetBase, SetSpec, export_tables,
};
use crate::survey::estimate::{
    Incomplete, Options, Request, SumsExport, export_sums, listed, plan_export,
};
use crate::survey::expr::{condition, with_backquotes};
use crate::survey::microdata::{Codebook, Source};
use crate::survey::sums::export::to_parquet;
use crate::survey::sums::sql::{Dialect, query};

/// Sums that estimates and their standard errors follow from, with no respondent in them.
///
/// The file is Parquet: a row a cell of unit, group and level, with respondents and weights. `opine estimate` reads it, also
/// several together: `opine estimate a.sums b.sums`. The digits are those that all respondents together would give. Strata,
/// PSUs and groups with equal labels are the same in all files; for separate polls add a column that names the poll and put
/// it first in --strata.
#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine sums poll.csv 'prop(q1)' 'mean(therm_us)' --by region --weights weight -o poll.sums
  opine estimate poll.sums 'prop(q1)' --json
  opine sums poll.csv 'prop(q1)' --weights weight --min-cell 5 -o poll.sums
  opine sums poll.csv --columns party,age --weights weight -o poll.sums     for opine crosstab poll.sums
  opine sums poll.csv 'prop(q1)' --weights weight --print-sql duckdb --table poll")]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// What is to be estimated from the sums, as in opine estimate
    ///
    /// Quantiles of up to 1,000 distinct values. With --columns the questions of tables, q1 or 'mean(age)' [default: all of the
    /// file].
    #[arg(value_name = "ITEM", required_unless_present = "columns", value_parser = values::expression)]
    items: Vec<String>,
    /// The banner that opine crosstab is to have: party,age,party:sex
    ///
    /// Kept are those who lie in two columns at once, too. A set of answers goes by its name.
    #[arg(long, value_name = "BANNER", conflicts_with_all = ["by", "print_sql", "incomplete"])]
    columns: Vec<String>,
    /// A question with several answers, for the tables: 'news=n1,n2,n3:Yes'
    #[arg(long = "set", value_name = "NAME=VARIABLES[:COUNTED]", value_parser = values::parsed::<SetSpec>, requires = "columns", conflicts_with = "print_sql")]
    sets: Vec<SetSpec>,
    /// Base of a set: answered, any or all [default: answered]
    #[arg(long, value_name = "WHICH", value_parser = values::parsed::<SetBase>, requires = "sets", conflicts_with = "print_sql")]
    set_base: Option<SetBase>,
    /// Groups that are crossed: region,age or 'band=cut(age, 30, 60)'
    #[arg(long, value_name = "GROUPS")]
    by: Vec<String>,
    /// Subpopulation: "region == 'North' and age >= 65"
    ///
    /// The others stay in the design.
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// Respondents without an answer: domain (outside of it) or drop
    ///
    /// drop leaves them out before the design is set.
    #[arg(long, value_name = "HOW", value_parser = values::parsed::<Incomplete>, default_value = "domain")]
    incomplete: Incomplete,
    /// What stands between the answers of an entry, as in 2;3;5 [default: found out]
    ///
    /// For prop(q contains '3').
    #[arg(long, value_name = "CHAR", value_parser = values::separator, conflicts_with = "columns")]
    separator: Option<char>,
    /// Write nothing if a cell has fewer respondents than this, but some
    ///
    /// A cell is a unit of the design, a group, a level. What follows by subtracting cells from each other or from totals is
    /// not looked at.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    min_cell: Option<u32>,
    /// The query that makes them in duckdb, spark, postgres or datafusion
    ///
    /// It runs where the respondents are. FILE then may be a few of the rows: only columns, kinds and labels are read from it.
    /// Save the result as .csv or .parquet.
    #[arg(long, value_name = "ENGINE", value_parser = values::parsed::<Dialect>, conflicts_with = "min_cell")]
    print_sql: Option<Dialect>,
    /// Table of the query, as its engine writes it [default: the name of FILE]
    #[arg(long, value_name = "NAME", requires = "print_sql")]
    table: Option<String>,
    /// File to write: .sums
    #[arg(
        short,
        long,
        value_name = "FILE",
        required_unless_present = "print_sql"
    )]
    output: Option<PathBuf>,
    #[command(flatten)]
    design: DesignArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let design = args.design.read(session)?;
    let source = args.file.open(session)?;
    args.refuse_no_effect()?;
    let name = args.file.name();
    let least = args.min_cell.map_or(0, u64::from);
    if !args.columns.is_empty() {
        let request = table_request(&args, source.codebook())?;
        let export = export_tables(&source, &name, &design, &request, least)?;
        return write(&args, &export, least, session);
    }
    let request = request(&args, source.codebook())?;
    if let Some(dialect) = args.print_sql {
        let prepared = plan_export(&source, &design, &request)?;
        let table = args.table.clone().unwrap_or_else(|| dialect.name_of(&name));
        let query = query(dialect, &table, &prepared.spec, &prepared.planned.plan);
        let query = query.map_err(Failure::usage)?;
        return match args.file_name() {
            Some(path) => replace(path, query.as_bytes()),
            None => session.print_exact(&query),
        };
    }
    let export = export_sums(&source, &design, &request, least)?;
    write(&args, &export, least, session)
}

fn write(args: &Args, export: &SumsExport, least: u64, session: &Session) -> Result<(), Failure> {
    refuse_small(args, export, least)?;
    for warning in &export.warnings {
        session.warn(warning);
    }
    for note in &export.notes {
        session.note(note);
    }
    args.design.note_unused(export.design_use, session);
    if args.incomplete == Incomplete::Drop && export.incomplete == 0 {
        session.note("--incomplete drop changes nothing: no answer is missing");
    }
    if let Some(least) = args.min_cell {
        session.note(&format!(
            "no cell has fewer than {least} respondents, but some"
        ));
    }
    let bytes = to_parquet(&export.spec, &export.table).map_err(Failure::usage)?;
    match args.file_name() {
        Some(path) => replace(path, &bytes),
        None => session.print_bytes(&bytes),
    }
}

impl Args {
    /// A query runs elsewhere: it has no use for how the rows of this file are read.
    fn refuse_no_effect(&self) -> Result<(), Failure> {
        let file = &self.file;
        let options = [
            (!file.na.is_empty(), "--na"),
            (file.dates.is_some(), "--dates"),
            (file.decimal.is_some(), "--decimal"),
        ];
        match options.into_iter().find(|(is_set, _)| *is_set) {
            Some((_, option)) if self.print_sql.is_some() => Err(Failure::no_effect(
                option,
                "the query reads the entries as its table has them",
            )),
            _ => Ok(()),
        }
    }

    /// The file to write, `None` for the standard output.
    fn file_name(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
    }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::replace(path, bytes).map_err(|error| Failure::file(path, error))
}

fn request(args: &Args, codebook: &Codebook) -> Result<Request, Failure> {
    let named = |text: &str| with_backquotes(text, codebook);
    let items: Vec<String> = args.items.iter().map(|item| named(item)).collect();
    let mut request = Request::builder(&items)
        .source(args.file.name())
        .options(Options {
            incomplete: args.incomplete,
            separator: args.separator,
            ..Options::default()
        });
    for groups in &args.by {
        request = request.by(named(groups));
    }
    if let Some(condition) = &args.condition {
        request = request.filter(named(condition));
    }
    let request = request.build()?;
    match args.separator.is_some() && !request.asks_of_lists() {
        true => Err(Failure::no_effect(
            "--separator",
            "no item asks for one of several answers, as prop(q contains '3') does",
        )),
        false => Ok(request),
    }
}

/// What tables are to be made of the sums.
fn table_request(args: &Args, codebook: &Codebook) -> Result<TableRequest, Failure> {
    let named = |lists: &[String]| -> Vec<String> {
        let all = lists.iter().flat_map(|list| listed(list));
        let all = all.map(|part| with_backquotes(part.trim(), codebook));
        all.filter(|part| !part.is_empty()).collect()
    };
    let mut request = TableRequest {
        sets: args.sets.clone(),
        ..TableRequest::default()
    };
    for text in named(&args.items) {
        request.tables.push(Question::parse(&text)?.into());
    }
    for text in named(&args.columns) {
        request.banner.push(BannerPart::parse(&text)?);
    }
    if let Some(text) = &args.condition {
        let text = with_backquotes(text, codebook);
        let parsed = condition(&text).map_err(Failure::usage)?;
        request.condition = Some((text, parsed));
    }
    if let Some(base) = args.set_base {
        request.options.set_base = base;
    }
    Ok(request)
}

/// Says that there are small cells and where most are, but not how small.
fn refuse_small(args: &Args, export: &SumsExport, least: u64) -> Result<(), Failure> {
    let Some(worst) = &export.worst else {
        return Ok(());
    };
    let cells = match export.small.cells {
        1 => "1 cell has".to_owned(),
        count => format!("{count} cells have"),
    };
    let groups = match args.columns.is_empty() {
        true => "--by",
        false => "--columns",
    };
    Err(Failure::Usage(format!(
        "{cells} fewer than {least} respondents, most of them in {worst}; nothing was written. Take coarser groups in {groups}, \
         fewer levels (bands, or a condition as in prop(q1 in ['a', 'b'])), or coarser units in --strata and --psu"
    )))
}
