//! The skill for agents: its verbs answer, its wrong names lead where it says.

use crate::cli::program::{opine, shell};

const SKILL: &str = "docs/skill/SKILL.md";

/// The texts in code of the cells of its tables, row by row.
fn rows() -> Vec<Vec<String>> {
    let skill = std::fs::read_to_string(SKILL).unwrap();
    let lines = skill.lines().filter(|line| line.starts_with('|'));
    let code = |cell: &str| {
        let (_, rest) = cell.split_once('`')?;
        rest.split_once('`').map(|(code, _)| code.to_owned())
    };
    lines
        .map(|line| line.split(" | ").filter_map(code).collect())
        .collect()
}

#[test]
fn every_question_is_answered_by_its_verb() {
    let folder = crate::cli::pages::folder();
    let lines: Vec<String> = rows()
        .into_iter()
        .flatten()
        .filter(|code| code.starts_with("opine "))
        .collect();
    assert!(lines.len() > 15, "{}", lines.len());
    for line in lines {
        let (well, err) = shell(folder.path(), &line);
        assert!(well && !err.contains("panicked"), "{line}: {err}");
    }
}

#[test]
fn wrong_names_lead_to_the_right_ones() {
    let pairs: Vec<Vec<String>> = rows().into_iter().filter(|row| row.len() == 2).collect();
    assert!(pairs.len() > 20, "{}", pairs.len());
    for pair in pairs {
        let run = opine(&[&pair[0]]);
        let right = format!("opine {}", pair[1]);
        assert!(
            run.code == 2 && run.err.contains(&right),
            "{pair:?}: {}",
            run.err
        );
        assert_ne!(opine(&[&pair[1], "--help"]).out, "", "{pair:?}");
    }
}
