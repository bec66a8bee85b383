use std::str::FromStr;

use crate::published::figures::quantity::Prefer;
use crate::published::figures::selector::Selector;
use crate::published::figures::store::Store;
use crate::published::figures::topline::Intervals;
use crate::published::lines::{Line, Section, grouped, line, under_polls};
use crate::statistics::interval;

/// The claims of an article in its order, each a section with the figures it rests on. Empty where
/// the store holds no claims, or none of their figures.
pub fn claims<'s>(
    store: &'s Store,
    intervals: Intervals,
) -> Result<Vec<Section<'s>>, interval::Error> {
    let mut sections = Vec::new();
    for claim in &store.claims {
        let lines = lines_of(store, &claim.figures, intervals)?;
        if !lines.is_empty() {
            sections.push(Section {
                head: claim.text.clone(),
                note: claim.note.clone(),
                lines,
            });
        }
    }
    Ok(sections)
}

/// The claims' figures and those beside them that put them in context, under their polls.
pub fn claims_with_context<'s>(
    store: &'s Store,
    intervals: Intervals,
) -> Result<Vec<Section<'s>>, interval::Error> {
    let mut lines = Vec::new();
    for claim in &store.claims {
        let ids: Vec<String> = claim.figures.iter().chain(&claim.beside).cloned().collect();
        lines.extend(lines_of(store, &ids, intervals)?);
    }
    Ok(under_polls(store, lines))
}

/// One line an id; an id that selects nothing in this store is left out.
fn lines_of<'s>(
    store: &'s Store,
    ids: &[String],
    intervals: Intervals,
) -> Result<Vec<Line<'s>>, interval::Error> {
    let mut lines = Vec::new();
    for id in ids {
        let Ok(selector) = Selector::from_str(id) else {
            continue;
        };
        let figures = selector.figures(store).unwrap_or_default();
        for group in grouped(&figures) {
            lines.extend(line(
                store,
                &group,
                selector.names_source(),
                Prefer::Pollster,
                intervals,
            )?);
        }
    }
    Ok(lines)
}
