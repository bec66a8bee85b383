//! The program within Python: `opine` as a command, and questions that are put to it.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use opine::cli::{Streams, run_from};
use pyo3::prelude::*;

use crate::work;

/// Runs a command line on the streams of the process, the name of the program first, and gives its exit code.
///
/// It sees the terminal and streams as the program does; Ctrl-C stops it at the next batch of respondents.
#[pyfunction]
pub fn run(py: Python<'_>, args: Vec<String>) -> PyResult<u8> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupt);
    let code = work::aside(py, interrupt, move || {
        run_from(args, Streams::process().with_interrupt(flag)).code()
    })?;
    Ok(code)
}

/// What a command printed: standard output, standard error, exit code.
#[pyfunction]
#[pyo3(signature = (args, input = Vec::new()))]
pub fn capture(
    py: Python<'_>,
    args: Vec<String>,
    input: Vec<u8>,
) -> PyResult<(Vec<u8>, String, u8)> {
    let interrupt = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupt);
    work::aside(py, interrupt, move || {
        let (mut output, mut error) = (Vec::new(), Vec::new());
        let streams = Streams::buffers(Cursor::new(input), &mut output, &mut error);
        let code = run_from(args, streams.with_interrupt(flag));
        (
            output,
            String::from_utf8_lossy(&error).into_owned(),
            code.code(),
        )
    })
}
