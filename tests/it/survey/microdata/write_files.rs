//! SPSS and Stata files written and read back.

use std::path::Path;
use std::sync::Arc;

use opine::internals::survey::microdata::WithColumns;
use opine::internals::survey::microdata::write::names::Names;
use opine::internals::survey::microdata::write::{write_spss, write_stata};
use opine::internals::survey::microdata::{
    Alignment, Characteristic, Codebook, Display, Format, Kind, Measure, Memory, MemoryColumn,
    MissingValues, MultipleResponse, OpenOptions, Origin, Source, Storage, Value, Variable, open,
};
use proptest::prelude::*;

use crate::survey::microdata::expected::{file, same_as_expected, source};
use crate::survey::microdata::table::table;

fn opened(path: &Path) -> Box<dyn Source> {
    open(path, &OpenOptions::default()).unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A column of texts, and of numbers beside missing values with letters.
fn values(values: &[Value]) -> MemoryColumn {
    let mut distinct: Vec<Value> = Vec::new();
    let codes = values.iter().map(
        |value| match distinct.iter().position(|other| other == value) {
            Some(at) => at as u32,
            None => {
                distinct.push(value.clone());
                distinct.len() as u32 - 1
            }
        },
    );
    MemoryColumn::Texts {
        codes: codes.collect(),
        values: Arc::new(distinct),
    }
}

fn texts(texts: &[&str]) -> MemoryColumn {
    let value = |text: &&str| match text.is_empty() {
        true => Value::Null,
        false => Value::Text((*text).to_owned()),
    };
    values(&texts.iter().map(value).collect::<Vec<_>>())
}

/// Every kind of variable, and what a maker may write about it.
fn small() -> (Codebook, Vec<MemoryColumn>) {
    let labelled = |labels: &[(Value, &str)]| {
        labels
            .iter()
            .map(|(value, label)| (value.clone(), (*label).to_owned()))
            .collect()
    };
    let vote = Variable {
        label: Some("Würden Sie wählen?".to_owned()),
        measure: Some(Measure::Ordinal),
        labels: labelled(&[
            (Value::Number(1.0), "Ja"),
            (Value::Number(2.0), ""),
            (Value::Number(8.0), "Weiß nicht"),
        ]),
        missing: MissingValues {
            values: vec![Value::Number(8.0), Value::Number(9.0)],
            ranges: Vec::new(),
        },
        ..Variable::bare("vote", Kind::Number)
    };
    let income = Variable {
        measure: Some(Measure::Scale),
        missing: MissingValues {
            values: vec![Value::Number(99.0)],
            ranges: vec![(-9.0, -1.0)],
        },
        ..Variable::bare("income", Kind::Number)
    };
    let party = Variable {
        labels: labelled(&[(text("A"), "Alpha"), (text("X"), "No answer")]),
        missing: MissingValues {
            values: vec![text("X")],
            ranges: Vec::new(),
        },
        ..Variable::bare("party", Kind::Text)
    };
    let town = Variable {
        labels: labelled(&[(text("Köln am Rhein"), "K")]),
        missing: MissingValues {
            values: vec![text("Łódź")],
            ranges: Vec::new(),
        },
        ..Variable::bare("town", Kind::Text)
    };
    let codebook = Codebook {
        title: Some("Wahltag 2023".to_owned()),
        variables: vec![
            Variable::bare("id", Kind::Number),
            vote,
            income,
            party,
            town,
            Variable::bare("comment", Kind::Text),
            Variable::bare("day", Kind::Date),
            Variable::bare("stamp", Kind::DateTime),
            Variable::bare("weight_of_the_respondent", Kind::Number),
        ],
        sets: vec![MultipleResponse {
            name: "$both".to_owned(),
            label: Some("Where do you".to_owned()),
            counted: Some(Value::Number(1.0)),
            variables: vec!["vote".to_owned(), "income".to_owned()],
        }],
        notes: vec!["Asked by telephone".to_owned(), "in June".to_owned()],
        ..Codebook::default()
    };
    let (long, longer) = ("y".repeat(600), "ü".repeat(449) + "x");
    let columns = vec![
        MemoryColumn::Numbers(vec![1001.0, 1002.0, 1003.0, 1004.0]),
        MemoryColumn::Numbers(vec![1.0, 8.0, f64::NAN, 9.0]),
        MemoryColumn::Numbers(vec![1500.25, -9.0, 99.0, 1e7]),
        texts(&["A", "", "X", "B"]),
        texts(&["Zürich", "Köln am Rhein", "Łódź", ""]),
        texts(&["", "short", &longer, &long]),
        MemoryColumn::Numbers(vec![19_358.0, f64::NAN, -141_428.0, 0.0]),
        MemoryColumn::Numbers(vec![946_681_200.0, 1_685_608_200.25, f64::NAN, -1.0]),
        MemoryColumn::Numbers(vec![0.5, 1.0 / 3.0, -1e300, 1e-300]),
    ];
    (codebook, columns)
}

fn small_spss() -> Memory {
    let (codebook, columns) = small();
    Memory::new(codebook, columns).unwrap()
}

/// With missing values that have letters; multiple-response sets are not for Stata.
fn small_stata() -> Memory {
    let (mut codebook, mut columns) = small();
    codebook.sets.clear();
    let letters = Variable {
        labels: vec![
            (text(".a"), "Refused".to_owned()),
            (Value::Number(1.0), "Yes".to_owned()),
        ],
        missing: MissingValues {
            values: vec![text(".a"), text(".z")],
            ranges: Vec::new(),
        },
        ..Variable::bare("letters", Kind::Number)
    };
    codebook.variables.push(letters);
    columns.push(values(&[
        Value::Number(1.0),
        text(".a"),
        text(".z"),
        Value::Null,
    ]));
    Memory::new(codebook, columns).unwrap()
}

/// A file without the time it was written at.
fn timeless(path: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let range = match bytes.starts_with(b"$FL") {
        true => 92..109,
        false => {
            let tag = b"<timestamp>";
            let at = bytes
                .windows(tag.len())
                .position(|window| window == tag)
                .unwrap()
                + tag.len();
            at + 1..at + 18
        }
    };
    bytes[range].fill(b'-');
    bytes
}

/// The files beside the tests were written by this program, and what they hold was read by pyreadstat
/// (`tests/files/read_written.py`).
#[test]
fn files_are_those_that_another_reader_has_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["written.sav", "written.zsav", "written.dta"] {
        let path = folder.path().join(name);
        match name.ends_with(".dta") {
            true => write_stata(&path, &small_stata()).unwrap(),
            false => write_spss(&path, &small_spss()).unwrap(),
        };
        if std::env::var_os("OPINE_WRITE_FIXTURES").is_some() {
            std::fs::copy(&path, file(name)).unwrap();
            continue;
        }
        assert!(
            timeless(&path) == timeless(&file(name)),
            "{name} has other bytes"
        );
        same_as_expected(name);
    }
}

