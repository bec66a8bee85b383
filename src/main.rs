use opine::cli::{ExitCode, Streams, run_from};

fn main() -> ExitCode {
    run_from(std::env::args_os(), Streams::process())
}
