//! Frames in and out by the Arrow C stream: https://arrow.apache.org/docs/format/CStreamInterface.html
//!
//! Python's side of it is the PyCapsule interface: an object with `__arrow_c_stream__` hands out a capsule that holds a pointer
//! to an `ArrowArrayStream`, and whoever takes the stream out of it releases it. polars, pandas, pyarrow and DuckDB all speak it,
//! and none of them is needed here. The two `unsafe` blocks of the wheel are in this file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::CStr;
use std::sync::OnceLock;

use opine::{Frame, LentColumns, LentKind, Values};
use polars_arrow::array::{
    Array, BooleanArray, DictionaryArray, DictionaryKey, PrimitiveArray, StructArray, Utf8Array,
    Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, Field, IntegerType, TimeUnit};
use polars_arrow::ffi::{ArrowArrayStream, ArrowArrayStreamReader, export_iterator};
use polars_arrow::types::NativeType;
use polars_utils::float16::pf16;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

/// What the capsule of a stream is called.
const STREAM: &CStr = c"arrow_array_stream";

/// The columns of a frame of another library: the buffers are its own, and held here until they are no longer needed.
pub struct ArrowColumns {
    rows: usize,
    columns: Vec<ArrowColumn>,
    /// Columns that can’t be read: name, and why.
    unread: Vec<(String, String)>,
}

struct ArrowColumn {
    name: String,
    kind: LentKind,
    /// What numbers are divided by: units of a second, powers of ten.
    divisor: f64,
    /// Of times of day, which are texts: parts of a second.
    clock: Option<u64>,
    chunks: Vec<Box<dyn Array>>,
    coded: OnceLock<Coded>,
}

/// Texts, each once, and where they stand.
struct Coded {
    texts: Vec<Option<String>>,
    /// The code of nothing.
    nothing: u32,
    codes: Codes,
}

enum Codes {
    /// Of each row.
    Rows(Vec<u32>),
    /// Of each entry of the dictionary of each chunk; the keys of the rows stay where they are.
    Dictionaries(Vec<Vec<u32>>),
}

impl ArrowColumns {
    /// Takes over what an object with `__arrow_c_stream__` hands out.
    pub fn import(frame: &Bound<'_, PyAny>) -> PyResult<ArrowColumns> {
        let Ok(method) = frame.getattr("__arrow_c_stream__") else {
            let kind = frame.get_type();
            let kind = kind.name()?;
            return Err(PyTypeError::new_err(match kind.to_str()? {
                "LazyFrame" => "a LazyFrame holds no rows yet: hand over its .collect()".to_owned(),
                kind => format!(
                    "{kind} is no frame: hand over one of polars, pandas, pyarrow or DuckDB, with __arrow_c_stream__"
                ),
            }));
        };
        let capsule = method.call0()?;
        let capsule = capsule.cast::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(STREAM))?;
        // SAFETY: the name of the capsule says that it holds a stream. Taking it out leaves an empty one, whose release is null:
        // the capsule then has nothing to release. What the producer hands out keeps to the C data interface, as its protocol
        // promises.
        let (field, chunks) = unsafe {
            let taken = pointer
                .cast::<ArrowArrayStream>()
                .replace(ArrowArrayStream::empty());
            let mut reader = ArrowArrayStreamReader::try_new(Box::new(taken)).map_err(broken)?;
            check_width(reader.field())?;
            let mut chunks = Vec::new();
            while let Some(chunk) = reader.next() {
                chunks.push(chunk.map_err(broken)?);
            }
            (reader.field().clone(), chunks)
        };
        ArrowColumns::new(&field, &chunks)
    }

    fn new(field: &Field, chunks: &[Box<dyn Array>]) -> PyResult<ArrowColumns> {
        let ArrowDataType::Struct(fields) = field.dtype() else {
            return Err(PyTypeError::new_err(
                "the stream holds one column, and no frame: hand over its .to_frame()",
            ));
        };
        let frames: Vec<&StructArray> = chunks
            .iter()
            .filter_map(|chunk| chunk.as_any().downcast_ref())
            .collect();
        let (mut columns, mut unread) = (Vec::new(), Vec::new());
        for (at, field) in fields.iter().enumerate() {
            let chunks = frames
                .iter()
                .filter_map(|frame| frame.values().get(at).cloned());
            match ArrowColumn::new(field, chunks.collect()) {
                Ok(column) => columns.push(column),
                Err(why) => unread.push((field.name.to_string(), why)),
            }
        }
        Ok(ArrowColumns {
            rows: frames.iter().map(|frame| frame.len()).sum(),
            columns,
            unread,
        })
    }
}

