use clap::ValueEnum;

use super::compare_figures::{Written, readings, relation, selected};
use super::data::Data;
use super::failure::Failure;
use super::figure;
use super::output::{Answer, Format, Output};
use crate::compare::{
    self, Adjust, Average, Compared, DifferenceMethod, Family, Options, Pair, Relation, Said, Side,
};
use crate::estimates::{Comparison, Comparisons};
use crate::table::Table;
use crate::toplines::percent::Percent;
use crate::toplines::store::Store;

#[derive(clap::Args)]
#[command(before_help = "\
Examples:
  opine compare egf2023/consequences/polarise:KR egf2023/consequences/polarise:PH
  opine compare 'egf2023/consequences/polarise:*'        all pairs of countries, p-values adjusted
  opine compare 48 45 -n 1000 --relation same-question   the lead in one poll
  opine compare 90@1500 62@16168                         two polls, each with its n
  opine compare 52@1000 --against 50                     is it a majority?

A figure is an id poll/question/response:country:base@source (country and base are all where left out), a
selector of several, PERCENT@N, or a bare percentage with -n. For stored figures the relation follows from
the ids. With part-of the first is the part, unless the second has the smaller n.")]
pub struct Args {
    /// Ids, selectors, PERCENT@N, or percentages with -n
    #[arg(value_name = "FIGURE", required = true)]
    figures: Vec<String>,
    /// Respondents of the poll that the bare percentages share
    #[arg(short, value_name = "N", value_parser = figure::sample_size)]
    n: Option<f64>,
    /// Design effect of typed figures: 1 is simple random sampling
    #[arg(long, value_name = "D", value_parser = figure::positive)]
    deff: Option<f64>,
    /// How the figures stand to each other: independent, same-question, same-respondents, part-of, panel
    #[arg(long, value_name = "RELATION", value_parser = relation)]
    relation: Option<Relation>,
    /// Weight of the part in the whole, 0 to 1, for part-of
    #[arg(long, value_name = "F", value_parser = weight)]
    share: Option<f64>,
    /// How a total over countries was made, where its country is compared with it
    #[arg(long, value_enum, value_name = "HOW", conflicts_with = "share")]
    average: Option<AverageBy>,
    /// Adjustment for several comparisons [default: holm]: holm, hochberg, hommel, bonferroni, sidak, bh, by
    #[arg(long, value_name = "METHOD", value_parser = adjust)]
    adjust: Option<Adjust>,
    /// Interval for independent samples [default: newcombe]: newcombe, wald, agresti-caffo, miettinen-nurminen
    #[arg(long = "ci", value_name = "METHOD", value_parser = method)]
    method: Option<DifferenceMethod>,
    /// Confidence level: 0.95 or 95
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = figure::level)]
    level: f64,
    /// Compare each with the first only, instead of all pairs
    #[arg(long, value_enum, value_name = "WHICH")]
    with: Option<With>,
    /// Compare each with a fixed percentage
    #[arg(long, value_name = "PERCENT", value_parser = figure::percent,
          conflicts_with_all = ["relation", "share", "average", "method", "with", "effects"])]
    against: Option<Percent>,
    /// Also ratio, odds ratio and Cohen's h
    #[arg(long)]
    effects: bool,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum With {
    First,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AverageBy {
    /// Every country counts the same.
    Equal,
    /// Every respondent counts the same.
    N,
}

fn weight(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err(format!(
            "“{text}” is no share of a whole: write 0.3 for 30%"
        )),
    }
}

fn adjust(text: &str) -> Result<Adjust, String> {
    text.parse().map_err(|error| format!("{error}"))
}

fn method(text: &str) -> Result<DifferenceMethod, String> {
    text.parse().map_err(|error| format!("{error}"))
}

