//! A chart to be put into a page: both layouts as inline SVG, the narrow one on a phone, no script.

use super::svg::escaped;

/// Under so many pixels of the window the narrow drawing is shown.
const NARROW: u32 = 600;

/// A page with nothing but the chart; what stands within `figure`, with the style before it, can be pasted into another one.
///
/// Both drawings have title and description; a screen reader comes upon the one that is shown.
pub fn embed(title: &str, wide: &str, narrow: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{}</title>\n</head>\n\
         <body style=\"margin:0\">\n<style>.opine-chart{{margin:0}}.opine-chart svg{{display:block;max-width:100%;height:auto}}\
         .opine-chart .narrow{{display:none}}@media screen and (max-width:{NARROW}px){{.opine-chart .wide{{display:none}}\
         .opine-chart .narrow{{display:block}}}}</style>\n\
         <figure class=\"opine-chart\">\n<div class=\"wide\">\n{wide}</div>\n<div class=\"narrow\">\n{narrow}</div>\n</figure>\n</body>\n</html>\n",
        escaped(title)
    )
}
