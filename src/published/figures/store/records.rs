//! The rows as typed values. Fields are named after the columns; an empty text means that the
//! sources do not say. `line` is where the row begins in its file, from 1.

use super::choice::{
    Aggregate, DeffKind, NKind, Qualifier, QuestionKind, ResponseKind, Sampling, Wording,
};
use crate::published::figures::{date::Date, percent::Percent};

/// Stands for the whole poll where a country is asked for, and for everybody where a base is.
pub const ALL: &str = "all";

/// One fieldwork.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// Its id.
    pub poll: String,
    /// Title of the report, else of the poll.
    pub title: String,
    /// Who paid for it.
    pub sponsor: String,
    /// Who fielded it.
    pub fieldwork: String,
    /// Who was asked.
    pub population: String,
    /// Codes of the countries that `all` stands for; empty where they are not all known.
    pub countries: Vec<String>,
    /// Telephone, online panel and so on.
    pub mode: String,
    /// How respondents were drawn.
    pub sampling: Sampling,
    /// First day of the fieldwork.
    pub field_start: Option<Date>,
    /// Last day of the fieldwork.
    pub field_end: Option<Date>,
    /// Day of publication.
    pub published: Option<Date>,
    /// What is known of the weighting.
    pub weighting: String,
    /// Report or page of the organisation that ran it.
    pub url: String,
    /// One sentence.
    pub note: String,
    /// Where the row begins.
    pub line: u64,
}

/// The size or the margin of error of a sample, as one source gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The poll.
    pub poll: String,
    /// A country's or a set's code, or `all`.
    pub country: String,
    /// Who of them, or `all`.
    pub base: String,
    /// Unweighted respondents.
    pub n: Option<u64>,
    /// How well n is known.
    pub n_kind: Option<NKind>,
    /// Margin of error in percentage points.
    pub moe: Option<f64>,
    /// The same as it was printed, since its digits carry its rounding.
    pub moe_text: String,
    /// Confidence level of the margin in per cent.
    pub moe_level: Option<f64>,
    /// Design effect.
    pub deff: Option<f64>,
    /// Where the design effect comes from.
    pub deff_kind: Option<DeffKind>,
    /// Who printed it; empty where the sources do not say.
    pub reported_by: String,
    /// Where.
    pub url: String,
    /// One sentence.
    pub note: String,
    /// Where the row begins.
    pub line: u64,
}

/// A question in a poll.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The poll.
    pub poll: String,
    /// Its id; the same id is the same idea in every poll, not the same wording.
    pub question: String,
    /// The wording as far as known.
    pub text: String,
    /// Whether that is word for word.
    pub wording: Wording,
    /// What its answers add up to.
    pub kind: QuestionKind,
    /// The known answers that are no NETs, in the order of the scale.
    pub responses: Vec<String>,
    /// The same id for the same wording and a comparable population in several polls.
    pub series: String,
    /// For a share of people who gave one answer here and another there: question and response of each.
    pub joint_of: Vec<(String, String)>,
    /// Short title for charts.
    pub title: String,
    /// One sentence.
    pub note: String,
    /// Where the row begins.
    pub line: u64,
}

/// A figure, as one source gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The poll.
    pub poll: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub response: String,
    /// A country's or a set's code, or `all`.
    pub country: String,
    /// Who of them, or `all`.
    pub base: String,
    /// The share in per cent as printed; the score where the question is one.
    pub percent: Percent,
    /// How the printed value stands to the true one.
    pub qualifier: Qualifier,
    /// How a total over countries was formed.
    pub aggregate: Option<Aggregate>,
    /// For a NET, the responses it adds up.
    pub net_of: Vec<String>,
    /// Unweighted base, only where it differs from the sample's.
    pub n: Option<u64>,
    /// Who printed it.
    pub reported_by: String,
    /// Whether the organisation that ran the poll printed it.
    pub first_hand: Option<bool>,
    /// Where.
    pub url: String,
    /// One sentence.
    pub note: String,
    /// For a share of those who are left when some answers are left out: of whom.
    pub decided: Option<Decided>,
    /// Where the row begins.
    pub line: u64,
}

/// What a figure of those who are left was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The share of all who are left, 0..1.
    pub left: f64,
    /// For people: “Don’t know”.
    pub without: String,
}

impl Figure {
    /// What it is a share of: `egf2023/consequences/polarise:KR`, and `gallup2023/view_cn/favourable:US:democrats` for
    /// a base of its own.
    pub fn id(&self) -> String {
        let Figure {
            poll,
            question,
            response,
            country,
            base,
            ..
        } = self;
        match base.as_str() {
            ALL => format!("{poll}/{question}/{response}:{country}"),
            _ => format!("{poll}/{question}/{response}:{country}:{base}"),
        }
    }

    /// The same with who printed it: `egf2023/worried/net:all@npr`.
    pub fn id_with_source(&self) -> String {
        match self.reported_by.as_str() {
            "" => self.id(),
            source => format!("{}@{source}", self.id()),
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Its id.
    pub response: String,
    /// For print.
    pub label: String,
    /// What it says.
    pub kind: ResponseKind,
    /// Where the row begins; 0 where the label is made from the id, since no row gives one.
    pub line: u64,
}

/// A country or a named set of countries.
#[derive(Debug, Clone, PartialEq)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code, or the name of a set.
    pub code: String,
    /// Alpha-3 code; empty for a set.
    pub alpha3: String,
    /// In English.
    pub name: String,
    /// Codes of the countries in a set.
    pub members: Vec<String>,
    /// Where the row begins.
    pub line: u64,
}

/// Who of a sample a figure is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    /// Its id.
    pub base: String,
    /// Who that is, for print.
    pub label: String,
    /// Where the row begins.
    pub line: u64,
}

/// Who printed figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The id used in `reported_by`.
    pub source: String,
    /// Name of the outlet for print.
    pub name: String,
    /// Where the row begins.
    pub line: u64,
}

/// Something an article says, and the figures it is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Its id.
    pub claim: String,
    /// Where it is said.
    pub article: String,
    /// What is said, in a sentence.
    pub text: String,
    /// Ids of figures, that of the claim itself first.
    pub figures: Vec<String>,
    /// Ids of figures that put it in context.
    pub beside: Vec<String>,
    /// Its part of a chart's title, `{share}` standing for the share in words.
    pub says: String,
    /// One sentence.
    pub note: String,
    /// Where the row begins.
    pub line: u64,
}

/// An id of a figure in the form of [`Figure::id`]: `egf2023/worried/net:all@npr` for `egf2023/worried/net@npr`.
pub fn normal_id(id: &str) -> String {
    let (figure, source) = match id.split_once('@') {
        Some((figure, source)) => (figure, format!("@{source}")),
        None => (id, String::new()),
    };
    let mut parts: Vec<&str> = figure.split(':').collect();
    if parts.len() == 1 {
        parts.push(ALL);
    }
    if parts.len() == 3 && parts.last() == Some(&ALL) {
        parts.pop();
    }
    format!("{}{source}", parts.join(":"))
}
