use std::path::Path;

use super::comparisons::Comparisons;
use super::error::Error;
use super::tables::Tables;
use crate::frames::{Comparison, Estimate, Frame};
use crate::present::published::{self, Family};
use crate::published::coherence;
use crate::published::compare::{
    self, CombinationOptions, Difference, Options, Pair, PairOptions, Pooling, Relation, Side,
    TypedFigure, TypedSample,
};
use crate::published::figures::selector::Selector;
use crate::published::figures::store::{Finding, Store};
use crate::published::figures::topline::Intervals;
use crate::published::lines::{self, Section};
use crate::statistics::adjust::Adjust;

#[cfg(feature = "charts")]
use super::chart::Chart;

/// Published figures: what pollsters printed, with sources, sample sizes and wordings.
///
/// A figure is written `poll/question/response:country`; a selector is a leading part of that, `*` stands for any one part.
///
/// ```
/// use opine::Figures;
///
/// let figures = Figures::shipped();
/// let worried = figures.select("egf2023/worried/net")?;
/// println!("{}", worried.tables());
/// for row in worried.rows() {
///     println!("{:?}, {:?} to {:?}", row.estimate, row.ci_low, row.ci_high);
/// }
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Figures {
    store: Store,
}

impl Figures {
    /// Those that come with the library.
    pub fn shipped() -> Figures {
        Figures {
            store: Store::embedded(),
        }
    }

    /// A folder of one’s own, as `opine init` makes it.
    ///
    /// # Errors
    /// A folder that can't be read (`file`). What is wrong with its rows is among [`Figures::check`], and keeps everything
    /// else from being computed (`data`).
    pub fn open(folder: impl AsRef<Path>) -> Result<Figures, Error> {
        let store = Store::open(folder.as_ref())?;
        Ok(Figures { store })
    }

    /// What is wrong with the rows, and which figures can't hold together.
    ///
    /// ```
    /// let findings = opine::Figures::shipped().check();
    /// assert!(findings.iter().all(|finding| !finding.is_error()));
    /// ```
    pub fn check(&self) -> Vec<Finding> {
        let coherence = match self.store.errors() {
            0 => coherence::findings(&self.store),
            _ => Vec::new(),
        };
        self.store
            .findings
            .iter()
            .cloned()
            .chain(coherence)
            .collect()
    }

    /// Figures with their intervals: by Wilson’s method, at 95 per cent, from the published sample size and design effect.
    ///
    /// # Errors
    /// A selector that takes nothing (`unknown_figure`), a store with errors (`data`).
    pub fn select(&self, selector: &str) -> Result<Selection<'_>, Error> {
        let store = self.sound()?;
        let parsed: Selector = selector.parse()?;
        let figures = parsed.figures(store)?;
        let intervals = Intervals::default();
        let sections = lines::by_poll(store, &figures, parsed.names_source(), intervals)?;
        Selection::new(store, sections, intervals)
    }

    /// The range, 0..1, that all other figures of its poll leave for a share, printed or not; of a selector, for each share it
    /// takes a printed figure of.
    ///
    /// # Errors
    /// A text that means no share (`unknown_figure`), a store with errors (`data`).
    ///
    /// ```
    /// let figures = opine::Figures::shipped();
    /// let both = &figures.bounds("egf2023/view_both/both")?[0];
    /// assert!(0.0 <= both.low && both.low <= both.high && both.high <= 1.0);
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn bounds(&self, selector: &str) -> Result<Vec<Bound>, Error> {
        let store = self.sound()?;
        let targets = coherence::targets(store, selector)?;
        let bound = |target| {
            let bounds = coherence::bounds(store, target);
            let set_by = bounds.set_by();
            Bound {
                figure: target.id(),
                low: bounds.low,
                high: bounds.high,
                set_by: set_by
                    .iter()
                    .map(|figure| figure.id_with_source())
                    .collect(),
            }
        };
        Ok(targets.iter().map(bound).collect())
    }

    /// The differences of all pairs of figures: ids, selectors of several, or typed in with their sample sizes as
    /// `48@1000` or, a lead, `48-45@1000`. How two stored figures stand to each other follows from their ids; typed ones are of independent samples.
    /// p-values are adjusted by Holm’s method.
    ///
    /// # Errors
    /// A figure that there is not (`unknown_figure`), two that can't be compared (`comparison`), a store with errors (`data`).
    ///
    /// ```
    /// let figures = opine::Figures::shipped();
    /// let typed = figures.compare(["48@1000", "45@1000"])?;
    /// let lead = &typed.rows()[0];
    /// assert!((lead.estimate.unwrap_or_default() - 0.03).abs() < 1e-12);
    /// assert!(lead.p_value > Some(0.05));
    ///
    /// let countries = ["egf2023/consequences/polarise:KR", "egf2023/consequences/polarise:PH"];
    /// println!("{}", figures.compare(countries)?.tables());
    /// # Ok::<(), opine::Error>(())
    /// ```
    pub fn compare<'t>(
        &self,
        figures: impl IntoIterator<Item = &'t str>,
    ) -> Result<Comparisons, Error> {
        let store = self.sound()?;
        let mut sides = Vec::new();
        for text in figures {
            sides.extend(sides_of(store, text)?);
        }
        let mut pairs = Vec::new();
        for (at, a) in sides.iter().enumerate() {
            for b in sides.iter().skip(at + 1) {
                pairs.push(pair(store, a, b)?);
            }
        }
        if pairs.is_empty() {
            let message = "one figure only: name another, or a selector of several";
            return Err(Error::new("comparison", message));
        }
        compared(&sides, &pairs)
    }

    fn sound(&self) -> Result<&Store, Error> {
        match self.store.errors() {
            0 => Ok(&self.store),
            count => Err(Error::new(
                "data",
                format!("{count} errors in the data: nothing was computed"),
            )),
        }
    }
}

