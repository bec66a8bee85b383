//! `opine compare FILE` of a plain list: labels, per cents and, where known, n.

use super::Coupling;
use super::args::{Args, With};
use super::figures::FigureArg;
use super::pick::RowPick;
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::cli::values;
use crate::frames::words::{and, nearest, or};
use crate::published::changes::{Moments, changes, moment_name};
use crate::published::compare::{Relation, TypedFigure};
use crate::published::figures::store::Qualifier;
use crate::published::lists::{self, ListedFigure, is_whole_question};

/// Figures of a list, and how they are compared.
pub struct ListFigures {
    pub figures: Vec<FigureArg>,
    pub coupling: Coupling,
    pub relation: Option<Relation>,
}

/// The rows of a list as typed figures, and the relation that follows from them where none was named: rows that add up to
/// 100 are answers of one question, rows of several sizes are independent. Of several groups, countries say, the same answer is
/// held against that of another group: two answers of one group are no independent samples.
pub fn figures_of_list(
    path: &str,
    rows: &[ListedFigure],
    args: &Args,
    session: &Session,
) -> Result<ListFigures, Failure> {
    let chosen = chosen(path, rows, &args.row, session)?;
    let unsized_row = chosen.iter().find(|row| row.n.is_none());
    if let Some(row) = unsized_row.filter(|_| args.n.is_none() && args.moe.is_none()) {
        return Err(Failure::Usage(format!(
            "{path}, line {}: {} has no n; name it with -n 1000, or with --moe 3 the margin of error that was printed",
            row.line, row.label
        )));
    }
    let several = chosen
        .iter()
        .any(|row| row.question != rows.first().map_or("", |first| &first.question));
    let figure = |row: &&ListedFigure| {
        let name = match several && !row.question.is_empty() {
            true => format!("{}: {}", row.question, row.label),
            false => row.label.clone(),
        };
        FigureArg::Typed(TypedFigure {
            written: name.clone(),
            name: Some(name),
            terms: vec![(1.0, row.percent.clone())],
            n: row.n,
        })
    };
    if let Some((couples, relation)) = couples(path, &chosen, args, session) {
        return Ok(ListFigures {
            figures: couples.iter().flatten().map(figure).collect(),
            coupling: Coupling::InTwos,
            relation: Some(relation),
        });
    }
    Ok(ListFigures {
        relation: relation(path, rows, &chosen, args, session)?,
        figures: chosen.iter().map(figure).collect(),
        coupling: Coupling::All,
    })
}

