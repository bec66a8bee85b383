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
    Array, BinaryViewArray, BooleanArray, DictionaryArray, DictionaryKey, NullArray,
    PrimitiveArray, StructArray, Utf8Array, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, Field, IntegerType, TimeUnit};
use polars_arrow::ffi::{ArrowArrayStream, ArrowArrayStreamReader, export_iterator};
use polars_arrow::types::NativeType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

/// What the capsule of a stream is called.
const STREAM: &CStr = c"arrow_array_stream";

/// The columns of a frame of another library: the buffers are its own, and held here until they are no longer needed.
pub struct ArrowColumns {
    rows: usize,
    columns: Vec<ArrowColumn>,
}

struct ArrowColumn {
    name: String,
    kind: LentKind,
    /// What numbers are divided by: units of a second, powers of ten.
    divisor: f64,
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
            return Err(PyTypeError::new_err(format!(
                "{} is no frame: hand over one of polars, pandas, pyarrow or DuckDB, with __arrow_c_stream__",
                kind.name()?
            )));
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
                "the stream holds one column, and no frame",
            ));
        };
        let frames: Vec<&StructArray> = chunks
            .iter()
            .filter_map(|chunk| chunk.as_any().downcast_ref())
            .collect();
        let columns = fields.iter().enumerate().map(|(at, field)| {
            let chunks = frames
                .iter()
                .filter_map(|frame| frame.values().get(at).cloned());
            ArrowColumn::new(field, chunks.collect())
        });
        Ok(ArrowColumns {
            rows: frames.iter().map(|frame| frame.len()).sum(),
            columns: columns.collect::<PyResult<_>>()?,
        })
    }
}

fn broken(error: impl std::fmt::Display) -> PyErr {
    PyTypeError::new_err(format!("the frame can’t be read: {error}"))
}

impl ArrowColumn {
    fn new(field: &Field, chunks: Vec<Box<dyn Array>>) -> PyResult<ArrowColumn> {
        use ArrowDataType as T;
        let per_second = |unit: TimeUnit| match unit {
            TimeUnit::Second => 1.0,
            TimeUnit::Millisecond => 1e3,
            TimeUnit::Microsecond => 1e6,
            TimeUnit::Nanosecond => 1e9,
        };
        let (kind, divisor) = match field.dtype() {
            T::Int8
            | T::Int16
            | T::Int32
            | T::UInt8
            | T::UInt16
            | T::UInt32
            | T::Float32
            | T::Float64 => (LentKind::Number, 1.0),
            // two identifiers must never become one number
            T::Int64 | T::UInt64 => match chunks.iter().all(|chunk| is_exact(chunk.as_ref())) {
                true => (LentKind::Number, 1.0),
                false => (LentKind::Text, 1.0),
            },
            T::Decimal(_, scale) => (LentKind::Number, 10f64.powi(*scale as i32)),
            T::Date32 => (LentKind::Date, 1.0),
            T::Date64 => (LentKind::Date, 86_400_000.0),
            T::Timestamp(unit, _) => (LentKind::DateTime, per_second(*unit)),
            T::Null | T::Boolean | T::Utf8 | T::LargeUtf8 | T::Utf8View => (LentKind::Text, 1.0),
            T::Dictionary(_, values, is_ordered) => match values.as_ref() {
                T::List(_) | T::LargeList(_) | T::Struct(_) => return Err(unreadable(field)),
                _ if *is_ordered || field.is_enum() => (LentKind::Scale, 1.0),
                _ => (LentKind::Text, 1.0),
            },
            _ => return Err(unreadable(field)),
        };
        Ok(ArrowColumn {
            name: field.name.to_string(),
            kind,
            divisor,
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
                    let of_chunk = |chunk: &Box<dyn Array>| {
                        let values = dictionary_values(chunk.as_ref());
                        let values = values.map(|values| texts.codes_of(values.as_ref()));
                        values.unwrap_or_default()
                    };
                    Codes::Dictionaries(self.chunks.iter().map(of_chunk).collect())
                }
                false => Codes::Rows(
                    self.chunks
                        .iter()
                        .flat_map(|chunk| texts.codes_of(chunk.as_ref()))
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

fn unreadable(field: &Field) -> PyErr {
    PyTypeError::new_err(format!(
        "column {}: {:?} is neither number, text, date nor category; leave it out, or take it apart",
        field.name,
        field.dtype()
    ))
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

    fn codes_of(&mut self, array: &dyn Array) -> Vec<u32> {
        (0..array.len())
            .map(|row| self.code(text_at(array, row)))
            .collect()
    }
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
    if any.is::<NullArray>() || any.is::<BinaryViewArray>() {
        return None;
    }
    whole_or_number(array, row).map(Cow::Owned)
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

fn dictionary_values(array: &dyn Array) -> Option<&Box<dyn Array>> {
    with_dictionary!(array, of => of.values())
}

/// The codes of rows by the codes of what their keys stand for; a row without a key has that of nothing.
fn codes_by_key<K: DictionaryKey>(
    array: &DictionaryArray<K>,
    from: usize,
    (map, nothing): (&[u32], u32),
    out: &mut [u32],
) {
    let keys = array.keys();
    for (at, out) in out.iter_mut().enumerate() {
        let key = match keys.is_null(from + at) {
            true => None,
            false => keys.value(from + at).try_into().ok(),
        };
        *out = key
            .and_then(|key: usize| map.get(key).copied())
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
            macro_rules! first_of {
                ($($type:ty),+) => {
                    $(if let Some(numbers) = chunk.as_any().downcast_ref::<PrimitiveArray<$type>>() {
                        numbers_of(numbers, from, out, |number| number as f64 / divisor);
                    })+
                };
            }
            first_of!(f64, f32, i64, i32, i16, i8, u64, u32, u16, u8, i128);
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
            let _ =
                with_dictionary!(chunk, of => codes_by_key(of, from, (map, coded.nothing), out));
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
