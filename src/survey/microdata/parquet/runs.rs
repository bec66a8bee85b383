//! Run lengths and bit-packed groups: how Parquet stores dictionary ids, truth values and definition levels.

use super::fault::{Fault, damaged};

/// Ids that some writers add behind the last one, to fill what they pack at a time: fewer than these.
const PACKED_AT_A_TIME: usize = 32;

/// A code as it is handed on.
pub(super) trait Code: Copy + Default {
    fn from_id(id: u32) -> Self;
    /// Eight ids of `width` bits from the start of `bytes`; what lies beyond its end is zero.
    fn unpack(bytes: &[u8], width: u32) -> [Self; 8];
}

/// Where the decoding of some runs stands. The bytes are handed in by the caller, always the same.
#[derive(Debug)]
pub(super) struct Runs {
    at: usize,
    end: usize,
    width: u32,
    run: Run,
}

#[derive(Debug)]
enum Run {
    Repeated {
        id: u32,
        left: usize,
    },
    /// Ids from that place on, of which `next` were taken.
    Packed {
        start: usize,
        next: usize,
        left: usize,
    },
}

impl Runs {
    /// Runs of ids of that many bits in `bytes[at..end]`.
    pub(super) fn new(at: usize, end: usize, width: u32) -> Result<Runs, Fault> {
        if width > 32 || at > end {
            return Err(damaged(format!("ids of {width} bits")));
        }
        let run = Run::Repeated { id: 0, left: 0 };
        Ok(Runs {
            at,
            end,
            width,
            run,
        })
    }

    /// `count` values of one bit each without any run before them.
    pub(super) fn bits(at: usize, end: usize, count: usize) -> Result<Runs, Fault> {
        let there = end.checked_sub(at).ok_or(Fault::Cut)?;
        let run = Run::Packed {
            start: at,
            next: 0,
            left: count.min(there.saturating_mul(8)),
        };
        Ok(Runs {
            // nothing follows: one value too many is a cut
            at: end,
            end,
            width: 1,
            run,
        })
    }

    /// Whether all ids were taken but those that fill the last group.
    pub(super) fn is_read(&self) -> bool {
        let done = match self.run {
            Run::Repeated { left, .. } => left == 0,
            Run::Packed { left, .. } => left < PACKED_AT_A_TIME,
        };
        self.width == 0 || done && self.at >= self.end
    }

    pub(super) fn width(&self) -> u32 {
        self.width
    }

    /// Whether the next `count` ids are all that one. Takes them if so.
    pub(super) fn take_all(
        &mut self,
        bytes: &[u8],
        wanted: u32,
        count: usize,
    ) -> Result<bool, Fault> {
        if count == 0 {
            return Ok(true);
        }
        self.advance(bytes)?;
        match &mut self.run {
            Run::Repeated { id, left } if *id == wanted && *left >= count => {
                *left -= count;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Appends the next `count` ids.
    pub(super) fn take<C: Code>(
        &mut self,
        bytes: &[u8],
        mut count: usize,
        out: &mut Vec<C>,
    ) -> Result<(), Fault> {
        // a dictionary of one value: its ids take no bits, and no runs either
        if self.width == 0 {
            out.resize(out.len() + count, C::from_id(0));
            return Ok(());
        }
        while count > 0 {
            self.advance(bytes)?;
            let taken = match &mut self.run {
                Run::Repeated { id, left } => {
                    let taken = count.min(*left);
                    out.resize(out.len() + taken, C::from_id(*id));
                    *left -= taken;
                    taken
                }
                Run::Packed { start, next, left } => {
                    let taken = count.min(*left);
                    let packed = bytes.get(*start..self.end).ok_or(Fault::Cut)?;
                    unpack(packed, self.width, *next, taken, out);
                    *next += taken;
                    *left -= taken;
                    taken
                }
            };
            count -= taken;
        }
        Ok(())
    }

    /// Makes the current run one that has something left.
    fn advance(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.width == 0 {
            self.run = Run::Repeated {
                id: 0,
                left: usize::MAX,
            };
            return Ok(());
        }
        loop {
            match &self.run {
                Run::Repeated { left, .. } | Run::Packed { left, .. } if *left > 0 => return Ok(()),
                _ => self.run = self.next_run(bytes)?,
            }
        }
    }

    fn next_run(&mut self, bytes: &[u8]) -> Result<Run, Fault> {
        let bytes = bytes.get(..self.end).ok_or(Fault::Cut)?;
        let head = varint(bytes, &mut self.at)?;
        let count = usize::try_from(head >> 1).map_err(|_| Fault::Cut)?;
        if head & 1 == 0 {
            let size = self.width.div_ceil(8) as usize;
            let stored = bytes.get(self.at..self.at + size).ok_or(Fault::Cut)?;
            self.at += size;
            let mut id = [0; 4];
            id[..size].copy_from_slice(stored);
            return Ok(Run::Repeated {
                id: u32::from_le_bytes(id),
                left: count,
            });
        }
        let start = self.at;
        let there = bytes.len() - start;
        let size = count
            .checked_mul(self.width as usize)
            .ok_or(Fault::Cut)?
            .min(there);
        self.at += size;
        // some writers cut the last group off after its last value
        let left = (size * 8 / self.width as usize).min(count.saturating_mul(8));
        match left {
            0 => Err(Fault::Cut),
            left => Ok(Run::Packed {
                start,
                next: 0,
                left,
            }),
        }
    }
}

/// A number in groups of seven bits, the low ones first.
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> Result<u64, Fault> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or(Fault::Cut)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(damaged("a number in a page never ends"))
}

/// Appends `count` ids from the `next`th on. The caller has seen to it that their bits are there.
fn unpack<C: Code>(packed: &[u8], width: u32, next: usize, count: usize, out: &mut Vec<C>) {
    let width_bytes = width as usize;
    let group = |number: usize| C::unpack(packed.get(number * width_bytes..).unwrap_or(&[]), width);
    let end = next + count;
    let mut at = next;
    if !at.is_multiple_of(8) {
        let stop = end.min(at.next_multiple_of(8));
        out.extend_from_slice(&group(at / 8)[at % 8..at % 8 + (stop - at)]);
        at = stop;
    }
    while at + 8 <= end {
        out.extend_from_slice(&group(at / 8));
        at += 8;
    }
    if at < end {
        out.extend_from_slice(&group(at / 8)[..end - at]);
    }
}

fn word(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(word) => u64::from_le_bytes(*word),
        None => {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(word)
        }
    }
}

impl Code for u8 {
    fn from_id(id: u32) -> u8 {
        id as u8
    }

