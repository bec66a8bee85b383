//! Tries the program on generated input: `cargo run --release --example fuzz -- --cases 1000000 --seed 1`.
//! A case that panics is printed with its number, by which it can be tried again: `--only NUMBER`. `--tables` tries small
//! tables alone, text and workbooks.

mod cases;

use std::time::Instant;

use cases::{Trial, World};

/// The number after an option.
fn number(args: &[String], option: &str, usual: u64) -> u64 {
    let place = args.iter().position(|arg| arg == option);
    match place.and_then(|place| args.get(place + 1)) {
        None => usual,
        Some(text) => text.replace('_', "").parse().unwrap_or_else(|_| {
            eprintln!("{option}: “{text}” is no number");
            std::process::exit(2)
        }),
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (cases, seed) = (
        number(&args, "--cases", 100_000),
        number(&args, "--seed", 1),
    );
    let only = args
        .iter()
        .any(|arg| arg == "--only")
        .then(|| number(&args, "--only", 0));
    let tables = args.iter().any(|arg| arg == "--tables");
    let world = World::new();
    // a panic is told once, with its case
    std::panic::set_hook(Box::new(|_| {}));
    let begun = Instant::now();
    let (mut failed, mut refused) = (0_u64, 0_u64);
    let range = only.map_or(0..cases, |only| only..only + 1);
    for case in range {
        let trial = match tables {
            true => world.table_trial(seed, case),
            false => world.trial(seed, case),
        };
        match trial {
            Trial::Fine => {}
            Trial::Refused => refused += 1,
            Trial::Panicked { input, message } => {
                failed += 1;
                println!("case {case} of seed {seed} panicked: {message}\n{input}\n");
                if failed == 20 {
                    break;
                }
            }
        }
        if case > 0 && case % 100_000 == 0 {
            eprintln!("{case} cases, {:.0} s", begun.elapsed().as_secs_f64());
        }
    }
    println!(
        "{cases} cases of seed {seed}: {failed} panics, {refused} refused in words, {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    std::process::exit(i32::from(failed > 0));
}
