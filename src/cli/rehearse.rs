use std::cell::Cell;
use std::ffi::OsString;

use clap::Parser;

use super::failure::Failure;
use super::{Cli, Command, dispatch};

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Whether nothing is to be printed in this thread.
pub(super) fn is_silent() -> bool {
    SILENT.get()
}

/// Runs a command line within the process and prints nothing: for tests that try many. A command that
/// writes files, or would read standard input, is parsed and not run.
///
/// # Errors
/// What the program would say on standard error.
pub fn rehearse(args: impl IntoIterator<Item = OsString>) -> Result<(), String> {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = Cli::try_parse_from(&args).map_err(|error| error.to_string())?;
    let writes = matches!(
        cli.command,
        Command::Report(_) | Command::Add(_) | Command::Init(_) | Command::Chart(_)
    );
    let reaches_out = |arg: &OsString| {
        let text = arg.to_string_lossy();
        text == "-" || text.starts_with("-o") || text.starts_with("--output")
    };
    if writes || args.iter().any(reaches_out) {
        return Ok(());
    }
    SILENT.set(true);
    let done = dispatch(cli);
    SILENT.set(false);
    done.map_err(|failure| match failure {
        Failure::Findings(said) | Failure::Usage(said) | Failure::File(said) => said,
    })
}
