//! The rows of a question in the order to be shown: nets before their parts, what is no opinion last.

use super::request::{Net, Request, ScoresOf, TableRequest};
use crate::frames::non_answers::non_answer;
use crate::frames::words::nearest;
use crate::survey::estimate::{Error, LevelNames};
use crate::survey::microdata::Value;

/// The levels of a question.
pub struct Levels {
    /// What each is called, by code.
    pub names: Vec<String>,
    pub values: Vec<Value>,
    /// Which are in the base, in the order of the scale.
    pub order: Vec<usize>,
    /// Those that were taken off the base.
    pub without: Vec<usize>,
    /// Those that are no answer, in their order.
    pub missing: Vec<usize>,
    /// Levels that were expected and that nobody has, and those that were not.
    pub gone: Vec<String>,
    pub new: Vec<String>,
    /// Whether the order is that of a scale, not of the alphabet.
    ordered: bool,
}

/// A row of shares: a level, or a net with how many of the rows after it are its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub name: String,
    pub levels: Vec<usize>,
    pub net: bool,
    /// A part of the net above.
    pub indented: bool,
}

impl Levels {
    /// The answers among the values of a question, and those that only its plan has. `category`: missing answers are answers,
    /// too.
    pub fn new(
        values: &[Value],
        names: &LevelNames,
        category: bool,
        (without, settings): (&[String], &TableRequest),
    ) -> Levels {
        let mut values = values.to_vec();
        values.extend(names.unused(&values));
        let known: Vec<String> = values.iter().map(|value| names.name(value)).collect();
        let expected = settings.expected();
        let gone: Vec<String> = expected
            .iter()
            .filter(|name| !known.iter().any(|other| other == *name))
            .map(|name| (*name).to_owned())
            .collect();
        values.extend(gone.iter().map(|name| Value::Text(name.clone())));
        let values = values.as_slice();
        let named = |value: &Value| match value {
            Value::Null => "(missing)".to_owned(),
            value => names.name(value),
        };
        let mut levels = Levels {
            names: values.iter().map(named).collect(),
            values: values.to_vec(),
            order: Vec::new(),
            without: Vec::new(),
            missing: Vec::new(),
            gone,
            new: Vec::new(),
            ordered: names.is_scale() || !settings.levels.is_empty(),
        };
        for at in names.order(values) {
            let list = match names.is_answer(&values[at]) || category {
                true if without.contains(&levels.names[at])
                    || settings.without.contains(&levels.names[at]) =>
                {
                    &mut levels.without
                }
                true => &mut levels.order,
                false => &mut levels.missing,
            };
            list.push(at);
        }
        // stable: what is no opinion goes behind, in its own order; a plan has the last word
        let place = |at: &usize| {
            let name = &levels.names[*at];
            let planned = settings.levels.iter().position(|level| level == name);
            let last = settings.last.contains(name) || planned.is_none() && is_last(name);
            (last, planned.unwrap_or(usize::MAX))
        };
        levels.order.sort_by_key(place);
        if !settings.levels.is_empty() {
            let shown = levels.order.iter().map(|at| &levels.names[*at]);
            let new = shown.filter(|name| !expected.contains(&name.as_str()));
            levels.new = new.cloned().collect();
        }
        levels
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.order
            .iter()
            .copied()
            .find(|at| self.names[*at] == name)
    }

    /// A net, if all of its levels are there.
    ///
    /// # Errors
    /// A net that names this question and a level that it doesn't have.
    fn net(&self, net: &Net, variable: &str) -> Result<Option<Vec<usize>>, Error> {
        if net.variable.as_ref().is_some_and(|name| name != variable) {
            return Ok(None);
        }
        let mut levels = Vec::new();
        for name in &net.levels {
            match self.find(name) {
                Some(level) => levels.push(level),
                None if net.variable.is_none() => return Ok(None),
                None => return Err(self.no_level(variable, name, &format!("--net {}", net.name))),
            }
        }
        Ok(Some(levels))
    }

    fn no_level(&self, variable: &str, name: &str, option: &str) -> Error {
        let known = || self.order.iter().map(|at| self.names[*at].as_str());
        let hint = match nearest(name, known()) {
            Some(near) => format!("; did you mean {near}?"),
            None => format!("; it has {}", known().collect::<Vec<_>>().join(", ")),
        };
        Error::Request(format!("{option}: {variable} has no level {name}{hint}"))
    }

    /// All rows: each net with its parts, in the place of the first of them; of texts without a scale, nets and parts in the
    /// order in which they were asked for.
    ///
    /// # Errors
    /// A net that names this question and a level that it doesn't have.
    pub fn rows(
        &self,
        request: &Request,
        settings: &TableRequest,
        variable: &str,
    ) -> Result<Vec<Place>, Error> {
        let mut nets: Vec<(String, Vec<usize>)> = Vec::new();
        for net in settings.nets.iter().chain(&request.nets) {
            if let Some(levels) = self.net(net, variable)? {
                nets.push((net.name.clone(), levels));
            }
        }
        if let Some(size) = request.box_size.filter(|_| self.ordered) {
            nets.extend(self.boxes(size));
        }
        let order = match self.ordered {
            true => self.order.clone(),
            false => {
                let of_nets = nets.iter().flat_map(|(_, levels)| levels);
                let mut order: Vec<usize> = Vec::new();
                for level in of_nets.chain(&self.order) {
                    if !order.contains(level) {
                        order.push(*level);
                    }
                }
                order
            }
        };
        Ok(with_nets(&order, &nets, |level| self.names[level].clone()))
    }

