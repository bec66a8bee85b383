//! `--format xlsx`: what is in the workbook is read back from its parts.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use opine::internals::frames::{Estimate, Estimates};
use opine::internals::present::table::{Align, Block, Column, Row, Table, xlsx};
use proptest::prelude::*;

use crate::cli::program::opine_in;

/// The parts of a ZIP file, by the directory at its end.
pub fn parts(zip: &[u8]) -> HashMap<String, String> {
    let two = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
    let four = |at: usize| two(at) + (two(at + 2) << 16);
    let end = zip
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x05\x06")
        .unwrap();
    let (count, mut at) = (two(end + 10), four(end + 16));
    let mut found = HashMap::new();
    for _ in 0..count {
        let (method, packed, name, local) =
            (two(at + 10), four(at + 20), two(at + 28), four(at + 42));
        let called = String::from_utf8(zip[at + 46..at + 46 + name].to_vec()).unwrap();
        let start = local + 30 + two(local + 26) + two(local + 28);
        let bytes = &zip[start..start + packed];
        let mut text = String::new();
        match method {
            0 => text = String::from_utf8(bytes.to_vec()).unwrap(),
            _ => drop(
                flate2::read::DeflateDecoder::new(bytes)
                    .read_to_string(&mut text)
                    .unwrap(),
            ),
        }
        found.insert(called, text);
        at += 46 + name + two(at + 30) + two(at + 32);
    }
    found
}

/// What stands between the tags of each element of a name, with the attributes.
fn elements<'x>(xml: &'x str, name: &str) -> Vec<(&'x str, &'x str)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    for piece in xml.split(&open).skip(1) {
        if !piece.starts_with([' ', '>', '/']) {
            continue;
        }
        let (attributes, rest) = piece.split_once('>').unwrap();
        let inner = match attributes.ends_with('/') {
            true => "",
            false => rest.split(&close).next().unwrap(),
        };
        found.push((attributes, inner));
    }
    found
}

fn attribute<'x>(attributes: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = attributes.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn unescaped(text: &str) -> String {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    text.replace("&amp;", "&")
}

#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Text(String),
    /// The value and its number format.
    Number(f64, String),
}

/// A workbook as read back: the sheets in order, each with its cells.
struct Workbook {
    sheets: Vec<(String, HashMap<String, Cell>)>,
    parts: HashMap<String, String>,
}

impl Workbook {
    fn read(bytes: &[u8]) -> Workbook {
        let parts = parts(bytes);
        let strings: Vec<String> = parts.get("xl/sharedStrings.xml").map_or(Vec::new(), |xml| {
            let items = elements(xml, "si").into_iter();
            items
                .map(|(_, item)| unescaped(elements(item, "t")[0].1))
                .collect()
        });
        let styles = &parts["xl/styles.xml"];
        let formats: HashMap<&str, String> = elements(styles, "numFmt")
            .into_iter()
            .map(|(of, _)| {
                (
                    attribute(of, "numFmtId").unwrap(),
                    unescaped(attribute(of, "formatCode").unwrap()),
                )
            })
            .collect();
        let used: Vec<&str> = elements(elements(styles, "cellXfs")[0].1, "xf")
            .into_iter()
            .map(|(of, _)| attribute(of, "numFmtId").unwrap())
            .collect();
        let format = |style: Option<&str>| {
            let id = style.map_or("0", |style| used[style.parse::<usize>().unwrap()]);
            let built_in = match id {
                "1" => "0",
                "2" => "0.00",
                "3" => "#,##0",
                "4" => "#,##0.00",
                _ => "",
            };
            formats
                .get(id)
                .cloned()
                .unwrap_or_else(|| built_in.to_owned())
        };
        let names = elements(&parts["xl/workbook.xml"], "sheet").into_iter();
        let names = names.map(|(of, _)| unescaped(attribute(of, "name").unwrap()));
        let sheets = names.enumerate().map(|(at, name)| {
            let xml = &parts[&format!("xl/worksheets/sheet{}.xml", at + 1)];
            assert!(!xml.contains("<f>"), "{name} has a formula");
            let cells = elements(xml, "c")
                .into_iter()
                .filter(|(_, inner)| !inner.is_empty());
            let cells = cells.map(|(of, inner)| {
                let value = elements(inner, "v")[0].1;
                let cell = match attribute(of, "t") {
                    Some("s") => Cell::Text(strings[value.parse::<usize>().unwrap()].clone()),
                    _ => Cell::Number(value.parse().unwrap(), format(attribute(of, "s"))),
                };
                (attribute(of, "r").unwrap().to_owned(), cell)
            });
            (name, cells.collect())
        });
        let sheets = sheets.collect();
        Workbook { sheets, parts }
    }

