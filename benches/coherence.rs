//! The price of a check: of the shipped data, and of a generated poll of 200 questions in 30 countries.
//!
//! Measured: the shipped data 5.7 ms; the large poll (31,600 figures) 0.3 s, with twenty
//! contradictions in it 0.54 s; bounds of a joint share 0.2 ms.

use divan::Bencher;
use opine::internals::published::coherence::{bounds, findings, target};
use opine::internals::published::figures::store::{Origin, Store, Table};

fn main() {
    divan::main();
}

#[divan::bench]
fn check_of_the_shipped_data(bencher: Bencher) {
    let store = Store::embedded();
    bencher.bench(|| findings(&store).len());
}

#[divan::bench]
fn bounds_of_a_joint_share(bencher: Bencher) {
    let store = Store::embedded();
    bencher.bench(|| {
        target(&store, "egf2023/view_both/both").map(|target| bounds(&store, &target).high)
    });
}

/// So many questions and countries, four answers and a NET each, totals over respondents, every tenth question with
/// a joint share; `wrong` questions have a NET that is no sum.
#[divan::bench(args = [0, 20], sample_count = 3, sample_size = 1)]
fn check_of_a_large_poll(bencher: Bencher, wrong: usize) {
    let store = large(200, 30, wrong);
    assert_eq!(store.errors(), 0);
    bencher.bench(|| findings(&store).len());
}

fn large(questions: usize, countries: usize, wrong: usize) -> Store {
    let shipped = |table: Table| std::fs::read_to_string(format!("data/{}", table.file_name()));
    let header = |table: Table| {
        let text = shipped(table).unwrap_or_default();
        format!("{}\n", text.lines().next().unwrap_or_default())
    };
    let codes = shipped(Table::Countries).unwrap_or_default();
    let codes: Vec<&str> = codes
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .filter(|code| code.len() == 2)
        .take(countries)
        .collect();
    let mut polls = header(Table::Polls);
    polls += &format!(
        "big,Big,Us,Us,adults,{},web,unknown,,,,,,\n",
        codes.join(" ")
    );
    let (mut asked, mut samples) = (header(Table::Questions), header(Table::Samples));
    let mut figures = header(Table::Figures);
    for code in codes.iter().chain(&["all"]) {
        samples += &format!("big,{code},all,1000,as_printed,,,,,report,,\n");
    }
    for number in 0..questions {
        asked += &format!("big,q{number},Q{number},paraphrase,single,a;b;c;d,,,Q{number},\n");
        let mut row = |response: &str, country: &str, share: f64, net: &str| {
            let aggregate = if country == "all" { "respondents" } else { "" };
            figures += &format!(
                "big,q{number},{response},{country},all,{share:.0},exact,{aggregate},{net},,report,yes,,\n"
            );
        };
        let mut total = [0.0; 4];
        for (place, code) in codes.iter().enumerate() {
            let shares = shares(number * 31 + place);
            for (share, (sum, response)) in shares
                .iter()
                .zip(total.iter_mut().zip(["a", "b", "c", "d"]))
            {
                *sum += share / codes.len() as f64;
                row(response, code, *share, "");
            }
            row("e", code, shares[0] + shares[1], "a;b");
        }
        for (share, response) in total.iter().zip(["a", "b", "c", "d"]) {
            row(response, "all", *share, "");
        }
        let off = if number < wrong { 9.0 } else { 0.0 };
        row("e", "all", total[0] + total[1] + off, "a;b");
    }
    for number in (0..questions).step_by(10) {
        let other = number + 1;
        asked += &format!("big,j{number},J,paraphrase,single,both,,q{number}:a & q{other}:a,J,\n");
        for (place, code) in codes.iter().enumerate() {
            let least = shares(number * 31 + place)[0].min(shares(other * 31 + place)[0]);
            figures += &format!(
                "big,j{number},both,{code},all,{:.0},exact,,,,report,yes,,\n",
                least / 2.0
            );
        }
    }
    let files = [
        (Table::Polls, polls),
        (Table::Questions, asked),
        (Table::Samples, samples),
        (Table::Figures, figures),
        (
            Table::Countries,
            shipped(Table::Countries).unwrap_or_default(),
        ),
        (
            Table::Responses,
            shipped(Table::Responses).unwrap_or_default(),
        ),
    ];
    let files = files.map(|(table, text)| (table, text.into_bytes()));
    Store::from_files(files, Origin::Embedded)
}

/// Four shares that add up to at most 100, the same for the same seed.
fn shares(seed: usize) -> [f64; 4] {
    let mut state = seed as u64 ^ 0x9E37_79B9_7F4A_7C15;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let raw = [next(), next(), next(), next(), next()];
    let sum: f64 = raw.iter().sum::<f64>().max(1e-9);
    [0, 1, 2, 3].map(|place| 100.0 * raw[place] / sum)
}
