//! What kind of contradiction a set of figures is, and which of them it is told of.

use super::rules;
use crate::published::figures::store::{ALL, Figure, Store};

/// The rule that some figures break, and the place of the one that leads: the joint share, the NET, the
/// total; where none stands out the first in the file.
pub fn kind(store: &Store, figures: &[&Figure]) -> (&'static str, usize) {
    let place = |wanted: &dyn Fn(&Figure) -> bool| figures.iter().position(|f| wanted(f));
    let first = figures.first();
    let one_answer = figures
        .iter()
        .all(|f| first.is_some_and(|g| (&g.question, &g.response) == (&f.question, &f.response)));
    let is_joint = |f: &Figure| !joint_of(store, f).is_empty();
    let is_total = |f: &Figure| is_set(store, &f.country);
    let joint = place(&|f| is_joint(f) && is_total(f)).or_else(|| place(&is_joint));
    if let Some(lead) = joint.filter(|_| !one_answer) {
        return (rules::JOINT_SHARE, lead);
    }
    let one_place = figures
        .iter()
        .all(|f| figures.first().is_some_and(|g| g.country == f.country));
    let holds_other = |net: &Figure| {
        let part_of = |g: &&Figure| {
            let within = net.net_of.contains(&g.response);
            let shared = g.net_of.iter().any(|part| net.net_of.contains(part));
            !std::ptr::eq(*g, net) && g.question == net.question && (within || shared)
        };
        figures.iter().any(part_of)
    };
    let first = (0..figures.len()).min_by_key(|&place| figures[place].line);
    match one_place {
        true => match place(&holds_other) {
            Some(lead) => (rules::NET_PARTS, lead),
            None => (rules::SUM_OVER_100, first.unwrap_or(0)),
        },
        false => match place(&is_total) {
            Some(lead) => (rules::TOTAL_MIXTURE, lead),
            None => (rules::INCOHERENT, first.unwrap_or(0)),
        },
    }
}

/// The answers that both must have been given for a joint share; none for any other figure.
pub fn joint_of<'s>(store: &'s Store, figure: &Figure) -> &'s [(String, String)] {
    store
        .question(&figure.poll, &figure.question)
        .map_or(&[], |question| question.joint_of.as_slice())
}

fn is_set(store: &Store, country: &str) -> bool {
    country == ALL
        || store
            .country(country)
            .is_some_and(|row| !row.members.is_empty())
}

/// The share that others are held against: that of a figure, or one that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Focus<'s> {
    pub question: &'s str,
    pub response: &'s str,
    pub country: &'s str,
    pub net_of: &'s [String],
    pub joint_of: &'s [(String, String)],
}

impl<'s> Focus<'s> {
    pub fn of(store: &'s Store, figure: &'s Figure) -> Focus<'s> {
        Focus {
            question: &figure.question,
            response: &figure.response,
            country: &figure.country,
            net_of: &figure.net_of,
            joint_of: joint_of(store, figure),
        }
    }

    /// Whether a figure can have to do with it: the same question, or a joint share and its margins.
    pub fn is_related(&self, store: &Store, figure: &Figure) -> bool {
        let names = |joint: &[(String, String)], wanted: &str| {
            joint.iter().any(|(question, _)| question == wanted)
        };
        self.question == figure.question
            || names(self.joint_of, &figure.question)
            || names(joint_of(store, figure), self.question)
    }

    /// How near a figure is, up to [`NEAREST`]: first those that say directly what it is made of, and of these
    /// and the others those of the same country; nearest is the same answer, in other countries.
    pub fn nearness(&self, figure: &Figure) -> usize {
        let same_question = self.question == figure.question;
        if same_question && self.response == figure.response {
            return NEAREST;
        }
        let part = same_question && self.net_of.contains(&figure.response);
        let mut margins = self.joint_of.iter();
        let margin = margins.any(|(question, response)| {
            *question == figure.question && *response == figure.response
        });
        2 * usize::from(part || margin) + usize::from(self.country == figure.country)
    }
}

/// See [`Focus::nearness`].
pub const NEAREST: usize = 4;
