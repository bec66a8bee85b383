use super::rules;
use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::store::{
    Aggregate, Figure, Finding, NKind, Qualifier, QuestionKind, Severity, Store,
};

/// Shares that no number of respondents of a small sample gives: 37.1% of 40, where 15 are 37.5% and 14 are
/// 35% (Brown & Heathers 2017, *The GRIM test*, for per cents). A note: weights make any share possible, and
/// few sources say whether they weighted.
pub fn findings(store: &Store) -> Vec<Finding> {
    let found = store.figures.iter().filter_map(|figure| {
        let n = unweighted_n(store, figure)?;
        let (low, high) = figure.percent.stands_for(figure.qualifier);
        let share = |count: f64| 100.0 * count / n as f64;
        let count = (low * n as f64 / 100.0 - 1e-9).ceil();
        (share(count) > high + 1e-9).then(|| finding(figure, n, count))
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
    (n > 0 && (n as f64) * figure.percent.unit < 100.0).then_some(n)
}

fn finding(figure: &Figure, n: u64, above: f64) -> Finding {
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
