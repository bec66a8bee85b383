//! The theme's colours as CSS: custom properties for the page, and for the charts a rule a role that
//! recolours its attribute in the dark.

use std::fmt::Write;

use crate::present::chart::{Role, Theme};

const NAMED: [(&str, Role); 9] = [
    ("paper", Role::Paper),
    ("ink", Role::Ink),
    ("ink2", Role::Ink2),
    ("muted", Role::Muted),
    ("axis", Role::Axis),
    ("grid", Role::Grid),
    ("link", Role::Category(0)),
    ("warn", Role::Warn),
    ("conflict", Role::Conflict),
];

pub(super) fn css() -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", properties(Theme::Light));
    out.push_str("@media screen{:root{color-scheme:light dark}}\n");
    out.push_str("@media screen and (prefers-color-scheme:dark){\n");
    let _ = writeln!(out, "{}", properties(Theme::Dark));
    for role in Role::all() {
        let (light, dark) = (Theme::Light.hex(role), Theme::Dark.hex(role));
        for what in ["fill", "stroke"] {
            let _ = writeln!(out, "figure [{what}=\"{light}\"]{{{what}:{dark}}}");
        }
    }
    out.push_str("}\n");
    out
}

fn properties(theme: Theme) -> String {
    let properties: Vec<String> = NAMED
        .iter()
        .map(|(name, role)| format!("--{name}:{}", theme.hex(*role)))
        .collect();
    format!(":root{{{}}}", properties.join(";"))
}
