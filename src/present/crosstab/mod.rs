//! Banner tables as people read them.
//!
//! [`content`] says what stands where, once for all formats: heads, bases, rows with their letters, the foot. A renderer a
//! format makes pages of it. [`pairs`] and [`tests`] lay out what the letters follow from.

mod cells;
mod content;
#[cfg(feature = "xlsx")]
mod document;
pub(super) mod foot;
mod heads;
mod html;
mod latex;
mod markdown;
mod pairs;
#[cfg(feature = "xlsx")]
mod slides;
mod text;
#[cfg(feature = "xlsx")]
mod workbook;

pub use cells::cells_frame;
pub use content::{
    BannerTable, BaseKind, BaseLine, CellFormat, CellWeight, Display, Further, Line, LineCell,
    LineKind, tables,
};
#[cfg(feature = "xlsx")]
pub use document::document;
pub use heads::{BaseState, BlockHead, Head};
pub use html::{html, html_fragment};
pub use latex::latex;
pub use markdown::markdown;
pub use pairs::{pairs, tests};
#[cfg(feature = "xlsx")]
pub use slides::slides;
pub use text::text;
#[cfg(feature = "xlsx")]
pub use workbook::{BookOptions, workbook};
