//! Words by which a row says that it is several answers together: “NET: worried”, “Total agree”, “Gesamt Zustimmung”.
//!
//! One list for everything that looks at the words of answers: what adds up to 100 is counted without them, they are no part
//! of a stack, and `check` holds them against the answers beside them.

/// Words that say so wherever they stand.
const ANYWHERE: [&str; 4] = ["net", "nets", "netto", "subtotal"];
/// Words that say so before others; alone they are the sum of all answers.
#[rustfmt::skip]
const BEFORE: [&str; 11] = [
    "total", "summe", "gesamt", "insgesamt", "ensemble", "totale", "totaal", "suma", "totalt", "sum", "subtotal",
];

/// Whether a label is that of several answers together.
pub fn is_net(label: &str) -> bool {
    let lower = label.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let begins = words.first().is_some_and(|word| BEFORE.contains(word));
    (begins && words.len() > 1) || words.iter().any(|word| ANYWHERE.contains(word))
}

/// What printed numbers may be off from a sum of so many others, each rounded to whole ones.
fn rounding(parts: usize) -> f64 {
    0.5 * (parts as f64 + 1.0) + 1e-9
}

/// A NET that is this near to its nearest answers is theirs, with a slip; else its parts are not printed. In points.
const SLIP: f64 = 5.0;

/// Which rows of a question add up others of it: those that are called so and whose parts stand next to them, after or before,
/// each part in one NET only. A “Total disagree” without its parts is an answer as others are.
pub fn nets(rows: &[(&str, f64)]) -> Vec<bool> {
    let called: Vec<bool> = rows.iter().map(|(label, _)| is_net(label)).collect();
    let mut taken = called.clone();
    let mut nets = vec![false; rows.len()];
    let mut settle = |most: fn(usize) -> f64, nets: &mut Vec<bool>| {
        for (at, (_, value)) in rows.iter().enumerate() {
            if nets.get(at) != Some(&false) || called.get(at) != Some(&true) {
                continue;
            }
            let free = |at: &usize| taken.get(*at) == Some(&false);
            let after: Vec<usize> = (at + 1..rows.len()).take_while(free).collect();
            let before: Vec<usize> = (0..at).rev().take_while(free).collect();
            let parts = [after, before].into_iter().find_map(|side| {
                let sum = |count: usize| -> f64 {
                    let values = side.iter().take(count).filter_map(|at| rows.get(*at));
                    values.map(|(_, value)| value).sum()
                };
                let count =
                    (2..=side.len()).find(|count| (sum(*count) - value).abs() <= most(*count))?;
                Some(side.into_iter().take(count).collect::<Vec<_>>())
            });
            for part in parts.iter().flatten() {
                if let Some(place) = taken.get_mut(*part) {
                    *place = true;
                }
            }
            if let Some(place) = nets.get_mut(at) {
                *place = parts.is_some();
            }
        }
    };
    settle(rounding, &mut nets);
    settle(|_| SLIP, &mut nets);
    nets
}

#[cfg(test)]
mod tests {
    use super::{is_net, nets};

    #[test]
    fn a_net_without_its_parts_is_an_answer() {
        let rows = [
            ("Total agree", 62.0),
            ("Strongly", 24.0),
            ("Somewhat", 38.0),
            ("Total disagree", 30.0),
            ("Don't know", 8.0),
        ];
        assert_eq!(nets(&rows), [true, false, false, false, false]);
        let after = [
            ("Strongly", 24.0),
            ("Somewhat", 38.0),
            ("Total agree", 63.0),
            ("Rather not", 20.0),
            ("Not at all", 10.0),
            ("Total disagree", 30.0),
        ];
        assert_eq!(nets(&after), [false, false, true, false, false, true]);
        let slip = [
            ("NET worried", 66.0),
            ("Very", 24.0),
            ("Somewhat", 38.0),
            ("Not", 38.0),
        ];
        assert_eq!(nets(&slip), [true, false, false, false]);
    }

    #[test]
    fn nets_are_told_from_answers_and_sums() {
        for label in [
            "NET worried",
            "Worried (NET)",
            "Total agree",
            "Total: trust",
            "Summe Vertrauen",
            "Subtotal",
        ] {
            assert!(is_net(label), "{label}");
        }
        for label in [
            "Total",
            "Gesamt",
            "Network",
            "Agree in total",
            "A great deal",
        ] {
            assert!(!is_net(label), "{label}");
        }
    }
}
