//! Nets, net scores and means of countries: variances as simulated, and the program.

use opine::internals::published::compare::{Population, Score};
use proptest::prelude::*;

use crate::cli::program::{number, opine, opine_in, rows};
use crate::published::compare::golden::{Random, variance};
use crate::published::compare::relations::one;

/// The mean of the score of `n` respondents who each give one answer, by sign; who gives none counts 0.
fn sampled(random: &mut Random, shares: &[(f64, f64)], n: usize) -> f64 {
    let answer = |drawn: f64| {
        let mut below = 0.0;
        let found = shares.iter().find(|(_, share)| {
            below += share;
            drawn < below
        });
        found.map_or(0.0, |(sign, _)| *sign)
    };
    (0..n).map(|_| answer(random.uniform())).sum::<f64>() / n as f64
}

const SAMPLES: usize = 20_000;
const N: usize = 60;

fn score(shares: &[(f64, f64)]) -> Score {
    let terms = shares.iter().enumerate();
    Score::new(
        terms
            .map(|(at, (sign, share))| (format!("r{at}"), *sign, *share))
            .collect(),
    )
}

#[test]
fn a_net_score_varies_as_simulated() {
    let mut random = Random(20_230_607);
    for shares in [
        &[(1.0, 0.45), (-1.0, 0.3)][..],
        &[(1.0, 0.2), (1.0, 0.3), (-1.0, 0.25), (-1.0, 0.05)],
        &[(1.0, 0.9), (-1.0, 0.1)],
        &[(1.0, 0.35), (1.0, 0.15)],
    ] {
        let drawn: Vec<f64> = (0..SAMPLES)
            .map(|_| sampled(&mut random, shares, N))
            .collect();
        let ratio = variance(&drawn) / score(shares).variance(N as f64);
        // the variance of 20,000 draws is within 4 % of the true one but once in 10,000
        assert!((ratio - 1.0).abs() < 0.04, "{shares:?}: {ratio}");
    }
}

#[test]
fn a_mean_of_countries_varies_as_simulated() {
    let mut random = Random(7);
    let (a, b) = ([(1.0, 0.6), (-1.0, 0.2)], [(1.0, 0.1), (-1.0, 0.7)]);
    let drawn: Vec<f64> = (0..SAMPLES)
        .map(|_| 0.25 * sampled(&mut random, &a, N) + 0.75 * sampled(&mut random, &b, 2 * N))
        .collect();
    let n = N as f64;
    let expected = 0.0625 * score(&a).variance(n) + 0.5625 * score(&b).variance(2.0 * n);
    let ratio = variance(&drawn) / expected;
    assert!((ratio - 1.0).abs() < 0.04, "{ratio}");
}

proptest! {
    #[test]
    fn a_score_of_two_answers_has_the_multinomial_variance(a in 0.0f64..1.0, part in 0.0f64..1.0, n in 1.0f64..1e6) {
        let b = (1.0 - a) * part;
        let of_score = score(&[(1.0, a), (-1.0, b)]).variance(n);
        let expected = (a + b - (a - b) * (a - b)) / n;
        prop_assert!((of_score - expected).abs() < 1e-12);
        // a net has that of a share
        let net = score(&[(1.0, a), (1.0, b)]).variance(n);
        prop_assert!((net - (a + b) * (1.0 - a - b) / n).abs() < 1e-12);
    }
}

#[test]
fn a_net_score_has_its_se_and_interval() {
    // by hand: 14.8 and 85 of 500 in South Korea
    let row = one(&["egf2023/view_cn/favourable-unfavourable:KR"]);
    let se = ((0.148_f64 + 0.85 - 0.702 * 0.702) / 500.0).sqrt();
    assert!((number(&row, "estimate") + 0.702).abs() < 1e-12);
    assert!((number(&row, "se") - se).abs() < 1e-12);
    assert!((number(&row, "ci_low") + 0.702 + 1.959_963_984_540_054 * se).abs() < 1e-12);
    // the same as the lead of one over the other
    let lead = one(&[
        "egf2023/view_cn/favourable:KR",
        "egf2023/view_cn/unfavourable:KR",
    ]);
    assert!((number(&row, "se") - number(&lead, "se")).abs() < 1e-12);
}

