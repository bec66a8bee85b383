use super::error::Error;
use super::pairwise::id;
use super::request::Request;
use super::run::Answer;
use crate::survey::design::Design;

/// The covariances of all rows of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariance {
    /// Item, level and domain of each row.
    pub labels: Vec<String>,
    /// Row by row; `None` where a row has no estimate or no scores, as a quantile.
    pub values: Vec<Vec<Option<f64>>>,
}

/// A matrix of more rows than this is a slip.
const MOST: usize = 5_000;

impl Covariance {
    /// Made from the scores of the rows. Where rows are drawn one by one the answer has to be made with
    /// [`Options::covariance`](super::Options), which keeps each respondent.
    ///
    /// R: `vcov(svyby(..., covmat = TRUE))`.
    ///
    /// # Errors
    /// More rows than a matrix is made of.
    pub fn of(answer: &Answer, design: &Design, request: &Request) -> Result<Covariance, Error> {
        let count = answer.rows.len();
        if count > MOST {
            return Err(Error::Asked(format!(
                "a covariance matrix of {count} rows: at most {MOST} are made"
            )));
        }
        let variance = answer.variance(design);
        let mut values = vec![vec![None; count]; count];
        for (at, one) in answer.scores.iter().enumerate() {
            for (beside, other) in answer.scores.iter().enumerate().take(at + 1) {
                if let Some((one, other)) = one.as_ref().zip(other.as_ref()) {
                    let found = match at == beside {
                        true => variance.of(one),
                        false => variance.covariance(one, other),
                    };
                    let found = Some(found).filter(|value| value.is_finite());
                    values[at][beside] = found;
                    values[beside][at] = found;
                }
            }
        }
        let labels = (0..count).map(|at| id(answer, request, at)).collect();
        Ok(Covariance { labels, values })
    }

    /// As CSV: the labels in the head and before each row, an empty field for what is not known.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn to_csv(&self) -> Result<String, Error> {
        let wrong = |error: &dyn std::fmt::Display| Error::Asked(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = std::iter::once("").chain(self.labels.iter().map(String::as_str));
        writer.write_record(head).map_err(|error| wrong(&error))?;
        for (label, row) in self.labels.iter().zip(&self.values) {
            let numbers = row.iter().map(|value| match value {
                Some(value) => value.to_string(),
                None => String::new(),
            });
            let fields = std::iter::once(label.clone()).chain(numbers);
            writer.write_record(fields).map_err(|error| wrong(&error))?;
        }
        let bytes = writer.into_inner().map_err(|error| wrong(&error))?;
        String::from_utf8(bytes).map_err(|error| wrong(&error))
    }
}
