use crate::frames::words::distinct;
use std::fmt;
use std::str::FromStr;

use super::store::{Figure, Store};

/// A leading part of a figure's id, `*` for any one part, and in a part for any letters (`p8*/vote/smith`):
/// `egf2023`, `egf2023/consequences`, `egf2023/consequences/polarise:*`, `*/view_cn/favourable:US`,
/// `egf2023/worried/net:all@npr`.
///
/// What is left out is not asked about: `egf2023/worried` is every response in every country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Poll, question, response, country, base: as many as were given.
    parts: Vec<String>,
    reported_by: Option<String>,
    written: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "“{0}” is no selector: it is written poll/question/response:country:base@source, or a leading part \
         of that, with * for any one part"
    )]
    Form(String),
    #[error("“{written}” selects no figure: {reason}")]
    NoMatch { written: String, reason: String },
}

impl FromStr for Selector {
    type Err = Error;

    fn from_str(written: &str) -> Result<Selector, Error> {
        let wrong = || Error::Form(written.to_owned());
        let (path, source) = match written.trim().split_once('@') {
            Some((path, source)) => (path, Some(source)),
            None => (written.trim(), None),
        };
        let (path, groups) = match path.split_once(':') {
            Some((path, groups)) => (path, groups.split(':').collect()),
            None => (path, Vec::new()),
        };
        let mut parts: Vec<String> = path
            .trim_end_matches('/')
            .split('/')
            .map(str::to_owned)
            .collect();
        if parts.len() > 3 || groups.len() > 2 || (!groups.is_empty() && parts.len() != 3) {
            return Err(wrong());
        }
        parts.extend(groups.into_iter().map(str::to_owned));
        if parts.iter().any(String::is_empty) || source.is_some_and(str::is_empty) {
            return Err(wrong());
        }
        Ok(Selector {
            parts,
            reported_by: source.map(str::to_owned),
            written: written.to_owned(),
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The parts of a figure's id in the order in which a selector names them.
fn id_parts(figure: &Figure) -> [&str; 5] {
    [
        &figure.poll,
        &figure.question,
        &figure.response,
        &figure.country,
        &figure.base,
    ]
}

impl Selector {
    pub fn matches(&self, figure: &Figure) -> bool {
        let fits_source = |source: &String| fits(source, &figure.reported_by);
        self.reported_by.as_ref().is_none_or(fits_source)
            && self
                .parts
                .iter()
                .zip(id_parts(figure))
                .all(|(part, of_figure)| fits(part, of_figure))
    }

    /// Whether the poll and, where it is named, the question are asked for: for tables of those.
    pub fn matches_parts(&self, poll: &str, question: Option<&str>) -> bool {
        let have = [Some(poll), question];
        self.parts
            .iter()
            .zip(have)
            .all(|(part, of)| of.is_none_or(|of| fits(part, of)))
    }

    /// The same of any row’s id, which need not be stored any more: `egf2023`, `egf2023:KR@report`, `egf2023/worried/net:all@npr`.
    pub fn matches_id(&self, id: &str) -> bool {
        let poll = id.split(['/', ':', '@']).next().unwrap_or_default();
        let is_sample = id.contains(':') && !id.contains('/');
        match id.parse::<Selector>() {
            Ok(of_row) if !is_sample => {
                let source = self.reported_by.as_ref();
                let by =
                    |source: &String| source == "*" || Some(source) == of_row.reported_by.as_ref();
                source.is_none_or(by)
                    && self
                        .parts
                        .iter()
                        .zip(&of_row.parts)
                        .all(|(part, of)| fits(part, of))
            }
            _ => self.is_poll() && self.parts.iter().all(|part| fits(part, poll)),
        }
    }

    /// Whether it takes everything of the polls it names.
    pub fn is_poll(&self) -> bool {
        self.parts.len() == 1 && self.reported_by.is_none()
    }

    /// Whether it names one figure, which need not be stored: poll, question and response, no `*`.
    pub fn is_one(&self) -> bool {
        self.parts.len() >= 3 && !self.parts.iter().any(|part| part.contains('*'))
    }

    /// Whether a source was named.
    pub fn names_source(&self) -> bool {
        self.reported_by.is_some()
    }

    /// The figures it selects, in the order of the store; an error that names the nearest id if none.
    pub fn figures<'s>(&self, store: &'s Store) -> Result<Vec<&'s Figure>, Error> {
        let found: Vec<&Figure> = store.figures.iter().filter(|f| self.matches(f)).collect();
        match found.is_empty() {
            true => Err(Error::NoMatch {
                written: self.written.clone(),
                reason: self.why_none(store),
            }),
            false => Ok(found),
        }
    }

    /// Names the first part at which nothing fits any more, and the nearest that would.
    fn why_none(&self, store: &Store) -> String {
        const NAMES: [&str; 5] = ["poll", "question", "response", "country", "base"];
        let mut left: Vec<&Figure> = store.figures.iter().collect();
        for (position, (part, name)) in self.parts.iter().zip(NAMES).enumerate() {
            let of = |figure: &Figure| id_parts(figure)[position].to_owned();
            let fitting: Vec<&Figure> = left
                .iter()
                .copied()
                .filter(|f| fits(part, &of(f)))
                .collect();
            if fitting.is_empty() {
                let known = distinct(left.iter().map(|f| of(f)));
                let where_ = match position {
                    0 => "the store".to_owned(),
                    _ => format!("“{}”", self.parts[..position].join("/")),
                };
                return format!(
                    "{where_} has no {name} “{part}”; {}",
                    suggestion(part, &known)
                );
            }
            left = fitting;
        }
        let sources = distinct(left.iter().map(|f| f.reported_by.clone()));
        let source = self.reported_by.clone().unwrap_or_default();
        format!(
            "nobody called “{source}” printed it; {}",
            suggestion(&source, &sources)
        )
    }
}

/// Whether a part of an id is the one that is asked for; `*` stands for any letters, `p8*` for what begins with p8.
fn fits(part: &str, of_figure: &str) -> bool {
    let Some((first, rest)) = part.split_once('*') else {
        return part == of_figure;
    };
    let Some(mut left) = of_figure.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = left.find(piece) else {
            return false;
        };
        left = left.get(at + piece.len()..).unwrap_or_default();
    }
    left.ends_with(last)
}

fn suggestion(part: &str, known: &[String]) -> String {
    match crate::frames::words::nearest(part, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None => {
            let shown: Vec<&str> = known.iter().take(8).map(String::as_str).collect();
            let more = if known.len() > shown.len() {
                ", …"
            } else {
                ""
            };
            format!("it has {}{more}", shown.join(", "))
        }
    }
}
