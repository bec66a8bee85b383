//! Signs of footnotes, and what else stands with a number and is no part of it: `38*`, `Germany¹`, `44 (+2)`, `62 ± 3`.

use super::super::sizes::sized;
use super::*;

/// Cells of each kind that a note shows.
const SHOWN: usize = 2;

/// A number in square brackets beyond this is a base and no note.
const MOST_NOTES: u8 = 29;

/// A text without the signs of footnotes at its end.
pub(super) fn unsigned(text: &str) -> Option<&str> {
    let sign = |c: char| {
        matches!(
            c,
            '*' | '†'
                | '‡'
                | '§'
                | '¶'
                | '¹'
                | '²'
                | '³'
                | '⁴'
                | '⁵'
                | '⁶'
                | '⁷'
                | '⁸'
                | '⁹'
        )
    };
    let bare = without_reference(text).trim_end_matches(sign).trim_end();
    let signs = text.get(bare.len()..)?.trim_start();
    // m² and km² are units
    let is_unit = signs.starts_with(['²', '³'])
        && bare
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .is_some_and(|word| (1..=2).contains(&word.len()) && word.parse::<f64>().is_err());
    (!bare.is_empty() && bare != text && !is_unit).then_some(bare)
}

/// A text without `[1]` or `[a]` at its end, as an encyclopedia refers to its notes.
fn without_reference(text: &str) -> &str {
    let inside = |text: &str| {
        let (before, reference) = text.strip_suffix(']')?.rsplit_once('[')?;
        let short = match reference.parse::<u8>() {
            Ok(number) => number <= MOST_NOTES,
            Err(_) => reference.chars().count() == 1,
        };
        (short && !reference.is_empty()).then_some(before.len())
    };
    let mut bare = text;
    while let Some(length) = inside(bare) {
        bare = bare.get(..length).unwrap_or_default().trim_end();
    }
    bare
}

/// The number before a remark: `44` of `44 (+2)` and of `62 ± 3`.
fn before_remark(text: &str) -> Option<&str> {
    let (number, remark) = match text.strip_suffix([')', ']']) {
        Some(text) => text.rsplit_once(['(', '['])?,
        None => text.split_once('±')?,
    };
    remark
        .contains(|c: char| c.is_numeric())
        .then_some(number.trim_end())
}

impl Table {
    /// Takes away what stands with a number or a name and is no part of it, and says so.
    pub(super) fn take_footnotes(&mut self) {
        let (mut signs, mut remarks) = (Vec::new(), Vec::new());
        for name in &mut self.names {
            if let Some(bare) = unsigned(name).map(str::to_owned) {
                signs.push(std::mem::replace(name, bare));
            }
        }
        for row in &mut self.rows {
            for (at, cell) in row.cells.iter_mut().enumerate() {
                let is_number = |text: &str| Cell::text(text).reading(|_| true).is_some();
                if cell.kind != Kind::Text || cell.date().is_some() || is_number(&cell.text) {
                    continue;
                }
                if sized(&cell.text).is_some_and(|sized| sized.is_named && sized.rest.is_empty()) {
                    if let Some(sized) = sized(&cell.text) {
                        *cell = Cell::text(&sized.size);
                    }
                } else if let Some(bare) = unsigned(&cell.text).map(Cell::text) {
                    signs.push(std::mem::replace(cell, bare).text);
                } else if let Some(bare) = before_remark(&cell.text)
                    .filter(|number| at > 0 && is_number(number))
                    .map(Cell::text)
                {
                    remarks.push(std::mem::replace(cell, bare).text);
                }
            }
        }
        for (what, cells) in [
            ("signs of footnotes", signs),
            ("what stands behind numbers", remarks),
        ] {
            if cells.is_empty() {
                continue;
            }
            let mut shown: Vec<String> = cells.iter().take(SHOWN).cloned().collect();
            if cells.len() > SHOWN {
                shown.push(format!("{} more", cells.len() - SHOWN));
            }
            self.assume(format!("{what} left out: {}", and(&shown)));
        }
    }

    /// A column of numbers but for a cell or two is not taken for words: these cells are slips.
    ///
    /// # Errors
    /// The first such cell.
    pub(super) fn refuse_slips(&self, free: &[usize]) -> Result<(), Error> {
        for at in free {
            let cells = || {
                (0..self.len()).filter(|row| {
                    let text = self.text(*row, *at);
                    !super::super::number::is_missing(text) && text != "*"
                })
            };
            let slips: Vec<usize> = cells()
                .filter(|row| self.value(*row, *at).is_none())
                .collect();
            let Some(first) = slips.first().filter(|_| 2 * slips.len() < cells().count()) else {
                continue;
            };
            let text = self.text(*first, *at);
            return Err(self.wrong(*first, *at, format!("“{text}” is no percentage")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_told_from_texts() {
        for (text, bare) in [
            ("38*", "38"),
            ("38 †", "38"),
            ("Germany¹", "Germany"),
            ("Not at all**", "Not at all"),
            ("Germany[1]", "Germany"),
            ("44 [a][12]", "44"),
        ] {
            assert_eq!(unsigned(text), Some(bare), "{text}");
        }
        for text in [
            "*",
            "38",
            "Germany",
            "km²",
            "per m³",
            "†",
            "Germany [99]",
            "[1]",
            "Poll [sic]",
        ] {
            assert_eq!(unsigned(text), None, "{text}");
        }
        for (text, bare) in [
            ("44 (+2)", Some("44")),
            ("62 ± 3", Some("62")),
            ("12.5 [10.1–14.2]", Some("12.5")),
            ("18 (youngest)", None),
            ("44", None),
        ] {
            assert_eq!(before_remark(text), bare, "{text}");
        }
    }
}
