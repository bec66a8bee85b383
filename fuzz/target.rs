//! Every target of this folder: which of the entries it feeds, its name says. A file of its own for each would hold one line.

#![no_main]

mod entries;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static ENTRY: LazyLock<entries::Entry> = LazyLock::new(|| {
    let name = env!("CARGO_BIN_NAME");
    let entries = entries::ENTRIES.iter();
    let named = entries.copied().find(|(known, _)| *known == name);
    named.map_or_else(|| panic!("no entry is called {name}"), |(_, entry)| entry)
});

fuzz_target!(|bytes: &[u8]| ENTRY(bytes));
