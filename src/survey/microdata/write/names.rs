//! Names that a program takes, and what becomes of the others.

use std::collections::HashSet;

/// Whose names they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Spss,
    Stata,
}

const SPSS_WORDS: [&str; 13] = [
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
];
const STATA_WORDS: [&str; 23] = [
    "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n",
    "_N", "_pi", "_pred", "_rc", "_skip", "strL", "using", "with", "_se", "_r", "_dta",
];

impl Names {
    /// Why a name is refused; `None` where it is fine.
    pub fn refuses(self, name: &str) -> Option<String> {
        let (program, longest) = match self {
            Names::Spss => ("SPSS", "64 bytes"),
            Names::Stata => ("Stata", "32 characters"),
        };
        let mut rest = name.chars();
        let problem = match rest.next() {
            None => "is empty".to_owned(),
            Some(_) if self.cut(name) != name => format!("is longer than {longest}"),
            Some(first) if !self.starts(first) => format!("starts with {first:?}"),
            Some(_) => match rest.find(|letter| !self.holds(*letter)) {
                Some(letter) => format!("has {letter:?}"),
                None if self == Names::Spss && name.ends_with('.') => "ends in '.'".to_owned(),
                None if self.is_word(name) => "is a word of its language".to_owned(),
                None => return None,
            },
        };
        Some(format!(
            "{program} takes no variable of that name: it {problem}"
        ))
    }

    fn starts(self, letter: char) -> bool {
        match self {
            Names::Spss => letter.is_alphabetic() || letter == '@',
            Names::Stata => letter.is_alphabetic() || letter == '_',
        }
    }

    fn holds(self, letter: char) -> bool {
        match self {
            Names::Spss => letter.is_alphanumeric() || "._$#@".contains(letter),
            Names::Stata => letter.is_alphanumeric() || letter == '_',
        }
    }

    fn is_word(self, name: &str) -> bool {
        match self {
            Names::Spss => SPSS_WORDS.contains(&name.to_lowercase().as_str()),
            // str8 and the like are types
            Names::Stata => {
                let digits = name.strip_prefix("str");
                let is_type = |digits: &str| {
                    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
                };
                STATA_WORDS.contains(&name) || digits.is_some_and(is_type)
            }
        }
    }

    /// As much of a name as there is room for.
    fn cut(self, name: &str) -> &str {
        match self {
            Names::Spss => cut_bytes(name, 64),
            Names::Stata => cut_characters(name, 32),
        }
    }

    /// Two names that differ in capitals are one to SPSS.
    fn folded(self, name: &str) -> String {
        match self {
            Names::Spss => name.to_lowercase(),
            Names::Stata => name.to_owned(),
        }
    }

    /// A name that is taken, as near to the one that is not as can be.
    fn mended(self, name: &str) -> String {
        let before = match self {
            Names::Spss => '@',
            Names::Stata => '_',
        };
        let mut mended = String::new();
        for letter in name.trim().chars() {
            if mended.is_empty() && !self.starts(letter) {
                mended.push(before);
            }
            match self.holds(letter) {
                true => mended.push(letter),
                false if mended.ends_with('_') => {}
                false => mended.push('_'),
            }
        }
        if self == Names::Spss {
            mended.truncate(mended.trim_end_matches('.').len());
        }
        if mended.is_empty() && self == Names::Spss {
            mended.push(before);
        }
        if mended.is_empty() || mended == "@" || self.is_word(&mended) {
            mended.push('_');
        }
        let cut = self.cut(&mended);
        match self {
            Names::Spss => cut.trim_end_matches('.').to_owned(),
            Names::Stata => cut.to_owned(),
        }
    }

    /// The names under which variables are written, each once.
    pub(super) fn written<'a>(self, names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
        // names that are fine keep themselves, whatever stands before them
        let mut taken = HashSet::new();
        let kept: Vec<bool> = names
            .clone()
            .map(|name| self.refuses(name).is_none() && taken.insert(self.folded(name)))
            .collect();
        let mut mend = |name: &str| {
            let mended = self.mended(name);
            let numbered = (2_u64..).map(|number| {
                let end = format!("_{number}");
                let room = match self {
                    Names::Spss => cut_bytes(&mended, 64 - end.len()),
                    Names::Stata => cut_characters(&mended, 32 - end.len()),
                };
                format!("{room}{end}")
            });
            let mut candidates = std::iter::once(mended.clone()).chain(numbered);
            let free = candidates.find(|candidate| taken.insert(self.folded(candidate)));
            free.unwrap_or(mended)
        };
        names
            .zip(kept)
            .map(|(name, kept)| match kept {
                true => name.to_owned(),
                false => mend(name),
            })
            .collect()
    }
}

/// The start of a text that fits into so many bytes.
pub(super) fn cut_bytes(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// The start of a text that has so many characters.
pub(super) fn cut_characters(text: &str, most: usize) -> &str {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}
