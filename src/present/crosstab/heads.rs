//! What stands over the columns of a table.

use std::ops::Range;

/// The head of a column.
#[derive(Clone, Debug)]
pub struct Head {
    pub name: String,
    pub letter: Option<String>,
    /// `None` of the total.
    pub block: Option<usize>,
    pub state: BaseState,
    /// Several columns together.
    pub net: bool,
}

/// Whether a base bears what stands over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseState {
    Enough,
    /// Read with care.
    Small,
    /// Not shown and not tested.
    TooSmall,
}

impl BaseState {
    /// Behind a name and a base.
    pub fn sign(self) -> &'static str {
        match self {
            BaseState::Enough => "",
            BaseState::Small => "*",
            BaseState::TooSmall => "**",
        }
    }
}

/// What stands over the columns of a block.
#[derive(Clone, Debug)]
pub struct BlockHead {
    /// As the banner names it.
    pub name: String,
    /// The question as asked, or the name.
    pub title: String,
    /// Places among the heads.
    pub columns: Range<usize>,
}
