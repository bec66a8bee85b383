//! A small run of the generated cases; `examples/fuzz` tries a million.

#[path = "../../../examples/fuzz/cases/mod.rs"]
mod cases;

use cases::{Trial, World};

#[test]
fn generated_input_is_used_or_refused_in_words() {
    let (world, mut fine, mut refused) = (World::new(), 0, 0);
    for case in 0..4_000 {
        match world.trial(20_261_124, case) {
            Trial::Fine => fine += 1,
            Trial::Refused => refused += 1,
            Trial::Panicked { input, message } => panic!("case {case}: {message}\n{input}"),
        }
    }
    // both happen often: the cases are neither all nonsense nor all sound
    assert!(
        fine > 800 && refused > 800,
        "{fine} fine, {refused} refused"
    );
}

#[test]
fn generated_tables_are_read_or_refused_in_words() {
    let (world, mut fine, mut refused) = (World::new(), 0, 0);
    for case in 0..6_000 {
        match world.table_trial(20_261_130, case) {
            Trial::Fine => fine += 1,
            Trial::Refused => refused += 1,
            Trial::Panicked { input, message } => panic!("case {case}: {message}\n{input}"),
        }
    }
    assert!(
        fine > 1_000 && refused > 1_000,
        "{fine} fine, {refused} refused"
    );
}
