//! How the program that a file comes from stores and shows its variables: nothing that a statistic needs, and what its
//! users want back as it was.

/// Of one variable; nothing is known where the file does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NativeAttributes {
    pub format: Option<Format>,
    pub storage: Option<Storage>,
    pub display: Option<Display>,
    /// The name of its set of value labels.
    pub label_set: Option<String>,
}

/// How entries are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// A type, a width and decimals in a word each, as in the file.
    Spss { print: u32, write: u32 },
    /// Starts with a per cent sign.
    Stata(String),
}

/// How entries are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    Byte,
    Int,
    Long,
    Float,
    Double,
    /// So many bytes.
    Text(usize),
    /// Of any length, behind the data.
    LongString,
}

/// The column of a variable on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Display {
    /// In characters; 0 where the program is to choose.
    pub width: u32,
    pub alignment: Alignment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    Left,
    Right,
    Centre,
}

/// The program whose file it is, with what its files alone have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Other,
    Spss {
        /// The variable that SPSS weights by.
        weight: Option<String>,
        /// Sets of answers that are named by the labels of the value that counts, each with the number that SPSS gives
        /// for how.
        counted_labels: Vec<(String, String)>,
        /// Attributes of the file, in the notation of SPSS.
        file_attributes: Option<String>,
        /// Attributes of variables, in the notation of SPSS; roles are among them.
        variable_attributes: Option<String>,
    },
    Stata {
        characteristics: Vec<Characteristic>,
    },
}

/// A text that Stata keeps with a variable, or with the data under `_dta`; notes are among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Characteristic {
    pub of: String,
    pub name: String,
    pub text: String,
}