    fn written_by(folder: &Path, args: &[&str]) -> Workbook {
        let run = opine_in(folder, &[args, &["-o", "book.xlsx"]].concat(), "");
        assert_eq!(run.code, 0, "{}", run.err);
        Workbook::read(&std::fs::read(folder.join("book.xlsx")).unwrap())
    }

    /// The cell right of the one with this text, `right` columns on.
    fn beside(&self, sheet: usize, text: &str, right: u8) -> Option<&Cell> {
        let cells = &self.sheets[sheet].1;
        let (place, _) = cells
            .iter()
            .find(|(_, cell)| **cell == Cell::Text(text.to_owned()))?;
        let column = char::from(place.as_bytes()[0] + right);
        cells.get(&format!("{column}{}", &place[1..]))
    }

    fn texts(&self, sheet: usize) -> Vec<&str> {
        let cells = self.sheets[sheet].1.values();
        cells
            .filter_map(|cell| match cell {
                Cell::Text(text) => Some(text.as_str()),
                Cell::Number(..) => None,
            })
            .collect()
    }
}

fn number(value: f64, format: &str) -> Option<Cell> {
    Some(Cell::Number(value, format.to_owned()))
}

#[test]
fn published_figures_are_numbers_in_their_printed_precision() {
    let folder = tempfile::tempdir().unwrap();
    let book = Workbook::written_by(
        folder.path(),
        &["summary", "egf2023/view_cn/favourable", "-q"],
    );
    assert_eq!(book.sheets.len(), 2);
    assert_eq!(book.sheets[1].0, "data");
    let korea = "Favourable, South Korea";
    let korea = if book.beside(0, korea, 1).is_some() {
        korea
    } else {
        "South Korea"
    };
    assert_eq!(book.beside(0, korea, 1).cloned(), number(14.8, "0.0"));
    assert_eq!(book.beside(0, korea, 2).cloned(), number(12.0, "0.0"));
    assert_eq!(book.beside(0, korea, 3).cloned(), number(18.2, "0.0"));
    assert_eq!(book.beside(0, korea, 6).cloned(), number(500.0, "0"));
    let texts = book.texts(0);
    assert!(texts.contains(&"95% interval, low"), "{texts:?}");
    assert!(
        texts.iter().any(|text| text.contains("second-hand")),
        "{texts:?}"
    );
    // unrounded, under the names of the frame
    let estimate = book.sheets[1]
        .1
        .iter()
        .find(|(_, cell)| **cell == Cell::Text("estimate".to_owned()));
    let column = &estimate.unwrap().0[..1];
    assert_eq!(
        book.sheets[1].1[&format!("{column}2")],
        Cell::Number(0.34, String::new())
    );
    assert!(book.parts["xl/worksheets/sheet1.xml"].contains("state=\"frozen\""));
    // the same bytes on another day
    let bytes = std::fs::read(folder.path().join("book.xlsx")).unwrap();
    let again = [
        "summary",
        "egf2023/view_cn/favourable",
        "-q",
        "-o",
        "again.xlsx",
    ];
    assert_eq!(opine_in(folder.path(), &again, "").code, 0);
    assert_eq!(
        bytes,
        std::fs::read(folder.path().join("again.xlsx")).unwrap()
    );
}

