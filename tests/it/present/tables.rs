//! Whatever stands in a table, its formats stay what they are.

use opine::internals::present::table::{
    Align, Block, Cell, Column, LatexOptions, Row, Table, TextOptions, display_width, html,
    html_fragment, latex, markdown, text,
};
use proptest::prelude::*;

fn table(words: &[String]) -> Table {
    let word = |at: usize| words[at % words.len()].clone();
    Table {
        title: word(0),
        aside: word(1),
        subtitle: Some(word(2)),
        columns: vec![
            Column::new(&word(3), Align::Decimal),
            Column::new("n", Align::Right),
        ],
        blocks: vec![Block {
            head: Some(word(4)),
            note: Some(word(5)),
            rows: vec![Row {
                label: word(6),
                indent: 1,
                cells: vec![word(7).into(), "1,500".into()],
                notes: vec![word(8)],
            }],
        }],
        legend: vec![('a', word(9))],
        interval_method: None,
        foot: vec![word(10)],
    }
}

/// The tags of a fragment open and close in order, and nothing else looks like one.
fn well_formed(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else {
            return false;
        };
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) if open.pop() != Some(closed) => return false,
            Some(_) => {}
            None if name == "br" => {}
            None => open.push(name),
        }
    }
    open.is_empty()
}

/// Braces balance and no sign that LaTeX acts on stands bare in a text.
fn balanced(latex: &str) -> bool {
    let mut depth = 0i32;
    let mut letters = latex
        .lines()
        .filter(|line| !line.starts_with("% needs"))
        .flat_map(str::chars);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '{' => depth += 1,
            '}' => depth -= 1,
            '#' | '_' | '~' | '^' | '%' => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

proptest! {
    #[test]
    fn any_words_make_sound_tables(words in prop::collection::vec("\\PC{0,30}|[<>&\"'{}\\\\$#_%^~|*`\\[\\]a-z ]{0,30}", 3..12), width in 0usize..200) {
        let table = table(&words);
        let fragment = html_fragment(std::slice::from_ref(&table), &words);
        prop_assert!(well_formed(&fragment), "{}", fragment);
        let page = html(std::slice::from_ref(&table), &words);
        prop_assert!(page.starts_with("<!doctype html>") && page.contains(&fragment), "{}", page);
        let options = LatexOptions {
            caption: Some(words[0].clone()),
            label: Some("tab:x".to_owned()),
            errors_below: true,
        };
        for options in [LatexOptions::default(), options] {
            let set = latex(&table, &options);
            prop_assert!(balanced(&set), "{}", set);
        }
        let cells = markdown(&table).lines().find(|line| line.starts_with("| ---")).map(|line| line.matches('|').count());
        prop_assert_eq!(cells, Some(4));
        let lines = text(&table, TextOptions { width, styled: false });
        prop_assert!(lines.lines().filter(|line| line.starts_with('─')).count() >= 3);
    }
}

#[test]
fn decimal_points_stand_under_each_other() {
    let row = |label: &str, value: &str| Row {
        label: label.to_owned(),
        cells: vec![value.into()],
        ..Row::default()
    };
    let table = Table {
        columns: vec![Column::new("%", Align::Decimal)],
        blocks: vec![Block {
            rows: vec![
                row("whole", "62"),
                row("tenth", "4.7"),
                row("about", "≈62.55"),
            ],
            ..Block::default()
        }],
        ..Table::default()
    };
    let set = text(&table, TextOptions::default());
    let place = |label: &str, end: &str| {
        let line = set.lines().find(|line| line.starts_with(label)).unwrap();
        display_width(&line[..line.find(end).unwrap()])
    };
    assert_eq!(place("whole", "62") + 2, place("tenth", ".7"));
    assert_eq!(place("tenth", ".7"), place("about", ".55"), "{set}");
}

/// A table of an estimate with its interval in the cell, one with the interval beside it, and a reference.
fn estimates() -> Table {
    let row = |label: &str, cells: Vec<Cell>| Row {
        label: label.to_owned(),
        cells,
        ..Row::default()
    };
    Table {
        title: "Trust".to_owned(),
        aside: "by sex".to_owned(),
        columns: vec![
            Column::new("Female", Align::Left),
            Column::new("b", Align::Decimal),
            Column::new("95% interval", Align::Right),
        ],
        blocks: vec![Block {
            rows: vec![
                row(
                    "yes",
                    vec![
                        Cell::from("53 (49.7–56.7)").with_error("1.8".to_owned()),
                        Cell::from("0.61").with_error("0.20".to_owned()),
                        "0.21 to 1.01".into(),
                    ],
                ),
                row(
                    "no",
                    vec!["938".into(), "reference".into(), Cell::no_interval()],
                ),
            ],
            ..Block::default()
        }],
        ..Table::default()
    }
}

#[test]
fn a_page_has_numbers_and_intervals_in_cells_of_their_own_and_styles_in_the_elements() {
    let page = html(&[estimates()], &["Said beside it.".to_owned()]);
    let cell = |text: &str| page.contains(&format!(">{text}</td>"));
    assert!(cell("53") && cell("49.7–56.7") && cell("0.61"), "{page}");
    assert!(page.contains("<meta charset=\"utf-8\">"));
    // fonts alone, for word processors that open the page: what is copied has its styles with it
    let sheet = page.split("<style>").nth(1).unwrap();
    let sheet = sheet.split("</style>").next().unwrap();
    let is_font = |rule: &str| rule.is_empty() || rule.contains("{font-") && !rule.contains(';');
    assert!(sheet.split('}').all(is_font), "{sheet}");
    assert!(!html_fragment(&[estimates()], &[]).contains("<style"));
    // an interval is not broken behind its dash
    assert!(
        page.contains("<td nowrap=\"\" style=\"text-align:right;"),
        "{page}"
    );
    assert!(
        page.contains("<th scope=\"row\" style=\"text-align:left;"),
        "{page}"
    );
    assert!(page.contains(">Said beside it.</p>"));
}

#[test]
fn errors_stand_in_brackets_below_and_intervals_go() {
    let options = LatexOptions {
        caption: Some("Trust & more".to_owned()),
        label: Some("tab:trust".to_owned()),
        errors_below: true,
    };
    insta::assert_snapshot!(latex(&estimates(), &options), @r"
    % needs \usepackage{array,booktabs}
    \begin{table}
    \caption{Trust \& more}\label{tab:trust}
    \begin{tabular}{lrr}
    \toprule
     & Female & b \\
    \midrule
    yes & 53 & 0.61 \\
     & (1.8) & (0.20) \\
    no & 938 & reference \\
    \bottomrule
    \end{tabular}
    \par\footnotesize In brackets: standard errors.
    \end{table}
    ");
    // without errors the table is as it is
    let mut plain = estimates();
    for row in plain.blocks.iter_mut().flat_map(|block| &mut block.rows) {
        row.cells.iter_mut().for_each(|cell| cell.error = None);
    }
    assert_eq!(latex(&plain, &options).matches("95\\% interval").count(), 1);
}

/// A table is as long as the lines that it is set in, and as wide as its columns need: it is set smaller before it runs off the page.
#[test]
fn latex_tables_keep_to_the_page() {
    let table = |label: &str, rows: usize, columns: usize| Table {
        columns: (0..columns)
            .map(|_| Column::new("95% interval", Align::Right))
            .collect(),
        blocks: vec![Block {
            rows: (0..rows)
                .map(|_| Row {
                    label: label.to_owned(),
                    cells: vec!["15.9–20.3".into(); columns],
                    ..Row::default()
                })
                .collect(),
            ..Block::default()
        }],
        ..Table::default()
    };
    let set = |table: Table| {
        let set = latex(&table, &LatexOptions::default());
        assert!(balanced(&set), "{set}");
        set
    };
    let long = "A great deal of confidence that the government will act in the interest of people like me and my family";
    assert!(!set(table("yes", 20, 2)).contains("longtable"));
    assert!(set(table(long, 20, 2)).contains("longtable"));
    assert!(set(table("yes", 40, 2)).contains("longtable"));
    assert!(!set(table("yes", 20, 3)).contains("tabcolsep"));
    for rows in [3, 60] {
        let wide = set(table("yes", rows, 6));
        assert!(wide.contains("\\setlength{\\tabcolsep}{3pt}"), "{wide}");
        let ends = wide.matches("\\endgroup").count();
        assert_eq!(wide.matches("\\begingroup").count(), ends, "{wide}");
    }
}
