//! Can these printed figures hold together?
//!
//! A printed figure stands for a range of values. The unknowns of a poll are the shares of the cells that
//! its figures speak of (country, base, question, answer); each figure puts a linear function of
//! them between two numbers, and what must hold between them (a NET is the sum of its parts, a total the
//! mixture of its countries, a joint share lies under its margins, single answers add up to 100 at most) are
//! linear constraints. [`findings`] names the smallest sets of figures that no shares satisfy; [`bounds`]
//! gives the range that the figures leave for one that was not printed. What no linear program can say
//! (a total with unknown weights) and what is about one row or list (margins, sizes, dates) are rules beside
//! it; [`rules::RULES`] lists them all.

mod between;
mod bounds;
mod checks;
mod contradictions;
mod findings;
mod joint;
mod program;
pub mod rules;
mod words;

pub use bounds::{Bounds, Target, TargetError, bounds, target, targets};
pub use findings::findings;
pub use joint::{Possible, Range, possible};
pub use rules::{CONFLICT, JOINT_SHARE};

use crate::published::figures::quantity::{Quantity, quantities};
use crate::published::figures::store::Store;

/// The quantities of a store of which values were printed that can't all be right.
pub fn conflicts(store: &Store) -> Vec<Quantity<'_>> {
    let figures: Vec<_> = store.figures.iter().collect();
    let mut quantities = quantities(&figures);
    quantities.retain(Quantity::in_conflict);
    quantities
}
