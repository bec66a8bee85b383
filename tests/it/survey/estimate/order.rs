//! The order of the rows and the number of threads show in no digit of any statistic.

use std::fs;
use std::path::Path;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use crate::cli::program::command;

/// Numbers without a short form in binary, so that every addition rounds.
fn respondents(random: &mut ChaCha8Rng, count: usize) -> Vec<String> {
    let mut between = |low: f64, high: f64| {
        low + (high - low) * (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut row = |at: usize| {
        let (y, z) = (between(-3.0, 9.0), between(0.1, 7.7));
        let mut one_of = |texts: &[&'static str]| texts[between(0.0, texts.len() as f64) as usize];
        let group = one_of(&["a", "b", "c"]);
        let other = one_of(&["x", "y", "z", "w"]);
        let answer = one_of(&["yes", "no", "perhaps"]);
        let weight = between(0.1, 2.3);
        let factors: Vec<String> = (0..4).map(|_| between(0.5, 2.0).to_string()).collect();
        format!(
            "{y},{z},{group},{other},{},{},{weight},{answer},100,50,{}",
            at / 30,
            at / 300,
            factors.join(",")
        )
    };
    (0..count).map(&mut row).collect()
}

fn shuffle(rows: &mut [String], random: &mut ChaCha8Rng) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
}

fn write(folder: &Path, rows: &[String]) {
    fs::create_dir_all(folder).unwrap();
    let head = "y,z,g,h,psu,st,w,q,n1,n2,r1,r2,r3,r4";
    fs::write(
        folder.join("poll.csv"),
        format!("{head}\n{}\n", rows.join("\n")),
    )
    .unwrap();
    let targets = "variable,level,target\ng,a,0.5\ng,b,0.3\ng,c,0.2\n";
    fs::write(folder.join("one.csv"), targets).unwrap();
    let both = format!("{targets}h,x,0.3\nh,y,0.3\nh,z,0.2\nh,w,0.2\n");
    fs::write(folder.join("both.csv"), both).unwrap();
}

const DESIGNS: [&[&str]; 5] = [
    &[],
    &["--weights", "w", "--strata", "st"],
    &["--weights", "w", "--psu", "psu", "--strata", "st", "--nest"],
    // respondents are a stage with an fpc
    &["--weights", "w", "--psu", "psu", "--fpc", "n1,n2"],
    &[
        "--weights",
        "w",
        "--replicates",
        "^r",
        "--rep-type",
        "jk1",
        "--combined-weights",
        "false",
    ],
];

const COMMANDS: [&[&str]; 17] = [
    &[
        "estimate",
        "poll.csv",
        "mean(y)",
        "total(y)",
        "ratio(y, z)",
        "var(y)",
        "sd(y)",
        "cor(y, z)",
        "alpha(y, z)",
        "quantile(y, 0.1, 0.5)",
        "prop(q)",
        "mean(y, where h == 'x')",
        "--by",
        "g",
    ],
    &[
        "estimate",
        "poll.csv",
        "mean(y)",
        "prop(q)",
        "--by",
        "g,h",
        "--pairwise",
    ],
    &[
        "estimate",
        "poll.csv",
        "mean(y)",
        "prop(q)",
        "--standardise",
        "one.csv",
    ],
    &[
        "crosstab",
        "poll.csv",
        "--rows",
        "q,mean(y),median(z)",
        "--columns",
        "g,h",
    ],
    &[
        "crosstab",
        "poll.csv",
        "--rows",
        "q,mean(y)",
        "--columns",
        "g,h",
        "--pairs",
    ],
    &[
        "crosstab",
        "poll.csv",
        "--rows",
        "q",
        "--columns",
        "g,h",
        "--tests",
    ],
    &[
        "test",
        "poll.csv",
        "chisq(q, g)",
        "ttest(y, q == 'yes')",
        "ranktest(y, g)",
        "anova(y, h)",
    ],
    &["fit", "poll.csv", "y ~ z"],
    &["design", "poll.csv"],
    &["describe", "poll.csv"],
    &["describe", "poll.csv", "--balance", "q == 'yes'"],
    &[
        "weight",
        "poll.csv",
        "--poststratify",
        "one.csv",
        "--then",
        "mean(y)",
        "--then",
        "prop(q)",
    ],
    &[
        "weight", "poll.csv", "--rake", "both.csv", "--then", "mean(y)", "--then", "prop(q)",
    ],
    &[
        "weight",
        "poll.csv",
        "--calibrate",
        "one.csv",
        "--then",
        "mean(y)",
    ],
    &[
        "weight",
        "poll.csv",
        "--rake",
        "both.csv",
        "--then",
        "crosstab q,g",
    ],
    &[
        "weight",
        "poll.csv",
        "--poststratify",
        "one.csv",
        "--trim",
        "0.5,2",
        "--then",
        "crosstab h",
    ],
    &["fit", "poll.csv", "q ~ z", "--family", "multinomial"],
];

/// What a command prints in a folder with so many threads; `None` where it refuses the design.
fn printed(folder: &Path, line: &[&str], threads: &str) -> Option<String> {
    let run = command(folder, &[line, &["--json", "-q"]].concat())
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&run.stderr).into_owned();
    // 1: findings, which are printed
    let has_run = matches!(run.status.code(), Some(0 | 1));
    assert!(
        has_run || error.contains("error:"),
        "{line:?}: {}, {error}",
        run.status
    );
    has_run.then(|| String::from_utf8(run.stdout).unwrap())
}

#[test]
fn neither_order_nor_threads_show_in_a_digit() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(21);
    let mut rows = respondents(&mut random, 1_200);
    let folders =
        ["as they came", "shuffled", "shuffled again"].map(|name| folder.path().join(name));
    for folder in &folders {
        write(folder, &rows);
        shuffle(&mut rows, &mut random);
    }
    let mut compared = 0;
    for command in COMMANDS {
        for design in DESIGNS {
            let line = match command[0] {
                "describe" if command.len() == 2 && !design.is_empty() => continue,
                _ => [command, design].concat(),
            };
            let Some(first) = printed(&folders[0], &line, "1") else {
                continue;
            };
            compared += 1;
            for (folder, threads) in [(0, "4"), (1, "1"), (1, "2"), (2, "4")] {
                let again = printed(&folders[folder], &line, threads).unwrap();
                assert!(first == again, "{line:?} {threads}\n{first}\n{again}");
            }
        }
    }
    // some designs and commands do not go together
    assert!(compared > 40, "{compared}");
}

