//! What the printed figures of a poll leave for a share that was or was not printed.

use super::cells::{Cells, Said};
use super::component::{Believed, Component, components};
use super::contradictions::sound;
use super::kind::Focus;
use super::people::People;
use super::reduce::{beyond, binding, only};
use super::simplex::End;
pub use super::target::{Target, TargetError, target};
use crate::published::figures::store::{Figure, Store};

/// The range of one share, 0 to 1, and who sets its ends.
#[derive(Clone, Debug)]
pub struct Bounds<'s> {
    pub target: Target<'s>,
    pub low: f64,
    pub high: f64,
    /// Without one of these the low end would be lower; none where it is 0 anyway.
    pub low_set_by: Vec<&'s Figure>,
    /// Without one of these the high end would be higher; none where it is 1 anyway.
    pub high_set_by: Vec<&'s Figure>,
    /// What was printed of the share itself: it is not used.
    pub printed: Vec<&'s Figure>,
    /// Figures that can't hold with others and were left out for that.
    pub left_out: Vec<&'s Figure>,
    /// Too many shares hang together with it: the range is that of any share.
    pub too_large: bool,
}

/// The range that other figures leave for a share: the least and the greatest that it can have if all of them
/// hold, by linear programming. Of values in conflict any may be right; of figures that can't hold together the
/// one that leads (a NET, a total, a joint share) is left out.
pub fn bounds<'s>(store: &'s Store, target: &Target<'s>) -> Bounds<'s> {
    let people = People {
        poll: target.poll,
        base: target.base,
        computed: target.computed,
    };
    let of_people = |figure: &&Figure| People::of(figure) == people;
    let figures: Vec<&Figure> = store.figures.iter().filter(of_people).collect();
    let own = |figure: &&Figure| target.is(figure);
    let (printed, others): (Vec<&Figure>, Vec<&Figure>) = figures.iter().copied().partition(own);
    let mut cells = Cells::new(store, people, &figures);
    cells.say_any(&others);
    let terms = cells.share(target.question, target.response, target.country);
    cells.legislate();
    let question = store.question(target.poll, target.question);
    let focus = Focus {
        question: target.question,
        response: target.response,
        country: target.country,
        net_of: cells.net_of(target.question, target.response),
        joint_of: question.map_or(&[], |question| question.joint_of.as_slice()),
    };
    let mut bounds = Bounds {
        target: *target,
        low: 0.0,
        high: 1.0,
        low_set_by: Vec::new(),
        high_set_by: Vec::new(),
        printed,
        left_out: Vec::new(),
        too_large: false,
    };
    for component in components(cells, &[terms], true) {
        match component {
            Ok(mut component) => bounds.fill(store, &mut component, &focus),
            Err(_) => bounds.too_large = true,
        }
    }
    bounds
}

impl<'s> Bounds<'s> {
    fn fill(&mut self, store: &'s Store, component: &mut Component<'s>, focus: &Focus) {
        let Some(row) = component.target(0) else {
            return;
        };
        let believed = sound(store, component);
        let left_out = (0..believed.len()).filter(|&said| !believed[said]);
        self.left_out = left_out
            .flat_map(|said| component.said[said].figures.clone())
            .collect();
        if let Some(low) = component.extreme(&believed, row, End::Low) {
            self.low = low.clamp(0.0, 100.0) / 100.0;
            self.low_set_by = setters(component, &believed, focus, row, (End::Low, low));
        }
        if let Some(high) = component.extreme(&believed, row, End::High) {
            self.high = high.clamp(0.0, 100.0) / 100.0;
            self.high_set_by = setters(component, &believed, focus, row, (End::High, high));
        }
    }

    /// The figures that set the ends, each once.
    pub fn set_by(&self) -> Vec<&'s Figure> {
        let mut all = self.low_set_by.clone();
        for figure in &self.high_set_by {
            if !all.iter().any(|known| std::ptr::eq(*known, *figure)) {
                all.push(figure);
            }
        }
        all
    }
}

fn setters<'s>(
    component: &mut Component<'s>,
    believed: &Believed,
    focus: &Focus,
    row: usize,
    end: (End, f64),
) -> Vec<&'s Figure> {
    let all = (0..believed.len()).filter(|&said| believed[said]).collect();
    let few = binding(component, all, focus, row, end);
    let mut setters = Vec::new();
    for &said in &few {
        setters.extend(prints(component, &few, said, row, end));
    }
    setters
}

/// The prints of a value that an end needs: the most precise one where it says all; all that give an end of a range
/// that spans values in conflict.
fn prints<'s>(
    component: &mut Component<'s>,
    few: &[usize],
    said: usize,
    row: usize,
    end: (End, f64),
) -> Vec<&'s Figure> {
    let Some(value) = component.said.get(said).cloned() else {
        return Vec::new();
    };
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let same = |range: (f64, f64)| close(range.0, value.range.0) && close(range.1, value.range.1);
    let alone = value.figure().filter(|figure| same(Said::range(&[figure])));
    if let Some(figure) = alone {
        return vec![figure];
    }
    if !same(Said::range(&value.figures)) {
        let gives_end = |figure: &&Figure| {
            let (low, high) = Said::range(&[figure]);
            close(low, value.range.0) || close(high, value.range.1)
        };
        return value.figures.into_iter().filter(gives_end).collect();
    }
    let believed = only(component, few);
    let mut needed = value.figures.clone();
    needed.sort_by(|a, b| b.percent.unit.total_cmp(&a.percent.unit));
    for print in needed.clone() {
        let rest: Vec<&Figure> = needed
            .iter()
            .copied()
            .filter(|f| !std::ptr::eq(*f, print))
            .collect();
        if rest.is_empty() {
            break;
        }
        component.said[said].range = Said::range(&rest);
        if !component.reaches(&believed, row, end.0, beyond(end)) {
            needed = rest;
        }
    }
    component.said[said].range = value.range;
    needed
}
