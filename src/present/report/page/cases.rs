//! Key findings and warnings: what it is at the left, the case at the right.

use super::markup::{escape, link, sentence};
use crate::frames::words::capitalised;
use crate::frames::words::thousands;
use crate::frames::{Flag, Statistic};
use crate::present::published::{Line, Section, also_printed, count, interval_text};
use crate::published::coherence::{CONFLICT, JOINT_SHARE};
use crate::published::figures::store::{Finding, Store};
use crate::published::figures::topline::Intervals;

/// Each claim with its first figure large, the interval under it, and what else its polls found.
pub(super) fn findings(store: &Store, claims: &[Section], intervals: Intervals) -> String {
    let items: String = claims.iter().map(|claim| finding(store, claim)).collect();
    format!(
        "<ol class=\"cases\">\n{items}</ol>\n<p><small>Under a figure: its {}% interval.</small></p>\n",
        100.0 * intervals.level
    )
}

fn finding(store: &Store, claim: &Section) -> String {
    let Some((line, rest)) = claim.lines.split_first() else {
        return String::new();
    };
    let mut paragraphs = vec![format!("<p><strong>{}</strong></p>", sentence(&claim.head))];
    if line.cannot_hold() {
        let why = sentence(&capitalised(&line.estimate.note));
        paragraphs.push(format!("<p class=\"wrong\">{why}</p>"));
    }
    if !rest.is_empty() {
        let beside: Vec<String> = rest.iter().map(|line| beside(store, line)).collect();
        paragraphs.push(format!("<p>{}</p>", sentence(&beside.join("; "))));
    }
    for other in line.others.iter() {
        let other = sentence(&capitalised(&also_printed(store, other)));
        paragraphs.push(format!("<p class=\"conflict\">{other}</p>"));
    }
    if !claim.note.is_empty() {
        paragraphs.push(format!("<p>{}</p>", sentence(&claim.note)));
    }
    format!(
        "<li><div>{}</div><div>{}<small>{}</small></div></li>\n",
        large(line),
        paragraphs.concat(),
        source(store, line)
    )
}

/// The figure, struck through where it can't hold, and what stands under it.
fn large(line: &Line) -> String {
    let figure = escape(&printed(line));
    let (figure, under) = match line.cannot_hold() {
        true => (format!("<s>{figure}</s>"), cannot_hold_with(line)),
        false => {
            let interval = interval_text(line.estimate.interval());
            (figure, interval.unwrap_or_else(|| "no interval".to_owned()))
        }
    };
    format!(
        "<p class=\"figure\">{figure}</p> <p class=\"interval\">{}</p>",
        escape(&under)
    )
}

fn cannot_hold_with(line: &Line) -> String {
    let against = line.possible.as_ref().and_then(|p| p.against.first());
    against.map_or_else(
        || "can’t hold".to_owned(),
        |lead| format!("can’t hold with {}", lead.percent),
    )
}

/// "62%"; a score has no sign.
fn printed(line: &Line) -> String {
    match line.estimate.statistic {
        Statistic::Proportion => format!("{}%", line.printed()),
        _ => line.printed(),
    }
}

/// "Singapore 46.2% (41.9–50.6)", or the label where the place is that of all.
fn beside(store: &Store, line: &Line) -> String {
    let place = store.place_and_base(&line.figure.country, &line.figure.base);
    let name = match place.is_empty() {
        true => store.label(line.figure),
        false => place,
    };
    let figure = printed(line);
    match interval_text(line.estimate.interval()) {
        _ if line.cannot_hold() => format!("{name} {figure}, which {}", cannot_hold_with(line)),
        Some(interval) => format!("{name} {figure} ({interval})"),
        None => format!("{name} {figure} (no interval)"),
    }
}

