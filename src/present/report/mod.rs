//! The main job: the headline table, and the charts and a page with all of it into a folder.

mod card;
mod charts;
mod differences;
mod own_claims;
mod page;
mod picture;
mod sides;
mod trends;
mod warnings;
mod weighting;
mod words;

pub use card::{Item, card, words};
pub use charts::{paths, pictures, write};
pub use own_claims::with_own_claims;
pub use page::{TrackerPage, page, tracker_page, weighting_page, write_page};
pub use picture::{Error, Picture};
pub use warnings::{Warnings, warnings};
pub use weighting::weighting_pictures;
