//! Rows of the store by flags: one a column of the table, named after it.

use std::marker::PhantomData;

use clap::{Arg, ArgMatches, Command, FromArgMatches};

use crate::cli::failure::Failure;
use crate::published::figures::store::{Remark, Table};

/// A table as a type, so that each subcommand has the flags of its own columns.
pub trait OfTable {
    const TABLE: Table;
}

macro_rules! tables {
    ($($name:ident),*) => {
        $(pub struct $name;
        impl OfTable for $name {
            const TABLE: Table = Table::$name;
        })*
    };
}

tables!(Polls, Samples, Questions, Figures, Responses, Bases);

/// The columns that were given, with their values. Of a new row the flags say which of them it needs.
pub struct Columns<T, const NEW: bool> {
    pub values: Vec<(String, String)>,
    table: PhantomData<T>,
}

impl<T: OfTable, const NEW: bool> clap::Args for Columns<T, NEW> {
    fn augment_args(command: Command) -> Command {
        let flags = T::TABLE.columns().iter().map(|column| {
            let flag = Arg::new(column.name)
                .long(column.name.replace('_', "-"))
                .value_name(column.name.to_uppercase())
                .help(match column.required && NEW {
                    true => format!("{} (required)", column.meaning),
                    false => column.meaning.to_owned(),
                });
            let flag = if column.name == "n" {
                flag.short('n')
            } else {
                flag
            };
            match column.name.contains('_') {
                true => flag.alias(column.name),
                false => flag,
            }
        });
        command.args(flags.collect::<Vec<_>>())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: OfTable, const NEW: bool> FromArgMatches for Columns<T, NEW> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |name: &str| matches.get_one::<String>(name).cloned();
        let columns = T::TABLE.columns().iter().map(|column| column.name);
        Ok(Columns {
            values: columns
                .filter_map(|name| Some((name.to_owned(), value(name)?)))
                .collect(),
            table: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Who changes the store and why, for changes.csv.
#[derive(clap::Args)]
pub struct RemarkArgs {
    /// Who changes it, for changes.csv; nothing is written there without
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    by_whom: String,
    /// Why, for changes.csv
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    reason: String,
}

impl RemarkArgs {
    pub fn remark(&self) -> Remark {
        Remark {
            by_whom: self.by_whom.trim().to_owned(),
            reason: self.reason.trim().to_owned(),
        }
    }

    /// Refuses them where nothing is written.
    pub fn refuse(&self, why: &str) -> Result<(), Failure> {
        let remark = self.remark();
        match (remark.by_whom.as_str(), remark.reason.as_str()) {
            ("", "") => Ok(()),
            ("", _) => Err(Failure::no_effect("--reason", why)),
            _ => Err(Failure::no_effect("--by-whom", why)),
        }
    }

    /// What changes.csv says beside the change: `, by A. Keeper: final report`.
    pub fn words(&self) -> String {
        let Remark { by_whom, reason } = self.remark();
        match (by_whom.as_str(), reason.as_str()) {
            ("", "") => String::new(),
            ("", reason) => format!(": {reason}"),
            (name, "") => format!(", by {name}"),
            (name, reason) => format!(", by {name}: {reason}"),
        }
    }
}
