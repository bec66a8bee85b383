//! The columns of a Parquet schema: which can be read, and as what.

use super::BINARY;
use super::block::Physical;
use super::fault::{Fault, damaged};
use super::shape::Shape;
use super::thrift::{Thrift, truth};
use crate::survey::microdata::parquet::NESTED;

/// A column at the top of the schema.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// Why it can't be read, where it can't.
    pub(super) leaf: Result<Leaf, String>,
    /// Bytes of which the file does not say that they are text.
    pub(super) maybe_text: bool,
}

/// A column of plain values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    /// Its place among the chunks of a row group.
    pub(super) index: usize,
    pub(super) optional: bool,
    pub(super) physical: Physical,
    pub(super) shape: Shape,
}

impl Leaf {
    /// Of numbers that are stored as digits, and may be more than a float has: how many stand behind the point.
    pub(super) fn places(self) -> Option<i32> {
        match self.physical {
            Physical::Float | Physical::Double | Physical::Fixed(2) => None,
            Physical::Int32 => None,
            _ => self.shape.places(),
        }
    }
}

/// A node of the schema, depth first.
#[derive(Default)]
pub(super) struct Element {
    name: Option<String>,
    physical: Option<i64>,
    length: Option<i64>,
    repetition: i64,
    children: u64,
    converted: Option<i64>,
    scale: i64,
    logical: Option<Logical>,
}

/// The logical types that change what a value is.
#[derive(Clone, Copy)]
enum Logical {
    Text,
    Decimal {
        scale: i64,
    },
    Date,
    Time {
        per_second: i64,
    },
    Timestamp {
        per_second: i64,
    },
    Integer {
        signed: bool,
    },
    Uuid,
    Half,
    /// BSON, VARIANT, GEOMETRY, GEOGRAPHY: bytes that are no text.
    Binary,
    Other,
}

