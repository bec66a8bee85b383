use super::rules;
use crate::published::figures::quantity::{Prefer, Quantity};
use crate::published::figures::store::{Figure, Finding, ResponseKind, Severity, Store};

/// Values nearer than this may be in conflict for many reasons.
const CLEARLY: f64 = 2.0;

/// Two values of one quantity of which one is the other without don't know: 63 and 70 where 10 don't know, since
/// 63 of 90 are 70%.
pub fn findings(store: &Store, conflicts: &[Quantity]) -> Vec<Finding> {
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
            Some(finding(of_all, of_some, without))
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

fn finding(of_all: &Figure, of_some: &Figure, without: f64) -> Finding {
    let message = format!(
        "{} looks like {} without those who gave no answer: {} of {} are {}%",
        of_some.percent,
        of_all.percent,
        of_all.percent,
        super::words::number(100.0 - without),
        of_some.percent
    );
    Finding::new(rules::REBASED, Severity::Note, "figures.csv", message)
        .line(of_some.line)
        .column("percent")
        .id(of_some.id_with_source())
        .id(of_all.id_with_source())
        .fix("give the one of fewer people a base of its own")
}
