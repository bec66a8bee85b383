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

mod attainable;
mod averages;
mod between;
mod bounds;
mod cells;
mod component;
mod conflicts;
mod contradictions;
mod dates;
mod findings;
mod group;
mod joint;
mod kind;
mod list_rules;
mod margins;
mod people;
mod rebased;
mod reduce;
pub mod rules;
mod sample_id;
mod simplex;
mod sizes;
mod target;
mod waves;
mod weights;
mod words;

pub use bounds::{Bounds, Target, TargetError, bounds, target};
pub use conflicts::conflicts;
pub use findings::findings;
pub use joint::{Possible, Range, possible};
pub use rules::{CONFLICT, JOINT_SHARE};

use group::groups;
use list_rules::list_rules;
