//! Differences that the claims invite, each against zero: countries, answers, questions, one half.

use super::picture::{Error, Picture};
use crate::frames::words::{capitalised, signed_points};
use crate::frames::{Comparison, Comparisons, Flag};
use crate::present::chart::{
    Chart, Difference, DifferenceChart, DifferenceGroup, DifferenceMark, DifferenceRow, Scale,
    Style,
};
use crate::present::published::{self, Line};
use crate::published::compare::{
    self, Options, Pair, PairOptions, Relation, Side, StoredFigure, sides,
};
use crate::published::figures::store::{ALL, Figure, Qualifier, Question, QuestionKind, Store};
use crate::published::figures::topline::Intervals;
use crate::statistics::adjust::{Adjust, adjusted};

/// More rows of one sort than this are no picture for a page.
const MOST_OF_A_SORT: usize = 4;

/// A difference with how it is called.
struct Drawing {
    label: String,
    /// The poll and the question that it is of.
    asked: (String, String),
    /// Which poll that is, where several were asked the same.
    note: Option<String>,
    compared: compare::Difference,
}

/// Differences of one sort.
struct Sort {
    head: &'static str,
    note: &'static str,
    drawn: Vec<Drawing>,
}

/// The differences between figures of the claims and of what stands beside them; none where no two can be compared.
pub(super) fn differences_picture(
    store: &Store,
    style: &Style,
    intervals: Intervals,
) -> Result<Option<Picture>, Error> {
    let sections = published::claims_with_context(store, intervals)?;
    let lines: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
    let figures: Vec<&Figure> = lines
        .iter()
        .filter(|line| !line.cannot_hold() && is_share(store, line.figure))
        .map(|line| line.figure)
        .collect();
    let claimed = published::claims(store, intervals)?;
    let own: Vec<&Figure> = claimed
        .iter()
        .filter_map(|section| section.lines.first())
        .map(|line| line.figure)
        .filter(|figure| figures.iter().any(|known| known.id() == figure.id()))
        .collect();
    let mut sorts = [
        Sort {
            head: "Country against country",
            note: "The highest less the next highest, picked by value; independent samples",
            drawn: countries(store, &figures, intervals)?,
        },
        Sort {
            head: "Two answers to one question",
            note: "The two given most often, by the same respondents",
            drawn: answers(store, &figures, intervals)?,
        },
        Sort {
            head: "Two questions to the same people",
            note: "How the answers go together is not known: thick is the least, thin the most that the interval can be",
            drawn: questions(store, &figures, intervals)?,
        },
        Sort {
            head: "Against one half",
            note: "Is it a majority?",
            drawn: halves(store, &own, intervals)?,
        },
    ];
    for sort in &mut sorts {
        tell_apart(store, &mut sort.drawn);
    }
    let rows: Vec<&compare::Difference> = sorts
        .iter()
        .flat_map(|sort| sort.drawn.iter().map(|drawn| &drawn.compared))
        .collect();
    if rows.len() < 2 {
        return Ok(None);
    }
    let chart = DifferenceChart {
        aside: None,
        title: title(&rows),
        subtitle: Some(format!(
            "Difference in percentage points. Lines are {}% intervals.",
            100.0 * intervals.level
        )),
        groups: sorts
            .iter()
            .filter(|sort| !sort.drawn.is_empty())
            .map(|sort| DifferenceGroup {
                head: Some(sort.head.to_owned()),
                note: Some(sort.note.to_owned()),
                rows: sort.drawn.iter().map(row).collect(),
            })
            .collect(),
        footer: vec![footer(&rows, intervals.level)],
        level: intervals.level,
        scale: Scale::Percent,
    };
    let numbers: Vec<Comparison> = rows.iter().map(|one| one.row.clone()).collect();
    Ok(Some(Picture {
        name: "differences",
        poll: None,
        drawing: chart.draw(style)?,
        numbers: Comparisons::from_rows(&numbers)?.into_frame(),
    }))
}

/// Rows of one question to several polls say which poll they are of.
fn tell_apart(store: &Store, drawn: &mut [Drawing]) {
    let asked: Vec<(String, String)> = drawn.iter().map(|one| one.asked.clone()).collect();
    for one in drawn {
        let (poll, question) = &one.asked;
        let is_asked_again = asked
            .iter()
            .any(|(other, same)| same == question && other != poll);
        one.note = is_asked_again.then(|| store.poll_name(poll));
    }
}

fn question<'s>(store: &'s Store, figure: &Figure) -> Option<&'s Question> {
    store.question(&figure.poll, &figure.question)
}

fn is_share(store: &Store, figure: &Figure) -> bool {
    let bound = matches!(figure.qualifier, Qualifier::AtLeast | Qualifier::AtMost);
    !bound && question(store, figure).is_some_and(|question| question.kind != QuestionKind::Score)
}

