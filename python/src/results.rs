//! Results: rows, tables, pictures and files of whatever was asked.

use std::sync::Arc;

use opine::{
    Cell, Chart, ChartKind, Comparisons, Crosstab, Frame, Results, SurveyEstimates, Tables,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList};

use crate::errors::{from_library, raised};
use crate::options::named;
use crate::{arrow, work};

/// What all results have.
pub trait Answer: Send + Sync {
    fn frame(&self) -> &Frame;
    fn tables(&self) -> Tables;
    fn notes(&self) -> Vec<String>;

    /// What should be looked at.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    fn to_xlsx(&self) -> Result<Vec<u8>, opine::Error>;

    /// Hands the chart on, where there is one.
    fn draw(&self, look: &Look) -> Result<Picture, opine::Error>;

    /// Differences of all pairs.
    fn pairs(&self) -> Option<Further> {
        None
    }

    /// Tests of whole tables.
    fn tests(&self) -> Option<Further> {
        None
    }
}

/// An answer that follows from another.
type Further = Result<Arc<dyn Answer>, opine::Error>;

/// How a chart is to look.
#[derive(Clone, Default)]
pub struct Look {
    kind: ChartKind,
    title: Option<String>,
    subtitle: Option<String>,
    width: Option<u32>,
    dark: bool,
}

/// A chart that was drawn: its SVG, and the bytes of its PNG.
pub struct Picture {
    svg: String,
    png: Vec<u8>,
}

impl Look {
    fn draw(&self, mut chart: Chart) -> Result<Picture, opine::Error> {
        chart = chart.kind(self.kind);
        if let Some(title) = &self.title {
            chart = chart.title(title.as_str());
        }
        if let Some(subtitle) = &self.subtitle {
            chart = chart.subtitle(subtitle.as_str());
        }
        if let Some(width) = self.width {
            chart = chart.width(width);
        }
        if self.dark {
            chart = chart.dark();
        }
        Ok(Picture {
            svg: chart.to_svg()?,
            png: chart.to_png()?,
        })
    }
}

impl Answer for SurveyEstimates {
    fn frame(&self) -> &Frame {
        self.frame()
    }

    fn tables(&self) -> Tables {
        self.tables()
    }

    fn notes(&self) -> Vec<String> {
        self.notes()
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings().to_vec()
    }

    fn to_xlsx(&self) -> Result<Vec<u8>, opine::Error> {
        self.to_xlsx()
    }

    fn draw(&self, look: &Look) -> Result<Picture, opine::Error> {
        look.draw(self.chart())
    }

    fn pairs(&self) -> Option<Further> {
        let pairs = self.pairwise();
        Some(pairs.map(|pairs| Arc::new(pairs) as Arc<dyn Answer>))
    }
}

impl Answer for Comparisons {
    fn frame(&self) -> &Frame {
        self.frame()
    }

    fn tables(&self) -> Tables {
        self.tables()
    }

    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    fn to_xlsx(&self) -> Result<Vec<u8>, opine::Error> {
        self.to_xlsx()
    }

    fn draw(&self, look: &Look) -> Result<Picture, opine::Error> {
        look.draw(self.chart())
    }
}

impl Answer for Crosstab {
    fn frame(&self) -> &Frame {
        self.frame()
    }

    fn tables(&self) -> Tables {
        self.tables().clone()
    }

    fn notes(&self) -> Vec<String> {
        self.notes()
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings()
    }

    fn to_xlsx(&self) -> Result<Vec<u8>, opine::Error> {
        self.to_xlsx()
    }

    fn draw(&self, look: &Look) -> Result<Picture, opine::Error> {
        look.draw(self.chart())
    }

    fn pairs(&self) -> Option<Further> {
        Some(self.pairs().map(plain))
    }

    fn tests(&self) -> Option<Further> {
        Some(self.tests().map(plain))
    }
}

pub fn plain(results: Results) -> Arc<dyn Answer> {
    Arc::new(results)
}

impl Answer for Results {
    fn frame(&self) -> &Frame {
        self.frame()
    }

    fn tables(&self) -> Tables {
        self.tables().clone()
    }

    fn notes(&self) -> Vec<String> {
        self.notes().to_vec()
    }

    fn to_xlsx(&self) -> Result<Vec<u8>, opine::Error> {
        self.to_xlsx()
    }

    fn draw(&self, look: &Look) -> Result<Picture, opine::Error> {
        look.draw(self.chart())
    }
}

/// What `opine_survey.Results` stands on.
#[pyclass(frozen, name = "Answer")]
pub struct PyAnswer(pub Arc<dyn Answer>);

