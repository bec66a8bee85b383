//! `report.html`: the committed one is what the program writes, it is well formed, loads nothing and
//! runs nothing, and text of the data stays text.

use opine::internals::present::chart::Style;
use opine::internals::present::report;
use opine::internals::published::figures::store::Store;
use opine::internals::published::figures::topline::Intervals;

const VOID: [&str; 4] = ["meta", "br", "link", "img"];

fn page(store: &Store) -> String {
    report::page(store, &Style::default(), Intervals::default()).unwrap()
}

/// The shipped data with a text in the place of another, in one file.
fn altered(file: &str, from: &str, to: &str) -> Store {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir("data").unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        if path.file_name().unwrap() == file {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{file} has no {from}");
            bytes = text.replace(from, to).into_bytes();
        }
        std::fs::write(folder.path().join(path.file_name().unwrap()), bytes).unwrap();
    }
    Store::open(folder.path()).unwrap()
}

/// The tags in order, `/` before those that end an element, with what else stands in them.
fn tags(html: &str) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find('>').expect("a tag ends");
        let (name, inside) = rest[..end].split_at(
            rest[..end]
                .find(|letter: char| letter.is_whitespace())
                .unwrap_or(end),
        );
        tags.push((name.to_ascii_lowercase(), inside.to_owned()));
        rest = &rest[end + 1..];
    }
    tags
}

/// The values of an attribute.
fn values<'t>(tags: &'t [(String, String)], attribute: &str) -> Vec<(&'t str, &'t str)> {
    let start = format!(" {attribute}=\"");
    let value = |inside: &'t str| {
        let from = inside.find(&start)? + start.len();
        Some(&inside[from..from + inside[from..].find('"')?])
    };
    tags.iter()
        .filter_map(|(name, inside)| Some((name.as_str(), value(inside)?)))
        .collect()
}

