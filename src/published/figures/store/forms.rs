//! How single values are written: space, numbers of people, ids, addresses.

/// Without white space and the invisible marks that spreadsheets and web pages leave.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// 1500 for `1,500`, `1 500`, `1'500` and `1500.0`; nothing if it is not that.
pub fn whole_number(text: &str) -> Option<String> {
    let text = text
        .trim_end_matches(".0")
        .trim_start_matches(['~', '≈', '+']);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let grouped = text
        .split([',', '.', '\'', '’', ' ', '\u{a0}', '\u{202f}'])
        .enumerate();
    let mut groups = grouped.map(|(index, group)| index == 0 || group.len() == 3);
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || !c.is_alphanumeric() && c != '-');
    (plain && groups.all(|fits| fits) && digits.len() <= 12 && !digits.is_empty()).then_some(digits)
}

/// The id made of the same letters: lower case, `_` for all else.
pub fn plain_id(text: &str) -> String {
    let lower = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let plain: String = text.chars().take(64).map(lower).collect();
    plain.trim_matches('_').to_string()
}

/// What is wrong with an address, and what would be right.
pub fn url_problem(url: &str) -> Option<(&'static str, Option<String>)> {
    if url.is_empty() {
        return None;
    }
    if url.contains(char::is_whitespace) {
        return Some((
            "has a space in it",
            Some(url.split_whitespace().collect::<Vec<_>>().join("%20")),
        ));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        let looks_like_one = url.contains('.') && !url.contains(':');
        return Some((
            "has no https:// before it",
            looks_like_one.then(|| format!("https://{url}")),
        ));
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Some(("is no address of the web", Some(format!("https://{rest}"))));
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let named = host.split(':').next().is_some_and(|name| {
        !name.is_empty() && !name.starts_with('.') && (name.contains('.') || name == "localhost")
    });
    let bracketed = host.starts_with('[') && host.contains(']'); // an IPv6 address
    (!named && !bracketed).then_some(("names no host", None))
}
