//! The faces a chart is set in: Noto Sans regular and bold, embedded, and any the user adds.

use std::fmt;
use std::sync::{Arc, LazyLock};

use resvg::usvg::{FontResolver, Options, fontdb};
use ttf_parser::Face;

use super::clean::is_joiner;
use super::error::Error;
use super::words::Language;

/// The two weights charts use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

static REGULAR: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(notosans::REGULAR_TTF, 0).ok());
static BOLD: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(notosans::BOLD_TTF, 0).ok());

/// The faces at hand: the embedded ones, which have Latin, Greek and Cyrillic letters, and those added.
///
/// No font of the system is read unless it is asked for, so a chart is the same on every machine.
#[derive(Clone)]
pub struct Fonts {
    database: Arc<fontdb::Database>,
    added: Vec<Added>,
    /// Whether letters that no face has are looked for on the machine.
    machine: bool,
    /// The language of the words that a layout adds: they are measured and drawn in it.
    language: Language,
}

/// The families an SVG names: ours, then what browsers are likely to have.
pub(super) const FAMILIES: &str = "Noto Sans, Segoe UI, Helvetica, Arial, sans-serif";

/// A face that the user gave.
#[derive(Clone)]
struct Added {
    id: fontdb::ID,
    family: String,
    weight: Weight,
    bytes: Arc<Vec<u8>>,
    index: u32,
}

impl Default for Fonts {
    fn default() -> Self {
        let mut database = fontdb::Database::new();
        for bytes in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
            database.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        Fonts {
            database: Arc::new(database),
            added: Vec::new(),
            machine: false,
            language: Language::default(),
        }
    }
}

impl Fonts {
    /// These fonts and the faces of one more font file, for the letters that the others lack.
    ///
    /// # Errors
    /// [`Error::Font`] if the bytes are no TrueType or OpenType font.
    pub fn with(mut self, file: Vec<u8>) -> Result<Fonts, Error> {
        let bytes = Arc::new(file);
        let database = Arc::make_mut(&mut self.database);
        let ids = database.load_font_source(fontdb::Source::Binary(bytes.clone()));
        if ids.is_empty() {
            return Err(Error::Font("it has no face that can be read".into()));
        }
        for id in ids {
            let Some(info) = database.face(id) else {
                continue;
            };
            Face::parse(&bytes, info.index).map_err(|error| Error::Font(error.to_string()))?;
            // Quotes would end the name in the list of families.
            let family = info
                .families
                .first()
                .map(|(name, _)| name.replace(['"', '\'', ','], " "))
                .unwrap_or_default();
            // Semibold and all above it.
            let weight = if info.weight.0 >= 600 {
                Weight::Bold
            } else {
                Weight::Regular
            };
            self.added.push(Added {
                id,
                family,
                weight,
                bytes: bytes.clone(),
                index: info.index,
            });
        }
        Ok(self)
    }

    /// These fonts, and those of the machine for letters that they lack: the file is then the same to the byte only where those are.
    pub fn or_of_machine(self) -> Fonts {
        Fonts {
            machine: true,
            ..self
        }
    }

    /// The same fonts for words of a language.
    pub(super) fn speaking(self, language: Language) -> Fonts {
        Fonts { language, ..self }
    }

    /// The language of the words that a layout adds.
    pub(super) fn language(&self) -> &Language {
        &self.language
    }

    /// These fonts with the faces of the machine that have the letters of some texts, and the names of their families.
    pub(super) fn completed(self, texts: &[String]) -> (Fonts, Vec<String>) {
        let mut missing: String = texts.iter().map(|text| self.missing(text)).collect();
        if !self.machine || missing.is_empty() {
            return (self, Vec::new());
        }
        let mut installed = fontdb::Database::new();
        installed.load_system_fonts();
        let (mut fonts, mut families) = (self, Vec::new());
        while let Some(letter) = missing.chars().next() {
            let taken = Family::with_letter(&installed, letter).and_then(|family| {
                let name = family.name.clone();
                fonts
                    .clone()
                    .with_family(&installed, family)
                    .ok()
                    .map(|more| (more, name))
            });
            match taken {
                Some((more, name)) => {
                    fonts = more;
                    families.push(name);
                    missing = fonts.missing(&missing);
                }
                None => {
                    let rest: String = missing.chars().skip(1).collect();
                    missing = rest;
                }
            }
        }
        (fonts, families)
    }

    /// The files of a family, regular and bold.
    fn with_family(self, installed: &fontdb::Database, family: Family) -> Result<Fonts, Error> {
        family.faces.iter().try_fold(self, |fonts, id| {
            let bytes = installed.with_face_data(*id, |bytes, _| bytes.to_vec());
            fonts.with(bytes.unwrap_or_default())
        })
    }

    /// The width of a line in em of its size: the sum of the advances. Kerning is left out, it only narrows.
    pub(super) fn ems(&self, text: &str, weight: Weight) -> f64 {
        text.chars()
            .map(|letter| self.advance(letter, weight))
            .sum()
    }

    /// The letters of a text that no face has, each once.
    pub(super) fn missing(&self, text: &str) -> String {
        let mut missing = String::new();
        for letter in text.chars().filter(|letter| !is_joiner(*letter)) {
            let known = has(embedded(Weight::Regular), letter)
                || self.added_for(letter, Weight::Regular).is_some();
            if !known && !missing.contains(letter) {
                missing.push(letter);
            }
        }
        missing
    }

