//! Options and keys of a design that change nothing of what is asked.
//!
//! A flag that can’t have an effect, whatever the data hold, is refused; a key of a design file is a note. What found nothing to
//! do in these data is a note, too.

use super::DesignArgs;
use crate::cli::failure::Failure;
use crate::cli::streams::Session;
use crate::survey::design::{Design, DesignUse, Lonely, MissingWeights, NamedParts, Replicates};

impl DesignArgs {
    /// Flags that say something of units, weights or replicates of which the design has none.
    pub fn refuse_no_effect(&self, design: &Design) -> Result<(), Failure> {
        let named = NamedParts {
            lonely: self.lonely.is_some(),
            missing_weights: self.missing_weights.is_some(),
            nest: self.nest,
            rho: self.rho.is_some(),
        };
        match design.idle_parts(named).first() {
            Some((key, why)) => {
                let option = format!("--{}", key.replace('_', "-"));
                Err(Failure::no_effect(&option, why))
            }
            None => Ok(()),
        }
    }

    /// Keys of the design file that flags go before, or that change nothing beside the others.
    pub(super) fn note_idle_keys(&self, in_file: &Design, design: &Design, session: &Session) {
        let Some(path) = &self.design else {
            return;
        };
        let note = |key: &str, why: &str| {
            let path = path.display();
            session.note(&format!("{path}: {key} has no effect: {why}"));
        };
        if *in_file == Design::default() {
            session.note(&format!("{}: it says nothing of a design", path.display()));
        }
        for (key, flag) in self.keys_before(in_file) {
            note(key, &format!("{flag} goes before it"));
        }
        let in_file = in_file.named_parts();
        let named = NamedParts {
            lonely: in_file.lonely && self.lonely.is_none(),
            missing_weights: in_file.missing_weights && self.missing_weights.is_none(),
            nest: in_file.nest && !self.nest,
            rho: in_file.rho && self.rho.is_none(),
        };
        for (key, why) in design.idle_parts(named) {
            note(key, why);
        }
    }

    /// Keys of the file in the place of which a flag stands.
    fn keys_before(&self, in_file: &Design) -> Vec<(&'static str, &'static str)> {
        let replicates = in_file.replicates.as_ref();
        let in_replicates = |is: fn(&Replicates) -> bool| replicates.is_some_and(is);
        // with --replicates the others are those of the flags, too
        let all = self.replicates.is_some();
        let keys = [
            (
                in_file.weights.is_some(),
                self.weights.is_some(),
                "weights",
                "--weights",
            ),
            (
                !in_file.strata.is_empty(),
                !self.strata.is_empty(),
                "strata",
                "--strata",
            ),
            (
                !in_file.psu.is_empty(),
                !self.psu.is_empty(),
                "psu",
                "--psu",
            ),
            (
                !in_file.fpc.is_empty(),
                !self.fpc.is_empty(),
                "fpc",
                "--fpc",
            ),
            (in_file.nest, self.nest, "nest", "--nest"),
            (
                in_file.lonely != Lonely::default(),
                self.lonely.is_some(),
                "lonely",
                "--lonely",
            ),
            (
                in_file.missing_weights != MissingWeights::default(),
                self.missing_weights.is_some(),
                "missing_weights",
                "--missing-weights",
            ),
            (in_file.df.is_some(), self.df.is_some(), "df", "--df"),
            (replicates.is_some(), all, "replicates", "--replicates"),
            (
                !all && replicates.is_some(),
                self.rep_type.is_some(),
                "rep_type",
                "--rep-type",
            ),
            (
                !all && in_replicates(|replicates| replicates.rho.is_some()),
                self.rho.is_some(),
                "rho",
                "--rho",
            ),
            (
                !all && in_replicates(|replicates| replicates.scale.is_some()),
                self.scale.is_some(),
                "scale",
                "--scale",
            ),
            (
                !all && in_replicates(|replicates| replicates.rscales.is_some()),
                !self.rscales.is_empty(),
                "rscales",
                "--rscales",
            ),
            (
                !all && in_replicates(|replicates| replicates.mse.is_some()),
                self.mse.is_some(),
                "mse",
                "--mse",
            ),
        ];
        let keys = keys
            .into_iter()
            .filter(|(in_file, flag, ..)| *in_file && *flag);
        keys.map(|(_, _, key, flag)| (key, flag)).collect()
    }

    /// Keys of a design file that are about errors, where none are worked out.
    pub fn note_no_errors(&self, design: &Design, why: &str, session: &Session) {
        let Some(path) = &self.design else {
            return;
        };
        // without weights they are made of the fpc, by stratum and PSU
        let makes_weights = design.weights.is_none() && !design.fpc.is_empty();
        let keys = [
            (!design.strata.is_empty() && !makes_weights, "strata"),
            (!design.psu.is_empty() && !makes_weights, "psu"),
            (!design.fpc.is_empty() && !makes_weights, "fpc"),
            (design.nest && !makes_weights, "nest"),
            (design.lonely != Lonely::default(), "lonely"),
            (design.df.is_some(), "df"),
        ];
        for (_, key) in keys.into_iter().filter(|(is, _)| *is) {
            session.note(&format!("{}: {key} has no effect: {why}", path.display()));
        }
    }

    /// What found nothing to do in these data.
    pub fn note_unused(&self, data: DesignUse, session: &Session) {
        let notes = [
            (
                self.lonely.is_some() && !data.lonely,
                "--lonely changes nothing: no stratum has one PSU",
            ),
            (
                self.missing_weights.is_some() && !data.missing_weights,
                "--missing-weights changes nothing: every respondent has a weight",
            ),
            (
                self.nest && !data.nest,
                "--nest changes nothing: no PSU label stands in two strata",
            ),
        ];
        for (_, note) in notes.into_iter().filter(|(is, _)| *is) {
            session.note(note);
        }
    }
}
