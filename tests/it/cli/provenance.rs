//! What made a file stands in its properties: the version, and a hash of what was read. Neither the name of an output nor the
//! place of a file shows in a byte.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::cli::program::opine_in;

/// A line for each kind of output that can hold it, without `-o FILE`, and the endings of its files.
const LINES: [(&[&str], &[&str]); 6] = [
    (
        &["chart", "bar", "list.csv"],
        &["png", "svg", "pdf", "html", "pptx"],
    ),
    (&["chart", "pool", "list.csv"], &["svg"]),
    (&["summary", "list.csv"], &["xlsx", "docx", "parquet"]),
    (
        &["crosstab", "poll.csv", "--rows", "q1", "--columns", "sex"],
        &["xlsx", "docx", "pptx", "parquet"],
    ),
    (&["topline", "poll.csv"], &["xlsx", "docx", "pptx"]),
    (
        &["estimate", "poll.csv", "mean(therm_us)"],
        &["xlsx", "docx", "parquet"],
    ),
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let list = "label,percent,n\nGermany,62,1010\nSpain,55,1004\n";
    fs::write(folder.path().join("list.csv"), list).unwrap();
    let poll = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/poll.csv");
    fs::copy(poll, folder.path().join("poll.csv")).unwrap();
    folder
}

fn written(folder: &Path, line: &[&str], name: &str) -> Vec<u8> {
    let run = opine_in(folder, &[line, &["-o", name]].concat(), "");
    assert_eq!(run.code, 0, "{line:?} {name}: {}", run.err);
    fs::read(folder.join(name)).unwrap()
}

/// All that can be read in a file: its bytes, and of a zip what its parts hold.
fn readable(file: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(file).into_owned();
    if file.starts_with(b"PK") {
        let mut package = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        for index in 0..package.len() {
            let mut part = Vec::new();
            package
                .by_index(index)
                .unwrap()
                .read_to_end(&mut part)
                .unwrap();
            text += &String::from_utf8_lossy(&part);
        }
    }
    text
}

/// “opine 0.1.0, inputs 5f3a09c1” in a file.
fn provenance(file: &[u8]) -> Option<String> {
    let text = readable(file);
    let begins = format!("opine {}, inputs ", env!("CARGO_PKG_VERSION"));
    let at = text.find(&begins)?;
    let hash = text.get(at + begins.len()..)?.get(..8)?;
    assert!(
        hash.chars().all(|digit| digit.is_ascii_hexdigit()),
        "{hash}"
    );
    Some(hash.to_owned())
}

#[test]
fn every_file_that_can_hold_it_names_version_and_inputs() {
    let (folder, other) = (folder(), folder());
    fs::create_dir(folder.path().join("deep")).unwrap();
    for (line, endings) in LINES {
        let mut hashes = Vec::new();
        for ending in endings {
            let one = written(folder.path(), line, &format!("one.{ending}"));
            let hash = provenance(&one);
            assert!(
                hash.is_some(),
                "{line:?} {ending}: {}",
                readable(&one).get(..600).unwrap_or_default()
            );
            hashes.extend(hash);
            // the same at another place, under another name
            let two = written(folder.path(), line, &format!("deep/two.{ending}"));
            assert!(
                one == two,
                "{line:?}: the place of {ending} changes its bytes"
            );
            let three = written(other.path(), line, &format!("three.{ending}"));
            assert!(
                one == three,
                "{line:?}: the place of the input changes the bytes of {ending}"
            );
        }
        assert!(
            hashes.iter().all(|hash| *hash == hashes[0]),
            "{line:?}: {hashes:?}"
        );
        // another byte is another hash
        let input = folder
            .path()
            .join(line.iter().find(|word| word.ends_with(".csv")).unwrap());
        let old = fs::read(&input).unwrap();
        fs::write(&input, [old.as_slice(), b"\n"].concat()).unwrap();
        let changed = written(folder.path(), line, &format!("one.{}", endings[0]));
        assert_ne!(provenance(&changed).as_ref(), hashes.first(), "{line:?}");
        fs::write(&input, old).unwrap();
    }
}

#[test]
fn what_comes_by_a_pipe_counts_and_typed_figures_have_no_inputs() {
    let folder = folder();
    let list = fs::read_to_string(folder.path().join("list.csv")).unwrap();
    let run = opine_in(
        folder.path(),
        &["chart", "bar", "-", "-o", "piped.svg"],
        &list,
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let piped = fs::read(folder.path().join("piped.svg")).unwrap();
    let read = written(folder.path(), &["chart", "bar", "list.csv"], "read.svg");
    assert_eq!(provenance(&piped), provenance(&read));
    let typed = written(
        folder.path(),
        &["chart", "pool", "48@1000", "51@1512"],
        "typed.svg",
    );
    let text = readable(&typed);
    assert!(
        text.contains(&format!(
            "<metadata>opine {}</metadata>",
            env!("CARGO_PKG_VERSION")
        )),
        "{text}"
    );
}

#[test]
fn a_picture_with_it_is_the_same_picture() {
    let folder = folder();
    let png = written(folder.path(), &["chart", "bar", "list.csv"], "out.png");
    let mut reader = png::Decoder::new(Cursor::new(&png)).read_info().unwrap();
    let texts = &reader.info().uncompressed_latin1_text;
    assert!(
        texts.iter().any(|text| text.keyword == "Software"),
        "{texts:?}"
    );
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
}