fn assert_well_formed(html: &str) {
    let mut open: Vec<String> = Vec::new();
    for (name, inside) in tags(html) {
        let bare = name.trim_end_matches('/');
        if name.starts_with('!') || VOID.contains(&bare) || inside.ends_with('/') {
            continue;
        }
        match name.strip_prefix('/') {
            Some(ended) => assert_eq!(open.pop().as_deref(), Some(ended), "ends what is open"),
            None => open.push(bare.to_owned()),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

fn assert_loads_nothing(html: &str) {
    let tags = tags(html);
    for element in [
        "script", "link", "img", "iframe", "object", "embed", "image",
    ] {
        assert!(tags.iter().all(|(name, _)| name != element), "{element}");
    }
    assert!(values(&tags, "src").is_empty());
    assert!(!html.contains("@import") && !html.contains("url("));
    for (name, address) in values(&tags, "href") {
        // a strip of a chart shows a part of the one on the page
        let is_strip = name == "use" && address.starts_with('#');
        assert!(
            name == "a" || is_strip,
            "only anchors point anywhere: {address}"
        );
        let known = ["#", "http://", "https://"];
        assert!(
            known.iter().any(|start| address.starts_with(start)),
            "{address}"
        );
    }
    let handler = |inside: &str| inside.split_whitespace().any(|part| part.starts_with("on"));
    assert!(!tags.iter().any(|(_, inside)| handler(inside)));
}

#[test]
fn the_committed_page_is_that_of_the_program() {
    let committed = std::fs::read_to_string("plots/report.html").unwrap_or_default();
    assert!(
        committed == page(&Store::embedded()),
        "plots/report.html is not what the program writes: run `opine report`, look, commit"
    );
}

#[test]
fn it_is_well_formed_and_loads_nothing() {
    let html = page(&Store::embedded());
    assert_well_formed(&html);
    assert_loads_nothing(&html);
    let tags = tags(&html);
    let ids: Vec<&str> = values(&tags, "id").into_iter().map(|(_, id)| id).collect();
    let distinct: std::collections::HashSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
    for (_, address) in values(&tags, "href") {
        if let Some(anchor) = address.strip_prefix('#') {
            assert!(ids.contains(&anchor), "no part is named {anchor}");
        }
    }
    let levels: Vec<u32> = tags
        .iter()
        .filter_map(|(name, _)| name.strip_prefix('h')?.parse().ok())
        .collect();
    assert_eq!(levels.first(), Some(&1));
    assert!(
        levels
            .windows(2)
            .all(|pair| pair[1] > 1 && pair[1] <= pair[0] + 1)
    );
}

/// On paper a chart is as wide as the text: its strips, one under the other, are the whole of it, and none is higher than a
/// sheet of A4.
#[test]
fn charts_go_on_over_sheets_of_paper() {
    let html = page(&Store::embedded());
    let tags = tags(&html);
    let mut figures = 0;
    let mut whole: Option<f64> = None;
    let mut filled = 0.0;
    let number = |inside: &str, name: &str, place: usize| -> Option<f64> {
        let value = inside.split_once(&format!("{name}=\""))?.1;
        value.split('"').next()?.split(' ').nth(place)?.parse().ok()
    };
    for (name, inside) in &tags {
        match name.as_str() {
            "svg" if inside.contains("id=") => {
                figures += 1;
                whole = number(inside, " height", 0);
                filled = 0.0;
            }
            "svg" if !inside.contains("role=") => {
                let (top, height) = (
                    number(inside, "viewBox", 1).unwrap(),
                    number(inside, "viewBox", 3).unwrap(),
                );
                assert_eq!(top, filled, "{inside}");
                let width = number(inside, "viewBox", 2).unwrap();
                // 186 mm wide, of 263 mm
                assert!(height / width < 263.0 / 186.0, "{inside}");
                filled += height;
            }
            "/figure" => assert_eq!(Some(filled), whole),
            _ => {}
        }
    }
    assert_eq!(figures, 5);
}

/// What to correct in the data is for those who keep them.
#[test]
fn it_speaks_to_readers() {
    let html = page(&Store::embedded());
    for word in ["net_of", "orrect the", "aggregate."] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn it_says_what_has_to_be_said() {
    let html = page(&Store::embedded());
    for said in [
        "<html lang=\"en\">",
        "<b>398</b> printed",
        "<p class=\"figure\">90%</p> <p class=\"interval\">88.4–91.4</p>",
        "<s>66%</s>",
        "can’t hold with 34",
        "possible is 5.1–30.9",
        "62 and 60 for “Side in a war over Taiwan: Remain neutral”",
        "<span class=\"not-stated\">not stated</span>",
        "<th role=\"columnheader\" scope=\"col\"",
        "figure [fill=\"#1C2024\"]{fill:#ECEFF1}",
    ] {
        assert!(html.contains(said), "{said}");
    }
    // besides the strips of paper, which show parts of these
    assert_eq!(
        html.matches("<svg").count() - html.matches("<svg viewBox").count(),
        10
    );
    assert_eq!(html.matches("role=\"img\"").count(), 10);
}

#[test]
fn text_of_the_data_stays_text() {
    let hostile = "</title><script>alert(1)</script> & 'x'";
    for (file, from) in [
        (
            "polls.csv",
            "Caught in the Middle: Views of US-China Competition Across Asia",
        ),
        (
            "claims.csv",
            "Most in eleven EU states would stay neutral in a conflict",
        ),
        ("claims.csv", "The article gives no number."),
        ("questions.csv", "Favourable to both powers"),
        ("sources.csv", "International Intrigue"),
        ("countries.csv", "Singapore"),
        ("polls.csv", "YouGov"),
    ] {
        let html = page(&altered(file, from, hostile));
        assert!(html.contains("&lt;script&gt;"), "{file}: {from}");
        assert_well_formed(&html);
        assert_loads_nothing(&html);
    }
}

#[test]
fn only_addresses_of_the_web_become_links() {
    let address =
        "https://instituteforglobalaffairs.org/2023/06/modeling-democracy-caught-in-the-middle";
    for hostile in ["javascript:alert(1)", "data:text/html,x", "http://"] {
        let html = page(&altered("polls.csv", address, hostile));
        assert!(!html.contains(&format!("href=\"{hostile}\"")), "{hostile}");
    }
}