#[test]
fn every_command_with_tables_writes_a_workbook() {
    let folder = tempfile::tempdir().unwrap();
    for line in [
        "summary -q",
        "list polls -q",
        "list figures egf2023 -q",
        "card egf2023 -q",
        "schema",
        "size --moe 3",
        "interval 63 -n 1500",
        "bounds egf2023/view_both/both -q",
        "compare 90@1500 62@16168 --effects",
        "compare 48 45 7 -n 1000 --relation same-question",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let book = Workbook::written_by(folder.path(), &args);
        assert_eq!(book.sheets.last().unwrap().0, "data", "{line}");
        assert!(!book.sheets[0].1.is_empty(), "{line}");
    }
}

/// The poll by party, and by thermometers so few of which are below 10 that they are not shown.
fn banner_book(folder: &Path, more: &str) -> Workbook {
    let poll = std::path::absolute("examples/poll.csv").unwrap();
    let codebook = std::path::absolute("examples/poll-codebook.csv").unwrap();
    let words = format!(
        "crosstab {} --codebook {} --rows q1,therm_us --columns party,therm=cut(therm_us,10,50,90) -q \
         --weights weight --strata stratum --psu psu {more}",
        poll.display(),
        codebook.display()
    );
    Workbook::written_by(folder, &words.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn a_banner_has_numbers_that_are_numbers_and_letters_in_rows_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let book = banner_book(folder.path(), "");
    let names: Vec<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Contents", "Notes", "1 q1", "2 therm_us", "data"]);
    // Total, Blue, Independent, Red, and the four of the thermometer
    let Some(Cell::Number(total, format)) = book.beside(2, "Very worried", 1) else {
        panic!("no share of the total")
    };
    assert!((0.16..0.18).contains(total), "{total}");
    assert_eq!(format, "[=0]\"-\"_);[<0.005]\"<1%\"_);0%_)");
    let place = |text: &str| {
        let mut cells = book.sheets[2].1.iter();
        let found = cells.find(|(_, cell)| **cell == Cell::Text(text.to_owned()));
        found.unwrap().0[1..].parse::<u32>().unwrap()
    };
    let letters = |column: char, row: u32| book.sheets[2].1.get(&format!("{column}{row}")).cloned();
    let row = place("Very worried");
    assert_eq!(letters('E', row + 1), Some(Cell::Text("AB".to_owned())));
    assert_eq!(letters('B', row + 1), None);
    assert_eq!(book.beside(2, "n", 1).cloned(), number(1936.0, "#,##0_)"));
    // a base under 30: neither a number nor a bar of the chart
    assert_eq!(letters('F', row), Some(Cell::Text("**".to_owned())));
    assert_eq!(place("n"), 8);
    let sheet = &book.parts["xl/worksheets/sheet3.xml"];
    assert!(sheet.contains("topLeftCell=\"B8\"") && sheet.contains("landscape"));
    // bars run down from the total, their axis is of per cents
    let chart = &book.parts["xl/charts/chart1.xml"];
    let (_, axis) = elements(chart, "c:catAx")[0];
    assert!(axis.contains("maxMin"), "{axis}");
    let (_, axis) = elements(chart, "c:valAx")[0];
    assert!(
        axis.contains("minMax") && axis.contains("<c:max val=\"1\"/>"),
        "{axis}"
    );
}

#[test]
fn a_topline_of_two_waves_has_changes_that_are_numbers() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["may.csv", "march.csv"] {
        std::fs::copy("examples/poll.csv", folder.path().join(file)).unwrap();
    }
    let words = "topline may.csv march.csv --rows q1,therm_us -q";
    let book = Workbook::written_by(folder.path(), &words.split(' ').collect::<Vec<_>>());
    let names: Vec<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["Contents", "Notes", "1 q1", "2 therm_us", "data", "pairs"];
    assert_eq!(names, expected);
    let zero = number(0.0, "+#,##0.0_);\u{2212}#,##0.0_);#,##0.0_)");
    assert_eq!(book.beside(2, "Very worried", 3).cloned(), zero);
    assert_eq!(book.beside(2, "n", 3), None);
    // bars are of the waves alone, not of changes
    let chart = &book.parts["xl/charts/chart1.xml"];
    assert!(chart.contains("$B$6:$C$6"), "{chart}");
}

