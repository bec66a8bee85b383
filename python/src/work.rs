//! Long work: Python goes on, Ctrl-C stops it, whoever waits sees how far it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use opine::Survey;
use pyo3::prelude::*;

use crate::errors;

/// How often signals are looked at.
const TICK: Duration = Duration::from_millis(50);
/// What is stopped has this long to leave no half-written file behind.
const TIDYING: Duration = Duration::from_millis(300);
/// Whoever waits less than this sees no progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// Of a file that does not say how many respondents it has.
const UNKNOWN: u64 = u64::MAX;

/// Works on respondents on a thread of its own, without the lock of Python.
///
/// Ctrl-C raises at once; the thread sees the flag with its next batch of respondents and ends by itself. `progress` is called
/// with how many of all respondents were read, and with None when it is over.
pub fn on_survey<T: Send + 'static>(
    py: Python<'_>,
    survey: &Survey,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Survey) -> Result<T, opine::Error> + Send + 'static,
) -> PyResult<T> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let read = Arc::new((AtomicU64::new(0), AtomicU64::new(UNKNOWN)));
    let counts = Arc::clone(&read);
    let survey = survey
        .clone()
        .with_interrupt(Arc::clone(&interrupt))
        .on_progress(move |read, all| {
            counts.0.fetch_max(read, Ordering::Relaxed);
            counts.1.store(all.unwrap_or(UNKNOWN), Ordering::Relaxed);
        });
    let (sender, mut receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // nobody waits for it after Ctrl-C
        let _ = sender.send(work(&survey));
    });
    let started = Instant::now();
    let mut shown = false;
    let outcome = loop {
        match wait(py, &mut receiver, TICK) {
            Ok(result) => break result.map_err(errors::from_library),
            Err(RecvTimeoutError::Disconnected) => break Err(errors::broken_off()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(signal) = py.check_signals() {
            interrupt.store(true, Ordering::Relaxed);
            break Err(signal);
        }
        if let Some(progress) = progress.filter(|_| started.elapsed() > PATIENCE) {
            let all = Some(read.1.load(Ordering::Relaxed)).filter(|all| *all != UNKNOWN);
            progress.call1((read.0.load(Ordering::Relaxed), all))?;
            shown = true;
        }
    };
    if let Some(progress) = progress.filter(|_| shown) {
        progress.call1((py.None(), py.None()))?;
    }
    outcome
}

/// The same of work that no respondents are read for.
pub fn aside<T: Send + 'static>(
    py: Python<'_>,
    interrupt: Arc<AtomicBool>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = sender.send(work());
    });
    loop {
        match wait(py, &mut receiver, TICK) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Disconnected) => return Err(errors::broken_off()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(signal) = py.check_signals() {
            interrupt.store(true, Ordering::Relaxed);
            // what looks at the flag tidies up
            let _ = wait(py, &mut receiver, TIDYING);
            return Err(signal);
        }
    }
}

/// Waits without the lock of Python.
fn wait<T: Send>(
    py: Python<'_>,
    receiver: &mut Receiver<T>,
    longest: Duration,
) -> Result<T, RecvTimeoutError> {
    py.detach(move || receiver.recv_timeout(longest))
}
