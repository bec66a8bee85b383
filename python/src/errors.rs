//! Errors as Python has them: `opine_survey.Error` with what is wrong, where, and what would be right.

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// The class that the Python side defines.
fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "opine_survey._errors", "Error")
}

/// `Error(message, code, where, hint)`.
pub fn raised(message: &str, code: &str, place: Option<&str>, hint: Option<&str>) -> PyErr {
    Python::attach(|py| {
        let error = class(py).and_then(|class| class.call1((message, code, place, hint)));
        match error {
            Ok(error) => PyErr::from_value(error),
            Err(error) => error,
        }
    })
}

/// An error of the library.
pub fn from_library(error: opine::Error) -> PyErr {
    raised(
        &error.to_string(),
        error.code(),
        error.place(),
        error.hint(),
    )
}

/// An option that is none, or of another kind than it takes.
pub fn wrong_option(option: &str, takes: &str) -> PyErr {
    PyValueError::new_err(format!("{option}: it takes {takes}"))
}

/// A thread of the library ended without an answer.
pub fn broken_off() -> PyErr {
    PyRuntimeError::new_err(
        "the library failed on this, which is a fault of its own: please report it with what was asked",
    )
}
