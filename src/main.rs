use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opine::cli::{ExitCode, Streams, run_from};

fn main() -> ExitCode {
    let interrupt = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupt);
    // without a handler Ctrl-C ends the process all the same, and leaves what was half written beside its place
    let _ = ctrlc::set_handler(move || stop(&flag));
    run_from(
        std::env::args_os(),
        Streams::process().with_interrupt(interrupt),
    )
}

/// What looks at the flag tidies up; what does not, or not soon, is ended.
fn stop(flag: &AtomicBool) {
    const PATIENCE: Duration = Duration::from_millis(300);
    if !flag.swap(true, Ordering::Relaxed) {
        std::thread::sleep(PATIENCE);
    }
    process::exit(i32::from(ExitCode::Interrupted.code()));
}
