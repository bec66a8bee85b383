//! Tables for reading: laid out once as [`Table`], then a renderer a format.
//!
//! A table is blocks of rows under common columns, a label at the left, notes under a row, a foot.
//! The exact formats (CSV, JSON) do not come from here: they are the frame itself, see
//! [`crate::frames`]. A workbook has both.

pub mod digits;
#[cfg(feature = "xlsx")]
mod document;
mod html;
mod latex;
mod layout;
mod markdown;
mod text;
mod wrap;
#[cfg(feature = "xlsx")]
pub(crate) mod xlsx;

#[cfg(feature = "xlsx")]
pub use document::document;
pub(crate) use html::{NOWRAP, escape, page};
pub use html::{html, html_fragment};
pub(crate) use latex::{
    LONGEST_WORD as LATEX_LONGEST_WORD, escape as latex_escape, first_cell as latex_first_cell,
    label as latex_label,
};
pub use latex::{LatexOptions, latex, latex_paragraph};
pub use layout::{Align, Block, Cell, Column, Emphasis, Row, Table};
pub use markdown::markdown;
pub use text::{TextOptions, text};
pub use wrap::{display_width, fill};
#[cfg(feature = "xlsx")]
pub use xlsx::{XlsxError, cut_note, xlsx};