#[test]
fn long_titles_and_foots_of_a_banner_are_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let long = "Should the government do more than it does today ".repeat(9);
    std::fs::write(
        folder.path().join("x.csv"),
        format!("q,g\n{}", "a,b\na,c\nd,b\nd,c\n".repeat(30)),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("book.csv"),
        format!("variable,label\nq,{long}\ng,Group\n"),
    )
    .unwrap();
    let words = "crosstab x.csv --codebook book.csv --columns g -q";
    let book = Workbook::written_by(folder.path(), &words.split(' ').collect::<Vec<_>>());
    let texts = book.texts(2);
    let longest = texts.iter().map(|text| text.chars().count()).max();
    assert!(longest.unwrap() < 180, "{texts:?}");
    let title: Vec<&str> = ["A2", "A3", "A4", "A5", "A6"]
        .iter()
        .filter_map(|place| match book.sheets[2].1.get(*place) {
            Some(Cell::Text(text)) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(title.join(" ").contains(long.trim()), "{title:?}");
    // panes are frozen under the letters, wherever these stand
    let letters = book.beside(2, "column", 2).cloned();
    assert_eq!(letters, Some(Cell::Text("A".to_owned())));
    let (place, _) = book.sheets[2]
        .1
        .iter()
        .find(|(_, cell)| **cell == Cell::Text("column".to_owned()))
        .unwrap();
    let frozen = format!(
        "topLeftCell=\"B{}\"",
        place[1..].parse::<u32>().unwrap() + 1
    );
    assert!(
        book.parts["xl/worksheets/sheet3.xml"].contains(&frozen),
        "{frozen}"
    );
}

#[test]
fn sheets_of_tables_print_one_page_wide_with_their_heads_and_whole_words() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy("examples/poll.csv", folder.path().join("poll.csv")).unwrap();
    let words = "estimate poll.csv prop(q1) --by sex --weights weight --strata stratum --psu psu";
    let book = Workbook::written_by(folder.path(), &words.split(' ').collect::<Vec<_>>());
    // estimate, and both ends of its interval, are numbers
    for right in 1..=3 {
        let cell = book.beside(0, "Very worried", right);
        assert!(matches!(cell, Some(Cell::Number(..))), "{right}: {cell:?}");
    }
    let sheet = &book.parts["xl/worksheets/sheet1.xml"];
    assert!(
        sheet.contains("fitToHeight=\"0\"") && sheet.contains("fitToPage=\"1\""),
        "{sheet}"
    );
    let names = &book.parts["xl/workbook.xml"];
    assert!(names.contains("_xlnm.Print_Titles"), "{names}");
    let longest = book
        .texts(0)
        .into_iter()
        .map(|text| text.chars().count())
        .max();
    assert!(longest.unwrap() < 100, "a foot is set in lines");
}

