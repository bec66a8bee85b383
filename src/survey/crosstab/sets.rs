//! Questions with several answers.

use super::plan::PlannedSet;
use super::request::SetBase;
use super::respondents::Respondents;
use crate::survey::estimate::Error;
use crate::survey::microdata::Value;

/// Who gave which answers of a set.
pub struct SetAnswers {
    /// What the answers are called, in the order to be shown.
    pub levels: Vec<String>,
    /// Who is in the base.
    pub base: Vec<bool>,
    /// Where the answers of each respondent begin, with one place more for the end.
    starts: Vec<u32>,
    answers: Vec<u16>,
    /// Variables of dichotomies that have more answers than two.
    pub notes: Vec<String>,
}

/// More answers than this are no set.
const MOST_ANSWERS: usize = 2_000;

impl SetAnswers {
    /// Looks at what respondents have in the variables of the set.
    ///
    /// Dichotomies: an answer is given where a variable has the counted value. Otherwise each variable holds an answer, and
    /// one that is named twice counts once.
    ///
    /// # Errors
    /// A counted value that nobody has, a variable that is no dichotomy, too many answers.
    pub fn new(set: &PlannedSet, respondents: &Respondents) -> Result<SetAnswers, Error> {
        match &set.counted {
            Some(counted) => dichotomies(set, counted, respondents),
            None => categories(set, respondents),
        }
    }

    /// The answers that a respondent gave, each once.
    pub fn row(&self, row: usize) -> &[u16] {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(from), Some(to)) => &self.answers[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// How many answers a respondent gave; NaN of who is not in the base.
    pub fn mentions(&self, row: usize) -> f64 {
        match self.base[row] {
            true => self.row(row).len() as f64,
            false => f64::NAN,
        }
    }

    /// The levels at which a respondent is added up: answers, nets of them behind, and last the base.
    pub fn each_level(&self, row: usize, nets: &[Vec<usize>], add: &mut dyn FnMut(usize)) {
        if !self.base[row] {
            return;
        }
        let (own, given) = (self.levels.len(), self.row(row));
        given.iter().for_each(|level| add(usize::from(*level)));
        for (at, net) in nets.iter().enumerate() {
            if given.iter().any(|level| net.contains(&usize::from(*level))) {
                add(own + at);
            }
        }
        add(own + nets.len());
    }
}

fn dichotomies(
    set: &PlannedSet,
    counted: &Value,
    respondents: &Respondents,
) -> Result<SetAnswers, Error> {
    let mut members = Vec::new();
    let mut notes = Vec::new();
    let mut known = false;
    for member in &set.members {
        let (codes, values) = respondents.answers[member.operand].codes();
        let is_counted = |value: &Value| {
            value == counted
                || counted.text() == value.text()
                || member.names.name(value) == counted.text()
        };
        let answered: Vec<bool> = values.iter().map(|v| member.names.is_answer(v)).collect();
        let marked: Vec<bool> = values.iter().map(is_counted).collect();
        known |= marked.contains(&true);
        let answers = answered.iter().filter(|answered| **answered).count();
        let names = || {
            let names = values.iter().filter(|value| member.names.is_answer(value));
            let names: Vec<String> = names
                .map(|value| member.names.name(value))
                .take(8)
                .collect();
            names.join(", ")
        };
        if marked.contains(&true) && answers > 2 {
            notes.push(format!(
                "set {}: {} is no dichotomy, it has {}: all but {:?} count as not given",
                set.name,
                member.name,
                names(),
                counted.text()
            ));
        }
        if !marked.contains(&true) && answers > 2 {
            return Err(Error::Request(format!(
                "set {}: {} is no dichotomy: nobody has {:?} in it, and it has {}",
                set.name,
                member.name,
                counted.text(),
                names()
            )));
        }
        members.push((codes, answered, marked));
    }
    if !known {
        let first = set.members.first();
        let levels = first.map_or_else(Vec::new, |member| {
            let (_, values) = respondents.answers[member.operand].codes();
            let answers = values.iter().filter(|value| member.names.is_answer(value));
            answers
                .map(|value| member.names.name(value))
                .take(8)
                .collect()
        });
        return Err(Error::Request(format!(
            "set {}: nobody has {:?} in any of its variables; the first has {}",
            set.name,
            counted.text(),
            levels.join(", ")
        )));
    }
    let rows = respondents.rows;
    let mut found = SetAnswers {
        levels: set
            .members
            .iter()
            .map(|member| member.name.clone())
            .collect(),
        base: vec![false; rows],
        starts: Vec::with_capacity(rows + 1),
        answers: Vec::new(),
        notes,
    };
    for row in 0..rows {
        found.starts.push(found.answers.len() as u32);
        let before = found.answers.len();
        let mut any = false;
        for (place, (codes, answered, marked)) in members.iter().enumerate() {
            let code = codes.get(row) as usize;
            any |= answered[code];
            if marked[code] {
                found.answers.push(place as u16);
            }
        }
        found.base[row] = match set.base {
            SetBase::Answered => any,
            SetBase::Any => found.answers.len() > before,
            SetBase::All => true,
        };
    }
    found.starts.push(found.answers.len() as u32);
    Ok(found)
}

fn categories(set: &PlannedSet, respondents: &Respondents) -> Result<SetAnswers, Error> {
    let mut all: Vec<Value> = Vec::new();
    for member in &set.members {
        let (_, values) = respondents.answers[member.operand].codes();
        all.extend(
            values
                .iter()
                .filter(|value| member.names.is_answer(value))
                .cloned(),
        );
    }
    all.sort_by(Value::order);
    all.dedup();
    if all.len() > MOST_ANSWERS {
        return Err(Error::Request(format!(
            "set {}: its variables hold {} different answers, more than {MOST_ANSWERS}; name the value that is counted, as in --set '{}=…:Yes'",
            set.name,
            all.len(),
            set.name
        )));
    }
    let Some(first) = set.members.first() else {
        return Err(Error::Request(format!("set {} has no variables", set.name)));
    };
    let order = first.names.order(&all);
    let mut place_of = vec![0_u16; all.len()];
    for (place, at) in order.iter().enumerate() {
        place_of[*at] = place as u16;
    }
    let members: Vec<_> = set
        .members
        .iter()
        .map(|member| {
            let (codes, values) = respondents.answers[member.operand].codes();
            let place = |value: &Value| {
                let at = all.iter().position(|other| other == value)?;
                member.names.is_answer(value).then(|| place_of[at])
            };
            (
                codes,
                values.iter().map(place).collect::<Vec<Option<u16>>>(),
            )
        })
        .collect();
    let rows = respondents.rows;
    let mut found = SetAnswers {
        levels: order.iter().map(|at| first.names.name(&all[*at])).collect(),
        base: vec![false; rows],
        starts: Vec::with_capacity(rows + 1),
        answers: Vec::new(),
        notes: Vec::new(),
    };
    let mut of_row: Vec<u16> = Vec::new();
    for row in 0..rows {
        found.starts.push(found.answers.len() as u32);
        of_row.clear();
        let given = members
            .iter()
            .filter_map(|(codes, place)| place[codes.get(row) as usize]);
        of_row.extend(given);
        found.base[row] = set.base == SetBase::All || !of_row.is_empty();
        of_row.sort_unstable();
        of_row.dedup();
        found.answers.extend_from_slice(&of_row);
    }
    found.starts.push(found.answers.len() as u32);
    Ok(found)
}
