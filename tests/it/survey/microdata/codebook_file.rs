//! A codebook beside a file: labels, levels and their order, what is missing; and the draft of one.

use std::path::PathBuf;

use opine::internals::survey::microdata::{
    Kind, OpenOptions, Source, Value, codebook_draft, describe, open,
};

use crate::survey::microdata::expected::file;
use crate::survey::microdata::table::numbers;

struct Files {
    _folder: tempfile::TempDir,
    data: PathBuf,
    codebook: PathBuf,
}

fn files(data: &str, codebook: impl AsRef<[u8]>) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let (path, book) = (
        folder.path().join("poll.csv"),
        folder.path().join("book.csv"),
    );
    std::fs::write(&path, data).unwrap();
    std::fs::write(&book, codebook).unwrap();
    Files {
        _folder: folder,
        data: path,
        codebook: book,
    }
}

fn opened(files: &Files) -> Box<dyn Source> {
    let options = OpenOptions {
        codebook: Some(files.codebook.clone()),
        ..OpenOptions::default()
    };
    open(&files.data, &options).unwrap_or_else(|error| panic!("{error}"))
}

const DATA: &str = "q1,edu,w\n1,High,1\n2,Low,2\n98,Mid,1\n99,Low,1\n";

#[test]
fn labels_levels_and_what_is_missing() {
    let files = files(
        DATA,
        "Variable;Label;Value;Level;Missing;Order\nq1;How worried are you?;;;;\nq1;;1;Very;;\nq1;;2;Not;;\nq1;;98;Don’t know;yes;\n\
         q1;;99;;x;\nedu;Schooling;Low;;;1\nedu;;High;;;3\nedu;;Mid;;;2\nq7;;;;;\n",
    );
    let source = opened(&files);
    let q1 = source.codebook().variable("q1").unwrap();
    assert_eq!(q1.label.as_deref(), Some("How worried are you?"));
    assert_eq!(q1.label_of(&Value::Number(98.0)), Some("Don’t know"));
    assert!(q1.missing.holds(&Value::Number(99.0)) && !q1.missing.holds(&Value::Number(2.0)));
    let read = numbers(source.as_ref(), "q1").unwrap();
    assert!(read[..2] == [1.0, 2.0] && read[2..].iter().all(|number| number.is_nan()));
    let edu = source.codebook().variable("edu").unwrap();
    let order: Vec<String> = edu.labels.iter().map(|(value, _)| value.text()).collect();
    assert_eq!(order, ["Low", "Mid", "High"]);
    assert_eq!(edu.name_of(&Value::Text("Mid".to_owned())), "Mid");
    let notes = source.notes();
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("book.csv tells of q7, which the file does not have")),
        "{notes:?}"
    );
    let described = describe(source.as_ref()).unwrap();
    let levels = described.variables[1].levels.as_ref().unwrap();
    let counts: Vec<u64> = levels.iter().map(|level| level.count).collect();
    assert_eq!(counts, [2, 1, 1]);
}

/// What the file says itself stays, but for what the table says otherwise.
#[test]
fn beside_the_labels_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book.tsv");
    std::fs::write(
        &book,
        "variable\tvalue\tlevel\tmissing\nvote\t2\tNo, never\t\nvote\t8\t\tno\n",
    )
    .unwrap();
    let options = OpenOptions {
        codebook: Some(book),
        ..OpenOptions::default()
    };
    let source = open(&file("rows.sav"), &options).unwrap();
    let vote = source.codebook().variable("vote").unwrap();
    let label = |value: f64| vote.label_of(&Value::Number(value));
    assert_eq!(
        (label(1.0), label(2.0), label(8.0)),
        (Some("Ja"), Some("No, never"), Some("Weiß nicht"))
    );
    assert!(!vote.missing.holds(&Value::Number(8.0)) && vote.missing.holds(&Value::Number(9.0)));
}

#[test]
fn what_is_wrong_with_a_codebook() {
    let refused = |book: &str| {
        let files = files(DATA, book);
        let options = OpenOptions {
            codebook: Some(files.codebook.clone()),
            ..OpenOptions::default()
        };
        open(&files.data, &options).err().unwrap().to_string()
    };
    assert!(refused("name,label\nq1,x\n").contains("no column variable"));
    let error = refused("variable,value,missing\nq1,1,perhaps\n");
    assert!(
        error.contains("line 2") && error.ends_with("“perhaps” is neither yes nor no"),
        "{error}"
    );
    assert!(refused("variable,value,order\nq1,1,first\n").contains("is no number"));
}

