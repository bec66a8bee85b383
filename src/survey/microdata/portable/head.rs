//! The records of a portable file before its data.

use std::collections::HashMap;

use super::letters::Letters;
use super::number::{Number, digit};
use crate::survey::microdata::Error;

/// The longest text that SPSS has.
const LONGEST: usize = 32_767;
/// What SPSS adds to the types of dates.
const SHIFT: usize = 82;
/// Variables of a file, labels of a set, lines of documents: far more than old files have.
const MOST: usize = 100_000;

/// What the head of a file says, its texts as they stand.
#[derive(Default)]
pub(super) struct Head {
    /// What each byte of the file stands for.
    pub alphabet: Alphabet,
    pub weight: Option<Vec<u8>>,
    pub variables: Vec<Record>,
    pub label_sets: Vec<LabelSet>,
    pub documents: Vec<Vec<u8>>,
}

#[derive(Default)]
pub(super) struct Record {
    /// Bytes of a string; 0 for numbers.
    pub width: usize,
    pub name: Vec<u8>,
    /// Type, width and decimals, as an SPSS file packs them.
    pub print: u32,
    pub write: u32,
    pub missing: Vec<Stored>,
    pub ranges: Vec<(f64, f64)>,
    pub label: Option<Vec<u8>>,
}

pub(super) struct LabelSet {
    /// Places of variables.
    pub variables: Vec<usize>,
    pub labels: Vec<(Stored, Vec<u8>)>,
}

/// A value as it stands in a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stored {
    /// `None` for the system-missing value.
    Number(Option<f64>),
    Text(Vec<u8>),
}

/// Which ASCII letter each byte stands for, where it is another one than the byte itself.
pub(super) struct Alphabet([u8; 256]);

impl Default for Alphabet {
    fn default() -> Alphabet {
        let mut same = [0; 256];
        for (byte, to) in (0..=255).zip(same.iter_mut()) {
            *to = byte;
        }
        Alphabet(same)
    }
}

