//! What made a file stands in its properties: the version, a hash of what was read, and the command where it is stamped.
//! Neither the name of an output nor the place of a file shows in a byte.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::cli::program::opine_in;

/// A line for each kind of output that can hold it, without `-o FILE`, and the endings of its files.
const LINES: [(&[&str], &[&str]); 8] = [
    (
        &["chart", "bar", "list.csv"],
        &["png", "svg", "pdf", "html", "pptx"],
    ),
    (&["chart", "pool", "list.csv"], &["svg"]),
    (
        &["summary", "list.csv"],
        &["html", "xlsx", "docx", "parquet"],
    ),
    (
        &["crosstab", "poll.csv", "--rows", "q1", "--columns", "sex"],
        &["html", "xlsx", "docx", "pptx", "parquet"],
    ),
    (&["topline", "poll.csv"], &["html", "xlsx", "docx", "pptx"]),
    (&["trend", "polls.csv"], &["html", "xlsx", "parquet"]),
    (
        &["weight", "poll.csv", "--rake", "targets.csv"],
        &["parquet"],
    ),
    (
        &["estimate", "poll.csv", "mean(therm_us)"],
        &["xlsx", "docx", "parquet"],
    ),
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let list = "label,percent,n\nGermany,62,1010\nSpain,55,1004\n";
    fs::write(folder.path().join("list.csv"), list).unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for name in ["poll.csv", "targets.csv"] {
        fs::copy(examples.join(name), folder.path().join(name)).unwrap();
    }
    let mut polls = "pollster,start,end,n,response,percent\n".to_owned();
    for at in 0..12 {
        let day = 1 + 2 * at;
        polls += &format!(
            "House {},2024-05-{day:02},2024-05-{day:02},1000,Yes,{}\n",
            at % 3,
            50 + at % 4
        );
    }
    fs::write(folder.path().join("polls.csv"), polls).unwrap();
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

/// A page on standard output, the pages of reports and their pictures.
#[test]
fn pages_name_version_and_inputs() {
    let folder = folder();
    let path = folder.path();
    let printed = opine_in(path, &["summary", "list.csv", "--format", "html"], "");
    let written = written(path, &["summary", "list.csv"], "t.html");
    assert_eq!(printed.out, String::from_utf8(written).unwrap());
    for (line, files) in [
        (
            "trend polls.csv --report out",
            ["report.html", "polls.svg", "polls.png"],
        ),
        (
            "weight poll.csv --rake targets.csv --report out",
            ["weighting.html", "weights.svg", "weights.png"],
        ),
        (
            "report --data store --out out",
            ["report.html", "headline.svg", "headline.png"],
        ),
    ] {
        drop(fs::remove_dir_all(path.join("out")));
        if line.contains("store") {
            assert_eq!(opine_in(path, &["init", "store"], "").code, 0);
            // another byte, or they are the shipped figures
            let figures = path.join("store/claims.csv");
            let text = fs::read_to_string(&figures).unwrap();
            fs::write(&figures, text + "\n").unwrap();
        }
        let words: Vec<&str> = line.split(' ').collect();
        let run = opine_in(path, &words, "");
        assert_eq!(run.code, 0, "{line}: {}", run.err);
        let hashes = files.map(|name| provenance(&fs::read(path.join("out").join(name)).unwrap()));
        assert!(hashes[0].is_some(), "{line}");
        assert!(
            hashes.iter().all(|hash| *hash == hashes[0]),
            "{line}: {hashes:?}"
        );
        let run = opine_in(path, &[&words[..], &["--stamp"]].concat(), "");
        assert_eq!(run.code, 0, "{line}: {}", run.err);
        for name in files {
            let text = readable(&fs::read(path.join("out").join(name)).unwrap());
            let command = line.split(" --").next().unwrap();
            assert!(
                text.contains(&format!("command: opine {command}")),
                "{line} {name}"
            );
            assert!(
                !text.contains("--out") && !text.contains("--report out"),
                "{line} {name}"
            );
        }
    }
}

/// The committed pictures and page change with the figures, and with no version.
#[test]
fn a_report_of_the_shipped_figures_carries_no_version() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(opine_in(path, &["init", "data"], "").code, 0);
    for line in [&["report", "--data", "data"][..], &["report"]] {
        let run = opine_in(path, line, "");
        assert_eq!(run.code, 0, "{}", run.err);
        for name in ["report.html", "headline.svg", "headline.png"] {
            let text = readable(&fs::read(path.join("plots").join(name)).unwrap());
            assert!(!text.contains(env!("CARGO_PKG_VERSION")), "{name}");
        }
    }
}

