use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::columns::{
    Bases, Columns, Figures, OfTable, Polls, Questions, RemarkArgs, Responses, Samples,
};
use super::data::{DataArgs, print_findings, refused};
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::tables::{TableArgs, TableFile};
use crate::frames::words::thousands;
use crate::present::published;
use crate::published::coherence;
use crate::published::figures::store::{
    Addition, Figure, Finding, NewRow, Store, Table, WriteError, commit, plan, rows_from_json,
    rows_from_table, rules, template,
};
use crate::published::figures::topline::Intervals;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine init my-polls
  opine add poll --data my-polls --poll mypoll --title 'My poll' --sampling probability
  opine add sample --data my-polls --poll mypoll -n 1200
  opine add question --data my-polls --poll mypoll --question approve --responses 'yes;no'
  opine add figure --data my-polls --poll mypoll --question approve --response yes \\
      --percent 47 --reported-by report --url https://example.org/poll
  opine add figure --template > rows.csv
  opine add figure --data my-polls --from rows.csv --dry-run")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A poll: one fieldwork
    Poll(Row<Polls>),
    /// The size or the margin of error of a sample
    Sample(Row<Samples>),
    /// A question of a poll
    Question(Row<Questions>),
    /// A figure, as one source printed it
    Figure(Row<Figures>),
    /// An answer’s label for print
    Response(Row<Responses>),
    /// Who a base is, in words
    Base(Row<Bases>),
}

/// What all tables take beside their columns.
#[derive(clap::Args)]
struct Common {
    /// Rows from a file: text in any dialect, .xlsx, .ods (a sheet as FILE.xlsx#Sheet) or JSON; - is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    table: TableArgs,
    /// Print an empty row with the names of the columns
    #[arg(long, conflicts_with = "from")]
    template: bool,
    /// Show the rows as they would be stored, and add nothing
    #[arg(long, conflicts_with = "template")]
    dry_run: bool,
    #[command(flatten)]
    remark: RemarkArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// A new row by flags, or rows of a file.
#[derive(clap::Args)]
struct Row<T: OfTable> {
    #[command(flatten)]
    columns: Columns<T, true>,
    #[command(flatten)]
    common: Common,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    match args.what {
        What::Poll(row) => row.add(session),
        What::Sample(row) => row.add(session),
        What::Question(row) => row.add(session),
        What::Figure(row) => row.add(session),
        What::Response(row) => row.add(session),
        What::Base(row) => row.add(session),
    }
}

impl<T: OfTable> Row<T> {
    fn add(self, session: &Session) -> Result<(), Failure> {
        if self.common.template {
            if !self.columns.values.is_empty() {
                return Err(Failure::Usage(
                    "--template prints an empty row: leave the columns out".to_owned(),
                ));
            }
            self.common.remark.refuse("--template adds nothing")?;
            return session.print_exact(&template(T::TABLE));
        }
        let rows = self.rows(session)?;
        let data = &self.common.data;
        let store = data.open(session)?;
        let folder = data.own_folder("added to")?;
        let addition = match self.common.dry_run {
            true => plan(&store, T::TABLE, &rows).map_err(WriteError::Refused),
            false => commit(folder, T::TABLE, &rows, &self.common.remark.remark()),
        };
        let addition = addition.map_err(|error| {
            if self.common.from.is_some() && has_other_columns(&error) {
                session.note(
                    "a table with columns of its own is taken in by opine import FILE --into DIR --map OURS=THEIRS,…",
                );
            }
            refused(&store, error, session)
        })?;
        self.report(folder, &store, &addition, session)
    }

    fn rows(&self, session: &Session) -> Result<Vec<NewRow>, Failure> {
        let Some(path) = &self.common.from else {
            self.common.table.refuse("it is about the file of --from")?;
            if self.columns.values.is_empty() {
                return Err(Failure::Usage(format!(
                    "nothing to add: give the columns as flags (see --help), or rows with --from; --template \
                     prints an empty row of {}",
                    T::TABLE.file_name()
                )));
            }
            return Ok(vec![NewRow(self.columns.values.clone())]);
        };
        if !self.columns.values.is_empty() {
            return Err(Failure::Usage(
                "--from brings whole rows: leave the flags of columns out".to_owned(),
            ));
        }
        let path = path.to_string_lossy();
        let file = TableFile::open(&path, self.common.table.options(), session)?;
        if file.is_json() {
            self.common.table.refuse("JSON leaves nothing open")?;
            return rows_from_json(&file.bytes).map_err(|findings| {
                refused(&Store::embedded(), WriteError::Refused(findings), session)
            });
        }
        let (rows, note) = rows_from_table(T::TABLE, &file.name, &file.bytes, &file.options)?;
        if let Some(note) = note {
            session.note(&note);
        }
        match rows.is_empty() {
            true => Err(Failure::Findings(format!(
                "{}: there is nothing to add",
                file.name
            ))),
            false => Ok(rows),
        }
    }

