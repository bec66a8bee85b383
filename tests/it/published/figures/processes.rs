//! Many processes at once, and processes that are killed.

use crate::cli::program;
use crate::published::figures::small;
use opine::internals::published::figures::store::{Finding, Store, read_changes};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

/// The real program, adding one figure to the small store.
fn adding(dir: &Path, source: &str) -> Child {
    let args = [
        "add",
        "figure",
        "--data",
        ".",
        "--poll",
        "mypoll",
        "--question",
        "approve",
        "--response",
        "no",
        "--percent",
        "47",
        "--reported-by",
        source,
    ];
    program::command(dir, &args).spawn().unwrap()
}

/// The sources of the figures in the folder, which must be whole: nothing wrong, and what was there at first as it was.
fn sources(dir: &Path) -> HashSet<String> {
    let store = Store::open(dir).unwrap();
    assert!(
        !store.findings.iter().any(Finding::is_error),
        "{:?}",
        store.findings
    );
    assert!(
        fs::read_to_string(dir.join("figures.csv"))
            .unwrap()
            .starts_with(small::FIGURES)
    );
    store
        .figures
        .into_iter()
        .map(|figure| figure.reported_by)
        .collect()
}

#[test]
fn twenty_at_once_lose_no_row() {
    let dir = tempfile::tempdir().unwrap();
    small::write(dir.path());
    let children: Vec<Child> = (0..20)
        .map(|number| adding(dir.path(), &format!("p{number}")))
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let there = sources(dir.path());
    assert!((0..20).all(|number| there.contains(&format!("p{number}"))));
}

/// What a process said it has added is there, and the file is whole, whenever the process is killed.
#[test]
fn a_killed_one_leaves_a_whole_file() {
    let dir = tempfile::tempdir().unwrap();
    small::write(dir.path());
    let mut said: HashSet<String> = HashSet::new();
    let mut killed = 0;
    for number in 0..60_u64 {
        let source = format!("k{number}");
        let mut child = adding(dir.path(), &source);
        std::thread::sleep(Duration::from_micros(number * 7_919 % 15_000));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        killed += usize::from(!output.status.success());
        if String::from_utf8(output.stdout)
            .unwrap()
            .contains(&format!(",{source},"))
        {
            said.insert(source);
        }
        let there = sources(dir.path());
        assert!(said.iter().all(|row| there.contains(row)));
    }
    // One that is left alone adds its row, whatever the killed ones left behind.
    assert!(
        adding(dir.path(), "last")
            .wait_with_output()
            .unwrap()
            .status
            .success()
    );
    let there = sources(dir.path());
    assert!(there.contains("last"));
    // no change is half done: what is there was written down, and what was written down is there
    let changes = read_changes(dir.path()).unwrap();
    let ids = changes
        .iter()
        .flatten()
        .filter(|(column, _)| *column == "id");
    let written: HashSet<String> = ids
        .filter_map(|(_, id)| Some(id.split_once('@')?.1.to_owned()))
        .collect();
    let own = |source: &&String| source.starts_with('k') || *source == "last";
    let added: HashSet<String> = there.iter().filter(own).cloned().collect();
    assert_eq!(added, written);
    assert!(killed > 0, "none was killed in time");
    let left = fs::read_dir(dir.path()).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .ends_with(".tmp")
    });
    assert_eq!(
        left.count(),
        0,
        "temporary files of killed processes are cleared"
    );
}
