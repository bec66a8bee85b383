//! Figures made from true shares are never found to contradict each other, and no store panics.

use opine::internals::published::coherence::{bounds, findings, rules, target};
use opine::internals::published::figures::store::{Origin, Severity, Store, Table};
use proptest::prelude::*;

/// One line of figures.csv without the poll.
type Line = (
    &'static str,
    &'static str,
    String,
    f64,
    u8,
    &'static str,
    &'static str,
);

const COUNTRIES: [&str; 3] = ["KR", "PH", "SG"];
const SIZES: [f64; 3] = [500.0, 800.0, 1200.0];

fn store(lines: &[Line], kind: &str) -> Store {
    let header = |table: Table| {
        let text = std::fs::read_to_string(format!("data/{}", table.file_name())).unwrap();
        format!("{}\n", text.lines().next().unwrap())
    };
    let mut samples = header(Table::Samples) + "p,all,all,2500,exact,,,,,report,,\n";
    for (country, n) in COUNTRIES.iter().zip(SIZES) {
        samples += &format!("p,{country},all,{n},exact,,,,,report,,\n");
    }
    let questions = format!(
        "{}p,q,Q,paraphrase,{kind},a;b;c,,,Q,\np,r,R,paraphrase,single,a;b;c,,,R,\np,j,J,paraphrase,single,both,,q:a & r:a,J,\n",
        header(Table::Questions)
    );
    let mut figures = header(Table::Figures);
    for (place, (question, response, country, share, decimals, aggregate, net)) in
        lines.iter().enumerate()
    {
        let decimals = usize::from(*decimals);
        figures += &format!(
            "p,{question},{response},{country},all,{share:.decimals$},exact,{aggregate},{net},,s{place},no,,\n"
        );
    }
    let polls = header(Table::Polls) + "p,P,S,S,adults,KR PH SG,web,unknown,,,,,,\n";
    let files = [
        (Table::Polls, polls),
        (Table::Samples, samples),
        (Table::Questions, questions),
        (Table::Figures, figures),
    ];
    Store::from_files(
        files.map(|(table, text)| (table, text.into_bytes())),
        Origin::Embedded,
    )
}

/// Lines of one country: the joint table of two questions of three answers and no answer.
fn country(code: &str, table: &[f64], decimals: u8) -> Vec<(Line, f64)> {
    let sum: f64 = table.iter().sum();
    let at = |q: usize, r: usize| 100.0 * table[4 * q + r] / sum;
    let q = |answer: usize| (0..4).map(|r| at(answer, r)).sum::<f64>();
    let r = |answer: usize| (0..4).map(|q| at(q, answer)).sum::<f64>();
    let line = |question, response, share: f64, net| {
        (
            (
                question,
                response,
                code.to_owned(),
                share,
                decimals,
                "",
                net,
            ),
            share,
        )
    };
    vec![
        line("q", "a", q(0), ""),
        line("q", "b", q(1), ""),
        line("q", "c", q(2), ""),
        line("q", "net", q(0) + q(1), "a;b"),
        line("r", "a", r(0), ""),
        line("r", "b", r(1), ""),
        line("r", "c", r(2), ""),
        line("r", "net", r(1) + r(2), "b;c"),
        line("j", "both", at(0, 0), ""),
    ]
}

fn printed(tables: &[Vec<f64>], decimals: u8, equal: bool, keep: &[bool]) -> Vec<Line> {
    let countries: Vec<Vec<(Line, f64)>> = COUNTRIES
        .iter()
        .zip(tables)
        .map(|(code, table)| country(code, table, decimals))
        .collect();
    let weight = |place: usize| {
        if equal {
            1.0 / 3.0
        } else {
            SIZES[place] / 2500.0
        }
    };
    let mut lines: Vec<Line> = (0..9)
        .map(|row| {
            let mean = (0..3)
                .map(|place| weight(place) * countries[place][row].1)
                .sum();
            let aggregate = if equal {
                "equal_countries"
            } else {
                "respondents"
            };
            let line = countries[0][row].0.clone();
            (line.0, line.1, "all".to_owned(), mean, 1, aggregate, line.6)
        })
        .collect();
    lines.extend(countries.into_iter().flatten().map(|(line, _)| line));
    lines
        .into_iter()
        .zip(keep.iter().cycle())
        .filter(|(_, keep)| **keep)
        .map(|(line, _)| line)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn figures_from_true_shares_are_never_found(
        tables in prop::collection::vec(prop::collection::vec(0.001f64..1.0, 16), 3),
        decimals in 0u8..3,
        equal: bool,
        keep in prop::collection::vec(prop::bool::weighted(0.7), 36),
    ) {
        let lines = printed(&tables, decimals, equal, &keep);
        let store = store(&lines, "single");
        prop_assert_eq!(store.errors(), 0, "{:?}", store.findings);
        let found: Vec<_> = findings(&store).into_iter().filter(|f| f.severity == Severity::Warning).collect();
        prop_assert!(found.is_empty(), "{:?}", found);
        // and the range that is left for a share holds it
        for (question, response, country, share, ..) in lines.iter().take(6) {
            let id = format!("p/{question}/{response}:{country}");
            let range = bounds(&store, &target(&store, &id).unwrap());
            prop_assert!(range.low <= share / 100.0 + 1e-6 && share / 100.0 <= range.high + 1e-6, "{id} {share} {range:?}");
        }
    }

    #[test]
    fn a_total_far_from_its_countries_is_found(
        tables in prop::collection::vec(prop::collection::vec(0.1f64..1.0, 16), 3),
        off in 3.0f64..9.0,
        row in 0usize..9,
    ) {
        let mut lines = printed(&tables, 1, false, &[true]);
        lines[row].3 += off;
        let found = findings(&store(&lines, "single"));
        let id = format!("p/{}/{}:all@s{row}", lines[row].0, lines[row].1);
        let told = found.iter().filter(|f| f.severity == Severity::Warning);
        prop_assert!(told.clone().any(|f| f.ids.contains(&id)), "{id} {:?}", found);
    }

    #[test]
    fn no_store_panics(
        shares in prop::collection::vec((0usize..3, 0usize..5, 0usize..4, 0.0f64..100.0, 0u8..3, 0usize..6, 0usize..4), 0..60),
        multiple: bool,
    ) {
        let lines: Vec<Line> = shares
            .into_iter()
            .map(|(question, response, place, share, decimals, aggregate, net)| {
                let places = ["all", "KR", "PH", "SG"];
                let aggregates = ["", "respondents", "equal_countries", "population", "median", "unknown"];
                let country = places[place];
                (
                    ["q", "r", "j"][question],
                    ["a", "b", "c", "net", "both"][response],
                    country.to_owned(),
                    share,
                    decimals,
                    if country == "all" { aggregates[aggregate] } else { "" },
                    if response == 3 { ["", "a;b", "b;c", "a;c"][net] } else { "" },
                )
            })
            .collect();
        let store = store(&lines, if multiple { "multiple" } else { "single" });
        for finding in findings(&store) {
            prop_assert!(finding.rule != rules::NOT_CHECKED);
            prop_assert!(!finding.message.is_empty());
        }
        for figure in store.figures.iter().take(3) {
            let range = bounds(&store, &target(&store, &figure.id()).unwrap());
            prop_assert!(range.low <= range.high + 1e-6, "{range:?}");
        }
    }
}
