use clap::ValueEnum;

use super::data::DataArgs;
use crate::cli::failure::Failure;
use crate::cli::output::{Document, OutputArgs};
use crate::cli::streams::Session;
use crate::frames::{self, Column as FrameColumn, Frame};
use crate::present::published::count;
use crate::present::table::{Align, Block, Cell, Column, Emphasis, Row, Table};
use crate::published::figures::names::period;
use crate::published::figures::search::Search;
use crate::published::figures::selector::Selector;
use crate::published::figures::store::{Figure, Store, read_changes};
use crate::published::figures::topline::printed;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Polls,
    Samples,
    Questions,
    Figures,
    /// What was done to an own copy: added, a second source, corrected, withdrawn
    Changes,
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine list polls
  opine list questions egf2023
  opine list samples 'egf2023' --csv
  opine list figures egf2023/worried --json
  opine list questions --search taiwan            what speaks of it: poll, question, answers, source, notes
  opine list changes --data my-polls             what was added, corrected and withdrawn, by whom and why")]
pub struct Args {
    #[arg(value_enum)]
    what: What,
    /// Only what belongs to these polls, questions or figures
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,
    /// Only what holds these words, in any case and without accents
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What is asked for: by ids, and by words.
struct ListFilter {
    selectors: Vec<Selector>,
    search: Option<Search>,
}

impl ListFilter {
    fn takes(&self, poll: &str, question: Option<&str>) -> bool {
        self.selectors.is_empty()
            || self
                .selectors
                .iter()
                .any(|selector| selector.matches_parts(poll, question))
    }

