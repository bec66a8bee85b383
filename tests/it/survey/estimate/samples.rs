//! Small random samples, held in memory, and how they are asked.
#![allow(dead_code)]

use std::sync::Arc;

use opine::internals::frames::Estimate;
use opine::internals::survey::design::Design;
use opine::internals::survey::estimate::{Error, Options, Request, SurveyEstimates, estimate};
use opine::internals::survey::microdata::{
    self, Batch, Codebook, Kind, Memory, MemoryColumn, Source, Value, Variable,
};
use proptest::prelude::*;
use rayon::prelude::*;

/// A respondent: `psu` within the stratum, `ssu` within the PSU.
#[derive(Clone, Debug)]
pub struct Person {
    pub stratum: u8,
    pub psu: u8,
    pub ssu: u8,
    pub group: Option<u8>,
    pub answer: Option<u8>,
    pub y: Option<f64>,
    pub x: f64,
    pub weight: f64,
    pub replicates: [f64; 5],
}

/// Everything that can be asked of a [`Person`].
pub const ITEMS: [&str; 11] = [
    "mean(y)",
    "prop(q)",
    "total(y)",
    "total(q)",
    "ratio(y, x)",
    "quantile(y, 0.25, 0.5)",
    "count()",
    "var(y)",
    "prop(y > 3)",
    "mean(y) - mean(x)",
    "sd(x)",
];

pub fn person() -> impl Strategy<Value = Person> {
    let place = (0..4u8, 0..3u8, 0..3u8);
    let answers = (
        prop::option::weighted(0.85, 0..3u8),
        prop::option::weighted(0.85, 0..3u8),
        prop::option::weighted(0.85, (-40..40i32, -3..4i32)),
        1..50i32,
    );
    let weights = (0..6u32, prop::array::uniform5(0..8u8));
    (place, answers, weights).prop_map(
        |((stratum, psu, ssu), (group, answer, y, x), (weight, replicates))| Person {
            stratum,
            psu,
            ssu,
            group,
            answer,
            // as a file has them: equal decimals are equal floats, not neighbours
            y: y.map(|(digits, power)| format!("{digits}e{}", power - 1).parse().unwrap()),
            x: f64::from(x) / 7.0,
            weight: f64::from(weight) * 0.7,
            replicates: replicates.map(|w| f64::from(w) * 0.3),
        },
    )
}

pub fn people() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(person(), 1..60)
}

fn texts(entries: impl Iterator<Item = Option<u8>>, names: &[&str]) -> MemoryColumn {
    let mut values: Vec<Value> = names.iter().map(|n| Value::Text((*n).to_owned())).collect();
    values.push(Value::Null);
    let null = names.len() as u32;
    MemoryColumn::Texts {
        codes: entries.map(|code| code.map_or(null, u32::from)).collect(),
        values: Arc::new(values),
    }
}

/// The columns: stratum, psu (within its stratum), unit (of its own in the whole sample), ssu, g, q, y, x, w, r1 … r5.
pub fn sample(people: &[Person]) -> Memory {
    let numbers =
        |of: &dyn Fn(&Person) -> f64| MemoryColumn::Numbers(people.iter().map(of).collect());
    let mut columns = vec![
        ("stratum", numbers(&|p| f64::from(p.stratum))),
        ("psu", numbers(&|p| f64::from(p.psu))),
        ("unit", numbers(&|p| f64::from(p.stratum * 10 + p.psu))),
        ("ssu", numbers(&|p| f64::from(p.ssu))),
        ("g", texts(people.iter().map(|p| p.group), &["b", "a", "c"])),
        (
            "q",
            texts(people.iter().map(|p| p.answer), &["yes", "no", "other"]),
        ),
        ("y", numbers(&|p| p.y.unwrap_or(f64::NAN))),
        ("x", numbers(&|p| p.x)),
        ("w", numbers(&|p| p.weight)),
    ];
    let names = ["r1", "r2", "r3", "r4", "r5"];
    for (at, name) in names.iter().enumerate() {
        columns.push((name, numbers(&|p| p.replicates[at])));
    }
    memory(columns)
}

