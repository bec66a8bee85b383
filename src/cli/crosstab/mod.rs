//! `opine crosstab`: banner tables.

mod args;
pub(super) mod effects;
mod waves;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::failure::Failure;
use super::output::{Document, Format, OutputArgs};
use super::paths::SIGNATURE;
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use super::style::HouseFile;
use crate::files;
use crate::frames::{Comparisons, Frame, crosstab_frame, tests_frame};
use crate::present::crosstab::{self as present, BannerTable, BookOptions, Display, Line};
use crate::present::explain;
use crate::present::office::{Deck, pptx};
use crate::present::table::{Table, cut_note};
use crate::survey::crosstab::{
    Crosstab, SumsFile, Table as CrosstabTable, TableKind, crosstab, crosstab_of_sums,
    left_out_notes,
};
use crate::survey::design::{Design, DesignUse};
use crate::survey::estimate::Missing;
use crate::survey::microdata::Source;
use crate::survey::sums::export::is_sums;
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
  opine crosstab poll.csv --columns party,age --write-plan tabs.toml      a draft for --plan

Several files are waves of a poll: w1.sav w2.sav --wave year --against previous.
A letter at a number says that it is higher than that of the column with this letter, by more
than chance alone explains: capital at 5%, small at 10%. Columns on a base under 100 carry a star,
under 30 they are not shown."
)]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// Further waves of the same questions, with --wave; or further files of sums, added up
    #[arg(value_name = "WAVES")]
    waves: Vec<PathBuf>,
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
    /// How the numbers come about: design, formulas, R code; or one cell: 'Very worried / Blue'
    #[arg(long, value_name = "CELL", num_args = 0..=1, default_missing_value = "", help_heading = "Output")]
    explain: Option<String>,
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
            Format::Xlsx if self.no_charts && self.is_one_sheet() => Err(Failure::no_effect(
                "--no-charts",
                "one sheet of all tables has no charts",
            )),
            Format::Xlsx => Ok(()),
            _ if self.no_charts => Err(Failure::no_effect("--no-charts", why)),
            _ if self.sheets == Sheets::One => Err(Failure::no_effect("--sheets", why)),
            _ => Ok(()),
        }
    }
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    args.book.check(format)?;
    let (mut crosstab, differences) = match is_sums(&args.file.file) {
        true => (from_sums(&args, format)?, Vec::new()),
        false if args.waves.is_empty() && args.tables.wave.is_none() => {
            (from_respondents(&args, format, session)?, Vec::new())
        }
        false => waves::from_waves(&args, format, session)?,
    };
    effects::check_tables(&args.tables, &args.tests, &crosstab)?;
    if let Some(least) = args.tables.suppress {
        crosstab.suppress(u64::from(least))?;
        hidden(&crosstab, least, session);
    }
    if let Some(cell) = &args.explain {
        let text = match cell.as_str() {
            "" => explain::crosstab(&crosstab, &args.file.file),
            named => {
                let place = explain::find_cell(&crosstab, named).map_err(Failure::Usage)?;
                explain::cell(&crosstab, &args.file.file, place)
            }
        };
        return args.output.explain(&text, session);
    }
    // with --strict these are findings, and said as such
    for note in crosstab.notes.iter().filter(|_| !args.tests.strict) {
        session.note(note);
    }
    notes(&crosstab, session);
    if let Some(path) = &args.tables.write_plan {
        write_plan(path, &args, &crosstab, session)?;
    }
    if args.tables.write_plan.is_none() || args.output.has_file() {
        print(&args, (&crosstab, &differences), format, session)?;
    }
    match args.tests.strict {
        true => strict(&crosstab, session),
        false => Ok(()),
    }
}

fn from_respondents(args: &Args, format: Format, session: &Session) -> Result<Crosstab, Failure> {
    let design = args.design.read(session)?;
    effects::refuse_for_design(&args.tests, &design)?;
    let source = args.file.open(session)?;
    let exact = effects::is_exact(format);
    let request = args.tables.request(&args.tests, source.codebook(), exact)?;
    effects::check(&args.tables, &args.tests, &request, format)?;
    let crosstab = crosstab(&source, &args.file.name(), &design, &request)?;
    effects::check_tables(&args.tables, &args.tests, &crosstab)?;
    let data = DesignUse::new(&crosstab.units, crosstab.sums.rows.without_weight);
    args.design.note_unused(data, session);
    note_unused(args, (&source, &design), &crosstab, format, session)?;
    Ok(crosstab)
}

