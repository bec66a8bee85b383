//! The face of the library, used as other programs use it: nothing here reaches behind it.

mod errors;
mod figures;
mod respondents;
mod weighting;

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

/// The rooms behind the face are public for the program and the other tests; what stands here must do without.
#[test]
fn nothing_reaches_behind_the_face() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/face");
    let rooms = [
        "files",
        "frames",
        "present",
        "published",
        "statistics",
        "survey",
        "tabular",
    ];
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        files += 1;
        for room in rooms {
            let path_of_room = ["opine", room].join("::");
            assert!(!text.contains(&path_of_room), "{}: {room}", path.display());
        }
    }
    assert!(files > 3);
}
