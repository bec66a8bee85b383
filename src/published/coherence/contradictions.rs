//! The smallest sets of figures that can't hold together.

use super::program::{Believed, Component, End, Focus, binding, joint_of, near, only, reduced};
use super::rules;
use crate::published::figures::store::{ALL, Figure, Store};
use std::collections::HashMap;

/// Figures that can't all stand.
#[derive(Clone, Debug)]
pub struct Contradiction<'s> {
    pub rule: &'static str,
    /// The one that it is told of, then those it can't hold with: a smallest set.
    pub figures: Vec<&'s Figure>,
    /// Those that leave the least to the leading one, where they are others.
    pub also: Vec<&'s Figure>,
    /// What all others leave to the leading one, in points.
    pub range: Option<(f64, f64)>,
}

/// More contradictions than this in one component are not looked for.
const MOST: usize = 100;
/// Of more pairs of quantities in conflict than this it is not asked whether they fit.
const MOST_PAIRS: usize = 2_000;

/// All contradictions of a component.
///
/// Values of one quantity that conflict are no news here: each of them is held against all that is
/// not in conflict, and two of two quantities against each other where no two of their values fit.
pub fn contradictions<'s>(
    store: &'s Store,
    component: &mut Component<'s>,
) -> Vec<Contradiction<'s>> {
    let mut values: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, statement) in component.statements.iter().enumerate() {
        values.entry(statement.quantity).or_default().push(number);
    }
    let mut conflicted: Vec<Vec<usize>> = values.into_values().filter(|v| v.len() > 1).collect();
    // a hash map has no order, findings are to have one
    conflicted.sort();
    let mut search = Search {
        store,
        component,
        found: Vec::new(),
    };
    let mut sound: Believed = vec![true; search.component.statements.len()];
    for &statement in conflicted.iter().flatten() {
        sound[statement] = false;
    }
    // first among what is undisputed, so that a disputed value is never blamed for a clash of others
    let leads = search.settle(&mut sound);
    for (lead, set) in leads {
        search.explain(&sound, lead, &set);
    }
    let mut fitting: Vec<Vec<usize>> = Vec::new();
    for values in &conflicted {
        fitting.push(
            values
                .iter()
                .copied()
                .filter(|&v| search.fits(&sound, &[v]))
                .collect(),
        );
    }
    search.pairs(&sound, &fitting);
    search.found
}

/// What of a component can be believed at once: all but the figures that lead a contradiction. For a
/// component without values in conflict.
pub fn sound<'s>(store: &'s Store, component: &mut Component<'s>) -> Believed {
    let mut believed = vec![true; component.statements.len()];
    let mut search = Search {
        store,
        component,
        found: Vec::new(),
    };
    search.settle(&mut believed);
    believed
}

struct Search<'a, 's> {
    store: &'s Store,
    component: &'a mut Component<'s>,
    found: Vec<Contradiction<'s>>,
}

