use super::data::DataArgs;
use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::frames::words::nearest;
use crate::frames::{Column as FrameColumn, Frame};
use crate::present::report::{card, words};
use crate::present::table::{Align, Block, Cell, Column, Row, Table};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine card egf2023
  opine card ecfr2023 --format md
  opine card pewatp2023 --json")]
pub struct Args {
    /// The poll’s id; `opine list polls` has them
    #[arg(value_name = "POLL")]
    poll: String,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    args.output.format()?;
    let store = args.data.open_sound(session)?;
    let poll = store.poll(&args.poll).ok_or_else(|| {
        let near = nearest(
            &args.poll,
            store.polls.iter().map(|poll| poll.poll.as_str()),
        );
        let near = near.map_or_else(
            || "see `opine list polls`".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        Failure::Usage(format!("there is no poll “{}”: {near}", args.poll))
    })?;
    let items = card(&store, poll);
    let rows = items.iter().map(|item| Row {
        label: item.name.to_owned(),
        cells: vec![Cell::dim(if item.disclosed.is_some() {
            ""
        } else {
            "not stated"
        })],
        notes: item.disclosed.clone().into_iter().collect(),
        ..Row::default()
    });
    let table = Table {
        title: store.poll_name(&poll.poll),
        aside: "what is disclosed".to_owned(),
        subtitle: Some(poll.title.clone()).filter(|title| !title.is_empty()),
        columns: vec![Column::new("", Align::Left)],
        blocks: vec![Block {
            rows: rows.collect(),
            ..Block::default()
        }],
        foot: vec![words(poll).to_owned()],
        ..Table::default()
    };
    let ids: Vec<&str> = items.iter().map(|_| poll.poll.as_str()).collect();
    let names: Vec<&str> = items.iter().map(|item| item.name).collect();
    let disclosed: Vec<Option<&str>> = items.iter().map(|item| item.disclosed.as_deref()).collect();
    let columns = vec![
        FrameColumn::new("poll", ids),
        FrameColumn::new("item", names),
        FrameColumn::new("disclosed", disclosed),
    ];
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: Frame::new(items.len(), columns).map_err(Failure::usage)?,
        },
        session,
    )
}
