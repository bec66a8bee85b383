//! What stands before the data of a Stata file, in the two families of formats: 102 to 115, and 117 to 119 with tags.

use crate::survey::microdata::Error;
use crate::survey::microdata::codebook::native::Storage;
use crate::survey::microdata::decoding::bytes::Bytes;

/// Bytes of a row.
pub(super) fn width(storage: Storage) -> usize {
    match storage {
        Storage::Byte => 1,
        Storage::Int => 2,
        Storage::Long | Storage::Float => 4,
        Storage::Double | Storage::LongString => 8,
        Storage::Text(width) => width,
    }
}

/// The head of a file, its texts as they stand.
pub(super) struct Head {
    pub release: u16,
    pub big_endian: bool,
    pub rows: u64,
    /// The whole field, as those of the labels.
    pub title: Vec<u8>,
    pub columns: Vec<Column>,
    /// The variable, the name and the text of each characteristic.
    pub characteristics: Vec<[Vec<u8>; 3]>,
    pub data: u64,
    /// Where the long strings stand, if there may be any.
    pub strings: Option<u64>,
    pub labels: u64,
}

#[derive(Default)]
pub(super) struct Column {
    pub storage: Option<Storage>,
    pub name: Vec<u8>,
    pub format: Vec<u8>,
    pub label_set: Vec<u8>,
    pub label: Vec<u8>,
}

impl Head {
    pub(super) fn row_bytes(&self) -> usize {
        let widths = self.columns.iter().filter_map(|column| column.storage);
        widths.map(width).sum()
    }

    /// Another number of rows than there are would make respondents of the tags behind them, or lose some.
    fn check_end(&self, bytes: &mut Bytes) -> Result<(), Error> {
        let length = self.rows.saturating_mul(self.row_bytes() as u64);
        let end = self.data.saturating_add(length);
        // that there is too little is said with the numbers
        if end > bytes.length() {
            return Ok(());
        }
        bytes.seek(end)?;
        let tag = bytes.take(bytes.left().min(7))?;
        match tag == b"</data>" {
            true => Ok(()),
            false => Err(bytes.wrong(format!(
                "{} rows are announced, and the data do not end behind them: </data> should stand before here",
                self.rows
            ))),
        }
    }
}

/// The widths of names, formats, names of label sets and labels.
struct Widths {
    name: u64,
    format: u64,
    label: u64,
}

pub(super) fn read(bytes: &mut Bytes) -> Result<Head, Error> {
    let first = bytes.u8()?;
    match first {
        b'<' => tagged(bytes),
        102..=115 => untagged(bytes, first),
        _ => Err(bytes.wrong("this is no Stata file of the formats 102 to 119")),
    }
}

fn untagged(bytes: &mut Bytes, release: u8) -> Result<Head, Error> {
    bytes.big_endian = match bytes.u8()? {
        1 => true,
        2 => false,
        // Stata 1 ran on little-endian machines alone and left the byte empty
        0 if release == 102 => false,
        other => return Err(bytes.wrong(format!("there is no byte order {other}"))),
    };
    // the type of the file, of which there is but one, and a byte that is not used
    bytes.skip(2)?;
    let variables = u64::from(bytes.u16()?);
    let rows = match release {
        102 => u64::from(bytes.u16()?),
        _ => u64::from(bytes.u32()?),
    };
    let label = if release >= 108 { 81 } else { 32 };
    let title = bytes.take(label)?;
    // when it was written
    bytes.skip(if release >= 105 { 18 } else { 0 })?;
    let widths = Widths {
        name: if release >= 110 { 33 } else { 9 },
        format: match release {
            ..105 => 7,
            105..114 => 12,
            114.. => 49,
        },
        label,
    };
    let types = bytes.take(variables)?;
    let mut columns = Vec::new();
    for code in types {
        columns.push(Column {
            storage: Some(
                old_storage(release, code)
                    .ok_or_else(|| bytes.wrong(format!("there is no type {code}")))?,
            ),
            ..Column::default()
        });
    }
    names(bytes, &mut columns, &widths, |_| Ok(()), 2)?;
    let mut characteristics = Vec::new();
    loop {
        if release < 105 {
            break; // older formats have none
        }
        let kind = bytes.u8()?;
        let length = match release >= 110 {
            true => u64::from(bytes.u32()?),
            false => u64::from(bytes.u16()?),
        };
        if kind == 0 && length == 0 {
            break;
        }
        match kind {
            1 => characteristics.extend(characteristic(bytes.take(length)?, widths.name)),
            _ => bytes.skip(length)?,
        }
    }
    let mut head = Head {
        release: u16::from(release),
        big_endian: bytes.big_endian,
        rows,
        title,
        columns,
        characteristics,
        data: bytes.at(),
        strings: None,
        labels: 0,
    };
    let length = rows.saturating_mul(head.row_bytes() as u64);
    head.labels = head.data.saturating_add(length);
    Ok(head)
}

