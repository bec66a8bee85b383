//! Damaged Parquet and Arrow files: errors, no panics, and no allocation by a count that lies.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use opine::internals::survey::microdata::{
    Batch, ColumnRequest, Error, Source, View, ipc, parquet,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::survey::microdata::parquet::folder;

type Open = fn(&Path) -> Result<Box<dyn Source>, Error>;

/// How many damaged files are tried: `OPINE_MUTATIONS=20000` for a long search.
fn mutations() -> usize {
    let asked = std::env::var("OPINE_MUTATIONS");
    asked
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(300)
}

/// Opens and scans everything in both views; how often that ended in an error.
fn read_all(path: &Path, open: Open) -> usize {
    let Ok(source) = open(path) else {
        return 1;
    };
    let variables = source.codebook().variables.iter();
    let requests = variables.flat_map(|variable| {
        [View::Codes, View::Numbers].map(|view| ColumnRequest {
            name: variable.name.clone(),
            view,
        })
    });
    let read = |request: ColumnRequest| {
        let rows = Mutex::new(0);
        source.scan(&[request], &|batch: &mut Batch| {
            let mut rows = rows.lock().unwrap();
            *rows += batch.rows;
            // a damaged count may say anything
            match *rows > 1_000_000 {
                true => Err(Error::Stopped("enough".to_owned())),
                false => Ok(()),
            }
        })
    };
    requests
        .filter(|request| read(request.clone()).is_err())
        .count()
}

/// Changes up to four bytes of files, every other time near the end, where sizes and counts are; cuts some off. How many
/// errors came of it.
fn mutate(names: &[&str], seed: u64, open: Open) -> usize {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("damaged");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut faults = 0;
    for mutation in 0..mutations() {
        let mut bytes = fs::read(folder().join(names[mutation % names.len()])).unwrap();
        let length = bytes.len();
        for _ in 0..1 + random.next_u32() % 4 {
            let place = match mutation % 2 {
                0 => random.next_u32() as usize % length,
                _ => length - 1 - random.next_u32() as usize % (length / 4),
            };
            bytes[place] = random.next_u32() as u8;
        }
        if mutation % 10 == 9 {
            bytes.truncate(random.next_u32() as usize % length);
        }
        fs::write(&path, &bytes).unwrap();
        faults += read_all(&path, open);
    }
    faults
}

#[test]
fn damaged_parquet_files_are_errors() {
    let names = [
        "v1_zstd_overflow.parquet",
        "v2_delta.parquet",
        "v1_gzip_plain.parquet",
        "v2_lz4_small_pages.parquet",
        "v1_delta_split.parquet",
        "rare.parquet",
        "v1_int96_decimal_ints.parquet",
    ];
    let faults = mutate(&names, 20_261_124, parquet::open);
    assert!(faults > mutations() / 2, "{faults}");
}

#[test]
fn damaged_arrow_files_are_errors() {
    let names = ["plain.arrow", "coded_lz4.arrow", "coded_zstd.arrow"];
    let faults = mutate(&names, 20_261_125, ipc::open);
    assert!(faults > mutations() / 6, "{faults}");
}

#[test]
fn footers_that_lie() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("lie.parquet");
    let whole = fs::read(folder().join("v1_snappy.parquet")).unwrap();
    for (bytes, part) in [
        (
            whole[..whole.len() - 5].to_vec(),
            "not that of a Parquet file",
        ),
        (b"PAR1".to_vec(), "too short"),
        (
            [&whole[..whole.len() - 8], &[255, 255, 255, 127], b"PAR1"].concat(),
            "larger than the file",
        ),
        ([&whole[..], b"PARE"].concat(), "encrypted"),
        (b"PAR1\x00\x01\x00\x00\x00PAR1".to_vec(), "no schema"),
    ] {
        fs::write(&path, &bytes).unwrap();
        let error = parquet::open(&path).err().unwrap().to_string();
        assert!(error.contains(part), "{error}");
    }
}
