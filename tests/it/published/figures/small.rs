//! A small store that is right, to be made wrong in one place.

use opine::internals::published::figures::store::{
    Finding, NewRow, Origin, Severity, Store, Table,
};
use std::collections::BTreeMap;
use std::path::Path;

pub const POLLS: &str = "poll,title,countries,sampling,field_start,field_end,published,url\n\
    egf2023,Caught in the middle,KR PH SG,unknown,2023-04,2023-05,2023-06-07,https://example.org/report\n\
    mypoll,Mine,,,,,,\n";
pub const SAMPLES: &str = "poll,country,base,n,n_kind,moe,moe_level,deff,deff_kind,reported_by\n\
    egf2023,all,all,1500,as_printed,,,,,report\n\
    egf2023,KR,all,500,as_printed,4.4,95,1.2,kish,report\n\
    mypoll,all,all,1000,exact,,,,,report\n";
pub const QUESTIONS: &str = "poll,question,text,kind,responses,joint_of\n\
    egf2023,worried,Are you worried,single,very;somewhat,\n\
    egf2023,view_us,View of the US,single,very_favourable;somewhat_favourable,\n\
    egf2023,view_cn,View of China,single,very_favourable;somewhat_favourable,\n\
    egf2023,view_both,Both,single,both,view_us:favourable & view_cn:favourable\n\
    egf2023,soft_power,Score,score,mean,\n\
    mypoll,approve,Do you approve,single,yes;no;dont_know,\n";
pub const FIGURES: &str = "poll,question,response,country,base,percent,qualifier,aggregate,net_of,n,reported_by,first_hand,url,note\n\
    egf2023,worried,net,all,all,90,exact,respondents,very;somewhat,,npr,no,,\n\
    egf2023,worried,very,KR,all,24.5,,,,,donga,no,https://example.org/a,\n\
    egf2023,soft_power,mean,all,all,-162.5,,,,,report,yes,,\n\
    mypoll,approve,yes,,,47,,,,,report,yes,,\n";

/// The files of the small store; responses and countries are the shipped ones.
pub fn files() -> BTreeMap<Table, Vec<u8>> {
    BTreeMap::from([
        (Table::Polls, POLLS.into()),
        (Table::Samples, SAMPLES.into()),
        (Table::Questions, QUESTIONS.into()),
        (Table::Figures, FIGURES.into()),
    ])
}

pub fn store_of(files: BTreeMap<Table, Vec<u8>>) -> Store {
    Store::from_files(files, Origin::Folder("data".into()))
}

/// The small store with another file.
pub fn with(table: Table, bytes: impl Into<Vec<u8>>) -> Store {
    let mut files = files();
    files.insert(table, bytes.into());
    store_of(files)
}

/// The small store with `old` made `new` in a file, once.
pub fn changed(table: Table, old: &str, new: &str) -> Store {
    let text = String::from_utf8(files()[&table].clone()).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{old:?} must be there once");
    with(table, text.replace(old, new))
}

/// The small store with one line more in a file.
pub fn and_line(table: Table, line: &str) -> Store {
    let mut bytes = files().remove(&table).unwrap_or_default();
    bytes.extend_from_slice(line.as_bytes());
    bytes.push(b'\n');
    with(table, bytes)
}

/// What is more than a note.
pub fn serious(store: &Store) -> Vec<&Finding> {
    store
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .collect()
}

pub fn row(values: &[(&str, &str)]) -> NewRow {
    let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
    NewRow(values.iter().map(own).collect())
}

/// Writes the small store into a folder.
pub fn write(dir: &Path) {
    for (table, bytes) in files() {
        std::fs::write(dir.join(table.file_name()), bytes).unwrap();
    }
}