/// Of a list of several groups: the same answer in each two of them, or each two answers of a group where these are said to be
/// of one question. `None` for one group, for rows that were picked, and where nothing says how the groups stand to each other.
fn couples<'r>(
    path: &str,
    chosen: &[&'r ListedFigure],
    args: &Args,
    session: &Session,
) -> Option<(Vec<[&'r ListedFigure; 2]>, Relation)> {
    let first = chosen.first()?;
    let is_one_group = chosen.iter().all(|row| row.question == first.question);
    if is_one_group || !args.row.is_empty() || args.against.is_some() {
        return None;
    }
    let relation = match args.relation {
        Some(relation) => relation,
        None if is_of_one_size(chosen, args) => return None,
        None => Relation::Independent,
    };
    let within = relation == Relation::SameQuestion;
    let is_shared = |row: &ListedFigure| {
        let mut others = chosen.iter().filter(|one| one.question != row.question);
        others.any(|one| one.label == row.label)
    };
    let any_shared = chosen.iter().any(|row| is_shared(row));
    let belong = |a: &ListedFigure, b: &ListedFigure| match within {
        true => a.question == b.question,
        false => a.question != b.question && (a.label == b.label || !any_shared),
    };
    let mut couples = Vec::new();
    for (place, a) in chosen.iter().enumerate() {
        let is_first = match within {
            true => chosen
                .iter()
                .take(place)
                .all(|row| row.question != a.question),
            false => a.question == first.question,
        };
        let others = chosen.iter().skip(place + 1).filter(|b| belong(a, b));
        match args.with {
            Some(With::First) if is_first => couples.extend(others.map(|b| [*b, *a])),
            Some(With::First) => {}
            None => couples.extend(others.map(|b| [*a, *b])),
        }
    }
    if couples.is_empty() {
        return None;
    }
    if args.relation.is_none() {
        session.note(&format!(
            "{path}: each answer is compared between groups, taken as samples of their own; --relation same-question compares the \
             answers of a group, --row other rows"
        ));
    }
    Some((couples, relation))
}

fn is_of_one_size(rows: &[&ListedFigure], args: &Args) -> bool {
    let size = |row: &&ListedFigure| row.n.or(args.n).map(f64::to_bits);
    let first = rows.first().map(size);
    rows.iter().all(|row| Some(size(row)) == first)
}

/// The same answers at the last two moments of a list, later and earlier in turn; `None` where no column holds two times, or
/// where rows are picked.
pub fn changes_of_list(
    path: &str,
    rows: &[ListedFigure],
    args: &Args,
    session: &Session,
) -> Result<Option<Vec<FigureArg>>, Failure> {
    let elsewhere = !args.row.is_empty() || args.against.is_some() || args.with.is_some();
    let of_one_moment = args
        .relation
        .is_some_and(|relation| !matches!(relation, Relation::Independent | Relation::Panel));
    if elsewhere || of_one_moment {
        return Ok(None);
    }
    let wrong = |error: String| Failure::Usage(format!("{path}: {error}"));
    let Some(moments) = Moments::from_rows(rows, None, None).map_err(wrong)? else {
        return Ok(None);
    };
    let (changed, lost) = changes(rows, &moments).map_err(wrong)?;
    if changed.is_empty() {
        return Ok(None);
    }
    let order = match moments.are_dates {
        true => "",
        false => ", in the order of the rows",
    };
    session.note(&format!(
        "{path}: {} against {}{order}, taken as new samples asked the same; --relation panel where they are the same people, --row \
         for other rows",
        moment_name(&moments.later),
        moment_name(&moments.earlier)
    ));
    say_lost(
        path,
        &lost,
        "printed at one of both moments, or as a bound",
        session,
    );
    let unsized_figure = changed
        .iter()
        .flat_map(|change| [&change.later, &change.earlier])
        .find(|figure| figure.n.is_none());
    if let Some(figure) = unsized_figure.filter(|_| args.n.is_none() && args.moe.is_none()) {
        return Err(Failure::Usage(format!(
            "{path}: {} has no n; name it with -n 1000, or with --moe 3 the margin of error that was printed",
            figure.written
        )));
    }
    let couples = changed
        .into_iter()
        .flat_map(|change| [change.later, change.earlier]);
    Ok(Some(couples.map(FigureArg::Typed).collect()))
}

/// The rows of those who gave other answers, where an answer of the list is left out by name; a percentage that is left out is for
/// typed figures to take.
pub fn of_the_rest(
    path: &str,
    rows: Vec<ListedFigure>,
    args: &mut Args,
    session: &Session,
) -> Result<Vec<ListedFigure>, Failure> {
    let is_percent = |text: &String| values::percent(text).is_ok();
    if args.without.iter().all(is_percent) {
        return Ok(rows);
    }
    let rest = lists::of_the_rest(&rows, &args.without)
        .map_err(|error| Failure::Usage(format!("--without: {path}: {error}")))?;
    args.without.clear();
    let quoted: Vec<String> = rest
        .without
        .iter()
        .map(|label| format!("“{label}”"))
        .collect();
    session.note(&format!(
        "{path}: shares of those who gave another answer than {}",
        or(&quoted)
    ));
    if !rest.lost.is_empty() {
        session.note(&format!(
            "{path}: {} left out: no such answer stands beside them, or they hold it",
            and(&rest.lost)
        ));
    }
    match rest.rows.is_empty() {
        true => Err(Failure::Usage(format!(
            "--without: {path} has no row of those who gave another answer than {}",
            or(&quoted)
        ))),
        false => Ok(rest.rows),
    }
}

/// The rows that are picked; without a pick all, but for NETs and bounds.
fn chosen<'r>(
    path: &str,
    rows: &'r [ListedFigure],
    picks: &[RowPick],
    session: &Session,
) -> Result<Vec<&'r ListedFigure>, Failure> {
    let mut chosen = Vec::new();
    for pick in picks {
        let fitting: Vec<&ListedFigure> = rows.iter().filter(|row| pick.fits_listed(row)).collect();
        match fitting.as_slice() {
            [row] => chosen.push(*row),
            [] => {
                let labels = rows.iter().map(|row| row.label.as_str());
                let near = pick
                    .written()
                    .split('=')
                    .nth(1)
                    .and_then(|label| nearest(label, labels));
                let near = near.map_or(String::new(), |near| {
                    format!("; did you mean label={near}?")
                });
                return Err(Failure::Usage(format!(
                    "{path} has no row with {}{near}",
                    pick.written()
                )));
            }
            several => {
                return Err(Failure::Usage(format!(
                    "{path} has {} rows with {}: name another column too",
                    several.len(),
                    pick.written()
                )));
            }
        }
    }
    if picks.is_empty() {
        let (nets, others): (Vec<&ListedFigure>, Vec<&ListedFigure>) =
            rows.iter().partition(|row| row.is_net());
        chosen = others;
        say_left_out(
            path,
            &nets,
            "NETs hold other rows: pick them with --row",
            session,
        );
    }
    let bound =
        |row: &&ListedFigure| matches!(row.qualifier, Qualifier::AtLeast | Qualifier::AtMost);
    let (bounds, chosen): (Vec<&ListedFigure>, Vec<&ListedFigure>) =
        chosen.into_iter().partition(bound);
    say_left_out(path, &bounds, "printed as bounds", session);
    match chosen.len() {
        0 => Err(Failure::Usage(format!(
            "{path} has no row that can be compared"
        ))),
        _ => Ok(chosen),
    }
}

