use std::collections::HashMap;
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::annotations;
use super::data::{DataArgs, paragraph};
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::tables::{ColumnArgs, TableArgs, TableFile};
use crate::frames::words::and;
use crate::present::lists;
use crate::present::published::count;
use crate::present::table::TextOptions;
use crate::published::coherence::{self, rules};
use crate::published::figures::selector::Selector;
use crate::published::figures::store::rules::Rule;
use crate::published::figures::store::{Finding, Severity, Store, StoredFile, Table};
use crate::published::lists::{ListedFigure, list_findings};
use crate::tabular;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    /// Lines that GitHub shows beside the rows
    Github,
    /// SARIF 2.1.0, for other code hosts
    Sarif,
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine check
  opine check egf2023
  opine check my-polls/ --strict                 a folder with data of your own
  opine check tonight.csv                        a list with label, percent and, if known, n: sums, NETs, rounding, lead
  opine check --ignore margin-level,field-long
  opine check --rules                            what is checked, one rule a line
  opine check my-polls/ egf2023 --format github   lines that a code host shows beside the rows
  opine check --json")]
pub struct Args {
    /// Only what is about these polls, questions or figures; or a folder with data, as --data; or a list in a file
    #[arg(value_name = "SELECTOR|DIR|FILE")]
    selectors: Vec<String>,
    /// Leave out what these rules find; several are separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    ignore: Vec<&'static str>,
    /// List the rules with what each says, and check nothing
    #[arg(long, conflicts_with_all = ["selectors", "ignore", "strict", "format", "json", "data"])]
    rules: bool,
    /// Warnings count as findings too: exit code 1
    #[arg(long)]
    strict: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    tables: TableArgs,
    #[command(flatten)]
    columns: ColumnArgs,
}

/// The id of a rule, as it stands in findings.
fn rule(id: &str) -> Result<&'static str, String> {
    rules::find(id)
        .map(|rule| rule.id)
        .map_err(|near| match near {
            Some(near) => format!("there is no rule “{id}”; did you mean {near}?"),
            None => format!("there is no rule “{id}”; opine check --rules lists them"),
        })
}

fn list_of_rules() -> String {
    let line = |rule: &Rule| format!("{:<22} {}\n", rule.id, rule.says);
    rules::all().map(line).collect()
}

/// A folder among the selectors is where the data is.
fn take_folder(args: &mut Args) -> Result<(), Failure> {
    let is_folder = |text: &String| Path::new(text).is_dir();
    let (folders, selectors): (Vec<String>, Vec<String>) = std::mem::take(&mut args.selectors)
        .into_iter()
        .partition(is_folder);
    args.selectors = selectors;
    let no_folder = |text: &&String| text.ends_with(['/', '\\']);
    if let Some(folder) = args.selectors.iter().find(no_folder) {
        let name = folder.trim_end_matches(['/', '\\']);
        return Err(Failure::File(format!(
            "there is no folder {folder}: opine init {name} makes one with an own copy of the data"
        )));
    }
    match (folders.as_slice(), &args.data.data) {
        ([], _) => Ok(()),
        ([folder], None) => {
            args.data.data = Some(folder.into());
            Ok(())
        }
        ([folder], Some(data)) => Err(Failure::Usage(format!(
            "{folder} is a folder, and --data names {} too: one of them holds the data",
            data.display()
        ))),
        (folders, _) => Err(Failure::Usage(format!(
            "{} are folders: one of them holds the data; check the others by themselves",
            folders.join(", ")
        ))),
    }
}

pub fn run(mut args: Args, session: &Session) -> Result<(), Failure> {
    if args.rules {
        return session.print(&list_of_rules());
    }
    if args.selectors.iter().any(|text| is_list(text)) {
        return check_list(&args, session);
    }
    args.tables.refuse("no list is read")?;
    args.columns.refuse("no list is read")?;
    take_folder(&mut args)?;
    let store = args.data.open(session)?;
    let coherence = match store.errors() {
        0 => coherence::findings(&store),
        _ => Vec::new(),
    };
    let all = store.findings.iter().chain(&coherence);
    let all = all
        .filter(|finding| !args.ignore.contains(&finding.rule))
        .collect();
    let findings = selected(&store, all, &args.selectors)?;
    note_idle(&args, store.findings.iter().chain(&coherence), session);
    let text = |look| as_text(&store, &findings, &counts_of(&store), look);
    print(&args, &findings, text, session)
}

