use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opine::cli::{ExitCode, Streams, clear_temporaries, run_from};

fn main() -> ExitCode {
    let interrupt = Arc::new(AtomicBool::new(false));
    listen(&interrupt);
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

/// Without a handler INT, TERM and HUP end the process all the same, and leave what was half written beside its place. What was
/// ignored when the process started stays so, or a handler would take back in what `nohup` and a shell's `&` have shut out.
#[cfg(unix)]
fn listen(interrupt: &Arc<AtomicBool>) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored_signals();
    let heard = [SIGINT, SIGTERM, SIGHUP]
        .into_iter()
        .filter(|signal| ignored >> (signal - 1) & 1 == 0);
    if let Ok(mut signals) = signal_hook::iterator::Signals::new(heard) {
        let flag = Arc::clone(interrupt);
        std::thread::spawn(move || signals.forever().for_each(|_| stop(&flag)));
    }
}

#[cfg(not(unix))]
fn listen(interrupt: &Arc<AtomicBool>) {
    let flag = Arc::clone(interrupt);
    let _ = ctrlc::set_handler(move || stop(&flag));
}

/// The signals that the process was started to ignore, signal 1 in the lowest bit; known on Linux.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}
