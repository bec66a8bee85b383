//! Items, groups and conditions of sums are found however they are typed.

use crate::cli::program::opine_in;

fn poll() -> String {
    let path = std::fs::canonicalize("examples/poll.csv").unwrap();
    path.display().to_string()
}

#[test]
fn items_are_found_however_they_are_typed() {
    let folder = tempfile::tempdir().unwrap();
    let poll = poll();
    let typed = "prop( q1  in [\"Very worried\",'Somewhat worried'] )";
    let sums = [
        "sums",
        &poll,
        "mean( therm_us )",
        typed,
        "Warm=mean(`therm_us`)",
        "--by",
        "cut(therm_us,30,60)",
        "-o",
        "poll.sums",
    ];
    let run = opine_in(folder.path(), &sums, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let asked = |item: &str| {
        let run = opine_in(folder.path(), &["estimate", "poll.sums", item, "--csv"], "");
        assert_eq!(run.code, 0, "{item}: {}", run.err);
        run.out
    };
    let plain = asked("mean(therm_us)");
    assert_eq!(asked("mean(  `therm_us`)"), plain);
    assert_eq!(asked("mean( therm_us )"), plain);
    let canonical = asked("prop(q1 in ['Very worried', 'Somewhat worried'])");
    assert_eq!(asked(typed).lines().count(), canonical.lines().count());
    // shown as typed where none is named
    let run = opine_in(
        folder.path(),
        &["estimate", "poll.sums", "--format", "md"],
        "",
    );
    assert!(run.out.contains("mean( therm"), "{}", run.out);
    // parts that were typed otherwise go together
    let other = [
        "sums",
        &poll,
        "mean(therm_us)",
        "--by",
        "cut(therm_us, 30, 60)",
        "-o",
        "other.sums",
    ];
    let run = opine_in(folder.path(), &other, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let both = [
        "estimate",
        "poll.sums",
        "other.sums",
        "mean(therm_us)",
        "--csv",
    ];
    let run = opine_in(folder.path(), &both, "");
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn the_file_has_items_in_their_canonical_form() {
    let folder = tempfile::tempdir().unwrap();
    let poll = poll();
    let sums = ["sums", &poll, "mean( `therm_us` )", "-o", "poll.sums"];
    let run = opine_in(folder.path(), &sums, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let path = folder.path().join("poll.sums");
    let (spec, _) = opine::internals::survey::sums::export::read(&path).unwrap();
    assert_eq!(spec.items, ["mean(therm_us)"]);
    assert_eq!(spec.typed, ["mean( `therm_us` )"]);
    let twice = [
        "sums",
        &poll,
        "mean(therm_us)",
        "mean( therm_us )",
        "-o",
        "twice.sums",
    ];
    let run = opine_in(folder.path(), &twice, "");
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("named twice"), "{}", run.err);
}

/// A name that is no plain word is taken as it stands, as it was where the sums were made.
#[test]
fn names_of_columns_need_no_backquotes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("p.csv"),
        "clu#,how old\n1,20\n2,30\n1,40\n",
    )
    .unwrap();
    let run = opine_in(
        folder.path(),
        &[
            "sums",
            "p.csv",
            "mean(how old)",
            "prop(clu#)",
            "-o",
            "p.sums",
        ],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    for item in ["mean(how old)", "mean(`how old`)", "prop(clu#)"] {
        let run = opine_in(folder.path(), &["estimate", "p.sums", item, "--json"], "");
        assert_eq!(run.code, 0, "{item}: {}", run.err);
    }
}
