//! Files that are compressed: by gzip or zstd, or one file in a ZIP archive. They are unpacked while they are read, never as a whole
//! in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Crc;
use flate2::bufread::GzDecoder;
use flate2::read::DeflateDecoder;

use super::bytes::{is_padding, only_padding};
use crate::files::Scratch;
use crate::survey::microdata::error::{damaged, unreadable};
use crate::survey::microdata::{Batch, Codebook, ColumnRequest, Error, Source};

/// How a file is packed.
#[derive(Clone, Debug)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
    /// A file of an archive.
    Zip(Entry),
}

/// A file that may be packed.
#[derive(Clone, Debug)]
pub(crate) struct PackedFile {
    pub path: PathBuf,
    pub packing: Packing,
}

impl PackedFile {
    pub(crate) fn plain(path: &Path) -> PackedFile {
        PackedFile {
            path: path.to_owned(),
            packing: Packing::Plain,
        }
    }

    /// The bytes, unpacked, from the start.
    pub(crate) fn reader(&self) -> Result<Box<dyn Read + Send>, Error> {
        let failed = |source| unreadable(&self.path, source);
        let mut file = File::open(&self.path).map_err(failed)?;
        Ok(match &self.packing {
            Packing::Plain => Box::new(file),
            Packing::Gzip => Box::new(Gzip(Some(GzDecoder::new(buffered(file))))),
            Packing::Zstd => zstd(file).map_err(failed)?,
            Packing::Zip(entry) => {
                file.seek(SeekFrom::Start(entry.at)).map_err(failed)?;
                let packed = buffered(file).take(entry.length);
                let unpacked: Box<dyn Read + Send> = match entry.method {
                    Method::Stored => Box::new(packed),
                    Method::Deflated => Box::new(DeflateDecoder::new(packed)),
                };
                Box::new(Checked {
                    reader: unpacked,
                    left: entry.unpacked,
                    crc: Crc::new(),
                    expected: entry.crc,
                })
            }
        })
    }

    /// What went wrong while it was read: of a packed file, mostly that it is damaged.
    pub(crate) fn failed(&self, source: io::Error) -> Error {
        let broken = matches!(
            source.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
        );
        match self.packing {
            Packing::Gzip | Packing::Zstd | Packing::Zip(_) if broken => {
                damaged(&self.path, format!("it can't be unpacked: {source}"))
            }
            _ => unreadable(&self.path, source),
        }
    }

    /// The first bytes, up to `most`.
    pub(crate) fn head(&self, most: u64) -> Result<Vec<u8>, Error> {
        let mut head = Vec::new();
        let read = self.reader()?.take(most).read_to_end(&mut head);
        read.map_err(|source| self.failed(source))?;
        Ok(head)
    }
}

/// Whether nothing follows a part that was unpacked; padding, as of tapes and blocks, is nothing.
fn is_last(rest: &mut impl BufRead) -> io::Result<bool> {
    match rest.fill_buf()?.first() {
        None => Ok(true),
        Some(byte) if !is_padding(byte) => Ok(false),
        Some(_) => match only_padding(rest)? {
            true => Ok(true),
            false => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "bytes are left over behind its end",
            )),
        },
    }
}

/// Members one behind the other; `None` at the end.
struct Gzip(Option<GzDecoder<BufReader<File>>>);

impl Read for Gzip {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let count = member.read(into)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            if let Some(mut rest) = self.0.take().map(GzDecoder::into_inner)
                && !is_last(&mut rest)?
            {
                self.0 = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

#[cfg(feature = "parquet")]
fn zstd(file: File) -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(Zstd(Some(frame(buffered(file))?))))
}

#[cfg(feature = "parquet")]
type Frame = zstd::Decoder<'static, BufReader<File>>;

#[cfg(feature = "parquet")]
fn frame(file: BufReader<File>) -> io::Result<Frame> {
    Ok(zstd::Decoder::with_buffer(file)?.single_frame())
}

/// Frames one behind the other; `None` at the end.
#[cfg(feature = "parquet")]
struct Zstd(Option<Frame>);

#[cfg(feature = "parquet")]
impl Read for Zstd {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // what zstd says of damaged bytes has no kind of its own
        let damaged = |error: io::Error| match error.raw_os_error() {
            Some(_) => error,
            None => io::Error::new(io::ErrorKind::InvalidData, error),
        };
        while let Some(decoder) = &mut self.0 {
            let count = decoder.read(into).map_err(damaged)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            if let Some(mut rest) = self.0.take().map(zstd::Decoder::finish)
                && !is_last(&mut rest)?
            {
                self.0 = Some(frame(rest)?);
            }
        }
        Ok(0)
    }
}

#[cfg(not(feature = "parquet"))]
fn zstd(_: File) -> io::Result<Box<dyn Read + Send>> {
    Err(io::Error::other(
        "it is compressed by zstd, and opine was built without it",
    ))
}

fn buffered(file: File) -> BufReader<File> {
    BufReader::with_capacity(1 << 18, file)
}

