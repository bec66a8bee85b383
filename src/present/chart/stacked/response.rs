//! A response: its name, and where it stands among the others.

use super::StackedSection;
use crate::present::chart::theme::Role;

/// An answer that could be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The answer.
    pub label: String,
    /// What sort of answer it is, and so its colour and its side.
    pub tone: Tone,
}

/// What sort of answer a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Strongly against; of a scale with two steps, against.
    StrongNegative,
    /// Somewhat against.
    WeakNegative,
    /// Neither, on a scale.
    Middle,
    /// Somewhat for.
    WeakPositive,
    /// Strongly for; of a scale with two steps, for.
    StrongPositive,
    /// One of several answers without an order, in this colour of the six.
    Category(u8),
    /// An answer that takes no side.
    Neutral,
    /// Don’t know, refused.
    DontKnow,
}

/// Where a response goes in a diverging bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Middle,
    Right,
    /// Outside the bar, in a column of its own.
    Apart,
}

impl Tone {
    /// The colour of its segments.
    pub(in crate::present::chart) fn role(self) -> Role {
        match self {
            Tone::StrongNegative => Role::Diverging(0),
            Tone::WeakNegative => Role::Diverging(1),
            Tone::Middle => Role::Diverging(2),
            Tone::WeakPositive => Role::Diverging(3),
            Tone::StrongPositive => Role::Diverging(4),
            Tone::Category(index) => Role::Category(index),
            Tone::Neutral => Role::Neutral,
            Tone::DontKnow => Role::DontKnow,
        }
    }

    /// The colour of the numbers on its segments: what has most contrast, in both themes.
    pub(super) fn text_role(self) -> Role {
        match self {
            Tone::StrongNegative | Tone::StrongPositive => Role::Paper,
            Tone::WeakNegative | Tone::Middle | Tone::WeakPositive | Tone::DontKnow => Role::Ink,
            Tone::Neutral => Role::OnLight,
            // Amber and light blue are light in both themes, purple is dark.
            Tone::Category(index) => match index % 6 {
                3 | 5 => Role::OnLight,
                4 => Role::OnDark,
                _ => Role::Paper,
            },
        }
    }

    pub(super) fn side(self) -> Side {
        match self {
            Tone::StrongNegative | Tone::WeakNegative => Side::Left,
            Tone::Middle | Tone::Neutral => Side::Middle,
            Tone::WeakPositive | Tone::StrongPositive => Side::Right,
            Tone::DontKnow | Tone::Category(_) => Side::Apart,
        }
    }

    /// Where it stands on the scale, from the strong negative on; don’t know last.
    fn step(self) -> u8 {
        match self {
            Tone::StrongNegative => 0,
            Tone::WeakNegative => 1,
            Tone::Middle | Tone::Neutral => 2,
            Tone::WeakPositive => 3,
            Tone::StrongPositive => 4,
            Tone::DontKnow | Tone::Category(_) => 5,
        }
    }
}

impl StackedSection {
    /// Whether its responses form a scale with two sides. There is one column apart, so no more than
    /// one sort of don’t know.
    pub(super) fn is_scale(&self) -> bool {
        let any = |side| self.responses.iter().any(|one| one.tone.side() == side);
        let unordered = |one: &Response| matches!(one.tone, Tone::Category(_));
        let apart = self
            .responses
            .iter()
            .filter(|one| one.tone.side() == Side::Apart);
        any(Side::Left)
            && any(Side::Right)
            && apart.count() < 2
            && !self.responses.iter().any(unordered)
    }

    /// The responses in the order in which they are stacked, each with its place in the rows.
    pub(in crate::present::chart) fn stacking(&self, diverging: bool) -> Vec<(usize, &Response)> {
        let mut order: Vec<_> = self.responses.iter().enumerate().collect();
        order.sort_by_key(|(_, response)| match (response.tone, diverging) {
            (Tone::DontKnow, _) => 5,
            (tone, true) => tone.step(),
            (_, false) => 0,
        });
        order
    }

    /// The name of don’t know, and its place in the rows.
    pub(super) fn apart(&self) -> Option<(usize, &Response)> {
        let mut responses = self.responses.iter().enumerate();
        responses.find(|(_, response)| response.tone.side() == Side::Apart)
    }
}
