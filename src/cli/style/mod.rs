//! `opine style`: the house style of charts, what is in force and where from, and a file to begin with.

#[cfg(feature = "xlsx")]
mod deck;
mod file;

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::streams::Session;
use crate::files;
use crate::frames::words::distinct;
use crate::present::chart::{FootLength, Language, Marks, Sort, Theme, is_called};

#[cfg(feature = "xlsx")]
pub use deck::note_page;
pub use file::{HouseFile, HouseFonts, HouseLogo, USUAL_SIZE};

use file::{KEYS, NAME, SIZES};

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine style --init                        writes opine.toml with a comment for every key
  opine style                               what is in force here, and where from
  opine chart bar tonight.csv -o tonight.png --style houses/print.toml
  opine style --words --lang de             every phrase that charts add by themselves

opine.toml in the current folder is taken by every opine chart by itself; what is typed goes before it.")]
pub struct Args {
    /// Write the file with comments: opine.toml, or the one that is named
    #[arg(long, conflicts_with_all = ["words", "lang"])]
    init: bool,
    /// The phrases that charts add by themselves, as lines of [words]
    #[arg(long)]
    words: bool,
    /// The language of the phrases: en, de, fr, es [default: that of the file]
    #[arg(long, value_name = "LANGUAGE", requires = "words")]
    lang: Option<String>,
    /// The style file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

pub fn run(args: Args, session: &Session) -> Result<(), Failure> {
    let named = args.file.as_deref();
    match (args.init, args.words) {
        (true, _) => init(named.unwrap_or(Path::new(NAME)), session),
        (_, true) => {
            let file = HouseFile::find(named, session)?.unwrap_or_default();
            let language = match &args.lang {
                Some(code) => Language::named(code, false).map_err(Failure::Usage)?,
                None => file.language.unwrap_or_default(),
            };
            print_words(&language, session)
        }
        _ => print_in_force(named, session),
    }
}

fn init(path: &Path, session: &Session) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::Usage(format!(
            "{}: there is such a file already; name another one, or change it",
            path.display()
        )));
    }
    files::replace(path, TEMPLATE.as_bytes()).map_err(|error| Failure::file(path, error))?;
    session.say(&format!(
        "{} written: every line is a comment until its # is taken away",
        path.display()
    ));
    Ok(())
}

fn print_words(language: &Language, session: &Session) -> Result<(), Failure> {
    let mut text = String::from("[words]\n");
    for (english, own) in language.phrases() {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        text += &format!("{} = {}\n", quoted(english), quoted(own.unwrap_or(english)));
    }
    session.print_exact(&text)
}

/// A line a key: what it says, and whether the file or the program does.
fn print_in_force(named: Option<&Path>, session: &Session) -> Result<(), Failure> {
    let file = HouseFile::find(named, session)?.unwrap_or_default();
    let mut text = String::new();
    for key in KEYS {
        let from = match file.keys.iter().any(|own| own == key) {
            true => file.path.display().to_string(),
            false => "built in".to_owned(),
        };
        text += &format!("{key:<10} {:<44} {from}\n", file.in_words(key));
    }
    session.print_exact(&text)
}

impl HouseFile {
    /// Names of the file that nothing in a chart has: they do nothing there.
    pub fn note_idle(&self, marks: &Marks, session: &Session) {
        let all = [&marks.coloured[..], &marks.rows].concat();
        let coloured: Vec<String> = self.colours.iter().map(|(name, _)| name.clone()).collect();
        let keys = [
            ("colours", &coloured, &marks.coloured),
            ("highlight", &self.highlight, &all),
        ];
        let idle = keys.iter().filter(|(_, names, marks)| {
            let has = |name: &String| marks.iter().any(|mark| is_called(mark, name));
            !names.is_empty() && !names.iter().any(has)
        });
        let idle: Vec<&str> = idle.map(|(key, ..)| *key).collect();
        if !idle.is_empty() {
            session.note(&format!(
                "{}: {} changes nothing here: the chart has none of those names",
                self.path.display(),
                idle.join(", ")
            ));
        }
    }

    /// What slides do not have.
    pub fn note_not_on_slides(&self, session: &Session) {
        let without = ["theme", "fonts", "size"];
        let idle = self.keys.iter().map(String::as_str);
        let idle: Vec<&str> = idle.filter(|key| without.contains(key)).collect();
        if !idle.is_empty() {
            session.note(&format!(
                "{}: {} changes nothing on slides, which have a size and a face of their own and are light",
                self.path.display(),
                idle.join(", ")
            ));
        }
    }

