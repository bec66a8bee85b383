//! The values of a column where they are few, for a message about one that nobody has.

use crate::frames::words::and;

/// More values than this are not listed.
const MOST: usize = 12;
/// Of more columns than this the values are not listed.
const COLUMNS: usize = 3;

/// The values of a column, as long as they are few.
#[derive(Clone, Debug, Default)]
pub(crate) struct FewValues {
    values: Vec<String>,
    more: bool,
}

impl FewValues {
    /// One more value; nothing where it is known.
    #[inline]
    pub(crate) fn add(&mut self, value: &[u8]) {
        if !self.more {
            self.add_new(value);
        }
    }

    /// Whether no further value is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.more
    }

    fn add_new(&mut self, value: &[u8]) {
        if self.values.iter().any(|known| known.as_bytes() == value) {
            return;
        }
        self.more = self.values.len() == MOST;
        if !self.more {
            self.values
                .push(String::from_utf8_lossy(value).into_owned());
        }
    }

    pub(crate) fn merge(&mut self, other: FewValues) {
        for value in &other.values {
            self.add(value.as_bytes());
        }
        self.more |= other.more;
    }

    /// In order, numbers by their size; "" where there is none.
    fn listed(&self) -> String {
        let mut values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        let number = |text: &str| text.split(' ').next().unwrap_or("").parse::<f64>();
        values.sort_by(|a, b| match (number(a), number(b)) {
            (Ok(a), Ok(b)) => a.total_cmp(&b),
            (Ok(_), Err(_)) => std::cmp::Ordering::Less,
            (Err(_), Ok(_)) => std::cmp::Ordering::Greater,
            (Err(_), Err(_)) => a.cmp(b),
        });
        let more = if self.more { " and others" } else { "" };
        format!("{}{more}", values.join(", "))
    }
}

/// That entries were named as missing in vain, and what the columns that were read hold in their place.
pub(crate) fn values_of(
    vain: &[&str],
    columns: &[(&str, &FewValues)],
    counted: &str,
) -> Option<String> {
    if vain.is_empty() {
        return None;
    }
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let vain = format!("--na {}", vain.join(","));
    let filled = || {
        columns
            .iter()
            .filter(|(_, values)| !values.values.is_empty())
    };
    Some(match columns {
        [] => format!("{vain} changes nothing: no column was read"),
        [(name, values)] => match values.values.is_empty() {
            true => format!("{vain}: no entry of {name}{counted} is that"),
            false => format!(
                "{vain}: no entry of {name}{counted} is that; its values are {}",
                values.listed()
            ),
        },
        few if few.len() <= COLUMNS => {
            let listed = filled().map(|(name, values)| format!("{name} has {}", values.listed()));
            let listed: Vec<String> = listed.collect();
            format!(
                "{vain}: no entry of {}{counted} is that ({})",
                and(&names),
                listed.join("; ")
            )
        }
        many => format!(
            "{vain}: no entry of the {} columns that were read{counted} is that",
            many.len()
        ),
    })
}