    /// Halves the word three times: 8 fields of `width` bits become 8 bytes. Ids of more than 8 bits have no place here.
    #[inline]
    fn unpack(bytes: &[u8], width: u32) -> [u8; 8] {
        let width = width.min(8);
        let field = (1u64 << width) - 1;
        let two = field | field << width;
        let four = two | two << (2 * width);
        let word = word(bytes);
        // four fields a half, two a quarter, one a byte
        let halves = (word & four) | (word >> (4 * width) & four) << 32;
        let low = two | two << 32;
        let quarters = (halves & low) | (halves >> (2 * width) & low) << 16;
        let low = field * 0x0001_0001_0001_0001;
        ((quarters & low) | (quarters >> width & low) << 8).to_le_bytes()
    }
}

impl Code for u32 {
    fn from_id(id: u32) -> u32 {
        id
    }

    #[inline]
    fn unpack(bytes: &[u8], width: u32) -> [u32; 8] {
        // 8 fields of up to 32 bits, and the 8 bytes that a read may go beyond
        let mut padded = [0u8; 40];
        let bytes = match bytes.len() >= 40 {
            true => bytes,
            false => {
                padded[..bytes.len()].copy_from_slice(bytes);
                &padded
            }
        };
        let mask = ((1u64 << width) - 1) as u32;
        std::array::from_fn(|place| {
            let bit = place * width as usize;
            (word(&bytes[bit / 8..]) >> (bit % 8)) as u32 & mask
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids packed the slow way.
    fn packed(ids: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = vec![0u8; (ids.len() * width as usize).div_ceil(8)];
        for (place, id) in ids.iter().enumerate() {
            for bit in 0..width as usize {
                let at = place * width as usize + bit;
                bytes[at / 8] |= ((id >> bit & 1) as u8) << (at % 8);
            }
        }
        bytes
    }

    fn taken<C: Code>(bytes: &[u8], width: u32, steps: &[usize]) -> Vec<C> {
        let mut runs = Runs::new(0, bytes.len(), width).unwrap();
        let mut out = Vec::new();
        for step in steps {
            runs.take(bytes, *step, &mut out).unwrap();
        }
        out
    }

    #[test]
    fn every_width_in_every_step() {
        for width in 1..=32u32 {
            let ids: Vec<u32> = (0..64u32)
                .map(|place| place.wrapping_mul(2_654_435_761) >> (32 - width))
                .collect();
            let mut bytes = vec![(8 << 1) | 1];
            bytes.extend(packed(&ids, width));
            // a run of five sevens (or ones) behind it
            bytes.push(5 << 1);
            bytes.extend(&1u32.to_le_bytes()[..width.div_ceil(8) as usize]);
            let mut all = ids.clone();
            all.extend([1; 5]);
            for steps in [vec![69], vec![3, 8, 1, 57], vec![64, 5], vec![13, 51, 2, 3]] {
                assert_eq!(
                    taken::<u32>(&bytes, width, &steps),
                    all,
                    "{width} {steps:?}"
                );
                if width <= 8 {
                    let narrow: Vec<u32> = taken::<u8>(&bytes, width, &steps)
                        .into_iter()
                        .map(u32::from)
                        .collect();
                    assert_eq!(narrow, all, "{width} {steps:?}");
                }
            }
        }
    }

    #[test]
    fn no_bits_mean_zeros_and_an_end_is_a_fault() {
        assert_eq!(taken::<u8>(&[], 0, &[3]), [0, 0, 0]);
        let mut runs = Runs::new(0, 2, 3).unwrap();
        let mut out: Vec<u8> = Vec::new();
        assert!(runs.take(&[4, 5], 3, &mut out).is_err());
        assert!(Runs::new(0, 2, 33).is_err());
    }

    #[test]
    fn the_last_group_may_be_cut_off() {
        let ids = [1, 2, 3, 4, 5];
        let mut bytes = vec![3];
        bytes.extend(packed(&ids, 4));
        assert_eq!(taken::<u8>(&bytes, 4, &[5]), [1, 2, 3, 4, 5]);
    }
}
