//! Correcting and removing rows by the real program, and what changes.csv says of it.

use crate::cli::program::{Run, opine_in, own_copy, rows};
use crate::published::figures::small;
use opine::internals::published::figures::store::{Store, Table, plan_removal, plan_revision};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    small::write(dir.path());
    dir
}

fn run(dir: &Path, args: &[&str]) -> Run {
    opine_in(dir, &[args, &["--data", "."]].concat(), "")
}

fn text(dir: &Path, file: &str) -> String {
    fs::read_to_string(dir.join(file)).unwrap()
}

/// The lines of changes.csv without their times, which must be times.
fn changes(dir: &Path) -> Vec<String> {
    let text = text(dir, "changes.csv");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("when,change,file,id,column,before,after,by_whom,reason")
    );
    let untimed = lines.map(|line| {
        let (time, rest) = line.split_once(',').unwrap();
        let digits = time.replace(|letter: char| letter.is_ascii_digit(), "0");
        assert_eq!(digits, "0000-00-00T00:00:00Z");
        rest.to_owned()
    });
    untimed.collect()
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let kept = entries.filter(|path| !path.ends_with(".opine.lock"));
    kept.map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn a_correction_changes_its_cells_and_keeps_what_was_there() {
    let dir = folder();
    let id = "mypoll/approve/yes";
    let note = "Corrected, \"now\" 48";
    let done = run(
        dir.path(),
        &[
            "edit",
            "figure",
            id,
            "--percent",
            "48",
            "--note",
            note,
            "--by-whom",
            "A. Keeper",
            "--reason",
            "Final report",
        ],
    );
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with(
        "mypoll/approve/yes:all@report\n  percent: 47 → 48\n  note: (empty) → Corrected"
    ));
    assert!(done.out.contains("48%, 95% interval"), "{}", done.out);
    let line = "mypoll,approve,yes,,,47,,,,,report,yes,,\n";
    let new = "mypoll,approve,yes,,,48,,,,,report,yes,,\"Corrected, \"\"now\"\" 48\"\n";
    assert_eq!(
        text(dir.path(), "figures.csv"),
        small::FIGURES.replace(line, new)
    );
    assert_eq!(
        changes(dir.path()),
        [
            "corrected,figures.csv,mypoll/approve/yes:all@report,percent,47,48,A. Keeper,Final report",
            "corrected,figures.csv,mypoll/approve/yes:all@report,note,,\"Corrected, \"\"now\"\" 48\",A. Keeper,Final report",
        ]
    );
    let emptied = run(
        dir.path(),
        &[
            "edit",
            "figure",
            "figures.csv:5",
            "--note",
            "",
            "--percent",
            "48",
        ],
    );
    assert_eq!(emptied.code, 0, "{}", emptied.err);
    assert!(emptied.err.contains("note: percent is “48” already"));
    assert_eq!(
        text(dir.path(), "figures.csv"),
        small::FIGURES.replace(line, &line.replace("47", "48"))
    );
    assert_eq!(changes(dir.path()).len(), 3);
}

