//! Differences: golden values, a simulation for what has none, what must always hold, and the program.

use opine::compare::{
    Adjust, DifferenceMethod, Options, Pair, PartAndWhole, Relation, Share, Side, adjusted, found,
    independent, joint_range, joint_variance, pooled_test, two_sided,
};
use opine::toplines::percent::Percent;
use opine::toplines::store::{Figure, Store, Table};
use proptest::prelude::*;
use serde_json::Value;

use crate::program::{Run, number, opine, opine_in, rows};
use crate::small;

fn close(value: f64, reference: f64) -> bool {
    (value - reference).abs() <= 1e-9 * reference.abs() + 1e-13
}

fn golden(kind: &str) -> Vec<Value> {
    let entries: Vec<Value> = serde_json::from_str(include_str!("../golden/compare.json")).unwrap();
    let of_kind: Vec<Value> = entries.into_iter().filter(|e| e["kind"] == kind).collect();
    assert!(!of_kind.is_empty());
    of_kind
}

fn share(entry: &Value) -> Share {
    Share {
        p: number(entry, "percent") / 100.0,
        n: number(entry, "n"),
    }
}

#[test]
fn golden_differences() {
    for entry in golden("difference") {
        let method: DifferenceMethod = entry["method"].as_str().unwrap().parse().unwrap();
        let (a, b) = (share(&entry["a"]), share(&entry["b"]));
        let ci = independent(method, a, b, number(&entry, "level")).unwrap();
        assert!(close(a.p - b.p, number(&entry, "difference")), "{entry}");
        assert!(close(ci.low, number(&entry, "ci_low")), "{entry}: {ci:?}");
        assert!(close(ci.high, number(&entry, "ci_high")), "{entry}: {ci:?}");
    }
}

#[test]
fn golden_tests() {
    for entry in golden("ztest") {
        let test = pooled_test(share(&entry["a"]), share(&entry["b"])).unwrap();
        assert!(close(test.z, number(&entry, "z")), "{entry}: {test:?}");
        // p-values of 1e-300 carry the rounding of z times z: relative to that
        let p = number(&entry, "p_value");
        assert!((test.p_value / p - 1.0).abs() < 1e-9, "{entry}: {test:?}");
    }
}

#[test]
fn golden_same_question() {
    for entry in golden("same_question") {
        let of = |key: &str| Share {
            p: number(&entry, key) / 100.0,
            n: number(&entry, "n"),
        };
        let (a, b) = (of("a_percent"), of("b_percent"));
        let se = joint_variance(a, b, 0.0).sqrt();
        let z = two_sided(0.95).unwrap();
        assert!(close(se, number(&entry, "se")));
        assert!(close(a.p - b.p - z * se, number(&entry, "ci_low")));
        assert!(close(a.p - b.p + z * se, number(&entry, "ci_high")));
    }
}

#[test]
fn golden_adjustments() {
    for entry in golden("adjust") {
        let list = |key: &str| -> Vec<f64> {
            let values = entry[key].as_array().unwrap();
            values.iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let method: Adjust = entry["method"].as_str().unwrap().parse().unwrap();
        let (got, want) = (adjusted(method, &list("p")), list("adjusted"));
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(&want) {
            assert!(close(*got, *want), "{entry}: {got}");
        }
    }
}

/// Marsaglia's xorshift: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> f64 {
        f64::from(u8::from(self.uniform() < p))
    }
}

fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)
}

const SAMPLES: usize = 20_000;

