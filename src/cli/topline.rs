//! `opine topline`: every question with its answers and bases, earlier waves beside it.

use std::path::PathBuf;

use super::crosstab::{
    BookArgs, TableArgs, TestArgs, effects, note_cut_texts, print_slides, print_tables,
};
use super::failure::{ExitCode, Failure};
use super::output::{Document, Format, OutputArgs};
use super::respondents::{DesignArgs, FileArgs};
use super::streams::Session;
use super::style::HouseFile;
use super::values::{self, parsed};
use crate::frames::{Comparison, Comparisons, Estimate, Estimates, Frame};
use crate::present::crosstab::{self as present, BookOptions, Display, Further};
use crate::present::topline;
use crate::survey::crosstab::{Question, Request, RowPart, Scores, SetBase, SetSpec, crosstab};
use crate::survey::design::Design;
use crate::survey::estimate::{Ci, CriticalValues, Missing};
use crate::survey::expr::Node;
use crate::survey::microdata::{Codebook, Source};
use crate::survey::topline::{Wave, changes, differences};

#[derive(clap::Args)]
#[command(
    before_help = "\
Examples:
  opine topline poll.csv -o toplines.xlsx
  opine topline poll.csv --rows q1,therm_us --weights weight --strata stratum --psu psu
  opine topline may.csv march.csv january.csv --wave May,March,January -o toplines.pptx",
    before_long_help = "\
Examples:
  opine topline poll.csv -o toplines.xlsx
  opine topline poll.csv --rows q1,therm_us --weights weight --strata stratum --psu psu
  opine topline poll.csv --codebook poll-codebook.csv --rows q1 \\
      --net 'Worried=Very worried,Somewhat worried'
  opine topline may.csv march.csv january.csv --wave May,March,January -o toplines.xlsx

Every question of the newest file, a table each. Earlier files stand beside it: questions are matched by the names of their
variables, answers by their labels; what differs is said. The change since the file before has an interval, as of
independent samples. With --json a row an answer and wave; with --pairs a row a change."
)]
pub struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// Earlier waves, the last one first; the design is that of all files
    #[arg(value_name = "EARLIER")]
    earlier: Vec<PathBuf>,
    #[command(flatten)]
    questions: QuestionArgs,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    book: BookArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Which questions, and what is made of their answers.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Tables")]
struct QuestionArgs {
    /// Names of the waves, the newest first: 2023,2021 [default: of the files]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    wave: Vec<String>,
    /// Questions, a table each: q1,q2 [default: all of the file]
    ///
    /// Or items: 'mean(therm_us)', 'Worried = prop(q1 in [...])'.
    #[arg(long, value_name = "ITEMS")]
    rows: Vec<String>,
    /// Subpopulation: "region == 'North' and age >= 65"
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// Levels added up to one: 'Agree=Strongly agree,Agree'
    #[arg(long = "net", value_name = "[VARIABLE:]NAME=LEVELS")]
    nets: Vec<String>,
    /// Nets of the first and the last K answers of a scale
    #[arg(long = "box", value_name = "K", value_parser = clap::value_parser!(u8).range(1..=9))]
    box_size: Option<u8>,
    /// A question with several answers: 'news=n1,n2,n3:Yes'
    #[arg(long = "set", value_name = "NAME=VARIABLES[:COUNTED]", value_parser = parsed::<SetSpec>)]
    sets: Vec<SetSpec>,
    /// Base of a set: answered, any or all [default: answered]
    #[arg(long, value_name = "WHICH", value_parser = parsed::<SetBase>)]
    set_base: Option<SetBase>,
    /// Numbers for levels, whose mean is shown: 'q1:4,3,2,1' in their order
    #[arg(long, value_name = "VARIABLE:SCORES", value_parser = parsed::<Scores>)]
    scores: Vec<Scores>,
    /// A level that is taken off the base; the base line says how many it is
    #[arg(long, value_name = "LEVEL")]
    without: Vec<String>,
    /// Missing answers: exclude, show (how many) or category (a share of their own) [default: exclude]
    #[arg(long, value_name = "HOW", value_parser = parsed::<Missing>)]
    missing: Option<Missing>,
    /// Levels as coded instead of their labels
    #[arg(long)]
    codes: bool,
    /// A row a change in the place of a row an answer
    #[arg(long)]
    pairs: bool,
    /// Decimals of per cents [default: 0]
    #[arg(long, value_name = "0..3", value_parser = clap::value_parser!(u8).range(0..=3))]
    decimals: Option<u8>,
    /// Flag bases below N, the smaller of respondents and effective n [default: 100]
    #[arg(long, value_name = "N")]
    flag_base: Option<u32>,
    /// Leave waves on a base below N out of tables; csv and json have them all [default: 30]
    #[arg(long, value_name = "N")]
    min_base: Option<u32>,
    /// Interval of shares [default: logit]: wald, logit, likelihood, asin, beta, xlogit, wilson, …
    #[arg(long, value_name = "METHOD", value_parser = parsed::<Ci>)]
    ci: Option<Ci>,
    /// Confidence level: 0.95 or 95 [default: 0.95]
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    level: Option<f64>,
}