/// The reader of the stream panics at decimals of 256 bits, also within other columns.
fn check_width(field: &Field) -> PyResult<()> {
    use ArrowDataType as T;
    match field.dtype() {
        T::Decimal256(..) => Err(PyTypeError::new_err(format!(
            "column {}: decimals of 256 bits are not read; make it a decimal of 128 bits or a float",
            field.name
        ))),
        T::List(item) | T::LargeList(item) | T::FixedSizeList(item, _) | T::Map(item, _) => {
            check_width(item)
        }
        T::Struct(fields) => fields.iter().try_for_each(check_width),
        T::Dictionary(_, values, _) => {
            check_width(&Field::new(field.name.clone(), *values.clone(), true))
        }
        _ => Ok(()),
    }
}

fn broken(error: impl std::fmt::Display) -> PyErr {
    PyTypeError::new_err(format!("the frame can’t be read: {error}"))
}

impl ArrowColumn {
    /// # Errors
    /// Why it can’t be read.
    fn new(field: &Field, chunks: Vec<Box<dyn Array>>) -> Result<ArrowColumn, String> {
        use ArrowDataType as T;
        let per_second = |unit: TimeUnit| match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000_u64,
        };
        let (values, is_ordered) = match field.dtype() {
            T::Dictionary(_, values, is_ordered) => {
                (values.as_ref(), *is_ordered || field.is_enum())
            }
            dtype => (dtype, false),
        };
        let (kind, divisor) = match values {
            T::Null
            | T::Int8
            | T::Int16
            | T::Int32
            | T::UInt8
            | T::UInt16
            | T::UInt32
            | T::Float16
            | T::Float32
            | T::Float64 => (LentKind::Number, 1.0),
            // two identifiers must never become one number
            T::Int64 | T::UInt64 => match chunks.iter().all(|chunk| is_exact(chunk.as_ref())) {
                true => (LentKind::Number, 1.0),
                false => (LentKind::Text, 1.0),
            },
            T::Decimal32(_, scale) | T::Decimal64(_, scale) | T::Decimal(_, scale) => {
                (LentKind::Number, 10f64.powi(*scale as i32))
            }
            T::Duration(unit) => (LentKind::Number, per_second(*unit) as f64),
            T::Date32 => (LentKind::Date, 1.0),
            T::Date64 => (LentKind::Date, 86_400_000.0),
            T::Timestamp(unit, _) => (LentKind::DateTime, per_second(*unit) as f64),
            T::Time32(_) | T::Time64(_) | T::Boolean | T::Utf8 | T::LargeUtf8 | T::Utf8View => {
                (LentKind::Text, 1.0)
            }
            T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => {
                return Err("is binary".to_owned());
            }
            T::Extension(extension) if extension.name.starts_with("pandas.") => {
                return Err(format!(
                    "is of the type {} (its .astype(str) is text)",
                    extension.name
                ));
            }
            T::Extension(extension) => {
                return Err(format!("is of the extension type {}", extension.name));
            }
            dtype if dtype.is_nested() => {
                return Err("is nested (a list, a map or a structure)".to_owned());
            }
            dtype => return Err(format!("is of a type that opine does not read ({dtype:?})")),
        };
        Ok(ArrowColumn {
            name: field.name.to_string(),
            kind: match is_ordered && has_text(values) {
                true => LentKind::Scale,
                false => kind,
            },
            divisor,
            clock: match values {
                T::Time32(unit) | T::Time64(unit) => Some(per_second(*unit)),
                _ => None,
            },
            chunks,
            coded: OnceLock::new(),
        })
    }

    /// The parts of the chunks that rows from one on are in: the chunk, its place, the first of its rows, and how many.
    fn parts(
        &self,
        from: usize,
        rows: usize,
    ) -> impl Iterator<Item = (usize, &dyn Array, usize, usize)> {
        let mut start = 0;
        self.chunks
            .iter()
            .enumerate()
            .filter_map(move |(at, chunk)| {
                let begin = from.max(start);
                let end = (from + rows).min(start + chunk.len());
                let part = (begin < end).then(|| (at, chunk.as_ref(), begin - start, end - begin));
                start += chunk.len();
                part
            })
    }

    fn coded(&self) -> &Coded {
        self.coded.get_or_init(|| {
            let mut texts = Texts::default();
            let is_dictionary = self
                .chunks
                .iter()
                .all(|chunk| dictionary_values(chunk.as_ref()).is_some());
            let codes = match is_dictionary && !self.chunks.is_empty() {
                true => {
                    let chunks = self.chunks.iter();
                    let maps = chunks.map(|chunk| {
                        let values = dictionary_values(chunk.as_ref());
                        values
                            .map(|values| texts.codes_of(values, self.clock))
                            .unwrap_or_default()
                    });
                    Codes::Dictionaries(maps.collect())
                }
                false => Codes::Rows(
                    self.chunks
                        .iter()
                        .flat_map(|chunk| texts.codes_of(chunk.as_ref(), self.clock))
                        .collect(),
                ),
            };
            // rows without a key stand for nothing
            let nothing = texts.code(None);
            Coded {
                nothing,
                texts: texts.all,
                codes,
            }
        })
    }
}

