//! `opine chart change`: two moments of the same answers, of a list, of two lists, or of two stored polls.

use std::path::Path;

use super::args::ChartArgs;
use crate::cli::check::listed_figures;
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::summary::decided;
use crate::cli::tables::TableFile;
use crate::cli::values::parsed;
use crate::frames::words::{and, distinct, thousands};
use crate::frames::{Comparison, Comparisons};
use crate::present::published::{self, Captions, ChangedFigure, Family};
use crate::published::changes::{Change, Moments, changes, leads, moment_name};
use crate::published::compare::{
    self, CombinationOptions, Difference, Options, Pair, PairOptions, Pooling, Relation, Side,
    TypedSample,
};
use crate::published::figures::store::{Figure, Store};
use crate::published::figures::topline::Intervals;
use crate::published::lists::{self, ListedFigure};
use crate::statistics::adjust::Adjust;
use crate::tabular;

#[derive(clap::Args)]
pub struct ChangeArgs {
    #[command(flatten)]
    chart: ChartArgs,
    /// The later of two lists, or of two selectors
    #[arg(value_name = "LATER", help_heading = None)]
    later: Option<String>,
    /// The moment that is changed from, where a list has more than two [default: the one before --to]
    #[arg(long, value_name = "MOMENT", hide_short_help = true, help_heading = None)]
    from: Option<String>,
    /// The moment that is changed to [default: the last]
    #[arg(long, value_name = "MOMENT", hide_short_help = true, help_heading = None)]
    to: Option<String>,
    /// How a lead changed, A-B or A+B-C; may be given again
    #[arg(long, value_name = "A-B", help_heading = None)]
    lead: Vec<String>,
    /// Samples: independent (default), or panel: the same people
    #[arg(long, value_name = "RELATION", value_parser = relation, help_heading = None)]
    relation: Option<Relation>,
}

fn relation(text: &str) -> Result<Relation, String> {
    match parsed::<Relation>(text)? {
        relation @ (Relation::Independent | Relation::Panel) => Ok(relation),
        other => Err(format!(
            "{other} is of figures of one moment; a change is independent (new samples) or panel (the same people)"
        )),
    }
}

/// The sides of all changes, earlier and later in turn.
struct Sides<'s> {
    labels: Vec<String>,
    sides: Vec<Side<'s>>,
    moments: (String, String),
    /// What has to be said of them under the chart.
    notes: Vec<String>,
    /// The question, where it is one.
    subject: Option<String>,
}

pub fn run(args: &ChangeArgs, session: &Session) -> Result<(), Failure> {
    args.chart.look.check()?;
    args.chart
        .look
        .refuse_colours("grey is a change that sampling alone can make")?;
    args.chart
        .refuse_method("a change has the interval of compare")?;
    let is_file = |text: &str| text == "-" || tabular::is_table(Path::new(text));
    match (
        is_file(&args.chart.input),
        args.later.as_deref().map(is_file),
    ) {
        (true, None | Some(true)) => {
            let sides = from_lists(args, session)?;
            draw(args, &sides, None, session)
        }
        (false, None | Some(false)) => {
            let store = open(args, session)?;
            let sides = from_store(args, &store)?;
            draw(args, &sides, Some(&store), session)
        }
        _ => Err(Failure::Usage(
            "a change is of two lists or of two selectors, not of one of each".to_owned(),
        )),
    }
}