/// Of the sums that `opine sums FILE --columns …` wrote.
fn from_sums(args: &Args, format: Format) -> Result<Crosstab, Failure> {
    if let Some(other) = args.waves.iter().find(|path| !is_sums(path)) {
        return Err(Failure::Usage(format!(
            "{} is no file of sums, and the first is one: waves are files of respondents",
            other.display()
        )));
    }
    let settled = args.tables.before_sums();
    let settled = settled
        .or(args.design.before_sums())
        .or(args.file.before_sums());
    if let Some(flag) = settled {
        return Err(Failure::Usage(format!(
            "{flag} was settled when these sums were made; make them again with opine sums … {flag} …"
        )));
    }
    if args.file.decimal.is_some() {
        return Err(Failure::no_effect("--decimal", "sums hold no text"));
    }
    let columns = args.tables.columns.join(",");
    let mut file = SumsFile::read(&args.file.file, &columns)?;
    for path in &args.waves {
        file.add(SumsFile::read(path, &columns)?)?;
    }
    let exact = effects::is_exact(format);
    let request = args.tables.request(&args.tests, file.codebook(), exact)?;
    let request = file.request(&request)?;
    effects::check(&args.tables, &args.tests, &request, format)?;
    let crosstab = crosstab_of_sums(&file, &request, args.design.after_sums())?;
    args.design.refuse_no_effect(&crosstab.design)?;
    Ok(crosstab)
}

/// What is not shown, table by table, and why.
fn hidden(crosstab: &Crosstab, least: u32, session: &Session) {
    if crosstab.hidden.is_empty() {
        session.note(&format!(
            "--suppress {least}: no count is as small, so nothing is hidden"
        ));
    }
    let bases = crosstab.hidden.iter().filter(|cell| cell.level.is_none());
    if crosstab.request.options.missing == Missing::Show && bases.count() > 0 {
        session.note(
            "--missing show: with how many gave no answer a base tells how many did, so that bases are hidden, and all under them; without it they are shown",
        );
    }
    let whys = [
        (
            true,
            format!("fewer than {least} respondents gave it, or did not"),
        ),
        (false, "it would tell of those".to_owned()),
    ];
    for of_table in crosstab
        .hidden
        .chunk_by(|one, next| one.table == next.table)
    {
        for (small, why) in &whys {
            let cells = of_table.iter().filter(|cell| cell.small == *small);
            let names = cells.map(|cell| match &cell.level {
                Some(level) => format!("{level} ({})", cell.column),
                None => format!("all of {}", cell.column),
            });
            let names: Vec<String> = names.collect();
            if !names.is_empty() {
                let (table, variable) = (of_table[0].table, &of_table[0].variable);
                let names = names.join(", ");
                session.note(&format!(
                    "table {table}, {variable}: hidden, for {why}: {names}"
                ));
            }
        }
    }
}

/// Writes a draft of the plan; one that is there stays.
fn write_plan(
    path: &Path,
    args: &Args,
    crosstab: &Crosstab,
    session: &Session,
) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::Usage(format!(
            "{} is there already, and somebody may have worked on it: write the draft to another place",
            path.display()
        )));
    }
    let title = args.file.title();
    let head = format!(
        "{SIGNATURE} crosstab: a draft from {title}, yours from now on\n# opine crosstab {title} --plan {}\n\n",
        path.display()
    );
    let plan = head + &crosstab.to_plan();
    files::replace(path, plan.as_bytes()).map_err(|error| Failure::file(path, error))?;
    session.say(&format!("wrote {}", path.display()));
    Ok(())
}

/// What one should know, on standard error.
pub fn notes(crosstab: &Crosstab, session: &Session) {
    for warning in &crosstab.warnings {
        session.warn(warning);
    }
    let nobody = |table: &&CrosstabTable| table.bases.first().is_some_and(|base| base.n == 0);
    let condition = crosstab.request.condition.as_ref();
    match condition.filter(|_| crosstab.tables.iter().all(|table| nobody(&table))) {
        Some((condition, _)) => session.warn(&format!("--where {condition}: nobody")),
        None => {
            for table in crosstab.tables.iter().filter(nobody) {
                session.note(&format!("{}: nobody answered it", table.variable));
            }
            if let Some(empty) = empty_columns(crosstab) {
                session.note(&empty);
            }
            for (variable, columns) in crosstab.unanswered_columns() {
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                let columns = first_named(&columns);
                session.note(&format!(
                    "{variable}: not asked or not answered in {columns}"
                ));
            }
        }
    }
    let is_grid = |table: &CrosstabTable| table.kind == TableKind::Grid;
    if crosstab.request.find_grids
        && !crosstab.request.from_plan
        && !crosstab.tables.iter().any(is_grid)
    {
        session.note("--grids auto: no three neighbours have the same value labels; texts have none, unless a codebook lists their levels");
    }
    let unordered = crosstab.tables.iter().filter(|table| table.lacks_order);
    let unordered: Vec<&str> = unordered.map(|table| table.variable.as_str()).collect();
    if !unordered.is_empty() {
        session.note(&format!(
            "--box: no top and bottom of {}, whose answers have no order but that of the alphabet; a codebook or a plan gives it, or name nets",
            first_named(&unordered)
        ));
    }
    for note in left_out_notes(&crosstab.left_out) {
        session.note(&note);
    }
}