const LEVEL: f64 = 0.95;

/// A figure that was typed in with its sample size, or those of the store that a text means.
fn sides_of<'s>(store: &'s Store, text: &str) -> Result<Vec<Side<'s>>, Error> {
    if TypedFigure::is_typed(text) {
        let typed = TypedFigure::parse(text);
        let typed = typed.map_err(|message| Error::new("unknown_figure", message).at(text))?;
        return Ok(vec![typed.side(&TypedSample::default(), LEVEL)?]);
    }
    let options = CombinationOptions {
        nets: &[],
        pooling: Pooling::default(),
        intervals: Intervals::default(),
    };
    let named = compare::named_figures(store, text, &options)?;
    Ok(compare::sides(store, named, Intervals::default())?)
}

fn pair<'p, 's>(store: &'s Store, a: &'p Side<'s>, b: &'p Side<'s>) -> Result<Pair<'p, 's>, Error> {
    Ok(match a.figure().is_none() && b.figure().is_none() {
        true => Pair::typed(a, b, Relation::Independent, None)?,
        false => Pair::stored(store, a, b, PairOptions::default())?,
    })
}

fn compared(sides: &[Side], pairs: &[Pair]) -> Result<Comparisons, Error> {
    let options = Options::default();
    let differences: Result<Vec<Difference>, compare::Error> =
        pairs.iter().map(|pair| pair.compare(options)).collect();
    let mut differences = differences?;
    let adjust = Adjust::default();
    compare::family(&mut differences, adjust);
    let tested = differences.iter().filter(|one| one.row.p_value.is_some());
    let family = Family {
        level: LEVEL,
        adjust,
        size: tested.count(),
    };
    published::write_sentences(&mut differences, pairs, family);
    let sides: Vec<&Side> = sides.iter().collect();
    let table = published::comparison_table(&differences, &sides, pairs, None, family);
    let rows: Vec<Comparison> = differences.into_iter().map(|one| one.row).collect();
    Comparisons::new(rows, table, LEVEL)
}

/// Figures that a selector takes, a row a quantity.
///
/// ```
/// let figures = opine::Figures::shipped();
/// let worried = figures.select("egf2023/worried/net")?;
/// assert_eq!(worried.rows().len(), worried.frame().height());
/// # Ok::<(), opine::Error>(())
/// ```
pub struct Selection<'f> {
    store: &'f Store,
    sections: Vec<Section<'f>>,
    intervals: Intervals,
    rows: Vec<Estimate>,
    frame: Frame,
}

impl<'f> Selection<'f> {
    fn new(
        store: &'f Store,
        sections: Vec<Section<'f>>,
        intervals: Intervals,
    ) -> Result<Selection<'f>, Error> {
        let estimates = lines::estimates(&sections)?;
        Ok(Selection {
            store,
            sections,
            intervals,
            rows: estimates.rows()?,
            frame: estimates.into_frame(),
        })
    }

    /// The rows, typed: shares in 0..1, what is unknown `None`, and the note says why.
    pub fn rows(&self) -> &[Estimate] {
        &self.rows
    }

    /// The same rows as columns: [`Frame::to_csv`], [`Frame::to_json`], [`Frame::to_polars`].
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        let subject = published::subject(self.store, &self.sections);
        subject.unwrap_or_else(|| "Published figures".to_owned())
    }

    /// For reading: each with its interval, its source and what else was printed of it.
    pub fn tables(&self) -> Tables {
        let title = self.title();
        let table = published::table(self.store, &self.sections, &title, self.intervals);
        Tables::new(vec![table], Vec::new())
    }

    /// The bytes of a workbook: the table, and the rows on a sheet `data`.
    ///
    /// # Errors
    /// More rows or columns than a sheet has room for (`format`).
    #[cfg(feature = "xlsx")]
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Error> {
        super::results::workbook(&self.tables(), &self.frame)
    }

    /// Dots with their intervals, a row a figure; [`Chart::kind`] draws them otherwise.
    #[cfg(feature = "charts")]
    pub fn chart(&self) -> Chart<'_> {
        Chart::from_figures(self.store, &self.sections, self.title(), self.intervals)
    }
}

/// What range the printed figures leave for one share.
///
/// ```
/// let figures = opine::Figures::shipped();
/// for bound in figures.bounds("egf2023/view_both/*")? {
///     println!("{}: {} to {}, by {:?}", bound.figure, bound.low, bound.high, bound.set_by);
/// }
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// `poll/question/response:country`.
    pub figure: String,
    /// 0..1.
    pub low: f64,
    /// 0..1.
    pub high: f64,
    /// The figures that set the ends.
    pub set_by: Vec<String>,
}