    /// Whether boxes of so many answers are left out, for the answers have no order but that of the alphabet.
    pub fn lacks_order(&self, box_size: Option<usize>) -> bool {
        let would_have = |size: usize| !self.boxes(size).is_empty();
        !self.ordered && box_size.is_some_and(would_have)
    }

    /// What scores were given to that were written in the order of the answers, where that is the alphabet's.
    pub fn scored_by_alphabet(&self, variable: &str, scores: Option<&ScoresOf>) -> Option<String> {
        let Some(ScoresOf::Order(given)) = scores.filter(|_| !self.ordered) else {
            return None;
        };
        let pairs = self.order.iter().zip(given);
        let named =
            pairs.filter_map(|(at, score)| Some(format!("{}={}", self.names[*at], (*score)?)));
        Some(format!(
            "--scores {variable}: its answers stand in the order of the alphabet, so that they are {}",
            named.collect::<Vec<_>>().join(", ")
        ))
    }

    /// Top and bottom of a scale of opinions.
    fn boxes(&self, size: usize) -> Vec<(String, Vec<usize>)> {
        let opinions: Vec<usize> = self
            .order
            .iter()
            .copied()
            .filter(|at| !is_last(&self.names[*at]))
            .collect();
        if size == 0 || opinions.len() < 2 * size {
            return Vec::new();
        }
        let bottom = opinions[opinions.len() - size..].to_vec();
        vec![
            (format!("Top {size}"), opinions[..size].to_vec()),
            (format!("Bottom {size}"), bottom),
        ]
    }

    /// The numbers that levels stand for: those that are given, or the codes of labelled numbers where `codes`.
    ///
    /// # Errors
    /// Another number of scores than levels, a level that is not there.
    pub fn scores(
        &self,
        variable: &str,
        scores: Option<&ScoresOf>,
        codes: bool,
    ) -> Result<Vec<(usize, f64)>, Error> {
        let Some(scores) = scores else {
            let code = |at: &usize| match (&self.values[*at], &self.names[*at]) {
                (Value::Number(number), name) if codes && *name != self.values[*at].text() => {
                    Some((*at, *number))
                }
                _ => None,
            };
            return Ok(self.order.iter().filter_map(code).collect());
        };
        match scores {
            ScoresOf::Order(given) if given.len() > self.order.len() => {
                Err(Error::Request(format!(
                    "--scores {}: {} scores for {} levels: {}",
                    variable,
                    given.len(),
                    self.order.len(),
                    self.order
                        .iter()
                        .map(|at| self.names[*at].as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                )))
            }
            ScoresOf::Order(given) => {
                let pairs = self.order.iter().zip(given);
                Ok(pairs
                    .filter_map(|(at, score)| Some((*at, (*score)?)))
                    .collect())
            }
            ScoresOf::Levels(given) => given
                .iter()
                .map(|(name, score)| match self.find(name) {
                    Some(level) => Ok((level, *score)),
                    None => Err(self.no_level(variable, name, "--scores")),
                })
                .collect(),
        }
    }
}

/// Levels in their order, each net before its parts. A level of two nets stands under the first.
pub fn with_nets(
    order: &[usize],
    nets: &[(String, Vec<usize>)],
    name: impl Fn(usize) -> String,
) -> Vec<Place> {
    let mut rows = Vec::new();
    let mut placed = vec![false; nets.len()];
    let mut shown: Vec<usize> = Vec::new();
    let level = |at: usize, indented: bool| Place {
        name: name(at),
        levels: vec![at],
        net: false,
        indented,
    };
    for at in order {
        if shown.contains(at) {
            continue;
        }
        let own = nets.iter().position(|(_, levels)| levels.contains(at));
        let Some(net) = own.filter(|net| !placed[*net]) else {
            rows.push(level(*at, false));
            shown.push(*at);
            continue;
        };
        placed[net] = true;
        rows.push(Place {
            name: nets[net].0.clone(),
            levels: nets[net].1.clone(),
            net: true,
            indented: false,
        });
        for part in order
            .iter()
            .filter(|at| nets[net].1.contains(at) && !shown.contains(at))
        {
            rows.push(level(*part, true));
        }
        shown.extend(&nets[net].1);
        // nets of which every level stands under another already
        for (other, (name, levels)) in nets.iter().enumerate() {
            if !placed[other] && levels.iter().all(|at| shown.contains(at)) {
                placed[other] = true;
                rows.push(Place {
                    name: name.clone(),
                    levels: levels.clone(),
                    net: true,
                    indented: false,
                });
            }
        }
    }
    rows
}

/// Whether an answer is none of a scale, so that it stands last: don't know, refused, none, other.
pub fn is_last(name: &str) -> bool {
    non_answer(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nets_stand_before_their_parts() {
        let nets = [
            ("Low".to_owned(), vec![2, 3]),
            ("High".to_owned(), vec![0, 1]),
        ];
        let rows = with_nets(&[0, 1, 2, 3, 4], &nets, |at| at.to_string());
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["High", "0", "1", "Low", "2", "3", "4"]);
        let indented: Vec<bool> = rows.iter().map(|row| row.indented).collect();
        assert_eq!(indented, [false, true, true, false, true, true, false]);
    }

    #[test]
    fn every_level_and_every_net_is_shown_once() {
        let nets = [
            ("A".to_owned(), vec![0, 1]),
            ("B".to_owned(), vec![1, 2]),
            ("C".to_owned(), vec![0, 1]),
        ];
        let rows = with_nets(&[0, 1, 2], &nets, |at| at.to_string());
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["A", "0", "1", "C", "B", "2"]);
    }
}