impl QuestionArgs {
    /// The same as the options of a banner table without a banner.
    fn of_banner(&self) -> (TableArgs, TestArgs) {
        let tables = TableArgs {
            rows: self.rows.clone(),
            condition: self.condition.clone(),
            nets: self.nets.clone(),
            box_size: self.box_size,
            sets: self.sets.clone(),
            set_base: self.set_base,
            scores: self.scores.clone(),
            without: self.without.clone(),
            show: match self.scores.is_empty() {
                true => Vec::new(),
                false => vec![Further::Mean],
            },
            decimals: self.decimals,
            flag_base: self.flag_base,
            min_base: self.min_base,
            ..TableArgs::default()
        };
        let tests = TestArgs {
            ci: self.ci,
            level: self.level,
            missing: self.missing,
            codes: self.codes,
            ..TestArgs::default()
        };
        (tables, tests)
    }
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    let design = args.design.read(session)?;
    let waves = waves(&args, &design, format, session)?;
    if let Some(newest) = waves.first() {
        let (tables, tests) = args.questions.of_banner();
        effects::check_tables(&tables, &tests, &newest.crosstab)?;
    }
    for difference in differences(&waves) {
        session.note(&difference);
    }
    print(&args, &waves, format, session)
}

/// Each file by itself, the newest first.
fn waves(
    args: &Args,
    design: &Design,
    format: Format,
    session: &Session,
) -> Result<Vec<Wave>, Failure> {
    let names = names(args)?;
    args.book.check(format)?;
    let (tables, tests) = args.questions.of_banner();
    if args.questions.pairs && args.earlier.is_empty() {
        return Err(Failure::no_effect(
            "--pairs",
            "there is one wave, and no change",
        ));
    }
    let mut waves = Vec::new();
    let paths = std::iter::once(&args.file.file).chain(&args.earlier);
    for (at, (path, name)) in paths.zip(names).enumerate() {
        let file = FileArgs {
            file: path.clone(),
            ..args.file.clone()
        };
        let source = file.open(session)?;
        let exact = effects::is_exact(format);
        let mut request = tables.request(&tests, source.codebook(), exact)?;
        effects::check(&tables, &tests, &request, format)?;
        if at > 0 {
            request.options.of_earlier_wave = true;
            keep_known(&mut request, source.codebook());
        }
        let of_wave = crosstab(&source, &file.name(), design, &request);
        let of_wave = of_wave.map_err(|error| match Failure::from(error) {
            error if error.exit_code() == ExitCode::Usage && !args.earlier.is_empty() => {
                Failure::Usage(format!("{}: {}", path.display(), error.message()))
            }
            other => other,
        })?;
        for warning in &of_wave.warnings {
            session.warn(warning);
        }
        for note in &of_wave.notes {
            session.note(note);
        }
        if at == 0 {
            say_left_out(&of_wave.left_out, session);
        }
        waves.push(Wave {
            name,
            crosstab: of_wave,
        });
    }
    Ok(waves)
}

/// What the waves are called; each has a name of its own.
fn names(args: &Args) -> Result<Vec<String>, Failure> {
    let files = 1 + args.earlier.len();
    let named = &args.questions.wave;
    if named.is_empty() {
        let paths = std::iter::once(&args.file.file).chain(&args.earlier);
        let stem = |path: &PathBuf| {
            let stem = path.file_stem().unwrap_or_default();
            stem.to_string_lossy().into_owned()
        };
        let stems: Vec<String> = paths.map(stem).collect();
        let twice = |name: &String| stems.iter().filter(|other| *other == name).count() > 1;
        return match stems.iter().find(|name| twice(name)) {
            Some(name) => Err(Failure::Usage(format!(
                "two waves are called {name}, as their files are: name them with --wave"
            ))),
            None => Ok(stems),
        };
    }
    if files == 1 {
        return Err(Failure::no_effect("--wave", "there is one file"));
    }
    if named.len() != files {
        return Err(Failure::Usage(format!(
            "--wave names {} waves, and there are {files} files",
            named.len()
        )));
    }
    Ok(named.clone())
}

