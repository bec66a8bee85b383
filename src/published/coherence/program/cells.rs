//! The unknowns of a poll and what must hold between them.

use super::{People, weights};
use crate::published::figures::quantity::{Quantity, quantities};
use crate::published::figures::store::{
    Aggregate, Figure, Qualifier, Question, QuestionKind, ResponseKind, Store,
};
use crate::statistics::simplex::Terms;
use std::collections::HashMap;

/// The share of one answer to one question in one country or set of countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell<'s> {
    pub question: &'s str,
    pub response: &'s str,
    pub country: &'s str,
}

/// Something that always holds: a linear function of the cells lies between two numbers.
#[derive(Clone, Debug)]
pub struct Law {
    pub terms: Terms,
    pub low: f64,
    pub high: f64,
}

/// Prints of one quantity that agree: they put its share between two numbers.
#[derive(Clone, Debug)]
pub struct Statement<'s> {
    pub figures: Vec<&'s Figure>,
    /// Which quantity; values in conflict share it.
    pub quantity: usize,
    pub terms: Terms,
    /// The two numbers, in points.
    pub range: (f64, f64),
}

/// The unknown shares of some people, all laws between them, and all that was stated of them.
pub struct Cells<'s> {
    store: &'s Store,
    pub people: People<'s>,
    pub cells: Vec<Cell<'s>>,
    index: HashMap<Cell<'s>, usize>,
    pub laws: Vec<Law>,
    pub statements: Vec<Statement<'s>>,
    /// The parts of each NET, by question and response.
    nets: HashMap<(&'s str, &'s str), &'s [String]>,
    /// How the totals of a question were formed, where its figures say one thing.
    aggregates: HashMap<(&'s str, &'s str), Option<Aggregate>>,
}

