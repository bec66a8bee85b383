use serde_json::{Value, json};

use super::data::DataArgs;
use crate::cli::failure::Failure;
use crate::cli::output::{Document, Format, OutputArgs};
use crate::cli::streams::Session;
use crate::frames::{self, Column as FrameColumn, Frame};
use crate::present::table::{Align, Block, Cell, Column, Row, Table};
use crate::published::coherence::{Bounds, Target, bounds, targets};
use crate::published::figures::store::{ALL, Figure, Store};
use crate::published::figures::topline::printed;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine bounds egf2023/view_both/both            what can the share favourable to both be?
  opine bounds ecfr2023/side_taiwan/neutral:DK   a country that was not printed
  opine bounds 'egf2023/view_cn/*:*' --json

What was printed of the share itself is not used: the range is what all other figures of its poll leave.")]
pub struct Args {
    /// A figure, printed or not: poll/question/response:country; or a selector of printed ones
    #[arg(value_name = "SELECTOR", required = true)]
    selectors: Vec<String>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let format = args.output.format()?;
    let store = args.data.open_sound(session)?;
    let mut shares: Vec<Target> = Vec::new();
    for written in &args.selectors {
        for target in targets(&store, written).map_err(Failure::coded)? {
            if !shares.contains(&target) {
                shares.push(target);
            }
        }
    }
    let ranges: Vec<Bounds> = shares.iter().map(|target| bounds(&store, target)).collect();
    if format == Format::Json {
        return args.output.print_exact(&as_json(&ranges), session);
    }
    args.output.print(
        &Document {
            tables: vec![table(&store, &ranges)],
            sentences: Vec::new(),
            frame: frame(&ranges).map_err(Failure::usage)?,
        },
        session,
    )
}

fn ids(figures: &[&Figure]) -> Vec<String> {
    figures
        .iter()
        .map(|figure| figure.id_with_source())
        .collect()
}

/// What else is to be known of a range, for people.
fn note(bounds: &Bounds) -> String {
    let mut parts = Vec::new();
    if bounds.too_large {
        parts.push("too many shares hang together with it: nothing was computed".to_owned());
    } else if bounds.set_by().is_empty() && !bounds.given_up {
        parts.push("no other figure bears on it".to_owned());
    }
    if bounds.given_up {
        parts.push("the search was given up: the range may be wider than it need be".to_owned());
    }
    if !bounds.left_out.is_empty() {
        let left_out = ids(&bounds.left_out).join(", ");
        parts.push(format!(
            "left out, since it can’t hold with others: {left_out}"
        ));
    }
    parts.join("; ")
}

fn as_json(ranges: &[Bounds]) -> String {
    let object = |bounds: &Bounds| -> Value {
        json!({
            "id": bounds.target.id(),
            "low": bounds.low,
            "high": bounds.high,
            "ids": ids(&bounds.set_by()),
            "low_ids": ids(&bounds.low_set_by),
            "high_ids": ids(&bounds.high_set_by),
            "printed": ids(&bounds.printed),
            "left_out": ids(&bounds.left_out),
            "note": note(bounds),
        })
    };
    let rows: Vec<String> = ranges.iter().map(|b| format!("  {}", object(b))).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// The same with lists as one text each, parts separated by semicolons.
fn frame(ranges: &[Bounds]) -> Result<Frame, frames::Error> {
    let texts = |name: &str, text: &dyn Fn(&Bounds) -> String| {
        FrameColumn::new(name, ranges.iter().map(text).collect::<Vec<_>>())
    };
    let numbers = |name: &str, number: &dyn Fn(&Bounds) -> f64| {
        FrameColumn::new(name, ranges.iter().map(number).collect::<Vec<_>>())
    };
    let columns = vec![
        texts("id", &|b| b.target.id()),
        numbers("low", &|b| b.low),
        numbers("high", &|b| b.high),
        texts("ids", &|b| ids(&b.set_by()).join(";")),
        texts("low_ids", &|b| ids(&b.low_set_by).join(";")),
        texts("high_ids", &|b| ids(&b.high_set_by).join(";")),
        texts("printed", &|b| ids(&b.printed).join(";")),
        texts("left_out", &|b| ids(&b.left_out).join(";")),
        texts("note", &note),
    ];
    Frame::new(ranges.len(), columns)
}

fn table(store: &Store, ranges: &[Bounds]) -> Table {
    let columns = ["possible, %", "printed"];
    Table {
        title: "What the printed figures leave".to_owned(),
        columns: columns.map(|head| Column::new(head, Align::Right)).to_vec(),
        blocks: vec![Block {
            rows: ranges.iter().map(|bounds| row(store, bounds)).collect(),
            ..Block::default()
        }],
        foot: vec![
            "The range of each share if all other figures of its poll hold, whatever the rounding; what was \
             printed of the share itself is not used."
                .to_owned(),
        ],
        ..Table::default()
    }
}

fn row(store: &Store, bounds: &Bounds) -> Row {
    let mut prints: Vec<String> = bounds.printed.iter().map(|f| printed(f)).collect();
    prints.dedup();
    let range = format!("{:.1}–{:.1}", 100.0 * bounds.low, 100.0 * bounds.high);
    let mut notes = vec![name(store, &bounds.target)];
    let ends = [
        ("low end", &bounds.low_set_by),
        ("high end", &bounds.high_set_by),
    ];
    for (end, figures) in ends.into_iter().filter(|(_, figures)| !figures.is_empty()) {
        let parts = figures
            .iter()
            .map(|f| format!("{} {}", printed(f), f.id_with_source()));
        notes.push(format!("{end}: {}", parts.collect::<Vec<_>>().join(", ")));
    }
    notes.push(note(bounds));
    notes.retain(|note| !note.is_empty());
    Row {
        label: bounds.target.id(),
        cells: [range, prints.join(", ")].map(Cell::from).to_vec(),
        notes,
        ..Row::default()
    }
}

/// "Overall view of China: Favourable, South Korea".
fn name(store: &Store, target: &Target) -> String {
    let title = store.question_title(target.poll, target.question);
    let label = store.titled(&title, &store.response_label(target.response));
    match (target.country, target.base) {
        (ALL, ALL) => label,
        (country, base) => format!("{label}, {}", store.place_and_base(country, base)),
    }
}
