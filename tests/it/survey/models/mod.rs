//! Models of respondents through the real binary.

mod golden;
mod laws;
mod program;
mod refused;
mod separated;
