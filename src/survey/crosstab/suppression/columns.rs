//! Which columns of a banner add up to which.

use std::ops::Range;

use crate::survey::crosstab::Crosstab;

/// The columns of all tables, the total first, and behind them one for all of each block.
pub struct Columns {
    pub count: usize,
    pub blocks: Vec<Range<usize>>,
    sums: Vec<ColumnSum>,
    /// The same with the columns of whole blocks.
    with_blocks: Vec<ColumnSum>,
}

/// Columns that add up to another one.
#[derive(Clone)]
pub struct ColumnSum {
    pub parts: Vec<usize>,
    pub whole: usize,
    pub kind: SumKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SumKind {
    /// The whole is no more than its parts.
    Exact,
    /// There may be respondents in none of the parts.
    Within,
    /// Parts that share respondents, and others may be in none.
    Overlap,
    /// Parts that share respondents, and all are in one of them.
    Cover,
}

impl Columns {
    pub fn new(crosstab: &Crosstab) -> Columns {
        let count = crosstab.columns.len();
        let mut columns = Columns {
            count,
            blocks: crosstab
                .blocks
                .iter()
                .map(|block| block.columns.clone())
                .collect(),
            sums: Vec::new(),
            with_blocks: Vec::new(),
        };
        columns.add_nets(crosstab);
        columns.add_blocks(crosstab);
        columns.add_nested(crosstab);
        columns
    }

    /// The place of the column of a whole block.
    pub fn of_block(&self, block: usize) -> usize {
        self.count + block
    }

    /// With the columns of whole blocks, or without them.
    pub fn sums(&self, with_blocks: bool) -> &[ColumnSum] {
        match with_blocks {
            true => &self.with_blocks,
            false => &self.sums,
        }
    }

    fn add(&mut self, sum: ColumnSum) {
        self.with_blocks.push(sum.clone());
        self.sums.push(sum);
    }

    fn add_nets(&mut self, crosstab: &Crosstab) {
        for (whole, column) in crosstab.columns.iter().enumerate() {
            if !column.net {
                continue;
            }
            let overlapping = column
                .block
                .is_some_and(|at| crosstab.blocks[at].overlapping);
            self.add(ColumnSum {
                parts: column.sum_of.clone(),
                whole,
                kind: match overlapping {
                    true => SumKind::Cover,
                    false => SumKind::Exact,
                },
            });
        }
    }

    fn add_blocks(&mut self, crosstab: &Crosstab) {
        for (at, block) in crosstab.blocks.iter().enumerate() {
            let parts = plain(crosstab, at);
            let whole = self.of_block(at);
            self.with_blocks.push(ColumnSum {
                parts: parts.clone(),
                whole,
                kind: match block.overlapping {
                    true => SumKind::Overlap,
                    false => SumKind::Exact,
                },
            });
            self.with_blocks.push(ColumnSum {
                parts: vec![whole],
                whole: 0,
                kind: SumKind::Within,
            });
            self.sums.push(ColumnSum {
                parts,
                whole: 0,
                kind: match block.overlapping {
                    true => SumKind::Overlap,
                    false => SumKind::Within,
                },
            });
        }
    }

    /// Columns of several variables lie within those of fewer, and within those of the same in another order.
    fn add_nested(&mut self, crosstab: &Crosstab) {
        let blocks = &crosstab.blocks;
        let factors = |at: usize| -> Vec<String> {
            let part = crosstab.request.banner.get(at);
            part.map_or_else(Vec::new, |part| {
                part.factors.iter().map(ToString::to_string).collect()
            })
        };
        for inner in (0..blocks.len()).filter(|at| !blocks[*at].overlapping) {
            let own = factors(inner);
            for outer in (0..blocks.len()).filter(|at| *at != inner && !blocks[*at].overlapping) {
                let of_outer = factors(outer);
                let places = of_outer
                    .iter()
                    .map(|factor| own.iter().position(|of| of == factor));
                let Some(places) = places.collect::<Option<Vec<usize>>>() else {
                    continue;
                };
                for whole in plain(crosstab, outer) {
                    let lies_within = |column: &usize| {
                        let parts = &crosstab.columns[*column].parts;
                        let outer = places.iter().map(|place| parts.get(*place));
                        outer.eq(crosstab.columns[whole].parts.iter().map(Some))
                    };
                    self.add(ColumnSum {
                        parts: plain(crosstab, inner)
                            .into_iter()
                            .filter(lies_within)
                            .collect(),
                        whole,
                        kind: SumKind::Within,
                    });
                }
                self.with_blocks.push(ColumnSum {
                    parts: vec![self.of_block(inner)],
                    whole: self.of_block(outer),
                    kind: SumKind::Within,
                });
            }
        }
    }
}

/// The columns of a block that are no nets.
fn plain(crosstab: &Crosstab, block: usize) -> Vec<usize> {
    let columns = crosstab.blocks[block].columns.clone();
    columns.filter(|at| !crosstab.columns[*at].net).collect()
}
