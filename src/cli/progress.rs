//! How far a file has been read, for a person who waits.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::survey::microdata::{Batch, Codebook, ColumnRequest, Error, Source};

/// Whoever waits less than this sees no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A source that shows on standard error how far a scan is: only to a terminal, and only after a second.
pub struct Watched {
    source: Box<dyn Source>,
    quiet: bool,
}

impl Watched {
    pub fn new(source: Box<dyn Source>, quiet: bool) -> Watched {
        Watched { source, quiet }
    }

    /// Hidden at first.
    fn bar(&self) -> ProgressBar {
        let (rows, template) = match self.source.rows() {
            // A line that wraps can't be drawn over.
            Some(rows) if is_narrow() => (Some(rows), "{percent:>3}% of {human_len}, {eta} left"),
            Some(rows) => (
                Some(rows),
                "{bar:30} {percent:>3}% of {human_len} respondents, {eta} left",
            ),
            None => (None, "{spinner} {human_pos} respondents"),
        };
        let bar = ProgressBar::with_draw_target(rows, ProgressDrawTarget::hidden());
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}

/// Whether the terminal has fewer columns than a bar with its words, for ten billion respondents.
fn is_narrow() -> bool {
    const BAR: u16 = 80;
    terminal_size::terminal_size_of(io::stderr()).is_some_and(|(width, _)| width.0 < BAR)
}

impl Source for Watched {
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
        if self.quiet {
            return self.source.scan(requests, each);
        }
        let (bar, started, shown) = (self.bar(), Instant::now(), AtomicBool::new(false));
        let scanned = self.source.scan(requests, &|batch| {
            let rows = batch.rows as u64;
            let done = each(batch);
            bar.inc(rows);
            if started.elapsed() > PATIENCE && !shown.swap(true, Ordering::Relaxed) {
                // draws nothing where standard error is no terminal
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            done
        });
        bar.finish_and_clear();
        scanned
    }
}
