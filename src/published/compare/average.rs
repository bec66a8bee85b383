/// How an average over countries was made, where the store does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    /// Every country counts the same.
    Equal,
    /// Every respondent counts the same.
    N,
    /// Every inhabitant counts the same.
    Population,
}

impl Average {
    /// For people.
    pub fn said(self) -> &'static str {
        match self {
            Average::Equal => "every country the same",
            Average::N => "by n",
            Average::Population => "by population",
        }
    }
}
