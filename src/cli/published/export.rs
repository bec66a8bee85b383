//! `opine export`: the store as one table, a row a figure.

use super::data::DataArgs;
use super::summary;
use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::present::published::count;
use crate::present::table::{Align, Block, Column, Emphasis, Row, Table};
use crate::published::figures::store::{Figure, Store};
use crate::published::figures::tidy::export;
use crate::published::figures::topline::printed;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine export -o figures.csv
  opine export egf2023 '*/view_cn/favourable:US' -o some.xlsx
  opine export --data my-polls --all -o archive.csv          to be read back by opine import --into

A row is a figure as one source printed it, with its poll, question, sample and source.")]
pub struct Args {
    /// Which figures [default: all]
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// Rows without a percent for samples, questions, answers and polls that no figure stands for, too
    #[arg(long, conflicts_with = "selectors")]
    all: bool,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    args.output.format()?;
    let store = args.data.open_sound(session)?;
    let figures: Vec<&Figure> = match args.selectors.as_slice() {
        [] => store.figures.iter().collect(),
        selectors => summary::figures(&store, selectors)?.0,
    };
    let exported = export(&store, &figures, args.all);
    let rest = count(exported.without_figure, "row");
    match (args.all, exported.without_figure) {
        (true, 0) => session.note("--all adds nothing: figures speak of everything in the store"),
        (true, _) => session.note(&format!(
            "{rest} without a percent, of what no figure stands for"
        )),
        (false, 0) => {}
        (false, _) if !args.selectors.is_empty() => {}
        (false, _) => session.note(&format!(
            "{rest} of samples, questions and polls that no figure stands for are left out (--all)"
        )),
    }
    let claims = store.claims.len();
    if args.all && claims > 0 {
        session.note(&format!(
            "{} of articles {} no row here: they are in claims.csv",
            count(claims, "claim"),
            if claims == 1 { "has" } else { "have" }
        ));
    }
    args.output.print(
        &Document {
            tables: vec![overview(&store, &figures)],
            sentences: Vec::new(),
            frame: exported.frame,
        },
        session,
    )
}

/// For reading: what the exact formats have in some fifty columns.
fn overview(store: &Store, figures: &[&Figure]) -> Table {
    let row = |figure: &&Figure| {
        let poll = store.poll(&figure.poll);
        let when = poll.and_then(crate::published::figures::names::period);
        let n = figure.n.or_else(|| {
            let samples = store.samples_of(&figure.poll, &figure.country, &figure.base);
            samples.first().and_then(|sample| sample.n)
        });
        Row {
            label: figure.id_with_source(),
            cells: vec![
                printed(figure).into(),
                n.map(|n| n.to_string()).unwrap_or_default().into(),
                when.unwrap_or_default().into(),
                poll.map_or("", |poll| poll.fieldwork.as_str()).into(),
            ],
            ..Row::default()
        }
    };
    Table {
        title: count(figures.len(), "figure"),
        columns: vec![
            Column::new("percent", Align::Decimal),
            Column::new("n", Align::Right).emphasis(Emphasis::Dim),
            Column::new("field dates", Align::Left).emphasis(Emphasis::Plain),
            Column::new("pollster", Align::Left)
                .emphasis(Emphasis::Plain)
                .from_width(80),
        ],
        blocks: vec![Block {
            rows: figures.iter().map(row).collect(),
            ..Block::default()
        }],
        foot: vec!["-o FILE.csv, .json, .xlsx or .parquet has all columns.".to_owned()],
        ..Table::default()
    }
}

/// The columns of the frame, with their types and meanings.
pub fn schema() -> Vec<(&'static str, &'static str, &'static str)> {
    let frame = export(&Store::embedded(), &[], false).frame;
    use crate::published::figures::tidy::{COLUMNS, DERIVED};
    let entry = |name: &str| {
        let derived = DERIVED.iter().find(|(of, ..)| *of == name);
        derived.copied().or_else(|| {
            let column = COLUMNS.iter().find(|column| column.name == name)?;
            let kind = match frame.column(name)?.numbers() {
                Some(_) => "number",
                None => "text",
            };
            Some((column.name, kind, column.meaning))
        })
    };
    frame
        .columns()
        .iter()
        .filter_map(|column| entry(&column.name))
        .collect()
}
