//! A chart in the page: drawn for a column and for a phone, of which the style sheet shows one.

use crate::present::report::Picture;

pub(super) fn figure(wide: &Picture, narrow: &Picture) -> String {
    format!(
        "<figure>\n<div class=\"wide\">\n{}</div>\n<div class=\"narrow\">\n{}</div>\n</figure>\n",
        wide.drawing.svg, narrow.drawing.svg
    )
}
