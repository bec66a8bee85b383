use super::tables::Tables;
use crate::frames::{self, Comparison, Frame};
use crate::present::table::Table;

#[cfg(feature = "charts")]
use super::chart::Chart;

/// Differences with their intervals and what they show: a row a comparison.
///
/// Made by [`Figures::compare`](super::Figures::compare) and [`SurveyEstimates::pairwise`](super::SurveyEstimates::pairwise).
///
/// ```
/// let figures = opine::Figures::shipped();
/// let compared = figures.compare(["48@1000", "45@1000", "40@500"])?;
/// assert_eq!(compared.rows().len(), 3);
/// println!("{}", compared.tables());
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Comparisons {
    rows: Vec<Comparison>,
    frame: Frame,
    table: Table,
    /// 0..1, of the intervals.
    #[cfg_attr(not(feature = "charts"), allow(dead_code))]
    level: f64,
}

impl Comparisons {
    pub(super) fn new(
        rows: Vec<Comparison>,
        table: Table,
        level: f64,
    ) -> Result<Comparisons, super::Error> {
        let frame = frames::Comparisons::from_rows(&rows)?.into_frame();
        Ok(Comparisons {
            rows,
            frame,
            table,
            level,
        })
    }

    /// The rows, typed.
    pub fn rows(&self) -> &[Comparison] {
        &self.rows
    }

    /// The same rows as columns: [`Frame::to_csv`], [`Frame::to_json`], [`Frame::to_polars`].
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// For reading.
    pub fn tables(&self) -> Tables {
        Tables::new(vec![self.table.clone()], Vec::new())
    }

    /// The bytes of a workbook: the table, and the rows on a sheet `data`.
    ///
    /// # Errors
    /// More rows or columns than a sheet has room for (`format`).
    #[cfg(feature = "xlsx")]
    pub fn to_xlsx(&self) -> Result<Vec<u8>, super::Error> {
        super::results::workbook(&self.tables(), &self.frame)
    }

    /// Each difference against zero.
    #[cfg(feature = "charts")]
    pub fn chart(&self) -> Chart<'static> {
        Chart::from_comparisons(&self.frame, &self.table, self.level)
    }
}
