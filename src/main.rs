use std::process::ExitCode;

fn main() -> ExitCode {
    opine::cli::run()
}
