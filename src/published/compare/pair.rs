use super::combination::{Average, Population};
use super::error::Error;
use super::like_for_like;
use super::relation::{Relation, RelationByIds, Unclear, relation_by_ids};
use super::side::{Side, Size};
use crate::frames::words::thousands;
use crate::published::figures::quantity::Prefer;
use crate::published::figures::store::{Aggregate, Figure, Store};
use crate::published::figures::topline::Intervals;
use crate::published::lines::line;

/// Ends are multiples of half a printed digit; what is left under that is noise of the arithmetic.
pub(super) const NOISE: f64 = 1e-9;

/// What the reader states of stored or typed figures, beyond what the store knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct PairOptions<'x> {
    pub relation: Option<Relation>,
    /// Weight of the part in the whole, 0..1.
    pub weight: Option<f64>,
    pub average: Option<Average>,
    pub population: Option<&'x Population>,
}

/// The share of people who gave both answers, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// 0..1.
    pub low: f64,
    pub high: f64,
    /// Where it comes from; empty where it follows from the question.
    pub source: String,
}

impl Joint {
    fn exactly(share: f64) -> Joint {
        Joint {
            low: share,
            high: share,
            source: String::new(),
        }
    }
}

/// Two figures and all that their difference depends on.
#[derive(Clone, Debug)]
pub struct Pair<'p, 's> {
    pub a: &'p Side<'s>,
    pub b: &'p Side<'s>,
    pub relation: Relation,
    /// For a part: whether b is the part.
    pub b_is_part: bool,
    /// `None`: anything that the two shares allow.
    pub joint: Option<Joint>,
    /// Weight of the part in the whole; `None` where it is not known.
    pub weight: Option<f64>,
    /// The same where the reader said it.
    pub given_weight: Option<f64>,
    /// Where the weight comes from, for people.
    pub weight_source: String,
    /// What makes the two other than like for like.
    pub warnings: Vec<String>,
    /// Both polls drew probability samples: words of a lead may be used.
    pub probability: bool,
}

impl<'p, 's> Pair<'p, 's> {
    /// Two typed percentages; with part-of the smaller sample is the part, of equal ones the first.
    ///
    /// # Errors
    /// Two answers of one question that add up to more than 100%, or are of two sizes; a part as large as its whole.
    pub fn typed(
        a: &'p Side<'s>,
        b: &'p Side<'s>,
        relation: Relation,
        weight: Option<f64>,
    ) -> Result<Pair<'p, 's>, Error> {
        let n = |side: &Side| side.size.as_ref().map_or(0.0, Size::n_or_effective);
        let b_is_part = n(b) < n(a);
        let of_n = n(a).min(n(b)) / n(a).max(n(b));
        let mut pair = Pair {
            a,
            b,
            relation,
            b_is_part,
            joint: (relation == Relation::SameQuestion).then(|| Joint::exactly(0.0)),
            weight: weight.or((of_n < 1.0).then_some(of_n)),
            given_weight: weight,
            weight_source: match weight {
                Some(_) => "as given".to_owned(),
                None => "by n".to_owned(),
            },
            warnings: Vec::new(),
            probability: false,
        };
        if relation == Relation::PartOf && weight.is_none() && of_n == 1.0 {
            return Err(Error::NeedsShare(a.label.clone(), b.label.clone()));
        }
        pair.checked_sum()?;
        pair.checked_sizes()?;
        if relation != Relation::PartOf {
            pair.weight = None;
        }
        Ok(pair)
    }

