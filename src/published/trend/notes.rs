//! What one should know of the polls that were chosen: houses that may be one, polls that stand there twice, long times
//! without a poll, and who is in the base of the printed shares. Said, never mended.

use std::collections::BTreeMap;

use super::selection::{Selection, UsedPoll};
use crate::frames::non_answers::is_non_answer;
use crate::frames::words::{and, thousands};

/// Answers that add up to this hold everybody who gave one.
const COMPLETE: f64 = 0.985;

/// Answers that add up to more than this hold somebody twice.
const TOO_MANY: f64 = 1.02;

/// Bases differ where their totals do by this.
const APART: f64 = 0.03;

/// A time without polls that is said, in days.
const GAP_DAYS: f64 = 366.0;

/// Who is in the base of the printed shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Base {
    /// The printed answers add up to 100: the undecided are left out.
    Decided,
    /// Each poll has one answer, which does not tell.
    OneAnswer,
    /// A share of the undecided is printed.
    WithUndecided,
    /// The printed answers add up to less, on average this.
    Incomplete(f64),
    /// Some polls add up to 100, others to less.
    Mixed {
        /// Polls that add up to 100 without undecided.
        decided: usize,
        /// The others.
        others: usize,
        /// What the decided of the others add up to, on average.
        total: f64,
    },
}

impl Base {
    /// The base of some polls; `None` without polls.
    pub fn new(used: &[UsedPoll]) -> Option<Base> {
        if !used.is_empty() && used.iter().all(|one| one.poll.shares.len() == 1) {
            return Some(Base::OneAnswer);
        }
        let mut decided = 0;
        let mut undecided = 0;
        let mut rest = Vec::new();
        for one in used {
            let shares = || one.poll.shares.iter();
            let asked = || shares().filter(|(name, _)| !is_non_answer(name));
            let total: f64 = asked().map(|(_, share)| share).sum();
            match shares().any(|(name, share)| is_non_answer(name) && *share > 0.0) {
                true => undecided += 1,
                false if total >= COMPLETE => {
                    decided += 1;
                    continue;
                }
                false => {}
            }
            rest.push(total);
        }
        let mean = rest.iter().sum::<f64>() / rest.len().max(1) as f64;
        let others = rest.len();
        match (decided, others) {
            (0, 0) => None,
            (_, _) if others < few(decided) => Some(Base::Decided),
            (0, _) if undecided == others => Some(Base::WithUndecided),
            (0, _) => Some(Base::Incomplete(mean)),
            _ if mean > 1.0 - APART || decided < few(others) => Some(Base::Incomplete(
                (mean * others as f64 + decided as f64) / (others + decided) as f64,
            )),
            _ => Some(Base::Mixed {
                decided,
                others,
                total: mean,
            }),
        }
    }

    /// Whether shares of all answers may be made to sum to 100.
    pub fn is_whole(self) -> bool {
        matches!(self, Base::Decided)
    }

    /// In a sentence.
    pub fn words(self) -> String {
        match self {
            Base::Decided => {
                "The printed answers add up to 100: the undecided are not in the base.".to_owned()
            }
            Base::OneAnswer => {
                "One answer alone does not tell whether the undecided are in the base.".to_owned()
            }
            Base::WithUndecided => "The undecided are in the base.".to_owned(),
            Base::Incomplete(total) => format!(
                "The printed answers add up to {:.0}% on average: whoever is undecided or gave another answer is in the \
                 base.",
                100.0 * total
            ),
            Base::Mixed {
                decided,
                others,
                total,
            } => format!(
                "Bases differ: the answers of {} polls add up to 100, those of {} to {:.0}% on average, with the \
                 undecided in the base. A share of two answers (--share 'A/(A+B)') is the same of both.",
                thousands(decided as f64),
                thousands(others as f64),
                100.0 * total
            ),
        }
    }
}

/// So few polls among others are no other base, but slips.
fn few(others: usize) -> usize {
    others.div_ceil(20).max(1)
}

impl Selection<'_> {
    /// What one should know of those used: houses that may be one, polls that are doubled, years without a poll.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = names_by_case(&self.used);
        notes.extend(doubled(&self.used));
        notes.extend(gap(&self.used));
        notes.extend(more_than_all(&self.used));
        let coarse = self.used.iter().filter(|one| one.poll.coarse_date);
        match coarse.count() {
            0 => {}
            1 => {
                notes.push("one poll is dated to the month or year: its middle is taken".to_owned())
            }
            count => notes.push(format!(
                "{} polls are dated to the month or year: its middle is taken",
                thousands(count as f64)
            )),
        }
        notes
    }
}

/// Houses whose names differ by case or spaces alone are perhaps one: said, not joined.
fn names_by_case(used: &[UsedPoll]) -> Vec<String> {
    let mut forms: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in used {
        let words: Vec<&str> = one.house.split_whitespace().collect();
        let forms = forms.entry(words.join(" ").to_lowercase()).or_default();
        if !forms.contains(&one.house.as_str()) {
            forms.push(&one.house);
        }
    }
    let several = forms.into_values().filter(|forms| forms.len() > 1);
    several
        .map(|forms| {
            format!(
                "{} count as {} houses: are they one?",
                and(&forms
                    .iter()
                    .map(|form| (*form).to_owned())
                    .collect::<Vec<_>>()),
                forms.len()
            )
        })
        .collect()
}

/// Polls of one house with the same days, respondents and shares are perhaps one poll.
fn doubled(used: &[UsedPoll]) -> Option<String> {
    let key = |one: &UsedPoll| {
        let days = (one.poll.first_day(), one.poll.last_day());
        format!("{} {days:?} {} {:?}", one.house, one.n, one.poll.shares)
    };
    let mut seen = std::collections::HashMap::new();
    let mut twice = Vec::new();
    for one in used {
        if let Some(first) = seen.insert(key(one), &one.poll.id) {
            twice.push(format!("{} and {} of {}", first, one.poll.id, one.house));
        }
    }
    let first = twice.first()?;
    Some(match twice.len() {
        1 => format!("polls {first} are the same in all they say: are they one?"),
        count => format!(
            "{count} pairs of polls are the same in all they say ({first}, …): is each one poll?"
        ),
    })
}

/// The longest time without a poll, where it is a year and more.
fn gap(used: &[UsedPoll]) -> Option<String> {
    let pairs = used.windows(2).map(|pair| pair[1].middle - pair[0].middle);
    let longest = pairs.fold(0.0, f64::max);
    (longest > GAP_DAYS).then(|| {
        format!(
            "there are {} years without a poll: the band there is what opinion could have done",
            match longest / 365.25 {
                few if few < 10.0 => format!("{few:.1}"),
                many => thousands(many.round()),
            }
        )
    })
}

/// Answers of a poll that add up to more than everybody.
fn more_than_all(used: &[UsedPoll]) -> Option<String> {
    let over = used
        .iter()
        .filter(|one| one.poll.shares.iter().map(|(_, share)| share).sum::<f64>() > TOO_MANY);
    match over.count() {
        0 => None,
        1 => Some("the answers of one poll add up to more than 100: an answer stands there twice, or several could be given".to_owned()),
        count => Some(format!(
            "the answers of {} polls add up to more than 100: an answer stands there twice, or several could be given",
            thousands(count as f64)
        )),
    }
}