/// Texts that are longer than the cells of a workbook.
pub fn note_cut_texts(tables: &[BannerTable], rows: &Frame, session: &Session) {
    let mut tables = tables.to_vec();
    let texts = tables.iter_mut().flat_map(BannerTable::texts_mut);
    if let Some(note) = cut_note(texts.map(|text| text.as_str()), rows) {
        session.note(&note);
    }
}

/// "a, b, c, d and 12 more".
fn first_named(names: &[&str]) -> String {
    const NAMED: usize = 4;
    let named: Vec<&str> = names.iter().take(NAMED).copied().collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}

/// Tables with more answers than this are not made twice to see what an option does.
const MOST_ANSWERS: u64 = 2_000_000;

/// Options that leave the tables as they are without them.
fn note_unused(
    args: &Args,
    (source, design): (&dyn Source, &Design),
    crosstab: &Crosstab,
    format: Format,
    session: &Session,
) -> Result<(), Failure> {
    if crosstab
        .sums
        .rows
        .all
        .saturating_mul(crosstab.tables.len() as u64)
        > MOST_ANSWERS
    {
        return Ok(());
    }
    let rows_alone = args.tests.tests || args.tests.pairs && format != Format::Xlsx;
    let content = |tables: &TableArgs, tests: &TestArgs, crosstab: &Crosstab| {
        let display = display(args, tables, crosstab);
        let shown = match effects::is_exact(format) || rows_alone {
            true => frame(tests, crosstab)?.to_csv(),
            false => {
                let tables = present::tables(crosstab, &display);
                let options = args.output.text_options(session);
                let texts = tables.iter().map(|table| present::text(table, options));
                texts.collect::<Vec<_>>().join("\n")
            }
        };
        Ok::<String, Failure>(shown)
    };
    let with = content(&args.tables, &args.tests, crosstab)?;
    let exact = effects::is_exact(format);
    for (option, tables, tests) in effects::without_each(&args.tables, &args.tests) {
        let Ok(request) = tables.request(&tests, source.codebook(), exact) else {
            continue;
        };
        if !rows_alone && effects::is_evident(option) {
            continue;
        }
        let is_default = format!("{request:?}") == format!("{:?}", crosstab.request);
        if is_default && tables.show == args.tables.show && tables.decimals == args.tables.decimals
        {
            continue;
        }
        let without =
            crate::survey::crosstab::crosstab(source, &args.file.name(), design, &request);
        if without.is_ok_and(|crosstab| {
            content(&tables, &tests, &crosstab).is_ok_and(|text| text == with)
        }) {
            session.note(&format!(
                "{option} changes nothing: the tables are the same without it"
            ));
        }
    }
    Ok(())
}

/// How tables are shown.
fn display(args: &Args, tables: &TableArgs, crosstab: &Crosstab) -> Display {
    Display {
        decimals: tables.decimals.map_or(0, usize::from),
        further: tables.show.clone(),
        min_base: crosstab.request.options.least_base,
        file: waves::title(args),
    }
}

