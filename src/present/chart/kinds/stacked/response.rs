//! A response: its name, and where it stands among the others.

use super::{StackedRow, StackedSection};
use crate::present::chart::arrangement::{Arrangement, is_called};
use crate::present::chart::kinds::dot::RowKind;
use crate::present::chart::paint::{Among, Named, Paint};
use crate::present::chart::theme::Role;
use crate::present::tones::{Tone, ramp};

/// An answer that could be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The answer.
    pub label: String,
    /// What sort of answer it is, and so its colour and its side.
    pub tone: Tone,
    /// What the house wants of it.
    pub paint: Paint,
}

impl Response {
    /// The colour of its segments.
    pub(in crate::internals::present::chart) fn role(&self) -> Role {
        self.paint.over(self.tone.role())
    }

    /// The colour of the numbers on its segments.
    pub(super) fn text_role(&self) -> Role {
        self.paint
            .text_over(self.tone.role(), self.tone.text_role())
    }

    pub(super) fn mark(&mut self) -> Named<'_> {
        Named {
            among: Among::Coloured,
            names: vec![self.label.clone()],
            usual: self.tone.role(),
            paint: &mut self.paint,
        }
    }
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
    pub(in crate::internals::present::chart) fn role(self) -> Role {
        match self {
            Tone::StrongNegative => Role::Diverging(0),
            Tone::WeakNegative => Role::Diverging(1),
            Tone::Middle => Role::Diverging(2),
            Tone::WeakPositive => Role::Diverging(3),
            Tone::StrongPositive => Role::Diverging(4),
            Tone::Category(index) => Role::Category(index),
            Tone::Neutral => Role::Neutral,
            Tone::Step { step, of } => Role::Sequential(ramp(step, of)),
            Tone::DontKnow => Role::DontKnow,
        }
    }

    /// The colour of the numbers on its segments: what has most contrast, in both themes.
    pub(super) fn text_role(self) -> Role {
        match self {
            Tone::StrongNegative | Tone::StrongPositive => Role::Paper,
            Tone::WeakNegative | Tone::Middle | Tone::WeakPositive | Tone::DontKnow => Role::Ink,
            Tone::Neutral => Role::OnLight,
            Tone::Step { .. } => self.role().text_on(),
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
            Tone::DontKnow | Tone::Category(_) | Tone::Step { .. } => Side::Apart,
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
            Tone::DontKnow | Tone::Category(_) | Tone::Step { .. } => 5,
        }
    }
}

impl StackedSection {
    /// Puts rows in order, by the share of the first answer where it is by value, and answers that are named.
    pub(super) fn arrange(&mut self, order: Arrangement) {
        let names = Arrangement {
            sort: None,
            ..order
        };
        let mut places: Vec<usize> = (0..self.responses.len()).collect();
        let named = |at: &usize| {
            let own = self.responses.get(*at);
            own.map(|own| own.label.clone()).into_iter().collect()
        };
        names.arrange(&mut places, named, |_| None, |_| 0);
        self.reorder(&places);
        for question in &mut self.questions {
            let first = |row: &StackedRow| row.parts.first()?.as_ref().map(|part| part.percent);
            // the total heads the others
            let rank = |row: &StackedRow| u8::from(row.kind != RowKind::Total);
            order.arrange(
                &mut question.rows,
                |row| vec![row.label.clone()],
                first,
                rank,
            );
        }
    }

    /// Puts the responses in the order of their places, and the shares of every row with them.
    fn reorder(&mut self, places: &[usize]) {
        let by = |at: &usize| places.iter().position(|place| place == at);
        let mut responses: Vec<(usize, Response)> = self.responses.drain(..).enumerate().collect();
        responses.sort_by_key(|(at, _)| by(at));
        self.responses = responses.into_iter().map(|(_, own)| own).collect();
        for row in self
            .questions
            .iter_mut()
            .flat_map(|question| &mut question.rows)
        {
            let part = |at: &usize| row.parts.get(*at).cloned().flatten();
            row.parts = places.iter().map(part).collect();
        }
    }

    /// Gives the responses the order and the ramp of the first scale that has all of them, don’t know aside.
    pub(super) fn grade(&mut self, scales: &[Vec<String>]) {
        let step = |scale: &[String], own: &Response| {
            let names = [own.label.clone()];
            scale.iter().position(|name| is_called(&names, name))
        };
        let is_answer = |own: &&Response| own.tone != Tone::DontKnow;
        let fits = |scale: &&Vec<String>| {
            let mut answers = self.responses.iter().filter(is_answer);
            answers.clone().count() > 1 && answers.all(|own| step(scale, own).is_some())
        };
        let Some(scale) = scales.iter().find(fits) else {
            return;
        };
        for own in &mut self.responses {
            if let Some(at) = step(scale, own).filter(|_| own.tone != Tone::DontKnow) {
                own.tone = Tone::Step {
                    step: at,
                    of: scale.len(),
                };
            }
        }
        let mut places: Vec<usize> = (0..self.responses.len()).collect();
        places.sort_by_key(|at| {
            self.responses
                .get(*at)
                .and_then(|own| step(scale, own))
                .unwrap_or(usize::MAX)
        });
        self.reorder(&places);
    }

    /// Whether its responses form a scale with two sides. There is one column apart, so no more than
    /// one sort of don’t know.
    pub(super) fn is_scale(&self) -> bool {
        let any = |side| self.responses.iter().any(|one| one.tone.side() == side);
        let unordered = |one: &Response| matches!(one.tone, Tone::Category(_) | Tone::Step { .. });
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
    pub(in crate::internals::present::chart) fn stacking(
        &self,
        diverging: bool,
    ) -> Vec<(usize, &Response)> {
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
