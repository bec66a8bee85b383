//! SPSS portable files.

use opine::internals::survey::microdata::{Codebook, Kind, Origin, Value, open};

use crate::survey::microdata::expected::{file, same_as_expected, source};
use crate::survey::microdata::hostile::{changed, opened};
use crate::survey::microdata::table::{Table, numbers, table};

#[test]
fn every_value() {
    same_as_expected("portable.por");
    let source = source("portable.por");
    let kind = |name: &str| source.codebook().variable(name).unwrap().kind;
    assert_eq!(
        [kind("DAY"), kind("STAMP"), kind("TOWN")],
        [Kind::Date, Kind::DateTime, Kind::Text]
    );
}

/// The letters of the places 64 and following of the table.
const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?`:#@'=\"";

/// A file of a head and data, in lines that end in `end`; `letter` gives the byte for a letter.
fn file_of(content: &str, letter: impl Fn(u8) -> u8, end: &str, short: bool) -> Vec<u8> {
    let mut bytes = vec![letter(b'0'); 200];
    let mut alphabet = vec![letter(b'0'); 256];
    for (place, of) in (64..).zip(LETTERS) {
        alphabet[place] = letter(*of);
    }
    bytes.extend(alphabet);
    bytes.extend(format!("SPSSPORT{content}ZZZ").bytes().map(&letter));
    let mut lines = Vec::new();
    for line in bytes.chunks(80) {
        // a program on the way may have taken the blanks at the end of a line
        let line = if short { line.trim_ascii_end() } else { line };
        lines.extend_from_slice(line);
        lines.extend(end.bytes());
    }
    lines
}

fn read(bytes: &[u8]) -> (Codebook, Table, Vec<f64>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("built.POR");
    std::fs::write(&path, bytes).unwrap();
    let source = open(&path, &Default::default()).unwrap_or_else(|error| panic!("{error}"));
    (
        source.codebook().clone(),
        table(source.as_ref()).unwrap(),
        numbers(source.as_ref(), "VOTE").unwrap(),
    )
}

/// A vote with labels and a missing value and a range, a party, an amount with open ranges.
const CONTENT: &str = "A8/202301026/12300015/opine43/5B/66/AMOUNT70/4/VOTE5/8/2/5/8/2/88/B99/9D/C5/Vote?\
73/5/PARTY1/3/0/1/3/0/81/X70/6/AMOUNT5/8/2/5/8/2/9-1/8-39/\
D1/4/VOTE3/1/3/Yes2/0/8/1/?D1/5/PARTY1/1/A7/Alpha  E2/5/Notes4/more\
F1/1/A0.F/8/3/B  *.9A/0/ -39/*.1/X-2/2/3/ C -9-1/Z";

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn labels_missing_values_and_notes() {
    for (end, short) in [("\r\n", false), ("\n", true), ("", false)] {
        let (codebook, read, votes) = read(&file_of(CONTENT, |letter| letter, end, short));
        let vote = codebook.variable("VOTE").unwrap();
        assert_eq!(vote.label.as_deref(), Some("Vote?"));
        assert_eq!(
            vote.labels,
            [(1.0, "Yes"), (2.0, ""), (8.0, "?")]
                .map(|(value, label)| (Value::Number(value), label.to_owned()))
        );
        assert_eq!(vote.missing.values, [Value::Number(8.0)]);
        assert_eq!(vote.missing.ranges, [(279.0, 283.0)]);
        let party = codebook.variable("PARTY").unwrap();
        assert_eq!(party.labels, [(text("A"), "Alpha".to_owned())]);
        assert_eq!(party.missing.values, [text("X")]);
        let amount = codebook.variable("AMOUNT").unwrap();
        assert_eq!(amount.missing.ranges, [(f64::NEG_INFINITY, -1.0)]);
        assert_eq!(amount.missing.values, [Value::Number(-99.0)]);
        assert_eq!(codebook.notes, ["Notes", "more"]);
        assert!(
            matches!(&codebook.origin, Origin::Spss { weight: Some(weight), .. } if weight == "AMOUNT")
        );
        let number = Value::Number;
        assert_eq!(
            read.columns["VOTE"],
            [
                number(1.0),
                number(8.0),
                number(280.0),
                Value::Null,
                number(2.0)
            ]
        );
        assert_eq!(
            read.columns["PARTY"],
            [text("A"), text("B"), Value::Null, text("X"), text(" C")]
        );
        assert_eq!(
            read.columns["AMOUNT"],
            [
                number(0.5),
                Value::Null,
                number(-99.0),
                number(-2.0),
                number(-0.3)
            ]
        );
        assert_eq!(votes[0], 1.0);
        assert!(votes[1].is_nan() && votes[2].is_nan() && votes[3].is_nan());
    }
}

/// On mainframes, letters have other bytes: here each stands 129 places further on.
#[test]
fn the_table_says_what_a_byte_is() {
    let shifted = |letter: u8| letter.wrapping_add(129);
    let (plain, shifted) = (
        file_of(CONTENT, |letter| letter, "\n", false),
        file_of(CONTENT, shifted, "\n", false),
    );
    let (plain, shifted) = (read(&plain), read(&shifted));
    assert_eq!(plain.0, shifted.0);
    assert_eq!(plain.1.columns, shifted.1.columns);
}

#[test]
fn damaged_files_say_where() {
    let built = |from: &str, to: &str| {
        let content = CONTENT.replacen(from, to, 1);
        assert_ne!(content, CONTENT);
        let error = opened(
            "built.por",
            &file_of(&content, |letter| letter, "\n", false),
        )
        .unwrap_err();
        error.split_once("built.por: ").unwrap().1.to_owned()
    };
    for (from, to, said) in [
        (
            "A8/2023",
            "B8/2023",
            "at byte 470: there is no version 'B' of portable files",
        ),
        ("F1/1/A", "Q1/1/A", "there is no record 'Q'"),
        (
            "D1/4/VOTE",
            "D1/4/VETO",
            "labels are for VETO, which is no variable",
        ),
    ] {
        let error = built(from, to);
        assert!(error.ends_with(said), "{error}");
    }
    assert!(built("1/1/A0.F/", "1/9/A0.F/").contains("9 should be a whole number up to 3"));
    assert!(built("0.F/8/", "0.F+T000/8/").contains("a number is too large"));
    assert!(built("0.F/8/", "0.F.1/8/").contains("a number with the base 30"));
    assert!(built("0.F/8/", "/8/").contains("a number with the base 30"));
    assert!(built("5/PARTY1", "4/VOTEY1").contains("at byte"));
    let mut cut = file_of(CONTENT, |letter| letter, "\n", false);
    cut.truncate(cut.len() - 20);
    assert!(
        opened("cut.por", &cut)
            .unwrap_err()
            .contains("the file ends before its mark Z")
    );
    assert!(
        opened("text.por", b"a,b\n1,2\n")
            .unwrap_err()
            .contains("the file ends before its mark Z")
    );
    let text = "0".repeat(2000);
    assert!(
        opened("text.por", text.as_bytes())
            .unwrap_err()
            .contains("this is no portable file of SPSS")
    );
    let spss = std::fs::read(file("plain.sav")).unwrap();
    assert!(
        opened("spss.por", &spss)
            .unwrap_err()
            .contains("rename it to .sav")
    );
}

#[test]
fn changed_bytes() {
    changed("portable.por");
}
