//! From what is asked to the columns of the file that it takes.

use super::request::{BannerPart, Grid, Question, Request, SetBase, SetSpec, TableRequest};
use super::sums_file::TableSums;
use crate::frames::Statistic;
use crate::survey::design::Design;
use crate::survey::estimate::{Error, LevelNames};
use crate::survey::expr::{Bound, Expr, Item, Node, OutputKind, Reason, Verb, bind};
use crate::survey::microdata::{self, Codebook, Kind, MultipleResponse, Value, Variable};
use crate::survey::sums::{Operand, Requests};

/// What is kept of each respondent, and what it is for.
pub struct Plan {
    pub requests: Requests,
    /// What the respondents' answers are worked out from.
    pub operands: Vec<(Operand, View)>,
    pub questions: Vec<PlannedQuestion>,
    /// Tables in their order, each with the place of what asked for it.
    pub slots: Vec<(usize, Slot)>,
    pub blocks: Vec<PlannedBlock>,
    pub grids: Vec<PlannedGrid>,
    pub condition: Option<Operand>,
    /// Variables that no table is made of, though none was named: what they are for.
    pub left_out: Vec<(String, &'static str)>,
    /// What a plan of another wave has and this file hasn't.
    pub notes: Vec<String>,
}

/// What stands in a place of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Grid(usize),
    Question(usize),
}

/// How an operand is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Codes,
    Numbers,
}

/// A table to be made.
pub struct PlannedQuestion {
    /// What it is about, for the column `variable`.
    pub variable: String,
    /// The question as asked.
    pub title: Option<String>,
    /// A condition on who is in the base.
    pub filter: Option<usize>,
    pub kind: QuestionKind,
    /// What sums of it are found by, however it was typed.
    pub key: String,
    /// The variables that it is made of.
    pub uses: Vec<String>,
    pub settings: TableRequest,
    /// Nobody named it: it is one of all that the file has.
    pub of_all: bool,
}

pub enum QuestionKind {
    /// Shares of levels.
    Levels {
        operand: usize,
        names: LevelNames,
    },
    /// The share of a condition.
    Condition {
        operand: usize,
    },
    /// The mean of a linear combination of numbers, of those who have all.
    Mean {
        terms: Vec<(f64, usize)>,
        constant: f64,
        statistic: Statistic,
    },
    Quantiles {
        operand: usize,
        probabilities: Vec<f64>,
    },
    Set(PlannedSet),
}

/// A set, and how its answers are found.
#[derive(Clone)]
pub struct PlannedSet {
    pub name: String,
    pub title: Option<String>,
    pub variables: Vec<String>,
    pub members: Vec<Member>,
    /// The value that says that an answer was given; `None` where each variable holds one.
    pub counted: Option<Value>,
    pub base: SetBase,
}

#[derive(Clone)]
pub struct Member {
    /// What the answer is called.
    pub name: String,
    pub operand: usize,
    pub names: LevelNames,
}

pub struct PlannedBlock {
    pub name: String,
    pub title: Option<String>,
    pub kind: BlockKind,
}

pub enum BlockKind {
    /// Operands that are crossed, the outer first.
    Levels(Vec<(usize, LevelNames)>),
    Set(PlannedSet),
}

/// Questions with the same answers, as columns.
pub struct PlannedGrid {
    pub name: String,
    /// What the questions have in common, as asked.
    pub title: Option<String>,
    pub items: Vec<Member>,
    /// What is each question's own, for rows.
    pub labels: Vec<String>,
    /// What is asked of the table of each question.
    pub settings: Vec<TableRequest>,
}

