//! Slides, documents, PDF: that every part is XML, tied and typed, whatever the texts; and that the charts hold the numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;

use opine::internals::present::office::{
    Deck, NativeChart, Point, Series, Shape, Slide, Unit, pptx,
};
use opine::internals::present::table::{Align, Block, Cell, Column, Row, Table, document};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::present::estimates::line;

type Parts = BTreeMap<String, Vec<u8>>;

fn parts(bytes: &[u8]) -> Parts {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The elements of a part with their attributes, and its texts. Nothing in it is forbidden in XML 1.0.
struct Xml {
    elements: Vec<(String, BTreeMap<String, String>)>,
    texts: Vec<String>,
}

fn read(name: &str, bytes: &[u8]) -> Xml {
    let text = std::str::from_utf8(bytes).unwrap();
    let allowed = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    assert!(text.chars().all(allowed), "{name}");
    let mut reader = Reader::from_str(text);
    let mut xml = Xml {
        elements: Vec::new(),
        texts: Vec::new(),
    };
    let mut open = String::new();
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("{name}: {error}"))
        {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => {
                xml.texts
                    .extend(Some(std::mem::take(&mut open)).filter(|text| !text.is_empty()));
                let attributes = element.attributes().map(|attribute| {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let key = attribute.key.as_ref().to_owned();
                    let raw = attribute.value.into_owned();
                    (key, quick_xml::escape::unescape(&raw).unwrap().into_owned())
                });
                let kind = element.name().as_ref().to_owned();
                xml.elements.push((kind, attributes.collect()));
            }
            Event::End(_) => {
                xml.texts
                    .extend(Some(std::mem::take(&mut open)).filter(|text| !text.is_empty()));
            }
            Event::Text(text) => open += &text,
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", &*reference);
                open += &quick_xml::escape::unescape(&reference).unwrap();
            }
            _ => {}
        }
    }
    xml
}

/// Where a relationship of a part leads.
fn target(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = part.split('/').collect();
    path.pop();
    for step in target.split('/') {
        match step {
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// What a strict reader of Office files asks of one: each part typed and tied to, each tie leading to a part.
fn check(bytes: &[u8]) -> Parts {
    let parts = parts(bytes);
    let types = read("types", &parts["[Content_Types].xml"]);
    let of = |kind: &str, attribute: &str| -> BTreeSet<String> {
        let elements = types.elements.iter().filter(|(name, _)| name == kind);
        elements
            .map(|(_, attributes)| attributes[attribute].clone())
            .collect()
    };
    let (overrides, endings) = (of("Override", "PartName"), of("Default", "Extension"));
    for name in &overrides {
        assert!(parts.contains_key(name.trim_start_matches('/')), "{name}");
    }
    let mut reached = BTreeSet::from(["[Content_Types].xml".to_owned()]);
    for (name, bytes) in &parts {
        let ending = name.rsplit('.').next().unwrap();
        assert!(
            overrides.contains(&format!("/{name}")) || endings.contains(ending),
            "{name}"
        );
        if ending == "xlsx" {
            check(bytes);
            continue;
        }
        if ending == "png" {
            continue;
        }
        let xml = read(name, bytes);
        if ending == "rels" {
            reached.insert(name.clone());
            let owner = name.replace("_rels/", "").replace(".rels", "");
            for (_, relation) in xml
                .elements
                .iter()
                .filter(|(kind, _)| kind == "Relationship")
            {
                if relation
                    .get("TargetMode")
                    .is_some_and(|mode| mode == "External")
                {
                    continue;
                }
                let to = target(&owner, &relation["Target"]);
                assert!(parts.contains_key(&to), "{name}: {to}");
                reached.insert(to);
            }
            continue;
        }
        // ids of relations are those of the part’s own list
        let ties = name
            .rsplit_once('/')
            .map(|(folder, file)| format!("{folder}/_rels/{file}.rels"));
        let ties = ties.and_then(|ties| parts.get(&ties));
        let known: BTreeSet<String> = ties.map_or_else(BTreeSet::new, |bytes| {
            let relations = read("relations", bytes).elements;
            relations
                .iter()
                .filter_map(|(_, one)| one.get("Id").cloned())
                .collect()
        });
        for (_, attributes) in &xml.elements {
            for (key, value) in attributes.iter().filter(|(key, _)| key.starts_with("r:")) {
                assert!(known.contains(value), "{name}: {key} {value}");
            }
        }
    }
    let unreached: Vec<&String> = parts
        .keys()
        .filter(|name| !reached.contains(*name))
        .collect();
    assert!(unreached.is_empty(), "{unreached:?}");
    parts
}

/// Texts of all kinds that a label can be.
fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("]]> <b>&amp; \"’' \u{0} \u{B} \u{FFFE} \u{FFFF} \u{1F600} \u{202E}".to_owned()),
        Just(String::new()),
        Just("word ".repeat(300)),
        Just("=1+1".to_owned()),
    ]
}

fn number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => (0.0..1.0).prop_map(Some),
        1 => Just(None),
        1 => prop::sample::select(vec![0.0, 1.0, -3.5, 1e300, f64::NAN, f64::INFINITY]).prop_map(Some),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (number(), number(), any::<bool>(), prop::option::of(label())).prop_map(
        |(value, half, has_colour, format)| Point {
            value,
            interval: value
                .zip(half)
                .map(|(value, half)| (value - half, value + half)),
            colour: has_colour.then_some(0xC6CCD1),
            format: format.map(|text| format!("\"{}\"", text.replace('"', "”"))),
        },
    )
}

