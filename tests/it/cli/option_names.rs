//! What is printed and handed on names no option: its reader has no command line.

use std::io::{Cursor, Read};
use std::path::Path;

use crate::cli::program::opine_in;

/// Tables and charts of the example poll; what stands for a format is each of them; ^ is a blank in a word.
const LINES: &[&str] = &[
    "crosstab POLL DESIGN --columns party,age --rows q1,therm_us -o t.FORMAT",
    "crosstab POLL --columns region,party:sex --rows q1 --box 2 --against rest -o t.FORMAT",
    "crosstab POLL --columns sex --rows q1,party --suppress 5 --test none -o t.FORMAT",
    "crosstab POLL w2.csv --wave year --columns year,party --against previous -o t.FORMAT",
    "topline POLL DESIGN -o t.FORMAT",
    "estimate POLL DESIGN prop(q1) mean(therm_us) --by party -o t.FORMAT",
    "fit POLL DESIGN q1=='Very^worried'~age+sex+party -o t.FORMAT",
    "describe POLL -o t.FORMAT",
    "trend us2016.csv --lead Clinton-Trump -o t.FORMAT",
    "pool tonight.csv --scale logit -o t.FORMAT",
];

const FORMATS: &[&str] = &["txt", "md", "html", "tex", "xlsx", "docx", "pptx"];

/// Pictures of the rows that a line before them wrote.
const PICTURES: &[&str] = &[
    "crosstab POLL DESIGN --columns party,age --rows q1 -o pairs.json",
    "chart banner pairs.json --row Very^worried -o banner.svg",
    "chart stacked pairs.json -o stacked.svg",
    "chart stacked pairs.json --diverging -o diverging.svg",
    "crosstab POLL DESIGN --columns party,age --rows q1 --against total -o total.parquet",
    "chart banner total.parquet --row Very^worried -o total.svg",
    "estimate POLL DESIGN prop(q1) --by party -o cells.parquet",
    "chart dot cells.parquet -o dot.svg",
    "chart trend waves.csv -o trend.svg",
];

fn words(line: &str, format: &str) -> Vec<String> {
    let line = line
        .replace("POLL", "poll.csv --codebook poll-codebook.csv")
        .replace("DESIGN", "--weights weight --strata stratum --psu psu")
        .replace("FORMAT", format);
    let words = line.split(' ');
    words.map(|word| word.replace('^', " ")).collect()
}

/// Every text of a file, those of its parts where it is an archive.
fn texts(bytes: &[u8]) -> Vec<String> {
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return vec![String::from_utf8_lossy(bytes).into_owned()];
    };
    let count = zip.len();
    let part = |at: usize| {
        let mut text = Vec::new();
        zip.by_index(at).unwrap().read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    };
    (0..count).map(part).collect()
}

/// Names of options in a text, but for the style sheet and the comments of a page.
fn options(text: &str) -> Vec<String> {
    let (mut rest, mut kept) = (text, String::new());
    while let Some((before, after)) = rest.split_once("<style") {
        kept += before;
        rest = after.split_once("</style>").map_or("", |(_, after)| after);
    }
    kept += rest;
    let starts = kept.match_indices("--");
    let named = starts.filter(|(at, _)| {
        let before = kept[..*at].chars().next_back();
        let after = kept[at + 2..].chars().next();
        !before.is_some_and(|letter| letter == '-' || letter == '!')
            && after.is_some_and(|letter| letter.is_ascii_lowercase())
    });
    named
        .map(|(at, _)| kept[at..].chars().take(40).collect())
        .collect()
}

fn inputs(folder: &Path) {
    for name in [
        "poll.csv",
        "poll-codebook.csv",
        "tonight.csv",
        "us2016.csv",
        "waves.csv",
    ] {
        std::fs::copy(format!("examples/{name}"), folder.join(name)).unwrap();
    }
    std::fs::copy("examples/poll.csv", folder.join("w2.csv")).unwrap();
}

/// Runs a line and looks through what it wrote.
fn check(folder: &Path, line: &str, format: &str, written: &mut usize) {
    let words = words(line, format);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let run = opine_in(folder, &words, "");
    // not every command has every format
    let name = words.last().unwrap();
    let Ok(bytes) = std::fs::read(folder.join(name)) else {
        assert_eq!(run.code, 2, "{words:?}: {}", run.err);
        return;
    };
    if ["json", "parquet"].iter().any(|rows| name.ends_with(rows)) {
        return;
    }
    *written += 1;
    for text in texts(&bytes) {
        assert_eq!(options(&text), Vec::<String>::new(), "{words:?}");
    }
    std::fs::remove_file(folder.join(name)).unwrap();
}

#[test]
fn printed_tables_and_pictures_name_no_option() {
    let folder = tempfile::tempdir().unwrap();
    inputs(folder.path());
    let mut written = 0;
    for line in LINES {
        let before = written;
        for format in FORMATS {
            check(folder.path(), line, format, &mut written);
        }
        assert!(written >= before + 4, "{line}");
    }
    let before = written;
    for line in PICTURES {
        check(folder.path(), line, "", &mut written);
    }
    let pictures = PICTURES.iter().filter(|line| line.starts_with("chart"));
    assert_eq!(written - before, pictures.count());
}
