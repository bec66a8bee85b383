//! The grammar of items and conditions, and how it runs on respondents.

mod binding;
mod conditions;
mod grammar;
mod items;
mod levels;
mod mistakes;
mod properties;
mod respondents;