fn draw(
    args: &ChangeArgs,
    all: &Sides,
    store: Option<&Store>,
    session: &Session,
) -> Result<(), Failure> {
    let level = args.chart.intervals().level;
    let mut pairs = Vec::new();
    for couple in all.sides.chunks_exact(2) {
        let [earlier, later] = couple else { continue };
        let relation = args
            .relation
            .or(store.is_none().then_some(Relation::Independent));
        let pair = match store {
            Some(store) => Pair::stored(
                store,
                later,
                earlier,
                PairOptions {
                    relation,
                    ..PairOptions::default()
                },
            ),
            None => Pair::typed(
                later,
                earlier,
                relation.unwrap_or(Relation::Independent),
                None,
            ),
        };
        pairs.push(pair.map_err(Failure::usage)?);
    }
    let options = Options {
        level,
        ..Options::default()
    };
    let compared = pairs
        .iter()
        .map(|pair| pair.compare(options).map_err(Failure::usage));
    let mut compared: Vec<Difference> = compared.collect::<Result<_, _>>()?;
    compare::family(&mut compared, Adjust::Holm);
    let family = Family {
        level,
        adjust: Adjust::Holm,
        size: compared
            .iter()
            .filter(|one| one.row.p_value.is_some())
            .count(),
    };
    published::write_sentences(&mut compared, &pairs, family);
    let changed: Vec<ChangedFigure> = all
        .labels
        .iter()
        .zip(&pairs)
        .zip(&compared)
        .map(|((label, pair), difference)| ChangedFigure {
            label: label.clone(),
            earlier: pair.b,
            later: pair.a,
            difference,
        })
        .collect();
    let are_leads = all.sides.iter().any(|side| side.score.is_some());
    let measure = match are_leads {
        true => "Leads in points, and how they moved.",
        false => "Per cent, and the change in points.",
    };
    let intervals = match compared.iter().any(|one| one.row.interval().is_some()) {
        true => format!(
            " Lines are {}% intervals.",
            (100.0 * level * 1e6).round() / 1e6
        ),
        false => String::new(),
    };
    let captions = Captions {
        foot: all.notes.clone(),
        ..args
            .chart
            .captions(all.subject.clone(), &format!("{measure}{intervals}"))
    };
    let chart = published::change_chart(&changed, all.moments.clone(), captions, family);
    let rows: Vec<Comparison> = compared.into_iter().map(|one| one.row).collect();
    let numbers = Comparisons::from_rows(&rows).map_err(Failure::usage)?;
    args.chart.write(&chart, Some(numbers.frame()), session)
}

/// The figures of one list, or of two, the earlier first.
fn from_lists(args: &ChangeArgs, session: &Session) -> Result<Sides<'static>, Failure> {
    let chart = &args.chart;
    if chart.data.data.is_some() {
        return Err(Failure::no_effect("--data", "a list is drawn by itself"));
    }
    let mut paths = vec![chart.input.clone()];
    paths.extend(args.later.clone());
    let mut rows: Vec<ListedFigure> = Vec::new();
    let mut questions = Vec::new();
    for path in &paths {
        let options = tabular::Options {
            columns: chart.columns.choice(),
            ..chart.table.options()
        };
        let file = TableFile::open(path, options, session)?;
        let list = listed_figures(path, &file, chart.look.title.is_none())?;
        if let Some(note) = list.note {
            session.note(&note);
        }
        questions.extend(list.question);
        let mut own = list.figures;
        let stem = Path::new(path)
            .file_stem()
            .map(|stem| stem.to_string_lossy().replace('_', " "));
        for row in &mut own {
            row.groups
                .push((FILE.to_owned(), stem.clone().unwrap_or_default()));
        }
        rows.extend(own);
    }
    if !chart.without().is_empty() {
        let rest = lists::of_the_rest(&rows, chart.without())
            .map_err(|error| Failure::Usage(format!("--without: {error}")))?;
        session.note(&format!(
            "shares of those who gave another answer than {}",
            and(&rest.without)
        ));
        rows = rest.rows;
    }
    let wrong = |error: String| Failure::Usage(format!("{}: {error}", chart.input));
    let usual = Moments::from_rows(&rows, None, None).ok().flatten();
    let moments = moments(args, &mut rows).map_err(wrong)?;
    let named = args.from.is_some() || args.to.is_some();
    if named && usual.as_ref() == Some(&moments) {
        session.note("--from and --to change nothing: these moments are taken without");
    }
    say_moments(args, &moments, session);
    let changed = match args.lead.as_slice() {
        [] => {
            let (changed, lost) = changes(&rows, &moments).map_err(wrong)?;
            if !lost.is_empty() {
                session.note(&format!(
                    "{} left out: printed at one of both moments, or as a bound",
                    and(&lost)
                ));
            }
            changed
        }
        written => leads(&rows, &moments, written).map_err(wrong)?,
    };
    if changed.is_empty() {
        return Err(wrong("no answer was printed at both moments".to_owned()));
    }
    let mut notes = Vec::new();
    let assumed = chart.assume_n.filter(|_| changed.iter().any(lacks_n));
    match (assumed, chart.assume_n) {
        (Some(n), _) => notes.push(format!(
            "A sample of {} is assumed where none was printed.",
            thousands(n)
        )),
        (None, Some(_)) => {
            session.note("--assume-n changes nothing: every row has its sample size")
        }
        (None, None) => {}
    }
    let mut sides = Vec::new();
    for figure in changed
        .iter()
        .flat_map(|change| [&change.earlier, &change.later])
    {
        let unknown = figure.n.is_none() && assumed.is_none();
        let sample = TypedSample {
            n: assumed.or(unknown.then_some(1.0)),
            ..TypedSample::default()
        };
        let mut side = figure
            .side(&sample, chart.intervals().level)
            .map_err(Failure::usage)?;
        if unknown {
            side.size = Err("no sample size is known".to_owned());
            side.interval = None;
            side.flags.clear();
        }
        sides.push(side);
    }
    Ok(Sides {
        labels: changed.into_iter().map(|change| change.label).collect(),
        sides,
        moments: (moment_name(&moments.earlier), moment_name(&moments.later)),
        notes,
        subject: match distinct(questions).as_slice() {
            [question] => Some(question.clone()),
            _ => None,
        },
    })
}