/// Says which rules leave nothing out.
fn note_idle<'f>(args: &Args, all: impl Iterator<Item = &'f Finding> + Clone, session: &Session) {
    for rule in &args.ignore {
        if all.clone().all(|finding| finding.rule != *rule) {
            session.note(&format!(
                "--ignore {rule} leaves nothing out: nothing is found by that rule"
            ));
        }
    }
}

/// Prints findings; the exit code tells whether any of them fails the check.
fn print(
    args: &Args,
    findings: &[&Finding],
    as_text: impl Fn(TextOptions) -> String,
    session: &Session,
) -> Result<(), Failure> {
    let folder = args.data.folder();
    match (args.json, args.format) {
        (true, _) | (_, Format::Json) => session.print_exact(&as_json(findings))?,
        (_, Format::Github) => session.print_exact(&annotations::as_github(findings, folder))?,
        (_, Format::Sarif) => session.print_exact(&annotations::as_sarif(findings, folder))?,
        (_, Format::Text) => session.print(&as_text(session.streams.output_look()))?,
    }
    let failing = |finding: &&&Finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => args.strict,
        Severity::Note => false,
    };
    match findings.iter().filter(failing).count() {
        0 => Ok(()),
        _ => Err(Failure::Findings(String::new())),
    }
}

/// Whether a text means a list in a file: by its ending, or as standard input.
pub fn is_list(text: &str) -> bool {
    text == "-" || tabular::is_table(Path::new(text))
}

/// A plain list by itself: sums, NETs, rounding, lead.
fn check_list(args: &Args, session: &Session) -> Result<(), Failure> {
    let [path] = args.selectors.as_slice() else {
        return Err(Failure::Usage(
            "a list is checked by itself: name one file and nothing else".to_owned(),
        ));
    };
    if args.data.data.is_some() {
        return Err(Failure::no_effect("--data", "a list is checked by itself"));
    }
    let options = tabular::Options {
        columns: args.columns.choice(),
        ..args.tables.options()
    };
    let file = TableFile::open(path, options, session)?;
    let list = listed_figures(path, &file, false)?;
    if let Some(note) = list.note {
        session.note(&note);
    }
    let rows = list.figures;
    let findings = list_findings(&file.name, &rows, 0.95);
    note_idle(args, findings.iter(), session);
    let findings: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !args.ignore.contains(&finding.rule))
        .collect();
    // No column of the shipped files bears on a list; its own are named in the findings.
    let store = Store::embedded();
    let text = |look| as_text(&store, &findings, &count(rows.len(), "figure"), look);
    print(args, &findings, text, session)
}

/// A list as it was printed.
pub struct PrintedList {
    pub figures: Vec<ListedFigure>,
    /// The question as asked, where it is to head something and the list has it.
    pub question: Option<String>,
    /// What was assumed to read it.
    pub note: Option<String>,
}

/// The figures of a list; `heads` is whether its question heads what is made of it.
pub fn listed_figures(path: &str, file: &TableFile, heads: bool) -> Result<PrintedList, Failure> {
    let wrong = |error: lists::Error| match error {
        lists::Error::Table(error) => error.into(),
        other => Failure::Usage(format!("{path}: {other}")),
    };
    match lists::read(&file.name, &file.bytes, &file.options).map_err(wrong)? {
        lists::Input::List(mut list) => {
            let figures = list.figures().map_err(wrong)?;
            let question = heads.then(|| list.take_question()).flatten();
            Ok(PrintedList {
                figures,
                question,
                note: list.note(),
            })
        }
        lists::Input::Estimates(..) => Err(Failure::Usage(format!(
            "{path} holds estimates; a list has the columns label, percent and, if known, n"
        ))),
    }
}

fn counts_of(store: &Store) -> String {
    format!(
        "{}, {}, {}",
        count(store.polls.len(), "poll"),
        count(store.questions.len(), "question"),
        count(store.figures.len(), "figure"),
    )
}

/// Findings that name an id which a selector takes.
fn selected<'f>(
    store: &Store,
    findings: Vec<&'f Finding>,
    selectors: &[String],
) -> Result<Vec<&'f Finding>, Failure> {
    if selectors.is_empty() {
        return Ok(findings);
    }
    let mut figures = Vec::new();
    let mut polls = Vec::new();
    let mut rows: Vec<(&str, u64)> = Vec::new();
    for text in selectors {
        let selector: Selector = text.parse().map_err(Failure::coded)?;
        // rows that can’t be used, too: what is wrong with them is asked for
        let stored = rows_named(store, &selector);
        let found = selector.figures(store);
        let found = match stored.is_empty() {
            true => found.map_err(Failure::coded)?,
            false => found.unwrap_or_default(),
        };
        rows.extend(stored);
        let found = found.into_iter();
        figures.extend(found.map(|figure| figure.id_with_source()));
        let of_poll = |poll: &&str| selector.is_poll() && selector.matches_parts(poll, None);
        polls.extend(
            store
                .polls
                .iter()
                .map(|poll| poll.poll.as_str())
                .filter(of_poll),
        );
    }
    let about = |id: &String| {
        let poll = id.split(['/', ':', '@']).next().unwrap_or_default();
        figures.contains(id) || polls.contains(&poll)
    };
    Ok(findings
        .into_iter()
        .filter(|finding| finding.ids.iter().any(about) || on_row(finding, &rows))
        .collect())
}