/// Looks everything up in the codebook. `design` names the columns that are no questions.
///
/// # Errors
/// Names and types that don't fit, with their place in the text.
pub fn plan(request: &Request, design: &Design, codebook: &Codebook) -> Result<Plan, Error> {
    let sets = all_sets(request, codebook);
    let mut planner = Planner {
        request,
        codebook,
        sets,
        requests: Requests::default(),
        operands: Vec::new(),
    };
    let blocks = request.banner.iter().map(|part| planner.block(part));
    let blocks = blocks.collect::<Result<Vec<_>, Error>>()?;
    let of_all = request.tables.is_empty() && request.grids.is_empty();
    let (asked, left_out) = match of_all {
        false => (request.tables.clone(), Vec::new()),
        true => planner.all_questions(design),
    };
    let mut notes = Vec::new();
    let mut questions = Vec::new();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (at, table) in asked.iter().enumerate() {
        match planner.question(table) {
            Ok(question) => {
                places.push((at, questions.len()));
                questions.push(PlannedQuestion { of_all, ..question });
            }
            Err(error) if request.from_plan && is_gone(&error) => {
                notes.push(format!("no table of {}: {error}", table.question.text()));
            }
            Err(error) => return Err(error),
        }
    }
    let mut all_grids = request.grids.clone();
    if request.find_grids {
        all_grids.extend(batteries(&asked, &all_grids, codebook));
    }
    let grids = all_grids.iter().map(|grid| planner.grid(grid, &asked));
    let grids = grids.collect::<Result<Vec<_>, Error>>()?;
    let mut slots: Vec<(usize, Slot)> = Vec::new();
    for (grid, of) in grids.iter().enumerate() {
        let asked_at = |member: &Member| {
            let mut known = places.iter();
            known
                .find(|(_, at)| questions[*at].variable == member.name)
                .copied()
        };
        let first = of.items.iter().filter_map(asked_at).min();
        slots.push((first.map_or(0, |(at, _)| at), Slot::Grid(grid)));
    }
    // of every question a table of its own, if it is not asked for anyhow
    if !blocks.is_empty() {
        for (grid, of) in grids.iter().enumerate() {
            let place = slots[grid].0;
            for member in &of.items {
                let known = |question: &PlannedQuestion| question.variable == member.name;
                if !questions.iter().any(known) {
                    slots.push((place, Slot::Question(questions.len())));
                    questions.push(planner.question(&Question::Name(member.name.clone()).into())?);
                }
            }
        }
    }
    slots.extend(
        places
            .iter()
            .map(|(at, question)| (*at, Slot::Question(*question))),
    );
    slots.sort_by_key(|(at, _)| *at);
    let condition = match &request.condition {
        None => None,
        Some((text, expr)) => {
            let bound = bound(expr, text, codebook, OutputKind::Condition)?;
            Some(planner.requests.operand(text, bound))
        }
    };
    Ok(Plan {
        requests: planner.requests,
        operands: planner.operands,
        questions,
        blocks,
        grids,
        condition,
        left_out,
        notes,
        slots,
    })
}

/// Whether a question names a variable that is not there.
fn is_gone(error: &Error) -> bool {
    match error {
        Error::File(microdata::Error::NoVariable { .. }) => true,
        Error::Expression(error) => matches!(
            error.reason,
            Reason::NoVariable { .. } | Reason::NoVariableOrText { .. }
        ),
        _ => false,
    }
}

/// A question and its answers with their labels.
type Answers = (String, Vec<(Value, String)>);

/// Neighbours among the questions whose answers have the same labels: three or more are a grid.
fn batteries(asked: &[TableRequest], known: &[Grid], codebook: &Codebook) -> Vec<Grid> {
    let answers = |table: &TableRequest| -> Option<Answers> {
        let Question::Name(name) = &table.question else {
            return None;
        };
        let in_grid = known.iter().any(|grid| grid.variables.contains(name));
        let variable = codebook.variable(name).ok().filter(|_| !in_grid)?;
        let labels = variable.labels.iter();
        let labels = labels.filter(|(value, _)| !variable.missing.holds(value));
        let labels: Vec<(Value, String)> = labels.cloned().collect();
        (labels.len() > 1).then(|| (name.clone(), labels))
    };
    let all: Vec<Option<Answers>> = asked.iter().map(answers).collect();
    let same = |one: &Option<Answers>, next: &Option<Answers>| match (one, next) {
        (Some((_, one)), Some((_, next))) => one == next,
        _ => false,
    };
    let runs = all.chunk_by(same);
    let grid = |run: &[Option<Answers>]| {
        let names: Vec<String> = run.iter().flatten().map(|(name, _)| name.clone()).collect();
        match names.as_slice() {
            [first, _, .., last] => Some(Grid {
                name: format!("{first}–{last}"),
                variables: names.clone(),
            }),
            _ => None,
        }
    };
    runs.filter_map(grid).collect()
}