    /// Two stored figures: the relation follows from their ids.
    ///
    /// # Errors
    /// [`Unclear`] where none does, or the two can't be compared; a statement against it.
    pub fn stored(
        store: &'s Store,
        a: &'p Side<'s>,
        b: &'p Side<'s>,
        options: PairOptions,
    ) -> Result<Pair<'p, 's>, Error> {
        let (Some(of_a), Some(of_b)) = (a.figure(), b.figure()) else {
            let relation = options.relation.unwrap_or(Relation::Independent);
            return Pair::typed(a, b, relation, options.weight);
        };
        let RelationByIds {
            relation,
            b_is_part,
        } = settled(store, of_a, of_b, options.relation)?;
        let probability = [of_a, of_b].iter().all(|figure| {
            let sampling = store.poll(&figure.poll).map(|poll| poll.sampling);
            sampling == Some(crate::published::figures::store::Sampling::Probability)
        });
        let mut pair = Pair {
            a,
            b,
            relation,
            b_is_part,
            joint: joint(store, of_a, of_b, relation)?,
            weight: None,
            given_weight: options.weight,
            weight_source: String::new(),
            warnings: like_for_like::differences(store, of_a, of_b, relation),
            probability,
        };
        let averaged = [a, b].into_iter().find(|side| side.of_countries.is_some());
        if let Some(averaged) = averaged.filter(|_| relation != Relation::Independent) {
            return Err(Error::Averaged(averaged.label.clone()));
        }
        if relation == Relation::PartOf {
            (pair.weight, pair.weight_source) = pair.part_weight(store, options)?;
        }
        Ok(pair)
    }

    pub(super) fn part(&self) -> &'p Side<'s> {
        if self.b_is_part { self.b } else { self.a }
    }

    pub(super) fn whole(&self) -> &'p Side<'s> {
        if self.b_is_part { self.a } else { self.b }
    }

    /// Two answers of which one can be given can't add up to more than everybody.
    fn checked_sum(&self) -> Result<(), Error> {
        let least = self.a.range.0 + self.b.range.0;
        match self.relation == Relation::SameQuestion && least > 1.0 + NOISE {
            true => Err(Error::Sum(self.a.label.clone(), self.b.label.clone())),
            false => Ok(()),
        }
    }

    /// Who gave two answers of one question is as many people for either.
    fn checked_sizes(&self) -> Result<(), Error> {
        let n = |side: &Side| side.size.as_ref().ok().and_then(|size| size.n);
        match (self.relation, n(self.a).zip(n(self.b))) {
            (Relation::SameQuestion, Some((a, b))) if a != b => Err(Error::TwoSizes(
                self.a.label.clone(),
                thousands(a),
                self.b.label.clone(),
                thousands(b),
            )),
            _ => Ok(()),
        }
    }

    /// The weight of the part as the total was made: given, by n, 1/K, by population, or not known.
    fn part_weight(
        &self,
        store: &Store,
        options: PairOptions,
    ) -> Result<(Option<f64>, String), Error> {
        if let Some(weight) = options.weight {
            return Ok((Some(weight), "as given".to_owned()));
        }
        let n = |side: &Side| side.size.as_ref().ok().and_then(|size| size.n);
        let by_n = n(self.part()).zip(n(self.whole())).map(|(c, t)| c / t);
        let by_n = || (by_n, Average::N.in_words().to_owned());
        let (Some(part), Some(whole)) = (self.part().figure(), self.whole().figure()) else {
            return Ok(by_n());
        };
        if part.country == whole.country {
            return Ok(by_n());
        }
        let of = |figure: &Figure| store.countries_of(&figure.poll, &figure.country);
        let (few, all) = (of(part), of(whole));
        let stated = match whole.aggregate {
            Some(Aggregate::EqualCountries) => Some(Average::Equal),
            Some(Aggregate::Respondents) => Some(Average::N),
            _ => None,
        };
        let weight = match options.average.or(stated) {
            Some(Average::N) => return Ok(by_n()),
            None => return Ok((None, String::new())),
            Some(Average::Equal) => few.len() as f64 / all.len() as f64,
            Some(Average::Population) => {
                let population = options.population.ok_or(Error::NoPopulation)?;
                let people = |codes: &[&str]| -> Result<f64, Error> {
                    let each = codes.iter().map(|code| population.people(code));
                    Ok(each.sum::<Result<f64, _>>()?)
                };
                people(&few)? / people(&all)?
            }
        };
        let how = options.average.or(stated).map_or("", Average::in_words);
        // a part that is the whole leaves no rest to be tested against
        Ok((Some(weight).filter(|weight| *weight < 1.0), how.to_owned()))
    }
}

