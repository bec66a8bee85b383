use super::error::Error;
use crate::frames::{Captions, Estimates, Frame};
use crate::present::chart::{BarChart, Chart as _, Drawing, Style, Theme};
use crate::present::published::{self, ComparisonRows};
use crate::present::{lists, table};
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::published::lines::Section;
use crate::tabular;

/// A chart of results, fit for print: SVG text, or the bytes of a PNG.
///
/// ```
/// use opine::{ChartKind, Survey};
///
/// let poll = Survey::open("examples/poll.csv")?.weights("weight");
/// let worried = poll.estimate("prop(q1)").by("region").run()?;
/// let chart = worried.chart().kind(ChartKind::Stacked).title("Most are worried").width(640);
/// assert!(chart.to_svg()?.starts_with("<svg"));
/// assert!(chart.to_png()?.starts_with(b"\x89PNG"));
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone)]
pub struct Chart<'f> {
    content: Content<'f>,
    kind: ChartKind,
    captions: Captions,
    style: Style,
}

/// How results are drawn.
///
/// ```
/// use opine::{ChartKind, Survey};
///
/// let poll = Survey::open("examples/poll.csv")?.weights("weight");
/// let answers = poll.estimate("prop(q1)").by("party").run()?;
/// let svg = answers.chart().kind(ChartKind::Stacked).title("By party").to_svg()?;
/// assert!(svg.starts_with("<svg"));
/// # Ok::<(), opine::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChartKind {
    /// Dots with their intervals, a row an estimate; differences against zero.
    #[default]
    Dots,
    /// Bars from zero with their intervals.
    Bars,
    /// The answers of a question stacked to 100, a bar a group.
    Stacked,
    /// The same, negative answers to the left of a line.
    Diverging,
    /// Over time: small panels, one a group.
    Trend,
}

/// What is drawn.
#[derive(Clone)]
enum Content<'f> {
    Estimates {
        frame: Frame,
        level: f64,
    },
    Figures {
        store: &'f Store,
        sections: &'f [Section<'f>],
        intervals: Intervals,
    },
    Comparisons {
        frame: Frame,
        level: f64,
    },
}

impl<'f> Chart<'f> {
    fn new(content: Content<'f>, captions: Captions) -> Chart<'f> {
        Chart {
            content,
            kind: ChartKind::default(),
            captions,
            style: Style::default(),
        }
    }

    pub(super) fn from_estimates(frame: Frame, captions: Captions, level: f64) -> Chart<'f> {
        Chart::new(Content::Estimates { frame, level }, captions)
    }

    pub(super) fn from_comparisons(frame: &Frame, table: &table::Table, level: f64) -> Chart<'f> {
        let content = Content::Comparisons {
            frame: frame.clone(),
            level,
        };
        let captions = Captions {
            title: table.title.clone(),
            ..Captions::default()
        };
        Chart::new(content, captions)
    }

    pub(super) fn from_figures(
        store: &'f Store,
        sections: &'f [Section<'f>],
        title: String,
        intervals: Intervals,
    ) -> Chart<'f> {
        let content = Content::Figures {
            store,
            sections,
            intervals,
        };
        let captions = Captions {
            title,
            subtitle: Some("Per cent.".to_owned()),
            foot: Vec::new(),
        };
        Chart::new(content, captions)
    }

    /// Dots, if nothing is said.
    pub fn kind(mut self, kind: ChartKind) -> Self {
        self.kind = kind;
        self
    }

    /// The headline: what the chart shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.captions.title = title.into();
        self
    }

    /// What is measured, in the line below.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.captions.subtitle = Some(subtitle.into());
        self
    }

    /// The width in px, 280 to 4,000: 720 if nothing is said. A PNG has twice as many.
    pub fn width(mut self, px: u32) -> Self {
        self.style.width = px;
        self
    }

    /// Light letters on a dark ground.
    pub fn dark(mut self) -> Self {
        self.style.theme = Theme::Dark;
        self
    }

    /// The SVG, the same to the byte on every machine.
    ///
    /// # Errors
    /// Results that can't be drawn so, letters that no font has, a width without room (`chart`).
    pub fn to_svg(&self) -> Result<String, Error> {
        Ok(self.draw()?.svg)
    }

    /// The bytes of a PNG of that picture at twice its size.
    ///
    /// # Errors
    /// Those of [`Chart::to_svg`].
    pub fn to_png(&self) -> Result<Vec<u8>, Error> {
        Ok(self.draw()?.png()?)
    }

    fn draw(&self) -> Result<Drawing, Error> {
        match &self.content {
            Content::Estimates { frame, level } => self.draw_estimates(frame, *level),
            Content::Figures {
                store,
                sections,
                intervals,
            } => self.draw_figures(store, sections, *intervals),
            Content::Comparisons { frame, level } => self.draw_comparisons(frame, *level),
        }
    }

    fn draw_estimates(&self, frame: &Frame, level: f64) -> Result<Drawing, Error> {
        let estimates = Estimates::from_frame(frame.clone())?;
        let captions = self.captions.clone();
        let intervals = Intervals {
            level,
            ..Intervals::default()
        };
        let style = &self.style;
        let dots = || lists::chart_of_estimates(&estimates, captions.clone(), intervals);
        let stacked = |diverging| {
            lists::stacked_of_estimates(&estimates, captions.clone(), diverging, intervals)
        };
        Ok(match self.kind {
            ChartKind::Dots => dots()?.draw(style)?,
            ChartKind::Bars => BarChart::from(dots()?).draw(style)?,
            ChartKind::Stacked => stacked(false)?.draw(style)?,
            ChartKind::Diverging => stacked(true)?.draw(style)?,
            ChartKind::Trend => {
                lists::trend_of_estimates(&estimates, captions.clone(), None, intervals)?
                    .draw(style)?
            }
        })
    }

    fn draw_figures(
        &self,
        store: &Store,
        sections: &[Section],
        intervals: Intervals,
    ) -> Result<Drawing, Error> {
        let captions = self.captions.clone();
        let style = &self.style;
        let dots = || published::dot_chart(store, sections, captions.clone(), intervals);
        let stacked = |diverging| {
            published::stacked_chart(store, sections, captions.clone(), diverging, intervals)
        };
        Ok(match self.kind {
            ChartKind::Dots => dots().draw(style)?,
            ChartKind::Bars => BarChart::from(dots()).draw(style)?,
            ChartKind::Stacked => stacked(false)?.draw(style)?,
            ChartKind::Diverging => stacked(true)?.draw(style)?,
            ChartKind::Trend => {
                published::trend_chart(store, sections, captions.clone(), intervals)?.draw(style)?
            }
        })
    }

    fn draw_comparisons(&self, frame: &Frame, level: f64) -> Result<Drawing, Error> {
        if self.kind != ChartKind::Dots {
            let message = "differences are drawn as dots against zero, and not otherwise";
            return Err(Error::new("chart", message));
        }
        let options = tabular::Options::default();
        let rows = ComparisonRows::read("comparisons", frame.to_json().as_bytes(), &options)?;
        // names of stored figures are looked up; those of others stay as they are
        let store = Store::embedded();
        let captions = self.captions.clone();
        let chart = published::difference_chart(&rows, &store, captions, level)?;
        Ok(chart.draw(&self.style)?)
    }
}