/// A file of an archive: where it stands, and what it unpacks to.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub name: String,
    method: Method,
    at: u64,
    length: u64,
    unpacked: u64,
    crc: u32,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Stored,
    Deflated,
}

/// Hands out what an archive says a file has, and checks it at the end.
struct Checked<R> {
    reader: R,
    left: u64,
    crc: Crc,
    expected: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // nothing was asked for: that is no end
        if into.is_empty() {
            return Ok(0);
        }
        let read = self.reader.read(into)?;
        let wrong = |message: &str| Err(io::Error::new(io::ErrorKind::InvalidData, message));
        if read == 0 {
            return match (self.left, self.crc.sum() == self.expected) {
                (0, true) => Ok(0),
                (0, false) => wrong("its checksum is another than the archive says"),
                _ => wrong("it is shorter than the archive says"),
            };
        }
        self.crc.update(into.get(..read).unwrap_or_default());
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return wrong("it is longer than the archive says"),
        }
        Ok(read)
    }
}

/// A word of an archive, little-endian.
fn word(bytes: &[u8], at: usize, length: usize) -> u64 {
    let bytes = bytes.get(at..at + length).unwrap_or_default();
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// What an archive lists, in its order.
pub(crate) struct Archive {
    pub names: Vec<String>,
    headers: Vec<Vec<u8>>,
}

/// The directory of an archive is no longer: a million files have less.
const LARGEST_DIRECTORY: u64 = 64 << 20;
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LISTED: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const FULL: u64 = 0xffff_ffff;

/// Reads the directory at the end of an archive.
pub(crate) fn archive(path: &Path) -> Result<Archive, Error> {
    let mut file = File::open(path).map_err(|source| unreadable(path, source))?;
    let (start, length) = directory(path, &mut file)?;
    if length > LARGEST_DIRECTORY {
        return Err(damaged(
            path,
            "the directory of the archive is larger than any",
        ));
    }
    let bytes = part(path, &mut file, start, length)?;
    let mut archive = Archive {
        names: Vec::new(),
        headers: Vec::new(),
    };
    let mut rest = bytes.as_slice();
    while rest.starts_with(LISTED) {
        let lengths = [28, 30, 32].map(|at| word(rest, at, 2) as usize);
        let [name, extra, comment] = lengths;
        let (Some(header), Some(after)) = (
            rest.get(..46 + name + extra),
            rest.get(46 + name + extra + comment..),
        ) else {
            return Err(damaged(path, "the directory of the archive is cut off"));
        };
        let name = header.get(46..46 + name).unwrap_or_default();
        archive
            .names
            .push(String::from_utf8_lossy(name).into_owned());
        archive.headers.push(header.to_vec());
        rest = after;
    }
    Ok(archive)
}

/// Where the directory starts, and its length.
fn directory(path: &Path, file: &mut File) -> Result<(u64, u64), Error> {
    // the end is 22 bytes and a comment of up to 65,535
    let length = file
        .metadata()
        .map_err(|source| unreadable(path, source))?
        .len();
    let from = length.saturating_sub(22 + 0xffff);
    let tail = part(path, file, from, length - from)?;
    let end = tail.windows(4).rposition(|part| part == END);
    let Some(end) = end.filter(|end| end + 22 <= tail.len()) else {
        return Err(damaged(
            path,
            "the archive is cut off: its directory is missing",
        ));
    };
    let (length, start) = (word(&tail, end + 12, 4), word(&tail, end + 16, 4));
    let locator = end
        .checked_sub(20)
        .filter(|at| tail.get(*at..*at + 4) == Some(LOCATOR_64));
    match locator {
        // more than 4 GB: the numbers stand elsewhere, and only where they don't fit here
        Some(at) if start == FULL || length == FULL => {
            let head = part(path, file, word(&tail, at + 8, 8), 56)?;
            match head.starts_with(END_64) {
                true => Ok((word(&head, 48, 8), word(&head, 40, 8))),
                false => Err(damaged(
                    path,
                    "the directory of the archive is not where it says",
                )),
            }
        }
        _ => Ok((start, length)),
    }
}

fn part(path: &Path, file: &mut File, at: u64, length: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))
        .and_then(|_| Read::by_ref(file).take(length).read_to_end(&mut bytes))
        .map_err(|source| unreadable(path, source))?;
    Ok(bytes)
}

impl Archive {
    /// The one file of the archive; folders and what systems add to archives do not count.
    ///
    /// # Errors
    /// None or several, a password, a compression that is none of the usual.
    pub(crate) fn only(&self, path: &Path) -> Result<Entry, Error> {
        let files = self
            .names
            .iter()
            .zip(&self.headers)
            .filter(|(name, _)| is_file(name));
        let files: Vec<(&String, &Vec<u8>)> = files.collect();
        match files.as_slice() {
            [] => Err(damaged(path, "there is no file in the archive")),
            [(name, header)] => entry(path, name, header),
            several => {
                let names = several.iter().take(5).map(|(name, _)| name.as_str());
                let names: Vec<&str> = names.collect();
                let more = if several.len() > 5 { " and so on" } else { "" };
                let message = format!(
                    "the archive has {} files: {}{more}; unpack it and name the one that is meant",
                    several.len(),
                    names.join(", ")
                );
                Err(damaged(path, message))
            }
        }
    }
}

