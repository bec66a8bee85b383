//! How alike two groups are: standardised differences of the means of all variables.

use crate::statistics::special::Sum;
use crate::survey::design::Design;
use crate::survey::estimate::{Error, Filter, Group, has_levels};
use crate::survey::expr::{Expr, Node};
use crate::survey::microdata::Source;
use crate::survey::sample::{
    ColumnKind, ColumnRequest, Entries, Sample, SampleColumn, SampleRequest,
};

/// A variable, or one of its levels, in both groups.
#[derive(Clone, Debug, PartialEq)]
pub struct BalanceRow {
    pub variable: String,
    /// `None` of a number.
    pub level: Option<String>,
    /// Of each group: weighted mean, standard deviation, respondents.
    pub groups: [GroupSpread; 2],
    /// (m₂ − m₁)/√((s₁² + s₂²)/2); `None` where neither group varies.
    pub smd: Option<f64>,
}

/// What one group has of a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GroupSpread {
    pub mean: f64,
    pub sd: f64,
    pub n: u64,
}

/// All variables between two groups.
pub struct Balance {
    pub group: String,
    pub levels: [String; 2],
    pub rows: Vec<BalanceRow>,
    /// Variables with too many levels to be compared.
    pub left_out: Vec<String>,
    pub design: Design,
    pub warnings: Vec<String>,
    pub notes: Vec<String>,
}

/// A text of more levels than this is no variable to compare.
const MOST_LEVELS: usize = 30;

/// Compares all variables of a file between two groups.
///
/// s² = Σ w (y − m)²/W n/(n − 1) within the group, of the respondents with an answer; a level is compared by its 0 and 1.
///
/// R: `svymean` and `svyvar` in each group, or `tableone::svyCreateTableOne(smd = TRUE)`. Source: P. C. Austin, "Balance
/// diagnostics for comparing the distribution of baseline covariates", Statistics in Medicine 28 (2009).
///
/// # Errors
/// A grouping that does not have two groups; what the file or the design says.
pub fn balance(
    source: &dyn Source,
    design: &Design,
    group: &Group,
    filter: Option<Filter>,
) -> Result<Balance, Error> {
    let codebook = source.codebook();
    let of_design: Vec<&String> = design
        .weights
        .iter()
        .chain(&design.strata)
        .chain(&design.psu)
        .chain(&design.fpc)
        .collect();
    let names = codebook.variables.iter().map(|variable| &variable.name);
    let replicates = design.replicates.as_ref();
    let is_replicate = |name: &str| {
        let regex = replicates.and_then(|of| regex_lite::Regex::new(&of.columns).ok());
        regex.is_some_and(|regex| regex.is_match(name))
    };
    let mut columns = vec![ColumnRequest {
        text: group.name.clone(),
        expr: group.expr.clone(),
        kind: ColumnKind::Levels,
    }];
    for name in names.filter(|name| !of_design.contains(name) && !is_replicate(name)) {
        let expr = Expr {
            node: Node::Name(name.clone()),
            span: 0..name.len(),
        };
        if expr == group.expr {
            continue;
        }
        columns.push(ColumnRequest {
            text: name.clone(),
            kind: match has_levels(&expr, codebook) {
                true => ColumnKind::Levels,
                false => ColumnKind::Numbers,
            },
            expr,
        });
    }
    let request = SampleRequest {
        filter,
        weights: None,
        keeps_rows: true,
    };
    let sample = Sample::read(source, design, columns, &request)?;
    let Some((by, variables)) = sample.columns.split_first() else {
        return Err(Error::Request("nothing to compare".to_owned()));
    };
    let mut codes: Vec<u32> = sample
        .complete(&[0])
        .iter()
        .map(|row| by.code(*row as usize))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let [first, second] = codes.as_slice() else {
        let names: Vec<&str> = codes
            .iter()
            .filter_map(|code| by.names().get(*code as usize))
            .map(String::as_str)
            .collect();
        let hint = match names.as_slice() {
            [one, _, ..] => format!(
                "; --where chooses two of them, and --balance \"{} == '{one}'\" takes one against the others",
                group.name
            ),
            _ => String::new(),
        };
        return Err(Error::Request(format!(
            "--balance {}: it compares two groups, and there are {} ({}){hint}",
            group.name,
            names.len(),
            names.join(", ")
        )));
    };
    let members = [*first, *second].map(|code| {
        let rows = 0..sample.count();
        rows.filter(|row| by.code(*row) == code)
            .collect::<Vec<usize>>()
    });
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for variable in variables {
        match &variable.entries {
            Entries::Numbers(numbers) => {
                rows.push(compared(&sample, variable, None, &members, &|row| {
                    numbers[row]
                }));
            }
            Entries::Levels { names, .. } if names.len() > MOST_LEVELS => {
                left_out.push(variable.text.clone());
            }
            Entries::Levels { names, codes, .. } => {
                for (level, name) in names.iter().enumerate() {
                    let value = |row: usize| match variable.is_known(row) {
                        true => f64::from(u8::from(codes[row] as usize == level)),
                        false => f64::NAN,
                    };
                    rows.push(compared(
                        &sample,
                        variable,
                        Some(name.clone()),
                        &members,
                        &value,
                    ));
                }
            }
        }
    }
    let level = |code: &u32| by.names().get(*code as usize).cloned().unwrap_or_default();
    Ok(Balance {
        group: group.name.clone(),
        levels: [level(first), level(second)],
        rows,
        left_out,
        design: sample.design.clone(),
        warnings: sample.warnings.clone(),
        notes: sample.notes.clone(),
    })
}

fn compared(
    sample: &Sample,
    variable: &SampleColumn,
    level: Option<String>,
    members: &[Vec<usize>; 2],
    value: &dyn Fn(usize) -> f64,
) -> BalanceRow {
    let groups = [0, 1].map(|at: usize| {
        let rows = members[at]
            .iter()
            .copied()
            .filter(|row| !value(*row).is_nan());
        let rows: Vec<usize> = rows.collect();
        let (mut total, mut sum) = (Sum::ZERO, Sum::ZERO);
        for row in &rows {
            total.add(sample.weight[*row]);
            sum.add_sum(Sum::product(sample.weight[*row], value(*row)));
        }
        let mean = (sum / total).value();
        let mut squares = Sum::ZERO;
        for row in &rows {
            squares.add(sample.weight[*row] * (value(*row) - mean).powi(2));
        }
        let n = rows.len() as f64;
        GroupSpread {
            mean,
            sd: ((squares / total).value() * n / (n - 1.0)).sqrt(),
            n: rows.len() as u64,
        }
    });
    let [one, other] = groups;
    let spread = (f64::midpoint(one.sd * one.sd, other.sd * other.sd)).sqrt();
    BalanceRow {
        variable: variable.text.clone(),
        level,
        smd: (spread > 0.0).then(|| (other.mean - one.mean) / spread),
        groups,
    }
}
