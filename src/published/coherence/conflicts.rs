use crate::published::figures::quantity::{Quantity, quantities};
use crate::published::figures::store::Store;

/// The quantities of a store of which values were printed that can't all be right.
pub fn conflicts(store: &Store) -> Vec<Quantity<'_>> {
    let figures: Vec<_> = store.figures.iter().collect();
    let mut quantities = quantities(&figures);
    quantities.retain(Quantity::in_conflict);
    quantities
}
