//! A design written as a TOML file.

use toml::{Table, Value};

use super::choice::{Lonely, MissingWeights};
use super::spec::Design;

impl Design {
    /// The design as [`Design::from_toml`] reads it; what is at its default is left out.
    ///
    /// ```
    /// use opine::survey::design::Design;
    ///
    /// let design = Design::from_toml("weights = 'pw'\nstrata = ['stype']\nlonely = 'adjust'")?;
    /// assert_eq!(Design::from_toml(&design.to_toml())?, design);
    /// # Ok::<(), opine::survey::design::Error>(())
    /// ```
    pub fn to_toml(&self) -> String {
        let mut table = Table::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                table.insert(key.to_owned(), value);
            }
        };
        put("weights", self.weights.clone().map(Value::from));
        put("strata", list(&self.strata));
        put("psu", list(&self.psu));
        put("fpc", list(&self.fpc));
        put("nest", self.nest.then(|| Value::from(true)));
        let lonely = (self.lonely != Lonely::default()).then(|| self.lonely.name());
        put("lonely", lonely.map(Value::from));
        let missing = self.missing_weights;
        let missing = (missing != MissingWeights::default()).then(|| missing.name());
        put("missing_weights", missing.map(Value::from));
        if let Some(replicates) = &self.replicates {
            put("replicates", Some(Value::from(replicates.columns.clone())));
            put("rep_type", Some(Value::from(replicates.rep_type.name())));
            put("rho", replicates.rho.map(Value::from));
            put("scale", replicates.scale.map(Value::from));
            put("rscales", replicates.rscales.clone().map(Value::from));
            put("mse", replicates.mse.then(|| Value::from(true)));
            let factors = !replicates.combined_weights;
            put("combined_weights", factors.then(|| Value::from(false)));
        }
        put("df", self.df.map(Value::from));
        table.to_string()
    }
}

fn list(names: &[String]) -> Option<Value> {
    (!names.is_empty()).then(|| Value::from(names.to_vec()))
}
