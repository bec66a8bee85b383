//! Room for sums that grow in two directions: more rows, and more entries in each.

/// Lays rows of `old` entries out in rows of `new` ones, and makes room for `rows` of them.
pub fn regrow<T: Clone + Copy + Default>(
    entries: &mut Vec<T>,
    old: usize,
    new: usize,
    rows: usize,
) {
    if old != new && !entries.is_empty() {
        let count = entries.len() / old;
        let mut wider = vec![T::default(); count.max(rows) * new];
        for (from, to) in entries.chunks(old).zip(wider.chunks_mut(new)) {
            to[..old].copy_from_slice(from);
        }
        *entries = wider;
    }
    let size = rows * new;
    if entries.len() < size {
        entries.resize(
            size.max(entries.len() * 3 / 2).next_multiple_of(new),
            T::default(),
        );
    }
}
