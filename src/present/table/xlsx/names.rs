/// The sheet with the exact frame.
pub(crate) const DATA: &str = "data";

/// The most letters that a sheet's name may have.
const LONGEST: usize = 31;

/// Sheet names: what a workbook allows, none twice whatever the case.
#[derive(Default)]
pub(crate) struct Names {
    given: Vec<String>,
}

impl Names {
    /// The title as the name of a sheet, cut and numbered where it must be.
    pub(crate) fn next(&mut self, title: &str) -> String {
        let safe = safe(title);
        let mut name = cut(&safe, LONGEST);
        let mut number = 1;
        while self.taken(&name) {
            number += 1;
            let ending = format!(" {number}");
            name = format!("{}{ending}", cut(&safe, LONGEST - ending.len()));
        }
        self.given.push(name.to_lowercase());
        name
    }

    fn taken(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        // spreadsheets keep "history" for themselves
        name == DATA || name == "history" || self.given.contains(&name)
    }
}

fn safe(title: &str) -> String {
    let allowed = |letter: char| match letter {
        '[' | ']' | ':' | '*' | '?' | '/' | '\\' => ' ',
        control if control.is_control() => ' ',
        _ => letter,
    };
    let words: String = title.chars().map(allowed).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    match words.join(" ").trim_matches(['\'', ' ']) {
        "" => "table".to_owned(),
        name => name.to_owned(),
    }
}

/// The leading letters that fit; letters beyond the first plane count twice there.
fn cut(name: &str, longest: usize) -> String {
    let mut taken = 0;
    let fitting = name.chars().take_while(|letter| {
        taken += letter.len_utf16();
        taken <= longest
    });
    let cut: String = fitting.collect();
    cut.trim_end_matches(['\'', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_safe_and_used_once() {
        let mut names = Names::default();
        assert_eq!(names.next("Favourable: [a/b]?"), "Favourable a b");
        assert_eq!(names.next("favourable a b"), "favourable a b 2");
        assert_eq!(names.next(""), "table");
        assert_eq!(names.next("Data"), "Data 2");
        let long = "x".repeat(40);
        assert_eq!(names.next(&long).len(), 31);
        let second = names.next(&long);
        assert!(second.ends_with("x 2") && second.len() == 31, "{second}");
        assert_eq!(names.next("'quoted'"), "quoted");
    }
}
