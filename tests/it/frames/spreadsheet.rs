use opine::internals::frames::{Column, Frame};

fn spreadsheet(name: &str, text: &str) -> String {
    let columns = vec![Column::new(name, vec![text])];
    Frame::new(1, columns).unwrap().to_spreadsheet()
}

#[test]
fn no_text_is_run_as_a_formula() {
    for before in [
        "",
        " ",
        "\u{a0}",
        "\u{feff}",
        "\u{200b}",
        "\t",
        "\r",
        "\u{2060} ",
    ] {
        for sign in "=+-@＝＋－＠".chars() {
            let text = format!("{before}{sign}1+1");
            let csv = spreadsheet(&text, &text);
            let guarded = format!("'{text}");
            assert_eq!(csv.matches(&guarded).count(), 2, "{text:?}: {csv:?}");
        }
    }
}

#[test]
fn other_texts_stay() {
    for text in ["a=b", "–5", "5 + 5", "Don’t know", "'quoted"] {
        assert_eq!(spreadsheet("q", text), format!("\u{feff}q\n{text}\n"));
    }
}
