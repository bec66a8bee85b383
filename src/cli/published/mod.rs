//! Commands on published figures: the store and what stands in it, typed figures, and what follows from either.

pub mod add;
mod annotations;
pub mod bounds;
pub mod card;
pub mod check;
pub mod columns;
pub mod data;
pub mod edit;
pub mod export;
pub mod import;
pub mod init;
pub mod interval;
pub mod list;
pub mod pool;
pub mod report;
pub mod size;
pub mod summary;
