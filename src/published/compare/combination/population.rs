use crate::frames::words::nearest;
use crate::tabular::{self, Header, Table};
use std::collections::HashMap;
use std::path::Path;

/// How many people each country has, for a mean that is weighted by them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Population {
    people: HashMap<String, f64>,
    /// What was assumed to read them.
    pub note: Option<String>,
}

const COLUMNS: [&str; 2] = ["country", "population"];

/// What is wrong with a table of populations.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    #[error(transparent)]
    Table(#[from] tabular::Error),
    #[error("the file has no population of {country}: countries stand in it by their codes in ids{}", .near.as_ref().map_or(String::new(), |near| format!("; did you mean {near}?")))]
    Unknown {
        country: String,
        near: Option<String>,
    },
}

impl Population {
    /// Reads a table with the columns country (codes as in ids) and population.
    ///
    /// # Errors
    /// A missing column, a number that is none, a country twice.
    pub fn read(path: &Path, options: &tabular::Options) -> Result<Population, PopulationError> {
        Population::from_table(tabular::read(path, &Header::named(&COLUMNS), options)?)
    }

    /// The same of a text at hand.
    ///
    /// # Errors
    /// As [`Population::read`].
    pub fn parse(text: &str) -> Result<Population, PopulationError> {
        let header = Header::named(&COLUMNS);
        let options = tabular::Options::default();
        Population::from_table(tabular::read_bytes(
            "population",
            text.as_bytes(),
            &header,
            &options,
        )?)
    }

    fn from_table(mut table: Table) -> Result<Population, PopulationError> {
        let (country, column) = (table.need("country")?, table.need("population")?);
        let numbers = table.numbers(column)?;
        let mut people = HashMap::new();
        for (row, number) in numbers.into_iter().enumerate() {
            let count = number
                .map(|number| number.value)
                .filter(|count| *count > 0.0);
            let Some(count) = count else {
                let text = table.text(row, column);
                let message = format!("“{text}” is no number above 0");
                return Err(table.wrong(row, column, message).into());
            };
            let name = table.text(row, country).to_owned();
            if people.contains_key(&name) {
                return Err(table
                    .wrong(row, country, format!("{name} is there twice"))
                    .into());
            }
            people.insert(name, count);
        }
        Ok(Population {
            people,
            note: table.note(),
        })
    }

    /// The people of a country.
    ///
    /// # Errors
    /// A country that the file does not have.
    pub fn people(&self, country: &str) -> Result<f64, PopulationError> {
        self.people.get(country).copied().ok_or_else(|| {
            let known = self.people.keys().map(String::as_str);
            PopulationError::Unknown {
                country: country.to_owned(),
                near: nearest(country, known).map(str::to_owned),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn populations_are_read_by_name() {
        let file = "population,country\n\"51,700,000\",KR\n5_900_000,SG\n";
        let population = Population::parse(file).unwrap();
        assert_eq!(population.people("KR").unwrap(), 51_700_000.0);
        assert!(
            population
                .people("KE")
                .unwrap_err()
                .to_string()
                .contains("KE")
        );
        let spreadsheet =
            Population::parse("Country;Population\nKR;51.700.000\nSG;5,9e6\n").unwrap();
        assert_eq!(spreadsheet.people("KR").unwrap(), 51_700_000.0);
        for (file, said) in [
            ("country,people\nKR,1\n", "no column population"),
            ("country,population\nKR,many\n", "line 2, column population"),
            ("country,population\nKR,0\n", "above 0"),
            ("country,population\nKR,1\nKR,2\n", "twice"),
        ] {
            let error = Population::parse(file).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
