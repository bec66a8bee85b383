//! What `opine weight` says of the weights: printed, and as files with --report.

use std::path::Path;

use super::failure::Failure;
use crate::present::chart::Style;
use crate::present::report::{self, WeightingTables};
use crate::survey::weighting::recipe::{Diagnostics, Weighted};

/// Writes the pictures with their numbers, and a page with all of it as weighting.html.
pub fn write(
    folder: &Path,
    name: &str,
    weighted: &Weighted,
    diagnostics: &Diagnostics,
    tables: &WeightingTables,
    quiet: bool,
) -> Result<(), Failure> {
    let style = Style::default();
    let pictures = report::weighting_pictures(weighted, diagnostics, &style).map_err(failure)?;
    let page =
        report::weighting_page(name, weighted, diagnostics, tables, &style).map_err(failure)?;
    let mut paths = report::write(&pictures, folder).map_err(failure)?;
    paths.push(report::write_page(&page, folder, "weighting.html").map_err(failure)?);
    if !quiet {
        for path in paths {
            anstream::eprintln!("wrote {}", path.display());
        }
    }
    Ok(())
}

fn failure(error: report::Error) -> Failure {
    match error {
        report::Error::File { .. } => Failure::File(error.to_string()),
        _ => Failure::usage(error),
    }
}
