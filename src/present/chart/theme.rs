//! Colours by role: the layout says what a mark *is*, the theme says how that looks.

/// What a mark is. Every role has a hex value of its own in the light theme, so that a page can
/// recolour a chart by attribute (`[fill="#1C2024"]`) without drawing it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The ground.
    Paper,
    /// Titles, labels, values.
    Ink,
    /// Subtitles, intervals, keys.
    Ink2,
    /// Notes and footers; totals and don't know.
    Muted,
    /// What cannot be right.
    Warn,
    /// Hairlines that lead the eye.
    Grid,
    /// The 50% line; hatching.
    Half,
    /// Axes and rules.
    Axis,
    /// The range a figure can have at all.
    Possible,
    /// A figure that sources disagree on (page and terminal).
    Conflict,
    /// One of the six categories, from 0; a higher number starts again.
    Category(u8),
    /// One of the five steps of a scale that has a middle, from the strong negative.
    Diverging(u8),
    /// Don't know, refused.
    DontKnow,
    /// An answer that takes no side.
    Neutral,
    /// One of five steps from little to much.
    Sequential(u8),
    /// Text on a light mark: dark in both themes.
    OnLight,
    /// Text on a mark that is dark in both themes.
    OnDark,
    /// A colour that a house has for a name.
    House(HouseColour),
}

/// A colour from outside, for light paper and for dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HouseColour {
    light: u32,
    dark: u32,
}

/// Marks have at least this contrast to the paper.
const LEAST_CONTRAST: f64 = 3.0;

impl HouseColour {
    /// A colour as `#RRGGBB` or `#RGB`, and one for dark paper; without, the same or as much lighter as it takes to be seen there.
    ///
    /// Where it equals a role’s hex it is moved by one step, as a page recolours the roles by their hex.
    ///
    /// # Errors
    /// Says what is no colour.
    pub fn parse(light: &str, dark: Option<&str>) -> Result<HouseColour, String> {
        let light = parse_hex(light)?;
        let dark = match dark {
            Some(dark) => parse_hex(dark)?,
            None => lightened(light, both(Role::Paper)[1]),
        };
        let roles: Vec<u32> = Role::all().into_iter().map(|role| both(role)[0]).collect();
        let step = |colour: u32| {
            if colour & 0xFF == 0xFF {
                colour - 1
            } else {
                colour + 1
            }
        };
        let mut own = light;
        while roles.contains(&own) {
            own = step(own);
        }
        Ok(HouseColour { light: own, dark })
    }

    /// On light paper, as red, green and blue in one number.
    pub fn light(self) -> u32 {
        self.light
    }

    /// Its contrast to the paper of a theme, where that is too little for a mark.
    pub fn faint(self, theme: Theme) -> Option<f64> {
        let own = contrast(theme, Role::House(self), Role::Paper);
        (own < LEAST_CONTRAST).then_some(own)
    }
}

fn parse_hex(text: &str) -> Result<u32, String> {
    let wrong = || format!("“{text}” is no colour: write it as #E4003B");
    let digits = text.trim().strip_prefix('#').ok_or_else(wrong)?;
    let is_hex = digits.chars().all(|digit| digit.is_ascii_hexdigit());
    let full: String = match digits.len() {
        6 if is_hex => digits.to_owned(),
        3 if is_hex => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => return Err(wrong()),
    };
    u32::from_str_radix(&full, 16).map_err(|_| wrong())
}

/// A colour mixed with white until it can be seen on dark paper.
fn lightened(colour: u32, paper: u32) -> u32 {
    let mixed = |share: f64| {
        let channel = |value: u8| (f64::from(value) + share * (255.0 - f64::from(value))).round();
        let [_, red, green, blue] = colour.to_be_bytes();
        [red, green, blue]
            .into_iter()
            .fold(0, |all, value| all << 8 | channel(value) as u32)
    };
    let seen = |colour: u32| ratio(luminance(colour), luminance(paper)) >= LEAST_CONTRAST;
    let mut steps = (0..=20).map(|step| mixed(f64::from(step) / 20.0));
    steps.find(|own| seen(*own)).unwrap_or(0xFFFFFF)
}

/// Relative luminance (WCAG 2.2), 0 to 1.
fn luminance(colour: u32) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn linear(colour: u32) -> [f64; 3] {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue].map(|channel| match f64::from(channel) / 255.0 {
        share if share <= 0.04045 => share / 12.92,
        share => ((share + 0.055) / 1.055).powf(2.4),
    })
}

fn ratio(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The contrast of two roles (WCAG 2.2): 1 to 21.
pub fn contrast(theme: Theme, a: Role, b: Role) -> f64 {
    let of = |role: Role| {
        luminance(match (theme, both(role)) {
            (Theme::Light, [light, _]) => light,
            (Theme::Dark, [_, dark]) => dark,
        })
    };
    ratio(of(a), of(b))
}

/// Whether one colour may be taken for the other on light paper: by their distance in Oklab (Ottosson 2020).
pub(super) fn near(a: Role, b: Role) -> bool {
    const NEAR: f64 = 0.13;
    let [a, b] = [a, b].map(|role| oklab(both(role)[0]));
    let square: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    square.sqrt() < NEAR
}

fn oklab(colour: u32) -> [f64; 3] {
    let [red, green, blue] = linear(colour);
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let middle = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * middle - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * middle + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * middle - 0.808_675_766_0 * short,
    ]
}

