//! What made a file, in its properties: the version of the program, a short hash of the bytes that it read, and the command
//! where that is asked for.
//!
//! Writers know nothing of it. A finished file is taken by its first bytes, and what is said is put where its format has a place:
//! a text chunk of PNG, `metadata` of SVG, `meta` of HTML, the description among the properties of a workbook, deck or document.
//! PDF and Parquet say it themselves ([`Provenance::text`]), as their bytes stand in each other’s way. No date, no name of a file
//! or machine: the same input gives the same bytes, wherever it lies.

use std::io::{self, Read};

use crc32fast::Hasher;

use crate::present::table::escape;

/// The version of the program, what it read, and the command that is stamped on what it writes.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    inputs: Option<Hasher>,
    command: Option<String>,
}

impl Provenance {
    /// The name that Parquet files have for it.
    pub const KEY: &'static str = "opine.provenance";

    /// Takes in a file that was read, piece by piece.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read(&mut self, mut input: impl Read) -> io::Result<()> {
        let hasher = self.inputs.get_or_insert_default();
        let mut piece = vec![0; 1 << 16];
        loop {
            match input.read(&mut piece)? {
                0 => return Ok(()),
                count => hasher.update(piece.get(..count).unwrap_or_default()),
            }
        }
    }

    /// The same with the command, which has neither outputs nor folders in it.
    pub fn with_command(self, command: String) -> Provenance {
        Provenance {
            command: Some(command),
            ..self
        }
    }

    /// Whether any input was read.
    pub fn has_inputs(&self) -> bool {
        self.inputs.is_some()
    }

    /// “opine 0.1.0, inputs 5f3a09c1, command: opine chart bar list.csv”: the hash is the CRC-32 of the bytes of all inputs, one
    /// after the other; the command stands there where it is stamped.
    pub fn text(&self) -> String {
        let mut text = concat!("opine ", env!("CARGO_PKG_VERSION")).to_owned();
        if let Some(hasher) = &self.inputs {
            text += &format!(", inputs {:08x}", hasher.clone().finalize());
        }
        if let Some(command) = &self.command {
            text += &format!(", command: {command}");
        }
        text
    }

    /// A finished file with it; one whose format has no place for it as it is.
    pub fn put_into(&self, file: Vec<u8>) -> Vec<u8> {
        let put = match file.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => self.with_chunk(&file),
            [b'<', b's', b'v', b'g', ..] => self.with_element(&file, b"</desc>\n", "metadata"),
            [b'<', b'!', b'd', b'o', b'c', ..] => {
                self.with_element(&file, b"<meta charset=\"utf-8\">", "meta")
            }
            #[cfg(feature = "xlsx")]
            [b'P', b'K', ..] => self.with_description(&file),
            _ => None,
        };
        put.unwrap_or(file)
    }

    /// As an element behind the first place where these bytes stand.
    fn with_element(&self, file: &[u8], place: &[u8], element: &str) -> Option<Vec<u8>> {
        let at = file.windows(place.len()).position(|bytes| bytes == place)? + place.len();
        let text = escape(&self.text());
        let element = match element {
            "meta" => format!("\n<meta name=\"generator\" content=\"{text}\">"),
            element => format!("<{element}>{text}</{element}>\n"),
        };
        let (before, behind) = file.split_at_checked(at)?;
        Some([before, element.as_bytes(), behind].concat())
    }

    /// As a text chunk behind the header, which has 33 bytes with the signature; as one of UTF-8 where Latin-1 is not enough.
    fn with_chunk(&self, file: &[u8]) -> Option<Vec<u8>> {
        let (before, behind) = file.split_at_checked(33)?;
        let text = self.text();
        let head: &[u8] = match text.is_ascii() {
            true => b"tEXtSoftware\0",
            // not compressed, of no language, its keyword not translated
            false => b"iTXtSoftware\0\0\0\0\0",
        };
        let content = [head, text.as_bytes()].concat();
        let length = u32::try_from(content.len() - 4).ok()?.to_be_bytes();
        let check = crc32fast::hash(&content).to_be_bytes();
        Some([before, &length, &content, &check, behind].concat())
    }

    /// As the description among the core properties of a package; its other parts stay as they are, byte by byte.
    #[cfg(feature = "xlsx")]
    fn with_description(&self, file: &[u8]) -> Option<Vec<u8>> {
        use std::io::{Cursor, Write};
        use zip::write::SimpleFileOptions;
        use zip::{ZipArchive, ZipWriter};

        const CORE: &str = "docProps/core.xml";
        const END: &str = "</cp:coreProperties>";
        let mut old = ZipArchive::new(Cursor::new(file)).ok()?;
        let mut new = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..old.len() {
            let mut part = old.by_index(index).ok()?;
            if part.name().ok()? != CORE {
                drop(part);
                new.raw_copy_file(old.by_index_raw(index).ok()?).ok()?;
                continue;
            }
            let mut core = String::new();
            part.read_to_string(&mut core).ok()?;
            let at = core.rfind(END)?;
            core.insert_str(
                at,
                &format!("<dc:description>{}</dc:description>", escape(&self.text())),
            );
            let options = SimpleFileOptions::default().last_modified_time(part.last_modified()?);
            new.start_file(CORE, options).ok()?;
            new.write_all(core.as_bytes()).ok()?;
        }
        Some(new.finish().ok()?.into_inner())
    }
}
