//! The frames everything meets in.

pub mod estimates;
