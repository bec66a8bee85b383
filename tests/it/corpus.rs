//! The corpus of the fuzz targets, fed to the same entries as it is and changed: no panic, and nothing that runs on. What is
//! under a checksum is never believed when a byte of it is another.

#[path = "../../fuzz/entries.rs"]
mod entries;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use entries::{ENTRIES, Entry};
use opine::internals::survey::microdata::{OpenOptions, open_bytes};

use crate::survey::microdata::table::table;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

/// The files of an entry, in the order of their names.
fn files(entry: &str) -> Vec<(String, Vec<u8>)> {
    let folder = fs::read_dir(corpus().join(entry)).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = folder
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// A file with a few changes, as damage and bad luck make them: bits and bytes changed, parts cut out, doubled or taken from
/// another file, numbers at their limits, an end that is missing.
fn changed(bytes: &[u8], other: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut below = |most: usize| random.next_u32() as usize % most.max(1);
    for _ in 0..=below(4) {
        // most of what a file says of itself stands at its ends
        let place = match below(3) {
            0 => below(bytes.len().min(512)),
            1 => bytes.len().saturating_sub(1 + below(512)),
            _ => below(bytes.len()),
        };
        if place >= bytes.len() {
            break;
        }
        let length = 1 + below(32);
        let end = (place + length).min(bytes.len());
        match below(8) {
            0 | 1 => bytes[place] ^= 1 << below(8),
            2 => bytes[place] = below(256) as u8,
            3 => bytes[place] = [0, 0x7f, 0x80, 0xff][below(4)],
            4 => bytes[place..end].fill([0, 0xff][below(2)]),
            5 => drop(bytes.drain(place..end)),
            6 => {
                let part = bytes[place..end].to_vec();
                bytes.splice(place..place, part);
            }
            _ => {
                let from = below(other.len());
                let part = other[from..(from + length).min(other.len())].to_vec();
                bytes.splice(place..place, part);
            }
        }
    }
    if below(8) == 0 {
        bytes.truncate(below(bytes.len()));
    }
    bytes
}

/// Longer than any of these small files may take, also where everything else runs on the same machine.
const LONGEST: Duration = Duration::from_secs(60);

/// Feeds bytes to an entry; what went wrong.
fn trial(entry: Entry, bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(|| entry(bytes)));
    match (ended, begun.elapsed()) {
        (Err(_), _) => Some("panicked".to_owned()),
        (Ok(()), taken) if taken > LONGEST => Some(format!("took {taken:?}")),
        _ => None,
    }
}

/// Keeps what went wrong as a file, to be looked at and put into the corpus once it is mended.
fn fault(entry: &str, name: &str, case: u64, bytes: &[u8], what: &str) -> String {
    let path = std::env::temp_dir().join(format!("opine-{entry}-{case}"));
    fs::write(&path, bytes).unwrap();
    format!(
        "{entry}: {name}, change {case}: {what}: see {}",
        path.display()
    )
}

/// Changes the files of an entry so many times; every fault.
fn search(name: &str, entry: Entry, cases: std::ops::Range<u64>) -> Vec<String> {
    let files = files(name);
    let one = |case: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(case);
        let at = random.next_u32() as usize % files.len();
        let other = random.next_u32() as usize % files.len();
        let bytes = changed(&files[at].1, &files[other].1, &mut random);
        let what = trial(entry, &bytes)?;
        Some(fault(name, &files[at].0, case, &bytes, &what))
    };
    cases.into_par_iter().filter_map(one).collect()
}

#[test]
fn the_corpus_is_read() {
    let mut size = 0;
    for (name, entry) in ENTRIES {
        let files = files(name);
        assert!(!files.is_empty(), "{name}");
        for (file, bytes) in files {
            assert_eq!(trial(entry, &bytes), None, "{name}/{file}");
            // cut off anywhere, it is no more than an error
            for end in (0..bytes.len()).step_by(1 + bytes.len() / 40) {
                assert_eq!(trial(entry, &bytes[..end]), None, "{name}/{file} to {end}");
            }
            size += bytes.len();
        }
    }
    // whoever fetches the repository fetches it, too
    assert!(size < 300_000, "{size}");
}

#[test]
fn changed_files_end_in_data_or_an_error() {
    for (name, entry) in ENTRIES {
        assert_eq!(search(name, entry, 0..400), Vec::<String>::new());
    }
}

/// `OPINE_FUZZ_SECONDS=600 cargo test --release --test it a_long_search -- --ignored --nocapture`
#[test]
#[ignore = "by hand, as long as one likes"]
fn a_long_search_of_every_entry() {
    let asked = std::env::var("OPINE_FUZZ_SECONDS").ok();
    let seconds = asked.and_then(|text| text.parse().ok()).unwrap_or(10);
    let mut found = Vec::new();
    for (name, entry) in ENTRIES {
        let (begun, mut done) = (Instant::now(), 1_000);
        while begun.elapsed() < Duration::from_secs(seconds) {
            found.extend(search(name, entry, done..done + 500));
            done += 500;
        }
        println!("{name}: {} cases", done - 1_000);
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_changed_byte_under_a_checksum_is_never_believed() {
    let open = |name: &str, bytes: &[u8]| {
        let source = open_bytes(name, bytes, &OpenOptions::default()).ok()?;
        table(source.as_ref()).ok()
    };
    for (name, whole) in files("packed") {
        let read = open(&name, &whole).unwrap_or_else(|| panic!("{name}"));
        for at in 0..whole.len() {
            for change in [1, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                // some bytes say nothing: the time in a head, a flag that nobody needs
                if let Some(other) = open(&name, &bytes) {
                    assert_eq!(other, read, "{name}: byte {at}");
                }
            }
        }
    }
}