#[test]
fn a_correction_a_second_source_and_a_withdrawal_are_three_things() {
    let dir = folder();
    let source = [
        "add",
        "figure",
        "--poll",
        "mypoll",
        "--question",
        "approve",
        "--response",
        "yes",
        "--percent",
        "46",
        "--reported-by",
        "npr",
    ];
    let added = run(dir.path(), &[&source[..], &["--by-whom", "B"]].concat());
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(
        added
            .err
            .contains("is a second source’s row: mypoll/approve/yes:all@report stands as before"),
        "{}",
        added.err
    );
    let several = run(
        dir.path(),
        &["edit", "figure", "mypoll/approve/yes", "--percent", "48"],
    );
    assert_eq!(several.code, 2);
    assert!(
        several
            .err
            .contains("2 rows: mypoll/approve/yes:all@report, mypoll/approve/yes:all@npr"),
        "{}",
        several.err
    );
    for args in [
        [
            "edit",
            "figure",
            "mypoll/approve/yes@npr",
            "--percent",
            "45",
        ],
        [
            "remove",
            "figure",
            "mypoll/approve/yes@npr",
            "--reason",
            "Retracted",
        ],
        ["add", "sample", "--poll=mypoll", "--base=women", "-n=510"],
    ] {
        let done = run(dir.path(), &args);
        assert_eq!(done.code, 0, "{args:?}: {}", done.err);
    }
    let row = "\"mypoll,approve,yes,all,all,46,exact,,,,npr,,,\"";
    assert_eq!(
        changes(dir.path()),
        [
            format!("second_source,figures.csv,mypoll/approve/yes:all@npr,,,{row},B,"),
            "corrected,figures.csv,mypoll/approve/yes:all@npr,percent,46,45,,".to_owned(),
            format!(
                "withdrawn,figures.csv,mypoll/approve/yes:all@npr,,{},,,Retracted",
                row.replace("46", "45")
            ),
            "added,samples.csv,mypoll:all:women,,,\"mypoll,all,women,510,,,,,,\",,".to_owned(),
        ]
    );
    assert_eq!(text(dir.path(), "figures.csv"), small::FIGURES);
    let listed = rows(&run(
        dir.path(),
        &["list", "changes", "mypoll/approve", "--json"],
    ));
    let kinds: Vec<&str> = listed
        .iter()
        .map(|row| row["change"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["second_source", "corrected", "withdrawn"]);
    let shown = run(dir.path(), &["list", "changes", "*/approve/yes@npr"]);
    assert!(
        shown.out.contains("percent: 46 → 45") && shown.out.contains("Retracted"),
        "{}",
        shown.out
    );
}

#[test]
fn nothing_is_taken_from_under_others() {
    let dir = own_copy();
    let before = files(dir.path());
    for (args, named) in [
        (
            vec!["remove", "poll", "lowy2019"],
            "sample lowy2019:AU@taipeitimes, question lowy2019/trust_cn",
        ),
        (
            vec!["remove", "question", "egf2023/view_cn"],
            "question egf2023/view_both",
        ),
        (
            vec!["remove", "sample", "lowy2019:AU"],
            "1 row depends on it: lowy2019/trust_cn/trust:AU@taipeitimes",
        ),
        (
            vec!["remove", "figure", "egf2023/worried/net@npr"],
            "1 row depends on it: claim worried",
        ),
        (
            vec!["remove", "response", "favourable"],
            "rows depend on it",
        ),
        (
            vec!["edit", "poll", "lowy2019", "--poll", "lowy19"],
            "lowy2019 can’t become lowy19, since 3 rows depend on it",
        ),
        (
            vec![
                "edit",
                "question",
                "lowy2019/trust_cn",
                "--question",
                "trust",
            ],
            "lowy2019/trust_cn can’t become lowy2019/trust",
        ),
        (
            vec![
                "edit",
                "figure",
                "egf2023/worried/net@npr",
                "--reported-by",
                "bbc",
            ],
            "claim worried",
        ),
    ] {
        let refused = run(dir.path(), &args);
        assert_eq!(
            (refused.code, refused.out.as_str()),
            (2, ""),
            "{args:?}: {}",
            refused.err
        );
        assert!(refused.err.contains(named), "{args:?}: {}", refused.err);
    }
    assert_eq!(files(dir.path()), before, "nothing was written");
    // one of two rows of a sample may go, and its source may be corrected
    let iseas = run(
        dir.path(),
        &["edit", "sample", "iseas2022@csis", "--reported-by", "npr"],
    );
    assert_eq!(iseas.code, 0, "{}", iseas.err);
    let iseas = run(dir.path(), &["remove", "sample", "iseas2022@npr"]);
    assert_eq!(iseas.code, 0, "{}", iseas.err);
}

#[test]
fn a_poll_goes_with_all_that_is_of_it() {
    let dir = own_copy();
    let args = ["remove", "poll", "egf2023", "--with-dependents"];
    let before = files(dir.path());
    let tried = run(dir.path(), &[&args[..], &["--dry-run"]].concat());
    assert_eq!(
        (tried.code, files(dir.path())),
        (0, before),
        "{}",
        tried.err
    );
    let done = run(dir.path(), &args);
    assert_eq!((done.code, &done.out), (0, &tried.out), "{}", done.err);
    let store = Store::open(dir.path()).unwrap();
    assert!(
        store.poll("egf2023").is_none() && store.errors() == 0,
        "{:?}",
        store.findings
    );
    assert_eq!(changes(dir.path()).len(), done.out.lines().count());
    assert!(done.out.contains("claims.csv:") && done.out.contains("polls.csv:"));
}

#[test]
fn what_would_be_wrong_is_refused_and_a_wrong_row_can_be_put_right() {
    let dir = folder();
    let before = files(dir.path());
    for (args, code, word) in [
        (
            vec!["edit", "figure", "mypoll/approve/yes", "--percent", "470"],
            1,
            "range",
        ),
        (
            vec!["edit", "figure", "mypoll/approve/yes", "--response", "yess"],
            1,
            "did you mean yes?",
        ),
        (
            vec!["edit", "figure", "mypoll/approve/yes", "--percent", ""],
            1,
            "percent is empty",
        ),
        (
            vec!["edit", "question", "mypoll/approve", "--title", "T"],
            1,
            "has no column title",
        ),
        (
            vec!["edit", "figure", "mypoll/aprove/yes", "--percent", "4"],
            2,
            "did you mean mypoll/approve/yes:all?",
        ),
        (
            vec!["edit", "figure", "figures.csv:99", "--percent", "4"],
            2,
            "has no figure",
        ),
        (vec!["edit", "poll", "mypoll"], 2, "nothing to change"),
        (vec!["remove", "poll", "nobody"], 2, "has no poll “nobody”"),
    ] {
        let refused = run(dir.path(), &args);
        assert_eq!(
            (refused.code, refused.out.as_str()),
            (code, ""),
            "{args:?}: {}",
            refused.err
        );
        assert!(refused.err.contains(word), "{args:?}: {}", refused.err);
    }
    assert_eq!(files(dir.path()), before);
    let wrong = small::POLLS.replace("2023-04,", "2206-04,");
    fs::write(dir.path().join("polls.csv"), wrong).unwrap();
    let mended = run(
        dir.path(),
        &["edit", "poll", "egf2023", "--field-start", "2023-04"],
    );
    assert_eq!(mended.code, 0, "{}", mended.err);
    assert_eq!(text(dir.path(), "polls.csv"), small::POLLS);
}

#[test]
fn a_file_of_another_kind_is_not_written_to() {
    let dir = folder();
    fs::write(dir.path().join("changes.csv"), "date,what\n2026,x\n").unwrap();
    let refused = run(
        dir.path(),
        &["edit", "figure", "mypoll/approve/yes", "--percent", "48"],
    );
    assert_eq!(refused.code, 3);
    assert!(
        refused.err.contains("is no list of changes"),
        "{}",
        refused.err
    );
    assert_eq!(text(dir.path(), "figures.csv"), small::FIGURES);
    let shipped = opine_in(
        tempfile::tempdir().unwrap().path(),
        &["edit", "poll", "egf2023", "--title", "x"],
        "",
    );
    assert_eq!(shipped.code, 2);
    assert!(
        shipped.err.contains("opine init my-polls"),
        "{}",
        shipped.err
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever note a row is given, its other cells and all other rows stay as they are, and taking the note back gives the
    /// file that was; a row that is taken out leaves all others byte for byte.
    #[test]
    fn all_else_stays_byte_for_byte(note in "[ -~\n]{1,40}", line in 2_u64..6, ends in 0..3_usize) {
        let end = ["\n", "\r\n", "\r"][ends];
        let figures = small::FIGURES.replace('\n', end);
        let store = small::with(Table::Figures, figures.clone());
        let id = format!("figures.csv:{line}");
        let value = |text: &str| [("note".to_owned(), text.to_owned())];
        if let Ok(revision) = plan_revision(&store, Table::Figures, &id, &value(&note)) {
            let after = revision.store(&store);
            let others = |store: &Store| -> Vec<String> {
                let rows = store.figures.iter().filter(|figure| figure.line != line);
                rows.map(|figure| format!("{:?}", (figure.id_with_source(), &figure.percent, &figure.note))).collect()
            };
            prop_assert_eq!(others(&after), others(&store));
            let kept = after.figures.iter().find(|figure| figure.line == line).unwrap();
            prop_assert_eq!(kept.note.trim(), note.trim());
            let back = plan_revision(&after, Table::Figures, &id, &value("")).unwrap();
            prop_assert_eq!(back.store(&after).figures, store.figures.clone());
        }
        let removal = plan_removal(&store, Table::Figures, &[id], false).unwrap();
        prop_assert_eq!(removal.rows.len(), 1);
    }
}