    fn holds(&self, finds: impl Fn(&Search) -> bool) -> bool {
        self.search.as_ref().is_none_or(finds)
    }
}

/// Rows as they are listed: the id, then named texts.
struct Listing {
    heads: Vec<(&'static str, Align)>,
    rows: Vec<(String, Vec<String>)>,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    args.output.format()?;
    let store = args.data.open(session)?;
    let search = match &args.search {
        Some(text) => Some(Search::parse(text).ok_or_else(|| {
            Failure::Usage(format!("--search: “{text}” holds no letter and no digit"))
        })?),
        None => None,
    };
    let filter = ListFilter {
        selectors: match args.what {
            What::Changes => Vec::new(), // of what may be gone
            _ => selectors(&store, &args)?,
        },
        search,
    };
    let listing = match args.what {
        What::Polls => polls(&store, &filter),
        What::Samples => samples(&store, &filter),
        What::Questions => questions(&store, &filter),
        What::Figures => figures(&store, &filter),
        What::Changes => changes(&args, &filter)?,
    };
    if let Some(text) = args.search.as_ref().filter(|_| listing.rows.is_empty()) {
        session.note(&format!("nothing here holds “{text}”"));
    }
    let mut table = listing.table(args.what);
    if args.what == What::Changes {
        listing.note_values(&mut table);
    }
    args.output.print(
        &Document {
            tables: vec![table],
            sentences: Vec::new(),
            frame: listing.frame().map_err(Failure::usage)?,
        },
        session,
    )
}

/// What was done to the folder, the oldest first.
fn changes(args: &Args, filter: &ListFilter) -> Result<Listing, Failure> {
    let folder = args.data.own_folder("changed")?;
    let changes = read_changes(folder).map_err(|error| Failure::File(error.to_string()))?;
    let selectors: Vec<Selector> = args
        .selectors
        .iter()
        .map(|text| text.parse().map_err(Failure::usage))
        .collect::<Result<_, _>>()?;
    let heads = [
        "when", "change", "file", "column", "before", "after", "by_whom", "reason",
    ];
    let value = |change: &[(&str, String)], name: &str| {
        let value = change.iter().find(|(column, _)| *column == name);
        value.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let rows = changes.iter().map(|change| {
        let cells = heads.map(|head| value(change, head)).to_vec();
        (value(change, "id"), cells)
    });
    let selected = |(id, cells): &(String, Vec<String>)| {
        let texts = || cells.iter().map(String::as_str).chain([id.as_str()]);
        let is_selected =
            selectors.is_empty() || selectors.iter().any(|selector| selector.matches_id(id));
        is_selected && filter.holds(|search| search.finds(texts()))
    };
    Ok(Listing {
        heads: heads.map(|head| (head, Align::Left)).to_vec(),
        rows: rows.filter(selected).collect(),
    })
}

/// Each must select something: a poll without figures is known by its id.
fn selectors(store: &Store, args: &Args) -> Result<Vec<Selector>, Failure> {
    let mut selectors = Vec::new();
    for text in &args.selectors {
        let selector: Selector = text.parse().map_err(Failure::coded)?;
        let of_polls = store
            .polls
            .iter()
            .any(|poll| selector.matches_parts(&poll.poll, None));
        if args.what == What::Figures || !of_polls {
            selector.figures(store).map_err(Failure::coded)?;
        }
        selectors.push(selector);
    }
    Ok(selectors)
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn polls(store: &Store, filter: &ListFilter) -> Listing {
    let figures = |poll: &str| {
        store
            .figures
            .iter()
            .filter(|figure| figure.poll == poll)
            .count()
    };
    let rows = store
        .polls
        .iter()
        .filter(|poll| {
            let id = poll.poll.as_str();
            filter.takes(id, None) && filter.holds(|search| search.finds_poll(store, id))
        })
        .map(|poll| {
            let cells = vec![
                poll.title.clone(),
                poll.sponsor.clone(),
                poll.fieldwork.clone(),
                period(poll).unwrap_or_default(),
                poll.sampling.to_string(),
                figures(&poll.poll).to_string(),
            ];
            (poll.poll.clone(), cells)
        });
    Listing {
        heads: vec![
            ("title", Align::Left),
            ("sponsor", Align::Left),
            ("pollster", Align::Left),
            ("field dates", Align::Left),
            ("sampling", Align::Left),
            ("figures", Align::Right),
        ],
        rows: rows.collect(),
    }
}

fn samples(store: &Store, filter: &ListFilter) -> Listing {
    let rows = store
        .samples
        .iter()
        .filter(|sample| {
            let id = sample.poll.as_str();
            filter.takes(id, None) && filter.holds(|search| search.finds_poll(store, id))
        })
        .map(|sample| {
            let cells = vec![
                sample.country.clone(),
                sample.base.clone(),
                number(sample.n),
                number(sample.n_kind),
                sample.moe_text.clone(),
                number(sample.deff),
                sample.reported_by.clone(),
            ];
            (sample.poll.clone(), cells)
        });
    Listing {
        heads: vec![
            ("country", Align::Left),
            ("base", Align::Left),
            ("n", Align::Right),
            ("n_kind", Align::Left),
            ("moe", Align::Right),
            ("deff", Align::Right),
            ("reported_by", Align::Left),
        ],
        rows: rows.collect(),
    }
}

fn questions(store: &Store, filter: &ListFilter) -> Listing {
    let selected = |poll: &str, question: &str| {
        filter.takes(poll, Some(question))
            && filter.holds(|search| search.finds_question(store, poll, question))
    };
    let rows = store
        .questions
        .iter()
        .filter(|q| selected(&q.poll, &q.question))
        .map(|question| {
            let cells = vec![
                question.title.clone(),
                question.kind.to_string(),
                question.responses.join(" "),
                question.series.clone(),
            ];
            (format!("{}/{}", question.poll, question.question), cells)
        });
    Listing {
        heads: vec![
            ("title", Align::Left),
            ("kind", Align::Left),
            ("responses", Align::Left),
            ("series", Align::Left),
        ],
        rows: rows.collect(),
    }
}

fn figures(store: &Store, filter: &ListFilter) -> Listing {
    let selected = |figure: &Figure| {
        let mut selectors = filter.selectors.iter();
        let is_selected = filter.selectors.is_empty() || selectors.any(|s| s.matches(figure));
        is_selected && filter.holds(|search| search.finds_figure(store, figure))
    };
    let rows = store
        .figures
        .iter()
        .filter(|figure| selected(figure))
        .map(|figure| {
            let cells = vec![
                printed(figure),
                figure.qualifier.to_string(),
                figure.reported_by.clone(),
                number(figure.aggregate),
                figure.note.clone(),
            ];
            (figure.id_with_source(), cells)
        });
    Listing {
        heads: vec![
            ("percent", Align::Decimal),
            ("qualifier", Align::Left),
            ("reported_by", Align::Left),
            ("aggregate", Align::Left),
            ("note", Align::Left),
        ],
        rows: rows.collect(),
    }
}

impl Listing {
    /// What a column was and is, under the id of its row.
    fn note_values(&self, table: &mut Table) {
        let rows = table.blocks.iter_mut().flat_map(|block| &mut block.rows);
        for (row, (_, cells)) in rows.zip(&self.rows) {
            if let [_, _, _, column, before, after, ..] = cells.as_slice()
                && !column.is_empty()
            {
                row.notes.insert(0, format!("{column}: {before} → {after}"));
            }
        }
    }

    /// Columns that stand at the right are of numbers; what a figure is printed with, as in “≈90”, has its own.
    fn frame(&self) -> Result<Frame, frames::Error> {
        let ids: Vec<&str> = self.rows.iter().map(|(id, _)| id.as_str()).collect();
        let mut columns = vec![FrameColumn::new("id", ids)];
        for (position, (head, align)) in self.heads.iter().enumerate() {
            let cells = self
                .rows
                .iter()
                .map(|(_, cells)| cells.get(position).filter(|cell| !cell.is_empty()));
            let cells: Vec<Option<&str>> = cells.map(|cell| cell.map(String::as_str)).collect();
            let name = head.replace(' ', "_");
            columns.push(match align {
                Align::Right | Align::Decimal => {
                    let number = |cell: Option<&str>| {
                        let is_sign = |letter: char| !letter.is_ascii_digit() && letter != '-';
                        let digits = cell?.trim_start_matches(is_sign);
                        digits.parse::<f64>().ok()
                    };
                    FrameColumn::new(name, cells.into_iter().map(number).collect::<Vec<_>>())
                }
                _ => FrameColumn::new(name, cells),
            });
        }
        Frame::new(self.rows.len(), columns)
    }

    /// The last texts are for wide formats: a terminal has room for an id and a few short columns.
    fn table(&self, what: What) -> Table {
        let singular = match what {
            What::Polls => "poll",
            What::Samples => "sample row",
            What::Questions => "question",
            What::Figures => "figure",
            What::Changes => "change",
        };
        // The longest column goes under the id, as a note.
        let note = self
            .heads
            .iter()
            .position(|(head, _)| matches!(*head, "title" | "note" | "reason"));
        let is_empty = |position: usize| {
            let mut cells = self
                .rows
                .iter()
                .filter_map(|(_, cells)| cells.get(position));
            cells.all(String::is_empty)
        };
        let is_called = |name: &str| self.heads.iter().position(|(head, _)| *head == name);
        // who asked stands for who paid where nobody is known to have paid
        let without_sponsor = is_called("sponsor").is_some_and(is_empty);
        let kept: Vec<usize> = (0..self.heads.len())
            .filter(|position| Some(*position) != note)
            .filter(|position| !(without_sponsor && Some(*position) == is_called("sponsor")))
            .collect();
        let columns = kept
            .iter()
            .filter_map(|position| self.heads.get(*position))
            .map(|(head, align)| {
                Column::new(head, *align)
                    .emphasis(Emphasis::Plain)
                    .from_width(match *head {
                        "pollster" if without_sponsor => 0,
                        "responses" | "series" | "pollster" => 101,
                        "sponsor" | "aggregate" | "moe" => 80,
                        // under the id, and in the exact formats
                        "file" | "column" | "before" | "after" | "qualifier" => usize::MAX,
                        _ => 0,
                    })
            });
        let rows = self.rows.iter().map(|(id, cells)| Row {
            label: id.clone(),
            cells: kept
                .iter()
                .map(|p| Cell::from(cells.get(*p).cloned().unwrap_or_default()))
                .collect(),
            notes: note
                .and_then(|p| cells.get(p))
                .filter(|n| !n.is_empty())
                .cloned()
                .into_iter()
                .collect(),
            ..Row::default()
        });
        Table {
            title: count(self.rows.len(), singular),
            columns: columns.collect(),
            blocks: vec![Block {
                rows: rows.collect(),
                ..Block::default()
            }],
            ..Table::default()
        }
    }
}