pub fn memory(columns: Vec<(&str, MemoryColumn)>) -> Memory {
    let kind = |column: &MemoryColumn| match column {
        MemoryColumn::Numbers(_) => Kind::Number,
        MemoryColumn::Texts { .. } => Kind::Text,
    };
    let codebook = Codebook {
        variables: columns
            .iter()
            .map(|(name, column)| Variable::bare(name, kind(column)))
            .collect(),
        ..Codebook::default()
    };
    Memory::new(
        codebook,
        columns.into_iter().map(|(_, column)| column).collect(),
    )
    .unwrap()
}

/// Designs of every kind for a [`sample`].
pub const DESIGNS: [&str; 8] = [
    "weights = 'w'",
    "weights = 'w'\nstrata = ['stratum']\nlonely = 'adjust'",
    "weights = 'w'\nstrata = ['stratum']\npsu = ['unit']\nlonely = 'remove'",
    "weights = 'w'\nstrata = ['stratum']\npsu = ['psu']\nnest = true\nlonely = 'adjust'",
    "weights = 'w'\nstrata = ['stratum']\npsu = ['unit']\nlonely = 'average'",
    "weights = 'w'\npsu = ['unit']\nlonely = 'certainty'",
    "weights = 'w'\nreplicates = '^r'\nrep_type = 'brr'",
    "weights = 'w'\nreplicates = '^r'\nrep_type = 'jk1'\ncombined_weights = false\nmse = true",
];

pub fn design(toml: &str) -> Design {
    Design::from_toml(toml).unwrap()
}

pub fn request(items: &[&str], by: &[&str], filter: Option<&str>, options: Options) -> Request {
    let mut request = Request::builder(items.iter().copied())
        .source("sample")
        .options(options);
    for groups in by {
        request = request.by(*groups);
    }
    if let Some(filter) = filter {
        request = request.filter(filter);
    }
    request.build().unwrap()
}

pub fn ask(
    source: &dyn Source,
    design: &Design,
    items: &[&str],
    by: &[&str],
    filter: Option<&str>,
) -> Result<SurveyEstimates, Error> {
    let request = request(items, by, filter, Options::default());
    estimate(source, design, &request)
}

/// Rows as text, every number to its last digit; or the message why there are none.
pub fn exact(answer: Result<SurveyEstimates, Error>) -> Result<Vec<String>, String> {
    let rows = answer.map_err(|error| error.to_string())?.rows;
    Ok(rows.iter().map(|row| format!("{row:?}")).collect())
}

pub fn rows(answer: Result<SurveyEstimates, Error>) -> Vec<Estimate> {
    answer.unwrap().rows
}

pub fn close(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-9),
        (None, None) => true,
        _ => false,
    }
}

/// A sample in batches of a few rows, handed out side by side, the last one first.
pub struct Pieces<'a>(pub &'a Memory, pub usize);

impl Source for Pieces<'_> {
    fn codebook(&self) -> &Codebook {
        self.0.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.0.rows()
    }

    fn scan(
        &self,
        requests: &[microdata::ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), microdata::Error> + Sync),
    ) -> Result<(), microdata::Error> {
        self.0.scan(requests, &|batch| {
            let pieces: Vec<usize> = (0..batch.rows).step_by(self.1).rev().collect();
            pieces.par_iter().try_for_each(|from| {
                let rows: Vec<usize> = (*from..batch.rows.min(from + self.1)).collect();
                each(&mut Batch {
                    first_row: *from as u64,
                    ..batch.select(&rows)
                })
            })
        })
    }
}

/// 600 respondents in 4 strata of 3 PSUs, answers that depend on them, some without one.
pub fn large() -> Vec<Person> {
    (0..600u32)
        .map(|at| {
            let bits = at.wrapping_mul(2_654_435_761) >> 8;
            let (stratum, psu) = ((bits % 4) as u8, (bits / 4 % 3) as u8);
            let group = ((bits / 12 % 5) as u8).min(3);
            Person {
                stratum,
                psu,
                ssu: (at % 3) as u8,
                group: (group < 3).then_some(if stratum == 3 { 0 } else { group }),
                answer: (bits % 11 > 0).then_some((bits / 60 % 3) as u8),
                y: (bits % 13 > 0).then_some(f64::from(bits / 77 % 50) + f64::from(psu) * 4.0),
                x: 1.0 + f64::from(bits / 300 % 20),
                weight: 0.5 + f64::from(bits / 500 % 9),
                replicates: [1.0; 5],
            }
        })
        .collect()
}

pub const PLAIN: &str = "weights = 'w'\nstrata = ['stratum']\npsu = ['unit']";
