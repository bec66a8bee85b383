//! `opine crosstab`: banner tables.

mod args;
pub(super) mod effects;

use clap::ValueEnum;

use super::failure::Failure;
use super::output::{Document, Format, OutputArgs};
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use crate::frames::{Comparisons, Frame, crosstab_frame, tests_frame};
use crate::present::crosstab::{self as present, BannerTable, BookOptions, Display};
use crate::present::table::Table;
use crate::survey::crosstab::{Crosstab, crosstab};
use crate::survey::design::{Design, DesignUse};
use crate::survey::microdata::Source;
pub(super) use args::{TableArgs, TestArgs};

#[derive(clap::Args)]
#[command(
    before_help = "\
Examples:
  opine crosstab poll.csv --columns party,age,sex -o tabs.xlsx
  opine crosstab poll.csv --rows q1,sex --columns party,party:age --weights weight --strata stratum
  opine crosstab poll.csv --rows q1 --columns party --pairs --json",
    before_long_help = "\
Examples:
  opine crosstab poll.csv --columns party,age,sex -o tabs.xlsx
  opine crosstab poll.csv --rows q1,'mean(therm_us)' --columns party,party:sex \\
      --weights weight --strata stratum --psu psu
  opine crosstab poll.csv --rows q1 --columns party,'feeling=cut(therm_us, 25, 50)' \\
      --net 'Worried=Very worried,Somewhat worried'
  opine crosstab poll.csv --rows q1 --columns party --pairs --json

A letter at a number says that it is higher than that of the column with this letter, by more than chance alone
explains: capital at 5%, small at 10%. Columns on a base under 100 carry a star, under 30 they are not shown."
)]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    tables: TableArgs,
    #[command(flatten)]
    tests: TestArgs,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    book: BookArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What a workbook is made of.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Workbook")]
pub struct BookArgs {
    /// A sheet a table, or one sheet for all
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Sheets::Each)]
    sheets: Sheets,
    /// No charts under the tables
    #[arg(long)]
    no_charts: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sheets {
    Each,
    One,
}

impl BookArgs {
    pub fn is_one_sheet(&self) -> bool {
        self.sheets == Sheets::One
    }

    pub fn has_charts(&self) -> bool {
        !self.no_charts
    }

    /// Options of a workbook go with one.
    pub fn check(&self, format: Format) -> Result<(), Failure> {
        let why = "it is about the workbook that -o tabs.xlsx writes";
        match format {
            Format::Xlsx => Ok(()),
            _ if self.no_charts => Err(Failure::no_effect("--no-charts", why)),
            _ if self.sheets == Sheets::One => Err(Failure::no_effect("--sheets", why)),
            _ => Ok(()),
        }
    }
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    let design = args.design.read(session)?;
    effects::refuse_for_design(&args.tests, &design)?;
    let source = args.file.open(session)?;
    let exact = effects::is_exact(format);
    let request = args.tables.request(&args.tests, source.codebook(), exact)?;
    effects::check(&args.tables, &args.tests, &request, format)?;
    args.book.check(format)?;
    let made = crosstab(&source, &args.file.name(), &design, &request)?;
    effects::check_tables(&args.tables, &args.tests, &made)?;
    notes(&made, session);
    let data = DesignUse::new(&made.units, made.sums.rows.without_weight);
    args.design.note_unused(data, session);
    note_unused(&args, (&source, &design), &made, format, session)?;
    print(&args, &made, format, session)?;
    match args.tests.strict {
        true => strict(&made, session),
        false => Ok(()),
    }
}

/// What one should know, on standard error.
fn notes(made: &Crosstab, session: &Session) {
    for warning in &made.warnings {
        session.warn(warning);
    }
    let nobody = |table: &crate::survey::crosstab::Table| {
        table.bases.first().is_some_and(|base| base.n == 0)
    };
    if let Some((condition, _)) = &made.request.condition
        && made.tables.iter().all(nobody)
    {
        session.warn(&format!("--where {condition}: nobody"));
    }
    for role in ["of the design", "of the banner", "not in the codebook"] {
        let names = made.left_out.iter().filter(|(_, of)| *of == role);
        let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            session.note(&format!("no table of {}: {role}", names.join(", ")));
        }
    }
}

/// Tables with more answers than this are not made twice to see what an option does.
const MOST_ANSWERS: u64 = 2_000_000;

