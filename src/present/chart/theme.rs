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
    }
}

fn pick<const N: usize>(colours: &[[u32; 2]; N], step: u8) -> [u32; 2] {
    colours[usize::from(step) % N]
}