/// How many samples the test below draws; many are for a search by hand.
fn samples() -> u64 {
    let named = std::env::var("OPINE_ORDERS").ok();
    named.and_then(|count| count.parse().ok()).unwrap_or(12)
}

/// Answers and weights of a few digits, whose sums often are the same, or lie half-way between two floats.
#[test]
fn small_samples_of_few_digits_show_no_order() {
    const NUMBERS: [&[&str]; 5] = [
        &["0", "1", "2", "3", "4", "5"],
        &["-4.5", "-2", "-0.5", "0.5", "3.5"],
        &["0.1", "0.2", "0.3", "0.7", "1.1", "2.3"],
        &["0.001", "0.002", "0.003", "0.007"],
        &["1000000", "1000000.125", "1000000.5", "1000000.875"],
    ];
    const WEIGHTS: [&[&str]; 5] = [
        &["1"],
        &["1", "2", "3"],
        &["0.25", "0.5", "1", "1.5"],
        &["0.1", "0.3", "0.7", "1.1"],
        &["0", "1", "2.5"],
    ];
    let draw = |seed: u64| {
        let folder = tempfile::tempdir().unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut below = |most: usize| random.next_u32() as usize % most;
        let count = [8, 12, 20, 40, 60][below(5)];
        let (ys, zs, ws) = (NUMBERS[below(5)], NUMBERS[below(5)], WEIGHTS[below(5)]);
        let mut row = |at: usize| {
            let mut one_of = |texts: &[&'static str]| texts[below(texts.len())];
            let (y, z, w) = (one_of(ys), one_of(zs), one_of(ws));
            let (g, h) = (one_of(&["a", "b", "c"]), one_of(&["x", "y", "z", "w"]));
            let q = one_of(&["yes", "no", "perhaps"]);
            let factors = [(); 4].map(|()| one_of(ws)).join(",");
            let (psu, stratum) = (at / 3, at / (count / 2 + 1));
            format!("{y},{z},{g},{h},{psu},{stratum},{w},{q},100,50,{factors}")
        };
        let mut rows: Vec<String> = (0..count).map(&mut row).collect();
        let folders = ["as they came", "shuffled"].map(|name| folder.path().join(name));
        for folder in &folders {
            write(folder, &rows);
            shuffle(&mut rows, &mut random);
        }
        let mut ran = 0;
        for command in COMMANDS {
            let design = match command {
                ["describe", _] => DESIGNS[0],
                _ => DESIGNS[random.next_u32() as usize % DESIGNS.len()],
            };
            let line = [command, design].concat();
            let first = printed(&folders[0], &line, "1");
            ran += usize::from(first.is_some());
            let other = printed(&folders[1], &line, "2");
            assert!(
                first == other,
                "sample {seed} {line:?}\n{first:?}\n{other:?}"
            );
        }
        ran
    };
    let ran: usize = (0..samples()).into_par_iter().map(draw).sum();
    // some designs and commands do not go together, nor do some samples
    assert!(ran > samples() as usize * 8, "{ran}");
}

/// A pattern a respondent, more of them than are added up at once.
#[test]
fn models_of_many_patterns_have_the_same_digits() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(22);
    let mut rows = respondents(&mut random, 40_000);
    let folders = ["as they came", "shuffled"].map(|name| folder.path().join(name));
    for folder in &folders {
        write(folder, &rows);
        shuffle(&mut rows, &mut random);
    }
    let line = ["fit", "poll.csv", "y > 3 ~ z + g", "--weights", "w"];
    let first = printed(&folders[0], &line, "1").unwrap();
    for (folder, threads) in [(&folders[0], "3"), (&folders[1], "1"), (&folders[1], "3")] {
        let other = printed(folder, &line, threads).unwrap();
        assert_eq!(other, first, "{} {threads}", folder.display());
    }
}
