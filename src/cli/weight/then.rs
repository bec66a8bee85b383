//! `--then 'crosstab BANNER'`: banner tables with the new weights.

use super::Args;
use crate::cli::crosstab;
use crate::cli::failure::Failure;
use crate::cli::output::{Format, OutputArgs};
use crate::cli::streams::Session;
use crate::present::crosstab::{Display, cells_frame};
use crate::survey::crosstab::{BannerPart, Crosstab, Net, Options, Request};
use crate::survey::design::Design;
use crate::survey::estimate::{DomainDf, listed};
use crate::survey::expr::{condition, with_backquotes};
use crate::survey::microdata::{Codebook, Source};
use crate::survey::weighting::recipe::Weighted;

/// The banner that --then asks for; `None` where it names estimates.
pub fn banner(then: &[String]) -> Result<Option<&str>, Failure> {
    let after = |text: &'_ String| -> Option<usize> {
        let rest = text.trim_start().strip_prefix("crosstab")?;
        let blank = rest.is_empty() || rest.starts_with(char::is_whitespace);
        blank.then_some(text.len() - rest.trim_start().len())
    };
    let Some((text, start)) = then.iter().find_map(|text| Some((text, after(text)?))) else {
        return Ok(None);
    };
    let columns = text[start..].trim();
    if then.len() > 1 {
        return Err(Failure::Usage(
            "--then 'crosstab …' stands by itself: the tables are of every question of the file"
                .to_owned(),
        ));
    }
    match columns.is_empty() {
        true => Err(Failure::Usage(
            "--then crosstab takes a banner: 'crosstab party,age,sex'".to_owned(),
        )),
        false => Ok(Some(columns)),
    }
}

/// Makes the tables, by a variance that knows of the weighting.
pub fn tables(
    args: &Args,
    columns: &str,
    weighted: &Weighted,
    design: &Design,
    source: &dyn Source,
) -> Result<Crosstab, Failure> {
    refuse_no_effect(args)?;
    let request = request(args, columns, source.codebook())?;
    let raking = args.raking_variance.unwrap_or_default();
    let mut crosstab = weighted.crosstab(source, &args.file.name(), &request, raking)?;
    // the foot names the weights that were used
    crosstab.design.weights = Some(match &design.weights {
        Some(column) => format!("new weights, made from {column}"),
        None => "new weights".to_owned(),
    });
    Ok(crosstab)
}

fn request(args: &Args, columns: &str, codebook: &Codebook) -> Result<Request, Failure> {
    let (estimate, display) = (&args.estimate, &args.display);
    let usual = Options::default();
    let parts = listed(columns);
    let parts = parts
        .iter()
        .map(|part| BannerPart::parse(&with_backquotes(part.trim(), codebook)));
    let net = |net: &crate::survey::estimate::Net| Net {
        variable: None,
        name: net.name.clone(),
        levels: net.levels.clone(),
    };
    Ok(Request {
        banner: parts.collect::<Result<_, _>>()?,
        condition: match &estimate.condition {
            None => None,
            Some(text) => {
                let text = with_backquotes(text, codebook);
                let parsed = condition(&text).map_err(Failure::usage)?;
                Some((text, parsed))
            }
        },
        nets: estimate.nets.iter().map(net).collect(),
        without: estimate.without.clone(),
        options: Options {
            level: estimate.level.unwrap_or(usual.level),
            ci: estimate.ci.unwrap_or(usual.ci),
            domain_df: estimate.domain_df.unwrap_or(usual.domain_df),
            missing: estimate.missing.unwrap_or(usual.missing),
            codes: estimate.codes,
            adjust: display.adjust.or(usual.adjust),
            flag_base: display.flag_base.unwrap_or(usual.flag_base),
            least_base: display.min_base.unwrap_or(match args.csv || args.json {
                true => 0.0,
                false => crate::present::survey::LEAST_BASE,
            }),
            ..usual
        },
        ..Request::default()
    })
}

/// What estimates take and banner tables don't.
fn refuse_no_effect(args: &Args) -> Result<(), Failure> {
    let (estimate, display) = (&args.estimate, &args.display);
    let options = [
        (!estimate.by.is_empty(), "--by", "the banner has the groups"),
        (
            display.pairwise,
            "--pairwise",
            "every pair of a block is tested",
        ),
        (
            !display.show.is_empty(),
            "--show",
            "the tables have their own lines",
        ),
        (
            display.covariance.is_some(),
            "--covariance",
            "it is about estimates",
        ),
        (
            estimate.qrule.is_some(),
            "--qrule",
            "no quantile is asked for",
        ),
        (
            estimate.deff_kind.is_some(),
            "--deff-kind",
            "it is about estimates",
        ),
        (estimate.drop_empty, "--drop-empty", "it is about estimates"),
        (
            estimate.separator.is_some(),
            "--separator",
            "it is about estimates",
        ),
        (
            estimate.standardise.is_some(),
            "--standardise",
            "it is about estimates",
        ),
        (
            estimate.has_incomplete(),
            "--incomplete",
            "it is about estimates",
        ),
        (
            estimate.domain_df == Some(DomainDf::Answered),
            "--domain-df answered",
            "tables count the PSUs of a column (domain) or of the design",
        ),
    ];
    match options.into_iter().find(|(is_set, ..)| *is_set) {
        None => Ok(()),
        Some((_, option, why)) => Err(Failure::no_effect(option, why)),
    }
}

/// Prints the tables, and behind those for reading what the weighting did.
pub fn print(
    args: &Args,
    crosstab: &Crosstab,
    sentences: &[String],
    (output, format): (&OutputArgs, Format),
    session: &Session,
) -> Result<(), Failure> {
    for note in &crosstab.notes {
        session.note(note);
    }
    crosstab::notes(crosstab, session);
    let display = Display {
        decimals: args.display.decimals.map_or(0, usize::from),
        further: Vec::new(),
        min_base: crosstab.request.options.least_base,
        file: args.file.title(),
    };
    if format.is_exact() {
        let frame = cells_frame(crosstab).map_err(Failure::usage)?;
        return output.print(&crosstab::document(crosstab, &display, frame), session);
    }
    let tables = crate::present::crosstab::tables(crosstab, &display);
    let mut content = crosstab::rendered(&tables, (output, format), session)?;
    if format == Format::Text || format == Format::Md {
        content.push_str(&format!("\n\n{}\n", sentences.join("\n")));
    }
    output.print_text(&content, session)
}