/// Texts in the order in which they were met.
#[derive(Default)]
struct Texts {
    all: Vec<Option<String>>,
    codes: HashMap<Option<String>, u32>,
}

impl Texts {
    fn code(&mut self, text: Option<Cow<'_, str>>) -> u32 {
        let text = text.map(Cow::into_owned);
        if let Some(code) = self.codes.get(&text) {
            return *code;
        }
        let code = self.all.len() as u32;
        self.all.push(text.clone());
        self.codes.insert(text, code);
        code
    }

    fn codes_of(&mut self, array: &dyn Array, clock: Option<u64>) -> Vec<u32> {
        let text = |row| match clock {
            Some(per_second) => clock_at(array, row, per_second).map(Cow::Owned),
            None => text_at(array, row),
        };
        (0..array.len()).map(|row| self.code(text(row))).collect()
    }
}

/// Whether the entries of a column can be had [as texts](text_at).
fn has_text(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as T;
    matches!(
        dtype,
        T::Int8
            | T::Int16
            | T::Int32
            | T::Int64
            | T::UInt8
            | T::UInt16
            | T::UInt32
            | T::UInt64
            | T::Float32
            | T::Float64
            | T::Boolean
            | T::Utf8
            | T::LargeUtf8
            | T::Utf8View
    )
}

/// The entry of a row as text.
fn text_at(array: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    if array.is_null(row) {
        return None;
    }
    let any = array.as_any();
    if let Some(texts) = any.downcast_ref::<Utf8ViewArray>() {
        return Some(Cow::Borrowed(texts.value(row)));
    }
    if let Some(texts) = any.downcast_ref::<Utf8Array<i64>>() {
        return Some(Cow::Borrowed(texts.value(row)));
    }
    if let Some(texts) = any.downcast_ref::<Utf8Array<i32>>() {
        return Some(Cow::Borrowed(texts.value(row)));
    }
    if let Some(truths) = any.downcast_ref::<BooleanArray>() {
        return Some(Cow::Borrowed(if truths.value(row) {
            "true"
        } else {
            "false"
        }));
    }
    whole_or_number(array, row).map(Cow::Owned)
}

/// A time of day as a level: 08:30:00, with parts of a second where there are some.
fn clock_at(array: &dyn Array, row: usize, per_second: u64) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    let any = array.as_any();
    let short = any.downcast_ref::<PrimitiveArray<i32>>();
    let stored = match short {
        Some(short) => i64::from(short.value(row)),
        None => any.downcast_ref::<PrimitiveArray<i64>>()?.value(row),
    };
    let stored = u64::try_from(stored).ok()?;
    let (seconds, part) = (stored / per_second, stored % per_second);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let whole = format!("{hours:02}:{minutes:02}:{seconds:02}");
    let billionths = part * (1_000_000_000 / per_second);
    Some(match billionths {
        0 => whole,
        some if some % 1_000_000 == 0 => format!("{whole}.{:03}", some / 1_000_000),
        some if some % 1_000 == 0 => format!("{whole}.{:06}", some / 1_000),
        some => format!("{whole}.{some:09}"),
    })
}

