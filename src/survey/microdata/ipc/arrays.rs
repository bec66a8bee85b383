//! Arrow arrays as columns of a batch.

use polars::polars_utils::float16::pf16;
use polars_arrow::array::{
    Array, BinaryArray, BinaryViewArray, BooleanArray, DictionaryArray, DictionaryKey,
    FixedSizeBinaryArray, PrimitiveArray, Utf8Array, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, IntegerType, TimeUnit};
use polars_arrow::match_integer_type;
use polars_arrow::types::NativeType;

use crate::survey::microdata::parquet::block::half;
use crate::survey::microdata::parquet::fault::{Fault, damaged};
use crate::survey::microdata::parquet::levels::{Levels, coded, numbers_of_codes};
use crate::survey::microdata::parquet::shape::{Shape, value_of_float};
use crate::survey::microdata::{Column, MissingValues, Value, View};

const MILLISECONDS_OF_DAY: i64 = 86_400_000;

/// The meaning of a type; why it can't be read, where it can't.
pub(super) fn shape_of(dtype: &ArrowDataType) -> Result<Shape, String> {
    use ArrowDataType as T;
    Ok(match dtype.to_storage() {
        T::Boolean => Shape::Truth,
        T::UInt64 => Shape::Unsigned64,
        T::Date32 | T::Date64 => Shape::Date,
        T::Timestamp(unit, _) => Shape::Moment {
            per_second: per_second(*unit),
        },
        T::Time32(unit) | T::Time64(unit) => Shape::Clock {
            per_second: per_second(*unit),
        },
        T::Decimal(_, scale) | T::Decimal32(_, scale) | T::Decimal64(_, scale) => {
            Shape::decimal(i64::try_from(*scale).unwrap_or(i64::MAX))?
        }
        T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::Int128 | T::Duration(_) => Shape::Number,
        T::UInt8 | T::UInt16 | T::UInt32 => Shape::Number,
        T::Float16 | T::Float32 | T::Float64 => Shape::Number,
        T::Null | T::Utf8 | T::LargeUtf8 | T::Utf8View => Shape::Text,
        T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => Shape::Text,
        T::Dictionary(_, values, _) => shape_of(values)?,
        T::List(_) | T::LargeList(_) | T::FixedSizeList(..) | T::Struct(_) | T::Map(..) => {
            return Err(
                "is nested (a list, a map or a structure); opine reads flat columns".to_owned(),
            );
        }
        other => return Err(format!("is of a type that opine does not read ({other:?})")),
    })
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// The rows of an array in that view.
pub(super) fn column(
    array: &dyn Array,
    shape: Shape,
    view: View,
    missing: &MissingValues,
) -> Result<Column, Fault> {
    match view {
        View::Codes => {
            let mut levels = Levels::default();
            let codes = codes(array, shape, &mut levels)?;
            Ok(coded(codes, levels.into_values()))
        }
        View::Numbers => numbers(array, shape, missing).map(Column::Numbers),
    }
}

/// How the stored values of an array are got at.
enum Cells<'a> {
    Int(Box<dyn Fn(usize) -> i64 + 'a>),
    Big(Box<dyn Fn(usize) -> i128 + 'a>),
    Float(Box<dyn Fn(usize) -> f64 + 'a>),
    Bytes(Box<dyn Fn(usize) -> &'a [u8] + 'a>),
    /// Ids and the array they point into.
    Ids(Box<dyn Fn(usize) -> usize + 'a>, &'a dyn Array),
    Nothing,
}

fn codes(array: &dyn Array, shape: Shape, levels: &mut Levels) -> Result<Vec<u32>, Fault> {
    let mut out = Vec::with_capacity(array.len());
    let cells = cells(array)?;
    let known = match &cells {
        Cells::Ids(_, values) => codes(*values, shape, levels)?,
        _ => Vec::new(),
    };
    for row in 0..array.len() {
        out.push(match &cells {
            _ if array.is_null(row) => levels.null(),
            Cells::Int(get) => levels.int(get(row), shape),
            Cells::Big(get) => levels.big(get(row), shape),
            Cells::Float(get) => levels.float(get(row)),
            Cells::Bytes(get) => levels.text(get(row), shape)?,
            Cells::Ids(get, _) => *known.get(get(row)).ok_or_else(beyond)?,
            Cells::Nothing => levels.null(),
        });
    }
    Ok(out)
}

fn numbers(array: &dyn Array, shape: Shape, missing: &MissingValues) -> Result<Vec<f64>, Fault> {
    let cells = cells(array)?;
    let keep = |value: &dyn Fn() -> Value, number: f64| match missing.is_empty()
        || !missing.holds(&value())
    {
        true => number,
        false => f64::NAN,
    };
    let number = |row: usize| match &cells {
        _ if array.is_null(row) => Some(f64::NAN),
        Cells::Int(get) if shape.is_numeric() => {
            let stored = get(row);
            Some(keep(
                &|| shape.value_of_int(stored),
                shape.number_of_int(stored),
            ))
        }
        Cells::Big(get) if shape.is_numeric() => {
            let stored = get(row);
            Some(keep(
                &|| shape.value_of_big(stored),
                shape.number_of_big(stored),
            ))
        }
        Cells::Float(get) => Some(keep(&|| value_of_float(get(row)), get(row))),
        _ => None,
    };
    if let Cells::Ids(get, values) = &cells
        && shape.is_numeric()
    {
        let known = numbers(*values, shape, missing)?;
        return (0..array.len())
            .map(|row| match array.is_null(row) {
                true => Ok(f64::NAN),
                false => known.get(get(row)).copied().ok_or_else(beyond),
            })
            .collect();
    }
    if let Some(numbers) = (0..array.len()).map(number).collect() {
        return Ok(numbers);
    }
    let mut levels = Levels::default();
    let codes = codes(array, shape, &mut levels)?;
    numbers_of_codes(&codes, levels.values(), &|value| missing.holds(value))
}

fn cells(array: &dyn Array) -> Result<Cells<'_>, Fault> {
    use ArrowDataType as T;
    Ok(match array.dtype().to_storage() {
        T::Null => Cells::Nothing,
        T::Boolean => {
            let array: &BooleanArray = typed(array)?;
            Cells::Int(Box::new(|row| i64::from(array.value(row))))
        }
        T::Int8 => ints::<i8>(array, i64::from)?,
        T::Int16 => ints::<i16>(array, i64::from)?,
        T::Int32 | T::Date32 | T::Time32(_) | T::Decimal32(..) => ints::<i32>(array, i64::from)?,
        T::UInt8 => ints::<u8>(array, i64::from)?,
        T::UInt16 => ints::<u16>(array, i64::from)?,
        T::UInt32 => ints::<u32>(array, i64::from)?,
        T::UInt64 => ints::<u64>(array, |bits| bits as i64)?,
        T::Date64 => ints::<i64>(array, |time| time.div_euclid(MILLISECONDS_OF_DAY))?,
        T::Int64 | T::Timestamp(..) | T::Time64(_) | T::Duration(_) | T::Decimal64(..) => {
            ints::<i64>(array, |stored| stored)?
        }
        T::Int128 | T::Decimal(..) => {
            let values = typed::<PrimitiveArray<i128>>(array)?.values();
            Cells::Big(Box::new(|row| values[row]))
        }
        T::Float16 => floats::<pf16>(array, |two| half(u16::from_le_bytes(two.to_le_bytes())))?,
        T::Float32 => floats::<f32>(array, f64::from)?,
        T::Float64 => floats::<f64>(array, |number| number)?,
        T::Dictionary(key, ..) => return ids(*key, array),
        _ => bytes(array)?,
    })
}

fn bytes(array: &dyn Array) -> Result<Cells<'_>, Fault> {
    use ArrowDataType as T;
    Ok(Cells::Bytes(match array.dtype().to_storage() {
        T::Utf8 => {
            let array: &Utf8Array<i32> = typed(array)?;
            Box::new(|row| array.value(row).as_bytes())
        }
        T::LargeUtf8 => {
            let array: &Utf8Array<i64> = typed(array)?;
            Box::new(|row| array.value(row).as_bytes())
        }
        T::Utf8View => {
            let array: &Utf8ViewArray = typed(array)?;
            Box::new(|row| array.value(row).as_bytes())
        }
        T::Binary => {
            let array: &BinaryArray<i32> = typed(array)?;
            Box::new(|row| array.value(row))
        }
        T::LargeBinary => {
            let array: &BinaryArray<i64> = typed(array)?;
            Box::new(|row| array.value(row))
        }
        T::BinaryView => {
            let array: &BinaryViewArray = typed(array)?;
            Box::new(|row| array.value(row))
        }
        T::FixedSizeBinary(_) => {
            let array: &FixedSizeBinaryArray = typed(array)?;
            Box::new(|row| array.value(row))
        }
        other => return Err(damaged(format!("an array of {other:?}"))),
    }))
}

fn ints<T: NativeType>(array: &dyn Array, int: fn(T) -> i64) -> Result<Cells<'_>, Fault> {
    let values = typed::<PrimitiveArray<T>>(array)?.values();
    Ok(Cells::Int(Box::new(move |row| int(values[row]))))
}

fn floats<T: NativeType>(array: &dyn Array, float: fn(T) -> f64) -> Result<Cells<'_>, Fault> {
    let values = typed::<PrimitiveArray<T>>(array)?.values();
    Ok(Cells::Float(Box::new(move |row| float(values[row]))))
}

fn ids(key: IntegerType, array: &dyn Array) -> Result<Cells<'_>, Fault> {
    match_integer_type!(key, |$T| { keyed::<$T>(array) })
}

fn keyed<K: DictionaryKey>(array: &dyn Array) -> Result<Cells<'_>, Fault> {
    let array: &DictionaryArray<K> = typed(array)?;
    let keys = array.keys().values();
    // a key that is no place is beyond every dictionary
    let place = |row: usize| keys[row].try_into().unwrap_or(usize::MAX);
    Ok(Cells::Ids(Box::new(place), array.values().as_ref()))
}

fn typed<A: Array>(array: &dyn Array) -> Result<&A, Fault> {
    let found = array.as_any().downcast_ref();
    found.ok_or_else(|| damaged("an array of another type than the schema says"))
}

fn beyond() -> Fault {
    damaged("an id beyond the dictionary")
}
