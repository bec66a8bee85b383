use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opine::cli::{ExitCode, Streams, clear_temporaries, run_from};

fn main() -> ExitCode {
    let interrupt = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupt);
    // without a handler INT, TERM and HUP end the process all the same, and leave what was half written beside its place;
    // under nohup a handler would take HUP back in
    if !ignores_hangup() {
        let _ = ctrlc::set_handler(move || stop(&flag));
    }
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
    clear_temporaries();
    process::exit(i32::from(ExitCode::Interrupted.code()));
}

/// Whether the process was started so that it outlives its terminal; known on Linux.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 != 0)
}