/// Questions that an earlier wave did not ask are not looked for in it.
fn keep_known(request: &mut Request, codebook: &Codebook) {
    if request.tables.is_empty() {
        return;
    }
    let sets: Vec<String> = request.sets.iter().map(|set| set.name.clone()).collect();
    let is_known = |name: &str| {
        let plain = name.trim_start_matches('$');
        let of_file = codebook
            .sets
            .iter()
            .map(|set| set.name.trim_start_matches('$'));
        codebook.variable(plain).is_ok()
            || sets.iter().any(|set| set == plain)
            || of_file.into_iter().any(|set| set == plain)
    };
    request.tables.retain(|table| match &table.question {
        Question::Name(name) => is_known(name),
        Question::Item(item) => {
            let terms = item.terms.iter();
            let mut arguments = terms.flat_map(|term| term.statistic.arguments());
            arguments.all(|argument| match &argument.node {
                Node::Name(name) => is_known(name),
                _ => true,
            })
        }
    });
}

fn say_left_out(left_out: &[(String, &'static str)], session: &Session) {
    for role in ["of the design", "not in the codebook"] {
        let names = left_out.iter().filter(|(_, of)| *of == role);
        let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            session.note(&format!("no table of {}: {role}", names.join(", ")));
        }
    }
}

fn print(args: &Args, waves: &[Wave], format: Format, session: &Session) -> Result<(), Failure> {
    let Some(newest) = waves.first() else {
        return Ok(());
    };
    let mut files = vec![args.file.title()];
    files.extend(args.earlier.iter().map(|path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }));
    let display = Display {
        decimals: args.questions.decimals.map_or(0, usize::from),
        further: Vec::new(),
        min_base: newest.crosstab.request.options.least_base,
        file: files.join(", "),
    };
    let frame = match args.questions.pairs {
        true => comparisons(waves)?,
        false => estimates(waves)?,
    };
    if effects::is_exact(format) {
        let document = Document {
            tables: Vec::new(),
            sentences: Vec::new(),
            frame,
        };
        return args.output.print(&document, session);
    }
    if args.questions.pairs && format != Format::Xlsx {
        return Err(Failure::no_effect(
            "--pairs",
            "tables have the changes: it is about json, csv, parquet and workbooks",
        ));
    }
    let tables = topline::topline(waves, &display);
    if format == Format::Pptx {
        let title = format!("Topline of {}", args.file.title());
        let deck = present::slides(&newest.crosstab, &tables, &title, &display.file);
        return print_slides(deck, &args.output, session);
    }
    if format == Format::Docx {
        let title = format!("Topline of {}", args.file.title());
        let file = present::document(
            &newest.crosstab,
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
    let book = present::workbook(
        &newest.crosstab,
        &tables,
        &estimates(waves)?,
        &BookOptions {
            one_sheet: args.book.is_one_sheet(),
            charts: args.book.has_charts(),
            title: format!("Topline of {}", args.file.title()),
            file: display.file.clone(),
            notes: topline::notes(waves),
            pairs: match waves.len() > 1 {
                true => Some(comparisons(waves)?),
                false => None,
            },
        },
    );
    note_cut_texts(&tables, &frame, session);
    args.output
        .write_file(book.map_err(Failure::usage)?, session)
}

/// A row an answer and wave.
fn estimates(waves: &[Wave]) -> Result<Frame, Failure> {
    let of_wave = |wave: &Wave| {
        let name = wave.name.clone();
        let group = (waves.len() > 1).then(|| ("wave".to_owned(), Some(name)));
        let rows = wave.crosstab.estimates().into_iter();
        let rows = rows.map(|row| Estimate {
            groups: group.iter().cloned().collect(),
            ..row.estimate
        });
        rows.collect::<Vec<Estimate>>()
    };
    let rows: Vec<Estimate> = waves.iter().flat_map(of_wave).collect();
    let estimates = Estimates::from_rows(&rows).map_err(Failure::usage)?;
    Ok(estimates.into_frame())
}

/// A row a change since the wave before.
fn comparisons(waves: &[Wave]) -> Result<Frame, Failure> {
    let mut rows = Vec::new();
    if let [newest, before, ..] = waves {
        let critical = CriticalValues::new(newest.crosstab.request.options.level);
        for question in &newest.crosstab.tables {
            let changes = changes(question, before, &critical);
            for (row, change) in question.rows.iter().zip(changes) {
                let Some(change) = change.filter(|_| row.part != RowPart::Missing) else {
                    continue;
                };
                let what = match &row.level {
                    Some(level) => format!("{}/{level}", question.variable),
                    None => question.variable.clone(),
                };
                rows.push(Comparison {
                    a: format!("{what}:wave={}", newest.name),
                    b: format!("{what}:wave={}", before.name),
                    relation: "independent".to_owned(),
                    estimate: Some(change.estimate),
                    se: Some(change.se),
                    ci_low: Some(change.ci_low),
                    ci_high: Some(change.ci_high),
                    z: Some(change.t),
                    df: change.df,
                    p_value: Some(change.p_value),
                    ..Comparison::default()
                });
            }
        }
    }
    let comparisons = Comparisons::from_rows(&rows).map_err(Failure::usage)?;
    Ok(comparisons.into_frame())
}