fn say_left_out(path: &str, rows: &[&ListedFigure], why: &str, session: &Session) {
    let labels: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
    say_lost(path, &labels, why, session);
}

fn say_lost(path: &str, labels: &[String], why: &str, session: &Session) {
    if !labels.is_empty() {
        session.note(&format!("{path}: {} left out, {why}", and(labels)));
    }
}

fn relation(
    path: &str,
    rows: &[ListedFigure],
    chosen: &[&ListedFigure],
    args: &Args,
    session: &Session,
) -> Result<Option<Relation>, Failure> {
    if args.relation.is_some() || args.against.is_some() || chosen.len() < 2 {
        return Ok(args.relation);
    }
    let is_one_group = |rows: &[&ListedFigure]| {
        let first = rows.first().map(|row| &row.question);
        rows.iter().all(|row| Some(&row.question) == first)
    };
    let whole: Vec<&ListedFigure> = rows.iter().collect();
    let has_groups = !is_one_group(&whole);
    let pairs_of_a_group = chosen.iter().enumerate().any(|(place, a)| {
        let mut others = chosen.iter().skip(place + 1);
        others.any(|b| a.question == b.question)
    });
    if has_groups && pairs_of_a_group && !is_one_group(chosen) {
        return Err(Failure::Usage(format!(
            "{path}: two of these rows are answers of one group, and others of another: compare them apart, or name --relation"
        )));
    }
    // of rows of one group, that group is the question
    let first = chosen.first().map_or("", |row| &row.question);
    let group: Vec<ListedFigure> = match has_groups && pairs_of_a_group {
        true => rows
            .iter()
            .filter(|row| row.question == first)
            .cloned()
            .collect(),
        false => rows.to_vec(),
    };
    if chosen.iter().all(|row| row.label_is_sample) {
        if is_of_one_size(chosen, args) {
            session.note(&format!(
                "{path}: the rows are taken as samples of their own, as their column is called; --relation says otherwise"
            ));
        }
        return Ok(Some(Relation::Independent));
    }
    let one_size = is_of_one_size(chosen, args) || (has_groups && pairs_of_a_group);
    match (one_size, is_whole_question(&group)) {
        (false, _) => Ok(Some(Relation::Independent)),
        (true, true) => {
            session.note(&format!(
                "{path}: taken as answers of one question, as they add up to 100; --relation says otherwise"
            ));
            Ok(Some(Relation::SameQuestion))
        }
        (true, false) => Err(Failure::Usage(format!(
            "{path}: the rows are of one size and do not add up to 100, so how they stand to each other does not follow: \
             --relation same-question for answers of one question, same-respondents for several questions to the same \
             people, independent for samples of their own"
        ))),
    }
}
