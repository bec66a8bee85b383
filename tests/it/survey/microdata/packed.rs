//! Compressed files: what is in them comes through, and damage is an error.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use opine::internals::survey::microdata::{Error, OpenOptions, Source, open};

use crate::survey::microdata::expected::file;
use crate::survey::microdata::odd::odd;
use crate::survey::microdata::table::{Table, table};

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An archive of files, each deflated or stored.
fn zipped(files: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content, deflate) in files {
        let packed = match deflate {
            false => content.to_vec(),
            true => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(content).unwrap();
                encoder.finish().unwrap()
            }
        };
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let at = out.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0, if *deflate { 8 } else { 0 }, 0, 0, 0, 0, 0]);
        common.extend(crc.sum().to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    let length = (directory.len() as u32).to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(length);
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

struct Written {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn written(name: &str, bytes: &[u8]) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    Written {
        _folder: folder,
        path,
    }
}

fn opened(path: &Path) -> Result<Box<dyn Source>, Error> {
    open(path, &OpenOptions::default())
}

fn read(path: &Path) -> Table {
    table(
        opened(path)
            .unwrap_or_else(|error| panic!("{error}"))
            .as_ref(),
    )
    .unwrap()
}

fn error(name: &str, bytes: &[u8]) -> String {
    let file = written(name, bytes);
    let error = match opened(&file.path) {
        Err(error) => error,
        Ok(source) => table(source.as_ref()).expect_err("an error"),
    };
    let error = error.to_string();
    let (path, message) = error.split_once(": ").unwrap();
    assert_eq!(Path::new(path), file.path, "{error}");
    message.to_owned()
}

#[test]
fn a_small_one() {
    let read = read(&odd("sheet.csv.gz"));
    assert!(!read.names.is_empty() && read.rows.is_some());
}

/// Every format, within gzip and within an archive, is the same as it is.
#[test]
fn every_format_comes_through() {
    for name in [
        "apistrat.csv",
        "plain.sav",
        "packed.zsav",
        "portable.por",
        "stata14.dta",
        "transport8.xpt",
        "parquet/v1_snappy.parquet",
    ] {
        let path = file(name);
        let plain = read(&path);
        let bytes = std::fs::read(&path).unwrap();
        let own = path.file_name().unwrap().to_string_lossy().into_owned();
        let within = [
            ("__MACOSX/._x", b"x".as_slice(), false),
            (&own, &bytes, true),
        ];
        for (packed, bytes) in [
            (format!("{own}.gz"), gzipped(&bytes)),
            (own.clone(), gzipped(&bytes)),
            (
                format!("{own}.zst"),
                zstd::encode_all(bytes.as_slice(), 3).unwrap(),
            ),
            ("archive.zip".to_owned(), zipped(&within)),
            (
                "archive.ZIP".to_owned(),
                zipped(&[("folder/", b"", false), (&own, &bytes, false)]),
            ),
        ] {
            let file = written(&packed, &bytes);
            let unpacked = read(&file.path);
            assert_eq!(unpacked.names, plain.names, "{packed}");
            assert_eq!(unpacked.columns, plain.columns, "{packed}");
        }
    }
}

/// Where the name does not say what is within, the content does.
#[test]
fn names_that_say_nothing() {
    let spss = std::fs::read(file("plain.sav")).unwrap();
    assert_eq!(
        read(&written("survey.gz", &gzipped(&spss)).path).names,
        read(&file("plain.sav")).names
    );
    let csv = written("survey.gz", &gzipped(b"a;b\n1;2\n"));
    assert_eq!(read(&csv.path).names, ["a", "b"]);
    let zip = written("data.zip", &zipped(&[("data", b"a,b\n1,2\n", true)]));
    assert_eq!(read(&zip.path).names, ["a", "b"]);
}

/// More rows than a block has, and gzip in several members one after the other.
#[test]
fn long_ones() {
    let mut content = String::from("row,word\n");
    for row in 0..600_000 {
        content.push_str(&format!("{row},w{}\n", row % 300));
    }
    let half = content.len() / 2;
    let members = [
        gzipped(&content.as_bytes()[..half]),
        gzipped(&content.as_bytes()[half..]),
    ]
    .concat();
    let plain = read(&written("long.csv", content.as_bytes()).path);
    for (name, bytes) in [
        ("long.csv.gz", members),
        (
            "long.zip",
            zipped(&[("long.csv", content.as_bytes(), true)]),
        ),
    ] {
        let unpacked = read(&written(name, &bytes).path);
        assert_eq!(unpacked.rows, Some(600_000));
        assert_eq!(unpacked.columns, plain.columns);
    }
}

#[test]
fn what_is_wrong_with_an_archive() {
    let two = zipped(&[("a.csv", b"a\n1\n", true), ("b.csv", b"b\n1\n", true)]);
    assert_eq!(
        error("two.zip", &two),
        "the archive has 2 files: a.csv, b.csv; unpack it and name the one that is meant"
    );
    assert_eq!(
        error("none.zip", &zipped(&[("folder/", b"", false)])),
        "there is no file in the archive"
    );
    let whole = zipped(&[("a.csv", b"a,b\n1,2\n", false)]);
    let mut secret = whole.clone();
    let at = secret
        .windows(4)
        .position(|part| part == b"PK\x01\x02")
        .unwrap();
    secret[at + 8] |= 1;
    assert!(error("secret.zip", &secret).contains("is encrypted"));
    let mut other = whole.clone();
    other[at + 10] = 14;
    assert!(error("lzma.zip", &other).contains("compressed by method 14"));
    let mut wrong = whole.clone();
    let digit = wrong.windows(3).position(|part| part == b"1,2").unwrap();
    wrong[digit] = b'7';
    assert!(error("wrong.zip", &wrong).contains("its checksum is another than the archive says"));
    let mut cut = whole.clone();
    cut.truncate(whole.len() - 30);
    assert!(error("cut.zip", &cut).contains("its directory is missing"));
    assert!(error("workbook.csv", &whole).contains("this is a ZIP archive or a workbook"));
    let twice = gzipped(&gzipped(b"a\n1\n"));
    assert!(error("twice.gz", &twice).contains("compressed again"));
}

#[test]
fn damaged_gzip() {
    let whole = gzipped("a,b\n1,2\n".repeat(1000).as_bytes());
    let mut wrong = whole.clone();
    let end = wrong.len() - 6;
    wrong[end] ^= 1;
    assert!(error("wrong.csv.gz", &wrong).starts_with("it can't be unpacked"));
    assert!(error("cut.csv.gz", &whole[..whole.len() / 2]).starts_with("it can't be unpacked"));
    let whole = zstd::encode_all("a,b\n1,2\n".repeat(1000).as_bytes(), 3).unwrap();
    assert!(error("cut.csv.zst", &whole[..whole.len() / 2]).starts_with("it can't be unpacked"));
    assert!(error("empty.csv.gz", &gzipped(b"")).contains("the file is empty"));
}

/// What tapes and blocks add behind the end is nothing; anything else is an error.
#[test]
fn padding_behind_the_end() {
    let text = "a,b\n1,2\n".repeat(1000);
    let packed = [
        ("a.csv.gz", gzipped(text.as_bytes())),
        ("a.csv.zst", zstd::encode_all(text.as_bytes(), 3).unwrap()),
    ];
    for (name, whole) in packed {
        let expected = read(&written(name, &whole).path);
        for padding in [&[0; 1][..], &[0; 9000], b"\r\n", b"\x1a  \n\0\0"] {
            let file = written(name, &[&whole, padding].concat());
            assert_eq!(read(&file.path), expected, "{name} {padding:?}");
        }
        // a member more, also an empty one
        let twice = written(name, &[&whole[..], &whole].concat());
        assert_ne!(read(&twice.path), expected);
        for rest in [&b"x"[..], b"\0\0x", &[&[0; 9000][..], &whole].concat()] {
            let message = error(name, &[&whole, rest].concat());
            assert!(message.starts_with("it can't be unpacked"), "{message}");
        }
    }
}

/// Changed bytes anywhere end in data or an error.
#[test]
fn changed_bytes() {
    let csv = "a,b,c\n1,2,x\n3,4,y\n".repeat(50);
    let files = [
        ("a.csv.gz", gzipped(csv.as_bytes())),
        ("a.zip", zipped(&[("a.csv", csv.as_bytes(), true)])),
    ];
    for (name, whole) in files {
        for at in 0..whole.len() {
            for change in [0xff, 0x01, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                let file = written(name, &bytes);
                if let Ok(source) = opened(&file.path) {
                    let _ = table(source.as_ref());
                }
            }
        }
    }
}

#[test]
fn advice_where_a_file_can_be_written_otherwise() {
    for (name, bytes, part) in [
        (
            "d.sas7bdat",
            b"x".to_vec(),
            "haven::read_sas(\"d.sas7bdat\"), \"d.sav\")",
        ),
        (
            "d.rds",
            gzipped(b"X\n\0\0\0\x03"),
            "arrow::write_parquet(readRDS(\"d.rds\"), \"d.parquet\")",
        ),
        ("d.RData", gzipped(b"RDX3\nX\n"), "load(\"d.RData\")"),
        ("d.rda", gzipped(b"RDX3\nX\n"), "load(\"d.rda\")"),
        ("d.gz", gzipped(b"RDX3\nX\n"), "these are data of R"),
        ("d.csv", gzipped(b"X\n\0\0\0\x03"), "these are data of R"),
    ] {
        let message = error(name, &bytes);
        assert!(message.contains(part), "{name}: {message}");
    }
}
