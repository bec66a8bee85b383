//! Whether the letters tell the truth: samples of a population in which no column differs from another.

use std::sync::Arc;

use opine::internals::survey::crosstab::{
    BannerPart, Options, Question, Request, SetSpec, Test, crosstab,
};
use opine::internals::survey::design::Design;
use opine::internals::survey::microdata::{Codebook, Kind, Memory, MemoryColumn, Value, Variable};

/// A stream of numbers that is the same on every machine (xorshift*).
pub struct Stream(pub u64);

impl Stream {
    /// Uniform in 0..1.
    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal, 0 and 1: the sum of twelve uniform numbers.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A respondent: weight, PSU, column, answer, and two more answers that make a set.
type Respondent = (f64, usize, usize, bool, [bool; 2]);

fn source(respondents: &[Respondent]) -> Memory {
    let number = |of: &dyn Fn(&Respondent) -> f64| {
        MemoryColumn::Numbers(respondents.iter().map(of).collect())
    };
    let names = |count: usize| (0..count).map(|at| Value::Text(format!("L{at}"))).collect();
    let text = |count: usize, of: &dyn Fn(&Respondent) -> usize| MemoryColumn::Texts {
        codes: respondents.iter().map(|one| of(one) as u32).collect(),
        values: Arc::new(names(count)),
    };
    let columns = vec![
        number(&|one| one.0),
        number(&|one| one.1 as f64),
        text(3, &|one| one.2),
        text(2, &|one| usize::from(one.3)),
        text(2, &|one| usize::from(one.4[0])),
        text(2, &|one| usize::from(one.4[1])),
    ];
    let variable = |name: &str, kind| Variable::bare(name, kind);
    let codebook = Codebook {
        variables: vec![
            variable("w", Kind::Number),
            variable("psu", Kind::Number),
            variable("group", Kind::Text),
            variable("q", Kind::Text),
            variable("s1", Kind::Text),
            variable("s2", Kind::Text),
        ],
        ..Codebook::default()
    };
    Memory::new(codebook, columns).unwrap()
}

/// The share of samples in which a given pair of columns gets a letter at 5 per cent.
fn false_letters(
    samples: usize,
    design: &Design,
    banner: &str,
    test: Test,
    mut draw: impl FnMut() -> Vec<Respondent>,
) -> f64 {
    let mut lettered = 0;
    for _ in 0..samples {
        let request = Request {
            tables: vec![Question::parse("q").unwrap().into()],
            banner: vec![BannerPart::parse(banner).unwrap()],
            sets: vec!["set=s1,s2:L1".parse::<SetSpec>().unwrap()],
            options: Options {
                adjust: None,
                test,
                ..Options::default()
            },
            ..Request::default()
        };
        let tables = crosstab(&source(&draw()), "simulated", design, &request).unwrap();
        let row = &tables.tables[0].rows[0];
        let pair = &row.differences[0];
        lettered += usize::from(pair.p_value.is_some_and(|p| p <= 0.05));
    }
    lettered as f64 / samples as f64
}

fn design(text: &str) -> Design {
    Design::from_toml(text).unwrap()
}

/// Three standard errors of a share of 5 per cent, and what a test on few units is off by.
fn within_noise(share: f64, samples: usize) -> bool {
    (share - 0.05).abs() <= 3.0 * (0.05 * 0.95 / samples as f64).sqrt() + 0.01
}

const SAMPLES: usize = 500;

#[test]
fn letters_are_false_as_often_as_they_say_with_unequal_weights() {
    let mut stream = Stream(1);
    let share = false_letters(
        SAMPLES,
        &design("weights = \"w\""),
        "group",
        Test::Design,
        || {
            let mut one = |at: usize| {
                let weight = (0.6 * stream.normal()).exp();
                (weight, at, at % 3, stream.uniform() < 0.5, [false; 2])
            };
            (0..450).map(&mut one).collect()
        },
    );
    assert!(within_noise(share, SAMPLES), "{share}");
}

#[test]
fn letters_are_false_as_often_as_they_say_in_clusters() {
    let mut stream = Stream(2);
    let clusters = |stream: &mut Stream, by_cluster: bool| {
        let mut all = Vec::new();
        for psu in 0..60 {
            let level = 0.3 + 0.4 * stream.uniform();
            for at in 0..10 {
                let group = if by_cluster { psu % 3 } else { at % 3 };
                all.push((1.0, psu, group, stream.uniform() < level, [false; 2]));
            }
        }
        all
    };
    let by_psu = design("psu = [\"psu\"]");
    let people = false_letters(SAMPLES, &by_psu, "group", Test::Design, || {
        clusters(&mut stream, false)
    });
    assert!(within_noise(people, SAMPLES), "{people}");
    let regions = false_letters(SAMPLES, &by_psu, "group", Test::Design, || {
        clusters(&mut stream, true)
    });
    assert!(within_noise(regions, SAMPLES), "{regions}");
    // what the design is for: on effective bases alone regions get letters where there is nothing
    let kish = false_letters(SAMPLES, &by_psu, "group", Test::Kish, || {
        clusters(&mut stream, true)
    });
    assert!(kish > 0.08, "{kish}");
}

#[test]
fn letters_are_false_as_often_as_they_say_of_columns_that_share_respondents() {
    let mut stream = Stream(3);
    let share = false_letters(
        SAMPLES,
        &design("weights = \"w\""),
        "set",
        Test::Design,
        || {
            let mut one = |at: usize| {
                let weight = (0.5 * stream.normal()).exp();
                let in_both = stream.uniform() < 0.4;
                let first = in_both || stream.uniform() < 0.5;
                let set = [first, in_both || !first];
                (weight, at, 0, stream.uniform() < 0.4, set)
            };
            (0..450).map(&mut one).collect()
        },
    );
    assert!(within_noise(share, SAMPLES), "{share}");
}