/// What a file says of its variables, and all its values.
fn same(name: &str, one: &dyn Source, other: &dyn Source) {
    let (a, b) = (one.codebook(), other.codebook());
    assert_eq!(a.title, b.title, "{name}");
    assert_eq!(a.notes, b.notes, "{name}");
    assert_eq!(a.origin, b.origin, "{name}");
    assert_eq!(a.sets, b.sets, "{name}");
    for (a, b) in a.variables.iter().zip(&b.variables) {
        assert_eq!(a, b, "{name}");
    }
    let (read, again) = (table(one).unwrap(), table(other).unwrap());
    assert_eq!(read.rows, again.rows, "{name}");
    for column in &read.names {
        assert_eq!(
            read.columns[column], again.columns[column],
            "{name} {column}"
        );
    }
}

#[test]
fn every_file_comes_back_with_its_dictionary_and_a_new_column() {
    let folder = tempfile::tempdir().unwrap();
    let spss = ["plain.sav", "rows.sav", "packed.zsav", "sets.sav"];
    let stata = [
        "stata8.dta",
        "stata10.dta",
        "stata12.dta",
        "stata13.dta",
        "stata14.dta",
        "stata15.dta",
        "strl117.dta",
        "strl117big.dta",
        "strl118.dta",
        "strl118big.dta",
    ];
    for name in spss.into_iter().chain(stata) {
        let read = source(name);
        let rows = read.rows().unwrap() as usize;
        let mut new = Variable::bare("new", Kind::Number);
        new.native.storage = Some(Storage::Double);
        let weights: Vec<f64> = (0..rows).map(|row| 1.0 + row as f64 / 7.0).collect();
        let widened = WithColumns::new(read.as_ref(), vec![(new, weights.clone())]).unwrap();
        let endings: &[&str] = match name.ends_with("dta") {
            true => &["dta"],
            false => &["sav", "zsav"],
        };
        for ending in endings {
            let path = folder.path().join(format!("out.{ending}"));
            let notes = match *ending {
                "dta" => write_stata(&path, &widened).unwrap(),
                _ => write_spss(&path, &widened).unwrap(),
            };
            assert_eq!(notes, Vec::<String>::new(), "{name}");
            let again = opened(&path);
            assert_eq!(
                again.codebook().variables.len(),
                read.codebook().variables.len() + 1
            );
            same(name, read.as_ref(), again.as_ref());
            let found = crate::survey::microdata::table::numbers(again.as_ref(), "new").unwrap();
            assert_eq!(found, weights, "{name}");
        }
    }
}

