//! A file of respondents as plain values, for comparison.

use std::collections::HashMap;
use std::sync::Mutex;

use opine::internals::survey::microdata::{
    Column, ColumnRequest, Error, Kind, Source, Value, View,
};

/// All values of a file, by the codes view.
#[derive(Debug, PartialEq)]
pub struct Table {
    pub names: Vec<String>,
    pub kinds: Vec<Kind>,
    pub rows: Option<u64>,
    pub columns: HashMap<String, Vec<Value>>,
}

/// Reads every variable in the codes view, checking that the batches fit together.
pub fn table(source: &dyn Source) -> Result<Table, Error> {
    let variables = &source.codebook().variables;
    let requests: Vec<ColumnRequest> = variables
        .iter()
        .map(|v| request(&v.name, View::Codes))
        .collect();
    let mut batches = scanned(source, &requests)?;
    let mut columns: HashMap<String, Vec<Value>> = HashMap::new();
    for (_, batch) in &mut batches {
        for (variable, column) in variables.iter().zip(batch.drain(..)) {
            let Column::Codes(coded) = column else {
                panic!("codes were asked");
            };
            let values = (0..coded.codes.len())
                .map(|row| coded.values[coded.codes.get(row) as usize].clone());
            columns
                .entry(variable.name.clone())
                .or_default()
                .extend(values);
        }
    }
    for variable in variables {
        columns.entry(variable.name.clone()).or_default();
    }
    Ok(Table {
        names: variables.iter().map(|v| v.name.clone()).collect(),
        kinds: variables.iter().map(|v| v.kind).collect(),
        rows: source.rows(),
        columns,
    })
}

/// One variable in the numbers view.
pub fn numbers(source: &dyn Source, name: &str) -> Result<Vec<f64>, Error> {
    let mut all = Vec::new();
    for (_, batch) in scanned(source, &[request(name, View::Numbers)])? {
        for column in batch {
            let Column::Numbers(numbers) = column else {
                panic!("numbers were asked");
            };
            all.extend(numbers);
        }
    }
    Ok(all)
}

fn request(name: &str, view: View) -> ColumnRequest {
    ColumnRequest {
        name: name.to_owned(),
        view,
    }
}

type Batches = Vec<(u64, Vec<Column>)>;

fn scanned(source: &dyn Source, requests: &[ColumnRequest]) -> Result<Batches, Error> {
    let batches = Mutex::new(Vec::new());
    source.scan(requests, &|batch| {
        for column in &batch.columns {
            let length = match column {
                Column::Codes(coded) => coded.codes.len(),
                Column::Numbers(numbers) => numbers.len(),
            };
            assert_eq!(length, batch.rows);
        }
        batches.lock().unwrap().push((
            batch.first_row,
            batch.rows,
            std::mem::take(&mut batch.columns),
        ));
        Ok(())
    })?;
    let mut batches = batches.into_inner().unwrap();
    batches.sort_by_key(|(first, ..)| *first);
    let mut next = 0;
    for (first, rows, _) in &batches {
        assert_eq!(*first, next, "batches follow on each other");
        next += *rows as u64;
    }
    if let Some(rows) = source.rows() {
        assert_eq!(rows, next);
    }
    Ok(batches
        .into_iter()
        .map(|(first, _, columns)| (first, columns))
        .collect())
}
