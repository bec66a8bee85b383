//! Respondents in columns that belong to another program: read where they are, a batch at a time.

use std::sync::{Arc, OnceLock};

use super::memory::{BATCH, as_numbers, coded, narrowed};
use super::{
    Batch, Codebook, Coded, Column, ColumnRequest, Error, Kind, Source, Value, Variable, View,
};

/// Columns that stay where they are: those of a data frame of another library, of a database in memory.
///
/// Nothing is copied but a batch at a time, of the columns that are asked for. Rows are counted from 0.
pub trait LentColumns: Send + Sync {
    /// How many rows every column has.
    fn rows(&self) -> usize;

    /// The columns in their order: name and what they hold.
    fn columns(&self) -> Vec<(String, LentKind)>;

    /// Columns that are there beside them and can’t be read: name, and why, as in "is nested". A note names them, and asking for one
    /// is an error that says so.
    fn unread(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// The numbers of a column that holds [numbers](LentKind::Number), [dates](LentKind::Date) or
    /// [times](LentKind::DateTime) from a row on: as many as there is room for, NaN where nothing was recorded.
    fn numbers(&self, column: usize, from: usize, out: &mut [f64]);

    /// The texts that the codes of a column of [texts](LentKind::Text) or of a [scale](LentKind::Scale) stand for, `None` for nothing. It may take a pass over
    /// the column: it is asked once.
    fn texts(&self, column: usize) -> Vec<Option<String>>;

    /// The codes of such a column from a row on: places among its texts.
    fn codes(&self, column: usize, from: usize, out: &mut [u32]);
}

/// What a lent column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LentKind {
    /// Numbers.
    Number,
    /// Days since 1 January 1970.
    Date,
    /// Seconds since then.
    DateTime,
    /// Texts.
    Text,
    /// Texts that are the answers of a scale, all of them and in its order.
    Scale,
}

/// Lent columns as a file of respondents.
pub struct Lent<C> {
    columns: C,
    codebook: Codebook,
    /// Of each column of texts that was asked for.
    texts: Vec<OnceLock<Arc<Vec<Value>>>>,
}

impl<C: LentColumns> Lent<C> {
    pub fn new(columns: C) -> Lent<C> {
        let kind = |kind| match kind {
            LentKind::Number => Kind::Number,
            LentKind::Date => Kind::Date,
            LentKind::DateTime => Kind::DateTime,
            LentKind::Text | LentKind::Scale => Kind::Text,
        };
        let variables = columns.columns().into_iter().enumerate();
        let variables = variables.map(|(at, (name, of))| {
            let mut variable = Variable::bare(&name, kind(of));
            if of == LentKind::Scale {
                let answers = columns.texts(at).into_iter().flatten();
                let label = |text: String| (Value::Text(text.clone()), text);
                variable.labels = answers.map(label).collect();
            }
            variable
        });
        let codebook = Codebook {
            variables: variables.collect(),
            unread: columns.unread(),
            ..Codebook::default()
        };
        Lent {
            texts: codebook.variables.iter().map(|_| OnceLock::new()).collect(),
            columns,
            codebook,
        }
    }

    fn column(&self, at: usize, view: View, from: usize, rows: usize) -> Result<Column, Error> {
        let (Some(variable), Some(texts)) = (self.codebook.variables.get(at), self.texts.get(at))
        else {
            return Err(Error::Stopped("a column is missing".to_owned()));
        };
        if variable.kind != Kind::Text {
            let mut numbers = vec![f64::NAN; rows];
            self.columns.numbers(at, from, &mut numbers);
            return Ok(match view {
                View::Numbers => Column::Numbers(numbers),
                View::Codes => Column::Codes(coded(variable.kind, &numbers)),
            });
        }
        let values = texts.get_or_init(|| {
            let texts = self.columns.texts(at).into_iter();
            Arc::new(
                texts
                    .map(|text| text.map_or(Value::Null, Value::Text))
                    .collect(),
            )
        });
        let mut codes = vec![0; rows];
        self.columns.codes(at, from, &mut codes);
        if let Some(code) = codes.iter().find(|code| **code as usize >= values.len()) {
            return Err(Error::Stopped(format!(
                "{}: code {code} stands for none of its {} values",
                variable.name,
                values.len()
            )));
        }
        Ok(match view {
            View::Codes => Column::Codes(Coded {
                codes: narrowed(&codes, values.len()),
                values: Arc::clone(values),
            }),
            View::Numbers => Column::Numbers(as_numbers(variable, &codes, values)?),
        })
    }
}

impl<C: LentColumns> Source for Lent<C> {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        Some(self.columns.rows() as u64)
    }

    fn notes(&self) -> Vec<String> {
        self.codebook.note_of_unread().into_iter().collect()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        use rayon::prelude::*;
        let asked = requests
            .iter()
            .map(|request| Ok((self.codebook.position(&request.name)?, request.view)))
            .collect::<Result<Vec<(usize, View)>, Error>>()?;
        let all = self.columns.rows();
        (0..all.div_ceil(BATCH))
            .into_par_iter()
            .try_for_each(|batch| {
                let from = batch * BATCH;
                let rows = BATCH.min(all - from);
                let columns = asked
                    .iter()
                    .map(|(at, view)| self.column(*at, *view, from, rows))
                    .collect::<Result<Vec<Column>, Error>>()?;
                each(&mut Batch {
                    first_row: from as u64,
                    rows,
                    columns,
                })
            })
    }
}
