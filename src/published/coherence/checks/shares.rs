//! Shares that no sample gives, that leave out those without an answer, or that are averages of an unknown kind.

use crate::frames::words::and;
use crate::published::coherence::program::{People, members, weights};
use crate::published::coherence::rules;
use crate::published::figures::quantity::{COMPUTED, Prefer, Quantity, quantities};
use crate::published::figures::store::{
    Aggregate, Figure, Finding, NKind, Qualifier, QuestionKind, ResponseKind, Severity, Store,
};

/// Shares that no number of respondents of a small sample gives: 37.1% of 40, where 15 are 37.5% and 14 are
/// 35% (Brown & Heathers 2017, *The GRIM test*, for per cents). A note: weights make any share possible, and
/// few sources say whether they weighted.
pub fn unattainable(store: &Store) -> Vec<Finding> {
    let found = store.figures.iter().filter_map(|figure| {
        let n = unweighted_n(store, figure)?;
        let (low, high) = figure.percent.stands_for(figure.qualifier);
        let share = |count: f64| 100.0 * count / n as f64;
        // the fewest who make as much as the range begins with: if they are too many, no number fits
        let count = (low * n as f64 / 100.0 - 1e-9).ceil();
        (share(count) > high + 1e-9).then(|| unattainable_finding(figure, n, count))
    });
    found.collect()
}

/// The exact size behind an unweighted share that is printed more finely than the sample allows.
fn unweighted_n(store: &Store, figure: &Figure) -> Option<u64> {
    let kind = store.question(&figure.poll, &figure.question)?.kind;
    let mixed = !matches!(figure.aggregate, None | Some(Aggregate::Respondents));
    if kind == QuestionKind::Score
        || mixed
        || figure.reported_by == COMPUTED
        || figure.qualifier != Qualifier::Exact
    {
        return None;
    }
    // weights between countries leave the shares within one alone
    let weighting = &store.poll(&figure.poll)?.weighting;
    let between = weighting.contains("each country") && figure.aggregate.is_none();
    let rows = store.samples_of(&figure.poll, &figure.country, &figure.base);
    if !(weighting.is_empty() || between) || rows.iter().any(|row| row.deff.is_some()) {
        return None;
    }
    let exact = |row: &&&crate::published::figures::store::Sample| row.n_kind == Some(NKind::Exact);
    let of_sample = rows.iter().filter(exact).find_map(|row| row.n);
    let n = figure.n.or(of_sample)?;
    // else every print has a number of respondents that gives it
    (n > 0 && (n as f64) * figure.percent.unit < 100.0).then_some(n)
}

fn unattainable_finding(figure: &Figure, n: u64, above: f64) -> Finding {
    let share = |count: f64| 100.0 * count / n as f64;
    let decimals = figure
        .percent
        .text
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len());
    let said = |count: f64| format!("{count:.0} of {n} are {:.*}", decimals, share(count));
    let message = format!(
        "{} is no share of {n} respondents, if unweighted: {} and {}",
        figure.percent,
        said(above - 1.0),
        said(above)
    );
    Finding::new(rules::ATTAINABLE, Severity::Note, "figures.csv", message)
        .line(figure.line)
        .column("percent")
        .id(figure.id_with_source())
        .fix("weighted, of another base, or printed with a digit that is none?")
}

/// Values nearer than this may be in conflict for many reasons.
const CLEARLY: f64 = 2.0;

/// Two values of one quantity of which one is the other without don't know: 63 and 70 where 10 don't know, since
/// 63 of 90 are 70%.
pub fn rebased(store: &Store, conflicts: &[Quantity]) -> Vec<Finding> {
    conflicts
        .iter()
        .filter_map(|quantity| {
            let shown = quantity
                .printed()
                .map(|value| value.shown(Prefer::Decimals));
            let shown: Vec<&Figure> = shown.collect();
            let without = no_answer(store, shown.first()?);
            let pairs = shown
                .iter()
                .flat_map(|a| shown.iter().map(move |b| (*a, *b)));
            let mut rebased = pairs.filter(|(of_all, of_some)| {
                let share = 100.0 * of_all.percent.value / (100.0 - without);
                let same = (share - of_some.percent.value).abs() <= of_some.percent.unit / 2.0;
                same && of_some.percent.value - of_all.percent.value >= CLEARLY
            });
            let (of_all, of_some) = rebased
                .next()
                .filter(|_| without > 0.0 && without < 100.0)?;
            Some(rebased_finding(of_all, of_some, without))
        })
        .collect()
}