fn lacks_n(change: &Change) -> bool {
    change.earlier.n.is_none() || change.later.n.is_none()
}

/// The column that says which list a row is of.
const FILE: &str = "file";

/// The moments that a column holds; of two lists without one, the lists themselves.
fn moments(args: &ChangeArgs, rows: &mut [ListedFigure]) -> Result<Moments, String> {
    let (from, to) = (args.from.as_deref(), args.to.as_deref());
    if let Some(moments) = Moments::from_rows(rows, from, to)? {
        // which list it stands in tells no answers apart
        for row in rows {
            row.groups.retain(|(name, _)| name != FILE);
        }
        return Ok(moments);
    }
    let files = distinct(rows.iter().map(|row| row.group(FILE).to_owned()));
    match files.as_slice() {
        [earlier, later] if from.is_none() && to.is_none() => Ok(Moments {
            column: FILE.to_owned(),
            earlier: earlier.clone(),
            later: later.clone(),
            all: files.clone(),
            are_dates: false,
        }),
        [_, _] => Err("--from and --to have no effect: the two lists are the moments".to_owned()),
        _ => Err(
            "no column holds two times; name it with --group, or name two lists, the earlier one first".to_owned(),
        ),
    }
}

/// What was taken where there are more than two moments, or where their order is that of the rows.
fn say_moments(args: &ChangeArgs, moments: &Moments, session: &Session) {
    let named = args.from.is_some() && args.to.is_some();
    if moments.all.len() > 2 && !named {
        session.note(&format!(
            "from {} to {}, of {} moments; --from and --to name others",
            moment_name(&moments.earlier),
            moment_name(&moments.later),
            moments.all.len()
        ));
    }
    if !moments.are_dates && moments.column != FILE {
        session.note(&format!(
            "{} holds no dates: {} is taken as the earlier one, in the order of the rows",
            moments.column, moments.earlier
        ));
    }
}

fn open(args: &ChangeArgs, session: &Session) -> Result<Store, Failure> {
    let chart = &args.chart;
    let about_lists = [
        (args.from.is_some(), "--from"),
        (args.to.is_some(), "--to"),
        (!args.lead.is_empty(), "--lead"),
    ];
    if let Some((_, option)) = about_lists.iter().find(|(is_set, _)| *is_set) {
        let why = "it is about a list; stored figures are named as poll/question/response, a lead as response-response";
        return Err(Failure::no_effect(option, why));
    }
    chart.table.refuse("figures of the store are drawn")?;
    chart.columns.refuse(super::args::NO_LIST)?;
    let store = chart.data.open_sound(session)?;
    match chart.without() {
        [] => Ok(store),
        names => decided(&store, names),
    }
}

