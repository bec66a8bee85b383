//! The house style as a TOML file: `opine.toml` in the current folder, or one that is named.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::frames::words::nearest;
use crate::present::chart::{FootLength, HouseColour, Language, Logo, Sort, Theme};

/// What a house wants of its charts; `None` for what the program does by itself.
#[derive(Debug, Default)]
pub struct HouseFile {
    pub path: PathBuf,
    pub source: Option<String>,
    pub logo: Option<HouseLogo>,
    pub note: Option<String>,
    pub theme: Option<Theme>,
    pub fonts: Option<HouseFonts>,
    /// The face of slides and documents, by its name.
    pub typeface: Option<String>,
    pub colours: Vec<(String, HouseColour)>,
    pub highlight: Vec<String>,
    pub order: Vec<String>,
    pub sort: Option<Sort>,
    pub scales: Vec<Vec<String>>,
    pub foot: Option<FootLength>,
    pub language: Option<Language>,
    /// The size that charts have, and what the names of sizes mean here.
    pub size: Option<String>,
    pub sizes: Vec<(String, Size)>,
    /// The keys that the file has, in its order.
    pub keys: Vec<String>,
}

/// Where letters beyond Latin, Greek and Cyrillic come from.
#[derive(Debug, PartialEq)]
pub enum HouseFonts {
    /// The fonts of the machine.
    Machine,
    Files(Vec<PathBuf>),
}

/// The picture that closes each foot, and the one for dark paper where that is another.
#[derive(Debug, PartialEq)]
pub struct HouseLogo {
    pub light: PathBuf,
    pub dark: Option<PathBuf>,
}

impl HouseLogo {
    /// The logo for a theme; that its pixels are too few is said.
    pub fn read(&self, theme: Theme, session: &Session) -> Result<Logo, Failure> {
        let path = self.path(theme);
        let bytes = fs::read(path).map_err(|error| Failure::file(path, error))?;
        session.paths.input(path)?;
        let logo = Logo::read(bytes).map_err(|error| Failure::file(path, error))?;
        if let Some((width, height)) = logo.too_few_pixels() {
            session.warn(&format!(
                "{}: {width} by {height} pixels are too few for a sharp logo in print; an SVG has no pixels, and a PNG needs three times as many as it is drawn with",
                path.display()
            ));
        }
        Ok(logo)
    }

    /// The file for a theme.
    fn path(&self, theme: Theme) -> &Path {
        match (theme, &self.dark) {
            (Theme::Dark, Some(dark)) => dark,
            _ => &self.light,
        }
    }
}

/// A size in px, 96 to the inch, with the least height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: u32,
    pub height: Option<u32>,
    /// Pixels of a PNG to the inch.
    pub dpi: u32,
}

/// The file that is looked for.
pub const NAME: &str = "opine.toml";

/// The sizes that every house has.
pub const SIZES: [(&str, Size); 4] = [
    // 190 mm, as wide as the text of an A4 page
    ("print", size(720, None, 300)),
    ("web", USUAL_SIZE),
    // screens of phones have three pixels to the px
    ("phone", size(360, None, 288)),
    ("square", size(600, Some(600), DPI)),
];

/// What a chart has where nothing is said.
pub const USUAL_SIZE: Size = size(720, None, DPI);

/// Twice the px of the canvas.
const DPI: u32 = 192;
/// Fewer can’t be read, more no printer has.
const LEAST_DPI: u32 = 72;
const MOST_DPI: u32 = 1200;

const fn size(width: u32, height: Option<u32>, dpi: u32) -> Size {
    Size { width, height, dpi }
}

/// Every key at the top of the file.
pub const KEYS: [&str; 17] = [
    "source",
    "note",
    "logo",
    "theme",
    "fonts",
    "typeface",
    "colours",
    "highlight",
    "order",
    "sort",
    "scales",
    "foot",
    "language",
    "decimal",
    "words",
    "size",
    "sizes",
];

/// A style file is a page; more is another file.
const LARGEST: u64 = 1 << 20;

