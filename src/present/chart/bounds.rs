//! Boxes on the canvas: whether they meet, and lie in each other.

/// A box on the canvas, in px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Bounds {
    /// Whether two boxes share more than `tolerance` px both ways.
    pub fn meets(&self, other: &Bounds, tolerance: f64) -> bool {
        let across = self.right.min(other.right) - self.left.max(other.left);
        let down = self.bottom.min(other.bottom) - self.top.max(other.top);
        across > tolerance && down > tolerance
    }

    /// Whether this box lies wholly in the other.
    pub fn lies_in(&self, other: &Bounds) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }

    /// The box with so much more on every side.
    pub fn grown(&self, by: f64) -> Bounds {
        Bounds {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }
}
