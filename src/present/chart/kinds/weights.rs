//! The histogram of weights: before and after weighting, on one axis.

use crate::present::chart::bounds::Bounds;
use crate::present::chart::draw::Chart;
use crate::present::chart::error::Error;
use crate::present::chart::page::{Page, crisp};
use crate::present::chart::scale::Ticks;
use crate::present::chart::scene::Anchor;
use crate::present::chart::text::Type;
use crate::present::chart::theme::Role;
use crate::present::chart::words::Language;

/// How high the bars of a panel may be.
const HEIGHT: f64 = 110.0;
/// Labels under the bars stand at least so far apart.
const APART: f64 = 14.0;

/// Weights as multiples of their mean, in bins of one width from 0 on.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightsChart {
    /// What the data say, in a sentence.
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// The width of a bin.
    pub bin: f64,
    /// The panels, one under the other.
    pub panels: Vec<WeightsPanel>,
    /// The paragraphs of the footer.
    pub footer: Vec<String>,
}

/// One set of weights.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WeightsPanel {
    /// Which: before, after.
    pub head: String,
    /// The respondents in each bin, as shares of all.
    pub shares: Vec<f64>,
    /// Which bins are more than what is too much.
    pub note: String,
}

impl WeightsChart {
    /// The share of the fullest bin of any panel.
    fn highest(&self) -> f64 {
        let shares = self.panels.iter().flat_map(|panel| &panel.shares);
        // Heights are shares of it, also where nobody is in any bin.
        shares.copied().fold(0.0, f64::max).max(1e-9)
    }

    fn bins(&self) -> usize {
        let bins = self.panels.iter().map(|panel| panel.shares.len());
        bins.max().unwrap_or(0).max(1)
    }
}

impl Chart for WeightsChart {
    fn texts(&mut self) -> Vec<&mut String> {
        let panels = self.panels.iter_mut();
        let panels = panels.flat_map(|panel| [&mut panel.head, &mut panel.note]);
        std::iter::once(&mut self.title)
            .chain(&mut self.subtitle)
            .chain(panels)
            .chain(&mut self.footer)
            .collect()
    }

    fn check(&self) -> Result<(), Error> {
        let shares = self.panels.iter().flat_map(|panel| &panel.shares);
        if shares.clone().next().is_none() {
            return Err(Error::Empty);
        }
        match shares.copied().find(|share| !(0.0..=1.0).contains(share)) {
            Some(value) => Err(Error::NotAPercent {
                label: self.title.clone(),
                value: 100.0 * value,
            }),
            None => Ok(()),
        }
    }

    fn kind(&self) -> &'static str {
        "Weights"
    }

    fn footer(&mut self) -> &mut Vec<String> {
        &mut self.footer
    }

    fn rows(&self) -> usize {
        self.panels.len()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, _words: &Language) -> String {
        let panels = self.panels.iter().map(|panel| {
            let filled = panel.shares.iter().enumerate();
            let highest = filled.max_by(|a, b| a.1.total_cmp(b.1));
            let (bin, share) = highest.unwrap_or((0, &0.0));
            let low = self.bin * bin as f64;
            format!(
                "{}: most, {:.0}%, have {low:.2} to {:.2} times the mean. {}.",
                panel.head,
                100.0 * share,
                low + self.bin,
                panel.note
            )
        });
        format!(
            "Histograms of weights. {}",
            panels.collect::<Vec<_>>().join(" ")
        )
    }

    fn lay_out(&self, page: &mut Page) {
        page.head(&self.title, self.subtitle.as_deref(), &[]);
        let bins = self.bins() as f64;
        let left = crisp(page.left + Type::TICK.width("100%", page.fonts) + 8.0);
        let right = page.right - Type::TICK.width("10×", page.fonts) / 2.0;
        let step = (right - left) / bins;
        let highest = self.highest();
        for (index, panel) in self.panels.iter().enumerate() {
            page.y += if index > 0 { 14.0 } else { 4.0 };
            page.group_head(Some(&panel.head), Some(&panel.note));
            let top = crisp(page.y + 12.0);
            let foot = crisp(top + HEIGHT + page.air);
            let role = match index {
                0 => Role::Muted,
                _ => Role::Category(0),
            };
            bars(page, panel, highest, (left, step), (top, foot), role);
            page.y = foot;
        }
        self.labels(page, left, step);
        page.foot(&self.footer);
    }
}

/// The bars, the highest of all panels as high as a panel, so that before and after compare.
fn bars(
    page: &mut Page,
    panel: &WeightsPanel,
    highest: f64,
    (left, step): (f64, f64),
    (top, foot): (f64, f64),
    role: Role,
) {
    let text = format!("{:.0}%", 100.0 * highest);
    let at = (left - 8.0, top);
    page.scene
        .text(&text, at, Anchor::End, Type::TICK, page.fonts);
    page.scene.rule(left, page.right, top, Role::Grid);
    for (bin, share) in panel.shares.iter().enumerate().filter(|(_, s)| **s > 0.0) {
        let x = left + step * bin as f64;
        let gap = if step > 4.0 { 1.0 } else { 0.0 };
        // a bin that anyone is in can be seen
        let height = ((foot - top) * share / highest).max(1.5);
        let bar = Bounds {
            left: x,
            top: foot - height,
            right: x + step - gap,
            bottom: foot,
        };
        page.scene.rect(bar, role);
    }
    page.scene.rule(left, page.right, foot, Role::Axis);
    let zero = (left - 8.0, foot);
    page.scene
        .text("0", zero, Anchor::End, Type::TICK, page.fonts);
}

impl WeightsChart {
    /// 0, 1×, 2× … under the last panel, as many as have room.
    fn labels(&self, page: &mut Page, left: f64, step: f64) {
        let end = self.bin * self.bins() as f64;
        let width = step * self.bins() as f64;
        let label = |ticks: &Ticks, at: f64| match at {
            0.0 => "0".to_owned(),
            at => format!("{}×", ticks.label(at)),
        };
        let ticks = Ticks::over((0.0, end), |ticks| {
            width * ticks.at_step() / end >= ticks.widest(label, page.fonts) + APART
        });
        let y = page.y + 12.0;
        for at in ticks.values().filter(|at| *at <= end * (1.0 + 1e-9)) {
            let text = label(&ticks, at);
            let x = left + width * at / end;
            page.scene
                .line((x, page.y), (x, page.y + 4.0), 1.0, Role::Axis);
            let half = Type::TICK.width(&text, page.fonts) / 2.0;
            // A label at the end stays on the page.
            let x = x.min(page.right + 6.0 - half);
            page.scene
                .text(&text, (x, y), Anchor::Middle, Type::TICK, page.fonts);
        }
        page.y += 20.0;
    }
}
