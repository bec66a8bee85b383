//! What a file says of itself is held against what it is: where its data end, how many rows they are, what its bytes add up to.

use std::collections::HashMap;
use std::fs::OpenOptions as WriteOptions;
use std::io::Write as _;

use opine::internals::frames::{Column, Frame};
use opine::internals::survey::microdata::write::frame_to_parquet;
use opine::internals::survey::microdata::{OpenOptions, Value, open, parquet};

use super::expected::file;
use super::hostile::opened;
use super::table::table;

const FILES: [&str; 16] = [
    "rows.sav",
    "plain.sav",
    "written.sav",
    "packed.zsav",
    "written.zsav",
    "portable.por",
    "stata8.dta",
    "stata10.dta",
    "stata12.dta",
    "stata13.dta",
    "stata14.dta",
    "stata15.dta",
    "written.dta",
    "strl118.dta",
    "transport5.xpt",
    "transport8.xpt",
];

/// The file with bytes behind its end.
fn with_tail(name: &str, tail: &[u8]) -> Result<(), String> {
    let whole = std::fs::read(file(name)).unwrap();
    opened(name, &[whole.as_slice(), tail].concat())
}

#[test]
fn bytes_that_are_left_over_are_refused() {
    for name in FILES {
        let whole = std::fs::read(file(name)).unwrap();
        for tail in [&b"x"[..], b"appended ", &[7; 80], &whole[whole.len() / 2..]] {
            let error = with_tail(name, tail).expect_err(name);
            assert!(!error.contains("panicked"), "{name}: {error}");
        }
    }
}

#[test]
fn padding_is_no_data() {
    for name in FILES {
        assert_eq!(with_tail(name, b""), Ok(()), "{name}");
        // version 5 of a transport file has no number of rows: NUL bytes are a row of zeros
        if name == "transport5.xpt" {
            continue;
        }
        assert_eq!(with_tail(name, &[0; 3]), Ok(()), "{name}");
        assert_eq!(with_tail(name, b"\r\n\x1a"), Ok(()), "{name}");
    }
}

/// Where a format has its number of rows: the place, the bytes, and whether the last is the largest.
fn row_count(name: &str, bytes: &[u8]) -> Option<(usize, usize)> {
    let tagged = |tag: &[u8]| bytes.windows(tag.len()).position(|window| window == tag);
    match name.rsplit_once('.')?.1 {
        "sav" | "zsav" => Some((80, 4)),
        "dta" if bytes[0] == b'<' => Some((tagged(b"<N>")? + 3, 4)),
        "dta" => Some((6, 4)),
        _ => None,
    }
}

#[test]
fn another_number_of_rows_is_refused() {
    let mut tried = 0;
    for name in FILES {
        let whole = std::fs::read(file(name)).unwrap();
        let Some((at, width)) = row_count(name, &whole) else {
            continue;
        };
        let mut rows = 0u64;
        for byte in whole[at..at + width].iter().rev() {
            rows = rows << 8 | u64::from(*byte);
        }
        // a number that is written the other way round is large
        if rows > 1_000_000 {
            continue;
        }
        for other in [rows - 1, rows + 1, rows * 2, rows / 2, rows + 100] {
            let mut bytes = whole.clone();
            bytes[at..at + width].copy_from_slice(&other.to_le_bytes()[..width]);
            let read = opened(name, &bytes);
            assert!(read.is_err(), "{name}: {other} rows for {rows}");
            tried += 1;
        }
    }
    assert!(tried >= 50, "{tried}");
}

