//! Small tables that a person brings: what they leave open, and their bytes.

use std::path::Path;

use super::failure::Failure;
use super::streams::Session;
use crate::tabular::{self, ColumnChoice, DateOrder, Decimal, Unit};

/// What a small table leaves open.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tables that are read")]
pub struct TableArgs {
    /// Decimal mark, where 1,004 may be two numbers: . or ,
    #[arg(long, value_name = "MARK", value_parser = Decimal::parse)]
    decimal: Option<Decimal>,
    /// Order of dates, where 5/6/2023 may be two days: dmy or mdy
    #[arg(long, value_name = "ORDER", value_parser = DateOrder::parse)]
    dates: Option<DateOrder>,
    /// Values of at most 1 are shares: 0.485 is 48.5 per cent
    #[arg(long, conflicts_with = "percents")]
    shares: bool,
    /// Values of at most 1 are per cents: 0.485 is half a per cent
    #[arg(long)]
    percents: bool,
}

impl TableArgs {
    pub fn options(&self) -> tabular::Options {
        tabular::Options {
            decimal: self.decimal,
            dates: self.dates,
            unit: match (self.shares, self.percents) {
                (true, _) => Some(Unit::Shares),
                (_, true) => Some(Unit::Percents),
                _ => None,
            },
            ..tabular::Options::default()
        }
    }

    /// Refuses them where no table is read.
    pub fn refuse(&self, why: &str) -> Result<(), Failure> {
        let options = [
            (self.decimal.is_some(), "--decimal"),
            (self.dates.is_some(), "--dates"),
            (self.shares, "--shares"),
            (self.percents, "--percents"),
        ];
        match options.iter().find(|(is_set, _)| *is_set) {
            Some((_, option)) => Err(Failure::no_effect(option, why)),
            None => Ok(()),
        }
    }
}

/// Which column of a list holds what, where its heads leave a doubt.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tables that are read")]
pub struct ColumnArgs {
    /// The column of labels (answers, parties), by name or place from 1
    #[arg(long = "label", value_name = "COLUMN")]
    label_column: Option<String>,
    /// The column of per cents; may be given again where they stand side by side
    #[arg(long = "percent", value_name = "COLUMN", hide_short_help = true)]
    percent_column: Vec<String>,
    /// The column of respondents
    #[arg(long = "n", value_name = "COLUMN", hide_short_help = true)]
    n_column: Option<String>,
    /// A column that tells groups apart (country, date); may be given again
    #[arg(long = "group", value_name = "COLUMN", hide_short_help = true)]
    group_column: Vec<String>,
}

impl ColumnArgs {
    pub fn choice(&self) -> ColumnChoice {
        ColumnChoice {
            label: self.label_column.clone(),
            percent: self.percent_column.clone(),
            n: self.n_column.clone(),
            group: self.group_column.clone(),
        }
    }

    /// Refuses them where no list is read.
    pub fn refuse(&self, why: &str) -> Result<(), Failure> {
        let options = [
            (self.label_column.is_some(), "--label"),
            (!self.percent_column.is_empty(), "--percent"),
            (self.n_column.is_some(), "--n"),
            (!self.group_column.is_empty(), "--group"),
        ];
        match options.iter().find(|(is_set, _)| *is_set) {
            Some((_, option)) => Err(Failure::no_effect(option, why)),
            None => Ok(()),
        }
    }
}

/// A table before it is read.
pub struct TableFile {
    /// What messages call it.
    pub name: String,
    pub bytes: Vec<u8>,
    pub options: tabular::Options,
}

impl TableFile {
    /// The bytes of a file, of a sheet `FILE.xlsx#Sheet`, or of standard input, `-`.
    pub fn open(
        path: &str,
        options: tabular::Options,
        session: &Session,
    ) -> Result<TableFile, Failure> {
        if path == "-" {
            let name = "standard input".to_owned();
            let mut input = session.input();
            let bytes = tabular::bytes_from(&name, &mut **input, &options.limits)?;
            let streamed = session.paths.streamed(bytes.as_slice());
            streamed.map_err(|error| Failure::File(format!("{name}: {error}")))?;
            return Ok(TableFile {
                name,
                bytes,
                options,
            });
        }
        let (file, sheet) = tabular::sheet_of(Path::new(path));
        Ok(TableFile {
            bytes: tabular::bytes_of(&file, &options.limits)?,
            name: file.display().to_string(),
            options: tabular::Options { sheet, ..options },
        })
    }

    /// Whether it is JSON, which leaves nothing open.
    pub fn is_json(&self) -> bool {
        let bytes = self
            .bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.bytes);
        let start = bytes.trim_ascii_start();
        start.starts_with(b"[") || start.starts_with(b"{")
    }
}