#[pymethods]
impl PyAnswer {
    /// A dictionary a row, as the JSON of the program has them.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let frame = self.0.frame();
        let row = |at| {
            let row = PyDict::new(py);
            for column in frame.columns() {
                row.set_item(&column.name, object(py, column.cell(at))?)?;
            }
            Ok(row)
        };
        let rows: PyResult<Vec<_>> = (0..frame.height()).map(row).collect();
        PyList::new(py, rows?)
    }

    /// A list a column.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let frame = self.0.frame();
        let columns = PyDict::new(py);
        for column in frame.columns() {
            let cells = (0..frame.height()).map(|at| object(py, column.cell(at)));
            let cells: PyResult<Vec<_>> = cells.collect();
            columns.set_item(&column.name, cells?)?;
        }
        Ok(columns)
    }

    fn height(&self) -> usize {
        self.0.frame().height()
    }

    fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::export(py, self.0.frame())
    }

    fn csv(&self) -> String {
        self.0.frame().to_csv()
    }

    fn json(&self) -> String {
        self.0.frame().to_json()
    }

    fn notes(&self) -> Vec<String> {
        self.0.notes()
    }

    fn warnings(&self) -> Vec<String> {
        self.0.warnings()
    }

    fn text(&self, width: usize) -> String {
        self.0.tables().to_text(width)
    }

    fn markdown(&self) -> String {
        self.0.tables().to_markdown()
    }

    fn html(&self) -> String {
        self.0.tables().to_html()
    }

    fn html_fragment(&self) -> String {
        self.0.tables().to_html_fragment()
    }

    fn latex(&self) -> String {
        self.0.tables().to_latex()
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let answer = Arc::clone(&self.0);
        let bytes = work::aside(py, Arc::default(), move || answer.to_xlsx())?;
        Ok(PyBytes::new(py, &bytes.map_err(from_library)?))
    }

    /// SVG and PNG of a chart.
    fn chart<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let look = look(kind, options)?;
        let answer = Arc::clone(&self.0);
        let picture = work::aside(py, Arc::default(), move || answer.draw(&look))?;
        let picture = picture.map_err(from_library)?;
        Ok((picture.svg, PyBytes::new(py, &picture.png)))
    }

    fn pairs(&self, py: Python<'_>) -> PyResult<PyAnswer> {
        self.further(py, "differences of pairs", |answer| answer.pairs())
    }

    fn tests(&self, py: Python<'_>) -> PyResult<PyAnswer> {
        self.further(py, "tests of whole tables", |answer| answer.tests())
    }
}

impl PyAnswer {
    fn further(
        &self,
        py: Python<'_>,
        what: &str,
        derive: fn(&dyn Answer) -> Option<Further>,
    ) -> PyResult<PyAnswer> {
        let answer = Arc::clone(&self.0);
        match work::aside(py, Arc::default(), move || derive(answer.as_ref()))? {
            Some(result) => Ok(PyAnswer(result.map_err(from_library)?)),
            None => Err(raised(
                &format!("there are no {what} of this"),
                "request",
                None,
                None,
            )),
        }
    }
}

/// A cell; what is not finite is nothing, as in JSON.
fn object<'py>(py: Python<'py>, cell: Cell<'_>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match cell {
        Cell::Null => py.None().into_bound(py),
        Cell::Number(number) if !number.is_finite() => py.None().into_bound(py),
        Cell::Text(text) => text.into_pyobject(py)?.into_any(),
        Cell::Number(number) => number.into_pyobject(py)?.into_any(),
        Cell::Integer(whole) => whole.into_pyobject(py)?.into_any(),
        Cell::Truth(truth) => truth.into_pyobject(py)?.to_owned().into_any(),
    })
}

fn look(kind: &str, options: &Bound<'_, PyDict>) -> PyResult<Look> {
    let kinds = [
        ("dot", ChartKind::Dots),
        ("bar", ChartKind::Bars),
        ("stacked", ChartKind::Stacked),
        ("diverging", ChartKind::Diverging),
        ("trend", ChartKind::Trend),
    ];
    let Some((_, kind)) = kinds.into_iter().find(|(name, _)| *name == kind) else {
        let message = format!("there is no chart {kind}: dot, bar, stacked, diverging or trend");
        return Err(raised(&message, "chart", Some(kind), None));
    };
    let mut look = Look {
        kind,
        ..Look::default()
    };
    for option in named(options)? {
        match option.name.as_str() {
            "title" => look.title = Some(option.text()?),
            "subtitle" => look.subtitle = Some(option.text()?),
            "width" => look.width = Some(option.whole()?),
            "dark" => look.dark = option.is_set()?,
            _ => return Err(option.unknown()),
        }
    }
    Ok(look)
}
