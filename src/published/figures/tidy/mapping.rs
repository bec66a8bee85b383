//! What the columns of a table are called by us.

use super::{COLUMNS, column};
use crate::frames::words::nearest;
use std::collections::BTreeMap;

/// What the columns of a table mean, where their names don’t say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Our names with theirs.
    pub(super) columns: Vec<(&'static str, String)>,
    /// Our names with the value that every row has.
    pub(super) constants: Vec<(&'static str, String)>,
    /// Columns that are an answer each, of a wide table.
    pub(super) answers: Vec<String>,
}

/// Names of the store’s own files, and what else people write, for those of the one table.
const ALIASES: [(&str, &str); 10] = [
    ("fieldwork", "pollster"),
    ("reported_by", "source"),
    ("percent", "printed"),
    ("pct", "printed"),
    ("label", "answer"),
    ("text", "question_text"),
    ("moe", "moe_printed"),
    ("deff", "deff_printed"),
    ("start", "field_start"),
    ("end", "field_end"),
];

/// Respondents of a sample, or of a figure where it has other than the rest of its sample.
pub(super) const N: &str = "n";
const ANSWERS: &str = "answers";

/// Our name that is meant.
pub(super) fn our_name(name: &str) -> Result<&'static str, String> {
    let name = name.trim().replace('-', "_");
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    let name = alias.map_or(name.as_str(), |(_, name)| *name);
    if name == N {
        return Ok(N);
    }
    column(name).map(|column| column.name).ok_or_else(|| {
        let known = COLUMNS.iter().map(|column| column.name);
        let near = nearest(name, known.chain([N, ANSWERS, "fieldwork", "percent"]));
        let near = near.map_or("opine schema export lists them".to_owned(), |near| {
            format!("did you mean {near}?")
        });
        format!("“{name}” is none of our columns: {near}")
    })
}

impl Mapping {
    /// From `pollster=house,percent=pct,answers=Yes+No` and `question=approve,country=US`.
    ///
    /// # Errors
    /// In words: no column of ours, or no form `OURS=THEIRS`.
    pub fn parse(map: &[String], set: &[String]) -> Result<Mapping, String> {
        let mut mapping = Mapping::default();
        for part in map {
            let (ours, theirs) = pair(part)?;
            match ours {
                ANSWERS => {
                    mapping.answers = theirs
                        .split('+')
                        .map(|name| name.trim().to_owned())
                        .collect()
                }
                ours => mapping.columns.push((our_name(ours)?, theirs.to_owned())),
            }
        }
        for part in set {
            let (ours, value) = pair(part)?;
            mapping.constants.push((our_name(ours)?, value.to_owned()));
        }
        let names = mapping
            .columns
            .iter()
            .chain(&mapping.constants)
            .map(|(name, _)| *name);
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair.first() == pair.last()) {
            Some([twice, ..]) => Err(format!("{twice} is given twice")),
            _ => Ok(mapping),
        }
    }

    /// Whether a column of theirs is named.
    pub(super) fn names(&self, theirs: &str) -> bool {
        let named = |(_, name): &(&str, String)| name.eq_ignore_ascii_case(theirs);
        self.columns.iter().any(named)
    }

    /// Whether it says where one of our columns comes from.
    pub(super) fn gives(&self, ours: &str) -> bool {
        let ours = our_name(ours).unwrap_or_default();
        let mut given = self.columns.iter().chain(&self.constants);
        given.any(|(name, _)| *name == ours)
    }
}

fn pair(part: &str) -> Result<(&str, &str), String> {
    let (ours, theirs) = part
        .split_once('=')
        .ok_or_else(|| format!("“{part}” is not OURS=THEIRS"))?;
    match (ours.trim(), theirs.trim()) {
        ("", _) | (_, "") => Err(format!("“{part}” is not OURS=THEIRS")),
        pair => Ok(pair),
    }
}

/// A row of their table: our names with its values.
pub(super) type Values = BTreeMap<&'static str, String>;