impl Element {
    pub(super) fn read(thrift: &mut Thrift) -> Result<Element, Fault> {
        let mut element = Element::default();
        thrift.fields(|thrift, tag| {
            match tag.id {
                1 => element.physical = Some(thrift.int()?),
                2 => element.length = Some(thrift.int()?),
                3 => element.repetition = thrift.int()?,
                4 => element.name = Some(thrift.text()?),
                5 => element.children = thrift.size()?,
                6 => element.converted = Some(thrift.int()?),
                7 => element.scale = thrift.int()?,
                10 => element.logical = logical(thrift)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        match element.name {
            Some(_) => Ok(element),
            None => Err(damaged("a column of the schema has no name")),
        }
    }

    fn field(&self, index: usize) -> Result<Field, Fault> {
        let name = self.name.clone().unwrap_or_default();
        let number = self
            .physical
            .ok_or_else(|| damaged(format!("column {name} has no type")))?;
        let physical = physical(number, self.length)?;
        let leaf = match (self.repetition, self.shape(physical)) {
            (2, _) => Err(NESTED.to_owned()),
            (_, Err(why)) => Err(why),
            (repetition, Ok(shape)) => Ok(Leaf {
                index,
                optional: repetition == 1,
                physical,
                shape,
            }),
        };
        let maybe_text =
            physical == Physical::Bytes && self.logical.or(self.converted_type()).is_none();
        Ok(Field {
            name,
            leaf,
            maybe_text,
        })
    }

    fn shape(&self, physical: Physical) -> Result<Shape, String> {
        let logical = self.logical.or_else(|| self.converted_type());
        Ok(match (physical, logical) {
            (Physical::Truth, _) => Shape::Truth,
            (Physical::Int96, _) => Shape::Moment {
                per_second: 1_000_000_000,
            },
            (Physical::Float | Physical::Double, _) => Shape::Number,
            (Physical::Int32, Some(Logical::Date)) => Shape::Date,
            (Physical::Int32 | Physical::Int64, Some(Logical::Time { per_second })) => {
                Shape::Clock { per_second }
            }
            (Physical::Int64, Some(Logical::Timestamp { per_second })) => {
                Shape::Moment { per_second }
            }
            (Physical::Int32, Some(Logical::Integer { signed: false })) => Shape::Unsigned32,
            (Physical::Int64, Some(Logical::Integer { signed: false })) => Shape::Unsigned64,
            (Physical::Bytes, Some(Logical::Decimal { scale })) => Shape::decimal(scale)?,
            (Physical::Int32 | Physical::Int64, Some(Logical::Decimal { scale })) => {
                Shape::decimal(scale)?
            }
            (Physical::Fixed(length), Some(Logical::Decimal { scale })) if length <= 16 => {
                Shape::decimal(scale)?
            }
            (Physical::Int32 | Physical::Int64, _) => Shape::Number,
            (Physical::Fixed(2), Some(Logical::Half)) => Shape::Number,
            (Physical::Fixed(16), Some(Logical::Uuid)) => Shape::Uuid,
            (Physical::Bytes, Some(Logical::Binary)) => return Err(BINARY.to_owned()),
            (Physical::Bytes, _) | (Physical::Fixed(_), None | Some(Logical::Text)) => Shape::Text,
            (Physical::Fixed(length), Some(Logical::Decimal { .. })) => {
                return Err(format!(
                    "is a decimal of {length} bytes, and 16 are the most"
                ));
            }
            (Physical::Fixed(length), _) => {
                return Err(format!("is binary ({length} bytes each)"));
            }
        })
    }

    /// What older writers say in place of the logical type.
    fn converted_type(&self) -> Option<Logical> {
        Some(match self.converted? {
            // UTF8, ENUM, JSON
            0 | 4 | 19 => Logical::Text,
            5 => Logical::Decimal { scale: self.scale },
            6 => Logical::Date,
            7 => Logical::Time { per_second: 1_000 },
            8 => Logical::Time {
                per_second: 1_000_000,
            },
            9 => Logical::Timestamp { per_second: 1_000 },
            10 => Logical::Timestamp {
                per_second: 1_000_000,
            },
            11..=14 => Logical::Integer { signed: false },
            15..=18 => Logical::Integer { signed: true },
            20 => Logical::Binary,
            _ => Logical::Other,
        })
    }
}

/// The columns at the top, and the number of leaves below them all.
pub(super) fn fields(elements: &[Element]) -> Result<(Vec<Field>, usize), Fault> {
    let (root, mut rest) = elements
        .split_first()
        .ok_or_else(|| damaged("the file has no schema"))?;
    let mut found = Vec::new();
    let mut leaves = 0;
    for _ in 0..root.children {
        let (element, after) = rest.split_first().ok_or(Fault::Cut)?;
        rest = after;
        if element.children == 0 && element.physical.is_some() {
            found.push(element.field(leaves)?);
            leaves += 1;
            continue;
        }
        // leaves that are not read take chunks all the same, and must be counted
        let mut pending = element.children;
        while pending > 0 {
            let (below, after) = rest.split_first().ok_or(Fault::Cut)?;
            rest = after;
            leaves += usize::from(below.physical.is_some());
            pending = (pending - 1).saturating_add(below.children);
        }
        found.push(Field {
            name: element.name.clone().unwrap_or_default(),
            leaf: Err(NESTED.to_owned()),
            maybe_text: false,
        });
    }
    Ok((found, leaves))
}

fn logical(thrift: &mut Thrift) -> Result<Option<Logical>, Fault> {
    let mut found = None;
    thrift.fields(|thrift, tag| {
        found = Some(match tag.id {
            // STRING, ENUM, JSON
            1 | 4 | 12 => Logical::Text,
            5 => {
                let mut scale = 0;
                thrift.fields(|thrift, tag| match tag.id {
                    1 => thrift.int().map(|found| {
                        scale = found;
                        true
                    }),
                    _ => Ok(false),
                })?;
                found = Some(Logical::Decimal { scale });
                return Ok(true);
            }
            6 => Logical::Date,
            7 | 8 => {
                let per_second = unit(thrift)?;
                found = Some(match tag.id {
                    7 => Logical::Time { per_second },
                    _ => Logical::Timestamp { per_second },
                });
                return Ok(true);
            }
            10 => {
                let mut signed = true;
                thrift.fields(|_, tag| {
                    if tag.id == 2 {
                        signed = truth(tag.kind);
                    }
                    Ok(tag.id == 2)
                })?;
                found = Some(Logical::Integer { signed });
                return Ok(true);
            }
            13 | 16..=18 => Logical::Binary,
            14 => Logical::Uuid,
            15 => Logical::Half,
            _ => Logical::Other,
        });
        Ok(false)
    })?;
    Ok(found)
}

/// Parts of a second that a time or timestamp counts.
fn unit(thrift: &mut Thrift) -> Result<i64, Fault> {
    let mut per_second = 1_000;
    thrift.fields(|thrift, tag| {
        if tag.id != 2 {
            return Ok(false);
        }
        thrift.fields(|_, tag| {
            per_second = match tag.id {
                1 => 1_000,
                2 => 1_000_000,
                _ => 1_000_000_000,
            };
            Ok(false)
        })?;
        Ok(true)
    })?;
    Ok(per_second)
}

/// The physical type of a number in the footer.
fn physical(number: i64, length: Option<i64>) -> Result<Physical, Fault> {
    Ok(match number {
        0 => Physical::Truth,
        1 => Physical::Int32,
        2 => Physical::Int64,
        3 => Physical::Int96,
        4 => Physical::Float,
        5 => Physical::Double,
        6 => Physical::Bytes,
        7 => match length.and_then(|length| usize::try_from(length).ok()) {
            Some(length) if length > 0 => Physical::Fixed(length),
            _ => return Err(damaged("a column of fixed length has none")),
        },
        other => return Err(damaged(format!("no physical type has the number {other}"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(element: Element) -> Result<Shape, String> {
        let element = Element {
            name: Some("x".to_owned()),
            ..element
        };
        let leaf = element.field(0).map(|field| field.leaf);
        leaf.unwrap_or_else(|fault| panic!("{fault:?}"))
            .map(|leaf| leaf.shape)
    }

    #[test]
    fn bytes_that_are_no_text_are_not_read_as_text() {
        let bytes = |converted, logical| {
            leaf(Element {
                physical: Some(6),
                converted,
                logical,
                ..Element::default()
            })
        };
        for (converted, logical) in [(Some(20), None), (None, Some(Logical::Binary))] {
            assert_eq!(bytes(converted, logical), Err(BINARY.to_owned()));
        }
        for (converted, logical) in [(Some(0), None), (None, Some(Logical::Text)), (None, None)] {
            assert_eq!(bytes(converted, logical), Ok(Shape::Text));
        }
    }

    #[test]
    fn decimals_that_are_too_long_say_so() {
        let decimal = |length| {
            leaf(Element {
                physical: Some(7),
                length: Some(length),
                logical: Some(Logical::Decimal { scale: 2 }),
                ..Element::default()
            })
        };
        assert!(decimal(16).is_ok());
        let message = decimal(20).unwrap_err();
        assert!(
            message.contains("20 bytes") && !message.contains("binary"),
            "{message}"
        );
    }
}
