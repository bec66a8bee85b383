//! From many figures that do something together to the few that suffice.

use super::component::{Believed, Component};
use crate::published::figures::store::{Figure, Store};
use crate::statistics::simplex::End;

/// What a bound must be passed by before it counts, in points.
const CLEARLY: f64 = 1e-5;

/// To believe these alone.
pub fn only(component: &Component, set: &[usize]) -> Believed {
    let mut believed = vec![false; component.statements.len()];
    for &statement in set {
        if let Some(believed) = believed.get_mut(statement) {
            *believed = true;
        }
    }
    believed
}

/// Those of a set that can have to do with a share.
pub fn near(store: &Store, component: &Component, focus: &Focus, set: &[usize]) -> Vec<usize> {
    let near = |statement: &usize| {
        let figure = component
            .statements
            .get(*statement)
            .and_then(|statement| statement.figure());
        figure.is_some_and(|figure| focus.is_related(store, figure))
    };
    set.iter().copied().filter(near).collect()
}

/// What is left of a set that does something when all is left out that it does without: what is far from the
/// share first, whole groups before single ones (Chinneck 2008, *Feasibility and Infeasibility in
/// Optimization*, deletion filter).
pub fn reduced(
    component: &mut Component,
    mut set: Vec<usize>,
    focus: &Focus,
    does: impl Fn(&mut Component, &[usize]) -> bool,
) -> Vec<usize> {
    let without = |set: &[usize], gone: &[usize]| -> Vec<usize> {
        set.iter().copied().filter(|s| !gone.contains(s)).collect()
    };
    for group in 0..=NEAREST {
        let nearness = |statement: usize| {
            let figure = component
                .statements
                .get(statement)
                .and_then(|statement| statement.figure());
            figure.map_or(0, |figure| focus.nearness(figure))
        };
        let members = set
            .iter()
            .copied()
            .filter(|&statement| nearness(statement) == group);
        let members: Vec<usize> = members.collect();
        let rest = without(&set, &members);
        // one question for a whole group saves one for each of its members
        if !members.is_empty() && does(component, &rest) {
            set = rest;
            continue;
        }
        for statement in members {
            let rest = without(&set, &[statement]);
            if does(component, &rest) {
                set = rest;
            }
        }
    }
    set
}

/// The few of a set that keep a row from passing the end that all of them set.
pub fn binding(
    component: &mut Component,
    set: Vec<usize>,
    focus: &Focus,
    row: usize,
    end: (End, f64),
) -> Vec<usize> {
    let holds = |component: &mut Component, set: &[usize]| {
        let believed = only(component, set);
        component.stays_short(&believed, row, end.0, beyond(end))
    };
    reduced(component, set, focus, holds)
}

/// A value clearly past an end.
pub fn beyond((end, value): (End, f64)) -> f64 {
    match end {
        End::Low => value - CLEARLY,
        End::High => value + CLEARLY,
    }
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
    pub fn on(store: &'s Store, figure: &'s Figure) -> Focus<'s> {
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

/// The answers that both must have been given for a joint share; none for any other figure.
pub fn joint_of<'s>(store: &'s Store, figure: &Figure) -> &'s [(String, String)] {
    store
        .question(&figure.poll, &figure.question)
        .map_or(&[], |question| question.joint_of.as_slice())
}
