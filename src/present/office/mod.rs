//! Office files that people go on working in: slides and documents in the form ECMA-376 calls Office Open XML.
//!
//! ```text
//!  Deck ─────┐
//!            ├─ parts of XML ─▶ Package ─▶ one zip
//!  Document ─┘       ▲
//!                NativeChart with its workbook
//! ```
//!
//! A file is a zip of XML parts; [`package`] keeps the parts, their types and what ties them. What never changes (theme, slide
//! master, layouts, styles) stands as XML in `parts/`. Texts go through [`package::escape`], so that whatever stands in a label,
//! every part is XML. No date, no name of a machine: the same input gives the same bytes.

mod chart;
mod deck;
mod document;
mod package;

pub use chart::{NativeChart, Point, Series, Shape, Unit, contrast, labels_fit, runs_that_fit};
pub use deck::{Deck, Picture, Slide, pptx};
pub use document::{Block, Document, DocumentCell, DocumentTable, Look, Rule, Style, docx};
pub use package::OfficeError;
