//! All integration tests in one binary: one link instead of many.

mod cli;
mod corpus;
mod face;
mod frames;
mod present;
mod published;
mod statistics;
mod survey;
mod tabular;
