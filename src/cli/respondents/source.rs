//! A file of respondents that is open, or the standard input in the place of one.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::failure::Failure;
use crate::cli::streams::{ReadWatch, Session};
use crate::files::Scratch;
use crate::survey::microdata::{self, Batch, Codebook, ColumnRequest, Error, OpenOptions, Source};

/// Respondents that can be read more than once: a scan stops when the run is interrupted, and whoever waits at a terminal
/// sees how far it is.
pub struct Respondents {
    source: Arc<dyn Source>,
    path: PathBuf,
    shows_progress: bool,
    read_watch: Option<ReadWatch>,
    interrupt: Arc<AtomicBool>,
    /// What came in by a pipe, which can be read but once; deleted with this.
    kept: Option<Kept>,
}

struct Kept {
    /// What messages call it.
    name: PathBuf,
    file: Scratch,
}

impl Respondents {
    /// `-` is the standard input; a named pipe is read once, too.
    pub fn open(
        path: &Path,
        options: &OpenOptions,
        session: &Session,
    ) -> Result<Respondents, Failure> {
        let kept = match path {
            _ if path == Path::new("-") => {
                let kept = standard_input(&mut *session.input(), Path::new("standard input"));
                Some(kept.map_err(|error| Failure::File(format!("standard input: {error}")))?)
            }
            _ if is_stream(path) => {
                let kept = File::open(path).and_then(|mut file| standard_input(&mut file, path));
                Some(kept.map_err(|error| Failure::file(path, error))?)
            }
            _ => None,
        };
        if let Some(kept) = &kept {
            File::open(kept.file.path())
                .and_then(|file| session.paths.streamed(file))
                .map_err(|error| Failure::file(&kept.name, error))?;
        }
        let path = kept
            .as_ref()
            .map_or(path, |kept| kept.file.path())
            .to_owned();
        let opened = microdata::open(&path, options).map_err(|error| match &kept {
            Some(kept) => error.of_file(&kept.name),
            None => error,
        });
        let source: Arc<dyn Source> = opened?.into();
        session.opens(&source);
        Ok(Respondents {
            source,
            path,
            shows_progress: session.shows_progress(),
            read_watch: session.read_watch(),
            interrupt: session.interrupt(),
            kept,
        })
    }

    /// Where they can be read from again.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Source for Respondents {
    fn codebook(&self) -> &Codebook {
        self.source.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let progress = self.shows_progress.then(|| Progress::new(self.rows()));
        let scanned = self.source.scan(requests, &|batch| {
            if self.interrupt.load(Ordering::Relaxed) {
                return Err(Error::Stopped("stopped".to_owned()));
            }
            let rows = batch.rows as u64;
            each(batch)?;
            if let Some(progress) = &progress {
                progress.add(rows);
            }
            if let Some(watch) = &self.read_watch {
                watch(rows, self.rows());
            }
            Ok(())
        });
        scanned.map_err(|error| match &self.kept {
            Some(kept) => error.of_file(&kept.name),
            None => error,
        })
    }
}

/// Whoever waits less than this sees no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a scan is, on the terminal of standard error; gone with the scan.
struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
}

impl Progress {
    /// Hidden at first.
    fn new(rows: Option<u64>) -> Progress {
        let template = match rows {
            // a line that wraps can’t be drawn over
            Some(_) if is_narrow() => "{percent:>3}% of {human_len}, {eta} left",
            Some(_) => "{bar:30} {percent:>3}% of {human_len} respondents, {eta} left",
            None => "{spinner} {human_pos} respondents",
        };
        let bar = ProgressBar::with_draw_target(rows, ProgressDrawTarget::hidden());
        Progress {
            bar: match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            },
            started: Instant::now(),
            shown: AtomicBool::new(false),
        }
    }

    fn add(&self, rows: u64) {
        self.bar.inc(rows);
        if self.started.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Whether the terminal has fewer columns than a bar with its words, for ten billion respondents.
fn is_narrow() -> bool {
    const BAR: u16 = 80;
    terminal_size::terminal_size_of(io::stderr()).is_some_and(|(width, _)| width.0 < BAR)
}

/// Whether a file can be read but once: a named pipe, or `/dev/stdin`, whose name says no format.
#[cfg(unix)]
fn is_stream(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_pipe = |metadata: std::fs::Metadata| metadata.file_type().is_fifo();
    path == Path::new("/dev/stdin") || std::fs::metadata(path).is_ok_and(is_pipe)
}

#[cfg(not(unix))]
fn is_stream(_: &Path) -> bool {
    false
}

/// A stream as a file, since estimates may go over respondents twice. Its ending says the format, as its first bytes tell it.
fn standard_input(input: &mut dyn Read, name: &Path) -> io::Result<Kept> {
    let mut head = [0; 16];
    let mut read = 0;
    while read < head.len() {
        match input.read(&mut head[read..])? {
            0 => break,
            more => read += more,
        }
    }
    let head = &head[..read];
    let prefix = format!("opine-input-{}-", std::process::id());
    let mut file = Scratch::new(&prefix, ending(head))?;
    file.write_all(head)?;
    io::copy(input, &mut file)?;
    file.flush()?;
    Ok(Kept {
        name: name.to_owned(),
        file,
    })
}

fn ending(head: &[u8]) -> &'static str {
    let signatures: [(&[u8], &str); 9] = [
        (b"\x1f\x8b", "gz"),
        (b"\x28\xb5\x2f\xfd", "zst"),
        (b"PK\x03\x04", "zip"),
        (b"PAR1", "parquet"),
        (b"ARROW1", "arrow"),
        (b"$FL2", "sav"),
        (b"$FL3", "zsav"),
        (b"<stata_dta>", "dta"),
        (b"HEADER RECORD***", "xpt"),
    ];
    let mut signatures = signatures.into_iter();
    signatures
        .find(|(signature, _)| head.starts_with(signature))
        .map_or("csv", |(_, ending)| ending)
}