#[test]
fn a_code_page_becomes_utf8_with_room_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.sav");
    let read = source("latin.sav");
    write_spss(&path, read.as_ref()).unwrap();
    let again = opened(&path);
    let (before, after) = (
        table(read.as_ref()).unwrap(),
        table(again.as_ref()).unwrap(),
    );
    assert_eq!(before.columns, after.columns);
    let town = again.codebook().variable("town").unwrap();
    assert_eq!(town.label.as_deref(), Some("Städte").map(|_| "Stüdte"));
    // six letters, one of them of two bytes
    assert_eq!(town.native.storage, Some(Storage::Text(7)));
}

#[test]
fn what_programs_keep_with_their_files_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut codebook, columns) = small();
    codebook.origin = Origin::Spss {
        weight: Some("weight_of_the_respondent".to_owned()),
        counted_labels: vec![("$both".to_owned(), "11".to_owned())],
        file_attributes: Some("wave('3'\n)".to_owned()),
        variable_attributes: Some("vote:$@Role('0'\n)/income:$@Role('1'\n)".to_owned()),
    };
    codebook.variables[1].native.format = Some(Format::Spss {
        print: 5 << 16 | 1 << 8,
        write: 5 << 16 | 2 << 8,
    });
    codebook.variables[1].native.display = Some(Display {
        width: 3,
        alignment: Alignment::Centre,
    });
    codebook.variables[2].missing.ranges = vec![(f64::NEG_INFINITY, f64::INFINITY)];
    let memory = Memory::new(codebook.clone(), columns.clone()).unwrap();
    let path = folder.path().join("out.sav");
    write_spss(&path, &memory).unwrap();
    let read = opened(&path);
    assert_eq!(read.codebook().origin, codebook.origin);
    assert_eq!(read.codebook().notes, codebook.notes);
    assert_eq!(read.codebook().sets, codebook.sets);
    assert_eq!(
        read.codebook().variables[2].missing,
        codebook.variables[2].missing
    );
    let vote = &read.codebook().variables[1].native;
    assert_eq!(vote.format, codebook.variables[1].native.format);
    assert_eq!(vote.display, codebook.variables[1].native.display);

    let note = |of: &str, name: &str, text: &str| Characteristic {
        of: of.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
    };
    codebook.origin = Origin::Stata {
        characteristics: vec![
            note("_dta", "note0", "1"),
            note("_dta", "note1", "Asked by telephone"),
            note("vote", "wave", "ü"),
        ],
    };
    codebook.notes = vec!["Asked by telephone".to_owned()];
    codebook.variables[2].missing.ranges.clear();
    codebook.variables[1].native.label_set = Some("answers".to_owned());
    codebook.variables[2].native.format = Some(Format::Stata("%12.3fc".to_owned()));
    let memory = Memory::new(codebook.clone(), columns).unwrap();
    let path = folder.path().join("out.dta");
    write_stata(&path, &memory).unwrap();
    let read = opened(&path);
    assert_eq!(read.codebook().origin, codebook.origin);
    assert_eq!(read.codebook().notes, codebook.notes);
    assert_eq!(
        read.codebook().variables[1].native.label_set.as_deref(),
        Some("answers")
    );
    assert_eq!(
        read.codebook().variables[2].native.format,
        codebook.variables[2].native.format
    );
}

