//! The manual: a page for `man`, and the chapters of the book that list every command with its options.

use clap::{Arg, Command, ValueEnum};

use super::failure::Failure;
use super::streams::Session;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Chapter {
    /// Files of respondents
    Respondents,
    /// Figures that others printed
    Published,
    /// Charts, and many polls as one line
    Charts,
    /// What is about the program itself
    Program,
}

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine man > opine.1
  opine man --chapter respondents")]
pub struct Args {
    /// A chapter of the book in its place, as Markdown
    #[arg(long, value_enum, value_name = "CHAPTER")]
    chapter: Option<Chapter>,
}

impl Chapter {
    fn title(self) -> &'static str {
        match self {
            Chapter::Respondents => "Commands for files of respondents",
            Chapter::Published => "Commands for published figures",
            Chapter::Charts => "Commands for charts and trends",
            Chapter::Program => "Commands about the program",
        }
    }

    /// Where a command stands; what is about no file of respondents, chart or the program is about figures.
    fn holds(command: &Command) -> Chapter {
        match command.get_name() {
            "describe" | "design" | "estimate" | "crosstab" | "topline" | "test" | "fit"
            | "weight" | "sums" => Chapter::Respondents,
            "chart" | "trend" | "import" | "style" => Chapter::Charts,
            "mcp" | "schema" | "completions" | "man" => Chapter::Program,
            _ => Chapter::Published,
        }
    }
}

pub fn run(args: Args, command: Command, session: &Session) -> Result<(), Failure> {
    match args.chapter {
        None => manual_page(&command, session),
        Some(chapter) => session.print(&as_markdown(command, chapter)),
    }
}

/// The manual page of the program, then those of its commands.
fn manual_page(command: &Command, session: &Session) -> Result<(), Failure> {
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

fn as_markdown(mut program: Command, chapter: Chapter) -> String {
    // usage lines know their program once it is built
    program.build();
    let mut text = format!(
        "# {}\n\nWritten by `opine man --chapter`: what `opine COMMAND --help` says.\n",
        chapter.title()
    );
    for command in program.get_subcommands() {
        if Chapter::holds(command) == chapter && !command.is_hide_set() {
            add_command(&mut text, command, "opine", "##");
        }
    }
    text
}

fn add_command(text: &mut String, command: &Command, before: &str, heading: &str) {
    let name = format!("{before} {}", command.get_name());
    let about = command.get_long_about().or(command.get_about());
    *text += &format!("\n{heading} {name}\n");
    if let Some(about) = about {
        *text += &format!("\n{}.\n", escaped(&about.to_string()));
    }
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim().trim_start_matches("Usage: ");
    let examples = command.get_before_help().map(ToString::to_string);
    let examples = examples.unwrap_or_default();
    let examples = examples.trim_start_matches("Examples:").trim_matches('\n');
    *text += &format!("\n```text\n{usage}\n```\n");
    if !examples.is_empty() {
        *text += &format!("\n```text\n{examples}\n```\n");
    }
    let mut headings: Vec<&str> = Vec::new();
    for arg in shown(command) {
        let under = under(arg);
        if !headings.contains(&under) {
            headings.push(under);
        }
    }
    for under_heading in headings {
        *text += &format!("\n**{under_heading}**\n\n");
        for arg in shown(command).filter(|arg| under(arg) == under_heading) {
            *text += &entry(arg);
        }
    }
    for below in command.get_subcommands() {
        if below.get_name() != "help" {
            add_command(text, below, &name, "###");
        }
    }
}

fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    let args = command.get_arguments().filter(|arg| !arg.is_hide_set());
    // of every command, and said once in the book
    args.filter(|arg| !["help", "version", "quiet"].contains(&arg.get_id().as_str()))
}

fn under(arg: &Arg) -> &str {
    match arg.get_help_heading() {
        Some(heading) => heading,
        None if arg.is_positional() => "Arguments",
        None => "Options",
    }
}

/// One argument: how it is written, what it means, which values it takes.
fn entry(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    // the line of the short help, then what is said of it, each a sentence
    let sentences = help.split("\n\n").map(|part| {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let ends = part.is_empty() || part.ends_with(['.', '?', '!', ':', '…']);
        part + if ends { "" } else { "." }
    });
    let help = sentences.collect::<Vec<_>>().join(" ");
    let values = arg.get_possible_values();
    let values: Vec<String> = values
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    let takes = arg.get_action().takes_values() && !values.is_empty();
    let values = match takes {
        true => format!(" One of {}.", values.join(", ")),
        false => String::new(),
    };
    let default: Vec<_> = arg.get_default_values().iter().collect();
    let default = match (takes_value(arg), default.as_slice()) {
        (true, [first, ..]) => format!(" Without it: `{}`.", first.to_string_lossy()),
        _ => String::new(),
    };
    let written = arg.to_string();
    let written = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(_)) => format!("-{short}, {written}"),
        _ => written,
    };
    let line = format!("{}{values}{default}", escaped(&help));
    format!("* `{written}`: {}\n", line.trim_start())
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// A text in which nothing is Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '<' => out += "&lt;",
            '&' => out += "&amp;",
            '*' | '_' | '`' | '[' | ']' | '|' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}
