//! The columns that hold one word of a fixed list.

use std::fmt;

/// A value written as one word of a fixed list.
pub trait Choice: Copy + Sized + 'static {
    /// Every word with its value, in the order of the dictionary.
    const WORDS: &'static [(&'static str, Self)];

    /// The value that the word stands for.
    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, value)| *value)
    }
}

/// Declares such a list: the type, its values and their words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl Choice for $name {
            const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant)),+];
        }

        impl $name {
            /// The words of the list.
            pub const NAMES: &'static [&'static str] = &[$($word),+];

            /// The word that stands for it in the files.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

choice! {
    /// How a printed value stands to the true one.
    Qualifier {
        /// Rounded to the printed digits.
        Exact = "exact",
        /// "About", "roughly".
        About = "about",
        /// "At least", "more than".
        AtLeast = "at_least",
        /// "At most", "less than".
        AtMost = "at_most",
    }
}

choice! {
    /// How respondents were drawn, only as the sources say.
    Sampling {
        /// Everybody had a known chance.
        Probability = "probability",
        /// Quotas, opt-in panels, invitations.
        Nonprobability = "nonprobability",
        /// The sources do not say.
        Unknown = "unknown",
    }
}

choice! {
    /// How well a sample size is known.
    NKind {
        /// To the respondent.
        Exact = "exact",
        /// A round number that carries its rounding.
        AsPrinted = "as_printed",
        /// Called approximate, or a bound.
        Approximate = "approximate",
    }
}

choice! {
    /// What the answers to a question add up to.
    QuestionKind {
        /// One answer each: they add up to 100 at most.
        Single = "single",
        /// Several answers each.
        Multiple = "multiple",
        /// A mean on a scale: `percent` holds the score.
        Score = "score",
    }
}

choice! {
    /// Whether the text of a question is what was asked.
    Wording {
        /// Word for word.
        Exact = "exact",
        /// In other words.
        Paraphrase = "paraphrase",
    }
}

choice! {
    /// How a total over countries was formed.
    Aggregate {
        /// All respondents pooled.
        Respondents = "respondents",
        /// Plain mean of the countries.
        EqualCountries = "equal_countries",
        /// Countries weighted by their population.
        Population = "population",
        /// Median of the countries.
        Median = "median",
        /// The sources do not say.
        Unknown = "unknown",
    }
}

choice! {
    /// Where a design effect comes from.
    DeffKind {
        /// Of the weights alone: n times the sum of squared weights over the squared sum.
        Kish = "kish",
        /// As published.
        Published = "published",
    }
}

choice! {
    /// What an answer says.
    ResponseKind {
        /// An opinion.
        Substantive = "substantive",
        /// Don't know.
        DontKnow = "dont_know",
        /// Refused to answer.
        Refused = "refused",
        /// None of these.
        None = "none",
    }
}

choice! {
    /// Yes or no.
    YesNo {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
}
