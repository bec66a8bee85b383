//! Dots or bars: the same rows, marked one way or the other.

/// How figures are marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::internals::present::chart) enum Look {
    /// A dot on its interval.
    Dot,
    /// A bar from 0 so thick, in px.
    Bar(f64),
}

/// How thick a bar is in a row of its own, beside others of its row, and in rows that stand close.
pub(in crate::internals::present::chart) const BAR: f64 = 15.0;
pub(super) const SUB_BAR: f64 = 13.0;
pub(super) const CLOSE_BAR: f64 = 13.0;

impl Look {
    /// What such a chart is called.
    pub fn name(self) -> &'static str {
        match self {
            Look::Dot => "Dot plot",
            Look::Bar(_) => "Bar chart",
        }
    }
}