/// Options that leave the tables as they are without them.
fn note_unused(
    args: &Args,
    (source, design): (&dyn Source, &Design),
    made: &Crosstab,
    format: Format,
    session: &Session,
) -> Result<(), Failure> {
    if made.sums.rows.all.saturating_mul(made.tables.len() as u64) > MOST_ANSWERS {
        return Ok(());
    }
    let content = |tables: &TableArgs, tests: &TestArgs, made: &Crosstab| {
        let display = display(args, tables, made);
        let shown = match effects::is_exact(format) {
            true => frame(tests, made)?.to_csv(),
            false => {
                let tables = present::tables(made, &display);
                let options = args.output.text_options(session);
                let texts = tables.iter().map(|table| present::text(table, options));
                texts.collect::<Vec<_>>().join("\n")
            }
        };
        Ok::<String, Failure>(shown)
    };
    let with = content(&args.tables, &args.tests, made)?;
    let exact = effects::is_exact(format);
    for (option, tables, tests) in effects::without_each(&args.tables, &args.tests) {
        let Ok(request) = tables.request(&tests, source.codebook(), exact) else {
            continue;
        };
        let is_default = format!("{request:?}") == format!("{:?}", made.request);
        if is_default && tables.show == args.tables.show && tables.decimals == args.tables.decimals
        {
            continue;
        }
        let without = crosstab(source, &args.file.name(), design, &request);
        if without.is_ok_and(|made| content(&tables, &tests, &made).is_ok_and(|text| text == with))
        {
            session.note(&format!(
                "{option} changes nothing: the tables are the same without it"
            ));
        }
    }
    Ok(())
}

/// How tables are shown.
fn display(args: &Args, tables: &TableArgs, made: &Crosstab) -> Display {
    Display {
        decimals: tables.decimals.map_or(0, usize::from),
        further: tables.show.clone(),
        min_base: made.request.options.least_base,
        file: args.file.title(),
    }
}

fn strict(made: &Crosstab, session: &Session) -> Result<(), Failure> {
    let findings = effects::findings(made);
    for finding in &findings {
        session.warn(finding);
    }
    match findings.len() {
        0 => {
            session.note("--strict finds nothing");
            Ok(())
        }
        1 => Err(Failure::Findings("1 finding".to_owned())),
        many => Err(Failure::Findings(format!("{many} findings"))),
    }
}

fn print(args: &Args, made: &Crosstab, format: Format, session: &Session) -> Result<(), Failure> {
    let display = display(args, &args.tables, made);
    let pairs_alone = args.tests.pairs && format != Format::Xlsx;
    if effects::is_exact(format) || pairs_alone || args.tests.tests {
        let document = Document {
            tables: match (args.tests.pairs, args.tests.tests) {
                (true, _) => present::pairs(made, &display),
                (_, true) => vec![present::tests(made, &display)],
                _ => captions(&present::tables(made, &display)),
            },
            sentences: Vec::new(),
            frame: frame(&args.tests, made)?,
        };
        return args.output.print(&document, session);
    }
    let tables = present::tables(made, &display);
    if format == Format::Xlsx {
        let options = BookOptions {
            one_sheet: args.book.is_one_sheet(),
            charts: args.book.has_charts(),
            title: format!("Tables of {}", args.file.title()),
            file: args.file.title(),
            notes: Vec::new(),
            pairs: match args.tests.pairs {
                true => Some(pairs(made)?),
                false => None,
            },
        };
        let rows = crosstab_frame(&made.estimates()).map_err(Failure::usage)?;
        let book = present::workbook(made, &tables, &rows, &options).map_err(Failure::usage)?;
        return args.output.write_file(&book);
    }
    print_tables(&tables, format, &args.output, session)
}

/// Tables for reading, one after the other.
pub fn print_tables(
    tables: &[BannerTable],
    format: Format,
    output: &OutputArgs,
    session: &Session,
) -> Result<(), Failure> {
    let joined = |of: fn(&BannerTable) -> String| {
        let all: Vec<String> = tables.iter().map(of).collect();
        all.join("\n")
    };
    let content = match format {
        Format::Md => joined(present::markdown),
        Format::Latex => joined(present::latex),
        Format::Html => present::html(tables),
        _ => {
            let options = output.text_options(session);
            let all: Vec<String> = tables
                .iter()
                .map(|table| present::text(table, options))
                .collect();
            all.join("\n\n")
        }
    };
    output.print_text(&content, session)
}

/// Cells, comparisons or tests as rows.
fn frame(tests: &TestArgs, made: &Crosstab) -> Result<Frame, Failure> {
    if tests.pairs {
        return pairs(made);
    }
    match tests.tests {
        true => tests_frame(&made.tests()).map_err(Failure::usage),
        false => crosstab_frame(&made.estimates()).map_err(Failure::usage),
    }
}

fn pairs(made: &Crosstab) -> Result<Frame, Failure> {
    let pairs = Comparisons::from_rows(&made.comparisons()).map_err(Failure::usage)?;
    Ok(pairs.into_frame())
}

/// What travels beside the rows of a file.
fn captions(tables: &[BannerTable]) -> Vec<Table> {
    let of = |table: &BannerTable| Table {
        title: table.title.clone(),
        subtitle: Some(format!("{} {}", table.measure, table.base)),
        foot: table.foot.clone(),
        ..Table::default()
    };
    tables.iter().map(of).collect()
}
