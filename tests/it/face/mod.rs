//! The face of the library, used as other programs use it: nothing here reaches behind it.

mod errors;
mod figures;
mod respondents;
mod weighting;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file of the examples.
fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

/// The poll of the examples with its design.
fn poll() -> opine::Survey {
    opine::Survey::open(example("poll.csv"))
        .unwrap()
        .weights("weight")
        .strata(["stratum"])
        .psu(["psu"])
}

/// The floors behind the face are for the program and the other tests; what stands here, and the wheel, must do without.
#[test]
fn nothing_reaches_behind_the_face() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let door = ["opine", "internals"].join("::");
    let mut files = 0;
    for folder in ["tests/it/face", "python/src"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            files += 1;
            assert!(!text.contains(&door), "{}", path.display());
        }
    }
    assert!(files > 10);
}

/// The wheel has a lock file of its own, which a new dependency here leaves behind.
#[test]
fn the_wheel_locks_the_same_dependencies() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dependencies = |lock: &str| -> BTreeSet<String> {
        let text = std::fs::read_to_string(root.join(lock)).unwrap();
        let (_, own) = text.split_once("name = \"opine\"\n").unwrap();
        let (own, _) = own.split_once(']').unwrap();
        own.lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
            .map(str::to_owned)
            .collect()
    };
    let of_tests = ["divan", "insta", "proptest"];
    let mut here = dependencies("Cargo.lock");
    here.retain(|name| !of_tests.contains(&name.as_str()));
    assert!(here.len() > 20);
    assert_eq!(here, dependencies("python/Cargo.lock"));
}
