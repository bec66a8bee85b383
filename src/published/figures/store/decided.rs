//! Shares of those who are left when an answer is left out: of the decided, without “Don’t know”.

use super::lookup::Index;
use super::records::{Decided, Figure, Response};
use super::{QuestionKind, Store};
use crate::frames::words::{and, distinct, nearest};
use crate::published::figures::percent::Percent;
use crate::published::figures::quantity::{COMPUTED, Prefer, quantities};

/// A store in which the shares are of those who gave none of some answers.
#[derive(Debug, Clone)]
pub struct DecidedStore {
    /// The same polls; figures beside which no such answer was printed are not in it.
    pub store: Store,
    /// For people: the answers that are left out.
    pub without: String,
}

/// Why an answer can’t be left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no answer “{given}” in the store; {hint}")]
pub struct UnknownResponse {
    given: String,
    hint: String,
}

impl Store {
    /// Shares of those who gave other answers than these, which are named by id or label.
    ///
    /// With p the share of an answer and d that of the answers left out, of the same people: `p/(1 − d)`, on `n (1 − d)`
    /// respondents, effective ones likewise. d is as the same source printed it, else as it stands elsewhere. A NET that
    /// holds an answer left out, a score, and a figure beside which none was printed, are not in the new store.
    ///
    /// # Errors
    /// An answer that no figure of the store has.
    pub fn without_responses(&self, names: &[String]) -> Result<DecidedStore, UnknownResponse> {
        let mut left_out: Vec<&str> = Vec::new();
        for name in names {
            left_out.extend(self.responses_named(name)?);
        }
        let rest = |figure: &Figure| self.of_the_rest(figure, &left_out);
        let labels = left_out
            .iter()
            .map(|id| format!("“{}”", self.response_label(id)));
        let labels = distinct(labels);
        let mut store = Store {
            figures: self.figures.iter().filter_map(rest).collect(),
            ..self.clone()
        };
        store.index = Index::new(&store);
        Ok(DecidedStore {
            store,
            without: and(&labels),
        })
    }

    /// The responses of an id or a label, without regard to case and kind of apostrophe.
    ///
    /// # Errors
    /// An answer that no figure of the store has.
    pub fn responses_named(&self, name: &str) -> Result<Vec<&str>, UnknownResponse> {
        let plain = |text: &str| text.trim().to_lowercase().replace('’', "'");
        let sought = plain(name);
        let printed = |row: &&Response| self.figures.iter().any(|f| f.response == row.response);
        let is_meant =
            |row: &&Response| plain(&row.response) == sought || plain(&row.label) == sought;
        let rows = self.responses.iter();
        let ids: Vec<&str> = rows
            .filter(is_meant)
            .filter(printed)
            .map(|row| row.response.as_str())
            .collect();
        if !ids.is_empty() {
            return Ok(ids);
        }
        let known = self.responses.iter().filter(printed);
        let known = known.flat_map(|row| [row.response.as_str(), row.label.as_str()]);
        Err(UnknownResponse {
            given: name.to_owned(),
            hint: match nearest(name, known) {
                Some(near) => format!("did you mean “{near}”?"),
                None => "answers are named by id or label, as `opine list questions` has them"
                    .to_owned(),
            },
        })
    }

    /// A figure as a share of those who are left; `None` where it is none.
    fn of_the_rest(&self, figure: &Figure, left_out: &[&str]) -> Option<Figure> {
        let question = self.question(&figure.poll, &figure.question)?;
        let is_out = |response: &str| left_out.contains(&response);
        let holds_one = figure.net_of.iter().any(|part| is_out(part));
        if question.kind == QuestionKind::Score || is_out(&figure.response) || holds_one {
            return None;
        }
        let out: Vec<&Figure> = left_out
            .iter()
            .filter_map(|response| self.beside(figure, response))
            .collect();
        if out.is_empty() {
            return None;
        }
        let prints: Vec<&Percent> = out.iter().map(|out| &out.percent).collect();
        let without = out
            .iter()
            .map(|out| format!("“{}”", self.response_label(&out.response)));
        let sum: f64 = prints.iter().map(|print| print.value).sum();
        Some(Figure {
            percent: figure.percent.of_the_rest(&prints)?,
            decided: Some(Decided {
                left: 1.0 - sum / 100.0,
                without: and(&without.collect::<Vec<_>>()),
            }),
            ..figure.clone()
        })
    }

    /// The print of another answer of the same people: by the same source, else the one that stands for it.
    fn beside(&self, figure: &Figure, response: &str) -> Option<&Figure> {
        let Figure {
            poll,
            question,
            country,
            base,
            ..
        } = figure;
        let computed = |figure: &Figure| figure.reported_by == COMPUTED;
        let prints = self.figures_of(poll, question, response, country, base);
        let prints: Vec<&Figure> = prints
            .into_iter()
            .filter(|print| computed(print) == computed(figure))
            .collect();
        let same = |print: &&&Figure| print.reported_by == figure.reported_by;
        if let Some(print) = prints.iter().find(same) {
            return Some(print);
        }
        let quantity = quantities(&prints).into_iter().next()?;
        let value = quantity.values.first()?;
        Some(value.shown(Prefer::Decimals))
    }
}
