//! Rows that miss an answer and are left out before the design is set.

use super::columns::{codes_of, missing_codes};
use super::plan::{ItemPlan, Operand, Plan};
use crate::survey::expr::Output;
use crate::survey::microdata::Batch;

/// A batch of which rows may be left out.
pub struct Rows<'b> {
    incomplete: Option<Vec<bool>>,
    from: &'b Batch,
    /// The rows that are kept, where some are not.
    pub batch: Option<Batch>,
}

impl<'b> Rows<'b> {
    pub fn of(plan: &Plan, batch: &'b Batch) -> Rows<'b> {
        Rows {
            incomplete: plan.drop_incomplete.then(|| incomplete(plan, batch)),
            from: batch,
            batch: None,
        }
    }

    /// Leaves the incomplete rows out, and says how many there were.
    pub fn leave_out(&mut self) -> u64 {
        let Some(incomplete) = &self.incomplete else {
            return 0;
        };
        let left_out = incomplete.iter().filter(|out| **out).count();
        if left_out > 0 {
            let kept: Vec<usize> = (0..self.from.rows)
                .filter(|row| !incomplete[*row])
                .collect();
            self.batch = Some(self.from.select(&kept));
        }
        left_out as u64
    }
}

/// Which rows miss an answer to any of the items.
fn incomplete(plan: &Plan, batch: &Batch) -> Vec<bool> {
    let mut incomplete = vec![false; batch.rows];
    let mut numbers = |operand: &Operand| {
        if let Output::Numbers(numbers) = operand.run(batch) {
            let rows = incomplete.iter_mut().zip(numbers.iter());
            rows.for_each(|(out, number)| *out |= number.is_nan());
        }
    };
    for item in &plan.items {
        match item {
            ItemPlan::Numbers { operands, .. } => operands.iter().for_each(&mut numbers),
            ItemPlan::Values { operand, .. } | ItemPlan::AtMost { operand, .. } => numbers(operand),
            ItemPlan::Levels { .. } => {}
        }
    }
    for item in &plan.items {
        if let ItemPlan::Levels {
            operand, missing, ..
        } = item
        {
            let coded = codes_of(operand.run(batch));
            let gone = missing_codes(&coded, missing);
            for (row, out) in incomplete.iter_mut().enumerate() {
                *out |= gone[coded.codes.get(row) as usize];
            }
        }
    }
    incomplete
}
