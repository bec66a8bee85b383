//! Workbooks of other programs, and workbooks that ask for more than there is.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use opine::internals::tabular::{self, Error, Header, Options};

use super::dialects::open_document;
use super::{percents, texts};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/files/tabular")
        .join(name)
}

#[test]
fn one_list_of_three_programs() {
    for name in ["list.xlsx", "list.xls", "list.ods"] {
        let header = Header::named(&["label", "percent"]);
        let mut table = tabular::read(&file(name), &header, &Options::default()).unwrap();
        assert_eq!(
            texts(&table, "label"),
            ["A lot", "A little", "Don’t know", "Refused"],
            "{name}"
        );
        let percent = percents(&mut table, "percent").unwrap();
        let percent: Vec<Option<&str>> = percent.iter().map(Option::as_deref).collect();
        assert_eq!(percent, [Some("48.5"), Some("29.0"), None, None], "{name}");
        assert_eq!(
            table.counts(2).unwrap(),
            [Some(1004.0), Some(1010.0), None, Some(1020.0)],
            "{name}"
        );
        let dates = table.dates(3).unwrap();
        let dates: Vec<Option<String>> = dates
            .iter()
            .map(|date| date.map(|date| date.to_string()))
            .collect();
        assert_eq!(
            dates[..3],
            [
                Some("2023-06-14".to_owned()),
                Some("2023-06-15".to_owned()),
                None
            ],
            "{name}"
        );
        let place = table.place(1, 1).to_string();
        assert!(
            place.ends_with(&format!("{name}, sheet Trust, cell B5, column Percent")),
            "{place}"
        );
        let note = table.note().unwrap();
        assert!(
            note.contains("1 line above the header and 1 line below the table left out"),
            "{note}"
        );
        assert_eq!(
            note.contains("sheet Trust of 4 read"),
            name == "list.xlsx",
            "{note}"
        );
    }
}

#[test]
fn which_sheet_is_meant() {
    let read =
        |path: &str, header: &Header| tabular::read(&file(path), header, &Options::default());
    let list = Header::named(&["label", "percent"]);
    let hidden = read("list.xlsx#old", &list).unwrap();
    assert_eq!(texts(&hidden, "label"), ["x"]);
    let message = |error: Result<tabular::Table, Error>| {
        let text = error.unwrap_err().to_string();
        text.replace(&file("").display().to_string(), "")
    };
    insta::assert_snapshot!(message(read("list.xlsx#Trusst", &list)), @"list.xlsx: there is no sheet Trusst; it has Notes, Trust, Old and Faults; did you mean Trust?");
    insta::assert_snapshot!(message(read("list.xlsx", &Header::named(&["variable", "level"]))), @"list.xlsx: none of its sheets (Notes, Trust, Old and Faults) has the columns variable and level");
    insta::assert_snapshot!(message(read("list.xlsx", &Header::named(&["label"]))), @"list.xlsx: the sheets Trust and Faults have such a table; name one, as in list.xlsx#Trust");
    insta::assert_snapshot!(message(read("list.xls#Trust", &Header::named(&["label", "share"]))), @"list.xls, sheet Trust: there is no column share; its columns are Label, Percent, N, Date");
}

#[test]
fn heads_over_several_columns_and_cells_over_several_rows() {
    let table = tabular::read(
        &file("heads.xlsx"),
        &Header::by_shape(),
        &Options::default(),
    )
    .unwrap();
    assert_eq!(
        table.names(),
        [
            "Country", "Answer", "2022: %", "2022: n", "2023: %", "2023: n"
        ]
    );
    assert_eq!(
        texts(&table, "country"),
        ["Korea", "Korea", "Kenya", "Kenya"]
    );
    assert_eq!(table.place(0, 2).letters.as_deref(), Some("D"));
}

#[test]
fn formulas_that_went_wrong() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, (label, result)) in (0..).zip([("label", "percent"), ("A", "#DIV/0!"), ("B", "48")]) {
        sheet.write(row, 0, label).unwrap();
        match result.strip_prefix('#') {
            Some(_) => sheet
                .write_formula(
                    row,
                    1,
                    rust_xlsxwriter::Formula::new("=1/0").set_result(result),
                )
                .unwrap(),
            None => sheet.write(row, 1, result).unwrap(),
        };
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let header = Header::named(&["label", "percent"]);
    let mut table = tabular::read_bytes("t.xlsx", &bytes, &header, &Options::default()).unwrap();
    let error = percents(&mut table, "percent").unwrap_err().to_string();
    assert!(
        error.starts_with("t.xlsx, sheet Sheet1, cell B2, column percent: "),
        "{error}"
    );
    assert!(
        error.ends_with("#DIV/0!") || error.contains("“#DIV/0!”"),
        "{error}"
    );
}