/// "Side in a war over Taiwan: Remain neutral. European Council …, 2023, n 16,168; printed by …".
fn source(store: &Store, line: &Line) -> String {
    let figure = line.figure;
    let place = store.place_and_base(&figure.country, &figure.base);
    let comma = if place.is_empty() { "" } else { ", " };
    let what = format!("{}{comma}{place}", store.label(figure));
    let about = match line.estimate.flags.contains(&Flag::ApproximateN) {
        true => "about ",
        false => "",
    };
    let n = match line.estimate.n {
        Some(n) => format!(", n {about}{}", thousands(n)),
        None => ", n not known".to_owned(),
    };
    format!(
        "{} {}{}; printed by {}",
        sentence(&what),
        escape(&store.poll_name(&figure.poll)),
        escape(&n),
        link(&figure.url, &store.source_name(figure)),
    )
}

/// The warnings about the polls of the page; how many there are about others.
pub(super) fn warnings(store: &Store, here: &[Finding], elsewhere: usize) -> String {
    let mut out = match here.is_empty() {
        true => "<p>Nothing in these polls contradicts itself.</p>\n".to_owned(),
        false => {
            let items: String = here.iter().map(|finding| warning(store, finding)).collect();
            format!("<ul class=\"cases\">\n{items}</ul>\n")
        }
    };
    if elsewhere > 0 {
        let more = count(elsewhere, "more warning");
        out += &format!(
            "<p><small>{more} about other polls of the data: see <code>opine check</code>.</small></p>\n"
        );
    }
    out
}

fn warning(store: &Store, finding: &Finding) -> String {
    let (class, kind) = match finding.rule {
        JOINT_SHARE => ("wrong", "Can’t hold".to_owned()),
        CONFLICT => ("conflict", "Sources disagree".to_owned()),
        "net-parts" => ("conflict", "Not the sum of its parts".to_owned()),
        "total-mixture" => ("conflict", "Total and countries".to_owned()),
        rule => ("conflict", capitalised(&rule.replace('-', " "))),
    };
    let mut lines = finding.message.lines();
    let head = head(store, finding, lines.next().unwrap_or_default());
    let rest: String = lines
        .map(|line| format!("<p>{}</p>", sentence(line)))
        .collect();
    let poll = figure_of(store, finding).map(|figure| escape(&store.poll_name(&figure.poll)));
    let kept = what_became(finding).map(|kept| sentence(&kept));
    let small: Vec<String> = poll
        .map(|poll| poll + ".")
        .into_iter()
        .chain(kept)
        .collect();
    format!(
        "<li><p class=\"kind {class}\">{}</p><div><p><strong>{}</strong></p>{rest}<small>{}</small></div></li>\n",
        escape(&kind),
        sentence(&head),
        small.join(" ")
    )
}

/// What became of the figures, for readers; what is to be corrected in the data is for those who keep them.
fn what_became(finding: &Finding) -> Option<String> {
    let either = |or: &str| format!("Kept as printed: one of them is wrong, or {or}.");
    match finding.rule {
        CONFLICT | JOINT_SHARE => finding.fix.as_deref().map(capitalised),
        "net-parts" => Some(either("a part was not printed")),
        "total-mixture" => Some(either("the total was formed in another way")),
        _ => None,
    }
}

/// The figure that a finding is about.
fn figure_of<'s>(
    store: &'s Store,
    finding: &Finding,
) -> Option<&'s crate::published::figures::store::Figure> {
    let id = finding.ids.first()?;
    store
        .figures
        .iter()
        .find(|figure| figure.id_with_source() == *id)
}

/// What a warning says first, with words in the place of ids.
fn head(store: &Store, finding: &Finding, message: &str) -> String {
    let Some(figure) = figure_of(store, finding) else {
        return message.to_owned();
    };
    let place = store.place_and_base(&figure.country, &figure.base);
    let comma = if place.is_empty() { "" } else { ", " };
    let what = format!("{}{comma}{place}", store.label(figure));
    match (finding.rule, message.split_once(" for one quantity")) {
        (CONFLICT, Some((values, _))) => format!("{values} for “{what}”"),
        (JOINT_SHARE, _) => format!("“{what}”: {message}"),
        _ => message.to_owned(),
    }
}
