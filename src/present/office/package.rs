//! The parts of an Office file, their types and what ties them, as one zip.

use std::borrow::Cow;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::frames::words::printable;

/// Why there is no slide deck or document.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error("the workbook of a chart can’t be made: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("the file can’t be put together: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the file can’t be put together: {0}")]
    Io(#[from] std::io::Error),
}

pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What a part is to another: the last word of its address in ECMA-376.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    OfficeDocument,
    CoreProperties,
    ExtendedProperties,
    SlideMaster,
    SlideLayout,
    Slide,
    Theme,
    Chart,
    Workbook,
    Styles,
    Footer,
    Image,
}

impl Relation {
    fn address(self) -> &'static str {
        match self {
            Relation::OfficeDocument => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
            }
            Relation::CoreProperties => {
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
            }
            Relation::ExtendedProperties => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties"
            }
            Relation::SlideMaster => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slideMaster"
            }
            Relation::SlideLayout => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slideLayout"
            }
            Relation::Slide => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide"
            }
            Relation::Theme => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
            }
            Relation::Styles => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
            }
            Relation::Image => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
            }
            Relation::Footer => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
            }
            Relation::Chart => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
            }
            Relation::Workbook => {
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"
            }
        }
    }
}

/// What a part is tied to. The first is `rId1`, and so on.
#[derive(Default)]
pub struct Relations(Vec<(Relation, String)>);

impl Relations {
    pub fn new(relations: &[(Relation, &str)]) -> Relations {
        let owned = relations.iter();
        Relations(owned.map(|(kind, to)| (*kind, (*to).to_owned())).collect())
    }

    /// Ties it to one more part; the id by which it is called.
    pub fn add(&mut self, kind: Relation, target: String) -> String {
        self.0.push((kind, target));
        format!("rId{}", self.0.len())
    }

    fn xml(&self) -> String {
        let each = self.0.iter().enumerate().map(|(at, (kind, target))| {
            format!(
                "<Relationship Id=\"rId{}\" Type=\"{}\" Target=\"{target}\"/>",
                at + 1,
                kind.address()
            )
        });
        format!(
            "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
            each.collect::<String>()
        )
    }
}

/// A file in the making.
#[derive(Default)]
pub struct Package {
    parts: Vec<(String, Vec<u8>)>,
    /// Of parts that are no mere XML.
    types: Vec<(String, &'static str)>,
}

impl Package {
    /// A part of XML, of a type of its own, with what it is tied to.
    pub fn add(&mut self, name: &str, kind: &'static str, xml: String, relations: &Relations) {
        self.types.push((name.to_owned(), kind));
        self.parts.push((name.to_owned(), xml.into_bytes()));
        if !relations.0.is_empty() {
            let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
            self.parts.push((
                format!("{folder}/_rels/{file}.rels"),
                relations.xml().into_bytes(),
            ));
        }
    }

    /// A part whose ending says what it is: a workbook, a picture.
    pub fn add_bytes(&mut self, name: &str, bytes: Vec<u8>) {
        self.parts.push((name.to_owned(), bytes));
    }

    /// Properties that every file has, and what the file is.
    pub fn finish(mut self, main: &str, properties: &Properties) -> Result<Vec<u8>, OfficeError> {
        let none = Relations::default();
        self.add("docProps/core.xml", CORE, properties.core(), &none);
        self.add("docProps/app.xml", EXTENDED, properties.extended(), &none);
        let root = Relations::new(&[
            (Relation::OfficeDocument, main),
            (Relation::CoreProperties, "docProps/core.xml"),
            (Relation::ExtendedProperties, "docProps/app.xml"),
        ]);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // without a date of its own each part is of 1980, the first that a zip knows
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let first = [
            ("[Content_Types].xml", self.content_types()),
            ("_rels/.rels", root.xml()),
        ];
        for (name, xml) in &first {
            zip.start_file(*name, options)?;
            zip.write_all(xml.as_bytes())?;
        }
        for (name, bytes) in &self.parts {
            zip.start_file(name.as_str(), options)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }

    fn content_types(&self) -> String {
        let each = self
            .types
            .iter()
            .map(|(name, kind)| format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>"));
        format!(
            "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Default Extension=\"png\" ContentType=\"image/png\"/>\
             <Default Extension=\"xlsx\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/>\
             {}</Types>",
            each.collect::<String>()
        )
    }
}

const CORE: &str = "application/vnd.openxmlformats-package.core-properties+xml";
const EXTENDED: &str = "application/vnd.openxmlformats-officedocument.extended-properties+xml";

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    pub title: String,
}

impl Properties {
    fn core(&self) -> String {
        // a date of the making would make every file another one
        format!(
            "{DECLARATION}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>\
             <dcterms:created xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z</dcterms:created></cp:coreProperties>",
            escape(&self.title)
        )
    }

    fn extended(&self) -> String {
        format!(
            "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
             <Application>opine</Application></Properties>"
        )
    }
}

/// A text as XML may hold it, on one line: what would be read as markup is written out, controls are shown, and what XML forbids
/// altogether is the sign for a letter that is none.
pub fn escape(text: &str) -> String {
    let text = printable(text);
    let text: Cow<str> = match text.contains(['\u{FFFE}', '\u{FFFF}']) {
        true => text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}").into(),
        false => text,
    };
    quick_xml::escape::escape(text.as_ref()).into_owned()
}