#[test]
fn missing_numbers_become_letters_in_stata() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.dta");
    let notes = write_stata(&path, &small_spss()).unwrap();
    let read = opened(&path);
    let found = table(read.as_ref()).unwrap();
    assert_eq!(
        found.columns["vote"],
        [Value::Number(1.0), text(".a"), Value::Null, text(".b")]
    );
    assert_eq!(
        found.columns["income"],
        [
            Value::Number(1500.25),
            text(".b"),
            text(".a"),
            Value::Number(1e7)
        ]
    );
    let vote = read.codebook().variable("vote").unwrap();
    assert_eq!(vote.label_of(&text(".a")), Some("Weiß nicht"));
    assert!(
        notes
            .iter()
            .any(|note| note == "missing values of vote are letters in Stata: .a is 8, .b is 9"),
        "{notes:?}"
    );
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("labels of party are left out")),
        "{notes:?}"
    );
}

/// More missing values than three have room as a range where no answer lies between them.
#[test]
fn missing_numbers_become_a_range_in_spss() {
    let write = |missing: &[f64], numbers: &[f64]| {
        let mut variable = Variable::bare("q", Kind::Number);
        variable.missing.values = missing.iter().copied().map(Value::Number).collect();
        let codebook = Codebook {
            variables: vec![variable],
            ..Codebook::default()
        };
        let memory = Memory::new(codebook, vec![MemoryColumn::Numbers(numbers.to_vec())]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.sav");
        write_spss(&path, &memory).unwrap();
        opened(&path).codebook().variables[0].missing.clone()
    };
    let missing = write(&[-1.0, 77.0, 88.0, 99.0], &[1.0, 5.0, 77.0, 99.0]);
    assert_eq!(missing.ranges, [(77.0, 99.0)]);
    assert_eq!(missing.values, [Value::Number(-1.0)]);
    let missing = write(&[-1.0, -2.0, -8.0, -9.0], &[-9.0, 0.0, 5.0]);
    assert_eq!(
        (missing.ranges.as_slice(), missing.values.len()),
        ([(-9.0, -1.0)].as_slice(), 0)
    );
    let missing = write(&[8.0, 9.0], &[1.0, 8.0]);
    assert_eq!((missing.ranges.len(), missing.values.len()), (0, 2));
}

/// Letters of other programs: three side by side, and more as a range.
#[test]
fn letters_become_numbers_in_spss() {
    for count in [3_u8, 5] {
        let letters: Vec<Value> = (b'a'..b'a' + count)
            .map(|letter| text(&format!(".{}", char::from(letter))))
            .collect();
        let mut variable = Variable::bare("q", Kind::Number);
        variable.missing.values.clone_from(&letters);
        variable.labels = vec![
            (text(".a"), "Refused".to_owned()),
            (Value::Number(10.0), "Ten".to_owned()),
        ];
        let codebook = Codebook {
            variables: vec![variable],
            ..Codebook::default()
        };
        let entries = [letters.as_slice(), &[Value::Number(2.0)]].concat();
        let memory = Memory::new(codebook, vec![values(&entries)]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.sav");
        let notes = write_spss(&path, &memory).unwrap();
        let first = 100.0 - f64::from(count);
        assert!(
            notes[0].starts_with(&format!(
                "missing values of q are numbers in SPSS: .a is {first}, .b is "
            )),
            "{notes:?}"
        );
        let again = opened(&path);
        let read = table(again.as_ref()).unwrap().columns["q"].clone();
        assert_eq!(read[0], Value::Number(first));
        let variable = &again.codebook().variables[0];
        assert_eq!(variable.label_of(&Value::Number(first)), Some("Refused"));
        assert_eq!(variable.missing.ranges.len(), usize::from(count > 3));
        assert!(
            read[..usize::from(count)]
                .iter()
                .all(|value| variable.missing.holds(value))
        );
        assert!(
            !variable.missing.holds(&Value::Number(10.0))
                && !variable.missing.holds(&read[usize::from(count)])
        );
    }
}

/// One variable, written and refused.
fn refused(variable: Variable, column: MemoryColumn, ending: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("out.{ending}"));
    let codebook = Codebook {
        variables: vec![variable],
        ..Codebook::default()
    };
    let memory = Memory::new(codebook, vec![column]).unwrap();
    let error = match ending {
        "dta" => write_stata(&path, &memory),
        _ => write_spss(&path, &memory),
    };
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "something is left"
    );
    let error = error.unwrap_err().to_string();
    error.replace(&path.display().to_string(), "OUT")
}