#[test]
fn a_flipped_bit_of_a_page_is_an_error_with_its_column() {
    let texts = (0..500).map(|row| Some(format!("answer {}", row % 7)));
    let numbers = (0..500).map(|row| (row % 11 != 0).then_some(f64::from(row) / 3.0));
    let columns = vec![
        Column::new("said", texts.collect::<Vec<_>>()),
        Column::new("share", numbers.collect::<Vec<_>>()),
    ];
    let whole = frame_to_parquet(&Frame::new(500, columns).unwrap(), &[]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pages.parquet");
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let source = parquet::open(&path).map_err(|error| error.to_string())?;
        table(source.as_ref()).map_err(|error| error.to_string())
    };
    let right = read(&whole).unwrap();
    let footer = u32::from_le_bytes(*whole[..whole.len() - 4].last_chunk().unwrap()) as usize;
    let (mut noticed, mut pages) = (0, 0);
    for at in 4..whole.len() - 8 - footer {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        match read(&bytes) {
            // a bit of a header may say what nobody needs
            Ok(table) => assert_eq!(table.columns, right.columns, "byte {at}"),
            Err(error) => {
                noticed += 1;
                let named = error.contains("variable said") || error.contains("variable share");
                pages += usize::from(error.contains("checksum") && named);
            }
        }
    }
    assert!(
        noticed > 100 && pages * 10 > noticed * 9,
        "{pages} of {noticed}"
    );
}

/// How many rows a file with these bytes is read as.
fn rows(name: &str, bytes: &[u8]) -> Option<usize> {
    let columns = whole_table(name, bytes).ok()?;
    // a column whose type became another one may be left out, and that is said
    columns.values().map(Vec::len).max()
}

#[test]
fn no_byte_of_a_footer_changes_the_number_of_rows() {
    let files = [
        "groups_plain.parquet",
        "groups_v2.parquet",
        "batches_plain.arrow",
        "batches_lz4.arrow",
    ];
    for name in files {
        let whole = std::fs::read(file(&format!("parquet/{name}"))).unwrap();
        let (mut tried, mut refused) = (0, 0);
        for at in 0..whole.len() {
            for flip in [1, 2, 0x80, whole[at]] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                tried += 1;
                match rows(name, &bytes) {
                    None => refused += 1,
                    Some(rows) => assert_eq!(rows, 40, "{name}: byte {at} ^ {flip}"),
                }
            }
        }
        assert!(refused * 10 > tried, "{name}: {refused} of {tried}");
    }
}

#[test]
fn a_checksum_of_gzip_is_held_against_its_bytes() {
    let whole = std::fs::read(file("parquet/v1_gzip_plain.parquet")).unwrap();
    let right = whole_table("gzip.parquet", &whole).unwrap();
    let footer = u32::from_le_bytes(*whole[..whole.len() - 4].last_chunk().unwrap()) as usize;
    let mut refused = 0;
    for at in (4..whole.len() - 8 - footer).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        match whole_table("gzip.parquet", &bytes) {
            Ok(columns) => assert_eq!(columns, right, "byte {at}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 1000, "{refused}");
}

/// The columns of a file with these bytes.
fn whole_table(name: &str, bytes: &[u8]) -> Result<HashMap<String, Vec<Value>>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let source = open(&path, &OpenOptions::default()).map_err(|error| error.to_string())?;
    let table = table(source.as_ref()).map_err(|error| error.to_string())?;
    Ok(table.columns)
}

#[test]
fn a_file_that_changes_while_it_is_read_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let others = [
        "latin.csv",
        "parquet/v2_brotli.parquet",
        "parquet/plain.arrow",
    ];
    for name in FILES.into_iter().chain(others) {
        let path = folder.path().join(name.rsplit('/').next().unwrap());
        match name {
            "latin.csv" => std::fs::write(&path, "a,b\n1,x\n2,y\n").unwrap(),
            _ => std::fs::write(&path, std::fs::read(file(name)).unwrap()).unwrap(),
        }
        let source = open(&path, &OpenOptions::default()).unwrap();
        assert!(table(source.as_ref()).is_ok(), "{name}");
        let writer = WriteOptions::new().append(true).open(&path);
        writer.unwrap().write_all(b"\n").unwrap();
        let error = table(source.as_ref()).unwrap_err().to_string();
        assert!(
            error.contains("changed while it was read"),
            "{name}: {error}"
        );
    }
}
