//! The command of a run as it is stamped on a file: without its outputs and folders, so that the same command on the same bytes
//! gives the same file wherever it runs.

use std::any::TypeId;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::paths::{FOLDERS, OUTPUTS};
use crate::tabular::sheet_of;

/// What was typed, in its order, by the long names of options and quoted for a shell. Files stand without their folders; where
/// something is written to, which folder is read, and `--stamp` and `--quiet` themselves are left out.
pub fn command_line(command: &Command, matches: &ArgMatches) -> String {
    let mut words = vec![command.get_name().to_owned()];
    add_words(command, matches, &mut words);
    words.join(" ")
}

fn add_words(command: &Command, matches: &ArgMatches, words: &mut Vec<String>) {
    let mut typed: Vec<(usize, String)> = Vec::new();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let is_place = OUTPUTS.contains(&id) || FOLDERS.contains(&id);
        let is_typed = matches.value_source(id) == Some(ValueSource::CommandLine);
        if is_typed && !is_place && !["stamp", "quiet"].contains(&id) {
            typed.extend(occurrences(arg, matches));
        }
    }
    typed.sort();
    words.extend(typed.into_iter().map(|(_, word)| word));
    if let Some((name, below)) = matches.subcommand()
        && let Some(command) = command.find_subcommand(name)
    {
        words.push(name.to_owned());
        add_words(command, below, words);
    }
}

/// Each time that an argument was typed: its place on the line, and how it is written.
fn occurrences(arg: &Arg, matches: &ArgMatches) -> Vec<(usize, String)> {
    let id = arg.get_id().as_str();
    let mut places = matches.indices_of(id).into_iter().flatten();
    let option = arg.get_long().map(|name| format!("--{name}"));
    if !arg.get_action().takes_values() {
        return places.zip(option).collect();
    }
    // --imputations is a text, as a star may stand in it
    let is_path =
        arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() || id == "imputations";
    let each = matches.get_raw_occurrences(id).into_iter().flatten();
    let written = each.filter_map(|values| {
        let values: Vec<String> = values.map(|value| named(value, is_path)).collect();
        // an occurrence stands where its first value does
        let place = places.next()?;
        places.by_ref().take(values.len().saturating_sub(1)).count();
        let values = match arg.get_value_delimiter() {
            Some(delimiter) => vec![values.join(&delimiter.to_string())],
            None => values,
        };
        let quoted: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        Some((
            place,
            match (&option, values.first()) {
                (Some(option), None) => option.clone(),
                // what begins with a minus would be taken for another option
                (Some(option), Some(value)) if value.starts_with('-') && value != "-" => {
                    format!("{option}={}", quoted.join(" "))
                }
                (Some(option), Some(_)) => format!("{option} {}", quoted.join(" ")),
                (None, _) => quoted.join(" "),
            },
        ))
    });
    written.collect()
}

/// A value; a file by its name alone.
fn named(value: &OsStr, is_path: bool) -> String {
    let path = Path::new(value);
    // an item with a minus before it came with a blank before that
    let text = value.to_string_lossy().trim_start().to_owned();
    let is_place = is_path || text.contains(std::path::is_separator) && sheet_of(path).0.is_file();
    match path.file_name().filter(|_| is_place) {
        Some(name) => name.to_string_lossy().into_owned(),
        None => text,
    }
}

/// A word as a shell takes it: as it is where nothing in it means something, else in quotes.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./,:=+@%#".contains(letter);
    match word {
        _ if word.chars().any(char::is_control) => {
            let escaped = word.chars().map(|letter| match letter {
                '\'' | '\\' => format!("\\{letter}"),
                letter if letter.is_control() => format!("\\u{:04x}", u32::from(letter)),
                letter => letter.to_string(),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
        "" => "''".to_owned(),
        _ if word.chars().all(is_plain) => word.to_owned(),
        _ => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