impl<'s> Search<'_, 's> {
    fn figure(&self, statement: usize) -> Option<&'s Figure> {
        self.component
            .statements
            .get(statement)
            .and_then(|statement| statement.figure())
    }

    /// Takes out the leading figure of one contradiction after the other until the rest can hold.
    fn settle(&mut self, believed: &mut Believed) -> Vec<(usize, Vec<usize>)> {
        let mut leads = Vec::new();
        while let Some(clash) = self.component.clash(believed) {
            let set = self.smallest(clash);
            let Some((_, lead)) = self.rule_of(&set) else {
                break;
            };
            believed[lead] = false;
            leads.push((lead, set));
            if leads.len() == MOST {
                break;
            }
        }
        leads
    }

    /// Whether more figures fit to what is sound; tells why not.
    fn fits(&mut self, sound: &Believed, more: &[usize]) -> bool {
        let mut believed = sound.clone();
        for &statement in more {
            believed[statement] = true;
        }
        let leads = self.settle(&mut believed);
        for (lead, set) in &leads {
            self.explain(&believed, *lead, set);
        }
        leads.is_empty()
    }

    /// Values of two quantities in conflict, of which no two fit.
    fn pairs(&mut self, sound: &Believed, fitting: &[Vec<usize>]) {
        // pairs grow with the square of the quantities in conflict
        let mut patience = MOST_PAIRS;
        for (place, ones) in fitting.iter().enumerate() {
            for others in fitting.iter().skip(place + 1) {
                if patience == 0 {
                    return;
                }
                patience -= 1;
                let pairs = ones
                    .iter()
                    .flat_map(|&a| others.iter().map(move |&b| (a, b)));
                let clashes = |search: &mut Self, (a, b): (usize, usize)| {
                    let mut believed = sound.clone();
                    believed[a] = true;
                    believed[b] = true;
                    search.component.clash(&believed).is_some()
                };
                let pairs: Vec<(usize, usize)> = pairs.collect();
                if !pairs.is_empty() && pairs.iter().all(|&pair| clashes(self, pair)) {
                    for (a, b) in pairs {
                        self.fits(sound, &[a, b]);
                    }
                }
            }
        }
    }

    fn rule_of(&self, set: &[usize]) -> Option<(&'static str, usize)> {
        let figures: Vec<&Figure> = set
            .iter()
            .filter_map(|&statement| self.figure(statement))
            .collect();
        if figures.len() != set.len() || set.is_empty() {
            return None;
        }
        let (rule, lead) = broken_rule(self.store, &figures);
        set.get(lead).map(|&lead| (rule, lead))
    }

    /// Leaves out of a clash what it does without, the first first (Chinneck 2008, *Feasibility and
    /// Infeasibility in Optimization*, deletion filter).
    fn smallest(&mut self, clash: Vec<usize>) -> Vec<usize> {
        let mut set: Vec<usize> = clash;
        for statement in set.clone() {
            let without: Vec<usize> = set.iter().copied().filter(|&s| s != statement).collect();
            if self
                .component
                .clash(&only(self.component, &without))
                .is_some()
            {
                set = without;
            }
        }
        set
    }

    /// Tells what a leading figure can't hold with, given that the rest holds; once for each rule it breaks.
    fn explain(&mut self, sound: &Believed, lead: usize, raw: &[usize]) {
        let mut others: Vec<usize> = (0..sound.len())
            .filter(|&s| sound[s] && s != lead)
            .collect();
        let mut reported = Vec::new();
        for turn in 0..4 {
            let set = match (self.set_of(&others, lead), turn) {
                (Some(set), _) => set,
                // it takes another figure that leads elsewhere
                (None, 0) => raw.to_vec(),
                (None, _) => return,
            };
            let figures: Vec<&Figure> = set
                .iter()
                .filter_map(|&statement| self.figure(statement))
                .collect();
            let (rule, _) = broken_rule(self.store, &figures);
            if !reported.contains(&rule) {
                reported.push(rule);
                self.tell(rule, lead, &set, &others);
            }
            // what was named is taken away, so that another rule that is broken, too, can show
            others.retain(|statement| !set.contains(statement));
        }
    }

    /// A smallest set that clashes with the leading figure, of figures that are near to it where these suffice.
    fn set_of(&mut self, others: &[usize], lead: usize) -> Option<Vec<usize>> {
        let focus = Focus::on(self.store, self.figure(lead)?);
        let clash = |component: &mut Component, set: &[usize]| {
            let with = only(component, &[set, &[lead]].concat());
            component.clash(&with)
        };
        // tried first: a reader looks for the reason near by, and small programs are quick
        let near = near(self.store, self.component, &focus, others);
        let candidates = match clash(self.component, &near) {
            Some(_) => near,
            None => clash(self.component, others)?,
        };
        let candidates = candidates
            .into_iter()
            .filter(|&statement| statement != lead)
            .collect();
        let clashes = |component: &mut Component, set: &[usize]| clash(component, set).is_some();
        let mut set = reduced(self.component, candidates, &focus, clashes);
        set.insert(0, lead);
        Some(set)
    }

    fn tell(&mut self, rule: &'static str, lead: usize, set: &[usize], others: &[usize]) {
        let mut figures = self.prints(set);
        if let Some(lead) = self.figure(lead) {
            figures.sort_by_key(|f| (f.id() != lead.id(), f.line));
        }
        let (range, also) = self.left_to(lead, others);
        let also = match also {
            Some(also) => self.prints(&[&[lead], also.as_slice()].concat()),
            None => Vec::new(),
        };
        let known = |f: &&Figure| figures.iter().any(|g| g.id() == f.id());
        let also = also.into_iter().filter(|f| !known(f)).collect();
        let contradiction = Contradiction {
            rule,
            figures,
            also,
            range,
        };
        let same = |other: &Contradiction| {
            let lines = |c: &Contradiction| c.figures.iter().map(|f| f.line).collect::<Vec<_>>();
            let place = |c: &Contradiction| {
                let first = c.figures.first().copied();
                first.map(|f| (f.question.clone(), f.country.clone()))
            };
            // answers that are too many once are too many with every value of one of them
            let once = rule == rules::SUM_OVER_100 && place(other) == place(&contradiction);
            other.rule == rule && (once || lines(other) == lines(&contradiction))
        };
        if !self.found.iter().any(same) {
            self.found.push(contradiction);
        }
    }

    /// What the others leave to the leading figure, and which of them leave the least on the side where it lies.
    fn left_to(
        &mut self,
        lead: usize,
        others: &[usize],
    ) -> (Option<(f64, f64)>, Option<Vec<usize>>) {
        let Some((figure, statement)) = self.figure(lead).zip(self.component.statements.get(lead))
        else {
            return (None, None);
        };
        let (focus, (least, most)) = (Focus::on(self.store, figure), statement.range);
        let near = near(self.store, self.component, &focus, others);
        let (row, believed) = (self.component.row(lead), only(self.component, &near));
        let low = self.component.extreme(&believed, row, End::Low);
        let high = self.component.extreme(&believed, row, End::High);
        let (Some(low), Some(high)) = (low, high) else {
            return (None, None);
        };
        let (end, value) = match (most < low, least > high) {
            (true, _) => (End::Low, low),
            (_, true) => (End::High, high),
            _ => return (Some((low, high)), None),
        };
        let binding = binding(self.component, near, &focus, row, (end, value));
        (Some((low, high)), Some(binding))
    }

    /// The prints that a clash needs: the most precise one of each value where these suffice.
    fn prints(&mut self, set: &[usize]) -> Vec<&'s Figure> {
        let of = |search: &Self, statement: usize| {
            search
                .component
                .statements
                .get(statement)
                .map(|s| s.figures.clone())
        };
        let all: Vec<(usize, Vec<&Figure>)> = set
            .iter()
            .filter_map(|&statement| Some((statement, of(self, statement)?)))
            .collect();
        let best: Vec<(usize, Vec<&Figure>)> = set
            .iter()
            .filter_map(|&statement| Some((statement, vec![self.figure(statement)?])))
            .collect();
        if self.component.clash_of_prints(&best) {
            return best.into_iter().flat_map(|(_, figures)| figures).collect();
        }
        let mut needed = all;
        // two prints may be needed for the two ends of one range
        for place in 0..needed.len() {
            let prints = needed[place].1.clone();
            for print in prints {
                let mut trial = needed.clone();
                trial[place]
                    .1
                    .retain(|figure| !std::ptr::eq(*figure, print));
                if !trial[place].1.is_empty() && self.component.clash_of_prints(&trial) {
                    needed = trial;
                }
            }
        }
        needed
            .into_iter()
            .flat_map(|(_, figures)| figures)
            .collect()
    }
}

/// The rule that some figures break, and the place of the one that leads: the joint share, the NET, the
/// total; where none stands out the first in the file.
fn broken_rule(store: &Store, figures: &[&Figure]) -> (&'static str, usize) {
    let place = |fits: &dyn Fn(&Figure) -> bool| figures.iter().position(|f| fits(f));
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

fn is_set(store: &Store, country: &str) -> bool {
    country == ALL
        || store
            .country(country)
            .is_some_and(|row| !row.members.is_empty())
}