fn is_file(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    !last.is_empty()
        && !last.starts_with('.')
        && !name.starts_with("__MACOSX/")
        && last != "Thumbs.db"
}

fn entry(path: &Path, name: &str, header: &[u8]) -> Result<Entry, Error> {
    // bit 0 of the flags
    if word(header, 8, 2) & 1 == 1 {
        let message = format!("{name} in the archive is encrypted; unpack it with its password");
        return Err(damaged(path, message));
    }
    let method = match word(header, 10, 2) {
        0 => Method::Stored,
        8 => Method::Deflated,
        other => {
            let message = format!(
                "{name} in the archive is compressed by method {other}; unpack it, or pack it with deflate"
            );
            return Err(damaged(path, message));
        }
    };
    let name_length = word(header, 28, 2) as usize;
    let long = long_fields(header.get(46 + name_length..).unwrap_or_default());
    let mut long = long.into_iter();
    // in this order, each only where its own field is full
    let mut field = |at| match word(header, at, 4) {
        FULL => long.next().unwrap_or(FULL),
        number => number,
    };
    let (unpacked, length, local) = (field(24), field(20), field(42));
    let mut file = File::open(path).map_err(|source| unreadable(path, source))?;
    let head = part(path, &mut file, local, 30)?;
    if !head.starts_with(LOCAL) || head.len() < 30 {
        return Err(damaged(
            path,
            format!("{name} is not where the archive says"),
        ));
    }
    Ok(Entry {
        name: name.to_owned(),
        method,
        // the lengths of the header there: the directory may have other extra fields
        at: local.saturating_add(30 + word(&head, 26, 2) + word(&head, 28, 2)),
        length,
        unpacked,
        crc: word(header, 16, 4) as u32,
    })
}

/// The sizes and places of more than 4 GB, among the extra fields.
fn long_fields(mut extra: &[u8]) -> Vec<u64> {
    while extra.len() >= 4 {
        let (kind, length) = (word(extra, 0, 2), word(extra, 2, 2) as usize);
        let content = extra.get(4..4 + length).unwrap_or_default();
        if kind == 1 {
            return content
                .chunks_exact(8)
                .map(|bytes| word(bytes, 0, 8))
                .collect();
        }
        extra = extra.get(4 + length..).unwrap_or_default();
    }
    Vec::new()
}

/// A file that its reader moves about in, unpacked to one that is deleted with it.
pub(crate) struct Unpacked {
    source: Box<dyn Source>,
    path: PathBuf,
    _kept: Scratch,
}

impl Unpacked {
    /// Unpacks a file whose content has that ending, and opens it.
    pub(crate) fn open(
        packed: &PackedFile,
        ending: &str,
        open: impl FnOnce(&Path) -> Result<Box<dyn Source>, Error>,
    ) -> Result<Unpacked, Error> {
        let failed = |source| unreadable(&packed.path, source);
        let mut kept = Scratch::new(PREFIX, ending).map_err(failed)?;
        let mut reader = packed.reader()?;
        let mut piece = vec![0; 1 << 20];
        loop {
            // reading and writing apart: a full disk is no damaged file
            match reader
                .read(&mut piece)
                .map_err(|source| packed.failed(source))?
            {
                0 => break,
                read => kept
                    .write_all(piece.get(..read).unwrap_or_default())
                    .map_err(failed)?,
            }
        }
        kept.flush().map_err(failed)?;
        Unpacked::opened(kept, &packed.path, open)
    }

    /// Writes the bytes of a file with that ending, and opens it; `path` is what messages call it.
    pub(crate) fn from_bytes(
        bytes: &[u8],
        path: &Path,
        ending: &str,
        open: impl FnOnce(&Path) -> Result<Box<dyn Source>, Error>,
    ) -> Result<Unpacked, Error> {
        let written = || {
            let mut kept = Scratch::new(PREFIX, ending)?;
            kept.write_all(bytes)?;
            kept.flush()?;
            Ok(kept)
        };
        let kept = written().map_err(|source| unreadable(path, source))?;
        Unpacked::opened(kept, path, open)
    }

    fn opened(
        kept: Scratch,
        path: &Path,
        open: impl FnOnce(&Path) -> Result<Box<dyn Source>, Error>,
    ) -> Result<Unpacked, Error> {
        let source = open(kept.path()).map_err(|error| error.of_file(path))?;
        Ok(Unpacked {
            source,
            path: path.to_owned(),
            _kept: kept,
        })
    }
}

/// How the names of links to unpacked files begin.
const PREFIX: &str = "opine-unpacked-";

impl Source for Unpacked {
    fn codebook(&self) -> &Codebook {
        self.source.codebook()
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let scanned = self.source.scan(requests, each);
        scanned.map_err(|error| error.of_file(&self.path))
    }
}
