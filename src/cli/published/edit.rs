//! `opine edit` and `opine remove`: what stands in an own store and should not.

use std::path::Path;

use clap::{Subcommand, ValueEnum};

use super::add::interval_and_conflicts;
use super::columns::{
    Bases, Columns, Figures, OfTable, Polls, Questions, RemarkArgs, Responses, Samples,
};
use super::data::{DataArgs, print_findings, refused};
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::present::published::count;
use crate::published::figures::store::{
    Removal, Revision, Store, Table, plan_removal, plan_revision, remove, revise,
};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine edit figure --data my-polls mypoll/approve/yes@report --percent 47 --note 'As corrected'
  opine edit sample --data my-polls mypoll -n 1014 --by-whom 'A. Keeper' --reason 'Final report'
  opine edit poll --data my-polls mypoll --field-end 2026-05-14 --dry-run
  opine edit figure --data my-polls figures.csv:12 --note ''   the row in that line, a cell emptied

What was there stays in changes.csv. What a second source prints is no correction:
opine add figure puts it beside.")]
pub struct EditArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A poll: mypoll
    Poll(EditedRow<Polls>),
    /// A sample: mypoll, mypoll:KR, mypoll:KR:women@report
    Sample(EditedRow<Samples>),
    /// A question: mypoll/approve
    Question(EditedRow<Questions>),
    /// A figure: mypoll/approve/yes:KR@report
    Figure(EditedRow<Figures>),
    /// An answer’s label for print
    Response(EditedRow<Responses>),
    /// Who a base is, in words
    Base(EditedRow<Bases>),
}

/// A row that is there, and what is to be there.
#[derive(clap::Args)]
struct EditedRow<T: OfTable> {
    /// The row’s id, with @source where several sources have one; or its file and line, as check shows them: figures.csv:12
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    columns: Columns<T, false>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    remark: RemarkArgs,
    #[command(flatten)]
    data: DataArgs,
}

pub fn run_edit(args: EditArgs, session: &Session) -> Result<(), Failure> {
    match args.what {
        What::Poll(row) => row.edit(session),
        What::Sample(row) => row.edit(session),
        What::Question(row) => row.edit(session),
        What::Figure(row) => row.edit(session),
        What::Response(row) => row.edit(session),
        What::Base(row) => row.edit(session),
    }
}

impl<T: OfTable> EditedRow<T> {
    fn edit(self, session: &Session) -> Result<(), Failure> {
        let (id, values) = (&self.id, &self.columns.values);
        if values.is_empty() {
            return Err(Failure::Usage(format!(
                "nothing to change: give the columns of {} as flags (see --help)",
                T::TABLE.file_name()
            )));
        }
        let store = self.data.open(session)?;
        let folder = self.data.own_folder("edited")?;
        let revision = match self.dry_run {
            true => plan_revision(&store, T::TABLE, id, values),
            false => revise(folder, T::TABLE, id, values, &self.remark.remark()),
        };
        let revision = revision.map_err(|error| refused(&store, error, session))?;
        self.report(folder, &store, &revision, session)
    }

    /// The values as they were and are, the interval and what can’t hold with it.
    fn report(
        &self,
        folder: &Path,
        before: &Store,
        revision: &Revision,
        session: &Session,
    ) -> Result<(), Failure> {
        for unchanged in &revision.unchanged {
            session.note(unchanged);
        }
        if revision.columns.is_empty() {
            session.say("nothing was changed");
            return Ok(());
        }
        let after = revision.store(before);
        let mut out = format!("{}\n", revision.id);
        for change in &revision.columns {
            let (column, old, new) = (&change.column, shown(&change.before), shown(&change.after));
            out += &format!("  {column}: {old} → {new}\n");
        }
        if T::TABLE == Table::Figures {
            let figures = after.figures.iter();
            for figure in figures.filter(|figure| figure.line == revision.line) {
                out += &interval_and_conflicts(&after, figure)?;
            }
        }
        session.print(&out)?;
        print_findings(
            &after,
            &revision.findings.iter().collect::<Vec<_>>(),
            session,
        );
        if revision
            .columns
            .iter()
            .any(|change| change.column == "reported_by")
        {
            session.note(
                "who printed it is corrected; what a second source printed stands beside it with opine add",
            );
        }
        let file = folder.join(T::TABLE.file_name());
        let (verb, keeps) = match self.dry_run {
            true => ("would be corrected", "would keep"),
            false => ("corrected", "keeps"),
        };
        session.say(&format!(
            "{} {verb} in {}; changes.csv {keeps} what was there{}",
            count(revision.columns.len(), "value"),
            file.display(),
            self.remark.words()
        ));
        Ok(())
    }
}

fn shown(value: &str) -> String {
    match value {
        "" => "(empty)".to_owned(),
        value => value.to_owned(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Poll,
    Sample,
    Question,
    Figure,
    Response,
    Base,
}

impl Kind {
    fn table(self) -> Table {
        match self {
            Kind::Poll => Table::Polls,
            Kind::Sample => Table::Samples,
            Kind::Question => Table::Questions,
            Kind::Figure => Table::Figures,
            Kind::Response => Table::Responses,
            Kind::Base => Table::Bases,
        }
    }
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine remove figure --data my-polls mypoll/approve/yes@npr --reason 'Withdrawn by the paper'
  opine remove poll --data my-polls mypoll --with-dependents --dry-run
  opine remove figure --data my-polls figures.csv:12           the row in that line

Refused where other rows depend on it; they are named. What stood there stays in changes.csv.")]
pub struct RemoveArgs {
    #[arg(value_enum)]
    what: Kind,
    /// Ids of rows, with @source where several sources have one; or file and line: figures.csv:12
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Remove the rows that depend on it, too: of a poll its samples, questions and figures
    #[arg(long)]
    with_dependents: bool,
    /// Show what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    remark: RemarkArgs,
    #[command(flatten)]
    data: DataArgs,
}

pub fn run_remove(args: RemoveArgs, session: &Session) -> Result<(), Failure> {
    let store = args.data.open(session)?;
    let folder = args.data.own_folder("removed from")?;
    let (table, ids, all) = (args.what.table(), &args.ids, args.with_dependents);
    let removal = match args.dry_run {
        true => plan_removal(&store, table, ids, all),
        false => remove(folder, table, ids, all, &args.remark.remark()),
    };
    let removal = removal.map_err(|error| refused(&store, error, session))?;
    session.print(&removed_rows(&removal))?;
    print_findings(
        &store,
        &removal.findings.iter().collect::<Vec<_>>(),
        session,
    );
    if all && removal.rows.len() == ids.len() {
        session.note("--with-dependents found nothing: no row depends on it");
    }
    let (verb, keeps) = match args.dry_run {
        true => ("would be removed", "would keep"),
        false => ("removed", "keeps"),
    };
    session.say(&format!(
        "{} {verb} from {}; changes.csv {keeps} what stood there{}",
        count(removal.rows.len(), "row"),
        folder.display(),
        args.remark.words()
    ));
    Ok(())
}

fn removed_rows(removal: &Removal) -> String {
    let line =
        |(table, id, line): &(Table, String, u64)| format!("{}:{line} {id}\n", table.file_name());
    removal.rows.iter().map(line).collect()
}