fn old_storage(release: u8, code: u8) -> Option<Storage> {
    if release <= 110 {
        return Some(match code {
            b'b' => Storage::Byte,
            b'i' => Storage::Int,
            b'l' => Storage::Long,
            b'f' => Storage::Float,
            b'd' => Storage::Double,
            0x80.. => Storage::Text(usize::from(code - 0x7f)),
            _ => return None,
        });
    }
    Some(match code {
        251 => Storage::Byte,
        252 => Storage::Int,
        253 => Storage::Long,
        254 => Storage::Float,
        255 => Storage::Double,
        1..=244 => Storage::Text(usize::from(code)),
        _ => return None,
    })
}

/// Names, sort order, formats, label sets and labels, each list with its tags where there are any.
fn names(
    bytes: &mut Bytes,
    columns: &mut [Column],
    widths: &Widths,
    mut tag: impl FnMut(&mut Bytes) -> Result<(), Error>,
    sort: u64,
) -> Result<(), Error> {
    for column in columns.iter_mut() {
        column.name = cut(bytes.take(widths.name)?);
    }
    tag(bytes)?;
    bytes.skip((columns.len() as u64 + 1) * sort)?;
    tag(bytes)?;
    for column in columns.iter_mut() {
        column.format = cut(bytes.take(widths.format)?);
    }
    tag(bytes)?;
    for column in columns.iter_mut() {
        column.label_set = cut(bytes.take(widths.name)?);
    }
    tag(bytes)?;
    for column in columns.iter_mut() {
        column.label = bytes.take(widths.label)?;
    }
    Ok(())
}

/// The variable, the name and the text, the first two in fields.
fn characteristic(bytes: Vec<u8>, width: u64) -> Option<[Vec<u8>; 3]> {
    let (of, rest) = bytes.split_at_checked(width as usize)?;
    let (name, text) = rest.split_at_checked(width as usize)?;
    Some([of, name, text].map(|part| cut(part.to_vec())))
}

fn tagged_characteristics(
    bytes: &mut Bytes,
    release: u16,
    at: u64,
) -> Result<Vec<[Vec<u8>; 3]>, Error> {
    bytes.seek(at)?;
    expect(bytes, "<characteristics>")?;
    let mut found = Vec::new();
    loop {
        match bytes.array::<4>()?.as_slice() {
            b"<ch>" => {}
            b"</ch" => return Ok(found),
            _ => return Err(bytes.wrong("<ch> or </characteristics> should stand before here")),
        }
        let length = bytes.count(1)?;
        let width = if release == 117 { 33 } else { 129 };
        found.extend(characteristic(bytes.take(length)?, width));
        expect(bytes, "</ch>")?;
    }
}

/// A text up to its zero byte.
pub(super) fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        bytes.truncate(end);
    }
    bytes
}

/// Passes over a tag.
pub(super) fn expect(bytes: &mut Bytes, tag: &str) -> Result<(), Error> {
    let found = bytes.take(tag.len() as u64)?;
    match found == tag.as_bytes() {
        true => Ok(()),
        false => Err(bytes.wrong(format!("{tag} should stand before here"))),
    }
}

