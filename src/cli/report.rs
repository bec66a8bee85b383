use std::path::PathBuf;

use super::data::Data;
use super::failure::Failure;
use super::findings::print_findings;
use super::output::{terminal, to_stdout};
use crate::present::chart::Style;
use crate::present::published::{Section, claims, claims_table, count};
use crate::present::report;
use crate::present::table::text;
use crate::published::figures::store::{Finding, Store};
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
    #[command(flatten)]
    data: Data,
}

pub fn run(args: Args) -> Result<(), Failure> {
    let store = args.data.open_sound()?;
    let intervals = Intervals::default();
    let claims = claims(&store, intervals).map_err(Failure::usage)?;
    if claims.is_empty() {
        return Err(Failure::Usage(
            "the data hold no claims (claims.csv), or none of their figures: see `opine summary` and `opine chart` \
             for figures of your own"
                .to_owned(),
        ));
    }
    to_stdout(text(&claims_table(&store, &claims, intervals), terminal()).as_bytes())?;
    if !args.data.quiet {
        eprintln!();
        print_warnings(&store, &claims);
    }
    let style = Style::default();
    let pictures = report::pictures(&store, &style, intervals).map_err(failure)?;
    let paths = report::write(&pictures, &args.out).map_err(failure)?;
    let page = report::page(&store, &style, intervals).map_err(failure)?;
    let page = report::write_page(&page, &args.out, "report.html").map_err(failure)?;
    let listed: String = paths
        .iter()
        .map(|path| format!("{}\n", path.display()))
        .collect();
    let page = page.display();
    to_stdout(
        format!(
            "\nCharts, with their numbers beside them:\n{listed}\nAll of it on one page:\n{page}\n"
        )
        .as_bytes(),
    )
}

/// The warnings about the polls of the report; how many there are about others.
fn print_warnings(store: &Store, claims: &[Section]) {
    let warnings = report::warnings(store, claims);
    let here: Vec<&Finding> = warnings.here.iter().collect();
    print_findings(store, &here);
    if !warnings.elsewhere.is_empty() {
        eprintln!(
            "{} about other polls: see `opine check`\n",
            count(warnings.elsewhere.len(), "more warning")
        );
    }
}

fn failure(error: report::Error) -> Failure {
    match error {
        report::Error::File { .. } => Failure::File(error.to_string()),
        _ => Failure::usage(error),
    }
}
