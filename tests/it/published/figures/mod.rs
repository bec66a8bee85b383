//! The store of published figures.

pub mod add;
pub mod changes;
pub mod odd;
pub mod processes;
pub mod quantities;
pub mod rules;
pub mod shipped;
pub mod small;
pub mod tidy;