impl HouseFile {
    /// The file that is named, or `opine.toml` where there is one; that it is used is said.
    pub fn find(named: Option<&Path>, session: &Session) -> Result<Option<HouseFile>, Failure> {
        let usual = Path::new(NAME);
        let path = match named {
            Some(path) => path,
            None if usual.is_file() => usual,
            None => return Ok(None),
        };
        let house = HouseFile::read(path)?;
        session.paths.input(path)?;
        session.note(&format!("house style: {}", path.display()));
        Ok(Some(house))
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<HouseFile, Failure> {
        let io = |error| Failure::file(path, error);
        if fs::metadata(path).map_err(io)?.len() > LARGEST {
            return Err(Failure::file(
                path,
                "this is no style file: it has more than 1 MB",
            ));
        }
        let text = fs::read_to_string(path).map_err(io)?;
        HouseFile::parse(&text, path)
            .map_err(|message| Failure::Usage(format!("{}: {message}", path.display())))
    }

    fn parse(text: &str, path: &Path) -> Result<HouseFile, String> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| error.to_string().trim_end().to_owned())?;
        known(&table, &KEYS)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(HouseFile {
            path: path.to_owned(),
            source: text_of(&table, "source")?,
            note: text_of(&table, "note")?,
            logo: logo(&table, folder)?,
            theme: choice(
                &table,
                "theme",
                &[("light", Theme::Light), ("dark", Theme::Dark)],
            )?,
            fonts: fonts(&table, folder)?,
            typeface: text_of(&table, "typeface")?,
            colours: colours(&table)?,
            highlight: texts(&table, "highlight")?,
            order: texts(&table, "order")?,
            sort: choice(
                &table,
                "sort",
                &[
                    ("given", Sort::Given),
                    ("value", Sort::Value),
                    ("label", Sort::Label),
                ],
            )?,
            scales: scales(&table)?,
            foot: choice(
                &table,
                "foot",
                &[("short", FootLength::Short), ("full", FootLength::Full)],
            )?,
            language: language(&table)?,
            size: text_of(&table, "size")?,
            sizes: sizes(&table)?,
            keys: table.keys().cloned().collect(),
        })
    }

    /// A size by its name: of the house, or one that every house has.
    pub fn size_of(&self, name: &str) -> Result<Size, Failure> {
        let all: Vec<(&str, Size)> = self
            .sizes
            .iter()
            .map(|(name, size)| (name.as_str(), *size))
            .chain(SIZES)
            .collect();
        let found = all.iter().find(|(own, _)| *own == name);
        found.map(|(_, size)| *size).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|(own, _)| *own).collect();
            Failure::Usage(format!(
                "“{name}” is no size: these are {}",
                crate::frames::words::distinct(names).join(", ")
            ))
        })
    }
}

/// Refuses a key that is none, with the nearest one that is.
fn known(table: &Table, keys: &[&str]) -> Result<(), String> {
    let Some(wrong) = table.keys().find(|key| !keys.contains(&key.as_str())) else {
        return Ok(());
    };
    Err(match nearest(wrong, keys.iter().copied()) {
        Some(near) => format!("{wrong} is no key of a style file; did you mean {near}?"),
        None => format!(
            "{wrong} is no key of a style file; these are: {}",
            keys.join(", ")
        ),
    })
}

fn text_of(table: &Table, key: &str) -> Result<Option<String>, String> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{key} is a text: {key} = \"…\"")),
    }
}

fn texts(table: &Table, key: &str) -> Result<Vec<String>, String> {
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(value) => strings(value)
            .ok_or_else(|| format!("{key} is a list of texts: {key} = [\"…\", \"…\"]")),
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?.iter();
    items.map(|item| item.as_str().map(str::to_owned)).collect()
}

fn choice<T: Copy>(table: &Table, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(text) = text_of(table, key)? else {
        return Ok(None);
    };
    let found = choices.iter().find(|(name, _)| *name == text);
    found.map(|(_, choice)| Some(*choice)).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        format!("{key} is one of {}, not “{text}”", names.join(", "))
    })
}

fn logo(table: &Table, folder: &Path) -> Result<Option<HouseLogo>, String> {
    const RIGHT: &str = "logo is a file, logo = \"logo.svg\", or { light = \"logo.svg\", dark = \"white.svg\" } where dark paper has its own";
    let file = |value: &Value| Some(folder.join(value.as_str().filter(|name| !name.is_empty())?));
    match table.get("logo") {
        None => Ok(None),
        Some(Value::Table(both)) if both.keys().all(|key| key == "light" || key == "dark") => {
            let light = both.get("light").and_then(file).ok_or(RIGHT)?;
            let dark = both.get("dark").map(|dark| file(dark).ok_or(RIGHT));
            Ok(Some(HouseLogo {
                light,
                dark: dark.transpose()?,
            }))
        }
        Some(value) => {
            let light = file(value).ok_or(RIGHT)?;
            Ok(Some(HouseLogo { light, dark: None }))
        }
    }
}

fn fonts(table: &Table, folder: &Path) -> Result<Option<HouseFonts>, String> {
    match table.get("fonts") {
        None => Ok(None),
        Some(Value::String(text)) if text == "auto" => Ok(Some(HouseFonts::Machine)),
        Some(value) => match strings(value) {
            Some(files) => Ok(Some(HouseFonts::Files(
                files.iter().map(|file| folder.join(file)).collect(),
            ))),
            None => Err(
                "fonts is \"auto\" or a list of files: fonts = [\"Arabic-Regular.ttf\"]".to_owned(),
            ),
        },
    }
}