/// A draft that is read again changes nothing.
#[test]
fn a_draft() {
    let plain = files(DATA, "");
    let source = open(&plain.data, &OpenOptions::default()).unwrap();
    let described = describe(source.as_ref()).unwrap();
    let draft = codebook_draft(&described).unwrap();
    let text = draft.as_str();
    assert!(
        text.starts_with("variable,label,value,level,missing,order\nq1,,,,,\n"),
        "{text}"
    );
    assert!(
        text.contains("\nedu,,High,,,1\nedu,,Low,,,2\n") || !text.contains("edu,,High"),
        "{text}"
    );
    let again = opened(&files(DATA, &draft));
    let kinds = |source: &dyn Source| -> Vec<Kind> {
        source
            .codebook()
            .variables
            .iter()
            .map(|variable| variable.kind)
            .collect()
    };
    assert_eq!(kinds(again.as_ref()), kinds(source.as_ref()));
    let labelled = open(&file("rows.sav"), &OpenOptions::default()).unwrap();
    let draft = codebook_draft(&describe(labelled.as_ref()).unwrap()).unwrap();
    assert!(draft.contains("\nvote,,8,Weiß nicht,yes,"), "{draft}");
}

/// What the codebook calls an answer is one for counts and means alike, whether the file called it missing alone or in a range.
#[test]
fn what_is_no_longer_missing_is_a_number() {
    let (missing, ranges) = (vec![Value::Number(8.0)], vec![(90.0, 99.0)]);
    for (given_back, answers) in [
        ("8", vec![1.0, 2.0, 8.0]),
        ("95", vec![1.0, 2.0, 95.0]),
        ("90", vec![1.0, 2.0, 90.0]),
        ("1", vec![1.0, 2.0]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("poll.sav");
        let variable = opine::internals::survey::microdata::Variable {
            missing: opine::internals::survey::microdata::MissingValues {
                values: missing.clone(),
                ranges: ranges.clone(),
            },
            ..opine::internals::survey::microdata::Variable::bare("q1", Kind::Number)
        };
        let codebook = opine::internals::survey::microdata::Codebook {
            variables: vec![variable],
            ..opine::internals::survey::microdata::Codebook::default()
        };
        let q1 = opine::internals::survey::microdata::MemoryColumn::Numbers(vec![
            1.0, 2.0, 8.0, 90.0, 95.0, 99.0,
        ]);
        let memory = opine::internals::survey::microdata::Memory::new(codebook, vec![q1]).unwrap();
        opine::internals::survey::microdata::write::write_spss(&data, &memory).unwrap();
        let book = folder.path().join("book.csv");
        std::fs::write(
            &book,
            format!("variable,value,missing\nq1,{given_back},no\n"),
        )
        .unwrap();
        let files = Files {
            _folder: folder,
            data,
            codebook: book,
        };
        let source = opened(&files);
        let mut read = numbers(source.as_ref(), "q1").unwrap();
        read.retain(|number| !number.is_nan());
        assert_eq!(read, answers, "{given_back}");
        let q1 = source.codebook().variable("q1").unwrap();
        let counted = [1.0, 2.0, 8.0, 90.0, 95.0, 99.0].map(Value::Number);
        let counted = counted
            .iter()
            .filter(|value| !q1.missing.holds(value))
            .count();
        assert_eq!(counted, answers.len(), "{given_back}");
    }
}

/// A day that is named as no answer is found among days that are read as numbers, and none is said to be missing.
#[test]
fn a_day_that_is_named_as_no_answer() {
    use opine::internals::survey::microdata::write::{WriteColumn, write_parquet};
    use opine::internals::survey::microdata::{Codebook, Variable};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("days.parquet");
    let codebook = Codebook {
        variables: vec![Variable::bare("day", Kind::Date)],
        ..Codebook::default()
    };
    let days = WriteColumn::Numbers(vec![19_509.0, 19_510.0, 0.0]);
    write_parquet(&path, &[("day".to_owned(), days)], &codebook, &[]).unwrap();
    for (na, vain) in [("1970-01-01", false), ("1999-01-01", true)] {
        let options = OpenOptions {
            na: Some(vec![na.to_owned()]),
            ..OpenOptions::default()
        };
        let source = open(&path, &options).unwrap();
        let read = numbers(source.as_ref(), "day").unwrap();
        assert_eq!(read[..2], [19_509.0, 19_510.0]);
        assert_eq!(read[2].is_nan(), !vain, "{na}");
        let said = source.notes().iter().any(|note| note.contains("--na"));
        assert_eq!(said, vain, "{na}: {:?}", source.notes());
    }
}