/// What shapes a file without being named is an input as well.
#[test]
fn a_style_file_that_lies_there_and_what_it_names_count() {
    let folder = folder();
    let path = folder.path();
    let drawn = |name: &str| provenance(&written(path, &["chart", "bar", "list.csv"], name));
    let bare = drawn("bare.svg");
    fs::write(path.join("opine.toml"), "note = \"One\"\n").unwrap();
    let one = drawn("one.svg");
    fs::write(path.join("opine.toml"), "note = \"Two\"\n").unwrap();
    let two = drawn("two.svg");
    let logo = |colour: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" fill=\"{colour}\"/></svg>"
        )
    };
    fs::write(path.join("opine.toml"), "logo = \"logo.svg\"\n").unwrap();
    fs::write(path.join("logo.svg"), logo("#112233")).unwrap();
    let three = drawn("three.svg");
    fs::write(path.join("logo.svg"), logo("#112234")).unwrap();
    let four = drawn("four.svg");
    let all = [bare, one, two, three, four];
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "{all:?}");
    // named, it is the same file
    let line = ["chart", "bar", "list.csv", "--style", "opine.toml"];
    assert_eq!(provenance(&written(path, &line, "named.svg")), all[4]);
}

#[test]
fn respondents_from_a_pipe_count_like_those_of_a_file() {
    let folder = folder();
    let poll = fs::read_to_string(folder.path().join("poll.csv")).unwrap();
    let line = ["estimate", "-", "mean(therm_us)", "-o", "piped.parquet"];
    let run = opine_in(folder.path(), &line, &poll);
    assert_eq!(run.code, 0, "{}", run.err);
    let piped = fs::read(folder.path().join("piped.parquet")).unwrap();
    let line = ["estimate", "poll.csv", "mean(therm_us)"];
    let read = written(folder.path(), &line, "read.parquet");
    assert!(provenance(&piped).is_some());
    assert_eq!(provenance(&piped), provenance(&read));
}

/// The command in every output that can hold it, the same wherever it runs.
#[test]
fn a_stamp_is_the_command_without_outputs_and_folders() {
    let (folder, other) = (folder(), folder());
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::rename(
        folder.path().join("list.csv"),
        folder.path().join("deep/list.csv"),
    )
    .unwrap();
    for (line, endings) in LINES {
        for ending in endings {
            let deep: Vec<&str> = line
                .iter()
                .map(|word| match *word {
                    "list.csv" => "deep/list.csv",
                    word => word,
                })
                .collect();
            let name = format!("deep/one.{ending}");
            let one = written(
                folder.path(),
                &[&deep[..], &["--stamp", "-q"]].concat(),
                &name,
            );
            let two = written(
                other.path(),
                &[line, &["--stamp"]].concat(),
                &format!("two.{ending}"),
            );
            assert!(one == two, "{line:?} {ending}");
            let command = format!("command: opine {}", line.join(" "));
            let text = readable(&one);
            let is_there = text.contains(&command.replace("mean(therm_us)", "'mean(therm_us)'"))
                // krilla writes texts of a PDF as UTF-16
                || *ending == "pdf";
            assert!(is_there, "{line:?} {ending}: {command}");
        }
    }
}

#[test]
fn a_stamp_of_any_letters_is_read_back() {
    let folder = folder();
    let path = folder.path();
    let title = "Müller & “Söhne” <b>, it’s\n-50%";
    let line = [
        "chart",
        "bar",
        "list.csv",
        "--title",
        title,
        "--colour",
        "Spain=#AA1111",
        "--stamp",
    ];
    let expected = r"command: opine chart bar list.csv --title $'Müller & “Söhne” <b>, it’s\u000a-50%' --colour Spain=#AA1111";
    let png = written(path, &line, "a.png");
    let reader = png::Decoder::new(Cursor::new(&png)).read_info().unwrap();
    let texts = &reader.info().utf8_text;
    let text = texts[0].get_text().unwrap();
    assert!(text.ends_with(expected), "{text}");
    for name in ["a.svg", "a.html", "a.pptx"] {
        let text = readable(&written(path, &line, name));
        let escaped = expected
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        assert!(text.contains(&escaped), "{name}");
    }
}

#[test]
fn a_stamp_where_nothing_holds_it_is_refused() {
    let folder = folder();
    for line in [
        "summary list.csv --stamp",
        "summary list.csv --stamp --json",
        "summary list.csv --stamp -o t.csv",
        "summary list.csv --stamp -o t.tex",
        "summary list.csv --stamp -o t.html --fragment",
        "estimate poll.csv mean(therm_us) --stamp --format md",
        "trend polls.csv --stamp",
        "weight poll.csv --rake targets.csv -o w.csv --stamp",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = opine_in(folder.path(), &words, "");
        assert_eq!(run.code, 2, "{line}");
        assert!(
            run.err.contains("--stamp has no effect here"),
            "{line}: {}",
            run.err
        );
    }
}
