//! From a row to a typed record, a table at a time.

use super::row::Row;
use crate::published::figures::date::Date;
use crate::published::figures::percent::Percent;
use crate::published::figures::store::choice::{
    QuestionKind, ResponseKind, Sampling, Wording, YesNo,
};
use crate::published::figures::store::finding::quoted;
use crate::published::figures::store::records::{
    Base, Claim, Country, Figure, Poll, Question, Response, Sample, Source,
};
use crate::published::figures::store::rules;
use crate::published::figures::store::schema::Table;

/// A record that can be read from a row of its table.
pub trait Typed: Sized {
    /// Its table.
    const TABLE: Table;

    /// Reads every value, so that all that is wrong is told at once. If the row is broken then, the
    /// record is good for further checks only.
    fn read(row: &mut Row) -> Self;
}

impl Typed for Poll {
    const TABLE: Table = Table::Polls;

    fn read(row: &mut Row) -> Poll {
        let poll = Poll {
            poll: row.id("poll"),
            title: row.text("title"),
            sponsor: row.text("sponsor"),
            fieldwork: row.text("fieldwork"),
            population: row.text("population"),
            countries: row.list("countries", " "),
            mode: row.text("mode"),
            sampling: row.word("sampling").unwrap_or(Sampling::Unknown),
            field_start: row.date("field_start"),
            field_end: row.date("field_end"),
            published: row.date("published"),
            weighting: row.text("weighting"),
            url: row.url("url"),
            note: row.text("note"),
            line: row.line(),
        };
        check_order(row, &poll);
        poll
    }
}

/// Fieldwork starts before it ends and before it is published, whatever the days that are not known.
fn check_order(row: &mut Row, poll: &Poll) {
    let start = poll.field_start.as_ref();
    let before_start = |date: &Option<Date>| {
        let pair = date.as_ref().zip(start);
        pair.filter(|(date, start)| date.surely_before(start))
            .map(|(date, start)| (*date, *start))
    };
    if let Some((end, start)) = before_start(&poll.field_end) {
        let message = format!("{end} comes before field_start, {start}");
        let fix = "swap them, or correct one".to_string();
        row.error(rules::DATE_ORDER, "field_end", message, Some(fix));
    }
    if let Some((published, start)) = before_start(&poll.published) {
        let message = format!("published in {published}, before field_start, {start}");
        let fix = "correct one of them".to_string();
        row.error(rules::DATE_ORDER, "published", message, Some(fix));
    }
}

impl Typed for Sample {
    const TABLE: Table = Table::Samples;

    fn read(row: &mut Row) -> Sample {
        let moe = row.number("moe", 100.0);
        Sample {
            poll: row.reference("poll"),
            country: row.reference("country"),
            base: row.id("base"),
            n: row.count("n"),
            n_kind: row.word("n_kind"),
            moe_text: moe.as_ref().map_or(String::new(), |moe| moe.text.clone()),
            moe: moe.map(|moe| moe.value),
            moe_level: level(row),
            deff: row.number("deff", f64::INFINITY).map(|deff| deff.value),
            deff_kind: row.word("deff_kind"),
            reported_by: row.id("reported_by"),
            url: row.url("url"),
            note: row.text("note"),
            line: row.line(),
        }
    }
}

/// A confidence level in per cent; one that looks like a share of 1 is told as such.
fn level(row: &mut Row) -> Option<f64> {
    let level = row.number("moe_level", f64::INFINITY)?;
    if level.value >= 50.0 && level.value < 100.0 {
        return Some(level.value);
    }
    let message = format!("{} is no confidence level in per cent", quoted(&level.text));
    let share = level.value < 1.0 && level.value >= 0.5;
    let fix = share.then(|| format!("{}", (level.value * 1000.0).round() / 10.0));
    row.error(rules::RANGE, "moe_level", message, fix);
    None
}

impl Typed for Question {
    const TABLE: Table = Table::Questions;

