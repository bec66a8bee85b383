//! Small pieces of HTML; whatever comes from the data goes through here.

use crate::present::chart::Scene;
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

/// A chart for wide screens, narrow ones, and paper: there it is as wide as the text, and goes on over the next sheet.
pub(super) fn figure(wide: &Picture, narrow: &Picture) -> String {
    let svg = &wide.drawing.svg;
    // two charts of a page may have one name
    let id = format!("{}-{:08x}", wide.name, crc32fast::hash(svg.as_bytes()));
    let named = svg.replacen("<svg ", &format!("<svg id=\"{id}\" "), 1);
    format!(
        "<figure>\n<div class=\"wide\">\n{named}</div>\n<div class=\"narrow\">\n{}</div>\n<div class=\"paper\" aria-hidden=\"true\">\n{}</div>\n</figure>\n",
        narrow.drawing.svg,
        strips(&wide.drawing.scene, &id),
    )
}

/// A strip is so high at least, in px: the head of a chart stays with its first rows.
const LEAST_STRIP: f64 = 60.0;

/// The drawing of that id in strips between which a sheet may end, one under the other without a gap.
fn strips(scene: &Scene, id: &str) -> String {
    let mut edges = vec![0.0];
    for edge in &scene.breaks {
        let last = edges.last().copied().unwrap_or_default();
        if edge - last >= LEAST_STRIP && scene.height - edge >= LEAST_STRIP {
            edges.push(edge.round());
        }
    }
    edges.push(scene.height);
    let strips = edges.windows(2).filter_map(|pair| {
        let (top, bottom) = (pair.first()?, pair.last()?);
        Some(format!(
            "<svg viewBox=\"0 {top} {width} {}\"><use href=\"#{id}\" width=\"{width}\" height=\"{}\"/></svg>\n",
            bottom - top,
            scene.height,
            width = scene.width,
        ))
    });
    strips.collect()
}
