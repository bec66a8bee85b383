//! Can these printed figures hold together?
//!
//! A printed figure stands for a range of values. [`conflicts`] finds quantities of which values
//! were printed that share nothing; [`joint`] bounds a share of people who gave two answers by the
//! shares of each answer, and finds printed ones outside of it. [`findings`] has both in words.

mod conflicts;
mod findings;
mod joint;

pub use conflicts::conflicts;
pub use findings::{CONFLICT, JOINT_SHARE, findings};
pub use joint::{Possible, Range, possible};