    fn read(row: &mut Row) -> Question {
        Question {
            poll: row.reference("poll"),
            question: row.id("question"),
            text: row.text("text"),
            wording: row.word("wording").unwrap_or(Wording::Paraphrase),
            kind: row.word("kind").unwrap_or(QuestionKind::Single),
            responses: row.ids("responses"),
            series: row.id("series"),
            joint_of: joint(row),
            title: row.text("title"),
            note: row.text("note"),
            line: row.line(),
        }
    }
}

/// `question:response & question:response`.
fn joint(row: &mut Row) -> Vec<(String, String)> {
    let value = row.text("joint_of");
    if value.is_empty() {
        return Vec::new();
    }
    let part = |part: &str| {
        let (question, response) = part.split_once(':')?;
        let (question, response) = (question.trim(), response.trim());
        let whole = !question.is_empty() && !response.is_empty() && !response.contains(':');
        whole.then(|| (question.to_string(), response.to_string()))
    };
    let parts: Option<Vec<_>> = value.split('&').map(part).collect();
    match parts {
        Some(parts) if parts.len() > 1 => parts,
        _ => {
            let message = format!("{} names no two answers", quoted(&value));
            let fix = "question:response & question:response".to_string();
            row.error(rules::JOINT_FORM, "joint_of", message, Some(fix));
            Vec::new()
        }
    }
}

impl Typed for Figure {
    const TABLE: Table = Table::Figures;

    fn read(row: &mut Row) -> Figure {
        let percent = row.percent("percent");
        let none = Percent {
            text: String::new(),
            value: 0.0,
            unit: 1.0,
        }; // of a broken row
        let figure = Figure {
            poll: row.reference("poll"),
            question: row.reference("question"),
            response: row.id("response"),
            country: row.reference("country"),
            base: row.id("base"),
            qualifier: row
                .word("qualifier")
                .unwrap_or(crate::published::figures::store::Qualifier::Exact),
            aggregate: row.word("aggregate"),
            net_of: row.list("net_of", ";"),
            n: row.count("n"),
            reported_by: row.id("reported_by"),
            first_hand: row.word("first_hand").map(|word: YesNo| word == YesNo::Yes),
            url: row.url("url"),
            note: row.text("note"),
            line: row.line(),
            percent: percent.unwrap_or(none),
            decided: None,
        };
        if figure.reported_by.is_empty() {
            let fix = "report, or the id of the outlet".to_string();
            let message = "who printed it is not said".to_string();
            row.warn(rules::UNSOURCED, "reported_by", message, Some(fix));
        }
        figure
    }
}

impl Typed for Response {
    const TABLE: Table = Table::Responses;

    fn read(row: &mut Row) -> Response {
        let response = row.id("response");
        let label = Some(row.text("label")).filter(|label| !label.is_empty());
        Response {
            label: label.unwrap_or_else(|| label_of(&response)),
            kind: row.word("kind").unwrap_or(ResponseKind::Substantive),
            line: row.line(),
            response,
        }
    }
}

/// A label made from an id: `Strongly agree` for `strongly_agree`.
pub fn label_of(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

impl Typed for Country {
    const TABLE: Table = Table::Countries;

    fn read(row: &mut Row) -> Country {
        Country {
            code: row.id("code"),
            alpha3: row.id("alpha3"),
            name: row.text("name"),
            members: row.list("members", " "),
            line: row.line(),
        }
    }
}

impl Typed for Base {
    const TABLE: Table = Table::Bases;

    fn read(row: &mut Row) -> Base {
        Base {
            base: row.id("base"),
            label: row.text("label"),
            line: row.line(),
        }
    }
}

impl Typed for Source {
    const TABLE: Table = Table::Sources;

    fn read(row: &mut Row) -> Source {
        Source {
            source: row.id("source"),
            name: row.text("name"),
            line: row.line(),
        }
    }
}

impl Typed for Claim {
    const TABLE: Table = Table::Claims;

    fn read(row: &mut Row) -> Claim {
        Claim {
            claim: row.id("claim"),
            article: row.text("article"),
            text: row.text("text"),
            figures: row.list("figures", ";"),
            beside: row.list("beside", ";"),
            says: row.text("says"),
            note: row.text("note"),
            line: row.line(),
        }
    }
}