impl<'s> Cells<'s> {
    /// Cells without anything stated of them; the figures tell what is a NET, and how totals were formed.
    pub fn new(store: &'s Store, people: People<'s>, figures: &[&'s Figure]) -> Cells<'s> {
        let mut cells = Cells {
            store,
            people,
            cells: Vec::new(),
            index: HashMap::new(),
            laws: Vec::new(),
            statements: Vec::new(),
            nets: HashMap::new(),
            aggregates: HashMap::new(),
        };
        for figure in figures {
            cells.learn(figure);
        }
        cells
    }

    /// Takes in what figures, all of the same people, say. Scores are no shares and are left out.
    pub fn add_figures(&mut self, figures: &[&'s Figure]) {
        for (number, quantity) in self.quantities(figures).into_iter().enumerate() {
            for value in quantity.values {
                let range = Statement::range(&value.figures);
                self.add(number, value.figures, range);
            }
        }
    }

    /// The same where any of the values in conflict may be right: one range that spans them.
    pub fn add_spans(&mut self, figures: &[&'s Figure]) {
        for (number, quantity) in self.quantities(figures).into_iter().enumerate() {
            // an empty range to begin with: the first value sets both ends
            let ranges = quantity.values.iter().map(|v| Statement::range(&v.figures));
            let range = ranges.fold((100.0, 0.0), |(low, high): (f64, f64), (l, h)| {
                (low.min(l), high.max(h))
            });
            let figures = quantity
                .values
                .into_iter()
                .flat_map(|v| v.figures)
                .collect();
            self.add(number, figures, range);
        }
    }

    fn quantities(&self, figures: &[&'s Figure]) -> Vec<Quantity<'s>> {
        let is_share = |figure: &&Figure| self.kind(&figure.question) != QuestionKind::Score;
        let shares: Vec<&Figure> = figures.iter().copied().filter(is_share).collect();
        quantities(&shares)
    }

    fn add(&mut self, quantity: usize, figures: Vec<&'s Figure>, range: (f64, f64)) {
        let Some(first) = figures.first().copied() else {
            return;
        };
        let terms = self.share(&first.question, &first.response, &first.country);
        self.statements.push(Statement {
            figures,
            quantity,
            terms,
            range,
        });
    }

    fn question(&self, question: &str) -> Option<&'s Question> {
        self.store.question(self.people.poll, question)
    }

    fn kind(&self, question: &str) -> QuestionKind {
        self.question(question)
            .map_or(QuestionKind::Multiple, |question| question.kind)
    }

    fn learn(&mut self, figure: &'s Figure) {
        if !figure.net_of.is_empty() {
            self.nets
                .entry((&figure.question, &figure.response))
                .or_insert(&figure.net_of);
        }
        if figure.aggregate.is_some() {
            let known = self
                .aggregates
                .entry((&figure.question, &figure.country))
                .or_insert(figure.aggregate);
            // figures that disagree on it leave the total without a law
            if *known != figure.aggregate {
                *known = None;
            }
        }
    }

    /// The parts of a NET; none where it is no NET.
    pub fn net_of(&self, question: &'s str, response: &'s str) -> &'s [String] {
        self.nets.get(&(question, response)).copied().unwrap_or(&[])
    }

    /// How the total of a question over a set of countries was formed.
    pub fn aggregate(&self, question: &'s str, country: &'s str) -> Option<Aggregate> {
        self.aggregates.get(&(question, country)).copied().flatten()
    }

    fn cell(&mut self, question: &'s str, response: &'s str, country: &'s str) -> usize {
        let cell = Cell {
            question,
            response,
            country,
        };
        let next = self.cells.len();
        let number = *self.index.entry(cell).or_insert(next);
        if number == next {
            self.cells.push(cell);
        }
        number
    }

    /// A response as a sum of cells: a NET of single answers is the sum of its parts.
    pub fn share(&mut self, question: &'s str, response: &'s str, country: &'s str) -> Terms {
        let mut parts = Vec::new();
        match self.kind(question) {
            QuestionKind::Single => self.parts(question, response, &mut parts, &mut Vec::new()),
            _ => parts.push(response),
        }
        if parts.is_empty() {
            // NETs that hold nothing but each other say nothing of their parts
            parts.push(response);
        }
        let cells = parts.into_iter();
        cells
            .map(|part| (self.cell(question, part, country), 1.0))
            .collect()
    }

    /// The answers in a response, each once; a NET of NETs is taken apart, each once, also where they hold each other.
    fn parts(
        &self,
        question: &'s str,
        response: &'s str,
        into: &mut Vec<&'s str>,
        apart: &mut Vec<&'s str>,
    ) {
        match self.nets.get(&(question, response)) {
            Some(_) if apart.contains(&response) => {}
            Some(parts) => {
                apart.push(response);
                for part in parts.iter() {
                    self.parts(question, part, into, apart);
                }
            }
            None if into.contains(&response) => {}
            None => into.push(response),
        }
    }

    /// Writes down all that must hold between the cells, also those of countries without a figure.
    pub fn add_laws(&mut self) {
        let mut next = 0;
        // laws may bring in cells, which have laws of their own
        while let Some(&cell) = self.cells.get(next) {
            self.mixture(next, cell);
            self.joint(next, cell);
            self.several(next, cell);
            next += 1;
        }
        self.single();
    }

    /// A total is the mean of its countries, with the weights of its aggregate.
    fn mixture(&mut self, total: usize, cell: Cell<'s>) {
        let aggregate = self.aggregate(cell.question, cell.country);
        let Some(weights) = weights(self.store, self.people, cell.country, aggregate) else {
            return;
        };
        let mut terms = vec![(total, -1.0)];
        for (country, weight) in weights {
            terms.push((self.cell(cell.question, cell.response, country), weight));
        }
        self.law(terms, 0.0, 0.0);
    }

    /// Those who gave both answers are among those who gave each (Fréchet 1935): `max(0, a + b - 100)
    /// <= j <= min(a, b)`.
    fn joint(&mut self, both: usize, cell: Cell<'s>) {
        let Some(question) = self.question(cell.question) else {
            return;
        };
        let [a, b] = question.joint_of.as_slice() else {
            return;
        };
        // a joint share is one answer; whatever else stands beside it is not
        let share = question.responses.first();
        if share.is_some_and(|response| response != cell.response) {
            return;
        }
        let mut sum = vec![(both, -1.0)];
        for (question, response) in [a, b] {
            let margin = self.share(question, response, cell.country);
            sum.extend(margin.iter().copied());
            let negative = margin.iter().map(|&(cell, factor)| (cell, -factor));
            self.law(
                negative.chain([(both, 1.0)]).collect(),
                f64::NEG_INFINITY,
                0.0,
            );
        }
        self.law(sum, f64::NEG_INFINITY, 100.0);
    }

    /// Where several answers could be given a NET is at least each of its parts, and at most their sum.
    fn several(&mut self, net: usize, cell: Cell<'s>) {
        if self.kind(cell.question) != QuestionKind::Multiple {
            return;
        }
        let Some(&parts) = self.nets.get(&(cell.question, cell.response)) else {
            return;
        };
        let mut sum = vec![(net, 1.0)];
        for part in parts {
            let part = self.cell(cell.question, part, cell.country);
            sum.push((part, -1.0));
            self.law(vec![(part, 1.0), (net, -1.0)], f64::NEG_INFINITY, 0.0);
        }
        self.law(sum, f64::NEG_INFINITY, 0.0);
    }

    /// Single answers add up to 100 at most. An answer that its question does not list may be a NET that
    /// nobody called one: such answers are added up among themselves alone.
    fn single(&mut self) {
        let mut sums: HashMap<(&str, &str, bool), Terms> = HashMap::new();
        // a hash map has no order, and the rows of the program decide which clash is met first
        let mut order = Vec::new();
        for (number, cell) in self.cells.iter().enumerate() {
            if self.kind(cell.question) != QuestionKind::Single {
                continue;
            }
            let key = (cell.question, cell.country, self.is_answer(cell));
            let sum = sums.entry(key).or_insert_with(|| {
                order.push(key);
                Terms::new()
            });
            sum.push((number, 1.0));
        }
        for key in order {
            if let Some(sum) = sums.remove(&key).filter(|sum| sum.len() > 1) {
                self.law(sum, f64::NEG_INFINITY, 100.0);
            }
        }
    }

    fn is_answer(&self, cell: &Cell) -> bool {
        let listed = self
            .question(cell.question)
            .map_or(&[][..], |question| question.responses.as_slice());
        let kind = self.store.response(cell.response).map(|row| row.kind);
        let part = self.nets.iter().any(|((question, _), parts)| {
            *question == cell.question && parts.iter().any(|part| part == cell.response)
        });
        part || listed.is_empty()
            || listed.iter().any(|response| response == cell.response)
            // don’t know is an answer of every question, listed or not
            || kind.is_some_and(|kind| kind != ResponseKind::Substantive)
    }

    fn law(&mut self, terms: Terms, low: f64, high: f64) {
        self.laws.push(Law { terms, low, high });
    }
}

impl<'s> Statement<'s> {
    /// The figure that stands for all: the one with the most decimals, a value before a bound.
    pub fn figure(&self) -> Option<&'s Figure> {
        let bound = |f: &Figure| matches!(f.qualifier, Qualifier::AtLeast | Qualifier::AtMost);
        let about = |f: &Figure| f.qualifier == Qualifier::About;
        let mut best: Option<&Figure> = None;
        for figure in &self.figures {
            // the unit as a whole number, which has an order
            let rank = |f: &Figure| (bound(f), (f.percent.unit * 1e9) as u64, about(f));
            if best.is_none_or(|best| rank(figure) < rank(best)) {
                best = Some(figure);
            }
        }
        best
    }

    /// Where some of the prints together put the share, in points.
    pub fn range(figures: &[&Figure]) -> (f64, f64) {
        let ranges = figures.iter().map(|f| f.percent.stands_for(f.qualifier));
        ranges.fold((0.0, 100.0), |(low, high): (f64, f64), (l, h)| {
            (low.max(l), high.min(h))
        })
    }
}
