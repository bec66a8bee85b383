//! A file with further columns behind its own.

use crate::survey::microdata::{
    Batch, Codebook, Column, ColumnRequest, Error, Source, Variable, View,
};

/// The variables of a file in their order, then new columns of numbers.
pub struct WithColumns<'a> {
    source: &'a dyn Source,
    codebook: Codebook,
    added: Vec<Vec<f64>>,
}

impl<'a> WithColumns<'a> {
    /// The new columns have an entry for each row of the file, in its order; NaN where there is none.
    ///
    /// # Errors
    /// A name that the file has already.
    pub fn new(
        source: &'a dyn Source,
        added: Vec<(Variable, Vec<f64>)>,
    ) -> Result<WithColumns<'a>, Error> {
        let mut codebook = source.codebook().clone();
        let mut columns = Vec::new();
        for (variable, column) in added {
            let name = &variable.name;
            if codebook.variables.iter().any(|other| other.name == *name) {
                return Err(Error::Stopped(format!("two columns are named {name}")));
            }
            codebook.variables.push(variable);
            columns.push(column);
        }
        Ok(WithColumns {
            source,
            codebook,
            added: columns,
        })
    }

    /// The entries of a new column in a batch.
    fn part(&self, at: usize, batch: &Batch) -> Result<Column, Error> {
        let first = usize::try_from(batch.first_row).unwrap_or(usize::MAX);
        let part = self
            .added
            .get(at)
            .and_then(|column| column.get(first..first.saturating_add(batch.rows)));
        match part {
            Some(part) => Ok(Column::Numbers(part.to_vec())),
            None => Err(Error::Stopped(format!(
                "row {} has no entry in a new column",
                first + batch.rows
            ))),
        }
    }
}

/// Where a request is answered.
#[derive(Clone, Copy)]
enum From {
    Source,
    Added(usize),
}

impl Source for WithColumns<'_> {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let own = self.source.codebook().variables.len();
        let mut places = Vec::new();
        let mut passed = Vec::new();
        for request in requests {
            match self.codebook.position(&request.name)?.checked_sub(own) {
                Some(_) if request.view == View::Codes => {
                    return Err(Error::Stopped(format!("{} is numbers", request.name)));
                }
                Some(at) => places.push(From::Added(at)),
                None => {
                    places.push(From::Source);
                    passed.push(request.clone());
                }
            }
        }
        self.source.scan(&passed, &|batch| {
            let mut read = std::mem::take(&mut batch.columns).into_iter();
            for place in &places {
                let column = match place {
                    From::Source => read
                        .next()
                        .ok_or_else(|| Error::Stopped("a column is missing".to_owned()))?,
                    From::Added(at) => self.part(*at, batch)?,
                };
                batch.columns.push(column);
            }
            each(batch)
        })
    }
}