fn chart() -> impl Strategy<Value = NativeChart> {
    let shape = prop::sample::select(vec![Shape::Bars, Shape::Stacked, Shape::Lines]);
    let unit = prop::sample::select(vec![
        Unit::Share(0),
        Unit::Share(1),
        Unit::Number(2),
        Unit::Signed(1),
    ]);
    let rows = prop_oneof![Just(0usize), Just(1), 2..30usize, Just(500)];
    (shape, unit, rows, 1..4usize, any::<bool>()).prop_flat_map(
        |(shape, unit, rows, series, dated)| {
            let one = (label(), prop::collection::vec(point(), rows));
            let dated = dated && shape == Shape::Lines;
            (
                prop::collection::vec(label(), rows),
                prop::collection::vec(one, series),
                label(),
            )
                .prop_map(move |(categories, series, description)| NativeChart {
                    shape,
                    days: match dated {
                        true => (0..rows as u32).map(|day| 40_000 + 30 * day).collect(),
                        false => Vec::new(),
                    },
                    categories,
                    series: series
                        .into_iter()
                        .map(|(name, points)| Series {
                            name,
                            colour: 0x004487,
                            points,
                        })
                        .collect(),
                    unit,
                    description,
                })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_part_of_a_deck_is_sound(
        title in label(),
        subtitle in prop::collection::vec(label(), 0..3),
        slides in prop::collection::vec((label(), label(), chart(), prop::collection::vec(label(), 0..3)), 0..3),
    ) {
        let deck = Deck {
            title,
            subtitle,
            slides: slides
                .into_iter()
                .map(|(title, base, chart, foot)| Slide { title, base, chart, foot })
                .collect(),
            ..Deck::default()
        };
        let bytes = pptx(&deck).unwrap();
        check(&bytes);
        prop_assert_eq!(&bytes, &pptx(&deck).unwrap());
    }
}

/// Tables of any shape: rows with too few cells and too many, a hundred columns, none.
fn table() -> impl Strategy<Value = Table> {
    let row = (
        label(),
        0..3usize,
        prop::collection::vec(label(), 0..5),
        label(),
    )
        .prop_map(|(label, indent, cells, note)| Row {
            label,
            indent,
            cells: cells.into_iter().map(Cell::from).collect(),
            notes: vec![note],
        });
    let columns = prop_oneof![0..4usize, Just(100)];
    let block = (prop::option::of(label()), prop::collection::vec(row, 0..4));
    (
        label(),
        columns,
        prop::collection::vec(block, 0..3),
        label(),
    )
        .prop_map(|(title, columns, blocks, foot)| Table {
            title,
            columns: (0..columns)
                .map(|at| Column::new(&format!("column {at}"), Align::Right))
                .collect(),
            blocks: blocks
                .into_iter()
                .map(|(head, rows)| Block {
                    head,
                    note: None,
                    rows,
                })
                .collect(),
            foot: vec![foot],
            ..Table::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_part_of_a_document_is_sound(
        tables in prop::collection::vec(table(), 0..3),
        sentences in prop::collection::vec(label(), 0..2),
    ) {
        let bytes = document(&tables, &sentences, None).unwrap();
        let parts = check(&bytes);
        let text = String::from_utf8(parts["word/document.xml"].clone()).unwrap();
        for row in text.split("<w:tr>").skip(1) {
            let row = row.split("</w:tr>").next().unwrap();
            let spans = row.split("<w:gridSpan w:val=\"").skip(1);
            let spans: usize = spans
                .map(|span| span.split('"').next().unwrap().parse::<usize>().unwrap() - 1)
                .sum();
            let own = row.matches("<w:tc>").count() + spans;
            let grid = text.split("<w:tbl>").skip(1).map(|table| {
                let grid = table.split("</w:tblGrid>").next().unwrap();
                grid.matches("<w:gridCol ").count()
            });
            prop_assert!(grid.into_iter().any(|columns| columns == own), "{row}");
        }
        prop_assert_eq!(&bytes, &document(&tables, &sentences, None).unwrap());
    }
}

/// The examples in a folder of their own.
fn examples() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["poll.csv", "poll-codebook.csv", "tonight.csv", "us2016.csv"] {
        std::fs::copy(Path::new("examples").join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// What the program writes, which is the same when it is asked again.
fn written(words: &str, name: &str) -> Vec<u8> {
    let folder = examples();
    let write = || {
        let run = line(folder.path(), &format!("{words} -o {name}"));
        assert_eq!(run.code, 0, "{words}: {}", run.err);
        std::fs::read(folder.path().join(name)).unwrap()
    };
    let bytes = write();
    assert!(bytes == write(), "{words}: other bytes");
    bytes
}

/// The numbers in the charts of a deck, a list a series, with its name.
fn series(parts: &Parts) -> Vec<(String, Vec<f64>)> {
    let charts = parts
        .iter()
        .filter(|(name, _)| name.starts_with("ppt/charts/chart"));
    let mut all = Vec::new();
    for (_, bytes) in charts {
        let text = String::from_utf8(bytes.clone()).unwrap();
        for series in text.split("<c:ser>").skip(1) {
            let (head, values) = series.split_once("<c:val>").unwrap();
            let name = head
                .split("<c:v>")
                .nth(1)
                .unwrap()
                .split('<')
                .next()
                .unwrap();
            let values = values.split("</c:val>").next().unwrap();
            let values = values.split("<c:v>").skip(1);
            let values = values.map(|value| value.split('<').next().unwrap().parse().unwrap());
            all.push((name.to_owned(), values.collect()));
        }
    }
    all
}

#[test]
fn a_topline_is_a_slide_a_question() {
    let words = "topline poll.csv --codebook poll-codebook.csv --rows q1,sex --weights weight";
    let deck = check(&written(words, "deck.pptx"));
    let slides = deck
        .keys()
        .filter(|name| name.starts_with("ppt/slides/slide"));
    assert_eq!(slides.count(), 3);
    let texts = read("slide", &deck["ppt/slides/slide2.xml"])
        .texts
        .join("\n");
    assert!(texts.contains("How worried are you"), "{texts}");
    assert!(
        texts.contains("n = 1,936") && texts.contains("Source: poll.csv."),
        "{texts}"
    );
    let shares = &series(&deck)[0].1;
    assert_eq!(shares.len(), 4);
    assert!(
        (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9,
        "{shares:?}"
    );
    // the workbook of the chart has the same numbers, each with its interval
    let book = parts(&deck["ppt/embeddings/workbook1.xlsx"]);
    let sheet = String::from_utf8(book["xl/worksheets/sheet1.xml"].clone()).unwrap();
    for share in shares {
        assert!(
            sheet.contains(&format!("<v>{share}</v>")),
            "{share}: {sheet}"
        );
    }
}

#[test]
fn a_banner_is_stacked_and_its_nets_have_slides_of_their_own() {
    let words = "crosstab poll.csv --codebook poll-codebook.csv --rows q1 --columns party,sex \
                 --net 'Worried=Very worried,Somewhat worried'";
    let deck = check(&written(words, "tabs.pptx"));
    let all = series(&deck);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Very worried",
            "Somewhat worried",
            "Not very worried",
            "Not at all worried",
            "Worried"
        ]
    );
    // total, three parties, two sexes
    assert!(all.iter().all(|(_, values)| values.len() == 6), "{all:?}");
    let sum: f64 = all[..2].iter().map(|(_, values)| values[0]).sum();
    assert!((sum - all[4].1[0]).abs() < 1e-12);
}

#[test]
fn charts_are_slides_with_the_figures_that_were_printed() {
    let deck = check(&written("chart bar tonight.csv", "bar.pptx"));
    assert_eq!(series(&deck)[0].1, [0.62, 0.23, 0.04, 0.11]);
    let deck = check(&written(
        "chart trend */view_cn/favourable:US",
        "trend.pptx",
    ));
    let chart = String::from_utf8(deck["ppt/charts/chart1.xml"].clone()).unwrap();
    // a line between two polls is as long as the time was
    assert!(chart.contains("<c:dateAx>"), "{chart}");
    check(&written("chart stacked ecfr2023/side_taiwan", "sides.pptx"));
    check(&written("chart dot egf2023/consequences", "dots.pptx"));
}

#[test]
fn what_slides_can_not_hold_is_refused_and_leaves_no_file() {
    let folder = examples();
    for (words, message) in [
        (
            "estimate poll.csv prop(q1) -o a.pptx",
            "slides are of toplines",
        ),
        (
            "topline poll.csv --no-charts -o a.pptx",
            "--no-charts has no effect",
        ),
        (
            "crosstab poll.csv --columns sex --test kish -o a.pptx",
            "--test has no effect",
        ),
        (
            "crosstab poll.csv --columns sex --show se -o a.pptx",
            "--show has no effect",
        ),
        (
            "chart bar tonight.csv --width 500 -o a.pptx",
            "--width has no effect",
        ),
        (
            "chart bar tonight.csv --theme dark -o a.pptx",
            "--theme has no effect",
        ),
        (
            "topline poll.csv --format pptx",
            "name the file with -o FILE.pptx",
        ),
    ] {
        let run = line(folder.path(), words);
        assert_eq!(run.code, 2, "{words}: {}", run.err);
        assert!(run.err.contains(message), "{words}: {}", run.err);
        assert!(!folder.path().join("a.pptx").exists(), "{words}");
    }
}

#[test]
fn a_topline_is_a_document_with_headings_and_tables() {
    let words = "topline poll.csv --codebook poll-codebook.csv --rows q1,sex --weights weight";
    let parts = check(&written(words, "topline.docx"));
    let text = String::from_utf8(parts["word/document.xml"].clone()).unwrap();
    for style in ["Title", "Subtitle", "Heading2", "FootnoteText"] {
        assert!(
            text.contains(&format!("<w:pStyle w:val=\"{style}\"/>")),
            "{style}"
        );
    }
    assert_eq!(
        text.matches("<w:tblStyle w:val=\"PlainTable2\"/>").count(),
        2
    );
    // heads of two rows each are repeated, numbers stand right
    assert_eq!(text.matches("<w:tblHeader/>").count(), 4);
    let texts = read("document", &parts["word/document.xml"]).texts;
    assert!(texts.iter().any(|text| text == "1,936"), "{texts:?}");
}

#[test]
fn tables_are_documents_with_intervals_in_cells_of_their_own() {
    for words in [
        "estimate poll.csv prop(q1) --by sex",
        "summary egf2023",
        "compare 48@1000 45@1200",
        "crosstab poll.csv --rows q1 --columns party:age,region",
        "describe poll.csv",
        "interval 63 -n 1500",
    ] {
        check(&written(words, "a.docx"));
    }
    let parts = check(&written("estimate poll.csv prop(q1) --by sex", "a.docx"));
    let texts = read("document", &parts["word/document.xml"]).texts;
    assert!(texts.iter().any(|text| text == "interval"), "{texts:?}");
    assert!(
        !texts
            .iter()
            .any(|text| text.contains('(') && text.contains('–')),
        "{texts:?}"
    );
}

#[test]
fn a_chart_is_a_pdf_of_vectors_with_its_faces_and_its_words() {
    let bytes = written("chart bar tonight.csv --title Neutral", "bar.pdf");
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 4_000);
    let holds = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    // a page of 720 pixels is 540 points wide; the faces are subsets; nothing is a picture
    assert!(holds(b"[0 0 540 ") && holds(b"+NotoSans-Bold"));
    assert!(holds(b"/Figure") && holds(b"Neutral") && !holds(b"/Subtype/Image"));
}

#[test]
fn a_chart_to_embed_has_both_layouts_and_no_script() {
    let bytes = written("chart bar tonight.csv --title A&<b>", "bar.html");
    let page = String::from_utf8(bytes).unwrap();
    assert_eq!(page.matches("<svg ").count(), 2);
    assert!(
        page.contains("width=\"720\"") && page.contains("width=\"360\""),
        "{page}"
    );
    assert!(page.contains("charset=\"utf-8\"") && page.contains("<title>A&amp;&lt;b&gt;</title>"));
    assert_eq!(page.matches("<desc>").count(), 2);
    assert!(!page.contains("<script"));
    let run = line(
        examples().path(),
        "chart bar tonight.csv --width 500 -o a.html",
    );
    assert!(
        run.code == 2 && run.err.contains("--width has no effect"),
        "{}",
        run.err
    );
}

/// Labels of a chart have one room each: where they would meet, programs leave some out.
#[test]
fn long_labels_have_fewer_bars_on_a_slide() {
    let folder = examples();
    let long = "A great deal of confidence that the government will act in the interest of people like me and my family";
    let mut list = "label;Germany;France;Spain;Poland\n".to_owned();
    for at in 0..5 {
        list += &format!(
            "{at} {long};{};{};{};{}\n",
            18 - at,
            15 + at,
            20 + at,
            12 + at
        );
    }
    std::fs::write(
        folder.path().join("long.csv"),
        list + "Base;1004;1010;998;1021\n",
    )
    .unwrap();
    let run = line(folder.path(), "chart bar long.csv -o long.pptx");
    assert_eq!(run.code, 0, "{}", run.err);
    let deck = check(&std::fs::read(folder.path().join("long.pptx")).unwrap());
    let charts = deck
        .iter()
        .filter(|(name, _)| name.starts_with("ppt/charts/chart"));
    let mut bars = 0;
    for (name, bytes) in charts {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let labels = text
            .split("<c:cat>")
            .nth(1)
            .unwrap()
            .split("</c:cat>")
            .next()
            .unwrap();
        let labels: Vec<&str> = labels.split("<c:v>").skip(1).collect();
        // an answer with its four countries
        assert_eq!(labels.len(), 5, "{name} {labels:?}");
        bars += labels.len() - 1;
    }
    assert_eq!(bars, 20);
}

/// A table that is longer than a page in its lines begins below its title, and goes on over the next.
#[test]
fn a_table_of_many_lines_is_not_kept_together() {
    let folder = examples();
    let long = "A great deal of confidence that the government will act in the interest of people like me and my family, ";
    let list = |label: &str| {
        let rows = (0..24).map(|at| format!("\"{at} {label}\",{},1000\n", 20 + at));
        "label,percent,n\n".to_owned() + &rows.collect::<String>()
    };
    for (label, kept) in [("short", true), (long, false), (&long.repeat(3), false)] {
        std::fs::write(folder.path().join("rows.csv"), list(label)).unwrap();
        let run = line(folder.path(), "summary rows.csv -o rows.docx");
        assert_eq!(run.code, 0, "{}", run.err);
        let parts = check(&std::fs::read(folder.path().join("rows.docx")).unwrap());
        let text = String::from_utf8(parts["word/document.xml"].clone()).unwrap();
        let body = text.split("</w:tr>").nth(1).unwrap();
        assert_eq!(body.contains("<w:keepNext/>"), kept, "{label}");
    }
}
