use super::comparisons::Comparisons;
use super::error::Error;
#[cfg(feature = "xlsx")]
use super::results::workbook;
use super::results::write_results;
use super::tables::Tables;
use crate::frames::{Estimate, Estimates, Frame};
use crate::present::survey::{self, DisplayOptions};
use crate::statistics::adjust::Adjust;
use crate::survey::estimate::{self, Pairwise};

#[cfg(feature = "charts")]
use super::{chart::Chart, results::captions};

/// What was estimated of respondents: a row an estimate, in the order to be shown.
///
/// ```
/// use opine::Survey;
///
/// let poll = Survey::open("examples/poll.csv")?.weights("weight").strata(["stratum"]).psu(["psu"]);
/// let worried = poll.estimate("prop(q1)").by("region").run()?;
/// let first = &worried.rows()[0];
/// println!("{:?}: {:?} ± {:?}", first.level, first.estimate, first.se);
/// println!("{}", worried.tables());
/// println!("{}", worried.frame().to_csv());
/// # Ok::<(), opine::Error>(())
/// ```
pub struct SurveyEstimates {
    estimates: estimate::SurveyEstimates,
    frame: Frame,
    /// Of the file, for the foot of a table.
    title: String,
}

impl SurveyEstimates {
    pub(super) fn new(
        estimates: estimate::SurveyEstimates,
        title: &str,
    ) -> Result<SurveyEstimates, Error> {
        let frame = Estimates::from_rows(&estimates.rows)?.into_frame();
        Ok(SurveyEstimates {
            estimates,
            frame,
            title: title.to_owned(),
        })
    }

    /// The rows, typed: shares in 0..1, what is unknown `None`.
    pub fn rows(&self) -> &[Estimate] {
        &self.estimates.rows
    }

    /// The same rows as columns: [`Frame::to_csv`], [`Frame::to_json`], [`Frame::to_polars`].
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// What one should know: rows left out, weights that are missing, a small base.
    pub fn warnings(&self) -> &[String] {
        &self.estimates.warnings
    }

    /// What was decided where programs decide otherwise, and who was left out; the foot of the tables has it, too.
    pub fn notes(&self) -> Vec<String> {
        survey::notes(&self.estimates)
    }

    /// For reading, as the field prints them: estimates on a base under 100 are flagged, under 30 not shown.
    pub fn tables(&self) -> Tables {
        let display = DisplayOptions::default();
        Tables::new(
            survey::tables(&self.estimates, &self.title, &display),
            Vec::new(),
        )
    }

    /// The difference of any two domains, with their covariance, p-values adjusted by Holm’s method.
    ///
    /// # Errors
    /// No two domains with an estimate (`request`).
    ///
    /// In R: `svycontrast(svyby(~y, ~g, design, svymean, covmat = TRUE), c(1, -1))`.
    ///
    /// ```
    /// use opine::Survey;
    ///
    /// let poll = Survey::open("examples/poll.csv")?.weights("weight");
    /// let pairs = poll.estimate("mean(therm_us)").by("party").run()?.pairwise()?;
    /// println!("{}", pairs.rows()[0].sentence);
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn pairwise(&self) -> Result<Comparisons, Error> {
        let level = self.estimates.request.options.level;
        let adjust = Adjust::default();
        let pairs = estimate::pairwise(&self.estimates, Pairwise { adjust, level });
        let mut pairs = pairs.map_err(|error| Error::new("request", error))?;
        if pairs.is_empty() {
            let message = "there are no two domains with an estimate to compare";
            return Err(Error::new("request", message));
        }
        let display = DisplayOptions::default();
        let table = survey::comparisons(&mut pairs, &self.estimates, &self.title, &display, adjust);
        let rows = pairs.into_iter().map(|pair| pair.row).collect();
        Comparisons::new(rows, table, level)
    }

    /// Dots with their intervals, a row an estimate; [`Chart::kind`] draws them otherwise.
    #[cfg(feature = "charts")]
    pub fn chart(&self) -> Chart<'static> {
        let level = self.estimates.request.options.level;
        let captions = captions(self.tables().plain());
        Chart::from_estimates(self.frame.clone(), captions, level)
    }

    /// The bytes of a workbook: a sheet a table, and the rows on a sheet `data`.
    ///
    /// # Errors
    /// More rows or columns than a sheet has room for (`format`).
    #[cfg(feature = "xlsx")]
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Error> {
        workbook(&self.tables(), &self.frame)
    }

    /// Writes the rows to a file by its ending: .csv, .json or .parquet, the last with title, weights, design and source in
    /// its footer; or the workbook to one in .xlsx.
    ///
    /// # Errors
    /// Another ending (`request`), a file that can't be written (`file`).
    pub fn write(&self, path: impl AsRef<std::path::Path>) -> Result<(), Error> {
        write_results(path.as_ref(), &self.frame, &self.tables())
    }
}
