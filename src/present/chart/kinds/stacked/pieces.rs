//! A row as pieces of a bar: what stands from where to where, in per cent.

use super::response::{Response, Side};
use super::{Part, StackedRow, StackedSection};
use crate::present::chart::paint::Paint;
use crate::present::chart::theme::Role;

/// A segment, or what is left to 100.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece<'a> {
    /// Whose it is; `None` for the rest, of which no figure was found.
    pub part: Option<(&'a Response, &'a Part)>,
    /// In per cent from the origin: the left end of a stack, or the centre line.
    pub from: f64,
    pub to: f64,
}

/// A row, cut up.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Pieces<'a> {
    /// The bar, from left to right.
    pub bar: Vec<Piece<'a>>,
    /// Don’t know, where it has a column of its own.
    pub apart: Option<Piece<'a>>,
    /// A rest that belongs to no one place, in words.
    pub remark: Option<String>,
    /// Whether other rows are brought out before it.
    pub behind: bool,
}

impl Pieces<'_> {
    /// How far the bar goes to the left and to the right of the origin.
    pub fn reach(&self) -> (f64, f64) {
        let left = self.bar.iter().map(|piece| -piece.from).fold(0.0, f64::max);
        let right = self.bar.iter().map(|piece| piece.to).fold(0.0, f64::max);
        (left, right)
    }

    /// The colour of a segment.
    pub fn role(&self, response: &Response) -> Role {
        match self.behind {
            true => Paint::Behind.over(response.role()),
            false => response.role(),
        }
    }

    /// The colour of the number on it.
    pub fn text_role(&self, response: &Response) -> Role {
        match self.behind {
            true => self.role(response).text_on(),
            false => response.text_role(),
        }
    }

    pub fn has_rest(&self) -> bool {
        let mut all = self.bar.iter().chain(&self.apart);
        all.any(|piece| piece.part.is_none())
    }

    pub fn is_empty(&self) -> bool {
        self.bar.is_empty() && self.apart.is_none()
    }
}

/// Cuts a row up.
pub(super) fn pieces<'a>(
    section: &'a StackedSection,
    row: &'a StackedRow,
    diverging: bool,
) -> Pieces<'a> {
    let pieces = if row.known_parts().next().is_none() {
        Pieces::default()
    } else if diverging {
        around_the_centre(section, row)
    } else {
        from_the_left(section, row)
    };
    Pieces {
        behind: row.paint.is_behind(),
        ..pieces
    }
}

/// What a row says of a response.
fn part(row: &StackedRow, index: usize) -> Option<&Part> {
    row.parts.get(index).and_then(Option::as_ref)
}

fn from_the_left<'a>(section: &'a StackedSection, row: &'a StackedRow) -> Pieces<'a> {
    // Printed shares may add up to 101: the bar still ends at 100.
    // Of a row of noughts the quotient is infinite, and 1 is taken.
    let shrink = (100.0 / row.sum()).min(1.0);
    let mut pieces = Pieces::default();
    let mut from = 0.0;
    for (index, response) in section.stacking(false) {
        let Some(part) = part(row, index) else {
            continue;
        };
        let to = from + part.percent * shrink;
        pieces.bar.push(Piece {
            part: Some((response, part)),
            from,
            to,
        });
        from = to;
    }
    if row.rest(section.responses.len()).is_some() {
        pieces.bar.push(Piece {
            part: None,
            from,
            to: 100.0,
        });
    }
    pieces
}

fn around_the_centre<'a>(section: &'a StackedSection, row: &'a StackedRow) -> Pieces<'a> {
    let stacking = section.stacking(true);
    let on = |side: Side| -> Vec<Cut<'a>> {
        let these = stacking.iter().filter(|(_, one)| one.tone.side() == side);
        these
            .filter_map(|(index, response)| {
                let part = part(row, *index)?;
                Some((Some((*response, part)), part.percent))
            })
            .collect()
    };
    let (mut left, mut right, mut apart) = (on(Side::Left), on(Side::Right), on(Side::Apart));
    let middle = on(Side::Middle);
    let mut remark = None;
    if let Some(rest) = row.rest(section.responses.len()) {
        let missing = stacking
            .iter()
            .filter(|(index, _)| part(row, *index).is_none());
        let mut sides: Vec<Side> = missing.map(|(_, one)| one.tone.side()).collect();
        // They come in the order of the sides: equal ones are neighbours.
        sides.dedup();
        match sides[..] {
            // The rest is theirs: it stands where they would, at the outer end.
            [Side::Left] => left.insert(0, (None, rest)),
            [Side::Right] => right.push((None, rest)),
            [Side::Apart] => apart.push((None, rest)),
            _ => remark = Some(format!("{rest:.0}% not published")),
        }
    }
    let half: f64 = middle.iter().map(|(_, size)| size).sum::<f64>() / 2.0;
    let before: f64 = left.iter().map(|(_, size)| size).sum();
    let mut bar = Vec::new();
    let mut from = -half - before;
    for (part, size) in left.into_iter().chain(middle).chain(right) {
        bar.push(Piece {
            part,
            from,
            to: from + size,
        });
        from += size;
    }
    Pieces {
        bar,
        apart: apart.into_iter().next().map(|(part, size)| Piece {
            part,
            from: 0.0,
            to: size,
        }),
        remark,
        behind: false,
    }
}

/// A segment and how long it is.
type Cut<'a> = (Option<(&'a Response, &'a Part)>, f64);