/// What labels begin with alike, up to a mark between words, and what is each one's own.
fn in_common(labels: &[String]) -> Option<(String, Vec<String>)> {
    const LEAST: usize = 8;
    let first = labels.first()?;
    let shared = |at: usize| {
        labels
            .iter()
            .all(|label| label.get(..at) == first.get(..at))
    };
    let ends = first
        .char_indices()
        .map(|(at, letter)| (at + letter.len_utf8(), letter));
    let end = ends
        .filter(|(end, letter)| ":–—-…?./|".contains(*letter) && shared(*end))
        .map(|(end, _)| end)
        .next_back()?;
    let trimmed = |text: &str| {
        let marks = |letter: char| letter.is_whitespace() || ":–—-…./|".contains(letter);
        text.trim_matches(marks).to_owned()
    };
    let own: Vec<String> = labels.iter().map(|label| trimmed(&label[end..])).collect();
    let head = first[..end].trim_end_matches(|letter: char| " :–—-/|".contains(letter));
    let distinct = (0..own.len()).all(|at| !own[at].is_empty() && !own[..at].contains(&own[at]));
    (head.chars().count() >= LEAST && distinct).then(|| (head.trim().to_owned(), own))
}

/// Sets that were asked for, and those of the file; a name that is asked for goes first.
fn all_sets(request: &Request, codebook: &Codebook) -> Vec<MultipleResponse> {
    let spec = |spec: &SetSpec| MultipleResponse {
        name: spec.name.clone(),
        label: None,
        counted: spec.counted.clone().map(Value::Text),
        variables: spec.variables.clone(),
    };
    let own = request.sets.iter().map(spec);
    own.chain(codebook.sets.iter().cloned()).collect()
}

fn bound(expr: &Expr, text: &str, codebook: &Codebook, kind: OutputKind) -> Result<Bound, Error> {
    bind(expr, codebook, kind).map_err(|error| Error::Expression(error.within(text)))
}

struct Planner<'a> {
    request: &'a Request,
    codebook: &'a Codebook,
    sets: Vec<MultipleResponse>,
    requests: Requests,
    operands: Vec<(Operand, View)>,
}

