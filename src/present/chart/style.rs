use super::fonts::Fonts;
use super::theme::Theme;

/// How a chart is to look, whatever it shows.
#[derive(Debug, Clone)]
pub struct Style {
    /// Width of the canvas in px; under 480 the narrow layout, at least [`super::LEAST_WIDTH`].
    pub width: u32,
    /// The least height in px; a chart that needs less gets more room between its rows.
    pub min_height: Option<u32>,
    /// Light or dark.
    pub theme: Theme,
    /// The faces at hand.
    pub fonts: Fonts,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            width: 720,
            min_height: None,
            theme: Theme::Light,
            fonts: Fonts::default(),
        }
    }
}
