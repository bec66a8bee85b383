//! Which rows have a value, and putting values where they belong.

/// Which of the next rows are there.
pub(super) struct Present<'a> {
    pub(super) rows: usize,
    /// How many of them are there.
    pub(super) count: usize,
    /// 1 where a row is there, 0 where it is not; empty where all or none are.
    pub(super) levels: &'a [u8],
}

impl Present<'_> {
    pub(super) fn is_full(&self) -> bool {
        self.count == self.rows
    }
}

const EIGHT_ONES: u64 = 0x0101_0101_0101_0101;

/// Appends the values of the rows that are there, and `null` for the others.
pub(super) fn spread<T: Copy>(present: &Present, mut values: Vec<T>, null: T, out: &mut Vec<T>) {
    if present.is_full() {
        // a room that is larger is kept, and filled
        match out.is_empty() && out.capacity() <= values.capacity() {
            true => *out = values,
            false => out.extend_from_slice(&values),
        }
        return;
    }
    if present.count == 0 {
        out.resize(out.len() + present.rows, null);
        return;
    }
    out.reserve(present.rows);
    // so that there is something to look at behind the last value
    values.push(null);
    let mut at = 0;
    let (words, rest) = present.levels.as_chunks::<8>();
    for word in words {
        if u64::from_le_bytes(*word) == EIGHT_ONES {
            out.extend_from_slice(&values[at..at + 8]);
            at += 8;
            continue;
        }
        out.extend_from_slice(&word.map(|level| one(&values, &mut at, level, null)));
    }
    out.extend(rest.iter().map(|level| one(&values, &mut at, *level, null)));
}

#[inline]
fn one<T: Copy>(values: &[T], at: &mut usize, level: u8, null: T) -> T {
    // read whether or not it is wanted: a branch on nulls would be guessed wrong too often
    let value = values[*at];
    *at += usize::from(level);
    match level {
        0 => null,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_where_they_belong() {
        let levels = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0];
        let present = Present {
            rows: 18,
            count: 16,
            levels: &levels,
        };
        let mut out = vec![7];
        spread(&present, (20..36).collect(), 0, &mut out);
        let expected: Vec<i32> = [7, 0].into_iter().chain(20..36).chain([0]).collect();
        assert_eq!(out, expected);
    }
}
