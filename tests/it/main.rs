//! All integration tests in one binary: one link instead of many.

mod chart;
mod chart_colour;
mod chart_layout;
mod coherence;
mod coherence_bounds;
mod coherence_generated;
mod coherence_rules;
mod coherence_sets;
mod commands;
mod compare;
mod estimates;
mod interval;
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
