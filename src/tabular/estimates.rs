//! Estimates of any program, with the columns of ours.

use super::error::Error;
use super::header::key;
use super::table::Table;
use crate::frames::{Column, Estimates, FIXED_COLUMNS, Frame, ROUNDING_COLUMNS};

/// Fixed columns that hold texts; the others hold numbers.
const TEXTS: [&str; 6] = ["source", "variable", "level", "statistic", "flags", "note"];

impl Table {
    /// The rows as estimates: fixed columns by their names in any case, any other column a group. An empty cell is null.
    ///
    /// # Errors
    /// A number that is none; a row without a variable.
    pub fn to_estimates(&mut self) -> Result<Estimates, Error> {
        let fixed = |name: &str| {
            let all = FIXED_COLUMNS.iter().chain(&ROUNDING_COLUMNS);
            all.copied().find(|fixed| key(fixed) == key(name))
        };
        let mut columns = Vec::new();
        for (at, name) in self.names().to_vec().into_iter().enumerate() {
            if name.is_empty() {
                continue;
            }
            let fixed = fixed(&name);
            if fixed.is_some() {
                self.need(&name)?;
            }
            columns.push(match fixed {
                Some(fixed) if !TEXTS.contains(&fixed) => {
                    let numbers = self.numbers(at)?;
                    let values = numbers
                        .into_iter()
                        .map(|number| number.map(|number| number.value));
                    Column::new(fixed, values.collect::<Vec<Option<f64>>>())
                }
                _ => {
                    let texts = (0..self.len()).map(|row| self.text(row, at).to_owned());
                    let texts = texts.map(|text| Some(text).filter(|text| !text.is_empty()));
                    let name = fixed.unwrap_or(&name);
                    Column::new(name, texts.collect::<Vec<Option<String>>>())
                }
            });
        }
        let frame = Frame::new(self.len(), columns).map_err(|error| error.to_string());
        let estimates =
            frame.and_then(|frame| Estimates::from_frame(frame).map_err(|error| error.to_string()));
        estimates.map_err(|message| self.whole(message))
    }
}
