//! What a scene becomes: the SVG that is ours, and of it or beside it the bytes of a PNG and a PDF.

pub mod backend;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod png;
pub mod svg;
