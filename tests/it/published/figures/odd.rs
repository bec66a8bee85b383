//! Nothing that can be in a CSV may panic.

use crate::published::figures::small;
use opine::internals::published::figures::store::{
    Finding, NewRow, Store, Table, plan, rows_from_json, rows_from_table,
};
use proptest::prelude::*;

/// Bytes that files are broken with.
const ODD: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xE9",
    b"\xC3",
    b"\xF0\x9F\x98\x80",
    b"\x1b[2J",
    b"-",
    b"\xE2\x88\x92",
    b"1e999",
    b"NaN",
    b"inf",
    b"18446744073709551616",
    b"99999999999999999999.9",
    b"0000-00-00",
    b"9999-99-99",
    b"all",
    b":",
    b"&",
    b"@",
    b"/",
    b" ",
    b"\t",
    b"\xC2\xA0",
    b"\xE2\x80\x8B",
    b"=cmd|' /C calc'!A0",
    b"http://",
    b"http://[",
    b"https://a:b@c:d/e",
    b"\xCC\x81",
    b"\xD9\xA4\xD9\xA7",
    b"%",
    b"47,5",
    b"very;;somewhat;",
    b"view_us:x & view_us:x",
    b"\x1f",
];

/// A small generator of numbers, the same on every machine.
struct Seed(u64);

impl Seed {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// Puts something odd in, takes something out, repeats or swaps something.
    fn break_in(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let end = (at + self.below(40)).min(bytes.len());
        match self.below(4) {
            0 => drop(bytes.splice(at..at, ODD[self.below(ODD.len())].iter().copied())),
            1 => drop(bytes.splice(at..end, ODD[self.below(ODD.len())].iter().copied())),
            2 => drop(bytes.drain(at..end)),
            _ => {
                let part = bytes[at..end].to_vec();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
        }
    }
}

fn file(table: Table) -> Vec<u8> {
    let shipped = opine::internals::published::figures::store::open::shipped(table).as_bytes();
    small::files()
        .remove(&table)
        .unwrap_or_else(|| shipped.to_vec())
}

fn references_resolve(store: &Store) {
    for figure in &store.figures {
        assert!(store.poll(&figure.poll).is_some());
        assert!(store.question(&figure.poll, &figure.question).is_some());
        assert!(figure.percent.value.is_finite());
        assert!(
            !store.figures_named(&figure.id_with_source()).is_empty(),
            "{figure:?}"
        );
    }
    for question in &store.questions {
        assert!(store.poll(&question.poll).is_some());
        assert!(
            question
                .responses
                .iter()
                .all(|id| store.response(id).is_some())
        );
    }
    assert!(
        store
            .findings
            .iter()
            .all(|finding| Table::of_file(&finding.file).is_some())
    );
}

#[test]
fn odd_files_end_in_findings() {
    let mut seed = Seed(20230612);
    let mut told = 0;
    for round in 0..600 {
        let table = Table::ALL[round % Table::ALL.len()];
        let mut bytes = file(table);
        for _ in 0..=seed.below(4) {
            seed.break_in(&mut bytes);
        }
        let store = small::with(table, bytes);
        told += usize::from(!small::serious(&store).is_empty());
        references_resolve(&store);
    }
    assert!(told > 300, "only {told} of 600 were told");
}

/// Each odd value in each column of each table.
#[test]
fn odd_values_end_in_findings() {
    for table in Table::ALL {
        let text = String::from_utf8(file(table)).unwrap();
        let header = text.lines().next().unwrap().to_string();
        let columns = header.split(',').count();
        for place in 0..columns {
            for odd in ODD {
                let values: Vec<&[u8]> = (0..columns)
                    .map(|at| if at == place { *odd } else { b"x" })
                    .collect();
                let bytes = [text.as_bytes(), &values.join(&b","[..]), b"\n"].concat();
                references_resolve(&small::with(table, bytes));
            }
        }
    }
}

#[test]
fn a_file_of_quotation_marks_is_read_in_time() {
    let line = "egf2023,worried,\"very\n";
    let begun = std::time::Instant::now();
    for text in [
        line.repeat(50_000),
        "\"\"".repeat(500_000),
        "\"\n".repeat(300_000),
        "a,\"\"\"\n".repeat(100_000),
    ] {
        small::with(
            Table::Figures,
            format!("poll,question,response,percent\n{text}"),
        );
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(ODD).prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..20),
        "[a-z0-9,;\n]{0,20}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_bytes_can_be_a_file(bytes in bytes(), after_header in any::<bool>()) {
        for table in Table::ALL {
            let mut file = if after_header { file(table) } else { Vec::new() };
            file.extend_from_slice(&bytes);
            references_resolve(&small::with(table, file));
        }
    }

    #[test]
    fn any_bytes_can_be_new_rows(bytes in bytes()) {
        let store = small::store_of(small::files());
        let options = opine::internals::tabular::Options::default();
        for table in Table::ALL {
            let read = rows_from_table(table, "rows.csv", &bytes, &options);
            let rows = read.ok().map(|(rows, _)| rows);
            for rows in rows.into_iter().chain(rows_from_json(&bytes).ok()) {
                let _ = plan(&store, table, &rows);
            }
        }
    }

    #[test]
    fn what_is_added_is_read_back(
        text in "\\PC{0,40}|[\"\n\r, a]{0,12}",
        percent in "[0-9]{1,2}(\\.[0-9]{1,3})?",
        source in "[a-z][a-z0-9_]{0,10}",
    ) {
        let store = small::store_of(small::files());
        let row = small::row(&[
            ("poll", "mypoll"), ("question", "approve"), ("response", "no"), ("percent", &percent),
            ("reported-by", &source), ("note", &text),
        ]);
        let added = plan(&store, Table::Figures, &[row]).unwrap();
        let file = [small::FIGURES, &added.text].concat();
        let again = small::with(Table::Figures, file);
        prop_assert_eq!(&again.figures[..4], &store.figures[..]);
        prop_assert_eq!(again.figures.len(), 5);
        prop_assert_eq!(&again.figures[4].percent.text, &percent);
        prop_assert_eq!(again.figures[4].note.as_str(), text.trim());
        prop_assert!(!again.findings.iter().any(Finding::is_error));
        let rows: Vec<NewRow> = added.rows.iter().cloned().map(NewRow).collect();
        prop_assert!(plan(&again, Table::Figures, &rows).is_err(), "the same row twice");
    }
}
