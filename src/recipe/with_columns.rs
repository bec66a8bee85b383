use std::collections::HashMap;

use crate::microdata::{Batch, Codebook, Column, Error, Kind, Request, Source, Variable};

/// A file with columns of numbers beside its own, one entry a row of the file.
pub struct WithColumns<'a> {
    source: &'a dyn Source,
    codebook: Codebook,
    columns: HashMap<String, Vec<f64>>,
}

impl<'a> WithColumns<'a> {
    pub fn new(source: &'a dyn Source, columns: Vec<(String, Vec<f64>)>) -> WithColumns<'a> {
        let mut codebook = source.codebook().clone();
        let new = columns
            .iter()
            .map(|(name, _)| Variable::bare(name, Kind::Number));
        codebook.variables.extend(new);
        WithColumns {
            source,
            codebook,
            columns: columns.into_iter().collect(),
        }
    }
}

impl Source for WithColumns<'_> {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        self.source.rows()
    }

    fn scan(
        &self,
        requests: &[Request],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let added = |request: &Request| self.columns.get(&request.name);
        let own: Vec<Request> = requests
            .iter()
            .filter(|r| added(r).is_none())
            .cloned()
            .collect();
        self.source.scan(&own, &|batch| {
            let first = batch.first_row as usize;
            let mut own = std::mem::take(&mut batch.columns).into_iter();
            let mut columns = Vec::with_capacity(requests.len());
            for request in requests {
                let column = match added(request) {
                    Some(numbers) => numbers
                        .get(first..first + batch.rows)
                        .map(|part| Column::Numbers(part.to_vec())),
                    None => own.next(),
                };
                columns.push(column.ok_or_else(|| {
                    Error::Stopped("the file has changed while it was read".to_owned())
                })?);
            }
            batch.columns = columns;
            each(batch)
        })
    }
}