/// What is compared: a pair of quantities with the words for it.
fn pair(
    store: &Store,
    a: &Figure,
    b: &Figure,
    intervals: Intervals,
    label: impl Fn(&Side, &Side) -> String,
) -> Result<Option<Drawing>, Error> {
    let asked = (a.poll.clone(), a.question.clone());
    let figures = [a, b].map(|figure| {
        let prints = store.figures_named(&figure.id());
        StoredFigure::Printed(prints, false)
    });
    let sides = sides(store, figures.into(), intervals)?;
    let [a, b] = sides.as_slice() else {
        return Ok(None);
    };
    let Ok(pair) = Pair::stored(store, a, b, PairOptions::default()) else {
        return Ok(None);
    };
    let options = Options {
        level: intervals.level,
        ..Options::default()
    };
    let mut compared = pair.compare(options)?;
    let family = published::Family {
        level: intervals.level,
        adjust: Adjust::default(),
        size: 1,
    };
    published::write_sentences(std::slice::from_mut(&mut compared), &[pair], family);
    Ok(compared.row.se.is_some().then(|| Drawing {
        label: label(a, b),
        asked,
        note: None,
        compared,
    }))
}

/// "South Korea less Philippines on “Overall view of China: Favourable”".
fn on_topic(a: &Side, b: &Side) -> String {
    format!("{} less {} on “{}”", a.label, b.label, a.topic)
}

/// The highest country less the next, for each response that has several: is it the highest?
fn countries(
    store: &Store,
    figures: &[&Figure],
    intervals: Intervals,
) -> Result<Vec<Drawing>, Error> {
    let mut drawn: Vec<Drawing> = Vec::new();
    let mut seen: Vec<[&str; 3]> = Vec::new();
    for figure in figures {
        let answer: [&str; 3] = [&figure.poll, &figure.question, &figure.response];
        if seen.contains(&answer) || drawn.len() == MOST_OF_A_SORT {
            continue;
        }
        seen.push(answer);
        let mut places: Vec<&Figure> = store
            .figures
            .iter()
            .filter(|other| [&*other.poll, &other.question, &other.response] == answer)
            .filter(|other| other.country != ALL && other.base == ALL && is_share(store, other))
            .filter(|other| store.countries_of(&other.poll, &other.country).len() == 1)
            .collect();
        places.sort_by(|a, b| b.percent.value.total_cmp(&a.percent.value));
        let Some(high) = places.first() else {
            continue;
        };
        let next = places.iter().find(|other| other.country != high.country);
        if let Some(next) = next {
            drawn.extend(pair(store, high, next, intervals, on_topic)?);
        }
    }
    Ok(drawn)
}

/// The two answers that were given most often to each question of one answer.
fn answers(
    store: &Store,
    figures: &[&Figure],
    intervals: Intervals,
) -> Result<Vec<Drawing>, Error> {
    let mut drawn = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for figure in figures {
        let key = (figure.poll.as_str(), figure.question.as_str());
        let single = question(store, figure).is_some_and(|q| q.kind == QuestionKind::Single);
        if seen.contains(&key) || !single || drawn.len() == MOST_OF_A_SORT {
            continue;
        }
        seen.push(key);
        let mut same: Vec<&&Figure> = figures
            .iter()
            .filter(|other| (other.poll.as_str(), other.question.as_str()) == key)
            .filter(|other| other.country == ALL && other.base == ALL && other.net_of.is_empty())
            .collect();
        same.sort_by(|a, b| b.percent.value.total_cmp(&a.percent.value));
        if let [first, second, ..] = same.as_slice() {
            drawn.extend(pair(store, first, second, intervals, on_topic)?);
        }
    }
    Ok(drawn)
}

/// The same response to two questions of a poll.
fn questions(
    store: &Store,
    figures: &[&Figure],
    intervals: Intervals,
) -> Result<Vec<Drawing>, Error> {
    let mut drawn = Vec::new();
    for (at, a) in figures.iter().enumerate() {
        let partner = figures.iter().skip(at + 1).find(|b| {
            b.poll == a.poll
                && b.question != a.question
                && b.response == a.response
                && (&b.country, &b.base) == (&a.country, &a.base)
        });
        let Some(b) = partner.filter(|_| drawn.len() < MOST_OF_A_SORT) else {
            continue;
        };
        let (high, low) = match a.percent.value >= b.percent.value {
            true => (a, b),
            false => (b, a),
        };
        let label = |a: &Side, b: &Side| format!("“{}” less “{}”", a.label, b.label);
        let of_same = pair(store, high, low, intervals, label)?;
        let same_people = |one: &Drawing| one.compared.relation == Relation::SameRespondents;
        drawn.extend(of_same.filter(same_people));
    }
    Ok(drawn)
}

