//! A file of respondents that is open, or the standard input in the place of one.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::Failure;
use crate::survey::microdata::{self, Batch, Codebook, ColumnRequest, Error, OpenOptions, Source};

/// Respondents, and the path that they can be read from again.
pub struct Opened {
    source: Box<dyn Source>,
    path: PathBuf,
    /// What came in on standard input, which can be read but once; deleted with this.
    _kept: Option<NamedTempFile>,
}

impl Opened {
    /// `-` is the standard input.
    pub fn new(path: &Path, options: &OpenOptions) -> Result<Opened, Failure> {
        let failure = |error: Error| Failure::File(error.to_string());
        if path != Path::new("-") {
            return Ok(Opened {
                source: microdata::open(path, options).map_err(failure)?,
                path: path.to_owned(),
                _kept: None,
            });
        }
        let kept =
            standard_input().map_err(|error| Failure::File(format!("standard input: {error}")))?;
        Ok(Opened {
            source: microdata::open(kept.path(), options).map_err(failure)?,
            path: kept.path().to_owned(),
            _kept: Some(kept),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Source for Opened {
    fn codebook(&self) -> &Codebook {
        self.source.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        self.source.scan(requests, each)
    }
}

/// Standard input as a file, since estimates may go over respondents twice. Its ending says the format, as its first bytes
/// tell it.
fn standard_input() -> io::Result<NamedTempFile> {
    let mut input = io::stdin().lock();
    let mut head = [0; 16];
    let mut read = 0;
    while read < head.len() {
        match input.read(&mut head[read..])? {
            0 => break,
            more => read += more,
        }
    }
    let head = &head[..read];
    let mut builder = tempfile::Builder::new();
    builder.prefix("standard-input-").suffix(ending(head));
    let mut kept = builder.tempfile()?;
    kept.write_all(head)?;
    io::copy(&mut input, &mut kept)?;
    kept.flush()?;
    Ok(kept)
}

fn ending(head: &[u8]) -> &'static str {
    let signatures: [(&[u8], &str); 7] = [
        (b"PAR1", ".parquet"),
        (b"ARROW1", ".arrow"),
        (b"$FL2", ".sav"),
        (b"$FL3", ".zsav"),
        (b"<stata_dta>", ".dta"),
        (b"HEADER RECORD***", ".xpt"),
        (b"", ".csv"),
    ];
    let mut signatures = signatures.into_iter();
    signatures
        .find(|(signature, _)| head.starts_with(signature))
        .map_or(".csv", |(_, ending)| ending)
}
