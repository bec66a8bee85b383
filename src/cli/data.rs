use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::findings::print_findings;
use super::rehearse::is_silent;
use crate::published::figures::store::{Finding, Origin, Severity, Store};

/// Which store of published figures.
#[derive(clap::Args, Clone, Debug)]
pub struct Data {
    /// Folder with the data [default: ./data where it holds a figures.csv, else the shipped data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub quiet: bool,
}

const HERE: &str = "data";

impl Data {
    /// The folder in use, `None` for the shipped data.
    pub fn folder(&self) -> Option<&Path> {
        let here = Path::new(HERE);
        match &self.data {
            Some(folder) => Some(folder),
            None => here.join("figures.csv").is_file().then_some(here),
        }
    }

    /// Opens the store with whatever is wrong in it; says on standard error which it is.
    pub fn open(&self) -> Result<Store, Failure> {
        let store = match self.folder() {
            Some(folder) => {
                Store::open(folder).map_err(|error| Failure::File(error.to_string()))?
            }
            None => Store::embedded(),
        };
        if !self.quiet && !is_silent() {
            match &store.origin {
                Origin::Embedded => eprintln!("data: the shipped figures"),
                Origin::Folder(folder) => eprintln!("data: {}", folder.display()),
            }
        }
        Ok(store)
    }

    /// Opens the store to compute from it: an error in the data stops it.
    pub fn open_sound(&self) -> Result<Store, Failure> {
        let store = self.open()?;
        let errors: Vec<&Finding> = store
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .collect();
        match errors.len() {
            0 => Ok(store),
            count => {
                print_findings(&store, &errors);
                let s = if count == 1 { "" } else { "s" };
                Err(Failure::Findings(format!(
                    "{count} error{s} in the data: nothing was computed"
                )))
            }
        }
    }
}