/// What is claimed, against 50%.
fn halves(store: &Store, own: &[&Figure], intervals: Intervals) -> Result<Vec<Drawing>, Error> {
    let mut drawn = Vec::new();
    for figure in own.iter().take(MOST_OF_A_SORT) {
        // the claim's own print, where others disagree
        let stored = StoredFigure::Printed(vec![figure], true);
        let sides = sides(store, vec![stored], intervals)?;
        for side in &sides {
            let mut compared = compare::against(side, "50", 0.5, intervals.level)?;
            let family = published::Family {
                level: intervals.level,
                adjust: Adjust::default(),
                size: 1,
            };
            let one = std::slice::from_mut(&mut compared);
            published::write_sentences_against(one, &[side], "50", family);
            if compared.row.se.is_some() {
                drawn.push(Drawing {
                    label: format!("{} ({}%)", side.label, side.printed),
                    asked: (figure.poll.clone(), figure.question.clone()),
                    note: None,
                    compared,
                });
            }
        }
    }
    Ok(drawn)
}

fn row(drawn: &Drawing) -> DifferenceRow {
    let compared = &drawn.compared;
    let points = 100.0 * compared.row.estimate.unwrap_or_default();
    let in_points = |(low, high): (f64, f64)| (100.0 * low, 100.0 * high);
    let mark = match (compared.row.interval(), compared.narrowest) {
        (Some(wide), Some(best)) => DifferenceMark::Bounds {
            narrow: in_points((best.low, best.high)),
            wide: in_points(wide),
        },
        (Some(interval), None) => {
            let (low, high) = in_points(interval);
            DifferenceMark::Interval { low, high }
        }
        (None, _) => DifferenceMark::NoSampleSize,
    };
    DifferenceRow {
        aside: None,
        label: drawn.label.clone(),
        note: drawn.note.clone(),
        difference: Some(Difference {
            printed: signed_points(points),
            points,
            ends: None,
            mark,
        }),
        remark: None,
    }
}

/// Whether zero lies outside the interval.
fn is_clear(one: &compare::Difference) -> bool {
    one.row
        .interval()
        .is_some_and(|(low, high)| low > 0.0 || high < 0.0)
}

const NUMBERS: [&str; 13] = [
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

fn in_words(count: usize) -> String {
    NUMBERS
        .get(count)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// "Seven of ten differences are clear of zero; three are not established".
fn title(rows: &[&compare::Difference]) -> String {
    let clear = rows.iter().filter(|one| is_clear(one)).count();
    let open = rows.len() - clear;
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let sentence = match (clear, open) {
        (_, 0) => format!("all {} differences are clear of zero", in_words(clear)),
        (0, _) => format!("none of {} differences is clear of zero", in_words(open)),
        _ => format!(
            "{} of {} differences {} clear of zero; {} {} not established",
            in_words(clear),
            in_words(rows.len()),
            are(clear),
            in_words(open),
            are(open)
        ),
    };
    let mut letters = sentence.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>());
    first.unwrap_or_default() + letters.as_str()
}

/// What the intervals rest on, and what is left of them in a family.
fn footer(rows: &[&compare::Difference], level: f64) -> String {
    let mut sentences = Vec::new();
    if rows.iter().any(|one| !is_clear(one)) {
        sentences.push(
            "Grey: zero lies inside the interval, so the sign of the difference is not established; that is no \
             evidence of no difference."
                .to_owned(),
        );
    }
    let methods = [
        (
            Relation::Independent,
            "Independent samples: Newcombe’s interval",
        ),
        (Relation::SameQuestion, "one question: multinomial variance"),
        (
            Relation::SameRespondents,
            "two questions: bounds of the covariance",
        ),
        (Relation::FixedValue, "one half: Wilson"),
    ];
    let used = methods
        .into_iter()
        .filter(|(relation, _)| rows.iter().any(|one| one.relation == *relation));
    let used: Vec<&str> = used.map(|(_, method)| method).collect();
    sentences.push(format!("{}.", capitalised(&used.join("; "))));
    let p: Vec<f64> = rows.iter().filter_map(|one| one.row.p_value).collect();
    let below = |p: &[f64]| p.iter().filter(|p| **p < 1.0 - level).count();
    let after = below(&adjusted(Adjust::default(), &p));
    sentences.push(format!(
        "Intervals are not adjusted for looking at {} differences; with Holm’s adjustment {} of their p-values stay \
         below {:.2}.",
        in_words(rows.len()),
        match (after == below(&p), after) {
            (true, _) => format!("the same {}", in_words(after)),
            (false, after) => in_words(after),
        },
        1.0 - level
    ));
    let model = rows
        .iter()
        .any(|one| one.row.flags.contains(&Flag::UnknownSampling));
    if model {
        sentences.push(
            "Where nobody states how the sample was drawn, intervals are model-based.".to_owned(),
        );
    }
    sentences.join(" ")
}
