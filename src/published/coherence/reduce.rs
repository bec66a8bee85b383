//! From many figures that do something together to the few that suffice.

use super::component::{Believed, Component};
use super::kind::{Focus, NEAREST};
use super::simplex::End;
use crate::published::figures::store::Store;

/// What a bound must be passed by before it counts, in points.
const CLEARLY: f64 = 1e-5;

/// To believe these alone.
pub fn only(component: &Component, set: &[usize]) -> Believed {
    let mut believed = vec![false; component.said.len()];
    for &said in set {
        if let Some(believed) = believed.get_mut(said) {
            *believed = true;
        }
    }
    believed
}

/// Those of a set that can have to do with a share.
pub fn near(store: &Store, component: &Component, focus: &Focus, set: &[usize]) -> Vec<usize> {
    let near = |said: &usize| {
        let figure = component.said.get(*said).and_then(|said| said.figure());
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
        let nearness = |said: usize| {
            let figure = component.said.get(said).and_then(|said| said.figure());
            figure.map_or(0, |figure| focus.nearness(figure))
        };
        let members = set.iter().copied().filter(|&said| nearness(said) == group);
        let members: Vec<usize> = members.collect();
        let rest = without(&set, &members);
        if !members.is_empty() && does(component, &rest) {
            set = rest;
            continue;
        }
        for said in members {
            let rest = without(&set, &[said]);
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
        !component.reaches(&believed, row, end.0, beyond(end))
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