/// Two million respondents: a part of 30 and a rest of 70, in 20,000 samples.
#[test]
fn a_part_and_its_whole_vary_as_simulated() {
    let (mut random, part, rest) = (Random(20_230_607), 0.7, 0.45);
    let (part_n, rest_n) = (30, 70);
    let weight = f64::from(part_n) / f64::from(part_n + rest_n);
    let differences: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            let c = (0..part_n).map(|_| random.chance(part)).sum::<f64>();
            let r = (0..rest_n).map(|_| random.chance(rest)).sum::<f64>();
            c / f64::from(part_n) - (c + r) / f64::from(part_n + rest_n)
        })
        .collect();
    let whole = weight * part + (1.0 - weight) * rest;
    let both = PartAndWhole {
        part: Share {
            p: part,
            n: f64::from(part_n),
        },
        whole: Share { p: whole, n: 100.0 },
        rest_n: f64::from(rest_n),
        part_range: (part, part),
        whole_range: (whole, whole),
    };
    let known = both.compare(Some(weight)).unwrap();
    assert!((known.rest.unwrap() - rest).abs() < 1e-12);
    // a variance of 20,000 samples has a standard error of 1%
    let ratio = known.se.0.powi(2) / variance(&differences);
    assert!((ratio - 1.0).abs() < 0.04, "{ratio}");
    let unknown = both.compare(None).unwrap();
    assert!(unknown.se.0 <= known.se.0 && known.se.0 <= unknown.se.1);
}

/// Two million respondents with two answers that go together more or less.
#[test]
fn two_answers_of_the_same_people_vary_as_simulated() {
    let (a, b, n) = (0.6, 0.35, 100);
    let (least, most) = joint_range(a, b);
    let share = |p: f64| Share { p, n: f64::from(n) };
    let (narrow, wide) = (
        joint_variance(share(a), share(b), most),
        joint_variance(share(a), share(b), least),
    );
    let mut random = Random(9_311);
    for joint in [least, 0.15, 0.21, most] {
        let differences: Vec<f64> = (0..SAMPLES)
            .map(|_| {
                let one = |random: &mut Random| match random.uniform() {
                    u if u < joint => 0.0,
                    u if u < a => 1.0,
                    u if u < a + b - joint => -1.0,
                    _ => 0.0,
                };
                (0..n).map(|_| one(&mut random)).sum::<f64>() / f64::from(n)
            })
            .collect();
        let (expected, simulated) = (
            joint_variance(share(a), share(b), joint),
            variance(&differences),
        );
        assert!(
            (expected / simulated - 1.0).abs() < 0.04,
            "{joint}: {expected} {simulated}"
        );
        assert!(narrow <= expected && expected <= wide);
    }
}

/// The 95% intervals hold the true difference about 19 times in 20.
#[test]
fn intervals_cover_as_simulated() {
    let mut random = Random(77);
    let (a, b, n) = (0.3, 0.2, 80);
    let draws = 7_000;
    let mut held = [0; 4];
    for _ in 0..draws {
        let mut draw = |p: f64| Share {
            p: (0..n).map(|_| random.chance(p)).sum::<f64>() / f64::from(n),
            n: f64::from(n),
        };
        let (x, y) = (draw(a), draw(b));
        for (count, method) in held.iter_mut().zip(DifferenceMethod::ALL) {
            let ci = independent(method, x, y, 0.95).unwrap();
            *count += usize::from(ci.low <= a - b && a - b <= ci.high);
        }
    }
    for (count, method) in held.iter().zip(DifferenceMethod::ALL) {
        let coverage = *count as f64 / f64::from(draws);
        assert!((0.93..0.97).contains(&coverage), "{method:?}: {coverage}");
    }
}

