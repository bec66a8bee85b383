//! Estimates of respondents as tables, as the field prints them.
//!
//! [`tables`] lays an [`Answer`](crate::survey::estimate::Answer) out:
//!
//! * shares without decimals, bounds with one; `*` for under half a per cent, `-` for nobody, the key in the foot;
//! * other statistics to two digits of their standard error;
//! * one column a domain while these fit the width, a row a domain where they do not;
//! * NETs above their parts; bases always: respondents, their weight, what they are worth;
//! * bases under [`Look::flag_base`] flagged, under [`Look::min_base`] not shown.
//!
//! [`comparisons`] does the same for differences of domains, [`sample`] for what a design is.

mod about;
mod cells;
mod columns;
mod comparisons;
mod describe;
mod foot;
mod grid;
mod layout;
mod long;
mod look;
mod sample;
mod sheet;
mod tables;

pub use about::About;
pub use comparisons::comparisons;
pub use describe::{description, description_frame};
pub use look::{Look, Show};
pub use sample::{sample, sample_frame};
pub use tables::tables;
