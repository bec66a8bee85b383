//! What every kind of chart takes: its input, its captions, its look, and where it is written.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::data::DataArgs;
use crate::cli::failure::Failure;
use crate::cli::paths::begins;
use crate::cli::streams::Session;
use crate::cli::style::{HouseFile, HouseFonts, USUAL_SIZE};
use crate::cli::summary::without_of_selected;
use crate::cli::tables::{ColumnArgs, TableArgs, TableFile};
use crate::cli::values;
use crate::files;
use crate::frames::words::{distinct, nearest, or};
use crate::frames::{Estimate, Estimates, Flag, Frame};
use crate::present::chart::{
    Chart, Drawing, Fonts, FootLength, HouseColour, Language, Logo, Marks, Sort, Style, Theme,
    embed, is_called, slides_in,
};
use crate::present::lists::{self, List};
use crate::present::office::{Deck, pptx};
use crate::present::published::Captions;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::statistics::interval::Method;
use crate::survey::microdata::write;
use crate::tabular;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

/// How a chart looks and where it is written.
#[derive(clap::Args)]
pub struct LookArgs {
    /// The chart, by its ending: .png, .svg, .pdf, .html or .pptx
    ///
    /// .html is to be embedded, for wide and narrow screens; .pptx are slides whose charts can be edited.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Says what the figures say, in a sentence
    #[arg(long)]
    pub title: Option<String>,
    /// Says what is measured
    #[arg(long)]
    pub subtitle: Option<String>,
    /// Width in pixels; a PNG has twice as many [default: 720]
    #[arg(long, value_name = "PIXELS")]
    width: Option<u32>,
    /// A size by its name: print, web, phone, square, or the style file’s
    ///
    /// print has 720 px and 300 dpi in a PNG, web 720, phone 360 and 288 dpi, square 600 by 600; 192 dpi where nothing else is said.
    #[arg(long, value_name = "NAME", conflicts_with = "width")]
    size: Option<String>,
    /// Least height in pixels: rows get more space
    #[arg(long, value_name = "PIXELS")]
    height: Option<u32>,
    /// Light paper or dark [default: light]
    #[arg(long, value_enum)]
    theme: Option<ThemeName>,
    /// A font file for other letters, or auto: the fonts of the machine
    ///
    /// For letters beyond Latin, Greek and Cyrillic; may be given again. With auto the file is the same to the byte only where those fonts are. A bold face that lies beside the file is taken too.
    #[arg(long, value_name = "FILE|auto")]
    font: Vec<PathBuf>,
    /// Language of axes, keys and feet: en, de, fr, es [default: en]
    ///
    /// With its decimal mark. Other languages bring their words in a style file.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    lang: Option<Language>,
    /// What the foot says [default: short]
    ///
    /// What readers need, or the design of the sample, too.
    #[arg(long, value_enum)]
    foot: Option<FootName>,
    /// Bring out a row, answer or series, the rest in grey
    ///
    /// By its name, in any case of letters; may be given again.
    #[arg(long, value_name = "NAME")]
    highlight: Vec<String>,
    /// The colour of an answer, group or series: Labour=#E4003B
    ///
    /// May be given again. A lighter shade is taken on dark paper where it takes one to be seen.
    #[arg(long, alias = "color", value_name = "NAME=#RRGGBB", value_parser = named_colour)]
    colour: Vec<(String, HouseColour)>,
    /// Order of rows [default: as the kind of chart has them]
    #[arg(long, value_enum, value_name = "ORDER")]
    sort: Option<SortName>,
    /// Who the figures are from: the last line of the foot
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// A line of the foot above the source
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Put the command into the file, too
    ///
    /// Beside the version and the hash of what was read, which are there anyway; without outputs and folders.
    #[arg(long, hide_short_help = true)]
    stamp: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FootName {
    Short,
    Full,
}

fn language(code: &str) -> Result<Language, String> {
    Language::named(code, false)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SortName {
    Given,
    Value,
    Label,
}

/// `Labour=#E4003B`.
fn named_colour(text: &str) -> Result<(String, HouseColour), String> {
    let wrong = || format!("“{text}” is no name with a colour: write Labour=#E4003B");
    let (name, colour) = text.rsplit_once('=').ok_or_else(wrong)?;
    match name.trim() {
        "" => Err(wrong()),
        name => Ok((name.to_owned(), HouseColour::parse(colour, None)?)),
    }
}

#[derive(clap::Args)]
pub struct ChartArgs {
    /// A selector, a file or -: estimates, comparisons, or a list with label, percent, n
    ///
    /// A single - is standard input.
    /// Estimates and comparisons as text in any dialect, .xlsx, .ods (a sheet as FILE.xlsx#Sheet), JSON or Parquet.
    #[arg(value_name = "INPUT")]
    pub input: String,
    #[command(flatten)]
    pub look: LookArgs,
    /// The house style [default: opine.toml where there is one]
    ///
    /// opine style --init writes a file to begin with.
    #[arg(long, alias = "house-style", value_name = "FILE")]
    style: Option<PathBuf>,
    /// Confidence level [default: as in the file, else 0.95]
    ///
    /// Of estimates or comparisons that bring their intervals it is the one they were made with.
    #[arg(long, value_name = "LEVEL", value_parser = values::level)]
    level: Option<f64>,
    /// Interval: wilson (default), wilson-cc, wald, agresti-coull, clopper-pearson, jeffreys, logit, asin
    #[arg(long = "ci", value_name = "METHOD", value_parser = values::method)]
    method: Option<Method>,
    /// A sample size for figures without one; the chart says so
    #[arg(long, value_name = "N", value_parser = values::sample_size)]
    pub assume_n: Option<f64>,
    #[command(flatten)]
    pub table: TableArgs,
    #[command(flatten)]
    pub columns: ColumnArgs,
    /// Leave out an answer: shares of the others; may be given again
    #[arg(long, value_name = "RESPONSE")]
    without: Vec<String>,
    #[command(flatten)]
    pub data: DataArgs,
}

impl LookArgs {
    /// The look that is asked for: what is typed goes before the file of the house, and that before ours.
    fn style(&self, house: &HouseFile, session: &Session) -> Result<Style, Failure> {
        let named = self.size.as_deref().or(house.size.as_deref());
        let size = match named.filter(|_| !self.form().is_ok_and(|form| form == Form::Html)) {
            Some(name) => house.size_of(name)?,
            None => USUAL_SIZE,
        };
        let both = |typed: &[String], house: &[String]| match typed.is_empty() {
            false => typed.to_vec(),
            true => house.to_vec(),
        };
        // a colour that is typed stands before the house's of that name
        let colours = self.colour.iter().chain(&house.colours);
        let theme = self.theme.map(|theme| match theme {
            ThemeName::Light => Theme::Light,
            ThemeName::Dark => Theme::Dark,
        });
        let sort = self.sort.map(|sort| match sort {
            SortName::Given => Sort::Given,
            SortName::Value => Sort::Value,
            SortName::Label => Sort::Label,
        });
        let foot = self.foot.map(|foot| match foot {
            FootName::Short => FootLength::Short,
            FootName::Full => FootLength::Full,
        });
        let theme = theme.or(house.theme).unwrap_or_default();
        let logo = house.logo.as_ref();
        Ok(Style {
            width: self.width.unwrap_or(size.width),
            min_height: self.height.or(size.height.filter(|_| self.width.is_none())),
            // without a size, or with a width of its own, twice the pixels
            scale: match self.width {
                Some(_) => Style::default().scale,
                None => size.dpi as f32 / 96.0,
            },
            theme,
            fonts: self.fonts(house, session)?,
            colours: colours.cloned().collect(),
            highlight: both(&self.highlight, &house.highlight),
            order: house.order.clone(),
            sort: sort.or(house.sort),
            scales: house.scales.clone(),
            foot: foot.or(house.foot).unwrap_or(FootLength::Short),
            language: self
                .lang
                .clone()
                .or(house.language.clone())
                .unwrap_or_default(),
            note: self.note.clone().or(house.note.clone()),
            source: self.source.clone().or(house.source.clone()),
            logo: logo.map(|logo| logo.read(theme, session)).transpose()?,
        })
    }

    fn fonts(&self, house: &HouseFile, session: &Session) -> Result<Fonts, Failure> {
        let auto = Path::new("auto");
        let named = self.font.iter().filter(|path| path.as_path() != auto);
        let mut files: Vec<PathBuf> = named.cloned().collect();
        let mut machine = self.font.iter().any(|path| path.as_path() == auto);
        if self.font.is_empty() {
            match &house.fonts {
                Some(HouseFonts::Machine) => machine = true,
                Some(HouseFonts::Files(own)) => files.extend(own.iter().cloned()),
                None => {}
            }
        }
        for bold in files.clone().iter().filter_map(|path| bold_beside(path)) {
            if !files.contains(&bold) {
                session.note(&format!("{} is taken for bold letters", bold.display()));
                files.push(bold);
            }
        }
        let mut fonts = Fonts::default();
        for path in &files {
            let bytes = fs::read(path).map_err(|error| Failure::file(path, error))?;
            session.paths.input(path)?;
            fonts = fonts
                .with(bytes)
                .map_err(|error| Failure::file(path, error))?;
        }
        Ok(match machine {
            true => fonts.or_of_machine(),
            false => fonts,
        })
    }

    /// What is wrong with the output and the look, before anything is read.
    pub fn check(&self) -> Result<(), Failure> {
        let options = [
            (self.width.is_some(), "--width"),
            (self.size.is_some(), "--size"),
            (self.height.is_some(), "--height"),
            (self.theme.is_some(), "--theme"),
            (!self.font.is_empty(), "--font"),
        ];
        let named = options.iter().find(|(is_named, _)| *is_named);
        match (self.form()?, named) {
            (Form::Pptx, Some((_, option))) => Err(Failure::no_effect(option, ON_SLIDES)),
            (Form::Html, _) if self.width.is_some() || self.size.is_some() => {
                Err(Failure::no_effect(
                    if self.width.is_some() {
                        "--width"
                    } else {
                        "--size"
                    },
                    "a page has the chart twice, 720 pixels wide and 360 for a phone",
                ))
            }
            (Form::Pdf, _) if cfg!(not(feature = "pdf")) => Err(Failure::Usage(
                "this opine was built without PDF; write .svg or .png".to_owned(),
            )),
            _ => Ok(()),
        }
    }

    /// For charts whose colours have a meaning of their own.
    pub fn refuse_colours(&self, why: &str) -> Result<(), Failure> {
        match (self.highlight.is_empty(), self.colour.is_empty()) {
            (true, true) => Ok(()),
            (false, _) => Err(Failure::no_effect("--highlight", why)),
            (_, false) => Err(Failure::no_effect("--colour", why)),
        }
    }

    /// For charts whose rows have one order.
    pub fn refuse_sort(&self, why: &str) -> Result<(), Failure> {
        match self.sort {
            None => Ok(()),
            Some(_) => Err(Failure::no_effect("--sort", why)),
        }
    }

    /// Figures of a store came in no order.
    pub fn refuse_given(&self) -> Result<(), Failure> {
        match self.sort {
            Some(SortName::Given) => Err(Failure::Usage(
                "--sort given is for lists and estimates: figures of the store have no order of their own; name value or label"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    /// A name that no mark of the chart has is a slip.
    fn check_names(&self, marks: &Marks) -> Result<(), Failure> {
        let all: Vec<Vec<String>> = [&marks.coloured[..], &marks.rows].concat();
        let highlights = self.highlight.iter();
        let highlights = highlights.map(|name| ("--highlight", name, &all));
        let colours = self.colour.iter();
        let colours = colours.map(|(name, _)| ("--colour", name, &marks.coloured));
        for (option, name, known) in highlights.chain(colours) {
            if known.iter().any(|names| is_called(names, name)) {
                continue;
            }
            if all.is_empty() {
                return Err(Failure::no_effect(
                    option,
                    "the colours of such a chart say something else",
                ));
            }
            if marks.rows.iter().any(|names| is_called(names, name)) {
                return Err(Failure::no_effect(
                    &format!("{option} {name}"),
                    "its answers or series have the colours; --highlight brings a row or panel out",
                ));
            }
            let known = distinct(known.iter().flatten().map(String::as_str));
            let tip = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean “{near}”?"),
                None => {
                    let quoted: Vec<String> = known
                        .iter()
                        .take(12)
                        .map(|name| format!("“{name}”"))
                        .collect();
                    format!("it has {}", quoted.join(", "))
                }
            };
            return Err(Failure::Usage(format!(
                "{option} {name}: the chart has nothing of that name; {tip}"
            )));
        }
        Ok(())
    }

    /// Colours that can hardly be seen on the paper.
    fn warn_of_faint(&self, drawing: &Drawing, style: &Style, session: &Session) {
        let is_drawn = |name: &str| {
            drawing
                .marks
                .coloured
                .iter()
                .any(|names| is_called(names, name))
        };
        for (name, colour) in style.colours.iter().filter(|(name, _)| is_drawn(name)) {
            if let Some(contrast) = colour.faint(style.theme) {
                session.warn(&format!(
                    "the colour of “{name}” has a contrast of {contrast:.1} to the paper; from 3.0 on it is seen by all"
                ));
            }
        }
    }

    /// Draws a chart in the look that is asked for; `house` is the style file that was named.
    fn draw(
        &self,
        chart: &dyn Chart,
        house: Option<&Path>,
        session: &Session,
    ) -> Result<(Drawing, Style), Failure> {
        let house = HouseFile::find(house, session)?.unwrap_or_default();
        let style = self.style(&house, session)?;
        let drawing = chart.draw(&style).map_err(Failure::usage)?;
        self.check_names(&drawing.marks)?;
        self.warn_of_faint(&drawing, &style, session);
        self.note_idle(chart, &drawing, (&style, &house), session);
        house.note_idle(&drawing.marks, session);
        for family in &drawing.machine_fonts {
            session.note(&format!(
                "letters are taken from {family} of this machine: the file is the same to the byte only where that font is"
            ));
        }
        note_untranslated(&drawing.untranslated, session);
        note_english(&drawing.english_words, session);
        if chart.title().is_empty() {
            session.note("the chart has no headline: --title says what the figures say");
        }
        if style.min_height.is_some_and(|least| drawing.height > least) && self.height.is_none() {
            session.note(&format!(
                "the chart is {} by {} px: its rows take more than the height of that size",
                drawing.width, drawing.height
            ));
        }
        Ok((drawing, style))
    }

    /// For each option of the look that was typed, the style as it were without it.
    fn styles_without(&self, style: &Style) -> Vec<(&'static str, Style)> {
        let bare = style.clone();
        let other_foot = match style.foot {
            FootLength::Short => FootLength::Full,
            FootLength::Full => FootLength::Short,
        };
        let without = [
            (
                self.sort.is_some(),
                "--sort",
                Style {
                    sort: None,
                    ..bare.clone()
                },
            ),
            (
                !self.highlight.is_empty(),
                "--highlight",
                Style {
                    highlight: Vec::new(),
                    ..bare.clone()
                },
            ),
            (
                !self.colour.is_empty(),
                "--colour",
                Style {
                    colours: Vec::new(),
                    ..bare.clone()
                },
            ),
            (
                self.foot.is_some(),
                "--foot",
                Style {
                    foot: other_foot,
                    ..bare.clone()
                },
            ),
            (
                self.lang.is_some(),
                "--lang",
                Style {
                    language: Language::default(),
                    ..bare
                },
            ),
        ];
        let typed = without.into_iter().filter(|(is_set, ..)| *is_set);
        typed.map(|(_, option, style)| (option, style)).collect()
    }

    /// Options that were typed and change nothing of this chart.
    fn note_idle(
        &self,
        chart: &dyn Chart,
        drawing: &Drawing,
        (style, house): (&Style, &HouseFile),
        session: &Session,
    ) {
        for (option, style) in self.styles_without(style) {
            let other = chart.draw(&style);
            note_idle_look(
                option,
                other.is_ok_and(|other| other.svg == drawing.svg),
                session,
            );
        }
        let auto = self
            .font
            .iter()
            .any(|path| path.as_path() == Path::new("auto"));
        if auto && drawing.machine_fonts.is_empty() {
            session.note("--font auto changes nothing: no letter is missing");
        }
        let usual = Style::default();
        let is_usual = style.width == usual.width && style.min_height == usual.min_height;
        // pixels to the inch are of a PNG alone
        let has_pixels = self.form().is_ok_and(|form| form == Form::Png);
        if let Some(size) = self.size.as_deref().filter(|_| house.size.is_none())
            && is_usual
            && (style.scale == usual.scale || !has_pixels)
        {
            session.note(&format!(
                "--size {size} changes nothing: charts have that size"
            ));
        }
    }

    fn form(&self) -> Result<Form, Failure> {
        match ending(&self.output).as_str() {
            "png" => Ok(Form::Png),
            "svg" => Ok(Form::Svg),
            "pdf" => Ok(Form::Pdf),
            "html" => Ok(Form::Html),
            "pptx" => Ok(Form::Pptx),
            _ => Err(Failure::Usage(format!(
                "{}: a chart is written as .png, .svg, .pdf, .html or .pptx",
                self.output.display()
            ))),
        }
    }

    /// The chart as slides in the style of the house, as far as slides have it.
    fn slides(
        &self,
        chart: &dyn Chart,
        house: Option<&Path>,
        session: &Session,
    ) -> Result<Vec<u8>, Failure> {
        let none = || {
            Failure::Usage(format!(
                "{}: slides have no chart of this kind; write it as .png or .svg",
                self.output.display()
            ))
        };
        let house = HouseFile::find(house, session)?.unwrap_or_default();
        let style = self.style(&house, session)?;
        chart.check().map_err(Failure::usage)?;
        let (slides, untranslated) = slides_in(chart, &style);
        let marks = Marks::from_chart(chart);
        self.check_names(&marks)?;
        house.note_idle(&marks, session);
        house.note_not_on_slides(session);
        note_untranslated(&untranslated, session);
        let slides = slides.filter(|slides| !slides.is_empty());
        let slides = slides.ok_or_else(none)?;
        for (option, style) in self.styles_without(&style) {
            let (other, _) = slides_in(chart, &style);
            note_idle_look(option, other.is_some_and(|other| other == slides), session);
        }
        let deck = Deck {
            slides,
            logo: style.logo.as_ref().and_then(Logo::to_picture),
            typeface: house.typeface.clone(),
            language: style.language.code().to_owned(),
            ..Deck::default()
        };
        pptx(&deck).map_err(Failure::usage)
    }

    /// Writes the chart and its numbers beside it; `house` is the style file that was named.
    pub fn write(
        &self,
        chart: &dyn Chart,
        house: Option<&Path>,
        numbers: Option<&Frame>,
        session: &Session,
    ) -> Result<(), Failure> {
        let provenance = || session.provenance(self.stamp);
        let (bytes, drawing) = match self.form()? {
            Form::Pptx => (self.slides(chart, house, session)?, None),
            form => {
                let (drawing, style) = self.draw(chart, house, session)?;
                let bytes = match form {
                    Form::Png => drawing.png().map_err(Failure::usage)?,
                    #[cfg(feature = "pdf")]
                    Form::Pdf => drawing.pdf(&provenance().text()).map_err(Failure::usage)?,
                    Form::Html => {
                        let narrow = Style {
                            width: NARROW,
                            ..style
                        };
                        let narrow = chart.draw(&narrow).map_err(Failure::usage)?;
                        embed(&drawing.scene, &drawing.svg, &narrow.svg).into_bytes()
                    }
                    _ => drawing.svg.clone().into_bytes(),
                };
                (bytes, Some(drawing))
            }
        };
        let beside = match numbers {
            Some(_) => Some(self.numbers_path(session)?),
            None => None,
        };
        let bytes = provenance().put_into(bytes);
        files::replace(&self.output, &bytes).map_err(|error| Failure::file(&self.output, error))?;
        let mut written = self.output.display().to_string();
        if let Some((numbers, beside)) = numbers.zip(beside.as_ref()) {
            let csv = numbers.to_csv();
            files::replace(beside, csv.as_bytes()).map_err(|error| Failure::file(beside, error))?;
            written += &format!(" with its numbers in {}", beside.display());
        }
        if let Some(drawing) = &drawing {
            for warning in &drawing.warnings {
                session.warn(warning);
            }
            for family in drawing.unused_fonts() {
                session.note(&format!(
                    "--font changes nothing: the chart has no letter that is taken from {family}"
                ));
            }
        }
        session.say(&written);
        Ok(())
    }

    /// `chart.csv` beside `chart.png`; `chart.numbers.csv` where a file of that name is not the numbers of such a chart.
    fn numbers_path(&self, session: &Session) -> Result<PathBuf, Failure> {
        let drawn = ["png", "svg", "pdf", "html", "pptx"]
            .map(|ending| self.output.with_extension(ending).exists());
        let plain = self.output.with_extension("csv");
        let is_free = !plain.exists() || drawn.contains(&true) && is_of_chart(&plain);
        if is_free && session.paths.beside(&plain, is_of_chart).is_ok() {
            return Ok(plain);
        }
        let other = self.output.with_extension("numbers.csv");
        session.paths.beside(&other, is_of_chart)?;
        Ok(other)
    }
}

/// Why a look is not named for slides.
const ON_SLIDES: &str =
    "a slide has a size of its own, is light and is set in the face of the deck";

/// Why columns of a list are not named.
pub const NO_LIST: &str = "it names a column of a list";

/// What a chart is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Png,
    Svg,
    Pdf,
    Html,
    Pptx,
}

/// The width of a chart on a phone.
const NARROW: u32 = 360;

/// Where figures come from.
pub enum Input {
    Selector,
    /// A file or standard input, as it is.
    File(TableFile),
    /// A Parquet file, with what is said in it around its rows.
    Frame(Frame, Captions),
}

impl ChartArgs {
    /// Writes a chart in the look that is asked for, and its numbers beside it.
    pub fn write(
        &self,
        chart: &dyn Chart,
        numbers: Option<&Frame>,
        session: &Session,
    ) -> Result<(), Failure> {
        let house = self.style.as_deref();
        self.look.write(chart, house, numbers, session)
    }

    pub fn intervals(&self) -> Intervals {
        let usual = Intervals::default();
        Intervals {
            method: self.method.unwrap_or(usual.method),
            level: self.level.unwrap_or(usual.level),
            assumed_n: self.assume_n,
        }
    }

    /// The store, of those who gave other answers where some are left out.
    pub fn open_store(&self, session: &Session) -> Result<Store, Failure> {
        let store = self.data.open_sound(session)?;
        match self.without.as_slice() {
            [] => Ok(store),
            names => {
                let selector = std::slice::from_ref(&self.input);
                without_of_selected(&store, names, selector, session)
            }
        }
    }

    /// Options that make intervals have no effect where intervals are given.
    pub fn refuse_interval_options(&self, what: &str) -> Result<(), Failure> {
        self.refuse_without(what)?;
        match self.method.is_some() || self.assume_n.is_some() {
            true => Err(Failure::Usage(format!(
                "--ci and --assume-n have no effect on {what}: their intervals are drawn as they are"
            ))),
            false => Ok(()),
        }
    }

    /// The answers that are left out.
    pub fn without(&self) -> &[String] {
        &self.without
    }

    /// The method of intervals of single shares has no effect where none are drawn.
    pub fn refuse_method(&self, why: &str) -> Result<(), Failure> {
        match self.method {
            Some(_) => Err(Failure::no_effect("--ci", why)),
            None => Ok(()),
        }
    }

    /// Leaves answers of a list out, and says so.
    pub fn leave_out(&self, list: &mut List, session: &Session) {
        let quoted: Vec<String> = self
            .without
            .iter()
            .map(|name| format!("“{name}”"))
            .collect();
        if !quoted.is_empty() {
            list.leave_out(&self.without);
            session.note(&format!(
                "shares of those who gave another answer than {}",
                or(&quoted)
            ));
        }
    }

    /// Estimates and comparisons hold no answer that could be left out.
    pub fn refuse_without(&self, what: &str) -> Result<(), Failure> {
        match self.without.is_empty() {
            true => Ok(()),
            false => Err(Failure::no_effect(
                "--without",
                &format!(
                    "it leaves out answers of a list or of stored figures, and these are {what}"
                ),
            )),
        }
    }

    /// A sample size for rows of a list that all have theirs.
    pub fn note_assumed(&self, estimates: &Estimates, session: &Session) {
        let rows = estimates.rows().unwrap_or_default();
        let assumed = |row: &Estimate| row.flags.contains(&Flag::AssumedN);
        if self.assume_n.is_some() && !rows.iter().any(assumed) {
            session.note("--assume-n changes nothing: every row has its sample size");
        }
    }

    /// Intervals of quantiles, and those of other forms, do not show their level.
    fn warn_of_level(&self, estimates: &Estimates, session: &Session) {
        let rows = estimates.rows().unwrap_or_default();
        // A list of published figures has no standard errors, and gets its intervals here.
        let brings_interval = |row: &Estimate| {
            row.interval().is_some() && row.se.is_some() && row.source != lists::LIST
        };
        if rows.iter().any(brings_interval) {
            session.warn(&format!(
                "the intervals are taken as 95% intervals: {} does not say; name another level with --level",
                self.input
            ));
        }
    }

    /// Whether the input is none of a file.
    fn is_selector(&self) -> bool {
        let path = Path::new(&self.input);
        let is_file = self.input == "-" || path.is_file() || tabular::is_table(path);
        !is_file && !matches!(ending(path).as_str(), "json" | "parquet")
    }

    /// Figures of the store, or what a file holds by itself.
    pub fn read(&self, session: &Session) -> Result<Input, Failure> {
        match self.read_with_names(session)? {
            Input::Selector => Ok(Input::Selector),
            _ if self.data.data.is_some() => Err(Failure::no_effect(
                "--data",
                &format!("{} is no figure of a store", self.input),
            )),
            input => Ok(input),
        }
    }

    /// The same where the store gives the names of what a file holds.
    pub fn read_with_names(&self, session: &Session) -> Result<Input, Failure> {
        let path = Path::new(&self.input);
        let is_selector = self.is_selector();
        if ending(path) == "parquet" {
            self.table.refuse("a Parquet file leaves nothing open")?;
            self.columns.refuse(NO_LIST)?;
            let (frame, notes) = write::read_frame(path)?;
            let captions = notes.iter().find(|(key, _)| key == Captions::KEY);
            let captions = captions.and_then(|(_, json)| Captions::from_json(json));
            return Ok(Input::Frame(frame, captions.unwrap_or_default()));
        }
        if is_selector {
            self.table.refuse("figures of the store are drawn")?;
            self.columns.refuse(NO_LIST)?;
            return Ok(Input::Selector);
        }
        let options = tabular::Options {
            columns: self.columns.choice(),
            ..self.table.options()
        };
        let file = TableFile::open(&self.input, options, session)?;
        if file.is_json() {
            self.table.refuse("JSON leaves nothing open")?;
            self.columns.refuse(NO_LIST)?;
        }
        Ok(Input::File(file))
    }

    /// The words on the command line, else the question as it was asked; a name of a file or a variable heads no chart.
    pub fn captions(&self, question: Option<String>, measure: &str) -> Captions {
        let subtitle = self.look.subtitle.clone();
        let under = self.under_headline(question.as_deref(), Some(measure.to_owned()));
        Captions {
            title: self.look.title.clone().or(question).unwrap_or_default(),
            subtitle: subtitle.or(under),
            foot: Vec::new(),
        }
    }

    /// What is measured: a headline that is typed says what was found, and the question as asked goes under it.
    fn under_headline(&self, question: Option<&str>, measure: Option<String>) -> Option<String> {
        let question = question.filter(|text| self.look.title.is_some() && text.ends_with('?'));
        match (question, measure) {
            (Some(question), None) => Some(question.to_owned()),
            (Some(question), Some(measure)) if !measure.contains(question) => {
                Some(format!("{question} {measure}"))
            }
            (_, measure) => measure,
        }
    }

    /// The words on the command line, else those that stand in the file, else these; `names` are no headline.
    pub fn captions_with(
        &self,
        in_file: Captions,
        names: &[String],
        otherwise: Captions,
    ) -> Captions {
        // What a table calls a variable says nothing to a reader of a chart.
        let in_file = Captions {
            title: Some(in_file.title)
                .filter(|title| {
                    let is_of =
                        |name: &String| title == name || title.contains(&format!("({name}"));
                    !names.iter().any(is_of)
                })
                .unwrap_or_default(),
            ..in_file
        };
        let first = |typed: &Option<String>, in_file: Option<String>, otherwise: Option<String>| {
            let in_file = in_file.filter(|text| !text.is_empty());
            typed.clone().or(in_file).or(otherwise)
        };
        let under = first(&None, in_file.subtitle, otherwise.subtitle);
        let under = self.under_headline(Some(&in_file.title), under);
        let title = first(&self.look.title, Some(in_file.title), Some(otherwise.title));
        Captions {
            title: title.unwrap_or_default(),
            subtitle: self.look.subtitle.clone().or(under),
            foot: in_file.foot,
        }
    }

    /// How the intervals of estimates were made: at the level that was named, else that which they show.
    pub fn intervals_of(
        &self,
        estimates: &Estimates,
        session: &Session,
    ) -> Result<Intervals, Failure> {
        let found = lists::level_of_intervals(estimates);
        match (self.level, found) {
            (Some(named), Some(found)) if (named - found).abs() > 1e-6 => {
                Err(Failure::Usage(format!(
                    "{}: its intervals are {}% intervals, by its standard errors; --level {named} says otherwise",
                    self.input,
                    (found * 1e6).round() / 1e4
                )))
            }
            (None, Some(level)) => Ok(Intervals {
                level,
                ..self.intervals()
            }),
            (None, None) => {
                self.warn_of_level(estimates, session);
                Ok(self.intervals())
            }
            (Some(_), _) => Ok(self.intervals()),
        }
    }
}

fn note_idle_look(option: &str, is_idle: bool, session: &Session) {
    if is_idle {
        session.note(&format!(
            "{option} changes nothing: the chart looks so without it"
        ));
    }
}

/// What a foot lacks in its language.
fn note_untranslated(sentences: &[String], session: &Session) {
    if !sentences.is_empty() {
        session.note(&format!(
            "left out of the foot, as its language has no words for it: {}",
            sentences.join(" ")
        ));
    }
}

/// Words of ours in a chart of another language.
fn note_english(words: &[String], session: &Session) {
    const SHOWN: usize = 4;
    if !words.is_empty() {
        let quoted = words.iter().take(SHOWN).map(|word| format!("“{word}”"));
        let quoted: Vec<String> = quoted.collect();
        session.note(&format!(
            "the chart adds words in English: {}{}; a style file has others for them, language = \"…\" with [words], and opine style --words lists them all",
            quoted.join(", "),
            if words.len() > SHOWN { " and more" } else { "" }
        ));
    }
}

/// `Arabic-Bold.ttf` beside `Arabic-Regular.ttf`.
fn bold_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let bold = name.replace("Regular", "Bold");
    let beside = path.with_file_name(&bold);
    (bold != name && beside.is_file()).then_some(beside)
}

/// Names of variables and files in estimates.
pub fn names_in(estimates: &Estimates) -> Vec<String> {
    let rows = estimates.rows().unwrap_or_default();
    let names = rows.into_iter().flat_map(|row| [row.variable, row.source]);
    distinct(names)
}

/// Whether a file may be the numbers of a chart.
fn is_of_chart(path: &Path) -> bool {
    begins(path, |head| {
        [
            "source,variable,level",
            "source,table,variable,level",
            "source,response,level,term,",
            "level,house,polls",
            "a,b,relation",
        ]
        .iter()
        .any(|start| head.starts_with(start))
    })
}

fn ending(path: &Path) -> String {
    path.extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}
