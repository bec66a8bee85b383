use super::Error;
use super::columns::Columns;
use super::margin::did_you_mean;

/// Columns with the total of each in the population.
#[derive(Clone, Debug, PartialEq)]
pub struct Auxiliaries {
    pub(super) columns: Columns,
    pub(super) totals: Vec<f64>,
}

impl Auxiliaries {
    /// Totals in the order of the columns.
    ///
    /// Errors: another number of totals than of columns; a total that is not finite.
    pub fn new(columns: Columns, totals: Vec<f64>) -> Result<Auxiliaries, Error> {
        if totals.len() != columns.len() {
            return Err(Error::TotalCount {
                columns: columns.len(),
                totals: totals.len(),
            });
        }
        if let Some(place) = totals.iter().position(|total| !total.is_finite()) {
            return Err(Error::AuxiliaryTotal {
                auxiliary: columns.names().swap_remove(place),
                total: totals[place],
            });
        }
        Ok(Auxiliaries { columns, totals })
    }

    /// Totals by the names of the columns.
    ///
    /// Errors: a column without a total, a total without a column, two totals of one name, a total that is not finite.
    pub fn named(columns: Columns, totals: &[(String, f64)]) -> Result<Auxiliaries, Error> {
        let names = columns.names();
        if let Some((given, _)) = totals.iter().find(|(given, _)| !names.contains(given)) {
            return Err(Error::UnknownAuxiliary {
                given: given.clone(),
                hint: did_you_mean(given, &names),
            });
        }
        let mut in_order = Vec::with_capacity(names.len());
        for name in names {
            let mut own = totals.iter().filter(|(given, _)| *given == name);
            match (own.next(), own.next()) {
                (Some((_, total)), None) => in_order.push(*total),
                (None, _) => return Err(Error::NoTotal(name)),
                (Some(_), Some(_)) => return Err(Error::TotalTwice(name)),
            }
        }
        Auxiliaries::new(columns, in_order)
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The totals, in the order of the columns.
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }
}
