use super::arrangement::{Arrangement, Sort};
use super::fonts::Fonts;
use super::logo::Logo;
use super::theme::{HouseColour, Theme};
use super::words::{FootLength, Language};

/// How a chart is to look, whatever it shows.
#[derive(Debug, Clone)]
pub struct Style {
    /// Width of the canvas in px; under 480 the narrow layout, at least [`super::LEAST_WIDTH`].
    pub width: u32,
    /// The least height in px; a chart that needs less gets more room between its rows.
    pub min_height: Option<u32>,
    /// Pixels of a PNG for one of the canvas, which has 96 to the inch: 3.125 are 300 dpi.
    pub scale: f32,
    /// Light or dark.
    pub theme: Theme,
    /// The faces at hand.
    pub fonts: Fonts,
    /// Colours by the name of an answer, a group or a series.
    pub colours: Vec<(String, HouseColour)>,
    /// Names of marks that are brought out, the rest in grey; none for all alike.
    pub highlight: Vec<String>,
    /// Names of answers and rows that stand first, in this order.
    pub order: Vec<String>,
    /// How the other rows stand; `None` as the kind of chart has them.
    pub sort: Option<Sort>,
    /// Scales of answers, each from little to much: a ramp in this order.
    pub scales: Vec<Vec<String>>,
    /// What the foot says.
    pub foot: FootLength,
    /// The words that a chart adds by itself, and how numbers are written.
    pub language: Language,
    /// A paragraph of the foot.
    pub note: Option<String>,
    /// Who the figures are from: the last paragraph of the foot, in place of what the data say.
    pub source: Option<String>,
    /// Closes the foot.
    pub logo: Option<Logo>,
}

impl Style {
    /// The order of rows that is asked for.
    pub fn arrangement(&self) -> Arrangement<'_> {
        Arrangement {
            order: &self.order,
            sort: self.sort,
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Style {
            width: 720,
            min_height: None,
            scale: 2.0,
            theme: Theme::Light,
            fonts: Fonts::default(),
            colours: Vec::new(),
            highlight: Vec::new(),
            order: Vec::new(),
            sort: None,
            scales: Vec::new(),
            foot: FootLength::Full,
            language: Language::default(),
            note: None,
            source: None,
            logo: None,
        }
    }
}
