use unicode_width::UnicodeWidthStr;

use crate::frames::words::unbroken;

/// Columns a text takes on a terminal.
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// Breaks a text into lines of at most `width` display columns, the first `hang` wider than the
/// rest where `hang` is given. A word wider than a line is cut. Where a no-break space is no line ends; it is printed as a space.
pub fn fill(text: &str, width: usize, hang: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut room = width;
    let text = unbroken(text);
    let breaks = |letter: char| letter.is_whitespace() && letter != '\u{a0}';
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        let word = &word.replace('\u{a0}', " ");
        for piece in cut(word, width.saturating_sub(hang).max(4)) {
            let needs = display_width(&piece) + usize::from(!line.is_empty());
            if !line.is_empty() && display_width(&line) + needs > room {
                lines.push(std::mem::take(&mut line));
                room = width.saturating_sub(hang).max(4);
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&piece);
        }
    }
    lines.push(line);
    lines
}

/// A word in pieces that fit: itself, unless it is wider than a whole line.
fn cut(word: &str, width: usize) -> Vec<String> {
    if display_width(word) <= width {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut taken = 0;
    for letter in word.chars() {
        let wide = unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
        if taken + wide > width {
            pieces.push(String::new());
            taken = 0;
        }
        taken += wide;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hang_and_long_words_are_cut() {
        assert_eq!(fill("one two three", 8, 2), ["one two", "three"]);
        assert_eq!(fill("abcdefghijklmnop", 10, 0), ["abcdefghij", "klmnop"]);
        assert_eq!(fill("", 10, 0), [""]);
        assert_eq!(fill("386 df, p < 0.001", 12, 0), ["386 df,", "p < 0.001"]);
        assert_eq!(display_width("한국"), 4);
    }
}
