use std::fmt;
use std::str::FromStr;

use crate::frames::words::nearest;
use crate::published::figures::store::{ALL, Figure, QuestionKind, Store};

/// How the samples of two figures stand to each other. The variance of the difference follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Different people, drawn apart.
    Independent,
    /// Two answers of one question, of which the same people could give one.
    SameQuestion,
    /// The same people answered both; how the answers go together is not known.
    SameRespondents,
    /// The people of one are among those of the other.
    PartOf,
    /// The same people at two times.
    Panel,
    /// A share against a number that is no sample, such as 50%.
    FixedValue,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no relation “{given}”; {hint}")]
pub struct UnknownRelation {
    given: String,
    hint: String,
}

/// Why no relation follows from two ids.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    #[error("{0} and {1} are prints of one quantity: there is no difference of opinion to test")]
    SameQuantity(String, String),
    #[error("{0} is a score, not a share: only shares are compared")]
    Score(String),
    #[error(
        "{0} and {1} are different answers of a part and of the whole that contains it: compare the same answer, \
         or two answers of the same people"
    )]
    MixedPart(String, String),
    #[error(
        "whether the same people are in {0} and {1} does not follow from the store: say so with --relation \
         independent or --relation same-respondents"
    )]
    Overlap(String, String),
}

impl Relation {
    /// Those that can be said of figures.
    pub const ALL: [Relation; 5] = [
        Relation::Independent,
        Relation::SameQuestion,
        Relation::SameRespondents,
        Relation::PartOf,
        Relation::Panel,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Relation::Independent => "independent",
            Relation::SameQuestion => "same-question",
            Relation::SameRespondents => "same-respondents",
            Relation::PartOf => "part-of",
            Relation::Panel => "panel",
            Relation::FixedValue => "fixed-value",
        }
    }

    /// For the foot of a table.
    pub fn in_words(self) -> &'static str {
        match self {
            Relation::Independent => "independent samples",
            Relation::SameQuestion => "two answers of one question, given by the same people",
            Relation::SameRespondents => "two answers of the same people",
            Relation::PartOf => "a part and the whole that contains it, tested against the rest",
            Relation::Panel => "the same people at two times",
            Relation::FixedValue => "one share against a fixed value",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Relation {
    type Err = UnknownRelation;

    fn from_str(given: &str) -> Result<Relation, UnknownRelation> {
        let names = Relation::ALL.map(Relation::name);
        Relation::ALL
            .into_iter()
            .find(|relation| relation.name() == given)
            .ok_or_else(|| UnknownRelation {
                given: given.to_owned(),
                hint: match nearest(given, names) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("there are {}", names.join(", ")),
                },
            })
    }
}

/// What the ids of two stored figures say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationByIds {
    pub relation: Relation,
    /// For a part: whether b is the part and a the whole.
    pub b_is_part: bool,
}

impl From<Relation> for RelationByIds {
    fn from(relation: Relation) -> RelationByIds {
        RelationByIds {
            relation,
            b_is_part: false,
        }
    }
}

/// The relation of two stored figures.
///
/// Different polls are independent; so are groups without a common member in one poll. The same people
/// and one question of a single answer: same question; otherwise the same respondents. The same answer
/// of a country (or base) and of the whole that contains it: part of.
///
/// # Errors
/// [`Unclear`] where no relation follows, or the two can't be compared.
pub fn relation_by_ids(store: &Store, a: &Figure, b: &Figure) -> Result<RelationByIds, Unclear> {
    for figure in [a, b] {
        let question = store.question(&figure.poll, &figure.question);
        if question.is_some_and(|question| question.kind == QuestionKind::Score) {
            return Err(Unclear::Score(figure.id()));
        }
    }
    let ids = || (a.id_with_source(), b.id_with_source());
    if a.poll != b.poll {
        return Ok(Relation::Independent.into());
    }
    let same_answer = a.question == b.question && a.response == b.response;
    let part = |b_is_part: bool| match same_answer {
        true => Ok(RelationByIds {
            relation: Relation::PartOf,
            b_is_part,
        }),
        false => Err(Unclear::MixedPart(a.id(), b.id())),
    };
    match people(store, a, b) {
        People::Same if same_answer => Err(Unclear::SameQuantity(ids().0, ids().1)),
        People::Same if a.question == b.question && !several_answers(store, a) => {
            Ok(Relation::SameQuestion.into())
        }
        People::Same => Ok(Relation::SameRespondents.into()),
        People::Apart => Ok(Relation::Independent.into()),
        People::AInB => part(false),
        People::BInA => part(true),
        People::Unclear => Err(Unclear::Overlap(a.id(), b.id())),
    }
}

fn several_answers(store: &Store, figure: &Figure) -> bool {
    store
        .question(&figure.poll, &figure.question)
        .is_some_and(|question| question.kind == QuestionKind::Multiple)
}

/// How two groups of one poll overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum People {
    Same,
    Apart,
    AInB,
    BInA,
    Unclear,
}

/// Places and bases together: who is in either, as far as the ids say.
fn people(store: &Store, a: &Figure, b: &Figure) -> People {
    match (places(store, a, b), bases(&a.base, &b.base)) {
        (People::Apart, _) | (_, People::Apart) => People::Apart,
        (People::Same, same) | (same, People::Same) => same,
        (place, base) if place == base => place,
        _ => People::Unclear,
    }
}

fn places(store: &Store, a: &Figure, b: &Figure) -> People {
    if a.country == b.country {
        return People::Same;
    }
    // The total holds every country of its poll, named in the store or not.
    match (a.country == ALL, b.country == ALL) {
        (true, _) => return People::BInA,
        (_, true) => return People::AInB,
        _ => {}
    }
    // a mean of countries has several codes
    let of = |figure: &Figure| -> Vec<String> {
        let codes = figure.country.split('+');
        let members = codes.flat_map(|code| store.countries_of(&figure.poll, code));
        members.map(str::to_owned).collect()
    };
    let (of_a, of_b) = (of(a), of(b));
    let within = |some: &[String], all: &[String]| some.iter().all(|code| all.contains(code));
    match (within(&of_a, &of_b), within(&of_b, &of_a)) {
        _ if of_a.is_empty() || of_b.is_empty() => People::Unclear,
        (true, true) => People::Same,
        (true, false) => People::AInB,
        (false, true) => People::BInA,
        _ if of_a.iter().any(|code| of_b.contains(code)) => People::Unclear,
        _ => People::Apart,
    }
}

/// Groups of one kind: nobody is in two of them.
const KINDS_OF_GROUPS: [&[&str]; 3] = [
    &["democrats", "independents", "republicans"],
    &["age18_34", "age35_54", "age55up"],
    &["favourable_to_cn", "unfavourable_to_cn"],
];

fn bases(a: &str, b: &str) -> People {
    if a == b {
        return People::Same;
    }
    match (a == ALL, b == ALL) {
        (true, _) => People::BInA,
        (_, true) => People::AInB,
        _ => {
            let apart = |kind: &&[&str]| kind.contains(&a) && kind.contains(&b);
            match KINDS_OF_GROUPS.iter().any(apart) {
                true => People::Apart,
                false => People::Unclear,
            }
        }
    }
}