impl Role {
    /// Every role there is: what a page has to recolour.
    pub fn all() -> Vec<Role> {
        let mut roles = vec![
            Role::Paper,
            Role::Ink,
            Role::Ink2,
            Role::Muted,
            Role::Warn,
            Role::Grid,
            Role::Half,
            Role::Axis,
            Role::Possible,
            Role::Conflict,
            Role::DontKnow,
            Role::Neutral,
            Role::OnLight,
            Role::OnDark,
        ];
        roles.extend((0..6).map(Role::Category));
        roles.extend((0..5).map(Role::Diverging));
        roles.extend((0..5).map(Role::Sequential));
        roles
    }

    /// The colour of text that belongs to a mark in this one: ink where the mark’s would be too faint to read.
    pub(super) fn as_text(self) -> Role {
        let is_faint = |theme| contrast(theme, self, Role::Paper) < 4.5;
        match self {
            Role::Half => Role::Muted,
            Role::House(_) if is_faint(Theme::Light) || is_faint(Theme::Dark) => Role::Ink,
            own => own,
        }
    }

    /// The colour of text on a mark in this one: what has most contrast, in either theme.
    pub(super) fn text_on(self) -> Role {
        let dark_on = |theme: Theme, dark: Role, light: Role| {
            contrast(theme, self, dark) >= contrast(theme, self, light)
        };
        match (
            dark_on(Theme::Light, Role::Ink, Role::Paper),
            dark_on(Theme::Dark, Role::Paper, Role::Ink),
        ) {
            (true, true) => Role::OnLight,
            (true, false) => Role::Ink,
            (false, true) => Role::Paper,
            (false, false) => Role::OnDark,
        }
    }
}

/// Light paper or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on near-black.
    Dark,
}

const CATEGORIES: [[u32; 2]; 6] = [
    [0x004487, 0x6FAAF5],
    [0xBA482C, 0xDE7A4E],
    [0x046B62, 0x45917F],
    [0xC58800, 0xFECA65],
    [0x550040, 0x9B57A9],
    [0x57ACDA, 0xC7EBFA],
];

const DIVERGING: [[u32; 2]; 5] = [
    [0x8F4E08, 0xE0A04C],
    [0xDDA65E, 0x7E5620],
    [0xDDE1E4, 0x3A4148],
    [0x7CC0B8, 0x2C6F69],
    [0x0F6B64, 0x5BC4B8],
];

const SEQUENTIAL: [[u32; 2]; 5] = [
    [0xDCE8F4, 0x22384F],
    [0xAAC8E6, 0x335B85],
    [0x6FA2D2, 0x4C82BD],
    [0x3875B2, 0x83B2EE],
    // One off the first category: each role keeps a hex of its own.
    [0x004488, 0xC4DFFC],
];

impl Theme {
    /// The colour of a role as red, green, blue.
    pub fn rgb(self, role: Role) -> (u8, u8, u8) {
        let [light, dark] = both(role);
        let [_, red, green, blue] = match self {
            Theme::Light => light,
            Theme::Dark => dark,
        }
        .to_be_bytes();
        (red, green, blue)
    }

    /// The colour of a role as it stands in the SVG: `#RRGGBB` in capitals.
    pub fn hex(self, role: Role) -> String {
        let (red, green, blue) = self.rgb(role);
        hex(red, green, blue)
    }
}

/// A colour as `#RRGGBB` in capitals.
pub(super) fn hex(red: u8, green: u8, blue: u8) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// The colour of a role on light paper and on dark.
fn both(role: Role) -> [u32; 2] {
    match role {
        Role::Paper => [0xFFFFFF, 0x15181B],
        Role::Ink => [0x1C2024, 0xECEFF1],
        Role::Ink2 => [0x454C53, 0xBFC6CC],
        Role::Muted => [0x626B74, 0x98A1A9],
        Role::Warn => [0xB0124A, 0xFF7FA3],
        Role::Grid => [0xE3E7EA, 0x2B3136],
        Role::Half => [0xB3BBC2, 0x535C64],
        Role::Axis => [0x8A939B, 0x737C85],
        Role::Possible => [0xD3D9DE, 0x363D44],
        Role::Conflict => [0x8A5A00, 0xDDB03A],
        Role::Category(step) => pick(&CATEGORIES, step),
        Role::Diverging(step) => pick(&DIVERGING, step),
        Role::DontKnow => [0xC6CCD1, 0x4A525A],
        Role::Neutral => [0xE2BE5C, 0xC9A43C],
        Role::Sequential(step) => pick(&SEQUENTIAL, step),
        Role::OnLight => [0x1D2125, 0x15181B],
        Role::OnDark => [0xFEFEFE, 0xFFFFFF],
        Role::House(HouseColour { light, dark }) => [light, dark],
    }
}

fn pick<const N: usize>(colours: &[[u32; 2]; N], step: u8) -> [u32; 2] {
    colours[usize::from(step) % N]
}