#[test]
fn what_has_no_room_is_refused_and_nothing_is_written() {
    let number = |name: &str| Variable::bare(name, Kind::Number);
    let long = texts(&[&"x".repeat(32_768)]);
    assert_eq!(
        refused(Variable::bare("story", Kind::Text), long, "sav"),
        "OUT: story has a text of 32768 bytes; SPSS has room for 32767"
    );
    let mut letters = number("q1");
    letters.missing.values.push(text(".a"));
    assert_eq!(
        refused(letters, values(&[text(".a"), Value::Number(1e16)]), "sav"),
        "OUT: q1 has missing values with letters, which SPSS does not know, and no numbers are free for them: write .dta or \
         .parquet"
    );
    let mut many = number("q2");
    many.missing.values = [1.0, 2.0, 8.0, 9.0].map(Value::Number).to_vec();
    assert_eq!(
        refused(many, MemoryColumn::Numbers(vec![1.0, 5.0]), "sav"),
        "OUT: q2 has more missing values than SPSS has room for: three, or a range and one"
    );
    let mut wide = number("q3");
    wide.missing.ranges.push((100.0, 200.0));
    let numbers = MemoryColumn::Numbers((100..140).map(f64::from).collect());
    assert_eq!(
        refused(wide, numbers, "dta"),
        "OUT: q3 has more missing values than the 26 that Stata has letters for"
    );
    for ending in ["sav", "dta"] {
        let infinite = MemoryColumn::Numbers(vec![f64::INFINITY]);
        let error = refused(number("ratio"), infinite, ending);
        assert!(error.contains("ratio has a number that S"), "{error}");
    }
}

#[test]
fn names_that_are_refused() {
    for (names, name, problem) in [
        (Names::Spss, "1a", "it starts with '1'"),
        (Names::Spss, "two words", "it has ' '"),
        (Names::Spss, "With", "it is a word of its language"),
        (Names::Spss, "end.", "it ends in '.'"),
        (Names::Stata, "a.b", "it has '.'"),
        (Names::Stata, "str8", "it is a word of its language"),
        (
            Names::Stata,
            "a2345678901234567890123456789012x",
            "it is longer than 32 characters",
        ),
    ] {
        let refused = names.refuses(name).unwrap_or_default();
        assert!(refused.ends_with(problem), "{name}: {refused}");
    }
    for (names, name) in [
        (Names::Spss, "Größe.1$"),
        (Names::Stata, "größe_1"),
        (Names::Stata, "_x"),
    ] {
        assert_eq!(names.refuses(name), None);
    }
}

