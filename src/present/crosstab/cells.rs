//! Cells as the rows that programs read, with what charts of them say beside.

use crate::frames::{Column, Error, Frame, crosstab_frame};
use crate::present::survey::foot::{design_sentence, weights_sentence};
use crate::survey::crosstab::Crosstab;

/// One row a cell, and behind the columns of [`crosstab_frame`] four that tell of it: `variable_title`, the question as
/// asked; `block_title`, the variable of the column as the codebook has it; `test_p`, the p of the test whether the answers
/// differ by that variable at all; and `sample_design`, weights and design in words.
///
/// # Errors
/// Columns that make no frame.
pub fn cells_frame(crosstab: &Crosstab) -> Result<Frame, Error> {
    let rows = crosstab.estimates();
    let titles = rows.iter().map(|row| {
        let mut blocks = crosstab.blocks.iter();
        let block = blocks.find(|block| block.name == row.block)?;
        block.title.clone()
    });
    let titles: Vec<Option<String>> = titles.collect();
    let questions = rows.iter().map(|row| {
        let mut tables = crosstab.tables.iter();
        tables
            .find(|table| table.number == row.table)?
            .title
            .clone()
    });
    let questions: Vec<Option<String>> = questions.collect();
    let p = rows.iter().map(|row| {
        let mut tables = crosstab.tables.iter();
        let table = tables.find(|table| table.number == row.table)?;
        let mut tests = table.tests.iter();
        let own = tests.find(|(block, _)| table.blocks[*block].name == row.block);
        own.map(|(_, test)| test.p_value)
    });
    let p: Vec<Option<f64>> = p.collect();
    let design = format!(
        "{} {}",
        weights_sentence(&crosstab.design),
        design_sentence(
            &crosstab.design,
            &crosstab.units,
            crosstab.replication.as_ref(),
            crosstab.df
        )
    );
    let design = vec![Some(design); rows.len()];
    let mut columns = crosstab_frame(&rows)?.columns().to_vec();
    columns.push(Column::new("variable_title", questions));
    columns.push(Column::new("block_title", titles));
    columns.push(Column::new("test_p", p));
    columns.push(Column::new("sample_design", design));
    Frame::new(rows.len(), columns)
}