/// Columns that nobody is in, whatever the question, and how to be rid of them.
fn empty_columns(crosstab: &Crosstab) -> Option<String> {
    let empty = crosstab.empty_columns();
    let names = empty.iter().filter_map(|at| crosstab.columns.get(*at));
    let names: Vec<&str> = names.map(|column| column.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let with_weight = match crosstab.design.weights {
        Some(_) => " with a weight above 0",
        None => "",
    };
    Some(format!(
        "nobody{with_weight} is in the columns {}; --drop-empty leaves them out",
        first_named(&names)
    ))
}

fn strict(crosstab: &Crosstab, session: &Session) -> Result<(), Failure> {
    let findings = effects::findings(crosstab);
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

/// Writes the tables; `differences` are those of the waves, which a workbook keeps among its notes.
fn print(
    args: &Args,
    (crosstab, differences): (&Crosstab, &[String]),
    format: Format,
    session: &Session,
) -> Result<(), Failure> {
    let display = display(args, &args.tables, crosstab);
    let pairs_alone = args.tests.pairs && format != Format::Xlsx;
    if effects::is_exact(format) || pairs_alone || args.tests.tests {
        let document = Document {
            tables: match (args.tests.pairs, args.tests.tests) {
                (true, _) => present::pairs(crosstab, &display),
                (_, true) => vec![present::tests(crosstab, &display)],
                _ => captions(&present::tables(crosstab, &display)),
            },
            sentences: Vec::new(),
            frame: frame(&args.tests, crosstab)?,
        };
        return args.output.print(&document, session);
    }
    let tables = present::tables(crosstab, &display);
    if format == Format::Pptx {
        let title = format!("Tables of {}", waves::title(args));
        let deck = present::slides(crosstab, &tables, &title, &display.file);
        effects::check_intervals(&args.tests, &deck)?;
        return print_slides(deck, &args.output, session);
    }
    if format == Format::Docx {
        let title = format!("Tables of {}", waves::title(args));
        let file = present::document(
            crosstab,
            &tables,
            (&title, &display.file),
            HouseFile::typeface(session)?,
        );
        return args
            .output
            .write_file(file.map_err(Failure::usage)?, session);
    }
    if format != Format::Xlsx {
        return print_tables(&tables, format, &args.output, session);
    }
    let disclosures = crosstab.request.disclosures.iter();
    let disclosures = disclosures.map(|(key, text)| ("Disclosure", format!("{key}: {text}")));
    let differences = differences.iter().map(|text| ("Waves", text.clone()));
    let options = BookOptions {
        one_sheet: args.book.is_one_sheet(),
        charts: args.book.has_charts(),
        title: format!("Tables of {}", waves::title(args)),
        file: waves::title(args),
        notes: disclosures.chain(differences).collect(),
        pairs: match args.tests.pairs {
            true => Some(pairs(crosstab)?),
            false => None,
        },
    };
    let rows = crosstab_frame(&crosstab.estimates()).map_err(Failure::usage)?;
    let book = present::workbook(crosstab, &tables, &rows, &options).map_err(Failure::usage)?;
    note_cut_texts(&tables, &rows, session);
    args.output.write_file(book, session)
}

/// Rows with what is said of the tables.
pub fn document(crosstab: &Crosstab, display: &Display, frame: Frame) -> Document {
    Document {
        tables: captions(&present::tables(crosstab, display)),
        sentences: Vec::new(),
        frame,
    }
}

/// Tables for reading, one after the other.
pub fn print_tables(
    tables: &[BannerTable],
    format: Format,
    output: &OutputArgs,
    session: &Session,
) -> Result<(), Failure> {
    output.print_text(&rendered(tables, (output, format), session)?, session)
}

/// A slide a question.
pub fn print_slides(deck: Deck, output: &OutputArgs, session: &Session) -> Result<(), Failure> {
    let deck = HouseFile::dress(deck, session)?;
    output.write_file(pptx(&deck).map_err(Failure::usage)?, session)
}

/// All tables as text, Markdown, HTML or LaTeX.
pub fn rendered(
    tables: &[BannerTable],
    (output, format): (&OutputArgs, Format),
    session: &Session,
) -> Result<String, Failure> {
    let each = |of: &dyn Fn(&BannerTable) -> String| tables.iter().map(of).collect::<Vec<_>>();
    Ok(match format {
        Format::Md => each(&present::markdown).join("\n"),
        Format::Latex => {
            let has_errors = |table: &BannerTable| table.lines.iter().any(Line::has_errors);
            let options = output.latex_options(tables.len(), tables.iter().any(has_errors))?;
            let set = tables.iter().zip(&options);
            let set: Vec<String> = set.map(|(table, own)| present::latex(table, own)).collect();
            set.join("\n")
        }
        Format::Html if output.is_fragment() => present::html_fragment(tables),
        Format::Html => present::html(tables),
        _ => {
            let options = output.text_options(session);
            each(&|table| present::text(table, options)).join("\n\n")
        }
    })
}

/// Cells, comparisons or tests as rows.
fn frame(tests: &TestArgs, crosstab: &Crosstab) -> Result<Frame, Failure> {
    if tests.pairs {
        return pairs(crosstab);
    }
    match tests.tests {
        true => tests_frame(&crosstab.tests()).map_err(Failure::usage),
        false => present::cells_frame(crosstab).map_err(Failure::usage),
    }
}

fn pairs(crosstab: &Crosstab) -> Result<Frame, Failure> {
    let pairs = Comparisons::from_rows(&crosstab.comparisons()).map_err(Failure::usage)?;
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