#[test]
fn net_scores_of_two_countries_are_independent() {
    let scores = [
        "egf2023/view_cn/favourable-unfavourable:KR",
        "egf2023/view_cn/favourable-unfavourable:PH",
    ];
    let row = one(&scores);
    let se = |a: f64, b: f64| ((a + b - (a - b) * (a - b)) / 500.0).sqrt();
    assert_eq!(row["relation"], "independent");
    assert!((number(&row, "estimate") - (0.148 - 0.85 - 0.302 + 0.698)).abs() < 1e-12);
    assert!((number(&row, "se") - se(0.148, 0.85).hypot(se(0.302, 0.698))).abs() < 1e-12);
    // every country that has both answers
    let all = rows(&opine(&[
        "compare",
        "egf2023/view_cn/favourable-unfavourable:*",
        "--json",
    ]));
    assert_eq!(all.len(), 3);
    assert_eq!(all[0]["estimate"], row["estimate"]);
}

#[test]
fn scores_of_the_same_people_have_a_range() {
    let of = |question: &str| format!("pew2014/{question}/favourable-unfavourable:DE");
    let row = one(&[&of("view_cn"), &of("view_us")]);
    assert_eq!(row["relation"], "same-respondents");
    assert!(
        row["sentence"].as_str().unwrap().contains("at best"),
        "{row}"
    );
    let se = |figure: &str| number(&one(&[figure]), "se");
    let worst = se(&of("view_cn")) + se(&of("view_us"));
    assert!((number(&row, "se") - worst).abs() < 1e-12, "{row}");
}

#[test]
fn a_net_is_a_share() {
    let net = one(&["egf2023/worried/very+somewhat", "--against", "50"]);
    assert!((number(&net, "estimate") - 0.407).abs() < 1e-12);
    // R: sqrt(0.907 * 0.093 / 1500)
    assert!((number(&net, "se") - (0.907_f64 * 0.093 / 1500.0).sqrt()).abs() < 1e-12);
    let named = one(&[
        "egf2023/worried/All worried",
        "--net",
        "All worried=very,somewhat",
        "--against",
        "50",
    ]);
    assert_eq!(net["estimate"], named["estimate"]);
    assert!(
        named["sentence"].as_str().unwrap().contains("All worried"),
        "{named}"
    );
}

#[test]
fn a_mean_of_countries_says_how_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("people.csv"),
        "country,population\nKR,51.7\nPH,115.6\nSG,5.9\n",
    )
    .unwrap();
    let pooled = |how: &[&str]| {
        let figures = [
            "compare",
            "egf2023/view_cn/favourable:KR+PH",
            "egf2023/view_cn/favourable:SG",
            "--json",
        ];
        rows(&opine_in(folder.path(), &[&figures[..], how].concat(), ""))[0].clone()
    };
    let variance = |p: f64| p * (1.0 - p) / 500.0;
    let population = &["--average", "population", "--population", "people.csv"][..];
    for (how, weight) in [
        (&["--average", "equal"][..], 0.5),
        (&["--average", "n"], 0.5),
        (population, 51.7 / (51.7 + 115.6)),
    ] {
        let row = pooled(how);
        let mean = weight * 0.148 + (1.0 - weight) * 0.302;
        let of_mean =
            weight * weight * variance(0.148) + (1.0 - weight) * (1.0 - weight) * variance(0.302);
        assert!(
            (number(&row, "estimate") - (mean - 0.557)).abs() < 1e-12,
            "{row}"
        );
        assert!(
            (number(&row, "se") - (of_mean + variance(0.557)).sqrt()).abs() < 1e-12,
            "{row}"
        );
    }
    let text = opine(&[
        "compare",
        "egf2023/view_cn/favourable:KR+PH",
        "egf2023/view_cn/favourable:SG",
        "--average",
        "equal",
    ]);
    assert!(text.out.contains("every country the same"), "{}", text.out);
    assert!(text.out.contains("no others"), "{}", text.out);
}

