use crate::frames::words::nearest;
use std::collections::HashMap;

/// How many people each country has, for a mean that is weighted by them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Population {
    people: HashMap<String, f64>,
}

/// What is wrong with a table of populations.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    #[error("the CSV can’t be read: {0}")]
    Csv(#[from] csv::Error),
    #[error("there is no column {0}: the file has the columns country and population")]
    Column(&'static str),
    #[error("line {line}, column population: “{text}” is no number above 0")]
    Number { line: u64, text: String },
    #[error("line {line}, column country: {country} is there twice")]
    Twice { line: u64, country: String },
    #[error("the file has no population of {country}{}", .near.as_ref().map_or(String::new(), |near| format!("; did you mean {near}?")))]
    Unknown {
        country: String,
        near: Option<String>,
    },
}

impl Population {
    /// Reads a CSV with the columns country (codes as in ids) and population.
    ///
    /// # Errors
    /// A missing column, a number that is none, a country twice.
    pub fn parse(text: &str) -> Result<Population, PopulationError> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let names = reader.headers()?.clone();
        let place = |wanted: &'static str| {
            let found = names
                .iter()
                .position(|name| name.eq_ignore_ascii_case(wanted));
            found.ok_or(PopulationError::Column(wanted))
        };
        let (country, population) = (place("country")?, place("population")?);
        let mut people = HashMap::new();
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, |position| position.line());
            let cell = |place: usize| record.get(place).unwrap_or("").to_owned();
            let text = cell(population);
            let count: f64 = match text.replace([',', '_'], "").parse() {
                Ok(count) if count > 0.0 && f64::is_finite(count) => count,
                _ => return Err(PopulationError::Number { line, text }),
            };
            let country = cell(country);
            if people.insert(country.clone(), count).is_some() {
                return Err(PopulationError::Twice { line, country });
            }
        }
        Ok(Population { people })
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
        for (file, said) in [
            ("country,people\nKR,1\n", "no column population"),
            ("country,population\nKR,many\n", "line 2"),
            ("country,population\nKR,0\n", "above 0"),
            ("country,population\nKR,1\nKR,2\n", "twice"),
        ] {
            let error = Population::parse(file).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
