use std::path::PathBuf;

use super::data::{DataArgs, print_findings};
use crate::cli::failure::Failure;
use crate::cli::paths::is_ours;
use crate::cli::streams::Session;
use crate::cli::style::note_page;
use crate::present::chart::Style;
use crate::present::provenance::Provenance;
use crate::present::published::{Section, claims, claims_table, count};
use crate::present::report;
use crate::present::table::text;
use crate::published::figures::store::{self, Finding, Store, Table};
use crate::published::figures::topline::Intervals;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine report
  opine report --out charts
  opine report --data my-polls --out my-charts")]
pub struct Args {
    /// Folder for the charts and report.html; other files there are not touched
    #[arg(long, value_name = "DIR", default_value = "plots")]
    out: PathBuf,
    /// Put the command into page and charts
    ///
    /// Beside the version and the hash of the data, which are there anyway for data of your own; without the folders.
    #[arg(long)]
    stamp: bool,
    #[command(flatten)]
    data: DataArgs,
}

const PAGE: &str = "report.html";

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    note_page(session);
    let store = args.data.open_sound(session)?;
    let has_claims = !store.claims.is_empty();
    let store = report::with_own_claims(store);
    let intervals = Intervals::default();
    let claims = claims(&store, intervals).map_err(Failure::usage)?;
    if claims.is_empty() {
        return Err(Failure::Usage(
            "the data hold no figures, or none of those that claims.csv names: opine add figure, or opine import, brings some"
                .to_owned(),
        ));
    }
    if !has_claims {
        session.note(
            "the data hold no claims of an article (claims.csv): the report is of what the newest polls found",
        );
    }
    let style = Style::default();
    let pictures = report::pictures(&store, &style, intervals)?;
    for path in report::paths(&pictures, &args.out) {
        session.paths.beside(&path, is_ours)?;
    }
    session.paths.beside(&args.out.join(PAGE), is_ours)?;
    let table = claims_table(&store, &claims, intervals);
    session.print(&text(&table, session.streams.output_look()))?;
    if !session.quiet {
        session.say("");
        print_warnings(&store, &claims, session);
    }
    let provenance = provenance(args.stamp, session);
    let paths = report::write(&pictures, &args.out, provenance.as_ref())?;
    let page = report::page(&store, &style, intervals)?;
    let page = report::write_page(&page, &args.out, PAGE, provenance.as_ref())?;
    let listed: String = paths
        .iter()
        .map(|path| format!("{}\n", path.display()))
        .collect();
    let page = page.display();
    session.print(&format!(
        "\nCharts, with their numbers beside them:\n{listed}\nAll of it on one page:\n{page}\n"
    ))
}

/// What made the files. Those of the shipped figures are kept beside them and compared to the byte: no version shows in them, or
/// each version would change them.
fn provenance(stamp: bool, session: &Session) -> Option<Provenance> {
    let provenance = session.provenance(stamp);
    let mut shipped = Provenance::default();
    for table in Table::ALL {
        // bytes that are in memory can be read
        let _ = shipped.read(store::shipped(table).as_bytes());
    }
    let is_own = provenance.has_inputs() && provenance.text() != shipped.text();
    (stamp || is_own).then_some(provenance)
}

/// The warnings about the polls of the report; how many there are about others.
fn print_warnings(store: &Store, claims: &[Section], session: &Session) {
    let warnings = report::warnings(store, claims);
    let here: Vec<&Finding> = warnings.here.iter().collect();
    print_findings(store, &here, session);
    if !warnings.elsewhere.is_empty() {
        session.say(&format!(
            "{} about other polls: see `opine check`\n",
            count(warnings.elsewhere.len(), "more warning")
        ));
    }
}