pub fn run(args: Args) -> Result<(), Failure> {
    let format = args.output.format()?;
    let written: Vec<Written> = args
        .figures
        .iter()
        .map(|text| Written::parse(text))
        .collect::<Result<_, _>>()?;
    typed_options(&args, &written)?;
    let store = match written.iter().all(Written::is_typed) {
        true => None,
        false => Some(args.data.open_sound()?),
    };
    let sides = sides(&args, &written, store.as_ref())?;
    let sides: Vec<&Side> = sides.iter().collect();
    let (mut compared, pairs) = match &args.against {
        Some(value) => (against(&args, &sides, value)?, Vec::new()),
        None => {
            let pairs = pairs(&args, &sides, store.as_ref())?;
            pair_options(&args, &pairs, format)?;
            (differences(&args, &pairs)?, pairs)
        }
    };
    if args.adjust.is_some() && compared.len() < 2 {
        return Err(no_effect("--adjust", "there is one comparison only"));
    }
    let adjust = args.adjust.unwrap_or_default();
    compare::family(&mut compared, adjust);
    let family = Family {
        level: args.level,
        adjust,
        size: compared
            .iter()
            .filter(|one| one.row.p_value.is_some())
            .count(),
    };
    let fixed = args.against.as_ref().map(|value| value.text.as_str());
    match fixed {
        Some(value) => {
            compare::write_sentences_against(&mut compared, &sides, value, family);
        }
        None => compare::write_sentences(&mut compared, &pairs, family),
    }
    let mut table = compare::table(&compared, &sides, &pairs, fixed, family);
    if args.effects {
        with_effects(&mut table, &pairs, args.level)?;
    }
    let rows: Vec<Comparison> = compared.into_iter().map(|one| one.row).collect();
    args.output.print(&Answer {
        tables: vec![table],
        sentences: Vec::new(),
        frame: Comparisons::from_rows(&rows)
            .map_err(Failure::usage)?
            .into_frame(),
    })
}

fn no_effect(option: &str, why: &str) -> Failure {
    Failure::Usage(format!("{option} has no effect here: {why}"))
}

/// What goes with typed figures only, and what they need.
fn typed_options(args: &Args, written: &[Written]) -> Result<(), Failure> {
    let bare: Vec<&Percent> = written.iter().filter_map(Written::bare).collect();
    let typed = written.iter().filter(|figure| figure.is_typed()).count();
    if args.n.is_some() && bare.is_empty() {
        return Err(no_effect("-n", "every figure has its own sample size"));
    }
    if args.deff.is_some() && typed == 0 {
        return Err(no_effect("--deff", "stored figures bring their own"));
    }
    if typed == written.len() && args.data.data.is_some() {
        return Err(no_effect("--data", "all figures are typed in"));
    }
    match (bare.as_slice(), args.n) {
        ([first, ..], None) => Err(Failure::Usage(format!(
            "{first} has no sample size: write {first}@1000, or -n 1000 where the percentages share one poll"
        ))),
        ([a, b, ..], Some(n)) if args.relation.is_none() && args.against.is_none() => {
            Err(readings(a, b, n, args.deff.unwrap_or(1.0), args.level))
        }
        _ => Ok(()),
    }
}

fn sides<'s>(
    args: &Args,
    written: &[Written],
    store: Option<&'s Store>,
) -> Result<Vec<Side<'s>>, Failure> {
    let mut wanted = Vec::new();
    // Stored figures are named together, so that their labels say what sets them apart.
    let mut places = Vec::new();
    for figure in written {
        let Written::Stored(text) = figure else {
            places.push(1);
            continue;
        };
        let store = store.ok_or_else(|| Failure::Usage(format!("“{text}” is no percentage")))?;
        let found = selected(store, text)?;
        places.push(found.len());
        wanted.extend(found);
    }
    let mut stored = match store {
        Some(store) => compare::stored(store, &wanted, args.level).map_err(Failure::usage)?,
        None => Vec::new(),
    }
    .into_iter();
    let mut sides = Vec::new();
    for (figure, count) in written.iter().zip(places) {
        match figure {
            Written::Stored(_) => sides.extend(stored.by_ref().take(count)),
            Written::Typed { text, percent, n } => {
                let n = n.or(args.n).unwrap_or_default();
                let side = Side::typed(text, percent, n, args.deff, args.level);
                sides.push(side.map_err(Failure::usage)?);
            }
        }
    }
    Ok(sides)
}

