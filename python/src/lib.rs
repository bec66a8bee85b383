//! The Python module `opine_survey._opine`: what the Python files beside it stand on.
//!
//! Rust has the work, Python the names, the documentation and the types: `opine_survey/*.py` is what people call, and each
//! call hands its keyword arguments over as a dictionary of the names of flags. This crate stands on the face of the library
//! and on [`opine::cli::run_from`] alone.

mod arrow;
mod command;
mod errors;
mod options;
mod results;
mod rows;
mod survey;
mod work;

use pyo3::prelude::*;

#[pymodule]
fn _opine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<results::PyAnswer>()?;
    module.add_class::<survey::PySurvey>()?;
    module.add_function(wrap_pyfunction!(command::run, module)?)?;
    module.add_function(wrap_pyfunction!(command::capture, module)?)?;
    module.add_function(wrap_pyfunction!(rows::stream, module)?)?;
    module.add_function(wrap_pyfunction!(rows::csv_of_rows, module)?)?;
    module.add_function(wrap_pyfunction!(rows::csv, module)?)?;
    module.add_function(wrap_pyfunction!(survey::open, module)?)?;
    module.add_function(wrap_pyfunction!(survey::survey, module)?)?;
    Ok(())
}