    /// The rows as stored, their intervals, what they can’t hold with, the next command.
    fn report(
        &self,
        folder: &Path,
        before: &Store,
        addition: &Addition,
        session: &Session,
    ) -> Result<(), Failure> {
        let after = addition.store(before);
        let mut out = addition.text.clone();
        if T::TABLE == Table::Figures {
            let new = after.figures.len().saturating_sub(addition.rows.len());
            for figure in after.figures.iter().skip(new) {
                out += &interval_and_conflicts(&after, figure)?;
            }
        }
        session.print_exact(&out)?;
        print_findings(
            &after,
            &addition.findings.iter().collect::<Vec<_>>(),
            session,
        );
        for (row, others) in addition.second_sources(before) {
            session.note(&format!(
                "{row} is a second source’s row: {} stand{} as before; a correction is opine edit, a withdrawal opine remove",
                others.join(", "),
                if others.len() == 1 { "s" } else { "" },
            ));
        }
        let s = if addition.rows.len() == 1 { "" } else { "s" };
        let verb = match self.common.dry_run {
            true => "would be added",
            false => "added",
        };
        let file = folder.join(T::TABLE.file_name());
        session.say(&format!(
            "{} row{s} {verb} to {}{}",
            addition.rows.len(),
            file.display(),
            self.common.remark.words()
        ));
        session.say(&format!("next: {}", next_command::<T>(folder, addition)));
        Ok(())
    }
}

/// Whether rows were refused for the names of their columns.
fn has_other_columns(error: &WriteError) -> bool {
    match error {
        WriteError::Refused(findings) => findings
            .iter()
            .any(|finding| finding.rule == rules::COLUMN_UNKNOWN),
        _ => false,
    }
}

/// A new figure’s interval, and the findings it is part of.
pub fn interval_and_conflicts(store: &Store, figure: &Figure) -> Result<String, Failure> {
    let sections =
        published::by_poll(store, &[figure], true, Intervals::default()).map_err(Failure::usage)?;
    let mut out = String::new();
    for line in sections.iter().flat_map(|section| &section.lines) {
        let estimate = &line.estimate;
        out += &match (estimate.interval(), estimate.n) {
            (Some((low, high)), Some(n)) => format!(
                "{}: {}%, 95% interval {:.1}–{:.1}, n {}\n",
                figure.id(),
                line.printed(),
                100.0 * low,
                100.0 * high,
                thousands(n)
            ),
            _ => format!("{}: {}, {}\n", figure.id(), line.printed(), estimate.note),
        };
    }
    let id = figure.id_with_source();
    let about = |finding: &&Finding| finding.ids.contains(&id);
    for finding in coherence::findings(store).iter().filter(about) {
        out += &format!(
            "conflict [{}]: {}\n",
            finding.rule,
            finding.message.replace('\n', "\n  ")
        );
    }
    Ok(out)
}

fn next_command<T: OfTable>(folder: &Path, addition: &Addition) -> String {
    let value = |name: &str| {
        let of_row = |row: &Vec<(String, String)>| {
            row.iter()
                .find(|(column, _)| column == name)
                .map(|(_, v)| v.clone())
        };
        addition.rows.first().and_then(of_row).unwrap_or_default()
    };
    let data = format!("--data {}", folder.display());
    let poll = value("poll");
    match T::TABLE {
        Table::Polls => format!("opine add sample {data} --poll {poll} -n 1000"),
        Table::Samples => format!("opine add question {data} --poll {poll} --question …"),
        Table::Questions => {
            let question = value("question");
            format!(
                "opine add figure {data} --poll {poll} --question {question} --response … --percent …"
            )
        }
        Table::Figures => format!("opine summary {data} {poll}/{}", value("question")),
        _ => format!("opine check {data}"),
    }
}
