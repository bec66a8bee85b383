//! What can and can’t hold together.

pub mod bounds;
pub mod generated;
pub mod rules;
pub mod sets;
pub mod shipped;
