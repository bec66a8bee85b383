//! Labels come from files that others wrote: make each one line of printable text.

use crate::frames::words::printable;

/// The text as one line: line breaks, tabs and runs of blanks become one space, invisible marks and spaces go; control
/// characters and direction overrides are shown, as in a table (see [`printable`]).
///
/// Joiners (U+200C, U+200D) stay, Persian and Indic spelling needs them; so does the no-break space.
pub(super) fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for letter in printable(text).chars() {
        if is_blank(letter) {
            gap = true;
        } else if !is_dropped(letter) {
            if gap && !line.is_empty() {
                line.push(' ');
            }
            gap = false;
            line.push(letter);
        }
    }
    line
}

/// Whether a character takes no room and needs no glyph.
pub(super) fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200C}' | '\u{200D}' | '\u{2066}'..='\u{2069}')
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\u{A0}' | '\u{202F}' | '\u{2007}')
}

/// Soft hyphens, direction marks, invisible operators, variation selectors, and the
/// code points that XML forbids.
fn is_dropped(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}