/// The share of those who gave no answer beside a figure, in points.
fn no_answer(store: &Store, figure: &Figure) -> f64 {
    let Some(question) = store.question(&figure.poll, &figure.question) else {
        return 0.0;
    };
    let none = |kind| matches!(kind, ResponseKind::DontKnow | ResponseKind::Refused);
    let share = |response: &String| {
        let kind = store.response(response)?.kind;
        let (poll, asked) = (&figure.poll, &figure.question);
        let printed = store.figures_of(poll, asked, response, &figure.country, &figure.base);
        printed
            .first()
            .filter(|_| none(kind))
            .map(|f| f.percent.value)
    };
    question.responses.iter().filter_map(share).sum()
}

fn rebased_finding(of_all: &Figure, of_some: &Figure, without: f64) -> Finding {
    let message = format!(
        "{} looks like {} without those who gave no answer: {} of {} are {}%",
        of_some.percent,
        of_all.percent,
        of_all.percent,
        crate::published::coherence::words::number(100.0 - without),
        of_some.percent
    );
    Finding::new(rules::REBASED, Severity::Note, "figures.csv", message)
        .line(of_some.line)
        .column("percent")
        .id(of_some.id_with_source())
        .id(of_all.id_with_source())
        .fix("give the one of fewer people a base of its own")
}

/// Totals of which nobody says how they were formed, though all their countries are known: which ways fit.
pub fn unknown_averages(store: &Store) -> Vec<Finding> {
    let unknown = store.figures.iter().filter(|figure| {
        figure.aggregate == Some(Aggregate::Unknown) && figure.qualifier == Qualifier::Exact
    });
    unknown.filter_map(|total| fits(store, total)).collect()
}

fn fits(store: &Store, total: &Figure) -> Option<Finding> {
    let people = People::behind(total);
    let countries = members(store, &total.poll, &total.country)?;
    if countries.len() < 2 {
        return None;
    }
    let parts = countries.iter().map(|country| part(store, total, country));
    let parts: Vec<&Figure> = parts.collect::<Option<_>>()?;
    let ways = [
        (Aggregate::EqualCountries, "a plain mean of the countries"),
        (Aggregate::Respondents, "all respondents pooled"),
    ];
    let fitting: Vec<String> = ways
        .into_iter()
        .filter(|(way, _)| {
            let weights = weights(store, people, &total.country, Some(*way));
            weights.is_some_and(|weights| mean_fits(total, &parts, &weights))
        })
        .map(|(_, words)| words.to_owned())
        .collect();
    let said = match fitting.is_empty() {
        true => "neither a plain mean of the countries nor, as far as sizes are known, all respondents pooled fits"
            .to_owned(),
        false => format!("{} fits", and(&fitting)),
    };
    let message = format!(
        "{} over {} countries: {said}",
        total.percent,
        countries.len()
    );
    let finding = Finding::new(rules::AVERAGE_FITS, Severity::Note, "figures.csv", message)
        .line(total.line)
        .column("aggregate")
        .id(total.id_with_source());
    Some(finding.fix("its aggregate is unknown: say how it was formed, if a source does"))
}

fn part<'s>(store: &'s Store, total: &Figure, country: &str) -> Option<&'s Figure> {
    let Figure {
        poll,
        question,
        response,
        base,
        ..
    } = total;
    let printed = store.figures_of(poll, question, response, country, base);
    let computed = People::behind(total).computed;
    let same: Vec<&Figure> = printed
        .into_iter()
        .filter(|figure| People::behind(figure).computed == computed)
        .collect();
    let quantity = quantities(&same).into_iter().next()?;
    let shown = quantity.values.first()?.shown(Prefer::Decimals);
    let value = matches!(shown.qualifier, Qualifier::Exact | Qualifier::About);
    value.then_some(shown)
}

fn mean_fits(total: &Figure, parts: &[&Figure], weights: &[(&str, f64)]) -> bool {
    let mean = |end: fn(&Figure) -> f64| -> f64 {
        let terms = parts.iter().zip(weights);
        terms.map(|(part, (_, weight))| weight * end(part)).sum()
    };
    let (low, high) = total.percent.stands_for(total.qualifier);
    let least = mean(|part| part.percent.stands_for(part.qualifier).0);
    let most = mean(|part| part.percent.stands_for(part.qualifier).1);
    least <= high + 1e-9 && low <= most + 1e-9
}