/// The letters of the places 64 and following in the table of a file.
const PORTABLE: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?`:#@'=\"";
const BEHIND: [(usize, u8); 4] = [(162, b'~'), (184, b'{'), (185, b'}'), (186, b'\\')];

impl Alphabet {
    /// From the table of a file: where each letter stands, `0` in places without one.
    fn from_table(table: &[u8]) -> Alphabet {
        let mut alphabet = Alphabet::default();
        let mut known = [false; 256];
        let places = (64..).zip(PORTABLE.iter().copied()).chain(BEHIND);
        let nought = table.get(64).copied().unwrap_or(b'0');
        for (place, letter) in places {
            let Some(byte) = table.get(place).copied() else {
                continue;
            };
            let byte_at = usize::from(byte);
            if (place > 64 && byte == nought) || known[byte_at] {
                continue;
            }
            known[byte_at] = true;
            alphabet.0[byte_at] = letter;
        }
        alphabet
    }

    pub(super) fn letter(&self, byte: u8) -> u8 {
        self.0[usize::from(byte)]
    }

    pub(super) fn text(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| self.letter(*byte)).collect()
    }
}

/// Reads the parts of a file.
pub(super) struct Reader<'a> {
    pub letters: Letters,
    pub alphabet: &'a Alphabet,
}

impl Reader<'_> {
    pub(super) fn letter(&mut self) -> Result<u8, Error> {
        let byte = self.letters.next()?;
        Ok(self.alphabet.letter(byte))
    }

    /// A number up to its slash; `None` for the system-missing value.
    pub(super) fn number(&mut self) -> Result<Option<f64>, Error> {
        let first = self.letter()?;
        self.number_from(first)
    }

    /// The same where its first letter has been read.
    pub(super) fn number_from(&mut self, first: u8) -> Result<Option<f64>, Error> {
        let mut letter = first;
        while letter == b' ' {
            letter = self.letter()?;
        }
        if letter == b'*' {
            // a point follows
            self.letter()?;
            return Ok(None);
        }
        let mut number = Number::default();
        if letter == b'-' {
            number.negate();
            letter = self.letter()?;
        }
        loop {
            match (letter, digit(letter)) {
                (_, Some(digit)) => number.digit(digit),
                (b'.', _) if number.point() => {}
                _ => break,
            }
            letter = self.letter()?;
        }
        let mut exponent = 0_i32;
        if matches!(letter, b'+' | b'-') {
            let down = letter == b'-';
            loop {
                letter = self.letter()?;
                let Some(digit) = digit(letter) else { break };
                // no bound is said for its digits
                exponent = exponent.saturating_mul(30).saturating_add(i32::from(digit));
            }
            if down {
                exponent = -exponent;
            }
        }
        if letter != b'/' || !number.has_digits() {
            return Err(self.letters.wrong(
                "a number with the base 30 and a slash behind it should stand before here",
            ));
        }
        match number.value(exponent) {
            value if value.is_finite() => Ok(Some(value)),
            _ => Err(self.letters.wrong("a number is too large")),
        }
    }

    pub(super) fn whole(&mut self, most: usize) -> Result<usize, Error> {
        let first = self.letter()?;
        self.whole_from(first, most)
    }

    fn whole_from(&mut self, first: u8, most: usize) -> Result<usize, Error> {
        match self.number_from(first)? {
            Some(number) if number.fract() == 0.0 && (0.0..=most as f64).contains(&number) => {
                Ok(number as usize)
            }
            Some(number) => Err(self
                .letters
                .wrong(format!("{number} should be a whole number up to {most}"))),
            None => Err(self.letters.wrong("a whole number is missing")),
        }
    }

    /// A length and as many letters.
    pub(super) fn text(&mut self, most: usize) -> Result<Vec<u8>, Error> {
        let length = self.whole(most)?;
        self.letters.take(length)
    }

    /// The same where the first letter of the length has been read.
    pub(super) fn text_from(&mut self, first: u8, most: usize) -> Result<Vec<u8>, Error> {
        let length = self.whole_from(first, most)?;
        self.letters.take(length)
    }

    fn stored(&mut self, width: usize) -> Result<Stored, Error> {
        match width {
            0 => Ok(Stored::Number(self.number()?)),
            _ => Ok(Stored::Text(self.text(LONGEST)?)),
        }
    }

    fn bound(&mut self) -> Result<f64, Error> {
        let bound = self.number()?;
        bound.ok_or_else(|| self.letters.wrong("a range of missing values has no bound"))
    }
}

/// Reads the head up to the data.
pub(super) fn read(mut letters: Letters) -> Result<(Head, Letters), Error> {
    // what the file is, five times 40 bytes for as many character sets
    letters.take(200)?;
    let table = letters.take(256)?;
    let alphabet = Alphabet::from_table(&table);
    let tag = letters.take(8)?;
    if alphabet.text(&tag) != b"SPSSPORT" {
        return Err(
            letters.wrong("this is no portable file of SPSS: SPSSPORT should stand before here")
        );
    }
    let mut head = Head::default();
    let mut reader = Reader {
        letters,
        alphabet: &alphabet,
    };
    let version = reader.letter()?;
    if version != b'A' {
        return Err(reader.letters.wrong(format!(
            "there is no version {:?} of portable files",
            char::from(version)
        )));
    }
    // day and time
    reader.text(LONGEST)?;
    reader.text(LONGEST)?;
    records(&mut reader, &mut head)?;
    let letters = reader.letters;
    head.alphabet = alphabet;
    match head.variables.is_empty() {
        true => Err(letters.wrong("the file has no variables")),
        false => Ok((head, letters)),
    }
}

fn records(reader: &mut Reader, head: &mut Head) -> Result<(), Error> {
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    loop {
        let tag = reader.letter()?;
        match tag {
            // who made it
            b'1' | b'2' | b'3' => drop(reader.text(LONGEST)?),
            // the number of variables and the precision
            // up to there every whole number is a float
            b'4' | b'5' => drop(reader.whole(usize::MAX >> 12)?),
            b'6' => head.weight = Some(reader.text(LONGEST)?),
            b'7' => {
                let variable = variable(reader)?;
                places.insert(variable.name.clone(), head.variables.len());
                head.variables.push(variable);
                if head.variables.len() > MOST {
                    return Err(reader
                        .letters
                        .wrong(format!("there are more than {MOST} variables")));
                }
            }
            b'8'..=b'9' | b'A'..=b'C' => of_variable(reader, head, tag)?,
            b'D' => {
                let set = labels(reader, head, &places)?;
                head.label_sets.push(set);
            }
            b'E' => {
                for _ in 0..reader.whole(MOST)? {
                    head.documents.push(reader.text(LONGEST)?);
                }
            }
            b'F' => return Ok(()),
            other => {
                return Err(reader
                    .letters
                    .wrong(format!("there is no record {:?}", char::from(other))));
            }
        }
    }
}

fn variable(reader: &mut Reader) -> Result<Record, Error> {
    let width = reader.whole(255)?;
    let name = reader.text(64)?;
    let mut format = || -> Result<u32, Error> {
        let (kind, width, decimals) = (reader.whole(255)?, reader.whole(255)?, reader.whole(255)?);
        // SPSS itself, unlike other writers, moves the types of dates (20 and above) up in these files
        let kind = if kind > SHIFT { kind - SHIFT } else { kind };
        Ok((kind << 16 | width << 8 | decimals) as u32)
    };
    Ok(Record {
        width,
        name,
        print: format()?,
        write: format()?,
        ..Record::default()
    })
}

/// Missing values and the label of the variable before.
fn of_variable(reader: &mut Reader, head: &mut Head, tag: u8) -> Result<(), Error> {
    let Some(variable) = head.variables.last_mut() else {
        return Err(reader
            .letters
            .wrong("a variable should stand before its missing values and its label"));
    };
    match tag {
        b'8' => variable.missing.push(reader.stored(variable.width)?),
        b'9' => variable.ranges.push((f64::NEG_INFINITY, reader.bound()?)),
        b'A' => variable.ranges.push((reader.bound()?, f64::INFINITY)),
        b'B' => variable.ranges.push((reader.bound()?, reader.bound()?)),
        _ => variable.label = Some(reader.text(LONGEST)?),
    }
    match variable.missing.len() + variable.ranges.len() {
        ..=4 => Ok(()),
        _ => Err(reader
            .letters
            .wrong("a variable has more missing values than SPSS has room for")),
    }
}

fn labels(
    reader: &mut Reader,
    head: &Head,
    places: &HashMap<Vec<u8>, usize>,
) -> Result<LabelSet, Error> {
    let mut variables = Vec::new();
    for _ in 0..reader.whole(MOST)? {
        let name = reader.text(64)?;
        let Some(place) = places.get(&name) else {
            let name = String::from_utf8_lossy(&name).into_owned();
            return Err(reader
                .letters
                .wrong(format!("labels are for {name}, which is no variable")));
        };
        variables.push(*place);
    }
    let first = variables
        .first()
        .and_then(|place| head.variables.get(*place));
    let width = first.map_or(0, |variable| variable.width);
    let mut labels = Vec::new();
    for _ in 0..reader.whole(MOST)? {
        let value = reader.stored(width)?;
        labels.push((value, reader.text(LONGEST)?));
    }
    Ok(LabelSet { variables, labels })
}