fn against(args: &Args, sides: &[&Side], value: &Percent) -> Result<Vec<Compared>, Failure> {
    let one = |side: &&Side| {
        compare::against(side, &value.text, value.value / 100.0, args.level).map_err(Failure::usage)
    };
    sides.iter().map(one).collect()
}

/// More comparisons than anybody reads are a slip of the selector.
const MOST_FIGURES: usize = 60;

fn pairs<'p, 's>(
    args: &Args,
    sides: &[&'p Side<'s>],
    store: Option<&'s Store>,
) -> Result<Vec<Pair<'p, 's>>, Failure> {
    match sides.len() {
        0 | 1 => {
            return Err(Failure::Usage(
                "one figure only: name another, a selector of several, or --against 50".to_owned(),
            ));
        }
        2 if args.with.is_some() => {
            return Err(no_effect("--with", "there are two figures only"));
        }
        many if many > MOST_FIGURES => {
            return Err(Failure::Usage(format!(
                "{many} figures would be compared in all pairs: name at most {MOST_FIGURES}"
            )));
        }
        _ => {}
    }
    let said = Said {
        relation: args.relation,
        weight: args.share,
        average: args.average.map(|average| match average {
            AverageBy::Equal => Average::Equal,
            AverageBy::N => Average::N,
        }),
    };
    let mut pairs = Vec::new();
    for (place, a) in sides.iter().enumerate() {
        let others = sides.iter().skip(place + 1);
        // each with the first: the first is what the others are measured by
        let couples: Vec<(&'p Side<'s>, &'p Side<'s>)> = match args.with {
            Some(With::First) if place > 0 => Vec::new(),
            Some(With::First) => others.map(|b| (*b, *a)).collect(),
            None => others.map(|b| (*a, *b)).collect(),
        };
        for (a, b) in couples {
            let pair = match store {
                Some(store) => Pair::stored(store, a, b, said),
                None => {
                    let relation = said.relation.unwrap_or(Relation::Independent);
                    Pair::typed(a, b, relation, said.weight)
                }
            };
            pairs.push(pair.map_err(Failure::usage)?);
        }
    }
    Ok(pairs)
}

/// What goes with some relations only.
fn pair_options(args: &Args, pairs: &[Pair], format: Format) -> Result<(), Failure> {
    let any = |relation: Relation| pairs.iter().any(|pair| pair.relation == relation);
    if args.method.is_some() && !any(Relation::Independent) {
        return Err(no_effect(
            "--ci",
            "it is about independent samples, and these are not",
        ));
    }
    if args.share.is_some() && !any(Relation::PartOf) {
        return Err(no_effect("--share", "no figure is part of the other"));
    }
    let of_countries = pairs.iter().any(|pair| {
        let figures = pair.a.figure.zip(pair.b.figure);
        pair.relation == Relation::PartOf && figures.is_some_and(|(a, b)| a.country != b.country)
    });
    if args.average.is_some() && !of_countries {
        return Err(no_effect(
            "--average",
            "no country is compared with a total that holds it",
        ));
    }
    if args.effects && (pairs.len() != 1 || !any(Relation::Independent)) {
        return Err(no_effect(
            "--effects",
            "it is about one comparison of independent samples",
        ));
    }
    if args.effects && matches!(format, Format::Csv | Format::Json) {
        return Err(no_effect(
            "--effects",
            "csv and json hold the difference alone",
        ));
    }
    Ok(())
}

fn differences(args: &Args, pairs: &[Pair]) -> Result<Vec<Compared>, Failure> {
    let options = Options {
        method: args.method.unwrap_or_default(),
        level: args.level,
    };
    pairs
        .iter()
        .map(|pair| pair.compare(options).map_err(Failure::usage))
        .collect()
}

fn with_effects(table: &mut Table, pairs: &[Pair], level: f64) -> Result<(), Failure> {
    let Some((a, b)) = pairs
        .first()
        .and_then(|pair| pair.a.known().zip(pair.b.known()))
    else {
        return Err(no_effect("--effects", "a sample size is not known"));
    };
    let effects = compare::effects(a, b, level).map_err(Failure::usage)?;
    table.blocks.push(compare::effects_block(&effects));
    Ok(())
}
