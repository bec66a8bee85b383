//! Estimates from files of sums.

use std::path::{Path, PathBuf};

use super::estimate_asked::{Asked, Shown, failure};
use super::failure::Failure;
use super::respondents::{DesignArgs, File};
use crate::survey::estimate::{SumsOptions, SurveyEstimates, from_sums};
use crate::survey::sums::export::is_sums;

/// The files of sums among the arguments, and the items after them; `None` where the first file has respondents.
pub fn files(file: &File, items: &[String]) -> Option<(Vec<PathBuf>, Vec<String>)> {
    if !is_sums(&file.file) {
        return None;
    }
    let more = items.iter().take_while(|item| {
        let path = Path::new(item.as_str());
        is_sums(path) && (path.is_file() || !item.contains('('))
    });
    let more = more.count();
    let mut files = vec![file.file.clone()];
    files.extend(items[..more].iter().map(PathBuf::from));
    Some((files, items[more..].to_vec()))
}

/// Estimates from sums, all items in them or those that are named.
pub fn estimate(
    files: &[PathBuf],
    items: &[String],
    file: &File,
    (asked, shown): (&Asked, &Shown),
    design: &DesignArgs,
) -> Result<SurveyEstimates, Failure> {
    let settled = asked
        .before_sums()
        .or(design.before_sums())
        .or(file.before_sums());
    if let Some(flag) = settled {
        return Err(Failure::Usage(format!(
            "{flag} was settled when these sums were made; make them again with opine sums … {flag} …"
        )));
    }
    let (lonely, df) = design.after_sums();
    let options = SumsOptions {
        request: asked.request(items, shown, "")?,
        lonely,
        df,
    };
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    from_sums(&paths, &options).map_err(failure)
}
