use std::path::{Path, PathBuf};

use super::error::Error;
use super::estimates::SurveyEstimates;
use super::results::replace;
use crate::survey::design::Design;
use crate::survey::estimate::{self, Request, SumsOptions};
use crate::survey::microdata::Source;
use crate::survey::sums::export::to_parquet;

/// Sums of respondents that leave the respondents behind: of each sampled unit and domain the weights of every answer. They
/// travel where respondents may not, merge exactly with those of other parts of the sample, and give the same estimates and
/// standard errors.
///
/// ```
/// use opine::{Sums, Survey};
///
/// let folder = std::env::temp_dir().join("opine-doc-sums");
/// std::fs::create_dir_all(&folder)?;
/// let file = folder.join("poll.sums");
///
/// let poll = Survey::open("examples/poll.csv")?.weights("weight").strata(["stratum"]).psu(["psu"]);
/// poll.estimate("prop(q1)").by("region").sums()?.write(&file)?;
///
/// let elsewhere = Sums::estimate([&file])?;
/// let here = poll.estimate("prop(q1)").by("region").run()?;
/// assert_eq!(elsewhere.rows()[0].se, here.rows()[0].se);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sums {
    bytes: Vec<u8>,
    warnings: Vec<String>,
}

impl Sums {
    pub(super) fn from_respondents(
        source: &dyn Source,
        design: &Design,
        request: &Request,
    ) -> Result<Sums, Error> {
        let export = estimate::export_sums(source, design, request, 0)?;
        Ok(Sums {
            bytes: to_parquet(&export.spec, &export.table)?,
            warnings: export.warnings,
        })
    }

    /// The bytes of the file, which is Parquet.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What one should know of the respondents that were added up.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Writes the file, .sums or .parquet.
    ///
    /// # Errors
    /// A file that can't be written (`file`).
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        replace(path.as_ref(), &self.bytes)
    }

    /// Merges the files and estimates all that is in them.
    ///
    /// # Errors
    /// A file that can't be read (`file`), or that is none of sums; sums that were not made alike (`sums`).
    pub fn estimate<P: AsRef<Path>>(
        files: impl IntoIterator<Item = P>,
    ) -> Result<SurveyEstimates, Error> {
        let paths: Vec<PathBuf> = files
            .into_iter()
            .map(|path| path.as_ref().to_owned())
            .collect();
        let options = SumsOptions {
            request: Request::builder(Vec::<String>::new()).build()?,
            lonely: None,
            df: None,
        };
        let borrowed: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let estimates = estimate::SumsFiles::open(&borrowed)?.estimate(&options)?;
        let name = paths.first().and_then(|path| path.file_name());
        SurveyEstimates::new(estimates, &name.unwrap_or_default().to_string_lossy())
    }
}
