//! The main job: the headline table, and the charts into a folder.

mod charts;
mod words;

pub use charts::{Error, Picture, pictures, write};