/// The parts of a workbook, packed as they are.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with this sheet and these shared texts.
fn sheet(cells: &str, texts: &str) -> Vec<u8> {
    let rels = "<Relationships><Relationship Id=\"r1\" Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    let workbook = "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
    let sheets = "<Relationships><Relationship Id=\"r1\" Type=\"x/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let cells = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    packed(&[
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", sheets.as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
        ("xl/worksheets/sheet1.xml", cells.as_bytes()),
    ])
}

fn outcome(bytes: &[u8]) -> String {
    match tabular::read_bytes("t", bytes, &Header::by_shape(), &Options::default()) {
        Ok(table) => format!("{} rows of {}", table.len(), table.names().join(", ")),
        Err(error) => error.to_string(),
    }
}

const ROWS: &str = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>label</v></c><c r=\"B1\" t=\"str\"><v>n</v></c></row>\
    <row r=\"2\"><c r=\"A2\" t=\"str\"><v>A</v></c><c r=\"B2\"><v>12.5</v></c></row>";

#[test]
fn small_files_that_ask_for_all_memory() {
    let no_texts = "<sst></sst>";
    assert_eq!(outcome(&sheet(ROWS, no_texts)), "1 rows of label, n");
    // so many texts are announced, none is there
    let announced = "<sst uniqueCount=\"99999999999\"><si><t>A</t></si></sst>";
    assert_eq!(outcome(&sheet(ROWS, announced)), "1 rows of label, n");
    // cells in far corners
    let far = format!("{ROWS}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    assert!(outcome(&sheet(&far, no_texts)).contains("rows"));
    let corners: String = (1..2000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>"))
        .collect();
    assert!(outcome(&sheet(&corners, no_texts)).contains("no small table"));
    // one long text in many cells
    let text = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let shared: String = (1..2000)
        .map(|row| format!("<row r=\"{row}\"><c t=\"s\"><v>0</v></c></row>"))
        .collect();
    assert!(outcome(&sheet(&shared, &text)).contains("no small table"));
    // many cells that are merged, each over all rows
    let merged = "<mergeCell ref=\"A1:A1048576\"/>".repeat(90_000);
    let rows: String = (3..20_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"B{row}\"><v>1.5</v></c></row>"))
        .collect();
    let sheet_of_merged = sheet(
        &format!("{ROWS}{rows}</sheetData><mergeCells>{merged}</mergeCells><sheetData>"),
        no_texts,
    );
    assert!(outcome(&sheet_of_merged).contains("label, n"));
    // what unpacks to more than it may
    let blank = " ".repeat(200 << 20);
    assert!(outcome(&sheet(&blank, no_texts)).contains("no small table"));
    // rows and columns that repeat
    let cell = "<table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
    let repeated =
        format!("<table:table-row table:number-rows-repeated=\"1048576\">{cell}</table:table-row>");
    assert!(outcome(&open_document(&repeated)).contains("no small table"));
    let endless = "<table:table-row table:number-rows-repeated=\"18446744073709551615\"><table:table-cell table:number-columns-repeated=\"18446744073709551615\"/></table:table-row>";
    assert!(outcome(&open_document(&endless.repeat(3))).contains("empty"));
    let spanned = "<table:table-row><table:table-cell table:number-columns-spanned=\"18446744073709551615\" table:number-rows-spanned=\"18446744073709551615\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>";
    assert!(outcome(&open_document(spanned)).contains("no table"));
}

/// A chain of sectors that leads back to itself.
#[test]
fn sectors_in_a_circle() {
    let bytes = std::fs::read(file("list.xls")).unwrap();
    let at =
        |place: usize| u32::from_le_bytes(bytes[place..place + 4].try_into().unwrap()) as usize;
    let (directory, table) = (at(48), at(76));
    let mut circle = bytes.clone();
    let entry = (table + 1) * 512 + 4 * directory;
    circle[entry..entry + 4].copy_from_slice(&(directory as u32).to_le_bytes());
    assert!(outcome(&circle).contains("damaged"), "{}", outcome(&circle));
    for cut in (0..bytes.len()).step_by(97) {
        outcome(&bytes[..cut]);
    }
}

#[test]
fn what_only_looks_like_a_workbook() {
    for (parts, word) in [
        (vec![("word/document.xml", &b"<x/>"[..])], "no spreadsheet"),
        (vec![("xl/workbook.bin", &b"x"[..])], ".xlsb"),
        (vec![("data.csv", &b"a,b"[..])], "ZIP archive"),
        (vec![("Index/Document.iwa", &b"x"[..])], "Numbers"),
        (
            vec![("mimetype", &b"application/epub+zip"[..])],
            "no spreadsheet",
        ),
        (vec![("_rels/.rels", &b"<Relationships/>"[..])], "damaged"),
    ] {
        let said = outcome(&packed(&parts));
        assert!(said.contains(word), "{said}");
    }
}
