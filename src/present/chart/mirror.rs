//! Right to left: the whole drawing mirrored, each text in the direction of its letters.

use std::collections::HashMap;

use super::bounds::Bounds;
use super::scene::{Anchor, Point, Scene, Shape};

/// Whether a chart is read from the right: its headline is, or, without one, most of the letters in it.
pub(super) fn reads_from_right(scene: &Scene, title: &str) -> bool {
    let (mut right, mut left) = (0_usize, 0_usize);
    let mut count = |text: &str| {
        for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
            match is_right_to_left(letter) {
                true => right += 1,
                false => left += 1,
            }
        }
    };
    match title.is_empty() {
        false => count(title),
        true => scene.texts().for_each(|text| count(&text.text)),
    }
    right > left
}

/// Letters of Hebrew, Arabic, Syriac, Thaana, N’Ko and their presentation forms.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Makes texts with letters from the right runs of their own, in a chart that is read from either side.
pub(super) fn isolate(scene: &mut Scene) {
    for shape in &mut scene.shapes {
        if let Shape::Text(text) = shape {
            text.text = isolated(&text.text);
        }
    }
}

/// Mirrors a scene about its middle: bars grow to the left, labels stand at the right. Letters are not mirrored.
pub(super) fn mirror(scene: &mut Scene) {
    let width = scene.width;
    let joined = joined(scene);
    let at = |(x, y): Point| (width - x, y);
    for (index, shape) in scene.shapes.iter_mut().enumerate() {
        match shape {
            Shape::Line { from, to, .. } => (*from, *to) = (at(*to), at(*from)),
            Shape::Rect { bounds, .. } | Shape::Logo { bounds, .. } => {
                *bounds = across(*bounds, width)
            }
            Shape::Disc { centre, .. } => *centre = at(*centre),
            Shape::Polygon { points, .. }
            | Shape::Path { points, .. }
            | Shape::Veil { points, .. } => {
                for point in points {
                    *point = at(*point);
                }
            }
            Shape::Text(text) if joined.contains_key(&index) => {
                let (left, right) = joined.get(&index).copied().unwrap_or_default();
                // the pair keeps its order at its new place
                let by = width - right - left;
                text.x += by;
                text.bounds.left += by;
                text.bounds.right += by;
            }
            Shape::Text(text) => {
                text.x = width - text.x;
                text.bounds = across(text.bounds, width);
                text.anchor = match text.anchor {
                    Anchor::Start => Anchor::End,
                    Anchor::Middle => Anchor::Middle,
                    Anchor::End => Anchor::Start,
                };
            }
        }
    }
}

/// Texts that are one to the eye, the two ends of an interval set around its dash: the ends of what they take together.
fn joined(scene: &Scene) -> HashMap<usize, (f64, f64)> {
    let mut joined = HashMap::new();
    for (index, pair) in scene.shapes.windows(2).enumerate() {
        let [Shape::Text(one), Shape::Text(other)] = pair else {
            continue;
        };
        let is_word = |text: &str| text.chars().any(is_right_to_left);
        let adjoin = (one.bounds.right - other.bounds.left).abs() < 1.0;
        if adjoin && one.baseline == other.baseline && !is_word(&one.text) && !is_word(&other.text)
        {
            let ends = (one.bounds.left, other.bounds.right);
            joined.insert(index, ends);
            joined.insert(index + 1, ends);
        }
    }
    joined
}

fn across(bounds: Bounds, width: f64) -> Bounds {
    Bounds {
        left: width - bounds.right,
        right: width - bounds.left,
        ..bounds
    }
}

/// A text as a run of its own: from the right where it has such letters, with its numbers and signs kept from turning round.
///
/// A viewer takes a line of SVG as one from the left. U+2067 … U+2069 make it one from the right, so that a Latin word or a full
/// stop stands where it would in print; U+2066 … U+2069 keep “±4.2” and “59.0–64.9” in their order.
fn isolated(text: &str) -> String {
    if !text.chars().any(is_right_to_left) {
        return text.to_owned();
    }
    let mut mirrored = String::from("\u{2067}");
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            mirrored.push(' ');
        }
        let is_number = word.contains(|letter: char| letter.is_ascii_digit())
            && !word.chars().any(char::is_alphabetic);
        match is_number {
            true => {
                let end = word.trim_end_matches(['.', ',', ';', ':', '،', '؛']).len();
                let (number, after) = word.split_at(end);
                mirrored += "\u{2066}";
                mirrored += number;
                mirrored += "\u{2069}";
                mirrored += after;
            }
            false => mirrored += word,
        }
    }
    mirrored.push('\u{2069}');
    mirrored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_order_in_a_line_from_the_right() {
        assert_eq!(isolated("Yes 62%"), "Yes 62%");
        assert_eq!(
            isolated("نعم ±4.2."),
            "\u{2067}نعم \u{2066}±4.2\u{2069}.\u{2069}"
        );
    }
}
