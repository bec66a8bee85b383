use crate::published::figures::quantity::COMPUTED;
use crate::published::figures::store::Figure;

/// Everybody who is spoken of at once: one base of one poll, as printed or as computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct People<'s> {
    pub poll: &'s str,
    pub base: &'s str,
    pub computed: bool,
}

impl<'s> People<'s> {
    pub fn of(figure: &'s Figure) -> People<'s> {
        People {
            poll: &figure.poll,
            base: &figure.base,
            computed: figure.reported_by == COMPUTED,
        }
    }
}
