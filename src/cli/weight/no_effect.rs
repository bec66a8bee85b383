//! Options of `weight` that have no effect on what is asked are refused.

use std::path::Path;

use super::{Args, is_parquet};
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::survey::design::Design;
use crate::survey::weighting::LimitUnit;
use crate::survey::weighting::recipe::{Recipe, Step};

/// What can be told before the file is read.
pub fn refuse_no_effect(
    args: &Args,
    (recipe, design): (&Recipe, &Design),
    to: Option<&Path>,
    format: Format,
) -> Result<(), Failure> {
    let steps = &args.steps;
    steps.refuse_without_step()?;
    let has = |is: fn(&Step) -> bool| recipe.steps.iter().any(is);
    let at_once = has(|step| matches!(step, Step::Poststratify(_)));
    let rules = [
        (
            steps.iterations.is_some() && at_once,
            "--iterations",
            "poststratification meets its targets at once",
        ),
        (
            steps.tolerance.is_some() && at_once,
            "--tolerance",
            "poststratification meets its targets at once",
        ),
        (
            // bounds that are weights stand on the scale of the population
            steps.population.is_some()
                && has(|step| matches!(step, Step::Normalise(_)))
                && !has(
                    |step| matches!(step, Step::Trim { limits, .. } if limits.unit == LimitUnit::Weight),
                ),
            "--population",
            "--normalise scales the weights at the end",
        ),
        (
            steps.strict && !has(|step| step.targets().is_some()),
            "--strict",
            "there are no targets to weight to in turn",
        ),
        (
            args.raking_variance.is_some() && !has(|step| matches!(step, Step::Rake { .. })),
            "--raking-variance",
            "nothing is raked",
        ),
        (
            args.raking_variance.is_some()
                && (steps.make_replicates.is_some() || design.replicates.is_some()),
            "--raking-variance",
            "each replicate is raked",
        ),
        (
            steps.make_replicates.is_some() && args.design.is_lonely_named(),
            "--lonely",
            "replicate weights have no strata with one PSU",
        ),
        (
            steps.name.is_some() && to.is_none(),
            "--name",
            "the new weights are written to no file: add -o",
        ),
        (
            steps.make_replicates.is_some() && to.is_none() && args.then.is_empty(),
            "--make-replicates",
            "they go into a file, -o, or into the errors of --then",
        ),
        (
            args.stamp && args.report.is_none() && !to.is_some_and(is_parquet),
            "--stamp",
            "no output has a place for it: it goes with --report or -o FILE.parquet",
        ),
        (
            args.report_by.is_some() && format.is_exact() && args.report.is_none(),
            "--report-by",
            "csv and json hold no groups: add --report",
        ),
    ];
    if let Some((_, option, why)) = rules.into_iter().find(|(is, _, _)| *is) {
        return Err(Failure::no_effect(option, why));
    }
    // without weights they are made of the fpc, by stratum and PSU; replicate weights go through the steps, too
    let goes_in = design.weights.is_none() && !design.fpc.is_empty()
        || design.replicates.is_some() && to.is_some();
    let sampled = args.design.first_set_but_weights().filter(|_| !goes_in);
    match sampled.filter(|_| args.then.is_empty() && steps.make_replicates.is_none()) {
        Some(option) => Err(Failure::no_effect(
            option,
            "it is about errors: it goes with --then or --make-replicates",
        )),
        None => Ok(()),
    }
}