impl Planner<'_> {
    fn operand(&mut self, text: &str, bound: Bound, view: View) -> usize {
        let same = |(operand, other): &(Operand, View)| operand.text == text && *other == view;
        if let Some(at) = self.operands.iter().position(same) {
            return at;
        }
        let operand = self.requests.operand(text, bound);
        self.operands.push((operand, view));
        self.operands.len() - 1
    }

    /// Levels of an expression, and what they are called.
    fn levels(&mut self, expr: &Expr, text: &str) -> Result<(usize, LevelNames), Error> {
        let bound = bound(expr, text, self.codebook, OutputKind::Codes)?;
        let names = LevelNames::new(&bound, self.request.options.codes);
        Ok((self.operand(&expr.to_string(), bound, View::Codes), names))
    }

    fn numbers(&mut self, expr: &Expr, text: &str) -> Result<usize, Error> {
        let bound = bound(expr, text, self.codebook, OutputKind::Numbers)?;
        Ok(self.operand(&expr.to_string(), bound, View::Numbers))
    }

    fn set(&self, name: &str) -> Option<&MultipleResponse> {
        let plain = name.strip_prefix('$').unwrap_or(name);
        let named =
            |set: &&MultipleResponse| set.name.strip_prefix('$').unwrap_or(&set.name) == plain;
        let is_variable = self.codebook.variable(plain).is_ok();
        self.sets
            .iter()
            .find(named)
            .filter(|_| !is_variable || name.starts_with('$') || self.asks_for_set(plain))
    }

    fn asks_for_set(&self, name: &str) -> bool {
        self.request.sets.iter().any(|set| set.name == name)
    }

    fn planned_set(&mut self, name: &str) -> Result<Option<PlannedSet>, Error> {
        let Some(set) = self.set(name).cloned() else {
            return Ok(None);
        };
        let members = set.variables.iter().map(|variable| self.member(variable));
        let members = members.collect::<Result<Vec<_>, Error>>()?;
        Ok(Some(PlannedSet {
            name: set.name.trim_start_matches('$').to_owned(),
            title: set.label.clone().filter(|label| !label.is_empty()),
            counted: set.counted.clone(),
            variables: set.variables.clone(),
            members,
            base: self.request.options.set_base,
        }))
    }

    fn member(&mut self, variable: &str) -> Result<Member, Error> {
        let found = self.codebook.variable(variable)?;
        let label = found.label.clone().filter(|label| !label.is_empty());
        let (operand, names) = self.levels(&named(variable), variable)?;
        Ok(Member {
            name: label.unwrap_or_else(|| variable.to_owned()),
            operand,
            names,
        })
    }

    fn block(&mut self, part: &BannerPart) -> Result<PlannedBlock, Error> {
        if let [
            Expr {
                node: Node::Name(name),
                ..
            },
        ] = part.factors.as_slice()
        {
            let name = match part.text.starts_with('$') {
                true => format!("${name}"),
                false => name.clone(),
            };
            if let Some(set) = self.planned_set(&name)? {
                return Ok(PlannedBlock {
                    name: part.name.clone(),
                    title: set.title.clone(),
                    kind: BlockKind::Set(set),
                });
            }
            if let Some(set) = name.strip_prefix('$') {
                return Err(self.no_set(set));
            }
        }
        // of nested variables as of their columns: "Party: Sex" over "Blue: Female"
        let titles: Vec<Option<String>> = part.factors.iter().map(|one| self.title(one)).collect();
        let title = titles.iter().any(Option::is_some).then(|| {
            let each = part.factors.iter().zip(titles);
            let each = each.map(|(one, title)| title.unwrap_or_else(|| one.to_string()));
            each.collect::<Vec<String>>().join(": ")
        });
        let factors = part
            .factors
            .iter()
            .map(|factor| self.levels(factor, &part.text));
        let factors = factors.collect::<Result<Vec<_>, Error>>()?;
        Ok(PlannedBlock {
            name: part.name.clone(),
            title,
            kind: BlockKind::Levels(factors),
        })
    }

    fn no_set(&self, name: &str) -> Error {
        let known = self.sets.iter().map(|set| set.name.trim_start_matches('$'));
        let hint = match crate::frames::words::nearest(name, known) {
            Some(near) => format!("; did you mean ${near}?"),
            None => "; declare it with --set 'NAME=VARIABLES:COUNTED'".to_owned(),
        };
        Error::Request(format!("no set ${name}{hint}"))
    }

    /// The question as asked, of a variable by itself.
    fn title(&self, expr: &Expr) -> Option<String> {
        let Node::Name(name) = &expr.node else {
            return None;
        };
        let variable = self.codebook.variable(name).ok()?;
        variable.label.clone().filter(|label| !label.is_empty())
    }

    fn question(&mut self, table: &TableRequest) -> Result<PlannedQuestion, Error> {
        let mut planned = match &table.question {
            Question::Name(name) => self.named_question(name)?,
            Question::Item(item) => self.item(item)?,
        };
        if table.title.is_some() {
            planned.title.clone_from(&table.title);
        }
        planned.settings = table.clone();
        Ok(planned)
    }

    fn named_question(&mut self, name: &str) -> Result<PlannedQuestion, Error> {
        if let Some(set) = self.planned_set(name)? {
            return Ok(PlannedQuestion {
                variable: set.name.clone(),
                title: set.title.clone(),
                filter: None,
                key: TableSums::set_key(&set.name),
                uses: set.variables.clone(),
                settings: Question::Name(name.to_owned()).into(),
                of_all: false,
                kind: QuestionKind::Set(set),
            });
        }
        if let Some(set) = name.strip_prefix('$') {
            return Err(self.no_set(set));
        }
        let variable = self.codebook.variable(name)?;
        let expr = named(name);
        let title = self.title(&expr);
        let verb = if has_levels(variable) { "prop" } else { "mean" };
        let kind = match has_levels(variable) {
            true => {
                let (operand, names) = self.levels(&expr, name)?;
                QuestionKind::Levels { operand, names }
            }
            false => QuestionKind::Mean {
                terms: vec![(1.0, self.numbers(&expr, name)?)],
                constant: 0.0,
                statistic: Statistic::Mean,
            },
        };
        Ok(PlannedQuestion {
            variable: name.to_owned(),
            title,
            filter: None,
            kind,
            key: format!("{verb}({expr})"),
            uses: vec![name.to_owned()],
            settings: Question::Name(name.to_owned()).into(),
            of_all: false,
        })
    }

    fn item(&mut self, item: &Item) -> Result<PlannedQuestion, Error> {
        let text = item.text.as_str();
        let about = |of: &Expr| match &of.node {
            Node::Name(name) => name.clone(),
            _ => of.to_string(),
        };
        let mut title = None;
        let (variable, kind) = match item.terms.as_slice() {
            [term] if item.is_plain() => {
                let of = term.statistic.arguments();
                title = of.first().and_then(|of| self.title(of));
                match &term.statistic {
                    Verb::Prop(of) if of.is_condition() => {
                        let (operand, _) = self.levels(of, text)?;
                        (about(of), QuestionKind::Condition { operand })
                    }
                    Verb::Prop(of) => {
                        let (operand, names) = self.levels(of, text)?;
                        (about(of), QuestionKind::Levels { operand, names })
                    }
                    Verb::Quantile(of, at) => {
                        let kind = QuestionKind::Quantiles {
                            operand: self.numbers(of, text)?,
                            probabilities: at.clone(),
                        };
                        (about(of), kind)
                    }
                    Verb::Mean(of) => {
                        let kind = QuestionKind::Mean {
                            terms: vec![(1.0, self.numbers(of, text)?)],
                            constant: 0.0,
                            statistic: Statistic::Mean,
                        };
                        (about(of), kind)
                    }
                    _ => return Err(no_table(item)),
                }
            }
            terms => {
                let mut means = Vec::new();
                for term in terms {
                    match &term.statistic {
                        Verb::Mean(of) => means.push((term.coefficient, self.numbers(of, text)?)),
                        Verb::Prop(of) if of.is_condition() => {
                            means.push((term.coefficient, self.numbers(of, text)?));
                        }
                        _ => return Err(no_table(item)),
                    }
                }
                let kind = QuestionKind::Mean {
                    terms: means,
                    constant: item.constant,
                    statistic: item.combined_statistic(),
                };
                (text.to_owned(), kind)
            }
        };
        if let Some(name) = &item.name {
            title = Some(name.clone());
        }
        let first = item.terms.first().and_then(|term| term.filter.as_ref());
        if item.terms.iter().any(|term| term.filter.as_ref() != first) {
            return Err(Error::Request(format!(
                "{text}: in a banner table all parts of an item are of the same respondents"
            )));
        }
        let filter = match first {
            None => None,
            Some(filter) => Some(self.levels(filter, text)?.0),
        };
        Ok(PlannedQuestion {
            variable: item.name.clone().unwrap_or(variable),
            title,
            filter,
            key: key(item),
            uses: names(item),
            settings: Question::Item(item.clone()).into(),
            of_all: false,
            kind,
        })
    }

    fn grid(&mut self, grid: &Grid, asked: &[TableRequest]) -> Result<PlannedGrid, Error> {
        let settings = |variable: &String| {
            let question = Question::Name(variable.clone());
            let own = asked.iter().find(|table| table.question == question);
            own.cloned().unwrap_or_else(|| question.into())
        };
        let mut items = Vec::new();
        let mut labels = Vec::new();
        for variable in &grid.variables {
            let expr = named(variable);
            labels.push(self.title(&expr).unwrap_or_else(|| variable.clone()));
            let (operand, names) = self.levels(&expr, variable)?;
            items.push(Member {
                name: variable.clone(),
                operand,
                names,
            });
        }
        let (title, labels) = match in_common(&labels) {
            Some((title, own)) => (Some(title), own),
            None => (None, labels),
        };
        Ok(PlannedGrid {
            name: grid.name.clone(),
            settings: grid.variables.iter().map(settings).collect(),
            title,
            items,
            labels,
        })
    }

    /// Every question of the codebook; a set stands where the first of its variables does, in the place of all of them.
    fn all_questions(&self, design: &Design) -> (Vec<TableRequest>, Vec<(String, &'static str)>) {
        let mut questions = Vec::new();
        let mut left_out = Vec::new();
        let mut sets: Vec<&str> = Vec::new();
        for variable in self.in_order() {
            if let Some(role) = self.role(variable, design) {
                left_out.push((variable.name.clone(), role));
                continue;
            }
            let of = |set: &&MultipleResponse| set.variables.contains(&variable.name);
            match self.sets.iter().find(of) {
                Some(set) if sets.contains(&set.name.as_str()) => {}
                Some(set) => {
                    sets.push(&set.name);
                    questions.push(Question::Name(format!(
                        "${}",
                        set.name.trim_start_matches('$')
                    )));
                }
                None => questions.push(Question::Name(variable.name.clone())),
            }
        }
        (
            questions.into_iter().map(TableRequest::from).collect(),
            left_out,
        )
    }

    /// Variables as a codebook beside the file lists them, then the others.
    fn in_order(&self) -> Vec<&Variable> {
        let listed = &self.codebook.listed;
        let place = |variable: &&Variable| {
            let at = listed.iter().position(|name| *name == variable.name);
            at.unwrap_or(listed.len())
        };
        let mut variables: Vec<&Variable> = self.codebook.variables.iter().collect();
        variables.sort_by_cached_key(place);
        variables
    }

    /// What a variable is, if it is no question.
    fn role(&self, variable: &Variable, design: &Design) -> Option<&'static str> {
        let name = &variable.name;
        let lists = [&design.strata, &design.psu, &design.fpc];
        let of_design = weighs(design, name) || lists.iter().any(|columns| columns.contains(name));
        let replicate = design.replicates.as_ref().is_some_and(|replicates| {
            regex_lite::Regex::new(&replicates.columns).is_ok_and(|regex| regex.is_match(name))
        });
        let in_banner = |part: &BannerPart| {
            let factors = part.factors.iter();
            factors
                .filter(|factor| factor.node == Node::Name(name.clone()))
                .count()
                > 0
        };
        if of_design || replicate {
            Some("of the design")
        } else if self.request.banner.iter().any(in_banner) {
            Some("of the banner")
        } else if self.is_untold(variable) {
            Some("not in the codebook")
        } else {
            None
        }
    }

    /// Whether neither the file nor the codebook beside it says a word of a variable.
    fn is_untold(&self, variable: &Variable) -> bool {
        let listed = &self.codebook.listed;
        let documented = variable.label.is_some() || !variable.labels.is_empty();
        !listed.is_empty() && !documented && !listed.contains(&variable.name)
    }
}

