//! What a house wants of the marks of a chart: colours by name, some brought out and the rest grey.
//!
//! A chart hands out its named marks ([`Named`]); what a [`Style`] says of a name is written on their [`Paint`], before
//! anything is laid out. The layout then asks a mark for its colour and knows nothing of names.

use super::arrangement::is_called;
use super::style::Style;
use super::text::Type;
use super::theme::{HouseColour, Role, near};
use crate::frames::non_answers::{NonAnswer, non_answer};

/// How a mark is painted: as its kind has it, or as the house wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paint {
    /// In the colour that the kind of chart gives it.
    #[default]
    Usual,
    /// In this colour.
    Coloured(Role),
    /// In this colour, or the usual one, its label bold.
    Highlighted(Option<Role>),
    /// Grey, as others are brought out.
    Behind,
}

/// What a mark is one of: the others of its sort step back where it is brought out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Things that have a colour each: answers, series, rows of bars.
    Coloured,
    /// Rows, or panels, of things that have the colours: they can be brought out and have none of their own.
    Rows,
}

/// A mark that may be called by any of these names: its label, the head over it.
pub struct Named<'c> {
    /// What it is one of.
    pub among: Among,
    /// What it is called; the first is its label.
    pub names: Vec<String>,
    /// How it is painted.
    pub paint: &'c mut Paint,
    /// Its colour without a house.
    pub usual: Role,
}

/// The colour of a mark that is brought out, where its own is grey.
const BROUGHT_OUT: Role = Role::Category(0);

impl Paint {
    /// The colour of a mark that is usually in this one.
    pub fn over(self, usual: Role) -> Role {
        match self {
            Paint::Usual => usual,
            Paint::Coloured(role) | Paint::Highlighted(Some(role)) => role,
            Paint::Highlighted(None) => match usual {
                Role::Muted | Role::DontKnow | Role::Half => BROUGHT_OUT,
                own => own,
            },
            Paint::Behind => Role::Half,
        }
    }

    /// Whether others are brought out before it.
    pub(super) fn is_behind(self) -> bool {
        self == Paint::Behind
    }

    /// The colour of a number on a mark; `usual` is that on the usual colour.
    pub(super) fn text_over(self, mark: Role, usual: Role) -> Role {
        match self.over(mark) {
            same if same == mark => usual,
            other => other.text_on(),
        }
    }

    /// The type of its label.
    pub(super) fn label(self, kind: Type) -> Type {
        match self {
            Paint::Highlighted(_) => kind.bold(),
            _ => kind,
        }
    }
}

/// Writes on each mark what the style says of its name.
pub(super) fn paint(marks: Vec<Named>, style: &Style) {
    let colour_of = |names: &[String]| {
        let colours = &style.colours;
        let own = colours.iter().find(|(name, _)| is_called(names, name));
        own.map(|(_, colour)| *colour)
    };
    let colours: Vec<Option<HouseColour>> =
        marks.iter().map(|mark| colour_of(&mark.names)).collect();
    let is_out = |names: &[String]| style.highlight.iter().any(|name| is_called(names, name));
    let out: Vec<Among> = marks
        .iter()
        .filter(|mark| is_out(&mark.names))
        .map(|mark| mark.among)
        .collect();
    let mut usual = Palette::new(&marks, &colours);
    for (mark, colour) in marks.into_iter().zip(colours) {
        let is_brought_out = is_out(&mark.names);
        let role = match (mark.among, colour) {
            (Among::Rows, _) => None,
            (Among::Coloured, Some(colour)) => Some(Role::House(colour)),
            (Among::Coloured, None) if usual.is_rest(&mark) && !is_brought_out => Some(Role::Muted),
            (Among::Coloured, None) => usual.other_than(mark.usual),
        };
        *mark.paint = match (out.contains(&mark.among), is_brought_out, role) {
            (true, true, role) => Paint::Highlighted(role),
            (true, false, _) => Paint::Behind,
            (false, _, Some(role)) => Paint::Coloured(role),
            (false, _, None) => Paint::Usual,
        };
    }
}

/// Which of the six colours are left beside those of the house.
struct Palette {
    /// Colours of the house; empty where colours tell nothing apart.
    house: Vec<HouseColour>,
    taken: Vec<Role>,
}

impl Palette {
    fn new(marks: &[Named], colours: &[Option<HouseColour>]) -> Palette {
        let mut taken: Vec<Role> = Vec::new();
        let of_colours = |mark: &&Named| mark.among == Among::Coloured;
        let unnamed = marks.iter().zip(colours).filter(|(_, own)| own.is_none());
        for mark in unnamed.map(|(mark, _)| mark).filter(of_colours) {
            if !taken.contains(&mark.usual) {
                taken.push(mark.usual);
            }
        }
        let usual = || marks.iter().filter(of_colours).map(|mark| mark.usual);
        let first = usual().next();
        let tells_apart = usual().any(|role| Some(role) != first);
        Palette {
            house: match tells_apart {
                true => colours.iter().copied().flatten().collect(),
                false => Vec::new(),
            },
            taken,
        }
    }

    /// Whether a mark is what is left beside those that the house has colours for: “Other” is none of them, and grey.
    fn is_rest(&self, mark: &Named) -> bool {
        let is_category = matches!(mark.usual, Role::Category(_));
        let label = mark.names.first().map(String::as_str).unwrap_or_default();
        !self.house.is_empty() && is_category && non_answer(label) == Some(NonAnswer::Other)
    }

    /// Another of the six where this one would be taken for a colour of the house.
    fn other_than(&mut self, usual: Role) -> Option<Role> {
        let Role::Category(_) = usual else {
            return None;
        };
        let is_like = |role: Role| self.house.iter().any(|own| near(Role::House(*own), role));
        if !is_like(usual) {
            return None;
        }
        let mut six = (0..6).map(Role::Category);
        let free = six.find(|role| !self.taken.contains(role) && !is_like(*role))?;
        self.taken.push(free);
        Some(free)
    }
}
