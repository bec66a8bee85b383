//! The SE after raking against samples drawn again: an oracle of its own.

use opine::internals::survey::weighting::{
    Calibration, Columns, Margin, Margins, MissingPolicy, RakeOptions, rake,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

const PEOPLE: usize = 20_000;
const DRAWN: usize = 400;
const SAMPLES: usize = 2_000;

struct Person {
    first: u32,
    second: u32,
    y: f64,
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    random.next_u32() as f64 / 4_294_967_296.0
}

/// Two margins that y depends on, one more than additively.
fn population(random: &mut ChaCha8Rng) -> Vec<Person> {
    let mut people = Vec::with_capacity(PEOPLE);
    for _ in 0..PEOPLE {
        let first = (uniform(random) * 3.0) as u32;
        let second = u32::from(uniform(random) < 0.3 + 0.2 * f64::from(first));
        let noise = (0..6).map(|_| uniform(random)).sum::<f64>() - 3.0;
        let both = f64::from(first * second);
        let y = 4.0 * f64::from(first) + 3.0 * f64::from(second) + both + 2.0 * noise;
        people.push(Person { first, second, y });
    }
    people
}

fn margin(
    name: &str,
    levels: u32,
    people: &[Person],
    drawn: &[usize],
    of: fn(&Person) -> u32,
) -> Margin {
    let names: Vec<String> = (0..levels).map(|level| level.to_string()).collect();
    let count = |level: u32| people.iter().filter(|one| of(one) == level).count() as f64;
    let targets: Vec<(String, f64)> = (0..levels)
        .map(|level| (level.to_string(), count(level)))
        .collect();
    let codes = drawn.iter().map(|row| of(&people[*row])).collect();
    Margin::matched(name.to_owned(), names, codes, &targets).unwrap()
}

/// The raked mean of a simple random sample with replacement, its variance by residuals, and by projection.
fn raked(people: &[Person], drawn: &[usize]) -> (f64, f64, f64) {
    let margins = [
        margin("first", 3, people, drawn, |one| one.first),
        margin("second", 2, people, drawn, |one| one.second),
    ];
    let base = vec![PEOPLE as f64 / DRAWN as f64; DRAWN];
    let weights = rake(
        &margins,
        &base,
        MissingPolicy::Refuse,
        None,
        RakeOptions::default(),
    )
    .unwrap()
    .weights;
    let total: f64 = weights.iter().sum();
    let mean = weights
        .iter()
        .zip(drawn)
        .map(|(w, row)| w * people[*row].y)
        .sum::<f64>()
        / total;
    let scores: Vec<f64> = drawn
        .iter()
        .map(|row| (people[*row].y - mean) / total)
        .collect();
    let variance = |residuals: &[f64]| {
        let of_rows: Vec<f64> = residuals.iter().zip(&weights).map(|(e, w)| e * w).collect();
        let centre = of_rows.iter().sum::<f64>() / DRAWN as f64;
        let squares: f64 = of_rows.iter().map(|one| (one - centre).powi(2)).sum();
        DRAWN as f64 / (DRAWN as f64 - 1.0) * squares
    };
    let columns = Columns::from_margins(&margins, DRAWN).unwrap();
    let mut greg = scores.clone();
    Calibration::prepare(columns, base.clone())
        .unwrap()
        .residual(&mut greg)
        .unwrap();
    let mut projected = scores;
    let all = Margins::new(&margins, DRAWN, MissingPolicy::Refuse, None).unwrap();
    all.project(&mut projected, 10).unwrap();
    (mean, variance(&greg), variance(&projected))
}

#[test]
fn the_se_after_raking_is_that_of_samples_drawn_again() {
    let mut random = ChaCha8Rng::seed_from_u64(20_261_124);
    let people = population(&mut random);
    let (mut means, mut greg, mut projected) = (Vec::new(), 0.0, 0.0);
    for _ in 0..SAMPLES {
        let drawn: Vec<usize> = (0..DRAWN)
            .map(|_| (uniform(&mut random) * PEOPLE as f64) as usize)
            .collect();
        let (mean, by_greg, by_projection) = raked(&people, &drawn);
        means.push(mean);
        greg += by_greg / SAMPLES as f64;
        projected += by_projection / SAMPLES as f64;
    }
    let truth = people.iter().map(|one| one.y).sum::<f64>() / PEOPLE as f64;
    let centre = means.iter().sum::<f64>() / SAMPLES as f64;
    let squares: f64 = means.iter().map(|mean| (mean - centre).powi(2)).sum();
    let drawn_again = (squares / (SAMPLES as f64 - 1.0)).sqrt();
    // the SD of 2,000 draws has a relative error of 1/sqrt(4,000) = 1.6%; four of those
    for (way, variance) in [("greg", greg), ("projection", projected)] {
        let ratio = variance.sqrt() / drawn_again;
        assert!((0.935..1.065).contains(&ratio), "{way}: {ratio}");
    }
    let off = (centre - truth).abs() / (drawn_again / (SAMPLES as f64).sqrt());
    assert!(off < 4.0, "{centre}, the truth {truth}");
    // raking takes what the margins explain: an SE that knows nothing of it would be far off
    let spread = people
        .iter()
        .map(|one| (one.y - truth).powi(2))
        .sum::<f64>()
        / PEOPLE as f64;
    assert!((spread / DRAWN as f64).sqrt() > 1.5 * drawn_again);
}
