use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::Reason;

/// What is wrong with an expression, and where in its text.
///
/// Shown with the line of the text and a caret under the place, where the text is known: the parser knows it,
/// [`bind`](super::bind) does not ([`Error::within`] adds it).
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub reason: Reason,
    /// The place, in bytes of the text.
    pub span: Range<usize>,
    pub text: Option<String>,
}

impl std::error::Error for Error {}

impl Error {
    pub(super) fn new(reason: Reason, span: Range<usize>) -> Error {
        Error {
            reason,
            span,
            text: None,
        }
    }

    /// The same error, shown in the text that the expression was parsed from.
    pub fn within(self, text: &str) -> Error {
        Error {
            text: Some(text.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        match &self.text {
            Some(text) => place(f, text, &self.span),
            None => Ok(()),
        }
    }
}

/// So many characters of a line are shown before the place, and from its start on.
const BEFORE: usize = 60;
const AFTER: usize = 100;

/// The line in which the place starts, and carets under what of the place is on that line.
fn place(f: &mut fmt::Formatter<'_>, text: &str, span: &Range<usize>) -> fmt::Result {
    let (Some((before, after)), Some(marked)) =
        (text.split_at_checked(span.start), text.get(span.clone()))
    else {
        return Ok(());
    };
    let before = last(before.rsplit('\n').next().unwrap_or_default());
    let after = first(after.split('\n').next().unwrap_or_default());
    let marked = first(marked.split('\n').next().unwrap_or_default());
    let lead = before.width();
    let carets = "^".repeat(marked.width().max(1));
    write!(f, "\n  {before}{after}\n  {:lead$}{carets}", "")
}

/// The end of a line, from an ellipsis on where it is long.
fn last(line: &str) -> String {
    let cut = line.char_indices().rev().nth(BEFORE);
    match cut.and_then(|(at, char)| line.get(at + char.len_utf8()..)) {
        Some(end) => format!("…{}", plain(end)),
        None => plain(line),
    }
}

/// The start of a line, up to an ellipsis where it is long.
fn first(line: &str) -> String {
    let cut = line.char_indices().nth(AFTER);
    match cut.and_then(|(at, _)| line.get(..at)) {
        Some(start) => format!("{}…", plain(start)),
        None => plain(line),
    }
}

/// What takes one column a character: tabs and other controls as spaces.
fn plain(text: &str) -> String {
    text.chars()
        .map(|char| match char.is_control() {
            true => ' ',
            false => char,
        })
        .collect()
}
