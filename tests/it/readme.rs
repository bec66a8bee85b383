//! What README shows is what the program prints.

use crate::program::opine;

/// The console blocks of README as commands with their output.
fn shown() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let runs = blocks.flat_map(|block| block.split("$ ").skip(1));
    runs.map(|run| {
        let (command, output) = run.split_once('\n').unwrap();
        (command.to_owned(), output.to_owned())
    })
    .collect()
}

#[test]
fn every_console_block_is_true() {
    let shown = shown();
    assert!(shown.len() > 3);
    for (command, output) in shown {
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words[0], "opine", "{command}");
        let run = opine(&words[1..]);
        assert_eq!(run.code, 0, "{command}: {}", run.err);
        assert_eq!(run.out.trim(), output.trim(), "{command}");
    }
}
