//! A generated table is written in every dialect and read the same from all.

use std::io::{Cursor, Write};

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use opine::internals::tabular::{self, Header, Options};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

/// A row: label, percent in tenths, n, a day.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    label: String,
    percent: Option<u32>,
    n: Option<u32>,
    day: Option<(u16, u8, u8)>,
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Dialect {
    encoding: usize,
    delimiter: char,
    end: &'static str,
    decimal: char,
    thousands: &'static str,
    percent_sign: &'static str,
    missing: &'static str,
    dates: usize,
    quoted: bool,
    above: &'static str,
    below: &'static str,
    capitals: bool,
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let label = "[A-Z][a-zéöçñ]{2,8}( [a-zü]{3,6})?";
    // from 1.1 per cent: with all at most 1 a table is open, on purpose
    let percent = prop_oneof![4 => (11_u32..=1000).prop_map(Some), 1 => Just(None)];
    let n = prop_oneof![4 => (1_u32..3_000_000).prop_map(Some), 1 => Just(None)];
    let day =
        prop_oneof![4 => (1990_u16..2040, 1_u8..=12, 1_u8..=28).prop_map(Some), 1 => Just(None)];
    let line = (label, percent, n, day).prop_map(|(label, percent, n, day)| Line {
        label,
        percent,
        n,
        day,
    });
    // the first and the last row are whole: what is below the table is no row of it
    let whole = |percent, n, day| {
        let line = Line {
            label: "Café neu".to_owned(),
            percent: Some(percent),
            n: Some(n),
            day: Some(day),
        };
        vec![line]
    };
    proptest::collection::vec(line, 0..12).prop_map(move |lines| {
        [
            whole(485, 1004, (2023, 6, 14)),
            lines,
            whole(412, 12, (2023, 7, 31)),
        ]
        .concat()
    })
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let text = (
        0_usize..7,
        prop::sample::select(vec![',', ';', '\t', '|']),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(vec!['.', ',']),
        0_usize..5,
        prop::sample::select(vec!["", "%", " %"]),
        prop::sample::select(vec!["", "n/a", "–", "-", "NA"]),
    );
    let around = (
        0_usize..6,
        any::<bool>(),
        prop::sample::select(vec![
            "",
            "Trust in the press\n\n",
            "Table 1\nBy answer, 2023\n",
        ]),
        prop::sample::select(vec![
            "",
            "\n\n",
            "\nSource: a poll\n",
            "\nNote: weighted\nSource: a poll\n",
        ]),
        any::<bool>(),
    );
    (text, around).prop_map(|(text, around)| {
        let (encoding, delimiter, end, decimal, thousands, percent_sign, missing) = text;
        let (dates, quoted, above, below, capitals) = around;
        let mark = if decimal == ',' { "." } else { "," };
        Dialect {
            encoding,
            delimiter,
            end,
            decimal,
            thousands: ["", mark, " ", "\u{a0}", "\u{202f}"][thousands],
            percent_sign,
            missing,
            dates,
            quoted,
            above,
            below,
            capitals,
        }
    })
}

impl Dialect {
    fn field(&self, text: &str) -> String {
        match self.quoted || text.contains([self.delimiter, '"']) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        }
    }

    fn count(&self, n: u32) -> String {
        let digits = n.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text += self.thousands;
            }
            text.push(digit);
        }
        text
    }

    fn day(&self, (year, month, day): (u16, u8, u8)) -> String {
        let german = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        match self.dates {
            0 => format!("{year}-{month:02}-{day:02}"),
            1 => format!("{day:02}.{month:02}.{year}"),
            2 => format!("{month}/{day}/{year}"),
            3 => format!("{day}/{month}/{year}"),
            4 => format!("{day}. {} {year}", german[usize::from(month) - 1]),
            _ => format!("{year}{month:02}{day:02}"),
        }
    }

    fn write(&self, lines: &[Line]) -> Vec<u8> {
        let mut text = self.above.to_owned();
        let names = ["label", "percent", "n", "date"].map(|name| match self.capitals {
            true => name.to_uppercase(),
            false => name.to_owned(),
        });
        let delimiter = self.delimiter.to_string();
        text += &names.map(|name| self.field(&name)).join(&delimiter);
        text.push('\n');
        for line in lines {
            let percent = line.percent.map(|tenths| {
                format!(
                    "{}{}{}{}",
                    tenths / 10,
                    self.decimal,
                    tenths % 10,
                    self.percent_sign
                )
            });
            let cells = [
                Some(line.label.clone()),
                percent,
                line.n.map(|n| self.count(n)),
                line.day.map(|day| self.day(day)),
            ];
            let cells =
                cells.map(|cell| self.field(&cell.unwrap_or_else(|| self.missing.to_owned())));
            text += &cells.join(&delimiter);
            text.push('\n');
        }
        text += self.below;
        self.encode(&text.replace('\n', self.end))
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        let marked = format!("\u{feff}{text}");
        // neither of the older encodings has a narrow space
        let older = text.replace('\u{202f}', "\u{a0}");
        match self.encoding {
            0 => text.as_bytes().to_vec(),
            1 => marked.into_bytes(),
            2 => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            3 => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            4 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            5 => WINDOWS_1252.encode(&older).0.into_owned(),
            _ => MACINTOSH.encode(&older).0.into_owned(),
        }
    }
}