    fn in_words(&self, key: &str) -> String {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        let list = |names: Vec<String>| match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(", "),
        };
        let language = self.language.clone().unwrap_or_default();
        match key {
            "source" => or_none(&self.source),
            "note" => or_none(&self.note),
            "logo" => match &self.logo {
                None => "none".to_owned(),
                Some(HouseLogo { light, dark }) => list(
                    std::iter::once(light)
                        .chain(dark)
                        .map(|file| file.display().to_string())
                        .collect(),
                ),
            },
            "theme" => match self.theme.unwrap_or_default() {
                Theme::Light => "light".to_owned(),
                Theme::Dark => "dark".to_owned(),
            },
            "fonts" => match &self.fonts {
                None => "Noto Sans, embedded".to_owned(),
                Some(HouseFonts::Machine) => {
                    "auto: Noto Sans, then those of the machine".to_owned()
                }
                Some(HouseFonts::Files(files)) => list(
                    files
                        .iter()
                        .map(|file| file.display().to_string())
                        .collect(),
                ),
            },
            "typeface" => self.typeface.clone().unwrap_or_else(|| "Arial".to_owned()),
            "colours" => list(self.colours.iter().map(|(name, _)| name.clone()).collect()),
            "highlight" => list(self.highlight.clone()),
            "order" => list(self.order.clone()),
            "sort" => match self.sort {
                None => "as the kind of chart has it".to_owned(),
                Some(Sort::Given) => "given".to_owned(),
                Some(Sort::Value) => "value".to_owned(),
                Some(Sort::Label) => "label".to_owned(),
            },
            "scales" => list(self.scales.iter().map(|scale| scale.join(" … ")).collect()),
            "foot" => match self.foot {
                Some(FootLength::Full) => "full".to_owned(),
                _ => "short".to_owned(),
            },
            "language" => language.code().to_owned(),
            "decimal" => language.decimal().to_string(),
            "words" => "opine style --words lists them".to_owned(),
            "size" => self.size.clone().unwrap_or_else(|| "web".to_owned()),
            _ => {
                let own = self.sizes.iter().map(|(name, _)| name.clone());
                let all = own.chain(SIZES.map(|(name, _)| name.to_owned()));
                list(distinct(all))
            }
        }
    }
}

/// What `--init` writes.
const TEMPLATE: &str = r##"# The house style of charts. opine chart reads this file where it lies in the current folder; --style FILE names another.
# What is typed goes before what stands here. A line counts once its first # is taken away.

# The last line of the foot, and a line above it.
# source = "Example House, June 2026"
# note = "Asked online."

# A picture at the end of the foot: SVG without letters (paths instead), or PNG; where it lies is told from this file.
# logo = "logo.svg"

# What the foot says: "short" for readers, "full" with the design.
# foot = "short"

# Rows, answers or series that are brought out, the rest in grey.
# highlight = ["Germany"]

# Names that stand first, and how the others stand: "given", "value" or "label".
# order = ["Germany", "France"]
# sort = "value"

# Scales of answers, from little to much: one ramp in this order, at most five steps.
# scales = [["Not at all", "A little", "Very"]]

# Letters beyond Latin, Greek and Cyrillic: files, or "auto" for the fonts of the machine. With "auto" a chart is the same to the
# byte only where those fonts are.
# fonts = ["NotoSansArabic-Regular.ttf"]

# The face of slides and .docx, by its name: it is not in the file, so that who opens it needs it, too.
# typeface = "Georgia"

# Words of axes, keys, bases and feet: "en", "de", "fr", "es", or another language with [words] below. The decimal mark
# follows the language.
# language = "en"
# decimal = "."

# theme = "light"

# The size of a chart: print (720 px, 300 dpi), web (720), phone (360, 288 dpi), square (600 by 600), or one of [sizes]. A PNG
# has 192 dpi, twice the pixels of the canvas, where nothing else is said.
# size = "web"

# Colours by the name of an answer, a group or a series; with one for dark paper where a lighter shade is not enough. Without
# a line here a party gets the next colour of the palette, and not the one that readers know it by.
# [colours]
# Labour = "#E4003B"
# Green = { light = "#00785A", dark = "#4CC9A0" }

# Sizes of the house: a width in pixels (96 to the inch), or with the least height and the pixels of a PNG to the inch.
# [sizes]
# column = 340
# square = { width = 640, height = 640 }
# page = { width = 680, dpi = 300 }

# Phrases in place of ours; opine style --words lists them all.
# [words]
# "no n" = "no sample size"
"##;