#[test]
fn a_part_by_population() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("people.csv"),
        "country,population\nKR,20\nPH,20\nSG,60\n",
    )
    .unwrap();
    let args = [
        "compare",
        "egf2023/view_us/favourable:KR",
        "egf2023/view_us/favourable",
        "--json",
        "--average",
        "population",
        "--population",
        "people.csv",
    ];
    let by_population = rows(&opine_in(folder.path(), &args, ""))[0].clone();
    let given = one(&[
        "egf2023/view_us/favourable:KR",
        "egf2023/view_us/favourable",
        "--share",
        "0.2",
    ]);
    assert_eq!(by_population["se"], given["se"]);
    assert!(
        Population::parse("country,population\n")
            .unwrap()
            .people("KR")
            .is_err()
    );
}

#[test]
fn an_assumed_size_is_flagged() {
    let figure = "ecfr2021/cold_war_own_cn/no:PT";
    let row = one(&[figure, "--against", "50", "--assume-n", "1000"]);
    assert!(
        row["flags"].as_str().unwrap().contains("assumed_n"),
        "{row}"
    );
    assert!(row["se"].as_f64().is_some(), "{row}");
    assert!(one(&[figure, "--against", "50"])["se"].is_null());
    let refused = opine(&[
        "compare",
        "egf2023/worried/very",
        "egf2023/worried/somewhat",
        "--assume-n",
        "10",
    ]);
    assert!(
        refused.code == 2 && refused.err.contains("no effect"),
        "{}",
        refused.err
    );
}

#[test]
fn what_can_t_be_made_is_said() {
    for (args, words) in [
        (&["egf2023/worried/very+net"][..], "nobody counts twice"),
        (&["egf2023/worried/very+very"], "twice"),
        (&["egf2023/worried/very-"], "is no figure"),
        (&["egf2023/worried/very+somewhatt"], "did you mean somewhat"),
        (&["egf2023/challenges/climate+pandemics"], "takes several"),
        (&["egf2023/worried/very+somewhat"], "one figure only"),
        (
            &[
                "egf2023/view_cn/favourable:KR+PH",
                "egf2023/view_cn/favourable:SG",
            ],
            "--average equal, n or population",
        ),
        (
            &[
                "egf2023/view_cn/favourable:KR+PH",
                "egf2023/view_cn/favourable:KR",
                "--average",
                "n",
            ],
            "independent",
        ),
        (
            &[
                "egf2023/view_cn/favourable:KR+PH",
                "egf2023/view_cn/favourable:SG",
                "--average",
                "population",
            ],
            "--population FILE",
        ),
        (
            &[
                "egf2023/view_cn/favourable-unfavourable:KR",
                "egf2023/view_cn/favourable:PH",
            ],
            "a net score",
        ),
        (
            &[
                "egf2023/worried/very",
                "egf2023/worried/somewhat",
                "--net",
                "a=b,c",
            ],
            "no effect",
        ),
        (
            &[
                "egf2023/worried/very",
                "egf2023/worried/somewhat",
                "--net",
                "a",
            ],
            "NAME=response",
        ),
        (
            &["egf2023/worried/very", "--against", "50", "--average", "n"],
            "no effect",
        ),
        (
            &[
                "egf2023/worried/very",
                "egf2023/worried/somewhat",
                "--population",
                "x.csv",
            ],
            "no effect",
        ),
        (
            &[
                "egf2023/worried/very",
                "egf2023/worried/somewhat",
                "--row",
                "a=b",
            ],
            "no effect",
        ),
    ] {
        let run = opine(&[&["compare"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}

#[test]
fn as_read() {
    let read = |args: &[&str]| {
        let run = opine(&[&["compare"], args].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    insta::assert_snapshot!(
        [
            read(&["egf2023/view_cn/favourable-unfavourable:KR"]),
            read(&[
                "pew2014/view_cn/favourable-unfavourable:US",
                "pew2014/view_cn/favourable-unfavourable:DE"
            ]),
            read(&[
                "egf2023/view_cn/favourable:KR+PH",
                "egf2023/view_cn/favourable:SG",
                "--average",
                "equal"
            ]),
        ]
        .join("\n\n")
    );
}
