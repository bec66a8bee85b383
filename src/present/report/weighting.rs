//! The pictures of a weighting: the weights before and after, and every margin with its target.

use super::picture::{Error, Picture};
use crate::frames::words::thousands;
use crate::frames::{Column as FrameColumn, Frame};
use crate::present::chart::{
    Chart, Style, TargetsChart, TargetsGroup, TargetsRow, WeightsChart, WeightsPanel,
};
use crate::present::published::count;
use crate::survey::weighting::Diagnosis;
use crate::survey::weighting::recipe::{Diagnostics, Weighted};

/// Bins of a histogram, before the last weight decides.
const BINS: f64 = 40.0;

/// The histogram, and the dumbbells where there are margins, with their numbers.
///
/// # Errors
/// Letters that no font has.
pub fn weighting_pictures(
    weighted: &Weighted,
    diagnostics: &Diagnostics,
    style: &Style,
) -> Result<Vec<Picture>, Error> {
    let (chart, numbers) = histogram(weighted, diagnostics)?;
    let mut pictures = vec![Picture {
        name: "weights",
        poll: None,
        drawing: chart.draw(style)?,
        numbers,
    }];
    if !diagnostics.fits.is_empty() {
        pictures.push(Picture {
            name: "targets",
            poll: None,
            drawing: targets(diagnostics).draw(style)?,
            numbers: target_numbers(diagnostics)?,
        });
    }
    Ok(pictures)
}

/// Weights in multiples of their mean, so that before and after compare whatever both add up to.
fn histogram(
    weighted: &Weighted,
    diagnostics: &Diagnostics,
) -> Result<(WeightsChart, Frame), Error> {
    let (before, after) = (&diagnostics.before, &diagnostics.after);
    let largest = (before.max / before.mean).max(after.max / after.mean);
    let bin = bin_width(largest);
    let bins = (largest / bin).floor() as usize + 1;
    let panel = |head: &str, weights: &[f64], diagnosis: &Diagnosis| WeightsPanel {
        head: head.to_owned(),
        shares: shares(weights, diagnosis, bin, bins),
        note: format!(
            "design effect {:.2}, effective n {} of {}; from {:.2} to {:.2} times the mean",
            diagnosis.deff,
            thousands(diagnosis.n_eff.round()),
            thousands(diagnosis.n as f64),
            diagnosis.min / diagnosis.mean,
            diagnosis.max / diagnosis.mean
        ),
    };
    let panels = vec![
        panel("Before weighting", &weighted.base, before),
        panel("After weighting", &weighted.result.weights, after),
    ];
    let from: Vec<f64> = (0..bins).map(|at| at as f64 * bin).collect();
    let to: Vec<f64> = from.iter().map(|low| low + bin).collect();
    let numbers = Frame::new(
        bins,
        vec![
            FrameColumn::new("from", from),
            FrameColumn::new("to", to),
            FrameColumn::new("before_share", panels[0].shares.clone()),
            FrameColumn::new("after_share", panels[1].shares.clone()),
        ],
    );
    let title = format!(
        "After weighting, {} respondents count as {}",
        thousands(after.n as f64),
        thousands(after.n_eff.round())
    );
    let chart = WeightsChart {
        title,
        subtitle: Some("Respondents by their weight, in multiples of the mean weight".to_owned()),
        bin,
        panels,
        footer: vec![
            "Design effect: 1 + CV² of the weights (Kish, 1965); effective n: respondents over it."
                .to_owned(),
        ],
    };
    Ok((chart, numbers?))
}

/// 0.05, 0.1, 0.25, 0.5 … : the least that needs no more than [`BINS`].
fn bin_width(largest: f64) -> f64 {
    let widths = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0];
    let enough = widths.into_iter().find(|width| largest / width <= BINS);
    enough.unwrap_or((largest / BINS).ceil())
}

/// Weights below 0, which linear calibration can give, are in the first bin.
fn shares(weights: &[f64], diagnosis: &Diagnosis, bin: f64, bins: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    for weight in weights.iter().filter(|weight| **weight != 0.0) {
        let place = (weight / diagnosis.mean / bin + 1e-9).floor().max(0.0) as usize;
        counts[place.min(bins - 1)] += 1.0;
    }
    counts
        .iter_mut()
        .for_each(|count| *count /= diagnosis.n.max(1) as f64);
    counts
}

fn targets(diagnostics: &Diagnostics) -> TargetsChart {
    let groups = diagnostics
        .fits
        .chunk_by(|one, next| one.variable == next.variable)
        .map(|levels| TargetsGroup {
            head: levels[0].variable.clone(),
            rows: levels
                .iter()
                .map(|fit| TargetsRow {
                    label: fit.level.clone(),
                    before: 100.0 * fit.before_share,
                    after: 100.0 * fit.after_share,
                    target: 100.0 * fit.target_share,
                })
                .collect(),
        });
    let groups: Vec<TargetsGroup> = groups.collect();
    let off = |share: fn(&crate::survey::weighting::LevelFit) -> f64| {
        let fits = diagnostics.fits.iter();
        let off = fits.map(|fit| (share(fit) - fit.target_share).abs());
        100.0 * off.fold(0.0, f64::max)
    };
    TargetsChart {
        title: format!(
            "Off target by up to {:.1} points before weighting, by {:.1} after",
            off(|fit| fit.before_share),
            off(|fit| fit.after_share)
        ),
        subtitle: Some(format!(
            "Shares of {} before and after weighting, and their targets",
            count(groups.len(), "variable")
        )),
        groups,
        footer: vec!["Before: with the weights that came in.".to_owned()],
    }
}

fn target_numbers(diagnostics: &Diagnostics) -> Result<Frame, Error> {
    let fits = &diagnostics.fits;
    let numbers = |name: &str, field: fn(&crate::survey::weighting::LevelFit) -> f64| {
        FrameColumn::new(name, fits.iter().map(field).collect::<Vec<f64>>())
    };
    let texts = |name: &str, field: fn(&crate::survey::weighting::LevelFit) -> String| {
        FrameColumn::new(name, fits.iter().map(field).collect::<Vec<String>>())
    };
    let frame = Frame::new(
        fits.len(),
        vec![
            texts("variable", |fit| fit.variable.clone()),
            texts("level", |fit| fit.level.clone()),
            numbers("n", |fit| fit.respondents as f64),
            numbers("target", |fit| fit.target),
            numbers("before", |fit| fit.before),
            numbers("after", |fit| fit.after),
            numbers("target_share", |fit| fit.target_share),
            numbers("before_share", |fit| fit.before_share),
            numbers("after_share", |fit| fit.after_share),
        ],
    );
    Ok(frame?)
}
