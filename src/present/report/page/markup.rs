//! Small pieces of HTML; whatever comes from the data goes through here.

use crate::present::report::Picture;
pub(super) use crate::present::table::escape;

/// A link where the address is one of the web, else the text alone.
pub(super) fn link(address: &str, text: &str) -> String {
    match is_web(address) {
        true => format!("<a href=\"{}\">{}</a>", escape(address), escape(text)),
        false => escape(text),
    }
}

/// Whether an address may be linked to: `http` and `https`, nothing that a browser would run.
pub(super) fn is_web(address: &str) -> bool {
    host(address).is_some_and(|host| !host.is_empty())
}

/// "en.yna.co.kr": the host of a web address, without `www`.
pub(super) fn host(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#']).next().filter(|_| web)?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// A sentence: the text with a stop at its end where it has none.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let stopped = text.is_empty() || text.ends_with(['.', '!', '?', '…', '”']);
    escape(text) + if stopped { "" } else { "." }
}

pub(super) fn figure(wide: &Picture, narrow: &Picture) -> String {
    format!(
        "<figure>\n<div class=\"wide\">\n{}</div>\n<div class=\"narrow\">\n{}</div>\n</figure>\n",
        wide.drawing.svg, narrow.drawing.svg
    )
}
