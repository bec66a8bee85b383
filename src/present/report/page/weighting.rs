//! The page of a weighting: what was done, what it did, and what to look at.

use super::markup::{escape, sentence};
use super::{Part, document, markup, part, tables};
use crate::frames::words::capitalised;
use crate::frames::words::thousands;
use crate::present::chart::{Style, Theme};
use crate::present::report::picture::{Error, Picture};
use crate::present::report::weighting::weighting_pictures;
use crate::present::survey::WeightingTables;
use crate::present::table::Table;
use crate::survey::weighting::recipe::{Diagnostics, Weighted};

/// The page about the new weights of a file, one HTML file without scripts.
///
/// # Errors
/// Letters that no font has.
pub fn weighting_page(
    name: &str,
    weighted: &Weighted,
    diagnostics: &Diagnostics,
    shown: &WeightingTables,
    style: &Style,
) -> Result<String, Error> {
    let at = |width| Style {
        width,
        min_height: None,
        theme: Theme::Light,
        ..style.clone()
    };
    let wide = weighting_pictures(weighted, diagnostics, &at(720))?;
    let narrow = weighting_pictures(weighted, diagnostics, &at(360))?;
    let picture = |name: &str| {
        let named = |all: &[Picture]| all.iter().position(|one| one.name == name);
        match (named(&wide), named(&narrow)) {
            (Some(a), Some(b)) => markup::figure(&wide[a], &narrow[b]),
            _ => String::new(),
        }
    };
    let table = |table: &Option<Table>| table.as_ref().map(tables::with_heads);
    let mut parts = vec![part("done", "What was done", done(diagnostics))];
    let weights = picture("weights") + &tables::with_heads(&shown.weights);
    parts.push(part("weights", "The weights", weights));
    let margins = table(&shown.margins).map(|table| picture("targets") + &table);
    let more: [(&str, &str, Option<String>); 4] = [
        ("targets", "The targets", margins),
        ("groups", "By group", table(&shown.groups)),
        (
            "estimates",
            "What it did to estimates",
            table(&shown.estimates),
        ),
        ("convergence", "Convergence", table(&shown.convergence)),
    ];
    let more = more
        .into_iter()
        .filter_map(|(id, head, body)| Some(part(id, head, body?)));
    parts.extend(more.collect::<Vec<Part>>());
    let title = format!("Weights of {name}");
    Ok(document(&title, &masthead(&title, diagnostics), &parts))
}

fn masthead(title: &str, diagnostics: &Diagnostics) -> String {
    let after = &diagnostics.after;
    let counts = [
        (thousands(after.n as f64), "respondents"),
        (thousands(after.n_eff.round()), "effective"),
        (format!("{:.2}", after.deff), "design effect"),
        match diagnostics.warnings.len() {
            1 => ("1".to_owned(), "warning"),
            several => (several.to_string(), "warnings"),
        },
    ];
    let counts: String = counts
        .iter()
        .map(|(number, what)| format!("<li><b>{number}</b> {what}</li>\n"))
        .collect();
    format!(
        "<header>\n<p class=\"kind-of-page\">Weighting</p>\n<h1>{}</h1>\n<ul class=\"counts\">\n{counts}</ul>\n</header>\n",
        escape(title)
    )
}

/// The steps in their order, then what one should know of the result.
fn done(diagnostics: &Diagnostics) -> String {
    let list = |items: Vec<String>| -> String {
        let items = items.iter().map(|item| format!("<li>{item}</li>\n"));
        format!("<ul>\n{}</ul>\n", items.collect::<String>())
    };
    let notes = diagnostics
        .notes
        .iter()
        .map(|note| format!("targets: {note}"));
    let steps: Vec<String> = notes.chain(diagnostics.steps.iter().cloned()).collect();
    let steps = steps.iter().map(|step| sentence(&capitalised(step)));
    let warnings = diagnostics.warnings.iter();
    let warnings: Vec<String> = warnings.map(|warning| sentence(&warning.text)).collect();
    let read_with_care = match warnings.is_empty() {
        true => "<p>Nothing to warn of.</p>\n".to_owned(),
        false => format!("<h3>Read with care</h3>\n{}", list(warnings)),
    };
    list(steps.collect()) + &read_with_care
}