fn tagged(bytes: &mut Bytes) -> Result<Head, Error> {
    expect(bytes, "stata_dta><header><release>")?;
    let release = match bytes.array::<3>()?.as_slice() {
        b"117" => 117,
        b"118" => 118,
        b"119" => 119,
        other => {
            let other = String::from_utf8_lossy(other).into_owned();
            return Err(bytes.wrong(format!("format {other} is not one of 117 to 119")));
        }
    };
    expect(bytes, "</release><byteorder>")?;
    bytes.big_endian = match bytes.array::<3>()?.as_slice() {
        b"MSF" => true,
        b"LSF" => false,
        _ => return Err(bytes.wrong("the byte order is neither MSF nor LSF")),
    };
    expect(bytes, "</byteorder><K>")?;
    let variables = match release {
        119 => u64::from(bytes.u32()?),
        _ => u64::from(bytes.u16()?),
    };
    expect(bytes, "</K><N>")?;
    let rows = match release {
        117 => u64::from(bytes.u32()?),
        _ => bytes.u64()?,
    };
    expect(bytes, "</N><label>")?;
    let length = match release {
        117 => u64::from(bytes.u8()?),
        _ => u64::from(bytes.u16()?),
    };
    let title = bytes.take(length)?;
    expect(bytes, "</label><timestamp>")?;
    let length = u64::from(bytes.u8()?);
    bytes.skip(length)?;
    expect(bytes, "</timestamp></header><map>")?;
    let mut map = [0; 14];
    for place in &mut map {
        *place = bytes.u64()?;
    }
    expect(bytes, "</map><variable_types>")?;
    let columns = columns(bytes, release, variables)?;
    // before them the places of what has been read, behind them the end tag and the end
    let [.., more, data, strings, labels, _, _] = map;
    let characteristics = tagged_characteristics(bytes, release, more)?;
    bytes.seek(data)?;
    expect(bytes, "<data>")?;
    let head = Head {
        release,
        big_endian: bytes.big_endian,
        rows,
        title,
        columns,
        characteristics,
        data: bytes.at(),
        strings: Some(strings),
        labels,
    };
    head.check_end(bytes)?;
    Ok(head)
}

fn columns(bytes: &mut Bytes, release: u16, variables: u64) -> Result<Vec<Column>, Error> {
    if variables.saturating_mul(2) > bytes.left() {
        return Err(bytes.wrong(format!(
            "{variables} variables are announced, the file is too short for them"
        )));
    }
    let mut columns = Vec::new();
    for _ in 0..variables {
        let code = bytes.u16()?;
        let storage = match code {
            1..=2045 => Storage::Text(usize::from(code)),
            32768 => Storage::LongString,
            65526 => Storage::Double,
            65527 => Storage::Float,
            65528 => Storage::Long,
            65529 => Storage::Int,
            65530 => Storage::Byte,
            _ => return Err(bytes.wrong(format!("there is no type {code}"))),
        };
        columns.push(Column {
            storage: Some(storage),
            ..Column::default()
        });
    }
    let widths = match release {
        117 => Widths {
            name: 33,
            format: 49,
            label: 81,
        },
        // UTF-8: four bytes for each of 32, 14 and 80 characters, and a zero byte
        _ => Widths {
            name: 129,
            format: 57,
            label: 321,
        },
    };
    expect(bytes, "</variable_types><varnames>")?;
    let mut tags = [
        "</varnames><sortlist>",
        "</sortlist><formats>",
        "</formats><value_label_names>",
        "</value_label_names><variable_labels>",
    ]
    .into_iter();
    let tag = |bytes: &mut Bytes| expect(bytes, tags.next().unwrap_or_default());
    names(
        bytes,
        &mut columns,
        &widths,
        tag,
        if release == 119 { 4 } else { 2 },
    )?;
    Ok(columns)
}