/// What a figure is of: its question, its answer or score, where, and in which base.
type ChangeKey = (String, String, String, String);

/// The same answers of two polls, the earlier poll first.
fn from_store<'s>(args: &ChangeArgs, store: &'s Store) -> Result<Sides<'s>, Failure> {
    let intervals = Intervals {
        level: args.chart.intervals().level,
        assumed_n: args.chart.assume_n,
        ..Intervals::default()
    };
    let options = CombinationOptions {
        nets: &[],
        pooling: Pooling {
            average: None,
            population: None,
        },
        intervals,
    };
    let mut all = Vec::new();
    for text in [Some(&args.chart.input), args.later.as_ref()]
        .into_iter()
        .flatten()
    {
        all.extend(compare::named_figures(store, text, &options).map_err(Failure::usage)?);
    }
    let sides = compare::sides(store, all, intervals).map_err(Failure::usage)?;
    let figures: Vec<&Figure> = sides.iter().filter_map(Side::figure).collect();
    let polls = distinct(figures.iter().map(|figure| figure.poll.clone()));
    let when = |poll: &String| {
        store
            .poll(poll)
            .and_then(|poll| poll.field_start.or(poll.published))
    };
    let [first, second] = polls.as_slice() else {
        return Err(Failure::Usage(format!(
            "a change is of two polls, and these figures are of {}: name two selectors, the earlier poll first",
            match polls.len() {
                0 => "none".to_owned(),
                _ => and(&polls),
            }
        )));
    };
    let turned = when(first)
        .zip(when(second))
        .is_some_and(|(first, second)| first > second);
    let (earlier_poll, later_poll) = if turned {
        (second, first)
    } else {
        (first, second)
    };
    let key = |figure: &Figure| {
        (
            figure.question.clone(),
            figure.response.clone(),
            figure.country.clone(),
            figure.base.clone(),
        )
    };
    let keys = distinct(figures.iter().map(|figure| key(figure)));
    let of = |poll: &str, sought: &ChangeKey| {
        let fits = |side: &&Side| {
            side.figure()
                .is_some_and(|figure| figure.poll == poll && key(figure) == *sought)
        };
        sides.iter().find(fits).cloned()
    };
    let mut found = Sides {
        labels: Vec::new(),
        sides: Vec::new(),
        moments: (store.poll_name(earlier_poll), store.poll_name(later_poll)),
        notes: Vec::new(),
        subject: None,
    };
    let titles = distinct(
        keys.iter()
            .map(|key| store.question_title(later_poll, &key.0)),
    );
    let responses = distinct(keys.iter().map(|key| key.1.clone()));
    found.subject = match (titles.as_slice(), responses.as_slice()) {
        ([title], [response]) => Some(store.titled(title, &store.response_label(response))),
        ([title], _) => Some(title.clone()),
        _ => None,
    };
    let mut lost = 0;
    for sought in &keys {
        let (Some(earlier), Some(later)) = (of(earlier_poll, sought), of(later_poll, sought))
        else {
            lost += 1;
            continue;
        };
        let response = match &later.score {
            Some(_) => sought.1.clone(),
            None => store.response_label(&sought.1),
        };
        let place = store.place_and_base(&sought.2, &sought.3);
        let several = |of: &dyn Fn(&ChangeKey) -> String| distinct(keys.iter().map(of)).len() > 1;
        let mut parts = Vec::new();
        if several(&|key| key.0.clone()) {
            parts.push(store.question_title(later_poll, &sought.0));
        }
        if several(&|key| key.1.clone()) || place.is_empty() {
            parts.push(response);
        }
        if several(&|key| format!("{} {}", key.2, key.3)) || parts.is_empty() {
            parts.push(place);
        }
        parts.retain(|part| !part.is_empty());
        found.labels.push(parts.join(", "));
        found.sides.extend([earlier, later]);
    }
    if found.sides.is_empty() {
        return Err(Failure::Usage(format!(
            "{} have no figure in common: a change is of the same question, answer and country",
            and(&polls)
        )));
    }
    if lost > 0 {
        found.notes.push(format!(
            "Not drawn: {lost} figures that only one of both polls printed."
        ));
    }
    Ok(found)
}