/// Names and columns, any that there may be.
fn columns(rows: usize) -> impl Strategy<Value = Vec<(String, Kind, MemoryColumn)>> {
    let number = prop_oneof![
        Just(f64::NAN),
        (-130..260).prop_map(f64::from),
        -1e300..1e300,
        (-3_000_000_000_i64..3_000_000_000).prop_map(|whole| whole as f64),
        (-1e6..1e6).prop_map(|number: f64| f64::from(number as f32)),
    ];
    let letters = prop_oneof![
        "[^\\s]{0,12}",
        "\\PC{0,40}",
        "[a-zü ]{200,800}",
        "\0?[ab]{1,3}"
    ];
    let some = move |strategy: BoxedStrategy<f64>| proptest::collection::vec(strategy, rows);
    let numbers =
        some(number.boxed()).prop_map(|numbers| (Kind::Number, MemoryColumn::Numbers(numbers)));
    let days = some((-200_000..3_000_000).prop_map(f64::from).boxed())
        .prop_map(|days| (Kind::Date, MemoryColumn::Numbers(days)));
    let moments = some(
        (-10_i64.pow(13)..10_i64.pow(13))
            .prop_map(|moment| moment as f64 / 1000.0)
            .boxed(),
    )
    .prop_map(|moments| (Kind::DateTime, MemoryColumn::Numbers(moments)));
    let texts = proptest::collection::vec(letters, rows).prop_map(|entries| {
        // blanks and zero bytes at the end are no part of a text
        let padding = |letter: char| letter.is_whitespace() || letter == '\0';
        let entries: Vec<&str> = entries
            .iter()
            .map(|entry| entry.trim_end_matches(padding))
            .collect();
        (Kind::Text, texts(&entries))
    });
    let column = prop_oneof![numbers, days, moments, texts];
    let name = prop_oneof!["\\PC{1,70}", "[a-z_.]{1,10}", "(with|str8|_n|BY)"];
    proptest::collection::vec((name, column), 1..8).prop_map(|named| {
        let mut seen = std::collections::HashSet::new();
        let named = named
            .into_iter()
            .filter(|(name, _)| seen.insert(name.clone()));
        named
            .map(|(name, (kind, column))| (name, kind, column))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_table_comes_back(
        given in (1_usize..40).prop_flat_map(columns),
        labels in proptest::collection::vec((-1e6..1e6, "\\PC{0,50}"), 0..5),
        ending in prop_oneof![Just("sav"), Just("zsav"), Just("dta")],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("any.{ending}"));
        let mut codebook = Codebook::default();
        let mut entries = Vec::new();
        for (name, kind, column) in given {
            let mut variable = Variable::bare(&name, kind);
            variable.label = Some(format!("label of {name}").trim_end().to_owned()).filter(|label| label.chars().count() < 80);
            if kind == Kind::Number {
                variable.labels = labels
                    .iter()
                    .map(|(number, label)| (Value::Number(f64::trunc(*number) + 0.0), label.trim().to_owned()))
                    .collect();
                variable.labels.sort_by(|(a, _), (b, _)| a.order(b));
                variable.labels.dedup_by(|(a, _), (b, _)| a == b);
            }
            codebook.variables.push(variable);
            entries.push(column);
        }
        let memory = Memory::new(codebook.clone(), entries).unwrap();
        let rules = match ending {
            "dta" => {
                write_stata(&path, &memory).unwrap();
                Names::Stata
            }
            _ => {
                write_spss(&path, &memory).unwrap();
                Names::Spss
            }
        };
        let read = opened(&path);
        let (before, after) = (table(&memory).unwrap(), table(read.as_ref()).unwrap());
        prop_assert_eq!(before.names.len(), after.names.len());
        for (variable, again) in codebook.variables.iter().zip(&read.codebook().variables) {
            prop_assert_eq!(rules.refuses(&again.name), None);
            if rules.refuses(&variable.name).is_none() && ending == "dta" {
                prop_assert_eq!(&variable.name, &again.name);
            }
            prop_assert_eq!(variable.kind, again.kind);
            prop_assert_eq!(&variable.labels, &again.labels);
            if variable.label.is_some() {
                prop_assert_eq!(&variable.label, &again.label);
            }
            prop_assert_eq!(&before.columns[&variable.name], &after.columns[&again.name], "{}", variable.name);
        }
    }
}