fn on_row(finding: &Finding, rows: &[(&str, u64)]) -> bool {
    let line = finding.line.unwrap_or_default();
    rows.contains(&(finding.file.as_str(), line))
}

/// The rows of a folder’s files whose ids are selected, whatever is wrong with them.
fn rows_named(store: &Store, selector: &Selector) -> Vec<(&'static str, u64)> {
    let tables = [
        Table::Polls,
        Table::Samples,
        Table::Questions,
        Table::Figures,
    ];
    let rows = tables.into_iter().flat_map(|table| {
        let rows = StoredFile::read(store, table).rows.into_iter();
        let named = rows.filter(|row| selector.matches_id(&row.name()));
        named.map(move |row| (table.file_name(), row.line))
    });
    rows.collect()
}

fn as_json(findings: &[&Finding]) -> String {
    let object = |finding: &&Finding| -> Value {
        json!({
            "rule": finding.rule,
            "severity": finding.severity.as_str(),
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "ids": finding.ids,
            "message": finding.message,
            "fix": finding.fix,
        })
    };
    let rows: Vec<String> = findings
        .iter()
        .map(|finding| format!("  {}", object(finding)))
        .collect();
    match rows.is_empty() {
        true => "[]\n".to_owned(),
        false => format!("[\n{}\n]\n", rows.join(",\n")),
    }
}

/// More rows than this of which the same is said are told once.
const MOST_ALIKE: usize = 3;

/// What is said of many rows in the same words, once with the lines; in the order in which each comes first.
fn once_each(findings: &[&Finding]) -> Vec<Finding> {
    let mut kept: Vec<(Finding, Vec<u64>)> = Vec::new();
    let mut places: HashMap<[&str; 5], usize> = HashMap::new();
    for finding in findings {
        let key = [
            finding.rule,
            finding.file.as_str(),
            finding.column.as_deref().unwrap_or_default(),
            finding.message.as_str(),
            finding.fix.as_deref().unwrap_or_default(),
        ];
        let place = *places.entry(key).or_insert(kept.len());
        if place == kept.len() {
            kept.push(((*finding).clone(), Vec::new()));
        }
        if let Some((_, lines)) = kept.get_mut(place) {
            lines.extend(finding.line);
        }
    }
    let told = |(finding, lines): (Finding, Vec<u64>)| match lines.len() > MOST_ALIKE {
        true => vec![Finding {
            message: format!(
                "{}\n{} say so: lines {}",
                finding.message,
                count(lines.len(), "row"),
                ranges(&lines)
            ),
            ..finding
        }],
        false => {
            let each = |line: u64| Finding {
                line: Some(line),
                ..finding.clone()
            };
            match lines.is_empty() {
                true => vec![finding],
                false => lines.into_iter().map(each).collect(),
            }
        }
    };
    kept.into_iter().flat_map(told).collect()
}

/// Numbers in words: 2–61, 63 and 70–72; some of many.
fn ranges(numbers: &[u64]) -> String {
    const MOST_NAMED: usize = 8;
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let ranges = sorted.chunk_by(|one, next| one + 1 == *next);
    let mut words: Vec<String> = ranges
        .filter_map(|range| match (range.first()?, range.last()?) {
            (first, last) if first == last => Some(first.to_string()),
            (first, last) => Some(format!("{first}–{last}")),
        })
        .collect();
    if words.len() > MOST_NAMED {
        words.truncate(MOST_NAMED);
        words.push("others".to_owned());
    }
    and(&words)
}

fn as_text(store: &Store, findings: &[&Finding], counts: &str, look: TextOptions) -> String {
    let mut out: String = once_each(findings)
        .iter()
        .map(|finding| paragraph(store, finding, look))
        .collect();
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    out += &format!(
        "{counts}: {}, {}, {}\n",
        count(of(Severity::Error), "error"),
        count(of(Severity::Warning), "warning"),
        count(of(Severity::Note), "note"),
    );
    out
}