/// Twenty towns that all answered otherwise: the letters of one are wider than its column.
#[test]
fn letters_wider_than_their_column_stand_in_lines() {
    let folder = tempfile::tempdir().unwrap();
    let row = |at: usize| {
        let (town, of) = (at % 20, at / 20);
        let answer = if of < 5 * town { "Yes" } else { "No" };
        format!("{answer},t{town:02}\n")
    };
    let rows: String = (0..2_000).map(row).collect();
    std::fs::write(folder.path().join("x.csv"), format!("q,town\n{rows}")).unwrap();
    let words = "crosstab x.csv --rows q --columns town --adjust none -q";
    let book = Workbook::written_by(folder.path(), &words.split(' ').collect::<Vec<_>>());
    let is_long = |cell: &Cell| matches!(cell, Cell::Text(text) if text.starts_with("ABCDEFGHIJ") && !text.contains(' '));
    let sheet = &book.sheets[2].1;
    let (place, _) = sheet.iter().find(|(_, cell)| is_long(cell)).unwrap();
    let row = place.trim_start_matches(char::is_alphabetic);
    let xml = &book.parts["xl/worksheets/sheet3.xml"];
    let (attributes, _) = elements(xml, "row")
        .into_iter()
        .find(|(of, _)| attribute(of, "r") == Some(row))
        .unwrap();
    let height: f64 = attribute(attributes, "ht").unwrap().parse().unwrap();
    assert!(height > 20.0, "{height} points are room for two lines");
    assert!(book.parts["xl/styles.xml"].contains("wrapText=\"1\""));
}

#[test]
fn a_chart_colours_answers_by_what_they_say_in_whatever_order() {
    let folder = tempfile::tempdir().unwrap();
    let answers = [
        "Somewhat favorable",
        "Very favorable",
        "Somewhat unfavorable",
        "Very unfavorable",
        "DK",
    ];
    let rows: String = (0..200)
        .map(|at| format!("{},{}\n", answers[at % 5], ["x", "y"][at % 3 % 2]))
        .collect();
    std::fs::write(folder.path().join("x.csv"), format!("q,g\n{rows}")).unwrap();
    let words = "crosstab x.csv --rows q --columns g -q";
    let book = Workbook::written_by(folder.path(), &words.split(' ').collect::<Vec<_>>());
    let chart = &book.parts["xl/charts/chart1.xml"];
    let colours: Vec<&str> = elements(chart, "c:ser")
        .into_iter()
        .map(|(_, series)| attribute(elements(series, "a:srgbClr")[0].0, "val").unwrap())
        .collect();
    // in the order of the alphabet: somewhat for, somewhat against, very for, very against
    assert_eq!(colours, ["7CC0B8", "DDA65E", "0F6B64", "8F4E08", "C6CCD1"]);
}

#[test]
fn a_workbook_needs_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for output in [&[][..], &["-o", "-"][..]] {
        let run = opine_in(
            folder.path(),
            &[&["summary", "--format", "xlsx"], output].concat(),
            "",
        );
        assert_eq!(run.code, 2);
        assert!(run.err.contains("-o FILE.xlsx"), "{}", run.err);
    }
}

proptest! {
    #[test]
    fn any_words_stay_text(words in prop::collection::vec("[=+\\-@\\t\\r'|a-z0-9–. ]{0,40}|\\PC{0,40}", 4)) {
        let table = Table {
            title: words[0].clone(),
            columns: vec![Column::new(&words[1], Align::Left), Column::new("%", Align::Decimal)],
            blocks: vec![Block {
                rows: vec![Row {
                    label: format!("={}", words[2]),
                    cells: vec![words[3].as_str().into(), "=1+1".into()],
                    ..Row::default()
                }],
                ..Block::default()
            }],
            ..Table::default()
        };
        let mut row = Estimate::proportion("=source", "+variable", Some(&words[3]));
        row.estimate = Some(1.0 / 3.0);
        let frame = Estimates::from_rows(&[row]).unwrap().into_frame();
        let tables = [table.clone(), table];
        let book = Workbook::read(&xlsx(&tables, &[], &frame).unwrap());
        prop_assert_eq!(book.sheets.len(), 3);
        prop_assert!(book.sheets[0].0 != book.sheets[1].0);
        prop_assert!(book.texts(0).contains(&"=1+1"));
        prop_assert!(book.texts(2).contains(&"=source") && book.texts(2).contains(&"+variable"));
        prop_assert!(book.sheets[2].1.values().any(|cell| *cell == Cell::Number(1.0 / 3.0, String::new())));
    }
}