/// Whether the weights are a column, or are worked out from it: `base * adjustment`.
fn weighs(design: &Design, name: &String) -> bool {
    let weights = design.weights.as_ref();
    weights == Some(name)
        || weights
            .and_then(|weights| Expr::parse(weights).ok())
            .is_some_and(|expr| expr.names().contains(&name.as_str()))
}

/// The canonical form of an item without its name.
fn key(item: &Item) -> String {
    let text = item.canonical();
    let name = item.name.as_deref().unwrap_or_default();
    match text
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix(" = "))
    {
        Some(rest) if !name.is_empty() => rest.to_owned(),
        _ => text,
    }
}

/// The variables that an item names.
fn names(item: &Item) -> Vec<String> {
    let terms = item.terms.iter();
    let all = terms.flat_map(|term| term.statistic.arguments().into_iter().chain(&term.filter));
    let mut names: Vec<String> = all.flat_map(|of| of.names()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

fn no_table(item: &Item) -> Error {
    Error::Request(format!(
        "{}: a banner table has shares, means and medians: prop(x), mean(x), median(x)",
        item.text
    ))
}

/// A column by name, as an expression.
fn named(name: &str) -> Expr {
    Expr {
        node: Node::Name(name.to_owned()),
        span: 0..name.len(),
    }
}

/// Whether a variable is a question with answers to choose from: texts, dates, and numbers of which some have a label.
fn has_levels(variable: &Variable) -> bool {
    let answer = |(value, _): &(Value, String)| !variable.missing.holds(value);
    variable.kind != Kind::Number || variable.labels.iter().any(answer)
}
