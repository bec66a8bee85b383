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

/// The manual page of the program, then those of its commands.
pub fn man(command: Command, session: &Session) -> Result<(), Failure> {
    let mut pages = Vec::new();
    let mut render = |command: Command| {
        let page = clap_mangen::Man::new(command).render(&mut pages);
        page.map_err(|error| Failure::File(format!("the manual page: {error}")))
    };
    render(command.clone())?;
    for command in command.get_subcommands() {
        let name = format!("opine-{}", command.get_name());
        render(command.clone().name(name))?;
    }
    session.print(&String::from_utf8_lossy(&pages))
}
