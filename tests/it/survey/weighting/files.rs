//! `opine weight` on files of SPSS and Stata: the file that came in, and the weight.

use std::path::Path;

use opine::internals::survey::microdata::{Codebook, OpenOptions, Source, open};

use crate::cli::program::{Run, opine_in};
use crate::survey::microdata::expected::file;
use crate::survey::microdata::table::{numbers, table};

/// What is said of the targets.
const TAKEN: &str = "note: t.csv: taken as shares: party adds up to 1\n";

/// Raked to two parties, written to `to`.
fn raked(folder: &Path, from: &str, to: &str, more: &[&str]) -> Run {
    if file(from).exists() {
        std::fs::copy(file(from), folder.join(from)).unwrap();
    }
    // what is missing in the files of SPSS is an answer in those of Stata
    let last = match from.ends_with(".dta") {
        true => "party,C,0.1\nparty,X,0.1\n",
        false => "party,C,0.2\n",
    };
    let targets = format!("variable,level,target\nparty,A,0.5\nparty,B,0.3\n{last}");
    std::fs::write(folder.join("t.csv"), targets).unwrap();
    let args = [
        "weight",
        from,
        "--rake",
        "t.csv",
        "--no-answer",
        "drop",
        "-o",
        to,
        "--csv",
    ];
    opine_in(folder, &[&args, more].concat(), "")
}

fn opened(folder: &Path, name: &str) -> Box<dyn Source> {
    open(&folder.join(name), &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The codebook but for its last variable.
fn without_last(codebook: &Codebook) -> Codebook {
    let mut codebook = codebook.clone();
    codebook.variables.pop();
    codebook
}

#[test]
fn the_file_comes_back_with_the_weight_last() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (from, to) in [
        ("rows.sav", "out.sav"),
        ("rows.sav", "out.zsav"),
        ("packed.zsav", "OUT.ZSAV"),
        ("stata15.dta", "out.dta"),
    ] {
        let done = raked(folder, from, to, &["--name", "Weight_2"]);
        assert_eq!(done.code, 0, "{}", done.err);
        assert_eq!(done.err.trim(), format!("{TAKEN}wrote {to}"));
        let csv = raked(folder, from, "out.csv", &["--name", "Weight_2"]);
        assert_eq!(csv.code, 0, "{}", csv.err);
        let (before, after) = (opened(folder, from), opened(folder, to));
        assert_eq!(*before.codebook(), without_last(after.codebook()), "{from}");
        let (read, again) = (
            table(before.as_ref()).unwrap(),
            table(after.as_ref()).unwrap(),
        );
        for name in &read.names {
            assert_eq!(read.columns[name], again.columns[name], "{from} {name}");
        }
        assert_eq!(after.codebook().variables.last().unwrap().name, "Weight_2");
        let weights = numbers(after.as_ref(), "Weight_2").unwrap();
        let in_csv = numbers(opened(folder, "out.csv").as_ref(), "Weight_2").unwrap();
        assert_eq!(weights, in_csv, "{from}");
    }
}

#[test]
fn what_is_written_otherwise_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows: String = ["A", "B", "C"]
        .iter()
        .map(|party| format!("{party},1,2\n"))
        .collect();
    std::fs::write(folder.join("r.csv"), format!("party,how old,with\n{rows}")).unwrap();
    let done = raked(folder, "r.csv", "out.sav", &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(
        done.err.trim(),
        format!(
            "{TAKEN}note: --no-answer changes nothing: nobody with a weight misses an answer\nnote: how old is named how_old in the file\nnote: with is named with_ in the file\nwrote out.sav"
        )
    );
    let read = opened(folder, "out.sav");
    assert_eq!(
        read.codebook()
            .variable("how_old")
            .unwrap()
            .label
            .as_deref(),
        Some("how old")
    );
    let done = raked(folder, "rows.sav", "out.dta", &["--quiet"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
}

#[test]
fn refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (from, to, name, code, said) in [
        (
            "rows.sav",
            "out.sav",
            "new weight",
            2,
            "new weight: SPSS takes no variable of that name: it has ' '; name it otherwise, with --name",
        ),
        (
            "rows.sav",
            "out.sav",
            "VOTE",
            2,
            "the file has a column vote already",
        ),
        (
            "stata15.dta",
            "out.dta",
            "1w",
            2,
            "1w: Stata takes no variable of that name: it starts with '1'",
        ),
        (
            "rows.sav",
            "out.por",
            "w",
            2,
            "weighted respondents are written as .csv, .parquet, .sav, .zsav or .dta",
        ),
    ] {
        let done = raked(folder, from, to, &["--name", name]);
        assert_eq!(done.code, code, "{}", done.err);
        assert!(done.err.contains(said), "{}", done.err);
        assert!(!folder.join(to).exists(), "{to}");
    }
}

/// Question texts that a survey tool writes under the names have no place in a CSV of entries.
#[test]
fn labels_that_a_csv_has_no_room_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = "party,Q1\nWhich party?,How much?\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\"\nA,1\nB,2\nC,3\n";
    std::fs::write(folder.join("q.csv"), file).unwrap();
    let done = raked(folder, "q.csv", "out.csv", &[]);
    assert!(
        done.err.contains("labels of variables are left out"),
        "{}",
        done.err
    );
    let done = raked(folder, "q.csv", "out.sav", &[]);
    assert!(!done.err.contains("left out"), "{}", done.err);
    let read = opened(folder, "out.sav");
    let label = read.codebook().variable("Q1").unwrap().label.clone();
    assert_eq!(label.as_deref(), Some("How much?"));
}

/// Estimates with new weights say what others say.
#[test]
fn estimates_with_new_weights_warn() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let targets = "variable,level,target\nsex,f,0.5\nsex,m,0.5\n";
    std::fs::write(folder.join("t.csv"), targets).unwrap();
    std::fs::write(folder.join("p.csv"), "sex,q\nf,Yes\nm,No\nm,Yes\nf,No\n").unwrap();
    let weigh = |more: &[&str]| {
        let args = [&["weight", "p.csv", "--rake", "t.csv", "--then"], more].concat();
        opine_in(folder, &args, "")
    };
    let run = weigh(&["prop(q == 'Yess')"]);
    assert!(
        run.code == 0 && run.err.contains("did you mean Yes?"),
        "{}",
        run.err
    );
    let run = weigh(&["prop(q)", "--without", "Perhaps"]);
    assert!(
        run.code == 2 && run.err.contains("--without Perhaps"),
        "{}",
        run.err
    );
}
