use clap::Command;
use clap_complete::Shell;

use super::failure::Failure;
use super::streams::Session;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine completions bash > ~/.local/share/bash-completion/completions/opine
  opine completions zsh > ~/.zfunc/_opine
  opine completions fish > ~/.config/fish/completions/opine.fish")]
pub struct Args {
    #[arg(value_enum)]
    shell: Shell,
}

pub fn run(args: Args, mut command: Command, session: &Session) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "opine", &mut script);
    session.print(&String::from_utf8_lossy(&script))
}
