//! Claims of a store that has none: what its newest polls found, so that a report is about them.

use crate::published::figures::store::{ALL, Claim, Figure, Poll, Question, Store};

/// More questions are no report that anybody reads; `opine summary` has them all.
const MOST_QUESTIONS: usize = 12;

/// The store, with what its newest polls found in the place of claims where it has none: a claim a question, the highest answer
/// of all who were asked first, the others beside it in their order.
pub fn with_own_claims(mut store: Store) -> Store {
    if !store.claims.is_empty() {
        return store;
    }
    let mut polls: Vec<&Poll> = store.polls.iter().collect();
    let when = |poll: &Poll| {
        let date = poll.field_end.or(poll.published).or(poll.field_start);
        date.map(|date| date.last_day().days())
    };
    // of one day in the order of the file
    polls.sort_by_key(|poll| std::cmp::Reverse(when(poll)));
    let questions = polls.into_iter().flat_map(|poll| {
        let of_poll = |question: &&Question| question.poll == poll.poll;
        store.questions.iter().filter(of_poll)
    });
    let claims = questions.filter_map(|question| claim(&store, question));
    let claims: Vec<Claim> = claims.take(MOST_QUESTIONS).collect();
    store.claims = claims;
    store
}

/// Whether the claims are those of [`with_own_claims`].
pub fn are_own(store: &Store) -> bool {
    let mut claims = store.claims.iter();
    claims.all(|claim| claim.claim.is_empty())
}

fn claim(store: &Store, question: &Question) -> Option<Claim> {
    let of_question =
        |figure: &&Figure| figure.poll == question.poll && figure.question == question.question;
    let mut figures: Vec<&Figure> = store.figures.iter().filter(of_question).collect();
    let is_of_all = |figure: &Figure| figure.country == ALL && figure.base == ALL;
    if figures.iter().any(|figure| is_of_all(figure)) {
        figures.retain(|figure| is_of_all(figure));
    }
    let value = |(_, figure): &(usize, &&Figure)| figure.percent.value;
    let order = |a: &(usize, &&Figure), b: &(usize, &&Figure)| value(a).total_cmp(&value(b));
    // of equals the first: `max_by` takes the last
    let highest = figures.iter().enumerate().rev().max_by(order)?.0;
    let first = figures.remove(highest);
    figures.insert(0, first);
    let place = store.place_and_base(&first.country, &first.base);
    let title = store.question_title(&question.poll, &question.question);
    let answer = store.titled(&title, &store.response_label(&first.response));
    let mut ids: Vec<String> = figures.iter().map(|figure| figure.id()).collect();
    ids.dedup();
    Some(Claim {
        claim: String::new(),
        article: String::new(),
        text: match place.is_empty() {
            true => format!("{answer} ({})", store.poll_name(&question.poll)),
            false => format!("{answer}, {place} ({})", store.poll_name(&question.poll)),
        },
        figures: ids,
        beside: Vec::new(),
        says: String::new(),
        note: String::new(),
        line: 0,
    })
}
