//! Banner tables as people read them.
//!
//! [`content`] says what stands where, once for all formats: heads, bases, rows with their letters, the foot. A renderer a
//! format makes pages of it. [`pairs`] and [`tests`] lay out what the letters follow from.

mod cells;
mod content;
pub(super) mod foot;
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
    BannerTable, BaseKind, BaseLine, BaseState, BlockHead, CellFormat, CellWeight, Display,
    Further, Head, Line, LineCell, LineKind, tables,
};
pub use html::html;
pub use latex::latex;
pub use markdown::markdown;
pub use pairs::{pairs, tests};
#[cfg(feature = "xlsx")]
pub use slides::slides;
pub use text::text;
#[cfg(feature = "xlsx")]
pub use workbook::{BookOptions, workbook};