/// A number as a level: 2 and not 2.0.
fn whole_or_number(array: &dyn Array, row: usize) -> Option<String> {
    macro_rules! first_of {
        ($($type:ty),+) => {
            $(if let Some(numbers) = array.as_any().downcast_ref::<PrimitiveArray<$type>>() {
                return Some(numbers.value(row).to_string());
            })+
        };
    }
    first_of!(i8, i16, i32, i64, u8, u16, u32, u64, i128, f32, f64);
    None
}

/// Whether every number of a column of 64 bits is an `f64`.
fn is_exact(array: &dyn Array) -> bool {
    const EXACT: u64 = 1 << 53;
    if let Some(values) = dictionary_values(array) {
        return is_exact(values);
    }
    if let Some(signed) = array.as_any().downcast_ref::<PrimitiveArray<i64>>() {
        return signed
            .iter()
            .flatten()
            .all(|number| number.unsigned_abs() <= EXACT);
    }
    match array.as_any().downcast_ref::<PrimitiveArray<u64>>() {
        Some(whole) => whole.iter().flatten().all(|number| *number <= EXACT),
        None => true,
    }
}

/// Calls with the typed dictionary of an array, if it has one.
macro_rules! with_dictionary {
    ($array:expr, $typed:ident => $result:expr) => {{
        let array: &dyn Array = $array;
        macro_rules! of {
            ($key:ty) => {
                array
                    .as_any()
                    .downcast_ref::<DictionaryArray<$key>>()
                    .map(|$typed| $result)
            };
        }
        match array.dtype() {
            ArrowDataType::Dictionary(IntegerType::Int8, ..) => of!(i8),
            ArrowDataType::Dictionary(IntegerType::Int16, ..) => of!(i16),
            ArrowDataType::Dictionary(IntegerType::Int32, ..) => of!(i32),
            ArrowDataType::Dictionary(IntegerType::Int64, ..) => of!(i64),
            ArrowDataType::Dictionary(IntegerType::UInt8, ..) => of!(u8),
            ArrowDataType::Dictionary(IntegerType::UInt16, ..) => of!(u16),
            ArrowDataType::Dictionary(IntegerType::UInt32, ..) => of!(u32),
            ArrowDataType::Dictionary(IntegerType::UInt64, ..) => of!(u64),
            _ => None,
        }
    }};
}

fn dictionary_values(array: &dyn Array) -> Option<&dyn Array> {
    with_dictionary!(array, of => of.values().as_ref())
}

/// What the keys of rows stand for, and something else for a row without a key.
fn by_key<K: DictionaryKey, T: Copy>(
    array: &DictionaryArray<K>,
    from: usize,
    (known, nothing): (&[T], T),
    out: &mut [T],
) {
    let keys = array.keys();
    for (at, out) in out.iter_mut().enumerate() {
        let key = match keys.is_null(from + at) {
            true => None,
            false => keys.value(from + at).try_into().ok(),
        };
        *out = key
            .and_then(|key: usize| known.get(key).copied())
            .unwrap_or(nothing);
    }
}

/// Numbers of rows, NaN where there is none.
fn numbers_of<T: NativeType>(
    array: &PrimitiveArray<T>,
    from: usize,
    out: &mut [f64],
    number: impl Fn(T) -> f64,
) {
    let values = array.values().iter().skip(from);
    match array
        .validity()
        .filter(|validity| validity.unset_bits() > 0)
    {
        None => out
            .iter_mut()
            .zip(values)
            .for_each(|(out, value)| *out = number(*value)),
        Some(validity) => {
            let valid = (from..).map(|row| validity.get_bit(row));
            for ((out, value), is_valid) in out.iter_mut().zip(values).zip(valid) {
                *out = if is_valid { number(*value) } else { f64::NAN };
            }
        }
    }
}