fn colours(table: &Table) -> Result<Vec<(String, HouseColour)>, String> {
    const RIGHT: &str = "a colour is \"#E4003B\", or { light = \"#E4003B\", dark = \"#FF6680\" } where dark paper has its own";
    let Some(value) = table.get("colours") else {
        return Ok(Vec::new());
    };
    let Some(named) = value.as_table() else {
        return Err(
            "colours is a part of the file: [colours], and a line Labour = \"#E4003B\" a name"
                .to_owned(),
        );
    };
    let colour = |(name, value): (&String, &Value)| {
        let wrong = |error: String| format!("colours, {name}: {error}");
        let parsed = match value {
            Value::String(light) => HouseColour::parse(light, None),
            Value::Table(both) => {
                let of = |key: &str| both.get(key).and_then(Value::as_str);
                match (
                    of("light"),
                    both.keys().all(|key| key == "light" || key == "dark"),
                ) {
                    (Some(light), true) => HouseColour::parse(light, of("dark")),
                    _ => Err(RIGHT.to_owned()),
                }
            }
            _ => Err(RIGHT.to_owned()),
        };
        Ok((name.clone(), parsed.map_err(wrong)?))
    };
    named.iter().map(colour).collect()
}

fn scales(table: &Table) -> Result<Vec<Vec<String>>, String> {
    let Some(value) = table.get("scales") else {
        return Ok(Vec::new());
    };
    let wrong = || {
        "scales is a list of scales of two to five answers, each from little to much: scales = [[\"Never\", \"Sometimes\", \"Often\"]]".to_owned()
    };
    let lists = value.as_array().ok_or_else(wrong)?.iter();
    let scales: Option<Vec<Vec<String>>> = lists.map(strings).collect();
    scales
        .filter(|scales| scales.iter().all(|scale| (2..=5).contains(&scale.len())))
        .ok_or_else(wrong)
}

fn language(table: &Table) -> Result<Option<Language>, String> {
    let name = text_of(table, "language")?;
    let decimal = match text_of(table, "decimal")?.as_deref() {
        None => None,
        Some(".") => Some('.'),
        Some(",") => Some(','),
        Some(other) => return Err(format!("decimal is \".\" or \",\", not “{other}”")),
    };
    let words: Vec<(String, String)> = match table.get("words") {
        None => Vec::new(),
        Some(value) => {
            let wrong = || {
                "words is a part of the file: [words], and a line \"no n\" = \"…\" a phrase"
                    .to_owned()
            };
            let pair = |(english, own): (&String, &Value)| {
                Some((english.clone(), own.as_str()?.to_owned()))
            };
            let table = value.as_table().ok_or_else(wrong)?;
            let words: Option<Vec<_>> = table.iter().map(pair).collect();
            words.ok_or_else(wrong)?
        }
    };
    if name.is_none() && decimal.is_none() && words.is_empty() {
        return Ok(None);
    }
    let mut language = Language::named(name.as_deref().unwrap_or("en"), !words.is_empty())?;
    if let Some(mark) = decimal {
        language = language.with_decimal(mark);
    }
    language.with_words(words).map(Some)
}

fn sizes(table: &Table) -> Result<Vec<(String, Size)>, String> {
    const RIGHT: &str = "a size is its width in pixels, or { width = 600, height = 600, dpi = 300 } with the least height and the pixels of a PNG to the inch, 72 to 1200";
    let Some(value) = table.get("sizes") else {
        return Ok(Vec::new());
    };
    let named = value
        .as_table()
        .ok_or("sizes is a part of the file: [sizes], and a line print = 680 a name")?;
    let one = |(name, value): (&String, &Value)| {
        let size = match value {
            Value::Table(parts) => size_of_parts(parts),
            value => pixels(value).map(|width| size(width, None, DPI)),
        };
        let size = size.ok_or_else(|| format!("sizes, {name}: {RIGHT}"))?;
        Ok((name.clone(), size))
    };
    named.iter().map(one).collect()
}

fn pixels(value: &Value) -> Option<u32> {
    value.as_integer().and_then(|px| u32::try_from(px).ok())
}

/// `{ width = 600, height = 600, dpi = 300 }`; `None` where it is something else.
fn size_of_parts(parts: &Table) -> Option<Size> {
    let known = |key: &String| ["width", "height", "dpi"].contains(&key.as_str());
    if !parts.keys().all(known) {
        return None;
    }
    let optional = |key: &str| match parts.get(key) {
        None => Some(None),
        Some(value) => pixels(value).map(Some),
    };
    let dpi = optional("dpi")?.unwrap_or(DPI);
    let is_dpi = (LEAST_DPI..=MOST_DPI).contains(&dpi);
    is_dpi.then_some(size(pixels(parts.get("width")?)?, optional("height")?, dpi))
}