    /// The added families that no letter of a text is taken from.
    pub(super) fn unused(&self, text: &str) -> Vec<String> {
        let mut used: Vec<fontdb::ID> = Vec::new();
        let mut letters: Vec<char> = text.chars().filter(|letter| !letter.is_ascii()).collect();
        letters.sort_unstable();
        letters.dedup();
        for letter in letters {
            for weight in [Weight::Regular, Weight::Bold] {
                let added = self.added_for(letter, weight);
                let needed = added.filter(|_| !has(embedded(weight), letter));
                used.extend(needed.map(|added| added.id));
            }
        }
        let unused = self.added.iter().filter(|added| !used.contains(&added.id));
        unused.map(|added| added.family.clone()).collect()
    }

    /// A line in runs of letters that one family has; `None` is the embedded one.
    pub(super) fn runs<'t>(&self, text: &'t str, weight: Weight) -> Vec<(Option<&str>, &'t str)> {
        let mut runs: Vec<(Option<&str>, &str)> = Vec::new();
        let mut start = 0;
        let mut family = None;
        for (index, letter) in text.char_indices() {
            let next = if is_joiner(letter) {
                family
            } else {
                self.family(letter, weight)
            };
            if next != family && index > start {
                runs.extend(text.get(start..index).map(|run| (family, run)));
                start = index;
            }
            family = next;
        }
        runs.extend(
            text.get(start..)
                .filter(|run| !run.is_empty())
                .map(|run| (family, run)),
        );
        runs
    }

    /// The added family that a letter is taken from, if the embedded one does not have it.
    fn family(&self, letter: char, weight: Weight) -> Option<&str> {
        let own = has(embedded(weight), letter);
        (!own)
            .then(|| self.added_for(letter, weight))
            .flatten()
            .map(|added| added.family.as_str())
    }

    /// How resvg finds faces: these and no others, letter for letter the ones that were measured.
    pub(super) fn options(&self) -> Options<'_> {
        // The SVG names the family of each run. A fallback from the embedded face as well would, in
        // resvg, take over the Latin letters around it too.
        let select_fallback =
            move |letter: char, used: &[fontdb::ID], _: &mut Arc<fontdb::Database>| {
                let named = self
                    .added
                    .iter()
                    .find(|added| used.first() == Some(&added.id))?;
                self.added_for(letter, named.weight)
                    .map(|added| added.id)
                    .filter(|id| !used.contains(id))
            };
        Options {
            fontdb: self.database.clone(),
            font_family: "Noto Sans".into(),
            font_resolver: FontResolver {
                select_font: FontResolver::default_font_selector(),
                select_fallback: Box::new(select_fallback),
            },
            ..Options::default()
        }
    }

    fn advance(&self, letter: char, weight: Weight) -> f64 {
        if is_joiner(letter) {
            return 0.0;
        }
        let own = embedded(weight).and_then(|face| advance_in(face, letter));
        own.or_else(|| {
            let added = self.added_for(letter, weight)?;
            advance_in(&Face::parse(&added.bytes, added.index).ok()?, letter)
        })
        // A full square for what is not there: never too narrow.
        .unwrap_or(1.0)
    }

    /// The first added face with this letter, in this weight if there is one.
    fn added_for(&self, letter: char, weight: Weight) -> Option<&Added> {
        let mut with_letter = self.added.iter().filter(|added| {
            Face::parse(&added.bytes, added.index).is_ok_and(|face| has(Some(&face), letter))
        });
        let first = with_letter.next()?;
        let same_weight = std::iter::once(first)
            .chain(with_letter)
            .find(|added| added.weight == weight);
        same_weight.or(Some(first))
    }
}

/// A family of the machine: its regular face, and the bold one if there is one.
struct Family {
    name: String,
    faces: Vec<fontdb::ID>,
}

impl Family {
    /// The family that has a letter: Noto before others, then by name, so that one machine gives one chart.
    fn with_letter(installed: &fontdb::Database, letter: char) -> Option<Family> {
        let upright = |face: &&fontdb::FaceInfo| face.style == fontdb::Style::Normal;
        let name = |face: &fontdb::FaceInfo| {
            let first = face.families.first();
            first.map(|(name, _)| name.clone()).unwrap_or_default()
        };
        let has_letter = |face: &&fontdb::FaceInfo| {
            let found = installed.with_face_data(face.id, |bytes, index| {
                Face::parse(bytes, index).is_ok_and(|face| has(Some(&face), letter))
            });
            found.unwrap_or(false)
        };
        let regular = installed.faces().filter(upright);
        let regular = regular.filter(|face| face.weight == fontdb::Weight::NORMAL);
        let order = |face: &fontdb::FaceInfo| {
            let name = name(face);
            // a sans face beside our sans
            (!name.starts_with("Noto Sans"), !name.contains("Sans"), name)
        };
        let mut candidates: Vec<&fontdb::FaceInfo> = regular.collect();
        candidates.sort_by_cached_key(|face| order(face));
        let chosen = candidates.into_iter().find(has_letter)?;
        let family = name(chosen);
        let bold = installed
            .faces()
            .filter(upright)
            .find(|face| face.weight == fontdb::Weight::BOLD && name(face) == family);
        Some(Family {
            faces: std::iter::once(chosen.id)
                .chain(bold.map(|face| face.id))
                .collect(),
            name: family,
        })
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families: Vec<&str> = self
            .added
            .iter()
            .map(|added| added.family.as_str())
            .collect();
        write!(out, "Fonts(Noto Sans, {families:?})")
    }
}

fn embedded(weight: Weight) -> Option<&'static Face<'static>> {
    match weight {
        Weight::Regular => REGULAR.as_ref(),
        Weight::Bold => BOLD.as_ref(),
    }
}

fn has(face: Option<&Face>, letter: char) -> bool {
    face.is_some_and(|face| face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0))
}

fn advance_in(face: &Face, letter: char) -> Option<f64> {
    let glyph = face.glyph_index(letter).filter(|glyph| glyph.0 != 0)?;
    Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
}
