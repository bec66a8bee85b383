//! Where per cents stand on the canvas: along one axis, or away from a centre line.

use super::pieces::{Piece, Pieces};
use crate::present::chart::axis::LevelAxis;
use crate::present::chart::page::crisp;

/// Half of what the centre line keeps free of bars: the line and half a pixel on either side.
const HALF_GAP: f64 = 1.0;
/// Between the bars and the column of don’t know: room for a number outside, where there is room.
const BEFORE_APART: f64 = 40.0;
const BEFORE_APART_CLOSE: f64 = 24.0;
/// In a narrower plot the gap is the smaller one.
const CLOSE: f64 = 400.0;

/// The plot of a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub left: f64,
    pub right: f64,
    pub axis: Axis,
}

/// How per cents become places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Axis {
    Percent(LevelAxis),
    Centre(Centre),
}

/// A centre line, and maybe a column apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Centre {
    pub x: f64,
    /// A per cent in px.
    pub px: f64,
    /// The left edge of the column of don’t know.
    pub apart: Option<f64>,
}

/// What a section asks of the room there is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Need {
    /// The longest bar to the left, to the right, and apart, in per cent.
    left: f64,
    right: f64,
    apart: Option<f64>,
    /// The least width of the column apart, in px: its head, its numbers.
    column: f64,
}

impl Need {
    /// What these rows need; `column` is the least width of the column apart, if there is one.
    pub fn from_rows<'a>(rows: impl Iterator<Item = Pieces<'a>>, column: Option<f64>) -> Self {
        let mut need = Need {
            apart: column.map(|_| 0.0),
            column: column.unwrap_or(0.0),
            ..Need::default()
        };
        for pieces in rows {
            let (left, right) = pieces.reach();
            need.left = need.left.max(left);
            need.right = need.right.max(right);
            let apart = pieces.apart.map_or(0.0, |piece| piece.to);
            need.apart = need.apart.map(|most| most.max(apart));
        }
        need
    }

    /// How long a per cent can be in that room.
    fn px(&self, room: f64, left: f64) -> f64 {
        let across = (left + self.right).max(1.0);
        match self.apart {
            None => room / across,
            Some(apart) => {
                let room = room
                    - if room < CLOSE {
                        BEFORE_APART_CLOSE
                    } else {
                        BEFORE_APART
                    };
                let px = room / (across + apart);
                if apart * px < self.column {
                    (room - self.column) / across
                } else {
                    px
                }
            }
        }
        .max(0.2)
    }

    /// The column apart begins here.
    fn column(&self, px: f64, right: f64) -> Option<f64> {
        self.apart
            .map(|apart| (right - (apart * px).max(self.column)).floor())
    }
}

/// A frame for each need, all with one scale and their centre lines at the same place.
pub(super) fn centred(needs: &[Need], left: f64, right: f64) -> Vec<Frame> {
    let most = needs.iter().map(|need| need.left).fold(0.0, f64::max);
    let room = right - left - 2.0 * HALF_GAP - 1.0;
    let px = needs
        .iter()
        .map(|need| need.px(room, most))
        .fold(f64::INFINITY, f64::min);
    let x = crisp(left + most * px + HALF_GAP);
    needs
        .iter()
        .map(|need| Frame {
            left,
            right,
            axis: Axis::Centre(Centre {
                x,
                px,
                apart: need.column(px, right),
            }),
        })
        .collect()
}

impl Frame {
    /// A frame whose bars run from 0 to 100%.
    pub fn percent(left: f64, right: f64) -> Self {
        Frame {
            left,
            right,
            axis: Axis::Percent(LevelAxis::fitting(left, right)),
        }
    }

    /// The left and right end of a segment; a pixel stays free between two.
    pub fn ends(&self, piece: &Piece) -> (f64, f64) {
        let (from, to) = match self.axis {
            Axis::Percent(axis) => (
                axis.x(piece.from) + if piece.from > 0.0 { 0.5 } else { -0.5 },
                // The last segment has no neighbour, and sums of shares end a little before 100.
                axis.x(piece.to) - if piece.to < 99.95 { 0.5 } else { -0.5 },
            ),
            Axis::Centre(Centre { x, px, .. }) => {
                let away = |percent: f64, inner: f64| {
                    if percent.abs() < 1e-9 {
                        x + HALF_GAP * inner
                    } else {
                        x + percent * px + percent.signum() * HALF_GAP
                    }
                };
                let (from, to) = (away(piece.from, 1.0), away(piece.to, -1.0));
                // The gap is taken from the outer end of the inner segment.
                (
                    if piece.from > 0.0 { from + 0.5 } else { from },
                    if piece.to < 0.0 { to - 0.5 } else { to },
                )
            }
        };
        // A share under half a per cent is still to be seen.
        (from, to.max(from + 0.75))
    }

    /// The ends of a bar in the column apart.
    pub fn apart_ends(&self, piece: &Piece) -> Option<(f64, f64)> {
        let Axis::Centre(Centre {
            px,
            apart: Some(left),
            ..
        }) = self.axis
        else {
            return None;
        };
        Some((left, left + (piece.to * px).max(0.75)))
    }

    /// Where the bars begin: the left end, or the centre line.
    pub fn origin(&self) -> f64 {
        match self.axis {
            Axis::Percent(axis) => axis.left,
            Axis::Centre(centre) => centre.x,
        }
    }

    /// How far right a number outside a bar may reach.
    pub fn limit(&self) -> f64 {
        match self.axis {
            Axis::Centre(Centre {
                apart: Some(left), ..
            }) => left - 8.0,
            _ => self.right,
        }
    }
}