/// The rows that are read.
fn read(bytes: &[u8]) -> Result<Vec<Line>, tabular::Error> {
    let header = Header::named(&["label", "percent", "n", "date"]);
    let mut table = tabular::read_bytes("t", bytes, &header, &Options::default())?;
    let (percent, n, date) = (
        table.need("percent")?,
        table.need("n")?,
        table.need("date")?,
    );
    let percents = table.percents(percent)?;
    let counts = table.counts(n)?;
    let dates = table.dates(date)?;
    let label = table.need("label")?;
    let row = |row: usize| Line {
        label: table.text(row, label).to_owned(),
        percent: percents[row]
            .as_ref()
            .map(|number| (10.0 * number.value).round() as u32),
        n: counts[row].map(|n| n as u32),
        day: dates[row].map(|date| date.begins()),
    };
    Ok((0..table.len()).map(row).collect())
}

fn workbook(lines: &[Line]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let percent = rust_xlsxwriter::Format::new().set_num_format("0.0%");
    let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    sheet.write(0, 0, "Trust").unwrap();
    for (column, name) in (0..).zip(["Label", "Percent", "N", "Date"]) {
        sheet.write(2, column, name).unwrap();
    }
    for (row, line) in (3..).zip(lines) {
        sheet.write(row, 0, &line.label).unwrap();
        if let Some(tenths) = line.percent {
            sheet
                .write_with_format(row, 1, f64::from(tenths) / 1000.0, &percent)
                .unwrap();
        }
        if let Some(n) = line.n {
            sheet.write(row, 2, n).unwrap();
        }
        if let Some((year, month, of_month)) = line.day {
            let date = rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, of_month).unwrap();
            sheet.write_with_format(row, 3, &date, &day).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A document of the form that LibreOffice writes, with as much of it as holds cells.
pub(super) fn open_document(rows: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"Sheet1\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn document(lines: &[Line]) -> Vec<u8> {
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let empty = "<table:table-cell/>".to_owned();
    let mut rows = format!(
        "<table:table-row>{}</table:table-row>",
        ["Label", "Percent", "N", "Date"].map(text).concat()
    );
    for line in lines {
        let cells = [
            text(&line.label),
            line.percent.map_or(empty.clone(), |tenths| {
                let share = f64::from(tenths) / 1000.0;
                format!(
                    "<table:table-cell office:value-type=\"percentage\" office:value=\"{share}\"><text:p>{},{} %</text:p></table:table-cell>",
                    tenths / 10,
                    tenths % 10
                )
            }),
            line.n.map_or(empty.clone(), |n| {
                format!("<table:table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>")
            }),
            line.day.map_or(empty.clone(), |(year, month, day)| {
                format!(
                    "<table:table-cell office:value-type=\"date\" office:date-value=\"{year}-{month:02}-{day:02}\"><text:p>{day:02}.{month:02}.{:02}</text:p></table:table-cell>",
                    year % 100
                )
            }),
        ];
        rows += &format!("<table:table-row>{}</table:table-row>", cells.concat());
    }
    open_document(&rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn every_dialect_gives_the_same_table(lines in lines(), dialect in dialect()) {
        let bytes = dialect.write(&lines);
        match read(&bytes) {
            Ok(read) => prop_assert_eq!(read, lines),
            Err(error) => prop_assert!(false, "{}\n{}", error, String::from_utf8_lossy(&bytes)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn workbooks_give_the_same_table(lines in lines()) {
        prop_assert_eq!(&read(&workbook(&lines)).unwrap(), &lines);
        prop_assert_eq!(&read(&document(&lines)).unwrap(), &lines);
    }
}
