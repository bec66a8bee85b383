//! What a table of texts says without saying so: which rows are its head, what its columns are called, and whether their
//! entries are numbers, dates or words. Delimited text and workbooks are read by the same rules.

pub(super) mod dates;
pub(super) mod evidence;
pub(super) mod few;
pub(super) mod header;
pub(super) mod names;
pub(super) mod number;
