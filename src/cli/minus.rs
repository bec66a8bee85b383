//! Values that begin with a minus: `'-mean(x)'`, `'-income ~ sex'`, `--where '-x > 3'`, `--order '-1,0,1'`.
//!
//! clap takes a word with a minus before it for an option, or, told otherwise, an option for a value. Which it is can be
//! seen before: the word after an option that needs a value is that value, unless it is itself an option of the command; and
//! no option has a tilde or begins like a statistic or a test.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

use crate::survey::expr::begins_with_statistic;
use crate::survey::testing::TestKind;

/// The command line with such values put so that they can’t be taken for options: those of options as `--where=-x > 3`,
/// items and formulas with a blank before them.
pub fn set_apart(command: &Command, args: &[OsString]) -> Vec<OsString> {
    let global: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .collect();
    let mut command = command;
    let mut done: Vec<OsString> = Vec::with_capacity(args.len());
    let mut expecting: Option<&Arg> = None;
    let mut words = args.iter();
    done.extend(words.next().cloned());
    while let Some(word) = words.next() {
        if word == "--" {
            done.push(word.clone());
            done.extend(words.cloned());
            break;
        }
        let own = command.get_arguments();
        let options: Vec<&Arg> = own.chain(global.iter().copied()).collect();
        let text = word.to_str().unwrap_or_default();
        let value_of = expecting.take();
        let is_condition = value_of.is_some() && text.contains([' ', '<', '>']);
        if is_option(&options, text) && !is_condition {
            expecting = needs_value(&options, text);
            done.push(word.clone());
            continue;
        }
        let has_minus = text.len() > 1 && text.starts_with('-');
        let is_typo = text
            .strip_prefix("--")
            .is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        match value_of {
            // after --then=-mean(x) no second value would be taken
            Some(option) if has_minus && !is_typo && takes_several(option) => {
                done.push(after_blank(word));
            }
            Some(_) if has_minus && !is_typo => {
                let mut joined = done.pop().unwrap_or_default();
                joined.push("=");
                joined.push(word);
                done.push(joined);
            }
            Some(_) => done.push(word.clone()),
            None if has_minus && is_expression(text) => done.push(after_blank(word)),
            None => {
                command = command.find_subcommand(text).unwrap_or(command);
                done.push(word.clone());
            }
        }
    }
    done
}

/// Whether it is an option of the command, by itself or with a value behind it.
fn is_option(options: &[&Arg], text: &str) -> bool {
    if let Some(long) = text.strip_prefix("--") {
        let name = long.split('=').next().unwrap_or(long);
        return matches!(name, "help" | "version") || by_name(options, name).is_some();
    }
    let Some(letters) = text.strip_prefix('-') else {
        return false;
    };
    if letters.is_empty() || is_expression(text) {
        return false;
    }
    // flags may stand together, with one that takes a value as the last: -qo out.csv, -n1500
    for (place, letter) in letters.char_indices() {
        match by_letter(options, letter) {
            Some(option) if takes_value(option) => {
                let value = &letters[place + letter.len_utf8()..];
                return option.get_long().is_some() || !value.starts_with(char::is_alphabetic);
            }
            Some(_) => {}
            None => return matches!(letters, "h" | "V"),
        }
    }
    true
}

/// The option that this word is, if its value stands in the next.
fn needs_value<'a>(options: &[&'a Arg], text: &str) -> Option<&'a Arg> {
    let option = match text.strip_prefix("--") {
        Some(name) => by_name(options, name),
        None => by_letter(options, text.chars().next_back()?).filter(|_| text.len() == 2),
    };
    let least = |option: &Arg| option.get_num_args().map_or(1, |range| range.min_values());
    option.filter(|option| takes_value(option) && least(option) > 0)
}

fn by_name<'a>(options: &[&'a Arg], name: &str) -> Option<&'a Arg> {
    let is_it = |option: &&&Arg| {
        let mut aliases = option.get_all_aliases().unwrap_or_default().into_iter();
        option.get_long() == Some(name) || aliases.any(|alias| alias == name)
    };
    options.iter().find(is_it).copied()
}

fn by_letter<'a>(options: &[&'a Arg], letter: char) -> Option<&'a Arg> {
    options
        .iter()
        .find(|option| option.get_short() == Some(letter))
        .copied()
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

fn takes_several(option: &Arg) -> bool {
    option
        .get_num_args()
        .is_some_and(|range| range.max_values() > 1)
}

/// Whether it is a formula, or begins like an item: numbers and signs, and a name that is called.
fn is_expression(text: &str) -> bool {
    let name = text.trim_start_matches(|char: char| !char.is_alphabetic());
    let name = name.split('(').next().unwrap_or_default();
    text.contains('~')
        || begins_with_statistic(text)
        || text.contains('(') && TestKind::by_name(name).is_some()
}

fn after_blank(word: &OsStr) -> OsString {
    [OsStr::new(" "), word].into_iter().collect()
}