/// The relation by the ids. What the reader states may settle what they leave open, or make a panel of
/// two polls; it can't overrule them.
fn settled(
    store: &Store,
    a: &Figure,
    b: &Figure,
    stated: Option<Relation>,
) -> Result<RelationByIds, Error> {
    match (relation_by_ids(store, a, b), stated) {
        (Ok(by_ids), None) => Ok(by_ids),
        (Ok(by_ids), Some(Relation::Panel)) if a.poll != b.poll => Ok(RelationByIds {
            relation: Relation::Panel,
            ..by_ids
        }),
        (Ok(by_ids), Some(stated)) if by_ids.relation == stated => {
            Err(Error::RelationFollows(stated))
        }
        (Ok(by_ids), Some(stated)) => Err(Error::RelationContradicted {
            stated,
            by_ids: by_ids.relation,
        }),
        (Err(Unclear::Overlap(..)), Some(stated))
            if matches!(stated, Relation::Independent | Relation::SameRespondents) =>
        {
            Ok(stated.into())
        }
        (Err(unclear), _) => Err(unclear.into()),
    }
}

/// Who gave both answers: nobody or all of a part of a NET for one question of a single answer; the
/// stored joint share for two questions; else anything.
fn joint(
    store: &Store,
    a: &Figure,
    b: &Figure,
    relation: Relation,
) -> Result<Option<Joint>, Error> {
    match relation {
        Relation::SameQuestion => Ok(of_one_question(a, b)),
        Relation::SameRespondents => stored_joint(store, a, b),
        _ => Ok(None),
    }
}

fn of_one_question(a: &Figure, b: &Figure) -> Option<Joint> {
    let parts = |figure: &'_ Figure| match figure.net_of.is_empty() {
        true => vec![figure.response.clone()],
        false => figure.net_of.clone(),
    };
    let (of_a, of_b) = (parts(a), parts(b));
    let shared = of_a.iter().filter(|part| of_b.contains(part)).count();
    match shared {
        0 => Some(Joint::exactly(0.0)),
        // a NET holds everybody who gave one of its parts
        _ if shared == of_a.len() => Some(Joint::exactly(a.percent.value / 100.0)),
        _ if shared == of_b.len() => Some(Joint::exactly(b.percent.value / 100.0)),
        _ => None,
    }
}

/// The share of those who gave both answers, where a question of the same poll holds it and its value
/// can hold with the rest of the poll.
fn stored_joint(store: &Store, a: &Figure, b: &Figure) -> Result<Option<Joint>, Error> {
    let is = |(question, response): &(String, String), figure: &Figure| {
        *question == figure.question && *response == figure.response
    };
    // Those who gave both answers are among those who gave one of them.
    for (both, one) in [(a, b), (b, a)] {
        let question = store.question(&both.poll, &both.question);
        if question.is_some_and(|question| question.joint_of.iter().any(|part| is(part, one))) {
            return Ok(Some(Joint::exactly(both.percent.value / 100.0)));
        }
    }
    let holds = |joint: &[(String, String)]| match joint {
        [first, second] => (is(first, a) && is(second, b)) || (is(first, b) && is(second, a)),
        _ => false,
    };
    let questions = store
        .questions
        .iter()
        .filter(|question| question.poll == a.poll && holds(&question.joint_of));
    for question in questions {
        let figures: Vec<&Figure> = store
            .figures
            .iter()
            .filter(|figure| {
                (&figure.poll, &figure.question) == (&question.poll, &question.question)
                    && (&figure.country, &figure.base) == (&a.country, &a.base)
            })
            .collect();
        let found = line(
            store,
            &figures,
            false,
            Prefer::Decimals,
            Intervals::default(),
        )?;
        if let Some(line) = found.filter(|line| !line.cannot_hold()) {
            let (low, high) = line.figure.percent.stands_for(line.figure.qualifier);
            return Ok(Some(Joint {
                low: low / 100.0,
                high: high / 100.0,
                source: format!("{} ({}%)", line.figure.id_with_source(), line.printed()),
            }));
        }
    }
    Ok(None)
}
