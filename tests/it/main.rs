//! All integration tests in one binary: one link instead of many.

mod chart;
mod chart_colour;
mod chart_layout;
mod coherence;
mod commands;
mod estimates;
mod interval;
mod page;
mod plots;
mod program;
mod readme;
mod samples;
mod small;
mod snapshots;
mod special;
mod store;
mod store_add;
mod store_odd;
mod store_processes;
mod store_rules;
mod tables;
mod toplines;
