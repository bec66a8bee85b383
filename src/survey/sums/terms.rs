//! What the sums of an item of numbers are called.

use super::plan::ItemPlan;

impl ItemPlan {
    /// The name of each basic: 1, the expressions, the squares.
    pub fn basics(&self) -> Vec<String> {
        match self {
            ItemPlan::Numbers { operands, squares } => {
                let texts = operands.iter().map(|operand| operand.text.clone());
                let squares = squares.iter().filter_map(|at| operands.get(*at));
                let squares = squares.map(|operand| format!("{}^2", operand.text));
                std::iter::once("1".to_owned())
                    .chain(texts)
                    .chain(squares)
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The name of each sum of products z_a z_b, a ≤ b, in the order of [`at`](super::at): that of z_b beside z_0 = 1, else
    /// both with a comma between, which no expression has outside of parentheses.
    pub fn terms(&self) -> Vec<String> {
        let basics = self.basics();
        let pair = |a: usize| {
            let basics = &basics;
            (a..basics.len()).map(move |b| match a {
                0 => basics[b].clone(),
                _ => format!("{}, {}", basics[a], basics[b]),
            })
        };
        (0..basics.len()).flat_map(pair).collect()
    }
}