/// The same of an array of any kind; what holds no numbers leaves the room as it is.
fn fill_numbers(array: &dyn Array, from: usize, out: &mut [f64], divisor: f64) {
    if let Some(values) = dictionary_values(array) {
        let mut known = vec![f64::NAN; values.len()];
        fill_numbers(values, 0, &mut known, divisor);
        let _ = with_dictionary!(array, of => by_key(of, from, (&known, f64::NAN), out));
        return;
    }
    let any = array.as_any();
    macro_rules! first_of {
        ($($type:ty),+) => {
            $(if let Some(numbers) = any.downcast_ref::<PrimitiveArray<$type>>() {
                return numbers_of(numbers, from, out, |number| number as f64 / divisor);
            })+
        };
    }
    first_of!(f64, f32, i64, i32, i16, i8, u64, u32, u16, u8, i128);
    if let Some(halves) = any.downcast_ref::<PrimitiveArray<pf16>>() {
        numbers_of(halves, from, out, f64::from);
    }
}

impl LentColumns for ArrowColumns {
    fn rows(&self) -> usize {
        self.rows
    }

    fn columns(&self) -> Vec<(String, LentKind)> {
        let columns = self.columns.iter();
        columns
            .map(|column| (column.name.clone(), column.kind))
            .collect()
    }

    fn unread(&self) -> Vec<(String, String)> {
        self.unread.clone()
    }

    fn numbers(&self, column: usize, from: usize, out: &mut [f64]) {
        let Some(column) = self.columns.get(column) else {
            return;
        };
        let divisor = column.divisor;
        let mut filled = 0;
        for (_, chunk, from, rows) in column.parts(from, out.len()) {
            let Some(out) = out.get_mut(filled..filled + rows) else {
                return;
            };
            fill_numbers(chunk, from, out, divisor);
            filled += rows;
        }
        // days are whole
        if column.kind == LentKind::Date {
            out.iter_mut().for_each(|day| *day = day.floor());
        }
    }

    fn texts(&self, column: usize) -> Vec<Option<String>> {
        let column = self.columns.get(column);
        column.map_or_else(Vec::new, |column| column.coded().texts.clone())
    }

    fn codes(&self, column: usize, from: usize, out: &mut [u32]) {
        let Some(column) = self.columns.get(column) else {
            return;
        };
        let coded = column.coded();
        let maps = match &coded.codes {
            Codes::Rows(codes) => {
                let rows = codes.iter().skip(from);
                out.iter_mut()
                    .zip(rows)
                    .for_each(|(out, code)| *out = *code);
                return;
            }
            Codes::Dictionaries(maps) => maps,
        };
        let mut filled = 0;
        for (at, chunk, from, rows) in column.parts(from, out.len()) {
            let (Some(out), Some(map)) = (out.get_mut(filled..filled + rows), maps.get(at)) else {
                return;
            };
            let _ = with_dictionary!(chunk, of => by_key(of, from, (map.as_slice(), coded.nothing), out));
            filled += rows;
        }
    }
}

/// Rows as a stream of one chunk, in a capsule.
pub fn export<'py>(py: Python<'py>, frame: &Frame) -> PyResult<Bound<'py, PyCapsule>> {
    let columns = frame.columns().iter();
    let (fields, arrays): (Vec<Field>, Vec<Box<dyn Array>>) = columns
        .map(|column| {
            let array = array_of(&column.values);
            let field = Field::new(column.name.as_str().into(), array.dtype().clone(), true);
            (field, array)
        })
        .unzip();
    let dtype = ArrowDataType::Struct(fields);
    let rows = StructArray::try_new(dtype.clone(), frame.height(), arrays, None).map_err(broken)?;
    let chunks = std::iter::once(Ok(rows.boxed()));
    let stream = export_iterator(Box::new(chunks), Field::new("".into(), dtype, false));
    // the stream releases itself when the capsule goes, unless somebody took it out
    PyCapsule::new_with_value(py, stream, STREAM)
}

fn array_of(values: &Values) -> Box<dyn Array> {
    match values {
        Values::Texts(texts) => Utf8Array::<i64>::from(texts).boxed(),
        Values::Numbers(numbers) => PrimitiveArray::<f64>::from(numbers).boxed(),
        Values::Integers(whole) => PrimitiveArray::<i64>::from(whole).boxed(),
        Values::Truths(truths) => BooleanArray::from(truths).boxed(),
    }
}
