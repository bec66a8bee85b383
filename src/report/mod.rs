//! The main job: the headline table, and the charts into a folder.

mod card;
mod charts;
mod words;

pub use card::{Item, card, words};
pub use charts::{Error, Picture, pictures, write};
