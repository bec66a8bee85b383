//! Published figures: the store they are kept in, what is selected from it, what was printed of one
//! quantity, and the sample behind it.

pub mod basis;
pub mod date;
pub mod effective_n;
pub mod names;
pub mod percent;
pub mod quantity;
pub mod rounding;
pub mod search;
pub mod selector;
pub mod store;
pub mod tidy;
pub mod topline;
