//! Options that have no effect on what is compared are refused.

use super::args::Args;
use super::figures::{FigureArg, several_readings};
use crate::cli::failure::Failure;
use crate::cli::output::Format;
use crate::frames::Flag;
use crate::published::compare::{Net, Pair, Relation, Side, TypedFigure};

/// Options that have no effect on rows of estimates.
pub fn check_rows(args: &Args) -> Result<(), Failure> {
    let options = [
        (args.n.is_some(), "-n"),
        (args.deff.is_some(), "--deff"),
        (args.moe.is_some(), "--moe"),
        (!args.without.is_empty(), "--without"),
        (args.relation.is_some(), "--relation"),
        (args.share.is_some(), "--share"),
        (args.average.is_some(), "--average"),
        (args.population.is_some(), "--population"),
        (!args.net.is_empty(), "--net"),
        (args.assume_n.is_some(), "--assume-n"),
        (args.method.is_some(), "--ci"),
        (args.with.is_some(), "--with"),
        (args.against.is_some(), "--against"),
        (args.effects, "--effects"),
        (args.data.data.is_some(), "--data"),
    ];
    match options.iter().find(|(is_set, _)| *is_set) {
        Some((_, option)) => Err(Failure::no_effect(
            option,
            "rows of estimates are taken as they are",
        )),
        None => Ok(()),
    }
}

/// What changes nothing for the figures that were found.
pub fn check_sides(args: &Args, sides: &[Side]) -> Result<(), Failure> {
    let names = |text: &str, net: &Net| {
        let response = text.split(['/', ':', '@']).nth(2).unwrap_or("");
        response.split(['+', '-']).any(|term| term == net.name)
    };
    let unused = |net: &&Net| !args.figures.iter().any(|text| names(text, net));
    if let Some(net) = args.net.iter().find(unused) {
        return Err(Failure::no_effect(
            "--net",
            &format!("no figure names “{}”", net.name),
        ));
    }
    let averaged = |side: &Side| side.of_countries.is_some();
    if args.against.is_some() && args.average.is_some() && !sides.iter().any(averaged) {
        return Err(Failure::no_effect(
            "--average",
            "no countries are averaged (KR+PH)",
        ));
    }
    let assumed = |side: &Side| side.flags.contains(&Flag::AssumedN);
    if args.assume_n.is_some() && !sides.iter().any(assumed) {
        let reason = sides.iter().find_map(|side| side.size.as_ref().err());
        return Err(Failure::no_effect(
            "--assume-n",
            reason.map_or("every sample size is published or typed in", String::as_str),
        ));
    }
    Ok(())
}

/// What goes with typed figures only, and what they need.
pub fn check_typed(args: &Args, written: &[FigureArg]) -> Result<(), Failure> {
    let bare: Vec<&TypedFigure> = written.iter().filter_map(FigureArg::bare).collect();
    let typed = written.iter().filter(|figure| figure.is_typed()).count();
    if args.n.is_some() && bare.is_empty() {
        return Err(Failure::no_effect(
            "-n",
            "every figure has its own sample size",
        ));
    }
    let of_typed = [
        (args.deff.is_some(), "--deff"),
        (args.moe.is_some(), "--moe"),
    ];
    if let Some((_, option)) = of_typed.iter().find(|(is_set, _)| *is_set && typed == 0) {
        return Err(Failure::no_effect(option, "stored figures bring their own"));
    }
    if typed == written.len() && args.data.data.is_some() {
        return Err(Failure::no_effect("--data", "all figures are typed in"));
    }
    match (bare.first(), args.n, &args.moe) {
        (Some(first), None, None) => Err(Failure::Usage(format!(
            "{0} has no sample size: write {0}@1000, or -n 1000 where the percentages share one poll, or --moe 3 with the \
             margin of error that was printed",
            first.written
        ))),
        _ => Ok(()),
    }
}

/// Figures that share a sample, by -n or --moe, are compared by a relation that only the reader knows.
pub fn check_relation(args: &Args, written: &[FigureArg], sides: &[Side]) -> Result<(), Failure> {
    if args.relation.is_some() || args.against.is_some() || written.len() != sides.len() {
        return Ok(());
    }
    let bare = written.iter().zip(sides);
    let bare: Vec<&Side> = bare
        .filter(|(figure, _)| figure.bare().is_some())
        .map(|(_, side)| side)
        .collect();
    match bare.as_slice() {
        [a, b, ..] => Err(several_readings(a, b, args.level)),
        _ => Ok(()),
    }
}

/// What goes with some relations only.
pub fn check_pairs(args: &Args, pairs: &[Pair], format: Format) -> Result<(), Failure> {
    let any = |relation: Relation| pairs.iter().any(|pair| pair.relation == relation);
    if args.method.is_some() && !any(Relation::Independent) {
        return Err(Failure::no_effect(
            "--ci",
            "it is about independent samples, and these are not",
        ));
    }
    if args.share.is_some() && !any(Relation::PartOf) {
        return Err(Failure::no_effect(
            "--share",
            "no figure is part of the other",
        ));
    }
    let of_countries = pairs.iter().any(|pair| {
        let figures = pair.a.figure().zip(pair.b.figure());
        pair.relation == Relation::PartOf && figures.is_some_and(|(a, b)| a.country != b.country)
    });
    let averaged = |pair: &Pair| {
        [pair.a, pair.b]
            .iter()
            .any(|side| side.of_countries.is_some())
    };
    if args.average.is_some() && !of_countries && !pairs.iter().any(averaged) {
        return Err(Failure::no_effect(
            "--average",
            "no countries are averaged (KR+PH), and none is compared with a total that holds it",
        ));
    }
    if args.effects && (pairs.len() != 1 || !any(Relation::Independent)) {
        return Err(Failure::no_effect(
            "--effects",
            "it is about one comparison of independent samples",
        ));
    }
    if args.effects && format.is_exact() {
        return Err(Failure::no_effect(
            "--effects",
            "csv, json and parquet hold the difference alone",
        ));
    }
    Ok(())
}