fn side(percent: f64, n: f64) -> Side<'static> {
    let text = format!("{percent:.1}");
    Side::typed(&text, &Percent::parse(&text).unwrap(), n, None, 0.95).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn swapping_flips_the_sign(a in 0.0..100.0f64, b in 0.0..100.0f64, n in 10.0..5e3f64, m in 10.0..5e3f64) {
        let (a, b) = (side(a, n), side(b, m));
        for relation in Relation::ALL {
            let (Ok(ab), Ok(ba)) = (Pair::typed(&a, &b, relation, None), Pair::typed(&b, &a, relation, None)) else {
                continue;
            };
            let (Ok(ab), Ok(ba)) = (ab.compare(Options::default()), ba.compare(Options::default())) else {
                continue;
            };
            prop_assert_eq!(ab.row.estimate.map(|d| -d), ba.row.estimate);
            prop_assert_eq!(ab.row.p_value.is_some(), ba.row.p_value.is_some());
            if let (Some((low, high)), Some((other_low, other_high))) = (ab.row.interval(), ba.row.interval()) {
                prop_assert!((low + other_high).abs() < 1e-9 && (high + other_low).abs() < 1e-9);
                prop_assert!(low <= high);
            }
            if let (Some(p), Some(q)) = (ab.row.p_value, ba.row.p_value) {
                prop_assert!((p - q).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn intervals_hold_the_difference_and_widen_with_the_level(
        a in 0.0..=1.0f64, b in 0.0..=1.0f64, n in 5.0..1e4f64, m in 5.0..1e4f64, level in 0.5..0.99f64,
    ) {
        let (a, b) = (Share { p: a, n }, Share { p: b, n: m });
        for method in DifferenceMethod::ALL {
            let (Ok(ci), Ok(wide)) = (independent(method, a, b, level), independent(method, a, b, 0.999)) else {
                continue;
            };
            prop_assert!(-1.0 - 1e-9 <= ci.low && ci.high <= 1.0 + 1e-9);
            prop_assert!(wide.high - wide.low >= ci.high - ci.low - 1e-9);
            // Agresti and Caffo's is around a difference drawn towards 0
            if method != DifferenceMethod::AgrestiCaffo {
                prop_assert!(ci.low <= a.p - b.p + 1e-9 && a.p - b.p <= ci.high + 1e-9);
            }
        }
    }

    #[test]
    fn adjusting_never_lowers_and_keeps_the_order(p in prop::collection::vec(0.0..=1.0f64, 1..12)) {
        for method in Adjust::ALL {
            let adjusted = adjusted(method, &p);
            for (one, by) in p.iter().zip(&adjusted) {
                prop_assert!(*by >= *one - 1e-12 && *by <= 1.0, "{:?}", method);
                for (other, other_by) in p.iter().zip(&adjusted) {
                    prop_assert!(one > other || by <= &(other_by + 1e-12), "{:?}", method);
                }
            }
        }
    }
}

fn figure<'s>(store: &'s Store, id: &str) -> &'s Figure {
    store.figures_named(id).into_iter().next().unwrap()
}

#[test]
fn relations_follow_from_ids() {
    let store = Store::embedded();
    let relation = |a: &str, b: &str| found(&store, figure(&store, a), figure(&store, b));
    for (a, b, expected) in [
        (
            "egf2023/worried/very",
            "egf2023/worried/somewhat",
            Relation::SameQuestion,
        ),
        // several answers could be given
        (
            "egf2023/challenges/climate",
            "egf2023/challenges/pandemics",
            Relation::SameRespondents,
        ),
        (
            "egf2023/view_us/favourable",
            "egf2023/view_cn/favourable",
            Relation::SameRespondents,
        ),
        (
            "egf2023/view_us/favourable:KR",
            "egf2023/view_cn/favourable:PH",
            Relation::Independent,
        ),
        (
            "egf2023/view_us/favourable:KR",
            "egf2023/view_us/favourable",
            Relation::PartOf,
        ),
        (
            "gallup2020/view_cn/favourable:US",
            "gallup2023/view_cn/favourable:US",
            Relation::Independent,
        ),
        (
            "gallup2020/view_cn/favourable:US:democrats",
            "gallup2020/view_cn/favourable:US",
            Relation::PartOf,
        ),
    ] {
        assert_eq!(relation(a, b).unwrap().relation, expected, "{a} {b}");
        assert_eq!(relation(b, a).unwrap().relation, expected, "{b} {a}");
    }
    for (a, b) in [
        ("egf2023/worried/net@npr", "egf2023/worried/net@report"),
        (
            "egf2023/soft_power_us/mean:PH",
            "egf2023/soft_power_us/mean:SG",
        ),
        (
            "egf2023/view_us/favourable:KR",
            "egf2023/view_cn/favourable",
        ),
    ] {
        assert!(relation(a, b).is_err(), "{a} {b}");
    }
}

fn one(args: &[&str]) -> Value {
    let found = rows(&opine(&[&["compare"], args, &["--json"]].concat()));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn the_lead_in_one_poll_has_its_own_margin() {
    let lead = one(&["48", "45", "-n", "1000", "--relation", "same-question"]);
    assert_eq!(lead["relation"], "same-question");
    let se = ((0.93_f64 - 0.0009) / 1000.0).sqrt();
    assert!(close(number(&lead, "se"), se));
    assert!(number(&lead, "ci_low") < 0.0 && number(&lead, "ci_high") > 0.0);
    assert!(
        lead["sentence"]
            .as_str()
            .unwrap()
            .contains("does not show which")
    );
    let run = opine(&["compare", "48", "45", "-n", "1000"]);
    assert_eq!(run.code, 2);
    for words in ["same-question", "±6.0", "independent", "±4.4"] {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
}

#[test]
fn a_stored_joint_share_narrows_the_bounds() {
    let row = one(&["egf2023/view_us/favourable", "egf2023/view_cn/favourable"]);
    let note = row["note"].as_str().unwrap();
    assert!(
        note.contains("view_both") && note.contains("+31.4 to +40.6"),
        "{note}"
    );
    assert!(
        row["sentence"]
            .as_str()
            .unwrap()
            .starts_with("Not like for like")
    );
    // j of 30.5% at worst
    let se = ((0.7_f64 + 0.34 - 0.61 - 0.36 * 0.36) / 1500.0).sqrt();
    assert!(close(number(&row, "se"), se), "{row}");
}

#[test]
fn a_joint_share_lies_within_its_parts() {
    let row = one(&[
        "egf2023/view_cn/favourable",
        "egf2023/view_both/both@intrigue",
    ]);
    let d: f64 = 0.34 - 0.31;
    assert!(
        close(number(&row, "se"), (d * (1.0 - d) / 1500.0).sqrt()),
        "{row}"
    );
    let impossible = one(&["egf2023/view_cn/favourable", "egf2023/view_both/both@npr"]);
    assert!(
        impossible["ci_low"].is_null() && impossible["note"].as_str().unwrap().contains("hold")
    );
}

#[test]
fn a_country_is_set_against_the_rest() {
    let row = one(&[
        "egf2023/consequences/polarise:KR",
        "egf2023/consequences/polarise",
    ]);
    assert_eq!(row["relation"], "part-of");
    let (c, t, f) = (0.699, 0.569, 1.0 / 3.0);
    let rest = (t - f * c) / (1.0 - f);
    let se = (1.0 - f) * (c * (1.0 - c) / 500.0 + rest * (1.0 - rest) / 1000.0_f64).sqrt();
    assert!(close(number(&row, "se"), se), "{row}");
    let impossible = one(&["90@500", "20@1000", "--relation", "part-of"]);
    assert!(impossible["ci_low"].is_null() && impossible["flags"] == "cannot_hold");
    let shared = one(&[
        "60",
        "50",
        "-n",
        "1000",
        "--relation",
        "part-of",
        "--share",
        "0.3",
    ]);
    let rest = (0.5 - 0.3 * 0.6) / 0.7;
    let se = 0.7 * (0.24 / 300.0 + rest * (1.0 - rest) / 700.0_f64).sqrt();
    assert!(close(number(&shared, "se"), se), "{shared}");
}

#[test]
fn a_given_weight_stands_for_an_unknown_n() {
    let ids = [
        "gallup2020/view_cn/favourable:US:democrats",
        "gallup2020/view_cn/favourable:US",
    ];
    assert!(one(&ids)["ci_low"].is_null());
    let row = one(&[&ids[..], &["--share", "0.3"]].concat());
    let rest = (0.33 - 0.3 * 0.35) / 0.7;
    let n = 1028.0_f64;
    let se = 0.7 * (0.35 * 0.65 / (0.3 * n) + rest * (1.0 - rest) / (0.7 * n)).sqrt();
    assert!(close(number(&row, "se"), se), "{row}");
    // the total is at least 80%: no difference, only a range
    let bound = one(&[
        "egf2023/military_us/positive:PH",
        "egf2023/military_us/positive",
    ]);
    assert!(
        bound["estimate"].is_null() && bound["ci_low"].is_null(),
        "{bound}"
    );
    assert!(
        bound["sentence"].as_str().unwrap().contains("bound"),
        "{bound}"
    );
}

#[test]
fn a_net_holds_its_parts() {
    let row = one(&["egf2023/worried/net@npr", "egf2023/worried/very@donga"]);
    // everybody very worried is worried: the difference is the share of the rest of the NET
    let d: f64 = 0.9 - 0.245;
    assert!(
        close(number(&row, "se"), (d * (1.0 - d) / 1500.0).sqrt()),
        "{row}"
    );
}

#[test]
fn several_are_one_family() {
    let all = rows(&opine(&[
        "compare",
        "egf2023/consequences/polarise:*",
        "--json",
    ]));
    assert_eq!(all.len(), 3);
    let p = |row: &Value| (number(row, "p_value"), number(row, "p_adjusted"));
    assert!(all.iter().map(p).all(|(p, by)| p <= by));
    let first = rows(&opine(&[
        "compare",
        "egf2023/consequences/polarise:*",
        "--with",
        "first",
        "--adjust",
        "bonferroni",
        "--json",
    ]));
    assert_eq!(first.len(), 2);
    assert!(
        first
            .iter()
            .all(|row| row["b"] == "egf2023/consequences/polarise:KR")
    );
    assert!(close(p(&first[0]).1, 2.0 * p(&first[0]).0));
    // 0.04 alone holds, of three it does not
    let three = opine(&["compare", "50@1000", "45.4@1000", "48@1000", "--json"]);
    let three = rows(&three);
    let borderline = &three[0];
    assert!(number(borderline, "p_value") < 0.05 && number(borderline, "p_adjusted") > 0.05);
    assert!(
        borderline["sentence"]
            .as_str()
            .unwrap()
            .contains("does not show which")
    );
}

#[test]
fn against_a_fixed_value() {
    let row = one(&["53@1000", "--against", "50"]);
    // R: prop.test(530, 1000, p = 0.5, correct = FALSE)
    assert!(close(number(&row, "z"), 0.03 / (0.25 / 1000.0_f64).sqrt()));
    assert!(
        (number(&row, "ci_low") - (0.499_016 - 0.5)).abs() < 1e-5,
        "{row}"
    );
    assert_eq!(row["b"], "50");
    let stored = one(&["egf2023/consequences/polarise:PH", "--against", "50"]);
    assert!(number(&stored, "ci_low") > 0.0);
}

#[test]
fn rounding_alone_is_said() {
    let row = one(&["48@100000", "47@100000"]);
    assert!(
        row["sentence"].as_str().unwrap().contains("rounding"),
        "{row}"
    );
    assert!(close(number(&row, "rounding_high"), 0.02));
    let exact = one(&["48.0@100000", "47.0@100000"]);
    assert!(
        !exact["sentence"].as_str().unwrap().contains("rounding"),
        "{exact}"
    );
}

#[test]
fn words_of_a_lead_only_for_probability_samples() {
    let sentence = |sampling: &str| {
        let folder = tempfile::tempdir().unwrap();
        small::write(folder.path());
        let polls = small::POLLS.replace("mypoll,Mine,,,", &format!("mypoll,Mine,,{sampling},"));
        let figures = format!(
            "{}mypoll,approve,no,,,35,,,,,report,yes,,\n",
            small::FIGURES
        );
        let samples = small::SAMPLES.replace("mypoll,all,all,1000", "mypoll,all,all,4000");
        for (table, text) in [
            (Table::Polls, &polls),
            (Table::Figures, &figures),
            (Table::Samples, &samples),
        ] {
            std::fs::write(folder.path().join(table.file_name()), text).unwrap();
        }
        let data = folder.path().to_str().unwrap();
        let args = [
            "compare",
            "mypoll/approve/yes",
            "mypoll/approve/no",
            "--data",
            data,
            "--json",
        ];
        let run = opine_in(folder.path(), &args, "");
        rows(&run)[0]["sentence"].as_str().unwrap().to_owned()
    };
    assert!(
        sentence("probability").contains(" leads "),
        "{}",
        sentence("probability")
    );
    for sampling in ["nonprobability", "unknown"] {
        let said = sentence(sampling);
        assert!(
            !said.contains("leads") && !said.contains("margin of"),
            "{said}"
        );
        assert!(said.contains("chance alone"), "{said}");
    }
}

#[test]
fn what_has_no_effect_or_no_sense_is_refused() {
    for (args, words) in [
        (&["48", "45"][..], "@1000"),
        (&["48@1000"], "--against"),
        (&["48@1000", "45@900", "-n", "1000"], "-n has no effect"),
        (&["48@1000", "45@900", "--adjust", "bh"], "one comparison"),
        (
            &["48@1000", "45@900", "--adjust", "bonferoni"],
            "bonferroni",
        ),
        (&["48@1000", "45@900", "--ci", "newcomb"], "newcombe"),
        (&["48@1000", "45@900", "--share", "0.3"], "part"),
        (&["48@1000", "45@900", "--average", "equal"], "total"),
        (&["48@1000", "45@900", "--with", "first"], "two figures"),
        (&["48@1000", "45@900", "--data", "x"], "typed"),
        (
            &["48@1000", "--against", "50", "--ci", "wald"],
            "cannot be used",
        ),
        (
            &["68", "45", "-n", "9", "--relation", "same-question"],
            "more than 100%",
        ),
        (
            &[
                "8",
                "5",
                "-n",
                "9",
                "--relation",
                "same-question",
                "--ci",
                "wald",
            ],
            "--ci",
        ),
        (&["8", "5", "-n", "9", "--relation", "part-of"], "--share"),
        (
            &["8", "5", "-n", "9", "--relation", "same-qestion"],
            "same-question",
        ),
        (&["48@1000", "45@900", "--effects", "--json"], "--effects"),
        (&["0@100", "0@100", "--ci", "wald"], "newcombe"),
        (
            &["egf2023/worried/net", "egf2023/worried/very", "--deff", "2"],
            "--deff",
        ),
        (
            &["egf2023/worried/nett", "egf2023/worried/very"],
            "did you mean net?",
        ),
        (
            &[
                "egf2023/worried/net",
                "egf2023/worried/very",
                "--relation",
                "independent",
            ],
            "same-question",
        ),
        (
            &[
                "egf2023/soft_power_us/mean:PH",
                "egf2023/soft_power_us/mean:SG",
            ],
            "score",
        ),
    ] {
        let Run { code, out, err } = opine(&[&["compare"], args].concat());
        assert_eq!(code, 2, "{args:?}: {out}{err}");
        assert!(err.contains(words), "{args:?}: {err}");
    }
}

#[test]
fn every_option_changes_the_output() {
    let plain = opine(&["compare", "48@1000", "45@900", "--json"]).out;
    for option in [
        &["--ci", "wald"][..],
        &["--ci", "agresti-caffo"],
        &["--ci", "miettinen-nurminen"],
        &["--level", "0.9"],
        &["--deff", "2"],
        &["--relation", "same-respondents"],
        &["--relation", "panel"],
        &["--relation", "part-of"],
        &["--relation", "part-of", "--share", "0.4"],
    ] {
        let run = opine(&[&["compare", "48@1000", "45@900", "--json"], option].concat());
        assert_eq!(run.code, 0, "{option:?}: {}", run.err);
        assert_ne!(run.out, plain, "{option:?}");
    }
}

/// Standard output of a run that must end well.
fn read(args: &[&str]) -> String {
    let Run { code, out, err } = opine(&[&["compare"], args].concat());
    assert_eq!(code, 0, "{err}");
    out
}

#[test]
fn as_read() {
    insta::assert_snapshot!(
        [
            read(&[
                "egf2023/consequences/polarise:KR",
                "egf2023/consequences/polarise:PH",
                "--effects"
            ]),
            read(&["48", "45", "-n", "1000", "--relation", "same-question"]),
            read(&["90@1500", "62@16168"]),
            read(&["egf2023/view_us/favourable", "egf2023/view_cn/favourable"]),
            read(&[
                "egf2023/consequences/polarise:KR",
                "egf2023/consequences/polarise"
            ]),
            read(&["52@1000", "--against", "50"]),
            read(&["90@500", "20@1000", "--relation", "part-of"]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_family_as_read() {
    insta::assert_snapshot!(
        [
            read(&["egf2023/consequences/polarise:*"]),
            read(&["egf2023/consequences/polarise:*", "--format", "md"]),
            read(&["egf2023/consequences/polarise:*", "--csv"]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_row_as_read() {
    insta::assert_snapshot!(read(&[
        "48",
        "45",
        "-n",
        "1000",
        "--relation",
        "same-question",
        "--json"
    ]));
}
